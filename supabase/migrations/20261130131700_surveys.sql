-- Surveys of a Summit and feedback on sessions, answered without anybody learning who answered what.

set check_function_bodies = off;



create type public.survey_kind as enum ('session', 'summit', 'follow_up');

create type public.survey_question_kind as enum ('scale', 'choice', 'choices', 'yes_no', 'number', 'text');

-- Whether a value is a list of choices, [{key, label}], with keys of their own.
create function private.are_survey_choices(p_choices jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_choices) is distinct from 'array' or jsonb_array_length(p_choices) > 20 then false
		else not exists (
			select from jsonb_array_elements(p_choices) as c
			where jsonb_typeof(c) <> 'object'
				or coalesce(c ->> 'key', '') !~ '^[a-z0-9_]{1,40}$'
				or not private.is_text_map(c -> 'label')
				or c -> 'label' = '{}')
			and (select count(distinct c ->> 'key') = count(*) from jsonb_array_elements(p_choices) as c) end
$$;

-- Changing a survey. Frozen: it is published. Conflict: somebody else changed it since.
create domain public.survey_edit_status as text
	check (value in ('ok', 'not_found', 'invalid', 'frozen', 'conflict', 'needed'));

-- Publishing, ending or taking back a survey. Overlap: another form for sessions takes answers at that time. Empty: it has
-- no question. Answered: somebody has answered. Wrong state: it is published or closed already, or not yet.
create domain public.survey_step_status as text
	check (value in ('ok', 'not_found', 'overlap', 'empty', 'answered', 'wrong_state'));

-- Asking for a token, or answering. Already: the person has answered, or the token was used. Closed: the time is over.
create domain public.survey_answer_status as text check (value in ('ok', 'not_found', 'already', 'closed', 'invalid'));

-- Deciding on an open text. Already: the same person agreed before.
create domain public.survey_text_status as text check (value in ('ok', 'not_found', 'already', 'invalid'));

-- Reading results. Open: it takes answers. Few: fewer people answered than the smallest group.
create domain public.survey_results_status as text check (value in ('ok', 'open', 'few', 'not_found'));

-- A survey: the form that each session of the Summit is given feedback on, the survey about the Summit, or the one that
-- follows months later. It is written as a draft and published once; published questions never change.
create table private.surveys (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.survey_kind not null,
	title public.text_map not null check (title <> '{}'::jsonb),
	intro public.text_map not null default '{}',
	opens_at timestamptz not null,
	closes_at timestamptz not null,
	-- Of session feedback: for how many hours after its end a session takes answers.
	hours integer check (hours between 1 and 720),
	published_at timestamptz,
	-- The smallest group that results name, as it was when the survey was published: results under two thresholds could
	-- be compared.
	smallest_group integer check (smallest_group between 3 and 50),
	version integer not null default 1,
	created_at timestamptz not null default now(),
	check (opens_at < closes_at),
	check ((hours is not null) = (kind = 'session')),
	check ((published_at is null) = (smallest_group is null)),
	constraint title_one_line check (private.are_one_line(title))
);

-- A question. One that depends on another comes after it, so that no circle is possible.
create table private.survey_questions (
	id uuid primary key default gen_random_uuid(),
	survey_id uuid not null references private.surveys (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
	kind public.survey_question_kind not null,
	label public.text_map not null check (label <> '{}'::jsonb),
	help public.text_map not null default '{}',
	-- Of the kinds `choice` and `choices`: [{key, label}].
	choices jsonb not null default '[]' check (private.are_survey_choices(choices)),
	is_required boolean not null default false,
	position integer not null,
	-- The key of an earlier question: this one is asked only if the answer to that one is among these values.
	depends_on text,
	depends_values text[] not null default '{}',
	unique (survey_id, key),
	unique (survey_id, position) deferrable initially immediate,
	foreign key (survey_id, depends_on) references private.survey_questions (survey_id, key) on delete restrict,
	check ((kind in ('choice', 'choices')) = (jsonb_array_length(choices) >= 2)),
	check ((depends_on is null) = (depends_values = '{}')),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices)),
	constraint depends_values_one_line check (private.are_one_line(depends_values))
);

