-- The end of a Summit, and deadlines that may not be after it.

-- When a Summit is over: the midnight after its last day, at its place.
create function private.summit_end(s public.summits) returns timestamptz
language sql stable set search_path = '' as $$
	select (s.ends_on + 1)::timestamp at time zone s.zone
$$;

-- Whether a Summit is over: it is closed, or its last day has passed.
create function private.is_over(s public.summits, p_at timestamptz default now()) returns boolean
language sql stable set search_path = '' as $$
	select s.state in ('closed', 'archived') or private.summit_end(s) <= p_at
$$;

-- Whether a Summit gives seats: it is open or live, and not over.
create function private.gives_seats(s public.summits) returns boolean
language sql stable set search_path = '' as $$
	select s.state in ('open', 'live') and not private.is_over(s)
$$;

-- Whether registration for a Summit is open: before, open or closed.
create function private.registration_window(s public.summits) returns text
language sql stable set search_path = '' as $$
	select case
		when not private.gives_seats(s) or s.registration_closes_at <= now() then 'closed'
		when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
		else 'open'
	end
$$;

-- Whether one of the times is after the end of a Summit. No deadline may. Takes a share lock on the Summit: a change
-- of its dates waits until the deadline is written.
create function private.is_after_summit_end(p_summit uuid, variadic p_at timestamptz[]) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits as s where s.id = p_summit for share;
	return coalesce((select max(at) from unnest(p_at) as at) > private.summit_end(v_summit), false);
end
$$;

-- When a hold, a payment or an offer that begins now ends: after `p_wait`, but with the Summit at the latest. After the
-- end of the Summit it lasts the full time.
create function private.deadline_after(p_summit uuid, p_wait interval) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select case
		when private.summit_end(s) > now() then least(now() + p_wait, private.summit_end(s))
		else now() + p_wait
	end
	from public.summits as s
	where s.id = p_summit
$$;
