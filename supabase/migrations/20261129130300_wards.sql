-- The page of a guardian about one minor, with what they may change for them.

alter table public.consents add column withdrawn_by_guardian_at timestamptz;
alter table private.guardian_stage_agreements add column forbids_photographs boolean not null default false;

drop trigger audit_record on private.guardian_stage_agreements;
select audit.watch('private.guardian_stage_agreements', 'registration_id', 'guardian_id', 'on_stage', 'recorded',
	'forbids_photographs');
update private.audited_tables set opened = '{on_stage,recorded,forbids_photographs}'
	where name = 'private.guardian_stage_agreements';
update private.audited_tables
	set shown = '{item_id,given_at,withdrawn_at,agreed_label,agreed_detail,withdrawn_by_guardian_at}'
	where name = 'public.consents';
update private.audited_tables set shown = '{slug,name,kind,capacity,is_quiet_room,directions,hours}'
	where name = 'public.rooms';
update private.copied_tables set columns = '{given_at,agreed_label,agreed_detail,withdrawn_at,withdrawn_by_guardian_at}'
	where name = 'public.consents';
update private.copied_tables set columns = '{agreed_at,on_stage,recorded,forbids_photographs}'
	where name = 'private.guardian_stage_agreements';

-- Step 5, the consents, each by itself; save_registration keeps the code of conduct with the registration. `language` is
-- that of the page, and `shown` has the fingerprint of each text that it showed: where the text has changed since, the
-- person did not read what they would agree to (fault `reworded`).
create or replace function private.save_consents_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_consents jsonb := case when jsonb_typeof(p -> 'consents') = 'object' then p -> 'consents' else '{}' end;
	v_shown jsonb := case when jsonb_typeof(p -> 'shown') = 'object' then p -> 'shown' else '{}' end;
begin
	if v_consents = '{}' then return '{}'; end if;
	if exists (
		select from jsonb_each(v_consents) as given
		where given.value not in ('true', 'false')
			or not exists (
				select from public.consent_items as i
				where i.summit_id = p_r.summit_id and i.id = private.parse_uuid(given.key))) then
		return array['consents'];
	end if;
	-- After sending, a required consent is withdrawn only by withdrawing the registration.
	if p_r.state <> 'draft' and exists (
		select from jsonb_each(v_consents) as given
		join public.consent_items as i on i.id = private.parse_uuid(given.key)
		where i.is_required and given.value = 'false') then
		return array['consents'];
	end if;
	perform set_config('app.language', coalesce(p ->> 'language', ''), true);
	-- Keep the first moment of giving, and of withdrawing, unless the consent or its text changes. What the guardian of a
	-- minor withdrew stays withdrawn.
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_r.id, p_r.person_id, private.parse_uuid(given.key), case when given.value = 'true' then now() end
	from jsonb_each(v_consents) as given
	on conflict (registration_id, item_id) do update
	set given_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.given_at
			when excluded.given_at is not null and c.given_at is not null and c.withdrawn_at is null
				and private.is_agreed_text_current(c) then c.given_at
			else coalesce(excluded.given_at, c.given_at) end,
		withdrawn_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.withdrawn_at
			when excluded.given_at is null and c.given_at is not null then coalesce(c.withdrawn_at, now()) end,
		withdrawn_by_guardian_at = case when p_r.is_minor then c.withdrawn_by_guardian_at end;
	if exists (
		select from public.consents as c
		join jsonb_each_text(v_shown) as shown on private.parse_uuid(shown.key) = c.item_id
		where c.registration_id = p_r.id and c.given_at = now() and c.withdrawn_at is null
			and shown.value is distinct from private.agreed_text_fingerprint(c)) then
		return array['reworded'];
	end if;
	return '{}';
end
$$;

