-- Letters of invitation for a visa, for people who are confirmed in person and have answered what a letter says. The
-- content is sealed and only its person reads it; anybody who is shown a letter learns from its code only whether it is
-- valid.

-- Returns the keys of the logistics fields that a letter needs.
create function private.visa_letter_field_keys() returns text[]
language sql immutable set search_path = '' as $$
	select array['passport_name', 'passport_number', 'nationality', 'birth_date']
$$;

-- Returns the needed fields that the registration has not answered.
create function private.missing_visa_letter_fields(r public.registrations) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(wanted order by wanted), '{}')
	from unnest(private.visa_letter_field_keys()) as wanted
	where not exists (
		select from public.logistics_fields as f
		join private.logistics_answers as a on a.field_id = f.id
		where f.summit_id = r.summit_id
			and f.key = wanted
			and a.registration_id = r.id
			and private.is_logistics_field_asked(f, r))
$$;

-- Returns whether a registration can have a letter: confirmed in person, not barred, at a Summit that has a letterhead
-- and asks all needed fields.
create function private.may_have_visa_letter(r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select r.state = 'confirmed'
		and r.mode = 'in_person'
		and private.watch_list_status(r.person_id, r.summit_id) is distinct from 'barred'
		and exists (select from public.visa_letter_settings as l where l.summit_id = r.summit_id)
		and (
			select count(*)
			from public.logistics_fields as f
			where f.summit_id = r.summit_id
				and f.key = any (private.visa_letter_field_keys())
				and private.is_logistics_field_asked(f, r)) = cardinality(private.visa_letter_field_keys())
$$;

-- Returns {reference, code, issued_at, content_sealed (hex), key_id}.
create function private.visa_letter_json(l private.visa_letters) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('reference', l.reference, 'code', l.code, 'issued_at', private.iso(l.issued_at),
		'content_sealed', encode(l.content_sealed, 'hex'), 'key_id', l.key_id)
$$;

-- Returns the reader's own letter: {registration_id, lacks: [keys], head: the letterhead, letter: {reference, code,
-- issued_at, content_sealed, key_id} or null}; null where the reader can have none.
create function public.my_visa_letter(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registration_id', r.id,
		'lacks', to_jsonb(private.missing_visa_letter_fields(r)),
		'head', (
			select to_jsonb(s) - array['summit_id', 'updated_at', 'prefix']
			from public.visa_letter_settings as s
			where s.summit_id = r.summit_id),
		'letter', (
			select private.visa_letter_json(l)
			from private.visa_letters as l
			where l.registration_id = r.id and l.content_sealed is not null))
	from public.registrations as r
	where r.summit_id = my_visa_letter.summit and r.person_id = (select private.me()) and private.may_have_visa_letter(r)
$$;
grant execute on function public.my_visa_letter(uuid) to authenticated;

