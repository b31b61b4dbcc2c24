-- A bar of a safeguarding lead stays one: though a host had barred the same person a moment before, and after the lead has left the role.

alter table private.entry_bars add column by_lead boolean not null default false;
update private.entry_bars as b set by_lead = true where private.holds_role(b.created_by, b.summit_id, 'safeguarding');

-- Bars somebody from a session, or lets them in again, as one who may. Answers ok, already, not_allowed.
create function private.bar_person(p_session uuid, p_person uuid, p_barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
begin
	if p_person = v_me or exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
		and (g.summit_id is null or g.summit_id = v_summit) and g.role in ('stage', 'safeguarding', 'owner')) then
		return 'not_allowed';
	end if;
	if p_barred and not v_lead and not private.has_role(v_summit, 'stage') and exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'chair' and sp.state = 'confirmed') then
		return 'not_allowed';
	end if;
	if p_barred then
		insert into private.entry_bars as b (summit_id, person_id, session_id, created_by, by_lead) values (v_summit, p_person, p_session, v_me, v_lead)
		on conflict (summit_id, person_id, session_id) do update set by_lead = true, created_by = excluded.created_by where excluded.by_lead and not b.by_lead;
	else
		perform from private.entry_bars as b where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session and b.by_lead for update;
		if found and not v_lead then return 'not_allowed'; end if;
		delete from private.entry_bars as b where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session and (v_lead or not b.by_lead);
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;
