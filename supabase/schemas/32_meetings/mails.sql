-- Mails with invitations to calendars (RFC 5546, RFC 6047), to the people of a group and to the staff of its meetings. A mail
-- names ids only; what it says is read when it is sent, as its reader may see it then.

-- Queues mails about meetings that are not over, 52 in each: to each of today's people of the group who has an address,
-- once for each state of the meetings, or to `p_person` alone, who has just joined or left it.
create function private.send_meeting_mails(p_group uuid, p_meetings uuid[], p_person uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_part record;
begin
	for v_part in
		select jsonb_agg(m.id order by m.starts_at, m.id) as meetings,
			md5(string_agg(m.id || ':' || m.version, ',' order by m.id)) as state
		from (
			select x.*, (row_number() over (order by x.starts_at, x.id) - 1) / 52 as part
			from private.meetings as x
			where x.id = any (p_meetings) and x.ends_at > now()
		) as m
		group by m.part
		order by m.part
	loop
		perform private.enqueue_mail(named.person_id, 'meeting_event', jsonb_build_object('meetings', v_part.meetings), null,
			case when p_person is null then format('meetings:%s:%s', v_part.state, named.person_id) end, 9)
		from (
			select x.person_id from private.live_group_people as x where p_person is null and x.group_id = p_group
			union
			select p_person where p_person is not null
		) as named
		where exists (select from private.person_addresses as a where a.person_id = named.person_id and a.is_primary);
		-- Its staff from outside the group.
		perform private.queue_work_mail(s.meeting_id, s.person_id, false)
		from (select distinct x.meeting_id, x.person_id
			from private.meeting_staff as x
			where p_person is null and x.state <> 'declined' and v_part.meetings ? x.meeting_id::text
				and not private.is_in_group(x.person_id, p_group)) as s;
	end loop;
end
$$;

-- Queues a mail to somebody about their work at a meeting that is not over; what it says is read when it is sent. It waits for
-- five minutes, or half a minute where the meeting begins within a day, and takes in what follows meanwhile, up to 52 meetings:
-- who is named for a series gets few mails. `p_is_told`: they were named, asked again or removed, or have declined. Other
-- changes are told where the meeting is cancelled or their calendar changes (private.read_work_mail). A mail that
-- another transaction holds at this moment is left alone, so that nobody waits.
create function private.queue_work_mail(p_meeting uuid, p_person uuid, p_is_told boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due timestamptz := (select now() + case when m.starts_at > now() + interval '1 day' then interval '5 minutes'
			else interval '30 seconds' end
		from private.meetings as m
		where m.id = p_meeting and m.ends_at > now());
	v_added jsonb := jsonb_build_array(p_meeting);
	v_told jsonb := case when p_is_told then v_added else '[]' end;
	v_mail uuid;
begin
	if v_due is null
		or not exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary) then
		return;
	end if;
	select o.id into v_mail
	from private.outbox as o
	where o.person_id = p_person and o.template = 'meeting_work' and o.state = 'queued' and o.attempts = 0
		and (o.params -> 'meetings' @> v_added or jsonb_array_length(o.params -> 'meetings') < 52)
	order by o.params -> 'meetings' @> v_added desc, o.created_at, o.id
	limit 1
	for update skip locked;
	if v_mail is null then
		v_mail := private.enqueue_mail(p_person, 'meeting_work', jsonb_build_object('meetings', v_added, 'told', v_told), null,
			null, 9);
		update private.outbox as o set send_after = v_due where o.id = v_mail;
		return;
	end if;
	update private.outbox as o
	set params = jsonb_build_object(
			'meetings', (o.params -> 'meetings') - p_meeting::text || v_added,
			'told', case when p_is_told then coalesce(o.params -> 'told', o.params -> 'meetings') - p_meeting::text || v_added
				else coalesce(o.params -> 'told', o.params -> 'meetings') end),
		send_after = least(o.send_after, v_due)
	where o.id = v_mail;
end
$$;

-- Whether the chairs of a group may ask somebody to work: at most 30 mails about its meetings reach one person in a day.
create function private.may_ask_for_work(p_group uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select 30 > (select count(*)
		from private.outbox as o
		where o.person_id = p_person and o.template = 'meeting_work' and o.created_at > now() - interval '1 day'
			and exists (select from private.meetings as m where m.group_id = p_group and o.params -> 'meetings' ? m.id::text))
$$;

-- What a mail about the work of its reader says, while it is sent: [{title, name: of the group, start, end, zone, is_off: it is
-- cancelled, parts: [{part, language, is_signed, state}]}], without parts where they were removed; nothing of a meeting of which
-- they have nothing to learn. Title and name are null for a closed meeting, and for who has no part any more and is not of its
-- group. The calendar entries of the mail were claimed before.
create function private.read_work_mail(p_mail uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'title', case when told.names then m.title end,
			'name', case when told.names then g.name end,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'is_off', m.state = 'cancelled',
			'parts', (select coalesce(jsonb_agg(jsonb_build_object('part', s.part, 'language', s.language,
					'is_signed', private.is_sign_language(s.language), 'state', s.state) order by s.part, s.language), '[]')
				from private.meeting_staff as s
				where s.meeting_id = m.id and s.person_id = o.person_id and s.state <> 'declined'))
		order by m.starts_at, m.id), '[]')
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	cross join lateral (select private.meeting_level(m) <> 'closed'
		and (private.is_named_for_meeting(o.person_id, m.id) or private.is_in_group(o.person_id, m.group_id)) as names) as told
	where o.id = p_mail and o.state = 'sending' and o.template = 'meeting_work'
		and (m.state = 'cancelled'
			or coalesce(o.params -> 'told', o.params -> 'meetings') ? m.id::text
			or exists (select from private.meeting_invitations as i
				where i.person_id = o.person_id and i.meeting_id = m.id and i.mail_id = o.id))
