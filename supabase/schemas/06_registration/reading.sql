-- What people read of registrations: their own, the seats that are left, and (safeguarding) who is protected.

-- Returns the registrations for which the reader may act: their own and those of the people they assist.
create function private.my_registrations() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.registrations where person_id in (select private.my_people('registration'))
$$;
grant execute on function private.my_registrations() to anon, authenticated;

-- Returns whether the reader may know a member's seats: registration, finance, its focal points, and people who have
-- sent a registration for it. A draft gives no right, because anybody can choose any member in a draft.
create function private.may_read_member_seats(p_summit uuid, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_member is not null and (
		private.has_role(p_summit, 'registration', 'finance')
		or exists (select from private.my_focal_members(p_summit) as f where f.member_id = p_member)
		or exists (
			select from public.registrations as r
			where r.summit_id = p_summit
				and r.member_id = p_member
				and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
				and r.person_id in (select private.my_people('registration'))))
$$;

-- Returns the seats of each mode as everybody may know them, and those of one member if the reader may know them:
-- [{mode, capacity, left, member_ceiling, member_left, waiting, fee, currency}]. The fee is null where it depends on a
-- sector and no member is given.
create function public.seats_left(summit uuid, member uuid default null) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
	with asked as (
		select sm.member_id, sm.sector, private.may_read_member_seats(sm.summit_id, sm.member_id) as is_ours
		from (select) as always
		left join public.summit_members as sm on sm.summit_id = seats_left.summit
			and sm.member_id = seats_left.member
			and private.me() is not null
	), modes as (
		select c.mode, c.capacity,
			count(s.id) as open,
			count(s.id) filter (where s.member_id = seats_left.member) as own,
			private.count_reserved_seats(c.summit_id, c.mode, (select member_id from asked where is_ours)) as reserved
		from public.mode_capacities as c
		left join public.seats as s on s.summit_id = c.summit_id
			and s.mode = c.mode
			and s.state <> 'released'
			and not exists (select from public.pools as p where p.id = s.pool_id and p.outside_capacity)
		where c.summit_id = seats_left.summit and c.summit_id in (select private.readable_summits())
		group by c.id
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'mode', modes.mode,
		'capacity', modes.capacity,
		'left', greatest(0, modes.capacity - modes.open - modes.reserved),
		'member_ceiling', case
			when asked.is_ours then private.member_seat_ceiling(seats_left.summit, asked.member_id, modes.mode) end,
		'member_left', case
			when asked.is_ours
				then greatest(0,
					private.member_seat_ceiling(seats_left.summit, asked.member_id, modes.mode) - modes.own) end,
		'waiting', (
			select count(*)
			from public.queue_entries as q
			where q.summit_id = seats_left.summit and q.mode = modes.mode and q.state = 'waiting'),
		'fee', case
			when asked.member_id is not null or not exists (
				select from public.fees as f
				where f.summit_id = seats_left.summit and f.mode = modes.mode and f.sector is not null)
				then private.find_fee(seats_left.summit, modes.mode, 'delegate', asked.sector) end,
		'currency', (select s.currency from public.summits as s where s.id = seats_left.summit))
		order by modes.mode), '[]')
	from modes, asked
$$;
grant execute on function public.seats_left(uuid, uuid) to anon, authenticated;

-- Returns the history of a registration: [{from_state, to_state, mode, at, reason, category, by_self}], with the
-- actor's name if `p_named` (for organisers).
create function private.registration_steps_json(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('from_state', t.from_state, 'to_state', t.to_state, 'mode', t.mode,
			'at', private.iso(t.at), 'reason', t.reason, 'category', t.category,
			'by_self', t.actor_id is not distinct from p_r.person_id and t.actor_id is not null)
		|| case
			when p_named then jsonb_build_object('actor', (
				select a.display_name from public.people as a where a.id = t.actor_id))
			else '{}' end
		order by t.at, t.id), '[]')
	from public.registration_steps as t
	where t.registration_id = p_r.id
$$;

-- Returns the places of a registration in the queues, with the reason as it is now: the obstacle may have changed since
-- the person joined.
create function private.registration_queue_places(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id, 'mode', q.mode, 'state', q.state, 'deadline', private.iso(q.deadline),
		'reason', case q.state
			when 'waiting'
				then coalesce(private.seat_refusal_reason(q.summit_id, q.mode, p_r.member_id, p_r.pool_id), q.reason)
			else q.reason end,
		'position', nullif(private.queue_position(q.id), 0))
		order by q.mode), '[]')
	from public.queue_entries as q
	where q.registration_id = p_r.id and q.state in ('waiting', 'offered')
$$;

