-- The help desk: somebody is found, a walk-in is registered and accredited on the spot, under the seat rules that hold
-- for everybody.

-- Whom the desk finds by an address: never somebody who is under another name, for that would join the two. A protected
-- person's address leads to whom the desk registered with it, as if nobody else had it.
create function private.person_at_desk(p_hash bytea) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id from private.person_addresses as a
		where (a.address_hash = p_hash or a.typed_hash = p_hash) and not private.has_alias(a.person_id)
$$;

-- People of the Summit who are found by a part of the name they are shown under, a reference, the letters or the code
-- of a badge (an old one too), or their address. 20 at most. [{id, reference, display_name, affiliation, category,
-- mode, state, badge: {id, printed_at} | null}]; null when not allowed.
create function public.find_at_desk(summit uuid, query text default '', badge uuid default null, address_hash text
	default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hash bytea := case
		when find_at_desk.address_hash ~ '^[0-9a-f]{64}$' then decode(find_at_desk.address_hash, 'hex') end;
	v_words text[] := private.desk_words(find_at_desk.query);
	v_letters text := upper(regexp_replace(coalesce(find_at_desk.query, ''), '[^A-Za-z0-9]', '', 'g'));
begin
	if not private.has_role(find_at_desk.summit, 'registration') then return null; end if;
	if v_hash is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, act)
			values (find_at_desk.summit, private.me(), v_hash, 'search');
	end if;
	return (with found as (
		select r.*, p.display_name, p.affiliation
			from public.registrations as r join public.people as p on p.id = r.person_id
		where r.summit_id = find_at_desk.summit and r.state <> 'draft' and case
			when find_at_desk.badge is not null then r.id = (select b.registration_id from public.badges as b
				where b.id = find_at_desk.badge and b.summit_id = r.summit_id)
			when find_at_desk.address_hash is not null then r.person_id = private.person_at_desk(v_hash)
			else v_words <> '{}'
				and (private.folded(concat_ws(' ', p.display_name, r.reference, p.affiliation)) like all (v_words)
				or length(v_letters) = 12 and r.id = (select b.registration_id from public.badges as b
					where b.letters = v_letters and b.summit_id = r.summit_id)) end
		order by (r.state not in ('declined', 'withdrawn', 'expired')) desc, private.folded(p.display_name), r.id
			limit 20
	)
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'reference', f.reference, 'display_name', f.display_name,
		'affiliation', f.affiliation,
		'category', f.category, 'mode', f.mode, 'state', f.state, 'badge',
			(select jsonb_build_object('id', b.id, 'printed_at',
			(select private.iso(max(x.printed_at)) from public.badge_prints as x where x.badge_id = b.id))
			from public.badges as b where b.registration_id = f.id and b.revoked_at is null))), '[]')
	from found as f);
end
$$;
grant execute on function public.find_at_desk(uuid, text, uuid, text) to authenticated;

--[was in help_desk] Why the desk cannot open the way into somebody's account: own, organiser (their account may do more than the desk's), safeguarding
--[was in help_desk] (protected: a word with safeguarding first), no_address; null when it can.
-- The desk's code opens an account, and with it whatever that account may do for others: where one of them is protected, that too is
-- safeguarding's to open.
create function private.desk_sign_in_obstacle(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	with reached as (
		select p_r.person_id
		union select other.person_id
			from public.account_people as own join public.account_people as other on other.account_id = own.account_id
		where own.person_id = p_r.person_id and own.relation = 'self' and (other.until is null or other.until > now())
	)
	select case when p_r.person_id in (select private.my_people('registration')) then 'own'
		when exists (select from public.role_grants as g where g.person_id = p_r.person_id and g.ended_at is null)
			then 'organiser'
		when exists (select from private.protections as x where x.person_id in (select person_id from reached))
			and not private.has_role(p_r.summit_id, 'safeguarding') then 'safeguarding'
		when not exists (select from private.person_addresses as a where a.person_id = p_r.person_id)
			then 'no_address' end
$$;

-- What the desk sees of one person beside their registration: {badge: {id, prints, printed_at, issued_at}, sign_in,
-- colleagues: [{id, display_name}]}. Colleagues wait for a seat of this mode and could take this one over. Null when
-- not allowed.
create function public.read_at_desk(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'badge', (select jsonb_build_object('id', b.id, 'issued_at', private.iso(b.issued_at), 'prints',
			(select count(*) from public.badge_prints as x where x.badge_id = b.id),
			'printed_at', (select private.iso(max(x.printed_at)) from public.badge_prints as x where x.badge_id = b.id))
			from public.badges as b where b.registration_id = r.id and b.revoked_at is null),
		'sign_in', private.desk_sign_in_obstacle(r),
		'colleagues', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'display_name', p.display_name)
			order by q.rank), '[]')
			from public.queue_entries as q join public.registrations as o on o.id = q.registration_id
				join public.people as p on p.id = o.person_id
			where q.summit_id = r.summit_id and q.mode = r.mode and q.state = 'waiting' and o.member_id = r.member_id
				and o.id <> r.id
				and not private.has_alias(o.person_id) and not private.has_alias(r.person_id)))
	from public.registrations as r
	where r.id = read_at_desk.registration and r.state <> 'draft' and private.has_role(r.summit_id, 'registration')
