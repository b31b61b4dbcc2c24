-- Undoing acts of organisers for ten minutes. An act begins with `begin_undoable`; from then on, a trigger keeps each
-- row that the transaction writes, as it was and as the act left it. To undo the act is to write the rows back, if
-- nothing has changed them since. An act on seats or decisions ends with `keep_undoable` instead, and is undone by its
-- reverse (undo_reverses.sql), under the same rules as the act itself.
--
-- An act that sent a mail, moved money, gave somebody else a seat or published something cannot be undone, and is not
-- kept: decisions on registrations (each is mailed; the list itself waits some seconds before it sends them), reminders
-- and messages to speakers, and what a release published.

-- Keeps an act of the signed-in person that can be undone, and answers its id; null: nobody is signed in. Acts that can
-- no longer be undone are deleted.
create function private.keep_undoable(p_summit uuid, p_act public.undoable_act, p_subject jsonb, p_changes jsonb,
	variadic p_roles public.organiser_role[]) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null then return null; end if;
	delete from private.undoable_acts as d
	where d.id in (
		select u.id
		from private.undoable_acts as u
		where u.made_at < now() - interval '10 minutes'
		for update skip locked);
	insert into private.undoable_acts (summit_id, person_id, act, subject, changes, roles)
	values (p_summit, v_me, p_act, p_subject, p_changes, p_roles)
	returning id into v_id;
	return v_id;
end
$$;

-- Begins an act of the signed-in person, before its first write.
create function private.begin_undoable(p_summit uuid, p_act public.undoable_act, p_subject jsonb,
	variadic p_roles public.organiser_role[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.undoable_act',
		coalesce(private.keep_undoable(p_summit, p_act, p_subject, '[]', variadic p_roles)::text, ''), true);
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
create trigger record_undoable after insert or update or delete on private.page_files for each row
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
-- for an act on seats both modes, then the rows that the act changed.
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
	if v_act.act in ('pool_removed', 'registrations_moved', 'category_changed') then
		perform private.lock_modes(summit);
	end if;
	return case
		when case
			when v_act.act in ('registrations_moved', 'category_changed', 'proposals_decided', 'reviewers_assigned')
				then private.reverse_act(v_act)
			else private.restore_rows(v_act.changes) end
			then 'ok'
		else 'changed' end;
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
