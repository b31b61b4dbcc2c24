-- Meetings of groups: nothing is planned twice, no change is lost, and no text is approved unread.

alter table private.meeting_items add column version integer not null default 1;

drop function public.save_meeting_item(text, uuid, jsonb);

drop function public.list_group_meetings(text);

-- What other nouns have to do each minute.
create or replace function private.sweep_other_nouns(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_member_imports(p_now);
	perform private.expire_watch_list_entries(p_now);
	perform private.sweep_logistics_answers(p_now);
	perform private.send_information_reminders(p_now);
	perform private.sweep_speakers(p_now);
	perform private.sweep_questions(p_now);
	perform private.send_guardian_requests();
	perform private.sweep_desk_lookups(p_now);
	perform private.send_term_cancellations();
	perform private.rotate_ended_terms();
	perform private.queue_ended_term_calendars();
end
$$;

-- Adds an item to the agenda (`item` null, at its end) or changes one. `fields`: {id: of a new item, from its form,
-- title, minutes, presenter: an entry among the people of the group, note}. The same sent twice is done once. At most
-- 60 items. Answers ok | not_found | invalid | conflict (somebody changed it since `version`) | wrong_state. Locks the
-- group.
create or replace function public.save_meeting_item(code text, item uuid, version integer, fields jsonb)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_meeting_item.code, true);
	v_presenter uuid := private.parse_uuid(fields ->> 'presenter');
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v_item private.meeting_items;
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	if v_presenter is not null and not exists (select from private.live_group_people as x
		where x.id = v_presenter and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	if save_meeting_item.item is null then
		if exists (select from private.meeting_items as i where i.id = v_id and i.meeting_id = v.id) then return 'ok'; end if;
		if (select count(*) from private.meeting_items as i where i.meeting_id = v.id) >= 60 then return 'invalid'; end if;
		insert into private.meeting_items (id, meeting_id, rank, title, minutes, presenter_id, note)
		select coalesce(v_id, gen_random_uuid()), v.id, coalesce(max(i.rank), 0) + 1, fields -> 'title',
			(fields ->> 'minutes')::integer, v_presenter, coalesce(fields -> 'note', '{}')
		from private.meeting_items as i
		where i.meeting_id = v.id;
	else
		select * into v_item
		from private.meeting_items as i
		where i.id = save_meeting_item.item and i.meeting_id = v.id;
		if v_item.id is null then return 'not_found'; end if;
		if v_item.version is distinct from save_meeting_item.version then
			return case when (v_item.title::jsonb, v_item.minutes, v_item.presenter_id, v_item.note::jsonb)
				is distinct from (fields -> 'title', (fields ->> 'minutes')::integer, v_presenter,
					coalesce(fields -> 'note', '{}')) then 'conflict' else 'ok' end;
		end if;
		update private.meeting_items as i
		set title = fields -> 'title',
			minutes = (fields ->> 'minutes')::integer,
			presenter_id = v_presenter,
			note = coalesce(fields -> 'note', '{}'),
			version = i.version + 1
		where i.id = v_item.id;
	end if;
	return 'ok';
exception when check_violation or not_null_violation or unique_violation or data_exception then
	return 'invalid';
end
$$;

-- Queues a mail to today's people of a group, except who acts, about minutes that are open for comments
-- (minutes_opened) or times that are offered (times_offered). `p_code`: of the meeting or the poll. Where the group,
-- the meeting or the poll is closed, the mail names nothing but the link, because others may see it on the screen.
create or replace function private.send_meeting_notice(p_group uuid, p_template text, p_code text, p_level public.group_level,
	p_once text) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(x.person_id, p_template,
		jsonb_build_object('group', g.code, 'code', p_code)
			|| case when greatest(p_level, g.level) = 'closed' then '{}' else jsonb_build_object('name', g.name) end,
		null, format('%s:%s:%s', p_template, p_once, x.person_id))
	from private.groups as g
	join private.live_group_people as x on x.group_id = g.id
	where g.id = p_group and x.person_id is distinct from private.me()
		and exists (select from private.person_addresses as a where a.person_id = x.person_id and a.is_primary)
$$;

-- Who wants invitations again is invited to what is planned in their groups and to the meetings at which they work; who
-- wants none any more gets the cancellations of what was sent.
create or replace function private.mail_calendar_choice() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(x.group_id, array_agg(m.id), new.person_id)
	from private.live_group_people as x
	join private.meetings as m on m.group_id = x.group_id and m.state = 'planned' and m.ends_at > now()
	where x.person_id = new.person_id
	group by x.group_id;
	perform private.queue_work_mail(s.meeting_id, s.person_id, false)
	from (select distinct n.meeting_id, n.person_id
		from private.meeting_staff as n
		join private.meetings as m on m.id = n.meeting_id and m.state = 'planned'
		where n.person_id = new.person_id and n.state <> 'declined'
			and not private.is_in_group(n.person_id, m.group_id)) as s;
	return null;
end
$$;

-- Makes one row of two before the merge moves all other rows: who was there under one of the records was there, and the
-- newer answer counts. Nobody is their own alternate. The groups are locked by private.merge_group_people.
create or replace function private.merge_meeting_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.meeting_people as k
	set attended = greatest(k.attended, d.attended),
		answer = newer.answer,
		alternate_id = newer.alternate_id,
		answered_at = newer.answered_at
	from private.meeting_people as d
	cross join lateral (
		select r.answer, r.alternate_id, r.answered_at
		from private.meeting_people as r
		where r.meeting_id = d.meeting_id and r.person_id in (p_keep, p_drop)
		order by r.answered_at desc nulls last
		limit 1
	) as newer
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id;
	delete from private.meeting_people as d
	where d.person_id = p_drop
		and exists (select from private.meeting_people as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	-- Who was removed from a room under one of the records stays removed; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(locked.id)
	from (
		select r.id
		from private.meeting_rooms as r
		where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
			where p.room_id = r.id and p.person_id in (p_keep, p_drop))
		order by r.id
		for update of r
	) as locked;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		camera_at = null, breakout = null, on_air = null, on_air_at = null, offered_at = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	-- An answer of one of the two records is that of the person; of two, the newer one counts.
	update private.meeting_staff as k
	set state = d.state, answered_at = d.answered_at
	from private.meeting_staff as d
	where k.person_id = p_keep and d.person_id = p_drop and k.meeting_id = d.meeting_id and k.part = d.part
		and k.language = d.language and d.state <> 'invited'
		and (k.answered_at is null or k.answered_at < d.answered_at);
	delete from private.meeting_staff as d
	where d.person_id = p_drop
		and exists (select from private.meeting_staff as k
			where k.person_id = p_keep and k.meeting_id = d.meeting_id and k.part = d.part and k.language = d.language);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- Writes the minutes of a meeting that has begun: begins them (`version` 0), or changes the open version. People can
-- comment on each text that is approved: one that is changed while they may comment is open until the end of the next
-- day at least, and one that is changed after the last day is a draft again. Answers ok | not_found | invalid |
-- conflict (changed since `version`) | wrong_state (approved: begin a correction). Locks the group.
create or replace function public.save_minutes(code text, version integer, body jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_is_changed boolean := v_open.body is distinct from save_minutes.body;
	v_is_late boolean := coalesce(v_is_changed
		and private.comments_end(v_open.comments_until, v.zone) <= now(), false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	if v_open.number is null then
		if exists (select from private.meeting_minutes as n where n.meeting_id = v.id) then return 'wrong_state'; end if;
		if save_minutes.version is distinct from 0 then return 'conflict'; end if;
		insert into private.meeting_minutes (meeting_id, number, body) values (v.id, 1, save_minutes.body);
		update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
		return 'ok';
	end if;
	if v_open.version is distinct from save_minutes.version then return 'conflict'; end if;
	update private.meeting_minutes as n
	set body = save_minutes.body,
		state = case when v_is_late then 'draft' else n.state end,
		comments_until = case
			when v_is_late then null
			when v_is_changed and n.state = 'comments'
				then greatest(n.comments_until, (now() at time zone v.zone)::date + 1)
			else n.comments_until end,
		version = n.version + 1,
		updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;

-- Opens a draft to the people of the group for comments until a later day within a year, and tells them by mail, or
-- changes that day. Answers ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.open_minutes_for_comments(code text, until date) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_minutes_for_comments.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_today date := (now() at time zone v.zone)::date;
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.number is null then return 'wrong_state'; end if;
	if until is null or until not between v_today + 1 and v_today + 365 then return 'invalid'; end if;
	update private.meeting_minutes as n
	set state = 'comments', comments_until = open_minutes_for_comments.until, updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	if v_open.state = 'draft' then
		perform private.send_meeting_notice(v.group_id, 'minutes_opened', v.code, v.level,
			format('%s:%s:%s', v.id, v_open.number, v_open.version));
	end if;
	return 'ok';
end
$$;

-- Plans a meeting, for chairs and secretaries of a group that has not ended. `fields`: {id: of the first meeting, from
-- its form, title, local: its wall time ("2027-06-09T10:30"), zone, minutes, place, link, level, every: week |
-- two_weeks | month | null, times}. With `every` it plans so many meetings at the same wall time, also when clocks
-- change; a month without that day gets its last one. The same form sent twice plans once. Answers {status: ok, code:
-- of the first} or {status: not_found | invalid}. Locks the group.
create or replace function public.plan_meeting(code text, fields jsonb) returns jsonb
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

-- Offers two to twenty times to the people of a group, and tells them by mail, for chairs and secretaries of a group
-- that has not ended. `fields`: as in plan_meeting, with the id of the poll, and with `times`: wall times in the zone,
-- all in the future, in place of `local`. Two wall times of one instant, and one that is given twice, count once.
-- Answers {status: ok, code} or {status: not_found | invalid}. Locks the group.
create or replace function public.open_meeting_poll(code text, fields jsonb) returns jsonb
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

-- A meeting in the list of its group: {code, title, start, end, zone, place, state, answer: the reader's own, minutes:
-- the state of the newest version that they see, is_in_series}.
create or replace function private.meeting_entry_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'title', p.title,
		'start', private.iso(p.starts_at),
		'end', private.iso(p.ends_at),
		'zone', p.zone,
		'place', p.place,
		'state', p.state,
		'answer', (select r.answer
			from private.meeting_people as r
			where r.meeting_id = p.id and r.person_id = (select private.me())),
		'minutes', (private.shown_minutes(p)).state,
		'is_in_series', p.series_id is not null)
$$;

-- One page of the meetings of a group, for its people; null for others: {total, next: the first that is planned and not
-- over | null, meetings: fifty}. Those to come are first, the next one before later ones; then those that are over, the
-- newest first. `page` begins with 1.
create or replace function public.list_group_meetings(code text, page integer default 1) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'total', (select count(*) from private.meetings as m where m.group_id = g.id),
		'next', (select private.meeting_entry_json(m)
			from private.meetings as m
			where m.group_id = g.id and m.state = 'planned' and m.ends_at > now()
			order by m.starts_at, m.id
			limit 1),
		'meetings', (select coalesce(jsonb_agg(private.meeting_entry_json(x.meeting) order by x.place), '[]')
			from (
				select m as meeting, row_number() over (
					order by m.ends_at <= now(), case when m.ends_at > now() then m.starts_at end, m.starts_at desc, m.id) as place
				from private.meetings as m
				where m.group_id = g.id
				order by place
				limit 50 offset 50 * (greatest(1, least(coalesce(list_group_meetings.page, 1), 10000)) - 1)
			) as x))
	from private.groups as g
	where g.code = list_group_meetings.code and private.is_in_group(private.me(), g.id)
$$;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start,
-- end, zone, place, link, level, state, version, has_begun, is_over, is_cancellable, is_published, later: how many
-- planned ones of its series follow, items: [{id, title, minutes, presenter: {id, name} | null, note, version}],
-- papers: [{id, item, name, link, media_type, size}], people (private.meeting_people_json), staff
-- (private.meeting_staff_json), takes_staff: whether staff can be named, room: open | may_open (by the reader) | null,
-- minutes: the newest version that the reader sees, approved: the newest approved one where that is another, decisions:
-- [{id, wording, is_withdrawn}], actions}.
create or replace function public.read_meeting(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name, 'level', g.level, 'is_ended', g.ended_at is not null),
		'leads', private.chairs_group(private.me(), g.id),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'place', m.place,
		'link', m.link,
		'level', private.meeting_level(m),
		'state', m.state,
		'version', m.version,
		'has_begun', m.starts_at <= now(),
		'is_over', m.ends_at <= now(),
		'is_cancellable', private.is_cancellable(m),
		'is_published', m.published_at is not null,
		'later', (select count(*)
			from private.meetings as x
			where x.series_id = m.series_id and x.state = 'planned' and x.starts_at > m.starts_at),
		'items', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'title', i.title,
				'minutes', i.minutes,
				'presenter', case when x.id is not null then jsonb_build_object('id', x.id, 'name', q.display_name) end,
				'note', i.note,
				'version', i.version) order by i.rank, i.id), '[]')
			from private.meeting_items as i
			left join private.live_group_people as x on x.id = i.presenter_id
			left join public.people as q on q.id = x.person_id
			where i.meeting_id = m.id),
		'papers', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id,
				'item', p.item_id,
				'name', p.shown_name,
				'link', p.link,
				'media_type', o.media_type,
				'size', o.size) order by p.added_at, p.id), '[]')
			from private.meeting_papers as p
			left join private.stored_objects as o on o.name = p.object_name
			where p.meeting_id = m.id),
		'people', private.meeting_people_json(m),
		'staff', private.meeting_staff_json(m),
		'takes_staff', private.is_meeting_staffed(m),
		'room', case
			when private.is_meeting_room_open((select r from private.meeting_rooms as r where r.meeting_id = m.id)) then 'open'
			when private.may_open_meeting_room(m) then 'may_open' end,
		'minutes', private.minutes_json(private.shown_minutes(m), m.zone),
		'approved', (select private.minutes_json(n, m.zone)
			from private.meeting_minutes as n
			where n.meeting_id = m.id and n.state = 'approved' and n.number <> (private.shown_minutes(m)).number
			order by n.number desc
			limit 1),
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'wording', d.wording,
				'is_withdrawn', d.withdrawn_at is not null) order by d.created_at, d.id), '[]')
			from private.group_decisions as d
			where d.meeting_id = m.id),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.meeting_id = m.id))
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = read_meeting.code and private.is_in_group(private.me(), g.id)
$$;

