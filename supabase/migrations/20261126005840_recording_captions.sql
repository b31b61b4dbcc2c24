-- Captions under a recording: the lines that may be kept, where they lie in its file.

create function private.captions_of_recording(p_recording private.recordings, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('starts', placed.at, 'ends', placed.at + c.ends - c.starts, 'words', c.words) order by placed.at, c.number), '[]')
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	cross join lateral (select runs.started_at + c.starts * interval '1 millisecond' as said) as moment
	cross join lateral (select private.position_in_recording(p_recording.id, moment.said) as at) as placed
	where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final and placed.at is not null
		-- What was said in a pause of the recording is not in it.
		and exists (select from private.recording_parts as p where p.recording_id = p_recording.id
			and moment.said >= p.started_at - interval '3 seconds' and moment.said < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- {language: [{starts, ends, words}]} in milliseconds of the file, for whoever may watch it or look at it; null for others.
create function public.recording_captions(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_object_agg(each.language, private.captions_of_recording(g, each.language))
		from (select distinct c.language from private.caption_lines as c where c.run_id = g.run_id and c.is_kept) as each), '{}')
	from private.recordings as g
	where g.id = recording and g.summit_id = summit and (private.may_watch_again(private.me(), g) or private.may_look_at(g))
$$;

grant execute on function public.recording_captions(uuid, uuid) to anon, authenticated;
