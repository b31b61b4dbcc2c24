-- The live room of a meeting: tables, entry, acts, its LiveKit rooms.

-- The live room of a meeting: whether it is open, who takes part, its LiveKit rooms and its messages. The names and
-- identities that LiveKit knows are secrets of the server.

create table private.meeting_rooms (
	meeting_id uuid primary key references private.meetings (id) on delete cascade,
	opened_by uuid references public.people (id) on update cascade on delete set null,
	opened_at timestamptz not null default now(),
	ended_at timestamptz,
	-- People who come from now on wait until a host lets them in.
	is_locked boolean not null default false,
	-- How many breakout rooms there are, and until when. Their end brings everybody back without a job.
	breakouts smallint check (breakouts between 2 and 20),
	breakouts_until timestamptz,
	check ((breakouts is null) = (breakouts_until is null))
);
create index on private.meeting_rooms (opened_by);
alter table private.meeting_rooms enable row level security;
select audit.watch('private.meeting_rooms');

-- Who asked to enter the room of a meeting, under an opaque identity.
create table private.meeting_participants (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default private.random_code(20),
	-- Since when they may be in the room; null: they wait.
	admitted_at timestamptz,
	-- When they last asked to enter: a page that waits asks again every few seconds.
	asked_at timestamptz not null default now(),
	put_out_at timestamptz,
	hand_at timestamptz,
	-- A host muted them at this moment. They may unmute themselves.
	muted_at timestamptz,
	-- Only one shares a screen.
	shares_at timestamptz,
	-- The breakout room to which they belong; null: the room of all.
	breakout smallint check (breakout > 0),
	-- Their last connection, by LiveKit's own id of it.
	sid text check (length(sid) <= 64),
	joined_at timestamptz,
	seen_at timestamptz,
	left_at timestamptz,
	unique (meeting_id, person_id),
	constraint sid_one_line check (private.is_one_line(sid))
);
create unique index meeting_one_screen on private.meeting_participants (meeting_id) where shares_at is not null;
create index on private.meeting_participants (person_id);
alter table private.meeting_participants enable row level security;
-- The audit names who was put out and let in; hands and connections are not audited.
create trigger audit_record_put_out after update of put_out_at on private.meeting_participants for each row
	when (old.put_out_at is distinct from new.put_out_at) execute function audit.record_change('person_id');

-- The LiveKit rooms of a meeting, under random names.
create table private.meeting_livekit_rooms (
	name text primary key default private.random_code(24),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	-- 0: the room of all; else the number of the breakout room.
	number smallint not null default 0 check (number >= 0),
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	-- When the room was last compared with LiveKit's list, so that several processes share the work.
	reconciled_at timestamptz not null default '-infinity'
);
create unique index meeting_livekit_rooms_one_open on private.meeting_livekit_rooms (meeting_id, number)
	where closed_at is null;
create index on private.meeting_livekit_rooms (meeting_id);
alter table private.meeting_livekit_rooms enable row level security;

-- Which sign-in sessions were given a token for an identity.
create table private.meeting_sign_ins (
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	identity text not null,
	auth_session_id uuid not null,
	given_at timestamptz not null default now(),
	primary key (identity, auth_session_id)
);
create index on private.meeting_sign_ins (meeting_id);
alter table private.meeting_sign_ins enable row level security;

-- Messages in the room. They are deleted when the room ends.
create table private.meeting_messages (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- Those who read it: 0: in the room of all, else in this breakout room; null: everywhere.
	number smallint,
	body text not null check (length(btrim(body)) between 1 and 1000),
	sent_at timestamptz not null default clock_timestamp()
);
create index on private.meeting_messages (meeting_id, sent_at);
create index on private.meeting_messages (person_id);
alter table private.meeting_messages enable row level security;

-- Who may enter the room of a meeting: the people of its group, alternates too, while a chair or secretary has it open.
-- Chairs and secretaries are its hosts. Others get the answer of a meeting that does not exist.

