-- Rule 9: calling a delegate to the stage, silencing them and taking them off are staff writes. Where nobody is named the entry does not
-- say who it was.

create trigger audit_record_called after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted) and not private.is_nameless(new.run_id))
	execute function audit.record('person_id');
create trigger audit_record_called_nameless after update on private.run_participants for each row
	when (old.role = 'viewer' and new.role = 'viewer' and (old.is_promoted or new.is_promoted) and private.is_nameless(new.run_id))
	execute function audit.record('', 'person_id');
