-- Questions of both forms: kinds, sectors, conditions, and answers that the database reads.

alter table public.logistics_fields
	add column form text not null default 'logistics' check (form in ('registration', 'logistics')),
	add column sectors public.sector[] not null default '{}',
	add column depends_on text,
	add column depends_values text[] not null default '{}',
	add column is_sealed boolean not null default true,
	add column version integer not null default 1,
	drop constraint logistics_fields_kind_check,
	add constraint logistics_fields_kind_check check (kind in (
		'text', 'long_text', 'choice', 'date', 'country', 'yes_no', 'choices', 'number', 'consent')),
	add foreign key (summit_id, depends_on) references public.logistics_fields (summit_id, key),
	add constraint depends_on_another check (depends_on is distinct from key and (depends_on is null) = (depends_values = '{}')),
	add constraint depends_values_one_line check (private.are_one_line(depends_values)),
	add constraint sealed_kinds check (is_sealed or not is_identity and not for_host and kind not in ('text', 'long_text'));
create index on public.logistics_fields (summit_id, depends_on);

alter table private.logistics_answers
	alter column answer_sealed drop not null,
	alter column key_id drop not null,
	add column value text[],
	add constraint sealed_or_value check (
		num_nonnulls(answer_sealed, value) = 1 and (answer_sealed is null) = (key_id is null) and value <> '{}');

update private.audited_tables
set shown = '{key,label,help,purpose,kind,categories,modes,is_required,is_identity,for_host,visible_to,erase_days,retired_at,form,sectors,depends_on,depends_values,is_sealed}'
where name = 'public.logistics_fields';
update private.copied_tables set columns = '{answered_at,field_id,answer_sealed,value}'
where name = 'private.logistics_answers';

-- Retiring a question. Needed: another question depends on it.
create domain public.field_retirement_status as text check (value in ('ok', 'not_found', 'needed'));

drop function public.save_logistics_answers(uuid, jsonb);
drop function public.retire_logistics_field(uuid, uuid);

-- Returns the sector of the member of a registration as it counts at the Summit, or of the member that it asks for.
create or replace function private.registration_sector(r public.registrations) returns public.sector
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select sm.sector from public.summit_members as sm where sm.summit_id = r.summit_id and sm.member_id = r.member_id),
		(select q.sector from public.member_requests as q where q.registration_id = r.id and q.state = 'open'))
$$;