-- Issues a letter and replaces the one before. Locks the registration, then an advisory lock for each Summit, so that
-- the numbers have no gaps. Returns {status: ok | not_found | incomplete | invalid, lacks, reference, code, issued_at}.
create function public.issue_visa_letter(registration uuid, content jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_letter private.visa_letters;
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration and r.person_id = (select private.me())
	for no key update;
	if not found or not private.may_have_visa_letter(v_r) then return jsonb_build_object('status', 'not_found'); end if;
	if private.missing_visa_letter_fields(v_r) <> '{}' then
		return jsonb_build_object('status', 'incomplete', 'lacks', to_jsonb(private.missing_visa_letter_fields(v_r)));
	end if;
	if coalesce(content ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
		or length(content ->> 'sealed') not between 56 and 40000
		or coalesce(content ->> 'key_id', '') = '' then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.set_audit_context(v_r.person_id);
	perform pg_advisory_xact_lock(hashtextextended('letters:' || v_r.summit_id, 0));
	perform private.end_visa_letter(v_r.id, 'replaced');
	insert into private.visa_letters (summit_id, registration_id, number, reference, content_sealed, key_id)
	select v_r.summit_id, v_r.id, n.number, s.prefix || '-' || lpad(n.number::text, 4, '0'),
		decode(content ->> 'sealed', 'hex'), content ->> 'key_id'
	from public.visa_letter_settings as s, lateral (
		select coalesce(max(l.number), 0) + 1 as number
		from private.visa_letters as l
		where l.summit_id = v_r.summit_id) as n
	where s.summit_id = v_r.summit_id
	returning * into v_letter;
	return jsonb_build_object('status', 'ok') || private.visa_letter_json(v_letter) - array['content_sealed', 'key_id'];
end
$$;
grant execute on function public.issue_visa_letter(uuid, jsonb) to authenticated;

-- Ends the valid letter of a registration (`p_how`: replaced or withdrawn): its content is deleted, the row stays.
create function private.end_visa_letter(p_registration uuid, p_how text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.visa_letters as l
	set content_sealed = null, key_id = null,
		replaced_at = case when p_how = 'replaced' then now() end,
		withdrawn_at = case when p_how = 'withdrawn' then now() end
	where l.registration_id = p_registration and l.content_sealed is not null
$$;

-- A changed answer makes the letter wrong, so that a new one must be issued.
create function private.replace_visa_letter() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row private.logistics_answers := coalesce(new, old);
begin
	if exists (
		select from public.logistics_fields as f
		where f.id = v_row.field_id and f.key = any (private.visa_letter_field_keys() || 'embassy'::text)) then
		perform private.end_visa_letter(v_row.registration_id, 'replaced');
	end if;
	return null;
end
$$;
create trigger replace_visa_letter after insert or update or delete on private.logistics_answers
	for each row execute function private.replace_visa_letter();

-- A person who is no longer confirmed in person loses the letter.
create function private.withdraw_visa_letter() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.end_visa_letter(new.id, 'withdrawn');
	return null;
end
$$;
-- Its name makes it run before sync_logistics_answers (triggers run in the order of their names), which erases the
-- answers and would otherwise make replace_visa_letter call the letter replaced.
create trigger end_visa_letter after update of state, mode on public.registrations
	for each row when ((new.state <> 'confirmed' or new.mode <> 'in_person')
		and (old.state, old.mode) is distinct from (new.state, new.mode))
	execute function private.withdraw_visa_letter();

-- Returns whether a letter with this code is valid: valid, replaced, withdrawn (also when the person is barred), over
-- (the Summit has ended) or unknown.
create function public.check_visa_letter(summit uuid, code text) returns public.visa_letter_validity
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select case
			when l.withdrawn_at is not null
				or private.watch_list_status(r.person_id, r.summit_id) = 'barred' then 'withdrawn'
			when l.replaced_at is not null then 'replaced'
			when s.ends_on < (now() at time zone s.zone)::date then 'over'
			else 'valid' end
		from private.visa_letters as l
		join public.summits as s on s.id = l.summit_id
		join public.registrations as r on r.id = l.registration_id
		where l.summit_id = check_visa_letter.summit
			and l.code = upper(regexp_replace(check_visa_letter.code, '[^A-Za-z0-9]', '', 'g'))), 'unknown')
$$;
grant execute on function public.check_visa_letter(uuid, text) to anon, authenticated;

-- Saves the letterhead. Returns ok, not_allowed or invalid.
create function public.save_visa_letter_settings(summit uuid, settings jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_allowed'; end if;
	begin
		insert into public.visa_letter_settings (summit_id, issuer_name, issuer_address, signatory_name,
			signatory_office,
			prefix)
		values (summit, btrim(settings ->> 'issuer_name'), btrim(settings ->> 'issuer_address'),
			btrim(settings ->> 'signatory_name'), btrim(settings ->> 'signatory_office'),
			coalesce(nullif(upper(btrim(settings ->> 'prefix')), ''), 'VL'))
		on conflict (summit_id) do update
		set issuer_name = excluded.issuer_name, issuer_address = excluded.issuer_address,
			signatory_name = excluded.signatory_name, signatory_office = excluded.signatory_office,
			prefix = excluded.prefix, updated_at = now();
	exception when integrity_constraint_violation then return 'invalid';
	end;
	return 'ok';
end
$$;
grant execute on function public.save_visa_letter_settings(uuid, jsonb) to authenticated;
