-- Questions that people send before a session begins. Its speakers and hosts read them, and they join the questions of
-- the run.

-- Whether a person may send one: ok | not_found (not visible) | no_entry | begun | off (cancelled, a break, not
-- released, or no advance questions at this Summit).
create function private.may_ask_advance_question(p_person uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_person is null or not private.can_see(p_person, s.id) then 'not_found'
		when s.state = 'draft' or s.is_break
			or not exists (select from public.release_sessions as rs
				where rs.session_id = s.id
					and rs.release_id = private.newest_release(s.summit_id)
					and not rs.is_cancelled)
			or u.state not in ('open', 'live')
			or (private.speaker_settings_of(s.summit_id)).questions_per_person = 0
			then 'off'
		when 'ok' not
			in (private.entry_decision(p_person, s.id, 'stream'), private.entry_decision(p_person, s.id, 'door'))
			then 'no_entry'
		when exists (select from public.runs where runs.session_id = s.id and runs.started_at is not null)
			or (select min(lower(rs.during))
				from public.release_slots as rs
				where rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)) <= now()
			then 'begun'
		else 'ok' end
	from public.sessions as s
	join public.summits as u on u.id = s.summit_id
	where s.id = p_session
$$;

-- {status, each, names, level, mine: [{id, body, shown_as, state}]}; null for a session that the reader does not see.
create function public.read_advance_questions(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', private.may_ask_advance_question(private.me(), s.id),
		'each', (private.speaker_settings_of(s.summit_id)).questions_per_person,
		'names', to_jsonb(private.question_names(private.me(), s.id)), 'level', private.level_in_force(s.id),
		'mine', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'body', q.body, 'shown_as', q.shown_as,
				'state', q.state)
				order by q.asked_at, q.id), '[]')
			from private.session_questions as q
			where q.session_id = s.id and private.is_asked_by(q, private.me())))
	from public.sessions as s
	where s.id = session and private.me() is not null and private.can_see(private.me(), s.id)
$$;
grant execute on function public.read_advance_questions(uuid) to authenticated;

-- Sends a question. Answers as add_question, or why may_ask_advance_question refuses.
create function public.ask_advance_question(session uuid, body text, shown_as text)
	returns public.advance_question_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_may text := private.may_ask_advance_question(private.me(), session);
	v_status text;
begin
	if coalesce(v_may, 'not_found') <> 'ok' then return coalesce(v_may, 'not_found'); end if;
	select each.status into v_status
	from private.add_question(private.me(), session, body, shown_as,
		(select (private.speaker_settings_of(s.summit_id)).questions_per_person
			from public.sessions as s
			where s.id = session), 'asked') as each;
	if v_status = 'ok' then perform private.publish_event('session:' || session, 'questions', session); end if;
	return v_status;
end
$$;
grant execute on function public.ask_advance_question(uuid, text, text) to authenticated;

-- {level, may_hide, erased_after, questions: [{id, body, from, state}]} for speakers and hosts; null for others. `from`
-- is null where nobody is named.
create function public.list_advance_questions(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('level', private.level_in_force(s.id), 'may_hide', private.may_run(private.me(), s.id),
		'erased_after', private.is_anonymous_level(private.level_in_force(s.id)),
		'questions', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'body', q.body, 'state', q.state,
				'from', case q.shown_as
					when 'name' then p.display_name
					when 'affiliation' then nullif(p.affiliation, '') end)
				order by q.state = 'answered', q.asked_at, q.id), '[]')
			from private.session_questions as q
			left join public.people as p on p.id = q.person_id
			where q.session_id = s.id and (q.state <> 'declined' or private.may_run(private.me(), s.id))))
	from public.sessions as s
	where s.id = session and private.may_read_questions(s.id) and s.summit_id not in (select private.archived_summits())
$$;
grant execute on function public.list_advance_questions(uuid) to authenticated;
