-- Questions in writing, sent before a session begins by whoever may enter it, or in it (run_questions). Where no name
-- is given in a session, none is kept with a question: the limit and taking it back rest on a hash with a salt that
-- goes with them, when the session is over.

create function private.is_nameless_level(p_level public.confidentiality) returns boolean
language sql immutable set search_path = '' as $$
	select p_level in ('chatham_house', 'closed')
$$;

create function private.asker_hash(p_session uuid, p_person uuid) returns bytea
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.question_salts (session_id) values (p_session) on conflict do nothing;
	return (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256') from private.question_salts as q
		where q.session_id = p_session);
end
$$;

create function private.is_asked_by(p_question private.session_questions, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_question.person_id = p_person
		or p_question.asker = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
		from private.question_salts as q where q.session_id = p_question.session_id)
$$;

-- ok | not_found (not seen) | no_entry | begun | off (cancelled, a break, not announced, no questions at this Summit).
create function private.may_ask_ahead(p_person uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_person is null or not private.can_see(p_person, s.id) then 'not_found'
		when s.state <> 'confirmed' or s.is_break or not exists (select from public.release_sessions as rs
			where rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id) and not rs.is_cancelled)
			or u.state not in ('open', 'live')
				or (private.speaker_settings_of(s.summit_id)).questions_each = 0 then 'off'
		when 'ok' not in (private.entry_of(p_person, s.id, 'stream'), private.entry_of(p_person, s.id, 'door'))
			then 'no_entry'
		when exists (select from public.runs where runs.session_id = s.id and runs.started_at is not null)
			or (select min(lower(rs.during)) from public.release_slots as rs where rs.session_id = s.id
				and rs.release_id = private.newest_release(s.summit_id)) <= now() then 'begun'
		else 'ok' end
	from public.sessions as s join public.summits as u on u.id = s.summit_id where s.id = p_session
$$;

-- Under what a person's question may be shown: those under 18 are named nowhere.
create function private.question_names(p_person uuid, p_session uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select case when private.is_nameless_level(private.level_in_force(p_session))
		or exists (select from public.registrations as r join public.sessions as s on s.summit_id = r.summit_id
			where s.id = p_session and r.person_id = p_person and r.is_minor
			and r.state not in ('declined', 'withdrawn', 'expired')) then array['nobody']
		else array_remove(array['name', case when p.affiliation <> '' then 'affiliation' end, 'nobody'], null) end
	from public.people as p where p.id = p_person
$$;

-- {status, each, names, session: {code, title, level}, mine: [{id, body, shown_as, state}]}; null for an unseen
-- session.
create function public.read_questions_ahead(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', private.may_ask_ahead(private.me(), s.id), 'each',
		(private.speaker_settings_of(s.summit_id)).questions_each,
		'names', to_jsonb(private.question_names(private.me(), s.id)), 'level', private.level_in_force(s.id),
		'mine', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'body', q.body, 'shown_as', q.shown_as,
			'state', q.state) order by q.asked_at, q.id), '[]')
			from private.session_questions as q where q.session_id = s.id and private.is_asked_by(q, private.me())))
	from public.sessions as s where s.id = session and private.me() is not null and private.can_see(private.me(), s.id)
$$;
grant execute on function public.read_questions_ahead(uuid) to authenticated;

--[patch approved_questions] Only whoever runs a session lets a question through to those who watch: a speaker who says that it is answered shows none that was not
--[patch approved_questions] shown, and hides none that was. Words that nobody can see are none.
--[patch plain_words] Words that many read take no more room than words do: no columns of empty lines, no towers of marks, nothing that cannot be seen; and
--[patch plain_words] whatever is too long is refused whole, not shortened.
-- Writes a question down. Answers ok | already (the same words) | limited (so many of one's own wait) | invalid, and its id.
create function private.add_question(p_me uuid, p_session uuid, p_body text, p_shown_as text, p_most integer,
	p_state text, out status text, out id uuid)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_body text;
	v_summit uuid;
	v_nameless boolean;
	v_hash bytea;
begin
	status := 'invalid';
	if length(p_body) > 8000 then return; end if;
	v_body := private.plain_words(p_body);
	if length(v_body) > 2000 or not private.says_something(v_body) or p_shown_as is null
		or not p_shown_as = any (private.question_names(p_me, p_session)) then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('ask:' || p_session || p_me, 7));
	-- The level stays as it is until this is written.
	select s.summit_id into v_summit from public.sessions as s where s.id = p_session for share;
	v_nameless := private.is_nameless_level(private.level_in_force(p_session));
	if v_nameless and p_shown_as <> 'nobody' then return; end if;
	status := case
		when exists (select from private.session_questions as q
			where q.session_id = p_session and q.body = v_body and private.is_asked_by(q, p_me)) then 'already'
		when (select count(*) from private.session_questions as q where q.session_id = p_session
			and q.state not in ('answered', 'declined') and private.is_asked_by(q, p_me)) >= p_most
			then 'limited'
		else 'ok' end;
	if status <> 'ok' then return; end if;
	if v_nameless then v_hash := private.asker_hash(p_session, p_me); end if;
	insert into private.session_questions as q (session_id, summit_id, person_id, asker, body, shown_as, state,
		asked_at)
	values (p_session, v_summit, case when not v_nameless then p_me end, v_hash, v_body, p_shown_as, p_state,
		case when v_nameless then date_trunc('day', now()) else now() end)
	returning q.id into id;
