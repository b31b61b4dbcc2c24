-- Written questions of the audience while a session is on: asked, withdrawn and voted for. Viewers see them once they
-- are approved. 17_participation/question_moderation.sql has the acts of hosts, advance_questions.sql what is asked
-- before.

-- The names under which a person's question may be shown. Minors are never named.
create function private.question_names(p_person uuid, p_session uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when private.is_anonymous_level(private.level_in_force(p_session))
			or exists (select from public.registrations as r
				join public.sessions as s on s.summit_id = r.summit_id
				where s.id = p_session and r.person_id = p_person and r.is_minor
					and r.state not in ('declined', 'withdrawn', 'expired'))
			then array['nobody']
		else array_remove(array['name', case when p.affiliation <> '' then 'affiliation' end, 'nobody'], null) end
	from public.people as p
	where p.id = p_person
$$;

-- Whether a person asked this question.
create function private.is_asked_by(p_question private.session_questions, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_question.person_id = p_person
		or p_question.asker_hash = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
			from private.session_salts as q
			where q.session_id = p_question.session_id)
$$;

-- Whether viewers see a question. One that a speaker marks as answered without approval remains hidden.
create function private.is_shown_question(q private.session_questions) returns boolean
language sql immutable set search_path = '' as $$
	select (q.state in ('approved', 'current') or q.state = 'answered' and q.is_approved) and q.merged_into is null
$$;

-- {id, body, state, votes, from} as viewers read it. `from` is the present name, and null where nobody is named.
create function private.question_view(q private.session_questions) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', q.id, 'body', q.body, 'state', q.state, 'votes', q.votes,
		'from', (select case q.shown_as
				when 'name' then p.display_name
				when 'affiliation' then nullif(p.affiliation, '') end
			from public.people as p
			where p.id = q.person_id))
$$;

-- A changed question for open pages. Of one that was asked at a stricter level than the present one it says only that
-- it changed, because lowering a level opens nothing that was made before: readers who may see it load it again
-- themselves. Null when the question is gone or hidden.
create function private.question_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when q.level <= private.level_in_force(q.session_id) then private.question_view(q)
		else '{"older": true}' end
	from private.session_questions as q
	join public.runs on runs.session_id = q.session_id
	where runs.id = p_run and q.id = p_id and private.is_shown_question(q)
$$;
grant execute on function private.question_event(uuid, uuid) to app_server;

-- Whether a text has anything visible: more than spaces, marks and characters without a shape, in all Unicode planes.
create function private.has_visible_text(p_text text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_text, '')
		~ '[^[:space:]\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]'
$$;

-- Writes a question. Answers a status and the id: ok | already (the same text) | limited (so many of the author's are
-- open) | invalid. A text that is too long is refused, not shortened, and private.normalise_free_text removes what
-- would take more room than words, because many people read it. Locks the questions of the author, then the session.
create function private.add_question(p_me uuid, p_session uuid, p_body text, p_shown_as text, p_most integer,
	p_state text, out status text, out id uuid)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_body text;
	v_summit uuid;
	v_nameless boolean;
	v_hash bytea;
begin
	status := 'invalid';
	if length(p_body) > 8000 then return; end if;
	v_body := private.normalise_free_text(p_body);
	if length(v_body) > 2000 or not private.has_visible_text(v_body) or p_shown_as is null
		or not p_shown_as = any (private.question_names(p_me, p_session))
	then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('ask:' || p_session || p_me, 7));
	-- Holds the confidentiality level until this is written.
	select s.summit_id into v_summit from public.sessions as s where s.id = p_session for share;
	v_nameless := private.is_anonymous_level(private.level_in_force(p_session));
	if v_nameless and p_shown_as <> 'nobody' then return; end if;
	status := case
		when exists (select from private.session_questions as q
			where q.session_id = p_session and q.body = v_body and private.is_asked_by(q, p_me))
			then 'already'
		when (select count(*)
			from private.session_questions as q
			where q.session_id = p_session and q.state not in ('answered', 'declined')
				and private.is_asked_by(q, p_me)) >= p_most
			then 'limited'
		else 'ok' end;
	if status <> 'ok' then return; end if;
	if v_nameless then v_hash := private.hash_participant(p_session, p_me); end if;
	insert into private.session_questions as q
		(session_id, summit_id, person_id, asker_hash, body, shown_as, state, asked_at)
	values (p_session, v_summit, case when not v_nameless then p_me end, v_hash, v_body, p_shown_as, p_state,
		case when v_nameless then date_trunc('day', now()) else now() end)
	returning q.id into id;
end
$$;

-- Asks a question in a run. Answers ok (shown) | waiting (for approval) | already | limited | too_soon | invalid |
-- closed, or why may_take_part refuses.
create function public.ask_question(run uuid, body text, shown_as text) returns public.question_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation_settings;
	v_status text;
	v_id uuid;
begin
	-- Locks the session before its run, the same order as a raised level; otherwise the raise and this call could
	-- deadlock. While both are held, the level stays the same and the run cannot end and be erased.
	perform from public.sessions as s
	where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	v_settings := private.participation_settings_of(v_run.session_id);
	if not v_settings.takes_questions then return 'closed'; end if;
	if (select count(*)
		from private.withdrawn_items as t
		where t.run_id = run and t.kind = 'question'
			and t.author_hash = private.hash_participant(v_run.session_id, v_me)
			and t.withdrawn_at > clock_timestamp() - interval '1 minute') >= 5
	then
		return 'too_soon';
	end if;
	select each.status, each.id into v_status, v_id
	from private.add_question(v_me, v_run.session_id, body, shown_as, 5,
		case when v_settings.approve_first then 'asked' else 'approved' end) as each;
	if v_status <> 'ok' then return v_status; end if;
	perform private.notify_participation(run, 'question', v_id, not v_settings.approve_first);
	return case when v_settings.approve_first then 'waiting' else 'ok' end;