$$;
grant execute on function public.read_at_desk(uuid) to authenticated;

-- Whom the desk lets in without a seat of the capacity: those who come to work, to report or as guests. Delegates and
-- speakers have seats.
create function private.is_let_in_by_desk(p_category public.registration_category) returns boolean
language sql immutable set search_path = '' as $$
	select p_category in ('guest', 'staff', 'crew', 'interpreter', 'press', 'security')
$$;

-- The first pool of the category outside the capacity with a free place, by name; where none has one, the first. The
-- first walk-in of a category makes it; organisers give it other ceilings, or make it before. The modes of the Summit
-- are locked.
create function private.walk_in_pool(p_summit uuid, p_category public.registration_category,
	p_mode public.attendance_mode) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pool uuid;
begin
	select p.id into v_pool from public.pools as p
		where p.summit_id = p_summit and p.category = p_category and p.outside_capacity
	order by (select count(*) from public.seats as s where s.pool_id = p.id and s.mode = p_mode
		and s.state <> 'released') >= private.pool_ceiling(p.id, p_mode), p.name, p.id limit 1;
	if found then return v_pool; end if;
	-- A new pool strands no seat, and asks for no other lock than those that are held.
	perform set_config('app.allowances', 'together', true);
	insert into public.pools (summit_id, category, name, in_person_ceiling, virtual_ceiling, outside_capacity)
	select p_summit, p_category, free.name, 100, 100, true from (select 'Walk-ins' || coalesce(' ' || n, '') as name, n
		from unnest(array[null, 2, 3, 4, 5, 6, 7, 8, 9]) as n) as free
	where not exists (select from public.pools as p
		where p.summit_id = p_summit and p.category = p_category and p.name = free.name)
	order by free.n nulls first limit 1 returning id into v_pool;
	perform set_config('app.allowances', '', true);
	return v_pool;
end
$$;

-- What is wrong with what the desk wrote, by field.
create function private.walk_in_faults(p_summit uuid, g jsonb) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(private.name_faults(g) || private.language_faults(g) || array[
		case when coalesce(g ->> 'category', '') not in ('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter',
			'press', 'security') then 'category' end,
		case when coalesce(g ->> 'mode', '') not in ('in_person', 'virtual') then 'mode' end,
		case when g ->> 'category' = 'delegate' and coalesce(g ->> 'member_id', '') = ''
			or coalesce(g ->> 'member_id', '') <> '' and not exists (
			select from public.summit_members as sm where sm.summit_id = p_summit
				and sm.member_id = private.as_uuid(g ->> 'member_id')
				and sm.standing in ('active', 'observer')) then 'member_id' end,
		case when g ? 'address_hash' and (coalesce(g ->> 'address_hash', '') !~ '^[0-9a-f]{64}$'
			or coalesce(g ->> 'address_sealed', '') !~ '^([0-9a-f]{2})+$'
			or coalesce(g ->> 'key_id', '') = '') then 'address' end,
		case when g -> 'agreed' is distinct from 'true' then 'agreed' end], null)
$$;

