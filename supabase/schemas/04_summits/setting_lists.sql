-- Rows of the lists that an owner edits: rooms, tracks, formats, consents, contacts and fees, and the texts. The
-- functions run as the caller, so that the policies of each table decide; an expected refusal is an answer. The
-- statements are dynamic because the table is an argument, which private.setting_columns limits to these.

-- The columns of a list that its form sets; null for any other table.
create function private.setting_columns(p_table text) returns text[]
language sql immutable set search_path = '' as $$
	select case p_table
		when 'rooms' then array['slug', 'name', 'kind', 'capacity', 'is_quiet_room', 'directions', 'hours']
		when 'tracks' then array['slug', 'name']
		when 'formats' then array['slug', 'name', 'minutes']
		when 'consent_items' then array['key', 'label', 'detail', 'is_required']
		when 'summit_contacts' then array['kind', 'label', 'note', 'mail', 'telephone', 'hours']
		when 'fees' then array['mode', 'category', 'sector', 'amount', 'currency']
	end
$$;
grant execute on function private.setting_columns(text) to authenticated;

-- Adds a row (row_id null) or changes one. Answers ok | taken | unknown | not_allowed | invalid.
create function public.save_setting(summit uuid, table_name text, row_id uuid, fields jsonb)
	returns public.setting_status
language plpgsql volatile security invoker set search_path = '' as $$
declare
	v_columns text := (select string_agg(format('%I', c), ', ') from unnest(private.setting_columns(table_name)) as c);
	v_rows integer;
begin
	if v_columns is null then return 'unknown'; end if;
	if table_name = 'rooms' then
		fields := '{"is_quiet_room": false, "directions": {}, "hours": {}}'::jsonb || fields;
	end if;
	-- An amount is in minor units of its currency: from a form that shows another currency it would be another amount.
	if table_name = 'fees' and exists (select from public.fees as f
		where f.id = row_id and f.summit_id = summit and f.currency is distinct from fields ->> 'currency') then
		return 'invalid';
	end if;
	if row_id is not null then
		execute format('update public.%1$I as t
			set (%2$s) = (select %2$s from jsonb_populate_record(null::public.%1$I, $1))
			where t.id = $2 and t.summit_id = $3', table_name, v_columns) using fields, row_id, summit;
	elsif table_name = 'fees' then
		execute format('insert into public.fees (summit_id, %1$s)
			select $2, %1$s from jsonb_populate_record(null::public.fees, $1)', v_columns) using fields, summit;
	else
		execute format('insert into public.%1$I (summit_id, position, %2$s)
			select $2, (select coalesce(max(t.position) + 1, 0) from public.%1$I as t where t.summit_id = $2), %2$s
			from jsonb_populate_record(null::public.%1$I, $1)', table_name, v_columns) using fields, summit;
	end if;
	get diagnostics v_rows = row_count;
	return case when v_rows = 0 then 'unknown' else 'ok' end;
exception
	when unique_violation then return 'taken';
	when insufficient_privilege then return 'not_allowed';
	when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_setting(uuid, text, uuid, jsonb) to authenticated;

-- Whether a room has rows that go with it and that undo does not bring back: checkpoints with their scans, links of
-- screens, devices, and what was announced.
create function private.has_lasting_room_rows(p_room uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.checkpoints as c where c.room_id = p_room)
		or exists (select from private.room_screens as s where s.room_id = p_room)
		or exists (select from private.hall_devices as d where d.room_id = p_room)
		or exists (select from private.announcements as a where a.room_id = p_room)
$$;
grant execute on function private.has_lasting_room_rows(uuid) to authenticated;

-- Removes a row, which can be undone. Answers ok | in_use | unknown.
create function public.remove_setting(summit uuid, table_name text, row_id uuid) returns public.setting_removal_status
language plpgsql volatile security invoker set search_path = '' as $$
declare
	v_rows integer;
	v_row jsonb;
	v_act text := case table_name
		when 'rooms' then 'room_removed'
		when 'tracks' then 'track_removed'
		when 'formats' then 'format_removed'
		when 'consent_items' then 'consent_removed'
		when 'summit_contacts' then 'contact_removed'
		when 'fees' then 'fee_removed'
	end;
begin
	if private.setting_columns(table_name) is null then return 'unknown'; end if;
	execute format('select to_jsonb(t) from public.%I as t where t.id = $1 and t.summit_id = $2', table_name)
	into v_row using row_id, summit;
	if v_row is not null and (table_name <> 'rooms' or not private.has_lasting_room_rows(row_id)) then
		perform private.begin_undoable(summit, v_act, coalesce(v_row -> 'name', v_row -> 'label'),
			case when table_name = 'fees' then 'finance' else 'owner' end::public.organiser_role);
	end if;
	execute format('delete from public.%I as t where t.id = $1 and t.summit_id = $2', table_name) using row_id, summit;
	get diagnostics v_rows = row_count;
	return case when v_rows = 0 then 'unknown' else 'ok' end;
exception
	-- Which of the two is raised depends on the version of PostgreSQL.
	when foreign_key_violation or restrict_violation then return 'in_use';
end
$$;
grant execute on function public.remove_setting(uuid, text, uuid) to authenticated;

-- Moves a row one place: by -1 up, by 1 down. Answers ok | unknown.
create function public.move_setting(summit uuid, table_name text, row_id uuid, by integer) returns public.ok_or_unknown
language plpgsql volatile security invoker set search_path = '' as $$
begin
	if private.setting_columns(table_name) is null or table_name = 'fees' or by not in (-1, 1) then
		return 'unknown';
	end if;
	execute format('update public.%1$I as t set position = placed.place
		from (select id, row_number() over (order by at) as place
			from (select s.id, row_number() over (order by s.position, s.id)
					+ case when s.id = $2 then 1.5 * $3 else 0 end as at
				from public.%1$I as s where s.summit_id = $1) as moved) as placed
		where t.id = placed.id and t.position <> placed.place', table_name) using summit, row_id, by;
	return 'ok';
end
$$;
grant execute on function public.move_setting(uuid, text, uuid, integer) to authenticated;

-- Saves one of the texts of a Summit; an empty one is removed. Answers ok | not_allowed | invalid.
create function public.save_summit_text(summit uuid, kind text, body jsonb) returns public.save_status
language plpgsql volatile security invoker set search_path = '' as $$
begin
	if not private.is_text_map(body) then return 'invalid'; end if;
	if body = '{}'::jsonb then
		delete from public.summit_texts as t where t.summit_id = summit and t.kind = save_summit_text.kind;
	else
		insert into public.summit_texts (summit_id, kind, body)
		values (summit, save_summit_text.kind, save_summit_text.body)
		on conflict on constraint summit_texts_summit_id_kind_key do update set body = excluded.body;
	end if;
	return 'ok';
exception
	when insufficient_privilege then return 'not_allowed';
	when check_violation then return 'invalid';
end
$$;
grant execute on function public.save_summit_text(uuid, text, jsonb) to authenticated;
