-- What happens to a registration after the form is done: sent, decided, withdrawn, moved between the modes, offered a
-- seat.

-- What the form still lacks, as keys that the page knows: display_name, member, guardian, code_of_conduct,
-- consent:<key>.
create function private.missing_of(p_r public.registrations) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case when (select person.display_name from public.people as person where person.id = p_r.person_id) = ''
			then 'display_name' end,
		case when p_r.category = 'delegate' and p_r.member_id is null
			and not exists (select from public.member_requests as q
				where q.registration_id = p_r.id and q.state = 'open') then 'member' end,
		case when p_r.is_minor and (p_r.guardian_id is null or p_r.guardian_consent_at is null) then 'guardian' end,
		case when p_r.code_of_conduct_at is null then 'code_of_conduct' end], null)
	|| array(select 'consent:' || i.key from public.consent_items as i
		where i.summit_id = p_r.summit_id and i.is_required and not exists (select from public.consents as c
			where c.registration_id = p_r.id and c.item_id = i.id and c.given_at is not null and c.withdrawn_at is null)
		order by i.position)
$$;

-- Where a sent registration stands: held or queued, with position and deadline.
create function private.standing_of(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('held_until', (select s.held_until from public.seats as s
		where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held'),
		'queue_position', (select private.queue_position(q.id) from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_r.mode and q.state = 'waiting'),
		'queue_reason', (select q.reason from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_r.mode and q.state = 'waiting'))
$$;

-- The locks under which a form is sent. A seat that is handed on frees what its giver had in either mode.
create function private.lock_for_sending(p_r public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.nomination_of(p_r) as n where n.replaces_id is not null) then
		perform private.lock_modes(p_r.summit_id);
	else
		perform private.lock_mode(p_r.summit_id, p_r.mode);
	end if;
end
$$;

-- Answers {status: held | queued | missing | not_open | already | conflict | not_found, missing, queue_position,
-- queue_reason, held_until}. Conflict: another tab changed the mode at this very moment.
create function public.submit_registration(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_missing text[];
	v_reason public.queue_reason;
	v_nomination record;
	v_standing jsonb;
begin
	select * into v_r from public.registrations as r
		where r.id = registration and r.person_id in (select private.my_people('registration'));
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_mode := v_r.mode;
	perform private.lock_for_sending(v_r);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	-- The second of a double click, or somebody who came back.
	if v_r.state <> 'draft' then
		return jsonb_build_object('status', 'already', 'state', v_r.state) || private.standing_of(v_r);
	end if;
	if v_r.mode <> v_mode then return jsonb_build_object('status', 'conflict'); end if;
	if private.registration_window(v_r.summit_id) <> 'open' and not private.may_register_late(v_r) then
		return jsonb_build_object('status', 'not_open');
	end if;
	v_missing := private.missing_of(v_r);
	if v_missing <> '{}' then return jsonb_build_object('status', 'missing', 'missing', v_missing); end if;
	perform private.act_for(v_r.person_id);
	if v_r.member_id is null and v_r.pool_id is null and v_r.category <> 'delegate' then
		update public.registrations as r set pool_id = private.pool_for(r.summit_id, r.category, r.mode)
			where r.id = v_r.id;
	end if;
	v_r := private.move_registration(v_r.id, 'submitted');
	perform private.note_matches(v_r.person_id);
	select * into v_nomination from private.nomination_of(v_r);
	if found then
		v_r := private.move_registration(v_r.id, 'nominated', '', null, v_nomination.invited_by,
			v_nomination.principal_id);
	end if;
	if v_nomination.replaces_id is null or not private.take_over_seat(v_nomination.replaces_id, v_r, null,
		v_nomination.invited_by, v_nomination.principal_id) then
		v_reason := private.hold_seat(v_r, v_mode, private.deadline_in(v_r.summit_id,
			make_interval(days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
	end if;
	if v_reason is not null then perform private.enqueue(v_r, v_mode, v_reason); end if;
	v_standing := private.standing_of(v_r);
	if v_reason is null then
		perform private.mail_about(v_r, 'registration_received',
			jsonb_build_object('held_until', v_standing -> 'held_until'));
	else
		perform private.mail_about(v_r, 'registration_queued',
			jsonb_build_object('queue_reason', v_reason, 'position', v_standing -> 'queue_position'));
	end if;
	return jsonb_build_object('status', case when v_reason is null then 'held' else 'queued' end) || v_standing;
end
$$;
grant execute on function public.submit_registration(uuid) to authenticated;

-- One decision on one registration, by whoever may make it alone; else it becomes a proposal. Answers confirmed,
-- awaiting_payment, accredited, declined, revetted, proposed, proposal_open, needs_a_word or wrong_state.
create function private.decide_one(p_r public.registrations, p_decision text, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.act_for(p_r.person_id, p_reason);
	if p_r.state not in ('submitted', 'nominated')
		and (p_decision = 'accredit' or p_r.state not in ('accredited', 'awaiting_payment', 'confirmed')) then
		return 'wrong_state';
	end if;
	if p_decision = 'revet'
		and not exists (select from private.revettings as v where v.registration_id = p_r.id and v.state = 'open') then
		return 'wrong_state';
	end if;
	if p_decision = 'accredit' and private.decline_sealed_bar(p_r) then return 'wrong_state'; end if;
	if p_decision = 'accredit' and private.needs_a_word(p_r) then return 'needs_a_word'; end if;
	if not private.is_seconded(p_r, p_decision) then return private.propose_decision(p_r, p_decision, p_reason); end if;
	return case p_decision when 'accredit' then private.accredit(p_r, p_reason)
		when 'decline' then private.decline(p_r, p_reason)
		else private.accept_change(p_r) end;
end
$$;

create function private.decline(p_r public.registrations, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.leave_summit(p_r.id, 'declined', p_reason, 100);
begin
	update public.member_requests as q set state = 'refused' where q.registration_id = p_r.id and q.state = 'open';
	perform private.mail_about(v_r, 'registration_declined', jsonb_build_object('reason', p_reason));
	return 'declined';
end
$$;

create function private.accredit(p_r public.registrations, p_reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.move_registration(p_r.id, 'accredited', p_reason);
	if not exists (select from public.seats as s
		where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held') then
		-- It keeps its place in the queue, and will be offered a seat.
		return 'accredited';
	end if;
	return private.enter_mode(p_r.id, p_r.mode);
end
$$;

-- Who was first, for whoever comes second: {by, at, own, state}. Nobody is named where the person, the clock or the
-- queue did it.
create function private.decided_meanwhile(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('at', private.iso(t.at), 'state', p_r.state, 'own',
		coalesce(t.actor_id = private.me(), false),
		'by', (select a.display_name from public.people as a where a.id = t.actor_id and a.id <> p_r.person_id))
	from public.registration_steps as t
		where t.registration_id = p_r.id and t.to_state in ('accredited', 'declined', 'withdrawn', 'expired')
	order by t.id desc limit 1
$$;

-- One registration of several, decided for itself: what fails with one leaves the others as they are. Answers {id,
-- status, …}.
create function private.decide_in_turn(p_id uuid, p_summits uuid[], p_decision text, p_reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_status text;
begin
	select * into v_r from public.registrations as r
		where r.id = p_id and r.summit_id = any (p_summits) and r.state <> 'draft';
	if not found or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('id', p_id, 'status', 'not_allowed');
	end if;
	if p_decision = 'decline' and p_reason = '' then
		return jsonb_build_object('id', p_id, 'status', 'reason_needed');
	end if;
	begin
		v_status := case p_decision when 'confirm' then private.confirm_proposal(v_r)
			when 'reject' then private.reject_proposal(v_r, p_reason)
			else private.decide_one(v_r, p_decision, p_reason) end;
		-- What seats must obey is judged for each, not for all at the end.
		set constraints public.seat_fault immediate;
		set constraints public.seat_fault deferred;
	exception when sqlstate 'PT409' or integrity_constraint_violation then
		return jsonb_build_object('id', p_id, 'status', 'failed');
	end;
	select * into v_r from public.registrations as r where r.id = p_id;
	return jsonb_build_object('id', p_id, 'status', v_status)
		|| case when v_status in ('wrong_state', 'no_proposal') then coalesce(private.decided_meanwhile(v_r), '{}')
			when v_status in ('proposal_open', 'second_person_needed')
				then coalesce(private.proposed_meanwhile(v_r), '{}') else '{}' end;
end
$$;

-- Decisions: accredit, decline, revet (a change after accreditation is accepted), and on what another proposed:
-- confirm, reject. Answers [{id, status: confirmed | awaiting_payment | accredited | declined | revetted | proposed |
-- rejected | withdrawn | not_allowed | reason_needed | wrong_state | proposal_open | no_proposal | second_person_needed
-- | proposer_left | needs_a_word | failed, by, at, own}]. Each is decided for itself, in order of arrival; nobody
-- decides on their own or on whom they act for.
create function public.decide_registrations(ids uuid[], decision text, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summits uuid[] := array(select private.summits_with_role('registration'));
	v_touched uuid[];
	v_id uuid;
	v_answers jsonb := '[]';
begin
	if decision not in ('accredit', 'decline', 'revet', 'confirm', 'reject') or decision is null
		or cardinality(ids) > 2000 then
		raise sqlstate 'PT400' using message = 'decide on at most 2000 registrations';
	end if;
	v_touched := array(select distinct r.summit_id from public.registrations as r
		where r.id = any (ids) and r.summit_id = any (v_summits));
	perform private.lock_modes(variadic v_touched);
	perform from public.registrations as r where r.id = any (ids) and r.summit_id = any (v_summits)
		order by r.id for no key update;
	for v_id in select given.id
		from (select distinct unnest(ids) as id) as given left join public.registrations as r on r.id = given.id
		order by r.submitted_at, r.id loop
		v_answers := v_answers || private.decide_in_turn(v_id, v_summits, decision, btrim(coalesce(reason, '')));
	end loop;
	foreach v_id in array v_touched loop
		perform private.serve_queues(v_id);
	end loop;
	return v_answers;
end
$$;
grant execute on function public.decide_registrations(uuid[], text, text) to authenticated;

create function private.is_focal_for(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.member_id is not null and not private.has_alias(p_r.person_id)
		and exists (select from private.my_focal_members(p_r.summit_id) as f where f.member_id = p_r.member_id)
$$;

-- By the person, the member's focal point, or a registration organiser. {status: ok | not_found | wrong_state, refund,
-- currency}
create function public.withdraw_registration(registration uuid, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_refund bigint;
	v_currency text;
	v_by text;
begin
	select * into v_r from public.registrations as r where r.id = registration;
	v_by := case when v_r.person_id in (select private.my_people('registration')) then 'self'
		when v_r.state <> 'draft' and private.is_focal_for(v_r) then 'focal_point'
		when v_r.state <> 'draft' and private.has_role(v_r.summit_id, 'registration') then 'organiser' end;
	if v_by is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	-- Why somebody leaves is in their registration, which can be erased; an organiser's reason stays.
	perform private.act_for(v_r.person_id, case when v_by <> 'self' then reason end);
	v_refund := private.refunds_of(v_r.id);
	v_currency := private.currency_of(v_r);
	v_r := private.leave_summit(v_r.id, 'withdrawn', btrim(coalesce(reason, '')),
		private.refund_percent(v_r.summit_id));
	v_refund := private.refunds_of(v_r.id) - v_refund;
	if v_r.submitted_at is not null then
		perform private.mail_about(v_r, 'registration_withdrawn',
			jsonb_build_object('by', v_by, 'reason', btrim(coalesce(reason, '')), 'refund', v_refund,
			'currency', v_currency));
	end if;
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', 'ok', 'refund', v_refund, 'currency', v_currency);
end
$$;
grant execute on function public.withdraw_registration(uuid, text) to authenticated;
