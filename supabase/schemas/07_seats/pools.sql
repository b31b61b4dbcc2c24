-- Named pools of seats for people without a member: several for each category, each with its own ceilings. A person can
-- be moved between the pools of their category; Rule 1 holds meanwhile.

-- A pool in one mode: {ceiling, held, taken, waiting}.
create function private.pool_mode_json(p public.pools, p_mode public.attendance_mode) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'ceiling', private.pool_ceiling(p.id, p_mode),
		'held', count(*) filter (where s.state = 'held'),
		'taken', count(*) filter (where s.state = 'taken'),
		'waiting', (
			select count(*)
			from public.queue_entries as q
			join public.registrations as r on r.id = q.registration_id
			where r.pool_id = p.id and q.mode = p_mode and q.state = 'waiting'))
	from public.seats as s
	where s.pool_id = p.id and s.mode = p_mode and s.state <> 'released'
$$;

-- Answers {may_change, pools: [{id, category, name, outside (the capacity), in_person: {ceiling, held, taken, waiting},
-- virtual: …}], unplaced, total, rows: [{id, reference, display_name, category, mode, state, pool_id}]}. rows: the
-- people of one pool, or (`pool` null) those in no pool, for registration organisers only. Null for all but organisers
-- of registration, finance and programme.
create function public.read_pools(summit uuid, pool uuid default null, page_size integer default 100,
	page_start integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as (
		select r.id, r.reference, r.category, r.mode, r.state, p.display_name
		from public.registrations as r
		join public.people as p on p.id = r.person_id
		where r.summit_id = read_pools.summit
			and r.category <> 'delegate'
			and r.member_id is null
			and r.pool_id is not distinct from read_pools.pool
			and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
			and private.has_role(read_pools.summit, 'registration')
	)
	select jsonb_build_object(
		'may_change', private.has_role(read_pools.summit, 'registration'),
		'pools', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id,
				'category', p.category,
				'name', p.name,
				'outside', p.outside_capacity,
				'in_person', private.pool_mode_json(p, 'in_person'),
				'virtual', private.pool_mode_json(p, 'virtual')
			) order by p.category, p.name), '[]')
			from public.pools as p
			where p.summit_id = read_pools.summit),
		'unplaced', (
			select count(*)
			from public.registrations as r
			where r.summit_id = read_pools.summit
				and r.category <> 'delegate'
				and r.member_id is null
				and r.pool_id is null
				and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')),
		'total', (select count(*) from shown),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(s) order by s.display_name, s.id), '[]')
			from (select *
				from shown
				order by display_name, id
				limit greatest(1, least(page_size, 500)) offset greatest(page_start, 0)) as s))
	where private.has_role(read_pools.summit, 'registration', 'finance', 'programme')
$$;
grant execute on function public.read_pools(uuid, uuid, integer, integer) to authenticated;

-- Adds a pool, or changes one (never its category). fields: {category, name, in_person, virtual, outside}; outside
-- stays as it is when it is not given. Answers {status: ok | not_allowed | not_found | invalid | name_taken |
-- below_use, id, detail}.
create function public.save_pool(summit uuid, pool uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_name text := private.one_line(fields ->> 'name');
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if length(v_name) not between 1 and 80
		or coalesce(fields ->> 'in_person', '') !~ '^\d{1,6}$'
		or coalesce(fields ->> 'virtual', '') !~ '^\d{1,6}$'
		or pool is null and coalesce(fields ->> 'category', '') not in
			('speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security', 'guardian')
	then
		return jsonb_build_object('status', 'invalid');
	end if;
	begin
		if pool is null then
			insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling, outside_capacity)
			values (summit, (fields ->> 'category')::public.registration_category, v_name,
				(fields ->> 'in_person')::integer, (fields ->> 'virtual')::integer,
				coalesce(fields ->> 'outside' = 'true', false))
			returning id into v_id;
		else
			update public.pools as p
			set name = v_name,
				in_person_ceiling = (fields ->> 'in_person')::integer,
				virtual_ceiling = (fields ->> 'virtual')::integer,
				outside_capacity = coalesce(fields ->> 'outside' = 'true', p.outside_capacity)
			where p.id = pool and p.summit_id = summit
			returning id into v_id;
			if v_id is null then return jsonb_build_object('status', 'not_found'); end if;
		end if;
	exception
		when unique_violation then return jsonb_build_object('status', 'name_taken');
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'below_use', 'detail', v_detail);
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.save_pool(uuid, uuid, jsonb) to authenticated;