-- Returns the open order of a registration, else its last one.
create function private.latest_registration_order(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', o.id, 'reference', o.reference, 'balance', private.balance_of(o.id), 'currency', o.currency,
		'due_at', private.iso(o.due_at), 'is_open', o.closed_at is null,
		'payer', case when o.payer_member_id is null then 'person' else 'member' end)
	from public.orders as o
	where o.id in (select private.registration_orders(p_r.id))
	order by (o.closed_at is null) desc, o.created_at desc
	limit 1
$$;

-- Returns everything of a registration that its person reads; `p_named` adds who acted, for organisers. The caller has
-- checked who may read it.
create function private.registration_json(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_r.id, 'summit_id', p_r.summit_id, 'reference', p_r.reference,
		'category', p_r.category, 'mode', p_r.mode,
		'state', p_r.state, 'state_since', private.iso(p_r.state_since),
		'form_step', p_r.form_step, 'version', p_r.version, 'updated_at', private.iso(p_r.updated_at),
		'languages', p_r.languages, 'is_minor', p_r.is_minor,
		'code_of_conduct_at', private.iso(p_r.code_of_conduct_at),
		'display_name', person.display_name, 'office', person.office,
		'affiliation', person.affiliation, 'country', person.country,
		'member', (
			select jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country)
			from public.summit_members as sm
			join public.members as m on m.id = sm.member_id
			where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id),
		'request', (
			select jsonb_build_object('name', q.name, 'sector', q.sector, 'country', q.country, 'state', q.state)
			from public.member_requests as q
			where q.registration_id = p_r.id),
		'access_needs', coalesce(d.access_needs, ''), 'note', coalesce(d.note, ''),
		'no_photographs', coalesce(x.no_photographs, f.no_photographs, false),
		'consents', (
			select coalesce(jsonb_object_agg(c.item_id, c.given_at is not null and c.withdrawn_at is null), '{}')
			from public.consents as c
			where c.registration_id = p_r.id),
		'steps', private.registration_steps_json(p_r, p_named),
		'seat', (
			select jsonb_build_object('mode', s.mode, 'state', s.state, 'held_until', private.iso(s.held_until))
			from public.seats as s
			where s.registration_id = p_r.id and s.mode = p_r.mode and s.state <> 'released'),
		-- A draft has none of these.
		'queue', case when p_r.state <> 'draft' then private.registration_queue_places(p_r) else '[]' end,
		'order', case when p_r.state <> 'draft' then private.latest_registration_order(p_r) end,
		'badge', (
			select jsonb_build_object('id', b.id, 'badge_code', b.badge_code, 'issued_at', private.iso(b.issued_at),
				'line', private.badge_line(p_r))
			from public.badges as b
			where b.registration_id = p_r.id and b.revoked_at is null))
	from public.people as person
	left join public.registration_needs as d on d.registration_id = p_r.id
	left join private.protections as x on x.person_id = p_r.person_id
	left join public.person_preferences as f on f.person_id = p_r.person_id
	where person.id = p_r.person_id
$$;

-- Returns everything of a registration that its person reads of it themselves, with how they are protected.
create function private.own_registration_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.registration_json(p_r, false) || jsonb_build_object('protection', jsonb_build_object(
		'kind', coalesce((select x.kind::text from private.protections as x where x.person_id = p_r.person_id), 'none'),
		'has_sealed_name', exists (
			select from private.protections as x
			where x.person_id = p_r.person_id and x.real_name_sealed is not null)),
		'forbids_photographs', private.forbids_photographs(p_r.person_id, p_r.id))
$$;

-- Returns the reader's registration at a Summit: the live one, else the last; null without one.
create function public.my_registration(summit uuid) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
	select private.own_registration_json(r)
	from public.registrations as r
	where r.summit_id = my_registration.summit and r.person_id = (select private.me())
	order by (r.state not in ('declined', 'withdrawn', 'expired')) desc, r.created_at desc
	limit 1
$$;
grant execute on function public.my_registration(uuid) to authenticated;

-- Returns, for safeguarding, who is protected and who wants to talk first: [{registration_id, reference, display_name,
-- kind}]; null for everybody else. Each reading is written to the audit before it is
-- answered, one entry for each person that it shows.
create function public.list_protected_people(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return null; end if;
	perform audit.record_event('protected.read', r.id::text, r.summit_id, r.person_id, '{}')
	from private.protections as x
	join public.registrations as r on r.person_id = x.person_id and r.summit_id = list_protected_people.summit
		and r.state not in ('declined', 'withdrawn', 'expired');
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
			'registration_id', r.id, 'reference', r.reference, 'display_name', p.display_name,
			'kind', x.kind)
			order by x.created_at), '[]')
		from private.protections as x
		join public.registrations as r on r.person_id = x.person_id and r.summit_id = list_protected_people.summit
			and r.state not in ('declined', 'withdrawn', 'expired')
		join public.people as p on p.id = x.person_id);
end
$$;
grant execute on function public.list_protected_people(uuid) to authenticated;
