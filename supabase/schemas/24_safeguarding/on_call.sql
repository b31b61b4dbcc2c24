-- The on-call rota, kept by the safeguarding leads of a Summit.

-- For safeguarding leads; null for everyone else: {minutes, has_phone, leads: [{id, display_name}], shifts: [{id,
-- display_name, starts_at, ends_at, position, is_now}]}: the shifts that have not ended, the earliest first.
create function public.read_on_call(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'minutes', coalesce(
			(select s.minutes from private.on_call_settings as s where s.summit_id = read_on_call.summit), 10),
		'has_phone', exists (select from private.on_call_phones as o where o.person_id = private.me()),
		'leads', (
			select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name)
				order by p.display_name), '[]')
			from public.people as p
			where p.id in (select private.role_holders('safeguarding', read_on_call.summit))),
		'shifts', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id,
				'display_name', (select p.display_name from public.people as p where p.id = s.person_id),
				'starts_at', private.iso(lower(s.during)),
				'ends_at', private.iso(upper(s.during)),
				'position', s.position,
				'is_now', s.during @> now()) order by lower(s.during), s.position), '[]')
			from private.on_call_shifts as s
			where s.summit_id = read_on_call.summit and upper(s.during) > now()))
	where private.has_role(read_on_call.summit, 'safeguarding')
$$;
grant execute on function public.read_on_call(uuid) to authenticated;

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

-- Removes a shift.
create function public.remove_shift(shift uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.on_call_shifts as s where s.id = shift and private.has_role(s.summit_id, 'safeguarding');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_shift(uuid) to authenticated;

-- Sets after how many minutes an alarm goes on.
create function public.save_on_call(summit uuid, minutes integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	insert into private.on_call_settings as s (summit_id, minutes)
	values (summit, save_on_call.minutes)
	on conflict on constraint on_call_settings_pkey do update set minutes = excluded.minutes;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_on_call(uuid, integer) to authenticated;

-- Saves where the caller, a lead of this Summit, gets text messages (sealed, in hex); without a number it is deleted.
create function public.save_on_call_phone(summit uuid, number_sealed text default null, key_id text default null)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if save_on_call_phone.number_sealed is null then
		delete from private.on_call_phones as o where o.person_id = private.me();
		return 'ok';
	end if;
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	insert into private.on_call_phones as o (person_id, number_sealed, key_id)
	values (private.me(), decode(save_on_call_phone.number_sealed, 'hex'), save_on_call_phone.key_id)
	on conflict on constraint on_call_phones_pkey do update
		set number_sealed = excluded.number_sealed, key_id = excluded.key_id, saved_at = now();
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_on_call_phone(uuid, text, text) to authenticated;
