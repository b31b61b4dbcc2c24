-- Concerns: what somebody saw or heard that must not wait. Only safeguarding leads of the Summit read them; nobody else finds a trace.
-- What was said and what was done is sealed by the app: the database has no key to it.

create table private.concerns (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	session_id uuid references public.sessions (id) on delete set null,
	run_id uuid references public.runs (id) on delete set null,
	-- Null: they did not want to be named, or are not signed in.
	reporter_id uuid references public.people (id) on update cascade on delete set null,
	-- What it is about, where that is known: "a chat message".
	about text not null default '' check (length(about) <= 200),
	words_sealed bytea not null check (length(words_sealed) <= 20000),
	key_id text not null,
	created_at timestamptz not null default now(),
	closed_at timestamptz,
	closed_by uuid references public.people (id) on update cascade on delete set null,
	note_sealed bytea check (length(note_sealed) <= 20000),
	note_key_id text,
	check ((note_sealed is null) = (note_key_id is null))
);
alter table private.concerns enable row level security;
create index on private.concerns (summit_id, created_at desc);
create index on private.concerns (session_id);
create index on private.concerns (reporter_id);
-- An entry names whoever acted: of a concern that would be the reporter, so only what leads do with it is recorded.
create trigger audit_record after update on private.concerns for each row execute function audit.record('', 'words_sealed', 'key_id', 'note_sealed', 'note_key_id', 'about', 'reporter_id');

-- Writes a concern down and tells the leads, on their pages and by a mail that says nothing of it. `p_reporter` null: anonymous.
-- Answers its id.
create function private.raise_concern(p_summit uuid, p_session uuid, p_run uuid, p_reporter uuid, p_about text, p_sealed bytea, p_key_id text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_lead uuid;
begin
	insert into private.concerns (summit_id, session_id, run_id, reporter_id, about, words_sealed, key_id)
	values (p_summit, p_session, p_run, p_reporter, left(coalesce(p_about, ''), 200), p_sealed, p_key_id) returning id into v_id;
	-- Each by themselves: on a topic of many, that something was reported would be seen by many.
	for v_lead in select distinct person_id from public.role_grants where role = 'safeguarding' and ended_at is null and (summit_id is null or summit_id = p_summit) loop
		perform private.tell('person:' || v_lead, 'concern', v_id);
		-- Whoever reports again and again fills no letter box: the mails of the last minutes call for the page that shows all.
		if (select count(*) from private.outbox as o where o.person_id = v_lead and o.template = 'concern_raised' and o.created_at > now() - interval '10 minutes') < 5 then
			perform private.enqueue_mail(v_lead, 'concern_raised', '{}', p_summit, format('concern:%s:%s', v_id, v_lead), 1);
		end if;
	end loop;
	return v_id;
end
$$;

-- For safeguarding leads: open ones first, the newest first. Null for everyone else.
create function public.list_concerns(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'at', private.iso(c.created_at), 'about', c.about,
		'words_sealed', encode(c.words_sealed, 'hex'), 'key_id', c.key_id, 'note_sealed', encode(c.note_sealed, 'hex'), 'note_key_id', c.note_key_id,
		'closed_at', private.iso(c.closed_at), 'closed_by', (select p.display_name from public.people as p where p.id = c.closed_by),
		'session', (select jsonb_build_object('code', s.code, 'title', s.title) from public.sessions as s where s.id = c.session_id),
		'reporter', (select jsonb_build_object('display_name', p.display_name, 'affiliation', p.affiliation) from public.people as p where p.id = c.reporter_id))
		order by c.closed_at is not null, c.created_at desc), '[]')
	from private.concerns as c
	where c.summit_id = summit
	having private.has_role(summit, 'safeguarding')
$$;

-- Closes a concern with what was done, sealed and as hex, or opens it again. Answers ok, already, not_found.
create function public.close_concern(concern uuid, closed boolean, note_sealed text default null, note_key_id text default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found or not private.has_role(v_concern.summit_id, 'safeguarding') then return 'not_found'; end if;
	if (v_concern.closed_at is not null) = closed then return 'already'; end if;
	-- Opened again, it keeps what was done until then.
	update private.concerns as c set closed_at = case when closed then now() end, closed_by = case when closed then private.me() end,
		note_sealed = case when closed then decode(close_concern.note_sealed, 'hex') else c.note_sealed end,
		note_key_id = case when closed then close_concern.note_key_id else c.note_key_id end
	where c.id = concern;
	return 'ok';
end
$$;

grant execute on function private.raise_concern(uuid, uuid, uuid, uuid, text, bytea, text) to app_server;
grant execute on function public.list_concerns(uuid), public.close_concern(uuid, boolean, text, text) to authenticated;
