-- A public session for more people than LiveKit would carry: Egress writes it as HLS, some seconds late, and our own route gives it out.

create table private.large_audiences (
	run_id uuid primary key references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	is_on boolean not null default true,
	turned_by uuid references public.people (id) on update cascade on delete set null,
	-- How LiveKit knows the page that Egress opens, and the key of that page.
	identity text not null unique default 'L' || private.random_code(20),
	key_hash bytea unique
);
alter table private.large_audiences enable row level security;
create index on private.large_audiences (summit_id);
create index on private.large_audiences (turned_by);
select audit.watch('private.large_audiences', 'turned_by', 'identity', 'key_hash');

-- Whether a run is to be written as HLS now: asked for, public by the release and by the draft, and on.
create function private.wants_hls(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.large_audiences as l join public.runs on runs.id = l.run_id
		where l.run_id = p_run and l.is_on and runs.state in ('live', 'paused') and greatest(private.level_in_force(runs.session_id), runs.level) = 'public')
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
	if is_on and greatest(private.level_in_force(v_run.session_id), v_run.level) <> 'public' then return 'level'; end if;
	insert into private.large_audiences as l (run_id, summit_id, is_on, turned_by) values (run, v_run.summit_id, set_large_audience.is_on, private.me())
	on conflict (run_id) do update set is_on = excluded.is_on, turned_by = excluded.turned_by where l.is_on <> excluded.is_on;
	if not found then return 'already'; end if;
	perform private.tell('session:' || v_run.session_id, 'recording', run);
	return 'ok';
end
$$;

-- A new key for the page that Egress opens.
create function private.key_large(p_run uuid, p_hash bytea) returns void
language sql volatile security definer set search_path = '' as $$
	update private.large_audiences set key_hash = p_hash where run_id = p_run
$$;

-- As `recorder_view`, for that page: all who are on stage, as every viewer sees them.
create function private.large_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select jsonb_build_object('due', due, 'identity', l.identity, 'room', case when due then private.open_room(l.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight') from private.stage_flow(l.run_id) as flow),
		'title', (select private.stage_session(runs.session_id) -> 'title' from public.runs where runs.id = l.run_id),
		'on_stage', case when due then private.named_on_stage(l.run_id) else '[]' end)
	from private.large_audiences as l
	cross join lateral (select private.wants_hls(l.run_id) and exists (select from public.runs where runs.id = l.run_id and runs.state = 'live') as due) as now_due
	where l.key_hash = p_hash
$$;

-- What a page that draws the stage shows, by its key: one that records, or one for a large audience.
create function private.drawn_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce(private.recorder_view(p_hash), private.large_view(p_hash))
$$;

-- That page watches, and does nothing else.
create function private.large_rights(p_run uuid, p_purpose text, p_identities text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(l.identity, case when p_purpose = 'stage' and private.wants_hls(p_run) then '[]'::jsonb else 'null'::jsonb end), '{}')
	from private.large_audiences as l where l.run_id = p_run and l.identity = any (p_identities)
$$;

grant execute on function public.set_large_audience(uuid, boolean) to authenticated;
grant execute on function private.key_large(uuid, bytea), private.drawn_view(bytea) to app_server;
