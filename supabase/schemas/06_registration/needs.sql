-- Needs: opened by what people answer, met by the team that the question names, and closed. A changed answer opens its need
-- again. Who reads a need reads the answer, and the audit records it.

-- Opens the need of an answer, opens it again if the answer changed, or removes it where the answer is none. A field
-- without a team has no needs.
create function private.sync_need(a private.logistics_answers, f public.logistics_fields) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if f.team is null or not (case when f.is_sealed then a.is_need
		else f.need_values = '{}' or a.value && f.need_values end)
	then
		delete from private.needs as n where n.registration_id = a.registration_id and n.field_id = a.field_id;
		return;
	end if;
	insert into private.needs as n (summit_id, registration_id, field_id, team, opened_at)
	values (f.summit_id, a.registration_id, f.id, f.team, a.answered_at)
	on conflict (registration_id, field_id) do update
	set team = excluded.team, state = case when n.opened_at < excluded.opened_at then 'open' else n.state end,
		closed_at = case when n.opened_at >= excluded.opened_at then n.closed_at end,
		closed_by = case when n.opened_at >= excluded.opened_at then n.closed_by end,
		opened_at = greatest(n.opened_at, excluded.opened_at),
		version = n.version + 1
	where n.team <> excluded.team or n.opened_at < excluded.opened_at;
end
$$;

-- Keeps the needs of a registration as its answers say.
create function private.sync_answer_needs() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
begin
	if tg_op = 'DELETE' then
		delete from private.needs as n where n.registration_id = old.registration_id and n.field_id = old.field_id;
		return null;
	end if;
	select * into v_field from public.logistics_fields as f where f.id = new.field_id;
	perform private.sync_need(new, v_field);
	return null;
end
$$;
create trigger sync_answer_needs after insert or update or delete on private.logistics_answers
	for each row execute function private.sync_answer_needs();

-- Keeps the need that the access needs of the registration form are.
create function private.sync_access_need() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'DELETE' or btrim(new.access_needs) = '' then
		delete from private.needs as n where n.registration_id = old.registration_id and n.field_id is null;
		return null;
	end if;
	if tg_op = 'UPDATE' and old.access_needs = new.access_needs then return null; end if;
	insert into private.needs as n (summit_id, registration_id, team)
	values (private.summit_of_registration(new.registration_id), new.registration_id, 'registration')
	on conflict (registration_id, field_id) do update
	set state = 'open', closed_at = null, closed_by = null, opened_at = now(), version = n.version + 1;
	return null;
end
$$;
create trigger sync_access_need after insert or update of access_needs or delete on public.registration_needs
	for each row execute function private.sync_access_need();

-- Returns whether the reader is in a team at a Summit. Unlike other rights, an owner's role alone does not suffice.
create function private.is_in_team(p_summit uuid, p_team public.organiser_role) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role = p_team)
$$;

-- Returns the needs of a Summit that the reader's teams meet: of people who sent their form and still take part, without
-- those that say who a person under an alias is.
create function private.team_needs(p_summit uuid) returns setof private.needs
language sql stable security definer set search_path = '' as $$
	select n.*
	from private.needs as n
	join public.registrations as r on r.id = n.registration_id
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	left join public.logistics_fields as f on f.id = n.field_id
	where n.summit_id = p_summit
		and n.team in (
			select g.role
			from private.usable_grants as g
			where g.person_id = (select private.me()) and (g.summit_id is null or g.summit_id = p_summit))
		and not (f.is_identity is true and private.has_alias(r.person_id))
$$;

-- Returns a need as its list shows it, without what was answered.
create function private.need_json(n private.needs) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', n.id, 'registration_id', r.id, 'reference', r.reference, 'display_name', p.display_name, 'mode', r.mode,
		'member', (select m.name from public.members as m where m.id = r.member_id and not private.has_alias(p.id)),
		'label', (select f.label from public.logistics_fields as f where f.id = n.field_id),
		'team', n.team, 'state', n.state, 'version', n.version,
		'assignee', (select a.display_name from public.people as a where a.id = n.assignee_id),
		'is_mine', coalesce(n.assignee_id = (select private.me()), false),
		'opened_at', private.iso(n.opened_at), 'closed_at', private.iso(n.closed_at),
		'closed_by', (select a.display_name from public.people as a where a.id = n.closed_by))
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	where r.id = n.registration_id
$$;

-- The needs that the reader's teams meet: {total, counts: {state: count}, questions: [{id, label}], rows}. Filters: state,
-- question (an id, or access), mine. Null for who has no role.
create function public.list_needs(summit uuid, filters jsonb default '{}', page integer default 1,
	page_size integer default 50) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select n as need from private.team_needs(list_needs.summit) as n
	), found as (
		select e.need
		from every as e
		where (not filters ? 'question' or filters ->> 'question' = coalesce((e.need).field_id::text, 'access'))
			and (not filters ? 'mine' or (e.need).assignee_id = (select private.me()))
	), listed as materialized (
		select f.need, row_number() over (order by (f.need).opened_at, (f.need).id) as place
		from found as f
		where not filters ? 'state' or (f.need).state = filters ->> 'state'
	)
	select jsonb_build_object(
		'total', (select count(*) from listed),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select (f.need).state, count(*) from found as f group by (f.need).state) as c),
		'questions', (
			select coalesce(jsonb_agg(jsonb_build_object('id', coalesce(q.field_id::text, 'access'), 'label', f.label)
				order by f.form = 'logistics', f.position, f.key), '[]')
			from (select distinct (e.need).field_id from every as e) as q
			left join public.logistics_fields as f on f.id = q.field_id),
		'rows', (
			select coalesce(jsonb_agg(private.need_json(l.need) order by l.place), '[]')
			from listed as l
			where l.place > (greatest(page, 1) - 1) * least(page_size, 200)
				and l.place <= greatest(page, 1) * least(page_size, 200)))
	where private.has_role(list_needs.summit, variadic enum_range(null::public.organiser_role))
