-- Bars somebody from a session, or lets them in again. Hosts bar from their session; nobody bars themselves or a stage or
-- safeguarding organiser, and a chair is barred by such an organiser alone. What a safeguarding lead has barred, no host lets in again.
-- Answers ok, already, not_found, not_allowed.
create or replace function public.bar_from_session(session uuid, person text, barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
	v_person uuid;
begin
	if not private.may_run(v_me, session) and not (private.can_see(v_me, session) and v_lead) then return 'not_found'; end if;
	select people.id into v_person from public.people where people.code = bar_from_session.person
		and (exists (select from public.session_people as sp where sp.session_id = session and sp.person_id = people.id)
			or exists (select from private.run_participants as p join public.runs on runs.id = p.run_id where runs.session_id = session and p.person_id = people.id));
	if v_person is null then return 'not_found'; end if;
	if v_person = v_me or exists (select from public.role_grants as g where g.person_id = v_person and g.ended_at is null
		and (g.summit_id is null or g.summit_id = v_summit) and g.role in ('stage', 'safeguarding', 'owner')) then
		return 'not_allowed';
	end if;
	if barred and not v_lead and not private.has_role(v_summit, 'stage') and exists (select from public.session_people as sp
		where sp.session_id = session and sp.person_id = v_person and sp.role = 'chair' and sp.state = 'confirmed') then
		return 'not_allowed';
	end if;
	if not barred and not v_lead and exists (select from private.entry_bars as b where b.summit_id = v_summit and b.person_id = v_person and b.session_id = session
		and private.holds_role(b.created_by, v_summit, 'safeguarding')) then
		return 'not_allowed';
	end if;
	if barred then
		insert into private.entry_bars (summit_id, person_id, session_id, created_by) values (v_summit, v_person, session, v_me) on conflict do nothing;
	else
		delete from private.entry_bars where summit_id = v_summit and person_id = v_person and session_id = session;
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;
