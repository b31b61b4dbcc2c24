-- Mails to the staff of meetings say what is true and wait for each other, too many of them are refused to the chair, who has
-- declined is not counted, listed or let in again, and a meeting that moves asks its staff again.

set check_function_bodies = off;

-- Naming interpreters and captioners. Limited: this person has had too many mails about meetings of the group today.
create domain public.meeting_staff_status as text
	check (value in ('ok', 'not_found', 'invalid', 'limited', 'wrong_state'));


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

-- Queues mails about meetings that are not over, 52 in each: to each of today's people of the group who has an address,
-- once for each state of the meetings, or to `p_person` alone, who has just joined or left it.
create or replace function private.send_meeting_mails(p_group uuid, p_meetings uuid[], p_person uuid default null) returns void
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

-- What a mail about the work of its reader says, while it is sent: [{title, name: of the group, start, end, zone, is_off: it is
-- cancelled, parts: [{part, language, is_signed, state}]}], without parts where they were removed; nothing of a meeting of which
-- they have nothing to learn. Title and name are null for a closed meeting, and for who has no part any more and is not of its
-- group. The calendar entries of the mail were claimed before.
create or replace function private.read_work_mail(p_mail uuid) returns jsonb
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

-- Queues the cancellations for those whose term is over, which nobody ends. Runs each minute.
create or replace function private.send_term_cancellations() returns void
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

-- The staff of a meeting: [{id, display_name, is_me, part, language, is_signed, state}]. Only its chairs and secretaries read who
-- has declined, and who else than the reader has not answered.
create or replace function private.meeting_staff_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'is_me', coalesce(s.person_id = private.me(), false),
			'part', s.part,
			'language', s.language,
			'is_signed', private.is_sign_language(s.language),
			'state', s.state)
		order by s.part, s.language, lower(q.display_name), s.id), '[]')
	from private.meeting_staff as s
	join public.people as q on q.id = s.person_id
	where s.meeting_id = p.id
		and (s.state = 'accepted' or s.person_id = (select private.me()) and s.state = 'invited'
			or private.chairs_group(private.me(), p.group_id))
$$;

drop function public.name_meeting_staff(text, public.meeting_staff_part, text, uuid, text);

-- Asks a person to take a part in one language: `entry` of the group, or by `reference`, the code of a person. They get a mail, also
-- when they are asked again after they declined; who names themselves has accepted. For chairs and secretaries. Answers ok (also
-- when they were named before) | not_found | invalid (an unknown person, no language, or more than 40 who have not declined) |
-- limited (private.may_ask_for_work) | wrong_state (over, cancelled). Locks the group.
create function public.name_meeting_staff(code text, part public.meeting_staff_part, language text,
	entry uuid default null, reference text default null) returns public.meeting_staff_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(name_meeting_staff.code, true);
	v_person uuid;
	v_language text := private.booth_language(name_meeting_staff.language);
	v_is_me boolean;
begin
	if v.id is null then return 'not_found'; end if;
	if not private.is_meeting_staffed(v) then return 'wrong_state'; end if;
	if entry is not null then
		select x.person_id into v_person
		from private.live_group_people as x
		where x.id = entry and x.group_id = v.group_id;
	else
		select p.id into v_person
		from public.people as p
		where p.code = upper(btrim(reference)) and p.display_name <> '';
	end if;
	if v_person is null or v_language is null then return 'invalid'; end if;
	if exists (select from private.meeting_staff as s
		where s.meeting_id = v.id and s.person_id = v_person and s.part = name_meeting_staff.part
			and s.language = v_language and s.state <> 'declined') then
		return 'ok';
	end if;
	if (select count(*) from private.meeting_staff as s where s.meeting_id = v.id and s.state <> 'declined') >= 40 then
		return 'invalid';
	end if;
	v_is_me := v_person = private.me();
	if not v_is_me and not private.may_ask_for_work(v.group_id, v_person) then return 'limited'; end if;
	insert into private.meeting_staff as s (meeting_id, person_id, part, language, state, answered_at)
	values (v.id, v_person, name_meeting_staff.part, v_language,
		case when v_is_me then 'accepted' else 'invited' end::public.meeting_staff_state, case when v_is_me then now() end)
	on conflict on constraint meeting_staff_meeting_id_person_id_part_language_key do update
		set named_at = now(), state = excluded.state, answered_at = excluded.answered_at;
	perform private.publish_event('meeting:' || v.id, 'staff'), private.publish_event('person:' || v_person, 'rights');
	if not v_is_me then perform private.queue_work_mail(v.id, v_person, true); end if;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.name_meeting_staff(text, public.meeting_staff_part, text, uuid, text) to authenticated;

-- Takes a part back, and tells who had it by mail unless they had declined it. Who is in the room by it alone is removed from it,
-- and their token with them. For chairs and secretaries. Answers ok | not_found. Locks the group, and then the room, before the
-- part, as public.answer_meeting_staff does.
create or replace function public.remove_meeting_staff(code text, staff uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_staff.code, true);
	v_staff private.meeting_staff;
