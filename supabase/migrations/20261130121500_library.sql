-- A library of the Alliance's documents, in versions that are submitted, reviewed and published, with a search.

set check_function_bodies = off;

create text search configuration private.search_en (copy = pg_catalog.english);

alter text search configuration private.search_en alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, english_stem;

create text search configuration private.search_fr (copy = pg_catalog.french);

alter text search configuration private.search_fr alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, french_stem;

create text search configuration private.search_es (copy = pg_catalog.spanish);

alter text search configuration private.search_es alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, spanish_stem;

create text search configuration private.search_ar (copy = pg_catalog.arabic);

alter text search configuration private.search_ar alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, arabic_stem;

create text search configuration private.search_ru (copy = pg_catalog.russian);

alter text search configuration private.search_ru alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, russian_stem;

create text search configuration private.search_pt (copy = pg_catalog.portuguese);

alter text search configuration private.search_pt alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, portuguese_stem;

create text search configuration private.search_simple (copy = pg_catalog.simple);

alter text search configuration private.search_simple alter mapping for hword, hword_part, word, asciiword,
	hword_asciipart, asciihword with extensions.unaccent, simple;

create type public.library_kind as enum
	('assessment', 'model', 'briefing', 'toolkit', 'report', 'minutes', 'presentation', 'other');

create type public.library_licence as enum
	('cc_by', 'cc_by_sa', 'cc_by_nc', 'cc_by_nc_nd', 'cc0', 'all_rights_reserved');

-- Who reads it: everybody; people of members; the people of one standing group.
create type public.library_level as enum ('public', 'members', 'group');

-- Of the newest version. Draft: being written, also after it was sent back.
create type public.library_state as enum ('draft', 'submitted', 'reviewed', 'published', 'withdrawn');

create type public.library_step as enum ('submitted', 'recalled', 'sent_back', 'reviewed', 'published', 'withdrawn');

-- A step of an item of the library. Own: the reader submitted it, and somebody else reviews it. No file: nothing to submit.
create domain public.library_step_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'reason_needed', 'own', 'no_file', 'not_allowed'));

create table private.library_items (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	state public.library_state not null default 'draft',
	-- The newest version.
	version integer not null default 1,
	-- Counts the changes: who acts names the one that they saw.
	revision integer not null default 1,
	-- Who submits it, and reads it before it is published.
	owner_id uuid references public.people (id) on update cascade on delete set null,
	withdrawn_at timestamptz,
	withdrawn_reason text not null default '' check (length(withdrawn_reason) <= 2000),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check ((state = 'withdrawn') = (withdrawn_at is not null)),
	check ((state = 'withdrawn') = (withdrawn_reason <> ''))
);

create table private.library_versions (
	item_id uuid not null references private.library_items (id) on delete restrict,
	number integer not null check (number > 0),
	kind public.library_kind not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	summary public.text_map not null check (summary <> '{}'::jsonb),
	-- The authors by name, in their order; members among them are ties too.
	authors text[] not null default '{}' check (cardinality(authors) <= 40),
	licence public.library_licence not null,
	doi text check (length(doi) <= 200 and doi ~ '^10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+$'),
	-- The day of the document itself.
	issued_on date not null check (issued_on between '1900-01-01' and '2100-01-01'),
	theme_id uuid references private.commitment_themes (id) on delete restrict,
	level public.library_level not null,
	group_id uuid references private.groups (id) on delete restrict,
	-- Nobody but those who work on it reads it before.
	embargo_until timestamptz,
	-- What this version changes, in words for readers.
	note text not null default '' check (length(note) <= 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default now(),
	-- Submitted, and never changed from then on; null again when it is sent back.
	submitted_at timestamptz,
	submitted_by uuid references public.people (id) on update cascade on delete set null,
	published_at timestamptz,
	primary key (item_id, number),
	check ((level = 'group') = (group_id is not null)),
	check (published_at is null or submitted_at is not null),
	constraint title_one_line check (private.are_one_line(title)),
	constraint authors_one_line check (private.are_one_line(authors)),
	constraint note_one_line check (private.is_one_line(note))
);

-- What a version is about or came from: one of the four.
create table private.library_ties (
	id bigint generated always as identity primary key,
	item_id uuid not null,
	number integer not null,
	member_id uuid references public.members (id) on delete restrict,
	is_author boolean not null default false,
	session_id uuid references public.sessions (id) on delete cascade,
	group_id uuid references private.groups (id) on delete restrict,
	commitment_id uuid references private.commitments (id) on delete restrict,
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	check (num_nonnulls(member_id, session_id, group_id, commitment_id) = 1),
	check (not is_author or member_id is not null)
);

-- One file for each language of a version. It was scanned before it was stored.
create table private.library_files (
	id uuid primary key default gen_random_uuid(),
	item_id uuid not null,
	number integer not null,
	language text not null check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	shown_name text not null check (length(shown_name) between 1 and 200),
	-- The text of a PDF, for the search alone.
	content text not null default '' check (length(content) <= 200000),
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	unique (item_id, number, language),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	constraint shown_name_one_line check (private.is_one_line(shown_name))
);

-- What happened to the versions; comments of the review are reasons.
create table private.library_steps (
	id bigint generated always as identity primary key,
	item_id uuid not null,
	number integer not null,
	step public.library_step not null,
	reason text not null default '' check (length(reason) <= 2000),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default clock_timestamp(),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete restrict,
	check ((step in ('sent_back', 'withdrawn')) <= (reason <> ''))
);

-- The published versions as readers find them, made from the tables above by private.index_library_item. Pages, counts,
-- downloads and the search read visibility here and nowhere else.
create table private.library_publications (
	item_id uuid not null,
	number integer not null,
	kind public.library_kind not null,
	theme_id uuid references private.commitment_themes (id) on delete restrict,
	issued_on date not null,
	languages text[] not null,
	-- The scopes that a reader needs (private.library_scopes): its own and those of each later version, so that an older
	-- version never opens what a newer one closed.
	needs text[] not null,
	-- It is shown as the newest from its publication or the end of its embargo until a later one is.
	shown_from timestamptz not null,
	shown_until timestamptz not null,
	-- The words of title and summary, and those of the files.
	head tsvector not null,
	body tsvector not null,
	primary key (item_id, number),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete cascade
);

-- The object of a file is deleted with the file.
create function private.mark_library_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name);
	return null;
