-- Reading the draft of the agenda: where sessions are placed, what differs from the newest release, and the draft as
-- organisers see it.

-- The times and rooms of sessions in the draft, of a whole Summit or of one session: [{id, start, end, rooms: [slug]}].
-- A session without a time has no row.
create function private.draft_places(p_summit uuid, p_session uuid default null)
	returns table (session_id uuid, slots jsonb)
language sql stable security definer set search_path = '' as $$
	select
		each.session_id,
		jsonb_agg(
			jsonb_build_object(
				'id', each.id,
				'start', private.iso(lower(each.during)),
				'end', private.iso(upper(each.during)),
				'rooms', each.rooms
			)
			order by each.during
		)
	from (
		select
			slots.session_id,
			slots.id,
			slots.during,
			coalesce(jsonb_agg(rooms.slug order by rooms.position) filter (where rooms.id is not null), '[]') as rooms
		from public.slots
		left join public.slot_rooms as sr on sr.slot_id = slots.id
		left join public.rooms on rooms.id = sr.room_id
		where slots.summit_id = p_summit
			and slots.session_id is not null
			and (p_session is null or slots.session_id = p_session)
		group by slots.session_id, slots.id, slots.during
	) as each
	group by each.session_id
$$;

-- The same for one session; [] when it has no time.
create function private.draft_slots(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select d.slots
			from private.draft_places(
				(select s.summit_id from public.sessions as s where s.id = p_session),
				p_session
			) as d
		),
		'[]'
	)
$$;

-- How sessions of the draft, of a whole Summit or one session, differ from the newest release: new | changed | moved |
-- cancelled | restored | withdrawn | none; null for a session that no release would contain yet. Without nested loops:
-- one plan serves a Summit and one session, so it expects one row, and would compare each session with each other.
create function private.draft_changes(p_summit uuid, p_session uuid default null)
	returns table (session_id uuid, change text)
language sql stable security definer set search_path = '' set enable_nestloop = off as $$
	with newest as materialized (
		select private.newest_release(p_summit) as id
	), drafted as materialized (
		select
			sl.session_id,
			jsonb_agg(jsonb_build_array(sl.during, sr.room_id) order by sl.during, sr.room_id) as places
		from public.slots as sl
		join public.slot_rooms as sr on sr.slot_id = sl.id
		where sl.summit_id = p_summit
			and (p_session is null or sl.session_id = p_session)
		group by sl.session_id
	), released as materialized (
		select
			r.session_id,
			jsonb_agg(jsonb_build_array(r.during, r.room_id) order by r.during, r.room_id) as places
		from public.release_slots as r
		join newest on newest.id = r.release_id
		where p_session is null or r.session_id = p_session
		group by r.session_id
	), takes_part as materialized (
		select
			sp.session_id,
			jsonb_agg(jsonb_build_array(sp.person_id, sp.role) order by sp.person_id, sp.role) as people
		from public.session_people as sp
		where sp.summit_id = p_summit
			and sp.state <> 'declined'
			and (p_session is null or sp.session_id = p_session)
		group by sp.session_id
	), took_part as materialized (
		select
			rp.session_id,
			jsonb_agg(jsonb_build_array(rp.person_id, rp.role) order by rp.person_id, rp.role) as people
		from public.release_people as rp
		join newest on newest.id = rp.release_id
		where p_session is null or rp.session_id = p_session
		group by rp.session_id
	)
	select
		s.id,
		case
			when rs.session_id is null then
				case when s.state = 'confirmed' and drafted.session_id is not null then 'new' end
			when s.state = 'draft' then 'withdrawn'
			when s.state = 'cancelled' then case when rs.is_cancelled then 'none' else 'cancelled' end
			when rs.is_cancelled then 'restored'
			when drafted.places is distinct from released.places then 'moved'
			when
				(
					s.title, s.abstract, s.content_note, s.links, s.level, s.audience, s.attendance,
					s.spoken, s.interpreted, s.is_recorded, s.is_break, coalesce(f.name, '{}'), coalesce(t.name, '{}')
				) is distinct from (
					rs.title, rs.abstract, rs.content_note, rs.links, rs.level, rs.audience, rs.attendance,
					rs.spoken, rs.interpreted, rs.is_recorded, rs.is_break, rs.format, rs.track
				)
				or takes_part.people is distinct from took_part.people then 'changed'
			else 'none'
		end
	from public.sessions as s
	cross join newest
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = newest.id
	left join drafted on drafted.session_id = s.id
	left join released on released.session_id = s.id
	left join takes_part on takes_part.session_id = s.id
	left join took_part on took_part.session_id = s.id
	where s.summit_id = p_summit
		and (p_session is null or s.id = p_session)
$$;

-- The draft for programme organisers: {release: {number, released_at}, sessions: [{id, code, title, level, state,
-- format, track, is_break, slots, people: how many, change}]}, with the sessions that the reader sees; for others no
-- release (null) and no sessions.
create function public.read_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(summit) and private.has_role(summit, 'programme')
		),
		'sessions', coalesce(
			jsonb_agg(
				jsonb_build_object(
					'id', s.id,
					'code', s.code,
					'title', s.title,
					'level', s.level,
					'state', s.state,
					'format', f.name,
					'track', t.name,
					'is_break', s.is_break,
					'slots', coalesce(d.slots, '[]'),
					'people', (
						select count(*)
						from public.session_people as sp
						where sp.session_id = s.id and sp.state <> 'declined'
					),
					'change', c.change
				)
				order by d.slots #>> '{0,start}' nulls first, s.code
			),
			'[]'
		)
	)
	from public.sessions as s
	left join private.draft_places(read_draft.summit) as d on d.session_id = s.id
	left join private.draft_changes(read_draft.summit) as c on c.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = summit
		and private.has_role(summit, 'programme')
		and s.id in (select private.visible_sessions(private.me(), summit))
$$;
grant execute on function public.read_draft(uuid) to authenticated;

-- One session for its form: its columns and {slots, people, audiences, change}; null when the reader may not edit it.
create function public.read_draft_session(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - array['summit_id', 'created_at', 'updated_at'] || jsonb_build_object(
		'slots', private.draft_slots(s.id),
		'people', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', sp.id,
						'display_name', p.display_name,
						'office', p.office,
						'affiliation', p.affiliation,
						'role', sp.role,
						'state', sp.state,
						'is_unclaimed', private.is_unclaimed(p.id)
					)
					order by sp.position, p.display_name
				),
				'[]'
			)
			from public.session_people as sp
			join public.people as p on p.id = sp.person_id
			where sp.session_id = s.id
		),
		'audiences', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', a.id,
						'sector', a.sector,
						'category', a.category,
						'kind', case
							when a.person_id is not null then 'person'
							when a.member_id is not null then 'member'
						end,
						'name', coalesce(p.display_name, m.name)
					)
					order by m.name, p.display_name
				),
				'[]'
			)
			from public.session_audiences as a
			left join public.people as p on p.id = a.person_id
			left join public.members as m on m.id = a.member_id
			where a.session_id = s.id
		),
		'change', (select c.change from private.draft_changes(s.summit_id, s.id) as c)
	)
	from public.sessions as s
	where s.id = session
		and private.may_edit_session(s.id)
$$;
grant execute on function public.read_draft_session(uuid) to authenticated;
