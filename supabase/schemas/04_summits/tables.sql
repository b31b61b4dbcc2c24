-- Editions of the Summit, and the lists that an owner edits for each.

create type public.summit_state as enum ('draft', 'open', 'live', 'closed', 'archived');

-- A Summit: its dates, place and deadlines. A slug is the first part of an address, so it is none of the fixed ones.
create table public.summits (
	id uuid primary key default gen_random_uuid(),
	slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'
		and not private.is_interface_language(slug)
		and slug not in ('sign-in', 'sign-out', 'account', 'calendar', 'webhooks', 'api', 'healthz', 'readyz', 'sample',
			'privacy', 'accessibility', 'talk', 'certificates', 'organise', 'new', 'files', 'offline', 'invitation', 'live',
			'community', 'unsubscribe')),
	name public.text_map not null,
	summary public.text_map not null default '{}',
	zone text not null references private.time_zones (name),
	starts_on date not null,
	ends_on date not null check (ends_on >= starts_on and ends_on - starts_on <= 31),
	state public.summit_state not null default 'draft',
	venue_name public.text_map not null default '{}',
	city public.text_map not null default '{}',
	country char(2) check (country ~ '^[A-Z]{2}$'),
	address text not null default '',
	languages text[] not null default '{en}',
	currency char(3) not null default 'EUR' check (currency ~ '^[A-Z]{3}$'),
	registration_opens_at timestamptz,
	registration_closes_at timestamptz check (registration_closes_at > registration_opens_at),
	-- After it only organisers nominate. Null: as long as registration is open.
	nominations_close_at timestamptz,
	-- After it the shown names of accredited people cannot change, because lists have been sent.
	names_freeze_at timestamptz,
	-- Until when confirmed people answer the logistics form.
	logistics_due_at timestamptz,
	review_days integer not null default 14 check (review_days between 1 and 90),
	payment_days integer not null default 10 check (payment_days between 1 and 60),
	offer_hours integer not null default 72 check (offer_hours between 1 and 720),
	refund_until timestamptz,
	refund_percent integer not null default 100 check (refund_percent between 0 and 100),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	-- Whether watching recordings counts as attendance (23_presence/watching.sql).
	counts_watching boolean not null default false,
	-- Made by `npm run rehearse`, which deletes it again (docs/rehearsal.md). No other Summit has a slug like it.
	is_rehearsal boolean not null default false,
	constraint rehearsal_slug check (is_rehearsal = (slug ~ '^rehearsal-[0-9a-f]{8}$')),
	constraint years check (starts_on >= date '1970-01-01' and ends_on < date '2200-01-01'),
	constraint registration_years check (registration_opens_at >= timestamptz '1970-01-01 00:00Z'
		and registration_closes_at < timestamptz '2200-01-01 00:00Z'),
	constraint deadline_years check (
		greatest(nominations_close_at, names_freeze_at, logistics_due_at, refund_until)
			< timestamptz '2200-01-01 00:00Z'
		and least(nominations_close_at, names_freeze_at, logistics_due_at, refund_until)
			>= timestamptz '1970-01-01 00:00Z'),
	constraint name_one_line check (private.are_one_line(name)),
	constraint zone_one_line check (private.is_one_line(zone)),
	constraint venue_name_one_line check (private.are_one_line(venue_name)),
	constraint city_one_line check (private.are_one_line(city)),
	constraint address_one_line check (private.is_one_line(address)),
	constraint languages_one_line check (private.are_one_line(languages))
);
alter table public.summits enable row level security;
create policy read on public.summits for select to anon, authenticated
	using (id in (select private.readable_summits()));
-- Only functions write it: the dates have rules about deadlines, the state about what has to be done first (settings.sql).
grant select on public.summits to anon, authenticated;
select audit.watch('public.summits');

-- The Summits without rehearsals: all that picks the newest Summit, the one before, or every Summit reads this. Only its
-- address leads to a rehearsal.
create view private.real_summits as
	select s.id, s.slug, s.name, s.zone, s.starts_on, s.ends_on, s.state from public.summits as s where not s.is_rehearsal;

create type public.room_kind as enum ('hall', 'overflow', 'online');

-- The rooms of a Summit.
create table public.rooms (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- /live/desk and /live/check are other pages.
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$' and slug not in ('desk', 'check')),
	name public.text_map not null,
	kind public.room_kind not null default 'hall',
	capacity integer check (capacity >= 0),
	position integer not null default 0,
	-- For rest: no sessions are held there.
	is_quiet_room boolean not null default false,
	-- How to find it, and when it is open.
	directions public.text_map not null default '{}',
	hours public.text_map not null default '{}',
	unique (summit_id, slug),
	unique (id, summit_id),
	constraint name_one_line check (private.are_one_line(name)),
	constraint directions_one_line check (private.are_one_line(directions)),
	constraint hours_one_line check (private.are_one_line(hours))
);
alter table public.rooms enable row level security;
create policy read on public.rooms for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.rooms for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.rooms for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.rooms for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.rooms to anon, authenticated;
grant insert, update, delete on public.rooms to authenticated;
select audit.watch('public.rooms');