-- Whether a room is open: somebody opened it, nobody ended it, and it was not forgotten.
create function private.is_meeting_room_open(p_room private.meeting_rooms) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p_room.ended_at is null and exists (select from private.meetings as m
		where m.id = p_room.meeting_id and m.state <> 'cancelled' and m.ends_at > now() - interval '6 hours'), false)
$$;

-- Whether the room of a meeting can be opened now: from a quarter of an hour before its start.
create function private.may_open_meeting_room(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.chairs_group(private.me(), p.group_id)
		and p.state <> 'cancelled'
		and now() between p.starts_at - interval '15 minutes' and p.ends_at + interval '6 hours'
		and not exists (select from private.groups as g where g.id = p.group_id and g.ended_at is not null)
$$;

-- `meeting:` is for the people of the group.
create function private.may_subscribe_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.is_in_group(p_person, m.group_id) from private.meetings as m where m.id = p_meeting),
		false)
$$;

-- The open room of the meeting of a code, for the people of its group, or with `p_hosts` its hosts; null for others.
-- Locks the room, so that of two acts at once the second sees what the first did.
create function private.lock_meeting_room(p_code text, p_hosts boolean) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
	v_group uuid := (select m.group_id from private.meetings as m where m.code = p_code);
begin
	select r.* into v
	from private.meeting_rooms as r
	join private.meetings as m on m.id = r.meeting_id
	where m.code = p_code
	for update of r;
	if not private.is_meeting_room_open(v)
		or not private.is_in_group(private.me(), v_group)
		or p_hosts and not private.chairs_group(private.me(), v_group) then
		return null;
	end if;
	return v;
end
$$;

