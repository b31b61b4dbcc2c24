-- What is on, what comes next, and the stage and the green room as their readers may see them.

-- Who is on stage in a run and still belongs there.
create function private.on_stage(p_run uuid)
	returns table (participant_id uuid, person_id uuid, identity text, role public.stage_role)
language sql stable security definer set search_path = '' as $$
	select p.id, p.person_id, p.identity, live.role
	from private.run_participants as p
	join public.runs on runs.id = p.run_id
	cross join lateral (select private.comes_on(runs.id, p.person_id) as role) as live
	where p.run_id = p_run and p.is_on_stage and live.role is not null
		and private.entry_of(p.person_id, runs.session_id, 'stream') = 'ok'
$$;

--[was in stage_reading] The same under the names they are shown by.
-- Who is on stage, as every reader of the run is told, the hall with its room's name in each language; whoever is unnamed stands there under their identity of this run alone.
create function private.named_on_stage(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(case when private.is_unnamed_on(people.id, runs.session_id)
			then jsonb_build_object('identity', s.identity, 'code', s.identity, 'display_name', '', 'office', '',
				'affiliation', '', 'country', null, 'role', s.role)
			else jsonb_build_object('identity', s.identity, 'code', people.code, 'display_name', people.display_name,
				'office', people.office,
				'affiliation', people.affiliation, 'country', people.country, 'role', s.role) end order by s.role,
		(select min(position) from public.session_people as sp
			where sp.session_id = runs.session_id and sp.person_id = s.person_id),
		people.display_name), '[]')
		|| (select coalesce(jsonb_agg(jsonb_build_object('identity', h.identity, 'code', 'HALL', 'display_name',
			h.name ->> (h.name ->> 'original'), 'name', h.name, 'office', '',
			'affiliation', '', 'country', null, 'role', 'hall')), '[]') from private.hall_of(p_run) as h)
	from private.on_stage(p_run) as s join public.people on people.id = s.person_id join public.runs on runs.id = p_run
$$;

-- A session as the stage shows it: the release's words, or the draft's for its own people. A content note that came
-- since warns too.
create function private.stage_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'code', s.code, 'title', coalesce(rs.title, s.title), 'content_note',
		coalesce(nullif(rs.content_note, '{}'), s.content_note),
		'level', private.level_in_force(s.id), 'spoken', coalesce(rs.spoken, s.spoken), 'interpreted',
			coalesce(rs.interpreted, s.interpreted),
		'is_recorded', coalesce(rs.is_recorded, true) and s.is_recorded, 'is_released', rs.session_id is not null,
		'start', private.iso(lower(slot.during)), 'end', private.iso(upper(slot.during)))
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id
		and rs.release_id = private.newest_release(s.summit_id)
	left join lateral private.slot_at(s.id) as slot on true
	where s.id = p_session
$$;

-- A room's current run, as far as this reader sees: on air before waiting, the earliest of those that wait.
create function private.current_run(p_person uuid, p_room uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select runs.id from public.runs
	where runs.room_id = p_room and runs.state <> 'ended' and private.can_see(p_person, runs.session_id)
	order by runs.state not in ('live', 'paused'), (select lower(during) from private.slot_at(runs.session_id)),
		runs.created_at
	limit 1
$$;

-- What is on air or about to be, per room: of what the reader sees.
create function public.on_now(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(runs.session_id), 'entry',
			private.entry_of(private.me(), runs.session_id, 'stream'),
		'run_id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at))
			order by rooms.position, rooms.slug), '[]')
	from public.rooms join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and summit in (select private.readable_summits())
$$;
grant execute on function public.on_now(uuid) to anon, authenticated;

