-- Placing sessions in the draft, as organisers do it: each change saves itself, is refused when somebody else has
-- changed the same placement meanwhile, and can be undone and redone.

-- Turns one requested change into {slot, from, to}, or answers why it cannot be made: {status: unknown | cancelled |
-- invalid | changed_meanwhile, now}.
create function private.resolve_placement(p_summit uuid, p_change jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_now jsonb := private.read_placement(p_summit, (p_change ->> 'slot')::uuid);
	v_session public.sessions;
	v_there integer;
begin
	if p_change ->> 'slot' is not null and v_now is null then
		return jsonb_build_object('status', 'changed_meanwhile', 'now', null);
	end if;
	select * into v_session
	from public.sessions
	where id = coalesce(v_now ->> 'session', p_change ->> 'session')::uuid
		and summit_id = p_summit;
	if coalesce(v_now ->> 'session', p_change ->> 'session') is not null
		and (v_session.id is null or not private.may_edit_session(v_session.id)) then
		return jsonb_build_object('status', 'unknown');
	end if;
	-- An existing slot must be as the organiser saw it; for a new one the session must have as many times as they saw.
	if v_now is not null then
		if not private.same_placement(v_now, p_change -> 'seen') then
			return jsonb_build_object('status', 'changed_meanwhile', 'now', v_now);
		end if;
	elsif v_session.id is not null then
		if v_session.state = 'cancelled' then return jsonb_build_object('status', 'cancelled'); end if;
		select count(*) into v_there from public.slots where session_id = v_session.id;
		if v_there <> coalesce((p_change ->> 'times')::integer, 0) then
			return jsonb_build_object('status', 'changed_meanwhile', 'now', (
				select private.read_placement(p_summit, id)
				from public.slots
				where session_id = v_session.id
				order by during
				limit 1
			));
		end if;
	end if;
	if p_change ->> 'remove' = 'true' then
		return case
			when v_now is null then jsonb_build_object('status', 'invalid')
			else jsonb_build_object('slot', v_now ->> 'slot', 'from', v_now, 'to', null)
		end;
	end if;
	return jsonb_build_object(
		'slot', coalesce(v_now ->> 'slot', gen_random_uuid()::text),
		'from', v_now,
		'to', jsonb_build_object(
			'session', v_session.id,
			'start', p_change ->> 'start',
			'end', p_change ->> 'end',
			'rooms', p_change -> 'rooms',
			'block_reason', case when v_session.id is null then coalesce(p_change ->> 'block_reason',
				v_now ->> 'block_reason') end
		)
	);
end
$$;

-- Keeps what the reader changed, so that it can be undone: a new change ends what could be redone, and 50 can be undone.
create function private.keep_placement_step(p_summit uuid, p_changes jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.placement_steps as s
	where s.summit_id = p_summit
		and s.person_id = (select private.me())
		and (
			s.is_undone
			or s.id <= (
				select id
				from private.placement_steps as old
				where old.summit_id = s.summit_id and old.person_id = s.person_id
				order by id desc
				offset 49
				limit 1
			)
		);
	insert into private.placement_steps (summit_id, person_id, changes) values (p_summit, private.me(), p_changes)
$$;

-- Places, moves, swaps and unschedules up to 2000 slots in one transaction. Each of `changes`: {slot | null, session,
-- block_reason, seen: {start, end, rooms}, times, start, end, rooms: [slug], remove}; `seen` is the placement that the
-- organiser saw, `times` how many times a session without this slot had. Answers {status: ok | not_allowed | unknown |
-- cancelled | invalid | changed_meanwhile | room_taken, at, now, by, placed}. Locks the draft.
create function public.change_placements(summit uuid, changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_judged jsonb;
	v_written jsonb;
	v_steps jsonb := '[]';
	v_change jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(changes) is distinct from 'array' or jsonb_array_length(changes) not between 1 and 2000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.lock_draft(summit);
	for v_change in select item from jsonb_array_elements(changes) as each (item) loop
		begin
			v_judged := private.resolve_placement(summit, v_change);
		exception when data_exception then return jsonb_build_object('status', 'invalid');
		end;
		if v_judged ? 'status' then return v_judged || jsonb_build_object('at', jsonb_array_length(v_steps)); end if;
		v_steps := v_steps || jsonb_build_array(v_judged);
	end loop;
	-- No slot twice.
	if (select count(distinct item ->> 'slot') from jsonb_array_elements(v_steps) as each (item))
			< jsonb_array_length(v_steps) then
		return jsonb_build_object('status', 'invalid');
	end if;
	v_written := private.write_placements(summit, v_steps);
	if v_written ->> 'status' <> 'ok' then return v_written; end if;
	perform private.keep_placement_step(summit, v_steps);
	return v_written || jsonb_build_object('placed', (
		select jsonb_agg(private.read_placement(summit, (item ->> 'slot')::uuid))
		from jsonb_array_elements(v_steps) as each (item)
	));
end
$$;
grant execute on function public.change_placements(uuid, jsonb) to authenticated;

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
create function public.undo_or_redo_placement(summit uuid, forward boolean) returns jsonb
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
grant execute on function public.undo_or_redo_placement(uuid, boolean) to authenticated;
