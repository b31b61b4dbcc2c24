-- Legal holds: who may place and end one, and what is held.

-- Whether a class of data of a Summit is held at a time. A registration takes rows of other classes with it, so it
-- waits for a hold on any of them.
create function private.is_class_held(p_class text, p_summit uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.legal_holds as h
		where (h.class = p_class or p_class = 'registrations' and h.class is not null)
			and (h.summit_id is null or h.summit_id = p_summit)
			and h.ended_at is null
			and (h.until is null or h.until > p_now))
$$;

-- Whether a person is held: by a hold on them, or by one on a class in which there are rows about them.
create function private.is_person_held(p_person uuid, p_now timestamptz) returns boolean
language plpgsql stable security definer set search_path = '' as $$
declare
	v_hold private.legal_holds;
	v_rule private.retention_rules;
	v_is_held boolean;
begin
	if p_person = any (private.held_people(p_now)) then return true; end if;
	for v_hold in
		select * from private.legal_holds as h
		where h.class is not null and h.ended_at is null and (h.until is null or h.until > p_now)
	loop
		-- Names and addresses have no Summit of their own.
		if v_hold.class = 'contact' and (v_hold.summit_id is null or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = v_hold.summit_id)) then
			return true;
		end if;
		for v_rule in
			select * from private.retention_rules as r
			where r.class = v_hold.class and r.people is not null and r.summit is not null
		loop
			execute format('select exists (select from %s as t where $1 = any (%s) and ($2 is null or %s = $2))',
				v_rule.table_name, v_rule.people, v_rule.summit)
			into v_is_held
			using p_person, v_hold.summit_id;
			if v_is_held then return true; end if;
		end loop;
	end loop;
	return false;
end
$$;

-- Places a hold on a class of data of the Summit, or with `reference` on the person of that registration. For owners
-- and safeguarding.
create function public.place_legal_hold(
	summit uuid, class text, reference text, reason text, until timestamptz default null
) returns public.legal_hold_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_class text := nullif(class, '');
	v_reference text := nullif(upper(btrim(reference)), '');
	v_person uuid;
begin
	if summit is null or not private.has_role(summit, 'owner', 'safeguarding') then return 'not_allowed'; end if;
	if num_nonnulls(v_class, v_reference) <> 1
		or v_class is not null and not exists (select from private.retention_classes as c
			where c.code = v_class and c.min_days < c.max_days)
		or length(btrim(coalesce(reason, ''))) not between 3 and 1000
		or until <= now() then
		return 'invalid';
	end if;
	if v_reference is not null then
		select r.person_id into v_person from public.registrations as r
		where r.summit_id = place_legal_hold.summit and upper(r.reference) = v_reference;
		if not found then return 'unknown'; end if;
		perform private.set_audit_context(v_person);
	end if;
	perform private.lock_retention();
	insert into private.legal_holds (via_summit_id, class, summit_id, person_id, reason, until, placed_by)
	values (summit, v_class, case when v_class is not null then summit end, v_person, btrim(reason),
		place_legal_hold.until, private.me());
	return 'ok';
end
$$;
grant execute on function public.place_legal_hold(uuid, text, text, text, timestamptz) to authenticated;

-- Ends a hold.
create function public.end_legal_hold(hold uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.lock_retention();
	update private.legal_holds as h set ended_at = now(), ended_by = private.me()
	where h.id = hold and h.ended_at is null and private.has_role(h.via_summit_id, 'owner', 'safeguarding');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.end_legal_hold(uuid) to authenticated;
