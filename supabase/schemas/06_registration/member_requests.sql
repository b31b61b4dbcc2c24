-- Requests of people whose member is not listed ("mine is not listed"), answered by registration organisers: linked to
-- a member, or refused.

-- Links a request to a member: the registration joins it and keeps its place in the queue. The affiliation of the
-- person becomes the name of the member, unless they have an alias. Answers ok, not_allowed, wrong_state or
-- unknown_member. Locks both modes, the registration and the request.
create function public.link_member_request(request uuid, member uuid) returns public.member_request_link_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_request public.member_requests;
	v_r public.registrations;
	v_name text;
begin
	select * into v_request from public.member_requests as q where q.id = request;
	if not found or not private.has_role(v_request.summit_id, 'registration') then return 'not_allowed'; end if;
	perform private.lock_modes(v_request.summit_id);
	select * into v_r from public.registrations as r where r.id = v_request.registration_id for no key update;
	select * into v_request from public.member_requests as q where q.id = request for no key update;
	if v_request.state <> 'open' or v_r.state in ('declined', 'withdrawn', 'expired') then return 'wrong_state'; end if;
	select m.name into v_name
	from public.summit_members as sm
	join public.members as m on m.id = sm.member_id
	where sm.summit_id = v_request.summit_id and sm.member_id = member and sm.standing in ('active', 'observer');
	if not found then return 'unknown_member'; end if;
	perform private.set_audit_context(v_r.person_id);
	update public.member_requests as q set state = 'linked', member_id = member where q.id = request;
	update public.registrations as r
	set member_id = member, version = r.version + 1, updated_at = now()
	where r.id = v_r.id;
	update public.people as person
	set affiliation = v_name, updated_at = now()
	where person.id = v_r.person_id and not private.has_alias(person.id);
	perform private.serve_queues(v_request.summit_id);
	perform private.notify_registration(v_r);
	perform private.publish_event('organise:' || v_request.summit_id, 'member_request', request);
	return 'ok';
end
$$;
grant execute on function public.link_member_request(uuid, uuid) to authenticated;

-- Refuses a request: a registration that was sent is declined with the reason; a draft may choose another member.
-- Answers ok, not_allowed, wrong_state or reason_needed; proposed or proposal_open where a second person must confirm,
-- and the other answers of private.decide_registration. Locks both modes, the registration and the request.
create function public.refuse_member_request(request uuid, reason text) returns public.member_request_refusal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
	v_request public.member_requests;
	v_r public.registrations;
begin
	select * into v_request from public.member_requests as q where q.id = request;
	if not found or not private.has_role(v_request.summit_id, 'registration') then return 'not_allowed'; end if;
	if btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	perform private.lock_modes(v_request.summit_id);
	select * into v_r from public.registrations as r where r.id = v_request.registration_id for no key update;
	select * into v_request from public.member_requests as q where q.id = request for no key update;
	if v_request.state <> 'open' then return 'wrong_state'; end if;
	if v_r.person_id in (select private.my_people('registration')) then return 'not_allowed'; end if;
	if v_r.state not in ('draft', 'declined', 'withdrawn', 'expired') then
		v_status := private.decide_registration(v_r, 'decline', btrim(reason));
		-- The request stays open until the second person has confirmed.
		if v_status <> 'declined' then return v_status; end if;
	end if;
	update public.member_requests as q set state = 'refused' where q.id = request;
	perform private.notify_registration(v_r);
	perform private.publish_event('organise:' || v_request.summit_id, 'member_request', request);
	return 'ok';
end
$$;
grant execute on function public.refuse_member_request(uuid, text) to authenticated;
