-- What the desk of all rooms measures: it listens to a run without being seen or counted, and knows how many strangers watch and
-- whether the hall is still on the line.

-- How LiveKit knows a stage organiser's desk in one run: never as themselves, for they may be on its stage as well.
create table private.desk_ears (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	identity text not null unique default 'D' || private.random_code(20),
	unique (run_id, person_id)
);
alter table private.desk_ears enable row level security;
create index on private.desk_ears (person_id);

-- Whether somebody's desk may listen to a run: stage organisers and owners, to what they see.
create function private.may_overhear(p_person uuid, p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.state <> 'ended' and private.holds_role(p_person, p_run.summit_id, 'stage') and private.may_run(p_person, p_run.session_id)
$$;

-- As `stage_rights`, for the desks among these identities: they hear the stage, and publish nothing.
create function private.desk_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(e.identity, case when p_purpose = 'stage' and private.may_overhear(e.person_id, p_run) then '[]'::jsonb else 'null'::jsonb end), '{}')
	from private.desk_ears as e where e.run_id = p_run.id and e.identity = any (p_identities)
$$;

-- What a desk needs to listen to a run. {status: ok | none, room, identity}.
create function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_identity text;
begin
	select * into v_run from public.runs where id = p_run and summit_id = p_summit;
	if not found or p_person is null or not private.may_overhear(p_person, v_run) then return jsonb_build_object('status', 'none'); end if;
	insert into private.desk_ears as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id returning e.identity into v_identity;
	return jsonb_build_object('status', 'ok', 'room', private.open_room(p_run, 'stage'), 'identity', v_identity);
end
$$;
grant execute on function private.desk_pass(uuid, uuid, uuid) to app_server;

-- Signed-out viewers leave no row: their number alone, by LiveKit's own list of the moment.
alter table private.run_rooms add column strangers integer not null default 0;

-- What LiveKit's list of a stage says beyond connections.
create function private.note_crowd(p_name text, p_identities text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_rooms as r set strangers = crowd.strangers
	from (select count(*)::integer as strangers from unnest(p_identities) as i where i like 'v-%') as crowd
	where r.name = p_name and r.purpose = 'stage' and r.closed_at is null and r.strangers <> crowd.strangers
$$;

-- Who listens to a run in which language, or reads its captions alone: pages say so of themselves, by a word that is drawn for each
-- visit and tells of nobody.
create table private.run_listeners (
	run_id uuid not null references public.runs (id) on delete cascade,
	visit text not null check (visit ~ '^[A-Za-z0-9_-]{16,32}$'),
	-- Null: the floor.
	language text check (length(language) <= 35),
	is_reading boolean not null default false,
	seen_at timestamptz not null default now(),
	primary key (run_id, visit)
);
alter table private.run_listeners enable row level security;

-- A page with a person that only reads captions is no connection of LiveKit's, and attendance all the same. Each word of it moves the
-- end of a connection of its own on; after a silence of 90 seconds a new one begins: what lies between is never counted.
create function private.note_reader(p_run uuid, p_person uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants := private.stage_participant(p_run, p_person);
begin
	update private.run_connections as c set seen_at = p_now, left_at = p_now, told_left_at = p_now
	where c.sid = (select last.sid from private.run_connections as last where last.participant_id = v_participant.id and last.sid like 'reads-%'
			order by last.seen_at desc limit 1)
		and c.seen_at between p_now - interval '90 seconds' and p_now;
	if not found then
		insert into private.run_connections (sid, participant_id, run_id, joined_at, seen_at, left_at, told_left_at)
		values ('reads-' || private.random_code(24), v_participant.id, p_run, p_now, p_now, p_now, p_now);
	end if;
	perform private.write_presence(v_participant.id);
end
$$;

-- A page says that it is open, in which language it listens, and whether it only reads. At most 20,000 of a run are kept.
-- Answers ok, or why they may not be there.
create function private.note_listener(p_person uuid, p_run uuid, p_visit text, p_language text, p_is_reading boolean, p_now timestamptz default now()) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_language text;
begin
	select * into v_run from public.runs where id = p_run and state <> 'ended';
	if not found then return 'none'; end if;
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return v_entry; end if;
	select b.language into v_language from private.booths as b where b.run_id = p_run and b.language = p_language;
	update private.run_listeners as l set language = v_language, is_reading = p_is_reading, seen_at = p_now where l.run_id = p_run and l.visit = p_visit;
	if not found then
		delete from private.run_listeners as l where l.run_id = p_run and l.seen_at < p_now - interval '5 minutes';
		insert into private.run_listeners (run_id, visit, language, is_reading, seen_at)
		select p_run, p_visit, v_language, p_is_reading, p_now
		where (select count(*) from private.run_listeners as l where l.run_id = p_run) < 20000
		on conflict do nothing;
	end if;
	if p_is_reading and p_person is not null then perform private.note_reader(p_run, p_person, p_now); end if;
	return 'ok';
end
$$;
grant execute on function private.note_listener(uuid, uuid, text, text, boolean, timestamptz) to app_server;

-- How many pages listen in each language (null: the floor), most first; and how many only read.
create function private.heard_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reading', (select count(*) from private.run_listeners as l where l.run_id = p_run and l.is_reading and l.seen_at > now() - interval '2 minutes'),
		'by_language', (select coalesce(jsonb_agg(jsonb_build_object('language', each.language, 'count', each.count) order by each.count desc, each.language), '[]')
			from (select l.language, count(*) from private.run_listeners as l
				where l.run_id = p_run and not l.is_reading and l.seen_at > now() - interval '2 minutes' group by l.language) as each))
$$;

-- The hall of a run: how LiveKit knows it, and whether it was there and is no more: LiveKit's list is read every three seconds.
create function private.desk_hall(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('identity', hall.identity, 'is_lost', h.sid is not null and coalesce(h.seen_at < now() - interval '8 seconds', true))
	from private.hall_of(p_run) as hall join private.run_halls as h on h.run_id = p_run
$$;

-- After a run nobody listens to it.
create function private.forget_listeners() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.run_listeners where run_id = new.id;
	delete from private.desk_ears where run_id = new.id;
	return null;
end
$$;
create trigger forget_listeners after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_listeners();
