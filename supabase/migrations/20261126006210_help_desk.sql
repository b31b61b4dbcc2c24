-- The help desk: somebody is found, a walk-in is registered and accredited on the spot, under the seat rules that hold for everybody.

-- People of the Summit who are found by a part of the name they are shown under, a reference, the letters or the code of a badge (an
-- old one too), or their address. An address leads to nobody who is under another name: it would join the two. 20 at most.
-- [{id, reference, display_name, affiliation, category, mode, state}]; null when not allowed.
create function public.find_at_desk(summit uuid, query text default '', badge uuid default null, address_hash text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (select private.desk_words(find_at_desk.query) as words, upper(regexp_replace(coalesce(find_at_desk.query, ''), '[^A-Za-z0-9]', '', 'g')) as letters
	), found as (
		select r.*, p.display_name, p.affiliation from public.registrations as r join public.people as p on p.id = r.person_id, asked
		where r.summit_id = find_at_desk.summit and r.state <> 'draft' and case
			when find_at_desk.badge is not null then r.id = (select b.registration_id from public.badges as b where b.id = find_at_desk.badge and b.summit_id = r.summit_id)
			when find_at_desk.address_hash is not null then not private.has_alias(r.person_id)
				and r.person_id = (select a.person_id from private.person_addresses as a where a.address_hash = decode(find_at_desk.address_hash, 'hex'))
			else asked.words <> '{}' and (private.folded(concat_ws(' ', p.display_name, r.reference, p.affiliation)) like all (asked.words)
				or length(asked.letters) = 12 and r.id = (select b.registration_id from public.badges as b where b.letters = asked.letters and b.summit_id = r.summit_id)) end
		order by (r.state not in ('declined', 'withdrawn', 'expired')) desc, private.folded(p.display_name), r.id limit 20
	)
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'reference', f.reference, 'display_name', f.display_name, 'affiliation', f.affiliation,
		'category', f.category, 'mode', f.mode, 'state', f.state)), '[]')
	from found as f
	having private.has_role(find_at_desk.summit, 'registration')
$$;

-- Why the desk cannot open the way into somebody's account: own, organiser (their account may do more than the desk's), safeguarding
-- (protected: a word with safeguarding first), no_address; null when it can.
create function private.desk_sign_in_obstacle(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_r.person_id in (select private.my_people('registration')) then 'own'
		when exists (select from public.role_grants as g where g.person_id = p_r.person_id and g.ended_at is null) then 'organiser'
		when exists (select from private.protections as x where x.person_id = p_r.person_id) and not private.has_role(p_r.summit_id, 'safeguarding') then 'safeguarding'
		when not exists (select from private.person_addresses as a where a.person_id = p_r.person_id) then 'no_address' end
$$;

-- What the desk sees of one person beside their registration: {badge: {id, prints, printed_at, issued_at}, sign_in, colleagues: [{id, display_name}]}.
-- Colleagues wait for a seat of this mode and could take this one over. Null when not allowed.
create function public.read_at_desk(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'badge', (select jsonb_build_object('id', b.id, 'issued_at', private.iso(b.issued_at), 'prints', (select count(*) from public.badge_prints as x where x.badge_id = b.id),
			'printed_at', (select private.iso(max(x.printed_at)) from public.badge_prints as x where x.badge_id = b.id))
			from public.badges as b where b.registration_id = r.id and b.revoked_at is null),
		'sign_in', private.desk_sign_in_obstacle(r),
		'colleagues', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'display_name', p.display_name) order by q.rank), '[]')
			from public.queue_entries as q join public.registrations as o on o.id = q.registration_id join public.people as p on p.id = o.person_id
			where q.summit_id = r.summit_id and q.mode = r.mode and q.state = 'waiting' and o.member_id = r.member_id and o.id <> r.id
				and not private.has_alias(o.person_id) and not private.has_alias(r.person_id)))
	from public.registrations as r
	where r.id = read_at_desk.registration and r.state <> 'draft' and private.has_role(r.summit_id, 'registration')
$$;

-- What is wrong with what the desk wrote, by field.
create function private.walk_in_faults(p_summit uuid, g jsonb) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(private.name_faults(g) || private.language_faults(g) || array[
		case when coalesce(g ->> 'category', '') not in ('delegate', 'speaker', 'guest', 'staff', 'crew', 'interpreter', 'press', 'security') then 'category' end,
		case when coalesce(g ->> 'mode', '') not in ('in_person', 'virtual') then 'mode' end,
		case when g ->> 'category' = 'delegate' and coalesce(g ->> 'member_id', '') = '' or coalesce(g ->> 'member_id', '') <> '' and not exists (
			select from public.summit_members as sm where sm.summit_id = p_summit and sm.member_id = private.as_uuid(g ->> 'member_id') and sm.standing in ('active', 'observer')) then 'member_id' end,
		case when g ? 'address_hash' and (coalesce(g ->> 'address_hash', '') !~ '^[0-9a-f]{64}$' or coalesce(g ->> 'address_sealed', '') !~ '^([0-9a-f]{2})+$' or coalesce(g ->> 'key_id', '') = '') then 'address' end,
		case when g -> 'agreed' is distinct from 'true' then 'agreed' end], null)
$$;

