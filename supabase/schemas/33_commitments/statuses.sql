-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- A step of a commitment. Wrong state: that step is past, or not yet possible.
create domain public.commitment_step_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'reason_needed', 'limited'));

-- The answer of the head of a member. Over: the link has expired, was used or was revoked, or the text has changed.
create domain public.commitment_answer_status as text check (value in ('ok', 'over', 'reason_needed', 'invalid'));

-- Reporting progress, and what others say on it. Not announced: nothing is reported before.
create domain public.commitment_report_status as text
	check (value in ('ok', 'not_found', 'invalid', 'not_announced', 'limited'));
