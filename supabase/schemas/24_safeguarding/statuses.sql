-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Deciding whether a match is the same person. Own: it means the reader.
create domain public.watch_list_match_status as text check (value in ('ok', 'not_found', 'own'));

-- Sending the form of a concern, and what follows for the reporter's code.
create domain private.concern_submission_status as text check (value in ('ok', 'again', 'sent'));

-- Adding to a concern with its code.
create domain private.reporter_message_status as text
	check (value in ('ok', 'already', 'unknown', 'too_often', 'full'));

-- Answering the reporter of a concern.
create domain public.concern_answer_status as text check (value in ('ok', 'already', 'not_found', 'no_code'));

-- Changing a case. Changed: somebody else changed it in the meantime.
create domain public.case_change_status as text check (value in ('ok', 'changed', 'not_found', 'invalid'));

-- Adding to the timeline of a case.
create domain public.case_entry_status as text check (value in ('ok', 'already', 'not_found', 'invalid'));

-- Asking for a reveal. No_alias: nothing is sealed.
create domain public.reveal_request_status as text
	check (value in ('ok', 'already', 'no_alias', 'not_found', 'not_allowed', 'invalid'));

-- Adding a shift to the rota. Taken: somebody has that position then.
create domain public.shift_status as text check (value in ('ok', 'not_allowed', 'invalid', 'taken'));

-- Acting from a case. Not_lead: the caller may read the case, and another person leads it. Not_possible: the thing is
-- not in a state for it. Not_allowed: nobody does this to that person.
create domain public.case_act_status as text
	check (value in ('ok', 'already', 'not_found', 'not_lead', 'not_possible', 'not_allowed', 'invalid'));

-- Withdrawing a consent of a minor as their guardian, or taking that back.
create domain public.ward_consent_status as text check (value in (
	'ok', 'not_found', 'not_given', 'required', 'reworded'
));
