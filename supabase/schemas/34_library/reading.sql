-- What readers get: one item with its versions and files, and the work of submitters and reviewers.

-- Whether a tie to a commitment is shown to the reader: they find it in the register.
create function private.is_commitment_tie_seen(p_commitment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.visible_commitments_among(private.me(), array[p_commitment]))
		and private.shown_commitment_version(p_commitment) is not null
$$;

-- The ties of a version that the reader sees: {members: [{name, code, is_author, has_page}], sessions, groups, commitments}. Those
-- that they do not see leave no trace.
create function private.library_ties_json(p_item uuid, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'members', (
			select coalesce(jsonb_agg(to_jsonb(x) order by x.name), '[]')
			from (
				-- Two members that were merged are one.
				select m.code, m.name, bool_or(t.is_author) as is_author, private.has_member_page(m.id) as has_page
				from private.library_ties as t
				join public.members as m on m.id = t.member_id
				where t.item_id = p_item and t.number = p_number
				group by m.id) as x),
		'sessions', (
			select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'summit', u.slug, 'title', r.title) order by s.code), '[]')
			from private.library_ties as t
			join public.sessions as s on s.id = t.session_id
			join public.summits as u on u.id = s.summit_id
			join public.release_sessions as r
				on r.session_id = s.id and r.release_id = private.newest_release(s.summit_id)
			where t.item_id = p_item and t.number = p_number and private.can_see(private.me(), s.id)),
		'groups', (
			select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.code), '[]')
			from private.library_ties as t
			join private.groups as g on g.id = t.group_id
			where t.item_id = p_item and t.number = p_number and g.id in (select private.visible_groups(private.me()))),
		'commitments', (
			select coalesce(jsonb_agg(jsonb_build_object('code', c.code, 'title', v.title) order by c.code), '[]')
			from private.library_ties as t
			join private.commitments as c on c.id = t.commitment_id
			join private.commitment_versions as v
				on v.commitment_id = c.id and v.number = private.shown_commitment_version(c.id)
			where t.item_id = p_item
				and t.number = p_number
				and c.id in (select private.visible_commitments(private.me()))))
$$;

-- The text, ties and files of one version. The group is named to those who see it.
create function private.library_version_json(v private.library_versions) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', i.code,
		'number', v.number,
		'kind', v.kind,
		'title', v.title,
		'summary', v.summary,
		'authors', v.authors,
		'licence', v.licence,
		'doi', v.doi,
		'issued_on', v.issued_on,
		'theme', (
			select jsonb_build_object('slug', t.slug, 'name', t.name)
			from private.commitment_themes as t
			where t.id = v.theme_id),
		'level', v.level,
		'group', (
			select jsonb_build_object('code', g.code, 'name', g.name)
			from private.groups as g
			where g.id = v.group_id and g.id in (select private.visible_groups(private.me()))),
		'embargo_until', private.iso(v.embargo_until),
		'note', v.note,
		'published_at', private.iso(v.published_at),
		'ties', private.library_ties_json(v.item_id, v.number),
		'files', (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'language', f.language, 'name', f.shown_name,
				'media_type', o.media_type, 'size', o.size) order by f.language), '[]')
			from private.library_files as f
			join private.stored_objects as o on o.name = f.object_name
			where f.item_id = v.item_id and f.number = v.number and o.state = 'kept'))
	from private.library_items as i
	where i.id = v.item_id
$$;

-- One published item: the version that is shown, or an earlier one by its number; null where there is none, or the reader
-- may not read it. `versions`: those that the reader may read. `works`: whether they work on it. `opened`: how often
-- its files were sent, where that is shown to them, else null.
create function public.read_library_item(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'works', private.works_on_library_item(i),
		'opened', private.shown_library_openings(i),
		'shown', shown.number,
		'versions', (
			select jsonb_agg(jsonb_build_object('number', x.number, 'published_at', private.iso(r.shown_from), 'note', x.note)
				order by x.number desc)
			from private.readable_publications(private.me()) as r
			join private.library_versions as x on x.item_id = r.item_id and x.number = r.number
			where r.item_id = i.id))
	from private.library_items as i
	cross join lateral (
		select max(r.number) as number from private.readable_publications(private.me()) as r where r.item_id = i.id
	) as shown
	join private.readable_publications(private.me()) as p
		on p.item_id = i.id and p.number = coalesce(read_library_item.number, shown.number)
	join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
	where i.code = read_library_item.code
$$;
grant execute on function public.read_library_item(text, integer) to anon, authenticated;

