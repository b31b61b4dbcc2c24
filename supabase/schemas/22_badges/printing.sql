-- Printing badges on paper: the list to choose from, what is printed, and the record of who printed what and when.

-- Returns when a badge was last printed as it is now; null where it was not, or only before what it shows changed.
create function private.badge_printed_at(b public.badges) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select max(x.printed_at)
	from public.badge_prints as x
	where x.badge_id = b.id and x.printed_at >= coalesce(b.changed_at, '-infinity')
$$;

-- Returns, for the help desk, {id, prints, printed_at} of a badge; `prints` counts those from before a change too.
create function private.badge_prints_json(b public.badges) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', b.id, 'prints', count(*), 'printed_at', private.iso(private.badge_printed_at(b)))
	from public.badge_prints as x
	where x.badge_id = b.id
$$;

-- Returns the valid badges with what is printed on them: the display record only, so that an alias looks like any name.
-- Filters: badges (ids), query, category, member, printed (yes | no), since (issued at that time or later). Filtering
-- by member leaves out people under an alias. `line`: the labels of the answer that badges show. A print from before that
-- changed does not count as printed.
create function private.printable_badges(p_summit uuid, f jsonb)
	returns table (badge uuid, registration uuid, badge_code text, issued_at timestamptz, display_name text,
		office text,
		affiliation text, country text, category public.registration_category, languages text[],
		no_photographs boolean, prints bigint, printed_at timestamptz, printed_by text,
		line jsonb)
language sql stable security definer set search_path = '' as $$
	select b.id, r.id, b.badge_code, b.issued_at, p.display_name, p.office, p.affiliation, p.country, r.category,
		r.languages, private.forbids_photographs(p.id, r.id),
		(select count(*) from public.badge_prints as x where x.badge_id = b.id), last.printed_at, last.display_name,
		private.badge_line(r)
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id and r.state = 'confirmed' and r.mode = 'in_person'
	join public.people as p on p.id = r.person_id
	left join lateral (
		select x.printed_at, a.display_name
		from public.badge_prints as x
		left join public.people as a on a.id = x.printed_by
		where x.badge_id = b.id and x.printed_at = private.badge_printed_at(b)
		limit 1) as last on true
	where b.summit_id = p_summit
		and b.revoked_at is null
		and (not f ? 'badges' or f -> 'badges' ? b.id::text)
		and (coalesce(f ->> 'category', '') = '' or r.category::text = f ->> 'category')
		and (coalesce(f ->> 'member', '') = ''
			or r.member_id = private.parse_uuid(f ->> 'member') and not private.has_alias(p.id))
		and (coalesce(f ->> 'printed', '') = '' or (f ->> 'printed' = 'yes') = (last.printed_at is not null))
		and (coalesce(f ->> 'since', '') = '' or b.issued_at >= private.parse_instant(f ->> 'since'))
		and (private.desk_search_patterns(f ->> 'query') = '{}'
			or private.fold_for_search(concat_ws(' ', p.display_name, r.reference, p.affiliation))
				like all (private.desk_search_patterns(f ->> 'query')))
$$;

-- Returns, for registration, a page of the badges that the filters find, by name: {total, unprinted (of the whole
-- Summit), rows, members: [{id, name}] to filter by}; null when not allowed. The badge code is left out.
create function public.list_badges(summit uuid, filters jsonb default '{}', page integer default 1,
	page_size integer default 50) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as materialized (
		select b as one, row_number() over (order by private.fold_for_search(b.display_name), b.badge) as n
		from private.printable_badges(list_badges.summit, list_badges.filters) as b
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'unprinted', (
			select count(*)
			from public.badges as b
			join public.registrations as r on r.id = b.registration_id
				and r.state = 'confirmed'
				and r.mode = 'in_person'
			where b.summit_id = list_badges.summit
				and b.revoked_at is null
				and private.badge_printed_at(b) is null),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(f.one) - array['badge_code', 'office', 'country', 'languages', 'line']
				|| jsonb_build_object('issued_at', private.iso((f.one).issued_at),
					'printed_at', private.iso((f.one).printed_at))
				order by f.n), '[]')
			from found as f
			where f.n > (greatest(page, 1) - 1) * page_size and f.n <= greatest(page, 1) * page_size),
		'members', (
			select coalesce(jsonb_agg(
				jsonb_build_object('id', m.id, 'name', m.name) order by private.fold_for_search(m.name), m.id), '[]')
			from public.summit_members as sm
			join public.members as m on m.id = sm.member_id
			where sm.summit_id = list_badges.summit and sm.standing in ('active', 'observer')))
	where private.has_role(list_badges.summit, 'registration')
$$;
grant execute on function public.list_badges(uuid, jsonb, integer, integer) to authenticated;

-- Returns, for registration, what is printed, by name, 1,000 badges at most: [{badge, badge code, display_name, office,
-- affiliation, country, category, languages, no_photographs, line}]; null when not allowed.
create function public.list_badges_to_print(summit uuid, filters jsonb default '{}') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		to_jsonb(b) - array['registration', 'issued_at', 'prints', 'printed_at', 'printed_by']
		order by private.fold_for_search(b.display_name), b.badge), '[]')
	from (
		select *
		from private.printable_badges(list_badges_to_print.summit, list_badges_to_print.filters)
		order by private.fold_for_search(display_name), badge
		limit 1000) as b
	where private.has_role(list_badges_to_print.summit, 'registration')
	having private.has_role(list_badges_to_print.summit, 'registration')
$$;
grant execute on function public.list_badges_to_print(uuid, jsonb) to authenticated;

-- Records who printed these badges, when and in which layout. Returns how many; a badge that was replaced meanwhile
-- does not count. Locks the badges, so that none is withdrawn between the check and the record.
create function public.record_badge_prints(summit uuid, badges uuid[], layout text) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	if not private.has_role(record_badge_prints.summit, 'registration') then return 0; end if;
	insert into public.badge_prints (summit_id, registration_id, badge_id, layout, printed_by)
	select b.summit_id, b.registration_id, b.id, record_badge_prints.layout, private.me()
	from public.badges as b
	where b.summit_id = record_badge_prints.summit and b.id = any (record_badge_prints.badges) and b.revoked_at is null
	order by b.id
	for no key update;
	get diagnostics v_count = row_count;
	perform private.publish_event('organise:' || record_badge_prints.summit, 'badges');
	return v_count;
end
$$;
grant execute on function public.record_badge_prints(uuid, uuid[], text) to authenticated;
