-- Recordings are trimmed: organisers cut off the beginning and the end, and what is left keeps its captions, chapters and
-- moments of the search at the right positions.

set check_function_bodies = off;

-- How the file of a recording is trimmed: its beginning and its end are cut off, and what is left keeps its captions,
-- chapters and moments of the search at the right positions. Made when somebody first trims it.
create table private.recording_trims (
	recording_id uuid primary key references private.recordings (id) on delete cascade,
	-- How long everything that was recorded is, and what of it the file holds, in milliseconds.
	recorded_ms integer not null,
	starts_ms integer not null default 0 check (starts_ms >= 0),
	ends_ms integer not null check (ends_ms > starts_ms),
	-- What the file is to hold, in milliseconds of the file; null when nothing is to be cut.
	from_ms integer check (from_ms >= 0),
	until_ms integer check (until_ms > from_ms),
	-- The file before the cut, and what it holds: kept until the recording is published or the cut is undone.
	object_name text unique references private.stored_objects (name) on delete restrict,
	whole_starts_ms integer,
	whole_ends_ms integer,
	-- The process that cuts, and until when it is believed to live. The process renews this while it works.
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Why the last try failed: interrupted (its process ended), gone (the file), no_picture (between the two positions),
	-- unreadable, store.
	reason text not null default ''
		check (reason in ('', 'interrupted', 'gone', 'no_picture', 'unreadable', 'store')),
	check ((from_ms is null) = (until_ms is null)),
	check (from_ms is null or object_name is null),
	check ((object_name is null) = (whole_starts_ms is null) and (object_name is null) = (whole_ends_ms is null))
);
alter table private.recording_trims enable row level security;
-- A process renews its claim every few seconds, which is no act of anybody.
create trigger audit_record_insert after insert on private.recording_trims
	for each row execute function audit.record_change('', 'object_name', 'held_by');
create trigger audit_record_update after update on private.recording_trims for each row
	when ((old.starts_ms, old.ends_ms, old.from_ms, old.until_ms, old.object_name)
		is distinct from (new.starts_ms, new.ends_ms, new.from_ms, new.until_ms, new.object_name))
	execute function audit.record_change('', 'object_name', 'held_by');
create trigger audit_record_delete after delete on private.recording_trims
	for each row execute function audit.record_change('', 'object_name', 'held_by');

insert into private.retention_rules (table_name, class) values ('private.recording_trims', 'recordings');

-- Publishing a recording. Consent: somebody in it does not want to be seen. Trimming: it is still to be cut.
alter domain public.recording_publication_status drop constraint recording_publication_status_check;
alter domain public.recording_publication_status add constraint recording_publication_status_check
	check (value in ('ok', 'not_found', 'refused', 'consent', 'trimming'));

-- Trimming a recording. Published: it must be withdrawn first. Range: nothing would be cut, or less than a second left.
create domain public.recording_trim_status as text
	check (value in ('ok', 'not_found', 'refused', 'held', 'published', 'range'));

-- Undoing a trim. Already: there is nothing to undo.
create domain public.recording_trim_undo_status as text
	check (value in ('ok', 'already', 'not_found', 'refused', 'held', 'published'));

create trigger mark_object_deletable after delete on private.recording_trims for each row
	execute function private.mark_row_object_deletable();

-- Whether a recording is still to be cut.
create function private.is_trim_wanted(p_recording uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.recording_trims as t where t.recording_id = p_recording and t.from_ms is not null)
$$;

-- Whether a trim leaves something said in the file, from a moment on and for so many milliseconds. What began before it
-- or ends after it is not in it.
create function private.is_within_trim(p_recording uuid, p_at timestamptz, p_lasts integer) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (
		select from private.recording_trims as t
		cross join lateral (select private.position_in_recording(p_recording, p_at) as at) as placed
		where t.recording_id = p_recording
			and (placed.at is null or t.ends_ms < t.recorded_ms and placed.at + p_lasts > t.ends_ms - t.starts_ms))
$$;

-- What organisers see of a trim: {state: waiting | failed | done | kept (the rest is deleted), from_ms, until_ms (of a
-- wanted one, in the file), before_ms, after_ms (what was cut off), may_undo}; null where none was made.
create function private.trim_json(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', case
			when t.from_ms is not null then case when t.attempts >= 3 and t.held_until <= now() then 'failed' else 'waiting' end
			when t.object_name is not null then 'done'
			else 'kept' end,
		'from_ms', t.from_ms,
		'until_ms', t.until_ms,
		'before_ms', t.starts_ms,
		'after_ms', t.recorded_ms - t.ends_ms,
		'may_undo', p_recording.state = 'ready' and p_recording.published_at is null
			and (t.from_ms is not null or t.object_name is not null))
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
-- recording. Answers ok, already (there is none, or the rest is deleted), not_found, published, held, refused.
create function public.undo_recording_trim(recording uuid) returns public.recording_trim_undo_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
	v_trim private.recording_trims;
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.published_at is not null then return 'published'; end if;
	if private.must_keep_recording(v_recording) then return 'held'; end if;
	if not private.may_preview_recording(v_recording) then return 'refused'; end if;
	select * into v_trim from private.recording_trims as t
	where t.recording_id = v_recording.id and (t.from_ms is not null or t.object_name is not null)
	for update;
	if not found then return 'already'; end if;
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
grant execute on function public.undo_recording_trim(uuid) to authenticated;

