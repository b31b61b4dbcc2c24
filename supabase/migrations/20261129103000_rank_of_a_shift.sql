-- An argument called `position` cannot be given by the local REST.
drop function public.add_shift(uuid, uuid, timestamptz, timestamptz, integer);
-- Adds a shift of a lead. `rank`: who is called first, from 1. Taken: somebody has that rank then. No argument is called
-- `position`: the local REST does not quote the words of SQL.
create function public.add_shift(summit uuid, person uuid, starts_at timestamptz, ends_at timestamptz, rank integer)
	returns public.shift_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	if not coalesce(starts_at < ends_at and ends_at > now(), false)
		or person is null
		or person not in (select private.role_holders('safeguarding', summit))
	then
		return 'invalid';
	end if;
	insert into private.on_call_shifts (summit_id, person_id, during, position, added_by)
	values (summit, person, tstzrange(starts_at, ends_at), rank, private.me());
	return 'ok';
exception
	when exclusion_violation then return 'taken';
	when check_violation or not_null_violation or numeric_value_out_of_range then return 'invalid';
end
$$;
grant execute on function public.add_shift(uuid, uuid, timestamptz, timestamptz, integer) to authenticated;
