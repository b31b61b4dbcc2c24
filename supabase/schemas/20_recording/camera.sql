-- What the camera and photo crew is told: who must not be in a picture, as counts, places on stage and marks. No answer
-- here has an id, an address or a name of anybody in the hall, or says why somebody must not be seen. Protected people
-- are treated like all others, because an exception for them would tell who they are.

-- A count as the crew reads it: rounded down to a multiple of the smallest group of the Summit. So neither a small
-- group nor the difference of two readings tells who came in.
create function private.round_down_to_group(p_summit uuid, p_count bigint) returns integer
language sql stable security definer set search_path = '' as $$
	select (p_count - p_count % private.smallest_group(p_summit))::integer
$$;

-- The people of a session who may be on its stage, in the running order, and what each wants: 'no' (their setting,
-- their consent, or their answer for this session), 'unanswered' (nothing was said about this session or the Summit),
-- 'yes'.
create function private.list_stage_wishes(p_session uuid)
	returns table (place integer, person_id uuid, role public.session_role, wish text)
language sql stable security definer set search_path = '' as $$
	select row_number() over (order by min(sp.position), min(sp.role), sp.person_id)::integer, sp.person_id, min(sp.role),
		case
			when private.forbids_photographs(sp.person_id, r.id) then 'no'
			when bool_or(sp.consent_photo) then 'yes'
			when bool_and(sp.consents_answered_at is null)
				then coalesce(private.answered_photographs(
					sp.person_id, (select s.summit_id from public.sessions as s where s.id = p_session)), 'unanswered')
			else 'no' end
	from public.session_people as sp
	left join public.registrations as r on r.person_id = sp.person_id and r.summit_id = sp.summit_id
		and r.state not in ('declined', 'withdrawn', 'expired')
	where sp.session_id = p_session and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
	group by sp.person_id, r.id
$$;

