-- Recordings, transcripts and files on which a legal hold is are not deleted by other ways; languages without a voice are not offered.

set check_function_bodies = off;

drop trigger drop_language_chunks on private.recordings;
drop function private.drop_language_chunks();
drop function public.remove_session_file(uuid);

-- Removing a file. Held: a legal hold is on files of the Summit or on somebody who uploaded a version.
create domain public.file_removal_status as text check (value in ('ok', 'not_found', 'held'));

-- Removes a file with all its versions, for good. Answers ok, not_found, held (nothing of it may be deleted; it can be taken
-- down).
create function public.remove_session_file(file uuid) returns public.file_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	if private.is_class_held('files', v_file.summit_id, now())
		or private.people_of_session_file(v_file.id) && private.held_people(now()) then
		return 'held';
	end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	delete from private.session_files as f where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;

-- The end of a run revokes its tokens and deletes the lines that may not be kept. A level raised to one that names
-- nobody deletes all lines, in runs that have ended too; while nothing of the transcript of such a run may be deleted, its
-- lines are only left out of it.
create or replace function private.end_captions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'ended' or new.level in ('chatham_house', 'closed') then
		update private.caption_tokens set revoked_at = now() where run_id = new.id and revoked_at is null;
	end if;
	if new.state = 'ended' and old.state = 'ended' and private.must_keep_transcript(new) then
		update private.caption_lines as c set is_kept = false
		where c.run_id = new.id and c.is_kept and new.level in ('chatham_house', 'closed');
		return null;
	end if;
	delete from private.caption_lines
	where run_id = new.id
		and (new.level in ('chatham_house', 'closed') or new.state = 'ended' and not (is_kept and is_final));
	return null;
end
$$;

