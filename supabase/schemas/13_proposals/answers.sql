-- Answers to the questions of the call: about a proposal, or about each of its people.

-- Whether anybody has answered a question.
create function private.has_question_answers(p_question uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.proposal_answers as a where a.question_id = p_question)
$$;

-- Whether an answer, not empty, is of the kind of its question.
create function private.is_valid_answer(q private.call_questions, p_answer jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(
		case q.kind
			when 'several' then
				jsonb_typeof(p_answer) = 'array'
				and jsonb_array_length(p_answer) <= 50
				and not exists (
					select
					from jsonb_array_elements_text(p_answer) as one (key)
					where not q.choices @> jsonb_build_array(jsonb_build_object('key', one.key))
				)
			else
				jsonb_typeof(p_answer) = 'string'
				and case q.kind
					when 'text' then length(p_answer #>> '{}') <= 200
					when 'long_text' then length(p_answer #>> '{}') <= 2000
					when 'number' then (p_answer #>> '{}') ~ '^-?\d{1,9}([.]\d{1,4})?$'
					else q.choices @> jsonb_build_array(jsonb_build_object('key', p_answer #>> '{}'))
				end
		end,
		false
	)
$$;

-- Saves answers {question: answer} about a proposal (`p_entry` null) or one of its people; '', [] and null delete one.
-- Answers the fields that were refused, [answer:<question>]. Questions that are retired, of another Summit or not about
-- this are ignored.
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
		join private.call_questions as asked
			on asked.id = private.parse_uuid(given.key)
			and asked.retired_at is null
			and asked.subject = case when p_entry is null then 'proposal' else 'person' end
		join private.proposals as p on p.id = p_proposal and p.summit_id = asked.summit_id
	loop
		q := v_given.asked;
		if v_given.answer in ('""'::jsonb, '[]'::jsonb, 'null'::jsonb) then
			delete from private.proposal_answers as a
			where a.proposal_id = p_proposal
				and a.question_id = q.id
				and a.entry_id is not distinct from p_entry;
		elsif not private.is_valid_answer(q, v_given.answer) then
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

-- Saves the answers that somebody in a proposal gives about themselves, all or none, while the call is open for its
-- owner. Answers {status: ok | invalid | closed | not_found, faults}. Authors save theirs with the proposal
-- (proposals.sql).
create function public.save_own_answers(proposal uuid, answers jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.proposals;
	v_entry private.proposal_people;
	v_faults text[];
begin
	select * into v from private.proposals as p where p.id = proposal for no key update;
	select * into v_entry
	from private.proposal_people as e
	where e.proposal_id = proposal
		and e.state = 'confirmed'
		and e.person_id in (select private.my_people('speaking'))
	order by e.person_id <> (select private.me())
	limit 1;
	if v.id is null or v_entry.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if private.call_window(v.summit_id, v.owner_id) not in ('open', 'late') then
		return jsonb_build_object('status', 'closed');
	end if;
	begin
		v_faults := private.save_answers(proposal, v_entry.id, answers);
		-- Undoes the answers that were saved.
		if v_faults <> '{}' then raise sqlstate 'PT422'; end if;
	exception when sqlstate 'PT422' then return jsonb_build_object('status', 'invalid', 'faults', v_faults);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_own_answers(uuid, jsonb) to authenticated;

-- The answers about a proposal (`p_entry` null) or one of its people: {question: answer}.
create function private.answers_json(p_proposal uuid, p_entry uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(a.question_id, a.answer), '{}')
	from private.proposal_answers as a
	where a.proposal_id = p_proposal
		and a.entry_id is not distinct from p_entry
$$;
