-- Publishing a release, and reading the newest one as the reader may see it.

--[was in releases] What stands against publishing the draft: [{code, sessions: [id]}], of the checks that block. The checks of the draft say it.
--[patch checks] The checks of the draft. Each is one code with the sessions concerned; `read_checks` gives them to programme organisers, and
--[patch checks] `blocking_checks` to what publishes. They are here and not in the app, so that no other way leads around those that block.
-- What keeps the draft from being published, [{code, sessions: [id]}]: findings that block, of sessions that a release would contain. It names
-- only sessions that the asking person sees, and counts the others.
create function private.blocking_checks(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', f.code,
		'sessions', to_jsonb(array(select unnest(f.sessions)
			intersect select private.seen_sessions(private.me(), p_summit))))), '[]')
	from private.findings(p_summit) as f
	where f.severity = 'block'
		and not exists (select from public.sessions as s where s.id = any (f.sessions) and s.state <> 'confirmed')
$$;

-- What a change takes over from the draft: 'placement', 'state', 'people'; without choices (null) everything of every
-- session. One that the release before does not know comes whole.
create function private.takes(p_choices jsonb, p_session uuid, p_before uuid, p_what text) returns boolean
language sql immutable set search_path = '' as $$
	select p_choices is null or p_choices ? p_session::text
		and (p_before is null or p_choices -> p_session::text ? p_what)
$$;

