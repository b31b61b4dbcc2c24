-- Finding the audit entries that a reader may see.

-- The areas that the signed-in person reads: registrations and members for registration organisers, money for finance,
-- protection for safeguarding, stages for stage organisers, the programme and its sessions for programme organisers,
-- settings for owners.
create function private.audit_areas(p_summit uuid) returns text[]
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
create function private.audit_session(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case
		when e.table_name in ('public.sessions', 'private.session_timers') then e.row_id::uuid
		when e.table_name = 'public.session_people' then coalesce(
			(select p.session_id from public.session_people as p where p.id = e.row_id::uuid),
			private.audit_kept_id(e, 'session_id'))
		when e.table_name = 'private.session_groups' then private.audit_kept_id(e, 'session_id')
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

-- Whether the reader sees the group that a session got or lost: a closed group leaves no trace to others.
create function private.sees_audited_group(e audit.entries) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.audit_kept_id(e, 'group_id') in (select private.visible_groups(private.me()))
$$;

-- The entries that the reader may see, newest first, before an id. Filters: registration, order, member (ids), session
-- (its code), query, actor, kind (a table), action, from and to (days by the clock of the venue). A filter that is no id
-- or no day finds nothing.
create function private.find_audit_entries(
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
		and (e.table_name <> 'private.session_groups' or private.sees_audited_group(e))
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
