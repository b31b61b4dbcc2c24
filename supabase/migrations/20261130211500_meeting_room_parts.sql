-- Pages of a meeting's room read only what an event says has changed; plain names for locking a room and removing people.

set check_function_bodies = off;

alter table private.meeting_participants rename column put_out_at to removed_at;
drop trigger audit_record_put_out on private.meeting_participants;
create trigger audit_record_removal after update of removed_at on private.meeting_participants for each row
	when (old.removed_at is distinct from new.removed_at) execute function audit.record_change('person_id');
drop function public.lock_meeting_door(text, boolean);
update private.copied_tables as t set columns = '{admitted_at,joined_at,left_at,removed_at}'
where t.name = 'private.meeting_participants';

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
	perform private.rotate_meeting_rooms(r.meeting_id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.meeting_id = r.meeting_id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		breakout = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

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
		if raised or (private.lock_meeting_room(raise_meeting_hand.code, true)).meeting_id is null then return 'invalid'; end if;
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
		where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id) and p.hand_at is not null;
	else
		return 'ok';
	end if;
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'hands'); end if;
	return 'ok';
end
$$;
grant execute on function public.raise_meeting_hand(text, boolean, uuid) to authenticated;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create or replace function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(mute_in_meeting.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	update private.meeting_participants as p
	set muted_at = clock_timestamp()
	from private.meetings as m
	where m.id = v.meeting_id and p.meeting_id = m.id
		and case
			when participant is not null then p.id = participant
			else not private.chairs_group(p.person_id, m.group_id)
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.meeting_id = m.id and q.person_id = (select private.me())), 0)
		end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'muted');
	return 'ok';
