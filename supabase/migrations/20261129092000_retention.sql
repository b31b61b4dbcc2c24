-- Retention that runs by itself: classes of data with their periods, legal holds, and the sweep.

-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Setting how long a class of data is kept. Confirm: rows would go, and the answer says how many.
create domain public.retention_period_status as text check (value in ('ok', 'confirm', 'not_allowed', 'invalid'));

-- Placing a legal hold. Unknown: nobody has a registration with this reference.
create domain public.legal_hold_status as text check (value in ('ok', 'not_allowed', 'invalid', 'unknown'));

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
	(21, 'unfinished', 'written', 7, 7, 7, '{erase_member_imports,sweep_door}');

-- Why a table is in no class. settings: nothing about people but who set it. money: kept as long as the law on accounts
-- requires. numbers: counted, without a name once the person is erased. decisions: an act of staff for others. agenda:
-- the published record of the Summit. technical: the machinery, without personal values or with its row's parent.
create domain private.retention_exemption as text
	check (value in ('settings', 'money', 'numbers', 'decisions', 'agenda', 'technical'));

-- One row for each table of the schemas public, private and audit; a test compares the list with the schema. The
-- columns of a rule are expressions of SQL over a row `t`. A table of a class without a rule goes with the row that it
-- belongs to, or with its person. $1: the Summit, $2: now.
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

-- What the sweep did: how many rows of a table went on a day. A table whose sealed values in the audit went is named
-- with "audit " before it.
create table private.retention_reports (
	swept_on date not null,
	class text not null references private.retention_classes (code) on delete cascade,
	summit_id uuid references public.summits (id) on delete cascade,
	table_name text not null,
	rows integer not null,
	last_at timestamptz not null,
	unique nulls not distinct (swept_on, class, summit_id, table_name)
);
create index on private.retention_reports (summit_id, last_at);
alter table private.retention_reports enable row level security;

-- When the sweep last found nothing more to do.
create table private.last_retention_round (
	id boolean primary key default true check (id),
	at timestamptz not null
);
alter table private.last_retention_round enable row level security;

-- The rule of each table; 27_privacy/retention_tables.sql explains the columns.

-- The Summit and the people of rows that name neither: expressions of the rules below. They are expanded into the
-- query, so they run with the rights of the sweep.

create function private.summit_of_registration(p_registration uuid) returns uuid
language sql stable as $$ select r.summit_id from public.registrations as r where r.id = p_registration $$;

create function private.person_of_registration(p_registration uuid) returns uuid[]
language sql stable as $$ select array[r.person_id] from public.registrations as r where r.id = p_registration $$;

create function private.summit_of_session(p_session uuid) returns uuid
language sql stable as $$ select s.summit_id from public.sessions as s where s.id = p_session $$;

create function private.summit_of_run(p_run uuid) returns uuid
language sql stable as $$ select r.summit_id from public.runs as r where r.id = p_run $$;

create function private.summit_of_booth(p_booth uuid) returns uuid
language sql stable as $$
	select r.summit_id from private.booths as b join public.runs as r on r.id = b.run_id where b.id = p_booth
$$;

create function private.summit_of_announcement(p_announcement uuid) returns uuid
language sql stable as $$ select a.summit_id from private.announcements as a where a.id = p_announcement $$;

create function private.summit_of_proposal(p_proposal uuid) returns uuid
language sql stable as $$ select p.summit_id from private.proposals as p where p.id = p_proposal $$;

create function private.owner_of_proposal(p_proposal uuid) returns uuid[]
language sql stable as $$ select array[p.owner_id] from private.proposals as p where p.id = p_proposal $$;

create function private.people_of_recording(p_recording uuid) returns uuid[]
language sql stable as $$
	select array(select p.person_id from private.recording_people as p where p.recording_id = p_recording)
$$;

create function private.people_of_captions(p_run uuid) returns uuid[]
language sql stable as $$ select array(select p.person_id from private.caption_people as p where p.run_id = p_run) $$;

create function private.people_of_concern(p_concern private.concerns) returns uuid[]
language sql stable as $$
	select array[(p_concern).reporter_id]
		|| array(select s.person_id from private.concern_subjects as s where s.concern_id = (p_concern).id)
$$;

-- Since when a Summit is closed; null while it is not.
create function private.closed_since(p_summit uuid) returns timestamptz
language sql stable as $$ select k.started_at from private.retention_clocks as k where k.summit_id = p_summit $$;

-- The conditions of single rules.

create function private.became_session(p_proposal uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.proposal_decisions as d where d.proposal_id = p_proposal and d.session_id is not null)
$$;

create function private.has_recordings(p_summit uuid) returns boolean
language sql stable as $$ select exists (select from private.recordings as g where g.summit_id = p_summit) $$;

-- An invitation to a role for all Summits, which no closing reaches.
create function private.is_role_invitation_due(p_invitation private.role_invitations, p_now timestamptz) returns boolean
language sql stable as $$
	select (p_invitation).summit_id is null
		and (p_invitation).state <> 'open'
		and coalesce((p_invitation).answered_at, (p_invitation).invited_at) <= p_now - interval '90 days'
$$;

