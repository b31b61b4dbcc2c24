-- Who comes to a meeting, and who was there.

-- The entries of those who are invited to a meeting: of the people of the group today; once it has begun, of those who
-- were of the group on its day. One entry of each.
create function private.people_invited(p private.meetings) returns setof private.group_people
language sql stable security definer set search_path = '' as $$
	select distinct on (x.person_id) x.*
	from private.group_people as x
	cross join (select least(p.starts_at, now()) as at) as t
	where x.group_id = p.group_id
		and (x.ended_at is null or x.ended_at > t.at)
		and (x.until is null or x.until >= (t.at at time zone 'UTC')::date)
		and x.since <= (t.at at time zone 'UTC')::date
	order by x.person_id, x.ended_at desc nulls first, x.since desc
$$;

-- Whether an entry is an alternate who may come in place of somebody: their own alternate, or one of nobody in particular.
create function private.may_replace(p_entry uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.live_group_people as x
		left join private.group_people as o on o.id = x.alternate_of
		where x.id = p_entry and x.part = 'alternate' and x.person_id <> p_person and coalesce(o.person_id = p_person, true))
$$;

-- The time of a meeting as an ISO 8601 interval: a form that answers to it says which one its reader saw.
create function private.meeting_time(p private.meetings) returns text
language sql stable security definer set search_path = '' as $$
	select private.iso(p.starts_at) || '/' || private.iso(p.ends_at)
$$;

-- The reader's own answer to a planned meeting that is not over: yes, no, or an alternate in their place, who is that of
-- the reader or of nobody in particular. `seen`: the time to which they answer (private.meeting_time), where they read one.
-- Answers ok | not_found | invalid | wrong_state | conflict (it has another time). Locks the group.
create function public.answer_meeting(code text, answer public.meeting_answer, alternate uuid default null,
	seen text default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(answer_meeting.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.ends_at <= now() then return 'wrong_state'; end if;
	if answer_meeting.seen <> private.meeting_time(v) then return 'conflict'; end if;
	if answer_meeting.answer is null
		or (answer_meeting.answer = 'alternate') <> (answer_meeting.alternate is not null)
		or answer_meeting.alternate is not null and not exists (
			select from private.live_group_people as x
			where x.id = answer_meeting.alternate
				and x.group_id = v.group_id
				and private.may_replace(x.id, private.me())) then
		return 'invalid';
	end if;
	insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at)
	values (v.id, private.me(), answer_meeting.answer, answer_meeting.alternate, now())
	on conflict (meeting_id, person_id) do update
		set answer = excluded.answer, alternate_id = excluded.alternate_id, answered_at = excluded.answered_at;
	return 'ok';
end
$$;
grant execute on function public.answer_meeting(text, public.meeting_answer, uuid, text) to authenticated;

-- Records who was there (`present`: entries), of those who were of the group on the day of the meeting, for chairs and
-- secretaries, once the meeting has begun. It is held then. Answers ok | not_found | conflict (changed since `version`, or
-- somebody entered its room since) | wrong_state (not begun, cancelled, or its minutes are approved). Locks the group and
-- the meeting.
create function public.record_attendance(code text, version integer, present uuid[]) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_attendance.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	-- Who enters the room changes the meeting without the lock of the group.
	select * into v from private.meetings as m where m.id = v.id for no key update;
	if v.version is distinct from record_attendance.version then return 'conflict'; end if;
	if v.state = 'cancelled' or v.starts_at > now() or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	insert into private.meeting_people (meeting_id, person_id, attended)
	select v.id, x.person_id, x.id = any (coalesce(present, '{}'))
	from private.people_invited(v) as x
	on conflict (meeting_id, person_id) do update set attended = excluded.attended;
	update private.meetings as m
	set state = 'held', version = m.version + 1, updated_at = now()
	where m.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.record_attendance(text, integer, uuid[]) to authenticated;
