-- Questions that are answered with a file: sealed with a key of its own, which only the answer holds.

alter table public.logistics_fields
	add column file_sort text check (file_sort in ('document', 'picture')),
	drop constraint logistics_fields_kind_check,
	add constraint logistics_fields_kind_check check (kind in (
		'text', 'long_text', 'choice', 'date', 'country', 'yes_no', 'choices', 'number', 'consent', 'file')),
	add constraint file_questions check (
		(kind = 'file') = (file_sort is not null)
		and (kind <> 'file' or is_sealed and is_identity and not for_host and team is null));

alter table private.logistics_answers
	add column object_name text unique references private.stored_objects (name) on delete restrict,
	add column file_key_sealed bytea,
	add constraint file_sealed check (
		(object_name is null) = (file_key_sealed is null) and (object_name is null or answer_sealed is not null));

update private.audited_tables set shown = shown || '{file_sort}' where name = 'public.logistics_fields';

-- The versions to scan now. With a scanner everything is scanned, also what was uploaded while there was none; without
-- one everything that waits becomes `unscanned`. Answers to questions are sealed: they were scanned before, or never.
create or replace function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept'
			and o.scan = 'unscanned'
			and not exists (select from private.logistics_answers as a where a.object_name = o.name);
	return query
		select v.id
		from private.file_versions as v
		join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now
		order by o.scan_due_at
		limit 100;
end
$$;

-- Whether an object was just uploaded, checked, and not used yet.
create function private.is_new_object(p_name text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.stored_objects as o
		where o.name = p_name and o.state = 'writing' and o.scan in ('clean', 'unscanned'))
$$;

