-- A device that asks to be told of changes to a pass. Not found: the badge was never given out as one.
create domain private.pass_device_status as text check (value in ('created', 'already', 'not_found', 'invalid'));
