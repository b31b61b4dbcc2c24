-- Filters of the API: registrations, attendance and documents. Processes of the release before call without them.

drop function private.api_registrations(bytea, text, integer);
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
			left join public.members as m on m.id = r.member_id
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

drop function private.api_attendance(bytea, text, integer);
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

drop function private.api_documents(bytea, text, integer);
create function private.api_documents(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'documents') as k
	cross join lateral (
		with newest as (
			select i.id, i.code, max(r.number) as number
			from private.readable_publications(null) as r
			join private.library_items as i on i.id = r.item_id
			where i.code collate "C" > coalesce(p_after, '')
			group by i.id
		), shown as materialized (
			select n.*
			from newest as n
			join private.library_versions as v on v.item_id = n.id and v.number = n.number
			where (p_filters ->> 'kind' is null or v.kind::text = p_filters ->> 'kind')
				and (p_filters ->> 'published_since' is null
					or v.published_at >= private.parse_instant(p_filters ->> 'published_since'))
			order by n.code collate "C"
			limit private.api_page_size(p_most) + 1
		), ties as materialized (
			select t.* from private.library_ties as t join shown as d on d.id = t.item_id and d.number = t.number
		), sessions as materialized (
			select s.id, s.code, u.slug
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id
			where s.id in (select t.session_id from ties as t)
				and private.can_see(null, s.id)
				and exists (
					select from public.release_sessions as r
					where r.session_id = s.id and r.release_id = private.newest_release(s.summit_id))
		), commitments as materialized (
			select c.id, c.code
			from private.commitments as c
			where c.id in (select t.commitment_id from ties as t)
				and c.id in (select a.id from private.announced_commitments() as a)
		)
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select d.code collate "C" as key, jsonb_build_object(
				'code', d.code,
				'number', v.number,
				'kind', v.kind,
				'title', v.title,
				'summary', v.summary,
				'authors', v.authors,
				'licence', v.licence,
				'doi', v.doi,
				'issued_on', v.issued_on,
				'theme', (
					select jsonb_build_object('slug', h.slug, 'name', h.name)
					from private.commitment_themes as h
					where h.id = v.theme_id),
				'published_at', private.iso(v.published_at),
				'files', (
					select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'language', f.language, 'name', f.shown_name,
						'media_type', o.media_type, 'size', o.size) order by f.language), '[]')
					from private.library_files as f
					join private.stored_objects as o on o.name = f.object_name
					where f.item_id = d.id and f.number = d.number and o.state = 'kept'),
				'members', (
					select coalesce(jsonb_agg(to_jsonb(y) order by y.name), '[]')
					from (
						select m.code, m.name, bool_or(t.is_author) as is_author
						from ties as t
						join public.members as m on m.id = t.member_id
						where t.item_id = d.id
						group by m.id) as y),
				'sessions', (
					select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'summit', s.slug) order by s.code), '[]')
					from ties as t
					join sessions as s on s.id = t.session_id
					where t.item_id = d.id),
				'commitments', (
					select coalesce(jsonb_agg(c.code order by c.code), '[]')
					from ties as t
					join commitments as c on c.id = t.commitment_id
					where t.item_id = d.id)) as item
			from shown as d
			join private.library_versions as v on v.item_id = d.id and v.number = d.number) as x) as page
$$;
grant execute on function private.api_documents(bytea, text, integer, jsonb) to app_server;
