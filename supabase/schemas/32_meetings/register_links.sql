-- Decisions and actions of a register that come from a meeting.

alter table private.group_decisions
	add foreign key (meeting_id) references private.meetings (id) on delete set null;
alter table private.group_actions
	add foreign key (meeting_id) references private.meetings (id) on delete set null;
