-- How often files of a published item were sent on a day (of UTC), and nothing about who asked for them. Written with each
-- download, so it is not audited.
create table private.library_openings (
	item_id uuid not null references private.library_items (id) on delete cascade,
	day date not null,
	count integer not null check (count > 0),
	primary key (item_id, day)
);
alter table private.library_openings enable row level security;

insert into private.retention_rules (table_name, exemption) values ('private.library_openings', 'numbers');

drop function private.object_of_library_file(uuid);
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

-- One published item: the version that is shown, or an earlier one by its number; null where there is none, or the reader
-- may not read it. `versions`: those that the reader may read. `works`: whether they work on it; then `opened` is how often
-- its files were sent, else null.
create or replace function public.read_library_item(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'works', private.works_on_library_item(i),
		'opened', case when private.works_on_library_item(i) then private.library_openings_of(i.id) end,
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

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it. `opened`: how often its files were sent. `withdraws`, `deletes`: whether the reader
-- may withdraw or delete it.
create or replace function public.read_library_work(code text) returns jsonb
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
		'opened', private.library_openings_of(i.id),
		'owner', (select p.display_name from public.people as p where p.id = i.owner_id),
		'withdraws', private.library_step_refusal(i, 'withdrawn', '-') is null,
		'deletes', not exists (select from private.library_steps as s where s.item_id = i.id),
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

-- Counts of what everybody registered may see: released sessions, closed ones aside, and what was made of them.
create or replace function private.impact_programme(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select rs.session_id, rs.spoken || rs.interpreted as languages, rs.interpreted, rs.content_note,
			private.level_in_force(rs.session_id) in ('public', 'members') as is_named
		from public.release_sessions as rs
		where rs.release_id = private.newest_release(p_summit)
			and not rs.is_break
			and not rs.is_cancelled
			and private.level_in_force(rs.session_id) <> 'closed'),
	documents as materialized (
		select distinct p.item_id
		from private.readable_publications(null) as p
		join private.library_ties as t on t.item_id = p.item_id and t.number = p.number
		join held on held.session_id = t.session_id
		where p.shown_until > now())
	select 'sessions', '', '', count(*) from held
	union all
	select 'languages', '', '', count(distinct l) from held, unnest(held.languages) as l
	union all
	select 'languages', 'language', l, count(distinct held.session_id) from held, unnest(held.languages) as l group by l
	union all
	select 'content_notes', '', '', count(*) from held where held.content_note <> '{}'
	union all
	select 'captioned', '', '', count(*)
	from held
	where held.is_named and exists (
		select from private.caption_lines as c join public.runs on runs.id = c.run_id
		where runs.session_id = held.session_id and c.level in ('public', 'members'))
	union all
	select 'recordings', '', '', count(distinct r.session_id)
	from private.recordings as r
	join held on held.session_id = r.session_id and held.is_named
	where r.published_at is not null
	union all
	select 'documents', '', '', count(*) from documents
	union all
	select 'documents_opened', '', '', coalesce(sum(private.library_openings_of(d.item_id)), 0)::bigint
	from documents as d
$$;
