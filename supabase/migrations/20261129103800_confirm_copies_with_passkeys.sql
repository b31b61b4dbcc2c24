-- Whether a protected person has to sign in once more first: a copy says who they are. Who has a passkey is asked for it
-- instead (private.require_confirmation).
create or replace function private.confirms_copy(p_person uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
	if not exists (select from private.protections as x where x.person_id = p_person) then return false; end if;
	if private.needs_passkey(p_person) then
		perform private.require_confirmation();
		return false;
	end if;
	return not private.is_freshly_signed_in();
end
$$;
