-- No row of an answer or a mark differs by how it was sent; after the end all of them are written again; results, open texts
-- and the return to a draft follow from that.

set check_function_bodies = off;

update private.survey_marks set blinded_hash = extensions.gen_random_bytes(32) where blinded_hash is null;
update private.survey_answers set token_hash = extensions.gen_random_bytes(32) where token_hash is null;
alter table private.survey_marks alter column blinded_hash set not null,
	alter column blinded_hash set default extensions.gen_random_bytes(32);
alter table private.survey_answers alter column token_hash set not null,
	alter column token_hash set default extensions.gen_random_bytes(32);

alter table private.survey_collections drop constraint survey_collections_check;
alter table private.survey_collections
	add column finally_mixed_at timestamptz,
	add constraint survey_collection_keys check (num_nulls(private_key_sealed, key_id) in (0, 2)
		and (private_key_sealed is null or public_key is not null and finally_mixed_at is null));

-- Whether a person could attend a session: confirmed for the Summit, and entitled to enter it in the hall or online, with a
-- place where it needs one.
create or replace function private.could_attend(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.sessions as s
		join public.registrations as r
			on r.summit_id = s.summit_id and r.person_id = p_person and r.state = 'confirmed'
		where s.id = p_session
			and s.state = 'confirmed'
			and not s.is_break
			and private.can_see(p_person, s.id)
			and exists (
				select from unnest(array['stream', 'door']::public.access_channel[]) as way (channel)
				where private.entry_entitlement(p_person, s.id, way.channel) = 'ok'
					and not private.lacks_place(p_person, s.id, way.channel)))
$$;

-- Sets the mark of a person, once: ok; already, also for another blinded token than the first; closed, or not_found where
-- the person is not asked. Locks the survey against being taken back meanwhile, the collection against its end and its
-- mixing, and the mark.
create or replace function private.mark_survey_person(p_person uuid, p_collection uuid, p_blinded bytea)
	returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v private.surveys;
begin
	select s.* into v
	from private.surveys as s
	where s.id = (select x.survey_id from private.survey_collections as x where x.id = p_collection)
	for share;
	select * into c from private.survey_collections as x where x.id = p_collection for share;
	if c.id is null or v.id is null or not private.is_asked_survey(p_person, v, c.session_id) then
		return 'not_found';
	end if;
	-- By the clock: the end may have come while this waited for a lock.
	if c.closes_at <= clock_timestamp() then return 'closed'; end if;
	insert into private.survey_marks (collection_id, person_id, blinded_hash)
	values (c.id, p_person, p_blinded)
	on conflict do nothing;
	if found then return 'ok'; end if;
	return case when exists (
		select from private.survey_marks as k
		where k.collection_id = c.id and k.person_id = p_person and k.blinded_hash = p_blinded) then 'ok'
		else 'already' end;
end
$$;

-- Keeps the answers of somebody; open texts apart from the others. Answers ok | already (the token was used) | closed |
-- invalid.
create or replace function private.keep_survey_answers(p_collection uuid, p_token_hash bytea, p_answers jsonb)
	returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v_kept jsonb;
begin
	-- An end or a mixing waits, or is waited for.
	select * into c from private.survey_collections as x where x.id = p_collection for share;
	if not found then return 'invalid'; end if;
	if exists (select from private.survey_answers as a where a.token_hash = p_token_hash) then return 'already'; end if;
	if c.closes_at <= clock_timestamp() then return 'closed'; end if;
	v_kept := private.asked_survey_answers(c.survey_id, p_answers);
	if v_kept is null or v_kept = '{}' then return 'invalid'; end if;
	insert into private.survey_answers (collection_id, token_hash, answers)
	select c.id, p_token_hash, v_kept - array(
		select q.key from private.survey_questions as q where q.survey_id = c.survey_id and q.kind = 'text')
	on conflict (token_hash) do nothing;
	if not found then return 'already'; end if;
	insert into private.survey_texts (collection_id, question_id, body)
	select c.id, q.id, btrim(private.normalise_free_text(v_kept -> q.key ->> 0))
	from private.survey_questions as q
	where q.survey_id = c.survey_id and q.kind = 'text' and v_kept ? q.key;
	return 'ok';
exception when check_violation then
	return 'invalid';
end
$$;

