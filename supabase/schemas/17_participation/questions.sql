-- Questions in writing while a session is on: asked by whoever may take part, read by all once approved, voted for,
-- merged, answered.

--[patch approved_questions] Only whoever runs a session lets a question through to those who watch: a speaker who says that it is answered shows none that was not
--[patch approved_questions] shown, and hides none that was. Words that nobody can see are none.
create function private.is_shown_question(q private.session_questions) returns boolean
language sql immutable set search_path = '' as $$
	select (q.state in ('approved', 'current') or q.state = 'answered' and q.is_approved) and q.merged_into is null
$$;

-- A question as its readers see it; `from` is the name of this moment, and null where nobody is named.
create function private.question_view(q private.session_questions) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', q.id, 'body', q.body, 'state', q.state, 'votes', q.votes,
		'from', (select case q.shown_as when 'name' then p.display_name
			when 'affiliation' then nullif(p.affiliation, '') end from public.people as p where p.id = q.person_id))
$$;

--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
--[patch older_news] News of what was made at a stricter level than today's says only that it changed: those who read it look again themselves, and all others
--[patch older_news] have nothing to look at. What is gone, or hidden from everybody, comes as nothing, as before.
create function private.told_question(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when q.level <= private.level_in_force(q.session_id) then private.question_view(q)
		else '{"older": true}' end
	from private.session_questions as q join public.runs on runs.session_id = q.session_id
	where runs.id = p_run and q.id = p_id and private.is_shown_question(q)
$$;
grant execute on function private.told_question(uuid, uuid) to app_server;

--[was in run_questions] Asks while the session is on. Answers ok (shown) | waiting (for approval) | already | limited | invalid | closed, or why not as may_take_part says it.
--[patch session_first] Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who writes at that
--[patch session_first] moment, wait for each other, and one of them is refused.
-- Asks while the session is on. Answers ok (shown) | waiting (for approval) | already | limited | too_soon | invalid | closed, or why not as may_take_part says it.
create function public.ask_question(run uuid, body text, shown_as text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_status text;
	v_id uuid;
begin
	-- The level stays as it is, and the run cannot end and be erased, between these lines and the last.
	perform from public.sessions as s
		where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	v_settings := private.participation_of(v_run.session_id);
	if not v_settings.takes_questions then return 'closed'; end if;
	if (select count(*) from private.taken_back as t
		where t.run_id = run and t.what = 'question' and t.author = private.asker_hash(v_run.session_id, v_me)
		and t.taken_at > clock_timestamp() - interval '1 minute') >= 5 then return 'too_soon'; end if;
	select each.status, each.id into v_status, v_id
	from private.add_question(v_me, v_run.session_id, body, shown_as, 5,
		case when v_settings.approve_first then 'asked' else 'approved' end) as each;
	if v_status <> 'ok' then return v_status; end if;
	perform private.tell_participation(run, 'question', v_id, not v_settings.approve_first);
	return case when v_settings.approve_first then 'waiting' else 'ok' end;
end
$$;
grant execute on function public.ask_question(uuid, text, text) to authenticated;

--[was in run_questions] Takes one's own question back. Answers ok or not_found.
--[patch kept_pace] The pause between two messages, and the number of questions and hands of one person, hold for what was taken back as well: else whoever
--[patch kept_pace] writes, takes away and writes again is never too soon, and all who watch are told each time.
-- Takes one's own question back. Others' that were merged into it stay, as the oldest of them, with the votes. Answers ok or not_found.
create function public.withdraw_question(question uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_heir uuid;
begin
	-- In the order in which the end of the run takes them.
	perform from public.runs where runs.state <> 'ended'
		and runs.session_id = (select q.session_id from private.session_questions as q
			where q.id = question and private.is_asked_by(q, private.me())) for share;
	select q.* into v_q from private.session_questions as q
		where q.id = question and private.me() is not null and private.is_asked_by(q, private.me()) for update;
	if not found then return 'not_found'; end if;
	select q.id into v_heir from private.session_questions as q where q.merged_into = question order by q.asked_at, q.id
		limit 1 for update;
	if found then
		update private.question_votes as v set question_id = v_heir where v.question_id = question;
		update private.session_questions as q set merged_into = nullif(v_heir, q.id) where q.merged_into = question;
	end if;
	delete from private.session_questions as q where q.id = question;
	if v_heir is not null then
		update private.session_questions as q
			set state = v_q.state, answered_at = v_q.answered_at, is_approved = v_q.is_approved,
			votes = (select count(*) from private.question_votes as v where v.question_id = v_heir) where q.id = v_heir;
		perform private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_heir,
			private.is_shown_question(v_q));
	end if;
	perform private.note_taken_back(private.open_run_of(v_q.session_id), v_q.session_id, private.me(), null, 'question',
		v_q.asked_at);
	perform private.tell('session:' || v_q.session_id, 'questions', v_q.session_id);
	perform private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_q.id,
		private.is_shown_question(v_q));
	return 'ok';
end
$$;
grant execute on function public.withdraw_question(uuid) to authenticated;

--[was in run_questions] Votes for a question, or takes the vote back; twice is once. Answers ok, or not_found, or why not as may_take_part says it.
--[patch older_news] News of what was made at a stricter level than today's says only that it changed: those who read it look again themselves, and all others
--[patch older_news] have nothing to look at. What is gone, or hidden from everybody, comes as nothing, as before.
-- Says that somebody wants a question answered, or no longer. Answers ok | not_found, or as may_take_part says it.
create function public.vote_for_question(question uuid, up boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_q private.session_questions;
	v_run public.runs;
	v_may text;
	v_changed integer;
begin
	select runs.* into v_run
		from private.session_questions as q join public.runs on runs.session_id = q.session_id and runs.state <> 'ended'
		where q.id = question;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	-- Votes for one question come one after the other, so that its count is the number of its rows.
	select * into v_q from private.session_questions as q where q.id = question for update;
	if not found or v_q.state not in ('approved', 'current') or not private.is_shown_question(v_q)
		or v_q.level > private.heard_level(v_me, v_q.session_id) then return 'not_found'; end if;
	if up then
		insert into private.question_votes values (question, private.asker_hash(v_q.session_id, v_me))
			on conflict do nothing;
	else
		delete from private.question_votes as v
			where v.question_id = question and v.voter = private.asker_hash(v_q.session_id, v_me);
	end if;
	get diagnostics v_changed = row_count;
	if v_changed > 0 then
		update private.session_questions as q set votes = q.votes + case when up then 1 else -1 end
			where q.id = question;
		perform private.tell_participation(v_run.id, 'question', question, true);
	end if;
	return 'ok';
end
$$;
grant execute on function public.vote_for_question(uuid, boolean) to authenticated;

--[was in run_questions] Moves a question on. Whoever runs the session sets any state; its speakers say that one is answered, or not yet. Answers ok or not_found.
--[patch approved_questions] Only whoever runs a session lets a question through to those who watch: a speaker who says that it is answered shows none that was not
--[patch approved_questions] shown, and hides none that was. Words that nobody can see are none.
-- Moves a question on. Whoever runs the session sets any state; its speakers say that one is answered, or not yet: to those who watch it
-- is shown as before. Answers ok or not_found.
create function public.set_question_state(question uuid, state text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_new private.session_questions;
	v_run uuid;
	v_before uuid;
	v_runs_it boolean;
	v_state text := state;
begin
	-- First the session, so that two hosts who put two questions on the screen do it one after the other.
	perform from public.sessions as s
		where s.id = (select q.session_id from private.session_questions as q where q.id = question) for no key update;
	select * into v_q from private.session_questions as q where q.id = question for update;
	v_runs_it := coalesce(private.may_run(private.me(), v_q.session_id), false);
	if v_q.id is null or coalesce(state, '') not in ('asked', 'approved', 'current', 'answered', 'declined')
		or v_q.merged_into is not null or not private.may_read_questions(v_q.session_id)
		or not v_runs_it and (v_q.state = 'declined' or state not in ('asked', 'answered')
			or (state = 'asked' and v_q.state <> 'answered')) then return 'not_found'; end if;
	-- Not yet answered, one that was let through is still there for all.
	if not v_runs_it and v_state = 'asked' and v_q.is_approved then v_state := 'approved'; end if;
	if v_q.state = v_state then return 'ok'; end if;
	v_run := private.open_run_of(v_q.session_id);
	if v_state = 'current' then
		update private.session_questions as q set state = 'answered', answered_at = now()
			where q.session_id = v_q.session_id and q.state = 'current' returning q.id into v_before;
		if v_before is not null then perform private.tell_participation(v_run, 'question', v_before, true); end if;
	end if;
	update private.session_questions as q
		set state = v_state, answered_at = case when v_state = 'answered' then now() end,
		is_approved = v_state in ('approved', 'current') or v_state = 'answered' and (q.is_approved or v_runs_it)
	where q.id = question returning q.* into v_new;
	-- By id alone: the words and whose they are stay out of the history.
	if 'declined' in (v_q.state, v_new.state) then
		perform audit.note(case when v_new.state = 'declined' then 'questions.hidden' else 'questions.shown' end,
			question::text, v_q.summit_id, null, '{}');
	end if;
	perform private.tell('session:' || v_q.session_id, 'questions', v_q.session_id);
	perform private.tell_participation(v_run, 'question', question, private.is_shown_question(v_q)
		or private.is_shown_question(v_new));
	return 'ok';
end
$$;
grant execute on function public.set_question_state(uuid, text) to authenticated;

-- Two that ask the same become one, with the votes of both, one a person. Answers ok or not_found.
create function public.merge_questions(question uuid, into_question uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_into private.session_questions;
begin
	perform from private.session_questions as q where q.id in (question, into_question) order by q.id for update;
	select * into v_q from private.session_questions as q where q.id = question;
	select * into v_into from private.session_questions as q where q.id = into_question;
	if v_q.id is null or v_into.id is null or v_q.id = v_into.id or v_q.session_id <> v_into.session_id
		or v_q.merged_into is not null or v_into.merged_into is not null
		or v_into.state = 'declined'
			or not coalesce(private.may_run(private.me(), v_q.session_id), false) then return 'not_found'; end if;
	insert into private.question_votes select v_into.id, v.voter from private.question_votes as v
		where v.question_id = v_q.id on conflict do nothing;
	delete from private.question_votes as v where v.question_id = v_q.id;
	-- Whatever was merged into this one before goes along.
	update private.session_questions as q set merged_into = v_into.id where q.merged_into = v_q.id;
	update private.session_questions as q
		set merged_into = v_into.id, votes = 0, state = case q.state when 'current' then 'approved' else q.state end
		where q.id = v_q.id;
	update private.session_questions as q
		set votes = (select count(*) from private.question_votes as v where v.question_id = v_into.id)
		where q.id = v_into.id;
	perform private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_q.id,
		private.is_shown_question(v_q)),
		private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_into.id,
			private.is_shown_question(v_into));
	return 'ok';
end
$$;
grant execute on function public.merge_questions(uuid, uuid) to authenticated;

--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
-- What a person (null: a stranger) reads of a run's questions: {may, names, shown[], mine[] (with why it is not shown), voted[], waiting[] (of who runs it)}.
create function private.questions_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as (
		select q, private.is_shown_question(q) as is_shown, p_person is not null
			and private.is_asked_by(q, p_person) as is_mine
		from private.session_questions as q where q.session_id = p_run.session_id
			and q.level <= (select private.heard_level(p_person, p_run.session_id))
	)
	select jsonb_build_object('names',
		case when p_person is null then '[]' else to_jsonb(private.question_names(p_person, p_run.session_id)) end,
		'shown', (select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).votes desc, (h.q).id), '[]')
			from held as h where h.is_shown),
		'mine', (select coalesce(jsonb_agg(jsonb_build_object('id', (h.q).id, 'body', (h.q).body, 'is_shown',
			h.is_shown, 'is_merged', (h.q).merged_into is not null, 'is_declined', (h.q).state = 'declined')
			order by (h.q).asked_at desc, (h.q).id), '[]') from held as h where h.is_mine),
		'voted', (select coalesce(jsonb_agg(v.question_id), '[]')
			from private.question_votes as v join held as h on (h.q).id = v.question_id
			where v.voter = (select extensions.hmac(p_person::text::bytea, s.salt, 'sha256')
				from private.question_salts as s where s.session_id = p_run.session_id)),
		'waiting', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).state, (h.q).asked_at, (h.q).id), '[]')
				from held as h
				where (h.q).state in ('asked', 'declined') and (h.q).merged_into is null) end)
$$;

-- Only whoever runs a session lets a question through to those who watch: a speaker who says that it is answered shows
-- none that was not shown, and hides none that was. Words that nobody can see are none.

create function private.approve_as_asked() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.is_approved := new.state in ('approved', 'current', 'answered');
	return new;
end
$$;

create trigger approve_as_asked before insert on private.session_questions for each row
	execute function private.approve_as_asked();

--[was in approved_questions] Whether a text has anything to be seen: not only spaces and letters without a shape.
-- Whether a text has anything to be seen: not only spaces and letters without a shape, those of the higher planes too.
create function private.says_something(p_text text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_text,
		'') ~ '[^[:space:]\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]'
$$;
