-- Raised hands: one queue for the hall and for those who follow online. While both wait, they are called in turn: the
-- next hand is from the other place than the one called last, at first from where a hand was raised first, and within a
-- place the earliest. Acts on a stage lock rows in one order: the session, its runs, places on stage, hands, and then
-- everything else; in another order two of them could deadlock.

-- The waiting hands in the order in which they will be called.
create function private.hand_queue(p_run uuid) returns table (hand_id uuid, person_id uuid, n integer)
language sql stable security definer set search_path = '' as $$
	with waiting as (
		select h.*, row_number() over (partition by h.place order by h.raised_at, h.id) as turn
		from private.hands as h
		where h.run_id = p_run and h.state = 'waiting'
	), next as (
		select coalesce(
			(select case h.place when 'hall' then 'home' else 'hall' end::public.hand_place
				from private.hands as h
				where h.run_id = p_run and h.called_at is not null
				order by h.called_at desc limit 1),
			(select w.place from waiting as w order by w.raised_at, w.id limit 1)) as place
	)
	select w.id, w.person_id, (row_number() over (order by w.turn, w.place <> next.place))::integer
	from waiting as w, next
$$;

-- Where a person is: in the hall if registered in person, unless they say that they follow online today.
create function private.hand_place_of(p_person uuid, p_session uuid, p_says public.hand_place) returns public.hand_place
language sql stable security definer set search_path = '' as $$
	select case
		when exists (select from public.registrations as r
			join public.sessions as s on s.summit_id = r.summit_id
			where s.id = p_session and r.person_id = p_person and r.state = 'confirmed' and r.mode = 'in_person')
			then coalesce(p_says, 'hall')
		else 'home' end
$$;

-- {order: [hand]}: what every viewer may know, the random ids of the waiting hands alone. Each person knows their own.
create function private.hands_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('order', coalesce(jsonb_agg(q.hand_id order by q.n), '[]'))
	from private.hand_queue(p_run) as q
$$;
grant execute on function private.hands_event(uuid, uuid) to app_server;

