-- Money: an order is a payer, lines, and a ledger of adjustments in which nothing is edited away. Minor units, ISO
-- currency.

-- Nothing is edited away; only a merge of two people, or a new id of one, rewrites who did it.
create function private.refuse_ledger_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and current_setting('app.merging', true) = 'yes'
		and to_jsonb(new) - 'actor_id' = to_jsonb(old) - 'actor_id' then
		return new;
	end if;
	raise exception 'the ledger is never changed' using errcode = 'insufficient_privilege';
end
$$;

create trigger adjustments_never_change before update or delete on public.order_adjustments for each row
	execute function private.refuse_ledger_change();

-- Orders that the signed-in account pays, for itself or for a member.
create function private.my_payable_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.orders where payer_person_id in (select private.my_people('registration'))
	union
	select o.id from public.orders as o
		join private.my_focal_members() as f on f.summit_id = o.summit_id and f.member_id = o.payer_member_id
$$;
grant execute on function private.my_payable_orders() to anon, authenticated;

-- Orders that the signed-in account pays or that pay for it, and those of its members.
create function private.my_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_payable_orders()
	union
	select order_id from public.order_lines where registration_id in (select private.my_registrations())
$$;
grant execute on function private.my_orders() to anon, authenticated;
