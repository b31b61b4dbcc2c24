-- Walk-ins: people whom the help desk registers and accredits on the spot, under the same seat rules as all others.

-- Whether the desk admits this category outside the capacity: people who come to work, to report or as guests.
-- Delegates and speakers need seats.
create function private.is_outside_capacity_category(p_category public.registration_category) returns boolean
language sql immutable set search_path = '' as $$
	select p_category in ('guest', 'staff', 'crew', 'interpreter', 'press', 'security')
$$;

-- The first pool of the category outside the capacity, by name, that has a free place; the first of all where none has
-- one. The first walk-in of a category creates the pool; organisers may change its ceilings or create it before. The
-- caller has locked the modes of the Summit.
create function private.walk_in_pool(p_summit uuid, p_category public.registration_category,
	p_mode public.attendance_mode) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pool uuid;
begin
	select p.id into v_pool
	from public.pools as p
	where p.summit_id = p_summit and p.category = p_category and p.outside_capacity
	order by
		(select count(*) from public.seats as s where s.pool_id = p.id and s.mode = p_mode and s.state <> 'released')
			>= private.pool_ceiling(p.id, p_mode),
		p.name, p.id
	limit 1;
	if found then return v_pool; end if;
	-- A new pool leaves no seat without one and needs no lock beyond those that are held already.
	perform set_config('app.allowances', 'together', true);
	insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling, outside_capacity)
	select p_summit, p_category, free.name, 100, 100, true
	from (select 'Walk-ins' || coalesce(' ' || n, '') as name, n
		from unnest(array[null, 2, 3, 4, 5, 6, 7, 8, 9]) as n) as free
	where not exists (select from public.pools as p
		where p.summit_id = p_summit and p.category = p_category and p.name = free.name)
	order by free.n nulls first limit 1
	returning id into v_pool;
	perform set_config('app.allowances', '', true);
	return v_pool;
end
$$;

-- The fields of the form that are invalid.
create function private.walk_in_faults(p_summit uuid, g jsonb) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(private.invalid_name_fields(g) || private.invalid_languages(g)
		|| array[
			case
				when coalesce(g ->> 'category', '') not in
					('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security')
					then 'category' end,
			case when coalesce(g ->> 'mode', '') not in ('in_person', 'virtual') then 'mode' end,
			case
				when g ->> 'category' = 'delegate' and coalesce(g ->> 'member_id', '') = ''
					or coalesce(g ->> 'member_id', '') <> ''
						and not exists (select from public.summit_members as sm
							where sm.summit_id = p_summit
								and sm.member_id = private.parse_uuid(g ->> 'member_id')
								and sm.standing in ('active', 'observer'))
					then 'member_id' end,
			case
				when g ? 'address_hash'
					and (coalesce(g ->> 'address_hash', '') !~ '^[0-9a-f]{64}$'
						or coalesce(g ->> 'address_sealed', '') !~ '^([0-9a-f]{2})+$'
						or coalesce(g ->> 'key_id', '') = '')
					then 'address' end,
			case when g -> 'agreed' is distinct from 'true' then 'agreed' end], null)
$$;

