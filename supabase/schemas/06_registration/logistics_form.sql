-- The questions of both forms: reading and saving answers, and erasing them when promised. Sealed answers are sealed by
-- the app. What is asked of whom is in logistics_conditions.sql, the organisers' side in logistics_fields.sql.

-- Returns when the answers to a field must be erased: `erase_days` after the last day of the Summit, in its zone.
create function private.answers_erased_at(f public.logistics_fields) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (s.ends_on + f.erase_days + 1)::timestamp at time zone s.zone
	from public.summits as s
	where s.id = f.summit_id
$$;

-- Returns the required fields that a registration has not answered.
create function private.missing_logistics_fields(r public.registrations) returns setof public.logistics_fields
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

-- Returns the reader's own questions: {registration_id, is_open, due_at, version, fields: [{id, key, kind, label, help,
-- purpose, choices, is_required, for_host, on_badge, visible_to, form, depends_on, depends_values, is_sealed, file_sort,
-- need_values, erased_on, answer_sealed (hex), key_id, value}], missing: [keys]}; null if nothing is asked. Questions whose condition is not met
-- are among them: the page shows them when it is. Only the person fills it in. For a person under an alias, `for_host` and `visible_to` say what
-- is true for them: nobody else reads an answer that reveals who they are.
create function public.my_logistics_form(summit uuid) returns jsonb
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
grant execute on function public.my_logistics_form(uuid) to authenticated;

-- Returns, of answers as save_logistics_answers takes them, the ids of the questions that are not asked, or whose answer
-- does not fit.
create function private.invalid_answers(r public.registrations, p_answers jsonb) returns text[]
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
create function public.save_logistics_answers(registration uuid, answers jsonb, shown text default null) returns jsonb
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
grant execute on function public.save_logistics_answers(uuid, jsonb, text) to authenticated;

-- Erases at once the answers that no longer apply: all of a person who leaves, and for example the visa answers of a
-- person who changes to virtual. No law asks us to keep any of it; what must be kept of payments is with the invoices.
-- A person who becomes confirmed gets the mail that asks them to fill in the form, once.
create function private.sync_logistics_answers() returns trigger
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
create trigger ensure_logistics_answers after update of state, mode, category, member_id on public.registrations
	for each row when ((old.state, old.mode, old.category, old.member_id)
		is distinct from (new.state, new.mode, new.category, new.member_id))
	execute function private.sync_logistics_answers();

-- A scheduled job runs it each minute. It reminds those who have not answered, a week and a day before the deadline,
-- 200 at a time. Answers whose term has ended are deleted by the sweep of 27_privacy.
create function private.sweep_logistics_answers(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_next record;
begin
	for v_next in
		select r.id, s.logistics_due_at as due, reminder.kind
		from public.summits as s
		cross join lateral (
			select case when s.logistics_due_at <= p_now + interval '1 day' then 'day' else 'week' end as kind)
			as reminder
		join public.registrations as r on r.summit_id = s.id and r.state = 'confirmed'
		where s.state in ('open', 'live')
			and s.logistics_due_at > p_now
			and s.logistics_due_at <= p_now + interval '7 days'
			and not exists (
				select from private.logistics_reminders as d where d.registration_id = r.id and d.kind = reminder.kind)
			and exists (select from private.missing_logistics_fields(r))
		order by r.id
		limit 200
	loop
		insert into private.logistics_reminders (registration_id, kind, at)
		values (v_next.id, v_next.kind, p_now)
		on conflict do nothing;
		continue when not found;
		select * into v_r from public.registrations as r where r.id = v_next.id;
		perform private.mail_about(v_r, 'logistics_reminder', jsonb_build_object('due_at', private.iso(v_next.due)));
	end loop;
end
$$;
