-- Mends rooms of runs: who follows what is said, under-18s, notices, settings of the chat, names, locks.

set check_function_bodies = off;

-- Gives a person a new identity for others: a new id, a new public code and new ids and codes of all rows in which they
-- were visible, so that nobody who noted one can connect the two names. Every reference follows in the same
-- transaction, older releases too; audit entries and the key stay theirs through private.former_ids. Answers the new
-- id. Locks registrations, runs, groups, rooms of meetings and run participants before the person's own row, as other
-- functions do.
create or replace function private.rotate_person_identity(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
	v_room uuid;
begin
	perform private.allow_closed_summits();
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
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

-- Makes the participant of a new ingress of a run and ends the one before. Locks the run. Answers {status: ok |
-- not_found | ended, identity}.
create or replace function public.make_ingress(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = run for update;
	-- A workshop has no stage.
	if not found or not private.has_role(v_run.summit_id, 'stage') or v_run.stage_format = 'meeting' then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.revoke_encoders(v_run, 'ingress');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'ingress', run, private.me(), now() + interval '1 day')
	returning identity into v_identity;
	return jsonb_build_object('status', 'ok', 'identity', v_identity);
end
$$;

-- `run:` is for everybody who may enter the session.
create or replace function private.may_subscribe_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
			and private.may_follow_run_room(p_person, runs)
		from public.runs where runs.id = p_run), false)
$$;

-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or somebody who runs the
-- stage does. Locks the run against its end, then the place. Answers ok, already, not_found, not_a_speaker, guardian
-- (under 18, without the guardian's consent), kept_off (only somebody who runs the stage brings back whom one took
-- off), ended.
create or replace function public.set_on_stage(run uuid, person text, on_stage boolean) returns public.on_stage_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_person uuid;
	v_row private.run_participants;
	v_runs_it boolean;
	v_kept_off boolean;
	v_silenced boolean;
