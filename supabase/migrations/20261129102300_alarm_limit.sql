-- A flood of concerns calls nobody without end, and an alarm that ended unanswered can begin again.

-- Takes the next step of an alarm: queues what is sent, and says when it goes on. After twelve steps all were called ten
-- times at least, and it ends. The caller has locked the alarm.
create or replace function private.take_alarm_step(p_alarm uuid, p_now timestamptz) returns void
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
create or replace function private.begin_alarm(c private.concerns) returns void
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
