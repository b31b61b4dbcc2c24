-- Writing events: the one function that all triggers of this folder call.

-- Writes an event, and a delivery for each active endpoint of the Summit that wants its kind; without one nothing is
-- written. Nothing that tells of a closed session is written at all. `p_at`: when it takes effect, where that is to come;
-- it is sent then. Locks the endpoints (for key share), so that one that is removed meanwhile is left out.
create function private.write_webhook_event(p_summit uuid, p_kind public.webhook_kind, p_data jsonb,
	p_session uuid default null, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_endpoint uuid;
	v_event uuid;
	v_at timestamptz := greatest(p_at, now());
begin
	for v_endpoint in
		select e.id
		from private.webhook_endpoints as e
		where e.summit_id = p_summit and e.pause_reason is null and p_kind = any (e.kinds)
		order by e.id
		for key share
	loop
		if v_event is null then
			if p_session is not null and private.level_in_force(p_session) = 'closed' then return; end if;
			insert into private.webhook_events (summit_id, kind, data, session_id, occurred_at)
			select p_summit, p_kind, jsonb_build_object('summit', s.slug) || p_data, p_session, v_at
			from public.summits as s
			where s.id = p_summit
			returning id into v_event;
		end if;
		insert into private.webhook_deliveries (event_id, endpoint_id, due_at) values (v_event, v_endpoint, v_at);
		perform private.publish_event('outbox', 'webhook', v_endpoint);
	end loop;
end
$$;

-- Whether an endpoint wants one of these kinds: asked before what is costly to compute.
create function private.is_webhook_wanted(p_summit uuid, variadic p_kinds public.webhook_kind[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.webhook_endpoints as e
		where e.summit_id = p_summit and e.pause_reason is null and e.kinds && p_kinds)
$$;

-- Takes back an event whose time has not come.
create function private.take_back_webhook_event(p_kind public.webhook_kind, p_data jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.webhook_events as e where e.kind = p_kind and e.data @> p_data and e.occurred_at > now()
$$;
