-- What every visitor reads of a Summit, by key: its published agenda, sessions and speakers, its commitments, and the
-- documents of the library. Each function asks for a key with its scope (null without), and then what a visitor sees: nobody
-- is signed in, so the two predicates of visibility decide as for the public pages. Pages follow each other by the key of the
-- row: rows that come or go between two pages shift none of the others.

-- The times of the agenda in their order, {release: {number, released_at}, items: [{session, event, starts_at, ends_at, rooms,
-- is_cancelled}], next}.
create function private.api_agenda(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer || jsonb_build_object('release', (
		select jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at))
		from public.releases as r
		join public.summits as s on s.id = r.summit_id and s.state <> 'draft'
		where r.id = private.newest_release(k.summit_id)))
	from private.usable_api_key(p_hash, 'agenda') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.key, y.item
			from (
				select (private.iso(lower(rl.during)) || '/' || s.code || '/' || rl.slot_id) collate "C" as key,
					jsonb_build_object(
						'session', s.code,
						'event', e.uid,
						'starts_at', private.iso(lower(rl.during)),
						'ends_at', private.iso(upper(rl.during)),
						'rooms', jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.position, o.slug),
						'is_cancelled', bool_or(rl.is_cancelled)) as item
				from public.release_slots as rl
				join public.sessions as s on s.id = rl.session_id
				join public.rooms as o on o.id = rl.room_id
				left join private.release_events as e on e.release_id = rl.release_id and e.slot_id = rl.slot_id
				where rl.release_id = private.newest_release(k.summit_id)
					and rl.session_id in (select private.visible_sessions(null, k.summit_id))
				group by rl.slot_id, rl.during, s.code, e.uid) as y
			where y.key > coalesce(p_after, '')
			order by y.key
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_agenda(bytea, text, integer) to app_server;

-- The sessions by their code.
create function private.api_sessions(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'sessions') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select s.code collate "C" as key, jsonb_build_object(
				'code', s.code,
				'title', rs.title,
				'abstract', rs.abstract,
				'content_note', rs.content_note,
				'track', rs.track,
				'track_slug', rs.track_slug,
				'format', rs.format,
				'format_slug', rs.format_slug,
				'attendance', rs.attendance,
				'spoken', rs.spoken,
				'interpreted', rs.interpreted,
				'is_recorded', rs.is_recorded and s.is_recorded,
				'is_break', rs.is_break,
				'is_cancelled', rs.is_cancelled,
				'links', rs.links,
				'people', (
					select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'role', rp.role)
						order by rp.position, p.code), '[]')
					from public.release_people as rp
					join public.people as p on p.id = rp.person_id
					where rp.release_id = rs.release_id
						and rp.session_id = s.id
						and private.is_named(s.id, rp.person_id, rp.role))) as item
			from public.release_sessions as rs
			join public.sessions as s on s.id = rs.session_id
			where rs.release_id = private.newest_release(k.summit_id)
				and rs.session_id in (select private.visible_sessions(null, k.summit_id))
				and s.code collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_sessions(bytea, text, integer) to app_server;

-- The people whom these sessions name, as everybody is shown them today, by their code.
create function private.api_speakers(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'speakers') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select p.code collate "C" as key, jsonb_build_object(
				'code', p.code,
				'display_name', p.display_name,
				'office', p.office,
				'affiliation', p.affiliation,
				'country', p.country,
				'biography', p.biography,
				'links', p.links,
				'sessions', jsonb_agg(jsonb_build_object('session', s.code, 'role', rp.role) order by s.code, rp.role)) as item
			from public.release_people as rp
			join public.people as p on p.id = rp.person_id
			join public.sessions as s on s.id = rp.session_id
			where rp.release_id = private.newest_release(k.summit_id)
				and rp.session_id in (select private.visible_sessions(null, k.summit_id))
				and private.is_named(rp.session_id, rp.person_id, rp.role)
				and p.code collate "C" > coalesce(p_after, '')
			group by p.id
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_speakers(bytea, text, integer) to app_server;

-- The commitments that were made for the Summit and announced to everybody, by their code.
create function private.api_commitments(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'commitments') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key, jsonb_build_object(
				'code', y.code,
				'title', y.words -> 'title',
				'summary', y.words -> 'summary',
				'beneficiaries', y.words -> 'beneficiaries',
				'indicator', y.words -> 'indicator',
				'unit', y.words -> 'unit',
				'baseline', y.words -> 'baseline',
				'target', y.words -> 'target',
				'due_on', y.words -> 'due_on',
				'theme', y.words -> 'theme',
				'countries', y.words -> 'countries',
				'budget', y.words -> 'budget',
				'currency', y.words -> 'currency',
				'member', (y.words -> 'member') - 'id',
				'partners', (
					select coalesce(jsonb_agg(partner - 'id' order by place), '[]')
					from jsonb_array_elements(y.words -> 'partners') with ordinality as each (partner, place)),
				'session', y.words #> '{session,code}',
				'status', y.status,
				'is_verified', y.is_verified,
				'announced_at', private.iso(y.announced_at),
				'value', y.value,
				'reported_at', private.iso(y.reported_at),
				'withdrawn_at', private.iso(y.withdrawn_at)) as item
			from (
				select c.code, c.withdrawn_at, a.status, a.is_verified, a.announced_at, a.value, a.reported_at,
					private.commitment_text_json(c, a.number) as words
				from private.announced_commitments(array(
					select o.id from private.commitments as o where o.summit_id = k.summit_id)) as a
				join private.commitments as c on c.id = a.id
				where c.code collate "C" > coalesce(p_after, '')
				order by c.code collate "C"
				limit private.api_page_size(p_most) + 1) as y) as x) as page
$$;
grant execute on function private.api_commitments(bytea, text, integer) to app_server;

-- The documents that everybody may read today, by their code. The library outlives Summits, so each key reads all of them.
-- What they are tied to is asked once for the page, by the same rules as on their own pages. `p_filters` is {kind,
-- published_since: since when everybody may read them, which with an embargo is its end}.
create function private.api_documents(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'documents') as k
	cross join lateral (
		with newest as (
			select i.id, i.code, max(r.number) as number, max(r.shown_from) as shown_from
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
					or n.shown_from >= private.parse_instant(p_filters ->> 'published_since'))
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
				and c.id in (
					select a.id
					from private.announced_commitments(array(select t.commitment_id from ties as t)) as a)
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
