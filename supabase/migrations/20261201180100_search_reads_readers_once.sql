-- A search asks once for the releases and for who is in the audience of each session, and visibility reads a reader once.

drop function private.find_in_library(uuid, tsquery, text, uuid[], uuid[], uuid[], uuid[], jsonb, text, integer);
drop function private.corrected_question(uuid, text, uuid[], uuid[]);
drop function private.library_hits(tsquery, text, uuid[], uuid[], uuid[], uuid[]);
drop function private.library_hit_json(text, uuid, integer, uuid, tsquery, text, uuid[]);
drop function private.library_replays(uuid[]);
drop function private.library_session_file_rows(uuid[], tsquery);
drop function private.library_recording_rows(uuid[], tsquery);
drop function private.library_session_files(uuid[]);
drop function private.library_recordings(uuid, uuid[]);
drop function private.known_file_audience(uuid, uuid[]);

-- Whether a reader sees a session of a level. The people of a session see it, released or not, and organisers see it up
-- to their level; all others see it when it is released. In an archived Summit nobody takes part any more.
create or replace function private.is_seen(
	p_level public.confidentiality,
	p_takes_part boolean,
	p_organiser_level public.confidentiality,
	p_is_released boolean,
	p_is_registered boolean,
	p_is_listed boolean
) returns boolean
language sql immutable as $$
	select p_level <= p_organiser_level
		or p_is_released and (p_level = 'public' or p_is_registered and (p_level <> 'closed' or p_is_listed))
		or p_takes_part
$$;

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create or replace function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as materialized (
		select each.*, organiser.level as organiser_level, u.state as summit_state
		from public.summits as u,
			private.session_readers(p_person, p_summit) as each,
			private.organiser_levels(p_person, p_summit) as organiser
		where u.id = p_summit
	), held as (
		select s.id, greatest(s.level, rs.level) as level, rs.session_id is not null and s.state <> 'draft' as is_released
		from public.sessions as s
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where private.is_seen(
		held.level,
		reader.summit_state <> 'archived' and exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		),
		reader.organiser_level,
		held.is_released and reader.summit_state <> 'draft',
		reader.is_registered,
		private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
	)
$$;

-- What one query tells of a session and a person: the level in force, and whether the person is in the audience; null
-- where the query cannot tell.
create type private.file_audience as (session_id uuid, level public.confidentiality, is_let_in boolean);