end
$$;

-- Whether a tie to a session is shown to the reader: they see it, and it is in the newest release.
create function private.is_session_tie_seen(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see(private.me(), p_session) and exists (
		select from public.release_sessions as r
		where r.session_id = p_session and r.release_id = private.newest_release(r.summit_id))
$$;

-- Whether a tie to a commitment is shown to the reader: they find it in the register.
create function private.is_commitment_tie_seen(p_commitment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_commitment in (select private.visible_commitments(private.me()))
		and private.shown_commitment_version(p_commitment) is not null
$$;

-- The ties of a version that the reader sees: {members: [{name, code, is_author}], sessions, groups, commitments}. Those
-- that they do not see leave no trace.
create function private.library_ties_json(p_item uuid, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'members', (
			select coalesce(jsonb_agg(to_jsonb(x) order by x.name), '[]')
			from (
				-- Two members that were merged are one.
				select m.code, m.name, bool_or(t.is_author) as is_author
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
-- may not read it. `versions`: those that the reader may read. `works`: whether they work on it.
create function public.read_library_item(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'works', private.works_on_library_item(i),
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

-- The name of the object of a file, for the app alone, which has asked open_library_file.
create function private.object_of_library_file(p_file uuid) returns text
language sql stable security definer set search_path = '' as $$
	select f.object_name from private.library_files as f where f.id = p_file
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
			where i.owner_id = private.me()),
		'review', case when private.runs_community() then (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at, i.code), '[]')
			from private.library_items as i
			join private.library_versions as v on v.item_id = i.id and v.number = i.version
			where i.state in ('submitted', 'reviewed') or i.state = 'published' and v.embargo_until > now()) end)
$$;

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it.
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
		'owner', (select p.display_name from public.people as p where p.id = i.owner_id),
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

-- Makes the index of the published versions of an item again. The caller has locked the item.
create function private.index_library_item(p_item uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.library_publications as p where p.item_id = p_item;
	with published as (
		select v.*,
			greatest(v.published_at, v.embargo_until) as shown_from,
			case v.level when 'members' then array['members'] when 'group' then array[v.group_id::text] else '{}'::text[] end
				as needs
		from private.library_versions as v
		join private.library_items as i on i.id = v.item_id and i.state <> 'withdrawn'
		where v.item_id = p_item and v.published_at is not null
	)
	insert into private.library_publications (item_id, number, kind, theme_id, issued_on, languages, needs, shown_from,
		shown_until, head, body)
	select v.item_id, v.number, v.kind, v.theme_id, v.issued_on,
		array(
			select f.language
			from private.library_files as f
			where f.item_id = v.item_id and f.number = v.number
			order by f.language),
		array(
			select distinct need
			from published as w, unnest(w.needs) as need
			where w.number >= v.number
			order by need),
		v.shown_from,
		coalesce((select min(w.shown_from) from published as w where w.number > v.number), 'infinity'),
		private.search_vector(v.title, 'A') || private.search_vector(v.summary, 'B')
			|| to_tsvector('private.search_simple', array_to_string(v.authors, ' ')),
		private.search_vector((
			select coalesce(jsonb_object_agg(f.language, f.content), '{}')
			from private.library_files as f
			where f.item_id = v.item_id and f.number = v.number), 'D')
	from published as v
$$;

-- Whether the reader has worked on the newest version of an item themselves.
create function private.has_written_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me() or v.written_by = private.me() or v.submitted_by = private.me(), false)
		or exists (
			select from private.library_files as f
			where f.item_id = p.id and f.number = p.version and f.uploaded_by = private.me())
	from private.library_versions as v
	where v.item_id = p.id and v.number = p.version
$$;

-- Why the reader may not take a step now; null when they may. Those who run the community review and publish, and nobody
-- reviews what they wrote; who submits it may take it back, and withdraw it before it is published.
create function private.library_step_refusal(p private.library_items, p_step public.library_step, p_reason text)
	returns public.library_step_status
language sql stable security definer set search_path = '' as $$
	select case
		when p_step in ('sent_back', 'reviewed', 'published') and not r.runs then 'not_allowed'
		when p_step = 'submitted' and not private.submits_to_library() then 'not_allowed'
		when p_step = 'withdrawn' and not r.runs and exists (
			select from private.library_versions as v where v.item_id = p.id and v.published_at is not null)
			then 'not_allowed'
		when not case p_step
			when 'submitted' then p.state = 'draft'
			when 'recalled' then p.state in ('submitted', 'reviewed')
			when 'sent_back' then p.state in ('submitted', 'reviewed')
			when 'reviewed' then p.state = 'submitted'
			when 'published' then p.state = 'reviewed'
			when 'withdrawn' then p.state <> 'withdrawn'
			else false end then 'wrong_state'
		when p_step = 'submitted' and not exists (
			select from private.library_files as f where f.item_id = p.id and f.number = p.version) then 'no_file'
		when p_step = 'reviewed' and private.has_written_version(p) then 'own'
		when p_step in ('sent_back', 'withdrawn') and p_reason = '' then 'reason_needed'
		when length(p_reason) > 2000 then 'invalid'
	end
	from (select private.runs_community()) as r (runs)
$$;

-- Takes a step with the newest version of an item. `reason` is the comment to who submitted it. Answers ok | not_found |
-- not_allowed | conflict (changed since) | wrong_state | no_file | own | reason_needed | invalid. Locks the item.
create function public.step_library_item(item uuid, revision integer, step public.library_step, reason text default '')
	returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_reason text := private.normalise_free_text(step_library_item.reason);
	v_refusal public.library_step_status;
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from step_library_item.revision then return 'conflict'; end if;
	v_refusal := private.library_step_refusal(v, step, v_reason);
	if v_refusal is not null then return v_refusal; end if;
	insert into private.library_steps (item_id, number, step, reason, made_by)
	values (v.id, v.version, step_library_item.step, v_reason, private.me());
	update private.library_versions as x
	set submitted_at = case when step in ('recalled', 'sent_back') then null else coalesce(x.submitted_at, now()) end,
		submitted_by = case step
			when 'submitted' then private.me()
			when 'recalled' then null
			when 'sent_back' then null
			else x.submitted_by end,
		published_at = case step when 'published' then now() else x.published_at end
	where x.item_id = v.id and x.number = v.version and step <> 'withdrawn';
	update private.library_items as i
	set state = case when step in ('recalled', 'sent_back') then 'draft' else step::text end::public.library_state,
		withdrawn_at = case step when 'withdrawn' then now() end,
		withdrawn_reason = case step when 'withdrawn' then v_reason else '' end,
		revision = i.revision + 1,
		updated_at = now()
	where i.id = v.id;
	if step in ('published', 'withdrawn') then
		perform private.index_library_item(v.id);
		perform private.publish_event('site', 'changed');
	end if;
	return 'ok';
end
$$;

-- A text of a published version changes when a name in it is replaced by an alias: the index follows.
create function private.index_rewritten_item() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.library_publications as p where p.item_id = new.item_id) then
		perform private.index_library_item(new.item_id);
	end if;
	return null;
end
$$;

-- What the reader finds for a question, of everything that they may see; without one, all documents. Each branch reads
-- visibility where the pages do.
create function private.library_hits(p_person uuid, p_query tsquery) returns table (
	source text, id uuid, number integer, at integer, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	select 'document', p.item_id, p.number, null::integer, p.kind::text, p.theme_id, extract(year from p.issued_on)::integer,
		p.languages, coalesce(ts_rank(p.head, p_query), 0), p.issued_on
	from private.readable_publications(p_person) as p
	where p.shown_until > now() and (p_query is null or p.head @@ p_query or p.body @@ p_query)
$$;

-- The words of a hit as the reader is shown them, in pieces: {code, title, summary, …}.
create function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_at integer,
	p_query tsquery, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', i.code,
		'title', private.marked_map(v.title, p_language, p_query),
		'summary', private.marked_map(v.summary, p_language, p_query, 40),
		'kind', v.kind,
		'level', v.level,
		'authors', v.authors,
		'issued_on', v.issued_on,
		'languages', p.languages,
		'is_in_file', p_query is not null and not p.head @@ p_query)
	from private.library_items as i
	join private.library_versions as v on v.item_id = i.id and v.number = p_number
	join private.library_publications as p on p.item_id = i.id and p.number = p_number
	where p_source = 'document' and i.id = p_id
$$;

-- The search: {total, corrected, results: [{source, …}], facets: {source, kind, theme, year, language: [{value, count}]}}.
-- `choice` narrows the results: source, kind, theme (slug), year, language. The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page.
create function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_query tsquery := private.search_query(question);
	v_source text := choice ->> 'source';
	v_kind text := choice ->> 'kind';
	v_theme text := choice ->> 'theme';
	v_year text := choice ->> 'year';
	v_language text := choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_result jsonb;
begin
	with hits as materialized (
		select h.*,
			v_source is null or h.source = v_source as fits_source,
			v_kind is null or h.kind = v_kind as fits_kind,
			v_theme is null or h.theme = v_theme_id as fits_theme,
			v_year is null or h.year::text = v_year as fits_year,
			v_language is null or v_language = any (h.languages) as fits_language
		from private.library_hits(private.me(), v_query) as h
	), counted as (
		select h.source, h.kind, h.theme, h.year, grouping(h.source, h.kind, h.theme, h.year) as by,
			count(*) filter (where fits_kind and fits_theme and fits_year and fits_language) as of_source,
			count(*) filter (where fits_source and fits_theme and fits_year and fits_language) as of_kind,
			count(*) filter (where fits_source and fits_kind and fits_year and fits_language) as of_theme,
			count(*) filter (where fits_source and fits_kind and fits_theme and fits_language) as of_year
		from hits as h
		group by grouping sets ((h.source), (h.kind), (h.theme), (h.year))
	), spoken as (
		select l.language, count(*) as of_language
		from hits as h, unnest(h.languages) as l (language)
		where fits_source and fits_kind and fits_theme and fits_year
		group by l.language
	), fitting as (
		select h.*
		from hits as h
		where fits_source and fits_kind and fits_theme and fits_year and fits_language
	), shown as (
		select row_number() over (order by f.rank desc, f.dated desc nulls last, f.id, f.at) as place, f.*
		from fitting as f
		order by f.rank desc, f.dated desc nulls last, f.id, f.at
		limit 20 offset 20 * (greatest(1, least(page, 1000)) - 1)
	)
	select jsonb_build_object(
		'total', (select count(*) from fitting),
		'results', (
			select coalesce(jsonb_agg(jsonb_build_object('source', s.source)
				|| private.library_hit_json(s.source, s.id, s.number, s.at, v_query, shown_in) order by s.place), '[]')
			from shown as s),
		'facets', jsonb_build_object(
			'source', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.source, 'count', c.of_source) order by c.of_source desc, c.source), '[]')
				from counted as c
				where c.by = 7 and c.of_source > 0),
			'kind', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.kind, 'count', c.of_kind) order by c.of_kind desc, c.kind), '[]')
				from counted as c
				where c.by = 11 and c.kind is not null and c.of_kind > 0),
			'theme', (
				select coalesce(jsonb_agg(jsonb_build_object('value', t.slug, 'name', t.name, 'count', c.of_theme)
					order by t.position, t.slug), '[]')
				from counted as c
				join private.commitment_themes as t on t.id = c.theme
				where c.by = 13 and c.of_theme > 0),
			'year', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.year::text, 'count', c.of_year) order by c.year desc), '[]')
				from counted as c
				where c.by = 14 and c.year is not null and c.of_year > 0),
			'language', (
				select coalesce(jsonb_agg(jsonb_build_object('value', s.language, 'count', s.of_language)
					order by s.of_language desc, s.language), '[]')
				from spoken as s)))
	into v_result;
	return v_result;
