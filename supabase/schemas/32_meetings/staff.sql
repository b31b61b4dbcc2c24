-- Interpreters and captioners of a meeting, whom its chairs and secretaries name. Who is named is asked, and works there once they
-- have accepted. Those who are not of the group find the
-- meeting's room while it is open, as far as their work needs it: they hear and see who speaks, and read the names of those
-- who are there. Messages, hands, papers, minutes and the meeting's page stay closed to them.

-- Whether somebody has accepted to work at a meeting; with a part and a language, these.
create function private.is_meeting_staff(p_person uuid, p_meeting uuid, p_part public.meeting_staff_part default null,
	p_language text default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_staff as s
		where s.meeting_id = p_meeting and s.person_id = p_person and s.state = 'accepted'
			and (p_part is null or s.part = p_part) and (p_language is null or s.language = p_language))
$$;

-- Whether somebody is asked to work at a meeting, or has accepted it.
create function private.is_named_for_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_staff as s
		where s.meeting_id = p_meeting and s.person_id = p_person and s.state <> 'declined')
$$;

-- Whether the staff of a meeting find it: it is planned or held, not over for long, and its group goes on.
create function private.is_meeting_staffed(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state <> 'cancelled' and p.ends_at > now() - interval '6 hours'
		and not exists (select from private.groups as g where g.id = p.group_id and g.ended_at is not null)
$$;

-- Whether a host removed somebody from a room.
create function private.was_removed_from_room(p_room uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_participants as p
		where p.room_id = p_room and p.person_id = p_person and p.removed_at is not null)
$$;

-- `staff:` is for the staff of a meeting, and for the interpreters of a workshop. The app repeats there those of its events that concern their pages
-- (src/lib/live/topics.ts).
create function private.may_subscribe_meeting_staff(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meetings as m
		where m.id = p_meeting and private.is_meeting_staffed(m) and private.is_meeting_staff(p_person, m.id))
		or private.interprets_run(p_person, p_meeting)
$$;

-- The staff of a meeting: [{id, display_name, is_me, part, language, is_signed, state}]. Only its chairs and secretaries read who
-- has declined, and who else than the reader has not answered.
create function private.meeting_staff_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'is_me', coalesce(s.person_id = private.me(), false),
			'part', s.part,
			'language', s.language,
			'is_signed', private.is_sign_language(s.language),
			'state', s.state)
		order by s.part, s.language, lower(q.display_name), s.id), '[]')
	from private.meeting_staff as s
	join public.people as q on q.id = s.person_id
	where s.meeting_id = p.id
		and (s.state = 'accepted' or s.person_id = (select private.me()) and s.state = 'invited'
			or private.chairs_group(private.me(), p.group_id))
$$;

-- Asks a person to take a part in one language: `entry` of the group, or by `reference`, the code of a person. They get a mail, also
-- when they are asked again after they declined; who names themselves has accepted. For chairs and secretaries. Answers ok (also
-- when they were named before) | not_found | invalid (an unknown person, no language, or more than 40 who have not declined) |
-- limited (private.may_ask_for_work) | wrong_state (over, cancelled). Locks the group.
create function public.name_meeting_staff(code text, part public.meeting_staff_part, language text,
	entry uuid default null, reference text default null) returns public.meeting_staff_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(name_meeting_staff.code, true);
	v_person uuid;
	v_language text := private.booth_language(name_meeting_staff.language);
	v_is_me boolean;
begin
	if v.id is null then return 'not_found'; end if;
	if not private.is_meeting_staffed(v) then return 'wrong_state'; end if;
	if entry is not null then
		select x.person_id into v_person
		from private.live_group_people as x
		where x.id = entry and x.group_id = v.group_id;
	else
		select p.id into v_person
		from public.people as p
		where p.code = upper(btrim(reference)) and p.display_name <> '';
	end if;
	if v_person is null or v_language is null then return 'invalid'; end if;
	if exists (select from private.meeting_staff as s
		where s.meeting_id = v.id and s.person_id = v_person and s.part = name_meeting_staff.part
			and s.language = v_language and s.state <> 'declined') then
		return 'ok';
	end if;
	if (select count(*) from private.meeting_staff as s where s.meeting_id = v.id and s.state <> 'declined') >= 40 then
		return 'invalid';
	end if;
	v_is_me := v_person = private.me();
	if not v_is_me and not private.may_ask_for_work(v.group_id, v_person) then return 'limited'; end if;
	insert into private.meeting_staff as s (meeting_id, person_id, part, language, state, answered_at)
	values (v.id, v_person, name_meeting_staff.part, v_language,
		case when v_is_me then 'accepted' else 'invited' end::public.meeting_staff_state, case when v_is_me then now() end)
	on conflict on constraint meeting_staff_meeting_id_person_id_part_language_key do update
		set named_at = now(), state = excluded.state, answered_at = excluded.answered_at;
	perform private.publish_event('meeting:' || v.id, 'staff'), private.publish_event('person:' || v_person, 'rights');
	if not v_is_me then perform private.queue_work_mail(v.id, v_person, true); end if;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.name_meeting_staff(text, public.meeting_staff_part, text, uuid, text) to authenticated;

