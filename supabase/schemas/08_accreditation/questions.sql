-- Questions of the desk to a person under review. The state of the registration stays as it is, and a seat that is held
-- stays held long enough to answer.

-- Extends a hold for review to two days after `p_from`, the deadline or the answer: nobody loses a seat over a
-- question. Once a deadline has passed without an answer, the hold lapses like any other, and the registration waits in
-- the queue, still under review.
create function private.extend_review_hold(p_r public.registrations, p_from timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update public.seats as s
	set held_until = p_from + interval '2 days'
	where s.registration_id = p_r.id
		and s.mode = p_r.mode
		and s.state = 'held'
		and s.held_until < p_from + interval '2 days'
		and p_r.state in ('submitted', 'nominated')
$$;

-- Asks a person something, one question at a time: the next one follows its answer. Answers {status: ok | already |
-- invalid | wrong_state | not_allowed, id}. Locks both modes and the registration.
create function public.request_information(registration uuid, question text, deadline timestamptz) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_id uuid;
	v_question text := btrim(coalesce(question, ''));
begin
	select * into v_r from public.registrations as r where r.id = registration;
	if not found
		or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people('registration'))
	then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if length(v_question) not between 3 and 2000
		or deadline is null
		or deadline not between now() + interval '1 hour' and now() + interval '60 days'
	then
		return jsonb_build_object('status', 'invalid');
	end if;
	request_information.deadline := private.deadline_after(v_r.summit_id, deadline - now());
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.state not in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.set_audit_context(v_r.person_id);
	update private.information_requests as q
	set read_at = now()
	where q.registration_id = v_r.id and q.state = 'answered' and q.read_at is null;
	insert into private.information_requests (summit_id, registration_id, question, deadline, asked_by)
	values (v_r.summit_id, v_r.id, v_question, request_information.deadline, private.me())
	on conflict do nothing
	returning id into v_id;
	if v_id is null then return jsonb_build_object('status', 'already'); end if;
	perform private.extend_review_hold(v_r, request_information.deadline);
	perform private.mail_about(v_r, 'information_asked',
		jsonb_build_object('question', v_question, 'until', request_information.deadline), 'information:' || v_id);
	perform private.notify_registration(v_r);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.request_information(uuid, text, timestamptz) to authenticated;

-- Answers a question, by the person or somebody who may act for them. Answers ok, invalid, wrong_state (answered or
-- taken back already) or not_found. Locks both modes and the registration.
create function public.answer_information_request(request uuid, answer text) returns public.information_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.information_requests;
	v_r public.registrations;
	v_answer text := btrim(coalesce(answer, ''));
begin
	select q.* into v_q
	from private.information_requests as q
	join public.registrations as r on r.id = q.registration_id
	where q.id = request and r.person_id in (select private.my_people('registration'));
	if not found then return 'not_found'; end if;
	if length(v_answer) not between 1 and 4000 then return 'invalid'; end if;
	perform private.lock_modes(v_q.summit_id);
	select * into v_r from public.registrations as r where r.id = v_q.registration_id for no key update;
	perform private.set_audit_context(v_r.person_id);
	update private.information_requests as q
	set state = 'answered', answer = v_answer, answered_at = now()
	where q.id = request and q.state = 'open';
	if not found then return 'wrong_state'; end if;
	perform private.extend_review_hold(v_r, now());
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.answer_information_request(uuid, text) to authenticated;

-- Takes an open question back, or marks an answer as read, by an organiser. Answers ok, wrong_state or not_allowed.
create function public.close_information_request(request uuid) returns public.step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.information_requests;
	v_r public.registrations;
begin
	select * into v_q from private.information_requests as q where q.id = request;
	if not found or not private.has_role(v_q.summit_id, 'registration') then return 'not_allowed'; end if;
	select * into v_r from public.registrations as r where r.id = v_q.registration_id for no key update;
	if v_r.person_id in (select private.my_people('registration')) then return 'not_allowed'; end if;
	perform private.set_audit_context(v_r.person_id);
	update private.information_requests as q
	set state = case q.state when 'open' then 'closed' else q.state end,
		closed_at = case q.state when 'open' then now() end,
		read_at = case q.state when 'answered' then now() end
	where q.id = request and (q.state = 'open' or q.state = 'answered' and q.read_at is null);
	if not found then return 'wrong_state'; end if;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.close_information_request(uuid) to authenticated;

-- Sends reminders: one after half of the time, and one a day before the deadline where there were more than two days.
-- Answers how many were sent. Rows that another run has locked are skipped.
create function private.send_information_reminders(p_now timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.information_requests;
	v_count integer := 0;
begin
	for v_q in
		update private.information_requests as q
		set reminders = case when p_now >= q.deadline - interval '1 day' then 2 else q.reminders + 1 end
		where q.id in (
			select w.id
			from private.information_requests as w
			where w.state = 'open'
				and w.deadline > p_now
				and (w.reminders = 0 and p_now >= w.asked_at + (w.deadline - w.asked_at) / 2
					or w.reminders = 1
						and w.deadline - w.asked_at > interval '2 days'
						and p_now >= w.deadline - interval '1 day')
			for update skip locked)
		returning q.*
	loop
		perform private.mail_about(r, 'information_reminder',
			jsonb_build_object('question', v_q.question, 'until', v_q.deadline),
			'information:' || v_q.id || ':' || v_q.reminders)
		from public.registrations as r
		where r.id = v_q.registration_id;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- The questions to one person, newest first: [{id, question, deadline, state, asked_at, answer, answered_at}].
-- `p_named`: for organisers, with {order_charge, is_read, reminders} and those that were taken back; the person does
-- not read who asked.
create function private.list_information_requests(p_r public.registrations, p_named boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id,
		'question', q.question,
		'deadline', private.iso(q.deadline),
		'state', q.state,
		'asked_at', private.iso(q.asked_at),
		'answer', q.answer,
		'answered_at', private.iso(q.answered_at)
	) || case
		when p_named then jsonb_build_object(
			'asked_by', (select a.display_name from public.people as a where a.id = q.asked_by),
			'is_read', q.state <> 'answered' or q.read_at is not null,
			'reminders', q.reminders)
		else '{}'
	end order by q.asked_at desc, q.id), '[]')
	from private.information_requests as q
	where q.registration_id = p_r.id and (p_named or q.state <> 'closed')
$$;