-- The person of the address, or a new one. The address counts as theirs when they first sign in with it.
create function private.walk_in_person(g jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_address bytea := decode(g ->> 'address_hash', 'hex');
begin
	if v_address is not null then
		perform pg_advisory_xact_lock(hashtextextended(g ->> 'address_hash', 2));
		select a.person_id into v_person from private.person_addresses as a where a.address_hash = v_address;
	end if;
	if v_person is null then
		insert into public.people default values returning id into v_person;
		if v_address is not null then
			insert into private.person_addresses (person_id, address_hash, address_sealed, key_id)
			values (v_person, v_address, decode(g ->> 'address_sealed', 'hex'), g ->> 'key_id');
		end if;
	end if;
	-- Whoever has a name here keeps it.
	update public.people as p set display_name = private.one_line(g ->> 'display_name'), office = private.one_line(g ->> 'office'), country = nullif(g ->> 'country', ''),
		affiliation = coalesce((select m.name from public.members as m where m.id = private.as_uuid(g ->> 'member_id')), left(private.one_line(g ->> 'affiliation'), 200)), updated_at = now()
	where p.id = v_person and p.display_name = '';
	return v_person;
end
$$;

-- Registers and accredits on the spot. `guest`: display_name, office, affiliation, country, languages, category, member_id, mode, agreed (to the
-- code of conduct and all that must be agreed to, before the desk), address_hash, address_sealed, key_id. {status: confirmed | awaiting_payment |
-- accredited (there is no seat: in the queue) | proposed | needs_a_word | exists | address_refused | missing | invalid | closed | not_allowed, id, faults, missing}
create function public.walk_in(summit uuid, guest jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_person uuid;
	v_faults text[];
	v_reason public.queue_reason;
	v_status text;
begin
	if not private.has_role(walk_in.summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if not exists (select from public.summits as s where s.id = walk_in.summit and s.state in ('open', 'live')) then return jsonb_build_object('status', 'closed'); end if;
	v_faults := private.walk_in_faults(walk_in.summit, guest);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', to_jsonb(v_faults)); end if;
	perform private.lock_modes(walk_in.summit);
	select a.person_id into v_person from private.person_addresses as a where a.address_hash = decode(guest ->> 'address_hash', 'hex');
	-- The same answer for one's own address: an address tells nothing of whose other name it is.
	if exists (select from private.protections as x where x.person_id = v_person) or v_person in (select private.my_people()) then
		return jsonb_build_object('status', 'address_refused');
	end if;
	select * into v_r from public.registrations as r where r.summit_id = walk_in.summit and r.person_id = v_person and r.state not in ('declined', 'withdrawn', 'expired') for no key update;
	if v_r.state <> 'draft' then return jsonb_build_object('status', 'exists', 'id', v_r.id); end if;
	begin
		v_person := private.walk_in_person(guest);
		perform private.act_for(v_person, 'walk-in');
		v_r := private.walk_in_draft(walk_in.summit, v_person, v_r.id, guest);
		v_faults := private.missing_of(v_r);
		if v_faults <> '{}' then raise sqlstate 'PT422' using message = 'missing'; end if;
		v_r := private.move_registration(v_r.id, 'submitted', 'walk-in');
		perform private.note_matches(v_person);
		v_reason := private.hold_seat(v_r, v_r.mode, now() + make_interval(days => (select s.review_days from public.summits as s where s.id = v_r.summit_id)));
		if v_reason is not null then perform private.enqueue(v_r, v_r.mode, v_reason); end if;
		v_status := private.decide_one(v_r, 'accredit', 'walk-in');
		perform private.serve_queues(v_r.summit_id);
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT422' then
		return jsonb_build_object('status', 'missing', 'missing', to_jsonb(v_faults));
	end;
	return jsonb_build_object('status', v_status, 'id', v_r.id, 'queue_reason', v_reason);
end
$$;

-- The draft of a walk-in, or the one that they began by themselves, with what was agreed to before the desk.
create function private.walk_in_draft(p_summit uuid, p_person uuid, p_draft uuid, g jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_category public.registration_category := (g ->> 'category')::public.registration_category;
	v_mode public.attendance_mode := (g ->> 'mode')::public.attendance_mode;
	v_member uuid := private.as_uuid(g ->> 'member_id');
begin
	if p_draft is null then
		insert into public.registrations (summit_id, person_id, category, mode) values (p_summit, p_person, v_category, v_mode) returning id into p_draft;
		insert into public.registration_details (registration_id, person_id) values (p_draft, p_person);
		insert into public.registration_steps (registration_id, to_state, mode, actor_id) values (p_draft, 'draft', v_mode, private.actor());
	end if;
	delete from public.member_requests as q where q.registration_id = p_draft;
	update public.registrations as r set category = v_category, mode = v_mode, member_id = v_member, languages = private.languages_in(g, r.languages),
		pool_id = case when v_member is null then private.pool_for(p_summit, v_category, v_mode) end, code_of_conduct_at = coalesce(r.code_of_conduct_at, now()),
		version = r.version + 1, updated_at = now()
	where r.id = p_draft returning * into v_r;
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_draft, p_person, i.id, now() from public.consent_items as i where i.summit_id = p_summit and i.is_required
	on conflict (registration_id, item_id) do update set given_at = coalesce(c.given_at, now()), withdrawn_at = null;
	return v_r;
end
$$;

grant execute on function public.find_at_desk(uuid, text, uuid, text), public.read_at_desk(uuid), public.walk_in(uuid, jsonb) to authenticated;
