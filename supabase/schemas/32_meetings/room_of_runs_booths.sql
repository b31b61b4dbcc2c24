-- Interpretation of a workshop. Its booths, who works in them and who is on air are those of its run, as on a stage
-- (18_interpretation). Interpreters are in the room as its staff: they see and hear it, are not among its people, and send only
-- for the booth in which they are on air.

-- Whether somebody is an interpreter of an open workshop: they may open the page of one of its booths. Who was removed from
-- the room still is, and hears there that they were, and when a host lets them in again.
create function private.interprets_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		join private.booths as b on b.run_id = runs.id
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting'
			and private.may_enter_booth(p_person, b.id))
$$;

-- The tracks that an interpreter may send in the room of a run now (private.booth_rights); null: they may not be there.
create function private.run_staff_rights(p_run uuid, p_person uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select case when private.interprets_run(p_person, p_run) then coalesce((
		select private.booth_rights(runs, rp)
		from public.runs
		join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = p_person
		where runs.id = p_run), '{}') end
$$;

-- The identity of an interpreter who is in the room of a run as its staff; null for everyone else.
create function private.staff_identity(p_run uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.identity
	from private.meeting_participants as p
	where p.room_id = p_run and p.person_id = p_person and p.is_staff and p.admitted_at is not null and p.removed_at is null
$$;

-- The booths of an open workshop whose pages the reader may open: [{language, is_signed}].
create function private.own_booths_json(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed)
		order by b.is_signed, b.language), '[]')
	from private.booths as b
	where b.run_id = p_run and private.may_enter_booth(private.me(), b.id)
$$;

-- Takes somebody out of the booths of a run: a host removed them from its room, or they were barred. Locks the booths as who
-- takes one does (private.lock_booth). The caller has locked the run.
create function private.leave_run_booths(p_run uuid, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.booths as b where b.run_id = p_run order by b.id for update;
	delete from private.booth_heartbeats as w
	using private.booths as b
	where b.id = w.booth_id and b.run_id = p_run and w.person_id = p_person;
	update private.booths as b
	set on_air = null, on_air_since = null, offered_at = null
	from private.run_participants as p
	where b.run_id = p_run and p.id = b.on_air and p.person_id = p_person;
	if found then perform private.notify_booth(p_run, true); end if;
end
$$;

-- The pass of an interpreter to the room of a run (private.room_staff_pass); none for everyone else. A pass and a bar of the
-- same person exclude each other (private.run_room_pass). Locks the run and its room.
create function private.run_staff_pass(p_person uuid, p_run uuid, p_auth_session uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is null or not private.interprets_run(p_person, p_run) then return '{"status": "none"}'; end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7));
	v_room := private.lock_room(p_run);
	if v_room.run_id is null or not private.interprets_run(p_person, p_run)
		or private.must_confirm_room_notice(v_room, p_person) then
		return '{"status": "none"}';
	end if;
	-- By this row they are on air, attendance is written, and a bar finds the run.
	perform private.ensure_participant(p_run, p_person);
	return private.room_staff_pass(v_room, p_person, p_auth_session);
end
$$;
grant execute on function private.run_staff_pass(uuid, uuid, uuid) to app_server;

-- A booth of a workshop as one of its interpreters reads it. Who was removed from the room finds nobody but themselves in it,
-- and none of its messages.
create function private.run_booth_json(p_booth private.booths, p_is_removed boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.booth_json(p_booth) || case when p_is_removed then jsonb_build_object(
		'is_on_air', false,
		'since', null,
		'is_offered', false,
		'people', (select coalesce(jsonb_agg(x.value), '[]')
			from jsonb_array_elements(private.booth_people(p_booth)) as x
			join public.people as q on q.code = x.value ->> 'code'
			where q.id = (select private.me())),
		'lines', '[]'::jsonb) else '{}' end
$$;

-- The page of a booth of a workshop for its interpreters; null for everyone else. Its shape is that of a booth of a meeting
-- (public.read_meeting_booth), without a group, with {run: its state, session: its code, room: {slug, name}, spoken}. Who was
-- removed from the room reads nothing of who is there.
create function public.read_run_booth(run uuid, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', runs.id,
		'code', runs.id::text,
		'run', jsonb_build_object('state', runs.state, 'level', s.shown -> 'level'),
		'session', s.shown -> 'code',
		'room', jsonb_build_object('slug', v.slug, 'name', v.name),
		'title', s.shown -> 'title',
		'spoken', s.shown -> 'spoken',
		'start', s.shown -> 'start',
		'end', s.shown -> 'end',
		'zone', u.zone,
		'is_open', private.is_meeting_room_open(r),
		'is_removed', o.is_removed,
		'people', private.staff_people_json(r),
		'booth', private.run_booth_json(b, o.is_removed),
		'me', (select jsonb_build_object('code', q.code, 'identity', private.staff_identity(runs.id, q.id),
				'is_on_stage', false, 'is_on_air', rp.id is not null and rp.id is not distinct from b.on_air)
			from public.people as q
			left join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = q.id
			where q.id = (select private.me())),
		'languages', case when o.is_removed then '[]' else private.run_languages(runs.id) end,
		'own', (select jsonb_agg(x ->> 'language') from jsonb_array_elements(private.own_booths_json(runs.id)) as x))
	from public.runs
	join private.meeting_rooms as r on r.run_id = runs.id
	join private.booths as b on b.run_id = runs.id and b.language = read_run_booth.language
	join public.summits as u on u.id = runs.summit_id
	join public.rooms as v on v.id = runs.room_id
	cross join lateral (select private.stage_session(runs.session_id) as shown) as s
	cross join lateral (select private.was_removed_from_room(r.id, private.me()) as is_removed) as o
	where runs.id = read_run_booth.run and runs.state <> 'ended' and private.may_enter_booth(private.me(), b.id)
$$;
grant execute on function public.read_run_booth(uuid, text) to authenticated;
