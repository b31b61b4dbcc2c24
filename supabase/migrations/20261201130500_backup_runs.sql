-- Runs of backups: the nightly one, what each left, and the alarm when the last good one is old.

-- What became of a run, and why it failed: words for programs, without a path, an address or a message.

create domain private.backup_outcome as text check (value in ('running', 'good', 'failed'));
create domain private.backup_fault as text check (value in ('killed', 'too_long', 'locked', 'migrating', 'database',
	'place', 'place_taken', 'no_space', 'settings', 'other'));

-- Backups (src/local/backup): what this installation is set to, and what each run left. Counts alone: where backups lie and
-- who can open them is known to the environment only.

-- The one row that the job of each process keeps as the environment says.
create table private.backup_settings (
	is_only boolean primary key default true check (is_only),
	-- Whether a backup is made each night.
	is_nightly boolean not null,
	nightly_at time not null,
	-- How old the last good backup may be; null: nobody is alarmed.
	old_after interval,
	-- Since when one is made each night: an alarm waits for the first one.
	nightly_since timestamptz,
	-- When the owners were last alarmed.
	alarmed_at timestamptz
);
alter table private.backup_settings enable row level security;

create table private.backup_runs (
	id uuid primary key default gen_random_uuid(),
	-- Of a run by the nightly job: the night, and how many runs it had.
	night date,
	attempt smallint,
	begun_at timestamptz not null default now(),
	ended_at timestamptz,
	outcome private.backup_outcome not null default 'running',
	fault private.backup_fault,
	-- The name of the backup, which is its moment.
	backup text check (backup ~ '^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$'),
	-- Bytes of the encrypted rows, and the files with theirs.
	size bigint check (size >= 0),
	files integer check (files >= 0),
	files_size bigint check (files_size >= 0),
	-- When `restore --verify` was last run on it, and how many faults it found.
	verified_at timestamptz,
	verified_faults integer check (verified_faults >= 0),
	check ((night is null) = (attempt is null)),
	check ((outcome = 'running') = (ended_at is null)),
	check ((outcome = 'failed') = (fault is not null)),
	check ((outcome = 'good') = (backup is not null)),
	unique (night, attempt)
);
create index on private.backup_runs (begun_at);
alter table private.backup_runs enable row level security;

-- The runs of backups: who makes the one of a night, and what each leaves. Called by the job of the app
-- (src/lib/backup/server/nightly.ts) and by the commands, which connect as the owner of the schema.

-- Keeps the settings as the environment says.
create function private.set_backup_settings(p_is_nightly boolean, p_at time, p_old_after interval) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.backup_settings as s (is_nightly, nightly_at, old_after, nightly_since)
	values (p_is_nightly, p_at, p_old_after, case when p_is_nightly then now() end)
	on conflict (is_only) do update set
		is_nightly = excluded.is_nightly,
		nightly_at = excluded.nightly_at,
		old_after = excluded.old_after,
		nightly_since = case when excluded.is_nightly then coalesce(s.nightly_since, now()) end
	where (s.is_nightly, s.nightly_at, s.old_after)
		is distinct from (excluded.is_nightly, excluded.nightly_at, excluded.old_after)
$$;
grant execute on function private.set_backup_settings(boolean, time, interval) to app_server;

-- The last moment at which a nightly backup was due.
create function private.last_backup_due(p_at time, p_now timestamptz) returns timestamptz
language sql immutable set search_path = '' as $$
	select case when due > p_now then due - interval '1 day' else due end
	from (select ((p_now at time zone 'UTC')::date + p_at) at time zone 'UTC' as due) as today
$$;

-- Begins a run by the command. Answers its id.
create function private.begin_backup() returns uuid
language sql volatile security definer set search_path = '' as $$
	insert into private.backup_runs default values returning id
$$;

