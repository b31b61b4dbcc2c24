-- Erasing a person: who asked for it, and which rows stay because others need them.

-- Requests of people to erase everything about them. A request holds ids and times alone, so it can stay.
create table private.erasure_requests (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	requested_at timestamptz not null default now(),
	-- Until then the person can stop it.
	due_at timestamptz not null,
	stopped_at timestamptz,
	erased_at timestamptz,
	check (stopped_at is null or erased_at is null)
);
create unique index erasure_requests_one_open on private.erasure_requests (person_id)
	where stopped_at is null and erased_at is null;
create index erasure_requests_due on private.erasure_requests (due_at) where stopped_at is null and erased_at is null;
alter table private.erasure_requests enable row level security;
select audit.watch('private.erasure_requests', 'person_id');

-- Whom a mail told that their account will be erased, and the last sign of them at that time: after a later one they are
-- warned again.
create table private.inactivity_warnings (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	last_sign_at timestamptz not null,
	warned_at timestamptz not null
);
alter table private.inactivity_warnings enable row level security;

-- Why rows about an erased person stay. They lead to a record without a name, an address or a key.
-- numbers: attendance and seats are counted. decisions: an act of staff for others. safeguarding: the safety of others.
-- money: invoices and payments, as the law requires. agenda: who took part in a session, without a name.
create domain private.retained_reason as text
	check (value in ('numbers', 'decisions', 'safeguarding', 'money', 'agenda'));

-- The tables whose rows stay. Rows of every other table that refers to a person or to their registration are deleted
-- with them; a test compares this list with the schema.
create table private.retained_tables (
	name text primary key,
	reason private.retained_reason not null
);
alter table private.retained_tables enable row level security;
insert into private.retained_tables (name, reason)
values
	('private.erasure_requests', 'numbers'),
	('public.presence', 'numbers'),
	('private.door_periods', 'numbers'),
	('public.registrations', 'numbers'),
	('public.registration_steps', 'numbers'),
	('public.seats', 'numbers'),
	('public.queue_entries', 'numbers'),
	('public.badges', 'numbers'),
	('public.badge_prints', 'numbers'),
	('private.decision_batches', 'decisions'),
	('private.member_imports', 'decisions'),
	('private.schedule_imports', 'decisions'),
	('private.imports', 'decisions'),
	('private.review_assignments', 'decisions'),
	('private.reviewers', 'decisions'),
	('private.reviews', 'decisions'),
	('private.role_proposals', 'decisions'),
	('public.role_grants', 'decisions'),
	('public.merge_requests', 'decisions'),
	('private.concern_deputies', 'safeguarding'),
	('private.concern_subjects', 'safeguarding'),
	('private.declines_without_reason', 'safeguarding'),
	('private.entry_bars', 'safeguarding'),
	('private.watch_list_entries', 'safeguarding'),
	('private.watch_list_matches', 'safeguarding'),
	('private.desk_lookups', 'safeguarding'),
	('private.name_reveals', 'safeguarding'),
	('private.revealed_people', 'safeguarding'),
	('private.bank_rows', 'money'),
	('public.invoices', 'money'),
	('public.orders', 'money'),
	('public.order_adjustments', 'money'),
	('public.order_lines', 'money'),
	('public.waiver_requests', 'money'),
	('public.journal_periods', 'money'),
	('public.release_people', 'agenda'),
	('public.session_people', 'agenda'),
	('private.proposals', 'agenda');
