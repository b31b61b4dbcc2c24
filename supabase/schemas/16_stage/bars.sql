-- Barring people from a session, and what a bar does to the runs in which they take part.

-- Bars somebody from a session, or lets them in again. Those who run the session and safeguarding may; the person must
-- belong to the session, have been in one of its runs, or be barred already. `private.bar_person` has the rules
-- (17_participation/chat.sql): nobody bars themselves or a stage or safeguarding organiser, only such an organiser bars
-- a chair, and a host cannot lift the bar of a safeguarding lead. Answers ok, already, not_found, not_allowed.
create function public.bar_from_session(session uuid, person text, barred boolean) returns public.bar_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_person uuid;
begin
	if not private.may_run(v_me, session)
		and not (private.can_see(v_me, session) and private.has_role(
			(select s.summit_id from public.sessions as s where s.id = session), 'safeguarding')) then
		return 'not_found';
	end if;
	select people.id into v_person
	from public.people
	where people.code = bar_from_session.person
		and (exists (select from public.session_people as sp
				where sp.session_id = session and sp.person_id = people.id)
			or exists (select from private.run_participants as p
				join public.runs on runs.id = p.run_id
				where runs.session_id = session and p.person_id = people.id)
			or not barred and exists (select from private.entry_bars as b
				where b.session_id = session and b.person_id = people.id));
	if v_person is null then return 'not_found'; end if;
	return private.bar_person(session, v_person, barred);
end
$$;
grant execute on function public.bar_from_session(uuid, text, boolean) to authenticated;

-- Makes a bar wait for every pass, and every token of an engine, that the person is being given at this moment
-- (`private.stage_pass` and `public.make_caption_token` take the same advisory lock), and locks the runs by id before
-- places and hands in them (lock order: 16_stage/runs.sql).
create function private.lock_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
	perform from public.runs
	where runs.state <> 'ended' and runs.summit_id = new.summit_id
		and (new.session_id is null or runs.session_id = new.session_id)
		and (exists (select from private.run_participants as p
				where p.run_id = runs.id and p.person_id = new.person_id)
			or exists (select from private.hands as h
				where h.run_id = runs.id and h.person_id = new.person_id and h.state = 'waiting'))
	order by runs.id
	for update;
	return new;
end
$$;

create trigger lock_barred_runs before insert on private.entry_bars for each row
	execute function private.lock_barred_runs();

-- What somebody who is barred leaves in one run, beside its stage. The run is locked.
create function private.leave_barred_run(p_run uuid, p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hands as h set state = 'done'
	where h.run_id = p_run and h.person_id = p_person and h.state = 'called';
	if found then perform private.notify_participation(p_run, 'hands', null, true); end if;
	update private.run_stage_settings as s set spotlight_id = null
	from private.run_participants as p
	where s.run_id = p_run and p.id = s.spotlight_id and p.person_id = p_person;
	perform private.leave_room_of_run(p_run, p_person);
	perform private.leave_run_booths(p_run, p_person);
end
$$;

-- Takes the person off stage, out of its spotlight and out of their booths, ends their turn, and revokes the tokens of
-- engines that they made for the captions. In the room of a workshop they give back their camera place, the screen and
-- their hand. Moves every open run for which they may hold a token. The runs in which they take part are locked.
create function private.move_barred_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- After every pass that the person is being given at this moment, and before the next one.
	perform pg_advisory_xact_lock(hashtextextended('pass:' || new.person_id, 7));
	update private.caption_tokens as t set revoked_at = now()
	from public.runs
	where runs.id = t.run_id and runs.state <> 'ended' and runs.summit_id = new.summit_id
		and t.created_by = new.person_id and t.revoked_at is null
		and (new.session_id is null or runs.session_id = new.session_id);
	for v_run in
		update private.run_participants as p set barred_at = now(), is_on_stage = false, is_promoted = false
		from public.runs
		where runs.id = p.run_id and runs.state <> 'ended' and runs.summit_id = new.summit_id
			and p.person_id = new.person_id and (new.session_id is null or runs.session_id = new.session_id)
		returning p.run_id
	loop
		perform private.leave_barred_run(v_run, new.person_id);
		perform private.rotate_livekit_rooms(v_run);
	end loop;
	perform private.publish_event('person:' || new.person_id, 'rights');
	return null;
end
$$;

create trigger move_barred_runs after insert on private.entry_bars for each row
	execute function private.move_barred_runs();

-- Whether the caller cannot bar a person: themselves, owners, stage organisers and safeguarding leads.
create function private.is_never_barred(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person = private.me()
		or exists (select from private.live_grants as g
			where g.person_id = p_person
				and (g.summit_id is null or g.summit_id = p_summit)
				and g.role in ('stage', 'safeguarding', 'owner'))
$$;

-- Bars a person from a session, or lifts the bar, for a caller whose right was checked. A bar by a safeguarding lead
-- stays one, even if a host barred the same person before and after the lead has left the role: only a lead lifts it.
-- Nobody can bar owners, stage organisers or safeguarding leads, and only the latter two can bar the chair. Answers ok
-- | already | not_allowed.
create function private.bar_person(p_session uuid, p_person uuid, p_barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
begin
	if private.is_never_barred(p_person, v_summit) then return 'not_allowed'; end if;
	if p_barred and not v_lead and not private.has_role(v_summit, 'stage')
		and exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'chair'
				and sp.state = 'confirmed')
	then
		return 'not_allowed';
	end if;
	if p_barred then
		insert into private.entry_bars as b (summit_id, person_id, session_id, created_by, is_set_by_lead)
		values (v_summit, p_person, p_session, v_me, v_lead)
		on conflict (summit_id, person_id, session_id) do update set is_set_by_lead = true,
			created_by = excluded.created_by
		where excluded.is_set_by_lead and not b.is_set_by_lead;
	else
		perform from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and b.is_set_by_lead for update;
		if found and not v_lead then return 'not_allowed'; end if;
		delete from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and (v_lead or not b.is_set_by_lead);
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;
