-- Concerns: what somebody saw or heard that must not wait. Safeguarding leads of the Summit read them, except those
-- whom a concern is about: to them it does not exist. Nobody else finds a trace. What was said and what was done is
-- sealed by the app: the database has no key to it. Each reading is logged before it is answered.

-- An entry names whoever acted: of a concern that would be the reporter, so only what leads do with it is recorded.
create trigger audit_record after update on private.concerns for each row execute function audit.record('',
	'words_sealed', 'key_id', 'note_sealed', 'note_key_id', 'about', 'reporter_id', 'author', 'batch_id');

-- Whether a concern is about this person, or about somebody whom they act for.
create function private.is_concerned(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from (
			select p_person as id
			union
			select other.person_id from public.account_people as own
				join public.account_people as other on other.account_id = own.account_id
			where own.person_id = p_person and own.relation = 'self' and (other.until is null or other.until > now())
		) as self
		where self.id in (select s.person_id from private.concern_subjects as s where s.concern_id = c.id)
			or self.id in (select sp.person_id from public.session_people as sp
				where sp.session_id = c.session_id and sp.state <> 'declined')
			or self.id in (select h.person_id from private.run_hosts as h where h.run_id = c.run_id)
			or c.author = (select extensions.hmac(self.id::text::bytea, q.salt, 'sha256')
				from private.question_salts as q where q.session_id = c.session_id))
$$;

