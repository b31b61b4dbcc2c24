-- Money by bank: recorded by hand, or from a statement whose rows finance confirms one by one. Each counts once.

-- Whether the reader, or whoever they act for, pays this order or is paid for by it: another of finance says what came
-- for it.
create function private.is_own_order(p_order uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.orders as o where o.id = p_order
		and (o.payer_person_id in (select private.my_people())
			or o.payer_member_id in (select f.member_id from private.my_focal_members(o.summit_id) as f)
			or exists (select from public.order_lines as l join public.registrations as r on r.id = l.registration_id
				where l.order_id = o.id and r.person_id in (select private.my_people()))))
$$;

create function private.plain_text(p_text text) returns text
language sql immutable set search_path = '' as $$
	select regexp_replace(upper(p_text), '[^A-Z0-9]', '', 'g')
$$;

-- The order that a statement's words name, by its own reference or that of one of its invoices; null when there is none
-- or several.
create function private.order_named(p_summit uuid, p_words text) returns uuid
language sql stable security definer set search_path = '' as $$
	with said as materialized (
		select private.plain_text(p_words) as words
	), named as (
		select o.id as order_id from public.orders as o, said
			where o.summit_id = p_summit and strpos(said.words, o.reference) > 0
		union
		select i.order_id from public.invoices as i, said
			where i.summit_id = p_summit and strpos(said.words, replace(i.reference, '-', '')) > 0
			-- Not as the beginning of a longer number.
			and said.words ~ (replace(i.reference, '-', '') || '([^0-9]|$)')
	)
	select min(order_id::text)::uuid from named having count(*) = 1
$$;

-- The parts of a divided row make the whole, to the cent. Asked at the end of the transaction, of whichever of them was
-- touched.
create function private.check_bank_parts() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_parent private.bank_rows;
begin
	select * into v_parent from private.bank_rows as b where b.id = coalesce(new.parent_id, new.id);
	if (v_parent.state = 'divided' or exists (select from private.bank_rows as c where c.parent_id = v_parent.id))
		and (v_parent.state <> 'divided'
		or v_parent.amount is distinct
			from (select sum(c.amount) from private.bank_rows as c where c.parent_id = v_parent.id)) then
		raise exception 'the parts of a bank row do not make the whole';
	end if;
	return null;
end
$$;

create constraint trigger bank_parts after insert or update on private.bank_rows deferrable initially deferred
for each row execute function private.check_bank_parts();

-- How many words of five letters and more two texts of a bank share.
create function private.shared_words(p_one text, p_other text) returns integer
language sql immutable set search_path = '' as $$
	select count(distinct w)::integer from regexp_split_to_table(upper(p_one), '[^[:alnum:]]+') as w
	where length(w) >= 5 and w = any (regexp_split_to_array(upper(p_other), '[^[:alnum:]]+'))
$$;

