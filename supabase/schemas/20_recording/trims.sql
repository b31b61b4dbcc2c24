-- Trimming recordings: organisers say from where until where, a process makes the shorter file, and the whole one is kept
-- until the recording is published or the trim is undone. A published recording must be withdrawn first.

create trigger mark_object_deletable after delete on private.recording_trims for each row
	execute function private.mark_row_object_deletable();

-- Whether a recording is still to be cut.
create function private.is_trim_wanted(p_recording uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.recording_trims as t where t.recording_id = p_recording and t.from_ms is not null)
$$;

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
create function private.trim_json(p_recording private.recordings) returns jsonb
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

-- Asks for a trim: the file is to begin at `from_ms` and to end at `until_ms` (null: at its end), milliseconds of the
-- file. Locks the recording. Answers ok, not_found, published, held (nothing of it may be deleted), refused (the reader
-- may not look at it, or there is a trim to undo first), range.
create function public.trim_recording(recording uuid, from_ms integer, until_ms integer)
	returns public.recording_trim_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
	v_from integer := coalesce(from_ms, 0);
	v_until integer := least(coalesce(until_ms, v_recording.length_ms), v_recording.length_ms);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.published_at is not null then return 'published'; end if;
	if private.must_keep_recording(v_recording) then return 'held'; end if;
	if not private.may_preview_recording(v_recording) then return 'refused'; end if;
	if v_from < 0 or v_until < 0 or v_until::bigint - v_from < 1000
		or v_from = 0 and v_until = v_recording.length_ms then
		return 'range';
	end if;
	insert into private.recording_trims as t (recording_id, recorded_ms, ends_ms, from_ms, until_ms)
	values (v_recording.id, v_recording.length_ms, v_recording.length_ms, v_from, v_until)
	on conflict (recording_id) do update set
		from_ms = excluded.from_ms,
		until_ms = excluded.until_ms,
		held_by = null,
		held_until = '-infinity',
		attempts = 0,
		reason = ''
	where t.from_ms is null and t.object_name is null;
	if not found then return 'refused'; end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.trim_recording(uuid, integer, integer) to authenticated;

-- Undoes a trim: one that is not made yet is not made, and of one that is made the whole file comes back. Locks the
-- recording. Answers ok, already (there is none, or the rest is deleted), not_found, published, held (the shorter file may
-- not be deleted), refused.
create function public.undo_recording_trim(recording uuid) returns public.recording_trim_undo_status
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
		perform private.restore_languages(v_recording.id);
		delete from private.recording_copies as c where c.recording_id = v_recording.id;
	end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.undo_recording_trim(uuid) to authenticated;

-- A trim that is not made yet is not wanted any more.
create function private.cancel_trim(p_recording uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_trims set from_ms = null, until_ms = null, held_by = null, held_until = '-infinity',
		attempts = 0, reason = ''
	where recording_id = p_recording and from_ms is not null
$$;

-- Nobody gets a sealed recording, so it is not trimmed either. Both of its files are kept as long as it is. What a wanted
-- trim was to cut off stays out of the transcript.
create function private.cancel_trim_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.recording_trims set held_by = null, held_until = '-infinity'
	where recording_id = new.id and from_ms is not null;
	return null;
end
$$;
create trigger cancel_trim after update of state on private.recordings for each row
	when (old.state = 'ready' and new.state <> 'ready') execute function private.cancel_trim_of_recording();

-- Deletes the whole files of trimmed recordings that are published, with the lines of captions that were cut off; while a
-- hold is on one, all of it stays.
create function private.drop_untrimmed_files() returns void
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
		perform private.drop_whole_languages(v_trim.recording_id);
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
create function private.claim_recording_trim(p_process text, p_now timestamptz default now())
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
		and not private.must_keep_recording(g) and not private.has_language_work(g.id, p_now)
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
grant execute on function private.claim_recording_trim(text, timestamptz) to app_server;

-- The process still works on it. False when the trim is not wanted any more, or another process makes it.
create function private.hold_recording_trim(p_recording uuid, p_process text, p_now timestamptz default now())
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_trims set held_until = p_now + interval '2 minutes'
	where recording_id = p_recording and held_by = p_process and from_ms is not null;
	return found;
end
$$;
grant execute on function private.hold_recording_trim(uuid, text, timestamptz) to app_server;

-- The shorter file is in the store: it begins at `p_from` of the file before and is `p_length` long, in milliseconds;
-- `p_languages` has the shorter file of each language. The copy in MP4 is deleted, and made of this file again. False when it must not be kept: the recording was sealed,
-- deleted or held meanwhile, the trim was undone, or another process makes it. Locks the recording first, as sealing does.
create function private.finish_recording_trim(p_recording uuid, p_process text, p_object text, p_from integer,
	p_length integer, p_languages jsonb default '{}') returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings
	where id = p_recording and state = 'ready' and published_at is null
	for update;
	if not found or private.must_keep_recording(v_recording) then return false; end if;
	perform from private.recording_trims
	where recording_id = p_recording and held_by = p_process and from_ms is not null
	for update;
	if not found or not private.mark_object_used(p_object) then return false; end if;
	update private.recording_trims set
		object_name = v_recording.object_name,
		whole_starts_ms = starts_ms,
		whole_ends_ms = ends_ms,
		starts_ms = starts_ms + p_from,
		ends_ms = least(starts_ms + p_from + p_length, ends_ms),
		from_ms = null,
		until_ms = null,
		held_by = null,
		held_until = '-infinity',
		attempts = 0,
		reason = ''
	where recording_id = p_recording;
	update private.recordings set object_name = p_object, length_ms = p_length where id = p_recording;
	perform private.cut_languages(p_recording, p_languages);
	delete from private.recording_copies where recording_id = p_recording;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording_trim(uuid, text, text, integer, integer, jsonb) to app_server;

-- This try failed; the next is five minutes later, and after the third there is none. One that ended with its process does
-- not count, and the next process begins at once. Where there is no key frame to begin with, no other try would find one.
create function private.fail_recording_trim(
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
grant execute on function private.fail_recording_trim(uuid, text, text, timestamptz) to app_server;
