-- Bars from a session. A host can bar the author of a message whom they know from the chat alone. Where nobody is
-- named, neither the answer nor any effect reveals who it was, or even whether somebody was barred.

-- The author of a message that has only a hash.
create function private.find_hashed_author(p_message private.chat_messages) returns uuid
language sql stable security definer set search_path = '' as $$
	select p.id
	from public.people as p, private.session_salts as q
	where q.session_id = p_message.session_id
		and extensions.hmac(p.id::text::bytea, q.salt, 'sha256') = p_message.author_hash
	limit 1
$$;

-- Whether hosts see a person by name at this moment. If such a person disappeared, hosts would know whom the bar hit.
create function private.is_named_to_hosts(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp
		join public.runs on runs.session_id = sp.session_id
		where runs.id = p_run and sp.person_id = p_person)
		or exists (select from private.run_participants as p
			where p.run_id = p_run and p.person_id = p_person and (p.is_on_stage or p.is_promoted))
		or exists (select from private.hands as h
			where h.run_id = p_run and h.person_id = p_person and h.state in ('waiting', 'called'))
$$;

-- Bars the author of a message from its session, or lifts the bar. Where nobody is named, the author is muted, and also
-- barred unless hosts would notice. Answers ok | already | not_found | not_allowed; without names always the same.
create function public.bar_author(message uuid, barred boolean) returns public.bar_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_message private.chat_messages;
	v_person uuid;
	v_run uuid;
begin
	select * into v_message from private.chat_messages as x where x.id = message;
	if v_message.id is null or barred is null or not coalesce(private.may_run(v_me, v_message.session_id), false) then
		return 'not_found';
	end if;
	if v_message.person_id is not null then
		perform private.publish_event('desk:' || v_message.run_id, 'message', message);
		return private.bar_person(v_message.session_id, v_message.person_id, barred);
	end if;
	if private.is_message_author(v_message, v_me) then return 'not_allowed'; end if;
	v_person := private.find_hashed_author(v_message);
	if v_person is not null and not private.is_named_to_hosts(v_message.run_id, v_person) then
		perform private.bar_person(v_message.session_id, v_person, barred);
	end if;
	-- Locks the run as the move below does, and after the bar, which waits for passes first: two hosts who bar at once
	-- must not both hold it and each wait for the other.
	perform from public.runs where runs.id = v_message.run_id and runs.state <> 'ended' for update;
	perform public.mute_author(message, barred);
	-- Moves the room in every case: a move only after a real bar would reveal that somebody was barred.
	select runs.id into v_run
	from public.runs
	where runs.id = v_message.run_id and runs.state <> 'ended'
		and not exists (select from private.livekit_rooms as r where r.run_id = runs.id and r.closed_at = now());
	if barred and v_run is not null then perform private.rotate_livekit_rooms(v_run); end if;
	return 'ok';
end
$$;
grant execute on function public.bar_author(uuid, boolean) to authenticated;