-- Rows: [{line, booked_on, amount, currency, words, reference, returned}]. Answers {status: ok | not_allowed | invalid,
-- added, known, returned}. A row that was here before is known by the bank's number of it; in files without numbers by
-- what it says and, among equals of one file, by its turn. A row with a number is the same as one without, from a file
-- of another kind, where day and amount agree and their texts name the same order, or share a word and do not name two
-- orders: each is taken for one other at most, the likest first. `returned` is in or out. One file at a time for a
-- Summit, so that two at once do not both add a row.
create function public.import_statement(summit uuid, name text, rows jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := summit;
	v_row record;
	v_order uuid;
	v_same uuid;
	v_added integer := 0;
	v_returned integer := 0;
begin
	if not private.has_role(v_summit, 'finance') then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(rows) <> 'array' or jsonb_array_length(rows) not between 1 and 5000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('bank rows of ' || v_summit, 0));
	if exists (select from jsonb_to_recordset(rows) as t (booked_on date, amount integer, returned text)
		where t.booked_on is null or t.booked_on not between current_date - 731 and current_date + 32
			or coalesce(t.amount, 0) <= 0 or t.returned not in ('in', 'out')) then
		return jsonb_build_object('status', 'invalid');
	end if;
	for v_row in
		with given as (
			select t.line, t.booked_on, t.amount, t.currency, t.returned,
				left(btrim(coalesce(t.words, '')), 1000) as words,
				nullif(btrim(left(t.reference, 200)), '') as reference
			from jsonb_to_recordset(rows) as t (line integer, booked_on date, amount integer, currency text, words text,
				reference text, returned text)
		)
		select g.*, coalesce(g.returned, 'in') <> 'out' as came_in,
			case when g.reference is not null then encode(sha256(convert_to(concat_ws('|', 'number', g.reference,
				g.amount, g.currency, coalesce(g.returned, '')), 'UTF8')), 'hex') end as numbered,
			encode(sha256(convert_to(concat_ws('|', g.booked_on, g.amount, g.currency, private.plain_text(g.words),
				g.returned,
				row_number() over (partition by g.booked_on, g.amount, g.currency, g.returned,
					private.plain_text(g.words), g.reference is null order by g.line)), 'UTF8')), 'hex') as plain
		from given as g order by g.line
	loop
		if v_row.numbered is not null then
			continue when exists (select from private.bank_rows as b
				where b.summit_id = v_summit and b.bank_reference = v_row.numbered);
		else
			continue when exists (select from private.bank_rows as b
				where b.summit_id = v_summit and v_row.plain in (b.fingerprint, b.plain_fingerprint));
		end if;
		v_order := private.order_named(v_summit, v_row.words);
		select b.id into v_same from private.bank_rows as b
		where b.summit_id = v_summit and b.parent_id is null and b.booked_on = v_row.booked_on
			and b.amount = v_row.amount and b.currency = v_row.currency
			and b.came_in = v_row.came_in and b.statement <> left(coalesce(name, ''), 200)
			and case when v_row.numbered is null then b.bank_reference is not null and b.plain_fingerprint is null
				else b.bank_reference is null end
			and case when v_order is null
				or private.order_named(v_summit, b.words) is null then private.shared_words(b.words, v_row.words) > 0
				else private.order_named(v_summit, b.words) = v_order end
		order by private.order_named(v_summit, b.words) is not distinct
			from v_order desc, private.shared_words(b.words, v_row.words) desc, b.line, b.id limit 1;
		if v_same is not null then
			update private.bank_rows as b set bank_reference = coalesce(b.bank_reference, v_row.numbered),
				plain_fingerprint = case when v_row.numbered is null then v_row.plain else b.plain_fingerprint end
			where b.id = v_same;
			continue;
		end if;
		insert into private.bank_rows (summit_id, statement, line, booked_on, amount, currency, words, fingerprint,
			bank_reference, came_in, state, order_id, imported_by)
		values (v_summit, left(coalesce(name, ''), 200), v_row.line, v_row.booked_on, v_row.amount, v_row.currency,
			v_row.words,
			coalesce(v_row.numbered, v_row.plain), v_row.numbered, v_row.came_in,
				case when v_row.returned is null then 'open' else 'returned' end::public.bank_row_state,
			v_order, private.actor())
		on conflict do nothing;
		if found then
			v_added := v_added + 1;
			v_returned := v_returned + case when v_row.returned is null then 0 else 1 end;
		end if;
	end loop;
	perform audit.note('payments.statement_imported', '', v_summit, null,
		jsonb_build_object('rows', jsonb_array_length(rows), 'added', v_added));
	return jsonb_build_object('status', 'ok', 'added', v_added, 'known', jsonb_array_length(rows) - v_added, 'returned',
		v_returned);
end
$$;
grant execute on function public.import_statement(uuid, text, jsonb) to authenticated;

-- A payment that somebody typed in already and that no row of a statement has confirmed yet: the same order and amount,
-- within ten days.
create function private.typed_payment(p_order uuid, p_amount integer, p_booked_on date) returns bigint
language sql stable security definer set search_path = '' as $$
	select a.id from public.order_adjustments as a
	where a.order_id = p_order and a.kind = 'payment' and a.provider = 'bank' and a.provider_ref like 'hand:%'
		and a.amount = -p_amount
		and abs(a.booked_on - p_booked_on) <= 10
			and not exists (select from private.bank_rows as b where b.adjustment_id = a.id)
	order by abs(a.booked_on - p_booked_on), a.id limit 1
$$;

-- What confirming a row would do: matched | partial | overpaid | late | recorded | currency | unknown.
create function private.bank_outcome(p_row private.bank_rows, p_order uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select case
			when o.currency <> p_row.currency then 'currency'
			when private.typed_payment(o.id, p_row.amount, p_row.booked_on) is not null then 'recorded'
			when private.balance_of(o.id) <= 0 and o.closed_at is not null then 'late'
			when private.balance_of(o.id) = p_row.amount then 'matched'
			when private.balance_of(o.id) > p_row.amount then 'partial'
			else 'overpaid' end
		from public.orders as o where o.id = p_order and o.summit_id = p_row.summit_id), 'unknown')
$$;