-- The lines that are kept of a session's runs that have ended, for those who may edit the session: {languages, total,
-- lines: [{id, language, at, starts, words}]}, a hundred on each page, in the order in which they were said. `starts`: in
-- milliseconds since the run began. Narrowed to a language, and to lines with these words. Where somebody no longer
-- agrees to be recorded and published there are none, as for every other reader.
create or replace function public.read_transcript_lines(session uuid, language text default null, query text default '',
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

-- Whether nothing of the transcript of a run may be deleted: a legal hold is on transcripts of the Summit, on somebody in
-- this one or on a recording of the run.
create function private.must_keep_transcript(p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_class_held('recordings', p_run.summit_id, now())
		or private.people_of_captions(p_run.id) && private.held_people(now())
		or exists (select from private.recordings as g where g.run_id = p_run.id and private.is_recording_held(g.id))
$$;

-- Takes a line out of the transcript of a session that the reader may edit and that has ended. The audit keeps when and
-- by whom, and not the words. While nothing of the transcript may be deleted, it is only left out. Locks the line.
create or replace function public.remove_transcript_line(line uuid) returns public.ok_or_not_found
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

-- The languages in which final lines of a run are kept. What a trim cut off of its recording is in no transcript either.
create or replace function private.transcript_languages(p_run uuid) returns setof text
language sql stable security definer set search_path = '' as $$
	select distinct c.language
	from private.caption_lines as c
	where c.run_id = p_run and c.is_kept and c.is_final
		and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(p_run))
$$;

-- [{starts, ends, words}] in milliseconds since the session began; null where there is none for this reader.
create or replace function public.read_transcript(summit uuid, code text, language text) returns jsonb
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

-- Deletes who was on stage when the level of a run is raised to one that names nobody, unless a legal hold keeps the lines
-- of one that has ended.
create or replace function private.erase_caption_people() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'ended' and private.must_keep_transcript(new) then return null; end if;
	delete from private.caption_people as p where p.run_id = new.id;
	return null;
end
$$;

-- The recordings that wait to be made into a file, for one process at a time. The last piece has eight seconds to come. Also
-- deletes pieces that are kept for no hold any more.
create or replace function private.claim_recordings_to_finish(p_process text, p_now timestamptz default now()) returns setof uuid
language sql volatile security definer set search_path = '' as $$
	select private.drop_sealed_pieces();
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '30 minutes'
	from private.recordings as g
	where g.id = r.recording_id and g.state = 'stopped' and g.stopped_at < p_now - interval '8 seconds'
		and r.held_until < p_now
		and exists (select from private.recording_chunks as c where c.recording_id = g.id)
	returning g.id
$$;

-- A recording of which no file can be made has failed.
create or replace function private.fail_recording(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings set state = 'failed', reason = 'no_file'
	where id = p_recording and state = 'stopped'
	returning * into v_recording;
	if not found then return; end if;
	perform private.notify_recording(v_recording);
end
$$;

-- Whether somebody interprets in the sound of a language who may be recorded: without a voice it would be the original.
create function private.has_recorded_voice(p_recording private.recordings, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_voices as v
		where v.recording_id = p_recording.id and v.language = p_language
			and private.may_record_voice(p_recording.run_id, v.person_id))
$$;

-- Deletes the files of languages whose last voice was withdrawn. While nothing of the recording may be deleted they are kept,
-- and nobody hears them. Locks the recordings first, as sealing does.
create function private.drop_voiceless_languages(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_language private.recording_languages;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.state = 'ready' and not private.is_trim_wanted(g.id) and exists (
			select from private.recording_languages as l
			where l.recording_id = g.id and coalesce(l.object_name, l.whole_object_name) is not null
				and not private.has_recorded_voice(g, l.language))
			and not private.must_keep_recording(g)
		for update of g skip locked
	loop
		for v_language in
			select l.* from private.recording_languages as l
			where l.recording_id = v_recording.id and coalesce(l.object_name, l.whole_object_name) is not null
				and l.held_until <= p_now and not private.has_recorded_voice(v_recording, l.language)
			for update
		loop
			update private.recording_languages as l set object_name = null, whole_object_name = null, is_refused = true
			where l.recording_id = v_language.recording_id and l.language = v_language.language;
			perform private.mark_objects_deletable(v_language.object_name, v_language.whole_object_name);
			delete from private.recording_voices as v
			where v.recording_id = v_language.recording_id and v.language = v_language.language;
			perform private.notify_recording(v_recording);
		end loop;
	end loop;
end
$$;

-- Gives one language to a process whose file is to be made of its pieces, or made again without a voice: {recording,
-- language, is_new}, or no row. While the picture is to be cut nothing is made again. While nothing of the recording may be
-- deleted, a file is made with the voices that were withdrawn, which nobody hears, and none is made again. One whose process
-- died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create or replace function private.claim_recording_language(p_process text, p_now timestamptz default now())
	returns table (recording uuid, language text, is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_silent_languages();
	perform private.drop_voiceless_languages(p_now);
	select g.id, l.language, private.is_language_due(l) into recording, language, is_new
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id
	where g.state = 'ready' and l.attempts < 3 and l.held_until <= p_now
		and (private.is_language_due(l)
			or coalesce(l.object_name, l.whole_object_name) is not null
				and private.has_withdrawn_voice(g.id, l.language) and private.has_recorded_voice(g, l.language)
				and not private.is_trim_wanted(g.id) and not private.must_keep_recording(g))
	order by g.started_at, l.language
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	update private.recording_languages as l set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = l.attempts + 1,
		reason = 'interrupted'
	where l.recording_id = recording and l.language = claim_recording_language.language
		and l.attempts < 3 and l.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if not found then return; end if;
	update private.recording_voices as v
	set is_leaving = not private.may_record_voice(g.run_id, v.person_id) and not private.must_keep_recording(g)
	from private.recordings as g
	where g.id = recording and v.recording_id = recording and v.language = claim_recording_language.language;
	return next;
end
$$;

-- [{language, media_type, size, sha256, is_left_out}] of a recording, for those who may have its picture; what organisers
-- leave out is for those alone who look at it before it is published. A language without a voice is none.
create or replace function private.languages_of_recording(p_recording private.recordings, p_previews boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'), 'is_left_out', l.is_left_out) order by l.language), '[]')
	from private.recording_languages as l
	join private.stored_objects as o on o.name = l.object_name and o.state = 'kept'
	where l.recording_id = p_recording.id and (p_previews or not l.is_left_out)
		and not private.has_withdrawn_voice(p_recording.id, l.language)
		and private.has_recorded_voice(p_recording, l.language)
$$;

-- [{language, state, missing_ms, is_refused, is_left_out}] of the languages that a recording was interpreted into, for
-- organisers. recording: it is not over. waiting: its file is being made. ready. leaving: a voice that was withdrawn is
-- being taken out. refused: nobody who interpreted agrees. silent: nobody interpreted. failed: it has no file.
create or replace function private.listed_languages(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language,
		'state', case
			when p_recording.state in ('wanted', 'running', 'paused') then 'recording'
			when p_recording.state = 'stopped' or private.is_language_due(l) then 'waiting'
			when l.object_name is not null and private.has_withdrawn_voice(p_recording.id, l.language) then 'leaving'
			when l.object_name is not null and private.has_recorded_voice(p_recording, l.language) then 'ready'
			when private.has_recorded_voice(p_recording, l.language) then 'failed'
			when l.is_refused or exists (select from private.recording_voices as v
				where v.recording_id = l.recording_id and v.language = l.language) then 'refused'
			else 'silent' end,
		'missing_ms', l.missing_ms, 'is_refused', l.is_refused, 'is_left_out', l.is_left_out)
		order by l.language), '[]')
	from private.recording_languages as l
	where l.recording_id = p_recording.id and p_recording.state not in ('sealed', 'failed')
$$;

-- Deletes the pieces of recordings, and of their languages, that are sealed or have failed: they never become files. While
-- nothing of such a recording may be deleted they are kept, and are deleted when the hold ends. Of one recording, or (null)
-- of all.
create function private.drop_sealed_pieces(p_recording uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.state in ('sealed', 'failed') and g.id = coalesce(p_recording, g.id)
			and (exists (select from private.recording_chunks as c where c.recording_id = g.id)
				or exists (select from private.recording_language_chunks as c where c.recording_id = g.id))
			and not private.must_keep_recording(g)
	loop
		delete from private.recording_chunks as c where c.recording_id = v_recording.id;
		delete from private.recording_language_chunks as c where c.recording_id = v_recording.id;
	end loop;
end
$$;

create function private.drop_pieces_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.drop_sealed_pieces(new.id);
	return null;
end
$$;

-- Seals a recording, whatever its state: nobody gets it any more, and pieces that are not yet a file never become one.
create or replace function private.seal_recording(p_recording uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	update private.recordings
	set state = 'sealed', reason = p_reason, published_at = null, stopped_at = coalesce(stopped_at, now())
	where id = p_recording and state not in ('sealed', 'failed')
	returning * into v_recording;
	if not found then return; end if;
	update private.recording_parts set ended_at = now() where recording_id = p_recording and ended_at is null;
	update private.recorders set key_hash = null where recording_id = p_recording;
	perform private.notify_recording(v_recording);
end
$$;

-- The published recordings of a Summit that this reader may watch, oldest first: [{id, session, recorded_at, length_ms,
-- languages: of its captions}].
create or replace function public.list_published_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', g.id,
			'session', g.session_id,
			'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms,
			'languages', (select coalesce(jsonb_agg(each.language order by each.language), '[]')
				from (select distinct c.language
					from private.caption_lines as c
					where c.run_id = g.run_id and c.is_kept and c.is_final) as each
				where private.has_captions(g, each.language)))
			order by g.started_at, g.id), '[]')
	from private.recordings as g
	where g.summit_id = list_published_recordings.summit
		and g.published_at is not null
		and private.may_watch_recording((select private.me()), g)
$$;

-- {language: [{starts, ends, words}]} in milliseconds of the file, for everybody who may watch it or look at it; null
-- for everyone else.
create or replace function public.recording_captions(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_object_agg(each.language, private.captions_of_recording(g, each.language))
		from (select distinct c.language from private.caption_lines as c
			where c.run_id = g.run_id and c.is_kept and c.is_final) as each
		where private.has_captions(g, each.language)), '{}')
	from private.recordings as g
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_recording(private.me(), g) or private.may_preview_recording(g))
$$;

