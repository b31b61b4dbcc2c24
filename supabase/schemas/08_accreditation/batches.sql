-- Decisions on many registrations at once. The organiser chooses them, which fixes their ids; reads what a decision
-- would bring; and decides them in parts. Each part is decided once, however often the button is pressed.

-- Makes a batch of the given ids, or of all that the filters find now (08_accreditation/list.sql). Answers {status: ok
-- | nobody | too_many | not_allowed, id, count}. Old batches of the organiser are deleted.
create function public.create_decision_batch(summit uuid, decision text, ids uuid[] default null,
	filters jsonb default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_ids uuid[];
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') or private.me() is null then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if decision is null or decision not in ('accredit', 'decline', 'accept_change', 'confirm', 'reject') then
		raise sqlstate 'PT400' using message = 'choose for a decision';
	end if;
	if ids is not null then
		v_ids := array(
			select r.id
			from public.registrations as r
			where r.summit_id = create_decision_batch.summit and r.id = any (ids[1:5001]) and r.state <> 'draft'
			order by r.submitted_at, r.id);
	else
		v_ids := array(
			select d.id
			from private.list_desk_rows(summit) as d
			where d.state <> 'draft'
				and private.failed_desk_filters(d, private.desk_tabs(d), private.desk_flags(d), coalesce(filters, '{}'),
					private.desk_search_patterns(filters ->> 'query')) = '{}'
			order by d.submitted_at, d.id);
	end if;
	if v_ids = '{}' then return jsonb_build_object('status', 'nobody'); end if;
	if cardinality(v_ids) > 5000 then
		return jsonb_build_object('status', 'too_many', 'count', cardinality(v_ids));
	end if;
	delete from private.decision_batches as b where b.made_by = (select private.me()) and b.made_at < now() - interval '2 days';
	insert into private.decision_batches (summit_id, made_by, decision, ids)
	values (summit, private.me(), create_decision_batch.decision, v_ids)
	returning decision_batches.id into v_id;
	return jsonb_build_object('status', 'ok', 'id', v_id, 'count', cardinality(v_ids));
end
$$;
grant execute on function public.create_decision_batch(uuid, text, uuid[], jsonb) to authenticated;

-- The status with which private.decide_registration_of_batch would answer a decision now, or own where the reader may
-- not decide. Changes nothing.
create function private.predict_decision(p_r public.registrations, p_decision text) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_p private.decision_proposals;
	v_decision text := p_decision;
begin
	if p_r.person_id in (select private.my_people('registration')) then return 'own'; end if;
	select * into v_p from private.decision_proposals as p where p.registration_id = p_r.id and p.state = 'open';
	if p_decision in ('confirm', 'reject') then
		if v_p.id is null then return 'no_proposal'; end if;
		if p_decision = 'reject' then
			return case when private.may_be_proposer(v_p) then 'withdrawn' else 'rejected' end;
		end if;
		if private.may_be_proposer(v_p) then return 'second_person_needed'; end if;
		v_decision := v_p.decision;
	end if;
	-- The seat of a new category is only found when the change is confirmed.
	if v_decision = 'change_category' then
		return coalesce(private.category_obstacle(p_r, v_p.category, v_p.member_id), 'category_changed');
	end if;
	if p_r.state not in ('submitted', 'nominated')
			and (v_decision = 'accredit' or p_r.state not in ('accredited', 'awaiting_payment', 'confirmed'))
		or v_decision = 'accept_change'
			and not exists (select from private.re_reviews as v where v.registration_id = p_r.id and v.state = 'open')
	then
		return 'wrong_state';
	end if;
	if p_decision <> 'confirm' and private.decision_needs_second_person(p_r, v_decision) then
		return case when v_p.id is null then 'proposed' else 'proposal_open' end;
	end if;
	return case
		when v_decision = 'decline' then 'declined'
		when v_decision = 'accept_change' then 'change_accepted'
		when not exists (select from public.seats as s
			where s.registration_id = p_r.id and s.mode = p_r.mode and s.state = 'held')
			then 'accredited'
		when private.registration_fee(p_r, p_r.mode) - private.registration_charge(p_r.id) > 0 then 'awaiting_payment'
		else 'confirmed'
	end;
end
$$;

-- For the organiser who made the batch; null for all others. Answers {id, summit_id, decision, reason, count, done,
-- rows: [{id, reference, display_name, member, state, status, by, at, own, expected}]}. A row that is decided has its
-- status, one that is not has the expected status.
create function public.read_decision_batch(batch uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', b.id,
		'summit_id', b.summit_id,
		'decision', b.decision,
		'reason', b.reason,
		'count', cardinality(b.ids),
		'done', jsonb_array_length(b.answers),
		'rows', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.id,
				'reference', r.reference,
				'display_name', p.display_name,
				'member', m.name,
				'state', r.state
			) || coalesce(t.answer, jsonb_build_object('expected', private.predict_decision(r, b.decision)))
				order by chosen.n), '[]')
			from unnest(b.ids) with ordinality as chosen (id, n)
			join public.registrations as r on r.id = chosen.id
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id
			left join jsonb_array_elements(b.answers) as t (answer) on t.answer ->> 'id' = chosen.id::text))
	from private.decision_batches as b
	where b.id = read_decision_batch.batch and b.made_by = (select private.me())
		and private.has_role(b.summit_id, 'registration')
$$;
grant execute on function public.read_decision_batch(uuid) to authenticated;

-- Decides the next part of a batch, in its own transaction; the page calls it until nothing is left. The reason of
-- the first call applies to all. Answers {status: ok | reason_needed | not_found, done, left}. Locks the batch, so a
-- second click waits and continues with the next part.
create function public.decide_next_of_batch(batch uuid, reason text, most integer default 100) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_b private.decision_batches;
	v_done integer;
	v_part uuid[];
begin
	select * into v_b from private.decision_batches as b where b.id = batch and b.made_by = (select private.me()) for update;
	if not found or not private.has_role(v_b.summit_id, 'registration') then
		return jsonb_build_object('status', 'not_found');
	end if;
	v_b.reason := coalesce(v_b.reason, left(btrim(coalesce(decide_next_of_batch.reason, '')), 2000));
	if v_b.decision in ('decline', 'reject') and v_b.reason = '' then
		return jsonb_build_object('status', 'reason_needed');
	end if;
	v_done := jsonb_array_length(v_b.answers);
	v_part := v_b.ids[v_done + 1 : v_done + greatest(1, least(coalesce(most, 100), 500))];
	if v_part <> '{}' then
		update private.decision_batches as b
		set reason = v_b.reason,
			answers = b.answers || public.decide_registrations(v_part, v_b.decision, v_b.reason)
		where b.id = batch;
		v_done := v_done + cardinality(v_part);
	end if;
	return jsonb_build_object('status', 'ok', 'done', v_done, 'left', cardinality(v_b.ids) - v_done);
end
$$;
grant execute on function public.decide_next_of_batch(uuid, text, integer) to authenticated;