end
$$;
grant execute on function public.ask_question(uuid, text, text) to authenticated;

-- Withdraws the caller's question. Questions of others that were merged into it stay: the oldest takes its place, with
-- the votes. Answers ok or not_found.
create function public.withdraw_question(question uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_next uuid;
begin
	-- Locks the run first, the same order as the end of the run.
	perform from public.runs
	where runs.state <> 'ended'
		and runs.session_id = (select q.session_id
			from private.session_questions as q
			where q.id = question and private.is_asked_by(q, private.me()))
	for share;
	select q.* into v_q
	from private.session_questions as q
	where q.id = question and private.me() is not null and private.is_asked_by(q, private.me()) for update;
	if not found then return 'not_found'; end if;
	select q.id into v_next
	from private.session_questions as q
	where q.merged_into = question
	order by q.asked_at, q.id limit 1 for update;
	if found then
		update private.question_votes as v set question_id = v_next where v.question_id = question;
		update private.session_questions as q set merged_into = nullif(v_next, q.id) where q.merged_into = question;
	end if;
	delete from private.session_questions as q where q.id = question;
	if v_next is not null then
		update private.session_questions as q
		set state = v_q.state, answered_at = v_q.answered_at, is_approved = v_q.is_approved,
			votes = (select count(*) from private.question_votes as v where v.question_id = v_next)
		where q.id = v_next;
		perform private.notify_participation(private.open_run_of(v_q.session_id), 'question', v_next,
			private.is_shown_question(v_q));
	end if;
	perform private.record_withdrawal(private.open_run_of(v_q.session_id), v_q.session_id, private.me(), null,
		'question',
		v_q.asked_at);
	perform private.publish_event('session:' || v_q.session_id, 'questions', v_q.session_id);
	perform private.notify_participation(private.open_run_of(v_q.session_id), 'question', v_q.id,
		private.is_shown_question(v_q));
	return 'ok';
end
$$;
grant execute on function public.withdraw_question(uuid) to authenticated;

-- Votes for a question, or withdraws the vote. Answers ok | not_found, or why may_take_part refuses.
create function public.vote_for_question(question uuid, up boolean) returns public.question_vote_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_q private.session_questions;
	v_run public.runs;
	v_may text;
	v_changed integer;
begin
	select runs.* into v_run
	from private.session_questions as q
	join public.runs on runs.session_id = q.session_id and runs.state <> 'ended'
	where q.id = question;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	-- Serialises the votes for one question, so that its count equals the number of its rows.
	select * into v_q from private.session_questions as q where q.id = question for update;
	if not found or v_q.state not in ('approved', 'current') or not private.is_shown_question(v_q)
		or v_q.level > private.strictest_readable_level(v_me, v_q.session_id)
	then
		return 'not_found';
	end if;
	if up then
		insert into private.question_votes
		values (question, private.hash_participant(v_q.session_id, v_me))
		on conflict do nothing;
	else
		delete from private.question_votes as v
		where v.question_id = question and v.voter_hash = private.hash_participant(v_q.session_id, v_me);
	end if;
	get diagnostics v_changed = row_count;
	if v_changed > 0 then
		update private.session_questions as q set votes = q.votes + case when up then 1 else -1 end
		where q.id = question;
		perform private.notify_participation(v_run.id, 'question', question, true);
	end if;
	return 'ok';
end
$$;
grant execute on function public.vote_for_question(uuid, boolean) to authenticated;

-- {names, shown[], mine[] (also those not shown), voted[], waiting[] (for hosts)}: the questions of a run for a person,
-- null for a signed-out reader. Questions of a stricter level are only for people who could be there then
-- (private.strictest_readable_level).
create function private.questions_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as (
		select q, private.is_shown_question(q) as is_shown,
			p_person is not null and private.is_asked_by(q, p_person) as is_mine
		from private.session_questions as q
		where q.session_id = p_run.session_id
			and q.level <= (select private.strictest_readable_level(p_person, p_run.session_id))
	)
	select jsonb_build_object(
		'names',
			case when p_person is null then '[]' else to_jsonb(private.question_names(p_person, p_run.session_id)) end,
		'shown', (select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).votes desc, (h.q).id), '[]')
			from held as h
			where h.is_shown),
		'mine', (select coalesce(jsonb_agg(jsonb_build_object('id', (h.q).id, 'body', (h.q).body,
				'is_shown', h.is_shown, 'is_merged', (h.q).merged_into is not null,
				'is_declined', (h.q).state = 'declined')
				order by (h.q).asked_at desc, (h.q).id), '[]')
			from held as h
			where h.is_mine),
		'voted', (select coalesce(jsonb_agg(v.question_id), '[]')
			from private.question_votes as v
			join held as h on (h.q).id = v.question_id
			where v.voter_hash = (select extensions.hmac(p_person::text::bytea, s.salt, 'sha256')
				from private.session_salts as s
				where s.session_id = p_run.session_id)),
		'waiting', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).state, (h.q).asked_at, (h.q).id), '[]')
				from held as h
				where (h.q).state in ('asked', 'declined') and (h.q).merged_into is null) end)
$$;
