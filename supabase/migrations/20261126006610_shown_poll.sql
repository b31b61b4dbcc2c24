-- A poll, or its result, shown to hall and home: large on every stage page and on the room's screen, until it is taken off again.

alter table private.run_stagings add column poll_id uuid references private.polls (id) on delete set null;
create index on private.run_stagings (poll_id);

-- The poll that is shown in a run, while it is no draft.
create or replace function private.shown_poll(p_run uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select x.id from private.run_stagings as st join private.polls as x on x.id = st.poll_id and x.state <> 'draft' where st.run_id = p_run
$$;

-- Shows a poll of the run's session, or (null) none. Hosts and stage organisers do. Answers ok, already, not_found.
create function public.show_poll(run uuid, poll uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null or poll is not null and not exists (select from private.polls as x where x.id = poll and x.session_id = v_run.session_id and x.state <> 'draft') then
		return 'not_found';
	end if;
	perform private.staging_of(run);
	update private.run_stagings as s set poll_id = poll where s.run_id = run and s.poll_id is distinct from poll;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('desk:' || run, 'poll', poll);
	return 'ok';
end
$$;
grant execute on function public.show_poll(uuid, uuid) to authenticated;

create or replace function private.take_poll_off(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.run_stagings as st set poll_id = null where st.run_id = p_run and st.poll_id is not null;
	if not found then return; end if;
	perform private.tell('session:' || runs.session_id, 'stage', runs.id) from public.runs where runs.id = p_run;
	perform private.tell('desk:' || p_run, 'poll');
end
$$;
