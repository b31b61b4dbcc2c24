-- Opening, starting, pausing and ending runs, by hand and by the clock; and the slot of the agenda where a run takes
-- place. Lock order: session, runs (by id), places on stage, hands, then what is shown beside the picture. Two acts
-- that took them in different orders would wait for each other, and one of them (a bar, a raised level, a vote) would
-- be lost.

-- The room and time of a session at a moment: the slot that is on, else the next one, else the last one. The newest
-- release counts; a session that is in none has its slots of the draft.
create function private.slot_at(p_session uuid, p_now timestamptz default now())
	returns table (room_id uuid, during tstzrange)
language sql stable security definer set search_path = '' as $$
	with placed as (
		select rs.room_id, rs.during
		from public.release_slots as rs
		where rs.session_id = p_session and not rs.is_cancelled
			and rs.release_id = (select private.newest_release(s.summit_id)
				from public.sessions as s where s.id = p_session)
	), draft as (
		select sr.room_id, slots.during
		from public.slots
		join public.slot_rooms as sr on sr.slot_id = slots.id
		where slots.session_id = p_session and not exists (select from placed)
	)
	select each.room_id, each.during
	from (select * from placed union all select * from draft) as each
	join public.rooms on rooms.id = each.room_id
	order by upper(each.during) <= p_now,
		case when upper(each.during) <= p_now then p_now - upper(each.during) else lower(each.during) - p_now end,
		rooms.kind, rooms.position, rooms.slug
	limit 1
$$;

-- Whether speakers may enter the green room on their own: from three hours before the session until two hours after it.
create function private.is_near_session_time(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select now() between lower(during) - interval '3 hours' and upper(during) + interval '2 hours'
		from private.slot_at(p_session)), false)
$$;

-- A run that has not ended, held until the transaction is over: it can neither end nor be raised before then; all
-- columns are null for any other. Everything that writes a row of a run takes this first. Otherwise a run that ends at
-- that moment deletes what is there, and the row lands after it and stays.
create function private.hold_open_run(p_run uuid) returns public.runs
language sql volatile security definer set search_path = '' as $$
	select runs.* from public.runs where runs.id = p_run and runs.state <> 'ended' for share
$$;

