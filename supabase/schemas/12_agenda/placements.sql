-- Placing sessions in the draft: each change saves itself, is refused when somebody else has changed the same placement
-- meanwhile, and can be undone. Rule 4: a room is never double-booked.

-- Serialises bookings of one room: two organisers who book it at once would otherwise wait for each other on the
-- exclusion constraint until Postgres ends one of them as a deadlock.
create function private.serialise_room_bookings() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(new.room_id::text, 4));
	return new;
end
$$;

create trigger serialise_room_bookings
	before insert or update on public.slot_rooms for each row
	execute function private.serialise_room_bookings();

-- The placement of a slot, {slot, session, block_reason, start, end, rooms: [slug]}; null when the slot does not exist.
create function private.read_placement(p_summit uuid, p_slot uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slot', slots.id,
		'session', slots.session_id,
		'block_reason', slots.block_reason,
		'start', private.iso(lower(slots.during)),
		'end', private.iso(upper(slots.during)),
		'rooms', (
			select coalesce(jsonb_agg(rooms.slug order by rooms.slug), '[]')
			from public.slot_rooms
			join public.rooms on rooms.id = slot_rooms.room_id
			where slot_rooms.slot_id = slots.id
		)
	)
	from public.slots
	where slots.id = p_slot
		and slots.summit_id = p_summit
$$;

-- Whether two placements have the same time and rooms, or both do not exist.
create function private.same_placement(p_one jsonb, p_other jsonb) returns boolean
language sql stable set search_path = '' as $$
	select case
		when jsonb_typeof(p_one) = 'object' and jsonb_typeof(p_other) = 'object' then
			(p_one ->> 'start')::timestamptz = (p_other ->> 'start')::timestamptz
			and (p_one ->> 'end')::timestamptz = (p_other ->> 'end')::timestamptz
			and (p_one -> 'rooms') @> (p_other -> 'rooms')
			and (p_other -> 'rooms') @> (p_one -> 'rooms')
		else jsonb_typeof(p_one) is distinct from 'object' and jsonb_typeof(p_other) is distinct from 'object'
	end
$$;

