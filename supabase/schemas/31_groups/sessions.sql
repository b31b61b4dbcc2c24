-- Sessions of groups at Summits. The audience of such a session lists today's people of the group, as the group itself
-- counts them (private.is_in_group): nothing is copied, so who joins enters at once, and who leaves or whose term is over
-- loses sight at once. Organisers may list others beside them.

-- Whether a session belongs to a group of which somebody is today. `p_groups_of`: only groups that this person sees
-- count, so that a preview tells an organiser nothing of the others; null: all count.
create function private.is_listed_by_group(p_session uuid, p_person uuid, p_groups_of uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.session_groups as s
		where s.session_id = p_session
			and private.is_in_group(p_person, s.group_id)
			and (p_groups_of is null or s.group_id in (select private.visible_groups(p_groups_of)))
	)
$$;

-- The groups of a session that its organiser sees, and those that they may choose for it: {groups: [{code, name}],
-- choices: [{code, name}]}; null when the reader may not edit the session.
create function public.read_session_groups(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'groups', coalesce(jsonb_agg(x.one order by x.created_at, x.id) filter (where x.belongs), '[]'),
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

-- Makes a session belong to a group that the organiser sees and that goes on; its audience is then for those listed.
-- Answers ok | already | not_allowed | unknown | public_session (everybody sees and enters a public session). Locks the
-- draft, then the session.
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
	if v.level = 'public' then return 'public_session'; end if;
	if v.audience <> 'listed' then
		perform public.edit_session(v.summit_id, v.id, jsonb_build_object('version', v.version, 'audience', 'listed'));
	end if;
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

-- Tells open pages, streams and calendars that other people see and enter a session now.
create function private.notify_session_audience(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	perform private.publish_event('session:' || p_session, 'rights', p_session);
	select r.id into v_run from public.runs as r where r.session_id = p_session and r.state <> 'ended';
	if v_run is not null then perform private.publish_event('session:' || p_session, 'stage', v_run); end if;
	perform private.queue_session_calendars(p_session);
end
$$;

-- A session got or lost a group.
create function private.follow_session_group() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.notify_session_audience(coalesce(new.session_id, old.session_id));
	perform private.publish_event('site', 'changed');
	return null;
end
$$;
create trigger follow_session_group after insert or delete on private.session_groups for each row
	execute function private.follow_session_group();

-- Somebody joined or left a group that has sessions, or their term changed.
create function private.follow_group_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.notify_session_audience(s.session_id)
	from private.session_groups as s
	where s.group_id = coalesce(new.group_id, old.group_id)
	order by s.session_id;
	if found then perform private.publish_event('site', 'changed'); end if;
	return null;
end
$$;
create trigger follow_group_person after insert or update of ended_at, until, person_id or delete on private.group_people
	for each row execute function private.follow_group_person();

-- Notes the calendars that still hold sessions of a group for people whose term is over, which nobody ends. Runs each
-- minute.
create function private.queue_ended_term_calendars() returns void
language sql volatile security definer set search_path = '' as $$
	select private.queue_calendar_updates(array_agg(i.person_id), s.summit_id)
	from private.session_groups as s
	join private.calendar_invitations as i on i.session_id = s.session_id
	where i.fingerprint is not null
		and upper(i.during) > now()
		and not private.can_see(i.person_id, s.session_id)
		and not exists (
			select from private.calendar_update_queue as q
			where q.person_id = i.person_id and q.summit_id = s.summit_id
		)
	group by s.summit_id
$$;
