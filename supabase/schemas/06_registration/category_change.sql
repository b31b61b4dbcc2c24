-- Changing the category of a sent registration (a delegate becomes a speaker, a guest becomes press): previewed, then
-- done. Category, seat, fee and badge change together or not at all. What follows is in category_effects.sql.

-- Returns why this registration cannot have that category, regardless of who asks; null if it can. `p_member`: the
-- member whose seat it would have; null: a pool's.
create function private.category_obstacle(p_r public.registrations, p_category public.registration_category,
	p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_category is null
			or p_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
			then 'wrong_state'
		when not exists (select from public.summits as s where s.id = p_r.summit_id and s.state in ('open', 'live'))
			then 'closed'
		when p_category = p_r.category then 'already'
		when p_category = 'guardian' and p_r.is_minor then 'minor'
		when p_category = 'delegate' and p_member is null then 'member_needed'
		when p_member is distinct from p_r.member_id and p_member is not null and not exists (
			select from public.summit_members as sm
			where sm.summit_id = p_r.summit_id and sm.member_id = p_member and sm.standing in ('active', 'observer'))
			then 'unknown_member'
		when (
			select sum(a.amount)
			from public.order_adjustments as a
			where a.order_id in (select private.registration_orders(p_r.id))
				and a.kind in ('dispute', 'dispute_won')) > 0
			then 'disputed'
		when exists (
			select from public.checkouts as c
			where c.order_id in (select private.registration_orders(p_r.id)) and c.state = 'processing')
			then 'processing'
	end
$$;

-- The pool that a registration without a member would draw on in another category; null for none. A seat outside the
-- capacity stays outside it, in a category for which that is allowed.
create function private.pool_in_category(p_r public.registrations, p_category public.registration_category) returns uuid
language sql volatile security definer set search_path = '' as $$
	select case
		when private.is_outside_capacity(p_r.pool_id) and private.is_outside_capacity_category(p_category)
			then private.walk_in_pool(p_r.summit_id, p_category, p_r.mode)
		else private.find_available_pool(p_r.summit_id, p_category, p_r.mode) end
$$;

-- Changes the category under the locks. Returns what changed: {status: ok | awaiting_payment | no_seat (see `reason`) |
-- no_pool, reason, state, place: the member or pool it now draws on, seat: moved | stays | none, badge: new | ends |
-- none, amount, due_at, refund, currency, undone: an unpaid change of mode was undone, erased: how many answers of the
-- logistics form}. The caller holds the locks of the modes and the registration, and takes a refused change back.
create function private.apply_category_change(p_r public.registrations, p_category public.registration_category,
	p_member uuid,
	p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_pool uuid;
	v_reason public.queue_reason;
	v_status text := 'ok';
	v_refund bigint := private.refunds_of(p_r.id);
	v_answers bigint := (select count(*) from private.logistics_answers as a where a.registration_id = p_r.id);
	v_badge boolean := exists (
		select from public.badges as b where b.registration_id = p_r.id and b.revoked_at is null);
	v_moves boolean;
	v_undone boolean;
begin
	v_undone := p_r.state = 'confirmed' and private.cancel_switch(p_r);
	perform private.serve_queues(p_r.summit_id);
	-- The member or pool that the seat counts under.
	if p_member is null then
		v_pool := private.pool_in_category(p_r, p_category);
		if v_pool is null then return jsonb_build_object('status', 'no_pool'); end if;
	end if;
	v_moves := (p_member, v_pool) is distinct from (p_r.member_id, p_r.pool_id);
	if v_moves then
		v_reason := private.move_seats_to_allocation(p_r, p_category, p_member, v_pool);
		if v_reason is not null then return jsonb_build_object('status', 'no_seat', 'reason', v_reason); end if;
		perform private.apply_member_change(p_r, p_member);
	else
		update public.registrations as r
		set category = p_category, version = r.version + 1, updated_at = now()
		where r.id = p_r.id;
	end if;
	-- History, fee and badge.
	select * into strict v_r from public.registrations as r where r.id = p_r.id;
	insert into public.registration_steps (registration_id, from_state, to_state, mode, actor_id, reason, category)
	values (v_r.id, v_r.state, v_r.state, v_r.mode, private.actor(), p_reason, p_category);
	if v_r.state in ('awaiting_payment', 'confirmed') then
		v_status := private.recharge_registration(v_r.id, p_reason);
	end if;
	select * into strict v_r from public.registrations as r where r.id = p_r.id;
	perform private.notify_registration(v_r);
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object(
		'status', v_status,
		'state', v_r.state,
		'undone', v_undone,
		'refund', private.refunds_of(v_r.id) - v_refund,
		'currency', private.registration_currency(v_r),
		'place', coalesce(
			(select m.name from public.members as m where m.id = p_member),
			(select p.name from public.pools as p where p.id = v_pool)),
		'seat', case
			when not exists (
				select from public.seats as s
				where s.registration_id = v_r.id and s.mode = v_r.mode and s.state <> 'released')
				then 'none'
			when v_moves then 'moved'
			else 'stays' end,
		'badge', case
			when exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
				then 'new'
			when v_badge then 'ends'
			else 'none' end,
		'erased', v_answers - (
			select count(*) from private.logistics_answers as a where a.registration_id = v_r.id))
		|| case
			when v_status = 'awaiting_payment' then coalesce(private.open_order_json(v_r.id), '{}')
			else '{}' end;
end
$$;

-- Whether a change of category can be undone, asked before it is made: it neither sends a mail nor moves money nor makes
-- a badge before the person is accredited for a seat, and nothing that it ends would stay lost: an offer, a place in the
-- delegation, a nomination, a refused one, the request for a member, another affiliation.
create function private.is_category_change_reversible(p_r public.registrations, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.state in ('submitted', 'nominated', 'accredited')
		and not exists (
			select from public.queue_entries as q where q.registration_id = p_r.id and q.state = 'offered')
		and not exists (
			select from public.member_requests as q where q.registration_id = p_r.id and q.state = 'open')
		and (p_member is not distinct from p_r.member_id
			or p_r.state <> 'nominated'
			and not exists (select from public.delegation_places as d where d.registration_id = p_r.id)
			and not exists (select from public.nomination_refusals as x where x.registration_id = p_r.id)
			and exists (
				select from public.people as p
				join public.members as m on m.id = coalesce(p_r.member_id, p_member)
				where p.id = p_r.person_id and (p.affiliation = m.name or private.has_alias(p.id))))
$$;

-- Keeps a change of category that was made, so that it can be undone; not where it erased answers of the logistics form
-- or gave somebody who waits a seat, the person themselves too: the offer is mailed. A seat that only moved is older.
create function private.keep_category_change(p_r public.registrations, p_answer jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_undoable(r.summit_id, 'category_changed', to_jsonb(r.reference),
		jsonb_build_array(jsonb_build_object('registration', r.id, 'version', r.version,
			'category', p_r.category, 'member', p_r.member_id, 'pool', p_r.pool_id)), 'registration')
	from public.registrations as r
	where r.id = p_r.id
		and (p_answer ->> 'erased')::integer = 0
		and not exists (
			select from public.seats as s
			where s.summit_id = r.summit_id and s.created_at = now())
$$;

-- Checks, locks and changes the category. `p_tried`: a preview, which makes the change and takes it back. `p_second`:
-- the second person confirms a proposal. Nobody changes their own category, nor that of a person for whom they act.
-- Where two people accredit or decline, two change a category: one proposes, the other confirms, and the change is made
-- then, under the conditions of that moment (08_accreditation/second_person.sql). Locks the modes, then the
-- registration.
create function private.try_category_change(p_registration uuid, p_category public.registration_category, p_member uuid,
	p_version integer, p_reason text, p_tried boolean, p_second boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_member uuid;
	v_obstacle text;
	v_proposes boolean;
	v_is_reversible boolean;
	v_answer jsonb;
begin
	select * into v_r from public.registrations as r where r.id = p_registration and r.state <> 'draft';
	if not found
		or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	if p_version <> v_r.version then return jsonb_build_object('status', 'changed'); end if;
	v_member := coalesce(p_member, case when p_category = 'delegate' then v_r.member_id end);
	v_obstacle := private.category_obstacle(v_r, p_category, v_member);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	-- A preview also checks the watch list, and safeguarding is notified of it: nobody can probe the list unnoticed.
	if v_r.state not in ('submitted', 'nominated') and private.needs_safeguarding_decision(v_r) then
		return jsonb_build_object('status', 'needs_safeguarding');
	end if;
	v_proposes := not p_second and private.category_change_needs_second_person(v_r, p_category);
	if v_proposes and exists (
		select from private.decision_proposals as p where p.registration_id = v_r.id and p.state = 'open') then
		return jsonb_build_object('status', 'proposal_open');
	end if;
	perform private.set_audit_context(v_r.person_id, p_reason);
	-- What two people decided, one of them does not undo.
	v_is_reversible := not p_second and private.is_category_change_reversible(v_r, v_member);
	begin
		v_answer := private.apply_category_change(v_r, p_category, v_member, p_reason);
		if v_answer ->> 'status' in ('ok', 'awaiting_payment') then
			-- A preview must find the faults that would otherwise appear at commit.
			set constraints public.seat_fault immediate;
			set constraints public.seat_fault deferred;
			if not p_tried and not v_proposes then
				if v_is_reversible then perform private.keep_category_change(v_r, v_answer); end if;
				return v_answer;
			end if;
		end if;
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when sqlstate 'PT409' or integrity_constraint_violation then return jsonb_build_object('status', 'failed');
	end;
	if not v_proposes or v_answer ->> 'status' not in ('ok', 'awaiting_payment') then return v_answer; end if;
	if p_tried then return v_answer || '{"second": true}'; end if;
	return jsonb_build_object('status', private.propose_decision(v_r, 'change_category', p_reason, p_category, v_member));
end
$$;

-- Returns what a change would do to seat, fee and badge now. A delegate stays with their member unless another is
-- named; other categories have a seat of their pool unless a member is named. Returns what
-- private.apply_category_change returns, with `second` where a second person must confirm, or {status: changed |
-- wrong_state | closed | already | minor | member_needed | unknown_member | proposal_open | disputed | processing |
-- needs_safeguarding | failed | not_allowed}.
create function public.preview_category(registration uuid, category public.registration_category,
	member uuid default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.try_category_change(registration, category, member, null, '', true)
$$;
grant execute on function public.preview_category(uuid, public.registration_category, uuid) to authenticated;

-- Changes the category, with a reason. Returns what preview_category returns, or reason_needed, or proposed where a
-- second person must confirm.
create function public.change_category(registration uuid, category public.registration_category, reason text,
	member uuid default null, version integer default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select case
		when length(private.one_line(reason)) not between 1 and 200 then jsonb_build_object('status', 'reason_needed')
		else private.try_category_change(registration, category, member, version, private.one_line(reason), false) end
$$;
grant execute on function public.change_category(uuid, public.registration_category, text, uuid, integer)
	to authenticated;
