-- Value added tax: rates by fee, who issues invoices by EN 16931, and what each invoice says of the tax.

set check_function_bodies = off;

drop function private.billing_faults(jsonb);
drop function private.issue_invoice(public.orders, public.invoice_kind, bigint, jsonb, text, uuid, text);
drop function private.invoice_content(public.orders, public.invoices, public.summits, public.money_settings, jsonb, text, text);

-- Removing a rate of value added tax. Needed: the general rate, while the tax is on.
create domain public.vat_rate_status as text check (value in ('ok', 'not_allowed', 'needed'));

-- A null column matches every value; the most specific rate wins (`vat.sql`). Categories of EN 16931: S standard or
-- reduced rate, Z zero rate, E exempt, O outside the scope of the tax. AE, reverse charge, follows from the buyer. G and
-- K are for goods that are exported or delivered to another country of the EU, which a seat is not.
create table public.vat_rates (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	mode public.attendance_mode,
	category public.registration_category,
	vat_category text not null check (vat_category in ('S', 'Z', 'E', 'O')),
	percent numeric(5, 2) not null check (percent >= 0 and percent <= 100),
	-- Of the code list VATEX, and why in words.
	exemption_code text not null default '' check (exemption_code ~ '^(VATEX-[A-Z]{2}[A-Z0-9-]{1,30})?$'),
	exemption_reason text not null default '' check (length(exemption_reason) <= 200),
	check ((vat_category = 'S') = (percent > 0)),
	check ((vat_category in ('E', 'O')) = (exemption_code <> '' or exemption_reason <> '')),
	unique nulls not distinct (summit_id, mode, category),
	constraint exemption_reason_one_line check (private.is_one_line(exemption_reason))
);

-- Copies the chosen parts of an edition to a new one. Never copied: registrations, sessions, contacts, devices at the
-- door, safeguarding, bank details, letterheads with a signatory's name, and what was sent.
create or replace function private.copy_edition_parts(p_from public.summits, p_to public.summits, p_parts text[]) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table regclass;
	v_tables jsonb := jsonb_build_object(
		'rooms', array['public.rooms'],
		'programme', array['public.tracks', 'public.formats', 'public.check_settings', 'public.check_limits',
			'private.participation_defaults', 'private.schedule_settings', 'private.speaker_settings',
			'private.file_settings', 'private.review_criteria'],
		'seats', array['public.mode_capacities', 'public.allocation_policies', 'public.seat_ceilings', 'public.pools',
			'public.accreditation_settings', 'public.figure_settings'],
		'fees', array['public.fees', 'public.vat_rates'],
		'forms', array['public.consent_items'],
		'wordings', array['public.mail_settings']);
begin
	for v_table in
		select t.name::regclass
		from jsonb_each(v_tables) as part, jsonb_array_elements_text(part.value) as t (name)
		where part.key = any (p_parts)
	loop
		perform private.copy_summit_rows(v_table, p_from.id, p_to.id);
	end loop;
	if 'rooms' = any (p_parts) then perform private.copy_room_facts(p_from.id, p_to.id); end if;
	if 'programme' = any (p_parts) then
		perform private.copy_summit_rows('public.summit_texts', p_from.id, p_to.id, 't.kind = ''debrief''');
		perform private.copy_summit_rows('private.call_questions', p_from.id, p_to.id, 't.retired_at is null');
		perform private.copy_call(p_from, p_to);
	end if;
	if 'forms' = any (p_parts) then
		perform private.copy_summit_rows('public.logistics_fields', p_from.id, p_to.id, 't.retired_at is null');
	end if;
	if 'fees' = any (p_parts) then
		-- Of the settings about money only whether nobody pays.
		insert into public.money_settings (summit_id, has_no_fees)
		select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	end if;
	if 'surveys' = any (p_parts) then perform private.copy_surveys(p_from, p_to); end if;
	if 'wordings' = any (p_parts) then perform private.copy_mail_texts(p_from.id, p_to.id); end if;
	if 'pages' = any (p_parts) then perform private.copy_pages(p_from.id, p_to.id); end if;
	if 'checkpoints' = any (p_parts) then perform private.copy_checkpoints(p_from, p_to); end if;
	if 'members' = any (p_parts) then perform private.copy_members(p_from.id, p_to.id); end if;
	if 'roles' = any (p_parts) then perform private.copy_roles(p_from.id, p_to.id); end if;
	perform private.shift_copied_deadlines(p_from, p_to);
end
$$;

-- What a switch would cost or give back now: {due, credit, currency}. Null when the registration is neither the
-- caller's nor one that they organise, and before it is accredited, when nothing is charged. While it awaits its first
-- payment, the whole fee of the new mode is due.
create or replace function public.quote_switch(registration uuid, mode public.attendance_mode) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_due bigint;
	v_waived bigint;
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration
		and (r.person_id in (select private.my_people('registration'))
			or private.has_role(r.summit_id, 'registration'));
	if not found or v_r.state not in ('accredited', 'awaiting_payment', 'confirmed') then return null; end if;
	v_due := private.registration_fee(v_r, quote_switch.mode);
	if v_r.state <> 'awaiting_payment' then
		-- What an open switch charges is not paid yet.
		v_due := v_due - private.registration_charge(v_r.id) + (
			select coalesce(sum(private.line_total_with_tax(o.id, v_r.id)), 0)
			from public.orders as o
			where o.closed_at is null
				and o.id in (select l.order_id
					from public.order_lines as l
					where l.registration_id = v_r.id and l.mode <> v_r.mode));
	end if;
	select coalesce(sum(private.waived_of(o, v_r.id)), 0) into v_waived from private.registration_orders(v_r.id) as o;
	return jsonb_build_object(
		'due', greatest(v_due, 0),
		'currency', private.registration_currency(v_r),
		'credit', greatest(0, -v_due * private.refund_percent(v_r.summit_id) / 100 - v_waived));
end
$$;

