-- Previews of an agenda import: what each row of the file would do, kept for a day. Applying a preview is in
-- imports.sql.

-- Saves a preview and deletes the reader's earlier one that was not applied. Answers {status: ok | not_allowed |
-- invalid | too_many (5000 rows), id}.
create function public.prepare_schedule_import(summit uuid, file jsonb, additions jsonb, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(rows) is distinct from 'array'
		or jsonb_typeof(file) is distinct from 'object'
		or jsonb_typeof(additions) is distinct from 'object'
		or pg_column_size(file) > 4000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if jsonb_array_length(rows) > 5000 then return jsonb_build_object('status', 'too_many'); end if;
	delete from private.schedule_imports as i
	where i.created_by = (select private.me()) and i.summit_id = summit and i.applied_at is null
		or i.created_at <= now() - interval '1 day';
	insert into private.schedule_imports (summit_id, created_by, file, additions)
	values (summit, private.me(), prepare_schedule_import.file, prepare_schedule_import.additions)
	returning id into v_id;
	begin
		insert into private.schedule_import_rows (
			import_id, position, title, outcome, session_id, version, changes, notes, plan
		)
		select
			v_id,
			e.place,
			coalesce(e.value ->> 'title', ''),
			e.value ->> 'outcome',
			(e.value ->> 'session_id')::uuid,
			(e.value ->> 'version')::integer,
			coalesce(e.value -> 'changes', '[]'),
			coalesce(e.value -> 'notes', '[]'),
			coalesce(e.value -> 'plan', '{}')
		from jsonb_array_elements(rows) with ordinality as e (value, place);
	exception when check_violation or not_null_violation or data_exception then
		delete from private.schedule_imports where id = v_id;
		return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.prepare_schedule_import(uuid, jsonb, jsonb, jsonb) to authenticated;

-- The reader's own preview, while it is kept and they have the programme role.
create function private.my_schedule_import(p_import uuid) returns private.schedule_imports
language sql stable security definer set search_path = '' as $$
	select i
	from private.schedule_imports as i
	where i.id = p_import
		and i.created_by = (select private.me())
		and i.created_at > now() - interval '1 day'
		and private.has_role(i.summit_id, 'programme')
$$;

-- The reader's own preview, {id, summit_id, file, additions, until, applied_at, result, counts: {outcome: n}, total,
-- rows}; null when there is none. `outcomes` filters the rows, which come in pages of at most 200.
create function public.read_schedule_import(
	import uuid,
	outcomes text[] default '{}',
	page_size integer default 50,
	page_start integer default 0
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_i private.schedule_imports := private.my_schedule_import(import);
begin
	if v_i.id is null then return null; end if;
	return jsonb_build_object(
		'id', v_i.id,
		'summit_id', v_i.summit_id,
		'file', v_i.file,
		'additions', v_i.additions,
		'until', private.iso(v_i.created_at + interval '1 day'),
		'applied_at', private.iso(v_i.applied_at),
		'result', v_i.result,
		'counts', (
			select coalesce(jsonb_object_agg(c.outcome, c.count), '{}')
			from (
				select r.outcome, count(*)
				from private.schedule_import_rows as r
				where r.import_id = v_i.id
				group by r.outcome
			) as c
		),
		'total', (
			select count(*)
			from private.schedule_import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(page) order by page.position), '[]')
			from (
				select r.position, r.title, r.outcome, r.session_id, r.changes, r.notes, r.plan -> 'slots' as slots
				from private.schedule_import_rows as r
				where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))
				order by r.position
				limit greatest(1, least(page_size, 200))
				offset greatest(0, page_start)
			) as page
		)
	);
end
$$;
grant execute on function public.read_schedule_import(uuid, text[], integer, integer) to authenticated;
