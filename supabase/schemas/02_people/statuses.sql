-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Offering an assistant to act. Own: the address is the person's own. Limited: too many offers.
create domain private.assistant_invitation_status as text check (value in ('ok', 'own', 'invalid', 'limited'));

-- Taking a merge request back, or refusing it.
create domain public.merge_refusal_status as text check (value in ('ok', 'not_allowed', 'unknown'));

-- Confirming a merge of two people: done, or why these two may not be merged.
create domain public.merge_status as text check (value in (
	'ok', 'not_allowed', 'unknown', 'second_person_needed', 'owner_needed', 'lead_needed', 'protected',
	'both_registered'
));
