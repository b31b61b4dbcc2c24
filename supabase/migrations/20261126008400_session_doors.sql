-- The door of one session is made by whoever builds the agenda: of closed sessions nobody else knows who keeps registrations.

-- Those that are in use, in order; for those who stand at doors. For whoever builds the agenda those of one session.
create or replace function public.list_checkpoints(summit uuid, with_ended boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_all boolean := private.has_role(summit, 'door', 'registration', 'safeguarding');
begin
	if not v_all and not private.has_role(summit, 'programme') then return '[]'; end if;
	perform private.ensure_checkpoints(summit);
	return (select coalesce(jsonb_agg(private.checkpoint_json(c) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c where c.summit_id = summit and (with_ended or c.ended_at is null) and (v_all or c.kind = 'session'));
end
$$;

-- Adds one, or changes one that has this id. `fields`: kind, name (a text), session (its code), capacity, both_ways, categories, opens_at, closes_at,
-- position, ended. Answers {status: ok | not_allowed | not_found | invalid, id}.
create or replace function public.save_checkpoint(summit uuid, checkpoint uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v public.checkpoints;
	v_name text := btrim(coalesce(fields ->> 'name', ''));
	v_all boolean := private.has_role(summit, 'registration');
begin
	if not v_all and not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
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
	if not v_all and v.kind <> 'session' then return jsonb_build_object('status', 'not_allowed'); end if;
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
	when check_violation or unique_violation or not_null_violation or data_exception then
		return jsonb_build_object('status', 'invalid');
end
$$;
