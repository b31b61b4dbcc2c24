-- What everybody reads: released reports.

-- A released report, the newest (number null) or an earlier one: {number, released_at, reason, texts, targets, content,
-- releases: [{number, released_at, reason}], the newest first}. Null when there is none, or the reader does not see the
-- Summit.
create function public.read_impact_report(summit uuid, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at), 'reason', r.reason,
		'texts', r.texts, 'targets', r.targets, 'content', r.content,
		'releases', (
			select jsonb_agg(jsonb_build_object('number', x.number, 'released_at', private.iso(x.released_at),
				'reason', x.reason) order by x.number desc)
			from private.impact_releases as x
			where x.summit_id = r.summit_id and x.content is not null))
	from private.impact_releases as r
	where r.summit_id = read_impact_report.summit
		and r.summit_id in (select private.readable_summits())
		and r.content is not null
		and (read_impact_report.number is null or r.number = read_impact_report.number)
	order by r.number desc
	limit 1
$$;
grant execute on function public.read_impact_report(uuid, integer) to anon, authenticated;

-- The Summits with a released report, the newest first: [{slug, name, number, released_at}], the newest release of each.
create function public.list_impact_reports() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', s.slug, 'name', s.name, 'number', r.number,
		'released_at', private.iso(r.released_at)) order by s.starts_on desc, s.slug), '[]')
	from private.real_summits as s
	join lateral (
		select x.number, x.released_at
		from private.impact_releases as x
		where x.summit_id = s.id and x.content is not null
		order by x.number desc
		limit 1) as r on true
	where s.id in (select private.readable_summits())
$$;
grant execute on function public.list_impact_reports() to anon, authenticated;