-- The sessions of the next release: as the draft has them, or (with choices) as the release before had them, but for
-- what was chosen.
create function private.freeze_sessions(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	insert into public.release_sessions (release_id, session_id, summit_id, title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance, spoken, interpreted, is_recorded, is_break, is_cancelled)
	select p_release, s.id, p_summit, s.title, s.abstract, s.content_note, s.links, coalesce(f.name, '{}'), f.slug,
		coalesce(t.name, '{}'), t.slug,
		s.level, s.audience, s.attendance, s.spoken, s.interpreted, s.is_recorded, s.is_break, s.state = 'cancelled'
	from public.sessions as s
	left join public.release_sessions as before on before.release_id = p_previous and before.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = p_summit
		and (p_choices is null or before.session_id is null and p_choices ? s.id::text)
		and case s.state
			when 'confirmed' then exists (select from public.slots where slots.session_id = s.id)
			-- A cancelled session stays visibly cancelled; one that was never released is not mentioned.
			when 'cancelled' then before.session_id is not null
			else false end;
	get diagnostics v_count = row_count;
	if p_choices is null then return v_count; end if;
	insert into public.release_sessions (release_id, session_id, summit_id, title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance, spoken, interpreted, is_recorded, is_break, is_cancelled)
	select p_release, before.session_id, p_summit, before.title, before.abstract, before.content_note, before.links,
		before.format, before.format_slug, before.track,
		before.track_slug, before.level, before.audience, before.attendance, before.spoken, before.interpreted,
			before.is_recorded, before.is_break,
		case when private.takes(p_choices, before.session_id, p_previous, 'state') then s.state = 'cancelled'
			else before.is_cancelled end
	from public.release_sessions as before join public.sessions as s on s.id = before.session_id
	where before.release_id = p_previous;
	return v_count + 1;
end
$$;

-- Their times and rooms, in one statement: two that swap are looked at when both stand.
create function private.freeze_slots(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	with own as (
		select rs.session_id, rs.is_cancelled, not rs.is_cancelled
			and (private.takes(p_choices, rs.session_id, before.release_id, 'placement')
			-- One that is held after all takes the place that the draft has for it: its own may be given away.
			or before.is_cancelled) as is_drafted
		from public.release_sessions as rs
		left join public.release_sessions as before on before.release_id = p_previous
			and before.session_id = rs.session_id
		where rs.release_id = p_release
	)
	insert into public.release_slots (release_id, session_id, room_id, slot_id, summit_id, during, is_cancelled)
	select p_release, own.session_id, slot_rooms.room_id, slots.id, p_summit, slots.during, false
	from own join public.slots on slots.session_id = own.session_id
		join public.slot_rooms on slot_rooms.slot_id = slots.id
	where own.is_drafted
	union all
	-- A cancelled session stays where it was.
	select p_release, own.session_id, before.room_id, before.slot_id, p_summit, before.during, own.is_cancelled
	from own
		join public.release_slots as before on before.release_id = p_previous and before.session_id = own.session_id
	where not own.is_drafted
$$;

create function private.freeze_people(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Whoever is just putting an alias on has another id when they are done.
	perform from public.people as p
		where p.id in (select sp.person_id from public.session_people as sp where sp.summit_id = p_summit)
		or p.id in (select rp.person_id from public.release_people as rp where rp.release_id = p_previous)
			order by p.id for key share;
	insert into public.release_people (release_id, session_id, person_id, role, position)
	select p_release, sp.session_id, sp.person_id, sp.role, sp.position
	from public.session_people as sp
	join public.release_sessions as rs on rs.release_id = p_release and rs.session_id = sp.session_id
	left join public.release_sessions as before on before.release_id = p_previous and before.session_id = sp.session_id
	where sp.state <> 'declined' and private.takes(p_choices, sp.session_id, before.release_id, 'people')
	union all
	select p_release, before.session_id, before.person_id, before.role, before.position
	from public.release_people as before
	where before.release_id = p_previous and not private.takes(p_choices, before.session_id, p_previous, 'people')
		and exists (select from public.release_sessions as rs
			where rs.release_id = p_release and rs.session_id = before.session_id);
end
$$;

-- Makes the next release, with the Summit locked by whoever calls. Null when nothing would be in it. Raises
-- exclusion_violation when what was chosen does not fit the rest.
create function private.make_release(p_summit uuid, p_note jsonb, p_choices jsonb default null) returns public.releases
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_release public.releases;
	v_previous uuid := private.newest_release(p_summit);
begin
	insert into public.releases (summit_id, number, note, released_by, is_now)
	values (p_summit, (select coalesce(max(number), 0) + 1 from public.releases where summit_id = p_summit), p_note,
		private.me(), p_choices is not null)
	returning * into v_release;
	if private.freeze_sessions(v_release.id, v_previous, p_summit, p_choices) = 0 then
		delete from public.releases where id = v_release.id;
		return null;
	end if;
	perform private.freeze_slots(v_release.id, v_previous, p_summit, p_choices);
	perform private.freeze_people(v_release.id, v_previous, p_summit, p_choices);
	perform private.note_concerns(v_release, v_previous);
	perform private.tell('summit:' || p_summit, 'release');
	perform private.tell('site', 'changed');
	return v_release;
end
$$;

-- Freezes the draft in one transaction. `expected` is the number of the newest release that the organiser saw. Answers
-- {status: ok | not_allowed | invalid_note | blocked | published_meanwhile | nothing_to_release, number, ...}.
create function public.publish_release(summit uuid, note jsonb default '{}', expected integer default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_newest public.releases;
	v_checks jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if not private.is_text_map(note) then return jsonb_build_object('status', 'invalid_note'); end if;
	-- Two organisers who publish at once come one after the other; whoever only refers to the Summit does not wait.
	perform 1 from public.summits where id = summit for no key update;
	select * into v_newest from public.releases where id = private.newest_release(summit);
	if expected is not null and expected is distinct from coalesce(v_newest.number, 0) then
		return jsonb_build_object('status', 'published_meanwhile', 'number', v_newest.number, 'released_at',
			v_newest.released_at, 'note', v_newest.note,
			'by', (select display_name from public.people where id = v_newest.released_by));
	end if;
	v_checks := private.blocking_checks(summit);
	if jsonb_array_length(v_checks) > 0 then return jsonb_build_object('status', 'blocked', 'checks', v_checks); end if;
	v_newest := private.make_release(summit, note);
	if v_newest.id is null then return jsonb_build_object('status', 'nothing_to_release'); end if;
	return jsonb_build_object('status', 'ok', 'number', v_newest.number);
end
$$;
grant execute on function public.publish_release(uuid, jsonb, integer) to authenticated;

-- A cancelled session frees its rooms in the draft; the release remembers where it was.
create function private.free_rooms_of_cancelled() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from public.slots where session_id = new.id;
	return null;
end
$$;

create trigger free_rooms_of_cancelled after update of state on public.sessions for each row
	when (new.state = 'cancelled' and old.state <> 'cancelled') execute function private.free_rooms_of_cancelled();

create function private.iso(p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
	select to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
$$;

-- No picture of whoever is protected or under 18, whatever is kept of them.
create function private.has_no_portrait(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from public.registrations as r where r.person_id = p_person and r.is_minor)
$$;

create function private.portrait_of(p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.portrait_path from public.people as p where p.id = p_person and not private.has_no_portrait(p.id)
$$;

-- The people that a release names for a session, as they are shown today; nobody who has declined since.
create function private.named_people(p_release uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation,
		'country', p.country, 'role', rp.role) order by rp.position, p.display_name), '[]')
	from public.release_people as rp join public.people as p on p.id = rp.person_id
	where rp.release_id = p_release and rp.session_id = p_session
		and private.is_named(rp.session_id, rp.person_id, rp.role)
$$;

create function private.released_session(p_release uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', rs.session_id, 'code', s.code, 'title', rs.title, 'abstract', rs.abstract, 'content_note',
			rs.content_note,
		'format', rs.format, 'format_slug', rs.format_slug, 'track', rs.track, 'track_slug', rs.track_slug,
		'level', greatest(rs.level, s.level),
		'audience', greatest(rs.audience, s.audience),
		'attendance', rs.attendance, 'spoken', rs.spoken, 'interpreted', rs.interpreted,
		'is_recorded', rs.is_recorded and s.is_recorded and greatest(rs.level, s.level) in ('public', 'members'),
		'is_break', rs.is_break, 'is_cancelled', rs.is_cancelled or s.state = 'cancelled',
		'slots', (select coalesce(jsonb_agg(jsonb_build_object('start', private.iso(lower(slot.during)), 'end',
			private.iso(upper(slot.during)), 'rooms', slot.rooms) order by slot.during), '[]')
			from (select during, jsonb_agg(rooms.slug order by rooms.position, rooms.slug) as rooms
				from public.release_slots join public.rooms on rooms.id = release_slots.room_id
				where release_id = p_release and release_slots.session_id = p_session
					group by slot_id, during) as slot),
		'people', private.named_people(p_release, p_session),
		'run', (select runs.state from public.runs where runs.session_id = p_session and runs.state <> 'ended'))
	from public.release_sessions as rs join public.sessions as s on s.id = rs.session_id
	where rs.release_id = p_release and rs.session_id = p_session
$$;

-- The agenda of one person (null: a stranger): all that they see, or only what they marked and where they take part.
create function private.read_agenda_for(p_person uuid, p_summit uuid, p_only_mine boolean default false) returns jsonb
language sql stable security definer set search_path = '' as $$
	with newest as (
		select id, number, released_at from public.releases where id = private.newest_release(p_summit)
	), shown as (
		select rs.session_id, private.released_session(newest.id, rs.session_id) as session
		from newest join public.release_sessions as rs on rs.release_id = newest.id
		where rs.session_id in (select private.seen_sessions(p_person, p_summit))
			and (not p_only_mine
				or exists (select from public.agenda_marks as m
					where m.person_id = p_person and m.session_id = rs.session_id)
				or exists (select from public.session_people as sp
					where sp.person_id = p_person and sp.session_id = rs.session_id and sp.state <> 'declined'))
	)
	select jsonb_build_object(
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at) from newest),
		'sessions', (select coalesce(jsonb_agg(session
			order by session #>> '{slots,0,start}' nulls last, session ->> 'code'), '[]') from shown))
$$;
grant execute on function private.read_agenda_for(uuid, uuid, boolean) to app_server;

-- An agenda tells the key of its own rows, from one snapshot. Rows are kept for every reader to whom the database gives
-- the same key; with a key asked a moment earlier, rights that were given in between would open the rows to the others
-- too.
create function public.read_agenda(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.read_agenda_for(private.me(), summit) || jsonb_build_object('key', public.agenda_key(summit))
	where summit in (select private.readable_summits())
$$;
grant execute on function public.read_agenda(uuid) to anon, authenticated;

-- Equal for readers who see the same rows of the same state: the key of a kept row.
create function public.agenda_key(summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(coalesce(private.newest_release(summit)::text, '')
		|| coalesce(string_agg(seen::text, ',' order by seen), ''))
	from private.seen_sessions(private.me(), summit) as seen
	where summit in (select private.readable_summits())
$$;
grant execute on function public.agenda_key(uuid) to anon, authenticated;

create function public.read_session(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.released_session(private.newest_release(summit), s.id) || jsonb_build_object(
		'entry', jsonb_build_object('stream', public.can_enter(s.id, 'stream'), 'door', public.can_enter(s.id, 'door')),
		'is_marked', exists (select from public.agenda_marks where person_id = private.me() and session_id = s.id),
		'portraits', (select coalesce(jsonb_object_agg(p.code, p.portrait_path), '{}')
			from public.release_people as rp join public.people as p on p.id = rp.person_id
			where rp.release_id = private.newest_release(summit) and rp.session_id = s.id
				and p.portrait_path is not null
				and private.is_named(s.id, p.id, rp.role) and not private.has_no_portrait(p.id)),
		-- Only here: lists of sessions are read often, and show none of them.
		'links', (select rs.links from public.release_sessions as rs
			where rs.release_id = private.newest_release(summit) and rs.session_id = s.id),
		'release', (select jsonb_build_object('number', number, 'released_at', released_at) from public.releases
			where id = private.newest_release(summit)))
	from public.sessions as s
	where s.summit_id = summit and s.code = read_session.code and summit in (select private.readable_summits())
		and private.can_see(private.me(), s.id)
$$;
grant execute on function public.read_session(uuid, text) to anon, authenticated;

-- A speaker, as named by the sessions that the reader sees; null when none of them names the person.
create function public.read_speaker(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select distinct rp.session_id, p.id
		from public.people as p
		join public.release_people as rp on rp.person_id = p.id and rp.release_id = private.newest_release(summit)
		where p.code = read_speaker.code and summit in (select private.readable_summits())
			and rp.session_id in (select private.seen_sessions(private.me(), summit))
			and private.is_named(rp.session_id, p.id, rp.role)
	)
	select jsonb_build_object('code', p.code, 'display_name', p.display_name, 'office', p.office, 'affiliation',
		p.affiliation, 'country', p.country,
		'biography', p.biography, 'links', p.links, 'portrait', private.portrait_of(p.id), 'sessions',
			(select jsonb_agg(session order by session #>> '{slots,0,start}') from (
			select private.released_session(private.newest_release(summit), session_id) as session from found) as each))
	from public.people as p where p.id = (select id from found limit 1)
$$;
grant execute on function public.read_speaker(uuid, text) to anon, authenticated;

create function public.mark_session(session uuid, marked boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or not private.can_see(v_me, session) then return 'not_seen'; end if;
	if marked then
		insert into public.agenda_marks (person_id, session_id) values (v_me, session) on conflict do nothing;
	else
		delete from public.agenda_marks where person_id = v_me and session_id = session;
	end if;
	return 'ok';
end
$$;
grant execute on function public.mark_session(uuid, boolean) to authenticated;

-- A new calendar link ends the one before: that is how a leaked link is renewed.
create function public.create_calendar_link(summit uuid, token_hash text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or token_hash !~ '^[0-9a-f]{64}$' or summit not in (select private.readable_summits()) then
		return 'not_allowed';
	end if;
	perform public.revoke_calendar_link(summit);
	insert into private.personal_links (kind, token_hash, person_id, summit_id)
		values ('calendar', decode(token_hash, 'hex'), v_me, summit);
	return 'ok';
end
$$;
grant execute on function public.create_calendar_link(uuid, text) to authenticated;

create function public.revoke_calendar_link(summit uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.personal_links set revoked_at = now()
	where kind = 'calendar' and person_id = private.me() and summit_id = summit and revoked_at is null;
	return 'ok';
end
$$;
grant execute on function public.revoke_calendar_link(uuid) to authenticated;

create function public.has_calendar_link(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.personal_links
		where kind = 'calendar' and person_id = private.me() and summit_id = summit and revoked_at is null)
$$;
grant execute on function public.has_calendar_link(uuid) to authenticated;
