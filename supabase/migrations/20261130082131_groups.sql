-- Standing groups: their people, members, requests and invitations.

set check_function_bodies = off;

-- Who sees a group: everybody; those who represent a member organisation; its own people.
create type public.group_level as enum ('public', 'members', 'closed');

create type public.group_part as enum ('chair', 'secretary', 'member', 'alternate');

create table private.groups (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	name public.text_map not null check (name <> '{}'::jsonb),
	purpose public.text_map not null default '{}',
	level public.group_level not null,
	-- Whether those who see it may ask to join.
	takes_requests boolean not null default true,
	ended_at timestamptz,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint name_one_line check (private.are_one_line(name))
);
alter table private.groups enable row level security;
select audit.watch('private.groups');

-- Member organisations of a group.
create table private.group_members (
	group_id uuid not null references private.groups (id) on delete cascade,
	member_id uuid not null references public.members (id) on delete cascade,
	added_at timestamptz not null default now(),
	primary key (group_id, member_id)
);
create index on private.group_members (member_id);
alter table private.group_members enable row level security;
select audit.watch('private.group_members');

-- People of a group. A term that is over counts no more, whether or not somebody ended it.
create table private.group_people (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.group_part not null,
	-- The member organisation for which they are here.
	member_id uuid references public.members (id) on delete set null,
	-- Whom an alternate stands in for.
	alternate_of uuid references private.group_people (id) on delete set null,
	since date not null default current_date,
	-- The last day of the term.
	until date,
	ended_at timestamptz,
	check (alternate_of is null or part = 'alternate'),
	check (alternate_of is distinct from id),
	check (until >= since)
);
create unique index group_people_once on private.group_people (group_id, person_id) where ended_at is null;
create index on private.group_people (person_id);
create index on private.group_people (member_id);
create index on private.group_people (alternate_of);
alter table private.group_people enable row level security;
select audit.watch('private.group_people', 'person_id');

-- Those of them who count today.
create view private.live_group_people as
	select g.* from private.group_people as g
	where g.ended_at is null and (g.until is null or g.until >= current_date);

-- Requests to join. The note goes to chairs and secretaries.
create table private.group_requests (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	note text not null default '' check (length(note) <= 1000),
	state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
	asked_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	check ((state = 'open') = (decided_at is null))
);
create unique index group_requests_one_open on private.group_requests (group_id, person_id) where state = 'open';
create index on private.group_requests (person_id);
create index on private.group_requests (decided_by);
alter table private.group_requests enable row level security;
select audit.watch('private.group_requests', 'person_id', 'note');

-- Invitations by mail. The mail names no group and holds no link of its own: who has proved the address finds the
-- invitation under Groups.
create table private.group_invitations (
	id uuid primary key default gen_random_uuid(),
	group_id uuid not null references private.groups (id) on delete cascade,
	part public.group_part not null,
	member_id uuid references public.members (id) on delete set null,
	-- The last day of the term that it offers.
	until date,
	address_hash bytea not null,
	-- As the inviter wrote it: shown in their list alone.
	display_name text not null check (length(display_name) between 1 and 120),
	invited_by uuid references public.people (id) on update cascade on delete set null,
	invited_at timestamptz not null default now(),
	state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'withdrawn')),
	answered_at timestamptz,
	check ((state = 'open') = (answered_at is null)),
	constraint display_name_one_line check (private.is_one_line(display_name))
);
create unique index group_invitations_one_open on private.group_invitations (group_id, address_hash)
	where state = 'open';
create index on private.group_invitations (address_hash) where state = 'open';
create index on private.group_invitations (member_id);
create index on private.group_invitations (invited_by);
alter table private.group_invitations enable row level security;
select audit.watch('private.group_invitations', '', 'display_name');

-- Changing a group. Conflict: it was changed since the version that was read.
create domain public.group_change_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict'));

-- Changing or ending the part of a person. Last leader: nobody else would be chair or secretary.
create domain public.group_person_status as text check (value in ('ok', 'not_found', 'invalid', 'last_leader'));

-- Asking to join. Already: the reader is in the group or has asked. Not open: it takes no requests.
create domain public.group_request_status as text check (value in ('ok', 'already', 'not_found', 'not_open'));

