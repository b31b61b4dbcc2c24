-- Editing the draft of the agenda: a session with its times and rooms is saved whole or not at all.

-- May the signed-in person edit this session? Programme organisers, and of closed ones only who sees them.
create function private.may_edit_session(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.sessions as s
		where s.id = p_session and private.has_role(s.summit_id, 'programme'))
		and private.can_see(private.me(), p_session)
$$;

-- Where sessions stand in the draft, of all of a Summit or of one: [{id, start, end, rooms: [slug]}]. None: no row.
create function private.draft_places(p_summit uuid, p_session uuid default null)
	returns table (session_id uuid, slots jsonb)
language sql stable security definer set search_path = '' as $$
	select each.session_id, jsonb_agg(jsonb_build_object('id', each.id, 'start', private.iso(lower(each.during)), 'end',
		private.iso(upper(each.during)), 'rooms', each.rooms) order by each.during)
	from (select slots.session_id, slots.id, slots.during,
		coalesce(jsonb_agg(rooms.slug order by rooms.position) filter (where rooms.id is not null), '[]') as rooms
		from public.slots left join public.slot_rooms as sr on sr.slot_id = slots.id left
			join public.rooms on rooms.id = sr.room_id
		where slots.summit_id = p_summit and slots.session_id is not null
			and (p_session is null or slots.session_id = p_session)
		group by slots.session_id, slots.id, slots.during) as each
	group by each.session_id
$$;

create function private.draft_slots(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select d.slots from private.draft_places((select s.summit_id from public.sessions as s
		where s.id = p_session), p_session) as d), '[]')
$$;

-- How the draft of sessions, of all of a Summit or of one, differs from the newest release: new | changed | moved |
-- cancelled | withdrawn | none; null for an idea.
create function private.draft_changes(p_summit uuid, p_session uuid default null)
	returns table (session_id uuid, change text)
language sql stable security definer set search_path = '' as $$
	with newest as materialized (
		select private.newest_release(p_summit) as id
	), stands as materialized (
		select sl.session_id,
			jsonb_agg(jsonb_build_array(sl.during, sr.room_id) order by sl.during, sr.room_id) as places
		from public.slots as sl join public.slot_rooms as sr on sr.slot_id = sl.id
		where sl.summit_id = p_summit and (p_session is null or sl.session_id = p_session) group by sl.session_id
	), stood as materialized (
		select r.session_id, jsonb_agg(jsonb_build_array(r.during, r.room_id) order by r.during, r.room_id) as places
		from public.release_slots as r join newest on newest.id = r.release_id
			where p_session is null or r.session_id = p_session group by r.session_id
	), takes_part as materialized (
		select sp.session_id,
			jsonb_agg(jsonb_build_array(sp.person_id, sp.role) order by sp.person_id, sp.role) as people
			from public.session_people as sp
		where sp.summit_id = p_summit and sp.state <> 'declined' and (p_session is null or sp.session_id = p_session)
			group by sp.session_id
	), took_part as materialized (
		select rp.session_id,
			jsonb_agg(jsonb_build_array(rp.person_id, rp.role) order by rp.person_id, rp.role) as people
		from public.release_people as rp join newest on newest.id = rp.release_id
			where p_session is null or rp.session_id = p_session group by rp.session_id
	)
	select s.id, case
		when rs.session_id is null then case when s.state = 'confirmed' and stands.session_id is not null then 'new' end
		when s.state = 'draft' then 'withdrawn'
		when (s.state = 'cancelled') <> rs.is_cancelled then 'cancelled'
		when s.state = 'cancelled' then 'none'
		when stands.places is distinct from stood.places then 'moved'
		when (s.title, s.abstract, s.content_note, s.links, s.level, s.audience, s.attendance, s.spoken, s.interpreted,
			s.is_recorded, s.is_break)
			is distinct from (rs.title, rs.abstract, rs.content_note, rs.links, rs.level, rs.audience, rs.attendance,
				rs.spoken, rs.interpreted, rs.is_recorded, rs.is_break)
			or takes_part.people is distinct from took_part.people then 'changed'
		else 'none' end
	from public.sessions as s
	cross join newest
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = newest.id
	left join stands on stands.session_id = s.id
	left join stood on stood.session_id = s.id
	left join takes_part on takes_part.session_id = s.id
	left join took_part on took_part.session_id = s.id
	where s.summit_id = p_summit and (p_session is null or s.id = p_session)
