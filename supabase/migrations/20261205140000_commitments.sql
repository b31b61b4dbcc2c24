-- One page of the register asks for one commitment, an announcement that waits can be moved or taken back, a verification counts
-- for the version it is about, and a session that the writer does not see stays.

drop function private.unschedule_commitment(private.commitments);
drop function private.announced_commitments();

-- The version of each of these commitments (null: of all) that readers are shown: the last whose announcement has come, and
-- was not taken back before; no row before the first. It has no settings of its own either. A list of ids is what the
-- index can use, also where it is known only when the statement runs.
create or replace function private.shown_commitment_versions(p_commitments uuid[])
	returns table (commitment_id uuid, number integer)
language sql stable as $$
	select distinct on (s.commitment_id) s.commitment_id, s.number
	from private.commitment_announcements() as s
	where s.commitment_id = any (coalesce(p_commitments, array(select c.id from private.commitments as c)))
		and s.effective_at <= now()
	order by s.commitment_id, s.effective_at desc, s.id desc
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
	where c.id = any (coalesce(p_commitments, array(select x.id from private.commitments as x))) and (
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

-- The latest report that tells how far the version `p_number` is, of all or of those for everybody: what was delivered
-- before that version was announced is not what it promises.
create or replace function private.counting_commitment_report(p_commitment uuid, p_number integer, p_all boolean)
	returns setof private.commitment_reports
language sql stable security definer set search_path = '' as $$
	select r.*
	from private.latest_commitment_report(p_commitment, p_all) as r
	where r.progress <> 'delivered' or r.written_at >= (
		select max(s.effective_at)
		from private.commitment_announcements() as s
		where s.commitment_id = p_commitment and s.number = p_number and s.effective_at <= now())
$$;

-- How far a commitment is: withdrawn, delivered, overdue, at_risk, on_track or not_reported, by all reports or by those
-- for everybody. Overdue follows from the date of the version that is shown (by the date in UTC), so it is written
-- nowhere.
create or replace function private.commitment_status(p private.commitments, p_number integer, p_all boolean) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.state = 'withdrawn' then 'withdrawn'
		when last.progress = 'delivered' then 'delivered'
		when v.due_on < (now() at time zone 'UTC')::date then 'overdue'
		else coalesce(last.progress::text, 'not_reported')
	end
	from private.commitment_versions as v
	left join private.counting_commitment_report(p.id, p_number, p_all) as last on true
	where v.commitment_id = p.id and v.number = p_number
$$;

-- Announces a checked version: at once (`at` null; a stage organiser of its Summit may do that too), or at a time within a
-- year. One that is scheduled is announced at this time instead. Answers ok | not_found | conflict | wrong_state |
-- invalid. Locks the commitment, so that it is announced once.
create or replace function public.announce_commitment(commitment uuid, version integer, at timestamptz default null)
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.runs_community() or at is null and private.has_role(v.summit_id, 'stage')) then
		return 'not_found';
	end if;
	if v.version is distinct from announce_commitment.version then return 'conflict'; end if;
	if at <= now() or at > now() + interval '1 year' then return 'invalid'; end if;
	if v.state <> 'checked' and not private.unschedule_commitment(v) then return 'wrong_state'; end if;
	insert into private.commitment_steps (commitment_id, number, step, effective_at, made_by)
	values (v.id, v.version, 'announced', coalesce(announce_commitment.at, now()), private.me());
	update private.commitments as c set state = 'announced', updated_at = now() where c.id = v.id;
	perform private.publish_event('site', 'changed');
	if at is null then perform private.send_announcement_mails(v); end if;
	return 'ok';
end
$$;

-- Takes back an announcement whose time has not come, for those who run the community: the version is checked again.
-- Answers ok | not_found | conflict | wrong_state. Locks the commitment.
create or replace function public.unschedule_commitment(commitment uuid, version integer) returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	if not private.runs_community() then return 'not_found'; end if;
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from unschedule_commitment.version then return 'conflict'; end if;
	if not private.unschedule_commitment(v) then return 'wrong_state'; end if;
	update private.commitments as c set state = 'checked', updated_at = now() where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;

-- Takes back an announcement whose time has not come. Answers whether there was one.
create or replace function private.unschedule_commitment(p private.commitments) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p.state <> 'announced' or not exists (
		select from private.commitment_announcements() as s
		where s.commitment_id = p.id and s.number = p.version and s.effective_at > now()) then
		return false;
	end if;
	insert into private.commitment_steps (commitment_id, number, step, made_by)
	values (p.id, p.version, 'unscheduled', private.me());
	return true;
end
$$;

