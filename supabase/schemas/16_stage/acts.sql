-- The acts of hosts, speakers and stage organisers: open, start, pause, end, bring on stage, bar.

-- Where a session stands at a moment: the room and time of the slot that is on, or else the next, or else the last.
create function private.slot_at(p_session uuid, p_now timestamptz default now())
	returns table (room_id uuid, during tstzrange)
language sql stable security definer set search_path = '' as $$
	with placed as (
		select rs.room_id, rs.during from public.release_slots as rs
		where rs.session_id = p_session and not rs.is_cancelled
			and rs.release_id = (select private.newest_release(s.summit_id) from public.sessions as s
				where s.id = p_session)
	), draft as (
		select sr.room_id, slots.during from public.slots join public.slot_rooms as sr on sr.slot_id = slots.id
		where slots.session_id = p_session and not exists (select from placed)
	)
	select each.room_id, each.during
	from (select * from placed union all select * from draft) as each join public.rooms on rooms.id = each.room_id
	order by upper(each.during) <= p_now,
		case when upper(each.during) <= p_now then p_now - upper(each.during) else lower(each.during) - p_now end,
		rooms.kind, rooms.position, rooms.slug
	limit 1
$$;

-- When speakers may come into the green room by themselves: three hours before until two hours after.
create function private.is_near(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select now() between lower(during) - interval '3 hours' and upper(during) + interval '2 hours'
		from private.slot_at(p_session)), false)
$$;

-- Opens the stage of a session, or finds the one that is open. Answers {status: ok | not_found | cancelled | too_early
-- | no_room, run}.
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
	if v_session.state = 'cancelled' or v_session.is_break then
		return jsonb_build_object('status', 'cancelled');
	end if;
	-- Hosts and speakers open the stage near its time; a stage organiser whenever it is needed.
	if not private.has_role(v_session.summit_id, 'stage') and not private.is_near(session) then
		return jsonb_build_object('status', 'too_early');
	end if;
	v_room := coalesce((select id from public.rooms where id = v_room and summit_id = v_session.summit_id),
		(select room_id from private.slot_at(session)));
	if v_room is null then return jsonb_build_object('status', 'no_room'); end if;
	insert into public.runs (session_id, summit_id, room_id, level)
	values (session, v_session.summit_id, v_room, private.level_in_force(session)) returning id into v_run;
	return jsonb_build_object('status', 'ok', 'run', v_run);
end
$$;
grant execute on function public.open_run(uuid, uuid) to authenticated;