-- Whether nobody may photograph a person: by their setting, by protection, because they did not consent, or because the
-- guardian of a minor forbids it.
create or replace function private.forbids_photographs(p_person uuid, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.person_preferences where person_id = p_person and no_photographs)
		or exists (select from private.protections where person_id = p_person and no_photographs)
		or exists (select from public.consents as c
			join public.consent_items as i on i.id = c.item_id
			where c.registration_id = p_registration and i.key = 'photographs'
				and (c.given_at is null or c.withdrawn_at is not null))
		or exists (select from private.guardian_stage_agreements as a
			join public.registrations as r on r.id = a.registration_id
			where a.registration_id = p_registration and a.forbids_photographs and r.is_minor)
$$;


-- Withdrawing a consent of a minor as their guardian, or taking that back.
create domain public.ward_consent_status as text check (value in (
	'ok', 'not_found', 'not_given', 'required', 'reworded'
));

-- The page of a guardian about one minor: everything here that concerns the minor, and nothing about anybody else.
-- Concerns are not on it, because a guardian can be the subject of one. Only the guardian in person reads it: an
-- assistant of the guardian has no right here.

-- The minor's registration, if the reader is its guardian at this moment: they consented, take part as an adult, and
-- the Summit is not archived. Once the minor is of age, names another guardian or leaves, there is no row.
create function private.my_ward(p_registration uuid) returns setof public.registrations
language sql stable security definer set search_path = '' rows 1 as $$
	select r.*
	from public.registrations as r
	join public.registrations as g on g.id = r.guardian_id and g.summit_id = r.summit_id
	join public.summits as u on u.id = r.summit_id and u.state <> 'archived'
	where r.id = p_registration and r.is_minor and r.guardian_consent_at is not null
		and r.state not in ('declined', 'withdrawn', 'expired')
		and g.person_id = (select private.me()) and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
$$;

-- What the minor agreed to, item by item: [{item_id, key, label, detail, is_required, given_at, withdrawn_at,
-- by_guardian, is_current}], in the words that were agreed to.
create function private.ward_consents(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'item_id', i.id,
				'key', i.key,
				'label', coalesce(nullif(c.agreed_label::jsonb, '{}'), i.label),
				'detail', coalesce(nullif(c.agreed_detail::jsonb, '{}'), i.detail),
				'is_required', i.is_required,
				'given_at', private.iso(c.given_at),
				'withdrawn_at', private.iso(c.withdrawn_at),
				'by_guardian', c.withdrawn_by_guardian_at is not null,
				'is_current', coalesce(c.given_at is not null and private.is_agreed_text_current(c), false)
			)
			order by i.position, i.id
		),
		'[]'
	)
	from public.consent_items as i
	left join public.consents as c on c.item_id = i.id and c.registration_id = r.id
	where i.summit_id = r.summit_id
$$;

-- The released sessions that the minor marked or takes part in. Of a session that the guardian may not see, only its
-- level and times: enough to know when the minor is somewhere, and nothing of what it is.
create function private.ward_sessions(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'level', private.level_in_force(s.id),
				'slots', case
					when seen.is_seen then placed.slots
					else (select jsonb_agg(each - 'rooms' || '{"rooms": []}') from jsonb_array_elements(placed.slots) as each)
				end,
				'session', case when seen.is_seen then jsonb_build_object(
					'code', s.code,
					'title', shown.session -> 'title',
					'content_note', shown.session -> 'content_note',
					'is_cancelled', s.state = 'cancelled',
					'live_since', (select private.iso(runs.started_at)
						from public.runs
						where runs.session_id = s.id and runs.state in ('live', 'paused')),
					'role', (select min(sp.role)
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = r.person_id and sp.state <> 'declined')
				) end
			)
			order by placed.slots #>> '{0,start}', s.id
		),
		'[]'
	)
	from (
		select m.session_id from public.agenda_marks as m where m.person_id = r.person_id
		union
		select sp.session_id
		from public.session_people as sp
		where sp.person_id = r.person_id and sp.state <> 'declined'
	) as own
	join public.sessions as s on s.id = own.session_id and s.summit_id = r.summit_id
	join public.release_sessions as rs
		on rs.session_id = s.id and rs.release_id = private.newest_release(r.summit_id)
	cross join lateral (select private.can_see((select private.me()), s.id) as is_seen) as seen
	cross join lateral (select private.stage_session(s.id) as session) as shown
	cross join lateral (select private.session_slots_json(s.id, true) as slots) as placed
	where private.can_see(r.person_id, s.id) and jsonb_array_length(placed.slots) > 0
