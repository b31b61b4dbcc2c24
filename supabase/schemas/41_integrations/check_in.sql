-- Checking in by key, by the rules of the door itself. The maker of the key acts, and must still hold the right to: each scan
-- names them, as it names whoever holds a device.

-- Whether the maker of a key may admit people now.
create function private.may_check_in_by_key(k private.api_keys) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(k.made_by, k.summit_id, 'door', 'registration')
		and not exists (
			select from private.entry_bars as b
			where b.person_id = k.made_by and b.summit_id = k.summit_id and b.session_id is null)
$$;

-- Whether a key may check in at a checkpoint, as far as its session goes: not at those of single sessions that name nobody.
create function private.is_api_checkpoint(c public.checkpoints) returns boolean
language sql stable security definer set search_path = '' as $$
	select c.ended_at is null
		and (c.session_id is null or private.level_in_force(c.session_id) in ('public', 'members'))
$$;

-- The checkpoints at which a key may check in, {items: [{id, kind, name, room (its slug), session (its code)}], next: null};
-- {status: not_allowed} where its maker may not. Null without such a key.
create function private.api_checkpoints(p_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return null; end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	if not private.is_summit_closed(v_key.summit_id) then perform private.ensure_checkpoints(v_key.summit_id); end if;
	return jsonb_build_object('items', (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', c.id,
			'kind', c.kind,
			'name', coalesce(c.name, o.name),
			'room', o.slug,
			'session', s.code) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c
		left join public.rooms as o on o.id = c.room_id
		left join public.sessions as s on s.id = c.session_id
		where c.summit_id = v_key.summit_id and private.is_api_checkpoint(c)), 'next', null);
end
$$;
grant execute on function private.api_checkpoints(bytea) to app_server;

-- Checks a badge at a checkpoint (null: the first entrance), by its id, after the app has checked the signature of its
-- code, or by its printed code. `p_refused`: why the app refuses the code. {status: ok | refused (the key) | not_allowed (its
-- maker) | closed (the Summit) | key_reused (for another request) | no_checkpoint; with ok: answer, scan, checkpoint, since,
-- display_name, is_repeated}. The same idempotency key gets the same answer for a day; a second request with it waits for
-- the first. Nothing is kept of a request that the key did not allow.
create function private.api_check_in(
	p_hash bytea, p_idempotency_key text, p_request_hash bytea, p_badge uuid, p_badge_code text, p_refused text,
	p_checkpoint uuid, p_direction text
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_checkpoint public.checkpoints;
	v_before private.api_answers;
	v_badge uuid;
	v_found jsonb;
	v_answer jsonb;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return jsonb_build_object('status', 'refused'); end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	delete from private.api_answers as a where a.api_key_id = v_key.id and a.made_at < now() - interval '1 day';
	insert into private.api_answers (api_key_id, idempotency_key, request_hash)
	values (v_key.id, p_idempotency_key, p_request_hash)
	on conflict do nothing;
	if not found then
		select * into v_before
		from private.api_answers as a
		where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
		if v_before.request_hash is distinct from p_request_hash then return jsonb_build_object('status', 'key_reused'); end if;
		return v_before.answer || jsonb_build_object('is_repeated', true, 'display_name', (
			select p.display_name
			from private.door_scans as s
			join public.people as p on p.id = s.person_id
			where s.id = private.parse_uuid(v_before.answer ->> 'scan')
				and s.answer <> 'revoked'
				-- The first answer named them as they were called then.
				and not private.has_new_identity_since(p.id, s.received_at)));
	end if;
	perform set_config('app.actor', v_key.made_by::text, true);
	if private.is_summit_closed(v_key.summit_id) then
		v_answer := jsonb_build_object('status', 'closed');
	else
		perform private.ensure_checkpoints(v_key.summit_id);
		select * into v_checkpoint
		from public.checkpoints as c
		where c.summit_id = v_key.summit_id
			and private.is_api_checkpoint(c)
			and case when p_checkpoint is null then c.kind = 'entrance' else c.id = p_checkpoint end
		order by c.position, c.id
		limit 1;
		v_badge := case when p_refused is null then private.find_badge(v_key.summit_id, p_badge, p_badge_code) end;
		if v_checkpoint.id is null then
			v_answer := jsonb_build_object('status', 'no_checkpoint');
		else
			v_found := case
				when p_refused is not null then jsonb_build_object('answer', p_refused)
				when v_badge is null then '{"answer": "unknown"}'
				else private.process_scan(v_checkpoint, v_badge, jsonb_build_object('direction', p_direction)) end;
			v_answer := jsonb_build_object(
				'status', 'ok',
				'answer', v_found -> 'answer',
				'scan', v_found -> 'scan',
				'checkpoint', v_checkpoint.id,
				'since', v_found -> 'since',
				'is_repeated', false);
		end if;
	end if;
	update private.api_answers as a set answer = v_answer
	where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
	return v_answer || jsonb_build_object('display_name', v_found -> 'display_name');
end
$$;
grant execute on function private.api_check_in(bytea, text, bytea, uuid, text, text, uuid, text) to app_server;
