-- What the interpreters and captioners of meetings read, and how long.

set check_function_bodies = off;

-- Whether somebody is in a room, among its people: its staff waits for no host, and reads no messages.
create function private.is_among_people(p_room private.meeting_rooms, p private.meeting_participants) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(not p.is_staff and private.meeting_rights(p_room, p) is not null, false)
$$;

-- The staff that is connected to a room: [{id, display_name, part, language}], with each of their parts. All who are there
-- know who hears them.
create function private.meeting_room_staff_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'part', s.part,
			'language', s.language,
			'is_signed', private.is_sign_language(s.language))
		order by lower(q.display_name), q.id, s.part, s.language), '[]')
	from private.meeting_participants as p
	join private.meeting_staff as s on s.meeting_id = p.room_id and s.person_id = p.person_id
	join public.people as q on q.id = p.person_id
	where p.room_id = p_room.id and p.is_staff and private.is_connected(p)
		and private.meeting_rights(p_room, p) is not null
$$;

-- Whether a host removed somebody from a room.
create function private.was_removed_from_room(p_room uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_participants as p
		where p.room_id = p_room and p.person_id = p_person and p.removed_at is not null)
$$;

-- A language code as it is usually written: pt-BR, zh-Hant. Two spellings of one would be two booths.
create function private.canonical_language(p_tag text) returns text
language sql immutable set search_path = '' as $$
	select string_agg(case
			when x.at > 1 and x.subtag ~ '^[A-Za-z]{2}$' then upper(x.subtag)
			when x.at > 1 and x.subtag ~ '^[A-Za-z]{4}$' then initcap(x.subtag)
			else lower(x.subtag) end, '-' order by x.at)
	from regexp_split_to_table(btrim(p_tag), '-') with ordinality as x (subtag, at)
$$;

-- Gives a part back, for who has it. Answers ok | not_found. Locks the room, by its trigger.
create function public.leave_meeting_staff(staff uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.meeting_staff as s where s.id = leave_meeting_staff.staff and s.person_id = (select private.me());
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.leave_meeting_staff(uuid) to authenticated;

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
		camera_at = null, breakout = null, on_air = null, on_air_at = null, offered_at = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	delete from private.meeting_staff as d
	where d.person_id = p_drop
		and exists (select from private.meeting_staff as k
			where k.person_id = p_keep and k.meeting_id = d.meeting_id and k.part = d.part and k.language = d.language);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- The languages from which those in the room of all choose: [{language, is_signed, identity (null: nobody interprets now),
-- is_staffed: an interpreter of it is connected}].
create or replace function private.meeting_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'language', b.language,
			'is_signed', private.is_sign_language(b.language),
			'identity', voice.identity,
			'is_staffed', voice.identity is not null or exists (select
				from private.meeting_staff as s
				join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.language = b.language
					and p.is_staff and private.is_connected(p)
					-- Who interprets into another language is not in this booth.
					and coalesce(p.on_air = b.language, true)))
		order by private.is_sign_language(b.language), b.language), '[]')
	from (select distinct s.language
		from private.meeting_staff as s
		where s.meeting_id = p_room.meeting_id and s.part = 'interpreter') as b
	left join lateral (
		select p.identity
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.on_air = b.language and private.meeting_rights(p_room, p) is not null
	) as voice on true
$$;

