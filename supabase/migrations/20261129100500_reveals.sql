-- Reveals: the only way in which a sealed name opens.

-- Asking for a reveal. No_alias: nothing is sealed.
create domain public.reveal_request_status as text
	check (value in ('ok', 'already', 'no_alias', 'not_found', 'not_allowed', 'invalid'));

-- How a protected person wants to be told that their name was opened. lead: somebody of safeguarding tells them.
create domain public.reveal_contact as text check (value in ('mail', 'lead'));

-- What they chose; a mail, without a row.
create table private.reveal_contacts (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	contact public.reveal_contact not null
);
alter table private.reveal_contacts enable row level security;
select audit.watch('private.reveal_contacts', 'person_id', 'contact');

-- One request to open the name of one person, or the names of those who are withheld from a list for the host state. A
-- second person, a safeguarding lead, confirms it; who asked opens it, once. The row holds no name.
create table private.name_reveals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	host_list_id uuid references private.host_lists (id) on delete cascade,
	reason_sealed bytea not null check (length(reason_sealed) <= 8000),
	key_id text not null,
	asked_by uuid references public.people (id) on update cascade on delete set null,
	-- The role in which it was asked: the help desk asks for somebody at the door.
	asked_as public.organiser_role not null check (asked_as in ('safeguarding', 'registration')),
	asked_at timestamptz not null default now(),
	state text not null default 'asked' check (state in ('asked', 'confirmed', 'refused', 'withdrawn', 'shown')),
	-- Until then it can be confirmed; once confirmed, until then it can be opened.
	expires_at timestamptz not null default now() + interval '1 hour',
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	shown_at timestamptz,
	check ((person_id is null) <> (host_list_id is null)),
	check (state not in ('confirmed', 'shown') or decided_by is null or decided_by is distinct from asked_by),
	check ((state = 'shown') = (shown_at is not null))
);
create unique index name_reveals_one_open on private.name_reveals (person_id, asked_by)
	where state in ('asked', 'confirmed');
create unique index name_reveals_one_open_list on private.name_reveals (host_list_id)
	where state in ('asked', 'confirmed');
create index on private.name_reveals (summit_id, asked_at desc);
create index on private.name_reveals (asked_by);
create index on private.name_reveals (decided_by);
alter table private.name_reveals enable row level security;
select audit.watch('private.name_reveals', 'person_id', 'reason_sealed', 'key_id');

