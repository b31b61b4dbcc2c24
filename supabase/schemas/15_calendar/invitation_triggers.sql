-- Every change that may alter what belongs in somebody's calendar notes the person. Whether anything did change is
-- found out when the mail is written (`invitations.sql`).

-- A role in a session, a place in it or a star (where the person asked for starred sessions) was added, changed or
-- removed.
create function private.queue_own_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
	v_summit uuid;
begin
	if tg_op = 'INSERT' and v_row ->> 'state' in ('invited', 'declined', 'waiting') then return null; end if;
	if tg_table_name = 'agenda_marks'
		and not exists (
			select from public.person_preferences as f
			where f.person_id = (v_row ->> 'person_id')::uuid and f.calendar_invitations = 'marked'
		) then
		return null;
	end if;
	select s.summit_id into v_summit from public.sessions as s
	where s.id = (v_row ->> 'session_id')::uuid;
	-- Deleting a person deletes their rows.
	if v_summit is null or not exists (select from public.people as p where p.id = (v_row ->> 'person_id')::uuid) then
		return null;
	end if;
	perform private.queue_calendar_updates(array[(v_row ->> 'person_id')::uuid], v_summit);
	return null;
end
$$;

create trigger queue_own_calendar after insert or update of state or delete on public.session_people for each row
	execute function private.queue_own_calendar();
create trigger queue_own_calendar after insert or update of state or delete on private.session_signups for each row
	execute function private.queue_own_calendar();
create trigger queue_own_calendar after insert or delete on public.agenda_marks for each row
	execute function private.queue_own_calendar();

-- Notes everybody whose calendar a change of one session may concern. Cancellations are not noted here: they go out
-- with their release.
create function private.queue_session_calendars(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.queue_calendar_updates(array(
		select i.person_id from private.calendar_invitations as i
		where i.session_id = p_session
		union
		select u.person_id from private.session_signups as u
		where u.session_id = p_session
		union
		select sp.person_id from public.session_people as sp
		where sp.session_id = p_session and sp.state = 'confirmed'
		union
		select m.person_id from public.agenda_marks as m
		join public.person_preferences as f on f.person_id = m.person_id and f.calendar_invitations = 'marked'
		where m.session_id = p_session
	), s.summit_id)
	from public.sessions as s
	where s.id = p_session and exists (select from private.release_events as e where e.session_id = p_session)
$$;

-- A session's level, audience or state changed.
create function private.queue_changed_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_session_calendars(new.id);
	return null;
end
$$;

create trigger queue_changed_session after update of state, level, audience on public.sessions for each row
	when (
		new.state <> 'cancelled'
		and (old.state, old.level, old.audience) is distinct from (new.state, new.level, new.audience)
	)
	execute function private.queue_changed_session();

-- A session's audience got or lost entries.
create function private.queue_changed_audiences() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_session_calendars(each.session_id)
	from (select distinct session_id from changed order by session_id) as each;
	return null;
end
$$;

create trigger queue_audience_added after insert on public.session_audiences
	referencing new table as changed for each statement execute function private.queue_changed_audiences();
create trigger queue_audience_removed after delete on public.session_audiences
	referencing old table as changed for each statement execute function private.queue_changed_audiences();

-- Of people who may see other sessions now, notes those who have a star, a place or an invitation.
create function private.queue_reader_calendars(p_people uuid[], p_summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.queue_calendar_updates(array(
		select each.id from unnest(p_people) as each (id)
		where exists (select from public.agenda_marks as m where m.person_id = each.id)
			or exists (select from private.session_signups as u where u.person_id = each.id)
			or exists (select from private.calendar_invitations as i where i.person_id = each.id)
	), p_summit)
$$;

-- A registration was confirmed, ended, or moved to another mode, category or member.
create function private.queue_registered_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_reader_calendars(array[new.person_id], new.summit_id);
	return null;
end
$$;

create trigger queue_registered_calendar after update of state, mode, category, member_id on public.registrations
	for each row
	when (
		(old.state = 'confirmed' or new.state = 'confirmed')
		and (old.state, old.mode, old.category, old.member_id) is distinct from (
			new.state, new.mode, new.category, new.member_id
		)
	)
	execute function private.queue_registered_calendar();

-- An organiser role was given or ended. A role without a Summit counts for all open ones.
create function private.queue_role_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_reader_calendars(array[new.person_id], u.id)
	from public.summits as u
	where u.state in ('open', 'live') and u.id = coalesce(new.summit_id, u.id)
	order by u.id;
	return null;
end
$$;

create trigger queue_role_calendar after insert or update of ended_at on public.role_grants for each row
	execute function private.queue_role_calendar();

-- A member moved to another sector; sessions may be for sectors.
create function private.queue_sector_calendars() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_reader_calendars(array(
		select r.person_id from public.registrations as r
		where r.summit_id = new.summit_id and r.member_id = new.member_id and r.state = 'confirmed'
	), new.summit_id);
	return null;
end
$$;

create trigger queue_sector_calendars after update of sector on public.summit_members for each row
	when (old.sector <> new.sector)
	execute function private.queue_sector_calendars();

-- A person chose which sessions come to their calendar.
create function private.queue_preference_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_calendar_updates(array[new.person_id], u.id)
	from public.summits as u
	where u.state in ('open', 'live')
	order by u.id;
	return null;
end
$$;

create trigger queue_preference_calendar after update of calendar_invitations on public.person_preferences for each row
	when (old.calendar_invitations <> new.calendar_invitations)
	execute function private.queue_preference_calendar();
create trigger queue_first_preference after insert on public.person_preferences for each row
	when (new.calendar_invitations <> 'own')
	execute function private.queue_preference_calendar();

-- A release was made. People for whom a digest is due learn from the digest. This notes the rest: those whose events
-- changed or went, and those with a place but no star. The delay of 15 minutes lets a corrected release follow.
create function private.queue_released_calendars() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.queue_calendar_updates(
		array(
			select i.person_id from private.calendar_invitations as i
			join public.sessions as s on s.id = i.session_id
			where s.summit_id = new.summit_id
				and i.fingerprint is not null
				and not exists (
					select from private.release_events as e
					where e.release_id = new.id and e.uid = i.uid and e.sequence < new.number
				)
			union
			select u.person_id from private.session_signups as u
			join private.release_events as e on e.session_id = u.session_id
			where e.release_id = new.id and e.sequence = new.number and u.state = 'placed'
		),
		new.summit_id, case when new.is_live_change then now() else now() + interval '15 minutes' end
	);
	return null;
end
$$;

-- Triggers run in the order of their names: this one after `assign_event_uids`, which writes the events that it reads.
create constraint trigger queue_released_calendars after insert on public.releases
	deferrable initially deferred for each row execute function private.queue_released_calendars();