-- The page of a booth for its interpreters: private.meeting_staff_room_json with {booth, me, languages, own: the languages
-- of the reader's booths}; null for everyone else. Who was removed from the room reads nothing of who is there. Its shape is that of a booth of a run.
create or replace function public.read_meeting_booth(code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.meeting_staff_room_json(m) || jsonb_build_object(
		'booth', jsonb_build_object(
			'language', read_meeting_booth.language,
			'is_signed', private.is_sign_language(read_meeting_booth.language),
			'hint_minutes', 30,
			'is_on_air', voice.id is not null,
			'since', private.iso(voice.on_air_at),
			'is_offered', voice.offered_at is not null,
			'people', (select jsonb_agg(jsonb_build_object(
					'code', s.id,
					'display_name', q.display_name,
					'is_of_booth', true,
					'is_here', coalesce(p.is_staff and private.is_connected(p), false),
					'is_on_air', coalesce(p.id = voice.id, false),
					'pairs', '[]'::jsonb) order by q.display_name, s.id)
				from private.meeting_staff as s
				join public.people as q on q.id = s.person_id
				left join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = m.id and s.part = 'interpreter' and s.language = read_meeting_booth.language
					and (s.id = own.id or mine.removed_at is null)),
			'lines', '[]'::jsonb),
		'me', jsonb_build_object(
			'code', own.id,
			'identity', mine.identity,
			'is_on_stage', false,
			'is_on_air', coalesce(mine.on_air = read_meeting_booth.language, false)),
		'languages', case when mine.removed_at is null then private.meeting_languages(r) else '[]' end,
		'own', (select jsonb_agg(s.language order by s.language)
			from private.meeting_staff as s
			where s.meeting_id = m.id and s.person_id = own.person_id and s.part = 'interpreter'))
	from private.meetings as m
	join private.meeting_staff as own on own.meeting_id = m.id and own.person_id = (select private.me())
		and own.part = 'interpreter' and own.language = read_meeting_booth.language
	left join private.meeting_rooms as r on r.meeting_id = m.id
	left join private.meeting_participants as mine on mine.room_id = m.id and mine.person_id = own.person_id
	left join private.meeting_participants as voice on voice.room_id = m.id and voice.on_air = own.language
		and mine.removed_at is null
	where m.code = read_meeting_booth.code and private.is_meeting_staffed(m)
$$;

-- The open room of a meeting for its captioner of a language, locked, so that no line is written once it has ended; null for
-- others.
create or replace function private.lock_captioned_room(p_code text, p_language text) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
begin
	select r.* into v
	from private.meeting_rooms as r
	join private.meetings as m on m.id = r.meeting_id
	where m.code = p_code
	for update of r;
	if not private.is_meeting_room_open(v)
		or not private.is_meeting_staff(private.me(), v.meeting_id, 'captioner', p_language)
		or private.was_removed_from_room(v.id, private.me()) then
		return null;
	end if;
	return v;
end
$$;

-- The captions of the room of all in a language, for who is in it as one of the group, also those later than `after`
-- (milliseconds, the `read_at` of another reading): {read_at, opened: when the times of lines begin, in milliseconds, lines};
-- null for others, also in breakout rooms.
create or replace function public.read_meeting_captions(code text, language text, after bigint default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment(),
		'opened', floor(extract(epoch from r.opened_at) * 1000)::bigint,
		'lines', private.meeting_captions_json(r, read_meeting_captions.language, after))
	from private.meetings as m
	join private.meeting_rooms as r on r.meeting_id = m.id
	join private.meeting_participants as p on p.room_id = m.id and p.person_id = (select private.me())
	where m.code = read_meeting_captions.code and private.is_among_people(r, p)
		and private.is_in_group(p.person_id, m.group_id) and private.meeting_room_number(r, p) = 0
$$;

-- The page of a captioner in one language: private.meeting_staff_room_json with {language, lines: null while it is not
-- open, and for who was removed from it}; null for everyone else.
create or replace function public.read_meeting_captioning(code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.meeting_staff_room_json(m) || jsonb_build_object(
		'language', read_meeting_captioning.language,
		'lines', (select private.meeting_captions_json(r, read_meeting_captioning.language)
			from private.meeting_rooms as r
			where r.meeting_id = m.id and private.is_meeting_room_open(r)
				and not private.was_removed_from_room(r.id, private.me())))
	from private.meetings as m
	where m.code = read_meeting_captioning.code and private.is_meeting_staffed(m)
		and private.is_meeting_staff(private.me(), m.id, 'captioner', read_meeting_captioning.language)
$$;

-- Ends the rooms that are not open any more although nobody ended them, and the connections to rooms that LiveKit no
-- longer has, for example after it restarted; lowers the hands of who has been away for 20 seconds; deletes captions of ten minutes ago. Locks these rooms, and
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
						and (p.left_at is null or p.hand_at is not null))
				or exists (select from private.meeting_captions as c
					where c.meeting_id = r.meeting_id and c.said_at < now() - interval '10 minutes'))
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
		delete from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.said_at < now() - interval '10 minutes';
		if v_lost then perform private.publish_event('meeting:' || v.id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.id, 'hands'); end if;
	end loop;
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
				where p.room_id = v_room.id and p.person_id <> p_person and p.sid is not null and p.left_at is null)
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
	perform private.publish_event('meeting:' || v.id, 'people');
	return 'ok';
