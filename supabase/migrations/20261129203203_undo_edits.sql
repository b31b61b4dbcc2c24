-- Edits of a session beside the board can be undone and redone, as its placements.

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
		'state', s.state
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

-- Why an edit {edit, from, to} cannot be made: unknown | edited_meanwhile (its fields are no longer as in `from`); null
-- when it can.
create function private.edit_refusal(p_edit jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_edit_session((p_edit ->> 'edit')::uuid)
			or p_edit #>> '{to,level}' = 'closed' and not private.may_close_session(s.summit_id) then 'unknown'
		when private.differing_fields(p_edit -> 'from', private.read_session_edit(s.id)) <> '{}' then 'edited_meanwhile'
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

-- Why a step {slot | edit, from, to} of `p_changes` cannot be made any more, {status: unknown | changed_meanwhile, now |
-- edited_meanwhile}; null when it can. A session that the same list edits may be cancelled until then.
create function private.step_refusal(p_summit uuid, p_change jsonb, p_changes jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_now jsonb;
	v_refusal text;
begin
	if p_change ? 'edit' then
		v_refusal := private.edit_refusal(p_change);
		return case when v_refusal is not null then jsonb_build_object('status', v_refusal) end;
	end if;
	if exists (
		select
		from unnest(array['from', 'to']) as side
		where p_change #>> array[side, 'session'] is not null
			and (
				not private.may_edit_session((p_change #>> array[side, 'session'])::uuid)
				or exists (
					select
					from public.sessions
					where id = (p_change #>> array[side, 'session'])::uuid
						and state = 'cancelled'
						and not p_changes @> jsonb_build_array(jsonb_build_object('edit', id))
				)
			)
	) then
		return jsonb_build_object('status', 'unknown');
	end if;
	v_now := private.read_placement(p_summit, (p_change ->> 'slot')::uuid);
	if private.same_placement(v_now, p_change -> 'from') then return null; end if;
	return jsonb_build_object('status', 'changed_meanwhile', 'now', v_now);
end
$$;

-- Undoes the reader's own last change, or (`forward`) redoes it, as the inverse change through the same checks. When
-- somebody has changed the same placements or fields since, they stay as they are and the step is deleted. Answers
-- {status: ok | nothing | not_allowed | unknown | changed_meanwhile | edited_meanwhile | room_taken | invalid, now, by}.
-- Locks the draft.
create or replace function public.undo_or_redo_placement(summit uuid, forward boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step private.placement_steps;
	v_change jsonb;
	v_refusal jsonb;
	v_written jsonb;
	v_changes jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_draft(summit);
	select * into v_step
	from private.placement_steps as s
	where s.summit_id = undo_or_redo_placement.summit
		and s.person_id = (select private.me())
		and s.is_undone = forward
	order by case when forward then s.id else -s.id end
	limit 1;
	if not found then return jsonb_build_object('status', 'nothing'); end if;
	-- To undo, `from` and `to` change places.
	select jsonb_agg(
		item || jsonb_build_object(
			'from', case when forward then item -> 'from' else item -> 'to' end,
			'to', case when forward then item -> 'to' else item -> 'from' end
		)
	) into v_changes
	from jsonb_array_elements(v_step.changes) as each (item);
	for v_change in select item from jsonb_array_elements(v_changes) as each (item) loop
		v_refusal := private.step_refusal(summit, v_change, v_changes);
		if v_refusal is not null then
			delete from private.placement_steps where id = v_step.id;
			return v_refusal;
		end if;
	end loop;
	v_written := private.write_edits_and_placements(summit, v_changes);
	if v_written ->> 'status' = 'ok' then
		update private.placement_steps set is_undone = not forward where id = v_step.id;
	end if;
	return v_written;
end
$$;

-- Steps have titles now, in which somebody may be named.
insert into private.free_text_columns (table_name, column_name) values ('private.placement_steps', 'changes');
