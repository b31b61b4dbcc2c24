-- Fees: which one applies to a registration, in which currency, and how finance sets them.

-- Whether a currency has three decimals.
create function private.has_three_decimals(p_currency text) returns boolean
language sql immutable set search_path = '' as $$
	select p_currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
$$;

-- The smallest step of an amount that a card can pay, in minor units (src/lib/payments/amounts.ts).
create function private.currency_step(p_currency text) returns integer
language sql immutable set search_path = '' as $$
	select case when private.has_three_decimals(p_currency) then 10 when p_currency = 'MGA' then 100 else 1 end
$$;

-- The fee for these people at a moment, in minor units. The most specific wins: category and sector, then sector, then
-- category, then the mode alone. Without a fee it is free. Without a currency it is in the Summit's own. With the value
-- added tax, where the Summit adds it to its fees.
create function private.find_fee(
	p_summit uuid,
	p_mode public.attendance_mode,
	p_category public.registration_category,
	p_sector public.sector,
	p_currency text default null,
	p_at timestamptz default now()
) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.with_vat(p_summit, p_mode, p_category, f.amount, f.currency) from public.fees as f
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

-- The currency of a registration: the one that it is charged in now, else the Summit's. It is charged in one at a time.
create function private.registration_currency(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select o.currency from public.orders as o
			where o.id in (select private.registration_orders(p_r.id)) and private.line_total(o.id, p_r.id) <> 0
			order by o.created_at desc, o.id limit 1
		),
		(select s.currency from public.summits as s where s.id = p_r.summit_id)
	)
$$;

-- The fee of a registration in a mode, in its own currency unless another is given.
create function private.registration_fee(
	p_r public.registrations,
	p_mode public.attendance_mode,
	p_currency text default null,
	p_at timestamptz default now()
) returns integer
language sql stable security definer set search_path = '' as $$
	select private.find_fee(
		p_r.summit_id, p_mode, p_r.category,
		(
			select sm.sector from public.summit_members as sm
			where sm.summit_id = p_r.summit_id and sm.member_id = p_r.member_id
		),
		coalesce(p_currency, private.registration_currency(p_r)), p_at
	)
$$;

-- The currencies in which a payer may pay anything: the Summit's own, and each other one with a fee for the same people
-- and times as the Summit's.
create function private.fee_currencies(p_summit uuid) returns setof text
language sql stable security definer set search_path = '' as $$
	select s.currency::text from public.summits as s
	where s.id = p_summit
	union
	select other.currency::text
	from (select distinct f.currency from public.fees as f where f.summit_id = p_summit) as other, public.summits as s
	where s.id = p_summit
		and other.currency <> s.currency
		and not exists (
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until
			from public.fees as f
			where f.summit_id = p_summit and f.currency = s.currency
			except
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until
			from public.fees as f
			where f.summit_id = p_summit and f.currency = other.currency
		)
		and not exists (
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until
			from public.fees as f
			where f.summit_id = p_summit and f.currency = other.currency
			except
			select f.mode, f.category, f.sector, f.valid_from, f.valid_until
			from public.fees as f
			where f.summit_id = p_summit and f.currency = s.currency
		)
$$;

-- Refuses two fees for the same people at the same time, of which it would be chance which one applies. The lock keeps
-- two concurrent inserts from missing each other.
create function private.refuse_fee_overlap() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('fees:' || new.summit_id, 4));
	if exists (
		select from public.fees as f
		where f.summit_id = new.summit_id
			and f.id <> new.id
			and f.mode = new.mode
			and f.currency = new.currency
			and f.category is not distinct from new.category
			and f.sector is not distinct from new.sector
			and tstzrange(f.valid_from, f.valid_until) && tstzrange(new.valid_from, new.valid_until)
	) then
		raise unique_violation using message = 'another fee for the same people overlaps this one';
	end if;
	return new;
end
$$;

create trigger fees_never_overlap before insert or update on public.fees for each row
	execute function private.refuse_fee_overlap();