-- Ends the rows of runs that were killed: they hold no lock. A run that has just begun may not have it yet.
create function private.end_killed_backups(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	update private.backup_runs as r set outcome = 'failed', fault = 'killed', ended_at = p_now
		where r.outcome = 'running' and r.begun_at < p_now - interval '5 minutes' and not (select private.is_backup_running())
$$;

-- Claims the backup of this night for one process: null while there is nothing to do. A failed one is tried again after half
-- an hour, three times in all. A good run by the command since it was due counts too.
create function private.claim_backup(p_now timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_settings private.backup_settings;
	v_due timestamptz;
	v_night date;
	v_attempts integer;
	v_id uuid;
begin
	select * into v_settings from private.backup_settings;
	if v_settings.is_nightly is not true then return null; end if;
	perform private.end_killed_backups(p_now);
	delete from private.backup_runs as r where r.begun_at < p_now - interval '400 days';
	v_due := private.last_backup_due(v_settings.nightly_at, p_now);
	v_night := (v_due at time zone 'UTC')::date;
	if v_due < v_settings.nightly_since
		or exists (
			select from private.backup_runs as r
			where r.outcome = 'running' or r.outcome = 'good' and r.begun_at >= v_due
				or r.night = v_night and r.ended_at > p_now - interval '30 minutes')
	then
		return null;
	end if;
	select count(*) into v_attempts from private.backup_runs as r where r.night = v_night;
	if v_attempts >= 3 then return null; end if;
	insert into private.backup_runs (night, attempt, begun_at) values (v_night, v_attempts + 1, p_now)
		on conflict (night, attempt) do nothing
		returning id into v_id;
	return v_id;
end
$$;
grant execute on function private.claim_backup(timestamptz) to app_server;

-- Ends a run as good. What was ended before stays as it is, for it may have been taken for killed and be good all the same.
create function private.record_backup(p_id uuid, p_backup text, p_size bigint, p_files integer, p_files_size bigint)
	returns void
language sql volatile security definer set search_path = '' as $$
	update private.backup_runs as r
		set outcome = 'good', fault = null, ended_at = now(), backup = p_backup, size = p_size, files = p_files,
			files_size = p_files_size
		where r.id = p_id and r.outcome <> 'good'
$$;

-- Ends a run as failed, if it has not ended. Answers why it failed; null when it is good.
create function private.fail_backup(p_id uuid, p_fault private.backup_fault) returns private.backup_fault
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.backup_runs as r set outcome = 'failed', fault = p_fault, ended_at = now()
		where r.id = p_id and r.outcome = 'running';
	return (select r.fault from private.backup_runs as r where r.id = p_id);
end
$$;
grant execute on function private.fail_backup(uuid, private.backup_fault) to app_server;

-- Notes that a backup of this installation was verified. False when no run here made it.
create function private.record_backup_verification(p_backup text, p_faults integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.backup_runs as r set verified_at = now(), verified_faults = p_faults where r.backup = p_backup;
	return found;
end
$$;

-- Whether there is a good backup, for owners and for monitors.

-- Since when there is no good backup, when that is too long. Nobody is alarmed who never made one, nor before the first
-- night; the moment of a backup is when it began.
create function private.old_backup_since(p_now timestamptz) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select last.since
	from private.backup_settings as s
	cross join lateral (
		select greatest(
			(select max(r.begun_at) from private.backup_runs as r where r.outcome = 'good'), s.nightly_since) as since
	) as last
	where last.since < p_now - s.old_after
$$;

-- Alarms the owners of the installation by mail when the last good backup is too old, once a day. Answers since when there is
-- none in the run that alarms them, else null. One run at a time: the row of the settings is locked.
create function private.alarm_old_backups(p_now timestamptz) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_since timestamptz := private.old_backup_since(p_now);
	v_owner uuid;
begin
	if v_since is null then
		update private.backup_settings as s set alarmed_at = null where s.alarmed_at is not null;
		return null;
	end if;
	update private.backup_settings as s set alarmed_at = p_now
		where s.alarmed_at is null or s.alarmed_at <= p_now - interval '1 day';
	if not found then return null; end if;
	for v_owner in select o from private.role_holders('owner', null) as o loop
		perform private.enqueue_mail(v_owner, 'backups_old', jsonb_build_object('since', private.iso(v_since)));
	end loop;
	return v_since;
end
$$;
grant execute on function private.alarm_old_backups(timestamptz) to app_server;

-- Who holds the lock of backups, while which no stored file is deleted: {since, by}; null while nobody does.
create function private.backup_lock_holder() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('since', private.iso(a.backend_start), 'by', a.application_name)
	from pg_catalog.pg_locks as l
	join pg_catalog.pg_stat_activity as a on a.pid = l.pid
	where l.locktype = 'advisory' and l.classid = 20261201 and l.objid = 1 and l.objsubid = 2 and l.granted
		and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
	order by a.backend_start
	limit 1
$$;
grant execute on function private.backup_lock_holder() to app_server;

-- {is_nightly, old_since, next_at, holder, last_good, runs: the last 30, the newest first}. `old_since`: since when there is
-- no good backup, when that is too long. `next_at`: when the next nightly one is due.
create function private.backup_overview(p_now timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	with runs as (
		select r.begun_at, jsonb_build_object(
			'id', r.id, 'is_nightly', r.night is not null, 'begun_at', private.iso(r.begun_at),
			'ended_at', private.iso(r.ended_at), 'outcome', r.outcome, 'fault', r.fault, 'backup', r.backup, 'size', r.size,
			'files', r.files, 'files_size', r.files_size, 'verified_at', private.iso(r.verified_at),
			'verified_faults', r.verified_faults) as run, r.outcome
		from private.backup_runs as r
	)
	select jsonb_build_object(
		'is_nightly', coalesce((select s.is_nightly from private.backup_settings as s), false),
		'old_since', private.iso(private.old_backup_since(p_now)),
		'next_at', (
			select private.iso(private.last_backup_due(s.nightly_at, p_now) + interval '1 day')
			from private.backup_settings as s
			where s.is_nightly),
		'holder', private.backup_lock_holder(),
		'last_good', (select r.run from runs as r where r.outcome = 'good' order by r.begun_at desc limit 1),
		'last_verified', (
			select jsonb_build_object('backup', r.backup, 'at', private.iso(r.verified_at), 'faults', r.verified_faults)
			from private.backup_runs as r
			where r.verified_at is not null
			order by r.verified_at desc
			limit 1),
		'runs', coalesce((
			select jsonb_agg(r.run order by r.begun_at desc)
			from (select * from runs as o order by o.begun_at desc limit 30) as r), '[]'))
$$;

-- The same for owners of the installation; null for everybody else.
create function public.read_backups() returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.backup_overview(now()) where private.has_role(null, 'owner')
$$;
grant execute on function public.read_backups() to authenticated;

insert into private.retention_rules (table_name, exemption) values
	('private.backup_settings', 'technical'),
	('private.backup_runs', 'technical');

create or replace function public.list_waiting(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select
			private.has_role(list_waiting.summit, 'registration') as registration,
			private.has_role(list_waiting.summit, 'programme') as programme,
			private.has_role(list_waiting.summit, 'finance') as finance,
			private.has_role(list_waiting.summit, 'safeguarding') as safeguarding,
			private.has_role(list_waiting.summit, 'stage') as stage,
			private.runs_community() as community,
			private.has_role(null, 'owner') as installation
	), waiting (key, since) as (
		select 'backups', old.since
		from held
		cross join private.old_backup_since(now()) as old (since)
		where held.installation and old.since is not null
		union all
		select 'registrations', r.state_since
		from held
		join public.registrations as r on held.registration and r.summit_id = list_waiting.summit
			and r.state in ('submitted', 'nominated')
		where private.is_registration_to_decide(r)
		union all
		select 'second', d.proposed_at
		from held
		join private.decision_proposals as d on held.registration and d.state = 'open'
		join public.registrations as r on r.id = d.registration_id and r.summit_id = list_waiting.summit
		union all
		select 're_reviews', v.opened_at
		from held
		join private.re_reviews as v on held.registration and v.state = 'open'
		join public.registrations as r on r.id = v.registration_id and r.summit_id = list_waiting.summit
		union all
		select 'member_requests', q.created_at
		from held
		join public.member_requests as q on held.registration and q.summit_id = list_waiting.summit and q.state = 'open'
		join public.registrations as r on r.id = q.registration_id
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		union all
		select 'conflicts', c.found_at
		from held
		join private.door_conflicts as c on (held.registration or held.safeguarding)
			and c.summit_id = list_waiting.summit and c.resolved_at is null
		union all
		select 'devices', coalesce(t.last_seen_at, d.enrolled_at)
		from held
		join private.door_devices as d on (held.registration or held.safeguarding) and d.summit_id = list_waiting.summit
			and d.device_revoked_at is null and d.expires_at > now()
		left join private.door_device_states as t on t.device_id = d.id
		where private.is_device_offline(t.last_seen_at)
		union all
		select 'proposals', coalesce(p.submitted_at, p.created_at)
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit and p.state = 'submitted'
		where not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
		union all
		select 'stale_proposals', p.submitted_at
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit
			and private.is_proposal_stale(p)
		where private.scores_withheld_reason(p.id) is distinct from 'conflict'
		union all
		select 'side_events', e.updated_at
		from held
		join private.side_events as e on held.programme and e.summit_id = list_waiting.summit and e.state = 'requested'
		union all
		select 'checks', null
		from held
		cross join lateral (
			select from private.findings(list_waiting.summit) as f
			where held.programme and f.severity = 'block' and f.sessions <@ array(
				select private.visible_sessions((select private.me()), list_waiting.summit))
		) as found
		union all
		select 'suggestions', g.suggested_at
		from held
		join (
			select t.summit_id, t.session_id, t.suggested_at from private.text_suggestions as t where t.state = 'open'
			union all
			select c.summit_id, c.session_id, c.suggested_at from private.co_speaker_suggestions as c
			where c.state = 'open'
		) as g on held.programme and g.summit_id = list_waiting.summit
		where private.may_edit_session(g.session_id)
		union all
		select case c.state when 'agreed' then 'commitments_to_check' else 'commitments_to_announce' end, c.updated_at
		from held
		join private.commitments as c on c.summit_id = list_waiting.summit
			and (held.community and c.state in ('agreed', 'checked') or held.stage and c.state = 'checked')
		union all
		select 'bank_rows', b.imported_at
		from held
		join private.bank_rows as b on held.finance and b.summit_id = list_waiting.summit and b.state = 'open'
		union all
		select 'waivers', w.created_at
		from held
		join public.waiver_requests as w on held.finance and w.summit_id = list_waiting.summit and w.state = 'open'
		union all
		select 'concerns', c.created_at
		from held
		join private.concerns as c on held.safeguarding and c.summit_id = list_waiting.summit and c.closed_at is null
		where private.may_read_concern((select private.me()), c)
		union all
		select 'matches', m.found_at
		from held
		join private.watch_list_entries as e on held.safeguarding and e.summit_id = list_waiting.summit
			and e.state in ('proposed', 'active')
		join private.watch_list_matches as m on m.entry_id = e.id and m.is_same is null
		union all
		select 'needs', n.opened_at from private.team_needs(list_waiting.summit) as n where n.state = 'open'
	), counted as (
		select w.key, count(*) as count, min(w.since) as since from waiting as w group by w.key
	)
	select coalesce(
		jsonb_object_agg(c.key, jsonb_build_object('count', c.count, 'since', private.iso(c.since))),
		'{}')
	from counted as c
$$;
