-- What each step of the registration form saves. Each function takes the registration, locked by save_registration
-- (form.sql), and the fields of the step; it returns the keys of the invalid fields, and saves only if there are none.

-- Returns the invalid fields of the display record that people write themselves.
create function private.invalid_name_fields(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(array[
		case when length(private.one_line(p ->> 'display_name')) not between 1 and 120 then 'display_name' end,
		case when length(private.one_line(p ->> 'office')) > 200 then 'office' end,
		case when length(private.one_line(p ->> 'affiliation')) > 200 then 'affiliation' end,
		case when coalesce(p ->> 'country', '') !~ '^([A-Z]{2})?$' then 'country' end], null)
$$;

-- Returns {languages} if the field is there and is not a list of up to 20 language tags.
create function private.invalid_languages(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select case
		when not p ? 'languages' then '{}'::text[]
		when jsonb_typeof(p -> 'languages') <> 'array'
			or jsonb_array_length(p -> 'languages') > 20
			or exists (
				select from jsonb_array_elements(p -> 'languages') as tag
				where jsonb_typeof(tag) <> 'string' or tag #>> '{}' !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$')
			then array['languages']
		else '{}'::text[] end
$$;

-- Returns the languages of the fields, or the present ones if the field is missing.
create function private.given_or_present_languages(p jsonb, p_present text[]) returns text[]
language sql immutable set search_path = '' as $$
	select case
		when p ? 'languages'
			then array(select distinct tag from jsonb_array_elements_text(p -> 'languages') as tag order by tag)
		else p_present end
$$;

-- Step 1, who the person is. Under an alias the record holds the alias, which this step does not change.
-- save_registration keeps the languages and whether they are a minor.
create function private.save_identity_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.invalid_name_fields(p) || private.invalid_languages(p);
begin
	if private.has_alias(p_r.person_id) then v_faults := private.invalid_languages(p); end if;
	if v_faults = '{}' and private.is_name_frozen(p_r.person_id, p ->> 'display_name') then
		v_faults := array['frozen'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	-- Update only what changes: each statement on public.people notifies every page that shows names.
	if not private.has_alias(p_r.person_id)
		and not exists (
			select from public.people as person
			where person.id = p_r.person_id
				and (person.display_name, person.office, person.country) is not distinct from
					(private.one_line(p ->> 'display_name'), private.one_line(p ->> 'office'),
						nullif(p ->> 'country', '')::char(2))) then
		update public.people as person
		set display_name = private.one_line(p ->> 'display_name'),
			office = private.one_line(p ->> 'office'),
			country = nullif(p ->> 'country', ''),
			updated_at = now()
		where person.id = p_r.person_id;
	end if;
	return '{}';
end
$$;

-- Step 2, the member: one of this Summit's, or a request to add one. Only delegates need a member.
create function private.save_member_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_member uuid := private.parse_uuid(p ->> 'member_id');
	v_request jsonb := case when jsonb_typeof(p -> 'request') = 'object' then p -> 'request' end;
	v_affiliation text;
begin
	if v_request is not null then
		if length(private.one_line(v_request ->> 'name')) not between 2 and 200 then
			return array['request.name'];
		end if;
		if coalesce(v_request ->> 'sector', '')
			not in ('', 'government', 'intergovernmental', 'civil_society', 'private_sector') then
			return array['request.sector'];
		end if;
		if coalesce(v_request ->> 'country', '') !~ '^([A-Z]{2})?$' then return array['request.country']; end if;
		insert into public.member_requests as q (summit_id, registration_id, name, sector, country)
		values (p_r.summit_id, p_r.id, private.one_line(v_request ->> 'name'),
			nullif(v_request ->> 'sector', '')::public.sector, nullif(v_request ->> 'country', ''))
		on conflict (registration_id) do update
		set name = excluded.name, sector = excluded.sector, country = excluded.country, state = 'open',
			member_id = null;
		v_member := null;
		v_affiliation := private.one_line(v_request ->> 'name');
	elsif coalesce(p ->> 'member_id', '') <> '' then
		-- The lock waits for a merge of this member into another; after the merge the member is not found.
		select m.name into v_affiliation
		from public.summit_members as sm
		join public.members as m on m.id = sm.member_id
		where sm.summit_id = p_r.summit_id and sm.member_id = v_member and sm.standing in ('active', 'observer')
		for key share of sm;
		if not found then return array['member_id']; end if;
	elsif p_r.category = 'delegate' then
		return array['member_id'];
	else
		v_affiliation := left(private.one_line(p ->> 'affiliation'), 200);
	end if;
	if v_request is null then
		delete from public.member_requests as q where q.registration_id = p_r.id;
	end if;
	-- A person who was invited into a pool and names no organisation stays in the pool.
	update public.registrations as r
	set member_id = v_member,
		pool_id = case when v_member is null and v_request is null then r.pool_id end
	where r.id = p_r.id;
	if exists (
		select from public.people as person
		where person.id = p_r.person_id
			and person.affiliation <> v_affiliation
			and not private.has_alias(person.id)) then
		update public.people as person
		set affiliation = v_affiliation, updated_at = now()
		where person.id = p_r.person_id;
	end if;
	return '{}';
end
$$;

-- Step 3, the mode in which the person wants to take part; save_registration keeps it.
create function private.save_mode_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.invalid_languages(p);
begin
	if coalesce(p ->> 'mode', '') not in ('in_person', 'virtual') then v_faults := v_faults || 'mode'::text; end if;
	return v_faults;
end
$$;

-- Step 4, needs, protection and the emergency contact, which can change as long as the registration is live. Only the
-- person decides about protection and the contact: an assistant who may fill in the form cannot set, change or remove
-- an alias.
create function private.save_needs_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_kind text := p ->> 'protection';
	v_faults text[] := array_remove(array[
		case when length(p ->> 'access_needs') > 2000 then 'access_needs' end,
		case when length(p ->> 'note') > 2000 then 'note' end,
		case when v_kind not in ('none', 'alias', 'talk_first') then 'protection' end,
		case when p ? 'no_photographs' and p -> 'no_photographs' not in ('true', 'false')
			then 'no_photographs' end,
		case when p ? 'emergency_contact' and not private.is_sealed_contact(p -> 'emergency_contact')
			then 'emergency_contact' end], null);
begin
	if p_r.person_id is distinct from private.me()
		and p ?| array['protection', 'alias', 'real_name_sealed', 'key_id', 'no_photographs', 'emergency_contact'] then
		return array['protection'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	if v_kind = 'alias' then
		v_faults := private.set_alias(p_r.person_id, p);
	elsif v_kind is not null and private.has_alias(p_r.person_id) then
		v_faults := private.remove_alias(p_r, p);
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	-- Setting or removing an alias can give the person another id.
	select r.person_id into p_r.person_id from public.registrations as r where r.id = p_r.id;
	if v_kind = 'none' then
		delete from private.protections as x where x.person_id = p_r.person_id;
	elsif v_kind = 'talk_first' then
		-- A sent registration may be decided any day: safeguarding hears of the wish at once.
		if p_r.state <> 'draft' and not exists (select from private.protections as x where x.person_id = p_r.person_id) then
			perform private.mail_safeguarding_leads(p_r.summit_id);
		end if;
		insert into private.protections as x (person_id, kind)
		values (p_r.person_id, 'talk_first')
		on conflict (person_id) do update set kind = 'talk_first', real_name_sealed = null, key_id = null;
	end if;
	if p ? 'no_photographs' then
		update private.protections as x
		set no_photographs = (p ->> 'no_photographs')::boolean
		where x.person_id = p_r.person_id;
		insert into public.person_preferences as x (person_id, no_photographs)
		values (p_r.person_id, (p ->> 'no_photographs')::boolean)
		on conflict (person_id) do update set no_photographs = excluded.no_photographs, updated_at = now();
	end if;
	if p ? 'emergency_contact' then
		perform private.save_emergency_contact(p_r.id, p -> 'emergency_contact');
	end if;
	insert into public.registration_needs as d (registration_id, person_id, access_needs, note)
	values (p_r.id, p_r.person_id, coalesce(p ->> 'access_needs', ''), coalesce(p ->> 'note', ''))
	on conflict (registration_id) do update
	set updated_at = now(),
		access_needs = coalesce(p ->> 'access_needs', d.access_needs),
		note = coalesce(p ->> 'note', d.note);
	return '{}';
end
$$;