begin
	-- Whether the reader may do this to this person.
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	-- Whether the person may be on stage. A workshop has none.
	if on_stage and v_run.stage_format = 'meeting' then return 'not_a_speaker'; end if;
	if on_stage and private.stage_role_of(v_person, v_run.session_id) in ('host', 'speaker')
		and not private.guardian_allows(v_person, v_run.session_id, 'part') then
		return 'guardian';
	end if;
	if on_stage and (private.on_stage_role_of(run, v_person) is null
		or private.entry_decision(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage
		and not exists (select from private.run_participants where run_id = run and person_id = v_person) then
		return 'already';
	end if;
	-- What the act changes.
	perform private.ensure_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	-- A silenced person stays silenced when they leave the stage and come back. Only somebody who runs the stage and
	-- brings them on gives them the microphone again.
	v_silenced := v_row.is_silenced and not (on_stage and v_runs_it);
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage,
		may_microphone = on_stage and not v_silenced, may_screen = on_stage,
		is_kept_off = v_kept_off, is_silenced = v_silenced
	where id = v_row.id;
	-- Somebody on stage waits in no queue: called from it, they would have only the rights of a delegate.
	if on_stage then
		update private.hands as h set state = 'lowered'
		where h.run_id = run and h.person_id = v_person and h.state = 'waiting';
		if found then perform private.notify_participation(run, 'hands', null, true); end if;
	end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Ends the connections in rooms that LiveKit no longer has, for example after it restarted: no list names them any
-- more. Answers how many. Locks the runs by id before their rooms and connections, as the end of a run does.
create or replace function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform from public.runs
	where id in (select c.run_id from private.run_connections as c
			where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			union all
			select r.run_id from private.meeting_rooms as r where r.ended_at is null)
	order by id
	for key share;
	perform private.end_lost_meeting_connections(p_open_names, p_at);
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.livekit_rooms as r
				where r.run_id = c.run_id and r.name = any (p_open_names))
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- A run has the format of its session, which stays until the run ends. Locks the session, so that a change of its format
-- is over, or sees the run.
create or replace function private.set_run_format() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	select s.stage_format into new.stage_format from public.sessions as s where s.id = new.session_id for share;
	return new;
end
$$;

-- Whether a person may take part in a run now: ok | not_found | over | sign_in, or why private.entry_decision refuses
-- entry.
create or replace function private.may_take_part(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.id is null or entry = 'not_seen' then 'not_found'
		when entry <> 'ok' then entry
		when p_run.state = 'ended' then 'over'
		when p_person is null then 'sign_in'
		when p_run.stage_format = 'meeting' and not private.is_in_run_room(p_person, p_run.id) then 'not_found'
		else 'ok' end
	from private.entry_decision(p_person, p_run.session_id, 'stream') as entry
$$;

-- Changes some of {approve_first, takes_questions, takes_hands, chat, slow_seconds}. Answers ok | invalid | not_found.
-- Locks the session, so that two hosts do not overwrite each other's settings.
create or replace function public.save_participation_settings(session uuid, settings jsonb) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now private.session_participation_settings;
begin
	if not coalesce(private.may_run(private.me(), session), false) then return 'not_found'; end if;
	if jsonb_typeof(settings) is distinct from 'object' then return 'invalid'; end if;
	perform from public.sessions as s where s.id = session for no key update;
	v_now := jsonb_populate_record(private.participation_settings_of(session),
		settings - array['session_id', 'summit_id']);
	if v_now.chat not in ('off', 'open', 'slow', 'people')
		or v_now.slow_seconds not between 5 and 600
		or num_nulls(v_now.approve_first, v_now.takes_questions, v_now.takes_hands, v_now.chat,
			v_now.slow_seconds) > 0
	then
		return 'invalid';
	end if;
	insert into private.session_participation_settings as p
	select v_now.*
	on conflict (session_id) do update
	set approve_first = excluded.approve_first, takes_questions = excluded.takes_questions,
		takes_hands = excluded.takes_hands, chat = excluded.chat, slow_seconds = excluded.slow_seconds
	where p <> excluded;
	if found then
		perform private.notify_participation(private.open_run_of(session), 'settings', null, true);
		perform private.publish_event('meeting:' || runs.id, 'room')
		from public.runs
		where runs.session_id = session and runs.state <> 'ended' and runs.stage_format = 'meeting';
	end if;
	return 'ok';
exception when invalid_text_representation or numeric_value_out_of_range then return 'invalid';
end
$$;

drop function public.read_captions(uuid, text);

-- {languages, lines, may_write} of the current run of a room, or of this open run, with the lines that the reader could
-- have heard when they were said (`private.strictest_readable_level`); null for everyone who may not enter.
create function public.read_captions(summit uuid, room text, run uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'lines',
			private.recent_captions(runs.id, null, private.strictest_readable_level(private.me(), runs.session_id)),
		'may_write', private.may_caption(private.me(), runs.session_id),
		'languages', (
			select coalesce(jsonb_agg(distinct each.language), '[]')
			from (
				select c.language from private.caption_lines as c where c.run_id = runs.id
				union
				select t.language from private.caption_tokens as t
				where t.run_id = runs.id and t.revoked_at is null) as each))
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and runs.id = coalesce(read_captions.run, private.current_run(private.me(), rooms.id))
	where rooms.summit_id = summit and rooms.slug = read_captions.room and summit in (select private.readable_summits())
		and private.may_subscribe_run(private.me(), runs.id)
$$;

grant execute on function public.read_captions(uuid, text, uuid) to anon, authenticated;

-- The captioner's page of one language; null for everyone else. In a room where several runs are open, a run in which
-- the reader is a captioner comes first.
create or replace function public.read_caption_editor(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id),
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'language', read_caption_editor.language,
		'lines', private.recent_captions(runs.id, read_caption_editor.language),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id),
		'is_kept', private.level_in_force(runs.session_id) in ('public', 'members')
			and runs.level in ('public', 'members') and runs.stage_format <> 'meeting')
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	where rooms.summit_id = summit and rooms.slug = read_caption_editor.room
		and private.may_caption(private.me(), runs.session_id)
		and read_caption_editor.language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
			and length(read_caption_editor.language) <= 35
	order by not exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.person_id = (select private.me()) and sp.role = 'captioner'),
		runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;

