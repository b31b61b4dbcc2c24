-- The reporter's way back to a concern: by a code, without an account. Who has the code reads what was reported and
-- what was answered, and can add to it. A code that is wrong and one that never was get the same answer.

-- The Summit whose leads read a concern that is raised outside of any: the newest one that is no draft, else the newest.
-- Leads for all Summits read it there too. Null: there is none.
create function private.summit_for_concerns() returns uuid
language sql stable security definer set search_path = '' as $$
	select s.id from private.real_summits as s
	order by s.state = 'draft', s.starts_on desc, s.id
	limit 1
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

-- Adds what the reporter writes to a concern, opens it and its case again if they were closed, and notifies those who read it. Already:
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
	update private.cases as x set state = 'open', closed_at = null, outcome = null, version = x.version + 1
	where x.state = 'closed' and x.id = (select j.case_id from private.case_concerns as j where j.concern_id = c.id);
	if private.notify_concern_readers(c, 'concern_message', format('concern_message:%s', v_id)) then
		perform private.begin_alarm(c);
	else
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
	perform private.end_alarm(concern);
	perform audit.record_event('concern.answered', concern::text, v_concern.summit_id, null, '{}');
	perform private.publish_event('person:' || r, 'concern', concern) from private.concern_readers(v_concern) as r;
	return 'ok';
end
$$;
grant execute on function public.answer_concern(uuid, text, text, text) to authenticated;
