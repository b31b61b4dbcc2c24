-- Lines that organisers take out of a transcript, before or after it is published: the transcript, the captions of the
-- recording, the search and downloads read the lines themselves, so that they are without it at once.

-- The lines that are kept of a session's runs that have ended, for those who may edit the session: {languages, total,
-- lines: [{id, language, at, starts, words}]}, a hundred on each page, in the order in which they were said. `starts`: in
-- milliseconds since the run began. Narrowed to a language, and to lines with these words. Where somebody no longer
-- agrees to be recorded and published there are none, as for every other reader.
create function public.read_transcript_lines(session uuid, language text default null, query text default '',
	page integer default 1) returns jsonb
language sql stable security definer set search_path = '' as $$
	with kept as materialized (
		select c.id, c.language, c.number, c.starts, c.words, runs.started_at + c.starts * interval '1 millisecond' as at
		from public.runs
		join private.caption_lines as c on c.run_id = runs.id
		where runs.session_id = read_transcript_lines.session
			and runs.state = 'ended'
			and runs.level in ('public', 'members')
			and c.is_kept
			and c.is_final
			and private.allows_transcript(runs.session_id)
			and private.all_agree_to_transcript(runs.id)
			and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(runs.id))
	), fitting as materialized (
		select k.*
		from kept as k
		where (read_transcript_lines.language is null or k.language = read_transcript_lines.language)
			and private.fold_for_search(k.words) like '%' || replace(replace(replace(
				private.fold_for_search(btrim(left(query, 100))), '\', '\\'), '%', '\%'), '_', '\_') || '%'
	), shown as (
		select f.*
		from fitting as f
		order by f.at, f.language, f.number
		limit 100 offset 100 * (greatest(1, least(coalesce(page, 1), 1000)) - 1)
	)
	select jsonb_build_object(
		'languages', (select coalesce(jsonb_agg(distinct k.language order by k.language), '[]') from kept as k),
		'total', (select count(*) from fitting),
		'lines', (
			select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'language', s.language, 'at', private.iso(s.at),
				'starts', s.starts, 'words', s.words) order by s.at, s.language, s.number), '[]')
			from shown as s))
	where private.may_edit_session(session)
$$;
grant execute on function public.read_transcript_lines(uuid, text, text, integer) to authenticated;

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
grant execute on function public.has_kept_captions(uuid) to authenticated;

-- Whether nothing of the transcript of a run may be deleted: a legal hold is on transcripts of the Summit, on somebody in
-- this one or on a recording of the run.
create function private.must_keep_transcript(p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_class_held('recordings', p_run.summit_id, now())
		or private.people_of_captions(p_run.id) && private.held_people(now())
		or exists (select from private.recordings as g where g.run_id = p_run.id and private.is_recording_held(g.id))
$$;

-- Deletes the lines of runs that have ended which a hold kept and nobody reads, and who was on stage where no line is
-- left, once nothing keeps them any more. Locks the runs first, as a raised level does.
create function private.drop_held_captions() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	for v_run in
		select runs.* from public.runs
		where runs.state = 'ended'
			and (runs.id in (select c.run_id from private.caption_lines as c where not c.is_kept)
				or runs.level in ('chatham_house', 'closed')
					and exists (select from private.caption_people as p where p.run_id = runs.id))
	loop
		continue when private.must_keep_transcript(v_run);
		perform from public.runs where runs.id = v_run.id for update skip locked;
		continue when not found;
		delete from private.caption_lines as c where c.run_id = v_run.id and not c.is_kept;
		delete from private.caption_people as p
		where p.run_id = v_run.id
			and not exists (select from private.caption_lines as c where c.run_id = v_run.id);
	end loop;
end
$$;

-- Takes a line out of the transcript of a session that the reader may edit and that has ended. The audit keeps when and
-- by whom, and not the words. While nothing of the transcript may be deleted, it is only left out. Locks the line.
create function public.remove_transcript_line(line uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line private.caption_lines;
	v_run public.runs;
begin
	select c.* into v_line from private.caption_lines as c where c.id = line and c.is_kept and c.is_final for update;
	select runs.* into v_run from public.runs where runs.id = v_line.run_id and runs.state = 'ended';
	if v_run.id is null or not coalesce(private.may_edit_session(v_run.session_id), false) then return 'not_found'; end if;
	if private.must_keep_transcript(v_run) then
		update private.caption_lines as c set is_kept = false where c.id = line;
	else
		delete from private.caption_lines as c where c.id = line;
	end if;
	perform audit.record_event('transcript.line_removed', line::text, v_run.summit_id, null,
		jsonb_build_object('run_id', v_run.id, 'language', v_line.language, 'number', v_line.number));
	perform private.publish_event('organise:' || v_run.summit_id, 'recording', v_run.id);
	return 'ok';
end
$$;
grant execute on function public.remove_transcript_line(uuid) to authenticated;
