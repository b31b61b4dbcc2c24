-- Badges show one line from an answer, for example pronouns: an owner chooses the question.

alter table public.logistics_fields add column on_badge boolean not null default false;
alter table public.logistics_fields add constraint badge_kinds
	check (not on_badge or not is_sealed and kind in ('choice', 'choices'));
create unique index logistics_fields_one_on_badge on public.logistics_fields (summit_id) where on_badge;
update private.audited_tables set shown = shown || '{on_badge}' where name = 'public.logistics_fields';
alter table public.badges add column changed_at timestamptz;
update private.copied_tables set columns = columns || '{changed_at}' where name = 'public.badges';

-- Returns the labels of the answer that the badge of a registration shows; none without one.
create function private.badge_line(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(c.choice -> 'label' order by c.place), '[]')
	from public.logistics_fields as f
	join private.logistics_answers as a on a.field_id = f.id and a.registration_id = r.id
	cross join jsonb_array_elements(f.choices) with ordinality as c (choice, place)
	where f.summit_id = r.summit_id and f.on_badge and c.choice ->> 'key' = any (a.value)
$$;

-- Marks the badges that show answers to a question as changed. Locks them in the order of their ids.
create function private.mark_badges_changed(f public.logistics_fields) returns void
language sql volatile security definer set search_path = '' as $$
	update public.badges as b
	set changed_at = clock_timestamp()
	where b.id in (
		select o.id
		from public.badges as o
		join private.logistics_answers as a on a.registration_id = o.registration_id and a.field_id = f.id
		where o.summit_id = f.summit_id and o.revoked_at is null
		order by o.id
		for no key update of o)
$$;

-- Marks the badge of a registration whose answer on it changed.
create function private.mark_changed_answer() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and new.value is not distinct from old.value then return null; end if;
	update public.badges as b
	set changed_at = clock_timestamp()
	from public.logistics_fields as f
	where f.id = coalesce(new.field_id, old.field_id)
		and f.on_badge
		and b.registration_id = coalesce(new.registration_id, old.registration_id)
		and b.revoked_at is null;
	return null;
end
$$;
create trigger mark_changed_answer after insert or update or delete on private.logistics_answers
	for each row execute function private.mark_changed_answer();

-- The answer to choosing the question. `unsuitable`: its answers are sealed, or no choices; `answered`: who answered did
-- not know that badges show it.
create domain public.badge_question_status as text check (value in ('ok', 'not_allowed', 'unsuitable', 'answered'));

-- Chooses, for owners, the question whose answer badges show; none with null. The lock is that of saving a question.
create function public.set_badge_question(summit uuid, field uuid default null) returns public.badge_question_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select * into v_field
	from public.logistics_fields as f
	where f.id = field and f.summit_id = set_badge_question.summit and f.retired_at is null;
	if v_field.on_badge then return 'ok'; end if;
	if field is not null and (v_field.id is null or v_field.is_sealed or v_field.kind not in ('choice', 'choices')) then
		return 'unsuitable';
	end if;
	if exists (select from private.logistics_answers as a where a.field_id = v_field.id) then return 'answered'; end if;
	perform private.mark_badges_changed(f)
	from public.logistics_fields as f
	where f.summit_id = set_badge_question.summit and f.on_badge;
	update public.logistics_fields as f
	set on_badge = false, version = f.version + 1
	where f.summit_id = set_badge_question.summit and f.on_badge;
	update public.logistics_fields as f set on_badge = true, version = f.version + 1 where f.id = v_field.id;
	return 'ok';
end
$$;
grant execute on function public.set_badge_question(uuid, uuid) to authenticated;

drop function private.printable_badges(uuid, jsonb);
-- Returns the valid badges with what is printed on them: the display record only, so that an alias looks like any name.
-- Filters: badges (ids), query, category, member, printed (yes | no), since (issued at that time or later). Filtering
-- by member leaves out people under an alias. `line`: the labels of the answer that badges show. A print from before that
-- changed does not count as printed.
create function private.printable_badges(p_summit uuid, f jsonb)
	returns table (badge uuid, registration uuid, badge_code text, issued_at timestamptz, display_name text,
		office text,
		affiliation text, country text, category public.registration_category, languages text[],
		no_photographs boolean, prints bigint, printed_at timestamptz, printed_by text,
		line jsonb)
