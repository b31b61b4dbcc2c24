-- Repairs of the room of a meeting: it ends when its meeting moves or is cancelled, when its group ends, and when everybody
-- forgot it; who was there is noted truthfully; and acts that change nothing tell nobody.

alter table private.meeting_participants
	add column hands smallint not null default 0,
	add column hands_since timestamptz;

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages are deleted. The caller has locked it.
create function private.close_meeting_room(p_meeting uuid) returns void
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
	select private.publish_event('meeting:' || p_meeting, 'people');
$$;

-- The room of a meeting that moves or is cancelled ends, and nobody has attended it yet. Locks the room.
create function private.close_moved_meeting_room() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = new.id and r.ended_at is null for update;
	if found then perform private.close_meeting_room(new.id); end if;
	update private.meeting_people as r set attended = null where r.meeting_id = new.id and r.attended is not null;
	return null;
end
$$;
create trigger close_moved_room after update of starts_at, state on private.meetings for each row
	when (old.starts_at <> new.starts_at or new.state = 'cancelled' and old.state <> 'cancelled')
	execute function private.close_moved_meeting_room();

-- The rooms of a group that ends. Locks them.
create function private.close_rooms_of_group() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where m.group_id = new.id and r.ended_at is null
		order by r.meeting_id
		for update of r
	loop
		perform private.close_meeting_room(v_meeting);
	end loop;
	return null;
end
$$;
create trigger close_rooms after update of ended_at on private.groups for each row
	when (old.ended_at is null and new.ended_at is not null) execute function private.close_rooms_of_group();

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
		if v_lost or v_lowered then perform private.publish_event('meeting:' || v.meeting_id, 'room'); end if;
	end loop;
end
$$;

-- Whether a room is open: somebody opened it, nobody ended it, its meeting and its group go on, and it was not forgotten.
create or replace function private.is_meeting_room_open(p_room private.meeting_rooms) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p_room.ended_at is null and exists (select
		from private.meetings as m
		join private.groups as g on g.id = m.group_id
		where m.id = p_room.meeting_id and m.state <> 'cancelled' and m.ends_at > now() - interval '6 hours'
			and g.ended_at is null), false)
$$;

-- The pass of a person to the room of a meeting: {status: ok | none (not of the group, or no such meeting) | closed (not
-- open) | waiting (for a host) | put_out, room, identity, number (of the breakout room), publish[]}. Locks the room, so a
-- pass and an act that puts the same person out follow one another: the pass is for a room that the act closes, or there
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
			admitted_at = case when p.put_out_at is null then coalesce(p.admitted_at, excluded.admitted_at) end
	returning p.* into v;
	if v.put_out_at is not null then return '{"status": "put_out"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_meeting, 'room');
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

-- Ends the room for all, for its hosts: nobody is there any more, and its messages are deleted. Answers ok | not_found
-- (also: it is not open). Locks the room.
create or replace function public.end_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_meeting_room.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	perform private.close_meeting_room(v.meeting_id);
	return 'ok';
end
$$;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create or replace function public.lock_meeting_door(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(lock_meeting_door.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if v.is_locked = coalesce(lock_meeting_door.locked, true) then return 'ok'; end if;
	update private.meeting_rooms as r
	set is_locked = not v.is_locked
	where r.meeting_id = v.meeting_id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not lock_meeting_door.locked and p.meeting_id = v.meeting_id and p.admitted_at is null and p.put_out_at is null;
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;

-- Lets somebody in who waits or was put out, or puts out who is there or waits, for hosts. Nobody puts out a host, nor
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
		set admitted_at = coalesce(p.admitted_at, now()), put_out_at = null
		where p.id = v_participant.id;
		perform private.publish_event('meeting:' || v.meeting_id, 'room');
		return 'ok';
	end if;
	if private.chairs_group(v_participant.person_id,
		(select m.group_id from private.meetings as m where m.id = v.meeting_id)) then
		return 'invalid';
	end if;
	if v_participant.put_out_at is not null then return 'ok'; end if;
	update private.meeting_participants as p
	set put_out_at = now(), admitted_at = null, hand_at = null, shares_at = null, breakout = null
	where p.id = v_participant.id;
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.meeting_id); end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;

-- Who leaves a group, or whose part ends there, is put out of its open rooms, and their tokens with them. Locks these
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
			where p.meeting_id = v_meeting and p.person_id = old.person_id) then
			if not private.is_in_group(old.person_id, old.group_id) then
				perform private.rotate_meeting_rooms(v_meeting);
			end if;
			perform private.publish_event('meeting:' || v_meeting, 'rights');
		end if;
	end loop;
	return null;
