-- Interpretation of the room of a meeting: who is on air for a language, and what listeners and interpreters read of it.
-- There is a booth for each language for which a named interpreter has accepted; it is in the room of all.

-- The messages of a booth are deleted with the room.
alter table private.booth_messages
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade;

-- Whether somebody is connected to the room of a meeting now.
create function private.is_connected(p private.meeting_participants) returns boolean
language sql immutable set search_path = '' as $$
	select p.sid is not null and p.left_at is null
$$;

-- The languages from which those in the room of all choose: [{language, is_signed, identity (null: nobody interprets now),
-- is_staffed: an interpreter of it is connected}]. The booths of a workshop are those of its run.
create function private.meeting_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when p_room.run_id is not null then private.run_languages(p_room.run_id)
		else private.named_languages(p_room) end
$$;

-- Those of the room of a meeting.
create function private.named_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'language', b.language,
			'is_signed', private.is_sign_language(b.language),
			'identity', voice.identity,
			'is_staffed', voice.identity is not null or exists (select
				from private.meeting_staff as s
				join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.language = b.language
					and s.state = 'accepted' and p.is_staff and private.is_connected(p)
					-- Who interprets into another language is not in this booth.
					and coalesce(p.on_air = b.language, true)))
		order by private.is_sign_language(b.language), b.language), '[]')
	from (select distinct s.language
		from private.meeting_staff as s
		where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.state = 'accepted') as b
	left join lateral (
		select p.identity
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.on_air = b.language and private.meeting_rights(p_room, p) is not null
	) as voice on true
$$;

-- Pages and LiveKit follow who is on air, whatever changed it.
create function private.publish_meeting_voice() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('meeting:' || new.room_id, 'voice');
	return null;
end
$$;
create trigger publish_voice after update of on_air on private.meeting_participants for each row
	when (old.on_air is distinct from new.on_air) execute function private.publish_meeting_voice();

-- The reader's own place in the open room as an interpreter of a language; null for others, and before they entered the
-- booth. Locks the room, so that of two interpreters who act at once the second sees what the first did.
create function private.lock_meeting_booth(p_code text, p_language text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
	v private.meeting_participants;
begin
	select r.* into v_room
	from private.meeting_rooms as r
	join private.meetings as m on m.id = r.meeting_id
	where m.code = p_code
	for update of r;
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = (select private.me()) and p.is_staff
		and private.meeting_rights(v_room, p) is not null
		and private.is_meeting_staff(p.person_id, v_room.meeting_id, 'interpreter', p_language);
	return v;
end
$$;

-- Takes the microphone of a booth: at once when nobody has it, when it was offered, or when its interpreter is not
-- connected. Otherwise `busy`: the partner must offer it. They leave any other booth. Answers ok | already | not_found |
-- busy. Locks the room.
create function public.take_meeting_booth(code text, language text) returns public.booth_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(take_meeting_booth.code, take_meeting_booth.language);
	v_holder private.meeting_participants;
begin
	if v.id is null then return 'not_found'; end if;
	if v.on_air = take_meeting_booth.language then return 'already'; end if;
	select p.* into v_holder
	from private.meeting_participants as p
	where p.room_id = v.room_id and p.on_air = take_meeting_booth.language;
	if v_holder.id is not null and v_holder.offered_at is null and private.is_connected(v_holder)
		and v_holder.removed_at is null then
		return 'busy';
	end if;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where p.id = v_holder.id;
	update private.meeting_participants as p
	set on_air = take_meeting_booth.language, on_air_at = now(), offered_at = null
	where p.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.take_meeting_booth(text, text) to authenticated;

-- Offers the microphone to the partner, or takes the offer back. Answers ok | already | not_found (also for somebody who is
-- not on air). Locks the room.
create function public.offer_meeting_booth(code text, language text, offered boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(offer_meeting_booth.code, offer_meeting_booth.language);
begin
	if v.id is null or v.on_air is distinct from offer_meeting_booth.language or offered is null then return 'not_found'; end if;
	if (v.offered_at is not null) = offered then return 'already'; end if;
	update private.meeting_participants as p set offered_at = case when offered then now() end where p.id = v.id;
	perform private.publish_event('meeting:' || v.room_id, 'booth');
	return 'ok';
end
$$;
grant execute on function public.offer_meeting_booth(text, text, boolean) to authenticated;

-- Leaves the microphone: listeners hear the original. Answers ok | already | not_found. Locks the room.
create function public.leave_meeting_booth(code text, language text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(leave_meeting_booth.code, leave_meeting_booth.language);
begin
	if v.id is null then return 'not_found'; end if;
	if v.on_air is distinct from leave_meeting_booth.language then return 'already'; end if;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where p.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.leave_meeting_booth(text, text) to authenticated;

-- Sends a message to the partners of a booth, in which the reader is. Answers ok | not_found | invalid | too_often. Locks the
-- room.
create function public.send_meeting_booth_message(code text, language text, words text)
	returns public.booth_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(send_meeting_booth_message.code,
		send_meeting_booth_message.language);
	v_status text;
begin
	if v.id is null then return 'not_found'; end if;
	v_status := private.add_booth_line(null, v.room_id, send_meeting_booth_message.language, words);
	if v_status = 'ok' then perform private.publish_event('meeting:' || v.room_id, 'booth'); end if;
	return v_status;
end
$$;
grant execute on function public.send_meeting_booth_message(text, text, text) to authenticated;

-- The page of a booth for its interpreters: private.meeting_staff_room_json with {booth, me, languages, own: the languages
-- of the reader's booths}; null for everyone else. Who was removed from the room reads nothing of who is there. Its shape is that of a booth of a run.
create function public.read_meeting_booth(code text, language text) returns jsonb
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
					and s.state = 'accepted'
					and (s.id = own.id or mine.removed_at is null)),
			'lines', case when mine.removed_at is null
				then private.booth_lines_json(null, m.id, read_meeting_booth.language) else '[]' end),
		'me', jsonb_build_object(
			'code', own.id,
			'identity', mine.identity,
			'is_on_stage', false,
			'is_on_air', coalesce(mine.on_air = read_meeting_booth.language, false)),
		'languages', case when mine.removed_at is null then private.meeting_languages(r) else '[]' end,
		'own', (select jsonb_agg(s.language order by s.language)
			from private.meeting_staff as s
			where s.meeting_id = m.id and s.person_id = own.person_id and s.part = 'interpreter'
				and s.state = 'accepted'))
	from private.meetings as m
	join private.meeting_staff as own on own.meeting_id = m.id and own.person_id = (select private.me())
		and own.part = 'interpreter' and own.language = read_meeting_booth.language and own.state = 'accepted'
	left join private.meeting_rooms as r on r.meeting_id = m.id
	left join private.meeting_participants as mine on mine.room_id = m.id and mine.person_id = own.person_id
	left join private.meeting_participants as voice on voice.room_id = m.id and voice.on_air = own.language
		and mine.removed_at is null
	where m.code = read_meeting_booth.code and private.is_meeting_staffed(m)
$$;
grant execute on function public.read_meeting_booth(text, text) to authenticated;
