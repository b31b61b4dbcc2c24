-- What organisers read of members besides the list (05_members/member_list.sql): one member, its history, members that
-- registrants asked for, and exports.

-- Returns how many people wait in the queue for each member and mode.
create function private.waiting_by_member(p_summit uuid)
	returns table (member_id uuid, mode public.attendance_mode, waiting bigint)
language sql stable security definer set search_path = '' as $$
	select r.member_id, q.mode, count(*)
	from public.queue_entries as q
	join public.registrations as r on r.id = q.registration_id
	where q.summit_id = p_summit and q.state = 'waiting' and r.member_id is not null
	group by r.member_id, q.mode
$$;

-- The seats of a member in each mode, [{mode, ceiling, policy, held, taken, waiting, exception}].
create function private.member_quotas_json(p_summit uuid, p_member uuid, p_sector public.sector) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object(
		'mode', mode.mode,
		'ceiling', private.member_seat_ceiling(p_summit, p_member, mode.mode),
		'policy', coalesce((
			select p.ceiling
			from public.allocation_policies as p
			where p.summit_id = p_summit and p.sector = p_sector and p.mode = mode.mode), 0),
		'held', coalesce(u.held, 0), 'taken', coalesce(u.taken, 0), 'waiting', coalesce(w.waiting, 0),
		'exception', (
			select jsonb_build_object('ceiling', e.ceiling, 'reason', e.reason,
				'reserved_until', private.iso(e.reserved_until))
			from public.allocation_exceptions as e
			where e.summit_id = p_summit and e.member_id = p_member and e.mode = mode.mode))
		order by mode.mode)
	from unnest(enum_range(null::public.attendance_mode)) as mode
	left join private.seats_by_member(p_summit) as u on u.member_id = p_member and u.mode = mode.mode
	left join private.waiting_by_member(p_summit) as w on w.member_id = p_member
		and w.mode = mode.mode
$$;

-- The people of a member who have sent a registration, by name.
create function private.member_people_json(p_summit uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'registration_id', r.id, 'person_id', p.id, 'reference', r.reference,
		'display_name', p.display_name, 'office', p.office,
		'state', r.state, 'mode', r.mode, 'position', nullif(q.position, 0))
		order by p.display_name, r.created_at), '[]')
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join lateral (
		select private.queue_position(e.id) as position
		from public.queue_entries as e
		where e.registration_id = r.id and e.state = 'waiting'
		order by e.mode
		limit 1) as q on true
	where r.summit_id = p_summit and r.member_id = p_member and r.state <> 'draft'
$$;

-- Returns one member of a Summit for registration and finance: {id, code, name, website, sector, country, region,
-- standing, version, is_lasting, seats: [{mode, ceiling, policy, held, taken, waiting, exception}], focal, invited (for
-- registration only), people: [{registration_id, person_id, reference, display_name, office, state, mode, position}]}.
-- A member that was merged into another returns {moved_to}. Null when not allowed or unknown.
create function public.read_member(summit uuid, member uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return coalesce((
		select jsonb_build_object(
			'id', m.id, 'code', m.code, 'name', m.name, 'website', m.website,
			'sector', sm.sector, 'country', sm.country, 'region', sm.region, 'standing', sm.standing,
			'version', private.member_version(read_member.summit, m.id),
			'is_lasting', private.may_change_member(m.id),
			'seats', private.member_quotas_json(read_member.summit, m.id, sm.sector),
			'focal', (
				select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name,
					'office', p.office, 'since', private.iso(f.since)) order by p.display_name), '[]')
				from public.focal_points as f
				join public.people as p on p.id = f.person_id
				where f.summit_id = read_member.summit
					and f.member_id = m.id
					and (f.until is null or f.until > now())),
			'invited', (
				select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'hint', i.hint,
					'until', private.iso(i.expires_at)) order by i.invited_at), '[]')
				from private.focal_invitations as i
				where i.summit_id = read_member.summit
					and i.member_id = m.id
					and i.state = 'open'
					and i.expires_at > now()
					and private.has_role(read_member.summit, 'registration')),
			'people', private.member_people_json(read_member.summit, m.id))
		from public.members as m
		join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = read_member.summit
		where m.id = read_member.member), (
		select jsonb_build_object('moved_to', g.kept_id)
		from private.merged_members as g
		where g.dropped_id = read_member.member));
