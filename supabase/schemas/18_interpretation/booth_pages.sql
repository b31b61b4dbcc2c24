-- What pages read and report: the languages of a run for its listeners, and a booth for those who work in it.

-- Notifies pages of a change in a booth. `p_voice`: the interpreter of a language has changed. Then the rights in
-- LiveKit are reconciled, and all who watch get the languages, read once for all of them. Otherwise only the pages of
-- the booth read again. Pages of a workshop follow the topic of its room (32_meetings).
create function private.notify_booth(p_run uuid, p_voice boolean) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('session:' || session_id, case when p_voice then 'voice' else 'booth' end, p_run),
		case when p_voice then private.publish_event('run:' || p_run, 'languages', p_run) end,
		case when stage_format = 'meeting' then
			private.publish_event('meeting:' || p_run, case when p_voice then 'voice' else 'booth' end) end
	from public.runs where id = p_run
$$;

-- The languages of a run from which its listeners choose: [{language, is_signed, identity (null: nobody interprets
-- now), is_staffed}].
create function private.run_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed,
		'identity', voice.identity,
		'is_staffed', voice.identity is not null or exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.role = 'interpreter'
				and private.works_in_booth(sp.person_id, b.id)))
		order by b.is_signed, b.language), '[]')
	from private.booths as b
	join public.runs on runs.id = b.run_id
	left join lateral (
		select case when runs.stage_format = 'meeting' then private.staff_identity(runs.id, p.person_id)
			else p.identity end as identity
		from private.run_participants as p
		where p.id = b.on_air and runs.state <> 'ended' and not p.is_on_stage
			and private.may_interpret_in(p.person_id, b.id)) as voice on true
	where b.run_id = p_run
$$;

-- The payload of the `languages` event, for every reader of a run.
create function private.languages_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.run_languages(p_run) where p_id = p_run
$$;
grant execute on function private.languages_event(uuid, uuid) to app_server;

-- {languages, own: [languages of the booths in which the reader works]} of the current run of a room; null for
-- everyone who does not read it (private.may_read_run).
create function public.read_languages(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('languages', private.run_languages(runs.id),
		'own', (select coalesce(jsonb_agg(b.language order by b.language), '[]')
			from private.booths as b
			where b.run_id = runs.id and private.works_in_booth(private.me(), b.id)))
	from public.rooms
	join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_languages.room
		and summit in (select private.readable_summits())
		and private.may_read_run(private.me(), runs)
$$;
grant execute on function public.read_languages(uuid, text) to anon, authenticated;

-- The page of a booth, for its interpreters and for those who run the stage; null for everyone else. A room may have a
-- run on air and others that wait: a run in which the reader may interpret comes first.
create function public.read_booth(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id),
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'booth', private.booth_json(b),
		'languages', private.run_languages(runs.id),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id),
		'own', (select coalesce(jsonb_agg(o.language order by o.language), '[]')
			from private.booths as o
			where o.run_id = runs.id and private.works_in_booth(private.me(), o.id)),
		'may_run', private.may_run(private.me(), runs.session_id),
		'may_interpret', mine.interprets,
		'recording', private.booth_recording(b, private.me()),
		'me', (
			select jsonb_build_object('code', people.code, 'identity', rp.identity,
				'is_on_stage', coalesce(rp.is_on_stage, false),
				'is_on_air', rp.id is not null and rp.id is not distinct from b.on_air)
			from public.people
			left join private.run_participants as rp on rp.person_id = people.id and rp.run_id = runs.id
			where people.id = (select private.me())))
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	join private.booths as b on b.run_id = runs.id and b.language = read_booth.language
	cross join lateral (select private.may_interpret_in(private.me(), b.id) as interprets) as mine
	where rooms.summit_id = summit and rooms.slug = read_booth.room
		and (mine.interprets or private.may_run(private.me(), runs.session_id)
			and private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok')
	order by mine.interprets desc, runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;
grant execute on function public.read_booth(uuid, text, text) to authenticated;

-- Every booth of a run for those who run it, and for its interpreters their own; null for everyone else.
create function public.read_booths(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(private.booth_json(b) order by b.is_signed, b.language)
	from private.booths as b
	join public.runs on runs.id = b.run_id
	where runs.id = read_booths.run and runs.state <> 'ended'
		and (private.may_run(private.me(), runs.session_id) or private.may_interpret_in(private.me(), b.id))
$$;
grant execute on function public.read_booths(uuid) to authenticated;

-- The last fifty messages of a booth of a run (p_booth) or of a meeting (p_room, p_language): [{id, by, is_mine, words,
-- at}].
create function private.booth_lines_json(p_booth uuid, p_room uuid, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'by', l.display_name,
		'is_mine', l.person_id = private.me(), 'words', l.words, 'at', private.iso(l.said_at)) order by l.id), '[]')
	from (
		select lines.*, people.display_name
		from private.booth_messages as lines
		join public.people on people.id = lines.person_id
		where lines.booth_id = p_booth or lines.room_id = p_room and lines.language = p_language
		order by lines.id desc
		limit 50) as l
