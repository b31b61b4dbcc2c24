-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Offering a part to an address. Claimed: the person has an account.
create domain public.part_invitation_status as text check (value in (
	'ok', 'not_allowed', 'invalid', 'limited', 'claimed'
));

-- Answering for a part. Declined: only an organiser can invite again. Cancelled: the session is.
create domain public.participation_answer_status as text check (value in (
	'ok', 'not_found', 'already', 'declined', 'cancelled'
));

-- Giving consents for a part. Declined: the part is.
create domain public.participation_consent_status as text check (value in ('ok', 'not_found', 'declined'));

-- Suggesting a co-speaker. Closed: the session takes no more. Limited: too many open suggestions.
create domain public.co_speaker_status as text check (value in ('ok', 'not_found', 'invalid', 'limited', 'closed'));

-- Deciding on a suggestion. Cancelled: the session is. Limited: too many invitations in a day.
create domain public.co_speaker_decision_status as text check (value in ('ok', 'not_found', 'limited', 'cancelled'));

-- Saving access needs. Closed: the Summit is over.
create domain public.speaker_needs_status as text check (value in ('ok', 'not_found', 'invalid', 'closed'));

-- Deciding on suggested texts. Conflict: the session has changed meanwhile.
create domain public.text_decision_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict'));
