-- The table of value added tax: which rate applies to which fees.

-- A null column matches every value; the most specific rate wins (`vat.sql`). A rate that changes is ended and another
-- follows it, so that what was charged keeps its own. Categories of EN 16931: S standard or reduced rate, Z zero rate, E
-- exempt, O outside the scope of the tax. AE, reverse charge, follows from the buyer. G and K are for goods that are
-- exported or delivered to another country of the EU, which a seat is not.
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
	-- When another took its place, or it was removed; null while it applies.
	ended_at timestamptz,
	check ((vat_category = 'S') = (percent > 0)),
	check ((vat_category in ('E', 'O')) = (exemption_code <> '' or exemption_reason <> '')),
	constraint exemption_reason_one_line check (private.is_one_line(exemption_reason))
);
create unique index vat_rates_fees_key on public.vat_rates (summit_id, mode, category) nulls not distinct
	where ended_at is null;
alter table public.order_lines add foreign key (vat_rate_id) references public.vat_rates (id) on delete restrict;
alter table public.vat_rates enable row level security;
create policy read on public.vat_rates for select to authenticated
	using (summit_id in (select private.summits_with_role('finance')));
grant select on public.vat_rates to authenticated;
select audit.watch('public.vat_rates');
