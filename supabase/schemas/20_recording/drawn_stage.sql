-- What a page of ours draws of the stage, to be recorded or for a large audience, by the key of that page.

-- What the page shows: the answer of `private.recorder_view` or `private.large_audience_view`, with slides, poll and
-- signing.
create function private.rendered_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce(private.recorder_view(p_hash), private.large_audience_view(p_hash) || '{"booths": []}')
		|| coalesce((
			select jsonb_build_object('slides', private.slides_event(k.run, null), 'poll', private.rendered_poll(k.run),
				'signing', private.rendered_signing(k.run, k.is_recorded))
			from private.find_run_by_key(p_hash) as k where k.run is not null),
			'{"slides": null, "poll": null, "signing": []}')
$$;
grant execute on function private.rendered_view(bytea) to app_server;

-- The run that a key draws now, and whether it is recorded; null when nothing is due.
create function private.find_run_by_key(p_hash bytea, out run uuid, out is_recorded boolean)
language sql stable security definer set search_path = '' as $$
	select g.run_id, true from private.find_recording_by_key(p_hash) as g where private.is_recording_due(g)
	union all
	select l.run_id, false
	from private.large_audiences as l
	join public.runs on runs.id = l.run_id and runs.state = 'live'
	where l.key_hash = p_hash and private.wants_hls(l.run_id)
$$;

-- The identities whose signing may be drawn: of everybody on air for an audience that watches now; in a recording, of
-- those who agreed to be in it.
create function private.rendered_signing(p_run uuid, p_is_recorded boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(l ->> 'identity'), '[]')
	from jsonb_array_elements(private.run_languages(p_run)) as l
	where (l ->> 'is_signed')::boolean and l ->> 'identity' is not null
		and (not p_is_recorded or exists (
			select from private.run_participants as p
			join public.runs on runs.id = p.run_id
			join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p.person_id
				and sp.role = 'interpreter' and sp.state <> 'declined'
			where p.run_id = p_run and p.identity = l ->> 'identity' and sp.consent_record))
$$;

-- The stored object that a page of slides is drawn from, from the first page to the one after the last shown; null when
-- the key may not draw it.
create function private.rendered_slide(p_hash bytea, p_version uuid, p_page integer) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name
	from private.find_run_by_key(p_hash) as k
	join private.run_slides as sl on sl.run_id = k.run
	join private.file_versions as v on v.id = sl.version_id and v.withdrawn_at is null
	join private.stored_objects as o on o.name = v.object_name and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	where sl.version_id = p_version and p_page between 1 and least(sl.pages, sl.furthest + 1)
$$;
grant execute on function private.rendered_slide(bytea, uuid, integer) to app_server;

-- The poll that is shown: question, options and counts, without sectors, which the picture does not show. A poll that
-- was made at a stricter level than today's is not drawn.
create function private.rendered_poll(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select event || '{"sectors": null}'
	from private.poll_event(p_run, private.shown_poll(p_run)) as event
	where not event ? 'older'
$$;
