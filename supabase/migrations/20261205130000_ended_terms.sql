-- Who takes part in a closed run of a group when their term ends keeps no token for its rooms.

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
	perform private.rotate_ended_terms();
	perform private.rotate_ended_term_runs();
	perform private.queue_ended_term_calendars();
end
$$;

-- The same where a term is over, which nobody ends: for rooms that were opened before its end. Runs in which somebody
-- acts at this moment are left to the next time. Runs each minute.
create or replace function private.rotate_ended_term_runs() returns void
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
