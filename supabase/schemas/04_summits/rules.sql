-- Editions of the Summit and everything an owner sets for one.

-- When a Summit is over: the midnight after its last day, where it is held.
create function private.end_of(s public.summits) returns timestamptz
language sql stable set search_path = '' as $$
	select (s.ends_on + 1)::timestamp at time zone s.zone
$$;

-- Whether a time lies after the end of a Summit. No deadline does, and while one is set, the end does not move before
-- it: it waits here.
create function private.is_after_end(p_summit uuid, variadic p_at timestamptz[]) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits as s where s.id = p_summit for share;
	return coalesce((select max(at) from unnest(p_at) as at) > private.end_of(v_summit), false);
end
$$;

-- A deadline from now on, of a hold, a payment or an offer: it ends with the Summit at the latest. What is still open
-- afterwards waits as long as ever.
create function private.deadline_in(p_summit uuid, p_wait interval) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select case when private.end_of(s) > now() then least(now() + p_wait, private.end_of(s)) else now() + p_wait end
		from public.summits as s where s.id = p_summit
$$;

-- True when a person holds one of the roles for this Summit (null: for all). Owners hold every role but safeguarding.
create function private.holds_role(p_person uuid, p_summit uuid, variadic p_roles public.organiser_role[])
	returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.role_grants
		where person_id = p_person and ended_at is null and (summit_id is null or summit_id = p_summit)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

-- The same of the signed-in person. An assistant never inherits an organiser's role.
create function private.has_role(p_summit uuid, variadic p_roles public.organiser_role[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(private.me(), p_summit, variadic p_roles)
$$;
grant execute on function private.has_role(uuid, public.organiser_role[]) to anon, authenticated;

-- The Summits in which the signed-in person holds one of the roles: for policies, computed once per statement.
create function private.summits_with_role(variadic p_roles public.organiser_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select summits.id from public.summits
	where exists (
		select from public.role_grants
		where person_id = (select private.me()) and ended_at is null
			and (role_grants.summit_id is null or role_grants.summit_id = summits.id)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;
grant execute on function private.summits_with_role(public.organiser_role[]) to anon, authenticated;

-- Reading: a Summit that is no draft is public; a draft is seen by its organisers. One helper for the settings tables.
create function private.readable_summits() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.summits where state <> 'draft'
	union
	select private.summits_with_role('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding', 'owner')
$$;
grant execute on function private.readable_summits() to anon, authenticated;
