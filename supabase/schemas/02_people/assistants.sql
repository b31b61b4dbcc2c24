-- Assistants: the right to act for a person is offered to a mail address, accepted by its holder, and read and ended by
-- either of them.

-- Keeps the address by which an assistant was asked.
create function private.save_assistant_address(p_account uuid, p_person uuid, p_sealed bytea, p_key_id text)
	returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.assistant_addresses as x (account_people_id, address_sealed, key_id)
	select l.id, p_sealed, p_key_id
	from public.account_people as l
	where l.account_id = p_account
		and l.person_id = p_person
		and l.relation = 'assistant'
		and p_sealed is not null
	on conflict (account_people_id) do update set address_sealed = excluded.address_sealed, key_id = excluded.key_id
$$;

-- Offers the holder of an address to act for the account's person, and mails them; known and unknown addresses get the
-- same answer. Answers ok | own (the person's address) | invalid (scope or end) | limited (ten open offers, or ten a
-- day). Locks by person, so that the limits hold.
create function private.invite_assistant(
	p_account uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text, p_scope text, p_until timestamptz,
	p_locale text
) returns private.assistant_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_offer uuid;
begin
	select l.person_id into v_person from public.account_people as l
		where l.account_id = p_account and l.relation = 'self';
	if v_person is null
		or p_scope not in ('all', 'registration', 'speaking')
		or p_until is null
		or p_until <= now()
		or p_until > now() + interval '2 years' then
		return 'invalid';
	end if;
	if exists (select from private.person_addresses as a
		where a.person_id = v_person and a.address_hash = p_address_hash) then
		return 'own';
	end if;
	perform pg_advisory_xact_lock(hashtextextended(v_person::text, 3));
	delete from private.assistant_invitations as o where o.person_id = v_person and o.until <= now();
	if (select count(*) from private.assistant_invitations as o where o.person_id = v_person) >= 10
		or (select count(*)
			from private.outbox as m
			where m.template = 'assistant_asked'
				and m.idempotency_key like 'acting:' || v_person || ':%'
				and m.created_at > now() - interval '1 day') >= 10 then
		return 'limited';
	end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.assistant_invitations as o (person_id, address_hash, address_sealed, key_id, scope, until)
	values (v_person, p_address_hash, p_address_sealed, p_key_id, p_scope, p_until)
	on conflict (person_id, address_hash) do update
		set scope = excluded.scope, until = excluded.until, created_at = now()
	returning o.id into v_offer;
	perform private.enqueue_address_mail('assistant_asked', p_address_sealed, p_key_id, p_locale,
		p_once => 'acting:' || v_person || ':' || v_offer || ':' || extract(epoch from now()),
		p_priority => 9);
	return 'ok';
end
$$;
grant execute on function private.invite_assistant(uuid, bytea, bytea, text, text, timestamptz, text) to app_server;

-- The open offers of the account's person, with the address as they typed it, sealed.
create function private.list_assistant_invitations(p_account uuid)
	returns table (id uuid, address_sealed bytea, key_id text, scope text, until timestamptz)
language sql stable security definer set search_path = '' as $$
	select o.id, o.address_sealed, o.key_id, o.scope, o.until
	from private.assistant_invitations as o
	join public.account_people as l on l.person_id = o.person_id and l.relation = 'self'
	where l.account_id = p_account and o.until > now()
	order by o.created_at
$$;
grant execute on function private.list_assistant_invitations(uuid) to app_server;

-- The holder of the address accepts or declines. Answers ok | unknown.
create function public.answer_assistant_invitation(offer uuid, accept boolean) returns public.ok_or_unknown
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_offer private.assistant_invitations;
begin
	delete from private.assistant_invitations as o
	where o.id = offer and o.until > now() and o.person_id <> (select private.me())
		and o.address_hash in (select a.address_hash from private.person_addresses as a
			where a.person_id = (select private.me()) and a.verified_at is not null)
	returning * into v_offer;
	if not found then return 'unknown'; end if;
	if accept then
		insert into public.account_people as l (account_id, person_id, relation, scope, until)
		values (private.account(), v_offer.person_id, 'assistant', v_offer.scope, v_offer.until)
		on conflict (account_id, person_id) do update set scope = excluded.scope, until = excluded.until
			where l.relation = 'assistant';
		perform private.save_assistant_address(
			private.account(), v_offer.person_id, v_offer.address_sealed, v_offer.key_id);
	end if;
	perform private.publish_event('person:' || private.me(), 'rights');
	return 'ok';
end
$$;
grant execute on function public.answer_assistant_invitation(uuid, boolean) to authenticated;

-- {for_me: who acts for the reader, by the sealed address that was typed (the name only of who was not asked by
-- address), i_for: for whom the reader acts, asked: who asks the reader to act}
create function public.list_assistants() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'for_me', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', a.id,
				'display_name', case when x.account_people_id is null then p.display_name end,
				'address_sealed', encode(x.address_sealed, 'hex'),
				'key_id', x.key_id,
				'scope', a.scope,
				'until', a.until) order by a.created_at, a.id), '[]')
			from public.account_people as a
			left join private.assistant_addresses as x on x.account_people_id = a.id
			join public.account_people as self on self.account_id = a.account_id and self.relation = 'self'
			join public.people as p on p.id = self.person_id
			where a.person_id = (select private.me())
				and a.relation = 'assistant'
				and (a.until is null or a.until > now())),
		'i_for', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', a.id,
				'display_name', p.display_name,
				'scope', a.scope,
				'until', a.until) order by p.display_name), '[]')
			from public.account_people as a
			join public.people as p on p.id = a.person_id
			where a.account_id = (select private.account())
				and a.relation = 'assistant'
				and (a.until is null or a.until > now())),
		'asked', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', o.id,
				'display_name', p.display_name,
				'scope', o.scope,
				'until', o.until) order by p.display_name), '[]')
			from private.assistant_invitations as o
			join public.people as p on p.id = o.person_id
			where o.until > now()
				and o.person_id <> (select private.me())
				and o.address_hash in (select d.address_hash
					from private.person_addresses as d
					where d.person_id = (select private.me()) and d.verified_at is not null)))
$$;
grant execute on function public.list_assistants() to authenticated;

-- Ends the right to act, from either side, or takes an offer back. Answers ok, or unknown for the rows of others.
create function public.remove_assistant(acting uuid) returns public.ok_or_unknown
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.account_people;
	v_assistant uuid;
begin
	delete from private.assistant_invitations where id = acting and person_id = (select private.me());
	if found then return 'ok'; end if;
	delete from public.account_people
	where id = acting and relation = 'assistant'
		and (person_id = (select private.me()) or account_id = (select private.account()))
	returning * into v_row;
	if not found then return 'unknown'; end if;
	select person_id into v_assistant from public.account_people
		where account_id = v_row.account_id and relation = 'self';
	perform private.publish_event('person:' || v_assistant, 'rights');
	return 'ok';
end
$$;
grant execute on function public.remove_assistant(uuid) to authenticated;
