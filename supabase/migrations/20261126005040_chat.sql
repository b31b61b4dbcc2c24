-- Chat beside a run. A message that is taken away is gone: nothing is left of it in lists, counts, news or ids.

create table private.messages (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	session_id uuid not null references public.sessions (id) on delete cascade,
	-- Whose it is, or (at levels without names) only that it is the same somebody's.
	person_id uuid references public.people (id) on update cascade on delete cascade,
	author bytea,
	body text not null check (length(btrim(body)) between 1 and 1000),
	sent_at timestamptz not null default clock_timestamp(),
	check (num_nonnulls(person_id, author) = 1)
);
alter table private.messages enable row level security;
create index on private.messages (run_id, sent_at);
create index on private.messages (person_id);
create index on private.messages (session_id);

-- Who may not write any more, by a hash that says nothing once the session's salt is gone.
create table private.chat_mutes (
	run_id uuid not null references public.runs (id) on delete cascade,
	author bytea not null,
	primary key (run_id, author)
);
alter table private.chat_mutes enable row level security;

create function private.is_message_of(p_message private.messages, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_message.person_id = p_person or p_message.author = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
		from private.question_salts as q where q.session_id = p_message.session_id)
$$;

-- A message as its readers see it; `from` is the name of this moment, and null where nobody is named.
create function private.message_view(p_message private.messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_message.id, 'body', p_message.body, 'at', private.iso(p_message.sent_at),
		'from', (select p.display_name from public.people as p where p.id = p_message.person_id))
$$;