-- Returns whether a registration gave the file that a question asks of it: given or missing; null where it is not asked.
create function private.file_state(f public.logistics_fields, r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when r.state = 'draft' or not private.is_logistics_field_asked(f, r) then null
		when exists (select from private.logistics_answers as a where a.registration_id = r.id and a.field_id = f.id)
			then 'given'
		when private.is_logistics_condition_met(f, r.id) then 'missing'
	end
$$;

-- Returns of each registration whether it gave the files that the reader may open: given or missing.
create function private.list_file_states(p_summit uuid)
	returns table (registration_id uuid, field_id uuid, state text)
language plpgsql stable security definer set search_path = '' as $$
declare
	v_fields uuid[] := array(
		select f.id
		from public.logistics_fields as f
		where f.summit_id = p_summit
			and f.kind = 'file'
			and f.retired_at is null
			and private.may_read_logistics_field(f));
begin
	if v_fields = '{}' then return; end if;
	return query select r.id, f.id, s.state
	from public.logistics_fields as f
	join public.registrations as r on r.summit_id = f.summit_id
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		and (f.categories = '{}' or r.category = any (f.categories))
		and (f.modes = '{}' or r.mode = any (f.modes))
	cross join private.file_state(f, r) as s (state)
	where f.id = any (v_fields) and s.state is not null;
end
$$;

-- Returns the invalid keys of a field definition.
create or replace function private.invalid_logistics_field_keys(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(array[
		case when coalesce(p ->> 'key', '') !~ '^[a-z][a-z0-9_]{1,40}$' then 'key' end,
		case when not private.is_text_map(p -> 'label') or p -> 'label' = '{}' or not private.are_one_line(p -> 'label')
			then 'label' end,
		case when p ? 'help' and not private.is_text_map(p -> 'help') then 'help' end,
		case when not private.is_text_map(p -> 'purpose') or p -> 'purpose' = '{}' then 'purpose' end,
		case when coalesce(p ->> 'kind', '') not in (
				'text', 'long_text', 'choice', 'date', 'country', 'yes_no', 'choices', 'number', 'consent', 'file')
			then 'kind' end,
		case when p ->> 'kind' = 'file' and coalesce(p ->> 'file_sort', '') not in ('document', 'picture')
			then 'file_sort' end,
		case when coalesce(p ->> 'form', 'logistics') not in ('registration', 'logistics') then 'form' end,
		case when coalesce(p ->> 'is_sealed', 'true') = 'false' and (p ->> 'kind' in ('text', 'long_text', 'file')
				or 'true' in (p ->> 'is_identity', p ->> 'for_host'))
			then 'is_sealed' end,
		case when p ->> 'in_mail' = 'true' and coalesce(p ->> 'is_sealed', 'true') <> 'false' then 'in_mail' end,
		case when p ->> 'team' is not null and not coalesce(p -> 'visible_to' ? (p ->> 'team'), p ->> 'team' = 'registration')
			then 'team' end,
		case when case
				when jsonb_typeof(coalesce(p -> 'choices', 'null')) not in ('array', 'null') then true
				when p ->> 'kind' in ('choice', 'choices') then jsonb_typeof(p -> 'choices') is distinct from 'array'
					or jsonb_array_length(p -> 'choices') not between 2 and 50
					or not private.are_one_line(p -> 'choices')
					or exists (
						select from jsonb_array_elements(p -> 'choices') as c
						where coalesce(c ->> 'key', '') !~ '^[a-z0-9_]{1,40}$'
							or not private.is_text_map(c -> 'label'))
					or cardinality(private.choice_keys(p -> 'choices')) <> (
						select count(distinct k) from unnest(private.choice_keys(p -> 'choices')) as k) end
			then 'choices' end,
		case when coalesce(p ->> 'erase_days', '30') !~ '^\d{1,4}$' or (p ->> 'erase_days')::integer > 3650
			then 'erase_days' end,
		case when exists (
				select from jsonb_array_elements_text(
					case when jsonb_typeof(p -> 'visible_to') = 'array' then p -> 'visible_to' else '[]' end) as role
				where role not in ('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding'))
			then 'visible_to' end], null)
$$;

-- Adds a field, or changes the field of that key, if its `version` is still the one that was changed. An advisory lock
-- makes two saves run one after the other. Returns {status: ok | not_allowed | invalid | promised (see
-- private.broken_promises) | conflict, faults, id}.
create or replace function public.save_logistics_field(summit uuid, field jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.logistics_fields;
	v_new public.logistics_fields;
	v_r public.registrations;
	v_faults text[] := private.invalid_logistics_field_keys(field);
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	-- Advisory, because people who answer do not lock the field.
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select * into v_old from public.logistics_fields as f where f.summit_id = summit and f.key = field ->> 'key';
	if v_old.version::text <> field ->> 'version' then return jsonb_build_object('status', 'conflict'); end if;
	begin
		v_new := jsonb_populate_record(null::public.logistics_fields,
			'{"help": {}, "choices": [], "categories": [], "modes": [], "is_required": false, "is_identity": false,
			"for_host": false, "visible_to": ["registration"], "erase_days": 30, "position": 0, "form": "logistics",
			"sectors": [], "depends_values": [], "is_sealed": true, "need_values": [], "in_mail": false}'::jsonb
			|| jsonb_strip_nulls(field - array['id', 'summit_id', 'retired_at'])
			|| jsonb_build_object('id', coalesce(v_old.id, gen_random_uuid()), 'summit_id', summit,
				'version', coalesce(v_old.version, 0) + 1, 'on_badge', coalesce(v_old.on_badge, false)));
	exception when data_exception then
		return jsonb_build_object('status', 'invalid', 'faults', array['categories']);
	end;
	v_faults := private.condition_faults(v_new);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	if v_old.id is not null then
		v_faults := private.broken_promises(v_old, v_new);
		if v_faults <> '{}' then return jsonb_build_object('status', 'promised', 'faults', v_faults); end if;
	end if;
	insert into public.logistics_fields
	select v_new.*
	on conflict (summit_id, key) do update
	set label = excluded.label, help = excluded.help, purpose = excluded.purpose, kind = excluded.kind,
		choices = excluded.choices, categories = excluded.categories, modes = excluded.modes,
		is_required = excluded.is_required, is_identity = excluded.is_identity, for_host = excluded.for_host,
		visible_to = excluded.visible_to, erase_days = excluded.erase_days, position = excluded.position, retired_at = null,
		form = excluded.form, sectors = excluded.sectors, depends_on = excluded.depends_on,
		depends_values = excluded.depends_values, is_sealed = excluded.is_sealed, version = excluded.version,
		team = excluded.team, need_values = excluded.need_values, in_mail = excluded.in_mail,
		file_sort = excluded.file_sort;
	perform private.sync_need(a, v_new) from private.logistics_answers as a where a.field_id = v_new.id;
	-- Registrations that are no longer asked lose their answers.
	for v_r in
		select r.*
		from private.logistics_answers as a
		join public.registrations as r on r.id = a.registration_id
		where a.field_id = v_new.id
			and not (private.is_logistics_field_asked(v_new, r) and private.is_logistics_condition_met(v_new, r.id))
	loop
		perform private.delete_unasked_answers(v_r, true);
	end loop;
	return jsonb_build_object('status', 'ok', 'id', v_new.id);
exception when check_violation then
	return jsonb_build_object('status', 'invalid', 'faults', '[]'::jsonb);
end
$$;

-- Returns whether a registration gave an answer that the reader may read; `p_answer`: the id of the question and the
-- value, with a colon between them; of a file, given or missing.
create or replace function private.has_answer(p_registration uuid, p_answer text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.logistics_answers as a
		join public.logistics_fields as f on f.id = a.field_id and f.retired_at is null
		where a.registration_id = p_registration
			and a.field_id = private.parse_uuid(split_part(p_answer, ':', 1))
			and split_part(p_answer, ':', 2) = any (a.value)
			and private.may_read_logistics_field(f))
		or exists (
			select from public.logistics_fields as f
			join public.registrations as r on r.id = p_registration
			where f.id = private.parse_uuid(split_part(p_answer, ':', 1))
				and f.kind = 'file'
				and f.retired_at is null
				and private.file_state(f, r) = split_part(p_answer, ':', 2)
				and private.may_read_logistics_field(f))
$$;

-- Returns the answers of these registrations to those of the questions that the reader may read: {registration:
-- {question: {answer_sealed, key_id, value}}}, without the answers that read_logistics_answers leaves out. The audit
-- records the reading of each question, and of whom. Of files only whether they were given: that is no reading.
create or replace function public.read_listed_answers(summit uuid, registrations uuid[], questions uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answers jsonb;
begin
	with found as materialized (
		select a.registration_id, f.id, f.key, jsonb_build_object(
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id, 'value', a.value) as answer
		from public.logistics_fields as f
		join private.logistics_answers as a on a.field_id = f.id and a.registration_id = any (registrations)
		join public.registrations as r on r.id = a.registration_id and r.state <> 'draft'
		where f.id = any (questions)
			and f.summit_id = read_listed_answers.summit
			and f.kind <> 'file'
			and f.retired_at is null
			and private.may_read_logistics_field(f)
			and private.is_logistics_field_asked(f, r)
			and not (f.is_identity and private.has_alias(r.person_id))
	), stated as (
		select r.id as registration_id, f.id, jsonb_build_object(
			'answer_sealed', null, 'key_id', null, 'value', jsonb_build_array(private.file_state(f, r))) as answer
		from public.logistics_fields as f
		join public.registrations as r on r.id = any (registrations) and r.summit_id = f.summit_id
		where f.id = any (questions)
			and f.summit_id = read_listed_answers.summit
			and f.kind = 'file'
			and f.retired_at is null
			and private.may_read_logistics_field(f)
			and private.file_state(f, r) is not null
	), recorded as materialized (
		select audit.record_event('details.read', q.id::text, read_listed_answers.summit, null, q.event)
		from (
			select w.id, jsonb_build_object('field', w.key, 'rows', count(*), 'registrations', jsonb_agg(w.registration_id))
				as event
			from found as w
			group by w.id, w.key) as q
	)
	select coalesce(jsonb_object_agg(one.registration_id, one.answers), '{}')
	into v_answers
	from (select count(*) from recorded) as all_recorded, (
		select w.registration_id, jsonb_object_agg(w.id, w.answer) as answers
		from (
			select f.registration_id, f.id, f.answer from found as f
			union all
			select s.registration_id, s.id, s.answer from stated as s) as w
		group by w.registration_id) as one;
	return v_answers;
end
$$;

-- Returns the answers to one field, for the roles that it names: {status: ok | not_found, field, withheld, rows:
-- [{reference, display_name, mode, member, answer_sealed, key_id, value}]}. The audit records the reading. Answers that reveal
-- who a person under an alias is are withheld, and only counted. Of files only that they were given: opening one is the
-- reading (open_answer_file).
create or replace function public.read_logistics_answers(summit uuid, field uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
	v_rows jsonb;
	v_withheld bigint;
begin
	select * into v_field
	from public.logistics_fields as f
	where f.id = field and f.summit_id = summit and f.retired_at is null;
	if not found or not private.may_read_logistics_field(v_field) then
		return jsonb_build_object('status', 'not_found');
	end if;
	select coalesce(jsonb_agg(jsonb_build_object(
			'reference', r.reference, 'display_name', p.display_name, 'mode', r.mode,
			'member', (select m.name from public.members as m where m.id = r.member_id and not private.has_alias(p.id)),
			'answer_sealed', case when v_field.kind <> 'file' then encode(a.answer_sealed, 'hex') end,
			'key_id', case when v_field.kind <> 'file' then a.key_id end,
			'value', case when v_field.kind = 'file' then '{given}' else a.value end)
			order by p.display_name, r.id) filter (where not (v_field.is_identity and private.has_alias(p.id))), '[]'),
		count(*) filter (where v_field.is_identity and private.has_alias(p.id))
	into v_rows, v_withheld
	from private.logistics_answers as a
	join public.registrations as r on r.id = a.registration_id
	join public.people as p on p.id = r.person_id
	where a.field_id = field and private.is_logistics_field_asked(v_field, r) and r.state <> 'draft';
	if v_field.kind <> 'file' then
		perform audit.record_event('details.read', field::text, summit, null,
			jsonb_build_object('field', v_field.key, 'rows', jsonb_array_length(v_rows)));
	end if;
	return jsonb_build_object('status', 'ok', 'withheld', v_withheld, 'rows', v_rows,
		'field', to_jsonb(v_field) - array['summit_id', 'retired_at']);
end
$$;

-- Returns the reader's own questions: {registration_id, is_open, due_at, version, fields: [{id, key, kind, label, help,
-- purpose, choices, is_required, for_host, on_badge, visible_to, form, depends_on, depends_values, is_sealed, file_sort,
-- need_values, erased_on, answer_sealed (hex), key_id, value}], missing: [keys]}; null if nothing is asked. Questions whose condition is not met
-- are among them: the page shows them when it is. Only the person fills it in. For a person under an alias, `for_host` and `visible_to` say what
-- is true for them: nobody else reads an answer that reveals who they are.
create or replace function public.my_logistics_form(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registration_id', r.id,
		'is_open', s.state in ('open', 'live'),
		'due_at', private.iso(s.logistics_due_at),
		'version', private.answers_version(r.id),
		'missing', (select coalesce(jsonb_agg(f.key), '[]') from private.missing_logistics_fields(r) as f),
		'fields', (
			select jsonb_agg(jsonb_build_object(
				'id', f.id, 'key', f.key, 'kind', f.kind, 'label', f.label, 'help', f.help, 'purpose', f.purpose,
				'choices', f.choices, 'is_required', f.is_required, 'form', f.form, 'depends_on', f.depends_on,
				'depends_values', f.depends_values, 'is_sealed', f.is_sealed, 'file_sort', f.file_sort,
				'need_values', f.need_values,
				'for_host', f.for_host and not private.has_alias(r.person_id),
				'on_badge', f.on_badge and r.mode = 'in_person',
				'visible_to', case
					when f.is_identity and private.has_alias(r.person_id) then '[]'
					else to_jsonb(f.visible_to) end,
				'erased_on', s.ends_on + f.erase_days,
				'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id, 'value', a.value)
				order by f.form = 'logistics', f.position, f.key)
			from public.logistics_fields as f
			left join private.logistics_answers as a on a.field_id = f.id and a.registration_id = r.id
			where f.summit_id = r.summit_id and private.is_logistics_field_asked(f, r)))
	from public.registrations as r
	join public.summits as s on s.id = r.summit_id
	where r.summit_id = my_logistics_form.summit
		and r.person_id = (select private.me())
		and r.state not in ('declined', 'withdrawn', 'expired')
		and exists (
			select from public.logistics_fields as f
				where f.summit_id = r.summit_id and private.is_logistics_field_asked(f, r))
$$;

-- Returns, of answers as save_logistics_answers takes them, the ids of the questions that are not asked, or whose answer
-- does not fit.
create or replace function private.invalid_answers(r public.registrations, p_answers jsonb) returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select each.key
		from jsonb_each(p_answers) as each
		left join public.logistics_fields as f on f.id = private.parse_uuid(each.key)
		where f.id is null
			or not private.is_logistics_field_asked(f, r)
			or each.value <> 'null' and case
				when jsonb_typeof(each.value) <> 'object' then true
				when f.is_sealed then coalesce(each.value ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
					or length(each.value ->> 'sealed') not between 56 and 40000
					or coalesce(each.value ->> 'key_id', '') = ''
					or f.kind = 'file' and (
						coalesce(each.value ->> 'file_key', '') !~ '^([0-9a-f]{2}){28,200}$'
						or not private.is_new_object(each.value ->> 'object'))
				else jsonb_typeof(each.value -> 'value') is distinct from 'array'
					or not private.is_answer_valid(f, private.text_array(each.value -> 'value')) end)
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
	insert into private.logistics_answers as a (
		registration_id, field_id, answer_sealed, key_id, value, is_need, object_name, file_key_sealed)
	select v_r.id, f.id,
		case when f.is_sealed then decode(each.value ->> 'sealed', 'hex') end,
		case when f.is_sealed then each.value ->> 'key_id' end,
		case when not f.is_sealed then private.text_array(each.value -> 'value') end,
		case when f.is_sealed then coalesce((each.value ->> 'is_need') <> 'false', true)
			else f.need_values = '{}' or private.text_array(each.value -> 'value') && f.need_values end,
		case when f.kind = 'file' then each.value ->> 'object' end,
		case when f.kind = 'file' then decode(each.value ->> 'file_key', 'hex') end
	from jsonb_each(answers) as each
	join public.logistics_fields as f on f.id = private.parse_uuid(each.key)
	where each.value <> 'null'
	on conflict (registration_id, field_id) do update
	set answer_sealed = excluded.answer_sealed, key_id = excluded.key_id, value = excluded.value,
		is_need = excluded.is_need, object_name = excluded.object_name, file_key_sealed = excluded.file_key_sealed,
		answered_at = clock_timestamp();
	perform private.delete_unasked_answers(v_r, false);
	select count(*) into v_count from jsonb_each(answers);
	perform audit.record_event('details.saved', v_r.id::text, v_r.summit_id, v_r.person_id,
		jsonb_build_object('fields', v_count));
	perform private.notify_registration(v_r, 'details');
	return jsonb_build_object('status', 'ok', 'missing', (
		select coalesce(jsonb_agg(f.key), '[]') from private.missing_logistics_fields(v_r) as f));
end
$$;

-- The list for registration organisers; null for all others. Filters: those of private.failed_desk_filters, and sort
-- (private.desk_sort_key) and desc. `after`: the cursor of the row before the page, so that rows which are added or leave
-- before it move nothing on the page. Answers {total, start, rows, next, previous, facets, counts, pools, member,
-- aim_days}: start is the number of rows before the page; facets counts the values of each filter under all other
-- filters (not of members: there are hundreds); counts is for the whole Summit; pools and member give the names of the
-- pools and of the member filter. One query: every part reads the rows that are computed once (every).
create or replace function public.list_registrations(summit uuid, filters jsonb default '{}', page_size integer default 50,
	after text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select private.desk_search_patterns(filters ->> 'query') as words,
			coalesce(filters ->> 'desc' = 'true', false) as down,
			greatest(1, least(coalesce(page_size, 50), 500)) as size
	), every as materialized (
		select d as r, marked.tabs, marked.flags,
			private.failed_desk_filters(d, marked.tabs, marked.flags, filters, asked.words) as misses
		from asked, private.list_desk_rows(list_registrations.summit) as d
		-- offset 0 keeps tabs and flags from being computed once for each use.
		cross join lateral (select private.desk_tabs(d) as tabs, private.desk_flags(d) as flags offset 0) as marked
		where private.has_role(list_registrations.summit, 'registration')
	), found as materialized (
		select e.r, k.key,
			row_number() over (order by case when asked.down then k.key end collate "C" desc, k.key collate "C") as n
		from every as e, asked, private.desk_sort_key(e.r, filters ->> 'sort') as k (key)
		where e.misses = '{}'
	), begin as (
		select count(*) as n
		from found, asked
		where after is not null
			and case when asked.down then found.key collate "C" >= after else found.key collate "C" <= after end
	), page as (
		select found.* from found, begin, asked where found.n > begin.n and found.n <= begin.n + asked.size
	), facets as (
		select f.name, f.value, count(*) as count
		from every as e
		cross join lateral private.desk_filter_values(e.r, e.tabs, e.flags) as f
		where e.misses <@ array[f.name] and f.value is not null
		group by f.name, f.value
		union all
		select 'answer', a.field_id || ':' || v, count(*)
		from every as e
		join private.logistics_answers as a on a.registration_id = (e.r).id
			and a.field_id in (select q.id from private.readable_questions(list_registrations.summit) as q)
		cross join unnest(a.value) as v
		where e.misses <@ '{answer}'
		group by a.field_id, v
		union all
		select 'answer', s.field_id || ':' || s.state, count(*)
		from private.list_file_states(list_registrations.summit) as s
		join every as e on (e.r).id = s.registration_id
		where e.misses <@ '{answer}'
		group by s.field_id, s.state
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'start', (select n from begin),
		'rows', (select coalesce(jsonb_agg(private.desk_row_json(page.r) order by page.n), '[]') from page),
		'next', (
			select page.key
			from page, asked
			where (select count(*) from found) > (select max(p.n) from page as p)
			order by page.n desc
			limit 1),
		'previous', case when (select n from begin) > 0
			then coalesce((select found.key from found, begin, asked where found.n = begin.n - asked.size), '') end,
		'facets', (
			select coalesce(jsonb_object_agg(f.name, f.counts), '{}')
			from (select x.name, jsonb_object_agg(x.value, x.count) as counts from facets as x group by x.name) as f),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select (e.r).state::text as state, count(*) from every as e group by 1) as c)
			|| (
				select jsonb_build_object(
					'to_decide', count(*) filter (where 'decide' = any (e.tabs)),
					'queued', count(*) filter (where (e.r).is_queued),
					'guardians', count(*) filter (where (e.r).wants_guardian),
					'requests', count(*) filter (where 'unlisted' = any (e.flags)))
				from every as e),
		'pools', (
			select coalesce(jsonb_object_agg(p.id, p.name), '{}')
			from public.pools as p
			where p.summit_id = list_registrations.summit),
		'member', private.summit_member_name(list_registrations.summit, private.parse_uuid(filters ->> 'member')),
		'aim_days', (
			select s.aim_days from public.accreditation_settings as s where s.summit_id = list_registrations.summit))
	where private.has_role(list_registrations.summit, 'registration')
