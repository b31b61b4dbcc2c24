-- Undo of moves between pools, changes of category, decisions on proposals, assignments and deleted files of pages.

alter domain public.undoable_act drop constraint undoable_act_check;
alter domain public.undoable_act add constraint undoable_act_check
	check (value in ('room_removed', 'track_removed', 'format_removed',
	'consent_removed', 'contact_removed', 'fee_removed', 'page_deleted', 'page_unpublished', 'pool_removed',
	'bank_row_ignored', 'bank_row_divided', 'question_retired', 'call_question_retired', 'reviewer_removed',
	'criterion_removed', 'registrations_moved', 'category_changed', 'proposals_decided', 'reviewers_assigned',
	'page_file_deleted'));

-- Keeps an act of the signed-in person that can be undone, and answers its id; null: nobody is signed in. Acts that can
-- no longer be undone are deleted.
create or replace function private.keep_undoable(p_summit uuid, p_act public.undoable_act, p_subject jsonb, p_changes jsonb,
	variadic p_roles public.organiser_role[]) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null then return null; end if;
	delete from private.undoable_acts as d
	where d.id in (
		select u.id
		from private.undoable_acts as u
		where u.made_at < now() - interval '10 minutes'
		for update skip locked);
	insert into private.undoable_acts (summit_id, person_id, act, subject, changes, roles)
	values (p_summit, v_me, p_act, p_subject, p_changes, p_roles)
	returning id into v_id;
	return v_id;
end
$$;

