-- Slides and handouts of a session, every upload a version of its own; and who may have them.

create type public.file_kind as enum ('slides', 'handout');
-- stage: for the people of the session and organisers. session: for whoever enters it as well.
create type public.file_publication as enum ('stage', 'session');

create table private.file_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	due_at timestamptz,
	slides_mb integer not null default 50 check (slides_mb between 1 and 100),
	handouts_mb integer not null default 20 check (handouts_mb between 1 and 100)
);
alter table private.file_settings enable row level security;
select audit.watch('private.file_settings');

create table private.session_files (
	id uuid primary key default gen_random_uuid(),
	session_id uuid not null,
	summit_id uuid not null,
	kind public.file_kind not null,
	publication public.file_publication not null default 'stage',
	-- The level in force when it was published: lowering a level opens nothing that was made before.
	level public.confidentiality not null,
	created_at timestamptz not null default now(),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
alter table private.session_files enable row level security;
create index on private.session_files (session_id);
create index on private.session_files (summit_id);
select audit.watch('private.session_files');

create table private.file_versions (
	id uuid primary key default gen_random_uuid(),
	file_id uuid not null references private.session_files (id) on delete cascade,
	number integer not null check (number > 0),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	-- As text only: no path, no control character, nothing that turns the direction of what follows.
	shown_name text not null check (length(shown_name) between 1 and 200 and shown_name !~ '[\u0001-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c/\\]'),
	language text check (language ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'),
	is_late boolean not null default false,
	uploaded_by uuid references public.people (id) on update cascade on delete set null,
	uploaded_at timestamptz not null default now(),
	-- The one that was chosen last, of those that may be served, is the one that is shown.
	chosen_at timestamptz default now(),
	withdrawn_at timestamptz,
	unique (file_id, number)
);
alter table private.file_versions enable row level security;
create index on private.file_versions (uploaded_by);
select audit.watch('private.file_versions', 'uploaded_by', 'shown_name', 'object_name');

-- An object goes with the last row that points to it.
create function private.doom_object_of_version() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.doom_objects(old.object_name);
	return null;
end
$$;
create trigger doom_object after delete on private.file_versions for each row execute function private.doom_object_of_version();

-- How the signed-in account stands to the files of a session: organiser and person bring and change them, reader has them too;
-- null: as the audience. Whoever has not confirmed yet, interpreters and captioners prepare with them.
create function private.file_standing(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	with mine as (
		select sp.state = 'confirmed' and sp.role not in ('interpreter', 'captioner') as brings
		from public.session_people as sp
		where sp.session_id = p_session and sp.person_id in (select private.my_people('speaking')) and sp.state <> 'declined'
			and not private.is_kept_out(sp.person_id, p_session)
	)
	select case
		when private.may_edit_session(p_session) then 'organiser'
		when (select bool_or(brings) from mine) then 'person'
		when exists (select from mine) or exists (select from public.sessions as s where s.id = p_session
			and private.has_role(s.summit_id, 'stage', 'safeguarding') and private.can_see(private.me(), p_session)) then 'reader' end
$$;

-- Whether somebody gets what is published with a session: it is released and held, and they may enter by the door or on line.
create function private.is_file_audience(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.sessions as s
		join public.summits as u on u.id = s.summit_id and u.state <> 'draft'
		join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)
		where s.id = p_session and s.state = 'confirmed' and not rs.is_cancelled)
		and (private.entry_of(p_person, p_session, 'stream') = 'ok' or private.entry_of(p_person, p_session, 'door') = 'ok')
$$;

-- Whether a published file is open to the audience at the level in force.
create function private.is_published(p_file private.session_files) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_file.publication = 'session' and private.level_in_force(p_file.session_id) >= p_file.level
$$;

-- The version that is shown: chosen last, not withdrawn, and looked at where there is a scanner.
create function private.shown_version(p_file uuid) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v.* from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
	where v.file_id = p_file and v.chosen_at is not null and v.withdrawn_at is null and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	order by v.chosen_at desc, v.number desc limit 1
$$;

create function private.file_settings_of(p_summit uuid) returns private.file_settings
language sql stable security definer set search_path = '' as $$
	select coalesce(f, row(p_summit, null, 50, 20)::private.file_settings)
	from (select) as always left join private.file_settings as f on f.summit_id = p_summit
$$;

create function private.tell_files(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('session:' || p_session, 'files', p_session);
	perform private.tell('organise:' || (select s.summit_id from public.sessions as s where s.id = p_session), 'files');
end
$$;