$$;

-- All rows that the filters find, for a file: names as they are shown, the answers to questions that the reader may
-- read and that are not sealed, whether files were given, no notes and no addresses. Null for all but
-- registration organisers. The audit keeps a note with the filters, but not the words of a query: they may be a name.
create or replace function public.export_registrations(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
	v_rows jsonb;
begin
	if not private.has_role(export_registrations.summit, 'registration') then return null; end if;
	perform private.require_confirmation();
	with stated as (
		select s.registration_id, jsonb_object_agg(s.field_id, array[s.state]) as answers
		from private.list_file_states(export_registrations.summit) as s
		group by s.registration_id
	)
	select coalesce(jsonb_agg(
		private.desk_row_json(d) - 'notes'
			|| jsonb_build_object('affiliation', d.affiliation, 'flags', private.desk_flags(d), 'answers', (
				select coalesce(jsonb_object_agg(a.field_id, a.value), '{}')
				from private.logistics_answers as a
				join private.readable_questions(export_registrations.summit) as q on q.id = a.field_id
				where a.registration_id = d.id) || coalesce(stated.answers, '{}'))
		order by private.desk_sort_key(d, filters ->> 'sort') collate "C"), '[]')
	into v_rows
	from private.list_desk_rows(export_registrations.summit) as d
	left join stated on stated.registration_id = d.id
	where private.failed_desk_filters(d, private.desk_tabs(d), private.desk_flags(d), filters, v_words) = '{}';
	perform audit.record_event('details.read', q.id::text, export_registrations.summit, null,
		jsonb_build_object('field', q.key, 'rows', jsonb_array_length(v_rows)))
	from private.readable_questions(export_registrations.summit) as q;
	perform audit.record_event('registrations.exported', '', export_registrations.summit, null, jsonb_build_object(
		'rows', jsonb_array_length(v_rows),
		'filters', case jsonb_typeof(filters) when 'object' then filters - 'query' else '{}' end
			|| case when v_words <> '{}' then '{"query": true}'::jsonb else '{}' end));
	return v_rows;
end
$$;

-- The files that a person uploaded, as far as they are kept: [{object, name, sealed}]. Those that answer a question are
-- sealed ({field, answer_sealed, file_key_sealed, key_id}), with their name.
create or replace function private.files_of(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('object', f.object, 'name', f.name, 'sealed', f.sealed) order by f.at, f.object), '[]')
	from (
		select v.object_name as object, v.shown_name as name, null::jsonb as sealed, v.uploaded_at as at
		from private.file_versions as v
		where v.uploaded_by = p_person
		union all
		select p.large_object, 'portrait.' || split_part(o.media_type, '/', 2), null, p.created_at
		from private.portraits as p
		join private.stored_objects as o on o.name = p.large_object
		where p.person_id = p_person
		union all
		select a.object_name, '', jsonb_build_object('field', a.field_id, 'key_id', a.key_id,
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'file_key_sealed', encode(a.file_key_sealed, 'hex')),
			a.answered_at
		from private.logistics_answers as a
		join public.registrations as r on r.id = a.registration_id and r.person_id = p_person
		where a.object_name is not null) as f
	join private.stored_objects as o on o.name = f.object and o.state = 'kept' and o.scan <> 'refused'