-- The name of somebody on stage, if the released programme names them to everybody; null else.
create function private.publicly_named(p_session uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.display_name
	from public.people as p
	where p.id = p_person
		and private.can_see(null, p_session)
		and exists (select
			from public.release_people as rp
			join public.sessions as s on s.id = rp.session_id
			where rp.session_id = p_session and rp.person_id = p_person
				and rp.release_id = private.newest_release(s.summit_id)
				and private.is_named(rp.session_id, rp.person_id, rp.role))
$$;

-- How many people in the hall of a session must not be in a picture, rounded down: {count, smallest (group),
-- basis: inside | signed_up}.
-- Those who were scanned into its rooms, from half an hour before its time; before that, those who have a place. Null
-- where nobody counts.
create function private.count_hall_wishes(p_session uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_day date := private.door_day(v_summit);
	v_places text[] := array(select sl.room_id::text
		from public.release_slots as sl
		join public.checkpoints as c on c.room_id = sl.room_id and c.kind = 'room'
		where sl.release_id = private.newest_release(v_summit) and sl.session_id = p_session and not sl.is_cancelled
			and sl.during && tstzrange(now(), now() + interval '30 minutes'));
	v_basis text;
	v_people uuid[];
begin
	if v_places <> '{}' then
		v_basis := 'inside';
		v_people := array(select distinct d.person_id
			from private.door_periods as d
			where d.summit_id = v_summit and d.day = v_day and d.place = any (v_places) and d.left_at is null);
	elsif exists (select from private.session_places as x where x.session_id = p_session and x.hall is not null) then
		v_basis := 'signed_up';
		v_people := array(select u.person_id
			from private.session_signups as u
			where u.session_id = p_session and u.channel = 'hall' and u.state = 'placed');
	else
		return null;
	end if;
	return jsonb_build_object('basis', v_basis, 'smallest', private.smallest_group(v_summit), 'count', (
		select private.round_down_to_group(v_summit, count(*))
		from unnest(v_people) as inside (person_id)
		left join public.registrations as r on r.person_id = inside.person_id and r.summit_id = v_summit
			and r.state = 'confirmed'
		where private.forbids_photographs(inside.person_id, r.id)));
end
$$;

-- What may be recorded of a session: never (its level) | no (not planned) | sealed (a recording of it is) | incomplete
-- (somebody on stage has not agreed) | complete.
create function private.recording_permission(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_anonymous_level(private.level_in_force(s.id)) then 'never'
		when exists (select from private.recordings as g where g.session_id = s.id and g.state = 'sealed') then 'sealed'
		when not (s.is_recorded and coalesce(rs.is_recorded, true)) then 'no'
		when exists (select from private.list_without_recording_consent(s.id)) then 'incomplete'
		else 'complete' end
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id
		and rs.release_id = private.newest_release(s.summit_id)
	where s.id = p_session
$$;

-- How many of those called to the stage from the floor, who are in no programme, must not be in a picture.
create function private.count_called_wishes(p_session uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer
	from public.runs
	cross join lateral private.on_stage(runs.id) as o
	left join public.registrations as r on r.person_id = o.person_id and r.summit_id = runs.summit_id
		and r.state = 'confirmed'
	where runs.session_id = p_session and runs.state <> 'ended'
		and private.forbids_photographs(o.person_id, r.id)
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = o.person_id and sp.state <> 'declined')
$$;

-- What the crew is told about a session: {is_off, stage: [{place, role, name: null unless everybody reads it}], called,
-- unanswered, hall, area, recording, without_consent}. Is off: nothing may be photographed or recorded, so nobody is
-- counted.
create function private.camera_facts(p_session uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_off boolean := private.is_anonymous_level(private.level_in_force(p_session));
begin
	return (
		select jsonb_build_object(
			'is_off', v_off,
			'stage', coalesce(jsonb_agg(jsonb_build_object('place', w.place, 'role', w.role,
				'name', private.publicly_named(p_session, w.person_id)) order by w.place)
				filter (where w.wish = 'no' and not v_off), '[]'),
			'called', case when v_off then 0 else private.count_called_wishes(p_session) end,
			'unanswered', count(*) filter (where w.wish = 'unanswered' and not v_off),
			'hall', case when not v_off then private.count_hall_wishes(p_session) end,
			'area', coalesce(
				(select a.words from private.no_photo_areas as a where a.session_id = p_session), ''),
			'recording', private.recording_permission(p_session),
			'without_consent', case when v_off then 0
				else (select count(*) from private.list_without_recording_consent(p_session)) end)
		from private.list_stage_wishes(p_session) as w);
end
$$;

-- Whether the caller belongs to the crew of a session that they see: organisers of stages, those of the programme, who
-- keep the recordings, and who runs its stage.
create function private.is_camera_crew(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see(private.me(), s.id)
		and (private.has_role(s.summit_id, 'stage', 'programme') or private.may_run(private.me(), s.id))
	from public.sessions as s
	where s.id = p_session
$$;

-- The same for one session, for its crew; null for everybody else.
create function public.read_session_camera(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.camera_facts(session) where private.is_camera_crew(session)
$$;
grant execute on function public.read_session_camera(uuid) to authenticated;

-- The released sessions of a day at the venue, by time, for organisers of stages and of the programme, of the sessions
-- that they see; null for everybody else. {now, smallest_group, marked: how many badges for the hall have the sign,
-- rounded down, sessions: [{id, code, title, level, rooms, start, end, run} and what private.camera_facts answers]}.
create function public.read_camera_list(summit uuid, day date) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'now', private.iso(now()),
		'smallest_group', private.smallest_group(s.id),
		'marked', (
			select private.round_down_to_group(s.id, count(*))
			from public.registrations as r
			where r.summit_id = s.id and r.state = 'confirmed' and r.mode = 'in_person'
				and private.forbids_photographs(r.person_id, r.id)),
		'sessions', (
			select coalesce(jsonb_agg(jsonb_build_object('id', x.id, 'code', x.code, 'title', rs.title,
				'level', private.level_in_force(x.id), 'rooms', placed.rooms, 'start', private.iso(placed.starts),
				'end', private.iso(placed.ends),
				'run', (select runs.state from public.runs where runs.session_id = x.id and runs.state <> 'ended'))
				|| private.camera_facts(x.id) order by placed.starts, x.code), '[]')
			from (
				select sl.session_id, lower(sl.during) as starts, upper(sl.during) as ends,
					jsonb_agg(rooms.name order by rooms.position, rooms.slug) as rooms
				from public.release_slots as sl
				join public.rooms on rooms.id = sl.room_id and rooms.kind <> 'online'
				where sl.release_id = private.newest_release(s.id) and not sl.is_cancelled
					and (lower(sl.during) at time zone s.zone)::date = read_camera_list.day
				group by sl.session_id, sl.during) as placed
			join public.sessions as x on x.id = placed.session_id and not x.is_break and x.state <> 'cancelled'
			join public.release_sessions as rs on rs.session_id = x.id
				and rs.release_id = private.newest_release(s.id)
			where x.id in (select private.visible_sessions(private.me(), s.id))))
	from public.summits as s
	where s.id = read_camera_list.summit and private.has_role(s.id, 'stage', 'programme')
$$;
grant execute on function public.read_camera_list(uuid, date) to authenticated;

-- Saves where in the room of a session nobody is in a picture; without words it is deleted.
create function public.save_no_photo_area(session uuid, words text) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_words text := private.one_line(words);
begin
	select * into v_session from public.sessions as s where s.id = session;
	if not found or not private.has_role(v_session.summit_id, 'stage', 'programme')
		or not private.can_see(private.me(), session) then
		return 'not_allowed';
	end if;
	if length(v_words) > 200 then return 'invalid'; end if;
	if coalesce(v_words, '') = '' then
		delete from private.no_photo_areas as a where a.session_id = save_no_photo_area.session;
	else
		insert into private.no_photo_areas as a (session_id, summit_id, words, saved_by)
		values (session, v_session.summit_id, v_words, private.me())
		on conflict on constraint no_photo_areas_pkey do update
			set words = excluded.words, saved_by = excluded.saved_by, saved_at = now();
	end if;
	perform private.publish_event('organise:' || v_session.summit_id, 'photographs');
	return 'ok';
end
$$;
grant execute on function public.save_no_photo_area(uuid, text) to authenticated;

-- The same facts for the browser that sends the picture of a hall, by its code: {status: ok | none (no run) | refused,
-- session: its title, facts}.
create function private.read_hall_camera(p_code text, p_summit uuid, p_room text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_device private.hall_devices := private.find_hall_device(p_code, p_summit, p_room, 'browser');
	v_run public.runs;
begin
	if v_device.id is null then return jsonb_build_object('status', 'refused'); end if;
	v_run := private.find_device_run(v_device);
	if v_run.id is null then return jsonb_build_object('status', 'none'); end if;
	return jsonb_build_object('status', 'ok',
		'session', private.stage_session(v_run.session_id) -> 'title',
		'facts', private.camera_facts(v_run.session_id));
end
$$;
grant execute on function private.read_hall_camera(text, uuid, text) to app_server;

-- Tells the pages of the crew that somebody changed their wish, and nothing about whom.
create function private.notify_camera_crew() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_person uuid := case when tg_op = 'DELETE' then old.person_id else new.person_id end;
begin
	perform private.publish_event('organise:' || s.id, 'photographs')
	from public.summits as s
	where s.state in ('open', 'live')
		and (exists (select from public.registrations as r
				where r.summit_id = s.id and r.person_id = v_person and r.state = 'confirmed')
			or exists (select from public.session_people as sp
				where sp.summit_id = s.id and sp.person_id = v_person and sp.state <> 'declined'));
	return null;
end
$$;

create trigger notify_camera_crew_insert after insert on public.person_preferences for each row
	when (new.no_photographs) execute function private.notify_camera_crew();

create trigger notify_camera_crew after update of no_photographs on public.person_preferences for each row
	when (new.no_photographs <> old.no_photographs) execute function private.notify_camera_crew();

create trigger notify_camera_crew after insert or delete or update of no_photographs on private.protections for each row
	execute function private.notify_camera_crew();

create trigger notify_camera_crew after insert or update of given_at, withdrawn_at on public.consents for each row
	execute function private.notify_camera_crew();

create trigger notify_camera_crew after update of consent_photo, consent_record, state, position
	on public.session_people for each row execute function private.notify_camera_crew();
