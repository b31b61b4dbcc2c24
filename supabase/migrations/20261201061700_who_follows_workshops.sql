-- Who was removed from the room of a workshop, or whom its lock keeps out, reads none of its questions and polls; a removed
-- interpreter leaves the booth and its messages. Interpreters read no messages of the people. A report of a message of a room
-- waits for its deletion.

-- {run, session, level, may, runs_it, settings, questions, hands, chat, polls}: everything that the stage page shows
-- beside the video, in one call, of the current run of a room or of this open one there. Null for readers who may not enter its
-- stream, or of a workshop not follow what is said in its room (private.may_follow_run_room).
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
		and (private.may_run(me.id, runs.session_id)
			or private.entry_decision(me.id, runs.session_id, 'stream') = 'ok' and private.may_follow_run_room(me.id, runs))
$$;

-- A message of the chat of a run, or of the room of a workshop (32_meetings/room.sql), as one of the chat: without a name where
-- the level names nobody. All columns are null for one that does not exist.
create or replace function private.find_message(p_message uuid) returns private.chat_messages
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.chat_messages;
begin
	select * into v from private.chat_messages as x where x.id = p_message;
	if found then return v; end if;
	select x.id, r.run_id, runs.session_id, x.person_id, null::bytea, x.body, x.sent_at,
		greatest(runs.level, private.level_in_force(runs.session_id))
	into v
	from private.meeting_messages as x
	join private.meeting_rooms as r on r.id = x.room_id
	join public.runs on runs.id = r.run_id
	where x.id = p_message;
	if v.id is not null and private.is_nameless(v.run_id) then
		v.author_hash := private.hash_participant(v.session_id, v.person_id);
		v.person_id := null;
	end if;
	return v;
end
$$;

-- Raises a concern about a message. The concern keeps the sealed text, even if the message is deleted later, and names
-- the reporter to the leads only where names are given. Answers ok | already | not_found. Locks the session, the run and the
-- message in the order in which they end: of a report and a deletion at once, the second finds what the first did.
create or replace function private.report_message(p_person uuid, p_message uuid, p_sealed bytea, p_key_id text,
	p_source bytea default '\x') returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages := private.find_message(p_message);
	v_summit uuid;
begin
	perform from public.sessions as s where s.id = v_message.session_id for key share;
	perform private.hold_open_run(v_message.run_id);
	perform from private.chat_messages as x where x.id = p_message for key share;
	perform from private.meeting_messages as x where x.id = p_message for key share;
	v_message := private.find_message(p_message);
	if v_message.id is null or p_person is null or not private.may_report_message(p_person, v_message) then
		return 'not_found';
	end if;
	if not private.count_message_report(v_message, private.hash_participant(v_message.session_id, p_person)) then
		return 'already';
	end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id,
		case when v_message.person_id is not null then p_person end, 'A message in the chat', p_sealed, p_key_id,
		p_source, '{}', false, p_message);
	return 'ok';
end
$$;

-- Whether somebody may open the page of a booth: they work in it and may enter the session.
create function private.may_enter_booth(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.works_in_booth(p_person, p_booth)
		and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
	from private.booths as b
	join public.runs on runs.id = b.run_id
	where b.id = p_booth
$$;

-- Whether somebody may interpret in a booth at this moment: they may open its page, and no host removed them from the room of
-- its workshop.
create or replace function private.may_interpret_in(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_enter_booth(p_person, b.id)
		and not (runs.stage_format = 'meeting' and private.was_removed_from_room(runs.id, p_person))
	from private.booths as b
	join public.runs on runs.id = b.run_id
	where b.id = p_booth
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
		'announcement', private.shown_announcement(f.id),
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

-- Whether somebody is an interpreter of an open workshop: they may open the page of one of its booths. Who was removed from
-- the room still is, and hears there that they were, and when a host lets them in again.
create or replace function private.interprets_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		join private.booths as b on b.run_id = runs.id
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting'
			and private.may_enter_booth(p_person, b.id))
$$;

-- The booths of an open workshop whose pages the reader may open: [{language, is_signed}].
create or replace function private.own_booths_json(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed)
		order by b.is_signed, b.language), '[]')
	from private.booths as b
	where b.run_id = p_run and private.may_enter_booth(private.me(), b.id)
$$;

-- Takes somebody out of the booths of a run whom a host removed from its room. Locks the booths as who takes one does
-- (private.lock_booth). The caller has locked the run, and noted the removal.
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
create or replace function public.read_run_booth(run uuid, language text) returns jsonb
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

-- Lets somebody in who waits or was removed, or removes who is there or waits, for hosts. Nobody removes a host, nor
-- themselves. Everybody else moves to a new LiveKit room then, and an interpreter leaves their booth. Answers ok | not_found |
-- invalid (a host). Locks the room, and of a workshop its booths.
create or replace function public.admit_to_meeting(code text, participant uuid, admitted boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(admit_to_meeting.code, true);
	v_participant private.meeting_participants;
begin
	select p.* into v_participant
	from private.meeting_participants as p
	where p.room_id = v.id and p.id = admit_to_meeting.participant;
	if v_participant.id is null then return 'not_found'; end if;
	if admitted then
		update private.meeting_participants as p
		set admitted_at = coalesce(p.admitted_at, now()), removed_at = null
		where p.id = v_participant.id;
		perform private.publish_event('meeting:' || v.id, 'people');
		return 'ok';
	end if;
	if private.hosts_room(v, v_participant.person_id) then return 'invalid'; end if;
	if v_participant.removed_at is not null then return 'ok'; end if;
	update private.meeting_participants as p
	set removed_at = now(), admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null,
		on_air = null, on_air_at = null, offered_at = null
	where p.id = v_participant.id;
	perform private.leave_run_booths(v.run_id, v_participant.person_id);
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.id); end if;
	perform private.bring_back_minors(v);
	perform private.publish_event('meeting:' || v.id, 'people');
	-- What is said in a run comes to those who follow it by another topic.
	perform private.publish_event('session:' || runs.session_id, 'rights', runs.session_id)
	from public.runs
	where runs.id = v.run_id;
	return 'ok';
end
$$;
