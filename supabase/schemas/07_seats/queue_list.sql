-- The queue of a mode as organisers read it: who waits, at which place, and why they have no seat yet. Reading it moves
-- nobody.
--
-- The functions of an entry have no search path, so that they are inlined into the query, which reads thousands of
-- rows.

-- An entry of the queue in the list, with the seats that its member or pool uses and may use.
create type private.queue_row as (
	id uuid,
	registration_id uuid,
	reference text,
	display_name text,
	member text,
	member_id uuid,
	pool text,
	sector public.sector,
	region text,
	registration_state public.registration_state,
	present_mode public.attendance_mode,
	state public.queue_state,
	rank bigint,
	position bigint,
	created_at timestamptz,
	deadline timestamptz,
	used bigint,
	allowed integer,
	-- Whether the member's standing, or a pool, lets the person take a seat at all.
	may_have_seat boolean,
	is_outside_capacity boolean
);

-- The seats of a mode that are held or taken, by member or pool.
create function private.seats_in_use(p_summit uuid, p_mode public.attendance_mode)
	returns table (member_id uuid, pool_id uuid, seats bigint)
language sql stable as $$
	select s.member_id, s.pool_id, count(*)
	from public.seats as s
	where s.summit_id = p_summit and s.mode = p_mode and s.state <> 'released'
	group by s.member_id, s.pool_id
$$;

-- The seats of a mode that count towards its capacity.
create function private.count_capacity_in_use(p_summit uuid, p_mode public.attendance_mode) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from public.seats as s
	where s.summit_id = p_summit
		and s.mode = p_mode
		and s.state <> 'released'
		and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity)
$$;

-- The ceilings of sectors and regions, and what is used of each.
create function private.ceilings_in_use(p_summit uuid, p_mode public.attendance_mode)
	returns table (sector public.sector, region text, ceiling integer, seats numeric)
language sql stable security definer set search_path = '' as $$
	select c.sector, c.region, c.ceiling, coalesce(sum(used.seats), 0)
	from public.seat_ceilings as c
	left join public.summit_members as sm on sm.summit_id = c.summit_id
		and (sm.sector = c.sector or sm.region = c.region)
	left join private.seats_in_use(p_summit, p_mode) as used on used.member_id = sm.member_id
	where c.summit_id = p_summit and c.mode = p_mode
	group by c.id
$$;

-- The entries of a queue that wait or have an offer. Not restricted by role: the caller checks it. The columns follow
-- private.queue_row.
create function private.list_queue_rows(p_summit uuid, p_mode public.attendance_mode) returns setof private.queue_row
language sql stable security definer set search_path = '' as $$
	with used as materialized (
		select * from private.seats_in_use(p_summit, p_mode)
	)
	select q.id, q.registration_id, r.reference, p.display_name, m.name, r.member_id, l.name, sm.sector, sm.region,
		r.state, r.mode, q.state, q.rank,
		case when q.state = 'waiting' then row_number() over (partition by q.state order by q.rank) end,
		q.created_at, q.deadline,
		coalesce(case when r.member_id is not null then own.seats else pooled.seats end, 0),
		coalesce(case
			when r.member_id is not null then coalesce(e.ceiling, a.ceiling)
			when p_mode = 'in_person' then l.in_person_ceiling
			else l.virtual_ceiling end, 0),
		case
			when r.member_id is not null then coalesce(sm.standing in ('active', 'observer'), true)
			else r.pool_id is not null end,
		coalesce(l.outside_capacity, false)
	from public.queue_entries as q
	join public.registrations as r on r.id = q.registration_id
	join public.people as p on p.id = r.person_id
	left join public.members as m on m.id = r.member_id
	left join public.summit_members as sm on sm.summit_id = q.summit_id and sm.member_id = r.member_id
	left join public.pools as l on l.id = r.pool_id
	left join public.allocation_exceptions as e on e.summit_id = q.summit_id
		and e.member_id = r.member_id
		and e.mode = q.mode
	left join public.allocation_policies as a on a.summit_id = q.summit_id and a.sector = sm.sector and a.mode = q.mode
	left join used as own on own.member_id = r.member_id
	left join used as pooled on pooled.pool_id = r.pool_id
	where q.summit_id = p_summit and q.mode = p_mode and q.state in ('waiting', 'offered')
$$;

-- Why an entry has no seat: the first reason that applies, in the order of private.seat_refusal_reason; null for an
-- offer.
create function private.queue_row_reason(q private.queue_row, p_is_ceiling_reached boolean,
	p_is_capacity_reached boolean) returns text
