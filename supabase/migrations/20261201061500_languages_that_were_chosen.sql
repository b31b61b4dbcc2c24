-- A language that nobody chose is none, and the time in the hall and on streams makes up the whole.
alter table public.person_preferences alter column locale drop not null, alter column locale drop default;
create or replace function private.impact_minutes(p_summit uuid) returns table (person_id uuid, place text, minutes numeric)
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
