-- Messages of organisers to a group of people: written by language, frozen when they are sent, sent a few a minute.

create table public.mail_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- How many of a message go out in a minute. Codes and what somebody waits for go ahead of them in any case.
	per_minute integer not null default 60 check (per_minute between 1 and 1000)
);
alter table public.mail_settings enable row level security;
create policy read on public.mail_settings for select to authenticated using (summit_id in (select private.summits_with_role('registration')));
grant select on public.mail_settings to authenticated;
select audit.watch('public.mail_settings');

create table public.group_messages (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- {states, mode, sector, region, country, category, member, language, details}: whom it is for.
	filters jsonb not null default '{}' check (jsonb_typeof(filters) = 'object'),
	-- {language: {subject, body}}, and the language for those whose own is not among them.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null default 'en' check (original in ('en', 'fr', 'es', 'ar')),
	-- Where its button leads, under the Summit's address; null: it has none.
	page text check (page in ('', '/me', '/me/details', '/agenda', '/register')),
	state text not null default 'draft' check (state in ('draft', 'sending', 'paused', 'cancelled')),
	version integer not null default 1,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	sent_by uuid references public.people (id) on update cascade on delete set null,
	sent_at timestamptz,
	total integer,
	check ((state = 'draft') = (sent_at is null))
);
alter table public.group_messages enable row level security;
create index on public.group_messages (summit_id, created_at);
create index on public.group_messages (created_by);
create index on public.group_messages (sent_by);
create policy read on public.group_messages for select to authenticated using (summit_id in (select private.summits_with_role('registration')));
grant select on public.group_messages to authenticated;
select audit.watch('public.group_messages');

-- Who gets it, frozen in one moment: each person once. Their address is opened where the mail is sent, and nowhere here.
create table private.message_recipients (
	message_id uuid not null references public.group_messages (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	locale text not null,
	-- unreachable: there is no address, or the last mail to it was refused for good.
	state text not null check (state in ('waiting', 'queued', 'unreachable', 'cancelled')),
	outbox_id uuid references private.outbox (id) on delete set null,
	queued_at timestamptz,
	primary key (message_id, person_id)
);
alter table private.message_recipients enable row level security;
create index on private.message_recipients (person_id);
create index on private.message_recipients (registration_id);
create index on private.message_recipients (outbox_id);
create index message_recipients_waiting on private.message_recipients (message_id) where state = 'waiting';
create index message_recipients_queued on private.message_recipients (message_id, queued_at) where state = 'queued';

-- Whether mail reaches a person: there is an address, and no server has refused it for good since mail last came through.
create function private.is_reachable(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary
		and not exists (select from private.outbox as o where o.person_id = p_person and o.state = 'dead' and o.last_error ~ ' 5[0-9]{2}$'
			and o.created_at > a.created_at
			and not exists (select from private.outbox as later where later.person_id = p_person and later.state = 'sent' and later.sent_at > o.created_at)))
$$;

-- Everybody whom filters name at a Summit, once, by their newest registration that fits. Without states: all who have sent one and are not out.
create function private.message_audience(p_summit uuid, p_filters jsonb)
returns table (person_id uuid, registration_id uuid, locale text, is_reachable boolean)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query select distinct on (r.person_id) r.person_id, r.id, coalesce(f.locale, 'en'), private.is_reachable(r.person_id)
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_summit
		and case when jsonb_array_length(coalesce(p_filters -> 'states', '[]')) > 0 then p_filters -> 'states' ? r.state::text
			else r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') end
		and (coalesce(p_filters ->> 'mode', '') in ('', r.mode::text))
		and (coalesce(p_filters ->> 'category', '') in ('', r.category::text))
		and (coalesce(p_filters ->> 'sector', '') in ('', coalesce(sm.sector, asked.sector)::text))
		and (coalesce(p_filters ->> 'region', '') in ('', sm.region))
		and (coalesce(p_filters ->> 'country', '') in ('', coalesce(p.country, sm.country)))
		and (coalesce(p_filters ->> 'member', '') in ('', r.member_id::text))
		and (coalesce(p_filters ->> 'language', '') in ('', coalesce(f.locale, 'en')))
		and (coalesce(p_filters ->> 'details', '') <> 'missing' or exists (select from private.missing_details(r)))
	order by r.person_id, r.created_at desc;
end
$$;

-- The language in which somebody reads a message: their own where it was written in it, else the author's choice.
create function private.message_language(p_texts jsonb, p_original text, p_locale text) returns text
language sql immutable set search_path = '' as $$
	select case when p_texts ? p_locale then p_locale else p_original end
$$;

create function private.message_wording(p_message uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select g.texts -> private.message_language(g.texts, g.original, p_locale) from public.group_messages as g where g.id = p_message
$$;

-- What was written of a message, in order: whom it is for and its texts. Null when all is well, else a word for what is not.
create function private.message_fault(p_filters jsonb, p_texts jsonb, p_original text, p_page text) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_filters) is distinct from 'object' or jsonb_typeof(p_texts) is distinct from 'object' then 'form'
		when length(p_filters::text) > 2000 or length(p_texts::text) > 40000 then 'long'
		when p_original is null or not p_texts ? p_original or p_original not in ('en', 'fr', 'es', 'ar') then 'original'
		when p_page is not null and p_page not in ('', '/me', '/me/details', '/agenda', '/register') then 'page'
		when jsonb_typeof(coalesce(p_filters -> 'states', '[]')) <> 'array' then 'form'
		when exists (select from jsonb_each(p_texts) as t where t.key not in ('en', 'fr', 'es', 'ar') or jsonb_typeof(t.value) <> 'object'
			or coalesce(length(btrim(t.value ->> 'subject')), 0) not between 1 and 300 or coalesce(length(btrim(t.value ->> 'body')), 0) not between 1 and 8000) then 'texts' end
$$;

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.mail_settings', 'settings', '{per_minute}', '{}', '{}'),
	('public.group_messages', 'registration', '{state,total,page}', '{}', '{filters,texts}');
