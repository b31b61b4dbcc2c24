-- Announcements from a stage are searched for the real name of a person who takes an alias.
insert into private.free_text_columns (table_name, column_name) values ('private.stage_announcements', 'words');
