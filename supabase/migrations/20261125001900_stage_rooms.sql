-- Runs and their LiveKit rooms: who runs a stage, under which secret name, and who was connected.

-- Speakers get ready while the session before them is still on: a room has one run on air, and any number that wait.
drop index public.runs_one_current;
create unique index runs_one_on_air on public.runs (room_id) where state in ('live', 'paused');
create index on public.runs (room_id) where state <> 'ended';

-- When a room was last compared with LiveKit's, so that several processes share the work.
alter table private.run_rooms add column reconciled_at timestamptz not null default '-infinity';
create index on private.run_rooms (run_id);

-- Taken off by somebody else: may not come back by themselves.
alter table private.run_participants add column is_kept_off boolean not null default false;
-- A delegate whom a host called: a speaker for as long as they are kept on stage.
alter table private.run_participants add column is_promoted boolean not null default false;

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

-- Speakers whom a host or a stage organiser made hosts of one run, should its hosts drop out.
create table private.run_hosts (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	created_at timestamptz not null default now(),
	unique (run_id, person_id)
);
alter table private.run_hosts enable row level security;
create index on private.run_hosts (person_id);
create index on private.run_hosts (summit_id);
select audit.watch('private.run_hosts', 'person_id');

-- What somebody is in a session's run, from their part in the session and their organiser's role at this moment.
create function private.stage_role_of(p_person uuid, p_session uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select coalesce(min(role), 'viewer') from (
		select (case sp.role when 'chair' then 'host' when 'moderator' then 'host' when 'respondent' then 'speaker' else sp.role::text end)::public.stage_role as role
		from public.session_people as sp where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		union all
		select 'host' from private.run_hosts as h join public.runs on runs.id = h.run_id and runs.state <> 'ended'
		join public.session_people as sp on sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined' and sp.role in ('speaker', 'respondent')
		where runs.session_id = p_session and h.person_id = p_person
		union all
		select 'manager' from public.role_grants as g, public.sessions as s
		where s.id = p_session and g.person_id = p_person and g.ended_at is null
			and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')) as held
$$;

-- As what somebody comes on stage: host or speaker of the session, a promoted delegate as a speaker; null: not at all.
create function private.comes_on(p_run uuid, p_person uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select case when role in ('host', 'speaker') then role
		when exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = p_person and p.is_promoted) then 'speaker' end
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
