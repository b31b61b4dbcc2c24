-- What is settled once a Summit is closed: runs end and none starts, money is decided, and pages are taken down.

create or replace function public.set_run_state(run uuid, state public.run_state) returns public.run_state_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_constraint text;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if set_run_state.state is null then return 'not_possible'; end if;
	if v_run.state = set_run_state.state then return 'already'; end if;
	if (v_run.state, set_run_state.state) not in (('waiting', 'live'), ('waiting', 'ended'), ('live', 'paused'),
		('live', 'ended'), ('paused', 'live'), ('paused', 'ended')) then
		return 'not_possible';
	end if;
	-- What runs can always be ended.
	if set_run_state.state = 'ended' then perform private.allow_closed_summits(); end if;
	update public.runs set state = set_run_state.state,
		started_at = coalesce(started_at, case when set_run_state.state = 'live' then now() end),
		ended_at = case when set_run_state.state = 'ended' then now() end
	where id = run;
	return 'ok';
exception when unique_violation then
	-- What follows from a state may break another rule: that is a fault of ours, and no busy room.
	get stacked diagnostics v_constraint = constraint_name;
	if v_constraint is distinct from 'runs_one_on_air' then raise; end if;
	return 'room_busy';
end
$$;

create or replace function private.open_due_runs() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_run uuid;
begin
	for v_due in
		select s.id, s.summit_id, slot.room_id, lower(slot.during) as starts
		from private.session_timers as c
		join public.sessions as s on s.id = c.id and s.state = 'confirmed' and not s.is_break
			and not private.is_summit_closed(s.summit_id)
		cross join lateral private.slot_at(s.id) as slot
		where c.starts_automatically and now() >= lower(slot.during) - interval '15 minutes'
			and now() < upper(slot.during)
			and not exists (select from public.runs
				where runs.session_id = s.id
					and (runs.state <> 'ended' or runs.created_at >= lower(slot.during) - interval '3 hours'))
	loop
		insert into public.runs (session_id, summit_id, room_id, level)
		values (v_due.id, v_due.summit_id, v_due.room_id, private.level_in_force(v_due.id))
		on conflict (session_id) where state <> 'ended' do nothing
		returning id into v_run;
		continue when v_run is null;
		perform private.lock_stage_settings(v_run);
	end loop;
	-- Whether opened by hand or by the clock, a run starts at the time of the agenda unless a host set another.
	update private.run_stage_settings as st set starts_at = lower(slot.during)
	from public.runs
	join private.session_timers as c on c.id = runs.session_id and c.starts_automatically
	cross join lateral private.slot_at(runs.session_id) as slot
	where st.run_id = runs.id and runs.state = 'waiting' and st.starts_at is null and not st.is_countdown_stopped
		and not private.is_summit_closed(runs.summit_id)
		and now() < upper(slot.during);
end
$$;

