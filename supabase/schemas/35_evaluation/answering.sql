-- Answering a survey, without anybody learning who answered what.
--
-- With script: the page makes a random token, and blinds it (RFC 9474, RSABSSA-SHA384-PSS-Deterministic). The app signs the
-- blinded token of an entitled person once, and the mark says so. The page removes the blinding and sends the answers with
-- the signed token in a request without a sign-in. Any blinded token fits any token, so that neither the app nor the
-- database can compute whose it is, even with the private key.
--
-- Without script: one request holds both the person and the answers. The server writes the mark and the answers into tables
-- that do not refer to each other. The promise is then that of the server, and the page says so.
--
-- In both cases rows that are written one after the other could be compared by their place and transaction number. So
-- answers are written again in random order, together, as soon as there are as many as the smallest group; and when the
-- collection closes, all of them and the marks, whatever was mixed before (mix_survey_answers), so that no last few are a
-- batch of their own. Until then, and in the write-ahead log, the order is there for those who hold the files of the
-- database: docs/security/threats.md.

-- When a session is over for its feedback: the end of its last time, or of its last run if hosts ended that before. Null
-- without a time.
create function private.session_over_at(p_session uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select least(last.ends_at, (
		select max(r.ended_at)
		from public.runs as r
		where r.session_id = p_session and r.ended_at > last.starts_at))
	from (
		select lower(t.during) as starts_at, upper(t.during) as ends_at
		from public.slots as t
		where t.session_id = p_session
		order by upper(t.during) desc
		limit 1) as last
$$;

-- Whether a person could attend a session: confirmed for the Summit, and entitled to enter it in the hall or online, with a
-- place where it needs one.
create function private.could_attend(p_person uuid, p_session uuid) returns boolean
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

-- Whether a person may be asked a survey: about a session those who could attend it, else those confirmed for the Summit.
create function private.is_asked_survey(p_person uuid, p_survey private.surveys, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and p_survey.published_at is not null and p_survey.opens_at <= now() and case
		when p_survey.kind = 'session' then exists (
			select from public.sessions as s where s.id = p_session and s.summit_id = p_survey.summit_id)
			and private.could_attend(p_person, p_session)
			and coalesce(private.session_over_at(p_session) <= now(), false)
		else p_session is null and exists (
			select from public.registrations as r
			where r.summit_id = p_survey.summit_id and r.person_id = p_person and r.state = 'confirmed') end
$$;

-- When a survey ends for a session, or (session null) at all.
create function private.survey_closes_at(p_survey private.surveys, p_session uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select least(p_survey.closes_at,
		private.session_over_at(p_session) + make_interval(hours => p_survey.hours))
$$;

-- The form that a session is given feedback on now; an empty row without one.
create function private.session_form(p_summit uuid) returns private.surveys
language sql stable security definer set search_path = '' as $$
	select s.*
	from private.surveys as s
	where s.summit_id = p_summit
		and s.kind = 'session'
		and s.published_at is not null
		and s.opens_at <= now()
	order by s.closes_at > now() desc, s.opens_at desc
	limit 1
$$;

-- Opens a survey (survey), or the form of a session (session), for the reader; makes the collection if it is the first.
-- Null where there is none or the reader is not asked. Answers {collection, kind, title, intro, session: {code, title},
-- closes_at, state: open | answered | closed, smallest_group, public_key (null: the app makes it), questions}.
create function public.open_survey_form(summit uuid, survey uuid, session uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_me uuid := private.me();
	v private.surveys;
	c private.survey_collections;
begin
	if survey is null then
		v := private.session_form(summit);
	else
		select * into v
		from private.surveys as s
		where s.id = open_survey_form.survey and s.summit_id = open_survey_form.summit and s.kind <> 'session';
	end if;
	if v.id is null or not private.is_asked_survey(v_me, v, session) then return null; end if;
	select * into c
	from private.survey_collections as x
	where x.survey_id = v.id and x.session_id is not distinct from open_survey_form.session;
	if not found and private.survey_closes_at(v, session) > now() then
		insert into private.survey_collections (survey_id, session_id, closes_at)
		values (v.id, open_survey_form.session, private.survey_closes_at(v, session))
		on conflict (survey_id, session_id) do nothing;
		select * into c
		from private.survey_collections as x
		where x.survey_id = v.id and x.session_id is not distinct from open_survey_form.session;
	end if;
	return jsonb_build_object('collection', c.id, 'survey', v.id, 'kind', v.kind, 'title', v.title, 'intro', v.intro,
		'session', (
			select jsonb_build_object('code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = open_survey_form.session),
		'closes_at', private.iso(coalesce(c.closes_at, private.survey_closes_at(v, session))),
		'state', case
			when exists (
				select from private.survey_marks as k where k.collection_id = c.id and k.person_id = v_me) then 'answered'
			when coalesce(c.closes_at <= now(), true) then 'closed'
			else 'open' end,
		'smallest_group', v.smallest_group, 'public_key', c.public_key,
		'questions', private.survey_questions_json(v.id));
end
$$;
grant execute on function public.open_survey_form(uuid, uuid, uuid) to authenticated;

-- Gives a collection its keys if it has none, and answers the public one.
create function private.set_survey_keys(p_collection uuid, p_public text, p_sealed bytea, p_key_id text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.survey_collections as c
	set public_key = p_public, private_key_sealed = p_sealed, key_id = p_key_id
	where c.id = p_collection and c.public_key is null;
	return (select c.public_key from private.survey_collections as c where c.id = p_collection);
end
$$;
grant execute on function private.set_survey_keys(uuid, text, bytea, text) to app_server;

-- The keys of a collection for the app, which signs and checks tokens: {public_key, sealed, key_id, summit: whose survey it
-- is}; null without.
create function private.survey_keys(p_collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('public_key', c.public_key, 'sealed', encode(c.private_key_sealed, 'hex'),
		'key_id', c.key_id, 'summit', s.summit_id)
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = p_collection and c.public_key is not null
$$;
grant execute on function private.survey_keys(uuid) to app_server;

-- Sets the mark of a person, once: ok; already, also for another blinded token than the first; closed, or not_found where
-- the person is not asked. Locks the survey against being taken back meanwhile, the collection against its end and its
-- mixing, and the mark.
create function private.mark_survey_person(p_person uuid, p_collection uuid, p_blinded bytea)
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

-- Whether the app signs this blinded token (by its hash, hexadecimal) for the reader; marks that it did. Answers ok | already
-- | closed | not_found | invalid.
create function public.take_survey_token(collection uuid, blinded_hash text) returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if coalesce(blinded_hash, '') !~ '^[0-9a-f]{64}$' then return 'invalid'; end if;
	return private.mark_survey_person(private.me(), collection, decode(blinded_hash, 'hex'));
end
$$;
grant execute on function public.take_survey_token(uuid, text) to authenticated;

-- Keeps the answers of somebody; open texts apart from the others. Answers ok | already (the token was used) | closed |
-- invalid.
create function private.keep_survey_answers(p_collection uuid, p_token_hash bytea, p_answers jsonb)
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

-- The same for the app, which has checked the signature of the token. No person is signed in.
create function private.add_survey_answers(p_collection uuid, p_token_hash bytea, p_answers jsonb)
	returns public.survey_answer_status
language sql volatile security definer set search_path = '' as $$
	select case when length(p_token_hash) = 32
		then private.keep_survey_answers(p_collection, p_token_hash, p_answers)
		else 'invalid' end
$$;
grant execute on function private.add_survey_answers(uuid, bytea, jsonb) to app_server;

-- Answers without a token, from a page without script: mark and answers, or neither. Both rows look like those of a page with
-- script: a column that is empty would tell which answers are those of the few who have none.
create function public.answer_survey(collection uuid, answers jsonb) returns public.survey_answer_status
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
grant execute on function public.answer_survey(uuid, jsonb) to authenticated;

-- Writes waiting answers and texts of a collection again in random order, with other ids and in one transaction. After its
-- end (`p_is_final`) all of them, those that were mixed before too, and the marks; from then on no hash is that of a token, and
-- nothing can be signed. The caller has locked the collection.
create function private.mix_collection(p_collection uuid, p_is_final boolean) returns void
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
create function private.mix_survey_answers() returns integer
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
grant execute on function private.mix_survey_answers() to app_server;

-- What the reader is asked now: {surveys: [{id, title, kind, closes_at, answered}], sessions: [{code, title, ended_at,
-- closes_at, answered}]}: of sessions those that they could attend. Null for others than people of the Summit.
create function public.my_surveys(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_form private.surveys := private.session_form(summit);
begin
	if not exists (
		select from public.registrations as r
		where r.summit_id = my_surveys.summit and r.person_id = v_me and r.state = 'confirmed') then
		return null;
	end if;
	return jsonb_build_object(
		'surveys', (
			select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'kind', s.kind,
				'closes_at', private.iso(s.closes_at),
				'answered', exists (
					select from private.survey_marks as k
					join private.survey_collections as c on c.id = k.collection_id
					where c.survey_id = s.id and k.person_id = v_me)) order by s.closes_at, s.id), '[]')
			from private.surveys as s
			where s.summit_id = my_surveys.summit
				and s.kind <> 'session'
				and s.closes_at > now()
				and private.is_asked_survey(v_me, s, null)),
		'sessions', (
			select coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'title', e.title,
				'ended_at', private.iso(e.over_at), 'closes_at', private.iso(e.closes_at), 'answered', exists (
					select from private.survey_marks as k
					join private.survey_collections as c on c.id = k.collection_id
					where c.survey_id = v_form.id and c.session_id = e.id and k.person_id = v_me))
				order by e.over_at desc, e.code), '[]')
			from (
				select s.id, s.code, s.title, private.session_over_at(s.id) as over_at, coalesce(
					(select c.closes_at
						from private.survey_collections as c
						where c.survey_id = v_form.id and c.session_id = s.id),
					private.survey_closes_at(v_form, s.id)) as closes_at
				from public.sessions as s
				where s.summit_id = my_surveys.summit
					and s.state = 'confirmed'
					and not s.is_break
					and s.id in (select private.visible_sessions(v_me, my_surveys.summit))) as e
			where e.closes_at > now() and private.is_asked_survey(v_me, v_form, e.id)));
end
$$;
grant execute on function public.my_surveys(uuid) to authenticated;

-- Whether sessions of a Summit take feedback now: pages ask it before they lead there.
create function public.takes_feedback(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.surveys as s
		where s.summit_id = takes_feedback.summit
			and s.kind = 'session'
			and s.published_at is not null
			and s.opens_at <= now()
			and s.closes_at > now())
$$;
grant execute on function public.takes_feedback(uuid) to authenticated;
