-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Asking a question. Waiting: for approval. Closed: no questions are taken. Else why private.may_take_part refuses.
create domain public.question_status as text check (value in (
	'ok', 'waiting', 'already', 'limited', 'too_soon', 'invalid', 'closed', 'not_found', 'over', 'sign_in',
	'barred', 'not_registered', 'not_listed', 'hall_only', 'in_review', 'no_place', 'locked'
));

-- Voting for a question, or why private.may_take_part refuses.
create domain public.question_vote_status as text check (value in (
	'ok', 'not_found', 'over', 'sign_in', 'barred', 'not_registered', 'not_listed', 'hall_only', 'in_review',
	'no_place', 'locked'
));

-- Sending a question before a session. Begun, off: none are taken any more, or at all.
create domain public.advance_question_status as text check (value in (
	'ok', 'already', 'limited', 'invalid', 'not_found', 'no_entry', 'begun', 'off'
));

-- Raising a hand. Guardian: no consent. Closed: no hands are taken. Else why private.may_take_part refuses.
create domain public.hand_status as text check (value in (
	'ok', 'already', 'closed', 'on_stage', 'too_soon', 'guardian', 'not_found', 'over', 'sign_in', 'barred',
	'not_registered', 'not_listed', 'hall_only', 'in_review', 'no_place', 'locked'
));

-- Calling a hand. Gone: it was lowered. Guardian: no consent any more.
create domain public.hand_call_status as text check (value in ('ok', 'already', 'gone', 'guardian', 'not_found'));

-- Writing in the chat. Off, people, minor, muted: the chat is not for them. Else why private.may_take_part refuses.
create domain public.message_status as text check (value in (
	'ok', 'invalid', 'too_long', 'too_soon', 'off', 'people', 'minor', 'muted', 'not_found', 'over', 'sign_in',
	'barred', 'not_registered', 'not_listed', 'hall_only', 'in_review', 'no_place', 'locked'
));

-- Opening or closing a poll.
create domain public.poll_state_status as text check (value in ('ok', 'already', 'invalid', 'not_found'));

-- Voting in a poll. Closed: it is. Else why private.may_take_part refuses.
create domain public.poll_vote_status as text check (value in (
	'ok', 'already', 'closed', 'invalid', 'not_found', 'over', 'sign_in', 'barred', 'not_registered', 'not_listed',
	'hall_only', 'in_review', 'no_place', 'locked'
));