-- Writes the version of a commitment from `p_fields`; raises what the constraints refuse.
create or replace function private.write_commitment_version(p_commitment uuid, p_number integer, p_lead uuid, p_summit uuid,
	p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_versions := jsonb_populate_record(null::private.commitment_versions, p_fields);
	v_session uuid;
	v_partners uuid[] := array(
		select distinct private.parse_uuid(each #>> '{}')
		from jsonb_array_elements(coalesce(p_fields -> 'partners', '[]')) as each
		where private.parse_uuid(each #>> '{}') is distinct from p_lead);
begin
	select s.id into v_session
	from public.sessions as s
	where s.summit_id = p_summit
		and s.code = p_fields ->> 'session'
		and private.can_see(private.me(), s.id);
	if coalesce(p_fields ->> 'session', '') <> '' and v_session is null then raise check_violation; end if;
	-- The form of somebody who does not see the session of the version before has no session.
	if v_session is null then
		select o.session_id into v_session
		from private.commitment_versions as o
		where o.commitment_id = p_commitment and o.number = p_number - 1 and not private.is_session_tie_seen(o.session_id);
	end if;
	if exists (
		select from unnest(v.countries) as country
		where country not in (select r.country from private.country_regions as r)) then
		raise check_violation;
	end if;
	if cardinality(v_partners) > 30 or exists (
		select from unnest(v_partners) as partner
		where not exists (
			select from public.summit_members as sm
			where sm.summit_id = p_summit and sm.member_id = partner and sm.standing in ('active', 'observer'))) then
		raise check_violation;
	end if;
	insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit,
		baseline, target, due_on, theme_id, countries, budget, currency, session_id, audience, note, written_by)
	select p_commitment, p_number, v.title, v.summary, v.beneficiaries, v.indicator, v.unit, v.baseline, v.target,
		v.due_on, (
			select t.id
			from private.commitment_themes as t
			where t.slug = p_fields ->> 'theme'
				and (t.retired_at is null
					or t.id = (
						select o.theme_id
						from private.commitment_versions as o
						where o.commitment_id = p_commitment and o.number = p_number - 1))),
		coalesce(v.countries, '{}'), v.budget, v.currency, v_session, v.audience, coalesce(v.note, ''), private.me();
	insert into private.commitment_members (commitment_id, number, member_id)
	select p_commitment, p_number, member
	from unnest(p_lead || v_partners) as member;
end
$$;

-- Whether a tie to a session is shown to the reader: they see it, and it is in the newest release.
create or replace function private.is_session_tie_seen(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see(private.me(), p_session) and exists (
		select from public.release_sessions as r
		where r.session_id = p_session and r.release_id = private.newest_release(r.summit_id))
$$;

-- The text of one version: what anybody who may read it gets.
create or replace function private.commitment_text_json(p private.commitments, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'number', v.number,
		'title', v.title,
		'summary', v.summary,
		'beneficiaries', v.beneficiaries,
		'indicator', v.indicator,
		'unit', v.unit,
		'baseline', v.baseline,
		'target', v.target,
		'due_on', v.due_on,
		'theme', (
			select jsonb_build_object('slug', t.slug, 'name', t.name)
			from private.commitment_themes as t
			where t.id = v.theme_id),
		'countries', v.countries,
		'budget', v.budget,
		'currency', v.currency,
		'audience', v.audience,
		'summit', (select jsonb_build_object('slug', s.slug, 'name', s.name) from public.summits as s where s.id = p.summit_id),
		'member', private.commitment_member_json(p.member_id, p.summit_id),
		'partners', (
			select coalesce(jsonb_agg(private.commitment_member_json(m.member_id, p.summit_id) order by x.name, x.id), '[]')
			from private.commitment_members as m
			join public.members as x on x.id = m.member_id
			where m.commitment_id = p.id and m.number = p_number and m.member_id <> p.member_id),
		'session', (
			select jsonb_build_object('code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = v.session_id and private.is_session_tie_seen(s.id)))
	from private.commitment_versions as v
	where v.commitment_id = p.id and v.number = p_number
$$;

-- The announced commitments that the reader sees, of these (null: of all), each once: the one set of rows from which
-- pages, lists, feeds and figures are made. Value, day and verification are those of the report from which the status
-- follows.
create or replace function private.announced_commitments(p_commitments uuid[]) returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status(c, shown.number, reader.is_member),
		coalesce(last.is_verified, false), (
			select min(s.effective_at)
			from private.commitment_announcements() as s
			join private.commitment_versions as v on v.commitment_id = s.commitment_id and v.number = s.number
			where s.commitment_id = c.id and (v.audience = 'public' or reader.is_member)),
		last.value, last.written_at
	from private.visible_commitments_among(private.me(), p_commitments) as seen
	join private.shown_commitment_versions(p_commitments) as shown on shown.commitment_id = seen
	join private.commitments as c on c.id = seen
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.counting_commitment_report(c.id, shown.number, reader.is_member) as r) as last on true
$$;

-- The register as the reader sees it: {themes: [{slug, name}], commitments: [the text, status, is_verified, announced_at,
-- value, reported_at, withdrawn_at]}, the newest first. Pages filter and count these rows, so that figures
-- show nothing that the list does not.
create or replace function public.list_commitments() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where t.retired_at is null),
		'commitments', coalesce(jsonb_agg(
			private.commitment_text_json(c, a.number) || jsonb_build_object(
				'status', a.status,
				'is_verified', a.is_verified,
				'announced_at', private.iso(a.announced_at),
				'value', a.value,
				'reported_at', private.iso(a.reported_at),
				'withdrawn_at', private.iso(c.withdrawn_at))
			order by a.announced_at desc, c.code), '[]'))
	from private.announced_commitments(null) as a
	join private.commitments as c on c.id = a.id
$$;

-- One commitment that was announced, as the reader sees it: its text, its announced versions, its reports, and for people
-- of members the comments; null where there is none, or the reader does not see it. `acts`: the members for which the
-- reader may report; `comments_as`: those for which they may comment.
create or replace function public.read_commitment(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, a.number) || jsonb_build_object(
		'id', c.id,
		'status', a.status,
		'is_verified', a.is_verified,
		'announced_at', private.iso(a.announced_at),
		'value', a.value,
		'reported_at', private.iso(a.reported_at),
		'withdrawn_at', private.iso(c.withdrawn_at),
		'withdrawn_reason', c.withdrawn_reason,
		'versions', (
			select jsonb_agg(jsonb_build_object('number', v.number, 'announced_at', private.iso(s.effective_at),
				'title', v.title, 'baseline', v.baseline, 'target', v.target, 'unit', v.unit, 'due_on', v.due_on, 'note', v.note)
				order by s.effective_at desc, s.id desc)
			from private.commitment_announcements() as s
			join private.commitment_versions as v on v.commitment_id = s.commitment_id and v.number = s.number
			where s.commitment_id = c.id and s.effective_at <= now() and (v.audience = 'public' or r.is_member)),
		'reports', (
			select coalesce(jsonb_agg(private.commitment_report_json(p) order by p.written_at desc, p.id), '[]')
			from private.commitment_reports as p
			where p.commitment_id = c.id and (p.audience = 'public' or r.is_member)),
		'comments', case when r.is_member then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'member', (select m.name from public.members as m where m.id = x.member_id),
				'body', x.body, 'written_at', private.iso(x.written_at)) order by x.written_at, x.id), '[]')
			from private.commitment_comments as x
			where x.commitment_id = c.id) end,
		'acts', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where c.state <> 'withdrawn'
				and m.id in (select private.my_current_members())
				and m.id in (
					select x.member_id
					from private.commitment_members as x
					where x.commitment_id = c.id and x.number = a.number)),
		'comments_as', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select private.my_current_members())),
		'verifies', private.runs_community())
	from private.commitments as c
	cross join private.announced_commitments(array[c.id]) as a
	cross join (select private.reads_as_member()) as r (is_member)
	where c.code = read_commitment.code
