-- Chairs and secretaries of groups submit documents, also where they are of no member.
set check_function_bodies = off;

-- Whether a person is a chair or a secretary of any group that has not ended.
create function private.chairs_any_group(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.live_group_people as x
		join private.groups as g on g.id = x.group_id and g.ended_at is null
		where x.person_id = p_person and x.part in ('chair', 'secretary'))
$$;

-- Whether the reader may submit: people of members, chairs and secretaries of groups, and those who run the community.
create or replace function private.submits_to_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (
		private.runs_community()
		or private.is_of_a_member(private.me())
		or private.chairs_any_group(private.me()))
$$;