-- Of sessions that a person sees (`p_sessions`), whether they are in the audience, as far as one query can tell: by role, by
-- registration or because the stream is for everybody, where no list, review, bar, lock or limit of places decides. Lists ask
-- this first, and private.is_file_audience, which asks one session at a time, only about the others. It never says other
-- than that rule.
create function private.known_file_audience(p_person uuid, p_sessions uuid[]) returns setof private.file_audience
language sql stable security definer set search_path = '' as $$
	with released as materialized (
		select u.id, u.state, private.newest_release(u.id) as release_id from public.summits as u
	), registered as materialized (
		select r.summit_id, r.mode, private.is_re_review_blocking(r.id) as is_in_review
		from public.registrations as r
		join released as u on u.id = r.summit_id and u.state <> 'archived'
		where r.person_id = p_person and r.state = 'confirmed'
	), staffed as materialized (
		select g.summit_id
		from private.usable_grants as g
		where g.person_id = p_person and g.role in ('stage', 'safeguarding')
	), barred as materialized (
		select b.summit_id from private.entry_bars as b where b.person_id = p_person
	), locked as materialized (
		select runs.session_id
		from private.run_stage_settings as st
		join public.runs on runs.id = st.run_id
		where st.entry_lock is not null and runs.state <> 'ended'
	)
	select s.id, force.level, decided.is_let_in
	from public.sessions as s
	join released as u on u.id = s.summit_id
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = u.release_id
	left join registered as r on r.summit_id = s.summit_id
	cross join lateral (
		select greatest(s.level, rs.level) as level, greatest(s.audience, rs.audience) as audience
		offset 0) as force
	cross join lateral (
		select
			force.level = 'public' and force.audience = 'everyone' and s.stage_format = 'stage' as to_everybody,
			r.summit_id is not null and not r.is_in_review and force.level <> 'closed' and force.audience <> 'listed'
				as to_registered
		offset 0) as open
	cross join lateral (
		select case
			when rs.session_id is null or rs.is_cancelled or s.state = 'draft' or u.state = 'draft' then false
			when s.summit_id in (select b.summit_id from barred as b) or s.id in (select l.session_id from locked as l)
				then null
			when exists (select from staffed as g where g.summit_id is null or g.summit_id = s.summit_id)
				or exists (
					select from public.session_people as sp
					where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined')
				then true
			when r.summit_id is null and (s.attendance = 'hall' or not open.to_everybody) then false
			when s.attendance = 'hall' and r.mode <> 'in_person' then false
			when s.attendance <> 'hall' and (open.to_everybody or open.to_registered) and not exists (
				select from private.session_places as p
				where p.session_id = s.id and p.online is not null and p.enforced_at_entry = 'both') then true
			when s.attendance <> 'online' and open.to_registered and r.mode = 'in_person' and not exists (
				select from private.session_places as p
				where p.session_id = s.id and p.hall is not null and p.enforced_at_entry <> 'none') then true
		end as is_let_in
		offset 0) as decided
	where s.id = any (p_sessions)
$$;

-- The versions of files that may be shown: chosen, not withdrawn, and scanned where there is a scanner. This and the next
-- have no settings of their own, so that the planner makes them a part of the statement that asks.
create function private.showable_file_versions() returns setof private.file_versions
language sql stable as $$
	select v.*
	from private.file_versions as v
	join private.stored_objects as o on o.name = v.object_name
	where v.chosen_at is not null and v.withdrawn_at is null and o.state = 'kept' and o.scan in ('clean', 'unscanned')
$$;

-- The version of a file that is shown: chosen last; no row where there is none.
create or replace function private.shown_file_versions(p_file uuid) returns setof private.file_versions
language sql stable as $$
	select v.*
	from private.showable_file_versions() as v
	where v.file_id = p_file
	order by v.chosen_at desc, v.number desc
	limit 1
$$;

-- The commitments that a person sees, among those of `p_commitments` (null: among all); null: a signed-out reader. Public
-- ones that were announced are for everyone, those for members for people of members; all others for the focal points of
-- their members and those who run the community. A newest version for members closes the one that is shown as soon as it
-- is checked. This is the only rule, for pages, counts, feeds and figures alike.
create or replace function private.visible_commitments_among(p_person uuid, p_commitments uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as materialized (
		select
			p_person is not null and private.runs_community(p_person) as runs,
			p_person is not null and private.is_of_a_member(p_person) as is_of_member,
			array(
				select f.member_id from private.current_focal_points(array[p_person]) as f where p_person is not null
				union
				select own from private.my_current_members() as own where p_person = private.me()) as members
	), shown as materialized (
		select s.commitment_id, s.number from private.shown_commitment_versions(p_commitments) as s
	)
	select c.id
	from private.commitments as c
	cross join reader as r
	left join shown on shown.commitment_id = c.id
	where (p_commitments is null or c.id = any (p_commitments)) and (
		r.runs
		or c.member_id = any (r.members)
		or r.members <> '{}' and exists (
			select from private.commitment_members as m
			where m.commitment_id = c.id and m.number in (c.version, shown.number) and m.member_id = any (r.members))
		or shown.number is not null and (
			r.is_of_member
			or not exists (
				select from private.commitment_versions as v
				where v.commitment_id = c.id
					and v.audience = 'members'
					and (v.number = shown.number or v.number = c.version and (
						c.state in ('checked', 'announced')
						or c.state = 'withdrawn' and exists (
							select from private.commitment_steps as s
							where s.commitment_id = c.id and s.number = c.version and s.step = 'checked'))))))
$$;

-- Whether a recording may be shown to its audience at this level of its session: it is published, the level allows it, and
-- everybody in it still agrees.
create function private.is_recording_shown_at(p_recording private.recordings, p_level public.confidentiality)
	returns boolean
language sql stable
return p_recording.state = 'ready'
	and p_recording.published_at is not null
	and p_level in ('public', 'members')
	and private.all_consent_to_recording(p_recording, true);

-- The same at the level in force today.
create or replace function private.is_recording_shown(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_recording_shown_at(p_recording, private.level_in_force(p_recording.session_id))
$$;

-- The recordings that a person may watch, among the sessions that they see, of which `p_known` tells
-- (private.known_file_audience). Which these are does not depend on the query, so that its time says nothing about others.
create function private.library_recordings(p_person uuid, p_known private.file_audience[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from unnest(p_known) as k
	join private.recordings as g on g.session_id = k.session_id
	where g.state = 'ready'
		and g.published_at is not null
		and case k.is_let_in
			when true then private.reads_recording_level(p_person, g) and private.is_recording_shown_at(g, k.level)
			when false then false
			else private.may_watch_recording(p_person, g) end
$$;

-- The published files of sessions that the reader may open, among the sessions that they see (`p_known`), by the rule of
-- public.list_published_files, which is asked once for a session. Independent of the query for the same reason.
create function private.library_session_files(p_known private.file_audience[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with published as materialized (
		select f.id, f.session_id, k.is_let_in
		from unnest(p_known) as k
		join private.session_files as f on f.session_id = k.session_id
		where private.is_file_published_at(f, k.level)
			and f.id in (select v.file_id from private.showable_file_versions() as v)
	), held as materialized (
		select distinct p.session_id, p.is_let_in from published as p
	), opened as materialized (
		select h.session_id
		from held as h
		where coalesce(h.is_let_in, private.is_file_audience((select private.me()), h.session_id))
		union all
		select private.sessions_with_file_access(array(select h.session_id from held as h where h.is_let_in is not true))
	)
	select p.id
	from published as p
	where p.session_id in (select o.session_id from opened as o)
$$;

-- The recordings that a query finds by the words of their sessions, as these are released (`p_releases`,
-- private.current_releases); without a query all. The languages are those that are spoken.
create function private.library_recording_rows(p_recordings uuid[], p_query tsquery, p_releases uuid[])
	returns table (id uuid, recorded_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	select g.id, (g.started_at at time zone u.zone)::date, r.spoken, ts_rank(w.words, p_query)
	from private.recordings as g
	join public.summits as u on u.id = g.summit_id
	join public.release_sessions as r on r.session_id = g.session_id and r.release_id = any (p_releases)
	join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
	where g.id = any (p_recordings) and not r.is_cancelled and (p_query is null or w.words @@ p_query)
$$;

-- The files that a query finds by their names and the words of their sessions as these are released (`p_releases`); without
-- a query all. They are of the day of the session as it is released; without a time, of the first day of the Summit.
create function private.library_session_file_rows(p_files uuid[], p_query tsquery, p_releases uuid[])
	returns table (id uuid, kind text, held_on date, languages text[], rank real)
language sql stable security definer set search_path = '' as $$
	with shown as materialized (
		select distinct on (v.file_id) v.file_id, v.language, v.shown_name
		from private.showable_file_versions() as v
		where v.file_id = any (p_files)
		order by v.file_id, v.chosen_at desc, v.number desc
	), found as materialized (
		select f.id, f.kind, f.session_id, r.release_id, u.zone, u.starts_on, v.language, named.words
		from shown as v
		join private.session_files as f on f.id = v.file_id
		join public.summits as u on u.id = f.summit_id
		join public.release_sessions as r on r.session_id = f.session_id and r.release_id = any (p_releases)
		join private.session_words as w on w.release_id = r.release_id and w.session_id = r.session_id
		cross join lateral (
			select case when p_query is not null then w.words || setweight(
				to_tsvector('private.search_simple', private.part_words(translate(v.shown_name, '._-', '   '))), 'A') end
			offset 0) as named (words)
		where not r.is_cancelled and (p_query is null or named.words @@ p_query)
	)
	select x.id, x.kind::text,
		coalesce((
			select (min(lower(t.during)) at time zone x.zone)::date
			from public.release_slots as t
			where t.release_id = x.release_id and t.session_id = x.session_id and not t.is_cancelled), x.starts_on),
		case when x.language is not null then array[x.language] end,
		ts_rank(x.words, p_query)
	from found as x
$$;

-- The Summits of which the reader may watch a recording, the newest first: [{slug, name}]. Each has a page that lists them.
create function private.library_replays(p_recordings uuid[], p_releases uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', u.slug, 'name', u.name) order by u.starts_on desc, u.slug), '[]')
	from public.summits as u
	where u.id in (
		select g.summit_id
		from private.recordings as g
		join public.release_sessions as r
			on r.session_id = g.session_id and r.release_id = any (p_releases) and not r.is_cancelled
		where g.id = any (p_recordings))
$$;

-- Whether the reader finds the library: it has a document or a recording for them, or they may submit. Recordings are
-- asked for last, and where none is published not at all: to know who may watch one takes longer than the rest.
create or replace function private.sees_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.submits_to_library()
		or exists (select from private.readable_publications(private.me()))
		or case when exists (select from private.recordings as g where g.published_at is not null) then exists (
			select
			from private.library_recording_rows(
				array(
					select private.library_recordings(private.me(), array(
						select k
						from private.known_file_audience(private.me(), array(select private.my_visible_sessions())) as k))),
				null,
				array(select private.current_releases()))) else false end
$$;

-- What the reader finds for a query beside documents, of everything that they see; without one, recordings and files of
-- sessions. Each branch reads visibility where the pages do, and what takes long is computed once for a search:
-- `p_releases` are private.current_releases(), `p_sessions` private.my_visible_sessions(), `p_recordings` and `p_files` those
-- of them that the reader may watch and open, and `p_commitments` private.visible_commitments(). Moments get their rank later, if they are few. A speaker is found
-- by a name that is spelt a little differently too; names are compared first, as to know who is named takes longer. A
-- commitment has the date of its announcement.
create function private.library_hits(p_query tsquery, p_question text, p_releases uuid[], p_sessions uuid[],
	p_recordings uuid[], p_files uuid[], p_commitments uuid[]) returns table (
	source text, id uuid, number integer, part uuid, kind text, theme uuid, year integer, languages text[], rank real,
	dated date
)
language sql stable as $$
	with speaking as materialized (
		select rp.person_id, rp.session_id, rp.role
		from public.release_people as rp
		where p_query is not null and rp.release_id = any (p_releases) and rp.session_id = any (p_sessions)
	), alike as materialized (
		select p.id as person_id, extensions.word_similarity(p_question, p.display_name) as likeness
		from public.people as p
		where p.id in (select k.person_id from speaking as k)
	), committed as materialized (
		select w.commitment_id, w.number, ts_rank(w.words, p_query) as rank
		from private.commitment_words as w
		where p_query is not null and w.words @@ p_query and w.commitment_id = any (p_commitments)
	)
	select 'session', w.session_id, null::integer, null::uuid, null::text, null::uuid,
		extract(year from s.starts_on)::integer, null::text[], ts_rank(w.words, p_query), s.starts_on
	from private.session_words as w
	join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id and not r.is_cancelled
	join public.summits as s on s.id = r.summit_id
	where w.release_id = any (p_releases) and w.session_id = any (p_sessions) and w.words @@ p_query
	union all
	select 'recording', x.id, null, null, 'recording', null, extract(year from x.recorded_on)::integer, x.languages, x.rank, x.recorded_on
	from private.library_recording_rows(p_recordings, p_query, p_releases) as x
	union all
	select 'slides', x.id, null, null, x.kind, null, extract(year from x.held_on)::integer, x.languages, x.rank, x.held_on
	from private.library_session_file_rows(p_files, p_query, p_releases) as x
	union all
	select 'speaker', a.person_id, null, null, null, null, null, null, a.likeness, null
	from alike as a
	where a.likeness >= 0.75 and exists (
		select
		from speaking as k
		where k.person_id = a.person_id and private.is_named(k.session_id, k.person_id, k.role))
	union all
	select 'moment', m.recording_id, null, m.line_id, null, null, extract(year from m.said_on)::integer, array[m.language],
		null, m.said_on
	from private.library_moments(p_query, p_recordings) as m
	union all
	select 'commitment', w.commitment_id, w.number, null, null, v.theme_id, extract(year from a.on_day)::integer, null,
		w.rank, a.on_day
	from committed as w
	join private.shown_commitment_versions(array(select c.commitment_id from committed as c)) as s
		on s.commitment_id = w.commitment_id and s.number = w.number
	join private.commitment_versions as v on v.commitment_id = w.commitment_id and v.number = w.number
	cross join lateral (
		select max(s.effective_at)::date
		from private.commitment_announcements() as s
		where s.commitment_id = w.commitment_id and s.number = w.number and s.effective_at <= now()) as a (on_day)
$$;

-- A hit that is no document, as the reader is shown it: {source, code, title, …}.
create function private.library_hit_json(p_source text, p_id uuid, p_number integer, p_part uuid, p_query tsquery,
	p_language text, p_releases uuid[], p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('source', p_source) || case p_source
		when 'session' then private.session_hit_json(p_id, null, null, p_query, p_language)
		when 'recording' then private.recording_hit_json(p_id, p_query, p_language)
		when 'slides' then private.session_file_hit_json(p_id, p_query, p_language)
		when 'moment' then private.session_hit_json(
			(select g.session_id from private.recordings as g where g.id = p_id), p_id, p_part, p_query, p_language)
		when 'speaker' then (
			select jsonb_build_object(
				'code', p.code,
				'summit', u.slug,
				'summit_name', u.name,
				'title', jsonb_build_object('lang', null, 'pieces',
					jsonb_build_array(jsonb_build_object('text', p.display_name, 'hit', false))))
			from public.people as p
			join public.release_people as rp on rp.person_id = p.id
				and rp.release_id = any (p_releases)
				and rp.session_id = any (p_sessions)
				and private.is_named(rp.session_id, rp.person_id, rp.role)
			join public.release_sessions as r on r.release_id = rp.release_id and r.session_id = rp.session_id
			join public.summits as u on u.id = r.summit_id
			where p.id = p_id
			order by u.starts_on desc, u.id
			limit 1)
		else (
			select jsonb_build_object(
				'code', c.code,
				'title', private.marked_map(v.title, p_language, p_query),
				'summary', private.marked_map(v.summary, p_language, p_query, 40),
				'member', (select m.name from public.members as m where m.id = c.member_id))
			from private.commitments as c
			join private.commitment_versions as v on v.commitment_id = c.id and v.number = p_number
			where c.id = p_id)
	end
$$;

-- The query with each word replaced by the most similar term of the documents, released sessions and commitments that
-- the person reads; null where nothing is replaced. Each branch reads visibility as the search itself does. Terms are
-- found by their trigrams: to compare a word with each of them would take longer than the planner expects.
create function private.corrected_question(p_person uuid, p_question text, p_releases uuid[], p_sessions uuid[],
	p_commitments uuid[]) returns text
language plpgsql stable security definer set search_path = '' set enable_seqscan = off
set plan_cache_mode = force_generic_plan as $$
declare
	v_words text[] := '{}';
	v_word text;
	v_found text;
	v_scopes text[] := private.library_scopes(p_person);
	v_runs boolean := coalesce(private.runs_community(p_person), false);
	v_restricted boolean := v_runs or v_scopes <> '{}';
begin
	for v_word in
		select word
		from regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', left(p_question, 200))), '\s+') as word
		where word <> ''
		limit 8
	loop
		v_found := null;
		if length(v_word) between 4 and 40 then
			select near.word into v_found
			from (
				select w.word
				from private.search_words as w
				where w.needs = '{}'
					and w.word operator(extensions.%) v_word
					and w.shown_from <= now()
					and w.shown_until > now()
				union all
				select w.word
				from private.search_words as w
				where v_restricted
					and w.needs <> '{}'
					and w.word operator(extensions.%) v_word
					and (w.needs <@ v_scopes or v_runs)
					and w.shown_from <= now()
					and w.shown_until > now()
				union all
				select t.word
				from private.session_terms as t
				join public.release_sessions as r on r.release_id = t.release_id and r.session_id = t.session_id
				where t.word operator(extensions.%) v_word
					and t.release_id = any (p_releases)
					and t.session_id = any (p_sessions)
					and not r.is_cancelled
				union all
				select t.word
				from private.commitment_terms as t
				where t.word operator(extensions.%) v_word
					and t.commitment_id = any (p_commitments)
					and t.number = private.shown_commitment_version(t.commitment_id)
			) as near
			cross join lateral (select extensions.similarity(near.word, v_word)) as how (alike)
			where how.alike >= 0.35
			order by how.alike desc, near.word
			limit 1;
		end if;
		v_words := v_words || coalesce(v_found, v_word);
	end loop;
	return nullif(array_to_string(v_words, ' '), lower(extensions.unaccent('extensions.unaccent', btrim(p_question))));
end
$$;

-- One page of what a person finds: {total, has_matches (in any source but speakers, whatever is chosen), results,
-- facets}, as public.search_library answers them. Its statement is planned once for a connection, and reads no whole
-- table: that would take longer the more is hidden.
create function private.find_in_library(p_person uuid, p_query tsquery, p_question text, p_releases uuid[],
	p_sessions uuid[], p_recordings uuid[], p_files uuid[], p_commitments uuid[], p_choice jsonb, p_language text, p_page integer)
	returns jsonb
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
set enable_seqscan = off set jit = off as $$
declare
	v_source text := p_choice ->> 'source';
	v_kind text := p_choice ->> 'kind';
	v_theme text := p_choice ->> 'theme';
	v_year text := p_choice ->> 'year';
	v_language text := p_choice ->> 'language';
	v_theme_id uuid := (select t.id from private.commitment_themes as t where t.slug = v_theme);
	v_group text := p_choice ->> 'group';
	-- A group that the reader does not see is none.
	v_groups uuid[] := array(select private.visible_groups(p_person));
	v_group_id uuid := (select g.id from private.groups as g where g.code = v_group and g.id = any (v_groups));
	v_scopes text[] := private.library_scopes(p_person);
	v_runs boolean := coalesce(private.runs_community(p_person), false);
	v_pairs tsquery := private.query_of_pairs(p_query);
	v_rest tsquery := private.query_of_scopes(v_pairs, v_scopes, v_runs);
	v_last integer := 20 * greatest(1, least(coalesce(p_page, 1), 1000));
	v_items uuid[];
	v_numbers integer[];
	v_result jsonb;
begin
	select coalesce(array_agg(f.item_id), '{}'), coalesce(array_agg(f.number), '{}') into v_items, v_numbers
	from private.documents_by_file(v_pairs, v_rest) as f;
	with facets as materialized (
		-- Any of the documents with a facet tells what it stands for, and who reads it. A version of it that is shown later
		-- may have the same facet.
		select d.facet, d.times, p.kind::text, p.theme_id as theme, date_part('year', p.issued_on)::integer as year,
			p.languages, p.groups, p.needs, v_group is null or coalesce(v_group_id = any (p.groups), false) as fits_group
		from (
			select f.facet, any_value(f.item_id) as item_id, count(*)::integer as times
			from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, null) as f
			group by f.facet) as d
		cross join lateral (
			select p.*
			from private.library_publications as p
			where p.item_id = d.item_id and p.facet = d.facet and p.shown_from <= now() and p.shown_until > now()
			limit 1) as p
		where private.is_in_scope(p, v_scopes, v_runs)
	), others as materialized (
		-- Documents alone are of groups. Where one is chosen, the others are asked only whether they have a match.
		select h.*
		from private.library_hits(p_query, p_question, p_releases, p_sessions, p_recordings, p_files, p_commitments) as h
		where v_group is null or not exists (select from facets)
	), alike as (
		select 'document' as source, f.kind, f.theme, f.year, f.languages, f.times
		from facets as f
		where f.fits_group
		union all
		select o.source, o.kind, o.theme, o.year, o.languages, count(*)::integer
		from others as o
		where v_group is null
		group by o.source, o.kind, o.theme, o.year, o.languages
	), grouped as materialized (
		select a.*,
			v_source is null or a.source = v_source as fits_source,
			v_kind is null or a.kind is not distinct from v_kind as fits_kind,
			v_theme is null or a.theme is not distinct from v_theme_id as fits_theme,
			v_year is null or a.year::text is not distinct from v_year as fits_year,
			v_language is null or coalesce(v_language = any (a.languages), false) as fits_language
		from alike as a
	), fitting as materialized (
		select f.*
		from facets as f
		where (v_source is null or v_source = 'document')
			and (v_kind is null or f.kind = v_kind)
			and (v_theme is null or f.theme = v_theme_id)
			and (v_year is null or f.year::text = v_year)
			and (v_language is null or v_language = any (f.languages))
	), by_group as (
		select g.id as group_id, sum(f.times) as of_group
		from fitting as f, unnest(f.groups) as g (id)
		where g.id = any (v_groups)
		group by g.id
	), size as materialized (
		select coalesce(sum(g.times), 0) as all_of, p_query is not null and coalesce(sum(g.times), 0) <= 2000 as is_ranked
		from grouped as g
		where fits_source and fits_kind and fits_theme and fits_year and fits_language
	), counted as (
		select g.source, g.kind, g.theme, g.year, grouping(g.source, g.kind, g.theme, g.year) as by,
			sum(g.times) filter (where fits_kind and fits_theme and fits_year and fits_language) as of_source,
			sum(g.times) filter (where fits_source and fits_theme and fits_year and fits_language) as of_kind,
			sum(g.times) filter (where fits_source and fits_kind and fits_year and fits_language) as of_theme,
			sum(g.times) filter (where fits_source and fits_kind and fits_theme and fits_language) as of_year
		from grouped as g
		group by grouping sets ((g.source), (g.kind), (g.theme), (g.year))
	), spoken as (
		select l.language, sum(g.times) as of_language
		from (
			select g.languages, sum(g.times)::integer as times
			from grouped as g
			where fits_source and fits_kind and fits_theme and fits_year
			group by g.languages) as g
		cross join lateral unnest(g.languages) as l (language)
		group by l.language
	), best as (
		-- Among thousands of hits a rank says nothing: they come by their date, and are read in that order for each of the
		-- needs that were counted, until there are enough of them or all that were counted. `is true` keeps the planner
		-- from comparing each with all facets.
		(select 'document' as source, d.item_id as id, d.number, null::uuid as part, d.dated, d.score
		from private.library_documents(v_runs, v_pairs, v_rest, v_items, v_numbers, p_query) as d
		where (select size.is_ranked from size)
			and (d.facet in (select f.facet from fitting as f where f.fits_group)) is true
		order by d.score desc, d.dated desc, d.item_id
		limit v_last)
		union all
		(select 'document', d.item_id, d.number, null, d.issued_on, 0
		from (
			select f.needs, sum(f.times) as times
			from fitting as f
			where f.fits_group
			group by f.needs) as read
		cross join lateral (
			select p.item_id, p.number, p.issued_on
			from private.library_publications as p
			where p.needs = read.needs
				and p.shown_from <= now()
				and p.shown_until > now()
				and (v_pairs is null
					or ts_match_vq(p.head, v_pairs)
					or (p.item_id, p.number) in (select f.* from unnest(v_items, v_numbers) as f))
				and (p.facet in (select f.facet from fitting as f where f.fits_group)) is true
			order by p.issued_on desc, p.item_id
			limit least(v_last, read.times)) as d
		where not (select size.is_ranked from size)
		order by d.issued_on desc, d.item_id
		limit v_last)
		union all
		select o.source, o.id, o.number, o.part, o.dated, case
			when (select size.is_ranked from size) then coalesce(o.rank, (
				select ts_rank(to_tsvector(private.search_configuration(c.language), private.part_words(c.words)), p_query)
				from private.caption_lines as c
				where c.id = o.part))
			else 0 end
		from others as o
		where v_group is null
			and (v_source is null or o.source = v_source)
			and (v_kind is null or o.kind = v_kind)
			and (v_theme is null or o.theme = v_theme_id)
			and (v_year is null or o.year::text = v_year)
			and (v_language is null or v_language = any (o.languages))
	), placed as (
		-- The ranks of two sources cannot be compared: the best of each come first, documents before others.
		select b.*,
			array_position(array['document', 'session', 'recording', 'slides', 'commitment', 'moment', 'speaker'],
				b.source) as of_source,
			row_number() over (
				partition by b.source
				order by b.score desc, b.dated desc nulls last, b.id, b.part) as in_source
		from best as b
	), shown as (
		select row_number() over (order by p.in_source, p.of_source) as place, p.*
		from placed as p
		order by p.in_source, p.of_source
		limit 20 offset v_last - 20
	), documents as (
		select s.place, jsonb_build_object(
			'source', 'document',
			'code', i.code,
			'title', private.marked_map(v.title, p_language, p_query),
			'summary', private.marked_map(v.summary, p_language, p_query, 40),
			'kind', v.kind,
			'level', v.level,
			'authors', v.authors,
			'issued_on', v.issued_on,
			'languages', p.languages,
			'is_in_file', p_query is not null and not p.head @@ v_pairs) as hit
		from shown as s
		join private.library_items as i on i.id = s.id
		join private.library_versions as v on v.item_id = s.id and v.number = s.number
		join private.library_publications as p on p.item_id = s.id and p.number = s.number
		where s.source = 'document'
	)
	select jsonb_build_object(
		'total', (select size.all_of from size),
		'has_matches', exists (select from facets) or exists (select from others as o where o.source <> 'speaker'),
		'results', (
			select coalesce(jsonb_agg(coalesce(
				x.hit, private.library_hit_json(s.source, s.id, s.number, s.part, p_query, p_language, p_releases,
					p_sessions))
				order by s.place), '[]')
			from shown as s
			left join documents as x on x.place = s.place),
		'facets', jsonb_build_object(
			'source', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.source, 'count', c.of_source)
					order by c.of_source desc, c.source), '[]')
				from counted as c
				where c.by = 7 and c.of_source > 0),
			'kind', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.kind, 'count', c.of_kind)
					order by c.of_kind desc, c.kind), '[]')
				from counted as c
				where c.by = 11 and c.kind is not null and c.of_kind > 0),
			'theme', (
				select coalesce(jsonb_agg(jsonb_build_object('value', t.slug, 'name', t.name, 'count', c.of_theme)
					order by t.position, t.slug), '[]')
				from counted as c
				join private.commitment_themes as t on t.id = c.theme
				where c.by = 13 and c.of_theme > 0),
			'year', (
				select coalesce(jsonb_agg(jsonb_build_object('value', c.year::text, 'count', c.of_year)
					order by c.year desc), '[]')
				from counted as c
				where c.by = 14 and c.year is not null and c.of_year > 0),
			'language', (
				select coalesce(jsonb_agg(jsonb_build_object('value', s.language, 'count', s.of_language)
					order by s.of_language desc, s.language), '[]')
				from spoken as s),
			'group', (
				select coalesce(jsonb_agg(jsonb_build_object('value', g.code, 'name', g.name, 'count', b.of_group)
					order by b.of_group desc, g.code), '[]')
				from by_group as b
				join private.groups as g on g.id = b.group_id)))
	into v_result;
	return v_result;
end
$$;

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but
-- speakers, whatever is chosen, and the corrected one more), results: [{source, …}], facets: {source, kind, theme,
-- year, language, group: [{value, count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language,
-- group (code; documents alone are of groups, of those that the reader sees). The counts of a facet are those of the
-- other choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each.
-- `shown_in` is the language of the page. `replays`: the Summits of which the reader may watch recordings,
-- [{slug, name}].
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_releases uuid[] := array(select private.current_releases());
	v_sessions uuid[] := array(select private.my_visible_sessions());
	v_known private.file_audience[] := array(select k from private.known_file_audience(private.me(), v_sessions) as k);
	v_recordings uuid[] := array(select private.library_recordings(private.me(), v_known));
	v_files uuid[] := array(select private.library_session_files(v_known));
	v_commitments uuid[] := case when v_query is not null then array(select private.visible_commitments(private.me())) end;
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_releases, v_sessions, v_recordings, v_files,
		v_commitments, choice, shown_in, page);
	if v_query is not null and not (v_found ->> 'has_matches')::boolean then
		v_corrected := private.corrected_question(private.me(), v_question, v_releases, v_sessions, v_commitments);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_releases, v_sessions, v_recordings,
				v_files, v_commitments, choice, shown_in, page);
		end if;
		if (v_other ->> 'has_matches')::boolean then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'has_matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings, v_releases));
end
$$;
