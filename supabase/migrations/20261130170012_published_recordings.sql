-- The published recordings of a Summit that this reader may watch, oldest first: [{id, session, recorded_at, length_ms,
-- languages: of its captions}].
create function public.list_published_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', g.id,
			'session', g.session_id,
			'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms,
			'languages', (select coalesce(jsonb_agg(distinct c.language), '[]')
				from private.caption_lines as c
				where c.run_id = g.run_id and c.is_kept))
			order by g.started_at, g.id), '[]')
	from private.recordings as g
	where g.summit_id = list_published_recordings.summit
		and g.published_at is not null
		and private.may_watch_recording((select private.me()), g)
$$;
grant execute on function public.list_published_recordings(uuid) to anon, authenticated;
