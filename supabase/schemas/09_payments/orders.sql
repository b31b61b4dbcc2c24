-- Orders: whose they are, how they are locked and opened, and who is notified of them.

-- Orders that the signed-in account pays, for itself or for a member.
create function private.my_payable_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.orders
	where payer_person_id in (select private.my_people('registration'))
	union
	select o.id from public.orders as o
	join private.my_focal_members() as f on f.summit_id = o.summit_id and f.member_id = o.payer_member_id
$$;
grant execute on function private.my_payable_orders() to anon, authenticated;

-- Orders that the signed-in account pays, or that pay for it.
create function private.my_orders() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_payable_orders()
	union
	select order_id from public.order_lines
	where registration_id in (select private.my_registrations())
$$;
grant execute on function private.my_orders() to anon, authenticated;

-- Whether the reader, or somebody for whom they act, pays this order or is paid for by it. Another person of finance
-- has to decide about it then.
create function private.is_own_order(p_order uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.orders as o
		where o.id = p_order
			and (
				o.payer_person_id in (select private.my_people())
				or o.payer_member_id in (select f.member_id from private.my_focal_members(o.summit_id) as f)
				or exists (
					select from public.order_lines as l
					join public.registrations as r on r.id = l.registration_id
					where l.order_id = o.id and r.person_id in (select private.my_people())
				)
			)
	)
$$;

-- The orders of a registration, newest first.
create function private.registration_orders(p_registration uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select o.id from public.orders as o
	where o.id in (select l.order_id from public.order_lines as l where l.registration_id = p_registration)
	order by o.created_at desc, o.id
$$;

-- Locks the modes, then the registrations that the order pays for, then the order, so that every path takes locks in
-- the same order.
create function private.lock_order(p_order uuid) returns public.orders
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select * into v_order from public.orders as o where o.id = p_order;
	perform private.lock_modes(v_order.summit_id);
	perform from public.registrations as r
	where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order)
	order by r.id for no key update;
	select * into v_order from public.orders as o where o.id = p_order for no key update;
	return v_order;
end
$$;

-- Opens an order of one registration for the person, due after the Summit's payment days, and mails them.
create function private.open_order(p_r public.registrations, p_mode public.attendance_mode, p_amount bigint)
	returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	insert into public.orders (summit_id, payer_person_id, currency, due_at)
	select s.id, p_r.person_id, private.registration_currency(p_r),
		private.deadline_after(s.id, make_interval(days => s.payment_days))
	from public.summits as s
	where s.id = p_r.summit_id
	returning * into v_order;
	insert into public.order_lines (order_id, summit_id, registration_id, mode, amount)
	values (v_order.id, v_order.summit_id, p_r.id, p_mode, p_amount);
	perform private.notify_order(v_order);
	perform private.mail_about(
		p_r, 'payment_due',
		jsonb_build_object(
			'mode', p_mode, 'order_id', v_order.id, 'order', v_order.reference, 'amount', p_amount,
			'currency', v_order.currency, 'due_at', v_order.due_at
		)
	);
	return v_order.id;
end
$$;

-- Lets the seats that an order holds wait until `p_until`, never shorter than before.
create function private.extend_holds(p_order uuid, p_until timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update public.seats as s set held_until = p_until
	from public.order_lines as l
	where l.order_id = p_order
		and s.registration_id = l.registration_id
		and s.mode = l.mode
		and s.state = 'held'
		and s.held_until < p_until
$$;

-- Notifies everybody concerned that an order changed: the people it pays for, its payer, and organisers.
create function private.notify_order(p_order public.orders) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || r.person_id, 'order', p_order.id)
	from public.registrations as r
	where r.id in (select l.registration_id from public.order_lines as l where l.order_id = p_order.id);
	if p_order.payer_person_id is not null then
		perform private.publish_event('person:' || p_order.payer_person_id, 'order', p_order.id);
	end if;
	perform private.publish_event('organise:' || p_order.summit_id, 'order', p_order.id);
end
$$;

-- Mails the payer: the person, or each focal point of the member.
create function private.mail_payer(
	p_order public.orders,
	p_template text,
	p_params jsonb default '{}',
	p_once text default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_params jsonb := jsonb_build_object(
		'order_id', p_order.id, 'order', p_order.reference, 'currency', p_order.currency
	) || p_params;
begin
	if p_order.payer_member_id is null then
		select r.* into v_r from public.order_lines as l
		join public.registrations as r on r.id = l.registration_id
		where l.order_id = p_order.id
		order by l.created_at limit 1;
		perform private.mail_about(v_r, p_template, v_params, p_once);
		return;
	end if;
	perform private.enqueue_mail(
		f.person_id, p_template, v_params || jsonb_build_object('payer', 'member'), p_order.summit_id,
		p_once || ':' || f.person_id
	)
	from public.focal_points as f
	where f.summit_id = p_order.summit_id
		and f.member_id = p_order.payer_member_id
		and (f.until is null or f.until > now());
end
$$;