-- Moves what paid orders of the member charged for one person to the other; the balance of each order stays as it is.
-- Locks the orders by id.
create or replace function private.move_member_charges(p_from public.registrations, p_to public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_charged bigint;
	v_whole bigint;
begin
	for v_order in
		select o.*
		from public.orders as o
		where o.id in (select private.registration_orders(p_from.id))
			and o.payer_member_id = p_from.member_id
			and o.closed_at is not null
		order by o.id
		for no key update
	loop
		v_charged := private.line_total(v_order.id, p_from.id);
		continue when v_charged <= 0 or private.balance_of(v_order.id) > 0;
		-- With the tax that the member accounts for, and the credit of it.
		v_whole := private.line_total_with_tax(v_order.id, p_from.id);
		insert into public.order_lines (order_id, summit_id, registration_id, mode, amount)
		values (v_order.id, v_order.summit_id, p_to.id, p_from.mode, v_whole);
		perform private.adjust_order(v_order.id, 'credit', v_charged - v_whole, p_to.id, 'reverse_charge');
		perform private.adjust_order(v_order.id, 'cancellation', -v_charged, p_from.id, 'handed_over');
		perform private.notify_order(v_order);
	end loop;
end
$$;

-- The fee for these people at a moment, in minor units. The most specific wins: category and sector, then sector, then
-- category, then the mode alone. Without a fee it is free. Without a currency it is in the Summit's own. With the value
-- added tax, where the Summit adds it to its fees.
create or replace function private.find_fee(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_sector public.sector,
	p_currency text default null,
	p_at timestamptz default now()
) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.with_vat(p_summit, p_mode, p_category, f.amount) from public.fees as f
		join public.summits as s on s.id = f.summit_id and f.currency = coalesce(p_currency, s.currency)
		where f.summit_id = p_summit
			and f.mode = p_mode
			and (f.category is null or f.category = p_category)
			and (f.sector is null or f.sector = p_sector)
			and (f.valid_from is null or f.valid_from <= p_at)
			and (f.valid_until is null or f.valid_until > p_at)
		order by (f.sector is not null) desc, (f.category is not null) desc, f.valid_from desc nulls last
		limit 1
	), 0)
$$;

-- Whether a document can be an e-invoice: it says what its tax is, and EN 16931 writes its currency, of which two
-- decimals at most.
create function private.is_electronic(p_invoice public.invoices) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_invoice.currency not in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
		and exists (
			select from private.invoice_contents as c
			where c.invoice_id = p_invoice.id and jsonb_typeof(c.content -> 'vat') = 'object'
		)
$$;

-- The invoices and credit notes of an order, oldest first.
create or replace function private.invoices_of(p_order uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', i.id, 'kind', i.kind, 'reference', i.reference, 'amount', i.amount, 'currency', i.currency,
		'issued_on', i.issued_on, 'due_on', i.due_on, 'state', private.invoice_state(i),
		'electronic', private.is_electronic(i)
	) order by i.created_at, i.kind desc, i.number), '[]')
	from public.invoices as i
	where i.order_id = p_order
$$;

-- A document as its reader sees it: if its payer has been protected since it was issued, all others see the name that
-- everybody sees (Rule 7).
create function private.paper_of(p_invoice public.invoices) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.content || jsonb_build_object(
		'id', p_invoice.id, 'summit_id', p_invoice.summit_id, 'order_id', p_invoice.order_id,
		'state', private.invoice_state(p_invoice)
	) || case
		when private.has_alias(o.payer_person_id) and o.payer_person_id is distinct from private.me()
			then jsonb_build_object('buyer', private.invoice_buyer(o, '{}'))
		else '{}'
	end
	from private.invoice_contents as c, public.orders as o
	where c.invoice_id = p_invoice.id and o.id = p_invoice.order_id
$$;

-- The document, for its payer and finance; null for everybody else.
create or replace function public.read_invoice(invoice uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.paper_of(i)
	from public.invoices as i
	where i.id = read_invoice.invoice
		and (i.order_id in (select private.my_payable_orders()) or private.has_role(i.summit_id, 'finance'))
$$;

-- The documents issued from one day to another, both included, in the order of their numbers; the audit trail records
-- it. At most 1000: too_many otherwise. Answers {status: ok | too_many | invalid, papers}; null for everybody but finance.
create function public.export_papers(summit uuid, first_day date, last_day date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_papers jsonb;
	v_count integer;
begin
	if not private.has_role(export_papers.summit, 'finance') then return null; end if;
	if first_day is null or last_day is null or last_day < first_day or last_day > first_day + 366 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform private.require_confirmation();
	select count(*) into v_count from public.invoices as i
	where i.summit_id = export_papers.summit and i.issued_on between first_day and last_day;
	if v_count > 1000 then return jsonb_build_object('status', 'too_many'); end if;
	select coalesce(jsonb_agg(private.paper_of(i) order by i.kind, i.year, i.number), '[]') into v_papers
	from public.invoices as i
	where i.summit_id = export_papers.summit and i.issued_on between first_day and last_day;
	perform audit.record_event(
		'payments.exported', 'papers', export_papers.summit, null,
		jsonb_build_object('rows', v_count, 'first_day', first_day, 'last_day', last_day)
	);
	return jsonb_build_object('status', 'ok', 'papers', v_papers);
end
$$;

-- Invoices and credit notes for finance: {total, counts by state, rows}; null for everybody else. States: those of
-- `invoice_state`. Newest first, or `sort`: payer, amount, issued, due or state, with - before it for the reverse.
create or replace function public.list_invoices(
	summit uuid,
	state text default null,
	query text default '',
	row_limit integer default 50,
	row_offset integer default 0,
	sort text default ''
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select i.id, i.kind, i.reference, i.amount, i.currency, i.issued_on, i.due_on, i.order_id,
			i.created_at, i.number, o.reference as order_reference,
			coalesce(m.name, p.display_name) as payer, private.invoice_state(i) as state,
			private.is_electronic(i) as electronic
		from public.invoices as i
		join public.orders as o on o.id = i.order_id
		left join public.members as m on m.id = o.payer_member_id
		left join public.people as p on p.id = o.payer_person_id
		where i.summit_id = list_invoices.summit
	), found as (
		select e.* from every as e
		where (list_invoices.state is null or e.state = list_invoices.state)
			and (
				btrim(coalesce(list_invoices.query, '')) = ''
				or strpos(
					lower(concat_ws(' ', e.reference, e.order_reference, e.payer)), lower(btrim(list_invoices.query))
				) > 0
			)
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(x) - '{place,number,created_at}'::text[] order by x.place), '[]')
			from (
				select f.*, row_number() over (
					order by case when sort like '-%' then k.key end desc nulls last,
						case when sort not like '-%' then k.key end, f.created_at desc, f.number desc) as place
				from found as f
				cross join lateral (
					select case ltrim(sort, '-')
						when 'payer' then to_jsonb(lower(f.payer))
						when 'amount' then to_jsonb(f.amount)
						when 'issued' then to_jsonb(f.issued_on)
						when 'due' then to_jsonb(f.due_on)
						when 'state' then to_jsonb(f.state)
					end as key
				) as k
				order by place
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))
			) as x
		)
	)
	where private.has_role(list_invoices.summit, 'finance')