-- The leads who may read a concern.
create function private.concern_leads(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select h from private.role_holders('safeguarding', c.summit_id) as h where not private.is_concerned(h, c)
$$;

-- A lead whom it is not about; where there is none, a deputy whom it is not about.
create function private.may_read_concern(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and not private.is_concerned(p_person, c)
		and (private.holds_role(p_person, c.summit_id, 'safeguarding')
		or exists (select from private.concern_deputies as d
			where d.summit_id = c.summit_id and d.person_id = p_person and d.ended_at is null)
			and not exists (select from private.concern_leads(c)))
$$;

-- The owners who learn that a concern needs somebody else, and nothing of it: those whom it is not about; all, where it
-- is about each.
create function private.concern_owners(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with owners as (select o, private.is_concerned(o, c) as concerned
		from private.role_holders('owner', c.summit_id) as o)
	select o from owners where not concerned or not exists (select from owners where not concerned)
$$;

-- Tells those who may read it, on their pages and by a mail that says nothing of it; where nobody may, the owners, who
-- name a deputy. Each by themselves: on a topic of many, that something was reported would be seen by many.
create function private.notify_concern(p_concern uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_reader uuid;
	v_found boolean := false;
begin
	select * into c from private.concerns as x where x.id = p_concern;
	for v_reader in
		select l from private.concern_leads(c) as l
		union
		select d.person_id from private.concern_deputies as d
			where d.summit_id = c.summit_id and d.ended_at is null and private.may_read_concern(d.person_id, c)
	loop
		v_found := true;
		perform private.tell('person:' || v_reader, 'concern', c.id);
		-- A last limit where many sources report at once: the mails of the last minutes call for the page that shows
		-- all.
		if (select count(*) from private.outbox as o where o.person_id = v_reader and o.template = 'concern_raised'
			and o.created_at > now() - interval '10 minutes') < 30 then
			perform private.enqueue_mail(v_reader, 'concern_raised', '{}', c.summit_id,
				format('concern:%s:%s', coalesce(c.batch_id, c.id), v_reader), 1);
		end if;
	end loop;
	if v_found then return; end if;
	for v_reader in select o from private.concern_owners(c) as o loop
		perform private.tell('person:' || v_reader, 'roles');
		perform private.enqueue_mail(v_reader, 'concern_unread', '{}', c.summit_id,
			format('concern_unread:%s:%s', coalesce(c.batch_id, c.id), v_reader), 1);
	end loop;
end
$$;

-- Counts a source within its hour. Null: this one stands for itself; else the batch that it belongs to.
create function private.concern_batch(p_source bytea, p_limit integer) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_source private.concern_sources;
begin
	delete from private.concern_sources as s where s.began_at < now() - interval '1 hour';
	insert into private.concern_sources as s (source, raised) values (p_source, 1)
	on conflict (source) do update set raised = s.raised + 1 returning * into v_source;
	return case when v_source.raised > p_limit then v_source.batch_id end;
end
$$;

-- Writes a concern down and tells who may read it; never refuses one. `p_reporter` null: anonymous. `p_about_people`:
-- codes of those whom the reporter names, of the session's people and of those on stage; `p_about_lead`: it is about
-- somebody in safeguarding. `p_source`: a keyed hash of whoever reports, or of their address. Answers its id.
create function private.raise_concern(p_summit uuid, p_session uuid, p_run uuid, p_reporter uuid, p_about text,
	p_sealed bytea, p_key_id text,
	p_source bytea default '\x', p_about_people text[] default '{}', p_about_lead boolean default false, p_message uuid
		default null) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_batch uuid := private.concern_batch(coalesce(p_source, '\x'), 5);
	v_is_first boolean := v_batch is null or not exists (select from private.concerns as c where c.batch_id = v_batch);
	v_message private.messages;
begin
	select * into v_message from private.messages as x where x.id = p_message;
	insert into private.concerns (summit_id, session_id, run_id, reporter_id, about, author, batch_id, words_sealed,
		key_id)
	values (p_summit, p_session, p_run, p_reporter, left(coalesce(p_about, ''), 200), v_message.author, v_batch,
		p_sealed, p_key_id) returning id into v_id;
	insert into private.concern_subjects (concern_id, person_id, source)
	select distinct on (found.person_id) v_id, found.person_id, found.source from (
		select sp.person_id, 'session' as source, 1 as rank from public.session_people as sp
			where sp.session_id = p_session and sp.state <> 'declined'
		union all select p.id, 'reporter', 0 from public.people as p where p.code = any (p_about_people)
			and (p.id in (select sp.person_id from public.session_people as sp
				where sp.session_id = p_session and sp.state <> 'declined')
				or p.id in (select n.person_id from private.run_participants as n where n.run_id = p_run))
		union all select v_message.person_id, 'author', 0 where v_message.person_id is not null
		-- Written without a name: of the leads alone it is found out, here, since the session's salt is erased after
		-- it.
		union all select h, 'author', 0 from private.role_holders('safeguarding', p_summit) as h
			where v_message.id is not null and private.is_message_of(v_message, h)
		union all select h, 'reporter', 0 from private.role_holders('safeguarding', p_summit) as h where p_about_lead
	) as found order by found.person_id, found.rank;
	if v_is_first then perform private.notify_concern(v_id); end if;
	return v_id;
end
$$;
grant execute on function private.raise_concern(uuid, uuid, uuid, uuid, text, bytea, text, bytea, text[], boolean,
	uuid) to app_server;

-- One concern as its reader reads it. Words only where they were asked for: that is what is logged.
create function private.concern_json(c private.concerns, p_with_words boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	-- An author is not among the people: of a message without a name, not even a lead learns whose it was.
	select jsonb_build_object('id', c.id, 'at', private.iso(c.created_at), 'about', c.about,
		'words_sealed', case when p_with_words then encode(c.words_sealed, 'hex') end, 'key_id', c.key_id,
		'note_sealed', case when p_with_words then encode(c.note_sealed, 'hex') end, 'note_key_id', c.note_key_id,
		'closed_at', private.iso(c.closed_at), 'closed_by',
			(select p.display_name from public.people as p where p.id = c.closed_by),
		'session', (select jsonb_build_object('code', s.code, 'title', s.title) from public.sessions as s
			where s.id = c.session_id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name, 'source',
			x.source) order by p.display_name), '[]')
			from private.concern_subjects as x join public.people as p on p.id = x.person_id
				where x.concern_id = c.id and x.source in ('reporter', 'lead')),
		'readers', (select coalesce(jsonb_agg(jsonb_build_object('display_name', r.display_name, 'at',
			private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e join public.people as p on p.id = e.actor_person
				where e.table_name = 'concern.read' and e.row_id = c.id::text group by p.id, p.display_name) as r),
		'reporter', (select jsonb_build_object('display_name', p.display_name, 'affiliation', p.affiliation)
			from public.people as p where p.id = c.reporter_id))
$$;

-- Notes who reads which, before it is answered. `p_concerns`: those that the reader may read.
create function private.log_concerns(p_concerns uuid[], p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform audit.note('concern.read', c::text, p_summit, null, '{}') from unnest(p_concerns) as c;
end
$$;

-- For safeguarding leads and deputies: {concerns, batches: [{id, count, open, from, to}]}. Open ones first, the newest
-- first, 100 at most; the words of closed ones, and those of a batch, only on asking for that one (`opened`). Null for
-- everyone else.
create function public.list_concerns(summit uuid, opened uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_shown uuid[];
	v_read uuid[];
begin
	if not private.has_role(summit, 'safeguarding')
		and not exists (select from private.concern_deputies as d
			where d.summit_id = list_concerns.summit and d.person_id = v_me and d.ended_at is null) then
		return null;
	end if;
	v_shown := array(select c.id from private.concerns as c
		where c.summit_id = list_concerns.summit and (c.batch_id is null or c.batch_id = opened)
			and private.may_read_concern(v_me, c)
		order by c.closed_at is not null, c.created_at desc limit case when opened is null then 100 else 600 end);
	v_read := array(select c.id from private.concerns as c
		where c.id = any (v_shown) and (c.closed_at is null or c.id = opened or c.batch_id = opened));
	perform private.log_concerns(v_read, summit);
	return jsonb_build_object(
		'concerns', (select coalesce(jsonb_agg(private.concern_json(c, c.id = any (v_read))
			|| jsonb_build_object('batch', c.batch_id)
			order by c.closed_at is not null, c.created_at desc), '[]') from private.concerns as c
				where c.id = any (v_shown)),
		'batches', (select coalesce(jsonb_agg(jsonb_build_object('id', b.batch_id, 'count', b.count, 'open', b.open,
			'from', private.iso(b.began), 'to', private.iso(b.ended))
			order by b.ended desc), '[]')
			from (select c.batch_id, count(*) as count, count(*) filter (where c.closed_at is null) as open,
				min(c.created_at) as began, max(c.created_at) as ended
				from private.concerns as c where c.summit_id = list_concerns.summit and c.batch_id is not null
					and private.may_read_concern(v_me, c)
				group by c.batch_id) as b));
end
$$;
grant execute on function public.list_concerns(uuid, uuid) to authenticated;

-- Closes a concern with what was done, sealed and as hex, or opens it again. Answers ok, already, not_found.
create function public.close_concern(concern uuid, closed boolean, note_sealed text default null, note_key_id text
	default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if (v_concern.closed_at is not null) = closed then return 'already'; end if;
	-- Opened again, it keeps what was done until then.
	update private.concerns as c
		set closed_at = case when closed then now() end, closed_by = case when closed then private.me() end,
		note_sealed = case when closed then decode(close_concern.note_sealed, 'hex') else c.note_sealed end,
		note_key_id = case when closed then close_concern.note_key_id else c.note_key_id end
	where c.id = concern;
	return 'ok';
end
$$;
grant execute on function public.close_concern(uuid, boolean, text, text) to authenticated;

-- Closes all open ones of a batch that the reader may read. Answers how many.
create function public.close_concern_batch(batch uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	update private.concerns as c set closed_at = now(), closed_by = private.me()
	where c.batch_id = batch and c.closed_at is null and private.may_read_concern(private.me(), c);
	get diagnostics v_count = row_count;
	return v_count;
end
$$;
grant execute on function public.close_concern_batch(uuid) to authenticated;

-- Marks that a concern is about somebody, or takes a lead's mark back. Who is marked no longer finds it; where no lead
-- is left who may read it, the owners are told that it needs somebody else. Answers ok, already or not_found.
create function public.mark_concern_subject(concern uuid, person uuid, is_about boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found or is_about is null or not private.may_read_concern(private.me(), v_concern)
		or not exists (select from public.people as p where p.id = person) then
		return 'not_found';
	end if;
	if is_about then
		insert into private.concern_subjects as x (concern_id, person_id, source, marked_by)
			values (concern, person, 'lead', private.me())
		on conflict (concern_id, person_id) do update
			set source = 'lead', marked_by = excluded.marked_by, marked_at = now() where x.source = 'session';
	else
		delete from private.concern_subjects as x
			where x.concern_id = concern and x.person_id = person and x.source = 'lead';
	end if;
	if not found then return 'already'; end if;
	perform audit.note(case when is_about then 'concern.about' else 'concern.not_about' end, concern::text,
		v_concern.summit_id, person, '{}');
	perform private.tell('person:' || person, 'rights');
	if is_about and not exists (select from private.concern_leads(v_concern)) then
		perform private.notify_concern(concern);
	end if;
	return 'ok';
end
$$;
grant execute on function public.mark_concern_subject(uuid, uuid, boolean) to authenticated;

-- For owners: how many open concerns wait for somebody who may read them, and nothing else. Those that nobody has read
-- and no lead may read.
create function public.concerns_without_reader(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer from private.concerns as c
	where c.summit_id = concerns_without_reader.summit and c.closed_at is null
		and private.has_role(concerns_without_reader.summit, 'owner')
		and not exists (select from private.concern_leads(c)) and private.me() in (select private.concern_owners(c))
		and not exists (select from audit.entries as e where e.table_name = 'concern.read' and e.row_id = c.id::text
			and e.actor_person
				in (select d.person_id from private.concern_deputies as d where d.summit_id = c.summit_id))
$$;
grant execute on function public.concerns_without_reader(uuid) to authenticated;
