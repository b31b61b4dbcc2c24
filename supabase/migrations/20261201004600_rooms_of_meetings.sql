-- A room of the meetings of groups has an id of its own, because runs in the meeting format have one too. Its functions ask
-- private.may_be_in_room and private.hosts_room.

set check_function_bodies = off;

drop function private.meeting_participant_json(private.meeting_rooms, private.meeting_participants, uuid);
drop function private.meeting_room_people_json(private.meeting_rooms, uuid, boolean);
drop function private.list_meeting_livekit_rooms(uuid, uuid[]);
drop function private.rotate_meeting_rooms(uuid);
drop function private.close_meeting_room(uuid);
drop function private.clear_breakouts(uuid);

alter table private.meeting_rooms drop constraint meeting_rooms_pkey;
alter table private.meeting_rooms
	alter column meeting_id drop not null,
	add unique (meeting_id),
	add column run_id uuid unique references public.runs (id) on delete cascade,
	add column id uuid primary key generated always as (coalesce(meeting_id, run_id)) stored,
	add constraint meeting_or_run check (num_nonnulls(meeting_id, run_id) = 1);

alter table private.meeting_participants rename column meeting_id to room_id;
alter table private.meeting_participants
	drop constraint meeting_participants_meeting_id_fkey,
	drop constraint meeting_participants_meeting_id_person_id_key,
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade,
	add unique (room_id, person_id);

alter table private.meeting_livekit_rooms rename column meeting_id to room_id;
alter table private.meeting_livekit_rooms
	drop constraint meeting_livekit_rooms_meeting_id_fkey,
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade;
drop index private.meeting_livekit_rooms_meeting_id_idx;
create index on private.meeting_livekit_rooms (room_id);

alter table private.meeting_sign_ins rename column meeting_id to room_id;
alter table private.meeting_sign_ins
	drop constraint meeting_sign_ins_meeting_id_fkey,
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade;
drop index private.meeting_sign_ins_meeting_id_idx;
create index on private.meeting_sign_ins (room_id);

alter table private.meeting_messages rename column meeting_id to room_id;
alter table private.meeting_messages
	drop constraint meeting_messages_meeting_id_fkey,
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade;
drop index private.meeting_messages_meeting_id_sent_at_idx;
create index on private.meeting_messages (room_id, sent_at);

-- What two records of one person have at the same meeting, when the records are merged.