end
$$;

-- Answers as add_question does, or why not as may_ask_ahead says it.
create function public.ask_ahead(session uuid, body text, shown_as text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_may text := private.may_ask_ahead(private.me(), session);
	v_status text;
begin
	if coalesce(v_may, 'not_found') <> 'ok' then return coalesce(v_may, 'not_found'); end if;
	select each.status into v_status from private.add_question(private.me(), session, body, shown_as,
		(select (private.speaker_settings_of(s.summit_id)).questions_each from public.sessions as s
			where s.id = session), 'asked') as each;
	if v_status = 'ok' then perform private.tell('session:' || session, 'questions', session); end if;
	return v_status;
end
$$;
grant execute on function public.ask_ahead(uuid, text, text) to authenticated;

-- Who reads them: those who speak in it and who acts for them, and who runs it.
create function private.may_read_questions(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.state = 'confirmed' and sp.role not in ('interpreter', 'captioner')
			and sp.person_id in (select private.my_people('speaking'))
			and not private.is_kept_out(sp.person_id, p_session))
		or private.may_run(private.me(), p_session)
$$;

-- {level, may_hide, questions: [{id, body, from, state, is_hidden}]}; `from` is null where nobody is named. Null for
-- everybody else.
create function public.list_questions_ahead(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('level', private.level_in_force(s.id), 'may_hide', private.may_run(private.me(), s.id),
		'erased_after', private.is_nameless_level(private.level_in_force(s.id)),
		'questions', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'body', q.body, 'state', q.state,
				'from', case q.shown_as when 'name' then p.display_name when 'affiliation'
					then nullif(p.affiliation, '') end) order by q.state = 'answered', q.asked_at, q.id), '[]')
			from private.session_questions as q left join public.people as p on p.id = q.person_id
			where q.session_id = s.id and (q.state <> 'declined' or private.may_run(private.me(), s.id))))
	from public.sessions as s where s.id = session and private.may_read_questions(s.id)
$$;
grant execute on function public.list_questions_ahead(uuid) to authenticated;

create function private.erase_questions(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.session_questions as q where q.session_id = p_session;
	delete from private.question_salts as q where q.session_id = p_session;
$$;

-- After the run of a session without names nothing is kept.
create function private.erase_questions_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if private.is_nameless_level(greatest(new.level, private.level_in_force(new.session_id))) then
		perform private.erase_questions(new.session_id);
	end if;
	return null;
end
$$;

create trigger erase_questions after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_questions_of_run();

-- Raised to a level without names, a session forgets who asked; lowered, it remembers nobody.
create function private.unname_questions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.session_questions as q set asker = private.asker_hash(new.id, q.person_id), person_id = null,
		shown_as = 'nobody', asked_at = date_trunc('day', q.asked_at)
	where q.session_id = new.id and q.person_id is not null;
	return null;
end
$$;

create trigger unname_questions after update of level on public.sessions for each row
	when (new.level in ('chatham_house', 'closed') and old.level not in ('chatham_house', 'closed'))
		execute function private.unname_questions();

-- Each minute: of sessions without names that are over, whether or not anybody pressed "end".
create function private.sweep_questions(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_questions(held.session_id)
		from (select distinct q.session_id from private.session_questions as q) as held
	where private.is_nameless_level(private.level_in_force(held.session_id))
		and not exists (select from public.runs where runs.session_id = held.session_id and runs.state <> 'ended')
		and (select max(upper(slots.during)) from public.slots
			where slots.session_id = held.session_id) < p_now - interval '1 hour';
end
$$;
