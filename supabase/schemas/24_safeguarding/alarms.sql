-- Alarms: who is called when a concern is raised, when nobody answers, and how that ends. Only who may read the concern
-- is ever called.

-- Whom a step of an alarm calls: the first who is on call, then the others who are, then all who may read the concern.
-- Where a step would call nobody, it calls them all.
create function private.alarm_people(c private.concerns, p_step integer, p_now timestamptz) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with readers as (
		select r from private.concern_readers(c) as r
	), on_call as (
		select s.person_id, rank() over (order by s.position) as place
		from private.on_call_shifts as s
		where s.summit_id = c.summit_id and s.during @> p_now and s.person_id in (select r from readers)
	), called as (
		select person_id from on_call where p_step = 0 and place = 1 or p_step = 1 and place > 1
	)
	select person_id from called
	union
	select r from readers where not exists (select from called)
$$;

-- Takes the next step of an alarm: queues what is sent, and says when it goes on. After twelve steps all were called ten
-- times at least, and it ends. The caller has locked the alarm.
create function private.take_alarm_step(p_alarm uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_alarm private.concern_alarms;
	c private.concerns;
	v_person uuid;
begin
	select * into v_alarm from private.concern_alarms as a where a.id = p_alarm;
	select * into c from private.concerns as x where x.id = v_alarm.concern_id;
	for v_person in select p from private.alarm_people(c, v_alarm.step, p_now) as p loop
		-- A limit for a flood from many sources: the calls of the last minutes already lead to the page that shows all.
		if (select count(*)
			from private.alarm_calls as x
			where x.person_id = v_person and x.send_after > p_now - interval '10 minutes') < 20
		then
			insert into private.alarm_calls (alarm_id, step, person_id, subscription_id, send_after)
			select p_alarm, v_alarm.step, v_person, ways.subscription_id, p_now
			from (
				select ps.id as subscription_id from private.push_subscriptions as ps where ps.person_id = v_person
				union all
				select null from private.on_call_phones as o where o.person_id = v_person) as ways
			on conflict do nothing;
		end if;
		-- The first mail is that of the concern itself.
		if v_alarm.step > 0
			and (select count(*)
				from private.outbox as o
				where o.person_id = v_person
					and o.template = 'concern_waiting'
					and o.created_at > now() - interval '10 minutes') < 20
		then
			perform private.enqueue_mail(v_person, 'concern_waiting', '{}', c.summit_id,
				format('concern_waiting:%s:%s:%s', p_alarm, v_alarm.step, v_person), 1);
		end if;
	end loop;
	update private.concern_alarms as a
	set step = a.step + 1,
		next_at = case when a.step < 11 then p_now + make_interval(mins => coalesce(
			(select s.minutes from private.on_call_settings as s where s.summit_id = c.summit_id), 10)) end
	where a.id = p_alarm;
	perform private.publish_event('outbox', 'alarm', p_alarm);
end
$$;

-- Begins the alarm of a concern, unless one goes on, and calls the first. One that nobody answered to its end is over.
-- Where nobody may read the concern, nobody is called: the owners are asked for a deputy.
create function private.begin_alarm(c private.concerns) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	update private.concern_alarms as a set acknowledged_at = now()
	where a.concern_id = c.id and a.acknowledged_at is null and a.next_at is null;
	insert into private.concern_alarms (concern_id)
	values (c.id)
	on conflict (concern_id) where acknowledged_at is null do nothing
	returning id into v_id;
	if v_id is not null then perform private.take_alarm_step(v_id, now()); end if;
end
$$;

-- Ends the open alarm of a concern: the caller has it. Answers whether there was one.
create function private.end_alarm(p_concern uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.concern_alarms as a
	set acknowledged_at = now(), acknowledged_by = private.me(), next_at = null
	where a.concern_id = p_concern and a.acknowledged_at is null;
	return found;
end
$$;

-- Says that the caller has a concern, so that nobody else is called. Already: somebody has. Locks the concern.
create function public.acknowledge_concern(concern uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns as c where c.id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if not private.end_alarm(concern) then return 'already'; end if;
	perform audit.record_event('concern.acknowledged', concern::text, v_concern.summit_id, null, '{}');
	perform private.publish_event('person:' || r, 'concern', concern) from private.concern_readers(v_concern) as r;
	return 'ok';
end
$$;
grant execute on function public.acknowledge_concern(uuid) to authenticated;

-- Runs each minute: alarms that nobody answered go on. Locked ones are skipped, so that of several processes one takes
-- a step. The alarm of a concern that was closed in the meantime ends.
create function private.escalate_alarms(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_alarm private.concern_alarms;
begin
	for v_alarm in
		select * from private.concern_alarms as a where a.next_at <= p_now order by a.id for update skip locked
	loop
		if exists (select from private.concerns as c where c.id = v_alarm.concern_id and c.closed_at is null) then
			perform private.take_alarm_step(v_alarm.id, p_now);
		else
			update private.concern_alarms as a set next_at = null, acknowledged_at = p_now where a.id = v_alarm.id;
		end if;
	end loop;
	-- Calls of a worker that stopped.
	update private.alarm_calls as x set state = 'queued', claimed_at = null
	where x.state = 'sending' and x.claimed_at < p_now - interval '3 minutes';
end
$$;
grant execute on function private.escalate_alarms(timestamptz) to app_server;

-- Takes up to `p_limit` calls that are due, of alarms that nobody has answered. Locked rows are skipped, so that two
-- workers never send the same call. Browsers whose session has ended are dropped first.
create function private.claim_alarm_calls(p_limit integer default 50)
returns table (
	id uuid, endpoint text, p256dh text, auth text, number_sealed bytea, key_id text, locale text, slug text,
	summit_name jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.push_subscriptions as ps
	where ps.session_id in (
		select private.ended_auth_sessions(array(
			select distinct other.session_id
			from private.alarm_calls as x
			join private.push_subscriptions as other on other.id = x.subscription_id
			where x.state = 'queued')));
	return query
	with picked as (
		select x.id
		from private.alarm_calls as x
		join private.concern_alarms as a on a.id = x.alarm_id and a.acknowledged_at is null
		where x.state = 'queued' and x.send_after <= now()
		order by x.send_after, x.id
		limit p_limit
		for update of x skip locked
	), taken as (
		update private.alarm_calls as x
		set state = 'sending', claimed_at = now(), attempts = x.attempts + 1
		from picked
		where x.id = picked.id
		returning x.*
	)
	select t.id, ps.endpoint, ps.p256dh, ps.auth, o.number_sealed, o.key_id,
		coalesce((select pp.locale from public.person_preferences as pp where pp.person_id = t.person_id), 'en'),
		s.slug, s.name::jsonb
	from taken as t
	join private.concern_alarms as a on a.id = t.alarm_id
	join private.concerns as c on c.id = a.concern_id
	join public.summits as s on s.id = c.summit_id
	left join private.push_subscriptions as ps on ps.id = t.subscription_id
	left join private.on_call_phones as o on o.person_id = t.person_id and t.subscription_id is null;
end
$$;
grant execute on function private.claim_alarm_calls(integer) to app_server;

-- Records the outcome of one call: sent, gone (nobody is reached there) or failed. A failed one is tried again after 10,
-- 30 and 90 seconds. Answers when; null when it is not.
create function private.record_alarm_call(p_id uuid, p_outcome text) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.alarm_calls;
	v_next timestamptz;
begin
	select * into v from private.alarm_calls as x where x.id = p_id and x.state = 'sending' for update;
	if not found then return null; end if;
	if p_outcome = 'failed' and v.attempts < 4 then
		v_next := now() + interval '10 seconds' * power(3, v.attempts - 1);
	end if;
	update private.alarm_calls as x
	set state = case when v_next is not null then 'queued' else p_outcome end,
		send_after = coalesce(v_next, x.send_after), claimed_at = null
	where x.id = p_id;
	if p_outcome = 'gone' and v.subscription_id is not null then
		delete from private.push_subscriptions as ps where ps.id = v.subscription_id;
	end if;
	return v_next;
end
$$;
grant execute on function private.record_alarm_call(uuid, text) to app_server;
