-- A round of the sweep goes on where the last step ended, looks at nothing twice, and does not stop at what cannot be
-- deleted.
set local check_function_bodies = off;

alter table private.retention_reports add column fault text;

create table private.emptied_registrations (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	emptied_at timestamptz not null
);
alter table private.emptied_registrations enable row level security;
insert into private.not_copied_tables (name, reason) values ('private.emptied_registrations', 'technical');
insert into private.retention_rules (table_name, class) values ('private.emptied_registrations', 'registrations');
update private.retention_rules set only_if = 't.state <> ''confirmed'' and not private.is_emptied(t.id, t.summit_id)'
where table_name = 'public.registrations';
update private.retention_rules set only_if = 'greatest(t.created_at, t.updated_at) <= $3 and private.has_contact_data(t)'
where table_name = 'public.people';

drop function private.sweep_retention(timestamptz, integer);
drop function private.report_sweep(text, uuid, text, integer, timestamptz);
drop function private.is_unconfirmed_to_remove(public.registrations);
drop function private.has_rows_about(regclass, uuid, text);

alter domain public.recording_deletion_status drop constraint recording_deletion_status_check;
alter domain public.recording_deletion_status add constraint recording_deletion_status_check
	check (value in ('ok', 'not_found', 'refused', 'held'));

create or replace function public.delete_recording(recording uuid) returns public.recording_deletion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.state in ('wanted', 'running', 'paused') then return 'refused'; end if;
	if private.is_class_held('recordings', v_recording.summit_id, now())
		or private.people_of_recording(v_recording.id) && private.held_people(now()) then
		return 'held';
	end if;
	delete from private.recordings where id = v_recording.id;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

create function private.is_emptied(p_registration uuid, p_summit uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.emptied_registrations as e
		where e.registration_id = p_registration and e.emptied_at >= private.closed_since(p_summit))
$$;

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

create function private.report_sweep(
	p_class text, p_summit uuid, p_table text, p_rows integer, p_now timestamptz, p_fault text default null
) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.retention_reports as r (swept_on, class, summit_id, table_name, rows, last_at, fault)
	values ((p_now at time zone 'UTC')::date, p_class, p_summit, p_table, p_rows, p_now, p_fault)
	on conflict (swept_on, class, summit_id, table_name) do update
	set rows = r.rows + excluded.rows, last_at = excluded.last_at, fault = excluded.fault
$$;

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

create or replace function private.remove_unconfirmed_registration(p_id uuid, p_before timestamptz, p_now timestamptz)
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

create or replace function private.sweep_rule(
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

create or replace function private.count_due(p_class text, p_summit uuid, p_now timestamptz, p_days integer)
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

create or replace function public.retention_settings(summit uuid, for_all boolean default false) returns jsonb
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
