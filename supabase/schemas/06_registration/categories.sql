-- What a change of category leaves in the history, the ledger and the sessions that were chosen.

create trigger give_places_back after update of state, mode, category, member_id on public.registrations for each row
	when (old.state = 'confirmed' and (new.state, new.mode, new.category, new.member_id) is distinct
		from (old.state, old.mode, old.category, old.member_id))
	execute function private.give_places_back();

-- Somebody takes part as something else: category, seat, fee and badge move together or not at all. A seat goes on from
-- the allocation of a member or a pool to another's, in its mode, and takes nothing from those who wait there.

--[was in changing_category] Why this registration cannot take part as that, whoever asks; null when it can. `p_member`: whose seat it would have; null: a pool's.
--[patch proposed_category] Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as things are then.
-- Why this registration cannot take part as that, whoever asks; null when it can. `p_member`: whose seat it would have; null: a pool's.
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
		when p_member is distinct
			from p_r.member_id and p_member is not null and not exists (select from public.summit_members as sm
			where sm.summit_id = p_r.summit_id and sm.member_id = p_member and sm.standing in ('active', 'observer'))
				then 'unknown_member'
		when (select sum(a.amount) from public.order_adjustments as a
			where a.order_id in (select private.registration_orders(p_r.id))
				and a.kind in ('dispute', 'dispute_won')) > 0 then 'disputed'
		when exists (select from public.checkouts as c where c.order_id in (select private.registration_orders(p_r.id))
			and c.state = 'processing') then 'processing' end
$$;

-- Whether somebody waits in this mode for what a seat under this member or pool would take: its own ceiling, or that of
-- its sector or region.
create function private.others_wait_for(p_r public.registrations, p_member uuid, p_pool uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.queue_entries as q join public.registrations as w on w.id = q.registration_id and w.id <> p_r.id
		left join public.summit_members as theirs on theirs.summit_id = p_r.summit_id and theirs.member_id = w.member_id
		left join public.summit_members as own on own.summit_id = p_r.summit_id and own.member_id = p_member
		where q.summit_id = p_r.summit_id and q.mode = p_r.mode and q.state = 'waiting'
			and (w.member_id = p_member or w.pool_id = p_pool
				or exists (select from public.seat_ceilings as c where c.summit_id = p_r.summit_id and c.mode = p_r.mode
				and (c.sector = own.sector and c.sector = theirs.sector or c.region = own.region
					and c.region = theirs.region))))
$$;

-- What would stand in the way of its seat under another member or pool, if it had none now: found by giving it up and
-- taking it back.
create function private.obstacle_beside(p_r public.registrations, p_member uuid, p_pool uuid)
	returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reason public.queue_reason;
begin
	begin
		perform private.release_seats(p_r.id, 'category');
		v_reason := private.seat_obstacle(p_r.summit_id, p_r.mode, p_member, p_pool);
		raise sqlstate 'GS000' using message = 'only tried';
	exception when sqlstate 'GS000' then null;
	end;
	return coalesce(v_reason,
		case when private.others_wait_for(p_r, p_member, p_pool) then 'others_wait'::public.queue_reason end);
end
$$;

-- Category, and what the registration has of seats and places, under another member or pool: null, or why there is no
-- seat. Both modes are locked and their queues served. An offer goes back to its rank in the queue, and is made anew
-- under the new ceiling.
create function private.move_allocation(p_r public.registrations, p_category public.registration_category,
	p_member uuid, p_pool uuid) returns public.queue_reason
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_offered uuid[] := array(select q.seat_id from public.queue_entries as q
		where q.registration_id = p_r.id and q.state = 'offered');
	v_reason public.queue_reason;
begin
	update public.queue_entries as q set state = 'waiting', seat_id = null, offered_at = null, deadline = null
		where q.registration_id = p_r.id and q.state = 'offered';
	update public.seats as s set state = 'released', held_until = null, released_at = now(), release_reason = 'category'
		where s.id = any (v_offered);
	if exists (select from public.seats as s where s.registration_id = p_r.id and s.state <> 'released') then
		v_reason := private.obstacle_beside(p_r, p_member, p_pool);
		if v_reason is not null then return v_reason; end if;
	end if;
	-- The seat is one that is out already: what it may be counted under was asked.
	perform set_config('app.allowances', 'together', true);
	update public.registrations as r
		set category = p_category, member_id = p_member, pool_id = p_pool, version = r.version + 1, updated_at = now()
		where r.id = p_r.id;
	update public.seats as s set member_id = p_member, pool_id = p_pool
		where s.registration_id = p_r.id and s.state <> 'released';
	perform set_config('app.allowances', '', true);
	perform private.tell_seats(p_r.id);
	return null;
end
$$;

