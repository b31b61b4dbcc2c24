-- Putting an alias on a person, changing it and taking it off.

-- Whether a person has an alias. Also asked for lists of focal points: they would recognise the alias among their own
-- people, so they see the seat counted and nothing else.
create function private.has_alias(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections where person_id = p_person and kind = 'alias')
$$;
grant execute on function private.has_alias(uuid) to authenticated;

-- Whether a person has got another identity since: what others saw of them before may not lead to the name of today.
create function private.has_new_identity_since(p_person uuid, p_at timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.former_ids as f where f.person_id = p_person and f.since >= p_at)
$$;

-- Gives a registration a new reference: other systems have noted the old one beside the other name. Mails that wait name
-- the new one. A minor who named this person as guardian by the old one still means them, and reads what they typed.
create function private.rotate_registration_reference(p_registration uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_old text;
	v_new text;
begin
	select r.summit_id, r.reference into v_summit, v_old from public.registrations as r where r.id = p_registration;
	update public.registrations as r set reference = default where r.id = p_registration returning r.reference into v_new;
	update private.guardian_claims as c
	set holder_id = p_registration
	where c.reference = v_old
		and exists (select
			from public.registrations as r
			where r.id = c.registration_id and r.summit_id = v_summit and r.id <> p_registration);
	update private.outbox as o
	set params = o.params || jsonb_build_object('reference', v_new)
	where o.person_id = (select r.person_id from public.registrations as r where r.id = p_registration)
		and o.state in ('queued', 'held')
		and o.params ->> 'reference' = v_old;
	delete from private.undoable_acts as u where u.summit_id = v_summit and u.subject = to_jsonb(v_old);
	perform private.rename_in_waiting_webhooks(v_summit, v_old, v_new);
end
$$;

-- Gives a person a new identity for others: a new id, a new public code and new ids, codes and references of all rows in
-- which they were visible, so that nobody who noted one can connect the two names. What points to them follows in the same
-- transaction, older releases too; audit entries and the key stay theirs through private.former_ids. Answers the new
-- id. Locks registrations, runs, groups, rooms of meetings and run participants before the person's own row, as other
-- functions do.
create function private.rotate_person_identity(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
	v_room uuid;
begin
	perform private.allow_closed_summits();
	perform from public.registrations as r where r.person_id = p_person order by r.id for update;
	perform from public.runs
	where runs.id in (select x.room_id from private.meeting_participants as x where x.person_id = p_person)
	order by runs.id
	for share;
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id = p_person)
	order by g.id
	for update;
	perform from private.meeting_rooms as r
	where r.id in (select x.room_id from private.meeting_participants as x where x.person_id = p_person)
	order by r.id
	for update;
	perform from private.run_participants as p where p.person_id = p_person order by p.id for update;
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
	-- Everybody in the room of a meeting or workshop moves, so that no connection keeps the other identity.
	for v_room in
		update private.meeting_participants as x set id = gen_random_uuid(), identity = default
		where x.person_id = v_id
		returning x.room_id
	loop
		perform private.rotate_meeting_rooms(v_room);
		perform private.publish_event('meeting:' || v_room, 'rights');
	end loop;
	perform private.detach_imported_registrations(v_id);
	perform private.rotate_registration_reference(r.id) from public.registrations as r where r.person_id = v_id;
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

-- Replaces the whole display record by an alias; without one in `p`, keeps the present alias. The first time the real
-- name has to come with it, sealed. Answers what cannot be written ('alias.…', 'real_name', 'frozen'), or an empty
-- array. A person under their own name may take an alias even after names are frozen: protection matters more than the
-- lists that went out.
create function private.set_alias(p_person uuid, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := p_person;
	v_before text := (select person.display_name from public.people as person where person.id = p_person);
	v_alias jsonb := case when jsonb_typeof(p -> 'alias') = 'object' then p -> 'alias' end;
	v_sealed text := p ->> 'real_name_sealed';
	v_faults text[];
begin
	if v_alias is null and private.has_alias(p_person) then return '{}'; end if;
	v_faults := (select coalesce(array_agg('alias.' || fault), '{}')
		from unnest(private.invalid_name_fields(coalesce(v_alias, '{}'))) as fault);
	if v_sealed is null and not exists (select from private.protections as x
			where x.person_id = p_person and x.real_name_sealed is not null)
		or v_sealed is not null and (v_sealed !~ '^([0-9a-f]{2})+$'
			or length(v_sealed) not between 32 and 8192
			or coalesce(p ->> 'key_id', '') = '') then
		v_faults := v_faults || 'real_name'::text;
	end if;
	if v_faults = '{}'
		and private.has_alias(p_person)
		and private.is_name_frozen(p_person, v_alias ->> 'display_name') then
		v_faults := array['frozen'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	-- The same alias again needs no new identity.
	if not private.has_alias(p_person) or not exists (select from public.people as person
		where person.id = p_person
			and (person.display_name, person.office, person.affiliation, person.country) is not distinct from (
				private.one_line(v_alias ->> 'display_name'),
				private.one_line(v_alias ->> 'office'),
				private.one_line(v_alias ->> 'affiliation'),
				nullif(v_alias ->> 'country', '')::char(2))) then
		v_person := private.rotate_person_identity(p_person);
	end if;
	insert into private.protections as x (person_id, kind, real_name_sealed, key_id)
	values (v_person, 'alias', decode(v_sealed, 'hex'), case when v_sealed is not null then p ->> 'key_id' end)
	on conflict (person_id) do update set kind = 'alias',
		real_name_sealed = coalesce(excluded.real_name_sealed, x.real_name_sealed),
		key_id = coalesce(excluded.key_id, x.key_id);
	perform private.save_name_hashes(v_person, p);
	perform set_config('app.name_freeze', 'overridden', true);
	update public.people as person
	set display_name = private.one_line(v_alias ->> 'display_name'),
		office = private.one_line(v_alias ->> 'office'),
		affiliation = private.one_line(v_alias ->> 'affiliation'),
		country = nullif(v_alias ->> 'country', ''),
		biography = '{}',
		portrait_path = null,
		links = '[]',
		updated_at = now()
	where person.id = v_person;
	perform private.apply_late_alias(v_person, v_before);
	return '{}';
end
$$;

-- Takes an alias off: the person gives the name under which they wish to be known. Only before accreditation, because
-- nobody would check the new name after it. Answers what cannot be written ('protection', 'frozen', or a fault of the
-- name), or an empty array.
create function private.remove_alias(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_faults text[] := private.invalid_name_fields(p);
begin
	if p_r.state not in ('draft', 'submitted', 'nominated') then return array['protection']; end if;
	if private.is_name_frozen(p_r.person_id, p ->> 'display_name') then return array['frozen']; end if;
	if v_faults <> '{}' then return v_faults; end if;
	v_person := private.rotate_person_identity(p_r.person_id);
	update public.people as person
	set display_name = private.one_line(p ->> 'display_name'),
		office = private.one_line(p ->> 'office'),
		country = nullif(p ->> 'country', ''),
		affiliation = coalesce(
			(select m.name from public.members as m where m.id = p_r.member_id),
			(select q.name from public.member_requests as q where q.registration_id = p_r.id),
			private.one_line(p ->> 'affiliation')),
		updated_at = now()
	where person.id = v_person;
	return '{}';
end
$$;
