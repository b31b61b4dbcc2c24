-- Calendar events of releases: one for each time of a session, with a UID and a sequence that outlive releases.

-- The events of a release with a fingerprint of all that a calendar shows of them. A changed fingerprint means a new
-- sequence.
create function private.event_fingerprints(p_release uuid)
	returns table (session_id uuid, slot_id uuid, starts timestamptz, fingerprint text)
language sql stable security definer set search_path = '' as $$
	-- Materialized: the planner has no statistics of a release that is just being written, and would otherwise
	-- compute each of these again for each row of the other.
	with named as materialized (
		select rp.session_id,
			jsonb_agg(jsonb_build_array(rp.person_id, rp.role) order by rp.position, rp.person_id, rp.role) as people
		from public.release_people as rp
		where rp.release_id = p_release
		group by rp.session_id
	), placed as materialized (
		select rl.session_id, rl.slot_id, rl.during, jsonb_agg(rl.room_id order by rl.room_id) as rooms
		from public.release_slots as rl
		where rl.release_id = p_release
		group by rl.session_id, rl.slot_id, rl.during
	)
	select p.session_id, p.slot_id, lower(p.during),
		md5(
			jsonb_build_array(
				extract(epoch from lower(p.during)), extract(epoch from upper(p.during)), p.rooms,
				n.people, rs.title, rs.abstract, rs.content_note, rs.format, rs.track, rs.level,
				rs.attendance, rs.spoken, rs.interpreted, rs.is_break, rs.is_cancelled
			)::text
		)
	from placed as p
	join public.release_sessions as rs on rs.release_id = p_release and rs.session_id = p.session_id
	left join named as n on n.session_id = p.session_id
$$;

-- The UID of each event of a release; `p_before` is the release before. A slot keeps its UID. A session that lost one
-- slot and got another keeps the UID that became free. The first slot of a session uses the session's own id.
create function private.choose_event_uids(p_release uuid, p_before uuid)
	returns table (session_id uuid, slot_id uuid, fingerprint text, uid uuid)
language sql volatile security definer set search_path = '' as $$
	with these as materialized (
		select * from private.event_fingerprints(p_release)
	), kept as (
		-- Slots that the release before had too.
		select t.slot_id, b.uid from these as t
		join private.release_events as b on b.release_id = p_before
			and b.slot_id = t.slot_id
			and b.session_id = t.session_id
	), open as (
		-- Slots without a UID, numbered within their session.
		select t.*, row_number() over (partition by t.session_id order by t.starts, t.slot_id) as place
		from these as t
		where t.slot_id not in (select slot_id from kept)
	), given as (
		-- An imported event keeps the UID that it has in its own system.
		select o.slot_id, i.uid from open as o
		join private.imported_events as i on i.slot_id = o.slot_id and i.session_id = o.session_id
		where i.uid not in (select uid from kept)
	), free as (
		-- UIDs that their sessions have had and no slot uses now; the session's own id first.
		select f.session_id, f.uid,
			row_number() over (partition by f.session_id order by f.uid = f.session_id desc, f.uid) as place
		from (
			select session_id, session_id as uid from open
			union
			select e.session_id, e.uid from private.release_events as e
			where e.session_id in (select session_id from open)
		) as f
		where f.uid not in (select uid from kept union select uid from given)
	)
	select t.session_id, t.slot_id, t.fingerprint, coalesce(k.uid, g.uid, f.uid, gen_random_uuid())
	from these as t
	left join kept as k using (slot_id)
	left join given as g using (slot_id)
	left join open as o using (slot_id)
	left join free as f on f.session_id = o.session_id and f.place = o.place
$$;

