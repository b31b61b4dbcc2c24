-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Naming a guardian. Limited: six a day.
create domain public.guardian_naming_status as text check (value in ('ok', 'not_found', 'invalid', 'limited'));

-- Consenting as a guardian, who takes part too (register_first).
create domain public.guardian_consent_status as text check (value in ('ok', 'not_found', 'already', 'register_first'));

-- Sending an invitation again. Limited: three a day. Closed: the time for nominations is over.
create domain public.invitation_resend_status as text check (value in (
	'ok', 'not_found', 'invalid', 'limited', 'closed', 'wrong_state'
));

-- Revoking an invitation.
create domain public.invitation_end_status as text check (value in ('ok', 'not_found', 'wrong_state'));

-- Refusing a registrant as not one of the member's people.
create domain public.nomination_refusal_status as text check (value in (
	'ok', 'not_found', 'reason_needed', 'wrong_state'
));

-- Answering a request for a member with one.
create domain public.member_request_link_status as text check (value in (
	'ok', 'not_allowed', 'wrong_state', 'unknown_member'
));

-- Refusing such a request; proposed where a second person confirms.
create domain public.member_request_refusal_status as text check (value in (
	'ok', 'not_allowed', 'wrong_state', 'reason_needed', 'proposed', 'proposal_open'
));

-- Correcting a name. Protected: an alias. Frozen: the lists with it were sent.
create domain public.name_correction_status as text check (value in (
	'ok', 'not_allowed', 'invalid', 'protected', 'frozen'
));

-- Whether a visa letter is valid. Over: the Summit is.
create domain public.visa_letter_validity as text check (value in (
	'valid', 'replaced', 'withdrawn', 'over', 'unknown'
));

-- Retiring a question. Needed: another question depends on it.
create domain public.field_retirement_status as text check (value in ('ok', 'not_found', 'needed'));

-- Changing a need. Conflict: it was changed meanwhile. Note_needed: who hears that a need cannot be met hears why.
create domain public.need_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict', 'note_needed'));
