-- A public session for more people than LiveKit would carry: Egress writes it as HLS, some seconds late, and our own
-- route gives it out.

-- Whether a run is to be written as HLS now: asked for, public by the release and by the draft, and on.
create function private.wants_hls(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.large_audiences as l join public.runs on runs.id = l.run_id
		where l.run_id = p_run and l.is_on and runs.state in ('live', 'paused')
			and greatest(private.level_in_force(runs.session_id), runs.level) = 'public')
$$;

-- Turns it on or off. Answers ok, already, not_found, level, ended.
create function public.set_large_audience(run uuid, is_on boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	select * into v_run from public.runs where id = run for update;
	if not found or not private.may_run(private.me(), v_run.session_id) then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if is_on and greatest(private.level_in_force(v_run.session_id), v_run.level) <> 'public' then
		return 'level';
	end if;
	insert into private.large_audiences as l (run_id, summit_id, is_on, turned_by)
		values (run, v_run.summit_id, set_large_audience.is_on, private.me())
	on conflict (run_id) do update set is_on = excluded.is_on, turned_by = excluded.turned_by
		where l.is_on <> excluded.is_on;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'recording', run);
	return 'ok';
end
$$;
grant execute on function public.set_large_audience(uuid, boolean) to authenticated;

-- A new key for the page that Egress opens.
create function private.key_large(p_run uuid, p_hash bytea) returns void
language sql volatile security definer set search_path = '' as $$
	update private.large_audiences set key_hash = p_hash where run_id = p_run
$$;
grant execute on function private.key_large(uuid, bytea) to app_server;

-- As `recorder_view`, for that page: all who are on stage, as every viewer sees them.
create function private.large_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select jsonb_build_object('due', due, 'identity', l.identity, 'room',
		case when due then private.open_room(l.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight')
			from private.stage_flow(l.run_id) as flow),
		'title', (select private.stage_session(runs.session_id) -> 'title' from public.runs where runs.id = l.run_id),
		'on_stage', case when due then private.named_on_stage(l.run_id) else '[]' end)
	from private.large_audiences as l
	cross join lateral (select private.wants_hls(l.run_id)
		and exists (select from public.runs where runs.id = l.run_id and runs.state = 'live') as due) as now_due
	where l.key_hash = p_hash
$$;

--[was in large_audience] What a page that draws the stage shows, by its key: one that records, or one for a large audience.
--[was in drawn_slides] What a page that draws the stage shows, by its key: `recorder_view` or `large_view`, with the slides and who signs.
--[patch drawn_slides] Slides and sign language in what a page of ours draws of the stage, to be recorded or for a large audience.
--[patch drawn_poll] The poll that is shown, in what a page of ours draws of the stage.
-- What a page that draws the stage shows, by its key: `recorder_view` or `large_view`, with the slides, the poll and who signs.
create function private.drawn_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce(private.recorder_view(p_hash), private.large_view(p_hash))
		|| coalesce((select jsonb_build_object('slides', private.told_slides(k.run, null), 'poll',
			private.drawn_poll(k.run), 'signing', private.drawn_signing(k.run, k.is_recorded))
			from private.run_of_key(p_hash) as k where k.run is not null),
				'{"slides": null, "poll": null, "signing": []}')
$$;
grant execute on function private.drawn_view(bytea) to app_server;

-- That page watches, and does nothing else.

