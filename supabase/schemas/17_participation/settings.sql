-- Settings of participation: the defaults of a Summit, and what hosts set for one session.

-- The settings of a session: its own, or the defaults of its Summit, or the built-in ones.
create function private.participation_settings_of(p_session uuid) returns private.session_participation_settings
language sql stable security definer set search_path = '' as $$
	select coalesce((select p from private.session_participation_settings as p where p.session_id = p_session),
		(select row(s.id, s.summit_id, coalesce(d.approve_first, true), true, true, coalesce(d.chat, 'open'),
				coalesce(d.slow_seconds, 15))::private.session_participation_settings
			from public.sessions as s
			left join private.participation_defaults as d on d.summit_id = s.summit_id
			where s.id = p_session))
$$;

-- Changes some of {approve_first, takes_questions, takes_hands, chat, slow_seconds}. Answers ok | invalid | not_found.
-- Locks the session, so that two hosts do not overwrite each other's settings.
create function public.save_participation_settings(session uuid, settings jsonb) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now private.session_participation_settings;
begin
	if not coalesce(private.may_run(private.me(), session), false) then return 'not_found'; end if;
	if jsonb_typeof(settings) is distinct from 'object' then return 'invalid'; end if;
	perform from public.sessions as s where s.id = session for no key update;
	v_now := jsonb_populate_record(private.participation_settings_of(session),
		settings - array['session_id', 'summit_id']);
	if v_now.chat not in ('off', 'open', 'slow', 'people')
		or v_now.slow_seconds not between 5 and 600
		or num_nulls(v_now.approve_first, v_now.takes_questions, v_now.takes_hands, v_now.chat,
			v_now.slow_seconds) > 0
	then
		return 'invalid';
	end if;
	insert into private.session_participation_settings as p
	select v_now.*
	on conflict (session_id) do update
	set approve_first = excluded.approve_first, takes_questions = excluded.takes_questions,
		takes_hands = excluded.takes_hands, chat = excluded.chat, slow_seconds = excluded.slow_seconds
	where p <> excluded;
	if found then
		perform private.notify_participation(private.open_run_of(session), 'settings', null, true);
		perform private.publish_event('meeting:' || runs.id, 'room')
		from public.runs
		where runs.session_id = session and runs.state <> 'ended' and runs.stage_format = 'meeting';
	end if;
	return 'ok';
exception when invalid_text_representation or numeric_value_out_of_range then return 'invalid';
end
$$;
grant execute on function public.save_participation_settings(uuid, jsonb) to authenticated;

-- The settings as every viewer of the run may read them.
create function private.settings_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('takes_questions', p.takes_questions, 'approve_first', p.approve_first,
		'takes_hands', p.takes_hands, 'chat', p.chat, 'slow_seconds', p.slow_seconds)
	from public.runs, private.participation_settings_of(runs.session_id) as p
	where runs.id = p_run
$$;
grant execute on function private.settings_event(uuid, uuid) to app_server;

-- Saves an owner's defaults for sessions without other settings. Answers ok | invalid | not_found.
create function public.save_participation_defaults(summit uuid, approve_first boolean, chat text, slow_seconds integer)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_found'; end if;
	if approve_first is null
		or coalesce(chat, '') not in ('off', 'open', 'slow', 'people')
		or coalesce(slow_seconds, 0) not between 5 and 600
	then
		return 'invalid';
	end if;
	insert into private.participation_defaults as d
	values (summit, approve_first, chat, slow_seconds)
	on conflict (summit_id) do update
	set approve_first = excluded.approve_first, chat = excluded.chat, slow_seconds = excluded.slow_seconds;
	return 'ok';
end
$$;
grant execute on function public.save_participation_defaults(uuid, boolean, text, integer) to authenticated;

-- {approve_first, chat, slow_seconds} for owners and stage organisers; null for others.
create function public.read_participation_defaults(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('approve_first', coalesce(d.approve_first, true), 'chat', coalesce(d.chat, 'open'),
		'slow_seconds', coalesce(d.slow_seconds, 15))
	from (select) as one
	left join private.participation_defaults as d on d.summit_id = summit
	where private.has_role(summit, 'owner', 'stage')
$$;
grant execute on function public.read_participation_defaults(uuid) to authenticated;
