-- Sessions at Summits that belong to groups. A session may belong to several; who sees a row only as an organiser of the
-- session learns nothing of a group that they do not see.
create table private.session_groups (
	session_id uuid not null,
	summit_id uuid not null,
	group_id uuid not null references private.groups (id) on delete cascade,
	added_at timestamptz not null default now(),
	primary key (session_id, group_id),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade
);
create index on private.session_groups (group_id);
create index on private.session_groups (summit_id);
alter table private.session_groups enable row level security;
select audit.watch('private.session_groups');
