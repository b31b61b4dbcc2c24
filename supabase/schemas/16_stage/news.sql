-- Live events of runs, and who may subscribe to which topic. `run:` is for all who watch a run, `chat:` for those of
-- them who are not under 18, and both carry content; `desk:` is for those who run it. A change of kind K with an id on
-- a run's topic is read once in each process, by `private.K_event(run, id)`, which answers what every reader of the
-- topic may see of it (null: nothing any more). So a run's topic may carry only changes of what its readers saw or now
-- see.

-- `run:` is for everybody who may enter the session.
create function private.may_subscribe_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
			and private.may_follow_run_room(p_person, runs)
		from public.runs where runs.id = p_run), false)
$$;

-- Whether somebody reads who is on stage, what is shown and in which languages: those who run it, also where they may
-- not enter or are not in its room, and who may follow it.
create function private.may_read_run(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_run(p_person, p_run.session_id) or private.may_subscribe_run(p_person, p_run.id)
$$;

-- People under 18 are left out of the chat of a session, and nobody in it learns that they are there.
create function private.is_minor_in(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.registrations as r
		join public.sessions as s on s.summit_id = r.summit_id
		where s.id = p_session and r.person_id = p_person and r.is_minor
			and r.state not in ('declined', 'withdrawn', 'expired'))
$$;

-- `chat:` is for those of them who are not under 18.
create function private.may_subscribe_chat(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_subscribe_run(p_person, p_run)
		and not private.is_minor_in(p_person, (select runs.session_id from public.runs where runs.id = p_run))
$$;

-- `desk:` is for those who run the session.
create function private.may_subscribe_desk(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.may_run(p_person, runs.session_id)
		from public.runs where runs.id = p_run), false)
$$;

-- Rule 5, timing included: only registered people may learn that a session for them has started or ended. The event
-- uses a separate topic, `registered:`, which they receive together with the Summit's.
create function private.may_subscribe_registered(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and (private.holds_role(p_person, p_summit, 'programme', 'stage', 'safeguarding')
		or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'))
$$;

-- The same for the reader.
create function public.may_subscribe_registered(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_subscribe_registered(private.me(), summit)
$$;
grant execute on function public.may_subscribe_registered(uuid) to authenticated;

-- Those of the requested topics that the reader may receive.
create function public.allowed_topics(topics text[]) returns text[]
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
grant execute on function public.allowed_topics(text[]) to anon, authenticated;

-- The people (null: a signed-out viewer) who receive a topic and have lost the right to it. Checked each minute, in
-- case the event of a change was lost.
create function private.list_stale_subscribers(p_topic text, p_people uuid[]) returns table (person_id uuid)
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
grant execute on function private.list_stale_subscribers(text, uuid[]) to app_server;

-- The sessions and Summits of these runs. An event about the rights or the stage of a session concerns all who follow
-- its run: the app finds the run by this.
create function private.sessions_of_runs(p_runs uuid[]) returns table (run uuid, session uuid, summit uuid)
language sql stable security definer set search_path = '' as $$
	select runs.id, runs.session_id, runs.summit_id from public.runs where runs.id = any (p_runs)
$$;
grant execute on function private.sessions_of_runs(uuid[]) to app_server;

-- Sends an event about a run, with the room in which it is or was, so that pages of other rooms need not read. It goes
-- to everybody who sees the session, and on the topic of everybody who sees sessions of its level: `registered:` where
-- only registered people may know (Rule 5, timing included). An event about a session that was public until now goes to
-- everybody.
create function private.notify_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_level public.confidentiality := private.level_in_force(new.session_id);
	v_rooms uuid[] := array[new.room_id]
		|| case when tg_op = 'UPDATE' and old.room_id <> new.room_id then array[old.room_id] else '{}' end;
begin
	perform private.publish_event('session:' || new.session_id, 'run', new.id);
	if v_level = 'public' or tg_op = 'UPDATE' and old.level = 'public' and new.level <> 'public' then
		perform private.publish_event('summit:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
		perform private.publish_event('site', 'changed');
	end if;
	if v_level in ('members', 'chatham_house') then
		perform private.publish_event('registered:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
	end if;
	return null;
end
$$;

create trigger notify_run after insert or update of state, level, room_id on public.runs for each row
	execute function private.notify_run();

-- A change of who may enter a session, or of its people, sends an event at once, so that rights do not wait for the
-- next reconciliation of the LiveKit room.
create function private.notify_entry_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid := (coalesce(to_jsonb(new), to_jsonb(old))
		->> case when tg_table_name = 'sessions' then 'id' else 'session_id' end)::uuid;
	v_person uuid := (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'person_id')::uuid;
	v_run uuid;
begin
	if tg_op = 'DELETE' then
		perform private.publish_event('session:' || v_session, 'rights', v_session);
	end if;
	select id into v_run from public.runs where session_id = v_session and state <> 'ended';
	if v_run is not null then
		perform private.publish_event('session:' || v_session, 'stage', v_run);
	end if;
	if v_run is not null and v_person is not null then
		perform private.publish_event('person:' || v_person, 'part', v_run);
	end if;
	return null;
end
$$;

create trigger notify_entry_change after insert or update or delete on public.session_people for each row
	execute function private.notify_entry_change();

create trigger notify_entry_change after insert or update or delete on public.session_audiences for each row
	execute function private.notify_entry_change();

create trigger notify_entry_change after update of audience, attendance, level on public.sessions for each row
	execute function private.notify_entry_change();

-- A changed audience makes the app check every subscriber of the session's topic again.
create function private.notify_audience_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || new.id, 'rights', new.id);
	return null;
end
$$;

create trigger notify_audience_change after update of audience, attendance on public.sessions for each row
	when (new.audience <> old.audience or new.attendance <> old.attendance)
	execute function private.notify_audience_change();
