-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Saving a row of a list. Taken: another row has its slug. Unknown: no such list or row.
create domain public.setting_status as text check (value in ('ok', 'not_allowed', 'invalid', 'unknown', 'taken'));

-- Removing a row of a list. In use: something refers to it.
create domain public.setting_removal_status as text check (value in ('ok', 'unknown', 'in_use'));