-- Writes a line, or writes again the line of the same key, and answers its number. `p_took`: how long it took to say,
-- in milliseconds. Lines of one run and language are written one after the other, by an advisory lock. The caller
-- holds the run.
create or replace function private.add_caption(p_run public.runs, p_language text, p_words text, p_took integer, p_by uuid,
	p_token uuid default null, p_key text default null, p_final boolean default true) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now integer := floor(extract(epoch from clock_timestamp() - p_run.started_at) * 1000);
	v_nameless boolean := private.level_in_force(p_run.session_id) in ('chatham_house', 'closed')
		or p_run.level in ('chatham_house', 'closed');
	v_line private.caption_lines;
	v_number integer;
begin
	-- Two captioners must not give the same number.
	perform pg_advisory_xact_lock(hashtextextended(p_run.id || p_language, 52));
	-- No engine writes again what a person has corrected or deleted.
	select c.number into v_number
	from private.caption_lines as c
	where c.token_id = p_token and c.key = p_key and c.language = p_language and c.corrected_at is not null
	for update;
	if not found then
		select t.number into v_number from private.deleted_captions as t where t.token_id = p_token and t.key = p_key;
	end if;
	if found then return v_number; end if;
	-- A line of this key is written again; otherwise it is a new line.
	update private.caption_lines set words = p_words, is_final = p_final, ends = greatest(ends, v_now),
		is_kept = is_kept and private.all_on_stage_consent(p_run.id, p_run.session_id)
	where token_id = p_token and key = p_key and language = p_language
	returning * into v_line;
	if not found then
		insert into private.caption_lines (run_id, language, number, starts, ends, words, key, is_final, is_kept,
			written_by, token_id)
		values (p_run.id, p_language,
			(select coalesce(max(number), 0) + 1 from private.caption_lines
				where run_id = p_run.id and language = p_language),
			greatest(0, v_now - least(greatest(coalesce(p_took, 2000), 0), 30000)), greatest(0, v_now), p_words, p_key,
			p_final, not v_nameless and p_run.stage_format <> 'meeting'
				and private.all_on_stage_consent(p_run.id, p_run.session_id), p_by, p_token)
		returning * into v_line;
	end if;
	-- Everybody on stage is in the transcript, and can withdraw their consent to it.
	if v_line.is_kept then
		insert into private.caption_people (run_id, person_id)
		select p_run.id, s.person_id from private.on_stage(p_run.id) as s where s.person_id is not null
		on conflict do nothing;
	end if;
	-- Where nobody is named, lines are deleted ten minutes after they were spoken.
	if v_nameless then
		delete from private.caption_lines where run_id = p_run.id and ends < v_now - 600000;
	end if;
	perform private.notify_caption(p_run.id, v_line.id);
	return v_line.number;
