-- Asking for an invoice, correcting one, and how long an order waits for a transfer.

-- Answers the invalid fields of {name, address, tax_number, purchase_order, country, vat_id}. A Summit with value added
-- tax needs the country; a VAT id is of that country.
create function private.billing_faults(p_billing jsonb, p_vat text default 'off') returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(
		array[
			case when length(btrim(coalesce(p_billing ->> 'name', ''))) not between 2 and 200 then 'name' end,
			case when length(btrim(coalesce(p_billing ->> 'address', ''))) > 500 then 'address' end,
			case when length(btrim(coalesce(p_billing ->> 'tax_number', ''))) > 60 then 'tax_number' end,
			case when length(btrim(coalesce(p_billing ->> 'purchase_order', ''))) > 60 then 'purchase_order' end,
			case
				when not private.is_billing_country(p_billing ->> 'country')
					or p_vat <> 'off' and btrim(coalesce(p_billing ->> 'country', '')) = '' then 'country'
			end,
			case
				when btrim(coalesce(p_billing ->> 'vat_id', '')) <> ''
					and (
						not private.is_vat_id(private.plain_vat_id(p_billing ->> 'vat_id'))
						or private.vat_id_country(private.plain_vat_id(p_billing ->> 'vat_id'))
							is distinct from upper(btrim(p_billing ->> 'country'))
					) then 'vat_id'
			end],
		null
	)
$$;

-- Issues an invoice for the payer where transfers are offered, or for finance. The order then waits for its money until
-- the due date and the days of grace are over. Answers {status: ok | already | nothing | closed | processing |
-- not_offered | invalid | not_allowed, invoice_id, reference, due_on, faults}. Locks the order.
create function public.request_invoice(order_id uuid, billing jsonb, locale text default 'en') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_settings public.money_settings;
	v_paper public.invoices;
	v_faults text[];
	v_by_finance boolean;
	v_reverse boolean;
begin
	select * into v_order from public.orders as o where o.id = request_invoice.order_id;
	v_by_finance := private.has_role(v_order.summit_id, 'finance');
	if v_order.id is null or not v_by_finance and v_order.id not in (select private.my_payable_orders()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_order := private.lock_order(v_order.id);
	select i.* into v_paper from public.invoices as i
	where i.order_id = v_order.id and i.kind = 'invoice' and private.invoice_remainder(i.id) > 0
	order by i.year desc, i.number desc limit 1;
	if found then
		return jsonb_build_object(
			'status', 'already', 'invoice_id', v_paper.id, 'reference', v_paper.reference,
			'due_on', v_paper.due_on
		);
	end if;
	select * into v_settings from public.money_settings as s where s.summit_id = v_order.summit_id;
	if v_settings.issuer_name is null
		or v_settings.issuer_name = ''
		or v_settings.issuer_address = ''
		or not v_settings.transfer_allowed and not v_by_finance and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'not_offered');
	end if;
	if private.order_charge(v_order.id) <= 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_order.closed_at is not null and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'closed');
	end if;
	if private.balance_of(v_order.id) > 0 and v_order.due_at <= now() then
		return jsonb_build_object('status', 'closed');
	end if;
	if exists (select from public.checkouts as c where c.order_id = v_order.id and c.state = 'processing') then
		return jsonb_build_object('status', 'processing');
	end if;
	v_faults := private.billing_faults(billing, v_settings.vat);
	if v_faults <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id);
	-- What was paid with tax is given back by finance only, who have looked at the VAT id.
	v_reverse := (v_by_finance or v_order.closed_at is null)
		and private.allows_reverse_charge(v_settings, private.invoice_buyer(v_order, billing));
	if v_reverse then perform private.credit_reverse_charge(v_order); end if;
	v_paper := private.issue_invoice(
		v_order, 'invoice', private.order_charge(v_order.id) - private.invoiced_amount(v_order.id), billing,
		case when private.is_interface_language(locale) then locale else 'en' end, null, '', v_reverse
	);
	perform private.extend_order_for_transfer(v_order, v_paper.due_on + v_settings.grace_days);
	if v_reverse then perform private.settle_order(v_order.id, 'reverse_charge'); end if;
	perform private.notify_order(v_order);
	return jsonb_build_object(
		'status', 'ok', 'invoice_id', v_paper.id, 'reference', v_paper.reference, 'due_on', v_paper.due_on
	);
