-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- An act on a campaign. Wrong state: it was sent, or is no draft any more.
create domain public.campaign_act_status as text check (value in ('ok', 'not_found', 'wrong_state'));

-- A test to oneself. Too many: thirty in ten minutes.
create domain public.campaign_test_status as text check (value in ('ok', 'not_found', 'too_many'));