$$;

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
create or replace function public.request_invoice(order_id uuid, billing jsonb, locale text default 'en') returns jsonb
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

-- Answers a wrong invoice with a credit note for the whole of it and issues a new one. Answers {status: ok | invalid |
-- wrong_state | reason_needed | not_allowed, invoice_id, reference, faults}. Locks the order.
create or replace function public.correct_invoice(invoice uuid, billing jsonb, reason text, locale text default 'en')
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

-- What an order charges for each registration and mode, with its rate. `listed` is the charge of the lines, `charged`
-- what is left of it after cancellations, credits and waivers: the newest mode takes its own first. Where the buyer
-- accounts for the tax (`p_reverse`), both are without it.
create function private.taxed_lines(p_order public.orders, p_reverse boolean)
	returns table (
		registration_id uuid, registration text, mode public.attendance_mode, listed bigint, charged bigint,
		vat_category text, percent numeric, exemption_code text, exemption_reason text
	)
language sql stable security definer set search_path = '' as $$
	with listed as (
		select r.id, r.reference, l.mode, v.vat_category, v.percent, v.exemption_code, v.exemption_reason,
			p_reverse and v.vat_category = 'S' as is_reversed, max(l.created_at) as at,
			sum(l.amount)::bigint as gross,
			private.line_total(p_order.id, r.id) - private.waived_of(p_order.id, r.id) as left_over
		from public.order_lines as l
		join public.registrations as r on r.id = l.registration_id
		cross join lateral private.find_vat_rate(p_order.summit_id, l.mode, r.category) as v
		where l.order_id = p_order.id and private.line_total(p_order.id, r.id) > 0
		group by r.id, r.reference, l.mode, v.vat_category, v.percent, v.exemption_code, v.exemption_reason
	), priced as (
		select x.*, case when x.is_reversed then x.gross - private.vat_within(x.gross, x.percent) else x.gross end as price
		from listed as x
	)
	select x.id, x.reference, x.mode, x.price,
		greatest(0, least(x.price, x.left_over - coalesce(sum(x.price) over (
			partition by x.id order by x.at desc, x.mode
			rows between unbounded preceding and 1 preceding
		), 0)))::bigint,
		case when x.is_reversed then 'AE' else x.vat_category end, case when x.is_reversed then 0 else x.percent end,
		case when x.is_reversed then 'VATEX-EU-AE' else x.exemption_code end,
		case when x.is_reversed then '' else x.exemption_reason end
	from priced as x
$$;

-- What the documents of an order have invoiced by rate, less credit notes.
create function private.invoiced_groups(p_order uuid)
	returns table (vat_category text, percent numeric, amount bigint)
language sql stable security definer set search_path = '' as $$
	select g ->> 'category', (g ->> 'percent')::numeric,
		sum((g ->> 'amount')::bigint * case i.kind when 'invoice' then 1 else -1 end)::bigint
	from public.invoices as i
	join private.invoice_contents as c on c.invoice_id = i.id
	cross join lateral jsonb_array_elements(
		case jsonb_typeof(c.content -> 'vat') when 'object' then c.content #> '{vat,groups}' else '[]' end
	) as g
	where i.order_id = p_order
	group by 1, 2
$$;

-- The sums of an invoice's groups: {net, tax, rounding} beside `p_parts`, whose groups hold amount and net.
create function private.vat_totals(p_parts jsonb, p_groups jsonb, p_amount bigint) returns jsonb
language sql immutable set search_path = '' as $$
	with taxed as (
		select g || jsonb_build_object('tax', round((g ->> 'net')::numeric * (g ->> 'percent')::numeric / 100)::bigint)
			as g, n
		from jsonb_array_elements(p_groups) with ordinality as t (g, n)
	)
	select p_parts || jsonb_build_object(
		'groups', coalesce(jsonb_agg(t.g order by t.n), '[]'),
		'net', coalesce(sum((t.g ->> 'net')::bigint), 0), 'tax', coalesce(sum((t.g ->> 'tax')::bigint), 0),
		'rounding', p_amount - coalesce(sum((t.g ->> 'net')::bigint + (t.g ->> 'tax')::bigint), 0)
	)
	from taxed as t
$$;

