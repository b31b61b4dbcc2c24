-- Live events: how the database tells the app that something changed.

-- Sends {"topic": "summit:…", "kind": "seats", "id": "…"} on the channel `live_events`. Ids only: each process of the
-- app reads what changed under the rules of its readers. Postgres delivers at the commit, and equal events of one
-- transaction once.
create function private.publish_event(p_topic text, p_kind text, p_id uuid default null) returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_notify('live_events', json_build_object('topic', p_topic, 'kind', p_kind, 'id', p_id)::text)
$$;
