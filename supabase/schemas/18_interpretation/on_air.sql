-- The microphone of a booth: taking it, offering it to the partner, leaving it, and what those who run the stage do
-- about it.

-- The booth of a run that has not ended; null when there is none. Holds the run, and locks all its booths by id: an
-- interpreter who takes one booth leaves another, so acts in different booths must not overtake each other.
create function private.lock_booth(p_run uuid, p_language text) returns private.booths
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths;
begin
	if (private.hold_open_run(p_run)).id is null then return null; end if;
	perform from private.booths where run_id = p_run order by id for update;
	select b.* into v_booth from private.booths as b where b.run_id = p_run and b.language = p_language;
	return v_booth;
end
$$;

-- Puts a participant on air in a booth, or (null) nobody; they leave any other booth of the run. The caller has locked
-- the booths.
create function private.set_on_air(p_booth private.booths, p_participant uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.booths set on_air = null, on_air_since = null, offered_at = null
	where run_id = p_booth.run_id and on_air = p_participant and id <> p_booth.id;
	update private.booths set on_air = p_participant,
		on_air_since = case when p_participant is not null then now() end, offered_at = null
	where id = p_booth.id;
	perform private.notify_booth(p_booth.run_id, true);
end
$$;

-- Whether somebody has the page of a booth open and connected: it reports every few seconds.
create function private.is_booth_page_open(p_booth uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booth_heartbeats as w
		where w.booth_id = p_booth and w.person_id = p_person and w.seen_at > now() - interval '10 seconds')
$$;

-- Takes the microphone of a booth: at once when nobody has it, when it was offered, or when its interpreter has left.
-- Otherwise `busy`: the partner must offer it. Answers ok | already | not_found | on_stage | busy.
create function public.take_booth(run uuid, language text) returns public.booth_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_booth private.booths := private.lock_booth(run, take_booth.language);
	v_mine private.run_participants;
	v_holder uuid;
begin
	if v_booth.id is null or not private.may_interpret_in(v_me, v_booth.id) then return 'not_found'; end if;
	v_mine := private.ensure_participant(run, v_me);
	if v_mine.is_on_stage then return 'on_stage'; end if;
	if v_booth.on_air = v_mine.id then return 'already'; end if;
	select person_id into v_holder from private.run_participants where id = v_booth.on_air;
	if v_holder is not null and v_booth.offered_at is null and private.is_booth_page_open(v_booth.id, v_holder)
		and private.may_interpret_in(v_holder, v_booth.id) then
		return 'busy';
	end if;
	perform private.set_on_air(v_booth, v_mine.id);
	return 'ok';
end
$$;
grant execute on function public.take_booth(uuid, text) to authenticated;

-- Offers the microphone to the partner, or takes the offer back. Answers ok | already | not_found (also for somebody
-- who is not on air).
create function public.offer_booth(run uuid, language text, offered boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.lock_booth(run, offer_booth.language);
begin
	if v_booth.id is null or not private.may_interpret_in(private.me(), v_booth.id)
		or not exists (select from private.run_participants as p
			where p.id = v_booth.on_air and p.person_id = (select private.me())) then
		return 'not_found';
	end if;
	if (v_booth.offered_at is not null) = offered then return 'already'; end if;
	update private.booths set offered_at = case when offered then now() end where id = v_booth.id;
	perform private.notify_booth(run, false);
	return 'ok';
end
$$;
grant execute on function public.offer_booth(uuid, text, boolean) to authenticated;

-- Leaves the microphone: listeners hear the original. Who is on air can always leave it, also when they may not
-- interpret any more. Answers ok | already | not_found.
create function public.leave_booth(run uuid, language text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.lock_booth(run, leave_booth.language);
begin
	if not exists (select from private.run_participants as p
		where p.id = v_booth.on_air and p.person_id = (select private.me())) then
		return case when private.may_interpret_in(private.me(), v_booth.id) then 'already' else 'not_found' end;
	end if;
	perform private.set_on_air(v_booth, null);
	return 'ok';
end
$$;
grant execute on function public.leave_booth(uuid, text) to authenticated;

-- Puts one of a booth's interpreters on air in place of another, or (null) nobody. For those who run the stage. Answers
-- ok | already | not_found | on_stage.
create function public.put_on_air(run uuid, language text, person text) returns public.on_air_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_booth private.booths := private.lock_booth(run, put_on_air.language);
	v_person uuid := (select id from public.people where code = put_on_air.person);
	v_participant private.run_participants;
begin
	if v_booth.id is null or not private.may_run(private.me(), (select session_id from public.runs where id = run)) then
		return 'not_found';
	end if;
	if put_on_air.person is not null then
		if v_person is null or not private.may_interpret_in(v_person, v_booth.id) then return 'not_found'; end if;
		v_participant := private.ensure_participant(run, v_person);
		if v_participant.is_on_stage then return 'on_stage'; end if;
	end if;
	if v_booth.on_air is not distinct from v_participant.id then return 'already'; end if;
	perform private.set_on_air(v_booth, v_participant.id);
	return 'ok';
end
$$;
grant execute on function public.put_on_air(uuid, text, text) to authenticated;

-- An interpreter who comes on stage leaves the microphone of their booth.
create function private.leave_booth_on_stage() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.booths set on_air = null, on_air_since = null, offered_at = null where on_air = new.id;
	return null;
end
$$;

create trigger leave_booth after update of is_on_stage on private.run_participants for each row
	when (new.is_on_stage and not old.is_on_stage) execute function private.leave_booth_on_stage();
