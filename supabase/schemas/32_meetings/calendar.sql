-- The meetings of groups in the own agenda and the calendar of their people.

-- The meetings that somebody, who is of the group today, may attend, from those of the last month on: planned, held and
-- cancelled ones, without those to which they answered that they do not come, also when these are cancelled later. Nothing for others, so that a calendar
-- forgets the meetings of a group that its person has left.
create function private.attendable_meetings(p_person uuid) returns setof private.meetings
language sql stable security definer set search_path = '' as $$
	select m.*
	from private.live_group_people as x
	join private.meetings as m on m.group_id = x.group_id
	left join private.meeting_people as r on r.meeting_id = m.id and r.person_id = p_person
	where x.person_id = p_person
		and m.ends_at > now() - interval '31 days'
		and coalesce(r.answer, 'yes') = 'yes'
$$;

-- What the calendar link of somebody says of them: [{uid, sequence, changed_at, start, end, code, group, title, name: of
-- the group, place, link, is_cancelled}]. Title, name, place and link are null for a closed meeting, because calendars are
-- copied to their providers and shown to others.
create function private.calendar_meetings(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'uid', m.id,
			'sequence', m.version,
			'changed_at', private.iso(m.updated_at),
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'code', m.code,
			'group', g.code,
			'title', case when told.names then m.title end,
			'name', case when told.names then g.name end,
			'place', case when told.names then m.place end,
			'link', case when told.names then m.link end,
			'is_cancelled', m.state = 'cancelled') order by m.starts_at, m.id), '[]')
	from private.attendable_meetings(p_person) as m
	join private.groups as g on g.id = m.group_id
	cross join lateral (select private.meeting_level(m) <> 'closed' as names) as told
$$;

-- The reader's meetings that are not over and begin before a Summit ends, as their own agenda shows them: [{code, group,
-- name: of the group, title, start, end, zone, place, is_cancelled}].
create function public.list_my_meetings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', m.code,
			'group', g.code,
			'name', g.name,
			'title', m.title,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'place', m.place,
			'is_cancelled', m.state = 'cancelled') order by m.starts_at, m.id), '[]')
	from public.summits as u
	cross join private.attendable_meetings((select private.me())) as m
	join private.groups as g on g.id = m.group_id
	where u.id = list_my_meetings.summit
		and u.id in (select private.readable_summits())
		and m.ends_at > now()
		and m.starts_at < ((u.ends_on + 1)::timestamp at time zone u.zone)
$$;
grant execute on function public.list_my_meetings(uuid) to authenticated;

-- Tells the open pages and the calendars of the people of a group that a meeting of theirs changed. The event names the
-- person alone.
create function private.notify_meeting_people() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || x.person_id, 'calendar')
	from private.live_group_people as x
	where x.group_id = coalesce(new.group_id, old.group_id);
	return null;
end
$$;
create trigger notify_people after insert or update of title, starts_at, ends_at, place, link, level, state or delete
	on private.meetings for each row execute function private.notify_meeting_people();

-- The same when somebody answered.
create function private.notify_meeting_answer() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || new.person_id, 'calendar');
	return null;
end
$$;
create trigger notify_answer after insert or update of answer on private.meeting_people for each row
	execute function private.notify_meeting_answer();
