-- Proposals and abstracts of other systems, imported by the same previews.

-- Proposals that were made of proposals or abstracts elsewhere, so that a later file finds them again.

create table private.imported_proposals (
	summit_id uuid not null,
	-- The system, and where it has several lists, which.
	source text not null check (length(source) <= 120),
	-- The code or number there.
	reference text not null check (length(reference) <= 200),
	proposal_id uuid not null,
	-- The version that the last file wrote: a later one was written by its authors, and stays.
	version integer not null,
	-- What became of it there: submitted, accepted, rejected or withdrawn. Here organisers decide.
	state text not null check (state in ('submitted', 'accepted', 'rejected', 'withdrawn')),
	at timestamptz not null default now(),
	primary key (summit_id, source, reference),
	foreign key (proposal_id, summit_id) references private.proposals (id, summit_id) on delete cascade,
	constraint source_one_line check (private.is_one_line(source)),
	constraint reference_one_line check (private.is_one_line(reference))
);
create index on private.imported_proposals (proposal_id);
alter table private.imported_proposals enable row level security;

-- Proposals from the calls of other systems. Each becomes a submitted proposal of the people whom it names; what was
-- decided there is shown, and decided here. Nobody gets a mail.

-- Whether a mapping of headings is valid: {formats: {name: id or ''}, tracks: {name: id or ''}, language}.
create function private.is_proposal_mapping(p_summit uuid, p jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p) = 'object'
		and jsonb_typeof(p -> 'formats') = 'object'
		and jsonb_typeof(p -> 'tracks') = 'object'
		and p ->> 'language' ~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'
		and not exists (
			select from jsonb_each_text(p -> 'formats') as e
			where e.value is null or e.value <> '' and not exists (
				select from public.formats as f
				where f.id = private.parse_uuid(e.value) and f.summit_id = p_summit))
		and not exists (
			select from jsonb_each_text(p -> 'tracks') as e
			where e.value is null or e.value <> '' and not exists (
				select from public.tracks as t
				where t.id = private.parse_uuid(e.value) and t.summit_id = p_summit)), false)
$$;

-- A text of a file in its language, as a map.
create function private.imported_text(p_text text, p_language text) returns public.text_map
language sql immutable set search_path = '' as $$
	select case
		when coalesce(p_text, '') = '' then '{}'::jsonb
		else jsonb_build_object('original', p_language, p_language, p_text) end::public.text_map
$$;

-- The proposal that a row would make or write, with the fields that are not named as they are. `p_old`: the proposal
-- that it means; an empty one for a new one.
create function private.imported_proposal_fields(p_mapping jsonb, p_rec jsonb, p_old private.proposals)
	returns private.proposals
language plpgsql stable security definer set search_path = '' as $$
declare
	v private.proposals := p_old;
	v_language text := coalesce(nullif(p_rec ->> 'language', ''), p_mapping ->> 'language');
begin
	v.title := private.imported_text(p_rec ->> 'heading', v_language);
	v.abstract := private.imported_text(p_rec ->> 'abstract', v_language);
	v.notes := coalesce(p_rec ->> 'notes', '');
	v.format_id := coalesce(private.parse_uuid(p_mapping -> 'formats' ->> (p_rec ->> 'format')), p_old.format_id);
	v.track_id := coalesce(private.parse_uuid(p_mapping -> 'tracks' ->> (p_rec ->> 'track')), p_old.track_id);
	v.spoken := array[v_language];
	return v;
end
$$;

-- Why a row does nothing, {code}; null when it may do something. `p_first`: the first row with the same code.
create function private.proposal_import_fault(
	p_import private.imports, p_row private.import_rows, p_first integer, p_old private.proposals) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_row.record ? 'fault' then jsonb_build_object('code', p_row.record ->> 'fault')
		when p_first < p_row.position then '{"code": "twice"}'
		when p_old.id is null and p_row.record ->> 'state' = 'withdrawn' then '{"code": "withdrawn_there"}'
		when p_old.state = 'withdrawn' then '{"code": "ended_here"}'
		when (private.imported_proposal_fields(p_import.mapping, p_row.record, p_old)).format_id is null
			and exists (select from public.formats as f where f.summit_id = p_import.summit_id)
			then jsonb_build_object('code', 'no_format', 'words', p_row.record ->> 'format')
		when (private.imported_proposal_fields(p_import.mapping, p_row.record, p_old)).track_id is null
			and exists (select from public.tracks as t where t.summit_id = p_import.summit_id)
			then jsonb_build_object('code', 'no_track', 'words', p_row.record ->> 'track')
	end
$$;

