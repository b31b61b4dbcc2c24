-- Who has the board of the draft open now: one row for each open page, deleted 12 seconds after its last heartbeat
-- (board_presence.sql). It stays in the database because the pages of one Summit may be served by several processes.
create table private.board_presence (
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	page uuid not null,
	-- The session that is open in the panel or dragged.
	session_id uuid references public.sessions (id) on delete cascade,
	is_dragging boolean not null default false,
	seen_at timestamptz not null default now(),
	primary key (summit_id, person_id, page)
);
create index on private.board_presence (person_id);
create index on private.board_presence (session_id);
alter table private.board_presence enable row level security;
