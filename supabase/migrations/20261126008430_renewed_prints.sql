-- A sheet that is printed again takes back the papers before it, where that is asked for: of those chosen, whose badge was printed has a new
-- one. Answers the badges to print, null for whoever may not.
create function public.renew_printed(summit uuid, badges uuid[], reason text) returns uuid[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_ids uuid[] := '{}';
begin
	if not private.has_role(renew_printed.summit, 'registration') then return null; end if;
	-- In one order everywhere: two desks that print the same people never wait for each other in a ring.
	for v_each in select b.id, b.registration_id, exists (select from public.badge_prints as p where p.badge_id = b.id) as is_printed
		from public.badges as b where b.summit_id = renew_printed.summit and b.id = any (renew_printed.badges[1:1000]) and b.revoked_at is null order by b.registration_id
	loop
		v_ids := v_ids || coalesce(case when v_each.is_printed then (public.reissue_badge(v_each.registration_id, v_each.id, reason) ->> 'badge')::uuid end, v_each.id);
	end loop;
	return v_ids;
end
$$;
grant execute on function public.renew_printed(uuid, uuid[], text) to authenticated;
