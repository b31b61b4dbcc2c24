-- The locks under which seats change. Each mode of a Summit is one advisory lock, held by everything that counts its
-- seats. So the rows of capacities, members and pools need no locks, and a change of settings cannot wait for a seat
-- that waits for it. Lock order: modes, then registrations by id, then orders.

-- Locks one mode of a Summit until the end of the transaction.
create function private.lock_mode(p_summit uuid, p_mode public.attendance_mode) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- A snapshot that is older than the lock would miss the seats that were given before the lock was free.
	if current_setting('transaction_isolation') <> 'read committed' then
		raise sqlstate 'PT409' using message = 'seats change only in read committed transactions';
	end if;
	perform pg_advisory_xact_lock(hashtextextended('seats:' || p_summit || p_mode, 0));
end
$$;

-- Locks both modes of the Summits, always in the same order.
create function private.lock_modes(variadic p_summits uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	for v_summit in
		select distinct summit from unnest(p_summits) as summit where summit is not null order by summit
	loop
		perform private.lock_mode(v_summit, 'in_person');
		perform private.lock_mode(v_summit, 'virtual');
	end loop;
end
$$;

-- Answers a registration that the caller may change (their own, or as a registration organiser once it was sent), with
-- both modes and the row locked; null for all others. The caller is recorded as acting for its person.
create function private.lock_own_registration(p_registration uuid) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r
	from public.registrations as r
	where r.id = p_registration
		and (r.person_id in (select private.my_people('registration'))
			or r.state <> 'draft' and private.has_role(r.summit_id, 'registration'));
	if found then
		perform private.lock_modes(v_r.summit_id);
		select * into v_r from public.registrations as r where r.id = p_registration for no key update;
		perform private.set_audit_context(v_r.person_id);
	end if;
	return v_r;
end
$$;