-- Forgets the breakout rooms of a room, who was in which, and what was written there. A hand that was raised in the
-- room of all after their time stays up. What hosts wrote to all of them is from then on a message of the room of all.
-- The caller has locked the room.
create or replace function private.clear_breakouts(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_participants as p
	set breakout = null, shares_at = null, camera_at = null,
		hand_at = case when p.hand_at > r.breakouts_until then p.hand_at end
	from private.meeting_rooms as r
	where r.id = p_room and p.room_id = p_room and p.breakout is not null;
	update private.meeting_rooms as r set breakouts = null, breakouts_until = null where r.id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room and x.number > 0;
	update private.meeting_messages as x set number = 0 where x.room_id = p_room and x.number is null;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = p_room and l.number > 0 and l.closed_at is null
$$;

-- The rooms of a group that ends. Locks their meetings before them, as reports of connections do; the meetings change
-- next (private.follow_group_change).
create or replace function private.close_rooms_of_group() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	perform from private.meetings as m
	where m.group_id = new.id
		and exists (select from private.meeting_rooms as r where r.meeting_id = m.id and r.ended_at is null)
	order by m.id
	for no key update;
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where m.group_id = new.id and r.ended_at is null
		order by r.meeting_id
		for update of r
	loop
		perform private.close_meeting_room(v_meeting);
	end loop;
	return null;
end
$$;

-- Ends the rooms that are not open any more although nobody ended them, and the connections to rooms that LiveKit no
-- longer has, for example after it restarted; lowers the hands of who has been away for 20 seconds; forgets the
-- breakout rooms whose time is over, with their hands; deletes captions of ten minutes ago. Locks these rooms, and
-- leaves those in which somebody acts at this moment to the next time, so that it waits for nobody.
create or replace function private.end_lost_meeting_connections(p_open_names text[], p_at timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
	v_lost boolean;
	v_lowered boolean;
begin
	for v in
		select r.* from private.meeting_rooms as r
		where r.ended_at is null
			and (not private.is_meeting_room_open(r)
				or r.breakouts_until <= now()
				or exists (select from private.meeting_participants as p
					where p.room_id = r.id and p.sid is not null
						and coalesce(p.left_at, p.seen_at) < p_at - interval '20 seconds'
						and (p.left_at is null or p.hand_at is not null))
				or exists (select from private.meeting_captions as c
					where c.meeting_id = r.meeting_id and c.said_at < now() - interval '10 minutes'))
		order by r.id
		for update skip locked
	loop
		if not private.is_meeting_room_open(v) then
			perform private.close_meeting_room(v.id);
			continue;
		end if;
		if v.breakouts_until <= now() then
			perform private.clear_breakouts(v.id);
			perform private.publish_event('meeting:' || v.id, 'breakouts');
		end if;
		update private.meeting_participants as p
		set left_at = greatest(p.seen_at, p.joined_at), shares_at = null,
			-- A place that they were given since is for their next connection.
			camera_at = case when p.camera_at > p.seen_at then p.camera_at end
		where p.room_id = v.id and p.sid is not null and p.left_at is null
			and p.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = p.room_id and r.name = any (p_open_names));
		v_lost := found;
		update private.meeting_participants as p
		set hand_at = null
		where p.room_id = v.id and p.hand_at is not null and p.left_at < p_at - interval '20 seconds';
		v_lowered := found;
		delete from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.said_at < now() - interval '10 minutes';
		if v_lost then perform private.publish_event('meeting:' || v.id, 'connections'); end if;
		if v_lowered then perform private.publish_event('meeting:' || v.id, 'hands'); end if;
	end loop;
end
$$;

-- Whether somebody waits to be let in: a page that waits asks again every few seconds, so who has not asked for a
-- minute has left.
create or replace function private.is_waiting(p private.meeting_participants) returns boolean
language sql stable set search_path = '' as $$
	select p.admitted_at is null and p.removed_at is null and p.asked_at > now() - interval '1 minute'
$$;

-- Locks or unlocks the room, for its hosts: while it is locked, people who come wait until a host lets them in. Unlocking
-- lets in who waits. Answers ok | not_found. Locks the room.
create or replace function public.set_meeting_room_lock(code text, locked boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(set_meeting_room_lock.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.is_locked = coalesce(set_meeting_room_lock.locked, true) then return 'ok'; end if;
	update private.meeting_rooms as r
	set is_locked = not v.is_locked
	where r.id = v.id;
	update private.meeting_participants as p
	set admitted_at = now()
	where not set_meeting_room_lock.locked and p.room_id = v.id and private.is_waiting(p);
	perform private.publish_event('meeting:' || v.id, 'room');
	return 'ok';
end
$$;

-- The same for those whose term is over, which nobody ends: their open rooms were opened before its end. Rooms in which
-- somebody acts at this moment are left to the next time. Runs each minute.
create or replace function private.rotate_ended_terms() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
begin
	for v_meeting in
		select r.meeting_id
		from private.meeting_rooms as r
		join private.meetings as m on m.id = r.meeting_id
		where r.ended_at is null
			and exists (select
				from private.meeting_participants as p
				join private.group_people as x on x.person_id = p.person_id and x.group_id = m.group_id
				join private.meeting_livekit_rooms as l on l.room_id = p.room_id and l.closed_at is null
				where p.room_id = r.id and not p.is_staff and x.ended_at is null and x.until < current_date
					and l.opened_at < x.until + 1)
		order by r.meeting_id
		for update of r skip locked
	loop
		perform private.rotate_meeting_rooms(v_meeting);
		perform private.publish_event('meeting:' || v_meeting, 'rights');
	end loop;
end
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}. People under 18 who have no name
-- for the reader, and may not speak, are left out: nobody learns that they are there.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, private.name_in_room(p_room, p.person_id) as display_name,
			private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		where p.room_id = p_room.id and (not p.is_staff or p_room.run_id is not null and p.removed_at is not null)
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in and (t.display_name <> ''
				or private.may_use_in_room(p_room, (t.participant).person_id, 'microphone'))),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and private.is_waiting(t.participant)),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;
grant execute on function public.save_meeting_item(text, uuid, integer, jsonb) to authenticated;
grant execute on function public.list_group_meetings(text, integer) to authenticated;

create trigger mail_calendar_choice after update of calendar_invitations on public.person_preferences for each row
	when ((old.calendar_invitations = 'none') <> (new.calendar_invitations = 'none'))
	execute function private.mail_calendar_choice();
create trigger mail_first_choice after insert on public.person_preferences for each row
	when (new.calendar_invitations = 'none')
	execute function private.mail_calendar_choice();
