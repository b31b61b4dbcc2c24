-- Who sees a group and who leads it. Every function about groups asks here, so an unseen group and an unknown one give
-- the same answer and the same counts.

-- Whether somebody may see groups that are open to the members: the people of members (30_community/members.sql), and
-- those who run the community.
create function private.sees_members_groups(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(private.is_of_a_member(p_person) or private.runs_community(p_person), false)
$$;

-- The groups that a person sees; null: a visitor. Those who run the community see a closed group only while nobody
-- leads it, because then nobody else can name a chair.
create function private.visible_groups(p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select g.id
	from private.groups as g
	where g.level = 'public'
		or exists (select from private.live_group_people as x where x.group_id = g.id and x.person_id = p_person)
		or g.level = 'members' and (select private.sees_members_groups(p_person))
		or g.level = 'closed'
			and (select private.runs_community(p_person))
			and not private.has_leader(g.id)
$$;

-- Whether somebody is of a group today. Its people see it (private.visible_groups).
create function private.is_in_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x where x.group_id = p_group and x.person_id = p_person)
$$;

-- Whether a group has a chair or secretary today, not counting the entry `p_except`.
create function private.has_leader(p_group uuid, p_except uuid default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_group_people as x
		where x.group_id = p_group and x.part in ('chair', 'secretary') and x.id is distinct from p_except)
$$;

-- Whether somebody leads a group: its chairs and secretaries, and those who run the community where they see it.
create function private.leads_group(p_person uuid, p_group uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(exists (select from private.live_group_people as x
			where x.group_id = p_group and x.person_id = p_person and x.part in ('chair', 'secretary'))
		or private.runs_community(p_person) and p_group in (select private.visible_groups(p_person)), false)
$$;

-- The group of a code that the reader leads, locked: of two who change it at once, the second sees what the first did.
-- Null when the reader leads no group of this code.
create function private.lock_led_group(p_code text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	select g.id into v_id from private.groups as g where g.code = p_code for update;
	return case when private.leads_group(private.me(), v_id) then v_id end;
end
$$;

-- Whether the reader sees a group, may make one, or is invited to one.
create function private.sees_groups() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community()
		or exists (select from private.visible_groups(private.me()))
		or exists (select from private.my_group_invitations())
$$;
