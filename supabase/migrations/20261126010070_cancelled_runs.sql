-- A session that is cancelled has no stage: what is open for it ends at once, and no clock starts it.

create function private.end_cancelled_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- Whoever comes at this moment is there before the end, or not at all.
	perform from public.runs where runs.session_id = new.id and runs.state <> 'ended' for update;
	update public.runs set state = 'ended', ended_at = now() where runs.session_id = new.id and runs.state <> 'ended';
	return null;
end
$$;
create trigger end_cancelled_run after update of state on public.sessions for each row
	when (new.state = 'cancelled' and old.state <> 'cancelled') execute function private.end_cancelled_run();

-- Moves one run that is due; another process may be at it.
create or replace function private.move_due_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from public.runs where id = p_run for update skip locked;
	if not found then return; end if;
	if private.ends_itself_at(p_run) <= clock_timestamp()
		or exists (select from public.runs join public.sessions as s on s.id = runs.session_id where runs.id = p_run and s.state = 'cancelled') then
		update public.runs set state = 'ended', ended_at = now() where id = p_run and state <> 'ended';
	elsif (select starts_at from private.run_stagings where run_id = p_run) <= clock_timestamp() then
		update public.runs set state = 'live', started_at = now() where id = p_run and state = 'waiting';
	end if;
exception when unique_violation then
	null;
end
$$;
