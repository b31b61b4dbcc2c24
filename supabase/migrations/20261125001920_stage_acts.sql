-- The acts of hosts, speakers and stage organisers: open, start, pause, end, bring on stage, bar.

-- Where a session stands at a moment: the room and time of the slot that is on, or else the next, or else the last.
create function private.slot_at(p_session uuid, p_now timestamptz default now()) returns table (room_id uuid, during tstzrange)
language sql stable security definer set search_path = '' as $$
	with placed as (
		select rs.room_id, rs.during from public.release_slots as rs
		where rs.session_id = p_session and not rs.is_cancelled
			and rs.release_id = (select private.newest_release(s.summit_id) from public.sessions as s where s.id = p_session)
	), draft as (
		select sr.room_id, slots.during from public.slots join public.slot_rooms as sr on sr.slot_id = slots.id
		where slots.session_id = p_session and not exists (select from placed)
	)
	select each.room_id, each.during
	from (select * from placed union all select * from draft) as each join public.rooms on rooms.id = each.room_id
	order by upper(each.during) <= p_now, case when upper(each.during) <= p_now then p_now - upper(each.during) else lower(each.during) - p_now end,
		rooms.kind, rooms.position, rooms.slug
	limit 1
$$;

-- When speakers may come into the green room by themselves: three hours before until two hours after.
create function private.is_near(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select now() between lower(during) - interval '3 hours' and upper(during) + interval '2 hours' from private.slot_at(p_session)), false)
$$;

-- Opens the stage of a session, or finds the one that is open. Answers {status: ok | not_found | cancelled | too_early | no_room, run}.
create function public.open_run(session uuid, room uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_session public.sessions;
	v_run uuid;
	v_room uuid := open_run.room;
begin
	if v_me is null or not private.can_see(v_me, session) then return jsonb_build_object('status', 'not_found'); end if;
	select * into v_session from public.sessions where id = session for no key update;
	if not private.may_run(v_me, session) then
		if private.stage_role_of(v_me, session) = 'viewer' or private.entry_of(v_me, session, 'stream') <> 'ok' then
			return jsonb_build_object('status', 'not_found');
		end if;
	end if;
	-- Another room than the agenda's is for whoever answers for all stages.
	if not private.has_role(v_session.summit_id, 'stage') then
		v_room := null;
	end if;
	select id into v_run from public.runs where runs.session_id = session and state <> 'ended';
	if found then return jsonb_build_object('status', 'ok', 'run', v_run); end if;
	if v_session.state = 'cancelled' or v_session.is_break then return jsonb_build_object('status', 'cancelled'); end if;
	-- Hosts and speakers open the stage near its time; a stage organiser whenever it is needed.
	if not private.has_role(v_session.summit_id, 'stage') and not private.is_near(session) then
		return jsonb_build_object('status', 'too_early');
	end if;
	v_room := coalesce((select id from public.rooms where id = v_room and summit_id = v_session.summit_id), (select room_id from private.slot_at(session)));
	if v_room is null then return jsonb_build_object('status', 'no_room'); end if;
	insert into public.runs (session_id, summit_id, room_id, level)
	values (session, v_session.summit_id, v_room, private.level_in_force(session)) returning id into v_run;
	return jsonb_build_object('status', 'ok', 'run', v_run);
end
$$;

-- waiting → live ⇄ paused → ended; waiting → ended. Answers ok, already, not_found, not_possible, room_busy.
create function public.set_run_state(run uuid, state public.run_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if v_run.state = set_run_state.state then return 'already'; end if;
	if (v_run.state, set_run_state.state) not in (('waiting', 'live'), ('waiting', 'ended'), ('live', 'paused'), ('live', 'ended'), ('paused', 'live'), ('paused', 'ended')) then
		return 'not_possible';
	end if;
	update public.runs set state = set_run_state.state, started_at = coalesce(started_at, case when set_run_state.state = 'live' then now() end),
		ended_at = case when set_run_state.state = 'ended' then now() end
	where id = run;
	return 'ok';
exception when unique_violation then
	return 'room_busy';
end
$$;

-- The row of somebody in a run, with their role of this moment.
create function private.stage_participant(p_run uuid, p_person uuid) returns private.run_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_role public.stage_role := private.stage_role_of(p_person, (select session_id from public.runs where id = p_run));
	v_row private.run_participants;
begin
	loop
		select * into v_row from private.run_participants where run_id = p_run and person_id = p_person;
		if found and v_row.role = v_role then return v_row; end if;
		if found then
			update private.run_participants set role = v_role where id = v_row.id;
		else
			insert into private.run_participants (run_id, person_id, role) values (p_run, p_person, v_role) on conflict (run_id, person_id) do nothing;
			-- The others in the green room learn by which identity LiveKit knows them.
			if v_role <> 'viewer' then
				perform private.tell('session:' || (select session_id from public.runs where id = p_run), 'stage', p_run);
			end if;
		end if;
	end loop;
end
$$;

-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or a host or stage organiser does.
-- Answers ok, already, not_found, not_a_speaker, kept_off (only a host brings back whom a host took off), ended.
create function public.set_on_stage(run uuid, person text, on_stage boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_person uuid;
	v_row private.run_participants;
	v_runs_it boolean;
	v_kept_off boolean;
begin
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if on_stage and (private.comes_on(run, v_person) is null
		or private.entry_of(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage and not exists (select from private.run_participants where run_id = run and person_id = v_person) then return 'already'; end if;
	perform private.stage_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage, may_microphone = on_stage, may_screen = on_stage,
		is_kept_off = v_kept_off
	where id = v_row.id;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- Bars somebody from a session, or lets them in again. Hosts bar from their session; nobody bars themselves or a stage or
-- safeguarding organiser. Answers ok, already, not_found, not_allowed.
create function public.bar_from_session(session uuid, person text, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid;
	v_person uuid;
begin
	if not private.may_run(v_me, session) and not (private.can_see(v_me, session)
		and private.has_role((select summit_id from public.sessions where id = session), 'safeguarding')) then
		return 'not_found';
	end if;
	select summit_id into v_summit from public.sessions where id = session;
	select people.id into v_person from public.people where people.code = bar_from_session.person
		and (exists (select from public.session_people as sp where sp.session_id = session and sp.person_id = people.id)
			or exists (select from private.run_participants as p join public.runs on runs.id = p.run_id where runs.session_id = session and p.person_id = people.id));
	if v_person is null then return 'not_found'; end if;
	if v_person = v_me or exists (select from public.role_grants as g where g.person_id = v_person and g.ended_at is null
		and (g.summit_id is null or g.summit_id = v_summit) and g.role in ('stage', 'safeguarding', 'owner')) then
		return 'not_allowed';
	end if;
	if barred then
		insert into private.entry_bars (summit_id, person_id, session_id, created_by) values (v_summit, v_person, session, v_me) on conflict do nothing;
	else
		delete from private.entry_bars where summit_id = v_summit and person_id = v_person and session_id = session;
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;

grant execute on function public.open_run(uuid, uuid), public.set_run_state(uuid, public.run_state), public.set_on_stage(uuid, text, boolean),
	public.bar_from_session(uuid, text, boolean) to authenticated;
