-- Which version of a commitment is shown, who acts for one, and who sees which.

-- The members for which the reader acts today as a focal point, or as the assistant of one.
create function private.my_current_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct f.member_id
	from private.current_focal_points(array(select private.my_people('registration'))) as f
$$;

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

-- The version of each of these commitments (null: of all) that readers are shown: the last whose announcement has come, and
-- was not taken back before; no row before the first. It has no settings of its own either. A list of ids is what the
-- index can use, also where it is known only when the statement runs.
create function private.shown_commitment_versions(p_commitments uuid[])
	returns table (commitment_id uuid, number integer)
language sql stable as $$
	select distinct on (s.commitment_id) s.commitment_id, s.number
	from private.commitment_announcements() as s
	where s.commitment_id = any (coalesce(p_commitments, array(select c.id from private.commitments as c)))
		and s.effective_at <= now()
	order by s.commitment_id, s.effective_at desc, s.id desc
$$;

-- The same of one; null before the first.
create function private.shown_commitment_version(p_commitment uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select s.number from private.shown_commitment_versions(array[p_commitment]) as s
$$;

-- When a version of a commitment was last announced; null before, and where it was taken back.
create function private.announced_since(p_commitment uuid, p_number integer) returns timestamptz
language sql stable set search_path = '' as $$
	select max(s.effective_at)
	from private.commitment_announcements() as s
	where s.commitment_id = p_commitment and s.number = p_number and s.effective_at <= now()
$$;

-- The commitments that a person sees, among those of `p_commitments` (null: among all); null: a signed-out reader. Public
-- ones that were announced are for everyone, those for members for people of members; all others for the focal points of
-- their members and those who run the community. A newest version for members closes the one that is shown as soon as it
-- is checked. This is the only rule, for pages, counts, feeds and figures alike.
create function private.visible_commitments_among(p_person uuid, p_commitments uuid[]) returns setof uuid
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

-- All commitments that a person sees.
create function private.visible_commitments(p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.visible_commitments_among(p_person, null)
$$;

-- Whether the reader gets what is for people of members: comments, and reports that are not for everybody.
create function private.reads_as_member() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (
		private.is_of_a_member(private.me())
		or private.runs_community()
		or exists (select from private.my_current_members()))
$$;

-- Whether the reader finds the register: it has a commitment for them, or they may draft one.
create function private.sees_commitments() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community()
		or exists (select from private.visible_commitments(private.me()))
		or exists (select from private.my_current_members())
$$;

-- Whether the reader acts for a commitment: for the lead alone, or for any member of its newest version.
create function private.acts_for_commitment(p private.commitments, p_as_lead boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.member_id in (select private.my_current_members())
		or not p_as_lead and exists (
			select from private.commitment_members as m
			where m.commitment_id = p.id
				and m.number in (p.version, private.shown_commitment_version(p.id))
				and m.member_id in (select private.my_current_members()))
$$;

-- The latest report on a commitment: of all, or of those for everybody.
create function private.latest_commitment_report(p_commitment uuid, p_all boolean)
	returns setof private.commitment_reports
language sql stable security definer set search_path = '' as $$
	select r.*
	from private.commitment_reports as r
	where r.commitment_id = p_commitment and (p_all or r.audience = 'public')
	order by r.written_at desc, r.id
	limit 1
$$;

-- The latest report that tells how far the version `p_number` is, of all or of those for everybody: what was delivered
-- before that version was announced is not what it promises.
create function private.counting_commitment_report(p_commitment uuid, p_number integer, p_all boolean)
	returns setof private.commitment_reports
language sql stable security definer set search_path = '' as $$
	select r.*
	from private.latest_commitment_report(p_commitment, p_all) as r
	where r.progress <> 'delivered' or r.written_at >= private.announced_since(p_commitment, p_number)
$$;

-- How far a commitment is: withdrawn, delivered, overdue, at_risk, on_track or not_reported. `p_progress` is of the report
-- that counts (null: there is none), `p_due_on` the date of the version that is shown. Overdue follows from that date (by
-- the date in UTC), so it is written nowhere.
create function private.commitment_status_of(p_state public.commitment_state, p_progress public.commitment_progress,
	p_due_on date) returns text
language sql stable as $$
	select case
		when p_state = 'withdrawn' then 'withdrawn'
		when p_progress = 'delivered' then 'delivered'
		when p_due_on < (now() at time zone 'UTC')::date then 'overdue'
		else coalesce(p_progress::text, 'not_reported')
	end
$$;

-- The same of one version, by all reports or by those for everybody.
create function private.commitment_status(p private.commitments, p_number integer, p_all boolean) returns text
language sql stable security definer set search_path = '' as $$
	select private.commitment_status_of(p.state, last.progress, v.due_on)
	from private.commitment_versions as v
	left join private.counting_commitment_report(p.id, p_number, p_all) as last on true
	where v.commitment_id = p.id and v.number = p_number
$$;
