-- Writing proposals: starting one, saving it as a draft or after it was submitted, submitting and withdrawing it.

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

-- What a proposal lacks before it can be submitted: names of fields, and answer:<id> of required questions.
create function private.missing_proposal_fields(p private.proposals) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case when p.title = '{}'::jsonb then 'title' end,
			case when p.abstract = '{}'::jsonb then 'abstract' end,
			case
				when p.format_id is null
					and exists (select from public.formats as f where f.summit_id = p.summit_id) then 'format'
			end,
			case
				when p.track_id is null
					and exists (select from public.tracks as t where t.summit_id = p.summit_id) then 'track'
			end],
		null
	) || coalesce(
		(
			select array_agg('answer:' || q.id order by q.position, q.id)
			from private.call_questions as q
			where q.summit_id = p.summit_id
				and q.retired_at is null
				and q.is_required
				and not exists (
					select
					from private.proposal_answers as a
					left join private.proposal_people as e on e.id = a.entry_id
					where a.proposal_id = p.id
						and a.question_id = q.id
						and (q.subject = 'proposal' or e.person_id = p.owner_id)
				)
		),
		'{}'
	)
$$;

-- Whether each text has at most `p_most` characters, of any script, in at most 12 languages.
create function private.is_within_length(p_text public.text_map, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
	select p_text is not null
		and (select count(*) from jsonb_object_keys(p_text)) <= 12
		and not exists (select from jsonb_each_text(p_text) as t (tag, words) where length(t.words) > p_most)
$$;

-- The fields of a proposal as somebody typed it that are not valid. A format or track that the call no longer offers
-- stays valid where it was chosen.
create function private.proposal_field_faults(p_old private.proposals, p_typed private.proposals) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case
				when not coalesce(
					private.is_within_length(p_typed.title, 200) and private.are_one_line(p_typed.title), false
				) then 'title'
			end,
			case when not coalesce(private.is_within_length(p_typed.abstract, 5000), false) then 'abstract' end,
			case when not coalesce(private.is_within_length(p_typed.content_note, 500), false) then 'content_note' end,
			case when coalesce(length(p_typed.notes), 9999) > 4000 then 'notes' end,
			case
				when p_typed.format_id is not null
					and not exists (
						select
						from public.formats as f
						where f.id = p_typed.format_id
							and f.summit_id = p_old.summit_id
							and (
								c.format_ids = '{}'
								or f.id = any (c.format_ids)
								or f.id = p_old.format_id
							)
					) then 'format'
			end,
			case
				when p_typed.track_id is not null
					and not exists (
						select
						from public.tracks as t
						where t.id = p_typed.track_id
							and t.summit_id = p_old.summit_id
							and (
								c.track_ids = '{}'
								or t.id = any (c.track_ids)
								or t.id = p_old.track_id
							)
					) then 'track'
			end,
			case
				when p_typed.spoken is null
					or cardinality(p_typed.spoken) not between 1 and 10
					or exists (
						select
						from unnest(p_typed.spoken) as tag
						where tag is null or tag !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'
					) then 'spoken'
			end,
			case when p_typed.attendance is null then 'attendance' end,
			case when p_typed.level is null then 'level' end],
		null
	)
	from (select) as one
	left join private.calls as c on c.summit_id = p_old.summit_id
$$;

-- The proposal with the fields that somebody typed, and the names of the fields that are not valid; `form` when they
-- cannot be read at all.
create function private.parse_proposal_fields(
	p_old private.proposals,
	p_fields jsonb,
	out typed private.proposals,
	out faults text[]
)
language plpgsql stable security definer set search_path = '' as $$
declare
	v_known constant text[] := array['title', 'abstract', 'content_note', 'notes', 'format_id', 'track_id', 'spoken',
		'attendance', 'level'];
begin
	begin
		typed := jsonb_populate_record(
			p_old,
			(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p_fields) where key = any (v_known))
		);
	exception when data_exception or integrity_constraint_violation then
		typed := p_old;
		faults := array['form'];
		return;
	end;
	faults := private.proposal_field_faults(p_old, typed);
end
$$;

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
