-- How a run is staged: what it shows large, when it begins by itself and when it ends by itself.

-- The staging of a run that is not over, locked; one is made where there is none.
create function private.staging_of(p_run uuid) returns private.run_stagings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_staging private.run_stagings;
begin
	insert into private.run_stagings (run_id, summit_id) select runs.id, runs.summit_id from public.runs
		where runs.id = p_run and runs.state <> 'ended'
	on conflict (run_id) do nothing;
	select * into v_staging from private.run_stagings where run_id = p_run for update;
	return v_staging;
end
$$;

-- When a run ends by itself: some minutes after its planned end, where that is wished; null: never.
create function private.ends_itself_at(p_run uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select upper(slot.during) + make_interval(mins => c.ends_after)
	from public.runs join private.session_clocks as c on c.id = runs.session_id cross
		join lateral private.slot_at(runs.session_id) as slot
	where runs.id = p_run and runs.state <> 'ended' and c.ends_after is not null
$$;

-- How the clock of a session is set: {starts_itself, ends_after}.
create function private.session_clock(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('starts_itself', coalesce(c.starts_itself, false), 'ends_after', c.ends_after)
	from (select) as always left join private.session_clocks as c on c.id = p_session
$$;

create function private.has_confirmed(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_notices as n
		where n.session_id = p_session and n.person_id = p_person and n.level >= private.level_in_force(p_session))
$$;

-- What hosts and stage organisers do to how a run is shown, when it begins, and who hosts it.

-- A run that is not over and that the reader runs; all null for any other.
create function private.run_of_mine(p_run uuid) returns public.runs
language sql stable security definer set search_path = '' as $$
	select runs.* from public.runs
		where runs.id = p_run and runs.state <> 'ended' and private.may_run(private.me(), runs.session_id)
$$;

-- Answers ok, already, not_found.
create function public.set_stage_layout(run uuid, layout public.stage_layout) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.staging_of(run);
	update private.run_stagings as s set layout = set_stage_layout.layout
		where s.run_id = run and s.layout <> set_stage_layout.layout;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_stage_layout(uuid, public.stage_layout) to authenticated;

-- Shows one person on stage large, or (no code) whoever speaks. Answers ok, already, not_found.
create function public.set_spotlight(run uuid, person text default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
	v_shown uuid;
begin
	if v_run.id is null then return 'not_found'; end if;
	if person is not null then
		select s.participant_id into v_shown
			from private.on_stage(run) as s join public.people on people.id = s.person_id where people.code = person;
		if not found then return 'not_found'; end if;
	end if;
	perform private.staging_of(run);
	update private.run_stagings as s set spotlight_id = v_shown where s.run_id = run and s.spotlight_id is distinct
		from v_shown;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_spotlight(uuid, text) to authenticated;

-- Begins by itself after so many seconds; without a number the clock is stopped and it starts by hand. Answers ok,
-- not_possible, not_found.
create function public.count_down(run uuid, seconds integer default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if v_run.state <> 'waiting' or seconds not between 5 and 3600 then return 'not_possible'; end if;
	perform private.staging_of(run);
	update private.run_stagings set starts_at = now() + make_interval(secs => seconds), is_held = seconds is null
		where run_id = run;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('outbox', 'run_clock', run);
	return 'ok';
end
$$;
grant execute on function public.count_down(uuid, integer) to authenticated;

-- Makes a speaker of the session a host of this run, or takes that back. Answers ok, already, not_a_speaker, not_found.
create function public.make_run_host(run uuid, person text, is_host boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
	v_person uuid;
begin
	if v_run.id is null then return 'not_found'; end if;
	select people.id into v_person from public.people join public.session_people as sp on sp.person_id = people.id
	where people.code = person and sp.session_id = v_run.session_id and sp.state <> 'declined'
		and sp.role in ('speaker', 'respondent');
	if not found then return 'not_a_speaker'; end if;
	if is_host then
		insert into private.run_hosts (run_id, summit_id, person_id) values (run, v_run.summit_id, v_person)
			on conflict (run_id, person_id) do nothing;
	else
		delete from private.run_hosts as h where h.run_id = run and h.person_id = v_person;
	end if;
	if not found then return 'already'; end if;
	perform private.stage_participant(run, v_person);
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('person:' || v_person, 'rights');
	return 'ok';
end
$$;
grant execute on function public.make_run_host(uuid, text, boolean) to authenticated;

--[patch silence_kept] Whoever was silenced on stage stays silent until a host gives the microphone back, through leaving the stage and coming again too.
-- Takes the microphone of somebody on stage away, or gives it back; their picture stays. Answers ok, already, not_found.
create function public.allow_microphone(run uuid, person text, allowed boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if not exists (select from private.on_stage(run) as s join public.people on people.id = s.person_id
		where people.code = person) then
		return 'not_found';
	end if;
	update private.run_participants as p set may_microphone = allowed, is_silenced = not allowed
	from public.people
	where p.run_id = run and people.id = p.person_id and people.code = person and p.is_on_stage
		and p.may_microphone <> allowed;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.allow_microphone(uuid, text, boolean) to authenticated;

-- Whether a session begins and ends by itself. Hosts, stage organisers and those of the programme say so. Answers ok,
-- not_found.
create function public.save_session_clock(session uuid, starts_itself boolean, ends_after integer) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := (select summit_id from public.sessions where id = session);
	v_run uuid;
begin
	if v_summit is null or not (private.may_run(private.me(), session)
		or private.can_see(private.me(), session) and private.has_role(v_summit, 'programme'))
			or ends_after not between 0 and 240 then
		return 'not_found';
	end if;
	insert into private.session_clocks as c (id, summit_id, starts_itself, ends_after)
		values (session, v_summit, save_session_clock.starts_itself, save_session_clock.ends_after)
	on conflict (id) do update set starts_itself = excluded.starts_itself, ends_after = excluded.ends_after;
	select id into v_run from public.runs where session_id = session and state <> 'ended';
	if v_run is not null then
		perform private.tell('session:' || session, 'stage', v_run);
		perform private.tell('outbox', 'run_clock', v_run);
	end if;
	return 'ok';
end
$$;
grant execute on function public.save_session_clock(uuid, boolean, integer) to authenticated;

-- The clock of the stages: it opens, starts and ends what was said to begin and end by itself.

-- Sessions that begin by themselves are opened a quarter of an hour before, so that speakers get ready and viewers
-- wait.
create function private.open_due_runs() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_run uuid;
begin
	for v_due in
		select s.id, s.summit_id, slot.room_id, lower(slot.during) as starts
		from private.session_clocks as c
			join public.sessions as s on s.id = c.id and s.state = 'confirmed' and not s.is_break
		cross join lateral private.slot_at(s.id) as slot
		where c.starts_itself and now() >= lower(slot.during) - interval '15 minutes' and now() < upper(slot.during)
			and not exists (select from public.runs where runs.session_id = s.id
				and (runs.state <> 'ended' or runs.created_at >= lower(slot.during) - interval '3 hours'))
	loop
		insert into public.runs (session_id, summit_id, room_id, level)
			values (v_due.id, v_due.summit_id, v_due.room_id, private.level_in_force(v_due.id))
		on conflict (session_id) where state <> 'ended' do nothing returning id into v_run;
		continue when v_run is null;
		perform private.staging_of(v_run);
	end loop;
	-- Opened by hand or by the clock: the time of the agenda holds, unless a host said otherwise.
	update private.run_stagings as st set starts_at = lower(slot.during)
	from public.runs join private.session_clocks as c on c.id = runs.session_id and c.starts_itself cross
		join lateral private.slot_at(runs.session_id) as slot
	where st.run_id = runs.id and runs.state = 'waiting' and st.starts_at is null and not st.is_held
		and now() < upper(slot.during);
end
$$;

--[was in stage_clock] Moves one run on, as far as it is due. A room that is still on is waited for.
--[patch cancelled_runs] A session that is cancelled has no stage: what is open for it ends at once, and no clock starts it.
-- Moves one run that is due; another process may be at it.
create function private.move_due_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from public.runs where id = p_run for update skip locked;
	if not found then return; end if;
	if private.ends_itself_at(p_run) <= clock_timestamp()
		or exists (select from public.runs join public.sessions as s on s.id = runs.session_id
			where runs.id = p_run and s.state = 'cancelled') then
		update public.runs set state = 'ended', ended_at = now() where id = p_run and state <> 'ended';
	elsif (select starts_at from private.run_stagings where run_id = p_run) <= clock_timestamp() then
		update public.runs set state = 'live', started_at = now() where id = p_run and state = 'waiting';
	end if;
exception when unique_violation then
	null;
end
$$;

-- Opens, starts and ends what is due, and answers what comes within the next minute and a half: run and milliseconds.
create function private.turn_clocks() returns table (run uuid, wait_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	perform private.open_due_runs();
	for v_run in
		select due.id from (select runs.id from public.runs join private.run_stagings as st on st.run_id = runs.id
			where runs.state = 'waiting' and st.starts_at <= clock_timestamp()
			union
			select runs.id from public.runs
				where runs.state <> 'ended' and private.ends_itself_at(runs.id) <= clock_timestamp()) as due
	loop
		perform private.move_due_run(v_run);
	end loop;
	return query
		select due.id, (extract(epoch from min(due.at) - clock_timestamp()) * 1000)::integer
		from (select runs.id, st.starts_at as at from public.runs join private.run_stagings as st on st.run_id = runs.id
			where runs.state = 'waiting'
			union all
			select runs.id, private.ends_itself_at(runs.id) from public.runs where runs.state <> 'ended') as due
		where due.at > clock_timestamp() and due.at < clock_timestamp() + interval '90 seconds'
		group by due.id;
end
$$;
grant execute on function private.turn_clocks() to app_server;

-- A poll, or its result, shown to hall and home: large on every stage page and on the room's screen, until it is taken
-- off again.

--[patch one_order] What many do on a stage at once takes rows in one order: the session, its runs, places on stage, hands, and what is beside the picture.
--[patch one_order] In another order two acts wait for each other, and one of them (a bar, a raised level, a vote) is thrown away.
-- Shows a poll of the run's session, or (null) none. Hosts and stage organisers do. Answers ok, already, not_found.
create function public.show_poll(run uuid, poll uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.staging_of(run);
	if poll is not null then
		-- Nobody drops it between these lines and the last.
		perform from private.polls as x
			where x.id = poll and x.session_id = v_run.session_id and x.state <> 'draft' for key share;
		if not found then return 'not_found'; end if;
	end if;
	update private.run_stagings as s set poll_id = poll where s.run_id = run and s.poll_id is distinct from poll;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('desk:' || run, 'poll', poll);
	return 'ok';
end
$$;
grant execute on function public.show_poll(uuid, uuid) to authenticated;
