-- Corrections of undo, of the preview as a chosen reader, and of who reads a version of a session.

-- Keeps a change of category that was made, so that it can be undone; not where it erased answers of the logistics form
-- or gave somebody who waits a seat, the person themselves too: the offer is mailed. A seat that only moved is older.
create or replace function private.keep_category_change(p_r public.registrations, p_answer jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_undoable(r.summit_id, 'category_changed', to_jsonb(r.reference),
		jsonb_build_array(jsonb_build_object('registration', r.id, 'version', r.version,
			'category', p_r.category, 'member', p_r.member_id, 'pool', p_r.pool_id)), 'registration')
	from public.registrations as r
	where r.id = p_r.id
		and (p_answer ->> 'erased')::integer = 0
		and not exists (
			select from public.seats as s
			where s.summit_id = r.summit_id and s.created_at = now())
$$;

-- Whether a person may read a version of a session that had this level: a version from when the session was closed
-- stays closed, also after the session was opened. It does not ask whether the person sees the session today
-- (`can_see`).
create or replace function private.may_read_version(p_person uuid, p_session uuid, p_level public.confidentiality) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_level = 'public'
		or exists (
			select
			from public.sessions as s,
				private.session_readers(p_person, s.summit_id) as reader,
				private.organiser_levels(p_person, s.summit_id) as organiser
			where s.id = p_session
				and private.is_seen(
					p_level,
					exists (
						select
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined'
					),
					organiser.level,
					true,
					reader.is_registered,
					private.is_listed(s.id, p_person, reader.member_id, reader.sector, reader.category)
				)
		)
$$;

-- The reader whom organisers choose for a preview; null for a member that is not at the Summit, or a person whom no
-- session that the organiser sees names or lists. Of a protected person the member, sector and category are left out: what they would
-- open could be compared, and would tell them.
create or replace function private.chosen_reader(
	p_summit uuid,
	p_person uuid,
	p_member uuid,
	p_is_registered boolean,
	p_sector public.sector,
	p_category public.registration_category,
	p_mode public.attendance_mode
) returns private.session_reader
language plpgsql stable security definer set search_path = '' as $$
declare
	v_reader private.session_reader;
begin
	if p_person is null then
		if p_member is not null then
			select sm.sector into p_sector
			from public.summit_members as sm
			where sm.summit_id = p_summit and sm.member_id = p_member;
			if not found then return null; end if;
		end if;
		v_reader.is_registered := coalesce(p_is_registered, false);
		if v_reader.is_registered then
			v_reader.mode := coalesce(p_mode, 'in_person');
			v_reader.category := p_category;
			v_reader.member_id := p_member;
			v_reader.sector := p_sector;
		end if;
		return v_reader;
	end if;
	if p_person not in (
		select sp.person_id
		from public.session_people as sp
		where sp.summit_id = p_summit
			and sp.state <> 'declined'
			and sp.session_id in (select private.visible_sessions(private.me(), p_summit))
		union all
		select a.person_id
		from public.session_audiences as a
		where a.summit_id = p_summit
			and a.person_id is not null
			and a.session_id in (select private.visible_sessions(private.me(), p_summit))
	) then
		return null;
	end if;
	select * into v_reader from private.session_readers(p_person, p_summit);
	-- Whether their details wait for a review is for those who accredit.
	v_reader.registration_id := null;
	if exists (select from private.protections as x where x.person_id = p_person) then
		v_reader.category := null;
		v_reader.member_id := null;
		v_reader.sector := null;
	end if;
	return v_reader;
end
$$;

-- Ends an assignment, unless the review was sent. Answers ok | not_found. Locks the proposal first, so that no review is
-- saved meanwhile.
create or replace function public.unassign_reviewer(proposal uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform
	from private.proposals as p
	where p.id = unassign_reviewer.proposal and private.has_role(p.summit_id, 'programme')
	for no key update;
	delete from private.review_assignments as a
	using private.proposals as p
	where p.id = a.proposal_id
		and a.proposal_id = unassign_reviewer.proposal
		and a.reviewer_id = person
		and private.has_role(p.summit_id, 'programme')
		and not private.has_reviewed(p.id, person);
	return case when found then 'ok' else 'not_found' end;
end
$$;

drop function private.reverse_category_change(private.undoable_acts);

-- Gives a registration its former category, with its former member or pool, under the conditions of a change of
-- category. Answers whether it did: false where safeguarding or a second person would have to decide, or the reader acts
-- for the person by now. The caller holds the locks of both modes. Locks the registration.
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

-- Whether somebody worked on the session that an act made of an accepted proposal: it has a time, a person, a file, or a
-- member or person whom its audience lists.
create function private.is_proposal_session_used(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.slots where session_id = p_session)
		or exists (select from public.session_people as sp where sp.session_id = p_session)
		or exists (select from private.session_files as f where f.session_id = p_session)
		or exists (
			select from public.session_audiences as a
			where a.session_id = p_session and num_nonnulls(a.person_id, a.member_id) > 0)
$$;

-- Decides as before, unless the decision was released or its session was worked on since. Locks the proposals by id, each
-- with its session, so that nothing is added to it meanwhile.
create or replace function private.reverse_decisions(p_act private.undoable_acts) returns void
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
create or replace function private.reverse_assignments(p_act private.undoable_acts) returns void
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
create or replace function private.reverse_act(p_act private.undoable_acts) returns boolean
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
