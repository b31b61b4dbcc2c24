-- People who take part in nothing any more: the warning, and the erasure after it.

-- Whether somebody is named in a published agenda: their name stays, as the agenda does.
create function private.is_in_agenda(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.release_people as rp where rp.person_id = p_person)
$$;

-- Whether there is anything left by which a person could be reached or, outside the agenda, named.
create function private.has_contact_data(p_person public.people) returns boolean
language sql stable security definer set search_path = '' as $$
	select (p_person).display_name <> '' and not private.is_in_agenda((p_person).id)
		or exists (select from private.person_addresses as a where a.person_id = (p_person).id)
		or exists (select from public.account_people as a where a.person_id = (p_person).id and a.relation = 'self')
$$;

-- The last sign of somebody who takes part in nothing any more; null for everybody else: who has a role, or a part, a
-- registration or a member's delegation at a Summit that is not closed. Certificates and consents name their person for
-- as long as they are kept.
create function private.last_sign_of(p_person uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	with summits as (
		select r.summit_id from public.registrations as r where r.person_id = p_person
		union
		select sp.summit_id from public.session_people as sp where sp.person_id = p_person
		union
		select f.summit_id from public.focal_points as f where f.person_id = p_person
	)
	select greatest(
		p.created_at,
		p.updated_at,
		(select max(private.closed_since(s.summit_id)) from summits as s),
		(select max(coalesce(u.last_sign_in_at, u.created_at))
			from public.account_people as a
			join auth.users as u on u.id = a.account_id
			where a.person_id = p_person),
		(select max(s.updated_at)
			from public.account_people as a
			join auth.sessions as s on s.user_id = a.account_id
			where a.person_id = p_person))
	from public.people as p
	where p.id = p_person
		and not private.holds_any_role(p_person)
		and not exists (select from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null)
		and not exists (select from private.reviewers as w where w.person_id = p_person and w.ended_at is null
			and private.closed_since(w.summit_id) is null)
		and not exists (select from summits as s where private.closed_since(s.summit_id) is null)
		and not exists (select from private.certificates as c where c.person_id = p_person)
		and not exists (select from public.consents as c where c.person_id = p_person)
$$;

-- Warns people a month before their account is erased, by mail: to sign in keeps it. At most so many at once; the rest
-- is warned an hour later.
create function private.warn_inactive_people(p_now timestamptz, p_limit integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before timestamptz := p_now + interval '30 days'
		- make_interval(days => private.retention_days('contact', null, p_now));
	v_person record;
begin
	if private.is_class_held('contact', null, p_now) then return; end if;
	for v_person in
		select p.id, sign.at as last_sign
		from public.people as p
		cross join lateral (select private.last_sign_of(p.id) as at offset 0) as sign
		left join private.inactivity_warnings as w on w.person_id = p.id
		where greatest(p.created_at, p.updated_at) <= v_before
			and exists (select from private.person_addresses as a where a.person_id = p.id)
			and sign.at <= v_before
			and coalesce(w.last_sign_at < sign.at, true)
			and not private.is_person_held(p.id, p_now)
		limit p_limit
		for update of p skip locked
	loop
		insert into private.inactivity_warnings as w (person_id, last_sign_at, warned_at)
		values (v_person.id, v_person.last_sign, p_now)
		on conflict (person_id) do update
			set last_sign_at = excluded.last_sign_at, warned_at = excluded.warned_at;
		perform private.enqueue_mail(v_person.id, 'account_inactive', jsonb_build_object(
			'since', private.iso(v_person.last_sign), 'erased_on', private.iso(p_now + interval '30 days')));
	end loop;
end
$$;

-- Whether an inactive person can be erased: a month after the warning, at once where nobody could be warned. A warning
-- from before their last sign does not count.
create function private.is_warning_over(p_person uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.person_addresses as a where a.person_id = p_person)
		or exists (
			select from private.inactivity_warnings as w
			where w.person_id = p_person
				and w.warned_at <= p_now - interval '30 days'
				and w.last_sign_at >= private.last_sign_of(p_person))
$$;

-- Erases somebody who takes part in nothing any more. Who is named in a published agenda loses the account, the keys
-- to it and the addresses. Locks as an erasure does, then looks again: they may have come back.
create function private.erase_inactive_person(p_id uuid, p_before timestamptz, p_now timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person public.people;
	v_hashes bytea[];
begin
	perform from public.registrations as r where r.person_id = p_id order by r.id for no key update;
	select * into v_person from public.people as p where p.id = p_id for update;
	if not found
		or coalesce(private.last_sign_of(p_id) > p_before, true)
		or not private.has_contact_data(v_person)
		or not private.is_warning_over(p_id, p_now)
		or private.is_person_held(p_id, p_now) then
		return false;
	end if;
	if private.is_in_agenda(p_id) then
		v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_id);
		delete from auth.users as u
		using public.account_people as a
		where a.person_id = p_id and a.relation = 'self' and u.id = a.account_id;
		perform private.delete_rows_by_address(p_id, v_hashes);
		delete from private.person_addresses as a where a.person_id = p_id;
		delete from private.passkeys as k where k.person_id = p_id;
		delete from private.recovery_codes as k where k.person_id = p_id;
	else
		perform private.erase_person(p_id);
	end if;
	return true;
end
$$;
