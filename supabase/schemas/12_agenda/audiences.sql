-- The members and people whom the audience of a session lists by name. Its sectors and categories are saved with the
-- session (sessions.sql).

-- Adds a member of the Summit or a person (exactly one of the two) to the audience. Answers ok | already | not_allowed
-- | unknown.
create function public.add_to_audience(session uuid, person uuid default null, member uuid default null)
	returns public.audience_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = session;
	if num_nonnulls(person, member) <> 1
		or person is not null and not exists (select from public.people as p where p.id = person)
		or member is not null and not exists (
			select
			from public.summit_members as m
			where m.summit_id = v_summit and m.member_id = member
		) then
		return 'unknown';
	end if;
	insert into public.session_audiences (session_id, summit_id, person_id, member_id)
	values (session, v_summit, person, member)
	on conflict do nothing;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.add_to_audience(uuid, uuid, uuid) to authenticated;

-- Removes an entry of the audience. Answers ok | not_allowed.
create function public.remove_from_audience(entry uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from public.session_audiences as a where a.id = entry and private.may_edit_session(a.session_id);
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.remove_from_audience(uuid) to authenticated;