$$;

-- Today at the door, {is_inside, came_at, left_at}: of the building alone, never of a room. Null before they came.
create function private.ward_at_the_door(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_inside', bool_or(d.left_at is null),
		'came_at', private.iso(min(d.entered_at)),
		'left_at', case when not bool_or(d.left_at is null) then private.iso(max(d.left_at)) end)
	from private.door_periods as d
	where d.person_id = r.person_id and d.summit_id = r.summit_id and d.place = 'building'
		and d.day = private.door_day(r.summit_id)
	having count(*) > 0
$$;

-- The questions that the minor sent under their name, the newest first: [{body, state, asked_at, title}]. In sessions
-- that name nobody nothing says who asked, here either. Minors have no chat.
create function private.ward_questions(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('body', q.body, 'state', q.state, 'asked_at', private.iso(q.asked_at),
			'title', case when private.can_see((select private.me()), q.session_id)
				then private.stage_session(q.session_id) -> 'title' end)
		order by q.asked_at desc, q.id), '[]')
	from private.session_questions as q
	where q.person_id = r.person_id and q.summit_id = r.summit_id
$$;

-- Who acts for the minor here: [{display_name, scope, until}].
create function private.ward_assistants(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('display_name', p.display_name, 'scope', a.scope, 'until', private.iso(a.until))
		order by p.display_name, p.id), '[]')
	from public.account_people as a
	join public.account_people as own on own.account_id = a.account_id and own.relation = 'self'
	join public.people as p on p.id = own.person_id
	where a.person_id = r.person_id and a.relation <> 'self' and (a.until is null or a.until > now())
$$;