-- The next session of each room that has no run yet and begins within a day: of what the reader sees.
create function public.up_next(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with coming as (
		select distinct on (rs.room_id) rs.room_id, rs.session_id, rs.during
		from public.release_slots as rs
		join public.sessions as s on s.id = rs.session_id and not s.is_break and s.state <> 'cancelled'
			and s.attendance <> 'hall'
		where rs.release_id = private.newest_release(summit) and not rs.is_cancelled
			and summit in (select private.readable_summits())
			and upper(rs.during) > now() and lower(rs.during) < now() + interval '1 day'
			and rs.session_id in (select private.seen_sessions(private.me(), summit))
			and not exists (select from public.runs where runs.session_id = rs.session_id
				and (runs.state <> 'ended' or runs.started_at >= lower(rs.during) - interval '3 hours'))
		order by rs.room_id, rs.during
	)
	select coalesce(jsonb_agg(jsonb_build_object('room',
		jsonb_build_object('slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'session', private.stage_session(coming.session_id), 'start', private.iso(lower(coming.during)), 'end',
			private.iso(upper(coming.during)))
		order by lower(coming.during), rooms.position), '[]')
	from coming join public.rooms on rooms.id = coming.room_id
$$;
grant execute on function public.up_next(uuid) to anon, authenticated;

--[was in stage_reading] The people of a session, and whom it called to the stage, as its hosts and stage organisers see them.
--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- The people of a session with what each is and does in its run, and the delegates who were called; under 18, they are named to whoever
-- runs it alone.
create function private.stage_people(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', case when shown.is_named then p.code else rp.identity end,
		'display_name', case when shown.is_named then p.display_name else '' end, 'office',
			case when shown.is_named then p.office else '' end,
		'affiliation', case when shown.is_named then p.affiliation else '' end,
		'role', each.role, 'identity', rp.identity, 'is_on_stage', coalesce(rp.is_on_stage, false), 'is_kept_off',
			coalesce(rp.is_kept_off, false),
		'is_silenced', coalesce(rp.is_on_stage and not rp.may_microphone, false), 'is_run_host',
			exists (select from private.run_hosts as h where h.run_id = p_run and h.person_id = p.id),
		'is_barred', exists (select from private.entry_bars as b where b.person_id = p.id and b.session_id = p_session))
			order by each.role, each.position, p.display_name), '[]')
	from (select sp.person_id, private.stage_role_of(sp.person_id, p_session) as role, min(sp.position) as position
		from public.session_people as sp where sp.session_id = p_session and sp.state <> 'declined'
			group by sp.person_id
		union all
		select called.person_id, 'speaker', 1000 from private.run_participants as called
			where called.run_id = p_run and called.is_promoted
			and not exists (select from public.session_people as sp
				where sp.session_id = p_session and sp.person_id = called.person_id and sp.state <> 'declined')) as each
	join public.people as p on p.id = each.person_id
	left join private.run_participants as rp on rp.run_id = p_run and rp.person_id = p.id
	cross join lateral (select p.id = private.me() or not private.is_unnamed_on(p.id, p_session)
		or private.may_run(private.me(), p_session) as is_named) as shown
$$;

-- Who may be in the green room of a run beside the people of its session: those who run it, under the names they are
-- shown by. Each has been there or asked for a way in; whether they are there now is LiveKit's to say.
create function private.green_room_guests(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('identity', rp.identity, 'code', p.code, 'display_name',
		p.display_name, 'office', p.office,
		'affiliation', p.affiliation, 'role', held.role) order by held.role, p.display_name), '[]')
	from private.run_participants as rp join public.people as p on p.id = rp.person_id
	cross join lateral (select private.stage_role_of(rp.person_id, p_session) as role) as held
	where rp.run_id = p_run and held.role <> 'viewer' and private.entry_of(rp.person_id, p_session, 'stream') = 'ok'
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = rp.person_id and sp.state <> 'declined')
$$;

