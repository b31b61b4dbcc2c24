-- Programme organisers read the history of the programme and of the sessions that they see.

alter table audit.entries add column replaced_former_name boolean not null default false;

alter table private.audited_tables drop constraint audited_tables_area_check;
alter table private.audited_tables add constraint audited_tables_area_check check (area in ('registration', 'member',
	'money', 'protection', 'settings', 'stage', 'programme', 'session'));
update private.audited_tables set area = 'programme' where name in ('public.rooms', 'public.tracks', 'public.formats');
insert into private.audited_tables (name, area, shown, opened, named) values
	('public.releases', 'programme', '{number,is_live_change}', '{}', '{}'),
	('public.sessions', 'session',
		'{state,level,audience,attendance,format_id,track_id,spoken,interpreted,is_recorded,is_break}', '{}',
		'{title,abstract,content_note,links}'),
	('public.session_people', 'session', '{role,state}', '{}', '{}'),
	('public.slots', 'session', '{during}', '{}', '{block_reason}'),
	('public.slot_rooms', 'session', '{room_id}', '{}', '{}');

-- Records a change of a row. Trigger arguments: the column that names the person or their registration (or ''), then
-- the personal columns. Without a person nothing could erase a personal value, so none is kept. An update that changes
-- nothing leaves no entry. The function runs with every row that is written, often while the lock of a mode is held, so
-- it asks for as little as it can: one pass over the columns, one insert.
create or replace function audit.record_change() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
	v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	v_row jsonb := coalesce(v_new, v_old);
	v_person uuid := nullif(v_row ->> nullif(tg_argv[0], ''), '')::uuid;
	v_personal text[] := coalesce(tg_argv[1:], '{}');
	v_changed text[];
	v_same text[] := '{}';
	v_plain text[];
	v_sealed bytea;
	v_summit uuid := coalesce(v_row ->> 'summit_id', case when tg_table_name = 'summits' then v_row ->> 'id' end)::uuid;
	v_registration uuid := audit.parent_id_of(v_row, tg_table_name, 'registration', v_personal);
	v_order uuid := audit.parent_id_of(v_row, tg_table_name, 'order', v_personal);
	v_member uuid := audit.parent_id_of(v_row, tg_table_name, 'member', v_personal);
	v_summit_of_registration uuid;
begin
	-- The columns that changed; of an inserted or deleted row all.
	if tg_op = 'UPDATE' then
		select array_agg(own.key) filter (where v_old -> own.key is distinct from own.value),
			coalesce(array_agg(own.key) filter (where v_old -> own.key is not distinct from own.value), '{}')
		into v_changed, v_same
		from jsonb_each(v_new) as own;
		if v_changed is null then return null; end if;
	else
		v_changed := array(select jsonb_object_keys(v_row));
	end if;
	-- The person and the Summit, by the registration or order where the row does not name them.
	if tg_argv[0] = 'registration_id' or v_summit is null and v_registration is not null then
		select case when tg_argv[0] = 'registration_id' then r.person_id else v_person end, r.summit_id
		into v_person, v_summit_of_registration
		from public.registrations as r
		where r.id = case when tg_argv[0] = 'registration_id' then v_person else v_registration end;
		if v_registration is not null then v_summit := coalesce(v_summit, v_summit_of_registration); end if;
	elsif v_summit is null and v_order is not null then
		select summit_id into v_summit from public.orders where id = v_order;
	end if;
	-- Personal values are sealed: what changed, without the plain columns.
	if v_personal && v_changed and v_person is not null then
		v_plain := array(select jsonb_object_keys(v_row - v_personal));
		v_sealed := private.seal_for_audit(v_person,
			jsonb_build_object('old', v_old - v_same - v_plain, 'new', v_new - v_same - v_plain));
	end if;
	insert into audit.entries (actor_account, actor_person, principal_person, database_role, reason, table_name, action,
		row_id, summit_id, person_id, registration_id, order_id, member_id, changed, old_values, new_values, personal,
		replaced_former_name)
	values (
		auth.uid(),
		private.actor(),
		nullif(current_setting('app.principal', true), '')::uuid,
		coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', session_user),
		nullif(current_setting('app.reason', true), ''),
		tg_table_schema || '.' || tg_table_name,
		lower(tg_op),
		coalesce(v_row ->> 'id', ''),
		v_summit,
		v_person,
		v_registration,
		v_order,
		v_member,
		v_changed,
		nullif(v_old - v_same - v_personal, '{}'),
		nullif(v_new - v_same - v_personal, '{}'),
		v_sealed,
		coalesce(current_setting('app.renaming', true), '') = 'yes');
	return null;
end
$$;

