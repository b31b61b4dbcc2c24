-- The members and people whom the audience of a session lists by name. Its sectors and categories are saved with the
-- session (sessions.sql).

-- Keeps a change of whom the audience lists, as a step of the agenda builder that can be undone (edit_steps.sql).
create function private.keep_audience_step(p_session uuid, p_summit uuid, p_before jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_placement_step(p_summit, jsonb_build_array(jsonb_build_object(
		'edit', p_session,
		'from', jsonb_build_object('listed', p_before),
		'to', jsonb_build_object('listed', private.listed_audience(p_session))
	)))
$$;

-- Adds a member of the Summit or a person (exactly one of the two) to the audience, which can be undone. Answers ok |
-- already | not_allowed | unknown. Locks the draft.
create function public.add_to_audience(session uuid, person uuid default null, member uuid default null)
	returns public.audience_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_before jsonb;
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = session;
	perform private.lock_draft(v_summit);
	v_before := private.listed_audience(session);
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
	if not found then return 'already'; end if;
	perform private.keep_audience_step(session, v_summit, v_before);
	return 'ok';
end
$$;
grant execute on function public.add_to_audience(uuid, uuid, uuid) to authenticated;

-- Removes an entry of the audience, which can be undone. Answers ok | not_allowed. Locks the draft.
create function public.remove_from_audience(entry uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry public.session_audiences;
	v_before jsonb;
begin
	select * into v_entry from public.session_audiences as a where a.id = entry;
	if not found or not private.may_edit_session(v_entry.session_id) then return 'not_allowed'; end if;
	perform private.lock_draft(v_entry.summit_id);
	v_before := private.listed_audience(v_entry.session_id);
	delete from public.session_audiences as a where a.id = entry;
	-- Somebody else removed it a moment before.
	if not found then return 'not_allowed'; end if;
	perform private.keep_audience_step(v_entry.session_id, v_entry.summit_id, v_before);
	return 'ok';
end
$$;
grant execute on function public.remove_from_audience(uuid) to authenticated;
