-- Where there is room when it is full, also before it begins: another room of the session that is not full itself, or its stream.
create or replace function private.elsewhere(p_checkpoint public.checkpoints, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_build_object('room', r.name) from public.release_slots as sl join public.rooms as r on r.id = sl.room_id
			left join public.checkpoints as c on c.room_id = r.id and c.kind = 'room' and c.name is null
			where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.session_id = p_session and not sl.is_cancelled
				and sl.during && tstzrange(now(), now() + interval '30 minutes')
				and r.id is distinct from p_checkpoint.room_id and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
				and coalesce(private.count_inside(p_checkpoint.summit_id, r.id::text, private.door_day(p_checkpoint.summit_id)) < coalesce(c.capacity, r.capacity), true)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true) from public.sessions as s where s.id = p_session and s.attendance <> 'hall'), '{}')
$$;

-- Everybody in, by whichever door: also who was read at a room alone.
create function private.people_inside(p_summit uuid, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct d.person_id)::integer from private.door_periods as d where d.summit_id = p_summit and d.day = p_day and d.left_at is null
$$;

create or replace function private.day_at_doors(p_summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_day date := private.door_day(p_summit);
begin
	return jsonb_build_object('day', v_day,
		'came', (select count(distinct d.person_id) from private.door_periods as d where d.summit_id = p_summit and d.day = v_day),
		'building', private.people_inside(p_summit, v_day),
		'arrivals', (select coalesce(jsonb_agg(jsonb_build_object('at', private.iso(q.at), 'people', q.people) order by q.at), '[]') from (
			select date_bin('15 minutes', first.at, '2000-01-01') as at, count(*) as people
			from (select min(d.entered_at) as at from private.door_periods as d where d.summit_id = p_summit and d.day = v_day group by d.person_id) as first
			group by 1) as q),
		-- A queue is not seen; what shows it is how many come through, and who waits in the devices.
		'doors', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', coalesce(c.name, r.name), 'kind', c.kind,
				'now', (select count(*) from private.door_scans as s where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes'),
				'refused', (select count(*) from private.door_scans as s where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes' and not s.counts),
				'inside', private.count_inside(p_summit, c.place, v_day), 'capacity', private.capacity_of(c),
				'devices', dev.open, 'silent', dev.silent, 'queued', dev.queued) order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c left join public.rooms as r on r.id = c.room_id
			cross join lateral (select count(*) as open, count(*) filter (where t.heard_at is null or t.heard_at < now() - interval '2 minutes') as silent, coalesce(sum(t.queued), 0) as queued
				from private.door_devices as d left join private.door_device_states as t on t.device_id = d.id
				where d.checkpoint_id = c.id and d.shut_out_at is null and d.expires_at > now()) as dev
			where c.summit_id = p_summit and c.ended_at is null),
		'conflicts', (select count(*) from private.door_conflicts as c where c.summit_id = p_summit and c.resolved_at is null),
		'mail', (select count(*) from private.outbox as o where o.summit_id = p_summit and o.state = 'dead' and o.created_at > now() - interval '1 day'
			and o.last_error is distinct from 'withdrawn' and not private.is_unlisted_mail(o.template)), 'mark', private.soon_mark(p_summit, v_day));
end
$$;
