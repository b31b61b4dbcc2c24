-- What owners of a Summit do with its endpoints. An endpoint of another Summit is not found, like one that is not there.

-- The Summit of an endpoint that the reader owns; null for every other endpoint.
create function private.owned_webhook_summit(p_endpoint uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.summit_id
	from private.webhook_endpoints as e
	where e.id = p_endpoint and private.has_role(e.summit_id, 'owner')
$$;

-- An endpoint as its page and the list show it. `waiting` and `failed` count what is in the log.
create function private.webhook_endpoint_json(p_e private.webhook_endpoints) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_e.id, 'url', p_e.url, 'description', p_e.description, 'kinds', p_e.kinds,
		'pause_reason', p_e.pause_reason, 'paused_at', private.iso(p_e.paused_at),
		'old_until', private.iso(case when p_e.old_until > now() then p_e.old_until end),
		'failing_since', private.iso((
			select s.failing_since from private.webhook_senders as s where s.endpoint_id = p_e.id)),
		'waiting', count(*) filter (where l.state = 'waiting'),
		'failed', count(*) filter (where l.state = 'failed'))
	from private.logged_webhooks(p_e.id) as l
$$;

-- The deliveries of an endpoint that its log shows: none of what is to come, nor of a session that is closed now. The level
-- of a session is asked for once, however many events there are of it.
create function private.logged_webhooks(p_endpoint uuid) returns table (
	delivery uuid, event uuid, place bigint, kind public.webhook_kind, occurred_at timestamptz, data jsonb,
	state public.webhook_state, attempts integer, due_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	with logged as materialized (
		select d.id as delivery, d.state, d.attempts, d.due_at, e.id, e.place, e.kind, e.occurred_at, e.data, e.session_id
		from private.webhook_deliveries as d
		join private.webhook_events as e on e.id = d.event_id
		where d.endpoint_id = p_endpoint and e.occurred_at <= now()
	), closed as materialized (
		select s.session_id
		from (select distinct l.session_id from logged as l where l.session_id is not null) as s
		where private.level_in_force(s.session_id) = 'closed'
	)
	select l.delivery, l.id, l.place, l.kind, l.occurred_at, l.data, l.state, l.attempts, l.due_at
	from logged as l
	where not exists (select from closed as c where c.session_id = l.session_id)
$$;

-- The endpoints of a Summit, the oldest first; null for all but owners.
create function public.list_webhooks(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(private.webhook_endpoint_json(e) order by e.created_at, e.id)
		from private.webhook_endpoints as e
		where e.summit_id = list_webhooks.summit), '[]')
	where private.has_role(list_webhooks.summit, 'owner')
$$;
grant execute on function public.list_webhooks(uuid) to authenticated;

-- An endpoint and its log, the newest first: {endpoint, total, deliveries: [{id, event, kind, occurred_at, data, state,
-- attempts, next_at, last: {at, status, fault, excerpt, took_ms}}]}. `state`: only those. Null where it is not found.
create function public.read_webhook(
	summit uuid, endpoint uuid, state public.webhook_state default null, row_limit integer default 50,
	row_offset integer default 0
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as materialized (
		select l.*
		from private.logged_webhooks(read_webhook.endpoint) as l
		where read_webhook.state is null or l.state = read_webhook.state
	)
	select jsonb_build_object(
		'endpoint', private.webhook_endpoint_json(e),
		'total', (select count(*) from shown),
		'deliveries', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.delivery, 'event', r.event, 'kind', r.kind, 'occurred_at', private.iso(r.occurred_at),
				'data', r.data, 'state', r.state, 'attempts', r.attempts,
				'next_at', case when r.state = 'waiting' and r.due_at < 'infinity' then private.iso(r.due_at) end,
				'last', (
					select jsonb_build_object('at', private.iso(a.at), 'status', a.status, 'fault', a.fault,
						'excerpt', a.excerpt, 'took_ms', a.took_ms)
					from private.webhook_attempts as a
					where a.delivery_id = r.delivery
					order by a.number desc
					limit 1))
				order by r.place desc), '[]')
			from (
				select * from shown
				order by shown.place desc
				limit least(greatest(row_limit, 1), 200)
				offset greatest(row_offset, 0)
			) as r))
	from private.webhook_endpoints as e
	where e.id = read_webhook.endpoint and e.summit_id = read_webhook.summit and private.has_role(e.summit_id, 'owner')