-- Answers without a token, from a page without script: mark and answers, or neither. Both rows look like those of a page with
-- script: a column that is empty would tell which answers are those of the few who have none.
create or replace function public.answer_survey(collection uuid, answers jsonb) returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status public.survey_answer_status;
begin
	begin
		v_status := private.mark_survey_person(private.me(), collection, extensions.gen_random_bytes(32));
		if v_status = 'ok' then
			v_status := private.keep_survey_answers(collection, extensions.gen_random_bytes(32), answers);
			if v_status <> 'ok' then raise sqlstate 'PT422' using message = 'not kept'; end if;
		end if;
	exception when sqlstate 'PT422' then
		return v_status;
	end;
	return v_status;
end
$$;

-- Writes waiting answers and texts of a collection again in random order, with other ids and in one transaction. After its
-- end (`p_is_final`) all of them, those that were mixed before too, and the marks; from then on no hash is that of a token, and
-- nothing can be signed. The caller has locked the collection.
create or replace function private.mix_collection(p_collection uuid, p_is_final boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with removed as (
		delete from private.survey_answers as a
		where a.collection_id = p_collection and (p_is_final or not a.is_mixed)
		returning a.token_hash, a.answers
	)
	insert into private.survey_answers (collection_id, token_hash, answers, is_mixed)
	select p_collection, case when p_is_final then extensions.gen_random_bytes(32) else removed.token_hash end, removed.answers, true
	from removed
	order by random();
	with removed as (
		delete from private.survey_texts as t
		where t.collection_id = p_collection and (p_is_final or not t.is_mixed)
		returning t.question_id, t.body, t.hidden_reason
	)
	insert into private.survey_texts (collection_id, question_id, body, hidden_reason, is_mixed)
	select p_collection, removed.question_id, removed.body, removed.hidden_reason, true from removed order by random();
	if not p_is_final then return; end if;
	with removed as (
		delete from private.survey_marks as k where k.collection_id = p_collection returning k.person_id
	)
	insert into private.survey_marks (collection_id, person_id, blinded_hash)
	select p_collection, removed.person_id, extensions.gen_random_bytes(32) from removed order by random();
	update private.survey_collections as c
	set finally_mixed_at = clock_timestamp(), private_key_sealed = null, key_id = null
	where c.id = p_collection;
end
$$;

-- Mixes each collection that has as many waiting answers as its smallest group, or, once, that is closed. A scheduled job
-- calls it; answers of how many collections.
create or replace function private.mix_survey_answers() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_count integer := 0;
begin
	for v_due in
		select c.id, c.closes_at
		from private.survey_collections as c
		join private.surveys as s on s.id = c.survey_id
		where c.finally_mixed_at is null
			and (c.closes_at <= clock_timestamp() or s.smallest_group <= (
				select count(*) from private.survey_answers as a where a.collection_id = c.id and not a.is_mixed))
		order by c.id
		for update of c skip locked
	loop
		perform private.mix_collection(v_due.id, v_due.closes_at <= clock_timestamp());
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Makes a survey as a draft (survey null), or changes one. `fields`: kind (of a new one), title, intro, opens_at, closes_at,
-- hours. Of a published one only the times change, while it takes answers. Answers {status: ok | not_found | invalid |
-- frozen (it is closed) | conflict (another change since `version`), id}. Locks the Summit's forms as move_survey does.
create or replace function public.save_survey(summit uuid, survey uuid, version integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.surveys;
	v_new private.surveys;
begin
	v_new := jsonb_populate_record(null::private.surveys, '{"title": {}, "intro": {}}'
		|| (fields - array['id', 'summit_id', 'published_at', 'smallest_group', 'version', 'created_at']));
	if survey is null then
		if not private.has_role(save_survey.summit, 'programme') then
			return jsonb_build_object('status', 'not_found');
		end if;
		insert into private.surveys as s (summit_id, kind, title, intro, opens_at, closes_at, hours)
		values (save_survey.summit, v_new.kind, v_new.title, v_new.intro, v_new.opens_at, v_new.closes_at,
			v_new.hours)
		returning * into v;
		return jsonb_build_object('status', 'ok', 'id', v.id);
	end if;
	perform pg_advisory_xact_lock(hashtextextended('surveys:' || save_survey.summit, 0));
	v := private.lock_survey(survey);
	if v.id is null or v.summit_id is distinct from save_survey.summit then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v.version is distinct from save_survey.version then return jsonb_build_object('status', 'conflict'); end if;
	-- Results are shown once it is closed; further answers would be the difference of two results.
	if v.published_at is not null and v.closes_at <= clock_timestamp() then
		return jsonb_build_object('status', 'frozen');
	end if;
	if v.published_at is not null and v_new.closes_at <= clock_timestamp() then
		return jsonb_build_object('status', 'invalid');
	end if;
	update private.surveys as s
	set title = case when s.published_at is null then v_new.title else s.title end,
		intro = case when s.published_at is null then v_new.intro else s.intro end,
		opens_at = case when s.published_at is null or s.opens_at > now() then v_new.opens_at else s.opens_at end,
		closes_at = v_new.closes_at,
		hours = case when s.published_at is null then v_new.hours else s.hours end,
		version = s.version + 1
	where s.id = v.id
	returning * into v;
	if v.published_at is not null and private.overlaps_session_form(v) then
		raise check_violation;
	end if;
	update private.survey_collections as c
	set closes_at = private.survey_closes_at(v, c.session_id)
	where c.survey_id = v.id and c.closes_at > clock_timestamp();
	return jsonb_build_object('status', 'ok', 'id', v.id);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;

-- Adds a question at the end of a draft, or changes the one with its key. `question`: key, kind (of a new one), label, help,
-- choices, is_required, depends_on, depends_values. Answers ok | not_found | frozen | invalid (also a condition on a later
-- question, or on values that it does not have) | needed (another question depends on a choice that is gone). At most forty
-- questions.
create or replace function public.save_survey_question(survey uuid, question jsonb) returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.surveys := private.lock_survey(survey);
	v_new private.survey_questions;
	v_old private.survey_questions;
	v_parent private.survey_questions;
begin
	if v.id is null then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	v_new := jsonb_populate_record(null::private.survey_questions, '{"label": {}, "help": {}, "choices": [],
		"is_required": false, "depends_values": []}' || question);
	select * into v_old from private.survey_questions as q where q.survey_id = v.id and q.key = v_new.key;
	v_new.survey_id := v.id;
	v_new.id := coalesce(v_old.id, gen_random_uuid());
	v_new.kind := coalesce(v_old.kind, v_new.kind);
	v_new.position := coalesce(v_old.position,
		(select coalesce(max(q.position), 0) + 1 from private.survey_questions as q where q.survey_id = v.id));
	if v_old.id is null
		and (select count(*) >= 40 from private.survey_questions as q where q.survey_id = v.id) then
		return 'invalid';
	end if;
	if v_new.depends_on is not null then
		select * into v_parent
		from private.survey_questions as q
		where q.survey_id = v.id
			and q.key = v_new.depends_on
			and q.position < v_new.position
			-- After several choices the number of those who were asked would tell how many chose two of them.
			and q.kind in ('scale', 'choice', 'yes_no');
		if not found or not v_new.depends_values <@ private.survey_values(v_parent) then return 'invalid'; end if;
	end if;
	if v_old.id is not null and exists (
		select from private.survey_questions as d
		where d.survey_id = v.id
			and d.depends_on = v_old.key
			and not d.depends_values <@ private.survey_values(v_new)) then
		return 'needed';
	end if;
	insert into private.survey_questions select v_new.*
	on conflict (id) do update
	set label = excluded.label, help = excluded.help, choices = excluded.choices, is_required = excluded.is_required,
		depends_on = excluded.depends_on, depends_values = excluded.depends_values;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;

-- Publishes a draft, ends a published one now, with the final mixing, returns one to a draft that is not closed and that
-- nobody has answered, or deletes a draft. `step`: publish | end | take_back | delete. Answers ok | not_found | overlap | empty
-- | answered | wrong_state. Locks the Summit's forms, so that two of sessions are not published at once.
create or replace function public.move_survey(survey uuid, step text) returns public.survey_step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys;
begin
	perform pg_advisory_xact_lock(hashtextextended('surveys:' || s.summit_id, 0))
	from private.surveys as s
	where s.id = survey;
	v := private.lock_survey(survey);
	if v.id is null then return 'not_found'; end if;
	case coalesce(step, '')
		when 'publish' then
			if v.published_at is not null or v.closes_at <= clock_timestamp() then return 'wrong_state'; end if;
			if not exists (select from private.survey_questions as q where q.survey_id = v.id) then return 'empty'; end if;
			if private.overlaps_session_form(v) then return 'overlap'; end if;
			update private.surveys as s
			set published_at = now(), smallest_group = private.smallest_group(s.summit_id), version = s.version + 1
			where s.id = v.id;
		when 'end' then
			if v.published_at is null or v.closes_at <= clock_timestamp() or v.opens_at >= now() then
				return 'wrong_state';
			end if;
			update private.surveys as s set closes_at = now(), version = s.version + 1 where s.id = v.id;
			update private.survey_collections as c
			set closes_at = now()
			where c.survey_id = v.id and c.closes_at > now();
			perform private.mix_collection(c.id, true)
			from (
				select x.id from private.survey_collections as x
				where x.survey_id = v.id and x.finally_mixed_at is null
				order by x.id
				for update) as c;
		when 'take_back' then
			-- Marks are erased before answers are: neither alone says that there is nothing.
			if v.published_at is null or v.closes_at <= clock_timestamp() then return 'wrong_state'; end if;
			if exists (
				select from private.survey_collections as c
				where c.survey_id = v.id
					and (exists (select from private.survey_marks as k where k.collection_id = c.id)
						or exists (select from private.survey_answers as a where a.collection_id = c.id))) then
				return 'answered';
			end if;
			-- It invites again when it is published again.
			delete from private.survey_mails as m where m.survey_id = v.id;
			delete from private.survey_collections as c where c.survey_id = v.id;
			update private.surveys as s
			set published_at = null, smallest_group = null, version = s.version + 1
			where s.id = v.id;
		when 'delete' then
			if v.published_at is not null then return 'wrong_state'; end if;
			delete from private.surveys as s where s.id = v.id;
		else return 'wrong_state';
	end case;
	return 'ok';
end
$$;

-- Queues the mails of one kind of a survey, once for each person; again after it was a draft again, which is another version.
create or replace function private.send_mails_of_survey(p private.surveys, p_kind text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.survey_mails (survey_id, kind) values (p.id, p_kind) on conflict do nothing;
	if not found then return; end if;
	perform private.enqueue_mail(r.person_id, 'survey_' || p_kind,
		jsonb_build_object('survey', p.id, 'title', p.title, 'until', private.iso(p.closes_at)), p.summit_id,
		format('survey_%s:%s:%s:%s', p_kind, p.id, p.version, r.person_id))
	from public.registrations as r
	where r.summit_id = p.summit_id
		and r.state = 'confirmed'
		and not exists (
			select from private.survey_marks as k
			join private.survey_collections as c on c.id = k.collection_id
			where c.survey_id = p.id and k.person_id = r.person_id);
end
$$;

-- Whether texts of a question are shown to anybody: it was asked of all, or after answers of which each group is shown. A
-- text after an answer that few gave would show one of them, and the number of such texts how many they are. Each value of
-- each question before it was chosen by nobody, or by as many as the smallest group, and none by everybody.
create or replace function private.are_survey_texts_shown(p_collection uuid, p_question uuid) returns boolean
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

-- The texts of a collection that are not released or hidden, and on which the reader has not decided.
create or replace function private.survey_texts_to_read(p_collection uuid) returns setof private.survey_texts
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
create or replace function public.list_survey_texts(collection uuid) returns jsonb
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

-- Agrees to the release of a text, or hides it with a reason, also one that is released. Answers ok | already | not_found |
-- invalid (hidden without a reason, or agreed to a hidden one). Locks the text.
create or replace function public.decide_survey_text(survey_text uuid, release boolean, reason text default '')
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

-- How many people answered a collection: while it takes answers, how many marks there are; then how many answers, of which
-- nothing is erased.
create or replace function private.survey_answer_count(c private.survey_collections) returns bigint
language sql stable security definer set search_path = '' as $$
	select case when c.finally_mixed_at is null
		then (select count(*) from private.survey_marks as k where k.collection_id = c.id)
		else (select count(*) from private.survey_answers as a where a.collection_id = c.id) end
$$;

-- The surveys of a Summit: [{id, kind, title, opens_at, closes_at, state: draft | scheduled | open | closed, questions,
-- answered}]; null for others than its programme organisers.
create or replace function public.list_surveys(summit uuid) returns jsonb
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

-- One survey with its questions and what was collected: {id, kind, title, intro, opens_at, closes_at, hours, state, version,
-- smallest_group, questions, collections: [{id, session: {code, title}, closes_at, is_closed, answered, texts (that wait for
-- the reader)}]}; null for others than programme organisers of its Summit.
create or replace function public.read_survey(summit uuid, survey uuid) returns jsonb
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

-- How many answered a closed collection; null before its final mixing, and for fewer than the smallest group.
create or replace function private.released_survey_size(p_collection uuid) returns bigint
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
create or replace function public.open_survey_results(collection uuid) returns public.survey_results_status
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

-- The exact counts of a closed collection, for the app, which suppresses small groups: {answered, smallest_group, questions:
-- [{…, values, answered, counts: {value: count}, sum, median}], texts: [{question, body}]} with released texts alone. Null
-- while it takes answers, and for fewer people than the smallest group.
create or replace function private.count_survey_answers(p_collection uuid) returns jsonb
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

reset check_function_bodies;
