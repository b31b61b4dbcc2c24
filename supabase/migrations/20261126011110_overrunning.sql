-- A session that goes on for longer than planned is on still, behind the doors of its rooms: who may not be in it does not come in because its time
-- is over, and where it names nobody, who comes then is named no more than who came before. An hour is the most: a run that was forgotten shuts no room.

-- The session that goes on in a room after its time, and when that was over. Where the next has begun by the agenda, only one that names nobody does.
create function private.overrunning_at(p_checkpoint public.checkpoints, p_at timestamptz) returns table (session_id uuid, ended timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query select runs.session_id, upper(sl.during) from public.release_slots as sl join public.runs on runs.session_id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id) and sl.room_id = p_checkpoint.room_id and not sl.is_cancelled
		and upper(sl.during) <= p_at and upper(sl.during) > p_at - interval '1 hour'
		and runs.started_at <= p_at and coalesce(runs.ended_at, 'infinity') > p_at
		and (private.level_in_force(runs.session_id) not in ('public', 'members') or not exists (select from public.release_slots as other
			where other.release_id = sl.release_id and other.room_id = sl.room_id and not other.is_cancelled and other.during @> p_at))
	order by upper(sl.during) desc limit 1;
end
$$;

-- As before: the session that is on behind a checkpoint, or begins within half an hour, and how long it lasts.
create or replace function private.session_at_door(p_checkpoint public.checkpoints, p_at timestamptz, out session uuid, out until timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_checkpoint.kind not in ('room', 'session') then return; end if;
	if p_checkpoint.room_id is not null then
		select o.session_id, p_at + interval '1 hour' into session, until from private.overrunning_at(p_checkpoint, p_at) as o;
		if session is not null then return; end if;
	end if;
	select sl.session_id, upper(sl.during) into session, until from public.release_slots as sl join public.sessions as s on s.id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id) and not sl.is_cancelled and s.state <> 'cancelled' and not s.is_break
		and (sl.room_id = p_checkpoint.room_id or sl.session_id = p_checkpoint.session_id)
		and sl.during && tstzrange(p_at, p_at + interval '30 minutes')
	order by lower(sl.during) limit 1;
	if session is null and p_checkpoint.session_id is not null then
		session := p_checkpoint.session_id;
		until := coalesce((select min(upper(sl.during)) from public.release_slots as sl where sl.release_id = private.newest_release(p_checkpoint.summit_id)
			and sl.session_id = p_checkpoint.session_id and not sl.is_cancelled and upper(sl.during) > p_at), p_at + interval '1 hour');
	end if;
end
$$;

-- As before.
create or replace function private.door_pack(p_person uuid, p_summit uuid, p_key_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_device private.door_devices;
	v_c public.checkpoints;
	v_day date := private.door_day(p_summit);
	v_cursor bigint := (select coalesce(max(s.seq), 0) from private.door_scans as s where s.summit_id = p_summit);
begin
	select * into v_device from private.door_devices as d where d.key_hash = p_key_hash and d.summit_id = p_summit;
	v_status := private.device_status(p_person, v_device);
	if v_status <> 'ok' then return jsonb_build_object('status', v_status); end if;
	select * into v_c from public.checkpoints as c where c.id = v_device.checkpoint_id;
	return (with held as (
		select b.id, b.letters, r.person_id, r.languages, row_number() over (order by b.id) - 1 as at, private.door_standing(v_c, b, r, now()) as standing,
			case when private.no_photographs(r.person_id, r.id) then 1 else 0 end + case when r.is_minor then 2 else 0 end
				+ case when exists (select from public.registration_details as d where d.registration_id = r.id and btrim(d.access_needs) <> '') then 4 else 0 end as flags
		from public.badges as b join public.registrations as r on r.id = b.registration_id where b.summit_id = p_summit
	), planned as (
		select sl.session_id, sl.during from public.release_slots as sl where sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled
			and sl.room_id = v_c.room_id and upper(sl.during) > now() and lower(sl.during) < v_device.expires_at
		union all
		-- One that goes on for longer than planned: nobody knows without a network when it ends, but that the next begins.
		select o.session_id, tstzrange(o.ended - interval '1 minute', coalesce((select min(lower(sl.during)) from public.release_slots as sl
			where sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled and sl.room_id = v_c.room_id and lower(sl.during) > now()), o.ended + interval '1 hour'))
		from private.overrunning_at(v_c, now()) as o
		union all
		-- The door of one session is that at any time.
		select v_c.session_id, tstzrange(now() - interval '1 day', v_device.expires_at) where v_c.session_id is not null
	), slots as (
		select s.id as session_id, planned.during, s.spoken, s.interpreted, private.audience_in_force(s.id) = 'listed' or private.level_in_force(s.id) = 'closed'
			or exists (select from private.session_places as p where p.session_id = s.id and p.places_for <> 'none') as is_listed
		from planned join public.sessions as s on s.id = planned.session_id where v_c.session_id is not null or s.state <> 'cancelled' and not s.is_break
	)
	select jsonb_build_object('status', 'ok', 'checkpoint', private.checkpoint_json(v_c), 'expires', private.iso(v_device.expires_at), 'day', v_day, 'cursor', v_cursor,
		'sessions', (select coalesce(jsonb_agg(jsonb_build_object('from', private.iso(lower(slots.during)), 'to', private.iso(upper(slots.during)),
				'only', case when is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held where standing = 'ok' and private.session_standing(person_id, session_id) = 'ok') end,
				'except', case when not is_listed then (select coalesce(jsonb_agg(at order by at), '[]') from held where private.is_kept_out(person_id, session_id)) end,
				'sets', (select coalesce(jsonb_agg(at order by at), '[]') from held
					where standing = 'ok' and languages <> '{}' and not languages && spoken and languages && interpreted
						and (not is_listed or private.session_standing(person_id, session_id) = 'ok')),
				'elsewhere', case when private.capacity_of(v_c) is not null then private.planned_elsewhere(v_c, session_id, slots.during) end) order by slots.during), '[]') from slots),
		'rows', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, id::text), private.door_hash(p_summit, letters), standing, flags) order by at), '[]') from held),
		'inside', (select coalesce(jsonb_object_agg(held.at, floor(extract(epoch from d.entered_at))), '{}') from private.door_periods as d join held on held.person_id = d.person_id
			where d.summit_id = p_summit and d.place = v_c.place and d.day = v_day and d.left_at is null and held.standing <> 'revoked')));
end
$$;
