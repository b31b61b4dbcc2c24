-- Chat beside a run. A message that is taken away is gone: nothing is left of it in lists, counts, news or ids.

create function private.is_message_of(p_message private.messages, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_message.person_id = p_person
		or p_message.author = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
		from private.question_salts as q where q.session_id = p_message.session_id)
$$;

-- A message as its readers see it; `from` is the name of this moment, and null where nobody is named.
create function private.message_view(p_message private.messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_message.id, 'body', p_message.body, 'at', private.iso(p_message.sent_at),
		'from', (select p.display_name from public.people as p where p.id = p_message.person_id))
$$;

--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
create function private.told_message(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.message_view(x) from private.messages as x where x.id = p_id and x.run_id = p_run
		and (private.participation_of(x.session_id)).chat <> 'off' and x.level <= private.level_in_force(x.session_id)
$$;
grant execute on function private.told_message(uuid, uuid) to app_server;

-- Whether somebody may write at this moment: ok | off | people (only those of the session) | minor | muted, or as
-- may_take_part says it.
create function private.may_write_if_open(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case when may <> 'ok' then may when private.is_minor_in(p_person, p_run.session_id) then 'minor'
		when exists (select
			from private.chat_mutes as x join private.question_salts as q on q.session_id = p_run.session_id
			where x.run_id = p_run.id and x.author = extensions.hmac(p_person::text::bytea, q.salt, 'sha256'))
				then 'muted'
		else 'ok' end
	from private.may_take_part(p_person, p_run) as may
$$;

create function private.may_write(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case when may not in ('ok', 'muted') then may when s.chat = 'off' then 'off'
		when s.chat = 'people' and private.stage_role_of(p_person, p_run.session_id) = 'viewer' then 'people'
			else may end
	from private.may_write_if_open(p_person, p_run) as may, private.participation_of(p_run.session_id) as s
$$;

--[was in session_first] Answers ok | too_soon | too_long | invalid, or as may_write says it.
--[patch session_first] Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who writes at that
--[patch session_first] moment, wait for each other, and one of them is refused.
--[patch plain_words] Words that many read take no more room than words do: no columns of empty lines, no towers of marks, nothing that cannot be seen; and
--[patch plain_words] whatever is too long is refused whole, not shortened.
-- Writes into the chat of a run. Answers ok | invalid | too_long | too_soon, or why not as may_write says it.
create function public.send_message(run uuid, body text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation;
	v_body text;
	v_author bytea;
	v_nameless boolean;
	v_since timestamptz;
	v_id uuid;
begin
	-- The level stays as it is, and the run cannot end and be erased, between these lines and the last.
	perform from public.sessions as s
		where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_write(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if length(body) > 4000 then return 'too_long'; end if;
	v_body := private.plain_words(body);
	if length(v_body) > 1000 then return 'too_long'; end if;
	if not private.says_something(v_body) then return 'invalid'; end if;
	-- One after the other of each person, so that the pause between two is kept over any number of connections.
	perform pg_advisory_xact_lock(hashtextextended('chat:' || run || v_me, 7));
	v_settings := private.participation_of(v_run.session_id);
	v_author := private.asker_hash(v_run.session_id, v_me);
	v_since := clock_timestamp() - make_interval(secs => case v_settings.chat when 'slow' then v_settings.slow_seconds
		else 1 end);
	if (exists (select from private.messages as x
		where x.run_id = run and (x.person_id = v_me or x.author = v_author) and x.sent_at > v_since)
		or exists (select from private.taken_back as t
			where t.run_id = run and t.what = 'message' and t.author = v_author and t.said_at > v_since))
		and not private.may_run(v_me, v_run.session_id) then return 'too_soon'; end if;
	v_nameless := private.is_nameless_level(private.level_in_force(v_run.session_id));
	insert into private.messages (run_id, session_id, person_id, author, body)
	values (run, v_run.session_id, case when not v_nameless then v_me end, case when v_nameless then v_author end,
		v_body) returning id into v_id;
	perform private.tell('chat:' || run, 'message', v_id);
	return 'ok';
end
$$;
grant execute on function public.send_message(uuid, text) to authenticated;

--[patch kept_pace] The pause between two messages, and the number of questions and hands of one person, hold for what was taken back as well: else whoever
--[patch kept_pace] writes, takes away and writes again is never too soon, and all who watch are told each time.
-- Takes a message away: one's own, or as whoever runs the session. Answers ok or not_found.
create function public.delete_message(message uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_is_own boolean;
begin
	select * into v_message from private.messages as x where x.id = message;
	v_is_own := coalesce(private.is_message_of(v_message, private.me()), false);
	if v_message.id is null
		or not (v_is_own or coalesce(private.may_run(private.me(), v_message.session_id), false)) then
		return 'not_found';
	end if;
	-- In the order in which the end of the run takes them.
	perform from public.runs where runs.id = v_message.run_id for share;
	delete from private.messages as x where x.id = message;
	if not found then return 'not_found'; end if;
	perform private.note_taken_back(v_message.run_id, v_message.session_id, v_message.person_id, v_message.author,
		'message', v_message.sent_at);
	if not v_is_own then
		perform audit.note('chat.deleted', message::text,
			(select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
	end if;
	perform private.tell('chat:' || v_message.run_id, 'message', message);
	return 'ok';
end
$$;
grant execute on function public.delete_message(uuid) to authenticated;

-- Lets whoever wrote a message write no more in this run, or again. Answers ok or not_found.
create function public.mute_author(message uuid, muted boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_author bytea;
begin
	select * into v_message from private.messages as x where x.id = message;
	if v_message.id is null or not coalesce(private.may_run(private.me(), v_message.session_id), false) then
		return 'not_found';
	end if;
	v_author := coalesce(v_message.author, private.asker_hash(v_message.session_id, v_message.person_id));
	if muted then
		insert into private.chat_mutes values (v_message.run_id, v_author) on conflict do nothing;
	else
		delete from private.chat_mutes as x where x.run_id = v_message.run_id and x.author = v_author;
	end if;
	if found then
		perform audit.note(case when muted then 'chat.muted' else 'chat.unmuted' end, message::text,
			(select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
		perform private.tell('desk:' || v_message.run_id, 'message', message);
		if v_message.person_id is not null then
			perform private.tell('person:' || v_message.person_id, 'chat', v_message.run_id);
		end if;
	end if;
	return 'ok';
end
$$;
grant execute on function public.mute_author(uuid, boolean) to authenticated;

-- After a run without names nothing is left; raised to such a level, it forgets who wrote, and what runs before it
-- kept.
create function private.erase_chat() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_nameless_level(greatest(new.level, private.level_in_force(new.session_id))) then
		return null;
	end if;
	if new.state = 'ended' then
		delete from private.messages as x where x.run_id = new.id;
		delete from private.chat_mutes as x where x.run_id = new.id;
	else
		update private.messages as x set author = private.asker_hash(x.session_id, x.person_id), person_id = null
			where x.run_id = new.id and x.person_id is not null;
	end if;
	return null;
end
$$;

create trigger erase_chat after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.erase_chat();

--[was in made_levels] {may, messages[] (the last 200), mine[] (ids), muted[] (ids, of who runs it)}; null for whoever is left out.
--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
--[patch barred_authors] Whoever wrote a message is barred by it: a host may know them from the chat alone. Where nobody is named, nothing that follows says who it
--[patch barred_authors] was, or even whether somebody was barred.
-- What stands in the chat of a run: {may, messages[], mine[], muted[] and barred[] (of who runs it: of those messages whose author is named)}.
create function private.chat_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with latest as (
		select x from private.messages as x
			where x.run_id = p_run.id and (private.participation_of(p_run.session_id)).chat <> 'off'
			and x.level <= (select private.heard_level(p_person, p_run.session_id)) order by x.sent_at desc limit 200
	)
	select jsonb_build_object('may', private.may_write(p_person, p_run), 'may_if_open',
		private.may_write_if_open(p_person, p_run),
		'is_of_people', p_person is not null and private.stage_role_of(p_person, p_run.session_id) <> 'viewer',
		'messages',
			(select coalesce(jsonb_agg(private.message_view(l.x) order by (l.x).sent_at), '[]') from latest as l),
		'mine', (select coalesce(jsonb_agg((l.x).id), '[]') from latest as l
			where p_person is not null and private.is_message_of(l.x, p_person)),
		'muted', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]')
				from latest as l join private.question_salts as q on q.session_id = p_run.session_id
				where exists (select from private.chat_mutes as m where m.run_id = p_run.id
					and m.author = coalesce((l.x).author,
						extensions.hmac((l.x).person_id::text::bytea, q.salt, 'sha256')))) end,
		'barred', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]') from latest as l
				where exists (select from private.entry_bars as b
					where b.session_id = p_run.session_id and b.person_id = (l.x).person_id)) end)
	where not private.is_minor_in(p_person, p_run.session_id)
$$;

-- A message that hurts is reported to the safeguarding leads, and to nobody else: neither who wrote it nor who runs the
-- session learns of it.

-- What a reported message says, for the app to seal, with who wrote it where names are given; null for whoever does not
-- hear the chat.
create function private.reported_words(p_person uuid, p_message uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select p.display_name || ': ' from public.people as p where p.id = x.person_id), '') || x.body
	from private.messages as x
		where x.id = p_message and p_person is not null and private.hears_chat(p_person, x.run_id)
$$;
grant execute on function private.reported_words(uuid, uuid) to app_server;

-- The concern keeps the words, though the message be taken away. Who reports is named to the leads where names are
-- given. Answers ok | already | not_found.
create function private.report_message(p_person uuid, p_message uuid, p_sealed bytea, p_key_id text, p_source bytea
	default '\x') returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_summit uuid;
begin
	select * into v_message from private.messages as x where x.id = p_message for key share;
	if v_message.id is null or p_person is null or not private.hears_chat(p_person, v_message.run_id) then
		return 'not_found';
	end if;
	insert into private.message_reports values (p_message, private.asker_hash(v_message.session_id, p_person))
		on conflict do nothing;
	if not found then return 'already'; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id,
		case when v_message.person_id is not null then p_person end, 'A message in the chat',
		p_sealed, p_key_id, p_source, '{}', false, p_message);
	return 'ok';
end
$$;
grant execute on function private.report_message(uuid, uuid, bytea, text, bytea) to app_server;

-- The pause between two messages, and the number of questions and hands of one person, hold for what was taken back as
-- well: else whoever writes, takes away and writes again is never too soon, and all who watch are told each time.

create function private.note_taken_back(p_run uuid, p_session uuid, p_person uuid, p_author bytea, p_what text,
	p_said timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_author bytea;
begin
	-- It cannot end, and forget, between this line and the last.
	perform from public.runs where runs.id = p_run and runs.state <> 'ended' for share;
	if not found then return; end if;
	v_author := coalesce(p_author, private.asker_hash(p_session, p_person));
	-- No pause is longer than ten minutes.
	delete from private.taken_back as t
		where t.run_id = p_run and t.author = v_author and t.taken_at < clock_timestamp() - interval '10 minutes';
	insert into private.taken_back (run_id, author, what, said_at) values (p_run, v_author, p_what, p_said);
end
$$;

create function private.forget_taken_back() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.taken_back as t where t.run_id = new.id;
	return null;
end
$$;

create trigger forget_taken_back after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_taken_back();

-- Whoever wrote a message is barred by it: a host may know them from the chat alone. Where nobody is named, nothing
-- that follows says who it was, or even whether somebody was barred.

-- Who wrote a message whose author is kept as a hash alone.
create function private.nameless_author(p_message private.messages) returns uuid
language sql stable security definer set search_path = '' as $$
	select p.id from public.people as p, private.question_salts as q
	where q.session_id = p_message.session_id
		and extensions.hmac(p.id::text::bytea, q.salt, 'sha256') = p_message.author limit 1
$$;

-- Whether whoever runs a session has somebody before them by name at this moment: were they gone, it would be seen who
-- it was.
create function private.is_named_to_hosts(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp join public.runs on runs.session_id = sp.session_id
		where runs.id = p_run and sp.person_id = p_person)
		or exists (select from private.run_participants as p
			where p.run_id = p_run and p.person_id = p_person and (p.is_on_stage or p.is_promoted))
		or exists (select from private.hands as h
			where h.run_id = p_run and h.person_id = p_person and h.state in ('waiting', 'called'))
$$;

-- Bars whoever wrote a message from its session, or lets them in again. Where nobody is named they write no more, and
-- are barred unless that could be seen; the answer and all that can be seen are the same whoever it was. Answers ok,
-- already, not_found, not_allowed.
create function public.bar_author(message uuid, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_message private.messages;
	v_person uuid;
	v_run uuid;
begin
	select * into v_message from private.messages as x where x.id = message;
	if v_message.id is null or barred is null or not coalesce(private.may_run(v_me, v_message.session_id), false) then
		return 'not_found';
	end if;
	if v_message.person_id is not null then
		perform private.tell('desk:' || v_message.run_id, 'message', message);
		return private.bar_person(v_message.session_id, v_message.person_id, barred);
	end if;
	if private.is_message_of(v_message, v_me) then return 'not_allowed'; end if;
	perform public.mute_author(message, barred);
	v_person := private.nameless_author(v_message);
	if v_person is not null and not private.is_named_to_hosts(v_message.run_id, v_person) then
		perform private.bar_person(v_message.session_id, v_person, barred);
	end if;
	-- The room moves whoever it was: that it did would else tell that they were barred.
	select runs.id into v_run from public.runs where runs.id = v_message.run_id and runs.state <> 'ended'
		and not exists (select from private.run_rooms as r where r.run_id = runs.id and r.closed_at = now());
	if barred and v_run is not null then perform private.move_run(v_run); end if;
	return 'ok';
end
$$;
grant execute on function public.bar_author(uuid, boolean) to authenticated;

-- A bar of a safeguarding lead stays one: though a host had barred the same person a moment before, and after the lead
-- has left the role.

-- Bars somebody from a session, or lets them in again, as one who may. Answers ok, already, not_allowed.
create function private.bar_person(p_session uuid, p_person uuid, p_barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
begin
	if p_person = v_me
		or exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
		and (g.summit_id is null or g.summit_id = v_summit) and g.role in ('stage', 'safeguarding', 'owner')) then
		return 'not_allowed';
	end if;
	if p_barred and not v_lead and not private.has_role(v_summit, 'stage')
		and exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'chair' and sp.state = 'confirmed')
			then
		return 'not_allowed';
	end if;
	if p_barred then
		insert into private.entry_bars as b (summit_id, person_id, session_id, created_by, by_lead)
			values (v_summit, p_person, p_session, v_me, v_lead)
		on conflict (summit_id, person_id, session_id) do update set by_lead = true, created_by = excluded.created_by
			where excluded.by_lead and not b.by_lead;
	else
		perform from private.entry_bars as b
			where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session and b.by_lead
			for update;
		if found and not v_lead then return 'not_allowed'; end if;
		delete from private.entry_bars as b where b.summit_id = v_summit and b.person_id = p_person
			and b.session_id = p_session and (v_lead or not b.by_lead);
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;
