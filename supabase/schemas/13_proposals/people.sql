-- The people of a proposal: each invited by a personal link that works once, ends, and is bound to one mail address.

-- Adds somebody and writes to them. Roles: speaker, chair, moderator, respondent. The answer is the same whoever's
-- address it is. Answers ok | already | invalid | limited (20 people, 60 letters a day) | closed | not_found.
create function public.invite_to_proposal(proposal uuid, role public.session_role, is_author boolean, display_name text,
	letter jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_author uuid := private.author_of(proposal);
	v_id uuid;
	v_name text := private.one_line(display_name);
begin
	select * into v from private.proposals as p where p.id = proposal and v_author is not null for no key update;
	if not found then return 'not_found'; end if;
	if v.state = 'withdrawn' or not private.may_invite(v) then return 'closed'; end if;
	if not private.is_letter(letter) or role is null or role not in ('speaker', 'chair', 'moderator', 'respondent')
		or length(v_name) not between 1 and 120 then
		return 'invalid';
	end if;
	-- Of an address that another entry accepted nothing is said: the letter goes out, and its holder reads that they
	-- are in it already.
	if exists (select from private.proposal_people as e where e.proposal_id = v.id and e.state = 'invited'
		and e.address_hash = decode(letter ->> 'address_hash', 'hex')) then
		return 'already';
	end if;
	if (select count(*) from private.proposal_people as e where e.proposal_id = v.id and e.state <> 'declined') >= 20
		or private.letters_today(v_author) >= 60 then
		return 'limited';
	end if;
	perform private.speak_for(v_author);
	insert into private.proposal_people (proposal_id, summit_id, role, is_author, written_name, position, address_hash,
		address_mask, locale, invited_by)
	values (v.id, v.summit_id, role, coalesce(is_author, false), v_name,
		(select count(*) from private.proposal_people as e where e.proposal_id = v.id),
		decode(letter ->> 'address_hash', 'hex'), letter ->> 'address_mask', letter ->> 'locale', v_author)
			returning id into v_id;
	perform private.send_proposal_letter(v_id, letter);
	return 'ok';
end
$$;
grant execute on function public.invite_to_proposal(uuid, public.session_role, boolean, text, jsonb) to authenticated;

-- People are named until the call closes, and of what is accepted until its speakers are settled.
create function private.may_invite(p private.proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.call_window(p.summit_id, p.owner_id) in ('open', 'late')
$$;

create function private.letters_today(p_person uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*) from private.proposal_people as e, unnest(e.sent_at) as sent
		where e.invited_by = p_person and sent > now() - interval '1 day'
$$;

create function private.send_proposal_letter(p_entry uuid, p_letter jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
	v_mail uuid;
begin
	delete from private.outbox as o where o.once_key like 'proposal_invited:' || p_entry || ':%' and o.state = 'queued';
	update private.proposal_people as own
		set address_sealed = decode(p_letter ->> 'address_sealed', 'hex'), key_id = p_letter ->> 'key_id',
		token_hash = decode(p_letter ->> 'token_hash', 'hex'), sent_at = own.sent_at
			|| now(), expires_at = now() + interval '14 days'
	where own.id = p_entry returning * into e;
	insert into private.outbox (address_sealed, key_id, template, locale, secret, params, summit_id, priority, once_key)
	values (e.address_sealed, e.key_id, 'proposal_invited', e.locale, decode(p_letter ->> 'secret', 'hex'),
		jsonb_build_object('until', e.expires_at, 'part', e.role), e.summit_id, 5, 'proposal_invited:' || e.id || ':'
			|| cardinality(e.sent_at))
	returning id into v_mail;
	perform private.tell('outbox', 'mail', v_mail);
end
$$;

-- What to seal anew for another sending: for the app alone.
create function private.proposal_letter(p_entry uuid) returns table (address_sealed bytea, key_id text, locale text)
language sql stable security definer set search_path = '' as $$
	select e.address_sealed, e.key_id, e.locale from private.proposal_people as e
		where e.id = p_entry and e.state = 'invited' and e.address_sealed is not null
$$;
grant execute on function private.proposal_letter(uuid) to app_server;

-- Whether the reader may send this one's letter again. The app asks before it opens the address.
create function public.may_resend_proposal_letter(entry uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.proposal_people as e join private.proposals as p on p.id = e.proposal_id
		where e.id = entry and e.state = 'invited' and p.state <> 'withdrawn' and private.author_of(p.id) is not null
			and private.may_invite(p))
$$;
grant execute on function public.may_resend_proposal_letter(uuid) to authenticated;

-- A new link; the one before is as unknown as a forged one. Answers ok | limited (three a day) | not_found.
create function public.resend_proposal_letter(entry uuid, letter jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
begin
	select * into e from private.proposal_people as own where own.id = entry for no key update;
	if not found or not public.may_resend_proposal_letter(entry) or not private.is_letter(letter)
		or decode(letter ->> 'address_hash', 'hex') <> e.address_hash then
		return 'not_found';
	end if;
	if (select count(*) from unnest(e.sent_at) as sent where sent > now() - interval '1 day') >= 3 then
		return 'limited';
	end if;
	perform private.send_proposal_letter(entry, letter);
	return 'ok';
end
$$;
grant execute on function public.resend_proposal_letter(uuid, jsonb) to authenticated;

-- Takes somebody out, or back an invitation; never the owner. Answers ok or not_found.
create function public.remove_proposal_person(entry uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
begin
	select p.* into v from private.proposals as p join private.proposal_people as e on e.proposal_id = p.id
	where e.id = entry and e.person_id is distinct from p.owner_id and (private.author_of(p.id) is not null
		and private.may_invite(p) or e.person_id in (select private.my_people('speaking')))
	for no key update of p;
	if not found then return 'not_found'; end if;
	delete from private.outbox as o where o.once_key like 'proposal_invited:' || entry || ':%' and o.state = 'queued';
	delete from private.proposal_people as e where e.id = entry;
	update private.proposals as p set updated_at = now() where p.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.remove_proposal_person(uuid) to authenticated;

-- Who, among those whom the account speaks for, has proven the address of this entry.
create function private.addressee_of(e private.proposal_people) returns uuid
language sql stable security definer set search_path = '' as $$
	select a.person_id from private.person_addresses as a
	where a.address_hash = e.address_hash and a.verified_at is not null
		and a.person_id in (select private.my_people('speaking'))
$$;

-- sent | used | expired | declined
create function private.entry_state(e private.proposal_people) returns text
language sql stable set search_path = '' as $$
	select case when e.state = 'confirmed' then 'used' when e.state = 'declined' then 'declined'
		when e.expires_at <= now() then 'expired' else 'sent' end
$$;

-- Whoever holds the link reads which Summit and part; the proposal's title and who invites only after proving the
-- address. Null: no such link.
create function public.read_proposal_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', private.entry_state(e), 'role', e.role, 'is_author', e.is_author, 'until',
		private.iso(e.expires_at), 'summit', s.slug,
		'mine', case when private.me() is not null then private.addressee_of(e) is not null end)
		|| case when private.addressee_of(e) is not null then jsonb_build_object('title', p.title, 'invited_by',
			(select i.display_name from public.people as i where i.id = e.invited_by),
			'proposal_id', p.id, 'for', (select o.display_name from public.people as o
				where o.id = private.addressee_of(e) and o.id <> private.me())) else '{}' end
	from private.proposal_people as e join private.proposals as p on p.id = e.proposal_id
		join public.summits as s on s.id = e.summit_id
	where read_proposal_invitation.token_hash ~ '^[0-9a-f]{64}$'
		and e.token_hash = decode(read_proposal_invitation.token_hash, 'hex')
$$;
grant execute on function public.read_proposal_invitation(text) to anon, authenticated;

-- Once, by whoever has proven the address, or an assistant who may speak for them. {status: ok | already | not_yours |
-- used | expired | declined | not_found, proposal_id}
create function public.answer_proposal_invitation(token_hash text, accept boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	e private.proposal_people;
	v_person uuid;
begin
	select * into e from private.proposal_people as own
		where coalesce(answer_proposal_invitation.token_hash, '') ~ '^[0-9a-f]{64}$'
		and own.token_hash = decode(answer_proposal_invitation.token_hash, 'hex') for no key update;
	if not found or accept is null then return jsonb_build_object('status', 'not_found'); end if;
	v_person := private.addressee_of(e);
	if v_person is null then return jsonb_build_object('status', 'not_yours'); end if;
	if private.entry_state(e) <> 'sent' then
		return jsonb_build_object('status', private.entry_state(e), 'proposal_id', e.proposal_id);
	end if;
	perform private.speak_for(v_person);
	if accept and exists (select from private.proposal_people as other
		where other.proposal_id = e.proposal_id and other.person_id = v_person) then
		-- For the authors it ends like any that was declined: that its address is somebody's who is in it already is
		-- nothing to them.
		update private.proposal_people as own
			set state = 'declined', answered_at = now(), address_sealed = null, key_id = null where own.id = e.id;
		return jsonb_build_object('status', 'already', 'proposal_id', e.proposal_id);
	end if;
	if accept then
		update public.people as p set display_name = e.written_name, updated_at = now()
			where p.id = v_person and p.display_name = '' and not private.has_alias(v_person);
	end if;
	-- From now on the display record names them: what was written, and the address, are of no more use.
	update private.proposal_people as own
		set state = case when accept then 'confirmed' else 'declined' end::public.participation_state,
		answered_at = now(),
		person_id = case when accept then v_person end,
			written_name = case when accept then null else own.written_name end,
		address_sealed = null, key_id = null, address_mask = case when accept then null else own.address_mask end
	where own.id = e.id;
	-- Who joins what is accepted already takes part in its session.
	if accept and private.told_decision(e.proposal_id) = 'accept' then
		perform private.seat_people(e.proposal_id);
	end if;
	perform private.tell('organise:' || e.summit_id, 'proposals');
	perform private.tell('person:' || e.invited_by, 'proposal');
	return jsonb_build_object('status', 'ok', 'proposal_id', e.proposal_id);
end
$$;
grant execute on function public.answer_proposal_invitation(text, boolean) to authenticated;

-- Own answers of somebody in a proposal who is no author. Answers {status: ok | invalid | closed | not_found, faults}.
create function public.save_own_answers(proposal uuid, answers jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_entry private.proposal_people;
	v_faults text[];
begin
	select * into v from private.proposals as p where p.id = proposal for no key update;
	select * into v_entry from private.proposal_people as e where e.proposal_id = proposal and e.state = 'confirmed'
		and e.person_id in (select private.my_people('speaking'))
	order by e.person_id <> private.me() limit 1;
	if v.id is null or v_entry.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if private.call_window(v.summit_id, v.owner_id) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	begin
		v_faults := private.save_answers(proposal, v_entry.id, answers);
		if v_faults <> '{}' then raise sqlstate 'PT422'; end if;
	exception when sqlstate 'PT422' then return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_own_answers(uuid, jsonb) to authenticated;

create function private.answers_json(p_proposal uuid, p_entry uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(a.question_id, a.answer), '{}') from private.proposal_answers as a
		where a.proposal_id = p_proposal and a.entry_id is not distinct from p_entry
$$;

-- Its people as its own people see them: whoever has not answered by the name that was written, and the masked address,
-- for authors.
create function private.proposal_people_json(p_proposal uuid, p_as_author boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'role', e.role, 'is_author', e.is_author, 'state',
		case when e.state = 'invited' and e.expires_at <= now() then 'expired' else e.state::text end,
		'name', coalesce(p.display_name, case when p_as_author then e.written_name end), 'affiliation', p.affiliation,
			'address', case when p_as_author then e.address_mask end,
		'is_me', coalesce(e.person_id = private.me(), false), 'is_owner', coalesce(e.person_id = o.owner_id, false))
			order by e.position, e.id), '[]')
	from private.proposal_people as e join private.proposals as o on o.id = e.proposal_id left
		join public.people as p on p.id = e.person_id where e.proposal_id = p_proposal
$$;

-- The reader's own: [{id, code, title, state, window, decision, is_owner, is_author, updated_at, lacks}].
create function public.my_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'code', p.code, 'title', p.title, 'state', p.state,
		'decision', private.told_decision(p.id),
		'is_owner', p.owner_id = e.person_id, 'is_author', e.is_author, 'role', e.role, 'updated_at',
			private.iso(p.updated_at),
		'lacks', cardinality(private.lacks_of(p))) order by p.created_at, p.id), '[]')
	from private.proposal_people as e join private.proposals as p on p.id = e.proposal_id
	where p.summit_id = summit and e.state = 'confirmed' and e.person_id in (select private.my_people('speaking'))
$$;
grant execute on function public.my_proposals(uuid) to authenticated;

-- One, for its own people; authors may edit while the call is open for its owner. Null for everybody else.
create function public.read_proposal(proposal uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(p) - array['owner_id', 'summit_id', 'created_at'] || jsonb_build_object('notes',
		case when e.is_author then p.notes end, 'window', private.call_window(p.summit_id, p.owner_id),
		'updated_at', private.iso(p.updated_at), 'submitted_at', private.iso(p.submitted_at), 'decision',
			private.told_decision(p.id),
		'is_author', e.is_author, 'is_owner', e.person_id = p.owner_id, 'may_edit', e.is_author
			and p.state <> 'withdrawn' and private.call_window(p.summit_id, p.owner_id) in ('open', 'late'),
		'late_until', private.iso(private.late_until(p.summit_id, p.owner_id)), 'lacks', private.lacks_of(p),
			'own_entry', e.id,
		'answers', private.answers_json(p.id, null), 'own_answers', private.answers_json(p.id, e.id), 'people',
			private.proposal_people_json(p.id, e.is_author))
	from private.proposals as p
	join lateral (select own.* from private.proposal_people as own where own.proposal_id = p.id
		and own.state = 'confirmed' and own.person_id in (select private.my_people('speaking'))
		order by own.is_author desc, own.person_id <> private.me() limit 1) as e on true
	where p.id = proposal
$$;
grant execute on function public.read_proposal(uuid) to authenticated;
