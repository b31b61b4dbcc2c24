-- Certificates of attendance and of speaking: by the organisers' threshold, hall and home alike, under a name that the
-- person chooses. What a certificate says is sealed; whoever has its code is shown it, and nobody else.

create table public.certificate_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Minutes in sessions, sessions of ten minutes or more, or days of the Summit, in all.
	basis text not null default 'minutes' check (basis in ('minutes', 'sessions', 'days')),
	least integer not null check (least between 1 and 20000),
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
select audit.watch('public.certificate_settings');
create policy read on public.certificate_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.certificate_settings to authenticated;

create table private.certificates (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	kind text not null check (kind in ('attendance', 'speaker')),
	code_hash bytea not null unique,
	-- The chosen name, the language and the code itself, for its holder to take the paper again.
	content_sealed bytea,
	key_id text,
	-- Of a speaker: their titles are read live, so that none is told of a session that names nobody by then.
	sessions uuid[] not null default '{}',
	issued_at timestamptz not null default now(),
	ended_at timestamptz,
	ended_how text check (ended_how in ('replaced', 'taken_back', 'revoked')),
	check ((content_sealed is null) = (ended_at is not null)),
	check ((content_sealed is null) = (key_id is null)),
	check ((ended_at is null) = (ended_how is null))
);
alter table private.certificates enable row level security;
create unique index certificates_one_valid on private.certificates (summit_id, person_id, kind) where ended_at is null;
create index on private.certificates (person_id);
select audit.watch('private.certificates', 'person_id', 'code_hash', 'content_sealed', 'key_id', 'sessions');
