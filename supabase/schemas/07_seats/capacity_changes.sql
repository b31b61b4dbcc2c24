-- Changing what is allowed. A proposal is previewed first and then applied as a whole, in one transaction, by an
-- organiser who has read what it changes. 07_seats/over_allocation.sql holds what no change may do.

-- Saves capacities and the ceilings of sectors, all or nothing; lowering them below what is used is refused. `rules`:
-- {capacities: {in_person, virtual}, ceilings: {sector: {in_person, virtual}}}; a null ceiling means no seats of that
-- mode. Answers {status: ok | not_allowed | invalid | below_use, detail}.
create function public.save_seat_settings(summit uuid, rules jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	begin
		-- Each row serves the queue by its trigger, so the ceilings come first and the capacities last.
		insert into public.allocation_policies (summit_id, sector, mode, ceiling)
		select save_seat_settings.summit, each.sector::public.sector, mode.key::public.attendance_mode,
			coalesce((mode.value #>> '{}')::integer, 0)
		from jsonb_each(rules -> 'ceilings') as each (sector, modes), jsonb_each(each.modes) as mode
		on conflict (summit_id, sector, mode) do update
			set ceiling = excluded.ceiling
			where allocation_policies.ceiling <> excluded.ceiling;
		insert into public.mode_capacities (summit_id, mode, capacity)
		select save_seat_settings.summit, mode.key::public.attendance_mode, (mode.value #>> '{}')::integer
		from jsonb_each(rules -> 'capacities') as mode
		on conflict (summit_id, mode) do update
			set capacity = excluded.capacity
			where mode_capacities.capacity <> excluded.capacity;
	exception
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'below_use', 'detail', v_detail);
		when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_seat_settings(uuid, jsonb) to authenticated;

-- Writes a proposal, which names only what changes: {capacities: {mode: n}, policies: {sector: {mode: n | null}},
-- ceilings: [{mode, sector | region, ceiling}] (all of them), exceptions: [{member_id, mode, ceiling | null,
-- reserved_until, reason}]}. null removes a row. The triggers wait (app.allowances): the caller checks the result.
create function private.write_seat_quotas(p_summit uuid, p_proposal jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.allowances', 'together', true);
	-- Capacities.
	insert into public.mode_capacities (summit_id, mode, capacity)
	select p_summit, c.key::public.attendance_mode, (c.value #>> '{}')::integer
	from jsonb_each(coalesce(p_proposal -> 'capacities', '{}')) as c
	on conflict (summit_id, mode) do update
		set capacity = excluded.capacity
		where mode_capacities.capacity <> excluded.capacity;
	-- Policies of sectors.
	insert into public.allocation_policies (summit_id, sector, mode, ceiling)
	select p_summit, s.key::public.sector, m.key::public.attendance_mode, (m.value #>> '{}')::integer
	from jsonb_each(coalesce(p_proposal -> 'policies', '{}')) as s, jsonb_each(s.value) as m
	where m.value <> 'null'
	on conflict (summit_id, sector, mode) do update
		set ceiling = excluded.ceiling
		where allocation_policies.ceiling <> excluded.ceiling;
	delete from public.allocation_policies as p
	using jsonb_each(coalesce(p_proposal -> 'policies', '{}')) as s, jsonb_each(s.value) as m
	where p.summit_id = p_summit
		and p.sector = s.key::public.sector
		and p.mode = m.key::public.attendance_mode
		and m.value = 'null';
	-- Ceilings of sectors and regions.
	if p_proposal ? 'ceilings' then
		delete from public.seat_ceilings as c
		where c.summit_id = p_summit
			and not exists (
				select
				from jsonb_to_recordset(p_proposal -> 'ceilings')
					as g (mode public.attendance_mode, sector public.sector, region text)
				where g.mode = c.mode
					and g.sector is not distinct from c.sector
					and g.region is not distinct from c.region);
		insert into public.seat_ceilings (summit_id, mode, sector, region, ceiling)
		select p_summit, g.mode, g.sector, g.region, g.ceiling
		from jsonb_to_recordset(p_proposal -> 'ceilings')
			as g (mode public.attendance_mode, sector public.sector, region text, ceiling integer)
		on conflict (summit_id, mode, sector, region) do update
			set ceiling = excluded.ceiling
			where seat_ceilings.ceiling <> excluded.ceiling;
	end if;
	-- Exceptions of members.
	insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reserved_until, reason)
	select p_summit, g.member_id, g.mode, g.ceiling, g.reserved_until, btrim(coalesce(g.reason, ''))
	from jsonb_to_recordset(coalesce(p_proposal -> 'exceptions', '[]'))
		as g (member_id uuid, mode public.attendance_mode, ceiling integer, reserved_until timestamptz, reason text)
	where g.ceiling is not null
	on conflict (summit_id, member_id, mode) do update
		set ceiling = excluded.ceiling, reserved_until = excluded.reserved_until, reason = excluded.reason;
	delete from public.allocation_exceptions as e
	using jsonb_to_recordset(coalesce(p_proposal -> 'exceptions', '[]'))
		as g (member_id uuid, mode public.attendance_mode, ceiling integer)
	where e.summit_id = p_summit and e.member_id = g.member_id and e.mode = g.mode and g.ceiling is null;
	perform set_config('app.allowances', '', true);
end
$$;

-- The effect of a proposal, found by applying it and rolling it back. Answers {status: ok | stranded | invalid |
-- not_allowed, version, before, after, members: {total, rows: [{id, name, mode, before, after, used}]}, stranded:
-- [{kind, mode, member_id, name, seats, allowed}], served: [{mode, seats, offers}], next: [{mode, registration_id,
-- display_name, member}]}. before and after as in private.seat_quota_figures; next names the first 20 who would get a
-- seat. Locks both modes until the end of the transaction.
create function public.preview_seat_quotas(summit uuid, proposal jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
	v_before jsonb;
	v_stranded jsonb;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	v_answer := jsonb_build_object(
		'status', 'ok',
		'version', private.seat_quotas_version(summit),
		'before', private.seat_quota_figures(summit));
	select jsonb_object_agg(sm.member_id || ' '
		|| mode.mode, private.member_seat_ceiling(summit, sm.member_id, mode.mode))
	into v_before
	from public.summit_members as sm
	cross join unnest(enum_range(null::public.attendance_mode)) as mode
	where sm.summit_id = preview_seat_quotas.summit;
	begin
		perform private.write_seat_quotas(summit, proposal);
		select coalesce(jsonb_agg(to_jsonb(o)), '[]') into v_stranded from private.list_over_allocations(summit) as o;
		v_answer := v_answer
			|| jsonb_build_object('members', private.list_changed_member_ceilings(summit, coalesce(v_before, '{}')));
		if v_stranded = '[]' then perform private.serve_queues(summit); end if;
		v_answer := v_answer || jsonb_build_object(
			'status', case when v_stranded = '[]' then 'ok' else 'stranded' end,
			'stranded', v_stranded,
			'after', private.seat_quota_figures(summit)) || private.list_served_now(summit);
		-- Rolls back to the start of this block.
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	return v_answer;
end
$$;
grant execute on function public.preview_seat_quotas(uuid, jsonb) to authenticated;

-- Who was served in this transaction: {served: [{mode, seats, offers}], next: the first 20 of them, [{mode,
-- registration_id, display_name, member}]}. now() is the start of the transaction, so it marks exactly its own entries.
create function private.list_served_now(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with served as (
		select q.mode, q.rank, q.registration_id, q.state
		from public.queue_entries as q
		where q.summit_id = p_summit
			and (q.offered_at = now() and q.state = 'offered' or q.closed_at = now() and q.state = 'served')
	)
	select jsonb_build_object(
		'served', (
			select coalesce(jsonb_agg(to_jsonb(n) order by n.mode), '[]')
			from (select q.mode, count(*) as seats, count(*) filter (where q.state = 'offered') as offers
				from served as q
				group by q.mode) as n),
		'next', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'mode', n.mode,
				'registration_id', n.registration_id,
				'display_name', n.display_name,
				'member', n.member
			) order by n.mode, n.rank), '[]')
			from (select q.mode, q.rank, q.registration_id, p.display_name, m.name as member
				from served as q
				join public.registrations as r on r.id = q.registration_id
				join public.people as p on p.id = r.person_id
				left join public.members as m on m.id = r.member_id
				order by q.mode, q.rank
				limit 20) as n))
$$;

-- The members whose ceiling differs from `p_before` ({"member mode": ceiling}): {total, rows: [{id, name, mode, before,
-- after, used}]}, at most 50 rows, those first that use more than their new ceiling.
create function private.list_changed_member_ceilings(p_summit uuid, p_before jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	with each as (
		select m.id, m.name, mode.mode, (p_before ->> (sm.member_id || ' ' || mode.mode))::integer as before,
			private.member_seat_ceiling(p_summit, sm.member_id, mode.mode) as after,
			coalesce(u.held + u.taken, 0) as used
		from public.summit_members as sm
		cross join unnest(enum_range(null::public.attendance_mode)) as mode
		join public.members as m on m.id = sm.member_id
		left join private.seats_by_member(p_summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		where sm.summit_id = p_summit
	), changed as (
		select * from each where each.before is distinct from each.after
	)
	select jsonb_build_object(
		'total', (select count(*) from changed),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(c) order by c.name, c.mode), '[]')
			from (select *
				from changed
				order by (changed.used > changed.after) desc, changed.name, changed.mode
				limit 50) as c))
$$;

-- Applies a whole proposal. `version` is the one that the organiser has read. Answers {status: ok | conflict | stranded
-- | invalid | not_allowed, served, detail}; conflict: somebody else changed something since. Locks both modes.
create function public.apply_seat_quotas(summit uuid, proposal jsonb, version text, reason text default '')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_served integer;
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	if version is distinct from private.seat_quotas_version(summit) then
		return jsonb_build_object('status', 'conflict');
	end if;
	begin
		perform set_config('app.reason', btrim(left(coalesce(reason, ''), 500)), true);
		perform private.write_seat_quotas(summit, proposal);
		v_served := private.finish_seat_quota_change(summit);
	exception
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'stranded', 'detail', v_detail);
		when data_exception or integrity_constraint_violation then
			return jsonb_build_object('status', 'invalid');
	end;
	perform private.publish_event('organise:' || summit, 'registration');
	return jsonb_build_object('status', 'ok', 'served', v_served);
end
$$;
grant execute on function public.apply_seat_quotas(uuid, jsonb, text, text) to authenticated;
