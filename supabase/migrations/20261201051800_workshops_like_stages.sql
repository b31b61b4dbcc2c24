-- Workshops have the interpretation, the questions and polls, the moderation of messages and the announcements of a stage.

set check_function_bodies = off;

alter table private.meeting_messages
	-- Who has reported it to safeguarding, in a workshop, by the hash.
	add column reporters bytea[] not null default '{}';

drop function public.read_stage_sidebar(uuid,text);

-- Announces to everybody who watches a run, for so many minutes, in place of what was announced before. Hosts of the
-- session and stage organisers may. Locks the staging of the run, so that of two at the same moment one replaces the
-- other and the limit holds. Answers ok, already (the same words are shown), invalid (no words, several lines, or not 1
-- to 60 minutes), too_long, too_often (more than four in a minute), not_found.
create or replace function public.announce_on_stage(run uuid, words text, minutes integer)
	returns public.stage_announcement_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
	v_words text := btrim(words);
begin
	if v_run.id is null then return 'not_found'; end if;
	if coalesce(v_words, '') = '' or not private.is_one_line(v_words) or coalesce(minutes, 0) not between 1 and 60 then
		return 'invalid';
	end if;
	if length(v_words) > 280 then return 'too_long'; end if;
	-- The run may have ended since.
	if (private.lock_stage_settings(run)).run_id is null then return 'not_found'; end if;
	if private.shown_announcement(run) ->> 'words' = v_words then return 'already'; end if;
	if (select count(*) from private.stage_announcements as a
		where a.run_id = run and a.announced_at > clock_timestamp() - interval '1 minute') >= 4 then
		return 'too_often';
	end if;
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	insert into private.stage_announcements (run_id, summit_id, person_id, words, shown_until)
	values (run, v_run.summit_id, private.me(), v_words, clock_timestamp() + make_interval(mins => minutes));
	perform private.publish_event('session:' || v_run.session_id, 'stage', run),
		-- Pages of a workshop follow the topic of its room.
		case when v_run.stage_format = 'meeting' then private.publish_event('meeting:' || run, 'room') end;
	return 'ok';
end
$$;
grant execute on function public.announce_on_stage(uuid, text, integer) to authenticated;

-- Takes back what a run announces. Those who may announce may take back what another announced. Answers ok, already,
-- not_found.
create or replace function public.withdraw_stage_announcement(run uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run),
		-- Pages of a workshop follow the topic of its room.
		case when v_run.stage_format = 'meeting' then private.publish_event('meeting:' || run, 'room') end;
	return 'ok';
end
$$;
grant execute on function public.withdraw_stage_announcement(uuid) to authenticated;

-- {run, session, level, may, runs_it, settings, questions, hands, chat, polls}: everything that the stage page shows
-- beside the video, in one call, of the current run of a room or of this open one there. Null for readers who may not enter its
-- stream.
create function public.read_stage_sidebar(summit uuid, room text, run uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'session', runs.session_id,
		'level', private.level_in_force(runs.session_id), 'may', private.may_take_part(me.id, runs),
		'runs_it', private.may_run(me.id, runs.session_id), 'settings', private.settings_event(runs.id, null),
		'questions', private.questions_for(me.id, runs), 'hands', private.hands_for(me.id, runs),
		'chat', private.chat_for(me.id, runs), 'polls', private.polls_for(me.id, runs))
	from public.rooms
	cross join lateral (select private.me() as id) as me
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and runs.id = coalesce(read_stage_sidebar.run, private.current_run(me.id, rooms.id))
	where rooms.summit_id = summit and rooms.slug = read_stage_sidebar.room
		and summit in (select private.readable_summits())
		and (private.entry_decision(me.id, runs.session_id, 'stream') = 'ok' or private.may_run(me.id, runs.session_id))
$$;
grant execute on function public.read_stage_sidebar(uuid, text, uuid) to anon, authenticated;

-- A message of the chat of a run, or of the room of a workshop (32_meetings/room.sql), as one of the chat: without a name where
-- the level names nobody. All columns are null for one that does not exist.
create function private.find_message(p_message uuid) returns private.chat_messages
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.chat_messages;
	v_is_nameless boolean;
