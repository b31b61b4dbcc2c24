-- The log of webhooks asks for the level of each session once.

-- The deliveries of an endpoint that its log shows: none of what is to come, nor of a session that is closed now. The level
-- of a session is asked for once, however many events there are of it.
create or replace function private.logged_webhooks(p_endpoint uuid) returns table (
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
