-- What goes on in the room of a meeting: hands, muting, the shared screen and messages. The kind of each event says what
-- changed, so that pages read only this part (room_reading.sql).

-- Raises or lowers a hand: the reader's own, or, for hosts, lowers that of a participant. Answers ok | not_found | invalid
-- (also: more than 6 within a minute, because each one notifies everybody). Locks the room.
create function public.raise_meeting_hand(code text, raised boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(raise_meeting_hand.code);
begin
	if v.id is null then return 'not_found'; end if;
	if raised and not private.may_use_in_room((select r from private.meeting_rooms as r where r.id = v.room_id), v.person_id,
		'microphone') then
		return 'invalid';
	end if;
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
grant execute on function public.raise_meeting_hand(text, boolean, uuid) to authenticated;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
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
			else not private.hosts_room(v, p.person_id) and not p.is_staff
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.room_id = v.id and q.person_id = (select private.me())), 0)
		end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.id, 'muted');
	return 'ok';
end
$$;
grant execute on function public.mute_in_meeting(text, uuid) to authenticated;

-- Where the muted are: the LiveKit room and identity of everybody whom hosts muted within the last seconds.
create function private.list_muted(p_code text) returns table (room text, identity text)
language sql stable security definer set search_path = '' as $$
	select l.name, p.identity
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id
	join private.meeting_livekit_rooms as l
		on l.room_id = r.id and l.closed_at is null and l.number = private.meeting_room_number(r, p)
	where r.id = private.room_of_code(p_code) and p.muted_at > now() - interval '5 seconds' and p.left_at is null and p.sid is not null
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
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).id is null then return 'invalid'; end if;
	end if;
	if shares and not private.may_use_in_room(v_room, v.person_id, 'screen') then return 'invalid'; end if;
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
grant execute on function public.share_meeting_screen(text, boolean, uuid) to authenticated;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. `room` is the breakout room that the page showed, 0: that of all. Answers ok | not_found | invalid (empty, too
-- long, more than 20 within a minute, or the reader may not write) | conflict (too soon, while the chat is slow) | wrong_state
-- (the reader is in another room now). Locks the room.
create function public.write_meeting_message(code text, words text, everywhere boolean default false,
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
grant execute on function public.write_meeting_message(text, text, boolean, integer) to authenticated;

-- Deletes a message: the reader's own, or, for hosts, any, which is audited in a run. Answers ok | not_found. Locks the room.
create function public.delete_meeting_message(code text, message uuid) returns public.meeting_status
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
