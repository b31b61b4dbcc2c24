-- The outbox: written in the same transaction as the change, sent by a worker.

create type public.mail_state as enum ('queued', 'sending', 'sent', 'dead', 'held');

create table private.outbox (
	id uuid primary key default gen_random_uuid(),
	-- To a person (the address is opened at sending), or to a sealed address where there is no person yet.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	address_sealed bytea,
	key_id text,
	template text not null,
	locale text not null default 'en',
	-- Ids and values of the Summit only; what is secret (a code) is sealed in `secret`.
	params jsonb not null default '{}',
	secret bytea,
	summit_id uuid references public.summits (id) on delete cascade,
	-- Lower goes first: sign-in codes 0 or 1, what somebody waits for 5, the rest 9.
	priority integer not null default 9,
	state public.mail_state not null default 'queued',
	attempts integer not null default 0,
	last_error text,
	send_after timestamptz not null default now(),
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	-- The same mail is never queued twice for the same change.
	once_key text unique,
	check ((person_id is null) <> (address_sealed is null))
);
alter table private.outbox enable row level security;
create index outbox_due on private.outbox (priority, created_at) where state = 'queued';
create index on private.outbox (person_id);
create index on private.outbox (summit_id, state);

-- Queues one mail to a person, in the language that they chose.
create function private.enqueue_mail(p_person uuid, p_template text, p_params jsonb, p_summit uuid default null,
	p_once text default null, p_priority integer default 5) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (person_id, template, locale, params, summit_id, once_key, priority)
	values (p_person, p_template,
		coalesce((select locale from public.person_preferences where person_id = p_person), 'en'), p_params, p_summit, p_once, p_priority)
	on conflict (once_key) do nothing
	returning id into v_id;
	if v_id is not null then
		perform private.tell('outbox', 'mail', v_id);
	end if;
	return v_id;
end
$$;
