-- A charge keeps the rate of tax that it was made with, so that a later change is for later charges.

alter table public.vat_rates add column ended_at timestamptz;
alter table public.vat_rates drop constraint vat_rates_summit_id_mode_category_key;
create unique index vat_rates_fees_key on public.vat_rates (summit_id, mode, category) nulls not distinct
	where ended_at is null;
alter table public.order_lines add column vat_rate_id uuid;
create index on public.order_lines (vat_rate_id);
alter table public.order_lines add foreign key (vat_rate_id) references public.vat_rates (id) on delete restrict;

-- The rate that applies to these people now; no row where the Summit has none.
create or replace function private.find_vat_rate(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category
) returns setof public.vat_rates
language sql stable security definer set search_path = '' as $$
	select v.* from public.vat_rates as v
	where v.summit_id = p_summit
		and v.ended_at is null
		and (v.mode is null or v.mode = p_mode)
		and (v.category is null or v.category = p_category)
	order by v.category is null, v.mode is null
	limit 1
$$;

-- The rate of a charge for a registration in a mode; null where the Summit has no tax.
create function private.charged_rate(p_summit uuid, p_registration uuid, p_mode public.attendance_mode) returns uuid
language sql stable security definer set search_path = '' as $$
	select v.id
	from public.money_settings as s
	join public.registrations as r on r.id = p_registration
	cross join lateral private.find_vat_rate(s.summit_id, p_mode, r.category) as v
	where s.summit_id = p_summit and s.vat <> 'off'
$$;

-- Notes the rate of a new line, unless it came with one from another order. The settings are locked, so that a Summit
-- which begins to have tax finds the line, or the line the tax.
create function private.note_charged_rate() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.vat_rate_id is null then
		perform from public.money_settings as s where s.summit_id = new.summit_id for share;
		new.vat_rate_id := private.charged_rate(new.summit_id, new.registration_id, new.mode);
	end if;
	return new;
end
$$;

-- A Summit that begins to have tax has it in what was charged before.
create function private.note_rates_of_lines() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update public.order_lines as l
	set vat_rate_id = private.charged_rate(l.summit_id, l.registration_id, l.mode)
	where l.summit_id = new.summit_id and l.vat_rate_id is null;
	return null;
end
$$;

-- What is missing or wrong in the settings about tax. An invoice of EN 16931 names its seller by a VAT id or a
-- registration, and by a tax number where tax is charged or exempt; one outside the scope of the tax has no VAT id.
create or replace function private.vat_setting_faults(p_new public.money_settings) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case when p_new.vat is null or p_new.vat not in ('off', 'included', 'added') then 'vat' end,
			case when p_new.issuer_country !~ '^([A-Z]{2})?$' then 'issuer_country' end,
			case when p_new.issuer_vat_id <> '' and not private.is_vat_id(p_new.issuer_vat_id) then 'issuer_vat_id' end,
			case
				when p_new.vat <> 'off' and not exists (
					select from public.vat_rates as v
					where v.summit_id = p_new.summit_id and v.mode is null and v.category is null and v.ended_at is null
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
							where v.summit_id = p_new.summit_id and v.ended_at is null and v.vat_category = 'O'
						)
					) then 'issuer_registration'
			end,
			case
				when p_new.vat <> 'off'
					and p_new.issuer_vat_id = ''
					and btrim(p_new.issuer_tax_number) = ''
					and exists (
						select from public.vat_rates as v
						where v.summit_id = p_new.summit_id and v.ended_at is null and v.vat_category <> 'O'
					) then 'issuer_vat_id'
			end,
			case
				when p_new.reverse_charge and (p_new.issuer_vat_id = '' or not private.is_eu_country(p_new.issuer_country))
					then 'reverse_charge'
			end],
		null
	)
$$;

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
		-- Rates of tax that ended are those of what the earlier edition charged.
		perform private.copy_summit_rows(
			v_table, p_from.id, p_to.id,
			case v_table when 'public.vat_rates'::regclass then 't.ended_at is null' else 'true' end
		);
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
		insert into public.order_lines (order_id, summit_id, registration_id, mode, amount, vat_rate_id)
		values (
			v_order.id, v_order.summit_id, p_to.id, p_from.mode, v_whole,
			(
				select l.vat_rate_id from public.order_lines as l
				where l.order_id = v_order.id and l.registration_id = p_from.id
				order by l.created_at desc limit 1
			)
		);
		perform private.adjust_order(v_order.id, 'credit', v_charged - v_whole, p_to.id, 'reverse_charge');
		perform private.adjust_order(v_order.id, 'cancellation', -v_charged, p_from.id, 'handed_over');
		perform private.notify_order(v_order);
	end loop;