begin
	select * into v from private.chat_messages as x where x.id = p_message;
	if found then return v; end if;
	select x.id, r.run_id, runs.session_id, x.person_id, null::bytea, x.body, x.sent_at,
		greatest(runs.level, private.level_in_force(runs.session_id))
	into v
	from private.meeting_messages as x
	join private.meeting_rooms as r on r.id = x.room_id
	join public.runs on runs.id = r.run_id
	where x.id = p_message;
	if v.id is not null and private.is_nameless(v.run_id) then
		v.author_hash := private.hash_participant(v.session_id, v.person_id);
		v.person_id := null;
	end if;
	return v;
end
$$;

-- The messages of these sessions in the chats of their runs and in the rooms of their workshops, by session: {id, session_id,
-- level, body, sent_at}.
create function private.messages_of_sessions(p_sessions uuid[])
	returns table (id uuid, session_id uuid, level public.confidentiality, body text, sent_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select x.id, x.session_id, x.level, x.body, x.sent_at
	from private.chat_messages as x
	where x.session_id = any (p_sessions)
	union all
	select x.id, runs.session_id, greatest(runs.level, private.level_in_force(runs.session_id)), x.body, x.sent_at
	from public.runs
	join private.meeting_messages as x on x.room_id = runs.id
	where runs.session_id = any (p_sessions)
$$;

-- Deletes a message for a caller whose right was checked; `p_audit`: it is somebody else's. Answers ok or not_found.
create or replace function private.remove_message(p_message private.chat_messages, p_audit boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Locks the run first, the same order as the end of the run.
	perform from public.runs where runs.id = p_message.run_id for share;
	delete from private.chat_messages as x where x.id = p_message.id;
	if not found then return private.remove_room_message(p_message, p_audit); end if;
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

-- Mutes the author of a message in this run, or unmutes them. Answers ok or not_found.
create or replace function public.mute_author(message uuid, muted boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages := private.find_message(message);
	v_author bytea;
begin
	perform private.hold_open_run(v_message.run_id);
	v_message := private.find_message(message);
	if v_message.id is null or not coalesce(private.may_run(private.me(), v_message.session_id), false) then
		return 'not_found';
	end if;
	v_author := coalesce(v_message.author_hash, private.hash_participant(v_message.session_id, v_message.person_id));
	if muted then
		insert into private.chat_mutes values (v_message.run_id, v_author) on conflict do nothing;
	else
		delete from private.chat_mutes as x where x.run_id = v_message.run_id and x.author_hash = v_author;
	end if;
	if found then
		perform audit.record_event(case when muted then 'chat.muted' else 'chat.unmuted' end, message::text,
			(select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
		perform private.publish_event('desk:' || v_message.run_id, 'message', message);
		perform private.publish_room_mute(v_message);
		if v_message.person_id is not null then
			perform private.publish_event('person:' || v_message.person_id, 'chat', v_message.run_id);
		end if;
	end if;
	return 'ok';
end
$$;
grant execute on function public.mute_author(uuid, boolean) to authenticated;

-- Whether somebody reads the chat in which a message is: that of the run, or of a workshop the room in which they are.
create function private.may_report_message(p_person uuid, p_message private.chat_messages) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_subscribe_chat(p_person, p_message.run_id)
		and (not exists (select from private.meeting_messages as x where x.id = p_message.id)
			or private.reads_room_message(p_person, p_message.id))
$$;

-- The text of a message, for the app to seal, with its author where names are given. Null for people who do not see the
-- chat.
create or replace function private.reported_message_text(p_person uuid, p_message uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select p.display_name || ': ' from public.people as p where p.id = x.person_id), '') || x.body
	from private.find_message(p_message) as x
	where x.id is not null and p_person is not null and private.may_report_message(p_person, x)
$$;
grant execute on function private.reported_message_text(uuid, uuid) to app_server;

-- Notes a report, once for each person and message; answers whether it is the first. Of a message in the room of a workshop it
-- is noted beside the message, which is deleted with the room.
create function private.count_message_report(p_message private.chat_messages, p_reporter bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.chat_messages as x where x.id = p_message.id) then
		insert into private.message_reports values (p_message.id, p_reporter) on conflict do nothing;
	else
		update private.meeting_messages as x
		set reporters = x.reporters || p_reporter
		where x.id = p_message.id and not p_reporter = any (x.reporters);
	end if;
	return found;
end
$$;

-- Raises a concern about a message. The concern keeps the sealed text, even if the message is deleted later, and names
-- the reporter to the leads only where names are given. Answers ok | already | not_found.
create or replace function private.report_message(p_person uuid, p_message uuid, p_sealed bytea, p_key_id text,
	p_source bytea default '\x') returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages;
	v_summit uuid;
begin
	perform from private.chat_messages as x where x.id = p_message for key share;
	v_message := private.find_message(p_message);
	if v_message.id is null or p_person is null or not private.may_report_message(p_person, v_message) then
		return 'not_found';
	end if;
	if not private.count_message_report(v_message, private.hash_participant(v_message.session_id, p_person)) then
		return 'already';
	end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id,
		case when v_message.person_id is not null then p_person end, 'A message in the chat', p_sealed, p_key_id,
		p_source, '{}', false, p_message);
	return 'ok';
end
$$;
grant execute on function private.report_message(uuid, uuid, bytea, text, bytea) to app_server;

-- Notifies pages of a change in a booth. `p_voice`: the interpreter of a language has changed. Then the rights in
-- LiveKit are reconciled, and all who watch get the languages, read once for all of them. Otherwise only the pages of
-- the booth read again. Pages of a workshop follow the topic of its room (32_meetings).
create or replace function private.notify_booth(p_run uuid, p_voice boolean) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('session:' || session_id, case when p_voice then 'voice' else 'booth' end, p_run),
		case when p_voice then private.publish_event('run:' || p_run, 'languages', p_run) end,
		case when stage_format = 'meeting' then
			private.publish_event('meeting:' || p_run, case when p_voice then 'voice' else 'booth' end) end
	from public.runs where id = p_run
$$;

-- The languages of a run from which its listeners choose: [{language, is_signed, identity (null: nobody interprets
-- now), is_staffed}].
create or replace function private.run_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed,
		'identity', voice.identity,
		'is_staffed', voice.identity is not null or exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.role = 'interpreter'
				and private.works_in_booth(sp.person_id, b.id)))
		order by b.is_signed, b.language), '[]')
	from private.booths as b
	join public.runs on runs.id = b.run_id
	left join lateral (
		select case when runs.stage_format = 'meeting' then private.staff_identity(runs.id, p.person_id)
			else p.identity end as identity
		from private.run_participants as p
		where p.id = b.on_air and runs.state <> 'ended' and not p.is_on_stage
			and private.may_interpret_in(p.person_id, b.id)) as voice on true
	where b.run_id = p_run