-- The person with the address of the form, or a new one. The address counts as theirs when they first sign in with it;
-- an address of a protected person remains that person's.
create function private.walk_in_person(g jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_address bytea := decode(g ->> 'address_hash', 'hex');
	v_is_taken boolean;
begin
	if v_address is not null then
		perform pg_advisory_xact_lock(hashtextextended(g ->> 'address_hash', 2));
		v_person := private.find_desk_person(v_address);
	end if;
	if v_person is null then
		insert into public.people default values returning id into v_person;
		if v_address is not null then
			v_is_taken := exists (select from private.person_addresses as a where a.address_hash = v_address);
			insert into private.person_addresses (person_id, address_hash, typed_hash, address_sealed, key_id)
			values (v_person,
				case when v_is_taken then sha256(convert_to(gen_random_uuid()::text, 'UTF8')) else v_address end,
				case when v_is_taken then v_address end, decode(g ->> 'address_sealed', 'hex'), g ->> 'key_id');
		end if;
	end if;
	-- Keeps a name that the person already has.
	update public.people as p
	set display_name = private.one_line(g ->> 'display_name'), office = private.one_line(g ->> 'office'),
		country = nullif(g ->> 'country', ''),
		affiliation = coalesce((select m.name from public.members as m
			where m.id = private.parse_uuid(g ->> 'member_id')),
			left(private.one_line(g ->> 'affiliation'), 200)),
		updated_at = now()
	where p.id = v_person and p.display_name = '';
	return v_person;
end
$$;

-- Gives the required consents of a Summit for a person who gave them to an organiser: at the desk, or in another system.
create function private.give_required_consents(p_r public.registrations) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_r.id, p_r.person_id, i.id, now()
	from public.consent_items as i
	where i.summit_id = p_r.summit_id and i.is_required
	on conflict (registration_id, item_id) do update
	set given_at = case
			when c.withdrawn_at is null and private.is_agreed_text_current(c) then coalesce(c.given_at, now())
			else now() end,
		withdrawn_at = null
$$;

-- The registration of a walk-in as a draft, or the draft that they began themselves, with the consents that they gave
-- at the desk.
create function private.walk_in_draft(p_summit uuid, p_person uuid, p_draft uuid, g jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_category public.registration_category := (g ->> 'category')::public.registration_category;
	v_mode public.attendance_mode := (g ->> 'mode')::public.attendance_mode;
	v_is_outside boolean := private.is_outside_capacity_category(v_category);
	-- People outside the capacity are shown with their organisation, but take none of its seats.
	v_member uuid := case when not v_is_outside then private.parse_uuid(g ->> 'member_id') end;
begin
	if p_draft is null then
		insert into public.registrations (summit_id, person_id, category, mode)
		values (p_summit, p_person, v_category, v_mode)
		on conflict do nothing
		returning id into p_draft;
		if p_draft is null then
			-- The person began a registration at the same moment. It is a draft: nobody can submit it while the modes
			-- are locked.
			select r.id into strict p_draft
			from public.registrations as r
			where r.summit_id = p_summit and r.person_id = p_person
				and r.state not in ('declined', 'withdrawn', 'expired')
			for no key update;
			return private.walk_in_draft(p_summit, p_person, p_draft, g);
		end if;
		insert into public.registration_needs (registration_id, person_id) values (p_draft, p_person);
		insert into public.registration_steps (registration_id, to_state, mode, actor_id)
		values (p_draft, 'draft', v_mode, private.actor());
	end if;
	delete from public.member_requests as q where q.registration_id = p_draft;
	update public.registrations as r
	set category = v_category, mode = v_mode, member_id = v_member,
		languages = private.given_or_present_languages(g, r.languages),
		pool_id = case
			when v_is_outside then private.walk_in_pool(p_summit, v_category, v_mode)
			when v_member is null then private.find_available_pool(p_summit, v_category, v_mode) end,
		code_of_conduct_at = coalesce(r.code_of_conduct_at, now()), version = r.version + 1, updated_at = now()
	where r.id = p_draft
	returning * into v_r;
	perform private.give_required_consents(v_r);
	return v_r;
end
$$;

-- Submits the draft of a walk-in, gives it a seat or a place in the queue, and accredits it. Answers what
-- private.decide_registration answers, and why there is no seat. Raises PT422 where the category has no place. The
-- caller has locked the modes.
create function private.accredit_walk_in(p_registration uuid, out status text, out queue_reason public.queue_reason)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	v_r := private.change_registration_state(p_registration, 'submitted', 'walk-in');
	perform private.save_watch_list_matches(v_r.person_id);
	queue_reason := private.hold_seat(v_r, v_r.mode,
		private.deadline_after(v_r.summit_id,
			make_interval(days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
	if queue_reason is not null and private.is_outside_capacity_category(v_r.category) then
		raise sqlstate 'PT422' using message = 'no place';
	end if;
	if queue_reason is not null then perform private.enqueue(v_r, v_r.mode, queue_reason); end if;
	status := private.decide_registration(v_r, 'accredit', 'walk-in');
	perform private.serve_queues(v_r.summit_id);
end
$$;

-- Registers and accredits a person on the spot. `guest`: display_name, office, affiliation, country, languages,
-- category, member_id, mode, agreed (to the code of conduct and all required consents, at the desk), address_hash,
-- address_sealed, key_id, once (the id of the form). A delegate or speaker gets a seat or waits for one; all others are
-- admitted outside the capacity while their category has a place. {status: confirmed | awaiting_payment | accredited
-- (no seat: in the queue) | no_place (none in the category: nothing is saved) | proposed | needs_safeguarding |
-- wrong_state | exists | address_refused (the desk's own) | missing | invalid | closed | not_allowed, id, faults,
-- queue_reason}. A protected person's address gets the same answer as an unknown one. Locks the modes of the Summit
-- before everything else.
create function public.register_walk_in(summit uuid, guest jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_person uuid;
	v_faults text[];
	v_reason public.queue_reason;
	v_status text;
	v_once uuid := private.parse_uuid(guest ->> 'once');
	v_made private.walk_in_forms;
	v_address bytea;
	v_lookup uuid;
begin
	if not private.has_role(register_walk_in.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if not exists (select from public.summits as s where s.id = register_walk_in.summit and s.state in ('open', 'live'))
		then
		return jsonb_build_object('status', 'closed');
	end if;
	v_faults := private.walk_in_faults(register_walk_in.summit, guest);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', to_jsonb(v_faults)); end if;
	perform private.lock_modes(register_walk_in.summit);
	select * into v_made from private.walk_in_forms as w
		where w.idempotency_key = v_once and w.summit_id = register_walk_in.summit;
	if found then return jsonb_build_object('status', v_made.status, 'id', v_made.registration_id); end if;
	v_address := decode(guest ->> 'address_hash', 'hex');
	-- The desk's own address is refused. Otherwise the answer never reveals that an address belongs to a person under
	-- an alias.
	if exists (select from private.person_addresses as a
		where a.address_hash = v_address and a.person_id in (select private.my_people()))
	then
		return jsonb_build_object('status', 'address_refused');
	end if;
	if v_address is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
		values (register_walk_in.summit, private.me(), v_address, 'walk_in')
		returning id into v_lookup;
	end if;
	v_person := private.find_desk_person(v_address);
	select * into v_r
	from public.registrations as r
	where r.summit_id = register_walk_in.summit and r.person_id = v_person
		and r.state not in ('declined', 'withdrawn', 'expired')
	for no key update;
	if v_r.state <> 'draft' then return jsonb_build_object('status', 'exists', 'id', v_r.id); end if;
	-- From here on everything is saved or nothing is.
	begin
		v_person := private.walk_in_person(guest);
		perform private.set_audit_context(v_person, 'walk-in');
		v_r := private.walk_in_draft(register_walk_in.summit, v_person, v_r.id, guest);
		v_faults := private.missing_registration_fields(v_r);
		if v_faults <> '{}' then raise sqlstate 'PT422' using message = 'missing'; end if;
		select * into v_status, v_reason from private.accredit_walk_in(v_r.id);
		update private.desk_lookups as l set registration_id = v_r.id where l.id = v_lookup;
		insert into private.walk_in_forms (idempotency_key, summit_id, registration_id, status)
		select v_once, register_walk_in.summit, v_r.id, v_status
		where v_once is not null;
		-- Checks the seat rules now, so that a violation fails this call and not the commit.
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT422' then
		return case
			when v_faults = '{}' then jsonb_build_object('status', 'no_place')
			else jsonb_build_object('status', 'missing') end;
	end;
	return jsonb_build_object('status', v_status, 'id', v_r.id, 'queue_reason', v_reason);
end
$$;
grant execute on function public.register_walk_in(uuid, jsonb) to authenticated;
