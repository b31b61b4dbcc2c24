-- Who is in a full room comes in again; who is on air can leave the booth; and hosts outside a locked workshop read it.

set check_function_bodies = off;

-- Whether somebody reads who is on stage, what is shown and in which languages: those who run it, also where they may
-- not enter or are not in its room, and who may follow it.
create function private.may_read_run(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_run(p_person, p_run.session_id) or private.may_subscribe_run(p_person, p_run.id)
$$;

-- The stage of a room as the reader may see it; null for a room that does not exist. Who is on stage and what is
-- announced is for those who read the run (private.may_read_run): delegates whom a host called are named in no agenda.
-- `people` and `clock` are for those who run it.
create or replace function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_decision(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case
			when runs.id is null then null
			when private.may_read_run(private.me(), runs) then private.named_on_stage(runs.id)
			else '[]' end,
		'me', (
			select jsonb_build_object('code', people.code, 'identity', p.identity,
				'is_on_stage', coalesce(p.is_on_stage, false),
				'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false))
			from public.people
			left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = (select private.me()) and runs.id is not null),
		'is_confirmed', runs.id is not null and private.has_confirmed_notice(private.me(), runs.session_id),
		'people', case when private.may_run(private.me(), runs.session_id)
			then private.stage_people(runs.session_id, runs.id) end,
		'clock', case when private.may_run(private.me(), runs.session_id)
			then private.session_timer(runs.session_id) end,
		'flow', case when runs.id is not null then private.stage_progress(runs.id) end,
		'announcement', case when private.may_read_run(private.me(), runs)
			then private.shown_announcement(runs.id) end,
		'cancelled', case when runs.id is null then private.cancelled_in(rooms.id) end)
	from public.rooms
	left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;

-- {shown, may_present, files: [{id, name}] for somebody who presents}; null for somebody who does not read the run
-- (private.may_read_run).
create or replace function public.read_slides(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('shown', private.slides_event(runs.id, null), 'may_present', mine.may,
		'files', case when mine.may then (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', v.shown_name) order by f.created_at), '[]')
			from private.session_files as f
			cross join lateral private.shown_file_version(f.id) as v
			join private.stored_objects as o on o.name = v.object_name and o.media_type = 'application/pdf'
			where f.session_id = runs.session_id) end)
	from public.runs
	cross join lateral (select private.may_present(private.me(), runs.id)) as mine (may)
	where runs.id = run and runs.state <> 'ended' and private.may_read_run(private.me(), runs)
$$;

-- The stored object that a page is drawn from, for this person at this moment; null when they may not see the page.
-- Viewers see, while the run is on air, the pages that were shown and the next one; somebody who presents sees all.
create or replace function private.slide_object(p_person uuid, p_run uuid, p_version uuid, p_page integer) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name
	from private.run_slides as sl
	join public.runs on runs.id = sl.run_id
	join private.file_versions as v on v.id = sl.version_id and v.withdrawn_at is null
	join private.stored_objects as o on o.name = v.object_name and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	where sl.run_id = p_run and sl.version_id = p_version and p_page between 1 and sl.pages and runs.state <> 'ended'
		and private.may_read_run(p_person, runs)
		and (runs.state in ('live', 'paused') and p_page <= sl.furthest + 1 or private.may_present(p_person, p_run))
$$;

-- {run, session, level, may, runs_it, settings, questions, hands, chat, polls}: everything that the stage page shows
-- beside the video, in one call, of the current run of a room or of this open one there. Null for readers who do not
-- read it (private.may_read_run).
create or replace function public.read_stage_sidebar(summit uuid, room text, run uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'session', runs.session_id,
		'level', private.level_in_force(runs.session_id), 'may', private.may_take_part(me.id, runs),
		'runs_it', private.may_run(me.id, runs.session_id), 'settings', private.settings_event(runs.id, null),
		'questions', private.questions_for(me.id, runs), 'hands', private.hands_for(me.id, runs),
		'chat', private.chat_for(me.id, runs), 'polls', private.polls_for(me.id, runs))
	from public.rooms
	cross join lateral (select private.me() as id) as me
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and runs.id = coalesce(read_stage_sidebar.run, private.current_run(me.id, rooms.id))
	where rooms.summit_id = summit and rooms.slug = read_stage_sidebar.room
		and summit in (select private.readable_summits())
		and private.may_read_run(me.id, runs)
$$;

-- {languages, own: [languages of the booths in which the reader works]} of the current run of a room; null for
-- everyone who does not read it (private.may_read_run).
create or replace function public.read_languages(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('languages', private.run_languages(runs.id),
		'own', (select coalesce(jsonb_agg(b.language order by b.language), '[]')
			from private.booths as b
			where b.run_id = runs.id and private.works_in_booth(private.me(), b.id)))
	from public.rooms
	join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_languages.room
		and summit in (select private.readable_summits())
		and private.may_read_run(private.me(), runs)
$$;

-- Leaves the microphone: listeners hear the original. Who is on air can always leave it, also when they may not
-- interpret any more. Answers ok | already | not_found.
create or replace function public.leave_booth(run uuid, language text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.lock_booth(run, leave_booth.language);
begin
	if not exists (select from private.run_participants as p
		where p.id = v_booth.on_air and p.person_id = (select private.me())) then
		return case when private.may_interpret_in(private.me(), v_booth.id) then 'already' else 'not_found' end;
	end if;
	perform private.set_on_air(v_booth, null);
	return 'ok';
end
$$;

-- Stores the hash of a new token. Answers ok | not_found | not_at_this_level (what may not be kept is not given to an
-- engine either) | invalid. Waits for a bar of the reader, as a bar does for this, so that none leaves a token that
-- works (private.lock_barred_runs).
create or replace function public.make_caption_token(run uuid, language text, token_hash text) returns public.caption_token_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || private.me(), 7));
	v_run := private.hold_open_run(run);
	if v_run.id is null or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if greatest(v_run.level, private.level_in_force(v_run.session_id)) in ('chatham_house', 'closed') then
		return 'not_at_this_level';
	end if;
	insert into private.caption_tokens (run_id, language, token_hash, created_by)
	values (run, make_caption_token.language, make_caption_token.token_hash, private.me());
	return 'ok';
exception when check_violation or unique_violation or not_null_violation then
	return 'invalid';
end
$$;

-- Whether a room has no place for this person. Who is there keeps a place for a minute after the connection ended, and
-- comes in again. Hosts and staff come in all the same; hosts count, so that there may be more people than the limit.
-- The caller has locked the room.
create or replace function private.is_room_full(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.hosts_room(p_room, p_person)
		and (select count(*) >= private.room_limit() and not coalesce(bool_or(p.person_id = p_person), false)
			from private.meeting_participants as p
			where p.room_id = p_room.id and not p.is_staff and p.admitted_at is not null
				and (p.sid is not null and coalesce(p.left_at > now() - interval '1 minute', true)
					-- Their pass is out, and LiveKit has not reported their connection yet.
					or p.asked_at >= p.admitted_at and p.asked_at > now() - interval '30 seconds'))
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | full (for who would be let in) | waiting (for a host) | removed, room, identity, number (of
-- the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_room(p_room);
	v private.meeting_participants;
	v_asked timestamptz;
	v_is_let_in boolean;
	v_name text;
begin
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	v_is_let_in := not v_room.is_locked or private.hosts_room(v_room, p_person);
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = p_person;
	v_asked := v.asked_at;
	if v.removed_at is null and (v_is_let_in or v.admitted_at is not null and not v.is_staff)
		and private.is_room_full(v_room, p_person) then
		return '{"status": "full"}';
	end if;
	if v_room.run_id is not null then
		-- By this row attendance is written, and a bar finds the run.
		perform private.ensure_participant(v_room.run_id, p_person);
	end if;
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when v_is_let_in then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = false, on_air = null, on_air_at = null, offered_at = null,
			-- Its staff did not wait for a host.
			admitted_at = case when p.removed_at is null
				then coalesce(case when not p.is_staff then p.admitted_at end, excluded.admitted_at) end,
			-- The connection of staff is not that of one of its people, who would have attended by it.
			identity = case when p.is_staff then private.random_code(20) else p.identity end,
			sid = case when not p.is_staff then p.sid end,
			joined_at = case when not p.is_staff then p.joined_at end,
			seen_at = case when not p.is_staff then p.seen_at end,
			left_at = case when not p.is_staff then p.left_at end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_room.id, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	perform private.set_meeting_camera(v_room, v, p_camera);
	select p.* into v from private.meeting_participants as p where p.id = v.id;
	insert into private.meeting_livekit_rooms (room_id, number)
	values (v_room.id, private.meeting_room_number(v_room, v))
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_room.id and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

-- Whether somebody who may enter a session may follow what is said in its run. Of a workshop, those who were removed, or
-- whom its locked room keeps out once it has begun, may not, unless they write its captions or run it.
create or replace function private.may_follow_run_room(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.stage_format <> 'meeting'
		or private.may_caption(p_person, p_run.session_id)
		or not private.was_removed_from_room(p_run.id, p_person)
			and (p_run.state = 'waiting' or coalesce((select private.meeting_rights(r, p) is not null
				from private.meeting_rooms as r
				join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
				-- Without this they wait, or were barred and may come back: as somebody who never asked to enter.
				where r.run_id = p_run.id and p.admitted_at is not null), not exists (select
				from private.meeting_rooms as r
				where r.run_id = p_run.id and r.is_locked)))
$$;

-- Accepts or declines a part for which the reader was named; a part that was accepted is given back by declining it. Who has
-- declined can accept once they are asked again. Their calendar follows by mail. `seen`: the time that they accept
-- (private.meeting_time). Answers ok (also when they had answered so before) | not_found (also: they have declined, or the
-- meeting is over or cancelled) | conflict (it has another time). Locks the group, and then the room.
create or replace function public.answer_meeting_staff(staff uuid, accepts boolean, seen text default null)
	returns public.meeting_work_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_staff;
	v_meeting private.meetings;
	v_state public.meeting_staff_state := case when accepts then 'accepted' else 'declined' end;
begin
	-- A move of the meeting locks the group, and then the room.
	perform from private.groups as g
	where g.id = (select m.group_id
		from private.meeting_staff as s
		join private.meetings as m on m.id = s.meeting_id
		where s.id = answer_meeting_staff.staff and s.person_id = (select private.me()))
	for share;
	perform from private.meeting_rooms as r
	where r.meeting_id = (select s.meeting_id from private.meeting_staff as s where s.id = answer_meeting_staff.staff)
	for update;
	select s.* into v
	from private.meeting_staff as s
	join private.meetings as m on m.id = s.meeting_id and private.is_meeting_staffed(m)
	where s.id = answer_meeting_staff.staff and s.person_id = (select private.me())
	for update of s;
	if v.id is null or accepts is null then return 'not_found'; end if;
	select * into v_meeting from private.meetings as m where m.id = v.meeting_id;
	if accepts and v.state <> 'declined' and seen is distinct from private.meeting_time(v_meeting) then
		return 'conflict';
	end if;
	if v.state = v_state then return 'ok'; end if;
	if v.state = 'declined' then return 'not_found'; end if;
	update private.meeting_staff as s set state = v_state, answered_at = now() where s.id = v.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'staff'),
		private.publish_event('person:' || v.person_id, 'rights');
	if not accepts then perform private.queue_work_mail(v.meeting_id, v.person_id, true); end if;
	return 'ok';
end
$$;

reset check_function_bodies;