end
$$;

-- What a reader may need to have for a published version: `members`, and the groups that they belong to today.
create function private.library_scopes(p_person uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select 'members' where private.is_of_a_member(p_person)
		union all
		select g.group_id::text from private.live_group_people as g where g.person_id = p_person)
$$;

-- The published versions that a person may read today; null: a visitor. This is the only rule, for pages, downloads,
-- counts and the search alike. It has no settings of its own, so that the planner makes it a part of the statement that
-- asks.
create function private.readable_publications(p_person uuid) returns setof private.library_publications
language sql stable as $$
	select p.*
	from private.library_publications as p
	where p.shown_from <= now()
		and (p.needs <@ (select private.library_scopes(p_person))
			or (select coalesce(private.runs_community(p_person), false)))
$$;

-- Whether the reader may submit: people of members, and those who run the community.
create function private.submits_to_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (private.runs_community() or private.is_of_a_member(private.me()))
$$;

-- Whether the reader finds the library: it has something for them, or they may submit.
create function private.sees_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.submits_to_library()
		or exists (select from private.readable_publications(private.me()))
		or exists (select from private.library_items as i where i.owner_id = private.me())
$$;

-- Whether the reader works on an item: who submits it, and those who run the community once it was submitted.
create function private.works_on_library_item(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false)
		or private.runs_community() and exists (
			select from private.library_steps as s where s.item_id = p.id and s.step = 'submitted')
