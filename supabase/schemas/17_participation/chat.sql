-- Chat beside a run. A deleted message leaves nothing in lists, counts, live updates or ids.

-- Whether a person wrote this message.
create function private.is_message_author(p_message private.chat_messages, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_message.person_id = p_person
		or p_message.author_hash = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
			from private.session_salts as q
			where q.session_id = p_message.session_id)
$$;

-- A message of the chat of a run, or of the room of a workshop (32_meetings/room.sql), as one of the chat: without a name where
-- the level names nobody. All columns are null for one that does not exist.
create function private.find_message(p_message uuid) returns private.chat_messages
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.chat_messages;
begin
	select * into v from private.chat_messages as x where x.id = p_message;
	if found then return v; end if;
	select x.id, r.run_id, runs.session_id, x.person_id, null::bytea, x.body, x.sent_at,
		greatest(runs.level, private.level_in_force(runs.session_id))
	into v
	from private.meeting_messages as x
	join private.meeting_rooms as r on r.id = x.room_id
	join public.runs on runs.id = r.run_id
	where x.id = p_message;
	if v.id is not null and private.is_nameless(v.run_id) then
		v.author_hash := private.hash_participant(v.session_id, v.person_id);
		v.person_id := null;
	end if;
	return v;
end
$$;

-- The messages of these sessions in the chats of their runs and in the rooms of their workshops, by session: {id, session_id,
-- level, body, sent_at}.
create function private.messages_of_sessions(p_sessions uuid[])
	returns table (id uuid, session_id uuid, level public.confidentiality, body text, sent_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select x.id, x.session_id, x.level, x.body, x.sent_at
	from private.chat_messages as x
	where x.session_id = any (p_sessions)
	union all
	select x.id, runs.session_id, greatest(runs.level, private.level_in_force(runs.session_id)), x.body, x.sent_at
	from public.runs
	join private.meeting_messages as x on x.room_id = runs.id
	where runs.session_id = any (p_sessions)
$$;

-- {id, body, at, from} as viewers read it. `from` is the present name, and null where nobody is named.
create function private.message_view(p_message private.chat_messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_message.id, 'body', p_message.body, 'at', private.iso(p_message.sent_at),
		'from', (select p.display_name from public.people as p where p.id = p_message.person_id))
$$;

-- A message for open pages; null when it is deleted, when the chat is off, or when it was written at a stricter level
-- than the present one: lowering a level opens nothing that was made before.
create function private.message_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.message_view(x)
	from private.chat_messages as x
	where x.id = p_id and x.run_id = p_run
		and (private.participation_settings_of(x.session_id)).chat <> 'off'
		and x.level <= private.level_in_force(x.session_id)
$$;
grant execute on function private.message_event(uuid, uuid) to app_server;

-- Whether a person could write if the chat were open to all: ok | minor | muted, or why may_take_part refuses.
create function private.may_write_in_open_chat(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when may <> 'ok' then may
		when private.is_minor_in(p_person, p_run.session_id) then 'minor'
		when exists (select from private.chat_mutes as x
			join private.session_salts as q on q.session_id = p_run.session_id
			where x.run_id = p_run.id and x.author_hash = extensions.hmac(p_person::text::bytea, q.salt, 'sha256'))
			then 'muted'
		else 'ok' end
	from private.may_take_part(p_person, p_run) as may
$$;

-- Whether a person may write now: ok | off | people (only people of the session) | minor | muted, or why may_take_part
-- refuses.
create function private.may_write_in_chat(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when may not in ('ok', 'muted') then may
		when s.chat = 'off' then 'off'
		when s.chat = 'people' and private.stage_role_of(p_person, p_run.session_id) = 'viewer' then 'people'
		else may end
	from private.may_write_in_open_chat(p_person, p_run) as may,
		private.participation_settings_of(p_run.session_id) as s
$$;

-- Sends a message to the chat of a run. Answers ok | invalid | too_long | too_soon, or why may_write_in_chat refuses. A
-- text that is too long is refused, not shortened, and private.normalise_free_text removes what would take more room
-- than words, because many people read it.
create function public.send_message(run uuid, body text) returns public.message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
	v_settings private.session_participation_settings;
	v_body text;
	v_author bytea;
	v_nameless boolean;
	v_since timestamptz;
	v_id uuid;
begin
	-- Locks the session before its run, the same order as a raised level; otherwise the raise and this call could
	-- deadlock. While both are held, the level stays the same and the run cannot end and be erased.
	perform from public.sessions as s
	where s.id = (select runs.session_id from public.runs where runs.id = run) for share;
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_write_in_chat(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if length(body) > 4000 then return 'too_long'; end if;
	v_body := private.normalise_free_text(body);
	if length(v_body) > 1000 then return 'too_long'; end if;
	if not private.has_visible_text(v_body) then return 'invalid'; end if;
	-- Serialises the messages of one person, so that the pause holds across any number of connections.
	perform pg_advisory_xact_lock(hashtextextended('chat:' || run || v_me, 7));
	v_settings := private.participation_settings_of(v_run.session_id);
	v_author := private.hash_participant(v_run.session_id, v_me);
	v_since := clock_timestamp()
		- make_interval(secs => case v_settings.chat when 'slow' then v_settings.slow_seconds else 1 end);
	if (exists (select from private.chat_messages as x
		where x.run_id = run and (x.person_id = v_me or x.author_hash = v_author) and x.sent_at > v_since)
		or exists (select from private.withdrawn_items as t
			where t.run_id = run and t.kind = 'message' and t.author_hash = v_author
				and t.originally_sent_at > v_since))
		and not private.may_run(v_me, v_run.session_id)
	then
		return 'too_soon';
	end if;
	v_nameless := private.is_anonymous_level(private.level_in_force(v_run.session_id));
	insert into private.chat_messages (run_id, session_id, person_id, author_hash, body)
	values (run, v_run.session_id, case when not v_nameless then v_me end, case when v_nameless then v_author end,
		v_body)
	returning id into v_id;
	perform private.publish_event('chat:' || run, 'message', v_id);
	return 'ok';
end
$$;
grant execute on function public.send_message(uuid, text) to authenticated;

-- Deletes a message for a caller whose right was checked; `p_audit`: it is somebody else's. Answers ok or not_found.
create function private.remove_message(p_message private.chat_messages, p_audit boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Locks the run first, the same order as the end of the run.
	perform from public.runs where runs.id = p_message.run_id for share;
	delete from private.chat_messages as x where x.id = p_message.id;
	if not found then return private.remove_room_message(p_message, p_audit); end if;
	perform private.record_withdrawal(p_message.run_id, p_message.session_id, p_message.person_id,
		p_message.author_hash,
		'message', p_message.sent_at);
	if p_audit then
		perform audit.record_event('chat.deleted', p_message.id::text,
			(select s.summit_id from public.sessions as s where s.id = p_message.session_id), null, '{}');
	end if;
	perform private.publish_event('chat:' || p_message.run_id, 'message', p_message.id);
	return 'ok';
end
$$;

-- Deletes a message: the caller's own, or any as a host, which is audited. Answers ok or not_found.
create function public.delete_message(message uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages;
	v_is_own boolean;
begin
	select * into v_message from private.chat_messages as x where x.id = message;
	v_is_own := coalesce(private.is_message_author(v_message, private.me()), false);
	if v_message.id is null
		or not (v_is_own or coalesce(private.may_run(private.me(), v_message.session_id), false))
	then
		return 'not_found';
	end if;
	return private.remove_message(v_message, not v_is_own);
end
$$;
grant execute on function public.delete_message(uuid) to authenticated;

-- Mutes the author of a message in this run, or unmutes them. Answers ok or not_found.
create function public.mute_author(message uuid, muted boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages := private.find_message(message);
	v_author bytea;
begin
	perform private.hold_open_run(v_message.run_id);
	v_message := private.find_message(message);
	if v_message.id is null or not coalesce(private.may_run(private.me(), v_message.session_id), false) then
		return 'not_found';
	end if;
	v_author := coalesce(v_message.author_hash, private.hash_participant(v_message.session_id, v_message.person_id));
	if muted then
		insert into private.chat_mutes values (v_message.run_id, v_author) on conflict do nothing;
	else
		delete from private.chat_mutes as x where x.run_id = v_message.run_id and x.author_hash = v_author;
	end if;
	if found then
		perform audit.record_event(case when muted then 'chat.muted' else 'chat.unmuted' end, message::text,
			(select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
		perform private.publish_event('desk:' || v_message.run_id, 'message', message);
		perform private.publish_room_mute(v_message);
		if v_message.person_id is not null then
			perform private.publish_event('person:' || v_message.person_id, 'chat', v_message.run_id);
		end if;
	end if;
	return 'ok';
end
$$;
grant execute on function public.mute_author(uuid, boolean) to authenticated;

-- {may, may_if_open, is_of_people, messages[] (the last 200), mine[], muted[], barred[]}: the chat of a run for a
-- person; null for minors. `muted` and `barred` (only of named authors) are for hosts. Messages of a stricter level are
-- only for people who could be there then (private.strictest_readable_level).
create function private.chat_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with latest as (
		select x
		from private.chat_messages as x
		where x.run_id = p_run.id
			and (private.participation_settings_of(p_run.session_id)).chat <> 'off'
			and x.level <= (select private.strictest_readable_level(p_person, p_run.session_id))
		order by x.sent_at desc limit 200
	)
	select jsonb_build_object('may', private.may_write_in_chat(p_person, p_run),
		'may_if_open', private.may_write_in_open_chat(p_person, p_run),
		'is_of_people', p_person is not null and private.stage_role_of(p_person, p_run.session_id) <> 'viewer',
		'messages',
			(select coalesce(jsonb_agg(private.message_view(l.x) order by (l.x).sent_at), '[]') from latest as l),
		'mine', (select coalesce(jsonb_agg((l.x).id), '[]')
			from latest as l
			where p_person is not null and private.is_message_author(l.x, p_person)),
		'muted', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]')
				from latest as l
				join private.session_salts as q on q.session_id = p_run.session_id
				where exists (select from private.chat_mutes as m
					where m.run_id = p_run.id
						and m.author_hash
							= coalesce((l.x).author_hash,
								extensions.hmac((l.x).person_id::text::bytea, q.salt, 'sha256')))) end,
		'barred', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]')
				from latest as l
				where exists (select from private.entry_bars as b
					where b.session_id = p_run.session_id and b.person_id = (l.x).person_id)) end)
	where not private.is_minor_in(p_person, p_run.session_id)
$$;

-- Deletes the chat after a run without names. When a run is raised to such a level, its messages lose their authors.
create function private.erase_chat() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_anonymous_level(greatest(new.level, private.level_in_force(new.session_id))) then
		return null;
	end if;
	if new.state = 'ended' then
		delete from private.chat_messages as x where x.run_id = new.id;
		delete from private.chat_mutes as x where x.run_id = new.id;
	else
		update private.chat_messages as x
			set author_hash = private.hash_participant(x.session_id, x.person_id), person_id = null
		where x.run_id = new.id and x.person_id is not null;
	end if;
	return null;
end
$$;
create trigger erase_chat after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.erase_chat();