-- Makes one row of two before the merge moves all other rows: who was there under one of the records was there, and the
-- newer answer counts. Nobody is their own alternate. The groups are locked by private.merge_group_people.
create or replace function private.merge_meeting_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.meeting_people as k
	set attended = greatest(k.attended, d.attended),
		answer = newer.answer,
		alternate_id = newer.alternate_id,
		answered_at = newer.answered_at
	from private.meeting_people as d
	cross join lateral (
		select r.answer, r.alternate_id, r.answered_at
		from private.meeting_people as r
		where r.meeting_id = d.meeting_id and r.person_id in (p_keep, p_drop)
		order by r.answered_at desc nulls last
		limit 1
	) as newer
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id;
	delete from private.meeting_people as d
	where d.person_id = p_drop
		and exists (select from private.meeting_people as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	-- Who was removed from a room under one of the records stays removed; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(r.id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.room_id = r.id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		camera_at = null, breakout = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- What goes on in the room of a meeting: hands, muting, the shared screen and messages. The kind of each event says what
-- changed, so that pages read only this part (room_reading.sql).

-- Raises or lowers a hand: the reader's own, or, for hosts, lowers that of a participant. Answers ok | not_found | invalid
-- (also: more than 6 within a minute, because each one notifies everybody). Locks the room.
create or replace function public.raise_meeting_hand(code text, raised boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(raise_meeting_hand.code);
begin
	if v.id is null then return 'not_found'; end if;
	if participant is not null and participant <> v.id then
		if raised or (private.lock_meeting_room(raise_meeting_hand.code, true)).id is null then return 'invalid'; end if;
	end if;
	if raised and v.hand_at is null then
		if v.hands >= 6 and v.hands_since > now() - interval '1 minute' then return 'invalid'; end if;
		update private.meeting_participants as p
		set hand_at = clock_timestamp(),
			hands = case when v.hands_since > now() - interval '1 minute' then v.hands + 1 else 1 end,
			hands_since = case when v.hands_since > now() - interval '1 minute' then v.hands_since else now() end
		where p.id = v.id;
	elsif not raised then
		update private.meeting_participants as p
		set hand_at = null
		where p.room_id = v.room_id and p.id = coalesce(participant, v.id) and p.hand_at is not null;
	else
		return 'ok';
	end if;
	if found then perform private.publish_event('meeting:' || v.room_id, 'hands'); end if;
	return 'ok';
end
$$;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create or replace function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(mute_in_meeting.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	update private.meeting_participants as p
	set muted_at = clock_timestamp()
	where p.room_id = v.id
		and case
			when participant is not null then p.id = participant
			else not private.hosts_room(v, p.person_id)
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.room_id = v.id and q.person_id = (select private.me())), 0)
		end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.id, 'muted');
	return 'ok';
end
$$;

-- Where the muted are: the LiveKit room and identity of everybody whom hosts muted within the last seconds.
create or replace function private.list_muted(p_code text) returns table (room text, identity text)
language sql stable security definer set search_path = '' as $$
	select l.name, p.identity
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id
	join private.meeting_livekit_rooms as l
		on l.room_id = r.id and l.closed_at is null and l.number = private.meeting_room_number(r, p)
	where r.id = private.room_of_code(p_code) and p.muted_at > now() - interval '5 seconds' and p.left_at is null and p.sid is not null
$$;

-- Takes or gives back the right to share a screen; in each breakout room only one has it. Hosts take it from the participant whom they name.
-- Answers ok (also when they no longer had it) | not_found | invalid | conflict (somebody else shares). Locks the room.
create or replace function public.share_meeting_screen(code text, shares boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
	v_room private.meeting_rooms;
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).id is null then return 'invalid'; end if;
	end if;
	if shares and exists (select from private.meeting_participants as p
		where p.room_id = v.room_id and p.id <> v.id and private.shares_meeting_screen(v_room, p)
			and private.meeting_room_number(v_room, p) = private.meeting_room_number(v_room, v)) then
		return 'conflict';
	end if;
	update private.meeting_participants as p
	set shares_at = case when shares then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer.
		breakout = nullif(private.meeting_room_number(v_room, p), 0),
		camera_at = case when coalesce(p.breakout, 0) = private.meeting_room_number(v_room, p) then p.camera_at end
	where p.room_id = v.room_id and p.id = coalesce(participant, v.id)
		and private.shares_meeting_screen(v_room, p) <> shares;
	if found then perform private.publish_event('meeting:' || v.room_id, 'people'); end if;
	return 'ok';
end
$$;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. `room` is the breakout room that the page showed, 0: that of all. Answers ok | not_found | invalid (empty, too
-- long, or more than 20 within a minute) | wrong_state (the reader is in another room now). Locks the room.
create or replace function public.write_meeting_message(code text, words text, everywhere boolean default false,
	room integer default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(write_meeting_message.code);
	v_room private.meeting_rooms;
	v_words text := private.normalise_free_text(write_meeting_message.words);
begin
	if v.id is null then return 'not_found'; end if;
	if coalesce(length(btrim(v_words)), 0) not between 1 and 1000
		or everywhere and (private.lock_meeting_room(write_meeting_message.code, true)).id is null
		or 20 <= (select count(*) from private.meeting_messages as x
			where x.room_id = v.room_id and x.person_id = v.person_id and x.sent_at > now() - interval '1 minute') then
		return 'invalid';
	end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if not everywhere and write_meeting_message.room <> private.meeting_room_number(v_room, v) then
		return 'wrong_state';
	end if;
	insert into private.meeting_messages (room_id, person_id, number, body)
	values (v.room_id, v.person_id, case when not everywhere then private.meeting_room_number(v_room, v) end, v_words);
	perform private.publish_event('meeting:' || v.room_id, 'chat');
	return 'ok';
end
$$;

-- Breakout rooms of a room. Their time is a column, so everybody is back in the room of all at that moment without a
-- job: passes, rights and pages ask private.meeting_room_number.

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host,
-- is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
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
		where q.room_id = v.id and q.sid is not null and q.left_at is null
			and not private.hosts_room(v, q.person_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- Forgets the breakout rooms of a room, who was in which, and what was written there. What hosts wrote to all of them is
-- from then on a message of the room of all. The caller has locked the room.
create or replace function private.clear_breakouts(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r set breakouts = null, breakouts_until = null where r.id = p_room;
	update private.meeting_participants as p
	set breakout = null, hand_at = null, shares_at = null, camera_at = null
	where p.room_id = p_room and p.breakout is not null;
	delete from private.meeting_messages as x where x.room_id = p_room and x.number > 0;
	update private.meeting_messages as x set number = 0 where x.room_id = p_room and x.number is null;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = p_room and l.number > 0 and l.closed_at is null
$$;

-- Moves somebody to a breakout room, or with 0 to the room of all, for hosts; hosts visit rooms by moving themselves. The
-- breakout room from which somebody else than a host was moved gets another LiveKit room: they keep a token for the old
-- one. Answers ok (also when they are there already) | not_found | invalid (no such room) | wrong_state (there are none, or
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
	where p.room_id = v.id and p.id = participant and p.admitted_at is not null and p.removed_at is null;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null, camera_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = v.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.hosts_room(v, v_participant.person_id);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- Brings everybody back from the breakout rooms, for hosts. Answers ok (also when there are none) | not_found. Locks the
-- room.
create or replace function public.end_breakouts(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_breakouts.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	perform private.clear_breakouts(v.id);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- Gives somebody a camera place of the room in which they are now, or takes it back. Answers whether they have one then. The
-- caller has locked the room, so of two people who ask for the last place one gets it.
create or replace function private.set_meeting_camera(p_room private.meeting_rooms, p private.meeting_participants, p_on boolean)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer := private.meeting_room_number(p_room, p);
	v_on boolean := p_on and (private.has_meeting_camera(p_room, p) or private.meeting_camera_limit() > (
		select count(*)
		from private.meeting_participants as q
		where q.room_id = p.room_id and q.id <> p.id and private.has_meeting_camera(p_room, q)
			and private.meeting_room_number(p_room, q) = v_number));
begin
	update private.meeting_participants as q
	set camera_at = case when v_on then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer, and its screen is not shared any more.
		breakout = nullif(v_number, 0),
		shares_at = case when coalesce(q.breakout, 0) = v_number then q.shares_at end
	where q.id = p.id and (v_on or q.camera_at is not null);
	return v_on;
end
$$;

-- Takes a camera place of the room, or gives it back. Answers ok (also when nothing changed) | not_found | conflict (all are
-- taken) | invalid (more than 20 within a minute, because each one notifies everybody). Locks the room.
create or replace function public.switch_meeting_camera(code text, sends boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(switch_meeting_camera.code);
	v_room private.meeting_rooms;
	v_had boolean;
	v_has boolean;
	v_is_counting boolean := coalesce(v.cameras_since > now() - interval '1 minute', false);
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	v_had := private.has_meeting_camera(v_room, v);
	if sends and not v_had and v_is_counting and v.cameras >= 20 then return 'invalid'; end if;
	v_has := private.set_meeting_camera(v_room, v, coalesce(sends, false));
	if v_has and not v_had then
		update private.meeting_participants as p
		set cameras = case when v_is_counting then v.cameras + 1 else 1 end,
			cameras_since = case when v_is_counting then v.cameras_since else now() end
		where p.id = v.id;
	end if;
	if v_has <> v_had then perform private.publish_event('meeting:' || v.room_id, 'cameras'); end if;
	return case when sends and not v_has then 'conflict' else 'ok' end;
end
$$;

-- How the room of a meeting ends: by its hosts, when its meeting moves or is cancelled, when its group ends, or, hours after
-- the meeting, because everybody forgot it.

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.id = p_room;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now())
	where p.room_id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room;
	delete from private.meeting_sign_ins as x where x.room_id = p_room;
	select private.publish_event('meeting:' || p_room, 'room');
$$;

-- Ends the rooms that are not open any more although nobody ended them, and the connections to rooms that LiveKit no
-- longer has, for example after it restarted; lowers the hands of who has been away for 20 seconds. Locks these rooms, and
-- leaves those in which somebody acts at this moment to the next time, so that it waits for nobody.
create or replace function private.end_lost_meeting_connections(p_open_names text[], p_at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
	v_lost boolean;
	v_lowered boolean;
begin
	for v in
		select r.* from private.meeting_rooms as r
		where r.ended_at is null
			and (not private.is_meeting_room_open(r)
				or exists (select from private.meeting_participants as p
					where p.room_id = r.id and p.sid is not null
						and coalesce(p.left_at, p.seen_at) < p_at - interval '20 seconds'
						and (p.left_at is null or p.hand_at is not null)))
		order by r.id
		for update skip locked
	loop
		if not private.is_meeting_room_open(v) then
			perform private.close_meeting_room(v.id);
			continue;
		end if;
		update private.meeting_participants as p
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null,
			-- A place that they were given since is for their next connection.
			camera_at = case when p.camera_at > p.seen_at then p.camera_at end
		where p.room_id = v.id and p.sid is not null and p.left_at is null
			and p.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = p.room_id and r.name = any (p_open_names));
		v_lost := found;
		update private.meeting_participants as p
		set hand_at = null
		where p.room_id = v.id and p.hand_at is not null and p.left_at < p_at - interval '20 seconds';
		v_lowered := found;
		if v_lost then perform private.publish_event('meeting:' || v.id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.id, 'hands'); end if;
	end loop;
end
$$;

-- Who may enter the room of a meeting: the people of its group, alternates too, while a chair or secretary has it open.
-- Chairs and secretaries are its hosts. Others get the answer of a meeting that does not exist. All functions of the room
-- ask private.may_be_in_room and private.hosts_room.

-- Whether somebody may be in a room: the people of the group of its meeting, or who may enter the session of its run.
create or replace function private.may_be_in_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(case
		when p_room.meeting_id is not null then private.is_in_group(p_person,
			(select m.group_id from private.meetings as m where m.id = p_room.meeting_id))
		else p_person is not null and private.entry_decision(p_person,
			(select runs.session_id from public.runs where runs.id = p_room.run_id), 'stream') = 'ok'
	end, false)
$$;

-- Whether somebody is a host of a room: chairs and secretaries of the group, or who runs the session.
create or replace function private.hosts_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(case
		when p_room.meeting_id is not null then private.chairs_group(p_person,
			(select m.group_id from private.meetings as m where m.id = p_room.meeting_id))
		else private.may_run(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id))
	end, false)
$$;

-- The id of the room of a code: the meeting's code, or the id of a run.
create or replace function private.room_of_code(p_code text) returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce((select m.id from private.meetings as m where m.code = p_code),
		(select r.id from private.meeting_rooms as r where r.run_id = private.parse_uuid(p_code)))
$$;

-- Whether a room is open: somebody opened it, nobody ended it, its meeting and its group go on, and it was not forgotten; or
-- its run has not ended.
create or replace function private.is_meeting_room_open(p_room private.meeting_rooms) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p_room.ended_at is null and case
		when p_room.meeting_id is not null then exists (select
			from private.meetings as m
			join private.groups as g on g.id = m.group_id
			where m.id = p_room.meeting_id and m.state <> 'cancelled' and m.ends_at > now() - interval '6 hours'
				and g.ended_at is null)
		else exists (select from public.runs where runs.id = p_room.run_id and runs.state <> 'ended') end, false)
$$;

-- `meeting:` is for the people of the group of a meeting, and for those who may be in the room of a run.
create or replace function private.may_subscribe_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.is_in_group(p_person, m.group_id) from private.meetings as m where m.id = p_meeting),
		(select private.may_be_in_room(r, p_person) from private.meeting_rooms as r where r.run_id = p_meeting),
		false)
$$;

-- The open room of a code, for those who may be in it, or with `p_hosts` its hosts; null for others. Locks the room, so that
-- of two acts at once the second sees what the first did.
create or replace function private.lock_meeting_room(p_code text, p_hosts boolean) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
begin
	select r.* into v from private.meeting_rooms as r where r.id = private.room_of_code(p_code) for update;
	if not private.is_meeting_room_open(v)
		or not private.may_be_in_room(v, private.me())
		or p_hosts and not private.hosts_room(v, private.me()) then
		return null;
	end if;
	return v;
end
$$;

-- The reader's own place in the open room of a meeting, locked as by private.lock_meeting_room; null for who was not let
-- in.
create or replace function private.lock_meeting_place(p_code text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_meeting_room(p_code, false);
	v private.meeting_participants;
begin
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = (select private.me())
		and p.admitted_at is not null and p.removed_at is null;
	return v;
end
$$;

-- The identity of a participant for a sign-in session: a new one when a session that has ended may hold a token for the
-- present one.
create or replace function private.meeting_identity_for(p private.meeting_participants, p_auth_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_identity text := p.identity;
begin
	if p_auth_session is null then return v_identity; end if;
	if exists (select from private.signed_out_identities(array[v_identity])) then
		update private.meeting_participants as x set identity = default where x.id = p.id returning x.identity into v_identity;
		perform private.publish_event('meeting:' || p.room_id, 'connections');
	end if;
	insert into private.meeting_sign_ins (room_id, identity, auth_session_id)
	values (p.room_id, v_identity, p_auth_session)
	on conflict do nothing;
	return v_identity;
end
$$;

-- The pass of a person to the room of a meeting (private.room_pass); none also where there is no such meeting.
create or replace function private.meeting_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce((
		select case when private.is_in_group(p_person, m.group_id)
			then private.room_pass(m.id, p_person, p_auth_session, p_camera) end
		from private.meetings as m
		join private.groups as g on g.id = m.group_id
		where m.code = p_code and g.code = p_group), '{"status": "none"}')
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	select * into v_room from private.meeting_rooms as r where r.id = p_room for update;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.room_id = v_room.id and p.person_id = p_person);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when not v_room.is_locked or private.hosts_room(v_room, p_person) then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(),
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, excluded.admitted_at) end
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

-- Ends the room for all, for its hosts: nobody is there any more, and its messages are deleted. Answers ok | not_found
-- (also: it is not open). Locks the room.
create or replace function public.end_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_meeting_room.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	perform private.close_meeting_room(v.id);
	return 'ok';
end
$$;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create or replace function public.set_meeting_room_lock(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(set_meeting_room_lock.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.is_locked = coalesce(set_meeting_room_lock.locked, true) then return 'ok'; end if;
	update private.meeting_rooms as r
	set is_locked = not v.is_locked
	where r.id = v.id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not set_meeting_room_lock.locked and p.room_id = v.id and p.admitted_at is null and p.removed_at is null;
	perform private.publish_event('meeting:' || v.id, 'room');
	return 'ok';
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
	set removed_at = now(), admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null
	where p.id = v_participant.id;
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.id); end if;
	perform private.publish_event('meeting:' || v.id, 'people');
	return 'ok';
end
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[case when private.has_meeting_camera(p_room, p) then 'camera' end, 'microphone',
				case when private.shares_meeting_screen(p_room, p) then 'screen' end], null)
	end
$$;

-- The rights of identities in a LiveKit room of a meeting, as private.room_rights answers them. Identities without an
-- entry may not be there.
create or replace function private.meeting_room_rights(p_name text, p_identities text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_livekit private.meeting_livekit_rooms;
	v_room private.meeting_rooms;
begin
	select * into v_livekit from private.meeting_livekit_rooms as r where r.name = p_name;
	if not found then return jsonb_build_object('is_known', false); end if;
	select * into v_room from private.meeting_rooms as r where r.id = v_livekit.room_id;
	return jsonb_build_object(
		'is_known', true,
		'is_open', v_livekit.closed_at is null and private.is_meeting_room_open(v_room)
			and (v_livekit.number = 0 or v_livekit.number <= v_room.breakouts and v_room.breakouts_until > now()),
		'allows_signed_out', false,
		'halls', '{}'::jsonb,
		'rights', (
			select coalesce(jsonb_object_agg(p.identity, to_jsonb(
				case when private.meeting_room_number(v_room, p) = v_livekit.number
					then private.meeting_rights(v_room, p) end)), '{}')
			from private.meeting_participants as p
			where p.room_id = v_livekit.room_id and p.identity = any (p_identities))
			|| (select coalesce(jsonb_object_agg(signed_out, null::jsonb), '{}')
				from private.signed_out_identities(p_identities) as signed_out));
end
$$;

-- The LiveKit rooms of the room of a meeting or run, also those closed within the last hour; and the open ones of the rooms in
-- which one of these people takes part.
create or replace function private.list_meeting_livekit_rooms(p_room uuid, p_people uuid[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.meeting_livekit_rooms as r
	where r.room_id = p_room and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.meeting_livekit_rooms as r
	join private.meeting_participants as p on p.room_id = r.room_id
	where p.person_id = any (p_people) and r.closed_at is null
$$;

-- Gives a room new LiveKit rooms: removing somebody from LiveKit revokes no token, so who kept one must find nobody in
-- the old rooms. The next pass makes the new ones. The caller has locked the room.
create or replace function private.rotate_meeting_rooms(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null
$$;

-- Who leaves a group, or whose part ends there, is removed from its open rooms, and their tokens with them. Locks these
-- rooms: a pass that is being given at this moment is for the old LiveKit room. A change after which they are still of the
-- group moves nobody.
create or replace function private.rotate_left_meetings() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where m.group_id = old.group_id and r.ended_at is null
		order by r.meeting_id
		for update of r
	loop
		if exists (select from private.meeting_participants as p
			where p.room_id = v_meeting and p.person_id = old.person_id) then
			if not private.is_in_group(old.person_id, old.group_id) then
				perform private.rotate_meeting_rooms(v_meeting);
			end if;
			perform private.publish_event('meeting:' || v_meeting, 'rights');
		end if;
	end loop;
	return null;
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
	select * into v_room from private.meeting_rooms as r where r.id = v_id for update;
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
	if v_room.meeting_id is not null then perform private.note_attendance(v_id); end if;
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_id, 'connections'); end if;
	return v_came + v_left;
end
$$;

-- Notes that those attended a meeting whose connection was there during it, unless chairs have decided about them or its
-- minutes are final. The form of the attendance that somebody reads at this moment is out of date then. The caller has
-- locked the meeting.
create or replace function private.note_attendance(p_meeting uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_final_minutes(p_meeting) then return; end if;
	insert into private.meeting_people as r (meeting_id, person_id, attended)
	select m.id, p.person_id, true
	from private.meetings as m
	join private.meeting_participants as p on p.room_id = m.id
	where m.id = p_meeting and m.state <> 'cancelled'
		and p.sid is not null and p.joined_at < m.ends_at and coalesce(p.left_at, p.seen_at) >= m.starts_at
		and not exists (select from private.meeting_people as x
			where x.meeting_id = m.id and x.person_id = p.person_id and x.attended is not null)
	order by p.person_id
	on conflict (meeting_id, person_id) do update set attended = true where r.attended is null;
	if found then
		update private.meetings as m set version = m.version + 1, updated_at = now() where m.id = p_meeting;
	end if;
end
$$;

-- What the page of a meeting's room shows: all of it when it opens, and later the parts that an event says have changed.
-- Kinds of events: hands, chat, muted, cameras (who has a camera place: pages learn it from LiveKit), waiting (somebody
-- waits for a host), connections (who is connected), people (who may be there, and what they may send), breakouts, room (it
-- opened, was locked or ended: everything).

-- A participant, as those in the room see them.
create or replace function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', q.display_name,
		'is_host', private.hosts_room(p_room, p.person_id),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.meeting_hand(p),
		'shares', private.shares_meeting_screen(p_room, p),
		'number', private.meeting_room_number(p_room, p))
	from public.people as q
	where q.id = p.person_id
$$;

-- The messages that a participant reads, the newest 200, or those after one of these; all when that one was deleted.
create or replace function private.meeting_messages_json(p_room private.meeting_rooms, p_own private.meeting_participants,
	p_after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x.message order by x.sent_at, x.id), '[]')
	from (select x.id, x.sent_at, jsonb_build_object(
			'id', x.id,
			'from', q.display_name,
			'is_me', x.person_id = p_own.person_id,
			'is_to_all', x.number is null,
			'body', x.body,
			'at', private.iso(x.sent_at)) as message
		from private.meeting_messages as x
		join public.people as q on q.id = x.person_id
		where x.room_id = p_own.room_id
			and coalesce(x.number = private.meeting_room_number(p_room, p_own), true)
			and x.sent_at > coalesce((select y.sent_at from private.meeting_messages as y
				where y.id = p_after and y.room_id = p_own.room_id), '-infinity')
		order by x.sent_at desc
		limit 200) as x
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, q.display_name, private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		join public.people as q on q.id = p.person_id
		where p.room_id = p_room.id
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in),
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

-- The room of a meeting as the reader sees it; null for who is not of the group. {id, code, group: {code, name}, title,
-- start, end, zone, is_open, may_open, is_host, is_locked, read_at (milliseconds, before anything was read), me, people,
-- messages and breakouts for who is in, waiting and out for hosts who are in}.
create or replace function public.read_meeting_room(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select m as meeting, r as room, m.*, g.code as group_code, g.name as group_name,
			private.is_meeting_room_open(r) as is_open,
			private.chairs_group(private.me(), m.group_id) as is_host,
			p as own,
			private.meeting_rights(r, p) is not null as is_in
		from private.meetings as m
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		left join private.meeting_participants as p on p.room_id = m.id and p.person_id = (select private.me())
		where m.code = read_meeting_room.code and private.is_in_group(private.me(), m.group_id)
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.code,
		'group', jsonb_build_object('code', f.group_code, 'name', f.group_name),
		'title', f.title,
		'start', private.iso(f.starts_at),
		'end', private.iso(f.ends_at),
		'zone', f.zone,
		'is_open', f.is_open,
		'may_open', private.may_open_meeting_room(f.meeting),
		'is_host', f.is_host,
		'is_locked', coalesce((f.room).is_locked, false),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, breakouts}), hands ({hands: [{id, at}]}, those that are up), me ({me}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create or replace function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, private.hosts_room(r, private.me()))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) else '{}' end
		|| case when 'hands' = any (parts) then jsonb_build_object('hands', (
			select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'at', private.meeting_hand(q))), '[]')
			from private.meeting_participants as q
			where q.room_id = r.id and q.hand_at is not null)) else '{}' end
		|| case when 'chat' = any (parts)
			then jsonb_build_object('messages', private.meeting_messages_json(r, p, after)) else '{}' end
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
	where r.id = private.room_of_code(read_meeting_room_parts.code) and private.meeting_rights(r, p) is not null
