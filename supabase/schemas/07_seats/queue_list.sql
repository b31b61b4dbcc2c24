-- The queue of a mode as organisers read it: who waits, at which place, and why they have no seat yet. Reading it moves
-- nobody.

-- Filters: query, reason (capacity | allocation | ceiling | standing | others_wait), sector, region, state (waiting |
-- offered), member. Answers {mode, total, waiting, offered, serving, capacity, open, aside, reasons: {reason: n}, rows:
-- [{id, registration_id, reference, display_name, member, member_id, pool, sector, region, registration_state,
-- present_mode, state, position, reason, since, deadline, used, allowed, full: [{name, ceiling, used}]}]}, or null when
-- the reader is no registration organiser. One query: its parts share what is counted once (used, aside, balance), and
-- a split would count the seats again.
create function public.list_queue(summit uuid, mode public.attendance_mode, filters jsonb default '{}',
	page_size integer default 50, page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_capacity integer := coalesce((
		select c.capacity
		from public.mode_capacities as c
		where c.summit_id = list_queue.summit and c.mode = list_queue.mode), 0);
	v_open bigint;
	v_answer jsonb;
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	select count(*) into v_open
	from public.seats as s
	where s.summit_id = list_queue.summit
		and s.mode = list_queue.mode
		and s.state <> 'released'
		and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity);
	with used as materialized (
		select s.member_id, s.pool_id, count(*) as seats
		from public.seats as s
		where s.summit_id = list_queue.summit and s.mode = list_queue.mode and s.state <> 'released'
		group by s.member_id, s.pool_id
	), aside as materialized (
		select * from private.list_reserved_seats(list_queue.summit, list_queue.mode)
	), balance as materialized (
		-- The ceilings of sectors and regions, and what is used of each.
		select c.sector, c.region, c.ceiling, coalesce(sum(used.seats), 0) as seats
		from public.seat_ceilings as c
		left join public.summit_members as sm on sm.summit_id = c.summit_id
			and (sm.sector = c.sector or sm.region = c.region)
		left join used on used.member_id = sm.member_id
		where c.summit_id = list_queue.summit and c.mode = list_queue.mode
		group by c.id
	), every as materialized (
		-- Each entry with what is used and allowed of its member or pool, and the reason why it has no seat: the first
		-- that applies, in the order of private.seat_refusal_reason.
		select q.id, q.registration_id, q.state, q.rank, q.created_at, q.deadline, r.reference,
			r.state as registration_state, r.mode as present_mode, p.display_name, r.member_id,
			m.name as member, l.name as pool, sm.sector, sm.region,
			case when q.state = 'waiting' then row_number() over (partition by q.state order by q.rank) end as position,
			coalesce(case when r.member_id is not null then own.seats else pooled.seats end, 0) as used,
			case
				when r.member_id is not null then coalesce(e.ceiling, a.ceiling, 0)
				else coalesce(
					case list_queue.mode when 'in_person' then l.in_person_ceiling else l.virtual_ceiling end, 0)
			end as allowed,
			case
				when q.state = 'offered' then null
				when r.member_id is not null and sm.standing not in ('active', 'observer') then 'standing'
				when r.member_id is null and r.pool_id is null then 'standing'
				when coalesce(case when r.member_id is not null then own.seats else pooled.seats end, 0) >= case
						when r.member_id is not null then coalesce(e.ceiling, a.ceiling, 0)
						else coalesce(
							case list_queue.mode when 'in_person' then l.in_person_ceiling else l.virtual_ceiling end,
							0)
					end
					then 'allocation'
				when exists (select from balance as b
					where b.seats >= b.ceiling and (b.sector = sm.sector or b.region = sm.region))
					then 'ceiling'
				when l.outside_capacity is not true
					and v_open
						+ coalesce((
							select sum(k.seats) from aside as k where k.member_id is distinct from r.member_id), 0)
						>= v_capacity
					then 'capacity'
				else 'others_wait'
			end as reason,
			case
				when filters ? 'query'
					then private.fold_for_search(concat_ws(' ', p.display_name, r.reference, m.name, l.name))
			end as words
		from public.queue_entries as q
		join public.registrations as r on r.id = q.registration_id
		join public.people as p on p.id = r.person_id
		left join public.members as m on m.id = r.member_id
		left join public.summit_members as sm on sm.summit_id = q.summit_id and sm.member_id = r.member_id
		left join public.pools as l on l.id = r.pool_id
		left join public.allocation_exceptions as e on e.summit_id = q.summit_id
			and e.member_id = r.member_id
			and e.mode = q.mode
		left join public.allocation_policies as a on a.summit_id = q.summit_id
			and a.sector = sm.sector
			and a.mode = q.mode
		left join used as own on own.member_id = r.member_id
		left join used as pooled on pooled.pool_id = r.pool_id
		where q.summit_id = list_queue.summit and q.mode = list_queue.mode and q.state in ('waiting', 'offered')
	), found as (
		select *
		from every as v
		where (not filters ? 'query'
			or strpos(v.words, private.fold_for_search(btrim(left(filters ->> 'query', 100)))) > 0)
			and (not filters ? 'reason' or v.reason = filters ->> 'reason')
			and (not filters ? 'sector' or v.sector::text = filters ->> 'sector')
			and (not filters ? 'region' or v.region = filters ->> 'region')
			and (not filters ? 'state' or v.state::text = filters ->> 'state')
			and (not filters ? 'member' or v.member_id::text = filters ->> 'member')
	), page as (
		select * from found order by rank limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object(
		'mode', list_queue.mode,
		'capacity', v_capacity,
		'open', v_open,
		'aside', (select coalesce(sum(k.seats), 0) from aside as k),
		'serving', (select s.state in ('open', 'live') from public.summits as s where s.id = list_queue.summit),
		'total', (select count(*) from found),
		'waiting', (select count(*) from every where state = 'waiting'),
		'offered', (select count(*) from every where state = 'offered'),
		'reasons', (
			select coalesce(jsonb_object_agg(c.reason, c.count), '{}')
			from (select reason, count(*) from every where reason is not null group by reason) as c),
		'rows', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', page.id,
				'registration_id', page.registration_id,
				'reference', page.reference,
				'display_name', page.display_name,
				'member', page.member,
				'member_id', page.member_id,
				'pool', page.pool,
				'sector', page.sector,
				'region', page.region,
				'registration_state', page.registration_state,
				'present_mode', page.present_mode,
				'state', page.state,
				'position', page.position,
				'reason', page.reason,
				'since', private.iso(page.created_at),
				'deadline', private.iso(page.deadline),
				'used', page.used,
				'allowed', page.allowed,
				'full', (
					select coalesce(jsonb_agg(jsonb_build_object(
						'name', coalesce(b.sector::text, b.region), 'ceiling', b.ceiling, 'used', b.seats)), '[]')
					from balance as b
					where page.reason = 'ceiling'
						and b.seats >= b.ceiling
						and (b.sector = page.sector or b.region = page.region))
			) order by page.rank), '[]')
			from page))
	into v_answer;
	return v_answer;
end
$$;
grant execute on function public.list_queue(uuid, public.attendance_mode, jsonb, integer, integer) to authenticated;