-- Writes one placement; null deletes the slot. Raises check_violation for an unknown room or none, exclusion_violation
-- for a taken one.
create function private.set_placement(p_summit uuid, p_slot uuid, p_to jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_during tstzrange;
begin
	if jsonb_typeof(p_to) is distinct from 'object' then
		delete from public.slots where id = p_slot and summit_id = p_summit;
		return;
	end if;
	v_during := tstzrange((p_to ->> 'start')::timestamptz, (p_to ->> 'end')::timestamptz);
	insert into public.slots (id, session_id, summit_id, block_reason, during)
	values (p_slot, (p_to ->> 'session')::uuid, p_summit, p_to ->> 'block_reason', v_during)
	on conflict (id) do update set during = excluded.during, block_reason = excluded.block_reason
	where slots.summit_id = p_summit;
	delete from public.slot_rooms where slot_id = p_slot;
	-- In one order for everybody, because each row takes the lock of its room (`serialise_room_bookings`).
	insert into public.slot_rooms (slot_id, room_id, summit_id, during)
	select p_slot, rooms.id, p_summit, v_during
	from public.rooms
	where rooms.summit_id = p_summit
		and rooms.slug in (select jsonb_array_elements_text(p_to -> 'rooms'))
	order by rooms.id;
	if (select count(*) from public.slot_rooms where slot_id = p_slot)
			is distinct from jsonb_array_length(p_to -> 'rooms')
		or p_to -> 'rooms' = '[]' then
		raise check_violation using message = 'no such room';
	end if;
end
$$;

-- What occupies the rooms that a list of changes wants: [{title, block_reason, start, end, rooms}]; the title is null
-- where the reader does not see the session.
create function private.find_room_conflicts(p_summit uuid, p_changes jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			distinct jsonb_build_object(
				'title', case when private.can_see(private.me(), s.id) then s.title end,
				'block_reason', slots.block_reason,
				'start', private.iso(lower(slots.during)),
				'end', private.iso(upper(slots.during)),
				'rooms', jsonb_build_array(rooms.slug)
			)
		),
		'[]'
	)
	from jsonb_array_elements(p_changes) as change (item)
	join public.slot_rooms
		on slot_rooms.summit_id = p_summit
		and slot_rooms.during
			&& tstzrange((change.item #>> '{to,start}')::timestamptz, (change.item #>> '{to,end}')::timestamptz)
	join public.rooms on rooms.id = slot_rooms.room_id and change.item #> '{to,rooms}' ? rooms.slug
	join public.slots on slots.id = slot_rooms.slot_id
	left join public.sessions as s on s.id = slots.session_id
	where jsonb_typeof(change.item -> 'to') = 'object'
		and slots.id not in (select (own.item ->> 'slot')::uuid from jsonb_array_elements(p_changes) as own (item))
$$;

-- Writes changes [{slot, from, to}], all or none, swaps included: {status: ok | room_taken | invalid, by}. The caller
-- holds the lock of the draft.
create function private.write_placements(p_summit uuid, p_changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_change jsonb;
begin
	begin
		set constraints public.room_free deferred;
		for v_change in select item from jsonb_array_elements(p_changes) as each (item) loop
			perform private.set_placement(p_summit, (v_change ->> 'slot')::uuid, v_change -> 'to');
		end loop;
		set constraints public.room_free immediate;
	exception
		when exclusion_violation then
			return jsonb_build_object('status', 'room_taken', 'by', private.find_room_conflicts(p_summit, p_changes));
		when check_violation or not_null_violation or foreign_key_violation or data_exception then
			return jsonb_build_object('status', 'invalid');
	end;
	-- An organiser who has the form of such a session open gets a conflict when they save it.
	update public.sessions
	set version = version + 1,
		updated_at = now()
	where id in (
		select (item #>> array[side, 'session'])::uuid
		from jsonb_array_elements(p_changes) as each (item), unnest(array['from', 'to']) as side
	);
	perform private.publish_event('organise:' || p_summit, 'session');
	return jsonb_build_object('status', 'ok');
end
$$;

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

-- Places, moves, swaps and unschedules up to 20 slots in one transaction. Each of `changes`: {slot | null, session,
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
	if jsonb_typeof(changes) is distinct from 'array' or jsonb_array_length(changes) not between 1 and 20 then
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
	-- A new change ends what could be redone, and 50 can be undone.
	delete from private.placement_steps as s
	where s.summit_id = change_placements.summit
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
	insert into private.placement_steps (summit_id, person_id, changes) values (summit, private.me(), v_steps);
	return v_written || jsonb_build_object('placed', (
		select jsonb_agg(private.read_placement(summit, (item ->> 'slot')::uuid))
		from jsonb_array_elements(v_steps) as each (item)
	));
end
$$;
grant execute on function public.change_placements(uuid, jsonb) to authenticated;

-- Undoes the reader's own last change, or (`forward`) redoes it, as the inverse change through the same checks. When
-- somebody has changed the same placements since, they stay as they are and the step is deleted. Answers {status: ok |
-- nothing | not_allowed | unknown | changed_meanwhile | room_taken | invalid, now, by}. Locks the draft.
create function public.undo_or_redo_placement(summit uuid, forward boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step private.placement_steps;
	v_change jsonb;
	v_now jsonb;
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
		jsonb_build_object(
			'slot', item -> 'slot',
			'from', case when forward then item -> 'from' else item -> 'to' end,
			'to', case when forward then item -> 'to' else item -> 'from' end
		)
	) into v_changes
	from jsonb_array_elements(v_step.changes) as each (item);
	for v_change in select item from jsonb_array_elements(v_changes) as each (item) loop
		v_now := private.read_placement(summit, (v_change ->> 'slot')::uuid);
		if exists (
			select
			from unnest(array['from', 'to']) as side
			where v_change #>> array[side, 'session'] is not null
				and (
					not private.may_edit_session((v_change #>> array[side, 'session'])::uuid)
					or exists (
						select
						from public.sessions
						where id = (v_change #>> array[side, 'session'])::uuid and state = 'cancelled'
					)
				)
		) then
			delete from private.placement_steps where id = v_step.id;
			return jsonb_build_object('status', 'unknown');
		elsif not private.same_placement(v_now, v_change -> 'from') then
			delete from private.placement_steps where id = v_step.id;
			return jsonb_build_object('status', 'changed_meanwhile', 'now', v_now);
		end if;
	end loop;
	v_written := private.write_placements(summit, v_changes);
	if v_written ->> 'status' = 'ok' then
		update private.placement_steps set is_undone = not forward where id = v_step.id;
	end if;
	return v_written;
end
$$;
grant execute on function public.undo_or_redo_placement(uuid, boolean) to authenticated;