-- The people whose names a reveal opened, and how each was told.
create table private.revealed_people (
	reveal_id uuid not null references private.name_reveals (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	contact public.reveal_contact not null,
	-- Null: a lead still has to tell them.
	told_at timestamptz,
	told_by uuid references public.people (id) on update cascade on delete set null,
	primary key (reveal_id, person_id)
);
create index on private.revealed_people (person_id);
create index on private.revealed_people (told_by);
alter table private.revealed_people enable row level security;
select audit.watch('private.revealed_people', 'person_id');

-- A reading of a real name, among those that a person is shown.
alter domain private.reading_kind drop constraint reading_kind_check;
alter domain private.reading_kind add constraint reading_kind_check
	check (value in ('protection', 'needs', 'emergency_contact', 'history', 'answers', 'host_list', 'name'));
insert into private.reading_events (name, kind, roles) values ('name.revealed', 'name', '{safeguarding,registration}');

insert into private.audited_tables (name, area) values ('name.revealed', 'protection');

-- Whether values from outside are a text that the app sealed, in hex, and the id of its key.
create function private.is_sealed_text(p_sealed text, p_key_id text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_sealed, '') ~ '^([0-9a-f]{2})+$' and length(p_sealed) between 56 and 8000 and coalesce(p_key_id, '') <> ''
$$;

-- Sends the other safeguarding leads to the list of reveals. A mail says nothing about whom.
create function private.notify_reveal(p_reveal private.name_reveals) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_lead uuid;
begin
	for v_lead in select h from private.role_holders('safeguarding', p_reveal.summit_id) as h loop
		perform private.publish_event('person:' || v_lead, 'reveals', p_reveal.id);
		if p_reveal.state = 'asked' and v_lead is distinct from p_reveal.asked_by then
			perform private.enqueue_mail(v_lead, 'reveal_asked', '{}', p_reveal.summit_id,
				format('reveal:%s:%s', p_reveal.id, v_lead), 1);
		end if;
	end loop;
	perform private.publish_event('person:' || p_reveal.asked_by, 'reveals', p_reveal.id);
end
$$;

-- In which role the caller may ask for the name of the person of a registration: safeguarding for everybody, the help
-- desk for somebody who comes to the door of a Summit that is live; null for nobody else, and never for oneself.
create function private.role_for_reveal(p_r public.registrations) returns public.organiser_role
language sql stable security definer set search_path = '' as $$
	select case
		when p_r.person_id in (select private.my_people()) then null
		when private.has_role(p_r.summit_id, 'safeguarding') then 'safeguarding'
		when private.has_role(p_r.summit_id, 'registration')
			and p_r.mode = 'in_person'
			and p_r.state in ('accredited', 'awaiting_payment', 'confirmed')
			and exists (select from public.summits as s where s.id = p_r.summit_id and s.state = 'live')
			then 'registration'
	end::public.organiser_role
$$;

-- Asks to open the name of the person with this reference. `reason_sealed`: in hex, sealed by the app. ok | already: the
-- caller's own request is open | no_alias: nothing is sealed | not_found | not_allowed: in another role or at another
-- time | invalid.
create function public.ask_reveal(summit uuid, reference text, reason_sealed text, key_id text)
	returns public.reveal_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_role public.organiser_role;
	v_reveal private.name_reveals;
begin
	if not private.has_role(summit, 'safeguarding', 'registration') then return 'not_allowed'; end if;
	if not private.is_sealed_text(reason_sealed, key_id) then return 'invalid'; end if;
	select * into v_r
	from public.registrations as r
	where r.summit_id = ask_reveal.summit and r.state <> 'draft' and r.reference = upper(btrim(ask_reveal.reference));
	if not found then return 'not_found'; end if;
	v_role := private.role_for_reveal(v_r);
	if v_role is null then return 'not_allowed'; end if;
	if not private.has_alias(v_r.person_id) then return 'no_alias'; end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_r.person_id);
	update private.name_reveals as x set state = 'withdrawn'
	where x.person_id = v_r.person_id and x.asked_by = private.me() and x.state in ('asked', 'confirmed')
		and x.expires_at <= now();
	insert into private.name_reveals (summit_id, person_id, reason_sealed, key_id, asked_by, asked_as)
	values (summit, v_r.person_id, decode(ask_reveal.reason_sealed, 'hex'), ask_reveal.key_id, private.me(), v_role)
	on conflict do nothing
	returning * into v_reveal;
	if v_reveal.id is null then return 'already'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.ask_reveal(uuid, text, text, text) to authenticated;

-- Asks to open the names that a list for the host state withholds: by who asked for the list. Answers as ask_reveal;
-- no_alias: nobody is withheld.
create function public.ask_host_list_reveal(summit uuid, list uuid, reason_sealed text, key_id text)
	returns public.reveal_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
	v_reveal private.name_reveals;
begin
	if not private.has_role(summit, 'registration') then return 'not_allowed'; end if;
	if not private.is_sealed_text(reason_sealed, key_id) then return 'invalid'; end if;
	select * into v_list
	from private.host_lists as l
	where l.id = list and l.summit_id = ask_host_list_reveal.summit and l.asked_by = private.me()
		and l.state in ('asked', 'confirmed') and l.expires_at > now()
	for update;
	if not found then return 'not_found'; end if;
	if not exists (select from private.host_list_registrations(v_list.summit_id, true)) then return 'no_alias'; end if;
	perform private.require_confirmation();
	update private.name_reveals as x set state = 'withdrawn'
	where x.host_list_id = v_list.id and x.state in ('asked', 'confirmed') and x.expires_at <= now();
	-- As long as the list itself can be confirmed and taken.
	insert into private.name_reveals (summit_id, host_list_id, reason_sealed, key_id, asked_by, asked_as, expires_at)
	values (v_list.summit_id, v_list.id, decode(ask_host_list_reveal.reason_sealed, 'hex'), ask_host_list_reveal.key_id,
		private.me(), 'registration', v_list.expires_at)
	on conflict do nothing
	returning * into v_reveal;
	if v_reveal.id is null then return 'already'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.ask_host_list_reveal(uuid, uuid, text, text) to authenticated;

