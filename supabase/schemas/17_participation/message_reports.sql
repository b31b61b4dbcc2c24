-- Reports of messages to the safeguarding leads. Neither the author nor the hosts learn of a report.

-- The text of a message, for the app to seal, with its author where names are given. Null for people who do not see the
-- chat.
create function private.reported_message_text(p_person uuid, p_message uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select p.display_name || ': ' from public.people as p where p.id = x.person_id), '') || x.body
	from private.chat_messages as x
	where x.id = p_message and p_person is not null and private.may_subscribe_chat(p_person, x.run_id)
$$;
grant execute on function private.reported_message_text(uuid, uuid) to app_server;

-- Raises a concern about a message. The concern keeps the sealed text, even if the message is deleted later, and names
-- the reporter to the leads only where names are given. Answers ok | already | not_found.
create function private.report_message(p_person uuid, p_message uuid, p_sealed bytea, p_key_id text,
	p_source bytea default '\x') returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.chat_messages;
	v_summit uuid;
begin
	select * into v_message from private.chat_messages as x where x.id = p_message for key share;
	if v_message.id is null or p_person is null or not private.may_subscribe_chat(p_person, v_message.run_id) then
		return 'not_found';
	end if;
	insert into private.message_reports
	values (p_message, private.hash_participant(v_message.session_id, p_person))
	on conflict do nothing;
	if not found then return 'already'; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id,
		case when v_message.person_id is not null then p_person end, 'A message in the chat', p_sealed, p_key_id,
		p_source, '{}', false, p_message);
	return 'ok';
end
$$;
grant execute on function private.report_message(uuid, uuid, bytea, text, bytea) to app_server;
