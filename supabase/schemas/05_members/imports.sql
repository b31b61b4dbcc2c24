-- Members from a file: what would come of each row is shown first and kept for a day, and exactly that is applied,
-- in parts, so that nobody waits long for the seats' locks; one that was broken off goes on where it was.

-- Where the seats of a member would not fit what another sector allows.
create function private.sector_strands(p_summit uuid, p_member uuid, p_sector public.sector) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.member_seats(p_summit) as u
		where u.member_id = p_member and u.held + u.taken > coalesce(
			(select e.ceiling from public.allocation_exceptions as e
				where e.summit_id = p_summit and e.member_id = p_member and e.mode = u.mode),
			(select p.ceiling from public.allocation_policies as p
				where p.summit_id = p_summit and p.sector = p_sector and p.mode = u.mode), 0))
$$;

-- What would come of each row, as things are now. Rows: {line, fields: {code, name, sector, country, region, standing,
-- website}, focal: [{hash, sealed, key_id, hint}], fault}; a field that is not there stays as it is.
create function private.plan_import(p_summit uuid, p_rows jsonb) returns table (line integer, fields jsonb, focal jsonb,
	outcome text, member_id uuid, member_name text, changes jsonb, fault jsonb, invites integer, version text)
language sql stable security definer set search_path = '' as $$
	with given as materialized (
		select (e.value ->> 'line')::integer as line, e.value -> 'fields' as fields,
			coalesce(e.value -> 'focal', '[]') as focal, nullif(e.value -> 'fault', 'null') as fault,
			upper(e.value -> 'fields' ->> 'code') as code, e.value -> 'fields' ->> 'name' as name,
				private.folded(e.value -> 'fields' ->> 'name') as folded,
			e.value -> 'fields' ->> 'country' as country
		from jsonb_array_elements(p_rows) as e
	), known as materialized (
		select m.id, m.code, m.name, private.folded(m.name) as folded, coalesce(sm.country, m.country) as country,
			m.website, coalesce(sm.sector, m.sector) as sector,
			coalesce(sm.region, m.region) as region, sm.standing, sm.id is not null as is_here
		from public.members as m left
			join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_summit
	), alike as materialized (
		select distinct on (g.line) g.line, k.id from given as g
		join known as k on k.folded = g.folded and (g.country is null or k.country is null or k.country = g.country)
		order by g.line, k.id
	), matched as (
		select g.*, coalesce(by_code.id, by_old.kept_id, case when g.code is null then by_name.id end) as sure,
			case when g.code is null and by_name.id is null then alike.id end as maybe,
			case when g.name is not null and by_name.id is not null
				and by_name.id <> coalesce(by_code.id, by_old.kept_id, by_name.id) then true
				else false end as name_taken
		from given as g
		left join known as by_code on by_code.code = g.code
		left join private.merged_members as by_old on by_old.code = g.code
		left join known as by_name on by_name.name = g.name
		left join alike on alike.line = g.line
	), keyed as (
		select m.*, coalesce(m.sure, m.maybe) as target, first_value(m.line) over (
			partition by m.fault is null,
				coalesce(coalesce(m.sure, m.maybe)::text, m.folded || '|' || coalesce(m.country, ''), m.line::text)
				order by m.line) as first_line,
			first_value(m.line) over (partition by m.fault is null, m.name order by m.line) as first_named
		from matched as m
	), resolved as (
		select k.*, t.name as old_name, t.is_here,
			-- Another country brings its region along, unless the region was chosen otherwise.
			k.fields - 'code' || case when k.country is not null and not k.fields ? 'region' and (t.id is null
				or not t.is_here or k.country <> coalesce(t.country, '') and t.region = private.region_of(t.country))
				then jsonb_build_object('region', private.region_of(k.country)) else '{}' end as complete,
			jsonb_build_object('name', t.name, 'website', t.website, 'sector', t.sector, 'country', t.country, 'region',
				t.region, 'standing', coalesce(t.standing::text, 'active')) as before
		from keyed as k left join known as t on t.id = k.target
	), compared as (
		select r.*, (select coalesce(jsonb_agg(jsonb_build_object('field', f.key, 'from',
			case when r.target is not null then r.before -> f.key end, 'to', f.value) order by f.key), '[]')
				from jsonb_each(r.complete) as f where r.target is null or f.value is distinct
					from coalesce(r.before -> f.key, 'null')) as diff,
			(select count(distinct a.value ->> 'hash')::integer from jsonb_array_elements(r.focal) as a
				where not exists (
				select from private.focal_invitations as i where i.summit_id = p_summit and i.member_id = r.target
					and i.address_hash = decode(a.value ->> 'hash', 'hex'))) as asks
		from resolved as r
	), judged as (
		select c.*, case
			when c.fault is not null then c.fault
			when c.code is not null
				and c.sure is null then jsonb_build_object('column', 'code', 'code', 'unknown_code', 'cell', c.code)
			when c.target is null and c.name is null then jsonb_build_object('column', 'name', 'code', 'missing')
			when c.target is null
				and not c.fields ? 'sector' then jsonb_build_object('column', 'sector', 'code', 'missing')
			when c.target is null and c.country is null and c.fields ->> 'sector' <> 'intergovernmental'
				then jsonb_build_object('column', 'country', 'code', 'missing')
			when c.first_line < c.line
				then jsonb_build_object('column', 'name', 'code', 'duplicate', 'line', c.first_line)
			when c.name_taken or c.name is not null
				and c.first_named < c.line then jsonb_build_object('column', 'name', 'code', 'taken', 'cell', c.name)
			when c.sure is not null and c.diff @? '$[*] ? (@.field == "name" || @.field == "website")'
				and not private.may_change_member(c.sure)
				then jsonb_build_object('column',
					case when c.diff @? '$[*] ? (@.field == "name")' then 'name' else 'website' end, 'code',
					'not_lasting')
			when c.sure is not null and c.is_here and c.diff @? '$[*] ? (@.field == "sector")'
				and private.sector_strands(p_summit, c.sure, (c.fields ->> 'sector')::public.sector)
				then jsonb_build_object('column', 'sector', 'code', 'stranded', 'cell',
					c.fields ->> 'sector') end as verdict
		from compared as c
	)
	select j.line, j.complete, j.focal, case
			when j.verdict ->> 'code' = 'duplicate' then 'duplicate'
			when j.verdict is not null then 'error'
			when j.target is null then 'added'
			when j.sure is null then 'similar'
			when not j.is_here then 'joined'
			when j.diff = '[]' and j.asks = 0 then 'unchanged'
			else 'changed' end,
		j.target, coalesce(j.old_name, j.name), case when j.verdict is null then j.diff else '[]' end, j.verdict,
			case when j.verdict is null then j.asks else 0 end,
		case when j.target is not null then private.member_version(p_summit, j.target) end
	from judged as j
