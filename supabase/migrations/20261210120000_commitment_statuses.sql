-- The rules of a commitment's status and the day of its announcement stand once; a list reads its reports once a row.

-- When a version of a commitment was last announced; null before, and where it was taken back.
create function private.announced_since(p_commitment uuid, p_number integer) returns timestamptz
language sql stable set search_path = '' as $$
	select max(s.effective_at)
	from private.commitment_announcements() as s
	where s.commitment_id = p_commitment and s.number = p_number and s.effective_at <= now()
$$;

-- The latest report that tells how far the version `p_number` is, of all or of those for everybody: what was delivered
-- before that version was announced is not what it promises.
create or replace function private.counting_commitment_report(p_commitment uuid, p_number integer, p_all boolean)
	returns setof private.commitment_reports
language sql stable security definer set search_path = '' as $$
	select r.*
	from private.latest_commitment_report(p_commitment, p_all) as r
	where r.progress <> 'delivered' or r.written_at >= private.announced_since(p_commitment, p_number)
$$;

-- How far a commitment is: withdrawn, delivered, overdue, at_risk, on_track or not_reported. `p_progress` is of the report
-- that counts (null: there is none), `p_due_on` the date of the version that is shown. Overdue follows from that date (by
-- the date in UTC), so it is written nowhere.
create function private.commitment_status_of(p_state public.commitment_state, p_progress public.commitment_progress,
	p_due_on date) returns text
language sql stable as $$
	select case
		when p_state = 'withdrawn' then 'withdrawn'
		when p_progress = 'delivered' then 'delivered'
		when p_due_on < (now() at time zone 'UTC')::date then 'overdue'
		else coalesce(p_progress::text, 'not_reported')
	end
$$;

-- The same of one version, by all reports or by those for everybody.
create or replace function private.commitment_status(p private.commitments, p_number integer, p_all boolean) returns text
language sql stable security definer set search_path = '' as $$
	select private.commitment_status_of(p.state, last.progress, v.due_on)
	from private.commitment_versions as v
	left join private.counting_commitment_report(p.id, p_number, p_all) as last on true
	where v.commitment_id = p.id and v.number = p_number
$$;

-- The announced commitments that the reader sees, of these (null: of all), each once: the one set of rows from which
-- pages, lists, feeds and figures are made. Value, day and verification are those of the report from which the status
-- follows.
create or replace function private.announced_commitments(p_commitments uuid[]) returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status_of(c.state, last.progress, v.due_on),
		coalesce(last.is_verified, false), (
			select min(s.effective_at)
			from private.commitment_announcements() as s
			join private.commitment_versions as x on x.commitment_id = s.commitment_id and x.number = s.number
			where s.commitment_id = c.id and (x.audience = 'public' or reader.is_member)),
		last.value, last.written_at
	from private.visible_commitments_among(private.me(), p_commitments) as seen
	join private.shown_commitment_versions(p_commitments) as shown on shown.commitment_id = seen
	join private.commitments as c on c.id = seen
	join private.commitment_versions as v on v.commitment_id = c.id and v.number = shown.number
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.progress, r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.counting_commitment_report(c.id, shown.number, reader.is_member) as r) as last on true
$$;

