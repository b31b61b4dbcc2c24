-- Merging two records of one member: seats, people and everything else move to the kept record in one transaction, or
-- nothing does.

-- Returns every column that refers to a member or to a member at a Summit, read from the catalogue, so that no table is
-- forgotten.
create function private.member_reference_columns() returns table (table_name regclass, column_name name)
language sql stable security definer set search_path = '' as $$
	select c.conrelid::regclass, a.attname
	from pg_catalog.pg_constraint as c
	cross join lateral unnest(c.conkey, c.confkey) as pair (own, other)
	join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = pair.own
	join pg_catalog.pg_attribute as o on o.attrelid = c.confrelid and o.attnum = pair.other
	where c.contype = 'f'
		and c.conrelid <> 'public.summit_members'::regclass
		and (c.confrelid = 'public.members'::regclass and o.attname = 'id'
			or c.confrelid = 'public.summit_members'::regclass and o.attname = 'member_id')
	group by c.conrelid, a.attname
	order by c.conrelid::regclass::text, a.attname
$$;

-- Returns whether the reader is a registration organiser of every Summit at which one of the two is a member.
create function private.may_merge_members(p_keep uuid, p_drop uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(null, 'registration')
		or exists (select from public.summit_members as sm where sm.member_id in (p_keep, p_drop))
			and not exists (
				select from public.summit_members as sm
				where sm.member_id in (p_keep, p_drop) and not private.has_role(sm.summit_id, 'registration'))
$$;

-- Returns, for each Summit and mode, the seats in use of both members and the ceiling of the merged one. The kept
-- member's exception or sector counts before the dropped member's.
create function private.merged_seats(p_keep uuid, p_drop uuid)
	returns table (summit_id uuid, mode public.attendance_mode, kept bigint, dropped bigint, ceiling integer)
language sql stable security definer set search_path = '' as $$
	select s.id, mode.mode, (
		select count(*)
		from public.seats as t
		where t.summit_id = s.id and t.mode = mode.mode and t.member_id = p_keep and t.state <> 'released'), (
		select count(*)
		from public.seats as t
		where t.summit_id = s.id and t.mode = mode.mode and t.member_id = p_drop and t.state <> 'released'),
		coalesce((
			select e.ceiling
			from public.allocation_exceptions as e
			where e.summit_id = s.id and e.mode = mode.mode and e.member_id in (p_keep, p_drop)
			order by (e.member_id = p_keep) desc
			limit 1), (
			select p.ceiling
			from public.allocation_policies as p
			join public.summit_members as sm on sm.summit_id = p.summit_id and sm.sector = p.sector
			where p.summit_id = s.id and p.mode = mode.mode and sm.member_id in (p_keep, p_drop)
			order by (sm.member_id = p_keep) desc
			limit 1), 0)
	from public.summits as s
	cross join unnest(enum_range(null::public.attendance_mode)) as mode
	where exists (
		select from public.summit_members as sm
		where sm.summit_id = s.id and sm.member_id in (p_keep, p_drop))
$$;

-- Returns what a merge would move: {status: ok | not_allowed | unknown | same, keep, duplicate, summits: [{slug, name,
-- registrations, focal, waiting, seats: [{mode, kept, dropped, ceiling}]}], moves: {orders, sessions, exceptions,
-- requests}, exceeds}. `exceeds`: the two have more seats together than the kept member may have.
create function public.preview_member_merge(keep uuid, duplicate uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if keep = duplicate then return jsonb_build_object('status', 'same'); end if;
	if (select count(*) from public.members as m where m.id in (keep, duplicate)) < 2 then
		return jsonb_build_object('status', 'unknown');
	end if;
	if not private.may_merge_members(keep, duplicate) then return jsonb_build_object('status', 'not_allowed'); end if;
	return jsonb_build_object(
		'status', 'ok',
		'keep', (
			select jsonb_build_object('id', m.id, 'code', m.code, 'name', m.name, 'sector', m.sector,
				'country', m.country)
			from public.members as m
			where m.id = keep),
		'duplicate', (
			select jsonb_build_object('id', m.id, 'code', m.code, 'name', m.name, 'sector', m.sector,
				'country', m.country)
			from public.members as m
			where m.id = duplicate),
		'summits', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'slug', s.slug, 'name', s.name,
				'registrations', (
					select count(*)
					from public.registrations as r
					where r.summit_id = s.id and r.member_id = duplicate and r.state <> 'draft'),
				'focal', (
					select count(*)
					from public.focal_points as f
					where f.summit_id = s.id and f.member_id = duplicate and (f.until is null or f.until > now())),
				'waiting', (
					select coalesce(sum(w.waiting), 0)
					from private.waiting_by_member(s.id) as w
					where w.member_id = duplicate),
				'seats', (
					select jsonb_agg(jsonb_build_object('mode', t.mode, 'kept', t.kept, 'dropped', t.dropped,
						'ceiling', t.ceiling) order by t.mode)
					from private.merged_seats(keep, duplicate) as t
					where t.summit_id = s.id))
				order by s.starts_on desc), '[]')
			from public.summits as s
			where exists (
				select from public.summit_members as sm
				where sm.summit_id = s.id and sm.member_id = duplicate)),
		'moves', jsonb_build_object(
			'orders', (select count(*) from public.orders as o where o.payer_member_id = duplicate),
			'sessions', (
				select count(distinct a.session_id) from public.session_audiences as a where a.member_id = duplicate),
			'exceptions', (select count(*) from public.allocation_exceptions as e where e.member_id = duplicate),
			'requests', (select count(*) from public.member_requests as q where q.member_id = duplicate)),
		'exceeds', exists (
			select from private.merged_seats(keep, duplicate) as t
			where t.dropped > 0 and t.kept + t.dropped > t.ceiling));
