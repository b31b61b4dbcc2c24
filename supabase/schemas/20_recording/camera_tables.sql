-- What the camera and photo crew is told about a session beside what follows from people's own wishes.

-- Where in the room people sit who must not be in a picture: "Left block, rows 1 to 3". It names nobody.
create table private.no_photo_areas (
	session_id uuid primary key,
	summit_id uuid not null,
	words text not null check (length(words) between 1 and 200),
	saved_by uuid references public.people (id) on update cascade on delete set null,
	saved_at timestamptz not null default now(),
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	constraint words_one_line check (private.is_one_line(words))
);
create index on private.no_photo_areas (summit_id);
create index on private.no_photo_areas (saved_by);
alter table private.no_photo_areas enable row level security;
select audit.watch('private.no_photo_areas');
insert into private.audited_tables (name, area, shown, opened, named)
values ('private.no_photo_areas', 'stage', '{words,session_id}', '{}', '{session_id}');