create function private.told_message(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.message_view(x) from private.messages as x where x.id = p_id and x.run_id = p_run and (private.participation_of(x.session_id)).chat <> 'off'
$$;
grant execute on function private.told_message(uuid, uuid) to app_server;

-- Whether somebody may write at this moment: ok | off | people (only those of the session) | minor | muted, or as may_take_part says it.
create function private.may_write_if_open(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case when may <> 'ok' then may when private.is_minor_in(p_person, p_run.session_id) then 'minor'
		when exists (select from private.chat_mutes as x join private.question_salts as q on q.session_id = p_run.session_id
			where x.run_id = p_run.id and x.author = extensions.hmac(p_person::text::bytea, q.salt, 'sha256')) then 'muted'
		else 'ok' end
	from private.may_take_part(p_person, p_run) as may
$$;

create function private.may_write(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case when may not in ('ok', 'muted') then may when s.chat = 'off' then 'off'
		when s.chat = 'people' and private.stage_role_of(p_person, p_run.session_id) = 'viewer' then 'people' else may end
	from private.may_write_if_open(p_person, p_run) as may, private.participation_of(p_run.session_id) as s
$$;

-- Answers ok | too_soon | too_long | invalid, or as may_write says it.
create function public.send_message(run uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_body text := btrim(regexp_replace(left(coalesce(body, ''), 4000), '[\u0001-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]', '', 'g'));
	v_author bytea;
	v_nameless boolean;
	v_id uuid;
begin
	-- It cannot end, and be erased, between this line and the last.
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_write(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if length(v_body) > 1000 then return 'too_long'; end if;
	if length(v_body) = 0 then return 'invalid'; end if;
	-- One after the other of each person, so that the pause between two is kept over any number of connections.
	perform pg_advisory_xact_lock(hashtextextended('chat:' || run || v_me, 7));
	-- The level stays as it is until this is written.
	perform from public.sessions as s where s.id = v_run.session_id for share;
	v_settings := private.participation_of(v_run.session_id);
	v_author := private.asker_hash(v_run.session_id, v_me);
	if exists (select from private.messages as x where x.run_id = run and (x.person_id = v_me or x.author = v_author)
		and x.sent_at > clock_timestamp() - make_interval(secs => case v_settings.chat when 'slow' then v_settings.slow_seconds else 1 end))
		and not private.may_run(v_me, v_run.session_id) then return 'too_soon'; end if;
	v_nameless := private.is_nameless_level(private.level_in_force(v_run.session_id));
	insert into private.messages (run_id, session_id, person_id, author, body)
	values (run, v_run.session_id, case when not v_nameless then v_me end, case when v_nameless then v_author end, v_body) returning id into v_id;
	perform private.tell('chat:' || run, 'message', v_id);
	return 'ok';
end
$$;

-- Takes a message away: one's own, or as whoever runs the session. Answers ok or not_found.
create function public.delete_message(message uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_is_own boolean;
begin
	select * into v_message from private.messages as x where x.id = message;
	v_is_own := coalesce(private.is_message_of(v_message, private.me()), false);
	if v_message.id is null or not (v_is_own or coalesce(private.may_run(private.me(), v_message.session_id), false)) then return 'not_found'; end if;
	delete from private.messages as x where x.id = message;
	if not found then return 'not_found'; end if;
	if not v_is_own then
		perform audit.note('chat.deleted', message::text, (select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
	end if;
	perform private.tell('chat:' || v_message.run_id, 'message', message);
	return 'ok';
end
$$;

-- Lets whoever wrote a message write no more in this run, or again. Answers ok or not_found.
create function public.mute_author(message uuid, muted boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_author bytea;
begin
	select * into v_message from private.messages as x where x.id = message;
	if v_message.id is null or not coalesce(private.may_run(private.me(), v_message.session_id), false) then return 'not_found'; end if;
	v_author := coalesce(v_message.author, private.asker_hash(v_message.session_id, v_message.person_id));
	if muted then
		insert into private.chat_mutes values (v_message.run_id, v_author) on conflict do nothing;
	else
		delete from private.chat_mutes as x where x.run_id = v_message.run_id and x.author = v_author;
	end if;
	if found then
		perform audit.note(case when muted then 'chat.muted' else 'chat.unmuted' end, message::text, (select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
		perform private.tell('desk:' || v_message.run_id, 'message', message);
		if v_message.person_id is not null then perform private.tell('person:' || v_message.person_id, 'chat', v_message.run_id); end if;
	end if;
	return 'ok';
end
$$;

-- After a run without names nothing is left; raised to such a level, it forgets who wrote, and what runs before it kept.
create function private.erase_chat() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_nameless_level(greatest(new.level, private.level_in_force(new.session_id))) then return null; end if;
	if new.state = 'ended' then
		delete from private.messages as x where x.run_id = new.id;
		delete from private.chat_mutes as x where x.run_id = new.id;
	else
		update private.messages as x set author = private.asker_hash(x.session_id, x.person_id), person_id = null where x.run_id = new.id and x.person_id is not null;
	end if;
	return null;
end
$$;
create trigger erase_chat after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.erase_chat();

-- {may, messages[] (the last 200), mine[] (ids), muted[] (ids, of who runs it)}; null for whoever is left out.
create function private.chat_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with latest as (
		select x from private.messages as x where x.run_id = p_run.id and (private.participation_of(p_run.session_id)).chat <> 'off' order by x.sent_at desc limit 200
	)
	select jsonb_build_object('may', private.may_write(p_person, p_run),
		'messages', (select coalesce(jsonb_agg(private.message_view(l.x) order by (l.x).sent_at), '[]') from latest as l),
		'mine', (select coalesce(jsonb_agg((l.x).id), '[]') from latest as l where p_person is not null and private.is_message_of(l.x, p_person)),
		'muted', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]') from latest as l join private.question_salts as q on q.session_id = p_run.session_id
				where exists (select from private.chat_mutes as m where m.run_id = p_run.id
					and m.author = coalesce((l.x).author, extensions.hmac((l.x).person_id::text::bytea, q.salt, 'sha256')))) end)
	where not private.is_minor_in(p_person, p_run.session_id)
$$;

grant execute on function public.send_message(uuid, text), public.delete_message(uuid), public.mute_author(uuid, boolean) to authenticated;