$$;

-- The draft as programme organisers see it: with what differs from the newest release.
create function public.read_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'release', (select jsonb_build_object('number', number, 'released_at', released_at) from public.releases
			where id = private.newest_release(summit)),
		'sessions', coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title, 'level',
			s.level, 'state', s.state,
			'format', f.name, 'track', t.name, 'is_break', s.is_break,
			'slots', coalesce(d.slots, '[]'),
			'people', (select count(*) from public.session_people as sp
				where sp.session_id = s.id and sp.state <> 'declined'),
			'change', c.change)
			order by d.slots #>> '{0,start}' nulls first, s.code), '[]'))
	from public.sessions as s
	left join private.draft_places(read_draft.summit) as d on d.session_id = s.id
	left join private.draft_changes(read_draft.summit) as c on c.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = summit and private.has_role(summit, 'programme')
		and s.id in (select private.seen_sessions(private.me(), summit))
$$;
grant execute on function public.read_draft(uuid) to authenticated;

-- One session for its form; null when unknown or not to be seen.
create function public.read_draft_session(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object('slots', private.draft_slots(s.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object('id', sp.id, 'display_name', p.display_name, 'office',
			p.office, 'affiliation', p.affiliation,
			'role', sp.role, 'state', sp.state, 'is_unclaimed', private.is_unclaimed(p.id))
				order by sp.position, p.display_name), '[]')
			from public.session_people as sp join public.people as p on p.id = sp.person_id where sp.session_id = s.id),
		'audiences',
			(select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'sector', a.sector, 'category', a.category,
			'kind', case when a.person_id is not null then 'person' when a.member_id is not null then 'member' end,
			'name', coalesce(p.display_name, m.name)) order by m.name, p.display_name), '[]')
			from public.session_audiences as a left join public.people as p on p.id = a.person_id left
				join public.members as m on m.id = a.member_id where a.session_id = s.id),
		'change', (select c.change from private.draft_changes(s.summit_id, s.id) as c))
	from public.sessions as s where s.id = session and private.may_edit_session(s.id)
$$;
grant execute on function public.read_draft_session(uuid) to authenticated;

-- Whoever changes the draft of a Summit takes turns: two who swap the same rooms would else each wait for the other.
create function private.lock_draft(p_summit uuid) returns void
language sql volatile set search_path = '' as $$
	select pg_advisory_xact_lock(hashtextextended(p_summit::text, 5))
$$;

