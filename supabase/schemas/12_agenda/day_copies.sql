-- Copying a day of the draft to another one.

-- Copies a session of the draft without its people and times, as an idea. Answers its id.
create function private.copy_session(p_session uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_copy public.sessions;
	v_new public.sessions;
begin
	select * into v_copy from public.sessions where id = p_session;
	v_new := private.new_session(v_copy.summit_id);
	v_copy.id := v_new.id;
	v_copy.code := v_new.code;
	v_copy.state := 'draft';
	perform private.store_session(v_copy);
	return v_copy.id;
end
$$;

-- Copies the breaks and blocked rooms of a day to another day at the same hours of the venue; with `sessions` every
-- other session too, as an idea of its own without its people. What finds its rooms taken is left out and counted. One
-- undo takes all of it back. Answers {status: ok | nothing | not_allowed | invalid, copied, skipped}. Locks the draft.
create function public.copy_agenda_day(summit uuid, from_day date, to_day date, sessions boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_zone text := (select u.zone from public.summits as u where u.id = summit);
	v_slot record;
	v_steps jsonb := '[]';
	v_skipped integer := 0;
	v_written jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if from_day is null or to_day is null or from_day = to_day or abs(to_day - from_day) > 60 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.lock_draft(summit);
	for v_slot in
		select
			slots.id,
			slots.session_id,
			slots.block_reason,
			coalesce(s.is_break, false) as is_break,
			tstzrange(
				((lower(slots.during) at time zone v_zone) + (to_day - from_day) * interval '1 day') at time zone v_zone,
				((upper(slots.during) at time zone v_zone) + (to_day - from_day) * interval '1 day') at time zone v_zone
			) as during
		from public.slots
		left join public.sessions as s on s.id = slots.session_id
		where slots.summit_id = copy_agenda_day.summit
			and (lower(slots.during) at time zone v_zone)::date = from_day
			and (
				slots.session_id is null
				or s.state <> 'cancelled'
					and (s.is_break or copy_agenda_day.sessions)
					and private.may_edit_session(s.id)
			)
		order by slots.during, slots.id
		limit 300
	loop
		if exists (
			select
			from public.slot_rooms as mine
			join public.slot_rooms as taken on taken.room_id = mine.room_id and taken.during && v_slot.during
			where mine.slot_id = v_slot.id
		) then
			v_skipped := v_skipped + 1;
			continue;
		end if;
		v_steps := v_steps || jsonb_build_array(jsonb_build_object(
			'slot', gen_random_uuid(),
			'from', null,
			'to', private.read_placement(summit, v_slot.id) || jsonb_build_object(
				'session', case
					when v_slot.session_id is null or v_slot.is_break then v_slot.session_id
					else private.copy_session(v_slot.session_id)
				end,
				'start', private.iso(lower(v_slot.during)),
				'end', private.iso(upper(v_slot.during))
			)
		));
	end loop;
	if v_steps = '[]' then
		return jsonb_build_object('status', 'nothing', 'skipped', v_skipped);
	end if;
	v_written := private.write_placements(summit, v_steps);
	-- Only two times of this day in one room could still be in each other's way, which a change of clocks may cause.
	if v_written ->> 'status' <> 'ok' then
		raise exclusion_violation using message = 'the copied day is in its own way';
	end if;
	perform private.keep_placement_step(summit, v_steps);
	return jsonb_build_object('status', 'ok', 'copied', jsonb_array_length(v_steps), 'skipped', v_skipped);
exception when exclusion_violation then return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.copy_agenda_day(uuid, date, date, boolean) to authenticated;
