-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Why somebody enters a session at its door or its stream, or not (private.entry_decision).
create domain public.entry_status as text check (value in (
	'ok', 'not_seen', 'barred', 'sign_in', 'not_registered', 'not_listed', 'virtual_at_door', 'hall_only',
	'online_only', 'in_review', 'no_place', 'locked'
));

-- For a session that the reader sees.
create domain public.ok_or_not_seen as text check (value in ('ok', 'not_seen'));

-- Adding to the audience of a session. Unknown: nobody at this Summit.
create domain public.audience_status as text check (value in ('ok', 'already', 'not_allowed', 'unknown'));

-- Adding somebody to a session.
create domain public.session_person_status as text check (value in ('ok', 'already', 'not_allowed', 'unknown_person'));

-- Saving something of a room. Unknown: no such room.
create domain public.room_save_status as text check (value in ('ok', 'not_allowed', 'invalid', 'unknown'));

-- Accepting a finding of the checks. Changed: the draft has it no more. Blocking: nothing is released with it.
create domain public.acceptance_status as text check (value in (
	'ok', 'not_allowed', 'invalid', 'changed', 'blocking'
));
