-- The help desk: finding people, and what safeguarding learns of searches for protected people.

-- The person whom the desk finds by an address: never a person under an alias, because that would connect the two. A
-- protected person's address leads to the person whom the desk registered with it, as if nobody else had it.
create function private.find_desk_person(p_hash bytea) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id
	from private.person_addresses as a
	where (a.address_hash = p_hash or a.typed_hash = p_hash) and not private.has_alias(a.person_id)
$$;

-- [{id, reference, display_name, affiliation, category, mode, state, badge: {id, prints, printed_at} | null}], 20 at
-- most; null for all but registration organisers. Finds people by part of their display name, a reference, a badge (also an old
-- one) or an address. Every address is recorded in desk_lookups.
create function public.find_desk_registrations(summit uuid, query text default '', badge uuid default null,
	address_hash text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hash bytea := case when find_desk_registrations.address_hash ~ '^[0-9a-f]{64}$' then
		decode(find_desk_registrations.address_hash, 'hex') end;
	v_words text[] := private.desk_search_patterns(find_desk_registrations.query);
	v_badge_code text := upper(regexp_replace(coalesce(find_desk_registrations.query, ''), '[^A-Za-z0-9]', '', 'g'));
begin
	if not private.has_role(find_desk_registrations.summit, 'registration') then return null; end if;
	if v_hash is not null then
		insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
		values (find_desk_registrations.summit, private.me(), v_hash, 'search');
	end if;
	return (with found as (
			select r.*, p.display_name, p.affiliation
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			where r.summit_id = find_desk_registrations.summit and r.state <> 'draft'
				and case
					when find_desk_registrations.badge is not null then r.id = (select b.registration_id
						from public.badges as b
						where b.id = find_desk_registrations.badge and b.summit_id = r.summit_id)
					when find_desk_registrations.address_hash is not null
						then r.person_id = private.find_desk_person(v_hash)
					else v_words <> '{}'
						and (private.fold_for_search(concat_ws(' ', p.display_name, r.reference,
							p.affiliation)) like all (v_words)
							or length(v_badge_code) = 12
								and r.id = (select b.registration_id
									from public.badges as b
									where b.badge_code = v_badge_code and b.summit_id = r.summit_id)) end
			order by (r.state not in ('declined', 'withdrawn', 'expired')) desc,
				private.fold_for_search(p.display_name), r.id
			limit 20
		)
		select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'reference', f.reference,
			'display_name', f.display_name, 'affiliation', f.affiliation, 'category', f.category, 'mode', f.mode,
			'state', f.state,
			'badge', (select private.badge_prints_json(b)
				from public.badges as b
				where b.registration_id = f.id and b.revoked_at is null))), '[]')
		from found as f);
end
$$;
grant execute on function public.find_desk_registrations(uuid, text, uuid, text) to authenticated;

-- {badge: {id, issued_at, prints, printed_at} | null, sign_in: why the desk cannot sign them in, colleagues: [{id,
-- display_name}]} of one registration. Colleagues of the same member wait for a seat of this mode and could take this
-- one. Null for all but registration organisers.
create function public.read_desk_registration(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'badge', (select private.badge_prints_json(b) || jsonb_build_object('issued_at', private.iso(b.issued_at))
			from public.badges as b
			where b.registration_id = r.id and b.revoked_at is null),
		'sign_in', private.desk_sign_in_obstacle(r),
		'colleagues', (select coalesce(
				jsonb_agg(jsonb_build_object('id', o.id, 'display_name', p.display_name) order by q.rank), '[]')
			from public.queue_entries as q
			join public.registrations as o on o.id = q.registration_id
			join public.people as p on p.id = o.person_id
			where q.summit_id = r.summit_id and q.mode = r.mode and q.state = 'waiting' and o.member_id = r.member_id
				and o.id <> r.id and not private.has_alias(o.person_id) and not private.has_alias(r.person_id)))
	from public.registrations as r
	where r.id = read_desk_registration.registration and r.state <> 'draft'
		and private.has_role(r.summit_id, 'registration')
$$;
grant execute on function public.read_desk_registration(uuid) to authenticated;

insert into private.audited_tables (name, area) values ('sealed_lookups.read', 'protection');

-- [{id, at, kind, by, display_name, registration: {id, reference, display_name} | null}]: which addresses of protected
-- people the desk typed, for safeguarding alone; null for others. Every reading is audited.
create function public.list_sealed_lookups(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(list_sealed_lookups.summit, 'safeguarding') then return null; end if;
	perform audit.record_event('sealed_lookups.read', '', list_sealed_lookups.summit, null, null);
	return (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'at', private.iso(l.at), 'kind', l.kind,
			'by', (select b.display_name from public.people as b where b.id = l.by_id), 'display_name', p.display_name,
			'registration', (select jsonb_build_object('id', r.id, 'reference', r.reference,
					'display_name', q.display_name)
				from public.registrations as r
				join public.people as q on q.id = r.person_id
				where r.id = l.registration_id))
			order by l.at desc, l.id), '[]')
		from private.desk_lookups as l
		join private.person_addresses as a on a.address_hash = l.address_hash
		join public.people as p on p.id = a.person_id
		where l.summit_id = list_sealed_lookups.summit and private.has_alias(a.person_id));
end
$$;
grant execute on function public.list_sealed_lookups(uuid) to authenticated;

-- Writes to safeguarding when somebody was registered with a protected person's address. Runs each minute.
create function private.sweep_desk_lookups(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	for v_summit in
		with seen as (
			update private.desk_lookups as l set notified_at = p_now
			where l.kind = 'walk_in' and l.notified_at is null
			returning l.summit_id, l.address_hash
		)
		select distinct s.summit_id
		from seen as s
		join private.person_addresses as a on a.address_hash = s.address_hash
		where private.has_alias(a.person_id)
	loop
		perform private.mail_safeguarding_leads(v_summit);
	end loop;
end
$$;
