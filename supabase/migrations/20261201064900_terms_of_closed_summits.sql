-- Terms of sessions are written with the words of a released session, which a closed Summit refuses.
insert into private.writable_after_closing (table_name, reason) values
	('private.session_terms', 'Written with the words of a released session, and with nothing else.');
