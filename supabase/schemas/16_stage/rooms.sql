-- Runs and their LiveKit rooms: who runs a stage, under which secret name, and who was connected.

create trigger audit_record_insert after insert on private.run_participants for each row
	when (new.role <> 'viewer') execute function audit.record('person_id');

create trigger audit_record_update after update on private.run_participants for each row
	when (old.role <> 'viewer' or new.role <> 'viewer') execute function audit.record('person_id');

create trigger audit_record_delete after delete on private.run_participants for each row
	when (old.role <> 'viewer') execute function audit.record('person_id');

-- What somebody is in a session's run, from their part in the session and their organiser's role at this moment.
create function private.stage_role_of(p_person uuid, p_session uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select coalesce(min(role), 'viewer') from (
		select (case sp.role when 'chair' then 'host' when 'moderator' then 'host' when 'respondent' then 'speaker'
			else sp.role::text end)::public.stage_role as role
		from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		union all
		select 'host' from private.run_hosts as h join public.runs on runs.id = h.run_id and runs.state <> 'ended'
		join public.session_people as sp on sp.session_id = p_session and sp.person_id = p_person
			and sp.state <> 'declined' and sp.role in ('speaker', 'respondent')
		where runs.session_id = p_session and h.person_id = p_person
		union all
		select 'manager' from public.role_grants as g, public.sessions as s
		where s.id = p_session and g.person_id = p_person and g.ended_at is null
			and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')) as held
$$;

--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- As what somebody comes on stage: host or speaker of the session, a promoted delegate as a speaker; null: not at all.
create function private.comes_on(p_run uuid, p_person uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select case when role in ('host', 'speaker')
		then case when private.guardian_lets(p_person, runs.session_id, 'part') then role end
		when exists (select from private.run_participants as p
			where p.run_id = runs.id and p.person_id = p_person and p.is_promoted)
			and private.guardian_lets(p_person, runs.session_id, 'stage') then 'speaker' end
	from public.runs cross join lateral private.stage_role_of(p_person, runs.session_id) as role
	where runs.id = p_run
$$;

-- Hosts of the session and stage organisers run it. Nobody runs what they cannot see, or from where they are barred.
create function private.may_run(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.can_see(p_person, p_session)
		and (private.stage_role_of(p_person, p_session) = 'host'
			or exists (select from public.role_grants as g, public.sessions as s
				where s.id = p_session and g.person_id = p_person and g.ended_at is null
					and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')))
		and not private.is_kept_out(p_person, p_session)
$$;

-- The secret name of a run's open LiveKit room, given a new one when there is none.
create function private.open_room(p_run uuid, p_purpose text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
begin
	loop
		select name into v_name from private.run_rooms
			where run_id = p_run and purpose = p_purpose and closed_at is null;
		exit when found;
		insert into private.run_rooms (run_id, purpose)
		select id, p_purpose from public.runs where id = p_run and state <> 'ended'
		on conflict (run_id, purpose) where closed_at is null do nothing;
		exit when not found and not exists (select from private.run_rooms
			where run_id = p_run and purpose = p_purpose and closed_at is null);
	end loop;
	return v_name;
end
$$;

-- After a bar or a raised level: whoever kept a token for the old rooms finds nobody there.
create function private.move_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	select session_id into v_session from public.runs where id = p_run and state <> 'ended' for update;
	if not found then return; end if;
	update private.run_rooms set closed_at = now() where run_id = p_run and closed_at is null;
	perform private.open_room(p_run, 'stage'), private.open_room(p_run, 'green_room');
	perform private.tell('session:' || v_session, 'run', p_run);
end
$$;

-- A level that was raised, lowered and is raised once more in one run takes effect each time: the run, which is never
-- lowered, moves again, and what was written by name in between names nobody.
create function private.raise_again() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Those of a lower level are raised, and moved, by the trigger after this one.
	for v_run in select runs.id from public.runs
		where runs.session_id = new.id and runs.state <> 'ended' and runs.level >= new.level order by runs.id loop
		if new.level in ('chatham_house', 'closed') then
			update private.messages as x set author = private.asker_hash(x.session_id, x.person_id), person_id = null
				where x.run_id = v_run and x.person_id is not null;
			delete from private.hands as h where h.run_id = v_run and h.state not in ('waiting', 'called');
			delete from private.floor_consents as f where f.run_id = v_run;
		end if;
		perform private.move_run(v_run);
	end loop;
	return null;
end
$$;

create trigger raise_again after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_again();

-- A session that is moved to another room while its stage waits begins in the room where the agenda has it now. One
-- that a stage organiser opened elsewhere stays there, and so does what is live.

create function private.move_waiting_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update public.runs set room_id = moved.room_id
	from (select waiting.id, (select slot.room_id from private.slot_at(waiting.session_id) as slot) as room_id
		from public.runs as waiting join placed on placed.session_id = waiting.session_id
		join public.releases as r on r.id = placed.release_id and r.id = private.newest_release(waiting.summit_id)
		where waiting.state = 'waiting'
			and exists (select from public.release_slots as was
				where was.session_id = waiting.session_id and was.room_id = waiting.room_id and not was.is_cancelled
				and was.release_id = (select before.id from public.releases as before
					where before.summit_id = waiting.summit_id and before.number < r.number order by before.number desc
					limit 1))
		group by waiting.id, waiting.session_id, waiting.room_id
		having not bool_or(placed.room_id = waiting.room_id and not placed.is_cancelled)) as moved
	where runs.id = moved.id and runs.state = 'waiting' and moved.room_id is not null;
	return null;
end
$$;

create trigger move_waiting_runs after insert on public.release_slots referencing new table as placed
	for each statement execute function private.move_waiting_runs();
