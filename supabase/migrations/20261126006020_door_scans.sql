-- Scans, and what follows from them. Each has an id that its device chose, so that it counts once however often it arrives; who was where is
-- derived from all scans of a person and a day in the order of their corrected times, so that late and mixed deliveries end in the same record.

create sequence private.door_scan_order;
create table private.door_scans (
	id uuid primary key,
	-- For devices that ask what changed; taken anew when a scan is undone.
	seq bigint not null default nextval('private.door_scan_order'),
	summit_id uuid not null references public.summits (id) on delete cascade,
	checkpoint_id uuid not null,
	place text not null,
	device_id uuid references private.door_devices (id) on delete set null,
	badge_id uuid references public.badges (id) on delete set null,
	person_id uuid references public.people (id) on update cascade on delete set null,
	direction text not null check (direction in ('in', 'out')),
	scanned_at timestamptz not null,
	device_at timestamptz,
	offset_ms bigint not null default 0,
	received_at timestamptz not null default clock_timestamp(),
	is_offline boolean not null default false,
	answer text not null,
	-- Somebody went through.
	counts boolean not null,
	day date not null,
	made_by uuid references public.people (id) on update cascade on delete set null,
	undone_at timestamptz,
	undone_by uuid references public.people (id) on update cascade on delete set null,
	-- A session that names nobody was on: from then on nobody knows who it was.
	forget_at timestamptz,
	foreign key (checkpoint_id, summit_id) references public.checkpoints (id, summit_id) on delete cascade
);
alter table private.door_scans enable row level security;
create index on private.door_scans (summit_id, place, seq);
create index on private.door_scans (person_id, summit_id, day);
create index on private.door_scans (checkpoint_id, summit_id);
create index on private.door_scans (device_id);
create index on private.door_scans (badge_id);
create index on private.door_scans (made_by);
create index on private.door_scans (undone_by);
create index on private.door_scans (forget_at) where forget_at is not null and person_id is not null;

-- From coming in to leaving; one that is open is inside.
create table private.door_periods (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	place text not null,
	checkpoint_id uuid not null references public.checkpoints (id) on delete cascade,
	scan_id uuid not null references private.door_scans (id) on delete cascade,
	day date not null,
	entered_at timestamptz not null,
	left_at timestamptz check (left_at >= entered_at),
	forget_at timestamptz
);
alter table private.door_periods enable row level security;
create index on private.door_periods (person_id, summit_id, day);
create index door_inside on private.door_periods (summit_id, place, day) where left_at is null;
create index on private.door_periods (summit_id, day);
create index on private.door_periods (checkpoint_id);
create index on private.door_periods (scan_id);
create index on private.door_periods (forget_at) where forget_at is not null;

create function private.door_day(p_summit uuid, p_at timestamptz default now()) returns date
language sql stable security definer set search_path = '' as $$
	select (p_at at time zone s.zone)::date from public.summits as s where s.id = p_summit
$$;

create function private.count_inside(p_summit uuid, p_place text, p_day date) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer from private.door_periods as p where p.summit_id = p_summit and p.place = p_place and p.day = p_day and p.left_at is null
$$;

-- What has to be looked at afterwards: found by the rules below, once each, until somebody writes how it ended.
create table private.door_conflicts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind text not null check (kind in ('two_doors', 'revoked', 'barred', 'not_entitled', 'over_capacity', 'wrong_clock', 'shut_out', 'unknown_badge')),
	-- What it is about, so that it is named once: a scan, a device, or a place and a day.
	about text not null,
	scan_id uuid references private.door_scans (id) on delete cascade,
	device_id uuid references private.door_devices (id) on delete cascade,
	checkpoint_id uuid references public.checkpoints (id) on delete cascade,
	person_id uuid references public.people (id) on update cascade on delete cascade,
	facts jsonb not null default '{}',
	found_at timestamptz not null default now(),
	resolved_at timestamptz,
	resolved_by uuid references public.people (id) on update cascade on delete set null,
	note text not null default '' check (length(note) <= 1000),
	unique (summit_id, kind, about)
);
alter table private.door_conflicts enable row level security;
create index on private.door_conflicts (scan_id);
create index on private.door_conflicts (device_id);
create index on private.door_conflicts (checkpoint_id);
create index on private.door_conflicts (person_id);
create index on private.door_conflicts (resolved_by);
select audit.watch('private.door_conflicts', 'person_id', 'note');
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.door_conflicts', 'registration', '{kind,resolved_at}', '{note}', '{}');

