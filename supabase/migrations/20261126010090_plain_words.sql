-- Words that many read take no more room than words do: no columns of empty lines, no towers of marks, nothing that cannot be seen; and
-- whatever is too long is refused whole, not shortened.

create function private.plain_words(p_text text) returns text
language sql immutable set search_path = '' as $$
	select btrim(coalesce(string_agg(case when n = 1 then '' when n <= 12 then E'\n' else ' ' end || line, '' order by n), ''), E' \t\n')
	from regexp_split_to_table(
		regexp_replace(regexp_replace(regexp_replace(coalesce(p_text, ''),
			'[\u0001-\u0008\u000b-\u001f\u007f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]', '', 'g'),
			'([\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+', '\1', 'g'),
			'(\n[ \t]*){3,}', E'\n\n', 'g'), E'\n') with ordinality as t (line, n)
$$;

-- Writes a question down. Answers ok | already (the same words) | limited (so many of one's own wait) | invalid, and its id.
create or replace function private.add_question(p_me uuid, p_session uuid, p_body text, p_shown_as text, p_most integer, p_state text, out status text, out id uuid)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_body text;
	v_summit uuid;
	v_nameless boolean;
	v_hash bytea;
begin
	status := 'invalid';
	if length(p_body) > 8000 then return; end if;
	v_body := private.plain_words(p_body);
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

-- Writes into the chat of a run. Answers ok | invalid | too_long | too_soon, or why not as may_write says it.
create or replace function public.send_message(run uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_body text;
	v_author bytea;
	v_nameless boolean;
	v_since timestamptz;
	v_id uuid;
begin
	-- The level stays as it is, and the run cannot end and be erased, between these lines and the last.
	perform from public.sessions as s where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_write(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if length(body) > 4000 then return 'too_long'; end if;
	v_body := private.plain_words(body);
	if length(v_body) > 1000 then return 'too_long'; end if;
	if not private.says_something(v_body) then return 'invalid'; end if;
	-- One after the other of each person, so that the pause between two is kept over any number of connections.
	perform pg_advisory_xact_lock(hashtextextended('chat:' || run || v_me, 7));
	v_settings := private.participation_of(v_run.session_id);
	v_author := private.asker_hash(v_run.session_id, v_me);
	v_since := clock_timestamp() - make_interval(secs => case v_settings.chat when 'slow' then v_settings.slow_seconds else 1 end);
	if (exists (select from private.messages as x where x.run_id = run and (x.person_id = v_me or x.author = v_author) and x.sent_at > v_since)
		or exists (select from private.taken_back as t where t.run_id = run and t.what = 'message' and t.author = v_author and t.said_at > v_since))
		and not private.may_run(v_me, v_run.session_id) then return 'too_soon'; end if;
	v_nameless := private.is_nameless_level(private.level_in_force(v_run.session_id));
	insert into private.messages (run_id, session_id, person_id, author, body)
	values (run, v_run.session_id, case when not v_nameless then v_me end, case when v_nameless then v_author end, v_body) returning id into v_id;
	perform private.tell('chat:' || run, 'message', v_id);
	return 'ok';
end
$$;