-- Rows of a Summit's statements for finance, by state; null for everybody else.
create function public.list_bank_rows(summit uuid, state public.bank_row_state default 'open', row_limit integer
	default 50, row_offset integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('total', (select count(*) from private.bank_rows as b
		where b.summit_id = list_bank_rows.summit and b.state = list_bank_rows.state),
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (select b.state, count(*)
			from private.bank_rows as b where b.summit_id = list_bank_rows.summit group by b.state) as c),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'statement', b.statement, 'line', b.line,
			'booked_on', b.booked_on, 'amount', b.amount,
				'currency', b.currency, 'words', b.words, 'state', b.state, 'note', b.note, 'came_in', b.came_in,
					'is_part', b.parent_id is not null, 'decided_at', private.iso(b.decided_at),
				'outcome', private.bank_outcome(b, b.order_id),
				'order', (select jsonb_build_object('id', o.id, 'reference', o.reference, 'balance',
					private.balance_of(o.id), 'payer', coalesce(m.name, p.display_name))
					from public.orders as o left join public.members as m on m.id = o.payer_member_id left
						join public.people as p on p.id = o.payer_person_id
					where o.id = b.order_id)) order by b.booked_on, b.statement, b.line, b.id), '[]')
			from (select * from private.bank_rows as x
				where x.summit_id = list_bank_rows.summit and x.state = list_bank_rows.state
				order by x.booked_on, x.statement, x.line, x.id limit greatest(1, least(coalesce(row_limit, 50), 200))
					offset greatest(0, coalesce(row_offset, 0))) as b))
	where private.has_role(list_bank_rows.summit, 'finance')
$$;
grant execute on function public.list_bank_rows(uuid, public.bank_row_state, integer, integer) to authenticated;

-- Counts money by bank for an order that is locked. Answers what after_payment answers, or duplicate.
create function private.take_transfer(p_order uuid, p_amount bigint, p_ref text, p_booked_on date, p_note text)
	returns table (effect text, adjustment bigint)
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, actor_id, booked_on)
	values (p_order, 'payment', -p_amount, 'bank', p_ref, coalesce(p_note, ''), private.actor(), p_booked_on)
	on conflict do nothing returning id into adjustment;
	if adjustment is null then
		effect := 'duplicate';
	else
		effect := private.after_payment(p_order, p_amount);
		perform private.serve_queues(o.summit_id) from public.orders as o where o.id = p_order;
	end if;
	return next;
end
$$;

