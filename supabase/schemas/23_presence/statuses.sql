-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Ending a certificate. An organiser needs a reason.
create domain public.certificate_end_status as text check (value in ('ok', 'not_found', 'reason_needed'));

-- Reporting what a player has played. Off: the Summit does not count it, or not for this person. Too_fast: nobody can
-- have played that much since the last report.
create domain public.watching_status as text check (value in ('ok', 'off', 'not_found', 'invalid', 'too_fast'));
