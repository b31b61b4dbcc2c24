-- The impact report of a Summit: the draft that organisers write, and what was released. Nothing here is readable through
-- the API: everything is read and written by functions of this folder.

-- Whether a value is the texts of a report: a text map for each place between its parts. The form counts what readers see
-- as one character, at most 5000; one of them can be several here.
create function private.are_impact_texts(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_texts) is distinct from 'object' then false
		else not exists (
			select from jsonb_each(p_texts) as each (place, body)
			where each.place not in
					('intro', 'knowledge', 'collaboration', 'empowerment', 'advocacy', 'learning', 'closing')
				or not private.is_text_map(each.body)
				or exists (
					select from jsonb_each_text(each.body) as x (tag, words)
					where length(x.words) > 20000)) end
$$;

-- Whether a value is the targets of a report: a number for each indicator.
create function private.are_impact_targets(p_targets jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_targets) is distinct from 'object' then false
		else not exists (
			select from jsonb_each(p_targets) as each (indicator, target)
			where each.indicator !~ '^[a-z][a-z_]{1,39}$'
				or jsonb_typeof(each.target) <> 'number'
				or (each.target #>> '{}')::numeric not between 0 and 1000000000) end
$$;

-- What organisers write for the report of a Summit.
create table private.impact_drafts (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Counts the changes: who saves names the one that they saw.
	version integer not null default 1,
	-- By place: {intro: text map, …}.
	texts jsonb not null default '{}' check (private.are_impact_texts(texts)),
	-- By indicator: {confirmed: 400, …}.
	targets jsonb not null default '{}' check (private.are_impact_targets(targets))
);
alter table private.impact_drafts enable row level security;
select audit.watch('private.impact_drafts');

-- A released report. Its words are frozen when an organiser releases it (content null), its numbers when the app has
-- counted them a moment later; from then on nothing of it changes. A correction is the next release, with its reason.
create table private.impact_releases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete restrict,
	number integer not null check (number > 0),
	texts jsonb not null check (private.are_impact_texts(texts)),
	targets jsonb not null check (private.are_impact_targets(targets)),
	reason text not null default '' check (length(reason) <= 500),
	released_by uuid references public.people (id) on update cascade on delete set null,
	released_at timestamptz not null default now(),
	-- {threshold, on, figures, indicators, before}; src/lib/database/answers/impact.ts has its schema.
	content jsonb check (jsonb_typeof(content) = 'object' and pg_column_size(content) < 400000),
	unique (summit_id, number),
	check ((number = 1) = (reason = '')),
	constraint reason_one_line check (private.is_one_line(reason))
);
create index on private.impact_releases (released_by);
alter table private.impact_releases enable row level security;
select audit.watch('private.impact_releases', 'released_by');
create trigger never_change before update or delete on private.impact_releases
	for each row when (old.content is not null)
	execute function private.refuse_history_change('released_by');

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.impact_drafts', 'programme', '{version,texts,targets}', '{}', '{}'),
	('private.impact_releases', 'programme', '{number,reason,released_at}', '{}', '{}');