-- A trim that is not made yet is not wanted any more.
create function private.cancel_trim(p_recording uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_trims set from_ms = null, until_ms = null, held_by = null, held_until = '-infinity',
		attempts = 0, reason = ''
	where recording_id = p_recording and from_ms is not null
$$;

-- Nobody gets a sealed recording, so it is not trimmed either. Both of its files are kept as long as it is.
create function private.cancel_trim_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.cancel_trim(new.id);
	return null;
end
$$;
create trigger cancel_trim after update of state on private.recordings for each row
	when (old.state = 'ready' and new.state <> 'ready') execute function private.cancel_trim_of_recording();

-- Deletes the whole files of trimmed recordings that are published; while a hold is on one, its file stays.
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
		update private.recording_trims set object_name = null, whole_starts_ms = null, whole_ends_ms = null
		where recording_id = v_trim.recording_id;
	end loop;
end
$$;

-- Gives one recording that is to be cut to a process: {recording, object, media_type, from_ms, until_ms}, or no row. One
-- whose process died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create function private.claim_recording_trim(p_process text, p_now timestamptz default now())
	returns table (recording uuid, object text, media_type text, from_ms integer, until_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_untrimmed_files();
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

-- The shorter file is in the store: it begins at `p_from` of the file before and is `p_length` long, in milliseconds. The
-- copy in MP4 is deleted, and made of this file again. False when it must not be kept: the recording was sealed,
-- deleted or held meanwhile, the trim was undone, or another process makes it. Locks the recording first, as sealing does.
create function private.finish_recording_trim(p_recording uuid, p_process text, p_object text, p_from integer,
	p_length integer) returns boolean
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
	delete from private.recording_copies where recording_id = p_recording;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording_trim(uuid, text, text, integer, integer) to app_server;

-- This try failed; the next is five minutes later. One that ended with its process does not count, and the next process
-- begins at once. Where there is no picture to begin with, no other try would find one.
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
			when p_reason in ('interrupted', 'no_picture') then '-infinity'
			else p_now + interval '5 minutes' end
	where recording_id = p_recording and held_by = p_process and from_ms is not null;
	if found then
		perform private.notify_recording(g) from private.recordings as g where g.id = p_recording;
	end if;
end
$$;
grant execute on function private.fail_recording_trim(uuid, text, text, timestamptz) to app_server;

-- Whether nothing of a recording may be deleted: a legal hold is on recordings or on somebody in it, or a case holds it.
create or replace function private.must_keep_recording(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_class_held('recordings', p_recording.summit_id, now())
		or private.is_recording_held(p_recording.id)
		or private.people_of_recording(p_recording.id) && private.held_people(now())
$$;

-- The position of a moment in the file, in milliseconds. A moment in a break has the position where the recording
-- continues; null after the end, and for what a trim has cut off.
create or replace function private.position_in_recording(p_recording uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select placed.at - coalesce(t.starts_ms, 0)
	from (
		select min(before + greatest(0, (extract(epoch from p_at - started_at) * 1000)::integer)) as at
		from (
			select started_at, length_ms, coalesce(sum(length_ms) over (
				order by number rows between unbounded preceding and 1 preceding), 0)::integer as before
			from private.recording_parts
			where recording_id = p_recording and length_ms > 0) as parts
		where p_at < started_at + length_ms * interval '1 millisecond') as placed
	left join private.recording_trims as t on t.recording_id = p_recording
	where t.recording_id is null or placed.at >= t.starts_ms and placed.at < t.ends_ms
$$;

-- [{at (milliseconds), kind: began | on_stage | slide, name, page}]. A file whose beginning was cut off begins with a
-- chapter without a name: who was on stage before may have left it. Of marks in the same second the last one counts,
-- for it says what is to be seen. Names are those of this moment; somebody under 18 who came from the floor is not
-- named.
create or replace function private.chapters_of(p_recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with marked as (
		select private.position_in_recording(p_recording, k.at) / 1000 * 1000 as at, k.kind, k.person_id, k.page, k.id
		from private.recording_marks as k
		where k.recording_id = p_recording
		union all
		select 0, 'began', null, null, 0
		from private.recording_trims as t
		where t.recording_id = p_recording and t.starts_ms > 0
	), placed as (
		select distinct on (k.at) k.at, k.kind,
			case when not private.is_unnamed_minor(people.id, g.session_id) then people.display_name end as name, k.page
		from marked as k
		join private.recordings as g on g.id = p_recording
		left join public.people on people.id = k.person_id
		where k.at is not null
		order by k.at, k.kind = 'began', k.id desc
	), followed as (
		select placed.*, kind = lag(kind) over earlier
			and name is not distinct from lag(name) over earlier
			and page is not distinct from lag(page) over earlier as is_same
		from placed
		window earlier as (order by at)
	)
	-- Somebody who left the stage for a moment and came back is named once, and so is a page that was shown again.
	select coalesce(jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'name', name, 'page', page) order by at), '[]')
	from followed
	where kind = 'began' or not coalesce(is_same, false)
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
		and private.is_within_trim(p_recording.id, moment.said, c.ends - c.starts)
		and exists (select from private.recording_parts as p
			where p.recording_id = p_recording.id
				and moment.said >= p.started_at - interval '3 seconds'
				and moment.said < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- The recordings of a Summit, of the sessions that the reader may edit. A sealed recording is listed so that it can be
-- deleted; it names nobody, neither in chapters nor among those who do not want to be seen.
create or replace function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason,
		'recorded_at', private.iso(g.started_at),
		'length_ms', g.length_ms,
		'is_published', g.published_at is not null,
		'is_shown', private.is_recording_shown(g),
		'may_look', private.may_preview_recording(g),
		'has_file', g.object_name is not null,
		'trim', private.trim_json(g),
		'chapters', case when g.state = 'sealed' then '[]' else private.chapters_of(g.id) end,
		'code', s.code,
		'title', s.title,
		'without_consent', case when g.state = 'sealed' then '[]' else (
			select coalesce(jsonb_agg(people.display_name order by people.display_name), '[]')
			from private.recording_people as p
			join public.people on people.id = p.person_id
			where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true)) end)
		order by g.started_at desc), '[]')
	from private.recordings as g
	join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;

