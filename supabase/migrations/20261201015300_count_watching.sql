-- Watching recordings counts as attendance where the organisers of a Summit say so, by what was really played.

set check_function_bodies = off;

-- Whether watching recordings counts as attendance.
alter table public.summits add column counts_watching boolean not null default false;

-- What of a recording a person has played, in milliseconds of what was recorded, while the Summit counts it. Written at
-- most every few seconds by a player, so it is not audited; no list shows more of it than minutes.
create table private.watched_recordings (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	played int4multirange not null default '{}',
	-- When the player last reported: in the time since then nobody plays more than twice as much.
	reported_at timestamptz not null default now(),
	primary key (recording_id, person_id)
);
create index on private.watched_recordings (person_id);
create index on private.watched_recordings (summit_id);
alter table private.watched_recordings enable row level security;

insert into private.retention_rules (table_name, class, summit, people)
values ('private.watched_recordings', 'presence', 't.summit_id', 'array[t.person_id]');
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.watched_recordings', 'attendance', 'person', 'person_id', '{reported_at,summit_id,recording_id,played}');
insert into private.writable_after_closing (table_name, reason)
values ('private.watched_recordings', 'Recordings are watched after the closing.');

-- Reporting what a player has played. Off: the Summit does not count it, or not for this person. Too_fast: nobody can
-- have played that much since the last report.
create domain public.watching_status as text check (value in ('ok', 'off', 'not_found', 'invalid', 'too_fast'));

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
-- opened. What was played before counts once. Whoever reports more than twice the time since the last report has not
-- played it, and nothing of it counts; the first report begins the time. Locks the row.
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
	insert into private.watched_recordings (recording_id, person_id, summit_id, reported_at)
	values (p_recording.id, p_person, p_recording.summit_id, p_now)
	on conflict do nothing;
	select w.played, w.reported_at into v_before, v_reported_at
	from private.watched_recordings as w
	where w.recording_id = p_recording.id and w.person_id = p_person
	for update;
	select coalesce(sum(upper(span) - lower(span)), 0) into v_added from unnest(v_played - v_before) as span;
	if v_added > extract(epoch from p_now - v_reported_at) * 2000 then return 'too_fast'; end if;
	update private.watched_recordings as w
	set played = v_before + v_played, reported_at = greatest(v_reported_at, p_now)
	where w.recording_id = p_recording.id and w.person_id = p_person;
	return 'ok';
end
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

-- Whether watching counts, for those who read attendance: {counts, may_set}; null for everybody else.
create function public.watch_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('counts', s.counts_watching, 'may_set', private.has_role(s.id, 'registration'))
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

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - array['created_at', 'updated_at', 'counts_watching'] || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id and (s.state <> 'archived' or kind in ('privacy', 'safeguarding'))),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

-- Moves all attendance of a session out of reach, when its level is raised to one that names nobody. Who watched its
-- recordings is deleted.
create or replace function private.seal_presence(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.watched_recordings as w
	using private.recordings as g
	where g.id = w.recording_id and g.session_id = p_session;
	with named as (delete from public.presence where session_id = p_session returning *)
	insert into private.sealed_presence (id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at,
		left_at, source)
	select id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source from named
$$;

-- Returns the reader's own attendance, in the order of attending: [{code, title, level, minutes, watched (minutes of its
-- recordings that count), at}].
create or replace function public.my_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with counted as (
		select coalesce(a.session_id, w.session_id) as session_id, coalesce(a.minutes, 0) as minutes,
			coalesce(w.minutes, 0) as watched
		from private.attended_sessions(summit, private.me()) as a
		full join private.watched_sessions(summit, private.me()) as w on w.session_id = a.session_id
		where private.me() is not null
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'code', s.code, 'title', s.title, 'level', private.level_in_force(s.id), 'minutes', c.minutes,
		'watched', c.watched, 'at', private.iso(first.at))
		order by first.at), '[]')
	from counted as c
	join public.sessions as s on s.id = c.session_id
	cross join lateral (
		select coalesce(
			(select min(p.entered_at) from public.presence as p
				where p.session_id = s.id and p.person_id = (select private.me()) and c.minutes > 0),
			(select min(g.started_at) from private.recordings as g where g.session_id = s.id)) as at) as first
	where c.minutes > 0 or c.watched > 0
$$;

-- Returns the attendance of the sessions that have begun, for organisers of the programme, of stages and of
-- registrations: [{session, code, title, level, at, may_name, people, minutes (average), watchers (of its recordings)}].
-- The figures are null where they would reveal who attended, or at a level that names nobody.
create or replace function public.list_session_attendance(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'session', s.id, 'code', s.code, 'title', s.title, 'level', private.level_in_force(s.id),
		'at', private.iso(began.at), 'may_name', private.may_read_attendees(s.id),
		'people', case
			when private.may_read_attendees(s.id) then counted.people
			else private.suppress_small_count(s.summit_id, counted.people) end,
		'minutes', case
			when private.may_read_attendees(s.id) or private.suppress_small_count(s.summit_id, counted.people) is not null
				then counted.minutes end,
		'watchers', case
			when private.may_read_attendees(s.id) then watching.people
			else private.suppress_small_count(s.summit_id, watching.people) end)
		order by began.at), '[]')
	from public.sessions as s
	join lateral (
		select min(started_at) as at from public.runs where runs.session_id = s.id) as began on began.at is not null
	cross join lateral (
		select count(*) as people, round(avg(minutes))::integer as minutes
		from (
			select private.attended_minutes(each.person_id, s.id) as minutes
			from (select distinct p.person_id from public.presence as p where p.session_id = s.id) as each) as m
		where m.minutes > 0 and private.level_in_force(s.id) in ('public', 'members')) as counted
	cross join lateral (
		select count(*) as people
		from (select distinct w.person_id
			from private.recordings as g
			join private.watched_recordings as w on w.recording_id = g.id
			where g.session_id = s.id) as each
		where private.watched_minutes(each.person_id, s.id) > 0) as watching
	where s.summit_id = summit
		and private.has_role(summit, 'programme', 'stage', 'registration')
		and private.can_see(private.me(), s.id)
