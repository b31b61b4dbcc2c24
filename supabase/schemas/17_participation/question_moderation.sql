-- Moderation of questions: hosts approve, show, answer, decline and merge them; speakers say which are answered.

-- Who reads all questions of a session: its confirmed people other than interpreters and captioners, their assistants,
-- and hosts.
create function private.may_read_questions(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.state = 'confirmed'
			and sp.role not in ('interpreter', 'captioner')
			and sp.person_id in (select private.my_people('speaking'))
			and not private.has_entry_bar(sp.person_id, p_session))
		or private.may_run(private.me(), p_session)
$$;

-- Writes a state that was checked, and what follows for the other questions, the audit and the open pages. The caller
-- has locked the session, then the question.
create function private.write_question_state(p_q private.session_questions, p_state text, p_by_host boolean)
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
create function public.set_question_state(question uuid, state text) returns public.ok_or_not_found
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
grant execute on function public.set_question_state(uuid, text) to authenticated;

-- Merges a question into another that asks the same. The votes of both count once a person. Answers ok or not_found.
create function public.merge_questions(question uuid, into_question uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_into private.session_questions;
begin
	perform from private.session_questions as q where q.id in (question, into_question) order by q.id for update;
	select * into v_q from private.session_questions as q where q.id = question;
	select * into v_into from private.session_questions as q where q.id = into_question;
	if v_q.id is null or v_into.id is null or v_q.id = v_into.id or v_q.session_id <> v_into.session_id
		or v_q.merged_into is not null or v_into.merged_into is not null or v_into.state = 'declined'
		or not coalesce(private.may_run(private.me(), v_q.session_id), false)
	then
		return 'not_found';
	end if;
	insert into private.question_votes
	select v_into.id, v.voter_hash
	from private.question_votes as v
	where v.question_id = v_q.id
	on conflict do nothing;
	delete from private.question_votes as v where v.question_id = v_q.id;
	-- Questions that were merged into this one move along.
	update private.session_questions as q set merged_into = v_into.id where q.merged_into = v_q.id;
	update private.session_questions as q
	set merged_into = v_into.id, votes = 0, state = case q.state when 'current' then 'approved' else q.state end
	where q.id = v_q.id;
	update private.session_questions as q
	set votes = (select count(*) from private.question_votes as v where v.question_id = v_into.id)
	where q.id = v_into.id;
	perform
		private.notify_participation(private.open_run_of(v_q.session_id), 'question', v_q.id,
			private.is_shown_question(v_q)),
		private.notify_participation(private.open_run_of(v_q.session_id), 'question', v_into.id,
			private.is_shown_question(v_into));
	return 'ok';
end
$$;
grant execute on function public.merge_questions(uuid, uuid) to authenticated;

-- A question that is inserted in a visible state counts as approved.
create function private.set_initial_approval() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.is_approved := new.state in ('approved', 'current', 'answered');
	return new;
end
$$;
create trigger approve_initially before insert on private.session_questions for each row
	execute function private.set_initial_approval();