-- Answers {status: ok | overlap | invalid | not_allowed, id}. `fee` null adds one. `fields`: {mode, category, sector,
-- amount, currency, valid_from, valid_until}.
create function public.save_fee(summit uuid, fee uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new public.fees;
	v_id uuid := coalesce(fee, gen_random_uuid());
begin
	if not private.has_role(summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	begin
		v_new := jsonb_populate_record(null::public.fees, fields);
	exception when data_exception then return jsonb_build_object('status', 'invalid');
	end;
	if v_new.mode is null
		or v_new.amount is null
		or v_new.amount < 0
		or v_new.currency !~ '^[A-Z]{3}$'
		or v_new.currency is null
		or v_new.valid_until <= v_new.valid_from then
		return jsonb_build_object('status', 'invalid');
	end if;
	begin
		if fee is null then
			insert into public.fees (id, summit_id, mode, category, sector, amount, currency, valid_from, valid_until)
			values (
				v_id, summit, v_new.mode, v_new.category, v_new.sector, v_new.amount, v_new.currency,
				v_new.valid_from, v_new.valid_until
			);
		else
			update public.fees as f
			set
				mode = v_new.mode, category = v_new.category, sector = v_new.sector,
				amount = v_new.amount, currency = v_new.currency, valid_from = v_new.valid_from,
				valid_until = v_new.valid_until
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

-- For finance; null for everybody else. Answers {currencies, complete, moments, fees, paid}: `complete` are the
-- currencies of `fee_currencies`, `paid` is what each sector and category pays in each mode and currency, now and from
-- each later date (`moments`).
create function public.list_fees(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with moments as (
		select now() as at
		union
		select f.valid_from from public.fees as f
		where f.summit_id = list_fees.summit and f.valid_from > now()
		union
		select f.valid_until from public.fees as f
		where f.summit_id = list_fees.summit and f.valid_until > now()
	), currencies as (
		select s.currency::text as currency from public.summits as s
		where s.id = list_fees.summit
		union
		select f.currency::text from public.fees as f
		where f.summit_id = list_fees.summit
	)
	select jsonb_build_object(
		'currencies', (select jsonb_agg(c.currency order by c.currency) from currencies as c),
		'complete', (select jsonb_agg(c order by c) from private.fee_currencies(list_fees.summit) as c),
		'moments', (select jsonb_agg(private.iso(m.at) order by m.at) from moments as m),
		'fees', (
			select coalesce(jsonb_agg(
				jsonb_build_object(
					'id', f.id, 'mode', f.mode, 'category', f.category, 'sector', f.sector,
					'amount', f.amount, 'currency', f.currency, 'valid_from', private.iso(f.valid_from),
					'valid_until', private.iso(f.valid_until)
				) order by f.currency, f.mode, f.sector nulls first, f.category nulls first, f.valid_from nulls first
			), '[]')
			from public.fees as f
			where f.summit_id = list_fees.summit
		),
		'paid', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'mode', x.mode, 'sector', x.sector, 'category', x.category, 'currency', c.currency,
				'amounts', (
					select jsonb_agg(
						private.find_fee(list_fees.summit, x.mode, x.category, x.sector, c.currency, m.at)
						order by m.at
					)
					from moments as m
				)
			) order by x.mode, x.category, x.sector, c.currency), '[]')
			from currencies as c,
				(
					select k.mode, 'delegate'::public.registration_category as category, t.sector
					from unnest(enum_range(null::public.attendance_mode)) as k (mode),
						unnest(enum_range(null::public.sector)) as t (sector)
					union all
					select k.mode, g.category, null
					from unnest(enum_range(null::public.attendance_mode)) as k (mode),
						unnest(enum_range(null::public.registration_category)) as g (category)
					where g.category <> 'delegate'
				) as x
		)
	)
	where private.has_role(list_fees.summit, 'finance')
$$;
grant execute on function public.list_fees(uuid) to authenticated;

-- Records that there are no fees, which a Summit needs to know before it opens, or takes that back. Answers ok or
-- not_allowed.
create function public.set_no_fees(summit uuid, has_no_fees boolean) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if has_no_fees is null or not private.has_role(set_no_fees.summit, 'finance') then return 'not_allowed'; end if;
	insert into public.money_settings (summit_id, has_no_fees)
	values (set_no_fees.summit, set_no_fees.has_no_fees)
	on conflict (summit_id) do update set has_no_fees = excluded.has_no_fees;
	return 'ok';
end
$$;
grant execute on function public.set_no_fees(uuid, boolean) to authenticated;
