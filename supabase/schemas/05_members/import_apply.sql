-- Importing members from a file, third part: applying exactly what the preview showed. It happens in parts, each in
-- its own transaction, so that nobody waits long for the locks on the modes; an interrupted import continues where it
-- stopped.

-- Returns what a row does: added, joined or changed; a similar row does what the organiser chose. Null: the row is
-- left out.
create function private.member_import_action(p_row private.member_import_rows, p_choices jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_row.outcome in ('added', 'joined', 'changed') then p_row.outcome
		when p_row.outcome = 'similar' and p_choices ->> p_row.line::text = 'new' then 'added'
		when p_row.outcome = 'similar'
			and p_choices ->> p_row.line::text = 'same'
			and private.may_change_member(p_row.member_id)
			then 'changed'
	end
$$;

-- Applies one row. Returns null, or why the row was left: changed_meanwhile (since the preview) or taken (the name).
create function private.apply_member_import_row(p_summit uuid, p_row private.member_import_rows, p_as_new boolean)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := case when not p_as_new then p_row.member_id end;
	v_address jsonb;
begin
	if v_id is not null and p_row.version is distinct from private.member_version(p_summit, v_id) then
		return 'changed_meanwhile';
	end if;
	begin
		if v_id is null then
			if exists (select from public.members as m where m.name = p_row.fields ->> 'name') then
				return 'changed_meanwhile';
			end if;
			insert into public.members (name, sector, country, region, website)
			values (p_row.fields ->> 'name', (p_row.fields ->> 'sector')::public.sector, p_row.fields ->> 'country',
				coalesce(p_row.fields ->> 'region', ''), nullif(p_row.fields ->> 'website', ''))
			returning id into v_id;
		end if;
		insert into public.summit_members (summit_id, member_id, standing, sector, country, region)
		select p_summit, m.id,
			coalesce(p_row.fields ->> 'standing', 'active')::public.standing,
			coalesce((p_row.fields ->> 'sector')::public.sector, m.sector),
			coalesce(p_row.fields ->> 'country', m.country),
			coalesce(p_row.fields ->> 'region', m.region)
		from public.members as m
		where m.id = v_id
		on conflict (summit_id, member_id) do nothing;
		perform private.write_member(p_summit, v_id, p_row.fields);
	exception when unique_violation then return 'taken';
	end;
	for v_address in select a.value from jsonb_array_elements(p_row.focal) as a loop
		perform private.send_focal_invitation(p_summit, v_id, v_address, false);
	end loop;
	return null;
end
$$;

-- Applies the next rows. The caller has locked the modes and the import. What the rows do to the seats is judged
-- together (finish_seat_quota_change in 07_seats/capacities.sql). Raises PT409 when seats in use would exceed a
-- ceiling.
create function private.apply_member_import_batch(p_import private.member_imports, p_most integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.member_import_rows;
	v_kind text;
	v_why text;
begin
	perform set_config('app.reason', 'import', true);
	perform set_config('app.allowances', 'together', true);
	for v_row in
		select *
		from private.member_import_rows as r
		where r.import_id = p_import.id and r.applied is null
		order by r.line
		limit p_most
	loop
		v_kind := private.member_import_action(v_row, p_import.choices);
		v_why := case
			when v_kind is not null
				then private.apply_member_import_row(p_import.summit_id, v_row, v_kind = 'added') end;
		-- The addresses are no longer needed, so they are deleted.
		update private.member_import_rows as r
		set applied = coalesce(v_why, v_kind, 'left'), focal = '[]'
		where r.import_id = p_import.id and r.line = v_row.line;
	end loop;
	perform set_config('app.allowances', '', true);
	perform private.finish_seat_quota_change(p_import.summit_id);
end
$$;

-- Returns {added, joined, changed, left, refused: [{line, name, why}]}.
create function private.member_import_result(p_import uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'added', count(*) filter (where r.applied = 'added'),
		'joined', count(*) filter (where r.applied = 'joined'),
		'changed', count(*) filter (where r.applied = 'changed'),
		'left', count(*) filter (where r.applied = 'left'),
		'refused', coalesce(jsonb_agg(
			jsonb_build_object('line', r.line, 'name', r.member_name, 'why', r.applied)
			order by r.line) filter (where r.applied in ('changed_meanwhile', 'taken')), '[]'))
	from private.member_import_rows as r
	where r.import_id = p_import
$$;

-- Applies the next rows of a preview; the app calls it again while it returns `more`. `choices`: {line: 'same' | 'new'}
-- for similar rows (those without a choice are left out); the choices of the first call hold for all parts. Rows whose
-- member somebody changed since the preview are left. Locks the modes, then the import, in the order of everything that
-- counts seats. Returns {status: ok | more | already | stranded | not_found, left}, and at the end what
-- private.member_import_result returns. Stranded: this part changed nothing, and `detail` says which seats would exceed
-- a ceiling; the earlier parts stay applied.
create function public.apply_member_import(import uuid, choices jsonb default '{}', most integer default 200)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.member_imports := private.my_member_import(import);
	v_left integer;
	v_detail text;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_i.summit_id);
	select * into v_i from private.member_imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then
		return coalesce(v_i.result, '{}') || jsonb_build_object('status', 'already');
	end if;
	v_i.choices := coalesce(v_i.choices, apply_member_import.choices, '{}');
	begin
		perform private.apply_member_import_batch(v_i, greatest(1, least(coalesce(most, 200), 500)));
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', 'stranded', 'detail', v_detail);
	end;
	select count(*) into v_left
	from private.member_import_rows as r
	where r.import_id = import and r.applied is null;
	update private.member_imports as i
	set choices = v_i.choices,
		applied_at = case when v_left = 0 then now() end,
		result = case when v_left = 0 then private.member_import_result(import) end
	where i.id = import
	returning * into v_i;
	if v_left > 0 then return jsonb_build_object('status', 'more', 'left', v_left); end if;
	perform audit.record_event('members.imported', import::text, v_i.summit_id, null, v_i.result - 'refused'
		|| jsonb_build_object('refused', jsonb_array_length(v_i.result -> 'refused')));
	perform private.publish_event('organise:' || v_i.summit_id, 'member_request');
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_member_import(uuid, jsonb, integer) to authenticated;