$$;
grant execute on function public.read_webhook(uuid, uuid, public.webhook_state, integer, integer) to authenticated;

-- Adds an endpoint under an id of the form, so that a form that is sent twice adds one. The secret comes sealed, in
-- hexadecimal. Locks the Summit, which has at most twenty.
create function public.add_webhook(
	summit uuid, endpoint uuid, url text, description text, kinds public.webhook_kind[], secret_sealed text, key_id text
) returns public.webhook_adding
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(add_webhook.summit, 'owner') then return 'not_allowed'; end if;
	if coalesce(secret_sealed, '') !~ '^([0-9a-f]{2}){40,200}$' then return 'invalid'; end if;
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks:' || add_webhook.summit, 0));
	if exists (select from private.webhook_endpoints as e where e.id = add_webhook.endpoint) then return 'already'; end if;
	if (select count(*) >= 20 from private.webhook_endpoints as e where e.summit_id = add_webhook.summit) then
		return 'too_many';
	end if;
	insert into private.webhook_endpoints (id, summit_id, url, description, kinds, secret_sealed, key_id)
	values (add_webhook.endpoint, add_webhook.summit, btrim(add_webhook.url),
		coalesce(private.one_line(add_webhook.description), ''), add_webhook.kinds,
		decode(add_webhook.secret_sealed, 'hex'), add_webhook.key_id);
	insert into private.webhook_senders (endpoint_id) values (add_webhook.endpoint);
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.add_webhook(uuid, uuid, text, text, public.webhook_kind[], text, text) to authenticated;

-- Changes where an endpoint is and what it gets. What waits goes to the new address.
create function public.edit_webhook(endpoint uuid, url text, description text, kinds public.webhook_kind[])
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(edit_webhook.endpoint) is null then return 'not_found'; end if;
	update private.webhook_endpoints as e
	set url = btrim(edit_webhook.url),
		description = coalesce(private.one_line(edit_webhook.description), ''),
		kinds = edit_webhook.kinds
	where e.id = edit_webhook.endpoint;
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.edit_webhook(uuid, text, text, public.webhook_kind[]) to authenticated;

