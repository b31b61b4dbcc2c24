-- Organisers undo acts that nobody outside has learned of, for ten minutes.

set check_function_bodies = off;

-- The acts that can be undone. None of them sent a mail, moved a payment or published a release.
create domain public.undoable_act as text check (value in ('room_removed', 'track_removed', 'format_removed',
	'consent_removed', 'contact_removed', 'fee_removed', 'page_deleted', 'page_unpublished', 'pool_removed',
	'bank_row_ignored', 'bank_row_divided', 'question_retired', 'call_question_retired', 'reviewer_removed',
	'criterion_removed'));

-- Acts of the last ten minutes. `changes` is [{table, before, after}] in the order of the writes: `before` is null for
-- an added row, `after` for a deleted one. An act that was undone has no row.
create table private.undoable_acts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	act public.undoable_act not null,
	-- The roles that may do the act, and so undo it.
	roles public.organiser_role[] not null,
	-- The name of what was changed: a text, or one for each language; null: none is shown.
	subject jsonb,
	changes jsonb not null default '[]',
	made_at timestamptz not null default now()
);
create index on private.undoable_acts (person_id, summit_id);
create index on private.undoable_acts (summit_id);
alter table private.undoable_acts enable row level security;

-- Begins an act of the signed-in person, before its first write. Acts that can no longer be undone are deleted.
create function private.begin_undoable(p_summit uuid, p_act public.undoable_act, p_subject jsonb,
	variadic p_roles public.organiser_role[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null then return; end if;
	delete from private.undoable_acts as d
	where d.id in (
		select u.id
		from private.undoable_acts as u
		where u.made_at < now() - interval '10 minutes'
		for update skip locked);
	insert into private.undoable_acts (summit_id, person_id, act, subject, roles)
	values (p_summit, v_me, p_act, p_subject, p_roles)
	returning id into v_id;
	perform set_config('app.undoable_act', v_id::text, true);
end
$$;
-- `remove_setting` runs as its caller.
grant execute on function private.begin_undoable(uuid, public.undoable_act, jsonb, public.organiser_role[])
	to authenticated;

-- Keeps a row that an act writes. Without an act that was begun it does nothing.
create function private.record_undoable_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_act uuid := nullif(current_setting('app.undoable_act', true), '')::uuid;
begin
	if v_act is null then return null; end if;
	update private.undoable_acts as u
	set changes = u.changes || jsonb_build_array(jsonb_build_object(
		'table', tg_table_schema || '.' || tg_table_name,
		'before', case when tg_op <> 'INSERT' then to_jsonb(old) end,
		'after', case when tg_op <> 'DELETE' then to_jsonb(new) end))
	where u.id = v_act;
	return null;
end
$$;
create trigger record_undoable after insert or update or delete on public.rooms for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.room_equipment for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.walking_times for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.tracks for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.formats for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.consent_items for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.summit_contacts for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.fees for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.pages for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.page_versions for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.pools for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.bank_rows for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on public.logistics_fields for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.call_questions for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.reviewers for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.review_assignments for each row
	execute function private.record_undoable_change();
create trigger record_undoable after insert or update or delete on private.review_criteria for each row
	execute function private.record_undoable_change();

-- The condition that finds the row `r` in the table `t`: by its primary key.
create function private.key_condition(p_table regclass) returns text
language sql stable set search_path = '' as $$
	select string_agg(format('t.%1$I = r.%1$I', a.attname), ' and ')
	from pg_catalog.pg_index as i
	join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
	where i.indrelid = p_table and i.indisprimary
$$;

-- The primary key of the row that a change wrote, as JSON.
create function private.row_key(p_change jsonb) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_agg(coalesce(nullif(p_change -> 'after', 'null'), p_change -> 'before') -> a.attname order by a.attnum)
	from pg_catalog.pg_index as i
	join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
	where i.indrelid = (p_change ->> 'table')::regclass and i.indisprimary
$$;

-- Whether a row still is as an act left it: with the same values, or not there where the act deleted it. Locks the row.
create function private.is_row_unchanged(p_table regclass, p_before jsonb, p_after jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_is_same boolean;
begin
	-- Read as a row, so that values compare in the settings of this connection.
	execute format('select to_jsonb(t) = to_jsonb(jsonb_populate_record(null::%1$s, $2))
		from %1$s as t, jsonb_populate_record(null::%1$s, $1) as r where %2$s for update of t',
		p_table, private.key_condition(p_table))
	into v_is_same using coalesce(p_after, p_before), p_after;
	return case when p_after is null then v_is_same is null else v_is_same is true end;
end
$$;

-- Writes a row back as it was before a change.
create function private.restore_row(p_table regclass, p_before jsonb, p_after jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key text := private.key_condition(p_table);
	-- Generated columns follow from the others.
	v_columns text := (
		select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
		from pg_catalog.pg_attribute as a
		where a.attrelid = p_table and a.attnum > 0 and not a.attisdropped and a.attgenerated = '');
begin
	if p_before is null then
		execute format('delete from %1$s as t using jsonb_populate_record(null::%1$s, $1) as r where %2$s', p_table, v_key)
		using p_after;
	elsif p_after is null then
		execute format('insert into %1$s (%2$s) select %2$s from jsonb_populate_record(null::%1$s, $1)', p_table, v_columns)
		using p_before;
	else
		execute format('update %1$s as t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$s, $1))
			from jsonb_populate_record(null::%1$s, $1) as r where %3$s', p_table, v_columns, v_key)
		using p_before;
	end if;
end
$$;

-- Undoing an act. Gone: it was undone, or ten minutes are over, or it was never the reader's to undo. Changed: what it
-- changed has changed since.
create domain public.undo_status as text check (value in ('ok', 'gone', 'changed'));

-- Writes back all rows of an act. Answers whether it did: false, with nothing written, where a row has changed since or
-- a rule forbids the former state by now. Locks the rows.
create function private.restore_rows(p_changes jsonb) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_change record;
begin
	-- The last write of a row says how the act left it.
	for v_change in
		select distinct on (c.value ->> 'table', private.row_key(c.value)) c.value ->> 'table' as name,
			nullif(c.value -> 'before', 'null') as before, nullif(c.value -> 'after', 'null') as after
		from jsonb_array_elements(p_changes) with ordinality as c (value, place)
		order by c.value ->> 'table', private.row_key(c.value), c.place desc
	loop
		if not private.is_row_unchanged(v_change.name::regclass, v_change.before, v_change.after) then return false; end if;
	end loop;
	-- Backwards, except that a deleted row comes before those that refer to it and were deleted with it.
	for v_change in
		select c.value ->> 'table' as name,
			nullif(c.value -> 'before', 'null') as before, nullif(c.value -> 'after', 'null') as after
		from jsonb_array_elements(p_changes) with ordinality as c (value, place)
		order by c.value -> 'after' = 'null' and exists (
			select
			from jsonb_array_elements(p_changes) as other
			join pg_catalog.pg_constraint as k on k.contype = 'f' and k.confrelid <> k.conrelid
				and k.confrelid = (other ->> 'table')::regclass
			where k.conrelid = (c.value ->> 'table')::regclass), c.place desc
	loop
		perform private.restore_row(v_change.name::regclass, v_change.before, v_change.after);
	end loop;
	-- Rules that are checked at the end are checked now, so that their refusal is an answer.
	set constraints all immediate;
	return true;
exception when integrity_constraint_violation or raise_exception then
	return false;
end
$$;

-- Undoes an act of the reader at a Summit, in whole or not at all; a refused act cannot be undone later. Locks the act,
-- for a pool both modes, then the rows that the act changed.
create function public.undo_act(summit uuid, act uuid) returns public.undo_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_act private.undoable_acts;
begin
	select * into v_act
	from private.undoable_acts as u
	where u.id = undo_act.act
		and u.summit_id = undo_act.summit
		and u.person_id = (select private.me())
		and u.made_at > now() - interval '10 minutes'
	for update;
	if not found or not private.has_role(summit, variadic v_act.roles) then return 'gone'; end if;
	delete from private.undoable_acts as u where u.id = v_act.id;
	if v_act.act = 'pool_removed' then perform private.lock_modes(summit); end if;
	return case when private.restore_rows(v_act.changes) then 'ok' else 'changed' end;
end
$$;
grant execute on function public.undo_act(uuid, uuid) to authenticated;

-- The acts that the reader can undo at a Summit, the latest first: [{id, act, subject, at, until}].
create function public.my_undoable_acts(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'act', u.act, 'subject', u.subject,
		'at', private.iso(u.made_at), 'until', private.iso(u.made_at + interval '10 minutes'))
		order by u.made_at desc, u.id), '[]')
	from private.undoable_acts as u
	where u.summit_id = my_undoable_acts.summit
		and u.person_id = (select private.me())
		and u.made_at > now() - interval '10 minutes'
		and u.changes <> '[]'
		and private.has_role(my_undoable_acts.summit, variadic u.roles)
$$;
grant execute on function public.my_undoable_acts(uuid) to authenticated;

create function private.has_lasting_room_rows(p_room uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.checkpoints as c where c.room_id = p_room)
		or exists (select from private.room_screens as s where s.room_id = p_room)
		or exists (select from private.hall_devices as d where d.room_id = p_room)
		or exists (select from private.announcements as a where a.room_id = p_room)
$$;
grant execute on function private.has_lasting_room_rows(uuid) to authenticated;

create function private.begin_undoable_of_page(p_page private.pages, p_act public.undoable_act) returns void
language sql volatile security definer set search_path = '' as $$
	select private.begin_undoable(p_page.summit_id, p_act, nullif(p_page.title, '{}'),
		case when p_page.kind in ('code_of_conduct', 'privacy') then 'owner' else 'programme' end::public.organiser_role)
$$;

create or replace function public.remove_setting(summit uuid, table_name text, row_id uuid) returns public.setting_removal_status
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

create or replace function public.unpublish_page(page uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is null then return 'already'; end if;
	perform private.begin_undoable_of_page(v_page, 'page_unpublished');
	update private.pages as p set published = null where p.id = page;
	return 'ok';
end
$$;

create or replace function public.delete_page(page uuid) returns public.page_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is not null then return 'published'; end if;
	perform private.begin_undoable_of_page(v_page, 'page_deleted');
	delete from private.pages as p where p.id = page;
	return 'ok';
end
$$;

create or replace function public.remove_pool(summit uuid, pool uuid) returns public.pool_removal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	perform private.lock_modes(summit);
	if not exists (select from public.pools as p where p.id = pool and p.summit_id = summit) then
		return 'not_found';
	end if;
	if exists (select from public.registrations as r where r.pool_id = pool)
		or exists (select from public.seats as s where s.pool_id = pool)
		or exists (select from private.invitations as i where i.pool_id = pool)
	then
		return 'in_use';
	end if;
	perform private.begin_undoable(summit, 'pool_removed',
		(select to_jsonb(p.name) from public.pools as p where p.id = pool), 'registration');
	delete from public.pools as p where p.id = pool and p.summit_id = summit;
	return case when found then 'ok' else 'not_found' end;
exception when foreign_key_violation then
	return 'in_use';
end
$$;

create or replace function public.split_bank_row(bank_row uuid, parts jsonb) returns public.bank_split_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
	v_parts jsonb;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if v_row.state <> 'open' or v_row.parent_id is not null then return 'already'; end if;
	if jsonb_typeof(parts) is distinct from 'array' or jsonb_array_length(parts) not between 2 and 20 then
		return 'parts';
	end if;
	if exists (
		select from jsonb_array_elements(parts) as p where private.parse_bank_amount(p ->> 'amount') is null
	) then
		return 'parts';
	end if;
	if (select sum(p.amount) from jsonb_to_recordset(parts) as p (amount bigint)) <> v_row.amount then
		return 'sum';
	end if;
	select jsonb_agg(jsonb_build_object('amount', p.amount, 'order', o.id, 'currency', o.currency))
	into v_parts
	from jsonb_to_recordset(parts) as p (order_reference text, amount integer)
	left join public.orders as o on o.summit_id = v_row.summit_id
		and o.id = coalesce((
			select x.id from public.orders as x
			where x.summit_id = v_row.summit_id and x.reference = upper(btrim(p.order_reference))
		), private.find_order_in_text(v_row.summit_id, p.order_reference));
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'order' is null) then
		return 'unknown_order';
	end if;
	if (
		select count(distinct p ->> 'order') from jsonb_array_elements(v_parts) as p
	) < jsonb_array_length(v_parts) then
		return 'same_order';
	end if;
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'currency' <> v_row.currency) then
		return 'currency';
	end if;
	perform private.begin_undoable(v_row.summit_id, 'bank_row_divided', null, 'finance');
	update private.bank_rows as b
	set state = 'divided', order_id = null, decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	insert into private.bank_rows (
		summit_id, statement, line, booked_on, amount, currency, words, fingerprint, parent_id, order_id, imported_by
	)
	select v_row.summit_id, v_row.statement, v_row.line, v_row.booked_on, (p.part ->> 'amount')::integer,
		v_row.currency, v_row.words, v_row.fingerprint || '/' || p.turn, v_row.id,
		(p.part ->> 'order')::uuid, private.actor()
	from jsonb_array_elements(v_parts) with ordinality as p (part, turn);
	return 'ok';
end
$$;

create or replace function public.ignore_bank_row(bank_row uuid, reason text, back boolean default false)
	returns public.bank_ignore_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if back and not (v_row.state in ('set_aside', 'returned') and (v_row.is_incoming or v_row.state = 'set_aside'))
		or not back and v_row.state not in ('open', 'returned') then
		return 'already';
	end if;
	if not back and btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	if not back then perform private.begin_undoable(v_row.summit_id, 'bank_row_ignored', null, 'finance'); end if;
	update private.bank_rows as b
	set
		state = case
			when not back then 'set_aside'
			when b.is_incoming then 'open'
			else 'returned'
		end::public.bank_row_state,
		note = left(btrim(coalesce(reason, '')), 500), decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	return 'ok';
end
$$;

create or replace function public.retire_logistics_field(summit uuid, field uuid) returns public.field_retirement_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key text;
begin
	if not private.has_role(summit, 'registration') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select f.key into v_key
	from public.logistics_fields as f
	where f.id = field and f.summit_id = summit and f.retired_at is null;
	if not found then return 'not_found'; end if;
	if exists (
		select from public.logistics_fields as d
		where d.summit_id = summit and d.depends_on = v_key and d.retired_at is null) then
		return 'needed';
	end if;
	if not exists (select from private.logistics_answers as a where a.field_id = field) then
		perform private.begin_undoable(summit, 'question_retired',
			(select to_jsonb(f.label) from public.logistics_fields as f where f.id = field), 'registration');
	end if;
	update public.logistics_fields as f set retired_at = now(), depends_on = null, depends_values = '{}'
	where f.id = field;
	delete from private.logistics_answers as a where a.field_id = field;
	return 'ok';
end
$$;

create or replace function public.retire_call_question(summit uuid, question uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform private.begin_undoable(summit, 'call_question_retired', to_jsonb(q.label), 'programme')
	from private.call_questions as q
	where q.id = question
		and q.summit_id = summit
		and q.retired_at is null
		and not exists (select from private.proposal_answers as a where a.question_id = question);
	update private.call_questions as q
	set retired_at = now()
	where q.id = question
		and q.summit_id = summit
		and q.retired_at is null;
	if not found then return 'not_found'; end if;
	delete from private.proposal_answers as a where a.question_id = question;
	return 'ok';
end
$$;

create or replace function public.end_reviewer(summit uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform private.begin_undoable(summit, 'reviewer_removed', null, 'programme');
	update private.reviewers as r
	set ended_at = now()
	where r.summit_id = summit
		and r.person_id = person
		and r.ended_at is null;
	if not found then return 'not_found'; end if;
	delete from private.review_assignments as a
	using private.proposals as p
	where p.id = a.proposal_id
		and p.summit_id = summit
		and a.reviewer_id = person
		and not private.has_reviewed(a.proposal_id, person);
	return 'ok';
end
$$;

create or replace function public.remove_criterion(summit uuid, criterion uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.begin_undoable(summit, 'criterion_removed', to_jsonb(c.name), 'programme')
	from private.review_criteria as c
	where c.id = criterion
		and c.summit_id = summit
		and private.has_role(summit, 'programme');
	delete from private.review_criteria as c
	where c.id = criterion
		and c.summit_id = summit
		and private.has_role(summit, 'programme');
	return case when found then 'ok' else 'not_found' end;
end
$$;

create or replace function private.rewrite_name(p_old text, p_new text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pattern text := private.name_pattern(p_old);
	v_new text := replace(p_new, '\', '\\');
	v_place record;
	v_count bigint;
	v_sql text;
	v_changed jsonb := '{}';
begin
	perform set_config('app.renaming', 'yes', true);
	-- What could be undone may contain the name.
	delete from private.undoable_acts;
	for v_place in
		select w.table_name, w.column_name, format_type(a.atttypid, null) as type
		from private.free_text_columns as w
		join pg_catalog.pg_attribute as a on a.attrelid = w.table_name::regclass and a.attname = w.column_name
		order by 1, 2
	loop
		v_sql := format('update %s as t set %2$I = regexp_replace(t.%2$I::text, $1, ''\1'' || $2, ''gi'')::%3$s
			where t.%2$I::text ~* $1', v_place.table_name, v_place.column_name, v_place.type);
		begin
			-- In JSON the name is written with the escapes of JSON.
			execute v_sql using v_pattern, case when v_place.type = 'text' then v_new
				else replace(btrim(to_json(p_new)::text, '"'), '\', '\\') end;
		exception when check_violation then
			-- The longer name does not fit into every column.
			execute v_sql using v_pattern, '…';
		end;
		get diagnostics v_count = row_count;
		if v_count > 0 then
			v_changed := v_changed || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	update private.outbox as o
		set params = regexp_replace(o.params::text, v_pattern, '\1' || v_new, 'gi')::jsonb
		where o.state = 'queued' and o.params::text ~* v_pattern;
	perform set_config('app.renaming', '', true);
	return v_changed;
end
$$;

insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values ('private.undoable_acts', 'unfinished', 't.summit_id', 'array[t.person_id]', 't.made_at', null, null, null, null, true);
insert into private.not_copied_tables (name, reason) values ('private.undoable_acts', 'technical');

reset check_function_bodies;
