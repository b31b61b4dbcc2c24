-- Which questions are asked, and which answers fit them. The page follows the same rules (src/lib/evaluation/branching.ts).

-- Whether a value is a list of choices, [{key, label}], with keys of their own.
create function private.are_survey_choices(p_choices jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_choices) is distinct from 'array' or jsonb_array_length(p_choices) > 20 then false
		else not exists (
			select from jsonb_array_elements(p_choices) as c
			where jsonb_typeof(c) <> 'object'
				or coalesce(c ->> 'key', '') !~ '^[a-z0-9_]{1,40}$'
				or not private.is_text_map(c -> 'label')
				or c -> 'label' = '{}')
			and (select count(distinct c ->> 'key') = count(*) from jsonb_array_elements(p_choices) as c) end
$$;
grant execute on function private.are_survey_choices(jsonb) to public;

-- The values from which the answer to a question is taken, in their order; none for numbers and texts.
create function private.survey_values(q private.survey_questions) returns text[]
language sql immutable set search_path = '' as $$
	select case q.kind
		when 'scale' then '{1,2,3,4,5}'
		when 'yes_no' then '{yes,no}'
		when 'choice' then private.choice_keys(q.choices)
		when 'choices' then private.choice_keys(q.choices)
		else '{}' end::text[]
$$;

-- Whether values fit a question.
create function private.fits_survey_question(q private.survey_questions, p_values text[]) returns boolean
language sql immutable set search_path = '' as $$
	select array_position(p_values, null) is null
		and cardinality(p_values) between 1 and case when q.kind = 'choices' then 20 else 1 end
		and case q.kind
			when 'number' then p_values[1] ~ '^[0-9]{1,9}(\.[0-9]{1,2})?$'
			when 'text' then length(btrim(p_values[1])) between 1 and 2000
			else p_values <@ private.survey_values(q)
				and cardinality(p_values) = (select count(distinct v) from unnest(p_values) as v) end
$$;

-- The answers of a form, {key: [values]}, as they are kept: without those to questions that are not asked after the answers
-- before. Null where one does not fit its question, or a required one is missing.
create function private.asked_survey_answers(p_survey uuid, p_answers jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	q private.survey_questions;
	v_values text[];
	v_kept jsonb := '{}';
begin
	if jsonb_typeof(p_answers) is distinct from 'object' then return null; end if;
	for q in select * from private.survey_questions as x where x.survey_id = p_survey order by x.position loop
		-- A question that was not asked has no answer here, and neither has one that depends on it.
		continue when q.depends_on is not null
			and not coalesce(private.text_array(v_kept -> q.depends_on) && q.depends_values, false);
		v_values := array(
			select v from unnest(private.text_array(p_answers -> q.key)) as v where btrim(v) <> '' limit 21);
		if v_values = '{}' then
			if q.is_required then return null; end if;
			continue;
		end if;
		if not private.fits_survey_question(q, v_values) then return null; end if;
		v_kept := v_kept || jsonb_build_object(q.key, v_values);
	end loop;
	return v_kept;
end
$$;

-- The questions of a survey for pages: [{id, key, kind, label, help, choices, is_required, depends_on, depends_values}].
create function private.survey_questions_json(p_survey uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(to_jsonb(q) - array['survey_id', 'position'] order by q.position), '[]')
	from private.survey_questions as q
	where q.survey_id = p_survey
$$;
