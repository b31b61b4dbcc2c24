-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Setting how long a class of data is kept. Confirm: rows would go, and the answer says how many.
create domain public.retention_period_status as text check (value in ('ok', 'confirm', 'not_allowed', 'invalid'));

-- Placing a legal hold. Unknown: nobody has a registration with this reference.
create domain public.legal_hold_status as text check (value in ('ok', 'not_allowed', 'invalid', 'unknown'));
