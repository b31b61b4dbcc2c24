-- Device checks of speakers: the last result of testing camera, microphone, loudspeaker and connection.

-- Whether the device is ready for a session. A camera that is switched off is no obstacle: the person is still heard.
create function private.is_device_ready(p private.device_checks) returns boolean
language sql immutable set search_path = '' as $$
	select p.camera in ('ok', 'off') and p.microphone = 'ok' and p.loudspeaker = 'ok' and p.line = 'ok'
$$;

-- {device, camera, microphone, loudspeaker, line, checked_at, is_ready} of the last check, or null.
create function private.device_check_of(p_summit uuid, p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(c) - array['person_id', 'summit_id']
		|| jsonb_build_object('checked_at', private.iso(c.checked_at), 'is_ready', private.is_device_ready(c))
	from private.device_checks as c
	where c.summit_id = p_summit and c.person_id = p_person
$$;

-- {last, due_at, no_photographs} of the signed-in person alone, because assistants have other devices. Null for people
-- who do not speak at this Summit.
create function public.read_device_check(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('last', private.device_check_of(summit, private.me()),
		'due_at', private.speaker_deadlines(summit) -> 'check_due_at',
		'no_photographs', exists (select from private.protections as x
			where x.person_id = (select private.me()) and x.no_photographs)
			or exists (select from public.person_preferences as x
				where x.person_id = (select private.me()) and x.no_photographs))
	where private.me() is not null and private.may_act_for_speaker(summit, private.me())
$$;
grant execute on function public.read_device_check(uuid) to authenticated;

-- Saves the result of a check. Answers ok | not_found | invalid.
create function public.save_device_check(summit uuid, outcome jsonb) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.me() is null or not private.may_act_for_speaker(summit, private.me()) then return 'not_found'; end if;
	insert into private.device_checks (person_id, summit_id, device, camera, microphone, loudspeaker, line)
	values (private.me(), summit, outcome ->> 'device', outcome ->> 'camera', outcome ->> 'microphone',
		outcome ->> 'loudspeaker', outcome ->> 'line')
	on conflict (person_id, summit_id) do update
	set device = excluded.device, camera = excluded.camera, microphone = excluded.microphone,
		loudspeaker = excluded.loudspeaker, line = excluded.line, checked_at = now();
	perform private.publish_event('organise:' || summit, 'people');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_device_check(uuid, jsonb) to authenticated;
