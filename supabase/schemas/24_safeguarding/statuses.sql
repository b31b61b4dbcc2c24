-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Deciding whether a match is the same person. Own: it means the reader.
create domain public.watch_list_match_status as text check (value in ('ok', 'not_found', 'own'));