-- A second person confirms or refuses: a safeguarding lead, with their own passkey, whom it is not about. Locks the
-- reveal. ok | own: who asked cannot confirm | wrong_state: decided or expired | not_found.
create function public.decide_reveal(reveal uuid, confirmed boolean) returns public.second_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	select * into v_reveal from private.name_reveals as x where x.id = reveal for update;
	if not found
		or confirmed is null
		or not private.has_role(v_reveal.summit_id, 'safeguarding')
		or v_reveal.person_id in (select private.my_people())
	then
		return 'not_found';
	end if;
	if v_reveal.state <> 'asked' or v_reveal.expires_at <= now() then return 'wrong_state'; end if;
	if confirmed and not private.is_second_person(v_reveal.asked_by) then return 'own'; end if;
	if confirmed then perform private.require_confirmation(); end if;
	perform private.set_audit_context(v_reveal.person_id);
	update private.name_reveals as x
	set state = case when confirmed then 'confirmed' else 'refused' end, decided_by = private.me(), decided_at = now(),
		expires_at = case when x.host_list_id is null then now() + interval '1 hour' else x.expires_at end
	where x.id = reveal
	returning * into v_reveal;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.decide_reveal(uuid, boolean) to authenticated;

-- Who asked takes a request back before the name was opened. Answers ok or none.
create function public.withdraw_reveal(reveal uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	update private.name_reveals as x set state = 'withdrawn'
	where x.id = reveal and x.asked_by = private.me() and x.state in ('asked', 'confirmed')
	returning * into v_reveal;
	if not found then return 'none'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.withdraw_reveal(uuid) to authenticated;

-- Records that a name is opened now, and tells the person as they chose. Called before the name is answered.
create function private.record_revealed(p_reveal private.name_reveals, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_contact public.reveal_contact := coalesce(
		(select c.contact from private.reveal_contacts as c where c.person_id = p_person), 'mail');
begin
	perform audit.record_event('name.revealed', p_reveal.id::text, p_reveal.summit_id, p_person, '{}');
	insert into private.revealed_people (reveal_id, person_id, contact, told_at)
	values (p_reveal.id, p_person, v_contact, case v_contact when 'mail' then now() end);
	if v_contact = 'mail' then
		perform private.enqueue_mail(p_person, 'name_revealed', jsonb_build_object('role', p_reveal.asked_as),
			p_reveal.summit_id, format('revealed:%s:%s', p_reveal.id, p_person));
	end if;
end
$$;

-- Opens the name, once: for who asked, still in their role, with a passkey, within the hour after the confirmation. The
-- record is written in the same transaction before. Locks the reveal. {status: ok | not_found | wrong_state,
-- display_name, reference, real_name: {sealed (hex), key_id}}. The app opens the seal.
create function public.show_revealed_name(reveal uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
	v_protection private.protections;
begin
	select * into v_reveal from private.name_reveals as x where x.id = reveal and x.person_id is not null for update;
	if not found
		or v_reveal.asked_by is distinct from private.me()
		or not private.has_role(v_reveal.summit_id, v_reveal.asked_as)
	then
		return jsonb_build_object('status', 'not_found');
	end if;
	select * into v_protection from private.protections as x where x.person_id = v_reveal.person_id;
	if v_reveal.state <> 'confirmed' or v_reveal.expires_at <= now() or v_protection.real_name_sealed is null then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_reveal.person_id);
	update private.name_reveals as x set state = 'shown', shown_at = now() where x.id = reveal returning * into v_reveal;
	perform private.record_revealed(v_reveal, v_reveal.person_id);
	perform private.notify_reveal(v_reveal);
	return jsonb_build_object(
		'status', 'ok',
		'display_name', (select p.display_name from public.people as p where p.id = v_reveal.person_id),
		'reference', (select r.reference
			from public.registrations as r
			where r.person_id = v_reveal.person_id and r.summit_id = v_reveal.summit_id
			order by r.created_at desc
			limit 1),
		'real_name', jsonb_build_object(
			'sealed', encode(v_protection.real_name_sealed, 'hex'), 'key_id', v_protection.key_id));
end
$$;
grant execute on function public.show_revealed_name(uuid) to authenticated;

-- The confirmed reveal of a list for the host state, now opened for all whom the list withheld; null without one.
create function private.take_host_list_reveal(p_list uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	update private.name_reveals as x set state = 'shown', shown_at = now()
	where x.host_list_id = p_list and x.state = 'confirmed' and x.expires_at > now()
	returning * into v_reveal;
	if not found then return null; end if;
	perform private.record_revealed(v_reveal, r.person_id)
	from private.host_list_registrations(v_reveal.summit_id, true) as r
	join private.protections as x on x.person_id = r.person_id and x.real_name_sealed is not null;
	perform private.notify_reveal(v_reveal);
	return v_reveal.id;
end
$$;

-- Marks that a person was told by a lead. Answers ok or none.
create function public.mark_reveal_told(reveal uuid, person uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.revealed_people as x set told_at = now(), told_by = private.me()
	from private.name_reveals as r
	where x.reveal_id = reveal and x.person_id = person and x.told_at is null and r.id = x.reveal_id
		and private.has_role(r.summit_id, 'safeguarding');
	if not found then return 'none'; end if;
	return 'ok';
end
$$;
grant execute on function public.mark_reveal_told(uuid, uuid) to authenticated;

-- The reveals of a Summit, the newest first: all of them for leads, their own for the help desk; null for others.
-- [{id, display_name, reference, list: {recipient, purpose, withheld}, state, is_expired, asked_as, asked_by, asked_at,
-- expires_at, decided_by, decided_at, shown_at, is_mine, may_decide, may_show, reason_sealed, key_id, untold:
-- [{person_id, display_name}]}]. Nobody reads one that is about themselves.
create function public.list_reveals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', x.id,
		'display_name', (select p.display_name from public.people as p where p.id = x.person_id),
		'reference', (select r.reference
			from public.registrations as r
			where r.person_id = x.person_id and r.summit_id = x.summit_id
			order by r.created_at desc
			limit 1),
		'list', (select jsonb_build_object('recipient', l.recipient, 'purpose', l.purpose,
				'withheld', coalesce(l.withheld, (select count(*) from private.host_list_registrations(l.summit_id, true))))
			from private.host_lists as l
			where l.id = x.host_list_id),
		'state', x.state,
		'is_expired', x.state in ('asked', 'confirmed') and x.expires_at <= now(),
		'asked_as', x.asked_as,
		'asked_by', (select p.display_name from public.people as p where p.id = x.asked_by),
		'asked_at', private.iso(x.asked_at),
		'expires_at', private.iso(x.expires_at),
		'decided_by', (select p.display_name from public.people as p where p.id = x.decided_by),
		'decided_at', private.iso(x.decided_at),
		'shown_at', private.iso(x.shown_at),
		'is_mine', x.asked_by = me.id,
		'may_decide', me.is_lead and x.state = 'asked' and x.expires_at > now() and private.is_second_person(x.asked_by),
		'may_show', x.person_id is not null and x.state = 'confirmed' and x.expires_at > now() and x.asked_by = me.id,
		'reason_sealed', encode(x.reason_sealed, 'hex'),
		'key_id', x.key_id,
		'untold', case when me.is_lead then (
			select coalesce(jsonb_agg(jsonb_build_object('person_id', p.id, 'display_name', p.display_name)
				order by p.display_name), '[]')
			from private.revealed_people as told
			join public.people as p on p.id = told.person_id
			where told.reveal_id = x.id and told.told_at is null) else '[]' end)
		order by x.asked_at desc), '[]')
	from (select private.me() as id, private.has_role(list_reveals.summit, 'safeguarding') as is_lead) as me
	join private.name_reveals as x
		on x.summit_id = list_reveals.summit
		and (me.is_lead or x.asked_by = me.id)
		and (x.person_id is null or x.person_id not in (select private.my_people()))
	where me.is_lead or private.has_role(list_reveals.summit, 'registration')
$$;
grant execute on function public.list_reveals(uuid) to authenticated;

-- How the reader wants to be told of a reveal; null without an alias. Only they read it.
create function public.my_reveal_contact() returns public.reveal_contact
language sql stable security definer set search_path = '' as $$
	select coalesce((select c.contact from private.reveal_contacts as c where c.person_id = me.id), 'mail')
	from (select private.me() as id) as me
	where private.has_alias(me.id)
$$;
grant execute on function public.my_reveal_contact() to authenticated;

-- Saves it. Answers ok, or not_allowed without an alias.
create function public.save_reveal_contact(contact public.reveal_contact) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or not private.has_alias(v_me) then return 'not_allowed'; end if;
	if contact is null then return 'invalid'; end if;
	perform private.set_audit_context(v_me);
	insert into private.reveal_contacts as c (person_id, contact) values (v_me, save_reveal_contact.contact)
	on conflict (person_id) do update set contact = excluded.contact;
	return 'ok';
end
$$;
grant execute on function public.save_reveal_contact(public.reveal_contact) to authenticated;

-- Returns, for registration and safeguarding: {may_ask, now: {rows, withheld}, fields: those collected for the host
-- state, lists: [{id, purpose, recipient, fields: [labels], state, asked_at, order_charge, decided_at, decided_by,
-- expires_at, is_expired, taken_at, taken_by, rows, withheld, reveal: its state or null, may_reveal, may_decide,
-- may_take}]}; null for everybody else.
create or replace function public.read_host_lists(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'may_ask', private.has_role(read_host_lists.summit, 'registration'),
		'now', jsonb_build_object(
			'rows', (select count(*) from private.host_list_registrations(read_host_lists.summit, false)),
			'withheld', (select count(*) from private.host_list_registrations(read_host_lists.summit, true))),
		'fields', (
			select coalesce(jsonb_agg(
				jsonb_build_object('id', f.id, 'key', f.key, 'label', f.label) order by f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.summit_id = read_host_lists.summit and f.for_host and f.retired_at is null),
		'lists', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', l.id, 'purpose', l.purpose, 'recipient', l.recipient, 'state', l.state,
				'fields', (
					-- Those that take_host_list would give, or gave when the list was taken.
					select coalesce(jsonb_agg(f.label order by f.position), '[]')
					from public.logistics_fields as f
					where f.id = any (l.fields)
						and (f.for_host or l.taken_at is not null)
						and (f.retired_at is null or f.retired_at > l.taken_at)),
				'asked_at', private.iso(l.asked_at),
				'asked_by', (select p.display_name from public.people as p where p.id = l.asked_by),
				'decided_at', private.iso(l.decided_at),
				'decided_by', (select p.display_name from public.people as p where p.id = l.decided_by),
				'expires_at', private.iso(l.expires_at),
				'is_expired', l.state in ('asked', 'confirmed') and l.expires_at <= now(),
				'taken_at', private.iso(l.taken_at),
				'taken_by', (select p.display_name from public.people as p where p.id = l.taken_by),
				'rows', l.rows, 'withheld', l.withheld,
				'reveal', (select x.state
					from private.name_reveals as x
					where x.host_list_id = l.id and (x.expires_at > now() or x.state not in ('asked', 'confirmed'))
					order by x.asked_at desc
					limit 1),
				'may_reveal', l.state in ('asked', 'confirmed') and l.expires_at > now() and l.asked_by = (select private.me()),
				'may_decide', l.state = 'asked' and l.expires_at > now() and private.is_second_person(l.asked_by),
				'may_take', l.state = 'confirmed' and l.expires_at > now() and l.asked_by = (select private.me()))
				order by l.asked_at desc), '[]')
			from private.host_lists as l
			where l.summit_id = read_host_lists.summit))
	where private.has_role(read_host_lists.summit, 'registration')
		or private.has_role(read_host_lists.summit, 'safeguarding')
