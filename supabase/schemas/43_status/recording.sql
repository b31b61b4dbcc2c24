-- What processes measured of the parts of the site and of requests, and what is left of the error budget.

-- Adds minutes, [{at, parts: {part: whether it worked}}], in any order. A minute that another process wrote counts once.
create function private.record_part_minutes(p_minutes jsonb) returns void
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

-- Adds requests, [{hour, requests, failed, slow, times}].
create function private.record_requests(p_hours jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.request_hours as h (hour, requests, failed, slow, times)
	select g.hour, g.requests, g.failed, g.slow, g.times
	from jsonb_to_recordset(p_hours) as g (hour timestamptz, requests bigint, failed bigint, slow bigint, times bigint[])
	order by g.hour
	on conflict (hour) do update set
		requests = h.requests + excluded.requests, failed = h.failed + excluded.failed, slow = h.slow + excluded.slow,
		times = array(
			select old.many + new.many
			from unnest(h.times) with ordinality as old (many, place)
			join unnest(excluded.times) with ordinality as new (many, place) using (place)
			order by place)
$$;
grant execute on function private.record_requests(jsonb) to app_server;

-- Forgets what was measured more than 400 days ago.
create function private.clean_status(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.part_days as d where d.day < (p_now at time zone 'UTC')::date - 400;
	delete from private.request_hours as h where h.hour < p_now - interval '400 days'
$$;
grant execute on function private.clean_status(timestamptz) to app_server;

-- Requests of a time: {requests, failed, slow, times}.
create function private.requests_between(p_from timestamptz, p_to timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'requests', coalesce(sum(h.requests), 0)::bigint,
		'failed', coalesce(sum(h.failed), 0)::bigint,
		'slow', coalesce(sum(h.slow), 0)::bigint,
		'times', to_jsonb(array[
			coalesce(sum(h.times[1]), 0)::bigint, coalesce(sum(h.times[2]), 0)::bigint, coalesce(sum(h.times[3]), 0)::bigint,
			coalesce(sum(h.times[4]), 0)::bigint, coalesce(sum(h.times[5]), 0)::bigint, coalesce(sum(h.times[6]), 0)::bigint,
			coalesce(sum(h.times[7]), 0)::bigint, coalesce(sum(h.times[8]), 0)::bigint]))
	from private.request_hours as h
	where h.hour >= p_from and h.hour < p_to
$$;

-- How the site answered in the last 30 days and during a Summit, from its first to its last day in the zone of its venue; with
-- each of the last 30 days, and since when there are measures: {since, month, summit, days}. For organisers; null for everybody
-- else.
create function public.read_reliability(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'since', (select private.iso(min(h.hour)) from private.request_hours as h),
		'month', private.requests_between(now() - interval '30 days', 'infinity'),
		'summit', private.requests_between(
			date_trunc('hour', s.starts_on::timestamp at time zone s.zone), (s.ends_on + 1)::timestamp at time zone s.zone),
		'days', (
			select jsonb_agg(
				jsonb_build_object('day', d.day::date) || private.requests_between(
					d.day at time zone 'UTC', (d.day + interval '1 day') at time zone 'UTC')
				order by d.day)
			from generate_series(
				((now() at time zone 'UTC')::date - 29)::timestamp, (now() at time zone 'UTC')::date::timestamp, interval '1 day') as d (day)))
	from public.summits as s
	where s.id = read_reliability.summit and private.has_role(s.id, 'programme', 'registration', 'stage', 'finance')
$$;
grant execute on function public.read_reliability(uuid) to authenticated;