language sql stable security definer set search_path = '' as $$
	select b.id, r.id, b.badge_code, b.issued_at, p.display_name, p.office, p.affiliation, p.country, r.category,
		r.languages, private.forbids_photographs(p.id, r.id),
		(select count(*) from public.badge_prints as x where x.badge_id = b.id), last.printed_at, last.display_name,
		private.badge_line(r)
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id and r.state = 'confirmed' and r.mode = 'in_person'
	join public.people as p on p.id = r.person_id
	left join lateral (
		select x.printed_at, a.display_name
		from public.badge_prints as x
		left join public.people as a on a.id = x.printed_by
		where x.badge_id = b.id and x.printed_at >= coalesce(b.changed_at, '-infinity')
		order by x.printed_at desc
		limit 1) as last on true
	where b.summit_id = p_summit
		and b.revoked_at is null
		and (not f ? 'badges' or f -> 'badges' ? b.id::text)
		and (coalesce(f ->> 'category', '') = '' or r.category::text = f ->> 'category')
		and (coalesce(f ->> 'member', '') = ''
			or r.member_id = private.parse_uuid(f ->> 'member') and not private.has_alias(p.id))
		and (coalesce(f ->> 'printed', '') = '' or (f ->> 'printed' = 'yes') = (last.printed_at is not null))
		and (coalesce(f ->> 'since', '') = '' or b.issued_at >= private.parse_instant(f ->> 'since'))
		and (private.desk_search_patterns(f ->> 'query') = '{}'
			or private.fold_for_search(concat_ws(' ', p.display_name, r.reference, p.affiliation))
				like all (private.desk_search_patterns(f ->> 'query')))
$$;

-- Returns, for registration, a page of the badges that the filters find, by name: {total, unprinted (of the whole
-- Summit), rows, members: [{id, name}] to filter by}; null when not allowed. The badge code is left out.
create or replace function public.list_badges(summit uuid, filters jsonb default '{}', page integer default 1,
	page_size integer default 50) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as materialized (
		select b as one, row_number() over (order by private.fold_for_search(b.display_name), b.badge) as n
		from private.printable_badges(list_badges.summit, list_badges.filters) as b
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'unprinted', (
			select count(*)
			from public.badges as b
			join public.registrations as r on r.id = b.registration_id
				and r.state = 'confirmed'
				and r.mode = 'in_person'
			where b.summit_id = list_badges.summit
				and b.revoked_at is null
				and not exists (
					select from public.badge_prints as x
					where x.badge_id = b.id and x.printed_at >= coalesce(b.changed_at, '-infinity'))),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(f.one) - array['badge_code', 'office', 'country', 'languages', 'line']
				|| jsonb_build_object('issued_at', private.iso((f.one).issued_at),
					'printed_at', private.iso((f.one).printed_at))
				order by f.n), '[]')
			from found as f
			where f.n > (greatest(page, 1) - 1) * page_size and f.n <= greatest(page, 1) * page_size),
		'members', (
			select coalesce(jsonb_agg(
				jsonb_build_object('id', m.id, 'name', m.name) order by private.fold_for_search(m.name), m.id), '[]')
			from public.summit_members as sm
			join public.members as m on m.id = sm.member_id
			where sm.summit_id = list_badges.summit and sm.standing in ('active', 'observer')))
	where private.has_role(list_badges.summit, 'registration')
$$;

-- Returns, for registration, what is printed, by name, 1,000 badges at most: [{badge, badge code, display_name, office,
-- affiliation, country, category, languages, no_photographs, line}]; null when not allowed.
create or replace function public.list_badges_to_print(summit uuid, filters jsonb default '{}') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		to_jsonb(b) - array['registration', 'issued_at', 'prints', 'printed_at', 'printed_by']
		order by private.fold_for_search(b.display_name), b.badge), '[]')
	from (
		select *
		from private.printable_badges(list_badges_to_print.summit, list_badges_to_print.filters)
		order by private.fold_for_search(display_name), badge
		limit 1000) as b
	where private.has_role(list_badges_to_print.summit, 'registration')
	having private.has_role(list_badges_to_print.summit, 'registration')
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
		team = excluded.team, need_values = excluded.need_values, in_mail = excluded.in_mail;
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

-- Retires a field: it is no longer asked, and all its answers are erased; where there are none, this can be undone. A
-- question on which another one depends stays.
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

-- Returns the reader's own questions: {registration_id, is_open, due_at, version, fields: [{id, key, kind, label, help,
-- purpose, choices, is_required, for_host, on_badge, visible_to, form, depends_on, depends_values, is_sealed,
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
				'depends_values', f.depends_values, 'is_sealed', f.is_sealed, 'need_values', f.need_values,
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
