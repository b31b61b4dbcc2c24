-- Previews of files from other systems: stored, mapped, read a page at a time, and applied part by part.

-- The role that imports a content.
create function private.import_role(p_contents text) returns public.organiser_role
language sql immutable set search_path = '' as $$
	select case p_contents when 'registrations' then 'registration' when 'proposals' then 'programme' end
		::public.organiser_role
$$;

-- Whether a record of a file can be kept: it has a name there, and its address is sealed.
create function private.is_import_record(p jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and length(p ->> 'title') <= 400
		and length(p ->> 'key') between 1 and 200
		and private.is_one_line(p ->> 'key')
		and pg_column_size(p) <= 200000
		and coalesce(p ->> 'line', '0') ~ '^\d{1,7}$'
		and jsonb_typeof(coalesce(p -> 'answers', '{}')) = 'object'
		and (coalesce(p -> 'address', 'null') = 'null' or private.is_sealed_address(p -> 'address'))
		and case jsonb_typeof(coalesce(p -> 'people', '[]'))
			when 'array' then not exists (
				select from jsonb_array_elements(coalesce(p -> 'people', '[]')) as e
				where coalesce(e.value -> 'address', 'null') <> 'null'
					and not private.is_sealed_address(e.value -> 'address'))
			else false end, false)
$$;

-- Stores a file for its preview, and deletes the reader's earlier previews of this Summit that were not begun. Answers
-- {status: ok | not_allowed | invalid | too_many (10,000 rows), id}.
create function public.prepare_import(summit uuid, contents text, file jsonb, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if private.import_role(contents) is null or not private.has_role(summit, private.import_role(contents)) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if jsonb_typeof(rows) is distinct from 'array'
		or jsonb_typeof(file) is distinct from 'object'
		or length(file ->> 'source') not between 1 and 120
		or pg_column_size(file) > 60000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if jsonb_array_length(rows) > 10000 then return jsonb_build_object('status', 'too_many'); end if;
	if exists (select from jsonb_array_elements(rows) as e where not private.is_import_record(e.value)) then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.imports as i
	where i.created_by = (select private.me()) and i.summit_id = summit and i.begun_at is null
		or i.created_at <= now() - interval '1 day';
	insert into private.imports (summit_id, created_by, contents, file)
	values (summit, private.me(), prepare_import.contents, prepare_import.file)
	returning id into v_id;
	begin
		insert into private.import_rows (import_id, position, title, record)
		select v_id, e.place, private.one_line(e.value ->> 'title'), e.value - 'title'
		from jsonb_array_elements(rows) with ordinality as e (value, place);
	exception when check_violation or not_null_violation or data_exception then
		delete from private.imports where id = v_id;
		return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.prepare_import(uuid, text, jsonb, jsonb) to authenticated;

-- The reader's own preview, while it is kept and they have its role.
create function private.my_import(p_import uuid) returns private.imports
language sql stable security definer set search_path = '' as $$
	select i
	from private.imports as i
	where i.id = p_import
		and i.created_by = (select private.me())
		and i.created_at > now() - interval '1 day'
		and private.has_role(i.summit_id, private.import_role(i.contents))
$$;

-- Confirms the mapping of the reader's own preview, and finds what each row would do. It can be confirmed again until
-- applying begins. `mapping`, for registrations: {products: {name: {category, mode}}, agreed, submit, mails}; for
-- proposals: {formats: {name: id}, tracks: {name: id}, language}.
create function public.map_import(import uuid, mapping jsonb) returns public.import_mapping_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
begin
	if v_i.id is null then return 'not_found'; end if;
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.begun_at is not null then return 'applied'; end if;
	if pg_column_size(mapping) > 60000
		or not (case v_i.contents
			when 'proposals' then private.is_proposal_mapping(v_i.summit_id, mapping)
			else private.is_registration_mapping(mapping) end) then
		return 'invalid';
	end if;
	update private.imports as i set mapping = map_import.mapping where i.id = import returning * into v_i;
	if v_i.contents = 'proposals' then
		perform private.plan_imported_proposals(v_i);
	else
		perform private.plan_imported_registrations(v_i);
	end if;
	return 'ok';
end
$$;
grant execute on function public.map_import(uuid, jsonb) to authenticated;

-- The reader's own preview, {id, summit_id, contents, file, mapping, until, begun, applied_at, result, counts: {outcome:
-- n}, total, rows}; null when there is none. `outcomes` filters the rows, which come in pages of at most 200.
create function public.read_import(
	import uuid,
	outcomes text[] default '{}',
	page_size integer default 50,
	page_start integer default 0
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
begin
	if v_i.id is null then return null; end if;
	return jsonb_build_object(
		'id', v_i.id,
		'summit_id', v_i.summit_id,
		'contents', v_i.contents,
		'file', v_i.file,
		'mapping', v_i.mapping,
		'until', private.iso(v_i.created_at + interval '1 day'),
		'begun', v_i.begun_at is not null,
		'applied_at', private.iso(v_i.applied_at),
		'result', v_i.result,
		'counts', (
			select coalesce(jsonb_object_agg(c.outcome, c.count), '{}')
			from (
				select r.outcome, count(*)
				from private.import_rows as r
				where r.import_id = v_i.id and r.outcome is not null
				group by r.outcome
			) as c
		),
		'total', (
			select count(*)
			from private.import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(page) order by page.position), '[]')
			from (
				select r.position, r.title, (r.record ->> 'line')::integer as line, r.outcome, r.target_id, r.changes,
					r.notes, r.applied
				from private.import_rows as r
				where r.import_id = v_i.id
					and v_i.mapping is not null
					and (outcomes = '{}' or r.outcome = any (outcomes))
				order by r.position
				limit greatest(1, least(page_size, 200))
				offset greatest(0, page_start)
			) as page
		)
	);
