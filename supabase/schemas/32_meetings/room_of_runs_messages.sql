-- Moderation of the messages of a workshop, by the functions of the chat of a stage (17_participation/chat.sql,
-- message_reports.sql).

-- Whether somebody is muted in the chat of a run.
create function private.is_muted_in_run(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.chat_mutes as x
		join public.runs on runs.id = x.run_id
		join private.session_salts as q on q.session_id = runs.session_id
		where x.run_id = p_run and x.author_hash = extensions.hmac(p_person::text::bytea, q.salt, 'sha256'))
$$;

-- Whether somebody who is in the room of a workshop reads this message: it was written where they are, or everywhere.
create function private.reads_room_message(p_person uuid, p_message uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.meeting_messages as x
		join private.meeting_rooms as r on r.id = x.room_id and r.run_id is not null
		join private.meeting_participants as p on p.room_id = r.id and p.person_id = p_person
		where x.id = p_message and private.is_among_people(r, p) and private.may_be_in_room(r, p_person)
			and private.may_use_in_room(r, p_person, 'chat')
			and coalesce(x.number = private.meeting_room_number(r, p), true))
$$;

-- Deletes a message of a workshop for a caller whose right was checked, as private.remove_message. Answers ok or not_found.
create function private.remove_room_message(p_message private.chat_messages, p_audit boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.meeting_messages as x where x.id = p_message.id;
	if not found then return 'not_found'; end if;
	if p_audit then
		perform audit.record_event('chat.deleted', p_message.id::text,
			(select runs.summit_id from public.runs where runs.id = p_message.run_id), null, '{}');
	end if;
	perform private.publish_event('meeting:' || p_message.run_id, 'deleted');
	return 'ok';
end
$$;

-- Hosts of a workshop see whom one of them muted, and its author that they may write no more. Its page reads these again with all
-- messages.
create function private.publish_room_mute(p_message private.chat_messages) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('meeting:' || runs.id, 'deleted')
	from public.runs
	where runs.id = p_message.run_id and runs.stage_format = 'meeting'
$$;
