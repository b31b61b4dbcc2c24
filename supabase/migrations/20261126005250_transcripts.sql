-- Transcripts: what captions leave of a session that is over, where its level allows it and everybody who speaks in it agrees, to those
-- who may follow the session.

create function private.has_transcript(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.level_in_force(p_session) in ('public', 'members') and private.entry_of(p_person, p_session, 'stream') = 'ok'
		and not exists (select from public.session_people as sp where sp.session_id = p_session and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner') and not (sp.consent_record and sp.consent_publish))
$$;

-- The newest run that is over and has lines to keep in a language.
create function private.transcript_run(p_session uuid, p_language text) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id from public.runs
	where runs.session_id = p_session and runs.state = 'ended' and runs.level in ('public', 'members')
		and exists (select from private.caption_lines as c where c.run_id = runs.id and c.language = p_language and c.is_kept)
	order by runs.started_at desc limit 1
$$;

-- [{starts, ends, words}] in milliseconds since the session began; null where there is none for this reader.
create function public.read_transcript(summit uuid, code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select jsonb_agg(jsonb_build_object('starts', c.starts, 'ends', c.ends, 'words', c.words) order by c.starts, c.number)
		from private.caption_lines as c where c.run_id = private.transcript_run(s.id, read_transcript.language) and c.language = read_transcript.language and c.is_kept)
	from public.sessions as s
	where s.summit_id = summit and s.code = read_transcript.code and summit in (select private.readable_summits()) and private.has_transcript(private.me(), s.id)
$$;

-- The languages in which a session has a transcript for this reader.
create function public.list_transcripts(summit uuid, code text) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(distinct c.language order by c.language), '{}')
	from public.sessions as s join public.runs on runs.session_id = s.id and runs.state = 'ended' and runs.level in ('public', 'members')
	join private.caption_lines as c on c.run_id = runs.id and c.is_kept
	where s.summit_id = summit and s.code = list_transcripts.code and summit in (select private.readable_summits()) and private.has_transcript(private.me(), s.id)
$$;

grant execute on function public.read_transcript(uuid, text, text), public.list_transcripts(uuid, text) to anon, authenticated;
