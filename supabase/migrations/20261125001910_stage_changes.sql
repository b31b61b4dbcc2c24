-- What a change sets in motion on stage: an end, a raised level, a bar, somebody added to or taken out of a session.

-- The presence of one participant, as the periods of their connections; a gap under a minute is a reconnection. Nothing is
-- written while the level names nobody.
create function private.write_presence(p_participant uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
	v_run public.runs;
begin
	select * into v_participant from private.run_participants where id = p_participant for update;
	select * into v_run from public.runs where id = v_participant.run_id;
	if v_run.id is null or private.level_in_force(v_run.session_id) in ('chatham_house', 'closed') or v_run.level in ('chatham_house', 'closed') then
		return;
	end if;
	delete from public.presence where run_id = v_run.id and person_id = v_participant.person_id and kind = 'stream';
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at, source)
	select v_run.summit_id, v_participant.person_id, v_run.session_id, v_run.id, 'stream', lower(period),
		case when not upper_inf(period) then upper(period) - interval '1 minute' end, 'livekit'
	from (select unnest(range_agg(tstzrange(joined_at, left_at + interval '1 minute'))) as period
		from private.run_connections where participant_id = p_participant) as periods;
end
$$;

create function private.seal_presence(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	with named as (delete from public.presence where session_id = p_session returning *)
	insert into private.sealed_presence (id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
	select id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source from named
$$;

-- The end of a run: its rooms are closed, nobody is on stage, every connection is over; who watched a confidential session is forgotten.
create function private.end_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_participant uuid;
begin
	update private.run_rooms set closed_at = now() where run_id = new.id and closed_at is null;
	update private.run_participants set is_on_stage = false, is_promoted = false where run_id = new.id and (is_on_stage or is_promoted);
	if new.level in ('chatham_house', 'closed') then
		delete from private.run_participants where run_id = new.id and role = 'viewer';
	end if;
	for v_participant in
		update private.run_connections set left_at = greatest(now(), joined_at) where run_id = new.id and left_at is null returning participant_id
	loop
		perform private.write_presence(v_participant);
	end loop;
	-- What was being written at the very moment of the raise.
	if new.level in ('chatham_house', 'closed') then
		perform private.seal_presence(new.session_id);
	end if;
	return null;
end
$$;
create trigger end_run after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.end_run();

-- News of a run; the Summit's topic carries only what every reader may know.
create function private.tell_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('session:' || new.session_id, 'run', new.id);
	if private.level_in_force(new.session_id) <> 'closed' then
		perform private.tell('summit:' || new.summit_id, 'run');
	end if;
	if private.level_in_force(new.session_id) = 'public' then
		perform private.tell('site', 'changed');
	end if;
	return null;
end
$$;
create trigger tell_run after insert or update of state, level, room_id on public.runs for each row execute function private.tell_run();

-- A raised level moves the run at once, and seals who was there, in runs that are over too; a lowered one opens nothing.
create function private.raise_run_level() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run record;
begin
	for v_run in update public.runs set level = new.level where session_id = new.id and level < new.level returning id, state loop
		if v_run.state <> 'ended' then
			perform private.move_run(v_run.id);
		elsif new.level in ('chatham_house', 'closed') then
			delete from private.run_participants where run_id = v_run.id and role = 'viewer';
		end if;
	end loop;
	if new.level in ('chatham_house', 'closed') then
		perform private.seal_presence(new.id);
	end if;
	-- Whoever hears the session's news is asked again whether they may.
	perform private.tell('session:' || new.id, 'rights', new.id);
	return null;
end
$$;
create trigger raise_run_level after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_run_level();

-- A bar moves every open run of which the person may hold a token.
create function private.move_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	for v_run in
		update private.run_participants as p set barred_at = now(), is_on_stage = false, is_promoted = false
		from public.runs
		where runs.id = p.run_id and runs.state <> 'ended' and runs.summit_id = new.summit_id
			and p.person_id = new.person_id and (new.session_id is null or runs.session_id = new.session_id)
		returning p.run_id
	loop
		perform private.move_run(v_run);
	end loop;
	perform private.tell('person:' || new.person_id, 'rights');
	return null;
end
$$;
create trigger move_barred_runs after insert on private.entry_bars for each row execute function private.move_barred_runs();

-- Whoever is added to or taken out of a session is looked at now, not at the next round.
create function private.tell_entry_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid := (coalesce(to_jsonb(new), to_jsonb(old)) ->> case when tg_table_name = 'sessions' then 'id' else 'session_id' end)::uuid;
	v_person uuid := (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'person_id')::uuid;
	v_run uuid;
begin
	if tg_op = 'DELETE' then
		perform private.tell('session:' || v_session, 'rights', v_session);
	end if;
	select id into v_run from public.runs where session_id = v_session and state <> 'ended';
	if v_run is not null then
		perform private.tell('session:' || v_session, 'stage', v_run);
	end if;
	if v_run is not null and v_person is not null then
		perform private.tell('person:' || v_person, 'part', v_run);
	end if;
	return null;
end
$$;
create trigger tell_entry_change after insert or update or delete on public.session_people for each row execute function private.tell_entry_change();
create trigger tell_entry_change after insert or update or delete on public.session_audiences for each row execute function private.tell_entry_change();
create trigger tell_entry_change after update of audience, attendance, level on public.sessions for each row execute function private.tell_entry_change();
