-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Why somebody enters the stream of a session, or not (private.entry_decision).
create domain public.stream_entry_status as text check (value in (
	'ok', 'not_seen', 'barred', 'sign_in', 'not_registered', 'not_listed', 'hall_only', 'in_review', 'no_place',
	'locked'
));

-- The same for an open page. None: the run has ended.
create domain private.listener_status as text check (value in (
	'ok', 'none', 'not_seen', 'barred', 'sign_in', 'not_registered', 'not_listed', 'hall_only', 'in_review',
	'no_place', 'locked'
));

-- Barring somebody from a session, or lifting the bar.
create domain public.bar_status as text check (value in ('ok', 'already', 'not_found', 'not_allowed'));

-- Starting or stopping a countdown. Not possible: the run does not wait.
create domain public.countdown_status as text check (value in ('ok', 'not_found', 'not_possible'));

-- Changing something of a run. Not possible: not in its state, or not at its level.
create domain public.run_change_status as text check (value in ('ok', 'already', 'not_found', 'not_possible'));

-- Moving a run on. Room busy: another run is on air in the room.
create domain public.run_state_status as text check (value in (
	'ok', 'already', 'not_found', 'not_possible', 'room_busy'
));

-- Making a speaker a host.
create domain public.run_host_status as text check (value in ('ok', 'already', 'not_found', 'not_a_speaker'));

-- Bringing somebody on stage. Guardian: no consent. Kept off: somebody who runs the stage took them off.
create domain public.on_stage_status as text check (value in (
	'ok', 'already', 'not_found', 'not_a_speaker', 'guardian', 'kept_off', 'ended'
));

-- Writing to the people behind the stage.
create domain public.backstage_message_status as text check (value in ('ok', 'not_found', 'too_long', 'too_often'));

-- Announcing from a stage. Already: the same words are shown. Too often: more than four in a minute.
create domain public.stage_announcement_status as text check (value in (
	'ok', 'already', 'not_found', 'invalid', 'too_long', 'too_often'
));