-- The person of the address, or a new one. The address counts as theirs when they first sign in with it; one that is a
-- protected person's stays theirs.
create function private.walk_in_person(g jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_address bytea := decode(g ->> 'address_hash', 'hex');
	v_is_taken boolean;
begin
	if v_address is not null then
		perform pg_advisory_xact_lock(hashtextextended(g ->> 'address_hash', 2));
		v_person := private.person_at_desk(v_address);
	end if;
	if v_person is null then
		insert into public.people default values returning id into v_person;
		if v_address is not null then
			v_is_taken := exists (select from private.person_addresses as a where a.address_hash = v_address);
			insert into private.person_addresses (person_id, address_hash, typed_hash, address_sealed, key_id)
			values (v_person,
				case when v_is_taken then sha256(convert_to(gen_random_uuid()::text, 'UTF8')) else v_address end,
				case when v_is_taken then v_address end,
				decode(g ->> 'address_sealed', 'hex'), g ->> 'key_id');
		end if;
	end if;
	-- Whoever has a name here keeps it.
	update public.people as p set display_name = private.one_line(g ->> 'display_name'),
		office = private.one_line(g ->> 'office'), country = nullif(g ->> 'country', ''),
		affiliation = coalesce((select m.name from public.members as m where m.id = private.as_uuid(g ->> 'member_id')),
			left(private.one_line(g ->> 'affiliation'), 200)), updated_at = now()
	where p.id = v_person and p.display_name = '';
	return v_person;
end
$$;

-- The draft of a walk-in, or the one that they began by themselves, with what was agreed to before the desk.
create function private.walk_in_draft(p_summit uuid, p_person uuid, p_draft uuid, g jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_category public.registration_category := (g ->> 'category')::public.registration_category;
	v_mode public.attendance_mode := (g ->> 'mode')::public.attendance_mode;
	v_let_in boolean := private.is_let_in_by_desk(v_category);
	-- Whom the desk lets in is shown with their organisation, and takes none of its seats.
	v_member uuid := case when not v_let_in then private.as_uuid(g ->> 'member_id') end;
begin
	if p_draft is null then
		insert into public.registrations (summit_id, person_id, category, mode)
			values (p_summit, p_person, v_category, v_mode)
		on conflict do nothing returning id into p_draft;
		if p_draft is null then
			-- They began one themselves at this very moment. It is a draft: nobody sends it while the modes are locked.
			select r.id into strict p_draft from public.registrations as r
			where r.summit_id = p_summit and r.person_id = p_person
				and r.state not in ('declined', 'withdrawn', 'expired') for no key update;
			return private.walk_in_draft(p_summit, p_person, p_draft, g);
		end if;
		insert into public.registration_details (registration_id, person_id) values (p_draft, p_person);
		insert into public.registration_steps (registration_id, to_state, mode, actor_id)
			values (p_draft, 'draft', v_mode, private.actor());
	end if;
	delete from public.member_requests as q where q.registration_id = p_draft;
	update public.registrations as r set category = v_category, mode = v_mode, member_id = v_member,
		languages = private.languages_in(g, r.languages),
		pool_id = case when v_let_in then private.walk_in_pool(p_summit, v_category, v_mode)
			when v_member is null then private.pool_for(p_summit, v_category, v_mode) end,
				code_of_conduct_at = coalesce(r.code_of_conduct_at, now()),
		version = r.version + 1, updated_at = now()
	where r.id = p_draft returning * into v_r;
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_draft, p_person, i.id, now() from public.consent_items as i where i.summit_id = p_summit and i.is_required
	on conflict (registration_id, item_id) do update set given_at = coalesce(c.given_at, now()), withdrawn_at = null;
	return v_r;
end
$$;

-- For safeguarding alone: which protected people's addresses were typed at the desk, by whom, and for which
-- registration. [{id, at, act, by, display_name, registration: {id, reference, display_name} | null}]; null when not
-- allowed. Reading it leaves a note.
create function public.list_sealed_lookups(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(list_sealed_lookups.summit, 'safeguarding') then return null; end if;
	perform audit.note('sealed_lookups.read', '', list_sealed_lookups.summit, null, null);
	return (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'at', private.iso(l.at), 'act', l.act,
			'by', (select b.display_name from public.people as b where b.id = l.by_id), 'display_name', p.display_name,
			'registration',
				(select jsonb_build_object('id', r.id, 'reference', r.reference, 'display_name', q.display_name)
				from public.registrations as r join public.people as q on q.id = r.person_id
					where r.id = l.registration_id)) order by l.at desc, l.id), '[]')
		from private.desk_lookups as l join private.person_addresses as a on a.address_hash = l.address_hash
			join public.people as p on p.id = a.person_id
		where l.summit_id = list_sealed_lookups.summit and private.has_alias(a.person_id));
end
$$;
grant execute on function public.list_sealed_lookups(uuid) to authenticated;

insert into private.audited_tables (name, area) values ('sealed_lookups.read', 'protection');

