-- Sign-in codes of the help desk, for people whom no mail reaches: valid for five minutes, once, for the account of a
-- person whose identity was checked. The code is stored hashed, and the audit says who checked what.

insert into private.audited_tables (name, area, shown)
	values ('private.desk_codes', 'registration', '{checked,issued_at,used_at}');

-- Why the desk cannot issue a code to somebody: own (the reader's own registrations), organiser (their account may do
-- more than the desk), safeguarding (it must act first), no_address; null when it can. A code opens an account and all
-- that the account may do for others, so one protected person among those suffices for safeguarding.
create function private.desk_sign_in_obstacle(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	with reached as (
		select p_r.person_id
		union
		select other.person_id
		from public.account_people as own
		join public.account_people as other on other.account_id = own.account_id
		where own.person_id = p_r.person_id and own.relation = 'self' and (other.until is null or other.until > now())
	)
	select case
		when p_r.person_id in (select private.my_people('registration')) then 'own'
		when exists (select from private.live_grants as g where g.person_id = p_r.person_id)
			then 'organiser'
		when exists (select from private.protections as x where x.person_id in (select person_id from reached))
			and not private.has_role(p_r.summit_id, 'safeguarding')
			then 'safeguarding'
		when not exists (select from private.person_addresses as a where a.person_id = p_r.person_id)
			then 'no_address' end
$$;

-- Issues a code; a newer one ends the older. {status: ok | own | organiser | safeguarding | no_address | limited |
-- checked_needed | not_allowed, expires_at}
create function public.issue_desk_code(registration uuid, code_hash text, first_half_hash text,
	checked text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_obstacle text;
	v_expires timestamptz;
begin
	select * into v_r
	from public.registrations as r
	where r.id = issue_desk_code.registration and r.state <> 'draft' for no key update;
	if not found
		or not (private.has_role(v_r.summit_id, 'registration') or private.has_role(v_r.summit_id, 'safeguarding'))
	then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_obstacle := private.desk_sign_in_obstacle(v_r);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	perform private.require_confirmation();
	if coalesce(issue_desk_code.checked, '') not in ('passport', 'identity_card', 'known_in_person', 'focal_point')
		or coalesce(issue_desk_code.code_hash, '') !~ '^[0-9a-f]{64}$'
		or coalesce(issue_desk_code.first_half_hash, '') !~ '^[0-9a-f]{64}$'
	then
		return jsonb_build_object('status', 'checked_needed');
	end if;
	if (select count(*)
		from private.desk_codes as c
		where c.person_id = v_r.person_id and c.issued_at > now() - interval '1 hour') >= 5
		or (select count(*)
			from private.desk_codes as c
			where c.issued_by = (select private.me()) and c.issued_at > now() - interval '1 hour') >= 60
	then
		return jsonb_build_object('status', 'limited');
	end if;
	perform private.set_audit_context(v_r.person_id, 'identity checked: ' || issue_desk_code.checked);
	update private.desk_codes as c set ended_at = now()
	where c.person_id = v_r.person_id and c.used_at is null and c.ended_at is null;
	insert into private.desk_codes (summit_id, registration_id, person_id, code_hash, first_half_hash, issued_by,
		checked)
	values (v_r.summit_id, v_r.id, v_r.person_id, decode(issue_desk_code.code_hash, 'hex'),
		decode(issue_desk_code.first_half_hash, 'hex'), private.me(), issue_desk_code.checked)
	returning expires_at into v_expires;
	return jsonb_build_object('status', 'ok', 'expires_at', private.iso(v_expires));
end
$$;
grant execute on function public.issue_desk_code(uuid, text, text, text) to authenticated;

-- Uses a code, for the app alone: the sealed address that signs in to the account. Answers ok | wrong (unknown, old or
-- used: all the same) | limited (a thousand misses of this client address within five minutes). A person who has become
-- an organiser meanwhile is not signed in.
--
-- Codes cannot be guessed, and nobody can lock out those who have one. The limit is on each code: its first half finds
-- it, and after five wrong second halves it ends. Everybody in a venue shares one client address, so that limit is wide
-- and never refuses a right code. A code is ten of 31 characters, 8.2e14 in all, and at most some hundred are valid at
-- a time. A thousand tries a second for a whole day, 8.6e7, find one with a chance of 8.6e7 * 100 / 8.2e14, about one
-- in 100,000. A person who has seen the first half has five tries among 31^5, 2.9e7: one in 5.7 million.
create function private.use_desk_code(p_code_hash bytea, p_half_hash bytea, p_client_hash bytea, out status text,
	out address_sealed bytea, out key_id text)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_code private.desk_codes;
begin
	update private.desk_codes as c set used_at = now()
	where c.code_hash = p_code_hash and c.used_at is null and c.ended_at is null and c.expires_at > now()
		and not exists (select from private.live_grants as g where g.person_id = c.person_id)
		-- An address that belongs to somebody else opens nothing of theirs.
		and not exists (select from private.person_addresses as a
			where a.person_id = c.person_id and a.typed_hash is not null)
	returning * into v_code;
	if not found then
		update private.desk_codes as c set failed_attempts = c.failed_attempts + 1,
			ended_at = case when c.failed_attempts >= 4 then now() end
		where c.first_half_hash = p_half_hash and c.code_hash <> p_code_hash and c.used_at is null
			and c.ended_at is null
			and c.expires_at > now();
		if (select count(*)
			from private.desk_code_failures as x
			where x.client_hash = p_client_hash and x.at > now() - interval '5 minutes') >= 1000
		then
			status := 'limited';
			return;
		end if;
		delete from private.desk_code_failures as x where x.at < now() - interval '1 hour';
		insert into private.desk_code_failures (client_hash) values (p_client_hash);
		status := 'wrong';
		return;
	end if;
	status := 'ok';
	-- The holder of the account is always notified.
	perform private.enqueue_mail(v_code.person_id, 'desk_signed_in', jsonb_build_object('at', private.iso(now())),
		v_code.summit_id, 'desk:' || v_code.id);
	select a.address_sealed, a.key_id into address_sealed, key_id
	from private.person_addresses as a
	where a.person_id = v_code.person_id
	order by a.is_primary desc, a.created_at limit 1;
end
$$;
grant execute on function private.use_desk_code(bytea, bytea, bytea) to app_server;
