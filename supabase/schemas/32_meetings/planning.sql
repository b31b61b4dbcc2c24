-- Planning, moving and cancelling meetings, one or a series.

-- Plans a meeting, for chairs and secretaries of a group that has not ended. `fields`: {id: of the first meeting, from
-- its form, title, local: its wall time ("2027-06-09T10:30"), zone, minutes, place, link, level, every: week |
-- two_weeks | month | null, times}. With `every` it plans so many meetings at the same wall time, also when clocks
-- change; a month without that day gets its last one. The same form sent twice plans once. Answers {status: ok, code:
-- of the first} or {status: not_found | invalid}. Locks the group.
create function public.plan_meeting(code text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group private.groups;
	v_step interval;
	v_times integer := 1;
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v_series uuid;
	v_start timestamptz;
	v_meeting private.meetings;
	v_code text;
	v_all uuid[];
begin
	select * into v_group from private.groups as g where g.code = plan_meeting.code for update;
	if v_group.id is null or not private.chairs_group(private.me(), v_group.id) then
		return '{"status": "not_found"}';
	end if;
	select m.code into v_code from private.meetings as m where m.id = v_id and m.group_id = v_group.id;
	if found then return jsonb_build_object('status', 'ok', 'code', v_code); end if;
	if fields ->> 'every' is not null then
		v_times := (fields ->> 'times')::integer;
		v_step := case fields ->> 'every'
			when 'week' then interval '7 days'
			when 'two_weeks' then interval '14 days'
			when 'month' then interval '1 month' end;
	end if;
	if v_times > 1 then v_series := gen_random_uuid(); end if;
	if v_group.ended_at is not null
		or (fields ->> 'level')::public.group_level < v_group.level
		or v_times is null or v_times not between 1 and 52
		or v_series is not null and v_step is null then
		return '{"status": "invalid"}';
	end if;
	for i in 0 .. v_times - 1 loop
		v_start := ((fields ->> 'local')::timestamp + i * coalesce(v_step, interval '0')) at time zone (fields ->> 'zone');
		insert into private.meetings as m (id, group_id, title, zone, starts_at, ends_at, place, link, level, series_id)
		values (coalesce(case when i = 0 then v_id end, gen_random_uuid()), v_group.id, fields -> 'title', fields ->> 'zone',
			v_start, v_start + make_interval(mins => (fields ->> 'minutes')::integer),
			coalesce(private.one_line(fields ->> 'place'), ''), nullif(fields ->> 'link', ''),
			(fields ->> 'level')::public.group_level, v_series)
		returning * into v_meeting;
		v_code := coalesce(v_code, v_meeting.code);
		v_all := v_all || v_meeting.id;
	end loop;
	perform private.send_meeting_mails(v_group.id, v_all);
	return jsonb_build_object('status', 'ok', 'code', v_code);
exception
	when check_violation or not_null_violation or foreign_key_violation or unique_violation or data_exception then
		return '{"status": "invalid"}';
end
$$;
grant execute on function public.plan_meeting(text, jsonb) to authenticated;

-- An answer belongs to a time: who answered to a meeting that moves is asked again.
create function private.reset_meeting_answers() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.meeting_people as r
	set answer = null, alternate_id = null, answered_at = null
	where r.meeting_id = new.id and r.answer is not null;
	return null;
end
$$;
create trigger reset_answers after update of starts_at on private.meetings for each row
	when (old.starts_at <> new.starts_at) execute function private.reset_meeting_answers();

-- Changes a planned meeting that has not begun; `fields` as in plan_meeting. With `with_later` also the later planned ones
-- of its series: they move by as much of wall time, get what this one changes, and keep what they have of the rest. Their
-- level only becomes stricter. Answers ok | not_found | invalid (also when one would have begun) | conflict (changed since
-- `version`) | wrong_state. Locks the group.
create function public.change_meeting(code text, version integer, fields jsonb, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting.code, true);
	v_new private.meetings;
	v_move interval;
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from change_meeting.version then return 'conflict'; end if;
	if v.state <> 'planned' or v.starts_at <= now() then return 'wrong_state'; end if;
	if (fields ->> 'level')::public.group_level < (select g.level from private.groups as g where g.id = v.group_id) then
		return 'invalid';
	end if;
	v_move := (fields ->> 'local')::timestamp - (v.starts_at at time zone v.zone);
	update private.meetings as m
	set title = fields -> 'title',
		zone = fields ->> 'zone',
		starts_at = (fields ->> 'local')::timestamp at time zone (fields ->> 'zone'),
		ends_at = ((fields ->> 'local')::timestamp at time zone (fields ->> 'zone'))
			+ make_interval(mins => (fields ->> 'minutes')::integer),
		place = coalesce(private.one_line(fields ->> 'place'), ''),
		link = nullif(fields ->> 'link', ''),
		level = (fields ->> 'level')::public.group_level,
		version = m.version + 1,
		updated_at = now()
	where m.id = v.id
	returning m.* into v_new;
	with later as (
		select m.id,
			((m.starts_at at time zone m.zone) + v_move)
				at time zone case when v_new.zone <> v.zone then v_new.zone else m.zone end as starts_at
		from private.meetings as m
		where with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at and m.id <> v.id
	), changed as (
		update private.meetings as m
		set title = case when v_new.title <> v.title then v_new.title else m.title end,
			zone = case when v_new.zone <> v.zone then v_new.zone else m.zone end,
			starts_at = later.starts_at,
			ends_at = later.starts_at + case when v_new.ends_at - v_new.starts_at <> v.ends_at - v.starts_at
				then v_new.ends_at - v_new.starts_at else m.ends_at - m.starts_at end,
			place = case when v_new.place <> v.place then v_new.place else m.place end,
			link = case when v_new.link is distinct from v.link then v_new.link else m.link end,
			level = case when v_new.level <> v.level then greatest(m.level, v_new.level) else m.level end,
			version = m.version + 1,
			updated_at = now()
		from later
		where m.id = later.id
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	-- Nobody is told of a meeting that is over, and nobody could change it any more.
	if exists (select from private.meetings as m where m.id = any (v.id || v_all) and m.starts_at <= now()) then
		raise check_violation;
	end if;
	perform private.send_meeting_mails(v.group_id, v.id || v_all);
	return 'ok';
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_meeting(text, integer, jsonb, boolean) to authenticated;

-- Whether a planned meeting can be cancelled: it has not begun, or it is over and left nothing, no minutes, no attendance
-- and no live room, as one that was planned for a wrong year.
create function private.is_cancellable(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'planned'
		and (p.starts_at > now()
			or p.ends_at <= now()
				and not exists (select from private.meeting_minutes as x where x.meeting_id = p.id)
				and not exists (select from private.meeting_people as x where x.meeting_id = p.id and x.attended is not null)
				and not exists (select from private.meeting_rooms as x where x.meeting_id = p.id))
$$;

-- Cancels a meeting (private.is_cancellable); with `with_later` also the later ones of its series. A cancelled meeting
-- stays in the list. Answers ok | not_found | conflict (changed since `version`) | wrong_state (begun, held, or cancelled
-- already). Locks the group.
create function public.cancel_meeting(code text, version integer, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(cancel_meeting.code, true);
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if not private.is_cancellable(v) then return 'wrong_state'; end if;
	if v.version is distinct from cancel_meeting.version then return 'conflict'; end if;
	with changed as (
		update private.meetings as m
		set state = 'cancelled', version = m.version + 1, updated_at = now()
		where m.id = v.id
			or with_later and m.series_id = v.series_id and m.starts_at > v.starts_at and private.is_cancellable(m)
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v_all);
	return 'ok';
end
$$;
grant execute on function public.cancel_meeting(text, integer, boolean) to authenticated;