$$;

-- An item, locked, if the reader works on it; else null. Of two who act at once, the second sees what the first did.
create function private.lock_library_item(p_item uuid) returns private.library_items
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items;
begin
	select * into v from private.library_items as i where i.id = p_item for update;
	return case when v.id is not null and private.works_on_library_item(v) then v end;
end
$$;

-- A text with a separator around each Chinese character and each sign of punctuation that is not ASCII, so that it is a
-- word of its own whatever the locale of the database counts as a letter. The separator is removed from what is shown.
create function private.part_words(p_text text) returns text
language sql immutable parallel safe
return regexp_replace(p_text,
	'([\u00ab\u00bb\u060c\u061b\u061f\u2010-\u2027\u2030-\u205e\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20])',
	E'\x1F\\1\x1F', 'g');

-- The configuration of a language, by its tag.
create function private.search_configuration(p_language text) returns regconfig
language sql immutable parallel safe
return case split_part(p_language, '-', 1)
	when 'en' then 'private.search_en'
	when 'fr' then 'private.search_fr'
	when 'es' then 'private.search_es'
	when 'ar' then 'private.search_ar'
	when 'ru' then 'private.search_ru'
	when 'pt' then 'private.search_pt'
	else 'private.search_simple'
end::regconfig;

-- The words of a text by language, each by its own language, with a weight.
create function private.search_vector(p_texts jsonb, p_weight "char") returns tsvector
language plpgsql stable set search_path = '' as $$
declare
	v tsvector := '';
	v_each record;
