-- What the functions of the status answer about an act.

create domain private.status_update_status as text check (value in ('ok', 'already', 'ended', 'invalid', 'not_allowed'));
create domain private.status_change_status as text check (value in ('ok', 'not_allowed'));
