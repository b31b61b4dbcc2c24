-- The reporter of a concern gets a code to come back with: to add to it and to read what the desk answers.
set check_function_bodies = off;

-- Sending the form of a concern, and what follows for the reporter's code.
create domain private.concern_submission_status as text check (value in ('ok', 'again', 'sent'));

-- Adding to a concern with its code.
create domain private.reporter_message_status as text
	check (value in ('ok', 'already', 'unknown', 'too_often', 'full'));

-- Answering the reporter of a concern.
create domain public.concern_answer_status as text check (value in ('ok', 'already', 'not_found', 'no_code'));

alter table private.concerns
	add column code_hash bytea unique check (length(code_hash) = 32),
	add column locale text check (locale in ('en', 'fr', 'es', 'ar')),
	add column taken_by uuid references public.people (id) on update cascade on delete set null;
create index on private.concerns (taken_by);
drop trigger audit_record on private.concerns;
create trigger audit_record after update on private.concerns for each row execute function audit.record_change('',
	'text_sealed', 'key_id', 'note_sealed', 'note_key_id', 'subject', 'reporter_id', 'author_hash', 'batch_id',
	'code_hash', 'locale', 'taken_by');

-- What the reporter and the desk write to each other about a concern, sealed by the app. The reporter writes with the
-- code, without an account, so these rows are in no audit; an answer of the desk is an event there.
create table private.concern_messages (
	id uuid primary key default gen_random_uuid(),
	concern_id uuid not null references private.concerns (id) on delete cascade,
	is_from_desk boolean not null,
	-- Who answered; null for the reporter.
	author_id uuid references public.people (id) on update cascade on delete set null,
	text_sealed bytea not null check (length(text_sealed) <= 20000),
	key_id text not null,
	-- Of the form and what it said: a form that is sent twice adds one message.
	form_hash bytea not null unique check (length(form_hash) = 32),
	sent_at timestamptz not null default clock_timestamp(),
	check (is_from_desk or author_id is null)
);
create index on private.concern_messages (concern_id, sent_at);
create index on private.concern_messages (author_id);
alter table private.concern_messages enable row level security;

-- Wrong codes, counted for a source within ten minutes. The source is a keyed hash.
create table private.concern_code_tries (
	source bytea primary key,
	began_at timestamptz not null default now(),
	tries integer not null default 0
);
alter table private.concern_code_tries enable row level security;

-- Whether the lists of organisers leave a mail out: the fact that it was sent would say something about its reader.
create or replace function private.is_unlisted_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
	select p_template in ('concern_raised', 'concern_message', 'concern_unread', 'deputy_granted', 'guardian_asked',
		'safeguarding_needed')
$$;

