-- Events of money: orders are named by their reference, everything else by its id. No amount is in an event.

-- A row of an order. Arguments: the kind, and under which name the event has the id of the row.
create function private.webhook_of_order_row() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select o.* into v_order from public.orders as o where o.id = new.order_id;
	perform private.write_webhook_event(v_order.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('order', v_order.reference, tg_argv[1], new.id));
	return null;
end
$$;
create trigger webhook_paid after insert on public.order_adjustments for each row
	when (new.kind = 'payment') execute function private.webhook_of_order_row('payment.received', 'payment');
create trigger webhook_disputed after insert on public.order_adjustments for each row
	when (new.kind = 'dispute') execute function private.webhook_of_order_row('payment.disputed', 'dispute');
create trigger webhook_decided after insert on public.refunds for each row
	execute function private.webhook_of_order_row('refund.decided', 'refund');
create trigger webhook_completed after update on public.refunds for each row
	when (new.state = 'done' and old.state <> 'done')
	execute function private.webhook_of_order_row('refund.completed', 'refund');
create trigger webhook_failed after update on public.refunds for each row
	when (new.state = 'failed' and old.state <> 'failed')
	execute function private.webhook_of_order_row('refund.failed', 'refund');
create trigger webhook_issued after insert on public.invoices for each row
	when (new.kind = 'invoice') execute function private.webhook_of_order_row('invoice.issued', 'invoice');
create trigger webhook_credited after insert on public.invoices for each row
	when (new.kind = 'credit_note') execute function private.webhook_of_order_row('credit_note.issued', 'credit_note');
create trigger webhook_requested after insert on public.waiver_requests for each row
	execute function private.webhook_of_order_row('waiver.requested', 'waiver');
create trigger webhook_decided after update on public.waiver_requests for each row
	when (old.decided_at is null and new.decided_at is not null)
	execute function private.webhook_of_order_row('waiver.decided', 'waiver');

create function private.webhook_of_order() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'order.created', jsonb_build_object('order', new.reference));
	return null;
end
$$;
create trigger webhook_created after insert on public.orders for each row execute function private.webhook_of_order();
