-- The neutral names of papers are made by the function that makes those of all other files.

-- Adds a paper to a meeting or (`item`) to an item of its agenda: an upload, whose `object` is known to the app alone, which
-- has checked its content and had it scanned, or an address (`link`). While somebody of the group has an alias, an upload gets
-- a neutral name, because the name of a file may contain theirs. The same link in one place is added once. Answers as
-- begin_meeting_paper, and invalid. Locks the group.
create or replace function public.add_meeting_paper(
	code text, name text, object text default null, link text default null, item uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_paper.code, true);
	v_begun jsonb := public.begin_meeting_paper(add_meeting_paper.code);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if add_meeting_paper.item is not null and not exists (select from private.meeting_items as i
		where i.id = add_meeting_paper.item and i.meeting_id = v.id) then
		return '{"status": "not_found"}';
	end if;
	if exists (select from private.meeting_papers as p
		where p.meeting_id = v.id and p.item_id is not distinct from add_meeting_paper.item
			and p.link = add_meeting_paper.link and p.shown_name = add_meeting_paper.name) then
		return '{"status": "ok"}';
	end if;
	if object is not null and not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.meeting_papers (meeting_id, item_id, shown_name, object_name, link, added_by)
	values (v.id, add_meeting_paper.item,
		case when object is not null and exists (select from private.live_group_people as x
				where x.group_id = v.group_id and private.has_alias(x.person_id))
			then private.neutral_file_name('paper', add_meeting_paper.name)
			else add_meeting_paper.name end,
		object, add_meeting_paper.link, private.me());
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