--[was in stage_reading] The poll that is shown in a run: none, until there are polls (20261126006610).
--[patch shown_poll] A poll, or its result, shown to hall and home: large on every stage page and on the room's screen, until it is taken off again.
-- The poll that is shown in a run, while it is no draft.
create function private.shown_poll(p_run uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select x.id from private.run_stagings as st join private.polls as x on x.id = st.poll_id and x.state <> 'draft'
		where st.run_id = p_run
$$;

-- How a run goes on: what its readers are told of layout, countdown, its end, and what comes next in its room.
create function private.stage_flow(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('now', private.iso(now()), 'layout', coalesce(st.layout, 'speaker'), 'entry_lock',
		st.entry_lock, 'poll', private.shown_poll(runs.id),
		'spotlight', (select s.identity from private.on_stage(runs.id) as s where s.participant_id = st.spotlight_id),
		'starts_at', case when runs.state = 'waiting' then private.iso(st.starts_at) end,
		'ends_at', private.iso(upper(slot.during)), 'ends_itself_at', private.iso(private.ends_itself_at(runs.id)),
		'next', (select jsonb_build_object('code', s.code, 'title', rls.title, 'start', private.iso(lower(rs.during)))
			from public.release_slots as rs
				join public.sessions as s on s.id = rs.session_id and not s.is_break and s.state <> 'cancelled'
			join public.release_sessions as rls on rls.session_id = s.id and rls.release_id = rs.release_id
			where rs.release_id = private.newest_release(runs.summit_id) and rs.room_id = runs.room_id
				and not rs.is_cancelled and s.id <> runs.session_id
				and lower(rs.during) >= coalesce(lower(slot.during), now()) and upper(rs.during) > now()
					and lower(rs.during) < now() + interval '12 hours'
				and private.can_see(private.me(), s.id)
			order by lower(rs.during) limit 1))
	from public.runs left join private.run_stagings as st on st.run_id = runs.id left
		join lateral private.slot_at(runs.session_id) as slot on true
	where runs.id = p_run
$$;

--[patch unentered_stage] Who stands on a stage is told to those who may enter it: delegates whom a host called are named in no agenda.
-- The stage of a room as the reader may see it; null for a room that does not exist.
create function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name, 'kind', rooms.kind),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_of(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case when runs.id is null then null
			when private.may_run(private.me(), runs.session_id)
				or private.entry_of(private.me(), runs.session_id, 'stream') = 'ok' then private.named_on_stage(runs.id)
			else '[]' end,
		'me', (select jsonb_build_object('code', people.code, 'identity', p.identity, 'is_on_stage',
			coalesce(p.is_on_stage, false), 'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false))
			from public.people left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = private.me() and runs.id is not null),
		'is_confirmed', runs.id is not null and private.has_confirmed(private.me(), runs.session_id),
		'people', case
			when private.may_run(private.me(), runs.session_id) then private.stage_people(runs.session_id, runs.id) end,
		'clock',
			case when private.may_run(private.me(), runs.session_id) then private.session_clock(runs.session_id) end,
		'flow', case when runs.id is not null then private.stage_flow(runs.id) end)
	from public.rooms left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;
grant execute on function public.read_stage(uuid, text) to anon, authenticated;

--[was in stage_reading] The booths of a run that somebody works in: none, until there are booths (20261126005220).
--[patch booth_reading] The languages of a room's run as its listeners choose among them, and a booth as those who work in it see it.
-- The booths of a run that somebody works in, for the page behind the stage.
create function private.own_booths(p_person uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed) order by b.language),
		'[]')
	from private.booths as b where b.run_id = p_run and private.is_of_booth(p_person, b.id)
$$;

-- The green room's page: for the people of the session and for those who run it; null for everyone else.
create function public.read_backstage(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('session', private.stage_session(s.id),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name) from public.rooms
			where rooms.id = coalesce(runs.room_id, (select room_id from private.slot_at(s.id)))),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'role', mine.role, 'may_run', private.may_run(private.me(), s.id), 'is_near', private.is_near(s.id),
		'me', (select jsonb_build_object('code', people.code, 'identity', p.identity, 'is_on_stage',
			coalesce(p.is_on_stage, false), 'is_kept_off', coalesce(p.is_kept_off, false),
				'no_photographs',
					exists (select from private.protections as x where x.person_id = people.id and x.no_photographs)
					or exists (select from public.person_preferences as x
						where x.person_id = people.id and x.no_photographs))
			from public.people left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
				where people.id = private.me()),
		'people', private.stage_people(s.id, runs.id), 'guests', private.green_room_guests(s.id, runs.id),
		'flow', case when runs.id is not null then private.stage_flow(runs.id) end, 'clock',
			private.session_clock(s.id),
		'booths', private.own_booths(private.me(), runs.id))
	from public.sessions as s
	cross join lateral (select private.stage_role_of(private.me(), s.id) as role) as mine
	left join public.runs on runs.session_id = s.id and runs.state <> 'ended'
	where s.summit_id = summit and s.code = read_backstage.code and s.state <> 'cancelled'
		and private.can_see(private.me(), s.id)
		and mine.role <> 'viewer' and private.entry_of(private.me(), s.id, 'stream') = 'ok'
$$;
grant execute on function public.read_backstage(uuid, text) to authenticated;
