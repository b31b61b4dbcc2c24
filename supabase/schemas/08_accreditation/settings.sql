-- The settings of the accreditation desk.

-- Gives every new Summit its settings.
create function private.insert_accreditation_settings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	insert into public.accreditation_settings (summit_id) values (new.id) on conflict do nothing;
	return null;
end
$$;
create trigger insert_accreditation_settings after insert on public.summits for each row
	execute function private.insert_accreditation_settings();

-- Saves the settings. Only an owner may: organisers who decide must not be able to remove the second person. Answers
-- ok, invalid or not_allowed.
create function public.save_accreditation_settings(summit uuid, settings jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	begin
		update public.accreditation_settings as s
		set second_person_for = array(
				select distinct c::public.registration_category
				from jsonb_array_elements_text(settings -> 'second_person_for') as c
				order by 1),
			second_person_decisions = array(
				select distinct d
				from jsonb_array_elements_text(settings -> 'second_person_decisions') as d
				order by 1),
			checked_fields = array(
				select distinct f
				from jsonb_array_elements_text(settings -> 'checked_fields') as f
				order by 1),
			pauses_rights = (settings ->> 'pauses_rights')::boolean,
			aim_days = (settings ->> 'aim_days')::integer,
			updated_at = now()
		where s.summit_id = summit;
	exception when data_exception or integrity_constraint_violation then
		return 'invalid';
	end;
	perform private.publish_event('organise:' || summit, 'settings');
	return 'ok';
end
$$;
grant execute on function public.save_accreditation_settings(uuid, jsonb) to authenticated;
