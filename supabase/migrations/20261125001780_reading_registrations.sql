-- What people read about registrations: their own, their delegation's, and the organisers' list.

-- Seats of each mode as anybody may know them, and of one member. A fee is told where it depends on nothing else but the member.
create function public.seats_left(summit uuid, member uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select sm.member_id, sm.sector from (select) as always
		left join public.summit_members as sm on sm.summit_id = seats_left.summit and sm.member_id = seats_left.member and private.me() is not null
	), modes as (
		select c.mode, c.capacity, count(s.id) as open, count(s.id) filter (where s.member_id = seats_left.member) as own,
			private.kept_aside(c.summit_id, c.mode, (select member_id from asked)) as aside
		from public.mode_capacities as c
		left join public.seats as s on s.summit_id = c.summit_id and s.mode = c.mode and s.state <> 'released'
		where c.summit_id = seats_left.summit and c.summit_id in (select private.readable_summits())
		group by c.id
	)
	select coalesce(jsonb_agg(jsonb_build_object('mode', modes.mode, 'capacity', modes.capacity,
		'left', greatest(0, modes.capacity - modes.open - modes.aside),
		'member_ceiling', case when asked.member_id is not null then private.ceiling_of(seats_left.summit, asked.member_id, modes.mode) end,
		'member_left', case when asked.member_id is not null then greatest(0, private.ceiling_of(seats_left.summit, asked.member_id, modes.mode) - modes.own) end,
		'waiting', (select count(*) from public.queue_entries as q where q.summit_id = seats_left.summit and q.mode = modes.mode and q.state = 'waiting'),
		'fee', case when asked.member_id is not null or not exists (select from public.fees as f where f.summit_id = seats_left.summit and f.mode = modes.mode and f.sector is not null)
			then private.fee_for(seats_left.summit, modes.mode, 'delegate', asked.sector) end,
		'currency', (select s.currency from public.summits as s where s.id = seats_left.summit)) order by modes.mode), '[]')
	from modes, asked
$$;

create function private.steps_of(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('from_state', t.from_state, 'to_state', t.to_state, 'mode', t.mode, 'at', private.iso(t.at), 'reason', t.reason,
			'by_self', t.actor_id is not distinct from p_r.person_id and t.actor_id is not null)
		|| case when p_named then jsonb_build_object('actor', (select a.display_name from public.people as a where a.id = t.actor_id)) else '{}' end order by t.at, t.id), '[]')
	from public.registration_steps as t where t.registration_id = p_r.id
$$;

-- Places in the queue with the reason as it is now: what stood in the way at first may have changed.
create function private.queue_of(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'mode', q.mode, 'state', q.state, 'deadline', private.iso(q.deadline),
		'reason', case q.state when 'waiting' then coalesce(private.seat_obstacle(q.summit_id, q.mode, p_r.member_id, p_r.pool_id), q.reason) else q.reason end,
		'position', nullif(private.queue_position(q.id), 0)) order by q.mode), '[]')
	from public.queue_entries as q where q.registration_id = p_r.id and q.state in ('waiting', 'offered')
$$;

-- The order that waits for money, else the last one.
create function private.order_of(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', o.id, 'reference', o.reference, 'balance', private.balance_of(o.id), 'currency', o.currency, 'due_at', private.iso(o.due_at),
		'is_open', o.closed_at is null, 'payer', case when o.payer_member_id is null then 'person' else 'member' end, 'mode', (select l.mode from public.order_lines as l where l.order_id = o.id and l.registration_id = p_r.id order by l.created_at desc limit 1),
		'amount', private.line_total(o.id, p_r.id),
		'refunds', (select coalesce(jsonb_agg(jsonb_build_object('amount', f.amount, 'state', f.state) order by f.created_at), '[]')
			from public.refunds as f where f.order_id = o.id and f.state <> 'cancelled'))
	from public.orders as o where o.id in (select private.registration_orders(p_r.id))
	order by (o.closed_at is null) desc, o.created_at desc limit 1
$$;