$$;

-- One commitment as those who work on it read it: the newest version, its state, who agreed, and what happened. Null for
-- everybody else.
create or replace function private.commitment_work_json(c private.commitments) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, c.version) || jsonb_build_object(
		'id', c.id,
		'summit_id', c.summit_id,
		'version', c.version,
		'state', c.state,
		'note', v.note,
		'shown', private.shown_commitment_version(c.id),
		'scheduled_at', (
			select private.iso(s.effective_at)
			from private.commitment_announcements() as s
			where s.commitment_id = c.id and c.state = 'announced' and s.number = c.version and s.effective_at > now()),
		'drafted_by', (select p.display_name from public.people as p where p.id = v.written_by),
		'is_lead', c.member_id in (select private.my_current_members()),
		'members', (
			select jsonb_agg(jsonb_build_object(
				'id', m.id,
				'name', m.name,
				'agreed', private.has_agreed(c, m.id),
				'may_ask', c.member_id in (select private.my_current_members())
					or m.id in (select private.my_current_members()),
				'asked', (
					select l.hint
					from private.commitment_links as l
					where l.commitment_id = c.id
						and l.member_id = m.id
						and private.is_commitment_link_open(l, c)
					order by l.made_at desc
					limit 1)) order by m.id <> c.member_id, m.name, m.id)
			from private.commitment_members as x
			join public.members as m on m.id = x.member_id
			where x.commitment_id = c.id and x.number = c.version),
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step,
				'member', (select m.name from public.members as m where m.id = s.member_id),
				'reason', s.reason, 'effective_at', private.iso(s.effective_at),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.commitment_steps as s
			where s.commitment_id = c.id))
	from private.commitment_versions as v
	where v.commitment_id = c.id and v.number = c.version
