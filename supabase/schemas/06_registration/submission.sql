-- Submitting the registration form: what is missing, the locks, and the seat that is held or queued for.

-- What the form still lacks, as keys that the page translates: display_name, member, guardian, code_of_conduct,
-- question:<key>, consent:<key>. A delegate without a member needs an open request for one.
create function private.missing_registration_fields(p_r public.registrations) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case
			when (select person.display_name from public.people as person where person.id = p_r.person_id) = ''
				then 'display_name'
		end,
		case
			when p_r.category = 'delegate'
				and p_r.member_id is null
				and not exists (select from public.member_requests as q
					where q.registration_id = p_r.id and q.state = 'open')
				then 'member'
		end,
		case when p_r.is_minor and (p_r.guardian_id is null or p_r.guardian_consent_at is null) then 'guardian' end,
		case when p_r.code_of_conduct_at is null then 'code_of_conduct' end], null)
	|| array(select 'question:' || f.key from private.missing_logistics_fields(p_r) as f)
	|| array(
		select 'consent:' || i.key
		from public.consent_items as i
		where i.summit_id = p_r.summit_id
			and i.is_required
			and not exists (select from public.consents as c
				where c.registration_id = p_r.id
					and c.item_id = i.id
					and c.given_at is not null
					and c.withdrawn_at is null)
		order by i.position)
$$;

-- The hold or the queue entry of a registration in its mode: {held_until, queue_position, queue_reason}.
create function private.registration_seat_status(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'held_until', (
			select s.held_until
			from public.seats as s
			where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held'),
		'queue_position', (
			select private.queue_position(q.id)
			from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_r.mode and q.state = 'waiting'),
		'queue_reason', (
			select q.reason
			from public.queue_entries as q
			where q.registration_id = p_r.id and q.mode = p_r.mode and q.state = 'waiting'))
$$;

-- Locks the mode of the registration. A transfer locks both modes, because it frees what the giver had in either.
create function private.lock_for_submission(p_r public.registrations) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.nominating_invitation(p_r) as n where n.transfers_from_id is not null) then
		perform private.lock_modes(p_r.summit_id);
	else
		perform private.lock_mode(p_r.summit_id, p_r.mode);
	end if;
end
$$;

-- Submits a draft. A nominee by invitation becomes nominated at once, and takes over the seat that the invitation
-- gives; everybody else gets a hold, or a place in the queue. Answers {status: held | queued | missing | not_open |
-- already | conflict | not_found, state, missing, queue_position, queue_reason, held_until}; conflict: another tab
-- changed the mode before the lock was taken. Locks the mode or both, then the registration.
-- Planned once for a connection and by indexes alone: a rush fills tables that its statistics still call empty.
create function private.submit_registration(p_registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_missing text[];
	v_reason public.queue_reason;
	v_nomination record;
	v_seat_status jsonb;
begin
	-- Locks and checks.
	select * into v_r
	from public.registrations as r
	where r.id = p_registration and r.person_id in (select private.my_people('registration'));
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	v_mode := v_r.mode;
	perform private.lock_for_submission(v_r);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	-- The second of a double click, or a person who came back to the page.
	if v_r.state <> 'draft' then
		return jsonb_build_object('status', 'already', 'state', v_r.state) || private.registration_seat_status(v_r);
	end if;
	if v_r.mode <> v_mode then return jsonb_build_object('status', 'conflict'); end if;
	if private.registration_window(v_r.summit_id) <> 'open' and not private.may_register_late(v_r) then
		return jsonb_build_object('status', 'not_open');
	end if;
	v_missing := private.missing_registration_fields(v_r);
	if v_missing <> '{}' then return jsonb_build_object('status', 'missing', 'missing', v_missing); end if;
	perform private.set_audit_context(v_r.person_id);
	-- The state.
	if v_r.member_id is null and v_r.pool_id is null and v_r.category <> 'delegate' then
		update public.registrations as r
		set pool_id = private.find_available_pool(r.summit_id, r.category, r.mode)
		where r.id = v_r.id;
	end if;
	v_r := private.change_registration_state(v_r.id, 'submitted');
	perform private.save_watch_list_matches(v_r.person_id);
	select * into v_nomination from private.nominating_invitation(v_r);
	if found then
		v_r := private.change_registration_state(v_r.id, 'nominated', '', null, v_nomination.invited_by,
			v_nomination.principal_id);
	end if;
	-- The seat.
	if v_nomination.transfers_from_id is null
		or not private.transfer_seat(v_nomination.transfers_from_id, v_r, null, v_nomination.invited_by,
			v_nomination.principal_id)
	then
		v_reason := private.hold_seat(v_r, v_mode, private.deadline_after(v_r.summit_id, make_interval(
			days => (select s.review_days from public.summits as s where s.id = v_r.summit_id))));
	end if;
	if v_reason is not null then perform private.enqueue(v_r, v_mode, v_reason); end if;
	-- The mail and the answer.
	v_seat_status := private.registration_seat_status(v_r);
	if v_reason is null then
		perform private.mail_about(v_r, 'registration_received',
			jsonb_build_object('held_until', v_seat_status -> 'held_until'));
	else
		perform private.mail_about(v_r, 'registration_queued',
			jsonb_build_object('queue_reason', v_reason, 'position', v_seat_status -> 'queue_position'));
	end if;
	return jsonb_build_object('status', case when v_reason is null then 'held' else 'queued' end) || v_seat_status;
end
$$;
