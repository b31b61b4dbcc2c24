-- Invoices and credit notes: numbered without gaps, frozen when issued. What an order has been invoiced, less its
-- credit notes, always equals what it charges: a change of the ledger issues the next document in the same transaction.

-- Nothing issued is changed or deleted. Merging two people may rewrite who issued it.
create function private.refuse_invoice_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE'
		and current_setting('app.merging', true) = 'yes'
		and to_jsonb(new) - 'issued_by' = to_jsonb(old) - 'issued_by' then
		return new;
	end if;
	raise exception 'an issued paper is never changed: a credit note answers it'
		using errcode = 'insufficient_privilege';
end
$$;

create trigger invoices_never_change before update or delete on public.invoices for each row
	execute function private.refuse_invoice_change();
create trigger invoices_never_truncate before truncate on public.invoices for each statement
	execute function private.refuse_invoice_change();
create trigger contents_never_change before update or delete on private.invoice_contents for each row
	execute function private.refuse_invoice_change();
create trigger contents_never_truncate before truncate on private.invoice_contents for each statement
	execute function private.refuse_invoice_change();

-- What an order charges in all, paid or not.
create function private.order_charge(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order), 0)
		+ coalesce((
			select sum(a.amount) from public.order_adjustments as a
			where a.order_id = p_order and a.kind in ('cancellation', 'credit', 'waiver')
		), 0)
$$;

-- What it has been invoiced, less its credit notes.
create function private.invoiced_amount(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(case i.kind when 'invoice' then i.amount else -i.amount end), 0)::bigint
	from public.invoices as i
	where i.order_id = p_order
$$;

