-- What a change of a question must not break: the condition under which it is asked, and what people were promised who
-- have answered it.

-- Returns why a condition cannot hold: `depends_on`, where the other question is not asked, not of the same or an earlier
-- form, has answers that the database cannot read or values that it does not have, or depends on this one itself.
create function private.condition_faults(f public.logistics_fields) returns text[]
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
create function private.broken_promises(p_old public.logistics_fields, p_new public.logistics_fields) returns text[]
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
