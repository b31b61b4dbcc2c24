-- Interpreters of a meeting write to their partners; answers say to which time they are; and whether a session has kept captions
-- and whose survey a token is for.

set check_function_bodies = off;

drop function public.answer_meeting(text, public.meeting_answer, uuid);
drop function public.answer_meeting_staff(uuid, boolean);

-- The answer of an interpreter or captioner. Conflict: the meeting has another time than the one they read.
create domain public.meeting_work_status as text check (value in ('ok', 'not_found', 'conflict'));

-- The booth of a meeting is a language in its room.
alter table private.booth_messages
	alter column booth_id drop not null,
	add column room_id uuid,
	add column language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	add constraint one_booth check (num_nonnulls(booth_id, room_id) = 1 and (room_id is null) = (language is null));

update private.copied_tables set columns = '{said_at,booth_id,language,words}' where name = 'private.booth_messages';

-- The messages of a booth are deleted with the room.
alter table private.booth_messages
	add foreign key (room_id) references private.meeting_rooms (id) on delete cascade;

-- The last fifty messages of a booth of a run (p_booth) or of a meeting (p_room, p_language): [{id, by, is_mine, words, at}].
create function private.booth_lines_json(p_booth uuid, p_room uuid, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'by', l.display_name,
		'is_mine', l.person_id = private.me(), 'words', l.words, 'at', private.iso(l.said_at)) order by l.id), '[]')
	from (
		select lines.*, people.display_name
		from private.booth_messages as lines
		join public.people on people.id = lines.person_id
		where lines.booth_id = p_booth or lines.room_id = p_room and lines.language = p_language
		order by lines.id desc
		limit 50) as l
$$;

-- Adds the reader's own message to such a booth, for a caller who has checked their right. Answers ok | invalid | too_often
-- (more than ten in ten seconds).
create function private.add_booth_line(p_booth uuid, p_room uuid, p_language text, p_words text)
	returns public.booth_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text := private.one_line(p_words);
begin
	if coalesce(length(v_words), 0) not between 1 and 500 then return 'invalid'; end if;
	if (select count(*) from private.booth_messages as l
		where (l.booth_id = p_booth or l.room_id = p_room and l.language = p_language)
			and l.person_id = (select private.me())
			and l.said_at > now() - interval '10 seconds') >= 10 then
		return 'too_often';
	end if;
	insert into private.booth_messages (booth_id, room_id, language, person_id, words)
	values (p_booth, p_room, p_language, private.me(), v_words);
	return 'ok';
end
$$;

-- One booth with its people and the last fifty messages.
create or replace function private.booth_json(p_booth private.booths) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('language', p_booth.language, 'is_signed', p_booth.is_signed,
		'hint_minutes', p_booth.hint_minutes,
		'is_on_air', p_booth.on_air is not null,
		'since', private.iso(p_booth.on_air_since),
		'is_offered', p_booth.offered_at is not null,
		'people', private.booth_people(p_booth),
		'lines', private.booth_lines_json(p_booth.id, null, null))
$$;

-- Sends a message to the partners and to those who run the stage. Answers ok | not_found | invalid | too_often (more
-- than ten in ten seconds).
create or replace function public.send_booth_message(run uuid, language text, words text) returns public.booth_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.hold_open_run(run);
	v_booth private.booths;
	v_status text;
begin
	select b.* into v_booth
	from private.booths as b
	where b.run_id = v_run.id and b.language = send_booth_message.language;
	if v_booth.id is null or not (private.may_interpret_in(private.me(), v_booth.id)
		or private.may_run(private.me(), v_run.session_id)) then
		return 'not_found';
	end if;
	v_status := private.add_booth_line(v_booth.id, null, null, words);
	if v_status = 'ok' then perform private.notify_booth(run, false); end if;
	return v_status;
end
$$;

-- Whether captions of a session were kept, for those who may edit it: there is a transcript, or was one before somebody
-- took back their consent.
create function public.has_kept_captions(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_edit_session(session) and exists (
		select from public.runs
		join private.caption_lines as c on c.run_id = runs.id and c.is_kept and c.is_final
		where runs.session_id = has_kept_captions.session and runs.state = 'ended'
			and runs.level in ('public', 'members'))
$$;

-- The time of a meeting as an ISO 8601 interval: a form that answers to it says which one its reader saw.
create function private.meeting_time(p private.meetings) returns text
language sql stable security definer set search_path = '' as $$
	select private.iso(p.starts_at) || '/' || private.iso(p.ends_at)
$$;

-- The reader's own answer to a planned meeting that is not over: yes, no, or an alternate in their place, who is that of
-- the reader or of nobody in particular. `seen`: the time to which they answer (private.meeting_time), where they read one.
-- Answers ok | not_found | invalid | wrong_state | conflict (it has another time). Locks the group.
create function public.answer_meeting(code text, answer public.meeting_answer, alternate uuid default null,
	seen text default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(answer_meeting.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.ends_at <= now() then return 'wrong_state'; end if;
	if answer_meeting.seen <> private.meeting_time(v) then return 'conflict'; end if;
	if answer_meeting.answer is null
		or (answer_meeting.answer = 'alternate') <> (answer_meeting.alternate is not null)
		or answer_meeting.alternate is not null and not exists (
			select from private.live_group_people as x
			where x.id = answer_meeting.alternate
				and x.group_id = v.group_id
				and private.may_replace(x.id, private.me())) then
		return 'invalid';
	end if;
	insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at)
	values (v.id, private.me(), answer_meeting.answer, answer_meeting.alternate, now())
	on conflict (meeting_id, person_id) do update
		set answer = excluded.answer, alternate_id = excluded.alternate_id, answered_at = excluded.answered_at;
	return 'ok';
end
$$;

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

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages, those of its booths and its captions are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.id = p_room;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now()),
		on_air = null, on_air_at = null, offered_at = null
	where p.room_id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room;
	delete from private.meeting_captions as x where x.meeting_id = p_room;
	delete from private.booth_messages as x where x.room_id = p_room;
	delete from private.meeting_sign_ins as x where x.room_id = p_room;
	select private.publish_event('meeting:' || p_room, 'room');
$$;

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
	if accepts and v.state <> 'declined' and seen is distinct from private.meeting_time(v_meeting) then return 'conflict'; end if;
	if v.state = v_state then return 'ok'; end if;
	if v.state = 'declined' then return 'not_found'; end if;
	update private.meeting_staff as s set state = v_state, answered_at = now() where s.id = v.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'staff'),
		private.publish_event('person:' || v.person_id, 'rights');
	if not accepts then perform private.queue_work_mail(v.meeting_id, v.person_id, true); end if;
	return 'ok';
end
$$;

-- The keys of a collection for the app, which signs and checks tokens: {public_key, sealed, key_id, summit: whose survey it
-- is}; null without.
create or replace function private.survey_keys(p_collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('public_key', c.public_key, 'sealed', encode(c.private_key_sealed, 'hex'),
		'key_id', c.key_id, 'summit', s.summit_id)
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = p_collection and c.public_key is not null
$$;

create index on private.booth_messages (room_id, language);

grant execute on function public.has_kept_captions(uuid) to authenticated;

grant execute on function public.answer_meeting(text, public.meeting_answer, uuid, text) to authenticated;

grant execute on function public.send_meeting_booth_message(text, text, text) to authenticated;

grant execute on function public.answer_meeting_staff(uuid, boolean, text) to authenticated;

reset check_function_bodies;
