-- The questions of both forms for organisers: the questions, who has not answered, and the answers to a question for the
-- roles that it names.

-- Returns the invalid keys of a field definition.
create function private.invalid_logistics_field_keys(p jsonb) returns text[]
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
create function public.save_logistics_field(summit uuid, field jsonb) returns jsonb
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
grant execute on function public.save_logistics_field(uuid, jsonb) to authenticated;

-- Copies questions of another Summit, with those on which they depend, to the end of their form. One whose key this Summit
-- uses or used is skipped, and so is one whose condition fits no question here. Answers are never copied, nor which question
-- badges show. The lock is that of saving. Returns {status: ok | not_allowed, copied, skipped}.
create function public.copy_logistics_fields(summit uuid, source uuid, fields uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
	v_new public.logistics_fields;
	v_copied integer := 0;
	v_skipped integer := 0;
begin
	if not private.has_role(summit, 'registration') or source not in (select private.readable_summits()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	for v_field in
		with recursive wanted as (
			select f.id, f.depends_on, 0 as depth
			from public.logistics_fields as f
			where f.summit_id = source and f.id = any (fields[1:200]) and f.retired_at is null
			union
			select f.id, f.depends_on, w.depth + 1
			from wanted as w
			join public.logistics_fields as f on f.summit_id = source and f.key = w.depends_on and f.retired_at is null
			where w.depth < 10
		)
		-- A question comes after the one on which it depends.
		select f.*
		from public.logistics_fields as f
		join (select w.id, max(w.depth) as depth from wanted as w group by w.id) as o on o.id = f.id
		order by o.depth desc, f.position, f.key
	loop
		v_new := jsonb_populate_record(v_field, jsonb_build_object('id', gen_random_uuid(), 'summit_id', summit,
			'version', 1, 'on_badge', false, 'position', (
				select coalesce(max(o.position), 0) + 1
				from public.logistics_fields as o
				where o.summit_id = summit and o.form = v_field.form)));
		if exists (select from public.logistics_fields as o where o.summit_id = summit and o.key = v_field.key)
			or private.condition_faults(v_new) <> '{}' then
			v_skipped := v_skipped + 1;
		else
			insert into public.logistics_fields
			select v_new.*;
			v_copied := v_copied + 1;
		end if;
	end loop;
	return jsonb_build_object('status', 'ok', 'copied', v_copied, 'skipped', v_skipped);
end
$$;
grant execute on function public.copy_logistics_fields(uuid, uuid, uuid[]) to authenticated;

-- Moves a question one place up or down within its form. The lock is that of saving. Returns ok or not_found.
create function public.move_logistics_field(summit uuid, field uuid, is_up boolean) returns public.ok_or_not_found
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

-- Retires a field: it is no longer asked, and all its answers are erased; where there are none, this can be undone. A
-- question on which another one depends stays.
-- The lock is that of saving. Returns ok, not_found or needed.
create function public.retire_logistics_field(summit uuid, field uuid) returns public.field_retirement_status
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
	if not exists (select from private.logistics_answers as a where a.field_id = field) then
		perform private.begin_undoable(summit, 'question_retired',
			(select to_jsonb(f.label) from public.logistics_fields as f where f.id = field), 'registration');
	end if;
	perform private.mark_badges_changed(f) from public.logistics_fields as f where f.id = field and f.on_badge;
	update public.logistics_fields as f
	set retired_at = now(), depends_on = null, depends_values = '{}', on_badge = false
	where f.id = field;
	delete from private.logistics_answers as a where a.field_id = field;
	return 'ok';
end
$$;
grant execute on function public.retire_logistics_field(uuid, uuid) to authenticated;

-- Returns whether the reader has one of the roles that the field names. It does not use has_role, because an owner
-- passes that for most roles: here an owner reads no more than anybody else.
create function private.may_read_logistics_field(f public.logistics_fields) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = f.summit_id)
			and g.role = any (f.visible_to))
$$;

-- Returns the questions whose answers the reader may read, and the database too: those of the lists and their files.
create function private.readable_questions(p_summit uuid) returns setof public.logistics_fields
language sql stable security definer set search_path = '' as $$
	select f.*
	from public.logistics_fields as f
	where f.summit_id = p_summit
		and f.retired_at is null
		and not f.is_sealed
		and private.may_read_logistics_field(f)
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

-- Returns whether a registration gave an answer that the reader may read; `p_answer`: the id of the question and the
-- value, with a colon between them; of a file, given or missing.
create function private.has_answer(p_registration uuid, p_answer text) returns boolean
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

-- The questions whose answers the reader may read: [{id, label, kind, choices, is_sealed}]. All can be columns of the list
-- of registrations; those that are not sealed are filters too, and columns of its file. Files are both by whether they were
-- given.
create function public.list_readable_questions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'label', f.label, 'kind', f.kind, 'choices', f.choices,
		'is_sealed', f.is_sealed) order by f.form = 'logistics', f.position, f.key), '[]')
	from public.logistics_fields as f
	where f.summit_id = list_readable_questions.summit and f.retired_at is null and private.may_read_logistics_field(f)
$$;
grant execute on function public.list_readable_questions(uuid) to authenticated;

-- Returns the answers of these registrations to those of the questions that the reader may read: {registration:
-- {question: {answer_sealed, key_id, value}}}, without the answers that read_logistics_answers leaves out. The audit
-- records the reading of each question, and of whom. Of files only whether they were given: that is no reading.
create function public.read_listed_answers(summit uuid, registrations uuid[], questions uuid[]) returns jsonb
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
grant execute on function public.read_listed_answers(uuid, uuid[], uuid[]) to authenticated;

-- Returns, for every organiser role, how far the logistics form is answered: {due_at, asked, complete, total,
-- may_change, fields: [{…, answers, may_read}], rows: [{id, reference, display_name, member, category, mode, missing:
-- [labels], reminded_at}]}; null for others. `rows` (for registration only) are the people who have not answered all.
create function public.read_logistics_overview(summit uuid, page_size integer default 50, page_start integer default 0)
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
-- who a person under an alias is are withheld, and only counted. Of files only that they were given: opening one is the
-- reading (open_answer_file).
create function public.read_logistics_answers(summit uuid, field uuid) returns jsonb
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
grant execute on function public.read_logistics_answers(uuid, uuid) to authenticated;