-- Safeguarding is written to when somebody was registered with a protected person's address; what is old is forgotten.
create function private.sweep_desk_lookups(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	delete from private.desk_lookups as l where l.at < p_now - interval '90 days';
	for v_summit in
		with seen as (update private.desk_lookups as l set notified_at = p_now
			where l.act = 'walk_in' and l.notified_at is null returning l.summit_id, l.address_hash)
		select distinct s.summit_id from seen as s join private.person_addresses as a on a.address_hash = s.address_hash
			where private.has_alias(a.person_id)
	loop
		perform private.ask_safeguarding(v_summit);
	end loop;
end
$$;

-- A form of the help desk that is sent twice registers one walk-in: nothing but the form says so, for two of one name
-- may stand there.

-- Registers and accredits on the spot. `guest`: display_name, office, affiliation, country, languages, category,
-- member_id, mode, agreed (to the code of conduct and all that must be agreed to, before the desk), address_hash,
-- address_sealed, key_id, once (the form's own id). A delegate or speaker has a seat or waits for one; all others are
-- let in outside the capacity while their category has a place. {status: confirmed | awaiting_payment | accredited
-- (there is no seat: in the queue) | no_place (none of the category: nothing is done) | proposed | needs_a_word |
-- exists | address_refused (one's own) | missing | invalid | closed | not_allowed, id, faults, missing}. A protected
-- person's address answers as an unknown one.
create function public.walk_in(summit uuid, guest jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_person uuid;
	v_faults text[];
	v_reason public.queue_reason;
	v_status text;
	v_once uuid := private.as_uuid(guest ->> 'once');
	v_made private.walk_ins;
	v_address bytea;
	v_lookup uuid;
begin
	if not private.has_role(walk_in.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if not exists (select from public.summits as s where s.id = walk_in.summit and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	v_faults := private.walk_in_faults(walk_in.summit, guest);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', to_jsonb(v_faults)); end if;
	perform private.lock_modes(walk_in.summit);
	select * into v_made from private.walk_ins as w where w.once_key = v_once and w.summit_id = walk_in.summit;
	if found then return jsonb_build_object('status', v_made.status, 'id', v_made.registration_id); end if;
	v_address := decode(guest ->> 'address_hash', 'hex');
	-- One's own address is refused; whose it is otherwise, the desk is told of nobody who is under another name.
	if exists (select from private.person_addresses as a
		where a.address_hash = v_address and a.person_id in (select private.my_people())) then
		return jsonb_build_object('status', 'address_refused');
	end if;
	if v_address is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, act)
			values (walk_in.summit, private.me(), v_address, 'walk_in') returning id into v_lookup;
	end if;
	v_person := private.person_at_desk(v_address);
	select * into v_r from public.registrations as r where r.summit_id = walk_in.summit and r.person_id = v_person
		and r.state not in ('declined', 'withdrawn', 'expired') for no key update;
	if v_r.state <> 'draft' then return jsonb_build_object('status', 'exists', 'id', v_r.id); end if;
	begin
		v_person := private.walk_in_person(guest);
		perform private.act_for(v_person, 'walk-in');
		v_r := private.walk_in_draft(walk_in.summit, v_person, v_r.id, guest);
		v_faults := private.missing_of(v_r);
		if v_faults <> '{}' then raise sqlstate 'PT422' using message = 'missing'; end if;
		v_r := private.move_registration(v_r.id, 'submitted', 'walk-in');
		perform private.note_matches(v_person);
		v_reason := private.hold_seat(v_r, v_r.mode, private.deadline_in(v_r.summit_id,
			make_interval(days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
		if v_reason is not null and private.is_let_in_by_desk(v_r.category) then
			raise sqlstate 'PT422' using message = 'no place';
		end if;
		if v_reason is not null then perform private.enqueue(v_r, v_r.mode, v_reason); end if;
		v_status := private.decide_one(v_r, 'accredit', 'walk-in');
		perform private.serve_queues(v_r.summit_id);
		update private.desk_lookups as l set registration_id = v_r.id where l.id = v_lookup;
		insert into private.walk_ins (once_key, summit_id, registration_id, status) select v_once, walk_in.summit,
			v_r.id, v_status where v_once is not null;
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT422' then
		return case when v_faults = '{}' then jsonb_build_object('status', 'no_place')
			else jsonb_build_object('status', 'missing', 'missing', to_jsonb(v_faults)) end;
	end;
	return jsonb_build_object('status', v_status, 'id', v_r.id, 'queue_reason', v_reason);
end
$$;
grant execute on function public.walk_in(uuid, jsonb) to authenticated;