-- Removes a pool that was never used, which can be undone. Answers ok, in_use (somebody is or was in it, or is invited to it) or not_found.
-- Locks both modes.
create function public.remove_pool(summit uuid, pool uuid) returns public.pool_removal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	perform private.lock_modes(summit);
	if not exists (select from public.pools as p where p.id = pool and p.summit_id = summit) then
		return 'not_found';
	end if;
	if exists (select from public.registrations as r where r.pool_id = pool)
		or exists (select from public.seats as s where s.pool_id = pool)
		or exists (select from private.invitations as i where i.pool_id = pool)
	then
		return 'in_use';
	end if;
	perform private.begin_undoable(summit, 'pool_removed',
		(select to_jsonb(p.name) from public.pools as p where p.id = pool), 'registration');
	delete from public.pools as p where p.id = pool and p.summit_id = summit;
	return case when found then 'ok' else 'not_found' end;
exception when foreign_key_violation then
	return 'in_use';
end
$$;
grant execute on function public.remove_pool(uuid, uuid) to authenticated;

-- Moves a registration to another pool of its category. A seat moves only where the new pool has one free, and never
-- past somebody who waits in that pool. The caller holds the locks of both modes and of the row. Answers as
-- public.move_to_pool.
create function private.move_one_to_pool(p_r public.registrations, p_pool public.pools) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_r.category <> p_pool.category then return 'wrong_category'; end if;
	if p_r.member_id is not null then return 'has_member'; end if;
	if p_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') then
		return 'wrong_state';
	end if;
	if p_r.pool_id = p_pool.id then return 'already'; end if;
	if exists (select from public.seats as own
		where own.registration_id = p_r.id
			and own.state <> 'released'
			and (select count(*)
				from public.seats as s
				where s.pool_id = p_pool.id and s.mode = own.mode and s.state <> 'released')
				>= private.pool_ceiling(p_pool.id, own.mode))
	then
		return 'no_room';
	end if;
	if exists (select from public.seats as own
		join public.queue_entries as q on q.mode = own.mode and q.state = 'waiting' and q.summit_id = own.summit_id
		join public.registrations as w on w.id = q.registration_id and w.pool_id = p_pool.id
		where own.registration_id = p_r.id and own.state <> 'released')
	then
		return 'others_wait';
	end if;
	-- A move from a pool outside the capacity to one within it adds a seat to the capacity.
	if private.is_outside_capacity(p_r.pool_id)
		and not p_pool.outside_capacity
		and exists (select from public.seats as own
			where own.registration_id = p_r.id
				and own.state <> 'released'
				and private.seat_refusal_reason(p_r.summit_id, own.mode, null, p_pool.id) is not null)
	then
		return 'no_room';
	end if;
	perform private.set_audit_context(p_r.person_id);
	-- No seat is given here, and the ceiling of the new pool was checked above, so the guard of seats steps aside.
	perform set_config('app.allowances', 'together', true);
	update public.registrations as r
	set pool_id = p_pool.id, version = r.version + 1, updated_at = now()
	where r.id = p_r.id;
	update public.seats as s set pool_id = p_pool.id where s.registration_id = p_r.id and s.state <> 'released';
	perform set_config('app.allowances', '', true);
	perform private.notify_registration(p_r);
	return 'ok';
end
$$;

-- Moves registrations to a pool, each by itself, in the order of their ids, at most 500. Answers [{id, status: ok |
-- already | no_room | others_wait | wrong_category | has_member | wrong_state | not_found}], or [] when not allowed. It
-- can be undone unless somebody who waits got a seat by it. Locks both modes and the registrations by id.
create function public.move_to_pool(summit uuid, ids uuid[], pool uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pool public.pools;
	v_r public.registrations;
	v_id uuid;
	v_status text;
	v_answers jsonb := '[]';
	v_moved jsonb := '[]';
begin
	if not private.has_role(summit, 'registration') or cardinality(ids) > 500 then return '[]'; end if;
	perform private.lock_modes(summit);
	select * into v_pool from public.pools as p where p.id = pool and p.summit_id = summit;
	if not found then return '[]'; end if;
	for v_id in select distinct each from unnest(ids) as each order by each loop
		select * into v_r from public.registrations as r where r.id = v_id and r.summit_id = summit for no key update;
		v_status := case when found then private.move_one_to_pool(v_r, v_pool) else 'not_found' end;
		v_answers := v_answers || jsonb_build_object('id', v_id, 'status', v_status);
		if v_status = 'ok' then
			v_moved := v_moved
				|| jsonb_build_object('registration', v_id, 'version', v_r.version + 1, 'pool', v_r.pool_id);
		end if;
	end loop;
	if private.serve_queues(summit) = 0 and v_moved <> '[]' then
		perform private.keep_undoable(summit, 'registrations_moved', to_jsonb(v_pool.name), v_moved, 'registration');
	end if;
	perform private.publish_event('summit:' || summit, 'seats');
	return v_answers;
end
$$;
grant execute on function public.move_to_pool(uuid, uuid[], uuid) to authenticated;
