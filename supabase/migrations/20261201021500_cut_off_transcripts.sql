-- What a trim cuts off of a recording is in no transcript, and is deleted with the rest of the file. Publishing it says so
-- first; a trim that a legal hold stops can be undone; one that failed is shown at once.

set check_function_bodies = off;

-- Publishing a recording. Consent: somebody in it does not want to be seen. Trimming: it is still to be cut. Trimmed: what
-- was cut off would be deleted, and the caller has not said so.
alter domain public.recording_publication_status drop constraint recording_publication_status_check;
alter domain public.recording_publication_status add constraint recording_publication_status_check
	check (value in ('ok', 'not_found', 'refused', 'consent', 'trimming', 'trimmed'));

drop function public.publish_recording(uuid, boolean);

-- What a trim cuts off of a run, in milliseconds since the run began; with `p_wanted` as if it were made. Lines of captions
-- are written some seconds after they are spoken, so that what begins in the first five seconds after a cut may hold words
-- from before it, and is cut off too.
create function private.cut_off(p_recording uuid, p_wanted boolean) returns int4multirange
language sql stable security definer set search_path = '' as $$
	with trimmed as (
		select runs.started_at, t.recorded_ms,
			t.starts_ms + case when p_wanted then coalesce(t.from_ms, 0) else 0 end as starts,
			least(t.ends_ms, case when p_wanted then t.starts_ms + t.until_ms end) as ends
		from private.recording_trims as t
		join private.recordings as g on g.id = t.recording_id
		join public.runs on runs.id = g.run_id
		where t.recording_id = p_recording and runs.started_at is not null
	), parts as (
		select p.length_ms, (extract(epoch from p.started_at - t.started_at) * 1000)::integer as at,
			coalesce(sum(p.length_ms) over (
				order by p.number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts as p
		cross join trimmed as t
		where p.recording_id = p_recording and p.length_ms > 0
	), placed as (
		select t.starts > 0 as has_beginning, t.ends < t.recorded_ms as has_end,
			min(p.at) as begins,
			max(p.at + t.starts - p.before) filter (where p.before <= t.starts) as starts,
			max(p.at + t.ends - p.before) filter (where p.before < t.ends) as ends,
			max(p.at + p.length_ms) as finishes
		from parts as p
		cross join trimmed as t
		group by t.starts, t.ends, t.recorded_ms
	)
	select coalesce(range_agg(each.span), '{}')
	from (
		select int4range(begins, starts + 5000) from placed where has_beginning
		union all
		select int4range(ends + 1, greatest(ends + 1, finishes + 5000)) from placed where has_end) as each (span)
$$;

-- What trims cut off of a run, made or wanted: no transcript holds it.
create function private.cut_off_of_run(p_run uuid) returns int4multirange
language sql stable security definer set search_path = '' as $$
	select coalesce(range_agg(each.span), '{}')
	from private.recordings as g
	cross join lateral unnest(private.cut_off(g.id, true)) as each (span)
	where g.run_id = p_run
$$;

-- Deletes the lines of captions that a trim cut off, with the file that held their sound. While a legal hold is on
-- somebody in the transcript they are only left out of it. The caller has asked `private.must_keep_recording`.
create function private.drop_cut_lines(p_recording private.recordings, p_wanted boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_cut int4multirange := private.cut_off(p_recording.id, p_wanted);
begin
	if isempty(v_cut) then return; end if;
	if private.people_of_captions(p_recording.run_id) && private.held_people(now()) then
		update private.caption_lines as c set is_kept = false
		where c.run_id = p_recording.run_id and c.is_kept and int4range(c.starts, c.ends, '[]') && v_cut;
	else
		delete from private.caption_lines as c
		where c.run_id = p_recording.run_id and int4range(c.starts, c.ends, '[]') && v_cut;
	end if;
end
$$;

-- With a recording its trim is deleted, and what that left out of the transcript does not come back.
create function private.drop_cut_lines_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.drop_cut_lines(old, true);
	return old;
end
$$;
create trigger drop_cut_lines before delete on private.recordings for each row
	execute function private.drop_cut_lines_of_recording();

-- What organisers see of a trim: {state: waiting | failed | held (nothing may be cut off at this moment) | done | kept (the
-- rest is deleted), reason (of one that failed), from_ms, until_ms (of a wanted one, in the file), before_ms, after_ms
-- (what was cut off), lines (of captions that are left out, and are deleted with the rest), may_undo}; null where none
-- was made.
create or replace function private.trim_json(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', case
			when t.from_ms is null then case when t.object_name is null then 'kept' else 'done' end
			when t.attempts >= 3 and t.held_until <= now() then 'failed'
			when private.must_keep_recording(p_recording) then 'held'
			else 'waiting' end,
		'reason', case when t.from_ms is not null and t.attempts >= 3 and t.held_until <= now() then t.reason end,
		'from_ms', t.from_ms,
		'until_ms', t.until_ms,
		'before_ms', t.starts_ms,
		'after_ms', t.recorded_ms - t.ends_ms,
		'lines', (
			select count(*)
			from private.caption_lines as c
			where c.run_id = p_recording.run_id and c.is_kept and c.is_final
				and int4range(c.starts, c.ends, '[]') && (select private.cut_off(p_recording.id, true))),
		'may_undo', p_recording.state = 'ready' and p_recording.published_at is null
			and (t.from_ms is not null
				or t.object_name is not null and not private.must_keep_recording(p_recording)))
	from private.recording_trims as t
	where t.recording_id = p_recording.id
		and (t.from_ms is not null or t.starts_ms > 0 or t.ends_ms < t.recorded_ms)
$$;

-- Undoes a trim: one that is not made yet is not made, and of one that is made the whole file comes back. Locks the
-- recording. Answers ok, already (there is none, or the rest is deleted), not_found, published, held (the shorter file may
-- not be deleted), refused.
create or replace function public.undo_recording_trim(recording uuid) returns public.recording_trim_undo_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
	v_trim private.recording_trims;
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.published_at is not null then return 'published'; end if;
	if not private.may_preview_recording(v_recording) then return 'refused'; end if;
	select * into v_trim from private.recording_trims as t
	where t.recording_id = v_recording.id and (t.from_ms is not null or t.object_name is not null)
	for update;
	if not found then return 'already'; end if;
	if v_trim.object_name is not null and private.must_keep_recording(v_recording) then return 'held'; end if;
	perform private.cancel_trim(v_recording.id);
	if v_trim.object_name is not null then
		update private.recording_trims as t
		set object_name = null, whole_starts_ms = null, whole_ends_ms = null,
			starts_ms = v_trim.whole_starts_ms, ends_ms = v_trim.whole_ends_ms
		where t.recording_id = v_recording.id;
		update private.recordings as g
		set object_name = v_trim.object_name, length_ms = v_trim.whole_ends_ms - v_trim.whole_starts_ms
		where g.id = v_recording.id;
		perform private.mark_objects_deletable(v_recording.object_name);
		delete from private.recording_copies as c where c.recording_id = v_recording.id;
	end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

-- Nobody gets a sealed recording, so it is not trimmed either. Both of its files are kept as long as it is. What a wanted
-- trim was to cut off stays out of the transcript.
create or replace function private.cancel_trim_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.recording_trims set held_by = null, held_until = '-infinity'
	where recording_id = new.id and from_ms is not null;
	return null;
end
$$;

-- Deletes the whole files of trimmed recordings that are published, with the lines of captions that were cut off; while a
-- hold is on one, all of it stays.
create or replace function private.drop_untrimmed_files() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_trim private.recording_trims;
begin
	for v_trim in
		select t.* from private.recording_trims as t
		join private.recordings as g on g.id = t.recording_id
		where t.object_name is not null and g.published_at is not null and not private.must_keep_recording(g)
		for update of t skip locked
	loop
		perform private.mark_objects_deletable(v_trim.object_name);
		perform private.drop_cut_lines(g, false) from private.recordings as g where g.id = v_trim.recording_id;
		update private.recording_trims set object_name = null, whole_starts_ms = null, whole_ends_ms = null
		where recording_id = v_trim.recording_id;
	end loop;
end
$$;

-- Ends the claims of processes that died in the last try, and tells the pages that show the trim.
create function private.give_up_trims(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	with given_up as (
		update private.recording_trims set held_by = null, held_until = '-infinity'
		where from_ms is not null and attempts >= 3 and held_by is not null and held_until <= p_now
		returning recording_id
	)
	select private.notify_recording(g)
	from private.recordings as g
	join given_up on given_up.recording_id = g.id
$$;

-- Gives one recording that is to be cut to a process: {recording, object, media_type, from_ms, until_ms}, or no row. One
-- whose process died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create or replace function private.claim_recording_trim(p_process text, p_now timestamptz default now())
	returns table (recording uuid, object text, media_type text, from_ms integer, until_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_untrimmed_files();
	perform private.give_up_trims(p_now);
	select g.id, g.object_name, o.media_type, t.from_ms, t.until_ms
	into recording, object, media_type, from_ms, until_ms
	from private.recordings as g
	join private.recording_trims as t on t.recording_id = g.id
	join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.state = 'ready' and g.published_at is null
		and t.from_ms is not null and t.attempts < 3 and t.held_until <= p_now
		and not private.must_keep_recording(g)
	order by g.started_at
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	update private.recording_trims as t set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = t.attempts + 1,
		reason = 'interrupted'
	where t.recording_id = recording and t.from_ms is not null and t.attempts < 3 and t.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if found then return next; end if;
end
$$;

-- This try failed; the next is five minutes later, and after the third there is none. One that ended with its process does
-- not count, and the next process begins at once. Where there is no key frame to begin with, no other try would find one.
create or replace function private.fail_recording_trim(
	p_recording uuid, p_process text, p_reason text, p_now timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_trims set
		held_by = null,
		reason = p_reason,
		attempts = case p_reason when 'interrupted' then attempts - 1 when 'no_picture' then 3 else attempts end,
		held_until = case
			when p_reason in ('interrupted', 'no_picture') or attempts >= 3 then '-infinity'
			else p_now + interval '5 minutes' end
	where recording_id = p_recording and held_by = p_process and from_ms is not null;
	if found then
		perform private.notify_recording(g) from private.recordings as g where g.id = p_recording;
	end if;
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
					where c.run_id = g.run_id and c.is_kept) as each
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
			where c.run_id = g.run_id and c.is_kept) as each
		where private.has_captions(g, each.language)), '{}')
	from private.recordings as g
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_recording(private.me(), g) or private.may_preview_recording(g))
$$;

-- Whether a line of a language was said in what the file holds.
create function private.has_captions(p_recording private.recordings, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.caption_lines as c
		join public.runs on runs.id = c.run_id
		where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final
			and not int4range(c.starts, c.ends, '[]') && (select private.cut_off(p_recording.id, false))
			and private.was_recorded(p_recording.id, runs.started_at + c.starts * interval '1 millisecond'))
$$;

-- Whether something was said while a recording ran, and not in a pause. Captions of its first words may be some seconds
-- early.
create function private.was_recorded(p_recording uuid, p_said timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_parts as p
		where p.recording_id = p_recording
			and p.length_ms > 0
			and p_said >= p.started_at - interval '3 seconds'
			and p_said < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- The lines of captions that are kept, at their positions in the file. What was said in a pause of the recording, or was
-- cut off, is not in it.
create or replace function private.captions_of_recording(p_recording private.recordings, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('starts', placed.at, 'ends', placed.at + c.ends - c.starts,
		'words', c.words) order by placed.at, c.number), '[]')
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	cross join lateral (select runs.started_at + c.starts * interval '1 millisecond' as said) as moment
	cross join lateral (select private.position_in_recording(p_recording.id, moment.said) as at) as placed
	where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final
		and placed.at is not null
		and not int4range(c.starts, c.ends, '[]') && (select private.cut_off(p_recording.id, false))
		and private.was_recorded(p_recording.id, moment.said)
$$;

-- Publishes a recording to the session's audience, or takes it back. Locks the recording. Answers ok, not_found,
-- refused (the reader may not look at it), consent (somebody in it does not want to be seen), trimming (it is still to be
-- cut), trimmed (what was cut off would be deleted: `drop_rest` says that the caller knows).
create function public.publish_recording(recording uuid, published boolean, drop_rest boolean default false)
	returns public.recording_publication_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if published and not private.may_preview_recording(v_recording) then return 'refused'; end if;
	if published and not private.all_consent_to_recording(v_recording, true) then return 'consent'; end if;
	if published and private.is_trim_wanted(v_recording.id) then return 'trimming'; end if;
	if published and not coalesce(drop_rest, false) and exists (
		select from private.recording_trims as t
		where t.recording_id = v_recording.id and t.object_name is not null) then
		return 'trimmed';
	end if;
	update private.recordings set published_at = case when published then now() end
	where id = v_recording.id and (published_at is not null) <> published;
	if published then perform private.drop_untrimmed_files(); end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.publish_recording(uuid, boolean, boolean) to authenticated;

-- The languages in which lines of a run are kept. What a trim cut off of its recording is in no transcript either.
create function private.transcript_languages(p_run uuid) returns setof text
language sql stable security definer set search_path = '' as $$
	select distinct c.language
	from private.caption_lines as c
	where c.run_id = p_run and c.is_kept
		and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(p_run))
