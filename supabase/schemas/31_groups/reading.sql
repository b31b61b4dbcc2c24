-- The list of groups, and one of them.

-- The groups that the reader sees, those of the reader first: [{code, name, purpose, level, is_ended, people: how many,
-- members: how many, part: the reader's own | null}].
create function public.list_groups() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', g.code,
			'name', g.name,
			'purpose', g.purpose,
			'level', g.level,
			'is_ended', g.ended_at is not null,
			'people', (select count(*) from private.live_group_people as x where x.group_id = g.id),
			'members', (select count(*) from private.group_members as x where x.group_id = g.id),
			'part', own.part)
			order by g.ended_at is not null, own.part is null, g.created_at, g.id), '[]')
	from private.groups as g
	left join private.live_group_people as own on own.group_id = g.id and own.person_id = (select private.me())
	where g.id in (select private.visible_groups((select private.me())))
$$;
grant execute on function public.list_groups() to anon, authenticated;

-- An entry among the people of a group, as all who see it read it.
create function private.group_person_json(p private.group_people) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'display_name', q.display_name,
		'office', q.office,
		'affiliation', q.affiliation,
		'part', p.part,
		'member', (select jsonb_build_object('id', m.id, 'name', m.name) from public.members as m where m.id = p.member_id),
		'alternate_of', (select jsonb_build_object('id', o.id, 'name', x.display_name)
			from private.live_group_people as o
			join public.people as x on x.id = o.person_id
			where o.id = p.alternate_of),
		'since', p.since,
		'until', p.until,
		'is_me', coalesce(p.person_id = private.me(), false))
	from public.people as q
	where q.id = p.person_id
$$;

-- A group as the reader sees it; null when they do not. {id, code, name, purpose, level, takes_requests, is_ended,
-- version, leads, own: the reader's entry id | null, request: whether the reader has an open one, people, hidden: how
-- many people are not named, members: [{id, name}], requests, invitations (live ones) and choices (all members) for
-- those who lead, else null}. Readers who belong to no member see the names of chairs and secretaries only.
create function public.read_group(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as (
		select g.*,
			private.leads_group(private.me(), g.id) as leads,
			own.id as own,
			own.id is not null or private.sees_members_groups(private.me()) as names_all
		from private.groups as g
		left join private.live_group_people as own on own.group_id = g.id and own.person_id = private.me()
		where g.code = read_group.code and g.id in (select private.visible_groups(private.me()))
	)
	select jsonb_build_object(
		'id', g.id,
		'code', g.code,
		'name', g.name,
		'purpose', g.purpose,
		'level', g.level,
		'takes_requests', g.takes_requests,
		'is_ended', g.ended_at is not null,
		'version', g.version,
		'leads', g.leads,
		'own', g.own,
		'request', exists (select from private.group_requests as r
			where r.group_id = g.id and r.person_id = (select private.me()) and r.state = 'open'),
		'people', (select coalesce(jsonb_agg(private.group_person_json(p)
				order by p.part, lower(q.display_name), p.id), '[]')
			from private.group_people as p
			join private.live_group_people as l on l.id = p.id
			join public.people as q on q.id = p.person_id
			where p.group_id = g.id and (g.names_all or p.part in ('chair', 'secretary'))),
		'hidden', (select count(*) from private.live_group_people as p
			where p.group_id = g.id and not g.names_all and p.part not in ('chair', 'secretary')),
		'members', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from private.group_members as x
			join public.members as m on m.id = x.member_id
			where x.group_id = g.id),
		'requests', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.id,
				'display_name', q.display_name,
				'office', q.office,
				'affiliation', q.affiliation,
				'note', r.note,
				'asked_at', private.iso(r.asked_at)) order by r.asked_at, r.id), '[]')
			from private.group_requests as r
			join public.people as q on q.id = r.person_id
			where r.group_id = g.id and r.state = 'open') end,
		'invitations', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'display_name', i.display_name,
				'part', i.part,
				'invited_at', private.iso(i.invited_at)) order by i.invited_at, i.id), '[]')
			from private.live_group_invitations as i
			where i.group_id = g.id) end,
		'choices', case when g.leads then (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name), '[]')
			from public.members as m) end)
	from shown as g
$$;
grant execute on function public.read_group(text) to anon, authenticated;
