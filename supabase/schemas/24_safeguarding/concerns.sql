-- Concerns: raising, reading and closing them. 24_safeguarding/concern_readers.sql says who may read one.

-- Counts a source within its hour. Answers null when the concern is listed by itself, otherwise the batch that it
-- belongs to: from the concern after `p_limit` on.
create function private.count_concern_source(p_source bytea, p_limit integer) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_source private.concern_sources;
begin
	delete from private.concern_sources as s where s.began_at < now() - interval '1 hour';
	insert into private.concern_sources as s (source, raised)
	values (p_source, 1)
	on conflict (source) do update set raised = s.raised + 1
	returning * into v_source;
	return case when v_source.raised > p_limit then v_source.batch_id end;
end
$$;

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
	v_message private.chat_messages := private.find_message(p_message);
begin
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
create function private.concern_json(c private.concerns, p_with_words boolean) returns jsonb
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
			select jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = c.session_id),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id, 'code', p.code, 'display_name', p.display_name, 'source', x.source) order by p.display_name), '[]')
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
		-- The newest alarm: since when, and who has it.
		'alarm', (
			select jsonb_build_object(
				'since', private.iso(a.raised_at),
				'at', private.iso(a.acknowledged_at),
				'by', (select p.display_name from public.people as p where p.id = a.acknowledged_by))
			from private.concern_alarms as a
			where a.concern_id = c.id
			order by a.raised_at desc, a.id
			limit 1),
		'case', (
			select jsonb_build_object('id', x.id, 'reference', x.reference)
			from private.case_concerns as j
			join private.cases as x on x.id = j.case_id
			where j.concern_id = c.id),
		'messages', case when p_with_words then private.concern_messages_json(c.id, true) end)
$$;

-- Logs that the caller reads these concerns. It is called before they are answered.
create function private.log_concern_readings(p_concerns uuid[], p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform audit.record_event('concern.read', c::text, p_summit, null, '{}') from unnest(p_concerns) as c;
end
$$;

-- For safeguarding leads and deputies; null for everyone else. Answers {concerns, batches: [{id, count, open, from,
-- to}]}: open concerns first, the newest first, 100 at most. The texts of a closed concern, and those of a batch, come
-- only when that concern or batch is asked for (`opened`).
create function public.list_concerns(summit uuid, opened uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_shown uuid[];
	v_read uuid[];
begin
	if not private.has_role(summit, 'safeguarding')
		and not exists (select from private.concern_deputies as d
			where d.summit_id = list_concerns.summit and d.person_id = v_me and d.ended_at is null)
	then
		return null;
	end if;
	v_shown := array(
		select c.id
		from private.concerns as c
		where c.summit_id = list_concerns.summit
			and (c.batch_id is null or c.batch_id = opened)
			and private.may_read_concern(v_me, c)
		order by c.closed_at is not null, c.created_at desc
		limit case when opened is null then 100 else 600 end);
	v_read := array(
		select c.id
		from private.concerns as c
		where c.id = any (v_shown) and (c.closed_at is null or c.id = opened or c.batch_id = opened));
	perform private.log_concern_readings(v_read, summit);
	return jsonb_build_object(
		'concerns', (
			select coalesce(jsonb_agg(
				private.concern_json(c, c.id = any (v_read)) || jsonb_build_object('batch', c.batch_id)
				order by c.closed_at is not null, c.created_at desc), '[]')
			from private.concerns as c
			where c.id = any (v_shown)),
		'batches', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', b.batch_id,
				'count', b.count,
				'open', b.open,
				'from', private.iso(b.began),
				'to', private.iso(b.ended)
			) order by b.ended desc), '[]')
			from (select c.batch_id, count(*) as count, count(*) filter (where c.closed_at is null) as open,
					min(c.created_at) as began, max(c.created_at) as ended
				from private.concerns as c
				where c.summit_id = list_concerns.summit
					and c.batch_id is not null
					and private.may_read_concern(v_me, c)
				group by c.batch_id) as b));
end
$$;
grant execute on function public.list_concerns(uuid, uuid) to authenticated;

-- Closes a concern with what was done (sealed, in hex), or opens it again. Answers ok, already or not_found. Locks the
-- concern.
create function public.close_concern(concern uuid, closed boolean, note_sealed text default null,
	note_key_id text default null) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if (v_concern.closed_at is not null) = closed then return 'already'; end if;
	if closed then perform private.end_alarm(concern); end if;
	-- A concern that is opened again keeps the note of what was done until then.
	update private.concerns as c
	set closed_at = case when closed then now() end,
		closed_by = case when closed then private.me() end,
		note_sealed = case when closed then decode(close_concern.note_sealed, 'hex') else c.note_sealed end,
		note_key_id = case when closed then close_concern.note_key_id else c.note_key_id end
	where c.id = concern;
	return 'ok';
end
$$;
grant execute on function public.close_concern(uuid, boolean, text, text) to authenticated;

-- Closes all open concerns of a batch that the caller may read. Answers how many.
create function public.close_concern_batch(batch uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	perform private.end_alarm(c.id)
	from private.concerns as c
	where c.batch_id = batch and private.may_read_concern(private.me(), c);
	update private.concerns as c
	set closed_at = now(), closed_by = private.me()
	where c.batch_id = batch and c.closed_at is null and private.may_read_concern(private.me(), c);
	get diagnostics v_count = row_count;
	return v_count;
end
$$;
grant execute on function public.close_concern_batch(uuid) to authenticated;