end
$$;
grant execute on function public.request_invoice(uuid, jsonb, text) to authenticated;

-- Lets the order and its seats wait until the end of that day at the venue, never shorter than before.
create function private.extend_order_for_transfer(p_order public.orders, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_until timestamptz := (
		select (p_day + 1)::timestamp at time zone s.zone from public.summits as s where s.id = p_order.summit_id
	);
begin
	if p_order.closed_at is not null then return; end if;
	update public.orders as o set due_at = v_until where o.id = p_order.id and o.due_at < v_until;
	perform private.extend_holds(p_order.id, v_until);
end
$$;

-- Answers a wrong invoice with a credit note for the whole of it and issues a new one. Answers {status: ok | invalid |
-- wrong_state | reason_needed | not_allowed, invoice_id, reference, faults}. Locks the order.
create function public.correct_invoice(invoice uuid, billing jsonb, reason text, locale text default 'en')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.invoices;
	v_new public.invoices;
	v_order public.orders;
	v_settings public.money_settings;
	v_left bigint;
	v_was boolean;
	v_reverse boolean;
begin
	select * into v_old from public.invoices as i where i.id = invoice and i.kind = 'invoice';
	if v_old.id is null or not private.has_role(v_old.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_old.order_id);
	select * into strict v_settings from public.money_settings as s where s.summit_id = v_order.summit_id;
	if private.billing_faults(billing, v_settings.vat) <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', private.billing_faults(billing, v_settings.vat));
	end if;
	v_left := private.invoice_remainder(v_old.id);
	v_was := private.is_reverse_charged(v_order.id);
	v_reverse := private.allows_reverse_charge(v_settings, private.invoice_buyer(v_order, billing));
	-- A paid order owes no tax afterwards.
	if v_left <= 0 or v_was and not v_reverse and v_order.closed_at is not null then return jsonb_build_object('status', 'wrong_state'); end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id, btrim(reason));
	perform private.issue_invoice(
		v_order, 'credit_note', v_left, private.last_billing(v_order.id) -> 'buyer',
		private.last_billing(v_order.id) ->> 'locale', v_old.id, btrim(reason)
	);
	if v_reverse and not v_was then perform private.credit_reverse_charge(v_order); end if;
	if v_was and not v_reverse then perform private.charge_tax_again(v_order); end if;
	v_new := private.issue_invoice(
		v_order, 'invoice', private.order_charge(v_order.id) - private.invoiced_amount(v_order.id), billing,
		case when private.is_interface_language(locale) then locale else 'en' end, null, '', v_reverse
	);
	perform private.extend_order_for_transfer(v_order, v_new.due_on + v_settings.grace_days);
	if v_reverse and not v_was then perform private.settle_order(v_order.id, 'reverse_charge'); end if;
	perform private.notify_order(v_order);
	return jsonb_build_object('status', 'ok', 'invoice_id', v_new.id, 'reference', v_new.reference);
end
$$;
grant execute on function public.correct_invoice(uuid, jsonb, text, text) to authenticated;

-- Sends one mail before the due date and one after it, for each invoice that is not paid. Answers how many were queued.
create function private.remind_invoices(p_now timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_order public.orders;
	v_count integer := 0;
begin
	for v_due in
		select i.*, case when t.today > i.due_on then 'after' else 'before' end as stage
		from public.invoices as i
		join public.orders as o on o.id = i.order_id and o.closed_at is null
		join public.summits as s on s.id = i.summit_id,
		lateral (select (p_now at time zone s.zone)::date as today) as t
		where i.kind = 'invoice'
			and (t.today > i.due_on or t.today between i.due_on - 5 and i.due_on and t.today > i.issued_on)
			and private.invoice_remainder(i.id) > 0
			and private.balance_of(i.order_id) > 0
	loop
		insert into private.invoice_reminders (invoice_id, stage)
		values (v_due.id, v_due.stage)
		on conflict do nothing;
		continue when not found;
		select * into strict v_order from public.orders as o where o.id = v_due.order_id;
		perform private.mail_payer(
			v_order, 'invoice_reminder',
			jsonb_build_object(
				'invoice_id', v_due.id, 'invoice', v_due.reference, 'stage', v_due.stage,
				'amount', private.balance_of(v_order.id), 'due_on', v_due.due_on,
				'until', private.iso(v_order.due_at)
			),
			'reminder:' || v_due.stage || ':' || v_due.id
		);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.remind_invoices(timestamptz) to app_server;
