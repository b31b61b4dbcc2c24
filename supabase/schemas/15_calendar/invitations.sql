-- Invitations to a person's own calendar by mail (RFC 5546, RFC 6047): which events belong in it, what it still has to
-- learn, and the mails that say so.

-- Notes that the calendars of these people may be out of date. The delay of 30 seconds keeps a place that is taken and
-- given back from causing a mail. The conflict updates the row instead of doing nothing: the update waits for a worker
-- that holds the row, which does not see the changes of this transaction yet, so the row is due again afterwards.
create function private.queue_calendar_updates(
	p_people uuid[],
	p_summit uuid,
	p_due timestamptz default now() + interval '30 seconds'
) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.calendar_update_queue (person_id, summit_id, due_at)
	select distinct each.id, p_summit, p_due
	from unnest(p_people) as each (id)
	order by each.id
	on conflict (person_id, summit_id) do update set due_at = excluded.due_at
$$;

-- The sessions that belong in a person's calendar, of those that they may see now: sessions in which they have a
-- confirmed role or a place and, if they chose so, those that they starred.
create function private.invited_sessions(p_person uuid, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with chosen as (
		select coalesce((
			select f.calendar_invitations from public.person_preferences as f where f.person_id = p_person
		), 'own') as how
	), theirs as materialized (
		select sp.session_id from public.session_people as sp
		where sp.person_id = p_person and sp.summit_id = p_summit and sp.state = 'confirmed'
		union
		select u.session_id from private.session_signups as u
		join private.session_places as p on p.session_id = u.session_id
		where u.person_id = p_person and u.state = 'placed' and p.summit_id = p_summit
		union
		select m.session_id from public.agenda_marks as m
		join public.sessions as s on s.id = m.session_id, chosen
		where m.person_id = p_person and s.summit_id = p_summit and chosen.how = 'marked'
	)
	select theirs.session_id from theirs, chosen
	where chosen.how <> 'none' and private.can_see(p_person, theirs.session_id)
$$;

-- Their events in the newest release that have not ended yet. The fingerprint covers time, rooms, title and attendance
-- only: a corrected text alone sends no mail, and is included in the next one.
create function private.invited_events(p_person uuid, p_summit uuid)
	returns table (session_id uuid, uid uuid, sequence integer, during tstzrange, fingerprint text)
language sql stable security definer set search_path = '' as $$
	select e.session_id, e.uid, e.sequence, placed.during,
		md5(
			jsonb_build_array(
				extract(epoch from lower(placed.during)), extract(epoch from upper(placed.during)),
				placed.rooms, rs.title, rs.attendance
			)::text
		)
	from private.invited_sessions(p_person, p_summit) as theirs (id)
	join private.release_events as e on e.release_id = private.newest_release(p_summit) and e.session_id = theirs.id
	join public.release_sessions as rs on rs.release_id = e.release_id and rs.session_id = e.session_id
	cross join lateral (
		select sl.during, jsonb_agg(sl.room_id order by sl.room_id) as rooms
		from public.release_slots as sl
		where sl.release_id = e.release_id and sl.slot_id = e.slot_id
		group by sl.during
	) as placed
	where not rs.is_cancelled and not rs.is_break and upper(placed.during) > now()
$$;

-- What a calendar still has to learn: events that are new or changed, and events that are off (`is_off`). With
-- `p_mail`, what that mail carries, so that a retry says the same again. An event about which a digest is due waits for
-- the digest, which passes `p_digest`. A mail that was given up (`dead`) counts as never sent.
create function private.due_invitations(
	p_person uuid,
	p_summit uuid,
	p_mail uuid default null,
	p_digest boolean default false
) returns table (uid uuid, session_id uuid, is_off boolean, sequence integer, during tstzrange, fingerprint text)
language sql stable security definer set search_path = '' as $$
	with so as materialized (
		select * from private.invited_events(p_person, p_summit)
	), known as materialized (
		select i.*, coalesce(i.mail_id = p_mail, false) as is_this, coalesce(o.state = 'dead', false) as is_lost
		from private.calendar_invitations as i
		join public.sessions as s on s.id = i.session_id
		left join private.outbox as o on o.id = i.mail_id
		where i.person_id = p_person and s.summit_id = p_summit
	)
	select coalesce(so.uid, known.uid), coalesce(so.session_id, known.session_id), so.uid is null,
		case
			when known.uid is null then so.sequence
			when known.is_this and known.fingerprint is not distinct from so.fingerprint then known.sequence
			else greatest(so.sequence, known.sequence + 1)
		end,
		coalesce(so.during, known.during), so.fingerprint
	from so
	full join known on known.uid = so.uid
	where (
		p_digest
		or not exists (
			select from private.pending_agenda_changes as c
			where c.person_id = p_person and c.session_id = coalesce(so.session_id, known.session_id)
		)
	)
		and case
			when known.is_this then true
			when so.uid is null then (known.fingerprint is not null or known.is_lost) and upper(known.during) > now()
			else known.fingerprint is null or known.fingerprint <> so.fingerprint or known.is_lost
		end
$$;

-- Queues the mail that brings a person's calendar up to date. If one is queued already, it takes all that is due when
-- it is sent. Answers whether it queued one.
create function private.send_calendar(p_person uuid, p_summit uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.calendar_update_queue where person_id = p_person and summit_id = p_summit;
	if not exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary)
		or not exists (select from private.due_invitations(p_person, p_summit))
		or exists (
			select from private.outbox as o
			where o.person_id = p_person and o.summit_id = p_summit and o.state = 'queued' and o.params ? 'calendar'
		) then
		return false;
	end if;
	return private.enqueue_mail(p_person, 'calendar_event', '{"calendar": true}', p_summit, null, 9) is not null;
end
$$;

-- Handles calendars that are due, up to `p_limit`; rows that another worker holds are skipped. Answers how many it
-- handled.
create function private.send_calendars(p_limit integer default 50) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_count integer := 0;
begin
	for v_due in
		select d.person_id, d.summit_id from private.calendar_update_queue as d
		where d.due_at <= now()
		order by d.due_at, d.person_id limit p_limit for update skip locked
	loop
		perform private.send_calendar(v_due.person_id, v_due.summit_id);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_calendars(integer) to app_server;

-- What a mail that is being sent carries, at most 40 events: [{method, uid, sequence, start, end, session, rooms}]. It
-- records them as sent. `session` is null where the reader may no longer see it (Rule 5).
create function private.claim_invitations(p_mail uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_release uuid;
	v_answer jsonb;
begin
	select * into v_mail from private.outbox
	where id = p_mail and state = 'sending' and params ? 'calendar';
	if v_mail.person_id is null or v_mail.summit_id is null then return '[]'; end if;
	-- Two mails to one person that are sent at the same time carry each change once.
	perform pg_advisory_xact_lock(hashtextextended('calendar:' || v_mail.person_id || v_mail.summit_id, 7));
	v_release := private.newest_release(v_mail.summit_id);
	with due as materialized (
		select *
		from private.due_invitations(v_mail.person_id, v_mail.summit_id, p_mail, v_mail.template = 'agenda_changes')
		order by during, uid limit 40
	), written as (
		insert into private.calendar_invitations (person_id, uid, session_id, sequence, during, fingerprint, mail_id)
		select v_mail.person_id, due.uid, due.session_id, due.sequence, due.during, due.fingerprint, p_mail
		from due
		on conflict (person_id, uid) do update set
			session_id = excluded.session_id, sequence = excluded.sequence, during = excluded.during,
			fingerprint = excluded.fingerprint, mail_id = excluded.mail_id
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'method', case when due.is_off then 'CANCEL' else 'REQUEST' end, 'uid', due.uid,
		'sequence', due.sequence, 'start', private.iso(lower(due.during)),
		'end', private.iso(upper(due.during)),
		'session', case
			when private.can_see(v_mail.person_id, due.session_id)
				then private.released_session(v_release, due.session_id)
		end,
		'rooms', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'slug', r.slug, 'name', r.name
			) order by r.position, r.slug), '[]')
			from private.release_events as e
			join public.release_slots as sl on sl.release_id = e.release_id and sl.slot_id = e.slot_id
			join public.rooms as r on r.id = sl.room_id
			where e.release_id = v_release and e.uid = due.uid and not due.is_off
		)
	) order by due.during, due.uid), '[]')
	into v_answer
	from due;
	-- There may be more than one mail carries.
	if jsonb_array_length(v_answer) = 40 then
		perform private.queue_calendar_updates(array[v_mail.person_id], v_mail.summit_id);
	end if;
	return v_answer;
end
$$;
grant execute on function private.claim_invitations(uuid) to app_server;

-- Deletes a mail that was to carry invitations only, when another mail carried them in the meantime.
create function private.drop_empty_invitation_mail(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.outbox
	where id = p_id and claim_id = p_claim and state = 'sending' and template in ('calendar_event', 'meeting_event', 'meeting_work')
$$;
grant execute on function private.drop_empty_invitation_mail(uuid, uuid) to app_server;

-- Sets which sessions come to the reader's own calendar: none, own or marked. Answers ok | not_allowed.
create function public.choose_calendar_invitations(how text) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or how is null or how not in ('none', 'own', 'marked') then return 'not_allowed'; end if;
	insert into public.person_preferences (person_id, calendar_invitations)
	values (v_me, how)
	on conflict (person_id) do update set calendar_invitations = excluded.calendar_invitations, updated_at = now();
	return 'ok';
end
$$;
grant execute on function public.choose_calendar_invitations(text) to authenticated;
