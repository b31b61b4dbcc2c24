-- Value added tax: which rate applies, how finance sets it, and who accounts for it. Amounts of orders always hold the
-- tax; invoices say how much of them it is (`invoice_vat.sql`).

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
grant execute on function private.is_vat_id(text) to authenticated;

-- The tax that an amount contains, rounded to minor units.
create function private.vat_within(p_amount bigint, p_percent numeric) returns bigint
language sql immutable set search_path = '' as $$
	select round(p_amount * p_percent / (100 + p_percent))::bigint
$$;

-- The rate that applies to these people now; no row where the Summit has none.
create function private.find_vat_rate(
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
create trigger lines_note_their_rate before insert on public.order_lines for each row
	execute function private.note_charged_rate();

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
create trigger settings_note_rates_of_lines after insert or update of vat on public.money_settings for each row
	when (new.vat <> 'off')
	execute function private.note_rates_of_lines();

-- A fee as its payer pays it: with the tax, where the Summit adds it, rounded to what a card can pay.
create function private.with_vat(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_amount integer,
	p_currency text
) returns integer
language sql stable security definer set search_path = '' as $$
	select p_amount + coalesce((
		select round(p_amount * v.percent / 100 / private.currency_step(p_currency)) * private.currency_step(p_currency)
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

-- Adds or changes a rate; `rate` null adds one. `fields`: {mode, category, vat_category, percent, exemption_code,
-- exemption_reason, correction}. A change applies to what is charged from now on; a correction to what was charged at
-- this rate too. A Summit is outside the scope of the tax as a whole or not at all, and its general rate stays while it
-- has others. Answers {status: ok | overlap | mixed | needed | invalid | not_allowed, id}, the id of what applies now.
-- Needed: the settings of invoices would be incomplete. Locks the rates.
create function public.save_vat_rate(summit uuid, rate uuid, fields jsonb) returns jsonb
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
create function public.remove_vat_rate(rate uuid) returns public.vat_rate_status
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
