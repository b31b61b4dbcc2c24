-- Sessions of groups at Summits. The audience of such a session lists today's people of the group, as the group itself
-- counts them (private.is_in_group): nothing is copied, so who joins enters at once, and who leaves or whose term is over
-- loses sight at once. A group that has ended admits nobody. Organisers may list others beside them. Who is listed is
-- decided by private.is_listed (12_agenda/visibility.sql).

-- The groups of a session that its organiser sees, and those that they may choose for it: {groups: [{code, name,
-- is_ended}], choices: [{code, name}]}; null when the reader may not edit the session.
create function public.read_session_groups(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'groups', coalesce(
			jsonb_agg(x.one || jsonb_build_object('is_ended', not x.goes_on) order by x.created_at, x.id)
				filter (where x.belongs),
			'[]'
		),
		'choices', coalesce(jsonb_agg(x.one order by x.created_at, x.id) filter (where not x.belongs and x.goes_on), '[]'))
	from (
		select g.id, g.created_at, g.ended_at is null as goes_on,
			jsonb_build_object('code', g.code, 'name', g.name) as one,
			exists (select from private.session_groups as s
				where s.session_id = read_session_groups.session and s.group_id = g.id) as belongs
		from private.groups as g
		where g.id in (select private.visible_groups(private.me()))
	) as x
	having private.may_edit_session(session)
$$;
grant execute on function public.read_session_groups(uuid) to authenticated;

-- Makes a session belong to a group that the organiser sees and that goes on. The session is for those listed already:
-- a group never shuts out others by itself. Answers ok | already | not_allowed | unknown | not_listed. Locks the draft,
-- then the session.
create function public.choose_session_group(session uuid, code text) returns public.session_group_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v public.sessions;
	v_group uuid;
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	perform private.lock_draft((select s.summit_id from public.sessions as s where s.id = session));
	select * into v from public.sessions as s where s.id = session for no key update;
	select g.id into v_group from private.groups as g
	where g.code = choose_session_group.code
		and g.ended_at is null
		and g.id in (select private.visible_groups(private.me()));
	if v_group is null then return 'unknown'; end if;
	if v.audience <> 'listed' then return 'not_listed'; end if;
	insert into private.session_groups (session_id, summit_id, group_id)
	values (v.id, v.summit_id, v_group)
	on conflict do nothing;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.choose_session_group(uuid, text) to authenticated;

-- Ends that a session belongs to a group that the organiser sees. The audience stays for those listed. Answers ok |
-- not_allowed. Locks the draft.
create function public.remove_session_group(session uuid, code text) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	perform private.lock_draft((select s.summit_id from public.sessions as s where s.id = session));
	delete from private.session_groups as x
	using private.groups as g
	where x.session_id = remove_session_group.session
		and x.group_id = g.id
		and g.code = remove_session_group.code
		and g.id in (select private.visible_groups(private.me()));
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.remove_session_group(uuid, text) to authenticated;

-- Ends that a session belongs to any group, those too that the organiser does not see. Answers ok, whether there were
-- any or none, or not_allowed. Locks the draft.
create function public.remove_session_groups(session uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	perform private.lock_draft((select s.summit_id from public.sessions as s where s.id = session));
	delete from private.session_groups as x where x.session_id = remove_session_groups.session;
	return 'ok';
end
$$;
grant execute on function public.remove_session_groups(uuid) to authenticated;

-- The groups of a session that the reader is of today, [{code, name}].
create function private.own_session_groups(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.created_at, g.id), '[]')
	from private.session_groups as s
	join private.groups as g on g.id = s.group_id
	where s.session_id = p_session and private.is_in_group((select private.me()), g.id)
$$;