end
$$;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. `room` is the breakout room that the page showed, 0: that of all. Answers ok | not_found | invalid (empty, too
-- long, more than 20 within a minute, or the reader may not write) | conflict (too soon, while the chat is slow) | wrong_state
-- (the reader is in another room now). Locks the room.
create or replace function public.write_meeting_message(code text, words text, everywhere boolean default false,
	room integer default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(write_meeting_message.code);
	v_room private.meeting_rooms;
	v_words text := private.normalise_free_text(write_meeting_message.words);
	v_settings private.session_participation_settings;
begin
	if v.id is null then return 'not_found'; end if;
	if coalesce(length(btrim(v_words)), 0) not between 1 and 1000
		or everywhere and (private.lock_meeting_room(write_meeting_message.code, true)).id is null
		or 20 <= (select count(*) from private.meeting_messages as x
			where x.room_id = v.room_id and x.person_id = v.person_id and x.sent_at > now() - interval '1 minute') then
		return 'invalid';
	end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if private.may_write_in_room(v_room, v.person_id) <> 'ok' then return 'invalid'; end if;
	if v_room.run_id is not null and not private.hosts_room(v_room, v.person_id) then
		v_settings := private.participation_settings_of((select runs.session_id from public.runs where runs.id = v_room.run_id));
		if v_settings.chat = 'slow' and exists (select from private.meeting_messages as x
			where x.room_id = v.room_id and x.person_id = v.person_id
				and x.sent_at > clock_timestamp() - make_interval(secs => v_settings.slow_seconds)) then
			return 'conflict';
		end if;
	end if;
	if not everywhere and write_meeting_message.room <> private.meeting_room_number(v_room, v) then
		return 'wrong_state';
	end if;
	insert into private.meeting_messages (room_id, person_id, number, body)
	values (v.room_id, v.person_id, case when not everywhere then private.meeting_room_number(v_room, v) end, v_words);
	perform private.publish_event('meeting:' || v.room_id, 'chat');
	return 'ok';
end
$$;

-- Deletes a message: the reader's own, or, for hosts, any, which is audited in a run. Answers ok | not_found. Locks the room.
create or replace function public.delete_meeting_message(code text, message uuid) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(delete_meeting_message.code);
	v_room private.meeting_rooms;
	v_author uuid;
begin
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	delete from private.meeting_messages as x
	where x.room_id = v.room_id and x.id = message
		and (x.person_id = v.person_id or private.hosts_room(v_room, v.person_id))
	returning x.person_id into v_author;
	if not found then return 'not_found'; end if;
	if v_room.run_id is not null and v_author <> v.person_id then
		perform audit.record_event('chat.deleted', message::text,
			(select runs.summit_id from public.runs where runs.id = v_room.run_id), null, '{}');
	end if;
	perform private.publish_event('meeting:' || v.room_id, 'deleted');
	return 'ok';
end
$$;

grant execute on function public.delete_meeting_message(text, uuid) to authenticated;

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host and
-- nobody under 18, is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
-- room.
create or replace function public.start_breakouts(code text, rooms integer, minutes integer, evenly boolean default true)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(start_breakouts.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.breakouts_until > now() then return 'conflict'; end if;
	if rooms is null or rooms not between 2 and 20 or minutes is null or minutes not between 1 and 240 then
		return 'invalid';
	end if;
	perform private.clear_breakouts(v.id);
	update private.meeting_rooms as r
	set breakouts = start_breakouts.rooms, breakouts_until = now() + make_interval(mins => start_breakouts.minutes)
	where r.id = v.id;
	update private.meeting_participants as p
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null, camera_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		where q.room_id = v.id and q.sid is not null and q.left_at is null and not q.is_staff
			and not private.hosts_room(v, q.person_id) and not private.is_minor_in_room(v, q.person_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- Moves somebody to a breakout room, or with 0 to the room of all, for hosts; hosts visit rooms by moving themselves. The
-- breakout room from which somebody else than a host was moved gets another LiveKit room: they keep a token for the old
-- one. People under 18 are only where a host or their guardian is. Answers ok (also when they are there already) | not_found |
-- invalid (no such room, or nobody accompanies them) | wrong_state (there are none, or
-- their time is over). Locks the room.
create or replace function public.move_to_breakout(code text, participant uuid, number integer) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(move_to_breakout.code, true);
	v_participant private.meeting_participants;
begin
	if v.id is null then return 'not_found'; end if;
	if not coalesce(v.breakouts_until > now(), false) then return 'wrong_state'; end if;
	if move_to_breakout.number is null or move_to_breakout.number not between 0 and v.breakouts then return 'invalid'; end if;
	select p.* into v_participant
	from private.meeting_participants as p
	where p.room_id = v.id and p.id = participant and p.admitted_at is not null and p.removed_at is null
		and not p.is_staff;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	if move_to_breakout.number > 0 and private.is_minor_in_room(v, v_participant.person_id)
		and not private.is_accompanied(v, v_participant.person_id, move_to_breakout.number) then
		return 'invalid';
	end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null, camera_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = v.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.hosts_room(v, v_participant.person_id);
	perform private.bring_back_minors(v);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
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
	if v_room.run_id is not null then
		if private.room_limit() <= (select count(*) from private.meeting_participants as p
				where p.room_id = v_room.id and p.person_id <> p_person and p.admitted_at is not null
					and (p.sid is not null and p.left_at is null
						-- Their pass is out, and LiveKit has not reported their connection yet.
						or p.asked_at > now() - interval '30 seconds' and coalesce(p.left_at < p.asked_at, true)))
			and not private.hosts_room(v_room, p_person) then
			return '{"status": "full"}';
		end if;
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

-- Lets somebody in who waits or was removed, or removes who is there or waits, for hosts. Nobody removes a host, nor
-- themselves. Everybody else moves to a new LiveKit room then. Answers ok | not_found | invalid (a host). Locks the room.
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

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who belongs to this room and was not
-- seen for 20 seconds has left; who belongs to another one, after a minute. A hand stays up for 20 seconds more
-- (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting and the room before the
-- participants, as acts in the room do.
create or replace function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_number integer;
	v_room private.meeting_rooms;
	v_came integer;
	v_left integer;
begin
	select r.room_id, r.number into v_id, v_number from private.meeting_livekit_rooms as r where r.name = p_name;
	if v_id is null then return 0; end if;
	perform from private.meetings as m where m.id = v_id for no key update;
	v_room := private.lock_room(v_id);
	with reported as (
		select p.id, x.*, p.sid is null or p.left_at is not null as is_new
		from jsonb_to_recordset(p_connections) as x (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.meeting_participants as p on p.room_id = v_id and p.identity = x.identity
		where x.left_at is null
			and (p.sid is distinct from x.sid and x.joined_at >= coalesce(p.joined_at, '-infinity')
				or p.sid = x.sid and (p.left_at is null or p.left_at < p_at - interval '5 seconds'))
		order by p.id
	), seen as (
		update private.meeting_participants as p
		set sid = r.sid, joined_at = r.joined_at, seen_at = greatest(p.seen_at, p_at), left_at = null,
			-- A new connection sends no screen yet.
			shares_at = case when p.sid = r.sid or p.shares_at > r.joined_at then p.shares_at end
		from reported as r
		where p.id = r.id
		returning r.is_new
	)
	select count(*) filter (where is_new) into v_came from seen;
	with gone as (
		update private.meeting_participants as p
		set left_at = coalesce(x.left_at, greatest(q.seen_at, q.joined_at)), shares_at = null,
			-- A place that they were given since, or shortly before, is for their next connection: its pass comes before the
			-- end of the connection that it replaces.
			camera_at = case when q.camera_at > coalesce(x.left_at, q.seen_at) - interval '10 seconds' then q.camera_at end
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.room_id = v_id and q.sid is not null and q.left_at is null
			and (x.left_at is not null
				or p_is_all and q.seen_at < p_at - case when private.meeting_room_number(v_room, q) = v_number
					then interval '20 seconds' else interval '1 minute' end)
		returning p.id
	)
	select count(*) into v_left from gone;
	if v_room.meeting_id is not null then
		perform private.note_attendance(v_id);
	else
		perform private.save_room_presence(v_room, p_connections, p_at, p_is_all);
		perform private.bring_back_minors(v_room);
	end if;
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_id, 'connections'); end if;
	return v_came + v_left;
end
$$;

-- Whether somebody may be in the room of a run: they may enter the session, have confirmed the notice of its level, and the
-- run has begun or they are of its people. A content note that changes meanwhile is confirmed at the next entry
-- (private.must_confirm_room_notice).
create or replace function private.may_be_in_run(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting' and p_person is not null
			and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
			and (private.level_in_force(runs.session_id) not in ('chatham_house', 'closed')
				or private.stage_role_of(p_person, runs.session_id) <> 'viewer'
				or exists (select from private.entry_notices as n
					where n.session_id = runs.session_id and n.person_id = p_person
						and n.level >= private.level_in_force(runs.session_id)))
			and (runs.state <> 'waiting' or private.stage_role_of(p_person, runs.session_id) <> 'viewer'))
$$;

-- Whether somebody must confirm the notice before they enter the room of a run. Who is connected, or was within the last
-- minute, need not.
create or replace function private.must_confirm_room_notice(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.must_confirm_notice(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id), false)
		and not exists (select from private.meeting_participants as p
			where p.room_id = p_room.id and p.person_id = p_person and p.sid is not null
				and coalesce(p.left_at > now() - interval '1 minute', true) and private.meeting_rights(p_room, p) is not null)
$$;

-- Whether somebody is in the room of a run: they were let in, and nobody removed them.
create or replace function private.is_in_run_room(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_rooms as r
		join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
		where r.run_id = p_run and private.meeting_rights(r, p) is not null)
$$;

-- Whether somebody who may enter a session may follow what is said in its run. Of a workshop, those who were removed, or
-- whom its locked room keeps out, may not, unless they write its captions.
create or replace function private.may_follow_run_room(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.stage_format <> 'meeting' or p_run.state = 'waiting'
		or private.may_caption(p_person, p_run.session_id)
		or coalesce((select private.meeting_rights(r, p) is not null
			from private.meeting_rooms as r
			join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
			where r.run_id = p_run.id), not exists (select
			from private.meeting_rooms as r
			where r.run_id = p_run.id and r.is_locked))
$$;

-- Whether somebody in the room of a run is under 18.
create or replace function private.is_minor_in_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_room.run_id is not null and exists (select
		from public.runs
		where runs.id = p_room.run_id and (private.is_minor_in(p_person, runs.session_id)
			or exists (select from private.find_minor_registration(p_person, runs.session_id))))
$$;

-- Whether somebody in a room may use their `camera`, `screen` or `microphone`, or read its `chat`. In the room of a run, people
-- under 18 have no camera, chat or screen, and speak as far as their guardian has consented; and hosts can switch the chat off.
create or replace function private.may_use_in_room(p_room private.meeting_rooms, p_person uuid, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_room.run_id is null or exists (select
		from public.runs
		where runs.id = p_room.run_id
			and case p_what
				when 'microphone' then private.guardian_allows(p_person, runs.session_id,
					case when private.stage_role_of(p_person, runs.session_id) = 'viewer' then 'stage' else 'part' end)
				when 'chat' then not private.is_minor_in_room(p_room, p_person)
					and (private.participation_settings_of(runs.session_id)).chat <> 'off'
				else not private.is_minor_in_room(p_room, p_person) end)
$$;

-- Whether somebody may write in the chat of a room now: ok | off | people (only people of the session) | muted. The settings
-- of the chat of a stage hold in the room of a run.
create or replace function private.may_write_in_room(p_room private.meeting_rooms, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_room.run_id is null then 'ok' else (
		select case when may in ('ok', 'people', 'muted') then may else 'off' end
		from public.runs, private.may_write_in_chat(p_person, runs) as may
		where runs.id = p_room.run_id) end
$$;

-- Whether a person under 18 would be in this breakout room with a host or their guardian. Who lost the connection less than
-- 20 seconds ago is still there, because a move connects again.
create or replace function private.is_accompanied(p_room private.meeting_rooms, p_minor uuid, p_number integer) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.person_id <> p_minor and not p.is_staff
			and p.admitted_at is not null and p.removed_at is null
			and p.sid is not null and coalesce(p.left_at > now() - interval '20 seconds', true)
			and private.meeting_room_number(p_room, p) = p_number
			and (private.hosts_room(p_room, p.person_id) or exists (select
				from public.runs
				cross join private.find_minor_registration(p_minor, runs.session_id) as r
				join public.registrations as g
					on g.id = r.guardian_id and g.state not in ('declined', 'withdrawn', 'expired')
				where runs.id = p_room.run_id and g.person_id = p.person_id)))
$$;

-- Brings people under 18 back to the room of all from breakout rooms in which neither a host nor their guardian is any more.
-- The caller has locked the room.
create or replace function private.bring_back_minors(p_room private.meeting_rooms) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	if p_room.run_id is null or not coalesce(p_room.breakouts_until > now(), false) then return; end if;
	for v_number in
		select p.breakout
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.breakout is not null and private.is_minor_in_room(p_room, p.person_id)
			and not private.is_accompanied(p_room, p.person_id, p.breakout)
		group by p.breakout
	loop
		update private.meeting_participants as p
		set breakout = null, hand_at = null
		where p.room_id = p_room.id and p.breakout = v_number and private.is_minor_in_room(p_room, p.person_id)
			and not private.is_accompanied(p_room, p.person_id, v_number);
		update private.meeting_livekit_rooms as l
		set closed_at = now()
		where l.room_id = p_room.id and l.number = v_number and l.closed_at is null;
		perform private.publish_event('meeting:' || p_room.id, 'breakouts');
	end loop;
end
$$;

-- The pass of a person to the room of a run (private.room_pass); none also where there is no such run. A pass and a bar of the
-- same person exclude each other, as on a stage (private.stage_pass).
create or replace function private.run_room_pass(p_person uuid, p_run uuid, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is null or not exists (select from private.meeting_rooms as r where r.run_id = p_run) then
		return '{"status": "none"}';
	end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7));
	if (select private.must_confirm_room_notice(r, p_person) from private.meeting_rooms as r where r.run_id = p_run) then
		return '{"status": "none"}';
	end if;
	return private.room_pass(p_run, p_person, p_auth_session, p_camera);
end
$$;

drop function public.find_run_room(uuid, text);

-- The current run of a room of the venue, or this open run there, if it is in the meeting format and the reader may be there;
-- null otherwise.
create function public.find_run_room(summit uuid, room text, run uuid default null) returns uuid
language sql stable security definer set search_path = '' as $$
	select r.run_id
	from public.rooms
	join public.runs on runs.room_id = rooms.id
		and runs.id = coalesce(find_run_room.run, private.current_run(private.me(), rooms.id))
	join private.meeting_rooms as r on r.run_id = runs.id
	where rooms.summit_id = summit and rooms.slug = find_run_room.room
		and summit in (select private.readable_summits())
		and private.is_meeting_room_open(r) and private.may_be_in_room(r, private.me())
		and not private.must_confirm_room_notice(r, private.me())
$$;

grant execute on function public.find_run_room(uuid, text, uuid) to authenticated;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone, write
-- (private.may_write_in_room), name (others see it)} of the reader}, and without a group.
create or replace function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.meeting_rights(r, p) is not null as is_in, private.hosts_room(r, private.me()) as is_host
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
		'languages', '[]'::jsonb,
		'may', jsonb_build_object(
			'camera', private.may_use_in_room(f.room, private.me(), 'camera'),
			'chat', private.may_use_in_room(f.room, private.me(), 'chat'),
			'microphone', private.may_use_in_room(f.room, private.me(), 'microphone'),
			'write', private.may_write_in_room(f.room, private.me()),
			'name', not private.is_unnamed_minor(private.me(), f.session_id)),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

-- A run in the meeting format has a room from its beginning. Its end deletes who was there and what they wrote: attendance is
-- in public.presence. The run is locked.
create or replace function private.follow_run_room() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		insert into private.meeting_rooms (run_id, opened_by) values (new.id, private.me());
	elsif new.state = 'ended' then
		perform from private.meeting_rooms as r where r.id = new.id for update;
		perform private.close_meeting_room(new.id);
		delete from private.meeting_participants as p where p.room_id = new.id;
	else
		perform private.publish_event('meeting:' || new.id, 'room');
	end if;
	return null;
end
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}. People under 18 who have no name
-- for the reader, and may not speak, are left out: nobody learns that they are there.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, private.name_in_room(p_room, p.person_id) as display_name,
			private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		where p.room_id = p_room.id and not p.is_staff
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in and (t.display_name <> ''
				or private.may_use_in_room(p_room, (t.participant).person_id, 'microphone'))),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).admitted_at is null and (t.participant).removed_at is null
				and (t.participant).asked_at > now() - interval '1 minute'),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;

reset check_function_bodies;
