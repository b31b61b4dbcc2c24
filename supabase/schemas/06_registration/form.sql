-- Registering, until the form is sent: start, and save step by step. Sending it is in 001740.

-- Answers {status: ok | exists | not_open | not_found | not_allowed, id}. "exists" gives the one that is already there.
create function public.start_registration(summit uuid, category public.registration_category default 'delegate')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if v_me is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if summit is null or summit not in (select private.readable_summits()) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if start_registration.category is null then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.act_for(v_me);
	if private.registration_window(summit) = 'open' then
		insert into public.registrations (summit_id, person_id, category)
			values (summit, v_me, start_registration.category)
		on conflict do nothing returning id into v_id;
		if v_id is not null then
			insert into public.registration_details (registration_id, person_id) values (v_id, v_me);
			insert into public.registration_steps (registration_id, to_state, mode, actor_id)
				values (v_id, 'draft', 'virtual', private.actor());
			return jsonb_build_object('status', 'ok', 'id', v_id);
		end if;
	end if;
	select r.id into v_id from public.registrations as r
	where r.summit_id = summit and r.person_id = v_me and r.state not in ('declined', 'withdrawn', 'expired');
	return case when v_id is null then jsonb_build_object('status', 'not_open')
		else jsonb_build_object('status', 'exists', 'id', v_id) end;
end
$$;
grant execute on function public.start_registration(uuid, public.registration_category) to authenticated;