-- Returns the keys of choices.
create or replace function private.choice_keys(p_choices jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array(select c ->> 'key' from jsonb_array_elements(p_choices) as c)
$$;

-- Returns the texts of a JSON list; none for anything else.
create or replace function private.text_array(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array(select jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end))
$$;

-- Returns whether a registration is asked this question by its state, category, mode and sector, whatever it answered
-- to others.
create or replace function private.is_logistics_field_asked(f public.logistics_fields, r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select f.summit_id = r.summit_id
		and f.retired_at is null
		and case f.form
			when 'logistics' then r.state = 'confirmed'
			else r.state not in ('declined', 'withdrawn', 'expired') end
		and (f.categories = '{}' or r.category = any (f.categories))
		and (f.modes = '{}' or r.mode = any (f.modes))
		and (f.sectors = '{}' or private.registration_sector(r) = any (f.sectors))
$$;

-- Returns whether the answer that a question depends on is one of those that it names.
create or replace function private.is_logistics_condition_met(f public.logistics_fields, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select f.depends_on is null or exists (
		select from public.logistics_fields as o
		join private.logistics_answers as a on a.field_id = o.id and a.registration_id = p_registration
		where o.summit_id = f.summit_id
			and o.key = f.depends_on
			and o.retired_at is null
			and a.value && f.depends_values)
$$;

-- Returns whether values fit a question whose answers the database reads.
create or replace function private.is_answer_valid(f public.logistics_fields, p_value text[]) returns boolean
language sql immutable set search_path = '' as $$
	select p_value <> '{}'
		and array_position(p_value, null) is null
		and (f.kind = 'choices' or cardinality(p_value) = 1)
		and case f.kind
			when 'choice' then p_value <@ private.choice_keys(f.choices)
			when 'choices' then p_value <@ private.choice_keys(f.choices)
				and cardinality(p_value) = (select count(distinct v) from unnest(p_value) as v)
			when 'yes_no' then p_value <@ '{yes,no}'
			when 'consent' then p_value = '{yes}'
			when 'number' then p_value[1] ~ '^-?[0-9]{1,9}(\.[0-9]{1,2})?$'
			when 'date' then p_value[1] ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' and private.parse_day(p_value[1]) is not null
			when 'country' then p_value[1] ~ '^[A-Z]{2}$'
			else false end
$$;

-- Deletes the answers of a registration to questions whose condition is not met, and with `p_asked` those to questions
-- that it is no longer asked; then those that depended on what was deleted. Returns how many. The caller has locked the
-- registration.
create or replace function private.delete_unasked_answers(r public.registrations, p_asked boolean) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
	v_all integer := 0;
begin
	loop
		delete from private.logistics_answers as a
		using public.logistics_fields as f
		where a.registration_id = r.id
			and f.id = a.field_id
			and (p_asked and not private.is_logistics_field_asked(f, r)
				or not private.is_logistics_condition_met(f, r.id));
		get diagnostics v_count = row_count;
		exit when v_count = 0;
		v_all := v_all + v_count;
	end loop;
	return v_all;
end
$$;

-- Returns what tells one state of the answers of a registration from another.
create or replace function private.answers_version(p_registration uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(string_agg(a.field_id || ' ' || extract(epoch from a.answered_at), ' ' order by a.field_id), ''))
	from private.logistics_answers as a
	where a.registration_id = p_registration
$$;

-- Returns why a condition cannot hold: `depends_on`, where the other question is not asked, not of the same or an earlier
-- form, has answers that the database cannot read or values that it does not have, or depends on this one itself.
create or replace function private.condition_faults(f public.logistics_fields) returns text[]
language sql stable security definer set search_path = '' as $$
	with recursive others as (
		select o.* from public.logistics_fields as o where o.summit_id = f.summit_id and o.key = f.depends_on
		union
		select o.*
		from others as t
		join public.logistics_fields as o on o.summit_id = t.summit_id and o.key = t.depends_on
	)
	select case when f.depends_on is not null and not exists (
			select from others as o
			where o.key = f.depends_on
				and o.retired_at is null
				and (o.form = f.form or o.form = 'registration')
				and not o.is_sealed
				and f.depends_values <@ case o.kind
					when 'yes_no' then '{yes,no}'
					when 'consent' then '{yes}'
					else private.choice_keys(o.choices) end)
			or exists (select from others as o where o.key = f.key)
		then '{depends_on}' else '{}' end::text[]
$$;

-- Returns what a change would break of what is relied on: once somebody has answered, what they were promised (no
-- further roles that may read it, no later erasure, no other purpose or kind, not sent to the host state, not less
-- protected) and the choices that were chosen (all of them, where answers are sealed); and, at any time, the values on
-- which another question depends.
create or replace function private.broken_promises(p_old public.logistics_fields, p_new public.logistics_fields) returns text[]
language sql stable security definer set search_path = '' as $$
	with answers as (
		select a.value from private.logistics_answers as a where a.field_id = p_old.id
	)
	select case when exists (select from answers) then array_remove(array[
			case when not p_new.visible_to <@ p_old.visible_to then 'visible_to' end,
			case when p_new.erase_days > p_old.erase_days then 'erase_days' end,
			case when p_new.purpose is distinct from p_old.purpose then 'purpose' end,
			case when p_new.kind <> p_old.kind then 'kind' end,
			case when p_new.for_host and not p_old.for_host then 'for_host' end,
			case when p_old.is_identity and not p_new.is_identity then 'is_identity' end,
			case when p_new.is_sealed <> p_old.is_sealed then 'is_sealed' end,
			case when p_old.kind in ('choice', 'choices')
				and not private.choice_keys(p_old.choices) <@ private.choice_keys(p_new.choices)
				and (p_old.is_sealed
					or exists (select from answers where not value <@ private.choice_keys(p_new.choices)))
				then 'choices' end], null) else '{}' end
		|| array(
			select distinct 'depends_on'
			from public.logistics_fields as d
			where d.summit_id = p_old.summit_id
				and d.depends_on = p_old.key
				and d.retired_at is null
				and (p_new.is_sealed
					or p_new.form = 'logistics' and d.form = 'registration'
					or not d.depends_values <@ case p_new.kind
						when 'yes_no' then '{yes,no}'
						when 'consent' then '{yes}'
						else private.choice_keys(p_new.choices) end))
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
				'text', 'long_text', 'choice', 'date', 'country', 'yes_no', 'choices', 'number', 'consent')
			then 'kind' end,
		case when coalesce(p ->> 'form', 'logistics') not in ('registration', 'logistics') then 'form' end,
		case when coalesce(p ->> 'is_sealed', 'true') = 'false' and (p ->> 'kind' in ('text', 'long_text')
				or 'true' in (p ->> 'is_identity', p ->> 'for_host'))
			then 'is_sealed' end,
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
				else jsonb_typeof(each.value -> 'value') is distinct from 'array'
					or not private.is_answer_valid(f, private.text_array(each.value -> 'value')) end)
$$;

-- Returns the required fields that a registration has not answered.
create or replace function private.missing_logistics_fields(r public.registrations) returns setof public.logistics_fields
language sql stable security definer set search_path = '' as $$
	select f.*
	from public.logistics_fields as f
	where f.summit_id = r.summit_id
		and private.is_logistics_field_asked(f, r)
		and f.is_required
		and private.is_logistics_condition_met(f, r.id)
		and not exists (select from private.logistics_answers as a where a.registration_id = r.id and a.field_id = f.id)
	order by f.form = 'logistics', f.position, f.key
$$;

-- What the form still lacks, as keys that the page translates: display_name, member, guardian, code_of_conduct,
-- question:<key>, consent:<key>. A delegate without a member needs an open request for one.
create or replace function private.missing_registration_fields(p_r public.registrations) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case
			when (select person.display_name from public.people as person where person.id = p_r.person_id) = ''
				then 'display_name'
		end,
		case
			when p_r.category = 'delegate'
				and p_r.member_id is null
				and not exists (select from public.member_requests as q
					where q.registration_id = p_r.id and q.state = 'open')
				then 'member'
		end,
		case when p_r.is_minor and (p_r.guardian_id is null or p_r.guardian_consent_at is null) then 'guardian' end,
		case when p_r.code_of_conduct_at is null then 'code_of_conduct' end], null)
	|| array(select 'question:' || f.key from private.missing_logistics_fields(p_r) as f)
	|| array(
		select 'consent:' || i.key
		from public.consent_items as i
		where i.summit_id = p_r.summit_id
			and i.is_required
			and not exists (select from public.consents as c
				where c.registration_id = p_r.id
					and c.item_id = i.id
					and c.given_at is not null
					and c.withdrawn_at is null)
		order by i.position)