$$;

-- Answers {status: ok | not_allowed | invalid | too_many, id}. An earlier preview of the same person that was not begun
-- to apply goes.
create function public.prepare_member_import(summit uuid, file jsonb, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(rows) <> 'array' or jsonb_typeof(file) <> 'object' or pg_column_size(file) > 4000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if jsonb_array_length(rows) > 10000 then return jsonb_build_object('status', 'too_many'); end if;
	if exists (select from jsonb_array_elements(rows) as e
		where coalesce(e.value ->> 'line', '') !~ '^\d{1,7}$' or jsonb_typeof(e.value -> 'fields') is distinct
		from 'object'
		or coalesce(e.value -> 'fault', 'null') = 'null' and private.member_fault(e.value -> 'fields') is not null
		or exists (select from jsonb_array_elements(coalesce(e.value -> 'focal', '[]')) as a
			where not private.is_sealed_address(a.value))) then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.member_imports as i
		where i.created_by = private.me() and i.summit_id = summit and i.choices is null;
	insert into private.member_imports (summit_id, created_by, file)
		values (summit, private.me(), prepare_member_import.file) returning id into v_id;
	insert into private.member_import_rows (import_id, line, fields, focal, outcome, member_id, member_name, changes,
		fault, invites, version)
	select v_id, p.line, p.fields, p.focal, p.outcome, p.member_id, p.member_name, p.changes, p.fault, p.invites,
		p.version from private.plan_import(summit, rows) as p;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.prepare_member_import(uuid, jsonb, jsonb) to authenticated;

create function private.my_import(p_import uuid) returns private.member_imports
language sql stable security definer set search_path = '' as $$
	select i from private.member_imports as i
	where i.id = p_import and i.created_by = private.me() and i.created_at > now() - interval '1 day'
		and private.has_role(i.summit_id, 'registration')
$$;

-- One's own preview; null when there is none. {id, file, until, applied, applied_at, result, counts: {outcome: n},
-- invites, total, rows}; applied: of how many rows it is known what came of them, null before the first part.
create function public.read_member_import(import uuid, outcomes text[] default '{}', page_size integer
	default 50, page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_i private.member_imports := private.my_import(import);
begin
	if v_i.id is null then return null; end if;
	return jsonb_build_object('id', v_i.id, 'summit_id', v_i.summit_id, 'file', v_i.file, 'until',
		private.iso(v_i.created_at + interval '1 day'), 'applied_at', private.iso(v_i.applied_at), 'result', v_i.result,
		'applied', case when v_i.choices is not null then (select count(*) from private.member_import_rows as r
			where r.import_id = v_i.id and r.applied is not null) end,
		'counts', (select coalesce(jsonb_object_agg(c.outcome, c.count), '{}') from (
			select r.outcome, count(*) from private.member_import_rows as r where r.import_id = v_i.id
				group by r.outcome) as c),
		'invites', (select coalesce(sum(r.invites), 0) from private.member_import_rows as r
			where r.import_id = v_i.id and r.outcome in ('added', 'joined', 'changed')),
		'total', (select count(*) from private.member_import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes))),
		'rows', (select coalesce(jsonb_agg(to_jsonb(page) order by page.line), '[]') from (
			select r.line, r.fields, r.outcome, r.member_id, r.member_name, r.changes, r.fault, r.invites
				from private.member_import_rows as r
			where r.import_id = v_i.id and (outcomes = '{}' or r.outcome = any (outcomes)) order by r.line
			limit greatest(1, least(page_size, 200)) offset greatest(0, page_start)) as page));