-- What answers are collected on: the Summit (session null) or one session. Made when the first person opens the form; its
-- end is fixed from then on, except that organisers may end it earlier or later while it takes answers.
create table private.survey_collections (
	id uuid primary key default gen_random_uuid(),
	survey_id uuid not null references private.surveys (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	closes_at timestamptz not null,
	-- The pair of keys with which the app signs the tokens of this collection alone; the private one is sealed.
	public_key text check (length(public_key) <= 2000),
	private_key_sealed bytea,
	key_id text,
	unique nulls not distinct (survey_id, session_id),
	check (num_nulls(public_key, private_key_sealed, key_id) in (0, 3))
);

-- Who has answered, or has been given the token with which they answer. Not audited: an entry has a time, and the order of
-- the marks is that of the answers.
create table private.survey_marks (
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The hash of the blinded token that was signed, so that a repeated request is given the same signature. It cannot be
	-- compared with a token: each blinded token fits every token.
	blinded_hash bytea check (length(blinded_hash) = 32),
	primary key (collection_id, person_id)
);

-- The answers of one person but for open texts: {key: [values]}.
create table private.survey_answers (
	id uuid primary key default gen_random_uuid(),
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	-- The hash of the token; null where the page had no script.
	token_hash bytea unique check (length(token_hash) = 32),
	answers jsonb not null check (jsonb_typeof(answers) = 'object'),
	-- Whether it was written again in random order together with those of others (mix_survey_answers).
	is_mixed boolean not null default false
);

-- An open text, apart from the other answers of its author.
create table private.survey_texts (
	id uuid primary key default gen_random_uuid(),
	collection_id uuid not null references private.survey_collections (id) on delete cascade,
	question_id uuid not null references private.survey_questions (id) on delete cascade,
	body text not null check (length(body) between 1 and 2000),
	is_mixed boolean not null default false,
	-- Why it is hidden; '' while it is not.
	hidden_reason text not null default '' check (length(hidden_reason) <= 500),
	constraint hidden_reason_one_line check (private.is_one_line(hidden_reason))
);

-- The readers who agreed that a text is released. It takes two.
create table private.survey_text_approvals (
	text_id uuid not null references private.survey_texts (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (text_id, person_id)
);



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

-- Whether a person could attend a session: confirmed for the Summit, and entitled to enter it in the hall or online.
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
			and 'ok' in (private.entry_entitlement(p_person, s.id, 'stream'),
				private.entry_entitlement(p_person, s.id, 'door')))
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

-- The keys of a collection for the app, which signs and checks tokens: {public_key, sealed, key_id}; null without.
create function private.survey_keys(p_collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('public_key', c.public_key, 'sealed', encode(c.private_key_sealed, 'hex'),
		'key_id', c.key_id)
	from private.survey_collections as c
	where c.id = p_collection and c.public_key is not null
$$;

-- Sets the mark of a person, once: ok; already, also for another blinded token than the first; closed, or not_found where
-- the person is not asked. Locks the survey against being taken back meanwhile, and the mark.
create function private.mark_survey_person(p_person uuid, p_collection uuid, p_blinded bytea)
	returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v private.surveys;
begin
	select * into c from private.survey_collections as x where x.id = p_collection;
	select * into v from private.surveys as s where s.id = c.survey_id for share;
	if v.id is null or not private.is_asked_survey(p_person, v, c.session_id) then return 'not_found'; end if;
	if c.closes_at <= now() then return 'closed'; end if;
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
	if c.closes_at <= now() then return 'closed'; end if;
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

-- Answers without a token, from a page without script: mark and answers, or neither.
create function public.answer_survey(collection uuid, answers jsonb) returns public.survey_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status public.survey_answer_status;
begin
	begin
		v_status := private.mark_survey_person(private.me(), collection, null);
		if v_status = 'ok' then
			v_status := private.keep_survey_answers(collection, null, answers);
			if v_status <> 'ok' then raise sqlstate 'PT422' using message = 'not kept'; end if;
		end if;
	exception when sqlstate 'PT422' then
		return v_status;
	end;
	return v_status;
end
$$;

-- Writes waiting answers and texts again in random order, with other ids and in one transaction: of each collection that has
-- as many as its smallest group, or is closed. A scheduled job calls it; answers of how many collections.
create function private.mix_survey_answers() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v_count integer := 0;
begin
	for c in
		select x.*
		from private.survey_collections as x
		join private.surveys as s on s.id = x.survey_id
		where (select count(*) from private.survey_answers as a where a.collection_id = x.id and not a.is_mixed)
			>= case when x.closes_at <= now() then 1 else s.smallest_group end
		order by x.id
		for update of x skip locked
	loop
		with gone as (
			delete from private.survey_answers as a
			where a.collection_id = c.id and not a.is_mixed
			returning a.token_hash, a.answers
		)
		insert into private.survey_answers (collection_id, token_hash, answers, is_mixed)
		select c.id, gone.token_hash, gone.answers, true from gone order by random();
		with gone as (
			delete from private.survey_texts as t
			where t.collection_id = c.id and not t.is_mixed
			returning t.question_id, t.body
		)
		insert into private.survey_texts (collection_id, question_id, body, is_mixed)
		select c.id, gone.question_id, gone.body, true from gone order by random();
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

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

-- A survey, locked, if the reader may change it; else null.
create function private.lock_survey(p_survey uuid) returns private.surveys
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys;
begin
	select * into v from private.surveys as s where s.id = p_survey for update;
	return case when v.id is not null and private.has_role(v.summit_id, 'programme') then v end;
end
$$;

-- Makes a survey as a draft (survey null), or changes one. `fields`: kind (of a new one), title, intro, opens_at, closes_at,
-- hours. Of a published one only the times change, while it takes answers. Answers {status: ok | not_found | invalid |
-- frozen (it is closed) | conflict (another change since `version`), id}.
create function public.save_survey(summit uuid, survey uuid, version integer, fields jsonb) returns jsonb
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
	v := private.lock_survey(survey);
	if v.id is null or v.summit_id is distinct from save_survey.summit then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v.version is distinct from save_survey.version then return jsonb_build_object('status', 'conflict'); end if;
	-- Results are shown once it is closed; further answers would be the difference of two results.
	if v.published_at is not null and v.closes_at <= now() then return jsonb_build_object('status', 'frozen'); end if;
	if v.published_at is not null and v_new.closes_at <= now() then return jsonb_build_object('status', 'invalid'); end if;
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
	set closes_at = v.closes_at
	where c.survey_id = v.id and c.session_id is null;
	return jsonb_build_object('status', 'ok', 'id', v.id);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;

-- Whether another published form for sessions takes answers while this one does: a session has one form at a time.
create function private.overlaps_session_form(p private.surveys) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.kind = 'session' and exists (
		select from private.surveys as o
		where o.summit_id = p.summit_id
			and o.id <> p.id
			and o.kind = 'session'
			and o.published_at is not null
			and o.opens_at < p.closes_at
			and p.opens_at < o.closes_at)
$$;

-- Adds a question at the end of a draft, or changes the one with its key. `question`: key, kind (of a new one), label, help,
-- choices, is_required, depends_on, depends_values. Answers ok | not_found | frozen | invalid (also a condition on a later
-- question, or on values that it does not have) | needed (another question depends on a choice that is gone). At most forty
-- questions.
create function public.save_survey_question(survey uuid, question jsonb) returns public.survey_edit_status
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
	if v_new.position > 40 then return 'invalid'; end if;
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

-- Moves a question of a draft one place. Answers ok | not_found | frozen | needed (it would come before the question on
-- which it depends, or after one that depends on it).
create function public.move_survey_question(survey uuid, question uuid, is_up boolean) returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_this private.survey_questions;
	v_other private.survey_questions;
begin
	select * into v_this from private.survey_questions as q where q.survey_id = v.id and q.id = question;
	if not found then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	select * into v_other
	from private.survey_questions as q
	where q.survey_id = v.id
		and case when is_up then q.position < v_this.position else q.position > v_this.position end
	order by abs(q.position - v_this.position)
	limit 1;
	if not found then return 'ok'; end if;
	if is_up and v_this.depends_on = v_other.key or not is_up and v_other.depends_on = v_this.key then
		return 'needed';
	end if;
	set constraints private.survey_questions_survey_id_position_key deferred;
	update private.survey_questions as q
	set position = case q.id when v_this.id then v_other.position else v_this.position end
	where q.id in (v_this.id, v_other.id);
	set constraints private.survey_questions_survey_id_position_key immediate;
	return 'ok';
end
$$;

-- Deletes a question of a draft. Answers ok | not_found | frozen | needed (another one depends on it).
create function public.delete_survey_question(survey uuid, question uuid) returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_key text;
begin
	select q.key into v_key from private.survey_questions as q where q.survey_id = v.id and q.id = question;
	if not found then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	if exists (select from private.survey_questions as q where q.survey_id = v.id and q.depends_on = v_key) then
		return 'needed';
	end if;
	delete from private.survey_questions as q where q.id = question;
	return 'ok';
end
$$;

-- Publishes a draft, ends a published one now, takes one back that nobody has answered, or deletes a draft. `step`: publish
-- | end | take_back | delete. Answers ok | not_found | overlap | empty | answered | wrong_state. Locks the Summit's forms,
-- so that two of sessions are not published at once.
create function public.move_survey(survey uuid, step text) returns public.survey_step_status
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
			if v.published_at is not null or v.closes_at <= now() then return 'wrong_state'; end if;
			if not exists (select from private.survey_questions as q where q.survey_id = v.id) then return 'empty'; end if;
			if private.overlaps_session_form(v) then return 'overlap'; end if;
			update private.surveys as s
			set published_at = now(), smallest_group = private.smallest_group(s.summit_id), version = s.version + 1
			where s.id = v.id;
		when 'end' then
			if v.published_at is null or v.closes_at <= now() or v.opens_at >= now() then return 'wrong_state'; end if;
			update private.surveys as s set closes_at = now(), version = s.version + 1 where s.id = v.id;
			update private.survey_collections as c
			set closes_at = now()
			where c.survey_id = v.id and c.closes_at > now();
		when 'take_back' then
			if v.published_at is null then return 'wrong_state'; end if;
			if exists (
				select from private.survey_marks as k
				join private.survey_collections as c on c.id = k.collection_id
				where c.survey_id = v.id) then
				return 'answered';
			end if;
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

-- Copies a survey with its questions as a draft, for as long and from a week after now. Answers {status: ok | not_found, id}.
create function public.copy_survey(survey uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_id uuid;
begin
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours)
	values (v.summit_id, v.kind, v.title, v.intro, greatest(v.opens_at, date_trunc('hour', now()) + interval '7 days'),
		greatest(v.opens_at, date_trunc('hour', now()) + interval '7 days') + (v.closes_at - v.opens_at), v.hours)
	returning id into v_id;
	-- Rows are checked against the question on which they depend at the end of the statement.
	insert into private.survey_questions (survey_id, key, kind, label, help, choices, is_required, position, depends_on,
		depends_values)
	select v_id, q.key, q.kind, q.label, q.help, q.choices, q.is_required, q.position, q.depends_on, q.depends_values
	from private.survey_questions as q
	where q.survey_id = v.id;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- The values from which the answer to a question is taken, in their order; none for numbers and texts.
create function private.survey_values(q private.survey_questions) returns text[]
language sql immutable set search_path = '' as $$
	select case q.kind
		when 'scale' then '{1,2,3,4,5}'
		when 'yes_no' then '{yes,no}'
		when 'choice' then private.choice_keys(q.choices)
		when 'choices' then private.choice_keys(q.choices)
		else '{}' end::text[]
$$;

-- Whether values fit a question.
create function private.fits_survey_question(q private.survey_questions, p_values text[]) returns boolean
language sql immutable set search_path = '' as $$
	select array_position(p_values, null) is null
		and cardinality(p_values) between 1 and case when q.kind = 'choices' then 20 else 1 end
		and case q.kind
			when 'number' then p_values[1] ~ '^[0-9]{1,9}(\.[0-9]{1,2})?$'
			when 'text' then length(btrim(p_values[1])) between 1 and 2000
			else p_values <@ private.survey_values(q)
				and cardinality(p_values) = (select count(distinct v) from unnest(p_values) as v) end
$$;

-- The answers of a form, {key: [values]}, as they are kept: without those to questions that are not asked after the answers
-- before. Null where one does not fit its question, or a required one is missing.
create function private.asked_survey_answers(p_survey uuid, p_answers jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	q private.survey_questions;
	v_values text[];
	v_kept jsonb := '{}';
begin
	if jsonb_typeof(p_answers) is distinct from 'object' then return null; end if;
	for q in select * from private.survey_questions as x where x.survey_id = p_survey order by x.position loop
		-- A question that was not asked has no answer here, and neither has one that depends on it.
		continue when q.depends_on is not null
			and not coalesce(private.text_array(v_kept -> q.depends_on) && q.depends_values, false);
		v_values := array(
			select v from unnest(private.text_array(p_answers -> q.key)) as v where btrim(v) <> '' limit 21);
		if v_values = '{}' then
			if q.is_required then return null; end if;
			continue;
		end if;
		if not private.fits_survey_question(q, v_values) then return null; end if;
		v_kept := v_kept || jsonb_build_object(q.key, v_values);
	end loop;
	return v_kept;
end
$$;

-- The questions of a survey for pages: [{id, key, kind, label, help, choices, is_required, depends_on, depends_values}].
create function private.survey_questions_json(p_survey uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(to_jsonb(q) - array['survey_id', 'position'] order by q.position), '[]')
	from private.survey_questions as q
	where q.survey_id = p_survey
$$;

-- Whether the reader reads the results of a collection: of a session those who see it too.
create function private.reads_survey(p_survey private.surveys, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_survey.summit_id, 'programme')
		and (p_session is null or private.can_see(private.me(), p_session))
$$;

-- The surveys of a Summit: [{id, kind, title, opens_at, closes_at, state: draft | scheduled | open | closed, questions,
-- answered}]; null for others than its programme organisers.
create function public.list_surveys(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'title', s.title,
		'opens_at', private.iso(s.opens_at), 'closes_at', private.iso(s.closes_at), 'state', private.survey_state(s),
		'questions', (select count(*) from private.survey_questions as q where q.survey_id = s.id),
		'answered', (
			select count(*)
			from private.survey_marks as k
			join private.survey_collections as c on c.id = k.collection_id
			where c.survey_id = s.id and private.reads_survey(s, c.session_id)))
		order by s.created_at desc, s.id), '[]')
	from private.surveys as s
	where s.summit_id = list_surveys.summit
	having private.has_role(list_surveys.summit, 'programme')
$$;

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
				'is_closed', c.closes_at <= now(),
				'session', case when e.id is not null then jsonb_build_object('code', e.code, 'title', e.title) end,
				'answered', (select count(*) from private.survey_marks as k where k.collection_id = c.id),
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

-- How many answered a closed collection; null while it takes answers, and for fewer than the smallest group.
create function private.released_survey_size(p_collection uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select nullif(count(*), 0)
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	join private.survey_answers as a on a.collection_id = c.id
	where c.id = p_collection and c.closes_at <= now()
	group by s.smallest_group
	having count(*) >= s.smallest_group
$$;

-- Whether the reader reads results: ok | open (it takes answers) | few | not_found. The audit records that they do.
create function public.open_survey_results(collection uuid) returns public.survey_results_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.survey_collections;
	v private.surveys;
begin
	select * into c from private.survey_collections as x where x.id = collection;
	select * into v from private.surveys as s where s.id = c.survey_id;
	if v.id is null or not private.reads_survey(v, c.session_id) then return 'not_found'; end if;
	if c.closes_at > now() then return 'open'; end if;
	if private.released_survey_size(c.id) is null then return 'few'; end if;
	perform audit.record_event('survey.results_read', c.id::text, v.summit_id, null, '{}');
	return 'ok';
end
$$;

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
			where t.collection_id = c.id and private.is_survey_text_released(t)))
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	cross join lateral (select private.released_survey_size(c.id)) as sized (answered)
	where c.id = p_collection and sized.answered is not null
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
		and t.hidden_reason = ''
		and not private.is_survey_text_released(t)
		and not exists (
			select from private.survey_text_approvals as a where a.text_id = t.id and a.person_id = private.me())