begin
	perform from private.meeting_rooms as r where r.meeting_id = v.id for update;
	delete from private.meeting_staff as s where s.id = staff and s.meeting_id = v.id returning s.* into v_staff;
	if v_staff.id is null then return 'not_found'; end if;
	if v_staff.state <> 'declined' and v_staff.person_id <> private.me() then
		perform private.queue_work_mail(v.id, v_staff.person_id, true);
	end if;
	return 'ok';
end
$$;

-- Accepts or declines a part for which the reader was named; a part that was accepted is given back by declining it. Who has
-- declined can accept once they are asked again. Their calendar follows by mail. Answers ok (also when they had answered so
-- before) | not_found (also: they have declined, or the meeting is over or cancelled). Locks the room.
create or replace function public.answer_meeting_staff(staff uuid, accepts boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_staff;
	v_state public.meeting_staff_state := case when accepts then 'accepted' else 'declined' end;
begin
	perform from private.meeting_rooms as r
	where r.meeting_id = (select s.meeting_id from private.meeting_staff as s where s.id = answer_meeting_staff.staff)
	for update;
	select s.* into v
	from private.meeting_staff as s
	join private.meetings as m on m.id = s.meeting_id and private.is_meeting_staffed(m)
	where s.id = answer_meeting_staff.staff and s.person_id = (select private.me())
	for update of s;
	if v.id is null or accepts is null then return 'not_found'; end if;
	if v.state = v_state then return 'ok'; end if;
	if v.state = 'declined' then return 'not_found'; end if;
	update private.meeting_staff as s set state = v_state, answered_at = now() where s.id = v.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'staff'),
		private.publish_event('person:' || v.person_id, 'rights');
	if not accepts then perform private.queue_work_mail(v.meeting_id, v.person_id, true); end if;
	return 'ok';
end
$$;

-- An acceptance belongs to a time: the staff of a meeting that moves or ends later is asked again. Whoever changes it keeps their
-- own part, and who has entered its room keeps theirs while the room stays open; it ends when the start changes. Named so that it
-- runs after the room has ended (room_endings.sql). Locks the room.
create function private.reset_meeting_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = new.id for update;
	update private.meeting_staff as s
	set state = 'invited', answered_at = null
	where s.meeting_id = new.id and s.state = 'accepted' and s.person_id is distinct from private.me()
		and not exists (select from private.meeting_participants as p
			join private.meeting_rooms as r on r.id = p.room_id
			where r.meeting_id = new.id and p.person_id = s.person_id and p.is_staff and private.is_meeting_room_open(r));
	perform private.queue_work_mail(new.id, named.person_id, true)
	from (select distinct s.person_id
		from private.meeting_staff as s
		where s.meeting_id = new.id and s.state <> 'declined' and s.person_id is distinct from private.me()) as named;
	return null;
end
$$;
create trigger reset_staff after update of starts_at, ends_at on private.meetings for each row
	when ((old.starts_at <> new.starts_at or old.ends_at < new.ends_at) and new.ends_at > now())
	execute function private.reset_meeting_staff();

-- Makes one row of two before the merge moves all other rows: who was there under one of the records was there, and the
-- newer answer counts. Nobody is their own alternate. The groups are locked by private.merge_group_people.
create or replace function private.merge_meeting_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.meeting_people as k
	set attended = greatest(k.attended, d.attended),
		answer = newer.answer,
		alternate_id = newer.alternate_id,
		answered_at = newer.answered_at
	from private.meeting_people as d
	cross join lateral (
		select r.answer, r.alternate_id, r.answered_at
		from private.meeting_people as r
		where r.meeting_id = d.meeting_id and r.person_id in (p_keep, p_drop)
		order by r.answered_at desc nulls last
		limit 1
	) as newer
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id;
	delete from private.meeting_people as d
	where d.person_id = p_drop
		and exists (select from private.meeting_people as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	-- Who was removed from a room under one of the records stays removed; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(r.id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.room_id = r.id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		camera_at = null, breakout = null, on_air = null, on_air_at = null, offered_at = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	-- An answer of one of the two records is that of the person; of two, the newer one counts.
	update private.meeting_staff as k
	set state = d.state, answered_at = d.answered_at
	from private.meeting_staff as d
	where k.person_id = p_keep and d.person_id = p_drop and k.meeting_id = d.meeting_id and k.part = d.part
		and k.language = d.language and d.state <> 'invited'
		and (k.answered_at is null or k.answered_at < d.answered_at);
	delete from private.meeting_staff as d
	where d.person_id = p_drop
		and exists (select from private.meeting_staff as k
			where k.person_id = p_keep and k.meeting_id = d.meeting_id and k.part = d.part and k.language = d.language);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

drop function private.send_work_mail(uuid, uuid);
