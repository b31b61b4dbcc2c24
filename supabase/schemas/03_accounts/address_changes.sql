-- Changing one's address: a code goes to the present address and another to the new one, and both are typed. So neither
-- who has the browser nor who has one of the mailboxes can take an account over.

-- The change that a person asked for, the last one only.
create table private.address_changes (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	address_hash bytea not null,
	address_sealed bytea not null,
	key_id text not null,
	-- Of the code that went to the present address; null for a person without one.
	old_code_hash bytea,
	new_code_hash bytea not null,
	-- Done or given up: now.
	expires_at timestamptz not null,
	failed_attempts integer not null default 0,
	-- How often the person asked within a day.
	asked integer not null default 1,
	asked_since timestamptz not null default now()
);
alter table private.address_changes enable row level security;
select audit.watch('private.address_changes', 'person_id', 'address_hash', 'address_sealed', 'key_id', 'old_code_hash',
	'new_code_hash');

-- ok: the codes are on their way. same: it is an address of the person already. limited: five times a day.
create domain private.address_request_status as text check (value in ('ok', 'same', 'limited'));

-- wrong: a code is wrong. invalidated: five times. expired: nothing was asked for, or an hour ago. taken: the new address
-- belongs to another record; only who proved it learns that.
create domain private.address_change_status as text
	check (value in ('ok', 'wrong', 'invalidated', 'expired', 'taken'));

-- Asks for a change, and mails both codes. `p_secrets`: the codes, sealed for the mail, of the present address and of
-- the new one. The answer does not say whether the new address is known here. Locks the change of the person.
create function private.request_address_change(
	p_person uuid, p_client_hash bytea, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_old_code_hash bytea, p_old_secret bytea, p_new_code_hash bytea, p_new_secret bytea, p_locale text
) returns private.address_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old private.person_addresses;
	v_change private.address_changes;
begin
	if exists (select
		from private.person_addresses as a
		where a.person_id = p_person and p_address_hash in (a.address_hash, a.typed_hash))
	then
		return 'same';
	end if;
	select * into v_old from private.person_addresses as a where a.person_id = p_person and a.is_primary;
	perform private.set_audit_context(p_person);
	insert into private.address_changes as c (person_id, address_hash, address_sealed, key_id, old_code_hash,
		new_code_hash, expires_at)
	values (p_person, p_address_hash, p_address_sealed, p_key_id, case when v_old.id is not null then p_old_code_hash end,
		p_new_code_hash, now() + interval '1 hour')
	on conflict (person_id) do update set
		address_hash = excluded.address_hash, address_sealed = excluded.address_sealed, key_id = excluded.key_id,
		old_code_hash = excluded.old_code_hash, new_code_hash = excluded.new_code_hash, failed_attempts = 0,
		expires_at = excluded.expires_at,
		asked = case when c.asked_since > now() - interval '1 day' then c.asked + 1 else 1 end,
		asked_since = case when c.asked_since > now() - interval '1 day' then c.asked_since else now() end
	where c.asked < 5 or c.asked_since <= now() - interval '1 day'
	returning * into v_change;
	if v_change.person_id is null then return 'limited'; end if;
	if v_old.id is not null then
		perform private.enqueue_address_mail('address_change_code', v_old.address_sealed, v_old.key_id, p_locale,
			'{"is_new": false}', p_old_secret, p_priority => 0);
	end if;
	if private.may_mail_code(p_address_hash, p_client_hash) then
		perform private.enqueue_address_mail('address_change_code', p_address_sealed, p_key_id, p_locale,
			'{"is_new": true}', p_new_secret, p_priority => 0);
	end if;
	return 'ok';
end
$$;
grant execute on function private.request_address_change(uuid, bytea, bytea, bytea, text, bytea, bytea, bytea, bytea,
	text) to app_server;

-- The change that a person asked for and has not finished: its new address, sealed, and whether both codes are needed.
create function private.open_address_change(p_person uuid)
	returns table (address_sealed bytea, key_id text, needs_old_code boolean)
language sql stable security definer set search_path = '' as $$
	select c.address_sealed, c.key_id, c.old_code_hash is not null
	from private.address_changes as c
	where c.person_id = p_person and c.expires_at > now() and c.failed_attempts < 5
$$;
grant execute on function private.open_address_change(uuid) to app_server;

-- Gives up an open change.
create function private.cancel_address_change(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.address_changes as c set expires_at = now() where c.person_id = p_person and c.expires_at > now()
$$;
grant execute on function private.cancel_address_change(uuid) to app_server;

-- Changes the address of a person when both codes are right: the new one replaces the present one, in Auth as well,
-- where it is plain (`p_address`). All other sessions of the account end. Locks the new address as link_account does.
create function private.confirm_address_change(
	p_account uuid, p_session uuid, p_old_code_hash bytea, p_new_code_hash bytea, p_address text, p_address_hash bytea
) returns private.address_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_change private.address_changes;
	v_old private.person_addresses;
begin
	select a.person_id into v_person
	from public.account_people as a
	where a.account_id = p_account and a.relation = 'self';
	select * into v_change from private.address_changes as c where c.person_id = v_person for update;
	if not found or v_change.expires_at <= now() or v_change.address_hash <> p_address_hash then return 'expired'; end if;
	if v_change.failed_attempts >= 5 then return 'invalidated'; end if;
	if v_change.new_code_hash <> p_new_code_hash or v_change.old_code_hash <> p_old_code_hash then
		update private.address_changes as c set failed_attempts = c.failed_attempts + 1 where c.person_id = v_person;
		return case when v_change.failed_attempts >= 4 then 'invalidated' else 'wrong' end;
	end if;
	perform pg_advisory_xact_lock(hashtextextended(encode(v_change.address_hash, 'hex'), 2));
	update private.address_changes as c set expires_at = now() where c.person_id = v_person;
	if exists (select from private.person_addresses as a where a.address_hash = v_change.address_hash)
		or exists (select from auth.users as u join public.account_people as a on a.account_id = u.id where u.email = p_address)
	then
		return 'taken';
	end if;
	perform private.set_audit_context(v_person);
	-- An account that somebody began with the address and that never became a person.
	delete from auth.users as u where u.email = p_address;
	update auth.users as u set email = p_address, updated_at = now() where u.id = p_account;
	update auth.identities as i
	set identity_data = i.identity_data || jsonb_build_object('email', p_address), updated_at = now()
	where i.user_id = p_account and i.provider = 'email';
	delete from private.person_addresses as a where a.person_id = v_person and a.is_primary returning * into v_old;
	insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary, verified_at)
	values (v_person, v_change.address_hash, v_change.address_sealed, v_change.key_id, true, now());
	delete from auth.sessions as s where s.user_id = p_account and s.id <> p_session;
	perform private.notify_signed_out(p_account, null);
	if v_old.id is not null then
		perform private.enqueue_address_mail('address_changed', v_old.address_sealed, v_old.key_id,
			coalesce((select p.locale from public.person_preferences as p where p.person_id = v_person), 'en'),
			p_priority => 0);
	end if;
	return 'ok';
end
$$;
grant execute on function private.confirm_address_change(uuid, uuid, bytea, bytea, text, bytea) to app_server;
