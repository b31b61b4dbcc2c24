-- Opening a name once, telling the person, and the list of reveals.

-- Records that a name is opened now, and tells the person as they chose. Called before the name is answered.
create function private.record_revealed(p_reveal private.name_reveals, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_contact public.reveal_contact := coalesce(
		(select c.contact from private.reveal_contacts as c where c.person_id = p_person), 'mail');
begin
	perform audit.record_event('name.revealed', p_reveal.id::text, p_reveal.summit_id, p_person, '{}');
	insert into private.revealed_people (reveal_id, person_id, contact, told_at)
	values (p_reveal.id, p_person, v_contact, case v_contact when 'mail' then now() end);
	if v_contact = 'mail' then
		perform private.enqueue_mail(p_person, 'name_revealed', jsonb_build_object('role', p_reveal.asked_as),
			p_reveal.summit_id, format('revealed:%s:%s', p_reveal.id, p_person));
	end if;
end
$$;

-- Opens the name, once: for who asked, still in their role, with a passkey, within the hour after the confirmation. The
-- record is written in the same transaction before. Locks the reveal. {status: ok | not_found | wrong_state,
-- display_name, reference, real_name: {sealed (hex), key_id}}. The app opens the seal.
create function public.show_revealed_name(reveal uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
	v_protection private.protections;
begin
	select * into v_reveal from private.name_reveals as x where x.id = reveal and x.person_id is not null for update;
	if not found
		or v_reveal.asked_by is distinct from private.me()
		or not private.has_role(v_reveal.summit_id, v_reveal.asked_as)
	then
		return jsonb_build_object('status', 'not_found');
	end if;
	select * into v_protection from private.protections as x where x.person_id = v_reveal.person_id;
	if v_reveal.state <> 'confirmed' or v_reveal.expires_at <= now() or v_protection.real_name_sealed is null then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_reveal.person_id);
	update private.name_reveals as x set state = 'shown', shown_at = now() where x.id = reveal returning * into v_reveal;
	perform private.record_revealed(v_reveal, v_reveal.person_id);
	perform private.notify_reveal(v_reveal);
	return jsonb_build_object(
		'status', 'ok',
		'display_name', (select p.display_name from public.people as p where p.id = v_reveal.person_id),
		'reference', (select r.reference
			from public.registrations as r
			where r.person_id = v_reveal.person_id and r.summit_id = v_reveal.summit_id
			order by r.created_at desc
			limit 1),
		'real_name', jsonb_build_object(
			'sealed', encode(v_protection.real_name_sealed, 'hex'), 'key_id', v_protection.key_id));
end
$$;
grant execute on function public.show_revealed_name(uuid) to authenticated;

-- The confirmed reveal of a list for the host state, now opened for all whom the list withheld; null without one.
create function private.take_host_list_reveal(p_list uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	update private.name_reveals as x set state = 'shown', shown_at = now()
	where x.host_list_id = p_list and x.state = 'confirmed' and x.expires_at > now()
	returning * into v_reveal;
	if not found then return null; end if;
	perform private.record_revealed(v_reveal, r.person_id)
	from private.host_list_registrations(v_reveal.summit_id, true) as r
	join private.protections as x on x.person_id = r.person_id and x.real_name_sealed is not null;
	perform private.notify_reveal(v_reveal);
	return v_reveal.id;
end
$$;

-- Marks that a person was told by a lead. Answers ok or none.
create function public.mark_reveal_told(reveal uuid, person uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.revealed_people as x set told_at = now(), told_by = private.me()
	from private.name_reveals as r
	where x.reveal_id = reveal and x.person_id = person and x.told_at is null and r.id = x.reveal_id
		and private.has_role(r.summit_id, 'safeguarding');
	if not found then return 'none'; end if;
	return 'ok';
end
$$;
grant execute on function public.mark_reveal_told(uuid, uuid) to authenticated;

-- The reveals of a Summit, the newest first: all of them for leads, their own for the help desk; null for others.
-- [{id, display_name, reference, list: {recipient, purpose, withheld}, state, is_expired, asked_as, asked_by, asked_at,
-- expires_at, decided_by, decided_at, shown_at, is_mine, may_decide, may_show, reason_sealed, key_id, untold:
-- [{person_id, display_name}]}]. Nobody reads one that is about themselves.
create function public.list_reveals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', x.id,
		'display_name', (select p.display_name from public.people as p where p.id = x.person_id),
		'reference', (select r.reference
			from public.registrations as r
			where r.person_id = x.person_id and r.summit_id = x.summit_id
			order by r.created_at desc
			limit 1),
		'list', (select jsonb_build_object('recipient', l.recipient, 'purpose', l.purpose,
				'withheld', coalesce(l.withheld, (select count(*) from private.host_list_registrations(l.summit_id, true))))
			from private.host_lists as l
			where l.id = x.host_list_id),
		'state', x.state,
		'is_expired', x.state in ('asked', 'confirmed') and x.expires_at <= now(),
		'asked_as', x.asked_as,
		'asked_by', (select p.display_name from public.people as p where p.id = x.asked_by),
		'asked_at', private.iso(x.asked_at),
		'expires_at', private.iso(x.expires_at),
		'decided_by', (select p.display_name from public.people as p where p.id = x.decided_by),
		'decided_at', private.iso(x.decided_at),
		'shown_at', private.iso(x.shown_at),
		'is_mine', x.asked_by = me.id,
		'may_decide', me.is_lead and x.state = 'asked' and x.expires_at > now() and private.is_second_person(x.asked_by),
		'may_show', x.person_id is not null and x.state = 'confirmed' and x.expires_at > now() and x.asked_by = me.id,
		'reason_sealed', encode(x.reason_sealed, 'hex'),
		'key_id', x.key_id,
		'untold', case when me.is_lead then (
			select coalesce(jsonb_agg(jsonb_build_object('person_id', p.id, 'display_name', p.display_name)
				order by p.display_name), '[]')
			from private.revealed_people as told
			join public.people as p on p.id = told.person_id
			where told.reveal_id = x.id and told.told_at is null) else '[]' end)
		order by x.asked_at desc), '[]')
	from (select private.me() as id, private.has_role(list_reveals.summit, 'safeguarding') as is_lead) as me
	join private.name_reveals as x
		on x.summit_id = list_reveals.summit
		and (me.is_lead or x.asked_by = me.id)
		and (x.person_id is null or x.person_id not in (select private.my_people()))
	where me.is_lead or private.has_role(list_reveals.summit, 'registration')
$$;
grant execute on function public.list_reveals(uuid) to authenticated;

-- How the reader wants to be told of a reveal; null without an alias. Only they read it.
create function public.my_reveal_contact() returns public.reveal_contact
language sql stable security definer set search_path = '' as $$
	select coalesce((select c.contact from private.reveal_contacts as c where c.person_id = me.id), 'mail')
	from (select private.me() as id) as me
	where private.has_alias(me.id)
$$;
grant execute on function public.my_reveal_contact() to authenticated;

-- Saves it. Answers ok, or not_allowed without an alias.
create function public.save_reveal_contact(contact public.reveal_contact) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or not private.has_alias(v_me) then return 'not_allowed'; end if;
	if contact is null then return 'invalid'; end if;
	perform private.set_audit_context(v_me);
	insert into private.reveal_contacts as c (person_id, contact) values (v_me, save_reveal_contact.contact)
	on conflict (person_id) do update set contact = excluded.contact;
	return 'ok';
end
$$;
grant execute on function public.save_reveal_contact(public.reveal_contact) to authenticated;
