-- The numbers of impact reports: groups are judged by people, minutes and days are counted as elsewhere, what retention has
-- deleted is repeated as it was released, and only released reports are compared with.
create domain public.impact_completion_status as text check (value in ('ok', 'stale', 'changed'));

drop function private.impact_counts(uuid);
drop function private.complete_impact_release(uuid, jsonb);

-- Whether a value is the texts of a report: a text map for each place between its parts. The form counts what readers see
-- as one character, at most 5000; one of them can be several here.
create or replace function private.are_impact_texts(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_texts) is distinct from 'object' then false
		else not exists (
			select from jsonb_each(p_texts) as each (place, body)
			where each.place not in
					('intro', 'knowledge', 'collaboration', 'empowerment', 'advocacy', 'learning', 'closing')
				or not private.is_text_map(each.body)
				or exists (
					select from jsonb_each_text(each.body) as x (tag, words)
					where length(x.words) > 20000)) end
$$;

-- Who was there, at the door or on a stream, by day on the clock of the venue; the days of the door are its own. Who only
-- waited for a stream to begin was not there. Sessions at a level that names nobody have no attendance.
create or replace function private.impact_attendance(p_summit uuid) returns table (indicator text, person_id uuid, day date)
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

-- For how many minutes each person was in sessions: sessions at the same time count once, as for certificates.
create function private.impact_minutes(p_summit uuid) returns table (person_id uuid, minutes numeric)
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select s.id
		from public.sessions as s
		where s.summit_id = p_summit and private.level_in_force(s.id) in ('public', 'members')
	), clipped as (
		select p.person_id, tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, now()))) * case
			when p.run_id is null then tstzrange(null, null)
			else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, now())))
			end as within
		from public.presence as p
		left join public.runs on runs.id = p.run_id
		where p.summit_id = p_summit
			and p.session_id in (select named.id from named)
			and (p.run_id is null or runs.started_at is not null and runs.level in ('public', 'members'))
	), periods as (
		select c.person_id, unnest(range_agg(c.within)) as period
		from clipped as c
		where not isempty(c.within)
		group by c.person_id
	)
	select p.person_id, sum(extract(epoch from upper(p.period) - lower(p.period))) / 60.0
	from periods as p
	group by p.person_id
$$;

-- Counts of people and of what they did: (indicator, dimension, value, count, people), by value where there is a
-- dimension; a value of null is not stated. `people` is how many different people (or members, or countries) the count
-- is of: one person asks many questions.
create function private.impact_counts(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint, people bigint)
language sql stable security definer set search_path = '' as $$
	with people as materialized (select * from private.impact_people(p_summit)),
	came as materialized (
		select a.indicator, a.person_id, a.day, p.sector, p.region
		from private.impact_attendance(p_summit) as a
		join people as p on p.person_id = a.person_id),
	represented as materialized (
		select sm.member_id, sm.sector::text as sector, nullif(sm.region, '') as region, sm.country
		from public.summit_members as sm
		where sm.summit_id = p_summit and sm.member_id in (select p.member_id from people as p)),
	attended as materialized (
		select a.minutes
		from private.impact_minutes(p_summit) as a
		where a.person_id in (select p.person_id from people as p))
	select c.indicator, own.dimension, own.value, count(distinct c.person_id), count(distinct c.person_id)
	from came as c
	cross join lateral (values
		('', ''), ('sector', c.sector), ('region', c.region), ('day', c.day::text)) as own (dimension, value)
	group by c.indicator, own.dimension, own.value
	union all
	select 'members', own.dimension, own.value, count(*), count(*)
	from represented as r
	cross join lateral (values ('', ''), ('sector', r.sector), ('region', r.region)) as own (dimension, value)
	group by own.dimension, own.value
	union all
	select 'countries', '', '', count(distinct r.country), count(distinct r.country) from represented as r
	union all
	select 'minutes', 'people', '', count(*), count(*) from attended
	union all
	select 'minutes', 'sum', '', coalesce(round(sum(minutes)), 0)::bigint, count(*) from attended
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
	from private.announced_commitments() as a
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
			and r.written_at >= (
				select max(p.effective_at)
				from private.commitment_steps as p
				where p.commitment_id = c.id
					and p.number = a.number
					and p.step = 'announced'
					and p.effective_at <= now())
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
create or replace function private.impact_shown(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select r.content -> 'indicators'
	from private.impact_releases as r
	where r.summit_id = p_summit and r.content is not null
	order by r.number desc
	limit 1
$$;

-- The indicators whose rows are deleted by now, because the Summit was closed long enough ago. What is left of them are
-- rows of people on hold, or of a sweep that is not over: they are not counted.
create function private.expired_indicators(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(x.indicator order by x.indicator), '{}')
	from (values
		('needs', 'needs'), ('questions', 'participation'), ('attended_hall', 'presence'),
		('attended_online', 'presence'), ('minutes', 'presence'), ('captioned', 'recordings'),
		('recordings', 'recordings')) as x (indicator, class)
	where private.closed_since(p_summit) <= now() - make_interval(
		days => private.retention_days(x.class, p_summit, now()))
$$;

-- Everything that the app needs to make the numbers of a report. For the app alone: the counts are exact.
create or replace function private.count_impact(p_summit uuid) returns jsonb
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

-- Adds the numbers to a release that was begun, once. Answers ok | stale (it has its numbers already, or another attempt
-- replaced it) | changed (meanwhile the smallest group, or the report of the edition before with which they are compared,
-- became another). Raises for a number of people below the smallest group. Locks the release. For the app alone, which
-- made the numbers.
create function private.complete_impact_release(p_release uuid, p_content jsonb)
	returns public.impact_completion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.impact_releases;
	v_before jsonb := nullif(p_content -> 'before', 'null');
begin
	if exists (
		select from jsonb_path_query(p_content, '$.indicators[*] ? (@.of_people == true).**.value') as found (number)
		where jsonb_typeof(number) = 'number'
			and (number #>> '{}')::numeric < (p_content ->> 'threshold')::numeric) then
		raise exception 'a small group is named' using errcode = 'check_violation';
	end if;
	select * into v from private.impact_releases as r where r.id = p_release and r.content is null for update;
	if v.id is null then return 'stale'; end if;
	if (p_content ->> 'threshold')::integer is distinct from private.smallest_group(v.summit_id) then
		return 'changed';
	end if;
	-- Only what was released about the edition before is compared with.
	if v_before is not null and not exists (
		select from private.impact_releases as b
		where b.summit_id = (v_before ->> 'id')::uuid
			and b.number = (v_before ->> 'number')::integer
			and b.content -> 'indicators' = v_before -> 'indicators') then
		return 'changed';
	end if;
	update private.impact_releases as r set content = p_content where r.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function private.complete_impact_release(uuid, jsonb) to app_server;
