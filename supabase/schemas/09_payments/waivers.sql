-- Waivers: requested with grounds, decided by finance, never beyond the budget. A waiver pays a part of one
-- registration's charge.

-- What an order still asks for one registration, after what was waived of it.
create function private.waivable_amount(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select greatest(
		0,
		least(
			private.line_total(p_order, p_registration) - private.waived_of(p_order, p_registration),
			private.balance_of(p_order)
		)
	)
$$;

-- What was waived in a currency, for the budget.
create function private.waived_total(p_summit uuid, p_currency text) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(-sum(a.amount), 0)::bigint
	from public.order_adjustments as a
	join public.orders as o on o.id = a.order_id
	where o.summit_id = p_summit and o.currency = p_currency and a.kind = 'waiver'
$$;

-- Sets the budget of a currency. Answers ok | not_allowed | invalid | below (as much is waived already). Locks the
-- budget.
create function public.save_waiver_budget(summit uuid, currency text, amount bigint) returns public.waiver_budget_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_waiver_budget.summit;
	v_currency text := save_waiver_budget.currency;
	v_amount bigint := save_waiver_budget.amount;
begin
	if not private.has_role(v_summit, 'finance') then return 'not_allowed'; end if;
	if v_currency !~ '^[A-Z]{3}$' or v_currency is null or v_amount is null or v_amount < 0 then
		return 'invalid';
	end if;
	insert into public.waiver_budgets (summit_id, currency, amount)
	values (v_summit, v_currency, 0)
	on conflict do nothing;
	perform from public.waiver_budgets as b
	where b.summit_id = v_summit and b.currency = v_currency for update;
	if v_amount < private.waived_total(v_summit, v_currency) then return 'below'; end if;
	update public.waiver_budgets as b set amount = v_amount where b.summit_id = v_summit and b.currency = v_currency;
	return 'ok';
end
$$;
grant execute on function public.save_waiver_budget(uuid, text, bigint) to authenticated;

-- Asks for a waiver, by the person or by a focal point for one of their people. Answers {status: ok | already | nothing
-- | invalid | not_allowed, id}. Locks the order.
create function public.request_waiver(order_id uuid, registration uuid, grounds text, explanation text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_r public.registrations;
	v_id uuid;
begin
	select * into v_r from public.registrations as r
	where r.id = registration
		and (r.person_id in (select private.my_people('registration')) or private.is_focal_for(r));
	select o.* into v_order from public.orders as o
	join public.order_lines as l on l.order_id = o.id and l.registration_id = v_r.id
	where o.id = request_waiver.order_id;
	if v_r.id is null or v_order.id is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if request_waiver.grounds not in (
		'no_budget', 'low_income_country', 'small_organisation', 'lived_experience', 'invited', 'other'
	)
		or request_waiver.grounds is null
		or length(coalesce(request_waiver.explanation, '')) > 2000
		or request_waiver.grounds = 'other' and btrim(coalesce(request_waiver.explanation, '')) = '' then
		return jsonb_build_object('status', 'invalid');
	end if;
	v_order := private.lock_order(v_order.id);
	if v_order.closed_at is not null or private.waivable_amount(v_order.id, v_r.id) = 0 then
		return jsonb_build_object('status', 'nothing');
	end if;
	perform private.set_audit_context(v_r.person_id);
	insert into public.waiver_requests (
		summit_id, order_id, registration_id, person_id, requested_by, grounds, explanation
	)
	values (
		v_order.summit_id, v_order.id, v_r.id, v_r.person_id, private.me(), request_waiver.grounds,
		btrim(coalesce(request_waiver.explanation, ''))
	)
	on conflict do nothing
	returning id into v_id;
	if v_id is null then return jsonb_build_object('status', 'already'); end if;
	perform private.notify_order(v_order);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.request_waiver(uuid, uuid, text, text) to authenticated;

-- Withdraws a request, by the people who may read it apart from finance. Answers ok | wrong_state | not_allowed. Locks
-- the request.
create function public.withdraw_waiver(request uuid) returns public.step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_w public.waiver_requests;
begin
	select * into v_w from public.waiver_requests as w
	where w.id = request
		and (w.requested_by = (select private.me()) or w.person_id in (select private.my_people('registration')))
	for update;
	if not found then return 'not_allowed'; end if;
	if v_w.state <> 'open' then return 'wrong_state'; end if;
	update public.waiver_requests as w set state = 'withdrawn' where w.id = request;
	perform private.notify_order(o) from public.orders as o where o.id = v_w.order_id;
	return 'ok';
end
$$;
grant execute on function public.withdraw_waiver(uuid) to authenticated;

-- Approves or refuses a request. `amount` null: all that is owed. Answers {status: ok | own | wrong_state |
-- reason_needed | nothing | too_much | over_budget | not_allowed, amount, left}. Locks the order, the request, then the
-- budget.
create function public.decide_waiver(
	request uuid,
	approve boolean,
	amount integer default null,
	answer text default ''
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_w public.waiver_requests;
	v_order public.orders;
	v_amount bigint;
	v_most bigint;
	v_left bigint;
	v_answer text := btrim(coalesce(decide_waiver.answer, ''));
begin
	select * into v_w from public.waiver_requests as w where w.id = request;
	if v_w.id is null or not private.has_role(v_w.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	-- Not the person who asked, nor the one it is for, nor anybody who acts for them.
	if v_w.requested_by in (select private.my_people())
		or v_w.person_id in (select private.my_people())
		or v_w.requested_by = (select private.me()) then
		return jsonb_build_object('status', 'own');
	end if;
	if approve is null then return jsonb_build_object('status', 'wrong_state'); end if;
	if not approve and v_answer = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_w.order_id);
	select * into v_w from public.waiver_requests as w where w.id = request for update;
	if v_w.state <> 'open' then return jsonb_build_object('status', 'wrong_state'); end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_w.person_id, v_answer);
	if approve then
		v_most := private.waivable_amount(v_order.id, v_w.registration_id);
		v_amount := coalesce(decide_waiver.amount, v_most);
		if v_order.closed_at is not null or v_most = 0 then return jsonb_build_object('status', 'nothing'); end if;
		if v_amount <= 0 or v_amount > v_most then
			return jsonb_build_object('status', 'too_much', 'left', v_most);
		end if;
		perform from public.waiver_budgets as b
		where b.summit_id = v_order.summit_id and b.currency = v_order.currency for update;
		v_left := coalesce((
			select b.amount from public.waiver_budgets as b
			where b.summit_id = v_order.summit_id and b.currency = v_order.currency
		), 0) - private.waived_total(v_order.summit_id, v_order.currency);
		if v_amount > v_left then return jsonb_build_object('status', 'over_budget', 'left', v_left); end if;
		perform private.adjust_order(v_order.id, 'waiver', -v_amount, v_w.registration_id, 'waiver');
	end if;
	update public.waiver_requests as w
	set
		state = case when approve then 'approved' else 'refused' end, amount = v_amount,
		answer = v_answer, decided_by = private.actor(), decided_at = now()
	where w.id = request;
	perform private.mail_waiver(request);
	if approve then perform private.settle_order(v_order.id, 'overpaid'); end if;
	perform private.notify_order(v_order);
	perform private.serve_queues(v_order.summit_id);
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;
grant execute on function public.decide_waiver(uuid, boolean, integer, text) to authenticated;

-- Mails the decision to the person who asked, with finance's answer. They may read it: they gave the grounds. A focal
-- point who asked for one of their people reads it too, and finance is told so where it writes the answer.
create function private.mail_waiver(p_request uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(
		w.requested_by, case w.state when 'approved' then 'waiver_approved' else 'waiver_refused' end,
		jsonb_build_object(
			'reference', r.reference, 'order_id', o.id, 'order', o.reference, 'amount', w.amount,
			'currency', o.currency, 'reason', w.answer, 'owed', private.balance_of(o.id),
			'payer', case when w.requested_by = w.person_id then 'person' else 'member' end
		),
		w.summit_id, 'waiver:' || w.id
	)
	from public.waiver_requests as w
	join public.registrations as r on r.id = w.registration_id
	join public.orders as o on o.id = w.order_id
	where w.id = p_request
$$;

-- Requests for finance: {counts, total, rows}; null for everybody else. `own`: asked by or for the reader, who does not
-- decide it.
create function public.list_waivers(
	summit uuid,
	state text default 'open',
	row_limit integer default 50,
	row_offset integer default 0
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (
				select w.state, count(*) from public.waiver_requests as w
				where w.summit_id = list_waivers.summit
				group by w.state
			) as c
		),
		'total', (
			select count(*) from public.waiver_requests as w
			where w.summit_id = list_waivers.summit and w.state = list_waivers.state
		),
		'rows', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', w.id, 'state', w.state, 'grounds', w.grounds, 'explanation', w.explanation,
				'amount', w.amount, 'answer', w.answer, 'created_at', private.iso(w.created_at),
				'order_id', w.order_id, 'order', o.reference,
				'currency', o.currency, 'registration', r.reference, 'display_name', p.display_name,
				'member', m.name, 'owed', private.waivable_amount(w.order_id, w.registration_id),
				'by_focal', w.requested_by <> w.person_id,
				'decided_by', (select d.display_name from public.people as d where d.id = w.decided_by),
				'own', w.requested_by in (select private.my_people()) or w.person_id in (select private.my_people())
			) order by w.created_at, w.id), '[]')
			from (
				select * from public.waiver_requests as x
				where x.summit_id = list_waivers.summit and x.state = list_waivers.state
				order by x.created_at, x.id
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))
			) as w
			join public.orders as o on o.id = w.order_id
			join public.registrations as r on r.id = w.registration_id
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id
		)
	)
	where private.has_role(list_waivers.summit, 'finance')
$$;
grant execute on function public.list_waivers(uuid, text, integer, integer) to authenticated;