-- The term that the logistics form names beside the question.
create function private.is_answer_due(p_field uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select private.answers_erased_at(f) <= p_now from public.logistics_fields as f where f.id = p_field
$$;

-- The term that the page of speakers' needs names.
create function private.are_needs_due(p_summit uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select (private.needs_erasure_date(s.id) + 1)::timestamp at time zone s.zone <= p_now
	from public.summits as s
	where s.id = p_summit
$$;

-- Rows that go with the closing of their Summit.
insert into private.retention_rules (table_name, class, summit, people)
values
	('private.visa_letters', 'logistics', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.registration_needs', 'needs', 'private.summit_of_registration(t.registration_id)', 'array[t.person_id]'),
	('private.emergency_contacts', 'emergency_contacts', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.registration_notes', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.information_requests', 'accreditation', 't.summit_id',
		'private.person_of_registration(t.registration_id)'),
	('private.re_reviews', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.decision_proposals', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.walk_in_forms', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.nomination_refusals', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.member_requests', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.guardian_claims', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.declines_without_reason', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.invitations', 'invitations', 't.summit_id', null),
	('private.focal_invitations', 'invitations', 't.summit_id', null),
	('private.reviewer_invitations', 'invitations', 't.summit_id', null),
	('private.co_speaker_suggestions', 'invitations', 't.summit_id', 'array[t.person_id]'),
	('private.late_links', 'invitations', 't.summit_id', null),
	('private.agenda_digests', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.agenda_visits', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.pending_agenda_changes', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.calendar_update_queue', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.device_checks', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.speaker_reminders', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.text_suggestions', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.placement_steps', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.run_hosts', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.calendar_invitations', 'preparation', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('public.agenda_marks', 'preparation', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('private.session_signups', 'preparation',
		'(select x.summit_id from private.session_places as x where x.session_id = t.session_id)',
		'array[t.person_id]'),
	('public.person_availabilities', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('public.interpreter_languages', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.logistics_reminders', 'preparation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.reviews', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.reviewer_id]'),
	('private.review_messages', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.person_id]'),
	('private.review_conflicts', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.person_id]'),
	('private.review_assignments', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.reviewer_id]'),
	('private.proposal_people', 'proposals', 't.summit_id', 'array[t.person_id]'),
	('private.proposal_answers', 'proposals', 'private.summit_of_proposal(t.proposal_id)',
		'private.owner_of_proposal(t.proposal_id)'),
	('private.door_scans', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.door_periods', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.door_conflicts', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.sealed_presence', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.desk_codes', 'presence', 't.summit_id', 'array[t.person_id]'),
	('public.presence', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.entry_notices', 'presence', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('private.run_participants', 'presence', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.desk_monitors', 'presence', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.run_sign_ins', 'presence', 'private.summit_of_run(t.run_id)', null),
	('private.booth_seats', 'presence', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.booth_heartbeats', 'presence', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.run_listeners', 'presence', 'private.summit_of_run(t.run_id)', null),
	('private.chat_messages', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.chat_mutes', 'participation', 'private.summit_of_run(t.run_id)', null),
	('private.session_questions', 'participation', 't.summit_id', 'array[t.person_id]'),
	('private.session_salts', 'participation', 'private.summit_of_session(t.session_id)', null),
	('private.hands', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.withdrawn_items', 'participation', 'private.summit_of_run(t.run_id)', null),
	('private.backstage_messages', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.booth_messages', 'participation', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.caption_lines', 'recordings', 'private.summit_of_run(t.run_id)', 'private.people_of_captions(t.run_id)'),
	('private.caption_people', 'recordings', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.caption_tokens', 'recordings', 'private.summit_of_run(t.run_id)', null),
	('private.egresses', 'recordings', 'private.summit_of_run(t.run_id)', null),
	('private.session_files', 'files', 't.summit_id', null),
	('private.certificates', 'certificates', 't.summit_id', 'array[t.person_id]');

-- Rules with a clock, a condition or an act of their own. Consents stay as long as there is a recording of the Summit.
insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.logistics_answers', 'logistics', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, null, 'private.is_answer_due(t.field_id, $2)',
		null, null, true),
	('private.speaker_needs', 'needs', 't.summit_id', 'array[t.person_id]', null, null,
		'private.are_needs_due(t.summit_id, $2)', null, null, true),
	('public.registration_steps', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, 't.reason <> ''''', null, 'reason = ''''', null,
		true),
	('public.registrations', 'registrations', 't.summit_id', 'array[t.person_id]', null,
		'private.is_unconfirmed_to_remove(t)', null, null, 'private.remove_unconfirmed_registration', false),
	('private.role_invitations', 'invitations', 't.summit_id', null, null, null,
		'private.is_role_invitation_due(t, $2)',
		null, null, true),
	('private.personal_links', 'preparation', 't.summit_id', 'array[t.person_id]', null, 't.kind = ''calendar''',
		null, null, null, true),
	('private.proposals', 'proposals', 't.summit_id', 'array[t.owner_id]', null,
		'not private.became_session(t.id)', null, null, null, true),
	('private.recordings', 'recordings', 't.summit_id', 'private.people_of_recording(t.id)', null,
		't.state not in (''wanted'', ''running'', ''paused'')', null, null, null, true),
	('public.consents', 'consents', 'private.summit_of_registration(t.registration_id)', 'array[t.person_id]',
		null, 'not private.has_recordings($1)', null, null, null, true),
	('private.floor_consents', 'consents', 'private.summit_of_run(t.run_id)', 'array[t.person_id]', null,
		'not private.has_recordings($1)', null, null, null, true),
	('private.guardian_stage_agreements', 'consents', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, 'not private.has_recordings($1)', null, null,
		null, true),
	('private.concerns', 'concerns', 't.summit_id', 'private.people_of_concern(t)', 't.closed_at', null, null,
		null, null, true),
	('private.watch_list_entries', 'concerns', 't.summit_id', 'array[t.person_id]',
		'case when t.state in (''ended'', ''refused'') then coalesce(t.ended_at, t.added_at) end', null, null, null,
		null, true),
	('private.entry_bars', 'concerns', 't.summit_id', 'array[t.person_id]', 'private.closed_since(t.summit_id)',
		null, null, null, null, true),
	('private.desk_lookups', 'lookups', 't.summit_id', null, 't.at', null, null, null, null, true),
	('private.outbox', 'mails', 't.summit_id', 'array[t.person_id]', 'coalesce(t.sent_at, t.created_at)',
		't.state not in (''queued'', ''sending'')', null, null, null, true),
	('private.group_message_recipients', 'mails',
		'(select x.summit_id from public.group_messages as x where x.id = t.message_id)', 'array[t.person_id]',
		'(select x.sent_at from public.group_messages as x where x.id = t.message_id)', 't.state <> ''waiting''',
		null, null, null, true),
	('private.announcement_readers', 'mails', 'private.summit_of_announcement(t.announcement_id)',
		'array[t.person_id]',
		'(select x.shown_until from private.announcements as x where x.id = t.announcement_id)', null, null, null,
		null, true),
	('private.pushes', 'mails', 'private.summit_of_announcement(t.announcement_id)', null,
		'(select x.shown_until from private.announcements as x where x.id = t.announcement_id)', null, null, null,
		null, true),
	('public.people', 'contact', null, 'array[t.id]', 'private.last_sign_of(t.id)', 'private.has_contact_data(t)',
		null, null, 'private.erase_inactive_person', false),
	('audit.entries', 'audit_values', 't.summit_id', 'array[t.person_id]', 't.at', 't.personal is not null', null,
		'personal = null', null, false),
	('private.data_copies', 'unfinished', null, 'array[t.person_id]', 't.expires_at', null, null, null, null, true),
	('private.schedule_imports', 'unfinished', 't.summit_id', null, 't.created_at', null, null, null, null, true),
	('private.decision_batches', 'unfinished', 't.summit_id', null, 't.made_at', null, null, null, null, true);

-- Rows that go with the row that they belong to, or with their person.
insert into private.retention_rules (table_name, class)
values
	('private.proposal_marks', 'proposals'),
	('private.proposal_decisions', 'proposals'),
	('private.run_connections', 'presence'),
	('private.message_reports', 'participation'),
	('private.question_votes', 'participation'),
	('private.recording_parts', 'recordings'),
	('private.recording_chunks', 'recordings'),
	('private.recording_copies', 'recordings'),
	('private.recorders', 'recordings'),
	('private.recording_people', 'recordings'),
	('private.recording_marks', 'recordings'),
	('private.deleted_captions', 'recordings'),
	('private.file_versions', 'files'),
	('private.concern_messages', 'concerns'),
	('private.concern_subjects', 'concerns'),
	('private.watch_list_matches', 'concerns'),
	('private.person_addresses', 'contact'),
	('private.passkeys', 'contact'),
	('private.recovery_codes', 'contact'),
	('public.person_preferences', 'contact'),
	('private.portraits', 'contact'),
	('public.account_people', 'contact'),
	('private.assistant_addresses', 'contact'),
	('private.assistant_invitations', 'contact'),
	('private.protections', 'contact'),
	('private.sealed_name_hashes', 'contact'),
	('private.alias_traces', 'contact'),
	('private.former_ids', 'contact'),
	('private.auth_session_devices', 'contact'),
	('private.push_subscriptions', 'contact'),
	('public.focal_points', 'contact'),
	('private.person_keys', 'contact'),
	('private.sample_people', 'contact'),
	('private.sign_in_addresses', 'sign_in'),
	('private.passkey_challenges', 'sign_in'),
	('private.session_assurances', 'sign_in'),
	('private.concern_code_tries', 'sign_in'),
	('private.sign_in_challenges', 'sign_in'),
	('private.sign_in_clients', 'sign_in'),
	('private.sign_in_shared_codes', 'sign_in'),
	('private.desk_code_failures', 'sign_in'),
	('private.concern_sources', 'sign_in'),
	('private.member_imports', 'unfinished'),
	('private.member_import_rows', 'unfinished'),
	('private.schedule_import_rows', 'unfinished'),
	('private.door_device_states', 'unfinished');

-- Tables in no class, and why.
insert into private.retention_rules (table_name, exemption)
values
	('public.orders', 'money'),
	('public.order_lines', 'money'),
	('public.order_adjustments', 'money'),
	('public.checkouts', 'money'),
	('public.refunds', 'money'),
	('public.invoices', 'money'),
	('private.invoice_contents', 'money'),
	('private.invoice_number_series', 'money'),
	('private.invoice_reminders', 'money'),
	('public.waiver_requests', 'money'),
	('public.waiver_budgets', 'money'),
	('private.bank_rows', 'money'),
	('private.provider_events', 'money'),
	('private.reconciliations', 'money'),
	('public.seats', 'numbers'),
	('public.queue_entries', 'numbers'),
	('public.badges', 'numbers'),
	('public.badge_prints', 'numbers'),
	('public.delegation_places', 'numbers'),
	('private.polls', 'numbers'),
	('private.poll_options', 'numbers'),
	('private.poll_votes', 'numbers'),
	('public.figure_releases', 'numbers'),
	('private.erasure_requests', 'numbers'),
	('public.role_grants', 'decisions'),
	('private.role_proposals', 'decisions'),
	('public.merge_requests', 'decisions'),
	('private.concern_deputies', 'decisions'),
	('private.reviewers', 'decisions'),
	('private.host_lists', 'decisions'),
	('private.legal_holds', 'decisions'),
	('private.retention_periods', 'decisions'),
	('public.sessions', 'agenda'),
	('public.session_people', 'agenda'),
	('public.session_audiences', 'agenda'),
	('public.session_needs', 'agenda'),
	('public.slots', 'agenda'),
	('public.slot_rooms', 'agenda'),
	('public.runs', 'agenda'),
	('public.releases', 'agenda'),
	('public.release_sessions', 'agenda'),
	('public.release_slots', 'agenda'),
	('public.release_people', 'agenda'),
	('private.release_events', 'agenda'),
	('private.announcements', 'agenda'),
	('public.group_messages', 'agenda'),
	('private.session_places', 'agenda'),
	('private.imported_events', 'agenda'),
	('private.audited_tables', 'technical'),
	('private.copied_tables', 'technical'),
	('private.not_copied_tables', 'technical'),
	('private.booths', 'technical'),
	('private.country_regions', 'technical'),
	('private.door_devices', 'technical'),
	('private.free_text_columns', 'technical'),
	('private.hall_devices', 'technical'),
	('private.large_audiences', 'technical'),
	('private.last_write_probe', 'technical'),
	('private.write_probes', 'technical'),
	('private.livekit_rooms', 'technical'),
	('private.merged_members', 'technical'),
	('private.reading_events', 'technical'),
	('private.retained_tables', 'technical'),
	('private.room_screens', 'technical'),
	('private.run_halls', 'technical'),
	('private.run_slides', 'technical'),
	('private.run_stage_settings', 'technical'),
	('private.stored_objects', 'technical'),
	('private.time_zones', 'technical'),
	('private.retention_classes', 'technical'),
	('private.retention_rules', 'technical'),
	('private.retention_clocks', 'technical'),
	('private.retention_reports', 'technical'),
	('private.last_retention_round', 'technical'),
	('private.sign_in_policy', 'settings'),
	('public.accreditation_settings', 'settings'),
	('public.allocation_exceptions', 'settings'),
	('public.allocation_policies', 'settings'),
	('public.certificate_settings', 'settings'),
	('public.check_limits', 'settings'),
	('public.check_settings', 'settings'),
	('public.checkpoints', 'settings'),
	('public.consent_items', 'settings'),
	('public.fees', 'settings'),
	('public.figure_settings', 'settings'),
	('public.formats', 'settings'),
	('public.logistics_fields', 'settings'),
	('public.mail_settings', 'settings'),
	('public.mail_texts', 'settings'),
	('public.members', 'settings'),
	('public.mode_capacities', 'settings'),
	('public.money_settings', 'settings'),
	('public.pools', 'settings'),
	('public.room_equipment', 'settings'),
	('public.rooms', 'settings'),
	('public.seat_ceilings', 'settings'),
	('public.summit_contacts', 'settings'),
	('public.summit_members', 'settings'),
	('public.summit_texts', 'settings'),
	('public.summits', 'settings'),
	('public.tracks', 'settings'),
	('public.visa_letter_settings', 'settings'),
	('public.walking_times', 'settings'),
	('private.call_questions', 'settings'),
	('private.calls', 'settings'),
	('private.embed_origins', 'settings'),
	('private.file_settings', 'settings'),
	('private.participation_defaults', 'settings'),
	('private.review_criteria', 'settings'),
	('private.schedule_settings', 'settings'),
	('private.session_participation_settings', 'settings'),
	('private.session_timers', 'settings'),
	('private.speaker_settings', 'settings');

-- How long each class of data is kept: reading the periods, changing them, and counting what a change would delete.

-- Changes of periods and holds exclude steps of the sweep: they wait for one that has begun, and the next sees them.
create function private.lock_retention() returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('retention', 0))
$$;

-- The days for which a class is kept at a Summit (null: data of no Summit) at a time.
create function private.retention_days(p_class text, p_summit uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select p.days
		from private.retention_periods as p
		where p.class = p_class and p.summit_id = p_summit and p.withdrawn_at is null and p.effective_at <= p_at
		order by p.id desc
		limit 1),
		(select p.days
		from private.retention_periods as p
		where p.class = p_class and p.summit_id is null and p.withdrawn_at is null and p.effective_at <= p_at
		order by p.id desc
		limit 1),
		(select c.default_days from private.retention_classes as c where c.code = p_class))
$$;

-- The Summits (null among them: data of none) to which a period for all Summits applies, or the given one alone.
create function private.retention_scope(p_class text, p_summit uuid, p_at timestamptz) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select p_summit where p_summit is not null
	union all
	select null where p_summit is null
	union all
	select s.id
	from public.summits as s
	where p_summit is null
		and (select p.days
			from private.retention_periods as p
			where p.class = p_class and p.summit_id = s.id and p.withdrawn_at is null and p.effective_at <= p_at
			order by p.id desc
			limit 1) is null
$$;

-- The condition that a row `t` belongs to a Summit (null: to none), as SQL. An index serves it.
create function private.summit_condition(p_rule private.retention_rules, p_summit uuid) returns text
language sql stable set search_path = '' as $$
	select coalesce((p_rule).summit, 'null::uuid')
		|| case when p_summit is null then ' is null and $1::uuid is null' else ' = $1' end
$$;

-- The condition that such a row is due, as SQL: $2 now, $3 rows whose clock started until then are due, $4 the held
-- people. `p_is_closed_due`: the Summit was closed long enough ago.
create function private.retention_condition(p_rule private.retention_rules, p_clock text, p_is_closed_due boolean)
	returns text
language sql stable set search_path = '' as $$
	select format('(%s) and (%s or %s) and not coalesce(%s && $4::uuid[], false)',
		coalesce((p_rule).only_if, 'true'),
		coalesce((p_rule).or_if, '$2::timestamptz is null'),
		case when p_clock = 'closed' then p_is_closed_due::text || ' and $3::timestamptz is not null'
			else (p_rule).since || ' <= $3' end,
		coalesce((p_rule).people, 'null::uuid[]'))
$$;

-- The people on whom there is a hold at a time.
create function private.held_people(p_now timestamptz) returns uuid[]
language sql stable security definer set search_path = '' as $$
	select array(
		select h.person_id
		from private.legal_holds as h
		where h.person_id is not null and h.ended_at is null and (h.until is null or h.until > p_now))
$$;

-- How many rows of a class at a Summit are due at a time with a period of so many days, and when the first clock
-- started. Rows of held people count as not due.
create function private.count_due(p_class text, p_summit uuid, p_now timestamptz, p_days integer)
	returns table (due bigint, since timestamptz)
language plpgsql stable security definer set search_path = '' as $$
declare
	v_rule private.retention_rules;
	v_clock text := (select c.clock from private.retention_classes as c where c.code = p_class);
	v_closed timestamptz := private.closed_since(p_summit);
	v_before timestamptz := p_now - make_interval(days => p_days);
	v_counted record;
begin
	due := 0;
	for v_rule in
		select * from private.retention_rules as r
		where r.class = p_class and num_nonnulls(r.summit, r.since) > 0
	loop
		execute format('select count(*) filter (where %s) as due, min(%s) as since from %s as t where %s and (%s)',
			private.retention_condition(v_rule, v_clock, coalesce(v_closed <= v_before, false)),
			case when v_clock = 'closed' then 'null::timestamptz' else v_rule.since end,
			v_rule.table_name,
			private.summit_condition(v_rule, p_summit),
			coalesce(v_rule.only_if, 'true'))
		into v_counted
		using p_summit, p_now, v_before, private.held_people(p_now);
		due := due + v_counted.due;
		since := least(since, v_counted.since);
	end loop;
	if v_clock = 'closed' then since := v_closed; end if;
	return next;
end
$$;

-- How many rows more would be due at a time, if the period of a class were so many days.
create function private.count_newly_due(p_class text, p_summit uuid, p_days integer, p_at timestamptz) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(greatest(after.due - before.due, 0)), 0)::bigint
	from private.retention_scope(p_class, p_summit, p_at) as scope
	cross join lateral private.count_due(p_class, scope, p_at, p_days) as after
	cross join lateral private.count_due(p_class, scope, p_at, private.retention_days(p_class, scope, p_at)) as before
$$;

-- How long an owner can take back a change that deletes something.
create function private.retention_delay() returns interval
language sql immutable set search_path = '' as $$ select interval '7 days' $$;

-- Sets the period of a class for a Summit, or for all (null); days null: as it is without an own period. A change by
-- which rows would go within the next seven days first answers how many (`confirm`), and takes effect after them. It
-- replaces a change that has not taken effect yet. {status, rows, effective_at}
create function public.set_retention_period(summit uuid, class text, days integer, confirmed boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_class private.retention_classes;
	v_days integer := days;
	v_rows bigint;
	v_at timestamptz := now();
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	select * into v_class from private.retention_classes as c where c.code = set_retention_period.class;
	if not found or v_class.min_days = v_class.max_days or days not between v_class.min_days and v_class.max_days then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_days is null then
		v_days := case when summit is null then v_class.default_days
			else private.retention_days(v_class.code, null, now() + private.retention_delay()) end;
	end if;
	v_rows := private.count_newly_due(v_class.code, summit, v_days, now() + private.retention_delay());
	if v_rows > 0 then
		v_at := now() + private.retention_delay();
		if not coalesce(confirmed, false) then
			return jsonb_build_object('status', 'confirm', 'rows', v_rows, 'effective_at', private.iso(v_at));
		end if;
	end if;
	perform private.lock_retention();
	update private.retention_periods as p set withdrawn_at = now()
	where p.class = v_class.code
		and p.summit_id is not distinct from summit
		and p.effective_at > now()
		and p.withdrawn_at is null;
	insert into private.retention_periods (class, summit_id, days, effective_at, set_by)
	values (v_class.code, summit, set_retention_period.days, v_at, private.me());
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'rows', v_rows, 'effective_at', private.iso(v_at));
end
$$;
grant execute on function public.set_retention_period(uuid, text, integer, boolean) to authenticated;

-- How long each class is kept, for everybody: [{code, clock, days}] of a Summit that the reader may see, or in general.
create function public.retention_periods(summit uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object('code', c.code, 'clock', c.clock,
			'days', private.retention_days(c.code, seen.id, now()))
		order by c.position)
	from private.retention_classes as c
	cross join (select (select s from private.readable_summits() as s where s = summit) as id) as seen
$$;
grant execute on function public.retention_periods(uuid) to anon, authenticated;

-- Legal holds: who may place and end one, and what is held.

-- Whether a class of data of a Summit is held at a time. A registration takes rows of other classes with it, so it
-- waits for a hold on any of them.
create function private.is_class_held(p_class text, p_summit uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.legal_holds as h
		where (h.class = p_class or p_class = 'registrations' and h.class is not null)
			and (h.summit_id is null or h.summit_id = p_summit)
			and h.ended_at is null
			and (h.until is null or h.until > p_now))
$$;

-- Whether a person is held: by a hold on them, or by one on a class in which there are rows about them.
create function private.is_person_held(p_person uuid, p_now timestamptz) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_hold private.legal_holds;
	v_rule private.retention_rules;
	v_is_held boolean;
begin
	if p_person = any (private.held_people(p_now)) then return true; end if;
	for v_hold in
		select * from private.legal_holds as h
		where h.class is not null and h.ended_at is null and (h.until is null or h.until > p_now)
	loop
		-- Names and addresses have no Summit of their own.
		if v_hold.class = 'contact' and (v_hold.summit_id is null or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = v_hold.summit_id)) then
			return true;
		end if;
		for v_rule in
			select * from private.retention_rules as r
			where r.class = v_hold.class and r.people is not null and r.summit is not null
		loop
			execute format('select exists (select from %s as t where $1 = any (%s) and ($2 is null or %s = $2))',
				v_rule.table_name, v_rule.people, v_rule.summit)
			into v_is_held
			using p_person, v_hold.summit_id;
			if v_is_held then return true; end if;
		end loop;
	end loop;
	return false;
end
$$;

-- Places a hold on a class of data of the Summit, or with `reference` on the person of that registration. For owners
-- and safeguarding.
create function public.place_legal_hold(
	summit uuid, class text, reference text, reason text, until timestamptz default null
) returns public.legal_hold_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_class text := nullif(class, '');
	v_reference text := nullif(upper(btrim(reference)), '');
	v_person uuid;
begin
	if summit is null or not private.has_role(summit, 'owner', 'safeguarding') then return 'not_allowed'; end if;
	if num_nonnulls(v_class, v_reference) <> 1
		or v_class is not null and not exists (select from private.retention_classes as c
			where c.code = v_class and c.min_days < c.max_days)
		or length(btrim(coalesce(reason, ''))) not between 3 and 1000
		or until <= now() then
		return 'invalid';
	end if;
	if v_reference is not null then
		select r.person_id into v_person from public.registrations as r
		where r.summit_id = place_legal_hold.summit and upper(r.reference) = v_reference;
		if not found then return 'unknown'; end if;
		perform private.set_audit_context(v_person);
	end if;
	perform private.lock_retention();
	insert into private.legal_holds (via_summit_id, class, summit_id, person_id, reason, until, placed_by)
	values (summit, v_class, case when v_class is not null then summit end, v_person, btrim(reason),
		place_legal_hold.until, private.me());
	return 'ok';
end
$$;
grant execute on function public.place_legal_hold(uuid, text, text, text, timestamptz) to authenticated;

-- Ends a hold.
create function public.end_legal_hold(hold uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.lock_retention();
	update private.legal_holds as h set ended_at = now(), ended_by = private.me()
	where h.id = hold and h.ended_at is null and private.has_role(h.via_summit_id, 'owner', 'safeguarding');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.end_legal_hold(uuid) to authenticated;

-- The sweep: each class goes when its clock has run, in small steps. A step is one transaction; a process that dies in
-- the midst of one loses nothing, and any number of processes can sweep at once.

-- Whether rows of another table refer to a row: rows that would go with it (`p_action` c), or that keep it (r).
create function private.has_rows_about(p_target regclass, p_id uuid, p_action text) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_column record;
	v_has_rows boolean;
begin
	for v_column in
		select e.table_name, e.column_name from private.erasable_columns(p_target) as e where p_action = 'c'
		union all
		select c.conrelid::regclass, a.attname
		from pg_catalog.pg_constraint as c
		join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
		where p_action = 'r' and c.contype = 'f' and c.confrelid = p_target and c.confdeltype in ('a', 'r')
	loop
		execute format('select exists (select from %s where %I = $1)', v_column.table_name, v_column.column_name)
		into v_has_rows
		using p_id;
		if v_has_rows then return true; end if;
	end loop;
	return false;
end
$$;

-- Whether there is anything left to remove of a registration that was never confirmed.
create function private.is_unconfirmed_to_remove(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select (p_r).state <> 'confirmed' and (
		not private.has_rows_about('public.registrations', (p_r).id, 'r')
		or (p_r).languages <> '{}'
		or (p_r).is_minor
		or (p_r).guardian_id is not null
		or private.has_rows_about('public.registrations', (p_r).id, 'c'))
$$;

-- Deletes a registration that was never confirmed. One to which seats, the queue, payments or a minor refer stays, and
-- is emptied.
create function private.remove_unconfirmed_registration(p_id uuid, p_before timestamptz, p_now timestamptz)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = p_id for update skip locked;
	if not found or not private.is_unconfirmed_to_remove(v_r) or v_r.person_id = any (private.held_people(p_now)) then
		return false;
	end if;
	if private.has_rows_about('public.registrations', p_id, 'r') then
		perform private.empty_registration(p_id);
	else
		delete from public.registrations as r where r.id = p_id;
	end if;
	return true;
end
$$;

-- Whether somebody is named in a published agenda: their name stays, as the agenda does.
create function private.is_in_agenda(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.release_people as rp where rp.person_id = p_person)
$$;

-- Whether there is anything left by which a person could be reached or, outside the agenda, named.
create function private.has_contact_data(p_person public.people) returns boolean
language sql stable security definer set search_path = '' as $$
	select (p_person).display_name <> '' and not private.is_in_agenda((p_person).id)
		or exists (select from private.person_addresses as a where a.person_id = (p_person).id)
		or exists (select from public.account_people as a where a.person_id = (p_person).id and a.relation = 'self')
$$;

-- The last sign of somebody who takes part in nothing any more; null for everybody else: who has a role, or a part, a
-- registration or a member's delegation at a Summit that is not closed. Certificates and consents name their person for
-- as long as they are kept.
create function private.last_sign_of(p_person uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	with summits as (
		select r.summit_id from public.registrations as r where r.person_id = p_person
		union
		select sp.summit_id from public.session_people as sp where sp.person_id = p_person
		union
		select f.summit_id from public.focal_points as f where f.person_id = p_person
	)
	select greatest(
		p.created_at,
		p.updated_at,
		(select max(private.closed_since(s.summit_id)) from summits as s),
		(select max(coalesce(u.last_sign_in_at, u.created_at))
			from public.account_people as a
			join auth.users as u on u.id = a.account_id
			where a.person_id = p_person),
		(select max(s.updated_at)
			from public.account_people as a
			join auth.sessions as s on s.user_id = a.account_id
			where a.person_id = p_person))
	from public.people as p
	where p.id = p_person
		and not private.holds_any_role(p_person)
		and not exists (select from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null)
		and not exists (select from private.reviewers as w where w.person_id = p_person and w.ended_at is null
			and private.closed_since(w.summit_id) is null)
		and not exists (select from summits as s where private.closed_since(s.summit_id) is null)
		and not exists (select from private.certificates as c where c.person_id = p_person)
		and not exists (select from public.consents as c where c.person_id = p_person)
$$;

-- Erases somebody who takes part in nothing any more. Who is named in a published agenda loses the account, the keys
-- to it and the addresses. Locks as an erasure does, then looks again: they may have come back.
create function private.erase_inactive_person(p_id uuid, p_before timestamptz, p_now timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person public.people;
	v_hashes bytea[];
begin
	perform from public.registrations as r where r.person_id = p_id order by r.id for no key update;
	select * into v_person from public.people as p where p.id = p_id for update;
	if not found
		or coalesce(private.last_sign_of(p_id) > p_before, true)
		or not private.has_contact_data(v_person)
		or private.is_person_held(p_id, p_now) then
		return false;
	end if;
	if private.is_in_agenda(p_id) then
		v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_id);
		delete from auth.users as u
		using public.account_people as a
		where a.person_id = p_id and a.relation = 'self' and u.id = a.account_id;
		perform private.delete_rows_by_address(p_id, v_hashes);
		delete from private.person_addresses as a where a.person_id = p_id;
		delete from private.passkeys as k where k.person_id = p_id;
		delete from private.recovery_codes as k where k.person_id = p_id;
	else
		perform private.erase_person(p_id);
	end if;
	return true;
end
$$;

-- Carries out one rule for at most so many rows, and answers for how many it did. Rows in use are left for the next
-- step.
create function private.sweep_rule(
	p_rule private.retention_rules, p_clock text, p_summit uuid, p_now timestamptz, p_days integer, p_limit integer
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_closed timestamptz;
	v_before timestamptz := p_now - make_interval(days => p_days);
	v_where text;
	v_id uuid;
	v_is_removed boolean;
	v_count integer := 0;
begin
	-- Opening the Summit again waits for this step.
	select k.started_at into v_closed from private.retention_clocks as k where k.summit_id = p_summit for share;
	if p_clock = 'closed' and coalesce(v_closed > v_before, true) and p_rule.or_if is null then return 0; end if;
	v_where := format('%s and %s', private.summit_condition(p_rule, p_summit),
		private.retention_condition(p_rule, p_clock, coalesce(v_closed <= v_before, false)));
	if p_rule.remover is not null then
		for v_id in
			execute format('select t.id from %s as t where %s order by t.id limit $5', p_rule.table_name, v_where)
			using p_summit, p_now, v_before, private.held_people(p_now), p_limit
		loop
			execute format('select %s($1, $2, $3)', p_rule.remover) into v_is_removed using v_id, v_before, p_now;
			v_count := v_count + v_is_removed::integer;
		end loop;
		return v_count;
	end if;
	execute format('with due as materialized (
			select t.ctid as place from %1$s as t where %2$s limit $5 for update of t skip locked
		)
		%3$s where t.ctid = due.place',
		p_rule.table_name,
		v_where,
		case when p_rule.sets is null then format('delete from %s as t using due', p_rule.table_name)
			else format('update %s as t set %s from due', p_rule.table_name, p_rule.sets) end)
	using p_summit, p_now, v_before, private.held_people(p_now), p_limit;
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Destroys the sealed values that the audit keeps of the tables of a class, for at most so many entries. The entries
-- stay.
create function private.sweep_audit(
	p_class text, p_summit uuid, p_now timestamptz, p_days integer, p_limit integer
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	perform from private.retention_clocks as k
	where k.summit_id = p_summit and k.started_at <= p_now - make_interval(days => p_days)
	for share;
	if not found then return 0; end if;
	update audit.entries as e set personal = null
	where e.id in (
		select t.id
		from audit.entries as t
		where t.summit_id = p_summit
			and t.personal is not null
			and t.table_name in (
				select r.table_name from private.retention_rules as r where r.class = p_class and r.with_audit)
			and not coalesce(t.person_id = any (private.held_people(p_now)), false)
		limit p_limit
		for update skip locked);
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Notes in the report what a step did.
create function private.report_sweep(p_class text, p_summit uuid, p_table text, p_rows integer, p_now timestamptz)
	returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.retention_reports as r (swept_on, class, summit_id, table_name, rows, last_at)
	values ((p_now at time zone 'UTC')::date, p_class, p_summit, p_table, p_rows, p_now)
	on conflict (swept_on, class, summit_id, table_name) do update
	set rows = r.rows + excluded.rows, last_at = excluded.last_at
$$;

-- The next step: removes what is due of one table at one Summit, at most `p_limit` rows, and answers whether there may
-- be more. A round that finds nothing more is the last for an hour.
create function private.sweep_retention(p_now timestamptz default now(), p_limit integer default 200) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step record;
	v_count integer;
	v_last timestamptz := (select l.at from private.last_retention_round as l);
begin
	if v_last between p_now - interval '1 hour' and p_now then return false; end if;
	-- Changes of periods and holds wait for this step.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	perform set_config('app.reason', 'retention', true);
	perform set_config('app.retention', 'sweep', true);
	for v_step in
		select c.code, c.clock, r as rule, s.id as summit, private.retention_days(c.code, s.id, p_now) as days
		from private.retention_classes as c
		left join private.retention_rules as r on r.class = c.code and num_nonnulls(r.summit, r.since) > 0
		cross join (select id from public.summits union all select null) as s
		where r.table_name is not null
		order by c.position, r.table_name, s.id
	loop
		continue when private.is_class_held(v_step.code, v_step.summit, p_now);
		v_count := private.sweep_rule(v_step.rule, v_step.clock, v_step.summit, p_now, v_step.days, p_limit);
		if v_count > 0 then
			perform private.report_sweep(v_step.code, v_step.summit, (v_step.rule).table_name, v_count, p_now);
			return true;
		end if;
	end loop;
	for v_step in
		select c.code, k.summit_id as summit, private.retention_days(c.code, k.summit_id, p_now) as days
		from private.retention_classes as c
		cross join private.retention_clocks as k
		where c.clock = 'closed'
		order by c.position, k.summit_id
	loop
		continue when private.is_class_held(v_step.code, v_step.summit, p_now);
		v_count := private.sweep_audit(v_step.code, v_step.summit, p_now, v_step.days, p_limit);
		if v_count > 0 then
			perform private.report_sweep(v_step.code, v_step.summit, 'audit.entries', v_count, p_now);
			return true;
		end if;
	end loop;
	insert into private.last_retention_round (at) values (p_now) on conflict (id) do update set at = excluded.at;
	return false;
end
$$;
grant execute on function private.sweep_retention(timestamptz, integer) to app_server;

-- What owners and safeguarding read on the page of data retention.

-- {is_closed_since, classes: [{code, clock, days, default_days, min_days, max_days, functions, is_own, next: {days, at}
-- or null, due_at, due (rows that go at the next sweep), is_held}], holds: [{id, class, for_all, person: {reference,
-- display_name} or null, reason, until, placed_at, placed_by}], reports: [{on, class, rows, at}], may_set}. Of a Summit
-- in its settings, or with `for_all` of all. Null for others.
create function public.retention_settings(summit uuid, for_all boolean default false) returns jsonb
language sql stable security definer set search_path = '' as $$
	with scope as (select case when not for_all then summit end as id)
	select jsonb_build_object(
		'closed_since', private.iso(private.closed_since(scope.id)),
		'may_set', private.has_role(scope.id, 'owner'),
		'classes', (
			select jsonb_agg(jsonb_build_object(
					'code', c.code,
					'clock', c.clock,
					'days', kept.days,
					'default_days', c.default_days,
					'min_days', c.min_days,
					'max_days', c.max_days,
					'functions', c.functions,
					'is_own', kept.is_own,
					'next', (select jsonb_build_object('days', p.days, 'at', private.iso(p.effective_at))
						from private.retention_periods as p
						where p.class = c.code and p.summit_id is not distinct from scope.id
							and p.withdrawn_at is null and p.effective_at > now()
						order by p.id desc
						limit 1),
					'due_at', private.iso(counted.since + make_interval(days => kept.days)),
					'due', counted.due,
					'is_held', private.is_class_held(c.code, scope.id, now()))
				order by c.position)
			from private.retention_classes as c
			cross join lateral (select private.retention_days(c.code, scope.id, now()) as days, coalesce((
					select p.days is not null
					from private.retention_periods as p
					where p.class = c.code and p.summit_id is not distinct from scope.id and p.withdrawn_at is null
						and p.effective_at <= now()
					order by p.id desc
					limit 1), false) as is_own) as kept
			cross join lateral private.count_due(c.code, scope.id, now(), kept.days) as counted),
		'holds', (
			select coalesce(jsonb_agg(jsonb_build_object(
					'id', h.id,
					'class', h.class,
					'person', (select jsonb_build_object('reference', r.reference, 'display_name', p.display_name)
						from public.people as p
						join public.registrations as r on r.person_id = p.id and r.summit_id = h.via_summit_id
						where p.id = h.person_id
						order by r.created_at desc
						limit 1),
					'reason', h.reason,
					'until', private.iso(h.until),
					'placed_at', private.iso(h.placed_at),
					'placed_by', (select p.display_name from public.people as p where p.id = h.placed_by))
				order by h.placed_at desc), '[]')
			from private.legal_holds as h
			where h.via_summit_id = retention_settings.summit
				and h.ended_at is null
				and (h.until is null or h.until > now())),
		'reports', (
			select coalesce(jsonb_agg(jsonb_build_object('on', f.swept_on, 'class', f.class, 'rows', f.rows)
				order by f.swept_on desc, f.position), '[]')
			from (select r.swept_on, r.class, c.position, sum(r.rows) as rows
				from private.retention_reports as r
				join private.retention_classes as c on c.code = r.class
				where r.summit_id is not distinct from scope.id
				group by r.swept_on, r.class, c.position
				order by r.swept_on desc, c.position
				limit 60) as f))
	from scope
	where summit is not null and private.has_role(summit, 'owner', 'safeguarding')
$$;
grant execute on function public.retention_settings(uuid, boolean) to authenticated;

-- Summits that are closed already: their clocks start now.
insert into private.retention_clocks (summit_id)
select s.id from public.summits as s where s.state in ('closed', 'archived');

insert into private.not_copied_tables (name, reason) values ('private.legal_holds', 'safety');

insert into private.free_text_columns (table_name, column_name) values ('private.legal_holds', 'reason');

insert into private.audited_tables (name, area, shown, opened, named)
values
	('private.retention_periods', 'settings', '{class,days,effective_at,withdrawn_at}', '{}', '{}'),
	('private.legal_holds', 'protection', '{class,until,ended_at}', '{}', '{reason}');

-- What others did by themselves until now.

create or replace function audit.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.retention', true) = 'sweep' then
		if new.personal is null and to_jsonb(new) - 'personal' = to_jsonb(old) - 'personal' then return new; end if;
	end if;
	raise exception 'audit rows are never altered' using errcode = 'insufficient_privilege';
end
$$;

create or replace function private.empty_registration(p_registration uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.delete_rows_about('public.registrations', p_registration);
	update public.registrations as r
	set languages = '{}', is_minor = false, guardian_id = null, guardian_consent_at = null, updated_at = now()
	where r.id = p_registration;
	update public.registrations as r set guardian_id = null, guardian_consent_at = null
	where r.guardian_id = p_registration;
	update public.registration_steps as s set reason = '' where s.reason <> '' and s.registration_id = p_registration;
	update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
	where b.revoked_at is null and b.registration_id = p_registration;
end
$$;

create or replace function private.erase_person(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
	v_former uuid[];
	v_accounts uuid[];
	v_hashes bytea[];
	v_summits uuid[] := array(
		select distinct r.summit_id
		from public.registrations as r
		join public.summits as s on s.id = r.summit_id and s.state not in ('closed', 'archived')
		where r.person_id = p_person and r.state not in ('declined', 'withdrawn', 'expired')
		order by 1);
begin
	perform private.set_audit_context(p_person);
	if v_summits <> '{}' then perform private.lock_modes(variadic v_summits); end if;
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	select p.display_name into v_name from public.people as p where p.id = p_person for update;
	if not found then return; end if;
	v_accounts := array(select a.account_id
		from public.account_people as a
		where a.person_id = p_person and a.relation = 'self');
	v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_person)
		|| array(select x.typed_hash
			from private.person_addresses as x
			where x.person_id = p_person and x.typed_hash is not null);
	v_former := array(select f.former_id from private.former_ids as f where f.person_id = p_person);
	perform private.end_registrations_of(p_person, v_summits);
	perform private.withdraw_consents_of(p_person);
	perform private.empty_registration(r.id) from public.registrations as r where r.person_id = p_person order by r.id;
	delete from private.proposals as p
	where p.owner_id = p_person
		and not exists (select from private.proposal_decisions as d where d.proposal_id = p.id and d.session_id is not null);
	perform private.delete_rows_about('public.people', p_person);
	perform private.delete_rows_by_address(p_person, v_hashes);
	perform private.rewrite_former_name(p_person, v_name, '…');
	perform set_config('app.name_freeze', 'overridden', true);
	update public.people as p
	set display_name = '', office = '', affiliation = '', country = null, biography = '{}', portrait_path = null,
		links = '[]', code = private.random_code(8), updated_at = now()
	where p.id = p_person;
	delete from auth.users as u where u.id = any (v_accounts);
	perform private.notify_signed_out(account, null) from unnest(v_accounts) as account;
	update private.erasure_requests as e set erased_at = now()
	where e.person_id = p_person and e.stopped_at is null and e.erased_at is null;
	perform audit.record_event('person.erased', p_person::text, null, p_person, null);
	-- Last: until here the audit could still seal values of this person.
	update private.person_keys as k set key = '' where k.person_id = p_person or k.person_id = any (v_former);
	perform private.publish_event('person:' || each, 'rights') from unnest(v_former || p_person) as each;
	perform private.publish_event('site', 'changed');
end
$$;

create or replace function public.my_erasure() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'due_at', private.iso(e.due_at),
		'waits', coalesce(e.due_at <= now() and private.is_person_held(me.id, now()), false),
		'has_role', private.holds_any_role(me.id),
		'summits', (select coalesce(jsonb_agg(jsonb_build_object('slug', s.slug, 'name', s.name) order by s.starts_on), '[]')
			from public.registrations as r
			join public.summits as s on s.id = r.summit_id and s.state not in ('closed', 'archived')
			where r.person_id = me.id and r.state not in ('declined', 'withdrawn', 'expired')),
		'has_orders', exists (select from public.orders as o where o.payer_person_id = me.id)
			or exists (select
				from public.order_lines as l
				join public.registrations as r on r.id = l.registration_id
				where r.person_id = me.id))
	from (select private.me() as id) as me
	left join private.erasure_requests as e on e.person_id = me.id and e.stopped_at is null and e.erased_at is null
	where me.id is not null
$$;

create or replace function private.erase_due_person(p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
begin
	-- A legal hold that is being placed waits for this, or this sees it.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	-- Another process that erases now, or the person who stops it, goes first.
	select e.person_id into v_person
	from private.erasure_requests as e
	where e.due_at <= p_now
		and e.stopped_at is null
		and e.erased_at is null
		and not private.holds_any_role(e.person_id)
		and not private.is_person_held(e.person_id, p_now)
	order by e.due_at, e.id
	limit 1
	for update skip locked;
	if not found then return false; end if;
	perform private.erase_person(v_person);
	return true;
end
$$;

create or replace function private.sweep_logistics_answers(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_next record;
begin
	for v_next in
		select r.id, s.logistics_due_at as due, reminder.kind
		from public.summits as s
		cross join lateral (
			select case when s.logistics_due_at <= p_now + interval '1 day' then 'day' else 'week' end as kind)
			as reminder
		join public.registrations as r on r.summit_id = s.id and r.state = 'confirmed'
		where s.state in ('open', 'live')
			and s.logistics_due_at > p_now
			and s.logistics_due_at <= p_now + interval '7 days'
			and not exists (
				select from private.logistics_reminders as d where d.registration_id = r.id and d.kind = reminder.kind)
			and exists (select from private.missing_logistics_fields(r))
		order by r.id
		limit 200
	loop
		insert into private.logistics_reminders (registration_id, kind, at)
		values (v_next.id, v_next.kind, p_now)
		on conflict do nothing;
		continue when not found;
		select * into v_r from public.registrations as r where r.id = v_next.id;
		perform private.mail_about(v_r, 'logistics_reminder', jsonb_build_object('due_at', private.iso(v_next.due)));
	end loop;
end
$$;

create or replace function private.sweep_other_nouns(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_member_imports(p_now);
	perform private.expire_watch_list_entries(p_now);
	perform private.sweep_logistics_answers(p_now);
	perform private.send_information_reminders(p_now);
	perform private.sweep_speakers(p_now);
	perform private.sweep_questions(p_now);
	perform private.send_guardian_requests();
	perform private.sweep_desk_lookups(p_now);
end
$$;

create or replace function private.sweep_desk_lookups(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	for v_summit in
		with seen as (
			update private.desk_lookups as l set notified_at = p_now
			where l.kind = 'walk_in' and l.notified_at is null
			returning l.summit_id, l.address_hash
		)
		select distinct s.summit_id
		from seen as s
		join private.person_addresses as a on a.address_hash = s.address_hash
		where private.has_alias(a.person_id)
	loop
		perform private.mail_safeguarding_leads(v_summit);
	end loop;
end
$$;

drop function private.empty_registrations_of(uuid);
drop function private.sweep_needs(timestamptz);
