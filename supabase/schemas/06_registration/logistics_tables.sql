-- What registrants are asked besides the fixed fields (questions of the registration form, and the logistics form of the
-- confirmed), and what is made of it: visa letters and the list for the host state.

-- A question of the registration form or of the logistics form. It says what it is for, who reads it and when it is erased: a promise to everybody who
-- has answered.
create table public.logistics_fields (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z0-9_]{1,40}$'),
	label public.text_map not null check (label <> '{}'),
	help public.text_map not null default '{}',
	purpose public.text_map not null check (purpose <> '{}'),
	kind text not null check (kind in (
		'text', 'long_text', 'choice', 'date', 'country', 'yes_no', 'choices', 'number', 'consent', 'file')),
	-- For the kinds `choice` and `choices` (several of them): [{key, label}].
	choices jsonb not null default '[]' check (jsonb_typeof(choices) = 'array'),
	-- Which categories and modes are asked; empty: all.
	categories public.registration_category[] not null default '{}',
	modes public.attendance_mode[] not null default '{}',
	is_required boolean not null default false,
	-- The answer reveals who a person is: nobody else reads that of a person under an alias.
	is_identity boolean not null default false,
	-- The answer goes into the host state's list.
	for_host boolean not null default false,
	-- The roles that read the answers, besides the person. Being an owner gives no further right.
	visible_to public.organiser_role[] not null default '{registration}',
	-- How many days after the last day of the Summit answers are erased.
	erase_days integer not null default 30 check (erase_days between 0 and 3650),
	position integer not null default 0,
	retired_at timestamptz,
	-- The form in which it is asked: `registration` from the draft on, `logistics` of confirmed people.
	form text not null default 'logistics' check (form in ('registration', 'logistics')),
	-- Which sectors of members are asked; empty: all.
	sectors public.sector[] not null default '{}',
	-- The key of another question: this one is asked only if the answer to that one is among these values.
	depends_on text,
	depends_values text[] not null default '{}',
	-- The app seals the answer, so that the database cannot read it: it is in no filter and no condition.
	is_sealed boolean not null default true,
	-- Counts the changes: a change that began from an older state is refused.
	version integer not null default 1,
	-- The team that meets the need which an answer states: one of the roles that read it. Null: no need.
	team public.organiser_role,
	-- The choices that are a need; empty: any answer is.
	need_values text[] not null default '{}',
	-- Messages to a group may insert the answer of their reader.
	in_mail boolean not null default false,
	-- Badges show the answer: one question of a Summit, which an owner chooses.
	on_badge boolean not null default false,
	-- What a file may be: a document (PDF or picture) or a picture.
	file_sort text check (file_sort in ('document', 'picture')),
	unique (summit_id, key),
	unique (id, summit_id),
	constraint label_one_line check (private.are_one_line(label)),
	constraint choices_one_line check (private.are_one_line(choices)),
	foreign key (summit_id, depends_on) references public.logistics_fields (summit_id, key),
	constraint depends_on_another check (depends_on is distinct from key and (depends_on is null) = (depends_values = '{}')),
	constraint depends_values_one_line check (private.are_one_line(depends_values)),
	-- Text, and what says who a person is, is always sealed.
	constraint team_reads check (team is null or team = any (visible_to)),
	constraint need_values_one_line check (private.are_one_line(need_values)),
	constraint badge_kinds check (not on_badge or not is_sealed and kind in ('choice', 'choices')),
	constraint mailed_unsealed check (not (in_mail and is_sealed)),
	constraint sealed_kinds check (is_sealed or not is_identity and not for_host and kind not in ('text', 'long_text')),
	-- A file says who a person is, and is no line of a list.
	constraint file_questions check (
		(kind = 'file') = (file_sort is not null)
		and (kind <> 'file' or is_sealed and is_identity and not for_host and team is null))
);
create index on public.logistics_fields (summit_id, depends_on);
create unique index logistics_fields_one_on_badge on public.logistics_fields (summit_id) where on_badge;
alter table public.logistics_fields enable row level security;
create policy read on public.logistics_fields for select to authenticated
	using (summit_id in (select private.readable_summits()));
grant select on public.logistics_fields to authenticated;
select audit.watch('public.logistics_fields');

-- A person's answer to one question: sealed by the app, or as the values that the database reads (private.is_answer_valid
-- says which fit). Not audited: an answer that is erased here is nowhere else.
create table private.logistics_answers (
	registration_id uuid not null references public.registrations (id) on delete cascade,
	field_id uuid not null references public.logistics_fields (id) on delete cascade,
	answer_sealed bytea,
	key_id text,
	answered_at timestamptz not null default now(),
	value text[],
	-- Whether a sealed answer is among the choices that are a need, as the app says that read it.
	is_need boolean not null default true,
	-- Of a file: its object, sealed with a key of its own, and that key, sealed with `key_id`. The key is nowhere else: without
	-- the answer nobody can read the object. 11_files/answer_files.sql
	object_name text unique,
	file_key_sealed bytea,
	primary key (registration_id, field_id),
	constraint file_sealed check (
		(object_name is null) = (file_key_sealed is null) and (object_name is null or answer_sealed is not null)),
	constraint sealed_or_value check (
		num_nonnulls(answer_sealed, value) = 1 and (answer_sealed is null) = (key_id is null) and value <> '{}')
);
create index on private.logistics_answers (field_id);
alter table private.logistics_answers enable row level security;