-- Writes the times of a session anew. Raises exclusion_violation when a room is taken.
create function private.place_session(p_session uuid, p_summit uuid, p_slots jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_slot jsonb;
	v_id uuid;
	v_during tstzrange;
	v_kept uuid[] := '{}';
begin
	-- A session may move into what it leaves itself.
	set constraints public.room_free deferred;
	for v_slot in select * from jsonb_array_elements(p_slots) loop
		v_during := tstzrange((v_slot ->> 'start')::timestamptz, (v_slot ->> 'end')::timestamptz);
		update public.slots set during = v_during
		where id = nullif(v_slot ->> 'id', '')::uuid and session_id = p_session returning id into v_id;
		if v_id is null then
			insert into public.slots (session_id, summit_id, during) values (p_session, p_summit, v_during)
				returning id into v_id;
		end if;
		v_kept := v_kept || v_id;
		delete from public.slot_rooms where slot_id = v_id;
		insert into public.slot_rooms (slot_id, room_id, summit_id, during)
		select v_id, rooms.id, p_summit, v_during from public.rooms
		where rooms.summit_id = p_summit and rooms.slug in (select jsonb_array_elements_text(v_slot -> 'rooms'));
		v_id := null;
	end loop;
	delete from public.slots where session_id = p_session and id <> all (v_kept);
	set constraints public.room_free immediate;
end
$$;

-- Makes (session null) or changes a session. Answers {status: ok | not_allowed | unknown | conflict | room_taken |
-- invalid, id, code}. `fields`: title, abstract, content_note, links, format_id, track_id, level, audience, attendance,
-- spoken, interpreted, is_recorded, is_break, state, version, slots [{id?, start, end, rooms: [slug]}], sectors and
-- categories (who is listed).
create function public.save_session(summit uuid, session uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.sessions;
	v_new public.sessions;
	v_listed jsonb := coalesce(fields -> 'sectors', '[]');
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_draft(summit);
	if session is null then
		v_old.id := gen_random_uuid();
		v_old.summit_id := summit;
		v_old.code := private.random_code(6);
		v_old.version := 0;
		v_old.abstract := '{}';
		v_old.content_note := '{}';
		v_old.links := '[]';
		v_old.level := 'members';
		v_old.audience := 'registered';
		v_old.attendance := 'hall_and_online';
		v_old.state := 'draft';
	else
		select * into v_old from public.sessions as s where s.id = session and s.summit_id = summit for no key update;
		if not found or not private.may_edit_session(session) then
			return jsonb_build_object('status', 'unknown');
		end if;
		if v_old.version <> coalesce((fields ->> 'version')::integer, 0) then
			return jsonb_build_object('status', 'conflict', 'id', v_old.id, 'version', v_old.version);
		end if;
	end if;
	begin
		v_new := jsonb_populate_record(v_old,
			fields - array['id', 'summit_id', 'code', 'version', 'created_at', 'updated_at']);
		if v_new.level = 'closed'
			and not exists (select from public.role_grants as g where g.person_id = private.me() and g.ended_at is null
			and (g.summit_id is null or g.summit_id = summit) and g.role in ('programme', 'stage', 'safeguarding')) then
			-- An owner who closed a session would never see it again.
			return jsonb_build_object('status', 'not_allowed');
		end if;
		insert into public.sessions (id, summit_id, code, title, abstract, content_note, links, format_id, track_id,
			level, audience, attendance,
			spoken, interpreted, is_recorded, is_break, state, version)
		values (v_new.id, summit, v_new.code, v_new.title, v_new.abstract, v_new.content_note, v_new.links,
			v_new.format_id, v_new.track_id, v_new.level, v_new.audience,
			v_new.attendance, coalesce(v_new.spoken, '{en}'), coalesce(v_new.interpreted, '{}'),
				coalesce(v_new.is_recorded, false), coalesce(v_new.is_break, false), v_new.state, 1)
		on conflict (id) do update set title = excluded.title, abstract = excluded.abstract,
			content_note = excluded.content_note, links = excluded.links,
			format_id = excluded.format_id, track_id = excluded.track_id, level = excluded.level,
				audience = excluded.audience,
			attendance = excluded.attendance, spoken = excluded.spoken, interpreted = excluded.interpreted,
				is_recorded = excluded.is_recorded,
			is_break = excluded.is_break, state = excluded.state, version = sessions.version + 1, updated_at = now();
		if fields ? 'sectors' or fields ? 'categories' then
			delete from public.session_audiences as a
				where a.session_id = v_new.id and a.person_id is null and a.member_id is null;
			insert into public.session_audiences (session_id, summit_id, sector)
			select v_new.id, summit, value::public.sector from jsonb_array_elements_text(v_listed);
			insert into public.session_audiences (session_id, summit_id, category)
			select v_new.id, summit, value::public.registration_category
				from jsonb_array_elements_text(coalesce(fields -> 'categories', '[]'));
		end if;
		if fields ? 'slots' and v_new.state <> 'cancelled' then
			perform private.place_session(v_new.id, summit, fields -> 'slots');
		end if;
	exception
		when exclusion_violation then return jsonb_build_object('status', 'room_taken');
		when check_violation or not_null_violation or foreign_key_violation or data_exception then
			return jsonb_build_object('status', 'invalid', 'detail', sqlerrm);
	end;
	-- Without its id: not every organiser knows of every session.
	perform private.tell('organise:' || summit, 'session');
	return jsonb_build_object('status', 'ok', 'id', v_new.id, 'code', v_new.code);
end
$$;
grant execute on function public.save_session(uuid, uuid, jsonb) to authenticated;

-- Answers ok | already | not_allowed | unknown_person.
create function public.add_session_person(session uuid, person uuid, role public.session_role) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_edit_session(session) then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	insert into public.session_people (session_id, summit_id, person_id, role, position)
	select s.id, s.summit_id, person, add_session_person.role,
		(select count(*) from public.session_people as sp where sp.session_id = s.id)
	from public.sessions as s where s.id = session
	on conflict on constraint session_people_session_id_person_id_role_key do nothing;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.add_session_person(uuid, uuid, public.session_role) to authenticated;

-- The organisers write down what somebody answered by telephone or mail. Answers ok | not_allowed.
create function public.change_session_person(entry uuid, state public.participation_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.session_people as sp set state = change_session_person.state,
		consent_live = sp.consent_live and change_session_person.state <> 'declined', consent_record = sp.consent_record
			and change_session_person.state <> 'declined',
		consent_publish = sp.consent_publish
			and change_session_person.state <> 'declined', consent_photo = sp.consent_photo
			and change_session_person.state <> 'declined',
		consents_said_at = case when change_session_person.state <> 'declined' then sp.consents_said_at end
	where sp.id = entry and private.may_edit_session(sp.session_id);
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.change_session_person(uuid, public.participation_state) to authenticated;

create function public.remove_session_person(entry uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from public.session_people as sp where sp.id = entry and private.may_edit_session(sp.session_id);
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.remove_session_person(uuid) to authenticated;

-- What "move to" asks before it proposes places: what is free, what the session needs, when its people can.

-- {rooms: [{slug, name, kind, capacity, step_free, hearing_loop, equipment, busy: [[start, end]]}], needs: {expected,
-- step_free, hearing_loop, equipment}, people: [{name, remote, zone, available: [[start, end]], busy: [[start, end]]}],
-- limits}; null when not to be edited.
create function public.read_move(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object('slug', r.slug, 'name', r.name, 'kind', r.kind,
			'capacity', r.capacity,
				'step_free', coalesce(f.is_step_free, false), 'hearing_loop', coalesce(f.has_hearing_loop, false),
					'equipment', coalesce(f.equipment, '{}'),
				'busy', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(sr.during)),
					private.iso(upper(sr.during)), slots.session_id) order by sr.during), '[]')
					from public.slot_rooms as sr join public.slots on slots.id = sr.slot_id where sr.room_id = r.id))
						order by r.position, r.slug), '[]')
			from public.rooms as r left join public.room_facts as f on f.room_id = r.id
				where r.summit_id = s.summit_id),
		'needs', (select jsonb_build_object('expected',
			greatest(max(n.expected), (select count(*) from public.agenda_marks as m where m.session_id = s.id)),
				'step_free', coalesce(bool_or(n.needs_step_free), false), 'hearing_loop',
					coalesce(bool_or(n.needs_hearing_loop), false),
				'equipment',
					coalesce((select n2.equipment from public.session_needs as n2 where n2.session_id = s.id), '{}'))
			from public.session_needs as n where n.session_id = s.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object('name', p.display_name, 'remote',
			private.is_remote(s.summit_id, p.id) or s.attendance = 'online',
				'zone', a.zone,
				'available', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(span)),
					private.iso(upper(span)))), '[]') from unnest(a.during) as span),
				'busy', (select coalesce(jsonb_agg(jsonb_build_array(private.iso(lower(other.during)),
					private.iso(upper(other.during)))), '[]')
					from public.session_people as sp join public.slots as other on other.session_id = sp.session_id
					where sp.person_id = p.id and sp.summit_id = s.summit_id and sp.session_id <> s.id
						and sp.state <> 'declined')) order by p.display_name), '[]')
			from public.people as p left
				join public.person_availabilities as a on a.person_id = p.id and a.summit_id = s.summit_id
			where p.id in (select sp.person_id from public.session_people as sp
				where sp.session_id = s.id and sp.state <> 'declined')),
		'limits', private.limits_of(s.summit_id))
	from public.sessions as s where s.id = read_move.session and private.may_edit_session(s.id)
$$;
grant execute on function public.read_move(uuid) to authenticated;
