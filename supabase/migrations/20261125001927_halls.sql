-- The hall as one participant: a browser at the desk of a room, or an encoder of one run, that sends its camera and its sound, with a
-- code and no person.

create table private.hall_devices (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null,
	room_id uuid not null,
	kind text not null default 'browser' check (kind in ('browser', 'encoder', 'ingress')),
	-- A browser stays at its desk from run to run; an encoder's code is for one run.
	run_id uuid references public.runs (id) on delete cascade check ((kind = 'browser') = (run_id is null)),
	-- LiveKit's ingress has its own key, which is not ours to keep.
	code_hash bytea unique check ((kind = 'ingress') = (code_hash is null)),
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
create unique index hall_devices_one_encoder on private.hall_devices (run_id, kind) where kind <> 'browser' and revoked_at is null;
select audit.watch('private.hall_devices', 'created_by', 'code_hash', 'identity');

-- The device that sends for the hall in a run, while its code holds and it is still for that room; and its connection, as LiveKit tells.
create table private.run_halls (
	run_id uuid primary key references public.runs (id) on delete cascade,
	device_id uuid not null references private.hall_devices (id) on delete cascade,
	sid text check (length(sid) <= 64),
	since timestamptz,
	seen_at timestamptz,
	sends text[] not null default '{}'
);
alter table private.run_halls enable row level security;
create index on private.run_halls (device_id);

create function private.hall_of(p_run uuid) returns table (identity text, name jsonb)
language sql stable security definer set search_path = '' as $$
	select d.identity, rooms.name from private.run_halls as h join private.hall_devices as d on d.id = h.device_id
	join public.runs on runs.id = h.run_id and runs.room_id = d.room_id and runs.state <> 'ended' join public.rooms on rooms.id = d.room_id
	where h.run_id = p_run and d.revoked_at is null and d.expires_at > now() and (d.run_id is null or d.run_id = p_run)
$$;

-- As `stage_rights`, for the devices of halls among these identities: picture and sound while it is live.
create function private.hall_rights(p_run public.runs, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, case when p_purpose <> 'stage' or d.identity is distinct from (select identity from private.hall_of(p_run.id)) then null
		when p_run.state = 'live' then '["camera", "microphone", "screen"]'::jsonb else '[]'::jsonb end), '{}')
	from private.hall_devices as d where d.identity = any (p_identities)
$$;

-- Which of these identities are devices of halls, and of what kind.
create function private.halls_among(p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(d.identity, d.kind), '{}') from private.hall_devices as d where d.identity = any (p_identities)
$$;

-- LiveKit's word on the device that sends for a hall: there under this connection, sending these; or gone, when no time is given.
create function private.note_hall(p_name text, p_identity text, p_sid text, p_since timestamptz, p_sends text[] default '{}') returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_halls as h set sid = p_sid, since = p_since, seen_at = case when p_since is not null then now() end, sends = p_sends
	from private.hall_devices as d, private.run_rooms as r
	where d.id = h.device_id and d.identity = p_identity and r.run_id = h.run_id and r.name = p_name and r.purpose = 'stage'
		-- The end of an earlier connection may be told late.
		and (p_since is not null or h.sid = p_sid)
$$;
grant execute on function private.note_hall(text, text, text, timestamptz, text[]) to app_server;
