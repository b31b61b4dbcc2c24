-- Where both records that become one wanted the same question answered, it is wanted once: in its count, too.

create or replace function private.rehash_person() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_of record;
	v_question uuid;
begin
	for v_of in
		select q.session_id, extensions.hmac(new.former_id::text::bytea, q.salt, 'sha256') as was, extensions.hmac(new.person_id::text::bytea, q.salt, 'sha256') as now
		from private.question_salts as q
	loop
		-- Where both records that become one had voted, the kept one's vote counts.
		delete from private.poll_votes as v using private.polls as x where x.id = v.poll_id and x.session_id = v_of.session_id and v.voter = v_of.was
			and exists (select from private.poll_votes as o where o.poll_id = v.poll_id and o.voter = v_of.now);
		update private.poll_votes as v set voter = v_of.now from private.polls as x where x.id = v.poll_id and x.session_id = v_of.session_id and v.voter = v_of.was;
		for v_question in
			delete from private.question_votes as v where v.voter = v_of.was and exists (select from private.question_votes as o where o.question_id = v.question_id and o.voter = v_of.now)
			returning v.question_id
		loop
			update private.session_questions as q set votes = q.votes - 1 where q.id = v_question;
			perform private.tell_participation(private.open_run_of(q.session_id), 'question', q.id, private.is_shown_question(q)) from private.session_questions as q where q.id = v_question;
		end loop;
		update private.question_votes as v set voter = v_of.now where v.voter = v_of.was;
		update private.session_questions as q set asker = v_of.now where q.session_id = v_of.session_id and q.asker = v_of.was;
		delete from private.chat_mutes as c where c.author = v_of.was and exists (select from private.chat_mutes as o where o.run_id = c.run_id and o.author = v_of.now);
		update private.chat_mutes as c set author = v_of.now where c.author = v_of.was;
		update private.messages as m set author = v_of.now where m.session_id = v_of.session_id and m.author = v_of.was;
		delete from private.message_reports as r where r.reporter = v_of.was and exists (select from private.message_reports as o where o.message_id = r.message_id and o.reporter = v_of.now);
		update private.message_reports as r set reporter = v_of.now where r.reporter = v_of.was;
		update private.taken_back as t set author = v_of.now where t.author = v_of.was;
	end loop;
	return null;
end
$$;
