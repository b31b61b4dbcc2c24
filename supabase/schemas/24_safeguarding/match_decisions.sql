-- Decisions about matches of the watch list: whether one is the same person, and declining the registration of
-- somebody who is barred.

-- Whether the caller decides about a match: they keep the list in the scope of its entry, because the decision holds
-- wherever the entry does. A sealed match is for safeguarding alone.
create function private.may_decide_match(m private.watch_list_matches, e private.watch_list_entries) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_sealed_match(e, m.person_id) then coalesce(private.has_role(e.summit_id, 'safeguarding'), false)
		else private.manages_watch_list(e.summit_id)
	end
$$;

-- Decides whether a match is the same person; the decision may be changed later. A sealed match that is the same person
-- ends their registration here. Answers ok, own or not_found. Locks both modes when `same`, then the match and the
-- registration; nothing for somebody who may not decide.
create function public.resolve_watch_list_match(summit uuid, match uuid, same boolean)
	returns public.watch_list_match_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_match private.watch_list_matches;
	v_entry private.watch_list_entries;
	v_is_sealed boolean;
	v_r public.registrations;
begin
	select e.* into v_entry
	from private.watch_list_matches as m
	join private.watch_list_entries as e on e.id = m.entry_id
	where m.id = match and (e.summit_id is null or e.summit_id = summit);
	if not found or same is null or not private.manages_watch_list(v_entry.summit_id) then return 'not_found'; end if;
	if same then perform private.lock_modes(summit); end if;
	select m.* into v_match
	from private.watch_list_matches as m
	join private.watch_list_entries as e on e.id = m.entry_id
	where m.id = match and e.state in ('proposed', 'active')
	for update of m;
	if not found then return 'not_found'; end if;
	select * into v_entry from private.watch_list_entries as e where e.id = v_match.entry_id;
	if not private.may_decide_match(v_match, v_entry) then return 'not_found'; end if;
	v_is_sealed := private.is_sealed_match(v_entry, v_match.person_id);
	if v_match.person_id in (select private.my_people()) then return 'own'; end if;
	update private.watch_list_matches as m
	set is_same = same, decided_by = private.me(), decided_at = now()
	where m.id = match;
	perform private.apply_watch_list(v_match.person_id);
	if v_is_sealed and same and v_entry.state = 'active' then
		select * into v_r
		from public.registrations as r
		where r.person_id = v_match.person_id
			and r.summit_id = resolve_watch_list_match.summit
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		for no key update;
		if found then perform private.decline_without_reason(v_r, private.me()); end if;
	end if;
	if not v_is_sealed then perform private.publish_event('organise:' || summit, 'registration'); end if;
	return 'ok';
end
$$;
grant execute on function public.resolve_watch_list_match(uuid, uuid, boolean) to authenticated;

-- Declines the registration of a barred person, named by a match. What the person, their focal point and other
-- organisers read gives no reason and names nobody. Answers ok or not_found. Locks both modes and the registration.
create function public.decline_barred(summit uuid, match uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	if not private.manages_watch_list(summit) then return 'not_found'; end if;
	perform private.lock_modes(summit);
	select r.* into v_r
	from private.watch_list_matches as m
	join public.registrations as r on r.person_id = m.person_id and r.summit_id = decline_barred.summit
	where m.id = match and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	for no key update of r;
	if not found or private.watch_list_status(v_r.person_id, summit) is distinct from 'barred' then
		return 'not_found';
	end if;
	if not private.has_role(summit, 'safeguarding')
		and exists (select from private.watch_list_matches as m
			join private.watch_list_entries as e on e.id = m.entry_id
			where m.id = match and private.is_sealed_match(e, m.person_id))
	then
		return 'not_found';
	end if;
	perform private.decline_without_reason(v_r, private.me());
	return 'ok';
end
$$;
grant execute on function public.decline_barred(uuid, uuid) to authenticated;
