-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Changing the draft of an impact report. Conflict: somebody else changed it since.
create domain public.impact_edit_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict'));

-- Releasing an impact report. Stale: another release came first. Wrong state: the Summit is not closed yet.
create domain public.impact_release_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'stale', 'wrong_state'));

-- Adding the numbers to a release. Stale: another release came first. Changed: numbers made now would be others.
create domain public.impact_completion_status as text check (value in ('ok', 'stale', 'changed'));
