-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Changing a survey. Frozen: it is published. Conflict: somebody else changed it since.
create domain public.survey_edit_status as text
	check (value in ('ok', 'not_found', 'invalid', 'frozen', 'conflict', 'needed'));

-- Publishing, ending or taking back a survey. Overlap: another form for sessions takes answers at that time. Empty: it has
-- no question. Answered: somebody has answered. Wrong state: it is published or closed already, or not yet.
create domain public.survey_step_status as text
	check (value in ('ok', 'not_found', 'overlap', 'empty', 'answered', 'wrong_state'));

-- Asking for a token, or answering. Already: the person has answered, or the token was used. Closed: the time is over.
create domain public.survey_answer_status as text check (value in ('ok', 'not_found', 'already', 'closed', 'invalid'));

-- Deciding on an open text. Already: the same person agreed before.
create domain public.survey_text_status as text check (value in ('ok', 'not_found', 'already', 'invalid'));

-- Reading results. Open: it takes answers. Few: fewer people answered than the smallest group.
create domain public.survey_results_status as text check (value in ('ok', 'open', 'few', 'not_found'));