end
$$;
grant execute on function public.mute_in_meeting(text, uuid) to authenticated;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. Answers ok | not_found | invalid (empty, too long, or more than 20 within a minute). Locks the room.
create or replace function public.write_meeting_message(code text, words text, everywhere boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(write_meeting_message.code);
	v_room private.meeting_rooms;
	v_words text := private.normalise_free_text(write_meeting_message.words);
begin
	if v.id is null then return 'not_found'; end if;
	if coalesce(length(btrim(v_words)), 0) not between 1 and 1000
		or everywhere and (private.lock_meeting_room(write_meeting_message.code, true)).meeting_id is null
		or 20 <= (select count(*) from private.meeting_messages as x
			where x.meeting_id = v.meeting_id and x.person_id = v.person_id and x.sent_at > now() - interval '1 minute') then
		return 'invalid';
	end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	insert into private.meeting_messages (meeting_id, person_id, number, body)
	values (v.meeting_id, v.person_id, case when not everywhere then private.meeting_room_number(v_room, v) end, v_words);
	perform private.publish_event('meeting:' || v.meeting_id, 'chat');
	return 'ok';
end
$$;
grant execute on function public.write_meeting_message(text, text, boolean) to authenticated;

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host,
-- is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
-- room.
create or replace function public.start_breakouts(code text, rooms integer, minutes integer, evenly boolean default true)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(start_breakouts.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if v.breakouts_until > now() then return 'conflict'; end if;
	if rooms is null or rooms not between 2 and 20 or minutes is null or minutes not between 1 and 240 then
		return 'invalid';
	end if;
	perform private.clear_breakouts(v.meeting_id);
	update private.meeting_rooms as r
	set breakouts = start_breakouts.rooms, breakouts_until = now() + make_interval(mins => start_breakouts.minutes)
	where r.meeting_id = v.meeting_id;
	update private.meeting_participants as p
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		join private.meetings as m on m.id = q.meeting_id
		where q.meeting_id = v.meeting_id and q.sid is not null and q.left_at is null
			and not private.chairs_group(q.person_id, m.group_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.start_breakouts(text, integer, integer, boolean) to authenticated;

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
	if v.meeting_id is null then return 'not_found'; end if;
	if not coalesce(v.breakouts_until > now(), false) then return 'wrong_state'; end if;
	if move_to_breakout.number is null or move_to_breakout.number not between 0 and v.breakouts then return 'invalid'; end if;
	select p.* into v_participant
	from private.meeting_participants as p
	where p.meeting_id = v.meeting_id and p.id = participant and p.admitted_at is not null and p.removed_at is null;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	from private.meetings as m
	where m.id = v.meeting_id and l.meeting_id = m.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.chairs_group(v_participant.person_id, m.group_id);
	perform private.publish_event('meeting:' || v.meeting_id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.move_to_breakout(text, uuid, integer) to authenticated;

-- Brings everybody back from the breakout rooms, for hosts. Answers ok (also when there are none) | not_found. Locks the
-- room.
create or replace function public.end_breakouts(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_breakouts.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	perform private.clear_breakouts(v.meeting_id);
	perform private.publish_event('meeting:' || v.meeting_id, 'breakouts');
	return 'ok';
end
$$;
grant execute on function public.end_breakouts(text) to authenticated;

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_meeting uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.meeting_id = p_meeting;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.meeting_id = p_meeting and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, breakout = null, left_at = coalesce(p.left_at, now())
	where p.meeting_id = p_meeting;
	delete from private.meeting_messages as x where x.meeting_id = p_meeting;
	delete from private.meeting_sign_ins as x where x.meeting_id = p_meeting;
	select private.publish_event('meeting:' || p_meeting, 'room');
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
					where p.meeting_id = r.meeting_id and p.sid is not null
						and coalesce(p.left_at, p.seen_at) < p_at - interval '20 seconds'
						and (p.left_at is null or p.hand_at is not null)))
		order by r.meeting_id
		for update skip locked
	loop
		if not private.is_meeting_room_open(v) then
			perform private.close_meeting_room(v.meeting_id);
			continue;
		end if;
		update private.meeting_participants as p
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null
		where p.meeting_id = v.meeting_id and p.sid is not null and p.left_at is null
			and p.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.meeting_livekit_rooms as r
				where r.meeting_id = p.meeting_id and r.name = any (p_open_names));
		v_lost := found;
		update private.meeting_participants as p
		set hand_at = null
		where p.meeting_id = v.meeting_id and p.hand_at is not null and p.left_at < p_at - interval '20 seconds';
		v_lowered := found;
		if v_lost then perform private.publish_event('meeting:' || v.meeting_id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.meeting_id, 'hands'); end if;
	end loop;
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
	where p.meeting_id = v_room.meeting_id and p.person_id = (select private.me())
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
		perform private.publish_event('meeting:' || p.meeting_id, 'connections');
	end if;
	insert into private.meeting_sign_ins (meeting_id, identity, auth_session_id)
	values (p.meeting_id, v_identity, p_auth_session)
	on conflict do nothing;
	return v_identity;
end
$$;

-- The pass of a person to the room of a meeting: {status: ok | none (not of the group, or no such meeting) | closed (not
-- open) | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}. Locks the room, so a
-- pass and an act that removes the same person follow one another: the pass is for a room that the act closes, or there
-- is none.
create or replace function private.meeting_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid;
	v_meeting uuid;
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	select m.id, m.group_id into v_meeting, v_group
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if not coalesce(private.is_in_group(p_person, v_group), false) then return '{"status": "none"}'; end if;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.meeting_id = v_meeting and p.person_id = p_person);
	insert into private.meeting_participants as p (meeting_id, person_id, admitted_at)
	values (v_meeting, p_person, case when not v_room.is_locked or private.chairs_group(p_person, v_group) then now() end)
	on conflict (meeting_id, person_id) do update
		set asked_at = now(),
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, excluded.admitted_at) end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_meeting, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	insert into private.meeting_livekit_rooms (meeting_id, number)
	values (v_meeting, private.meeting_room_number(v_room, v))
	on conflict (meeting_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.meeting_id = v_meeting and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;
grant execute on function private.meeting_pass(uuid, text, text, uuid) to app_server;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create function public.set_meeting_room_lock(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(set_meeting_room_lock.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if v.is_locked = coalesce(set_meeting_room_lock.locked, true) then return 'ok'; end if;
	update private.meeting_rooms as r
	set is_locked = not v.is_locked
	where r.meeting_id = v.meeting_id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not set_meeting_room_lock.locked and p.meeting_id = v.meeting_id and p.admitted_at is null and p.removed_at is null;
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;
grant execute on function public.set_meeting_room_lock(text, boolean) to authenticated;

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
	where p.meeting_id = v.meeting_id and p.id = admit_to_meeting.participant;
	if v_participant.id is null then return 'not_found'; end if;
	if admitted then
		update private.meeting_participants as p
		set admitted_at = coalesce(p.admitted_at, now()), removed_at = null
		where p.id = v_participant.id;
		perform private.publish_event('meeting:' || v.meeting_id, 'people');
		return 'ok';
	end if;
	if private.chairs_group(v_participant.person_id,
		(select m.group_id from private.meetings as m where m.id = v.meeting_id)) then
		return 'invalid';
	end if;
	if v_participant.removed_at is not null then return 'ok'; end if;
	update private.meeting_participants as p
	set removed_at = now(), admitted_at = null, hand_at = null, shares_at = null, breakout = null
	where p.id = v_participant.id;
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.meeting_id); end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.admit_to_meeting(text, uuid, boolean) to authenticated;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.is_in_group(p.person_id, (select m.group_id from private.meetings as m where m.id = p.meeting_id))
			then array_remove(array['camera', 'microphone', case when private.shares_meeting_screen(p_room, p) then 'screen' end], null)
	end
$$;

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who was not seen for 20 seconds has
-- left. A hand stays up for as long (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting
-- and the room before the participants, as acts in the room do.
create or replace function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid := (select r.meeting_id from private.meeting_livekit_rooms as r where r.name = p_name);
	v_came integer;
	v_left integer;
begin
	if v_meeting is null then return 0; end if;
	perform from private.meetings as m where m.id = v_meeting for no key update;
	perform from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	with reported as (
		select p.id, x.*, p.sid is null or p.left_at is not null as is_new
		from jsonb_to_recordset(p_connections) as x (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.meeting_participants as p on p.meeting_id = v_meeting and p.identity = x.identity
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
		set left_at = coalesce(x.left_at, greatest(q.seen_at, q.joined_at)), shares_at = null
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.meeting_id = v_meeting and q.sid is not null and q.left_at is null
			and (x.left_at is not null or p_is_all and q.seen_at < p_at - interval '20 seconds')
		returning p.id
	)
	select count(*) into v_left from gone;
	perform private.note_attendance(v_meeting);
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_meeting, 'connections'); end if;
	return v_came + v_left;
end
$$;

-- A participant, as those in the room see them.
create or replace function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants,
	p_group uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', q.display_name,
		'is_host', private.chairs_group(p.person_id, p_group),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.meeting_hand(p),
		'shares', private.shares_meeting_screen(p_room, p),
		'number', private.meeting_room_number(p_room, p))
	from public.people as q
	where q.id = p.person_id
$$;

-- When somebody raised their hand, to the millisecond: two within a second have an order.
create function private.meeting_hand(p private.meeting_participants) returns text
language sql stable set search_path = '' as $$
	select to_char(p.hand_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The messages that a participant reads, the newest 200, or those after one of these; all when that one was deleted.
create function private.meeting_messages_json(p_room private.meeting_rooms, p_own private.meeting_participants,
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
		where x.meeting_id = p_own.meeting_id
			and coalesce(x.number = private.meeting_room_number(p_room, p_own), true)
			and x.sent_at > coalesce((select y.sent_at from private.meeting_messages as y
				where y.id = p_after and y.meeting_id = p_own.meeting_id), '-infinity')
		order by x.sent_at desc
		limit 200) as x
$$;

-- Who is in the room of a meeting, and for its hosts who waits and who was removed: {people, waiting, out}.
create function private.meeting_room_people_json(p_room private.meeting_rooms, p_group uuid, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, q.display_name, private.meeting_rights(p_room, p) is not null as is_in,
			private.is_in_group(p.person_id, p_group) as is_of_group
		from private.meeting_participants as p
		join public.people as q on q.id = p.person_id
		where p.meeting_id = p_room.meeting_id
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant, p_group)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_of_group and (t.participant).admitted_at is null and (t.participant).removed_at is null
				and (t.participant).asked_at > now() - interval '1 minute'),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_of_group and (t.participant).removed_at is not null))
