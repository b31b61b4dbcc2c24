-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Answering a question of the desk. Wrong state: it was answered or taken back.
create domain public.information_answer_status as text check (value in ('ok', 'not_found', 'invalid', 'wrong_state'));