end
$$;
grant execute on function public.read_member_import(uuid, text[], integer, integer) to authenticated;

-- Applies one row; answers null, or why it was left: changed_meanwhile or taken.
create function private.apply_import_row(p_summit uuid, p_row private.member_import_rows, p_as_new boolean) returns text
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
		select p_summit, m.id, coalesce(p_row.fields ->> 'standing', 'active')::public.standing,
			coalesce((p_row.fields ->> 'sector')::public.sector, m.sector),
			coalesce(p_row.fields ->> 'country', m.country), coalesce(p_row.fields ->> 'region', m.region)
		from public.members as m where m.id = v_id
		on conflict (summit_id, member_id) do nothing;
		perform private.write_member(p_summit, v_id, p_row.fields);
	exception when unique_violation then return 'taken';
	end;
	for v_address in select a.value from jsonb_array_elements(p_row.focal) as a loop
		perform private.invite_focal(p_summit, v_id, v_address, false);
	end loop;
	return null;
end
$$;

-- What a row does by its outcome and, where it is like a member, by what was chosen; null when it is left out.
create function private.import_kind(p_row private.member_import_rows, p_choices jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_row.outcome in ('added', 'joined', 'changed') then p_row.outcome
		when p_row.outcome = 'similar' and p_choices ->> p_row.line::text = 'new' then 'added'
		when p_row.outcome = 'similar' and p_choices ->> p_row.line::text = 'same'
			and private.may_change_member(p_row.member_id) then 'changed' end
$$;

-- The next rows; what they do to the seats is judged together. The modes and the import are locked. Raises PT409 when
-- seats would be stranded.
create function private.apply_import_part(p_import private.member_imports, p_most integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.member_import_rows;
	v_kind text;
	v_why text;
begin
	perform set_config('app.reason', 'import', true);
	perform set_config('app.allowances', 'together', true);
	for v_row in select * from private.member_import_rows as r where r.import_id = p_import.id and r.applied is null
		order by r.line limit p_most loop
		v_kind := private.import_kind(v_row, p_import.choices);
		v_why := case
			when v_kind is not null then private.apply_import_row(p_import.summit_id, v_row, v_kind = 'added') end;
		-- The addresses have done their work.
		update private.member_import_rows as r set applied = coalesce(v_why, v_kind, 'left'), focal = '[]'
			where r.import_id = p_import.id and r.line = v_row.line;
	end loop;
	perform set_config('app.allowances', '', true);
	perform private.settle_allowances(p_import.summit_id);
end
$$;

-- {added, joined, changed, left, refused: [{line, name, why}]}
create function private.import_result(p_import uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('added', count(*) filter (where r.applied = 'added'), 'joined',
		count(*) filter (where r.applied = 'joined'),
		'changed', count(*) filter (where r.applied = 'changed'), 'left', count(*) filter (where r.applied = 'left'),
		'refused', coalesce(jsonb_agg(jsonb_build_object('line', r.line, 'name', r.member_name, 'why', r.applied)
			order by r.line)
			filter (where r.applied in ('changed_meanwhile', 'taken')), '[]'))
	from private.member_import_rows as r where r.import_id = p_import
$$;

-- Applies the next rows of what was shown, in a transaction of its own: asked again while it answers `more`. Rows that
-- somebody else changed meanwhile are left. `choices`: {line: 'same' | 'new'} for rows that are like a member; others
-- of those are left out; those of the first call hold. Answers {status: ok | more | already | stranded | not_found,
-- left} and, at the end, what import_result answers. Stranded: this part changed nothing, and `detail` says what stands
-- in its way; those before it stay.
create function public.apply_member_import(import uuid, choices jsonb default '{}', most integer default 200)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.member_imports := private.my_import(import);
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
		perform private.apply_import_part(v_i, greatest(1, least(coalesce(most, 200), 500)));
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', 'stranded', 'detail', v_detail);
	end;
	select count(*) into v_left from private.member_import_rows as r where r.import_id = import and r.applied is null;
	update private.member_imports as i set choices = v_i.choices, applied_at = case when v_left = 0 then now() end,
		result = case when v_left = 0 then private.import_result(import) end where i.id = import returning * into v_i;
	if v_left > 0 then return jsonb_build_object('status', 'more', 'left', v_left); end if;
	perform audit.note('members.imported', import::text, v_i.summit_id, null, v_i.result - 'refused'
		|| jsonb_build_object('refused', jsonb_array_length(v_i.result -> 'refused')));
	perform private.tell('organise:' || v_i.summit_id, 'member_request');
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_member_import(uuid, jsonb, integer) to authenticated;

-- Previews live a day.
create function private.erase_member_imports(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.member_imports where created_at <= p_now - interval '1 day'
$$;

-- An export is an act: who took the list, and how much of it.
create function public.note_member_export(summit uuid, what text, rows integer) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if what not in ('members', 'queue', 'seats') or not private.has_role(summit, 'registration', 'finance') then
		return 'not_allowed';
	end if;
	perform audit.note(what || '.exported', summit::text, summit, null, jsonb_build_object('rows', rows));
	return 'ok';
end
$$;
grant execute on function public.note_member_export(uuid, text, integer) to authenticated;
