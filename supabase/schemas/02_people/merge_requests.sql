-- Merging two records of one person: one of the staff asks, another confirms. Both steps are audited.

-- Whether a person may ask for or confirm merges: an owner, registration organiser or safeguarding lead of all Summits.
-- The caller's own roles count as in every act of theirs.
create function private.may_merge(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when p_person = private.me() then private.has_role(null, 'registration', 'safeguarding')
		else private.holds_role(p_person, null, 'registration', 'safeguarding')
	end
$$;
grant execute on function private.may_merge(uuid) to authenticated;

-- Why these two people of the staff may not make this merge; null when they may. A merge hands over addresses and
-- rights: nobody merges themselves, one of the two is a registration organiser, a person with roles needs an owner, a
-- safeguarding lead or a protected person needs a safeguarding lead. Refused also when both records have a live
-- registration at one Summit (Rule 2).
create function private.merge_obstacle(p_keep uuid, p_drop uuid, p_asked_by uuid, p_confirmed_by uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_merge(p_asked_by)
			or not private.may_merge(p_confirmed_by)
			or p_asked_by in (p_keep, p_drop)
			or p_confirmed_by in (p_keep, p_drop)
			or not (private.holds_role(p_asked_by, null, 'registration')
				or private.holds_role(p_confirmed_by, null, 'registration'))
			then 'not_allowed'
		when p_asked_by = p_confirmed_by
			then 'second_person_needed'
		when exists (select from private.live_grants as g where g.person_id in (p_keep, p_drop))
			and not (private.holds_role(p_asked_by, null, 'owner') or private.holds_role(p_confirmed_by, null, 'owner'))
			then 'owner_needed'
		-- Merging the record of a safeguarding lead also moves the role.
		when exists (select from private.live_grants as g
				where g.person_id in (p_keep, p_drop) and g.role = 'safeguarding')
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding'))
			then 'lead_needed'
		when exists (select from private.protections as x where x.person_id in (p_keep, p_drop))
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding'))
			then 'protected'
		when exists (select
				from public.registrations as a
				join public.registrations as b on b.summit_id = a.summit_id
					and b.person_id = p_drop
					and b.state not in ('declined', 'withdrawn', 'expired')
				where a.person_id = p_keep and a.state not in ('declined', 'withdrawn', 'expired'))
			then 'both_registered'
	end
$$;

-- Asks for a merge. {status: ok | not_allowed | same_person | reason_needed | unknown_person | already, id}
create function public.request_merge(keep uuid, duplicate uuid, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if not private.may_merge(v_me) or v_me in (keep, duplicate) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if keep = duplicate then return jsonb_build_object('status', 'same_person'); end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	if (select count(*) from public.people as p where p.id in (keep, duplicate)) < 2 then
		return jsonb_build_object('status', 'unknown_person');
	end if;
	insert into public.merge_requests (keep_id, duplicate_id, reason, asked_by)
		values (keep, duplicate, left(btrim(request_merge.reason), 2000), v_me)
	on conflict do nothing returning id into v_id;
	return case
		when v_id is null then jsonb_build_object('status', 'already')
		else jsonb_build_object('status', 'ok', 'id', v_id)
	end;
end
$$;
grant execute on function public.request_merge(uuid, uuid, text) to authenticated;

-- Takes a request back, or refuses the request of another. Answers ok, not_allowed or unknown.
create function public.refuse_merge(request uuid) returns public.merge_refusal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_merge(private.me()) then return 'not_allowed'; end if;
	update public.merge_requests as q set state = 'refused', decided_by = private.me(), decided_at = now()
		where q.id = request and q.state = 'open';
	return case when found then 'ok' else 'unknown' end;
end
$$;
grant execute on function public.refuse_merge(uuid) to authenticated;

-- Confirms a request and merges in the same transaction. Answers ok, not_allowed, unknown (answered already, or never
-- asked), second_person_needed, owner_needed, lead_needed, protected or both_registered. Locks the seats of the modes
-- of the registrations first, then both people in id order, then the request, which is read again under the lock.
create function public.confirm_merge(request uuid) returns public.merge_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_request public.merge_requests;
	v_obstacle text;
begin
	if not private.may_merge(v_me) then return 'not_allowed'; end if;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open';
	if not found then return 'unknown'; end if;
	perform private.lock_modes(variadic array(select r.summit_id
		from public.registrations as r
		where r.person_id in (v_request.keep_id, v_request.duplicate_id)));
	perform from public.people as p where p.id in (v_request.keep_id, v_request.duplicate_id) order by p.id for update;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open' for update;
	if not found or v_request.keep_id = v_request.duplicate_id then return 'unknown'; end if;
	v_obstacle := private.merge_obstacle(v_request.keep_id, v_request.duplicate_id, v_request.asked_by, v_me);
	if v_obstacle is not null then return v_obstacle; end if;
	perform private.require_confirmation();
	update public.merge_requests as q set state = 'confirmed', decided_by = v_me, decided_at = now()
		where q.id = request;
	perform private.merge_people(v_request.keep_id, v_request.duplicate_id, v_request.reason);
	return 'ok';
end
$$;
grant execute on function public.confirm_merge(uuid) to authenticated;