-- Everything that concerns a minor, for their guardian: {registration_id, reference, display_name, state, mode,
-- consented_at, stage: {on_stage, recorded, agreed_at} | null, is_photo_forbidden: in force, forbids_photographs: the
-- guardian's own wish, has_emergency_contact, consents, sessions, door, questions, assistants}; null for everybody
-- else.
create function public.read_ward(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registration_id', r.id,
		'reference', r.reference,
		'display_name', p.display_name,
		'state', r.state,
		'mode', r.mode,
		'consented_at', private.iso(r.guardian_consent_at),
		'stage', (
			select jsonb_build_object('on_stage', a.on_stage, 'recorded', a.recorded,
				'agreed_at', private.iso(a.agreed_at))
			from private.guardian_stage_agreements as a
			where a.registration_id = r.id and a.guardian_id = r.guardian_id),
		'is_photo_forbidden', private.forbids_photographs(r.person_id, r.id),
		'forbids_photographs', exists (
			select from private.guardian_stage_agreements as a
			where a.registration_id = r.id and a.forbids_photographs),
		'has_emergency_contact', exists (select from private.emergency_contacts as e where e.registration_id = r.id),
		'consents', private.ward_consents(r),
		'sessions', private.ward_sessions(r),
		'door', private.ward_at_the_door(r),
		'questions', private.ward_questions(r),
		'assistants', private.ward_assistants(r))
	from private.my_ward(read_ward.registration) as r
	join public.people as p on p.id = r.person_id
$$;
grant execute on function public.read_ward(uuid) to authenticated;

-- The emergency contact of the minor, {status: ok | none | protected (the minor has an alias) | not_found,
-- contact_sealed (hex), key_id}. Each opening is written to the audit before it is answered.
create function public.read_ward_emergency_contact(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_contact private.emergency_contacts;
begin
	select * into v_r from private.my_ward(read_ward_emergency_contact.registration);
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if private.has_alias(v_r.person_id) then return jsonb_build_object('status', 'protected'); end if;
	select * into v_contact from private.emergency_contacts as e where e.registration_id = v_r.id;
	if not found then return jsonb_build_object('status', 'none'); end if;
	perform audit.record_event('emergency_contact.read', v_r.id::text, v_r.summit_id, v_r.person_id, '{}');
	return jsonb_build_object('status', 'ok', 'contact_sealed', encode(v_contact.contact_sealed, 'hex'),
		'key_id', v_contact.key_id);
end
$$;
grant execute on function public.read_ward_emergency_contact(uuid) to authenticated;

-- The minor's registration, locked, if the reader is still its guardian then; null otherwise.
create function private.lock_my_ward(p_registration uuid) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	if not exists (select from private.my_ward(p_registration)) then return null; end if;
	perform from public.registrations as r where r.id = p_registration for no key update;
	select * into v_r from private.my_ward(p_registration);
	if v_r.id is not null then perform private.set_audit_context(v_r.person_id); end if;
	return v_r;
end
$$;

-- Withdraws a consent of the minor, or (`given`) takes back what the guardian withdrew. A guardian agrees to nothing
-- that the minor did not agree to. Locks the registration. Answers ok | not_found | not_given (the minor never agreed,
-- or withdrew it themselves) | required (only with the registration) | reworded (the text changed since).
create function public.set_ward_consent(registration uuid, item uuid, given boolean)
	returns public.ward_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_my_ward(registration);
	v_c public.consents;
begin
	if v_r.id is null or given is null then return 'not_found'; end if;
	if exists (select from public.consent_items as i where i.id = item and i.summit_id = v_r.summit_id and i.is_required)
		then
		return 'required';
	end if;
	select * into v_c from public.consents as c where c.registration_id = v_r.id and c.item_id = item for update;
	if v_c.given_at is null or v_c.withdrawn_at is not null and v_c.withdrawn_by_guardian_at is null then
		return 'not_given';
	end if;
	if given = (v_c.withdrawn_at is null) then return 'ok'; end if;
	if given and not private.is_agreed_text_current(v_c) then return 'reworded'; end if;
	update public.consents as c
	set withdrawn_at = case when not given then now() end,
		withdrawn_by_guardian_at = case when not given then now() end
	where c.id = v_c.id;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.set_ward_consent(uuid, uuid, boolean) to authenticated;

-- The guardian's own wish about photographs, beside that of the minor: nobody photographs the minor while one of them
-- forbids it. Locks the registration. Answers ok | not_found.
create function public.set_ward_photographs(registration uuid, forbidden boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_my_ward(registration);
begin
	if v_r.id is null or forbidden is null then return 'not_found'; end if;
	-- What another guardian allowed does not become this one's word.
	insert into private.guardian_stage_agreements as a
		(registration_id, guardian_id, on_stage, recorded, forbids_photographs)
	values (v_r.id, v_r.guardian_id, false, false, forbidden)
	on conflict (registration_id) do update
	set guardian_id = excluded.guardian_id,
		on_stage = a.on_stage and a.guardian_id = excluded.guardian_id,
		recorded = a.recorded and a.guardian_id = excluded.guardian_id,
		forbids_photographs = excluded.forbids_photographs;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.set_ward_photographs(uuid, boolean) to authenticated;

-- Tells the pages of the camera crew that a wish changed.
create function private.notify_guardian_photographs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('organise:' || r.summit_id, 'photographs')
	from public.registrations as r
	where r.id = new.registration_id;
	return null;
end
$$;

create trigger notify_guardian_photographs after insert or update of forbids_photographs
	on private.guardian_stage_agreements for each row
	execute function private.notify_guardian_photographs();

-- Whether an entry about a minor was made by their guardian, whom only safeguarding may know: by the present one, or in
-- what only guardians write and by nobody who organises.
create or replace function private.is_by_guardian(e audit.entries, r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select r.guardian_id is not null and actor.id = (select g.person_id from public.registrations as g
			where g.id = r.guardian_id)
		or (e.table_name = 'private.guardian_stage_agreements'
				or e.changed && array['guardian_consent_at', 'withdrawn_by_guardian_at'])
			and actor.id <> r.person_id
			and not private.holds_role(actor.id, r.summit_id, 'owner', 'registration', 'safeguarding')
	from (select coalesce((select f.person_id from private.former_ids as f where f.former_id = e.actor_person),
		e.actor_person) as id) as actor
$$;

-- An entry as JSON: {id, at, table, area, action, by, for, reason, subject, person, currency,
-- fields: [{name, old, new}], sealed: [names], can_open}.
create or replace function private.audit_json(p_summit uuid, e audit.entries) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', e.id::text,
		'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'table', e.table_name,
		'area', t.area,
		'action', e.action,
		-- A decision by safeguarding to decline is shown without its actor outside of the area protection.
		'by', case
			when t.area <> 'protection' and exists (select from private.declines_without_reason as d
				where d.registration_id = e.registration_id and e.at between d.began_at and d.ended_at)
				then '{"kind": "system"}'
			when t.area <> 'protection' and private.is_by_guardian(e, r) then '{"kind": "guardian"}'
			else private.audit_actor(e.actor_person, e.actor_account, subject.person_id)
		end,
		'for', case when e.principal_person is not null
			then private.audit_actor(e.principal_person, null, subject.person_id) end,
		'reason', case when not guarded.yes or t.area = 'protection' then e.reason end,
		'subject', private.audit_subject(e, t.area, r, o, m),
		-- On a stage everybody saw whom the act was about, and in a session whoever read it, by the name of that moment.
		-- Who has another name now is not named.
		'person', case
			when e.table_name in ('public.focal_points', 'public.role_grants', 'private.role_proposals',
					'private.concern_deputies')
				or t.area in ('stage', 'session') and not guarded.yes
				then (select p.display_name from public.people as p where p.id = e.person_id)
		end,
		'currency', coalesce(e.new_values ->> 'currency', e.old_values ->> 'currency', o.currency, case e.table_name
			when 'public.fees'
				then (select f.currency from public.fees as f where f.id::text = e.row_id)
			when 'public.waiver_budgets'
				then (select b.currency from public.waiver_budgets as b where b.id::text = e.row_id)
		end),
		'fields', private.audit_fields(e, t.shown),
		-- Only of an update: an insert would name all columns, filled or not.
		'sealed', case
			when e.action = 'update' then (select coalesce(jsonb_agg(s.name order by s.place), '[]')
				from unnest(t.opened || t.named) with ordinality as s (name, place)
				where s.name = any (e.changed))
			else '[]'
		end,
		'can_open', e.personal is not null
			and t.opened && e.changed
			and (not guarded.yes or t.area = 'protection')
			and exists (select from private.person_keys as k where k.person_id = e.person_id and k.key <> ''))
	from private.audited_tables as t
	left join public.registrations as r on case
		when e.registration_id is not null then r.id = e.registration_id
		else t.area in ('registration', 'protection') and r.id = (select x.id
			from public.registrations as x
			where x.summit_id = p_summit and x.person_id = e.person_id
			order by x.created_at desc
			limit 1)
	end
	left join public.orders as o on o.id = e.order_id
	left join public.members as m on m.id = coalesce(
		(select g.kept_id from private.merged_members as g where g.dropped_id = e.member_id),
		e.member_id)
	cross join lateral (select coalesce(r.person_id, e.person_id) as person_id) as subject
	cross join lateral (select coalesce(private.has_identity_history(subject.person_id), false)
		or coalesce(private.has_identity_history(e.person_id), false) as yes) as guarded
	where t.name = e.table_name
$$;

-- The entries that the reader may see, newest first, before an id. Filters: registration, order, member (ids), session
-- (its code), query, actor, kind (a table), action, from and to (days by the clock of the venue). A filter that is no id
-- or no day finds nothing.
create or replace function private.find_audit_entries(
	p_summit uuid, p_filters jsonb, p_before bigint, p_limit integer
) returns setof audit.entries
language plpgsql stable security definer set search_path = '' as $$
declare
	v_zone text := (select zone from public.summits where id = p_summit);
	v_areas text[] := private.audit_areas(p_summit);
	v_tables text[] := array(select t.name from private.audited_tables as t
		where t.area = any (v_areas) and (not p_filters ? 'kind' or t.name = p_filters ->> 'kind'));
	v_fields text[] := array(select distinct t.name || ' ' || field
		from private.audited_tables as t, unnest(t.shown || t.opened || t.named) as field
		where t.name = any (v_tables));
	v_about boolean := p_filters ?| array['registration', 'order', 'member', 'session', 'query'];
	v_of_sessions text[] := array(select t.name from private.audited_tables as t where t.area in ('stage', 'session'));
	v_registrations uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'registration')], null);
	v_orders uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'order')], null);
	v_members uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'member')], null);
	v_sessions uuid[] := array(select s.id
		from public.sessions as s
		where s.summit_id = p_summit and s.code = p_filters ->> 'session');
	v_people uuid[];
	v_actors uuid[];
	v_from date := private.parse_day(p_filters ->> 'from');
	v_to date := private.parse_day(p_filters ->> 'to');