-- Confirms one row for one order. Answers {status: paid | underpaid | revived | surplus | linked | already | currency |
-- unknown_order | own | not_allowed}. Linked: the same payment was typed in before, so that it is not counted twice.
create function public.apply_bank_row(bank_row uuid, order_reference text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
	v_order public.orders;
	v_typed bigint;
	v_taken record;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_order from public.orders as o where o.summit_id = v_row.summit_id
		and case when coalesce(btrim(order_reference), '') = '' then o.id = v_row.order_id
			else o.id = coalesce((select x.id from public.orders as x
				where x.summit_id = v_row.summit_id and x.reference = upper(btrim(order_reference))),
				private.order_named(v_row.summit_id, order_reference)) end;
	if not found then return jsonb_build_object('status', 'unknown_order'); end if;
	if v_order.currency <> v_row.currency then return jsonb_build_object('status', 'currency'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	v_order := private.lock_order(v_order.id);
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.state <> 'open' then return jsonb_build_object('status', 'already'); end if;
	v_typed := private.typed_payment(v_order.id, v_row.amount, v_row.booked_on);
	if v_typed is not null then
		update private.bank_rows as b set state = 'linked', order_id = v_order.id, adjustment_id = v_typed,
			decided_by = private.actor(), decided_at = now() where b.id = v_row.id;
		return jsonb_build_object('status', 'linked');
	end if;
	select * into v_taken from private.take_transfer(v_order.id, v_row.amount, 'row:' || v_row.summit_id || ':'
		|| v_row.fingerprint, v_row.booked_on, '');
	update private.bank_rows as b set state = 'applied', order_id = v_order.id, adjustment_id = v_taken.adjustment,
		decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	return jsonb_build_object('status', v_taken.effect);
end
$$;
grant execute on function public.apply_bank_row(uuid, text) to authenticated;

-- Divides a payment for several orders: each part becomes a row of its own, to be confirmed like any other. Parts:
-- [{order_reference, amount}], two to twenty, which make the whole. Answers ok | already | parts | sum | unknown_order
-- | same_order | currency | not_allowed.
create function public.divide_bank_row(bank_row uuid, parts jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
	v_parts jsonb;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if v_row.state <> 'open' or v_row.parent_id is not null then return 'already'; end if;
	if jsonb_typeof(parts) <> 'array' or jsonb_array_length(parts) not between 2 and 20 then return 'parts'; end if;
	if exists (select from jsonb_to_recordset(parts) as p (amount integer) where coalesce(p.amount, 0) <= 0) then
		return 'parts';
	end if;
	if (select sum(p.amount) from jsonb_to_recordset(parts) as p (amount bigint)) <> v_row.amount then
		return 'sum';
	end if;
	select jsonb_agg(jsonb_build_object('amount', p.amount, 'order', o.id, 'currency', o.currency)) into v_parts
	from jsonb_to_recordset(parts) as p (order_reference text, amount integer)
	left join public.orders as o on o.summit_id = v_row.summit_id and o.id = coalesce(
		(select x.id from public.orders as x
			where x.summit_id = v_row.summit_id and x.reference = upper(btrim(p.order_reference))),
		private.order_named(v_row.summit_id, p.order_reference));
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'order' is null) then
		return 'unknown_order';
	end if;
	if (select count(distinct p ->> 'order') from jsonb_array_elements(v_parts) as p) < jsonb_array_length(v_parts) then
		return 'same_order';
	end if;
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'currency' <> v_row.currency) then
		return 'currency';
	end if;
	update private.bank_rows as b
		set state = 'divided', order_id = null, decided_by = private.actor(), decided_at = now() where b.id = v_row.id;
	insert into private.bank_rows (summit_id, statement, line, booked_on, amount, currency, words, fingerprint,
		parent_id, order_id, imported_by)
	select v_row.summit_id, v_row.statement, v_row.line, v_row.booked_on, (p.part ->> 'amount')::integer,
		v_row.currency, v_row.words,
		v_row.fingerprint || '/' || p.turn, v_row.id, (p.part ->> 'order')::uuid, private.actor()
	from jsonb_array_elements(v_parts) with ordinality as p (part, turn);
	return 'ok';
end
$$;
grant execute on function public.divide_bank_row(uuid, jsonb) to authenticated;

-- Puts the parts of a divided row together again, while none of them was counted. Answers ok | already | not_allowed.
create function public.join_bank_row(bank_row uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	perform from private.bank_rows as b where b.parent_id = v_row.id order by b.id for update;
	if v_row.state <> 'divided'
		or exists (select from private.bank_rows as b where b.parent_id = v_row.id and b.state <> 'open') then
		return 'already';
	end if;
	delete from private.bank_rows as b where b.parent_id = v_row.id;
	update private.bank_rows as b set state = 'open', order_id = private.order_named(v_row.summit_id, v_row.words),
		decided_by = private.actor(), decided_at = now() where b.id = v_row.id;
	return 'ok';
end
$$;
grant execute on function public.join_bank_row(uuid) to authenticated;

-- A row that is not ours to count: kept with the reason. Answers ok | already | reason_needed | not_allowed. `back`: to
-- decide again, also what was taken for returned and came in after all.
create function public.set_bank_row_aside(bank_row uuid, reason text, back boolean default false) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if back and not (v_row.state in ('set_aside', 'returned') and (v_row.came_in or v_row.state = 'set_aside'))
		or not back and v_row.state not in ('open', 'returned') then return 'already'; end if;
	if not back and btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	update private.bank_rows as b set state = case when not back then 'set_aside' when b.came_in then 'open'
		else 'returned' end::public.bank_row_state,
		note = left(btrim(coalesce(reason, '')), 500), decided_by = private.actor(), decided_at = now()
			where b.id = v_row.id;
	return 'ok';
end
$$;
grant execute on function public.set_bank_row_aside(uuid, text, boolean) to authenticated;

-- A transfer that finance has seen at the bank. Answers {status: paid | underpaid | revived | surplus | already |
-- currency | invalid | own | not_allowed}. Already: the same day, amount and reference for this order were recorded
-- before, by hand or from a statement.
create function public.record_bank_payment(order_id uuid, amount integer, currency text, booked_on date, reference text,
	note text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare
	v_order public.orders;
	v_effect text;
begin
	select o.* into v_order from public.orders as o where o.id = record_bank_payment.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if amount is null or amount <= 0 or booked_on is null or booked_on > current_date + 1
		or btrim(coalesce(reference, '')) = '' then
		return jsonb_build_object('status', 'invalid');
	end if;
	if currency is distinct from v_order.currency::text then return jsonb_build_object('status', 'currency'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	v_order := private.lock_order(v_order.id);
	if exists (select from private.bank_rows as b
		where b.order_id = v_order.id and b.state = 'applied' and b.amount = record_bank_payment.amount
		and b.booked_on = record_bank_payment.booked_on
			and strpos(private.plain_text(b.words), private.plain_text(reference)) > 0) then
		return jsonb_build_object('status', 'already');
	end if;
	perform private.act_for(v_order.payer_person_id);
	select t.effect into v_effect from private.take_transfer(v_order.id, amount,
		'hand:' || encode(sha256(convert_to(concat_ws('|', v_order.id, amount, booked_on,
			private.plain_text(reference)), 'UTF8')), 'hex'), booked_on,
		left(concat_ws(', ', btrim(reference), nullif(btrim(coalesce(note, '')), '')), 500)) as t;
	return jsonb_build_object('status', case v_effect when 'duplicate' then 'already' else v_effect end);
end
$$;
grant execute on function public.record_bank_payment(uuid, integer, text, date, text, text) to authenticated;
