-- Settings of the clock: whether a session starts and ends automatically, and the countdown of a waiting run. The clock
-- itself is `private.run_session_timers` in 16_stage/runs.sql; an event of kind `run_clock` on the topic `outbox` makes
-- it run at once.

-- When a run ends by itself: some minutes after its planned end, where that is set; null: never.
create function private.auto_end_at(p_run uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select upper(slot.during) + make_interval(mins => c.auto_end_minutes)
	from public.runs
	join private.session_timers as c on c.id = runs.session_id
	cross join lateral private.slot_at(runs.session_id) as slot
	where runs.id = p_run and runs.state <> 'ended' and c.auto_end_minutes is not null
$$;

-- {starts_automatically, auto_end_minutes} of a session.
create function private.session_timer(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('starts_automatically', coalesce(c.starts_automatically, false), 'auto_end_minutes',
		c.auto_end_minutes)
	from (select) as always
	left join private.session_timers as c on c.id = p_session
$$;

-- Sets whether a session starts and ends by itself. Hosts, stage organisers and programme organisers may. Answers ok,
-- not_found.
create function public.save_session_timer(session uuid, starts_automatically boolean,
	auto_end_minutes integer) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := (select summit_id from public.sessions where id = session);
	v_run uuid;
begin
	if v_summit is null
		or not (private.may_run(private.me(), session)
			or private.can_see(private.me(), session) and private.has_role(v_summit, 'programme'))
		or auto_end_minutes not between 0 and 240 then
		return 'not_found';
	end if;
	insert into private.session_timers as c (id, summit_id, starts_automatically, auto_end_minutes)
	values (session, v_summit, save_session_timer.starts_automatically, save_session_timer.auto_end_minutes)
	on conflict (id) do update set starts_automatically = excluded.starts_automatically,
		auto_end_minutes = excluded.auto_end_minutes;
	select id into v_run from public.runs where session_id = session and state <> 'ended';
	if v_run is not null then
		perform private.publish_event('session:' || session, 'stage', v_run);
		perform private.publish_event('outbox', 'run_clock', v_run);
	end if;
	return 'ok';
end
$$;
grant execute on function public.save_session_timer(uuid, boolean, integer) to authenticated;

-- Starts a waiting run after so many seconds; without a number it stops the countdown, and the run starts by hand.
-- Answers ok, not_possible, not_found.
create function public.set_countdown(run uuid, seconds integer default null) returns public.countdown_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if v_run.state <> 'waiting' or seconds not between 5 and 3600 then return 'not_possible'; end if;
	perform private.lock_stage_settings(run);
	update private.run_stage_settings set starts_at = now() + make_interval(secs => seconds),
		is_countdown_stopped = seconds is null
	where run_id = run;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	perform private.publish_event('outbox', 'run_clock', run);
	return 'ok';
end
$$;
grant execute on function public.set_countdown(uuid, integer) to authenticated;