$$;

-- Adds the reader's own message to such a booth, for a caller who has checked their right and holds the run or the room.
-- Answers ok | invalid | too_often (more than ten in ten seconds).
create function private.add_booth_line(p_booth uuid, p_room uuid, p_language text, p_words text)
	returns public.booth_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text := private.one_line(p_words);
begin
	if coalesce(length(v_words), 0) not between 1 and 500 then return 'invalid'; end if;
	if (select count(*) from private.booth_messages as l
		where (l.booth_id = p_booth or l.room_id = p_room and l.language = p_language)
			and l.person_id = (select private.me())
			and l.said_at > now() - interval '10 seconds') >= 10 then
		return 'too_often';
	end if;
	insert into private.booth_messages (booth_id, room_id, language, person_id, words)
	values (p_booth, p_room, p_language, private.me(), v_words);
	return 'ok';
end
$$;

-- One booth with its people and the last fifty messages.
create function private.booth_json(p_booth private.booths) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('language', p_booth.language, 'is_signed', p_booth.is_signed,
		'hint_minutes', p_booth.hint_minutes,
		'is_on_air', p_booth.on_air is not null,
		'since', private.iso(p_booth.on_air_since),
		'is_offered', p_booth.offered_at is not null,
		'people', private.booth_people(p_booth),
		'lines', private.booth_lines_json(p_booth.id, null, null))
$$;

-- The interpreters of a session as one booth sees them, with the language pairs that they work in.
create function private.booth_people(p_booth private.booths) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'display_name', p.display_name,
		'is_of_booth', private.works_in_booth(p.id, p_booth.id),
		'is_here', private.is_booth_page_open(p_booth.id, p.id),
		'is_on_air', rp.id is not null and rp.id is not distinct from p_booth.on_air,
		'pairs', (
			select coalesce(jsonb_agg(jsonb_build_object('source', l.source, 'target', l.target)
				order by l.source, l.target), '[]')
			from public.interpreter_languages as l
			where l.person_id = p.id and l.summit_id = runs.summit_id))
		order by p.display_name, p.code), '[]')
	from public.runs
	join public.session_people as sp on sp.session_id = runs.session_id and sp.role = 'interpreter'
		and sp.state <> 'declined'
	join public.people as p on p.id = sp.person_id
	left join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = p.id
	where runs.id = p_booth.run_id
$$;

-- The page of a booth reports that it is open and connected. Answers ok | not_found.
create function public.send_booth_heartbeat(run uuid, language text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.hold_open_run(run);
	v_booth uuid;
	v_was_here boolean;
begin
	select b.id into v_booth
	from private.booths as b
	where b.run_id = v_run.id and b.language = send_booth_heartbeat.language;
	if v_booth is null or not coalesce(private.may_interpret_in(private.me(), v_booth), false) then
		return 'not_found';
	end if;
	v_was_here := private.is_booth_page_open(v_booth, private.me());
	insert into private.booth_heartbeats (booth_id, person_id) values (v_booth, private.me())
	on conflict (booth_id, person_id) do update set seen_at = now();
	if not v_was_here then perform private.notify_booth(run, false); end if;
	return 'ok';
end
$$;
grant execute on function public.send_booth_heartbeat(uuid, text) to authenticated;

-- Sends a message to the partners and to those who run the stage. Answers ok | not_found | invalid | too_often (more
-- than ten in ten seconds).
create function public.send_booth_message(run uuid, language text, words text) returns public.booth_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.hold_open_run(run);
	v_booth private.booths;
	v_status text;
begin
	select b.* into v_booth
	from private.booths as b
	where b.run_id = v_run.id and b.language = send_booth_message.language;
	if v_booth.id is null or not (private.may_interpret_in(private.me(), v_booth.id)
		or private.may_run(private.me(), v_run.session_id)) then
		return 'not_found';
	end if;
	v_status := private.add_booth_line(v_booth.id, null, null, words);
	if v_status = 'ok' then perform private.notify_booth(run, false); end if;
	return v_status;
end
$$;
grant execute on function public.send_booth_message(uuid, text, text) to authenticated;
