-- Who belongs to a member, and who acts for one, in what outlives Summits.

-- The focal points of today: of each member those of the newest Summit that is no draft and for which it has named any,
-- as long as the member belongs to its newest Summit. Those who were named for an earlier one do not count. `p_people`:
-- only these people; null for all.
create function private.current_focal_points(p_people uuid[] default null)
	returns table (member_id uuid, person_id uuid, summit_id uuid)
language sql stable security definer set search_path = '' as $$
	with theirs as materialized (
		select f.member_id from public.focal_points as f where f.person_id = any (p_people)
	), newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing
		from public.summit_members as sm
		join private.real_summits as s on s.id = sm.summit_id and s.state <> 'draft'
		where p_people is null or sm.member_id in (select t.member_id from theirs as t)
		order by sm.member_id, s.starts_on desc, s.id
	), named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join private.real_summits as s on s.id = f.summit_id and s.state <> 'draft'
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

-- Whether a person belongs to a member: as a focal point of today, or as a participant of a Summit that is not
-- archived.
create function private.is_of_a_member(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and (
		exists (
			select from public.registrations as r
			join private.real_summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
			join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where r.person_id = p_person and r.state = 'confirmed' and sm.standing in ('active', 'observer'))
		or exists (select from private.current_focal_points(array[p_person])))
$$;