$$;

-- The texts of a collection for its readers: [{id, question, body, approvals, mine, is_released, hidden_reason}]; null for
-- others, while it takes answers, and where too few answered.
create function public.list_survey_texts(collection uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(jsonb_build_object('id', t.id, 'question', t.question_id, 'body', t.body,
			'approvals', (select count(*) from private.survey_text_approvals as a where a.text_id = t.id),
			'mine', exists (
				select from private.survey_text_approvals as a where a.text_id = t.id and a.person_id = private.me()),
			'is_released', private.is_survey_text_released(t), 'hidden_reason', t.hidden_reason) order by t.id)
		from private.survey_texts as t
		where t.collection_id = c.id), '[]')
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = list_survey_texts.collection
		and private.reads_survey(s, c.session_id)
		and private.released_survey_size(c.id) is not null
$$;

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
		or private.released_survey_size(t.collection_id) is null then
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



create index on private.surveys (summit_id);

create index on private.survey_questions (survey_id, depends_on);

create index on private.survey_collections (session_id);

create index on private.survey_marks (person_id);

create index on private.survey_answers (collection_id) where not is_mixed;

create index on private.survey_answers (collection_id);

create index on private.survey_texts (collection_id);

create index on private.survey_texts (question_id);

create index on private.survey_text_approvals (person_id);

