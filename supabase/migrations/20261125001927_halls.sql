-- The hall as one participant: a browser at the desk of a room that sends its camera and its sound, with a code and no person.

create table private.hall_devices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	room_id uuid not null,
	code_hash bytea not null unique,
	identity text not null unique default private.random_code(20),
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade
);
alter table private.hall_devices enable row level security;
create index on private.hall_devices (room_id, summit_id);
create index on private.hall_devices (created_by);
select audit.watch('private.hall_devices', 'created_by', 'code_hash', 'identity');

-- The device that sends for the hall in a run, while its code holds and it is still for that room.
create table private.run_halls (
	run_id uuid primary key references public.runs (id) on delete cascade,
	device_id uuid not null references private.hall_devices (id) on delete cascade
);
alter table private.run_halls enable row level security;
create index on private.run_halls (device_id);

create function private.hall_of(p_run uuid) returns table (identity text, name jsonb)
language sql stable security definer set search_path = '' as $$
	select d.identity, rooms.name from private.run_halls as h join private.hall_devices as d on d.id = h.device_id
	join public.runs on runs.id = h.run_id and runs.room_id = d.room_id and runs.state <> 'ended' join public.rooms on rooms.id = d.room_id
	where h.run_id = p_run and d.revoked_at is null and d.expires_at > now()
$$;

-- As `stage_rights`, for the devices of halls among these identities: picture and sound while it is live.
create function private.hall_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, case when p_purpose <> 'stage' or d.identity is distinct from (select identity from private.hall_of(p_run.id)) then null
		when p_run.state = 'live' then '["camera", "microphone", "screen"]'::jsonb else '[]'::jsonb end), '{}')
	from private.hall_devices as d where d.identity = any (p_identities)
$$;
