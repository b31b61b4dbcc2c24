-- The personal link by which a calendar program subscribes to somebody's agenda (Rule 8).

-- Saves the hash of a new link and revokes the one before, which is how a leaked link is replaced. Answers ok |
-- not_allowed.
create function public.create_calendar_link(summit uuid, token_hash text) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or coalesce(token_hash, '') !~ '^[0-9a-f]{64}$' or summit not in (select private.readable_summits()) then
		return 'not_allowed';
	end if;
	perform public.revoke_calendar_link(summit);
	insert into private.personal_links (kind, token_hash, person_id, summit_id)
		values ('calendar', decode(token_hash, 'hex'), v_me, summit);
	return 'ok';
end
$$;
grant execute on function public.create_calendar_link(uuid, text) to authenticated;

-- Revokes the link of the reader.
create function public.revoke_calendar_link(summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.personal_links set revoked_at = now()
	where kind = 'calendar' and person_id = (select private.me()) and summit_id = summit and revoked_at is null
$$;
grant execute on function public.revoke_calendar_link(uuid) to authenticated;

-- Whether the reader has a link.
create function public.has_calendar_link(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.personal_links
		where kind = 'calendar' and person_id = (select private.me()) and summit_id = summit and revoked_at is null)
$$;
grant execute on function public.has_calendar_link(uuid) to authenticated;
