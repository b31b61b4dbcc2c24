-- Withdrawing a registration.

-- Whether the caller is a focal point for the member of a registration. Never for a person with an alias (Rule 7).
create function private.is_focal_for(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.member_id is not null
		and not private.has_alias(p_r.person_id)
		and exists (select from private.my_focal_members(p_r.summit_id) as f where f.member_id = p_r.member_id)
$$;

-- Withdraws a registration, by the person, the focal point of the member, or a registration organiser. What was paid is
-- refunded by the rule of the Summit. Once the Summit is closed the person alone withdraws. Answers {status: ok |
-- not_found | wrong_state, refund, currency}. Locks both modes and the registration.
create function public.withdraw_registration(registration uuid, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_refund bigint;
	v_currency text;
	v_by text;
begin
	select * into v_r from public.registrations as r where r.id = registration;
	v_by := case
		when v_r.person_id in (select private.my_people('registration')) then 'self'
		when v_r.state <> 'draft' and private.is_focal_for(v_r) then 'focal_point'
		when v_r.state <> 'draft' and private.has_role(v_r.summit_id, 'registration') then 'organiser'
	end;
	if v_by is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if v_by = 'self' then perform private.allow_closed_summits(); end if;
	-- The reason of the person is kept only in their registration, which can be erased; the audit keeps that of others.
	perform private.set_audit_context(v_r.person_id, case when v_by <> 'self' then reason end);
	v_refund := private.refunds_of(v_r.id);
	v_currency := private.registration_currency(v_r);
	v_r := private.leave_summit(v_r.id, 'withdrawn', btrim(coalesce(reason, '')),
		private.refund_percent(v_r.summit_id));
	v_refund := private.refunds_of(v_r.id) - v_refund;
	if v_r.submitted_at is not null then
		perform private.mail_about(v_r, 'registration_withdrawn', jsonb_build_object(
			'by', v_by,
			'reason', btrim(coalesce(reason, '')),
			'refund', v_refund,
			'currency', v_currency));
	end if;
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', 'ok', 'refund', v_refund, 'currency', v_currency);
end
$$;
grant execute on function public.withdraw_registration(uuid, text) to authenticated;
