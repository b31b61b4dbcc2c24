-- Certificates of attendance and of speaking. The periods of presence themselves are in 16_stage and 21_door.

-- The conditions under which a Summit offers certificates, and their letterhead.
create table public.certificate_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- What `threshold` counts: minutes in sessions, sessions of ten minutes or more, or days of the Summit.
	basis text not null default 'minutes' check (basis in ('minutes', 'sessions', 'days')),
	threshold integer not null check (threshold between 1 and 20000),
	issuer_name text not null check (length(btrim(issuer_name)) between 1 and 200),
	signatory_name text not null check (length(btrim(signatory_name)) between 1 and 120),
	signatory_office text not null check (length(btrim(signatory_office)) between 1 and 200),
	statement public.text_map not null default '{}',
	is_offered boolean not null default true,
	updated_at timestamptz not null default now(),
	constraint issuer_name_one_line check (private.is_one_line(issuer_name)),
	constraint signatory_name_one_line check (private.is_one_line(signatory_name)),
	constraint signatory_office_one_line check (private.is_one_line(signatory_office))
);
alter table public.certificate_settings enable row level security;
create policy read on public.certificate_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.certificate_settings to authenticated;
select audit.watch('public.certificate_settings');
insert into private.audited_tables (name, area, shown)
values ('public.certificate_settings', 'settings',
	'{basis,threshold,issuer_name,signatory_name,signatory_office,statement,is_offered}');

-- A certificate that a person issued to themselves, under a name that they chose. Its content is sealed: only the
-- person and the holders of its code read it.
create table private.certificates (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	kind text not null check (kind in ('attendance', 'speaker')),
	code_hash bytea not null unique,
	-- The chosen name, the language and the code itself, so that the person can print the certificate again.
	content_sealed bytea,
	key_id text,
	-- The sessions of a speaker. Their titles are read each time, because a session may have changed to a level that
	-- names nobody.
	sessions uuid[] not null default '{}',
	issued_at timestamptz not null default now(),
	ended_at timestamptz,
	end_reason text check (end_reason in ('replaced', 'taken_back', 'revoked')),
	check ((content_sealed is null) = (ended_at is not null)),
	check ((content_sealed is null) = (key_id is null)),
	check ((ended_at is null) = (end_reason is null))
);
create unique index certificates_one_valid on private.certificates (summit_id, person_id, kind) where ended_at is null;
create index on private.certificates (person_id);
alter table private.certificates enable row level security;
select audit.watch('private.certificates', 'person_id', 'code_hash', 'content_sealed', 'key_id', 'sessions');
insert into private.audited_tables (name, area, shown)
values ('private.certificates', 'registration', '{kind,issued_at,ended_at,end_reason}');

-- What of a recording a person has played, in milliseconds of what was recorded, while the Summit counts it. Written at
-- most every few seconds by a player, so it is not audited; no list shows more of it than minutes.
create table private.watched_recordings (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	played int4multirange not null default '{}',
	-- When the player last reported: in the time since then nobody plays more than twice as fast.
	reported_at timestamptz not null default now(),
	primary key (recording_id, person_id)
);
create index on private.watched_recordings (person_id);
create index on private.watched_recordings (summit_id);
alter table private.watched_recordings enable row level security;
