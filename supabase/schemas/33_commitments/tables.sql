-- Commitments of members: their versions, who agreed to which, and what became of them. Nothing here is readable through
-- the API: everything is read and written by functions. A version is never changed; each change is a new one.

create type public.commitment_state as enum ('draft', 'asked', 'agreed', 'checked', 'announced', 'withdrawn');

create type public.commitment_audience as enum ('public', 'members');

-- asked: the heads were asked. agreed: one member agreed for itself. sent_back: by a head or the secretariat.
-- unscheduled: an announcement whose time had not come was taken back.
create type public.commitment_step as enum
	('asked', 'agreed', 'sent_back', 'checked', 'announced', 'unscheduled', 'withdrawn');

-- The themes that the community keeps, at first the capabilities of the Model National Response.
create table private.commitment_themes (
	id uuid primary key default gen_random_uuid(),
	slug text not null unique check (slug ~ '^[a-z0-9-]{2,40}$'),
	name public.text_map not null check (name <> '{}'::jsonb),
	position integer not null default 0,
	retired_at timestamptz,
	constraint name_one_line check (private.are_one_line(name))
);
alter table private.commitment_themes enable row level security;
select audit.watch('private.commitment_themes');

-- One row: how often focal points are reminded of a report, and the sites whose pages may embed the register.
create table private.commitment_settings (
	only_one boolean primary key default true check (only_one),
	remind_months integer not null default 6 check (remind_months between 1 and 24),
	embed_origins text[] not null default '{}'
		check (cardinality(embed_origins) <= 20 and private.are_embed_origins(embed_origins))
);
alter table private.commitment_settings enable row level security;
select audit.watch('private.commitment_settings');
insert into private.commitment_settings default values;

