-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Inviting a focal point. Limited: too many invitations in a day.
create domain public.focal_invitation_status as text check (value in (
	'ok', 'not_allowed', 'not_found', 'invalid', 'limited'
));