-- Takes a part back, and tells who had it by mail unless they had declined it. Who is in the room by it alone is removed from it,
-- and their token with them. For chairs and secretaries. Answers ok | not_found. Locks the group, and then the room, before the
-- part, as public.answer_meeting_staff does.
create function public.remove_meeting_staff(code text, staff uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_staff.code, true);
	v_staff private.meeting_staff;
begin
	perform from private.meeting_rooms as r where r.meeting_id = v.id for update;
	delete from private.meeting_staff as s where s.id = staff and s.meeting_id = v.id returning s.* into v_staff;
	if v_staff.id is null then return 'not_found'; end if;
	if v_staff.state <> 'declined' and v_staff.person_id <> private.me() then
		perform private.queue_work_mail(v.id, v_staff.person_id, true);
	end if;
	return 'ok';
end
$$;
grant execute on function public.remove_meeting_staff(text, uuid) to authenticated;

-- Accepts or declines a part for which the reader was named; a part that was accepted is given back by declining it. Who has
-- declined can accept once they are asked again. Their calendar follows by mail. `seen`: the time that they accept
-- (private.meeting_time). Answers ok (also when they had answered so before) | not_found (also: they have declined, or the
-- meeting is over or cancelled) | conflict (it has another time). Locks the group, and then the room.
create function public.answer_meeting_staff(staff uuid, accepts boolean, seen text default null)
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
grant execute on function public.answer_meeting_staff(uuid, boolean, text) to authenticated;

-- Who is no longer staff of a meeting leaves its room, unless they are there as one of its group. Locks the room: a pass
-- that is being given at this moment is for the old LiveKit room.
create function private.end_meeting_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = old.meeting_id for update;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where old.part = 'interpreter' and p.room_id = old.meeting_id and p.person_id = old.person_id
		and p.on_air = old.language;
	if exists (select from private.meeting_participants as p
			where p.room_id = old.meeting_id and p.person_id = old.person_id and p.is_staff)
		and not private.is_meeting_staff(old.person_id, old.meeting_id) then
		perform private.rotate_meeting_rooms(old.meeting_id);
	end if;
	perform private.publish_event('meeting:' || old.meeting_id, 'rights'),
		private.publish_event('meeting:' || old.meeting_id, 'staff'),
		private.publish_event('person:' || old.person_id, 'rights');
	return null;
end
$$;
create trigger end_staff after delete on private.meeting_staff for each row
	when (old.state = 'accepted')
	execute function private.end_meeting_staff();
create trigger end_declined_staff after update of state on private.meeting_staff for each row
	when (old.state = 'accepted' and new.state <> 'accepted')
	execute function private.end_meeting_staff();

-- An acceptance belongs to a time: the staff of a meeting that moves or ends later is asked again. The person who changes
-- it keeps their own part, and a person who has entered its room keeps theirs while the room stays open; it ends when the
-- start changes. Named so that it runs after the room has ended (room_endings.sql). Locks the room.
create function private.reset_meeting_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = new.id for update;
	update private.meeting_staff as s
	set state = 'invited', answered_at = null
	where s.meeting_id = new.id and s.state = 'accepted' and s.person_id is distinct from private.me()
		and not exists (select from private.meeting_participants as p
			join private.meeting_rooms as r on r.id = p.room_id
			where r.meeting_id = new.id and p.person_id = s.person_id and p.is_staff and private.is_meeting_room_open(r));
	perform private.queue_work_mail(new.id, named.person_id, true)
	from (select distinct s.person_id
		from private.meeting_staff as s
		where s.meeting_id = new.id and s.state <> 'declined' and s.person_id is distinct from private.me()) as named;
	return null;
end
$$;
create trigger reset_staff after update of starts_at, ends_at on private.meetings for each row
	when ((old.starts_at <> new.starts_at or old.ends_at < new.ends_at) and new.ends_at > now())
	execute function private.reset_meeting_staff();

