-- Importing members from a file, first part: what each row of it would do.

-- A row of the file with the member that it means: `sure` by its code or exact name, else `target` by a similar name in
-- the same country. first_line and first_named are the first rows that mean the same member and that use the same name.
create type private.import_match as (
	line integer,
	fields jsonb,
	focal jsonb,
	fault jsonb,
	code text,
	name text,
	country text,
	sure uuid,
	target uuid,
	is_name_taken boolean,
	first_line integer,
	first_named integer
);

-- A row with what it would change of its member. `complete`: its fields with those that follow from them; `diff`:
-- [{field, from, to}]; `asks`: how many focal points would be invited.
create type private.import_comparison as (
	match private.import_match,
	old_name text,
	is_here boolean,
	complete jsonb,
	diff jsonb,
	asks integer
);

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

-- All members as they are at a Summit, or in general where they are not at it.
create function private.members_to_match(p_summit uuid)
	returns table (id uuid, code text, name text, folded text, country text, website text, sector public.sector,
		region text, standing public.standing, is_here boolean)
language sql stable security definer set search_path = '' as $$
	select m.id, m.code, m.name, private.fold_for_search(m.name), coalesce(sm.country, m.country), m.website,
		coalesce(sm.sector, m.sector), coalesce(sm.region, m.region), sm.standing, sm.id is not null
	from public.members as m
	left join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_summit
$$;

-- Finds the member that each row of a file means. The columns follow private.import_match.
create function private.match_import_rows(p_summit uuid, p_rows jsonb) returns setof private.import_match
language sql stable security definer set search_path = '' as $$
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
		select * from private.members_to_match(p_summit)
	), alike as materialized (
		select distinct on (g.line) g.line, k.id
		from given as g
		join known as k on k.folded = g.folded and (g.country is null or k.country is null or k.country = g.country)
		order by g.line, k.id
	), matched as (
		select g.*, named.sure, coalesce(named.sure, case when g.code is null then alike.id end) as target,
			coalesce(g.name is not null and by_name.id <> coalesce(by_code.id, by_old.kept_id, by_name.id), false)
				as is_name_taken
		from given as g
		left join known as by_code on by_code.code = g.code
		left join private.merged_members as by_old on by_old.code = g.code
		left join known as by_name on by_name.name = g.name
		left join alike on alike.line = g.line
		cross join lateral (
			select coalesce(by_code.id, by_old.kept_id, case when g.code is null then by_name.id end) as sure) as named
	)
	select m.line, m.fields, m.focal, m.fault, m.code, m.name, m.country, m.sure, m.target, m.is_name_taken,
		first_value(m.line) over (
			partition by m.fault is null,
				coalesce(m.target::text, m.folded || '|' || coalesce(m.country, ''), m.line::text)
			order by m.line),
		first_value(m.line) over (partition by m.fault is null, m.name order by m.line)
	from matched as m
$$;

-- Compares each row of a file with its member. The columns follow private.import_comparison.
create function private.compare_import_rows(p_summit uuid, p_rows jsonb) returns setof private.import_comparison
language sql stable security definer set search_path = '' as $$
	with resolved as (
		select m, t.name as old_name, t.is_here,
			-- A new country sets the region too, unless an organiser chose another region (05_members/regions.sql).
			m.fields - 'code' || case
				when m.country is not null
					and not m.fields ? 'region'
					and (t.id is null
						or not t.is_here
						or m.country <> coalesce(t.country, '') and t.region = private.region_of(t.country))
				then jsonb_build_object('region', private.region_of(m.country))
				else '{}' end as complete,
			jsonb_build_object('name', t.name, 'website', t.website, 'sector', t.sector, 'country', t.country,
				'region', t.region, 'standing', coalesce(t.standing::text, 'active')) as before
		from private.match_import_rows(p_summit, p_rows) as m
		left join private.members_to_match(p_summit) as t on t.id = m.target
	)
	select r.m, r.old_name, r.is_here, r.complete, (
			select coalesce(jsonb_agg(jsonb_build_object('field', f.key,
				'from', case when (r.m).target is not null then r.before -> f.key end, 'to', f.value)
				order by f.key), '[]')
			from jsonb_each(r.complete) as f
			where (r.m).target is null
				or f.value is distinct from coalesce(r.before -> f.key, 'null')), (
			select count(distinct a.value ->> 'hash')::integer
			from jsonb_array_elements((r.m).focal) as a
			where not exists (
				select from private.focal_invitations as i
				where i.summit_id = p_summit
					and i.member_id = (r.m).target
					and i.address_hash = decode(a.value ->> 'hash', 'hex')))
	from resolved as r
