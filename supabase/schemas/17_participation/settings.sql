-- Taking part in a run: who may, and how a Summit and each session set it.

create function private.participation_of(p_session uuid) returns private.session_participation
language sql stable security definer set search_path = '' as $$
	select coalesce((select p from private.session_participation as p where p.session_id = p_session),
		(select row(s.id, s.summit_id, coalesce(d.approve_first, true), true, true, coalesce(d.chat, 'open'),
			coalesce(d.slow_seconds, 15))::private.session_participation
			from public.sessions as s left join private.participation_defaults as d on d.summit_id = s.summit_id
				where s.id = p_session))
$$;

-- Whether somebody may take part in a run at this moment: ok, or over, sign_in, or why can_enter says no.
create function private.may_take_part(p_person uuid, p_run public.runs) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_run.id is null or entry = 'not_seen' then 'not_found' when entry <> 'ok' then entry
		when p_run.state = 'ended' then 'over' when p_person is null then 'sign_in' else 'ok' end
	from private.entry_of(p_person, p_run.session_id, 'stream') as entry
$$;

-- The run of a session that is open.
create function private.open_run_of(p_session uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id from public.runs where runs.session_id = p_session and runs.state <> 'ended'
$$;

-- Sets some of {approve_first, takes_questions, takes_hands, chat, slow_seconds}. Answers ok, invalid or not_found.
create function public.set_participation(session uuid, settings jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now private.session_participation;
begin
	if not coalesce(private.may_run(private.me(), session), false) then return 'not_found'; end if;
	perform from public.sessions as s where s.id = session for no key update;
	v_now := jsonb_populate_record(private.participation_of(session),
		settings - array['session_id', 'summit_id']);
	if v_now.chat not in ('off', 'open', 'slow', 'people') or v_now.slow_seconds not between 5 and 600
		or num_nulls(v_now.approve_first, v_now.takes_questions, v_now.takes_hands, v_now.chat, v_now.slow_seconds) > 0
			then return 'invalid'; end if;
	insert into private.session_participation as p select v_now.*
	on conflict (session_id) do update
		set approve_first = excluded.approve_first, takes_questions = excluded.takes_questions,
		takes_hands = excluded.takes_hands, chat = excluded.chat, slow_seconds = excluded.slow_seconds
	where p <> excluded;
	if found then perform private.tell_participation(private.open_run_of(session), 'settings', null, true); end if;
	return 'ok';
exception when invalid_text_representation or numeric_value_out_of_range then
	return 'invalid';
end
$$;
grant execute on function public.set_participation(uuid, jsonb) to authenticated;

-- News of a run: to who runs it, and to all who watch when they see it or saw it.
create function private.tell_participation(p_run uuid, p_kind text, p_id uuid, p_shown boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_run is null then return; end if;
	perform private.tell('desk:' || p_run, p_kind, p_id);
	if p_shown then perform private.tell('run:' || p_run, p_kind, p_id); end if;
end
$$;

-- The settings as every reader of the run may know them.
create function private.told_settings(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('takes_questions', p.takes_questions, 'approve_first', p.approve_first, 'takes_hands',
		p.takes_hands, 'chat', p.chat, 'slow_seconds', p.slow_seconds)
	from public.runs, private.participation_of(runs.session_id) as p where runs.id = p_run
$$;
grant execute on function private.told_settings(uuid, uuid) to app_server;

-- An owner's default for sessions that nobody has set. Answers ok, invalid or not_found.
create function public.save_participation_defaults(summit uuid, approve_first boolean, chat text, slow_seconds integer)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_found'; end if;
	if approve_first is null or coalesce(chat, '') not in ('off', 'open', 'slow', 'people')
		or coalesce(slow_seconds, 0) not between 5 and 600 then
		return 'invalid';
	end if;
	insert into private.participation_defaults as d values (summit, approve_first, chat, slow_seconds)
	on conflict (summit_id) do update
		set approve_first = excluded.approve_first, chat = excluded.chat, slow_seconds = excluded.slow_seconds;
	return 'ok';
end
$$;
grant execute on function public.save_participation_defaults(uuid, boolean, text, integer) to authenticated;

create function public.read_participation_defaults(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('approve_first', coalesce(d.approve_first, true), 'chat', coalesce(d.chat, 'open'),
		'slow_seconds', coalesce(d.slow_seconds, 15))
	from (select) as one left join private.participation_defaults as d on d.summit_id = summit
		where private.has_role(summit, 'owner', 'stage')
$$;
grant execute on function public.read_participation_defaults(uuid) to authenticated;

-- What the page of a stage shows beside the picture, in one reading. Null where the reader may not enter the stream of
-- what is on.
create function public.read_participation(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'session', runs.session_id, 'level',
		private.level_in_force(runs.session_id), 'may', private.may_take_part(me.id, runs), 'runs_it',
		private.may_run(me.id, runs.session_id),
		'settings', private.told_settings(runs.id, null), 'questions', private.questions_for(me.id, runs), 'hands',
			private.hands_for(me.id, runs), 'chat', private.chat_for(me.id, runs), 'polls',
			private.polls_for(me.id, runs))
	from public.rooms
	cross join lateral (select private.me() as id) as me
	join public.runs on runs.id = private.current_run(me.id, rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_participation.room
		and summit in (select private.readable_summits())
		and (private.entry_of(me.id, runs.session_id, 'stream') = 'ok' or private.may_run(me.id, runs.session_id))
$$;
grant execute on function public.read_participation(uuid, text) to anon, authenticated;
