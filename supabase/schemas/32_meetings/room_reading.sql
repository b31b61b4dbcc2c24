-- What the page of a meeting's room shows: all of it when it opens, and later the parts that an event says have changed.
-- Kinds of events: hands, chat, deleted (a message was), muted, cameras (who has a camera place: pages learn it from LiveKit), waiting (somebody
-- waits for a host), connections (who is connected), people (who may be there, and what they may send), breakouts, room (it
-- opened, was locked or ended: everything), staff (who was named as staff: everything), caption (a line was written or
-- corrected), captions (a line was deleted), voice (who interprets has changed), booth (an
-- interpreter offers to hand over).

-- A participant, as those in the room see them.
create function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', private.name_in_room(p_room, p.person_id),
		'is_host', private.hosts_room(p_room, p.person_id),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.meeting_hand(p),
		'shares', private.shares_meeting_screen(p_room, p),
		'number', private.meeting_room_number(p_room, p))
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
			-- In a run whose level names nobody it is '', and so it is for people under 18.
			'from', case when p_room.run_id is not null and private.is_nameless(p_room.run_id) then ''
				else private.name_in_room(p_room, x.person_id) end,
			'is_me', x.person_id = p_own.person_id,
			'is_to_all', x.number is null,
			'body', x.body,
			'at', private.iso(x.sent_at))
			-- For hosts of a workshop: whether its author may write no more.
			|| case when p_room.run_id is not null and private.hosts_room(p_room, p_own.person_id) then jsonb_build_object(
				'is_muted', private.is_muted_in_run(x.person_id, p_room.run_id)) else '{}' end as message
		from private.meeting_messages as x
		where x.room_id = p_own.room_id and private.may_use_in_room(p_room, p_own.person_id, 'chat')
			and coalesce(x.number = private.meeting_room_number(p_room, p_own), true)
			and x.sent_at > coalesce((select y.sent_at from private.meeting_messages as y
				where y.id = p_after and y.room_id = p_own.room_id), '-infinity')
		order by x.sent_at desc
		limit 200) as x
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}. People under 18 who have no name
-- for the reader, and may not speak, are left out: nobody learns that they are there.
create function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, private.name_in_room(p_room, p.person_id) as display_name,
			private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		where p.room_id = p_room.id and (not p.is_staff or p_room.run_id is not null and p.removed_at is not null)
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
			where p_is_host and t.is_out and private.is_waiting(t.participant)),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;

-- Whether somebody is in a room, among its people: its staff waits for no host, and reads no messages.
create function private.is_among_people(p_room private.meeting_rooms, p private.meeting_participants) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(not p.is_staff and private.meeting_rights(p_room, p) is not null, false)
$$;

-- The staff that is connected to a room: [{id: of the part in a meeting, of the participant in a workshop, display_name, part,
-- language}], with each of their parts. All who are there know who hears them.
create function private.meeting_room_staff_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'part', s.part,
			'language', s.language,
			'is_signed', s.is_signed)
		order by lower(q.display_name), q.id, s.part, s.language), '[]')
	from private.meeting_participants as p
	join public.people as q on q.id = p.person_id
	cross join lateral (
		select n.id, n.part, n.language, private.is_sign_language(n.language) as is_signed
		from private.meeting_staff as n
		where n.meeting_id = p.room_id and n.person_id = p.person_id and n.state = 'accepted'
		union all
		select p.id, 'interpreter', b.language, b.is_signed
		from private.booths as b
		where b.run_id = p.room_id and private.works_in_booth(p.person_id, b.id)) as s
	where p.room_id = p_room.id and p.is_staff and private.is_connected(p)
		and private.meeting_rights(p_room, p) is not null
$$;

-- The reader's own place in a room: {id, identity, state: in | waiting | removed, muted_at, number}; null while it is not
-- open, and for who did not ask to enter.
create function private.meeting_place_json(p_room private.meeting_rooms, p private.meeting_participants) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when p.id is not null and private.is_meeting_room_open(p_room) then jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'state', case when private.is_among_people(p_room, p) then 'in'
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
-- start, end, zone, is_open, may_open, is_host, is_locked, caption_languages, languages (private.meeting_languages), read_at (milliseconds, before anything was read), me, people,
-- messages, breakouts and staff (private.meeting_room_staff_json) for who is in, waiting and out for hosts who are in}.
create function public.read_meeting_room(code text) returns jsonb
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
grant execute on function public.read_meeting_room(text) to authenticated;

-- When this statement began, in milliseconds: of two readings the later one is the newer.
create function private.reading_moment() returns bigint
language sql stable set search_path = '' as $$
	select floor(extract(epoch from statement_timestamp()) * 1000)::bigint
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, may, breakouts, staff}), hands ({hands: [{id, at}]}, those that are up), me ({me, and in a workshop may}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, private.hosts_room(r, private.me()))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r),
				'staff', private.meeting_room_staff_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) || case when r.run_id is not null
				then jsonb_build_object('may', private.run_room_may_json(r)) else '{}' end else '{}' end
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
grant execute on function public.read_meeting_room_parts(text, text[], uuid) to authenticated;
