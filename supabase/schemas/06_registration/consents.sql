-- Consents: what step 5 of the registration form and the page "My data" save, and the text that people agreed to.

-- Whether the text of the item is still the one that the person agreed to, in the language in which they read it.
create function private.is_agreed_text_current(p_consent public.consents) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.text_as_shown(i.label, p_consent.agreed_label ->> 'original') = p_consent.agreed_label
		and private.text_as_shown(i.detail, coalesce(p_consent.agreed_detail ->> 'original',
			p_consent.agreed_label ->> 'original')) = p_consent.agreed_detail
	from public.consent_items as i
	where i.id = p_consent.item_id
$$;

-- Keeps the text of the item when a consent is given or given again, in the language of the page (app.language), else in
-- that of the person. No other write changes it, so neither a client nor an owner can.
create function private.keep_agreed_text() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_item public.consent_items;
	v_language text := coalesce(nullif(current_setting('app.language', true), ''),
		(select x.locale from public.person_preferences as x where x.person_id = new.person_id), 'en');
begin
	if tg_op = 'UPDATE' and new.given_at is not distinct from old.given_at
		and (old.withdrawn_at is null or new.withdrawn_at is not null) then
		new.agreed_label := old.agreed_label;
		new.agreed_detail := old.agreed_detail;
	elsif new.given_at is null then
		new.agreed_label := '{}';
		new.agreed_detail := '{}';
	else
		select * into v_item from public.consent_items as i where i.id = new.item_id;
		new.agreed_label := private.text_as_shown(v_item.label, v_language);
		new.agreed_detail := private.text_as_shown(v_item.detail, v_language);
	end if;
	return new;
end
$$;
create trigger keep_agreed_text before insert or update on public.consents
	for each row execute function private.keep_agreed_text();

-- The fingerprint of an agreed text. The pages send that of the text that they show (`consentFingerprint`).
create function private.agreed_text_fingerprint(p_consent public.consents) returns text
language sql immutable set search_path = '' as $$
	select encode(sha256(convert_to(concat(p_consent.agreed_label ->> (p_consent.agreed_label ->> 'original'), E'\n',
		p_consent.agreed_detail ->> (p_consent.agreed_detail ->> 'original')), 'UTF8')), 'hex')
$$;

-- Step 5, the consents, each by itself; save_registration keeps the code of conduct with the registration. `language` is
-- that of the page, and `shown` has the fingerprint of each text that it showed: where the text has changed since, the
-- person did not read what they would agree to (fault `reworded`).
create function private.save_consents_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_consents jsonb := case when jsonb_typeof(p -> 'consents') = 'object' then p -> 'consents' else '{}' end;
	v_shown jsonb := case when jsonb_typeof(p -> 'shown') = 'object' then p -> 'shown' else '{}' end;
begin
	if v_consents = '{}' then return '{}'; end if;
	if exists (
		select from jsonb_each(v_consents) as given
		where given.value not in ('true', 'false')
			or not exists (
				select from public.consent_items as i
				where i.summit_id = p_r.summit_id and i.id = private.parse_uuid(given.key))) then
		return array['consents'];
	end if;
	-- After sending, a required consent is withdrawn only by withdrawing the registration.
	if p_r.state <> 'draft' and exists (
		select from jsonb_each(v_consents) as given
		join public.consent_items as i on i.id = private.parse_uuid(given.key)
		where i.is_required and given.value = 'false') then
		return array['consents'];
	end if;
	perform set_config('app.language', coalesce(p ->> 'language', ''), true);
	-- Keep the first moment of giving, and of withdrawing, unless the consent or its text changes. What the guardian of a
	-- minor withdrew stays withdrawn.
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_r.id, p_r.person_id, private.parse_uuid(given.key), case when given.value = 'true' then now() end
	from jsonb_each(v_consents) as given
	on conflict (registration_id, item_id) do update
	set given_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.given_at
			when excluded.given_at is not null and c.given_at is not null and c.withdrawn_at is null
				and private.is_agreed_text_current(c) then c.given_at
			else coalesce(excluded.given_at, c.given_at) end,
		withdrawn_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.withdrawn_at
			when excluded.given_at is null and c.given_at is not null then coalesce(c.withdrawn_at, now()) end,
		withdrawn_by_guardian_at = case when p_r.is_minor then c.withdrawn_by_guardian_at end;
	-- Photographs are asked once: who consents to them takes back an earlier wish. A protection stays.
	if p_r.person_id = private.me() and exists (
		select from public.consents as c
		join public.consent_items as i on i.id = c.item_id and i.key = 'photographs'
		where c.registration_id = p_r.id and c.given_at = now() and c.withdrawn_at is null) then
		update public.person_preferences as f set no_photographs = false, updated_at = now()
		where f.person_id = p_r.person_id and f.no_photographs;
	end if;
	if exists (
		select from public.consents as c
		join jsonb_each_text(v_shown) as shown on private.parse_uuid(shown.key) = c.item_id
		where c.registration_id = p_r.id and c.given_at = now() and c.withdrawn_at is null
			and shown.value is distinct from private.agreed_text_fingerprint(c)) then
		return array['reworded'];
	end if;
	return '{}';
end
$$;
