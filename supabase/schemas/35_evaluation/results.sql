-- Results of surveys, for programme organisers and owners. There is one result of each collection, when it is closed and finally mixed: while
-- it takes answers only their number is told, and afterwards nothing changes, so that no two results can be compared. Of
-- fewer people than the smallest group there is none. There is no result by sector or any other group, and none of several
-- sessions together, from which a suppressed one could be subtracted.
--
-- The exact counts leave the database for the app alone, which names groups by the rules of the figures
-- (src/lib/registration/suppression.ts, src/lib/evaluation/results.ts).

-- Whether the reader reads the results of a collection: of a session those who see it too.
create function private.reads_survey(p_survey private.surveys, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_survey.summit_id, 'programme')
		and (p_session is null or private.can_see(private.me(), p_session))
$$;

-- How many people answered a collection: while it takes answers, how many marks there are; then how many answers, of which
-- nothing is erased.
create function private.survey_answer_count(c private.survey_collections) returns bigint
language sql stable security definer set search_path = '' as $$
	select case when c.finally_mixed_at is null
		then (select count(*) from private.survey_marks as k where k.collection_id = c.id)
		else (select count(*) from private.survey_answers as a where a.collection_id = c.id) end
$$;

-- The surveys of a Summit: [{id, kind, title, opens_at, closes_at, state: draft | scheduled | open | closed, questions,
-- answered}]; null for others than its programme organisers.
create function public.list_surveys(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'title', s.title,
		'opens_at', private.iso(s.opens_at), 'closes_at', private.iso(s.closes_at), 'state', private.survey_state(s),
		'questions', (select count(*) from private.survey_questions as q where q.survey_id = s.id),
		'answered', (
			select coalesce(sum(private.survey_answer_count(c)), 0)
			from private.survey_collections as c
			where c.survey_id = s.id and private.reads_survey(s, c.session_id)))
		order by s.created_at desc, s.id), '[]')
	from private.surveys as s
	where s.summit_id = list_surveys.summit
	having private.has_role(list_surveys.summit, 'programme')
$$;
grant execute on function public.list_surveys(uuid) to authenticated;

-- draft | scheduled | open | closed.
create function private.survey_state(p private.surveys) returns text
language sql stable set search_path = '' as $$
	select case
		when p.published_at is null then 'draft'
		when p.opens_at > now() then 'scheduled'
		when p.closes_at > now() then 'open'
		else 'closed' end
$$;

-- One survey with its questions and what was collected: {id, kind, title, intro, opens_at, closes_at, hours, state, version,
-- smallest_group, questions, collections: [{id, session: {code, title}, closes_at, is_closed, answered, texts (that wait for
-- the reader)}]}; null for others than programme organisers of its Summit.
create function public.read_survey(summit uuid, survey uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'kind', s.kind, 'title', s.title, 'intro', s.intro,
		'opens_at', private.iso(s.opens_at), 'closes_at', private.iso(s.closes_at), 'hours', s.hours,
		'state', private.survey_state(s), 'version', s.version, 'smallest_group', s.smallest_group,
		'questions', private.survey_questions_json(s.id),
		'collections', (
			select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'closes_at', private.iso(c.closes_at),
				'is_closed', c.finally_mixed_at is not null,
				'session', case when e.id is not null then jsonb_build_object('code', e.code, 'title', e.title) end,
				'answered', private.survey_answer_count(c),
				'texts', (select count(*) from private.survey_texts_to_read(c.id)))
				order by c.closes_at, e.code), '[]')
			from private.survey_collections as c
			left join public.sessions as e on e.id = c.session_id
			where c.survey_id = s.id and private.reads_survey(s, c.session_id)))
	from private.surveys as s
	where s.id = read_survey.survey
		and s.summit_id = read_survey.summit
		and private.has_role(s.summit_id, 'programme')
$$;
grant execute on function public.read_survey(uuid, uuid) to authenticated;

-- How many answered a closed collection; null before its final mixing, and for fewer than the smallest group.
create function private.released_survey_size(p_collection uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select nullif(count(*), 0)
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	join private.survey_answers as a on a.collection_id = c.id
	where c.id = p_collection and c.finally_mixed_at is not null
	group by s.smallest_group
	having count(*) >= s.smallest_group
$$;

-- Whether the reader reads results: ok | open (before its final mixing) | few | not_found. The audit records that they do.
create function public.open_survey_results(collection uuid) returns public.survey_results_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v private.surveys;
begin
	select * into c from private.survey_collections as x where x.id = collection;
	select * into v from private.surveys as s where s.id = c.survey_id;
	if v.id is null or not private.reads_survey(v, c.session_id) then return 'not_found'; end if;
	if c.finally_mixed_at is null then return 'open'; end if;
	if private.released_survey_size(c.id) is null then return 'few'; end if;
	perform audit.record_event('survey.results_read', c.id::text, v.summit_id, null, '{}');
	return 'ok';
end
$$;
grant execute on function public.open_survey_results(uuid) to authenticated;

-- The exact counts of a closed collection, for the app, which suppresses small groups: {answered, smallest_group, questions:
-- [{…, values, answered, counts: {value: count}, sum, median}], texts: [{question, body}]} with released texts alone. Null
-- while it takes answers, and for fewer people than the smallest group.
create function private.count_survey_answers(p_collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('answered', sized.answered, 'smallest_group', s.smallest_group,
		'questions', (
			select coalesce(jsonb_agg(to_jsonb(q) - array['survey_id', 'position'] || jsonb_build_object(
				'values', private.survey_values(q),
				'answered', case
					when q.kind = 'text' then (
						select count(*)
						from private.survey_texts as t
						where t.collection_id = c.id and t.question_id = q.id)
					else (
						select count(*)
						from private.survey_answers as a
						where a.collection_id = c.id and a.answers ? q.key) end,
				'counts', (
					select coalesce(jsonb_object_agg(g.value, g.count), '{}')
					from (
						select chosen.value, count(*) as count
						from private.survey_answers as a
						cross join jsonb_array_elements_text(a.answers -> q.key) as chosen (value)
						where a.collection_id = c.id and q.kind <> 'number'
						group by chosen.value) as g),
				'median', (
					select percentile_cont(0.5) within group (order by (a.answers -> q.key ->> 0)::numeric)
					from private.survey_answers as a
					where a.collection_id = c.id and a.answers ? q.key and q.kind = 'number'))
				order by q.position), '[]')
			from private.survey_questions as q
			where q.survey_id = s.id),
		'texts', (
			select coalesce(jsonb_agg(jsonb_build_object('question', t.question_id, 'body', t.body) order by t.id), '[]')
			from private.survey_texts as t
			where t.collection_id = c.id
				and private.are_survey_texts_shown(c.id, t.question_id)
				and private.is_survey_text_released(t)))
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	cross join lateral (select private.released_survey_size(c.id)) as sized (answered)
	where c.id = p_collection and sized.answered is not null
$$;
grant execute on function private.count_survey_answers(uuid) to app_server;
