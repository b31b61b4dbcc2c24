-- What finance sets for a Summit: the issuer of invoices, its bank account, and the terms of payment.

-- Checks an IBAN by ISO 13616: letters become numbers, and the whole modulo 97 is 1.
create function private.is_iban(p_iban text) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when p_iban !~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' then false
		else (
			select string_agg(
				case when letter between 'A' and 'Z' then (ascii(letter) - 55)::text else letter end, '' order by at
			)::numeric
			from regexp_split_to_table(substr(p_iban, 5) || left(p_iban, 4), '') with ordinality as t (letter, at)
		) % 97 = 1
	end
$$;
grant execute on function private.is_iban(text) to authenticated;

-- Whether a text is one line of at most so many characters, apart from spaces around it.
create function private.is_setting_line(p_text text, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(length(btrim(p_text)) <= p_most and private.is_one_line(btrim(p_text)), false)
$$;

-- Answers {status: ok | invalid | not_allowed, faults}. `fields` holds any of the columns; `faults` is empty when they
-- cannot be read at all. Transfers can be allowed only when issuer and account are complete.
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
grant execute on function public.save_money_settings(uuid, jsonb) to authenticated;