-- Pauses an endpoint, or sends to it again: first what waits. Events of the time in between are not written for it.
create function public.pause_webhook(endpoint uuid, paused boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(pause_webhook.endpoint) is null then return 'not_found'; end if;
	update private.webhook_endpoints as e
	set pause_reason = case when pause_webhook.paused then 'by_hand'::public.webhook_pause end,
		paused_at = case when pause_webhook.paused then now() end
	where e.id = pause_webhook.endpoint and (e.pause_reason is null) = pause_webhook.paused;
	if not found then return 'already'; end if;
	if not pause_webhook.paused then
		update private.webhook_senders as s
		set failing_since = null, failures = 0, held_until = null
		where s.endpoint_id = pause_webhook.endpoint;
		perform private.publish_event('outbox', 'webhook', pause_webhook.endpoint);
	end if;
	return 'ok';
end
$$;
grant execute on function public.pause_webhook(uuid, boolean) to authenticated;

-- Gives an endpoint a new secret, which comes sealed. For a day the one before signs too. While one does, it stays the one
-- before: the receiver has it, and the secret that is replaced so soon may be lost.
create function public.rotate_webhook_secret(endpoint uuid, secret_sealed text, key_id text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(rotate_webhook_secret.endpoint) is null then return 'not_found'; end if;
	if coalesce(secret_sealed, '') !~ '^([0-9a-f]{2}){40,200}$' then return 'invalid'; end if;
	update private.webhook_endpoints as e
	set old_secret_sealed = case when e.old_until > now() then e.old_secret_sealed else e.secret_sealed end,
		old_key_id = case when e.old_until > now() then e.old_key_id else e.key_id end,
		old_until = now() + interval '24 hours',
		secret_sealed = decode(rotate_webhook_secret.secret_sealed, 'hex'),
		key_id = rotate_webhook_secret.key_id
	where e.id = rotate_webhook_secret.endpoint;
	return 'ok';
exception when not_null_violation then return 'invalid';
end
$$;
grant execute on function public.rotate_webhook_secret(uuid, text, text) to authenticated;

-- Removes an endpoint with its log, and the events that no other one gets.
create function public.remove_webhook(endpoint uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(remove_webhook.endpoint) is null then return 'not_found'; end if;
	delete from private.webhook_events as e
	where exists (select
			from private.webhook_deliveries as d
			where d.event_id = e.id and d.endpoint_id = remove_webhook.endpoint)
		and not exists (select
			from private.webhook_deliveries as d
			where d.event_id = e.id and d.endpoint_id <> remove_webhook.endpoint);
	delete from private.webhook_endpoints as e where e.id = remove_webhook.endpoint;
	return 'ok';
end
$$;
grant execute on function public.remove_webhook(uuid) to authenticated;

-- Sends one delivery again, under the same id of its event; one that waits is sent now. Already: it is due now.
create function public.replay_webhook(delivery uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_endpoint uuid;
	v_summit uuid;
begin
	select d.endpoint_id into v_endpoint from private.webhook_deliveries as d where d.id = replay_webhook.delivery;
	v_summit := private.owned_webhook_summit(v_endpoint);
	if v_summit is null or not exists (select
		from private.logged_webhooks(v_endpoint) as l
		where l.delivery = replay_webhook.delivery and l.kind <> 'webhook.test') then
		return 'not_found';
	end if;
	update private.webhook_deliveries as d
	set state = 'waiting', tries = 0, due_at = now()
	where d.id = replay_webhook.delivery and (d.state <> 'waiting' or d.due_at > now());
	if not found then return 'already'; end if;
	perform audit.record_event('webhooks.replayed', v_endpoint::text, v_summit, null, jsonb_build_object('count', 1));
	perform private.publish_event('outbox', 'webhook', v_endpoint);
	return 'ok';
end
$$;
grant execute on function public.replay_webhook(uuid) to authenticated;

-- Sends again all that failed since a time. Answers how many; 0 also where the endpoint is not found.
create function public.replay_failed_webhooks(endpoint uuid, since timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := private.owned_webhook_summit(replay_failed_webhooks.endpoint);
	v_count integer;
begin
	if v_summit is null then return 0; end if;
	update private.webhook_deliveries as d
	set state = 'waiting', tries = 0, due_at = now()
	where d.state = 'failed'
		and d.id in (select l.delivery
			from private.logged_webhooks(replay_failed_webhooks.endpoint) as l
			where l.state = 'failed' and l.kind <> 'webhook.test' and l.occurred_at >= replay_failed_webhooks.since);
	get diagnostics v_count = row_count;
	if v_count > 0 then
		perform audit.record_event('webhooks.replayed', replay_failed_webhooks.endpoint::text, v_summit, null,
			jsonb_build_object('count', v_count));
		perform private.publish_event('outbox', 'webhook', replay_failed_webhooks.endpoint);
	end if;
	return v_count;
end
$$;
grant execute on function public.replay_failed_webhooks(uuid, timestamptz) to authenticated;

-- Begins a test, which the app then sends at once (take_webhook_test): {status: ok, delivery} | not_found | limited.
-- Locks the endpoints of the Summit, so that tests are counted one after the other.
create function public.begin_webhook_test(endpoint uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := private.owned_webhook_summit(begin_webhook_test.endpoint);
	v_event uuid;
	v_delivery uuid;
begin
	if v_summit is null then return jsonb_build_object('status', 'not_found'); end if;
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks:' || v_summit, 0));
	if (select count(*) >= 10
		from private.webhook_deliveries as d
		join private.webhook_events as e on e.id = d.event_id
		where d.endpoint_id = begin_webhook_test.endpoint and e.kind = 'webhook.test'
			and e.occurred_at > now() - interval '1 minute') then
		return jsonb_build_object('status', 'limited');
	end if;
	insert into private.webhook_events (summit_id, kind, data)
	select v_summit, 'webhook.test', jsonb_build_object('summit', s.slug) from public.summits as s where s.id = v_summit
	returning id into v_event;
	insert into private.webhook_deliveries (event_id, endpoint_id, due_at)
	values (v_event, begin_webhook_test.endpoint, 'infinity')
	returning id into v_delivery;
	perform audit.record_event('webhooks.tested', begin_webhook_test.endpoint::text, v_summit, null, '{}');
	return jsonb_build_object('status', 'ok', 'delivery', v_delivery);
end
$$;
grant execute on function public.begin_webhook_test(uuid) to authenticated;