end
$$;

-- The reader's own place in a room: {id, identity, state: in | waiting | removed, muted_at, number}; null while it is not
-- open, and for who did not ask to enter.
create or replace function private.meeting_place_json(p_room private.meeting_rooms, p private.meeting_participants) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when p.id is not null and private.is_meeting_room_open(p_room) then jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'state', case when private.is_among_people(p_room, p) then 'in'
			when p.removed_at is not null then 'removed' else 'waiting' end,
		'muted_at', private.iso(p.muted_at),
		'number', private.meeting_room_number(p_room, p)) end
$$;

-- The room of a meeting as the reader sees it; null for who is not of the group. {id, code, group: {code, name}, title,
-- start, end, zone, is_open, may_open, is_host, is_locked, caption_languages, languages (private.meeting_languages), read_at (milliseconds, before anything was read), me, people,
-- messages, breakouts and staff (private.meeting_room_staff_json) for who is in, waiting and out for hosts who are in}.
create or replace function public.read_meeting_room(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select m as meeting, r as room, m.*, g.code as group_code, g.name as group_name,
			private.is_meeting_room_open(r) as is_open,
			private.chairs_group(private.me(), m.group_id) as is_host,
			p as own,
			private.is_among_people(r, p) as is_in
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
		'caption_languages', private.meeting_caption_languages(f.id),
		'languages', case when f.is_in then private.meeting_languages(f.room) else '[]' end,
		'staff', case when f.is_in then private.meeting_room_staff_json(f.room) else '[]' end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, breakouts, staff}), hands ({hands: [{id, at}]}, those that are up), me ({me}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create or replace function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, private.hosts_room(r, private.me()))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r),
				'staff', private.meeting_room_staff_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) else '{}' end
		|| case when 'hands' = any (parts) then jsonb_build_object('hands', (
			select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'at', private.meeting_hand(q))), '[]')
			from private.meeting_participants as q
			where q.room_id = r.id and q.hand_at is not null)) else '{}' end
		|| case when 'chat' = any (parts)
			then jsonb_build_object('messages', private.meeting_messages_json(r, p, after)) else '{}' end
		|| case when 'languages' = any (parts)
			then jsonb_build_object('languages', private.meeting_languages(r)) else '{}' end
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
	where r.id = private.room_of_code(read_meeting_room_parts.code) and private.is_among_people(r, p)
		and private.may_be_in_room(r, p.person_id)
$$;

-- The staff of a meeting: [{id, display_name, is_me, part, language, is_signed}].
create or replace function private.meeting_staff_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'is_me', coalesce(s.person_id = private.me(), false),
			'part', s.part,
			'language', s.language,
			'is_signed', private.is_sign_language(s.language))
		order by s.part, s.language, lower(q.display_name), s.id), '[]')
	from private.meeting_staff as s
	join public.people as q on q.id = s.person_id
	where s.meeting_id = p.id
$$;

