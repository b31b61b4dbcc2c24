-- What the lead of a case does from it to the real thing: each act reuses the function of its noun, is noted in the
-- timeline in the same transaction, and is possible only for sessions and people of the concerns of the case.

-- Whether a case holds a recording.
create function private.is_recording_held(p_recording uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.held_recordings as h where h.recording_id = p_recording)
$$;

-- The sessions that the concerns of a case are from.
create function private.case_sessions(p_case uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct c.session_id
	from private.case_concerns as j
	join private.concerns as c on c.id = j.concern_id
	where j.case_id = p_case and c.session_id is not null
$$;

-- The people whom its concerns name: those they are about, and reporters who gave their name.
create function private.case_people(p_case uuid) returns table (person_id uuid, is_reporter boolean)
language sql stable security definer set search_path = '' as $$
	select each.person_id, bool_and(each.is_reporter)
	from private.case_concerns as j
	join private.concerns as c on c.id = j.concern_id
	cross join lateral (
		select s.person_id, false as is_reporter
		from private.concern_subjects as s
		where s.concern_id = c.id and s.source in ('reporter', 'lead')
		union all
		select c.reporter_id, true where c.reporter_id is not null) as each
	where j.case_id = p_case
	group by each.person_id
$$;

-- Whether an act can be about this, as far as the case goes.
create function private.is_case_target(p_case uuid, p_act text, p_target uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case p_act
		when 'hide_message' then exists (select from private.messages_of_sessions(array(
				select private.case_sessions(p_case))) as x
			where x.id = p_target)
		when 'hide_question' then exists (select from private.session_questions as q
			where q.id = p_target and q.merged_into is null and q.session_id in (select private.case_sessions(p_case)))
		when 'end_stream' then p_target in (select private.case_sessions(p_case))
		when 'freeze_recording' then exists (select from private.recordings as g
			where g.id = p_target and g.session_id in (select private.case_sessions(p_case)))
		when 'no_photographs' then exists (select from private.case_people(p_case) as x where x.person_id = p_target)
		when 'walk_out' then exists (select from private.case_people(p_case) as x
			where x.person_id = p_target and not x.is_reporter)
		when 'let_in_again' then exists (select from private.case_people(p_case) as x
			where x.person_id = p_target and not x.is_reporter)
		else false end
$$;

-- Hides a question from the audience. Locks the session, then the question.
create function private.hide_question(p_question uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
begin
	perform from public.sessions as s
	where s.id = (select q.session_id from private.session_questions as q where q.id = p_question) for no key update;
	select * into v_q from private.session_questions as q where q.id = p_question for update;
	if not found then return 'not_possible'; end if;
	if v_q.state = 'declined' then return 'already'; end if;
	perform private.write_question_state(v_q, 'declined', true);
	return 'ok';
end
$$;

-- Ends the stage of a session at once. Locks the session, as every end of a run does.
create function private.end_stream(p_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from public.sessions as s where s.id = p_session for no key update;
	return case when private.end_open_run(p_session) then 'ok' else 'already' end;
end
$$;

-- Seals a recording whose file is there and holds it for a case. One that is still made is stopped first: sealing it
-- now would delete its pieces. Locks the recording.
create function private.freeze_recording(p_case uuid, p_recording uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings as g where g.id = p_recording for update;
	if not found or v_recording.object_name is null then return 'not_possible'; end if;
	insert into private.held_recordings (recording_id, case_id, held_by) values (p_recording, p_case, private.me())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.seal_recording(p_recording, 'case');
	return 'ok';
end
$$;

-- Sets that nobody photographs a person: on their badge, at scanners and on the list of the camera crew at once.
create function private.forbid_photographs(p_person uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_changed boolean;
begin
	perform private.set_audit_context(p_person);
	insert into public.person_preferences as x (person_id, no_photographs) values (p_person, true)
	on conflict (person_id) do update set no_photographs = true, updated_at = now() where not x.no_photographs;
	v_changed := found;
	update private.protections as x set no_photographs = true where x.person_id = p_person and not x.no_photographs;
	return case when v_changed or found then 'ok' else 'already' end;
end
$$;

-- Records that a person was walked out: the badge opens no door, every stage and stream ends at once, and the doors
-- count them out. The registration stays. Locks the person at the doors.
create function private.walk_out(p_summit uuid, p_person uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_day date := private.door_day(p_summit);
begin
	if private.is_never_barred(p_person, p_summit) then return 'not_allowed'; end if;
	perform private.lock_person_at_door(p_summit, p_person);
	perform private.set_audit_context(p_person);
	-- A bar that the watch list set is now one of this lead, and does not end with the list.
	insert into private.entry_bars as b (summit_id, person_id, created_by, is_set_by_lead)
	values (p_summit, p_person, private.me(), true)
	on conflict (summit_id, person_id, session_id) do update
		set is_set_by_lead = true, is_from_watch_list = false, created_by = excluded.created_by
		where not b.is_set_by_lead;
	if not found then return 'already'; end if;
	for v_r in
		select * from public.registrations as r where r.summit_id = p_summit and r.person_id = p_person for no key update
	loop
		perform private.revoke_badge(v_r, 'walked_out');
		perform private.notify_registration(v_r, 'badge');
	end loop;
	insert into private.door_scans (id, summit_id, checkpoint_id, place, person_id, direction, scanned_at, answer,
		is_counted, day, scanned_by, anonymise_at)
	select gen_random_uuid(), p_summit, d.checkpoint_id, d.place, p_person, 'out', now(), 'left', true, v_day,
		private.me(), d.anonymise_at
	from private.door_periods as d
	where d.summit_id = p_summit and d.person_id = p_person and d.day = v_day and d.left_at is null;
	if found then perform private.derive_door_periods(p_summit, p_person, v_day); end if;
	return 'ok';
end
$$;

-- Takes that back, with a new badge. What the watch list says still holds.
create function private.let_in_again(p_summit uuid, p_person uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	perform private.set_audit_context(p_person);
	delete from private.entry_bars as b
	where b.summit_id = p_summit and b.person_id = p_person and b.session_id is null and b.is_set_by_lead;
	if not found then return 'already'; end if;
	perform private.apply_watch_list(p_person);
	select * into v_r
	from public.registrations as r
	where r.summit_id = p_summit and r.person_id = p_person and r.state = 'confirmed' and r.mode = 'in_person'
	for no key update;
	if found and not exists (select from public.badges as b
		where b.registration_id = v_r.id and b.revoked_at is null) then
		insert into public.badges (summit_id, registration_id) values (p_summit, v_r.id);
		perform private.notify_registration(v_r, 'badge');
	end if;
	perform private.publish_event('person:' || p_person, 'rights');
	return 'ok';
end
$$;

-- Does one act of a case, and notes it (text sealed with the case's key, in hex) if it was done. Only its lead does,
-- while it is open. A form that is sent twice acts once.
create function public.act_on_case(this_case uuid, act text, target uuid, text_sealed text, form_hash text)
	returns public.case_act_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
	v_status text;
begin
	select * into v_case from private.cases as x where x.id = this_case for share;
	if not found or not private.may_read_case(private.me(), this_case) then return 'not_found'; end if;
	if v_case.lead_id is distinct from private.me() then return 'not_lead'; end if;
	if exists (select from private.case_entries as e
		where e.case_id = this_case and e.form_hash = decode(act_on_case.form_hash, 'hex')) then
		return 'ok';
	end if;
	if v_case.state = 'closed' then return 'not_possible'; end if;
	if not private.is_case_target(this_case, act, target) then return 'not_found'; end if;
	perform private.allow_closed_summits();
	v_status := case act
		when 'hide_message' then (
			select private.remove_message(x, true) from private.find_message(target) as x where x.id is not null)
		when 'hide_question' then private.hide_question(target)
		when 'end_stream' then private.end_stream(target)
		when 'freeze_recording' then private.freeze_recording(this_case, target)
		when 'no_photographs' then private.forbid_photographs(target)
		when 'walk_out' then private.walk_out(v_case.summit_id, target)
		when 'let_in_again' then private.let_in_again(v_case.summit_id, target) end;
	if v_status is distinct from 'ok' then return coalesce(v_status, 'not_possible'); end if;
	insert into private.case_entries (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, 'act', decode(act_on_case.text_sealed, 'hex'), decode(act_on_case.form_hash, 'hex'), private.me());
	perform audit.record_event('case.acted', this_case::text, v_case.summit_id, null, jsonb_build_object('act', act));
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.act_on_case(uuid, text, uuid, text, text) to authenticated;

-- What the lead of an open case can act on: {messages: [{id, act, session, words, at}], sessions: [{id, title, is_on}],
-- recordings: [{id, session, at, is_held}], people: [{id, display_name, is_reporter, is_out}]}; null for everybody
-- else. Messages come without an author: whom they are about is in the concern.
create function public.read_case_targets(this_case uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with here as (
		select s.id, s.title, private.strictest_readable_level(private.me(), s.id) as level
		from public.sessions as s
		where s.id in (select private.case_sessions(this_case))
	), written as (
		select x.id, 'hide_message' as act, x.session_id, x.body as words, x.sent_at as at
		from private.messages_of_sessions(array(select here.id from here)) as x
		join here on here.id = x.session_id and x.level <= here.level
		union all
		select q.id, 'hide_question', q.session_id, q.body, q.asked_at
		from private.session_questions as q
		join here on here.id = q.session_id and q.level <= here.level
		where q.state <> 'declined' and q.merged_into is null
	)
	select jsonb_build_object(
		'messages', (
			select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'act', w.act, 'session', w.session_id,
				'words', w.words, 'at', private.iso(w.at)) order by w.at desc), '[]')
			from (select * from written order by at desc limit 100) as w),
		'sessions', (
			select coalesce(jsonb_agg(jsonb_build_object('id', here.id, 'title', here.title,
				'is_on', exists (select from public.runs
					where runs.session_id = here.id and runs.state <> 'ended')) order by here.id), '[]')
			from here),
		'recordings', (
			select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'session', g.session_id,
				'at', private.iso(g.started_at), 'is_held', exists (select from private.held_recordings as h
					where h.recording_id = g.id and h.case_id = this_case)) order by g.started_at), '[]')
			from private.recordings as g
			where g.session_id in (select here.id from here) and g.object_name is not null),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name,
				'is_reporter', named.is_reporter, 'is_out', exists (select from private.entry_bars as b
					where b.summit_id = x.summit_id and b.person_id = p.id and b.session_id is null
						and b.is_set_by_lead)) order by p.display_name), '[]')
			from private.case_people(this_case) as named
			join public.people as p on p.id = named.person_id))
	from private.cases as x
	where x.id = this_case and x.state <> 'closed' and x.lead_id = (select private.me())
		and private.may_read_case(private.me(), this_case)
$$;
grant execute on function public.read_case_targets(uuid) to authenticated;
