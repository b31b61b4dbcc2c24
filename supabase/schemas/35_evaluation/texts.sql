-- Open texts: agreed to by two people before they are a part of the results. They are read once the collection is closed, if
-- as many answered as the smallest group, and only those of questions whose results are shown.

-- Whether texts of a question are shown to anybody: it was asked of all, or after answers of which each group is shown. A
-- text after an answer that few gave would show one of them, and the number of such texts how many they are. Each value of
-- each question before it was chosen by nobody, or by as many as the smallest group, and none by everybody.
create function private.are_survey_texts_shown(p_collection uuid, p_question uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	with recursive before as (
		select p.survey_id, p.key, p.depends_on
		from private.survey_questions as q
		join private.survey_questions as p on p.survey_id = q.survey_id and p.key = q.depends_on
		where q.id = p_question
		union all
		select p.survey_id, p.key, p.depends_on
		from before as b
		join private.survey_questions as p on p.survey_id = b.survey_id and p.key = b.depends_on
	)
	select not exists (
		select
		from before as b
		join private.surveys as s on s.id = b.survey_id
		cross join lateral (
			select count(*) as chosen, sum(count(*)) over () as answered
			from private.survey_answers as a
			where a.collection_id = p_collection and a.answers ? b.key
			group by a.answers -> b.key) as g
		where g.chosen < s.smallest_group or g.chosen = g.answered)
$$;

-- Whether two people agreed to release a text, and nobody has hidden it.
create function private.is_survey_text_released(t private.survey_texts) returns boolean
language sql stable security definer set search_path = '' as $$
	select t.hidden_reason = ''
		and (select count(*) from private.survey_text_approvals as a where a.text_id = t.id) >= 2
$$;

-- The texts of a collection that are not released or hidden, and on which the reader has not decided.
create function private.survey_texts_to_read(p_collection uuid) returns setof private.survey_texts
language sql stable security definer set search_path = '' as $$
	select t.*
	from private.survey_texts as t
	where t.collection_id = p_collection
		and private.released_survey_size(p_collection) is not null
		and private.are_survey_texts_shown(p_collection, t.question_id)
		and t.hidden_reason = ''
		and not private.is_survey_text_released(t)
		and not exists (
			select from private.survey_text_approvals as a where a.text_id = t.id and a.person_id = private.me())
$$;

-- The texts of a collection for its readers: [{id, question, body, approvals, mine, is_released, hidden_reason}]; null for
-- others, before the final mixing, and where too few answered.
create function public.list_survey_texts(collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(jsonb_build_object('id', t.id, 'question', t.question_id, 'body', t.body,
			'approvals', (select count(*) from private.survey_text_approvals as a where a.text_id = t.id),
			'mine', exists (
				select from private.survey_text_approvals as a where a.text_id = t.id and a.person_id = private.me()),
			'is_released', private.is_survey_text_released(t), 'hidden_reason', t.hidden_reason) order by t.id)
		from private.survey_texts as t
		where t.collection_id = c.id and private.are_survey_texts_shown(c.id, t.question_id)), '[]')
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = list_survey_texts.collection
		and private.reads_survey(s, c.session_id)
		and private.released_survey_size(c.id) is not null
$$;
grant execute on function public.list_survey_texts(uuid) to authenticated;

-- Agrees to the release of a text, or hides it with a reason, also one that is released. Answers ok | already | not_found |
-- invalid (hidden without a reason, or agreed to a hidden one). Locks the text.
create function public.decide_survey_text(survey_text uuid, release boolean, reason text default '')
	returns public.survey_text_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	t private.survey_texts;
	v private.surveys;
	v_session uuid;
	v_reason text := btrim(coalesce(reason, ''));
begin
	select * into t from private.survey_texts as x where x.id = survey_text for update;
	select c.session_id into v_session from private.survey_collections as c where c.id = t.collection_id;
	select s.* into v
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = t.collection_id;
	if v.id is null
		or not private.reads_survey(v, v_session)
		or private.released_survey_size(t.collection_id) is null
		or not private.are_survey_texts_shown(t.collection_id, t.question_id) then
		return 'not_found';
	end if;
	if release then
		if t.hidden_reason <> '' then return 'invalid'; end if;
		insert into private.survey_text_approvals (text_id, person_id) values (t.id, private.me()) on conflict do nothing;
		return case when found then 'ok' else 'already' end;
	end if;
	if v_reason = '' or length(v_reason) > 500 then return 'invalid'; end if;
	if t.hidden_reason <> '' then return 'already'; end if;
	update private.survey_texts as x set hidden_reason = private.one_line(v_reason) where x.id = t.id;
	perform audit.record_event('survey_text.hidden', t.id::text, v.summit_id, null, jsonb_build_object('reason', v_reason));
	return 'ok';
end
$$;
grant execute on function public.decide_survey_text(uuid, boolean, text) to authenticated;
