-- What finance sets for a Summit: who issues its invoices and where a transfer goes, how much may be waived, and the
-- fees by currency and time.

-- ISO 13616: the check digits, by the letters' numbers modulo 97.
create function private.is_iban(p_iban text) returns boolean
language sql immutable set search_path = '' as $$
	select case when p_iban !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' then false
		else (select string_agg(case when letter between 'A' and 'Z' then (ascii(letter) - 55)::text else letter end, ''
			order by at)::numeric
			from regexp_split_to_table(substr(p_iban, 5)
				|| left(p_iban, 4), '') with ordinality as t (letter, at)) % 97 = 1 end
$$;
grant execute on function private.is_iban(text) to authenticated;

-- Answers {status: ok | invalid | not_allowed, faults}. `fields` may hold any of the columns.
create function public.save_money_settings(summit uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_new public.money_settings;
	v_faults text[];
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	insert into public.money_settings (summit_id) values (v_summit) on conflict do nothing;
	select * into v_new from public.money_settings as s where s.summit_id = v_summit for update;
	v_new := jsonb_populate_record(v_new, fields - 'summit_id' || jsonb_build_object(
		'iban', upper(regexp_replace(coalesce(fields ->> 'iban', v_new.iban), '\s', '', 'g')),
		'bic', upper(regexp_replace(coalesce(fields ->> 'bic', v_new.bic), '\s', '', 'g')),
		'invoice_prefix', upper(btrim(coalesce(fields ->> 'invoice_prefix', v_new.invoice_prefix)))));
	v_faults := array_remove(array[
		case when v_new.iban <> '' and not private.is_iban(v_new.iban) then 'iban' end,
		case when v_new.bic !~ '^([A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?)?$' then 'bic' end,
		case when v_new.invoice_prefix !~ '^[A-Z][A-Z0-9]{1,7}$' then 'invoice_prefix' end,
		case when v_new.terms_days not between 1 and 120 or v_new.terms_days is null then 'terms_days' end,
		case when v_new.grace_days not between 0 and 30 or v_new.grace_days is null then 'grace_days' end,
		case when v_new.transfer_allowed and btrim(v_new.issuer_name) = '' then 'issuer_name' end,
		case when v_new.transfer_allowed and btrim(v_new.issuer_address) = '' then 'issuer_address' end,
		case when v_new.transfer_allowed and v_new.iban = '' then 'iban' end], null);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	update public.money_settings as s
		set transfer_allowed = v_new.transfer_allowed, issuer_name = btrim(v_new.issuer_name),
		issuer_address = btrim(v_new.issuer_address), issuer_tax_number = btrim(v_new.issuer_tax_number),
			iban = v_new.iban, bic = v_new.bic,
		bank_name = btrim(v_new.bank_name), invoice_prefix = v_new.invoice_prefix, terms_days = v_new.terms_days,
			grace_days = v_new.grace_days,
		invoice_note = btrim(v_new.invoice_note)
	where s.summit_id = v_summit;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_money_settings(uuid, jsonb) to authenticated;

-- Answers ok, not_allowed, invalid, or below: as much is waived already.
create function public.save_waiver_budget(summit uuid, currency text, amount bigint) returns text
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
	insert into public.waiver_budgets (summit_id, currency, amount) values (v_summit, v_currency, 0)
		on conflict do nothing;
	perform from public.waiver_budgets as b where b.summit_id = v_summit and b.currency = v_currency for update;
	if v_amount < private.waived_in(v_summit, v_currency) then return 'below'; end if;
	update public.waiver_budgets as b set amount = v_amount where b.summit_id = v_summit and b.currency = v_currency;
	return 'ok';
end
$$;
grant execute on function public.save_waiver_budget(uuid, text, bigint) to authenticated;

create function private.waived_in(p_summit uuid, p_currency text) returns bigint
language sql stable security definer set search_path = '' as $$
	select coalesce(-sum(a.amount), 0)::bigint
		from public.order_adjustments as a join public.orders as o on o.id = a.order_id
	where o.summit_id = p_summit and o.currency = p_currency and a.kind = 'waiver'
$$;

-- Two fees for the same people at the same time would leave it to chance which one counts.
create function private.refuse_fee_overlap() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('fees:' || new.summit_id, 4));
	if exists (select from public.fees as f
		where f.summit_id = new.summit_id and f.id <> new.id and f.mode = new.mode and f.currency = new.currency
			and f.category is not distinct from new.category and f.sector is not distinct from new.sector
			and tstzrange(f.valid_from, f.valid_until) && tstzrange(new.valid_from, new.valid_until)) then
		raise unique_violation using message = 'another fee for the same people overlaps this one';
	end if;
	return new;
end
$$;

create trigger fees_never_overlap before insert or update on public.fees for each row
	execute function private.refuse_fee_overlap();

-- Answers {status: ok | overlap | invalid | not_allowed, id}. `fee` null adds one. Fields: mode, category, sector,
-- amount, currency, valid_from, valid_until.
create function public.save_fee(summit uuid, fee uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new public.fees := jsonb_populate_record(null::public.fees, fields);
	v_id uuid := coalesce(fee, gen_random_uuid());
begin
	if not private.has_role(summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_new.mode is null or v_new.amount is null or v_new.amount < 0 or v_new.currency !~ '^[A-Z]{3}$'
		or v_new.currency is null
		or v_new.valid_until <= v_new.valid_from then
		return jsonb_build_object('status', 'invalid');
	end if;
	begin
		if fee is null then
			insert into public.fees (id, summit_id, mode, category, sector, amount, currency, valid_from, valid_until)
			values (v_id, summit, v_new.mode, v_new.category, v_new.sector, v_new.amount, v_new.currency,
				v_new.valid_from, v_new.valid_until);
		else
			update public.fees as f
				set mode = v_new.mode, category = v_new.category, sector = v_new.sector, amount = v_new.amount,
				currency = v_new.currency, valid_from = v_new.valid_from, valid_until = v_new.valid_until
			where f.id = fee and f.summit_id = save_fee.summit;
			if not found then return jsonb_build_object('status', 'not_allowed'); end if;
		end if;
	exception when unique_violation then
		return jsonb_build_object('status', 'overlap');
	end;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.save_fee(uuid, uuid, jsonb) to authenticated;

-- Currencies in which everything has its fee: the Summit's own, and each other that has a fee wherever the Summit's has
-- one.
create function private.fee_currencies(p_summit uuid) returns setof text
language sql stable security definer set search_path = '' as $$
	select s.currency::text from public.summits as s where s.id = p_summit
	union
	select other.currency::text
		from (select distinct f.currency from public.fees as f where f.summit_id = p_summit) as other,
		public.summits as s
	where s.id = p_summit and other.currency <> s.currency
		and not exists (
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until from public.fees as f
				where f.summit_id = p_summit and f.currency = s.currency
			except
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until from public.fees as f
				where f.summit_id = p_summit and f.currency = other.currency)
		and not exists (
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until from public.fees as f
				where f.summit_id = p_summit and f.currency = other.currency
			except
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until from public.fees as f
				where f.summit_id = p_summit and f.currency = s.currency)
$$;
