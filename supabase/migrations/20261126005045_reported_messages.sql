-- A message that hurts is reported to the safeguarding leads, and to nobody else: neither who wrote it nor who runs the session learns of it.

-- One report a person and message, by the hash that the chat knows people by.
create table private.message_reports (
	message_id uuid not null references private.messages (id) on delete cascade,
	reporter bytea not null,
	primary key (message_id, reporter)
);
alter table private.message_reports enable row level security;

-- The concern keeps the words, and who wrote them where names are given, though the message be taken away. Who reports is named to the
-- leads where names are given. Answers ok | already | not_found.
create function public.report_message(message uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_message private.messages;
	v_summit uuid;
begin
	select * into v_message from private.messages as x where x.id = message for key share;
	if v_message.id is null or v_me is null or not private.hears_chat(v_me, v_message.run_id) then return 'not_found'; end if;
	insert into private.message_reports values (message, private.asker_hash(v_message.session_id, v_me)) on conflict do nothing;
	if not found then return 'already'; end if;
	select s.summit_id into v_summit from public.sessions as s where s.id = v_message.session_id;
	perform private.raise_concern(v_summit, v_message.session_id, v_message.run_id, case when v_message.person_id is not null then v_me end, 'A message in the chat',
		coalesce((select p.display_name || ': ' from public.people as p where p.id = v_message.person_id), '') || v_message.body);
	return 'ok';
end
$$;
grant execute on function public.report_message(uuid) to authenticated;
