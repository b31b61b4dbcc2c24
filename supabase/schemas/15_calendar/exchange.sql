-- Schedule files that go to other systems and come from them: the draft that an import is compared with.

-- The events of a Summit, under every name by which a schedule file may call them: our own UIDs, and those that they
-- were imported with.
create function private.named_events(p_summit uuid)
	returns table (guid text, source text, number text, session_id uuid, slot_id uuid, code text, origin jsonb)
language sql stable security definer set search_path = '' as $$
	select e.uid::text, '', '', e.session_id, e.slot_id, null, null::jsonb
	from private.release_events as e
	join public.releases as r on r.id = e.release_id
	where r.summit_id = p_summit
	union all
	select i.guid, i.source, i.number, i.session_id, i.slot_id, i.code, i.origin
	from private.imported_events as i
	where i.summit_id = p_summit
	-- Also under the name that our own files give it.
	union all
	select i.uid::text, '', '', i.session_id, i.slot_id, i.code, i.origin
	from private.imported_events as i
	where i.summit_id = p_summit and i.uid::text <> i.guid
$$;

-- The draft for an import, for programme organisers: {day_begins, sessions, events}. It holds the sessions that the
-- reader sees, and each event under every name by which a file may call it. Null for everybody else.
create function public.read_exchange_draft(summit uuid) returns jsonb
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
grant execute on function public.read_exchange_draft(uuid) to authenticated;

-- What the imported file says about a session's events besides their links, for people who may edit the session:
-- [{url, feedback_url, logo, license}].
create function public.read_session_origins(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(distinct i.origin), '[]')
	from private.imported_events as i
	where i.session_id = session
		and private.may_edit_session(session)
		and exists (select from jsonb_each_text(i.origin) as said where said.value <> '')
$$;
grant execute on function public.read_session_origins(uuid) to authenticated;

-- Records an export in the audit trail: who took which list, and how many rows. Answers ok | not_allowed.
create function public.record_schedule_export(summit uuid, what text, rows integer) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if what not in ('sessions', 'speakers') or not private.has_role(summit, 'programme') then
		return 'not_allowed';
	end if;
	perform audit.record_event('agenda.exported', summit::text, summit, null,
		jsonb_build_object('what', what, 'rows', rows));
	return 'ok';
end
$$;
grant execute on function public.record_schedule_export(uuid, text, integer) to authenticated;
