-- The end of a run and the list of its room change the same connections: in one order, or each waits for the other, and a host's end or
-- the list is thrown away.
create function private.hold_connections() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.run_connections as c where c.run_id = new.id and c.left_at is null order by c.sid for update;
	return new;
end
$$;
create trigger hold_connections before update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.hold_connections();
