-- What changes from one release to another, or from the newest release to the draft: one comparison for the changelog,
-- the preview of a release (release_preview.sql), the digests and the page of unread changes. Everybody is shown
-- what they may see today and could read in both versions.

-- The sessions of a release (all, or those given) in the form that the comparison reads.
create function private.comparable_release(p_release uuid, p_sessions uuid[] default null)
	returns table (
		session_id uuid,
		title jsonb,
		texts jsonb,
		details jsonb,
		places jsonb,
		people jsonb,
		is_cancelled boolean,
		level public.confidentiality
	)
language sql stable security definer set search_path = '' as $$
	-- Materialised: the planner has no statistics of a release that is just being written, and would compute these
	-- again for each row of the other release.
	with placed as materialized (
		select
			each.session_id,
			jsonb_agg(
				jsonb_build_object(
					'start', private.iso(lower(each.during)),
					'end', private.iso(upper(each.during)),
					'rooms', each.rooms
				)
				order by each.during, each.rooms
			) as places
		from (
			select
				sl.session_id,
				sl.during,
				jsonb_agg(rooms.slug order by rooms.position, rooms.slug) as rooms
			from public.release_slots as sl
			join public.rooms on rooms.id = sl.room_id
			where sl.release_id = p_release
				and (p_sessions is null or sl.session_id = any (p_sessions))
			group by sl.session_id, sl.slot_id, sl.during
		) as each
		group by each.session_id
	), named as materialized (
		select
			rp.session_id,
			jsonb_agg(jsonb_build_array(rp.person_id, rp.role) order by rp.role, rp.person_id) as people
		from public.release_people as rp
		where rp.release_id = p_release
			and (p_sessions is null or rp.session_id = any (p_sessions))
			and rp.role not in ('interpreter', 'captioner')
		group by rp.session_id
	)
	select
		rs.session_id,
		rs.title,
		jsonb_build_array(rs.abstract, rs.content_note, rs.links, rs.format, rs.track),
		jsonb_build_array(rs.attendance, rs.spoken, rs.interpreted, rs.is_recorded),
		coalesce(placed.places, '[]'),
		coalesce(named.people, '[]'),
		rs.is_cancelled,
		rs.level
	from public.release_sessions as rs
	left join placed on placed.session_id = rs.session_id
	left join named on named.session_id = rs.session_id
	where rs.release_id = p_release
		and (p_sessions is null or rs.session_id = any (p_sessions))
$$;

-- The draft in the same form, as a release made now would freeze it.
create function private.comparable_draft(p_summit uuid)
	returns table (
		session_id uuid,
		title jsonb,
		texts jsonb,
		details jsonb,
		places jsonb,
		people jsonb,
		is_cancelled boolean,
		level public.confidentiality
	)
language sql stable security definer set search_path = '' as $$
	with before as materialized (
		select * from private.comparable_release(private.newest_release(p_summit))
	), placed as materialized (
		select
			each.session_id,
			jsonb_agg(
				jsonb_build_object(
					'start', private.iso(lower(each.during)),
					'end', private.iso(upper(each.during)),
					'rooms', each.rooms
				)
				order by each.during, each.rooms
			) as places
		from (
			select
				slots.session_id,
				slots.during,
				jsonb_agg(rooms.slug order by rooms.position, rooms.slug) as rooms
			from public.slots
			join public.slot_rooms as sr on sr.slot_id = slots.id
			join public.rooms on rooms.id = sr.room_id
			where slots.summit_id = p_summit
			group by slots.session_id, slots.id, slots.during
		) as each
		group by each.session_id
	), named as materialized (
		select
			sp.session_id,
			jsonb_agg(jsonb_build_array(sp.person_id, sp.role) order by sp.role, sp.person_id) as people
		from public.session_people as sp
		where sp.summit_id = p_summit
			and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		group by sp.session_id
	)
	select
		s.id,
		s.title,
		jsonb_build_array(s.abstract, s.content_note, s.links, coalesce(f.name, '{}'), coalesce(t.name, '{}')),
		jsonb_build_array(s.attendance, s.spoken, s.interpreted, s.is_recorded),
		coalesce(case when s.state = 'cancelled' then before.places else placed.places end, '[]'),
		coalesce(named.people, '[]'),
		s.state = 'cancelled',
		s.level
	from public.sessions as s
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	left join before on before.session_id = s.id
	left join placed on placed.session_id = s.id
	left join named on named.session_id = s.id
	where s.summit_id = p_summit
		and case s.state
			when 'confirmed' then exists (select from public.slots where slots.session_id = s.id)
			when 'cancelled' then before.session_id is not null
			else false
		end
$$;

