-- Reading the published agenda: the newest release as each reader may see it, its sessions and speakers, and the marks
-- of "my agenda".

-- The people whom a release names for a session, as they are shown today, without those who have declined since.
create function private.named_people(p_release uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'code', p.code,
				'display_name', p.display_name,
				'office', p.office,
				'affiliation', p.affiliation,
				'country', p.country,
				'role', rp.role
			)
			order by rp.position, p.display_name
		),
		'[]'
	)
	from public.release_people as rp
	join public.people as p on p.id = rp.person_id
	where rp.release_id = p_release
		and rp.session_id = p_session
		and private.is_named(rp.session_id, rp.person_id, rp.role)
$$;

-- A session of a release, with the stricter of release and live for its level, audience and recording, and the state of
-- its run. A session that organisers cancel is cancelled for readers with the release that says so, on every path; only
-- its stage ends at once (16_stage/runs.sql). The caller checks that the reader sees it.
create function private.released_session(p_release uuid, p_session uuid) returns jsonb
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

-- The agenda of a person (null: somebody who is not signed in), {release, sessions}: all that they see, or only the
-- sessions that they marked or take part in.
create function private.read_agenda_for(p_person uuid, p_summit uuid, p_only_mine boolean default false) returns jsonb
language sql stable security definer set search_path = '' as $$
	with newest as (
		select id, number, released_at
		from public.releases
		where id = private.newest_release(p_summit)
	), shown as (
		select rs.session_id, private.released_session(newest.id, rs.session_id) as session
		from newest
		join public.release_sessions as rs on rs.release_id = newest.id
		where rs.session_id in (select private.visible_sessions(p_person, p_summit))
			and (
				not p_only_mine
				or exists (
					select
					from public.agenda_marks as m
					where m.person_id = p_person and m.session_id = rs.session_id
				)
				or exists (
					select
					from public.session_people as sp
					where sp.person_id = p_person and sp.session_id = rs.session_id and sp.state <> 'declined'
				)
			)
	)
	select jsonb_build_object(
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at) from newest),
		'sessions', (
			select coalesce(
				jsonb_agg(session order by session #>> '{slots,0,start}' nulls last, session ->> 'code'),
				'[]'
			)
			from shown
		)
	)
$$;
grant execute on function private.read_agenda_for(uuid, uuid, boolean) to app_server;

-- How many sessions of the newest release every registered person sees and a signed-out reader does not. Closed sessions
-- are never counted.
create function private.count_sessions_for_registered(p_summit uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from public.release_sessions as rs
	join public.sessions as s on s.id = rs.session_id
	where rs.release_id = private.newest_release(p_summit)
		and s.state <> 'draft'
		and not rs.is_cancelled
		and not rs.is_break
		and greatest(rs.level, s.level) in ('members', 'chatham_house')
$$;

-- The agenda of the reader with its cache key, and `more`: how many sessions a signed-out reader would see once they are
-- registered; null when they cannot read the Summit. The app caches the rows for all
-- readers with the same key. Rows and key come from one snapshot: with a key read a moment earlier, rights that were
-- granted in between would open the rows to the other readers with that key.
create function public.read_agenda(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.read_agenda_for(private.me(), summit) || jsonb_build_object(
		'key', public.agenda_cache_key(summit),
		'more', case when private.me() is null then private.count_sessions_for_registered(summit) else 0 end
	)
	where summit in (select private.readable_summits())
$$;
grant execute on function public.read_agenda(uuid) to anon, authenticated;

-- The cache key of the reader's agenda: equal for readers who see the same sessions of the same release.
create function public.agenda_cache_key(summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(
		coalesce(private.newest_release(summit)::text, '')
		|| coalesce(string_agg(seen::text, ',' order by seen), '')
	)
	from private.visible_sessions(private.me(), summit) as seen
	where summit in (select private.readable_summits())
$$;
grant execute on function public.agenda_cache_key(uuid) to anon, authenticated;

-- The page of a session: the released session with {entry: {stream, door}, is_marked, groups: those of its groups that
-- the reader is of, [{code, name}], portraits: {code: path}, links, release}; null when the reader does not see it. Links are read here only, since lists of sessions show none of them.
create function public.read_session(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.released_session(private.newest_release(summit), s.id) || jsonb_build_object(
		'entry', jsonb_build_object('stream', public.can_enter(s.id, 'stream'), 'door', public.can_enter(s.id, 'door')),
		'is_marked', exists (select from public.agenda_marks where person_id = (select private.me()) and session_id = s.id),
		'groups', private.own_session_groups(s.id),
		'portraits', (
			select coalesce(jsonb_object_agg(p.code, p.portrait_path), '{}')
			from public.release_people as rp
			join public.people as p on p.id = rp.person_id
			where rp.release_id = private.newest_release(summit)
				and rp.session_id = s.id
				and p.portrait_path is not null
				and private.is_named(s.id, p.id, rp.role)
				and not private.must_hide_portrait(p.id)
		),
		'links', (
			select rs.links
			from public.release_sessions as rs
			where rs.release_id = private.newest_release(summit) and rs.session_id = s.id
		),
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(summit)
		)
	)
	from public.sessions as s
	where s.summit_id = summit
		and s.code = read_session.code
		and summit in (select private.readable_summits())
		and private.can_see(private.me(), s.id)
$$;
grant execute on function public.read_session(uuid, text) to anon, authenticated;

-- A speaker as the sessions that the reader sees name them, {code, display_name, office, affiliation, country,
-- biography, links, portrait, sessions}; null when none of these sessions names the person.
create function public.read_speaker(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select distinct rp.session_id, p.id
		from public.people as p
		join public.release_people as rp on rp.person_id = p.id and rp.release_id = private.newest_release(summit)
		where p.code = read_speaker.code
			and summit in (select private.readable_summits())
			and rp.session_id in (select private.visible_sessions(private.me(), summit))
			and private.is_named(rp.session_id, p.id, rp.role)
	)
	select jsonb_build_object(
		'code', p.code,
		'display_name', p.display_name,
		'office', p.office,
		'affiliation', p.affiliation,
		'country', p.country,
		'biography', p.biography,
		'links', p.links,
		'portrait', private.visible_portrait_path(p.id),
		'sessions', (
			select jsonb_agg(session order by session #>> '{slots,0,start}')
			from (
				select private.released_session(private.newest_release(summit), session_id) as session
				from found
			) as each
		)
	)
	from public.people as p
	where p.id = (select id from found limit 1)
$$;
grant execute on function public.read_speaker(uuid, text) to anon, authenticated;

-- Adds a session to "my agenda" or removes it. Answers ok | not_seen.
create function public.mark_session(session uuid, marked boolean) returns public.ok_or_not_seen
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
