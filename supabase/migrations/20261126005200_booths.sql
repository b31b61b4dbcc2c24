-- Booths: one for each language that a run is interpreted into, spoken or signed. Who is the voice of a language is state of the run;
-- a track in LiveKit alone makes nobody a voice.

create table private.booths (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	-- A picture instead of a sound.
	is_signed boolean not null,
	-- After so long on air the page says that it is time to hand over.
	hint_minutes smallint not null default 30 check (hint_minutes between 5 and 120),
	on_air uuid references private.run_participants (id) on delete set null,
	on_air_since timestamptz,
	-- The one on air offers to hand over.
	offered_at timestamptz,
	unique (run_id, language)
);
alter table private.booths enable row level security;
-- Nobody speaks two languages at once.
create unique index booths_one_voice on private.booths (on_air) where on_air is not null;
select audit.watch('private.booths');

-- What a stage manager decides about a booth, over what the languages of its interpreters say.
create table private.booth_seats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	is_seated boolean not null,
	primary key (booth_id, person_id)
);
alter table private.booth_seats enable row level security;
create index on private.booth_seats (person_id);
select audit.watch('private.booth_seats', 'person_id');

-- When a booth's page was last open and connected; and what partners and the stage manager write to each other. Both end with the run.
create table private.booth_beats (
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	seen_at timestamptz not null default now(),
	primary key (booth_id, person_id)
);
alter table private.booth_beats enable row level security;
create index on private.booth_beats (person_id);

create table private.booth_lines (
	id bigint generated always as identity primary key,
	booth_id uuid not null references private.booths (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (length(words) between 1 and 500),
	said_at timestamptz not null default clock_timestamp()
);
alter table private.booth_lines enable row level security;
create index on private.booth_lines (booth_id);
create index on private.booth_lines (person_id);

-- Sign languages by their ISO 639-3 codes: those of the larger deaf communities, International Sign, and the group code.
create function private.is_sign_language(p_language text) returns boolean
language sql immutable set search_path = '' as $$
	select split_part(p_language, '-', 1) in ('sgn', 'ils', 'ase', 'bfi', 'fsl', 'gsg', 'ssp', 'ise', 'dse', 'vgt', 'sfb', 'psr', 'bzs', 'mfs', 'asq', 'gss', 'csl',
		'jsl', 'kvk', 'ins', 'rsl', 'ukl', 'pso', 'swl', 'dsl', 'nsl', 'fse', 'isg', 'asf', 'nzs', 'sfs', 'tsm', 'jos', 'ssr', 'aed', 'csn', 'lsp', 'ugy', 'csg')
$$;

create function private.is_of_booth(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booths as b join public.runs on runs.id = b.run_id
		join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p_person and sp.role = 'interpreter' and sp.state <> 'declined'
		where b.id = p_booth and coalesce((select s.is_seated from private.booth_seats as s where s.booth_id = b.id and s.person_id = p_person),
			exists (select from public.interpreter_languages as l where l.person_id = p_person and l.summit_id = runs.summit_id
				and (l.target = b.language or b.language like l.target || '-%' or l.target like b.language || '-%'))))
$$;

-- Whether somebody may work in a booth at this moment: an interpreter of the session, into this language or seated there, who may enter.
create function private.interprets(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.is_of_booth(p_person, p_booth) and private.entry_of(p_person, runs.session_id, 'stream') = 'ok'
	from private.booths as b join public.runs on runs.id = b.run_id where b.id = p_booth
$$;

-- What somebody who is not on stage publishes: the voice of a booth its sound, a sign language its picture, while it is live.
create or replace function private.booth_rights(p_run public.runs, p_participant private.run_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce((select array[case when b.is_signed then 'camera' else 'microphone' end] from private.booths as b
		where b.run_id = p_run.id and b.on_air = p_participant.id and p_run.state = 'live' and not p_participant.is_on_stage
			and private.interprets(p_participant.person_id, b.id)), '{}')
$$;

-- The languages of a run as its readers choose among them: {language, is_signed, identity (null: silent), is_staffed}.
create function private.run_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed, 'identity', voice.identity,
		'is_staffed', voice.identity is not null or exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.role = 'interpreter' and private.is_of_booth(sp.person_id, b.id))) order by b.is_signed, b.language), '[]')
	from private.booths as b join public.runs on runs.id = b.run_id
	left join lateral (select p.identity from private.run_participants as p
		where p.id = b.on_air and runs.state <> 'ended' and not p.is_on_stage and private.interprets(p.person_id, b.id)) as voice on true
	where b.run_id = p_run
$$;

-- A run has a booth for each language that its session is interpreted into, from the beginning and when one is added.
create function private.open_booths(p_run uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.booths (run_id, language, is_signed)
	select runs.id, language, private.is_sign_language(language)
	from public.runs join public.sessions as s on s.id = runs.session_id
	cross join lateral (select distinct unnest(s.interpreted) as language) as each
	where runs.id = p_run and runs.state <> 'ended' and language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35
	on conflict (run_id, language) do nothing
$$;

create function private.open_booths_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(new.id);
	return null;
end
$$;
create trigger open_booths after insert on public.runs for each row execute function private.open_booths_of_run();

create function private.open_booths_of_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(id), private.tell('session:' || session_id, 'stage', id), private.tell('run:' || id, 'languages', id) from public.runs where session_id = new.id and state <> 'ended';
	return null;
end
$$;
create trigger open_booths after update of interpreted on public.sessions for each row
	when (new.interpreted is distinct from old.interpreted) execute function private.open_booths_of_session();

-- Whoever comes on stage leaves the booth.
create function private.leave_booth_for_stage() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.booths set on_air = null, on_air_since = null, offered_at = null where on_air = new.id;
	return null;
end
$$;
create trigger leave_booth after update of is_on_stage on private.run_participants for each row
	when (new.is_on_stage and not old.is_on_stage) execute function private.leave_booth_for_stage();

-- After a run nothing is kept of who worked when and of what partners wrote.
create function private.empty_booths() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.booth_lines as l using private.booths as b where b.id = l.booth_id and b.run_id = new.id;
	if new.state = 'ended' then
		delete from private.booth_beats as w using private.booths as b where b.id = w.booth_id and b.run_id = new.id;
		update private.booths set on_air = null, on_air_since = null, offered_at = null where run_id = new.id and on_air is not null;
	end if;
	return null;
end
$$;
create trigger empty_booths after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.empty_booths();