$$;

-- Returns the reader's own questions: {registration_id, is_open, due_at, version, fields: [{id, key, kind, label, help,
-- purpose, choices, is_required, for_host, visible_to, form, depends_on, depends_values, is_sealed, erased_on,
-- answer_sealed (hex), key_id, value}], missing: [keys]}; null if nothing is asked. Questions whose condition is not met
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
				'depends_values', f.depends_values, 'is_sealed', f.is_sealed,
				'for_host', f.for_host and not private.has_alias(r.person_id),
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
grant execute on function public.my_logistics_form(uuid) to authenticated;

-- Saves answers: {field id: {sealed (hex), key_id}, {value: [texts]} or null (deletes)}; a field that is not named keeps
-- its answer. `shown`: the version that the page showed; answers that were changed since are not overwritten. Answers
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
	insert into private.logistics_answers as a (registration_id, field_id, answer_sealed, key_id, value)
	select v_r.id, f.id,
		case when f.is_sealed then decode(each.value ->> 'sealed', 'hex') end,
		case when f.is_sealed then each.value ->> 'key_id' end,
		case when not f.is_sealed then private.text_array(each.value -> 'value') end
	from jsonb_each(answers) as each
	join public.logistics_fields as f on f.id = private.parse_uuid(each.key)
	where each.value <> 'null'
	on conflict (registration_id, field_id) do update
	set answer_sealed = excluded.answer_sealed, key_id = excluded.key_id, value = excluded.value,
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
grant execute on function public.save_logistics_answers(uuid, jsonb, text) to authenticated;