-- Tracks group the sessions of the agenda by subject.
create table public.tracks (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
	name public.text_map not null,
	position integer not null default 0,
	unique (summit_id, slug),
	unique (id, summit_id),
	constraint name_one_line check (private.are_one_line(name))
);
alter table public.tracks enable row level security;
create policy read on public.tracks for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.tracks for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.tracks for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.tracks for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.tracks to anon, authenticated;
grant insert, update, delete on public.tracks to authenticated;
select audit.watch('public.tracks');

-- Formats of sessions (keynote, panel, workshop …), with their usual length.
create table public.formats (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	slug text not null check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
	name public.text_map not null,
	minutes integer not null default 60 check (minutes between 5 and 1440),
	position integer not null default 0,
	unique (summit_id, slug),
	unique (id, summit_id),
	constraint name_one_line check (private.are_one_line(name))
);
alter table public.formats enable row level security;
create policy read on public.formats for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.formats for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.formats for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.formats for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.formats to anon, authenticated;
grant insert, update, delete on public.formats to authenticated;
select audit.watch('public.formats');

-- What a Summit says to those who work in sessions about a debrief. Rows of other kinds are from before these texts were
-- pages (29_pages); nothing reads them.
create table public.summit_texts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('about', 'privacy', 'accessibility', 'code_of_conduct', 'attending_in_person',
		'attending_virtually', 'debrief')),
	body public.text_map not null,
	unique (summit_id, kind)
);
alter table public.summit_texts enable row level security;
-- What is said to those who work in sessions about a debrief is for them (16_stage/debriefs.sql).
create policy read on public.summit_texts for select to anon, authenticated
	using (summit_id in (select private.readable_summits())
		and (kind <> 'debrief' or summit_id in (select private.summits_with_role('owner'))));
create policy add on public.summit_texts for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.summit_texts for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.summit_texts for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.summit_texts to anon, authenticated;
grant insert, update, delete on public.summit_texts to authenticated;
select audit.watch('public.summit_texts');

-- Whom to contact about what.
create table public.summit_contacts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null
		check (kind in ('wellbeing', 'safeguarding', 'registration', 'technical', 'general', 'emergency', 'privacy')),
	label public.text_map not null,
	note public.text_map not null default '{}',
	mail text check (mail like '%_@_%'),
	telephone text,
	hours public.text_map not null default '{}',
	position integer not null default 0,
	constraint label_one_line check (private.are_one_line(label)),
	constraint hours_one_line check (private.are_one_line(hours)),
	constraint mail_one_line check (private.is_one_line(mail)),
	constraint telephone_one_line check (private.is_one_line(telephone))
);
create index on public.summit_contacts (summit_id);
alter table public.summit_contacts enable row level security;
-- Of an archived Summit two are left; the others were people or desks of its days.
create policy read on public.summit_contacts for select to anon, authenticated
	using (summit_id in (select private.readable_summits())
		and (kind in ('privacy', 'safeguarding')
			or summit_id not in (select private.archived_summits())
			or summit_id in (select private.summits_with_role('owner'))));
create policy add on public.summit_contacts for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.summit_contacts for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.summit_contacts for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.summit_contacts to anon, authenticated;
grant insert, update, delete on public.summit_contacts to authenticated;
select audit.watch('public.summit_contacts');

-- The consents that a registrant is asked for, one by one.
create table public.consent_items (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	key text not null check (key ~ '^[a-z][a-z_]{1,40}$'),
	label public.text_map not null,
	detail public.text_map not null default '{}',
	is_required boolean not null default false,
	position integer not null default 0,
	unique (summit_id, key),
	unique (id, summit_id),
	constraint label_one_line check (private.are_one_line(label))
);
alter table public.consent_items enable row level security;
create policy read on public.consent_items for select to anon, authenticated
	using (summit_id in (select private.readable_summits()));
create policy add on public.consent_items for insert to authenticated
	with check (summit_id in (select private.summits_with_role('owner')));
create policy change on public.consent_items for update to authenticated
	using (summit_id in (select private.summits_with_role('owner')))
	with check (summit_id in (select private.summits_with_role('owner')));
create policy remove on public.consent_items for delete to authenticated
	using (summit_id in (select private.summits_with_role('owner')));
grant select on public.consent_items to anon, authenticated;
grant insert, update, delete on public.consent_items to authenticated;
select audit.watch('public.consent_items');
