-- What many do on a stage at once takes rows in one order: the session, its runs, places on stage, hands, and what is beside the picture.
-- In another order two acts wait for each other, and one of them (a bar, a raised level, a vote) is thrown away.

-- A level that is raised holds the runs before what was made in them.
create function private.hold_raised_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from public.runs where runs.session_id = new.id order by runs.id for no key update;
	return new;
end
$$;
create trigger hold_raised_runs before update of level on public.sessions for each row
	when (new.level > old.level) execute function private.hold_raised_runs();

-- A bar comes after every pass that is being given at this moment, and holds the runs before places and hands in them.
create function private.hold_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
	perform from public.runs where runs.state <> 'ended' and runs.summit_id = new.summit_id and (new.session_id is null or runs.session_id = new.session_id)
		and (exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = new.person_id)
			or exists (select from private.hands as h where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
	order by runs.id for update;
	return new;
end
$$;
create trigger hold_barred_runs before insert on private.entry_bars for each row execute function private.hold_barred_runs();

-- Shows a poll of the run's session, or (null) none. Hosts and stage organisers do. Answers ok, already, not_found.
create or replace function public.show_poll(run uuid, poll uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.staging_of(run);
	if poll is not null then
		-- Nobody drops it between these lines and the last.
		perform from private.polls as x where x.id = poll and x.session_id = v_run.session_id and x.state <> 'draft' for key share;
		if not found then return 'not_found'; end if;
	end if;
	update private.run_stagings as s set poll_id = poll where s.run_id = run and s.poll_id is distinct from poll;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	perform private.tell('desk:' || run, 'poll', poll);
	return 'ok';
end
$$;

-- Brings whoever raised a hand on stage, with the rights for it. Answers ok | already | gone | guardian (under 18, and the guardian does
-- not agree: the hand is lowered) | not_found.
create or replace function public.call_hand(hand uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hand private.hands;
	v_run public.runs;
begin
	-- The run cannot end between these lines and the last: nobody is on the stage of one that is over.
	select runs.* into v_run from public.runs where runs.id = (select h.run_id from private.hands as h where h.id = hand) for share;
	if v_run.id is null or not coalesce(private.may_run(private.me(), v_run.session_id), false) then return 'not_found'; end if;
	perform from private.run_participants as p where p.run_id = v_run.id and p.person_id = (select h.person_id from private.hands as h where h.id = hand) for update;
	select * into v_hand from private.hands as h where h.id = hand for update;
	if v_hand.state = 'called' then return 'already'; end if;
	if v_hand.state is distinct from 'waiting' or private.may_take_part(v_hand.person_id, v_run) <> 'ok' then return 'gone'; end if;
	if not private.guardian_lets(v_hand.person_id, v_run.session_id, 'stage') then
		update private.hands as h set state = 'lowered' where h.id = hand;
		perform private.tell('person:' || v_hand.person_id, 'hand', v_run.id);
		perform private.tell_participation(v_run.id, 'hands', null, true);
		return 'guardian';
	end if;
	update private.hands as h set state = 'called', called_at = clock_timestamp() where h.id = hand;
	perform private.stage_participant(v_run.id, v_hand.person_id);
	update private.run_participants as p set is_promoted = true, is_on_stage = true, is_kept_off = false,
		may_microphone = v_hand.place = 'home', may_camera = v_hand.place = 'home' and v_hand.with_camera, may_screen = false
	where p.run_id = v_run.id and p.person_id = v_hand.person_id;
	perform private.tell('person:' || v_hand.person_id, 'hand', v_run.id);
	perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
	perform private.tell_participation(v_run.id, 'hands', null, true);
	return 'ok';
end
$$;

-- Drops a poll, with what was voted. Answers ok or not_found.
create or replace function public.drop_poll(poll uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_poll private.polls;
begin
	select * into v_poll from private.polls as x where x.id = poll;
	if not found or not coalesce(private.may_run(private.me(), v_poll.session_id), false) then return 'not_found'; end if;
	-- Where it is shown first: as whoever shows it.
	perform from private.run_stagings as st where st.poll_id = poll order by st.run_id for update;
	delete from private.polls as x where x.id = poll;
	perform private.tell_participation(private.open_run_of(v_poll.session_id), 'poll', poll, v_poll.state <> 'draft');
	return 'ok';
end
$$;