alter table private.surveys enable row level security;

alter table private.survey_questions enable row level security;

alter table private.survey_collections enable row level security;

alter table private.survey_marks enable row level security;

alter table private.survey_answers enable row level security;

alter table private.survey_texts enable row level security;

alter table private.survey_text_approvals enable row level security;

select audit.watch('private.surveys');

select audit.watch('private.survey_questions');

grant execute on function public.open_survey_form(uuid, uuid, uuid) to authenticated;

grant execute on function private.set_survey_keys(uuid, text, bytea, text) to app_server;

grant execute on function private.survey_keys(uuid) to app_server;

grant execute on function public.take_survey_token(uuid, text) to authenticated;

grant execute on function private.add_survey_answers(uuid, bytea, jsonb) to app_server;

grant execute on function public.answer_survey(uuid, jsonb) to authenticated;

grant execute on function private.mix_survey_answers() to app_server;

grant execute on function public.my_surveys(uuid) to authenticated;

grant execute on function public.save_survey(uuid, uuid, integer, jsonb) to authenticated;

grant execute on function public.save_survey_question(uuid, jsonb) to authenticated;

grant execute on function public.move_survey_question(uuid, uuid, boolean) to authenticated;

grant execute on function public.delete_survey_question(uuid, uuid) to authenticated;

