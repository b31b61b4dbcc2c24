-- The venue's day at the door ends at four in the morning: who is inside at midnight is inside still, and a late scan ends what the evening
-- began. What nobody scanned out of ends with its day.

create or replace function private.door_day(p_summit uuid, p_at timestamptz default now()) returns date
language sql stable security definer set search_path = '' as $$
	select ((p_at at time zone s.zone) - interval '4 hours')::date from public.summits as s where s.id = p_summit
$$;

create function private.door_day_begins(p_summit uuid, p_day date) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select (p_day::timestamp + interval '4 hours') at time zone s.zone from public.summits as s where s.id = p_summit
$$;

-- As before; the night after the last day belongs to it.
create or replace function private.door_standing(p_checkpoint public.checkpoints, p_badge public.badges, p_registration public.registrations, p_at timestamptz) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits where id = p_badge.summit_id;
	return case
		when exists (select from private.entry_bars where person_id = p_registration.person_id and summit_id = v_summit.id and session_id is null) then 'stop'
		when p_badge.revoked_at <= p_at then 'revoked'
		when p_registration.state <> 'confirmed' then 'not_confirmed'
		when p_registration.mode <> 'in_person' then 'wrong_mode'
		when (p_at at time zone v_summit.zone)::date < v_summit.starts_on or private.door_day(v_summit.id, p_at) > v_summit.ends_on then 'other_day'
		when private.is_paused(p_registration.id) then 'in_review'
		when p_checkpoint.categories <> '{}' and p_registration.category <> all (p_checkpoint.categories) then 'not_here'
		else 'ok' end;
end
$$;

-- As before, within the day: a session of tomorrow is attended by nobody who forgot to scan out today.
create or replace function private.write_door_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_begins timestamptz := private.door_day_begins(p_summit, p_day);
	v_ends timestamptz := private.door_day_begins(p_summit, p_day + 1);
begin
	delete from public.presence as p
	where p.person_id = p_person and p.summit_id = p_summit and p.kind = 'door' and p.entered_at >= v_begins and p.entered_at < v_ends;
	insert into public.presence (summit_id, person_id, kind, checkpoint, entered_at, left_at, source)
	select p_summit, p_person, 'door', private.title_of(d.checkpoint_id), d.entered_at, d.left_at, 'badge'
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
		select held.*, runs.id as run_id from held
		left join public.runs on runs.session_id = held.session_id and runs.started_at is not null and not private.is_nameless(runs.id)
			and tstzrange(runs.started_at, coalesce(runs.ended_at, 'infinity')) && held.during
	)
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
	select summit_id, person_id, session_id, run_id, 'door', private.title_of(checkpoint_id),
		case when run_id is null then greatest(entered_at, lower(during)) else entered_at end,
		case when run_id is null then least(coalesce(left_at, upper(during)), upper(during)) else left_at end, 'badge'
	from attended where run_id is not null or upper(during) <= now() or left_at is not null;
end
$$;

-- As before, of the day that is on, and of one that has just ended.
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
			and (upper(sl.during) between now() - interval '3 minutes' and now() or lower(sl.during) between now() - interval '3 minutes' and now())
			and sl.during && tstzrange(d.entered_at, greatest(private.door_day_begins(d.summit_id, d.day + 1), d.entered_at)) order by 1, 2, 3
	loop
		perform private.lock_at_door(v_each.summit_id, v_each.person_id);
		perform private.write_door_presence(v_each.summit_id, v_each.person_id, v_each.day);
		v_done := v_done + 1;
	end loop;
	return v_done;
end
$$;
