-- The guardian of a minor who takes part can be erased: until now a constraint refused it.

-- Takes from a registration what is not needed to count it.
create or replace function private.empty_registration(p_registration uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.delete_rows_about('public.registrations', p_registration);
	update public.registrations as r
	set languages = '{}', is_minor = false, guardian_id = null, guardian_consent_at = null, updated_at = now()
	where r.id = p_registration;
	-- A minor who was sent or confirmed keeps the reference to what is now an empty registration: without any guardian
	-- the row could not stand, and one whose registration has ended allows nothing (17_participation/guardians.sql).
	update public.registrations as r set guardian_id = null, guardian_consent_at = null
	where r.guardian_id = p_registration and r.state in ('draft', 'declined', 'withdrawn', 'expired');
	update public.registration_steps as s set reason = '' where s.reason <> '' and s.registration_id = p_registration;
	update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
	where b.revoked_at is null and b.registration_id = p_registration;
end
$$;