-- A commitment. `member_id` leads it; its partners are those of each version (commitment_members). `state` is that of
-- the newest version; which version readers are shown follows from the steps (private.shown_commitment_version).
create table private.commitments (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	summit_id uuid not null references public.summits (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	state public.commitment_state not null default 'draft',
	version integer not null default 1,
	withdrawn_at timestamptz,
	withdrawn_reason text not null default '' check (length(withdrawn_reason) <= 2000),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check ((state = 'withdrawn') = (withdrawn_at is not null)),
	check ((state = 'withdrawn') = (withdrawn_reason <> ''))
);
create index on private.commitments (summit_id);
create index on private.commitments (member_id);
alter table private.commitments enable row level security;
select audit.watch('private.commitments');

create table private.commitment_versions (
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	number integer not null check (number > 0),
	title public.text_map not null check (title <> '{}'::jsonb),
	summary public.text_map not null check (summary <> '{}'::jsonb),
	beneficiaries public.text_map not null check (beneficiaries <> '{}'::jsonb),
	-- What is measured, from which value to which, in which unit.
	indicator public.text_map not null check (indicator <> '{}'::jsonb),
	unit public.text_map not null check (unit <> '{}'::jsonb),
	baseline numeric(18, 2) not null,
	target numeric(18, 2) not null,
	due_on date not null,
	theme_id uuid not null references private.commitment_themes (id) on delete restrict,
	countries text[] not null default '{}' check (cardinality(countries) <= 250),
	-- In minor units.
	budget bigint check (budget between 0 and 1000000000000000),
	currency char(3) check (currency ~ '^[A-Z]{3}$'),
	session_id uuid references public.sessions (id) on delete set null,
	audience public.commitment_audience not null default 'public',
	-- What this version changes, in words for readers.
	note text not null default '' check (length(note) <= 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default now(),
	primary key (commitment_id, number),
	check ((budget is null) = (currency is null)),
	check (baseline <> target and baseline <> 'NaN' and target <> 'NaN'),
	check (due_on between '2000-01-01' and '2100-01-01'),
	constraint title_one_line check (private.are_one_line(title)),
	constraint indicator_one_line check (private.are_one_line(indicator)),
	constraint unit_one_line check (private.are_one_line(unit)),
	constraint countries_one_line check (private.are_one_line(countries)),
	constraint note_one_line check (private.is_one_line(note))
);
create index on private.commitment_versions (theme_id);
create index on private.commitment_versions (session_id);
create index on private.commitment_versions (written_by);
alter table private.commitment_versions enable row level security;
select audit.watch('private.commitment_versions', 'written_by');

-- The members of a version, the lead among them. Each agrees for itself.
create table private.commitment_members (
	commitment_id uuid not null,
	number integer not null,
	member_id uuid not null references public.members (id) on delete restrict,
	primary key (commitment_id, number, member_id),
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict
);
create index on private.commitment_members (member_id);
alter table private.commitment_members enable row level security;
select audit.watch('private.commitment_members');

-- What happened to the versions. `effective_at` is the time of an announcement, which may be to come.
create table private.commitment_steps (
	id bigint generated always as identity primary key,
	commitment_id uuid not null,
	number integer not null,
	step public.commitment_step not null,
	-- The member that was asked, agreed or sent the version back.
	member_id uuid references public.members (id) on delete restrict,
	reason text not null default '' check (length(reason) <= 2000),
	effective_at timestamptz not null default now(),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default clock_timestamp(),
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict,
	check ((step in ('sent_back', 'withdrawn')) <= (reason <> ''))
);
create index on private.commitment_steps (commitment_id, number);
create index on private.commitment_steps (member_id);
create index on private.commitment_steps (made_by);
alter table private.commitment_steps enable row level security;
select audit.watch('private.commitment_steps', 'made_by');

-- The personal links by which the heads of members agree. The token is only in the mail.
create table private.commitment_links (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null,
	number integer not null,
	member_id uuid not null references public.members (id) on delete restrict,
	summit_id uuid not null references public.summits (id) on delete restrict,
	token_hash bytea not null unique check (length(token_hash) = 32),
	-- The first letter and the domain of the address, so that the focal point recognises it.
	hint text not null check (length(hint) <= 200),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '30 days',
	revoked_at timestamptz,
	used_at timestamptz,
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict,
	constraint hint_one_line check (private.is_one_line(hint))
);
create index on private.commitment_links (commitment_id, number);
create index on private.commitment_links (member_id);
create index on private.commitment_links (summit_id);
create index on private.commitment_links (made_by);
alter table private.commitment_links enable row level security;
select audit.watch('private.commitment_links', 'made_by', 'token_hash', 'hint');

-- Refuses to change or delete a row of a history, by anybody. What the erasure of a person, a merge or a late alias
-- changes is allowed: who wrote it (the columns given as arguments), and a name in its texts.
create function private.refuse_history_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and (current_setting('app.renaming', true) = 'yes'
		or to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[]) then
		return new;
	end if;
	raise exception 'a history is never changed' using errcode = 'insufficient_privilege';
end
$$;
create trigger never_change before update or delete on private.commitment_versions
	for each row execute function private.refuse_history_change('written_by', 'session_id');
create trigger never_change before update or delete on private.commitment_steps
	for each row execute function private.refuse_history_change('made_by', 'member_id');

-- The commitments themselves are audited, and shown to nobody: organisers of a Summit may not read drafts, and no area of
-- the audit is for those who run the community.
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.commitment_themes', 'settings', '{slug,name,retired_at}', '{}', '{}'),
	('private.commitment_settings', 'settings', '{remind_months,embed_origins}', '{}', '{}');

insert into private.commitment_themes (slug, name, position)
values
	('policy', '{"original":"en","en":"Policy and governance","fr":"Politiques et gouvernance","es":"Políticas y gobernanza","ar":"السياسات والحوكمة","ru":"Политика и управление","zh":"政策与治理","pt":"Políticas e governação"}', 1),
	('justice', '{"original":"en","en":"Criminal justice","fr":"Justice pénale","es":"Justicia penal","ar":"العدالة الجنائية","ru":"Уголовное правосудие","zh":"刑事司法","pt":"Justiça penal"}', 2),
	('victims', '{"original":"en","en":"Victims","fr":"Victimes","es":"Víctimas","ar":"الضحايا","ru":"Пострадавшие","zh":"受害者","pt":"Vítimas"}', 3),
	('society', '{"original":"en","en":"Society","fr":"Société","es":"Sociedad","ar":"المجتمع","ru":"Общество","zh":"社会","pt":"Sociedade"}', 4),
	('industry', '{"original":"en","en":"Industry","fr":"Entreprises","es":"Industria","ar":"القطاع الخاص","ru":"Отрасль","zh":"行业","pt":"Indústria"}', 5),
	('media', '{"original":"en","en":"Media and communications","fr":"Médias et communication","es":"Medios y comunicación","ar":"الإعلام والاتصال","ru":"СМИ и коммуникации","zh":"媒体与传播","pt":"Media e comunicação"}', 6);