create function private.registration_json(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_r.id, 'summit_id', p_r.summit_id, 'reference', p_r.reference, 'category', p_r.category, 'mode', p_r.mode, 'state', p_r.state,
		'state_since', private.iso(p_r.state_since), 'submitted_at', private.iso(p_r.submitted_at), 'form_step', p_r.form_step, 'version', p_r.version,
		'updated_at', private.iso(p_r.updated_at), 'languages', p_r.languages, 'is_minor', p_r.is_minor, 'code_of_conduct_at', private.iso(p_r.code_of_conduct_at),
		'display_name', person.display_name, 'office', person.office, 'affiliation', person.affiliation, 'country', person.country,
		'member', (select jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country)
			from public.summit_members as sm join public.members as m on m.id = sm.member_id where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id),
		'request', (select jsonb_build_object('name', q.name, 'sector', q.sector, 'country', q.country, 'state', q.state)
			from public.member_requests as q where q.registration_id = p_r.id),
		'access_needs', coalesce(d.access_needs, ''), 'note', coalesce(d.note, ''),
		'no_photographs', coalesce(x.no_photographs, f.no_photographs, false),
		'consents', (select coalesce(jsonb_object_agg(c.item_id, c.given_at is not null and c.withdrawn_at is null), '{}') from public.consents as c where c.registration_id = p_r.id),
		'steps', private.steps_of(p_r, p_named),
		'seat', (select jsonb_build_object('mode', s.mode, 'state', s.state, 'held_until', private.iso(s.held_until))
			from public.seats as s where s.registration_id = p_r.id and s.mode = p_r.mode and s.state <> 'released'),
		'queue', private.queue_of(p_r), 'order', private.order_of(p_r),
		'badge', (select jsonb_build_object('id', b.id, 'letters', b.letters, 'issued_at', private.iso(b.issued_at))
			from public.badges as b where b.registration_id = p_r.id and b.revoked_at is null))
	from public.people as person
	left join public.registration_details as d on d.registration_id = p_r.id
	left join private.protections as x on x.person_id = p_r.person_id
	left join public.person_preferences as f on f.person_id = p_r.person_id
	where person.id = p_r.person_id
$$;