$$;

-- The reader's own place in a room: {id, identity, state: in | waiting | removed, muted_at, number}; null while it is not
-- open, and for who did not ask to enter.
create function private.meeting_place_json(p_room private.meeting_rooms, p private.meeting_participants) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when p.id is not null and private.is_meeting_room_open(p_room) then jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'state', case when private.meeting_rights(p_room, p) is not null then 'in'
			when p.removed_at is not null then 'removed' else 'waiting' end,
		'muted_at', private.iso(p.muted_at),
		'number', private.meeting_room_number(p_room, p)) end
$$;

-- The breakout rooms of a room: {count, until, now}; null when there are none.
create function private.meeting_breakouts_json(p_room private.meeting_rooms) returns jsonb
language sql stable set search_path = '' as $$
	select case when p_room.breakouts_until > now() then jsonb_build_object(
		'count', p_room.breakouts, 'until', private.iso(p_room.breakouts_until), 'now', private.iso(now())) end
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
		left join private.meeting_participants as p on p.meeting_id = m.id and p.person_id = (select private.me())
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
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.group_id, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;
grant execute on function public.read_meeting_room(text) to authenticated;

-- When this statement began, in milliseconds: of two readings the later one is the newer.
create function private.reading_moment() returns bigint
language sql stable set search_path = '' as $$
	select floor(extract(epoch from statement_timestamp()) * 1000)::bigint
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, breakouts}), hands ({hands: [{id, at}]}, those that are up), me ({me}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, m.group_id,
				private.chairs_group(private.me(), m.group_id))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) else '{}' end
		|| case when 'hands' = any (parts) then jsonb_build_object('hands', (
			select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'at', private.meeting_hand(q))), '[]')
			from private.meeting_participants as q
			where q.meeting_id = m.id and q.hand_at is not null)) else '{}' end
		|| case when 'chat' = any (parts)
			then jsonb_build_object('messages', private.meeting_messages_json(r, p, after)) else '{}' end
	from private.meetings as m
	join private.meeting_rooms as r on r.meeting_id = m.id
	join private.meeting_participants as p on p.meeting_id = m.id and p.person_id = (select private.me())
	where m.code = read_meeting_room_parts.code and private.meeting_rights(r, p) is not null
$$;
grant execute on function public.read_meeting_room_parts(text, text[], uuid) to authenticated;

reset check_function_bodies;
