-- The history of stages: what was started, paused and ended, who was brought on, muted, barred or made a host, how it was shown and
-- locked, what was recorded. For stage organisers, of the sessions that they see.

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.runs', 'stage', '{state,level,started_at,ended_at}', '{}', '{}'),
	('private.run_stagings', 'stage', '{layout,entry_lock,starts_at,is_held}', '{}', '{}'),
	('private.run_participants', 'stage', '{role,is_on_stage,may_microphone,may_camera,may_screen,is_kept_off,is_promoted,barred_at}', '{}', '{}'),
	('private.run_hosts', 'stage', '{}', '{}', '{}'),
	('private.session_clocks', 'stage', '{starts_itself,ends_after}', '{}', '{}'),
	('private.recordings', 'stage', '{state,reason,started_at,stopped_at,published_at}', '{}', '{}');

-- A row that is gone is known by what the entry kept of it.
create or replace function private.audit_session(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case e.table_name
		when 'private.session_clocks' then e.row_id::uuid
		when 'public.runs' then (select runs.session_id from public.runs where runs.id = e.row_id::uuid)
		else (select runs.session_id from public.runs where runs.id = coalesce((coalesce(e.new_values, e.old_values) ->> 'run_id')::uuid,
			case e.table_name
				when 'private.run_stagings' then (select st.run_id from private.run_stagings as st where st.id = e.row_id::uuid)
				when 'private.run_participants' then (select p.run_id from private.run_participants as p where p.id = e.row_id::uuid)
				when 'private.run_hosts' then (select h.run_id from private.run_hosts as h where h.id = e.row_id::uuid)
				when 'private.recordings' then (select g.run_id from private.recordings as g where g.id = e.row_id::uuid) end)) end
$$;
