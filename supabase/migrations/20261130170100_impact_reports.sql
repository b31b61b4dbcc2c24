-- The impact report of a Summit: indicators by objective, words of organisers, and frozen releases. The counts that
-- releases of figures are made of become a function of their own.

set check_function_bodies = off;

-- Returns the counts of the confirmed that a release is made of. Its families are groups within a total: sectors within the
-- delegates, countries within their region.
create function private.outward_figures(p_summit uuid)
	returns table (dimension text, family text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	select own.dimension, own.family, own.value, count(*)
	from private.figure_registrations(p_summit) as r
	cross join lateral (
		select case when not r.is_guarded then nullif(private.region_of(r.country), '') end as region) as placed
	cross join lateral (values
		('total', '', ''),
		('mode', '', r.mode),
		('category', '', case when not r.is_guarded then r.category end),
		('sector', case when not r.is_guarded and r.category = 'delegate' then 'delegate' end, r.sector),
		('region', '', placed.region),
		('country', placed.region, r.country)) as own (dimension, family, value)
	where r.state = 'confirmed' and own.family is not null
	group by own.dimension, own.family, own.value
$$;

-- Returns the exact figures for registration organisers, null for everybody else: {smallest_group, groups: [{dimension,
-- value, begun, review, decide (of these), payment, confirmed, ended}], days: [{day, sent, confirmed}], outward:
-- [{dimension, family, value, count}]}; a value of null is not stated. `outward`: see
-- outward_figures.
create or replace function public.read_figures(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with rows as materialized (
		select *
		from private.figure_registrations(read_figures.summit)
		where private.has_role(read_figures.summit, 'registration')
	), groups as (
		select own.dimension, own.value,
			count(*) filter (where r.state = 'draft') as begun,
			count(*) filter (where r.is_to_decide) as decide,
			count(*) filter (where r.state in ('submitted', 'nominated', 'accredited')) as review,
			count(*) filter (where r.state = 'awaiting_payment') as payment,
			count(*) filter (where r.state = 'confirmed') as confirmed,
			count(*) filter (where r.state in ('declined', 'withdrawn', 'expired')) as ended
		from rows as r, lateral (values
			('mode', r.mode),
			('sector', r.sector),
			('region', r.region),
			('country', r.country),
			('category', r.category),
			('state', r.state::text)) as own (dimension, value)
		group by own.dimension, own.value
	), days as (
		select day,
			count(*) filter (where kind = 'sent') as sent,
			count(*) filter (where kind = 'confirmed') as confirmed
		from (
			select r.sent_on as day, 'sent' as kind from rows as r
			union all select r.confirmed_on, 'confirmed' from rows as r) as each
		where day is not null
		group by day
	)
	select jsonb_build_object(
		'smallest_group', private.smallest_group(read_figures.summit),
		'groups', (select coalesce(jsonb_agg(to_jsonb(g)), '[]') from groups as g),
		'days', (select coalesce(jsonb_agg(to_jsonb(d) order by d.day), '[]') from days as d),
		'outward', (select coalesce(jsonb_agg(to_jsonb(o)), '[]') from private.outward_figures(read_figures.summit) as o))
	where private.has_role(read_figures.summit, 'registration')
$$;

-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Changing the draft of an impact report. Conflict: somebody else changed it since.
create domain public.impact_edit_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict'));

-- Releasing an impact report. Stale: another release came first. Wrong state: the Summit is not closed yet.
create domain public.impact_release_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'stale', 'wrong_state'));

-- The impact report of a Summit: the draft that organisers write, and what was released. Nothing here is readable through
-- the API: everything is read and written by functions of this folder.

-- Whether a value is the texts of a report: a text map for each place between its parts.
create function private.are_impact_texts(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_texts) is distinct from 'object' then false
		else not exists (
			select from jsonb_each(p_texts) as each (place, body)
			where each.place not in
					('intro', 'knowledge', 'collaboration', 'empowerment', 'advocacy', 'learning', 'closing')
				or not private.is_text_map(each.body)
				or exists (
					select from jsonb_each_text(each.body) as x (tag, words)
					where length(x.words) > 6000)) end
$$;