-- What a row would change, [{field, from, to}].
create function private.proposal_import_changes(p_rec jsonb, p_old private.proposals, p_new private.proposals,
	p_state text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('field', c.field, 'from', c.was, 'to', c.now) order by c.place)
		filter (where c.now is not null and c.now is distinct from c.was), '[]')
	from (values
		(1, 'title', p_old.title ->> (p_old.title ->> 'original'), p_new.title ->> (p_new.title ->> 'original')),
		(2, 'abstract', left(p_old.abstract ->> (p_old.abstract ->> 'original'), 80),
			left(p_new.abstract ->> (p_new.abstract ->> 'original'), 80)),
		(3, 'notes', nullif(left(p_old.notes, 80), ''), nullif(left(p_new.notes, 80), '')),
		(4, 'format',
			(select f.name ->> (f.name ->> 'original') from public.formats as f where f.id = p_old.format_id),
			(select f.name ->> (f.name ->> 'original') from public.formats as f where f.id = p_new.format_id)),
		(5, 'track',
			(select t.name ->> (t.name ->> 'original') from public.tracks as t where t.id = p_old.track_id),
			(select t.name ->> (t.name ->> 'original') from public.tracks as t where t.id = p_new.track_id)),
		(6, 'people', null, case when p_old.id is null then (
			select string_agg(e.value ->> 'name', ', ' order by e.place)
			from jsonb_array_elements(p_rec -> 'people') with ordinality as e (value, place)) end),
		(7, 'decided', p_state, p_rec ->> 'state')
	) as c (place, field, was, now)
$$;