$$;
grant execute on function public.list_needs(uuid, jsonb, integer, integer) to authenticated;

-- A need with what was answered: {…, note, kind, choices, answer_sealed (hex), key_id, value, access_needs, people: who
-- may take it}; null for who is not in its team. The audit records the reading first.
create function public.read_need(summit uuid, need uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_need private.needs;
	v_person uuid;
begin
	select * into v_need from private.team_needs(summit) as n where n.id = need;
	if not found then return null; end if;
	select r.person_id into v_person from public.registrations as r where r.id = v_need.registration_id;
	if v_person not in (select private.my_people('registration')) then
		perform audit.record_event('need.read', v_need.registration_id::text, summit, v_person, null);
	end if;
	return private.need_json(v_need) || jsonb_build_object(
		'question', v_need.field_id,
		'note', coalesce(private.open_sealed(v_need.key_person, v_need.note_sealed) ->> 'note', ''),
		'access_needs', case when v_need.field_id is null then (
			select d.access_needs from public.registration_needs as d where d.registration_id = v_need.registration_id) end,
		'people', (
			select coalesce(jsonb_agg(distinct jsonb_build_object('id', p.id, 'name', p.display_name)), '[]')
			from public.role_grants as g
			join public.people as p on p.id = g.person_id
			where g.role = v_need.team and g.ended_at is null and (g.summit_id is null or g.summit_id = summit)),
		'assignee_id', v_need.assignee_id)
	|| coalesce((
		select jsonb_build_object('kind', f.kind, 'choices', f.choices,
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id, 'value', a.value)
		from private.logistics_answers as a
		join public.logistics_fields as f on f.id = a.field_id
		where a.registration_id = v_need.registration_id and a.field_id = v_need.field_id), jsonb_build_object(
			'kind', null, 'choices', '[]'::jsonb, 'answer_sealed', null, 'key_id', null, 'value', null));
end
$$;
grant execute on function public.read_need(uuid, uuid) to authenticated;

-- Changes a need: {version, state, assignee (a person of its team, or null), note to the person}. Who stated it gets a
-- mail when it is closed. Nobody closes their own. Locks the need.
create function public.save_need(summit uuid, need uuid, changes jsonb) returns public.need_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_need private.needs;
	v_r public.registrations;
	v_state text := changes ->> 'state';
	v_note text := btrim(coalesce(changes ->> 'note', ''));
	v_assignee uuid := private.parse_uuid(changes ->> 'assignee');
begin
	perform from private.needs as n where n.id = need for update;
	select * into v_need from private.team_needs(summit) as n where n.id = need;
	if not found then return 'not_found'; end if;
	select * into v_r from public.registrations as r where r.id = v_need.registration_id;
	if v_r.person_id in (select private.my_people('registration')) then return 'not_found'; end if;
	if v_need.version::text is distinct from changes ->> 'version' then return 'conflict'; end if;
	if coalesce(v_state, '') not in ('open', 'in_hand', 'met', 'not_met')
		or length(v_note) > 1000
		or v_assignee is not null and not exists (
			select from public.role_grants as g
			where g.person_id = v_assignee
				and g.role = v_need.team
				and g.ended_at is null
				and (g.summit_id is null or g.summit_id = summit)) then
		return 'invalid';
	end if;
	if v_state = 'not_met' and v_note = '' then return 'note_needed'; end if;
	perform private.set_audit_context(v_r.person_id);
	update private.needs as n
	set state = v_state, assignee_id = v_assignee, version = n.version + 1,
		note_sealed = sealed.note, key_person = case when sealed.note is not null then v_r.person_id end,
		closed_at = case when v_state in ('met', 'not_met') then coalesce(n.closed_at, now()) end,
		closed_by = case when v_state in ('met', 'not_met') then coalesce(n.closed_by, private.me()) end
	from (
		select case when v_note <> '' then
			private.seal_for_audit(v_r.person_id, jsonb_build_object('note', v_note)) end as note) as sealed
	where n.id = need;
	if v_state in ('met', 'not_met') and v_state <> v_need.state then
		perform private.mail_about(v_r, 'need_closed', jsonb_build_object('state', v_state));
	end if;
	perform private.notify_registration(v_r, 'details');
	return 'ok';
end
$$;
grant execute on function public.save_need(uuid, uuid, jsonb) to authenticated;

-- The needs that the reader stated at a Summit: [{label (null: access needs), state, note, closed_at}].
create function public.my_needs(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', n.id,
		'label', (select f.label from public.logistics_fields as f where f.id = n.field_id),
		'state', n.state,
		'note', coalesce(private.open_sealed(n.key_person, n.note_sealed) ->> 'note', ''),
		'closed_at', private.iso(n.closed_at)) order by n.opened_at, n.id), '[]')
	from private.needs as n
	join public.registrations as r on r.id = n.registration_id
	where n.summit_id = my_needs.summit
		and r.person_id = (select private.me())
		and r.state not in ('declined', 'withdrawn', 'expired')
$$;
grant execute on function public.my_needs(uuid) to authenticated;
