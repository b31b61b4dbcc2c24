-- Asking for a reveal, and confirming it.

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
