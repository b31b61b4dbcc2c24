-- The numbers of an impact report, from the rows of the Summit. The exact counts leave the database for the app alone,
-- which names groups by the rules of the figures (src/lib/registration/suppression.ts, src/lib/impact/content.ts).
-- Registrations are not counted here: a report repeats the released figures, so that the two can never be compared.

-- The edition before a Summit: the one from which it was created, else the latest earlier one; closed in either case.
create function private.edition_before(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.id
	from public.summits as s
	join private.real_summits as e on e.starts_on < s.starts_on and e.state in ('closed', 'archived')
	left join private.edition_origins as o on o.summit_id = s.id and o.from_id = e.id
	where s.id = p_summit
	order by o.from_id is null, e.starts_on desc, e.id
	limit 1
$$;

-- The confirmed people of a Summit with what they are counted by. As in released figures, protected people and minors
-- count in totals only, and sectors are those of delegates. The language is the one that they chose for pages and mails.
create function private.impact_people(p_summit uuid)
	returns table (person_id uuid, member_id uuid, sector text, region text, language text)
language sql stable security definer set search_path = '' as $$
	select r.person_id, r.member_id,
		case when not g.is_guarded and r.category = 'delegate' then sm.sector::text end,
		case when not g.is_guarded then nullif(private.region_of(coalesce(p.country, sm.country)), '') end,
		case when not g.is_guarded then f.locale end
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.person_preferences as f on f.person_id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	cross join lateral (
		select r.is_minor or exists (select from private.protections as x where x.person_id = r.person_id)
	) as g (is_guarded)
	where r.summit_id = p_summit and r.state = 'confirmed'
$$;

-- Who was there, at the door or on a stream, by day on the clock of the venue; the days of the door are its own. Who only
-- waited for a stream to begin was not there. Sessions at a level that names nobody have no attendance.
create function private.impact_attendance(p_summit uuid) returns table (indicator text, person_id uuid, day date)
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select s.id
		from public.sessions as s
		where s.summit_id = p_summit and private.level_in_force(s.id) in ('public', 'members')
	)
	select distinct case p.kind when 'door' then 'attended_hall' else 'attended_online' end, p.person_id,
		case p.kind
			when 'door' then private.door_day(p_summit, p.entered_at)
			else (greatest(p.entered_at, runs.started_at) at time zone e.zone)::date end
	from public.presence as p
	join public.summits as e on e.id = p.summit_id
	left join public.runs on runs.id = p.run_id
	where p.summit_id = p_summit
		and (p.session_id is null or p.session_id in (select named.id from named))
		and (runs.id is null or runs.level in ('public', 'members')
			and p.entered_at < coalesce(runs.ended_at, now())
			and coalesce(p.left_at, now()) > runs.started_at)
$$;

-- For how many minutes each person was in sessions, in all and in the hall or on streams (`place`; null: in all). Sessions
-- at the same time count once, as for certificates. Who was in the hall and on a stream at once was in the hall: the two
-- make up the whole, and their sum says nothing of those who were in both.
create function private.impact_minutes(p_summit uuid) returns table (person_id uuid, place text, minutes numeric)
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select s.id
		from public.sessions as s
		where s.summit_id = p_summit and private.level_in_force(s.id) in ('public', 'members')
	), clipped as (
		select p.person_id, case p.kind when 'door' then 'hall' else 'stream' end as place,
			tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, now()))) * case
			when p.run_id is null then tstzrange(null, null)
			else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, now())))
			end as within
		from public.presence as p
		left join public.runs on runs.id = p.run_id
		where p.summit_id = p_summit
			and p.session_id in (select named.id from named)
			and (p.run_id is null or runs.started_at is not null and runs.level in ('public', 'members'))
	), there as (
		select c.person_id, range_agg(c.within) as anywhere,
			coalesce(range_agg(c.within) filter (where c.place = 'hall'), '{}') as in_hall
		from clipped as c
		where not isempty(c.within)
		group by c.person_id
	)
	select t.person_id, x.place, sum(extract(epoch from upper(period) - lower(period))) / 60.0
	from there as t
	cross join lateral (values
		(null, t.anywhere), ('hall', t.in_hall), ('stream', t.anywhere - t.in_hall)) as x (place, periods)
	cross join lateral unnest(x.periods) as period
	group by t.person_id, x.place
$$;

-- How many minutes of recordings each person has played, each minute once; none where the Summit does not count them.
create function private.impact_played_minutes(p_summit uuid) returns table (person_id uuid, minutes numeric)
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select s.id
		from public.sessions as s
		where s.summit_id = p_summit and private.level_in_force(s.id) in ('public', 'members')
	)
	select w.person_id, sum(upper(span) - lower(span)) / 60000.0
	from private.watched_recordings as w
	join public.summits as e on e.id = w.summit_id and e.counts_watching
	join private.recordings as g on g.id = w.recording_id and g.session_id in (select named.id from named)
	cross join lateral unnest(w.played) as span
	where w.summit_id = p_summit
	group by w.person_id
$$;

