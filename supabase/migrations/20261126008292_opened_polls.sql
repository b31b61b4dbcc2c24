-- A poll that was prepared is made when it is opened: at the level of that moment.
create trigger note_level_opened before update of state on private.polls for each row
	when (old.state = 'draft' and new.state <> 'draft') execute function private.note_level_made();
