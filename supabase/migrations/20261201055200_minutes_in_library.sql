-- Chairs and secretaries put approved minutes into the library, as a draft that is then reviewed.

set check_function_bodies = off;

-- Drafts a document from the approved minutes of a meeting that the reader leads: of the kind minutes, by the group and
-- tied to it, of the level of the meeting or of its group, whichever is stricter. `summary` is what the app says of it in
-- the languages of the text. Of a closed meeting or group there is none. Answers {status: ok | not_found | wrong_state (not
-- approved, a correction is open, the meeting or its group is closed, or the group has ended) | already (a document of
-- these minutes is there) | invalid | limited (as public.save_library_item), code, item, title, body (the approved text, of
-- which the app makes the files)}. Locks the group, then the person.
create function public.put_minutes_in_library(code text, summary jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare
	v private.meetings := private.lock_meeting(code, true);
	v_level public.group_level := private.meeting_level(v);
	v_day date := (v.starts_at at time zone v.zone)::date;
	v_group private.groups := (select g from private.groups as g where g.id = v.group_id);
	v_title jsonb := (
		select jsonb_object_agg(each.tag, left(each.text, 250)) from jsonb_each_text(v.title) as each (tag, text));
	v_author jsonb := private.text_as_shown(v_group.name, 'en');
	v_saved jsonb;
begin
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_level = 'closed' or v_group.ended_at is not null or not private.has_final_minutes(v.id) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	if exists (
		select from private.library_items as i
		join private.library_versions as x on x.item_id = i.id and x.number = i.version
		join private.library_ties as t on t.item_id = i.id and t.number = i.version and t.group_id = v.group_id
		where i.state <> 'withdrawn' and x.kind = 'minutes' and x.issued_on = v_day and x.title = v_title) then
		return jsonb_build_object('status', 'already');
	end if;
	v_saved := public.save_library_item(null, 0, jsonb_build_object(
		'kind', 'minutes',
		'title', v_title,
		'summary', summary,
		'authors', jsonb_build_array(left(v_author ->> (v_author ->> 'original'), 250)),
		'licence', 'all_rights_reserved',
		'issued_on', v_day,
		'level', v_level,
		'related', jsonb_build_array(jsonb_build_object('kind', 'group', 'code', v_group.code))));
	if v_saved ->> 'status' <> 'ok' then
		return jsonb_build_object('status', case when v_saved ->> 'status' = 'limited' then 'limited' else 'invalid' end);
	end if;
	return v_saved || jsonb_build_object(
		'item', (select i.id from private.library_items as i where i.code = v_saved ->> 'code'),
		'title', v_title,
		'body', (
			select n.body
			from private.meeting_minutes as n
			where n.meeting_id = v.id and n.state = 'approved'
			order by n.number desc
			limit 1));
end
$$;
grant execute on function public.put_minutes_in_library(text, jsonb) to authenticated;