begin
	for v_each in select * from jsonb_each_text(p_texts) as each (tag, text) where each.tag <> 'original' loop
		v := v || to_tsvector(private.search_configuration(v_each.tag), private.part_words(v_each.text));
	end loop;
	return setweight(v, p_weight);
end
$$;

-- A question as each language reads it; null where it has no word. Quotes, signs and operators mean nothing.
create function private.search_query(p_text text) returns tsquery
language plpgsql stable set search_path = '' as $$
declare
	v_words text := regexp_replace(left(coalesce(p_text, ''), 200), '[^[:alnum:]\u0300-\u036f\u064b-\u065f''’]+', ' ', 'g');
	v tsquery;
	v_each tsquery;
	v_tag text;
	v_known text[] := '{}';
begin
	-- Characters in a row are searched in a row.
	v_words := private.part_words(regexp_replace(v_words, '([\u3400-\u4dbf\u4e00-\u9fff]+)', ' "\1" ', 'g'));
	foreach v_tag in array array['en', 'fr', 'es', 'ar', 'ru', 'pt', 'simple'] loop
		v_each := websearch_to_tsquery(private.search_configuration(v_tag), v_words);
		if numnode(v_each) > 0 and v_each::text <> all (v_known) then
			v := coalesce(v || v_each, v_each);
			v_known := v_known || v_each::text;
		end if;
	end loop;
	return v;
end
$$;