end
$$;
grant execute on function public.read_member(uuid, uuid) to authenticated;

-- Returns, for registration, what was done with a member, newest first, from the audit: its lasting record, and what
-- belongs to this Summit. Includes the members that were merged into it. [{at, actor, what: member | standing | focal |
-- exception | merged, action, reason, person, mode, changes: [{field, from, to}]}]; null when not allowed.
create function public.member_history(summit uuid, member uuid, most integer default 100) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	return (with ids as (
		select member as id
		union select g.dropped_id from private.merged_members as g where g.kept_id = member
	), rows as (
		select 'public.members' as table_name, id::text as row_id, 'member' as what from ids
		union all select 'members.merged', id::text, 'merged' from ids
		-- A deleted row is found by its first entry, which names the member.
		union all select distinct e.table_name, e.row_id,
			case e.table_name
				when 'public.summit_members' then 'standing'
				when 'public.focal_points' then 'focal'
				else 'exception' end
		from audit.entries as e
		where e.summit_id = member_history.summit
			and e.table_name in ('public.summit_members', 'public.focal_points', 'public.allocation_exceptions')
			and coalesce(e.new_values, e.old_values) ->> 'member_id' in (select id::text from ids)
	), listed as (
		select e.*, rows.what
		from audit.entries as e
		join rows on rows.table_name = e.table_name and rows.row_id = e.row_id
		where e.summit_id is null or e.summit_id = member_history.summit
		order by e.at desc, e.id desc
		limit greatest(1, least(most, 500))
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'at', private.iso(l.at), 'what', l.what, 'action', l.action, 'reason', l.reason,
		'actor', (select p.display_name from public.people as p where p.id = l.actor_person),
		'person', (select p.display_name from public.people as p where p.id = l.person_id),
		'mode', (
			select coalesce(f.new_values, f.old_values) ->> 'mode'
			from audit.entries as f
			where l.what = 'exception'
				and f.table_name = l.table_name
				and f.row_id = l.row_id
				and coalesce(f.new_values, f.old_values) ? 'mode'
			limit 1),
		'changes', (
			select coalesce(jsonb_agg(jsonb_build_object('field', field, 'from', l.old_values -> field,
				'to', l.new_values -> field) order by field), '[]')
			from unnest(case when l.action = 'event' then array['name', 'code'] else l.changed end) as field
			where field in ('name', 'website', 'sector', 'country', 'region', 'standing', 'ceiling', 'reserved_until',
				'reason', 'until', 'code')))
		order by l.at desc, l.id desc), '[]')
	from listed as l);
end
$$;
grant execute on function public.member_history(uuid, uuid, integer) to authenticated;

-- Returns, for registration, the members that registrants did not find in the list and that are still to be linked or
-- added: [{id, name, sector, country, created_at, registration_id, reference, display_name, office}].
create function public.list_member_requests(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id, 'name', q.name, 'sector', q.sector, 'country', q.country,
		'created_at', private.iso(q.created_at),
		'registration_id', r.id, 'reference', r.reference,
		'display_name', p.display_name, 'office', p.office)
		order by q.created_at), '[]')
	from public.member_requests as q
	join public.registrations as r on r.id = q.registration_id
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	join public.people as p on p.id = r.person_id
	where q.summit_id = summit
		and q.state = 'open'
		and private.has_role(summit, 'registration')
$$;
grant execute on function public.list_member_requests(uuid) to authenticated;

-- Records in the audit who exported a list (members, queue or seats) and how many rows. Returns ok or not_allowed.
create function public.record_list_export(summit uuid, what text, rows integer) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if what not in ('members', 'queue', 'seats') or not private.has_role(summit, 'registration', 'finance') then
		return 'not_allowed';
	end if;
	perform private.require_confirmation();
	perform audit.record_event(what || '.exported', summit::text, summit, null, jsonb_build_object('rows', rows));
	return 'ok';
end
$$;
grant execute on function public.record_list_export(uuid, text, integer) to authenticated;
