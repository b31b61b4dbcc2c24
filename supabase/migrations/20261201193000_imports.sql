-- Files of other systems: previews, and registrations that are made of them.

-- What the functions of this folder answer about an act.

-- Confirming what the products, headings and questions of a file become. Applied: the preview was applied already.
create domain public.import_mapping_status as text check (value in ('ok', 'not_found', 'invalid', 'applied'));

-- Files that organisers bring from other systems: what each row would do, and what was made of it.

-- A preview of a file, kept for a day (previews.sql).
create table private.imports (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	created_by uuid not null references public.people (id) on update cascade on delete cascade,
	contents text not null check (contents in ('registrations', 'proposals')),
	-- {name, kind, source, encoding, rows, ignored: [columns], answers: [questions that are taken], products: [{name, rows}]}
	file jsonb not null,
	-- What the organiser confirmed for the products or headings of the file; null until then.
	mapping jsonb,
	created_at timestamptz not null default now(),
	begun_at timestamptz,
	applied_at timestamptz,
	result jsonb
);
create index on private.imports (summit_id);
create index on private.imports (created_by);
alter table private.imports enable row level security;

-- A row of a preview. The app seals addresses and answers before they come here. A preview changes nothing, so it is not
-- audited; the audit holds what applying it did.
create table private.import_rows (
	import_id uuid not null references private.imports (id) on delete cascade,
	position integer not null,
	title text not null check (length(title) <= 400),
	-- What the file says (registrations.sql, proposals.sql).
	record jsonb not null,
	-- Null until the organiser has confirmed the mapping.
	outcome text check (outcome in ('new', 'changed', 'same', 'cannot')),
	target_id uuid,
	version integer,
	-- What the preview shows: changes [{field, from, to}], and codes of what is left out or worth knowing [{code, words}].
	changes jsonb not null default '[]',
	notes jsonb not null default '[]',
	-- What applying the row did; null before that.
	applied text check (applied in ('draft', 'submitted', 'queued', 'updated', 'withdrawn', 'left', 'changed_meanwhile', 'failed')),
	primary key (import_id, position),
	constraint title_one_line check (private.is_one_line(title))
);
create index on private.import_rows (import_id, position) where applied is null;
alter table private.import_rows enable row level security;

-- The registration that was made of a position of an order elsewhere, so that a later file finds it again. What was paid
-- there is noted here and nowhere in the ledger: it is not money that came to this Summit.
create table private.imported_registrations (
	summit_id uuid not null,
	-- The system and its event.
	source text not null check (length(source) <= 120),
	-- The order and its position there.
	reference text not null check (length(reference) <= 200),
	registration_id uuid not null,
	-- What the other system said last, the amount as it writes it: "250.00 EUR".
	state text not null check (state in ('paid', 'pending', 'cancelled')),
	paid text not null default '' check (length(paid) <= 60),
	at timestamptz not null default now(),
	primary key (summit_id, source, reference),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint reference_one_line check (private.is_one_line(reference)),
	constraint paid_one_line check (private.is_one_line(paid))
);
create index on private.imported_registrations (registration_id);
alter table private.imported_registrations enable row level security;

