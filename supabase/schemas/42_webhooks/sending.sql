-- Sending: which process serves which endpoint, what is due, and what came of it. One process at a time serves an
-- endpoint, in the order in which things happened; what failed is tried again and holds up nothing. A process that dies
-- loses nothing: its claim runs out, and the next one sends again what has no result. So every event arrives at least
-- once, with the same id.

-- How long a claim lasts. An attempt takes a third of it at most.
create function private.webhook_claim_duration() returns interval
language sql immutable set search_path = '' as $$ select interval '60 seconds' $$;

-- How long after so many failed tries the next one comes, as Standard Webhooks recommends, with a tenth more or less;
-- null after the tenth, more than three days later.
create function private.webhook_retry_delay(p_tries integer) returns interval
language sql volatile set search_path = '' as $$
	select d * (0.9 + random() * 0.2)
	from unnest('{5 seconds,5 minutes,30 minutes,2 hours,5 hours,10 hours,14 hours,20 hours,24 hours}'::interval[])
		with ordinality as schedule (d, place)
	where place = p_tries
$$;

-- Claims an endpoint that has something due, or the one given, for one process; no row when there is none. Its secrets
-- leave the database sealed; of two, the old one signs too.
create function private.claim_webhook_endpoint(p_endpoint uuid default null) returns table (
	endpoint_id uuid, claim uuid, url text, secret_sealed bytea, key_id text, old_secret_sealed bytea, old_key_id text
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with claimed as (
		update private.webhook_senders as s
		set claim_id = gen_random_uuid(),
			claimed_until = clock_timestamp() + private.webhook_claim_duration(),
			served_at = clock_timestamp()
		where s.endpoint_id = (
			select x.endpoint_id
			from private.webhook_senders as x
			join private.webhook_endpoints as e on e.id = x.endpoint_id and e.pause_reason is null
			where (p_endpoint is null or x.endpoint_id = p_endpoint)
				and (x.claimed_until is null or x.claimed_until < now())
				and (x.held_until is null or x.held_until <= now())
				and exists (select
					from private.webhook_deliveries as d
					where d.endpoint_id = x.endpoint_id and d.state = 'waiting' and d.due_at <= now())
			order by x.served_at
			limit 1
			for no key update of x skip locked)
		returning s.endpoint_id, s.claim_id
	)
	select c.endpoint_id, c.claim_id, e.url, e.secret_sealed, e.key_id,
		case when e.old_until > now() then e.old_secret_sealed end,
		case when e.old_until > now() then e.old_key_id end
	from claimed as c
	join private.webhook_endpoints as e on e.id = c.endpoint_id;
end
$$;
grant execute on function private.claim_webhook_endpoint(uuid) to app_server;

-- What is due next to an endpoint that this process has claimed, and extends the claim; no row when nothing is due, the
-- endpoint was paused or the claim is another's. What tells of a session that has become closed is deleted.
create function private.next_webhook(p_endpoint uuid, p_claim uuid) returns table (
	delivery uuid, event uuid, kind public.webhook_kind, occurred_at timestamptz, data jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_senders as s
	set claimed_until = clock_timestamp() + private.webhook_claim_duration()
	where s.endpoint_id = p_endpoint and s.claim_id = p_claim;
	if not found then return; end if;
	delete from private.webhook_events as e
	where e.session_id is not null
		and e.id in (select d.event_id
			from private.webhook_deliveries as d
			where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at <= now())
		and private.level_in_force(e.session_id) = 'closed';
	return query
	select d.id, e.id, e.kind, e.occurred_at, e.data
	from private.webhook_deliveries as d
	join private.webhook_events as e on e.id = d.event_id
	join private.webhook_endpoints as n on n.id = d.endpoint_id and n.pause_reason is null
	where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at <= now()
	order by d.due_at, e.place
	limit 1;
end
$$;
grant execute on function private.next_webhook(uuid, uuid) to app_server;

-- Pauses an endpoint and writes to the owners of its Summit, once.
create function private.pause_webhook_endpoint(p_endpoint uuid, p_reason public.webhook_pause) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_owner uuid;
begin
	update private.webhook_endpoints as e
	set pause_reason = p_reason, paused_at = now()
	where e.id = p_endpoint and e.pause_reason is null
	returning e.summit_id into v_summit;
	if v_summit is null then return; end if;
	for v_owner in select o from private.role_holders('owner', v_summit) as o loop
		perform private.enqueue_mail(v_owner, 'webhook_paused',
			jsonb_build_object('endpoint', p_endpoint, 'reason', p_reason), v_summit);
	end loop;
	perform private.publish_event('organise:' || v_summit, 'webhooks', p_endpoint);
end
$$;

-- Records what came of an attempt, with its status or else its fault. Answers whether this process may go on with the next
-- one: not when it failed, for then nothing is tried for a while, nor when the claim is another's, and then nothing is
-- recorded. 410 ends the endpoint at once, three days without a success later.
create function private.record_webhook_attempt(
	p_delivery uuid, p_claim uuid, p_status integer, p_fault public.webhook_fault, p_excerpt text, p_took_ms integer
) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_d private.webhook_deliveries;
	v_is_delivered boolean := coalesce(p_status between 200 and 299, false);
	v_delay interval;
	v_failing_since timestamptz;
begin
	-- The sender first, as every process does.
	update private.webhook_senders as s
	set failing_since = case when not v_is_delivered then coalesce(s.failing_since, now()) end,
		failures = case when v_is_delivered then 0 else s.failures + 1 end,
		held_until = case when not v_is_delivered
			then now() + least(interval '1 second' * power(2, least(s.failures, 20)), interval '5 minutes') end
	where s.claim_id = p_claim
		and s.endpoint_id = (select d.endpoint_id from private.webhook_deliveries as d where d.id = p_delivery)
	returning s.failing_since into v_failing_since;
	if not found then return false; end if;
	select d.* into v_d from private.webhook_deliveries as d where d.id = p_delivery and d.state = 'waiting' for update;
	if not found then return false; end if;
	insert into private.webhook_attempts (delivery_id, number, took_ms, status, fault, excerpt)
	values (p_delivery, v_d.attempts + 1, p_took_ms, p_status, p_fault, private.one_line(left(p_excerpt, 500)));
	v_delay := case when not v_is_delivered and p_status is distinct from 410
		then private.webhook_retry_delay(v_d.tries + 1) end;
	update private.webhook_deliveries as d
	set attempts = d.attempts + 1,
		tries = d.tries + 1,
		state = case
			when v_is_delivered then 'delivered'::public.webhook_state when v_delay is null then 'failed' else 'waiting' end,
		due_at = coalesce(now() + v_delay, d.due_at)
	where d.id = p_delivery;
	if p_status = 410 then
		perform private.pause_webhook_endpoint(v_d.endpoint_id, 'gone');
	elsif v_failing_since <= now() - interval '3 days' then
		perform private.pause_webhook_endpoint(v_d.endpoint_id, 'failing');
	end if;
	return v_is_delivered;
end
$$;
grant execute on function private.record_webhook_attempt(uuid, uuid, integer, public.webhook_fault, text, integer)
	to app_server;

-- Gives an endpoint back. Answers when something can be sent to it next; null: nothing waits, or it is paused.
create function private.release_webhook_endpoint(p_endpoint uuid, p_claim uuid) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_senders as s
	set claim_id = null, claimed_until = null
	where s.endpoint_id = p_endpoint and s.claim_id = p_claim;
	return (
		select greatest(min(d.due_at), max(s.held_until))
		from private.webhook_deliveries as d
		join private.webhook_endpoints as e on e.id = d.endpoint_id and e.pause_reason is null
		join private.webhook_senders as s on s.endpoint_id = e.id
		where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at < 'infinity');
end
$$;
grant execute on function private.release_webhook_endpoint(uuid, uuid) to app_server;

-- Takes a test that an owner began (begin_webhook_test), once; also where the endpoint is paused.
create function private.take_webhook_test(p_delivery uuid) returns table (
	endpoint_id uuid, event uuid, kind public.webhook_kind, occurred_at timestamptz, data jsonb, url text,
	secret_sealed bytea, key_id text, old_secret_sealed bytea, old_key_id text
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_deliveries as d
	set tries = 1
	where d.id = p_delivery and d.state = 'waiting' and d.due_at = 'infinity' and d.tries = 0;
	if not found then return; end if;
	return query
	select n.id, e.id, e.kind, e.occurred_at, e.data, n.url, n.secret_sealed, n.key_id,
		case when n.old_until > now() then n.old_secret_sealed end,
		case when n.old_until > now() then n.old_key_id end
	from private.webhook_deliveries as d
	join private.webhook_events as e on e.id = d.event_id
	join private.webhook_endpoints as n on n.id = d.endpoint_id
	where d.id = p_delivery;
end
$$;
grant execute on function private.take_webhook_test(uuid) to app_server;

-- Records what came of a test. It is not tried again, and says nothing of how the endpoint does.
create function private.record_webhook_test(
	p_delivery uuid, p_status integer, p_fault public.webhook_fault, p_excerpt text, p_took_ms integer
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_deliveries as d
	set state = case when p_status between 200 and 299 then 'delivered'::public.webhook_state else 'failed' end,
		attempts = 1
	where d.id = p_delivery and d.state = 'waiting' and d.due_at = 'infinity';
	if not found then return; end if;
	insert into private.webhook_attempts (delivery_id, number, took_ms, status, fault, excerpt)
	values (p_delivery, 1, p_took_ms, p_status, p_fault, private.one_line(left(p_excerpt, 500)));
end
$$;
grant execute on function private.record_webhook_test(uuid, integer, public.webhook_fault, text, integer) to app_server;

-- Each minute: ends tests whose process died.
create function private.end_lost_webhook_tests() returns void
language sql volatile security definer set search_path = '' as $$
	update private.webhook_deliveries as d
	set state = 'failed'
	from private.webhook_events as e
	where e.id = d.event_id and e.kind = 'webhook.test' and e.occurred_at < now() - interval '2 minutes'
		and d.state = 'waiting'
$$;
grant execute on function private.end_lost_webhook_tests() to app_server;
