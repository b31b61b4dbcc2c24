-- Acts of a case: hiding a message or question, ending a stream, holding a recording, photographs, walking out.

-- Acting from a case. Not_lead: the caller may read the case, and another person leads it. Not_possible: the thing is
-- not in a state for it. Not_allowed: nobody does this to that person.
create domain public.case_act_status as text
	check (value in ('ok', 'already', 'not_found', 'not_lead', 'not_possible', 'not_allowed', 'invalid'));

-- Recordings that a case holds: sealed, and neither deleted by the programme nor by their period. The hold ends with
-- the case. It is no row of private.legal_holds, because owners read those, and whom a case is about must not find it.
create table private.held_recordings (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	case_id uuid not null references private.cases (id) on delete cascade,
	held_by uuid references public.people (id) on update cascade on delete set null,
	held_at timestamptz not null default now(),
	primary key (recording_id, case_id)
);
create index on private.held_recordings (case_id);
create index on private.held_recordings (held_by);
alter table private.held_recordings enable row level security;
select audit.watch('private.held_recordings');

insert into private.retention_rules (table_name, class) values ('private.held_recordings', 'concerns');
update private.retention_rules
set only_if = 't.state not in (''wanted'', ''running'', ''paused'') and not private.is_recording_held(t.id)'
where table_name = 'private.recordings';

