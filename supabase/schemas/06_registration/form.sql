-- The registration form: save_registration_steps saves and sends it in one transaction, save_sent_steps what stays open
-- after sending. The content of each step is in form_steps.sql, submitting in submission.sql.

-- Returns the reader's live registration at a Summit; an empty row without one (Rule 2: there is one at most).
create function private.my_live_registration(p_summit uuid) returns public.registrations
language sql stable security definer set search_path = '' as $$
	select r.*
	from public.registrations as r
	where r.summit_id = p_summit
		and r.person_id = (select private.me())
		and r.state not in ('declined', 'withdrawn', 'expired')
$$;

-- Returns the number of a step from outside, or null.
create function private.parse_form_step(p_value jsonb) returns integer
language sql immutable set search_path = '' as $$
	select case when p_value in ('1', '2', '3', '4', '5') then p_value::integer end
$$;

-- Starts the reader's registration as a draft. Two calls at the same moment make one registration, because the unique
-- index lets one in (Rule 2). Returns {status: ok | exists (with the id of the live one) | not_open | not_found |
-- not_allowed, id}.
create function private.start_registration(p_summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if p_summit is null or p_summit not in (select private.readable_summits()) then
		return jsonb_build_object('status', 'not_found');
	end if;
	perform private.set_audit_context(v_me);
	if private.registration_window(p_summit) = 'open' then
		insert into public.registrations (summit_id, person_id)
		values (p_summit, v_me)
		on conflict do nothing
		returning id into v_id;
		if v_id is not null then
			insert into public.registration_needs (registration_id, person_id) values (v_id, v_me);
			insert into public.registration_steps (registration_id, to_state, mode, actor_id)
			values (v_id, 'draft', 'virtual', private.actor());
			return jsonb_build_object('status', 'ok', 'id', v_id);
		end if;
	end if;
	select r.id into v_id
	from public.registrations as r
	where r.summit_id = p_summit
		and r.person_id = v_me
		and r.state not in ('declined', 'withdrawn', 'expired');
	return case
		when v_id is null then jsonb_build_object('status', 'not_open')
		else jsonb_build_object('status', 'exists', 'id', v_id) end;
end
$$;

-- Saves one step (1 to 5) of the form, by the person or their assistant. With a `version` among the fields, a save of
-- another tab since then is a conflict. Locks the registration. Returns {status: ok | conflict | invalid (see `faults`)
-- | locked (the step cannot change after sending) | closed | not_found, version, faults}.
create function private.save_registration(p_registration uuid, p_step integer, p_fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_r public.registrations;
	v_faults text[];
begin
	-- An alias concerns all registrations of a person: lock them all, in the order of ids as everywhere.
	if p_step = 4 then
		perform from public.registrations as r
		where r.person_id in (select private.my_people('registration'))
			and r.person_id = (select own.person_id from public.registrations as own where own.id = p_registration)
		order by r.id
		for no key update;
	end if;
	select * into v_r
	from public.registrations as r
	where r.id = p_registration and r.person_id in (select private.my_people('registration'))
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'closed', 'version', v_r.version);
	end if;
	if jsonb_typeof(p_fields) is distinct from 'object' or p_step is null or p_step not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', jsonb_build_array('step'));
	end if;
	if p_fields ? 'version' and p_fields ->> 'version' <> v_r.version::text then
		return jsonb_build_object('status', 'conflict', 'version', v_r.version);
	end if;
	if v_r.state <> 'draft' and p_step <= 3 then
		return jsonb_build_object('status', 'locked', 'version', v_r.version);
	end if;
	perform private.set_audit_context(v_r.person_id);
	-- Consents, protection, photographs, needs and the contact are the person's, after the Summit too.
	if v_r.state <> 'draft' then perform private.allow_closed_summits(); end if;
	v_faults := case p_step
		when 1 then private.save_identity_step(v_r, p_fields)
		when 2 then private.save_member_step(v_r, p_fields)
		when 3 then private.save_mode_step(v_r, p_fields)
		when 4 then private.save_needs_step(v_r, p_fields)
		else private.save_consents_step(v_r, p_fields) end;
	if v_faults <> '{}' then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', v_faults);
	end if;
	-- One write for all that a step changes of the row: each leaves an entry in the audit.
	update public.registrations as r
	set version = r.version + 1, updated_at = now(),
		languages = case
			when p_step in (1, 3) then private.given_or_present_languages(p_fields, r.languages)
			else r.languages end,
		is_minor = case
			when p_step = 1 and p_fields -> 'is_minor' in ('true', 'false') then (p_fields ->> 'is_minor')::boolean
			else r.is_minor end,
		mode = case when p_step = 3 then (p_fields ->> 'mode')::public.attendance_mode else r.mode end,
		-- The first page already offers protection, which is part of step 4 but does not complete it.
		form_step = case
			when p_step = 4 and not p_fields ? 'access_needs' then r.form_step
			else greatest(r.form_step, p_step + 1) end,
		-- After sending, the code of conduct can be taken back only by withdrawing.
		code_of_conduct_at = case
			when p_step <> 5 or r.state <> 'draft' then r.code_of_conduct_at
			when p_fields -> 'code_of_conduct' = 'true' then coalesce(r.code_of_conduct_at, now())
			when p_fields -> 'code_of_conduct' = 'false' then null
			else r.code_of_conduct_at end
	where r.id = v_r.id
	returning r.* into v_r;
	perform private.notify_registration(v_r);
	return jsonb_build_object('status', 'ok', 'version', v_r.version);
end
$$;

-- Saves writes, {step, fields} each, until one is refused; returns the last answer. After the first, each carries the
-- version that was just saved.
create function private.save_writes(p_registration uuid, p_writes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_write jsonb;
	v_answer jsonb;
begin
	for v_write in select * from jsonb_array_elements(p_writes) loop
		v_answer := private.save_registration(p_registration, private.parse_form_step(v_write -> 'step'),
			(v_write -> 'fields') || case
				when v_answer ? 'version' then jsonb_build_object('version', v_answer -> 'version')
				else '{}' end);
		exit when v_answer ->> 'status' <> 'ok';
	end loop;
	return v_answer;
end
$$;

-- Saves steps of the form in one transaction: starts the registration if there is none, saves all writes or none, and
-- sends the form with `send`. A write is {step, fields}; the first may carry the version that the page showed. Returns
-- what save_registration returns, with the id, or {status: already (it was sent) | not_open | not_found | not_allowed |
-- invalid}. With `send` and all saved, `sent` is what submit_registration returns; the writes stay saved even if
-- sending is refused.
create function public.save_registration_steps(summit uuid, writes jsonb, send boolean default false) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_r public.registrations;
	v_mode public.attendance_mode;
	v_begun jsonb;
	v_answer jsonb;
begin
	if jsonb_typeof(writes) is distinct from 'array' or jsonb_array_length(writes) not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'faults', jsonb_build_array('step'));
	end if;
	v_r := private.my_live_registration(summit);
	-- Sending locks the modes before any row, like everything that counts seats. Another tab may change the mode before
	-- the locks are held.
	if send and v_r.state = 'draft' then
		v_mode := v_r.mode;
		perform private.lock_for_submission(v_r);
		v_r := private.my_live_registration(summit);
		if v_r.state = 'draft' and v_r.mode <> v_mode then
			return jsonb_build_object('status', 'conflict', 'id', v_r.id, 'version', v_r.version);
		end if;
	end if;
	-- The second click of a double click, or a page that was open before the form was sent.
	if v_r.state <> 'draft' then
		return jsonb_build_object('status', 'already', 'id', v_r.id, 'state', v_r.state);
	end if;
	begin
		if v_r.id is null then
			v_begun := private.start_registration(summit);
			if v_begun ->> 'status' not in ('ok', 'exists') then return v_begun; end if;
			v_r.id := (v_begun ->> 'id')::uuid;
		end if;
		v_answer := private.save_writes(v_r.id, writes);
		if v_answer ->> 'status' <> 'ok' then raise sqlstate 'PT422' using message = 'not saved'; end if;
	exception when sqlstate 'PT422' then
		return v_answer;
	end;
	return v_answer || jsonb_build_object('id', v_r.id) || case
		when send then jsonb_build_object('sent', private.submit_registration(v_r.id))
		else '{}' end;
end
$$;
grant execute on function public.save_registration_steps(uuid, jsonb, boolean) to authenticated;

-- Saves, all or nothing, steps that stay open after sending (needs and consents), by the person or their assistant. The
-- first write may carry the version that the page showed. Returns what save_registration returns; a draft is locked,
-- because its form saves it.
create function public.save_sent_steps(registration uuid, writes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
begin
	if jsonb_typeof(writes) is distinct from 'array' or jsonb_array_length(writes) not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'faults', jsonb_build_array('step'));
	end if;
	select jsonb_build_object('status', 'locked', 'version', r.version) into v_answer
	from public.registrations as r
	where r.id = save_sent_steps.registration
		and r.state = 'draft'
		and r.person_id in (select private.my_people('registration'));
	if found then return v_answer; end if;
	begin
		v_answer := private.save_writes(registration, writes);
		if v_answer ->> 'status' <> 'ok' then raise sqlstate 'PT422' using message = 'not saved'; end if;
	exception when sqlstate 'PT422' then
		return v_answer;
	end;
	return v_answer;
end
$$;
grant execute on function public.save_sent_steps(uuid, jsonb) to authenticated;
