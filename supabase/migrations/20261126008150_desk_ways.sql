-- The desk's code opens an account, and with it whatever that account may do for others: where one of them is protected, that too is
-- safeguarding's to open.
create or replace function private.desk_sign_in_obstacle(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	with reached as (
		select p_r.person_id
		union select other.person_id from public.account_people as own join public.account_people as other on other.account_id = own.account_id
		where own.person_id = p_r.person_id and own.relation = 'self' and (other.until is null or other.until > now())
	)
	select case when p_r.person_id in (select private.my_people('registration')) then 'own'
		when exists (select from public.role_grants as g where g.person_id = p_r.person_id and g.ended_at is null) then 'organiser'
		when exists (select from private.protections as x where x.person_id in (select person_id from reached)) and not private.has_role(p_r.summit_id, 'safeguarding') then 'safeguarding'
		when not exists (select from private.person_addresses as a where a.person_id = p_r.person_id) then 'no_address' end
$$;