-- The released sessions of a group that the reader, who is of the group today, sees: [{summit: slug, summit_name, zone,
-- code, title, start, end: of its first time, or null, is_cancelled}], the newest first. Empty for others.
create function public.list_group_sessions(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'summit', u.slug,
			'summit_name', u.name,
			'zone', u.zone,
			'code', s.code,
			'title', rs.title,
			'start', private.iso(lower(times.during)),
			'end', private.iso(upper(times.during)),
			'is_cancelled', rs.is_cancelled) order by lower(times.during) desc nulls first, s.code), '[]')
	from private.groups as g
	join private.session_groups as x on x.group_id = g.id
	join public.sessions as s on s.id = x.session_id
	join public.summits as u on u.id = s.summit_id
	join public.release_sessions as rs
		on rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)
	left join lateral (
		select sl.during
		from public.release_slots as sl
		where sl.release_id = rs.release_id and sl.session_id = s.id
		order by lower(sl.during)
		limit 1
	) as times on true
	where g.code = list_group_sessions.code
		and private.is_in_group((select private.me()), g.id)
		and s.summit_id in (select private.readable_summits())
		and private.can_see((select private.me()), s.id)
$$;
grant execute on function public.list_group_sessions(text) to authenticated;

-- Tells open pages and streams that other people see and enter these sessions now.
create function private.notify_session_audiences(p_sessions uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || each.id, 'rights', each.id) from unnest(p_sessions) as each (id);
	perform private.publish_event('session:' || r.session_id, 'stage', r.id)
	from public.runs as r
	where r.session_id = any (p_sessions) and r.state <> 'ended';
	perform private.publish_event('site', 'changed');
end
$$;

-- A session got or lost a group.
create function private.follow_session_group() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid := coalesce(new.session_id, old.session_id);
begin
	perform private.notify_session_audiences(array[v_session]);
	perform private.queue_session_calendars(v_session);
	return null;
end
$$;
create trigger follow_session_group after insert or delete on private.session_groups for each row
	execute function private.follow_session_group();