-- Whether people who speak from the floor are asked for consent: only where the session may be recorded at all.
create function private.needs_floor_consent(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.level_in_force(p_session) in ('public', 'members') and s.is_recorded
	from public.sessions as s
	where s.id = p_session
$$;

-- Raises a hand. `may_record`: whether the person agrees to be recorded while they speak; null keeps an earlier answer.
-- Answers ok | already | closed | on_stage | too_soon | guardian (a minor whose guardian has not agreed), or why
-- may_take_part refuses.
create function public.raise_hand(run uuid, place public.hand_place default null, with_camera boolean default false,
	may_record boolean default null) returns public.hand_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
begin
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if not (private.participation_settings_of(v_run.session_id)).takes_hands then return 'closed'; end if;
	if not private.guardian_allows(v_me, v_run.session_id, 'stage') then return 'guardian'; end if;
	if exists (select from private.run_participants as p
		where p.run_id = run and p.person_id = v_me and p.is_on_stage)
	then
		return 'on_stage';
	end if;
	-- Limits raised hands, because each one notifies every viewer.
	if (select count(*)
		from private.hands as h
		where h.run_id = run and h.person_id = v_me and h.raised_at > clock_timestamp() - interval '1 minute') >= 6
	then
		return 'too_soon';
	end if;
	insert into private.hands (run_id, person_id, place, with_camera)
	values (run, v_me, private.hand_place_of(v_me, v_run.session_id, raise_hand.place),
		coalesce(raise_hand.with_camera, false))
	on conflict (run_id, person_id) where state in ('waiting', 'called') do nothing;
	if not found then return 'already'; end if;
	if may_record is not null and private.needs_floor_consent(v_run.session_id) then
		perform private.set_floor_consent(run, v_me, may_record);
	end if;
	-- The person's other windows learn that this hand is their own.
	perform private.publish_event('person:' || v_me, 'hand', run);
	perform private.notify_participation(run, 'hands', null, true);
	return 'ok';
end
$$;
grant execute on function public.raise_hand(uuid, public.hand_place, boolean, boolean) to authenticated;

-- Lowers the caller's waiting hand. Answers ok or already.
create function public.lower_hand(run uuid) returns public.ok_or_already
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.hands as h set state = 'lowered'
	where h.run_id = run and h.person_id = (select private.me()) and h.state = 'waiting';
	if not found then return 'already'; end if;
	perform private.notify_participation(run, 'hands', null, true);
	return 'ok';
end
$$;
grant execute on function public.lower_hand(uuid) to authenticated;

-- Calls one hand, by its id: two hosts who call the first of the queue at once call one person. A person in the hall
-- speaks at a microphone there and sends nothing; others may send audio, and video if they asked for it. Answers ok |
-- already (called) | gone (lowered, or may no longer take part) | guardian (a minor whose guardian no longer agrees:
-- the hand is lowered) | not_found.
create function public.call_hand(hand uuid) returns public.hand_call_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hand private.hands;
	v_run public.runs;
begin
	-- Holds the run, so that nobody is brought on the stage of a run that has ended.
	select runs.* into v_run
	from public.runs
	where runs.id = (select h.run_id from private.hands as h where h.id = hand) for share;
	if v_run.id is null or not coalesce(private.may_run(private.me(), v_run.session_id), false) then
		return 'not_found';
	end if;
	perform from private.run_participants as p
	where p.run_id = v_run.id and p.person_id = (select h.person_id from private.hands as h where h.id = hand)
	for update;
	select * into v_hand from private.hands as h where h.id = hand for update;
	if v_hand.state = 'called' then return 'already'; end if;
	if v_hand.state is distinct from 'waiting' or private.may_take_part(v_hand.person_id, v_run) <> 'ok' then
		return 'gone';
	end if;
	if not private.guardian_allows(v_hand.person_id, v_run.session_id, 'stage') then
		update private.hands as h set state = 'lowered' where h.id = hand;
		perform private.publish_event('person:' || v_hand.person_id, 'hand', v_run.id);
		perform private.notify_participation(v_run.id, 'hands', null, true);
		return 'guardian';
	end if;
	update private.hands as h set state = 'called', called_at = clock_timestamp() where h.id = hand;
	perform private.ensure_participant(v_run.id, v_hand.person_id);
	update private.run_participants as p
	set is_promoted = true, is_on_stage = true, is_kept_off = false, may_microphone = v_hand.place = 'home',
		may_camera = v_hand.place = 'home' and v_hand.with_camera, may_screen = false
	where p.run_id = v_run.id and p.person_id = v_hand.person_id;
	perform private.publish_event('person:' || v_hand.person_id, 'hand', v_run.id);
	perform private.publish_event('session:' || v_run.session_id, 'stage', v_run.id);
	perform private.notify_participation(v_run.id, 'hands', null, true);
	return 'ok';
end
$$;
grant execute on function public.call_hand(uuid) to authenticated;

-- Ends a turn: a person who was called is a viewer again; one who waits is skipped and may raise a hand again. Answers
-- ok | already | not_found.
create function public.end_turn(hand uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_hand private.hands;
	v_session uuid;
begin
	select runs.session_id into v_session
	from public.runs
	join private.hands as h on h.run_id = runs.id
	where h.id = hand;
	if v_session is null or not coalesce(private.may_run(private.me(), v_session), false) then
		return 'not_found';
	end if;
	select * into v_hand from private.hands as h where h.id = hand;
	if v_hand.state not in ('waiting', 'called') then return 'already'; end if;
	if v_hand.state = 'waiting' then
		update private.hands as h set state = 'skipped' where h.id = hand and h.state = 'waiting';
		perform private.notify_participation(v_hand.run_id, 'hands', null, true);
		return 'ok';
	end if;
	-- Locks the place on stage before the hand, the same order as the trigger end_promotion, which runs when the person
	-- leaves at the same moment.
	update private.run_participants as p
	set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
	where p.run_id = v_hand.run_id and p.person_id = v_hand.person_id and p.is_promoted;
	update private.hands as h set state = 'done' where h.id = hand and h.state = 'called';
	perform private.publish_event('person:' || v_hand.person_id, 'hand', v_hand.run_id);
	perform private.publish_event('session:' || v_session, 'stage', v_hand.run_id);
	perform private.notify_participation(v_hand.run_id, 'hands', null, true);
	return 'ok';
end
$$;
grant execute on function public.end_turn(uuid) to authenticated;

-- Lowers all waiting hands. Answers ok or not_found.
create function public.lower_all_hands(run uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_subscribe_desk(private.me(), run) then return 'not_found'; end if;
	update private.hands as h set state = 'lowered' where h.run_id = run and h.state = 'waiting';
	perform private.notify_participation(run, 'hands', null, true);
	return 'ok';
end
$$;
grant execute on function public.lower_all_hands(uuid) to authenticated;

-- A person who was called and leaves the stage for any reason is a viewer again and returns only when called again.
create function private.end_promotion() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	new.is_promoted := false;
	update private.hands as h set state = 'done'
	where h.run_id = new.run_id and h.person_id = new.person_id and h.state = 'called';
	perform private.notify_participation(new.run_id, 'hands', null, true);
	return new;
end
$$;
create trigger end_promotion before update of is_on_stage on private.run_participants for each row
	when (old.is_promoted and old.is_on_stage and not new.is_on_stage) execute function private.end_promotion();

-- Lowers the waiting hands of a person who is barred.
create function private.lower_barred_hands() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	for v_run in
		update private.hands as h set state = 'lowered'
		from public.runs
		where runs.id = h.run_id and h.person_id = new.person_id and h.state = 'waiting'
			and runs.summit_id = new.summit_id
			and (new.session_id is null or runs.session_id = new.session_id)
		returning h.run_id
	loop
		perform private.notify_participation(v_run, 'hands', null, true);
	end loop;
	return null;
end
$$;
create trigger lower_barred_hands after insert on private.entry_bars for each row
	execute function private.lower_barred_hands();

-- Ends all hands with the run. Where nobody is named they are deleted, and those that are over also when the level is
-- raised.
create function private.end_hands() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if private.is_anonymous_level(greatest(new.level, private.level_in_force(new.session_id))) then
		delete from private.hands as h
		where h.run_id = new.id and (new.state = 'ended' or h.state not in ('waiting', 'called'));
	else
		update private.hands as h set state = case h.state when 'called' then 'done' else 'lowered' end
		where h.run_id = new.id and h.state in ('waiting', 'called') and new.state = 'ended';
	end if;
	return null;
end
$$;
create trigger end_hands after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.end_hands();

-- Whether a person agreed to be recorded when they raised a hand in this run.
create function private.has_agreed_to_floor_recording(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.floor_consents as f where f.run_id = p_run and f.person_id = p_person)
$$;

-- {mine, order[], may_choose_place, asks_consent, has_agreed, needs_guardian, queue[] (for hosts)}: the hands of a run
-- for a person.
create function private.hands_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'mine', (select jsonb_build_object('id', h.id, 'state', h.state, 'place', h.place, 'with_camera', h.with_camera)
			from private.hands as h
			where h.run_id = p_run.id and h.person_id = p_person and h.state in ('waiting', 'called')),
		'order', private.hands_event(p_run.id, null) -> 'order',
		'may_choose_place', private.hand_place_of(p_person, p_run.session_id, null) = 'hall',
		'asks_consent', private.needs_floor_consent(p_run.session_id),
		'has_agreed', private.has_agreed_to_floor_recording(p_run.id, p_person),
		'needs_guardian', not private.guardian_allows(p_person, p_run.session_id, 'stage'),
		'queue', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', people.display_name,
					'affiliation', people.affiliation, 'place', h.place, 'with_camera', h.with_camera, 'state', h.state)
					order by h.state, q.n, h.called_at), '[]')
				from private.hands as h
				join public.people on people.id = h.person_id
				left join private.hand_queue(p_run.id) as q on q.hand_id = h.id
				where h.run_id = p_run.id and h.state in ('waiting', 'called')) end)
$$;
