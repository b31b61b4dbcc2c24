-- Asks once who the caller is.
-- Asks to open the name of the person with this reference. `reason_sealed`: in hex, sealed by the app. ok | already: the
-- caller's own request is open | no_alias: nothing is sealed | not_found | not_allowed: in another role or at another
-- time | invalid.
create or replace function public.ask_reveal(summit uuid, reference text, reason_sealed text, key_id text)
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

-- Asks to open the names that a list for the host state withholds: by who asked for the list. Answers as ask_reveal;
-- no_alias: nobody is withheld.
create or replace function public.ask_host_list_reveal(summit uuid, list uuid, reason_sealed text, key_id text)
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

-- Who asked takes a request back before the name was opened. Answers ok or none.
create or replace function public.withdraw_reveal(reveal uuid) returns public.ok_or_none
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
