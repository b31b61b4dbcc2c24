-- Figures of concerns and cases. They may leave safeguarding, so they name no small group.

-- The groups of cases of a Summit that may be named, with their counts, for each dimension: category, severity, outcome
-- (of closed cases). Value null: all other groups together. A group below the smallest one of the Summit is never
-- named; where those that are not named would still be too few, the smallest of the others joins them, so that no
-- difference gives them away. Only cases that the person may read: nobody finds in a figure what is about themselves.
create function private.count_cases(p_person uuid, p_summit uuid)
	returns table (dimension text, value text, count integer)
language sql stable security definer set search_path = '' as $$
	with counted as (
		select own.dimension, own.value, count(*) as n
		from private.cases as x
		cross join lateral (
			values ('category', x.category), ('severity', x.severity), ('outcome', x.outcome)) as own (dimension, value)
		where x.summit_id = p_summit and own.value is not null and private.may_read_case(p_person, x.id)
		group by own.dimension, own.value
	), summed as (
		select c.*, private.smallest_group(p_summit) as smallest,
			coalesce(sum(c.n) filter (where c.n < private.smallest_group(p_summit)) over (partition by c.dimension), 0)
				as hidden,
			row_number() over (partition by c.dimension
				order by c.n < private.smallest_group(p_summit), c.n, c.value) as place
		from counted as c
	), named as (
		select s.dimension, s.n,
			case when s.n < s.smallest or s.place = 1 and s.hidden between 1 and s.smallest - 1 then null else s.value end
				as value,
			s.smallest
		from summed as s
	)
	select n.dimension, n.value, sum(n.n)::integer
	from named as n
	group by n.dimension, n.value, n.smallest
	having sum(n.n) >= n.smallest
$$;

-- For safeguarding leads; null for everybody else: {smallest_group, concerns, cases (null: too few), groups:
-- [{dimension, value: null for all others, count}], minutes_to_answer: the median of the concerns that were answered,
-- null where they are too few}.
create function public.concern_figures(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with read as materialized (
		select c.id, (
			select extract(epoch from min(m.sent_at) - c.created_at) / 60
			from private.concern_messages as m
			where m.concern_id = c.id and m.is_from_desk) as minutes
		from private.concerns as c
		where c.summit_id = concern_figures.summit
			and private.has_role(concern_figures.summit, 'safeguarding')
			and private.may_read_concern(private.me(), c)
	), least as (
		select private.smallest_group(concern_figures.summit) as size
	)
	select jsonb_build_object(
		'smallest_group', least.size,
		'concerns', (select case when count(*) >= least.size then count(*) end from read),
		'cases', (
			select case when count(*) >= least.size then count(*) end
			from private.cases as x
			where x.summit_id = concern_figures.summit and private.may_read_case(private.me(), x.id)),
		'groups', (
			select coalesce(jsonb_agg(to_jsonb(g) order by g.dimension, g.value is null, g.count desc, g.value), '[]')
			from private.count_cases(private.me(), concern_figures.summit) as g),
		'minutes_to_answer', (
			select case when count(read.minutes) >= least.size
				then round(percentile_cont(0.5) within group (order by read.minutes)) end
			from read))
	from least
	where private.has_role(concern_figures.summit, 'safeguarding')
$$;
grant execute on function public.concern_figures(uuid) to authenticated;