$$;

-- The newest run of a session that has ended and has lines to keep in a language.
create or replace function private.transcript_run(p_session uuid, p_language text) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id
	from public.runs
	where runs.session_id = p_session and runs.state = 'ended' and runs.level in ('public', 'members')
		and p_language in (select private.transcript_languages(runs.id))
	order by runs.started_at desc
	limit 1
$$;

-- [{starts, ends, words}] in milliseconds since the session began; null where there is none for this reader.
create or replace function public.read_transcript(summit uuid, code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (
		select jsonb_agg(jsonb_build_object('starts', c.starts, 'ends', c.ends, 'words', c.words)
			order by c.starts, c.number)
		from private.caption_lines as c
		where c.run_id = private.transcript_run(s.id, read_transcript.language)
			and c.language = read_transcript.language and c.is_kept
			and not int4range(c.starts, c.ends, '[]') && (
				select private.cut_off_of_run(private.transcript_run(s.id, read_transcript.language))))
	from public.sessions as s
	where s.summit_id = summit and s.code = read_transcript.code and summit in (select private.readable_summits())
		and private.may_read_transcript(private.me(), s.id)
		and private.all_agree_to_transcript(private.transcript_run(s.id, read_transcript.language))
		and (select runs.level from public.runs where runs.id = private.transcript_run(s.id, read_transcript.language))
			<= private.strictest_readable_level(private.me(), s.id)
$$;

-- The languages in which a session has a transcript for this reader.
create or replace function public.list_transcripts(summit uuid, code text) returns text[]
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

-- The lines of published recordings that a query finds, of those recordings that the person may watch, among the
-- sessions that they see (`p_sessions`). What was said in a pause of the recording, or cut off, is not in it. Which recordings these
-- are does not depend on the query, so that its time says nothing about others.
create or replace function private.library_moments(p_person uuid, p_query tsquery, p_sessions uuid[])
	returns table (recording_id uuid, line_id uuid, language text, said_on date)
language sql stable security definer set search_path = '' as $$
	with watched as materialized (
		select g.id, g.run_id, runs.started_at, private.cut_off(g.id, false) as cut
		from private.recordings as g
		join public.runs on runs.id = g.run_id
		where p_query is not null
			and g.state = 'ready'
			and g.published_at is not null
			and runs.session_id = any (p_sessions)
			and private.may_watch_recording(p_person, g)
	), said as (
		select w.id as recording_id, c.id as line_id, c.language, w.started_at + c.starts * interval '1 millisecond' as at
		from watched as w
		join private.caption_lines as c on c.run_id = w.run_id
		where c.is_kept
			and c.is_final
			and not int4range(c.starts, c.ends, '[]') && w.cut
			and to_tsvector(private.search_configuration(c.language), private.part_words(c.words)) @@ p_query
	)
	select s.recording_id, s.line_id, s.language, s.at::date
	from said as s
	where exists (
		select from private.recording_parts as p
		where p.recording_id = s.recording_id
			and p.length_ms > 0
			and s.at >= p.started_at - interval '3 seconds'
			and s.at < p.started_at + p.length_ms * interval '1 millisecond')
$$;

drop function private.is_within_trim(uuid, timestamptz, integer);

select private.close_with_summit();