-- A text in pieces, [{text, hit}]: those that the question names are hits. At most `p_most` words around the hits; 0: all.
create function private.marked_text(p_language text, p_text text, p_query tsquery, p_most integer default 0)
	returns jsonb
language sql stable set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('text', replace(part, E'\x1F', ''), 'hit', place % 2 = 0) order by place)
		filter (where part <> ''), '[]')
	from regexp_split_to_table(
		replace(ts_headline(
			private.search_configuration(p_language),
			private.part_words(translate(p_text, E'\uE000\uE001\x1F', '')),
			coalesce(p_query, ''::tsquery),
			case when p_most > 0
				then format(E'StartSel=\uE000, StopSel=\uE001, MaxWords=%s, MinWords=%s', p_most, p_most / 2)
				else E'StartSel=\uE000, StopSel=\uE001, HighlightAll=true' end), E'\uE001\x1F\x1F\uE000', ''),
		E'[\uE000\uE001]') with ordinality as each (part, place)
$$;

-- A text by language as the reader is shown it, in pieces: {lang, pieces}.
create function private.marked_map(p_map jsonb, p_language text, p_query tsquery, p_most integer default 0)
	returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('lang', m.shown ->> 'original', 'pieces',
		private.marked_text(m.shown ->> 'original', m.shown ->> (m.shown ->> 'original'), p_query, p_most))
	from (select private.text_as_shown(p_map, p_language)) as m (shown)
$$;

