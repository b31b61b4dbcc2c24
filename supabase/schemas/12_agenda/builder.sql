-- What the agenda builder reads: the whole draft on its grid. What it needs to move one session is in move_options.sql.

-- How many placements of the reader can be undone, or (`p_undone`) redone.
create function private.count_placement_steps(p_summit uuid, p_undone boolean) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from private.placement_steps as s
	where s.summit_id = p_summit and s.person_id = (select private.me()) and s.is_undone = p_undone
$$;

-- {release, changes: how many sessions the next release would change, undo, redo, sessions, blocks}, with the sessions
-- that the reader sees, their people (without those who declined) and how many readers marked each; null without the
-- programme role.
create function public.read_agenda_builder(summit uuid) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
	with seen as materialized (
		select private.visible_sessions(private.me(), read_agenda_builder.summit) as id
	), takes_part as (
		select
			sp.session_id,
			jsonb_agg(
				jsonb_build_object('name', p.display_name, 'role', sp.role, 'state', sp.state)
				order by sp.position, p.display_name
			) as people
		from public.session_people as sp
		join public.people as p on p.id = sp.person_id
		where sp.summit_id = read_agenda_builder.summit and sp.state <> 'declined'
		group by sp.session_id
	), marked as (
		select m.session_id, count(*) as marks
		from public.agenda_marks as m
		where m.session_id in (select id from seen)
		group by m.session_id
	)
	select jsonb_build_object(
		'release', (
			select jsonb_build_object('number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(read_agenda_builder.summit)
		),
		'changes', (
			select count(*)
			from private.draft_changes(read_agenda_builder.summit) as c
			where c.change <> 'none' and c.session_id in (select id from seen)
		),
		'undo', private.count_placement_steps(read_agenda_builder.summit, false),
		'redo', private.count_placement_steps(read_agenda_builder.summit, true),
		'sessions', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', s.id,
						'code', s.code,
						'title', s.title,
						'level', s.level,
						'state', s.state,
						'track', t.slug,
						'format', f.slug,
						'minutes', coalesce(f.minutes, 60),
						'is_break', s.is_break,
						'attendance', s.attendance,
						'spoken', s.spoken,
						'interpreted', s.interpreted,
						'is_recorded', s.is_recorded,
						'people', coalesce(takes_part.people, '[]'),
						'marks', coalesce(marked.marks, 0),
						'slots', coalesce(d.slots, '[]')
					)
					order by s.code
				),
				'[]'
			)
			from public.sessions as s
			left join private.draft_places(read_agenda_builder.summit) as d on d.session_id = s.id
			left join takes_part on takes_part.session_id = s.id
			left join marked on marked.session_id = s.id
			left join public.formats as f on f.id = s.format_id
			left join public.tracks as t on t.id = s.track_id
			where s.summit_id = read_agenda_builder.summit and s.id in (select id from seen)
		),
		'blocks', (
			select coalesce(jsonb_agg(private.read_placement(read_agenda_builder.summit, b.id) order by b.during), '[]')
			from public.slots as b
			where b.summit_id = read_agenda_builder.summit and b.session_id is null
		)
	)
	where private.has_role(read_agenda_builder.summit, 'programme')
$$;
grant execute on function public.read_agenda_builder(uuid) to authenticated;
