-- What a change sets in motion on stage: an end, a raised level, a bar, somebody added to or taken out of a session.

-- The presence of one participant, as the periods of their connections; a gap under a minute is a reconnection. Nothing
-- is written while the level names nobody.
create function private.write_presence(p_participant uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
	v_run public.runs;
begin
	select * into v_participant from private.run_participants where id = p_participant for update;
	select * into v_run from public.runs where id = v_participant.run_id;
	if v_run.id is null or private.level_in_force(v_run.session_id) in ('chatham_house', 'closed')
		or v_run.level in ('chatham_house', 'closed') then
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
	insert into private.sealed_presence (id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at,
		left_at, source)
	select id, summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source from named
$$;

-- The end of a run: its rooms are closed, nobody is on stage, every connection is over; who watched a confidential
-- session is forgotten.
create function private.end_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_participant uuid;
begin
	update private.run_rooms set closed_at = now() where run_id = new.id and closed_at is null;
	update private.run_participants set is_on_stage = false, is_promoted = false
		where run_id = new.id and (is_on_stage or is_promoted);
	if new.level in ('chatham_house', 'closed') then
		delete from private.run_participants where run_id = new.id and role = 'viewer';
	end if;
	for v_participant in
		update private.run_connections set left_at = greatest(now(), joined_at)
			where run_id = new.id and left_at is null returning participant_id
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

--[was in stage_changes] News of a run; the Summit's topic carries only what every reader may know.
--[patch registered_news] Rule 5, timing included: that a session for those registered has begun or is over is news for them alone. It goes on a topic of its own,
--[patch registered_news] which whoever may hears along with the Summit's.
-- News of a run: to who sees its session, and on the topic of all who see sessions of its level, with the room in which it is or was: a page of
-- another room need not look. What was public until now is gone for all.
create function private.tell_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_level public.confidentiality := private.level_in_force(new.session_id);
	v_rooms uuid[] := array[new.room_id]
		|| case when tg_op = 'UPDATE' and old.room_id <> new.room_id then array[old.room_id] else '{}' end;
begin
	perform private.tell('session:' || new.session_id, 'run', new.id);
	if v_level = 'public' or tg_op = 'UPDATE' and old.level = 'public' and new.level <> 'public' then
		perform private.tell('summit:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
		perform private.tell('site', 'changed');
	end if;
	if v_level in ('members', 'chatham_house') then
		perform private.tell('registered:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
	end if;
	return null;
end
$$;

create trigger tell_run after insert or update of state, level, room_id on public.runs for each row
	execute function private.tell_run();

-- A raised level moves the run at once, and seals who was there, in runs that are over too; a lowered one opens
-- nothing.
create function private.raise_run_level() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run record;
begin
	for v_run in update public.runs set level = new.level where session_id = new.id and level < new.level
		returning id, state loop
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

--[patch passes_and_bars] A pass that is asked for at the very moment of a bar or of a raised level: it is for a room that is closed by it, or there is none.
-- A bar moves every open run of which the person may hold a token.
create function private.move_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- After every pass that they are being given at this moment, and before the next.
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
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

create trigger move_barred_runs after insert on private.entry_bars for each row
	execute function private.move_barred_runs();

-- Whoever is added to or taken out of a session is looked at now, not at the next round.
create function private.tell_entry_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_session uuid := (coalesce(to_jsonb(new), to_jsonb(old)) ->> case when tg_table_name = 'sessions' then 'id'
		else 'session_id' end)::uuid;
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

create trigger tell_entry_change after insert or update or delete on public.session_people for each row
	execute function private.tell_entry_change();
create trigger tell_entry_change after insert or update or delete on public.session_audiences for each row
	execute function private.tell_entry_change();
create trigger tell_entry_change after update of audience, attendance, level on public.sessions for each row
	execute function private.tell_entry_change();

-- A session that is cancelled has no stage: what is open for it ends at once, and no clock starts it.

create function private.end_cancelled_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- Whoever comes at this moment is there before the end, or not at all.
	perform from public.runs where runs.session_id = new.id and runs.state <> 'ended' for update;
	update public.runs set state = 'ended', ended_at = now() where runs.session_id = new.id and runs.state <> 'ended';
	return null;
end
$$;

create trigger end_cancelled_run after update of state on public.sessions for each row
	when (new.state = 'cancelled' and old.state <> 'cancelled') execute function private.end_cancelled_run();

-- Whoever takes part in the Summit no more, and may not follow a session without, is off its stage and out of its
-- queue: registered again they are called again, and do not stand on the stage of before.

create function private.leave_stages() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	for v_run in select runs.* from public.runs where runs.summit_id = new.summit_id and runs.state <> 'ended'
		and (exists (select from private.run_participants as p
			where p.run_id = runs.id and p.person_id = new.person_id and p.is_on_stage)
			or exists (select from private.hands as h
				where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
		and private.entry_of(new.person_id, runs.session_id, 'stream') <> 'ok' order by runs.id for share
	loop
		update private.run_participants as p
			set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
		where p.run_id = v_run.id and p.person_id = new.person_id and p.is_on_stage;
		update private.hands as h set state = 'lowered'
			where h.run_id = v_run.id and h.person_id = new.person_id and h.state = 'waiting';
		perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
		perform private.tell_participation(v_run.id, 'hands', null, true);
	end loop;
	return null;
end
$$;

create trigger leave_stages after update of state on public.registrations for each row
	when (old.state = 'confirmed' and new.state <> 'confirmed') execute function private.leave_stages();
