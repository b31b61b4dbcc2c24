-- Captions by an engine, with a token for one run and one language that those who run the stage make and revoke.

-- Stores the hash of a new token. Answers ok | not_found | not_at_this_level (what may not be kept is not given to an
-- engine either) | invalid. Waits for a bar of the reader, as a bar does for this, so that none leaves a token that
-- works (private.lock_barred_runs).
create function public.make_caption_token(run uuid, language text, token_hash text) returns public.caption_token_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || private.me(), 7));
	v_run := private.hold_open_run(run);
	if v_run.id is null or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if greatest(v_run.level, private.level_in_force(v_run.session_id)) in ('chatham_house', 'closed') then
		return 'not_at_this_level';
	end if;
	insert into private.caption_tokens (run_id, language, token_hash, created_by)
	values (run, make_caption_token.language, make_caption_token.token_hash, private.me());
	return 'ok';
exception when check_violation or unique_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.make_caption_token(uuid, text, text) to authenticated;

-- Answers ok | not_found.
create function public.revoke_caption_token(token uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.caption_tokens as t set revoked_at = now() from public.runs
	where t.id = token and t.revoked_at is null and runs.id = t.run_id
		and private.may_run(private.me(), runs.session_id);
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.revoke_caption_token(uuid) to authenticated;

-- [{id, language, created_at}] of the tokens that work; null for everyone who does not run the stage.
create function public.read_caption_tokens(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(jsonb_build_object('id', t.id, 'language', t.language,
			'created_at', private.iso(t.created_at)) order by t.created_at)
		from private.caption_tokens as t
		where t.run_id = runs.id and t.revoked_at is null), '[]')
	from public.runs
	where runs.id = read_caption_tokens.run and private.may_run(private.me(), runs.session_id)
$$;
grant execute on function public.read_caption_tokens(uuid) to authenticated;

-- Stores lines of an engine: [{words, took?, key?, is_final?}], at most 20, all of them or none. The lock on the run
-- keeps it from ending meanwhile. {status: ok | refused | not_at_this_level | not_live | invalid, numbers}.
create function private.post_captions(p_token_hash text, p_lines jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_token private.caption_tokens;
	v_run public.runs;
	v_line jsonb;
	v_words text;
	v_numbers integer[] := '{}';
begin
	select * into v_token from private.caption_tokens where token_hash = p_token_hash and revoked_at is null;
	if not found then return jsonb_build_object('status', 'refused'); end if;
	select * into v_run from public.runs where id = v_token.run_id for share;
	if v_run.state = 'ended' then return jsonb_build_object('status', 'refused'); end if;
	if greatest(v_run.level, private.level_in_force(v_run.session_id)) in ('chatham_house', 'closed') then
		return jsonb_build_object('status', 'not_at_this_level');
	end if;
	if v_run.state <> 'live' then return jsonb_build_object('status', 'not_live'); end if;
	if jsonb_typeof(p_lines) <> 'array' or jsonb_array_length(p_lines) not between 1 and 20 then
		return jsonb_build_object('status', 'invalid');
	end if;
	for v_line in select * from jsonb_array_elements(p_lines) loop
		v_words := private.one_line(v_line ->> 'words');
		if length(v_words) not between 1 and 500
			or length(v_line ->> 'key') > 64
			or not private.is_one_line(v_line ->> 'key') then
			-- The exception takes back the lines of this request that were stored already.
			raise exception using errcode = 'data_exception';
		end if;
		v_numbers := v_numbers || private.add_caption(v_run, v_token.language, v_words,
			(v_line ->> 'took')::integer, null, v_token.id, v_line ->> 'key',
			coalesce((v_line ->> 'is_final')::boolean, true));
	end loop;
	return jsonb_build_object('status', 'ok', 'numbers', to_jsonb(v_numbers));
exception when data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function private.post_captions(text, jsonb) to app_server;