-- Writes the ties of a version; answers the first one that the writer does not see, else null. `p_fields`: members (names),
-- related: [{kind: session | group | commitment, summit (slug), code}].
create function private.write_library_ties(p_item uuid, p_number integer, p_fields jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each jsonb;
	v_name text;
	v_session uuid;
	v_group uuid;
	v_commitment uuid;
begin
	delete from private.library_ties as t where t.item_id = p_item and t.number = p_number;
	insert into private.library_ties (item_id, number, member_id, is_author)
	select p_item, p_number, m.id, true
	from public.members as m
	where lower(m.name) in (select lower(a) from jsonb_array_elements_text(p_fields -> 'authors') as a);
	for v_name in select * from jsonb_array_elements_text(coalesce(p_fields -> 'members', '[]')) loop
		insert into private.library_ties (item_id, number, member_id)
		select p_item, p_number, m.id from public.members as m where lower(m.name) = lower(v_name);
		if not found then return v_name; end if;
	end loop;
	for v_each in select * from jsonb_array_elements(coalesce(p_fields -> 'related', '[]')) loop
		select s.id into v_session
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id and u.slug = v_each ->> 'summit'
		where v_each ->> 'kind' = 'session' and s.code = v_each ->> 'code' and private.is_session_tie_seen(s.id);
		select g.id into v_group
		from private.groups as g
		where v_each ->> 'kind' = 'group'
			and g.code = v_each ->> 'code'
			and g.id in (select private.visible_groups(private.me()));
		select c.id into v_commitment
		from private.commitments as c
		where v_each ->> 'kind' = 'commitment' and c.code = v_each ->> 'code' and private.is_commitment_tie_seen(c.id);
		if num_nonnulls(v_session, v_group, v_commitment) <> 1 then return coalesce(v_each ->> 'code', ''); end if;
		insert into private.library_ties (item_id, number, session_id, group_id, commitment_id)
		values (p_item, p_number, v_session, v_group, v_commitment);
	end loop;
	return null;
end
$$;

-- Writes the draft of a version from `p_fields`; raises what the constraints refuse.
create function private.write_library_version(p_item uuid, p_number integer, p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_versions := jsonb_populate_record(null::private.library_versions, p_fields);
	v_group uuid := (
		select g.group_id
		from private.live_group_people as g
		join private.groups as x on x.id = g.group_id
		where x.code = p_fields ->> 'group' and (g.person_id = private.me() or private.runs_community())
		limit 1);
	v_theme uuid := (select t.id from private.commitment_themes as t where t.slug = p_fields ->> 'theme');
begin
	insert into private.library_versions as x (item_id, number, kind, title, summary, authors, licence, doi, issued_on,
		theme_id, level, group_id, embargo_until, note, written_by)
	values (p_item, p_number, v.kind, v.title, v.summary, coalesce(v.authors, '{}'), v.licence, v.doi, v.issued_on, v_theme,
		v.level, case when v.level = 'group' then v_group end, v.embargo_until, coalesce(v.note, ''), private.me())
	on conflict (item_id, number) do update
	set kind = excluded.kind, title = excluded.title, summary = excluded.summary, authors = excluded.authors,
		licence = excluded.licence, doi = excluded.doi, issued_on = excluded.issued_on, theme_id = excluded.theme_id,
		level = excluded.level, group_id = excluded.group_id, embargo_until = excluded.embargo_until, note = excluded.note,
		written_by = excluded.written_by, written_at = now();
end
$$;

-- Drafts an item (`item` null), saves its draft, or begins the next version of one that is published; readers are shown
-- the version before until the next is published. `fields`: kind, title, summary, authors, licence, doi, issued_on, theme
-- (slug), level, group (code), embargo_until, note, members (names), related. Answers {status: ok | not_found |
-- not_allowed | invalid | conflict | wrong_state (it is in review, or withdrawn) | limited (fifty drafts of a person) |
-- unknown (name: a tie that the reader does not see), code}. Locks the person or the item.
create function public.save_library_item(item uuid, revision integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items;
	v_unknown text;
begin
	if not private.submits_to_library() then return jsonb_build_object('status', 'not_allowed'); end if;
	if item is null then
		perform pg_advisory_xact_lock(hashtextextended('library:' || private.me(), 0));
		if (
			select count(*)
			from private.library_items as i
			where i.owner_id = private.me() and i.state in ('draft', 'submitted')) >= 50 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.library_items as i (owner_id) values (private.me()) returning * into v;
	else
		v := private.lock_library_item(item);
		if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
		if v.revision is distinct from save_library_item.revision then return jsonb_build_object('status', 'conflict'); end if;
		if v.state not in ('draft', 'published') then return jsonb_build_object('status', 'wrong_state'); end if;
		update private.library_items as i
		set version = i.version + (i.state = 'published')::integer, state = 'draft', revision = i.revision + 1, updated_at = now()
		where i.id = v.id
		returning * into v;
	end if;
	perform private.write_library_version(v.id, v.version, fields);
	v_unknown := private.write_library_ties(v.id, v.version, fields);
	if v_unknown is not null then
		-- The exception takes back what was written.
		raise exception using errcode = 'no_data_found', message = v_unknown;
	end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception
	when no_data_found then
		return jsonb_build_object('status', 'unknown', 'name', sqlerrm);
	when check_violation or not_null_violation or data_exception then
		return jsonb_build_object('status', 'invalid');
end
$$;

-- Whether a file may be added now: {status: ok | not_found | wrong_state | full (20 files of a version, or one gigabyte of
-- a person within a day), bytes (the limit of a file)}.
create function public.begin_library_file(item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('bytes', 50000000, 'status', case
		when i.id is null or not private.works_on_library_item(i) or not private.submits_to_library() then 'not_found'
		when i.state <> 'draft' then 'wrong_state'
		when (select count(*) from private.library_files as f where f.item_id = i.id and f.number = i.version) >= 20
			or (
				select sum(o.size)
				from private.library_files as f
				join private.stored_objects as o on o.name = f.object_name
				where f.uploaded_by = private.me() and f.uploaded_at > now() - interval '1 day') > 1000000000
			then 'full'
		else 'ok' end)
	from (select) as always
	left join private.library_items as i on i.id = item
$$;

-- Makes an upload the file of a language of the draft, instead of an earlier one. `object` is known to the app alone, which
-- has checked and scanned it; `content` is its text. Answers as begin_library_file. Locks the item.
create function public.add_library_file(item uuid, object text, name text, language text, content text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_begun jsonb := public.begin_library_file(v.id);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if not private.mark_object_used(object) then return v_begun || '{"status": "not_found"}'; end if;
	delete from private.library_files as f
	where f.item_id = v.id and f.number = v.version and f.language = add_library_file.language;
	insert into private.library_files (item_id, number, language, object_name, shown_name, content, uploaded_by)
	values (v.id, v.version, add_library_file.language, object, name, coalesce(add_library_file.content, ''), private.me());
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return v_begun;
end
$$;

-- Removes a file of the draft. Answers ok | not_found. Locks the item.
create function public.remove_library_file(file uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items := private.lock_library_item((select f.item_id from private.library_files as f where f.id = file));
begin
	delete from private.library_files as f
	where f.id = file and f.item_id = v.id and f.number = v.version and v.state = 'draft';
	if not found then return 'not_found'; end if;
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return 'ok';
end
$$;

create index on private.library_items (owner_id);

create index on private.library_versions (theme_id);

create index on private.library_versions (group_id);

create index on private.library_versions (written_by);

create index on private.library_versions (submitted_by);

create index on private.library_ties (item_id, number);

create index on private.library_ties (member_id);

create index on private.library_ties (session_id);

create index on private.library_ties (group_id);

create index on private.library_ties (commitment_id);

create index on private.library_files (uploaded_by);

create index on private.library_steps (item_id, number);

create index on private.library_steps (made_by);

create index on private.library_publications (theme_id);

alter table private.library_items enable row level security;

alter table private.library_versions enable row level security;

alter table private.library_ties enable row level security;

alter table private.library_files enable row level security;

alter table private.library_steps enable row level security;

alter table private.library_publications enable row level security;

select audit.watch('private.library_items', 'owner_id');

select audit.watch('private.library_versions', 'written_by');

create trigger never_change before update or delete on private.library_versions
	for each row when (old.submitted_at is not null)
	execute function private.refuse_history_change('written_by', 'submitted_by', 'submitted_at', 'published_at');

select audit.watch('private.library_files', 'uploaded_by', 'shown_name', 'object_name', 'content');

create trigger mark_object_deletable after delete on private.library_files for each row
	execute function private.mark_library_object_deletable();

select audit.watch('private.library_steps', 'made_by');

create trigger never_change before update or delete on private.library_steps
	for each row execute function private.refuse_history_change('made_by');

create trigger index_rewritten after update of title, summary, authors on private.library_versions for each row
	execute function private.index_rewritten_item();

create trigger index_rewritten after update of content on private.library_files for each row
	execute function private.index_rewritten_item();

grant execute on function public.read_library_item(text, integer) to anon, authenticated;

grant execute on function public.read_withdrawn_item(text) to anon, authenticated;

grant execute on function public.open_library_file(uuid) to anon, authenticated;

grant execute on function private.object_of_library_file(uuid) to app_server;

grant execute on function public.library_choices() to anon, authenticated;

grant execute on function public.list_library_work() to authenticated;

grant execute on function public.read_library_work(text) to authenticated;

grant execute on function public.step_library_item(uuid, integer, public.library_step, text) to authenticated;

grant execute on function public.search_library(text, jsonb, text, integer) to anon, authenticated;

grant execute on function public.save_library_item(uuid, integer, jsonb) to authenticated;

grant execute on function public.begin_library_file(uuid) to authenticated;

grant execute on function public.add_library_file(uuid, text, text, text, text) to authenticated;

grant execute on function public.remove_library_file(uuid) to authenticated;

-- The sections in which the reader sees something, or may begin something, in the order of the navigation. Each noun
-- answers for its own.
create or replace function public.community_sections() returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select v.name
		from (values
			(1, 'groups', private.sees_groups()),
			(2, 'commitments', private.sees_commitments()),
			(3, 'library', private.sees_library())) as v (position, name, is_seen)
		where v.is_seen
		order by v.position)
$$;

-- The versions to scan now. With a scanner everything is scanned, also what was uploaded while there was none; without
-- one everything that waits becomes `unscanned`. Answers to questions are sealed, and files of the library are scanned as
-- they arrive: both were scanned before they were stored, or never.
create or replace function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept'
			and o.scan = 'unscanned'
			and not exists (select from private.logistics_answers as a where a.object_name = o.name)
			and not exists (select from private.library_files as f where f.object_name = o.name);
	return query
		select v.id
		from private.file_versions as v
		join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now
		order by o.scan_due_at
		limit 100;
end
$$;

-- Refuses to change or delete a row of a history, by anybody. What the erasure of a person, a merge or a late alias
-- changes is allowed: who wrote it (the columns given as arguments), and a name in its texts.
create or replace function private.refuse_history_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and (current_setting('app.renaming', true) = 'yes'
		or to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[]) then
		return new;
	end if;
	raise exception 'a history is never changed' using errcode = 'insufficient_privilege';
end
$$;

insert into private.retention_rules (table_name, exemption)
values
	('private.library_items', 'decisions'),
	('private.library_versions', 'decisions'),
	('private.library_ties', 'decisions'),
	('private.library_files', 'decisions'),
	('private.library_steps', 'decisions'),
	('private.library_publications', 'technical');

insert into private.not_copied_tables (name, reason)
values
	('private.library_items', 'others'),
	('private.library_versions', 'others'),
	('private.library_files', 'others'),
	('private.library_steps', 'staff');

insert into private.free_text_columns (table_name, column_name)
select place[1], unnest(place[2:])
from (values
	(array['private.library_items', 'withdrawn_reason']),
	(array['private.library_versions', 'title', 'summary', 'authors', 'note']),
	(array['private.library_files', 'shown_name', 'content']),
	(array['private.library_steps', 'reason'])
) as given (place);

reset check_function_bodies;
