-- Twice before a deadline, who has something missing is told, and who acts for them; each once. The mail names neither
-- people nor sessions.

-- tasks: [{task, due_at}]. Answers how many mails were queued; the same reminder is none.
create function private.remind_speaker(p_person uuid, p_summit uuid, p_tasks jsonb, p_key text) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_to uuid;
	v_count integer := 0;
begin
	for v_to in
		select p_person
		union
		select self.person_id from public.account_people as a
			join public.account_people as self on self.account_id = a.account_id and self.relation = 'self'
		where a.person_id = p_person and a.relation = 'assistant' and a.scope in ('all', 'speaking')
			and (a.until is null or a.until > now())
	loop
		continue when not exists (select from private.person_addresses as x where x.person_id = v_to);
		if private.enqueue_mail(v_to, 'speaker_reminder',
			jsonb_build_object('tasks', p_tasks, 'acts', v_to <> p_person), p_summit,
			'speaker:' || v_to || ':' || p_person || ':' || p_summit || ':' || p_key, 9) is not null
				then v_count := v_count + 1; end if;
	end loop;
	return v_count;
end
$$;

-- What is missing within the first of the two moments, and which of the two it is.
create function private.tasks_to_remind(p_summit uuid, p_now timestamptz, p_person uuid default null)
	returns table (person_id uuid, task text, stage text, due_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select distinct t.person_id, t.task,
		case when t.due_at <= p_now + make_interval(days => due.last_days) then 'last' else 'first' end, t.due_at
	from private.speaker_settings_of(p_summit) as due cross join lateral private.speaker_tasks(p_summit, p_person) as t
	where not t.is_done and t.due_at > p_now and t.due_at <= p_now + make_interval(days => due.first_days)
$$;

-- Each minute, some people at a time.
create function private.sweep_speakers(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_tasks jsonb;
	v_key text;
begin
	for v_next in
		with ripe as materialized (
			select s.id from public.summits as s, lateral private.speaker_settings_of(s.id) as due
			where s.state in ('open', 'live') and exists (select
				from unnest(array[due.profile_due_at, due.texts_due_at, due.availability_due_at, due.check_due_at,
					(private.file_settings_of(s.id)).due_at]) as at
						where at > p_now and at <= p_now + make_interval(days => due.first_days))
		)
		select distinct t.person_id, ripe.id as summit_id
		from ripe cross join lateral private.tasks_to_remind(ripe.id, p_now) as t
		where not exists (select from private.speaker_reminders as r
			where r.person_id = t.person_id and r.summit_id = ripe.id and r.task = t.task
				and r.due_at = t.due_at and r.stage = t.stage)
		order by t.person_id limit 200
	loop
		-- Two sweeps at once: what the other has written is not written again.
		with added as (
			insert into private.speaker_reminders (person_id, summit_id, task, stage, due_at, at)
			select t.person_id, v_next.summit_id, t.task, t.stage, t.due_at, p_now
				from private.tasks_to_remind(v_next.summit_id, p_now, v_next.person_id) as t
			order by t.task, t.stage, t.due_at on conflict do nothing returning task, stage, due_at
		) select jsonb_agg(jsonb_build_object('task', task, 'due_at', private.iso(due_at)) order by due_at, task),
			md5(string_agg(task || stage || due_at, ',' order by due_at, task))
			into v_tasks, v_key from added;
		continue when v_tasks is null;
		perform private.remind_speaker(v_next.person_id, v_next.summit_id, v_tasks, v_key);
	end loop;
end
$$;
