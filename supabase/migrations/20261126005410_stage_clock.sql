-- The clock of the stages: it opens, starts and ends what was said to begin and end by itself.

-- Sessions that begin by themselves are opened a quarter of an hour before, so that speakers get ready and viewers wait.
create function private.open_due_runs() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_run uuid;
begin
	for v_due in
		select s.id, s.summit_id, slot.room_id, lower(slot.during) as starts
		from private.session_clocks as c join public.sessions as s on s.id = c.id and s.state = 'confirmed' and not s.is_break
		cross join lateral private.slot_at(s.id) as slot
		where c.starts_itself and now() >= lower(slot.during) - interval '15 minutes' and now() < upper(slot.during)
			and not exists (select from public.runs where runs.session_id = s.id and (runs.state <> 'ended' or runs.created_at >= lower(slot.during) - interval '3 hours'))
	loop
		insert into public.runs (session_id, summit_id, room_id, level) values (v_due.id, v_due.summit_id, v_due.room_id, private.level_in_force(v_due.id))
		on conflict (session_id) where state <> 'ended' do nothing returning id into v_run;
		continue when v_run is null;
		perform private.staging_of(v_run);
	end loop;
	-- Opened by hand or by the clock: the time of the agenda holds, unless a host said otherwise.
	update private.run_stagings as st set starts_at = lower(slot.during)
	from public.runs join private.session_clocks as c on c.id = runs.session_id and c.starts_itself cross join lateral private.slot_at(runs.session_id) as slot
	where st.run_id = runs.id and runs.state = 'waiting' and st.starts_at is null and not st.is_held and now() < upper(slot.during);
end
$$;

-- Moves one run on, as far as it is due. A room that is still on is waited for.
create function private.move_due_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from public.runs where id = p_run for update skip locked;
	if not found then return; end if;
	if private.ends_itself_at(p_run) <= clock_timestamp() then
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
		select due.id from (select runs.id from public.runs join private.run_stagings as st on st.run_id = runs.id where runs.state = 'waiting' and st.starts_at <= clock_timestamp()
			union
			select runs.id from public.runs where runs.state <> 'ended' and private.ends_itself_at(runs.id) <= clock_timestamp()) as due
	loop
		perform private.move_due_run(v_run);
	end loop;
	return query
		select due.id, (extract(epoch from min(due.at) - clock_timestamp()) * 1000)::integer
		from (select runs.id, st.starts_at as at from public.runs join private.run_stagings as st on st.run_id = runs.id where runs.state = 'waiting'
			union all
			select runs.id, private.ends_itself_at(runs.id) from public.runs where runs.state <> 'ended') as due
		where due.at > clock_timestamp() and due.at < clock_timestamp() + interval '90 seconds'
		group by due.id;
end
$$;
grant execute on function private.turn_clocks() to app_server;
