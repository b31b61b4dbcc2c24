-- A topic of live events for the interpreters and captioners of a meeting alone.

set check_function_bodies = off;

-- `staff:` is for the staff of a meeting. The app repeats there those of its events that concern their pages
-- (src/lib/live/topics.ts).
create function private.may_subscribe_meeting_staff(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meetings as m
		where m.id = p_meeting and private.is_meeting_staffed(m) and private.is_meeting_staff(p_person, m.id))
$$;

-- Those of the requested topics that the reader may receive.
create or replace function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk|door|announced|board|meeting|staff):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.may_subscribe_run((select private.me()), id)
		when 'chat' then private.may_subscribe_chat((select private.me()), id)
		when 'desk' then private.may_subscribe_desk((select private.me()), id)
		when 'door' then private.may_subscribe_door((select private.me()), id)
		when 'announced' then private.may_follow_announcements((select private.me()), id)
		when 'board' then private.may_follow_board((select private.me()), id)
		when 'meeting' then private.may_subscribe_meeting((select private.me()), id)
		when 'staff' then private.may_subscribe_meeting_staff((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;

-- The people (null: a signed-out viewer) who receive a topic and have lost the right to it. Checked each minute, in
-- case the event of a change was lost.
create or replace function private.list_stale_subscribers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1)
		when 'run' then private.may_subscribe_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.may_subscribe_chat(each, split_part(p_topic, ':', 2)::uuid)
		when 'door' then private.may_subscribe_door(each, split_part(p_topic, ':', 2)::uuid)
		when 'announced' then private.may_follow_announcements(each, split_part(p_topic, ':', 2)::uuid)
		when 'board' then private.may_follow_board(each, split_part(p_topic, ':', 2)::uuid)
		when 'meeting' then private.may_subscribe_meeting(each, split_part(p_topic, ':', 2)::uuid)
		when 'staff' then private.may_subscribe_meeting_staff(each, split_part(p_topic, ':', 2)::uuid)
		when 'registered' then private.may_subscribe_registered(each, split_part(p_topic, ':', 2)::uuid)
		when 'session' then private.can_see(each, split_part(p_topic, ':', 2)::uuid)
		else private.may_subscribe_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;

-- `meeting:` is for the people of the group of a meeting, and for those who may be in the room of a run.
create or replace function private.may_subscribe_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.is_in_group(p_person, m.group_id)
		from private.meetings as m
		where m.id = p_meeting),
		(select private.may_be_in_room(r, p_person) from private.meeting_rooms as r where r.run_id = p_meeting),
		false)
$$;

reset check_function_bodies;
