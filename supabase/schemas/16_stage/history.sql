-- The history of stages in the audit: starts, pauses and ends, who was brought on stage, muted, barred or made a host,
-- how a run was shown and locked, and what was recorded. For stage organisers, of the sessions that they see.

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.runs', 'stage', '{state,level,started_at,ended_at}', '{}', '{}'),
	('private.run_stage_settings', 'stage', '{layout,entry_lock,starts_at,is_countdown_stopped}', '{}', '{}'),
	('private.run_participants', 'stage',
		'{role,is_on_stage,may_microphone,may_camera,may_screen,is_kept_off,is_promoted,barred_at}', '{}', '{}'),
	('private.run_hosts', 'stage', '{}', '{}', '{}'),
	('private.stage_announcements', 'stage', '{shown_until,withdrawn_at}', '{}', '{words}'),
	('private.session_timers', 'stage', '{starts_automatically,auto_end_minutes}', '{}', '{}'),
	('private.recordings', 'stage', '{state,reason,started_at,stopped_at,published_at}', '{}', '{}');
