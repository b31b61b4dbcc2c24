-- Reminders by mail of what a speaker has not done yet: twice before each deadline, and when an organiser sends one.
-- They go to the speaker and their assistants. The mail names neither people nor sessions.

-- Queues the reminder. `p_tasks`: [{task, due_at}]. Answers how many mails were queued: none when the same reminder was
-- queued before.
create function private.remind_speaker(p_person uuid, p_summit uuid, p_tasks jsonb, p_key text) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_to uuid;
	v_count integer := 0;
begin
	for v_to in
		select p_person
		union
		select self.person_id
		from public.account_people as a
		join public.account_people as self on self.account_id = a.account_id and self.relation = 'self'
		where a.person_id = p_person and a.relation = 'assistant' and a.scope in ('all', 'speaking')
			and (a.until is null or a.until > now())
	loop
		continue when not exists (select from private.person_addresses as x where x.person_id = v_to);
		if private.enqueue_mail(v_to, 'speaker_reminder',
			jsonb_build_object('tasks', p_tasks, 'acts', v_to <> p_person), p_summit,
			'speaker:' || v_to || ':' || p_person || ':' || p_summit || ':' || p_key, 9) is not null
		then
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- The open tasks whose deadline is near enough for a reminder, and which of the two reminders it is.
create function private.list_reminder_tasks(p_summit uuid, p_now timestamptz, p_person uuid default null)
	returns table (person_id uuid, task text, stage text, due_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select distinct t.person_id, t.task,
		case when t.due_at <= p_now + make_interval(days => due.last_reminder_days) then 'last' else 'first' end,
			t.due_at
	from private.speaker_settings_of(p_summit) as due
	cross join lateral private.speaker_tasks(p_summit, p_person) as t
	where not t.is_done and t.due_at > p_now and t.due_at <= p_now + make_interval(days => due.first_reminder_days)
$$;

-- Sends the reminders that are due, to at most 200 people a call. Runs each minute.
create function private.sweep_speakers(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_tasks jsonb;
	v_key text;
begin
	for v_next in
		with ripe as materialized (
			select s.id
			from public.summits as s, lateral private.speaker_settings_of(s.id) as due
			where s.state in ('open', 'live')
				and exists (select from unnest(array[due.profile_due_at, due.texts_due_at, due.availability_due_at,
						due.check_due_at, (private.file_settings_of(s.id)).due_at]) as at
					where at > p_now and at <= p_now + make_interval(days => due.first_reminder_days))
		)
		select distinct t.person_id, ripe.id as summit_id
		from ripe
		cross join lateral private.list_reminder_tasks(ripe.id, p_now) as t
		where not exists (select from private.speaker_reminders as r
			where r.person_id = t.person_id and r.summit_id = ripe.id and r.task = t.task and r.due_at = t.due_at
				and r.stage = t.stage)
		order by t.person_id limit 200
	loop
		-- A concurrent sweep may have recorded some of these reminders; this one sends only what it inserted itself.
		with added as (
			insert into private.speaker_reminders (person_id, summit_id, task, stage, due_at, at)
			select t.person_id, v_next.summit_id, t.task, t.stage, t.due_at, p_now
			from private.list_reminder_tasks(v_next.summit_id, p_now, v_next.person_id) as t
			order by t.task, t.stage, t.due_at
			on conflict do nothing
			returning task, stage, due_at
		)
		select jsonb_agg(jsonb_build_object('task', task, 'due_at', private.iso(due_at)) order by due_at, task),
			md5(string_agg(task || stage || due_at, ',' order by due_at, task)) into v_tasks, v_key
		from added;
		continue when v_tasks is null;
		perform private.remind_speaker(v_next.person_id, v_next.summit_id, v_tasks, v_key);
	end loop;
end
$$;

-- Reminds these people now, each at most once a day. {status: ok | not_allowed, mails, people}
create function public.remind_speakers(summit uuid, people uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_mails integer := 0;
	v_sent integer;
	v_people integer := 0;
begin
	if not private.has_role(summit, 'programme') or coalesce(cardinality(people), 0) not between 1 and 500 then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	for v_next in
		select t.person_id,
			jsonb_agg(distinct jsonb_build_object('task', t.task, 'due_at', private.iso(t.due_at))) as tasks
		from private.speaker_tasks(summit) as t
		where t.person_id = any (people) and not t.is_done
			and t.person_id in (select l.person_id from private.visible_speakers(summit) as l)
			and (t.session_id is null or t.session_id in (select private.visible_sessions(private.me(), summit)))
		group by t.person_id
		order by t.person_id
	loop
		v_sent := private.remind_speaker(v_next.person_id, summit, v_next.tasks,
			'now:' || (now() at time zone 'UTC')::date);
		continue when v_sent = 0;
		insert into private.speaker_reminders (person_id, summit_id, task, stage, due_at)
		values (v_next.person_id, summit, 'now', 'now', date_trunc('day', now()))
		on conflict do nothing;
		v_mails := v_mails + v_sent;
		v_people := v_people + 1;
	end loop;
	if v_people > 0 then
		perform audit.record_event('speakers.reminded', summit::text, summit, null,
			jsonb_build_object('rows', v_people));
	end if;
	return jsonb_build_object('status', 'ok', 'mails', v_mails, 'people', v_people);
end
$$;
grant execute on function public.remind_speakers(uuid, uuid[]) to authenticated;
