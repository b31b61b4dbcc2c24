-- State once which announcements of commitments were not taken back.

-- Announcements, those to come too, that were not taken back. It has no settings of its own, so that the planner makes it
-- a part of the statement that asks.
create function private.commitment_announcements() returns setof private.commitment_steps
language sql stable as $$
	select s.*
	from private.commitment_steps as s
	where s.step = 'announced'
		and not exists (
			select from private.commitment_steps as x
			where x.commitment_id = s.commitment_id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)
$$;

create or replace function private.shown_commitment_version(p_commitment uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select s.number
	from private.commitment_announcements() as s
	where s.commitment_id = p_commitment and s.effective_at <= now()
	order by s.effective_at desc, s.id desc
	limit 1
$$;

create or replace function private.announced_commitments() returns table (
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
	from private.visible_commitments(private.me()) as seen
	join private.commitments as c on c.id = seen
	cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.latest_commitment_report(c.id, reader.is_member) as r) as last on true
	where shown.number is not null
$$;

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
	join private.announced_commitments() as a on a.id = c.id
	cross join (select private.reads_as_member()) as r (is_member)
	where c.code = read_commitment.code
$$;