-- The areas that the signed-in person reads: registrations and members for registration organisers, money for finance,
-- protection for safeguarding, stages for stage organisers, the programme and its sessions for programme organisers,
-- settings for owners.
create or replace function private.audit_areas(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case when private.has_role(p_summit, 'registration') then 'registration' end,
		case when private.has_role(p_summit, 'registration') then 'member' end,
		case when private.has_role(p_summit, 'finance') then 'money' end,
		case when private.has_role(p_summit, 'safeguarding') then 'protection' end,
		case when private.has_role(p_summit, 'stage') then 'stage' end,
		case when private.has_role(p_summit, 'programme') then 'programme' end,
		case when private.has_role(p_summit, 'programme') then 'session' end,
		case when private.has_role(p_summit, 'owner') then 'settings' end], null)
$$;

drop function private.find_audit_subjects(uuid, text);
-- The registrations, orders, members and sessions that a search text means: a reference or code, the name that a person
-- is shown under, the name of a member, or the title of a session.
create function private.find_audit_subjects(p_summit uuid, p_query text)
	returns table (registrations uuid[], orders uuid[], members uuid[], sessions uuid[])
language sql stable security definer set search_path = '' as $$
	with asked as (
		select upper(btrim(p_query)) as reference,
			'%' || replace(replace(replace(private.fold_for_search(btrim(left(p_query, 100))), '\', '\\'), '%', '\%'),
				'_', '\_')
				|| '%' as pattern
	)
	select
		array(select r.id
			from public.registrations as r
			join public.people as p on p.id = r.person_id, asked
			where r.summit_id = p_summit
				and r.state <> 'draft'
				and (r.reference = asked.reference or private.fold_for_search(p.display_name) like asked.pattern)
			limit 100),
		array(select o.id
			from public.orders as o, asked
			where o.summit_id = p_summit and o.reference = asked.reference),
		array(select m.id
			from public.summit_members as s
			join public.members as m on m.id = s.member_id, asked
			where s.summit_id = p_summit and private.fold_for_search(m.name) like asked.pattern
			limit 100),
		array(select s.id
			from public.sessions as s, asked
			where s.summit_id = p_summit
				and (upper(s.code) = asked.reference
					or private.fold_for_search(s.title ->> (s.title ->> 'original')) like asked.pattern)
			limit 100)
$$;

-- The id in a column of an entry's row that never changes: from the values that the entry kept, else from those of the
-- entry that added or removed the row.
create function private.audit_kept_id(e audit.entries, p_column text) returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce(
		coalesce(e.new_values, e.old_values) ->> p_column,
		(select coalesce(x.new_values, x.old_values) ->> p_column
			from audit.entries as x
			where x.table_name = e.table_name and x.row_id = e.row_id and x.action in ('insert', 'delete')
			limit 1))::uuid
$$;

-- The session of a slot, or that it keeps a time free: as the slot is, or as the audit kept it. Nulls when neither
-- knows it.
create function private.audit_slot(p_slot uuid, out session_id uuid, out is_block boolean)
language sql stable security definer set search_path = '' as $$
	select known.session_id, known.session_id is null
	from (
		select s.session_id, 1 as rank from public.slots as s where s.id = p_slot
		union all
		select (coalesce(x.new_values, x.old_values) ->> 'session_id')::uuid, 2
		from audit.entries as x
		where x.table_name = 'public.slots' and x.row_id = p_slot::text and x.action in ('insert', 'delete')
	) as known
	order by known.rank
	limit 1
$$;

-- The slot of an entry about a time or a room of a session.
create function private.audit_slot_id(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case e.table_name
		when 'public.slots' then e.row_id::uuid
		when 'public.slot_rooms' then coalesce(
			(select r.slot_id from public.slot_rooms as r where r.id = e.row_id::uuid),
			private.audit_kept_id(e, 'slot_id'))
	end
$$;

-- The session of an entry about a stage (what was started, paused and ended, who was brought on, muted, barred or made
-- a host, how it was shown and locked, what was recorded), or about a session and its people, times and rooms. Read for
-- the sessions that the reader sees. A deleted row is known by what the audit kept of it.
create or replace function private.audit_session(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case
		when e.table_name in ('public.sessions', 'private.session_timers') then e.row_id::uuid
		when e.table_name = 'public.session_people' then coalesce(
			(select p.session_id from public.session_people as p where p.id = e.row_id::uuid),
			private.audit_kept_id(e, 'session_id'))
		when e.table_name in ('public.slots', 'public.slot_rooms')
			then (select s.session_id from private.audit_slot(private.audit_slot_id(e)) as s)
		else (select runs.session_id from public.runs where runs.id = case e.table_name
			when 'public.runs' then e.row_id::uuid
			-- That somebody came to watch leaves no entry.
			when 'private.run_participants' then coalesce(
				(select p.run_id from private.run_participants as p where p.id = e.row_id::uuid),
				private.audit_kept_id(e, 'run_id'))
			else private.audit_kept_id(e, 'run_id')
		end)
	end
$$;

-- Whether the reader sees the session of an entry. What was done while the session was closed stays with those who might
-- enter it then. A time that is kept free has no session.
create function private.sees_audited_session(e audit.entries) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when session_id is null then coalesce((select s.is_block from private.audit_slot(private.audit_slot_id(e)) as s), false)
		else private.can_see((select private.me()), session_id)
			and (private.may_read_version((select private.me()), session_id, 'closed') or not exists (select
				from audit.entries as x
				where x.table_name = 'public.sessions'
					and x.row_id = session_id::text
					and x.id >= e.id
					and x.old_values ->> 'level' = 'closed'))
	end
	from private.audit_session(e) as session_id
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
		and ($6 is null or e.actor_person = any ($6))
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

-- The value of a column as a reader understands it: ids become the names of what they point to, a time its two ends, and
-- empty values null.
create or replace function private.audit_value(p_name text, p_value jsonb) returns jsonb
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
		when p_name = 'during'
			then (select jsonb_build_array(private.iso(lower(d)), private.iso(upper(d)))
				from cast(p_value #>> '{}' as tstzrange) as d)
		else p_value end
$$;

-- What an entry is about: {kind, id, label} of its registration (with the name), order or member, of its session (by
-- code) or of the draft of one; null of anything else.
create or replace function private.audit_subject(e audit.entries, p_area text, r public.registrations, o public.orders,
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

-- Gives a slot these rooms, by their slugs, and no others. A room that stays keeps its row.
create function private.set_slot_rooms(p_slot uuid, p_rooms jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_slot public.slots;
	v_rooms uuid[];
begin
	select * into v_slot from public.slots where id = p_slot;
	v_rooms := array(select r.id
		from public.rooms as r
		where r.summit_id = v_slot.summit_id and r.slug in (select jsonb_array_elements_text(p_rooms)));
	delete from public.slot_rooms where slot_id = p_slot and room_id <> all (v_rooms);
	-- In one order for everybody, because each row takes the lock of its room (`serialise_room_bookings`).
	insert into public.slot_rooms (slot_id, room_id, summit_id, during)
	select p_slot, room, v_slot.summit_id, v_slot.during from unnest(v_rooms) as room order by room
	on conflict (slot_id, room_id) do nothing;
end
$$;

-- Writes one placement; null deletes the slot. Raises check_violation for an unknown room or none, exclusion_violation
-- for a taken one.
create or replace function private.set_placement(p_summit uuid, p_slot uuid, p_to jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_during tstzrange;
begin
	if jsonb_typeof(p_to) is distinct from 'object' then
		delete from public.slots where id = p_slot and summit_id = p_summit;
		return;
	end if;
	v_during := tstzrange((p_to ->> 'start')::timestamptz, (p_to ->> 'end')::timestamptz);
	insert into public.slots (id, session_id, summit_id, block_reason, during)
	values (p_slot, (p_to ->> 'session')::uuid, p_summit, p_to ->> 'block_reason', v_during)
	on conflict (id) do update set during = excluded.during, block_reason = excluded.block_reason
	where slots.summit_id = p_summit;
	perform private.set_slot_rooms(p_slot, p_to -> 'rooms');
	if (select count(*) from public.slot_rooms where slot_id = p_slot)
			is distinct from jsonb_array_length(p_to -> 'rooms')
		or p_to -> 'rooms' = '[]' then
		raise check_violation using message = 'no such room';
	end if;
end
$$;

-- Replaces the times and rooms of a session. Slots whose id is given keep it. Raises exclusion_violation when a room is
-- taken.
create or replace function private.place_session(p_session uuid, p_summit uuid, p_slots jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_slot jsonb;
	v_id uuid;
	v_during tstzrange;
	v_kept uuid[] := '{}';
begin
	-- Deferred, so that a session can move into a room and time that it leaves itself.
	set constraints public.room_free deferred;
	for v_slot in select * from jsonb_array_elements(p_slots) loop
		v_during := tstzrange((v_slot ->> 'start')::timestamptz, (v_slot ->> 'end')::timestamptz);
		update public.slots
		set during = v_during
		where id = nullif(v_slot ->> 'id', '')::uuid
			and session_id = p_session
		returning id into v_id;
		if v_id is null then
			insert into public.slots (session_id, summit_id, during)
			values (p_session, p_summit, v_during)
			returning id into v_id;
		end if;
		v_kept := v_kept || v_id;
		perform private.set_slot_rooms(v_id, v_slot -> 'rooms');
		v_id := null;
	end loop;
	delete from public.slots where session_id = p_session and id <> all (v_kept);
	set constraints public.room_free immediate;
end
$$;
