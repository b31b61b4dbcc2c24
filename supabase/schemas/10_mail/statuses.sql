-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Sending a test mail. Too many: ten in ten minutes.
create domain public.mail_test_status as text check (value in ('ok', 'not_allowed', 'invalid', 'too_many'));

-- A report that a mail did not arrive.
create domain public.mail_bounce_status as text check (value in ('ok', 'unknown'));
