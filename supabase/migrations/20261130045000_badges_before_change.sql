-- The help desk says of a badge that was printed before a change what the list of badges says; a person's own badge has its line.

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
create or replace function private.printable_badges(p_summit uuid, f jsonb)
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
create or replace function public.list_badges(summit uuid, filters jsonb default '{}', page integer default 1,
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

-- [{id, reference, display_name, affiliation, category, mode, state, badge: {id, prints, printed_at} | null}], 20 at
-- most; null for all but registration organisers. Finds people by part of their display name, a reference, a badge (also an old
-- one) or an address. Every address is recorded in desk_lookups.
create or replace function public.find_desk_registrations(summit uuid, query text default '', badge uuid default null,
	address_hash text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hash bytea := case when find_desk_registrations.address_hash ~ '^[0-9a-f]{64}$' then
		decode(find_desk_registrations.address_hash, 'hex') end;
	v_words text[] := private.desk_search_patterns(find_desk_registrations.query);
	v_badge_code text := upper(regexp_replace(coalesce(find_desk_registrations.query, ''), '[^A-Za-z0-9]', '', 'g'));
begin
	if not private.has_role(find_desk_registrations.summit, 'registration') then return null; end if;
	if v_hash is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
		values (find_desk_registrations.summit, private.me(), v_hash, 'search');
	end if;
	return (with found as (
			select r.*, p.display_name, p.affiliation
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			where r.summit_id = find_desk_registrations.summit and r.state <> 'draft'
				and case
					when find_desk_registrations.badge is not null then r.id = (select b.registration_id
						from public.badges as b
						where b.id = find_desk_registrations.badge and b.summit_id = r.summit_id)
					when find_desk_registrations.address_hash is not null
						then r.person_id = private.find_desk_person(v_hash)
					else v_words <> '{}'
						and (private.fold_for_search(concat_ws(' ', p.display_name, r.reference,
							p.affiliation)) like all (v_words)
							or length(v_badge_code) = 12
								and r.id = (select b.registration_id
									from public.badges as b
									where b.badge_code = v_badge_code and b.summit_id = r.summit_id)) end
			order by (r.state not in ('declined', 'withdrawn', 'expired')) desc,
				private.fold_for_search(p.display_name), r.id
			limit 20
		)
		select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'reference', f.reference,
			'display_name', f.display_name, 'affiliation', f.affiliation, 'category', f.category, 'mode', f.mode,
			'state', f.state,
			'badge', (select private.badge_prints_json(b)
				from public.badges as b
				where b.registration_id = f.id and b.revoked_at is null))), '[]')
		from found as f);
end
$$;

-- {badge: {id, issued_at, prints, printed_at} | null, sign_in: why the desk cannot sign them in, colleagues: [{id,
-- display_name}]} of one registration. Colleagues of the same member wait for a seat of this mode and could take this
-- one. Null for all but registration organisers.
create or replace function public.read_desk_registration(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'badge', (select private.badge_prints_json(b) || jsonb_build_object('issued_at', private.iso(b.issued_at))
			from public.badges as b
			where b.registration_id = r.id and b.revoked_at is null),
		'sign_in', private.desk_sign_in_obstacle(r),
		'colleagues', (select coalesce(
				jsonb_agg(jsonb_build_object('id', o.id, 'display_name', p.display_name) order by q.rank), '[]')
			from public.queue_entries as q
			join public.registrations as o on o.id = q.registration_id
			join public.people as p on p.id = o.person_id
			where q.summit_id = r.summit_id and q.mode = r.mode and q.state = 'waiting' and o.member_id = r.member_id
				and o.id <> r.id and not private.has_alias(o.person_id) and not private.has_alias(r.person_id)))
	from public.registrations as r
	where r.id = read_desk_registration.registration and r.state <> 'draft'
		and private.has_role(r.summit_id, 'registration')
$$;

-- Returns everything of a registration that its person reads; `p_named` adds who acted, for organisers. The caller has
-- checked who may read it.
create or replace function private.registration_json(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_r.id, 'summit_id', p_r.summit_id, 'reference', p_r.reference,
		'category', p_r.category, 'mode', p_r.mode,
		'state', p_r.state, 'state_since', private.iso(p_r.state_since),
		'form_step', p_r.form_step, 'version', p_r.version, 'updated_at', private.iso(p_r.updated_at),
		'languages', p_r.languages, 'is_minor', p_r.is_minor,
		'code_of_conduct_at', private.iso(p_r.code_of_conduct_at),
		'display_name', person.display_name, 'office', person.office,
		'affiliation', person.affiliation, 'country', person.country,
		'member', (
			select jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country)
			from public.summit_members as sm
			join public.members as m on m.id = sm.member_id
			where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id),
		'request', (
			select jsonb_build_object('name', q.name, 'sector', q.sector, 'country', q.country, 'state', q.state)
			from public.member_requests as q
			where q.registration_id = p_r.id),
		'access_needs', coalesce(d.access_needs, ''), 'note', coalesce(d.note, ''),
		'no_photographs', coalesce(x.no_photographs, f.no_photographs, false),
		'consents', (
			select coalesce(jsonb_object_agg(c.item_id, c.given_at is not null and c.withdrawn_at is null), '{}')
			from public.consents as c
			where c.registration_id = p_r.id),
		'steps', private.registration_steps_json(p_r, p_named),
		'seat', (
			select jsonb_build_object('mode', s.mode, 'state', s.state, 'held_until', private.iso(s.held_until))
			from public.seats as s
			where s.registration_id = p_r.id and s.mode = p_r.mode and s.state <> 'released'),
		-- A draft has none of these.
		'queue', case when p_r.state <> 'draft' then private.registration_queue_places(p_r) else '[]' end,
		'order', case when p_r.state <> 'draft' then private.latest_registration_order(p_r) end,
		'badge', (
			select jsonb_build_object('id', b.id, 'badge_code', b.badge_code, 'issued_at', private.iso(b.issued_at),
				'line', private.badge_line(p_r))
			from public.badges as b
			where b.registration_id = p_r.id and b.revoked_at is null))
	from public.people as person
	left join public.registration_needs as d on d.registration_id = p_r.id
	left join private.protections as x on x.person_id = p_r.person_id
	left join public.person_preferences as f on f.person_id = p_r.person_id
	where person.id = p_r.person_id
$$;
