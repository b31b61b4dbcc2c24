-- Repairs of groups: who belongs to a member, aliases, merges of people, ended groups and expired invitations.

set check_function_bodies = off;

-- The ids of entries and requests change with the identity of a person.
alter table private.group_people
	drop constraint group_people_alternate_of_fkey,
	add foreign key (alternate_of) references private.group_people (id) on update cascade on delete set null;
alter table private.group_actions
	drop constraint group_actions_owner_id_fkey,
	add foreign key (owner_id) references private.group_people (id) on update cascade on delete set null;
update private.group_people as x set member_id = null
where x.member_id is not null and private.has_alias(x.person_id);

-- Gives a person a new identity for others: a new id, a new public code and new ids and codes of all rows in which they
-- were visible, so that nobody who noted one can connect the two names. Every reference follows in the same
-- transaction, older releases too; audit entries and the key stay theirs through private.former_ids. Answers the new
-- id. Locks registrations, run participants and groups before the person's own row, as other functions do.
create or replace function private.rotate_person_identity(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
begin
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	perform from private.run_participants as p where p.person_id = p_person order by p.id for update;
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id = p_person)
	order by g.id
	for update;
	update private.person_keys as k set person_id = v_id where k.person_id = p_person;
	perform set_config('app.merging', 'yes', true);
	update public.people as person set id = v_id, code = private.random_code(8), updated_at = now()
		where person.id = p_person;
	perform set_config('app.merging', '', true);
	insert into private.former_ids (former_id, person_id) values (p_person, v_id);
	update public.session_people as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.session_audiences as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.focal_points as x set id = gen_random_uuid() where x.person_id = v_id;
	-- The organisation for which they are in a group was written beside the other name.
	update private.group_people as x set id = gen_random_uuid(), member_id = null where x.person_id = v_id;
	update private.group_requests as x set id = gen_random_uuid() where x.person_id = v_id;
	update private.run_participants as x set identity = private.random_code(20) where x.person_id = v_id;
	-- The old badge shows the other name.
	for v_badge in
		update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
		where b.revoked_at is null
			and b.registration_id in (select r.id from public.registrations as r where r.person_id = v_id)
		returning b.*
	loop
		insert into public.badges (summit_id, registration_id) values (v_badge.summit_id, v_badge.registration_id);
	end loop;
	-- Closes the event streams and drops what is cached about who this is.
	perform private.publish_event('person:' || each, 'rights') from unnest(array[p_person, v_id]) as each;
	-- Stages show the names of speakers and of those who were brought on.
	perform private.publish_event('session:' || named.session_id, 'stage')
	from (
		select sp.session_id from public.session_people as sp where sp.person_id = v_id
		union
		select runs.session_id
		from private.run_participants as p
		join public.runs on runs.id = p.run_id and runs.state <> 'ended'
		where p.person_id = v_id
	) as named;
	return v_id;
end
$$;

-- Makes one entry of two in the same group, before the merge moves all other rows: with the stronger part (chair,
-- secretary, member, alternate), the later term and the organisation of the stronger part. Actions and alternates of
-- the dropped entry follow. An entry whose term is over is ended first, so that it replaces none. Locks the groups.
create function private.merge_group_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep private.group_people;
	v_drop private.group_people;
begin
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id in (p_keep, p_drop))
	order by g.id
	for update;
	update private.group_people as x
	set ended_at = now()
	where x.person_id in (p_keep, p_drop) and x.ended_at is null and x.until < current_date;
	for v_drop in
		select x.* from private.group_people as x where x.person_id = p_drop and x.ended_at is null
	loop
		select * into v_keep
		from private.group_people as x
		where x.group_id = v_drop.group_id and x.person_id = p_keep and x.ended_at is null;
		continue when not found;
		update private.group_actions as a set owner_id = v_keep.id where a.owner_id = v_drop.id;
		update private.group_people as x set alternate_of = v_keep.id where x.alternate_of = v_drop.id and x.id <> v_keep.id;
		delete from private.group_people as x where x.id = v_drop.id;
		update private.group_people as x
		set part = least(v_keep.part, v_drop.part),
			member_id = case when v_drop.part < v_keep.part
				then coalesce(v_drop.member_id, v_keep.member_id)
				else coalesce(v_keep.member_id, v_drop.member_id) end,
			-- Only two alternates make an alternate, and nobody is the alternate of themselves.
			alternate_of = case when least(v_keep.part, v_drop.part) = 'alternate'
				then coalesce(x.alternate_of, nullif(v_drop.alternate_of, v_keep.id)) end,
			since = least(v_keep.since, v_drop.since),
			until = case when v_keep.until is not null and v_drop.until is not null
				then greatest(v_keep.until, v_drop.until) end
		where x.id = v_keep.id;
	end loop;
