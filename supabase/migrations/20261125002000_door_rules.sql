-- What the door says of people. Its checkpoints, devices, answers and scans stand in files of their own.

create index presence_at_door on public.presence (person_id, summit_id, checkpoint) where kind = 'door';

-- Nobody may photograph: chosen as a setting, by protection, or by not agreeing when asked.
create function private.no_photographs(p_person uuid, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.person_preferences where person_id = p_person and no_photographs)
		or exists (select from private.protections where person_id = p_person and no_photographs)
		or exists (select from public.consents as c join public.consent_items as i on i.id = c.item_id
			where c.registration_id = p_registration and i.key = 'photographs' and (c.given_at is null or c.withdrawn_at is not null))
$$;