-- Names a person for a part in one language: `entry` of the group, or by `reference`, the code of a person. For chairs and
-- secretaries. Answers ok (also when they were named before) | not_found | invalid (an unknown person, no language, or more
-- than 40) | wrong_state (over, cancelled). Locks the group.
create or replace function public.name_meeting_staff(code text, part public.meeting_staff_part, language text,
	entry uuid default null, reference text default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(name_meeting_staff.code, true);
	v_person uuid;
	v_language text := private.canonical_language(name_meeting_staff.language);
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
	if private.is_meeting_staff(v_person, v.id, name_meeting_staff.part, v_language) then return 'ok'; end if;
	if (select count(*) from private.meeting_staff as s where s.meeting_id = v.id) >= 40 then return 'invalid'; end if;
	insert into private.meeting_staff as s (meeting_id, person_id, part, language)
	values (v.id, v_person, name_meeting_staff.part, v_language);
	perform private.publish_event('meeting:' || v.id, 'staff'), private.publish_event('person:' || v_person, 'rights');
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;

-- The pass of an interpreter or captioner to the room of a meeting: as private.meeting_pass, but they wait for nobody, are
-- always in the room of all, and are not among its people. Who is of the group leaves their place among them until they
-- enter again. {status: ok | none | closed | removed (as one of the group), room, identity, number: 0, publish[]}. Locks
-- the room.
create or replace function private.meeting_staff_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_was_member boolean;
	v_name text;
begin
	select m.id into v_meeting
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group and private.is_meeting_staffed(m);
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if v_meeting is null or not private.is_meeting_staff(p_person, v_meeting) then return '{"status": "none"}'; end if;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	v_was_member := exists (select from private.meeting_participants as p
		where p.room_id = v_meeting and p.person_id = p_person and not p.is_staff and p.removed_at is null);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at, is_staff)
	values (v_meeting, p_person, now(), true)
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
	values (v_meeting, 0)
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_meeting and r.number = 0 and r.closed_at is null;
	if v_was_member then perform private.publish_event('meeting:' || v_meeting, 'people'); end if;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity, 'number', 0,
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

-- What the pages of the staff show of a meeting and its room: {id, code, group: {code, name}, title, start, end, zone,
-- is_open, is_in_group, is_removed: a host removed the reader, people: those who are in the room of all, as
-- private.meeting_participant_json, but nobody for who was removed}.
create or replace function private.meeting_staff_room_json(m private.meetings) returns jsonb
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
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(r, p)
				|| '{"hand": null, "is_me": false}' order by p.id), '[]')
			from private.meeting_participants as p
			where not private.was_removed_from_room(m.id, private.me())
				and p.room_id = m.id and not p.is_staff and p.sid is not null and p.left_at is null
				and private.meeting_rights(r, p) is not null and private.meeting_room_number(r, p) = 0))
	from private.groups as g
	left join private.meeting_rooms as r on r.meeting_id = m.id
	where g.id = m.group_id
$$;

-- The reader's own code, by which chairs name them, and the meetings for which they were named, the next one first:
-- {reference, meetings: [{id: of their part, code, group, title, start, end, zone, part, language, is_signed, is_open}]};
-- null for nobody.
create or replace function public.read_my_meeting_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reference', q.code, 'meetings', (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id,
				'code', m.code,
				'group', g.code,
				'title', m.title,
				'start', private.iso(m.starts_at),
				'end', private.iso(m.ends_at),
				'zone', m.zone,
				'part', s.part,
				'language', s.language,
				'is_signed', private.is_sign_language(s.language),
				'is_open', coalesce(private.is_meeting_room_open(r), false)) order by m.starts_at, m.id, s.part, s.language), '[]')
		from private.meeting_staff as s
		join private.meetings as m on m.id = s.meeting_id
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		where s.person_id = q.id and private.is_meeting_staffed(m)))
	from public.people as q
	where q.id = (select private.me())
$$;

reset check_function_bodies;
