-- Only whoever runs a session lets a question through to those who watch: a speaker who says that it is answered shows none that was not
-- shown, and hides none that was. Words that nobody can see are none.

alter table private.session_questions add column is_approved boolean not null default false;
update private.session_questions set is_approved = true where state in ('approved', 'current', 'answered');

create function private.approve_as_asked() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.is_approved := new.state in ('approved', 'current', 'answered');
	return new;
end
$$;
create trigger approve_as_asked before insert on private.session_questions for each row execute function private.approve_as_asked();

-- Whether a text has anything to be seen: not only spaces and letters without a shape.
create function private.says_something(p_text text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_text, '') ~ '[^[:space:]\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]'
$$;

-- Writes a question down. Answers ok | already (the same words) | limited (so many of one's own wait) | invalid, and its id.
create or replace function private.add_question(p_me uuid, p_session uuid, p_body text, p_shown_as text, p_most integer, p_state text, out status text, out id uuid)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_body text := btrim(regexp_replace(coalesce(p_body, ''), '[\u0001-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]', '', 'g'));
	v_summit uuid;
	v_nameless boolean;
	v_hash bytea;
begin
	status := 'invalid';
	if length(v_body) > 2000 or not private.says_something(v_body) or p_shown_as is null or not p_shown_as = any (private.question_names(p_me, p_session)) then return; end if;
	perform pg_advisory_xact_lock(hashtextextended('ask:' || p_session || p_me, 7));
	-- The level stays as it is until this is written.
	select s.summit_id into v_summit from public.sessions as s where s.id = p_session for share;
	v_nameless := private.is_nameless_level(private.level_in_force(p_session));
	if v_nameless and p_shown_as <> 'nobody' then return; end if;
	status := case
		when exists (select from private.session_questions as q where q.session_id = p_session and q.body = v_body and private.is_asked_by(q, p_me)) then 'already'
		when (select count(*) from private.session_questions as q where q.session_id = p_session and q.state not in ('answered', 'declined') and private.is_asked_by(q, p_me)) >= p_most
			then 'limited'
		else 'ok' end;
	if status <> 'ok' then return; end if;
	if v_nameless then v_hash := private.asker_hash(p_session, p_me); end if;
	insert into private.session_questions as q (session_id, summit_id, person_id, asker, body, shown_as, state, asked_at)
	values (p_session, v_summit, case when not v_nameless then p_me end, v_hash, v_body, p_shown_as, p_state, case when v_nameless then date_trunc('day', now()) else now() end)
	returning q.id into id;
end
$$;

create or replace function private.is_shown_question(q private.session_questions) returns boolean
language sql immutable set search_path = '' as $$
	select (q.state in ('approved', 'current') or q.state = 'answered' and q.is_approved) and q.merged_into is null
$$;

-- Moves a question on. Whoever runs the session sets any state; its speakers say that one is answered, or not yet: to those who watch it
-- is shown as before. Answers ok or not_found.
create or replace function public.set_question_state(question uuid, state text) returns text
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
	perform from public.sessions as s where s.id = (select q.session_id from private.session_questions as q where q.id = question) for no key update;
	select * into v_q from private.session_questions as q where q.id = question for update;
	v_runs_it := coalesce(private.may_run(private.me(), v_q.session_id), false);
	if v_q.id is null or coalesce(state, '') not in ('asked', 'approved', 'current', 'answered', 'declined') or v_q.merged_into is not null or not private.may_read_questions(v_q.session_id)
		or not v_runs_it and (v_q.state = 'declined' or state not in ('asked', 'answered') or (state = 'asked' and v_q.state <> 'answered')) then return 'not_found'; end if;
	-- Not yet answered, one that was let through is still there for all.
	if not v_runs_it and v_state = 'asked' and v_q.is_approved then v_state := 'approved'; end if;
	if v_q.state = v_state then return 'ok'; end if;
	v_run := private.open_run_of(v_q.session_id);
	if v_state = 'current' then
		update private.session_questions as q set state = 'answered', answered_at = now() where q.session_id = v_q.session_id and q.state = 'current' returning q.id into v_before;
		if v_before is not null then perform private.tell_participation(v_run, 'question', v_before, true); end if;
	end if;
	update private.session_questions as q set state = v_state, answered_at = case when v_state = 'answered' then now() end,
		is_approved = v_state in ('approved', 'current') or v_state = 'answered' and (q.is_approved or v_runs_it)
	where q.id = question returning q.* into v_new;
	-- By id alone: the words and whose they are stay out of the history.
	if 'declined' in (v_q.state, v_new.state) then
		perform audit.note(case when v_new.state = 'declined' then 'questions.hidden' else 'questions.shown' end, question::text, v_q.summit_id, null, '{}');
	end if;
	perform private.tell('session:' || v_q.session_id, 'questions', v_q.session_id);
	perform private.tell_participation(v_run, 'question', question, private.is_shown_question(v_q) or private.is_shown_question(v_new));
	return 'ok';
end
$$;