-- Whether a value is the targets of a report: a number for each indicator.
create function private.are_impact_targets(p_targets jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_targets) is distinct from 'object' then false
		else not exists (
			select from jsonb_each(p_targets) as each (indicator, target)
			where each.indicator !~ '^[a-z][a-z_]{1,39}$'
				or jsonb_typeof(each.target) <> 'number'
				or (each.target #>> '{}')::numeric not between 0 and 1000000000) end
$$;

-- What organisers write for the report of a Summit.
create table private.impact_drafts (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	-- By place: {intro: text map, …}.
	texts jsonb not null default '{}' check (private.are_impact_texts(texts)),
	-- By indicator: {confirmed: 400, …}.
	targets jsonb not null default '{}' check (private.are_impact_targets(targets))
);
alter table private.impact_drafts enable row level security;
select audit.watch('private.impact_drafts');

-- A released report. Its words are frozen when an organiser releases it (content null), its numbers when the app has
-- counted them a moment later; from then on nothing of it changes. A correction is the next release, with its reason.
create table private.impact_releases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	number integer not null check (number > 0),
	texts jsonb not null check (private.are_impact_texts(texts)),
	targets jsonb not null check (private.are_impact_targets(targets)),
	reason text not null default '' check (length(reason) <= 500),
	released_by uuid references public.people (id) on update cascade on delete set null,
	released_at timestamptz not null default now(),
	-- {threshold, on, figures, indicators, before}; src/lib/database/answers/impact.ts has its schema.
	content jsonb check (jsonb_typeof(content) = 'object' and pg_column_size(content) < 400000),
	unique (summit_id, number),
	check ((number = 1) = (reason = '')),
	constraint reason_one_line check (private.is_one_line(reason))
);
create index on private.impact_releases (released_by);
alter table private.impact_releases enable row level security;
select audit.watch('private.impact_releases', 'released_by');
create trigger never_change before update or delete on private.impact_releases
	for each row when (old.content is not null)
	execute function private.refuse_history_change('released_by');

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.impact_drafts', 'programme', '{version,texts,targets}', '{}', '{}'),
	('private.impact_releases', 'programme', '{number,reason,released_at}', '{}', '{}');

-- The numbers of an impact report, from the rows of the Summit. The exact counts leave the database for the app alone,
-- which names groups by the rules of the figures (src/lib/registration/suppression.ts, src/lib/impact/content.ts).
-- Registrations are not counted here: a report repeats the released figures, so that the two can never be compared.

-- The edition before a Summit: the one from which it was created, else the latest earlier one; closed in either case.
create function private.edition_before(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.id
	from public.summits as s
	join public.summits as e on e.starts_on < s.starts_on and e.state in ('closed', 'archived')
	left join private.edition_origins as o on o.summit_id = s.id and o.from_id = e.id
	where s.id = p_summit
	order by o.from_id is null, e.starts_on desc, e.id
	limit 1
$$;

-- The confirmed people of a Summit with what they are counted by. As in released figures, protected people and minors
-- count in totals only, and sectors are those of delegates.
create function private.impact_people(p_summit uuid)
	returns table (person_id uuid, member_id uuid, sector text, region text)
language sql stable security definer set search_path = '' as $$
	select r.person_id, r.member_id,
		case when not g.is_guarded and r.category = 'delegate' then sm.sector::text end,
		case when not g.is_guarded then nullif(private.region_of(coalesce(p.country, sm.country)), '') end
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	cross join lateral (
		select r.is_minor or exists (select from private.protections as x where x.person_id = r.person_id)
	) as g (is_guarded)
	where r.summit_id = p_summit and r.state = 'confirmed'
$$;

-- Who was there, at the door or on a stream, by day on the clock of the venue. Sessions at a level that names nobody have
-- no attendance.
create function private.impact_attendance(p_summit uuid) returns table (indicator text, person_id uuid, day date)
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select s.id
		from public.sessions as s
		where s.summit_id = p_summit and private.level_in_force(s.id) in ('public', 'members')
	)
	select distinct case p.kind when 'door' then 'attended_hall' else 'attended_online' end, p.person_id,
		(p.entered_at at time zone e.zone)::date
	from public.presence as p
	join public.summits as e on e.id = p.summit_id
	left join public.runs on runs.id = p.run_id
	where p.summit_id = p_summit
		and (p.session_id is null or p.session_id in (select named.id from named))
		and (runs.id is null or runs.level in ('public', 'members'))
$$;

-- Counts of people and of what they did: (indicator, dimension, value, count), by value where there is a dimension; a
-- value of null is not stated.
create function private.impact_counts(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	with people as materialized (select * from private.impact_people(p_summit)),
	came as materialized (
		select a.indicator, a.person_id, a.day, p.sector, p.region
		from private.impact_attendance(p_summit) as a
		join people as p on p.person_id = a.person_id),
	represented as materialized (
		select sm.member_id, sm.sector::text as sector, nullif(sm.region, '') as region, sm.country
		from public.summit_members as sm
		where sm.summit_id = p_summit and sm.member_id in (select p.member_id from people as p)),
	attended as materialized (
		select a.person_id, sum(a.minutes) as minutes
		from private.attended_sessions(p_summit) as a
		where a.minutes > 0
		group by a.person_id)
	select c.indicator, own.dimension, own.value, count(distinct c.person_id)
	from came as c
	cross join lateral (values
		('', ''), ('sector', c.sector), ('region', c.region), ('day', c.day::text)) as own (dimension, value)
	group by c.indicator, own.dimension, own.value
	union all
	select 'members', own.dimension, own.value, count(*)
	from represented as r
	cross join lateral (values ('', ''), ('sector', r.sector), ('region', r.region)) as own (dimension, value)
	group by own.dimension, own.value
	union all
	select 'countries', '', '', count(distinct r.country) from represented as r
	union all
	select 'minutes', 'people', '', count(*) from attended
	union all
	select 'minutes', 'sum', '', coalesce(sum(minutes), 0)::bigint from attended
	union all
	select 'questions', own.dimension, own.value, count(*)
	from private.session_questions as q
	cross join lateral (values
		('', ''),
		('answered', case when q.state = 'answered' then 'yes' else 'no' end)) as own (dimension, value)
	where q.summit_id = p_summit and q.state <> 'declined' and q.level in ('public', 'members')
		and private.level_in_force(q.session_id) in ('public', 'members')
	group by own.dimension, own.value
	union all
	select 'needs', own.dimension, own.value, count(*)
	from private.needs as n
	join public.registrations as r on r.id = n.registration_id and r.state = 'confirmed'
	cross join lateral (values
		('', ''), ('met', case when n.state = 'met' then 'yes' else 'no' end)) as own (dimension, value)
	where n.summit_id = p_summit
	group by own.dimension, own.value
$$;

-- Counts of what everybody registered may see: released sessions, closed ones aside, and what was made of them.
create function private.impact_programme(p_summit uuid)
	returns table (indicator text, dimension text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select rs.session_id, rs.spoken || rs.interpreted as languages, rs.interpreted, rs.content_note,
			private.level_in_force(rs.session_id) in ('public', 'members') as is_named
		from public.release_sessions as rs
		where rs.release_id = private.newest_release(p_summit)
			and not rs.is_break
			and not rs.is_cancelled
			and private.level_in_force(rs.session_id) <> 'closed')
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
	select 'documents', '', '', count(*)
	from (
		select distinct p.item_id
		from private.readable_publications(null) as p
		join private.library_ties as t on t.item_id = p.item_id and t.number = p.number
		join held on held.session_id = t.session_id
		where p.shown_until > now()) as d
$$;

-- The commitments of a Summit that everybody reads: [{theme: {slug, name}, region, sector, countries, status, announced_on,
-- delivered_on}].
create function private.impact_commitments(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'theme', jsonb_build_object('slug', t.slug, 'name', t.name),
		'region', member.facts ->> 'region',
		'sector', member.facts ->> 'sector',
		'countries', v.countries,
		'status', a.status,
		'announced_on', (a.announced_at at time zone 'UTC')::date,
		'delivered_on', case when a.status = 'delivered' then (a.reported_at at time zone 'UTC')::date end)
		order by a.announced_at, c.code), '[]')
	from private.announced_commitments() as a
	join private.commitments as c on c.id = a.id and c.summit_id = p_summit
	join private.commitment_versions as v on v.commitment_id = c.id and v.number = a.number
	join private.commitment_themes as t on t.id = v.theme_id
	cross join lateral (select private.commitment_member_json(c.member_id, c.summit_id)) as member (facts)
	where a.status <> 'withdrawn'
