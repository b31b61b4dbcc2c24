-- External reviewers, invited by mail address for the call of a Summit and until a day. They read the proposals
-- assigned to them and nothing else. The link works once, for the person who has verified the address, and signs nobody
-- in (Rule 8).

-- Whether `address` is {hash, sealed, key_id, token_hash, secret}, in hexadecimal, as the app makes it.
create function private.is_invitation_address(p_address jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_address ->> 'hash', '') ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'token_hash', '') ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'sealed', '') ~ '^([0-9a-f]{2})+$'
		and coalesce(p_address ->> 'secret', '') ~ '^([0-9a-f]{2})+$'
		and length(p_address ->> 'sealed') <= 4096
		and length(p_address ->> 'secret') <= 4096
		and coalesce(p_address ->> 'key_id', '') <> ''
$$;

-- Queues the mail of an invitation, in the first language of the Summit that the app has. One mail a day: the link of
-- the first one stays valid.
create function private.queue_reviewer_invitation(p_summit uuid, p_invitation uuid, p_address jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.enqueue_address_mail(
		'reviewer_invited',
		decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id',
		private.mail_language(p_summit),
		jsonb_build_object('until', private.iso(now() + interval '30 days')),
		decode(p_address ->> 'secret', 'hex'),
		p_summit,
		'reviewer_invitation:' || p_invitation || ':' || current_date
	) is not null then
		update private.reviewer_invitations as i
		set token_hash = decode(p_address ->> 'token_hash', 'hex')
		where i.id = p_invitation;
	end if;
end
$$;

-- Invites a reviewer by mail. `address` is one of private.is_invitation_address. Answers ok | not_allowed | invalid |
-- limited (200 a day, held by a lock on who invites), independent of who holds the address. A second invitation of an
-- address on the same day updates the first without another mail.
create function public.invite_reviewer(summit uuid, address jsonb, display_name text, tracks uuid[], until timestamptz)
	returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.one_line(display_name);
	v_id uuid;
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if not private.is_invitation_address(address)
		or length(v_name) not between 1 and 120
		or cardinality(tracks) > 100
		or until is null
		or until not between now() and now() + interval '1 year' then
		return 'invalid';
	end if;
	perform pg_advisory_xact_lock(hashtextextended('reviewer_invitations:' || private.me(), 0));
	if (
		select count(*)
		from private.reviewer_invitations as i
		where i.invited_by = (select private.me()) and i.invited_at > now() - interval '1 day'
	) >= 200 then
		return 'limited';
	end if;
	insert into private.reviewer_invitations as i (
		summit_id, track_ids, display_name, access_ends_at, address_hash, invited_by
	)
	values (summit, coalesce(tracks, '{}'), v_name, until, decode(address ->> 'hash', 'hex'), private.me())
	on conflict (summit_id, address_hash) where state = 'open' do update set
		display_name = excluded.display_name,
		track_ids = excluded.track_ids,
		access_ends_at = excluded.access_ends_at,
		invited_by = excluded.invited_by,
		invited_at = now()
	returning i.id into v_id;
	perform private.queue_reviewer_invitation(summit, v_id, address);
	return 'ok';
end
$$;
grant execute on function public.invite_reviewer(uuid, jsonb, text, uuid[], timestamptz) to authenticated;

-- The invitations without an answer, under the names that organisers wrote: [{id, display_name, track_ids, until,
-- invited_at}]; [] without the programme role.
create function public.list_reviewer_invitations(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', i.id,
				'display_name', i.display_name,
				'track_ids', i.track_ids,
				'until', private.iso(i.access_ends_at),
				'invited_at', private.iso(i.invited_at)
			)
			order by i.invited_at, i.id
		),
		'[]'
	)
	from private.reviewer_invitations as i
	where i.summit_id = list_reviewer_invitations.summit
		and i.state = 'open'
		and private.has_role(i.summit_id, 'programme')
$$;
grant execute on function public.list_reviewer_invitations(uuid) to authenticated;

-- Withdraws an open invitation. Answers ok | not_allowed.
create function public.withdraw_reviewer_invitation(invitation uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.reviewer_invitations as i
	set state = 'withdrawn', answered_at = now()
	where i.id = invitation
		and i.state = 'open'
		and private.has_role(i.summit_id, 'programme');
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.withdraw_reviewer_invitation(uuid) to authenticated;

-- The state of an invitation: open | accepted | declined | withdrawn | expired (30 days after it was sent, when the
-- access that it grants would be over, or when the organiser who sent it has lost the programme role).
create function private.reviewer_invitation_state(i private.reviewer_invitations) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when i.state <> 'open' then i.state::text
		when i.invited_at <= now() - interval '30 days'
			or i.access_ends_at <= now()
			or not private.holds_role(i.invited_by, i.summit_id, 'programme') then 'expired'
		else 'open'
	end
$$;

-- An invitation for the holder of its link, {state, summit, until, access_ends_at, mine: whether they have verified the
-- address; null when signed out}. Null: unknown link.
create function public.read_reviewer_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', private.reviewer_invitation_state(i),
		'summit', u.slug,
		'until', private.iso(least(i.invited_at + interval '30 days', i.access_ends_at)),
		'access_ends_at', private.iso(i.access_ends_at),
		'mine', case
			when private.me() is not null then exists (
				select
				from private.person_addresses as a
				where a.address_hash = i.address_hash
					and a.person_id = (select private.me())
					and a.verified_at is not null
			)
		end
	)
	from private.reviewer_invitations as i
	join public.summits as u on u.id = i.summit_id
	where read_reviewer_invitation.token_hash ~ '^[0-9a-f]{64}$'
		and i.token_hash = decode(read_reviewer_invitation.token_hash, 'hex')
$$;
grant execute on function public.read_reviewer_invitation(text) to anon, authenticated;

-- Accepts or declines an invitation, once, by the person who has verified the address; no assistant can, since
-- reviewing is personal. Answers ok | not_yours | not_found, or the state when it is not open. Locks the invitation.
create function public.answer_reviewer_invitation(token_hash text, accept boolean) returns public.reviewer_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	i private.reviewer_invitations;
begin
	select * into i
	from private.reviewer_invitations as own
	where coalesce(answer_reviewer_invitation.token_hash, '') ~ '^[0-9a-f]{64}$'
		and own.token_hash = decode(answer_reviewer_invitation.token_hash, 'hex')
	for update;
	if not found or accept is null then return 'not_found'; end if;
	if not exists (
		select
		from private.person_addresses as a
		where a.address_hash = i.address_hash
			and a.person_id = (select private.me())
			and a.verified_at is not null
	) then
		return 'not_yours';
	end if;
	if private.reviewer_invitation_state(i) <> 'open' then return private.reviewer_invitation_state(i); end if;
	update private.reviewer_invitations as own
	set state = case when accept then 'accepted' else 'declined' end::public.role_invitation_state,
		answered_at = now()
	where own.id = i.id;
	if accept then
		update public.people as p
		set display_name = i.display_name, updated_at = now()
		where p.id = (select private.me())
			and p.display_name = '';
		-- A reviewer without an end date keeps none.
		insert into private.reviewers as r (summit_id, person_id, track_ids, until)
		values (i.summit_id, private.me(), i.track_ids, i.access_ends_at)
		on conflict (summit_id, person_id) do update set
			track_ids = excluded.track_ids,
			ended_at = null,
			until = case when r.ended_at is null and r.until is null then null else excluded.until end;
	end if;
	perform private.publish_event('organise:' || i.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.answer_reviewer_invitation(text, boolean) to authenticated;
