-- Reading Summits and their settings.

-- The Summits that the reader sees: everybody those that are no draft, organisers their drafts too. The policies of all
-- settings tables use it.
create function private.readable_summits() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.summits where state <> 'draft'
	union
	select private.summits_with_role('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;
grant execute on function private.readable_summits() to anon, authenticated;

-- The archived Summits: they show what was public, and nothing of persons but their speakers.
create function private.archived_summits() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.summits where state = 'archived'
$$;
grant execute on function private.archived_summits() to anon, authenticated;

-- The slug of the Summit that "/" shows: the one that is live, else the next that is open, else the last that was held.
-- A rehearsal is found by its address alone.
create function public.current_summit() returns text
language sql stable security definer set search_path = '' as $$
	select slug from private.real_summits
	where state <> 'draft'
	order by array_position(array['live', 'open', 'closed', 'archived']::public.summit_state[], state),
		case when state = 'open' then starts_on end, starts_on desc
	limit 1
$$;
grant execute on function public.current_summit() to anon, authenticated;

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - array['created_at', 'updated_at', 'counts_watching', 'is_rehearsal'] || jsonb_build_object(
		'registration', private.registration_window(s),
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id and (s.state <> 'archived' or kind in ('privacy', 'safeguarding'))),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;
grant execute on function public.read_summit(text) to anon, authenticated;

-- The Summits in which the reader has a role, drafts too, newest first: [{id, slug, name, state, starts_on, ends_on}].
create function public.list_summits() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', s.id,
		'slug', s.slug,
		'name', s.name,
		'state', s.state,
		'starts_on', s.starts_on,
		'ends_on', s.ends_on) order by s.starts_on desc), '[]')
	from public.summits as s
	where private.has_role(s.id, 'programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;
grant execute on function public.list_summits() to authenticated;
