-- Safeguarding hears at once of somebody who asks, after sending, to talk to them first.
create or replace function private.save_needs_step(p_r public.registrations, p jsonb) returns text[]
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
