-- What readers get: the register with its figures, one commitment, and the work of focal points and the secretariat.

-- The member as a commitment names it: {code, name, sector, country, region}, as of the Summit of the commitment where it
-- took part.
create function private.commitment_member_json(p_member uuid, p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'code', m.code,
		'name', m.name,
		'sector', coalesce(sm.sector, m.sector),
		'country', coalesce(sm.country, m.country),
		'region', coalesce(nullif(sm.region, ''), m.region))
	from public.members as m
	left join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_summit
	where m.id = p_member
$$;

-- Whether a tie to a session is shown to the reader: they see it, and it is in the newest release.
create function private.is_session_tie_seen(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see(private.me(), p_session) and exists (
		select from public.release_sessions as r
		where r.session_id = p_session and r.release_id = private.newest_release(r.summit_id))
$$;

-- The text of one version: what anybody who may read it gets.
create function private.commitment_text_json(p private.commitments, p_number integer) returns jsonb
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
create function private.announced_commitments(p_commitments uuid[]) returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status_of(c.state, last.progress, v.due_on),
		coalesce(last.is_verified, false), (
			select min(s.effective_at)
			from private.commitment_announcements() as s
			join private.commitment_versions as x on x.commitment_id = s.commitment_id and x.number = s.number
			where s.commitment_id = c.id and (x.audience = 'public' or reader.is_member)),
		last.value, last.written_at
	from private.visible_commitments_among(private.me(), p_commitments) as seen
	join private.shown_commitment_versions(p_commitments) as shown on shown.commitment_id = seen
	join private.commitments as c on c.id = seen
	join private.commitment_versions as v on v.commitment_id = c.id and v.number = shown.number
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.progress, r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.counting_commitment_report(c.id, shown.number, reader.is_member) as r) as last on true
$$;

-- The register as the reader sees it: {themes: [{slug, name}], commitments: [the text, status, is_verified, announced_at,
-- value, reported_at, withdrawn_at]}, the newest first. Pages filter and count these rows, so that figures
-- show nothing that the list does not.
create function public.list_commitments() returns jsonb
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
grant execute on function public.list_commitments() to anon, authenticated;

-- One report as readers get it. Who verified it is for those who run the community; files that are not opened to anybody
-- are for them and for those who act for its member.
create function private.commitment_report_json(r private.commitment_reports) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', r.id,
		'member', (select m.name from public.members as m where m.id = r.member_id),
		'progress', r.progress,
		'value', r.value,
		'body', r.body,
		'links', r.links,
		'files', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id,
				'name', f.shown_name,
				'media_type', o.media_type,
				'size', o.size,
				'state', s.state,
				'removed_at', private.iso(f.removed_at)) order by f.added_at, f.id), '[]')
			from private.commitment_files as f
			left join private.stored_objects as o on o.name = f.object_name
			cross join lateral (select private.commitment_file_state(f)) as s (state)
			where f.report_id = r.id
				and (s.state in ('kept', 'removed')
					or private.runs_community() or r.member_id in (select private.my_current_members()))),
		'adds_files', public.begin_commitment_file(r.id) ->> 'status' <> 'not_found',
		'written_at', private.iso(r.written_at),
		'verified_at', (
			select private.iso(f.verified_at) from private.commitment_verifications as f where f.report_id = r.id),
		'verified_by', (
			select p.display_name
			from private.commitment_verifications as f
			join public.people as p on p.id = f.verified_by
			where f.report_id = r.id and private.runs_community()))
$$;

-- One commitment that was announced, as the reader sees it: its text, its announced versions, its reports, and for people
-- of members the comments; null where there is none, or the reader does not see it. `acts`: the members for which the
-- reader may report; `comments_as`: those for which they may comment.
create function public.read_commitment(code text) returns jsonb
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
grant execute on function public.read_commitment(text) to anon, authenticated;

-- One commitment as those who work on it read it: the newest version, its state, who agreed, and what happened. Null for
-- everybody else.
create function private.commitment_work_json(c private.commitments) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, c.version) || jsonb_build_object(
		'id', c.id,
		'summit_id', c.summit_id,
		'zone', (select s.zone from public.summits as s where s.id = c.summit_id),
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

-- The work of a focal point: {members: [{id, name, summits: [{id, slug, name}]}], themes, commitments}; `members` is
-- empty for everybody else.
create function public.my_commitments() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'summits', (
				select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name)
					order by s.starts_on desc, s.id), '[]')
				from public.summit_members as sm
				join public.summits as s on s.id = sm.summit_id and s.state in ('open', 'live', 'closed')
				where sm.member_id = m.id)) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select private.my_current_members())),
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where t.retired_at is null),
		'commitments', (
			select coalesce(jsonb_agg(private.commitment_work_json(c) order by c.updated_at desc, c.id), '[]')
			from private.commitments as c
			where private.acts_for_commitment(c, false)))
$$;
grant execute on function public.my_commitments() to authenticated;

-- What is not announced yet: all for those who run the community, for a stage organiser what is checked or scheduled of
-- their Summits; null for everybody else. {runs, months, themes: [{slug, name, position, is_retired}], commitments}.
create function public.list_commitment_work() returns jsonb
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
grant execute on function public.list_commitment_work() to authenticated;

-- Whether the reader gets that list.
create function public.has_commitment_work() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community() or exists (select from private.summits_with_role('stage'))
$$;
grant execute on function public.has_commitment_work() to authenticated;
