-- Writing an item: its texts, its ties and its files. Each is changed while the newest version is a draft.

-- Writes the ties of a version; answers the first one that the writer does not see, else null. `p_fields`: members (names),
-- related: [{kind: session | group | commitment, summit (slug), code}]; at most 30 each. Ties that the writer does not see
-- stay.
create function private.write_library_ties(p_item uuid, p_number integer, p_fields jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each jsonb;
	v_name text;
	v_session uuid;
	v_group uuid;
	v_commitment uuid;
begin
	if jsonb_array_length(coalesce(p_fields -> 'members', '[]')) > 30
		or jsonb_array_length(coalesce(p_fields -> 'related', '[]')) > 30 then
		raise exception using errcode = 'check_violation', message = 'too many ties';
	end if;
	delete from private.library_ties as t
	where t.item_id = p_item
		and t.number = p_number
		and (t.member_id is not null
			or t.session_id is not null and private.is_session_tie_seen(t.session_id)
			or t.group_id in (select private.visible_groups(private.me()))
			or t.commitment_id is not null and private.is_commitment_tie_seen(t.commitment_id));
	insert into private.library_ties (item_id, number, member_id, is_author)
	select p_item, p_number, m.id, true
	from public.members as m
	where lower(m.name) in (select lower(a) from jsonb_array_elements_text(p_fields -> 'authors') as a);
	for v_name in select * from jsonb_array_elements_text(coalesce(p_fields -> 'members', '[]')) loop
		insert into private.library_ties (item_id, number, member_id)
		select p_item, p_number, m.id from public.members as m where lower(m.name) = lower(v_name);
		if not found then return v_name; end if;
	end loop;
	for v_each in select * from jsonb_array_elements(coalesce(p_fields -> 'related', '[]')) loop
		select s.id into v_session
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id and u.slug = v_each ->> 'summit'
		where v_each ->> 'kind' = 'session' and s.code = v_each ->> 'code' and private.is_session_tie_seen(s.id);
		select g.id into v_group
		from private.groups as g
		where v_each ->> 'kind' = 'group'
			and g.code = v_each ->> 'code'
			and g.id in (select private.visible_groups(private.me()));
		select c.id into v_commitment
		from private.commitments as c
		where v_each ->> 'kind' = 'commitment' and c.code = v_each ->> 'code' and private.is_commitment_tie_seen(c.id);
		if num_nonnulls(v_session, v_group, v_commitment) <> 1 then return coalesce(v_each ->> 'code', ''); end if;
		insert into private.library_ties (item_id, number, session_id, group_id, commitment_id)
		values (p_item, p_number, v_session, v_group, v_commitment);
	end loop;
	return null;
end
$$;

-- The group that the writer chose for a version: one of theirs, or for those who run the community one that they see, that
-- has not ended. The group of the version before may stay. Without a choice it stays, also where the writer does not see
-- it. Null where there is none.
create function private.chosen_library_group(p_item uuid, p_number integer, p_code text) returns uuid
language sql stable security definer set search_path = '' as $$
	with before as (
		select v.group_id
		from private.library_versions as v
		where v.item_id = p_item and v.number <= p_number
		order by v.number desc
		limit 1
	)
	select case when coalesce(p_code, '') = '' then (select b.group_id from before as b) else (
		select g.id
		from private.groups as g
		where g.code = p_code
			and g.id in (select private.visible_groups(private.me()))
			and (g.id = (select b.group_id from before as b)
				or g.ended_at is null
					and (private.runs_community()
						or exists (
							select from private.live_group_people as x
							where x.group_id = g.id and x.person_id = (select private.me()))))) end
$$;

-- Writes the draft of a version from `p_fields`; raises what the constraints refuse.
create function private.write_library_version(p_item uuid, p_number integer, p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_versions := jsonb_populate_record(null::private.library_versions, p_fields);
	v_group uuid := private.chosen_library_group(p_item, p_number, p_fields ->> 'group');
	v_theme uuid := (select t.id from private.commitment_themes as t where t.slug = p_fields ->> 'theme');
begin
	insert into private.library_versions as x (item_id, number, kind, title, summary, authors, licence, doi, issued_on,
		theme_id, level, group_id, embargo_until, note, written_by)
	values (p_item, p_number, v.kind, v.title, v.summary, coalesce(v.authors, '{}'), v.licence, v.doi, v.issued_on, v_theme,
		v.level, case when v.level = 'group' then v_group end, v.embargo_until, coalesce(v.note, ''), private.me())
	on conflict (item_id, number) do update
	set kind = excluded.kind, title = excluded.title, summary = excluded.summary, authors = excluded.authors,
		licence = excluded.licence, doi = excluded.doi, issued_on = excluded.issued_on, theme_id = excluded.theme_id,
		level = excluded.level, group_id = excluded.group_id, embargo_until = excluded.embargo_until, note = excluded.note,
		written_by = excluded.written_by, written_at = now();
end
$$;

-- Drafts an item (`item` null), saves its draft, or begins the next version of one that is published; readers are shown
-- the version before until the next is published. `fields`: kind, title, summary, authors, licence, doi, issued_on, theme
-- (slug), level, group (code), embargo_until, note, members (names), related. Answers {status: ok | not_found |
-- not_allowed | invalid | conflict | wrong_state (it is in review, or withdrawn) | limited (fifty drafts of a person) |
-- unknown (name: a tie that the reader does not see), code}. Locks the person or the item.
create function public.save_library_item(item uuid, revision integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items;
	v_unknown text;
	v_begins boolean;
begin
	if not private.submits_to_library() then return jsonb_build_object('status', 'not_allowed'); end if;
	if item is null then
		perform pg_advisory_xact_lock(hashtextextended('library:' || private.me(), 0));
		if (
			select count(*)
			from private.library_items as i
			where i.owner_id = (select private.me()) and i.state in ('draft', 'submitted')) >= 50 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.library_items as i (owner_id) values (private.me()) returning * into v;
	else
		v := private.lock_library_item(item);
		if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
		if v.revision is distinct from save_library_item.revision then return jsonb_build_object('status', 'conflict'); end if;
		if v.state not in ('draft', 'published') then return jsonb_build_object('status', 'wrong_state'); end if;
		v_begins := v.state = 'published';
		update private.library_items as i
		set version = i.version + (i.state = 'published')::integer, state = 'draft', revision = i.revision + 1, updated_at = now()
		where i.id = v.id
		returning * into v;
	end if;
	perform private.write_library_version(v.id, v.version, fields);
	perform private.record_library_writer(v);
	if v_begins then
		insert into private.library_ties (item_id, number, session_id, group_id, commitment_id)
		select t.item_id, v.version, t.session_id, t.group_id, t.commitment_id
		from private.library_ties as t
		where t.item_id = v.id and t.number = v.version - 1 and t.member_id is null;
	end if;
	v_unknown := private.write_library_ties(v.id, v.version, fields);
	if v_unknown is not null then
		-- The exception takes back what was written.
		raise exception using errcode = 'no_data_found', message = v_unknown;
	end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception
	when no_data_found then
		return jsonb_build_object('status', 'unknown', 'name', sqlerrm);
	when check_violation or not_null_violation or data_exception then
		return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_library_item(uuid, integer, jsonb) to authenticated;

-- Whether a file may be added now: {status: ok | not_found | wrong_state | full (one gigabyte of a person within a day),
-- bytes (the limit of a file)}.
create function public.begin_library_file(item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('bytes', 50000000, 'status', case
		when i.id is null or not private.works_on_library_item(i) then 'not_found'
		when i.state <> 'draft' then 'wrong_state'
		when (
			select sum(o.size)
			from private.library_files as f
			join private.stored_objects as o on o.name = f.object_name
			where f.uploaded_by = (select private.me()) and f.uploaded_at > now() - interval '1 day') > 1000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.library_items as i on i.id = item
$$;
grant execute on function public.begin_library_file(uuid) to authenticated;

-- Makes an upload the file of a language of the draft, instead of an earlier one. `object` is known to the app alone, which
-- has checked and scanned it; `content` is its text. Where who uploads or submits it has an alias, it gets a neutral name.
-- Answers as begin_library_file. Locks the item.
create function public.add_library_file(item uuid, object text, name text, language text, content text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_begun jsonb := public.begin_library_file(v.id);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if not private.is_interface_language(add_library_file.language) then
		return v_begun || '{"status": "not_found"}';
	end if;
	if not private.mark_object_used(object) then return v_begun || '{"status": "not_found"}'; end if;
	delete from private.library_files as f
	where f.item_id = v.id and f.number = v.version and f.language = add_library_file.language;
	insert into private.library_files (item_id, number, language, object_name, shown_name, content, uploaded_by)
	values (v.id, v.version, add_library_file.language, object,
		-- The minutes that the app makes are found again by their name.
		case when name = 'minutes-' || add_library_file.language || '.pdf' then name
			else private.uploaded_file_name('document-' || add_library_file.language, name, v.owner_id) end,
		coalesce(add_library_file.content, ''), private.me());
	perform private.record_library_writer(v);
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return v_begun;
end
$$;
grant execute on function public.add_library_file(uuid, text, text, text, text) to authenticated;

-- Removes a file of the draft. Answers ok | not_found. Locks the item.
create function public.remove_library_file(file uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items := private.lock_library_item((select f.item_id from private.library_files as f where f.id = file));
begin
	delete from private.library_files as f
	where f.id = file and f.item_id = v.id and f.number = v.version and v.state = 'draft';
	if not found then return 'not_found'; end if;
	perform private.record_library_writer(v);
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.remove_library_file(uuid) to authenticated;

-- Deletes an item that was never submitted, with its files. The caller has locked it.
create function private.delete_library_item(p_item uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.library_files as f where f.item_id = p_item;
	delete from private.library_ties as t where t.item_id = p_item;
	delete from private.library_versions as v where v.item_id = p_item;
	delete from private.library_items as i where i.id = p_item;
end
$$;

-- Deletes the items of a person that were never submitted, when the person is erased.
create function private.delete_library_drafts_of(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.delete_library_item(i.id)
	from private.library_items as i
	where i.owner_id = p_person
		and not exists (select from private.library_steps as s where s.item_id = i.id)
	order by i.id
$$;

-- Deletes a draft that was never submitted. What was submitted has a history: it is withdrawn. Answers ok | not_found |
-- conflict (changed since) | wrong_state (it was submitted). Locks the item.
create function public.delete_library_draft(item uuid, revision integer) returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items := private.lock_library_item(item);
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from delete_library_draft.revision then return 'conflict'; end if;
	if exists (select from private.library_steps as s where s.item_id = v.id) then return 'wrong_state'; end if;
	perform private.delete_library_item(v.id);
	return 'ok';
end
$$;
grant execute on function public.delete_library_draft(uuid, integer) to authenticated;

-- Whether the newest version of an item was begun after another was published and was never submitted.
create function private.is_begun_library_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'draft' and p.version > 1 and not exists (
		select from private.library_steps as s where s.item_id = p.id and s.number = p.version)
$$;

-- Deletes a version that was begun after another was published, with its files; the published version stays as it was.
-- What was submitted has a history: it is changed and submitted again. Answers ok | not_found | conflict (changed since) |
-- wrong_state (it was submitted, or is the first). Locks the item.
create function public.discard_library_version(item uuid, revision integer) returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items := private.lock_library_item(item);
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from discard_library_version.revision then return 'conflict'; end if;
	if not private.is_begun_library_version(v) then return 'wrong_state'; end if;
	delete from private.library_files as f where f.item_id = v.id and f.number = v.version;
	delete from private.library_ties as t where t.item_id = v.id and t.number = v.version;
	delete from private.library_versions as x where x.item_id = v.id and x.number = v.version;
	update private.library_items as i
	set state = 'published', version = i.version - 1, revision = i.revision + 1, updated_at = now()
	where i.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.discard_library_version(uuid, integer) to authenticated;
