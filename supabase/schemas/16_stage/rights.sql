-- Rule 6: what LiveKit must allow whom at this moment, in tokens and in rooms that run.

--[was in stage_rights] What somebody who is not on stage publishes into the stage's room: nothing, until there are booths (20261126005200).
--[patch booths] Booths: one for each language that a run is interpreted into, spoken or signed. Who is the voice of a language is state of the run;
--[patch booths] a track in LiveKit alone makes nobody a voice.
-- What somebody who is not on stage publishes: the voice of a booth its sound, a sign language its picture, while it is live.
create function private.booth_rights(p_run public.runs, p_participant private.run_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce((select array[case when b.is_signed then 'camera' else 'microphone' end] from private.booths as b
		where b.run_id = p_run.id and b.on_air = p_participant.id and p_run.state = 'live'
			and not p_participant.is_on_stage
			and private.interprets(p_participant.person_id, b.id)), '{}')
$$;

--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- What LiveKit must allow one person in one of the run's rooms at this moment: the list of what they may publish, or null when
-- they may not be there. On the stage only who is on stage publishes, and only while it is live.
create function private.stage_rights(p_run public.runs, p_participant private.run_participants, p_purpose text)
	returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.state = 'ended'
			or private.entry_of(p_participant.person_id, p_run.session_id, 'stream') <> 'ok' then null
		when p_purpose = 'green_room' then case when role = 'viewer' then null else array['camera', 'microphone'] end
		when p_run.state = 'live' and p_participant.is_on_stage
			and private.comes_on(p_run.id, p_participant.person_id) is not null then array_remove(array[
			case when p_participant.may_camera then 'camera' end,
				case when p_participant.may_microphone then 'microphone' end,
			case when p_participant.may_screen then 'screen' end], null)
		else private.booth_rights(p_run, p_participant) end
	from private.stage_role_of(p_participant.person_id, p_run.session_id) as role
$$;

-- Whether somebody must first say that they have read what the session asks of whoever enters: where nobody is named,
-- and where it warns of its content; again after the level was raised. A stranger's word comes with the request, and is
-- kept nowhere. The people of the session know it.
create function private.must_confirm(p_person uuid, p_session uuid, p_has_said boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select (private.level_in_force(p_session) in ('chatham_house', 'closed')
			or exists (select
				from jsonb_each_text(private.stage_session(p_session) -> 'content_note') as note (tag, words)
				where tag <> 'original' and btrim(words) <> ''))
		and case when p_person is null then not p_has_said
			else private.stage_role_of(p_person, p_session) = 'viewer'
				and not private.has_confirmed(p_person, p_session)
				and not exists (select
					from private.run_participants as p join public.runs on runs.id = p.run_id and runs.state <> 'ended'
					where runs.session_id = p_session and p.person_id = p_person and p.is_on_stage) end
$$;

--[patch passes_and_bars] A pass that is asked for at the very moment of a bar or of a raised level: it is for a room that is closed by it, or there is none.
-- What a token needs. {status: ok | none (no run that this reader sees) | the reason of can_enter | unconfirmed | not_backstage, room, identity, publish[], state, run, session}.
-- A stranger on a public stream gets an identity from the app, and leaves no row.
create function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text
	default 'stage', p_session text default null,
	p_has_said boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_name text;
	v_entry text;
	v_participant private.run_participants;
	v_rights text[] := '{}';
begin
	if p_person is not null then perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7)); end if;
	select runs.* into v_run from public.runs join public.rooms on rooms.id = runs.room_id
		join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case when p_session is null then runs.id = private.current_run(p_person, rooms.id)
			else s.code = p_session and private.can_see(p_person, s.id) end;
	if not found then return jsonb_build_object('status', 'none'); end if;
	-- The room of before a change, or the rights of after it: never the new room by the old rights.
	v_name := private.open_room(v_run.id, p_purpose);
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_purpose = 'stage' and private.must_confirm(p_person, v_run.session_id, p_has_said) then
		return jsonb_build_object('status', 'unconfirmed');
	end if;
	if p_person is not null then
		v_participant := private.stage_participant(v_run.id, p_person);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then
		return jsonb_build_object('status', 'not_backstage');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'state', v_run.state, 'session', v_run.session_id,
		'room', v_name,
		'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;
grant execute on function private.stage_pass(uuid, uuid, text, text, text, boolean) to app_server;

-- Of the rooms that LiveKit has open: ours, each with what is to be done. A room is given to one process at a time.
create function private.rooms_to_reconcile(p_names text[], p_every interval default '2 seconds')
	returns table (name text, is_open boolean)
language sql volatile security definer set search_path = '' as $$
	update private.run_rooms as r set reconciled_at = clock_timestamp()
	where r.name = any (p_names) and r.reconciled_at < clock_timestamp() - p_every
	returning r.name, r.closed_at is null
$$;
grant execute on function private.rooms_to_reconcile(text[], interval) to app_server;

-- The open rooms of a session's run, or of the runs in which a person takes part.
create function private.rooms_of(p_session uuid, p_person uuid default null) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name from private.run_rooms as r join public.runs on runs.id = r.run_id
	where runs.session_id = p_session and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name from private.run_rooms as r join private.run_participants as p on p.run_id = r.run_id
	where p.person_id = p_person and r.closed_at is null
$$;
grant execute on function private.rooms_of(uuid, uuid) to app_server;

-- The rights of identities in a LiveKit room: {is_known, is_open, strangers (may signed-out viewers be here), rights:
-- {identity: [publish] | null}, halls: {identity: kind of device}}. An identity without an entry is a stranger's.
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
		'halls', private.halls_among(p_identities),
		'rights', (select coalesce(jsonb_object_agg(p.identity,
			to_jsonb(private.stage_rights(v_run, p, v_room.purpose))), '{}')
			from private.run_participants as p where p.run_id = v_run.id and p.identity = any (p_identities))
			|| private.hall_rights(v_run, v_room.purpose, p_identities)
				|| private.recorder_rights(v_run.id, v_room.purpose, p_identities)
			|| private.large_rights(v_run.id, v_room.purpose, p_identities)
				|| private.desk_rights(v_run, v_room.purpose, p_identities));
end
$$;
grant execute on function private.room_rights(text, text[]) to app_server;
