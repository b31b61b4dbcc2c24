-- The duty to report: to which authorities of the venue's country a case must be reported, and by when. All tables are
-- private; only functions read and write them.

-- An authority, the hours within which it must hear of a case, and of which kinds of case. An ended one stays for the
-- cases that were referred.
create table private.reporting_duties (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	authority text not null check (length(authority) between 1 and 200 and private.is_one_line(authority)),
	address text not null default '' check (length(address) <= 1000),
	hours integer not null check (hours between 1 and 720),
	categories text[] not null check (categories <> '{}' and categories <@ array['child', 'material', 'sexual',
		'harassment', 'threat', 'privacy', 'wellbeing', 'other']),
	note text not null default '' check (length(note) <= 2000),
	ended_at timestamptz
);
create index on private.reporting_duties (summit_id);
alter table private.reporting_duties enable row level security;
select audit.watch('private.reporting_duties');

-- That a case was reported to an authority.
create table private.case_referrals (
	case_id uuid not null references private.cases (id) on delete cascade,
	duty_id uuid not null references private.reporting_duties (id) on delete cascade,
	referred_at timestamptz not null default now(),
	referred_by uuid references public.people (id) on update cascade on delete set null,
	primary key (case_id, duty_id)
);
create index on private.case_referrals (duty_id);
create index on private.case_referrals (referred_by);
alter table private.case_referrals enable row level security;
select audit.watch('private.case_referrals');
