-- Writing audit entries: the trigger that records each change of a watched table, and events without a row of their
-- own.

-- Refuses every change of an entry. The sweep of 27_privacy alone destroys sealed values whose time has passed.
create function audit.refuse_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.retention', true) = 'sweep' then
		if new.personal is null and to_jsonb(new) - 'personal' = to_jsonb(old) - 'personal' then return new; end if;
	end if;
	raise exception 'audit rows are never altered' using errcode = 'insufficient_privilege';
end
$$;
create trigger entries_never_change before update or delete on audit.entries for each row
	execute function audit.refuse_change();
create trigger entries_never_truncate before truncate on audit.entries for each statement
	execute function audit.refuse_change();

-- Encrypts values of a person with their key, which is made at first use. Answers null when there is nothing to
-- encrypt or when the key was destroyed. Sealed bytes are 32 of HMAC-SHA256 over the rest, 16 of a random vector, and
-- AES-256-CBC. The key is random, so nothing is gained by the slow derivation that passwords need.
create function private.seal_for_audit(p_person uuid, p_values jsonb) returns bytea
language plpgsql volatile set search_path = '' as $$
declare
	v_key bytea;
	v_vector bytea;
	v_body bytea;
begin
	if p_person is null or p_values is null or p_values = '{}'::jsonb then
		return null;
	end if;
	select decode(key, 'hex') into v_key from private.person_keys where person_id = p_person;
	if not found then
		insert into private.person_keys (person_id) values (p_person)
		on conflict do nothing;
		select decode(key, 'hex') into v_key from private.person_keys where person_id = p_person;
	end if;
	if length(v_key) = 0 then return null; end if;
	v_vector := extensions.gen_random_bytes(16);
	v_body := v_vector
		|| extensions.encrypt_iv(convert_to(p_values::text, 'UTF8'), substr(v_key, 1, 32), v_vector, 'aes-cbc/pad:pkcs');
	return extensions.hmac(v_body, substr(v_key, 33), 'sha256') || v_body;
end
$$;

-- Opens what was sealed with the key of a person; null when the key was destroyed. Raises when the bytes are not what
-- was sealed with that key.
create function private.open_sealed(p_person uuid, p_sealed bytea) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_key bytea;
	v_body bytea := substr(p_sealed, 33);
begin
	select decode(key, 'hex') into v_key from private.person_keys where person_id = p_person and key <> '';
	if v_key is null or p_sealed is null then return null; end if;
	if extensions.hmac(v_body, substr(v_key, 33), 'sha256') <> substr(p_sealed, 1, 32) then
		raise exception 'sealed values were altered' using errcode = 'data_corrupted';
	end if;
	return convert_from(extensions.decrypt_iv(substr(v_body, 17), substr(v_key, 1, 32), substr(v_body, 1, 16),
		'aes-cbc/pad:pkcs'), 'UTF8')::jsonb;
end
$$;

-- The registration, order or member that a row belongs to: its own id in the table of that noun, else the column that
-- points there. Null where that column is personal. Without a search_path of its own, so that it becomes part of the
-- expression that uses it.
create function audit.parent_id_of(p_row jsonb, p_table text, p_noun text, p_personal text[]) returns uuid
language sql immutable as $$
	select case
		when p_table = p_noun || 's' then (p_row ->> 'id')::uuid
		when p_noun || '_id' <> all (p_personal) then (p_row ->> (p_noun || '_id'))::uuid
	end
$$;

-- Records a change of a row. Trigger arguments: the column that names the person or their registration (or ''), then
-- the personal columns. Without a person nothing could erase a personal value, so none is kept. An update that changes
-- nothing leaves no entry. The function runs with every row that is written, often while the lock of a mode is held, so
-- it asks for as little as it can: one pass over the columns, one insert.
create function audit.record_change() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
	v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
	v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
	v_row jsonb := coalesce(v_new, v_old);
	v_person uuid := nullif(v_row ->> nullif(tg_argv[0], ''), '')::uuid;
	v_personal text[] := coalesce(tg_argv[1:], '{}');
	v_changed text[];
	v_same text[] := '{}';
	v_plain text[];
	v_sealed bytea;
	v_summit uuid := coalesce(v_row ->> 'summit_id', case when tg_table_name = 'summits' then v_row ->> 'id' end)::uuid;
	v_registration uuid := audit.parent_id_of(v_row, tg_table_name, 'registration', v_personal);
	v_order uuid := audit.parent_id_of(v_row, tg_table_name, 'order', v_personal);
	v_member uuid := audit.parent_id_of(v_row, tg_table_name, 'member', v_personal);
	v_summit_of_registration uuid;
begin
	-- The columns that changed; of an inserted or deleted row all.
	if tg_op = 'UPDATE' then
		select array_agg(own.key) filter (where v_old -> own.key is distinct from own.value),
			coalesce(array_agg(own.key) filter (where v_old -> own.key is not distinct from own.value), '{}')
		into v_changed, v_same
		from jsonb_each(v_new) as own;
		if v_changed is null then return null; end if;
	else
		v_changed := array(select jsonb_object_keys(v_row));
	end if;
	-- The person and the Summit, by the registration or order where the row does not name them.
	if tg_argv[0] = 'registration_id' or v_summit is null and v_registration is not null then
		select case when tg_argv[0] = 'registration_id' then r.person_id else v_person end, r.summit_id
		into v_person, v_summit_of_registration
		from public.registrations as r
		where r.id = case when tg_argv[0] = 'registration_id' then v_person else v_registration end;
		if v_registration is not null then v_summit := coalesce(v_summit, v_summit_of_registration); end if;
	elsif v_summit is null and v_order is not null then
		select summit_id into v_summit from public.orders where id = v_order;
	end if;
	-- Personal values are sealed: what changed, without the plain columns.
	if v_personal && v_changed and v_person is not null then
		v_plain := array(select jsonb_object_keys(v_row - v_personal));
		v_sealed := private.seal_for_audit(v_person,
			jsonb_build_object('old', v_old - v_same - v_plain, 'new', v_new - v_same - v_plain));
	end if;
	insert into audit.entries (actor_account, actor_person, principal_person, database_role, reason, table_name, action,
		row_id, summit_id, person_id, registration_id, order_id, member_id, changed, old_values, new_values, personal,
		replaced_former_name)
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
		v_member,
		v_changed,
		nullif(v_old - v_same - v_personal, '{}'),
		nullif(v_new - v_same - v_personal, '{}'),
		v_sealed,
		coalesce(current_setting('app.renaming', true), '') = 'yes');
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
