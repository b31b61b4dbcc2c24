-- What people do with their own passkeys and recovery codes, what an owner does for those who lost theirs, and acts
-- that need a passkey again.

insert into private.audited_tables (name, area, shown) values
	('private.passkeys', 'settings', '{created_at}'),
	('private.recovery_codes', 'settings', '{created_at,used_at}'),
	('passkeys.reset', 'settings', '{}');

-- Refuses an act until the caller has used a passkey within the last five minutes: PT428, which the app answers by
-- asking for it. Raised and not returned, so that an act refuses as a whole whatever it answers.
create function private.require_confirmation() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.is_recently_confirmed() then
		raise exception 'a passkey confirms this first' using errcode = 'PT428';
	end if;
end
$$;

-- Tells a person that their passkeys or recovery codes were changed.
create function private.mail_passkey_change(p_person uuid, p_change text) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(p_person, 'passkeys_changed', jsonb_build_object('change', p_change))
$$;

-- The reader's passkeys: {passkeys: [{id, name, is_backed_up, created_at, last_used_at}], recovery_codes (how many are
-- left), is_required (by a role), may_add}. Null when nobody is signed in.
create function public.read_passkeys() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'is_backed_up',
				k.is_backed_up, 'created_at', private.iso(k.created_at), 'last_used_at', private.iso(k.last_used_at))
				order by k.created_at, k.id), '[]')
			from private.passkeys as k
			where k.person_id = me.id),
		'recovery_codes', (select count(*)
			from private.recovery_codes as c
			where c.person_id = me.id and c.used_at is null),
		'is_required', private.passkeys_required() and private.holds_strong_role(me.id),
		'may_add', private.may_add_passkey(private.auth_session()))
	from (select private.me() as id) as me
	where me.id is not null
$$;
grant execute on function public.read_passkeys() to authenticated;

-- Answers ok, not_found or invalid.
create function public.rename_passkey(passkey uuid, name text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.one_line(rename_passkey.name);
begin
	if length(v_name) not between 1 and 60 then return 'invalid'; end if;
	update private.passkeys as k set name = v_name where k.id = passkey and k.person_id = private.me();
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.rename_passkey(uuid, text) to authenticated;

-- Removes one of the reader's passkeys, and with it what it confirmed in any session. A lost one is removed with
-- another one; without a strong role a sign-in in the last ten minutes suffices. Locks the person, so that of two last
-- ones one stays.
create function public.remove_passkey(passkey uuid) returns public.passkey_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_is_strong boolean := private.holds_strong_role(v_me);
begin
	perform from public.people as p where p.id = v_me for no key update;
	if not exists (select from private.passkeys as k where k.id = passkey and k.person_id = v_me) then
		return 'not_found';
	end if;
	if v_is_strong or not exists (select from auth.sessions as s
		where s.id = private.auth_session() and s.created_at > now() - interval '10 minutes') then
		perform private.require_confirmation();
	end if;
	if v_is_strong
		and private.passkeys_required()
		and (select count(*) from private.passkeys as k where k.person_id = v_me) = 1 then
		return 'last';
	end if;
	delete from private.passkeys as k where k.id = passkey;
	perform private.mail_passkey_change(v_me, 'removed');
	perform private.publish_event('person:' || v_me, 'rights');
	return 'ok';
end
$$;
grant execute on function public.remove_passkey(uuid) to authenticated;

-- Gives the reader new recovery codes, of which the app has made ten; earlier ones end. Answers ok, or invalid, also
-- without a passkey.
create function public.save_recovery_codes(hashes text[]) returns public.recovery_codes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if coalesce(cardinality(hashes), 0) <> 10
		or exists (select from unnest(hashes) as h where h is null or h !~ '^[0-9a-f]{64}$')
		or not exists (select from private.passkeys as k where k.person_id = v_me) then
		return 'invalid';
	end if;
	perform private.require_confirmation();
	delete from private.recovery_codes as c where c.person_id = v_me;
	insert into private.recovery_codes (person_id, code_hash) select v_me, decode(h, 'hex') from unnest(hashes) as h;
	perform private.mail_passkey_change(v_me, 'codes_made');
	return 'ok';
end
$$;
grant execute on function public.save_recovery_codes(text[]) to authenticated;

-- Uses one of the reader's recovery codes: for fifteen minutes a passkey can be added in this session. Codes are of
-- 118 random bits, so tries are not counted.
create function public.use_recovery_code(code_hash text) returns public.recovery_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	update private.recovery_codes as c set used_at = now(), session_id = private.auth_session()
	where c.person_id = v_me
		and c.used_at is null
		and c.code_hash = case
			when use_recovery_code.code_hash ~ '^[0-9a-f]{64}$' then decode(use_recovery_code.code_hash, 'hex') end
		and private.auth_session() is not null;
	if not found then return 'wrong'; end if;
	perform private.mail_passkey_change(v_me, 'code_used');
	return 'ok';
end
$$;
grant execute on function public.use_recovery_code(text) to authenticated;

-- Whether the reader may reset the passkeys of a person: an owner, of everything for which that person holds a role or
-- is a deputy, and never of their own.
create function private.may_reset_passkeys(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	with held as (
		select g.summit_id from private.live_grants as g where g.person_id = p_person
		union
		select d.summit_id from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null
	)
	select p_person <> private.me()
		and exists (select from held)
		and not exists (select from held where not private.has_role(held.summit_id, 'owner'))
$$;

-- Takes all passkeys and recovery codes of somebody who lost them, and ends their sessions: they sign in again by a
-- mailed code and add a passkey. They and the other owners are told. `via`: the Summit on whose page it was done.
create function public.reset_passkeys(person uuid, via uuid) returns public.passkey_reset_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_account uuid;
	v_owner uuid;
begin
	if person = v_me then return 'own'; end if;
	if not coalesce(private.may_reset_passkeys(person), false) then return 'not_allowed'; end if;
	perform private.require_confirmation();
	perform from public.people as p where p.id = person for no key update;
	perform private.set_audit_context(person);
	delete from private.passkeys as k where k.person_id = person;
	if not found then return 'none'; end if;
	delete from private.recovery_codes as c where c.person_id = person;
	for v_account in
		select a.account_id from public.account_people as a where a.person_id = person and a.relation = 'self'
	loop
		delete from auth.sessions as s where s.user_id = v_account;
		perform private.notify_signed_out(v_account, null);
	end loop;
	perform audit.record_event('passkeys.reset', person::text, via, person, null);
	perform private.publish_event('person:' || person, 'rights');
	perform private.mail_passkey_change(person, 'reset');
	for v_owner in
		select distinct o
		from private.role_holders('owner', via) as o
		where o <> v_me and o <> person
	loop
		perform private.enqueue_mail(v_owner, 'passkeys_reset', '{}', via);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.reset_passkeys(uuid, uuid) to authenticated;