-- The tax of an invoice over `p_amount`: {shown, reverse_charge, lines, allowances, groups, net, tax, rounding}. An
-- allowance is what was taken off the lines of a rate, or invoiced before; below zero it is a charge. Fees that contain
-- the tax are divided together, so that their sum is exact; those to which it is added keep their own net amounts.
create function private.invoice_vat(
	p_order public.orders,
	p_settings public.money_settings,
	p_amount bigint,
	p_reverse boolean
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with lines as materialized (
		select t.*, row_number() over (order by t.registration, t.mode) as place
		from private.taxed_lines(p_order, p_reverse) as t
	), given as (
		select t.vat_category, t.percent, max(t.exemption_code) as exemption_code,
			max(t.exemption_reason) as exemption_reason, sum(t.listed) as listed, sum(t.charged) as charged
		from lines as t
		group by t.vat_category, t.percent
	), found as (
		select coalesce(g.vat_category, i.vat_category) as vat_category, coalesce(g.percent, i.percent) as percent,
			coalesce(g.exemption_code, case when i.vat_category = 'AE' then 'VATEX-EU-AE' else '' end) as exemption_code,
			coalesce(g.exemption_reason, '') as exemption_reason, coalesce(g.listed, 0)::bigint as listed,
			(coalesce(g.charged, 0) - coalesce(i.amount, 0))::bigint as amount
		from given as g
		full join private.invoiced_groups(p_order.id) as i on i.vat_category = g.vat_category and i.percent = g.percent
		where coalesce(g.listed, 0) <> 0 or i.amount <> 0
		union all
		-- An order without lines that charge anything.
		select v.vat_category, v.percent, v.exemption_code, v.exemption_reason, 0, 0
		from private.find_vat_rate(p_order.summit_id, null, null) as v
		where not exists (select from given) and not exists (select from private.invoiced_groups(p_order.id) as i where i.amount <> 0)
	), groups as materialized (
		-- What belongs to no rate, like a document from before there was tax, is taken from the largest group.
		select f.vat_category, f.percent, f.exemption_code, f.exemption_reason, f.listed,
			f.amount + case
				when row_number() over (order by f.amount desc, f.vat_category, f.percent) = 1
					then p_amount - sum(f.amount) over ()
				else 0
			end as amount
		from found as f
	), nets as materialized (
		select t.*, case
			when p_settings.vat = 'added' then t.listed - private.vat_within(t.listed, t.percent)
			else u.upto - private.vat_within(u.upto, t.percent)
				- (u.upto - t.listed - private.vat_within(u.upto - t.listed, t.percent))
		end as net
		from lines as t
		cross join lateral (
			select sum(o.listed)::bigint as upto from lines as o
			where o.vat_category = t.vat_category and o.percent = t.percent and o.place <= t.place
		) as u
	), sums as (
		select g.*, g.listed - g.amount as off,
			g.listed - g.amount - private.vat_within((g.listed - g.amount)::bigint, g.percent) as net_off,
			coalesce((
				select sum(n.net) from nets as n where n.vat_category = g.vat_category and n.percent = g.percent
			), 0) as net_lines
		from groups as g
		where g.listed <> 0 or g.amount <> 0
	)
	select private.vat_totals(
		jsonb_build_object(
			'shown', p_settings.vat, 'reverse_charge', p_reverse,
			'lines', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'registration', n.registration, 'mode', n.mode, 'net', n.net, 'amount', n.listed,
					'category', n.vat_category, 'percent', n.percent
				) order by n.place), '[]')
				from nets as n
			),
			'allowances', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'net', s.net_off, 'amount', s.off, 'category', s.vat_category, 'percent', s.percent
				) order by s.vat_category, s.percent), '[]')
				from sums as s
				where s.net_off <> 0
			)
		),
		(
			select coalesce(jsonb_agg(jsonb_build_object(
				'category', s.vat_category, 'percent', s.percent, 'exemption_code', s.exemption_code,
				'exemption_reason', s.exemption_reason, 'net', s.net_lines - s.net_off, 'amount', s.amount
			) order by s.vat_category, s.percent), '[]')
			from sums as s
		),
		p_amount
	)
$$;

-- The tax of a credit note over `p_amount` of an invoice, with the rates of that invoice; null if it has none. It takes
-- from the rates of which the order charges less, and then from what is left. What ends the amount of a rate ends its net
-- amount too.
create function private.credit_note_vat(p_order uuid, p_invoice uuid, p_amount bigint) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_vat jsonb := (select c.content -> 'vat' from private.invoice_contents as c where c.invoice_id = p_invoice);
	v_left bigint := p_amount;
	v_group record;
	v_taken jsonb := '{}';
	v_part bigint;
	v_round integer;
	v_groups jsonb;
begin
	if jsonb_typeof(v_vat) is distinct from 'object' then return null; end if;
	select * into strict v_order from public.orders as o where o.id = p_order;
	-- First what the order charges less of by rate, then whatever is left of the invoice.
	for v_round in 1..2 loop
		for v_group in
			select r.n, r.left_over, r.vat_category, r.percent,
				greatest(0, coalesce(i.amount, 0) - coalesce(t.charged, 0))::bigint as less
			from private.credited_groups(p_invoice) as r
			left join private.invoiced_groups(p_order) as i on i.vat_category = r.vat_category and i.percent = r.percent
			left join (
				select x.vat_category, x.percent, sum(x.charged) as charged
				from private.taxed_lines(v_order, coalesce((v_vat ->> 'reverse_charge')::boolean, false)) as x
				group by 1, 2
			) as t on t.vat_category = r.vat_category and t.percent = r.percent
			order by less desc, r.left_over desc, r.n
		loop
			v_part := least(
				v_left,
				v_group.left_over - coalesce((v_taken ->> v_group.n::text)::bigint, 0),
				case v_round when 1 then v_group.less else v_left end
			);
			continue when v_part <= 0;
			v_taken := v_taken
				|| jsonb_build_object(v_group.n, coalesce((v_taken ->> v_group.n::text)::bigint, 0) + v_part);
			v_left := v_left - v_part;
		end loop;
	end loop;
	select jsonb_agg(r.g || jsonb_build_object(
		'amount', x.amount,
		'net', case
			when x.amount = r.left_over then r.net_left
			else x.amount - private.vat_within(x.amount, r.percent)
		end
	) order by r.n) into v_groups
	from private.credited_groups(p_invoice) as r
	cross join lateral (select coalesce((v_taken ->> r.n::text)::bigint, 0) as amount) as x
	where x.amount <> 0;
	return private.vat_totals(
		jsonb_build_object(
			'shown', v_vat -> 'shown', 'reverse_charge', v_vat -> 'reverse_charge', 'lines', '[]'::jsonb,
			'allowances', '[]'::jsonb
		),
		coalesce(v_groups, '[]'), p_amount
	);
end
$$;

-- What is left of the rates of an invoice after its credit notes.
create function private.credited_groups(p_invoice uuid)
	returns table (n bigint, g jsonb, vat_category text, percent numeric, left_over bigint, net_left bigint)
