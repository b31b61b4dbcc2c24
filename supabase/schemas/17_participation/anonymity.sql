-- Participation without names. At the levels chatham_house and closed nothing that is kept says who asked, wrote, voted
-- or waited: people are known by a hash with the salt of the session, and both are erased when the session is over. The
-- files of hands, chat and polls erase their own tables.

-- Whether a session of this level names nobody.
create function private.is_anonymous_level(p_level public.confidentiality) returns boolean
language sql immutable set search_path = '' as $$
	select p_level in ('chatham_house', 'closed')
$$;

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