language sql stable as $$
	select case
		when q.state = 'offered' then null
		when not q.may_have_seat then 'standing'
		when q.used >= q.allowed then 'allocation'
		when p_is_ceiling_reached then 'ceiling'
		when not q.is_outside_capacity and p_is_capacity_reached then 'capacity'
		else 'others_wait'
	end
$$;

-- Whether the filters find an entry. `p_words`: the folded words of the filter query, null without one.
create function private.is_queue_row_found(q private.queue_row, p_reason text, f jsonb, p_words text) returns boolean
language sql stable as $$
	select (p_words is null or strpos(
			private.fold_for_search(concat_ws(' ', q.display_name, q.reference, q.member, q.pool)), p_words) > 0)
		and (not f ? 'reason' or p_reason = f ->> 'reason')
		and (not f ? 'sector' or q.sector::text = f ->> 'sector')
		and (not f ? 'region' or q.region = f ->> 'region')
		and (not f ? 'state' or q.state::text = f ->> 'state')
		and (not f ? 'member' or q.member_id::text = f ->> 'member')
$$;

-- An entry as the page reads it. `p_full`: the ceilings that are reached, [{name, ceiling, used}].
create function private.queue_row_json(q private.queue_row, p_reason text, p_full jsonb) returns jsonb
language sql stable as $$
	select jsonb_build_object(
		'id', q.id,
		'registration_id', q.registration_id,
		'reference', q.reference,
		'display_name', q.display_name,
		'member', q.member,
		'member_id', q.member_id,
		'pool', q.pool,
		'sector', q.sector,
		'region', q.region,
		'registration_state', q.registration_state,
		'present_mode', q.present_mode,
		'state', q.state,
		'position', q.position,
		'reason', p_reason,
		'since', private.iso(q.created_at),
		'deadline', private.iso(q.deadline),
		'used', q.used,
		'allowed', q.allowed,
		'full', p_full)
$$;

-- Filters: query, reason (capacity | allocation | ceiling | standing | others_wait), sector, region, state (waiting |
-- offered), member. Answers {mode, total, waiting, offered, serving, capacity, open, reserved, reasons: {reason: n},
-- rows: [{id, registration_id, reference, display_name, member, member_id, pool, sector, region, registration_state,
-- present_mode, state, position, reason, since, deadline, used, allowed, full: [{name, ceiling, used}]}]}, or null when
-- the reader is no registration organiser.
create function public.list_queue(summit uuid, mode public.attendance_mode, filters jsonb default '{}',
	page_size integer default 50, page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text := private.fold_for_search(btrim(left(filters ->> 'query', 100)));
	v_capacity integer := coalesce((
		select c.capacity
		from public.mode_capacities as c
		where c.summit_id = list_queue.summit and c.mode = list_queue.mode), 0);
	v_open bigint;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	v_open := private.count_capacity_in_use(summit, mode);
	return (with reserved as materialized (
		select * from private.list_reserved_seats(list_queue.summit, list_queue.mode)
	), reached as materialized (
		select * from private.ceilings_in_use(list_queue.summit, list_queue.mode) as c where c.seats >= c.ceiling
	), every as materialized (
		select q, private.queue_row_reason(q,
			exists (select from reached as c where c.sector = q.sector or c.region = q.region),
			v_open + coalesce((
				select sum(k.seats) from reserved as k where k.member_id is distinct from q.member_id), 0)
				>= v_capacity) as reason
		from private.list_queue_rows(list_queue.summit, list_queue.mode) as q
	), found as (
		select * from every as v where private.is_queue_row_found(v.q, v.reason, filters, v_words)
	), page as (
		select * from found order by (q).rank limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object(
		'mode', list_queue.mode,
		'capacity', v_capacity,
		'open', v_open,
		'reserved', (select coalesce(sum(k.seats), 0) from reserved as k),
		'serving', (select private.gives_seats(s) from public.summits as s where s.id = list_queue.summit),
		'total', (select count(*) from found),
		'waiting', (select count(*) from every where (q).state = 'waiting'),
		'offered', (select count(*) from every where (q).state = 'offered'),
		'reasons', (
			select coalesce(jsonb_object_agg(c.reason, c.count), '{}')
			from (select reason, count(*) from every where reason is not null group by reason) as c),
		'rows', (
			select coalesce(jsonb_agg(private.queue_row_json(page.q, page.reason, (
					select coalesce(jsonb_agg(jsonb_build_object(
						'name', coalesce(c.sector::text, c.region), 'ceiling', c.ceiling, 'used', c.seats)), '[]')
					from reached as c
					where page.reason = 'ceiling' and (c.sector = (page.q).sector or c.region = (page.q).region)))
				order by (page.q).rank), '[]')
			from page)));
end
$$;
grant execute on function public.list_queue(uuid, public.attendance_mode, jsonb, integer, integer) to authenticated;