-- Writes into each row of a preview what it would do now.
create function private.plan_imported_proposals(p private.imports) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
	select distinct p.summit_id, private.me(), decode(e.value #>> '{address,hash}', 'hex'), 'walk_in'
	from private.import_rows as r
	cross join jsonb_array_elements(coalesce(r.record -> 'people', '[]')) as e
	where r.import_id = p.id and e.value #>> '{address,hash}' is not null;
	with matched as materialized (
		select r as own, o as old, i.version as written, i.state as state_before,
			first_value(r.position) over (partition by r.record ->> 'key' order by r.position) as first
		from private.import_rows as r
		left join private.imported_proposals as i
			on i.summit_id = p.summit_id and i.source = p.file ->> 'source' and i.reference = r.record ->> 'key'
		left join private.proposals as o on o.id = i.proposal_id
		where r.import_id = p.id
	), judged as materialized (
		select m.*,
			coalesce((m.old).id is not null and (m.old).version <> m.written, false) as is_edited,
			private.proposal_import_fault(p, m.own, m.first, m.old) as fault,
			private.imported_proposal_fields(p.mapping, (m.own).record, m.old) as new
		from matched as m
	), planned as (
		select j.*,
			case when j.fault is null then private.proposal_import_changes((j.own).record, j.old,
				case when j.is_edited then j.old else j.new end, j.state_before) else '[]' end as list
		from judged as j
	)
	update private.import_rows as r
	set outcome = case
			when n.fault is not null then 'cannot'
			when (n.old).id is null then 'new'
			when n.list = '[]' then 'same'
			else 'changed' end,
		target_id = case when n.fault is null then (n.old).id end,
		version = (n.old).version,
		changes = n.list,
		notes = case
			when n.fault is not null then jsonb_build_array(n.fault)
			else (
				select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', x.code, 'words', x.words))), '[]')
				from (values
					('edited_here', null, n.is_edited),
					('withdrawn_since', null, (n.own).record ->> 'state' = 'withdrawn'),
					('decided_there', null, (n.own).record ->> 'state' in ('accepted', 'rejected')),
					('no_addresses', null, not (n.own).record @? '$.people[*].address'),
					('reviews_left', (n.own).record ->> 'reviews', (n.own).record ? 'reviews')
				) as x (code, words, applies)
				where x.applies) end
	from planned as n
	where r.import_id = p.id and r.position = (n.own).position
$$;

-- The person of a file: by the address as at the help desk; without one, whoever has this name in another proposal of
-- the same source; else a new record, which is theirs when they sign in with the address.
create function private.imported_speaker(p_import private.imports, p_person jsonb, p_language text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if p_person #>> '{address,hash}' is null then
		select e.person_id into v_id
		from private.imported_proposals as i
		join private.proposal_people as e on e.proposal_id = i.proposal_id
		join public.people as p on p.id = e.person_id
		where i.summit_id = p_import.summit_id
			and i.source = p_import.file ->> 'source'
			and p.display_name = private.one_line(p_person ->> 'name')
			and not private.has_alias(p.id)
		limit 1;
		if found then return v_id; end if;
	end if;
	v_id := private.walk_in_person(jsonb_strip_nulls(jsonb_build_object(
		'display_name', p_person ->> 'name',
		'affiliation', p_person ->> 'organisation',
		'address_hash', p_person #>> '{address,hash}',
		'address_sealed', p_person #>> '{address,sealed}',
		'key_id', p_person #>> '{address,key_id}')));
	update public.people as p
	set biography = private.imported_text(p_person ->> 'biography', p_language)
	where p.id = v_id and p.biography = '{}' and coalesce(p_person ->> 'biography', '') <> ''
		and not exists (select from public.account_people as a where a.person_id = p.id);
	return v_id;
end
$$;

-- Makes a submitted proposal of a row: its first person is responsible for it, and all of them take part.
create function private.create_imported_proposal(p_import private.imports, p_rec jsonb) returns private.proposals
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_person jsonb;
	v_people uuid[] := '{}';
	v_id uuid;
begin
	for v_person in select e.value from jsonb_array_elements(p_rec -> 'people') as e loop
		v_id := private.imported_speaker(p_import, v_person, coalesce(nullif(p_rec ->> 'language', ''),
			p_import.mapping ->> 'language'));
		if v_id <> all (v_people) then v_people := v_people || v_id; end if;
	end loop;
	insert into private.proposals (summit_id, owner_id) values (p_import.summit_id, v_people[1]) returning * into v;
	v := private.imported_proposal_fields(p_import.mapping, p_rec, v);
	update private.proposals as p
	set state = 'submitted', submitted_at = now(), title = v.title, abstract = v.abstract, notes = v.notes,
		format_id = v.format_id, track_id = v.track_id, spoken = v.spoken
	where p.id = v.id
	returning * into v;
	insert into private.proposal_people (proposal_id, summit_id, person_id, is_author, state, position, answered_at)
	select v.id, v.summit_id, who.id, true, 'confirmed', who.place, now()
	from unnest(v_people) with ordinality as who (id, place);
	return v;
end
$$;

-- Applies one row of a preview of proposals. Returns submitted or updated; or changed_meanwhile.
create function private.apply_imported_proposal(p_import private.imports, p_row private.import_rows) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_written integer;
	v_source text := p_import.file ->> 'source';
	v_new private.proposals;
begin
	if p_row.target_id is null then
		if exists (
			select from private.imported_proposals as i
			where i.summit_id = p_import.summit_id
				and i.source = v_source
				and i.reference = p_row.record ->> 'key') then
			return 'changed_meanwhile';
		end if;
		v := private.create_imported_proposal(p_import, p_row.record);
		v_written := v.version;
	else
		select * into v from private.proposals as p where p.id = p_row.target_id for no key update;
		if v.id is null or v.version is distinct from p_row.version then return 'changed_meanwhile'; end if;
		select i.version into v_written
		from private.imported_proposals as i
		where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = p_row.record ->> 'key';
		-- What its authors wrote here stays.
		if v_written = v.version then
			v_new := private.imported_proposal_fields(p_import.mapping, p_row.record, v);
			update private.proposals as p
			set title = v_new.title, abstract = v_new.abstract, notes = v_new.notes, format_id = v_new.format_id,
				track_id = v_new.track_id, spoken = v_new.spoken, version = p.version + 1, updated_at = now()
			where p.id = v.id
			returning p.version into v_written;
		end if;
	end if;
	insert into private.imported_proposals (summit_id, source, reference, proposal_id, version, state)
	values (p_import.summit_id, v_source, p_row.record ->> 'key', v.id, v_written, p_row.record ->> 'state')
	on conflict (summit_id, source, reference) do update
	set version = excluded.version, state = excluded.state, at = now()
	where imported_proposals.proposal_id = excluded.proposal_id;
	return case when p_row.target_id is null then 'submitted' else 'updated' end;
end
$$;

-- Whether a record of a file can be kept: it has a name there, and its address is sealed.
create or replace function private.is_import_record(p jsonb) returns boolean
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

-- Confirms the mapping of the reader's own preview, and finds what each row would do. It can be confirmed again until
-- applying begins. `mapping`, for registrations: {products: {name: {category, mode}}, agreed, submit, mails}; for
-- proposals: {formats: {name: id}, tracks: {name: id}, language}.
create or replace function public.map_import(import uuid, mapping jsonb) returns public.import_mapping_status
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

-- Applies one row, in a subtransaction. Returns what it did, or why it was left.
create or replace function private.apply_import_row(p_import private.imports, p_row private.import_rows) returns text
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

-- Applies the next rows of the reader's preview, each as it was shown; the app calls it again while it answers `more`.
-- Rows whose registration somebody changed since are left. Locks the modes, then the preview. Answers {status: ok | more
-- | already | not_mapped | closed | not_found}, and at the end {counts, refused}.
create or replace function public.apply_import(import uuid, most integer default 200) returns jsonb
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
		and not exists (select from public.summits as s where s.id = v_i.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	perform set_config('app.reason', 'import', true);
	for v_row in
		select *
		from private.import_rows as r
		where r.import_id = v_i.id and r.applied is null
		order by r.position
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

insert into private.audited_tables (name, area, shown)
values ('proposals.imported', 'programme', '{added,changed,refused}');
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.imported_proposals', 'speaking', 'proposal', 'proposal_id', '{at,source,reference,state}');
insert into private.retention_rules (table_name, class) values ('private.imported_proposals', 'proposals');
select private.close_with_summit();
