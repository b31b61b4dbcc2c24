-- Who came for one session and stayed in the room for the next, which names nobody, is recorded until that one begins, and in a session until its run
-- ends: neither presence nor the audit says that they stayed. Who is inside, in case of fire, is known as long as they are.

-- When a session that names nobody began in the room where somebody was; null: none did.
create function private.unnamed_from(p_period private.door_periods) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_period.place = 'building' then return null; end if;
	return (select min(lower(sl.during)) from public.checkpoints as c join public.release_slots as sl
		on sl.release_id = private.newest_release(p_period.summit_id) and not sl.is_cancelled and (sl.room_id = c.room_id or sl.session_id = c.session_id)
		where c.id = p_period.checkpoint_id and c.kind in ('room', 'session') and lower(sl.during) >= p_period.entered_at
			and lower(sl.during) < least(coalesce(p_period.left_at, now()), now()) and private.level_in_force(sl.session_id) not in ('public', 'members'));
end
$$;

-- As before.
create or replace function private.write_door_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_begins timestamptz := private.door_day_begins(p_summit, p_day);
	v_ends timestamptz := private.door_day_begins(p_summit, p_day + 1);
begin
	delete from public.presence as p
	where p.person_id = p_person and p.summit_id = p_summit and p.kind = 'door' and p.entered_at >= v_begins and p.entered_at < v_ends;
	insert into public.presence (summit_id, person_id, kind, checkpoint, entered_at, left_at, source)
	select p_summit, p_person, 'door', private.title_of(d.checkpoint_id), d.entered_at, least(d.left_at, private.unnamed_from(d)), 'badge'
	from private.door_periods as d where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null;
	if not exists (select from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null and c.kind in ('room', 'session')) then
		return;
	end if;
	with held as (
		select d.summit_id, d.person_id, d.checkpoint_id, d.entered_at, case when v_ends > now() then d.left_at else coalesce(d.left_at, v_ends) end as left_at, sl.session_id, sl.during
		from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
			and sl.during && tstzrange(d.entered_at, coalesce(d.left_at, greatest(v_ends, d.entered_at)))
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null and lower(sl.during) < now()
			and private.level_in_force(sl.session_id) in ('public', 'members')
	), attended as (
		select held.*, runs.id as run_id, runs.ended_at from held
		left join public.runs on runs.session_id = held.session_id and runs.started_at is not null and not private.is_nameless(runs.id)
			and tstzrange(runs.started_at, coalesce(runs.ended_at, 'infinity')) && held.during
	)
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
	select summit_id, person_id, session_id, run_id, 'door', private.title_of(checkpoint_id),
		case when run_id is null then greatest(entered_at, lower(during)) else entered_at end,
		case when run_id is null then least(coalesce(left_at, upper(during)), upper(during)) else greatest(entered_at, least(left_at, ended_at)) end, 'badge'
	from attended where run_id is not null or upper(during) <= now() or left_at is not null;
end
$$;

-- Whoever leaves is out, and in no count of a fire: also who is stopped on the way out, whom the door calls somebody for.
create or replace function private.admit(p_checkpoint public.checkpoints, p_badge uuid, p_scan jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge public.badges;
	v_registration public.registrations;
	v_at timestamptz := now();
	v_day date := private.door_day(p_checkpoint.summit_id);
	v_out boolean := coalesce(p_scan ->> 'direction', 'in') = 'out';
	v_session uuid;
	v_until timestamptz;
	v_since timestamptz;
	v_where jsonb;
	v_answer text;
	v_capacity integer := private.capacity_of(p_checkpoint);
	v_forget timestamptz;
	v_named boolean;
	v_scan uuid := coalesce((p_scan ->> 'id')::uuid, gen_random_uuid());
begin
	select * into v_badge from public.badges where id = p_badge;
	select * into v_registration from public.registrations where id = v_badge.registration_id;
	perform private.lock_at_door(v_badge.summit_id, v_registration.person_id);
	select session, until into v_session, v_until from private.session_at_door(p_checkpoint, v_at);
	v_answer := private.door_standing(p_checkpoint, v_badge, v_registration, v_at);
	if v_answer = 'ok' and v_session is not null and not v_out then v_answer := private.session_standing(v_registration.person_id, v_session); end if;
	-- Nobody is kept in.
	if v_out and v_answer <> 'stop' then
		v_answer := 'left';
	elsif v_answer = 'ok' and (p_checkpoint.opens_at > v_at or p_checkpoint.closes_at <= v_at) then
		v_answer := 'not_open';
	elsif v_answer = 'ok' then
		select d.entered_at, coalesce(c.name, r.name) into v_since, v_where from private.door_periods as d
		join public.checkpoints as c on c.id = d.checkpoint_id left join public.rooms as r on r.id = c.room_id
		where d.person_id = v_registration.person_id and d.summit_id = v_badge.summit_id and d.day = v_day and d.place = p_checkpoint.place and d.left_at is null;
		if found then
			v_answer := 'already_in';
		elsif v_capacity is not null then
			-- The last place goes to one of two doors.
			perform pg_advisory_xact_lock(hashtextextended('place ' || p_checkpoint.summit_id || p_checkpoint.place, 0));
			v_answer := case when private.count_inside(p_checkpoint.summit_id, p_checkpoint.place, v_day) >= v_capacity then 'full' else 'welcome' end;
		else
			v_answer := 'welcome';
		end if;
	end if;
	-- Once the session is over nobody knows who was in it.
	v_forget := case when private.level_in_force(v_session) not in ('public', 'members') then v_until end;
	-- Nor who stayed for it from the one before, and now goes.
	v_named := v_forget is null and not (v_out and exists (select from private.door_periods as d where d.person_id = v_registration.person_id and d.summit_id = v_badge.summit_id
		and d.day = v_day and d.left_at is null and p_checkpoint.place in (d.place, 'building') and private.unnamed_from(d) is not null));
	insert into private.door_scans (id, summit_id, checkpoint_id, place, device_id, badge_id, person_id, direction, scanned_at, device_at, offset_ms, answer, counts, day, made_by, forget_at)
	values (v_scan, p_checkpoint.summit_id, p_checkpoint.id, p_checkpoint.place, (p_scan ->> 'device')::uuid, v_badge.id, v_registration.person_id,
		case when v_out then 'out' else 'in' end, v_at, (p_scan ->> 'device_at')::timestamptz, coalesce((p_scan ->> 'offset')::bigint, 0), v_answer,
		v_answer = 'welcome' or v_out, v_day, private.actor(), v_forget);
	if v_answer = 'welcome' or v_out then perform private.derive_presence(p_checkpoint.summit_id, v_registration.person_id, v_day); end if;
	perform audit.note('door', case when v_named then v_badge.id::text else '' end, v_badge.summit_id, case when v_named then v_registration.person_id end,
		jsonb_build_object('answer', v_answer, 'checkpoint', p_checkpoint.id));
	return jsonb_build_object('answer', v_answer, 'scan', v_scan, 'badge', v_badge.id,
		'since', private.iso(v_since), 'where', v_where,
		'elsewhere', case when v_answer = 'full' then private.elsewhere(p_checkpoint, v_session) end,
		-- An old badge may have another name printed on it than its holder bears now.
		'display_name', case when v_answer <> 'revoked' then (select display_name from public.people where id = v_registration.person_id) end,
		-- Signs for those who are let in.
		'flags', case when v_answer in ('welcome', 'already_in') then private.door_flags(v_registration.person_id, v_registration.id, v_session) else '[]'::jsonb end);
end
$$;