-- Publishes a recording to the session's audience, or takes it back. Locks the recording. Answers ok, not_found,
-- refused (the reader may not look at it), consent (somebody in it does not want to be seen), trimming (it is still to be
-- cut).
create or replace function public.publish_recording(recording uuid, published boolean) returns public.recording_publication_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if published and not private.may_preview_recording(v_recording) then return 'refused'; end if;
	if published and not private.all_consent_to_recording(v_recording, true) then return 'consent'; end if;
	if published and private.is_trim_wanted(v_recording.id) then return 'trimming'; end if;
	update private.recordings set published_at = case when published then now() end
	where id = v_recording.id and (published_at is not null) <> published;
	if published then perform private.drop_untrimmed_files(); end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

-- Deletes a recording and its file. One that is still being made must be stopped first. Answers ok, not_found, refused,
-- held (by a legal hold on recordings or on somebody in it, or by a case).
create or replace function public.delete_recording(recording uuid) returns public.recording_deletion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.state in ('wanted', 'running', 'paused') then return 'refused'; end if;
	if private.must_keep_recording(v_recording) then return 'held'; end if;
	delete from private.recordings where id = v_recording.id;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

-- Gives one finished WebM without a copy to a process: {recording, object, length_ms}, or no row. One whose process
-- died is given to the next; three tries are enough. What is to be trimmed has its copy afterwards. Locks the recording first, as sealing does.
create or replace function private.claim_recording_copy(p_process text, p_now timestamptz default now())
	returns table (recording uuid, object text, length_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	select g.id, g.object_name, g.length_ms into recording, object, length_ms
	from private.recordings as g
	join private.stored_objects as o
		on o.name = g.object_name and o.state = 'kept' and o.media_type = 'video/webm'
	where g.state = 'ready'
		and not private.is_trim_wanted(g.id)
		and not exists (
			select from private.recording_copies as c
			where c.recording_id = g.id and (c.object_name is not null or c.attempts >= 3 or c.held_until > p_now)
		)
	order by g.published_at is null, g.started_at desc
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	insert into private.recording_copies as c (recording_id, held_by, held_until, attempts, reason)
	values (recording, p_process, p_now + interval '2 minutes', 1, 'interrupted')
	on conflict (recording_id) do update set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = c.attempts + 1,
		reason = 'interrupted'
	where c.object_name is null and c.attempts < 3 and c.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if found then return next; end if;
end
$$;

-- The lines of published recordings that a query finds, of those recordings that the person may watch, among the
-- sessions that they see (`p_sessions`). What was said in a pause of the recording, or cut off, is not in it. Which recordings these
-- are does not depend on the query, so that its time says nothing about others.
create or replace function private.library_moments(p_person uuid, p_query tsquery, p_sessions uuid[])
	returns table (recording_id uuid, line_id uuid, language text, said_on date)
language sql stable security definer set search_path = '' as $$
	with watched as materialized (
		select g.id, g.run_id, runs.started_at,
			exists (select from private.recording_trims as t where t.recording_id = g.id) as is_trimmed
		from private.recordings as g
		join public.runs on runs.id = g.run_id
		where p_query is not null
			and g.state = 'ready'
			and g.published_at is not null
			and runs.session_id = any (p_sessions)
			and private.may_watch_recording(p_person, g)
	), said as (
		select w.id as recording_id, w.is_trimmed, c.id as line_id, c.language, c.ends - c.starts as lasts,
			w.started_at + c.starts * interval '1 millisecond' as at
		from watched as w
		join private.caption_lines as c on c.run_id = w.run_id
		where c.is_kept
			and c.is_final
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
		and (not s.is_trimmed or private.is_within_trim(s.recording_id, s.at, s.lasts))
$$;

select private.close_with_summit();