$$;

-- The object of an answer is deleted when the answer is deleted or gets another.
create function private.mark_answer_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name);
	return null;
end
$$;
create trigger mark_deleted_file after delete on private.logistics_answers
	for each row when (old.object_name is not null) execute function private.mark_answer_object_deletable();
create trigger mark_replaced_file after update of object_name on private.logistics_answers
	for each row when (old.object_name is not null and old.object_name is distinct from new.object_name)
	execute function private.mark_answer_object_deletable();

-- Returns the registration whose file the reader gave in answer to a question; null where there is none.
create function public.open_own_file(summit uuid, field uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select r.id
	from public.registrations as r
	join private.logistics_answers as a on a.registration_id = r.id and a.object_name is not null
	where r.summit_id = open_own_file.summit
		and r.person_id = (select private.me())
		and a.field_id = open_own_file.field
$$;
grant execute on function public.open_own_file(uuid, uuid) to authenticated;

-- Returns the registration whose file the roles that the question names may open: {registration, key: of the question}; null
-- for everybody else, where there is none, and for people under an alias. The audit records the reading, and of whom.
create function public.open_answer_file(summit uuid, field uuid, reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found record;
begin
	select r.id, f.key into v_found
	from public.logistics_fields as f
	join public.registrations as r on r.summit_id = f.summit_id
		and r.reference = open_answer_file.reference
		and r.state <> 'draft'
	join private.logistics_answers as a on a.registration_id = r.id and a.field_id = f.id and a.object_name is not null
	where f.id = open_answer_file.field
		and f.summit_id = open_answer_file.summit
		and f.retired_at is null
		and private.may_read_logistics_field(f)
		and private.is_logistics_field_asked(f, r)
		and not (f.is_identity and private.has_alias(r.person_id));
	if not found then return null; end if;
	perform audit.record_event('details.read', field::text, summit, null,
		jsonb_build_object('field', v_found.key, 'rows', 1, 'registrations', jsonb_build_array(v_found.id)));
	return jsonb_build_object('registration', v_found.id, 'key', v_found.key);
end
$$;
grant execute on function public.open_answer_file(uuid, uuid, text) to authenticated;

-- What the app needs to open a file, as far as the store has it. The caller has checked who reads it.
create function private.sealed_file(p_registration uuid, p_field uuid)
	returns table (object_name text, answer_sealed text, file_key_sealed text, key_id text)
language sql stable security definer set search_path = '' as $$
	select a.object_name, encode(a.answer_sealed, 'hex'), encode(a.file_key_sealed, 'hex'), a.key_id
	from private.logistics_answers as a
	join private.stored_objects as o on o.name = a.object_name and o.state = 'kept'
	where a.registration_id = p_registration and a.field_id = p_field
$$;
grant execute on function private.sealed_file(uuid, uuid) to app_server;
