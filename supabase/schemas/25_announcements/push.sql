-- Web push: subscriptions of browsers, and the queue from which the worker sends.

-- Answers ok | not_allowed | invalid. A person has at most ten browsers; the oldest is dropped.
create function public.save_push_subscription(endpoint text, p256dh text, auth text) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := private.me();
	v_session uuid := (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid;
begin
	if v_person is null or v_session is null then return 'not_allowed'; end if;
	insert into private.push_subscriptions as ps (person_id, session_id, endpoint, p256dh, auth)
	values (v_person, v_session, save_push_subscription.endpoint, save_push_subscription.p256dh,
		save_push_subscription.auth)
	on conflict on constraint push_subscriptions_endpoint_key do update set
		person_id = excluded.person_id, session_id = excluded.session_id, p256dh = excluded.p256dh,
		auth = excluded.auth;
	delete from private.push_subscriptions as ps
	where ps.person_id = v_person
		and ps.id not in (
			select newest.id from private.push_subscriptions as newest
			where newest.person_id = v_person
			order by newest.created_at desc, newest.id limit 10
		);
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.save_push_subscription(text, text, text) to authenticated;

-- Ends a subscription. The endpoint is secret, so knowing it is proof enough, signed in or not.
create function public.delete_push_subscription(endpoint text) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.push_subscriptions as ps where ps.endpoint = delete_push_subscription.endpoint
$$;
grant execute on function public.delete_push_subscription(text) to anon, authenticated;

-- Queues one push for each browser of each reader.
create function private.queue_pushes(p_announcement private.announcements) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.pushes (announcement_id, subscription_id)
	select p_announcement.id, ps.id
	from private.push_subscriptions as ps
	join private.announcement_readers as r on r.announcement_id = p_announcement.id and r.person_id = ps.person_id;
	if found then perform private.publish_event('outbox', 'push', p_announcement.id); end if;
end
$$;

-- Takes up to `p_limit` pushes of an announcement. Locked rows are skipped, so that two workers never send the same
-- push. Subscriptions whose session has ended are dropped first.
create function private.claim_pushes(p_announcement uuid, p_limit integer default 100)
returns table (
	id uuid, endpoint text, p256dh text, auth text, locale text, wording jsonb, slug text,
	summit_name jsonb, page text, is_urgent boolean, seconds integer
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.push_subscriptions as ps
	where ps.session_id in (
		select private.ended_auth_sessions(array(
			select distinct other.session_id from private.pushes as p
			join private.push_subscriptions as other on other.id = p.subscription_id
			where p.announcement_id = p_announcement and p.state = 'queued'
		))
	);
	update private.pushes as p set state = 'gone'
	where p.announcement_id = p_announcement and p.state = 'queued' and p.subscription_id is null;
	return query
	with picked as (
		select p.id from private.pushes as p
		where p.announcement_id = p_announcement and p.state = 'queued' and p.send_after <= now()
		order by p.id limit p_limit for update skip locked
	), taken as (
		update private.pushes as p
		set state = 'sending', claimed_at = now(), attempts = p.attempts + 1
		from picked
		where p.id = picked.id
		returning p.*
	)
	select t.id, ps.endpoint, ps.p256dh, ps.auth, r.locale, private.announcement_wording(a.id, r.locale),
		s.slug, s.name::jsonb, a.page, a.is_urgent,
		greatest(60, extract(epoch from a.shown_until - now()))::integer
	from taken as t
	join private.push_subscriptions as ps on ps.id = t.subscription_id
	join private.announcements as a on a.id = t.announcement_id
	join public.summits as s on s.id = a.summit_id
	join private.announcement_readers as r on r.announcement_id = a.id and r.person_id = ps.person_id;
end
$$;
grant execute on function private.claim_pushes(uuid, integer) to app_server;

-- Records the outcome of one push: sent, gone (the browser no longer accepts any) or failed. A failed one is tried
-- again after 10, 30, 90 and 270 seconds. Answers when it is tried again; null when it is not.
create function private.record_push_result(p_id uuid, p_outcome text) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.pushes;
	v_next timestamptz;
begin
	select * into v from private.pushes as p where p.id = p_id and p.state = 'sending' for update;
	if not found then return null; end if;
	if p_outcome = 'failed' and v.attempts < 5 then
		v_next := now() + interval '10 seconds' * power(3, v.attempts - 1);
	end if;
	update private.pushes as p
	set
		state = case when v_next is not null then 'queued' else p_outcome end,
		send_after = coalesce(v_next, p.send_after), claimed_at = null
	where p.id = p_id;
	if p_outcome = 'gone' then delete from private.push_subscriptions as ps where ps.id = v.subscription_id; end if;
	return v_next;
end
$$;
grant execute on function private.record_push_result(uuid, text) to app_server;

-- Runs each minute: frees pushes of a worker that stopped, drops those of announcements that are no longer shown, and
-- answers the announcements that have pushes due.
create function private.sweep_pushes() returns table (id uuid)
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.pushes as p set state = 'queued', claimed_at = null
	where p.state = 'sending' and p.claimed_at < now() - interval '3 minutes';
	update private.pushes as p set state = 'failed'
	from private.announcements as a
	where a.id = p.announcement_id and p.state = 'queued' and (a.shown_until < now() or a.withdrawn_at is not null);
	return query
	select distinct p.announcement_id from private.pushes as p where p.state = 'queued' and p.send_after <= now();
end
$$;
grant execute on function private.sweep_pushes() to app_server;