create or replace function private.start_or_end_due_run(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_constraint text;
begin
	perform from public.runs where id = p_run for update skip locked;
	if not found then return; end if;
	if private.auto_end_at(p_run) <= clock_timestamp()
		or exists (select from public.runs
			join public.sessions as s on s.id = runs.session_id
			where runs.id = p_run and s.state = 'cancelled') then
		update public.runs set state = 'ended', ended_at = now() where id = p_run and state <> 'ended';
	elsif (select starts_at from private.run_stage_settings where run_id = p_run) <= clock_timestamp() then
		update public.runs set state = 'live', started_at = now()
		where id = p_run and state = 'waiting' and not private.is_summit_closed(summit_id);
	end if;
exception when unique_violation then
	-- As in public.set_run_state: any other rule that breaks is a fault of ours.
	get stacked diagnostics v_constraint = constraint_name;
	if v_constraint is distinct from 'runs_one_on_air' then raise; end if;
end
$$;

create or replace function private.run_session_timers() returns table (run uuid, wait_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	perform private.open_due_runs();
	for v_run in
		select due.id from (
			select runs.id
			from public.runs
			join private.run_stage_settings as st on st.run_id = runs.id
			where runs.state = 'waiting' and st.starts_at <= clock_timestamp()
				and not private.is_summit_closed(runs.summit_id)
			union
			select runs.id from public.runs
			where runs.state <> 'ended' and private.auto_end_at(runs.id) <= clock_timestamp()) as due
	loop
		perform private.start_or_end_due_run(v_run);
	end loop;
	return query
		select due.id, (extract(epoch from min(due.at) - clock_timestamp()) * 1000)::integer
		from (
			select runs.id, st.starts_at as at
			from public.runs
			join private.run_stage_settings as st on st.run_id = runs.id
			where runs.state = 'waiting'
			union all
			select runs.id, private.auto_end_at(runs.id) from public.runs where runs.state <> 'ended') as due
		where due.at > clock_timestamp() and due.at < clock_timestamp() + interval '90 seconds'
		group by due.id;
end
$$;

create or replace function public.unpublish_page(page uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages := private.lock_page(page);
begin
	if v_page.id is null then return 'not_found'; end if;
	if v_page.published is null then return 'already'; end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	perform private.begin_undoable_of_page(v_page, 'page_unpublished');
	update private.pages as p set published = null where p.id = page;
	return 'ok';
end
$$;

create or replace function public.delete_page_file(summit uuid, file uuid) returns public.page_file_removal_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	-- Who saves a page at this moment comes first or finds no such file.
	perform from private.pages as p where p.summit_id = delete_page_file.summit for update;
	if exists (
		select from private.pages as p
		left join private.page_versions as v on v.page_id = p.id
		where p.summit_id = delete_page_file.summit
			and (private.uses_page_file(p.blocks, file) or private.uses_page_file(jsonb_build_array(p.removed -> 'block'), file)
				or private.uses_page_file(v.blocks, file))) then
		return 'in_use';
	end if;
	perform private.allow_closed_summits();
	perform private.begin_undoable(summit, 'page_file_deleted',
		(select to_jsonb(f.shown_name) from private.page_files as f where f.id = delete_page_file.file), 'programme');
	delete from private.page_files as f where f.id = delete_page_file.file and f.summit_id = delete_page_file.summit;
	if not found then return 'not_found'; end if;
	return 'ok';
end
$$;

create or replace function public.extend_order(order_id uuid, until timestamptz, reason text default '')
	returns public.order_extension_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select o.* into v_order from public.orders as o where o.id = extend_order.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	v_order := private.lock_order(v_order.id);
	if v_order.closed_at is not null then return 'wrong_state'; end if;
	if until is null or until <= greatest(v_order.due_at, now()) or until > now() + interval '1 year' then
		return 'too_soon';
	end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id, reason);
	update public.orders as o set due_at = until where o.id = v_order.id;
	perform private.extend_holds(v_order.id, until);
	perform private.notify_order(v_order);
	return 'ok';
end
$$;

create or replace function public.request_invoice(order_id uuid, billing jsonb, locale text default 'en') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_settings public.money_settings;
	v_paper public.invoices;
	v_faults text[] := private.billing_faults(billing);
	v_by_finance boolean;
begin
	select * into v_order from public.orders as o where o.id = request_invoice.order_id;
	v_by_finance := private.has_role(v_order.summit_id, 'finance');
	if v_order.id is null or not v_by_finance and v_order.id not in (select private.my_payable_orders()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_order := private.lock_order(v_order.id);
	select i.* into v_paper from public.invoices as i
	where i.order_id = v_order.id and i.kind = 'invoice' and private.invoice_remainder(i.id) > 0
	order by i.year desc, i.number desc limit 1;
	if found then
		return jsonb_build_object(
			'status', 'already', 'invoice_id', v_paper.id, 'reference', v_paper.reference,
			'due_on', v_paper.due_on
		);
	end if;
	select * into v_settings from public.money_settings as s where s.summit_id = v_order.summit_id;
	if v_settings.issuer_name is null
		or v_settings.issuer_name = ''
		or v_settings.issuer_address = ''
		or not v_settings.transfer_allowed and not v_by_finance and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'not_offered');
	end if;
	if private.order_charge(v_order.id) <= 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_order.closed_at is not null and private.balance_of(v_order.id) > 0 then
		return jsonb_build_object('status', 'closed');
	end if;
	if private.balance_of(v_order.id) > 0 and v_order.due_at <= now() then
		return jsonb_build_object('status', 'closed');
	end if;
	if exists (select from public.checkouts as c where c.order_id = v_order.id and c.state = 'processing') then
		return jsonb_build_object('status', 'processing');
	end if;
	if v_faults <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id);
	v_paper := private.issue_invoice(
		v_order, 'invoice', private.order_charge(v_order.id) - private.invoiced_amount(v_order.id), billing,
		case when private.is_interface_language(locale) then locale else 'en' end
	);
	perform private.extend_order_for_transfer(v_order, v_paper.due_on + v_settings.grace_days);
	perform private.notify_order(v_order);
	return jsonb_build_object(
		'status', 'ok', 'invoice_id', v_paper.id, 'reference', v_paper.reference, 'due_on', v_paper.due_on
	);
end
$$;

create or replace function public.correct_invoice(invoice uuid, billing jsonb, reason text, locale text default 'en')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.invoices;
	v_new public.invoices;
	v_order public.orders;
	v_left bigint;
begin
	select * into v_old from public.invoices as i where i.id = invoice and i.kind = 'invoice';
	if v_old.id is null or not private.has_role(v_old.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_old.order_id);
	if private.billing_faults(billing) <> '{}' and not private.has_alias(v_order.payer_person_id) then
		return jsonb_build_object('status', 'invalid', 'faults', private.billing_faults(billing));
	end if;
	v_left := private.invoice_remainder(v_old.id);
	if v_left <= 0 then return jsonb_build_object('status', 'wrong_state'); end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_order.payer_person_id, btrim(reason));
	perform private.issue_invoice(
		v_order, 'credit_note', v_left, private.last_billing(v_order.id) -> 'buyer',
		private.last_billing(v_order.id) ->> 'locale', v_old.id, btrim(reason)
	);
	v_new := private.issue_invoice(
		v_order, 'invoice', v_left, billing, case when private.is_interface_language(locale) then locale else 'en' end
	);
	perform private.extend_order_for_transfer(
		v_order,
		v_new.due_on + (select s.grace_days from public.money_settings as s where s.summit_id = v_order.summit_id)
	);
	perform private.notify_order(v_order);
	return jsonb_build_object('status', 'ok', 'invoice_id', v_new.id, 'reference', v_new.reference);
