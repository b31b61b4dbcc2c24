-- Proposals for the agenda. Drafts keep themselves; two tabs never overwrite each other silently. Everything is read
-- and written by functions: the tables open for nobody.

create function private.is_answered(p_question uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.proposal_answers as a where a.question_id = p_question)
$$;

-- Whom the signed-in account speaks for in this proposal, as an author; null for everybody else.
create function private.author_of(p_proposal uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.person_id from private.proposal_people as e join private.proposals as p on p.id = e.proposal_id
	where e.proposal_id = p_proposal and (e.is_author or e.person_id = p.owner_id) and e.state = 'confirmed'
		and e.person_id in (select private.my_people('speaking'))
	order by e.person_id <> private.me(), e.position limit 1
$$;

-- An answer is empty, or of the question's kind.
create function private.fits_question(q private.call_questions, p_answer jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(case q.kind
		when 'several' then jsonb_typeof(p_answer) = 'array' and jsonb_array_length(p_answer) <= 50
			and not exists (select from jsonb_array_elements_text(p_answer) as one (key)
			where not q.choices @> jsonb_build_array(jsonb_build_object('key', one.key)))
		else jsonb_typeof(p_answer) = 'string' and case q.kind
			when 'text' then length(p_answer #>> '{}') <= 200
			when 'long_text' then length(p_answer #>> '{}') <= 2000
			when 'number' then (p_answer #>> '{}') ~ '^-?\d{1,9}([.]\d{1,4})?$'
			else q.choices @> jsonb_build_array(jsonb_build_object('key', p_answer #>> '{}')) end end, false)
$$;

-- Writes answers ({question: answer}); '' and [] take one away. Names of questions that it does not fit come back.
create function private.save_answers(p_proposal uuid, p_entry uuid, p_answers jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := '{}';
	v_given record;
	q private.call_questions;
begin
	for v_given in
		select asked, given.value as answer
			from jsonb_each(case when jsonb_typeof(p_answers) = 'object' then p_answers else '{}' end) as given
		join private.call_questions as asked on asked.id = private.as_uuid(given.key) and asked.retired_at is null
			and asked.about = case when p_entry is null then 'proposal' else 'person' end
		join private.proposals as p on p.id = p_proposal and p.summit_id = asked.summit_id
	loop
		q := v_given.asked;
		if v_given.answer in ('""'::jsonb, '[]'::jsonb, 'null'::jsonb) then
			delete from private.proposal_answers as a
				where a.proposal_id = p_proposal and a.question_id = q.id and a.entry_id is not distinct from p_entry;
		elsif not private.fits_question(q, v_given.answer) then
			v_faults := v_faults || ('answer:' || q.id);
		else
			insert into private.proposal_answers (proposal_id, question_id, entry_id, answer)
				values (p_proposal, q.id, p_entry, v_given.answer)
			on conflict on constraint proposal_answers_proposal_id_question_id_entry_id_key do update
				set answer = excluded.answer;
		end if;
	end loop;
	return v_faults;
end
$$;

-- What a proposal still lacks before it can be sent: names of fields, answer:<id> for questions.
create function private.lacks_of(p private.proposals) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case when p.title = '{}'::jsonb then 'title' end, case when p.abstract = '{}'::jsonb then 'abstract' end,
		case when p.format_id is null
			and exists (select from public.formats as f where f.summit_id = p.summit_id) then 'format' end,
		case when p.track_id is null
			and exists (select from public.tracks as t where t.summit_id = p.summit_id) then 'track' end], null)
		|| coalesce((select array_agg('answer:' || q.id order by q.position, q.id) from private.call_questions as q
			where q.summit_id = p.summit_id and q.retired_at is null and q.is_required
				and not exists (select from private.proposal_answers as a
				left join private.proposal_people as e on e.id = a.entry_id
				where a.proposal_id = p.id and a.question_id = q.id
					and (q.about = 'proposal' or e.person_id = p.owner_id))), '{}')
$$;

-- {status: ok | closed | too_many | not_allowed, id}. The close is the database's clock.
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
	if (select count(*) from private.proposals as p
		where p.owner_id = v_me and p.summit_id = summit and p.state <> 'withdrawn')
			>= (select c.max_per_person from private.calls as c where c.summit_id = summit)
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

-- Longest texts, in characters of any script.
create function private.is_short(p_text public.text_map, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
	select p_text is not null and (select count(*) from jsonb_object_keys(p_text)) <= 12
		and not exists (select from jsonb_each_text(p_text) as t (tag, words) where length(t.words) > p_most)
$$;

-- What somebody typed, as the row it would be; faults are the names of fields that cannot be.
create function private.typed_proposal(p_old private.proposals, p_fields jsonb, out typed private.proposals,
	out faults text[])
language plpgsql stable security definer set search_path = '' as $$
declare
	v_known constant text[] := array['title', 'abstract', 'content_note', 'notes', 'format_id', 'track_id', 'spoken',
		'attendance', 'level'];
	v_call private.calls;
begin
	faults := '{}';
	begin
		typed := jsonb_populate_record(p_old,
			(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p_fields) where key = any (v_known)));
	exception when data_exception or integrity_constraint_violation then
		typed := p_old;
		faults := array['form'];
		return;
	end;
	select * into v_call from private.calls as c where c.summit_id = p_old.summit_id;
	faults := array_remove(array[
		case when not coalesce(private.is_short(typed.title, 200), false) then 'title' end,
			case when not coalesce(private.is_short(typed.abstract, 5000), false) then 'abstract' end,
		case when not coalesce(private.is_short(typed.content_note, 500), false) then 'content_note' end,
			case when coalesce(length(typed.notes), 9999) > 4000 then 'notes' end,
		case when typed.format_id is not null and not exists (select from public.formats as f
			where f.id = typed.format_id and f.summit_id = p_old.summit_id
			and (v_call.format_ids = '{}' or f.id = any (v_call.format_ids) or f.id = p_old.format_id))
				then 'format' end,
		case when typed.track_id is not null
			and not exists (select from public.tracks as t where t.id = typed.track_id and t.summit_id = p_old.summit_id
			and (v_call.track_ids = '{}' or t.id = any (v_call.track_ids) or t.id = p_old.track_id)) then 'track' end,
		case when typed.spoken is null or cardinality(typed.spoken) not between 1 and 10 or exists (select
			from unnest(typed.spoken) as tag
			where tag is null or tag !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$') then 'spoken' end,
		case when typed.attendance is null then 'attendance' end, case when typed.level is null then 'level' end],
			null);
end
$$;

-- Saves what an author typed, all of it or nothing, if nobody saved since `version`. What was sent already must stay
-- complete. {status: ok | conflict | closed | invalid | withdrawn | not_found, version, faults}; after the close
-- nothing changes any more.
create function public.save_proposal(proposal uuid, fields jsonb, version integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_read record;
	v_typed private.proposals;
	v_faults text[];
	v_author uuid := private.author_of(proposal);
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
	v_read := private.typed_proposal(v, fields);
	v_typed := v_read.typed;
	v_faults := v_read.faults;
	perform private.speak_for(v_author);
	select e.id into v_entry from private.proposal_people as e where e.proposal_id = v.id and e.person_id = v_author;
	begin
		v_faults := v_faults || private.save_answers(v.id, null, fields -> 'answers')
			|| private.save_answers(v.id, v_entry, fields -> 'own_answers');
		if v_faults = '{}' then
			update private.proposals as p set title = v_typed.title, abstract = v_typed.abstract,
				content_note = v_typed.content_note, notes = v_typed.notes,
				format_id = v_typed.format_id, track_id = v_typed.track_id, spoken = v_typed.spoken,
					attendance = v_typed.attendance, level = v_typed.level,
				version = p.version + 1, updated_at = now() where p.id = v.id returning * into v;
			if v.state = 'submitted' then v_faults := private.lacks_of(v); end if;
		end if;
		-- Undoes what was written above.
		if v_faults <> '{}' then raise sqlstate 'PT422'; end if;
	exception when sqlstate 'PT422' then
		return jsonb_build_object('status', 'invalid', 'faults', v_faults, 'version', save_proposal.version);
	end;
	perform private.tell('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok', 'version', v.version);
end
$$;
grant execute on function public.save_proposal(uuid, jsonb, integer) to authenticated;

-- {status: ok | already | incomplete | closed | not_found, faults}
create function public.submit_proposal(proposal uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_author uuid := private.author_of(proposal);
	v_faults text[];
begin
	select * into v from private.proposals as p where p.id = proposal and v_author is not null for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v.state = 'submitted' then return jsonb_build_object('status', 'already'); end if;
	if v.state = 'withdrawn' or private.call_window(v.summit_id, v.owner_id) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	v_faults := private.lacks_of(v);
	if v_faults <> '{}' then return jsonb_build_object('status', 'incomplete', 'faults', v_faults); end if;
	perform private.speak_for(v_author);
	update private.proposals as p
		set state = 'submitted', submitted_at = now(), version = p.version + 1, updated_at = now() where p.id = v.id;
	perform private.enqueue_mail(v.owner_id, 'proposal_received',
		jsonb_build_object('code', v.code, 'proposal_id', v.id, 'title', v.title), v.summit_id, 'proposal_received:'
		|| v.id);
	perform private.tell('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.submit_proposal(uuid) to authenticated;

-- By its owner, at any time until a decision on it is told. Answers ok | already | decided | not_found.
create function public.withdraw_proposal(proposal uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
begin
	select * into v from private.proposals as p
		where p.id = proposal and p.owner_id in (select private.my_people('speaking')) for no key update;
	if not found then return 'not_found'; end if;
	if v.state = 'withdrawn' then return 'already'; end if;
	if private.told_decision(v.id) is not null then return 'decided'; end if;
	perform private.speak_for(v.owner_id);
	update private.proposals as p set state = 'withdrawn', version = p.version + 1, updated_at = now()
		where p.id = v.id;
	update private.proposal_people as e set token_hash = null where e.proposal_id = v.id;
	perform private.drop_decision(v.id);
	perform private.tell('organise:' || v.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.withdraw_proposal(uuid) to authenticated;

-- Who acts for whom goes into the audit.
create function private.speak_for(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select set_config('app.principal',
		case when p_person is distinct from private.me() then coalesce(p_person::text, '') else '' end, true)
$$;
