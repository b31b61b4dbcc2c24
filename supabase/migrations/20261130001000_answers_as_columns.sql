-- Answers are columns of the list of registrations, for the roles that read them.

-- The questions whose answers the reader may read: [{id, label, kind, choices, is_sealed}]. All can be columns of the list
-- of registrations; those that are not sealed are filters too, and columns of its file.
create or replace function public.list_readable_questions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'label', f.label, 'kind', f.kind, 'choices', f.choices,
		'is_sealed', f.is_sealed) order by f.form = 'logistics', f.position, f.key), '[]')
	from public.logistics_fields as f
	where f.summit_id = list_readable_questions.summit and f.retired_at is null and private.may_read_logistics_field(f)
$$;

-- Returns the answers of these registrations to those of the questions that the reader may read: {registration:
-- {question: {answer_sealed, key_id, value}}}, without the answers that read_logistics_answers leaves out. The audit
-- records the reading of each question, and of whom.
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
			and f.retired_at is null
			and private.may_read_logistics_field(f)
			and private.is_logistics_field_asked(f, r)
			and not (f.is_identity and private.has_alias(r.person_id))
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
		from found as w
		group by w.registration_id) as one;
	return v_answers;
end
$$;
grant execute on function public.read_listed_answers(uuid, uuid[], uuid[]) to authenticated;

-- The readings of values of one person: single ones by the event, lists of answers and for the host state by what the
-- person had answered by then. A page of a list names the registrations that it showed.
create or replace function private.readings_of(p_person uuid)
	returns table (at timestamptz, actor uuid, summit_id uuid, kind private.reading_kind, roles public.organiser_role[])
language sql stable security definer set search_path = '' as $$
	select e.at, e.actor_person, e.summit_id, k.kind, k.roles
	from audit.entries as e
	join private.reading_events as k on k.name = e.table_name
	where e.person_id = p_person
		or e.person_id in (select f.former_id from private.former_ids as f where f.person_id = p_person)
	union all
	select e.at, e.actor_person, e.summit_id, 'answers', enum_range(null::public.organiser_role)
	from public.registrations as r
	join private.logistics_answers as a on a.registration_id = r.id
	join audit.entries as e on e.table_name = 'details.read' and e.row_id = a.field_id::text and e.at >= a.answered_at
		and (e.new_values -> 'registrations' is null or e.new_values -> 'registrations' ? r.id::text)
	where r.person_id = p_person
	union all
	select l.taken_at, l.taken_by, l.summit_id, 'host_list', '{registration}'
	from public.registrations as r
	join private.host_lists as l on l.summit_id = r.summit_id and l.state = 'taken'
	where r.person_id = p_person
		and exists (select from private.logistics_answers as a
			where a.registration_id = r.id and a.field_id = any (l.fields) and a.answered_at <= l.taken_at)
$$;