$$;

-- Returns who attended a session or watched its recordings: [{code, display_name, affiliation, minutes, watched}]; null
-- when the reader may not know it.
create or replace function public.list_session_attendees(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.may_read_attendees(session) then (
			select coalesce(jsonb_agg(jsonb_build_object('code', people.code, 'display_name', people.display_name,
				'affiliation', people.affiliation, 'minutes', m.minutes, 'watched', m.watched)
				order by people.display_name, people.code), '[]')
			from (
				select each.person_id, private.attended_minutes(each.person_id, session) as minutes,
					private.watched_minutes(each.person_id, session) as watched
				from (
					select p.person_id from public.presence as p where p.session_id = session
					union
					select w.person_id
					from private.recordings as g
					join private.watched_recordings as w on w.recording_id = g.id
					where g.session_id = session) as each) as m
			join public.people on people.id = m.person_id
			where m.minutes > 0 or m.watched > 0) end
$$;

drop function private.participation_totals(uuid, uuid);

-- Returns how much a person took part, by door and by stream: {minutes, sessions, days}, and the minutes of recordings
-- that count ({watched}). Each minute counts once, also when one session is followed in the hall and another on a phone.
-- A session counts from ten minutes on, with those of its recordings. A day counts with an entry at the door or a minute
-- in a session; a night at the door belongs to the day before it.
create or replace function private.participation_totals(p_summit uuid, p_person uuid)
	returns table (minutes bigint, sessions bigint, days bigint, watched bigint)
language sql stable security definer set search_path = '' as $$
	with attended as materialized (
		select a.session_id, a.minutes
		from private.attended_sessions(p_summit, p_person) as a
		where a.minutes > 0
	), seen as materialized (
		select w.session_id, w.minutes
		from private.watched_sessions(p_summit, p_person) as w
	), periods as (
		select unnest(range_agg(within)) as period
		from (
			select tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, now()))) * case
				when p.run_id is null then tstzrange(null, null)
				else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, now())))
				end as within
			from public.presence as p
			left join public.runs on runs.id = p.run_id
			where p.person_id = p_person
				and p.session_id in (select a.session_id from attended as a)
				and (p.run_id is null or runs.started_at is not null)
				and not private.is_nameless(p.run_id)) as clipped
		where not isempty(within)
	)
	select (
		select coalesce(round(sum(extract(epoch from upper(period) - lower(period))) / 60.0), 0)::bigint
		from periods), (
		select count(*)
		from attended as a
		full join seen as w on w.session_id = a.session_id
		where coalesce(a.minutes, 0) + coalesce(w.minutes, 0) >= 10), (
		select count(distinct private.door_day(p_summit, p.entered_at))
		from public.presence as p
		where p.summit_id = p_summit
			and p.person_id = p_person
			and (p.session_id is null and p.kind = 'door'
				or p.session_id in (select a.session_id from attended as a))), (
		select coalesce(sum(w.minutes), 0)::bigint
		from seen as w)
$$;

-- Returns whether a person has reached the organisers' threshold.
create or replace function private.reaches_certificate_threshold(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.certificate_settings as s, private.participation_totals(p_summit, p_person) as t
		where s.summit_id = p_summit
			and case s.basis when 'minutes' then t.minutes + t.watched when 'sessions' then t.sessions else t.days end >= s.threshold)
$$;

-- Returns the reader's own: {is_offered, head, basis, least, minutes, sessions, days, watched, reached, spoke: [titles],
-- display_name, has_alias, certificates: [{id, kind, issued_at, content_sealed, key_id, titles}]}; null where none are
-- offered and the reader has none.
create or replace function public.my_certificates(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_offered', s.is_offered,
		'head', jsonb_build_object('issuer_name', s.issuer_name, 'signatory_name', s.signatory_name,
			'signatory_office', s.signatory_office, 'statement', s.statement),
		'basis', s.basis, 'threshold', s.threshold,
		'minutes', t.minutes, 'sessions', t.sessions, 'days', t.days, 'watched', t.watched,
		'reached', private.reaches_certificate_threshold(s.summit_id, p.id),
		'spoke', private.certificate_titles(array(select private.sessions_spoken_in(s.summit_id, p.id))),
		'display_name', p.display_name,
		'has_alias', private.has_alias(p.id),
		'certificates', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id, 'kind', c.kind, 'issued_at', private.iso(c.issued_at),
				'content_sealed', encode(c.content_sealed, 'hex'), 'key_id', c.key_id,
				'titles', private.certificate_titles(c.sessions))
				order by c.kind), '[]')
			from private.certificates as c
			where c.summit_id = s.summit_id and c.person_id = p.id and c.ended_at is null))
	from public.certificate_settings as s
	join public.people as p on p.id = (select private.me())
	cross join lateral private.participation_totals(s.summit_id, p.id) as t
	where s.summit_id = my_certificates.summit
		and (s.is_offered or exists (
			select from private.certificates as c
			where c.summit_id = s.summit_id and c.person_id = p.id and c.ended_at is null))
$$;

select private.close_with_summit();
