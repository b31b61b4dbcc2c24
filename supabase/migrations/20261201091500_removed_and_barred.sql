-- Who was removed or barred reads and does nothing more, a bar leaves no live state behind, and rooms of meetings have a limit.

set check_function_bodies = off;

-- What somebody who is barred leaves in one run, beside its stage. The run is locked.
create function private.leave_barred_run(p_run uuid, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hands as h set state = 'done'
	where h.run_id = p_run and h.person_id = p_person and h.state = 'called';
	if found then perform private.notify_participation(p_run, 'hands', null, true); end if;
	update private.run_stage_settings as s set spotlight_id = null
	from private.run_participants as p
	where s.run_id = p_run and p.id = s.spotlight_id and p.person_id = p_person;
	perform private.leave_room_of_run(p_run, p_person);
	perform private.leave_run_booths(p_run, p_person);
end
$$;

-- Takes the person off stage, out of its spotlight and out of their booths, ends their turn, and revokes the tokens of
-- engines that they made for the captions. In the room of a workshop they give back their camera place, the screen and
-- their hand. Moves every open run for which they may hold a token. The runs are locked.
create or replace function private.move_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- After every pass that the person is being given at this moment, and before the next one.
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
	update private.caption_tokens as t set revoked_at = now()
	from public.runs
	where runs.id = t.run_id and runs.state <> 'ended' and runs.summit_id = new.summit_id
		and t.created_by = new.person_id and t.revoked_at is null
		and (new.session_id is null or runs.session_id = new.session_id);
	for v_run in
		update private.run_participants as p set barred_at = now(), is_on_stage = false, is_promoted = false
		from public.runs
		where runs.id = p.run_id and runs.state <> 'ended' and runs.summit_id = new.summit_id
			and p.person_id = new.person_id and (new.session_id is null or runs.session_id = new.session_id)
		returning p.run_id
	loop
		perform private.leave_barred_run(v_run, new.person_id);
		perform private.rotate_livekit_rooms(v_run);
	end loop;
	perform private.publish_event('person:' || new.person_id, 'rights');
	return null;
end
$$;

-- Stores the report of an open page: the language it listens in, and whether it only reads captions or shows the late
-- stream for a large audience. At most 20,000 pages of a run are kept. Signed-out viewers of the late stream may be
-- tens of thousands: their pages send no report. Answers ok, or why the reader may not be there.
create or replace function private.save_listener(p_person uuid, p_run uuid, p_visit text, p_language text, p_is_reading boolean,
	p_now timestamptz default now(), p_is_late boolean default false) returns private.listener_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_language text;
	v_now timestamptz := coalesce(p_now, now());
begin
	select * into v_run from public.runs where id = p_run and state <> 'ended';
	if not found then return 'none'; end if;
	v_entry := private.entry_decision(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return v_entry; end if;
	if not private.may_follow_run_room(p_person, v_run) then return 'none'; end if;
	select b.language into v_language from private.booths as b where b.run_id = p_run and b.language = p_language;
	update private.run_listeners as l
	set listener = case when p_person is not null then private.hash_participant(v_run.session_id, p_person) end,
		language = v_language, is_reading = p_is_reading, is_late = p_is_late, seen_at = v_now
	where l.run_id = p_run and l.visit = p_visit;
	if not found then
		-- Only the first report of a page holds the run: there may be thousands of pages.
		v_run := private.hold_open_run(p_run);
		if v_run.id is null then return 'none'; end if;
		delete from private.run_listeners as l where l.run_id = p_run and l.seen_at < v_now - interval '5 minutes';
		insert into private.run_listeners (run_id, visit, listener, language, is_reading, is_late, seen_at)
		select p_run, p_visit,
			case when p_person is not null then private.hash_participant(v_run.session_id, p_person) end,
			v_language, p_is_reading, p_is_late, v_now
		where (select count(*) from private.run_listeners as l where l.run_id = p_run) < 20000
		on conflict do nothing;
	end if;
	if (p_is_reading or p_is_late) and p_person is not null then
		perform private.extend_page_attendance(p_run, p_person, v_now);
	end if;
	return 'ok';
end
$$;

-- {shown, may_present, files: [{id, name}] for somebody who presents}; null for somebody who may not enter.
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
	where runs.id = run and runs.state <> 'ended' and private.may_subscribe_run(private.me(), runs.id)
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
		and private.may_subscribe_run(p_person, runs.id)
		and (runs.state in ('live', 'paused') and p_page <= sl.furthest + 1 or private.may_present(p_person, p_run))
$$;

-- The stage of a room as the reader may see it; null for a room that does not exist. Only readers who may follow the run
-- learn who is on stage and what is announced: delegates whom a host called are named in no agenda. `people` and `clock` are for those who run it.
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
			when private.may_run(private.me(), runs.session_id)
				or private.may_subscribe_run(private.me(), runs.id)
				then private.named_on_stage(runs.id)
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
		'announcement', case
			when private.may_run(private.me(), runs.session_id)
				or private.may_subscribe_run(private.me(), runs.id)
				then private.shown_announcement(runs.id) end,
		'cancelled', case when runs.id is null then private.cancelled_in(rooms.id) end)
	from public.rooms
	left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;

-- {languages, own: [languages of the booths in which the reader works]} of the current run of a room; null for
-- everyone who may not enter, or of a workshop not follow what is said in its room (private.may_follow_run_room).
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
		and private.may_subscribe_run(private.me(), runs.id)
$$;

-- Leaves the microphone: listeners hear the original. Answers ok | already | not_found.
create or replace function public.leave_booth(run uuid, language text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.lock_booth(run, leave_booth.language);
begin
	if v_booth.id is null or not coalesce(private.may_interpret_in(private.me(), v_booth.id), false) then
		return 'not_found';
	end if;
	if not exists (select from private.run_participants as p
		where p.id = v_booth.on_air and p.person_id = (select private.me())) then
		return 'already';
	end if;
	perform private.set_on_air(v_booth, null);
	return 'ok';
end
$$;

-- Whether a device (null: no device has that key) may make a request now for the person who holds it: ok | unknown |
-- shut_out | expired | not_allowed.
create or replace function private.device_status(p_person uuid, p_device private.door_devices) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_device.id is null then 'unknown'
		when p_device.device_revoked_at is not null then 'shut_out'
		when p_device.expires_at <= now() then 'expired'
		when not private.holds_role(p_person, p_device.summit_id, 'door', 'registration')
			-- Who may not enter the Summit admits nobody either.
			or exists (select from private.entry_bars as b
				where b.person_id = p_person and b.summit_id = p_device.summit_id and b.session_id is null)
			then 'not_allowed'
		else 'ok' end
$$;

-- Whether no more people fit into a room beside this person. Its hosts and staff come in all the same. The caller has
-- locked the room.
create function private.is_room_full(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not private.hosts_room(p_room, p_person)
		and private.room_limit() <= (select count(*) from private.meeting_participants as p
			where p.room_id = p_room.id and p.person_id <> p_person and not p.is_staff and p.admitted_at is not null
				and (p.sid is not null and p.left_at is null
					-- Their pass is out, and LiveKit has not reported their connection yet.
					or p.asked_at > now() - interval '30 seconds' and coalesce(p.left_at < p.asked_at, true)))
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | full | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_room(p_room);
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	if private.is_room_full(v_room, p_person) then return '{"status": "full"}'; end if;
	if v_room.run_id is not null then
		-- By this row attendance is written, and a bar finds the run.
		perform private.ensure_participant(v_room.run_id, p_person);
	end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.room_id = v_room.id and p.person_id = p_person);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when not v_room.is_locked or private.hosts_room(v_room, p_person) then now() end)
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

-- Whether somebody is in the room of a run, among its people: they were let in, and nobody removed them. Its interpreters
-- are not.
create or replace function private.is_in_run_room(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_rooms as r
		join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
		where r.run_id = p_run and private.is_among_people(r, p))
$$;

-- Whether somebody who may enter a session may follow what is said in its run. Of a workshop, those who were removed, or
-- whom its locked room keeps out once it has begun, may not, unless they write its captions.
create or replace function private.may_follow_run_room(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.stage_format <> 'meeting'
		or private.may_caption(p_person, p_run.session_id)
		or not private.was_removed_from_room(p_run.id, p_person)
			and (p_run.state = 'waiting' or coalesce((select private.meeting_rights(r, p) is not null
				from private.meeting_rooms as r
				join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
				where r.run_id = p_run.id), not exists (select
				from private.meeting_rooms as r
				where r.run_id = p_run.id and r.is_locked)))
$$;

-- Takes somebody who is barred out of the room of a run. Once they may come back, a locked room keeps them waiting as
-- everybody else. The run is locked; locks its room.
create function private.leave_room_of_run(p_run uuid, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
begin
	select * into v_room from private.meeting_rooms as r where r.run_id = p_run for update;
	if not found then return; end if;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, on_air = null,
		on_air_at = null, offered_at = null
	where p.room_id = v_room.id and p.person_id = p_person;
	if not found then return; end if;
	perform private.bring_back_minors(v_room);
	perform private.publish_event('meeting:' || v_room.id, 'people');
end
$$;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone, write
-- (private.may_write_in_room), name (others see it)} of the reader, booths: those in which the reader works, [{language,
-- is_signed}], announcement: private.shown_announcement, spoken: the languages of the session}, and without a group.
create or replace function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.is_among_people(r, p) as is_in, private.hosts_room(r, private.me()) as is_host
		from private.meeting_rooms as r
		join public.runs on runs.id = r.run_id
		join public.summits as s on s.id = runs.summit_id
		join public.rooms as v on v.id = runs.room_id
		left join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
		where r.run_id = read_run_room.run and private.is_meeting_room_open(r)
			and private.may_be_in_room(r, private.me())
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.id::text,
		'run', jsonb_build_object('state', f.state, 'level', f.shown -> 'level'),
		'session', f.shown -> 'code',
		'room', jsonb_build_object('slug', f.slug, 'name', f.place),
		'title', f.shown -> 'title',
		'start', f.shown -> 'start',
		'end', f.shown -> 'end',
		'zone', f.zone,
		'is_open', true,
		'may_open', false,
		'is_host', f.is_host,
		'is_locked', (f.room).is_locked,
		-- Its captions are those of the run.
		'caption_languages', '[]'::jsonb,
		'languages', case when f.is_in then private.run_languages(f.id) else '[]' end,
		'staff', case when f.is_in then private.meeting_room_staff_json(f.room) else '[]' end,
		'booths', private.own_booths_json(f.id),
		'announcement', case when not private.was_removed_from_room(f.id, private.me())
			then private.shown_announcement(f.id) end,
		'spoken', f.shown -> 'spoken',
		'may', private.run_room_may_json(f.room),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

reset check_function_bodies;
