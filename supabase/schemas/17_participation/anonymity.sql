-- Participation without names. At the levels chatham_house and closed nothing that is kept says who asked, wrote, voted
-- or waited: people are known by a hash with the salt of the session, and both are erased when the session is over. The
-- files of hands, chat and polls erase their own tables.

-- The hash of a person in a session. Creates the salt of the session where there is none.
create function private.hash_participant(p_session uuid, p_person uuid) returns bytea
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.session_salts (session_id) values (p_session) on conflict do nothing;
	return (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
		from private.session_salts as q
		where q.session_id = p_session);
end
$$;

-- Deletes the questions of a session, and its salt.
create function private.erase_questions(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.session_questions as q where q.session_id = p_session;
	delete from private.session_salts as q where q.session_id = p_session;
$$;

-- Erases the questions after the run of a session without names.
create function private.erase_questions_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if private.is_anonymous_level(greatest(new.level, private.level_in_force(new.session_id))) then
		perform private.erase_questions(new.session_id);
	end if;
	return null;
end
$$;
create trigger erase_questions after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_questions_of_run();

-- When a session is raised to a level without names, its questions lose their authors. Lowering it later restores none.
create function private.anonymise_questions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.session_questions as q
	set asker_hash = private.hash_participant(new.id, q.person_id), person_id = null, shown_as = 'nobody',
		asked_at = date_trunc('day', q.asked_at)
	where q.session_id = new.id and q.person_id is not null;
	return null;
end
$$;
create trigger unlink_question_authors after update of level on public.sessions for each row
	when (new.level in ('chatham_house', 'closed') and old.level not in ('chatham_house', 'closed'))
	execute function private.anonymise_questions();

-- Erases the questions of sessions without names that are over, even if no host ended the run. Runs each minute.
create function private.sweep_questions(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_questions(held.session_id)
	from (select distinct q.session_id from private.session_questions as q) as held
	where private.is_anonymous_level(private.level_in_force(held.session_id))
		and not exists (select from public.runs where runs.session_id = held.session_id and runs.state <> 'ended')
		and (select max(upper(slots.during)) from public.slots where slots.session_id = held.session_id) < p_now
			- interval '1 hour';
end
$$;

-- Votes, mutes and nameless questions are kept under a hash of the person, by session. A person who gets another id (by
-- an alias or a merge) keeps them: no second vote, and no mute that is lost. Where both merged records voted, the vote
-- of the kept one counts, also in the count of the question.
create function private.rehash_person() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_of record;
	v_question uuid;
begin
	for v_of in
		select q.session_id,
			extensions.hmac(new.former_id::text::bytea, q.salt, 'sha256') as was,
			extensions.hmac(new.person_id::text::bytea, q.salt, 'sha256') as now
		from private.session_salts as q
	loop
		delete from private.poll_votes as v
		using private.polls as x
		where x.id = v.poll_id
			and x.session_id = v_of.session_id
			and v.voter_hash = v_of.was
			and exists (select from private.poll_votes as o where o.poll_id = v.poll_id and o.voter_hash = v_of.now);
		update private.poll_votes as v set voter_hash = v_of.now
		from private.polls as x
		where x.id = v.poll_id and x.session_id = v_of.session_id and v.voter_hash = v_of.was;
		for v_question in
			delete from private.question_votes as v
			where v.voter_hash = v_of.was and exists (select from private.question_votes as o
				where o.question_id = v.question_id and o.voter_hash = v_of.now)
			returning v.question_id
		loop
			update private.session_questions as q set votes = q.votes - 1 where q.id = v_question;
			perform private.notify_participation(
				private.open_run_of(q.session_id), 'question', q.id, private.is_shown_question(q))
			from private.session_questions as q
			where q.id = v_question;
		end loop;
		update private.question_votes as v set voter_hash = v_of.now where v.voter_hash = v_of.was;
		update private.session_questions as q set asker_hash = v_of.now
		where q.session_id = v_of.session_id and q.asker_hash = v_of.was;
		delete from private.chat_mutes as c
		where c.author_hash = v_of.was
			and exists (select from private.chat_mutes as o where o.run_id = c.run_id and o.author_hash = v_of.now);
		update private.chat_mutes as c set author_hash = v_of.now where c.author_hash = v_of.was;
		update private.chat_messages as m set author_hash = v_of.now
			where m.session_id = v_of.session_id and m.author_hash = v_of.was;
		delete from private.message_reports as r
		where r.reporter_hash = v_of.was and exists (select from private.message_reports as o
			where o.message_id = r.message_id and o.reporter_hash = v_of.now);
		update private.message_reports as r set reporter_hash = v_of.now where r.reporter_hash = v_of.was;
		update private.withdrawn_items as t set author_hash = v_of.now where t.author_hash = v_of.was;
	end loop;
	return null;
end
$$;
create trigger rehash_person after insert on private.former_ids for each row execute function private.rehash_person();
