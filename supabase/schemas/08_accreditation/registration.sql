-- One registration at the accreditation desk: as organisers read it, and what the desk asks of the person.

-- A registration in full, as organisers read it. The badge and its code are left out: they are for the person alone.
create function private.desk_registration_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.registration_json(p_r, true) - 'badge' || jsonb_build_object(
		'has_alias', private.has_alias(p_r.person_id),
		'wants_talk', exists (select from private.protections as x
			where x.person_id = p_r.person_id and x.kind = 'talk_first'),
		'is_own', p_r.person_id in (select private.my_people('registration')),
		'seats', case when p_r.member_id is not null then jsonb_build_object(
			'ceiling', private.member_seat_ceiling(p_r.summit_id, p_r.member_id, p_r.mode),
			'used', (
				select count(*)
				from public.seats as s
				where s.summit_id = p_r.summit_id
					and s.mode = p_r.mode
					and s.member_id = p_r.member_id
					and s.state <> 'released')) end,
		'request_id', (
			select q.id from public.member_requests as q where q.registration_id = p_r.id and q.state = 'open'),
		'second', jsonb_build_object(
			'accredit', private.decision_needs_second_person(p_r, 'accredit'),
			'decline', private.decision_needs_second_person(p_r, 'decline')),
		'proposals', private.list_decision_proposals(p_r),
		'information', private.list_information_requests(p_r, true),
		'notes', private.list_registration_notes(p_r, false),
		're_review', private.re_review_json(p_r))
$$;

-- A registration in full, for registration organisers; null for everybody else. A draft is shown only when it is that
-- of a minor who waits for their guardian. Where the person wrote what they need, the reading is written to the audit
-- before it is answered.
create function public.read_registration(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r
	from public.registrations as r
	where r.id = read_registration.registration
		and (r.state <> 'draft'
			or r.is_minor and exists (select from private.guardian_claims as g where g.registration_id = r.id))
		and private.has_role(r.summit_id, 'registration');
	if not found then return null; end if;
	perform audit.record_event('access_needs.read', v_r.id::text, v_r.summit_id, v_r.person_id, null)
	from public.registration_needs as d
	where d.registration_id = v_r.id
		and d.access_needs <> ''
		and v_r.person_id not in (select private.my_people('registration'));
	return private.desk_registration_json(v_r);
end
$$;
grant execute on function public.read_registration(uuid) to authenticated;

-- What the desk asks of the reader at a Summit: {registration_id, questions, review: {fields, is_re_review_blocking} |
-- null}; null without a live registration.
create function public.read_my_desk_requests(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registration_id', r.id,
		'questions', private.list_information_requests(r, false),
		'review', (
			select jsonb_build_object('fields', to_jsonb(v.fields), 'is_paused', private.is_re_review_blocking(r.id))
			from private.re_reviews as v
			where v.registration_id = r.id and v.state = 'open'))
	from public.registrations as r
	where r.summit_id = read_my_desk_requests.summit
		and r.person_id = (select private.me())
		and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
$$;
grant execute on function public.read_my_desk_requests(uuid) to authenticated;
