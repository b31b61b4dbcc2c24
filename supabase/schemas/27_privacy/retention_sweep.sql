-- The sweep: each class goes when its clock has run, in small steps. A step is one transaction; a process that dies in
-- the midst of one loses nothing, and any number of processes can sweep at once.

-- Whether rows of other tables keep a row from being deleted.
create function private.is_kept_by_others(p_target regclass, p_id uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_column record;
	v_is_kept boolean;
begin
	for v_column in
		select c.conrelid::regclass as table_name, a.attname as column_name
		from pg_catalog.pg_constraint as c
		join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		where c.contype = 'f' and c.confrelid = p_target and c.confdeltype in ('a', 'r')
	loop
		execute format('select exists (select from %s where %I = $1)', v_column.table_name, v_column.column_name)
		into v_is_kept
		using p_id;
		if v_is_kept then return true; end if;
	end loop;
	return false;
end
$$;

-- Deletes a registration that was never confirmed. One to which seats, the queue, payments or a minor refer stays, and
-- is emptied once.
create function private.remove_unconfirmed_registration(p_id uuid, p_before timestamptz, p_now timestamptz)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = p_id for update skip locked;
	if not found or v_r.state = 'confirmed' or v_r.person_id = any (private.held_people(p_now)) then return false; end if;
	if private.is_kept_by_others('public.registrations', p_id) then
		perform private.empty_registration(p_id);
		insert into private.emptied_registrations as e (registration_id, emptied_at) values (p_id, p_now)
		on conflict (registration_id) do update set emptied_at = excluded.emptied_at;
	else
		delete from public.registrations as r where r.id = p_id;
	end if;
	return true;
end
$$;

-- Carries out one rule for at most so many rows, and answers for how many it did. Rows in use are left for the next
-- step.
create function private.sweep_rule(
	p_rule private.retention_rules, p_clock text, p_summit uuid, p_now timestamptz, p_days integer, p_limit integer
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_closed timestamptz;
	v_before timestamptz := p_now - make_interval(days => p_days);
	v_where text;
	v_id uuid;
	v_is_removed boolean;
	v_count integer := 0;
begin
	-- Opening the Summit again waits for this step.
	select k.started_at into v_closed from private.retention_clocks as k where k.summit_id = p_summit for share;
	if p_clock = 'closed' and coalesce(v_closed > v_before, true) and p_rule.or_if is null then return 0; end if;
	v_where := format('%s and %s', private.summit_condition(p_rule, p_summit),
		private.retention_condition(p_rule, p_clock, coalesce(v_closed <= v_before, false)));
	if p_rule.remover is not null then
		-- Each of them may take a while: few at a time, so that locks are short.
		for v_id in
			execute format('select t.id from %s as t where %s limit least($5, 20)', p_rule.table_name, v_where)
			using p_summit, p_now, v_before, private.held_people(p_now), p_limit
		loop
			execute format('select %s($1, $2, $3)', p_rule.remover) into v_is_removed using v_id, v_before, p_now;
			v_count := v_count + v_is_removed::integer;
		end loop;
		return v_count;
	end if;
	execute format('with due as materialized (
			select t.ctid as place from %1$s as t where %2$s limit $5 for update of t skip locked
		)
		%3$s where t.ctid = due.place',
		p_rule.table_name,
		v_where,
		case when p_rule.sets is null then format('delete from %s as t using due', p_rule.table_name)
			else format('update %s as t set %s from due', p_rule.table_name, p_rule.sets) end)
	using p_summit, p_now, v_before, private.held_people(p_now), p_limit;
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Destroys the sealed values that the audit keeps of the tables of a class, for at most so many entries. The entries
-- stay.
create function private.sweep_audit(
	p_class text, p_summit uuid, p_now timestamptz, p_days integer, p_limit integer
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	perform from private.retention_clocks as k
	where k.summit_id = p_summit and k.started_at <= p_now - make_interval(days => p_days)
	for share;
	if not found then return 0; end if;
	update audit.entries as e set personal = null
	where e.id in (
		select t.id
		from audit.entries as t
		where t.summit_id = p_summit
			and t.personal is not null
			and t.table_name in (
				select r.table_name from private.retention_rules as r where r.class = p_class and r.with_audit)
			and not coalesce(t.person_id = any (private.held_people(p_now)), false)
		limit p_limit
		for update skip locked);
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Notes in the report what a step did, or why it could not.
create function private.report_sweep(
	p_class text, p_summit uuid, p_table text, p_rows integer, p_now timestamptz, p_fault text default null
) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.retention_reports as r (swept_on, class, summit_id, table_name, rows, last_at, fault)
	values ((p_now at time zone 'UTC')::date, p_class, p_summit, p_table, p_rows, p_now, p_fault)
	on conflict (swept_on, class, summit_id, table_name) do update
	set rows = r.rows + excluded.rows, last_at = excluded.last_at, fault = excluded.fault
$$;

-- The steps of a round in their order: the rules of each class and the sealed values of the audit (rule null), at each
-- Summit and for data of none.
create function private.retention_steps()
	returns table (place integer, class text, clock text, rule private.retention_rules, summit_id uuid)
language sql stable security definer set search_path = '' as $$
	select (row_number() over (order by c.position, r.table_name, s.id))::integer, c.code, c.clock, r, s.id
	from private.retention_classes as c
	cross join (select id from public.summits union all select null) as s
	join private.retention_rules as r on r.class = c.code and num_nonnulls(r.summit, r.since) > 0
	union all
	select 1000000 + (row_number() over (order by c.position, k.summit_id))::integer, c.code, c.clock, null, k.summit_id
	from private.retention_clocks as k
	join private.retention_classes as c on c.clock = 'closed'
$$;

-- The next step from a place on: removes what is due of one table at one Summit, at most `p_limit` rows, and answers
-- where to go on; null: the round is over, and the next one begins after an hour. What cannot be removed is reported,
-- and keeps nothing else waiting.
create function private.sweep_retention(
	p_from integer default 0, p_now timestamptz default now(), p_limit integer default 200
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step record;
	v_days integer;
	v_table text;
	v_count integer;
	v_fault text;
begin
	if p_from = 0 and exists (
		select from private.last_retention_round as l where l.at between p_now - interval '1 hour' and p_now) then
		return null;
	end if;
	-- Changes of periods and holds wait for this step.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	perform set_config('app.reason', 'retention', true);
	perform set_config('app.retention', 'sweep', true);
	if p_from = 0 then perform private.warn_inactive_people(p_now, p_limit); end if;
	for v_step in select * from private.retention_steps() as s where s.place >= p_from order by s.place loop
		continue when private.is_class_held(v_step.class, v_step.summit_id, p_now);
		v_days := private.retention_days(v_step.class, v_step.summit_id, p_now);
		v_table := coalesce((v_step.rule).table_name, 'audit.entries');
		v_fault := null;
		begin
			v_count := case when (v_step.rule).table_name is null
				then private.sweep_audit(v_step.class, v_step.summit_id, p_now, v_days, p_limit)
				else private.sweep_rule(v_step.rule, v_step.clock, v_step.summit_id, p_now, v_days, p_limit) end;
		exception when others then
			v_count := 0;
			v_fault := sqlstate;
		end;
		if v_count > 0 and v_step.clock = 'closed' then
			insert into private.begun_deletions (summit_id, class, begun_at)
			select k.summit_id, v_step.class, p_now
			from private.retention_clocks as k
			where k.summit_id = v_step.summit_id and k.started_at + make_interval(days => v_days) <= p_now
			on conflict do nothing;
		end if;
		if v_count > 0 or v_fault is not null then
			perform private.report_sweep(v_step.class, v_step.summit_id, v_table, v_count, p_now, v_fault);
			return case when v_fault is null then v_step.place else v_step.place + 1 end;
		end if;
	end loop;
	insert into private.last_retention_round (at) values (p_now) on conflict (id) do update set at = excluded.at;
	return null;
end
$$;
grant execute on function private.sweep_retention(integer, timestamptz, integer) to app_server;
