-- Approved minutes of a meeting become a document of the library, which then takes the same review as any other.

-- The document of the minutes of a meeting, of the newest of them: one of the reader, or one that was published or is in
-- review. A draft of somebody else that readers never saw is none. Answers its number among the minutes too.
create function private.document_of_minutes(p_meeting uuid, out item uuid, out minutes_number integer)
language sql stable security definer set search_path = '' as $$
	select i.id, max(x.minutes_number)
	from private.library_items as i
	join private.library_versions as x on x.item_id = i.id and x.meeting_id = p_meeting
	where i.state <> 'withdrawn'
		and (i.state <> 'draft'
			or i.owner_id = (select private.me())
			or exists (
				select from private.library_versions as v where v.item_id = i.id and v.published_at is not null))
	group by i.id
	order by max(x.minutes_number) desc, i.state = 'published' desc, i.owner_id is not distinct from private.me() desc, i.id
	limit 1
$$;

-- What public.save_library_item takes, as it is in the newest version of an item, at the stricter of its level and another.
create function private.fields_of_library_item(p private.library_items, p_level public.group_level) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(x) || jsonb_build_object(
		'level', case x.level when 'public' then p_level::text else x.level::text end,
		'note', case p.state when 'published' then '' else x.note end,
		'theme', (select t.slug from private.commitment_themes as t where t.id = x.theme_id),
		'members', jsonb_path_query_array(ties.seen, '$.members[*] ? (@.is_author == false).name'),
		'related', (
			select coalesce(jsonb_agg(jsonb_build_object('kind', kinds.kind, 'code', tie ->> 'code', 'summit', tie ->> 'summit')), '[]')
			from (values ('session', 'sessions'), ('group', 'groups'), ('commitment', 'commitments')) as kinds (kind, key)
			cross join lateral jsonb_array_elements(ties.seen -> kinds.key) as tie))
	from private.library_versions as x
	cross join lateral (select private.library_ties_json(x.item_id, x.number)) as ties (seen)
	where x.item_id = p.id and x.number = p.version
$$;

-- Drafts a document from the approved minutes of a meeting that the reader leads: of the kind minutes, by the group and
-- tied to it, of the level of the meeting or of its group, whichever is stricter. `summary` is what the app says of it in
-- the languages of the text. Of a closed meeting or group there is none. After a correction the reader's own draft, or the
-- next version of the published document, which is theirs from then on, takes the corrected minutes; its texts stay.
-- Answers {status: ok | not_found | wrong_state (not approved, a correction is open, the meeting or its group is closed, or
-- the group has ended) | already (a document of these minutes is there; its `code` for those who work on it, else null) |
-- in_work (a document of earlier minutes is in review, or somebody else writes its next version) | invalid | limited (as
-- public.save_library_item), code, item, title, body (the approved text, of which the app makes the files)}. Locks the
-- group, then the item or the person.
create function public.put_minutes_in_library(code text, summary jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_variable
declare
	v private.meetings := private.lock_meeting(code, true);
	v_level public.group_level := private.meeting_level(v);
	v_group private.groups := (select g from private.groups as g where g.id = v.group_id);
	v_author jsonb := private.text_as_shown(v_group.name, 'en');
	v_minutes private.meeting_minutes := (
		select n
		from private.meeting_minutes as n
		where n.meeting_id = v.id and n.state = 'approved'
		order by n.number desc
		limit 1);
	v_found record;
	v_item private.library_items;
	v_fields jsonb;
	v_saved jsonb;
begin
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_level = 'closed' or v_group.ended_at is not null or not private.has_final_minutes(v.id) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	select d.item, d.minutes_number into v_found from private.document_of_minutes(v.id) as d;
	if v_found.item is null then
		v_fields := jsonb_build_object(
			'kind', 'minutes',
			'title', (
				select jsonb_object_agg(each.tag, left(each.text, 250)) from jsonb_each_text(v.title) as each (tag, text)),
			'summary', summary,
			'authors', jsonb_build_array(left(v_author ->> (v_author ->> 'original'), 250)),
			'licence', 'all_rights_reserved',
			'issued_on', (v.starts_at at time zone v.zone)::date,
			'level', v_level,
			'related', jsonb_build_array(jsonb_build_object('kind', 'group', 'code', v_group.code)));
		v_saved := public.save_library_item(null, 0, v_fields);
	else
		select * into v_item from private.library_items as i where i.id = v_found.item for update;
		if v_found.minutes_number >= v_minutes.number then
			return jsonb_build_object('status', 'already',
				'code', case when private.works_on_library_item(v_item) then v_item.code end);
		end if;
		if v_item.state <> 'published' and (v_item.state <> 'draft' or v_item.owner_id is distinct from private.me()) then
			return jsonb_build_object('status', 'in_work');
		end if;
		update private.library_items as i
		set owner_id = private.me()
		where i.id = v_item.id and i.owner_id is distinct from private.me();
		v_fields := private.fields_of_library_item(v_item, v_level);
		v_saved := public.save_library_item(v_item.id, v_item.revision, v_fields);
	end if;
	if v_saved ->> 'status' <> 'ok' then
		update private.library_items as i set owner_id = v_item.owner_id where i.id = v_item.id;
		return jsonb_build_object('status', case when v_saved ->> 'status' = 'limited' then 'limited' else 'invalid' end);
	end if;
	select * into v_item from private.library_items as i where i.code = v_saved ->> 'code';
	update private.library_versions as x
	set meeting_id = v.id, minutes_number = v_minutes.number
	where x.item_id = v_item.id and x.number = v_item.version;
	-- The files that the app made of the minutes before.
	delete from private.library_files as f
	where f.item_id = v_item.id and f.number = v_item.version and f.shown_name = 'minutes-' || f.language || '.pdf';
	return v_saved || jsonb_build_object('item', v_item.id, 'title', v_fields -> 'title', 'body', v_minutes.body);
end
$$;
grant execute on function public.put_minutes_in_library(text, jsonb) to authenticated;
