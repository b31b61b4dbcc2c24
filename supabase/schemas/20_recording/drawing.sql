-- Slides and sign language in what a page of ours draws of the stage, to be recorded or for a large audience.

-- Whose signing may be drawn: everybody's on air for an audience that watches now; in a recording, of those who agreed
-- to be in it.
create function private.drawn_signing(p_run uuid, p_is_recorded boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(l ->> 'identity'), '[]') from jsonb_array_elements(private.run_languages(p_run)) as l
	where (l ->> 'is_signed')::boolean and l ->> 'identity' is not null
		and (not p_is_recorded
			or exists (select from private.run_participants as p join public.runs on runs.id = p.run_id
			join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p.person_id
				and sp.role = 'interpreter' and sp.state <> 'declined'
			where p.run_id = p_run and p.identity = l ->> 'identity' and sp.consent_record))
$$;

-- The run that a key draws now, and whether to record it; null when nothing is due.
create function private.run_of_key(p_hash bytea, out run uuid, out is_recorded boolean)
language sql stable security definer set search_path = '' as $$
	select g.run_id, true from private.recording_of_key(p_hash) as g where private.is_due(g)
	union all
	select l.run_id, false
		from private.large_audiences as l join public.runs on runs.id = l.run_id and runs.state = 'live'
	where l.key_hash = p_hash and private.wants_hls(l.run_id)
$$;

-- Where the bytes of the page's file lie, for a key, while the page is shown; null: not its to draw.
create function private.drawn_slide(p_hash bytea, p_version uuid, p_page integer) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name from private.run_of_key(p_hash) as k join private.run_slides as sl on sl.run_id = k.run
	join private.file_versions as v on v.id = sl.version_id and v.withdrawn_at is null
	join private.stored_objects as o on o.name = v.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where sl.version_id = p_version and p_page between 1 and least(sl.pages, sl.furthest + 1)
$$;
grant execute on function private.drawn_slide(bytea, uuid, integer) to app_server;

-- The poll that is shown, in what a page of ours draws of the stage.

--[was in drawn_poll] As the stage's picture has it: question, options, counts. No sectors, which the picture does not show.
--[patch older_news] News of what was made at a stricter level than today's says only that it changed: those who read it look again themselves, and all others
--[patch older_news] have nothing to look at. What is gone, or hidden from everybody, comes as nothing, as before.
-- What a recording and a large audience are shown of the poll of the moment: counts alone, and none of an older one.
create function private.drawn_poll(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select told || '{"sectors": null}' from private.told_poll(p_run, private.shown_poll(p_run)) as told
		where not told ? 'older'
$$;
