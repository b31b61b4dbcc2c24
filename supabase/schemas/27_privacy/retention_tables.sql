-- How long data about people is kept: the classes of data with their periods, the rule of each table, legal holds, and
-- what the sweep did. The periods are read by retention_periods.sql, the rules are carried out by retention_sweep.sql.

-- What starts the clock of a class. closed: the closing of the Summit. written: the row was written. ended: what it is
-- about was closed. last_sign: the last sign-in, or the closing of the last Summit that the person took part in.
create domain private.retention_clock as text check (value in ('closed', 'written', 'ended', 'last_sign'));

-- The classes, and their periods in days. A class with one allowed period is technical: it holds codes, limits and
-- unfinished work.
create table private.retention_classes (
	code text primary key check (code ~ '^[a-z_]{3,40}$'),
	position integer not null unique,
	clock private.retention_clock not null,
	default_days integer not null,
	min_days integer not null,
	max_days integer not null,
	-- Other functions that carry it out, beside the sweep.
	functions text[] not null default '{}',
	check (0 <= min_days and min_days <= default_days and default_days <= max_days and max_days <= 3650)
);
alter table private.retention_classes enable row level security;
insert into private.retention_classes (position, code, clock, default_days, min_days, max_days, functions)
values
	(1, 'logistics', 'closed', 30, 0, 365, default),
	(2, 'needs', 'closed', 30, 0, 365, default),
	(3, 'emergency_contacts', 'closed', 7, 0, 90, default),
	(4, 'accreditation', 'closed', 365, 30, 1825, default),
	(5, 'registrations', 'closed', 180, 30, 730, default),
	(6, 'invitations', 'closed', 90, 0, 365, default),
	(7, 'preparation', 'closed', 180, 30, 730, default),
	(8, 'proposals', 'closed', 365, 30, 1825, default),
	(9, 'presence', 'closed', 365, 30, 1825, default),
	(10, 'participation', 'closed', 180, 0, 730, default),
	(11, 'recordings', 'closed', 730, 30, 3650, default),
	(12, 'files', 'closed', 1825, 365, 3650, default),
	(13, 'consents', 'closed', 730, 180, 3650, default),
	(14, 'certificates', 'closed', 730, 365, 3650, default),
	(15, 'concerns', 'ended', 1825, 365, 3650, default),
	(16, 'lookups', 'written', 90, 30, 365, default),
	(17, 'mails', 'written', 180, 30, 730, default),
	(18, 'contact', 'last_sign', 730, 365, 3650, default),
	(19, 'audit_values', 'written', 1095, 365, 3650, default),
	(20, 'sign_in', 'written', 1, 1, 1, '{delete_expired_challenges,sweep_mail,use_desk_code,count_concern_source}'),
	(21, 'unfinished', 'written', 7, 7, 7, '{erase_member_imports,sweep_door}'),
	(22, 'surveys', 'ended', 365, 30, 1825, default),
	(23, 'webhooks', 'written', 30, 30, 30, default);

-- Why a table is in no class. settings: nothing about people but who set it. money: kept as long as the law on accounts
-- requires. numbers: counted, without a name once the person is erased. decisions: an act of staff for others. agenda:
-- the published record of the Summit. technical: the machinery, without personal values or with its row's parent.
create domain private.retention_exemption as text
	check (value in ('settings', 'money', 'numbers', 'decisions', 'agenda', 'technical'));

-- One row for each table of the schemas public, private and audit; a test compares the list with the schema. The
-- columns of a rule are expressions of SQL over a row `t`. A table of a class without a rule goes with the row that it
-- belongs to, or with its person. $1: the Summit, $2: now, $3: clocks that started until then have run.
create table private.retention_rules (
	table_name text primary key,
	class text references private.retention_classes (code) on delete restrict,
	exemption private.retention_exemption,
	-- The Summit of a row; null: of none.
	summit text,
	-- The people that a row is about: uuid[].
	people text,
	-- When the clock of a row starts, where closing the Summit does not start it.
	since text,
	-- The rows to which the rule applies.
	only_if text,
	-- Rows that go earlier than by the period.
	or_if text,
	-- The columns to set instead of deleting the row.
	sets text,
	-- The function that removes one row by its id instead; answers whether it did.
	remover text,
	-- Whether the sealed values of the table in the audit go with its rows.
	with_audit boolean not null default true,
	check ((class is null) <> (exemption is null)),
	check (class is not null or num_nonnulls(summit, people, since, only_if, or_if, sets, remover) = 0)
);
create index on private.retention_rules (class);
alter table private.retention_rules enable row level security;

