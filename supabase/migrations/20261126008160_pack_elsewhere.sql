-- Where there is room when it is full, on what a device takes with it: by the agenda, for without a network nobody knows how full the other room is.
create function private.planned_elsewhere(p_checkpoint public.checkpoints, p_session uuid, p_during tstzrange) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_build_object('room', r.name) from public.release_slots as sl join public.rooms as r on r.id = sl.room_id
			where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.session_id = p_session and not sl.is_cancelled and sl.during && p_during
				and r.id is distinct from p_checkpoint.room_id and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true) from public.sessions as s where s.id = p_session and s.attendance <> 'hall'))
$$;
