-- Workshops: the format of the live room of a session, which stays as it is while a run is open, and the room of a run in the
-- meeting format: who may be there, its pass, its attendance and its end.

set check_function_bodies = off;

create type public.stage_format as enum ('stage', 'meeting');

alter table public.sessions
	add column stage_format public.stage_format not null default 'stage',
	add constraint no_recording_of_meetings check (not is_recorded or stage_format = 'stage');
alter table public.runs add column stage_format public.stage_format not null default 'stage';

drop trigger audit_record_removal on private.meeting_participants;

-- A session of a release, with the stricter of release and live for its level, audience and recording, and the state of
-- its run. A session that organisers cancel is cancelled for readers with the release that says so, on every path; only
-- its stage ends at once (16_stage/runs.sql). The caller checks that the reader sees it.
create or replace function private.released_session(p_release uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', rs.session_id,
		'code', s.code,
		'title', rs.title,
		'abstract', rs.abstract,
		'content_note', rs.content_note,
		'format', rs.format,
		'format_slug', rs.format_slug,
		'track', rs.track,
		'track_slug', rs.track_slug,
		'level', greatest(rs.level, s.level),
		'audience', greatest(rs.audience, s.audience),
		'attendance', rs.attendance,
		'spoken', rs.spoken,
		'interpreted', rs.interpreted,
		'is_recorded', rs.is_recorded and s.is_recorded and greatest(rs.level, s.level) in ('public', 'members'),
		'is_break', rs.is_break,
		'stage_format', s.stage_format,
		'is_cancelled', rs.is_cancelled,
		'host', private.side_event_host(rs.session_id),
		'slots', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'start', private.iso(lower(slot.during)),
						'end', private.iso(upper(slot.during)),
						'rooms', slot.rooms
					)
					order by slot.during
				),
				'[]'
			)
			from (
				select during, jsonb_agg(rooms.slug order by rooms.position, rooms.slug) as rooms
				from public.release_slots
				join public.rooms on rooms.id = release_slots.room_id
				where release_id = p_release and release_slots.session_id = p_session
				group by slot_id, during
			) as slot
		),
		'people', private.named_people(p_release, p_session),
		'run', (select runs.state from public.runs where runs.session_id = p_session and runs.state <> 'ended')
	)
	from public.release_sessions as rs
	join public.sessions as s on s.id = rs.session_id
	where rs.release_id = p_release
		and rs.session_id = p_session
$$;

-- A session of the draft in the shape of a released one. People are named as everybody sees them, and only where the
-- role reads their names.
create or replace function private.previewed_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', s.id,
		'code', s.code,
		'title', s.title,
		'abstract', s.abstract,
		'content_note', s.content_note,
		'format', coalesce(f.name, '{}'),
		'format_slug', f.slug,
		'track', coalesce(t.name, '{}'),
		'track_slug', t.slug,
		'level', s.level,
		'audience', s.audience,
		'attendance', s.attendance,
		'spoken', s.spoken,
		'interpreted', s.interpreted,
		'is_recorded', s.is_recorded,
		'is_break', s.is_break,
		'stage_format', s.stage_format,
		'is_cancelled', s.state = 'cancelled',
		'host', private.side_event_host(s.id),
		'slots', case
			-- A cancelled session is shown where it was.
			when s.state = 'cancelled' then private.released_session(private.newest_release(s.summit_id), s.id) -> 'slots'
			else (
				select jsonb_agg(slot - 'id')
				from jsonb_array_elements(private.draft_slots(s.id)) as slot
			)
		end,
		'people', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'code', p.code,
						'display_name', p.display_name,
						'office', p.office,
						'affiliation', p.affiliation,
						'country', p.country,
						'role', sp.role
					)
					order by sp.position, p.display_name
				),
				'[]'
			)
			from public.session_people as sp
			join public.people as p on p.id = sp.person_id
			where sp.session_id = s.id and private.is_named(s.id, sp.person_id, sp.role)
		),
		'run', null
	)
	from public.sessions as s
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.id = p_session
$$;

-- The fields of a session that are edited beside the board; null when there is no such session.
create or replace function private.read_session_edit(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'title', s.title,
		'format_id', s.format_id,
		'track_id', s.track_id,
		'level', s.level,
		'audience', s.audience,
		'attendance', s.attendance,
		'spoken', s.spoken,
		'interpreted', s.interpreted,
		'is_recorded', s.is_recorded,
		'state', s.state,
		'stage_format', s.stage_format,
		'listed', private.listed_audience(s.id)
	)
	from public.sessions as s
	where s.id = p_session
$$;

-- Why an edit {edit, from, to} cannot be made: unknown | edited_meanwhile (its fields are no longer as in `from`, or its
-- live room is open, whose format stays); null when it can.
create or replace function private.edit_refusal(p_edit jsonb) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_edit_session((p_edit ->> 'edit')::uuid)
			or p_edit #>> '{to,level}' = 'closed' and not private.may_close_session(s.summit_id) then 'unknown'
		when private.differing_fields(p_edit -> 'from', private.read_session_edit(s.id)) <> '{}'
			or p_edit -> 'to' ? 'stage_format' and private.open_run_of(s.id) is not null then 'edited_meanwhile'
	end
	from (select) as always
	left join public.sessions as s on s.id = (p_edit ->> 'edit')::uuid
$$;

-- Whether a reader who sees a session may enter it, apart from bars, places and the entry lock; by its live row and the
-- newest release, or (`p_is_draft`) as if the draft were released.
create or replace function private.reader_entitlement(
	p_reader private.session_reader,
	p_session public.sessions,
	p_channel public.access_channel,
	p_is_draft boolean
) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_level public.confidentiality;
	v_audience public.session_audience;
begin
	-- The door always requires an in-person registration, also of people who enter by role.
	if p_channel = 'door' then
		if not p_reader.is_registered then return 'not_registered'; end if;
		if p_reader.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if p_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_reader.person_id, p_session.id, p_channel) then return 'ok'; end if;
	if p_channel = 'stream' and p_session.attendance = 'hall' then return 'hall_only'; end if;
	v_level := case when p_is_draft then p_session.level else private.level_in_force(p_session.id) end;
	v_audience := case when p_is_draft then p_session.audience else private.audience_in_force(p_session.id) end;
	-- In a meeting people are seen by name: it is for those who are registered.
	if v_audience = 'everyone' and v_level = 'public' and p_channel = 'stream' and p_session.stage_format = 'stage' then
		return 'ok';
	end if;
	if not p_reader.is_registered then
		return case when p_reader.person_id is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	if (v_audience = 'listed' or v_level = 'closed')
		and not private.is_listed(
			p_session.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category,
			case when p_is_draft then private.me() end
		) then
		return 'not_listed';
	end if;
	return 'ok';