-- The reader's own place in the open room of a meeting, locked as by private.lock_meeting_room; null for who was not let
-- in.
create function private.lock_meeting_place(p_code text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_meeting_room(p_code, false);
	v private.meeting_participants;
begin
	select p.* into v
	from private.meeting_participants as p
	where p.meeting_id = v_room.meeting_id and p.person_id = (select private.me())
		and p.admitted_at is not null and p.put_out_at is null;
	return v;
end
$$;

-- The identity of a participant for a sign-in session: a new one when a session that has ended may hold a token for the
-- present one.
create function private.meeting_identity_for(p private.meeting_participants, p_auth_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_identity text := p.identity;
begin
	if p_auth_session is null then return v_identity; end if;
	if exists (select from private.signed_out_identities(array[v_identity])) then
		update private.meeting_participants as x set identity = default where x.id = p.id returning x.identity into v_identity;
		perform private.publish_event('meeting:' || p.meeting_id, 'room');
	end if;
	insert into private.meeting_sign_ins (meeting_id, identity, auth_session_id)
	values (p.meeting_id, v_identity, p_auth_session)
	on conflict do nothing;
	return v_identity;
end
$$;

-- The pass of a person to the room of a meeting: {status: ok | none (not of the group, or no such meeting) | closed (not
-- open) | waiting (for a host) | put_out, room, identity, number (of the breakout room), publish[]}. Locks the room, so a
-- pass and an act that puts the same person out follow one another: the pass is for a room that the act closes, or there
-- is none.
create function private.meeting_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
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
		set asked_at = now(), admitted_at = coalesce(p.admitted_at, excluded.admitted_at)
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
grant execute on function private.meeting_pass(uuid, text, text, uuid) to app_server;

-- Opens the room of a meeting, for its chairs and secretaries, or opens it again. Answers ok (open now) | not_found |
-- wrong_state (too early, too late, cancelled). Locks the group and the room.
create function public.open_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_meeting_room.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if not private.may_open_meeting_room(v) then return 'wrong_state'; end if;
	insert into private.meeting_rooms as r (meeting_id, opened_by)
	values (v.id, private.me())
	on conflict (meeting_id) do update
		set opened_at = now(), opened_by = excluded.opened_by, ended_at = null, is_locked = false
		where r.ended_at is not null;
	perform private.publish_event('meeting:' || v.id, 'room');
	return 'ok';
end
$$;
grant execute on function public.open_meeting_room(text) to authenticated;

-- Ends the room for all, for its hosts: nobody is there any more, and its messages are deleted. Answers ok | not_found
-- (also: it is not open). Locks the room.
create function public.end_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_meeting_room.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.meeting_id = v.meeting_id;
	perform private.rotate_meeting_rooms(v.meeting_id);
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, breakout = null, left_at = coalesce(p.left_at, now())
	where p.meeting_id = v.meeting_id;
	delete from private.meeting_messages as x where x.meeting_id = v.meeting_id;
	delete from private.meeting_sign_ins as x where x.meeting_id = v.meeting_id;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.end_meeting_room(text) to authenticated;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create function public.lock_meeting_door(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(lock_meeting_door.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	update private.meeting_rooms as r
	set is_locked = coalesce(lock_meeting_door.locked, true)
	where r.meeting_id = v.meeting_id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not lock_meeting_door.locked and p.meeting_id = v.meeting_id and p.admitted_at is null and p.put_out_at is null;
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;
grant execute on function public.lock_meeting_door(text, boolean) to authenticated;

-- Lets somebody in who waits or was put out, or puts out who is there or waits, for hosts. Nobody puts out a host, nor
-- themselves. Everybody else moves to a new LiveKit room then. Answers ok | not_found | invalid (a host). Locks the room.
create function public.admit_to_meeting(code text, participant uuid, admitted boolean) returns public.meeting_status
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
	update private.meeting_participants as p
	set put_out_at = coalesce(p.put_out_at, now()), admitted_at = null, hand_at = null, shares_at = null, breakout = null
	where p.id = v_participant.id;
	if v_participant.admitted_at is not null then perform private.rotate_meeting_rooms(v.meeting_id); end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.admit_to_meeting(text, uuid, boolean) to authenticated;

-- The LiveKit rooms of meetings, as the app compares them with the database (docs/architecture.md, rule 6). The functions
-- of the stage that the app calls (16_stage/livekit_rooms.sql, rights.sql, presence.sql) call these for rooms that are
-- not of a run.

-- The breakout room to which somebody belongs now; 0: the room of all, also once the time of the breakout rooms is over.
create function private.meeting_room_number(p_room private.meeting_rooms, p private.meeting_participants) returns integer
language sql stable set search_path = '' as $$
	select case when p_room.breakouts_until > now() and p.breakout <= p_room.breakouts then p.breakout else 0 end
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.put_out_at is null
			and private.is_in_group(p.person_id, (select m.group_id from private.meetings as m where m.id = p.meeting_id))
			then array_remove(array['camera', 'microphone', case when p.shares_at is not null then 'screen' end], null)
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
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_livekit.meeting_id;
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
			where p.meeting_id = v_livekit.meeting_id and p.identity = any (p_identities))
			|| (select coalesce(jsonb_object_agg(signed_out, null::jsonb), '{}')
				from private.signed_out_identities(p_identities) as signed_out));
end
$$;

-- The LiveKit rooms of a meeting, also those closed within the last hour; and the open ones of the meetings in which one
-- of these people takes part.
create function private.list_meeting_livekit_rooms(p_meeting uuid, p_people uuid[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.meeting_livekit_rooms as r
	where r.meeting_id = p_meeting and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.meeting_livekit_rooms as r
	join private.meeting_participants as p on p.meeting_id = r.meeting_id
	where p.person_id = any (p_people) and r.closed_at is null
$$;

-- Gives a meeting new LiveKit rooms: removing somebody from LiveKit revokes no token, so who kept one must find nobody in
-- the old rooms. The next pass makes the new ones. The caller has locked the room.
create function private.rotate_meeting_rooms(p_meeting uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_livekit_rooms as r set closed_at = now() where r.meeting_id = p_meeting and r.closed_at is null
$$;

-- Who leaves a group, or whose part ends there, is put out of its open rooms, and their tokens with them. Locks these
-- rooms: a pass that is being given at this moment is for the old LiveKit room.
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
			where p.meeting_id = v_meeting and p.person_id = old.person_id) then
			perform private.rotate_meeting_rooms(v_meeting);
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

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who was not seen for 20 seconds has
-- left. Who enters attended the meeting, while its minutes are not final. Answers how many came or left.
create function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid := (select r.meeting_id from private.meeting_livekit_rooms as r where r.name = p_name);
	v_came uuid[];
	v_left uuid[];
begin
	if v_meeting is null then return 0; end if;
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
		set sid = r.sid, joined_at = r.joined_at, seen_at = greatest(p.seen_at, p_at), left_at = null
		from reported as r
		where p.id = r.id
		returning p.person_id, r.is_new
	)
	select array_agg(seen.person_id) filter (where is_new) into v_came from seen;
	with gone as (
		update private.meeting_participants as p
		set left_at = coalesce(x.left_at, p_at), shares_at = null, hand_at = null
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.meeting_id = v_meeting and q.sid is not null and q.left_at is null
			and (x.left_at is not null or p_is_all and q.seen_at < p_at - interval '20 seconds')
		returning p.person_id
	)
	select array_agg(gone.person_id) into v_left from gone;
	if v_came is not null and not private.has_final_minutes(v_meeting) then
		insert into private.meeting_people as r (meeting_id, person_id, attended)
		select v_meeting, each, true from unnest(v_came) as each order by each
		on conflict (meeting_id, person_id) do update set attended = true where r.attended is distinct from true;
	end if;
	if v_came is not null or v_left is not null then perform private.publish_event('meeting:' || v_meeting, 'room'); end if;
	return coalesce(cardinality(v_came), 0) + coalesce(cardinality(v_left), 0);
end
$$;

-- Ends the connections to meetings in rooms that LiveKit no longer has, for example after it restarted.
create function private.end_lost_meeting_connections(p_open_names text[], p_at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	for v_meeting in
		with gone as (
			update private.meeting_participants as p
			set left_at = greatest(p.seen_at, p.joined_at), shares_at = null, hand_at = null
			where p.sid is not null and p.left_at is null and p.seen_at < p_at - interval '20 seconds'
				and not exists (select from private.meeting_livekit_rooms as r
					where r.meeting_id = p.meeting_id and r.name = any (p_open_names))
			returning p.meeting_id
		)
		select distinct gone.meeting_id from gone
	loop
		perform private.publish_event('meeting:' || v_meeting, 'room');
	end loop;
end
$$;

-- What goes on in the room of a meeting: hands, muting, the shared screen and messages; and what its page shows.

-- Raises or lowers a hand: the reader's own, or, for hosts, lowers that of a participant. Answers ok | not_found | invalid.
-- Locks the room.
create function public.raise_meeting_hand(code text, raised boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(raise_meeting_hand.code);
begin
	if v.id is null then return 'not_found'; end if;
	if participant is not null and participant <> v.id then
		if raised or (private.lock_meeting_room(raise_meeting_hand.code, true)).meeting_id is null then return 'invalid'; end if;
	end if;
	update private.meeting_participants as p
	set hand_at = case when raised then coalesce(p.hand_at, clock_timestamp()) end
	where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id);
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;
grant execute on function public.raise_meeting_hand(text, boolean, uuid) to authenticated;

-- Mutes a participant, or with null everybody but hosts, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(mute_in_meeting.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	update private.meeting_participants as p
	set muted_at = clock_timestamp()
	from private.meetings as m
	where m.id = v.meeting_id and p.meeting_id = m.id
		and case when participant is null then not private.chairs_group(p.person_id, m.group_id) else p.id = participant end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;
grant execute on function public.mute_in_meeting(text, uuid) to authenticated;

-- Where the muted are: the LiveKit room and identity of everybody whom hosts muted within the last seconds.
create function private.list_muted(p_code text) returns table (room text, identity text)
language sql stable security definer set search_path = '' as $$
	select l.name, p.identity
	from private.meetings as m
	join private.meeting_rooms as r on r.meeting_id = m.id
	join private.meeting_participants as p on p.meeting_id = m.id
	join private.meeting_livekit_rooms as l
		on l.meeting_id = m.id and l.closed_at is null and l.number = private.meeting_room_number(r, p)
	where m.code = p_code and p.muted_at > now() - interval '5 seconds' and p.left_at is null and p.sid is not null
$$;
grant execute on function private.list_muted(text) to app_server;

-- Takes or gives back the right to share a screen; only one has it. A host takes it from who has it, by `shares` false.
-- Answers ok | not_found | conflict (somebody else shares). Locks the room.
create function public.share_meeting_screen(code text, shares boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
	v_hosts boolean;
begin
	if v.id is null then return 'not_found'; end if;
	if shares then
		if exists (select from private.meeting_participants as p
			where p.meeting_id = v.meeting_id and p.shares_at is not null and p.id <> v.id) then
			return 'conflict';
		end if;
		update private.meeting_participants as p set shares_at = coalesce(p.shares_at, now()) where p.id = v.id;
	else
		v_hosts := (private.lock_meeting_room(share_meeting_screen.code, true)).meeting_id is not null;
		update private.meeting_participants as p
		set shares_at = null
		where p.meeting_id = v.meeting_id and p.shares_at is not null and (p.id = v.id or v_hosts);
	end if;
	perform private.publish_event('meeting:' || v.meeting_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.share_meeting_screen(text, boolean) to authenticated;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. Answers ok | not_found | invalid (empty, too long, or more than 20 within a minute). Locks the room.
create function public.write_meeting_message(code text, words text, everywhere boolean default false)
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
	perform private.publish_event('meeting:' || v.meeting_id, 'room');
	return 'ok';
end
$$;
grant execute on function public.write_meeting_message(text, text, boolean) to authenticated;

-- A participant, as those in the room see them.
create function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants,
	p_group uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', q.display_name,
		'is_host', private.chairs_group(p.person_id, p_group),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.iso(p.hand_at),
		'shares', p.shares_at is not null,
		'number', private.meeting_room_number(p_room, p))
	from public.people as q
	where q.id = p.person_id
$$;

-- The room of a meeting as the reader sees it; null for who is not of the group. {id, code, group: {code, name}, title,
-- start, end, zone, is_open, may_open, is_host, is_locked, me: {id, identity, state: in | waiting | put_out, muted_at,
-- number} | null, people, messages and breakouts for who is in, waiting and out for hosts who are in}.
create function public.read_meeting_room(code text) returns jsonb
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
		'me', case when (f.own).id is not null and f.is_open then jsonb_build_object(
			'id', (f.own).id,
			'identity', (f.own).identity,
			'state', case when f.is_in then 'in' when (f.own).put_out_at is not null then 'put_out' else 'waiting' end,
			'muted_at', private.iso((f.own).muted_at),
			'number', private.meeting_room_number(f.room, f.own)) end,
		'breakouts', case when f.is_in and (f.room).breakouts_until > now() then jsonb_build_object(
			'count', (f.room).breakouts, 'until', private.iso((f.room).breakouts_until)) end,
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(f.room, p, f.group_id)
				order by q.display_name, p.id), '[]')
			from private.meeting_participants as p
			join public.people as q on q.id = p.person_id
			where f.is_in and p.meeting_id = f.id and private.meeting_rights(f.room, p) is not null),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', q.display_name)
				order by p.asked_at, p.id), '[]')
			from private.meeting_participants as p
			join public.people as q on q.id = p.person_id
			where f.is_in and f.is_host and p.meeting_id = f.id and p.admitted_at is null and p.put_out_at is null
				and p.asked_at > now() - interval '1 minute' and private.is_in_group(p.person_id, f.group_id)),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', q.display_name)
				order by p.put_out_at, p.id), '[]')
			from private.meeting_participants as p
			join public.people as q on q.id = p.person_id
			where f.is_in and f.is_host and p.meeting_id = f.id and p.put_out_at is not null
				and private.is_in_group(p.person_id, f.group_id)),
		'messages', (select coalesce(jsonb_agg(x.message order by x.sent_at, x.id), '[]')
			from (select x.id, x.sent_at, jsonb_build_object(
					'id', x.id,
					'from', q.display_name,
					'is_me', x.person_id = (select private.me()),
					'is_to_all', x.number is null,
					'body', x.body,
					'at', private.iso(x.sent_at)) as message
				from private.meeting_messages as x
				join public.people as q on q.id = x.person_id
				where f.is_in and x.meeting_id = f.id
					and coalesce(x.number = private.meeting_room_number(f.room, f.own), true)
				order by x.sent_at desc
				limit 200) as x))
	from found as f