$$;
grant execute on function private.read_work_mail(uuid) to app_server;

-- What a mail has to tell of a meeting to its reader, and what their calendar holds after it. Nothing for one whose calendar
-- holds this already. Its staff is invited as the people of the group are, without the place and the link; who is both has one
-- entry. Somebody who wants no invitations, who has left the group, or whose meeting is cancelled gets a
-- cancellation of what was sent before. A retry of a mail says the same again; a mail that was given up (`dead`) counts as
-- not sent, but its sequence is not used again. Title, name, place and link are null for a closed meeting, because mails
-- and calendars are shown to others, and in a cancellation for somebody who has left.
create function private.due_meeting_events(p_mail uuid) returns table (
	meeting_id uuid, is_off boolean, is_new boolean, sequence integer, fingerprint text, title jsonb, name jsonb,
	place text, link text
)
language sql stable security definer set search_path = '' as $$
	select m.id, not now_in.is_on, said.is_new,
		case
			when i.person_id is null then m.version
			when said.is_this and i.fingerprint is not distinct from said.fingerprint then i.sequence
			else greatest(m.version, i.sequence + 1)
		end,
		said.fingerprint,
		case when told.names then m.title end,
		case when told.names then g.name end,
		case when told.places then m.place end,
		case when told.places then m.link end
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	left join private.meeting_invitations as i on i.person_id = o.person_id and i.meeting_id = m.id
	left join private.outbox as before on before.id = i.mail_id
	cross join lateral (select private.is_in_group(o.person_id, m.group_id) as is_in,
		private.is_named_for_meeting(o.person_id, m.id) as works) as now_of
	cross join lateral (
		select (now_of.is_in or now_of.works) and m.state <> 'cancelled' and not exists (select from public.person_preferences as f
			where f.person_id = o.person_id and f.calendar_invitations = 'none') as is_on
	) as now_in
	cross join lateral (select (now_of.is_in or now_of.works) and private.meeting_level(m) <> 'closed' as names,
		now_of.is_in and private.meeting_level(m) <> 'closed' as places) as told
	cross join lateral (
		select coalesce(i.mail_id = o.id, false) as is_this,
			coalesce(before.state = 'dead', false) as is_lost,
			case when i.mail_id = o.id then i.is_new else i.fingerprint is null end as is_new,
			case when now_in.is_on then md5(jsonb_build_array(m.starts_at, m.ends_at, m.zone, told.names,
				case when told.names then jsonb_build_array(m.title, g.name, case when told.places then m.place end,
					case when told.places then m.link end) end)::text) end as fingerprint
	) as said
	where o.id = p_mail
		and o.state = 'sending'
		and o.template in ('meeting_event', 'meeting_work')
		and (now_in.is_on or i.person_id is not null)
		and (said.is_this or said.is_lost or i.fingerprint is distinct from said.fingerprint)