-- waiting → live ⇄ paused → ended; waiting → ended. Answers ok, already, not_found, not_possible, room_busy.
create function public.set_run_state(run uuid, state public.run_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if v_run.state = set_run_state.state then return 'already'; end if;
	if (v_run.state, set_run_state.state) not in (('waiting', 'live'), ('waiting', 'ended'), ('live', 'paused'),
		('live', 'ended'), ('paused', 'live'), ('paused', 'ended')) then
		return 'not_possible';
	end if;
	update public.runs set state = set_run_state.state,
		started_at = coalesce(started_at, case when set_run_state.state = 'live' then now() end),
		ended_at = case when set_run_state.state = 'ended' then now() end
	where id = run;
	return 'ok';
exception when unique_violation then
	return 'room_busy';
end
$$;
grant execute on function public.set_run_state(uuid, public.run_state) to authenticated;

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
			insert into private.run_participants (run_id, person_id, role) values (p_run, p_person, v_role)
				on conflict (run_id, person_id) do nothing;
			-- The others in the green room learn by which identity LiveKit knows them.
			if v_role <> 'viewer' then
				perform private.tell('session:'
					|| (select session_id from public.runs where id = p_run), 'stage', p_run);
			end if;
		end if;
	end loop;
end
$$;

--[was in silence_kept] Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or a host or stage organiser does.
--[was in silence_kept] Answers ok, already, not_found, not_a_speaker, kept_off (only a host brings back whom a host took off), ended.
--[patch silence_kept] Whoever was silenced on stage stays silent until a host gives the microphone back, through leaving the stage and coming again too.
--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or a host or stage organiser does.
-- Answers ok, already, not_found, not_a_speaker, guardian (under 18, without the guardian's consent), kept_off (only a host brings back
-- whom a host took off), ended.
create function public.set_on_stage(run uuid, person text, on_stage boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_person uuid;
	v_row private.run_participants;
	v_runs_it boolean;
	v_kept_off boolean;
	v_silenced boolean;
begin
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if on_stage and private.stage_role_of(v_person, v_run.session_id) in ('host', 'speaker')
		and not private.guardian_lets(v_person, v_run.session_id, 'part') then
		return 'guardian';
	end if;
	if on_stage and (private.comes_on(run, v_person) is null
		or private.entry_of(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage
		and not exists (select from private.run_participants where run_id = run and person_id = v_person) then
		return 'already';
	end if;
	perform private.stage_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	-- Whoever runs the stage and brings somebody on gives the microphone, too.
	v_silenced := v_row.is_silenced and not (on_stage and v_runs_it);
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage, may_microphone = on_stage
		and not v_silenced, may_screen = on_stage,
		is_kept_off = v_kept_off, is_silenced = v_silenced
	where id = v_row.id;
	-- Whoever is on stage waits in no queue: called from it, they would have a delegate's rights alone.
	if on_stage then
		update private.hands as h set state = 'lowered'
			where h.run_id = run and h.person_id = v_person and h.state = 'waiting';
		if found then perform private.tell_participation(run, 'hands', null, true); end if;
	end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.set_on_stage(uuid, text, boolean) to authenticated;

--[was in stage_acts] Bars somebody from a session, or lets them in again. Hosts bar from their session; nobody bars themselves or a stage or
--[was in stage_acts] safeguarding organiser. Answers ok, already, not_found, not_allowed.
--[patch barred_authors] Whoever wrote a message is barred by it: a host may know them from the chat alone. Where nobody is named, nothing that follows says who it
--[patch barred_authors] was, or even whether somebody was barred.
-- Bars somebody from a session, or lets them in again. Hosts bar from their session; nobody bars themselves or a stage or
-- safeguarding organiser, and a chair is barred by such an organiser alone. What a safeguarding lead has barred, no host lets in again.
-- Answers ok, already, not_found, not_allowed.
create function public.bar_from_session(session uuid, person text, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_person uuid;
begin
	if not private.may_run(v_me, session) and not (private.can_see(v_me, session)
		and private.has_role((select s.summit_id from public.sessions as s where s.id = session), 'safeguarding'))
			then return 'not_found'; end if;
	select people.id into v_person from public.people where people.code = bar_from_session.person
		and (exists (select from public.session_people as sp where sp.session_id = session and sp.person_id = people.id)
			or exists (select from private.run_participants as p join public.runs on runs.id = p.run_id
				where runs.session_id = session and p.person_id = people.id)
			or not barred and exists (select from private.entry_bars as b
				where b.session_id = session and b.person_id = people.id));
	if v_person is null then return 'not_found'; end if;
	return private.bar_person(session, v_person, barred);
end
$$;
grant execute on function public.bar_from_session(uuid, text, boolean) to authenticated;

-- Rule 9: calling a delegate to the stage, silencing them and taking them off are staff writes. Where nobody is named
-- the entry does not say who it was.

create trigger audit_record_called after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted)
		and not private.is_nameless(new.run_id))
	execute function audit.record('person_id');

create trigger audit_record_called_nameless after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted)
		and private.is_nameless(new.run_id))
	execute function audit.record('', 'person_id');

-- What many do on a stage at once takes rows in one order: the session, its runs, places on stage, hands, and what is
-- beside the picture. In another order two acts wait for each other, and one of them (a bar, a raised level, a vote) is
-- thrown away.

-- A level that is raised holds the runs before what was made in them.
create function private.hold_raised_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from public.runs where runs.session_id = new.id order by runs.id for no key update;
	return new;
end
$$;

create trigger hold_raised_runs before update of level on public.sessions for each row
	when (new.level > old.level) execute function private.hold_raised_runs();

-- A bar comes after every pass that is being given at this moment, and holds the runs before places and hands in them.
create function private.hold_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
	perform from public.runs where runs.state <> 'ended' and runs.summit_id = new.summit_id
		and (new.session_id is null or runs.session_id = new.session_id)
		and (exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = new.person_id)
			or exists (select from private.hands as h
				where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
	order by runs.id for update;
	return new;
end
$$;

create trigger hold_barred_runs before insert on private.entry_bars for each row
	execute function private.hold_barred_runs();
