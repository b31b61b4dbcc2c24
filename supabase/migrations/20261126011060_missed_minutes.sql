-- Minutes in a room are written when its session ends, or when the minute's round runs again: none is missed because nobody looked then.

-- As before.
create or replace function private.sweep_door() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_done integer := 0;
begin
	delete from private.door_periods as d where d.forget_at <= now() and (d.left_at is not null or d.forget_at <= now() - interval '30 minutes');
	update private.door_scans as s set person_id = null, badge_id = null where s.forget_at <= now() - interval '30 minutes' and s.person_id is not null;
	delete from private.door_device_states as t using private.door_devices as d where d.id = t.device_id and d.expires_at < now() - interval '7 days';
	for v_each in select distinct d.summit_id, d.person_id, d.day from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(d.summit_id) and not sl.is_cancelled and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where d.forget_at is null and d.left_at is null and d.day >= current_date - 2
			and sl.during && tstzrange(d.entered_at, greatest(private.door_day_begins(d.summit_id, d.day + 1), d.entered_at))
			and (lower(sl.during) between now() - interval '3 minutes' and now() or upper(sl.during) <= now()
				-- Whoever looks after each minute may have stood still: what is not written yet is, however late.
				and not exists (select from public.presence as p where p.person_id = d.person_id and p.session_id = sl.session_id and p.kind = 'door'
					and p.entered_at < upper(sl.during) and coalesce(p.left_at, 'infinity') > d.entered_at)
				and private.level_in_force(sl.session_id) in ('public', 'members')) order by 1, 2, 3
	loop
		perform private.lock_at_door(v_each.summit_id, v_each.person_id);
		perform private.write_door_presence(v_each.summit_id, v_each.person_id, v_each.day);
		v_done := v_done + 1;
	end loop;
	return v_done;
end
$$;
