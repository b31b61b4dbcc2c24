-- Member organisations, and their standing as of each Summit.

-- (summit, member) pairs whose focal point the signed-in account is or assists.
create function private.my_focal_members(p_summit uuid default null) returns table (summit_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	select focal_points.summit_id, focal_points.member_id from public.focal_points
	where person_id in (select private.my_people('registration')) and (until is null or until > now())
		and (p_summit is null or focal_points.summit_id = p_summit)
$$;
grant execute on function private.my_focal_members(uuid) to anon, authenticated;

-- A member outlives Summits: what it is called and where it belongs is changed by an owner of all Summits, or by
-- whoever registers for the newest Summit, not yet archived, in which it stands. What held at one Summit is in
-- summit_members.
create function private.may_change_member(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(null, 'owner') or coalesce((
		select private.has_role(s.id, 'registration')
			from public.summit_members as sm join public.summits as s on s.id = sm.summit_id and s.state <> 'archived'
		where sm.member_id = p_member order by s.starts_on desc, s.id limit 1), false)
$$;

create function private.my_lasting_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.id from public.members as m where private.may_change_member(m.id)
$$;
grant execute on function private.my_lasting_members() to anon, authenticated;