end
$$;

-- Changes the draft of one session as an organiser does on the phone. `p_edit`: {slots?, state?, without?: [entry of
-- session_people], with?: [{person | name, role}], version}. Answers as `save_session`.
create or replace function private.apply_live_edit(p_summit uuid, p_session uuid, p_edit jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry uuid;
	v_one jsonb;
	v_saved jsonb := jsonb_build_object('status', 'ok');
begin
	if p_edit ?| array['slots', 'state'] then
		v_saved := public.save_session(p_summit, p_session, p_edit - array['without', 'with', 'stage_format']);
	end if;
	for v_one in select value from jsonb_array_elements(coalesce(p_edit -> 'with', '[]')) loop
		if private.add_person_live(p_summit, p_session, v_one) <> 'ok' then
			return jsonb_build_object('status', 'unknown');
		end if;
	end loop;
	for v_entry in select value::uuid from jsonb_array_elements_text(coalesce(p_edit -> 'without', '[]')) loop
		if not exists (select from public.session_people as sp where sp.id = v_entry and sp.session_id = p_session)
			or public.change_session_person(v_entry, 'declined') <> 'ok' then
			return jsonb_build_object('status', 'unknown');
		end if;
	end loop;
	return v_saved;
end
$$;

-- A session of the draft that is not stored yet, with the defaults of the table and a code of its own. It has no title
-- yet, which no JSON could say: the type of a title has no null.
create or replace function private.new_session(p_summit uuid) returns public.sessions
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new public.sessions;
begin
	v_new.id := gen_random_uuid();
	v_new.summit_id := p_summit;
	v_new.code := private.random_code(6);
	v_new.version := 0;
	v_new.abstract := '{}';
	v_new.content_note := '{}';
	v_new.links := '[]';
	v_new.level := 'members';
	v_new.audience := 'registered';
	v_new.attendance := 'hall_and_online';
	v_new.state := 'draft';
	v_new.stage_format := 'stage';
	return v_new;
end
$$;

-- Inserts or updates a session and counts its version up.
create or replace function private.store_session(p_session public.sessions) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.sessions (
		id, summit_id, code, title, abstract, content_note, links, format_id, track_id, level, audience, attendance,
		spoken, interpreted, is_recorded, is_break, state, version, stage_format
	)
	values (
		p_session.id, p_session.summit_id, p_session.code,
		p_session.title, p_session.abstract, p_session.content_note, p_session.links,
		p_session.format_id, p_session.track_id,
		p_session.level, p_session.audience, p_session.attendance,
		coalesce(p_session.spoken, '{en}'),
		coalesce(p_session.interpreted, '{}'),
		coalesce(p_session.is_recorded, false),
		coalesce(p_session.is_break, false),
		p_session.state, 1, coalesce(p_session.stage_format, 'stage')
	)
	on conflict (id) do update set
		title = excluded.title,
		abstract = excluded.abstract,
		content_note = excluded.content_note,
		links = excluded.links,
		format_id = excluded.format_id,
		track_id = excluded.track_id,
		level = excluded.level,
		audience = excluded.audience,
		attendance = excluded.attendance,
		spoken = excluded.spoken,
		interpreted = excluded.interpreted,
		is_recorded = excluded.is_recorded,
		is_break = excluded.is_break,
		state = excluded.state,
		stage_format = excluded.stage_format,
		version = sessions.version + 1,
		updated_at = now()
$$;

-- Creates (session null) or changes a session. `fields`: title, abstract, content_note, links, format_id, track_id,
-- level, audience, attendance, spoken, interpreted, is_recorded, is_break, state, version, stage_format, slots [{id?, start,
-- end, rooms: [slug]}], sectors and categories (of the audience). Answers {status: ok | not_allowed | unknown | conflict |
-- room_taken | invalid | wrong_state, id, version}; `conflict` when somebody saved since `version`, `wrong_state` when
-- `stage_format` is another while the live room of the session is open. Locks the draft, then the session.
create or replace function public.save_session(summit uuid, session uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.sessions;
	v_new public.sessions;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_draft(summit);
	if session is null then
		v_old := private.new_session(summit);
	else
		select * into v_old from public.sessions as s where s.id = session and s.summit_id = summit for no key update;
		if not found or not private.may_edit_session(session) then
			return jsonb_build_object('status', 'unknown');
		end if;
		-- Compared as text, because a value that is no number cannot be the version.
		if v_old.version::text <> coalesce(fields ->> 'version', '0') then
			return jsonb_build_object('status', 'conflict', 'id', v_old.id, 'version', v_old.version);
		end if;
	end if;
	begin
		v_new := jsonb_populate_record(v_old,
			fields - array['id', 'summit_id', 'code', 'version', 'created_at', 'updated_at']);
		if v_new.level = 'closed' and not private.may_close_session(summit) then
			return jsonb_build_object('status', 'not_allowed');
		end if;
		if v_new.stage_format <> v_old.stage_format and private.open_run_of(v_old.id) is not null then
			return jsonb_build_object('status', 'wrong_state');
		end if;
		perform private.store_session(v_new);
		if fields ? 'sectors' or fields ? 'categories' then
			perform private.replace_session_audience(v_new, fields -> 'sectors', fields -> 'categories');
		end if;
		if fields ? 'slots' and v_new.state <> 'cancelled' then
			perform private.place_session(v_new.id, summit, fields -> 'slots');
		end if;
	exception
		when exclusion_violation then return jsonb_build_object('status', 'room_taken');
		when check_violation or not_null_violation or foreign_key_violation or data_exception then
			return jsonb_build_object('status', 'invalid');
	end;
	-- The event carries no id, since not every organiser may know of every session.
	perform private.publish_event('organise:' || summit, 'session');
	return jsonb_build_object('status', 'ok', 'id', v_new.id);
end
$$;

-- The draft for an import, for programme organisers: {day_begins, sessions, events}. It holds the sessions that the
-- reader sees, and each event under every name by which a file may call it. Null for everybody else.
create or replace function public.read_exchange_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select s.* from public.sessions as s
		where s.summit_id = summit
			and private.has_role(summit, 'programme')
			and s.id in (select private.visible_sessions(private.me(), summit))
	)
	select jsonb_build_object(
		'day_begins', coalesce((select day_begins from private.schedule_settings where summit_id = summit), 0),
		'sessions', coalesce((
			select jsonb_agg(jsonb_build_object(
				'id', s.id, 'code', s.code, 'version', s.version, 'title', s.title,
				'abstract', s.abstract, 'content_note', s.content_note, 'links', s.links,
				'format', f.name, 'track', t.name, 'level', s.level, 'audience', s.audience,
				'attendance', s.attendance, 'spoken', s.spoken, 'interpreted', s.interpreted,
				'is_recorded', s.is_recorded, 'is_break', s.is_break, 'state', s.state,
				'stage_format', s.stage_format,
				'slots', coalesce(d.slots, '[]'),
				'people', (
					select coalesce(jsonb_agg(jsonb_build_object(
						'person', p.code, 'display_name', p.display_name, 'office', p.office,
						'affiliation', p.affiliation, 'country', p.country, 'role', sp.role,
						'state', sp.state
					) order by sp.position, p.display_name), '[]')
					from public.session_people as sp
					join public.people as p on p.id = sp.person_id
					where sp.session_id = s.id
				)
			) order by d.slots #>> '{0,start}' nulls last, s.code)
			from seen as s
			left join private.draft_places(summit) as d on d.session_id = s.id
			left join public.formats as f on f.id = s.format_id
			left join public.tracks as t on t.id = s.track_id
		), '[]'),
		'events', coalesce((
			select jsonb_agg(
				distinct jsonb_build_object(
					'guid', c.guid, 'source', c.source, 'number', c.number, 'session', c.session_id,
					'slot', c.slot_id, 'code', c.code, 'origin', c.origin
				)
			)
			from private.named_events(summit) as c
			where c.session_id in (select seen.id from seen)
		), '[]')
	)
	where private.has_role(summit, 'programme')
$$;

-- Gives a run new LiveKit rooms after a bar or a raised level: removing a participant from LiveKit revokes no token, so
-- somebody who kept one for the old rooms must find nobody there (Rule 6). Locks the run.
create or replace function private.rotate_livekit_rooms(p_run uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	select session_id into v_session from public.runs where id = p_run and state <> 'ended' for update;
	if not found then return; end if;
	update private.livekit_rooms set closed_at = now() where run_id = p_run and closed_at is null;
	if (select stage_format from public.runs where id = p_run) = 'meeting' then
		-- The next passes make them.
		perform private.rotate_meeting_rooms(p_run), private.publish_event('meeting:' || p_run, 'rights'),
			private.publish_event('session:' || v_session, 'run', p_run);
		return;
	end if;
	perform private.ensure_livekit_room(p_run, 'stage'), private.ensure_livekit_room(p_run, 'green_room');
	perform private.publish_event('session:' || v_session, 'run', p_run);
end
$$;

-- Stores connections as LiveKit reports them: [{sid, identity, joined_at, left_at?}], in any order and any number of
-- times. Answers how many attendances it wrote. Locks the run before the connections, as the end of a run does: many
-- people leave at the end of a session, and a host's end and the report of a leaving would wait for each other.
create or replace function private.save_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Being in the green room is no attendance.
	select run_id into v_run from private.livekit_rooms where name = p_name and purpose = 'stage';
	if not found then return private.save_meeting_connections(p_name, p_connections, p_at); end if;
	return private.save_run_connections(v_run, p_connections, p_at);
end
$$;

-- The same for the connections of a run, by the identities of its participants.
create or replace function private.save_run_connections(p_run uuid, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_changed uuid;
	v_count integer := 0;
begin
	perform from public.runs where id = p_run for key share;
	-- Connections that are seen after an end that was only concluded are still open.
	for v_changed in
		update private.run_connections as c set left_at = null
		from jsonb_to_recordset(p_connections) as reported (sid text, left_at timestamptz)
		where c.sid = reported.sid and reported.left_at is null and c.reported_left_at is null and c.left_at < p_at
			and exists (select from public.runs where runs.id = p_run and runs.state <> 'ended')
		returning c.participant_id
	loop
		perform private.write_presence(v_changed);
	end loop;
	-- New connections, and updates of known ones. The rows are taken by sid, so that two reports do not deadlock.
	for v_changed in
		insert into private.run_connections as c
			(sid, participant_id, run_id, joined_at, seen_at, left_at, reported_left_at)
		select reported.sid, p.id, p_run, least(reported.joined_at, coalesce(reported.left_at, reported.joined_at)), p_at,
			reported.left_at, reported.left_at
		from jsonb_to_recordset(p_connections)
			as reported (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.run_participants as p on p.run_id = p_run and p.identity = reported.identity
		order by reported.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at),
			reported_left_at = coalesce(c.reported_left_at, excluded.reported_left_at),
			left_at = coalesce(c.reported_left_at, excluded.reported_left_at, c.left_at),
			joined_at = least(c.joined_at, excluded.joined_at)
		returning case when xmax = 0 or left_at is not null then participant_id end
	loop
		if v_changed is not null then
			perform private.write_presence(v_changed);
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- Ends the connections in rooms that LiveKit no longer has, for example after it restarted: no list names them any
-- more. Answers how many. Locks the runs by id before their connections, as the end of a run does.
create or replace function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform private.end_lost_meeting_connections(p_open_names, p_at);
	perform from public.runs
	where id in (select c.run_id from private.run_connections as c
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds')
	order by id
	for key share;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.livekit_rooms as r
				where r.run_id = c.run_id and r.name = any (p_open_names))
			and not exists (select from private.meeting_livekit_rooms as r
				where r.room_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- The pass of a person, or of nobody (a signed-out viewer of a public stream, who gets an identity from the app and
-- leaves no row). {status: ok | none (no run that this reader sees) | the reason of can_enter | unconfirmed |
-- not_backstage, room, identity, publish[], state, run, session}.
-- A pass and a bar of the same person exclude each other by an advisory lock: a pass that is asked for at the very
-- moment of a bar is for a room that the bar closes, or there is none.
create or replace function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text default 'stage',
	p_session text default null, p_has_said boolean default false, p_auth_session uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_name text;
	v_entry text;
	v_participant private.run_participants;
	v_rights text[] := '{}';
begin
	-- Strong roles count only in the session that asks.
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is not null then perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7)); end if;
	select runs.* into v_run
	from public.runs
	join public.rooms on rooms.id = runs.room_id
	join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case
			when p_session is null then runs.id = private.current_run(p_person, rooms.id)
			else s.code = p_session and private.can_see(p_person, s.id) end;
	-- A run in the meeting format has a room of its own (32_meetings/room_of_runs.sql).
	if not found or v_run.stage_format = 'meeting' then return jsonb_build_object('status', 'none'); end if;
	-- The name of the room is read before the rights. So a change in between gives the old room or the new rights, and
	-- never the new room with the old rights.
	v_name := private.ensure_livekit_room(v_run.id, p_purpose);
	-- It ended at this moment.
	if v_name is null then return jsonb_build_object('status', 'none'); end if;
	v_entry := private.entry_decision(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_purpose = 'stage' and private.must_confirm_notice(p_person, v_run.session_id, p_has_said) then
		return jsonb_build_object('status', 'unconfirmed');
	end if;
	if p_person is not null then
		v_participant := private.ensure_participant(v_run.id, p_person);
		if v_participant.id is null then return jsonb_build_object('status', 'none'); end if;
		v_participant.identity := private.identity_for(v_run.id, v_participant.id, v_participant.identity,
			p_auth_session);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then
		return jsonb_build_object('status', 'not_backstage');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'room', v_name, 'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;

-- The pass of a device of a room, into the run that is on air there or waits; of an encoder, into its own run. {status:
-- ok | refused (no such code) | none (no run) | busy (another device sends), run, room, identity, publish}. Only
-- `p_takes` replaces another device that sends.
create or replace function private.hall_pass(p_code text, p_summit uuid, p_room text, p_kind text default 'browser',
	p_takes boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.hall_devices;
	v_run public.runs;
begin
	v_device := private.find_hall_device(p_code, p_summit, p_room, p_kind);
	if v_device.id is null then return jsonb_build_object('status', 'refused'); end if;
	v_run := private.hold_open_run((private.find_device_run(v_device)).id);
	if v_run.id is null or v_run.stage_format = 'meeting' then return jsonb_build_object('status', 'none'); end if;
	if not private.assign_hall_device(v_run, v_device.id, p_takes) then
		return jsonb_build_object('status', 'busy');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'room', private.ensure_livekit_room(v_run.id, 'stage'), 'identity', v_device.identity,
		'publish', private.hall_rights(v_run, 'stage', array[v_device.identity]) -> v_device.identity);
end
$$;

-- The pass of a desk, which watches the stage or the green room of a run without being seen or counted. {status: ok |
-- none, room, identity}.
create or replace function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid, p_auth_session uuid default null,
	p_purpose text default 'stage') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_monitor private.desk_monitors;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	v_run := private.hold_open_run(p_run);
	if v_run.id is null or v_run.stage_format = 'meeting' or v_run.summit_id <> p_summit or p_person is null
		or not private.may_monitor_run(p_person, v_run, p_purpose) then
		return jsonb_build_object('status', 'none');
	end if;
	insert into private.desk_monitors as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id
	returning e.* into v_monitor;
	return jsonb_build_object('status', 'ok', 'room', private.ensure_livekit_room(p_run, p_purpose), 'identity',
		private.identity_for(p_run, v_monitor.id, v_monitor.identity, p_auth_session));
end
$$;

-- A run has the format of its session, which stays until the run ends.
create or replace function private.set_run_format() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	new.stage_format := (select s.stage_format from public.sessions as s where s.id = new.session_id);
	return new;
end
$$;

create trigger set_run_format before insert on public.runs for each row execute function private.set_run_format();

create or replace function private.keep_open_format() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if private.open_run_of(new.id) is not null then
		raise exception 'the live room is open' using errcode = 'check_violation';
	end if;
	return new;
end
$$;

create trigger keep_open_format before update of stage_format on public.sessions for each row
	when (new.stage_format <> old.stage_format) execute function private.keep_open_format();

-- waiting → live ⇄ paused → ended; waiting → ended. Locks the run. Answers ok, already, not_found,
-- not_possible, room_busy (another run is on air in the room).
create or replace function public.set_run_state(run uuid, state public.run_state) returns public.run_state_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_constraint text;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if set_run_state.state is null then return 'not_possible'; end if;
	if v_run.state = set_run_state.state then return 'already'; end if;
	-- A workshop is not paused: everybody is there.
	if v_run.stage_format = 'meeting' and set_run_state.state = 'paused' then return 'not_possible'; end if;
	if (v_run.state, set_run_state.state) not in (('waiting', 'live'), ('waiting', 'ended'), ('live', 'paused'),
		('live', 'ended'), ('paused', 'live'), ('paused', 'ended')) then
		return 'not_possible';
	end if;
	-- What runs can always be ended.
	if set_run_state.state = 'ended' then perform private.allow_closed_summits(); end if;
	update public.runs set state = set_run_state.state,
		started_at = coalesce(started_at, case when set_run_state.state = 'live' then now() end),
		ended_at = case when set_run_state.state = 'ended' then now() end
	where id = run;
	return 'ok';
exception when unique_violation then
	-- What follows from a state may break another rule: that is a fault of ours, and no busy room.
	get stacked diagnostics v_constraint = constraint_name;
	if v_constraint is distinct from 'runs_one_on_air' then raise; end if;
	return 'room_busy';
end
$$;

-- A session as the stage shows it: in the words of the release, or of the draft for its own people. A content note that
-- was added since the release is shown too.
create or replace function private.stage_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'code', s.code,
		'title', coalesce(rs.title, s.title),
		'content_note', coalesce(nullif(rs.content_note, '{}'), s.content_note),
		'note_version', private.note_version(coalesce(nullif(rs.content_note, '{}'), s.content_note)),
		'level', private.level_in_force(s.id),
		'stage_format', s.stage_format,
		'spoken', coalesce(rs.spoken, s.spoken),
		'interpreted', coalesce(rs.interpreted, s.interpreted),
		'is_recorded', coalesce(rs.is_recorded, true) and s.is_recorded,
		'is_released', rs.session_id is not null,
		'start', private.iso(lower(slot.during)),
		'end', private.iso(upper(slot.during)))
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id
		and rs.release_id = private.newest_release(s.summit_id)
	left join lateral private.slot_at(s.id) as slot on true
	where s.id = p_session
$$;

-- A public session for more people than LiveKit can carry: LiveKit Egress writes it as HLS, some seconds late, and our
-- own route delivers it.

-- Whether a run is to be written as HLS now: somebody asked for it, the session is public by release and by draft, and
-- the run is on air.
create or replace function private.wants_hls(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.large_audiences as l
		join public.runs on runs.id = l.run_id
		where l.run_id = p_run and l.is_on and runs.state in ('live', 'paused') and runs.stage_format = 'stage'
			and greatest(private.level_in_force(runs.session_id), runs.level) = 'public')
$$;

-- What goes on in the room of a meeting: hands, muting, the shared screen and messages. The kind of each event says what
-- changed, so that pages read only this part (room_reading.sql).

-- Raises or lowers a hand: the reader's own, or, for hosts, lowers that of a participant. Answers ok | not_found | invalid
-- (also: more than 6 within a minute, because each one notifies everybody). Locks the room.
create or replace function public.raise_meeting_hand(code text, raised boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(raise_meeting_hand.code);
begin
	if v.id is null then return 'not_found'; end if;
	if raised and not private.may_use_in_room((select r from private.meeting_rooms as r where r.id = v.room_id), v.person_id,
		'microphone') then
		return 'invalid';
	end if;
	if participant is not null and participant <> v.id then
		if raised or (private.lock_meeting_room(raise_meeting_hand.code, true)).id is null then return 'invalid'; end if;
	end if;
	if raised and v.hand_at is null then
		if v.hands >= 6 and v.hands_since > now() - interval '1 minute' then return 'invalid'; end if;
		update private.meeting_participants as p
		set hand_at = clock_timestamp(),
			hands = case when v.hands_since > now() - interval '1 minute' then v.hands + 1 else 1 end,
			hands_since = case when v.hands_since > now() - interval '1 minute' then v.hands_since else now() end
		where p.id = v.id;
	elsif not raised then
		update private.meeting_participants as p
		set hand_at = null
		where p.room_id = v.room_id and p.id = coalesce(participant, v.id) and p.hand_at is not null;
	else
		return 'ok';
	end if;
	if found then perform private.publish_event('meeting:' || v.room_id, 'hands'); end if;
	return 'ok';
end
$$;

-- Takes or gives back the right to share a screen; in each breakout room only one has it. Hosts take it from the participant whom they name.
-- Answers ok (also when they no longer had it) | not_found | invalid | conflict (somebody else shares). Locks the room.
create or replace function public.share_meeting_screen(code text, shares boolean, participant uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(share_meeting_screen.code);
	v_room private.meeting_rooms;
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if participant is not null and participant <> v.id then
		if shares or (private.lock_meeting_room(share_meeting_screen.code, true)).id is null then return 'invalid'; end if;
	end if;
	if shares and not private.may_use_in_room(v_room, v.person_id, 'screen') then return 'invalid'; end if;
	if shares and exists (select from private.meeting_participants as p
		where p.room_id = v.room_id and p.id <> v.id and private.shares_meeting_screen(v_room, p)
			and private.meeting_room_number(v_room, p) = private.meeting_room_number(v_room, v)) then
		return 'conflict';
	end if;
	update private.meeting_participants as p
	set shares_at = case when shares then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer.
		breakout = nullif(private.meeting_room_number(v_room, p), 0),
		camera_at = case when coalesce(p.breakout, 0) = private.meeting_room_number(v_room, p) then p.camera_at end
	where p.room_id = v.room_id and p.id = coalesce(participant, v.id)
		and private.shares_meeting_screen(v_room, p) <> shares;
	if found then perform private.publish_event('meeting:' || v.room_id, 'people'); end if;
	return 'ok';
end
$$;

-- Writes a message to those who are in the same room as the reader, or, for hosts with `everywhere`, in all breakout
-- rooms. `room` is the breakout room that the page showed, 0: that of all. Answers ok | not_found | invalid (empty, too
-- long, or more than 20 within a minute) | wrong_state (the reader is in another room now). Locks the room.
create or replace function public.write_meeting_message(code text, words text, everywhere boolean default false,
	room integer default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(write_meeting_message.code);
	v_room private.meeting_rooms;
	v_words text := private.normalise_free_text(write_meeting_message.words);
begin
	if v.id is null then return 'not_found'; end if;
	if coalesce(length(btrim(v_words)), 0) not between 1 and 1000
		or everywhere and (private.lock_meeting_room(write_meeting_message.code, true)).id is null
		or 20 <= (select count(*) from private.meeting_messages as x
			where x.room_id = v.room_id and x.person_id = v.person_id and x.sent_at > now() - interval '1 minute') then
		return 'invalid';
	end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	if not private.may_use_in_room(v_room, v.person_id, 'chat') then return 'invalid'; end if;
	if not everywhere and write_meeting_message.room <> private.meeting_room_number(v_room, v) then
		return 'wrong_state';
	end if;
	insert into private.meeting_messages (room_id, person_id, number, body)
	values (v.room_id, v.person_id, case when not everywhere then private.meeting_room_number(v_room, v) end, v_words);
	perform private.publish_event('meeting:' || v.room_id, 'chat');
	return 'ok';
end
$$;

-- Gives somebody a camera place of the room in which they are now, or takes it back. Answers whether they have one then. The
-- caller has locked the room, so of two people who ask for the last place one gets it.
create or replace function private.set_meeting_camera(p_room private.meeting_rooms, p private.meeting_participants, p_on boolean)
	returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer := private.meeting_room_number(p_room, p);
	v_on boolean := p_on and private.may_use_in_room(p_room, p.person_id, 'camera') and (private.has_meeting_camera(p_room, p) or private.meeting_camera_limit() > (
		select count(*)
		from private.meeting_participants as q
		where q.room_id = p.room_id and q.id <> p.id and private.has_meeting_camera(p_room, q)
			and private.meeting_room_number(p_room, q) = v_number));
begin
	update private.meeting_participants as q
	set camera_at = case when v_on then clock_timestamp() end,
		-- Of a breakout room whose time is over they are no longer, and its screen is not shared any more.
		breakout = nullif(v_number, 0),
		shares_at = case when coalesce(q.breakout, 0) = v_number then q.shares_at end
	where q.id = p.id and (v_on or q.camera_at is not null);
	return v_on;
end
$$;

-- Takes a camera place of the room, or gives it back. Answers ok (also when nothing changed) | not_found | conflict (all are
-- taken) | invalid (more than 20 within a minute, because each one notifies everybody, or they may not send it). Locks the room.
create or replace function public.switch_meeting_camera(code text, sends boolean) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_place(switch_meeting_camera.code);
	v_room private.meeting_rooms;
	v_had boolean;
	v_has boolean;
	v_is_counting boolean := coalesce(v.cameras_since > now() - interval '1 minute', false);
begin
	if v.id is null then return 'not_found'; end if;
	select * into v_room from private.meeting_rooms as r where r.id = v.room_id;
	v_had := private.has_meeting_camera(v_room, v);
	if sends and (not v_had and v_is_counting and v.cameras >= 20
		or not private.may_use_in_room(v_room, v.person_id, 'camera')) then
		return 'invalid';
	end if;
	v_has := private.set_meeting_camera(v_room, v, coalesce(sends, false));
	if v_has and not v_had then
		update private.meeting_participants as p
		set cameras = case when v_is_counting then v.cameras + 1 else 1 end,
			cameras_since = case when v_is_counting then v.cameras_since else now() end
		where p.id = v.id;
	end if;
	if v_has <> v_had then perform private.publish_event('meeting:' || v.room_id, 'cameras'); end if;
	return case when sends and not v_has then 'conflict' else 'ok' end;
end
$$;

-- Who may enter the room of a meeting: the people of its group, alternates too, while a chair or secretary has it open.
-- Chairs and secretaries are its hosts. Others get the answer of a meeting that does not exist. All functions of the room
-- ask private.may_be_in_room and private.hosts_room.

-- Whether somebody may be in a room: the people of the group of its meeting, or who may be in its run.
create or replace function private.may_be_in_room(p_room private.meeting_rooms, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(case
		when p_room.meeting_id is not null then private.is_in_group(p_person,
			(select m.group_id from private.meetings as m where m.id = p_room.meeting_id))
		else private.may_be_in_run(p_room.run_id, p_person)
	end, false)
$$;

-- A room, locked; all columns are null for one that does not exist. A run is held before its room, as its end does.
create or replace function private.lock_room(p_room uuid) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
begin
	perform private.hold_open_run(p_room);
	select * into v from private.meeting_rooms as r where r.id = p_room for update;
	return v;
end
$$;

-- The open room of a code, for those who may be in it, or with `p_hosts` its hosts; null for others. Locks the room, so that
-- of two acts at once the second sees what the first did.
create or replace function private.lock_meeting_room(p_code text, p_hosts boolean) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_room(private.room_of_code(p_code));
begin
	if not private.is_meeting_room_open(v)
		or not private.may_be_in_room(v, private.me())
		or p_hosts and not private.hosts_room(v, private.me()) then
		return null;
	end if;
	return v;
end
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | full | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_room(p_room);
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	if v_room.run_id is not null then
		if private.room_limit() <= (select count(*) from private.meeting_participants as p
				where p.room_id = v_room.id and p.person_id <> p_person and p.sid is not null and p.left_at is null)
			and not private.hosts_room(v_room, p_person) then
			return '{"status": "full"}';
		end if;
		-- By this row attendance is written, and a bar finds the run.
		perform private.ensure_participant(v_room.run_id, p_person);
	end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.room_id = v_room.id and p.person_id = p_person);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when not v_room.is_locked or private.hosts_room(v_room, p_person) then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = false,
			-- Its staff did not wait for a host.
			admitted_at = case when p.removed_at is null
				then coalesce(case when not p.is_staff then p.admitted_at end, excluded.admitted_at) end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_room.id, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	perform private.set_meeting_camera(v_room, v, p_camera);
	select p.* into v from private.meeting_participants as p where p.id = v.id;
	insert into private.meeting_livekit_rooms (room_id, number)
	values (v_room.id, private.meeting_room_number(v_room, v))
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_room.id and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

-- Ends the room for all, for its hosts: nobody is there any more, and its messages are deleted. Answers ok | not_found
-- (also: it is not open, or is that of a run, which ends with it). Locks the room.
create or replace function public.end_meeting_room(code text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(end_meeting_room.code, true);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	perform private.close_meeting_room(v.id);
	return 'ok';
end
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p.is_staff and private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			then case when private.is_meeting_staff(p.person_id, p_room.meeting_id) then '{}'::text[] end
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[
				case when private.has_meeting_camera(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'camera')
					then 'camera' end,
				case when private.may_use_in_room(p_room, p.person_id, 'microphone') then 'microphone' end,
				case when private.shares_meeting_screen(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'screen')
					then 'screen' end], null)
	end
$$;

-- The LiveKit rooms of a room, or of the rooms of a session's runs, also those closed within the last hour; and the open ones of the rooms in
-- which one of these people takes part.
create or replace function private.list_meeting_livekit_rooms(p_room uuid, p_people uuid[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select r.name
	from private.meeting_livekit_rooms as r
	where (r.room_id = p_room or r.room_id in (select runs.id from public.runs where runs.session_id = p_room))
		and (r.closed_at is null or r.closed_at > now() - interval '1 hour')
	union
	select r.name
	from private.meeting_livekit_rooms as r
	join private.meeting_participants as p on p.room_id = r.room_id
	where p.person_id = any (p_people) and r.closed_at is null
$$;

-- Stores connections as LiveKit reports them for a room of a meeting: [{sid, identity, joined_at, left_at?}], in any
-- order and any number of times; with `p_is_all` they are all that are there, and who belongs to this room and was not
-- seen for 20 seconds has left; who belongs to another one, after a minute. A hand stays up for 20 seconds more
-- (private.end_lost_meeting_connections). Answers how many came or left. Locks the meeting and the room before the
-- participants, as acts in the room do.
create or replace function private.save_meeting_connections(p_name text, p_connections jsonb, p_at timestamptz,
	p_is_all boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_number integer;
	v_room private.meeting_rooms;
	v_came integer;
	v_left integer;
begin
	select r.room_id, r.number into v_id, v_number from private.meeting_livekit_rooms as r where r.name = p_name;
	if v_id is null then return 0; end if;
	perform from private.meetings as m where m.id = v_id for no key update;
	v_room := private.lock_room(v_id);
	with reported as (
		select p.id, x.*, p.sid is null or p.left_at is not null as is_new
		from jsonb_to_recordset(p_connections) as x (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.meeting_participants as p on p.room_id = v_id and p.identity = x.identity
		where x.left_at is null
			and (p.sid is distinct from x.sid and x.joined_at >= coalesce(p.joined_at, '-infinity')
				or p.sid = x.sid and (p.left_at is null or p.left_at < p_at - interval '5 seconds'))
		order by p.id
	), seen as (
		update private.meeting_participants as p
		set sid = r.sid, joined_at = r.joined_at, seen_at = greatest(p.seen_at, p_at), left_at = null,
			-- A new connection sends no screen yet.
			shares_at = case when p.sid = r.sid or p.shares_at > r.joined_at then p.shares_at end
		from reported as r
		where p.id = r.id
		returning r.is_new
	)
	select count(*) filter (where is_new) into v_came from seen;
	with gone as (
		update private.meeting_participants as p
		set left_at = coalesce(x.left_at, greatest(q.seen_at, q.joined_at)), shares_at = null,
			-- A place that they were given since, or shortly before, is for their next connection: its pass comes before the
			-- end of the connection that it replaces.
			camera_at = case when q.camera_at > coalesce(x.left_at, q.seen_at) - interval '10 seconds' then q.camera_at end
		from private.meeting_participants as q
		left join jsonb_to_recordset(p_connections) as x (sid text, left_at timestamptz) on x.sid = q.sid
		where q.id = p.id and q.room_id = v_id and q.sid is not null and q.left_at is null
			and (x.left_at is not null
				or p_is_all and q.seen_at < p_at - case when private.meeting_room_number(v_room, q) = v_number
					then interval '20 seconds' else interval '1 minute' end)
		returning p.id
	)
	select count(*) into v_left from gone;
	if v_room.meeting_id is not null then
		perform private.note_attendance(v_id);
	else
		perform private.save_room_presence(v_room, p_connections, p_at, p_is_all);
	end if;
	if v_came + v_left > 0 then perform private.publish_event('meeting:' || v_id, 'connections'); end if;
	return v_came + v_left;
end
$$;

-- The room of a run in the meeting format, which pages call a workshop: everybody who may enter the session speaks and is
-- seen. It opens and ends with the run. While the run waits, only the people of the session are there. Its functions are
-- those of the rooms of meetings; what they ask about a person is here.

-- How many people one room carries.
create or replace function private.room_limit() returns integer
language sql immutable set search_path = '' as $$ select 300 $$;

-- Whether somebody may be in the room of a run: they may enter the session, have confirmed its notice, and the run has begun
-- or they are of its people.
create or replace function private.may_be_in_run(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from public.runs
		where runs.id = p_run and runs.state <> 'ended' and runs.stage_format = 'meeting' and p_person is not null
			and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
			and not private.must_confirm_notice(p_person, runs.session_id, false)
			and (runs.state <> 'waiting' or private.stage_role_of(p_person, runs.session_id) <> 'viewer'))
$$;

-- Whether somebody in a room may use their `camera`, `chat`, `screen` or `microphone`. In the room of a run, people under 18 have
-- no camera, chat or screen, and speak as far as their guardian has consented.
create or replace function private.may_use_in_room(p_room private.meeting_rooms, p_person uuid, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_room.run_id is null or exists (select
		from public.runs
		where runs.id = p_room.run_id
			and case when p_what = 'microphone' then private.guardian_allows(p_person, runs.session_id,
					case when private.stage_role_of(p_person, runs.session_id) = 'viewer' then 'stage' else 'part' end)
				else not private.is_minor_in(p_person, runs.session_id)
					and not exists (select from private.find_minor_registration(p_person, runs.session_id)) end)
$$;

-- The name of somebody in a room, as the reader sees it: '' for a person under 18 who is not of the people of the session,
-- but to themselves and to hosts.
create or replace function private.name_in_room(p_room private.meeting_rooms, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_room.run_id is not null and p_person <> coalesce(private.me(), p_room.id)
			and private.is_unnamed_minor(p_person, (select runs.session_id from public.runs where runs.id = p_room.run_id))
			and not private.hosts_room(p_room, private.me()) then ''
		else (select q.display_name from public.people as q where q.id = p_person) end
$$;

-- The pass of a person to the room of a run (private.room_pass); none also where there is no such run. A pass and a bar of the
-- same person exclude each other, as on a stage (private.stage_pass).
create or replace function private.run_room_pass(p_person uuid, p_run uuid, p_auth_session uuid default null,
	p_camera boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is null or not exists (select from private.meeting_rooms as r where r.run_id = p_run) then
		return '{"status": "none"}';
	end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7));
	return private.room_pass(p_run, p_person, p_auth_session, p_camera);
end
$$;

grant execute on function private.run_room_pass(uuid, uuid, uuid, boolean) to app_server;

-- The current run of a room of the venue, where it is in the meeting format and the reader may be there; null otherwise.
create or replace function public.find_run_room(summit uuid, room text) returns uuid
language sql stable security definer set search_path = '' as $$
	select r.run_id
	from public.rooms
	join private.meeting_rooms as r on r.run_id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = find_run_room.room
		and summit in (select private.readable_summits())
		and private.is_meeting_room_open(r) and private.may_be_in_room(r, private.me())
$$;

grant execute on function public.find_run_room(uuid, text) to authenticated;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone} of the
-- reader}, and without a group.
create or replace function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.meeting_rights(r, p) is not null as is_in, private.hosts_room(r, private.me()) as is_host
		from private.meeting_rooms as r
		join public.runs on runs.id = r.run_id
		join public.summits as s on s.id = runs.summit_id
		join public.rooms as v on v.id = runs.room_id
		left join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
		where r.run_id = read_run_room.run and private.is_meeting_room_open(r)
			and private.may_be_in_room(r, private.me())
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.id::text,
		'run', jsonb_build_object('state', f.state, 'level', f.shown -> 'level'),
		'session', f.shown -> 'code',
		'room', jsonb_build_object('slug', f.slug, 'name', f.place),
		'title', f.shown -> 'title',
		'start', f.shown -> 'start',
		'end', f.shown -> 'end',
		'zone', f.zone,
		'is_open', true,
		'may_open', false,
		'is_host', f.is_host,
		'is_locked', (f.room).is_locked,
		-- Its captions are those of the run.
		'caption_languages', '[]'::jsonb,
		'may', jsonb_build_object(
			'camera', private.may_use_in_room(f.room, private.me(), 'camera'),
			'chat', private.may_use_in_room(f.room, private.me(), 'chat'),
			'microphone', private.may_use_in_room(f.room, private.me(), 'microphone')),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

grant execute on function public.read_run_room(uuid) to authenticated;

-- A run in the meeting format has a room from its beginning. Its end deletes who was there and what they wrote: attendance is
-- in public.presence, and messages to all are kept with the run where its level allows it. The run is locked.
create or replace function private.follow_run_room() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'INSERT' then
		insert into private.meeting_rooms (run_id, opened_by) values (new.id, private.me());
	elsif new.state = 'ended' then
		perform from private.meeting_rooms as r where r.id = new.id for update;
		insert into private.chat_messages (run_id, session_id, person_id, body, sent_at)
		select new.id, new.session_id, x.person_id, x.body, x.sent_at
		from private.meeting_messages as x
		where x.room_id = new.id and coalesce(x.number, 0) = 0 and new.level in ('public', 'members')
		order by x.sent_at, x.id;
		perform private.close_meeting_room(new.id);
		delete from private.meeting_participants as p where p.room_id = new.id;
	else
		perform private.publish_event('meeting:' || new.id, 'room');
	end if;
	return null;
end
$$;

create trigger open_run_room after insert on public.runs for each row
	when (new.stage_format = 'meeting') execute function private.follow_run_room();

create trigger follow_run_room after update of state on public.runs for each row
	when (new.stage_format = 'meeting' and new.state <> old.state) execute function private.follow_run_room();

-- Writes the attendance of those who are connected to the room of a run, as save_connections does for a stage
-- (16_stage/presence.sql). With `p_is_all` connections end that no list of its LiveKit rooms has named for a minute. The caller has
-- locked the run and the room.
create or replace function private.save_room_presence(p_room private.meeting_rooms, p_connections jsonb, p_at timestamptz,
	p_is_all boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	perform private.save_run_connections(p_room.run_id, (
		select coalesce(jsonb_agg(x.value || jsonb_build_object('identity', r.identity)), '[]')
		from jsonb_array_elements(p_connections) as x
		join private.meeting_participants as p on p.room_id = p_room.id and p.identity = x.value ->> 'identity'
		join private.run_participants as r on r.run_id = p_room.run_id and r.person_id = p.person_id), p_at);
	if not p_is_all then return; end if;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.run_id = p_room.run_id and c.left_at is null and c.seen_at < p_at - interval '1 minute'
		returning c.participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;

-- What the page of a meeting's room shows: all of it when it opens, and later the parts that an event says have changed.
-- Kinds of events: hands, chat, muted, cameras (who has a camera place: pages learn it from LiveKit), waiting (somebody
-- waits for a host), connections (who is connected), people (who may be there, and what they may send), breakouts, room (it
-- opened, was locked or ended: everything), staff (who was named as staff: everything), caption (a line was written or
-- corrected), captions (a line was deleted).

-- A participant, as those in the room see them.
create or replace function private.meeting_participant_json(p_room private.meeting_rooms, p private.meeting_participants)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'identity', p.identity,
		'display_name', private.name_in_room(p_room, p.person_id),
		'is_host', private.hosts_room(p_room, p.person_id),
		'is_me', coalesce(p.person_id = private.me(), false),
		'is_here', p.sid is not null and p.left_at is null,
		'hand', private.meeting_hand(p),
		'shares', private.shares_meeting_screen(p_room, p),
		'number', private.meeting_room_number(p_room, p))
$$;

-- The messages that a participant reads, the newest 200, or those after one of these; all when that one was deleted.
create or replace function private.meeting_messages_json(p_room private.meeting_rooms, p_own private.meeting_participants,
	p_after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(x.message order by x.sent_at, x.id), '[]')
	from (select x.id, x.sent_at, jsonb_build_object(
			'id', x.id,
			-- In a run whose level names nobody it is '', and so it is for people under 18.
			'from', case when p_room.run_id is not null and private.is_nameless(p_room.run_id) then ''
				else private.name_in_room(p_room, x.person_id) end,
			'is_me', x.person_id = p_own.person_id,
			'is_to_all', x.number is null,
			'body', x.body,
			'at', private.iso(x.sent_at)) as message
		from private.meeting_messages as x
		where x.room_id = p_own.room_id and private.may_use_in_room(p_room, p_own.person_id, 'chat')
			and coalesce(x.number = private.meeting_room_number(p_room, p_own), true)
			and x.sent_at > coalesce((select y.sent_at from private.meeting_messages as y
				where y.id = p_after and y.room_id = p_own.room_id), '-infinity')
		order by x.sent_at desc
		limit 200) as x
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, private.name_in_room(p_room, p.person_id) as display_name, private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		where p.room_id = p_room.id and not p.is_staff
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).admitted_at is null and (t.participant).removed_at is null
				and (t.participant).asked_at > now() - interval '1 minute'),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;

-- The audit names who was removed and let in, but not in a run whose level names nobody; hands and connections are not
-- audited.
create trigger audit_record_removal after update of removed_at on private.meeting_participants for each row
	when (old.removed_at is distinct from new.removed_at and not private.is_nameless(new.room_id))
	execute function audit.record_change('person_id');

create trigger audit_record_removal_nameless after update of removed_at on private.meeting_participants for each row
	when (old.removed_at is distinct from new.removed_at and private.is_nameless(new.room_id))
	execute function audit.record_change('', 'person_id');

update private.audited_tables set shown = shown || '{stage_format}' where name = 'public.sessions';
