-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Making a key for a caption engine. Not at this level: nothing may be kept of the session.
create domain public.caption_token_status as text check (value in ('ok', 'not_found', 'invalid', 'not_at_this_level'));
