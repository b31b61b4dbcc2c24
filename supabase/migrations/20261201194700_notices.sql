-- Notices of single bookings (CAMT.054): a part of a batch is known from the booking of the whole.

set check_function_bodies = off;

alter table private.bank_rows add column batch_reference text;

drop function private.parse_statement_rows(jsonb);
drop function private.is_known_bank_row(uuid, text, text);

-- Whether a row of a file can be imported: of the last two years, with a line number, an amount and a currency.
create or replace function private.is_statement_row(p_row jsonb) returns boolean
language sql stable set search_path = '' as $$
	select coalesce(
		p_row ->> 'line' ~ '^\d{1,9}$'
		and private.parse_day(p_row ->> 'booked_on') between current_date - 731 and current_date + 32
		and private.parse_bank_amount(p_row ->> 'amount') is not null
		and p_row ->> 'currency' ~ '^[A-Z]{3}$'
		and coalesce(p_row ->> 'returned', 'in') in ('in', 'out')
		and (
			p_row -> 'batch' is null
			or coalesce(p_row #>> '{batch,reference}', '') <> ''
				and private.parse_bank_amount(p_row #>> '{batch,amount}') is not null
		),
		false
	)
$$;

-- The hash of a bank's own number of a booking with its amount; null without a number.
create function private.hash_booking(p_reference text, p_amount integer, p_currency text, p_returned text) returns text
language sql immutable set search_path = '' as $$
	select encode(sha256(convert_to(
		concat_ws('|', 'number', nullif(btrim(left(p_reference, 200)), ''), p_amount, p_currency, coalesce(p_returned, '')),
		'UTF8'
	)), 'hex')
	where nullif(btrim(left(p_reference, 200)), '') is not null
$$;

-- The rows of a file with their fingerprints. `numbered` is made from the bank's own number of the booking; `plain`
-- from what the row says and, among equal rows of the file, from its turn.
create function private.parse_statement_rows(p_rows jsonb) returns table (
	line integer, booked_on date, amount integer, currency text, words text, returned text,
	is_incoming boolean, numbered text, plain text, batch text
)
language sql stable set search_path = '' as $$
	with given as (
		select t.line, t.booked_on, t.amount, t.currency, t.returned, t.batch,
			left(btrim(coalesce(t.words, '')), 1000) as words,
			nullif(btrim(left(t.reference, 200)), '') as reference
		from jsonb_to_recordset(p_rows) as t (
			line integer, booked_on date, amount integer, currency text, words text, reference text, returned text,
			batch jsonb
		)
	)
	select g.line, g.booked_on, g.amount, g.currency, g.words, g.returned, coalesce(g.returned, 'in') <> 'out',
		private.hash_booking(g.reference, g.amount, g.currency, g.returned),
		encode(sha256(convert_to(
			concat_ws(
				'|', g.booked_on, g.amount, g.currency, private.normalise_bank_text(g.words), g.returned,
				row_number() over (
					partition by g.booked_on, g.amount, g.currency, g.returned,
						private.normalise_bank_text(g.words), g.reference is null
					order by g.line
				)
			),
			'UTF8'
		)), 'hex'),
		private.hash_booking(g.batch ->> 'reference', (g.batch ->> 'amount')::integer, g.currency, g.returned)
	from given as g
	order by g.line
$$;

-- Whether a row was imported before: by the number that the bank gave it, else by its fingerprint. A notice lists the
-- parts of a batch that a statement has as one booking, or the other way round: they are the same money.
create function private.is_known_bank_row(p_summit uuid, p_numbered text, p_plain text, p_batch text default null)
	returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when p_numbered is not null then exists (
			select from private.bank_rows as b
			where b.summit_id = p_summit
				and (p_numbered in (b.bank_reference, b.batch_reference) or b.bank_reference = p_batch)
		)
		else exists (
			select from private.bank_rows as b
			where b.summit_id = p_summit and p_plain in (b.fingerprint, b.plain_fingerprint)
		)
	end
$$;

-- Imports a file. `rows`: [{line, booked_on, amount, currency, words, reference, returned, batch}]; `returned` is in or out,
-- `batch` {reference, amount} of the whole booking of a part.
-- Answers {status: ok | not_allowed | invalid, added, known, returned}. A row that was here before is known by its
-- fingerprint, or by the same booking in a file of another kind. Locks the Summit's bank rows, so that two files at the
-- same time do not both add a row.
create or replace function public.import_statement(summit uuid, name text, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_statement text := left(coalesce(name, ''), 200);
	v_row record;
	v_order uuid;
	v_same uuid;
	v_added integer := 0;
	v_returned integer := 0;
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(rows) is distinct from 'array' or jsonb_array_length(rows) not between 1 and 5000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('bank rows of ' || v_summit, 0));
	if exists (select from jsonb_array_elements(rows) as row where not private.is_statement_row(row)) then
		return jsonb_build_object('status', 'invalid');
	end if;
	for v_row in select * from private.parse_statement_rows(rows) loop
		continue when private.is_known_bank_row(
			v_summit, v_row.numbered, v_row.plain, v_row.batch
		);
		v_order := private.find_order_in_text(v_summit, v_row.words);
		v_same := private.find_same_bank_row(
			v_summit, v_statement, v_row.booked_on, v_row.amount, v_row.currency, v_row.is_incoming, v_row.words,
			v_order, v_row.numbered is not null
		);
		if v_same is not null then
			update private.bank_rows as b
			set bank_reference = coalesce(b.bank_reference, v_row.numbered),
				plain_fingerprint = case when v_row.numbered is null then v_row.plain else b.plain_fingerprint end
			where b.id = v_same;
			continue;
		end if;
		insert into private.bank_rows (
			summit_id, statement, line, booked_on, amount, currency, words, fingerprint, bank_reference, is_incoming,
			state, order_id, imported_by, batch_reference
		)
		values (
			v_summit, v_statement, v_row.line, v_row.booked_on, v_row.amount, v_row.currency, v_row.words,
			coalesce(v_row.numbered, v_row.plain), v_row.numbered, v_row.is_incoming,
			case when v_row.returned is null then 'open' else 'returned' end::public.bank_row_state,
			v_order, private.actor(), v_row.batch
		)
		on conflict do nothing;
		if found then
			v_added := v_added + 1;
			v_returned := v_returned + case when v_row.returned is null then 0 else 1 end;
		end if;
	end loop;
	perform audit.record_event(
		'payments.statement_imported', '', v_summit, null,
		jsonb_build_object('rows', jsonb_array_length(rows), 'added', v_added)
	);
	return jsonb_build_object(
		'status', 'ok', 'added', v_added, 'known', jsonb_array_length(rows) - v_added, 'returned', v_returned
	);
end
$$;

create index on private.bank_rows (summit_id, batch_reference);

reset check_function_bodies;