end
$$;

-- What an order charges for each registration and mode, with the rate at which it was charged. `listed` is the charge of
-- the lines, `charged` what is left of it after cancellations, credits and waivers: the newest mode takes its own first.
-- Where the buyer accounts for the tax (`p_reverse`), both are without it.
create or replace function private.taxed_lines(p_order public.orders, p_reverse boolean)
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
		join public.vat_rates as v on v.id = l.vat_rate_id
		where l.order_id = p_order.id and private.line_total(p_order.id, r.id) > 0
		group by r.id, r.reference, l.mode, v.vat_category, v.percent, v.exemption_code, v.exemption_reason
	), priced as (
		select x.*, case when x.is_reversed then x.gross - private.vat_within(x.gross, x.percent) else x.gross end as price
		from listed as x
	)
	select x.id, x.reference, x.mode, x.price,
		greatest(0, least(x.price, x.left_over - coalesce(sum(x.price) over (
			partition by x.id order by x.at desc, x.mode, x.vat_category, x.percent, x.exemption_code, x.exemption_reason
			rows between unbounded preceding and 1 preceding
		), 0)))::bigint,
		case when x.is_reversed then 'AE' else x.vat_category end, case when x.is_reversed then 0 else x.percent end,
		case when x.is_reversed then 'VATEX-EU-AE' else x.exemption_code end,
		case when x.is_reversed then '' else x.exemption_reason end
	from priced as x
$$;

-- The tax of an invoice over `p_amount`: {shown, reverse_charge, lines, allowances, groups, net, tax, rounding}. An
-- allowance is what was taken off the lines of a rate, or invoiced before; below zero it is a charge. Fees that contain
-- the tax are divided together, so that their sum is exact; those to which it is added keep their own net amounts.
create or replace function private.invoice_vat(
	p_order public.orders,
	p_settings public.money_settings,
	p_amount bigint,
	p_reverse boolean
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with lines as materialized (
		select t.*, row_number() over (order by t.registration, t.mode, t.vat_category, t.percent) as place
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

-- The rows of the ledger until a day at the venue that no closed period has: what each is owed (`amount`, signed), which
-- account stands against the receivables, and how much of it is tax. Money has none. Once the buyer accounts for the
-- tax, neither has what is taken off their charge; the credit for that is all tax.
create or replace function private.open_ledger_rows(p_summit uuid, p_until date)
	returns table (
		source text, at timestamptz, day date, document text, event text, kind text, amount bigint, tax bigint,
		percent numeric, currency text
	)
language sql stable security definer set search_path = '' as $$
	with rows as (
		select 'line:' || l.id as source, l.created_at as at, l.order_id, 'charge' as event, l.amount::bigint as amount,
			null::text as provider, l.registration_id, l.mode, l.vat_rate_id, null::bigint as entry, '' as reason
		from public.order_lines as l
		where l.summit_id = p_summit
		union all
		select 'adjustment:' || a.id, a.at, a.order_id, a.kind::text, a.amount, a.provider, a.registration_id, c.mode,
			c.vat_rate_id, a.id, a.reason
		from public.order_adjustments as a
		join public.orders as o on o.id = a.order_id
		left join lateral (
			select l.mode, l.vat_rate_id from public.order_lines as l
			where l.order_id = a.order_id and (a.registration_id is null or l.registration_id = a.registration_id)
			order by l.created_at desc, l.mode limit 1
		) as c on true
		where o.summit_id = p_summit
	), kept as (
		select r.*, o.reference, o.currency::text as currency, (r.at at time zone s.zone)::date as day,
			r.event in ('charge', 'cancellation', 'credit', 'waiver') as is_charge, v.percent,
			coalesce((
				select sum(x.amount) from public.order_adjustments as x
				where x.order_id = r.order_id
					and x.registration_id = r.registration_id
					and x.kind = 'credit'
					and x.reason = 'reverse_charge'
					and x.id < r.entry
			), 0) < 0 as is_reversed
		from rows as r
		join public.orders as o on o.id = r.order_id
		join public.summits as s on s.id = o.summit_id
		left join public.vat_rates as v on v.id = r.vat_rate_id
		where r.amount <> 0
			and (r.at at time zone s.zone)::date <= p_until
			and not exists (
				select from private.journal_entries as e where e.summit_id = p_summit and e.source = r.source
			)
	)
	select k.source, k.at, k.day, k.reference, k.event,
		case
			when k.event in ('payment', 'refund', 'dispute', 'dispute_won') then coalesce(k.provider, 'bank')
			when k.event = 'write_off' then 'write_offs'
			when k.event = 'waiver' then 'waivers'
			else 'revenue_' || k.mode
		end,
		k.amount,
		case
			when not k.is_charge then 0
			when k.event = 'credit' and k.reason = 'reverse_charge' then k.amount
			when k.is_reversed then 0
			else coalesce(private.vat_within(k.amount, k.percent), 0)
		end,
		coalesce(k.percent, 0), k.currency
	from kept as k
$$;

-- What finance sees of the journal: {periods, codes, percents, open: {entries, since}}; null for everybody else.
create or replace function public.read_journal(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'periods', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id, 'last_day', p.last_day, 'entries', p.entries, 'closed_at', private.iso(p.closed_at)
			) order by p.last_day desc), '[]')
			from public.journal_periods as p
			where p.summit_id = read_journal.summit
		),
		'codes', (
			select coalesce(jsonb_object_agg(a.kind, a.code), '{}')
			from public.account_codes as a
			where a.summit_id = read_journal.summit
		),
		'percents', (
			select coalesce(jsonb_agg(distinct trim_scale(v.percent)), '[]')
			from public.vat_rates as v
			where v.summit_id = read_journal.summit
				and v.percent > 0
				and (v.ended_at is null or exists (select from public.order_lines as l where l.vat_rate_id = v.id))
		),
		'open', (
			select count(distinct j.source) from private.open_journal(read_journal.summit, 'infinity') as j
		)
	)
	where private.has_role(read_journal.summit, 'finance')
