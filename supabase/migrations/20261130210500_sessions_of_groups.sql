-- Sessions at Summits belong to groups: their audience lists today's people of the group.
set check_function_bodies = off;

-- Sessions at Summits that belong to groups. A session may belong to several; who sees a row only as an organiser of the
-- session learns nothing of a group that they do not see.
create table private.session_groups (
	session_id uuid not null,
	summit_id uuid not null,
	group_id uuid not null references private.groups (id) on delete cascade,
	added_at timestamptz not null default now(),
	primary key (session_id, group_id),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
create index on private.session_groups (group_id);
create index on private.session_groups (summit_id);
alter table private.session_groups enable row level security;
select audit.watch('private.session_groups');

-- Making a session belong to a group. Unknown: the organiser sees no such group, or it has ended. Public session: it is
-- for everybody.
create domain public.session_group_status as text check (value in (
	'ok', 'already', 'not_allowed', 'unknown', 'public_session'
));

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

drop function private.is_listed(uuid, uuid, uuid, public.sector, public.registration_category);
-- Whether the audience of a session lists somebody: in person, by member, sector or category, or as one of the people of
-- its groups today (31_groups/sessions.sql). `p_groups_of`: only groups that this person sees count.
create function private.is_listed(
	p_session uuid,
	p_person uuid,
	p_member uuid,
	p_sector public.sector,
	p_category public.registration_category,
	p_groups_of uuid default null
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.session_audiences as a
			where a.session_id = p_session
				and (a.person_id = p_person or a.member_id = p_member or a.sector = p_sector or a.category = p_category)
		)
		or private.is_listed_by_group(p_session, p_person, p_groups_of)
$$;

-- Whether a reader who sees a session may enter it, apart from bars, places and the entry lock; by its live row and the
-- newest release, or (`p_is_draft`) as if the draft were released.
create or replace function private.reader_entitlement(
	p_reader private.session_reader,
	p_session public.sessions,
	p_channel public.access_channel,
	p_is_draft boolean
) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_level public.confidentiality;
	v_audience public.session_audience;
begin
	-- The door always requires an in-person registration, also of people who enter by role.
	if p_channel = 'door' then
		if not p_reader.is_registered then return 'not_registered'; end if;
		if p_reader.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if p_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_reader.person_id, p_session.id, p_channel) then return 'ok'; end if;
	if p_channel = 'stream' and p_session.attendance = 'hall' then return 'hall_only'; end if;
	v_level := case when p_is_draft then p_session.level else private.level_in_force(p_session.id) end;
	v_audience := case when p_is_draft then p_session.audience else private.audience_in_force(p_session.id) end;
	if v_audience = 'everyone' and v_level = 'public' and p_channel = 'stream' then return 'ok'; end if;
	if not p_reader.is_registered then
		return case when p_reader.person_id is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	if (v_audience = 'listed' or v_level = 'closed')
		and not private.is_listed(
			p_session.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category,
			case when p_is_draft then private.me() end
		) then
		return 'not_listed';
	end if;
	return 'ok';
end
$$;

-- The sessions that a reader would see if the draft were released now: those of the release that `private.is_seen` shows
-- them, with the levels and audiences of the draft. Of groups those count that the organiser sees: a preview tells
-- nobody who is of the others.
create or replace function private.sessions_if_released(p_summit uuid, p_reader private.session_reader) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select s.id
	from public.sessions as s
	left join public.release_sessions as before
		on before.session_id = s.id and before.release_id = (select private.newest_release(p_summit)),
		private.organiser_levels(p_reader.person_id, p_summit) as organiser
	where s.summit_id = p_summit
		and private.is_releasable(s.id, s.state, before.session_id)
		and private.is_seen(
			s.level,
			exists (
				select
				from public.session_people as sp
				where sp.session_id = s.id and sp.person_id = p_reader.person_id and sp.state <> 'declined'
			),
			organiser.level,
			true,
			p_reader.is_registered,
			private.is_listed(
				s.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category, (select private.me())
			)
		)
$$;

-- The page of a session: the released session with {entry: {stream, door}, is_marked, groups: those of its groups that
-- the reader is of, [{code, name}], portraits: {code: path}, links, release}; null when the reader does not see it. Links are read here only, since lists of sessions show none of them.
create or replace function public.read_session(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.released_session(private.newest_release(summit), s.id) || jsonb_build_object(
		'entry', jsonb_build_object('stream', public.can_enter(s.id, 'stream'), 'door', public.can_enter(s.id, 'door')),
		'is_marked', exists (select from public.agenda_marks where person_id = (select private.me()) and session_id = s.id),
		'groups', private.own_session_groups(s.id),
		'portraits', (
			select coalesce(jsonb_object_agg(p.code, p.portrait_path), '{}')
			from public.release_people as rp
			join public.people as p on p.id = rp.person_id
			where rp.release_id = private.newest_release(summit)
				and rp.session_id = s.id
				and p.portrait_path is not null
				and private.is_named(s.id, p.id, rp.role)
				and not private.must_hide_portrait(p.id)
		),
		'links', (
			select rs.links
			from public.release_sessions as rs
			where rs.release_id = private.newest_release(summit) and rs.session_id = s.id
		),
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(summit)
		)
	)
	from public.sessions as s
	where s.summit_id = summit
		and s.code = read_session.code
		and summit in (select private.readable_summits())
		and private.can_see(private.me(), s.id)
$$;

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
	perform private.queue_ended_term_calendars();
end
$$;

insert into private.retention_rules (table_name, exemption)
values
	('private.session_groups', 'agenda');

reset check_function_bodies;

select private.close_with_summit();
