-- Reading the audit: a page of entries, one personal value, and the export.

-- The value of a column as a reader understands it: ids become the names of what they point to, a time its two ends, and
-- empty values null.
create function private.audit_value(p_name text, p_value jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_value is null or p_value in ('null', '""', '[]', '{}') then null
		when p_name in ('member_id', 'payer_member_id')
			then (select to_jsonb(m.name) from public.members as m where m.id = (p_value #>> '{}')::uuid)
		when p_name = 'pool_id'
			then (select to_jsonb(p.name) from public.pools as p where p.id = (p_value #>> '{}')::uuid)
		when p_name = 'item_id'
			then (select i.label::jsonb from public.consent_items as i where i.id = (p_value #>> '{}')::uuid)
		when p_name = 'room_id' then (select r.name::jsonb from public.rooms as r where r.id = (p_value #>> '{}')::uuid)
		when p_name = 'track_id'
			then (select t.name::jsonb from public.tracks as t where t.id = (p_value #>> '{}')::uuid)
		when p_name = 'format_id'
			then (select f.name::jsonb from public.formats as f where f.id = (p_value #>> '{}')::uuid)
		-- The name of a group that the reader does not see stays with those who do.
		when p_name = 'group_id'
			then (select g.name::jsonb from private.groups as g
				where g.id = (p_value #>> '{}')::uuid and g.id in (select private.visible_groups(private.me())))
		when p_name = 'during'
			then (select jsonb_build_array(private.iso(lower(d)), private.iso(upper(d)))
				from cast(p_value #>> '{}' as tstzrange) as d)
		else p_value end
$$;

-- Whether old values about a person may not be shown beside their present name: they are or were under another name,
-- asked to talk first, or are two records that were merged.
create function private.has_identity_history(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from private.former_ids as f where p_person in (f.person_id, f.former_id))
$$;

-- Who acted: {"kind": "system"} (a job, a provider), {"kind": "self"} (the person whom the entry is about), or
-- {"kind": "person", "name"} by the name they are shown under. audit_json answers {"kind": "guardian"} for a guardian.
create function private.audit_actor(p_actor uuid, p_account uuid, p_subject uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_actor is null and p_account is null then '{"kind": "system"}'
		when p_subject = coalesce(
			(select f.person_id from private.former_ids as f where f.former_id = p_actor),
			p_actor) then '{"kind": "self"}'
		else jsonb_build_object('kind', 'person',
			'name', (select p.display_name from public.people as p where p.id = p_actor))
	end
$$;

-- Whether an entry about a minor was made by their guardian, whom only safeguarding may know: by the present one, or in
-- what only guardians write and by nobody who organises.
create function private.is_by_guardian(e audit.entries, r public.registrations) returns boolean
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

-- What an entry is about: {kind, id, label} of its registration (with the name), order or member, of its session (by
-- code) or of the draft of one; null of anything else.
create function private.audit_subject(e audit.entries, p_area text, r public.registrations, o public.orders,
	m public.members) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_area in ('registration', 'protection') and r.id is not null
			then jsonb_build_object('kind', 'registration', 'id', r.id, 'label', r.reference,
				'name', (select p.display_name from public.people as p where p.id = r.person_id))
		when p_area = 'money' and o.id is not null
			then jsonb_build_object('kind', 'order', 'id', o.id, 'label', o.reference)
		when p_area in ('stage', 'session')
			then (select jsonb_build_object(
					'kind', case p_area when 'stage' then 'session' else 'draft' end,
					'id', case p_area when 'stage' then s.code else s.id::text end,
					'label', s.title ->> (s.title ->> 'original'))
				from public.sessions as s
				where s.id = private.audit_session(e))
		when p_area = 'member' and m.id is not null
			then jsonb_build_object('kind', 'member', 'id', m.id, 'label', m.name)
	end
$$;

-- The values of an entry that are read with it: [{name, old, new}] of these columns, those that changed.
create function private.audit_fields(e audit.entries, p_shown text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'old', f.old, 'new', f.new) order by f.place), '[]')
	from (select s.name, s.place,
			private.audit_value(s.name, e.old_values -> s.name) as old,
			private.audit_value(s.name, e.new_values -> s.name) as new
		from unnest(p_shown) with ordinality as s (name, place)
		where e.action = 'event' or s.name = any (e.changed)) as f
	where f.old is not null or f.new is not null
$$;

-- An entry as JSON: {id, at, table, area, action, by, for, reason, subject, person, currency,
-- fields: [{name, old, new}], sealed: [names], can_open}.
create function private.audit_json(p_summit uuid, e audit.entries) returns jsonb
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
		-- On a stage everybody saw whom the act was about, and in a session its readers did, by the name of that moment.
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

-- A page of the audit: {areas, kinds, entries, next}; `next` is the id before which the next page begins, or null.
-- Null when the reader has no area.
create function public.list_audit(
	summit uuid, filters jsonb default '{}', before bigint default null, page_size integer default 50
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with page as materialized (
		select e, e.id from private.find_audit_entries(list_audit.summit, filters, before,
			greatest(1, least(coalesce(page_size, 50), 200)) + 1) as e
	), shown as (select * from page order by id desc limit greatest(1, least(coalesce(page_size, 50), 200)))
	select jsonb_build_object(
		'areas', to_jsonb(private.audit_areas(list_audit.summit)),
		'kinds', (select jsonb_agg(t.name order by t.name)
			from private.audited_tables as t
			where t.area = any (private.audit_areas(list_audit.summit))),
		'entries', (select coalesce(
				jsonb_agg(private.audit_json(list_audit.summit, shown.e) order by shown.id desc), '[]')
			from shown),
		'next', case when (select count(*) from page) > (select count(*) from shown)
			then (select min(shown.id)::text from shown) end)
	where private.audit_areas(list_audit.summit) <> '{}'
$$;
grant execute on function public.list_audit(uuid, jsonb, bigint, integer) to authenticated;

-- The personal values of an entry before and after, for a reader who finds that entry. Reading them leaves an entry
-- first. {status: ok | not_found | closed, fields: [{name, old, new}]}; closed: the key was destroyed, or the person is
-- or was under another name.
create function public.open_audit_entry(summit uuid, entry bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry audit.entries;
	v_table private.audited_tables;
	v_plain jsonb;
begin
	select * into v_entry from audit.entries as e where e.id = entry;
	select * into v_table from private.audited_tables as t where t.name = v_entry.table_name;
	-- The same search as the list, for this id alone, so that the same rules hold.
	if not exists (select
		from private.find_audit_entries(open_audit_entry.summit, jsonb_build_object('kind', v_table.name), entry + 1,
			1) as e
		where e.id = entry) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if not (private.audit_json(open_audit_entry.summit, v_entry) ->> 'can_open')::boolean then
		return jsonb_build_object('status', 'closed');
	end if;
	perform audit.record_event('audit.opened', entry::text, open_audit_entry.summit, v_entry.person_id,
		jsonb_build_object('entry', entry, 'about', v_entry.table_name));
	v_plain := private.open_sealed(v_entry.person_id, v_entry.personal);
	return jsonb_build_object('status', 'ok',
		'fields', (select coalesce(jsonb_agg(jsonb_build_object(
				'name', s.name,
				'old', private.audit_value(s.name, v_plain -> 'old' -> s.name),
				'new', private.audit_value(s.name, v_plain -> 'new' -> s.name)) order by s.place), '[]')
			from unnest(v_table.opened) with ordinality as s (name, place)
			where s.name = any (v_entry.changed)));
end
$$;
grant execute on function public.open_audit_entry(uuid, bigint) to authenticated;

-- The same entries for a file, newest first and at most 10,000, without personal values. It leaves an entry. Null when
-- the reader has no area.
create function public.export_audit(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entries jsonb;
begin
	if private.audit_areas(export_audit.summit) = '{}' then return null; end if;
	perform private.require_confirmation();
	select coalesce(jsonb_agg(private.audit_json(export_audit.summit, e) order by e.id desc), '[]') into v_entries
	from private.find_audit_entries(export_audit.summit, filters, null, 10000) as e;
	perform audit.record_event('audit.exported', '', export_audit.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_entries)));
	return v_entries;
end
$$;
grant execute on function public.export_audit(uuid, jsonb) to authenticated;
