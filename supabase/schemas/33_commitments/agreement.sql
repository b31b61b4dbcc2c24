-- The head of a member agrees to a commitment, or sends it back, by a personal link that signs nobody in.

-- Whether a member agreed to the newest version of a commitment.
create function private.has_agreed(p private.commitments, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.commitment_steps as s
		where s.commitment_id = p.id and s.number = p.version and s.step = 'agreed' and s.member_id = p_member)
$$;

-- Whether somebody still acts for the lead of a commitment or for the member of a link, as a focal point of today or the
-- assistant of one.
create function private.may_still_ask(p_person uuid, p_lead uuid, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.current_focal_points() as f
		where f.member_id in (p_lead, p_member)
			and (f.person_id = p_person or f.person_id in (
				select a.person_id
				from public.account_people as own
				join public.account_people as a on a.account_id = own.account_id
				where own.person_id = p_person
					and own.relation = 'self'
					and a.scope in ('all', 'registration')
					and (a.until is null or a.until > now()))))
$$;

-- Whether a link can still be answered. It ends with the part of who asked.
create function private.is_commitment_link_open(p private.commitment_links, p_commitment private.commitments)
	returns boolean
language sql stable security definer set search_path = '' as $$
	select p.revoked_at is null
		and p.used_at is null
		and p.expires_at > now()
		and p_commitment.state = 'asked'
		and p_commitment.version = p.number
		and private.may_still_ask(p.made_by, p_commitment.member_id, p.member_id)
$$;

-- What the page of a link shows: {is_open, member, commitment}; `commitment` only while it is open. Null for an unknown
-- link. It reads no more of the commitment than the version that the head is asked about.
create function private.read_commitment_link(p_token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_open', private.is_commitment_link_open(l, c),
		'member', m.name,
		'until', private.iso(l.expires_at),
		'commitment', case when private.is_commitment_link_open(l, c)
			then private.commitment_text_json(c, l.number) end)
	from private.commitment_links as l
	join private.commitments as c on c.id = l.commitment_id
	join public.members as m on m.id = l.member_id
	where p_token_hash ~ '^[0-9a-f]{64}$' and l.token_hash = decode(p_token_hash, 'hex')
$$;
grant execute on function private.read_commitment_link(text) to app_server;

-- Agrees for the member of the link, or sends the version back with a reason; each link is used once. With the agreement
-- of its last member the version waits for the secretariat. Answers ok | over | reason_needed | invalid. Locks the
-- commitment, then the link, so that of two clicks one counts, and two members that agree at once both do.
create function private.answer_commitment_link(p_token_hash text, p_agrees boolean, p_reason text)
	returns public.commitment_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	l private.commitment_links;
	v private.commitments;
	v_reason text := private.normalise_free_text(p_reason);
begin
	if coalesce(p_token_hash, '') !~ '^[0-9a-f]{64}$' then return 'over'; end if;
	select * into l from private.commitment_links as x where x.token_hash = decode(p_token_hash, 'hex');
	select * into v from private.commitments as c where c.id = l.commitment_id for update;
	select * into l from private.commitment_links as x where x.id = l.id for update;
	if l.id is null or not private.is_commitment_link_open(l, v) then return 'over'; end if;
	if p_agrees is null or length(v_reason) > 2000 then return 'invalid'; end if;
	if not p_agrees and v_reason = '' then return 'reason_needed'; end if;
	update private.commitment_links as x set used_at = now() where x.id = l.id;
	insert into private.commitment_steps (commitment_id, number, step, member_id, reason)
	values (v.id, v.version, case when p_agrees then 'agreed' else 'sent_back' end::public.commitment_step, l.member_id,
		case when p_agrees then '' else v_reason end);
	if not p_agrees then
		perform private.revoke_commitment_links(v.id);
		update private.commitments as c set state = 'draft', updated_at = now() where c.id = v.id;
	elsif not exists (
		select from private.commitment_members as m
		where m.commitment_id = v.id and m.number = v.version and not private.has_agreed(v, m.member_id)) then
		update private.commitments as c set state = 'agreed', updated_at = now() where c.id = v.id;
	end if;
	return 'ok';
end
$$;
grant execute on function private.answer_commitment_link(text, boolean, text) to app_server;