-- Writes answers, as save_logistics_answers takes them; the caller has checked them (private.invalid_answers).
create function private.write_logistics_answers(p_registration uuid, p_answers jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.logistics_answers as a (
		registration_id, field_id, answer_sealed, key_id, value, is_need, object_name, file_key_sealed)
	select p_registration, f.id,
		case when f.is_sealed then decode(each.value ->> 'sealed', 'hex') end,
		case when f.is_sealed then each.value ->> 'key_id' end,
		case when not f.is_sealed then private.text_array(each.value -> 'value') end,
		case when f.is_sealed then coalesce((each.value ->> 'is_need') <> 'false', true)
			else f.need_values = '{}' or private.text_array(each.value -> 'value') && f.need_values end,
		case when f.kind = 'file' then each.value ->> 'object' end,
		case when f.kind = 'file' then decode(each.value ->> 'file_key', 'hex') end
	from jsonb_each(p_answers) as each
	join public.logistics_fields as f on f.id = private.parse_uuid(each.key)
	where each.value <> 'null'
	on conflict (registration_id, field_id) do update
	set answer_sealed = excluded.answer_sealed, key_id = excluded.key_id, value = excluded.value,
		is_need = excluded.is_need, object_name = excluded.object_name, file_key_sealed = excluded.file_key_sealed,
		answered_at = clock_timestamp()
$$;

-- Saves answers: {field id: {sealed (hex), key_id}, {value: [texts]} or null (deletes)}; of a file also {object: the name of
-- what the app has just put into the store, file_key (hex, sealed)}. A field that is not named keeps its answer. `shown`: the version that the page showed; answers that were changed since are not overwritten. Answers
-- to questions whose condition is not met then are not kept. Locks the registration. Returns {status: ok | not_found |
-- closed | invalid (faults: the ids of the questions) | conflict, missing}.
create or replace function public.save_logistics_answers(registration uuid, answers jsonb, shown text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_count integer;
	v_faults text[];
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration
		and r.person_id = (select private.me())
		and r.state not in ('declined', 'withdrawn', 'expired')
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if not exists (select from public.summits as s where s.id = v_r.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	if jsonb_typeof(answers) is distinct from 'object' then
		return jsonb_build_object('status', 'invalid', 'faults', '[]'::jsonb);
	end if;
	if shown <> private.answers_version(v_r.id) then return jsonb_build_object('status', 'conflict'); end if;
	v_faults := private.invalid_answers(v_r, answers);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	perform private.set_audit_context(v_r.person_id);
	delete from private.logistics_answers as a
	using jsonb_each(answers) as each
	where a.registration_id = v_r.id and a.field_id = private.parse_uuid(each.key) and each.value = 'null';
	perform private.mark_object_used(each.value ->> 'object')
	from jsonb_each(answers) as each
	join public.logistics_fields as f on f.id = private.parse_uuid(each.key) and f.kind = 'file'
	where each.value <> 'null';
	perform private.write_logistics_answers(v_r.id, answers);
	perform private.delete_unasked_answers(v_r, false);
	select count(*) into v_count from jsonb_each(answers);
	perform audit.record_event('details.saved', v_r.id::text, v_r.summit_id, v_r.person_id,
		jsonb_build_object('fields', v_count));
	perform private.notify_registration(v_r, 'details');
	return jsonb_build_object('status', 'ok', 'missing', (
		select coalesce(jsonb_agg(f.key), '[]') from private.missing_logistics_fields(v_r) as f));
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
create or replace function private.walk_in_draft(p_summit uuid, p_person uuid, p_draft uuid, g jsonb) returns public.registrations
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

-- A row of a file with the registration and the member that it means. first_of_key and first_of_address: the first rows
-- with the same name there, and with the same address.
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
	first_of_address integer
);

-- Finds what each row of a file means. A member is found by its name, as in the import of members; an address finds its
-- person as it does at the help desk, never somebody under an alias.
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
		select g.*, i.registration_id as imported_id,
			i.state as state_before, i.paid as paid_before, person.id as person_id, k.id as member_id,
			k.name as member_name, k.count as members
		from given as g
		left join private.imported_registrations as i
			on i.summit_id = p.summit_id and i.source = p.file ->> 'source' and i.reference = g.rec ->> 'key'
		left join lateral (
			select private.find_desk_person(g.hash) as id where g.hash is not null offset 0) as person on true
		left join known as k on k.folded = g.folded and g.folded <> ''
	)
	select
		row(m.position, m.rec, m.fault, m.state, m.category, m.mode, m.hash, m.person_id, m.imported_id is not null,
			m.state_before, m.paid_before, case when m.members = 1 then m.member_id end, case when m.members = 1 then m.member_name end,
			m.members,
			first_value(m.position) over (partition by m.rec ->> 'key' order by m.position),
			first_value(m.position) over (
				partition by case
					when m.fault is null and m.state <> 'cancelled' and m.category <> '' then m.hash end
				order by m.position))::private.registration_match,
		r
	from matched as m
	left join public.registrations as r on r.id = coalesce(m.imported_id, (
		select live.id
		from public.registrations as live
		where live.summit_id = p.summit_id
			and live.person_id = m.person_id
			and live.state not in ('declined', 'withdrawn', 'expired')))
$$;

-- Why a row does nothing, {code, words}; null when it may do something.
create function private.registration_import_fault(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when m.fault is not null then jsonb_build_object('code', m.fault)
		when m.first_of_key < m.position then jsonb_build_object('code', 'twice')
		when coalesce(m.category, '') = '' then jsonb_build_object('code', 'product_left_out')
		when not m.is_imported and m.state = 'cancelled' then jsonb_build_object('code', 'cancelled')
		when not m.is_imported and m.hash is not null and m.first_of_address < m.position
			then jsonb_build_object('code', 'same_address')
		when m.person_id in (select private.my_people()) then jsonb_build_object('code', 'own')
		when p_r.state in ('declined', 'withdrawn', 'expired') then jsonb_build_object('code', 'ended_here')
	end
$$;

-- What else is worth knowing about a row: [{code, words}].
create function private.registration_import_notes(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', n.code, 'words', n.words))), '[]')
	from (values
		('registered_already', null, p_r.id is not null and not m.is_imported),
		('no_address', null, p_r.id is null and m.hash is null),
		('member_unclear', m.rec ->> 'organisation', m.category = 'delegate' and m.members > 1),
		('member_asked', m.rec ->> 'organisation', p_r.id is null and m.category = 'delegate' and m.members is null
			and length(m.rec ->> 'organisation') >= 2),
		('no_organisation', null, p_r.id is null and m.category = 'delegate' and m.members is null
			and length(coalesce(m.rec ->> 'organisation', '')) < 2),
		('differs_here', null, m.is_imported and p_r.state <> 'draft'
			and (p_r.category::text, p_r.mode::text) is distinct from (m.category, m.mode)),
		('cancelled_there', null, m.is_imported and p_r.state <> 'draft' and m.state = 'cancelled'),
		('checked_in', null, m.rec -> 'checked_in' = 'true'),
		('unknown_state', m.rec ->> 'written_state', m.rec ? 'written_state'),
		('several_tickets', m.rec ->> 'tickets', m.rec ? 'tickets'),
		('no_country', m.rec ->> 'written_country', m.rec ? 'written_country')
	) as n (code, words, applies)
	where n.applies
$$;

-- What a row would change of a registration, [{field, from, to}]: of a new one and of a draft that was imported all of
-- it, of any later one only what the other system says.
create function private.registration_import_changes(
	m private.registration_match, p_r public.registrations, p_submits boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('field', c.field, 'from', c.was, 'to', c.now) order by c.place)
		filter (where c.now is not null and c.now is distinct from c.was), '[]')
	from (select p_r.id is null or m.is_imported and p_r.state = 'draft' as edits) as may, lateral (values
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
			when (f.registration).id is null then 'new'
			when not (f.match).is_imported or v.changes = '[]' then 'same'
			else 'changed' end,
		target_id = case when v.fault is null then (f.registration).id end,
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

-- Writes category, mode and member of a draft that was imported; a delegate whose member is not found asks for it, as
-- somebody does who does not find it in the form.
create function private.write_imported_draft(p_draft uuid, p_rec jsonb, p_place jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_is_delegate boolean := p_place ->> 'category' = 'delegate';
	v_name text := left(private.one_line(p_rec ->> 'organisation'), 200);
begin
	update public.registrations as r
	set category = (p_place ->> 'category')::public.registration_category,
		mode = (p_place ->> 'mode')::public.attendance_mode,
		member_id = case
			when v_is_delegate then coalesce(private.parse_uuid(p_place ->> 'member_id'), r.member_id) end,
		pool_id = case when v_is_delegate then null else r.pool_id end,
		version = r.version + 1,
		updated_at = now()
	where r.id = p_draft
	returning * into v_r;
	if v_r.member_id is not null or not v_is_delegate then
		delete from public.member_requests as q where q.registration_id = p_draft and q.state = 'open';
	elsif length(v_name) >= 2 then
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
	v_place jsonb := p_import.mapping -> 'products' -> (v_rec ->> 'product');
	v_r public.registrations;
	v_done text := 'updated';
	v_source text := p_import.file ->> 'source';
begin
	-- The member as it is found now.
	v_place := v_place || jsonb_strip_nulls(jsonb_build_object('member_id', (
		select min(m.id::text)
		from public.members as m
		join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_import.summit_id
		where m.name = (
			select c.value ->> 'to' from jsonb_array_elements(p_row.changes) as c where c.value ->> 'field' = 'member'))));
	if p_row.target_id is null then
		if exists (
			select from private.imported_registrations as i
			where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = v_rec ->> 'key') then
			return 'changed_meanwhile';
		end if;
		v_r := private.begin_imported_registration(p_import, v_rec, v_place);
		if v_r.id is null then return 'changed_meanwhile'; end if;
		v_done := 'draft';
	else
		select * into v_r from public.registrations as r where r.id = p_row.target_id for no key update;
		if v_r.id is null or v_r.version is distinct from p_row.version then return 'changed_meanwhile'; end if;
		perform private.set_audit_context(v_r.person_id, 'import');
		if v_r.state = 'draft' and v_rec ->> 'state' = 'cancelled' then
			v_r := private.leave_summit(v_r.id, 'withdrawn', '', 100);
			v_done := 'withdrawn';
		elsif v_r.state = 'draft' then
			v_r := private.write_imported_draft(v_r.id, v_rec, v_place);
		end if;
	end if;
	if v_r.state = 'draft' and v_rec ->> 'state' = 'paid' and (p_import.mapping ->> 'submit')::boolean then
		v_done := private.submit_imported_registration(v_r.id, (p_import.mapping ->> 'mails')::boolean);
	end if;
	insert into private.imported_registrations (summit_id, source, reference, registration_id, state, paid)
	values (p_import.summit_id, v_source, v_rec ->> 'key', v_r.id, v_rec ->> 'state', coalesce(v_rec ->> 'paid', ''))
	on conflict (summit_id, source, reference) do update
	set state = excluded.state, paid = excluded.paid, at = now()
	where imported_registrations.registration_id = excluded.registration_id;
	perform private.notify_registration(v_r);
	return v_done;
end
$$;

-- Previews of files from other systems: stored, mapped, read a page at a time, and applied part by part.

-- The role that imports a content.
create function private.import_role(p_contents text) returns public.organiser_role
language sql immutable set search_path = '' as $$
	select case p_contents when 'registrations' then 'registration' when 'proposals' then 'programme' end
		::public.organiser_role
$$;

-- Whether a record of a file can be kept: it has a name there, and its address is sealed.
create function private.is_import_record(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and length(p ->> 'title') <= 400
		and length(p ->> 'key') between 1 and 200
		and private.is_one_line(p ->> 'key')
		and pg_column_size(p) <= 200000
		and (coalesce(p -> 'address', 'null') = 'null' or private.is_sealed_address(p -> 'address'))
		and case jsonb_typeof(coalesce(p -> 'people', '[]'))
			when 'array' then not exists (
				select from jsonb_array_elements(coalesce(p -> 'people', '[]')) as e
				where coalesce(e.value -> 'address', 'null') <> 'null'
					and not private.is_sealed_address(e.value -> 'address'))
			else false end, false)
$$;

-- Stores a file for its preview, and deletes the reader's earlier previews of this Summit that were not begun. Answers
-- {status: ok | not_allowed | invalid | too_many (10,000 rows), id}.
create function public.prepare_import(summit uuid, contents text, file jsonb, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if private.import_role(contents) is null or not private.has_role(summit, private.import_role(contents)) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if jsonb_typeof(rows) is distinct from 'array'
		or jsonb_typeof(file) is distinct from 'object'
		or length(file ->> 'source') not between 1 and 120
		or pg_column_size(file) > 60000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if jsonb_array_length(rows) > 10000 then return jsonb_build_object('status', 'too_many'); end if;
	if exists (select from jsonb_array_elements(rows) as e where not private.is_import_record(e.value)) then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.imports as i
	where i.created_by = (select private.me()) and i.summit_id = summit and i.begun_at is null
		or i.created_at <= now() - interval '1 day';
	insert into private.imports (summit_id, created_by, contents, file)
	values (summit, private.me(), prepare_import.contents, prepare_import.file)
	returning id into v_id;
	begin
		insert into private.import_rows (import_id, position, title, record)
		select v_id, e.place, private.one_line(e.value ->> 'title'), e.value - 'title'
		from jsonb_array_elements(rows) with ordinality as e (value, place);
	exception when check_violation or not_null_violation or data_exception then
		delete from private.imports where id = v_id;
		return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.prepare_import(uuid, text, jsonb, jsonb) to authenticated;

-- The reader's own preview, while it is kept and they have its role.
create function private.my_import(p_import uuid) returns private.imports
language sql stable security definer set search_path = '' as $$
	select i
	from private.imports as i
	where i.id = p_import
		and i.created_by = (select private.me())
		and i.created_at > now() - interval '1 day'
		and private.has_role(i.summit_id, private.import_role(i.contents))
$$;

-- Confirms the mapping of the reader's own preview, and finds what each row would do. It can be confirmed again until
-- applying begins. `mapping`, for registrations: {products: {name: {category, mode}}, agreed, submit, mails}.
create function public.map_import(import uuid, mapping jsonb) returns public.import_mapping_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
begin
	if v_i.id is null then return 'not_found'; end if;
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.begun_at is not null then return 'applied'; end if;
	if not private.is_registration_mapping(mapping) or pg_column_size(mapping) > 60000 then return 'invalid'; end if;
	update private.imports as i set mapping = map_import.mapping where i.id = import returning * into v_i;
	perform private.plan_imported_registrations(v_i);
	return 'ok';
end
$$;
grant execute on function public.map_import(uuid, jsonb) to authenticated;

-- The reader's own preview, {id, summit_id, contents, file, mapping, until, begun, applied_at, result, counts: {outcome:
-- n}, total, rows}; null when there is none. `outcomes` filters the rows, which come in pages of at most 200.
create function public.read_import(
	import uuid,
	outcomes text[] default '{}',
	page_size integer default 50,
	page_start integer default 0
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
begin
	if v_i.id is null then return null; end if;
	return jsonb_build_object(
		'id', v_i.id,
		'summit_id', v_i.summit_id,
		'contents', v_i.contents,
		'file', v_i.file,
		'mapping', v_i.mapping,
		'until', private.iso(v_i.created_at + interval '1 day'),
		'begun', v_i.begun_at is not null,
		'applied_at', private.iso(v_i.applied_at),
		'result', v_i.result,
		'counts', (
			select coalesce(jsonb_object_agg(c.outcome, c.count), '{}')
			from (
				select r.outcome, count(*)
				from private.import_rows as r
				where r.import_id = v_i.id and r.outcome is not null
				group by r.outcome
			) as c
		),
		'total', (
			select count(*)
			from private.import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(page) order by page.position), '[]')
			from (
				select r.position, r.title, (r.record ->> 'line')::integer as line, r.outcome, r.target_id, r.changes,
					r.notes, r.applied
				from private.import_rows as r
				where r.import_id = v_i.id
					and v_i.mapping is not null
					and (outcomes = '{}' or r.outcome = any (outcomes))
				order by r.position
				limit greatest(1, least(page_size, 200))
				offset greatest(0, page_start)
			) as page
		)
	);
end
$$;
grant execute on function public.read_import(uuid, text[], integer, integer) to authenticated;

-- Applies one row, in a subtransaction. Returns what it did, or why it was left.
create function private.apply_import_row(p_import private.imports, p_row private.import_rows) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_done text;
begin
	if p_row.outcome not in ('new', 'changed') then return 'left'; end if;
	begin
		v_done := private.apply_imported_registration(p_import, p_row);
		-- Checks the rule of seats now, for this row, and not at the end for all.
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT409' or sqlstate 'PT422' or integrity_constraint_violation or data_exception then
		return 'failed';
	end;
	return v_done;
end
$$;

-- How many rows had each result, and those that were left although the preview announced them.
create function private.import_result(p_import uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'counts', (
			select coalesce(jsonb_object_agg(c.applied, c.count), '{}')
			from (
				select r.applied, count(*) from private.import_rows as r where r.import_id = p_import group by r.applied
			) as c),
		'refused', (
			select coalesce(jsonb_agg(jsonb_build_object('position', r.position, 'title', r.title, 'why', r.applied)
				order by r.position), '[]')
			from private.import_rows as r
			where r.import_id = p_import and r.applied in ('changed_meanwhile', 'failed')))
$$;

-- Applies the next rows of the reader's preview, each as it was shown; the app calls it again while it answers `more`.
-- Rows whose registration somebody changed since are left. Locks the modes, then the preview. Answers {status: ok | more
-- | already | not_mapped | closed | not_found}, and at the end {counts, refused}.
create function public.apply_import(import uuid, most integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
	v_row private.import_rows;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_i.summit_id);
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then return v_i.result || jsonb_build_object('status', 'already'); end if;
	if v_i.mapping is null then return jsonb_build_object('status', 'not_mapped'); end if;
	if not exists (select from public.summits as s where s.id = v_i.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	perform set_config('app.reason', 'import', true);
	for v_row in
		select *
		from private.import_rows as r
		where r.import_id = v_i.id and r.applied is null
		order by r.position
		limit greatest(1, least(coalesce(most, 200), 500))
	loop
		-- Addresses and answers are no longer needed, so they are deleted.
		update private.import_rows as r
		set applied = private.apply_import_row(v_i, v_row), record = r.record - '{address,answers,people}'::text[]
		where r.import_id = v_i.id and r.position = v_row.position;
	end loop;
	if exists (select from private.import_rows as r where r.import_id = v_i.id and r.applied is null) then
		update private.imports as i set begun_at = coalesce(i.begun_at, now()) where i.id = import;
		return jsonb_build_object('status', 'more');
	end if;
	update private.imports as i
	set begun_at = coalesce(i.begun_at, now()), applied_at = now(), result = private.import_result(import)
	where i.id = import
	returning * into v_i;
	perform private.serve_queues(v_i.summit_id);
	perform audit.record_event(v_i.contents || '.imported', import::text, v_i.summit_id, null, (
		select jsonb_build_object(
			'added', count(*) filter (where r.applied in ('draft', 'submitted', 'queued')),
			'changed', count(*) filter (where r.applied in ('updated', 'withdrawn')),
			'refused', count(*) filter (where r.applied in ('changed_meanwhile', 'failed')))
		from private.import_rows as r
		where r.import_id = v_i.id));
	perform private.publish_event('organise:' || v_i.summit_id, 'registration');
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_import(uuid, integer) to authenticated;

insert into private.audited_tables (name, area, shown)
values ('registrations.imported', 'registration', '{added,changed,refused}');
insert into private.free_text_columns (table_name, column_name)
values
	('private.imports', 'file'),
	('private.imports', 'result'),
	('private.import_rows', 'title'),
	('private.import_rows', 'record'),
	('private.import_rows', 'changes'),
	('private.import_rows', 'notes');
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.imported_registrations', 'registration', 'registration', 'registration_id',
	'{at,source,reference,state,paid}');
insert into private.not_copied_tables (name, reason) values ('private.imports', 'staff');
insert into private.retained_tables (name, reason) values ('private.imports', 'decisions');
insert into private.writable_after_closing (table_name, reason)
values ('private.import_rows', 'Reading: what an import would do; doing it is refused by its tables.');
insert into private.retention_rules (table_name, class, summit, since)
values ('private.imports', 'unfinished', 't.summit_id', 't.created_at');
insert into private.retention_rules (table_name, class, summit, people)
values ('private.imported_registrations', 'accreditation', 't.summit_id',
	'private.person_of_registration(t.registration_id)');
insert into private.retention_rules (table_name, class) values ('private.import_rows', 'unfinished');
select private.close_with_summit();
