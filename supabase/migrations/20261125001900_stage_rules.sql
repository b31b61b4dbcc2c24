-- The stage in force: who opens, starts and ends a run, who is on stage, what LiveKit must allow, and presence from its webhooks.

-- Speakers get ready while the session before them is still on: a room has one run on air, and any number that wait.
drop index public.runs_one_current;
create unique index runs_one_on_air on public.runs (room_id) where state in ('live', 'paused');
create index on public.runs (room_id) where state <> 'ended';

-- When a room was last compared with LiveKit's, so that several processes share the work.
alter table private.run_rooms add column reconciled_at timestamptz not null default '-infinity';
create index on private.run_rooms (run_id);

-- Taken off by somebody else: may not come back by themselves.
alter table private.run_participants add column is_kept_off boolean not null default false;

-- Watching is no staff write, and the audit must not become the list of who watched a confidential session.
drop trigger audit_record on private.run_participants;
create trigger audit_record_insert after insert on private.run_participants for each row
	when (new.role <> 'viewer') execute function audit.record('person_id');
create trigger audit_record_update after update on private.run_participants for each row
	when (old.role <> 'viewer' or new.role <> 'viewer') execute function audit.record('person_id');
create trigger audit_record_delete after delete on private.run_participants for each row
	when (old.role <> 'viewer') execute function audit.record('person_id');

-- One connection to LiveKit, by LiveKit's own id of it. Presence is computed from these, so neither the order of the
-- webhooks nor their number matters.
create table private.run_connections (
	sid text primary key check (length(sid) <= 64),
	participant_id uuid not null references private.run_participants (id) on delete cascade,
	run_id uuid not null references public.runs (id) on delete cascade,
	joined_at timestamptz not null,
	seen_at timestamptz not null,
	left_at timestamptz
);
alter table private.run_connections enable row level security;
create index on private.run_connections (participant_id);
create index on private.run_connections (run_id) where left_at is null;

