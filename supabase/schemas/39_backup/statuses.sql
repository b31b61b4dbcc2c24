-- What became of a run, and why it failed: words for programs, without a path, an address or a message.

create domain private.backup_outcome as text check (value in ('running', 'good', 'failed'));
create domain private.backup_fault as text check (value in ('killed', 'too_long', 'locked', 'migrating', 'database',
	'place', 'place_taken', 'no_space', 'settings', 'other'));
