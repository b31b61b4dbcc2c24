-- An alias: put on, changed, taken off.

-- Under another name somebody is, to all others, somebody else: new are the id, the public code, and every id and
-- letter under which rows about them were read. Whoever noted one of them cannot join the two names. Every reference
-- follows in this transaction, older releases too; audit and key stay theirs by private.former_ids.
create function private.renew_person(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
begin
	-- Others take these before the person's own row.
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	perform from private.run_participants as p where p.person_id = p_person order by p.id for update;
	update private.person_keys as k set person_id = v_id where k.person_id = p_person;
	perform set_config('app.merging', 'yes', true);
	update public.people as person set id = v_id, code = private.random_code(8), updated_at = now()
		where person.id = p_person;
	perform set_config('app.merging', '', true);
	insert into private.former_ids (former_id, person_id) values (p_person, v_id);
	update public.session_people as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.session_audiences as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.focal_points as x set id = gen_random_uuid() where x.person_id = v_id;
	update private.run_participants as x set identity = private.random_code(20) where x.person_id = v_id;
	-- The old badge has the other name printed on it.
	for v_badge in update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
		where b.revoked_at is null
			and b.registration_id in (select r.id from public.registrations as r where r.person_id = v_id) returning b.*
	loop
		insert into public.badges (summit_id, registration_id) values (v_badge.summit_id, v_badge.registration_id);
	end loop;
	-- Streams of news, and whatever is kept of who this is, begin anew.
	perform private.tell('person:' || each, 'rights') from unnest(array[p_person, v_id]) as each;
	-- Who was called from the floor is named on a stage, too.
	perform private.tell('session:' || named.session_id, 'stage')
		from (select sp.session_id from public.session_people as sp where sp.person_id = v_id
		union select runs.session_id
			from private.run_participants as p join public.runs on runs.id = p.run_id and runs.state <> 'ended'
			where p.person_id = v_id) as named;
	return v_id;
end
$$;

-- The whole display record becomes the alias.
create function private.put_on_alias(p_person uuid, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := p_person;
	v_before text := (select person.display_name from public.people as person where person.id = p_person);
	v_alias jsonb := case when jsonb_typeof(p -> 'alias') = 'object' then p -> 'alias' end;
	v_sealed text := p ->> 'real_name_sealed';
	v_faults text[];
begin
	if v_alias is null and private.has_alias(p_person) then return '{}'; end if;
	v_faults := (select coalesce(array_agg('alias.' || fault), '{}')
		from unnest(private.name_faults(coalesce(v_alias, '{}'))) as fault);
	if v_sealed is null and not exists (select from private.protections as x
		where x.person_id = p_person and x.real_name_sealed is not null)
		or v_sealed is not null and (v_sealed !~ '^([0-9a-f]{2})+$' or length(v_sealed) not between 32 and 8192
			or coalesce(p ->> 'key_id', '') = '') then
		v_faults := v_faults || 'real_name'::text;
	end if;
	-- Protection goes before lists: whoever bore their own name until now takes another at any time.
	if v_faults = '{}' and private.has_alias(p_person)
		and private.name_is_kept(p_person, v_alias ->> 'display_name') then
		v_faults := array['frozen'];
	end if;
	if v_faults <> '{}' then return v_faults; end if;
	-- The same alias sent once more is no new one.
	if not private.has_alias(p_person) or not exists (select from public.people as person where person.id = p_person
		and (person.display_name, person.office, person.affiliation, person.country) is not distinct
			from (private.one_line(v_alias ->> 'display_name'),
			private.one_line(v_alias ->> 'office'), private.one_line(v_alias ->> 'affiliation'),
				nullif(v_alias ->> 'country', '')::char(2))) then
		v_person := private.renew_person(p_person);
	end if;
	insert into private.protections as x (person_id, kind, real_name_sealed, key_id)
	values (v_person, 'alias', decode(v_sealed, 'hex'), case when v_sealed is not null then p ->> 'key_id' end)
	on conflict (person_id) do update set kind = 'alias',
		real_name_sealed = coalesce(excluded.real_name_sealed, x.real_name_sealed),
			key_id = coalesce(excluded.key_id, x.key_id);
	perform private.keep_name_hashes(v_person, p);
	perform set_config('app.name_freeze', 'overridden', true);
	update public.people as person
	set display_name = private.one_line(v_alias ->> 'display_name'), office = private.one_line(v_alias ->> 'office'),
		affiliation = private.one_line(v_alias ->> 'affiliation'), country = nullif(v_alias ->> 'country', ''),
		biography = '{}', portrait_path = null, links = '[]', updated_at = now()
	where person.id = v_person;
	perform private.follow_late_alias(v_person, v_before);
	return '{}';
end
$$;

-- Off with the alias: the person gives the name under which they wish to be known.
create function private.take_off_alias(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_faults text[] := private.name_faults(p);
begin
	-- After accreditation a new name would stand there unchecked.
	if p_r.state not in ('draft', 'submitted', 'nominated') then return array['protection']; end if;
	if private.name_is_kept(p_r.person_id, p ->> 'display_name') then return array['frozen']; end if;
	if v_faults <> '{}' then return v_faults; end if;
	v_person := private.renew_person(p_r.person_id);
	update public.people as person
	set display_name = private.one_line(p ->> 'display_name'), office = private.one_line(p ->> 'office'),
		country = nullif(p ->> 'country', ''),
		affiliation = coalesce((select m.name from public.members as m where m.id = p_r.member_id),
			(select q.name from public.member_requests as q where q.registration_id = p_r.id),
				private.one_line(p ->> 'affiliation')),
		updated_at = now()
	where person.id = v_person;
	return '{}';
end
$$;

-- An alias that is put on late: the name was written where people write freely, and was sent and printed. What can be
-- changed is changed with it; what cannot be taken back is told to the person and to safeguarding.

insert into private.written_places (table_name, column_name)
select place[1], unnest(place[2:]) from (values
	(array['public.people', 'biography']), (array['public.sessions', 'title', 'abstract', 'content_note', 'links']),
	(array['public.release_sessions', 'title', 'abstract', 'content_note', 'links']),
		(array['public.releases', 'note']), (array['public.summits', 'summary']),
	(array['public.summit_texts', 'body']), (array['private.session_questions', 'body']),
		(array['private.messages', 'body']), (array['private.polls', 'question']),
	(array['private.poll_options', 'label']), (array['private.booth_lines', 'words']),
		(array['private.caption_lines', 'words']), (array['private.backstage_messages', 'words']),
	(array['private.announcements', 'texts']), (array['public.group_messages', 'texts']),
		(array['public.mail_texts', 'subject', 'body']),
	(array['private.file_versions', 'shown_name']),
		(array['private.proposals', 'title', 'abstract', 'content_note', 'notes']),
		(array['private.proposal_answers', 'answer']),
	(array['private.proposal_people', 'written_name']), (array['private.review_messages', 'body']),
		(array['private.reviews', 'comment']),
	(array['private.review_conflicts', 'reason']), (array['private.text_suggestions', 'texts', 'base', 'reason']),
		(array['private.schedule_imports', 'file', 'makes', 'result']),
	(array['private.schedule_import_rows', 'title', 'changes', 'notes', 'work']),
		(array['private.information_requests', 'question', 'answer']),
	(array['public.registration_steps', 'reason']), (array['public.nomination_refusals', 'reason']),
		(array['private.decision_proposals', 'reason', 'answer']),
	(array['private.decision_batches', 'reason']), (array['public.merge_requests', 'reason']),
		(array['public.waiver_requests', 'explanation', 'answer']),
	(array['public.figure_releases', 'content']), (array['private.co_speaker_suggestions', 'display_name', 'note']),
		(array['private.door_conflicts', 'note', 'facts']),
	(array['private.calls', 'text']), (array['private.imported_events', 'origin']),
		(array['private.release_events', 'origin']), (array['private.late_links', 'note']),
		(array['private.recordings', 'reason']), (array['public.allocation_exceptions', 'reason']),
	(array['public.registration_details', 'access_needs', 'note']), (array['public.summit_contacts', 'label', 'note'])
) as given (place);

-- What matches a name as it is written: its words in their order or the last one first, in any case and spacing, and no
-- longer word around it.
create function private.name_pattern(p_name text) returns text
language sql immutable set search_path = '' as $$
	with words as (select regexp_split_to_array(regexp_replace(p_name, '([.*+?^${}()|\[\]\\/-])', '\\\1', 'g'),
		'\s+') as all_of
	), ways as (
		select array_to_string(all_of, '\s+') as way from words
		union select all_of[cardinality(all_of)] || ',?\s+' || array_to_string(all_of[:cardinality(all_of) - 1], '\s+')
			from words where cardinality(all_of) > 1
	)
	select '(^|[^[:alnum:]])(' || string_agg(way, '|') || ')(?![[:alnum:]])' from ways
$$;

-- Writes the new name where the old one was written; answers {table.column: rows}. Releases are rewritten too: a name
-- in one is no agenda.
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
	perform set_config('app.renaming', 'yes', true);
	for v_place in select w.table_name, w.column_name, format_type(a.atttypid, null) as type
		from private.written_places as w
		join pg_catalog.pg_attribute as a on a.attrelid = w.table_name::regclass and a.attname = w.column_name
			order by 1, 2
	loop
		v_sql := format('update %s as t set %2$I = regexp_replace(t.%2$I::text, $1, ''\1'' || $2, ''gi'')::%3$s where t.%2$I::text ~* $1',
			v_place.table_name, v_place.column_name, v_place.type);
		begin
			-- In JSON the name stands as JSON writes it.
			execute v_sql using v_pattern, case when v_place.type = 'text' then v_new
				else replace(btrim(to_json(p_new)::text, '"'), '\', '\\') end;
		exception when check_violation then
			-- The longer name does not fit everywhere.
			execute v_sql using v_pattern, '…';
		end;
		get diagnostics v_count = row_count;
		if v_count > 0 then
			v_changed := v_changed || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	update private.outbox as o set params = regexp_replace(o.params::text, v_pattern, '\1' || v_new, 'gi')::jsonb
		where o.state = 'queued' and o.params::text ~* v_pattern;
	perform set_config('app.renaming', '', true);
	return v_changed;
end
$$;

-- Rows in which a word of the old name is still written, by itself or in a way that is not known: {table.column: rows}.
-- Somebody reads them.
create function private.left_traces(p_old text) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text := (select string_agg(private.name_pattern(word), '|') from regexp_split_to_table(p_old, '\s+') as word
		where length(word) >= 4);
	v_place record;
	v_count bigint;
	v_left jsonb := '{}';
begin
	if v_words is null then return '{}'; end if;
	for v_place in select w.table_name, w.column_name from private.written_places as w order by 1, 2 loop
		execute format('select count(*) from %s as t where t.%I::text ~* $1', v_place.table_name,
			v_place.column_name) into v_count using v_words;
		if v_count > 0 then
			v_left := v_left || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	return v_left;
end
$$;

-- After an alias took the place of a name under which somebody was known: p_person has the new id already.
create function private.follow_late_alias(p_person uuid, p_old text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_new text := (select p.display_name from public.people as p where p.id = p_person);
	v_facts jsonb;
	v_summit uuid;
	v_session uuid;
begin
	if length(btrim(p_old)) < 3 or p_old = v_new then return; end if;
	-- Suggestions that were answered are of no more use, and whoever wrote them would read which name became which.
	delete from private.co_speaker_suggestions as g where g.state <> 'open'
		and g.address_hash in (select a.address_hash from private.person_addresses as a where a.person_id = p_person);
	-- The other name is on them.
	perform private.end_certificate(c.id, 'replaced') from private.certificates as c
		where c.person_id = p_person and c.ended_at is null;
	-- A single word, or the name of somebody else too, may mean others: that is for a person to read.
	v_facts := jsonb_build_object('rewritten', case when btrim(p_old) ~ '\s' and not exists (
		select from public.people as other where lower(other.display_name) = lower(p_old) and other.id <> p_person)
			then private.rewrite_name(p_old, v_new) else '{}' end);
	v_facts := v_facts || jsonb_build_object('left', private.left_traces(p_old),
		'releases', (select count(distinct r.release_id) from public.release_people as r where r.person_id = p_person),
		'badges', (select count(*) from public.badge_prints as b join public.badges as x on x.id = b.badge_id
			join public.registrations as r on r.id = x.registration_id where r.person_id = p_person),
		'certificates', (select count(*) from private.certificates as c where c.person_id = p_person),
		'letters', (select count(*)
			from private.visa_letters as l join public.registrations as r on r.id = l.registration_id
			where r.person_id = p_person),
		'host_lists', (select count(*) from private.host_lists as h where h.state = 'taken' and exists (select
			from public.registrations as r where r.person_id = p_person and r.summit_id = h.summit_id)),
		'invoices', (select count(*) from public.invoices as i join public.orders as o on o.id = i.order_id
			where o.payer_person_id = p_person),
		'recordings',
			(select count(distinct rp.recording_id) from private.recording_people as rp where rp.person_id = p_person),
		'files', (select count(*) from private.session_files as f where f.session_id
			in (select sp.session_id from public.session_people as sp where sp.person_id = p_person)),
		'calendars', (select count(distinct i.person_id) from private.calendar_invitations as i where i.session_id
			in (select sp.session_id from public.session_people as sp where sp.person_id = p_person)));
	insert into private.alias_traces (person_id, facts) values (p_person, v_facts);
	-- Entries that came by mail name those who speak: they are sent again, as an update.
	for v_session in select distinct sp.session_id
		from public.session_people as sp join public.sessions as s on s.id = sp.session_id and s.level = 'public'
		where sp.person_id = p_person order by 1 loop
		update private.calendar_invitations as i set print = '' where i.session_id = v_session and i.print is not null;
		perform private.note_session_calendars(v_session);
	end loop;
	-- Cached pages and feeds are made again.
	perform private.tell('site', 'changed');
	for v_summit in select distinct r.summit_id
		from public.registrations as r join public.summits as s on s.id = r.summit_id and s.state <> 'archived'
		where r.person_id = p_person order by 1 loop
		perform private.ask_safeguarding(v_summit);
	end loop;
end
$$;

-- The reader's own: {at, facts} of the last time that another name took the place of one under which they were known;
-- null when there is none.
create function public.my_alias_traces() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('at', private.iso(t.at), 'facts', t.facts) from private.alias_traces as t
	where t.person_id = private.me() and private.has_alias(t.person_id) order by t.at desc limit 1
$$;
grant execute on function public.my_alias_traces() to authenticated;

-- For safeguarding alone: [{id, at, display_name, facts}] of those who take part in a Summit. Reading it leaves a note.
create function public.list_alias_traces(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(list_alias_traces.summit, 'safeguarding') then return null; end if;
	perform audit.note('alias_traces.read', '', list_alias_traces.summit, null, null);
	return (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'at', private.iso(t.at), 'display_name',
		p.display_name, 'facts', t.facts) order by t.at desc, t.id), '[]')
		from private.alias_traces as t join public.people as p on p.id = t.person_id
		where private.has_alias(t.person_id) and exists (select from public.registrations as r
			where r.person_id = t.person_id and r.summit_id = list_alias_traces.summit));
end
$$;
grant execute on function public.list_alias_traces(uuid) to authenticated;

insert into private.audited_tables (name, area) values ('alias_traces.read', 'protection');
