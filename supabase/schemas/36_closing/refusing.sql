-- A closed or archived Summit is read-only: one trigger on every table of a Summit refuses acts of people. Tables that
-- may still be written are listed with their reason (tables.sql). What the app does by itself is not refused: payments
-- that arrive late, mail, the end of a recording, scans of a door that was without a network, retention and erasure.

-- The column by which a table says to which Summit a row belongs: its Summit, or else what it refers to of these; null:
-- to none.
create function private.summit_column(p_table regclass) returns text
language sql stable set search_path = '' as $$
	select a.attname
	from (values
		(1, 'summit_id', null),
		(2, 'registration_id', 'public.registrations'),
		(3, 'session_id', 'public.sessions'),
		(4, 'run_id', 'public.runs'),
		(5, 'proposal_id', 'private.proposals'),
		(6, 'file_id', 'private.session_files'),
		(7, 'page_id', 'private.pages'),
		(8, 'poll_id', 'private.polls'),
		(9, 'question_id', 'private.session_questions'),
		-- Their sessions are in these.
		(10, 'session_id', 'private.session_places'),
		(11, 'session_id', 'public.release_sessions'),
		(12, 'room_id', 'private.meeting_rooms')) as k (place, name, parent)
	join pg_catalog.pg_attribute as a on a.attrelid = p_table and a.attname = k.name and not a.attisdropped
	where k.parent is null
		or exists (select from pg_catalog.pg_constraint as f
			where f.conrelid = p_table and f.confrelid = k.parent::regclass and a.attnum = any (f.conkey))
	order by k.place
	limit 1
$$;

-- Lets the rest of the transaction write to closed Summits: for acts about a person, a member or money that reach every
-- Summit, or that have to be possible at any time. The caller has checked the right already.
create function private.allow_closed_summits() returns void
language sql volatile set search_path = '' as $$
	select set_config('app.closed_summits', 'allowed', true)
$$;

-- Whether a Summit is closed or archived.
create function private.is_summit_closed(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.summits as s where s.id = p_summit and s.state in ('closed', 'archived'))
$$;

-- Whether what a column of private.summit_column refers to is of a closed Summit.
create function private.is_of_closed_summit(p_column text, p_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_summit_closed(case p_column
		when 'summit_id' then p_id
		when 'registration_id' then (select r.summit_id from public.registrations as r where r.id = p_id)
		when 'session_id' then (select s.summit_id from public.sessions as s where s.id = p_id)
		when 'run_id' then (select r.summit_id from public.runs as r where r.id = p_id)
		when 'proposal_id' then (select p.summit_id from private.proposals as p where p.id = p_id)
		when 'file_id' then (select f.summit_id from private.session_files as f where f.id = p_id)
		when 'page_id' then (select p.summit_id from private.pages as p where p.id = p_id)
		when 'poll_id' then (select p.summit_id from private.polls as p where p.id = p_id)
		when 'room_id' then (select r.summit_id
			from private.meeting_rooms as o join public.runs as r on r.id = o.run_id where o.id = p_id)
		when 'question_id' then (select q.summit_id from private.session_questions as q where q.id = p_id)
	end)
$$;

-- Refuses to write a row of a closed Summit, and to move one into it or out of it: PT423, which the app says on the form.
-- Only to those who act with a request of their own (the claims of `authenticated` and `anon`). A write that began before
-- the closing may end just after it, as if it had come just before: nothing is locked.
create function private.refuse_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '')
			in ('authenticated', 'anon')
		and coalesce(current_setting('app.closed_summits', true), '') <> 'allowed'
		and (tg_op <> 'INSERT' and private.is_of_closed_summit(tg_argv[0], (to_jsonb(old) ->> tg_argv[0])::uuid)
			or tg_op <> 'DELETE' and private.is_of_closed_summit(tg_argv[0], (to_jsonb(new) ->> tg_argv[0])::uuid)) then
		raise exception 'the Summit is closed' using errcode = 'PT423';
	end if;
	if tg_op = 'DELETE' then return old; end if;
	return new;
end
$$;

-- The settings of a closed Summit stay as they are; its state alone changes.
create function private.refuse_settings_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '')
			in ('authenticated', 'anon') then
		raise exception 'the Summit is closed' using errcode = 'PT423';
	end if;
	return new;
end
$$;
create trigger refuse_when_closed before update on public.summits for each row
	when (old.state in ('closed', 'archived') and new.state = old.state)
	execute function private.refuse_settings_when_closed();

-- Puts the trigger on every table of a Summit that is not listed as writable, and takes it off those that are. A
-- migration that makes a table or changes the list calls it again.
create function private.close_with_summit() returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table record;
begin
	for v_table in
		select c.oid::regclass as id,
			private.summit_column(c.oid) as column_name,
			exists (select from private.writable_after_closing as w
				where w.table_name = c.relnamespace::regnamespace || '.' || c.relname) as is_writable,
			exists (select from pg_catalog.pg_trigger as t
				where t.tgrelid = c.oid and t.tgname = 'refuse_when_closed') as has_trigger
		from pg_catalog.pg_class as c
		where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
			and c.oid <> 'public.summits'::regclass
		order by 1
	loop
		if v_table.has_trigger and (v_table.is_writable or v_table.column_name is null) then
			execute format('drop trigger refuse_when_closed on %s', v_table.id);
		elsif v_table.column_name is not null and not v_table.is_writable and not v_table.has_trigger then
			execute format('create trigger refuse_when_closed before insert or update or delete on %s
				for each row execute function private.refuse_when_closed(%L)', v_table.id, v_table.column_name);
		end if;
	end loop;
end
$$;
select private.close_with_summit();
