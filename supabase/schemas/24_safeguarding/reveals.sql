-- Asking for a reveal, confirming it, opening the name once, and telling the person.

insert into private.audited_tables (name, area) values ('name.revealed', 'protection');

-- Whether values from outside are a text that the app sealed, in hex, and the id of its key.
create function private.is_sealed_text(p_sealed text, p_key_id text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_sealed, '') ~ '^([0-9a-f]{2})+$' and length(p_sealed) between 56 and 8000 and coalesce(p_key_id, '') <> ''
$$;

-- Sends the other safeguarding leads to the list of reveals. A mail says nothing about whom.
create function private.notify_reveal(p_reveal private.name_reveals) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_lead uuid;
begin
	for v_lead in select h from private.role_holders('safeguarding', p_reveal.summit_id) as h loop
		perform private.publish_event('person:' || v_lead, 'reveals', p_reveal.id);
		if p_reveal.state = 'asked' and v_lead is distinct from p_reveal.asked_by then
			perform private.enqueue_mail(v_lead, 'reveal_asked', '{}', p_reveal.summit_id,
				format('reveal:%s:%s', p_reveal.id, v_lead), 1);
		end if;
	end loop;
	perform private.publish_event('person:' || p_reveal.asked_by, 'reveals', p_reveal.id);
end
$$;

-- In which role the caller may ask for the name of the person of a registration: safeguarding for everybody, the help
-- desk for somebody who comes to the door of a Summit that is live; null for nobody else, and never for oneself.
create function private.role_for_reveal(p_r public.registrations) returns public.organiser_role
language sql stable security definer set search_path = '' as $$
	select case
		when p_r.person_id in (select private.my_people()) then null
		when private.has_role(p_r.summit_id, 'safeguarding') then 'safeguarding'
		when private.has_role(p_r.summit_id, 'registration')
			and p_r.mode = 'in_person'
			and p_r.state in ('accredited', 'awaiting_payment', 'confirmed')
			and exists (select from public.summits as s where s.id = p_r.summit_id and s.state = 'live')
			then 'registration'
	end::public.organiser_role
$$;

-- Asks to open the name of the person with this reference. `reason_sealed`: in hex, sealed by the app. ok | already: the
-- caller's own request is open | no_alias: nothing is sealed | not_found | not_allowed: in another role or at another
-- time | invalid.
create function public.ask_reveal(summit uuid, reference text, reason_sealed text, key_id text)
	returns public.reveal_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_role public.organiser_role;
	v_reveal private.name_reveals;
begin
	if not private.has_role(summit, 'safeguarding', 'registration') then return 'not_allowed'; end if;
	if not private.is_sealed_text(reason_sealed, key_id) then return 'invalid'; end if;
	select * into v_r
	from public.registrations as r
	where r.summit_id = ask_reveal.summit and r.state <> 'draft' and r.reference = upper(btrim(ask_reveal.reference));
	if not found then return 'not_found'; end if;
	v_role := private.role_for_reveal(v_r);
	if v_role is null then return 'not_allowed'; end if;
	if not private.has_alias(v_r.person_id) then return 'no_alias'; end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_r.person_id);
	update private.name_reveals as x set state = 'withdrawn'
	where x.person_id = v_r.person_id and x.asked_by = (select private.me()) and x.state in ('asked', 'confirmed')
		and x.expires_at <= now();
	insert into private.name_reveals (summit_id, person_id, reason_sealed, key_id, asked_by, asked_as)
	values (summit, v_r.person_id, decode(ask_reveal.reason_sealed, 'hex'), ask_reveal.key_id, private.me(), v_role)
	on conflict do nothing
	returning * into v_reveal;
	if v_reveal.id is null then return 'already'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.ask_reveal(uuid, text, text, text) to authenticated;

-- Asks to open the names that a list for the host state withholds: by who asked for the list. Answers as ask_reveal;
-- no_alias: nobody is withheld.
create function public.ask_host_list_reveal(summit uuid, list uuid, reason_sealed text, key_id text)
	returns public.reveal_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
	v_reveal private.name_reveals;
begin
	if not private.has_role(summit, 'registration') then return 'not_allowed'; end if;
	if not private.is_sealed_text(reason_sealed, key_id) then return 'invalid'; end if;
	select * into v_list
	from private.host_lists as l
	where l.id = list and l.summit_id = ask_host_list_reveal.summit and l.asked_by = (select private.me())
		and l.state in ('asked', 'confirmed') and l.expires_at > now()
	for update;
	if not found then return 'not_found'; end if;
	if not exists (select from private.host_list_registrations(v_list.summit_id, true)) then return 'no_alias'; end if;
	perform private.require_confirmation();
	update private.name_reveals as x set state = 'withdrawn'
	where x.host_list_id = v_list.id and x.state in ('asked', 'confirmed') and x.expires_at <= now();
	-- As long as the list itself can be confirmed and taken.
	insert into private.name_reveals (summit_id, host_list_id, reason_sealed, key_id, asked_by, asked_as, expires_at)
	values (v_list.summit_id, v_list.id, decode(ask_host_list_reveal.reason_sealed, 'hex'), ask_host_list_reveal.key_id,
		private.me(), 'registration', v_list.expires_at)
	on conflict do nothing
	returning * into v_reveal;
	if v_reveal.id is null then return 'already'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.ask_host_list_reveal(uuid, uuid, text, text) to authenticated;

-- A second person confirms or refuses: a safeguarding lead, with their own passkey, whom it is not about. Locks the
-- reveal. ok | own: who asked cannot confirm | wrong_state: decided or expired | not_found.
create function public.decide_reveal(reveal uuid, confirmed boolean) returns public.second_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	select * into v_reveal from private.name_reveals as x where x.id = reveal for update;
	if not found
		or confirmed is null
		or not private.has_role(v_reveal.summit_id, 'safeguarding')
		or v_reveal.person_id in (select private.my_people())
	then
		return 'not_found';
	end if;
	if v_reveal.state <> 'asked' or v_reveal.expires_at <= now() then return 'wrong_state'; end if;
	if confirmed and not private.is_second_person(v_reveal.asked_by) then return 'own'; end if;
	if confirmed then perform private.require_confirmation(); end if;
	perform private.set_audit_context(v_reveal.person_id);
	update private.name_reveals as x
	set state = case when confirmed then 'confirmed' else 'refused' end, decided_by = private.me(), decided_at = now(),
		expires_at = case when x.host_list_id is null then now() + interval '1 hour' else x.expires_at end
	where x.id = reveal
	returning * into v_reveal;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.decide_reveal(uuid, boolean) to authenticated;

-- Who asked takes a request back before the name was opened. Answers ok or none.
create function public.withdraw_reveal(reveal uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reveal private.name_reveals;
begin
	update private.name_reveals as x set state = 'withdrawn'
	where x.id = reveal and x.asked_by = (select private.me()) and x.state in ('asked', 'confirmed')
	returning * into v_reveal;
	if not found then return 'none'; end if;
	perform private.notify_reveal(v_reveal);
	return 'ok';
end
$$;
grant execute on function public.withdraw_reveal(uuid) to authenticated;

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
