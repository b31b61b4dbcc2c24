-- What a raised level does to a session that runs or has run: the run moves, attendance and names are sealed, and what
-- was made gets the new level. Most of it is triggers on `public.sessions`, in the transaction of the raise; recordings
-- and captions have their own (20_recording/sealing.sql, 19_captions/lines.sql).

-- The level of a run is never lowered: what was raised to a level that names nobody stays unread.
create function private.is_nameless(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs where id = p_run and level in ('chatham_house', 'closed'))
$$;
grant execute on function private.is_nameless(uuid) to authenticated;

-- The emergency button: those who run a session, and safeguarding, raise its level to `chatham_house` or `closed` at
-- once, with everything that such a level forbids switched off. A session that is closed keeps its list of who may
-- come; without a list only its own people are left. The audit says who did it and that it was an emergency. Locks the
-- session. Answers ok, already, not_found.
create function public.raise_level_in_emergency(session uuid, level public.confidentiality) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
begin
	select * into v_session from public.sessions as s where s.id = session for no key update;
	if not found or level not in ('chatham_house', 'closed') then return 'not_found'; end if;
	if not (private.may_run(private.me(), v_session.id)
		or private.has_role(v_session.summit_id, 'safeguarding') and private.can_see(private.me(), v_session.id)) then
		return 'not_found';
	end if;
	if v_session.level >= level then return 'already'; end if;
	perform private.allow_closed_summits();
	perform set_config('app.reason', 'emergency', true);
	update public.sessions as s set level = raise_level_in_emergency.level, is_recorded = false,
		audience = case
			when raise_level_in_emergency.level = 'closed' then 'listed'
			when s.audience = 'everyone' then 'registered'
			else s.audience::text end::public.session_audience
	where s.id = v_session.id;
	-- Whatever is being recorded is sealed here too, and does not depend on a trigger that only compares levels.
	perform private.seal_recording(g.id, 'level')
	from private.recordings as g
	where g.session_id = v_session.id and g.state in ('wanted', 'running', 'paused', 'stopped');
	return 'ok';
end
$$;
grant execute on function public.raise_level_in_emergency(uuid, public.confidentiality) to authenticated;

-- Locks the runs of a session before anything that was made in them (lock order: 16_stage/runs.sql).
create function private.lock_raised_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from public.runs where runs.session_id = new.id order by runs.id for no key update;
	return new;
end
$$;

create trigger lock_raised_runs before update of level on public.sessions for each row
	when (new.level > old.level) execute function private.lock_raised_runs();

-- A level that was raised, lowered and is raised again during one run takes effect each time. The level of the run was
-- not lowered, so `raise_run_level` passes over it: this trigger moves the run again, and takes the names off what was
-- written by name in between.
create function private.raise_level_again() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Runs of a lower level are raised and moved by `raise_run_level`, the trigger after this one.
	for v_run in
		select runs.id from public.runs
		where runs.session_id = new.id and runs.state <> 'ended' and runs.level >= new.level
		order by runs.id
	loop
		if new.level in ('chatham_house', 'closed') then
			update private.chat_messages as x
				set author_hash = private.hash_participant(x.session_id, x.person_id), person_id = null
			where x.run_id = v_run and x.person_id is not null;
			delete from private.hands as h where h.run_id = v_run and h.state not in ('waiting', 'called');
			delete from private.floor_consents as f where f.run_id = v_run;
			delete from private.booth_consents as c where c.run_id = v_run;
		end if;
		perform private.rotate_livekit_rooms(v_run);
	end loop;
	return null;
end
$$;

create trigger raise_level_again after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_level_again();

-- A raised level moves the open run at once, and seals who was there, in runs that have ended too. A lowered level
-- opens nothing.
create function private.raise_run_level() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run record;
begin
	for v_run in
		update public.runs set level = new.level where session_id = new.id and level < new.level
		returning id, state
	loop
		if v_run.state <> 'ended' then
			perform private.rotate_livekit_rooms(v_run.id);
		elsif new.level in ('chatham_house', 'closed') then
			delete from private.run_participants where run_id = v_run.id and role = 'viewer';
		end if;
	end loop;
	if new.level in ('chatham_house', 'closed') then
		perform private.seal_presence(new.id);
	end if;
	-- Every subscriber of the session's topic is checked again.
	perform private.publish_event('session:' || new.id, 'rights', new.id);
	return null;
end
$$;

create trigger raise_run_level after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_run_level();

-- The strictest level of what somebody may still read. Lowering a level opens nothing that was made before: what was
-- written, asked, voted on or said at a stricter level stays with those who could be there then, in the same run and
-- after it. This is the strictest level at which somebody who may enter now could have been there too.
create function private.strictest_readable_level(p_person uuid, p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(private.level_in_force(s.id), case
		when p_person is null then 'public'
		when private.enters_by_role(p_person, s.id, 'stream') or private.may_run(p_person, s.id) then 'closed'
		when r.id is null then 'public'
		when private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category) then 'closed'
		else 'chatham_house' end::public.confidentiality)
	from public.sessions as s
	left join public.registrations as r on r.person_id = p_person and r.summit_id = s.summit_id
		and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	where s.id = p_session
$$;

-- Notes the level at which a message, question, poll or caption line was made.
create function private.set_content_level() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	new.level := private.level_in_force(coalesce((to_jsonb(new) ->> 'session_id')::uuid,
		(select runs.session_id from public.runs where runs.id = (to_jsonb(new) ->> 'run_id')::uuid)));
	return new;
end
$$;

create trigger set_content_level before insert on private.chat_messages for each row
	execute function private.set_content_level();

create trigger set_content_level before insert on private.session_questions for each row
	execute function private.set_content_level();

create trigger set_content_level before insert on private.polls for each row
	execute function private.set_content_level();

create trigger set_content_level before insert on private.caption_lines for each row
	execute function private.set_content_level();

-- A raised level also raises the level of what was made before.
create function private.raise_session_content() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.chat_messages as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.session_questions as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.polls as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.caption_lines as x set level = new.level
	from public.runs
	where runs.id = x.run_id and runs.session_id = new.id and x.level < new.level;
	return null;
end
$$;

create trigger raise_session_content after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_session_content();
