-- Messages to a group insert the answers of their reader to questions that are marked for it, never sealed ones.

alter table public.logistics_fields add column in_mail boolean not null default false;
alter table public.logistics_fields add constraint mailed_unsealed check (not (in_mail and is_sealed));
update private.audited_tables set shown = shown || '{in_mail}' where name = 'public.logistics_fields';

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

-- The answers of its reader that a message to a group may insert: {answers: {key of the question: {kind, choices, value}}};
-- null for a message without any. They are read when the mail is sent: no copy of them is stored.
create or replace function private.mail_answers(p_message uuid, p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('answers', jsonb_object_agg(f.key,
		jsonb_build_object('kind', f.kind, 'choices', f.choices, 'value', a.value)))
	from public.group_messages as g
	join private.group_message_recipients as x on x.message_id = g.id and x.person_id = p_person
	join private.logistics_answers as a on a.registration_id = x.registration_id and a.value is not null
	join public.logistics_fields as f on f.id = a.field_id and f.in_mail and f.retired_at is null
	where g.id = p_message and strpos(g.texts::text, '{answer:') > 0
	having count(*) > 0
$$;

-- Claims mails for sending, each by one process only: one mail by its id, else the most urgent ones. Answers with each
-- what its text needs; the address leaves the database sealed. A mail that is too late becomes dead and is not
-- answered. With `p_only_urgent` only those that cannot wait: a code with which somebody signs in, and what has waited
-- for ten seconds.
create or replace function private.claim_mail(
	p_limit integer default 1, p_id uuid default null, p_only_urgent boolean default false
) returns table (
	id uuid, claim uuid, template text, locale text, params jsonb, priority integer, attempts integer,
	address_sealed bytea, address_key_id text, secret bytea, secret_key_id text, time_zone text, summit jsonb,
	wording jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with picked as (
		select o.id from private.outbox as o
		where ((o.state = 'queued' and o.send_after <= now()) or (o.state = 'sending' and o.claimed_until < now()))
			and (p_id is null or o.id = p_id)
			and (not p_only_urgent or o.priority <= 1 or o.created_at < now() - interval '10 seconds')
		order by o.priority, o.created_at
		limit p_limit
		for update skip locked
	), taken as (
		update private.outbox as o
		set state = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'dead'::public.mail_state
				else 'sending'
			end,
			claim_id = gen_random_uuid(),
			claimed_until = now() + private.mail_claim_duration(),
			attempts = o.attempts + 1,
			last_error = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'too_late'
				else o.last_error
			end,
			secret = case
				when o.created_at + private.mail_lifetime(o.template) < now() then null
				else o.secret
			end
		from picked
		where o.id = picked.id
		returning o.*
	)
	select t.id, t.claim_id, t.template, t.locale,
		t.params || case when t.template = 'group_message'
			then coalesce(private.mail_answers(private.parse_uuid(t.params ->> 'message_id'), t.person_id), '{}')
			else '{}' end,
		t.priority, t.attempts,
		coalesce(t.address_sealed, a.address_sealed),
		case when t.address_sealed is not null then t.key_id else a.key_id end,
		t.secret, t.key_id, p.time_zone,
		private.mail_summit(t.summit_id),
		private.mail_wording(t.template, t.params, t.summit_id, t.locale)
	from taken as t
	left join private.person_addresses as a on a.person_id = t.person_id and a.is_primary
	left join public.person_preferences as p on p.person_id = t.person_id
	where t.state = 'sending'
	order by t.priority, t.created_at;
end
$$;