$$;

-- What a mail that is being sent says: [{method, uid, sequence, is_new: whether the calendar did not hold it before, start,
-- end, zone, code, group, title, name: of the group, place, link, is_in_group: the reader finds its page, answer: the reader's
-- own, also as its staff}]. It writes down what the
-- calendar holds then. Locks the group, so that of somebody who leaves it at the same time a cancellation follows.
create function private.claim_meeting_events(p_mail uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
begin
	perform from private.groups as g
	where g.id in (select m.group_id
		from private.outbox as o
		cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
		join private.meetings as m on m.id = given.id::uuid
		where o.id = p_mail and o.state = 'sending' and o.template in ('meeting_event', 'meeting_work'))
	order by g.id
	for update;
	with due as materialized (
		select d.*, o.person_id
		from private.outbox as o
		cross join private.due_meeting_events(p_mail) as d
		where o.id = p_mail
	), written as (
		insert into private.meeting_invitations (person_id, meeting_id, sequence, fingerprint, is_new, mail_id)
		select d.person_id, d.meeting_id, d.sequence, d.fingerprint, d.is_new, p_mail
		from due as d
		on conflict (person_id, meeting_id) do update
			set sequence = excluded.sequence,
				fingerprint = excluded.fingerprint,
				is_new = excluded.is_new,
				mail_id = excluded.mail_id
	)
	select coalesce(jsonb_agg(jsonb_build_object(
			'method', case when d.is_off then 'CANCEL' else 'REQUEST' end,
			'uid', m.id,
			'sequence', d.sequence,
			'is_new', d.is_new,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'code', m.code,
			'group', g.code,
			'title', d.title,
			'name', d.name,
			'place', d.place,
			'link', d.link,
			'is_in_group', private.is_in_group(d.person_id, m.group_id),
			'answer', coalesce(r.answer, case when private.is_meeting_staff(d.person_id, m.id) then 'yes'::public.meeting_answer end)) order by m.starts_at, m.id), '[]')
	into v_answer
	from due as d
	join private.meetings as m on m.id = d.meeting_id
	join private.groups as g on g.id = m.group_id
	left join private.meeting_people as r on r.meeting_id = m.id and r.person_id = d.person_id;
	return v_answer;
end
$$;
grant execute on function private.claim_meeting_events(uuid) to app_server;

-- Queues a mail to today's people of a group, except who acts, about minutes that are open for comments
-- (minutes_opened) or times that are offered (times_offered). `p_code`: of the meeting or the poll. Where the group,
-- the meeting or the poll is closed, the mail names nothing but the link, because others may see it on the screen.
create function private.send_meeting_notice(p_group uuid, p_template text, p_code text, p_level public.group_level,
	p_once text) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(x.person_id, p_template,
		jsonb_build_object('group', g.code, 'code', p_code)
			|| case when greatest(p_level, g.level) = 'closed' then '{}' else jsonb_build_object('name', g.name) end,
		null, format('%s:%s:%s', p_template, p_once, x.person_id))
	from private.groups as g
	join private.live_group_people as x on x.group_id = g.id
	where g.id = p_group and x.person_id is distinct from private.me()
		and exists (select from private.person_addresses as a where a.person_id = x.person_id and a.is_primary)
$$;

-- Who joins a group is invited to what is planned; who leaves it gets the cancellations.
create function private.mail_planned_meetings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(new.group_id, array(
		select m.id
		from private.meetings as m
		where m.group_id = new.group_id and m.state = 'planned' and m.ends_at > now()), new.person_id);
	return null;
end
$$;
create trigger mail_joined after insert on private.group_people for each row
	execute function private.mail_planned_meetings();
create trigger mail_left after update of ended_at on private.group_people for each row
	when (old.ended_at is null and new.ended_at is not null)
	execute function private.mail_planned_meetings();
create trigger mail_term after update of until on private.group_people for each row
	when (old.until is distinct from new.until)
	execute function private.mail_planned_meetings();

-- Who wants invitations again is invited to what is planned in their groups and to the meetings at which they work; who
-- wants none any more gets the cancellations of what was sent.
create function private.mail_calendar_choice() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(x.group_id, array_agg(m.id), new.person_id)
	from private.live_group_people as x
	join private.meetings as m on m.group_id = x.group_id and m.state = 'planned' and m.ends_at > now()
	where x.person_id = new.person_id
	group by x.group_id;
	perform private.queue_work_mail(s.meeting_id, s.person_id, false)
	from (select distinct n.meeting_id, n.person_id
		from private.meeting_staff as n
		join private.meetings as m on m.id = n.meeting_id and m.state = 'planned'
		where n.person_id = new.person_id and n.state <> 'declined'
			and not private.is_in_group(n.person_id, m.group_id)) as s;
	return null;
end
$$;
create trigger mail_calendar_choice after update of calendar_invitations on public.person_preferences for each row
	when ((old.calendar_invitations = 'none') <> (new.calendar_invitations = 'none'))
	execute function private.mail_calendar_choice();
create trigger mail_first_choice after insert on public.person_preferences for each row
	when (new.calendar_invitations = 'none')
	execute function private.mail_calendar_choice();

-- Queues the cancellations for those whose term is over, which nobody ends. Runs each minute.
create function private.send_term_cancellations() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
begin
	for v_next in
		select i.person_id, m.group_id, array_agg(m.id) as meetings
		from private.meeting_invitations as i
		join private.meetings as m on m.id = i.meeting_id and m.state = 'planned' and m.ends_at > now()
		where i.fingerprint is not null
			and not private.is_in_group(i.person_id, m.group_id) and not private.is_named_for_meeting(i.person_id, m.id)
			and not exists (select from private.outbox as o
				where o.person_id = i.person_id
					and o.template in ('meeting_event', 'meeting_work')
					and o.state in ('queued', 'sending')
					and o.params -> 'meetings' ? m.id::text)
		group by i.person_id, m.group_id
		order by i.person_id, m.group_id
		limit 200
	loop
		perform private.send_meeting_mails(v_next.group_id, v_next.meetings, v_next.person_id);
	end loop;
end
$$;

-- When a group ends, what it planned is cancelled and its polls are closed. When it becomes stricter, calendars hide what
-- they showed. Each change of what calendars say of its meetings, its name and its level included, counts as a change of
-- these (private.calendar_meetings has them for 31 days), because calendars keep what has no higher sequence.
create function private.follow_group_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_ends boolean := old.ended_at is null and new.ended_at is not null;
	v_told uuid[];
begin
	if v_ends then
		update private.meeting_polls as p set state = 'closed' where p.group_id = new.id and p.state = 'open';
	end if;
	if v_ends or new.level > old.level then
		v_told := array(select m.id from private.meetings as m
			where m.group_id = new.id and m.state = 'planned' and m.starts_at > now());
	end if;
	update private.meetings as m
	set state = case when v_ends and m.state = 'planned' and m.starts_at > now() then 'cancelled' else m.state end,
		version = m.version + 1,
		updated_at = now()
	where m.group_id = new.id and m.ends_at > now() - interval '31 days';
	perform private.send_meeting_mails(new.id, v_told);
	return null;
end
$$;
create trigger follow_change after update of name, level, ended_at on private.groups for each row
	when (new.name is distinct from old.name or new.level <> old.level or old.ended_at is null and new.ended_at is not null)
	execute function private.follow_group_change();
