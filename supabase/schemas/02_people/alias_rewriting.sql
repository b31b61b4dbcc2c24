-- A late alias: the former name was written in free text, sent and printed. Texts are rewritten when the alias is put
-- on; what cannot be changed is listed for the person and for safeguarding.

insert into private.free_text_columns (table_name, column_name)
select place[1], unnest(place[2:])
from (values
	(array['public.people', 'biography']),
	(array['public.sessions', 'title', 'abstract', 'content_note', 'links']),
	(array['public.release_sessions', 'title', 'abstract', 'content_note', 'links']),
	(array['public.releases', 'note']),
	(array['public.summits', 'summary']),
	(array['public.summit_texts', 'body']),
	(array['private.groups', 'name', 'purpose']),
	(array['private.group_requests', 'note']),
	(array['private.group_notices', 'subject', 'body']),
	(array['private.group_pages', 'title', 'body']),
	(array['private.group_page_versions', 'title', 'body']),
	(array['private.group_decisions', 'wording']),
	(array['private.group_actions', 'task']),
	(array['private.meetings', 'title', 'place']),
	(array['private.meeting_items', 'title', 'note']),
	(array['private.meeting_papers', 'shown_name']),
	(array['private.meeting_minutes', 'body', 'reason']),
	(array['private.meeting_comments', 'body']),
	(array['private.meeting_messages', 'body']),
	(array['private.meeting_captions', 'words']),
	(array['private.meeting_polls', 'title', 'place']),
	(array['private.pages', 'title', 'summary', 'blocks', 'removed']),
	(array['private.page_versions', 'title', 'summary', 'blocks']),
	(array['private.page_files', 'shown_name']),
	(array['private.stage_announcements', 'words']),
	(array['private.session_questions', 'body']),
	(array['private.chat_messages', 'body']),
	(array['private.polls', 'question']),
	(array['private.survey_texts', 'body', 'hidden_reason']),
	(array['private.poll_options', 'label']),
	(array['private.booth_messages', 'words']),
	(array['private.caption_lines', 'words']),
	(array['private.backstage_messages', 'words']),
	(array['private.no_photo_areas', 'words']),
	(array['private.check_acceptances', 'reason']),
	(array['private.announcements', 'texts']),
	(array['public.group_messages', 'texts']),
	(array['private.campaigns', 'title', 'texts']),
	(array['private.api_keys', 'name']),
	(array['public.mail_texts', 'subject', 'body']),
	(array['private.file_versions', 'shown_name']),
	(array['private.placement_steps', 'changes']),
	(array['private.proposals', 'title', 'abstract', 'content_note', 'notes']),
	(array['private.proposal_answers', 'answer']),
	(array['private.proposal_people', 'written_name']),
	(array['private.side_events', 'title', 'purpose', 'wished', 'room_needs', 'contact', 'answer']),
	(array['private.commitments', 'withdrawn_reason']),
	(array['private.commitment_versions', 'title', 'summary', 'beneficiaries', 'indicator', 'note']),
	(array['private.commitment_steps', 'reason']),
	(array['private.commitment_reports', 'body', 'links']),
	(array['private.commitment_comments', 'body']),
	(array['private.commitment_files', 'shown_name']),
	(array['private.library_items', 'withdrawn_reason']),
	(array['private.library_versions', 'title', 'summary', 'authors', 'note']),
	(array['private.library_files', 'shown_name', 'content']),
	(array['private.library_steps', 'reason']),
	(array['private.review_messages', 'body']),
	(array['private.reviews', 'comment']),
	(array['private.review_conflicts', 'reason']),
	(array['private.text_suggestions', 'texts', 'base', 'reason']),
	(array['private.legal_holds', 'reason']),
	(array['private.schedule_imports', 'file', 'additions', 'result']),
	(array['private.imports', 'file', 'result']),
	(array['private.import_rows', 'title', 'record', 'changes', 'notes']),
	(array['private.schedule_import_rows', 'title', 'changes', 'notes', 'plan']),
	(array['private.information_requests', 'question', 'answer']),
	(array['public.registration_steps', 'reason']),
	(array['public.nomination_refusals', 'reason']),
	(array['private.decision_proposals', 'reason', 'answer']),
	(array['private.decision_batches', 'reason']),
	(array['public.merge_requests', 'reason']),
	(array['public.waiver_requests', 'explanation', 'answer']),
	(array['public.figure_releases', 'content']),
	(array['private.impact_drafts', 'texts']),
	(array['private.impact_releases', 'texts', 'reason', 'content']),
	(array['private.co_speaker_suggestions', 'display_name', 'note']),
	(array['private.door_conflicts', 'note', 'facts']),
	(array['private.calls', 'text']),
	(array['private.imported_events', 'origin']),
	(array['private.release_events', 'origin']),
	(array['private.late_links', 'note']),
	(array['private.recordings', 'reason']),
	(array['public.allocation_exceptions', 'reason']),
	(array['public.registration_needs', 'access_needs', 'note']),
	(array['public.summit_contacts', 'label', 'note']),
	(array['private.webhook_endpoints', 'description'])
) as given (place);

