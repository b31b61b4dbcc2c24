-- A pass that is asked for at the very moment of a bar or of a raised level: it is for a room that is closed by it, or there is none.

-- A bar moves every open run of which the person may hold a token.
create or replace function private.move_barred_runs() returns trigger
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

-- What a token needs. {status: ok | none (no run that this reader sees) | the reason of can_enter | unconfirmed | not_backstage, room, identity, publish[], state, run, session}.
-- A stranger on a public stream gets an identity from the app, and leaves no row.
create or replace function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text default 'stage', p_session text default null,
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
	select runs.* into v_run from public.runs join public.rooms on rooms.id = runs.room_id join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case when p_session is null then runs.id = private.current_run(p_person, rooms.id) else s.code = p_session and private.can_see(p_person, s.id) end;
	if not found then return jsonb_build_object('status', 'none'); end if;
	-- The room of before a change, or the rights of after it: never the new room by the old rights.
	v_name := private.open_room(v_run.id, p_purpose);
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_purpose = 'stage' and private.must_confirm(p_person, v_run.session_id, p_has_said) then return jsonb_build_object('status', 'unconfirmed'); end if;
	if p_person is not null then
		v_participant := private.stage_participant(v_run.id, p_person);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then return jsonb_build_object('status', 'not_backstage'); end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'state', v_run.state, 'session', v_run.session_id, 'room', v_name,
		'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;
