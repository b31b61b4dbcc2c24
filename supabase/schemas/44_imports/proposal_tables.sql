-- Proposals that were made of proposals or abstracts elsewhere, so that a later file finds them again.

create table private.imported_proposals (
	summit_id uuid not null,
	-- The system, and where it has several lists, which.
	source text not null check (length(source) <= 120),
	-- The code or number there.
	reference text not null check (length(reference) <= 200),
	proposal_id uuid not null,
	-- The version that the last file wrote: a later one was written by its authors, and stays.
	version integer not null,
	-- What became of it there: submitted, accepted, rejected or withdrawn. Here organisers decide.
	state text not null check (state in ('submitted', 'accepted', 'rejected', 'withdrawn')),
	at timestamptz not null default now(),
	primary key (summit_id, source, reference),
	foreign key (proposal_id, summit_id) references private.proposals (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint reference_one_line check (private.is_one_line(reference))
);
create index on private.imported_proposals (proposal_id);
alter table private.imported_proposals enable row level security;