$$;

-- The requester, who must still have the role, takes the list, once. The audit entry is written in the same transaction
-- before the rows are returned. Locks the list. Returns {status: ok | not_found | wrong_state (taken, refused, not
-- confirmed or expired), withheld, fields: [{id, kind, label, choices}], rows: [{reference,
-- display_name, real_name: {sealed (hex), key_id} of somebody under an alias, office, affiliation, country, member,
-- category, answers: {field id: {sealed, key_id}}}]}.
create or replace function public.take_host_list(summit uuid, list uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
	v_rows jsonb;
	v_withheld integer;
	v_reveal uuid;
begin
	select * into v_list from private.host_lists as l where l.id = list and l.summit_id = summit for update;
	if not found or v_list.asked_by is distinct from private.me() or not private.has_role(summit, 'registration') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_list.state <> 'confirmed' or v_list.expires_at <= now() then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.require_confirmation();
	v_reveal := private.take_host_list_reveal(list);
	-- One statement reads both groups, so that rows and count are of the same moment.
	select coalesce(jsonb_agg(jsonb_build_object(
			'reference', r.reference, 'display_name', p.display_name, 'office', p.office,
			'real_name', case when n.person_id is not null then
				jsonb_build_object('sealed', encode(x.real_name_sealed, 'hex'), 'key_id', x.key_id) end,
			'affiliation', p.affiliation, 'country', p.country,
			'member', (select m.name from public.members as m where m.id = r.member_id),
			'category', r.category,
			'answers', (
				select coalesce(jsonb_object_agg(a.field_id,
					jsonb_build_object('sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id)), '{}')
				from private.logistics_answers as a
				join public.logistics_fields as f on f.id = a.field_id and f.for_host and f.retired_at is null
				where a.registration_id = r.id and a.field_id = any (v_list.fields)))
			order by p.display_name, r.reference) filter (where not r.is_alias or n.person_id is not null), '[]'),
		count(*) filter (where r.is_alias and n.person_id is null)
	into v_rows, v_withheld
	from (
		select h.*, false as is_alias from private.host_list_registrations(summit, false) as h
		union all select h.*, true from private.host_list_registrations(summit, true) as h) as r
	join public.people as p on p.id = r.person_id
	left join private.revealed_people as n on n.reveal_id = v_reveal and n.person_id = r.person_id
	left join private.protections as x on x.person_id = n.person_id;
	update private.host_lists as l
	set state = 'taken', taken_by = private.me(), taken_at = now(), rows = jsonb_array_length(v_rows),
		withheld = v_withheld
	where l.id = list;
	perform audit.record_event('host_list.taken', list::text, summit, null,
		jsonb_build_object('recipient', v_list.recipient, 'rows', jsonb_array_length(v_rows), 'withheld', v_withheld));
	return jsonb_build_object(
		'status', 'ok', 'withheld', v_withheld, 'rows', v_rows,
		'fields', (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'label', f.label,
				'choices', f.choices) order by f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.id = any (v_list.fields) and f.for_host and f.retired_at is null));
end
$$;

insert into private.retained_tables (name, reason)
values ('private.name_reveals', 'safeguarding'), ('private.revealed_people', 'safeguarding');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values ('private.reveal_contacts', 'profile', 'person', 'person_id', '{contact}', default);
insert into private.not_copied_tables (name, reason)
values ('private.name_reveals', 'safety'), ('private.revealed_people', 'technical');
insert into private.retention_rules (table_name, class, summit, people)
values ('private.name_reveals', 'accreditation', 't.summit_id', 'array[t.person_id]');
insert into private.retention_rules (table_name, class)
values ('private.revealed_people', 'accreditation'), ('private.reveal_contacts', 'contact');
