-- What goes on in the room of a meeting: hands, muting, the shared screen and messages; and what its page shows.

-- Raises or lowers a hand: the reader's own, or, for hosts, lowers that of a participant. Answers ok | not_found | invalid
-- (also: more than 6 within a minute, because each one notifies everybody). Locks the room.
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
grant execute on function public.raise_meeting_hand(text, boolean, uuid) to authenticated;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
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
		and case
			when participant is not null then p.id = participant
			else not private.chairs_group(p.person_id, m.group_id)
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.meeting_id = m.id and q.person_id = (select private.me())), 0)
		end;
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

-- Takes or gives back the right to share a screen; in each breakout room only one has it. Hosts take it from the participant whom they name.
-- Answers ok (also when they no longer had it) | not_found | invalid | conflict (somebody else shares). Locks the room.
create function public.share_meeting_screen(code text, shares boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
	v_room private.meeting_rooms;
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v.meeting_id;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).meeting_id is null then return 'invalid'; end if;
	end if;
	if shares and exists (select from private.meeting_participants as p
		where p.meeting_id = v.meeting_id and p.id <> v.id and private.shares_meeting_screen(v_room, p)
			and private.meeting_room_number(v_room, p) = private.meeting_room_number(v_room, v)) then
		return 'conflict';
	end if;
	update private.meeting_participants as p
	set shares_at = case when shares then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer.
		breakout = nullif(private.meeting_room_number(v_room, p), 0)
	where p.meeting_id = v.meeting_id and p.id = coalesce(participant, v.id)
		and private.shares_meeting_screen(v_room, p) <> shares;
	if found then perform private.publish_event('meeting:' || v.meeting_id, 'people'); end if;
	return 'ok';
end
$$;
grant execute on function public.share_meeting_screen(text, boolean, uuid) to authenticated;

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
		'shares', private.shares_meeting_screen(p_room, p),
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
			'count', (f.room).breakouts, 'until', private.iso((f.room).breakouts_until), 'now', private.iso(now())) end,
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
