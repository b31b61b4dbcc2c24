-- Rule 5, timing included: that a session for those registered has begun or is over is news for them alone. It goes on a topic of its own,
-- which whoever may hears along with the Summit's.

create function private.hears_registered(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and (private.holds_role(p_person, p_summit, 'programme', 'stage', 'safeguarding')
		or exists (select from public.registrations as r where r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'))
$$;

create function public.hears_registered(summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.hears_registered(private.me(), summit)
$$;
grant execute on function public.hears_registered(uuid) to authenticated;

-- News of a run: to who sees its session, and on the topic of all who see sessions of its level, with the room in which it is or was: a page of
-- another room need not look. What was public until now is gone for all.
create or replace function private.tell_run() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_level public.confidentiality := private.level_in_force(new.session_id);
	v_rooms uuid[] := array[new.room_id] || case when tg_op = 'UPDATE' and old.room_id <> new.room_id then array[old.room_id] else '{}' end;
begin
	perform private.tell('session:' || new.session_id, 'run', new.id);
	if v_level = 'public' or tg_op = 'UPDATE' and old.level = 'public' and new.level <> 'public' then
		perform private.tell('summit:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
		perform private.tell('site', 'changed');
	end if;
	if v_level in ('members', 'chatham_house') then
		perform private.tell('registered:' || new.summit_id, 'run', room) from unnest(v_rooms) as room;
	end if;
	return null;
end
$$;
