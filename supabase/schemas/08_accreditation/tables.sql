-- What an owner sets for the accreditation desk of a Summit.

create table public.accreditation_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Categories, and decisions on them, that two people make together.
	second_person_for public.registration_category[] not null default '{}',
	second_person_decisions text[] not null default '{accredit,decline}'
		check (second_person_decisions <@ array['accredit', 'decline']),
	-- What is looked at anew when it changes after accreditation.
	vetted text[] not null default '{display_name,office,affiliation,country,member_id,category}'
		check (vetted <@ array['display_name', 'office', 'affiliation', 'country', 'member_id', 'category']),
	-- Whether door and stage wait until somebody has looked.
	pauses_rights boolean not null default false,
	-- After so many days without a decision, or a second person, a registration is marked.
	aim_days integer not null default 7 check (aim_days between 1 and 90),
	updated_at timestamptz not null default now()
);
alter table public.accreditation_settings enable row level security;
select audit.watch('public.accreditation_settings');

create policy read on public.accreditation_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.accreditation_settings to authenticated;

-- Four eyes: where a Summit asks for it, the first decision is a proposal, and a second person confirms or rejects it.

create table private.decision_proposals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	decision text not null check (decision in ('accredit', 'decline', 'revet', 'recategorise')),
	-- What the person would be told.
	reason text not null default '' check (length(reason) <= 2000),
	state text not null default 'open' check (state in ('open', 'confirmed', 'rejected', 'withdrawn', 'cancelled')),
	proposed_by uuid references public.people (id) on update cascade on delete set null,
	-- The account itself, and those that were near it then: a link that is cut afterwards makes no second person.
	proposer_account uuid not null,
	near_accounts uuid[] not null default '{}',
	proposed_at timestamptz not null default now(),
	closed_by uuid references public.people (id) on update cascade on delete set null,
	closed_at timestamptz,
	-- Why it was rejected, or what cancelled it.
	answer text not null default '' check (length(answer) <= 2000),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	check ((state = 'open') = (closed_at is null)),
	category public.registration_category,
	member_id uuid references public.members (id) on update cascade on delete cascade,
	check ((decision = 'recategorise') = (category is not null) and (member_id is null or category is not null))
);
alter table private.decision_proposals enable row level security;
create unique index decision_proposals_one_open on private.decision_proposals (registration_id) where state = 'open';
create index on private.decision_proposals (registration_id);
create index on private.decision_proposals (summit_id, state);
create index on private.decision_proposals (proposed_by);
create index on private.decision_proposals (closed_by);
select audit.watch('private.decision_proposals', 'registration_id', 'reason', 'answer');

-- What organisers note about a registration, for each other. Sealed with the person's key: what erases the person
-- erases it.

create table private.registration_notes (
	id bigint generated always as identity primary key,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	sealed bytea not null,
	-- Whose key opens it; it follows a person to a new id.
	key_person uuid not null references private.person_keys (person_id) on update cascade on delete restrict,
	for_safeguarding boolean not null default false,
	author_id uuid references public.people (id) on update cascade on delete set null,
	at timestamptz not null default clock_timestamp()
);
alter table private.registration_notes enable row level security;
create index on private.registration_notes (registration_id, id);
create index on private.registration_notes (key_person);
create index on private.registration_notes (author_id);
select audit.watch('private.registration_notes', 'registration_id', 'sealed');

-- Questions to a person under review. The state stays as it is, and a seat that is held is held long enough to answer.

create table private.information_requests (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	question text not null check (length(question) between 3 and 2000),
	deadline timestamptz not null,
	state text not null default 'open' check (state in ('open', 'answered', 'closed')),
	asked_by uuid references public.people (id) on update cascade on delete set null,
	asked_at timestamptz not null default now(),
	reminders integer not null default 0,
	answer text check (length(answer) between 1 and 4000),
	answered_at timestamptz,
	-- An organiser has read the answer.
	read_at timestamptz,
	closed_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	check ((state = 'answered') = (answer is not null)),
	check ((answer is null) = (answered_at is null)),
	check ((state = 'closed') = (closed_at is not null))
);
alter table private.information_requests enable row level security;
create unique index information_requests_one_open on private.information_requests (registration_id)
	where state = 'open';
create index on private.information_requests (registration_id, asked_at);
create index on private.information_requests (deadline) where state = 'open';
create index on private.information_requests (summit_id);
create index on private.information_requests (asked_by);
select audit.watch('private.information_requests', 'registration_id', 'question', 'answer');

-- A vetted field that changes after accreditation is looked at anew. Door and stage go on or wait, as the Summit has
-- set.

create table private.revettings (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	fields text[] not null,
	-- {old: {field: value}, new: {…}}, sealed with the person's key. Null under another name: what somebody was called
	-- is read by nobody.
	sealed bytea,
	key_person uuid references private.person_keys (person_id) on update cascade on delete restrict,
	state text not null default 'open' check (state in ('open', 'confirmed', 'reverted', 'closed')),
	opened_at timestamptz not null default now(),
	closed_by uuid references public.people (id) on update cascade on delete set null,
	closed_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	check ((sealed is null) = (key_person is null)),
	check ((state = 'open') = (closed_at is null))
);
alter table private.revettings enable row level security;
create unique index revettings_one_open on private.revettings (registration_id) where state = 'open';
create index on private.revettings (registration_id);
create index on private.revettings (summit_id, state);
create index on private.revettings (key_person);
create index on private.revettings (closed_by);
select audit.watch('private.revettings', 'registration_id', 'sealed');

-- The accreditation desk: one registration in full, and the list of all, filtered, counted and paged in one call.

-- One row of the list, with all that it is filtered, sorted and marked by.
create type private.desk_row as (
	id uuid, reference text, display_name text, office text, affiliation text, member_id uuid, member text,
		asked_member text, sector public.sector, region text, country text,
	category public.registration_category, mode public.attendance_mode, state public.registration_state,
		state_since timestamptz, submitted_at timestamptz,
	pool_id uuid, pool text, has_alias boolean, has_request boolean, wants_guardian boolean, is_queued boolean,
		queue_position bigint, queue_reason public.queue_reason,
	held_until timestamptz, notes bigint, proposal text, proposed_at timestamptz, proposal_own boolean, question text,
		question_until timestamptz, revet_since timestamptz,
	waits text, is_late boolean, lacks_details boolean);

-- Deciding many at once: who was chosen is frozen, looked at, and then decided in parts, each part once, whoever clicks
-- how often.

create table private.decision_batches (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	made_by uuid not null references public.people (id) on update cascade on delete cascade,
	decision text not null check (decision in ('accredit', 'decline', 'revet', 'confirm', 'reject')),
	ids uuid[] not null check (cardinality(ids) between 1 and 5000),
	made_at timestamptz not null default now(),
	reason text check (length(reason) <= 2000),
	-- Answers of decide_registrations for the first of the ids, in their order.
	answers jsonb not null default '[]'
);
alter table private.decision_batches enable row level security;
create index on private.decision_batches (summit_id);
create index on private.decision_batches (made_by, made_at);

-- Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as
-- things are then.

create index on private.decision_proposals (member_id);
