-- Finding a time: offering times, voting, and planning the meeting at the one that is chosen.

-- Offers two to twenty times to the people of a group, and tells them by mail, for chairs and secretaries of a group
-- that has not ended. `fields`: as in plan_meeting, with the id of the poll, and with `times`: wall times in the zone,
-- all in the future, in place of `local`. Two wall times of one instant, and one that is given twice, count once.
-- Answers {status: ok, code} or {status: not_found | invalid}. Locks the group.
create function public.open_meeting_poll(code text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group private.groups;
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v private.meeting_polls;
	v_times integer;
begin
	select * into v_group from private.groups as g where g.code = open_meeting_poll.code for update;
	if v_group.id is null or not private.chairs_group(private.me(), v_group.id) then
		return '{"status": "not_found"}';
	end if;
	select * into v from private.meeting_polls as p where p.id = v_id and p.group_id = v_group.id;
	if found then return jsonb_build_object('status', 'ok', 'code', v.code); end if;
	if v_group.ended_at is not null
		or (fields ->> 'level')::public.group_level < v_group.level
		or coalesce(jsonb_array_length(fields -> 'times'), 0) not between 2 and 20 then
		return '{"status": "invalid"}';
	end if;
	insert into private.meeting_polls (id, group_id, title, zone, minutes, place, link, level)
	values (coalesce(v_id, gen_random_uuid()), v_group.id, fields -> 'title', fields ->> 'zone',
		(fields ->> 'minutes')::integer, coalesce(private.one_line(fields ->> 'place'), ''), nullif(fields ->> 'link', ''),
		(fields ->> 'level')::public.group_level)
	returning * into v;
	insert into private.meeting_poll_times (poll_id, starts_at)
	select distinct v.id, given.local::timestamp at time zone v.zone
	from jsonb_array_elements_text(fields -> 'times') as given (local)
	where given.local::timestamp at time zone v.zone > now();
	get diagnostics v_times = row_count;
	if v_times < 2 then raise check_violation; end if;
	perform private.send_meeting_notice(v_group.id, 'times_offered', v.code, v.level, v.id::text);
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception
	when check_violation or not_null_violation or foreign_key_violation or unique_violation or data_exception then
		return '{"status": "invalid"}';
end
$$;
grant execute on function public.open_meeting_poll(text, jsonb) to authenticated;

-- The poll of a code whose group the reader is of, or with `p_leads` leads; null for others. Locks the group.
create function private.lock_meeting_poll(p_code text, p_leads boolean) returns private.meeting_polls
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_polls;
begin
	perform from private.groups as g
	where g.id = (select p.group_id from private.meeting_polls as p where p.code = p_code)
	for update;
	select * into v from private.meeting_polls as p where p.code = p_code;
	if v.id is null or not private.is_in_group(private.me(), v.group_id)
		or p_leads and not private.chairs_group(private.me(), v.group_id) then
		return null;
	end if;
	return v;
end
$$;

-- The reader's votes on an open poll: `votes` {time: yes | if_needed | no}. Times that are not named keep their vote. Answers
-- ok | not_found | invalid | wrong_state (closed). Locks the group.
create function public.vote_on_times(code text, votes jsonb) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_polls := private.lock_meeting_poll(vote_on_times.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'open' then return 'wrong_state'; end if;
	insert into private.meeting_poll_votes (time_id, person_id, vote)
	select t.id, private.me(), given.value::public.time_vote
	from jsonb_each_text(votes) as given
	join private.meeting_poll_times as t on t.id::text = given.key and t.poll_id = v.id
	on conflict (time_id, person_id) do update set vote = excluded.vote, voted_at = now();
	return 'ok';
exception when data_exception then
	return 'invalid';
end
$$;
grant execute on function public.vote_on_times(text, jsonb) to authenticated;

-- Plans the meeting at one of the times, which must not be past, and closes the poll. {status: ok, code: of the meeting} or
-- {status: not_found | wrong_state (closed already, the time is past, or the group has ended)}. Locks the group, so that
-- one meeting comes of a poll.
create function public.choose_meeting_time(code text, chosen uuid) returns jsonb
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
grant execute on function public.choose_meeting_time(text, uuid) to authenticated;

-- Closes a poll without a meeting. Answers ok | not_found | wrong_state. Locks the group.
create function public.close_meeting_poll(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_polls := private.lock_meeting_poll(close_meeting_poll.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'open' then return 'wrong_state'; end if;
	update private.meeting_polls as p set state = 'closed' where p.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.close_meeting_poll(text) to authenticated;

-- The open polls of a group, for its people: [{code, title, times: how many, needs_answer: whether one of them is in the
-- future and the reader has not voted}]; null for others.
create function public.list_meeting_polls(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
			'code', p.code,
			'title', p.title,
			'times', (select count(*) from private.meeting_poll_times as t where t.poll_id = p.id),
			'needs_answer', exists (select from private.meeting_poll_times as t where t.poll_id = p.id and t.starts_at > now())
				and not exists (select
					from private.meeting_poll_times as t
					join private.meeting_poll_votes as x on x.time_id = t.id and x.person_id = (select private.me())
					where t.poll_id = p.id)) order by p.created_at, p.id), '[]')
		from private.meeting_polls as p
		where p.group_id = g.id and p.state = 'open')
	from private.groups as g
	where g.code = list_meeting_polls.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.list_meeting_polls(text) to authenticated;

-- The offsets from UTC at an instant, in minutes, of the zones that people of a group have set; none unless three have.
create function private.group_offsets(p_group uuid, p_at timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when count(*) >= 3 then jsonb_agg(distinct z.minutes) else '[]' end
	from private.live_group_people as l
	join public.person_preferences as f on f.person_id = l.person_id and f.time_zone is not null
	cross join lateral (
		select (extract(epoch from (p_at at time zone f.time_zone) - (p_at at time zone 'UTC')) / 60)::integer as minutes
	) as z
	where l.group_id = p_group and not private.has_alias(l.person_id)
$$;

-- A poll as people of the group see it; null for others. {code, group: {code, name}, leads, title, zone, minutes, place, state,
-- meeting: the code of the one that was planned, times: [{id, start, end, is_past, own: the reader's vote, yes, if_needed,
-- no: how many of today's people, offsets}], people: [{display_name, is_me, votes: {time: vote}}]}. Who has
-- left the group does not count any more. The offsets of a time are those of the zones that people of the group have set,
-- in minutes. They may tell where somebody is: so they are given only when at least three have set one, and that of
-- somebody under an alias is not among them.
create function public.read_meeting_poll(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'leads', private.chairs_group(private.me(), g.id),
		'title', p.title,
		'zone', p.zone,
		'minutes', p.minutes,
		'place', p.place,
		'state', p.state,
		'meeting', (select m.code from private.meetings as m where m.id = p.meeting_id),
		'times', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', t.id,
				'start', private.iso(t.starts_at),
				'end', private.iso(t.starts_at + make_interval(mins => p.minutes)),
				'is_past', t.starts_at <= now(),
				'own', (select x.vote
					from private.meeting_poll_votes as x
					where x.time_id = t.id and x.person_id = (select private.me())),
				'yes', counted.yes,
				'if_needed', counted.if_needed,
				'no', counted.no,
				'offsets', private.group_offsets(g.id, t.starts_at)) order by t.starts_at), '[]')
			from private.meeting_poll_times as t
			cross join lateral (
				select count(*) filter (where x.vote = 'yes') as yes,
					count(*) filter (where x.vote = 'if_needed') as if_needed,
					count(*) filter (where x.vote = 'no') as no
				from private.meeting_poll_votes as x
				join private.live_group_people as l on l.person_id = x.person_id and l.group_id = g.id
				where x.time_id = t.id
			) as counted
			where t.poll_id = p.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', q.display_name,
				'is_me', coalesce(q.id = private.me(), false),
				'votes', (select coalesce(jsonb_object_agg(x.time_id, x.vote), '{}')
					from private.meeting_poll_votes as x
					join private.meeting_poll_times as t on t.id = x.time_id and t.poll_id = p.id
					where x.person_id = q.id)) order by l.part, lower(q.display_name), q.code), '[]')
			from private.live_group_people as l
			join public.people as q on q.id = l.person_id
			where l.group_id = g.id))
	from private.meeting_polls as p
	join private.groups as g on g.id = p.group_id
	where p.code = read_meeting_poll.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.read_meeting_poll(text) to authenticated;