$$;

-- What was last released about a Summit, so that the next report does not differ from it by a few people: its own
-- indicators, or those that the report of a later edition compares itself with. Null when there is nothing.
create function private.impact_shown(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when r.summit_id = p_summit then r.content -> 'indicators' else r.content -> 'before' -> 'indicators' end
	from private.impact_releases as r
	where r.content is not null
		and (r.summit_id = p_summit or r.content -> 'before' ->> 'id' = p_summit::text)
	order by r.released_at desc, r.number desc
	limit 1
$$;

-- Everything that the app needs to make the numbers of a report. For the app alone: the counts are exact.
create function private.count_impact(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'smallest_group', private.smallest_group(p_summit),
		'zone', s.zone,
		'people', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_counts(p_summit) as c),
		'programme', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_programme(p_summit) as c),
		'commitments', private.impact_commitments(p_summit),
		'earlier_commitments', (
			select private.impact_commitments(b) from private.edition_before(p_summit) as b where b is not null),
		'figures', (
			select jsonb_build_object('number', f.number, 'released_at', private.iso(f.released_at), 'content', f.content)
			from public.figure_releases as f
			where f.summit_id = p_summit
			order by f.number desc
			limit 1),
		'survey', (
			select private.count_survey_answers(c.id)
			from private.survey_collections as c
			join private.surveys as v on v.id = c.survey_id
			where v.summit_id = p_summit and v.kind = 'summit' and c.session_id is null and c.finally_mixed_at is not null
			order by c.finally_mixed_at
			limit 1),
		'shown', private.impact_shown(p_summit),
		'before', (
			select jsonb_build_object('id', b.id, 'slug', b.slug, 'name', b.name, 'release', (
				select jsonb_build_object('number', r.number, 'on', r.content -> 'on', 'indicators', r.content -> 'indicators')
				from private.impact_releases as r
				where r.summit_id = b.id and r.content is not null
				order by r.number desc
				limit 1))
			from public.summits as b
			where b.id = private.edition_before(p_summit)))
	from public.summits as s
	where s.id = p_summit
