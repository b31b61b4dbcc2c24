-- Live news of a run: `run:` for all who watch it and `chat:` for those of them who are not under 18, with content, and `desk:` for who
-- runs it. A change that is told to a run's topic
-- with kind K and an id is read once in each process, by `private.told_K(run, id)`, which answers what every reader of the topic may
-- see of it (null: nothing any more). Tell the run's topic only of what its readers saw or now see.

create function private.hears_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.entry_of(p_person, runs.session_id, 'stream') = 'ok' from public.runs where runs.id = p_run), false)
$$;

-- Of those under 18 nobody learns in a session, and they are left out of its chat.
create function private.is_minor_in(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.registrations as r join public.sessions as s on s.summit_id = r.summit_id
		where s.id = p_session and r.person_id = p_person and r.is_minor and r.state not in ('declined', 'withdrawn', 'expired'))
$$;

create function private.hears_chat(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.hears_run(p_person, p_run) and not private.is_minor_in(p_person, (select runs.session_id from public.runs where runs.id = p_run))
$$;

create function private.hears_desk(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.may_run(p_person, runs.session_id) from public.runs where runs.id = p_run), false)
$$;

-- Live news: of the topics asked for, those that the reader may hear.
create function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.hears_run((select private.me()), id)
		when 'chat' then private.hears_chat((select private.me()), id)
		when 'desk' then private.hears_desk((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;
grant execute on function public.allowed_topics(text[]) to anon, authenticated;

-- Whose rights decide over these runs, and whose changes show on their stages: after news of rights of a session it is asked who may still hear its run.
create function private.sessions_of_runs(p_runs uuid[]) returns table (run uuid, session uuid, summit uuid)
language sql stable security definer set search_path = '' as $$
	select runs.id, runs.session_id, runs.summit_id from public.runs where runs.id = any (p_runs)
$$;

-- Of those who hear a run (null: strangers), who may no longer: found each minute, should a change have told nobody.
create function private.stale_hearers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1) when 'run' then private.hears_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.hears_chat(each, split_part(p_topic, ':', 2)::uuid) else private.hears_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;

grant execute on function private.sessions_of_runs(uuid[]), private.stale_hearers(text, uuid[]) to app_server;

-- An audience that was changed asks everyone again, as a person who was taken out does.
create function private.tell_audience_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('session:' || new.id, 'rights', new.id);
	return null;
end
$$;
create trigger tell_audience_change after update of audience, attendance on public.sessions for each row
	when (new.audience <> old.audience or new.attendance <> old.attendance) execute function private.tell_audience_change();