end
$$;

create or replace function public.decide_waiver(
	request uuid,
	approve boolean,
	amount integer default null,
	answer text default ''
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_w public.waiver_requests;
	v_order public.orders;
	v_amount bigint;
	v_most bigint;
	v_left bigint;
	v_answer text := btrim(coalesce(decide_waiver.answer, ''));
begin
	select * into v_w from public.waiver_requests as w where w.id = request;
	if v_w.id is null or not private.has_role(v_w.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	-- Not the person who asked, nor the one it is for, nor anybody who acts for them.
	if v_w.requested_by in (select private.my_people())
		or v_w.person_id in (select private.my_people())
		or v_w.requested_by = (select private.me()) then
		return jsonb_build_object('status', 'own');
	end if;
	if approve is null then return jsonb_build_object('status', 'wrong_state'); end if;
	if not approve and v_answer = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_order := private.lock_order(v_w.order_id);
	select * into v_w from public.waiver_requests as w where w.id = request for update;
	if v_w.state <> 'open' then return jsonb_build_object('status', 'wrong_state'); end if;
	-- Money is settled after the Summit too.
	perform private.allow_closed_summits();
	perform private.set_audit_context(v_w.person_id, v_answer);
	if approve then
		v_most := private.waivable_amount(v_order.id, v_w.registration_id);
		v_amount := coalesce(decide_waiver.amount, v_most);
		if v_order.closed_at is not null or v_most = 0 then return jsonb_build_object('status', 'nothing'); end if;
		if v_amount <= 0 or v_amount > v_most then
			return jsonb_build_object('status', 'too_much', 'left', v_most);
		end if;
		perform from public.waiver_budgets as b
		where b.summit_id = v_order.summit_id and b.currency = v_order.currency for update;
		v_left := coalesce((
			select b.amount from public.waiver_budgets as b
			where b.summit_id = v_order.summit_id and b.currency = v_order.currency
		), 0) - private.waived_total(v_order.summit_id, v_order.currency);
		if v_amount > v_left then return jsonb_build_object('status', 'over_budget', 'left', v_left); end if;
		perform private.adjust_order(v_order.id, 'waiver', -v_amount, v_w.registration_id, 'waiver');
	end if;
	update public.waiver_requests as w
	set
		state = case when approve then 'approved' else 'refused' end, amount = v_amount,
		answer = v_answer, decided_by = private.actor(), decided_at = now()
	where w.id = request;
	perform private.mail_waiver(request);
	if approve then perform private.settle_order(v_order.id, 'overpaid'); end if;
	perform private.notify_order(v_order);
	perform private.serve_queues(v_order.summit_id);
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;

create or replace function private.overdue_orders(p_now timestamptz) returns setof public.orders
language sql stable security definer set search_path = '' as $$
	select o.* from public.orders as o
	where o.closed_at is null
		and o.due_at <= p_now
		and private.balance_of(o.id) > 0
		and not exists (
			select from public.summits as s where s.id = o.summit_id and s.state in ('closed', 'archived')
		)
		and not exists (
			select from public.checkouts as c
			where c.order_id = o.id and c.state in ('requested', 'open', 'processing') and c.expires_at > p_now
		)
$$;