$$;
grant execute on function public.read_journal(uuid) to authenticated;

-- Moves what an order charges, line by line, to another order; priced again where the currency differs. A registration
-- may have lines of both modes: of what is still charged for it, the newest line takes its own amount first. The caller
-- has locked the modes, the registrations and both orders.
create or replace function private.move_lines(p_from public.orders, p_to public.orders, p_registration uuid default null)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line record;
	v_r public.registrations;
	v_amount bigint;
begin
	for v_line in
		select l.registration_id, l.mode, l.vat_rate_id, min(l.priced_at) as priced_at, sum(l.amount) as charged
		from public.order_lines as l
		where l.order_id = p_from.id and (p_registration is null or l.registration_id = p_registration)
		group by l.registration_id, l.mode, l.vat_rate_id
		order by l.registration_id, max(l.created_at) desc, l.mode, l.vat_rate_id
	loop
		v_amount := least(v_line.charged, private.line_total(p_from.id, v_line.registration_id));
		continue when v_amount <= 0;
		select * into strict v_r from public.registrations as r where r.id = v_line.registration_id;
		perform private.adjust_order(p_from.id, 'cancellation', -v_amount, v_r.id, 'moved');
		insert into public.order_lines (order_id, summit_id, registration_id, mode, amount, priced_at, vat_rate_id)
		values (
			p_to.id, p_to.summit_id, v_r.id, v_line.mode,
			case
				when p_to.currency = p_from.currency then v_amount
				else private.registration_fee(v_r, v_line.mode, p_to.currency, v_line.priced_at)
			end,
			v_line.priced_at,
			-- A new price has the tax of today.
			case when p_to.currency = p_from.currency then v_line.vat_rate_id end
		);
	end loop;
	update public.waiver_requests as w set order_id = p_to.id
	where w.order_id = p_from.id
		and w.state = 'open'
		and (p_registration is null or w.registration_id = p_registration);
	-- Attempts to pay the old amount end; a payment at a page that is still open goes back.
	update public.checkouts as c set state = 'expired'
	where c.order_id = p_from.id and c.state in ('requested', 'open');
	perform private.settle_order(p_from.id, 'moved');
