-- Registrations from the orders of other systems. Each becomes a registration by the rules of the desk: a draft that its
-- person completes, or, where the organiser says that people agreed to the texts of this Summit there, a submitted one
-- with a seat that the ledger gives or a place in the queue. Nothing is accredited, confirmed or charged here.

-- Whether a mapping of products is valid: {products: {name: {category: '' (left out) or a category, mode}}, agreed,
-- submit, mails}.
create function private.is_registration_mapping(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and jsonb_typeof(p -> 'products') = 'object'
		and jsonb_typeof(p -> 'agreed') = 'boolean'
		and jsonb_typeof(p -> 'submit') = 'boolean'
		and jsonb_typeof(p -> 'mails') = 'boolean'
		and ((p ->> 'submit')::boolean <= (p ->> 'agreed')::boolean)
		and not exists (
			select from jsonb_each(p -> 'products') as e
			where coalesce(e.value ->> 'category', '-') not in ('', 'delegate', 'speaker', 'guest', 'staff', 'crew',
					'interpreter', 'press', 'security')
				or coalesce(e.value ->> 'mode', '') not in ('in_person', 'virtual')), false)
$$;

-- A row of a file with the registration and the member that it means. first_of_key: the first row with the same name there.
-- first_of_address: the first one with the same address, of those that are paid if there are any.
create type private.registration_match as (
	position integer,
	rec jsonb,
	fault text,
	state text,
	category text,
	mode text,
	hash bytea,
	person_id uuid,
	is_imported boolean,
	state_before text,
	paid_before text,
	member_id uuid,
	member_name text,
	members bigint,
	first_of_key integer,
	first_of_address integer,
	-- Its person has taken an alias since. Nothing is written, and the row looks like one that changes nothing.
	is_detached boolean,
	-- A draft that somebody has edited here since: their choices stay.
	is_edited boolean
);

-- Finds what each row of a file means. A member is found by its name, as in the import of members; an address finds its
-- person as it does at the help desk. Neither it nor an earlier import ever finds somebody under an alias.
create function private.match_imported_registrations(p private.imports)
	returns table (match private.registration_match, registration public.registrations)
