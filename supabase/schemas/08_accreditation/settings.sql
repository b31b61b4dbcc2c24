-- What an owner sets for the accreditation desk of a Summit.

-- Every Summit has its row.
create function private.begin_accreditation() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	insert into public.accreditation_settings (summit_id) values (new.id) on conflict do nothing;
	return null;
end
$$;

create trigger begin_accreditation after insert on public.summits for each row
	execute function private.begin_accreditation();

-- Only an owner: whoever decides must not be able to take the second person away. Answers ok, invalid or not_allowed.
create function public.save_accreditation_settings(summit uuid, settings jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	begin
		update public.accreditation_settings as s
		set second_person_for = array(select distinct c::public.registration_category
			from jsonb_array_elements_text(settings -> 'second_person_for') as c order by 1),
			second_person_decisions = array(select distinct d
				from jsonb_array_elements_text(settings -> 'second_person_decisions') as d order by 1),
			vetted = array(select distinct f from jsonb_array_elements_text(settings -> 'vetted') as f order by 1),
			pauses_rights = (settings ->> 'pauses_rights')::boolean, aim_days = (settings ->> 'aim_days')::integer,
				updated_at = now()
		where s.summit_id = summit;
	exception when data_exception or integrity_constraint_violation then return 'invalid';
	end;
	perform private.tell('organise:' || summit, 'settings');
	return 'ok';
end
$$;
grant execute on function public.save_accreditation_settings(uuid, jsonb) to authenticated;

-- Whether two people decide this together. A change after accreditation is confirmed as an accreditation is.
create function private.needs_second(p_r public.registrations, p_decision text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.accreditation_settings as s
		where s.summit_id = p_r.summit_id and p_r.category = any (s.second_person_for)
		and case p_decision when 'revet' then 'accredit' else p_decision end = any (s.second_person_decisions))
$$;