-- A need that a person stated: by an answer to a question, or, without one, as access needs in the registration form. A
-- team meets it. The note is for the person, sealed with the key of `key_person`.
create table private.needs (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	field_id uuid references public.logistics_fields (id) on delete cascade,
	team public.organiser_role not null,
	state text not null default 'open' check (state in ('open', 'in_hand', 'met', 'not_met')),
	assignee_id uuid references public.people (id) on update cascade on delete set null,
	note_sealed bytea,
	key_person uuid,
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	closed_by uuid references public.people (id) on update cascade on delete set null,
	-- Counts the changes: a change that began from an older state is refused.
	version integer not null default 1,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	unique nulls not distinct (registration_id, field_id),
	check ((note_sealed is null) = (key_person is null)),
	check ((closed_at is not null) = (state in ('met', 'not_met')))
);
create index on private.needs (summit_id, team, state);
create index on private.needs (field_id);
create index on private.needs (assignee_id);
create index on private.needs (closed_by);
alter table private.needs enable row level security;
select audit.watch('private.needs', '', 'note_sealed', 'key_person');

-- The mails about the logistics form that a registrant has had: the first request, and reminders a week and a day
-- before the deadline.
create table private.logistics_reminders (
	registration_id uuid not null references public.registrations (id) on delete cascade,
	kind text not null check (kind in ('asked', 'week', 'day')),
	at timestamptz not null default now(),
	primary key (registration_id, kind)
);
alter table private.logistics_reminders enable row level security;

-- The letterhead of a Summit's visa letters. A Summit without it issues none.
create table public.visa_letter_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	issuer_name text not null check (length(btrim(issuer_name)) between 1 and 200),
	issuer_address text not null check (length(btrim(issuer_address)) between 1 and 500),
	signatory_name text not null check (length(btrim(signatory_name)) between 1 and 120),
	signatory_office text not null check (length(btrim(signatory_office)) between 1 and 200),
	prefix text not null default 'VL' check (prefix ~ '^[A-Z0-9-]{1,12}$'),
	updated_at timestamptz not null default now(),
	constraint issuer_name_one_line check (private.is_one_line(issuer_name)),
	constraint signatory_name_one_line check (private.is_one_line(signatory_name)),
	constraint signatory_office_one_line check (private.is_one_line(signatory_office))
);
alter table public.visa_letter_settings enable row level security;
create policy read on public.visa_letter_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.visa_letter_settings to authenticated;
select audit.watch('public.visa_letter_settings');

-- A letter of invitation for a visa. Its content is sealed and only its person reads it; anybody who is shown a letter
-- learns from its code only whether it is valid.
create table private.visa_letters (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	number integer not null,
	reference text not null,
	code text not null unique default private.random_code(12),
	content_sealed bytea,
	key_id text,
	issued_at timestamptz not null default now(),
	replaced_at timestamptz,
	withdrawn_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	unique (summit_id, number),
	-- The content is kept only while the letter is valid.
	check ((content_sealed is not null) = (replaced_at is null and withdrawn_at is null)),
	check ((content_sealed is null) = (key_id is null))
);
create unique index visa_letters_one_valid on private.visa_letters (registration_id) where content_sealed is not null;
alter table private.visa_letters enable row level security;
select audit.watch('private.visa_letters', 'registration_id', 'content_sealed', 'key_id', 'code');

-- A request for the host state's list of participants. One organiser requests it, another confirms it, and it is taken
-- once. The row does not hold the list itself.
create table private.host_lists (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	purpose text not null check (length(btrim(purpose)) between 1 and 1000),
	recipient text not null check (length(btrim(recipient)) between 1 and 300),
	fields uuid[] not null default '{}',
	state text not null default 'asked' check (state in ('asked', 'confirmed', 'refused', 'taken')),
	asked_by uuid references public.people (id) on update cascade on delete set null,
	asked_at timestamptz not null default now(),
	decided_by uuid references public.people (id) on update cascade on delete set null,
	decided_at timestamptz,
	expires_at timestamptz not null default now() + interval '7 days',
	taken_by uuid references public.people (id) on update cascade on delete set null,
	taken_at timestamptz,
	rows integer,
	withheld integer,
	check (state not in ('confirmed', 'taken') or decided_by is null or decided_by is distinct from asked_by),
	check ((state = 'taken') = (taken_at is not null and rows is not null and withheld is not null)),
	constraint recipient_one_line check (private.is_one_line(recipient))
);
create index on private.host_lists (summit_id);
alter table private.host_lists enable row level security;
select audit.watch('private.host_lists');
