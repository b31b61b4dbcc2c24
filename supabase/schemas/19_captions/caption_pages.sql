-- What pages read of captions: the lines of the last ten minutes, for viewers and for captioners.

-- One line as JSON.
create function private.caption_json(c private.caption_lines) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', c.id, 'language', c.language, 'number', c.number, 'starts', c.starts, 'ends',
		c.ends, 'words', c.words,
		'is_final', c.is_final, 'is_corrected', c.corrected_at is not null)
$$;

-- The payload of the `caption` event, for every reader of a run: the line, or null when it was deleted. Of a line that
-- was said at a stricter level than today's it says only that something changed: those who may read it read again
-- themselves, and nobody else has anything to read.
create function private.caption_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when c.level <= private.level_in_force(runs.session_id) then private.caption_json(c)
		else '{"older": true}' end
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	where c.id = p_id and c.run_id = p_run
$$;
grant execute on function private.caption_event(uuid, uuid) to app_server;

-- The lines of the last ten minutes, in their order, of those that were said at the level `p_most` or a more open one.
create function private.recent_captions(p_run uuid, p_language text default null,
	p_most public.confidentiality default 'closed') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.caption_json(c) order by c.language, c.number), '[]')
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	where c.run_id = p_run and c.level <= p_most and (p_language is null or c.language = p_language)
		and c.ends > extract(epoch from now() - runs.started_at) * 1000 - 600000
$$;

-- {languages, lines, may_write} of the current run of a room, or of this open run, with the lines that the reader could
-- have heard when they were said (`private.strictest_readable_level`); null for everyone who may not enter.
create function public.read_captions(summit uuid, room text, run uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'lines',
			private.recent_captions(runs.id, null, private.strictest_readable_level(private.me(), runs.session_id)),
		'may_write', private.may_caption(private.me(), runs.session_id),
		'languages', (
			select coalesce(jsonb_agg(distinct each.language), '[]')
			from (
				select c.language from private.caption_lines as c where c.run_id = runs.id
				union
				select t.language from private.caption_tokens as t
				where t.run_id = runs.id and t.revoked_at is null) as each))
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
		and runs.id = coalesce(read_captions.run, private.current_run(private.me(), rooms.id))
	where rooms.summit_id = summit and rooms.slug = read_captions.room and summit in (select private.readable_summits())
		and private.may_subscribe_run(private.me(), runs.id)
$$;
grant execute on function public.read_captions(uuid, text, uuid) to anon, authenticated;

-- The captioner's page of one language; null for everyone else. In a room where several runs are open, a run in which
-- the reader is a captioner comes first.
create function public.read_caption_editor(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id),
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'language', read_caption_editor.language,
		'lines', private.recent_captions(runs.id, read_caption_editor.language),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id),
		'is_kept', private.level_in_force(runs.session_id) in ('public', 'members')
			and runs.level in ('public', 'members') and runs.stage_format <> 'meeting')
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	where rooms.summit_id = summit and rooms.slug = read_caption_editor.room
		and private.may_caption(private.me(), runs.session_id)
		and read_caption_editor.language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
			and length(read_caption_editor.language) <= 35
	order by not exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.person_id = (select private.me()) and sp.role = 'captioner'),
		runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;
grant execute on function public.read_caption_editor(uuid, text, text) to authenticated;
