-- Who sees and who leads the meetings of a group. The people of a group see its meetings, alternates too; its chairs and
-- secretaries lead them. Nobody else does: those who run the community may see a group and name its chair, but have no
-- part in what it discusses unless they are among its people. So an unseen meeting and an unknown one give the same answer.

-- Whether somebody is chair or secretary of a group today.
create function private.chairs_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x
		where x.group_id = p_group and x.person_id = p_person and x.part in ('chair', 'secretary'))
$$;

-- Whether a person is a chair or a secretary of any group that has not ended.
create function private.chairs_any_group(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.live_group_people as x
		join private.groups as g on g.id = x.group_id and g.ended_at is null
		where x.person_id = p_person and x.part in ('chair', 'secretary'))
$$;

-- The level that counts for a meeting: its own or that of its group, whichever is stricter.
create function private.meeting_level(p private.meetings) returns public.group_level
language sql stable security definer set search_path = '' as $$
	select greatest(p.level, g.level) from private.groups as g where g.id = p.group_id
$$;

-- The meeting of a code whose group the reader is of, or with `p_leads` leads; null for others. Locks the group, as every
-- change to a group does, so that of two changes at once the second sees what the first did.
create function private.lock_meeting(p_code text, p_leads boolean) returns private.meetings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings;
begin
	perform from private.groups as g
	where g.id = (select m.group_id from private.meetings as m where m.code = p_code)
	for update;
	select * into v from private.meetings as m where m.code = p_code;
	if v.id is null or not private.is_in_group(private.me(), v.group_id)
		or p_leads and not private.chairs_group(private.me(), v.group_id) then
		return null;
	end if;
	return v;
end
$$;