$$;
grant execute on function public.read_meeting_room(text) to authenticated;

-- Those of the rooms open in LiveKit that are ours, and whether they are open here too. Each room goes to one process
-- at a time.
create or replace function private.claim_livekit_rooms(p_names text[], p_every interval default '2 seconds')
	returns table (name text, is_open boolean)
language sql volatile security definer set search_path = '' as $$
	with of_meetings as (
		update private.meeting_livekit_rooms as r set reconciled_at = clock_timestamp()
		where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
		returning r.name, r.closed_at is null
	), of_runs as (
		update private.livekit_rooms as r set reconciled_at = clock_timestamp()
		where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
		returning r.name, r.closed_at is null
	)
	select * from of_runs union all select * from of_meetings
$$;

-- The LiveKit rooms of a session's runs or of a meeting, also those closed within the last hour; and the open ones of the
-- runs and meetings in which one of these people takes part.
create or replace function private.list_livekit_rooms(p_session uuid, p_people uuid[] default '{}') returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.livekit_rooms as r
	join public.runs on runs.id = r.run_id
	where runs.session_id = p_session and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.livekit_rooms as r
	join private.run_participants as p on p.run_id = r.run_id
	where p.person_id = any (p_people) and r.closed_at is null
	union
	select private.list_meeting_livekit_rooms(p_session, p_people)