-- What is left of an invoice after its credit notes.
create function private.invoice_remainder(p_invoice uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select i.amount - coalesce((select sum(c.amount) from public.invoices as c where c.credited_invoice_id = i.id), 0)
	from public.invoices as i
	where i.id = p_invoice
$$;

-- Draws the next number of a series. Its lock is the last of all: the transaction that holds it keeps others of the
-- Summit waiting until it ends.
create function private.next_invoice_number(p_summit uuid, p_kind public.invoice_kind, p_year integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	perform pg_advisory_xact_lock(hashtextextended('invoices:' || p_summit, 5));
	insert into private.invoice_number_series as n (summit_id, kind, year, last_number)
	values (p_summit, p_kind, p_year, 1)
	on conflict (summit_id, kind, year) do update set last_number = n.last_number + 1
	returning n.last_number into v_number;
	return v_number;
end
$$;

-- The buyer on an invoice. A protected person is billed under the name that everybody sees (Rule 7); for everybody
-- else name and address come from the form. An invoice to a member names none of its people.
create function private.invoice_buyer(p_order public.orders, p_billing jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.has_alias(p_order.payer_person_id) then jsonb_build_object(
			'name', (
				select person.display_name from public.people as person where person.id = p_order.payer_person_id
			),
			'address', '', 'tax_number', '', 'country', '', 'vat_id', ''
		)
		else jsonb_build_object(
			'name', btrim(p_billing ->> 'name'), 'address', btrim(coalesce(p_billing ->> 'address', '')),
			'tax_number', btrim(coalesce(p_billing ->> 'tax_number', '')),
			'country', upper(btrim(coalesce(p_billing ->> 'country', ''))),
			'vat_id', private.plain_vat_id(coalesce(p_billing ->> 'vat_id', ''))
		)
	end || jsonb_build_object('purchase_order', btrim(coalesce(p_billing ->> 'purchase_order', '')))
$$;

-- The text of a document, frozen with it.
create function private.invoice_content(
	p_order public.orders,
	p_paper public.invoices,
	p_summit public.summits,
	p_settings public.money_settings,
	p_billing jsonb,
	p_locale text,
	p_reason text,
	p_reverse boolean default false
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'kind', p_paper.kind, 'reference', p_paper.reference, 'issued_on', p_paper.issued_on,
		'due_on', p_paper.due_on, 'locale', p_locale,
		'answers', (select i.reference from public.invoices as i where i.id = p_paper.credited_invoice_id),
		'reason', p_reason, 'summit', p_summit.name, 'order', p_order.reference,
		'currency', p_order.currency, 'amount', p_paper.amount,
		'paid', case
			when p_paper.kind = 'invoice'
				then greatest(0, private.order_charge(p_order.id) - private.balance_of(p_order.id))
			else 0
		end,
		'issuer', jsonb_build_object(
			'name', p_settings.issuer_name, 'address', p_settings.issuer_address,
			'tax_number', p_settings.issuer_tax_number, 'country', p_settings.issuer_country,
			'vat_id', p_settings.issuer_vat_id, 'registration', p_settings.issuer_registration
		),
		'vat', case
			when p_paper.kind = 'credit_note'
				then private.credit_note_vat(p_order.id, p_paper.credited_invoice_id, p_paper.amount)
			when p_settings.vat <> 'off'
				then private.invoice_vat(p_order, p_settings, p_paper.amount, p_reverse)
		end,
		'bank', jsonb_build_object('name', p_settings.bank_name, 'iban', p_settings.iban, 'bic', p_settings.bic),
		'note', p_settings.invoice_note,
		'buyer', private.invoice_buyer(p_order, p_billing),
		'lines', case
			when p_paper.kind = 'invoice' then (
				select coalesce(jsonb_agg(jsonb_build_object(
					'registration', t.reference, 'mode', t.mode, 'amount', t.amount
				) order by t.reference, t.mode), '[]')
				from (
					select r.reference, l.mode, sum(l.amount) as amount
					from public.order_lines as l
					join public.registrations as r on r.id = l.registration_id
					where l.order_id = p_order.id and private.line_total(p_order.id, r.id) > 0
					group by r.reference, l.mode
				) as t
			)
			else '[]'
		end
	)
$$;

-- Issues one document for a locked order and mails it to the payer. `p_answers`: the invoice that a credit note
-- answers.
create function private.issue_invoice(
	p_order public.orders,
	p_kind public.invoice_kind,
	p_amount bigint,
	p_billing jsonb,
	p_locale text,
	p_answers uuid default null,
	p_reason text default '',
	p_reverse boolean default false
) returns public.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
	v_settings public.money_settings;
	v_invoice public.invoices;
	v_today date;
begin
	select * into strict v_summit from public.summits as s where s.id = p_order.summit_id;
	select * into strict v_settings from public.money_settings as s where s.summit_id = p_order.summit_id;
	v_today := (now() at time zone v_summit.zone)::date;
	v_invoice.id := gen_random_uuid();
	v_invoice.year := extract(year from v_today);
	v_invoice.number := private.next_invoice_number(p_order.summit_id, p_kind, v_invoice.year);
	v_invoice.reference := v_settings.invoice_prefix || case p_kind when 'invoice' then '-' else '-C-' end
		|| v_invoice.year || '-' || lpad(v_invoice.number::text, 4, '0');
	insert into public.invoices (
		id, summit_id, order_id, kind, year, number, reference, credited_invoice_id, amount, currency, issued_on,
			due_on,
		issued_by
	)
	values (
		v_invoice.id, p_order.summit_id, p_order.id, p_kind, v_invoice.year, v_invoice.number, v_invoice.reference,
		p_answers, p_amount, p_order.currency, v_today, case when p_kind = 'invoice' then v_today + v_settings.terms_days end,
		private.actor()
	)
	returning * into v_invoice;
	insert into private.invoice_contents (invoice_id, content)
	values (
		v_invoice.id,
		private.invoice_content(
			p_order, v_invoice, v_summit, v_settings, p_billing, p_locale, p_reason, p_reverse
		)
	);
	perform private.mail_payer(
		p_order,
		case p_kind when 'invoice' then 'invoice_issued' else 'credit_note_issued' end,
		jsonb_build_object(
			'invoice_id', v_invoice.id, 'invoice', v_invoice.reference, 'amount', p_amount, 'due_on', v_invoice.due_on
		),
		'invoice:' || v_invoice.id
	);
	return v_invoice;
end
$$;

-- The billing details of the last invoice of an order; null when there is none.
create function private.last_billing(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content from public.invoices as i
	join private.invoice_contents as c on c.invoice_id = i.id
	where i.order_id = p_order and i.kind = 'invoice'
	order by i.created_at desc, i.number desc limit 1
$$;

-- Brings the invoices of an order in line with its ledger: less charged is a credit note on the newest invoices that
-- have something left, more is a further invoice. Locks the order.
create function private.sync_invoices(p_order uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_last jsonb := private.last_billing(p_order);
	v_more bigint;
	v_part bigint;
	v_invoice record;
begin
	if v_last is null then return; end if;
	select * into strict v_order from public.orders as o where o.id = p_order for no key update;
	v_more := private.order_charge(p_order) - private.invoiced_amount(p_order);
	if v_more > 0 then
		perform private.issue_invoice(
			v_order, 'invoice', v_more, v_last -> 'buyer', v_last ->> 'locale', null, p_reason,
			private.is_reverse_charged(p_order)
		);
	end if;
	for v_invoice in
		select i.id, private.invoice_remainder(i.id) as remains
		from public.invoices as i
		where v_more < 0 and i.order_id = p_order and i.kind = 'invoice'
		order by i.year desc, i.number desc
	loop
		v_part := least(-v_more, v_invoice.remains);
		continue when v_part <= 0;
		perform private.issue_invoice(
			v_order, 'credit_note', v_part, v_last -> 'buyer', v_last ->> 'locale', v_invoice.id, p_reason
		);
		v_more := v_more + v_part;
	end loop;
end
$$;

-- At the end of the transaction, when its ledger is whole and no other lock is still to be taken.
create function private.sync_invoices_of_row() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.sync_invoices(new.order_id, coalesce(to_jsonb(new) ->> 'reason', ''));
	return null;
end
$$;

create constraint trigger sync_invoices_after after insert on public.order_adjustments
	deferrable initially deferred for each row
	when (new.kind in ('cancellation', 'credit', 'waiver'))
	execute function private.sync_invoices_of_row();
create constraint trigger sync_invoices_after after insert on public.order_lines deferrable initially deferred
	for each row
	execute function private.sync_invoices_of_row();
