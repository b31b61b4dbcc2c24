-- The day of the door ends at four in the morning in the venue's zone: people who are inside at midnight are still
-- inside, and a late scan ends what the evening began. A stay without a scan on leaving ends with its day.

-- The day to which a moment belongs.
create function private.door_day(p_summit uuid, p_at timestamptz default now()) returns date
language sql stable security definer set search_path = '' as $$
	select ((p_at at time zone s.zone) - interval '4 hours')::date from public.summits as s where s.id = p_summit
$$;

-- When a day begins.
create function private.door_day_begins(p_summit uuid, p_day date) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (p_day::timestamp + interval '4 hours') at time zone s.zone from public.summits as s where s.id = p_summit
$$;

-- When devices that are enrolled at a moment expire: six hours after midnight, for people who stay late.
create function private.door_device_expiry(p_summit uuid, p_at timestamptz default now()) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (((p_at at time zone s.zone)::date + 1)::timestamp at time zone s.zone) + interval '6 hours'
	from public.summits as s
	where s.id = p_summit
$$;
