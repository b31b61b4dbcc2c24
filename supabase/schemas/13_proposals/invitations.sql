-- Inviting people to a proposal: each by a personal link that works once, expires, and is bound to one mail address
-- (Rule 8).

-- Whether people can be invited to a proposal now: while the call is open for its owner.
create function private.may_invite_to_proposal(p private.proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.call_window(p.summit_id, p.owner_id) in ('open', 'late')
$$;

-- How many invitations somebody sent in the last 24 hours.
create function private.count_invitations_today(p_person uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from private.proposal_people as e, unnest(e.sent_at) as sent
	where e.invited_by = p_person
		and sent > now() - interval '1 day'
$$;

-- Adds somebody to a proposal and sends the invitation. Roles: speaker, chair, moderator, respondent. Answers ok |
-- already | invalid | limited (20 people, or 60 mails a day) | closed | not_found, independent of who holds the
-- address. Locks the proposal.
create function public.invite_to_proposal(
	proposal uuid,
	role public.session_role,
	is_author boolean,
	display_name text,
	letter jsonb
) returns public.proposal_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_author uuid := private.acting_author_of(proposal);
	v_id uuid;
	v_name text := private.one_line(display_name);
begin
	select * into v from private.proposals as p where p.id = proposal and v_author is not null for no key update;
	if not found then return 'not_found'; end if;
	if v.state = 'withdrawn' or not private.may_invite_to_proposal(v) then return 'closed'; end if;
	if not private.is_sealed_invitation(letter)
		or role is null
		or role not in ('speaker', 'chair', 'moderator', 'respondent')
		or length(v_name) not between 1 and 120 then
		return 'invalid';
	end if;
	-- Only invitations without an answer count. An address whose holder accepted before is not revealed: the mail is
	-- sent, and its holder reads that they are in the proposal already.
	if exists (
		select
		from private.proposal_people as e
		where e.proposal_id = v.id
			and e.state = 'invited'
			and e.address_hash = decode(letter ->> 'address_hash', 'hex')
	) then
		return 'already';
	end if;
	if (
			select count(*)
			from private.proposal_people as e
			where e.proposal_id = v.id and e.state <> 'declined'
		) >= 20
		or private.count_invitations_today(v_author) >= 60 then
		return 'limited';
	end if;
	perform private.set_audit_principal(v_author);
	insert into private.proposal_people (
		proposal_id, summit_id, role, is_author, written_name, position, address_hash, address_mask, locale, invited_by
	)
	values (
		v.id,
		v.summit_id,
		role,
		coalesce(is_author, false),
		v_name,
		(select count(*) from private.proposal_people as e where e.proposal_id = v.id),
		decode(letter ->> 'address_hash', 'hex'),
		letter ->> 'address_mask',
		letter ->> 'locale',
		v_author
	)
	returning id into v_id;
	perform private.send_proposal_invitation(v_id, letter);
	return 'ok';
end
$$;
grant execute on function public.invite_to_proposal(uuid, public.session_role, boolean, text, jsonb) to authenticated;

-- Queues the invitation of an entry, valid for 14 days, in place of an earlier one that is still queued. Earlier links
-- stop to work.
create function private.send_proposal_invitation(p_entry uuid, p_letter jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
	v_mail uuid;
begin
	delete from private.outbox as o
	where o.idempotency_key like 'proposal_invited:' || p_entry || ':%'
		and o.state = 'queued';
	update private.proposal_people as own
	set address_sealed = decode(p_letter ->> 'address_sealed', 'hex'),
		key_id = p_letter ->> 'key_id',
		token_hash = decode(p_letter ->> 'token_hash', 'hex'),
		sent_at = own.sent_at || now(),
		expires_at = now() + interval '14 days'
	where own.id = p_entry
	returning * into e;
	insert into private.outbox (
		address_sealed, key_id, template, locale, secret, params, summit_id, priority, idempotency_key
	)
	values (
		e.address_sealed,
		e.key_id,
		'proposal_invited',
		e.locale,
		decode(p_letter ->> 'secret', 'hex'),
		jsonb_build_object('until', e.expires_at, 'part', e.role),
		e.summit_id,
		5,
		'proposal_invited:' || e.id || ':' || cardinality(e.sent_at)
	)
	returning id into v_mail;
	perform private.publish_event('outbox', 'mail', v_mail);
end
$$;

-- The sealed address of an open invitation, which the app needs to send it again. For the app alone.
create function private.proposal_invitation_address(p_entry uuid)
	returns table (address_sealed bytea, key_id text, locale text)
language sql stable security definer set search_path = '' as $$
	select e.address_sealed, e.key_id, e.locale
	from private.proposal_people as e
	where e.id = p_entry
		and e.state = 'invited'
		and e.address_sealed is not null
$$;
grant execute on function private.proposal_invitation_address(uuid) to app_server;

-- Whether the reader may send an invitation again. The app asks this before it opens the sealed address.
create function public.may_resend_proposal_invitation(entry uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.proposal_people as e
		join private.proposals as p on p.id = e.proposal_id
		where e.id = entry
			and e.state = 'invited'
			and p.state <> 'withdrawn'
			and private.acting_author_of(p.id) is not null
			and private.may_invite_to_proposal(p)
	)
$$;
grant execute on function public.may_resend_proposal_invitation(uuid) to authenticated;

-- Sends an invitation again with a new link; the link before answers as an unknown one. Answers ok | limited (three a
-- day) | not_found. Locks the entry.
create function public.resend_proposal_invitation(entry uuid, letter jsonb) returns public.proposal_resend_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
begin
	select * into e from private.proposal_people as own where own.id = entry for no key update;
	if not found
		or not public.may_resend_proposal_invitation(entry)
		or not private.is_sealed_invitation(letter)
		or decode(letter ->> 'address_hash', 'hex') <> e.address_hash then
		return 'not_found';
	end if;
	if (select count(*) from unnest(e.sent_at) as sent where sent > now() - interval '1 day') >= 3 then
		return 'limited';
	end if;
	perform private.send_proposal_invitation(entry, letter);
	return 'ok';
end
$$;
grant execute on function public.resend_proposal_invitation(uuid, jsonb) to authenticated;

-- Removes somebody from a proposal, or withdraws their invitation; never its owner. Authors can do it while they can
-- invite, the person at any time. If they have joined the session of the accepted proposal, they have declined their
-- part in it, and the organisers see that. Answers ok | not_found. Locks the proposal.
create function public.remove_proposal_person(entry uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_part public.session_people;
begin
	select p.* into v
	from private.proposals as p
	join private.proposal_people as e on e.proposal_id = p.id
	where e.id = entry
		and e.person_id is distinct from p.owner_id
		and (
			private.acting_author_of(p.id) is not null and private.may_invite_to_proposal(p)
			or e.person_id in (select private.my_people('speaking'))
		)
	for no key update of p;
	if not found then return 'not_found'; end if;
	delete from private.outbox as o
	where o.idempotency_key like 'proposal_invited:' || entry || ':%'
		and o.state = 'queued';
	-- Declining withdraws every consent.
	update public.session_people as sp
	set state = 'declined',
		consent_live = false,
		consent_record = false,
		consent_publish = false,
		consent_photo = false,
		consents_answered_at = null
	from private.proposal_people as e
	join private.proposal_decisions as d on d.proposal_id = e.proposal_id
	where e.id = entry
		and sp.session_id = d.session_id
		and sp.person_id = e.person_id
		and sp.role = e.role
		and sp.state <> 'declined'
	returning sp.* into v_part;
	if found then
		perform private.publish_event('person:' || v_part.person_id, 'rights', v_part.session_id),
			private.publish_event('session:' || v_part.session_id, 'people', v_part.session_id),
			private.publish_event('organise:' || v_part.summit_id, 'people');
	end if;
	delete from private.proposal_people as e where e.id = entry;
	update private.proposals as p set updated_at = now() where p.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.remove_proposal_person(uuid) to authenticated;

-- Who has verified the address of an invitation, among the people for whom the account speaks; null: none of them.
create function private.proposal_addressee_of(e private.proposal_people) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id
	from private.person_addresses as a
	where a.address_hash = e.address_hash
		and a.verified_at is not null
		and a.person_id in (select private.my_people('speaking'))
$$;

-- The state of an invitation: sent | used | expired | declined.
create function private.proposal_invitation_state(e private.proposal_people) returns text
language sql stable set search_path = '' as $$
	select case
		when e.state = 'confirmed' then 'used'
		when e.state = 'declined' then 'declined'
		when e.expires_at <= now() then 'expired'
		else 'sent'
	end
$$;

-- An invitation for the holder of its link: {state, role, is_author, until, summit, mine: whether they have verified
-- the address; null when signed out}. The title, who invites and for whom it is are added only after they have verified
-- the address. Null: unknown link.
create function public.read_proposal_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', private.proposal_invitation_state(e),
		'role', e.role,
		'is_author', e.is_author,
		'until', private.iso(e.expires_at),
		'summit', s.slug,
		'mine', case when private.me() is not null then private.proposal_addressee_of(e) is not null end
	) || case
		when private.proposal_addressee_of(e) is not null then jsonb_build_object(
			'title', p.title,
			'invited_by', (select i.display_name from public.people as i where i.id = e.invited_by),
			'proposal_id', p.id,
			'for', (
				select o.display_name
				from public.people as o
				where o.id = private.proposal_addressee_of(e) and o.id <> private.me()
			)
		)
		else '{}'
	end
	from private.proposal_people as e
	join private.proposals as p on p.id = e.proposal_id
	join public.summits as s on s.id = e.summit_id
	where read_proposal_invitation.token_hash ~ '^[0-9a-f]{64}$'
		and e.token_hash = decode(read_proposal_invitation.token_hash, 'hex')
$$;
grant execute on function public.read_proposal_invitation(text) to anon, authenticated;

-- Accepts or declines an invitation, once, by the person who has verified its address or an assistant who may speak for
-- them. Answers {status: ok | already | not_yours | used | expired | declined | not_found, proposal_id}. Locks the
-- entry.
create function public.answer_proposal_invitation(token_hash text, accept boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
	v_person uuid;
begin
	select * into e
	from private.proposal_people as own
	where coalesce(answer_proposal_invitation.token_hash, '') ~ '^[0-9a-f]{64}$'
		and own.token_hash = decode(answer_proposal_invitation.token_hash, 'hex')
	for no key update;
	if not found or accept is null then return jsonb_build_object('status', 'not_found'); end if;
	v_person := private.proposal_addressee_of(e);
	if v_person is null then return jsonb_build_object('status', 'not_yours'); end if;
	if private.proposal_invitation_state(e) <> 'sent' then
		return jsonb_build_object('status', private.proposal_invitation_state(e), 'proposal_id', e.proposal_id);
	end if;
	perform private.set_audit_principal(v_person);
	-- They are in the proposal already under another address. For the authors this looks like any declined invitation,
	-- so that they do not learn whose address it is.
	if accept
		and exists (
			select
			from private.proposal_people as other
			where other.proposal_id = e.proposal_id and other.person_id = v_person
		) then
		update private.proposal_people as own
		set state = 'declined', answered_at = now(), address_sealed = null, key_id = null
		where own.id = e.id;
		return jsonb_build_object('status', 'already', 'proposal_id', e.proposal_id);
	end if;
	-- The written name becomes theirs if they have none.
	if accept then
		update public.people as p
		set display_name = e.written_name, updated_at = now()
		where p.id = v_person
			and p.display_name = ''
			and not private.has_alias(v_person);
	end if;
	-- Their own record names them from now on; the written name and the address are no longer needed.
	update private.proposal_people as own
	set state = case when accept then 'confirmed' else 'declined' end::public.participation_state,
		answered_at = now(),
		person_id = case when accept then v_person end,
		written_name = case when accept then null else own.written_name end,
		address_sealed = null,
		key_id = null,
		address_mask = case when accept then null else own.address_mask end
	where own.id = e.id;
	-- The proposal may be accepted already: then they join its session too.
	if accept and private.released_decision_of(e.proposal_id) = 'accept' then
		perform private.add_proposal_people_to_session(e.proposal_id);
	end if;
	perform private.publish_event('organise:' || e.summit_id, 'proposals');
	perform private.publish_event('person:' || e.invited_by, 'proposal');
	return jsonb_build_object('status', 'ok', 'proposal_id', e.proposal_id);
end
$$;
grant execute on function public.answer_proposal_invitation(text, boolean) to authenticated;
