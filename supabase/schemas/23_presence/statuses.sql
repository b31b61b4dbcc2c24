-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Ending a certificate. An organiser needs a reason.
create domain public.certificate_end_status as text check (value in ('ok', 'not_found', 'reason_needed'));
