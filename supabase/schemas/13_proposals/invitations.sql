-- Inviting people to a proposal, and removing them: each invitation is a personal link that works once, expires, and is
-- bound to one mail address (Rule 8). Answering one is in invitation_answers.sql.

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

-- Why an address cannot be invited to a proposal now: already, limited (20 people in a proposal, or 60 mails of the
-- author in a day); null when it can. Only invitations without an answer count as `already`: an address whose holder
-- accepted before is not revealed. The mail is sent, and its holder reads that they are in the proposal already.
create function private.proposal_invitation_obstacle(p_proposal uuid, p_author uuid, p_address_hash bytea) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when exists (
			select
			from private.proposal_people as e
			where e.proposal_id = p_proposal and e.state = 'invited' and e.address_hash = p_address_hash
		) then 'already'
		when (
				select count(*)
				from private.proposal_people as e
				where e.proposal_id = p_proposal and e.state <> 'declined'
			) >= 20
			or private.count_invitations_today(p_author) >= 60 then 'limited'
	end
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
	v_obstacle text;
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
	v_obstacle := private.proposal_invitation_obstacle(v.id, v_author, decode(letter ->> 'address_hash', 'hex'));
	if v_obstacle is not null then return v_obstacle; end if;
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
	perform private.enqueue_address_mail(
		'proposal_invited',
		e.address_sealed,
		e.key_id,
		e.locale,
		jsonb_build_object('until', e.expires_at, 'part', e.role),
		decode(p_letter ->> 'secret', 'hex'),
		e.summit_id,
		'proposal_invited:' || e.id || ':' || cardinality(e.sent_at)
	);
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
