-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Taking the microphone of a booth. Busy: the partner must offer it.
create domain public.booth_status as text check (value in ('ok', 'already', 'not_found', 'on_stage', 'busy'));

-- Putting an interpreter on air.
create domain public.on_air_status as text check (value in ('ok', 'already', 'not_found', 'on_stage'));

-- Writing to the partners of a booth.
create domain public.booth_message_status as text check (value in ('ok', 'not_found', 'invalid', 'too_often'));