-- What belonged to the member that it leaves, or was asked of it, ends; what it is shown under follows the member that
-- it joins.
create function private.follow_member(p_r public.registrations, p_member uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
begin
	if p_member is null then
		delete from public.member_requests as q where q.registration_id = p_r.id and q.state = 'open';
	else
		update public.member_requests as q set state = 'linked', member_id = p_member
			where q.registration_id = p_r.id and q.state = 'open';
	end if;
	if p_r.member_id is not distinct from p_member then return; end if;
	delete from public.delegation_places as d where d.registration_id = p_r.id;
	delete from public.nomination_refusals as x where x.registration_id = p_r.id;
	select m.name into v_name from public.members as m where m.id = p_member;
	update public.people as p set affiliation = v_name, updated_at = now()
		where p.id = p_r.person_id and p.affiliation <> v_name and not private.has_alias(p.id);
	-- Named by a member is who this member has named.
	if p_r.state = 'nominated' then
		perform private.move_registration(p_r.id, 'submitted');
		update public.registrations as r set submitted_at = p_r.submitted_at where r.id = p_r.id;
	end if;
end
$$;

-- The fee of what they are now, and the badge that says it: accredited once already, so that only the money may be
-- missing. Then the seat is held until the deadline, as for whoever is accredited with a fee, and no badge opens a
-- door. Answers ok or awaiting_payment.
create function private.charge_anew(p_id uuid, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_due bigint;
	v_until timestamptz;
begin
	select * into strict v_r from public.registrations as r where r.id = p_id;
	if v_r.state = 'awaiting_payment' then perform private.cancel_charges(v_r, 0, 'category'); end if;
	v_due := private.fee_of(v_r, v_r.mode) - private.charged_to(v_r.id);
	perform private.revoke_badge(v_r, 'category');
	if v_due > 0 then
		perform private.open_order(v_r, v_r.mode, v_due);
		select private.deadline_in(s.id, make_interval(days => s.payment_days)) into v_until from public.summits as s
			where s.id = v_r.summit_id;
		update public.seats as s set state = 'held', held_until = v_until
			where s.registration_id = v_r.id and s.mode = v_r.mode and s.state <> 'released';
		if v_r.state = 'confirmed' then perform private.move_registration(v_r.id, 'awaiting_payment', p_reason); end if;
		perform private.tell_registration(v_r, 'badge');
		return 'awaiting_payment';
	end if;
	if v_r.state = 'awaiting_payment' then
		perform private.confirm_in(v_r.id, v_r.mode, p_reason);
	else
		insert into public.badges (summit_id, registration_id) select v_r.summit_id, v_r.id
			where v_r.mode = 'in_person';
		perform private.tell_registration(v_r, 'badge');
		perform private.tell('person:' || v_r.person_id, 'rights');
		perform private.mail_about(v_r, 'registration_confirmed');
	end if;
	if v_due < 0 then perform private.give_credit(v_r, -v_due, 'category'); end if;
	return 'ok';
end
$$;

-- The change itself, as it is told: {status: ok | awaiting_payment | no_seat | no_pool, reason, state, place: the
-- member or pool it now draws on, seat: moved | stays | none, badge: new | ends | none, amount, due_at, refund,
-- currency, undone: a change of mode that was not paid, erased: answers of the second form}
create function private.take_category(p_r public.registrations, p_category public.registration_category, p_member uuid,
	p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_pool uuid;
	v_reason public.queue_reason;
	v_status text := 'ok';
	v_refund bigint := private.refunds_of(p_r.id);
	v_answers bigint := (select count(*) from private.detail_answers as a where a.registration_id = p_r.id);
	v_badge boolean := exists (select from public.badges as b
		where b.registration_id = p_r.id and b.revoked_at is null);
	v_moves boolean;
	v_undone boolean;
begin
	v_undone := p_r.state = 'confirmed' and private.cancel_switch(p_r);
	perform private.serve_queues(p_r.summit_id);
	if p_member is null then
		-- Who is outside the capacity stays outside it, in a category that can be.
		v_pool := case when private.is_outside_capacity(p_r.pool_id) and private.is_let_in_by_desk(p_category)
			then private.walk_in_pool(p_r.summit_id, p_category, p_r.mode)
				else private.pool_for(p_r.summit_id, p_category, p_r.mode) end;
		if v_pool is null then return jsonb_build_object('status', 'no_pool'); end if;
	end if;
	v_moves := (p_member, v_pool) is distinct from (p_r.member_id, p_r.pool_id);
	if v_moves then
		v_reason := private.move_allocation(p_r, p_category, p_member, v_pool);
		if v_reason is not null then return jsonb_build_object('status', 'no_seat', 'reason', v_reason); end if;
		perform private.follow_member(p_r, p_member);
	else
		update public.registrations as r set category = p_category, version = r.version + 1, updated_at = now()
			where r.id = p_r.id;
	end if;
	select * into strict v_r from public.registrations as r where r.id = p_r.id;
	insert into public.registration_steps (registration_id, from_state, to_state, mode, actor_id, reason, category)
	values (v_r.id, v_r.state, v_r.state, v_r.mode, private.actor(), p_reason, p_category);
	if v_r.state in ('awaiting_payment', 'confirmed') then v_status := private.charge_anew(v_r.id, p_reason); end if;
	select * into strict v_r from public.registrations as r where r.id = p_r.id;
	perform private.tell_registration(v_r);
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', v_status, 'state', v_r.state, 'undone', v_undone, 'refund',
		private.refunds_of(v_r.id) - v_refund, 'currency', private.currency_of(v_r),
		'place', coalesce((select m.name from public.members as m where m.id = p_member),
			(select p.name from public.pools as p where p.id = v_pool)),
		'seat', case when not exists (select from public.seats as s
			where s.registration_id = v_r.id and s.mode = v_r.mode and s.state <> 'released') then 'none'
			when v_moves then 'moved' else 'stays' end,
		'badge', case
			when exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
			then 'new' when v_badge then 'ends' else 'none' end,
		'erased', v_answers - (select count(*) from private.detail_answers as a where a.registration_id = v_r.id))
		|| case when v_status = 'awaiting_payment' then coalesce(private.order_due(v_r.id), '{}') else '{}' end;
end
$$;

-- The change of category for whoever keeps the registrations: seen beforehand, and done.

--[was in category_acts] Under the locks; `p_tried`: found by doing it and taking it back. Nobody changes their own, nor that of whom they act for.
--[patch proposed_category] Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as things are then.
-- Under the locks; `p_tried`: found by doing it and taking it back. Nobody changes their own, nor that of whom they act for.
create function private.recategorise(p_registration uuid, p_category public.registration_category, p_member uuid,
	p_version integer, p_reason text, p_tried boolean,
	p_second boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_member uuid;
	v_obstacle text;
	v_proposes boolean;
	v_answer jsonb;
begin
	select * into v_r from public.registrations as r where r.id = p_registration and r.state <> 'draft';
	if not found or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	if p_version <> v_r.version then return jsonb_build_object('status', 'changed'); end if;
	v_member := coalesce(p_member, case when p_category = 'delegate' then v_r.member_id end);
	v_obstacle := private.category_obstacle(v_r, p_category, v_member);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	-- Also where it is only looked at: nobody learns of the list without its keepers' knowing.
	if v_r.state not in ('submitted', 'nominated') and private.needs_a_word(v_r) then
		return jsonb_build_object('status', 'needs_a_word');
	end if;
	v_proposes := not p_second and private.category_needs_two(v_r, p_category);
	if v_proposes
		and exists (select from private.decision_proposals as p where p.registration_id = v_r.id and p.state = 'open')
		then
		return jsonb_build_object('status', 'proposal_open');
	end if;
	perform private.act_for(v_r.person_id, p_reason);
	begin
		v_answer := private.take_category(v_r, p_category, v_member, p_reason);
		if v_answer ->> 'status' in ('ok', 'awaiting_payment') then
			set constraints public.seat_fault immediate;
			set constraints public.seat_fault deferred;
			if not p_tried and not v_proposes then return v_answer; end if;
		end if;
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when sqlstate 'PT409' or integrity_constraint_violation then return jsonb_build_object('status', 'failed');
	end;
	if not v_proposes or v_answer ->> 'status' not in ('ok', 'awaiting_payment') then return v_answer; end if;
	if p_tried then return v_answer || '{"second": true}'; end if;
	return jsonb_build_object('status', private.propose_decision(v_r, 'recategorise', p_reason, p_category, v_member));
end
$$;

--[was in category_acts] What it would do to seat, fee and badge now. A delegate stays with their member unless another is named; others have a seat of their
--[was in category_acts] category's pool unless a member is. Answers as private.take_category does, or {status: changed | wrong_state | closed | already | minor | member_needed |
--[was in category_acts] unknown_member | second_person | disputed | processing | needs_a_word | failed | not_allowed}.
--[patch proposed_category] Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as things are then.
-- What it would do to seat, fee and badge now. A delegate stays with their member unless another is named; others have a seat of their
-- category's pool unless a member is. Answers as private.take_category does, with `second` where a second person confirms it, or {status: changed |
-- wrong_state | closed | already | minor | member_needed | unknown_member | proposal_open | disputed | processing | needs_a_word | failed | not_allowed}.
create function public.preview_category(registration uuid, category public.registration_category, member uuid
	default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.recategorise(registration, category, member, null, '', true)
$$;
grant execute on function public.preview_category(uuid, public.registration_category, uuid) to authenticated;

--[was in category_acts] Does it, with its reason. Answers as preview_category does, and reason_needed.
--[patch proposed_category] Where two accredit or decline, two change a category: one proposes it, the other confirms it, and it is done then, as things are then.
-- Does it, with its reason. Answers as preview_category does, and reason_needed; proposed where a second person confirms it.
create function public.change_category(registration uuid, category public.registration_category, reason text,
	member uuid default null, version integer default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select case
		when length(private.one_line(reason)) not between 1 and 200 then jsonb_build_object('status', 'reason_needed')
		else private.recategorise(registration, category, member, version, private.one_line(reason), false) end
$$;
grant execute on function public.change_category(uuid, public.registration_category, text, uuid,
	integer) to authenticated;
