-- One step of the form in one transaction: begun when it is the first, saved, and sent when it is the last.

-- Each write is {step, fields}; the first may carry the version that the page showed. All of them are kept, or none.
-- Answers as save_registration does, with the id; or already (it was sent), not_open, not_found, not_allowed, invalid. With
-- `send`, and when all is saved, also `sent`: what submit_registration answers. What is saved stays when sending is refused.
create function public.fill_registration(summit uuid, writes jsonb, send boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_begun jsonb;
	v_write jsonb;
	v_answer jsonb;
begin
	if jsonb_typeof(writes) is distinct from 'array' or jsonb_array_length(writes) not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'faults', jsonb_build_array('step'));
	end if;
	v_r := private.my_live_registration(summit);
	-- Sending takes the locks of the modes before any row, like everything that counts seats.
	if send and v_r.state = 'draft' then
		v_mode := v_r.mode;
		perform private.lock_for_sending(v_r);
		v_r := private.my_live_registration(summit);
		if v_r.state = 'draft' and v_r.mode <> v_mode then
			return jsonb_build_object('status', 'conflict', 'id', v_r.id, 'version', v_r.version);
		end if;
	end if;
	-- The second of a double click, or somebody who came back.
	if v_r.state <> 'draft' then return jsonb_build_object('status', 'already', 'id', v_r.id, 'state', v_r.state); end if;
	begin
		if v_r.id is null then
			v_begun := public.start_registration(summit);
			if v_begun ->> 'status' not in ('ok', 'exists') then return v_begun; end if;
			v_r.id := (v_begun ->> 'id')::uuid;
		end if;
		for v_write in select * from jsonb_array_elements(writes) loop
			v_answer := public.save_registration(v_r.id, private.as_step(v_write -> 'step'), (v_write -> 'fields')
				|| case when v_answer ? 'version' then jsonb_build_object('version', v_answer -> 'version') else '{}' end);
			if v_answer ->> 'status' <> 'ok' then raise sqlstate 'PT422' using message = 'not saved'; end if;
		end loop;
	exception when sqlstate 'PT422' then
		return v_answer;
	end;
	return v_answer || jsonb_build_object('id', v_r.id)
		|| case when send then jsonb_build_object('sent', public.submit_registration(v_r.id)) else '{}' end;
end
$$;

create function private.my_live_registration(p_summit uuid) returns public.registrations
language sql stable security definer set search_path = '' as $$
	select r.* from public.registrations as r
	where r.summit_id = p_summit and r.person_id = private.me() and r.state not in ('declined', 'withdrawn', 'expired')
$$;

-- A number from outside; null when it is none.
create function private.as_step(p_value jsonb) returns integer
language sql immutable set search_path = '' as $$
	select case when p_value in ('1', '2', '3', '4', '5') then p_value::integer end
$$;

grant execute on function public.fill_registration(uuid, jsonb, boolean) to authenticated;
