-- Answers that are a need are routed to a team, which meets and closes it.

alter table public.logistics_fields
	add column team public.organiser_role,
	add column need_values text[] not null default '{}',
	add constraint team_reads check (team is null or team = any (visible_to)),
	add constraint need_values_one_line check (private.are_one_line(need_values));
alter table private.logistics_answers add column is_need boolean not null default true;

-- A need that a person stated: by an answer to a question, or, without one, as access needs in the registration form. A
-- team meets it. The note is for the person, sealed with the key of `key_person`.
create table private.needs (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	field_id uuid references public.logistics_fields (id) on delete cascade,
	team public.organiser_role not null,
	state text not null default 'open' check (state in ('open', 'in_hand', 'met', 'not_met')),
	assignee_id uuid references public.people (id) on update cascade on delete set null,
	note_sealed bytea,
	key_person uuid,
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	closed_by uuid references public.people (id) on update cascade on delete set null,
	-- Counts the changes: a change that began from an older state is refused.
	version integer not null default 1,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	unique nulls not distinct (registration_id, field_id),
	check ((note_sealed is null) = (key_person is null)),
	check ((closed_at is not null) = (state in ('met', 'not_met')))
);
create index on private.needs (summit_id, team, state);
create index on private.needs (field_id);
create index on private.needs (assignee_id);
create index on private.needs (closed_by);
alter table private.needs enable row level security;
select audit.watch('private.needs', '', 'note_sealed', 'key_person');


-- Changing a need. Conflict: it was changed meanwhile. Note_needed: who hears that a need cannot be met hears why.
create domain public.need_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict', 'note_needed'));

update private.audited_tables
set shown = '{key,label,help,purpose,kind,categories,modes,is_required,is_identity,for_host,visible_to,erase_days,retired_at,form,sectors,depends_on,depends_values,is_sealed,team,need_values}'
where name = 'public.logistics_fields';
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.needs', 'registration', '{team,state,closed_at}', '{}', '{}'),
	('need.read', 'registration', '{}', '{}', '{}');
insert into private.reading_events (name, kind, roles) values
	('need.read', 'needs', '{registration,programme,finance,stage,door,safeguarding}');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed) values
	('private.needs', 'registration', 'registration', 'registration_id', '{opened_at,field_id,state,closed_at}', default);
insert into private.retention_rules (table_name, class, summit, people) values
	('private.needs', 'needs', 't.summit_id', 'private.person_of_registration(t.registration_id)');

-- Opens the need of an answer, opens it again if the answer changed, or removes it where the answer is none. A field
-- without a team has no needs.
create or replace function private.sync_need(a private.logistics_answers, f public.logistics_fields) returns void
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
create or replace function private.sync_answer_needs() returns trigger
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

-- Keeps the need that the access needs of the registration form are.
create or replace function private.sync_access_need() returns trigger
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

-- Returns whether the reader is in a team at a Summit. Unlike other rights, an owner's role alone does not suffice.
create or replace function private.is_in_team(p_summit uuid, p_team public.organiser_role) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role = p_team)
$$;

-- Returns the needs of a Summit that the reader's teams meet: of people who sent their form and still take part, without
-- those that say who a person under an alias is.
create or replace function private.team_needs(p_summit uuid) returns setof private.needs
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
create or replace function private.need_json(n private.needs) returns jsonb
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
create or replace function public.list_needs(summit uuid, filters jsonb default '{}', page integer default 1,
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
create or replace function public.read_need(summit uuid, need uuid) returns jsonb
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
create or replace function public.save_need(summit uuid, need uuid, changes jsonb) returns public.need_status
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
create or replace function public.my_needs(summit uuid) returns jsonb
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
			"sectors": [], "depends_values": [], "is_sealed": true, "need_values": []}'::jsonb
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
		team = excluded.team, need_values = excluded.need_values;
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
grant execute on function public.save_logistics_field(uuid, jsonb) to authenticated;

-- Returns the reader's own questions: {registration_id, is_open, due_at, version, fields: [{id, key, kind, label, help,
-- purpose, choices, is_required, for_host, visible_to, form, depends_on, depends_values, is_sealed, need_values,
-- erased_on, answer_sealed (hex), key_id, value}], missing: [keys]}; null if nothing is asked. Questions whose condition is not met
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

-- Saves answers: {field id: {sealed (hex), key_id}, {value: [texts]} or null (deletes)}; a field that is not named keeps
-- its answer. `shown`: the version that the page showed; answers that were changed since are not overwritten. Answers
-- to questions whose condition is not met then are not kept. Locks the registration. Returns {status: ok | not_found |
-- closed | invalid (faults: the ids of the questions) | conflict, missing}.
create or replace function public.save_logistics_answers(registration uuid, answers jsonb, shown text default null) returns jsonb
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
	insert into private.logistics_answers as a (registration_id, field_id, answer_sealed, key_id, value, is_need)
	select v_r.id, f.id,
		case when f.is_sealed then decode(each.value ->> 'sealed', 'hex') end,
		case when f.is_sealed then each.value ->> 'key_id' end,
		case when not f.is_sealed then private.text_array(each.value -> 'value') end,
		case when f.is_sealed then coalesce((each.value ->> 'is_need') <> 'false', true)
			else f.need_values = '{}' or private.text_array(each.value -> 'value') && f.need_values end
	from jsonb_each(answers) as each
	join public.logistics_fields as f on f.id = private.parse_uuid(each.key)
	where each.value <> 'null'
	on conflict (registration_id, field_id) do update
	set answer_sealed = excluded.answer_sealed, key_id = excluded.key_id, value = excluded.value,
		is_need = excluded.is_need,
		answered_at = clock_timestamp();
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

