-- Registrations of speakers: a part in a session comes with a seat of the pool of its category. Accepting begins the
-- registration, which is completed, accredited and held by the same rules as all others. Where the pool has no seat
-- left, the part is kept and the registration waits in the queue.

-- The registration category of a part in a session.
create function private.registration_category_of(p_part public.session_role) returns public.registration_category
language sql immutable set search_path = '' as $$
	select case p_part
		when 'interpreter' then 'interpreter'
		when 'captioner' then 'crew'
		else 'speaker' end::public.registration_category
$$;

-- The first pool of the category, by name, that has a free seat; the first of all where none has one. Pools outside the
-- capacity are left to organisers.
create function private.find_available_pool(p_summit uuid, p_category public.registration_category,
	p_mode public.attendance_mode)
	returns uuid
language sql stable security definer set search_path = '' as $$
	select p.id
	from public.pools as p
	where p.summit_id = p_summit and p.category = p_category and not p.outside_capacity
	order by
		(select count(*) from public.seats as s where s.pool_id = p.id and s.mode = p_mode and s.state <> 'released')
			>= private.pool_ceiling(p.id, p_mode),
		p.name, p.id
	limit 1
$$;

-- Begins the registration of a person with an account who has accepted a part and has no registration. A registration
-- that exists stays as it is; after organisers have declined one, only the person can begin another.
create function private.start_registration_for_part(p_person uuid, p_session uuid, p_part public.session_role)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_id uuid;
begin
	select * into strict v_session from public.sessions as s where s.id = p_session;
	if not exists (select from public.summits as s where s.id = v_session.summit_id and private.gives_seats(s))
		or not exists (select from public.account_people as a where a.person_id = p_person and a.relation = 'self')
		or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = v_session.summit_id
				and r.state not in ('withdrawn', 'expired'))
	then
		return;
	end if;
	insert into public.registrations (summit_id, person_id, category, mode)
	values (v_session.summit_id, p_person, private.registration_category_of(p_part),
		case when v_session.attendance = 'online' then 'virtual' else 'in_person' end::public.attendance_mode)
	on conflict do nothing
	returning id into v_id;
	if v_id is null then return; end if;
	insert into public.registration_needs (registration_id, person_id) values (v_id, p_person);
	insert into public.registration_steps (registration_id, to_state, mode, actor_id)
	select v_id, 'draft', r.mode, private.actor()
	from public.registrations as r
	where r.id = v_id;
end
$$;

-- Whether a person who has confirmed a part may still register while the Summit gives seats, although registration is
-- closed to others.
create function private.may_register_late(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.category <> 'delegate'
		and exists (select from public.session_people as sp
			join public.summits as s on s.id = sp.summit_id
			where sp.person_id = p_r.person_id and sp.summit_id = p_r.summit_id and sp.state = 'confirmed'
				and private.registration_category_of(sp.role) = p_r.category
				and private.gives_seats(s))
$$;

-- {state: none | the state of the registration, waits, late} of the reader's own seat; null without a confirmed part.
create function public.my_speaker_seat(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', coalesce(r.state::text, 'none'),
		'late', coalesce(private.may_register_late(r), false),
		'waits', exists (select from public.queue_entries as q
			where q.registration_id = r.id and q.mode = r.mode and q.state = 'waiting'))
	from (select private.me() as id) as me
	left join public.registrations as r on r.person_id = me.id and r.summit_id = my_speaker_seat.summit
		and r.state not in ('declined', 'withdrawn', 'expired')
	where exists (select from public.session_people as sp
		where sp.person_id = me.id and sp.summit_id = my_speaker_seat.summit and sp.state = 'confirmed')
$$;
grant execute on function public.my_speaker_seat(uuid) to authenticated;

-- Begins the reader's registration for a part that was confirmed by organisers or by an accepted proposal. Answers ok
-- or none (no confirmed part).
create function public.start_speaker_registration(summit uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_part public.session_people;
begin
	select * into v_part
	from public.session_people as sp
	where sp.person_id = (select private.me())
		and sp.summit_id = start_speaker_registration.summit
		and sp.state = 'confirmed'
	order by sp.role, sp.id limit 1;
	if not found then return 'none'; end if;
	perform private.start_registration_for_part(v_part.person_id, v_part.session_id, v_part.role);
	return 'ok';
end
$$;
grant execute on function public.start_speaker_registration(uuid) to authenticated;

-- [{person, name, state: no_account | none | the state of the registration, mode, category, pool, reason: why it waits
-- or null}], those that need attention first. For programme and registration organisers, about people of sessions that
-- the reader sees.
create function public.read_speaker_seats(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as (
		select distinct sp.person_id
		from public.session_people as sp
		where sp.summit_id = read_speaker_seats.summit and sp.state <> 'declined'
			and sp.session_id in (select private.visible_sessions(private.me(), read_speaker_seats.summit))
	), placed as (
		select p.id as person, p.display_name as name, r.mode, r.category, l.name as pool,
			coalesce(r.state::text,
				case
					when exists (select from public.account_people as a
						where a.person_id = p.id and a.relation = 'self')
						then 'none'
					else 'no_account' end) as state,
			case when q.id is not null then
				coalesce(private.seat_refusal_reason(r.summit_id, q.mode, r.member_id, r.pool_id),
					q.reason) end as reason
		from shown
		join public.people as p on p.id = shown.person_id
		left join public.registrations as r on r.person_id = p.id and r.summit_id = read_speaker_seats.summit
			and r.state not in ('withdrawn', 'expired')
		left join public.pools as l on l.id = r.pool_id
		left join public.queue_entries as q on q.registration_id = r.id and q.mode = r.mode and q.state = 'waiting'
	)
	select coalesce(jsonb_agg(to_jsonb(s) order by s.reason is null, s.state <> 'no_account', s.name, s.person), '[]')
	from placed as s
	where private.has_role(read_speaker_seats.summit, 'programme', 'registration')
$$;
grant execute on function public.read_speaker_seats(uuid) to authenticated;
