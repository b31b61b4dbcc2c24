-- Rule 1 on every path: never more seats than the capacity of the mode nor than the allocation of the member, and every
-- seat belongs to a live registration. Here are the triggers that refuse what breaks the rule; the ceilings are in
-- 07_seats/ceilings.sql, the locks in 07_seats/locks.sql.

-- The last check of every write to the ledger, whatever wrote it. The functions that give seats check first and answer
-- with a status; a refusal here is a fault. Locks the mode of a new seat.
create function private.guard_seat() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_obstacle public.queue_reason;
begin
	if tg_op = 'DELETE' then
		raise sqlstate 'PT409' using message = 'a seat is released, never deleted';
	end if;
	if tg_op = 'UPDATE' then
		if (new.id, new.summit_id, new.registration_id, new.mode, new.transferred_from_id)
			is distinct from (old.id, old.summit_id, old.registration_id, old.mode, old.transferred_from_id)
		then
			raise sqlstate 'PT409' using message = 'a seat does not move: release it and take another';
		end if;
		if old.state = 'released' and new is distinct from old then
			raise sqlstate 'PT409' using message = 'a released seat stays released';
		end if;
		if new.state = 'released' or (new.member_id, new.pool_id) is not distinct from (old.member_id, old.pool_id) then
			return new;
		end if;
	elsif new.state = 'released' then
		return new;
	end if;
	perform private.lock_mode(new.summit_id, new.mode);
	if not exists (select from public.registrations as r
		where r.id = new.registration_id
			and r.summit_id = new.summit_id
			and r.member_id is not distinct from new.member_id
			and r.pool_id is not distinct from new.pool_id
			and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed'))
	then
		raise sqlstate 'PT409' using message = 'a seat belongs to a live registration and its member';
	end if;
	-- A transfer within a member gives one seat for one that was released for it in this very transaction, so it cannot
	-- exceed anything.
	if tg_op = 'INSERT' and new.transferred_from_id is not null then
		if not exists (select from public.seats as s
			where s.id = new.transferred_from_id
				and s.released_at = now()
				and s.release_reason = 'handed_over'
				and (s.summit_id, s.mode, s.member_id) = (new.summit_id, new.mode, new.member_id))
		then
			raise sqlstate 'PT409' using message = 'a seat is handed on within its member, at once';
		end if;
		return new;
	end if;
	-- A change in several steps (a merge of members, a change of pool) moves seats without giving any. Its caller
	-- checks the total at its end.
	if tg_op = 'UPDATE' and current_setting('app.allowances', true) = 'together' then return new; end if;
	v_obstacle := private.seat_refusal_reason(new.summit_id, new.mode, new.member_id, new.pool_id);
	if v_obstacle is not null then
		raise sqlstate 'PT409' using message = 'no seat', detail = v_obstacle::text;
	end if;
	return new;
end
$$;
create trigger guard_seat before insert or update or delete on public.seats for each row
	execute function private.guard_seat();

-- Refuses to empty a ledger.
create function private.refuse_truncate() returns trigger
language plpgsql set search_path = '' as $$
begin
	raise exception 'a ledger is never emptied' using errcode = 'insufficient_privilege';
end
$$;
create trigger never_truncate before truncate on public.seats for each statement
	execute function private.refuse_truncate();
create trigger never_truncate before truncate on public.queue_entries for each statement
	execute function private.refuse_truncate();
create trigger never_truncate before truncate on public.order_adjustments for each statement
	execute function private.refuse_truncate();

-- What is wrong between a registration and its seats, queue entries and badge; null when all is right.
create function private.seat_fault(p_registration uuid) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = p_registration;
	if not found then return null; end if;
	-- A registration that is not live has nothing.
	if v_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') then
		return case
			when exists (select from public.seats as s where s.registration_id = v_r.id and s.state <> 'released')
				then 'a seat of a registration that is not live'
			when exists (select from public.queue_entries as q
				where q.registration_id = v_r.id and q.state in ('waiting', 'offered'))
				then 'a place in the queue of a registration that is not live'
			when exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
				then 'a valid badge of a registration that is not live'
		end;
	end if;
	-- A live one has a seat in its mode: taken when confirmed, held while payment is due; before that, held or queued
	-- for.
	if v_r.state in ('confirmed', 'awaiting_payment') then
		if not exists (select from public.seats as s
			where s.registration_id = v_r.id
				and s.mode = v_r.mode
				and s.state = case v_r.state when 'confirmed' then 'taken'::public.seat_state else 'held' end)
		then
			return format('%s without its seat', v_r.state);
		end if;
	elsif not exists (select from public.seats as s
			where s.registration_id = v_r.id and s.mode = v_r.mode and s.state = 'held')
		and not exists (select from public.queue_entries as q
			where q.registration_id = v_r.id and q.mode = v_r.mode and q.state in ('waiting', 'offered'))
	then
		return format('%s with neither a seat nor a place in the queue', v_r.state);
	end if;
	if exists (select from public.seats as s
		where s.registration_id = v_r.id
			and s.state <> 'released'
			and (s.member_id, s.pool_id) is distinct from (v_r.member_id, v_r.pool_id))
	then
		return 'a seat of another member or pool';
	end if;
	-- A second seat is one that is offered, or one that a switch of mode holds until it is paid.
	if exists (select from public.seats as s
		where s.registration_id = v_r.id
			and s.state <> 'released'
			and s.mode <> v_r.mode
			and (s.state <> 'held'
				or not exists (select from public.queue_entries as q where q.seat_id = s.id and q.state = 'offered')
				and not exists (select from public.order_lines as l
					join public.orders as o on o.id = l.order_id
					where l.registration_id = v_r.id and l.mode = s.mode and o.closed_at is null)))
	then
		return 'a second seat without an offer or a switch';
	end if;
	if exists (select from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null)
		and (v_r.state <> 'confirmed' or v_r.mode <> 'in_person')
	then
		return 'a valid badge without a confirmed seat in person';
	end if;
	return null;
end
$$;

-- Raises the fault of the registration that a row belongs to. Planned for many rows, as private.submit_registration is.
-- The triggers are deferred: they check at the end of the transaction, when all its parts are written.
create function private.check_seat_fault() returns trigger
language plpgsql security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_fault text := private.seat_fault((coalesce(to_jsonb(new), to_jsonb(old))
		->> case when tg_table_name = 'registrations' then 'id' else 'registration_id' end)::uuid);
begin
	if v_fault is not null then
		raise sqlstate 'PT409' using message = v_fault;
	end if;
	return null;
end
$$;
create constraint trigger seat_fault_of_new after insert on public.registrations
	deferrable initially deferred for each row when (new.state <> 'draft')
	execute function private.check_seat_fault();
-- A draft has neither seat nor place: rows of those that name it are checked themselves.
create constraint trigger seat_fault after update of state, mode, member_id, pool_id on public.registrations
	deferrable initially deferred for each row
	when ((new.state <> 'draft' or old.state <> 'draft')
		and (old.state, old.mode, old.member_id, old.pool_id)
			is distinct from (new.state, new.mode, new.member_id, new.pool_id))
	execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update on public.seats
	deferrable initially deferred for each row execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update or delete on public.queue_entries
	deferrable initially deferred for each row execute function private.check_seat_fault();
create constraint trigger seat_fault after insert or update on public.badges
	deferrable initially deferred for each row execute function private.check_seat_fault();