-- Counts of people and of what they did: (indicator, dimension, value, count, people), by value where there is a
-- dimension; a value of null is not stated. `people` is how many different people (or members, or countries) the count
-- is of: one person asks many questions.
create function private.impact_counts(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint, people bigint)
language sql stable security definer set search_path = '' as $$
	with people as materialized (select * from private.impact_people(p_summit)),
	came as materialized (
		select a.indicator, a.person_id, a.day, p.sector, p.region, p.language
		from private.impact_attendance(p_summit) as a
		join people as p on p.person_id = a.person_id),
	represented as materialized (
		select sm.member_id, sm.sector::text as sector, nullif(sm.region, '') as region, sm.country
		from public.summit_members as sm
		where sm.summit_id = p_summit and sm.member_id in (select p.member_id from people as p)),
	attended as materialized (
		select a.place, a.minutes
		from private.impact_minutes(p_summit) as a
		where a.person_id in (select p.person_id from people as p)
		union all
		select 'watched', a.minutes
		from private.impact_played_minutes(p_summit) as a
		where a.person_id in (select p.person_id from people as p))
	select c.indicator, own.dimension, own.value, count(distinct c.person_id), count(distinct c.person_id)
	from came as c
	cross join lateral (values
		('', ''), ('sector', c.sector), ('region', c.region), ('language', c.language),
		('day', c.day::text)) as own (dimension, value)
	group by c.indicator, own.dimension, own.value
	union all
	select 'members', own.dimension, own.value, count(*), count(*)
	from represented as r
	cross join lateral (values ('', ''), ('sector', r.sector), ('region', r.region)) as own (dimension, value)
	group by own.dimension, own.value
	union all
	select 'countries', '', '', count(distinct r.country), count(distinct r.country) from represented as r
	union all
	select 'minutes', 'people', coalesce(a.place, ''), count(*), count(*) from attended as a group by a.place
	union all
	select 'minutes', 'sum', coalesce(a.place, ''), round(sum(a.minutes))::bigint, count(*)
	from attended as a
	group by a.place
	union all
	select 'questions', own.dimension, own.value, count(*), count(distinct q.person_id)
	from private.session_questions as q
	cross join lateral (values
		('', ''),
		('answered', case when q.state = 'answered' then 'yes' else 'no' end)) as own (dimension, value)
	where q.summit_id = p_summit and q.state <> 'declined' and q.merged_into is null
		and q.level in ('public', 'members')
		and private.level_in_force(q.session_id) in ('public', 'members')
	group by own.dimension, own.value
	union all
	select 'needs', own.dimension, own.value, count(*), count(distinct r.person_id)
	from private.needs as n
	join public.registrations as r on r.id = n.registration_id and r.state = 'confirmed'
	cross join lateral (values
		('', ''), ('met', case when n.state = 'met' then 'yes' else 'no' end)) as own (dimension, value)
	where n.summit_id = p_summit
	group by own.dimension, own.value
$$;

-- Counts of what everybody registered may see: released sessions, closed ones aside, and what was made of them.
create function private.impact_programme(p_summit uuid)
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

-- The commitments of a Summit that everybody reads: [{theme: {slug, name}, region, sector, countries, status, announced_on,
-- delivered_on}]. Days are on the clock of the venue. It was delivered with the first report that says so and that no
-- other report contradicted since, of those that follow the announcement: later reports repeat it.
create function private.impact_commitments(p_summit uuid) returns jsonb
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

-- What was last released about a Summit, so that the next report does not differ from it by a few people. Null when
-- there is nothing.
create function private.impact_shown(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select r.content -> 'indicators'
	from private.impact_releases as r
	where r.summit_id = p_summit and r.content is not null
	order by r.number desc
	limit 1
$$;

-- The indicators whose rows are deleted by now, because the Summit was closed long enough ago, or because deleting them
-- has begun, whatever the period is now. What is left of them are rows of people on hold, or of a sweep that is not over:
-- they are not counted.
create function private.expired_indicators(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(x.indicator order by x.indicator), '{}')
	from (values
		('needs', 'needs'), ('questions', 'participation'), ('attended_hall', 'presence'),
		('attended_online', 'presence'), ('minutes', 'presence'), ('captioned', 'recordings'),
		('recordings', 'recordings')) as x (indicator, class)
	where private.closed_since(p_summit) <= now() - make_interval(
			days => private.retention_days(x.class, p_summit, now()))
		or exists (select from private.begun_deletions as b where b.summit_id = p_summit and b.class = x.class)
$$;

-- Everything that the app needs to make the numbers of a report. For the app alone: the counts are exact.
create function private.count_impact(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'smallest_group', private.smallest_group(p_summit),
		'zone', s.zone,
		'people', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_counts(p_summit) as c),
		'programme', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_programme(p_summit) as c),
		'commitments', private.impact_commitments(p_summit),
		'earlier_commitments', (
			select private.impact_commitments(b) from private.edition_before(p_summit) as b where b is not null),
		'figures', (
			select jsonb_build_object('number', f.number, 'released_at', private.iso(f.released_at), 'content', f.content)
			from public.figure_releases as f
			where f.summit_id = p_summit
			order by f.number desc
			limit 1),
		'survey', (
			select private.count_survey_answers(c.id)
			from private.survey_collections as c
			join private.surveys as v on v.id = c.survey_id
			where v.summit_id = p_summit and v.kind = 'summit' and c.session_id is null and c.finally_mixed_at is not null
			order by private.released_survey_size(c.id) desc nulls last, c.finally_mixed_at
			limit 1),
		'confirmed', (
			select count(*) from public.registrations as r where r.summit_id = p_summit and r.state = 'confirmed'),
		'shown', private.impact_shown(p_summit),
		'expired', private.expired_indicators(p_summit),
		'before', (
			select jsonb_build_object('id', b.id, 'slug', b.slug, 'name', b.name, 'release', (
				select jsonb_build_object('number', r.number, 'on', r.content -> 'on', 'indicators', r.content -> 'indicators')
				from private.impact_releases as r
				where r.summit_id = b.id and r.content is not null
				order by r.number desc
				limit 1))
			from public.summits as b
			where b.id = private.edition_before(p_summit)))
	from public.summits as s
	where s.id = p_summit
$$;
grant execute on function private.count_impact(uuid) to app_server;
