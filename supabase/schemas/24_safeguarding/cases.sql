-- Cases: opening one from concerns, joining more, changing, its timeline, closing. Who may read a case
-- is who may read each of its concerns (private.is_concern_about).

-- Whether a person may read a case: all of its concerns have the same readers.
create function private.may_read_case(p_person uuid, p_case uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.may_read_concern(p_person, c)
		from private.case_concerns as j
		join private.concerns as c on c.id = j.concern_id
		where j.case_id = p_case
		order by c.id
		limit 1), false)
$$;

-- Tells the readers of a case, on their own topics, that it changed.
create function private.publish_case(p_case uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
begin
	select x.* into c
	from private.case_concerns as j
	join private.concerns as x on x.id = j.concern_id
	where j.case_id = p_case
	order by x.id
	limit 1;
	if found then
		perform private.publish_event('person:' || r, 'concern', p_case) from private.concern_readers(c) as r;
	end if;
end
$$;

-- Follows a change of whom the concerns of a case are about: a lead who may no longer read it is not its lead any more,
-- and where nobody is left who may, those are notified who name another reader.
create function private.release_case(p_case uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
begin
	update private.cases as x set lead_id = null, version = x.version + 1
	where x.id = p_case and x.lead_id is not null and not private.may_read_case(x.lead_id, p_case);
	select x.* into c
	from private.case_concerns as j
	join private.concerns as x on x.id = j.concern_id
	where j.case_id = p_case
	order by x.id
	limit 1;
	if found and not exists (select from private.concern_leads(c)) then perform private.notify_concern(c.id); end if;
end
$$;

-- Opens a case from concerns of one Summit that the caller may read; the caller is its lead. Key: the case's own,
-- sealed, in hex. Answers {status: ok, case}, or already: one of them is in a case. Locks the concerns by id.
create function public.open_case(concerns uuid[], severity text, category text, key_sealed text, key_id text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_ids uuid[] := array(select distinct x from unnest(open_case.concerns) as x where x is not null order by x);
	v_summits uuid[];
	v_case uuid;
begin
	perform from private.concerns as c where c.id = any (v_ids) order by c.id for update;
	if v_ids = '{}'
		or cardinality(v_ids) > 100
		or (select count(*)
			from private.concerns as c
			where c.id = any (v_ids) and private.may_read_concern(v_me, c)) <> cardinality(v_ids)
	then
		return '{"status": "not_found"}';
	end if;
	v_summits := array(select distinct c.summit_id from private.concerns as c where c.id = any (v_ids));
	if cardinality(v_summits) <> 1 then return '{"status": "not_found"}'; end if;
	if exists (select from private.case_concerns as j where j.concern_id = any (v_ids)) then
		return '{"status": "already"}';
	end if;
	insert into private.cases as x (summit_id, severity, category, lead_id, key_sealed, key_id, opened_by)
	values (v_summits[1], open_case.severity, open_case.category, v_me, decode(open_case.key_sealed, 'hex'),
		open_case.key_id, v_me)
	returning x.id into v_case;
	insert into private.case_concerns (concern_id, case_id, joined_by) select x, v_case, v_me from unnest(v_ids) as x;
	perform private.end_alarm(x) from unnest(v_ids) as x;
	-- One of them may be about somebody who reads the others.
	perform private.release_case(v_case);
	perform private.publish_case(v_case);
	return jsonb_build_object('status', 'ok', 'case', v_case);
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.open_case(uuid[], text, text, text, text) to authenticated;

-- Joins a concern to a case. Already: it is in one. Not found: the caller may not read one of the two, or they are of
-- different Summits. Locks the concern, then the case.
create function public.join_case(this_case uuid, concern uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
	v_case private.cases;
begin
	select * into v_concern from private.concerns as c where c.id = concern for update;
	select * into v_case from private.cases as x where x.id = this_case for update;
	if v_concern.id is null
		or v_case.id is null
		or v_concern.summit_id <> v_case.summit_id
		or not private.may_read_concern(private.me(), v_concern)
		or not private.may_read_case(private.me(), this_case)
	then
		return 'not_found';
	end if;
	insert into private.case_concerns (concern_id, case_id, joined_by)
	values (concern, this_case, private.me())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.end_alarm(concern);
	perform private.release_case(this_case);
	perform private.publish_case(this_case);
	return 'ok';
end
$$;
grant execute on function public.join_case(uuid, uuid) to authenticated;

-- Changes a case: severity, category, open or waiting (which opens a closed one again), and its lead, who must be able
-- to read it. Changed: somebody else changed it since `version`. Locks the case.
create function public.save_case(this_case uuid, version integer, severity text, category text, state text,
	lead uuid default null) returns public.case_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	select * into v_case from private.cases as x where x.id = this_case for update;
	if not found or not private.may_read_case(private.me(), this_case) then
		return 'not_found';
	end if;
	if v_case.version is distinct from save_case.version then return 'changed'; end if;
	if coalesce(save_case.state, '') not in ('open', 'waiting')
		or lead is not null and not private.may_read_case(lead, this_case)
	then
		return 'invalid';
	end if;
	update private.cases as x
	set severity = save_case.severity, category = save_case.category, state = save_case.state, lead_id = lead,
		closed_at = null, outcome = null, version = x.version + 1
	where x.id = this_case;
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_case(uuid, integer, text, text, text, uuid) to authenticated;

-- Adds to the timeline: a note, a hand-over or an act (text sealed with the case's key, in hex). Already: the same form
-- was sent before.
create function public.add_case_entry(this_case uuid, kind text, text_sealed text, form_hash text)
	returns public.case_entry_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_read_case(private.me(), this_case) then return 'not_found'; end if;
	if add_case_entry.kind = 'outcome' then return 'invalid'; end if;
	insert into private.case_entries as e (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, add_case_entry.kind, decode(add_case_entry.text_sealed, 'hex'),
		decode(add_case_entry.form_hash, 'hex'), private.me())
	on conflict on constraint case_entries_form_hash_key do nothing;
	if not found then return 'already'; end if;
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
when foreign_key_violation then
	-- Its time was over at this very moment.
	return 'not_found';
end
$$;
grant execute on function public.add_case_entry(uuid, text, text, text) to authenticated;

-- Closes a case and its open concerns, with how it ended. Changed: somebody else changed it since `version`. Locks the
-- concerns by id, then the case.
create function public.close_case(this_case uuid, version integer, outcome text, text_sealed text, form_hash text)
	returns public.case_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	perform from private.concerns as c
	where c.id in (select j.concern_id from private.case_concerns as j where j.case_id = this_case)
	order by c.id
	for update;
	select * into v_case from private.cases as x where x.id = this_case for update;
	if not found or not private.may_read_case(private.me(), this_case) then
		return 'not_found';
	end if;
	if v_case.version is distinct from close_case.version or v_case.state = 'closed' then return 'changed'; end if;
	insert into private.case_entries as e (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, 'outcome', decode(close_case.text_sealed, 'hex'), decode(close_case.form_hash, 'hex'),
		private.me());
	update private.cases as x
	set state = 'closed', closed_at = now(), outcome = close_case.outcome, version = x.version + 1
	where x.id = this_case;
	update private.concerns as c
	set closed_at = now(), closed_by = private.me()
	where c.closed_at is null
		and c.id in (select j.concern_id from private.case_concerns as j where j.case_id = this_case);
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation or unique_violation then
	return 'invalid';
end
$$;
grant execute on function public.close_case(uuid, integer, text, text, text) to authenticated;
