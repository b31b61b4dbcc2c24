-- Minutes of the parts of the site count by the minute, in whatever order processes write them; measures name a job by its
-- task, because a scraper has a `job` of its own.

alter table private.part_days add column minutes bit(1440), add column good_minutes bit(1440);
-- Which minutes they were is not known: as many, from midnight on.
update private.part_days set
	minutes = rpad(repeat('1', least(good + bad, 1440)), 1440, '0')::bit(1440),
	good_minutes = rpad(repeat('1', least(good, 1440)), 1440, '0')::bit(1440);
alter table private.part_days
	alter column minutes set not null,
	alter column good_minutes set not null,
	drop column good,
	drop column bad,
	drop column last_minute;
alter table private.part_days
	add column good integer not null generated always as (bit_count(good_minutes)) stored,
	add column bad integer not null generated always as (bit_count(minutes & ~good_minutes)) stored;

-- The measures of now, in the units of their names; a label for each kind that is counted. `_seconds` is the age of the oldest
-- that is due, 0 when there is none. The library of jobs makes its tables when a process first starts.
create or replace function private.read_measures() returns table (name text, labels jsonb, value double precision)
language plpgsql stable security definer set search_path = '' as $$
begin
	if to_regclass('graphile_worker.jobs') is not null then
		return query execute $jobs$
			select 'jobs_due', jsonb_build_object('task', j.task_identifier), count(*)::double precision
			from graphile_worker.jobs as j
			where j.run_at <= now() and j.attempts < j.max_attempts
			group by j.task_identifier
			union all
			select 'jobs_given_up', jsonb_build_object('task', j.task_identifier), count(*)
			from graphile_worker.jobs as j
			where j.attempts >= j.max_attempts
			group by j.task_identifier
			union all
			select 'jobs_oldest_seconds', '{}', coalesce(extract(epoch from now() - min(j.run_at)), 0)
			from graphile_worker.jobs as j
			where j.run_at <= now() and j.attempts < j.max_attempts and j.locked_at is null
		$jobs$;
	end if;
	return query
	-- Each state, also without a mail: an alert compares with the hour before.
	select 'mails', jsonb_build_object('state', each.state), count(o.id)::double precision
	from unnest(enum_range(null::public.mail_state)) as each (state)
	left join private.outbox as o on o.state = each.state and o.state <> 'sent'
	where each.state <> 'sent'
	group by each.state
	union all
	select 'mails_oldest_seconds', '{}', coalesce(extract(epoch from now() - min(greatest(o.created_at, o.send_after))), 0)
	from private.outbox as o
	where o.state = 'queued' and o.send_after <= now()
	union all
	select 'seats', jsonb_build_object('summit', s.slug, 'mode', c.mode, 'state', 'capacity'), c.capacity
	from public.mode_capacities as c
	join public.summits as s on s.id = c.summit_id and s.state in ('open', 'live')
	union all
	select 'seats', jsonb_build_object('summit', s.slug, 'mode', x.mode, 'state', x.state), count(*)
	from public.seats as x
	join public.summits as s on s.id = x.summit_id and s.state in ('open', 'live')
	where x.state <> 'released'
	group by s.slug, x.mode, x.state
	union all
	select 'queue', jsonb_build_object('summit', s.slug, 'mode', q.mode), count(*)
	from public.queue_entries as q
	join public.summits as s on s.id = q.summit_id and s.state in ('open', 'live')
	where q.state = 'waiting'
	group by s.slug, q.mode
	union all
	select 'live_sessions', jsonb_build_object('format', r.stage_format), count(*)
	from public.runs as r
	where r.state = 'live'
	group by r.stage_format
	union all
	select 'connections', '{}', count(*) from private.run_connections as c where c.left_at is null
	union all
	select 'backup_age_seconds', '{}', extract(epoch from now() - max(b.ended_at))
	from private.backup_runs as b
	where b.outcome = 'good'
	having max(b.ended_at) is not null
	union all
	select 'wal_age_seconds', '{}', extract(epoch from now() - coalesce(w.archived_at, w.expected_since))
	from private.wal_archiving as w;
end
$$;
grant execute on function private.read_measures() to app_server;

-- Adds minutes, [{at, parts: {part: whether it worked}}], in any order. A minute that another process wrote counts once.
create or replace function private.record_part_minutes(p_minutes jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	with given as (
		select (m.at at time zone 'UTC')::date as day, p.key as part, p.value = 'true' as works,
			set_bit(repeat('0', 1440)::bit(1440), (extract(epoch from m.at)::bigint / 60 % 1440)::integer, 1) as minute
		from jsonb_to_recordset(p_minutes) as m (at timestamptz, parts jsonb)
		cross join lateral jsonb_each(m.parts) as p
	)
	insert into private.part_days as d (day, part, minutes, good_minutes)
	select g.day, g.part, bit_or(g.minute),
		coalesce(bit_or(g.minute) filter (where g.works), repeat('0', 1440)::bit(1440))
	from given as g
	group by g.day, g.part
	order by g.day, g.part
	on conflict (day, part) do update set
		minutes = d.minutes | excluded.minutes,
		good_minutes = d.good_minutes | (excluded.good_minutes & ~d.minutes)
$$;
grant execute on function private.record_part_minutes(jsonb) to app_server;

