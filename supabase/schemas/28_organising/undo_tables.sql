-- What an organiser can undo (undo.sql).

-- The acts that can be undone. None of them sent a mail, moved a payment or published a release.
create domain public.undoable_act as text check (value in ('room_removed', 'track_removed', 'format_removed',
	'consent_removed', 'contact_removed', 'fee_removed', 'page_deleted', 'page_unpublished', 'pool_removed',
	'bank_row_ignored', 'bank_row_divided', 'question_retired', 'call_question_retired', 'reviewer_removed',
	'criterion_removed', 'registrations_moved', 'category_changed', 'proposals_decided', 'reviewers_assigned',
	'page_file_deleted'));

-- Acts of the last ten minutes. `changes` is [{table, before, after}] in the order of the writes: `before` is null for
-- an added row, `after` for a deleted one. For an act that is undone by its reverse (undo_reverses.sql) it is what that
-- needs. An act that was undone has no row.
create table private.undoable_acts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	act public.undoable_act not null,
	-- The roles that may do the act, and so undo it.
	roles public.organiser_role[] not null,
	-- The name of what was changed: a text, or one for each language; null: none is shown.
	subject jsonb,
	changes jsonb not null default '[]',
	made_at timestamptz not null default now()
);
create index on private.undoable_acts (person_id, summit_id);
create index on private.undoable_acts (summit_id);
alter table private.undoable_acts enable row level security;
