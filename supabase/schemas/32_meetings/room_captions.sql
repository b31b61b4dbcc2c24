-- Captions in the room of a meeting: captioners write them line by line, those in the room of all read them. Nothing is kept:
-- lines go ten minutes later, and with the room.

-- The open room of a meeting for its captioner of a language, locked, so that no line is written once it has ended; null for
-- others.
create function private.lock_captioned_room(p_code text, p_language text) returns private.meeting_rooms
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

-- A line as pages of captions show it, its times in milliseconds since the room was opened.
create function private.meeting_caption_json(p_room private.meeting_rooms, c private.meeting_captions) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', c.id, 'language', c.language, 'number', c.number, 'starts', x.at, 'ends', x.at,
		'words', c.words, 'is_final', true, 'is_corrected', c.corrected_at is not null)
	from (select greatest(0, floor(extract(epoch from c.said_at - p_room.opened_at) * 1000))::bigint as at) as x
$$;

-- The lines of the last ten minutes in a language, or those that were written or corrected after a moment in milliseconds.
create function private.meeting_captions_json(p_room private.meeting_rooms, p_language text, p_after bigint default null)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.meeting_caption_json(p_room, c) order by c.number), '[]')
	from private.meeting_captions as c
	where c.meeting_id = p_room.meeting_id and c.language = p_language
		and c.said_at > now() - interval '10 minutes'
		and (p_after is null or coalesce(c.corrected_at, c.said_at) > to_timestamp(p_after / 1000.0))
$$;

-- The languages in which captioners have accepted to write.
create function private.meeting_caption_languages(p_meeting uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(distinct s.language order by s.language), '[]')
	from private.meeting_staff as s
	where s.meeting_id = p_meeting and s.part = 'captioner' and s.state = 'accepted'
$$;

-- Writes a line. {status: ok | not_found | invalid | too_often (40 lines in ten seconds), number}. Locks the room.
create function public.write_meeting_caption(code text, language text, words text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_captioned_room(write_meeting_caption.code, write_meeting_caption.language);
	v_words text := private.one_line(words);
	v_last integer;
begin
	if v.meeting_id is null then return jsonb_build_object('status', 'not_found'); end if;
	if coalesce(length(v_words), 0) not between 1 and 500 then return jsonb_build_object('status', 'invalid'); end if;
	if (select count(*) from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.written_by = (select private.me())
			and c.said_at > clock_timestamp() - interval '10 seconds') >= 40 then
		return jsonb_build_object('status', 'too_often');
	end if;
	select max(c.number) into v_last
	from private.meeting_captions as c
	where c.meeting_id = v.meeting_id and c.language = write_meeting_caption.language;
	insert into private.meeting_captions (meeting_id, language, number, words, written_by)
	values (v.meeting_id, write_meeting_caption.language, coalesce(v_last, 0) + 1, v_words, private.me());
	delete from private.meeting_captions as c
	where c.meeting_id = v.meeting_id and c.said_at < now() - interval '10 minutes';
	perform private.publish_event('meeting:' || v.meeting_id, 'caption');
	return jsonb_build_object('status', 'ok', 'number', coalesce(v_last, 0) + 1);
end
$$;
grant execute on function public.write_meeting_caption(text, text, text) to authenticated;

-- Corrects a line; without words it deletes the line. Answers ok | not_found | invalid. Locks the room.
create function public.correct_meeting_caption(code text, language text, number integer, words text)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_captioned_room(correct_meeting_caption.code, correct_meeting_caption.language);
	v_words text := private.one_line(words);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if length(v_words) > 500 then return 'invalid'; end if;
	if coalesce(v_words, '') = '' then
		delete from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.language = correct_meeting_caption.language
			and c.number = correct_meeting_caption.number;
	else
		update private.meeting_captions as c
		set words = v_words, corrected_at = clock_timestamp()
		where c.meeting_id = v.meeting_id and c.language = correct_meeting_caption.language
			and c.number = correct_meeting_caption.number;
	end if;
	if not found then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.meeting_id, case when v_words = '' then 'captions' else 'caption' end);
	return 'ok';
end
$$;
grant execute on function public.correct_meeting_caption(text, text, integer, text) to authenticated;

-- The captions of the room of all in a language, for who is in it as one of the group, also those later than `after`
-- (milliseconds, the `read_at` of another reading): {read_at, opened: when the times of lines begin, in milliseconds, lines};
-- null for others, also in breakout rooms.
create function public.read_meeting_captions(code text, language text, after bigint default null) returns jsonb
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
grant execute on function public.read_meeting_captions(text, text, bigint) to authenticated;

-- The page of a captioner in one language: private.meeting_staff_room_json with {language, lines: null while it is not
-- open, and for who was removed from it}; null for everyone else.
create function public.read_meeting_captioning(code text, language text) returns jsonb
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
grant execute on function public.read_meeting_captioning(text, text) to authenticated;