$$;

-- Whether an act can be about this, as far as the case goes.
create or replace function private.is_case_target(p_case uuid, p_act text, p_target uuid) returns boolean
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

-- Does one act of a case, and notes it (text sealed with the case's key, in hex) if it was done. Only its lead does,
-- while it is open. A form that is sent twice acts once.
create or replace function public.act_on_case(this_case uuid, act text, target uuid, text_sealed text, form_hash text)
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
create or replace function public.read_case_targets(this_case uuid) returns jsonb
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

-- Records a concern and notifies those who may read it; of a batch, only the first. Never refuses one. `p_reporter`:
-- null when anonymous. `p_about_people`: the codes of people whom the reporter names, among those of the session and on
-- stage. `p_about_lead`: it is about somebody in safeguarding. `p_message`: the message that is reported. `p_source`: a
-- keyed hash of the reporter or of their address. `p_code_hash`, `p_locale`, `p_taken_by`: see the table. Answers the id
-- of the concern.
create or replace function private.raise_concern(p_summit uuid, p_session uuid, p_run uuid, p_reporter uuid, p_about text,
	p_sealed bytea, p_key_id text, p_source bytea default '\x', p_about_people text[] default '{}',
	p_about_lead boolean default false, p_message uuid default null, p_code_hash bytea default null,
	p_locale text default null, p_taken_by uuid default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_batch uuid := private.count_concern_source(coalesce(p_source, '\x'), 5);
	v_is_first boolean := v_batch is null or not exists (select from private.concerns as c where c.batch_id = v_batch);
	v_message private.chat_messages := private.find_message(p_message);
begin
	insert into private.concerns (summit_id, session_id, run_id, reporter_id, subject, author_hash, batch_id, text_sealed,
		key_id, code_hash, locale, taken_by)
	values (p_summit, p_session, p_run, p_reporter, left(coalesce(p_about, ''), 200), v_message.author_hash, v_batch,
		p_sealed, p_key_id, p_code_hash, p_locale, p_taken_by)
	returning id into v_id;
	insert into private.concern_subjects (concern_id, person_id, source)
	select distinct on (found.person_id) v_id, found.person_id, found.source
	from (
		select sp.person_id, 'session' as source, 1 as rank
		from public.session_people as sp
		where sp.session_id = p_session and sp.state <> 'declined'
		union all
		select p.id, 'reporter', 0
		from public.people as p
		where p.code = any (p_about_people)
			and (p.id in (select sp.person_id
					from public.session_people as sp
					where sp.session_id = p_session and sp.state <> 'declined')
				or p.id in (select n.person_id from private.run_participants as n where n.run_id = p_run))
		union all
		select v_message.person_id, 'author', 0
		where v_message.person_id is not null
		union all
		-- The author of a message without a name is identified here only when it is a lead. Later that is not possible:
		-- the salt of the session is deleted after it.
		select h, 'author', 0
		from private.role_holders('safeguarding', p_summit) as h
		where v_message.id is not null and private.is_message_author(v_message, h)
		union all
		select h, 'reporter', 0
		from private.role_holders('safeguarding', p_summit) as h
		where p_about_lead
	) as found
	order by found.person_id, found.rank;
	if v_is_first then perform private.notify_concern(v_id); end if;
	return v_id;
end
$$;
grant execute on function private.raise_concern(uuid, uuid, uuid, uuid, text, bytea, text, bytea, text[], boolean,
	uuid, bytea, text, uuid) to app_server;

-- The languages from which those in the room of all choose: [{language, is_signed, identity (null: nobody interprets now),
-- is_staffed: an interpreter of it is connected}]. The booths of a workshop are those of its run.
create or replace function private.meeting_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when p_room.run_id is not null then private.run_languages(p_room.run_id)
		else private.named_languages(p_room) end
$$;

-- Those of the room of a meeting.
create function private.named_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'language', b.language,
			'is_signed', private.is_sign_language(b.language),
			'identity', voice.identity,
			'is_staffed', voice.identity is not null or exists (select
				from private.meeting_staff as s
				join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.language = b.language
					and p.is_staff and private.is_connected(p)
					-- Who interprets into another language is not in this booth.
					and coalesce(p.on_air = b.language, true)))
		order by private.is_sign_language(b.language), b.language), '[]')
	from (select distinct s.language
		from private.meeting_staff as s
		where s.meeting_id = p_room.meeting_id and s.part = 'interpreter') as b
	left join lateral (
		select p.identity
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.on_air = b.language and private.meeting_rights(p_room, p) is not null
	) as voice on true
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p.is_staff and private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			then case
				when p_room.run_id is not null then private.run_staff_rights(p_room.run_id, p.person_id)
				when p.on_air is not null and private.is_meeting_staff(p.person_id, p_room.meeting_id, 'interpreter', p.on_air)
					then array[case when private.is_sign_language(p.on_air) then 'camera' else 'microphone' end]
				when private.is_meeting_staff(p.person_id, p_room.meeting_id) then '{}'::text[]
			end
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[
				case when private.has_meeting_camera(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'camera')
					then 'camera' end,
				case when private.may_use_in_room(p_room, p.person_id, 'microphone') then 'microphone' end,
				case when private.shares_meeting_screen(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'screen')
					then 'screen' end], null)
	end
