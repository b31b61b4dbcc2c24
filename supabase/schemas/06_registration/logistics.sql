-- What only the confirmed are asked. Each field says what it is for, who reads it and when it is erased; that was
-- promised, and is kept. Answers are sealed by the app.

create function private.field_applies(f public.detail_fields, r public.registrations) returns boolean
language sql immutable set search_path = '' as $$
	select f.summit_id = r.summit_id and f.retired_at is null and r.state = 'confirmed'
		and (f.categories = '{}' or r.category = any (f.categories)) and (f.modes = '{}' or r.mode = any (f.modes))
$$;

-- The first moment at which an answer may stand no more.
create function private.erased_at(f public.detail_fields) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (s.ends_on + f.erase_days + 1)::timestamp at time zone s.zone from public.summits as s
		where s.id = f.summit_id
$$;

create function private.missing_details(r public.registrations) returns setof public.detail_fields
language sql stable security definer set search_path = '' as $$
	select f.* from public.detail_fields as f
	where f.summit_id = r.summit_id and private.field_applies(f, r) and f.is_required
		and not exists (select from private.detail_answers as a where a.registration_id = r.id and a.field_id = f.id)
	order by f.position, f.key
$$;

-- The reader's own second form: {registration_id, is_open, due_at, fields: [{id, key, kind, label, help, purpose,
-- choices, is_required, for_host, readers, erased_on, answer_sealed (hex), key_id}], missing: [keys]}; null when there
-- is nothing to ask them. Nobody else fills it in.
create function public.my_details(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('registration_id', r.id, 'is_open', s.state in ('open', 'live'), 'due_at',
		private.iso(s.details_due_at),
		'missing', (select coalesce(jsonb_agg(f.key), '[]') from private.missing_details(r) as f),
		'fields', (select jsonb_agg(jsonb_build_object('id', f.id, 'key', f.key, 'kind', f.kind, 'label', f.label,
			'help', f.help, 'purpose', f.purpose,
			'choices', f.choices, 'is_required', f.is_required, 'for_host', f.for_host
				and not private.has_alias(r.person_id), 'readers',
				case when f.is_identity and private.has_alias(r.person_id) then '[]' else to_jsonb(f.readers) end,
			'erased_on', s.ends_on + f.erase_days, 'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id)
				order by f.position, f.key)
			from public.detail_fields as f left
				join private.detail_answers as a on a.field_id = f.id and a.registration_id = r.id
			where f.summit_id = r.summit_id and private.field_applies(f, r)))
	from public.registrations as r join public.summits as s on s.id = r.summit_id
	where r.summit_id = my_details.summit and r.person_id = private.me() and r.state = 'confirmed'
		and exists (select from public.detail_fields as f
			where f.summit_id = r.summit_id and private.field_applies(f, r))
$$;
grant execute on function public.my_details(uuid) to authenticated;

-- answers: {field id: {sealed (hex), key_id} or null}. What is not named stays. {status: ok | not_found | closed |
-- invalid, missing}
create function public.save_details(registration uuid, answers jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_count integer;
begin
	select * into v_r from public.registrations as r
		where r.id = registration and r.person_id = private.me() and r.state = 'confirmed' for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if not exists (select from public.summits as s where s.id = v_r.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	if jsonb_typeof(answers) is distinct from 'object' or exists (select from jsonb_each(answers) as each
		where not exists (select from public.detail_fields as f
			where f.id = private.as_uuid(each.key) and private.field_applies(f, v_r))
			or each.value <> 'null' and (coalesce(each.value ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
				or length(each.value ->> 'sealed') not between 56 and 40000
				or coalesce(each.value ->> 'key_id', '') = '')) then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.act_for(v_r.person_id);
	delete from private.detail_answers as a using jsonb_each(answers) as each
	where a.registration_id = v_r.id and a.field_id = private.as_uuid(each.key) and each.value = 'null';
	insert into private.detail_answers as a (registration_id, field_id, answer_sealed, key_id)
	select v_r.id, private.as_uuid(each.key), decode(each.value ->> 'sealed', 'hex'), each.value ->> 'key_id'
		from jsonb_each(answers) as each where each.value <> 'null'
	on conflict (registration_id, field_id) do update
		set answer_sealed = excluded.answer_sealed, key_id = excluded.key_id, answered_at = now();
	select count(*) into v_count from jsonb_each(answers);
	perform audit.note('details.saved', v_r.id::text, v_r.summit_id, v_r.person_id,
		jsonb_build_object('fields', v_count));
	perform private.tell_registration(v_r, 'details');
	return jsonb_build_object('status', 'ok', 'missing',
		(select coalesce(jsonb_agg(f.key), '[]') from private.missing_details(v_r) as f));
end
$$;
grant execute on function public.save_details(uuid, jsonb) to authenticated;

-- What no longer applies is erased at once: whoever leaves leaves nothing, and whoever goes online needs no visa. No
-- law asks us to keep any of it; what must be kept of money is with the invoices. Whoever is confirmed is asked.
create function private.follow_with_details() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_count integer;
begin
	if new.state not in ('confirmed', 'awaiting_payment', 'accredited') or (new.mode, new.category) is distinct
		from (old.mode, old.category) then
		delete from private.detail_answers as a using public.detail_fields as f
		where a.registration_id = new.id and f.id = a.field_id and not private.field_applies(f, new);
		get diagnostics v_count = row_count;
		if v_count > 0 then
			perform audit.note('details.erased', new.id::text, new.summit_id, new.person_id,
				jsonb_build_object('fields', v_count));
		end if;
	end if;
	if new.state = 'confirmed' and exists (select from public.detail_fields as f
		where f.summit_id = new.summit_id and private.field_applies(f, new)) then
		insert into private.detail_reminders (registration_id, kind) values (new.id, 'asked') on conflict do nothing;
		if found then
			perform private.mail_about(new, 'details_asked', jsonb_build_object('due_at',
				(select private.iso(s.details_due_at) from public.summits as s where s.id = new.summit_id)));
		end if;
	end if;
	return null;
end
$$;

create trigger follow_with_details after update of state, mode, category on public.registrations for each row
	when ((old.state, old.mode, old.category) is distinct from (new.state, new.mode, new.category))
		execute function private.follow_with_details();

-- Each minute: what was promised to be erased by now is, and who has not answered is reminded, a week and a day before
-- the deadline.
create function private.sweep_details(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_next record;
begin
	delete from private.detail_answers as a using public.detail_fields as f
		where f.id = a.field_id and private.erased_at(f) <= p_now;
	for v_next in
		select r.id, s.details_due_at as due, reminder.kind
		from public.summits as s
		cross join lateral (select case when s.details_due_at <= p_now + interval '1 day' then 'day'
			else 'week' end as kind) as reminder
		join public.registrations as r on r.summit_id = s.id and r.state = 'confirmed'
		where s.state in ('open', 'live') and s.details_due_at > p_now and s.details_due_at <= p_now + interval '7 days'
			and not exists (select from private.detail_reminders as d
				where d.registration_id = r.id and d.kind = reminder.kind)
			and exists (select from private.missing_details(r))
		order by r.id limit 200
	loop
		insert into private.detail_reminders (registration_id, kind, at) values (v_next.id, v_next.kind, p_now)
			on conflict do nothing;
		continue when not found;
		select * into v_r from public.registrations as r where r.id = v_next.id;
		perform private.mail_about(v_r, 'details_reminder', jsonb_build_object('due_at', private.iso(v_next.due)));
	end loop;
end
$$;

-- The second form for those who keep it: fields, who has not answered, and each field's answers for the roles that it
-- names.

create function private.field_faults(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(array[
		case when coalesce(p ->> 'key', '') !~ '^[a-z][a-z0-9_]{1,40}$' then 'key' end,
		case when not private.is_text_map(p -> 'label') or p -> 'label' = '{}' then 'label' end,
		case when p ? 'help' and not private.is_text_map(p -> 'help') then 'help' end,
		case when not private.is_text_map(p -> 'purpose') or p -> 'purpose' = '{}' then 'purpose' end,
		case when coalesce(p ->> 'kind', '') not in ('text', 'long_text', 'choice', 'date', 'country', 'yes_no')
			then 'kind' end,
		case when p ->> 'kind' = 'choice' and (jsonb_typeof(p -> 'choices') is distinct
			from 'array' or jsonb_array_length(p -> 'choices') not between 2 and 50
			or exists (select from jsonb_array_elements(p -> 'choices') as c
				where coalesce(c ->> 'key', '') !~ '^[a-z0-9_]{1,40}$'
				or not private.is_text_map(c -> 'label'))) then 'choices' end,
		case when coalesce(p ->> 'erase_days', '30') !~ '^\d{1,4}$'
			or (p ->> 'erase_days')::integer > 3650 then 'erase_days' end,
		case when exists (select from jsonb_array_elements_text(case
			when jsonb_typeof(p -> 'readers') = 'array' then p -> 'readers' else '[]' end) as role
			where role not in ('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding'))
				then 'readers' end], null)
$$;

-- Adds a field, or changes the one of that key. What somebody answered under is kept as promised: no further readers,
-- no later erasure, no other purpose or kind, no host state. {status: ok | not_allowed | invalid | promised, faults,
-- id}
create function public.save_detail_field(summit uuid, field jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.detail_fields;
	v_new public.detail_fields;
	v_faults text[] := private.field_faults(field);
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	-- One after the other: whoever answers locks no field.
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select * into v_old from public.detail_fields as f where f.summit_id = summit and f.key = field ->> 'key';
	begin
		v_new := jsonb_populate_record(null::public.detail_fields, '{"help": {}, "choices": [], "categories": [], "modes": [], "is_required": false, "is_identity": false,
			"for_host": false, "readers": ["registration"], "erase_days": 30, "position": 0}'::jsonb || jsonb_strip_nulls(field - array['id', 'summit_id', 'retired_at'])
			|| jsonb_build_object('id', coalesce(v_old.id, gen_random_uuid()), 'summit_id', summit));
	exception when data_exception then return jsonb_build_object('status', 'invalid', 'faults', array['categories']);
	end;
	if v_old.id is not null and exists (select from private.detail_answers as a where a.field_id = v_old.id) and (
		not v_new.readers <@ v_old.readers or v_new.erase_days > v_old.erase_days
			or (v_new.purpose, v_new.kind) is distinct from (v_old.purpose, v_old.kind)
		or v_new.for_host and not v_old.for_host or v_old.is_identity and not v_new.is_identity) then
		return jsonb_build_object('status', 'promised');
	end if;
	delete from private.detail_answers as a where a.field_id = v_old.id and not exists (
		select from public.registrations as r where r.id = a.registration_id and private.field_applies(v_new, r));
	insert into public.detail_fields select v_new.*
	on conflict (summit_id, key) do update set label = excluded.label, help = excluded.help, purpose = excluded.purpose,
		kind = excluded.kind, choices = excluded.choices,
		categories = excluded.categories, modes = excluded.modes, is_required = excluded.is_required,
			is_identity = excluded.is_identity,
		for_host = excluded.for_host, readers = excluded.readers, erase_days = excluded.erase_days,
			position = excluded.position, retired_at = null;
	return jsonb_build_object('status', 'ok', 'id', v_new.id);
end
$$;
grant execute on function public.save_detail_field(uuid, jsonb) to authenticated;

-- No longer asked; every answer is erased with it. Answers ok or not_found.
create function public.retire_detail_field(summit uuid, field uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	update public.detail_fields as f set retired_at = now()
		where f.id = field and f.summit_id = summit and f.retired_at is null;
	if not found then return 'not_found'; end if;
	delete from private.detail_answers as a where a.field_id = field;
	return 'ok';
end
$$;
grant execute on function public.retire_detail_field(uuid, uuid) to authenticated;

create function private.may_read_field(f public.detail_fields) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.role_grants as g where g.person_id = private.me() and g.ended_at is null
		and (g.summit_id is null or g.summit_id = f.summit_id) and g.role = any (f.readers))
$$;

-- {due_at, asked, complete, fields: [{…, answers, may_read}], rows: [{id, reference, display_name, member, category,
-- mode, missing: [labels], reminded_at}], total}: rows are those who owe an answer. The roles that keep the form and
-- those that read of it; null for others.
create function public.read_details_overview(summit uuid, page_size integer default 50, page_start integer default 0)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select r.id, r as reg,
			(select jsonb_agg(f.label order by f.position) from private.missing_details(r) as f) as missing
			from public.registrations as r
		where r.summit_id = read_details_overview.summit and r.state = 'confirmed'
			and exists (select from public.detail_fields as f
				where f.summit_id = r.summit_id and private.field_applies(f, r))
	), owing as (select * from asked
		where missing is not null and private.has_role(read_details_overview.summit, 'registration'))
	select jsonb_build_object('due_at',
		private.iso((select s.details_due_at from public.summits as s where s.id = read_details_overview.summit)),
		'asked', (select count(*) from asked), 'complete', (select count(*) from asked where missing is null), 'total',
			(select count(*) from owing),
		'may_change', private.has_role(read_details_overview.summit, 'registration'),
		'fields', (select coalesce(jsonb_agg(to_jsonb(f) || jsonb_build_object('may_read', private.may_read_field(f),
			'answers', (select count(*) from private.detail_answers as a where a.field_id = f.id))
				order by f.position, f.key), '[]')
			from public.detail_fields as f where f.summit_id = read_details_overview.summit and f.retired_at is null),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'reference', (o.reg).reference,
			'display_name', p.display_name, 'category', (o.reg).category, 'mode', (o.reg).mode,
			'member',
				(select m.name from public.members as m where m.id = (o.reg).member_id and not private.has_alias(p.id)),
				'missing', o.missing,
			'reminded_at', (select private.iso(max(d.at)) from private.detail_reminders as d
				where d.registration_id = o.id)) order by p.display_name, o.id), '[]')
			from (select * from owing order by (reg).id limit greatest(1, least(page_size, 200))
				offset greatest(page_start, 0)) as o join public.people as p on p.id = (o.reg).person_id))
	where private.has_role(read_details_overview.summit, 'registration', 'programme', 'finance', 'stage', 'door',
		'safeguarding')
$$;
grant execute on function public.read_details_overview(uuid, integer, integer) to authenticated;

-- What was answered to one field, for the roles that it names; the look leaves a note first. Of whoever is under
-- another name nothing that says who they are. {status: ok | not_found, field, withheld, rows: [{reference,
-- display_name, member, answer_sealed, key_id}]}
create function public.read_detail_answers(summit uuid, field uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.detail_fields;
	v_rows jsonb;
	v_withheld bigint;
begin
	select * into v_field from public.detail_fields as f
		where f.id = field and f.summit_id = summit and f.retired_at is null;
	if not found or not private.may_read_field(v_field) then return jsonb_build_object('status', 'not_found'); end if;
	select coalesce(jsonb_agg(jsonb_build_object('reference', r.reference, 'display_name', p.display_name, 'mode',
		r.mode,
			'member', (select m.name from public.members as m where m.id = r.member_id and not private.has_alias(p.id)),
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id) order by p.display_name,
				r.id) filter (where not (v_field.is_identity and private.has_alias(p.id))), '[]'),
		count(*) filter (where v_field.is_identity and private.has_alias(p.id)) into v_rows, v_withheld
	from private.detail_answers as a join public.registrations as r on r.id = a.registration_id
		join public.people as p on p.id = r.person_id
	where a.field_id = field and r.state = 'confirmed';
	perform audit.note('details.read', field::text, summit, null,
		jsonb_build_object('field', v_field.key, 'rows', jsonb_array_length(v_rows)));
	return jsonb_build_object('status', 'ok', 'field', to_jsonb(v_field), 'withheld', v_withheld, 'rows', v_rows);
end
$$;
grant execute on function public.read_detail_answers(uuid, uuid) to authenticated;