-- Joins the events of a release with what was imported about them.
create function private.apply_imports_to_events(p_release uuid, p_summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	-- An imported event without a UUID gets one of ours.
	update private.imported_events as i set uid = e.uid
	from private.release_events as e
	where e.release_id = p_release
		and i.summit_id = p_summit
		and i.uid is null
		and i.session_id = e.session_id
		and i.slot_id = e.slot_id
		and not exists (select from private.imported_events as o where o.summit_id = i.summit_id and o.uid = e.uid);
	-- The release takes over what the import said; until then an import is a draft.
	update private.release_events as e set abstract_lengths = i.abstract_lengths, origin = i.origin
	from private.imported_events as i
	where e.release_id = p_release
		and i.summit_id = p_summit
		and i.uid = e.uid
		and i.session_id = e.session_id;
$$;

-- Writes the events of a release. An event that is as it was in the release before keeps its sequence.
create function private.assign_event_uids(p_release uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new public.releases;
	v_before uuid;
begin
	select * into v_new from public.releases where id = p_release;
	if not found then return; end if;
	select id into v_before from public.releases
	where summit_id = v_new.summit_id and number < v_new.number
	order by number desc limit 1;
	insert into private.release_events (release_id, session_id, slot_id, uid, sequence, changed_at, fingerprint)
	select p_release, n.session_id, n.slot_id, n.uid, coalesce(b.sequence, v_new.number),
		coalesce(b.changed_at, v_new.released_at), n.fingerprint
	from private.choose_event_uids(p_release, v_before) as n
	left join private.release_events as b on b.release_id = v_before
		and b.uid = n.uid
		and b.session_id = n.session_id
		and b.fingerprint = n.fingerprint;
	perform private.apply_imports_to_events(p_release, v_new.summit_id);
end
$$;

-- At the end of the transaction, when all rows of the release are there.
create function private.assign_event_uids_of_release() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.assign_event_uids(new.id);
	return null;
end
$$;

create constraint trigger assign_event_uids after insert on public.releases deferrable initially deferred for each row
	execute function private.assign_event_uids_of_release();

-- Splits the links of a session as the exchange format wants them: {links: [{url, title}], attachments: [{url,
-- title}]}.
create function private.exchange_links(p_links jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select jsonb_build_object(
		'links', coalesce(jsonb_agg(
			link.value - 'kind' order by link.place
		) filter (where link.value ->> 'kind' = 'link'), '[]'),
		'attachments', coalesce(jsonb_agg(
			link.value - 'kind' order by link.place
		) filter (where link.value ->> 'kind' = 'attachment'), '[]')
	)
	from jsonb_array_elements(p_links) with ordinality as link (value, place)
$$;

-- Answers {session id: [{start, end, uid, parts, origin, links, attachments, sequence, changed_at}]} for these sessions
-- of a release.
create function private.calendar_events_of(p_release uuid, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(each.session_id, each.events), '{}')
	from (
		select e.session_id,
			jsonb_agg(jsonb_build_object(
				'start', private.iso(lower(slot.during)), 'end', private.iso(upper(slot.during)),
				'uid', e.uid, 'parts', e.abstract_lengths, 'origin', e.origin || private.exchange_links(rs.links),
				'sequence', e.sequence, 'changed_at', private.iso(e.changed_at)
			) order by slot.during, e.slot_id) as events
		from private.release_events as e
		join (
			select distinct on (slot_id) slot_id, during from public.release_slots where release_id = p_release
		) as slot on slot.slot_id = e.slot_id
		join public.release_sessions as rs on rs.release_id = p_release and rs.session_id = e.session_id
		where e.release_id = p_release and e.session_id = any (p_sessions)
		group by e.session_id
	) as each
$$;

-- Adds `events` to an agenda, for the sessions that it holds. Both come from one snapshot.
create function private.add_calendar_events(p_agenda jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select p_agenda || jsonb_build_object(
		'events', private.calendar_events_of(
			(p_agenda #>> '{release,id}')::uuid,
			array(select (one.value ->> 'id')::uuid from jsonb_array_elements(p_agenda -> 'sessions') as one)
		)
	)
$$;
