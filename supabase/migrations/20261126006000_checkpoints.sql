-- Checkpoints: where badges are read. An entrance and each room in the hall come by themselves; meals, sessions and others are added.

create type public.checkpoint_kind as enum ('entrance', 'room', 'session', 'meal', 'other');

create table public.checkpoints (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.checkpoint_kind not null,
	-- Null: the room's own name.
	name jsonb check (name is null or private.is_text_map(name)),
	room_id uuid,
	session_id uuid,
	-- Null: the room's own, and none elsewhere.
	capacity integer check (capacity between 1 and 1000000),
	both_ways boolean not null default true,
	-- None: all of them pass.
	categories public.registration_category[] not null default '{}',
	opens_at timestamptz,
	closes_at timestamptz,
	position integer not null default 0,
	ended_at timestamptz,
	-- Where one is behind it: all entrances lead into one building, all doors of a room into one room.
	place text not null generated always as (case when kind = 'entrance' then 'building' else coalesce(room_id, session_id, id)::text end) stored,
	foreign key (room_id, summit_id) references public.rooms (id, summit_id) on delete cascade,
	foreign key (session_id, summit_id) references public.sessions (id, summit_id) on delete cascade,
	unique (id, summit_id),
	check ((kind = 'room') = (room_id is not null) and (kind = 'session') = (session_id is not null)),
	check (name is not null and name <> '{}' or kind = 'room'),
	check (closes_at > opens_at)
);
alter table public.checkpoints enable row level security;
create index on public.checkpoints (summit_id, position);
create index on public.checkpoints (session_id);
create unique index checkpoints_one_of_room on public.checkpoints (room_id) where kind = 'room' and name is null;
create policy read on public.checkpoints for select to authenticated using (summit_id in (select private.summits_with_role('door', 'registration')));
grant select on public.checkpoints to authenticated;
select audit.watch('public.checkpoints');
insert into private.audited_tables (name, area, shown, opened, named) values
	('public.checkpoints', 'registration', '{kind,name,room_id,capacity,both_ways,categories,opens_at,closes_at,ended_at}', '{}', '{}');

-- What is obvious from the agenda is there without anybody's doing.
create function private.ensure_checkpoints(p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from public.checkpoints where summit_id = p_summit and kind = 'entrance')
		and not exists (select from public.rooms as r where r.summit_id = p_summit and r.kind <> 'online'
			and not exists (select from public.checkpoints as c where c.room_id = r.id and c.kind = 'room' and c.name is null)) then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('checkpoints ' || p_summit, 0));
	insert into public.checkpoints (summit_id, kind, name)
	select p_summit, 'entrance', '{"original":"en","en":"Main entrance","fr":"Entrée principale","es":"Entrada principal","ar":"المدخل الرئيسي"}'
	where not exists (select from public.checkpoints where summit_id = p_summit and kind = 'entrance');
	insert into public.checkpoints (summit_id, kind, room_id, position)
	select p_summit, 'room', r.id, 10 + r.position from public.rooms as r where r.summit_id = p_summit and r.kind <> 'online'
	on conflict (room_id) where kind = 'room' and name is null do nothing;
end
$$;

create function private.capacity_of(p_checkpoint public.checkpoints) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(p_checkpoint.capacity, (select r.capacity from public.rooms as r where r.id = p_checkpoint.room_id))
$$;

create function private.checkpoint_json(p_checkpoint public.checkpoints) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_checkpoint.id, 'kind', p_checkpoint.kind, 'place', p_checkpoint.place, 'both_ways', p_checkpoint.both_ways,
		'name', coalesce(p_checkpoint.name, (select r.name from public.rooms as r where r.id = p_checkpoint.room_id)),
		'capacity', private.capacity_of(p_checkpoint), 'own_capacity', p_checkpoint.capacity, 'categories', p_checkpoint.categories,
		'opens_at', private.iso(p_checkpoint.opens_at), 'closes_at', private.iso(p_checkpoint.closes_at), 'position', p_checkpoint.position, 'ended', p_checkpoint.ended_at is not null)
$$;

-- Those that are in use, in order; for those who stand at doors.
create function public.list_checkpoints(summit uuid, with_ended boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'door', 'registration', 'safeguarding') then return '[]'; end if;
	perform private.ensure_checkpoints(summit);
	return (select coalesce(jsonb_agg(private.checkpoint_json(c) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c where c.summit_id = summit and (with_ended or c.ended_at is null));
end
$$;

-- Adds one, or changes one that has this id. `fields`: kind, name (a text), session (its code), capacity, both_ways, categories, opens_at, closes_at,
-- position, ended. Answers {status: ok | not_allowed | not_found | invalid, id}.
create function public.save_checkpoint(summit uuid, checkpoint uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v public.checkpoints;
	v_name text := btrim(coalesce(fields ->> 'name', ''));
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if checkpoint is not null then
		select * into v from public.checkpoints as c where c.id = checkpoint and c.summit_id = summit for update;
		if not found then return jsonb_build_object('status', 'not_found'); end if;
	else
		v.id := gen_random_uuid();
		v.summit_id := summit;
		v.kind := (fields ->> 'kind')::public.checkpoint_kind;
		v.session_id := (select s.id from public.sessions as s where s.summit_id = summit and s.code = fields ->> 'session' and private.can_see(private.me(), s.id));
		v.position := 100;
	end if;
	if v_name <> '' then v.name := jsonb_build_object('original', 'en', 'en', left(v_name, 80)); end if;
	insert into public.checkpoints as c (id, summit_id, kind, name, room_id, session_id, capacity, both_ways, categories, opens_at, closes_at, position, ended_at)
	values (v.id, summit, v.kind, v.name, v.room_id, v.session_id, (fields ->> 'capacity')::integer, coalesce((fields ->> 'both_ways')::boolean, v.both_ways, true),
		coalesce((select array_agg(each::public.registration_category) from jsonb_array_elements_text(fields -> 'categories') as each), v.categories, '{}'),
		(fields ->> 'opens_at')::timestamptz, (fields ->> 'closes_at')::timestamptz, coalesce((fields ->> 'position')::integer, v.position),
		case when (fields ->> 'ended')::boolean then coalesce(v.ended_at, now()) end)
	on conflict (id) do update set name = excluded.name, capacity = excluded.capacity, both_ways = excluded.both_ways, categories = excluded.categories,
		opens_at = excluded.opens_at, closes_at = excluded.closes_at, position = excluded.position, ended_at = excluded.ended_at;
	perform private.tell('organise:' || summit, 'door');
	return jsonb_build_object('status', 'ok', 'id', v.id);
exception
	when check_violation or unique_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
		return jsonb_build_object('status', 'invalid');
end
$$;

grant execute on function public.list_checkpoints(uuid, boolean), public.save_checkpoint(uuid, uuid, jsonb) to authenticated;
