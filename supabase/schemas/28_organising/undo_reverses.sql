-- The reverses of acts on seats and decisions, made under the rules of the acts themselves. Each raises GS002 where what
-- the act changed has changed since, or where the rules forbid the former state by now.

-- Moves registrations back to the pools that they were in; one without a pool before has none again, if it still has no
-- seat. Then those who wait are served. The caller holds the locks of both modes. Locks the registrations by id.
create function private.reverse_pool_moves(p_act private.undoable_acts) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_move record;
	v_r public.registrations;
	v_pool public.pools;
begin
	for v_move in
		select m.*
		from jsonb_to_recordset(p_act.changes) as m (registration uuid, version integer, pool uuid)
		order by m.registration
	loop
		select * into v_r from public.registrations as r where r.id = v_move.registration for no key update;
		if v_r.version is distinct from v_move.version then raise sqlstate 'GS002' using message = 'changed'; end if;
		if v_move.pool is null then
			if exists (select from public.seats as s where s.registration_id = v_r.id and s.state <> 'released') then
				raise sqlstate 'GS002' using message = 'has a seat';
			end if;
			perform private.set_audit_context(v_r.person_id);
			update public.registrations as r
			set pool_id = null, version = r.version + 1, updated_at = now()
			where r.id = v_r.id;
			perform private.notify_registration(v_r);
		else
			select * into v_pool from public.pools as p where p.id = v_move.pool and p.summit_id = p_act.summit_id;
			if not found or private.move_one_to_pool(v_r, v_pool) <> 'ok' then
				raise sqlstate 'GS002' using message = 'no way back';
			end if;
		end if;
	end loop;
	perform private.serve_queues(p_act.summit_id);
	perform private.publish_event('summit:' || p_act.summit_id, 'seats');
end
$$;

-- Gives a registration its former category, with its former member or pool, under the conditions of a change of
-- category. Answers whether it did: false where safeguarding or a second person would have to decide, or the reader
-- acts for the person by now. The caller holds the locks of both modes. Locks the registration.
create function private.reverse_category_change(p_act private.undoable_acts) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_change record;
	v_r public.registrations;
	v_pool public.pools;
	v_answer jsonb;
begin
	select c.* into strict v_change
	from jsonb_to_recordset(p_act.changes) as c (registration uuid, version integer,
		category public.registration_category, member uuid, pool uuid);
	select * into v_r from public.registrations as r where r.id = v_change.registration for no key update;
	if v_r.version is distinct from v_change.version
		or private.category_obstacle(v_r, v_change.category, v_change.member) is not null
	then
		raise sqlstate 'GS002' using message = 'changed';
	end if;
	-- An answer and not an error, so that the watch list keeps the match, and safeguarding is notified of it.
	if v_r.person_id in (select private.my_people('registration'))
		or private.category_change_needs_second_person(v_r, v_change.category)
		or v_r.state not in ('submitted', 'nominated') and private.needs_safeguarding_decision(v_r)
	then
		return false;
	end if;
	perform private.set_audit_context(v_r.person_id, 'undone');
	v_answer := private.apply_category_change(v_r, v_change.category, v_change.member, 'undone');
	-- Answers that were given in the meantime to questions of the category are never erased.
	if v_answer ->> 'status' <> 'ok' or (v_answer ->> 'erased')::integer > 0 then
		raise sqlstate 'GS002' using message = 'no way back';
	end if;
	-- The change found a pool of the category, which may be another than the former one.
	select * into v_r from public.registrations as r where r.id = v_change.registration;
	if v_r.pool_id is distinct from v_change.pool then
		select * into v_pool from public.pools as p where p.id = v_change.pool;
		if not found or private.move_one_to_pool(v_r, v_pool) <> 'ok' then
			raise sqlstate 'GS002' using message = 'no way back';
		end if;
	end if;
	return true;
end
$$;

-- Whether somebody worked on the session that an act made of an accepted proposal: it has a time, a person, a file, a
-- group, or a member or person whom its audience lists.
create function private.is_proposal_session_used(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.slots where session_id = p_session)
		or exists (select from public.session_people as sp where sp.session_id = p_session)
		or exists (select from private.session_files as f where f.session_id = p_session)
		or exists (select from private.session_groups as g where g.session_id = p_session)
		or exists (
			select from public.session_audiences as a
			where a.session_id = p_session and num_nonnulls(a.person_id, a.member_id) > 0)
$$;

-- Decides as before, unless the decision was released or its session was worked on since. Locks the proposals by id,
-- each with its session, so that nothing is added to it meanwhile.
create function private.reverse_decisions(p_act private.undoable_acts) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_made record;
	v_proposal private.proposals;
begin
	for v_made in
		select m.*
		from jsonb_to_recordset(p_act.changes) as m (proposal uuid, before text, version integer,
			released_at timestamptz, session_version integer)
		order by m.proposal
	loop
		select * into v_proposal from private.proposals as p where p.id = v_made.proposal for no key update;
		perform
		from public.sessions as s
		where s.id = (
			select d.session_id from private.proposal_decisions as d where d.proposal_id = v_made.proposal)
		for update;
		if not exists (
				select from private.proposal_decisions as d
				left join public.sessions as s on s.id = d.session_id
				where d.proposal_id = v_made.proposal
					and d.decision_released_at is not distinct from v_made.released_at
					and s.version is not distinct from v_made.session_version
					and not (d.decision is not distinct from 'accept' and private.is_proposal_session_used(s.id)))
			or private.record_proposal_decision(v_proposal, v_made.before, v_made.version) <> 'ok'
		then
			raise sqlstate 'GS002' using message = 'changed';
		end if;
	end loop;
	perform private.publish_event('organise:' || p_act.summit_id, 'proposals');
end
$$;

-- Takes proposals back from their reviewers, unless one of them has begun a review or is no longer assigned. Locks the
-- proposals by id, so that no review is begun meanwhile.
create function private.reverse_assignments(p_act private.undoable_acts) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows integer;
begin
	perform
	from private.proposals as p
	where p.id in (select m.proposal from jsonb_to_recordset(p_act.changes) as m (proposal uuid))
	order by p.id
	for no key update;
	delete from private.review_assignments as a
	using jsonb_to_recordset(p_act.changes) as m (proposal uuid, reviewer uuid)
	where a.proposal_id = m.proposal
		and a.reviewer_id = m.reviewer
		and not exists (
			select from private.reviews as r where r.proposal_id = m.proposal and r.reviewer_id = m.reviewer);
	get diagnostics v_rows = row_count;
	if v_rows <> jsonb_array_length(p_act.changes) then raise sqlstate 'GS002' using message = 'changed'; end if;
end
$$;

-- Makes the reverse of an act. Answers whether it did: false with nothing written.
create function private.reverse_act(p_act private.undoable_acts) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	case p_act.act
		when 'registrations_moved' then perform private.reverse_pool_moves(p_act);
		when 'category_changed' then
			if not private.reverse_category_change(p_act) then return false; end if;
		when 'proposals_decided' then perform private.reverse_decisions(p_act);
		when 'reviewers_assigned' then perform private.reverse_assignments(p_act);
	end case;
	-- Faults that would otherwise appear at commit are an answer.
	set constraints public.seat_fault immediate;
	set constraints public.seat_fault deferred;
	return true;
exception when sqlstate 'GS002' or sqlstate 'PT409' or integrity_constraint_violation then
	return false;
end
$$;
