-- The LiveKit rooms of meetings, as the app compares them with the database (docs/architecture.md, rule 6). The functions
-- of the stage that the app calls (16_stage/livekit_rooms.sql, rights.sql, presence.sql) call these for rooms that are
-- not of a run.

-- The breakout room to which somebody belongs now; 0: the room of all, also once the time of the breakout rooms is over.
create function private.meeting_room_number(p_room private.meeting_rooms, p private.meeting_participants) returns integer
language sql stable set search_path = '' as $$
	select case when p_room.breakouts_until > now() and p.breakout <= p_room.breakouts then p.breakout else 0 end
$$;

-- Whether somebody has the shared screen of the room in which they are now. A screen shared in a breakout room ends with
-- the time of the breakout rooms.
create function private.shares_meeting_screen(p_room private.meeting_rooms, p private.meeting_participants) returns boolean
language sql stable set search_path = '' as $$
	select p.shares_at is not null and coalesce(p.breakout, 0) = private.meeting_room_number(p_room, p)
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p.is_staff and private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			then case
				when p_room.run_id is not null then private.run_staff_rights(p_room.run_id, p.person_id)
				when p.on_air is not null and private.is_meeting_staff(p.person_id, p_room.meeting_id, 'interpreter', p.on_air)
					then array[case when private.is_sign_language(p.on_air) then 'camera' else 'microphone' end]
				when private.is_meeting_staff(p.person_id, p_room.meeting_id) then '{}'::text[]
			end
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[
				case when private.has_meeting_camera(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'camera')
					then 'camera' end,
				case when private.may_use_in_room(p_room, p.person_id, 'microphone') then 'microphone' end,
				case when private.shares_meeting_screen(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'screen')
					then 'screen' end], null)
	end
$$;

-- The rights of identities in a LiveKit room of a meeting, as private.room_rights answers them. Identities without an
-- entry may not be there.
create function private.meeting_room_rights(p_name text, p_identities text[]) returns jsonb
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

-- The LiveKit rooms of a room, or of the rooms of a session's runs, also those closed within the last hour; and the open ones of the rooms in
-- which one of these people takes part.
create function private.list_meeting_livekit_rooms(p_room uuid, p_people uuid[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.meeting_livekit_rooms as r
	where (r.room_id = p_room or r.room_id in (select runs.id from public.runs where runs.session_id = p_room))
		and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.meeting_livekit_rooms as r
	join private.meeting_participants as p on p.room_id = r.room_id
	where p.person_id = any (p_people) and r.closed_at is null
$$;

-- Gives a room new LiveKit rooms: removing somebody from LiveKit revokes no token, so who kept one must find nobody in
-- the old rooms. The next pass makes the new ones. The caller has locked the room.
create function private.rotate_meeting_rooms(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null
$$;

-- Who leaves a group, or whose part ends there, is removed from its open rooms, and their tokens with them. Locks these
-- rooms: a pass that is being given at this moment is for the old LiveKit room. A change after which they are still of the
-- group moves nobody.
create function private.rotate_left_meetings() returns trigger
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
create trigger rotate_left_meetings after update of ended_at, until, part on private.group_people for each row
	when (old.ended_at is distinct from new.ended_at or old.until is distinct from new.until or old.part <> new.part)
	execute function private.rotate_left_meetings();
create trigger rotate_deleted_meetings after delete on private.group_people for each row
	execute function private.rotate_left_meetings();

-- The same for those whose term is over, which nobody ends: their open rooms were opened before its end. Rooms in which
-- somebody acts at this moment are left to the next time. Runs each minute.
create function private.rotate_ended_terms() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where r.ended_at is null
			and exists (select
				from private.meeting_participants as p
				join private.group_people as x on x.person_id = p.person_id and x.group_id = m.group_id
				join private.meeting_livekit_rooms as l on l.room_id = p.room_id and l.closed_at is null
				where p.room_id = r.id and not p.is_staff and x.ended_at is null and x.until < current_date
					and l.opened_at < x.until + 1)
		order by r.meeting_id
		for update of r skip locked
	loop
		perform private.rotate_meeting_rooms(v_meeting);
		perform private.publish_event('meeting:' || v_meeting, 'rights');
	end loop;
end
$$;

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who belongs to this room and was not
-- seen for 20 seconds has left; who belongs to another one, after a minute. A hand stays up for 20 seconds more
-- (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting and the room before the
-- participants, as acts in the room do.
create function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
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

-- Notes that those attended a meeting whose connection was there during it, not as its staff, unless chairs have decided about them or its
-- minutes are final. The form of the attendance that somebody reads at this moment is out of date then. The caller has
-- locked the meeting.
create function private.note_attendance(p_meeting uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_final_minutes(p_meeting) then return; end if;
	insert into private.meeting_people as r (meeting_id, person_id, attended)
	select m.id, p.person_id, true
	from private.meetings as m
	join private.meeting_participants as p on p.room_id = m.id
	where m.id = p_meeting and m.state <> 'cancelled' and not p.is_staff
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
