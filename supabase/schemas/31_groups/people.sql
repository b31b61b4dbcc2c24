-- The people of a group: their parts and terms, requests to join, and leaving.

-- Whether an entry is of somebody in the group whom an alternate can stand in for: any but another alternate.
create function private.may_have_alternate(p_entry uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as o
		where o.id = p_entry and o.group_id = p_group and o.part <> 'alternate')
$$;

-- Gives a person a part in a group, unless they have one. An entry whose term is over is ended first. The organisation
-- is not written for somebody under an alias, because the invitation named it for the person behind the alias.
create function private.add_group_person(
	p_group uuid, p_person uuid, p_part public.group_part, p_member uuid default null, p_until date default null,
	p_alternate_of uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_people as x
	set ended_at = now()
	where x.group_id = p_group and x.person_id = p_person and x.ended_at is null and x.until < current_date;
	insert into private.group_people (group_id, person_id, part, member_id, until, alternate_of)
	values (p_group, p_person, p_part, case when not private.has_alias(p_person) then p_member end, p_until,
		case when private.may_have_alternate(p_alternate_of, p_group) then p_alternate_of end)
	on conflict do nothing;
	perform private.publish_event('person:' || p_person, 'rights');
	perform private.publish_event('site', 'changed');
end
$$;

-- Asks to join a group that the reader sees; its chairs and secretaries get a mail. Answers ok | already | not_found |
-- not_open. Locks the group.
create function public.request_to_join(code text, note text) returns public.group_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v private.groups;
	v_request uuid;
begin
	select * into v from private.groups as g where g.code = request_to_join.code for update;
	if v_me is null or v.id is null or v.id not in (select private.visible_groups(v_me)) then return 'not_found'; end if;
	if exists (select from private.live_group_people as x where x.group_id = v.id and x.person_id = v_me) then
		return 'already';
	end if;
	if not v.takes_requests or v.ended_at is not null then return 'not_open'; end if;
	insert into private.group_requests (group_id, person_id, note)
	values (v.id, v_me, left(btrim(coalesce(note, '')), 1000))
	on conflict do nothing
	returning id into v_request;
	if v_request is null then return 'already'; end if;
	-- The mail names nobody: those who lead the group read who asks.
	perform private.enqueue_group_mail(x.person_id, 'group_join_requested', v.id, '{}',
		format('group_join:%s:%s', v_request, x.person_id))
	from private.live_group_people as x
	where x.group_id = v.id and x.part in ('chair', 'secretary');
	return 'ok';
end
$$;
grant execute on function public.request_to_join(text, text) to authenticated;

-- Takes back the reader's own request. Answers ok | not_found.
create function public.withdraw_join_request(code text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.group_requests as r
	set state = 'withdrawn', decided_at = now(), decided_by = private.me()
	from private.groups as g
	where g.id = r.group_id
		and g.code = withdraw_join_request.code
		and r.person_id = (select private.me())
		and r.state = 'open';
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_join_request(text) to authenticated;

-- Decides on a request, for those who lead the group; on one's own only while nobody is its chair or secretary, because
-- those who run the community are not to admit themselves. Who asked gets a mail. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null
		or v.person_id = (select private.me()) and private.has_leader(v.group_id) then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request
		and r.state = 'open'
		and not (accept and exists (select from private.groups as g where g.id = r.group_id and g.ended_at is not null))
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	perform private.enqueue_group_mail(v.person_id, case when accept then 'group_join_accepted' else 'group_join_declined' end,
		v.group_id, '{}', 'group_join_decided:' || v.id);
	return 'ok';
end
$$;
grant execute on function public.decide_join_request(uuid, boolean) to authenticated;

-- Changes part, member organisation, term and whom an alternate stands in for. `fields`: {part, member, until,
-- alternate_of}. Answers ok | not_found | invalid | last_leader. Locks the group.
create function public.change_group_person(entry uuid, fields jsonb) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
	v_part public.group_part;
	v_until date;
begin
	if private.lock_led_group((select g.code
		from private.groups as g
		join private.group_people as x on x.group_id = g.id
		where x.id = entry)) is null then
		return 'not_found';
	end if;
	-- Read under the lock: somebody may have changed or ended the entry until then.
	select * into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if v.id is null then return 'not_found'; end if;
	v_part := (fields ->> 'part')::public.group_part;
	v_until := (fields ->> 'until')::date;
	if v_until < current_date
		or (fields ->> 'alternate_of') is not null
			and not private.may_have_alternate((fields ->> 'alternate_of')::uuid, v.group_id) then
		return 'invalid';
	end if;
	if v_part in ('member', 'alternate') and v.part in ('chair', 'secretary')
		and not private.has_leader(v.group_id, v.id) then
		return 'last_leader';
	end if;
	update private.group_people as x
	set part = v_part,
		member_id = (fields ->> 'member')::uuid,
		until = v_until,
		alternate_of = case when v_part = 'alternate' then (fields ->> 'alternate_of')::uuid end
	where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception or foreign_key_violation then
	return 'invalid';
end
$$;
grant execute on function public.change_group_person(uuid, jsonb) to authenticated;

-- Ends the part of a person: an act of those who lead the group, or the person's own. The last chair or secretary stays
-- until there is another. Answers ok | not_found | last_leader. Locks the group.
create function public.end_group_person(entry uuid) returns public.group_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_people;
begin
	perform from private.groups as g
	where g.id = (select x.group_id from private.group_people as x where x.id = entry)
	for update;
	select x.* into v from private.group_people as x where x.id = entry and x.ended_at is null;
	if v.id is null or not (v.person_id = private.me() or private.leads_group(private.me(), v.group_id)) then
		return 'not_found';
	end if;
	if v.part in ('chair', 'secretary') and not private.has_leader(v.group_id, v.id) then return 'last_leader'; end if;
	update private.group_people as x set ended_at = now() where x.id = entry;
	perform private.publish_event('person:' || v.person_id, 'rights');
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.end_group_person(uuid) to authenticated;