grant execute on function public.move_survey(uuid, text) to authenticated;

grant execute on function public.copy_survey(uuid) to authenticated;

grant execute on function private.are_survey_choices(jsonb) to public;

grant execute on function public.list_surveys(uuid) to authenticated;

grant execute on function public.read_survey(uuid, uuid) to authenticated;

grant execute on function public.open_survey_results(uuid) to authenticated;

grant execute on function private.count_survey_answers(uuid) to app_server;

grant execute on function public.list_survey_texts(uuid) to authenticated;

grant execute on function public.decide_survey_text(uuid, boolean, text) to authenticated;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.surveys', 'settings', '{kind,title,intro,opens_at,closes_at,hours,published_at}', '{}', '{}'),
	('private.survey_questions', 'settings',
		'{key,kind,label,help,choices,is_required,depends_on,depends_values}', '{}', '{}'),
	('survey_text.hidden', 'settings', '{}', '{}', '{reason}'),
	('survey.results_read', 'settings', '{}', '{}', '{}');

create function private.summit_of_collection(p_collection uuid) returns uuid
language sql stable as $$
	select s.summit_id
	from private.survey_collections as c
	join private.surveys as s on s.id = c.survey_id
	where c.id = p_collection
$$;

-- When a survey ended for what its answers are collected on.
create function private.collection_closed_at(p_collection uuid) returns timestamptz
language sql stable as $$ select c.closes_at from private.survey_collections as c where c.id = p_collection $$;

insert into private.retention_classes (position, code, clock, default_days, min_days, max_days, functions)
values (22, 'surveys', 'ended', 365, 30, 1825, default);

insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.survey_marks', 'surveys', 'private.summit_of_collection(t.collection_id)', 'array[t.person_id]',
		'private.collection_closed_at(t.collection_id)', null, null, null, null, true),
	('private.survey_texts', 'surveys', 'private.summit_of_collection(t.collection_id)', null,
		'private.collection_closed_at(t.collection_id)', null, null, null, null, true);

insert into private.retention_rules (table_name, class)
values ('private.survey_text_approvals', 'surveys');

insert into private.retention_rules (table_name, exemption)
values
	('private.survey_answers', 'numbers'),
	('private.surveys', 'settings'),
	('private.survey_questions', 'settings'),
	('private.survey_collections', 'technical');

insert into private.not_copied_tables (name, reason)
values
	('private.survey_marks', 'technical'),
	('private.survey_text_approvals', 'staff');

insert into private.free_text_columns (table_name, column_name)
values ('private.survey_texts', 'body'), ('private.survey_texts', 'hidden_reason');

reset check_function_bodies;
