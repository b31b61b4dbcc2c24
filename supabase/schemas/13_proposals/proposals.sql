-- Writing proposals: starting one, saving it as a draft or after it was submitted, submitting and withdrawing it. Their
-- fields are checked in proposal_fields.sql.

-- For which person the account edits a proposal, as an author: the account's own person first, then those for whom it
-- may speak. Null for everybody else.
create function private.acting_author_of(p_proposal uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.person_id
	from private.proposal_people as e
	join private.proposals as p on p.id = e.proposal_id
	where e.proposal_id = p_proposal
		and (e.is_author or e.person_id = p.owner_id)
		and e.state = 'confirmed'
		and e.person_id in (select private.my_people('speaking'))
	order by e.person_id <> (select private.me()), e.position
	limit 1
$$;

-- Sets for whom the account acts in this transaction, for the audit (Rule 9).
create function private.set_audit_principal(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select set_config(
		'app.principal',
		case when p_person is distinct from private.me() then coalesce(p_person::text, '') else '' end,
		true
	)
$$;

-- Starts a draft of the reader. Answers {status: ok | closed | too_many | not_allowed, id}. The clock of the database
-- decides whether the call is open. The lock holds the limit per person also for two requests at once.
create function public.start_proposal(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null or summit not in (select private.readable_summits()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if private.call_window(summit, v_me) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('proposals:' || v_me || summit, 0));
	-- Withdrawn proposals do not count, but nobody makes more than 100.
	if (
			select count(*)
			from private.proposals as p
			where p.owner_id = v_me and p.summit_id = summit and p.state <> 'withdrawn'
		) >= (select c.max_per_person from private.calls as c where c.summit_id = summit)
		or (select count(*) from private.proposals as p where p.owner_id = v_me and p.summit_id = summit) >= 100 then
		return jsonb_build_object('status', 'too_many');
	end if;
	insert into private.proposals (summit_id, owner_id) values (summit, v_me) returning id into v_id;
	insert into private.proposal_people (proposal_id, summit_id, person_id, is_author, state, answered_at)
	values (v_id, summit, v_me, true, 'confirmed', now());
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.start_proposal(uuid) to authenticated;

-- Saves what an author typed, all or nothing, if nobody saved since `version` and the call is open for the owner. A
-- submitted proposal must stay complete. Answers {status: ok | conflict | closed | invalid | withdrawn | not_found,
-- version, faults}. Locks the proposal.
create function public.save_proposal(proposal uuid, fields jsonb, version integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_read record;
	v_typed private.proposals;
	v_faults text[];
	v_author uuid := private.acting_author_of(proposal);
	v_entry uuid;
begin
	select * into v from private.proposals as p where p.id = proposal and v_author is not null for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v.state = 'withdrawn' then return jsonb_build_object('status', 'withdrawn'); end if;
	if private.call_window(v.summit_id, v.owner_id) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	if v.version <> coalesce(save_proposal.version, 0) then
		return jsonb_build_object('status', 'conflict', 'version', v.version);
	end if;
	v_read := private.parse_proposal_fields(v, fields);
	v_typed := v_read.typed;
	v_faults := v_read.faults;
	perform private.set_audit_principal(v_author);
	select e.id into v_entry from private.proposal_people as e where e.proposal_id = v.id and e.person_id = v_author;
	begin
		v_faults := v_faults
			|| private.save_answers(v.id, null, fields -> 'answers')
			|| private.save_answers(v.id, v_entry, fields -> 'own_answers');
		if v_faults = '{}' then
			update private.proposals as p
			set title = v_typed.title,
				abstract = v_typed.abstract,
				content_note = v_typed.content_note,
				notes = v_typed.notes,
				format_id = v_typed.format_id,
				track_id = v_typed.track_id,
				spoken = v_typed.spoken,
				attendance = v_typed.attendance,
				level = v_typed.level,
				version = p.version + 1,
				updated_at = now()
			where p.id = v.id
			returning * into v;
			if v.state = 'submitted' then v_faults := private.missing_proposal_fields(v); end if;
		end if;
		-- Undoes what was written in this block.
		if v_faults <> '{}' then raise sqlstate 'PT422'; end if;
	exception when sqlstate 'PT422' then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults, 'version', save_proposal.version);
	end;
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok', 'version', v.version);
end
$$;
grant execute on function public.save_proposal(uuid, jsonb, integer) to authenticated;

-- Submits a complete draft and confirms it to its owner by mail. Answers {status: ok | already | incomplete | closed |
-- not_found, faults}. Locks the proposal.
create function public.submit_proposal(proposal uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_author uuid := private.acting_author_of(proposal);
	v_faults text[];
begin
	select * into v from private.proposals as p where p.id = proposal and v_author is not null for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v.state = 'submitted' then return jsonb_build_object('status', 'already'); end if;
	if v.state = 'withdrawn' or private.call_window(v.summit_id, v.owner_id) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	v_faults := private.missing_proposal_fields(v);
	if v_faults <> '{}' then return jsonb_build_object('status', 'incomplete', 'faults', v_faults); end if;
	perform private.set_audit_principal(v_author);
	update private.proposals as p
	set state = 'submitted',
		submitted_at = now(),
		version = p.version + 1,
		updated_at = now()
	where p.id = v.id;
	perform private.enqueue_mail(
		v.owner_id,
		'proposal_received',
		jsonb_build_object('code', v.code, 'proposal_id', v.id, 'title', v.title),
		v.summit_id,
		'proposal_received:' || v.id
	);
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.submit_proposal(uuid) to authenticated;

-- Withdraws a proposal, by its owner, until a decision on it was released. Invitations to it and a decision that waits
-- are dropped. Answers ok | already | decided | not_found. Locks the proposal.
create function public.withdraw_proposal(proposal uuid) returns public.proposal_withdrawal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
begin
	select * into v
	from private.proposals as p
	where p.id = proposal
		and p.owner_id in (select private.my_people('speaking'))
	for no key update;
	if not found then return 'not_found'; end if;
	if v.state = 'withdrawn' then return 'already'; end if;
	if private.released_decision_of(v.id) is not null then return 'decided'; end if;
	perform private.set_audit_principal(v.owner_id);
	update private.proposals as p
	set state = 'withdrawn',
		version = p.version + 1,
		updated_at = now()
	where p.id = v.id;
	update private.proposal_people as e set token_hash = null where e.proposal_id = v.id;
	perform private.discard_proposal_decision(v.id);
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.withdraw_proposal(uuid) to authenticated;
