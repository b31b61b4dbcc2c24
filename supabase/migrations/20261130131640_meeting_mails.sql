-- Mails with invitations to calendars for the meetings of groups.

set check_function_bodies = off;

-- Mails with invitations to calendars (RFC 5546, RFC 6047), to the people of a group alone. A mail names ids only; what it
-- says is read when it is sent, as its reader may see it then.

-- Queues a mail about meetings that are not over: to each of today's people of the group, once for each state of them, or
-- to `p_person` alone, who has just joined or left it.
create function private.send_meeting_mails(p_group uuid, p_meetings uuid[], p_person uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meetings jsonb;
	v_state text;
begin
	select jsonb_agg(m.id order by m.starts_at, m.id), md5(string_agg(m.id || ':' || m.version, ',' order by m.id))
	into v_meetings, v_state
	from private.meetings as m
	where m.id = any (p_meetings) and m.ends_at > now();
	if v_meetings is null then return; end if;
	perform private.enqueue_mail(named.person_id, 'meeting_event', jsonb_build_object('meetings', v_meetings), null,
		case when p_person is null then format('meetings:%s:%s', v_state, named.person_id) end, 9)
	from (
		select x.person_id from private.live_group_people as x where p_person is null and x.group_id = p_group
		union
		select p_person where p_person is not null
	) as named;
end
$$;

-- What a mail that is being sent says, at most 52 meetings: [{method, uid, sequence, start, end, zone, code, group, title,
-- name: of the group, place, link}]. Title, name, place and link are null for a closed meeting, because mails and calendars
-- are shown to others, and for somebody who has left the group. Who left it gets a cancellation of what was sent before.
create function private.claim_meeting_events(p_mail uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'method', case when m.state = 'cancelled' or not now_in.is_in then 'CANCEL' else 'REQUEST' end,
			'uid', m.id,
			'sequence', m.version + (not now_in.is_in)::integer,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'code', m.code,
			'group', g.code,
			'title', case when told.names then m.title end,
			'name', case when told.names then g.name end,
			'place', case when told.names then m.place end,
			'link', case when told.names then m.link end) order by m.starts_at, m.id), '[]')
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	cross join lateral (select private.is_in_group(o.person_id, m.group_id) as is_in) as now_in
	cross join lateral (select now_in.is_in and private.meeting_level(m) <> 'closed' as names) as told
	where o.id = p_mail
		and o.state = 'sending'
		and o.template = 'meeting_event'
		and (now_in.is_in or exists (
			select from private.outbox as sent
			where sent.person_id = o.person_id
				and sent.template = 'meeting_event'
				and sent.id <> o.id
				and sent.state = 'sent'
				and sent.params -> 'meetings' ? given.id))
$$;
grant execute on function private.claim_meeting_events(uuid) to app_server;

-- Who joins a group is invited to what is planned; who leaves it gets the cancellations.
create function private.mail_planned_meetings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(new.group_id, array(
		select m.id
		from private.meetings as m
		where m.group_id = new.group_id and m.state = 'planned' and m.ends_at > now()
		order by m.starts_at
		limit 52), new.person_id);
	return null;
end
$$;
create trigger mail_joined after insert on private.group_people for each row
	execute function private.mail_planned_meetings();
create trigger mail_left after update of ended_at on private.group_people for each row
	when (old.ended_at is null and new.ended_at is not null)
	execute function private.mail_planned_meetings();

-- Plans a meeting, for chairs and secretaries of a group that has not ended. `fields`: {title, local: its wall time
-- ("2027-06-09T10:30"), zone, minutes, place, link, level, every: week | two_weeks | month | null, times}. With `every` it
-- plans so many meetings at the same wall time, also when clocks change; a month without that day gets its last one.
-- Answers {status: ok, code: of the first} or {status: not_found | invalid}. Locks the group.
create or replace function public.plan_meeting(code text, fields jsonb) returns jsonb
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

-- Changes a planned meeting; `fields` as in plan_meeting. With `with_later` also the later planned ones of its series: they
-- move by as much of wall time and get the same texts. Answers ok | not_found | invalid | conflict (changed since
-- `version`) | wrong_state. Locks the group.
create or replace function public.change_meeting(code text, version integer, fields jsonb, with_later boolean default false)
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

-- Cancels a planned meeting; with `with_later` also the later planned ones of its series. A cancelled meeting stays in the
-- list. Answers ok | not_found | wrong_state (held, or cancelled already). Locks the group.
create or replace function public.cancel_meeting(code text, with_later boolean default false) returns public.meeting_status
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

-- Plans the meeting at one of the times, which must not be past, and closes the poll. {status: ok, code: of the meeting} or
-- {status: not_found | wrong_state (closed already, the time is past, or the group has ended)}. Locks the group, so that
-- one meeting comes of a poll.
create or replace function public.choose_meeting_time(code text, chosen uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_polls := private.lock_meeting_poll(choose_meeting_time.code, true);
	v_start timestamptz;
	v_meeting private.meetings;
begin
	select t.starts_at into v_start
	from private.meeting_poll_times as t
	where t.id = chosen and t.poll_id = v.id;
	if v_start is null then return '{"status": "not_found"}'; end if;
	if v.state <> 'open' or v_start <= now()
		or exists (select from private.groups as g where g.id = v.group_id and g.ended_at is not null) then
		return '{"status": "wrong_state"}';
	end if;
	insert into private.meetings (group_id, title, zone, starts_at, ends_at, place, link, level)
	select v.group_id, v.title, v.zone, v_start, v_start + make_interval(mins => v.minutes), v.place, v.link,
		greatest(v.level, g.level)
	from private.groups as g
	where g.id = v.group_id
	returning * into v_meeting;
	update private.meeting_polls as p set state = 'chosen', meeting_id = v_meeting.id where p.id = v.id;
	perform private.send_meeting_mails(v.group_id, array[v_meeting.id]);
	return jsonb_build_object('status', 'ok', 'code', v_meeting.code);
end
$$;

-- Deletes a mail that was to carry invitations only, when another mail carried them in the meantime.
create or replace function private.drop_empty_invitation_mail(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.outbox
	where id = p_id and claim_id = p_claim and state = 'sending' and template in ('calendar_event', 'meeting_event')
$$;

reset check_function_bodies;
