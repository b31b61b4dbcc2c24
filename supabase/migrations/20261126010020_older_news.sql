-- News of what was made at a stricter level than today's says only that it changed: those who read it look again themselves, and all others
-- have nothing to look at. What is gone, or hidden from everybody, comes as nothing, as before.

create or replace function private.told_question(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when q.level <= private.level_in_force(q.session_id) then private.question_view(q) else '{"older": true}' end
	from private.session_questions as q join public.runs on runs.session_id = q.session_id
	where runs.id = p_run and q.id = p_id and private.is_shown_question(q)
$$;

create or replace function private.told_poll(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when x.level <= private.level_in_force(x.session_id) then private.poll_view(x) else '{"older": true}' end
	from private.polls as x join public.runs on runs.session_id = x.session_id where runs.id = p_run and x.id = p_id and x.state <> 'draft'
$$;

create or replace function private.told_caption(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when c.level <= private.level_in_force(runs.session_id) then private.caption_json(c) else '{"older": true}' end
	from private.caption_lines as c join public.runs on runs.id = c.run_id where c.id = p_id and c.run_id = p_run
$$;

-- What a recording and a large audience are shown of the poll of the moment: counts alone, and none of an older one.
create or replace function private.drawn_poll(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select told || '{"sectors": null}' from private.told_poll(p_run, private.shown_poll(p_run)) as told where not told ? 'older'
$$;

-- Says that somebody wants a question answered, or no longer. Answers ok | not_found, or as may_take_part says it.
create or replace function public.vote_for_question(question uuid, up boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_q private.session_questions;
	v_run public.runs;
	v_may text;
	v_changed integer;
begin
	select runs.* into v_run from private.session_questions as q join public.runs on runs.session_id = q.session_id and runs.state <> 'ended' where q.id = question;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	-- Votes for one question come one after the other, so that its count is the number of its rows.
	select * into v_q from private.session_questions as q where q.id = question for update;
	if not found or v_q.state not in ('approved', 'current') or not private.is_shown_question(v_q)
		or v_q.level > private.heard_level(v_me, v_q.session_id) then return 'not_found'; end if;
	if up then
		insert into private.question_votes values (question, private.asker_hash(v_q.session_id, v_me)) on conflict do nothing;
	else
		delete from private.question_votes as v where v.question_id = question and v.voter = private.asker_hash(v_q.session_id, v_me);
	end if;
	get diagnostics v_changed = row_count;
	if v_changed > 0 then
		update private.session_questions as q set votes = q.votes + case when up then 1 else -1 end where q.id = question;
		perform private.tell_participation(v_run.id, 'question', question, true);
	end if;
	return 'ok';
end
$$;
