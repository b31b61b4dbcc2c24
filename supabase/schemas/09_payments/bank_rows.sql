-- Rows of a statement that are not one payment of one order: dividing a row, and setting one aside.

-- The parts of a divided row make the whole, to the cent. Checked at the end of the transaction, for each row that
-- changed.
create function private.check_bank_parts() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_parent private.bank_rows;
begin
	select * into v_parent from private.bank_rows as b where b.id = coalesce(new.parent_id, new.id);
	if (v_parent.state = 'divided' or exists (select from private.bank_rows as c where c.parent_id = v_parent.id))
		and (
			v_parent.state <> 'divided'
			or v_parent.amount is distinct from (
				select sum(c.amount) from private.bank_rows as c where c.parent_id = v_parent.id
			)
		) then
		raise exception 'the parts of a bank row do not make the whole';
	end if;
	return null;
end
$$;

create constraint trigger bank_parts after insert or update on private.bank_rows
	deferrable initially deferred for each row execute function private.check_bank_parts();

-- Divides a payment for several orders: each part becomes a row of its own, to be confirmed like any other. `parts`:
-- [{order_reference, amount}], two to twenty, which make the whole. Answers ok | already | parts | sum | unknown_order
-- | same_order | currency | not_allowed. Locks the row.
create function public.split_bank_row(bank_row uuid, parts jsonb) returns public.bank_split_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
	v_parts jsonb;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if v_row.state <> 'open' or v_row.parent_id is not null then return 'already'; end if;
	if jsonb_typeof(parts) is distinct from 'array' or jsonb_array_length(parts) not between 2 and 20 then
		return 'parts';
	end if;
	if exists (
		select from jsonb_array_elements(parts) as p where private.parse_bank_amount(p ->> 'amount') is null
	) then
		return 'parts';
	end if;
	if (select sum(p.amount) from jsonb_to_recordset(parts) as p (amount bigint)) <> v_row.amount then
		return 'sum';
	end if;
	select jsonb_agg(jsonb_build_object('amount', p.amount, 'order', o.id, 'currency', o.currency))
	into v_parts
	from jsonb_to_recordset(parts) as p (order_reference text, amount integer)
	left join public.orders as o on o.summit_id = v_row.summit_id
		and o.id = coalesce((
			select x.id from public.orders as x
			where x.summit_id = v_row.summit_id and x.reference = upper(btrim(p.order_reference))
		), private.find_order_in_text(v_row.summit_id, p.order_reference));
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'order' is null) then
		return 'unknown_order';
	end if;
	if (
		select count(distinct p ->> 'order') from jsonb_array_elements(v_parts) as p
	) < jsonb_array_length(v_parts) then
		return 'same_order';
	end if;
	if exists (select from jsonb_array_elements(v_parts) as p where p ->> 'currency' <> v_row.currency) then
		return 'currency';
	end if;
	perform private.begin_undoable(v_row.summit_id, 'bank_row_divided', null, 'finance');
	update private.bank_rows as b
	set state = 'divided', order_id = null, decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	insert into private.bank_rows (
		summit_id, statement, line, booked_on, amount, currency, words, fingerprint, parent_id, order_id, imported_by
	)
	select v_row.summit_id, v_row.statement, v_row.line, v_row.booked_on, (p.part ->> 'amount')::integer,
		v_row.currency, v_row.words, v_row.fingerprint || '/' || p.turn, v_row.id,
		(p.part ->> 'order')::uuid, private.actor()
	from jsonb_array_elements(v_parts) with ordinality as p (part, turn);
	return 'ok';
end
$$;
grant execute on function public.split_bank_row(uuid, jsonb) to authenticated;

-- Joins the parts of a divided row again, while none of them was counted. Answers ok | already | not_allowed. Locks the
-- row, then its parts.
create function public.unsplit_bank_row(bank_row uuid) returns public.switch_status
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
	update private.bank_rows as b
	set
		state = 'open', order_id = private.find_order_in_text(v_row.summit_id, v_row.words),
		decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	return 'ok';
end
$$;
grant execute on function public.unsplit_bank_row(uuid) to authenticated;

-- Sets aside a row that is not ours to count, with the reason. `back` opens it for decision again, also a row that was
-- taken for returned and came in after all. Answers ok | already | reason_needed | not_allowed. Locks the row.
create function public.ignore_bank_row(bank_row uuid, reason text, back boolean default false)
	returns public.bank_ignore_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.bank_rows;
begin
	select * into v_row from private.bank_rows as b where b.id = bank_row for no key update;
	if v_row.id is null or not private.has_role(v_row.summit_id, 'finance') then return 'not_allowed'; end if;
	if back and not (v_row.state in ('set_aside', 'returned') and (v_row.is_incoming or v_row.state = 'set_aside'))
		or not back and v_row.state not in ('open', 'returned') then
		return 'already';
	end if;
	if not back and btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	if not back then perform private.begin_undoable(v_row.summit_id, 'bank_row_ignored', null, 'finance'); end if;
	update private.bank_rows as b
	set
		state = case
			when not back then 'set_aside'
			when b.is_incoming then 'open'
			else 'returned'
		end::public.bank_row_state,
		note = left(btrim(coalesce(reason, '')), 500), decided_by = private.actor(), decided_at = now()
	where b.id = v_row.id;
	return 'ok';
end
$$;
grant execute on function public.ignore_bank_row(uuid, text, boolean) to authenticated;