create function private.people_of_session_file(p_file uuid) returns uuid[]
language sql stable as $$
	select array(select distinct v.uploaded_by
		from private.file_versions as v
		where v.file_id = p_file and v.uploaded_by is not null)
$$;

-- Counts of what everybody registered may see: released sessions, closed ones aside, and what was made of them.
create or replace function private.impact_programme(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select rs.session_id, rs.spoken || rs.interpreted as languages, rs.interpreted, rs.content_note,
			private.level_in_force(rs.session_id) in ('public', 'members') as is_named
		from public.release_sessions as rs
		where rs.release_id = private.newest_release(p_summit)
			and not rs.is_break
			and not rs.is_cancelled
			and private.level_in_force(rs.session_id) <> 'closed'),
	documents as materialized (
		select distinct p.item_id
		from private.readable_publications(null) as p
		join private.library_ties as t on t.item_id = p.item_id and t.number = p.number
		join held on held.session_id = t.session_id
		where p.shown_until > now())
	select 'sessions', '', '', count(*) from held
	union all
	select 'languages', '', '', count(distinct l) from held, unnest(held.languages) as l
	union all
	select 'languages', 'language', l, count(distinct held.session_id) from held, unnest(held.languages) as l group by l
	union all
	select 'content_notes', '', '', count(*) from held where held.content_note <> '{}'
	union all
	select 'captioned', '', '', count(*)
	from held
	where held.is_named and exists (
		select from private.caption_lines as c join public.runs on runs.id = c.run_id
		where runs.session_id = held.session_id and c.is_final and c.level in ('public', 'members'))
	union all
	select 'recordings', '', '', count(distinct r.session_id)
	from private.recordings as r
	join held on held.session_id = r.session_id and held.is_named
	where r.published_at is not null
	union all
	select 'documents', '', '', count(*) from documents
	union all
	select 'documents_opened', '', '', coalesce(sum(private.library_openings_of(d.item_id)), 0)::bigint
	from documents as d
$$;

create trigger drop_pieces after update of state on private.recordings for each row
	when (new.state in ('sealed', 'failed') and old.state <> new.state)
	execute function private.drop_pieces_of_recording();

-- Rows that go with the closing of their Summit.
update private.retention_rules set people = 'private.people_of_session_file(t.id)'
where table_name = 'private.session_files';

grant execute on function public.remove_session_file(uuid) to authenticated;

reset check_function_bodies;
