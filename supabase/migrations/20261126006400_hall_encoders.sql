-- Encoders at the desk of a hall (OBS, vMix, hardware): a code for one run, which they send as the bearer of WHIP; and an ingress of
-- LiveKit's for those that speak RTMP alone.

-- Makes the code of a run's encoder, told once; the one before it ends. Answers {status: ok | not_found | ended, code, until}.
create function public.make_encoder_code(run uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_code text := private.random_code(32);
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.has_role(v_run.summit_id, 'stage') then return jsonb_build_object('status', 'not_found'); end if;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'ended'); end if;
	perform private.end_encoders(v_run, 'encoder');
	insert into private.hall_devices (summit_id, room_id, kind, run_id, code_hash, created_by, expires_at)
	values (v_run.summit_id, v_run.room_id, 'encoder', run, sha256(convert_to(v_code, 'UTF8')), private.me(), now() + interval '1 day');
	return jsonb_build_object('status', 'ok', 'code', v_code, 'until', private.iso(now() + interval '1 day'));
end
$$;

-- Ends the encoders of one kind in a run; whether there was one.
create function private.end_encoders(p_run public.runs, p_kind text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hall_devices set revoked_at = now() where run_id = p_run.id and kind = p_kind and revoked_at is null;
	if not found then return false; end if;
	perform private.tell('session:' || p_run.session_id, 'stage', p_run.id);
	return true;
end
$$;

-- Takes the code of a run's encoder back, or its ingress: what it sends ends at once. Answers ok, already, not_found.
create function public.end_encoder(run uuid, kind text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run;
	if not found or kind = 'browser' or not private.has_role(v_run.summit_id, 'stage') then return 'not_found'; end if;
	return case when private.end_encoders(v_run, kind) then 'ok' else 'already' end;
end
$$;

-- The device that sends for a run, and whether it does: {kind, is_connected, since, sends}; null: none has come.
create function private.hall_state(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('kind', d.kind, 'is_connected', h.seen_at > now() - interval '15 seconds', 'since', private.iso(h.since), 'sends', h.sends)
	from private.run_halls as h join private.hall_devices as d on d.id = h.device_id
	where h.run_id = p_run and exists (select from private.hall_of(p_run) as on_now where on_now.identity = d.identity)
$$;

-- For stage organisers and owners, the runs of a room that are not over, with what sends for its hall; null for everyone else.
-- [{id, state, session, hall, encoder_until, has_ingress}]
create function public.read_encoders(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', runs.id, 'state', runs.state, 'session', private.stage_session(runs.session_id), 'hall', private.hall_state(runs.id),
			'encoder_until', (select private.iso(d.expires_at) from private.hall_devices as d where d.run_id = runs.id and d.kind = 'encoder' and d.revoked_at is null and d.expires_at > now()),
			'has_ingress', exists (select from private.hall_devices as d where d.run_id = runs.id and d.kind = 'ingress' and d.revoked_at is null and d.expires_at > now()))
		order by runs.state not in ('live', 'paused'), runs.created_at) filter (where runs.id is not null), '[]')
	from public.rooms left join public.runs on runs.room_id = rooms.id and runs.state <> 'ended' and private.can_see(private.me(), runs.session_id)
	where rooms.summit_id = read_encoders.summit and rooms.slug = read_encoders.room
	having private.has_role(read_encoders.summit, 'stage') and count(rooms.id) > 0
$$;

grant execute on function public.make_encoder_code(uuid), public.end_encoder(uuid, text), public.read_encoders(uuid, text) to authenticated;
