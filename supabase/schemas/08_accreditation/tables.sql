-- Accreditation: the settings of the desk, decisions that two people make together, notes, questions to people under
-- review, changes that are reviewed again, and batches of decisions. Only functions read and write the private tables.

-- What an owner sets for the accreditation desk of a Summit. Every Summit has its row (08_accreditation/settings.sql).
create table public.accreditation_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- The categories, and the decisions on them, that need two people.
	second_person_for public.registration_category[] not null default '{}',
	second_person_decisions text[] not null default '{accredit,decline}'
		check (second_person_decisions <@ array['accredit', 'decline']),
	-- The fields that are reviewed again when they change after accreditation.
	checked_fields text[] not null default '{display_name,office,affiliation,country,member_id,category}'
		check (checked_fields <@ array['display_name', 'office', 'affiliation', 'country', 'member_id', 'category']),
	-- Whether door and stage are closed to a person until such a change is reviewed.
	pauses_rights boolean not null default false,
	-- A registration that waits longer than this for a decision is marked as late.
	aim_days integer not null default 7 check (aim_days between 1 and 90),
	updated_at timestamptz not null default now()
);
alter table public.accreditation_settings enable row level security;
create policy read on public.accreditation_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.accreditation_settings to authenticated;
select audit.watch('public.accreditation_settings');

-- The first of two decisions, where a Summit asks for two people: a proposal, which a second person confirms or
-- rejects.
create table private.decision_proposals (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	decision text not null check (decision in ('accredit', 'decline', 'accept_change', 'change_category')),
	-- The reason that the person would read.
	reason text not null default '' check (length(reason) <= 2000),
	state text not null default 'open' check (state in ('open', 'confirmed', 'rejected', 'withdrawn', 'cancelled')),
	proposed_by uuid references public.people (id) on update cascade on delete set null,
	-- The account that proposed it, and the accounts that could be the same human at that time. They are kept, because
	-- an account that is unlinked afterwards is still no second person.
	proposer_account uuid not null,
	related_accounts uuid[] not null default '{}',
	proposed_at timestamptz not null default now(),
	closed_by uuid references public.people (id) on update cascade on delete set null,
	closed_at timestamptz,
	-- Why it was rejected, or what cancelled it.
	answer text not null default '' check (length(answer) <= 2000),
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	check ((state = 'open') = (closed_at is null)),
	-- Of a change of category: what the person would become.
	category public.registration_category,
	member_id uuid references public.members (id) on update cascade on delete cascade,
	check ((decision = 'change_category') = (category is not null) and (member_id is null or category is not null))
);
create unique index decision_proposals_one_open on private.decision_proposals (registration_id) where state = 'open';
create index on private.decision_proposals (registration_id);
create index on private.decision_proposals (summit_id, state);
create index on private.decision_proposals (proposed_by);
create index on private.decision_proposals (closed_by);
create index on private.decision_proposals (member_id);
alter table private.decision_proposals enable row level security;
select audit.watch('private.decision_proposals', 'registration_id', 'reason', 'answer');

-- Notes of organisers about a registration, for each other. Sealed with the key of the person, so erasing the person
-- erases them (Rule 9).
create table private.registration_notes (
	id bigint generated always as identity primary key,
	registration_id uuid not null references public.registrations (id) on delete cascade,
	sealed bytea not null,
	-- The person whose key opens it; it follows a person to a new id.
	key_person uuid not null references private.person_keys (person_id) on update cascade on delete restrict,
	for_safeguarding boolean not null default false,
	author_id uuid references public.people (id) on update cascade on delete set null,
	at timestamptz not null default clock_timestamp()
);
create index on private.registration_notes (registration_id, id);
create index on private.registration_notes (key_person);
create index on private.registration_notes (author_id);
alter table private.registration_notes enable row level security;
select audit.watch('private.registration_notes', 'registration_id', 'sealed');

-- Questions to a person under review. The state of the registration stays as it is.
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
	-- When an organiser read the answer.
	read_at timestamptz,
	closed_at timestamptz,
	foreign key (registration_id, summit_id) references public.registrations (id, summit_id) on delete cascade,
	check ((state = 'answered') = (answer is not null)),
	check ((answer is null) = (answered_at is null)),
	check ((state = 'closed') = (closed_at is not null))
);
create unique index information_requests_one_open on private.information_requests (registration_id)
	where state = 'open';
create index on private.information_requests (registration_id, asked_at);
create index on private.information_requests (deadline) where state = 'open';
create index on private.information_requests (summit_id);
create index on private.information_requests (asked_by);
alter table private.information_requests enable row level security;
select audit.watch('private.information_requests', 'registration_id', 'question', 'answer');

-- Changes of checked fields after accreditation, which the desk reviews again.
create table private.re_reviews (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	registration_id uuid not null,
	fields text[] not null,
	-- {old: {field: value}, new: {field: value}}, sealed with the key of the person. Null for a person with an alias:
	-- nobody reads their former name (Rule 7).
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
create unique index re_reviews_one_open on private.re_reviews (registration_id) where state = 'open';
create index on private.re_reviews (registration_id);
create index on private.re_reviews (summit_id, state);
create index on private.re_reviews (key_person);
create index on private.re_reviews (closed_by);
alter table private.re_reviews enable row level security;
select audit.watch('private.re_reviews', 'registration_id', 'sealed');

-- One row of the list of registrations, with everything by which it is filtered, sorted and marked
-- (08_accreditation/list.sql).
create type private.desk_row as (
	id uuid,
	reference text,
	display_name text,
	office text,
	affiliation text,
	member_id uuid,
	member text,
	asked_member text,
	sector public.sector,
	region text,
	country text,
	category public.registration_category,
	mode public.attendance_mode,
	state public.registration_state,
	state_since timestamptz,
	submitted_at timestamptz,
	pool_id uuid,
	pool text,
	has_alias boolean,
	has_request boolean,
	wants_guardian boolean,
	is_queued boolean,
	queue_position bigint,
	queue_reason public.queue_reason,
	held_until timestamptz,
	notes bigint,
	proposal text,
	proposed_at timestamptz,
	is_own_proposal boolean,
	question text,
	question_until timestamptz,
	re_review_since timestamptz,
	waits text,
	is_late boolean,
	lacks_logistics boolean
);

-- A batch of registrations that an organiser chose to decide on. The ids are fixed when the batch is made.
create table private.decision_batches (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	made_by uuid not null references public.people (id) on update cascade on delete cascade,
	decision text not null check (decision in ('accredit', 'decline', 'accept_change', 'confirm', 'reject')),
	ids uuid[] not null check (cardinality(ids) between 1 and 5000),
	made_at timestamptz not null default now(),
	reason text check (length(reason) <= 2000),
	-- The answers of decide_registrations for the ids that are done, in their order.
	answers jsonb not null default '[]'
);
create index on private.decision_batches (summit_id);
create index on private.decision_batches (made_by, made_at);
alter table private.decision_batches enable row level security;