-- Erases at once the answers that no longer apply: all of a person who leaves, and for example the visa answers of a
-- person who changes to virtual. No law asks us to keep any of it; what must be kept of payments is with the invoices.
-- A person who becomes confirmed gets the mail that asks them to fill in the form, once.
create or replace function private.sync_logistics_answers() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_count integer;
begin
	if new.state not in ('confirmed', 'awaiting_payment', 'accredited')
		or (new.mode, new.category, new.member_id) is distinct from (old.mode, old.category, old.member_id) then
		v_count := private.delete_unasked_answers(new, true);
		if v_count > 0 then
			perform audit.record_event('details.erased', new.id::text, new.summit_id, new.person_id,
				jsonb_build_object('fields', v_count));
		end if;
	end if;
	if new.state = 'confirmed' and exists (
		select from public.logistics_fields as f
		where f.summit_id = new.summit_id and f.form = 'logistics' and private.is_logistics_field_asked(f, new)) then
		insert into private.logistics_reminders (registration_id, kind)
		values (new.id, 'asked')
		on conflict do nothing;
		if found then
			perform private.mail_about(new, 'logistics_requested', jsonb_build_object('due_at', (
				select private.iso(s.logistics_due_at) from public.summits as s where s.id = new.summit_id)));
		end if;
	end if;
	return null;
end
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
			"sectors": [], "depends_values": [], "is_sealed": true}'::jsonb
			|| jsonb_strip_nulls(field - array['id', 'summit_id', 'retired_at'])
			|| jsonb_build_object('id', coalesce(v_old.id, gen_random_uuid()), 'summit_id', summit,
				'version', coalesce(v_old.version, 0) + 1));
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
		depends_values = excluded.depends_values, is_sealed = excluded.is_sealed, version = excluded.version;
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
grant execute on function public.save_logistics_field(uuid, jsonb) to authenticated;

-- Moves a question one place up or down within its form. The lock is that of saving. Returns ok or not_found.
create or replace function public.move_logistics_field(summit uuid, field uuid, is_up boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	update public.logistics_fields as f
	set position = n.place
	from (
		select o.id, row_number() over (partition by o.form order by w.place + case
			when o.id <> move_logistics_field.field then 0 when is_up then -1.5 else 1.5 end) as place
		from public.logistics_fields as o
		join (
			select x.id, row_number() over (partition by x.form order by x.position, x.key) as place
			from public.logistics_fields as x
			where x.summit_id = move_logistics_field.summit and x.retired_at is null) as w on w.id = o.id) as n
	where f.id = n.id and f.position <> n.place;
	return case when exists (
		select from public.logistics_fields as f
		where f.id = field and f.summit_id = summit and f.retired_at is null) then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.move_logistics_field(uuid, uuid, boolean) to authenticated;

-- Retires a field: it is no longer asked, and all its answers are erased. A question on which another one depends stays.
-- The lock is that of saving. Returns ok, not_found or needed.
create or replace function public.retire_logistics_field(summit uuid, field uuid) returns public.field_retirement_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key text;
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select f.key into v_key
	from public.logistics_fields as f
	where f.id = field and f.summit_id = summit and f.retired_at is null;
	if not found then return 'not_found'; end if;
	if exists (
		select from public.logistics_fields as d
		where d.summit_id = summit and d.depends_on = v_key and d.retired_at is null) then
		return 'needed';
	end if;
	update public.logistics_fields as f set retired_at = now(), depends_on = null, depends_values = '{}'
	where f.id = field;
	delete from private.logistics_answers as a where a.field_id = field;
	return 'ok';
end
$$;
grant execute on function public.retire_logistics_field(uuid, uuid) to authenticated;

-- Returns, for every organiser role, how far the logistics form is answered: {due_at, asked, complete, total,
-- may_change, fields: [{…, answers, may_read}], rows: [{id, reference, display_name, member, category, mode, missing:
-- [labels], reminded_at}]}; null for others. `rows` (for registration only) are the people who have not answered all.
create or replace function public.read_logistics_overview(summit uuid, page_size integer default 50, page_start integer default 0)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select r.id, r as reg, (
			select jsonb_agg(f.label order by f.position) from private.missing_logistics_fields(r) as f) as missing
		from public.registrations as r
		where r.summit_id = read_logistics_overview.summit
			and r.state = 'confirmed'
			and exists (
				select from public.logistics_fields as f
				where f.summit_id = r.summit_id and private.is_logistics_field_asked(f, r))
	), owing as (
		select *
		from asked
		where missing is not null and private.has_role(read_logistics_overview.summit, 'registration')
	)
	select jsonb_build_object(
		'due_at', private.iso((
			select s.logistics_due_at from public.summits as s where s.id = read_logistics_overview.summit)),
		'asked', (select count(*) from asked),
		'complete', (select count(*) from asked where missing is null),
		'total', (select count(*) from owing),
		'may_change', private.has_role(read_logistics_overview.summit, 'registration'),
		'fields', (
			select coalesce(jsonb_agg(to_jsonb(f) - array['summit_id', 'retired_at'] || jsonb_build_object(
				'may_read', private.may_read_logistics_field(f),
				'answers', (select count(*) from private.logistics_answers as a where a.field_id = f.id))
				order by f.form = 'logistics', f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.summit_id = read_logistics_overview.summit and f.retired_at is null),
		'rows', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', o.id, 'reference', (o.reg).reference, 'display_name', p.display_name,
				'category', (o.reg).category, 'mode', (o.reg).mode,
				'member', (
					select m.name
					from public.members as m
					where m.id = (o.reg).member_id and not private.has_alias(p.id)),
				'missing', o.missing,
				'reminded_at', (
					select private.iso(max(d.at)) from private.logistics_reminders as d where d.registration_id = o.id))
				order by p.display_name, o.id), '[]')
			from (
				select *
				from owing
				order by (reg).id
				limit greatest(1, least(page_size, 200)) offset greatest(page_start, 0)) as o
			join public.people as p on p.id = (o.reg).person_id))
	where private.has_role(read_logistics_overview.summit, 'registration', 'programme', 'finance', 'stage', 'door',
		'safeguarding')
