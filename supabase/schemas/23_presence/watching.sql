-- Watching recordings as attendance: counted only where the organisers of a Summit say so, by what was really played, and
-- shown beside the minutes of the session itself.

-- Returns how many minutes of the recordings of a session a person has played. None at a level that names nobody, and
-- none where the Summit does not count them.
create function private.played_minutes(p_person uuid, p_session uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(round(sum(upper(span) - lower(span)) / 60000.0), 0)::integer
	from private.recordings as g
	join private.watched_recordings as w on w.recording_id = g.id and w.person_id = p_person
	join public.summits as s on s.id = g.summit_id and s.counts_watching
	cross join lateral unnest(w.played) as span
	where g.session_id = p_session and private.level_in_force(p_session) in ('public', 'members')
$$;

-- Returns how many of them count: what somebody watches again of a session that they attended counts as far as it is
-- more than they attended.
create function private.watched_minutes(p_person uuid, p_session uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select greatest(0, private.played_minutes(p_person, p_session) - private.attended_minutes(p_person, p_session))
$$;

-- Returns the sessions of a Summit of whose recordings minutes of a person count.
create function private.watched_sessions(p_summit uuid, p_person uuid) returns table (session_id uuid, minutes integer)
language sql stable security definer set search_path = '' as $$
	select counted.session_id, counted.minutes
	from (
		select each.session_id, private.watched_minutes(p_person, each.session_id) as minutes
		from (
			select distinct g.session_id
			from private.watched_recordings as w
			join private.recordings as g on g.id = w.recording_id
			where w.summit_id = p_summit and w.person_id = p_person) as each) as counted
	where counted.minutes > 0
$$;

-- Whether the Summit counts what a person watches of a recording that they may watch: those confirmed take part.
create function private.counts_watching(p_person uuid, p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.summits as s where s.id = p_recording.summit_id and s.counts_watching)
		and exists (
			select from public.registrations as r
			where r.summit_id = p_recording.summit_id and r.person_id = p_person and r.state = 'confirmed')
		and private.may_watch_recording(p_person, p_recording)
$$;

-- Whether the minutes that the reader watches of a recording count.
create function public.does_watching_count(recording uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recordings as g
		where g.id = does_watching_count.recording and private.counts_watching(private.me(), g))
$$;
grant execute on function public.does_watching_count(uuid) to authenticated;

-- Adds what a person has played of a recording: [[from, until], …] in milliseconds of its file, all since the page was
-- opened. What was played before counts once. Players play at most twice as fast; with what the network delays, a person who
-- reports more than two and a half times the time since their last report of any recording has not played it, and nothing
-- of it counts; the first report begins the time. Reports of one person wait for each other.
create function private.save_played(p_person uuid, p_recording private.recordings, p_played jsonb,
	p_now timestamptz default now()) returns public.watching_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before int4multirange;
	v_reported_at timestamptz;
	v_played int4multirange;
	v_offset integer;
	v_added bigint;
begin
	if (case when jsonb_typeof(p_played) = 'array' then jsonb_array_length(p_played) > 500 else true end
		or exists (
			select from jsonb_array_elements(p_played) as span
			where case
				when jsonb_typeof(span) = 'array' then jsonb_array_length(span) <> 2
					or not coalesce(span ->> 0 ~ '^\d{1,9}$' and span ->> 1 ~ '^\d{1,9}$', false)
				else true end)) then
		return 'invalid';
	end if;
	-- A trim moves positions of the file, not of what was recorded.
	v_offset := coalesce(
		(select t.starts_ms from private.recording_trims as t where t.recording_id = p_recording.id), 0);
	select coalesce(range_agg(int4range(
			v_offset + least((span ->> 0)::integer, p_recording.length_ms),
			v_offset + least((span ->> 1)::integer, p_recording.length_ms))), '{}') into v_played
	from jsonb_array_elements(p_played) as span
	where (span ->> 0)::integer < (span ->> 1)::integer;
	perform pg_advisory_xact_lock(hashtextextended('watching:' || p_person, 23));
	insert into private.watched_recordings (recording_id, person_id, summit_id, reported_at)
	values (p_recording.id, p_person, p_recording.summit_id, p_now)
	on conflict do nothing;
	select w.played into v_before
	from private.watched_recordings as w
	where w.recording_id = p_recording.id and w.person_id = p_person
	for update;
	select max(w.reported_at) into v_reported_at from private.watched_recordings as w where w.person_id = p_person;
	select coalesce(sum(upper(span) - lower(span)), 0) into v_added from unnest(v_played - v_before) as span;
	if v_added > extract(epoch from p_now - v_reported_at) * 2500 then return 'too_fast'; end if;
	update private.watched_recordings as w
	set played = v_before + v_played, reported_at = greatest(v_reported_at, p_now)
	where w.recording_id = p_recording.id and w.person_id = p_person;
	return 'ok';
end
$$;

-- Merges what two records of one person have played; the rest of the merge deletes the row of the dropped one.
create function private.merge_watched_recordings(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.watched_recordings as k
	set played = k.played + d.played, reported_at = greatest(k.reported_at, d.reported_at)
	from private.watched_recordings as d
	where k.person_id = p_keep and d.person_id = p_drop and d.recording_id = k.recording_id
$$;

-- The reader's player reports what it has played of a recording. Answers ok, off, not_found, invalid, too_fast.
create function public.save_watching(recording uuid, played jsonb) returns public.watching_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings as g where g.id = save_watching.recording;
	if not found or v_me is null or not private.may_watch_recording(v_me, v_recording) then return 'not_found'; end if;
	if not private.counts_watching(v_me, v_recording) then return 'off'; end if;
	return private.save_played(v_me, v_recording, played);
end
$$;
grant execute on function public.save_watching(uuid, jsonb) to authenticated;

-- Whether watching counts, for those who read attendance: {counts, may_set (never once the Summit is closed)}; null for
-- everybody else.
create function public.watch_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('counts', s.counts_watching,
		'may_set', private.has_role(s.id, 'registration') and s.state not in ('closed', 'archived'))
	from public.summits as s
	where s.id = watch_settings.summit and private.has_role(s.id, 'programme', 'stage', 'registration')
$$;
grant execute on function public.watch_settings(uuid) to authenticated;

-- Sets whether watching recordings counts, for registration organisers. What was played while it counted is kept, and
-- counts again if it is turned on again. Answers ok, already, not_found.
create function public.set_watch_counting(summit uuid, counts boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(set_watch_counting.summit, 'registration') then return 'not_found'; end if;
	update public.summits as s set counts_watching = set_watch_counting.counts, updated_at = now()
	where s.id = set_watch_counting.summit and s.counts_watching <> set_watch_counting.counts;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.set_watch_counting(uuid, boolean) to authenticated;