-- What somebody is in a session's run, from their part in the session and their organiser's role at this moment.
create function private.stage_role_of(p_person uuid, p_session uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select coalesce(min(role), 'viewer') from (
		select (case sp.role when 'chair' then 'host' when 'moderator' then 'host' when 'respondent' then 'speaker' else sp.role::text end)::public.stage_role as role
		from public.session_people as sp where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		union all
		select 'manager' from public.role_grants as g, public.sessions as s
		where s.id = p_session and g.person_id = p_person and g.ended_at is null
			and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')) as held
$$;

-- Hosts of the session and stage organisers run it. Nobody runs what they cannot see, or from where they are barred.
create function private.may_run(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.can_see(p_person, p_session)
		and (private.stage_role_of(p_person, p_session) = 'host'
			or exists (select from public.role_grants as g, public.sessions as s
				where s.id = p_session and g.person_id = p_person and g.ended_at is null
					and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')))
		and not exists (select from private.entry_bars as b, public.sessions as s
			where s.id = p_session and b.person_id = p_person and b.summit_id = s.summit_id and (b.session_id is null or b.session_id = p_session))
$$;

-- The secret name of a run's open LiveKit room, given a new one when there is none.
create function private.open_room(p_run uuid, p_purpose text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
begin
	loop
		select name into v_name from private.run_rooms where run_id = p_run and purpose = p_purpose and closed_at is null;
		exit when found;
		insert into private.run_rooms (run_id, purpose)
		select id, p_purpose from public.runs where id = p_run and state <> 'ended'
		on conflict (run_id, purpose) where closed_at is null do nothing;
		exit when not found and not exists (select from private.run_rooms where run_id = p_run and purpose = p_purpose and closed_at is null);
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
	update private.run_participants set is_on_stage = false where run_id = new.id and is_on_stage;
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
		update private.run_participants as p set barred_at = now(), is_on_stage = false
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
	v_run uuid;
begin
	if tg_op = 'DELETE' then
		perform private.tell('session:' || v_session, 'rights', v_session);
	end if;
	select id into v_run from public.runs where session_id = v_session and state <> 'ended';
	if v_run is not null then
		perform private.tell('session:' || v_session, 'stage', v_run);
	end if;
	return null;
end
$$;
create trigger tell_entry_change after insert or update or delete on public.session_people for each row execute function private.tell_entry_change();
create trigger tell_entry_change after insert or update or delete on public.session_audiences for each row execute function private.tell_entry_change();
create trigger tell_entry_change after update of audience, attendance, level on public.sessions for each row execute function private.tell_entry_change();

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
	if on_stage and (private.stage_role_of(v_person, v_run.session_id) not in ('host', 'speaker')
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

-- Who is on stage in a run and still belongs there.
create function private.on_stage(p_run uuid) returns table (participant_id uuid, person_id uuid, identity text, role public.stage_role)
language sql stable security definer set search_path = '' as $$
	select p.id, p.person_id, p.identity, live.role
	from private.run_participants as p
	join public.runs on runs.id = p.run_id
	cross join lateral (select private.stage_role_of(p.person_id, runs.session_id) as role) as live
	where p.run_id = p_run and p.is_on_stage and live.role in ('host', 'speaker') and private.entry_of(p.person_id, runs.session_id, 'stream') = 'ok'
$$;

-- The same under the names they are shown by.
create function private.named_on_stage(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('identity', s.identity, 'code', people.code, 'display_name', people.display_name, 'office', people.office,
		'affiliation', people.affiliation, 'country', people.country, 'role', s.role) order by s.role,
		(select min(position) from public.session_people as sp join public.runs on runs.session_id = sp.session_id where runs.id = p_run and sp.person_id = s.person_id),
		people.display_name), '[]')
	from private.on_stage(p_run) as s join public.people on people.id = s.person_id
$$;

-- A session as the stage shows it: the release's words, or the draft's for its own people.
create function private.stage_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'code', s.code, 'title', coalesce(rs.title, s.title), 'content_note', coalesce(rs.content_note, s.content_note),
		'level', private.level_in_force(s.id), 'spoken', coalesce(rs.spoken, s.spoken), 'interpreted', coalesce(rs.interpreted, s.interpreted),
		'is_recorded', coalesce(rs.is_recorded, true) and s.is_recorded, 'is_released', rs.session_id is not null,
		'start', private.iso(lower(slot.during)), 'end', private.iso(upper(slot.during)))
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)
	left join lateral private.slot_at(s.id) as slot on true
	where s.id = p_session
$$;

-- A room's current run, as far as this reader sees: on air before waiting, the earliest of those that wait.
create function private.current_run(p_person uuid, p_room uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id from public.runs
	where runs.room_id = p_room and runs.state <> 'ended' and private.can_see(p_person, runs.session_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)), runs.created_at
	limit 1
$$;

-- What is on air or about to be, per room: of what the reader sees.
create function public.on_now(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(runs.session_id), 'entry', private.entry_of(private.me(), runs.session_id, 'stream'),
		'run_id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) order by rooms.position, rooms.slug), '[]')
	from public.rooms join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and summit in (select private.readable_summits())
$$;

-- The next session of each room that has no run yet and begins within a day: of what the reader sees.
create function public.up_next(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with coming as (
		select distinct on (rs.room_id) rs.room_id, rs.session_id, rs.during
		from public.release_slots as rs
		join public.sessions as s on s.id = rs.session_id and not s.is_break and s.state <> 'cancelled' and s.attendance <> 'hall'
		where rs.release_id = private.newest_release(summit) and not rs.is_cancelled and summit in (select private.readable_summits())
			and upper(rs.during) > now() and lower(rs.during) < now() + interval '1 day'
			and rs.session_id in (select private.seen_sessions(private.me(), summit))
			and not exists (select from public.runs where runs.session_id = rs.session_id and (runs.state <> 'ended' or runs.started_at >= lower(rs.during) - interval '3 hours'))
		order by rs.room_id, rs.during
	)
	select coalesce(jsonb_agg(jsonb_build_object('room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(coming.session_id), 'start', private.iso(lower(coming.during)), 'end', private.iso(upper(coming.during)))
		order by lower(coming.during), rooms.position), '[]')
	from coming join public.rooms on rooms.id = coming.room_id
$$;

-- The people of a session as its hosts and stage organisers see them, with who is on stage.
create function private.stage_people(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation,
		'role', each.role, 'identity', rp.identity, 'is_on_stage', coalesce(rp.is_on_stage, false), 'is_kept_off', coalesce(rp.is_kept_off, false),
		'is_barred', exists (select from private.entry_bars as b where b.person_id = p.id and b.session_id = p_session)) order by each.role, each.position, p.display_name), '[]')
	from (select sp.person_id, private.stage_role_of(sp.person_id, p_session) as role, min(sp.position) as position
		from public.session_people as sp where sp.session_id = p_session and sp.state <> 'declined' group by sp.person_id) as each
	join public.people as p on p.id = each.person_id
	left join private.run_participants as rp on rp.run_id = p_run and rp.person_id = p.id
$$;

-- The stage of a room as the reader may see it; null for a room that does not exist.
create function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'run', case when runs.id is not null then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_of(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case when runs.id is not null then private.named_on_stage(runs.id) end,
		'me', (select jsonb_build_object('code', people.code, 'identity', p.identity, 'is_on_stage', coalesce(p.is_on_stage, false), 'is_kept_off', coalesce(p.is_kept_off, false))
			from public.people left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = private.me() and runs.id is not null),
		'people', case when private.may_run(private.me(), runs.session_id) then private.stage_people(runs.session_id, runs.id) end)
	from public.rooms left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;

-- The green room's page: for the people of the session and for those who run it; null for everyone else.
create function public.read_backstage(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('session', private.stage_session(s.id),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name) from public.rooms where rooms.id = coalesce(runs.room_id, (select room_id from private.slot_at(s.id)))),
		'run', case when runs.id is not null then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'role', mine.role, 'may_run', private.may_run(private.me(), s.id), 'is_near', private.is_near(s.id),
		'me', (select jsonb_build_object('code', people.code, 'identity', p.identity, 'is_on_stage', coalesce(p.is_on_stage, false), 'is_kept_off', coalesce(p.is_kept_off, false),
				'no_photographs', exists (select from private.protections as x where x.person_id = people.id and x.no_photographs)
					or exists (select from public.person_preferences as x where x.person_id = people.id and x.no_photographs))
			from public.people left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id where people.id = private.me()),
		'people', private.stage_people(s.id, runs.id))
	from public.sessions as s
	cross join lateral (select private.stage_role_of(private.me(), s.id) as role) as mine
	left join public.runs on runs.session_id = s.id and runs.state <> 'ended'
	where s.summit_id = summit and s.code = read_backstage.code and s.state <> 'cancelled' and private.can_see(private.me(), s.id)
		and mine.role <> 'viewer' and private.entry_of(private.me(), s.id, 'stream') = 'ok'
$$;

-- What LiveKit must allow one person in one of the run's rooms at this moment: the list of what they may publish, or null when
-- they may not be there. On the stage only who is on stage publishes, and only while it is live.
create function private.stage_rights(p_run public.runs, p_participant private.run_participants, p_purpose text) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.state = 'ended' or private.entry_of(p_participant.person_id, p_run.session_id, 'stream') <> 'ok' then null
		when p_purpose = 'green_room' then case when role = 'viewer' then null else array['camera', 'microphone'] end
		when p_run.state = 'live' and p_participant.is_on_stage and role in ('host', 'speaker') then array_remove(array[
			case when p_participant.may_camera then 'camera' end, case when p_participant.may_microphone then 'microphone' end,
			case when p_participant.may_screen then 'screen' end], null)
		else '{}' end
	from private.stage_role_of(p_participant.person_id, p_run.session_id) as role
$$;

-- What a token needs. {status: ok | none (no run that this reader sees) | the reason of can_enter | not_backstage, room, identity, publish[], state, run, session}.
-- A stranger on a public stream gets an identity from the app, and leaves no row.
create function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text default 'stage', p_session text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_participant private.run_participants;
	v_rights text[] := '{}';
begin
	select runs.* into v_run from public.runs join public.rooms on rooms.id = runs.room_id join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case when p_session is null then runs.id = private.current_run(p_person, rooms.id) else s.code = p_session and private.can_see(p_person, s.id) end;
	if not found then return jsonb_build_object('status', 'none'); end if;
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_person is not null then
		v_participant := private.stage_participant(v_run.id, p_person);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then return jsonb_build_object('status', 'not_backstage'); end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'state', v_run.state, 'session', v_run.session_id, 'room', private.open_room(v_run.id, p_purpose),
		'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;

-- Of the rooms that LiveKit has open: ours, each with what is to be done. A room is given to one process at a time.
create function private.rooms_to_reconcile(p_names text[], p_every interval default '2 seconds') returns table (name text, is_open boolean)
language sql volatile security definer set search_path = '' as $$
	update private.run_rooms as r set reconciled_at = clock_timestamp()
	where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
	returning r.name, r.closed_at is null
$$;

-- The open rooms of a session's run, or of the runs in which a person takes part.
create function private.rooms_of(p_session uuid, p_person uuid default null) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name from private.run_rooms as r join public.runs on runs.id = r.run_id
	where runs.session_id = p_session and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name from private.run_rooms as r join private.run_participants as p on p.run_id = r.run_id
	where p.person_id = p_person and r.closed_at is null
$$;

-- The rights of identities in a LiveKit room: {is_known, is_open, strangers (may signed-out viewers be here), rights: {identity: [publish] | null}}.
-- An identity without an entry is a stranger's.
create function private.room_rights(p_name text, p_identities text[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_room private.run_rooms;
	v_run public.runs;
begin
	select * into v_room from private.run_rooms where name = p_name;
	if not found then return jsonb_build_object('is_known', false); end if;
	select * into v_run from public.runs where id = v_room.run_id;
	return jsonb_build_object('is_known', true, 'is_open', v_room.closed_at is null and v_run.state <> 'ended',
		'strangers', v_room.purpose = 'stage' and private.entry_of(null, v_run.session_id, 'stream') = 'ok',
		'rights', (select coalesce(jsonb_object_agg(p.identity, to_jsonb(private.stage_rights(v_run, p, v_room.purpose))), '{}')
			from private.run_participants as p where p.run_id = v_run.id and p.identity = any (p_identities)));
end
$$;

-- Reads connections as LiveKit told of them: [{sid, identity, joined_at, left_at?}]. Any order, any number of times.
create function private.note_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_changed uuid;
	v_count integer := 0;
begin
	-- The green room is no attendance.
	select run_id into v_run from private.run_rooms where name = p_name and purpose = 'stage';
	if not found then return 0; end if;
	for v_changed in
		insert into private.run_connections as c (sid, participant_id, run_id, joined_at, seen_at, left_at)
		select told.sid, p.id, v_run, least(told.joined_at, coalesce(told.left_at, told.joined_at)), p_at, told.left_at
		from jsonb_to_recordset(p_connections) as told (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.run_participants as p on p.run_id = v_run and p.identity = told.identity
		order by told.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at), left_at = coalesce(c.left_at, excluded.left_at),
			joined_at = least(c.joined_at, excluded.joined_at)
		returning case when xmax = 0 or left_at is not null then participant_id end
	loop
		if v_changed is not null then
			perform private.write_presence(v_changed);
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- A webhook of LiveKit about a participant; the signature was checked. Answers how many records it changed.
create function private.apply_livekit_event(p_name text, p_sid text, p_identity text, p_joined_at timestamptz, p_left_at timestamptz) returns integer
language sql volatile security definer set search_path = '' as $$
	select private.note_connections(p_name, jsonb_build_array(jsonb_build_object('sid', p_sid, 'identity', p_identity, 'joined_at', p_joined_at, 'left_at', p_left_at)),
		coalesce(p_left_at, p_joined_at))
$$;

-- LiveKit's own list of a room, every few seconds: who came or went without a webhook. Connections that it does not name for
-- 20 seconds ended when they were last seen.
create function private.note_list(p_name text, p_connections jsonb, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	perform private.note_connections(p_name, p_connections, p_at);
	for v_gone in
		update private.run_connections as c set left_at = c.seen_at
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and c.run_id = (select run_id from private.run_rooms where name = p_name and purpose = 'stage' and closed_at is null)
		returning participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;

-- LiveKit came back without the rooms it had: what it no longer lists is over. Rooms that are gone are named by nobody.
create function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	for v_gone in
		update private.run_connections as c set left_at = c.seen_at
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.run_rooms as r where r.run_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

grant execute on function public.on_now(uuid), public.up_next(uuid), public.read_stage(uuid, text) to anon, authenticated;
grant execute on function public.open_run(uuid, uuid), public.set_run_state(uuid, public.run_state), public.set_on_stage(uuid, text, boolean),
	public.bar_from_session(uuid, text, boolean), public.read_backstage(uuid, text) to authenticated;
grant execute on function private.stage_pass(uuid, uuid, text, text, text), private.rooms_to_reconcile(text[], interval), private.rooms_of(uuid, uuid),
	private.room_rights(text, text[]), private.apply_livekit_event(text, text, text, timestamptz, timestamptz),
	private.note_list(text, jsonb, timestamptz), private.end_lost_connections(text[], timestamptz) to app_server;