language sql volatile security definer set search_path = '' as $$
	with known as materialized (
		select m.folded, min(m.id::text)::uuid as id, min(m.name) as name, count(*) as count
		from private.members_to_match(p.summit_id) as m
		where m.is_here and m.standing in ('active', 'observer')
		group by m.folded
	), given as materialized (
		select r.position, r.record as rec, r.record ->> 'fault' as fault, r.record ->> 'state' as state,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'category' as category,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'mode' as mode,
			decode(r.record #>> '{address,hash}', 'hex') as hash,
			private.fold_for_search(coalesce(r.record ->> 'organisation', '')) as folded
		from private.import_rows as r
		where r.import_id = p.id
	), matched as materialized (
		select g.*, own.id as imported_id, i.reference is not null as is_imported,
			i.reference is not null and own.id is null as is_detached,
			coalesce(own.state = 'draft' and own.version <> i.version, false) as is_edited, i.state as state_before, i.paid as paid_before, person.id as person_id, k.id as member_id,
			k.name as member_name, k.count as members
		from given as g
		left join private.imported_registrations as i
			on i.summit_id = p.summit_id and i.source = p.file ->> 'source' and i.reference = g.rec ->> 'key'
		left join public.registrations as own on own.id = i.registration_id and not private.has_alias(own.person_id)
		left join lateral (
			select private.find_desk_person(g.hash) as id where g.hash is not null offset 0) as person on true
		left join known as k on k.folded = g.folded and g.folded <> ''
	)
	select
		row(m.position, m.rec, m.fault, m.state, m.category, m.mode, m.hash, m.person_id, m.is_imported,
			m.state_before, m.paid_before, case when m.members = 1 then m.member_id end, case when m.members = 1 then m.member_name end,
			m.members,
			first_value(m.position) over (partition by m.rec ->> 'key' order by m.position),
			first_value(m.position) over (
				partition by case
					when m.fault is null and m.state <> 'cancelled' and m.category <> '' then m.hash end
				order by (m.state = 'paid') desc, m.position),
			m.is_detached, m.is_edited)::private.registration_match,
		r
	from matched as m
	left join public.registrations as r on not m.is_detached and r.id = coalesce(m.imported_id, (
		select live.id
		from public.registrations as live
		where live.summit_id = p.summit_id
			and live.person_id = m.person_id
			and live.state not in ('declined', 'withdrawn', 'expired')
			-- A draft that another row ends is none for this one.
			and not (live.state = 'draft' and exists (
				select from matched as ended where ended.imported_id = live.id and ended.state = 'cancelled'))))
$$;

-- Why a row does nothing, {code, words}; null when it may do something.
create function private.registration_import_fault(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when m.fault is not null then jsonb_build_object('code', m.fault)
		when m.first_of_key < m.position then jsonb_build_object('code', 'twice')
		when coalesce(m.category, '') = '' then jsonb_build_object('code', 'product_left_out')
		when not m.is_imported and m.state = 'cancelled' then jsonb_build_object('code', 'cancelled')
		when not m.is_imported and m.hash is not null and m.first_of_address <> m.position
			then jsonb_build_object('code', 'same_address')
		when m.person_id in (select private.my_people()) then jsonb_build_object('code', 'own')
		when p_r.state in ('declined', 'withdrawn', 'expired') then jsonb_build_object('code', 'ended_here')
	end
$$;

-- What else is worth knowing about a row: [{code, words}].
create function private.registration_import_notes(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', n.code, 'words', n.words))), '[]')
	from (select p_r.id is null and not m.is_detached as is_new) as row, lateral (values
		('registered_already', null, p_r.id is not null and not m.is_imported),
		('no_address', null, row.is_new and m.hash is null),
		('member_unclear', m.rec ->> 'organisation', m.category = 'delegate' and m.members > 1),
		('member_asked', m.rec ->> 'organisation', row.is_new and m.category = 'delegate' and m.members is null
			and length(m.rec ->> 'organisation') >= 2),
		('no_organisation', null, row.is_new and m.category = 'delegate' and m.members is null
			and length(coalesce(m.rec ->> 'organisation', '')) < 2),
		('differs_here', null, m.is_imported and p_r.state <> 'draft'
			and (p_r.category::text, p_r.mode::text) is distinct from (m.category, m.mode)),
		('cancelled_there', null, m.is_imported and (p_r.state <> 'draft' or m.is_edited) and m.state = 'cancelled'),
		('edited_here', null, m.is_edited),
		('checked_in', null, m.rec -> 'checked_in' = 'true'),
		('unknown_state', m.rec ->> 'written_state', m.rec ? 'written_state'),
		('several_tickets', m.rec ->> 'tickets', m.rec ? 'tickets'),
		('no_country', m.rec ->> 'written_country', m.rec ? 'written_country')
	) as n (code, words, applies)
	where n.applies
$$;

-- What a row would change of a registration, [{field, from, to}]: of a new one and of a draft that was imported all of
-- it, of any later one, and of a draft that was edited here, only what the other system says.
create function private.registration_import_changes(
	m private.registration_match, p_r public.registrations, p_submits boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('field', c.field, 'from', c.was, 'to', c.now) order by c.place)
		filter (where c.now is not null and c.now is distinct from c.was), '[]')
	from (select p_r.id is null or m.is_imported and p_r.state = 'draft' and not m.is_edited as edits) as may, lateral (values
		(1, 'category', p_r.category::text, case when may.edits then m.category end),
		(2, 'mode', p_r.mode::text, case when may.edits then m.mode end),
		(3, 'member', (select own.name from public.members as own where own.id = p_r.member_id),
			case when may.edits and m.category = 'delegate' then m.member_name end),
		(4, 'state', p_r.state::text, case
			when not may.edits then null
			when m.state = 'cancelled' then 'withdrawn'
			when p_submits and m.state = 'paid' then 'submitted'
			when p_r.id is null then 'draft' end),
		(5, 'elsewhere', m.state_before, m.state),
		(6, 'paid', nullif(m.paid_before, ''), nullif(m.rec ->> 'paid', '')),
		(7, 'answers', null, case when p_r.id is null and m.rec -> 'answers' <> '{}'
			then (select count(*) from jsonb_object_keys(m.rec -> 'answers'))::text end)
	) as c (place, field, was, now)
	where not m.is_detached
$$;

-- Writes into each row of a preview what it would do now.
create function private.plan_imported_registrations(p private.imports) returns void
language sql volatile security definer set search_path = '' as $$
	-- Safeguarding learns which addresses were looked up, as at the help desk.
	insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
	select distinct p.summit_id, private.me(), decode(r.record #>> '{address,hash}', 'hex'), 'walk_in'
	from private.import_rows as r
	where r.import_id = p.id and r.record #>> '{address,hash}' is not null;
	update private.import_rows as r
	set outcome = case
			when v.fault is not null then 'cannot'
			when (f.match).is_detached then 'same'
			when (f.registration).id is null then 'new'
			when not (f.match).is_imported or v.changes = '[]' then 'same'
			else 'changed' end,
		-- No row of an earlier import that changes nothing leads to its registration: those that lead to none would be known.
		target_id = case
			when v.fault is null and not ((f.match).is_imported and v.changes = '[]') then (f.registration).id end,
		version = (f.registration).version,
		changes = case
			when v.fault is null and ((f.registration).id is null or (f.match).is_imported) then v.changes
			else '[]' end,
		notes = case when v.fault is not null then jsonb_build_array(v.fault) else v.notes end
	from private.match_imported_registrations(p) as f
	cross join lateral (
		select private.registration_import_fault(f.match, f.registration) as fault,
			private.registration_import_notes(f.match, f.registration) as notes,
			private.registration_import_changes(f.match, f.registration, (p.mapping ->> 'submit')::boolean) as changes
		offset 0) as v
	where r.import_id = p.id and r.position = (f.match).position
$$;

-- Detaches the registrations of a person who takes an alias from the files that name them otherwise, in previews too.
create function private.detach_imported_registrations(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.imported_registrations as i
	set registration_id = null
	where i.registration_id in (select r.id from public.registrations as r where r.person_id = p_person);
	update private.import_rows as w
	set target_id = null,
		version = null,
		outcome = case when w.applied is null then 'same' else w.outcome end,
		changes = case when w.applied is null then '[]' else w.changes end
	where w.target_id in (select r.id from public.registrations as r where r.person_id = p_person)
$$;

-- Writes of a draft that was imported those of category, mode and member_id that are in `p_place`; of a new one, all. A
-- delegate whose member is not found asks for it, as somebody does who does not find it in the form.
create function private.write_imported_draft(p_draft uuid, p_rec jsonb, p_place jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_name text := left(private.one_line(p_rec ->> 'organisation'), 200);
begin
	update public.registrations as r
	set category = coalesce((p_place ->> 'category')::public.registration_category, r.category),
		mode = coalesce((p_place ->> 'mode')::public.attendance_mode, r.mode),
		member_id = coalesce(private.parse_uuid(p_place ->> 'member_id'), r.member_id),
		pool_id = case when p_place ->> 'category' = 'delegate' or p_place ? 'member_id' then null else r.pool_id end,
		version = r.version + 1,
		updated_at = now()
	where r.id = p_draft
	returning * into v_r;
	if p_place ? 'member_id' or p_place ->> 'category' <> 'delegate' then
		delete from public.member_requests as q where q.registration_id = p_draft and q.state = 'open';
	elsif p_place ? 'category' and v_r.member_id is null and length(v_name) >= 2 then
		insert into public.member_requests (summit_id, registration_id, name, country)
		values (v_r.summit_id, p_draft, v_name, nullif(p_rec ->> 'country', ''))
		on conflict (registration_id) do nothing;
	end if;
	return v_r;
end
$$;

-- Begins the registration of a person of the file. Null when the person has one by now.
create function private.begin_imported_registration(p_import private.imports, p_rec jsonb, p_place jsonb)
	returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_person uuid;
	v_mode public.attendance_mode := (p_place ->> 'mode')::public.attendance_mode;
begin
	v_person := private.walk_in_person(jsonb_strip_nulls(jsonb_build_object(
		'display_name', p_rec ->> 'name',
		'office', p_rec ->> 'office',
		'affiliation', p_rec ->> 'organisation',
		'country', p_rec ->> 'country',
		'member_id', p_place ->> 'member_id',
		'address_hash', p_rec #>> '{address,hash}',
		'address_sealed', p_rec #>> '{address,sealed}',
		'key_id', p_rec #>> '{address,key_id}')));
	perform private.set_audit_context(v_person, 'import');
	insert into public.registrations (summit_id, person_id, category, mode)
	values (p_import.summit_id, v_person, (p_place ->> 'category')::public.registration_category, v_mode)
	on conflict do nothing
	returning * into v_r;
	if v_r.id is null then return null; end if;
	insert into public.registration_needs (registration_id, person_id) values (v_r.id, v_person);
	insert into public.registration_steps (registration_id, to_state, mode, actor_id)
	values (v_r.id, 'draft', v_mode, private.actor());
	v_r := private.write_imported_draft(v_r.id, p_rec, p_place);
	if coalesce(p_rec -> 'answers', '{}') <> '{}' then
		-- Answers that do not fit the person's questions are left out; the person is asked again.
		perform private.write_logistics_answers(v_r.id, (p_rec -> 'answers')
			- private.invalid_answers(v_r, p_rec -> 'answers'));
	end if;
	return v_r;
end
$$;

-- Whether the address of a row is that of a person under an alias. They wanted their name in no list, so a registration
-- under it stays a draft: it takes no seat and nobody reads it, and safeguarding is told of the address.
create function private.is_address_under_alias(p_rec jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.person_addresses as a
		where decode(p_rec #>> '{address,hash}', 'hex') in (a.address_hash, a.typed_hash)
			and private.has_alias(a.person_id))
$$;

-- Submits an imported draft whose person agreed to the texts of the Summit elsewhere, if nothing else is missing: a seat
-- is held, or it enters the queue. Returns submitted, queued, or draft when something is missing. The caller has locked
-- the modes.
create function private.submit_imported_registration(p_id uuid, p_mails boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_reason public.queue_reason;
begin
	update public.registrations as r
	set code_of_conduct_at = coalesce(r.code_of_conduct_at, now()),
		pool_id = case when r.category <> 'delegate' and r.member_id is null
			then coalesce(r.pool_id, private.find_available_pool(r.summit_id, r.category, r.mode)) end
	where r.id = p_id
	returning * into v_r;
	perform private.give_required_consents(v_r);
	if private.missing_registration_fields(v_r) <> '{}' then return 'draft'; end if;
	v_r := private.change_registration_state(p_id, 'submitted');
	perform private.save_watch_list_matches(v_r.person_id);
	v_reason := private.hold_seat(v_r, v_r.mode, private.deadline_after(v_r.summit_id, make_interval(
		days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
	if v_reason is not null then perform private.enqueue(v_r, v_r.mode, v_reason); end if;
	if p_mails then
		perform private.mail_about(
			v_r,
			case when v_reason is null then 'registration_received' else 'registration_queued' end,
			case
				when v_reason is null
					then jsonb_build_object('held_until', private.registration_seat_status(v_r) -> 'held_until')
				else jsonb_build_object('queue_reason', v_reason,
					'position', private.registration_seat_status(v_r) -> 'queue_position') end);
	end if;
	return case when v_reason is null then 'submitted' else 'queued' end;
end
$$;

-- Applies one row of a preview of registrations. Returns draft, submitted, queued, updated or withdrawn; or
-- changed_meanwhile, when the registration is not as it was shown.
create function private.apply_imported_registration(p_import private.imports, p_row private.import_rows) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rec jsonb := p_row.record;
	-- What the preview showed of the place, with the member as it is found now.
	v_place jsonb := jsonb_strip_nulls((
		select jsonb_build_object(
			'category', c.fields -> 'category',
			'mode', c.fields -> 'mode',
			'member_id', (
				select min(m.id::text)
				from public.members as m
				join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_import.summit_id
				where m.name = c.fields ->> 'member'))
		from (
			select coalesce(jsonb_object_agg(e.value ->> 'field', e.value -> 'to'), '{}') as fields
			from jsonb_array_elements(p_row.changes) as e) as c));
	v_r public.registrations;
	v_done text := 'updated';
	-- The version that a file wrote last.
	v_written integer;
	v_source text := p_import.file ->> 'source';
begin
	if p_row.target_id is null then
		if exists (
			select from private.imported_registrations as i
			where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = v_rec ->> 'key') then
			return 'changed_meanwhile';
		end if;
		v_r := private.begin_imported_registration(p_import, v_rec, v_place);
		if v_r.id is null then return 'changed_meanwhile'; end if;
		v_written := v_r.version;
		v_done := 'draft';
	else
		select * into v_r from public.registrations as r where r.id = p_row.target_id for no key update;
		if v_r.id is null or v_r.version is distinct from p_row.version then return 'changed_meanwhile'; end if;
		perform private.set_audit_context(v_r.person_id, 'import');
		select i.version into v_written
		from private.imported_registrations as i
		where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = v_rec ->> 'key';
		if v_r.state = 'draft' and v_written = v_r.version and v_rec ->> 'state' = 'cancelled' then
			v_r := private.leave_summit(v_r.id, 'withdrawn', '', 100);
			v_done := 'withdrawn';
		elsif v_r.state = 'draft' and v_written = v_r.version and v_place <> '{}' then
			v_r := private.write_imported_draft(v_r.id, v_rec, v_place);
			v_written := v_r.version;
		end if;
	end if;
	-- A draft that its person has edited here is theirs to submit.
	if v_r.state = 'draft'
		and v_r.version = v_written
		and v_rec ->> 'state' = 'paid'
		and (p_import.mapping ->> 'submit')::boolean
		and not private.is_address_under_alias(v_rec) then
		v_done := private.submit_imported_registration(v_r.id, (p_import.mapping ->> 'mails')::boolean);
	end if;
	insert into private.imported_registrations (summit_id, source, reference, registration_id, state, paid, version)
	values (p_import.summit_id, v_source, v_rec ->> 'key', v_r.id, v_rec ->> 'state', coalesce(v_rec ->> 'paid', ''),
		v_written)
	on conflict (summit_id, source, reference) do update
	set state = excluded.state, paid = excluded.paid, version = excluded.version, at = now()
	where imported_registrations.registration_id = excluded.registration_id;
	perform private.notify_registration(v_r);
	return v_done;
end
$$;
