-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Saving a portrait. Protected: the person has an alias, and no picture is shown.
create domain public.portrait_status as text check (value in ('ok', 'not_found', 'protected'));

-- Showing an older version. Refused: the scanner refused it, or its object is gone.
create domain public.file_restore_status as text check (value in ('ok', 'not_found', 'refused'));

-- Removing a file. Held: a legal hold is on files of the Summit or on somebody who uploaded a version.
create domain public.file_removal_status as text check (value in ('ok', 'not_found', 'held'));