$$;

-- What the reader may use in the room of a run, as public.read_run_room answers it.
create function private.run_room_may_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'camera', private.may_use_in_room(p_room, private.me(), 'camera'),
		'chat', private.may_use_in_room(p_room, private.me(), 'chat'),
		'microphone', private.may_use_in_room(p_room, private.me(), 'microphone'),
		'write', private.may_write_in_room(p_room, private.me()),
		'name', not private.is_unnamed_minor(private.me(),
			(select runs.session_id from public.runs where runs.id = p_room.run_id)))
$$;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone, write
-- (private.may_write_in_room), name (others see it)} of the reader, booths: those in which the reader works, [{language,
-- is_signed}], announcement: private.shown_announcement, spoken: the languages of the session}, and without a group.
create or replace function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.meeting_rights(r, p) is not null as is_in, private.hosts_room(r, private.me()) as is_host
		from private.meeting_rooms as r
		join public.runs on runs.id = r.run_id
		join public.summits as s on s.id = runs.summit_id
		join public.rooms as v on v.id = runs.room_id
		left join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
		where r.run_id = read_run_room.run and private.is_meeting_room_open(r)
			and private.may_be_in_room(r, private.me())
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.id::text,
		'run', jsonb_build_object('state', f.state, 'level', f.shown -> 'level'),
		'session', f.shown -> 'code',
		'room', jsonb_build_object('slug', f.slug, 'name', f.place),
		'title', f.shown -> 'title',
		'start', f.shown -> 'start',
		'end', f.shown -> 'end',
		'zone', f.zone,
		'is_open', true,
		'may_open', false,
		'is_host', f.is_host,
		'is_locked', (f.room).is_locked,
		-- Its captions are those of the run.
		'caption_languages', '[]'::jsonb,
		'languages', case when f.is_in then private.run_languages(f.id) else '[]' end,
		'staff', case when f.is_in then private.meeting_room_staff_json(f.room) else '[]' end,
		'booths', private.own_booths_json(f.id),
		'announcement', private.shown_announcement(f.id),
		'spoken', f.shown -> 'spoken',
		'may', private.run_room_may_json(f.room),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;
