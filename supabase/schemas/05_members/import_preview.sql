-- Importing members from a file, second part: the preview of what private.plan_member_import finds, which is kept for a
-- day.

-- Stores a preview of a file. It replaces the same person's earlier previews of this Summit that were not begun to be
-- applied. Rows are those of private.plan_member_import, 10,000 at most. Returns {status: ok | not_allowed | invalid |
-- too_many, id}.
create function public.prepare_member_import(summit uuid, file jsonb, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(rows) is distinct from 'array'
		or jsonb_typeof(file) is distinct from 'object'
		or pg_column_size(file) > 4000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if jsonb_array_length(rows) > 10000 then return jsonb_build_object('status', 'too_many'); end if;
	if exists (
		select from jsonb_array_elements(rows) as e
		where coalesce(e.value ->> 'line', '') !~ '^\d{1,7}$'
			or jsonb_typeof(e.value -> 'fields') is distinct from 'object'
			or coalesce(e.value -> 'fault', 'null') = 'null'
				and private.invalid_member_field(e.value -> 'fields') is not null
			or case jsonb_typeof(coalesce(e.value -> 'focal', '[]'))
				when 'array' then exists (
					select from jsonb_array_elements(e.value -> 'focal') as a
					where not private.is_sealed_address(a.value))
				else true end) then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.member_imports as i
	where i.created_by = (select private.me()) and i.summit_id = summit and i.choices is null;
	insert into private.member_imports (summit_id, created_by, file)
	values (summit, private.me(), prepare_member_import.file)
	returning id into v_id;
	insert into private.member_import_rows (import_id, line, fields, focal, outcome, member_id, member_name, changes,
		fault, invites, version)
	select v_id, p.line, p.fields, p.focal, p.outcome, p.member_id, p.member_name, p.changes, p.fault, p.invites,
		p.version
	from private.plan_member_import(summit, rows) as p;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.prepare_member_import(uuid, jsonb, jsonb) to authenticated;

-- Returns a preview to the person who made it, while it is kept and they are a registration organiser; else no row.
create function private.my_member_import(p_import uuid) returns private.member_imports
language sql stable security definer set search_path = '' as $$
	select i
	from private.member_imports as i
	where i.id = p_import
		and i.created_by = (select private.me())
		and i.created_at > now() - interval '1 day'
		and private.has_role(i.summit_id, 'registration')
$$;

-- Returns one's own preview, null without one: {id, summit_id, file, until, applied, applied_at, result, counts:
-- {outcome: n}, invites, total, rows}. `applied` counts the applied rows; it is null before the first part.
create function public.read_member_import(import uuid, outcomes text[] default '{}', page_size integer default 50,
	page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_i private.member_imports := private.my_member_import(import);
begin
	if v_i.id is null then return null; end if;
	return jsonb_build_object(
		'id', v_i.id, 'summit_id', v_i.summit_id, 'file', v_i.file,
		'until', private.iso(v_i.created_at + interval '1 day'),
		'applied_at', private.iso(v_i.applied_at), 'result', v_i.result,
		'applied', case when v_i.choices is not null then (
			select count(*)
			from private.member_import_rows as r
			where r.import_id = v_i.id and r.applied is not null) end,
		'counts', (
			select coalesce(jsonb_object_agg(c.outcome, c.count), '{}')
			from (
				select r.outcome, count(*)
				from private.member_import_rows as r
				where r.import_id = v_i.id
				group by r.outcome) as c),
		'invites', (
			select coalesce(sum(r.invites), 0)
			from private.member_import_rows as r
			where r.import_id = v_i.id and r.outcome in ('added', 'joined', 'changed')),
		'total', (
			select count(*)
			from private.member_import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(page) order by page.line), '[]')
			from (
				select r.line, r.fields, r.outcome, r.member_id, r.member_name, r.changes, r.fault, r.invites
				from private.member_import_rows as r
				where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))
				order by r.line
				limit greatest(1, least(page_size, 200)) offset greatest(0, page_start)) as page));
end
$$;
grant execute on function public.read_member_import(uuid, text[], integer, integer) to authenticated;

-- Deletes the previews that are older than a day.
create function private.erase_member_imports(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.member_imports where created_at <= p_now - interval '1 day'
$$;