$$;

-- A closed or archived Summit is read-only: one trigger on every table of a Summit refuses acts of people. Tables that
-- may still be written are listed with their reason (tables.sql). What the app does by itself is not refused: payments
-- that arrive late, mail, the end of a recording, scans of a door that was without a network, retention and erasure.

-- The column by which a table says to which Summit a row belongs: its Summit, or else what it refers to of these; null:
-- to none.
create or replace function private.summit_column(p_table regclass) returns text
language sql stable set search_path = '' as $$
	select a.attname
	from (values
		(1, 'summit_id', null),
		(2, 'registration_id', 'public.registrations'),
		(3, 'session_id', 'public.sessions'),
		(4, 'run_id', 'public.runs'),
		(5, 'proposal_id', 'private.proposals'),
		(6, 'file_id', 'private.session_files'),
		(7, 'page_id', 'private.pages'),
		(8, 'poll_id', 'private.polls'),
		(9, 'question_id', 'private.session_questions'),
		-- Their sessions are in these.
		(10, 'session_id', 'private.session_places'),
		(11, 'session_id', 'public.release_sessions'),
		(12, 'room_id', 'private.meeting_rooms')) as k (place, name, parent)
	join pg_catalog.pg_attribute as a on a.attrelid = p_table and a.attname = k.name and not a.attisdropped
	where k.parent is null
		or exists (select from pg_catalog.pg_constraint as f
			where f.conrelid = p_table and f.confrelid = k.parent::regclass and a.attnum = any (f.conkey))
	order by k.place
	limit 1
$$;

-- Whether what a column of private.summit_column refers to is of a closed Summit.
create or replace function private.is_of_closed_summit(p_column text, p_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_summit_closed(case p_column
		when 'summit_id' then p_id
		when 'registration_id' then (select r.summit_id from public.registrations as r where r.id = p_id)
		when 'session_id' then (select s.summit_id from public.sessions as s where s.id = p_id)
		when 'run_id' then (select r.summit_id from public.runs as r where r.id = p_id)
		when 'proposal_id' then (select p.summit_id from private.proposals as p where p.id = p_id)
		when 'file_id' then (select f.summit_id from private.session_files as f where f.id = p_id)
		when 'page_id' then (select p.summit_id from private.pages as p where p.id = p_id)
		when 'poll_id' then (select p.summit_id from private.polls as p where p.id = p_id)
		when 'room_id' then (select r.summit_id
			from private.meeting_rooms as o join public.runs as r on r.id = o.run_id where o.id = p_id)
		when 'question_id' then (select q.summit_id from private.session_questions as q where q.id = p_id)
	end)
$$;

select private.close_with_summit();
