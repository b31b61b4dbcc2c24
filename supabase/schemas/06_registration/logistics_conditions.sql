-- Which questions a registration is asked, and which answers fit a question. Both forms, the organisers' pages and the
-- sweep of answers use these functions.

-- Returns the sector of the member of a registration as it counts at the Summit, or of the member that it asks for.
create function private.registration_sector(r public.registrations) returns public.sector
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select sm.sector from public.summit_members as sm where sm.summit_id = r.summit_id and sm.member_id = r.member_id),
		(select q.sector from public.member_requests as q where q.registration_id = r.id and q.state = 'open'))
$$;

-- Returns whether a registration is asked this question by its state, category, mode and sector, whatever it answered
-- to others.
create function private.is_logistics_field_asked(f public.logistics_fields, r public.registrations) returns boolean
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
create function private.is_logistics_condition_met(f public.logistics_fields, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select f.depends_on is null or exists (
		select from public.logistics_fields as o
		join private.logistics_answers as a on a.field_id = o.id and a.registration_id = p_registration
		where o.summit_id = f.summit_id
			and o.key = f.depends_on
			and o.retired_at is null
			and a.value && f.depends_values)
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

-- Returns whether values fit a question whose answers the database reads.
create function private.is_answer_valid(f public.logistics_fields, p_value text[]) returns boolean
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

-- Returns the keys of choices.
create function private.choice_keys(p_choices jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array(select c ->> 'key' from jsonb_array_elements(p_choices) as c)
$$;

-- Returns the texts of a JSON list; none for anything else.
create function private.text_array(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array(select jsonb_array_elements_text(case when jsonb_typeof(p) = 'array' then p else '[]' end))
$$;

-- Deletes the answers of a registration to questions whose condition is not met, and with `p_asked` those to questions
-- that it is no longer asked; then those that depended on what was deleted. Returns how many. The caller has locked the
-- registration.
create function private.delete_unasked_answers(r public.registrations, p_asked boolean) returns integer
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
create function private.answers_version(p_registration uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(string_agg(a.field_id || ' ' || extract(epoch from a.answered_at), ' ' order by a.field_id), ''))
	from private.logistics_answers as a
	where a.registration_id = p_registration
$$;