-- What the reader finds for a query beside documents, of everything that they see; without one, recordings and files of
-- sessions. Each branch reads visibility where the pages do, and what takes long is computed once for a search:
-- `p_releases` are private.current_releases(), `p_sessions` private.my_visible_sessions(), `p_recordings` and `p_files`
-- those of them that the reader may watch and open, and `p_commitments` private.visible_commitments(). Moments get their
-- rank later, if they are few. A speaker is found by a name that is spelt a little differently too; names are compared
-- first, as to know who is named takes longer. A commitment has the date of its announcement.
create or replace function private.library_hits(p_query tsquery, p_question text, p_releases uuid[], p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_commitments uuid[]) returns table (
	source text, id uuid, number integer, part uuid, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	with speaking as materialized (
		select rp.person_id, rp.session_id, rp.role
		from public.release_people as rp
		where p_query is not null and rp.release_id = any (p_releases) and rp.session_id = any (p_sessions)
	), alike as materialized (
		select p.id as person_id, extensions.word_similarity(p_question, p.display_name) as likeness
		from public.people as p
		where p.id in (select k.person_id from speaking as k)
	), committed as materialized (
		select w.commitment_id, w.number, ts_rank(w.words, p_query) as rank
		from private.commitment_words as w
		where p_query is not null and w.words @@ p_query and w.commitment_id = any (p_commitments)
	)
	select 'session', w.session_id, null::integer, null::uuid, null::text, null::uuid,
		extract(year from s.starts_on)::integer, null::text[], ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id = any (p_releases) and w.session_id = any (p_sessions) and w.words @@ p_query
	union all
	select 'recording', x.id, null, null, 'recording', null, extract(year from x.recorded_on)::integer, x.languages, x.rank, x.recorded_on
	from private.library_recording_rows(p_recordings, p_query, p_releases) as x
	union all
	select 'slides', x.id, null, null, x.kind, null, extract(year from x.held_on)::integer, x.languages, x.rank, x.held_on
	from private.library_session_file_rows(p_files, p_query, p_releases) as x
	union all
	select 'speaker', a.person_id, null, null, null, null, null, null, a.likeness, null
	from alike as a
	where a.likeness >= 0.75 and exists (
		select
		from speaking as k
		where k.person_id = a.person_id and private.is_named(k.session_id, k.person_id, k.role))
	union all
	select 'moment', m.recording_id, null, m.line_id, null, null, extract(year from m.said_on)::integer, array[m.language],
		null, m.said_on
	from private.library_moments(p_query, p_recordings) as m
	union all
	select 'commitment', w.commitment_id, w.number, null, null, v.theme_id, extract(year from a.on_day)::integer, null,
		w.rank, a.on_day
	from committed as w
	join private.shown_commitment_versions(array(select c.commitment_id from committed as c)) as s
		on s.commitment_id = w.commitment_id and s.number = w.number
	join private.commitment_versions as v on v.commitment_id = w.commitment_id and v.number = w.number
	cross join lateral (select private.announced_since(w.commitment_id, w.number)::date) as a (on_day)
$$;

-- The commitments of a Summit that everybody reads: [{theme: {slug, name}, region, sector, countries, status, announced_on,
-- delivered_on}]. Days are on the clock of the venue. It was delivered with the first report that says so and that no
-- other report contradicted since, of those that follow the announcement: later reports repeat it.
create or replace function private.impact_commitments(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'theme', jsonb_build_object('slug', t.slug, 'name', t.name),
		'region', member.facts ->> 'region',
		'sector', member.facts ->> 'sector',
		'countries', v.countries,
		'status', a.status,
		'announced_on', (a.announced_at at time zone s.zone)::date,
		'delivered_on', case when a.status = 'delivered' then (delivered.at at time zone s.zone)::date end)
		order by a.announced_at, c.code), '[]')
	from private.announced_commitments(null) as a
	join private.commitments as c on c.id = a.id and c.summit_id = p_summit
	join public.summits as s on s.id = c.summit_id
	join private.commitment_versions as v on v.commitment_id = c.id and v.number = a.number
	join private.commitment_themes as t on t.id = v.theme_id
	cross join lateral (select private.commitment_member_json(c.member_id, c.summit_id)) as member (facts)
	left join lateral (
		select min(r.written_at) as at
		from private.commitment_reports as r
		where r.commitment_id = c.id
			and r.audience = 'public'
			and r.progress = 'delivered'
			and r.written_at >= private.announced_since(c.id, a.number)
			and not exists (
				select from private.commitment_reports as x
				where x.commitment_id = c.id
					and x.audience = 'public'
					and x.progress <> 'delivered'
					and x.written_at > r.written_at)) as delivered on true
	where a.status <> 'withdrawn'
$$;
