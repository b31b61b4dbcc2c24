-- The offline snapshot, with which a device answers without a network.

-- Half a hash of a badge id or code, so that a device that is lost contains no list of badges.
create function private.door_hash(p_summit uuid, p_text text) returns text
language sql immutable set search_path = '' as $$
	select substr(encode(sha256(convert_to(p_text || p_summit, 'UTF8')), 'hex'), 1, 16)
$$;

-- The sessions behind a checkpoint until a moment. `is_listed`: only people on a list may enter, so that the snapshot
-- says who may; otherwise it says who may not.
create function private.snapshot_sessions(p_checkpoint public.checkpoints, p_until timestamptz)
	returns table (session_id uuid, during tstzrange, spoken text[], interpreted text[], is_listed boolean)
language sql stable security definer set search_path = '' as $$
	with planned as (
		select sl.session_id, sl.during
		from public.release_slots as sl
		where sl.release_id = private.newest_release(p_checkpoint.summit_id)
			and not sl.is_cancelled and sl.room_id = p_checkpoint.room_id and upper(sl.during) > now()
			and lower(sl.during) < p_until
		union all
		-- A session that overruns: offline, a device cannot know when it ends, only when the next one begins.
		select o.session_id,
			tstzrange(o.ended - interval '1 minute',
				coalesce(
					(select min(lower(sl.during))
						from public.release_slots as sl
						where sl.release_id = private.newest_release(p_checkpoint.summit_id)
							and not sl.is_cancelled and sl.room_id = p_checkpoint.room_id and lower(sl.during) > now()),
					o.ended + interval '1 hour'))
		from private.overrunning_session_at(p_checkpoint, now()) as o
		union all
		-- A checkpoint of one session serves that session at any time.
		select p_checkpoint.session_id, tstzrange(now() - interval '1 day', p_until)
		where p_checkpoint.session_id is not null
	)
	select s.id as session_id, planned.during, s.spoken, s.interpreted,
		private.audience_in_force(s.id) = 'listed' or private.level_in_force(s.id) = 'closed'
			or exists (select from private.session_places as p
				where p.session_id = s.id and p.enforced_at_entry <> 'none') as is_listed
	from planned
	join public.sessions as s on s.id = planned.session_id
	where p_checkpoint.session_id is not null or not s.is_break
$$;

-- The snapshot of a device's checkpoint for the rest of the day: {status, checkpoint, expires, day, cursor, sessions:
-- [{from, to, only, except, sets, elsewhere}], rows: [[badge, code, answer, flags]], inside: {row: since when, in Unix
-- time}}. It has no names and no languages. `only`, `except` and `sets` (who needs an interpretation receiver) are
-- numbers of rows; `flags` are bits: no_photographs 1, escort 2, access need 4.
create function private.door_snapshot(p_person uuid, p_summit uuid, p_key_hash bytea) returns jsonb
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
			select b.id, b.badge_code, r.person_id, r.languages, row_number() over (order by b.id) - 1 as at,
				private.check_door_entry(v_c, b, r, now()) as entry_status,
				case when private.forbids_photographs(r.person_id, r.id) then 1 else 0 end
					+ case when r.is_minor then 2 else 0 end
					+ case
						when exists (select from public.registration_needs as d
							where d.registration_id = r.id and btrim(d.access_needs) <> '')
							then 4
						else 0 end as flags
			from public.badges as b
			join public.registrations as r on r.id = b.registration_id
			where b.summit_id = p_summit
		)
		select jsonb_build_object('status', 'ok', 'checkpoint', private.checkpoint_json(v_c),
			'expires', private.iso(v_device.expires_at), 'day', v_day, 'cursor', v_cursor,
			'sessions', (select coalesce(jsonb_agg(jsonb_build_object('from', private.iso(lower(slots.during)),
					'to', private.iso(upper(slots.during)),
					'only', case when is_listed then
						(select coalesce(jsonb_agg(at order by at), '[]')
							from held
							where entry_status = 'ok'
								and private.check_session_entry(person_id, session_id) = 'ok') end,
					'except', case when not is_listed then
						(select coalesce(jsonb_agg(at order by at), '[]')
							from held
							where private.has_entry_bar(person_id, session_id)) end,
					'sets', (select coalesce(jsonb_agg(at order by at), '[]')
						from held
						where entry_status = 'ok' and languages <> '{}' and not languages && spoken
							and languages && interpreted
							and (not is_listed or private.check_session_entry(person_id, session_id) = 'ok')),
					'elsewhere', case when private.checkpoint_capacity(v_c) is not null then
						private.find_planned_alternative(v_c, session_id, slots.during) end)
					order by slots.during), '[]')
				from private.snapshot_sessions(v_c, v_device.expires_at) as slots),
			'rows', (select coalesce(jsonb_agg(jsonb_build_array(private.door_hash(p_summit, id::text),
					private.door_hash(p_summit, badge_code), entry_status, flags)
					order by at), '[]')
				from held),
			'inside', (select coalesce(jsonb_object_agg(held.at, floor(extract(epoch from d.entered_at))), '{}')
				from private.door_periods as d
				join held on held.person_id = d.person_id
				where d.summit_id = p_summit and d.place = v_c.place and d.day = v_day and d.left_at is null
					and held.entry_status <> 'revoked')));
end
$$;
grant execute on function private.door_snapshot(uuid, uuid, bytea) to app_server;