-- Gives up the places that these people can no longer take in a session that has a time ahead, and the next move up.
create function private.give_up_group_places(p_session uuid, p_people uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from private.session_places as p where p.session_id = p_session for update;
	if not found or not private.has_time_ahead(p_session) then return; end if;
	delete from private.session_signups as u
	where u.session_id = p_session
		and u.person_id = any (p_people)
		and private.signup_entitlement(u.person_id, p_session, u.channel) <> 'ok';
	if found then perform private.promote_waiting_signups(p_session); end if;
end
$$;

-- Whether a session has a time in the newest release that is not over.
create function private.has_time_ahead(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.sessions as s
		join public.release_slots as sl
			on sl.session_id = s.id and sl.release_id = private.newest_release(s.summit_id)
		where s.id = p_session and upper(sl.during) > now()
	)
$$;

-- Moves the closed runs of sessions in which somebody takes part who no longer sees them: removing a person from LiveKit
-- revokes no token, so who kept one must find nobody in the old rooms.
create function private.rotate_left_runs(p_sessions uuid[], p_people uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	for v_run in
		select r.id
		from public.runs as r
		where r.session_id = any (p_sessions)
			and r.state <> 'ended'
			and r.level = 'closed'
			and exists (
				select
				from private.run_participants as p
				where p.run_id = r.id
					and p.person_id = any (p_people)
					and not private.can_see(p.person_id, r.session_id)
			)
		order by r.id
	loop
		perform private.rotate_livekit_rooms(v_run);
	end loop;
end
$$;

-- The same where a term is over, which nobody ends: for rooms that were opened before its end. Runs in which somebody
-- acts at this moment are left to the next time. Runs each minute.
create function private.rotate_ended_term_runs() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	for v_run in
		select r.id
		from public.runs as r
		where r.state <> 'ended'
			and r.level = 'closed'
			and exists (
				select
				from private.session_groups as s
				join private.group_people as x on x.group_id = s.group_id
				join private.run_participants as p on p.run_id = r.id and p.person_id = x.person_id
				cross join lateral (
					select l.opened_at from private.livekit_rooms as l where l.run_id = r.id and l.closed_at is null
					union all
					select l.opened_at
					from private.meeting_livekit_rooms as l
					where l.room_id = r.id and l.closed_at is null) as l
				where s.session_id = r.session_id
					and x.ended_at is null
					and x.until < current_date
					and l.opened_at < x.until + 1
					and not private.can_see(p.person_id, r.session_id)
			)
		order by r.id
		for update of r skip locked
	loop
		perform private.rotate_livekit_rooms(v_run);
	end loop;
end
$$;

-- What follows at Summits that go on when people of a group are no longer of it, or are so now: for the sessions of the
-- group at which one of them is registered. Elsewhere nothing follows: nobody may write there any more, and no event
-- tells of people who have no part.
create function private.follow_group_people(p_group uuid, p_people uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_sessions uuid[] := array(
		select x.session_id
		from private.session_groups as x
		join public.summits as u on u.id = x.summit_id and u.state in ('open', 'live')
		where x.group_id = p_group
			and exists (
				select
				from public.registrations as r
				where r.summit_id = x.summit_id and r.person_id = any (p_people) and r.state = 'confirmed'
			)
		order by x.session_id);
begin
	if v_sessions = '{}' then return; end if;
	perform private.notify_session_audiences(v_sessions);
	perform private.rotate_left_runs(v_sessions, p_people);
	perform private.queue_reader_calendars(p_people, each.summit_id)
	from (select distinct s.summit_id from public.sessions as s where s.id = any (v_sessions)) as each
	order by each.summit_id;
	perform private.give_up_group_places(each.id, p_people) from unnest(v_sessions) as each (id);
end
$$;

-- Somebody joined or left a group, or their term changed. A merge moves entries from one record to the other and tells
-- of it itself.
create function private.follow_group_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if current_setting('app.merging', true) = 'yes' then return null; end if;
	perform private.follow_group_people(
		coalesce(new.group_id, old.group_id), array[coalesce(new.person_id, old.person_id)]
	);
	return null;
end
$$;
create trigger follow_group_person after insert or delete on private.group_people for each row
	execute function private.follow_group_person();
create trigger follow_group_term after update of ended_at, until on private.group_people for each row
	when (old.ended_at is distinct from new.ended_at or old.until is distinct from new.until)
	execute function private.follow_group_person();

-- A group ended, or goes on again.
create function private.follow_group_end() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.follow_group_people(
		new.id, array(select x.person_id from private.live_group_people as x where x.group_id = new.id order by 1)
	);
	return null;
end
$$;
create trigger follow_group_end after update of ended_at on private.groups for each row
	when ((old.ended_at is null) <> (new.ended_at is null))
	execute function private.follow_group_end();

-- Notes the calendars that still hold sessions of a group for people whose term is over, which nobody ends, and gives up
-- their places, 200 at a time. Calendars for which a mail or digest waits, or which no mail reaches, are left. Runs each
-- minute.
create function private.queue_ended_term_calendars() returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.queue_calendar_updates(array_agg(due.person_id), due.summit_id)
	from (
		select distinct i.person_id, s.summit_id
		from private.group_people as e
		join private.session_groups as s on s.group_id = e.group_id
		join private.calendar_invitations as i on i.session_id = s.session_id and i.person_id = e.person_id
		where e.ended_at is null
			and e.until < current_date
			and i.fingerprint is not null
			and upper(i.during) > now()
			and s.summit_id in (select u.id from public.summits as u where u.state in ('open', 'live'))
			and exists (
				select from private.person_addresses as a where a.person_id = i.person_id and a.is_primary
			)
			and not exists (
				select from private.calendar_update_queue as q
				where q.person_id = i.person_id and q.summit_id = s.summit_id
			)
			and not exists (
				select from private.outbox as o
				where o.person_id = i.person_id
					and o.summit_id = s.summit_id
					and o.state in ('queued', 'sending')
					and o.params ? 'calendar'
			)
			and not exists (
				select from private.pending_agenda_changes as c
				where c.person_id = i.person_id and c.session_id = s.session_id
			)
			and not private.can_see(i.person_id, s.session_id)
		limit 200
	) as due
	group by due.summit_id
	order by due.summit_id;
	perform private.give_up_group_places(due.session_id, due.people)
	from (
		select u.session_id, array_agg(distinct u.person_id) as people
		from private.group_people as e
		join private.session_groups as s on s.group_id = e.group_id
		join private.session_signups as u on u.session_id = s.session_id and u.person_id = e.person_id
		where e.ended_at is null
			and e.until < current_date
			and s.summit_id in (select o.id from public.summits as o where o.state in ('open', 'live'))
			and private.has_time_ahead(u.session_id)
			and private.signup_entitlement(u.person_id, u.session_id, u.channel) <> 'ok'
		group by u.session_id
		order by u.session_id
		limit 200
	) as due
	order by due.session_id;
end
$$;
