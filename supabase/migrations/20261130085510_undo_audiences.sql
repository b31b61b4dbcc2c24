-- Undo of changes of whom an audience lists, in the agenda builder.

-- The members and people whom the audience of a session lists, [{person | member}] in the order of their ids.
create or replace function private.listed_audience(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('person', a.person_id, 'member', a.member_id))
		order by coalesce(a.person_id, a.member_id)), '[]')
	from public.session_audiences as a
	where a.session_id = p_session and num_nonnulls(a.person_id, a.member_id) = 1
$$;

-- Makes the audience of a session list those members and people, and no others. Who is listed already keeps the entry.
create or replace function private.write_listed_audience(p_session public.sessions, p_listed jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	delete from public.session_audiences as a
	where a.session_id = p_session.id
		and num_nonnulls(a.person_id, a.member_id) = 1
		and not exists (
			select
			from jsonb_to_recordset(p_listed) as o (person uuid, member uuid)
			where o.person = a.person_id or o.member = a.member_id
		);
	insert into public.session_audiences (session_id, summit_id, person_id, member_id)
	select p_session.id, p_session.summit_id, o.person, o.member
	from jsonb_to_recordset(p_listed) as o (person uuid, member uuid)
	on conflict do nothing
$$;

-- The fields of a session that are edited beside the board; null when there is no such session.
create or replace function private.read_session_edit(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'title', s.title,
		'format_id', s.format_id,
		'track_id', s.track_id,
		'level', s.level,
		'audience', s.audience,
		'attendance', s.attendance,
		'spoken', s.spoken,
		'interpreted', s.interpreted,
		'is_recorded', s.is_recorded,
		'state', s.state,
		'listed', private.listed_audience(s.id)
	)
	from public.sessions as s
	where s.id = p_session
$$;

-- Makes the edits of a list of changes, then its placements, all or none. Answers as `write_placements`. The caller
-- holds the lock of the draft and has judged each of them.
create or replace function private.write_edits_and_placements(p_summit uuid, p_changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_edit jsonb;
	v_session public.sessions;
	v_written jsonb;
begin
	for v_edit in select item from jsonb_array_elements(p_changes) as each (item) where item ? 'edit' loop
		select * into v_session from public.sessions where id = (v_edit ->> 'edit')::uuid for no key update;
		perform private.store_session(jsonb_populate_record(v_session, v_edit -> 'to'));
		if v_edit -> 'to' ? 'listed' then perform private.write_listed_audience(v_session, v_edit #> '{to,listed}'); end if;
	end loop;
	v_written := private.write_placements(p_summit, (
		select coalesce(jsonb_agg(item), '[]') from jsonb_array_elements(p_changes) as each (item) where item ? 'slot'
	));
	-- Nothing of a step stays when its placements cannot be written.
	if v_written ->> 'status' <> 'ok' then raise exception using errcode = 'SU001', message = 'not written'; end if;
	return v_written;
exception
	when sqlstate 'SU001' then return v_written;
	when check_violation or not_null_violation or foreign_key_violation or data_exception then
		return jsonb_build_object('status', 'invalid');
end
$$;

-- Keeps a change of whom the audience lists, as a step of the agenda builder that can be undone (edit_steps.sql).
create or replace function private.keep_audience_step(p_session uuid, p_summit uuid, p_before jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_placement_step(p_summit, jsonb_build_array(jsonb_build_object(
		'edit', p_session,
		'from', jsonb_build_object('listed', p_before),
		'to', jsonb_build_object('listed', private.listed_audience(p_session))
	)))
$$;

-- Adds a member of the Summit or a person (exactly one of the two) to the audience, which can be undone. Answers ok |
-- already | not_allowed | unknown. Locks the draft.
create or replace function public.add_to_audience(session uuid, person uuid default null, member uuid default null)
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
create or replace function public.remove_from_audience(entry uuid) returns public.ok_or_not_allowed
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