end
$$;

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;

-- Whether somebody may see groups that are open to the members: the people of members (30_community/members.sql), and
-- those who run the community.
create or replace function private.sees_members_groups(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(private.is_of_a_member(p_person) or private.runs_community(p_person), false)
$$;

drop function private.represents_member(uuid);

-- The invitations that can be accepted today: open for 90 days, while the offered term and the group have not ended and
-- the inviter still leads the group.
create view private.live_group_invitations as
	select i.*
	from private.group_invitations as i
	join private.groups as g on g.id = i.group_id and g.ended_at is null
	where i.state = 'open'
		and i.invited_at > now() - interval '90 days'
		and (i.until is null or i.until >= current_date)
		and private.leads_group(i.invited_by, i.group_id);

-- Invites an address to a part in a group, until a last day of the term or (null) without end. `address`: {hash,
-- sealed, key_id}, in hexadecimal. Answers ok | not_allowed | invalid (also when the group has ended) | limited (200 a
-- day for each inviter). A second invitation of an address changes the first; on the same day it sends no second mail.
-- Locks the group.
create or replace function public.invite_to_group(
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
	if part is null
		or not private.is_valid_invitee(address, v_name)
		or until < current_date
		or exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then
		return 'invalid';
	end if;
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

-- Live invitations to the verified addresses of the reader.
create or replace function private.my_group_invitations() returns setof private.group_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.live_group_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and a.person_id = (select private.me())
$$;

-- An entry among the people of a group, as all who see it read it.
create or replace function private.group_person_json(p private.group_people) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'display_name', q.display_name,
		'office', q.office,
		'affiliation', q.affiliation,
		'part', p.part,
		'member', (select jsonb_build_object('id', m.id, 'name', m.name) from public.members as m where m.id = p.member_id),
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
-- many people are not named, members: [{id, name}], requests, invitations (live ones) and choices (all members) for
-- those who lead, else null}. Readers who belong to no member see the names of chairs and secretaries only.
create or replace function public.read_group(code text) returns jsonb
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
			from private.live_group_invitations as i
			where i.group_id = g.id) end,
		'choices', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from public.members as m) end)
	from shown as g
$$;

-- Gives a person a part in a group, unless they have one. An entry whose term is over is ended first. The organisation
-- is not written for somebody under an alias, because the invitation named it for the person behind the alias.
create or replace function private.add_group_person(
	p_group uuid, p_person uuid, p_part public.group_part, p_member uuid default null, p_until date default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_people as x
	set ended_at = now()
	where x.group_id = p_group and x.person_id = p_person and x.ended_at is null and x.until < current_date;
	insert into private.group_people (group_id, person_id, part, member_id, until)
	values (p_group, p_person, p_part, case when not private.has_alias(p_person) then p_member end, p_until)
	on conflict do nothing;
	perform private.publish_event('person:' || p_person, 'rights');
	perform private.publish_event('site', 'changed');
end
$$;

-- Decides on a request, for those who lead the group. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create or replace function public.decide_join_request(request uuid, accept boolean) returns public.change_status
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
	where r.id = request and r.state = 'open'
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	return 'ok';
end
$$;

-- Changes part, member organisation, term and whom an alternate stands in for. `fields`: {part, member, until,
-- alternate_of}. Answers ok | not_found | invalid | last_leader. Locks the group.
create or replace function public.change_group_person(entry uuid, fields jsonb) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
	v_part public.group_part;
	v_until date;
begin
	if private.lock_led_group((select g.code
		from private.groups as g
		join private.group_people as x on x.group_id = g.id
		where x.id = entry)) is null then
		return 'not_found';
	end if;
	-- Read under the lock: somebody may have changed or ended the entry until then.
	select * into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if v.id is null then return 'not_found'; end if;
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
		member_id = (fields ->> 'member')::uuid,
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

-- Ends the part of a person: an act of those who lead the group, or the person's own. The last chair or secretary stays
-- until there is another. Answers ok | not_found | last_leader. Locks the group.
create or replace function public.end_group_person(entry uuid) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
begin
	perform from private.groups as g
	where g.id = (select x.group_id from private.group_people as x where x.id = entry)
	for update;
	select x.* into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if v.id is null or not (v.person_id = private.me() or private.leads_group(private.me(), v.group_id)) then
		return 'not_found';
	end if;
	if v.part in ('chair', 'secretary') and not private.has_leader(v.group_id, v.id) then return 'last_leader'; end if;
	update private.group_people as x set ended_at = now() where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;

reset check_function_bodies;