$$;

-- What is not announced yet: all for those who run the community, for a stage organiser what is checked or scheduled of
-- their Summits; null for everybody else. {runs, months, themes: [{slug, name, position, is_retired}], commitments}.
create or replace function public.list_commitment_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'runs', r.runs,
		'months', case when r.runs then (select s.remind_months from private.commitment_settings as s) end,
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'position', t.position,
				'is_retired', t.retired_at is not null) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where r.runs),
		'commitments', (
			select coalesce(jsonb_agg(case
				when r.runs then private.commitment_work_json(c)
				else private.commitment_work_json(c) || '{"drafted_by": null, "steps": []}'
			end order by c.state, c.updated_at, c.id), '[]')
			from private.commitments as c
			where (r.runs or c.summit_id in (select private.summits_with_role('stage'))) and (
				c.state = 'checked'
				or r.runs and c.state in ('draft', 'asked', 'agreed')
				or c.state = 'announced' and exists (
					select from private.commitment_announcements() as s
					where s.commitment_id = c.id and s.number = c.version and s.effective_at > now()))))
	from (select private.runs_community()) as r (runs)
	where r.runs or exists (select from private.summits_with_role('stage'))
$$;

-- Whether the reader gets that list.
create or replace function public.has_commitment_work() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community() or exists (select from private.summits_with_role('stage'))
$$;

-- Whether a tie to a commitment is shown to the reader: they find it in the register.
create or replace function private.is_commitment_tie_seen(p_commitment uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.visible_commitments_among(private.me(), array[p_commitment]))
		and private.shown_commitment_version(p_commitment) is not null
$$;

-- The commitments of a Summit that everybody reads: [{theme: {slug, name}, region, sector, countries, status, announced_on,
-- delivered_on}]. Days are on the clock of the venue. It was delivered with the first report that says so and that no
-- other report contradicted since, of those that follow the announcement: later reports repeat it.
create or replace function private.impact_commitments(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'theme', jsonb_build_object('slug', t.slug, 'name', t.name),
		'region', member.facts ->> 'region',
		'sector', member.facts ->> 'sector',
		'countries', v.countries,
		'status', a.status,
		'announced_on', (a.announced_at at time zone s.zone)::date,
		'delivered_on', case when a.status = 'delivered' then (delivered.at at time zone s.zone)::date end)
		order by a.announced_at, c.code), '[]')
	from private.announced_commitments(null) as a
	join private.commitments as c on c.id = a.id and c.summit_id = p_summit
	join public.summits as s on s.id = c.summit_id
	join private.commitment_versions as v on v.commitment_id = c.id and v.number = a.number
	join private.commitment_themes as t on t.id = v.theme_id
	cross join lateral (select private.commitment_member_json(c.member_id, c.summit_id)) as member (facts)
	left join lateral (
		select min(r.written_at) as at
		from private.commitment_reports as r
		where r.commitment_id = c.id
			and r.audience = 'public'
			and r.progress = 'delivered'
			and r.written_at >= (
				select max(p.effective_at)
				from private.commitment_announcements() as p
				where p.commitment_id = c.id and p.number = a.number and p.effective_at <= now())
			and not exists (
				select from private.commitment_reports as x
				where x.commitment_id = c.id
					and x.audience = 'public'
					and x.progress <> 'delivered'
					and x.written_at > r.written_at)) as delivered on true
	where a.status <> 'withdrawn'
$$;

-- The commitments that were made for the Summit and announced to everybody, by their code.
create or replace function private.api_commitments(p_hash bytea, p_after text, p_most integer) returns jsonb
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

-- The documents that everybody may read today, by their code. The library outlives Summits, so each key reads all of them.
-- What they are tied to is asked once for the page, by the same rules as on their own pages. `p_filters` is {kind,
-- published_since: since when everybody may read them, which with an embargo is its end}.
create or replace function private.api_documents(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
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

grant execute on function public.has_commitment_work() to authenticated;
grant execute on function public.unschedule_commitment(uuid, integer) to authenticated;
