-- Writing audit entries: the trigger that records each change of a watched table, and events without a row of their
-- own.

-- Refuses every change of an entry.
create function audit.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	raise exception 'audit rows are never altered' using errcode = 'insufficient_privilege';
end
$$;
create trigger entries_never_change before update or delete on audit.entries for each row
	execute function audit.refuse_change();
create trigger entries_never_truncate before truncate on audit.entries for each statement
	execute function audit.refuse_change();

-- Encrypts values of a person with their key, which is made at first use. Answers null when there is nothing to
-- encrypt or when the key was destroyed.
create function private.seal_for_audit(p_person uuid, p_values jsonb) returns bytea
language plpgsql volatile set search_path = '' as $$
declare
	v_key text;
begin
	if p_person is null or p_values is null or p_values = '{}'::jsonb then
		return null;
	end if;
	insert into private.person_keys (person_id) values (p_person)
	on conflict do nothing;
	select key into v_key from private.person_keys where person_id = p_person and key <> '';
	return case when v_key is null then null else extensions.pgp_sym_encrypt(p_values::text, v_key) end;
end
$$;

-- The registration, order or member that a row belongs to: its own id in the table of that noun, else the column that
-- points there. Null where that column is personal.
create function audit.parent_id_of(p_row jsonb, p_table text, p_noun text, p_personal text[]) returns uuid
language sql immutable set search_path = '' as $$
	select case
		when p_table = p_noun || 's' then (p_row ->> 'id')::uuid
		when p_noun || '_id' <> all (p_personal) then (p_row ->> (p_noun || '_id'))::uuid
	end
$$;

-- Records a change of a row. Trigger arguments: the column that names the person or their registration (or ''), then
-- the personal columns. Without a person nothing could erase a personal value, so none is kept. An update that changes
-- nothing leaves no entry. The function is long because it runs with every row that is written: one pass over the
-- columns, one insert.
create function audit.record_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	v_row jsonb := coalesce(v_new, v_old);
	v_person uuid := nullif(v_row ->> nullif(tg_argv[0], ''), '')::uuid;
	v_personal text[] := coalesce(tg_argv[1:], '{}');
	v_changed text[];
	v_before jsonb;
	v_after jsonb;
	v_sealed jsonb;
	v_summit uuid := coalesce(v_row ->> 'summit_id', case when tg_table_name = 'summits' then v_row ->> 'id' end)::uuid;
	v_registration uuid := audit.parent_id_of(v_row, tg_table_name, 'registration', v_personal);
	v_order uuid := audit.parent_id_of(v_row, tg_table_name, 'order', v_personal);
begin
	if tg_argv[0] = 'registration_id' then
		select person_id into v_person from public.registrations where id = v_person;
	end if;
	-- The columns that changed, and their values: plain ones, and personal ones to encrypt.
	select coalesce(array_agg(own.key order by own.key), '{}'),
		jsonb_object_agg(own.key, v_old -> own.key) filter (where v_old is not null and own.key <> all (v_personal)),
		jsonb_object_agg(own.key, v_new -> own.key) filter (where v_new is not null and own.key <> all (v_personal)),
		jsonb_build_object(
			'old', jsonb_object_agg(own.key, v_old -> own.key) filter (where own.key = any (v_personal)),
			'new', jsonb_object_agg(own.key, v_new -> own.key) filter (where own.key = any (v_personal)))
	into v_changed, v_before, v_after, v_sealed
	from jsonb_each(v_row) as own
	where tg_op <> 'UPDATE' or v_old -> own.key is distinct from own.value;
	if tg_op = 'UPDATE' and v_changed = '{}' then
		return null;
	end if;
	-- The Summit, by the registration or order where the row does not name it.
	if v_summit is null and v_registration is not null then
		select summit_id into v_summit from public.registrations where id = v_registration;
	elsif v_summit is null and v_order is not null then
		select summit_id into v_summit from public.orders where id = v_order;
	end if;
	insert into audit.entries (actor_account, actor_person, principal_person, database_role, reason, table_name, action,
		row_id, summit_id, person_id, registration_id, order_id, member_id, changed, old_values, new_values, personal)
	values (
		auth.uid(),
		private.actor(),
		nullif(current_setting('app.principal', true), '')::uuid,
		coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', session_user),
		nullif(current_setting('app.reason', true), ''),
		tg_table_schema || '.' || tg_table_name,
		lower(tg_op),
		coalesce(v_row ->> 'id', ''),
		v_summit,
		v_person,
		v_registration,
		v_order,
		audit.parent_id_of(v_row, tg_table_name, 'member', v_personal),
		v_changed,
		v_before,
		v_after,
		private.seal_for_audit(v_person,
			case when v_sealed -> 'old' = 'null' and v_sealed -> 'new' = 'null' then null else v_sealed end));
	return null;
end
$$;

-- Attaches the trigger to a table. `p_person`: the column that names the person or their registration, or ''.
create function audit.watch(
	p_table regclass, p_person text default '', variadic p_personal text[] default '{}'
) returns void
language plpgsql set search_path = '' as $$
begin
	execute format('create trigger audit_record after insert or update or delete on %s
		for each row execute function audit.record_change(%s)',
		p_table,
		(select string_agg(quote_literal(argument), ', ')
			from unnest(array_prepend(p_person, p_personal)) as argument));
end
$$;

-- Records an event that changes no row of its own: an export, a read of sealed data, a refused reveal.
create function audit.record_event(p_what text, p_row text, p_summit uuid, p_person uuid, p_values jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into audit.entries (actor_account, actor_person, principal_person, database_role, reason, table_name, action,
		row_id, summit_id, person_id, new_values)
	values (
		auth.uid(),
		private.actor(),
		nullif(current_setting('app.principal', true), '')::uuid,
		coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', session_user),
		nullif(current_setting('app.reason', true), ''),
		p_what,
		'event',
		p_row,
		p_summit,
		p_person,
		p_values);
end
$$;
