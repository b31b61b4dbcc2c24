-- Deciding on proposals and releasing the decisions. Until their release nobody is notified, and the mails are held.

-- The decision of which the people of a proposal were notified; null: none yet.
create function private.released_decision_of(p_proposal uuid) returns text
language sql stable security definer set search_path = '' as $$
	select d.released_decision from private.proposal_decisions as d where d.proposal_id = p_proposal
$$;

-- Deletes the session that was made of a proposal if nothing else needs it; a session that was placed or released, or
-- has people or groups, is cancelled instead.
create function private.discard_proposal_session(p_proposal uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid := (select d.session_id from private.proposal_decisions as d where d.proposal_id = p_proposal);
begin
	delete from public.sessions as s
	where s.id = v_session
		and s.state = 'draft'
		and not exists (select from public.slots where session_id = s.id)
		and not exists (select from public.release_sessions as r where r.session_id = s.id)
		and not exists (select from public.session_people as sp where sp.session_id = s.id)
		and not exists (select from private.session_groups as g where g.session_id = s.id);
	if not found then
		update public.sessions as s
		set state = 'cancelled',
			version = s.version + 1,
			updated_at = now()
		where s.id = v_session;
	end if;
end
$$;

-- Deletes the held mails of a decision.
create function private.delete_decision_mails(p_proposal uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.outbox
	where state = 'held'
		and idempotency_key like 'proposal_decision:' || p_proposal || ':%'
$$;

-- Drops a decision with its held mails and its session, when the proposal is withdrawn.
create function private.discard_proposal_decision(p_proposal uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.delete_decision_mails(p_proposal);
	perform private.discard_proposal_session(p_proposal);
	update private.proposal_decisions as d
	set decision = null,
		version = d.version + 1
	where d.proposal_id = p_proposal;
end
$$;

-- Holds a mail about the decision for each confirmed person of the proposal, in place of the mails of the decision
-- before.
create function private.hold_decision_mails(p private.proposals, p_decision text, p_version integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.delete_decision_mails(p.id);
	insert into private.outbox (person_id, template, locale, params, summit_id, priority, state, idempotency_key)
	select
		e.person_id,
		case p_decision
			when 'accept' then 'proposal_accepted'
			when 'waitlist' then 'proposal_waitlisted'
			else 'proposal_declined'
		end,
		coalesce((select f.locale from public.person_preferences as f where f.person_id = e.person_id), 'en'),
		jsonb_build_object('code', p.code, 'title', p.title, 'proposal_id', p.id),
		p.summit_id,
		5,
		'held',
		'proposal_decision:' || p.id || ':' || e.person_id || ':' || p_version
	from private.proposal_people as e
	where e.proposal_id = p.id
		and e.state = 'confirmed'
	on conflict (idempotency_key) do nothing;
end
$$;

-- Makes the draft session of an accepted proposal, once: with its texts, format and wishes. A session that was
-- cancelled with an earlier decision is restored. Its people join when the decision is released. Answers its id.
create function private.create_proposal_session(p private.proposals) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := (
		select s.id
		from private.proposal_decisions as d
		join public.sessions as s on s.id = d.session_id
		where d.proposal_id = p.id
	);
begin
	if v_id is not null then
		update public.sessions as s
		set state = 'draft',
			version = s.version + 1,
			updated_at = now()
		where s.id = v_id
			and s.state = 'cancelled';
		return v_id;
	end if;
	insert into public.sessions (
		summit_id, title, abstract, content_note, format_id, track_id, level, audience, attendance, spoken
	)
	values (
		p.summit_id,
		p.title,
		p.abstract,
		p.content_note,
		p.format_id,
		p.track_id,
		p.level,
		case when p.level = 'closed' then 'listed' else 'registered' end::public.session_audience,
		p.attendance,
		p.spoken
	)
	returning id into v_id;
	return v_id;
end
$$;

-- Invites the people of a proposal to its session; those who are in it already are left as they are.
create function private.add_proposal_people_to_session(p_proposal uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.session_people (session_id, summit_id, person_id, role, position)
	select s.id, s.summit_id, e.person_id, e.role, e.position
	from private.proposal_decisions as d
	join public.sessions as s on s.id = d.session_id
	join private.proposal_people as e on e.proposal_id = d.proposal_id and e.state = 'confirmed'
	where d.proposal_id = p_proposal
	on conflict on constraint session_people_session_id_person_id_role_key do nothing
$$;

-- Decides on one proposal, which the caller has locked. Answers ok | same | changed_meanwhile | released (it was
-- accepted and its people notified: the session has to be cancelled instead) | withdrawn.
create function private.record_proposal_decision(p private.proposals, p_decision text, p_version integer) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	d private.proposal_decisions;
	v_session uuid;
begin
	if p.state <> 'submitted' then return 'withdrawn'; end if;
	select * into d from private.proposal_decisions as own where own.proposal_id = p.id;
	if coalesce(d.version, 0) <> p_version then return 'changed_meanwhile'; end if;
	if d.decision is not distinct from p_decision then return 'same'; end if;
	if d.released_decision = 'accept' then return 'released'; end if;
	if p_decision = 'accept' then
		v_session := private.create_proposal_session(p);
	elsif d.decision = 'accept' then
		perform private.discard_proposal_session(p.id);
	end if;
	insert into private.proposal_decisions as own (proposal_id, summit_id, decision, decided_by, session_id)
	values (p.id, p.summit_id, p_decision, private.me(), v_session)
	on conflict (proposal_id) do update set
		decision = excluded.decision,
		decided_by = excluded.decided_by,
		decided_at = now(),
		version = own.version + 1,
		session_id = coalesce(excluded.session_id, own.session_id)
	returning * into d;
	-- A decision that is withdrawn, or that its people know already, needs no mail.
	if p_decision is null or p_decision = d.released_decision then
		perform private.delete_decision_mails(p.id);
	else
		perform private.hold_decision_mails(p, p_decision, d.version);
	end if;
	return 'ok';
end
$$;

-- What undoing a decision needs: the one before, and how the act left the decision and its session.
create function private.decided_json(p_proposal uuid, p_before text) returns jsonb
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
create function public.decide_proposals(summit uuid, choices jsonb, decision text) returns jsonb
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

-- Releases decisions (`ids` null: all): their mails are sent, and people of accepted proposals join the sessions.
-- Answers {released, mails}. Locks the proposals in the order of their ids.
create function public.release_decisions(summit uuid, ids uuid[] default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	d private.proposal_decisions;
	v_mail uuid;
	v_released integer := 0;
	v_mails integer := 0;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('released', 0, 'mails', 0); end if;
	for v in
		select p.*
		from private.proposals as p
		where p.summit_id = summit
			and p.state = 'submitted'
			and (ids is null or p.id = any (ids))
		order by p.id
		for no key update
	loop
		select * into d
		from private.proposal_decisions as own
		where own.proposal_id = v.id
			and own.decision is not null
			and own.decision is distinct from own.released_decision;
		continue when not found;
		update private.proposal_decisions as own set released_decision = own.decision, decision_released_at = now()
			where own.proposal_id = v.id;
		if d.decision = 'accept' then perform private.add_proposal_people_to_session(v.id); end if;
		-- Held again, so that people who joined after the decision are notified too.
		perform private.hold_decision_mails(v, d.decision, d.version);
		for v_mail in
			update private.outbox as o
			set state = 'queued', send_after = now(), created_at = now()
			where o.state = 'held'
				and o.idempotency_key like 'proposal_decision:' || v.id || ':%'
			returning o.id
		loop
			perform private.publish_event('outbox', 'mail', v_mail);
			v_mails := v_mails + 1;
		end loop;
		perform private.publish_event('person:' || e.person_id, 'rights')
		from private.proposal_people as e
		where e.proposal_id = v.id
			and e.state = 'confirmed';
		v_released := v_released + 1;
	end loop;
	perform private.publish_event('organise:' || summit, 'proposals');
	return jsonb_build_object('released', v_released, 'mails', v_mails);
end
$$;
grant execute on function public.release_decisions(uuid, uuid[]) to authenticated;

-- Marks whether a proposal gives survivors a voice. Answers ok | not_found.
create function public.mark_proposal(proposal uuid, brings_survivors boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (
		select
		from private.proposals as p
		where p.id = proposal and p.state <> 'draft' and private.has_role(p.summit_id, 'programme')
	) then
		return 'not_found';
	end if;
	insert into private.proposal_marks
	values (proposal, coalesce(brings_survivors, false))
	on conflict (proposal_id) do update set brings_survivors = excluded.brings_survivors;
	return 'ok';
end
$$;
grant execute on function public.mark_proposal(uuid, boolean) to authenticated;
