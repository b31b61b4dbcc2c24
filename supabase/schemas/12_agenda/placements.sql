-- The placements of the draft: reading, comparing and writing them. Rule 4: a room is never double-booked. What
-- organisers do with them is in placement_changes.sql.

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

-- Gives a slot these rooms, by their slugs, and no others. A room that stays keeps its row.
create function private.set_slot_rooms(p_slot uuid, p_rooms jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_slot public.slots;
	v_rooms uuid[];
begin
	select * into v_slot from public.slots where id = p_slot;
	v_rooms := array(select r.id
		from public.rooms as r
		where r.summit_id = v_slot.summit_id and r.slug in (select jsonb_array_elements_text(p_rooms)));
	delete from public.slot_rooms where slot_id = p_slot and room_id <> all (v_rooms);
	-- In one order for everybody, because each row takes the lock of its room (`serialise_room_bookings`).
	insert into public.slot_rooms (slot_id, room_id, summit_id, during)
	select p_slot, room, v_slot.summit_id, v_slot.during from unnest(v_rooms) as room order by room
	on conflict (slot_id, room_id) do nothing;
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
	perform private.set_slot_rooms(p_slot, p_to -> 'rooms');
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
