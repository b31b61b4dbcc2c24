-- Recording faults and looking up their references. They are kept for 30 days after the last time.

-- Records what a process noted, [{reference, fingerprint, origin, route, kind, code, words, stack, release, trace, first_at,
-- last_at, times}], 100 at most. Of each origin 500 faults are kept, the last ones, and 300 new references an hour; beyond
-- that a fault is counted and its reference is only in the log. A reference that another fault has is not taken over.
create function private.record_faults(p_faults jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v record;
	v_id uuid;
begin
	for v in
		select * from jsonb_to_recordset(p_faults) as x (
			reference text, fingerprint text, origin private.fault_origin, route text, kind text, code text, words text,
			stack text[], release text, trace text, first_at timestamptz, last_at timestamptz, times bigint)
		-- Always in one order: two processes note the same faults.
		order by fingerprint, reference
		limit 100
	loop
		-- A row that is not in its form keeps no other from being written.
		begin
			insert into private.faults as f (fingerprint, origin, route, kind, code, words, stack, release, first_at, last_at, times)
			values (v.fingerprint, v.origin, v.route, v.kind, v.code, v.words, coalesce(v.stack, '{}'), v.release, v.first_at,
				v.last_at, v.times)
			on conflict (fingerprint) do update set
				times = f.times + excluded.times,
				first_at = least(f.first_at, excluded.first_at),
				last_at = greatest(f.last_at, excluded.last_at)
			returning f.id into v_id;
			insert into private.fault_references as r (reference, fault_id, trace, first_at, last_at, times)
			select v.reference, v_id, v.trace, v.first_at, v.last_at, v.times
			where exists (select from private.fault_references as e where e.reference = v.reference)
				or (
					select count(*)
					from private.fault_references as e
					join private.faults as f on f.id = e.fault_id and f.origin = v.origin
					where e.first_at > now() - interval '1 hour') < 300
			on conflict (reference) do update set
				times = r.times + excluded.times,
				last_at = greatest(r.last_at, excluded.last_at)
			where r.fault_id = excluded.fault_id;
		exception when check_violation or not_null_violation then
			null;
		end;
	end loop;
	delete from private.faults as f
	where f.id in (
		select o.id
		from (
			select e.id, row_number() over (partition by e.origin order by e.last_at desc, e.id) as place
			from private.faults as e
		) as o
		where o.place > 500);
end
$$;
grant execute on function private.record_faults(jsonb) to app_server;

-- Deletes what is older than 30 days.
create function private.clean_faults(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.faults as f where f.last_at < p_now - interval '30 days';
	delete from private.fault_references as r where r.last_at < p_now - interval '30 days'
$$;
grant execute on function private.clean_faults(timestamptz) to app_server;

-- Who looks faults up: the help desk of a Summit, those who run its stages, and owners.
create function private.may_read_faults(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_summit, 'registration', 'stage')
$$;

create function private.fault_json(p_fault private.faults) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_fault.id, 'origin', p_fault.origin, 'route', p_fault.route, 'kind', p_fault.kind, 'code', p_fault.code,
		'words', p_fault.words, 'stack', to_jsonb(p_fault.stack), 'release', p_fault.release,
		'first_at', private.iso(p_fault.first_at), 'last_at', private.iso(p_fault.last_at), 'times', p_fault.times)
$$;

-- What a reference stands for: {status: ok | unknown, reference, at, last_at, times, trace, fault, routes: where the same
-- happened too}. Null for people who may not look it up.
create function public.find_fault(summit uuid, fault_reference text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select jsonb_build_object(
				'status', 'ok', 'reference', r.reference, 'at', private.iso(r.first_at), 'last_at', private.iso(r.last_at),
				'times', r.times, 'trace', r.trace, 'fault', private.fault_json(f),
				'routes', coalesce((
					select jsonb_agg(distinct o.route)
					from private.faults as o
					where o.origin = f.origin and o.kind = f.kind and o.code is not distinct from f.code
						and o.words is not distinct from f.words and o.stack[1] is not distinct from f.stack[1]
						and o.route <> f.route), '[]'))
			from private.fault_references as r
			join private.faults as f on f.id = r.fault_id
			where r.reference = fault_reference),
		jsonb_build_object('status', 'unknown'))
	where private.may_read_faults(find_fault.summit)
$$;
grant execute on function public.find_fault(uuid, text) to authenticated;

-- The last 50 faults, the newest first. Null for people who may not look them up.
create function public.list_faults(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(private.fault_json(f) order by f.last_at desc, f.id)
		from (select * from private.faults as o order by o.last_at desc, o.id limit 50) as f), '[]')
	where private.may_read_faults(list_faults.summit)
$$;
grant execute on function public.list_faults(uuid) to authenticated;
