-- Answering an invitation to a proposal: what the holder of its link reads, and who may accept it.

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
				where o.id = private.proposal_addressee_of(e) and o.id <> (select private.me())
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
