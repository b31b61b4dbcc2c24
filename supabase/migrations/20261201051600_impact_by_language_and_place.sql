-- The impact report counts attendance by language too, and minutes by where they were spent.

drop function private.impact_people(uuid);
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

drop function private.impact_minutes(uuid);
-- For how many minutes each person was in sessions, in all and in the hall or on streams (`place`; null: in all). Sessions
-- at the same time count once, as for certificates: who was in the hall and on a stream at once is counted there twice, and
-- in all once.
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
	), periods as (
		select c.person_id, c.place, unnest(range_agg(c.within)) as period
		from clipped as c
		where not isempty(c.within)
		group by grouping sets ((c.person_id), (c.person_id, c.place))
	)
	select p.person_id, p.place, sum(extract(epoch from upper(p.period) - lower(p.period))) / 60.0
	from periods as p
	group by p.person_id, p.place
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
create or replace function private.impact_counts(p_summit uuid)
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
