-- Rows of people, by key: registrations and attendance, with the names under which everybody is shown them. Under-18s are in
-- no row, and nothing sealed, no address, need or answer is; nor is the member of a person under an alias.

-- The registrations by their reference, without drafts. `p_filters` is {state, mode, category, member: code, state_since}:
-- those that fit all that are given.
create function private.api_registrations(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'registration_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select r.reference collate "C" as key, jsonb_build_object(
				'reference', r.reference,
				'category', r.category,
				'mode', r.mode,
				'state', r.state,
				'state_since', private.iso(r.state_since),
				'submitted_at', private.iso(r.submitted_at),
				'member', case when m.id is not null then jsonb_build_object('code', m.code, 'name', m.name) end,
				'person', jsonb_build_object('display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation,
					'country', p.country)) as item
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id and not private.has_alias(p.id)
			where r.summit_id = k.summit_id
				and r.state <> 'draft'
				and not r.is_minor
				and (p_filters ->> 'state' is null or r.state::text = p_filters ->> 'state')
				and (p_filters ->> 'mode' is null or r.mode::text = p_filters ->> 'mode')
				and (p_filters ->> 'category' is null or r.category::text = p_filters ->> 'category')
				and (p_filters ->> 'member' is null or m.code = p_filters ->> 'member')
				and (p_filters ->> 'state_since' is null
					or r.state_since >= private.parse_instant(p_filters ->> 'state_since'))
				and r.reference collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_registrations(bytea, text, integer, jsonb) to app_server;

-- Who attended which session, in minutes, by the codes of both; for sessions at a level that names people, and that the
-- maker of the key sees. Minutes are computed for the page alone. `p_filters` is {session: code}.
create function private.api_attendance(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'presence_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.key, case when m.minutes > 0 then jsonb_build_object(
				'session', y.session,
				'person', jsonb_build_object('code', y.code, 'display_name', y.display_name, 'affiliation', y.affiliation),
				'minutes', m.minutes) end as item
			from (
				select (s.code || '/' || p.code) collate "C" as key, s.id as session_id, s.code as session, p.id as person_id, p.code,
					p.display_name, p.affiliation
				from (select distinct a.session_id, a.person_id
					from public.presence as a
					where a.summit_id = k.summit_id and a.session_id is not null) as each
				join public.sessions as s on s.id = each.session_id
				join public.people as p on p.id = each.person_id
				where s.id in (select private.visible_sessions(k.made_by, k.summit_id))
					and (p_filters ->> 'session' is null or s.code = p_filters ->> 'session')
					and private.level_in_force(s.id) in ('public', 'members')
					and not exists (
						select from public.registrations as r
						where r.summit_id = k.summit_id and r.person_id = p.id and r.is_minor)
					and (s.code || '/' || p.code) collate "C" > coalesce(p_after, '')
				order by 1
				limit private.api_page_size(p_most) + 1) as y
			cross join lateral (select private.attended_minutes(y.person_id, y.session_id) as minutes) as m) as x) as page
$$;
grant execute on function private.api_attendance(bytea, text, integer, jsonb) to app_server;
