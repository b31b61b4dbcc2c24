-- Documents know the minutes that they were drafted from, and the number of openings is not shown for small groups.

set check_function_bodies = off;

alter table private.library_versions
	add column meeting_id uuid references private.meetings (id) on delete set null,
	add column minutes_number integer,
	add constraint minutes_numbered check (meeting_id is null or minutes_number is not null);
create index on private.library_versions (meeting_id);
drop trigger never_change on private.library_versions;
create trigger never_change before update or delete on private.library_versions
	for each row when (old.submitted_at is not null)
	execute function private.refuse_history_change('written_by', 'submitted_by', 'submitted_at', 'published_at',
		'meeting_id');

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
create or replace function public.put_minutes_in_library(code text, summary jsonb) returns jsonb
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

-- The same for a reader who works on the item; null where it is not shown. A version for a standing group has so few
-- readers that the number would say who of them has opened it: then it is for those who run the community alone.
create function private.shown_library_openings(p private.library_items) returns bigint
language sql stable security definer set search_path = '' as $$
	select private.library_openings_of(p.id)
	where private.works_on_library_item(p)
		and (private.runs_community() or not exists (
			select from private.library_versions as v
			where v.item_id = p.id and v.published_at is not null and v.level = 'group'))
$$;

-- One published item: the version that is shown, or an earlier one by its number; null where there is none, or the reader
-- may not read it. `versions`: those that the reader may read. `works`: whether they work on it. `opened`: how often
-- its files were sent, where that is shown to them, else null.
create or replace function public.read_library_item(code text, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'works', private.works_on_library_item(i),
		'opened', private.shown_library_openings(i),
		'shown', shown.number,
		'versions', (
			select jsonb_agg(jsonb_build_object('number', x.number, 'published_at', private.iso(r.shown_from), 'note', x.note)
				order by x.number desc)
			from private.readable_publications(private.me()) as r
			join private.library_versions as x on x.item_id = r.item_id and x.number = r.number
			where r.item_id = i.id))
	from private.library_items as i
	cross join lateral (
		select max(r.number) as number from private.readable_publications(private.me()) as r where r.item_id = i.id
	) as shown
	join private.readable_publications(private.me()) as p
		on p.item_id = i.id and p.number = coalesce(read_library_item.number, shown.number)
	join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
	where i.code = read_library_item.code
$$;

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it. `opened`: how often its files were sent, null where that is not shown. `withdraws`, `deletes`: whether the reader
-- may withdraw or delete it.
create or replace function public.read_library_work(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.library_version_json(v) || jsonb_build_object(
		'id', i.id,
		'state', i.state,
		'revision', i.revision,
		'reviews', private.runs_community(),
		'submits', private.submits_to_library(),
		'is_own', private.has_written_version(i),
		'is_published', exists (
			select from private.library_publications as p where p.item_id = i.id and p.shown_from <= now()),
		'opened', private.shown_library_openings(i),
		'owner', (select p.display_name from public.people as p where p.id = i.owner_id),
		'withdraws', private.library_step_refusal(i, 'withdrawn', '-') is null,
		'deletes', not exists (select from private.library_steps as s where s.item_id = i.id),
		'withdrawn_reason', i.withdrawn_reason,
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step, 'reason', s.reason,
				'made_by', (select p.display_name from public.people as p where p.id = s.made_by),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.library_steps as s
			where s.item_id = i.id))
	from private.library_items as i
	join private.library_versions as v on v.item_id = i.id and v.number = i.version
	where i.code = read_library_work.code and private.works_on_library_item(i)
$$;