grant execute on function public.read_run_room(uuid) to authenticated;

-- Whether somebody may interpret in one of the booths of an open workshop.
create function private.interprets_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		join private.booths as b on b.run_id = runs.id
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting'
			and private.may_interpret_in(p_person, b.id))
$$;

-- The tracks that an interpreter may send in the room of a run now (private.booth_rights); null: they may not be there.
create function private.run_staff_rights(p_run uuid, p_person uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select case when private.interprets_run(p_person, p_run) then coalesce((
		select private.booth_rights(runs, rp)
		from public.runs
		join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = p_person
		where runs.id = p_run), '{}') end
$$;

-- The identity of an interpreter who is in the room of a run as its staff; null for everyone else.
create function private.staff_identity(p_run uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.identity
	from private.meeting_participants as p
	where p.room_id = p_run and p.person_id = p_person and p.is_staff and p.admitted_at is not null and p.removed_at is null
$$;

-- The booths of an open workshop in which the reader may interpret: [{language, is_signed}].
create function private.own_booths_json(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed)
		order by b.is_signed, b.language), '[]')
	from private.booths as b
	where b.run_id = p_run and private.may_interpret_in(private.me(), b.id)
$$;

-- The pass of an interpreter to the room of a run (private.room_staff_pass); none for everyone else. A pass and a bar of the
-- same person exclude each other (private.run_room_pass). Locks the run and its room.
create function private.run_staff_pass(p_person uuid, p_run uuid, p_auth_session uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is null or not private.interprets_run(p_person, p_run) then return '{"status": "none"}'; end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7));
	v_room := private.lock_room(p_run);
	if v_room.run_id is null or not private.interprets_run(p_person, p_run)
		or private.must_confirm_room_notice(v_room, p_person) then
		return '{"status": "none"}';
	end if;
	-- By this row they are on air, attendance is written, and a bar finds the run.
	perform private.ensure_participant(p_run, p_person);
	return private.room_staff_pass(v_room, p_person, p_auth_session);
