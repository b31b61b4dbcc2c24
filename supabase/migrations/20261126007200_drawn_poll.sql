-- The poll that is shown, in what a page of ours draws of the stage.

-- As the stage's picture has it: question, options, counts. No sectors, which the picture does not show.
create function private.drawn_poll(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.told_poll(p_run, private.shown_poll(p_run)) || '{"sectors": null}'
$$;

-- What a page that draws the stage shows, by its key: `recorder_view` or `large_view`, with the slides, the poll and who signs.
create or replace function private.drawn_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce(private.recorder_view(p_hash), private.large_view(p_hash))
		|| coalesce((select jsonb_build_object('slides', private.told_slides(k.run, null), 'poll', private.drawn_poll(k.run), 'signing', private.drawn_signing(k.run, k.is_recorded))
			from private.run_of_key(p_hash) as k where k.run is not null), '{"slides": null, "poll": null, "signing": []}')
$$;