-- The reader's registration at a Summit: the live one, else the last; null when there is none.
create function public.my_registration(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.registration_json(r, false) || jsonb_build_object('protection', jsonb_build_object(
		'kind', coalesce((select x.kind::text from private.protections as x where x.person_id = r.person_id), 'none'),
		'has_sealed_name', exists (select from private.protections as x where x.person_id = r.person_id and x.real_name_sealed is not null)))
	from public.registrations as r where r.summit_id = my_registration.summit and r.person_id = private.me()
	order by (r.state not in ('declined', 'withdrawn', 'expired')) desc, r.created_at desc limit 1
$$;

-- For whoever accredits; null for everybody else. Of drafts only those under 18 who wait for their guardian to be linked. The badge and its letters are the person's alone.
create function public.read_registration(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.registration_json(r, true) - 'badge' || jsonb_build_object(
		'has_alias', private.has_alias(r.person_id),
		'wants_talk', exists (select from private.protections as x where x.person_id = r.person_id and x.kind = 'talk_first'),
		'seats', case when r.member_id is not null then jsonb_build_object('ceiling', private.ceiling_of(r.summit_id, r.member_id, r.mode),
			'used', (select count(*) from public.seats as s where s.summit_id = r.summit_id and s.mode = r.mode and s.member_id = r.member_id and s.state <> 'released')) end,
		'request_id', (select q.id from public.member_requests as q where q.registration_id = r.id and q.state = 'open'))
	from public.registrations as r
	where r.id = read_registration.registration and (r.state <> 'draft' or r.is_minor and exists (select from private.guardian_claims as g where g.registration_id = r.id)) and private.has_role(r.summit_id, 'registration')
$$;

-- The organisers' list. Filters: states, queued, guardian, query, mode, category, sector, country, member_id. Drafts show that they exist.
-- {total, rows, counts}; counts are by state, and how many wait (queued), ask for a member (requests) and for their guardian (guardians). Null when not allowed.
create function public.list_registrations(summit uuid, filters jsonb default '{}', page_size integer default 50, page_start integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	with waiting as (
		select q.registration_id, q.mode, q.reason, row_number() over (partition by q.mode order by q.rank) as position
		from public.queue_entries as q where q.summit_id = list_registrations.summit and q.state = 'waiting'
	), every as materialized (
		select r.id, r.reference, p.display_name, p.office, m.name as member, coalesce(sm.sector, asked.sector) as sector, coalesce(p.country, sm.country) as country,
			r.category, r.mode, r.state, r.state_since, r.submitted_at, r.member_id, private.has_alias(r.person_id) as has_alias,
			asked.id is not null as has_request,
			r.state = 'draft' and r.is_minor and r.guardian_id is null and exists (select from private.guardian_claims as g where g.registration_id = r.id) as wants_guardian,
			exists (select from waiting where waiting.registration_id = r.id)
				or exists (select from public.queue_entries as q where q.registration_id = r.id and q.state = 'offered') as is_queued,
			lower(concat_ws(' ', p.display_name, r.reference, m.name, asked.name, p.affiliation)) as words
		from public.registrations as r
		join public.people as p on p.id = r.person_id
		left join public.members as m on m.id = r.member_id
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
		where r.summit_id = list_registrations.summit
	), found as (
		select * from every as e
		where (not filters ? 'states' or filters -> 'states' ? e.state::text)
			and (coalesce(filters ->> 'queued', 'false') <> 'true' or e.is_queued)
			and (coalesce(filters ->> 'guardian', 'false') <> 'true' or e.wants_guardian)
			and (coalesce(filters ->> 'query', '') = '' or strpos(e.words, lower(btrim(left(filters ->> 'query', 100)))) > 0)
			and (coalesce(filters ->> 'mode', '') in ('', e.mode::text))
			and (coalesce(filters ->> 'category', '') in ('', e.category::text))
			and (not filters ? 'sector' or filters ->> 'sector' = e.sector::text)
			and (not filters ? 'country' or filters ->> 'country' = e.country)
			and (not filters ? 'member_id' or filters ->> 'member_id' = e.member_id::text)
	), page as (
		select found.*, waiting.position, waiting.reason from found
		left join waiting on waiting.registration_id = found.id and waiting.mode = found.mode
		order by found.submitted_at nulls last, found.id
		limit greatest(1, least(coalesce(page_size, 50), 500)) offset greatest(0, coalesce(page_start, 0))
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (select state::text, count(*) from every group by state) as c)
			|| jsonb_build_object('queued', (select count(*) from every where is_queued), 'guardians', (select count(*) from every where wants_guardian),
				'requests', (select count(*) from every where has_request and state not in ('draft', 'declined', 'withdrawn', 'expired'))),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', page.id, 'reference', page.reference, 'display_name', page.display_name, 'office', page.office,
			'member', page.member, 'sector', page.sector, 'country', page.country, 'category', page.category, 'mode', page.mode, 'state', page.state,
			'state_since', private.iso(page.state_since), 'has_alias', page.has_alias, 'has_request', page.has_request, 'wants_guardian', page.wants_guardian,
			'queue_position', page.position, 'queue_reason', page.reason,
			'held_until', (select private.iso(s.held_until) from public.seats as s where s.registration_id = page.id and s.mode = page.mode and s.state = 'held'))
			order by page.submitted_at nulls last, page.id), '[]') from page))
	where private.has_role(list_registrations.summit, 'registration')
$$;

-- For safeguarding: who is protected, and who would like to talk first. Null for everybody else.
create function public.list_protected(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'reference', r.reference, 'display_name', p.display_name, 'kind', x.kind,
		'no_photographs', x.no_photographs, 'state', r.state, 'since', private.iso(x.created_at)) order by x.created_at), '[]')
	from private.protections as x
	join public.registrations as r on r.person_id = x.person_id and r.summit_id = list_protected.summit and r.state not in ('declined', 'withdrawn', 'expired')
	join public.people as p on p.id = x.person_id
	where private.has_role(list_protected.summit, 'safeguarding')
	having private.has_role(list_protected.summit, 'safeguarding')
$$;

grant execute on function public.seats_left(uuid, uuid) to anon, authenticated;
grant execute on function public.my_registration(uuid), public.read_registration(uuid), public.list_registrations(uuid, jsonb, integer, integer),
	public.list_protected(uuid) to authenticated;
