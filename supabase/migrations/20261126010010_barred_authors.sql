-- Whoever wrote a message is barred by it: a host may know them from the chat alone. Where nobody is named, nothing that follows says who it
-- was, or even whether somebody was barred.

-- Bars somebody from a session, or lets them in again. Hosts bar from their session; nobody bars themselves or a stage or
-- safeguarding organiser, and a chair is barred by such an organiser alone. What a safeguarding lead has barred, no host lets in again.
-- Answers ok, already, not_found, not_allowed.
create or replace function public.bar_from_session(session uuid, person text, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_person uuid;
begin
	if not private.may_run(v_me, session) and not (private.can_see(v_me, session)
		and private.has_role((select s.summit_id from public.sessions as s where s.id = session), 'safeguarding')) then return 'not_found'; end if;
	select people.id into v_person from public.people where people.code = bar_from_session.person
		and (exists (select from public.session_people as sp where sp.session_id = session and sp.person_id = people.id)
			or exists (select from private.run_participants as p join public.runs on runs.id = p.run_id where runs.session_id = session and p.person_id = people.id)
			or not barred and exists (select from private.entry_bars as b where b.session_id = session and b.person_id = people.id));
	if v_person is null then return 'not_found'; end if;
	return private.bar_person(session, v_person, barred);
end
$$;

-- Who wrote a message whose author is kept as a hash alone.
create function private.nameless_author(p_message private.messages) returns uuid
language sql stable security definer set search_path = '' as $$
	select p.id from public.people as p, private.question_salts as q
	where q.session_id = p_message.session_id and extensions.hmac(p.id::text::bytea, q.salt, 'sha256') = p_message.author limit 1
$$;

-- Whether whoever runs a session has somebody before them by name at this moment: were they gone, it would be seen who it was.
create function private.is_named_to_hosts(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp join public.runs on runs.session_id = sp.session_id where runs.id = p_run and sp.person_id = p_person)
		or exists (select from private.run_participants as p where p.run_id = p_run and p.person_id = p_person and (p.is_on_stage or p.is_promoted))
		or exists (select from private.hands as h where h.run_id = p_run and h.person_id = p_person and h.state in ('waiting', 'called'))
$$;

-- Bars whoever wrote a message from its session, or lets them in again. Where nobody is named they write no more, and are barred unless
-- that could be seen; the answer and all that can be seen are the same whoever it was. Answers ok, already, not_found, not_allowed.
create function public.bar_author(message uuid, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_message private.messages;
	v_person uuid;
	v_run uuid;
begin
	select * into v_message from private.messages as x where x.id = message;
	if v_message.id is null or barred is null or not coalesce(private.may_run(v_me, v_message.session_id), false) then return 'not_found'; end if;
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

-- What stands in the chat of a run: {may, messages[], mine[], muted[] and barred[] (of who runs it: of those messages whose author is named)}.
create or replace function private.chat_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with latest as (
		select x from private.messages as x where x.run_id = p_run.id and (private.participation_of(p_run.session_id)).chat <> 'off'
			and x.level <= (select private.heard_level(p_person, p_run.session_id)) order by x.sent_at desc limit 200
	)
	select jsonb_build_object('may', private.may_write(p_person, p_run), 'may_if_open', private.may_write_if_open(p_person, p_run),
		'is_of_people', p_person is not null and private.stage_role_of(p_person, p_run.session_id) <> 'viewer',
		'messages', (select coalesce(jsonb_agg(private.message_view(l.x) order by (l.x).sent_at), '[]') from latest as l),
		'mine', (select coalesce(jsonb_agg((l.x).id), '[]') from latest as l where p_person is not null and private.is_message_of(l.x, p_person)),
		'muted', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]') from latest as l join private.question_salts as q on q.session_id = p_run.session_id
				where exists (select from private.chat_mutes as m where m.run_id = p_run.id
					and m.author = coalesce((l.x).author, extensions.hmac((l.x).person_id::text::bytea, q.salt, 'sha256')))) end,
		'barred', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]') from latest as l
				where exists (select from private.entry_bars as b where b.session_id = p_run.session_id and b.person_id = (l.x).person_id)) end)
	where not private.is_minor_in(p_person, p_run.session_id)
$$;
