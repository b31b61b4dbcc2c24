-- Invitations to a person's own calendar (RFC 5546, 6047), by mail: sessions in which they take part or have a place
-- and, if they ask for it, what they starred. What a calendar was told is written down; a mail takes the difference to
-- what is so when it is sent.

-- Half a minute, so that a place taken and given back makes no mail. An update, not nothing: whoever looks at the row
-- at the moment does not see yet what this transaction does, and must look again.
create function private.note_calendars(p_people uuid[], p_summit uuid, p_due timestamptz
	default now() + interval '30 seconds') returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.calendar_dues (person_id, summit_id, due_at) select distinct each.id, p_summit, p_due
		from unnest(p_people) as each (id) order by each.id
	on conflict (person_id, summit_id) do update set due_at = excluded.due_at
$$;

-- The sessions that belong into somebody's calendar, as far as they may see them today.
create function private.invited_sessions(p_person uuid, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with chosen as (
		select coalesce((select f.calendar_invitations from public.person_preferences as f
			where f.person_id = p_person), 'own') as how
	), theirs as materialized (
		select sp.session_id from public.session_people as sp
			where sp.person_id = p_person and sp.summit_id = p_summit and sp.state = 'confirmed'
		union
		select u.session_id
			from private.session_signups as u join private.session_places as p on p.session_id = u.session_id
			where u.person_id = p_person and u.state = 'placed' and p.summit_id = p_summit
		union
		select m.session_id from public.agenda_marks as m join public.sessions as s on s.id = m.session_id, chosen
			where m.person_id = p_person and s.summit_id = p_summit and chosen.how = 'marked'
	)
	select theirs.session_id from theirs, chosen
		where chosen.how <> 'none' and private.can_see(p_person, theirs.session_id)
$$;

-- Their events in the newest release that are still to come. The print is of what moves an entry in a calendar: a
-- corrected text is no reason to write to anybody, and goes along with the next mail.
create function private.invited_events(p_person uuid, p_summit uuid)
	returns table (session_id uuid, uid uuid, sequence integer, during tstzrange, print text)
language sql stable security definer set search_path = '' as $$
	select e.session_id, e.uid, e.sequence, placed.during,
		md5(jsonb_build_array(extract(epoch from lower(placed.during)), extract(epoch from upper(placed.during)),
			placed.rooms, rs.title, rs.attendance)::text)
	from private.invited_sessions(p_person, p_summit) as theirs (id)
	join private.release_events as e on e.release_id = private.newest_release(p_summit) and e.session_id = theirs.id
	join public.release_sessions as rs on rs.release_id = e.release_id and rs.session_id = e.session_id
	cross join lateral (select sl.during, jsonb_agg(sl.room_id order by sl.room_id) as rooms
		from public.release_slots as sl
		where sl.release_id = e.release_id and sl.slot_id = e.slot_id group by sl.during) as placed
	where not rs.is_cancelled and not rs.is_break and upper(placed.during) > now()
$$;

-- What a calendar is to be told, by this mail (which is tried again with the same words) or by one to come: events that
-- are new or other, and events that are off. What a digest is waited for with is left to it.
create function private.due_invitations(p_person uuid, p_summit uuid, p_mail uuid default null, p_digest boolean
	default false)
returns table (uid uuid, session_id uuid, is_off boolean, sequence integer, during tstzrange, print text)
language sql stable security definer set search_path = '' as $$
	with so as materialized (
		select * from private.invited_events(p_person, p_summit)
	), told as materialized (
		select i.*, coalesce(i.mail_id = p_mail, false) as is_this, coalesce(o.state = 'dead', false) as is_lost
		from private.calendar_invitations as i join public.sessions as s on s.id = i.session_id left
			join private.outbox as o on o.id = i.mail_id
		where i.person_id = p_person and s.summit_id = p_summit
	)
	select coalesce(so.uid, told.uid), coalesce(so.session_id, told.session_id), so.uid is null,
		case when told.uid is null then so.sequence when told.is_this and told.print is not distinct
			from so.print then told.sequence
			else greatest(so.sequence, told.sequence + 1) end,
		coalesce(so.during, told.during), so.print
	from so full join told on told.uid = so.uid
	where (p_digest or not exists (select from private.agenda_concerns as c
		where c.person_id = p_person and c.session_id = coalesce(so.session_id, told.session_id)))
		and case when told.is_this then true
			when so.uid is null then (told.print is not null or told.is_lost) and upper(told.during) > now()
			-- What was cancelled since the release is told with the next.
			when exists (select from public.sessions as s where s.id = so.session_id and s.state = 'cancelled')
				then false
			else told.print is null or told.print <> so.print or told.is_lost end
$$;

-- Queues the mail that brings somebody's calendar up to date, unless one is on its way: that takes whatever there is
-- when it is sent.
create function private.send_calendar(p_person uuid, p_summit uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.calendar_dues where person_id = p_person and summit_id = p_summit;
	if not exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary)
		or not exists (select from private.due_invitations(p_person, p_summit))
		or exists (select from private.outbox as o where o.person_id = p_person and o.summit_id = p_summit
			and o.state = 'queued' and o.params ? 'calendar') then
		return false;
	end if;
	return private.enqueue_mail(p_person, 'calendar_event', '{"calendar": true}', p_summit, null, 9) is not null;
end
$$;

-- Looks at whose turn it is, some at a time. Answers how many people were looked at.
create function private.send_calendars(p_limit integer default 50) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_count integer := 0;
begin
	for v_due in select d.person_id, d.summit_id from private.calendar_dues as d where d.due_at <= now()
		order by d.due_at, d.person_id limit p_limit for update skip locked loop
		perform private.send_calendar(v_due.person_id, v_due.summit_id);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_calendars(integer) to app_server;

-- What a mail that is being sent brings: [{method, uid, sequence, start, end, session, rooms}], and writes it down as
-- told. `session` is null where its reader may not see it any more.
create function private.take_invitations(p_mail uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_release uuid;
	v_answer jsonb;
begin
	select * into v_mail from private.outbox where id = p_mail and state = 'sending' and params ? 'calendar';
	if v_mail.person_id is null or v_mail.summit_id is null then return '[]'; end if;
	-- Two mails to one person, sent at once, bring each change once.
	perform pg_advisory_xact_lock(hashtextextended('calendar:' || v_mail.person_id || v_mail.summit_id, 7));
	v_release := private.newest_release(v_mail.summit_id);
	with due as materialized (
		select *
			from private.due_invitations(v_mail.person_id, v_mail.summit_id, p_mail, v_mail.template = 'agenda_changes')
			order by during, uid limit 40
	), written as (
		insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, print, mail_id)
		select v_mail.person_id, due.uid, due.session_id, due.sequence, due.during, due.print, p_mail from due
		on conflict (person_id, uid) do update
			set session_id = excluded.session_id, sequence = excluded.sequence, during = excluded.during,
			print = excluded.print, mail_id = excluded.mail_id
	)
	select coalesce(jsonb_agg(jsonb_build_object('method', case when due.is_off then 'CANCEL' else 'REQUEST' end, 'uid',
		due.uid, 'sequence', due.sequence,
		'start', private.iso(lower(due.during)), 'end', private.iso(upper(due.during)),
		'session', case when private.can_see(v_mail.person_id, due.session_id)
			then private.released_session(v_release, due.session_id) end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object('slug', r.slug, 'name', r.name)
			order by r.position, r.slug), '[]')
			from private.release_events as e
				join public.release_slots as sl on sl.release_id = e.release_id and sl.slot_id = e.slot_id
			join public.rooms as r on r.id = sl.room_id
				where e.release_id = v_release and e.uid = due.uid and not due.is_off))
		order by due.during, due.uid), '[]') into v_answer from due;
	if jsonb_array_length(v_answer) = 40 then
		perform private.note_calendars(array[v_mail.person_id], v_mail.summit_id);
	end if;
	return v_answer;
