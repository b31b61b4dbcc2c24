-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Undoing a scan. Too late: a minute is over.
create domain public.scan_undo_status as text check (value in ('ok', 'not_found', 'too_late'));