$$;
grant execute on function private.count_impact(uuid) to app_server;

-- Writing and releasing the impact report, by programme organisers and owners of the Summit.

-- The draft as its organisers read it: {version, texts, targets, may_release (the Summit is closed), releases: [{number,
-- released_at, released_by, reason}], the newest first}; null for everybody else.
create function public.read_impact_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'version', coalesce(d.version, 0),
		'texts', coalesce(d.texts, '{}'),
		'targets', coalesce(d.targets, '{}'),
		'may_release', s.state in ('closed', 'archived'),
		'releases', (
			select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at),
				'released_by', (select p.display_name from public.people as p where p.id = r.released_by),
				'reason', r.reason) order by r.number desc), '[]')
			from private.impact_releases as r
			where r.summit_id = s.id and r.content is not null))
	from public.summits as s
	left join private.impact_drafts as d on d.summit_id = s.id
	where s.id = read_impact_draft.summit and private.has_role(s.id, 'programme')
$$;
grant execute on function public.read_impact_draft(uuid) to authenticated;

-- The draft, locked, made when it is not there yet.
create function private.lock_impact_draft(p_summit uuid) returns private.impact_drafts
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.impact_drafts;
begin
	insert into private.impact_drafts (summit_id, version) values (p_summit, 0) on conflict do nothing;
	select * into v from private.impact_drafts as d where d.summit_id = p_summit for update;
	return v;
end
$$;