-- Whether somebody represents a member organisation: as a focal point, or with an accredited registration for it.
create function private.represents_member(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.focal_points as f
			where f.person_id = p_person and (f.until is null or f.until > now()))
		or exists (select from public.registrations as r
			where r.person_id = p_person
				and r.member_id is not null
				and r.state in ('accredited', 'awaiting_payment', 'confirmed'))
$$;

-- Whether somebody may see groups that are open to the members.
create function private.sees_members_groups(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(private.represents_member(p_person) or private.runs_community(p_person), false)
$$;

-- The groups that a person sees; null: a visitor. Those who run the community see a closed group only while nobody
-- leads it, because then nobody else can name a chair.
create function private.visible_groups(p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from private.groups as g
	where g.level = 'public'
		or exists (select from private.live_group_people as x where x.group_id = g.id and x.person_id = p_person)
		or g.level = 'members' and (select private.sees_members_groups(p_person))
		or g.level = 'closed'
			and (select private.runs_community(p_person))
			and not private.has_leader(g.id)
$$;

-- Whether a group has a chair or secretary today, except this one of its people.
create function private.has_leader(p_group uuid, p_except uuid default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x
		where x.group_id = p_group and x.part in ('chair', 'secretary') and x.id is distinct from p_except)
$$;

-- Whether somebody leads a group: its chairs and secretaries, and those who run the community where they see it.
create function private.leads_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(exists (select from private.live_group_people as x
			where x.group_id = p_group and x.person_id = p_person and x.part in ('chair', 'secretary'))
		or private.runs_community(p_person) and p_group in (select private.visible_groups(p_person)), false)
$$;

-- The group of a code that the reader leads, locked: of two who change it at once, the second sees what the first did.
-- Null: there is none.
create function private.lock_led_group(p_code text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	select g.id into v_id from private.groups as g where g.code = p_code for update;
	return case when private.leads_group(private.me(), v_id) then v_id end;
end
$$;

-- Whether the reader sees a group, may make one, or is invited to one.
create or replace function private.sees_groups() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community()
		or exists (select from private.visible_groups(private.me()))
		or exists (select from private.my_group_invitations())
$$;

-- The groups that the reader sees, those of the reader first: [{code, name, purpose, level, is_ended, people: how many,
-- members: how many, part: the reader's own | null}].
create function public.list_groups() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', g.code,
			'name', g.name,
			'purpose', g.purpose,
			'level', g.level,
			'is_ended', g.ended_at is not null,
			'people', (select count(*) from private.live_group_people as x where x.group_id = g.id),
			'members', (select count(*) from private.group_members as x where x.group_id = g.id),
			'part', own.part)
			order by g.ended_at is not null, own.part is null, g.created_at, g.id), '[]')
	from private.groups as g
	left join private.live_group_people as own on own.group_id = g.id and own.person_id = (select private.me())
	where g.id in (select private.visible_groups((select private.me())))
$$;
grant execute on function public.list_groups() to anon, authenticated;

-- A person of a group. The member organisation of a person under an alias is nobody's to read here.
create function private.group_person_json(p private.group_people) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'display_name', q.display_name,
		'office', q.office,
		'affiliation', q.affiliation,
		'part', p.part,
		'member', case when not private.has_alias(p.person_id) then
			(select jsonb_build_object('id', m.id, 'name', m.name) from public.members as m where m.id = p.member_id) end,
		'alternate_of', (select jsonb_build_object('id', o.id, 'name', x.display_name)
			from private.live_group_people as o
			join public.people as x on x.id = o.person_id
			where o.id = p.alternate_of),
		'since', p.since,
		'until', p.until,
		'is_me', coalesce(p.person_id = private.me(), false))
	from public.people as q
	where q.id = p.person_id
$$;

-- A group as the reader sees it; null when they do not. {id, code, name, purpose, level, takes_requests, is_ended,
-- version, leads, own: the reader's entry id | null, request: whether the reader has an open one, people, hidden: how
-- many people are not named, members: [{id, name}], requests and invitations and choices (all members) for those who
-- lead, else null}. A visitor and who represents no member read the names of chairs and secretaries alone.
create function public.read_group(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as (
		select g.*,
			private.leads_group(private.me(), g.id) as leads,
			own.id as own,
			own.id is not null or private.sees_members_groups(private.me()) as names_all
		from private.groups as g
		left join private.live_group_people as own on own.group_id = g.id and own.person_id = private.me()
		where g.code = read_group.code and g.id in (select private.visible_groups(private.me()))
	)
	select jsonb_build_object(
		'id', g.id,
		'code', g.code,
		'name', g.name,
		'purpose', g.purpose,
		'level', g.level,
		'takes_requests', g.takes_requests,
		'is_ended', g.ended_at is not null,
		'version', g.version,
		'leads', g.leads,
		'own', g.own,
		'request', exists (select from private.group_requests as r
			where r.group_id = g.id and r.person_id = private.me() and r.state = 'open'),
		'people', (select coalesce(jsonb_agg(private.group_person_json(p)
				order by p.part, lower(q.display_name), p.id), '[]')
			from private.group_people as p
			join private.live_group_people as l on l.id = p.id
			join public.people as q on q.id = p.person_id
			where p.group_id = g.id and (g.names_all or p.part in ('chair', 'secretary'))),
		'hidden', (select count(*) from private.live_group_people as p
			where p.group_id = g.id and not g.names_all and p.part not in ('chair', 'secretary')),
		'members', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from private.group_members as x
			join public.members as m on m.id = x.member_id
			where x.group_id = g.id),
		'requests', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.id,
				'display_name', q.display_name,
				'office', q.office,
				'affiliation', q.affiliation,
				'note', r.note,
				'asked_at', private.iso(r.asked_at)) order by r.asked_at, r.id), '[]')
			from private.group_requests as r
			join public.people as q on q.id = r.person_id
			where r.group_id = g.id and r.state = 'open') end,
		'invitations', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'display_name', i.display_name,
				'part', i.part,
				'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
			from private.group_invitations as i
			where i.group_id = g.id and i.state = 'open') end,
		'choices', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from public.members as m) end)
	from shown as g