$$;

-- Those of these identities for which a sign-in session that has ended holds a token. LiveKit cannot say which browser
-- is there, so nobody may be there by such an identity: a browser that is still signed in asks for a pass again, and
-- gets another one.
create or replace function private.signed_out_identities(p_identities text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select held.identity
	from (select s.identity, s.auth_session_id from private.run_sign_ins as s where s.identity = any (p_identities)
		union all
		select s.identity, s.auth_session_id from private.meeting_sign_ins as s where s.identity = any (p_identities)) as held
	where held.auth_session_id in (select private.ended_auth_sessions(array(
		select s.auth_session_id from private.run_sign_ins as s where s.identity = any (p_identities)
		union
		select s.auth_session_id from private.meeting_sign_ins as s where s.identity = any (p_identities))))
$$;

-- The rights of identities in a LiveKit room: {is_known, is_open, allows_signed_out (whether signed-out viewers may be
-- here), rights: {identity: publish | null}, halls: {identity: kind of device}}. An identity without an entry belongs
-- to a signed-out viewer. A room that is not of a run may be one of a meeting.
create or replace function private.room_rights(p_name text, p_identities text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_room private.livekit_rooms;
	v_run public.runs;
begin
	select * into v_room from private.livekit_rooms where name = p_name;
	if not found then return private.meeting_room_rights(p_name, p_identities); end if;
	select * into v_run from public.runs where id = v_room.run_id;
	return jsonb_build_object('is_known', true, 'is_open', v_room.closed_at is null and v_run.state <> 'ended',
		'allows_signed_out', v_room.purpose = 'stage'
			and private.entry_decision(null, v_run.session_id, 'stream') = 'ok',
		'halls', private.list_hall_kinds(p_identities),
		'rights', (
			select coalesce(jsonb_object_agg(p.identity,
				to_jsonb(private.stage_rights(v_run, p, v_room.purpose))), '{}')
			from private.run_participants as p
			where p.run_id = v_run.id and p.identity = any (p_identities))
			|| private.hall_rights(v_run, v_room.purpose, p_identities)
			|| private.recorder_rights(v_run.id, v_room.purpose, p_identities)
			|| private.large_audience_rights(v_run.id, v_room.purpose, p_identities)
			|| private.desk_rights(v_run, v_room.purpose, p_identities)
			|| (select coalesce(jsonb_object_agg(signed_out, null::jsonb), '{}')
				from private.signed_out_identities(p_identities) as signed_out));
end
$$;

-- Stores connections as LiveKit reports them: [{sid, identity, joined_at, left_at?}], in any order and any number of
-- times. Answers how many attendances it wrote. Locks the run before the connections, as the end of a run does: many
-- people leave at the end of a session, and a host's end and the report of a leaving would wait for each other.
create or replace function private.save_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_changed uuid;
	v_count integer := 0;
begin
	-- Being in the green room is no attendance.
	select run_id into v_run from private.livekit_rooms where name = p_name and purpose = 'stage';
	if not found then return private.save_meeting_connections(p_name, p_connections, p_at); end if;
	perform from public.runs where id = v_run for key share;
	-- Connections that are seen after an end that was only concluded are still open.
	for v_changed in
		update private.run_connections as c set left_at = null
		from jsonb_to_recordset(p_connections) as reported (sid text, left_at timestamptz)
		where c.sid = reported.sid and reported.left_at is null and c.reported_left_at is null and c.left_at < p_at
			and exists (select from public.runs where runs.id = v_run and runs.state <> 'ended')
		returning c.participant_id
	loop
		perform private.write_presence(v_changed);
	end loop;
	-- New connections, and updates of known ones. The rows are taken by sid, so that two reports do not deadlock.
	for v_changed in
		insert into private.run_connections as c
			(sid, participant_id, run_id, joined_at, seen_at, left_at, reported_left_at)
		select reported.sid, p.id, v_run, least(reported.joined_at, coalesce(reported.left_at, reported.joined_at)), p_at,
			reported.left_at, reported.left_at
		from jsonb_to_recordset(p_connections)
			as reported (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.run_participants as p on p.run_id = v_run and p.identity = reported.identity
		order by reported.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at),
			reported_left_at = coalesce(c.reported_left_at, excluded.reported_left_at),
			left_at = coalesce(c.reported_left_at, excluded.reported_left_at, c.left_at),
			joined_at = least(c.joined_at, excluded.joined_at)
		returning case when xmax = 0 or left_at is not null then participant_id end
	loop
		if v_changed is not null then
			perform private.write_presence(v_changed);
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- LiveKit's own list of a room, every few seconds: it shows who came or left without a webhook. Connections that it has
-- not named for 20 seconds ended when they were last seen. LiveKit's clock may be ahead of ours: a connection that
-- began, by its clock, after we last saw it lasted for no time, because a negative period cannot be stored.
create or replace function private.reconcile_connections(p_name text, p_connections jsonb, p_at timestamptz default now())
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	if exists (select from private.meeting_livekit_rooms as r where r.name = p_name) then
		perform private.save_meeting_connections(p_name, p_connections, p_at, true);
		return;
	end if;
	perform private.save_connections(p_name, p_connections, p_at),
		private.save_anonymous_viewers(p_name,
			array(select reported.identity from jsonb_to_recordset(p_connections) as reported (identity text)));
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and c.run_id = (select run_id from private.livekit_rooms
				where name = p_name and purpose = 'stage' and closed_at is null)
		returning participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;

-- Ends the connections in rooms that LiveKit no longer has, for example after it restarted: no list names them any
-- more. Answers how many. Locks the runs by id before their connections, as the end of a run does.
create or replace function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform private.end_lost_meeting_connections(p_open_names, p_at);
	perform from public.runs
	where id in (select c.run_id from private.run_connections as c
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds')
	order by id
	for key share;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.livekit_rooms as r
				where r.run_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Those of the requested topics that the reader may receive.
create or replace function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk|door|announced|board|meeting):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.may_subscribe_run((select private.me()), id)
		when 'chat' then private.may_subscribe_chat((select private.me()), id)
		when 'desk' then private.may_subscribe_desk((select private.me()), id)
		when 'door' then private.may_subscribe_door((select private.me()), id)
		when 'announced' then private.may_follow_announcements((select private.me()), id)
		when 'board' then private.may_follow_board((select private.me()), id)
		when 'meeting' then private.may_subscribe_meeting((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;

-- The people (null: a signed-out viewer) who receive a topic and have lost the right to it. Checked each minute, in
-- case the event of a change was lost.
create or replace function private.list_stale_subscribers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1)
		when 'run' then private.may_subscribe_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.may_subscribe_chat(each, split_part(p_topic, ':', 2)::uuid)
		when 'door' then private.may_subscribe_door(each, split_part(p_topic, ':', 2)::uuid)
		when 'announced' then private.may_follow_announcements(each, split_part(p_topic, ':', 2)::uuid)
		when 'board' then private.may_follow_board(each, split_part(p_topic, ':', 2)::uuid)
		when 'meeting' then private.may_subscribe_meeting(each, split_part(p_topic, ':', 2)::uuid)
		when 'registered' then private.may_subscribe_registered(each, split_part(p_topic, ':', 2)::uuid)
		when 'session' then private.can_see(each, split_part(p_topic, ':', 2)::uuid)
		else private.may_subscribe_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;

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
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start, end,
-- zone, place, link, level, state, version, has_begun, is_over, is_published, later: how many planned ones of its series
-- follow, items: [{id, title, minutes, presenter: {id, name} | null, note}], papers: [{id, item, name, link, media_type,
-- size}], people (private.meeting_people_json), room: open | may_open (by the reader) | null, minutes: the newest version
-- that the reader sees, approved: the newest approved one where that is another, decisions: [{id, wording,
-- is_withdrawn}], actions}.
create or replace function public.read_meeting(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name, 'level', g.level, 'is_ended', g.ended_at is not null),
		'leads', private.chairs_group(private.me(), g.id),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'place', m.place,
		'link', m.link,
		'level', private.meeting_level(m),
		'state', m.state,
		'version', m.version,
		'has_begun', m.starts_at <= now(),
		'is_over', m.ends_at <= now(),
		'is_published', m.published_at is not null,
		'later', (select count(*)
			from private.meetings as x
			where x.series_id = m.series_id and x.state = 'planned' and x.starts_at > m.starts_at),
		'items', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'title', i.title,
				'minutes', i.minutes,
				'presenter', case when x.id is not null then jsonb_build_object('id', x.id, 'name', q.display_name) end,
				'note', i.note) order by i.rank, i.id), '[]')
			from private.meeting_items as i
			left join private.live_group_people as x on x.id = i.presenter_id
			left join public.people as q on q.id = x.person_id
			where i.meeting_id = m.id),
		'papers', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id,
				'item', p.item_id,
				'name', p.shown_name,
				'link', p.link,
				'media_type', o.media_type,
				'size', o.size) order by p.added_at, p.id), '[]')
			from private.meeting_papers as p
			left join private.stored_objects as o on o.name = p.object_name
			where p.meeting_id = m.id),
		'people', private.meeting_people_json(m),
		'room', case
			when private.is_meeting_room_open((select r from private.meeting_rooms as r where r.meeting_id = m.id)) then 'open'
			when private.may_open_meeting_room(m) then 'may_open' end,
		'minutes', private.minutes_json(private.shown_minutes(m), m.zone),
		'approved', (select private.minutes_json(n, m.zone)
			from private.meeting_minutes as n
			where n.meeting_id = m.id and n.state = 'approved' and n.number <> (private.shown_minutes(m)).number
			order by n.number desc
			limit 1),
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'wording', d.wording,
				'is_withdrawn', d.withdrawn_at is not null) order by d.created_at, d.id), '[]')
			from private.group_decisions as d
			where d.meeting_id = m.id),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.meeting_id = m.id))
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = read_meeting.code and private.is_in_group(private.me(), g.id)
$$;

insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.meeting_participants', 'unfinished', null, 'array[t.person_id]', 't.asked_at', null, null, null, null, true),
	('private.meeting_messages', 'unfinished', null, 'array[t.person_id]', 't.sent_at', null, null, null, null, true),
	('private.meeting_sign_ins', 'unfinished', null, null, 't.given_at', null, null, null, null, true);

insert into private.retention_rules (table_name, exemption)
values
	('private.meeting_rooms', 'decisions'),
	('private.meeting_livekit_rooms', 'technical');

insert into private.free_text_columns (table_name, column_name) values ('private.meeting_messages', 'body');
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.meeting_messages', 'roles', 'person', 'person_id', '{sent_at,body}');
insert into private.not_copied_tables (name, reason) values ('private.meeting_participants', 'technical');