$$;
grant execute on function public.read_logistics_overview(uuid, integer, integer) to authenticated;

-- Returns the answers to one field, for the roles that it names: {status: ok | not_found, field, withheld, rows:
-- [{reference, display_name, mode, member, answer_sealed, key_id, value}]}. The audit records the reading. Answers that reveal
-- who a person under an alias is are withheld, and only counted.
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
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id, 'value', a.value)
			order by p.display_name, r.id) filter (where not (v_field.is_identity and private.has_alias(p.id))), '[]'),
		count(*) filter (where v_field.is_identity and private.has_alias(p.id))
	into v_rows, v_withheld
	from private.logistics_answers as a
	join public.registrations as r on r.id = a.registration_id
	join public.people as p on p.id = r.person_id
	where a.field_id = field and private.is_logistics_field_asked(v_field, r) and r.state <> 'draft';
	perform audit.record_event('details.read', field::text, summit, null,
		jsonb_build_object('field', v_field.key, 'rows', jsonb_array_length(v_rows)));
	return jsonb_build_object('status', 'ok', 'withheld', v_withheld, 'rows', v_rows,
		'field', to_jsonb(v_field) - array['summit_id', 'retired_at']);
end
$$;
grant execute on function public.read_logistics_answers(uuid, uuid) to authenticated;

-- The confirmed registrations whose logistics form lacks a required answer.
create or replace function private.list_incomplete_logistics(p_summit uuid) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	if not exists (select from public.logistics_fields as f
		where f.summit_id = p_summit and f.is_required and f.retired_at is null)
	then
		return;
	end if;
	return query select distinct r.id
	from public.logistics_fields as f
	join public.registrations as r on r.summit_id = f.summit_id
		and r.state = 'confirmed'
		and private.is_logistics_field_asked(f, r)
	where f.summit_id = p_summit
		and f.is_required
		and private.is_logistics_condition_met(f, r.id)
		and not exists (select from private.logistics_answers as a
			where a.registration_id = r.id and a.field_id = f.id);
end
$$;

drop trigger ensure_logistics_answers on public.registrations;
create trigger ensure_logistics_answers after update of state, mode, category, member_id on public.registrations
	for each row when ((old.state, old.mode, old.category, old.member_id)
		is distinct from (new.state, new.mode, new.category, new.member_id))
	execute function private.sync_logistics_answers();
