-- Planning, moving and cancelling meetings, one or a series.

-- Plans a meeting, for chairs and secretaries of a group that has not ended. `fields`: {title, local: its wall time
-- ("2027-06-09T10:30"), zone, minutes, place, link, level, every: week | two_weeks | month | null, times}. With `every` it
-- plans so many meetings at the same wall time, also when clocks change; a month without that day gets its last one.
-- Answers {status: ok, code: of the first} or {status: not_found | invalid}. Locks the group.
create function public.plan_meeting(code text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group private.groups;
	v_step interval;
	v_times integer := 1;
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
		insert into private.meetings as m (group_id, title, zone, starts_at, ends_at, place, link, level, series_id)
		values (v_group.id, fields -> 'title', fields ->> 'zone', v_start,
			v_start + make_interval(mins => (fields ->> 'minutes')::integer),
			coalesce(private.one_line(fields ->> 'place'), ''), nullif(fields ->> 'link', ''),
			(fields ->> 'level')::public.group_level, v_series)
		returning * into v_meeting;
		v_code := coalesce(v_code, v_meeting.code);
		v_all := v_all || v_meeting.id;
	end loop;
	perform private.send_meeting_mails(v_group.id, v_all);
	return jsonb_build_object('status', 'ok', 'code', v_code);
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.plan_meeting(text, jsonb) to authenticated;

-- Changes a planned meeting; `fields` as in plan_meeting. With `with_later` also the later planned ones of its series: they
-- move by as much of wall time and get the same texts. Answers ok | not_found | invalid | conflict (changed since
-- `version`) | wrong_state. Locks the group.
create function public.change_meeting(code text, version integer, fields jsonb, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting.code, true);
	v_zone text := fields ->> 'zone';
	v_move interval;
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from change_meeting.version then return 'conflict'; end if;
	if v.state <> 'planned' then return 'wrong_state'; end if;
	if (fields ->> 'level')::public.group_level < (select g.level from private.groups as g where g.id = v.group_id) then
		return 'invalid';
	end if;
	v_move := (fields ->> 'local')::timestamp - (v.starts_at at time zone v.zone);
	with changed as (
		update private.meetings as m
		set title = fields -> 'title',
			zone = v_zone,
			starts_at = ((m.starts_at at time zone m.zone) + v_move) at time zone v_zone,
			ends_at = (((m.starts_at at time zone m.zone) + v_move) at time zone v_zone)
				+ make_interval(mins => (fields ->> 'minutes')::integer),
			place = coalesce(private.one_line(fields ->> 'place'), ''),
			link = nullif(fields ->> 'link', ''),
			level = (fields ->> 'level')::public.group_level,
			version = m.version + 1,
			updated_at = now()
		where m.id = v.id
			or with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v_all);
	return 'ok';
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_meeting(text, integer, jsonb, boolean) to authenticated;

-- Cancels a planned meeting; with `with_later` also the later planned ones of its series. A cancelled meeting stays in the
-- list. Answers ok | not_found | wrong_state (held, or cancelled already). Locks the group.
create function public.cancel_meeting(code text, with_later boolean default false) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(cancel_meeting.code, true);
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' then return 'wrong_state'; end if;
	with changed as (
		update private.meetings as m
		set state = 'cancelled', version = m.version + 1, updated_at = now()
		where m.id = v.id
			or with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v_all);
	return 'ok';
end
$$;
grant execute on function public.cancel_meeting(text, boolean) to authenticated;