-- All who may read a concern: leads, or deputies where no lead may.
create function private.concern_readers(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select l from private.concern_leads(c) as l
	union
	select d.person_id
	from private.concern_deputies as d
	where d.summit_id = c.summit_id and d.ended_at is null and private.may_read_concern(d.person_id, c)
$$;

-- Notifies those who may read a concern, on their pages and by a mail that says nothing about it. Each is notified on
-- the topic of their person: on a shared topic, others would see that something was reported. `p_once`: what the mail
-- is about, each reader gets one of it. Answers whether there is anybody.
create function private.notify_concern_readers(c private.concerns, p_template text, p_once text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reader uuid;
	v_found boolean := false;
begin
	for v_reader in select r from private.concern_readers(c) as r loop
		v_found := true;
		perform private.publish_event('person:' || v_reader, 'concern', c.id);
		-- A limit for a flood from many sources: the mails of the last minutes already lead to the page that shows all.
		if (select count(*)
			from private.outbox as o
			where o.person_id = v_reader
				and o.template = p_template
				and o.created_at > now() - interval '10 minutes') < 30
		then
			perform private.enqueue_mail(v_reader, p_template, '{}', c.summit_id, format('%s:%s', p_once, v_reader), 1);
		end if;
	end loop;
	return v_found;
end
$$;

-- Notifies those who may read a concern that it was raised; where nobody may, the owners, who then name a deputy.
create or replace function private.notify_concern(p_concern uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_owner uuid;
begin
	select * into c from private.concerns as x where x.id = p_concern;
	if private.notify_concern_readers(c, 'concern_raised', format('concern:%s', coalesce(c.batch_id, c.id))) then
		return;
	end if;
	for v_owner in select o from private.owners_to_notify_of_concern(c) as o loop
		perform private.publish_event('person:' || v_owner, 'roles');
		perform private.enqueue_mail(v_owner, 'concern_unread', '{}', c.summit_id,
			format('concern_unread:%s:%s', coalesce(c.batch_id, c.id), v_owner), 1);
	end loop;
end
$$;

drop function private.raise_concern(uuid, uuid, uuid, uuid, text, bytea, text, bytea, text[], boolean, uuid);

-- Records a concern and notifies those who may read it; of a batch, only the first. Never refuses one. `p_reporter`:
-- null when anonymous. `p_about_people`: the codes of people whom the reporter names, among those of the session and on
-- stage. `p_about_lead`: it is about somebody in safeguarding. `p_message`: the message that is reported. `p_source`: a
-- keyed hash of the reporter or of their address. `p_code_hash`, `p_locale`, `p_taken_by`: see the table. Answers the id
-- of the concern.
create function private.raise_concern(p_summit uuid, p_session uuid, p_run uuid, p_reporter uuid, p_about text,
	p_sealed bytea, p_key_id text, p_source bytea default '\x', p_about_people text[] default '{}',
	p_about_lead boolean default false, p_message uuid default null, p_code_hash bytea default null,
	p_locale text default null, p_taken_by uuid default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_batch uuid := private.count_concern_source(coalesce(p_source, '\x'), 5);
	v_is_first boolean := v_batch is null or not exists (select from private.concerns as c where c.batch_id = v_batch);
	v_message private.chat_messages;
begin
	select * into v_message from private.chat_messages as x where x.id = p_message;
	insert into private.concerns (summit_id, session_id, run_id, reporter_id, subject, author_hash, batch_id, text_sealed,
		key_id, code_hash, locale, taken_by)
	values (p_summit, p_session, p_run, p_reporter, left(coalesce(p_about, ''), 200), v_message.author_hash, v_batch,
		p_sealed, p_key_id, p_code_hash, p_locale, p_taken_by)
	returning id into v_id;
	insert into private.concern_subjects (concern_id, person_id, source)
	select distinct on (found.person_id) v_id, found.person_id, found.source
	from (
		select sp.person_id, 'session' as source, 1 as rank
		from public.session_people as sp
		where sp.session_id = p_session and sp.state <> 'declined'
		union all
		select p.id, 'reporter', 0
		from public.people as p
		where p.code = any (p_about_people)
			and (p.id in (select sp.person_id
					from public.session_people as sp
					where sp.session_id = p_session and sp.state <> 'declined')
				or p.id in (select n.person_id from private.run_participants as n where n.run_id = p_run))
		union all
		select v_message.person_id, 'author', 0
		where v_message.person_id is not null
		union all
		-- The author of a message without a name is identified here only when it is a lead. Later that is not possible:
		-- the salt of the session is deleted after it.
		select h, 'author', 0
		from private.role_holders('safeguarding', p_summit) as h
		where v_message.id is not null and private.is_message_author(v_message, h)
		union all
		select h, 'reporter', 0
		from private.role_holders('safeguarding', p_summit) as h
		where p_about_lead
	) as found
	order by found.person_id, found.rank;
	if v_is_first then perform private.notify_concern(v_id); end if;
	return v_id;
end
$$;
grant execute on function private.raise_concern(uuid, uuid, uuid, uuid, text, bytea, text, bytea, text[], boolean,
	uuid, bytea, text, uuid) to app_server;

-- A concern as its reader reads it. `p_with_words`: with its sealed texts; only such a reading is logged. People of
-- source author are left out: not even a lead learns who wrote a message without a name.
create or replace function private.concern_json(c private.concerns, p_with_words boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', c.id,
		'at', private.iso(c.created_at),
		'subject', c.subject,
		'text_sealed', case when p_with_words then encode(c.text_sealed, 'hex') end,
		'key_id', c.key_id,
		'note_sealed', case when p_with_words then encode(c.note_sealed, 'hex') end,
		'note_key_id', c.note_key_id,
		'closed_at', private.iso(c.closed_at),
		'closed_by', (select p.display_name from public.people as p where p.id = c.closed_by),
		'session', (
			select jsonb_build_object('code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = c.session_id),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id, 'display_name', p.display_name, 'source', x.source) order by p.display_name), '[]')
			from private.concern_subjects as x
			join public.people as p on p.id = x.person_id
			where x.concern_id = c.id and x.source in ('reporter', 'lead')),
		'read_by', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', r.display_name, 'at', private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e
				join public.people as p on p.id = e.actor_person
				where e.table_name = 'concern.read' and e.row_id = c.id::text
				group by p.id, p.display_name) as r),
		'reporter', (
			select jsonb_build_object('display_name', p.display_name, 'affiliation', p.affiliation)
			from public.people as p
			where p.id = c.reporter_id),
		'taken_by', (select p.display_name from public.people as p where p.id = c.taken_by),
		'locale', c.locale,
		-- Whether the reporter has a code to come back with.
		'may_answer', c.code_hash is not null,
		'messages', case when p_with_words then private.concern_messages_json(c.id, true) end)
$$;

-- The Summit whose leads read a concern that is raised outside of any: the newest one that is no draft, else the newest.
-- Leads for all Summits read it there too. Null: there is none.
create function private.summit_for_concerns() returns uuid
language sql stable security definer set search_path = '' as $$
	select s.id from public.summits as s order by s.state = 'draft', s.starts_on desc, s.id limit 1
$$;
grant execute on function private.summit_for_concerns() to app_server;

-- Raises a concern whose reporter gets a code. Ok: it is raised. Again: the same form was sent before, within the last
-- quarter of an hour, so that its code may still be shown; nothing was raised. Sent: the same, longer ago. Takes an
-- advisory lock on the code, so that a double click raises one concern.
create function private.submit_concern(p_code_hash bytea, p_locale text, p_taken_by uuid, p_summit uuid, p_session uuid,
	p_run uuid, p_reporter uuid, p_subject text, p_sealed bytea, p_key_id text, p_source bytea, p_about_people text[],
	p_about_lead boolean) returns private.concern_submission_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_raised_at timestamptz;
begin
	perform pg_advisory_xact_lock(hashtextextended('concern:' || encode(p_code_hash, 'hex'), 24));
	select c.created_at into v_raised_at from private.concerns as c where c.code_hash = p_code_hash;
	if found then return case when v_raised_at > now() - interval '15 minutes' then 'again' else 'sent' end; end if;
	perform private.raise_concern(p_summit, p_session, p_run, p_reporter, p_subject, p_sealed, p_key_id, p_source,
		p_about_people, p_about_lead, null, p_code_hash, p_locale, p_taken_by);
	return 'ok';
end
$$;
grant execute on function private.submit_concern(bytea, text, uuid, uuid, uuid, uuid, uuid, text, bytea, text, bytea,
	text[], boolean) to app_server;

-- Whether a source has tried a hundred wrong codes within ten minutes: then none of its codes is looked up. A venue is
-- one source for all who are in it, and a code has 99 random bits, so the limit is wide.
create function private.has_tried_too_many_codes(p_source bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.concern_code_tries as t where t.began_at < now() - interval '10 minutes';
	return exists (select from private.concern_code_tries as t where t.source = p_source and t.tries >= 100);
end
$$;

-- Counts a wrong code.
create function private.count_wrong_code(p_source bytea) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.concern_code_tries as t (source, tries)
	values (p_source, 1)
	on conflict (source) do update set tries = t.tries + 1
$$;

-- The messages of a concern, the oldest first: [{id, at, is_from_desk, text_sealed, key_id}], for the desk with the
-- `author` who answered. The reporter learns no name.
create function private.concern_messages_json(p_concern uuid, p_with_authors boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', x.id,
			'at', private.iso(x.sent_at),
			'is_from_desk', x.is_from_desk,
			'text_sealed', encode(x.text_sealed, 'hex'),
			'key_id', x.key_id)
			|| case
				when p_with_authors
				then jsonb_build_object('author', (select p.display_name from public.people as p where p.id = x.author_id))
				else '{}'
			end
		order by x.sent_at, x.id), '[]')
	from private.concern_messages as x
	where x.concern_id = p_concern
$$;

-- For the reporter, by the hash of the code: {status: ok, at, text_sealed, key_id, was_read, is_closed, messages},
-- {status: unknown} or {status: too_often}. Nothing says who read it.
create function private.open_concern_by_code(p_code_hash bytea, p_source bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
begin
	if private.has_tried_too_many_codes(p_source) then return '{"status": "too_often"}'; end if;
	select * into c from private.concerns as x where x.code_hash = p_code_hash;
	if not found then
		perform private.count_wrong_code(p_source);
		return '{"status": "unknown"}';
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'at', private.iso(c.created_at),
		'text_sealed', encode(c.text_sealed, 'hex'),
		'key_id', c.key_id,
		'was_read', exists (select
			from audit.entries as e
			where e.table_name = 'concern.read' and e.row_id = c.id::text),
		'is_closed', c.closed_at is not null,
		'messages', private.concern_messages_json(c.id, false));
end
$$;
grant execute on function private.open_concern_by_code(bytea, bytea) to app_server;

-- Adds what the reporter writes to a concern, opens it again if it was closed, and notifies those who read it. Already:
-- the same form was sent before. Full: fifty were added within a day. Locks the concern.
create function private.add_reporter_message(p_code_hash bytea, p_source bytea, p_form_hash bytea, p_sealed bytea,
	p_key_id text) returns private.reporter_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_id uuid;
begin
	if private.has_tried_too_many_codes(p_source) then return 'too_often'; end if;
	select * into c from private.concerns as x where x.code_hash = p_code_hash for update;
	if not found then
		perform private.count_wrong_code(p_source);
		return 'unknown';
	end if;
	if (select count(*)
		from private.concern_messages as x
		where x.concern_id = c.id and not x.is_from_desk and x.sent_at > now() - interval '1 day') >= 50
	then
		return 'full';
	end if;
	insert into private.concern_messages (concern_id, is_from_desk, text_sealed, key_id, form_hash)
	values (c.id, false, p_sealed, p_key_id, p_form_hash)
	on conflict (form_hash) do nothing
	returning id into v_id;
	if v_id is null then return 'already'; end if;
	if c.closed_at is not null then
		update private.concerns as x set closed_at = null, closed_by = null where x.id = c.id;
	end if;
	if not private.notify_concern_readers(c, 'concern_message', format('concern_message:%s', v_id)) then
		perform private.notify_concern(c.id);
	end if;
	return 'ok';
end
$$;
grant execute on function private.add_reporter_message(bytea, bytea, bytea, bytea, text) to app_server;

-- Answers the reporter (text sealed, in hex). Already: the same form was sent before. No code: the reporter has none, and
-- could not read it. Not found: the caller may not read the concern. Locks the concern.
create function public.answer_concern(concern uuid, text_sealed text, key_id text, form_hash text)
	returns public.concern_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns as x where x.id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if v_concern.code_hash is null then return 'no_code'; end if;
	insert into private.concern_messages as x (concern_id, is_from_desk, author_id, text_sealed, key_id, form_hash)
	values (concern, true, private.me(), decode(answer_concern.text_sealed, 'hex'), answer_concern.key_id,
		decode(answer_concern.form_hash, 'hex'))
	on conflict on constraint concern_messages_form_hash_key do nothing;
	if not found then return 'already'; end if;
	perform audit.record_event('concern.answered', concern::text, v_concern.summit_id, null, '{}');
	perform private.publish_event('person:' || r, 'concern', concern) from private.concern_readers(v_concern) as r;
	return 'ok';
end
$$;
grant execute on function public.answer_concern(uuid, text, text, text) to authenticated;

reset check_function_bodies;
