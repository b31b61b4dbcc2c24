-- Money by bank: finance records a transfer by hand, or confirms rows of a statement one by one. Each counts once.

-- Finds a payment that was recorded by hand and that no row of a statement has confirmed yet: same order and amount,
-- booked within ten days.
create function private.find_manual_payment(p_order uuid, p_amount integer, p_booked_on date) returns bigint
language sql stable security definer set search_path = '' as $$
	select a.id from public.order_adjustments as a
	where a.order_id = p_order
		and a.kind = 'payment'
		and a.provider = 'bank'
		and a.provider_ref like 'hand:%'
		and a.amount = -p_amount
		and abs(a.booked_on - p_booked_on) <= 10
		and not exists (select from private.bank_rows as b where b.adjustment_id = a.id)
	order by abs(a.booked_on - p_booked_on), a.id limit 1
$$;

-- What confirming a row for an order would do: matched | partial | overpaid | late | recorded | currency | unknown.
create function private.bank_outcome(p_row private.bank_rows, p_order uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select case
			when o.currency <> p_row.currency then 'currency'
			when private.find_manual_payment(o.id, p_row.amount, p_row.booked_on) is not null then 'recorded'
			when private.balance_of(o.id) <= 0 and o.closed_at is not null then 'late'
			when private.balance_of(o.id) = p_row.amount then 'matched'
			when private.balance_of(o.id) > p_row.amount then 'partial'
			else 'overpaid'
		end
		from public.orders as o
		where o.id = p_order and o.summit_id = p_row.summit_id
	), 'unknown')
$$;

-- Rows of a Summit's statements by state, for finance: {total, counts, rows}; null for everybody else.
create function public.list_bank_rows(
	summit uuid,
	state public.bank_row_state default 'open',
	row_limit integer default 50,
	row_offset integer default 0
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'total', (
			select count(*) from private.bank_rows as b
			where b.summit_id = list_bank_rows.summit and b.state = list_bank_rows.state
		),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (
				select b.state, count(*) from private.bank_rows as b
				where b.summit_id = list_bank_rows.summit
				group by b.state
			) as c
		),
		'rows', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', b.id, 'statement', b.statement, 'line', b.line, 'booked_on', b.booked_on,
				'amount', b.amount, 'currency', b.currency, 'words', b.words, 'state', b.state,
				'note', b.note, 'is_incoming', b.is_incoming, 'is_part', b.parent_id is not null,
				'outcome', private.bank_outcome(b, b.order_id),
				'order', (
					select jsonb_build_object(
						'id', o.id, 'reference', o.reference, 'balance', private.balance_of(o.id),
						'payer', coalesce(m.name, p.display_name)
					)
					from public.orders as o
					left join public.members as m on m.id = o.payer_member_id
					left join public.people as p on p.id = o.payer_person_id
					where o.id = b.order_id
				)
			) order by b.booked_on, b.statement, b.line, b.id), '[]')
			from (
				select * from private.bank_rows as x
				where x.summit_id = list_bank_rows.summit and x.state = list_bank_rows.state
				order by x.booked_on, x.statement, x.line, x.id
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))
			) as b
		)
	)
	where private.has_role(list_bank_rows.summit, 'finance')
$$;
grant execute on function public.list_bank_rows(uuid, public.bank_row_state, integer, integer) to authenticated;

-- Counts money by bank for a locked order. Answers what `apply_payment` answers, or duplicate.
create function private.record_transfer(p_order uuid, p_amount bigint, p_ref text, p_booked_on date, p_note text)
	returns table (effect text, adjustment bigint)
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, actor_id, booked_on)
	values (p_order, 'payment', -p_amount, 'bank', p_ref, coalesce(p_note, ''), private.actor(), p_booked_on)
	on conflict do nothing
	returning id into adjustment;
	if adjustment is null then
		effect := 'duplicate';
	else
		effect := private.apply_payment(p_order, p_amount);
		perform private.serve_queues(o.summit_id) from public.orders as o where o.id = p_order;
	end if;
	return next;