end
$$;
grant execute on function public.read_import(uuid, text[], integer, integer) to authenticated;

-- Applies one row, in a subtransaction. Returns what it did, or why it was left.
create function private.apply_import_row(p_import private.imports, p_row private.import_rows) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_done text;
begin
	if p_row.outcome not in ('new', 'changed') then return 'left'; end if;
	begin
		v_done := case p_import.contents
			when 'proposals' then private.apply_imported_proposal(p_import, p_row)
			else private.apply_imported_registration(p_import, p_row) end;
		-- Checks the rule of seats now, for this row, and not at the end for all.
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT409' or sqlstate 'PT422' or integrity_constraint_violation or data_exception then
		return 'failed';
	end;
	return v_done;
end
$$;

-- How many rows had each result, and those that were left although the preview announced them.
create function private.import_result(p_import uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'counts', (
			select coalesce(jsonb_object_agg(c.applied, c.count), '{}')
			from (
				select r.applied, count(*) from private.import_rows as r where r.import_id = p_import group by r.applied
			) as c),
		'refused', (
			select coalesce(jsonb_agg(jsonb_build_object('position', r.position, 'title', r.title, 'why', r.applied)
				order by r.position), '[]')
			from private.import_rows as r
			where r.import_id = p_import and r.applied in ('changed_meanwhile', 'failed')))
$$;

-- Applies the next rows of the reader's preview, each as it was shown, those that end a registration first: another ticket
-- of its person takes its place. The app calls it again while it answers `more`.
-- Rows whose registration somebody changed since are left. Locks the modes, then the preview. Answers {status: ok | more
-- | already | not_mapped | closed | not_found}, and at the end {counts, refused}.
create function public.apply_import(import uuid, most integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
	v_row private.import_rows;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_i.summit_id);
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then return v_i.result || jsonb_build_object('status', 'already'); end if;
	if v_i.mapping is null then return jsonb_build_object('status', 'not_mapped'); end if;
	if v_i.contents = 'registrations'
		and not exists (select from public.summits as s where s.id = v_i.summit_id and private.gives_seats(s)) then
		return jsonb_build_object('status', 'closed');
	end if;
	perform set_config('app.reason', 'import', true);
	for v_row in
		select *
		from private.import_rows as r
		where r.import_id = v_i.id and r.applied is null
		order by (r.record ->> 'state' = 'cancelled') is true desc, r.position
		limit greatest(1, least(coalesce(most, 200), 500))
	loop
		-- Addresses and answers are no longer needed, so they are deleted.
		update private.import_rows as r
		set applied = private.apply_import_row(v_i, v_row), record = r.record - '{address,answers,people}'::text[]
		where r.import_id = v_i.id and r.position = v_row.position;
	end loop;
	if exists (select from private.import_rows as r where r.import_id = v_i.id and r.applied is null) then
		update private.imports as i set begun_at = coalesce(i.begun_at, now()) where i.id = import;
		return jsonb_build_object('status', 'more');
	end if;
	update private.imports as i
	set begun_at = coalesce(i.begun_at, now()), applied_at = now(), result = private.import_result(import)
	where i.id = import
	returning * into v_i;
	perform private.serve_queues(v_i.summit_id);
	perform audit.record_event(v_i.contents || '.imported', import::text, v_i.summit_id, null, (
		select jsonb_build_object(
			'added', count(*) filter (where r.applied in ('draft', 'submitted', 'queued')),
			'changed', count(*) filter (where r.applied in ('updated', 'withdrawn')),
			'refused', count(*) filter (where r.applied in ('changed_meanwhile', 'failed')))
		from private.import_rows as r
		where r.import_id = v_i.id));
	perform private.publish_event('organise:' || v_i.summit_id,
		case v_i.contents when 'proposals' then 'proposals' else 'registration' end);
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_import(uuid, integer) to authenticated;
