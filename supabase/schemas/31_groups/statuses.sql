-- What functions about groups answer.

-- Changing a group. Conflict: it was changed since the version that was read.
create domain public.group_change_status as text check (value in ('ok', 'not_found', 'invalid', 'conflict'));

-- Changing or ending the part of a person. Last leader: nobody else would be chair or secretary.
create domain public.group_person_status as text check (value in ('ok', 'not_found', 'invalid', 'last_leader'));

-- Asking to join. Already: the reader is in the group or has asked. Not open: it takes no requests.
create domain public.group_request_status as text check (value in ('ok', 'already', 'not_found', 'not_open'));

-- Sending a notice to a group. Invalid: also when it has ended. Limited: too many in a day.
create domain public.group_notice_status as text check (value in ('ok', 'not_found', 'invalid', 'limited'));

-- Making a session belong to a group. Unknown: the organiser sees no such group, or it has ended. Not listed: the
-- session is not for those listed.
create domain public.session_group_status as text check (value in (
	'ok', 'already', 'not_allowed', 'unknown', 'not_listed'
));

-- Withdrawing, deleting or moving a page of a group. Conflict: somebody changed it since, or it is published and cannot be
-- deleted.
create domain public.group_page_status as text check (value in ('ok', 'not_found', 'conflict'));
