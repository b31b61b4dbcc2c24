-- Invoices and credit notes: numbered without gaps, frozen when issued. What an order has been invoiced, less its
-- credit notes, is always what it charges: a change of the ledger issues what answers it, in the same transaction.

-- Nothing issued is changed or taken away; only a merge of two people rewrites who issued it.
create function private.refuse_paper_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.merging', true) = 'yes'
		and to_jsonb(new) - 'issued_by' = to_jsonb(old) - 'issued_by' then
		return new;
	end if;
	raise exception 'an issued paper is never changed: a credit note answers it'
		using errcode = 'insufficient_privilege';
end
$$;

create trigger invoices_never_change before update or delete on public.invoices for each row
	execute function private.refuse_paper_change();
create trigger invoices_never_truncate before truncate on public.invoices for each statement
	execute function private.refuse_paper_change();
create trigger contents_never_change before update or delete on private.invoice_contents for each row
	execute function private.refuse_paper_change();
create trigger contents_never_truncate before truncate on private.invoice_contents for each statement
	execute function private.refuse_paper_change();

-- What an order asks for in all, whether paid or not.
create function private.asked_by(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce((select sum(l.amount) from public.order_lines as l where l.order_id = p_order), 0)
		+ coalesce((select sum(a.amount) from public.order_adjustments as a
			where a.order_id = p_order and a.kind in ('cancellation', 'credit', 'waiver')), 0)
$$;

create function private.invoiced_for(p_order uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(case i.kind when 'invoice' then i.amount else -i.amount end), 0)::bigint
		from public.invoices as i where i.order_id = p_order
$$;

-- What is left of an invoice after its credit notes.
create function private.left_of_invoice(p_invoice uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select i.amount - coalesce((select sum(c.amount) from public.invoices as c where c.answers_id = i.id), 0)
		from public.invoices as i where i.id = p_invoice
$$;

-- Last of all locks; the transaction that draws a number keeps the others of its Summit waiting until it ends.
create function private.draw_number(p_summit uuid, p_kind public.invoice_kind, p_year integer) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer;
begin
	perform pg_advisory_xact_lock(hashtextextended('invoices:' || p_summit, 5));
	insert into private.number_series as n (summit_id, kind, year, last_number) values (p_summit, p_kind, p_year, 1)
	on conflict (summit_id, kind, year) do update set last_number = n.last_number + 1
		returning n.last_number into v_number;
	return v_number;
end
$$;

-- Who is billed. A protected person is billed by the name that everybody sees; a member's paper names none of its
-- people.
create function private.buyer_of(p_order public.orders, p_billing jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_alias(p_order.payer_person_id) then
			jsonb_build_object('name',
				(select person.display_name from public.people as person where person.id = p_order.payer_person_id),
				'address', '', 'tax_number', '')
		else jsonb_build_object('name', btrim(p_billing ->> 'name'), 'address',
			btrim(coalesce(p_billing ->> 'address', '')),
			'tax_number', btrim(coalesce(p_billing ->> 'tax_number', ''))) end
		|| jsonb_build_object('purchase_order', btrim(coalesce(p_billing ->> 'purchase_order', '')))
$$;

-- Issues one paper. The order is locked.
create function private.issue_paper(p_order public.orders, p_kind public.invoice_kind, p_amount bigint, p_billing jsonb,
	p_locale text,
	p_answers uuid default null, p_reason text default '') returns public.invoices
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
	v_settings public.money_settings;
	v_paper public.invoices;
	v_today date;
begin
	select * into strict v_summit from public.summits as s where s.id = p_order.summit_id;
	select * into strict v_settings from public.money_settings as s where s.summit_id = p_order.summit_id;
	v_today := (now() at time zone v_summit.zone)::date;
	v_paper.id := gen_random_uuid();
	v_paper.year := extract(year from v_today);
	v_paper.number := private.draw_number(p_order.summit_id, p_kind, v_paper.year);
	v_paper.reference := v_settings.invoice_prefix || case p_kind when 'invoice' then '-' else '-C-' end || v_paper.year
		|| '-' || lpad(v_paper.number::text, 4, '0');
	insert into public.invoices (id, summit_id, order_id, kind, year, number, reference, answers_id, amount, currency,
		issued_on, due_on, issued_by)
	values (v_paper.id, p_order.summit_id, p_order.id, p_kind, v_paper.year, v_paper.number, v_paper.reference,
		p_answers, p_amount, p_order.currency,
		v_today, case when p_kind = 'invoice' then v_today + v_settings.terms_days end, private.actor())
	returning * into v_paper;
	insert into private.invoice_contents (invoice_id, content) values (v_paper.id, jsonb_build_object(
		'kind', p_kind, 'reference', v_paper.reference, 'issued_on', v_paper.issued_on, 'due_on', v_paper.due_on,
			'locale', p_locale,
		'answers', (select i.reference from public.invoices as i where i.id = p_answers), 'reason', p_reason,
		'summit', v_summit.name, 'order', p_order.reference, 'currency', p_order.currency, 'amount', p_amount,
		'paid', case
			when p_kind = 'invoice' then greatest(0, private.asked_by(p_order.id) - private.balance_of(p_order.id))
			else 0 end,
		'issuer', jsonb_build_object('name', v_settings.issuer_name, 'address', v_settings.issuer_address, 'tax_number',
			v_settings.issuer_tax_number),
		'bank', jsonb_build_object('name', v_settings.bank_name, 'iban', v_settings.iban, 'bic', v_settings.bic),
		'terms_days', v_settings.terms_days, 'note', v_settings.invoice_note, 'buyer',
			private.buyer_of(p_order, p_billing),
		'lines', case when p_kind = 'invoice' then (
			select coalesce(jsonb_agg(jsonb_build_object('registration', t.reference, 'mode', t.mode, 'amount',
				t.amount) order by t.reference, t.mode), '[]') from (
				select r.reference, l.mode, sum(l.amount) as amount
					from public.order_lines as l join public.registrations as r on r.id = l.registration_id
				where l.order_id = p_order.id and private.line_total(p_order.id, r.id) > 0
					group by r.reference, l.mode) as t) else '[]' end));
	perform private.mail_payer(p_order, case p_kind when 'invoice' then 'invoice_issued' else 'credit_note_issued' end,
		jsonb_build_object('invoice_id', v_paper.id, 'invoice', v_paper.reference, 'amount', p_amount, 'due_on',
			v_paper.due_on), 'invoice:' || v_paper.id);
	return v_paper;
end
$$;

-- Billing as it was given for the last invoice of an order.
create function private.last_billing(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content from public.invoices as i join private.invoice_contents as c on c.invoice_id = i.id
	where i.order_id = p_order and i.kind = 'invoice' order by i.created_at desc, i.number desc limit 1
$$;

-- Papers follow the ledger: less asked for is a credit note on the newest invoice that has something left, more is a
-- further invoice.
create function private.follow_ledger(p_order uuid, p_reason text) returns void
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
	v_more := private.asked_by(p_order) - private.invoiced_for(p_order);
	if v_more > 0 then
		perform private.issue_paper(v_order, 'invoice', v_more, v_last -> 'buyer', v_last ->> 'locale', null, p_reason);
	end if;
	for v_invoice in select i.id, private.left_of_invoice(i.id) as remains from public.invoices as i
		where v_more < 0 and i.order_id = p_order and i.kind = 'invoice' order by i.year desc, i.number desc
	loop
		v_part := least(-v_more, v_invoice.remains);
		continue when v_part <= 0;
		perform private.issue_paper(v_order, 'credit_note', v_part, v_last -> 'buyer', v_last ->> 'locale',
			v_invoice.id, p_reason);
		v_more := v_more + v_part;
	end loop;
end
$$;

create function private.follow_ledger_row() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.follow_ledger(new.order_id, coalesce(to_jsonb(new) ->> 'reason', ''));
	return null;
end
$$;

-- At the end of the transaction, when its ledger is whole and no other lock is still to be taken.
create constraint trigger papers_follow after insert on public.order_adjustments deferrable initially deferred
	for each row when (new.kind in ('cancellation', 'credit', 'waiver')) execute function private.follow_ledger_row();

create constraint trigger papers_follow after insert on public.order_lines deferrable initially deferred
	for each row execute function private.follow_ledger_row();

-- What keeps a bill from being made out: {name, address, tax_number, purchase_order} as fault keys.
create function private.billing_faults(p_billing jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(array[
		case when length(btrim(coalesce(p_billing ->> 'name', ''))) not between 2 and 200 then 'name' end,
		case when length(btrim(coalesce(p_billing ->> 'address', ''))) > 500 then 'address' end,
		case when length(btrim(coalesce(p_billing ->> 'tax_number', ''))) > 60 then 'tax_number' end,
		case when length(btrim(coalesce(p_billing ->> 'purchase_order', ''))) > 60 then 'purchase_order' end], null)
$$;

-- Answers {status: ok | already | nothing | closed | processing | not_offered | invalid | not_allowed, invoice_id,
-- reference, due_on, faults}. By the payer where transfer is offered, or finance. The order waits for its money until
-- the due date and the days of grace are over.
create function public.request_invoice(order_id uuid, billing jsonb, locale text default 'en') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_settings public.money_settings;
	v_paper public.invoices;
	v_faults text[] := private.billing_faults(billing);
	v_by_finance boolean;
begin
	select * into v_order from public.orders as o where o.id = request_invoice.order_id;
	v_by_finance := private.has_role(v_order.summit_id, 'finance');
	if v_order.id is null or not v_by_finance and v_order.id not in (select private.my_payable_orders()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_order := private.lock_order(v_order.id);
	select i.* into v_paper from public.invoices as i
		where i.order_id = v_order.id and i.kind = 'invoice' and private.left_of_invoice(i.id) > 0
	order by i.year desc, i.number desc limit 1;
	if found then
		return jsonb_build_object('status', 'already', 'invoice_id', v_paper.id, 'reference', v_paper.reference,
			'due_on', v_paper.due_on);
	end if;
	select * into v_settings from public.money_settings as s where s.summit_id = v_order.summit_id;
	if v_settings.issuer_name is null or v_settings.issuer_name = '' or v_settings.issuer_address = ''
		or not v_settings.transfer_allowed and not v_by_finance
		and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'not_offered');
	end if;
	if private.asked_by(v_order.id) <= 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_order.closed_at is not null and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'closed');
	end if;
	if private.balance_of(v_order.id) > 0 and v_order.due_at <= now() then
		return jsonb_build_object('status', 'closed');
	end if;
	if exists (select from public.checkouts as c where c.order_id = v_order.id and c.state = 'processing') then
		return jsonb_build_object('status', 'processing');
	end if;
	if v_faults <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end if;
	perform private.act_for(v_order.payer_person_id);
	v_paper := private.issue_paper(v_order, 'invoice', private.asked_by(v_order.id) - private.invoiced_for(v_order.id),
		billing,
		case when locale in ('en', 'fr', 'es', 'ar') then locale else 'en' end);
	perform private.await_transfer(v_order, v_paper.due_on + v_settings.grace_days);
	perform private.tell_order(v_order);
	return jsonb_build_object('status', 'ok', 'invoice_id', v_paper.id, 'reference', v_paper.reference, 'due_on',
		v_paper.due_on);
end
$$;
grant execute on function public.request_invoice(uuid, jsonb, text) to authenticated;

-- The order and its seats wait until the end of that day at the venue; never less long than before.
create function private.await_transfer(p_order public.orders, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_until timestamptz := (select (p_day + 1)::timestamp at time zone s.zone from public.summits as s
		where s.id = p_order.summit_id);
begin
	if p_order.closed_at is not null then return; end if;
	update public.orders as o set due_at = v_until where o.id = p_order.id and o.due_at < v_until;
	perform private.extend_holds(p_order.id, v_until);
end
$$;

-- A wrong invoice is answered whole by a credit note and made out anew. Answers {status: ok | invalid | wrong_state |
-- reason_needed | not_allowed, invoice_id, reference, faults}.
create function public.correct_invoice(invoice uuid, billing jsonb, reason text, locale text default 'en') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.invoices;
	v_new public.invoices;
	v_order public.orders;
	v_left bigint;
begin
	select * into v_old from public.invoices as i where i.id = invoice and i.kind = 'invoice';
	if v_old.id is null or not private.has_role(v_old.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_old.order_id);
	if private.billing_faults(billing) <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', private.billing_faults(billing));
	end if;
	v_left := private.left_of_invoice(v_old.id);
	if v_left <= 0 then return jsonb_build_object('status', 'wrong_state'); end if;
	perform private.act_for(v_order.payer_person_id, btrim(reason));
	perform private.issue_paper(v_order, 'credit_note', v_left, private.last_billing(v_order.id) -> 'buyer',
		private.last_billing(v_order.id) ->> 'locale', v_old.id, btrim(reason));
	v_new := private.issue_paper(v_order, 'invoice', v_left, billing,
		case when locale in ('en', 'fr', 'es', 'ar') then locale else 'en' end);
	perform private.await_transfer(v_order,
		v_new.due_on + (select s.grace_days from public.money_settings as s where s.summit_id = v_order.summit_id));
	perform private.tell_order(v_order);
	return jsonb_build_object('status', 'ok', 'invoice_id', v_new.id, 'reference', v_new.reference);
end
$$;
grant execute on function public.correct_invoice(uuid, jsonb, text, text) to authenticated;

-- One word for where an invoice stands.
create function private.invoice_state(p_invoice public.invoices) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_invoice.kind = 'credit_note' then 'credit_note'
		when private.left_of_invoice(p_invoice.id) = 0 then 'credited'
		when private.balance_of(p_invoice.order_id) <= 0 then 'paid'
		when p_invoice.due_on < (select (now() at time zone s.zone)::date from public.summits as s
			where s.id = p_invoice.summit_id) then 'overdue'
		else 'due' end
$$;

create function private.invoices_of(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'kind', i.kind, 'reference', i.reference, 'amount',
		i.amount, 'currency', i.currency,
		'issued_on', i.issued_on, 'due_on', i.due_on, 'state', private.invoice_state(i))
			order by i.created_at, i.kind desc, i.number), '[]')
	from public.invoices as i where i.order_id = p_order
$$;

-- The paper for its payer and finance; null for everybody else. Whoever is protected since has the name that everybody
-- sees, but to themselves.
create function public.read_invoice(invoice uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content || jsonb_build_object('id', i.id, 'summit_id', i.summit_id, 'order_id', i.order_id, 'state',
		private.invoice_state(i))
		|| case when private.has_alias(o.payer_person_id) and o.payer_person_id is distinct
			from private.me() then jsonb_build_object('buyer', private.buyer_of(o, '{}')) else '{}' end
	from public.invoices as i join private.invoice_contents as c on c.invoice_id = i.id
		join public.orders as o on o.id = i.order_id
	where i.id = read_invoice.invoice
		and (i.order_id in (select private.my_payable_orders()) or private.has_role(i.summit_id, 'finance'))
$$;
grant execute on function public.read_invoice(uuid) to authenticated;

-- One mail before the due date and one after it, for each invoice that still waits. Answers how many were queued.
create function private.remind_invoices(p_now timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_order public.orders;
	v_count integer := 0;
begin
	for v_due in
		select i.*, case when t.today > i.due_on then 'after' else 'before' end as stage
		from public.invoices as i join public.orders as o on o.id = i.order_id and o.closed_at is null
		join public.summits as s on s.id = i.summit_id, lateral (select (p_now at time zone s.zone)::date as today) as t
		where i.kind = 'invoice'
			and (t.today > i.due_on or t.today between i.due_on - 5 and i.due_on and t.today > i.issued_on)
			and private.left_of_invoice(i.id) > 0 and private.balance_of(i.order_id) > 0
	loop
		insert into private.invoice_reminders (invoice_id, stage) values (v_due.id, v_due.stage) on conflict do nothing;
		continue when not found;
		select * into strict v_order from public.orders as o where o.id = v_due.order_id;
		perform private.mail_payer(v_order, 'invoice_reminder',
			jsonb_build_object('invoice_id', v_due.id, 'invoice', v_due.reference, 'stage', v_due.stage,
			'amount', private.balance_of(v_order.id), 'due_on', v_due.due_on, 'until', private.iso(v_order.due_at)),
				'reminder:' || v_due.stage || ':' || v_due.id);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.remind_invoices(timestamptz) to app_server;
