-- What owners and safeguarding read on the page of data retention.

-- {closed_since, may_set, classes: [{code, clock, days, default_days, min_days, max_days, functions, is_own, next: {days,
-- at} or null, due_at, due (rows that go at the next sweep), is_held}], holds: [{id, class, person: {reference,
-- display_name} or null, reason, until, placed_at, placed_by}], reports: [{on, class, rows, fault}]}. Of a Summit, or with
-- `for_all` of all. Null for others.
create function public.retention_settings(summit uuid, for_all boolean default false) returns jsonb
language sql stable security definer set search_path = '' as $$
	with scope as (select case when not for_all then summit end as id)
	select jsonb_build_object(
		'closed_since', private.iso(private.closed_since(scope.id)),
		'may_set', private.has_role(scope.id, 'owner'),
		'classes', (
			select jsonb_agg(jsonb_build_object(
					'code', c.code,
					'clock', c.clock,
					'days', kept.days,
					'default_days', c.default_days,
					'min_days', c.min_days,
					'max_days', c.max_days,
					'functions', c.functions,
					'is_own', kept.is_own,
					'next', (select jsonb_build_object('days', p.days, 'at', private.iso(p.effective_at))
						from private.retention_periods as p
						where p.class = c.code
							and (p.summit_id is not distinct from scope.id or p.summit_id is null and not kept.is_own)
							and p.withdrawn_at is null
							and p.effective_at > now()
						order by p.summit_id nulls last, p.id desc
						limit 1),
					'due_at', private.iso(counted.since + make_interval(days => kept.days)),
					'due', counted.due,
					'is_held', private.is_class_held(c.code, scope.id, now()))
				order by c.position)
			from private.retention_classes as c
			cross join lateral (select private.retention_days(c.code, scope.id, now()) as days, coalesce((
					select p.days is not null
					from private.retention_periods as p
					where p.class = c.code and p.summit_id is not distinct from scope.id and p.withdrawn_at is null
						and p.effective_at <= now()
					order by p.id desc
					limit 1), false) as is_own) as kept
			cross join lateral private.count_due(c.code, scope.id, now(), kept.days) as counted),
		'holds', (
			select coalesce(jsonb_agg(jsonb_build_object(
					'id', h.id,
					'class', h.class,
					'person', (select jsonb_build_object('reference', r.reference, 'display_name', p.display_name)
						from public.people as p
						join public.registrations as r on r.person_id = p.id and r.summit_id = h.via_summit_id
						where p.id = h.person_id
						order by r.created_at desc
						limit 1),
					'reason', h.reason,
					'until', private.iso(h.until),
					'placed_at', private.iso(h.placed_at),
					'placed_by', (select p.display_name from public.people as p where p.id = h.placed_by))
				order by h.placed_at desc), '[]')
			from private.legal_holds as h
			where h.via_summit_id = retention_settings.summit
				and h.ended_at is null
				and (h.until is null or h.until > now())),
		'reports', (
			select coalesce(jsonb_agg(jsonb_build_object('on', f.swept_on, 'class', f.class, 'rows', f.rows,
					'fault', f.fault)
				order by f.swept_on desc, f.position), '[]')
			from (select r.swept_on, r.class, c.position, sum(r.rows) as rows, max(r.fault) as fault
				from private.retention_reports as r
				join private.retention_classes as c on c.code = r.class
				where r.summit_id is not distinct from scope.id
				group by r.swept_on, r.class, c.position
				order by r.swept_on desc, c.position
				limit 60) as f))
	from scope
	where summit is not null and private.has_role(summit, 'owner', 'safeguarding')
$$;
grant execute on function public.retention_settings(uuid, boolean) to authenticated;