create function private.title_of(p_checkpoint uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
begin
	return (select coalesce(c.name ->> (c.name ->> 'original'), r.name ->> (r.name ->> 'original'), '')
		from public.checkpoints as c left join public.rooms as r on r.id = c.room_id where c.id = p_checkpoint);
end
$$;

-- Presence at a door and in the sessions of a room, for one person's day. A session that has a run is attended while it runs, which
-- `attended_seconds` sees to; another one within its time, and when that is over. Of sessions that name nobody nothing is written.
-- plpgsql, so that its plans are made once: it runs with every scan.
create function private.write_door_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_zone text := (select zone from public.summits where id = p_summit);
begin
	delete from public.presence as p
	where p.person_id = p_person and p.summit_id = p_summit and p.kind = 'door'
		and p.entered_at >= p_day::timestamp at time zone v_zone and p.entered_at < (p_day + 1)::timestamp at time zone v_zone;
	insert into public.presence (summit_id, person_id, kind, checkpoint, entered_at, left_at, source)
	select p_summit, p_person, 'door', private.title_of(d.checkpoint_id), d.entered_at, d.left_at, 'badge'
	from private.door_periods as d where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null;
	if not exists (select from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null and c.kind in ('room', 'session')) then
		return;
	end if;
	with held as (
		select d.*, sl.session_id, sl.during from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
		join public.release_slots as sl on sl.release_id = private.newest_release(p_summit) and not sl.is_cancelled
			and (sl.room_id = c.room_id or sl.session_id = c.session_id)
			and sl.during && tstzrange(d.entered_at, coalesce(d.left_at, 'infinity'))
		where d.summit_id = p_summit and d.person_id = p_person and d.day = p_day and d.forget_at is null and lower(sl.during) < now()
			and private.level_in_force(sl.session_id) in ('public', 'members')
	), attended as (
		select held.*, runs.id as run_id from held
		left join public.runs on runs.session_id = held.session_id and runs.started_at is not null and not private.is_nameless(runs.id)
			and tstzrange(runs.started_at, coalesce(runs.ended_at, 'infinity')) && held.during
	)
	insert into public.presence (summit_id, person_id, session_id, run_id, kind, checkpoint, entered_at, left_at, source)
	select summit_id, person_id, session_id, run_id, 'door', private.title_of(checkpoint_id),
		case when run_id is null then greatest(entered_at, lower(during)) else entered_at end,
		case when run_id is null then least(coalesce(left_at, upper(during)), upper(during)) else left_at end, 'badge'
	from attended where run_id is not null or upper(during) <= now() or left_at is not null;
end
$$;

-- The periods of one person's day, from the scans that count.
create function private.derive_presence(p_summit uuid, p_person uuid, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scan record;
	v_open private.door_periods;
	v_twice uuid[] := '{}';
begin
	delete from private.door_periods as d where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day;
	for v_scan in select s.*, c.kind from private.door_scans as s join public.checkpoints as c on c.id = s.checkpoint_id
		where s.person_id = p_person and s.summit_id = p_summit and s.day = p_day and s.counts and s.undone_at is null order by s.scanned_at, s.id
	loop
		if v_scan.direction = 'out' then
			-- Who leaves the building is in no room.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at)
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and v_scan.place in (d.place, 'building');
			continue;
		end if;
		select * into v_open from private.door_periods as d
		where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and d.place = v_scan.place;
		if found then
			-- Two doors that knew nothing of each other, or one that has lost its memory, let in the same badge.
			v_twice := v_twice || v_scan.id;
			insert into private.door_conflicts (summit_id, kind, about, scan_id, device_id, checkpoint_id, person_id, facts)
			values (p_summit, 'two_doors', v_scan.id::text, v_scan.id, v_scan.device_id, v_scan.checkpoint_id, p_person,
				jsonb_build_object('first', v_open.checkpoint_id, 'first_at', private.iso(v_open.entered_at), 'at', private.iso(v_scan.scanned_at)))
			on conflict (summit_id, kind, about) do nothing;
			continue;
		end if;
		if v_scan.kind in ('room', 'session') then
			-- Nobody is in two rooms.
			update private.door_periods as d set left_at = greatest(d.entered_at, v_scan.scanned_at) from public.checkpoints as c
			where d.person_id = p_person and d.summit_id = p_summit and d.day = p_day and d.left_at is null and c.id = d.checkpoint_id and c.kind in ('room', 'session');
		end if;
		insert into private.door_periods (summit_id, person_id, place, checkpoint_id, scan_id, day, entered_at, forget_at)
		values (p_summit, p_person, v_scan.place, v_scan.checkpoint_id, v_scan.id, p_day, v_scan.scanned_at, v_scan.forget_at);
	end loop;
	-- What a late scan or an undoing has explained is no conflict.
	delete from private.door_conflicts as c using private.door_scans as s
	where c.kind = 'two_doors' and c.resolved_at is null and s.id = c.scan_id and s.person_id = p_person and s.summit_id = p_summit and s.day = p_day
		and c.scan_id <> all (v_twice);
	perform private.write_door_presence(p_summit, p_person, p_day);
end
$$;

-- Scans of one person come one after the other, whichever of their badges and doors.
create function private.lock_at_door(p_summit uuid, p_person uuid) returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('door ' || p_summit || p_person, 0))
$$;