-- Faults of the part of a display record that people write themselves.
create function private.name_faults(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select array_remove(array[
		case when length(private.one_line(p ->> 'display_name')) not between 1 and 120 then 'display_name' end,
		case when length(private.one_line(p ->> 'office')) > 200 then 'office' end,
		case when length(private.one_line(p ->> 'affiliation')) > 200 then 'affiliation' end,
		case when coalesce(p ->> 'country', '') !~ '^([A-Z]{2})?$' then 'country' end], null)
$$;

create function private.language_faults(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select case when not p ? 'languages' then '{}'::text[]
		when jsonb_typeof(p -> 'languages') <> 'array' or jsonb_array_length(p -> 'languages') > 20
			or exists (select from jsonb_array_elements(p -> 'languages') as tag
				where jsonb_typeof(tag) <> 'string' or tag #>> '{}' !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$')
					then array['languages']
		else '{}'::text[] end
$$;

create function private.languages_in(p jsonb, p_present text[]) returns text[]
language sql immutable set search_path = '' as $$
	select case when p ? 'languages'
		then array(select distinct tag from jsonb_array_elements_text(p -> 'languages') as tag order by tag)
		else p_present end
$$;

-- Step 1, who you are. Under an alias the record is the alias and this step leaves it alone.
create function private.save_who(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.name_faults(p) || private.language_faults(p);
begin
	if private.has_alias(p_r.person_id) then v_faults := private.language_faults(p); end if;
	if v_faults = '{}' and private.name_is_kept(p_r.person_id, p ->> 'display_name') then
		v_faults := array['frozen'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	-- Only what changes: each statement on people tells every page that shows names.
	if not private.has_alias(p_r.person_id)
		and not exists (select from public.people as person where person.id = p_r.person_id
		and (person.display_name, person.office, person.country) is not distinct from
			(private.one_line(p ->> 'display_name'), private.one_line(p ->> 'office'),
				nullif(p ->> 'country', '')::char(2))) then
		update public.people as person
		set display_name = private.one_line(p ->> 'display_name'), office = private.one_line(p ->> 'office'),
			country = nullif(p ->> 'country', ''), updated_at = now()
		where person.id = p_r.person_id;
	end if;
	update public.registrations as r
	set languages = private.languages_in(p, r.languages),
		is_minor = case when p -> 'is_minor' in ('true', 'false') then (p ->> 'is_minor')::boolean else r.is_minor end
	where r.id = p_r.id;
	return '{}';
end
$$;

-- Step 2, the member: one of this Summit's, or the wish to add one. Others than delegates may have none.
create function private.save_member(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_member uuid := private.as_uuid(p ->> 'member_id');
	v_request jsonb := case when jsonb_typeof(p -> 'request') = 'object' then p -> 'request' end;
	v_affiliation text;
begin
	if v_request is not null then
		if length(private.one_line(v_request ->> 'name')) not between 2 and 200 then
			return array['request.name'];
		end if;
		if coalesce(v_request ->> 'sector', '') not in ('', 'government', 'intergovernmental', 'civil_society',
			'private_sector') then
			return array['request.sector'];
		end if;
		if coalesce(v_request ->> 'country', '') !~ '^([A-Z]{2})?$' then return array['request.country']; end if;
		insert into public.member_requests as q (summit_id, registration_id, name, sector, country)
		values (p_r.summit_id, p_r.id, private.one_line(v_request ->> 'name'),
			nullif(v_request ->> 'sector', '')::public.sector, nullif(v_request ->> 'country', ''))
		on conflict (registration_id) do update set name = excluded.name, sector = excluded.sector,
			country = excluded.country, state = 'open', member_id = null;
		v_member := null;
		v_affiliation := private.one_line(v_request ->> 'name');
	elsif coalesce(p ->> 'member_id', '') <> '' then
		select m.name into v_affiliation
			from public.summit_members as sm join public.members as m on m.id = sm.member_id
		where sm.summit_id = p_r.summit_id and sm.member_id = v_member and sm.standing in ('active', 'observer')
		-- One that is merged into another at this moment is waited for, and gone.
		for key share of sm;
		if not found then return array['member_id']; end if;
	elsif p_r.category = 'delegate' then
		return array['member_id'];
	else
		v_affiliation := left(private.one_line(p ->> 'affiliation'), 200);
	end if;
	if v_request is null then
		delete from public.member_requests as q where q.registration_id = p_r.id;
	end if;
	-- Whoever was invited into a pool and names no organisation stays there.
	update public.registrations as r
		set member_id = v_member, pool_id = case when v_member is null and v_request is null then r.pool_id end
		where r.id = p_r.id;
	if exists (select from public.people as person where person.id = p_r.person_id
		and person.affiliation <> v_affiliation and not private.has_alias(person.id)) then
		update public.people as person set affiliation = v_affiliation, updated_at = now()
			where person.id = p_r.person_id;
	end if;
	return '{}';
end
$$;

-- Step 3, the seat that is wished for.
create function private.save_seat_wish(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.language_faults(p);
begin
	if coalesce(p ->> 'mode', '') not in ('in_person', 'virtual') then v_faults := v_faults || 'mode'::text; end if;
	if v_faults <> '{}' then return v_faults; end if;
	update public.registrations as r
		set mode = (p ->> 'mode')::public.attendance_mode, languages = private.languages_in(p, r.languages)
		where r.id = p_r.id;
	return '{}';
end
$$;

-- Step 4, needs and protection. It can be changed as long as the registration lives. Protection is the person's alone:
-- an assistant who may fill in the form neither puts an alias on nor changes or takes it off.
create function private.save_needs(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_kind text := p ->> 'protection';
	v_faults text[] := array_remove(array[
		case when length(p ->> 'access_needs') > 2000 then 'access_needs' end,
		case when length(p ->> 'note') > 2000 then 'note' end,
		case when v_kind not in ('none', 'alias', 'talk_first') then 'protection' end,
		case when p ? 'no_photographs' and p -> 'no_photographs' not in ('true', 'false') then 'no_photographs' end],
			null);
begin
	if p_r.person_id is distinct
		from private.me() and p ?| array['protection', 'alias', 'real_name_sealed', 'key_id', 'no_photographs'] then
		return array['protection'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	if v_kind = 'alias' then
		v_faults := private.put_on_alias(p_r.person_id, p);
	elsif v_kind is not null and private.has_alias(p_r.person_id) then
		v_faults := private.take_off_alias(p_r, p);
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	select r.person_id into p_r.person_id from public.registrations as r where r.id = p_r.id;
	if v_kind = 'none' then
		delete from private.protections as x where x.person_id = p_r.person_id;
	elsif v_kind = 'talk_first' then
		insert into private.protections as x (person_id, kind) values (p_r.person_id, 'talk_first')
		on conflict (person_id) do update set kind = 'talk_first', real_name_sealed = null, key_id = null;
	end if;
	if p ? 'no_photographs' then
		update private.protections as x set no_photographs = (p ->> 'no_photographs')::boolean
			where x.person_id = p_r.person_id;
		insert into public.person_preferences as x (person_id, no_photographs)
			values (p_r.person_id, (p ->> 'no_photographs')::boolean)
		on conflict (person_id) do update set no_photographs = excluded.no_photographs, updated_at = now();
	end if;
	insert into public.registration_details as d (registration_id, person_id, access_needs, note)
	values (p_r.id, p_r.person_id, coalesce(p ->> 'access_needs', ''), coalesce(p ->> 'note', ''))
	on conflict (registration_id) do update set updated_at = now(),
		access_needs = coalesce(p ->> 'access_needs', d.access_needs), note = coalesce(p ->> 'note', d.note);
	return '{}';
end
$$;

-- Step 5, consents one by one; the code of conduct is kept with the registration itself.
create function private.save_consents(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_consents jsonb := case when jsonb_typeof(p -> 'consents') = 'object' then p -> 'consents' else '{}' end;
begin
	if v_consents = '{}' then return '{}'; end if;
	if exists (select from jsonb_each(v_consents) as given where given.value not in ('true', 'false')
		or not exists (select from public.consent_items as i
			where i.summit_id = p_r.summit_id and i.id = private.as_uuid(given.key))) then
		return array['consents'];
	end if;
	-- After sending, what is required is given or withdrawn with the registration as a whole.
	if p_r.state <> 'draft' and exists (select
		from jsonb_each(v_consents) as given join public.consent_items as i on i.id = private.as_uuid(given.key)
		where i.is_required and given.value = 'false') then
		return array['consents'];
	end if;
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_r.id, p_r.person_id, private.as_uuid(given.key), case when given.value = 'true' then now() end
		from jsonb_each(v_consents) as given
	on conflict (registration_id, item_id) do update
	set given_at = case when excluded.given_at is not null and c.withdrawn_at is null then coalesce(c.given_at, now())
		else coalesce(excluded.given_at, c.given_at) end,
		withdrawn_at = case
			when excluded.given_at is null and c.given_at is not null then coalesce(c.withdrawn_at, now()) end;
	return '{}';
end
$$;

-- Answers {status: ok | conflict | invalid | locked | closed | not_found, version, faults}. With a `version` among the
-- fields, what another tab has saved since is a conflict. Locked: the step is not changed after sending.
create function public.save_registration(registration uuid, step integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_faults text[];
begin
	-- An alias concerns all of a person's registrations: locked in id order, like everywhere.
	if step = 4 then
		perform from public.registrations as r
		where r.person_id in (select private.my_people('registration'))
			and r.person_id = (select own.person_id from public.registrations as own where own.id = registration)
				order by r.id for no key update;
	end if;
	select * into v_r from public.registrations as r
	where r.id = registration and r.person_id in (select private.my_people('registration')) for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'closed', 'version', v_r.version);
	end if;
	if jsonb_typeof(fields) is distinct from 'object' or step is null or step not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', jsonb_build_array('step'));
	end if;
	if fields ? 'version' and fields ->> 'version' <> v_r.version::text then
		return jsonb_build_object('status', 'conflict', 'version', v_r.version);
	end if;
	if v_r.state <> 'draft' and step <= 3 then
		return jsonb_build_object('status', 'locked', 'version', v_r.version);
	end if;
	perform private.act_for(v_r.person_id);
	v_faults := case step when 1 then private.save_who(v_r, fields) when 2 then private.save_member(v_r, fields)
		when 3 then private.save_seat_wish(v_r, fields) when 4 then private.save_needs(v_r, fields)
			else private.save_consents(v_r, fields) end;
	if v_faults <> '{}' then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', v_faults);
	end if;
	update public.registrations as r
	set version = r.version + 1, updated_at = now(),
		-- Protection can be chosen from the first page on, which finishes no later one.
		form_step = case when step = 4 and not fields ? 'access_needs' then r.form_step
			else greatest(r.form_step, step + 1) end,
		-- The code of conduct cannot be taken back but by withdrawing.
		code_of_conduct_at = case when step <> 5 or r.state <> 'draft' then r.code_of_conduct_at
			when fields -> 'code_of_conduct' = 'true' then coalesce(r.code_of_conduct_at, now())
			when fields -> 'code_of_conduct' = 'false' then null else r.code_of_conduct_at end
	where r.id = v_r.id returning r.* into v_r;
	perform private.tell_registration(v_r);
	return jsonb_build_object('status', 'ok', 'version', v_r.version);
end
$$;
grant execute on function public.save_registration(uuid, integer, jsonb) to authenticated;

-- A name that was misspelt, put right by a registration organiser. An alias is its person's alone.
-- After the names are frozen only when `override` says that whoever has the lists is told; that is noted.
-- Answers ok, invalid, protected, frozen or not_allowed.
create function public.correct_name(registration uuid, fields jsonb, reason text, override boolean default false)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if not found or not private.has_role(v_r.summit_id, 'registration') then return 'not_allowed'; end if;
	if private.has_alias(v_r.person_id) then return 'protected'; end if;
	if jsonb_typeof(fields) is distinct
		from 'object' or private.name_faults(fields) <> '{}' or private.one_line(reason) = '' then
		return 'invalid';
	end if;
	perform private.act_for(v_r.person_id, reason);
	if private.name_is_kept(v_r.person_id, fields ->> 'display_name') then
		if not coalesce(override, false) then return 'frozen'; end if;
		perform set_config('app.name_freeze', 'overridden', true);
		perform audit.note('names.overridden', v_r.id::text, v_r.summit_id, v_r.person_id, null);
	end if;
	update public.people as person
	set display_name = private.one_line(fields ->> 'display_name'),
		office = private.one_line(coalesce(fields ->> 'office', person.office)),
		country = nullif(coalesce(fields ->> 'country', person.country), ''), updated_at = now()
	where person.id = v_r.person_id;
	perform private.tell_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.correct_name(uuid, jsonb, text, boolean) to authenticated;

-- One step of the form in one transaction: begun when it is the first, saved, and sent when it is the last.

-- Each write is {step, fields}; the first may carry the version that the page showed. All of them are kept, or none.
-- Answers as save_registration does, with the id; or already (it was sent), not_open, not_found, not_allowed, invalid.
-- With `send`, and when all is saved, also `sent`: what submit_registration answers. What is saved stays when sending
-- is refused.
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
	if v_r.state <> 'draft' then
		return jsonb_build_object('status', 'already', 'id', v_r.id, 'state', v_r.state);
	end if;
	begin
		if v_r.id is null then
			v_begun := public.start_registration(summit);
			if v_begun ->> 'status' not in ('ok', 'exists') then return v_begun; end if;
			v_r.id := (v_begun ->> 'id')::uuid;
		end if;
		for v_write in select * from jsonb_array_elements(writes) loop
			v_answer := public.save_registration(v_r.id, private.as_step(v_write -> 'step'), (v_write -> 'fields')
				|| case when v_answer ? 'version' then jsonb_build_object('version', v_answer -> 'version')
					else '{}' end);
			if v_answer ->> 'status' <> 'ok' then raise sqlstate 'PT422' using message = 'not saved'; end if;
		end loop;
	exception when sqlstate 'PT422' then
		return v_answer;
	end;
	return v_answer || jsonb_build_object('id', v_r.id)
		|| case when send then jsonb_build_object('sent', public.submit_registration(v_r.id)) else '{}' end;
end
$$;
grant execute on function public.fill_registration(uuid, jsonb, boolean) to authenticated;

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