-- Why an item was withdrawn, for those who could read a version of it before: {title, reason, withdrawn_at}; else null.
create function public.read_withdrawn_item(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('title', v.title, 'reason', i.withdrawn_reason, 'withdrawn_at', private.iso(i.withdrawn_at))
	from private.library_items as i
	join lateral (
		select x.*
		from private.library_versions as x
		where x.item_id = i.id
			and x.published_at is not null
			and greatest(x.published_at, x.embargo_until) <= i.withdrawn_at
		order by x.number desc
		limit 1) as v on true
	where i.code = read_withdrawn_item.code
		and i.state = 'withdrawn'
		and not exists (
			select from private.library_versions as w
			where w.item_id = i.id
				and w.number >= v.number
				and w.published_at is not null
				and w.level <> 'public'
				and not coalesce(w.group_id::text, 'members') = any (private.library_scopes(private.me())))
$$;
grant execute on function public.read_withdrawn_item(text) to anon, authenticated;

-- A file that the reader may download: {id, name, media_type, size, sha256}; null when there is none, or they may not. Those
-- who work on an item get its files before it is published.
create function public.open_library_file(file uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', f.id, 'name', f.shown_name, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.library_files as f
	join private.library_items as i on i.id = f.item_id
	join private.stored_objects as o on o.name = f.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = open_library_file.file
		and (private.works_on_library_item(i)
			or exists (
				select from private.readable_publications(private.me()) as r
				where r.item_id = f.item_id and r.number = f.number))
$$;
grant execute on function public.open_library_file(uuid) to anon, authenticated;

-- The name of the object of a file, for the app alone, which has asked open_library_file. `p_is_opening`: the file is about
-- to be sent, and is counted if it is of a published version.
create function private.object_of_library_file(p_file uuid, p_is_opening boolean) returns text
language sql volatile security definer set search_path = '' as $$
	insert into private.library_openings as o (item_id, day, count)
	select f.item_id, (now() at time zone 'UTC')::date, 1
	from private.library_files as f
	join private.library_publications as p on p.item_id = f.item_id and p.number = f.number and p.shown_from <= now()
	where f.id = p_file and p_is_opening
	on conflict (item_id, day) do update set count = o.count + 1;
	select f.object_name from private.library_files as f where f.id = p_file
$$;
grant execute on function private.object_of_library_file(uuid, boolean) to app_server;

-- How often the files of an item were sent, in all.
create function private.library_openings_of(p_item uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(o.count), 0)::bigint from private.library_openings as o where o.item_id = p_item
$$;

-- The same for a reader who works on the item; null where it is not shown. A version for a standing group has so few
-- readers that the number would say who of them has opened it: then it is for those who run the community alone.
create function private.shown_library_openings(p private.library_items) returns bigint
language sql stable security definer set search_path = '' as $$
	select private.library_openings_of(p.id)
	where private.works_on_library_item(p)
		and (private.runs_community() or not exists (
			select from private.library_versions as v
			where v.item_id = p.id and v.published_at is not null and v.level = 'group'))
$$;

-- What the forms of the library offer: {submits, reviews, themes: [{slug, name}], groups: [{code, name}]}.
create function public.library_choices() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'submits', private.submits_to_library(),
		'reviews', private.runs_community(),
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where t.retired_at is null),
		'groups', (
			select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.code), '[]')
			from private.groups as g
			where g.ended_at is null and exists (
				select from private.live_group_people as x where x.group_id = g.id and x.person_id = private.me())))
$$;
grant execute on function public.library_choices() to anon, authenticated;

-- One row of a list of work.
create function private.library_work_row(i private.library_items) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('code', i.code, 'title', v.title, 'kind', v.kind, 'number', v.number, 'state', i.state,
		'updated_at', private.iso(i.updated_at), 'embargo_until', private.iso(v.embargo_until))
	from private.library_versions as v
	where v.item_id = i.id and v.number = i.version
$$;

-- The items on which the reader works: {own: [row], review: [row] (null for those who do not run the community)}.
create function public.list_library_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at desc, i.code), '[]')
			from private.library_items as i
			where i.owner_id = (select private.me()) and private.submits_to_library()),
		'review', case when private.runs_community() then (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at, i.code), '[]')
			from private.library_items as i
			join private.library_versions as v on v.item_id = i.id and v.number = i.version
			where i.state in ('submitted', 'reviewed') or i.state = 'published' and v.embargo_until > now()) end)
$$;
grant execute on function public.list_library_work() to authenticated;

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it. `opened`: how often its files were sent, null where that is not shown. `withdraws`,
-- `deletes`, `discards`: whether the reader may withdraw it, delete it, or discard its newest version.
create function public.read_library_work(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'id', i.id,
		'state', i.state,
		'revision', i.revision,
		'reviews', private.runs_community(),
		'submits', private.submits_to_library(),
		'is_own', private.has_written_version(i),
		'is_published', exists (
			select from private.library_publications as p where p.item_id = i.id and p.shown_from <= now()),
		'opened', private.shown_library_openings(i),
		'owner', (select p.display_name from public.people as p where p.id = i.owner_id),
		'withdraws', private.library_step_refusal(i, 'withdrawn', '-') is null,
		'deletes', not exists (select from private.library_steps as s where s.item_id = i.id),
		'discards', private.is_begun_library_version(i),
		'withdrawn_reason', i.withdrawn_reason,
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step, 'reason', s.reason,
				'made_by', (select p.display_name from public.people as p where p.id = s.made_by),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.library_steps as s
			where s.item_id = i.id))
	from private.library_items as i
	join private.library_versions as v on v.item_id = i.id and v.number = i.version
	where i.code = read_library_work.code and private.works_on_library_item(i)
$$;
grant execute on function public.read_library_work(text) to authenticated;
