-- Capacities and the ceilings of each sector's members, saved whole or not at all. Lowering them below what is out is refused.

-- `rules`: {capacities: {in_person, virtual}, ceilings: {sector: {in_person, virtual}}}; null for a ceiling: none of that
-- mode. Answers {status: ok | not_allowed | below_use, detail}.
create function public.save_seats(summit uuid, rules jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	begin
		-- Ceilings first while they grow, capacities last: the queue is served once both are known.
		insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		select save_seats.summit, each.sector::public.sector, mode.key::public.attendance_mode, coalesce((mode.value #>> '{}')::integer, 0)
		from jsonb_each(rules -> 'ceilings') as each (sector, modes), jsonb_each(each.modes) as mode
		on conflict (summit_id, sector, mode) do update set ceiling = excluded.ceiling where allocation_policies.ceiling <> excluded.ceiling;
		insert into public.mode_capacities (summit_id, mode, capacity)
		select save_seats.summit, mode.key::public.attendance_mode, (mode.value #>> '{}')::integer from jsonb_each(rules -> 'capacities') as mode
		on conflict (summit_id, mode) do update set capacity = excluded.capacity where mode_capacities.capacity <> excluded.capacity;
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', 'below_use', 'detail', v_detail);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;

create function public.read_seats(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_role(summit, 'registration', 'finance') then jsonb_build_object(
		'capacities', (select coalesce(jsonb_object_agg(mode, capacity), '{}') from public.mode_capacities where summit_id = summit),
		'ceilings', (select coalesce(jsonb_object_agg(sector, modes), '{}') from (
			select sector, jsonb_object_agg(mode, ceiling) as modes from public.allocation_policies where summit_id = summit group by sector) as each)) end
$$;
grant execute on function public.save_seats(uuid, jsonb), public.read_seats(uuid) to authenticated;