end
$$;
grant execute on function private.run_staff_pass(uuid, uuid, uuid) to app_server;

-- The page of a booth of a workshop for its interpreters; null for everyone else. Its shape is that of a booth of a meeting
-- (public.read_meeting_booth), without a group, with {run: its state, session: its code, room: {slug, name}, spoken}.
create function public.read_run_booth(run uuid, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', runs.id,
		'code', runs.id::text,
		'run', jsonb_build_object('state', runs.state, 'level', s.shown -> 'level'),
		'session', s.shown -> 'code',
		'room', jsonb_build_object('slug', v.slug, 'name', v.name),
		'title', s.shown -> 'title',
		'spoken', s.shown -> 'spoken',
		'start', s.shown -> 'start',
		'end', s.shown -> 'end',
		'zone', u.zone,
		'is_open', private.is_meeting_room_open(r),
		'is_removed', private.was_removed_from_room(r.id, private.me()),
		'people', private.staff_people_json(r),
		'booth', private.booth_json(b),
		'me', (select jsonb_build_object('code', q.code, 'identity', private.staff_identity(runs.id, q.id),
				'is_on_stage', false, 'is_on_air', rp.id is not null and rp.id is not distinct from b.on_air)
			from public.people as q
			left join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = q.id
			where q.id = (select private.me())),
		'languages', private.run_languages(runs.id),
		'own', (select jsonb_agg(x ->> 'language') from jsonb_array_elements(private.own_booths_json(runs.id)) as x))
	from public.runs
	join private.meeting_rooms as r on r.run_id = runs.id
	join private.booths as b on b.run_id = runs.id and b.language = read_run_booth.language
	join public.summits as u on u.id = runs.summit_id
	join public.rooms as v on v.id = runs.room_id
	cross join lateral (select private.stage_session(runs.session_id) as shown) as s
	where runs.id = read_run_booth.run and runs.state <> 'ended' and private.may_interpret_in(private.me(), b.id)
$$;
grant execute on function public.read_run_booth(uuid, text) to authenticated;

-- Whether somebody is muted in the chat of a run.
create function private.is_muted_in_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.chat_mutes as x
		join public.runs on runs.id = x.run_id
		join private.session_salts as q on q.session_id = runs.session_id
		where x.run_id = p_run and x.author_hash = extensions.hmac(p_person::text::bytea, q.salt, 'sha256'))
$$;

-- Whether somebody who is in the room of a workshop reads this message: it was written where they are, or everywhere.
create function private.reads_room_message(p_person uuid, p_message uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_messages as x
		join private.meeting_rooms as r on r.id = x.room_id and r.run_id is not null
		join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
		where x.id = p_message and private.is_among_people(r, p) and private.may_be_in_room(r, p_person)
			and private.may_use_in_room(r, p_person, 'chat')
			and coalesce(x.number = private.meeting_room_number(r, p), true))
$$;