$$;

-- Why a row cannot be applied: its own fault or the first that applies, {column, code, cell}; null when it can. Without
-- a search path, so that it is inlined into the plan, which has up to 10,000 rows.
create function private.import_row_fault(p_summit uuid, m private.import_match, p_is_here boolean, p_diff jsonb)
	returns jsonb
language sql stable as $$
	select case
		when m.fault is not null then m.fault
		when m.code is not null and m.sure is null
			then jsonb_build_object('column', 'code', 'code', 'unknown_code', 'cell', m.code)
		when m.target is null and m.name is null then jsonb_build_object('column', 'name', 'code', 'missing')
		when m.target is null and not m.fields ? 'sector'
			then jsonb_build_object('column', 'sector', 'code', 'missing')
		when m.target is null and m.country is null and m.fields ->> 'sector' <> 'intergovernmental'
			then jsonb_build_object('column', 'country', 'code', 'missing')
		when m.first_line < m.line
			then jsonb_build_object('column', 'name', 'code', 'duplicate', 'line', m.first_line)
		when m.is_name_taken or m.name is not null and m.first_named < m.line
			then jsonb_build_object('column', 'name', 'code', 'taken', 'cell', m.name)
		when m.sure is not null
			and p_diff @? '$[*] ? (@.field == "name" || @.field == "website")'
			and not private.may_change_member(m.sure)
			then jsonb_build_object('column',
				case when p_diff @? '$[*] ? (@.field == "name")' then 'name' else 'website' end,
				'code', 'not_lasting')
		when m.sure is not null
			and p_is_here
			and p_diff @? '$[*] ? (@.field == "sector")'
			and private.exceeds_sector_ceiling(p_summit, m.sure, (m.fields ->> 'sector')::public.sector)
			then jsonb_build_object('column', 'sector', 'code', 'stranded', 'cell', m.fields ->> 'sector')
	end
$$;

-- Returns what each row of a file would do now. A row is {line, fields: {code, name, sector, country, region, standing,
-- website}, focal: [{hash, sealed, key_id, hint}], fault}; a field that is missing stays as it is. Outcomes: added (a
-- new member), joined (a member that is new to this Summit), changed, unchanged, similar (the name resembles a member's
-- without being equal; the organiser chooses), duplicate (of an earlier row), error (in `fault`: {column, code, cell}).
create function private.plan_member_import(p_summit uuid, p_rows jsonb)
	returns table (line integer, fields jsonb, focal jsonb, outcome text, member_id uuid, member_name text,
		changes jsonb, fault jsonb, invites integer, version text)
language sql stable security definer set search_path = '' as $$
	select m.line, c.complete, m.focal,
		case
			when v.fault ->> 'code' = 'duplicate' then 'duplicate'
			when v.fault is not null then 'error'
			when m.target is null then 'added'
			when m.sure is null then 'similar'
			when not c.is_here then 'joined'
			when c.diff = '[]' and c.asks = 0 then 'unchanged'
			else 'changed' end,
		m.target, coalesce(c.old_name, m.name),
		case when v.fault is null then c.diff else '[]' end,
		v.fault,
		case when v.fault is null then c.asks else 0 end,
		case when m.target is not null then private.member_version(p_summit, m.target) end
	from private.compare_import_rows(p_summit, p_rows) as c
	cross join lateral (select (c.match).*) as m
	-- offset 0 keeps the fault from being computed once for each use.
	cross join lateral (select private.import_row_fault(p_summit, c.match, c.is_here, c.diff) as fault offset 0) as v
$$;
