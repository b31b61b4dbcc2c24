-- Transcripts: the captions that are kept of a session that has ended, where its level allows it and everybody who
-- spoke agrees, for those who may enter the session. What was said at a stricter level than today's stays with those
-- who could be there then (`private.strictest_readable_level`).

-- Whether a session may have a transcript: its level allows it, and all of its people agree to be recorded and published.
create function private.allows_transcript(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.level_in_force(p_session) in ('public', 'members')
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner') and not (sp.consent_record and sp.consent_publish))
$$;

-- Whether the reader may read a transcript of a session, if there is one.
create function private.may_read_transcript(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.allows_transcript(p_session)
		and private.entry_decision(p_person, p_session, 'stream') = 'ok'
$$;

-- The languages in which final lines of a run are kept. What a trim cut off of its recording is in no transcript either.
create function private.transcript_languages(p_run uuid) returns setof text
language sql stable security definer set search_path = '' as $$
	select distinct c.language
	from private.caption_lines as c
	where c.run_id = p_run and c.is_kept and c.is_final
		and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(p_run))
$$;

-- The newest run of a session that has ended and has lines to keep in a language.
create function private.transcript_run(p_session uuid, p_language text) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id
	from public.runs
	where runs.session_id = p_session and runs.state = 'ended' and runs.level in ('public', 'members')
		and p_language in (select private.transcript_languages(runs.id))
	order by runs.started_at desc
	limit 1
$$;

-- Whether everybody who was on stage when a line was kept still agrees to be recorded and published.
create function private.all_agree_to_transcript(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.caption_people as p
		where p.run_id = p_run and not private.may_be_recorded(p_run, p.person_id, true))
$$;

-- [{starts, ends, words}] in milliseconds since the session began; null where there is none for this reader.
create function public.read_transcript(summit uuid, code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (
		select jsonb_agg(jsonb_build_object('starts', c.starts, 'ends', c.ends, 'words', c.words)
			order by c.starts, c.number)
		from private.caption_lines as c
		where c.run_id = private.transcript_run(s.id, read_transcript.language)
			and c.language = read_transcript.language and c.is_kept and c.is_final
			and not int4range(c.starts, c.ends, '[]') && (
				select private.cut_off_of_run(private.transcript_run(s.id, read_transcript.language))))
	from public.sessions as s
	where s.summit_id = summit and s.code = read_transcript.code and summit in (select private.readable_summits())
		and private.may_read_transcript(private.me(), s.id)
		and private.all_agree_to_transcript(private.transcript_run(s.id, read_transcript.language))
		and (select runs.level from public.runs where runs.id = private.transcript_run(s.id, read_transcript.language))
			<= private.strictest_readable_level(private.me(), s.id)
$$;
grant execute on function public.read_transcript(uuid, text, text) to anon, authenticated;

-- The languages in which a session has a transcript for this reader.
create function public.list_transcripts(summit uuid, code text) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(distinct each.language order by each.language), '{}')
	from public.sessions as s
	join public.runs on runs.session_id = s.id and runs.state = 'ended' and runs.level in ('public', 'members')
	cross join lateral private.transcript_languages(runs.id) as each (language)
	where s.summit_id = summit and s.code = list_transcripts.code and summit in (select private.readable_summits())
		and private.may_read_transcript(private.me(), s.id)
		and private.all_agree_to_transcript(runs.id)
			and runs.level <= private.strictest_readable_level(private.me(), s.id)
$$;
grant execute on function public.list_transcripts(uuid, text) to anon, authenticated;

-- Deletes who was on stage when the level of a run is raised to one that names nobody, unless a legal hold keeps the lines
-- of one that has ended.
create function private.erase_caption_people() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'ended' and private.must_keep_transcript(new) then return null; end if;
	delete from private.caption_people as p where p.run_id = new.id;
	return null;
end
$$;

create trigger forget_caption_people after update of level on public.runs for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
	execute function private.erase_caption_people();