-- Deletes a message of a workshop for a caller whose right was checked, as private.remove_message. Answers ok or not_found.
create function private.remove_room_message(p_message private.chat_messages, p_audit boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.meeting_messages as x where x.id = p_message.id;
	if not found then return 'not_found'; end if;
	if p_audit then
		perform audit.record_event('chat.deleted', p_message.id::text,
			(select runs.summit_id from public.runs where runs.id = p_message.run_id), null, '{}');
	end if;
	perform private.publish_event('meeting:' || p_message.run_id, 'deleted');
	return 'ok';
end
$$;

-- Hosts of a workshop see whom one of them muted, and its author that they may write no more. Its page reads these again with all
-- messages.
create function private.publish_room_mute(p_message private.chat_messages) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('meeting:' || runs.id, 'deleted')
	from public.runs
	where runs.id = p_message.run_id and runs.stage_format = 'meeting'
$$;

-- The messages that a participant reads, the newest 200, or those after one of these; all when that one was deleted.
create or replace function private.meeting_messages_json(p_room private.meeting_rooms, p_own private.meeting_participants,
	p_after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x.message order by x.sent_at, x.id), '[]')
	from (select x.id, x.sent_at, jsonb_build_object(
			'id', x.id,
			-- In a run whose level names nobody it is '', and so it is for people under 18.
			'from', case when p_room.run_id is not null and private.is_nameless(p_room.run_id) then ''
				else private.name_in_room(p_room, x.person_id) end,
			'is_me', x.person_id = p_own.person_id,
			'is_to_all', x.number is null,
			'body', x.body,
			'at', private.iso(x.sent_at))
			-- For hosts of a workshop: whether its author may write no more.
			|| case when p_room.run_id is not null and private.hosts_room(p_room, p_own.person_id) then jsonb_build_object(
				'is_muted', private.is_muted_in_run(x.person_id, p_room.run_id)) else '{}' end as message
		from private.meeting_messages as x
		where x.room_id = p_own.room_id and private.may_use_in_room(p_room, p_own.person_id, 'chat')
			and coalesce(x.number = private.meeting_room_number(p_room, p_own), true)
			and x.sent_at > coalesce((select y.sent_at from private.meeting_messages as y
				where y.id = p_after and y.room_id = p_own.room_id), '-infinity')
		order by x.sent_at desc
		limit 200) as x
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}. People under 18 who have no name
-- for the reader, and may not speak, are left out: nobody learns that they are there.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, private.name_in_room(p_room, p.person_id) as display_name,
			private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		where p.room_id = p_room.id and (not p.is_staff or p_room.run_id is not null and p.removed_at is not null)
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in and (t.display_name <> ''
				or private.may_use_in_room(p_room, (t.participant).person_id, 'microphone'))),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).admitted_at is null and (t.participant).removed_at is null
				and (t.participant).asked_at > now() - interval '1 minute'),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;

-- The staff that is connected to a room: [{id: of the part in a meeting, of the participant in a workshop, display_name, part,
-- language}], with each of their parts. All who are there know who hears them.
create or replace function private.meeting_room_staff_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'part', s.part,
			'language', s.language,
			'is_signed', s.is_signed)
		order by lower(q.display_name), q.id, s.part, s.language), '[]')
	from private.meeting_participants as p
	join public.people as q on q.id = p.person_id
	cross join lateral (
		select n.id, n.part, n.language, private.is_sign_language(n.language) as is_signed
		from private.meeting_staff as n
		where n.meeting_id = p.room_id and n.person_id = p.person_id
		union all
		select p.id, 'interpreter', b.language, b.is_signed
		from private.booths as b
		where b.run_id = p.room_id and private.works_in_booth(p.person_id, b.id)) as s
	where p.room_id = p_room.id and p.is_staff and private.is_connected(p)
		and private.meeting_rights(p_room, p) is not null
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, may, breakouts, staff}), hands ({hands: [{id, at}]}, those that are up), me ({me, and in a workshop may}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create or replace function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, private.hosts_room(r, private.me()))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r),
				'staff', private.meeting_room_staff_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) || case when r.run_id is not null
				then jsonb_build_object('may', private.run_room_may_json(r)) else '{}' end else '{}' end
		|| case when 'hands' = any (parts) then jsonb_build_object('hands', (
			select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'at', private.meeting_hand(q))), '[]')
			from private.meeting_participants as q
			where q.room_id = r.id and q.hand_at is not null)) else '{}' end
		|| case when 'chat' = any (parts)
			then jsonb_build_object('messages', private.meeting_messages_json(r, p, after)) else '{}' end
		|| case when 'languages' = any (parts)
			then jsonb_build_object('languages', private.meeting_languages(r)) else '{}' end
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
	where r.id = private.room_of_code(read_meeting_room_parts.code) and private.is_among_people(r, p)
		and private.may_be_in_room(r, p.person_id)
