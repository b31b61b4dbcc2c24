-- How long each class of data is kept: reading the periods, changing them, and counting what a change would delete.

-- Changes of periods and holds exclude steps of the sweep: they wait for one that has begun, and the next sees them.
create function private.lock_retention() returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('retention', 0))
$$;

-- The days for which a class is kept at a Summit (null: data of no Summit) at a time.
create function private.retention_days(p_class text, p_summit uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select p.days
		from private.retention_periods as p
		where p.class = p_class and p.summit_id = p_summit and p.withdrawn_at is null and p.effective_at <= p_at
		order by p.id desc
		limit 1),
		(select p.days
		from private.retention_periods as p
		where p.class = p_class and p.summit_id is null and p.withdrawn_at is null and p.effective_at <= p_at
		order by p.id desc
		limit 1),
		(select c.default_days from private.retention_classes as c where c.code = p_class))
$$;

-- The Summits (null among them: data of none) to which a period for all Summits applies, or the given one alone.
create function private.retention_scope(p_class text, p_summit uuid, p_at timestamptz) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select p_summit where p_summit is not null
	union all
	select null where p_summit is null
	union all
	select s.id
	from public.summits as s
	where p_summit is null
		and (select p.days
			from private.retention_periods as p
			where p.class = p_class and p.summit_id = s.id and p.withdrawn_at is null and p.effective_at <= p_at
			order by p.id desc
			limit 1) is null
$$;

-- The condition that a row `t` belongs to a Summit (null: to none), as SQL. An index serves it.
create function private.summit_condition(p_rule private.retention_rules, p_summit uuid) returns text
language sql stable set search_path = '' as $$
	select coalesce((p_rule).summit, 'null::uuid')
		|| case when p_summit is null then ' is null and $1::uuid is null' else ' = $1' end
$$;

-- The condition that such a row is due, as SQL: $2 now, $3 rows whose clock started until then are due, $4 the held
-- people. `p_is_closed_due`: the Summit was closed long enough ago.
create function private.retention_condition(p_rule private.retention_rules, p_clock text, p_is_closed_due boolean)
	returns text
language sql stable set search_path = '' as $$
	select format('(%s) and (%s or %s) and not coalesce(%s && $4::uuid[], false)',
		coalesce((p_rule).only_if, 'true'),
		coalesce((p_rule).or_if, '$2::timestamptz is null'),
		case when p_clock = 'closed' then p_is_closed_due::text || ' and $3::timestamptz is not null'
			else (p_rule).since || ' <= $3' end,
		coalesce((p_rule).people, 'null::uuid[]'))
$$;

-- The people on whom there is a hold at a time.
create function private.held_people(p_now timestamptz) returns uuid[]
language sql stable security definer set search_path = '' as $$
	select array(
		select h.person_id
		from private.legal_holds as h
		where h.person_id is not null and h.ended_at is null and (h.until is null or h.until > p_now))
$$;

-- How many rows of a class at a Summit are due at a time with a period of so many days, and when the first clock
-- started. Rows of held people count as not due.
create function private.count_due(p_class text, p_summit uuid, p_now timestamptz, p_days integer)
	returns table (due bigint, since timestamptz)
language plpgsql stable security definer set search_path = '' as $$
declare
	v_rule private.retention_rules;
	v_clock text := (select c.clock from private.retention_classes as c where c.code = p_class);
	v_closed timestamptz := private.closed_since(p_summit);
	v_before timestamptz := p_now - make_interval(days => p_days);
	v_counted record;
begin
	due := 0;
	for v_rule in
		select * from private.retention_rules as r
		where r.class = p_class
			and num_nonnulls(r.summit, r.since) > 0
			and (v_clock <> 'closed' or v_closed <= v_before or r.or_if is not null)
	loop
		execute format('select count(*) filter (where %s) as due, min(%s) as since from %s as t where %s and (%s)',
			private.retention_condition(v_rule, v_clock, coalesce(v_closed <= v_before, false)),
			case when v_clock = 'closed' then 'null::timestamptz' else v_rule.since end,
			v_rule.table_name,
			private.summit_condition(v_rule, p_summit),
			coalesce(v_rule.only_if, 'true'))
		into v_counted
		using p_summit, p_now, v_before, private.held_people(p_now);
		due := due + v_counted.due;
		since := least(since, v_counted.since);
	end loop;
	if v_clock = 'closed' then since := v_closed; end if;
	return next;
end
$$;

-- How many rows more would be due at a time, if the period of a class were so many days.
create function private.count_newly_due(p_class text, p_summit uuid, p_days integer, p_at timestamptz) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(greatest(after.due - before.due, 0)), 0)::bigint
	from private.retention_scope(p_class, p_summit, p_at) as scope
	cross join lateral private.count_due(p_class, scope, p_at, p_days) as after
	cross join lateral private.count_due(p_class, scope, p_at, private.retention_days(p_class, scope, p_at)) as before
$$;

-- How long an owner can take back a change that deletes something.
create function private.retention_delay() returns interval
language sql immutable set search_path = '' as $$ select interval '7 days' $$;

-- Sets the period of a class for a Summit, or for all (null); days null: as it is without an own period. A change by
-- which rows would go within the next seven days first answers how many (`confirm`), and takes effect after them. It
-- replaces a change that has not taken effect yet. {status, rows, effective_at}
create function public.set_retention_period(summit uuid, class text, days integer, confirmed boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_class private.retention_classes;
	v_days integer := days;
	v_rows bigint;
	v_at timestamptz := now();
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	select * into v_class from private.retention_classes as c where c.code = set_retention_period.class;
	if not found or v_class.min_days = v_class.max_days or days not between v_class.min_days and v_class.max_days then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_days is null then
		v_days := case when summit is null then v_class.default_days
			else private.retention_days(v_class.code, null, now() + private.retention_delay()) end;
	end if;
	v_rows := private.count_newly_due(v_class.code, summit, v_days, now() + private.retention_delay());
	if v_rows > 0 then
		v_at := now() + private.retention_delay();
		if not coalesce(confirmed, false) then
			return jsonb_build_object('status', 'confirm', 'rows', v_rows, 'effective_at', private.iso(v_at));
		end if;
	end if;
	perform private.lock_retention();
	update private.retention_periods as p set withdrawn_at = now()
	where p.class = v_class.code
		and p.summit_id is not distinct from summit
		and p.effective_at > now()
		and p.withdrawn_at is null;
	insert into private.retention_periods (class, summit_id, days, effective_at, set_by)
	values (v_class.code, summit, set_retention_period.days, v_at, private.me());
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'rows', v_rows, 'effective_at', private.iso(v_at));
end
$$;
grant execute on function public.set_retention_period(uuid, text, integer, boolean) to authenticated;

-- How long each class is kept, for everybody: [{code, clock, days}] of a Summit that the reader may see, or in general.
create function public.retention_periods(summit uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object('code', c.code, 'clock', c.clock,
			'days', private.retention_days(c.code, seen.id, now()))
		order by c.position)
	from private.retention_classes as c
	cross join (select (select s from private.readable_summits() as s where s = summit) as id) as seen
$$;
grant execute on function public.retention_periods(uuid) to anon, authenticated;
