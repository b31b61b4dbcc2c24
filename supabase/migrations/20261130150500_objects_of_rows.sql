-- One trigger function marks the stored objects of all tables whose rows own theirs.

-- The stored object of a row is deleted when the row is deleted or gets another; for triggers of tables that have an
-- `object_name`.
create function private.mark_row_object_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if old.object_name is not null then perform private.mark_objects_deletable(old.object_name); end if;
	return null;
end
$$;

create or replace trigger mark_object_deletable after delete on private.file_versions for each row
	execute function private.mark_row_object_deletable();
create or replace trigger mark_deleted_file after delete on private.logistics_answers
	for each row when (old.object_name is not null) execute function private.mark_row_object_deletable();
create or replace trigger mark_replaced_file after update of object_name on private.logistics_answers
	for each row when (old.object_name is not null and old.object_name is distinct from new.object_name)
	execute function private.mark_row_object_deletable();
create or replace trigger mark_object_deletable after delete on private.recording_copies for each row
	execute function private.mark_row_object_deletable();
create or replace trigger mark_object_deletable after delete on private.recordings for each row
	execute function private.mark_row_object_deletable();
create or replace trigger mark_object_deletable after delete on private.recording_chunks for each row
	execute function private.mark_row_object_deletable();
create or replace trigger mark_paper_object after delete on private.meeting_papers for each row
	when (old.object_name is not null) execute function private.mark_row_object_deletable();
create or replace trigger mark_object_deletable after delete on private.library_files for each row
	execute function private.mark_row_object_deletable();

drop function private.mark_version_object_deletable();
drop function private.mark_answer_object_deletable();
drop function private.mark_recorded_object_deletable();
drop function private.mark_paper_object_deletable();
drop function private.mark_library_object_deletable();
