-- Late links: personal links by which one person can propose after the close of the call.

-- Makes a link for at most 90 days; the app makes the token, and only its hash comes here. Answers ok | not_allowed |
-- invalid | limited (200 open links) | late (it would end after the Summit). Locks the call, so that the limit holds.
create function public.make_late_link(summit uuid, token_hash text, note text, until timestamptz)
	returns public.late_link_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if coalesce(token_hash, '') !~ '^[0-9a-f]{64}$'
		or length(private.one_line(note)) not between 1 and 120
		or until is null
		or until <= now()
		or until > now() + interval '90 days'
		or not exists (select from private.calls as c where c.summit_id = summit) then
		return 'invalid';
	end if;
	if private.is_after_summit_end(summit, make_late_link.until) then return 'late'; end if;
	perform pg_advisory_xact_lock(hashtextextended('call:' || summit, 0));
	if (
		select count(*)
		from private.late_links as l
		where l.summit_id = summit and l.revoked_at is null and l.until > now()
	) >= 200 then
		return 'limited';
	end if;
	insert into private.late_links (summit_id, token_hash, note, until, created_by)
	values (summit, decode(token_hash, 'hex'), private.one_line(note), make_late_link.until, private.me());
	return 'ok';
end
$$;
grant execute on function public.make_late_link(uuid, text, text, timestamptz) to authenticated;

-- Revokes a link. Answers ok | not_found.
create function public.revoke_late_link(link uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.late_links as l
	set revoked_at = now()
	where l.id = link
		and l.revoked_at is null
		and private.has_role(l.summit_id, 'programme');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.revoke_late_link(uuid) to authenticated;

-- Gives a link to the reader, if nobody else opened it before. Answers ok | expired | revoked | used (by somebody else)
-- | not_found. Locks the link, so that of two who open it at once one gets it.
create function public.use_late_link(summit uuid, token_hash text) returns public.late_link_use_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.late_links;
	v_me uuid := private.me();
begin
	if v_me is null or coalesce(token_hash, '') !~ '^[0-9a-f]{64}$' then return 'not_found'; end if;
	select * into v
	from private.late_links as l
	where l.token_hash = decode(use_late_link.token_hash, 'hex')
		and l.summit_id = summit
	for update;
	if not found then return 'not_found'; end if;
	if v.revoked_at is not null then return 'revoked'; end if;
	if v.person_id is distinct from v_me and v.person_id is not null then return 'used'; end if;
	if v.until <= now() then return 'expired'; end if;
	update private.late_links as l set person_id = v_me, used_at = coalesce(l.used_at, now()) where l.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.use_late_link(uuid, text) to authenticated;