-- The changed sessions between two releases, or (`p_to` null) between a release and the draft. Kinds: added, removed,
-- cancelled, restored, moved, renamed, people, details (languages, how to attend), note (the content note), texts.
-- Breaks are compared like sessions. The level is the stricter of both versions.
create function private.changes_between(p_summit uuid, p_from uuid, p_to uuid, p_sessions uuid[] default null)
	returns table (session_id uuid, kinds text[], before jsonb, after jsonb, level public.confidentiality)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select * from private.comparable_release(p_from, p_sessions)
	), b as materialized (
		select * from private.comparable_release(p_to, p_sessions) where p_to is not null
		union all
		select * from private.comparable_draft(p_summit) where p_to is null
	), compared as (
		select
			coalesce(a.session_id, b.session_id) as session_id,
			array_remove(
				array[
					case when a.session_id is null then 'added' when b.session_id is null then 'removed' end,
					case
						when b.is_cancelled and not coalesce(a.is_cancelled, false) then 'cancelled'
						when a.is_cancelled and not b.is_cancelled then 'restored'
					end,
					case when a.places <> b.places then 'moved' end,
					case when a.title <> b.title then 'renamed' end,
					case when a.people <> b.people then 'people' end,
					case when a.details <> b.details then 'details' end,
					case when a.texts -> 1 <> b.texts -> 1 then 'note' end,
					case when a.texts - 1 <> b.texts - 1 then 'texts' end],
				null
			) as kinds,
			case when a.session_id is not null then to_jsonb(a) - 'session_id' - 'level' end as before,
			case when b.session_id is not null then to_jsonb(b) - 'session_id' - 'level' end as after,
			greatest(a.level, b.level) as level
		from a
		full join b on b.session_id = a.session_id
	)
	select *
	from compared
	where cardinality(kinds) > 0
$$;

-- The people of a version, under the names that they have today, without those whom the session does not name.
create function private.people_of_version(p_session uuid, p_people jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object('code', p.code, 'display_name', p.display_name, 'role', each ->> 1)
			order by p.display_name, each ->> 1
		),
		'[]'
	)
	from jsonb_array_elements(p_people) as each
	join public.people as p on p.id = (each ->> 0)::uuid
	where private.is_named(p_session, p.id, (each ->> 1)::public.session_role)
$$;

-- One side of a change for its reader, {title, places, content_note, people}, with only those people who are not on
-- both sides; null where this side does not exist.
create function private.shown_session_version(p_session uuid, p_version jsonb, p_other jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_version is not null then jsonb_build_object(
			'title', p_version -> 'title',
			'places', p_version -> 'places',
			'content_note', p_version -> 'texts' -> 1,
			'people', private.people_of_version(
				p_session,
				(
					select coalesce(jsonb_agg(each), '[]')
					from jsonb_array_elements(p_version -> 'people') as each
					where p_other is null or not (p_other -> 'people') @> jsonb_build_array(each)
				)
			)
		)
	end
$$;

-- The changes between two versions for a reader: [{id, code, is_break, kinds, before, after}].
create function private.shown_changes(
	p_person uuid,
	p_summit uuid,
	p_from uuid,
	p_to uuid,
	p_sessions uuid[] default null
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', c.session_id,
				'code', s.code,
				'is_break', s.is_break,
				'kinds', c.kinds,
				'before', private.shown_session_version(c.session_id, c.before, c.after),
				'after', private.shown_session_version(c.session_id, c.after, c.before)
			)
			order by coalesce(c.after, c.before) #>> '{places,0,start}' nulls last, s.code
		),
		'[]'
	)
	from private.changes_between(p_summit, p_from, p_to, p_sessions) as c
	join public.sessions as s on s.id = c.session_id
	where c.session_id in (select private.visible_sessions(p_person, p_summit))
		and private.may_read_version(p_person, c.session_id, greatest(c.level, s.level))
$$;

-- The changelog, {from, to, releases: [{number, released_at, note, is_live_change}], changes}: all releases, and the
-- changes between two of them. Without numbers it compares the newest release with the one before. No changes when a
-- number is unknown; null when the reader cannot read the Summit.
create function public.read_changelog(summit uuid, from_number integer default null, to_number integer default null)
	returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_to public.releases;
	v_from public.releases;
begin
	if summit not in (select private.readable_summits()) then return null; end if;
	select * into v_to
	from public.releases as r
	where r.summit_id = summit
		and (r.number = to_number or to_number is null)
	order by r.number desc
	limit 1;
	select * into v_from
	from public.releases as r
	where r.summit_id = summit
		and (r.number = from_number or from_number is null and r.number < v_to.number)
	order by r.number desc
	limit 1;
	return jsonb_build_object(
		'from', v_from.number,
		'to', v_to.number,
		'releases', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'number', r.number,
						'released_at', r.released_at,
						'note', r.note,
						'is_live_change', r.is_live_change
					)
					order by r.number desc
				),
				'[]'
			)
			from public.releases as r
			where r.summit_id = summit
		),
		'changes', case
			when v_from.id is null or v_to.id is null then '[]'::jsonb
			else private.shown_changes(private.me(), summit, v_from.id, v_to.id)
		end
	);
end
$$;
grant execute on function public.read_changelog(uuid, integer, integer) to anon, authenticated;