end
$$;
grant execute on function private.take_invitations(uuid) to app_server;

-- A mail that had nothing but an invitation, which another mail brought meanwhile, is not sent.
create function private.mail_dropped(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.outbox
		where id = p_id and claim_id = p_claim and state = 'sending' and template = 'calendar_event'
$$;
grant execute on function private.mail_dropped(uuid, uuid) to app_server;

-- Answers ok or not_allowed.
create function public.choose_calendar_invitations(how text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or how is null or how not in ('none', 'own', 'marked') then return 'not_allowed'; end if;
	insert into public.person_preferences (person_id, calendar_invitations) values (v_me, how)
	on conflict (person_id) do update set calendar_invitations = excluded.calendar_invitations, updated_at = now();
	return 'ok';
end
$$;
grant execute on function public.choose_calendar_invitations(text) to authenticated;

-- Whatever may change what belongs into somebody's calendar notes whose it is; what is so is found out when the mail is
-- written.

-- Whoever takes part, has a place or (where they asked for it) a star, or takes it away.
create function private.note_own_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row jsonb := coalesce(to_jsonb(new), to_jsonb(old));
	v_summit uuid;
begin
	if tg_op = 'INSERT' and v_row ->> 'state' in ('invited', 'declined', 'waiting') then return null; end if;
	if tg_table_name = 'agenda_marks' and not exists (select from public.person_preferences as f
		where f.person_id = (v_row ->> 'person_id')::uuid and f.calendar_invitations = 'marked')
			then return null; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = (v_row ->> 'session_id')::uuid;
	-- A person who is being removed takes their rows along.
	if v_summit is null or not exists (select from public.people as p where p.id = (v_row ->> 'person_id')::uuid) then
		return null;
	end if;
	perform private.note_calendars(array[(v_row ->> 'person_id')::uuid], v_summit);
	return null;
end
$$;

create trigger note_own_calendar after insert or update of state or delete on public.session_people for each row
	execute function private.note_own_calendar();
create trigger note_own_calendar after insert or update of state or delete on private.session_signups for each row
	execute function private.note_own_calendar();
create trigger note_own_calendar after insert or delete on public.agenda_marks for each row
	execute function private.note_own_calendar();

-- Whom a session concerns that is held otherwise from now on. What is cancelled is told with its release.
create function private.note_session_calendars(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.note_calendars(array(
		select i.person_id from private.calendar_invitations as i where i.session_id = p_session
		union select u.person_id from private.session_signups as u where u.session_id = p_session
		union select sp.person_id from public.session_people as sp
			where sp.session_id = p_session and sp.state = 'confirmed'
		union select m.person_id from public.agenda_marks as m
			join public.person_preferences as f on f.person_id = m.person_id and f.calendar_invitations = 'marked'
			where m.session_id = p_session), s.summit_id)
	from public.sessions as s
		where s.id = p_session and exists (select from private.release_events as e where e.session_id = p_session)
$$;

create function private.note_held_otherwise() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_session_calendars(new.id);
	return null;
end
$$;

create trigger note_held_otherwise after update of state, level, audience on public.sessions for each row
	when (new.state <> 'cancelled' and (old.state, old.level, old.audience) is distinct
		from (new.state, new.level, new.audience))
	execute function private.note_held_otherwise();

create function private.note_audiences() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_session_calendars(each.session_id)
		from (select distinct session_id from changed order by session_id) as each;
	return null;
end
$$;

create trigger note_audience_added after insert on public.session_audiences referencing new table as changed
	for each statement execute function private.note_audiences();
create trigger note_audience_taken after delete on public.session_audiences referencing old table as changed
	for each statement execute function private.note_audiences();

-- Of people who see other sessions from now on, those whose calendar may have one.
create function private.note_readers(p_people uuid[], p_summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.note_calendars(array(select each.id from unnest(p_people) as each (id)
		where exists (select from public.agenda_marks as m where m.person_id = each.id)
			or exists (select from private.session_signups as u where u.person_id = each.id)
			or exists (select from private.calendar_invitations as i where i.person_id = each.id)), p_summit)
$$;

-- Whoever is registered, or no longer, or as somebody else.
create function private.note_registered_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_readers(array[new.person_id], new.summit_id);
	return null;
end
$$;

create trigger note_registered_calendar after update of state, mode, category, member_id on public.registrations
	for each row
	when ((old.state = 'confirmed' or new.state = 'confirmed')
		and (old.state, old.mode, old.category, old.member_id) is distinct
			from (new.state, new.mode, new.category, new.member_id))
	execute function private.note_registered_calendar();

-- An organiser's role that is given or ended.
create function private.note_role_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_readers(array[new.person_id], u.id) from public.summits as u
	where u.state in ('open', 'live') and u.id = coalesce(new.summit_id, u.id) order by u.id;
	return null;
end
$$;

create trigger note_role_calendar after insert or update of ended_at on public.role_grants for each row
	execute function private.note_role_calendar();

-- A member that is of another sector: sessions are for sectors too.
create function private.note_sector_calendars() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_readers(array(select r.person_id from public.registrations as r
		where r.summit_id = new.summit_id and r.member_id = new.member_id and r.state = 'confirmed'), new.summit_id);
	return null;
end
$$;

create trigger note_sector_calendars after update of sector on public.summit_members for each row
	when (old.sector <> new.sector) execute function private.note_sector_calendars();

create function private.note_chosen_calendar() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_calendars(array[new.person_id], u.id) from public.summits as u
		where u.state in ('open', 'live') order by u.id;
	return null;
end
$$;

create trigger note_chosen_calendar after update of calendar_invitations on public.person_preferences for each row
	when (old.calendar_invitations <> new.calendar_invitations) execute function private.note_chosen_calendar();

create trigger note_first_choice after insert on public.person_preferences for each row
	when (new.calendar_invitations <> 'own') execute function private.note_chosen_calendar();

-- A release: whoever a digest concerns is told by that. The rest are those whose entries changed or went, and who have
-- a place without a star.
create function private.note_released_calendars() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.note_calendars(array(
		select i.person_id from private.calendar_invitations as i join public.sessions as s on s.id = i.session_id
		where s.summit_id = new.summit_id and i.print is not null
			and not exists (select from private.release_events as e
				where e.release_id = new.id and e.uid = i.uid and e.sequence < new.number)
		union
		select u.person_id
			from private.session_signups as u join private.release_events as e on e.session_id = u.session_id
		where e.release_id = new.id and e.sequence = new.number and u.state = 'placed'),
		new.summit_id, case when new.is_now then now() else now() + interval '15 minutes' end);
	return null;
end
$$;

-- By its name after the events of the release have theirs.
create constraint trigger note_released_calendars after insert on public.releases deferrable initially deferred
	for each row
	execute function private.note_released_calendars();