$$;
grant execute on function public.read_meeting_room_parts(text, text[], uuid) to authenticated;

-- `staff:` is for the staff of a meeting, and for the interpreters of a workshop. The app repeats there those of its events that concern their pages
-- (src/lib/live/topics.ts).
create or replace function private.may_subscribe_meeting_staff(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meetings as m
		where m.id = p_meeting and private.is_meeting_staffed(m) and private.is_meeting_staff(p_person, m.id))
		or private.interprets_run(p_person, p_meeting)
$$;

-- The pass of an interpreter or captioner to a room: as private.room_pass, but they wait for nobody, are always in the room of
-- all, and are not among its people. Who is of these leaves their place among them until they enter again. {status: ok |
-- closed | removed (by a host), room, identity, number: 0, publish[]}. The caller has locked the room, and knows that they
-- are its staff.
create function private.room_staff_pass(p_room private.meeting_rooms, p_person uuid, p_auth_session uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants;
	v_was_member boolean;
	v_name text;
begin
	if not private.is_meeting_room_open(p_room) then return '{"status": "closed"}'; end if;
	v_was_member := exists (select from private.meeting_participants as p
		where p.room_id = p_room.id and p.person_id = p_person and not p.is_staff and p.removed_at is null);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at, is_staff)
	values (p_room.id, p_person, now(), true)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = p.removed_at is null,
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, now()) end,
			hand_at = null, shares_at = null, camera_at = null, breakout = null,
			on_air = case when p.removed_at is null then p.on_air end,
			on_air_at = case when p.removed_at is null then p.on_air_at end,
			offered_at = case when p.removed_at is null then p.offered_at end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	insert into private.meeting_livekit_rooms (room_id, number)
	values (p_room.id, 0)
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = p_room.id and r.number = 0 and r.closed_at is null;
	if v_was_member then perform private.publish_event('meeting:' || p_room.id, 'people'); end if;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity, 'number', 0,
		'publish', to_jsonb(private.meeting_rights(p_room, v)));
end
$$;

-- The pass of an interpreter or captioner to the room of a meeting (private.room_staff_pass); none also where there is no such
-- meeting. Locks the room.
create or replace function private.meeting_staff_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
	v_room private.meeting_rooms;
begin
	select m.id into v_meeting
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group and private.is_meeting_staffed(m);
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if v_meeting is null or not private.is_meeting_staff(p_person, v_meeting) then return '{"status": "none"}'; end if;
	return private.room_staff_pass(v_room, p_person, p_auth_session);
end
$$;
grant execute on function private.meeting_staff_pass(uuid, text, text, uuid) to app_server;

-- Those who are in the room of all, as its staff sees them; nobody for who was removed.
create function private.staff_people_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.meeting_participant_json(p_room, p) || '{"hand": null, "is_me": false}'
		order by p.id), '[]')
	from private.meeting_participants as p
	where p.room_id = p_room.id and not p.is_staff and private.is_connected(p)
		and not private.was_removed_from_room(p_room.id, private.me())
		and private.meeting_rights(p_room, p) is not null and private.meeting_room_number(p_room, p) = 0
		-- As in private.meeting_room_people_json.
		and (private.name_in_room(p_room, p.person_id) <> '' or private.may_use_in_room(p_room, p.person_id, 'microphone'))
$$;

-- What the pages of the staff show of a meeting and its room: {id, code, group: {code, name}, title, start, end, zone,
-- is_open, is_in_group, is_removed: a host removed the reader, people: those who are in the room of all, as
-- private.meeting_participant_json, but nobody for who was removed}.
create or replace function private.meeting_staff_room_json(m private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'is_open', coalesce(private.is_meeting_room_open(r), false),
		'is_in_group', private.is_in_group(private.me(), m.group_id),
		'is_removed', private.was_removed_from_room(m.id, private.me()),
		'people', private.staff_people_json(r))
	from private.groups as g
	left join private.meeting_rooms as r on r.meeting_id = m.id
	where g.id = m.group_id
$$;