-- Deletes a message for a caller whose right was checked; `p_audit`: it is somebody else's. Answers ok or not_found.
create or replace function private.remove_message(p_message private.chat_messages, p_audit boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Locks the run first, the same order as the end of the run.
	perform from public.runs where runs.id = p_message.run_id for share;
	delete from private.chat_messages as x where x.id = p_message.id;
	if not found then return 'not_found'; end if;
	perform private.record_withdrawal(p_message.run_id, p_message.session_id, p_message.person_id,
		p_message.author_hash,
		'message', p_message.sent_at);
	if p_audit then
		perform audit.record_event('chat.deleted', p_message.id::text,
			(select s.summit_id from public.sessions as s where s.id = p_message.session_id), null, '{}');
	end if;
	perform private.publish_event('chat:' || p_message.run_id, 'message', p_message.id);
	return 'ok';
end
$$;

-- Deletes a message: the caller's own, or any as a host, which is audited. Answers ok or not_found.
create or replace function public.delete_message(message uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages;
	v_is_own boolean;
begin
	select * into v_message from private.chat_messages as x where x.id = message;
	v_is_own := coalesce(private.is_message_author(v_message, private.me()), false);
	if v_message.id is null
		or not (v_is_own or coalesce(private.may_run(private.me(), v_message.session_id), false))
	then
		return 'not_found';
	end if;
	return private.remove_message(v_message, not v_is_own);
end
$$;

-- Writes a state that was checked, and what follows for the other questions, the audit and the open pages. The caller
-- has locked the session, then the question.
create or replace function private.write_question_state(p_q private.session_questions, p_state text, p_by_host boolean)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new private.session_questions;
	v_run uuid;
	v_before uuid;
begin
	v_run := private.open_run_of(p_q.session_id);
	if p_state = 'current' then
		update private.session_questions as q set state = 'answered', answered_at = now()
		where q.session_id = p_q.session_id and q.state = 'current'
		returning q.id into v_before;
		if v_before is not null then perform private.notify_participation(v_run, 'question', v_before, true); end if;
	end if;
	update private.session_questions as q
	set state = p_state, answered_at = case when p_state = 'answered' then now() end,
		is_approved = p_state in ('approved', 'current') or p_state = 'answered' and (q.is_approved or p_by_host)
	where q.id = p_q.id
	returning q.* into v_new;
	-- The audit keeps the id alone, neither the text nor the author.
	if 'declined' in (p_q.state, v_new.state) then
		perform audit.record_event(case when v_new.state = 'declined' then 'questions.hidden'
			else 'questions.shown' end,
			p_q.id::text, p_q.summit_id, null, '{}');
	end if;
	perform private.publish_event('session:' || p_q.session_id, 'questions', p_q.session_id);
	perform private.notify_participation(v_run, 'question', p_q.id,
		private.is_shown_question(p_q) or private.is_shown_question(v_new));
end
$$;

-- Changes the state of a question. Hosts set any state. Speakers only mark it as answered or not yet answered, which
-- neither shows nor hides it to viewers. Answers ok or not_found.
create or replace function public.set_question_state(question uuid, state text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_runs_it boolean;
	v_state text := state;
begin
	-- Locks the session first, so that two hosts who show two questions at once do it one after the other.
	perform from public.sessions as s
	where s.id = (select q.session_id from private.session_questions as q where q.id = question) for no key update;
	select * into v_q from private.session_questions as q where q.id = question for update;
	v_runs_it := coalesce(private.may_run(private.me(), v_q.session_id), false);
	if v_q.id is null
		or coalesce(state, '') not in ('asked', 'approved', 'current', 'answered', 'declined')
		or v_q.merged_into is not null
		or not private.may_read_questions(v_q.session_id)
		or not v_runs_it
			and (v_q.state = 'declined' or state not in ('asked', 'answered')
				or (state = 'asked' and v_q.state <> 'answered'))
	then
		return 'not_found';
	end if;
	-- A question that was approved remains visible when a speaker marks it as not yet answered.
	if not v_runs_it and v_state = 'asked' and v_q.is_approved then v_state := 'approved'; end if;
	if v_q.state = v_state then return 'ok'; end if;
	perform private.write_question_state(v_q, v_state, v_runs_it);
	return 'ok';
end
$$;

-- Ends the open run of a session that the caller has locked. Answers whether there was one.
create or replace function private.end_open_run(p_session uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Somebody who comes on stage at this moment does so before the end, or not at all.
	perform from public.runs where runs.session_id = p_session and runs.state <> 'ended' for update;
	update public.runs set state = 'ended', ended_at = now() where runs.session_id = p_session and runs.state <> 'ended';
	return found;
end
$$;

-- A session that is cancelled has no stage: its open run ends at once, and no clock starts it.
create or replace function private.end_cancelled_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.end_open_run(new.id);
	return null;
end
$$;

-- Whether the caller cannot bar a person: themselves, owners, stage organisers and safeguarding leads.
create or replace function private.is_never_barred(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person = private.me()
		or exists (select from private.live_grants as g
			where g.person_id = p_person
				and (g.summit_id is null or g.summit_id = p_summit)
				and g.role in ('stage', 'safeguarding', 'owner'))
$$;

-- Bars a person from a session, or lifts the bar, for a caller whose right was checked. A bar by a safeguarding lead
-- stays one, even if a host barred the same person before and after the lead has left the role: only a lead lifts it.
-- Nobody can bar owners, stage organisers or safeguarding leads, and only the latter two can bar the chair. Answers ok
-- | already | not_allowed.
create or replace function private.bar_person(p_session uuid, p_person uuid, p_barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
begin
	if private.is_never_barred(p_person, v_summit) then return 'not_allowed'; end if;
	if p_barred and not v_lead and not private.has_role(v_summit, 'stage')
		and exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'chair'
				and sp.state = 'confirmed')
	then
		return 'not_allowed';
	end if;
	if p_barred then
		insert into private.entry_bars as b (summit_id, person_id, session_id, created_by, is_set_by_lead)
		values (v_summit, p_person, p_session, v_me, v_lead)
		on conflict (summit_id, person_id, session_id) do update set is_set_by_lead = true,
			created_by = excluded.created_by
		where excluded.is_set_by_lead and not b.is_set_by_lead;
	else
		perform from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and b.is_set_by_lead for update;
		if found and not v_lead then return 'not_allowed'; end if;
		delete from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and (v_lead or not b.is_set_by_lead);
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;

-- Deletes a recording and its file. One that is still being made must be stopped first. Answers ok, not_found, refused,
-- held (by a legal hold on recordings or on somebody in it, or by a case).
create or replace function public.delete_recording(recording uuid) returns public.recording_deletion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.state in ('wanted', 'running', 'paused') then return 'refused'; end if;
	if private.is_class_held('recordings', v_recording.summit_id, now())
		or private.is_recording_held(v_recording.id)
		or private.people_of_recording(v_recording.id) && private.held_people(now()) then
		return 'held';
	end if;
	delete from private.recordings where id = v_recording.id;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

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
		when 'hide_message' then exists (select from private.chat_messages as x
			where x.id = p_target and x.session_id in (select private.case_sessions(p_case)))
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
	v_status := case act
		when 'hide_message' then (
			select private.remove_message(x, true) from private.chat_messages as x where x.id = target)
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
		from private.chat_messages as x
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
	where x.id = this_case and x.state <> 'closed' and x.lead_id = private.me()
		and private.may_read_case(private.me(), this_case)
$$;
grant execute on function public.read_case_targets(uuid) to authenticated;

-- Figures of concerns and cases. They may leave safeguarding, so they name no small group.

-- The groups of cases of a Summit that may be named, with their counts, for each dimension: category, severity, outcome
-- (of closed cases). Value null: all other groups together. A group below the smallest one of the Summit is never
-- named; where those that are not named would still be too few, the smallest of the others joins them, so that no
-- difference gives them away. Only cases that the person may read: nobody finds in a figure what is about themselves.
create function private.count_cases(p_person uuid, p_summit uuid)
	returns table (dimension text, value text, count integer)
language sql stable security definer set search_path = '' as $$
	with counted as (
		select own.dimension, own.value, count(*) as n
		from private.cases as x
		cross join lateral (
			values ('category', x.category), ('severity', x.severity), ('outcome', x.outcome)) as own (dimension, value)
		where x.summit_id = p_summit and own.value is not null and private.may_read_case(p_person, x.id)
		group by own.dimension, own.value
	), summed as (
		select c.*, private.smallest_group(p_summit) as smallest,
			coalesce(sum(c.n) filter (where c.n < private.smallest_group(p_summit)) over (partition by c.dimension), 0)
				as hidden,
			row_number() over (partition by c.dimension
				order by c.n < private.smallest_group(p_summit), c.n, c.value) as place
		from counted as c
	), named as (
		select s.dimension, s.n,
			case when s.n < s.smallest or s.place = 1 and s.hidden between 1 and s.smallest - 1 then null else s.value end
				as value,
			s.smallest
		from summed as s
	)
	select n.dimension, n.value, sum(n.n)::integer
	from named as n
	group by n.dimension, n.value, n.smallest
	having sum(n.n) >= n.smallest
$$;

-- For safeguarding leads; null for everybody else: {smallest_group, concerns, cases (null: too few), groups:
-- [{dimension, value: null for all others, count}], minutes_to_answer: the median of the concerns that were answered,
-- null where they are too few}.
create function public.concern_figures(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with read as materialized (
		select c.id, (
			select extract(epoch from min(m.sent_at) - c.created_at) / 60
			from private.concern_messages as m
			where m.concern_id = c.id and m.is_from_desk) as minutes
		from private.concerns as c
		where c.summit_id = concern_figures.summit
			and private.has_role(concern_figures.summit, 'safeguarding')
			and private.may_read_concern(private.me(), c)
	), least as (
		select private.smallest_group(concern_figures.summit) as size
	)
	select jsonb_build_object(
		'smallest_group', least.size,
		'concerns', (select case when count(*) >= least.size then count(*) end from read),
		'cases', (
			select case when count(*) >= least.size then count(*) end
			from private.cases as x
			where x.summit_id = concern_figures.summit and private.may_read_case(private.me(), x.id)),
		'groups', (
			select coalesce(jsonb_agg(to_jsonb(g) order by g.dimension, g.value is null, g.count desc, g.value), '[]')
			from private.count_cases(private.me(), concern_figures.summit) as g),
		'minutes_to_answer', (
			select case when count(read.minutes) >= least.size
				then round(percentile_cont(0.5) within group (order by read.minutes)) end
			from read))
	from least
	where private.has_role(concern_figures.summit, 'safeguarding')
$$;
grant execute on function public.concern_figures(uuid) to authenticated;
