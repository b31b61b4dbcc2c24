-- Reading meetings.

-- A meeting in the list of its group: {code, title, start, end, zone, place, state, answer: the reader's own, minutes:
-- the state of the newest version that they see, is_in_series}.
create function private.meeting_entry_json(p private.meetings) returns jsonb
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
create function public.list_group_meetings(code text, page integer default 1) returns jsonb
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
grant execute on function public.list_group_meetings(text, integer) to authenticated;

-- The published minutes of a group, as those read it who see the group: the day of each meeting and of the approval, and
-- nothing else of it: [{held_on, approved_on}], the newest first.
create function public.list_approved_minutes(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'held_on', (m.starts_at at time zone m.zone)::date,
			'approved_on', (n.approved_at at time zone m.zone)::date) order by m.starts_at desc), '[]')
	from private.groups as g
	join private.meetings as m on m.group_id = g.id and m.published_at is not null
	cross join lateral (
		select min(n.approved_at) as approved_at
		from private.meeting_minutes as n
		where n.meeting_id = m.id and n.state = 'approved'
	) as n
	where g.code = list_approved_minutes.code
		and g.id in (select private.visible_groups(private.me()))
		and n.approved_at is not null
		and case private.meeting_level(m)
			when 'public' then true
			when 'members' then private.sees_members_groups(private.me())
			else false end
$$;
grant execute on function public.list_approved_minutes(text) to anon, authenticated;

-- The newest version of the minutes that the reader, who is of the group, sees: a draft only who leads the group.
create function private.shown_minutes(p private.meetings) returns private.meeting_minutes
language sql stable security definer set search_path = '' as $$
	select n.*
	from private.meeting_minutes as n
	where n.meeting_id = p.id and (n.state <> 'draft' or private.chairs_group(private.me(), p.group_id))
	order by n.number desc
	limit 1
$$;

-- A version of the minutes: {number, state, body, reason, comments_until, takes_comments, is_over: the time for comments,
-- approved_at, version, comments: [{name, body, written_at, is_me}]}; null for none.
create function private.minutes_json(p private.meeting_minutes, p_zone text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'number', p.number,
		'state', p.state,
		'body', p.body,
		'reason', p.reason,
		'comments_until', p.comments_until,
		'takes_comments', p.state = 'comments' and private.comments_end(p.comments_until, p_zone) > now(),
		'approved_at', private.iso(p.approved_at),
		'version', p.version,
		'comments', (select coalesce(jsonb_agg(jsonb_build_object(
				'name', q.display_name,
				'body', c.body,
				'written_at', private.iso(c.written_at),
				'is_me', coalesce(c.person_id = private.me(), false)) order by c.written_at, c.id), '[]')
			from private.meeting_comments as c
			join public.people as q on q.id = c.person_id
			where c.meeting_id = p.meeting_id and c.number = p.number))
	where p.number is not null
$$;

-- The people of a meeting: those of the group today, and those who were invited or there and have left it since: [{id:
-- today's entry | null, invited: the entry with which they were invited | null, display_name, part, is_me, may_replace:
-- whether they may come in the reader's place, answer, alternate: name, attended}].
create function private.meeting_people_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', x.id,
			'invited', i.id,
			'display_name', q.display_name,
			'part', x.part,
			'is_me', coalesce(q.id = private.me(), false),
			'may_replace', private.may_replace(x.id, private.me()),
			'answer', r.answer,
			'alternate', a.display_name,
			'attended', r.attended) order by x.part nulls last, lower(q.display_name), q.code), '[]')
	from (
		select l.person_id from private.live_group_people as l where l.group_id = p.group_id
		union
		select i.person_id from private.people_invited(p) as i
		union
		select w.person_id from private.meeting_people as w where w.meeting_id = p.id and w.attended
	) as named
	join public.people as q on q.id = named.person_id
	left join private.live_group_people as x on x.group_id = p.group_id and x.person_id = named.person_id
	left join private.people_invited(p) as i on i.person_id = named.person_id
	left join private.meeting_people as r on r.meeting_id = p.id and r.person_id = named.person_id
	left join private.live_group_people as y on y.id = r.alternate_id
	left join public.people as a on a.id = y.person_id
$$;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start,
-- end, zone, place, link, level, state, version, has_begun, is_over, is_cancellable, is_published, later: how many
-- planned ones of its series follow, items: [{id, title, minutes, presenter: {id, name} | null, note, version}],
-- papers: [{id, item, name, link, media_type, size}], people (private.meeting_people_json), staff
-- (private.meeting_staff_json), takes_staff: whether staff can be named, room: open | may_open (by the reader) | null,
-- minutes: the newest version that the reader sees, approved: the newest approved one where that is another, decisions:
-- [{id, wording, is_withdrawn}], actions}.
create function public.read_meeting(code text) returns jsonb
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
grant execute on function public.read_meeting(text) to authenticated;