end
$$;
grant execute on function public.preview_member_merge(uuid, uuid) to authenticated;

-- Moves everything of one member to another and deletes the dropped one. The caller holds the locks and has deferred
-- the seat guards, which otherwise judge single rows ('app.allowances'). Raises PT409, with the detail `exceeds <mode>
-- <seats> <ceiling>`, where the seats of both exceed the ceiling; with `p_as_exception` it writes an exception instead.
create function private.move_member_data(p_keep uuid, p_drop uuid, p_summits uuid[], p_reason text,
	p_as_exception boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_column record;
	v_seats record;
begin
	insert into public.summit_members (summit_id, member_id, standing, sector, country, region)
	select sm.summit_id, p_keep, sm.standing, sm.sector, sm.country, sm.region
	from public.summit_members as sm
	where sm.member_id = p_drop
	on conflict (summit_id, member_id) do nothing;
	-- A current focal point of the dropped member stays one, even if the kept member had ended it once.
	update public.focal_points as f
	set until = null
	from public.focal_points as d
	where f.member_id = p_keep
		and d.member_id = p_drop
		and d.summit_id = f.summit_id
		and d.person_id = f.person_id
		and d.until is null
		and f.until is not null;
	-- A delegation has one head: the kept member's, if it has one. The dropped member's head keeps a place without it.
	update public.delegation_places as d
	set is_head = false
	where d.member_id = p_drop
		and d.is_head
		and exists (
			select from public.delegation_places as k
			where k.member_id = p_keep and k.summit_id = d.summit_id and k.is_head);
	for v_column in select c.table_name, c.column_name from private.member_reference_columns() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	update public.seats as s set member_id = p_keep where s.member_id = p_drop and s.state <> 'released';
	for v_seats in
		select t.*
		from private.merged_seats(p_keep, p_drop) as t
		where t.summit_id = any (p_summits) and t.kept + t.dropped > t.ceiling
	loop
		if not p_as_exception then
			raise sqlstate 'PT409' using message = 'more seats than the kept member may have',
				detail = format('exceeds %s %s %s', v_seats.mode, v_seats.kept + v_seats.dropped, v_seats.ceiling);
		end if;
		insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reason)
		values (v_seats.summit_id, p_keep, v_seats.mode, v_seats.kept + v_seats.dropped, p_reason)
		on conflict (summit_id, member_id, mode) do update set ceiling = excluded.ceiling, reason = excluded.reason;
	end loop;
	delete from public.summit_members as sm where sm.member_id = p_drop;
	insert into private.merged_members (dropped_id, kept_id, code, name)
	select m.id, p_keep, m.code, m.name from public.members as m where m.id = p_drop;
	delete from public.members as m where m.id = p_drop;
end
$$;

-- Merges `duplicate` into `keep`. With `as_exception` the kept member may have the seats of both. Locks the modes of
-- all Summits concerned, then the registrations, then the members at the Summits, then the two members. Returns
-- {status, detail}, with status ok | exceeds (more seats than allowed) | stranded (another ceiling would be exceeded) |
-- conflict (one of them joined another Summit meanwhile) | not_allowed | unknown | same | reason_needed.
create function public.merge_members(keep uuid, duplicate uuid, reason text, as_exception boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summits uuid[];
	v_summit uuid;
	v_reason text := btrim(coalesce(reason, ''));
	v_detail text;
	v_name text;
begin
	if keep = duplicate then return jsonb_build_object('status', 'same'); end if;
	if not private.may_merge_members(keep, duplicate) then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_reason = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_summits := array(
		select distinct sm.summit_id from public.summit_members as sm where sm.member_id in (keep, duplicate));
	perform private.lock_modes(variadic v_summits);
	perform from public.registrations as r where r.member_id = duplicate order by r.id for no key update;
	-- A registration that is choosing the duplicate at this moment finishes first; later ones no longer find it.
	perform from public.summit_members as sm where sm.member_id = duplicate order by sm.summit_id for update;
	perform from public.members as m where m.id in (keep, duplicate) order by m.id for update;
	select m.name into v_name from public.members as m where m.id = duplicate;
	if (select count(*) from public.members as m where m.id in (keep, duplicate)) < 2 then
		return jsonb_build_object('status', 'unknown');
	end if;
	-- One of them joined another Summit after the Summits were read and before the locks.
	if exists (
		select from public.summit_members as sm
		where sm.member_id in (keep, duplicate) and sm.summit_id <> all (v_summits)) then
		return jsonb_build_object('status', 'conflict');
	end if;
	perform private.allow_closed_summits();
	begin
		perform set_config('app.reason', v_reason, true);
		perform set_config('app.allowances', 'together', true);
		perform private.move_member_data(keep, duplicate, v_summits, v_reason, as_exception);
		perform set_config('app.allowances', '', true);
		foreach v_summit in array v_summits loop
			perform private.finish_seat_quota_change(v_summit);
		end loop;
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', case when v_detail like 'exceeds %' then 'exceeds' else 'stranded' end,
			'detail', v_detail);
	end;
	perform audit.record_event('members.merged', keep::text, null, null,
		jsonb_build_object('dropped', duplicate, 'name', v_name));
	perform private.publish_event('organise:' || each, 'member_request') from unnest(v_summits) as each;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.merge_members(uuid, uuid, text, boolean) to authenticated;