-- What waits at a Summit for the roles of the reader: {registrations | second | re_reviews | member_requests | conflicts |
-- devices | proposals | stale_proposals | suggestions | checks | bank_rows | waivers | concerns | matches | needs: {count,
-- since}}; `since`: when the oldest began to wait, null where nothing says so. What nobody waits for, and what the
-- reader's roles do not open, is left out.
create or replace function public.list_waiting(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select
			private.has_role(list_waiting.summit, 'registration') as registration,
			private.has_role(list_waiting.summit, 'programme') as programme,
			private.has_role(list_waiting.summit, 'finance') as finance,
			private.has_role(list_waiting.summit, 'safeguarding') as safeguarding
	), waiting (key, since) as (
		select 'registrations', r.state_since
		from held
		join public.registrations as r on held.registration and r.summit_id = list_waiting.summit
			and r.state in ('submitted', 'nominated')
		where private.is_registration_to_decide(r)
		union all
		select 'second', d.proposed_at
		from held
		join private.decision_proposals as d on held.registration and d.state = 'open'
		join public.registrations as r on r.id = d.registration_id and r.summit_id = list_waiting.summit
		union all
		select 're_reviews', v.opened_at
		from held
		join private.re_reviews as v on held.registration and v.state = 'open'
		join public.registrations as r on r.id = v.registration_id and r.summit_id = list_waiting.summit
		union all
		select 'member_requests', q.created_at
		from held
		join public.member_requests as q on held.registration and q.summit_id = list_waiting.summit and q.state = 'open'
		join public.registrations as r on r.id = q.registration_id
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		union all
		select 'conflicts', c.found_at
		from held
		join private.door_conflicts as c on (held.registration or held.safeguarding)
			and c.summit_id = list_waiting.summit and c.resolved_at is null
		union all
		select 'devices', coalesce(t.last_seen_at, d.enrolled_at)
		from held
		join private.door_devices as d on (held.registration or held.safeguarding) and d.summit_id = list_waiting.summit
			and d.device_revoked_at is null and d.expires_at > now()
		left join private.door_device_states as t on t.device_id = d.id
		where private.is_device_offline(t.last_seen_at)
		union all
		select 'proposals', coalesce(p.submitted_at, p.created_at)
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit and p.state = 'submitted'
		where not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
		union all
		select 'stale_proposals', p.submitted_at
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit
			and private.is_proposal_stale(p)
		where private.scores_withheld_reason(p.id) is distinct from 'conflict'
		union all
		select 'checks', null
		from held
		cross join lateral (
			select from private.findings(list_waiting.summit) as f
			where held.programme and f.severity = 'block' and f.sessions <@ array(
				select private.visible_sessions((select private.me()), list_waiting.summit))
		) as found
		union all
		select 'suggestions', g.suggested_at
		from held
		join (
			select t.summit_id, t.session_id, t.suggested_at from private.text_suggestions as t where t.state = 'open'
			union all
			select c.summit_id, c.session_id, c.suggested_at from private.co_speaker_suggestions as c
			where c.state = 'open'
		) as g on held.programme and g.summit_id = list_waiting.summit
		where private.may_edit_session(g.session_id)
		union all
		select 'bank_rows', b.imported_at
		from held
		join private.bank_rows as b on held.finance and b.summit_id = list_waiting.summit and b.state = 'open'
		union all
		select 'waivers', w.created_at
		from held
		join public.waiver_requests as w on held.finance and w.summit_id = list_waiting.summit and w.state = 'open'
		union all
		select 'concerns', c.created_at
		from held
		join private.concerns as c on held.safeguarding and c.summit_id = list_waiting.summit and c.closed_at is null
		where private.may_read_concern((select private.me()), c)
		union all
		select 'matches', m.found_at
		from held
		join private.watch_list_entries as e on held.safeguarding and e.summit_id = list_waiting.summit
			and e.state in ('proposed', 'active')
		join private.watch_list_matches as m on m.entry_id = e.id and m.is_same is null
		union all
		select 'needs', n.opened_at from private.team_needs(list_waiting.summit) as n where n.state = 'open'
	), counted as (
		select w.key, count(*) as count, min(w.since) as since from waiting as w group by w.key
	)
	select coalesce(
		jsonb_object_agg(c.key, jsonb_build_object('count', c.count, 'since', private.iso(c.since))),
		'{}')
	from counted as c
$$;
grant execute on function public.list_waiting(uuid) to authenticated;

create trigger sync_answer_needs after insert or update or delete on private.logistics_answers
	for each row execute function private.sync_answer_needs();
create trigger sync_access_need after insert or update of access_needs or delete on public.registration_needs
	for each row execute function private.sync_access_need();

-- The access needs that people stated before. Nobody acts in an upgrade, so the audit records nothing.
alter table private.needs disable trigger audit_record;
insert into private.needs (summit_id, registration_id, team, opened_at)
select r.summit_id, r.id, 'registration', d.updated_at
from public.registration_needs as d
join public.registrations as r on r.id = d.registration_id
where btrim(d.access_needs) <> '';
alter table private.needs enable trigger audit_record;
