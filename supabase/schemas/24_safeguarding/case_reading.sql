-- Reading cases: the list, and one with its timeline.

-- The people to whom a case may be given: [{id, display_name}].
create function private.case_leads_json(p_case uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name) order by p.display_name),
		'[]')
	from public.people as p
	where p.id in (
		select r
		from (select c
			from private.case_concerns as j
			join private.concerns as c on c.id = j.concern_id
			where j.case_id = p_case
			order by c.id
			limit 1) as first,
			private.concern_readers(first.c) as r)
$$;

-- For safeguarding leads and deputies: the cases that they may read, without any text, open ones first; null for
-- everyone else. [{id, reference, severity, category, state, lead, opened_at, last_at, is_new, is_handed_over}].
-- Is new: something was added since the caller last read it. The list itself is logged as read.
create function public.list_cases(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if not private.has_role(summit, 'safeguarding')
		and not exists (select from private.concern_deputies as d
			where d.summit_id = list_cases.summit and d.person_id = v_me and d.ended_at is null)
	then
		return null;
	end if;
	perform audit.record_event('case.listed', summit::text, summit, null, '{}');
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', x.id,
				'reference', x.reference,
				'severity', x.severity,
				'category', x.category,
				'state', x.state,
				'lead', (select p.display_name from public.people as p where p.id = x.lead_id),
				'opened_at', private.iso(x.opened_at),
				'last_at', private.iso(last.at),
				'is_new', not exists (select
					from audit.entries as e
					where e.table_name = 'case.read'
						and e.row_id = x.id::text
						and e.actor_person = v_me
						and e.at >= last.at),
				'is_handed_over', coalesce(x.state <> 'closed' and last_entry.kind = 'handover', false))
			order by x.state = 'closed', array_position(array['critical', 'high', 'medium', 'low'], x.severity),
				x.opened_at), '[]')
		from private.cases as x
		left join lateral (
			select e.kind, e.at
			from private.case_entries as e
			where e.case_id = x.id
			order by e.at desc
			limit 1) as last_entry on true
		cross join lateral (
			select greatest(x.opened_at, last_entry.at, (
				select max(m.sent_at)
				from private.case_concerns as j
				join private.concern_messages as m on m.concern_id = j.concern_id
				where j.case_id = x.id), (
				select max(j.joined_at) from private.case_concerns as j where j.case_id = x.id)) as at) as last
		where x.summit_id = list_cases.summit and private.may_read_case(v_me, x.id));
end
$$;
grant execute on function public.list_cases(uuid) to authenticated;

-- One case with its key, its timeline and its concerns, for those who may read it; null for everyone else. The reading
-- is logged, of the case and of each concern, before anything is answered.
create function public.read_case(summit uuid, this_case uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	select * into v_case from private.cases as x where x.id = this_case and x.summit_id = read_case.summit;
	if not found or not private.may_read_case(private.me(), this_case) then return null; end if;
	perform audit.record_event('case.read', this_case::text, summit, null, '{}');
	perform private.log_concern_readings(
		array(select j.concern_id from private.case_concerns as j where j.case_id = this_case), summit);
	return jsonb_build_object(
		'id', v_case.id,
		'reference', v_case.reference,
		'severity', v_case.severity,
		'category', v_case.category,
		'state', v_case.state,
		'outcome', v_case.outcome,
		'version', v_case.version,
		'key_sealed', encode(v_case.key_sealed, 'hex'),
		'key_id', v_case.key_id,
		'lead', v_case.lead_id,
		'leads', private.case_leads_json(this_case),
		'opened_at', private.iso(v_case.opened_at),
		'opened_by', (select p.display_name from public.people as p where p.id = v_case.opened_by),
		'closed_at', private.iso(v_case.closed_at),
		'duties', private.case_duties(v_case),
		'entries', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', e.id,
				'at', private.iso(e.at),
				'kind', e.kind,
				'author', (select p.display_name from public.people as p where p.id = e.author_id),
				'text_sealed', encode(e.text_sealed, 'hex')) order by e.at, e.id), '[]')
			from private.case_entries as e
			where e.case_id = this_case),
		'concerns', (
			select coalesce(jsonb_agg(private.concern_json(c, true) || jsonb_build_object('batch', c.batch_id)
				order by c.created_at, c.id), '[]')
			from private.case_concerns as j
			join private.concerns as c on c.id = j.concern_id
			where j.case_id = this_case),
		'read_by', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', r.display_name, 'at', private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e
				join public.people as p on p.id = e.actor_person
				where e.table_name = 'case.read' and e.row_id = this_case::text
				group by p.id, p.display_name) as r));
end
$$;
grant execute on function public.read_case(uuid, uuid) to authenticated;
