-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Moving a commitment on. Wrong state: it has moved on already. No words: the act needs a reason.
create domain public.commitment_step_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'no_words', 'limited'));

-- The answer of the head of a member. Over: the link has expired, was used or was revoked, or the text has changed.
create domain public.commitment_answer_status as text check (value in ('ok', 'over', 'no_words', 'invalid'));

-- Reporting progress, and what others say on it. Not announced: nothing is reported before.
create domain public.commitment_report_status as text
	check (value in ('ok', 'not_found', 'invalid', 'not_announced', 'limited'));
