-- Whether somebody belongs to a member is found without reading all members, and asked once for all commitments.

drop function private.current_focal_points();

create function private.current_focal_points(p_people uuid[] default null)
	returns table (member_id uuid, person_id uuid, summit_id uuid)
language sql stable security definer set search_path = '' as $$
	with theirs as materialized (
		select f.member_id from public.focal_points as f where f.person_id = any (p_people)
	), newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
		where p_people is null or sm.member_id in (select t.member_id from theirs as t)
		order by sm.member_id, s.starts_on desc, s.id
	), named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join public.summits as s on s.id = f.summit_id and s.state <> 'draft'
		where p_people is null or f.member_id in (select t.member_id from theirs as t)
		order by f.member_id, s.starts_on desc, s.id
	)
	select f.member_id, f.person_id, f.summit_id
	from newest as n
	join named as d on d.member_id = n.member_id
	join public.focal_points as f on f.member_id = d.member_id and f.summit_id = d.summit_id
	where n.standing in ('active', 'observer')
		and (f.until is null or f.until > now())
		and (p_people is null or f.person_id = any (p_people))
$$;

create or replace function private.is_of_a_member(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.current_focal_points(array[p_person]))
		or exists (
			select from public.registrations as r
			join public.summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
			join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where r.person_id = p_person and r.state = 'confirmed' and sm.standing in ('active', 'observer'))
$$;

create or replace function private.my_current_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct f.member_id
	from private.current_focal_points(array(select private.my_people('registration'))) as f
$$;

create or replace function private.visible_commitments_among(p_person uuid, p_commitments uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as materialized (
		select
			p_person is not null and private.runs_community(p_person) as runs,
			p_person is not null and private.is_of_a_member(p_person) as is_of_member,
			array(
				select f.member_id from private.current_focal_points(array[p_person]) as f
				union
				select own from private.my_current_members() as own where p_person = private.me()) as members
	)
	select c.id
	from private.commitments as c
	cross join reader as r
	cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
	where (p_commitments is null or c.id = any (p_commitments)) and (
		r.runs
		or c.member_id = any (r.members)
		or exists (
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
