-- Importing members from a file, first part: the preview, which shows what each row would do and is kept for a day.

-- Returns whether a member's seats in use at this Summit would exceed what another sector allows. An exception of the
-- member's own counts before the sector's ceiling.
create function private.exceeds_sector_ceiling(p_summit uuid, p_member uuid, p_sector public.sector) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.seats_by_member(p_summit) as u
		where u.member_id = p_member
			and u.held + u.taken > coalesce((
				select e.ceiling
				from public.allocation_exceptions as e
				where e.summit_id = p_summit and e.member_id = p_member and e.mode = u.mode), (
				select p.ceiling
				from public.allocation_policies as p
				where p.summit_id = p_summit and p.sector = p_sector and p.mode = u.mode), 0))
$$;

-- Returns what each row of a file would do now. A row is {line, fields: {code, name, sector, country, region, standing,
-- website}, focal: [{hash, sealed, key_id, hint}], fault}; a field that is missing stays as it is. Outcomes: added (a
-- new member), joined (a member that is new to this Summit), changed, unchanged, similar (the name resembles a member's
-- without being equal; the organiser chooses), duplicate (of an earlier row), error (in `fault`: {column, code, cell}).
create function private.plan_member_import(p_summit uuid, p_rows jsonb)
	returns table (line integer, fields jsonb, focal jsonb, outcome text, member_id uuid, member_name text,
		changes jsonb, fault jsonb, invites integer, version text)
language sql stable security definer set search_path = '' as $$
	-- The rows of the file.
	with given as materialized (
		select (e.value ->> 'line')::integer as line,
			e.value -> 'fields' as fields,
			coalesce(e.value -> 'focal', '[]') as focal,
			nullif(e.value -> 'fault', 'null') as fault,
			upper(e.value -> 'fields' ->> 'code') as code,
			e.value -> 'fields' ->> 'name' as name,
			private.fold_for_search(e.value -> 'fields' ->> 'name') as folded,
			e.value -> 'fields' ->> 'country' as country
		from jsonb_array_elements(p_rows) as e
	), known as materialized (
		select m.id, m.code, m.name, private.fold_for_search(m.name) as folded,
			coalesce(sm.country, m.country) as country,
			m.website,
			coalesce(sm.sector, m.sector) as sector,
			coalesce(sm.region, m.region) as region,
			sm.standing,
			sm.id is not null as is_here
		from public.members as m
		left join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_summit
	),
	-- The member that each row means: surely by code or exact name, maybe by a similar name in the same country.
	alike as materialized (
		select distinct on (g.line) g.line, k.id
		from given as g
		join known as k on k.folded = g.folded and (g.country is null or k.country is null or k.country = g.country)
		order by g.line, k.id
	), matched as (
		select g.*,
			coalesce(by_code.id, by_old.kept_id, case when g.code is null then by_name.id end) as sure,
			case when g.code is null and by_name.id is null then alike.id end as maybe,
			case when g.name is not null and by_name.id is not null
					and by_name.id <> coalesce(by_code.id, by_old.kept_id, by_name.id)
				then true
				else false end as name_taken
		from given as g
		left join known as by_code on by_code.code = g.code
		left join private.merged_members as by_old on by_old.code = g.code
		left join known as by_name on by_name.name = g.name
		left join alike on alike.line = g.line
	),
	-- The first row of the file that means the same member, and the first that uses the same name.
	keyed as (
		select m.*, coalesce(m.sure, m.maybe) as target,
			first_value(m.line) over (
				partition by m.fault is null, coalesce(coalesce(m.sure, m.maybe)::text,
					m.folded || '|' || coalesce(m.country, ''), m.line::text)
				order by m.line) as first_line,
			first_value(m.line) over (partition by m.fault is null, m.name order by m.line) as first_named
		from matched as m
	),
	-- What would change.
	resolved as (
		select k.*, t.name as old_name, t.is_here,
			-- A new country sets the region too, unless an organiser chose another region (05_members/regions.sql).
			k.fields - 'code' || case
				when k.country is not null
					and not k.fields ? 'region'
					and (t.id is null
						or not t.is_here
						or k.country <> coalesce(t.country, '') and t.region = private.region_of(t.country))
				then jsonb_build_object('region', private.region_of(k.country))
				else '{}' end as complete,
			jsonb_build_object('name', t.name, 'website', t.website, 'sector', t.sector, 'country', t.country,
				'region', t.region, 'standing', coalesce(t.standing::text, 'active')) as before
		from keyed as k
		left join known as t on t.id = k.target
	), compared as (
		select r.*, (
			select coalesce(jsonb_agg(jsonb_build_object('field', f.key,
				'from', case when r.target is not null then r.before -> f.key end, 'to', f.value) order by f.key), '[]')
			from jsonb_each(r.complete) as f
			where r.target is null
				or f.value is distinct from coalesce(r.before -> f.key, 'null')) as diff, (
			select count(distinct a.value ->> 'hash')::integer
			from jsonb_array_elements(r.focal) as a
			where not exists (
				select from private.focal_invitations as i
				where i.summit_id = p_summit
					and i.member_id = r.target
					and i.address_hash = decode(a.value ->> 'hash', 'hex'))) as asks
		from resolved as r
	),
	-- Why a row cannot be applied.
	judged as (
		select c.*, case
			when c.fault is not null then c.fault
			when c.code is not null and c.sure is null
				then jsonb_build_object('column', 'code', 'code', 'unknown_code', 'cell', c.code)
			when c.target is null and c.name is null
				then jsonb_build_object('column', 'name', 'code', 'missing')
			when c.target is null and not c.fields ? 'sector'
				then jsonb_build_object('column', 'sector', 'code', 'missing')
			when c.target is null and c.country is null and c.fields ->> 'sector' <> 'intergovernmental'
				then jsonb_build_object('column', 'country', 'code', 'missing')
			when c.first_line < c.line
				then jsonb_build_object('column', 'name', 'code', 'duplicate', 'line', c.first_line)
			when c.name_taken or c.name is not null and c.first_named < c.line
				then jsonb_build_object('column', 'name', 'code', 'taken', 'cell', c.name)
			when c.sure is not null
				and c.diff @? '$[*] ? (@.field == "name" || @.field == "website")'
				and not private.may_change_member(c.sure)
				then jsonb_build_object('column',
					case when c.diff @? '$[*] ? (@.field == "name")' then 'name' else 'website' end,
					'code', 'not_lasting')
			when c.sure is not null
				and c.is_here
				and c.diff @? '$[*] ? (@.field == "sector")'
				and private.exceeds_sector_ceiling(p_summit, c.sure, (c.fields ->> 'sector')::public.sector)
				then jsonb_build_object('column', 'sector', 'code', 'stranded', 'cell', c.fields ->> 'sector')
			end as verdict
		from compared as c
	)
	select j.line, j.complete, j.focal,
		case
			when j.verdict ->> 'code' = 'duplicate' then 'duplicate'
			when j.verdict is not null then 'error'
			when j.target is null then 'added'
			when j.sure is null then 'similar'
			when not j.is_here then 'joined'
			when j.diff = '[]' and j.asks = 0 then 'unchanged'
			else 'changed' end,
		j.target, coalesce(j.old_name, j.name),
		case when j.verdict is null then j.diff else '[]' end,
		j.verdict,
		case when j.verdict is null then j.asks else 0 end,
		case when j.target is not null then private.member_version(p_summit, j.target) end
	from judged as j
$$;

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