end
$$;

-- Notes that those attended a meeting whose connection was there during it, unless chairs have decided about them or its
-- minutes are final. The form of the attendance that somebody reads at this moment is out of date then. The caller has
-- locked the meeting.
create function private.note_attendance(p_meeting uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_final_minutes(p_meeting) then return; end if;
	insert into private.meeting_people as r (meeting_id, person_id, attended)
	select m.id, p.person_id, true
	from private.meetings as m
	join private.meeting_participants as p on p.meeting_id = m.id
	where m.id = p_meeting and m.state <> 'cancelled'
		and p.sid is not null and p.joined_at < m.ends_at and coalesce(p.left_at, p.seen_at) >= m.starts_at
		and not exists (select from private.meeting_people as x
			where x.meeting_id = m.id and x.person_id = p.person_id and x.attended is not null)
	order by p.person_id
	on conflict (meeting_id, person_id) do update set attended = true where r.attended is null;
	if found then update private.meetings as m set version = m.version + 1 where m.id = p_meeting; end if;
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
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_meeting, 'room'); end if;
	return v_came + v_left;
end
$$;

-- Records who was there (`present`: entries), of those who were of the group on the day of the meeting, for chairs and
-- secretaries, once the meeting has begun. It is held then. Answers ok | not_found | conflict (changed since `version`, or
-- somebody entered its room since) | wrong_state (not begun, cancelled, or its minutes are approved). Locks the group and
-- the meeting.
create or replace function public.record_attendance(code text, version integer, present uuid[]) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_attendance.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	-- Who enters the room changes the meeting without the lock of the group.
	select * into v from private.meetings as m where m.id = v.id for no key update;
	if v.version is distinct from record_attendance.version then return 'conflict'; end if;
	if v.state = 'cancelled' or v.starts_at > now() or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	insert into private.meeting_people (meeting_id, person_id, attended)
	select v.id, x.person_id, x.id = any (coalesce(present, '{}'))
	from private.people_invited(v) as x
	on conflict (meeting_id, person_id) do update set attended = excluded.attended;
	update private.meetings as m
	set state = 'held', version = m.version + 1, updated_at = now()
	where m.id = v.id;
	return 'ok';
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
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'room'); end if;
	return 'ok';
end
$$;

drop function public.share_meeting_screen(text, boolean);
-- Takes or gives back the right to share a screen; only one has it. Hosts take it from the participant whom they name.
-- Answers ok (also when they no longer had it) | not_found | invalid | conflict (somebody else shares). Locks the room.
create function public.share_meeting_screen(code text, shares boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
begin
	if v.id is null then return 'not_found'; end if;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).meeting_id is null then return 'invalid'; end if;
	end if;
	if shares and exists (select from private.meeting_participants as p
		where p.meeting_id = v.meeting_id and p.shares_at is not null and p.id <> v.id) then
		return 'conflict';
	end if;
	update private.meeting_participants as p
	set shares_at = case when shares then clock_timestamp() end
	where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id) and (p.shares_at is null) = shares;
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'people'); end if;
	return 'ok';
end
$$;
grant execute on function public.share_meeting_screen(text, boolean, uuid) to authenticated;

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
	-- Who was put out of a room under one of the records was put out; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(r.meeting_id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.meeting_id = r.meeting_id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set put_out_at = coalesce(k.put_out_at, d.put_out_at), admitted_at = null, hand_at = null, shares_at = null,
		breakout = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id and d.put_out_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

delete from private.not_copied_tables where name = 'private.meeting_participants';
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.meeting_participants', 'attendance', 'person', 'person_id',
	'{admitted_at,joined_at,left_at,put_out_at}');