-- Opens the stage of a session, or finds the one that is open. Locks the session, so that two people who open it at the
-- same moment get the same run. Answers {status: ok | not_found | cancelled | too_early | no_room, run}.
create function public.open_run(session uuid, room uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_session public.sessions;
	v_run uuid;
	v_room uuid := open_run.room;
begin
	if v_me is null or not private.can_see(v_me, session) then return jsonb_build_object('status', 'not_found'); end if;
	select * into v_session from public.sessions where id = session for no key update;
	if not private.may_run(v_me, session) then
		if private.stage_role_of(v_me, session) = 'viewer'
			or private.entry_decision(v_me, session, 'stream') <> 'ok' then
			return jsonb_build_object('status', 'not_found');
		end if;
	end if;
	-- Only stage organisers choose another room than the agenda's.
	if not private.has_role(v_session.summit_id, 'stage') then
		v_room := null;
	end if;
	select id into v_run from public.runs where runs.session_id = session and state <> 'ended';
	if found then return jsonb_build_object('status', 'ok', 'run', v_run); end if;
	if v_session.state = 'cancelled' or v_session.is_break then
		return jsonb_build_object('status', 'cancelled');
	end if;
	-- Hosts and speakers open the stage near its time, stage organisers at any time.
	if not private.has_role(v_session.summit_id, 'stage') and not private.is_near_session_time(session) then
		return jsonb_build_object('status', 'too_early');
	end if;
	v_room := coalesce((select id from public.rooms where id = v_room and summit_id = v_session.summit_id),
		(select room_id from private.slot_at(session)));
	if v_room is null then return jsonb_build_object('status', 'no_room'); end if;
	insert into public.runs (session_id, summit_id, room_id, level)
	values (session, v_session.summit_id, v_room, private.level_in_force(session))
	returning id into v_run;
	return jsonb_build_object('status', 'ok', 'run', v_run);
end
$$;
grant execute on function public.open_run(uuid, uuid) to authenticated;

-- A run has the format of its session, which stays until the run ends. Locks the session, so that a change of its format
-- is over, or sees the run.
create function private.set_run_format() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	select s.stage_format into new.stage_format from public.sessions as s where s.id = new.session_id for share;
	return new;
end
$$;
create trigger set_run_format before insert on public.runs for each row execute function private.set_run_format();

create function private.keep_open_format() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if private.open_run_of(new.id) is not null then
		raise exception 'the live room is open' using errcode = 'check_violation';
	end if;
	return new;
end
$$;
create trigger keep_open_format before update of stage_format on public.sessions for each row
	when (new.stage_format <> old.stage_format) execute function private.keep_open_format();

-- waiting → live ⇄ paused → ended; waiting → ended. Locks the run. Answers ok, already, not_found,
-- not_possible, room_busy (another run is on air in the room).
create function public.set_run_state(run uuid, state public.run_state) returns public.run_state_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_constraint text;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if set_run_state.state is null then return 'not_possible'; end if;
	if v_run.state = set_run_state.state then return 'already'; end if;
	-- A workshop is not paused: everybody is there.
	if v_run.stage_format = 'meeting' and set_run_state.state = 'paused' then return 'not_possible'; end if;
	if (v_run.state, set_run_state.state) not in (('waiting', 'live'), ('waiting', 'ended'), ('live', 'paused'),
		('live', 'ended'), ('paused', 'live'), ('paused', 'ended')) then
		return 'not_possible';
	end if;
	-- What runs can always be ended.
	if set_run_state.state = 'ended' then perform private.allow_closed_summits(); end if;
	update public.runs set state = set_run_state.state,
		started_at = coalesce(started_at, case when set_run_state.state = 'live' then now() end),
		ended_at = case when set_run_state.state = 'ended' then now() end
	where id = run;
	return 'ok';
exception when unique_violation then
	-- What follows from a state may break another rule: that is a fault of ours, and no busy room.
	get stacked diagnostics v_constraint = constraint_name;
	if v_constraint is distinct from 'runs_one_on_air' then raise; end if;
	return 'room_busy';
end
$$;
grant execute on function public.set_run_state(uuid, public.run_state) to authenticated;

-- What follows the end of a run: its LiveKit rooms are closed, nobody is on stage, every connection is over, and the
-- viewers of a session that names nobody are forgotten.
create function private.end_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_participant uuid;
begin
	update private.livekit_rooms set closed_at = now() where run_id = new.id and closed_at is null;
	update private.run_participants set is_on_stage = false, is_promoted = false
	where run_id = new.id and (is_on_stage or is_promoted);
	if new.level in ('chatham_house', 'closed') then
		delete from private.run_participants where run_id = new.id and role = 'viewer';
	end if;
	for v_participant in
		update private.run_connections set left_at = greatest(now(), joined_at)
		where run_id = new.id and left_at is null
		returning participant_id
	loop
		perform private.write_presence(v_participant);
	end loop;
	-- Presence that was being written at the very moment of the raise.
	if new.level in ('chatham_house', 'closed') then
		perform private.seal_presence(new.session_id);
	end if;
	return null;
end
$$;

create trigger end_run after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.end_run();

-- Ends the open run of a session that the caller has locked. Answers whether there was one.
create function private.end_open_run(p_session uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Somebody who comes on stage at this moment does so before the end, or not at all.
	perform from public.runs where runs.session_id = p_session and runs.state <> 'ended' for update;
	update public.runs set state = 'ended', ended_at = now() where runs.session_id = p_session and runs.state <> 'ended';
	return found;
end
$$;

-- A session that is cancelled has no stage: its open run ends at once, and no clock starts it.
create function private.end_cancelled_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.end_open_run(new.id);
	return null;
end
$$;

create trigger end_cancelled_run after update of state on public.sessions for each row
	when (new.state = 'cancelled' and old.state <> 'cancelled') execute function private.end_cancelled_run();

-- A session that is moved to another room while its run waits starts in the room that the agenda now gives it. A run
-- that a stage organiser opened elsewhere stays there, and so does a run on air.
create function private.move_waiting_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update public.runs set room_id = moved.room_id
	from (
		select waiting.id, (select slot.room_id from private.slot_at(waiting.session_id) as slot) as room_id
		from public.runs as waiting
		join placed on placed.session_id = waiting.session_id
		join public.releases as r on r.id = placed.release_id and r.id = private.newest_release(waiting.summit_id)
		where waiting.state = 'waiting'
			-- Only a run in a room of the release before this one follows the agenda.
			and exists (select from public.release_slots as was
				where was.session_id = waiting.session_id and was.room_id = waiting.room_id and not was.is_cancelled
					and was.release_id = (select before.id from public.releases as before
						where before.summit_id = waiting.summit_id and before.number < r.number
						order by before.number desc
						limit 1))
		group by waiting.id, waiting.session_id, waiting.room_id
		having not bool_or(placed.room_id = waiting.room_id and not placed.is_cancelled)) as moved
	where runs.id = moved.id and runs.state = 'waiting' and moved.room_id is not null;
	return null;
end
$$;

create trigger move_waiting_runs after insert on public.release_slots
	referencing new table as placed for each statement execute function private.move_waiting_runs();

-- Opens sessions that start by themselves (16_stage/clocks.sql) a quarter of an hour before their time, so that
-- speakers get ready and viewers wait.
create function private.open_due_runs() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_run uuid;
begin
	for v_due in
		select s.id, s.summit_id, slot.room_id, lower(slot.during) as starts
		from private.session_timers as c
		join public.sessions as s on s.id = c.id and s.state = 'confirmed' and not s.is_break
			and not private.is_summit_closed(s.summit_id)
		cross join lateral private.slot_at(s.id) as slot
		where c.starts_automatically and now() >= lower(slot.during) - interval '15 minutes'
			and now() < upper(slot.during)
			and not exists (select from public.runs
				where runs.session_id = s.id
					and (runs.state <> 'ended' or runs.created_at >= lower(slot.during) - interval '3 hours'))
	loop
		insert into public.runs (session_id, summit_id, room_id, level)
		values (v_due.id, v_due.summit_id, v_due.room_id, private.level_in_force(v_due.id))
		on conflict (session_id) where state <> 'ended' do nothing
		returning id into v_run;
		continue when v_run is null;
		perform private.lock_stage_settings(v_run);
	end loop;
	-- Whether opened by hand or by the clock, a run starts at the time of the agenda unless a host set another.
	update private.run_stage_settings as st set starts_at = lower(slot.during)
	from public.runs
	join private.session_timers as c on c.id = runs.session_id and c.starts_automatically
	cross join lateral private.slot_at(runs.session_id) as slot
	where st.run_id = runs.id and runs.state = 'waiting' and st.starts_at is null and not st.is_countdown_stopped
		and not private.is_summit_closed(runs.summit_id)
		and now() < upper(slot.during);
end
$$;

-- Starts or ends one run that is due, or leaves it to another process that has it locked. A run whose room is still on
-- air waits: its start breaks the unique index, and the next turn tries again.
create function private.start_or_end_due_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_constraint text;
begin
	perform from public.runs where id = p_run for update skip locked;
	if not found then return; end if;
	if private.auto_end_at(p_run) <= clock_timestamp()
		or exists (select from public.runs
			join public.sessions as s on s.id = runs.session_id
			where runs.id = p_run and s.state = 'cancelled') then
		update public.runs set state = 'ended', ended_at = now() where id = p_run and state <> 'ended';
	elsif (select starts_at from private.run_stage_settings where run_id = p_run) <= clock_timestamp() then
		update public.runs set state = 'live', started_at = now()
		where id = p_run and state = 'waiting' and not private.is_summit_closed(summit_id);
	end if;
exception when unique_violation then
	-- As in public.set_run_state: any other rule that breaks is a fault of ours.
	get stacked diagnostics v_constraint = constraint_name;
	if v_constraint is distinct from 'runs_one_on_air' then raise; end if;
end
$$;

-- Opens, starts and ends what is due, and answers what is due within the next minute and a half: run and milliseconds.
create function private.run_session_timers() returns table (run uuid, wait_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	perform private.open_due_runs();
	for v_run in
		select due.id from (
			select runs.id
			from public.runs
			join private.run_stage_settings as st on st.run_id = runs.id
			where runs.state = 'waiting' and st.starts_at <= clock_timestamp()
				and not private.is_summit_closed(runs.summit_id)
			union
			select runs.id from public.runs
			where runs.state <> 'ended' and private.auto_end_at(runs.id) <= clock_timestamp()) as due
	loop
		perform private.start_or_end_due_run(v_run);
	end loop;
	return query
		select due.id, (extract(epoch from min(due.at) - clock_timestamp()) * 1000)::integer
		from (
			select runs.id, st.starts_at as at
			from public.runs
			join private.run_stage_settings as st on st.run_id = runs.id
			where runs.state = 'waiting'
			union all
			select runs.id, private.auto_end_at(runs.id) from public.runs where runs.state <> 'ended') as due
		where due.at > clock_timestamp() and due.at < clock_timestamp() + interval '90 seconds'
		group by due.id;
end
$$;
grant execute on function private.run_session_timers() to app_server;
