-- The journal for finance's accounting: each row of the ledger becomes entries whose debits equal their credits. Periods
-- are closed one after the other; what a closed one says never changes, whatever is set later.

-- Nothing of a closed period is changed or deleted. Merging two people may rewrite who closed it.
create function private.refuse_journal_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE'
		and current_setting('app.merging', true) = 'yes'
		and to_jsonb(new) - 'closed_by' = to_jsonb(old) - 'closed_by' then
		return new;
	end if;
	raise exception 'a closed period of the journal is never changed' using errcode = 'insufficient_privilege';
end
$$;

create trigger periods_never_change before update or delete on public.journal_periods for each row
	execute function private.refuse_journal_change();
create trigger periods_never_truncate before truncate on public.journal_periods for each statement
	execute function private.refuse_journal_change();
create trigger entries_never_change before update or delete on private.journal_entries for each row
	execute function private.refuse_journal_change();
create trigger entries_never_truncate before truncate on private.journal_entries for each statement
	execute function private.refuse_journal_change();

-- The rows of the ledger until a day at the venue that no closed period has: what each is owed (`amount`, signed), which
-- account stands against the receivables, and how much of it is tax. Money has none. Once the buyer accounts for the
-- tax, neither has what is taken off their charge; the credit for that is all tax.
create function private.open_ledger_rows(p_summit uuid, p_until date)
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

-- The account of a kind: its own code, for a rate that of all tax, else the name of the kind.
create function private.account_code(p_summit uuid, p_kind text) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select a.code from public.account_codes as a where a.summit_id = p_summit and a.kind = p_kind),
		(
			select a.code from public.account_codes as a
			where a.summit_id = p_summit and p_kind like 'vat:%' and a.kind = 'vat'
		),
		p_kind
	)
$$;

-- The entries of these rows, in the order of time: receivables, then what stands against them, then the tax.
create function private.open_journal(p_summit uuid, p_until date)
	returns table (
		source text, line integer, at timestamptz, day date, document text, kind text, account text, event text,
		debit bigint, credit bigint, currency text
	)
language sql stable security definer set search_path = '' as $$
	select r.source, (row_number() over (partition by r.source order by p.place))::integer, r.at, r.day, r.document,
		p.kind, private.account_code(p_summit, p.kind), r.event, greatest(p.amount, 0), greatest(-p.amount, 0),
		r.currency
	from private.open_ledger_rows(p_summit, p_until) as r
	cross join lateral (
		values
			(1, 'receivables', r.amount),
			(2, r.kind, r.tax - r.amount),
			(3, 'vat:' || trim_scale(r.percent), -r.tax)
	) as p (place, kind, amount)
	where p.amount <> 0
$$;

-- Sets account codes, {kind: code}; an empty code is the name of the kind again. Answers {status: ok | invalid |
-- not_allowed, faults}.
create function public.save_account_codes(summit uuid, codes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_faults text[];
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(codes) is distinct from 'object' or (select count(*) from jsonb_object_keys(codes)) > 60 then
		return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end if;
	select coalesce(array_agg(c.key order by c.key), '{}') into v_faults
	from jsonb_each_text(codes) as c
	where c.key !~ '^(receivables|bank|desk|stripe|waivers|write_offs|revenue_in_person|revenue_virtual|vat(:\d{1,3}(\.\d{1,2})?)?)$'
		or coalesce(btrim(c.value), '') !~ '^([A-Za-z0-9][A-Za-z0-9 ./_-]{0,29})?$';
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	delete from public.account_codes as a
	using jsonb_each_text(codes) as c
	where a.summit_id = v_summit and a.kind = c.key and btrim(c.value) = '';
	insert into public.account_codes as a (summit_id, kind, code)
	select v_summit, c.key, btrim(c.value) from jsonb_each_text(codes) as c
	where btrim(c.value) <> ''
	on conflict (summit_id, kind) do update set code = excluded.code
	where a.code <> excluded.code;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_account_codes(uuid, jsonb) to authenticated;

-- What finance sees of the journal: {periods, codes, percents, open: {entries, since}}; null for everybody else.
create function public.read_journal(summit uuid) returns jsonb
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

-- Closes the period until a day that is over at the venue and after the last one closed. Answers {status: ok | too_late |
-- already | not_allowed, id, entries}. Locks the journal.
create function public.close_journal(summit uuid, last_day date) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit public.summits;
	v_period uuid := gen_random_uuid();
	v_count integer;
begin
	select * into v_summit from public.summits as s where s.id = close_journal.summit;
	if v_summit.id is null or not private.has_role(v_summit.id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.require_confirmation();
	perform pg_advisory_xact_lock(hashtextextended('journal:' || v_summit.id, 6));
	if last_day is null or last_day >= (now() at time zone v_summit.zone)::date then
		return jsonb_build_object('status', 'too_late');
	end if;
	if exists (
		select from public.journal_periods as p
		where p.summit_id = v_summit.id and p.last_day >= close_journal.last_day
	) then
		return jsonb_build_object('status', 'already');
	end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	select count(*) into v_count from private.open_journal(v_summit.id, close_journal.last_day);
	insert into public.journal_periods (id, summit_id, last_day, entries, closed_by)
	values (v_period, v_summit.id, close_journal.last_day, v_count, private.actor());
	insert into private.journal_entries (
		period_id, summit_id, source, line, day, document, kind, account, event, debit, credit, currency
	)
	select v_period, v_summit.id, j.source, j.line, j.day, j.document, j.kind, j.account, j.event, j.debit, j.credit,
		j.currency
	from private.open_journal(v_summit.id, close_journal.last_day) as j;
	return jsonb_build_object('status', 'ok', 'id', v_period, 'entries', v_count);
end
$$;
grant execute on function public.close_journal(uuid, date) to authenticated;

-- The entries of a closed period, or without one those since the last; the audit trail records it. Null for everybody
-- but finance, and for a period of another Summit.
create function public.export_journal(summit uuid, period uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows jsonb;
begin
	if not private.has_role(export_journal.summit, 'finance') then return null; end if;
	if period is not null and not exists (
		select from public.journal_periods as p
		where p.id = export_journal.period and p.summit_id = export_journal.summit
	) then
		return null;
	end if;
	perform private.require_confirmation();
	if period is null then
		select coalesce(jsonb_agg(
			to_jsonb(j) - '{at}'::text[] order by j.day, j.document, j.at, j.source, j.line
		), '[]') into v_rows
		from private.open_journal(export_journal.summit, 'infinity') as j;
	else
		select coalesce(jsonb_agg(
			to_jsonb(e) - '{period_id,summit_id}'::text[] order by e.day, e.document, e.source, e.line
		), '[]') into v_rows
		from private.journal_entries as e
		where e.period_id = export_journal.period and e.summit_id = export_journal.summit;
	end if;
	perform audit.record_event(
		'payments.exported', 'journal', export_journal.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_rows), 'period', period)
	);
	return v_rows;
end
$$;
grant execute on function public.export_journal(uuid, uuid) to authenticated;
