-- The green room behind the stage: its page, its messages and who is in it. For the people of the session and those who
-- run it.

-- Whether somebody belongs behind the stage of a session.
create function private.is_backstage(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.stage_role_of(p_person, p_session) <> 'viewer'
		and private.entry_decision(p_person, p_session, 'stream') = 'ok'
$$;

-- The page of the green room; null for everyone who does not belong there.
create function public.read_backstage(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('session', private.stage_session(s.id),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name)
			from public.rooms
			where rooms.id = coalesce(runs.room_id, (select room_id from private.slot_at(s.id)))),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'role', mine.role,
		'may_run', private.may_run(private.me(), s.id),
		'is_near', private.is_near_session_time(s.id),
		'me', (
			select jsonb_build_object('code', people.code, 'identity', p.identity,
				'is_on_stage', coalesce(p.is_on_stage, false),
				'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false),
				'no_photographs',
					exists (select from private.protections as x where x.person_id = people.id and x.no_photographs)
					or exists (select from public.person_preferences as x
						where x.person_id = people.id and x.no_photographs))
			from public.people
			left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = (select private.me())),
		'people', private.stage_people(s.id, runs.id),
		'guests', private.green_room_guests(s.id, runs.id),
		'flow', case when runs.id is not null then private.stage_progress(runs.id) end,
		'announcement', private.shown_announcement(runs.id),
		'clock', private.session_timer(s.id),
		'booths', private.list_own_booths(private.me(), runs.id))
	from public.sessions as s
	cross join lateral (select private.stage_role_of(private.me(), s.id) as role) as mine
	left join public.runs on runs.session_id = s.id and runs.state <> 'ended'
	where s.summit_id = summit and s.code = read_backstage.code and s.state <> 'cancelled'
		and private.can_see(private.me(), s.id)
		and mine.role <> 'viewer' and private.entry_decision(private.me(), s.id, 'stream') = 'ok'
$$;
grant execute on function public.read_backstage(uuid, text) to authenticated;

-- Who may be in the green room of a run besides the people of its session: those who run it, and have been there or
-- asked for a pass. Only LiveKit knows whether they are there now.
create function private.green_room_guests(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('identity', rp.identity, 'code', p.code,
		'display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation, 'role', held.role)
		order by held.role, p.display_name), '[]')
	from private.run_participants as rp
	join public.people as p on p.id = rp.person_id
	cross join lateral (select private.stage_role_of(rp.person_id, p_session) as role) as held
	where rp.run_id = p_run and held.role <> 'viewer'
		and private.entry_decision(rp.person_id, p_session, 'stream') = 'ok'
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = rp.person_id and sp.state <> 'declined')
$$;

-- The booths of a run in which somebody works.
create function private.list_own_booths(p_person uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed)
		order by b.language), '[]')
	from private.booths as b where b.run_id = p_run and private.works_in_booth(p_person, b.id)
$$;

-- The open green rooms of a Summit, so that the app can ask LiveKit who waits in them: presence there is not stored.
create function private.list_green_rooms(p_summit uuid) returns table (run_id uuid, name text)
language sql stable security definer set search_path = '' as $$
	select r.run_id, r.name
	from private.livekit_rooms as r
	join public.runs on runs.id = r.run_id
	where runs.summit_id = p_summit and runs.state <> 'ended' and r.purpose = 'green_room' and r.closed_at is null
$$;
grant execute on function private.list_green_rooms(uuid) to app_server;

-- Sends a message to everybody behind the stage. The lock on the run keeps it from ending, and its messages from being
-- deleted, before this one is written. The lock on the person makes the limit hold for requests at the same moment.
-- Answers ok, too_long, too_often (more than twenty in a minute), not_found.
create function public.send_backstage_message(run uuid, words text) returns public.backstage_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_reader uuid;
begin
	select * into v_run from public.runs where id = run and state <> 'ended' for share;
	if not found or not private.is_backstage(v_me, v_run.session_id) or coalesce(btrim(words), '') = '' then
		return 'not_found';
	end if;
	if length(btrim(words)) > 1000 then return 'too_long'; end if;
	perform from public.people where id = v_me for update;
	if (select count(*) from private.backstage_messages as b
		where b.run_id = run and b.person_id = v_me and b.written_at > now() - interval '1 minute') >= 20 then
		return 'too_often';
	end if;
	insert into private.backstage_messages (run_id, person_id, words)
		values (run, v_me, btrim(send_backstage_message.words));
	for v_reader in
		select sp.person_id
		from public.session_people as sp
		where sp.session_id = v_run.session_id and sp.state <> 'declined'
		union
		select g.person_id
		from private.live_grants as g
		where g.role in ('stage', 'owner')
			and (g.summit_id is null or g.summit_id = v_run.summit_id)
	loop
		perform private.publish_event('person:' || v_reader, 'stage');
	end loop;
	return 'ok';
end
$$;
grant execute on function public.send_backstage_message(uuid, text) to authenticated;

-- The last hundred messages of a session's run, oldest first; null for everyone who does not belong behind its stage.
create function public.read_backstage_messages(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', last.id, 'code', p.code, 'display_name', p.display_name,
		'words', last.words, 'at', private.iso(last.written_at)) order by last.written_at), '[]')
	from (
		select b.*
		from private.backstage_messages as b
		join public.runs on runs.id = b.run_id
		where runs.session_id = session and runs.state <> 'ended'
		order by b.written_at desc
		limit 100) as last
	join public.people as p on p.id = last.person_id
	having private.is_backstage(private.me(), session)
$$;
grant execute on function public.read_backstage_messages(uuid) to authenticated;

-- Deletes the messages when the run ends.
create function private.erase_backstage_messages() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.backstage_messages where run_id = new.id;
	return null;
end
$$;

create trigger forget_backstage after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_backstage_messages();