$$;
grant execute on function public.read_group(text) to anon, authenticated;

-- Makes a group. `fields`: {name, purpose, level, takes_requests}. Who makes it becomes its secretary, so that somebody
-- leads it. Answers {status: ok, code} or {status: not_allowed | invalid}.
create function public.create_group(fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.groups;
begin
	if not private.runs_community() then return '{"status": "not_allowed"}'; end if;
	insert into private.groups (name, purpose, level, takes_requests)
	values (
		fields -> 'name',
		fields -> 'purpose',
		(fields ->> 'level')::public.group_level,
		(fields ->> 'takes_requests')::boolean)
	returning * into v;
	insert into private.group_people (group_id, person_id, part) values (v.id, private.me(), 'secretary');
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.create_group(jsonb) to authenticated;

-- Changes what create_group wrote; `is_ended` ends the group or opens it again. Answers ok | not_found | invalid |
-- conflict (changed since `version`). Locks the group.
create function public.change_group(code text, version integer, fields jsonb) returns public.group_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(change_group.code);
begin
	if v_group is null then return 'not_found'; end if;
	update private.groups as g
	set name = fields -> 'name',
		purpose = fields -> 'purpose',
		level = (fields ->> 'level')::public.group_level,
		takes_requests = (fields ->> 'takes_requests')::boolean,
		ended_at = case when (fields ->> 'is_ended')::boolean then coalesce(g.ended_at, now()) end,
		version = g.version + 1,
		updated_at = now()
	where g.id = v_group and g.version = change_group.version;
	if not found then return 'conflict'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_group(text, integer, jsonb) to authenticated;

-- Adds a member organisation to a group, or removes it. Answers ok | not_found.
create function public.set_group_member(code text, member uuid, is_in boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(set_group_member.code);
begin
	if v_group is null or not exists (select from public.members as m where m.id = member) then return 'not_found'; end if;
	if is_in then
		insert into private.group_members (group_id, member_id) values (v_group, member) on conflict do nothing;
	else
		delete from private.group_members as x where x.group_id = v_group and x.member_id = member;
	end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.set_group_member(text, uuid, boolean) to authenticated;

-- Gives a person a part in a group, unless they have one. An entry whose term is over is ended first.
create function private.add_group_person(
	p_group uuid, p_person uuid, p_part public.group_part, p_member uuid default null, p_until date default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_people as x
	set ended_at = now()
	where x.group_id = p_group and x.person_id = p_person and x.ended_at is null and x.until < current_date;
	insert into private.group_people (group_id, person_id, part, member_id, until)
	values (p_group, p_person, p_part, p_member, p_until)
	on conflict do nothing;
	perform private.publish_event('person:' || p_person, 'rights');
	perform private.publish_event('site', 'changed');
end
$$;

-- Asks to join a group that the reader sees. Answers ok | already | not_found | not_open. Locks the group.
create function public.request_to_join(code text, note text) returns public.group_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v private.groups;
begin
	select * into v from private.groups as g where g.code = request_to_join.code for update;
	if v_me is null or v.id is null or v.id not in (select private.visible_groups(v_me)) then return 'not_found'; end if;
	if exists (select from private.live_group_people as x where x.group_id = v.id and x.person_id = v_me) then
		return 'already';
	end if;
	if not v.takes_requests or v.ended_at is not null then return 'not_open'; end if;
	insert into private.group_requests (group_id, person_id, note)
	values (v.id, v_me, left(btrim(coalesce(note, '')), 1000))
	on conflict do nothing;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.request_to_join(text, text) to authenticated;

-- Takes back the reader's own request. Answers ok | not_found.
create function public.withdraw_join_request(code text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_requests as r
	set state = 'withdrawn', decided_at = now(), decided_by = private.me()
	from private.groups as g
	where g.id = r.group_id
		and g.code = withdraw_join_request.code
		and r.person_id = (select private.me())
		and r.state = 'open';
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_join_request(text) to authenticated;

-- Decides on a request, for those who lead the group. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request and r.state = 'open';
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	return 'ok';
end
$$;
grant execute on function public.decide_join_request(uuid, boolean) to authenticated;

-- Changes part, member organisation, term and whom an alternate stands in for. `fields`: {part, member, until,
-- alternate_of}. Answers ok | not_found | invalid | last_leader. Locks the group.
create function public.change_group_person(entry uuid, fields jsonb) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
	v_part public.group_part;
	v_until date;
begin
	select * into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null then
		return 'not_found';
	end if;
	v_part := (fields ->> 'part')::public.group_part;
	v_until := (fields ->> 'until')::date;
	if v_until < current_date
		or (fields ->> 'alternate_of') is not null and not exists (select from private.live_group_people as o
			where o.id = (fields ->> 'alternate_of')::uuid and o.group_id = v.group_id and o.part <> 'alternate') then
		return 'invalid';
	end if;
	if v_part in ('member', 'alternate') and v.part in ('chair', 'secretary')
		and not private.has_leader(v.group_id, v.id) then
		return 'last_leader';
	end if;
	update private.group_people as x
	set part = v_part,
		-- Who leads the group does not read it of a person under an alias, and so cannot change it.
		member_id = case when private.has_alias(v.person_id) then x.member_id else (fields ->> 'member')::uuid end,
		until = v_until,
		alternate_of = case when v_part = 'alternate' then (fields ->> 'alternate_of')::uuid end
	where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception or foreign_key_violation then
	return 'invalid';
end
$$;
grant execute on function public.change_group_person(uuid, jsonb) to authenticated;

-- Ends the part of a person: an act of those who lead the group, or the person's own. The last chair or secretary stays
-- until there is another. Answers ok | not_found | last_leader. Locks the group.
create function public.end_group_person(entry uuid) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
begin
	select x.* into v from private.group_people as x where x.id = entry and x.ended_at is null;
	perform from private.groups as g where g.id = v.group_id for update;
	if v.id is null
		or not (v.person_id = private.me() or private.leads_group(private.me(), v.group_id))
		or not exists (select from private.group_people as x where x.id = entry and x.ended_at is null) then
		return 'not_found';
	end if;
	if v.part in ('chair', 'secretary') and not private.has_leader(v.group_id, v.id) then return 'last_leader'; end if;
	update private.group_people as x set ended_at = now() where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.end_group_person(uuid) to authenticated;

-- Invites an address to a part in a group, until a last day of the term or (null) without end. `address`: {hash,
-- sealed, key_id}, in hexadecimal. Answers ok | not_allowed | invalid | limited (200 a day for each inviter). A second
-- invitation of an address changes the first; on the same day it sends no second mail. Locks the group.
create function public.invite_to_group(
	code text, part public.group_part, address jsonb, display_name text, member uuid default null,
	until date default null
) returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(invite_to_group.code);
	v_name text := private.one_line(display_name);
	v_id uuid;
begin
	if v_group is null then return 'not_allowed'; end if;
	if part is null or not private.is_valid_invitee(address, v_name) or until < current_date then return 'invalid'; end if;
	if (select count(*) from private.group_invitations as i
		where i.invited_by = private.me() and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.group_invitations as i (group_id, part, member_id, until, address_hash, display_name, invited_by)
	values (v_group, part, member, invite_to_group.until, decode(address ->> 'hash', 'hex'), v_name, private.me())
	on conflict (group_id, address_hash) where state = 'open' do update
		set part = excluded.part,
			member_id = excluded.member_id,
			until = excluded.until,
			display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now()
	returning i.id into v_id;
	-- The mail names no group: its subject is read over shoulders, and the group may be closed.
	perform private.enqueue_address_mail('group_invited', decode(address ->> 'sealed', 'hex'), address ->> 'key_id', 'en',
		'{}', null, null, 'group_invitation:' || v_id || ':' || current_date);
	return 'ok';
exception when foreign_key_violation then
	return 'invalid';
end
$$;
grant execute on function public.invite_to_group(text, public.group_part, jsonb, text, uuid, date) to authenticated;

-- Withdraws an open invitation. Answers ok | not_found.
create function public.withdraw_group_invitation(invitation uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_invitations as i
	set state = 'withdrawn', answered_at = now()
	where i.id = invitation and i.state = 'open' and private.leads_group(private.me(), i.group_id);
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_group_invitation(uuid) to authenticated;

-- Open invitations to the verified addresses of the reader, for 90 days, while the group goes on and somebody who may
-- still invites.
create function private.my_group_invitations() returns setof private.group_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.group_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and a.person_id = (select private.me())
	join private.groups as g on g.id = i.group_id and g.ended_at is null
	where i.state = 'open'
		and i.invited_at > now() - interval '90 days'
		and (i.until is null or i.until >= current_date)
		and private.leads_group(i.invited_by, i.group_id)
$$;

-- The same for the page: [{id, part, name, purpose, level: of the group, until, invited_at}].
create function public.my_group_invitations() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', i.id,
			'part', i.part,
			'name', g.name,
			'purpose', g.purpose,
			'level', g.level,
			'until', i.until,
			'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
	from private.my_group_invitations() as i
	join private.groups as g on g.id = i.group_id
$$;
grant execute on function public.my_group_invitations() to authenticated;

-- Accepts or declines. Who is in the group already keeps their entry. Answers ok | not_found. Locks the group.
create function public.answer_group_invitation(invitation uuid, accept boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_invitations;
begin
	perform from private.groups as g
	where g.id = (select i.group_id from private.my_group_invitations() as i where i.id = invitation)
	for update;
	select i.* into v from private.my_group_invitations() as i where i.id = invitation;
	if v.id is null then return 'not_found'; end if;
	update private.group_invitations as i
	set state = case when accept then 'accepted' else 'declined' end, answered_at = now()
	where i.id = v.id;
	if accept then perform private.add_group_person(v.group_id, private.me(), v.part, v.member_id, v.until); end if;
	perform private.publish_event('person:' || private.me(), 'rights');
	return 'ok';
end
$$;
grant execute on function public.answer_group_invitation(uuid, boolean) to authenticated;

insert into private.free_text_columns (table_name, column_name)
values
	('private.groups', 'name'),
	('private.groups', 'purpose'),
	('private.group_requests', 'note');

insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values
	('private.group_people', 'roles', 'person', 'person_id', '{since,part,until,ended_at}', default),
	('private.group_requests', 'roles', 'person', 'person_id', '{asked_at,note,state}', default);
insert into private.not_copied_tables (name, reason) values ('private.group_invitations', 'others');

insert into private.retention_rules (table_name, exemption)
values
	('private.groups', 'settings'),
	('private.group_members', 'settings');
insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.group_requests', 'mails', null, 'array[t.person_id]', 't.asked_at', null, null, null, null, true),
	('private.group_invitations', 'mails', null, null, 't.invited_at', null, null, null, null, true);
insert into private.retention_rules (table_name, class) values ('private.group_people', 'contact');

reset check_function_bodies;
