-- What a run shows large: its layout, one person in the spotlight, or a poll.

-- The row with the staging of a run that has not ended, locked; made when there is none. Holds the run first.
create function private.lock_stage_settings(p_run uuid) returns private.run_stage_settings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_staging private.run_stage_settings;
begin
	insert into private.run_stage_settings (run_id, summit_id)
	select run.id, run.summit_id from private.hold_open_run(p_run) as run where run.id is not null
	on conflict (run_id) do nothing;
	select * into v_staging from private.run_stage_settings where run_id = p_run for update;
	return v_staging;
end
$$;

-- Sets the layout. Answers ok, already, not_found.
create function public.set_stage_layout(run uuid, layout public.stage_layout) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	update private.run_stage_settings as s set layout = set_stage_layout.layout
	where s.run_id = run and s.layout <> set_stage_layout.layout;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_stage_layout(uuid, public.stage_layout) to authenticated;

-- Shows one person on stage large, or (no code) the person who speaks. Answers ok, already, not_found.
create function public.set_spotlight(run uuid, person text default null) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
	v_shown uuid;
begin
	if v_run.id is null then return 'not_found'; end if;
	if person is not null then
		select s.participant_id into v_shown
		from private.on_stage(run) as s
		join public.people on people.id = s.person_id
		where people.code = person;
		if not found then return 'not_found'; end if;
	end if;
	perform private.lock_stage_settings(run);
	update private.run_stage_settings as s set spotlight_id = v_shown
	where s.run_id = run and s.spotlight_id is distinct from v_shown;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_spotlight(uuid, text) to authenticated;

-- The poll that a run shows, unless it has become a draft again.
create function private.shown_poll(p_run uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select x.id
	from private.run_stage_settings as st
	join private.polls as x on x.id = st.poll_id and x.state <> 'draft'
	where st.run_id = p_run
$$;

-- Shows a poll of the run's session, or its result, in the hall and on every stage page until it is taken off; (null)
-- shows none. The staging is locked before the poll (lock order: 16_stage/runs.sql). Answers ok, already, not_found.
create function public.show_poll(run uuid, poll uuid default null) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	if poll is not null then
		-- The lock keeps the poll from being deleted before it is shown.
		perform from private.polls as x
		where x.id = poll and x.session_id = v_run.session_id and x.state <> 'draft'
		for key share;
		if not found then return 'not_found'; end if;
	end if;
	update private.run_stage_settings as s set poll_id = poll where s.run_id = run and s.poll_id is distinct from poll;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	perform private.publish_event('desk:' || run, 'poll', poll);
	return 'ok';
end
$$;
grant execute on function public.show_poll(uuid, uuid) to authenticated;

-- Takes a poll off that covers the slides: somebody who shows or turns slides wants them seen.
create function private.hide_poll(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.run_stage_settings as st set poll_id = null where st.run_id = p_run and st.poll_id is not null;
	if not found then return; end if;
	perform private.publish_event('session:' || runs.session_id, 'stage', runs.id) from public.runs
		where runs.id = p_run;
	perform private.publish_event('desk:' || p_run, 'poll');
end
$$;
