-- Who comes to a meeting, and who was there.

-- The reader's own answer to a planned meeting that is not over: yes, no, or an alternate of the group in their place.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.answer_meeting(code text, answer public.meeting_answer, alternate uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(answer_meeting.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.ends_at <= now() then return 'wrong_state'; end if;
	if answer_meeting.answer is null or (answer_meeting.answer = 'alternate') <> exists (
		select from private.live_group_people as x
		where x.id = answer_meeting.alternate
			and x.group_id = v.group_id
			and x.part = 'alternate'
			and x.person_id <> (select private.me())) then
		return 'invalid';
	end if;
	insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at)
	values (v.id, private.me(), answer_meeting.answer, answer_meeting.alternate, now())
	on conflict (meeting_id, person_id) do update
		set answer = excluded.answer, alternate_id = excluded.alternate_id, answered_at = excluded.answered_at;
	return 'ok';
end
$$;
grant execute on function public.answer_meeting(text, public.meeting_answer, uuid) to authenticated;

-- Records who was there, of the people of the group today (`present`: their entries), for chairs and secretaries, once the
-- meeting has begun. It is held then. Who has left the group since keeps what was recorded. Answers ok | not_found |
-- wrong_state. Locks the group.
create function public.record_attendance(code text, present uuid[]) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_attendance.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	insert into private.meeting_people (meeting_id, person_id, attended)
	select v.id, x.person_id, x.id = any (coalesce(present, '{}'))
	from private.live_group_people as x
	where x.group_id = v.group_id
	on conflict (meeting_id, person_id) do update set attended = excluded.attended;
	update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
	return 'ok';
end
$$;
grant execute on function public.record_attendance(text, uuid[]) to authenticated;