end
$$;

-- Adds or changes a rate; `rate` null adds one. `fields`: {mode, category, vat_category, percent, exemption_code,
-- exemption_reason, correction}. A change applies to what is charged from now on; a correction to what was charged at
-- this rate too. A Summit is outside the scope of the tax as a whole or not at all, and its general rate stays while it
-- has others. Answers {status: ok | overlap | mixed | needed | invalid | not_allowed, id}, the id of what applies now.
-- Needed: the settings of invoices would be incomplete. Locks the rates.
create or replace function public.save_vat_rate(summit uuid, rate uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_new public.vat_rates;
	v_correction boolean;
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('vat rates:' || v_summit, 4));
	if jsonb_typeof(fields) is distinct from 'object' then return jsonb_build_object('status', 'invalid'); end if;
	begin
		v_new := jsonb_populate_record(null::public.vat_rates, fields);
		v_correction := rate is not null and coalesce((fields ->> 'correction')::boolean, false);
	exception when data_exception then return jsonb_build_object('status', 'invalid');
	end;
	v_new.id := case when v_correction then rate else gen_random_uuid() end;
	v_new.percent := coalesce(v_new.percent, 0);
	v_new.exemption_code := upper(btrim(coalesce(v_new.exemption_code, '')));
	v_new.exemption_reason := btrim(coalesce(v_new.exemption_reason, ''));
	if rate is not null and not exists (
		select from public.vat_rates as v where v.id = rate and v.summit_id = v_summit and v.ended_at is null
	) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if exists (
		select from public.vat_rates as v
		where v.summit_id = v_summit
			and (v.vat_category = 'O') <> (v_new.vat_category = 'O')
			and case
				when v.id = rate and v_correction then false
				when v.id = rate or v.ended_at is not null
					then exists (select from public.order_lines as l where l.vat_rate_id = v.id)
				else true
			end
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
			where v.id = rate and v.mode is null and v.category is null and s.vat <> 'off'
		) then
		return jsonb_build_object('status', 'needed');
	end if;
	begin
		update public.vat_rates as v set ended_at = now() where v.id = rate and not v_correction;
		insert into public.vat_rates as v (
			id, summit_id, mode, category, vat_category, percent, exemption_code, exemption_reason
		)
		values (
			v_new.id, v_summit, v_new.mode, v_new.category, v_new.vat_category, v_new.percent, v_new.exemption_code,
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
	return jsonb_build_object('status', 'ok', 'id', v_new.id);
end
$$;
grant execute on function public.save_vat_rate(uuid, uuid, jsonb) to authenticated;

-- Ends a rate; what was charged at it keeps it. Answers ok | needed (the general rate, while tax is on) | not_allowed.
create or replace function public.remove_vat_rate(rate uuid) returns public.vat_rate_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rate public.vat_rates;
begin
	select * into v_rate from public.vat_rates as v where v.id = rate and v.ended_at is null;
	if v_rate.id is null or not private.has_role(v_rate.summit_id, 'finance') then return 'not_allowed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('vat rates:' || v_rate.summit_id, 4));
	if v_rate.mode is null and v_rate.category is null and exists (
		select from public.money_settings as s where s.summit_id = v_rate.summit_id and s.vat <> 'off'
	) then
		return 'needed';
	end if;
	update public.vat_rates as v set ended_at = now() where v.id = rate;
	return 'ok';
end
$$;
grant execute on function public.remove_vat_rate(uuid) to authenticated;

create trigger lines_note_their_rate before insert on public.order_lines for each row
	execute function private.note_charged_rate();
create trigger settings_note_rates_of_lines after insert or update of vat on public.money_settings for each row
	when (new.vat <> 'off')
	execute function private.note_rates_of_lines();

-- What was charged so far has the rates of now.
update public.order_lines as l
set vat_rate_id = private.charged_rate(l.summit_id, l.registration_id, l.mode)
where l.summit_id in (select s.summit_id from public.money_settings as s where s.vat <> 'off');

update private.audited_tables
set shown = '{mode,category,vat_category,percent,exemption_code,exemption_reason,ended_at}'
where name = 'public.vat_rates';