-- The pass of an interpreter or captioner to a room: as private.room_pass, but they wait for nobody, are always in the room of
-- all, and are not among its people. Who is of these leaves their place among them until they enter again. {status: ok |
-- closed | removed (by a host), room, identity, number: 0, publish[]}. The caller has locked the room, and knows that they
-- are its staff.
create function private.room_staff_pass(p_room private.meeting_rooms, p_person uuid, p_auth_session uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants;
	v_was_member boolean;
	v_name text;
begin
	if not private.is_meeting_room_open(p_room) then return '{"status": "closed"}'; end if;
	v_was_member := exists (select from private.meeting_participants as p
		where p.room_id = p_room.id and p.person_id = p_person and not p.is_staff and p.removed_at is null);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at, is_staff)
	values (p_room.id, p_person, now(), true)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = p.removed_at is null,
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, now()) end,
			hand_at = null, shares_at = null, camera_at = null, breakout = null,
			on_air = case when p.removed_at is null then p.on_air end,
			on_air_at = case when p.removed_at is null then p.on_air_at end,
			offered_at = case when p.removed_at is null then p.offered_at end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	insert into private.meeting_livekit_rooms (room_id, number)
	values (p_room.id, 0)
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = p_room.id and r.number = 0 and r.closed_at is null;
	if v_was_member then perform private.publish_event('meeting:' || p_room.id, 'people'); end if;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity, 'number', 0,
		'publish', to_jsonb(private.meeting_rights(p_room, v)));
end
$$;

-- The pass of an interpreter or captioner to the room of a meeting (private.room_staff_pass); none also where there is no such
-- meeting. Locks the room.
create function private.meeting_staff_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
	v_room private.meeting_rooms;
begin
	select m.id into v_meeting
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group and private.is_meeting_staffed(m);
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if v_meeting is null or not private.is_meeting_staff(p_person, v_meeting) then return '{"status": "none"}'; end if;
	return private.room_staff_pass(v_room, p_person, p_auth_session);
end
$$;
grant execute on function private.meeting_staff_pass(uuid, text, text, uuid) to app_server;

-- Those who are in the room of all, as its staff sees them; nobody for who was removed.
create function private.staff_people_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.meeting_participant_json(p_room, p) || '{"hand": null, "is_me": false}'
		order by p.id), '[]')
	from private.meeting_participants as p
	where p.room_id = p_room.id and not p.is_staff and private.is_connected(p)
		and not private.was_removed_from_room(p_room.id, private.me())
		and private.meeting_rights(p_room, p) is not null and private.meeting_room_number(p_room, p) = 0
		-- As in private.meeting_room_people_json.
		and (private.name_in_room(p_room, p.person_id) <> '' or private.may_use_in_room(p_room, p.person_id, 'microphone'))
$$;

-- What the pages of the staff show of a meeting and its room: {id, code, group: {code, name}, title, start, end, zone,
-- is_open, is_in_group, is_removed: a host removed the reader, people: those who are in the room of all, as
-- private.meeting_participant_json, but nobody for who was removed}.
create function private.meeting_staff_room_json(m private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'is_open', coalesce(private.is_meeting_room_open(r), false),
		'is_in_group', private.is_in_group(private.me(), m.group_id),
		'is_removed', private.was_removed_from_room(m.id, private.me()),
		'people', private.staff_people_json(r))
	from private.groups as g
	left join private.meeting_rooms as r on r.meeting_id = m.id
	where g.id = m.group_id
$$;

-- The reader's own code, by which chairs name them, and the meetings for which they were named and did not decline, the next one
-- first: {reference, meetings: [{id: of their part, code, group, name: of the group, title, start, end, zone, part, language,
-- is_signed, state, is_open}]}; null for nobody.
create function public.read_my_meeting_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reference', q.code, 'meetings', (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id,
				'code', m.code,
				'group', g.code,
				'name', g.name,
				'title', m.title,
				'start', private.iso(m.starts_at),
				'end', private.iso(m.ends_at),
				'zone', m.zone,
				'part', s.part,
				'language', s.language,
				'is_signed', private.is_sign_language(s.language),
				'state', s.state,
				'is_open', s.state = 'accepted' and coalesce(private.is_meeting_room_open(r), false))
				order by m.starts_at, m.id, s.part, s.language), '[]')
		from private.meeting_staff as s
		join private.meetings as m on m.id = s.meeting_id
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		where s.person_id = q.id and s.state <> 'declined' and private.is_meeting_staffed(m)))
	from public.people as q
	where q.id = (select private.me())
$$;
grant execute on function public.read_my_meeting_work() to authenticated;
