-- The checklist before a Summit opens and before it goes live: what is done, and what has to be done first. Changing the
-- state of a Summit asks the same list (public.set_summit_state in 04_summits/settings.sql).

-- The languages of a Summit in which a text that everybody has to read is missing, as `text:language`: its name, and the
-- published pages to which registrants agree.
create function private.missing_texts(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_agg(required.kind || ':' || language.tag order by language.position, required.position)
	from public.summits as s
	cross join unnest(s.languages) with ordinality as language (tag, position)
	cross join (values (1, 'name'), (2, 'privacy'), (3, 'code_of_conduct')) as required (position, kind)
	left join private.pages as p on p.summit_id = s.id and p.kind = required.kind
	left join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where s.id = p_summit
		and case required.kind when 'name' then btrim(coalesce(s.name ->> language.tag, '')) = ''
			else v.id is null or not private.is_page_in('{}', v.blocks, language.tag) end
$$;

-- The modes with seats that members may have: {in_person, virtual}.
create function private.modes_with_seats(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_agg(c.mode::text order by c.mode)
	from public.mode_capacities as c
	where c.summit_id = p_summit
		and c.capacity > 0
		and exists (
			select from public.allocation_policies as p
			where p.summit_id = c.summit_id and p.mode = c.mode and p.ceiling > 0
			union all
			select from public.allocation_exceptions as e
			where e.summit_id = c.summit_id and e.mode = c.mode and e.ceiling > 0)
$$;

-- Whether a contact of one of these kinds names an address or a number.
create function private.has_contact(p_summit uuid, variadic p_kinds text[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.summit_contacts as c
		where c.summit_id = p_summit
			and c.kind = any (p_kinds)
			and (btrim(coalesce(c.mail, '')) <> '' or btrim(coalesce(c.telephone, '')) <> ''))
$$;

-- The items of a Summit in order. `phase`: the state that an item comes before; `blocks`: that state is refused while
-- the item is open; `count`: how many there are, null where a number says nothing; `details`: what is missing, or what
-- is there; `roles`: who does it.
create function private.launch_items(p_summit uuid) returns table (key text, phase public.summit_state, blocks boolean,
	done boolean, count bigint, details text[], roles public.organiser_role[])
language sql stable security definer set search_path = '' as $$
	with counted as materialized (
		select
			s.*,
			coalesce(private.missing_texts(s.id), '{}') as missing,
			coalesce(private.modes_with_seats(s.id), '{}') as modes,
			(select count(*) from public.consent_items as c where c.summit_id = s.id) as consents,
			(select count(*) from public.fees as f where f.summit_id = s.id) as fees,
			exists (select from public.money_settings as o where o.summit_id = s.id and o.has_no_fees) as has_no_fees,
			(select count(*) from private.role_holders('owner', s.id)) as owners,
			(select count(*) from private.role_holders('safeguarding', s.id)) as leads,
			exists (select from private.outbox as o where o.summit_id = s.id and o.state = 'sent') as has_sent_mail,
			(select count(distinct r.room_id) from public.runs as r where r.summit_id = s.id) as rooms_tried,
			(select count(*) from private.door_devices as d where d.summit_id = s.id) as devices
		from public.summits as s
		where s.id = p_summit
	)
	select item.*
	from counted as c
	cross join lateral (values
		('texts', 'open'::public.summit_state, true, c.missing = '{}', cardinality(c.missing)::bigint, c.missing,
			'{owner}'::public.organiser_role[]),
		('seats', 'open', true, c.modes <> '{}', null, c.modes, '{registration}'),
		('safeguarding_contact', 'open', true, private.has_contact(c.id, 'safeguarding'), null, '{}',
			'{owner,safeguarding}'),
		('contact', 'open', true, private.has_contact(c.id, 'registration', 'general'), null, '{}',
			'{owner,registration}'),
		('consents', 'open', true, c.consents > 0, c.consents, '{}', '{owner,registration}'),
		('fees', 'open', true, c.fees > 0 or c.has_no_fees, c.fees, '{}', '{finance}'),
		('registration', 'open', false, c.registration_opens_at is not null, null, '{}', '{owner,registration}'),
		('place', 'open', false, c.country is not null and c.city <> '{}', null, '{}', '{owner}'),
		('mail', 'open', false, c.has_sent_mail, null, '{}', '{registration}'),
		('owners', 'open', false, c.owners > 1, c.owners, '{}', '{owner}'),
		('safeguarding_lead', 'live', true, c.leads > 0, c.leads, '{}', '{owner,safeguarding}'),
		('release', 'live', true, private.newest_release(c.id) is not null, null, '{}', '{programme}'),
		('stage', 'live', false, c.rooms_tried > 0, c.rooms_tried, '{}', '{stage}'),
		('door', 'live', false, c.devices > 0, c.devices, '{}', '{registration}')
	) as item (key, phase, blocks, done, count, details, roles)
	-- A Summit without seats in the hall has no door.
	where item.key <> 'door' or 'in_person' = any (c.modes)
$$;

-- The open items that forbid a change of state, in order. Leaving the draft needs those of `open`, going live those of
-- `live`, and from the draft both. Nothing forbids going back, or closing.
create function private.launch_blockers(p_summit uuid, p_from public.summit_state, p_to public.summit_state)
	returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(i.key order by i.position), '{}')
	from private.launch_items(p_summit) with ordinality as i (key, phase, blocks, done, count, details, roles, position)
	where i.blocks
		and not i.done
		and (i.phase = 'open' and p_from = 'draft' and p_to <> 'draft' or i.phase = 'live' and p_to = 'live')
$$;

-- What the reader's roles do before a Summit opens and goes live: [{key, phase: open | live, blocks, done, count, details}]
-- in order. What their roles do not do is left out.
create function public.list_launch_items(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'key', i.key,
				'phase', i.phase,
				'blocks', i.blocks,
				'done', i.done,
				'count', i.count,
				'details', i.details
			)
			order by i.position
		),
		'[]'
	)
	from private.launch_items(list_launch_items.summit)
		with ordinality as i (key, phase, blocks, done, count, details, roles, position)
	where private.has_role(list_launch_items.summit, variadic i.roles)
$$;
grant execute on function public.list_launch_items(uuid) to authenticated;