end
$$;

-- Confirms one row for one order. Answers {status: paid | underpaid | revived | surplus | linked | already | currency |
-- unknown_order | own | not_allowed}. Linked: the same payment was recorded by hand before, and is not counted twice.
-- Locks the order, then the row.
create function public.apply_bank_row(bank_row uuid, order_reference text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
	v_order public.orders;
	v_typed bigint;
	v_taken record;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_order from public.orders as o
	where o.summit_id = v_row.summit_id
		and case
			when coalesce(btrim(order_reference), '') = '' then o.id = v_row.order_id
			else o.id = coalesce((
				select x.id from public.orders as x
				where x.summit_id = v_row.summit_id and x.reference = upper(btrim(order_reference))
			), private.find_order_in_text(v_row.summit_id, order_reference))
		end;
	if not found then return jsonb_build_object('status', 'unknown_order'); end if;
	if v_order.currency <> v_row.currency then return jsonb_build_object('status', 'currency'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	v_order := private.lock_order(v_order.id);
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.state <> 'open' then return jsonb_build_object('status', 'already'); end if;
	v_typed := private.find_manual_payment(v_order.id, v_row.amount, v_row.booked_on);
	if v_typed is not null then
		update private.bank_rows as b
		set
			state = 'linked', order_id = v_order.id, adjustment_id = v_typed,
			decided_by = private.actor(), decided_at = now()
		where b.id = v_row.id;
		return jsonb_build_object('status', 'linked');
	end if;
	select * into v_taken
	from private.record_transfer(
		v_order.id, v_row.amount, 'row:' || v_row.summit_id || ':' || v_row.fingerprint, v_row.booked_on, ''
	);
	update private.bank_rows as b
	set
		state = 'applied', order_id = v_order.id, adjustment_id = v_taken.adjustment,
		decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	return jsonb_build_object(
		'status', case v_taken.effect when 'duplicate' then 'already' else v_taken.effect end
	);
end
$$;
grant execute on function public.apply_bank_row(uuid, text) to authenticated;

-- Records a transfer that finance has seen at the bank. Answers {status: paid | underpaid | revived | surplus | already
-- | currency | invalid | own | not_allowed}. Already: the same day, amount and reference were recorded for this order
-- before, by hand or from a statement. Locks the order.
create function public.record_bank_payment(
	order_id uuid,
	amount integer,
	currency text,
	booked_on date,
	reference text,
	note text default ''
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare
	v_order public.orders;
	v_effect text;
begin
	select o.* into v_order from public.orders as o where o.id = record_bank_payment.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if amount is null
		or amount <= 0
		or booked_on is null
		or booked_on > current_date + 1
		or btrim(coalesce(reference, '')) = '' then
		return jsonb_build_object('status', 'invalid');
	end if;
	if currency is distinct from v_order.currency::text then return jsonb_build_object('status', 'currency'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	v_order := private.lock_order(v_order.id);
	if exists (
		select from private.bank_rows as b
		where b.order_id = v_order.id
			and b.state = 'applied'
			and b.amount = record_bank_payment.amount
			and b.booked_on = record_bank_payment.booked_on
			and strpos(private.normalise_bank_text(b.words), private.normalise_bank_text(reference)) > 0
	) then
		return jsonb_build_object('status', 'already');
	end if;
	perform private.set_audit_context(v_order.payer_person_id);
	select t.effect into v_effect
	from private.record_transfer(
		v_order.id, amount,
		'hand:' || encode(sha256(convert_to(
			concat_ws('|', v_order.id, amount, booked_on, private.normalise_bank_text(reference)), 'UTF8'
		)), 'hex'),
		booked_on, left(concat_ws(', ', btrim(reference), nullif(btrim(coalesce(note, '')), '')), 500)
	) as t;
	return jsonb_build_object('status', case v_effect when 'duplicate' then 'already' else v_effect end);
end
$$;
grant execute on function public.record_bank_payment(uuid, integer, text, date, text, text) to authenticated;
