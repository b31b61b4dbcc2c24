-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- A step of an item of the library. Own: the reader submitted it, and somebody else reviews it. No file: nothing to submit.
create domain public.library_step_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'reason_needed', 'own', 'no_file', 'not_allowed'));