begin
	if p_filters ->> 'from' is not null and v_from is null or p_filters ->> 'to' is not null and v_to is null then
		return;
	end if;
	if p_filters ? 'query' then
		select * into v_registrations, v_orders, v_members, v_sessions
			from private.find_audit_subjects(p_summit, p_filters ->> 'query');
	end if;
	-- The history of a merged member belongs to the member that was kept.
	v_members := v_members
		|| array(select g.dropped_id from private.merged_members as g where g.kept_id = any (v_members));
	-- Nothing is read of a draft; the name of a person belongs to their registrations.
	v_people := array(select r.person_id
		from public.registrations as r
		where r.summit_id = p_summit and r.state <> 'draft' and (not v_about or r.id = any (v_registrations)));
	if p_filters ? 'actor' then
		v_actors := array(select p.id
			from public.people as p
			where private.fold_for_search(p.display_name) like '%' || replace(replace(replace(
				private.fold_for_search(btrim(left(p_filters ->> 'actor', 100))), '\', '\\'), '%', '\%'), '_', '\_')
					|| '%');
	end if;
	-- Dynamic, so that the planner uses the indexes of the filters that are given.
	return query execute format($sql$
	select e.*
	from audit.entries as e
	where %s
		and (e.summit_id = $1 or e.summit_id is null and (
			e.table_name in ('public.people', 'private.protections') and e.person_id = any ($2)
			or e.table_name = 'private.run_participants'
				and private.audit_session(e) in (select s.id from public.sessions as s where s.summit_id = $1)
			or e.table_name = 'public.members'
				and exists (select from public.summit_members as s
					where s.summit_id = $1 and s.member_id = coalesce(
						(select g.kept_id from private.merged_members as g where g.dropped_id = e.member_id),
						e.member_id))))
		and e.table_name = any ($3)
		and (e.table_name <> all ($15) or private.sees_audited_session(e))
		and not e.replaced_former_name
		and e.id < coalesce($4, 9223372036854775807)
		and ($5 is null or e.action = $5)
		and ($6 is null or e.actor_person = any ($6)
			and not exists (select from public.registrations as r
				where r.summit_id = $1 and r.person_id = e.person_id and r.is_minor and private.is_by_guardian(e, r)))
		and ($7 is null or e.at >= $7::timestamp at time zone $9)
		and ($8 is null or e.at < ($8 + 1)::timestamp at time zone $9)
		and (e.action <> 'update'
			or exists (select from unnest(e.changed) as field where e.table_name || ' ' || field = any ($10)))
		and not exists (select from public.registrations as r where r.id = e.registration_id and r.state = 'draft')
	order by e.id desc
	limit $11
	$sql$, case when v_about then $sql$(e.registration_id = any ($12) or e.order_id = any ($13)
		or e.member_id = any ($14)
			and e.table_name in (select t.name from private.audited_tables as t where t.area = 'member')
		or e.table_name = any ($15) and private.audit_session(e) = any ($16)
		or e.person_id = any ($2) and e.table_name in ('public.people', 'private.protections'))$sql$ else 'true' end)
	using p_summit, v_people, v_tables, p_before, p_filters ->> 'action', v_actors, v_from,
		v_to, v_zone, v_fields, p_limit, v_registrations, v_orders, v_members,
		v_of_sessions, v_sessions;
end
$$;