-- Begins an act of the signed-in person, before its first write.
create or replace function private.begin_undoable(p_summit uuid, p_act public.undoable_act, p_subject jsonb,
	variadic p_roles public.organiser_role[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.undoable_act',
		coalesce(private.keep_undoable(p_summit, p_act, p_subject, '[]', variadic p_roles)::text, ''), true);
end
$$;

create trigger record_undoable after insert or update or delete on private.page_files for each row
	execute function private.record_undoable_change();

-- Moves registrations to a pool, each by itself, in the order of their ids, at most 500. Answers [{id, status: ok |
-- already | no_room | others_wait | wrong_category | has_member | wrong_state | not_found}], or [] when not allowed. It
-- can be undone unless somebody who waits got a seat by it. Locks both modes and the registrations by id.
create or replace function public.move_to_pool(summit uuid, ids uuid[], pool uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pool public.pools;
	v_r public.registrations;
	v_id uuid;
	v_status text;
	v_answers jsonb := '[]';
	v_moved jsonb := '[]';
begin
	if not private.has_role(summit, 'registration') or cardinality(ids) > 500 then return '[]'; end if;
	perform private.lock_modes(summit);
	select * into v_pool from public.pools as p where p.id = pool and p.summit_id = summit;
	if not found then return '[]'; end if;
	for v_id in select distinct each from unnest(ids) as each order by each loop
		select * into v_r from public.registrations as r where r.id = v_id and r.summit_id = summit for no key update;
		v_status := case when found then private.move_one_to_pool(v_r, v_pool) else 'not_found' end;
		v_answers := v_answers || jsonb_build_object('id', v_id, 'status', v_status);
		if v_status = 'ok' then
			v_moved := v_moved
				|| jsonb_build_object('registration', v_id, 'version', v_r.version + 1, 'pool', v_r.pool_id);
		end if;
	end loop;
	if private.serve_queues(summit) = 0 and v_moved <> '[]' then
		perform private.keep_undoable(summit, 'registrations_moved', to_jsonb(v_pool.name), v_moved, 'registration');
	end if;
	perform private.publish_event('summit:' || summit, 'seats');
	return v_answers;
end
$$;
grant execute on function public.move_to_pool(uuid, uuid[], uuid) to authenticated;

-- Whether a change of category can be undone, asked before it is made: it neither sends a mail nor moves money nor makes
-- a badge before the person is accredited for a seat, and nothing that it ends would stay lost: an offer, a place in the
-- delegation, a nomination, a refused one, the request for a member, another affiliation.
create or replace function private.is_category_change_reversible(p_r public.registrations, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_r.state in ('submitted', 'nominated', 'accredited')
		and not exists (
			select from public.queue_entries as q where q.registration_id = p_r.id and q.state = 'offered')
		and not exists (
			select from public.member_requests as q where q.registration_id = p_r.id and q.state = 'open')
		and (p_member is not distinct from p_r.member_id
			or p_r.state <> 'nominated'
			and not exists (select from public.delegation_places as d where d.registration_id = p_r.id)
			and not exists (select from public.nomination_refusals as x where x.registration_id = p_r.id)
			and exists (
				select from public.people as p
				join public.members as m on m.id = coalesce(p_r.member_id, p_member)
				where p.id = p_r.person_id and (p.affiliation = m.name or private.has_alias(p.id))))
$$;

-- Keeps a change of category that was made, so that it can be undone; not where it erased answers of the logistics form
-- or gave somebody who waits a seat.
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
			where s.summit_id = r.summit_id and s.registration_id <> r.id and s.created_at = now())
$$;

-- Checks, locks and changes the category. `p_tried`: a preview, which makes the change and takes it back. `p_second`:
-- the second person confirms a proposal. Nobody changes their own category, nor that of a person for whom they act.
-- Where two people accredit or decline, two change a category: one proposes, the other confirms, and the change is made
-- then, under the conditions of that moment (08_accreditation/second_person.sql). Locks the modes, then the
-- registration.
create or replace function private.try_category_change(p_registration uuid, p_category public.registration_category, p_member uuid,
	p_version integer, p_reason text, p_tried boolean, p_second boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_member uuid;
	v_obstacle text;
	v_proposes boolean;
	v_is_reversible boolean;
	v_answer jsonb;
begin
	select * into v_r from public.registrations as r where r.id = p_registration and r.state <> 'draft';
	if not found
		or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	if p_version <> v_r.version then return jsonb_build_object('status', 'changed'); end if;
	v_member := coalesce(p_member, case when p_category = 'delegate' then v_r.member_id end);
	v_obstacle := private.category_obstacle(v_r, p_category, v_member);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	-- A preview also checks the watch list, and safeguarding is notified of it: nobody can probe the list unnoticed.
	if v_r.state not in ('submitted', 'nominated') and private.needs_safeguarding_decision(v_r) then
		return jsonb_build_object('status', 'needs_safeguarding');
	end if;
	v_proposes := not p_second and private.category_change_needs_second_person(v_r, p_category);
	if v_proposes and exists (
		select from private.decision_proposals as p where p.registration_id = v_r.id and p.state = 'open') then
		return jsonb_build_object('status', 'proposal_open');
	end if;
	perform private.set_audit_context(v_r.person_id, p_reason);
	-- What two people decided, one of them does not undo.
	v_is_reversible := not p_second and private.is_category_change_reversible(v_r, v_member);
	begin
		v_answer := private.apply_category_change(v_r, p_category, v_member, p_reason);
		if v_answer ->> 'status' in ('ok', 'awaiting_payment') then
			-- A preview must find the faults that would otherwise appear at commit.
			set constraints public.seat_fault immediate;
			set constraints public.seat_fault deferred;
			if not p_tried and not v_proposes then
				if v_is_reversible then perform private.keep_category_change(v_r, v_answer); end if;
				return v_answer;
			end if;
		end if;
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when sqlstate 'PT409' or integrity_constraint_violation then return jsonb_build_object('status', 'failed');
	end;
	if not v_proposes or v_answer ->> 'status' not in ('ok', 'awaiting_payment') then return v_answer; end if;
	if p_tried then return v_answer || '{"second": true}'; end if;
	return jsonb_build_object('status', private.propose_decision(v_r, 'change_category', p_reason, p_category, v_member));
end
$$;

-- What undoing a decision needs: the one before, and how the act left the decision and its session.
create or replace function private.decided_json(p_proposal uuid, p_before text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('proposal', d.proposal_id, 'before', p_before, 'version', d.version,
		'released_at', d.decision_released_at, 'session_version', s.version)
	from private.proposal_decisions as d
	left join public.sessions as s on s.id = d.session_id
	where d.proposal_id = p_proposal
$$;

-- Decides on up to 500 proposals. `choices`: [{id, version}], with the version of the decision that the organiser saw
-- (0: none). `decision`: accept | waitlist | decline, or null to withdraw it. Answers [{id, status}], with the statuses
-- of `record_proposal_decision`, conflict (of interest) or not_found. It can be undone until it is released, unless it
-- took a session away or brought one back: its times would stay lost. Locks the proposals in the order of their ids.
create or replace function public.decide_proposals(summit uuid, choices jsonb, decision text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_id uuid;
	v_version integer;
	v_status text;
	v_before private.proposal_decisions;
	v_answers jsonb := '[]';
	v_decided jsonb := '[]';
	v_is_reversible boolean := true;
begin
	if not private.has_role(summit, 'programme')
		or jsonb_typeof(choices) is distinct from 'array'
		or jsonb_array_length(choices) > 500
		or decision is not null and decision not in ('accept', 'waitlist', 'decline') then
		return '[]';
	end if;
	for v_id, v_version in
		select distinct on (1)
			private.parse_uuid(one ->> 'id'),
			case when one ->> 'version' ~ '^\d{1,9}$' then (one ->> 'version')::integer else -1 end
		from jsonb_array_elements(choices) as one
		where private.parse_uuid(one ->> 'id') is not null
		order by 1
	loop
		select * into v
		from private.proposals as p
		where p.id = v_id
			and p.summit_id = summit
			and p.state <> 'draft'
		for no key update;
		if not found then
			v_answers := v_answers || jsonb_build_object('id', v_id, 'status', 'not_found');
			continue;
		end if;
		select * into v_before from private.proposal_decisions as d where d.proposal_id = v_id;
		v_status := case
			when private.conflict_of(v_id, private.me()) is not null then 'conflict'
			else private.record_proposal_decision(v, decision, v_version)
		end;
		v_answers := v_answers || jsonb_build_object('id', v_id, 'status', v_status);
		if v_status = 'ok' then
			v_is_reversible := v_is_reversible and (v_before.session_id is null
				or 'accept' not in (coalesce(v_before.decision, ''), coalesce(decision, '')));
			v_decided := v_decided || private.decided_json(v_id, v_before.decision);
		end if;
	end loop;
	if v_is_reversible and v_decided <> '[]' then
		perform private.keep_undoable(summit, 'proposals_decided', null, v_decided, 'programme');
	end if;
	perform private.publish_event('organise:' || summit, 'proposals');
	return v_answers;
end
$$;
grant execute on function public.decide_proposals(uuid, jsonb, text) to authenticated;

-- Keeps the assignments that the reader has just made, so that they can be undone until a review is begun.
create or replace function private.keep_assignments(p_summit uuid, p_assigned jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	select private.keep_undoable(p_summit, 'reviewers_assigned', null, p_assigned, 'programme')
	where jsonb_array_length(p_assigned) > 0
$$;

-- Assigns proposals to a reviewer, which can be undone. Answers {assigned, conflicts}: those with a conflict are left
-- out, and only their number is given.
create or replace function public.assign_reviewer(summit uuid, proposals uuid[], person uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_assigned jsonb;
begin
	if not private.has_role(summit, 'programme')
		or cardinality(proposals) > 500
		or not exists (
			select
			from private.reviewers as r
			where r.summit_id = summit
				and r.person_id = person
				and r.ended_at is null
				and (r.until is null or r.until > now())
		) then
		return jsonb_build_object('assigned', 0, 'conflicts', 0);
	end if;
	with assigned as (
		insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
		select p.id, person, private.me()
		from private.proposals as p
		where p.id = any (proposals)
			and p.summit_id = summit
			and p.state = 'submitted'
			and private.conflict_of(p.id, person) is null
		on conflict do nothing
		returning proposal_id, reviewer_id
	)
	select coalesce(jsonb_agg(jsonb_build_object('proposal', a.proposal_id, 'reviewer', a.reviewer_id)), '[]')
	into v_assigned
	from assigned as a;
	perform private.keep_assignments(summit, v_assigned);
	return jsonb_build_object('assigned', jsonb_array_length(v_assigned), 'conflicts', (
		select count(*)
		from private.proposals as p
		where p.id = any (proposals)
			and p.summit_id = summit
			and p.state = 'submitted'
			and private.conflict_of(p.id, person) is not null
	));
end
$$;
grant execute on function public.assign_reviewer(uuid, uuid[], uuid) to authenticated;

-- Assigns each submitted proposal evenly to reviewers, up to `each` (1 to 20): of its track, without a conflict, those
-- with the fewest assignments first, which can be undone. Answers {assigned, short: how many proposals still have too
-- few}. Two organisers at once come one after the other.
create or replace function public.assign_reviews_evenly(summit uuid, each integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	p private.proposals;
	v_reviewer uuid;
	v_missing integer;
	v_assigned jsonb := '[]';
	v_short integer := 0;
begin
	if not private.has_role(summit, 'programme') or coalesce(each, 0) not between 1 and 20 then
		return jsonb_build_object('assigned', 0, 'short', 0);
	end if;
	perform pg_advisory_xact_lock(hashtextextended('reviews:' || summit, 0));
	for p in
		select *
		from private.proposals as own
		where own.summit_id = summit and own.state = 'submitted'
		order by own.code
	loop
		v_missing := each - (select count(*) from private.review_assignments as a where a.proposal_id = p.id);
		continue when v_missing <= 0;
		for v_reviewer in
			select r.person_id
			from private.reviewers as r
			where r.summit_id = summit
				and r.ended_at is null
				and (r.until is null or r.until > now())
				and (r.track_ids = '{}' or p.track_id = any (r.track_ids))
				and not exists (
					select
					from private.review_assignments as a
					where a.proposal_id = p.id and a.reviewer_id = r.person_id
				)
			order by
				(
					select count(*)
					from private.review_assignments as a
					join private.proposals as o on o.id = a.proposal_id
					where a.reviewer_id = r.person_id and o.summit_id = summit
				),
				md5(p.id::text || r.person_id::text)
		loop
			continue when private.conflict_of(p.id, v_reviewer) is not null;
			insert into private.review_assignments (proposal_id, reviewer_id, assigned_by)
			values (p.id, v_reviewer, private.me());
			v_assigned := v_assigned || jsonb_build_object('proposal', p.id, 'reviewer', v_reviewer);
			v_missing := v_missing - 1;
			exit when v_missing = 0;
		end loop;
		if v_missing > 0 then v_short := v_short + 1; end if;
	end loop;
	perform private.keep_assignments(summit, v_assigned);
	return jsonb_build_object('assigned', jsonb_array_length(v_assigned), 'short', v_short);
end
$$;
grant execute on function public.assign_reviews_evenly(uuid, integer) to authenticated;

-- Deletes a file that no page uses, in its draft or in a version, which can be undone. Answers ok | not_found | in_use.
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
	perform private.begin_undoable(summit, 'page_file_deleted',
		(select to_jsonb(f.shown_name) from private.page_files as f where f.id = delete_page_file.file), 'programme');
	delete from private.page_files as f where f.id = delete_page_file.file and f.summit_id = delete_page_file.summit;
	if not found then return 'not_found'; end if;
	return 'ok';
end
$$;
grant execute on function public.delete_page_file(uuid, uuid) to authenticated;

-- The object of a file whose deletion is undone is kept again: the store erases none within that time
-- (11_files/store.sql).
create or replace function private.keep_page_object() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'kept', changed_at = now()
	where o.name = new.object_name and o.state = 'deletable';
	return null;
end
$$;

create trigger keep_page_object after insert on private.page_files for each row
	execute function private.keep_page_object();

-- Whether the deletion of a file of pages that used this object can still be undone; a minute later than its author can.
create or replace function private.is_object_recoverable(p_name text, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.undoable_acts as u
		where u.act = 'page_file_deleted'
			and u.made_at > p_now - interval '11 minutes'
			and u.changes @> jsonb_build_array(jsonb_build_object('before', jsonb_build_object('object_name', p_name))))
$$;

-- The objects that the store may delete: those that nothing points to any more, and uploads that were never finished.
create or replace function private.objects_to_erase(p_now timestamptz default now()) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
	where o.state = 'deletable' and not private.is_object_recoverable(o.name, p_now)
		or o.state = 'writing' and o.changed_at < p_now - interval '2 hours'
	order by o.changed_at limit 200
$$;
grant execute on function private.objects_to_erase(timestamptz) to app_server;

-- Moves registrations back to the pools that they were in; one without a pool before has none again, if it still has no
-- seat. Then those who wait are served. The caller holds the locks of both modes. Locks the registrations by id.
create or replace function private.reverse_pool_moves(p_act private.undoable_acts) returns void
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

-- Gives a registration its former category, with its former member or pool. The caller holds the locks of both modes.
-- Locks the registration.
create or replace function private.reverse_category_change(p_act private.undoable_acts) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_change record;
	v_r public.registrations;
	v_pool public.pools;
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
	perform private.set_audit_context(v_r.person_id);
	if private.apply_category_change(v_r, v_change.category, v_change.member, '') ->> 'status' <> 'ok' then
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
end
$$;

-- Decides as before, unless the decision was released or its session was worked on since. Locks the proposals by id.
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
		if not exists (
				select from private.proposal_decisions as d
				left join public.sessions as s on s.id = d.session_id
				where d.proposal_id = v_made.proposal
					and d.decision_released_at is not distinct from v_made.released_at
					and s.version is not distinct from v_made.session_version
					and not exists (select from public.slots where session_id = s.id)
					and not exists (select from public.session_people as sp where sp.session_id = s.id))
			or private.record_proposal_decision(v_proposal, v_made.before, v_made.version) <> 'ok'
		then
			raise sqlstate 'GS002' using message = 'changed';
		end if;
	end loop;
	perform private.publish_event('organise:' || p_act.summit_id, 'proposals');
end
$$;

-- Takes proposals back from their reviewers, unless one of them has begun a review or is no longer assigned.
create or replace function private.reverse_assignments(p_act private.undoable_acts) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows integer;
begin
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
		when 'category_changed' then perform private.reverse_category_change(p_act);
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

-- Undoes an act of the reader at a Summit, in whole or not at all; a refused act cannot be undone later. Locks the act,
-- for an act on seats both modes, then the rows that the act changed.
create or replace function public.undo_act(summit uuid, act uuid) returns public.undo_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_act private.undoable_acts;
begin
	select * into v_act
	from private.undoable_acts as u
	where u.id = undo_act.act
		and u.summit_id = undo_act.summit
		and u.person_id = (select private.me())
		and u.made_at > now() - interval '10 minutes'
	for update;
	if not found or not private.has_role(summit, variadic v_act.roles) then return 'gone'; end if;
	delete from private.undoable_acts as u where u.id = v_act.id;
	if v_act.act in ('pool_removed', 'registrations_moved', 'category_changed') then
		perform private.lock_modes(summit);
	end if;
	return case
		when case
			when v_act.act in ('registrations_moved', 'category_changed', 'proposals_decided', 'reviewers_assigned')
				then private.reverse_act(v_act)
			else private.restore_rows(v_act.changes) end
			then 'ok'
		else 'changed' end;
end
$$;
grant execute on function public.undo_act(uuid, uuid) to authenticated;
