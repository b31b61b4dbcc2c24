-- Reports of messages to the safeguarding leads. Neither the author nor the hosts learn of a report.

-- Whether somebody reads the chat in which a message is: that of the run, or of a workshop the room in which they are.
create function private.may_report_message(p_person uuid, p_message private.chat_messages) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_subscribe_chat(p_person, p_message.run_id)
		and (not exists (select from private.meeting_messages as x where x.id = p_message.id)
			or private.reads_room_message(p_person, p_message.id))
$$;

-- The text of a message, for the app to seal, with its author where names are given. Null for people who do not see the
-- chat.
create function private.reported_message_text(p_person uuid, p_message uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select p.display_name || ': ' from public.people as p where p.id = x.person_id), '') || x.body
	from private.find_message(p_message) as x
	where x.id is not null and p_person is not null and private.may_report_message(p_person, x)
$$;
grant execute on function private.reported_message_text(uuid, uuid) to app_server;

-- Notes a report, once for each person and message; answers whether it is the first. Of a message in the room of a workshop it
-- is noted beside the message, which is deleted with the room.
create function private.count_message_report(p_message private.chat_messages, p_reporter bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if exists (select from private.chat_messages as x where x.id = p_message.id) then
		insert into private.message_reports values (p_message.id, p_reporter) on conflict do nothing;
	else
		update private.meeting_messages as x
		set reporters = x.reporters || p_reporter
		where x.id = p_message.id and not p_reporter = any (x.reporters);
	end if;
	return found;
end
$$;

-- Raises a concern about a message. The concern keeps the sealed text, even if the message is deleted later, and names
-- the reporter to the leads only where names are given. Answers ok | already | not_found. Locks the session, the run and the
-- message in the order in which they end: of a report and a deletion at once, the second finds what the first did.
create function private.report_message(p_person uuid, p_message uuid, p_sealed bytea, p_key_id text,
	p_source bytea default '\x') returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages := private.find_message(p_message);
	v_summit uuid;
begin
	perform from public.sessions as s where s.id = v_message.session_id for key share;
	perform private.hold_open_run(v_message.run_id);
	perform from private.chat_messages as x where x.id = p_message for key share;
	perform from private.meeting_messages as x where x.id = p_message for key share;
	v_message := private.find_message(p_message);
	if v_message.id is null or p_person is null or not private.may_report_message(p_person, v_message) then
		return 'not_found';
	end if;
	if not private.count_message_report(v_message, private.hash_participant(v_message.session_id, p_person)) then
		return 'already';
	end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id,
		case when v_message.person_id is not null then p_person end, 'A message in the chat', p_sealed, p_key_id,
		p_source, '{}', false, p_message);
	return 'ok';
end
$$;
grant execute on function private.report_message(uuid, uuid, bytea, text, bytea) to app_server;
