-- Session invitations by mail, for a part that organisers entered with a name alone: the person accepts and the record
-- becomes theirs, or an assistant accepts on their behalf. The link is random, stored hashed, bound to the address,
-- ends after 30 days and signs nobody in (Rule 8).

-- Offers a part to an address: the person's own or that of an assistant. Answers ok | not_allowed | claimed (the person
-- has an account and appoints assistants themselves) | invalid | limited, and the same whether or not somebody has the
-- address.
create function public.invite_to_claim_part(entry uuid, address jsonb, as_assistant boolean default false)
	returns public.part_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry public.session_people;
begin
	select * into v_entry from public.session_people as sp where sp.id = entry;
	if not found or not private.may_edit_session(v_entry.session_id) or v_entry.state = 'declined' then
		return 'not_allowed';
	end if;
	if not private.is_unclaimed(v_entry.person_id) then return 'claimed'; end if;
	return private.create_role_invitation(v_entry.summit_id, null, v_entry.session_id, v_entry.role, address,
		left((select p.display_name from public.people as p where p.id = v_entry.person_id), 120), v_entry.id,
		as_assistant);
end
$$;
grant execute on function public.invite_to_claim_part(uuid, jsonb, boolean) to authenticated;

-- Gives the part to the holder of the address, who has accepted. Answers ok | cancelled | taken (somebody else accepted
-- first).
create function private.claim_session_part(i private.role_invitations, p_who uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry public.session_people;
begin
	-- Locks people before their parts, the same order as merge_people.
	perform from public.people as p
	where p.id in (p_who, (select sp.person_id from public.session_people as sp where sp.id = i.entry_id))
	order by p.id for update;
	select * into v_entry from public.session_people as sp where sp.id = i.entry_id for update;
	if not found or v_entry.state = 'declined' then return 'cancelled'; end if;
	if v_entry.person_id <> p_who and not private.is_unclaimed(v_entry.person_id) then return 'taken'; end if;
	if i.as_assistant then
		insert into public.account_people as l (account_id, person_id, relation, scope, until)
		select private.account(), v_entry.person_id, 'assistant', 'speaking', (s.ends_on + 60)::timestamptz
		from public.summits as s
		where s.id = i.summit_id
		on conflict (account_id, person_id) do update set until = greatest(l.until, excluded.until)
		where l.relation = 'assistant';
		perform private.save_assistant_address(private.account(), v_entry.person_id, i.address_sealed, i.key_id);
		perform set_config('app.principal', v_entry.person_id::text, true);
	elsif v_entry.person_id <> p_who then
		-- The person takes over what organisers wrote: sessions, places in audiences, and fields that are empty in
		-- their own record.
		perform private.merge_people(p_who, v_entry.person_id, 'taken over by invitation');
		-- Under an alias the merge has given them a new id.
		p_who := private.addressee_of(i);
	end if;
	insert into public.session_people as sp (session_id, summit_id, person_id, role, position, state)
	values (v_entry.session_id, v_entry.summit_id, case when i.as_assistant then v_entry.person_id else p_who end,
		v_entry.role, v_entry.position, 'confirmed')
	on conflict on constraint session_people_session_id_person_id_role_key do update set state = 'confirmed';
	if not i.as_assistant then
		perform private.start_registration_for_part(p_who, v_entry.session_id, v_entry.role);
	end if;
	perform private.publish_event('organise:' || i.summit_id, 'people');
	perform private.publish_event('session:' || v_entry.session_id, 'people', v_entry.session_id);
	perform private.publish_event('person:' || p_who, 'rights');
	return 'ok';
end
$$;

-- The invitation of a link, by the hash of its token.
create function private.find_session_invitation(p_token_hash text) returns setof private.role_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.role_invitations as i
	where i.session_id is not null and p_token_hash ~ '^[0-9a-f]{64}$' and i.token_hash = decode(p_token_hash, 'hex')
$$;

-- {state: open | accepted | declined | withdrawn | expired, part, as_assistant, until, summit, mine, id, title, starts_at,
-- ends_at, by, for}. The link alone shows the Summit and the part; the session with its first time, who invites, and the
-- person (from `id` on) only after the reader has proved the address. Null when there is no such link.
create function public.read_session_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', case
			when i.state = 'open' and i.invited_at <= now() - interval '30 days' then 'expired'
			else i.state::text end,
		'part', i.part, 'as_assistant', i.as_assistant, 'until', private.iso(i.invited_at + interval '30 days'),
		'summit', u.slug,
		'mine', case when private.me() is not null then
			exists (select from private.person_addresses as a
				where a.address_hash = i.address_hash and a.verified_at is not null
					and (a.person_id = (select private.me())
						or not i.as_assistant and a.person_id in (select private.my_people('speaking')))) end)
		|| coalesce((select jsonb_build_object('id', own.id, 'title', s.title,
				'starts_at', private.iso(lower(slot.during)), 'ends_at', private.iso(upper(slot.during)),
				'by', (select p.display_name from public.people as p where p.id = own.invited_by),
				'for', case
					when own.as_assistant then own.display_name
					else (select p.display_name
						from public.people as p
						where p.id = private.addressee_of(own) and p.id <> (select private.me())) end)
			from private.my_role_invitations() as own
			join public.sessions as s on s.id = own.session_id
			left join lateral (
				select during from public.slots where session_id = s.id order by during limit 1) as slot on true
			where own.id = i.id), '{}')
	from private.find_session_invitation(read_session_invitation.token_hash) as i
	join public.summits as u on u.id = i.summit_id
$$;
grant execute on function public.read_session_invitation(text) to anon, authenticated;
