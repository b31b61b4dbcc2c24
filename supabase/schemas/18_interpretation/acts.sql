-- The acts in a booth: take the microphone, offer it, leave it, write to each other; and what whoever runs the stage
-- does about it.

-- The open booth of a run; null when there is none. All of the run's are locked, in one order: whoever takes one leaves
-- another.
create function private.hold_booth(p_run uuid, p_language text) returns private.booths
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths;
begin
	perform from private.booths where run_id = p_run order by id for update;
	select b.* into v_booth from private.booths as b join public.runs on runs.id = b.run_id
	where b.run_id = p_run and b.language = p_language and runs.state <> 'ended';
	return v_booth;
end
$$;

-- `voice`: who hears whom has changed. LiveKit is looked at, and all who watch are given the languages anew, which are
-- read once for all of them; else the booth's own pages look again.
create function private.tell_booth(p_run uuid, p_voice boolean) returns void
language sql volatile security definer set search_path = '' as $$
	select private.tell('session:' || session_id, case when p_voice then 'voice' else 'booth' end, p_run),
		case when p_voice then private.tell('run:' || p_run, 'languages', p_run) end
	from public.runs where id = p_run
$$;

create function private.told_languages(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.run_languages(p_run) where p_id = p_run
$$;
grant execute on function private.told_languages(uuid, uuid) to app_server;

-- Whether a booth's page is open and connected; a page says so every few seconds.
create function private.is_in_booth(p_booth uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booth_beats as w
		where w.booth_id = p_booth and w.person_id = p_person and w.seen_at > now() - interval '10 seconds')
$$;

create function private.set_voice(p_booth private.booths, p_participant uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.booths set on_air = null, on_air_since = null, offered_at = null
	where run_id = p_booth.run_id and on_air = p_participant and id <> p_booth.id;
	update private.booths
		set on_air = p_participant, on_air_since = case when p_participant is not null then now() end, offered_at = null
		where id = p_booth.id;
	perform private.tell_booth(p_booth.run_id, true);
end
$$;

-- Takes the microphone of a booth. At once when nobody has it, it was offered, or who has it is gone; else `busy`: they
-- must offer it. Answers ok | already | not_found | on_stage | busy.
create function public.take_booth(run uuid, language text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_booth private.booths := private.hold_booth(run, take_booth.language);
	v_mine private.run_participants;
	v_theirs uuid;
begin
	if v_booth.id is null or not private.interprets(v_me, v_booth.id) then return 'not_found'; end if;
	v_mine := private.stage_participant(run, v_me);
	if v_mine.is_on_stage then return 'on_stage'; end if;
	if v_booth.on_air = v_mine.id then return 'already'; end if;
	select person_id into v_theirs from private.run_participants where id = v_booth.on_air;
	if v_theirs is not null and v_booth.offered_at is null and private.is_in_booth(v_booth.id, v_theirs)
		and private.interprets(v_theirs, v_booth.id) then
		return 'busy';
	end if;
	perform private.set_voice(v_booth, v_mine.id);
	return 'ok';
end
$$;
grant execute on function public.take_booth(uuid, text) to authenticated;

-- Offers the microphone to the partner, or takes the offer back. Answers ok | already | not_found (also who is not on
-- air).
create function public.offer_booth(run uuid, language text, offered boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.hold_booth(run, offer_booth.language);
begin
	if v_booth.id is null or not private.interprets(private.me(), v_booth.id)
		or not exists (select from private.run_participants as p
			where p.id = v_booth.on_air and p.person_id = private.me()) then
		return 'not_found';
	end if;
	if (v_booth.offered_at is not null) = offered then return 'already'; end if;
	update private.booths set offered_at = case when offered then now() end where id = v_booth.id;
	perform private.tell_booth(run, false);
	return 'ok';
end
$$;
grant execute on function public.offer_booth(uuid, text, boolean) to authenticated;

-- Leaves the microphone: the floor comes up for whoever listens. Answers ok | already | not_found.
create function public.leave_booth(run uuid, language text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.hold_booth(run, leave_booth.language);
begin
	if v_booth.id is null or not private.is_of_booth(private.me(), v_booth.id) then return 'not_found'; end if;
	if not exists (select from private.run_participants as p where p.id = v_booth.on_air and p.person_id = private.me())
		then
		return 'already';
	end if;
	perform private.set_voice(v_booth, null);
	return 'ok';
end
$$;
grant execute on function public.leave_booth(uuid, text) to authenticated;

-- Says that the booth's page is open and connected. Answers ok | not_found.
create function public.beat_booth(run uuid, language text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth uuid;
	v_was_here boolean;
begin
	select b.id into v_booth from private.booths as b join public.runs on runs.id = b.run_id
	where b.run_id = run and b.language = beat_booth.language and runs.state <> 'ended';
	if v_booth is null or not coalesce(private.interprets(private.me(), v_booth), false) then
		return 'not_found';
	end if;
	v_was_here := private.is_in_booth(v_booth, private.me());
	insert into private.booth_beats (booth_id, person_id) values (v_booth, private.me())
	on conflict (booth_id, person_id) do update set seen_at = now();
	if not v_was_here then perform private.tell_booth(run, false); end if;
	return 'ok';
end
$$;
grant execute on function public.beat_booth(uuid, text) to authenticated;

-- A line to the partners and to whoever runs the stage. Answers ok | not_found | invalid | too_often.
create function public.say_in_booth(run uuid, language text, words text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths;
	v_words text := private.one_line(words);
begin
	select b.* into v_booth from private.booths as b join public.runs on runs.id = b.run_id
	where b.run_id = run and b.language = say_in_booth.language and runs.state <> 'ended';
	if v_booth.id is null or not (private.interprets(private.me(), v_booth.id)
		or private.may_run(private.me(), (select session_id from public.runs where id = run))) then
		return 'not_found';
	end if;
	if length(v_words) not between 1 and 500 then return 'invalid'; end if;
	if (select count(*) from private.booth_lines as l where l.booth_id = v_booth.id and l.person_id = private.me()
		and l.said_at > now() - interval '10 seconds') >= 10 then
		return 'too_often';
	end if;
	insert into private.booth_lines (booth_id, person_id, words) values (v_booth.id, private.me(), v_words);
	perform private.tell_booth(run, false);
	return 'ok';
end
$$;
grant execute on function public.say_in_booth(uuid, text, text) to authenticated;

-- Opens a booth for a language, or changes one. Answers ok | not_found | invalid.
create function public.save_booth(run uuid, language text, is_signed boolean default null, hint_minutes integer
	default 30) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from public.runs
		where id = run and state <> 'ended' and private.may_run(private.me(), session_id)) then
		return 'not_found';
	end if;
	insert into private.booths (run_id, language, is_signed, hint_minutes)
	values (run, save_booth.language, coalesce(save_booth.is_signed, private.is_sign_language(save_booth.language)),
		save_booth.hint_minutes)
	on conflict on constraint booths_run_id_language_key do update set hint_minutes = excluded.hint_minutes,
		is_signed = coalesce(save_booth.is_signed, booths.is_signed);
	perform private.tell_booth(run, true);
	return 'ok';
exception when check_violation or not_null_violation or numeric_value_out_of_range then return 'invalid';
end
$$;
grant execute on function public.save_booth(uuid, text, boolean, integer) to authenticated;

-- Closes a booth: whoever listened hears the floor. Answers ok | not_found.
create function public.close_booth(run uuid, language text) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from public.runs
		where id = run and state <> 'ended' and private.may_run(private.me(), session_id)) then
		return 'not_found';
	end if;
	delete from private.booths as b where b.run_id = run and b.language = close_booth.language;
	if not found then return 'not_found'; end if;
	perform private.tell_booth(run, true);
	return 'ok';
end
$$;
grant execute on function public.close_booth(uuid, text) to authenticated;

-- Seats an interpreter of the session in a booth whatever their languages, or takes one out of it. Answers ok |
-- not_found.
create function public.seat_in_booth(run uuid, language text, person text, seated boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid := (select session_id from public.runs where id = run);
	v_booth private.booths := private.hold_booth(run, seat_in_booth.language);
	v_person uuid;
begin
	if v_booth.id is null or seated is null or not private.may_run(private.me(), v_session) then
		return 'not_found';
	end if;
	select p.id into v_person from public.people as p join public.session_people as sp on sp.person_id = p.id
	where p.code = seat_in_booth.person and sp.session_id = v_session and sp.role = 'interpreter'
		and sp.state <> 'declined';
	if v_person is null then return 'not_found'; end if;
	insert into private.booth_seats (booth_id, person_id, is_seated) values (v_booth.id, v_person, seated)
	on conflict (booth_id, person_id) do update set is_seated = excluded.is_seated;
	if not seated
		and exists (select from private.run_participants as p where p.id = v_booth.on_air and p.person_id = v_person)
		then
		perform private.set_voice(v_booth, null);
	end if;
	perform private.tell_booth(run, true);
	return 'ok';
end
$$;
grant execute on function public.seat_in_booth(uuid, text, text, boolean) to authenticated;

-- Puts one of a booth's interpreters on air in place of whoever is, or (null) nobody. Answers ok | already | not_found
-- | on_stage.
create function public.put_on_air(run uuid, language text, person text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.hold_booth(run, put_on_air.language);
	v_person uuid := (select id from public.people where code = put_on_air.person);
	v_theirs private.run_participants;
begin
	if v_booth.id is null or not private.may_run(private.me(), (select session_id from public.runs where id = run)) then
		return 'not_found';
	end if;
	if put_on_air.person is not null then
		if v_person is null or not private.interprets(v_person, v_booth.id) then return 'not_found'; end if;
		v_theirs := private.stage_participant(run, v_person);
		if v_theirs.is_on_stage then return 'on_stage'; end if;
	end if;
	if v_booth.on_air is not distinct from v_theirs.id then return 'already'; end if;
	perform private.set_voice(v_booth, v_theirs.id);
	return 'ok';
end
$$;
grant execute on function public.put_on_air(uuid, text, text) to authenticated;