-- The Summits that are closed, and since when: the clocks that run.
create table private.retention_clocks (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	started_at timestamptz not null default now()
);
alter table private.retention_clocks enable row level security;

-- Closing a Summit starts its clocks; opening it again stops them. Waits for a step of the sweep that has begun.
create function private.set_retention_clock() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state in ('closed', 'archived') then
		insert into private.retention_clocks (summit_id) values (new.id) on conflict do nothing;
	else
		delete from private.retention_clocks as k where k.summit_id = new.id;
	end if;
	return null;
end
$$;
create trigger set_retention_clock after insert or update of state on public.summits for each row
	execute function private.set_retention_clock();

-- The periods that owners have set, for one Summit or for all (null); days null: as it is without this row. The newest
-- one that has taken effect counts.
create table private.retention_periods (
	id bigint generated always as identity primary key,
	class text not null references private.retention_classes (code) on delete cascade,
	summit_id uuid references public.summits (id) on delete cascade,
	days integer check (days between 0 and 3650),
	effective_at timestamptz not null default now(),
	set_by uuid references public.people (id) on update cascade on delete set null,
	set_at timestamptz not null default now(),
	-- Another change came before it took effect.
	withdrawn_at timestamptz
);
create index on private.retention_periods (class, summit_id);
create index on private.retention_periods (summit_id);
create index on private.retention_periods (set_by);
alter table private.retention_periods enable row level security;
select audit.watch('private.retention_periods');

-- Legal holds: on a class of data of a Summit (null: of all), or on everything about one person. What is held is
-- neither swept nor erased.
create table private.legal_holds (
	id uuid primary key default gen_random_uuid(),
	-- The Summit in whose settings it was placed.
	via_summit_id uuid references public.summits (id) on delete cascade,
	class text references private.retention_classes (code) on delete cascade,
	summit_id uuid references public.summits (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	reason text not null check (length(btrim(reason)) between 3 and 1000),
	until timestamptz,
	placed_by uuid references public.people (id) on update cascade on delete set null,
	placed_at timestamptz not null default now(),
	ended_by uuid references public.people (id) on update cascade on delete set null,
	ended_at timestamptz,
	check ((class is null) <> (person_id is null)),
	check (person_id is null or summit_id is null)
);
create index on private.legal_holds (via_summit_id);
create index on private.legal_holds (class, summit_id);
create index on private.legal_holds (summit_id);
create index on private.legal_holds (person_id);
create index on private.legal_holds (placed_by);
create index on private.legal_holds (ended_by);
alter table private.legal_holds enable row level security;
select audit.watch('private.legal_holds', 'person_id', 'reason');

-- What the sweep did: how many rows of a table went on a day. audit.entries: sealed values that went, in entries that
-- stay.
create table private.retention_reports (
	swept_on date not null,
	class text not null references private.retention_classes (code) on delete cascade,
	summit_id uuid references public.summits (id) on delete cascade,
	table_name text not null,
	rows integer not null,
	last_at timestamptz not null,
	-- The code of the error, where the last step failed.
	fault text,
	unique nulls not distinct (swept_on, class, summit_id, table_name)
);
create index on private.retention_reports (summit_id, last_at);
alter table private.retention_reports enable row level security;

-- The classes of a closed Summit of which the sweep has deleted rows because their period had run, and since when. A
-- longer period or a hold that comes later does not bring them back.
create table private.begun_deletions (
	summit_id uuid not null references public.summits (id) on delete cascade,
	class text not null references private.retention_classes (code) on delete cascade,
	begun_at timestamptz not null,
	primary key (summit_id, class)
);
create index on private.begun_deletions (class);
alter table private.begun_deletions enable row level security;

-- Registrations that were never confirmed, stay because seats or payments refer to them, and were emptied.
create table private.emptied_registrations (
	registration_id uuid primary key references public.registrations (id) on delete cascade,
	emptied_at timestamptz not null
);
alter table private.emptied_registrations enable row level security;

-- When the sweep last found nothing more to do.
create table private.last_retention_round (
	id boolean primary key default true check (id),
	at timestamptz not null
);
alter table private.last_retention_round enable row level security;
