-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Checking a sign-in code. Invalidated: too many wrong codes, or a newer one was asked for.
create domain private.sign_in_code_status as text check (value in ('ok', 'wrong', 'invalidated', 'expired', 'used'));

-- Saving a language and a time zone.
create domain public.preferences_status as text check (value in (
	'ok', 'not_allowed', 'unknown_locale', 'unknown_zone'
));

-- Granting a role or naming a deputy; proposed where a second person confirms, no_second where there is none. Invalid:
-- its last day is over.
create domain public.role_grant_status as text check (value in (
	'ok', 'already', 'not_allowed', 'unknown_person', 'own', 'proposed', 'already_proposed', 'no_second', 'invalid'
));

-- Ending a role. Last owner: there is always one.
create domain public.role_end_status as text check (value in ('ok', 'already', 'not_allowed', 'last_owner'));

-- Confirming a proposed role. Lapsed: the proposer is no longer an owner.
create domain public.role_confirmation_status as text check (value in (
	'ok', 'already', 'not_allowed', 'not_found', 'own', 'lapsed', 'limited'
));

-- Inviting an address to a role; proposed where a second person confirms, no_second where there is none.
create domain public.role_invitation_status as text check (value in (
	'ok', 'not_allowed', 'invalid', 'limited', 'proposed', 'already_proposed', 'no_second'
));

-- Answering an invitation. Cancelled: the session is. Taken: somebody else has the part by now.
create domain public.role_answer_status as text check (value in ('ok', 'not_found', 'cancelled', 'taken'));

-- Removing a passkey. Last: a role of the person needs one.
create domain public.passkey_removal_status as text check (value in ('ok', 'not_found', 'last'));

create domain public.recovery_codes_status as text check (value in ('ok', 'invalid'));

-- Using a recovery code.
create domain public.recovery_status as text check (value in ('ok', 'wrong'));

-- Resetting somebody's passkeys. None: they have none.
create domain public.passkey_reset_status as text check (value in ('ok', 'own', 'not_allowed', 'none'));
