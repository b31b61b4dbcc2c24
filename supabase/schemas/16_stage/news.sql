-- Live news of a run: `run:` for all who watch it and `chat:` for those of them who are not under 18, with content, and
-- `desk:` for who runs it. A change that is told to a run's topic with kind K and an id is read once in each process,
-- by `private.told_K(run, id)`, which answers what every reader of the topic may see of it (null: nothing any more).
-- Tell the run's topic only of what its readers saw or now see.

create function private.hears_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.entry_of(p_person, runs.session_id, 'stream') = 'ok' from public.runs
		where runs.id = p_run), false)
$$;

-- Of those under 18 nobody learns in a session, and they are left out of its chat.
create function private.is_minor_in(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.registrations as r join public.sessions as s on s.summit_id = r.summit_id
		where s.id = p_session and r.person_id = p_person and r.is_minor
			and r.state not in ('declined', 'withdrawn', 'expired'))
$$;

create function private.hears_chat(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.hears_run(p_person, p_run)
		and not private.is_minor_in(p_person, (select runs.session_id from public.runs where runs.id = p_run))
$$;

create function private.hears_desk(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.may_run(p_person, runs.session_id) from public.runs where runs.id = p_run), false)
$$;

--[was in run_topics] Live news: of the topics asked for, those that the reader may hear.
--[was in day_by_news] Live news: of the topics asked for, those that the reader may hear.
--[patch day_by_news] The day at a glance by news: what everybody sees of it who may, read once for all who look, whenever something changes at a door.
--[patch announced_by_news] What was announced, by news: whom it reached changes with each reader, and those who may announce hear that it did.
--[patch announced_by_news] They are told that something changed and not what: of a closed session not all of them may know.
-- Live news: of the topics asked for, those that the reader may hear.
create function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk|door|announced):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.hears_run((select private.me()), id)
		when 'chat' then private.hears_chat((select private.me()), id)
		when 'desk' then private.hears_desk((select private.me()), id)
		when 'door' then private.hears_door((select private.me()), id)
		when 'announced' then private.hears_announced((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;
grant execute on function public.allowed_topics(text[]) to anon, authenticated;

-- Whose rights decide over these runs, and whose changes show on their stages: after news of rights of a session it is
-- asked who may still hear its run.
create function private.sessions_of_runs(p_runs uuid[]) returns table (run uuid, session uuid, summit uuid)
language sql stable security definer set search_path = '' as $$
	select runs.id, runs.session_id, runs.summit_id from public.runs where runs.id = any (p_runs)
$$;
grant execute on function private.sessions_of_runs(uuid[]) to app_server;

--[was in run_topics] Of those who hear a run (null: strangers), who may no longer: found each minute, should a change have told nobody.
--[was in day_by_news] Of those who hear a run (null: strangers), who may no longer: found each minute, should a change have told nobody.
--[patch day_by_news] The day at a glance by news: what everybody sees of it who may, read once for all who look, whenever something changes at a door.
--[patch announced_by_news] What was announced, by news: whom it reached changes with each reader, and those who may announce hear that it did.
--[patch announced_by_news] They are told that something changed and not what: of a closed session not all of them may know.
-- Of those who hear a run (null: strangers), who may no longer: found each minute, should a change have told nobody.
create function private.stale_hearers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1)
		when 'run' then private.hears_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.hears_chat(each, split_part(p_topic, ':', 2)::uuid)
		when 'door' then private.hears_door(each, split_part(p_topic, ':', 2)::uuid)
		when 'announced' then private.hears_announced(each, split_part(p_topic, ':', 2)::uuid)
		when 'registered' then private.hears_registered(each, split_part(p_topic, ':', 2)::uuid)
		when 'session' then private.can_see(each, split_part(p_topic, ':', 2)::uuid)
		else private.hears_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;
grant execute on function private.stale_hearers(text, uuid[]) to app_server;

-- An audience that was changed asks everyone again, as a person who was taken out does.
create function private.tell_audience_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('session:' || new.id, 'rights', new.id);
	return null;
end
$$;

create trigger tell_audience_change after update of audience, attendance on public.sessions for each row
	when (new.audience <> old.audience or new.attendance <> old.attendance)
		execute function private.tell_audience_change();

-- What changes on a stage, with its content: read once in each process for all who may enter the run, so that none of
-- their pages reads it.

-- What every reader of a run sees of its stage, as `read_stage` answers it to them: nothing that differs between them.
-- What comes next in the room does. Null once it has ended.
create function private.told_stage(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run',
		jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)), 'room',
		rooms.slug,
		'session', private.stage_session(runs.session_id), 'on_stage', private.named_on_stage(runs.id), 'flow',
			private.stage_flow(runs.id) - 'next',
		'recording', (select jsonb_build_object('state', g.state, 'why',
			case when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
			from (select) as always left
				join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')),
		'large', case when not private.wants_hls(runs.id) then 'off'
			when exists (select from private.egresses as e where e.run_id = runs.id and e.state = 'active') then 'on'
				else 'begins' end)
	from public.runs join public.rooms on rooms.id = runs.room_id where runs.id = p_run and runs.state <> 'ended'
$$;
grant execute on function private.told_stage(uuid, uuid) to app_server;

-- Whoever comes on stage, leaves it, or loses or gets back a microphone is told so themselves: their page has more to
-- read than those of the others.
create function private.tell_own_part() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('person:' || new.person_id, 'part', new.run_id);
	return null;
end
$$;

create trigger tell_own_part after update of is_on_stage, is_kept_off, is_promoted,
	may_microphone on private.run_participants for each row
	when ((new.is_on_stage, new.is_kept_off, new.is_promoted, new.may_microphone) is distinct
		from (old.is_on_stage, old.is_kept_off, old.is_promoted, old.may_microphone))
	execute function private.tell_own_part();
create trigger tell_own_part_made after insert on private.run_participants for each row when (new.is_on_stage)
	execute function private.tell_own_part();

-- Rule 5, timing included: that a session for those registered has begun or is over is news for them alone. It goes on
-- a topic of its own, which whoever may hears along with the Summit's.

create function private.hears_registered(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and (private.holds_role(p_person, p_summit, 'programme', 'stage', 'safeguarding')
		or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'))
$$;

create function public.hears_registered(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.hears_registered(private.me(), summit)
$$;
grant execute on function public.hears_registered(uuid) to authenticated;
