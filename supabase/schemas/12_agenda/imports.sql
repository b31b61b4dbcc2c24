-- Applying the preview of an agenda file (import_previews.sql), exactly as it was shown and in one transaction: rooms,
-- tracks, formats and people first, then each session by the rules of `save_session`, then all placements at once, so
-- that sessions can swap.

-- Creates the rooms, tracks, formats and people that the preview announced; a slug that exists by now is left. Answers
-- the people created, {key of the preview: id}.
create function private.create_import_prerequisites(p_summit uuid, p_additions jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_made jsonb := '{}';
	v_each jsonb;
	v_id uuid;
begin
	insert into public.rooms (summit_id, slug, name, position)
	select
		p_summit,
		e.value ->> 'slug',
		e.value -> 'name',
		coalesce((select max(position) from public.rooms where summit_id = p_summit), 0) + e.place
	from jsonb_array_elements(coalesce(p_additions -> 'rooms', '[]')) with ordinality as e (value, place)
	on conflict (summit_id, slug) do nothing;
	insert into public.tracks (summit_id, slug, name, position)
	select
		p_summit,
		e.value ->> 'slug',
		e.value -> 'name',
		coalesce((select max(position) from public.tracks where summit_id = p_summit), 0) + e.place
	from jsonb_array_elements(coalesce(p_additions -> 'tracks', '[]')) with ordinality as e (value, place)
	on conflict (summit_id, slug) do nothing;
	insert into public.formats (summit_id, slug, name, position)
	select
		p_summit,
		e.value ->> 'slug',
		e.value -> 'name',
		coalesce((select max(position) from public.formats where summit_id = p_summit), 0) + e.place
	from jsonb_array_elements(coalesce(p_additions -> 'formats', '[]')) with ordinality as e (value, place)
	on conflict (summit_id, slug) do nothing;
	for v_each in select e.value from jsonb_array_elements(coalesce(p_additions -> 'people', '[]')) as e loop
		insert into public.people (display_name, office, affiliation, biography)
		values (
			private.one_line(v_each ->> 'display_name'),
			private.one_line(v_each ->> 'office'),
			private.one_line(v_each ->> 'affiliation'),
			coalesce(v_each -> 'biography', '{}')
		)
		returning id into v_id;
		v_made := v_made || jsonb_build_object(v_each ->> 'key', v_id);
	end loop;
	return v_made;
end
$$;

-- Adds the people of a row who are not in the session yet: by the key of a person just created, or by the code of a
-- person who takes part in a session that the organiser sees. Other codes are ignored, since they would reveal who
-- exists.
create function private.add_imported_people(p_session uuid, p_summit uuid, p_people jsonb, p_made jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	insert into public.session_people (session_id, summit_id, person_id, role, position)
	select p_session, p_summit, who.id, (e.value ->> 'role')::public.session_role, 100 + e.place::integer
	from jsonb_array_elements(coalesce(p_people, '[]')) with ordinality as e (value, place)
	cross join lateral (
		select coalesce(
			(p_made ->> (e.value ->> 'key'))::uuid,
			(
				select p.id
				from public.people as p
				join public.session_people as sp on sp.person_id = p.id
				where p.code = e.value ->> 'code'
					and sp.summit_id = p_summit
					and sp.session_id in (select private.visible_sessions(private.me(), p_summit))
				limit 1
			)
		) as id
	) as who
	where who.id is not null
	on conflict (session_id, person_id, role) do nothing
$$;

-- Saves one row without its placements. Answers the id of the session; null when somebody changed it meanwhile, when
-- another import has created it already, or when it is refused.
create function private.apply_schedule_row(p_summit uuid, p_row private.schedule_import_rows, p_made jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
	v_id uuid;
begin
	if p_row.session_id is null
		and exists (
			select
			from jsonb_array_elements(p_row.plan -> 'events') as e
			join private.imported_events as i
				on i.summit_id = p_summit
				and (
					i.uid = private.parse_uuid(e.value ->> 'guid')
					or i.source = coalesce(e.value ->> 'source', '')
						and i.key = coalesce(nullif(e.value ->> 'guid', ''), 'id ' || (e.value ->> 'number'))
				)
		) then
		return null;
	end if;
	v_answer := public.save_session(
		p_summit,
		p_row.session_id,
		(p_row.plan -> 'fields') - 'slots' || jsonb_strip_nulls(
			jsonb_build_object(
				'version', p_row.version,
				'track_id', (
					select t.id
					from public.tracks as t
					where t.summit_id = p_summit and t.slug = p_row.plan ->> 'track'
				),
				'format_id', (
					select f.id
					from public.formats as f
					where f.summit_id = p_summit and f.slug = p_row.plan ->> 'format'
				)
			)
		)
	);
	if v_answer ->> 'status' <> 'ok' then return null; end if;
	v_id := (v_answer ->> 'id')::uuid;
	perform private.add_imported_people(v_id, p_summit, p_row.plan -> 'people', p_made);
	return v_id;
end
$$;

-- Places an imported session, and records the identifiers of its events in the file, so that a later import of the same
-- file recognises them (15_calendar/exchange.sql).
create function private.place_imported_session(p_session uuid, p_summit uuid, p_plan jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_plan ? 'slots' then perform private.place_session(p_session, p_summit, p_plan -> 'slots'); end if;
	insert into private.imported_events (summit_id, source, guid, number, session_id, slot_id, uid, code, origin,
		abstract_lengths)
	-- A file that we exported has our own identifier for the event, which keeps its first source, guid and number.
	select
		p_summit,
		coalesce(k.source, e.value ->> 'source', ''),
		coalesce(k.guid, e.value ->> 'guid', ''),
		coalesce(k.number, e.value ->> 'number', ''),
		p_session,
		s.id,
		coalesce(k.uid, private.parse_uuid(e.value ->> 'guid')),
		e.value ->> 'code',
		coalesce(e.value -> 'origin', '{}') - '{links,attachments}'::text[],
		(
			select array_agg(part.value::integer order by part.place)
			from jsonb_array_elements_text(coalesce(e.value -> 'parts', '[]')) with ordinality as part (value, place)
		)
	from jsonb_array_elements(coalesce(p_plan -> 'events', '[]')) as e
	left join private.imported_events as k on k.summit_id = p_summit and k.uid = private.parse_uuid(e.value ->> 'guid')
	left join public.slots as s
		on s.session_id = p_session
		and lower(s.during) = (e.value ->> 'start')::timestamptz
		and upper(s.during) = (e.value ->> 'end')::timestamptz
	on conflict (summit_id, source, key) do update
		set number = excluded.number, slot_id = excluded.slot_id, abstract_lengths = excluded.abstract_lengths,
			origin = excluded.origin
	where imported_events.session_id = excluded.session_id;
end
$$;

-- Saves the sessions of a preview without placements, except those that somebody changed meanwhile. Answers {saved:
-- {position of the row: session}, refused: [{position, title}]}.
create function private.save_imported_sessions(p_import private.schedule_imports) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.schedule_import_rows;
	v_made jsonb := private.create_import_prerequisites(p_import.summit_id, p_import.additions);
	v_id uuid;
	v_saved jsonb := '{}';
	v_refused jsonb := '[]';
begin
	for v_row in
		select *
		from private.schedule_import_rows as r
		where r.import_id = p_import.id and r.outcome in ('new', 'changed')
		order by r.position
	loop
		v_id := private.apply_schedule_row(p_import.summit_id, v_row, v_made);
		if v_id is null then
			v_refused := v_refused || jsonb_build_object('position', v_row.position, 'title', v_row.title);
		else
			v_saved := v_saved || jsonb_build_object(v_row.position::text, v_id);
		end if;
	end loop;
	return jsonb_build_object('saved', v_saved, 'refused', v_refused);
end
$$;

-- Places the sessions that were saved, {position of the row: session}. Every session that moves leaves its rooms before
-- any session takes one.
create function private.place_imported_sessions(p_import private.schedule_imports, p_saved jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row private.schedule_import_rows;
begin
	delete from public.slot_rooms
	where slot_id in (
		select s.id
		from public.slots as s
		where s.session_id in (
			select (p_saved ->> r.position::text)::uuid
			from private.schedule_import_rows as r
			where r.import_id = p_import.id and r.plan ? 'slots'
		)
	);
	for v_row in
		select *
		from private.schedule_import_rows as r
		where r.import_id = p_import.id and p_saved ? r.position::text
		order by r.position
	loop
		perform private.place_imported_session(
			(p_saved ->> v_row.position::text)::uuid, p_import.summit_id, v_row.plan
		);
	end loop;
end
$$;

-- How many rows of a preview had each outcome, of the new and changed ones those that were saved.
create function private.count_imported_rows(p_import uuid, p_saved jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_object_agg(
		k.outcome,
		(
			select count(*)
			from private.schedule_import_rows as r
			where r.import_id = p_import
				and r.outcome = k.outcome
				and (k.outcome in ('same', 'cannot') or p_saved ? r.position::text)
		)
	)
	from unnest(array['new', 'changed', 'same', 'cannot']) as k (outcome)
$$;

-- Applies the reader's preview in one transaction: all rows except those that somebody changed meanwhile. Answers
-- {status: ok | already | not_found | room_taken | invalid, new, changed, same, cannot, refused: [{position, title}]}.
-- Locks the draft, then the preview.
create function public.apply_schedule_import(import uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.schedule_imports := private.my_schedule_import(import);
	v_made jsonb;
	v_done jsonb;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_draft(v_i.summit_id);
	select * into v_i from private.schedule_imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then
		return coalesce(v_i.result, '{}') || jsonb_build_object('status', 'already');
	end if;
	perform set_config('app.reason', 'import', true);
	begin
		v_made := private.save_imported_sessions(v_i);
		perform private.place_imported_sessions(v_i, v_made -> 'saved');
		insert into private.schedule_settings (summit_id, day_begins)
		select v_i.summit_id, (v_i.file ->> 'day_begins')::integer
		where v_i.file ->> 'day_begins' is not null
		on conflict (summit_id) do update set day_begins = excluded.day_begins;
	exception
		when exclusion_violation then return jsonb_build_object('status', 'room_taken');
		when check_violation or not_null_violation or foreign_key_violation or data_exception or unique_violation then
			return jsonb_build_object('status', 'invalid');
	end;
	-- The result, kept for a second call and written to the audit.
	v_done := private.count_imported_rows(import, v_made -> 'saved')
		|| jsonb_build_object('refused', v_made -> 'refused');
	update private.schedule_imports as i set applied_at = now(), result = v_done where i.id = import;
	perform audit.record_event('agenda.imported', import::text, v_i.summit_id, null,
		v_done || jsonb_build_object('refused', jsonb_array_length(v_done -> 'refused')));
	return v_done || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_schedule_import(uuid) to authenticated;