-- Changes texts and targets: {texts: {place: text map}, targets: {indicator: number, or null to remove it}}; what is not
-- named stays. Answers {status: ok | not_found | invalid | conflict (another change since `version`), version}. Locks the
-- draft.
create function public.save_impact_draft(summit uuid, version integer, changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.impact_drafts;
begin
	if not private.has_role(save_impact_draft.summit, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	v := private.lock_impact_draft(save_impact_draft.summit);
	if v.version is distinct from save_impact_draft.version then return jsonb_build_object('status', 'conflict'); end if;
	update private.impact_drafts as d
	set texts = d.texts || coalesce(changes -> 'texts', '{}'),
		targets = jsonb_strip_nulls(d.targets || coalesce(changes -> 'targets', '{}')),
		version = d.version + 1
	where d.summit_id = v.summit_id
	returning * into v;
	return jsonb_build_object('status', 'ok', 'version', v.version);
exception when check_violation or data_exception or not_null_violation then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_impact_draft(uuid, integer, jsonb) to authenticated;

-- Freezes the words of the draft as the release after number `after` (0: the first); a later one needs a reason. The app
-- adds the numbers at once (complete_impact_release): until then nobody reads it, and the next attempt replaces it. Answers
-- {status: ok | not_found | conflict (the draft changed since `version`) | stale (another release came first) | invalid |
-- wrong_state (the Summit is not closed), release}. Locks the draft, so that releases come one after the other.
create function public.begin_impact_release(summit uuid, version integer, after integer, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.impact_drafts;
	v_last integer;
	v_id uuid;
begin
	if not private.has_role(begin_impact_release.summit, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if not exists (
		select from public.summits as s
		where s.id = begin_impact_release.summit and s.state in ('closed', 'archived')) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	v := private.lock_impact_draft(begin_impact_release.summit);
	if v.version is distinct from begin_impact_release.version then return jsonb_build_object('status', 'conflict'); end if;
	select coalesce(max(r.number), 0) into v_last
	from private.impact_releases as r
	where r.summit_id = v.summit_id and r.content is not null;
	if v_last is distinct from begin_impact_release.after then return jsonb_build_object('status', 'stale'); end if;
	if (v_last > 0) <> (btrim(coalesce(begin_impact_release.reason, '')) <> '') then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.impact_releases as r where r.summit_id = v.summit_id and r.content is null;
	insert into private.impact_releases (summit_id, number, texts, targets, reason, released_by)
	values (v.summit_id, v_last + 1, v.texts, v.targets, btrim(coalesce(begin_impact_release.reason, '')), private.actor())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'release', v_id);
exception when check_violation then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.begin_impact_release(uuid, integer, integer, text) to authenticated;

-- Adds the numbers to a release that was begun, once. Refuses a number of people below the smallest group. Returns false
-- when it has its numbers already, or another attempt replaced it. For the app alone, which made the numbers.
create function private.complete_impact_release(p_release uuid, p_content jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	if exists (
		select from jsonb_path_query(p_content, '$.indicators[*] ? (@.of_people == true).**.value') as found (number)
		where jsonb_typeof(number) = 'number'
			and (number #>> '{}')::numeric < (p_content ->> 'threshold')::numeric) then
		raise exception 'a small group is named' using errcode = 'check_violation';
	end if;
	update private.impact_releases as r
	set content = p_content
	where r.id = p_release
		and r.content is null
		and (p_content ->> 'threshold')::integer = private.smallest_group(r.summit_id)
	returning r.summit_id into v_summit;
	if v_summit is null then return false; end if;
	perform private.publish_event('site', 'changed');
	return true;
end
$$;
grant execute on function private.complete_impact_release(uuid, jsonb) to app_server;

-- What everybody reads: released reports.

-- A released report, the newest (number null) or an earlier one: {number, released_at, reason, texts, targets, content,
-- releases: [{number, released_at, reason}], the newest first}. Null when there is none, or the reader does not see the
-- Summit.
create function public.read_impact_report(summit uuid, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at), 'reason', r.reason,
		'texts', r.texts, 'targets', r.targets, 'content', r.content,
		'releases', (
			select jsonb_agg(jsonb_build_object('number', x.number, 'released_at', private.iso(x.released_at),
				'reason', x.reason) order by x.number desc)
			from private.impact_releases as x
			where x.summit_id = r.summit_id and x.content is not null))
	from private.impact_releases as r
	where r.summit_id = read_impact_report.summit
		and r.summit_id in (select private.readable_summits())
		and r.content is not null
		and (read_impact_report.number is null or r.number = read_impact_report.number)
	order by r.number desc
	limit 1
$$;
grant execute on function public.read_impact_report(uuid, integer) to anon, authenticated;

-- The Summits with a released report, the newest first: [{slug, name, number, released_at}], the newest release of each.
create function public.list_impact_reports() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', s.slug, 'name', s.name, 'number', r.number,
		'released_at', private.iso(r.released_at)) order by s.starts_on desc, s.slug), '[]')
	from public.summits as s
	join lateral (
		select x.number, x.released_at
		from private.impact_releases as x
		where x.summit_id = s.id and x.content is not null
		order by x.number desc
		limit 1) as r on true
	where s.id in (select private.readable_summits())
$$;
grant execute on function public.list_impact_reports() to anon, authenticated;

-- A report stays as it was released; drafts are settings.
insert into private.retention_rules (table_name, exemption)
values
	('private.impact_releases', 'numbers'),
	('private.impact_drafts', 'settings');

-- A late alias replaces a name in what was written too.
insert into private.free_text_columns (table_name, column_name)
values
	('private.impact_drafts', 'texts'),
	('private.impact_releases', 'texts'),
	('private.impact_releases', 'reason'),
	('private.impact_releases', 'content');

insert into private.not_copied_tables (name, reason) values ('private.impact_releases', 'staff');

-- The report is written and released once the Summit is closed.
insert into private.writable_after_closing (table_name, reason)
values
	('private.impact_drafts', 'The impact report is written and released once the Summit is closed.'),
	('private.impact_releases', 'The impact report is written and released once the Summit is closed.');

reset check_function_bodies;
