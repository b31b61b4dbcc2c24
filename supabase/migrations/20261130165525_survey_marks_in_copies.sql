-- A person's copy of their data says which surveys they answered; what they answered belongs to nobody.
delete from private.not_copied_tables where name = 'private.survey_marks';
insert into private.copied_tables (name, section, owner, owner_column, columns)
values ('private.survey_marks', 'participation', 'person', 'person_id', '{collection_id}');
