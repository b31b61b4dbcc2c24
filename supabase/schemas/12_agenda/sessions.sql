-- Editing sessions of the draft: a session, its times, rooms and audience are saved whole or not at all; its people are
-- added, changed and removed one by one.

-- Whether the reader may edit a session: as a programme organiser, and only if they see it. An owner sees no closed
-- one.
create function private.may_edit_session(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.sessions as s
			where s.id = p_session and private.has_role(s.summit_id, 'programme')
		)
		and private.can_see(private.me(), p_session)
$$;

-- The check of `sessions.links`, pages and files on the web: [{url, title, kind: link | attachment}]. A url is a whole
-- http or https address in ASCII without a user name before an @, so that readers see the host to which it leads. The
-- title is one line without control or direction characters, or ''.
create function private.are_session_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 100
			and length(p_links::text) <= 20000
			and not exists (
				select
				from jsonb_array_elements(p_links) as link
				where jsonb_typeof(link) <> 'object'
					or link - '{url,title,kind}'::text[] <> '{}'
					or jsonb_typeof(link -> 'url') is distinct from 'string'
					or jsonb_typeof(link -> 'title') is distinct from 'string'
					or length(link ->> 'url') > 2000
					or link ->> 'url' !~ '^https?://[^/?#@\\]+([/?#].*)?$'
					or link ->> 'url' ~ '[^!-~]|["<>]'
					or length(link ->> 'title') > 300
					or link ->> 'title' ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]'
					or link -> 'kind' not in ('"link"', '"attachment"')
					or link -> 'kind' is null
			)
	end
$$;
grant execute on function private.are_session_links(jsonb) to public;

-- Serialises all changes to the draft of a Summit until the transaction ends: two organisers who swap the same rooms
-- would otherwise deadlock.
create function private.lock_draft(p_summit uuid) returns void
language sql volatile set search_path = '' as $$
	select pg_advisory_xact_lock(hashtextextended(p_summit::text, 5))
$$;

-- Replaces the times and rooms of a session. Slots whose id is given keep it. Raises exclusion_violation when a room is
-- taken.
create function private.place_session(p_session uuid, p_summit uuid, p_slots jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_slot jsonb;
	v_id uuid;
	v_during tstzrange;
	v_kept uuid[] := '{}';
begin
	-- Deferred, so that a session can move into a room and time that it leaves itself.
	set constraints public.room_free deferred;
	for v_slot in select * from jsonb_array_elements(p_slots) loop
		v_during := tstzrange((v_slot ->> 'start')::timestamptz, (v_slot ->> 'end')::timestamptz);
		update public.slots
		set during = v_during
		where id = nullif(v_slot ->> 'id', '')::uuid
			and session_id = p_session
		returning id into v_id;
		if v_id is null then
			insert into public.slots (session_id, summit_id, during)
			values (p_session, p_summit, v_during)
			returning id into v_id;
		end if;
		v_kept := v_kept || v_id;
		perform private.set_slot_rooms(v_id, v_slot -> 'rooms');
		v_id := null;
	end loop;
	delete from public.slots where session_id = p_session and id <> all (v_kept);
	set constraints public.room_free immediate;
end
$$;

-- A session of the draft that is not stored yet, with the defaults of the table and a code of its own. It has no title
-- yet, which no JSON could say: the type of a title has no null.
create function private.new_session(p_summit uuid) returns public.sessions
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
create function private.store_session(p_session public.sessions) returns void
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

-- Replaces the sectors and categories in the audience of a session. Its people and members stay.
create function private.replace_session_audience(p_session public.sessions, p_sectors jsonb, p_categories jsonb)
	returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from public.session_audiences as a
	where a.session_id = p_session.id and a.person_id is null and a.member_id is null;
	insert into public.session_audiences (session_id, summit_id, sector)
	select p_session.id, p_session.summit_id, value::public.sector
	from jsonb_array_elements_text(coalesce(p_sectors, '[]'));
	insert into public.session_audiences (session_id, summit_id, category)
	select p_session.id, p_session.summit_id, value::public.registration_category
	from jsonb_array_elements_text(coalesce(p_categories, '[]'));
end
$$;

-- Whether the reader holds a role that sees closed sessions. An owner alone who closed one would never see it again.
create function private.may_close_session(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role in ('programme', 'stage', 'safeguarding')
	)
$$;

-- Creates (session null) or changes a session. `fields`: title, abstract, content_note, links, format_id, track_id,
-- level, audience, attendance, spoken, interpreted, is_recorded, is_break, state, version, stage_format, slots [{id?, start,
-- end, rooms: [slug]}], sectors and categories (of the audience). Answers {status: ok | not_allowed | unknown | conflict |
-- room_taken | invalid | wrong_state, id, version}; `conflict` when somebody saved since `version`, `wrong_state` when
-- `stage_format` is another while the live room of the session is open. Locks the draft, then the session.
create function public.save_session(summit uuid, session uuid, fields jsonb) returns jsonb
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
grant execute on function public.save_session(uuid, uuid, jsonb) to authenticated;

-- A cancelled session frees its rooms in the draft; the releases keep where it was.
create function private.free_rooms_of_cancelled() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from public.slots where session_id = new.id;
	return null;
end
$$;

create trigger free_rooms_of_cancelled
	after update of state on public.sessions for each row
	when (new.state = 'cancelled' and old.state <> 'cancelled')
	execute function private.free_rooms_of_cancelled();

-- Adds somebody to a session in a role, last in order. Answers ok | already | not_allowed | unknown_person.
create function public.add_session_person(session uuid, person uuid, role public.session_role)
	returns public.session_person_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	insert into public.session_people (session_id, summit_id, person_id, role, position)
	select
		s.id,
		s.summit_id,
		person,
		add_session_person.role,
		(select count(*) from public.session_people as sp where sp.session_id = s.id)
	from public.sessions as s
	where s.id = session
	on conflict on constraint session_people_session_id_person_id_role_key do nothing;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.add_session_person(uuid, uuid, public.session_role) to authenticated;

-- Records an answer that somebody gave to the organisers by telephone or mail. Declining withdraws every consent.
-- Answers ok | not_allowed.
create function public.change_session_person(entry uuid, state public.participation_state)
	returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.session_people as sp
	set state = change_session_person.state,
		consent_live = sp.consent_live and change_session_person.state <> 'declined',
		consent_record = sp.consent_record and change_session_person.state <> 'declined',
		consent_publish = sp.consent_publish and change_session_person.state <> 'declined',
		consent_photo = sp.consent_photo and change_session_person.state <> 'declined',
		consents_answered_at = case when change_session_person.state <> 'declined' then sp.consents_answered_at end
	where sp.id = entry
		and private.may_edit_session(sp.session_id);
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.change_session_person(uuid, public.participation_state) to authenticated;

-- Removes somebody from a session. Answers ok | not_allowed.
create function public.remove_session_person(entry uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from public.session_people as sp where sp.id = entry and private.may_edit_session(sp.session_id);
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.remove_session_person(uuid) to authenticated;
