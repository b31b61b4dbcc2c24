-- Edits of a session beside the board, which can be undone like placements (placement_changes.sql): its fields, and
-- whom its audience lists (audiences.sql). A step has {edit: session, from, to} with the fields that changed, and {slot,
-- from, to: null} for each time that a cancellation freed.

-- The members and people whom the audience of a session lists, [{person | member}] in the order of their ids.
create function private.listed_audience(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('person', a.person_id, 'member', a.member_id))
		order by coalesce(a.person_id, a.member_id)), '[]')
	from public.session_audiences as a
	where a.session_id = p_session and num_nonnulls(a.person_id, a.member_id) = 1
$$;

-- Makes the audience of a session list those members and people, and no others. Who is listed already keeps the entry.
create function private.write_listed_audience(p_session public.sessions, p_listed jsonb) returns void
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
create function private.read_session_edit(p_session uuid) returns jsonb
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
		'stage_format', s.stage_format,
		'listed', private.listed_audience(s.id)
	)
	from public.sessions as s
	where s.id = p_session
$$;

-- Those fields of one value that another has otherwise.
create function private.differing_fields(p_one jsonb, p_other jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_object_agg(key, value), '{}')
	from jsonb_each(p_one)
	where value is distinct from p_other -> key
$$;

-- Saves a session as `save_session` does, and keeps what changed for undo. Answers as `save_session`. Locks the draft.
create function public.edit_session(summit uuid, session uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before jsonb;
	v_after jsonb;
	v_slots jsonb;
	v_answer jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if session is null then return jsonb_build_object('status', 'unknown'); end if;
	perform private.lock_draft(summit);
	v_before := private.read_session_edit(session);
	v_slots := (
		select jsonb_agg(private.read_placement(summit, slots.id) order by slots.during)
		from public.slots
		where slots.session_id = edit_session.session
	);
	v_answer := public.save_session(summit, session, fields);
	if v_answer ->> 'status' <> 'ok' then return v_answer; end if;
	v_after := private.read_session_edit(session);
	if v_before = v_after then return v_answer; end if;
	perform private.keep_placement_step(summit, jsonb_build_array(jsonb_build_object(
		'edit', session,
		'from', private.differing_fields(v_before, v_after),
		'to', private.differing_fields(v_after, v_before)
	)) || coalesce((
		select jsonb_agg(jsonb_build_object('slot', item -> 'slot', 'from', item, 'to', null))
		from jsonb_array_elements(v_slots) as each (item)
		where not exists (select from public.slots where slots.id = (item ->> 'slot')::uuid)
	), '[]'));
	return v_answer;
end
$$;
grant execute on function public.edit_session(uuid, uuid, jsonb) to authenticated;

-- Why an edit {edit, from, to} cannot be made: unknown | edited_meanwhile (its fields are no longer as in `from`, or its
-- live room is open, whose format stays); null when it can.
create function private.edit_refusal(p_edit jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_edit_session((p_edit ->> 'edit')::uuid)
			or p_edit #>> '{to,level}' = 'closed' and not private.may_close_session(s.summit_id) then 'unknown'
		when private.differing_fields(p_edit -> 'from', private.read_session_edit(s.id)) <> '{}'
			or p_edit -> 'to' ? 'stage_format' and private.open_run_of(s.id) is not null then 'edited_meanwhile'
	end
	from (select) as always
	left join public.sessions as s on s.id = (p_edit ->> 'edit')::uuid
$$;

-- Makes the edits of a list of changes, then its placements, all or none. Answers as `write_placements`. The caller
-- holds the lock of the draft and has judged each of them.
create function private.write_edits_and_placements(p_summit uuid, p_changes jsonb) returns jsonb
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
