-- What functions about meetings answer.

-- An act on a meeting, its agenda or its papers. Conflict: it was changed since the version that was read. Wrong state: it
-- is past, cancelled, or not yet that far.
create domain public.meeting_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state'));

-- Naming interpreters and captioners. Limited: this person has had too many mails about meetings of the group today.
create domain public.meeting_staff_status as text
	check (value in ('ok', 'not_found', 'invalid', 'limited', 'wrong_state'));

-- The answer of an interpreter or captioner. Conflict: the meeting has another time than the one they read.
create domain public.meeting_work_status as text check (value in ('ok', 'not_found', 'conflict'));

-- A step of the minutes. Too early: people may still comment.
create domain public.minutes_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'too_early'));