-- A regular expression for a name in free text: its words in their order or with the last one first, in any case and
-- spacing, and not inside a longer word.
create function private.name_pattern(p_name text) returns text
language sql immutable set search_path = '' as $$
	with words as (
		select regexp_split_to_array(regexp_replace(p_name, '([.*+?^${}()|\[\]\\/-])', '\\\1', 'g'), '\s+') as all_of
	), ways as (
		select array_to_string(all_of, '\s+') as spelling from words
		union
		select all_of[cardinality(all_of)] || ',?\s+' || array_to_string(all_of[:cardinality(all_of) - 1], '\s+')
		from words
		where cardinality(all_of) > 1
	)
	select '(^|[^[:alnum:]])(' || string_agg(spelling, '|') || ')(?![[:alnum:]])' from ways
$$;

-- Replaces a name in all written places and in queued mails; answers {table.column: rows}. Releases are rewritten too,
-- although they are frozen: a name in a text is not part of the agenda. In files from other systems the name is only
-- removed: who brought the file knows whom the row names, and would read the new name beside it.
create function private.rewrite_name(p_old text, p_new text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pattern text := private.name_pattern(p_old);
	v_new text := replace(p_new, '\', '\\');
	v_place record;
	v_count bigint;
	v_sql text;
	v_changed jsonb := '{}';
begin
	perform private.lock_library_items_naming(v_pattern);
	perform set_config('app.renaming', 'yes', true);
	-- What could be undone may contain the name.
	delete from private.undoable_acts;
	for v_place in
		select w.table_name, w.column_name, format_type(a.atttypid, null) as type
		from private.free_text_columns as w
		join pg_catalog.pg_attribute as a on a.attrelid = w.table_name::regclass and a.attname = w.column_name
		order by 1, 2
	loop
		v_sql := format('update %s as t set %2$I = regexp_replace(t.%2$I::text, $1, ''\1'' || $2, ''gi'')::%3$s
			where t.%2$I::text ~* $1', v_place.table_name, v_place.column_name, v_place.type);
		begin
			-- In JSON the name is written with the escapes of JSON.
			execute v_sql using v_pattern, case
				when v_place.table_name in ('private.imports', 'private.import_rows') then '…'
				when v_place.type = 'text' then v_new
				else replace(btrim(to_json(p_new)::text, '"'), '\', '\\') end;
		exception when check_violation then
			-- The longer name does not fit into every column.
			execute v_sql using v_pattern, '…';
		end;
		get diagnostics v_count = row_count;
		if v_count > 0 then
			v_changed := v_changed || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	update private.outbox as o
		set params = regexp_replace(o.params::text, v_pattern, '\1' || v_new, 'gi')::jsonb
		where o.state = 'queued' and o.params::text ~* v_pattern;
	perform set_config('app.renaming', '', true);
	return v_changed;
end
$$;

-- How many rows still contain a single word of the former name, on its own or in a form that is not known:
-- {table.column: rows}. A person has to read them. Words under four letters are left out.
create function private.count_name_traces(p_old text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text := (select string_agg(private.name_pattern(word), '|')
		from regexp_split_to_table(p_old, '\s+') as word
		where length(word) >= 4);
	v_place record;
	v_count bigint;
	v_left jsonb := '{}';
begin
	if v_words is null then return '{}'; end if;
	for v_place in select w.table_name, w.column_name from private.free_text_columns as w order by 1, 2 loop
		execute format('select count(*) from %s as t where t.%I::text ~* $1', v_place.table_name, v_place.column_name)
			into v_count using v_words;
		if v_count > 0 then
			v_left := v_left || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	return v_left;
end
$$;

-- Replaces a former name in texts, and answers how often in which. A single word, or a name that another person has
-- too, may mean others: it is not rewritten, a person reads it.
create function private.rewrite_former_name(p_person uuid, p_old text, p_new text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if btrim(p_old) !~ '\s' or exists (
		select from public.people as other where lower(other.display_name) = lower(p_old) and other.id <> p_person) then
		return '{}';
	end if;
	return private.rewrite_name(p_old, p_new);
end
$$;

-- Where a former name went from which it cannot be taken back: how many of each.
create function private.count_former_name(p_person uuid, p_old text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'left', private.count_name_traces(p_old),
		'releases', (select count(distinct r.release_id) from public.release_people as r where r.person_id = p_person),
		'badges', (select count(*)
			from public.badge_prints as b
			join public.badges as x on x.id = b.badge_id
			join public.registrations as r on r.id = x.registration_id
			where r.person_id = p_person),
		'certificates', (select count(*) from private.certificates as c where c.person_id = p_person),
		'letters', (select count(*)
			from private.visa_letters as l
			join public.registrations as r on r.id = l.registration_id
			where r.person_id = p_person),
		'host_lists', (select count(*)
			from private.host_lists as h
			where h.state = 'taken' and exists (select from public.registrations as r
				where r.person_id = p_person and r.summit_id = h.summit_id)),
		'invoices', (select count(*)
			from public.invoices as i
			join public.orders as o on o.id = i.order_id
			where o.payer_person_id = p_person),
		'recordings', (select count(distinct rp.recording_id)
			from private.recording_people as rp
			where rp.person_id = p_person),
		'files', (select count(*)
			from private.session_files as f
			where f.session_id in (select sp.session_id from public.session_people as sp
				where sp.person_id = p_person)),
		'calendars', (select count(distinct i.person_id)
			from private.calendar_invitations as i
			where i.session_id in (select sp.session_id from public.session_people as sp
				where sp.person_id = p_person)))
$$;

-- Sends the calendar invitations of a person's public sessions again, as an update: they name the speakers.
create function private.renew_session_calendars(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	for v_session in
		select distinct sp.session_id
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id and s.level = 'public'
		where sp.person_id = p_person
		order by 1
	loop
		update private.calendar_invitations as i set fingerprint = '' where i.session_id = v_session
			and i.fingerprint is not null;
		perform private.queue_session_calendars(v_session);
	end loop;
end
$$;

-- Does what follows from an alias that replaced a known name: rewrites texts, ends what shows the former name, and
-- writes down what is out of reach. `p_person` has the new id already.
create function private.apply_late_alias(p_person uuid, p_old text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new text := (select p.display_name from public.people as p where p.id = p_person);
	v_facts jsonb;
	v_summit uuid;
begin
	if length(btrim(p_old)) < 3 or p_old = v_new then return; end if;
	-- Answered suggestions are no longer needed, and would reveal to their authors which name replaced which.
	delete from private.co_speaker_suggestions as g
	where g.state <> 'open'
		and g.address_hash in (select a.address_hash from private.person_addresses as a where a.person_id = p_person);
	-- Certificates show the former name.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	where c.person_id = p_person and c.ended_at is null;
	-- Files of the library still have the name inside, although the text that the search keeps of them is rewritten.
	v_facts := jsonb_build_object('library_files',
		private.count_library_files_naming(private.name_pattern(btrim(p_old))));
	-- What is left is counted after what could be rewritten.
	v_facts := v_facts || jsonb_build_object('rewritten',
		private.rewrite_former_name(p_person, p_old, v_new) - 'private.library_files.content');
	v_facts := v_facts || private.count_former_name(p_person, p_old);
	insert into private.alias_traces (person_id, facts) values (p_person, v_facts);
	perform private.renew_session_calendars(p_person);
	-- Drops cached pages and feeds.
	perform private.publish_event('site', 'changed');
	for v_summit in
		select distinct r.summit_id
		from public.registrations as r
		join public.summits as s on s.id = r.summit_id and s.state <> 'archived'
		where r.person_id = p_person
		order by 1
	loop
		perform private.mail_safeguarding_leads(v_summit);
	end loop;
end
$$;

-- The reader's own traces: {at, facts} of the last time that an alias replaced a name under which they were known; null
-- when there is none.
create function public.my_alias_traces() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('at', private.iso(t.at), 'facts', t.facts)
	from private.alias_traces as t
	where t.person_id = (select private.me()) and private.has_alias(t.person_id)
	order by t.at desc
	limit 1
$$;
grant execute on function public.my_alias_traces() to authenticated;

-- The traces of all who take part in a Summit, for safeguarding alone: [{id, at, display_name, facts}]. Reading them
-- leaves an audit entry. Null when not allowed.
create function public.list_alias_traces(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(list_alias_traces.summit, 'safeguarding') then return null; end if;
	perform audit.record_event('alias_traces.read', '', list_alias_traces.summit, null, null);
	return (select coalesce(jsonb_agg(jsonb_build_object(
			'id', t.id,
			'at', private.iso(t.at),
			'display_name', p.display_name,
			'facts', t.facts) order by t.at desc, t.id), '[]')
		from private.alias_traces as t
		join public.people as p on p.id = t.person_id
		where private.has_alias(t.person_id) and exists (select from public.registrations as r
			where r.person_id = t.person_id and r.summit_id = list_alias_traces.summit));
end
$$;
grant execute on function public.list_alias_traces(uuid) to authenticated;

insert into private.audited_tables (name, area) values ('alias_traces.read', 'protection');