language sql stable security definer set search_path = '' as $$
	select t.n, t.g - 'tax', t.g ->> 'category', (t.g ->> 'percent')::numeric,
		((t.g ->> 'amount')::bigint - coalesce(sum((x.g ->> 'amount')::bigint), 0))::bigint,
		((t.g ->> 'net')::bigint - coalesce(sum((x.g ->> 'net')::bigint), 0))::bigint
	from private.invoice_contents as c
	cross join lateral jsonb_array_elements(c.content #> '{vat,groups}') with ordinality as t (g, n)
	left join lateral (
		select e as g from public.invoices as i
		join private.invoice_contents as k on k.invoice_id = i.id
		cross join lateral jsonb_array_elements(
			case jsonb_typeof(k.content -> 'vat') when 'object' then k.content #> '{vat,groups}' else '[]' end
		) as e
		where i.credited_invoice_id = p_invoice
			and e ->> 'category' = t.g ->> 'category'
			and (e ->> 'percent')::numeric = (t.g ->> 'percent')::numeric
	) as x on true
	where c.invoice_id = p_invoice and jsonb_typeof(c.content -> 'vat') = 'object'
	group by t.n, t.g
$$;

-- What a payer is told of the tax in an order: {shown, net, tax}; null where the Summit has none.
create function private.order_vat(p_order public.orders) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('shown', s.vat, 'net', sum(t.charged)::bigint - sum(x.tax)::bigint, 'tax', sum(x.tax)::bigint)
	from public.money_settings as s
	cross join lateral private.taxed_lines(p_order, private.is_reverse_charged(p_order.id)) as t
	cross join lateral (select private.vat_within(t.charged, t.percent) as tax) as x
	where s.summit_id = p_order.summit_id and s.vat <> 'off'
	group by s.vat
$$;

-- The buyer on an invoice. A protected person is billed under the name that everybody sees (Rule 7); for everybody
-- else name and address come from the form. An invoice to a member names none of its people.
create or replace function private.invoice_buyer(p_order public.orders, p_billing jsonb) returns jsonb
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

-- Brings the invoices of an order in line with its ledger: less charged is a credit note on the newest invoices that
-- have something left, more is a further invoice. Locks the order.
create or replace function private.sync_invoices(p_order uuid, p_reason text) returns void
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

-- The same with the tax that its payer accounts for, as fees are compared: what it charged before and after that credit
-- says how much of the rest it is.
create function private.line_total_with_tax(p_order uuid, p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select case
		when coalesce(t.tax, 0) <= 0 or b.base <= t.tax then private.line_total(p_order, p_registration)
		else round(private.line_total(p_order, p_registration)::numeric * b.base / (b.base - t.tax))::bigint
	end
	from (
		select -sum(a.amount) as tax, min(a.id) as first, min(a.at) as at
		from public.order_adjustments as a
		where a.order_id = p_order
			and a.registration_id = p_registration
			and a.kind = 'credit'
			and a.reason = 'reverse_charge'
	) as t
	cross join lateral (
		select coalesce((
			select sum(l.amount) from public.order_lines as l
			where l.order_id = p_order and l.registration_id = p_registration and l.created_at <= t.at
		), 0)
			+ coalesce((
				select sum(c.amount) from public.order_adjustments as c
				where c.order_id = p_order
					and c.registration_id = p_registration
					and c.kind in ('cancellation', 'credit')
					and c.id < t.first
			), 0) as base
	) as b
$$;

-- What a registration is charged in all its orders, as fees are compared.
create or replace function private.registration_charge(p_registration uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(sum(private.line_total_with_tax(o, p_registration)), 0)
	from private.registration_orders(p_registration) as o
$$;

-- Gives back the difference to a lower fee, as far as the refund policy allows. What was waived is not paid out. The
-- reason goes into the ledger: a switch of mode or a change of category.
create or replace function private.give_credit(p_r public.registrations, p_amount bigint, p_reason text default 'switched')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_left bigint := p_amount * private.refund_percent(p_r.summit_id) / 100;
	v_order uuid;
	v_whole bigint;
	v_part bigint;
	v_charged bigint;
begin
	for v_order in select o from private.registration_orders(p_r.id) as o loop
		v_whole := private.line_total_with_tax(v_order, p_r.id);
		v_part := least(v_left, v_whole);
		if v_part > 0 then
			v_left := v_left - v_part;
			-- Where the payer accounts for the tax, only what was charged is given back.
			v_charged := private.line_total(v_order, p_r.id);
			v_part := round(v_part::numeric * v_charged / v_whole);
			perform private.adjust_order(
				v_order, 'waiver', least(v_part, private.waived_of(v_order, p_r.id)), p_r.id, p_reason
			);
			perform private.adjust_order(v_order, 'credit', -v_part, p_r.id, p_reason);
			perform private.settle_order(v_order, p_reason);
		end if;
	end loop;
end
$$;

-- What a payer can do with an order besides paying it by card; {pays: false} for a person who is paid for; null for
-- everybody else.
create or replace function public.read_payer_choices(order_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when o.id not in (select private.my_payable_orders()) then jsonb_build_object('pays', false)
		else jsonb_build_object(
			'pays', true, 'payer', case when o.payer_member_id is null then 'person' else 'member' end,
			'invoices', private.invoices_of(o.id), 'vat', private.order_vat(o),
			'can_invoice', coalesce((
				select s.issuer_name <> '' and (s.transfer_allowed or private.balance_of(o.id) <= 0)
				from public.money_settings as s
				where s.summit_id = o.summit_id
			), false)
				and private.order_charge(o.id) > 0
				and not exists (
					select from public.invoices as i
					where i.order_id = o.id and i.kind = 'invoice' and private.invoice_remainder(i.id) > 0
				),
			'has_alias', coalesce(private.has_alias(o.payer_person_id), false),
			'currencies', (select coalesce(jsonb_agg(c order by c), '[]') from private.order_currencies(o) as c),
			'waiver', (
				select jsonb_build_object('id', w.id, 'state', w.state, 'amount', w.amount, 'answer', w.answer)
				from public.waiver_requests as w
				where w.order_id = o.id
					and (w.requested_by = (select private.me()) or w.person_id in (select private.my_people('registration')))
				order by w.created_at desc limit 1
			),
			'registration_id', (
				select min(l.registration_id::text)::uuid
				from public.order_lines as l
				where l.order_id = o.id and l.registration_id in (select private.my_registrations())
			),
			'waivable', o.closed_at is null
				and exists (
					select from public.order_lines as l
					where l.order_id = o.id
						and l.registration_id in (select private.my_registrations())
						and private.waivable_amount(o.id, l.registration_id) > 0
				)
		)
	end
	from public.orders as o
	where o.id = read_payer_choices.order_id and o.id in (select private.my_orders())
$$;

-- Checks the numbers and contents of invoices and credit notes.
create or replace function private.invoice_faults(p_summit uuid)
	returns table (code text, subject text, order_id uuid, currency text, expected bigint, found bigint)
language sql stable security definer set search_path = '' as $$
	with series as (
		select i.kind, i.year, count(*) as papers, max(i.number) as last, min(i.number) as first
		from public.invoices as i
		where i.summit_id = p_summit
		group by i.kind, i.year
	)
	-- Series without gaps, that end with the last number drawn.
	select 'number_gap', s.kind || ' ' || s.year, null::uuid, null::text, s.last::bigint, s.papers
	from series as s
	where s.last <> s.papers or s.first <> 1
	union all
	select 'last_number', coalesce(s.kind, n.kind) || ' ' || coalesce(s.year, n.year), null, null,
		coalesce(n.last_number, 0)::bigint, coalesce(s.last, 0)::bigint
	from series as s
	full join (select * from private.invoice_number_series as x where x.summit_id = p_summit) as n on n.kind = s.kind
		and n.year = s.year
	where n.last_number is distinct from s.last
	union all
	-- Documents as they were issued.
	select 'paper_changed', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		(c.content ->> 'amount')::bigint
	from public.invoices as i
	left join private.invoice_contents as c on c.invoice_id = i.id
	where i.summit_id = p_summit
		and (
			c.content is null
			or (c.content ->> 'amount')::bigint is distinct from i.amount
			or c.content ->> 'reference' is distinct from i.reference
			or c.content ->> 'currency' is distinct from i.currency::text
			or jsonb_typeof(c.content -> 'vat') = 'object'
				and (c.content #>> '{vat,net}')::bigint + (c.content #>> '{vat,tax}')::bigint
					+ (c.content #>> '{vat,rounding}')::bigint is distinct from i.amount::bigint
		)
	union all
	select 'paper_currency', i.reference, i.order_id, i.currency::text, null::bigint, null::bigint
	from public.invoices as i
	join public.orders as o on o.id = i.order_id
	where i.summit_id = p_summit and i.currency <> o.currency
	union all
	select 'credited_above_invoice', i.reference, i.order_id, i.currency::text, i.amount::bigint,
		i.amount - private.invoice_remainder(i.id)
	from public.invoices as i
	where i.summit_id = p_summit and i.kind = 'invoice' and private.invoice_remainder(i.id) < 0
$$;

-- Answers {status: ok | invalid | not_allowed, faults}. `fields` holds any of the columns; `faults` is empty when they
-- cannot be read at all. Transfers can be allowed only when issuer and account are complete.
create or replace function public.save_money_settings(summit uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_new public.money_settings;
	v_faults text[];
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	insert into public.money_settings (summit_id) values (v_summit) on conflict do nothing;
	select * into v_new from public.money_settings as s where s.summit_id = v_summit for update;
	if jsonb_typeof(fields) is distinct from 'object' then
		return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end if;
	begin
		v_new := jsonb_populate_record(
			v_new,
			fields - 'summit_id' || jsonb_build_object(
				'iban', upper(regexp_replace(coalesce(fields ->> 'iban', v_new.iban), '\s', '', 'g')),
				'bic', upper(regexp_replace(coalesce(fields ->> 'bic', v_new.bic), '\s', '', 'g')),
				'invoice_prefix', upper(btrim(coalesce(fields ->> 'invoice_prefix', v_new.invoice_prefix))),
				'issuer_country', upper(btrim(coalesce(fields ->> 'issuer_country', v_new.issuer_country))),
				'issuer_vat_id', private.plain_vat_id(coalesce(fields ->> 'issuer_vat_id', v_new.issuer_vat_id))
			)
		);
	exception
		when data_exception then return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end;
	v_faults := array_remove(
		array[
			case when v_new.transfer_allowed is null then 'transfer_allowed' end,
			case when not private.is_setting_line(v_new.issuer_name, 200) then 'issuer_name' end,
			case when v_new.issuer_address is null or length(btrim(v_new.issuer_address)) > 500 then 'issuer_address' end,
			case when not private.is_setting_line(v_new.issuer_tax_number, 60) then 'issuer_tax_number' end,
			case when not private.is_setting_line(v_new.bank_name, 200) then 'bank_name' end,
			case when v_new.invoice_note is null or length(btrim(v_new.invoice_note)) > 1000 then 'invoice_note' end,
			case when v_new.iban <> '' and not private.is_iban(v_new.iban) then 'iban' end,
			case when v_new.bic !~ '^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$' then 'bic' end,
			case when v_new.invoice_prefix !~ '^[A-Z][A-Z0-9]{1,7}$' then 'invoice_prefix' end,
			case when v_new.terms_days not between 1 and 120 or v_new.terms_days is null then 'terms_days' end,
			case when v_new.grace_days not between 0 and 30 or v_new.grace_days is null then 'grace_days' end,
			case when v_new.transfer_allowed and btrim(v_new.issuer_name) = '' then 'issuer_name' end,
			case when v_new.transfer_allowed and btrim(v_new.issuer_address) = '' then 'issuer_address' end,
			case when v_new.transfer_allowed and v_new.iban = '' then 'iban' end,
			case when v_new.reverse_charge is null then 'reverse_charge' end,
			case when not private.is_setting_line(v_new.issuer_registration, 60) then 'issuer_registration' end],
		null
	) || private.vat_setting_faults(v_new);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	update public.money_settings as s
	set
		transfer_allowed = v_new.transfer_allowed, issuer_name = btrim(v_new.issuer_name),
		issuer_address = btrim(v_new.issuer_address), issuer_tax_number = btrim(v_new.issuer_tax_number),
		iban = v_new.iban, bic = v_new.bic, bank_name = btrim(v_new.bank_name),
		invoice_prefix = v_new.invoice_prefix, terms_days = v_new.terms_days,
		grace_days = v_new.grace_days, invoice_note = btrim(v_new.invoice_note), vat = v_new.vat,
		issuer_country = v_new.issuer_country, issuer_vat_id = v_new.issuer_vat_id,
		issuer_registration = btrim(v_new.issuer_registration), reverse_charge = v_new.reverse_charge
	where s.summit_id = v_summit;
	return jsonb_build_object('status', 'ok');
end
$$;

-- The countries of the EU.
create function private.is_eu_country(p_country text) returns boolean
language sql immutable set search_path = '' as $$
	select p_country in ('AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IT',
		'LT', 'LU', 'LV', 'MT', 'NL', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK')
$$;

-- Whether a text is empty or looks like the code of a country.
create function private.is_billing_country(p_country text) returns boolean
language sql immutable set search_path = '' as $$
	select upper(btrim(coalesce(p_country, ''))) ~ '^([A-Z]{2})?$'
$$;

-- A VAT id without spaces, dots and dashes, in capital letters.
create function private.plain_vat_id(p_vat_id text) returns text
language sql immutable set search_path = '' as $$
	select regexp_replace(upper(p_vat_id), '[\s.-]', '', 'g')
$$;

-- The country of a VAT id: Greece writes EL, Northern Ireland XI.
create function private.vat_id_country(p_vat_id text) returns text
language sql immutable set search_path = '' as $$
	select case left(p_vat_id, 2) when 'EL' then 'GR' when 'XI' then 'GB' else left(p_vat_id, 2) end
$$;

-- Whether a VAT id has the form of its country. Whether it is registered, only VIES knows, which is not asked.
create function private.is_vat_id(p_vat_id text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(substr(p_vat_id, 3) ~ case left(p_vat_id, 2)
		when 'AT' then '^U\d{8}$'
		when 'BE' then '^[01]\d{9}$'
		when 'BG' then '^\d{9,10}$'
		when 'CY' then '^\d{8}[A-Z]$'
		when 'CZ' then '^\d{8,10}$'
		when 'DE' then '^\d{9}$'
		when 'DK' then '^\d{8}$'
		when 'EE' then '^\d{9}$'
		when 'EL' then '^\d{9}$'
		when 'ES' then '^([A-Z]\d{7}[A-Z0-9]|\d{8}[A-Z])$'
		when 'FI' then '^\d{8}$'
		when 'FR' then '^[A-HJ-NP-Z0-9]{2}\d{9}$'
		when 'HR' then '^\d{11}$'
		when 'HU' then '^\d{8}$'
		when 'IE' then '^(\d{7}[A-W][A-IW]?|\d[A-Z+*]\d{5}[A-W])$'
		when 'IT' then '^\d{11}$'
		when 'LT' then '^(\d{9}|\d{12})$'
		when 'LU' then '^\d{8}$'
		when 'LV' then '^\d{11}$'
		when 'MT' then '^\d{8}$'
		when 'NL' then '^\d{9}B\d{2}$'
		when 'PL' then '^\d{10}$'
		when 'PT' then '^\d{9}$'
		when 'RO' then '^[1-9]\d{1,9}$'
		when 'SE' then '^\d{10}01$'
		when 'SI' then '^[1-9]\d{7}$'
		when 'SK' then '^[1-9]\d{9}$'
		when 'XI' then '^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$'
		when 'GB' then '^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$'
		when 'CH' then '^E\d{9}(MWST|TVA|IVA)?$'
		when 'NO' then '^\d{9}(MVA)?$'
		-- Greece writes EL.
		when 'GR' then '^$^'
		else '^[A-Z0-9]{4,16}$'
	end, false) and p_vat_id ~ '^[A-Z]{2}'
$$;

-- The tax that an amount contains, rounded to minor units.
create function private.vat_within(p_amount bigint, p_percent numeric) returns bigint
language sql immutable set search_path = '' as $$
	select round(p_amount * p_percent / (100 + p_percent))::bigint
$$;

-- The rate for these people; no row where the Summit has none.
create function private.find_vat_rate(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category
) returns setof public.vat_rates
language sql stable security definer set search_path = '' as $$
	select v.* from public.vat_rates as v
	where v.summit_id = p_summit
		and (v.mode is null or v.mode = p_mode)
		and (v.category is null or v.category = p_category)
	order by v.category is null, v.mode is null
	limit 1
$$;

-- A fee as its payer pays it: with the tax, where the Summit adds it.
create function private.with_vat(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_amount integer
) returns integer
language sql stable security definer set search_path = '' as $$
	select p_amount + coalesce((
		select round(p_amount * v.percent / 100)
		from public.money_settings as s
		cross join lateral private.find_vat_rate(p_summit, p_mode, p_category) as v
		where s.summit_id = p_summit and s.vat = 'added'
	), 0)::integer
$$;

-- What is missing or wrong in the settings about tax. An invoice of EN 16931 names its seller by a VAT id or a
-- registration, and by a tax number where tax is charged or exempt; one outside the scope of the tax has no VAT id.
create function private.vat_setting_faults(p_new public.money_settings) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case when p_new.vat is null or p_new.vat not in ('off', 'included', 'added') then 'vat' end,
			case when p_new.issuer_country !~ '^([A-Z]{2})?$' then 'issuer_country' end,
			case when p_new.issuer_vat_id <> '' and not private.is_vat_id(p_new.issuer_vat_id) then 'issuer_vat_id' end,
			case
				when p_new.vat <> 'off' and not exists (
					select from public.vat_rates as v
					where v.summit_id = p_new.summit_id and v.mode is null and v.category is null
				) then 'vat_rates'
			end,
			case when p_new.vat <> 'off' and btrim(p_new.issuer_name) = '' then 'issuer_name' end,
			case when p_new.vat <> 'off' and btrim(p_new.issuer_address) = '' then 'issuer_address' end,
			case when p_new.vat <> 'off' and p_new.issuer_country = '' then 'issuer_country' end,
			case
				when p_new.vat <> 'off'
					and btrim(p_new.issuer_registration) = ''
					and (
						p_new.issuer_vat_id = ''
						or exists (
							select from public.vat_rates as v
							where v.summit_id = p_new.summit_id and v.vat_category = 'O'
						)
					) then 'issuer_registration'
			end,
			case
				when p_new.vat <> 'off'
					and p_new.issuer_vat_id = ''
					and btrim(p_new.issuer_tax_number) = ''
					and exists (
						select from public.vat_rates as v where v.summit_id = p_new.summit_id and v.vat_category <> 'O'
					) then 'issuer_vat_id'
			end,
			case
				when p_new.reverse_charge and (p_new.issuer_vat_id = '' or not private.is_eu_country(p_new.issuer_country))
					then 'reverse_charge'
			end],
		null
	)
$$;

-- Adds or changes a rate; `rate` null adds one. `fields`: {mode, category, vat_category, percent, exemption_code,
-- exemption_reason}. A Summit is outside the scope of the tax as a whole or not at all, and its general rate stays while
-- it has others. Answers {status: ok | overlap | mixed | needed | invalid | not_allowed, id}. Needed: the settings of invoices
-- would be incomplete. Locks the rates.
create function public.save_vat_rate(summit uuid, rate uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_id uuid := coalesce(rate, gen_random_uuid());
	v_new public.vat_rates;
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('vat rates:' || v_summit, 4));
	if jsonb_typeof(fields) is distinct from 'object' then return jsonb_build_object('status', 'invalid'); end if;
	begin
		v_new := jsonb_populate_record(null::public.vat_rates, fields);
	exception when data_exception then return jsonb_build_object('status', 'invalid');
	end;
	v_new.percent := coalesce(v_new.percent, 0);
	v_new.exemption_code := upper(btrim(coalesce(v_new.exemption_code, '')));
	v_new.exemption_reason := btrim(coalesce(v_new.exemption_reason, ''));
	if rate is not null and not exists (
		select from public.vat_rates as v where v.id = rate and v.summit_id = v_summit
	) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if exists (
		select from public.vat_rates as v
		where v.summit_id = v_summit and v.id <> v_id and (v.vat_category = 'O') <> (v_new.vat_category = 'O')
	) then
		return jsonb_build_object('status', 'mixed');
	end if;
	if v_new.vat_category = 'O' and exists (
		select from public.money_settings as s
		where s.summit_id = v_summit and s.vat <> 'off' and s.issuer_registration = ''
	)
		or v_new.vat_category <> 'O' and exists (
			select from public.money_settings as s
			where s.summit_id = v_summit and s.vat <> 'off' and s.issuer_vat_id = '' and s.issuer_tax_number = ''
		)
		or (v_new.mode is not null or v_new.category is not null) and exists (
			select from public.vat_rates as v
			join public.money_settings as s on s.summit_id = v.summit_id
			where v.id = v_id and v.mode is null and v.category is null and s.vat <> 'off'
		) then
		return jsonb_build_object('status', 'needed');
	end if;
	begin
		insert into public.vat_rates as v (
			id, summit_id, mode, category, vat_category, percent, exemption_code, exemption_reason
		)
		values (
			v_id, v_summit, v_new.mode, v_new.category, v_new.vat_category, v_new.percent, v_new.exemption_code,
			v_new.exemption_reason
		)
		on conflict (id) do update
		set mode = excluded.mode, category = excluded.category, vat_category = excluded.vat_category,
			percent = excluded.percent, exemption_code = excluded.exemption_code,
			exemption_reason = excluded.exemption_reason;
	exception
		when unique_violation then return jsonb_build_object('status', 'overlap');
		when check_violation or not_null_violation or numeric_value_out_of_range then
			return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- Removes a rate. Answers ok | needed (the general rate, while tax is on) | not_allowed.
create function public.remove_vat_rate(rate uuid) returns public.vat_rate_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rate public.vat_rates;
begin
	select * into v_rate from public.vat_rates as v where v.id = rate;
	if v_rate.id is null or not private.has_role(v_rate.summit_id, 'finance') then return 'not_allowed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('vat rates:' || v_rate.summit_id, 4));
	if v_rate.mode is null and v_rate.category is null and exists (
		select from public.money_settings as s where s.summit_id = v_rate.summit_id and s.vat <> 'off'
	) then
		return 'needed';
	end if;
	delete from public.vat_rates as v where v.id = rate;
	return 'ok';
end
$$;

-- Whether this buyer accounts for the tax: a business in another country of the EU with a VAT id, where the Summit
-- chose so.
create function private.allows_reverse_charge(p_settings public.money_settings, p_buyer jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select p_settings.vat <> 'off'
		and p_settings.reverse_charge
		and p_settings.issuer_vat_id <> ''
		and private.is_vat_id(p_buyer ->> 'vat_id')
		and private.is_eu_country(private.vat_id_country(p_buyer ->> 'vat_id'))
		-- Northern Ireland is in the EU for goods only.
		and left(p_buyer ->> 'vat_id', 2) <> 'XI'
		and private.vat_id_country(p_buyer ->> 'vat_id') = p_buyer ->> 'country'
		and p_buyer ->> 'country' <> p_settings.issuer_country
		and private.is_eu_country(p_settings.issuer_country)
$$;

-- Whether the last invoice of an order left the tax to the buyer.
create function private.is_reverse_charged(p_order uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((private.last_billing(p_order) #>> '{vat,reverse_charge}')::boolean, false)
$$;

-- Takes the tax off a locked order whose buyer accounts for it.
create function private.credit_reverse_charge(p_order public.orders) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
begin
	for v_line in
		select t.registration_id, sum(private.vat_within(t.charged, t.percent))::bigint as tax
		from private.taxed_lines(p_order, false) as t
		where t.vat_category = 'S'
		group by t.registration_id
		order by t.registration_id
	loop
		perform private.adjust_order(p_order.id, 'credit', -v_line.tax, v_line.registration_id, 'reverse_charge');
	end loop;
end
$$;

-- Charges it again, when the invoice was wrong about the buyer.
create function private.charge_tax_again(p_order public.orders) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
begin
	for v_line in
		select t.registration_id,
			private.line_total_with_tax(p_order.id, t.registration_id)
				- private.line_total(p_order.id, t.registration_id) as tax
		from (select distinct l.registration_id from public.order_lines as l where l.order_id = p_order.id) as t
		order by t.registration_id
	loop
		perform private.adjust_order(p_order.id, 'credit', v_line.tax, v_line.registration_id, 'reverse_charge');
	end loop;
end
$$;

grant execute on function public.export_papers(uuid, date, date) to authenticated;

grant execute on function private.is_vat_id(text) to authenticated;

grant execute on function public.save_vat_rate(uuid, uuid, jsonb) to authenticated;

grant execute on function public.remove_vat_rate(uuid) to authenticated;

alter table public.vat_rates enable row level security;

create policy read on public.vat_rates for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));

grant select on public.vat_rates to authenticated;

select audit.watch('public.vat_rates');

alter table public.money_settings
	add column vat text not null default 'off' check (vat in ('off', 'included', 'added')),
	add column issuer_country text not null default '' check (issuer_country ~ '^([A-Z]{2})?$'),
	add column issuer_vat_id text not null default ''
		check (issuer_vat_id ~ '^[A-Z0-9+*]*$' and (issuer_vat_id = '' or private.is_vat_id(issuer_vat_id))),
	add column issuer_registration text not null default '' check (length(issuer_registration) <= 60),
	add column reverse_charge boolean not null default false,
	add constraint issuer_registration_one_line check (private.is_one_line(issuer_registration));

update private.audited_tables
set shown = shown || '{vat,issuer_country,issuer_vat_id,issuer_registration,reverse_charge}'
where name = 'public.money_settings';

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.vat_rates', 'money', '{mode,category,vat_category,percent,exemption_code,exemption_reason}', '{}', '{}');

insert into private.retention_rules (table_name, exemption) values ('public.vat_rates', 'settings');

select private.close_with_summit();

reset check_function_bodies;
