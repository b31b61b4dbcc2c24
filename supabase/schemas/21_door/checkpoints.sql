-- Checkpoints, where badges are read: an entrance, rooms, sessions, meals and others.

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.checkpoints', 'registration',
		'{kind,name,room_id,capacity,both_ways,categories,opens_at,closes_at,ended_at}', '{}', '{}');

-- Creates the checkpoints that follow from the agenda: one entrance, and one for each room in the hall.
create function private.ensure_checkpoints(p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from public.checkpoints where summit_id = p_summit and kind = 'entrance')
		and not exists (select from public.rooms as r
			where r.summit_id = p_summit and r.kind <> 'online'
				and not exists (select from public.checkpoints as c
					where c.room_id = r.id and c.kind = 'room' and c.name is null))
	then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('checkpoints ' || p_summit, 0));
	insert into public.checkpoints (summit_id, kind, name)
	select p_summit, 'entrance',
		'{"original":"en","en":"Main entrance","fr":"Entrée principale","es":"Entrada principal","ar":"المدخل الرئيسي"}'
	where not exists (select from public.checkpoints where summit_id = p_summit and kind = 'entrance');
	insert into public.checkpoints (summit_id, kind, room_id, position)
	select p_summit, 'room', r.id, 10 + r.position
	from public.rooms as r
	where r.summit_id = p_summit and r.kind <> 'online'
	on conflict (room_id) where kind = 'room' and name is null do nothing;
end
$$;

-- The capacity of a checkpoint: its own, or that of its room; null where there is none.
create function private.checkpoint_capacity(p_checkpoint public.checkpoints) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce(p_checkpoint.capacity, (select r.capacity from public.rooms as r where r.id = p_checkpoint.room_id))
$$;

-- {id, kind, place, both_ways, name, capacity, own_capacity, categories, opens_at, closes_at, position, ended}
create function private.checkpoint_json(p_checkpoint public.checkpoints) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_checkpoint.id, 'kind', p_checkpoint.kind, 'place', p_checkpoint.place,
		'both_ways', p_checkpoint.both_ways,
		'name', coalesce(p_checkpoint.name, (select r.name from public.rooms as r where r.id = p_checkpoint.room_id)),
		'capacity', private.checkpoint_capacity(p_checkpoint), 'own_capacity', p_checkpoint.capacity,
		'categories', p_checkpoint.categories, 'opens_at', private.iso(p_checkpoint.opens_at),
		'closes_at', private.iso(p_checkpoint.closes_at), 'position', p_checkpoint.position,
		'ended', p_checkpoint.ended_at is not null)
$$;

-- [checkpoint] in order, for people at doors and organisers. Programme organisers get only those of single sessions,
-- which they create themselves, because registration organisers do not know of closed sessions.
create function public.list_checkpoints(summit uuid, with_ended boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_all boolean := private.has_role(summit, 'door', 'registration', 'safeguarding');
begin
	if not v_all and not private.has_role(summit, 'programme') then return '[]'; end if;
	perform private.ensure_checkpoints(summit);
	return (select coalesce(jsonb_agg(private.checkpoint_json(c) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c
		where c.summit_id = summit and (with_ended or c.ended_at is null) and (v_all or c.kind = 'session'));
end
$$;
grant execute on function public.list_checkpoints(uuid, boolean) to authenticated;

-- Adds a checkpoint, or changes the one with this id. `fields`: kind, name (a text), session (its code), capacity,
-- both_ways, categories, opens_at, closes_at, position, ended. Programme organisers save only those of single sessions.
-- {status: ok | not_allowed | not_found | invalid, id}
create function public.save_checkpoint(summit uuid, checkpoint uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v public.checkpoints;
	v_name text := btrim(coalesce(fields ->> 'name', ''));
	v_all boolean := private.has_role(summit, 'registration');
begin
	if not v_all and not private.has_role(summit, 'programme') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if checkpoint is not null then
		select * into v from public.checkpoints as c where c.id = checkpoint and c.summit_id = summit for update;
		if not found then return jsonb_build_object('status', 'not_found'); end if;
	else
		v.id := gen_random_uuid();
		v.summit_id := summit;
		v.kind := (fields ->> 'kind')::public.checkpoint_kind;
		v.session_id := (select s.id
			from public.sessions as s
			where s.summit_id = summit and s.code = fields ->> 'session' and private.can_see(private.me(), s.id));
		v.position := 100;
	end if;
	if not v_all and v.kind <> 'session' then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_name <> '' then v.name := jsonb_build_object('original', 'en', 'en', left(v_name, 80)); end if;
	insert into public.checkpoints as c (id, summit_id, kind, name, room_id, session_id, capacity, both_ways,
		categories, opens_at, closes_at, position, ended_at)
	values (v.id, summit, v.kind, v.name, v.room_id, v.session_id, (fields ->> 'capacity')::integer,
		coalesce((fields ->> 'both_ways')::boolean, v.both_ways, true),
		coalesce(
			(select array_agg(each::public.registration_category)
				from jsonb_array_elements_text(fields -> 'categories') as each),
			v.categories, '{}'),
		(fields ->> 'opens_at')::timestamptz, (fields ->> 'closes_at')::timestamptz,
		coalesce((fields ->> 'position')::integer, v.position),
		case when (fields ->> 'ended')::boolean then coalesce(v.ended_at, now()) end)
	on conflict (id) do update
	set name = excluded.name, capacity = excluded.capacity, both_ways = excluded.both_ways,
		categories = excluded.categories, opens_at = excluded.opens_at, closes_at = excluded.closes_at,
		position = excluded.position, ended_at = excluded.ended_at;
	perform private.publish_event('organise:' || summit, 'door');
	return jsonb_build_object('status', 'ok', 'id', v.id);
exception when check_violation or unique_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_checkpoint(uuid, uuid, jsonb) to authenticated;

-- Scans are records of who was where, so deleting a room, a session or a checkpoint must not delete them. A checkpoint
-- with scans, or with devices that may still bring some, cannot be deleted, only closed. With its Summit everything
-- goes.
create function private.prevent_checkpoint_delete() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- When a whole Summit is deleted, its row is already gone here.
	if exists (select from public.summits as s where s.id = old.summit_id)
		and (exists (select from private.door_scans as s where s.checkpoint_id = old.id)
			or exists (select from private.door_devices as d where d.checkpoint_id = old.id))
	then
		raise exception
			'Badges are read at this checkpoint, and who was where is kept: close the checkpoint, and keep its room or session.'
			using errcode = 'restrict_violation';
	end if;
	return old;
end
$$;
create trigger prevent_checkpoint_delete before delete on public.checkpoints for each row
	execute function private.prevent_checkpoint_delete();
