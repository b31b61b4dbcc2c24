-- Mend the library: who wrote a version, ties and groups that an editor does not see, scans of files that arrived without
-- a scanner, rights of former members, drafts that are deleted, limits, and files that an alias cannot rewrite.

set check_function_bodies = off;

-- Whether the texts of a version have the lengths that its form allows. A name that an alias replaced may be longer, so
-- the limit of a text is more than that of the form.
create or replace function private.library_texts_fit(p_title jsonb, p_summary jsonb, p_authors text[]) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_each_text(p_title) as each (tag, text) where length(each.text) > 250)
	and not exists (select from jsonb_each_text(p_summary) as each (tag, text) where length(each.text) > 3500)
	and not exists (select from unnest(p_authors) as author where length(author) not between 1 and 250);

grant execute on function private.library_texts_fit(jsonb, jsonb, text[]) to public;

alter table private.library_versions
	add constraint texts_within_limits check (private.library_texts_fit(title, summary, authors));
alter table private.library_files drop constraint library_files_language_check;
alter table private.library_files add constraint library_files_language_check
	check (private.is_interface_language(language));

-- Everybody who wrote in a version, also a text or a file that was replaced or removed later: none of them reviews it.
create table private.library_version_writers (
	item_id uuid not null,
	number integer not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (item_id, number, person_id),
	foreign key (item_id, number) references private.library_versions (item_id, number) on delete cascade
);
create index on private.library_version_writers (person_id);
alter table private.library_version_writers enable row level security;

insert into private.library_version_writers (item_id, number, person_id)
select v.item_id, v.number, v.written_by from private.library_versions as v where v.written_by is not null
union
select v.item_id, v.number, v.submitted_by from private.library_versions as v where v.submitted_by is not null
union
select f.item_id, f.number, f.uploaded_by from private.library_files as f where f.uploaded_by is not null
union
select s.item_id, s.number, s.made_by from private.library_steps as s where s.step = 'submitted' and s.made_by is not null;

insert into private.retention_rules (table_name, exemption) values ('private.library_version_writers', 'decisions');
insert into private.not_copied_tables (name, reason) values ('private.library_version_writers', 'others');

-- Whether the reader finds the library: it has something for them, or they may submit.
create or replace function private.sees_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.submits_to_library()
		or exists (select from private.readable_publications(private.me()))
$$;

-- Whether the reader works on an item: its owner while they may submit, and those who run the community once it was
-- submitted.
create or replace function private.works_on_library_item(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false) and private.submits_to_library()
		or private.runs_community() and exists (
			select from private.library_steps as s where s.item_id = p.id and s.step = 'submitted')
$$;

-- Remembers that the reader wrote in the newest version of an item.
create or replace function private.record_library_writer(p private.library_items) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.library_version_writers (item_id, number, person_id)
	select p.id, p.version, private.me() where private.me() is not null
	on conflict do nothing
$$;

-- Whether the reader has worked on the newest version of an item themselves, or submits the item.
create or replace function private.has_written_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false)
		or exists (
			select from private.library_version_writers as w
			where w.item_id = p.id and w.number = p.version and w.person_id = private.me())
$$;

-- Takes a step with the newest version of an item. `reason` is the comment to the submitter. Answers ok | not_found |
-- not_allowed | conflict (changed since) | wrong_state | no_file | own | reason_needed | invalid. Locks the item.
create or replace function public.step_library_item(item uuid, revision integer, step public.library_step, reason text default '')
	returns public.library_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items := private.lock_library_item(item);
	v_reason text := coalesce(private.normalise_free_text(step_library_item.reason), '');
	v_refusal public.library_step_status;
begin
	if v.id is null then return 'not_found'; end if;
	if v.revision is distinct from step_library_item.revision then return 'conflict'; end if;
	v_refusal := private.library_step_refusal(v, step, v_reason);
	if v_refusal is not null then return v_refusal; end if;
	if step = 'submitted' then perform private.record_library_writer(v); end if;
	insert into private.library_steps (item_id, number, step, reason, made_by)
	values (v.id, v.version, step_library_item.step, v_reason, private.me());
	update private.library_versions as x
	set submitted_at = case when step in ('recalled', 'sent_back') then null else coalesce(x.submitted_at, now()) end,
		submitted_by = case step
			when 'submitted' then private.me()
			when 'recalled' then null
			when 'sent_back' then null
			else x.submitted_by end,
		published_at = case step when 'published' then now() else x.published_at end
	where x.item_id = v.id and x.number = v.version and step <> 'withdrawn';
	update private.library_items as i
	set state = case when step in ('recalled', 'sent_back') then 'draft' else step::text end::public.library_state,
		withdrawn_at = case step when 'withdrawn' then now() end,
		withdrawn_reason = case step when 'withdrawn' then v_reason else '' end,
		revision = i.revision + 1,
		updated_at = now()
	where i.id = v.id;
	if step in ('published', 'withdrawn') then
		perform private.index_library_item(v.id);
		perform private.publish_event('site', 'changed');
	end if;
	return 'ok';
end
$$;

-- Locks the items in whose texts or files a name may be rewritten, by its pattern: a step locks the item first too.
create or replace function private.lock_library_items_naming(p_pattern text) returns void
language sql volatile security definer set search_path = '' as $$
	select i.id
	from private.library_items as i
	where exists (
			select from private.library_versions as v
			where v.item_id = i.id and concat_ws(' ', v.title, v.summary, v.authors, v.note) ~* p_pattern)
		or exists (
			select from private.library_files as f
			where f.item_id = i.id and (f.shown_name ~* p_pattern or f.content ~* p_pattern))
	order by i.id
	for update of i
$$;

-- How many files of the library may have a name inside: those whose text has it, and all of a version whose text, authors
-- or file names have it. They cannot be rewritten.
create or replace function private.count_library_files_naming(p_pattern text) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from private.library_files as f
	join private.library_versions as v on v.item_id = f.item_id and v.number = f.number
	where f.content ~* p_pattern
		or f.shown_name ~* p_pattern
		or concat_ws(' ', v.title, v.summary, v.authors, v.note) ~* p_pattern
$$;

-- Writes the ties of a version; answers the first one that the writer does not see, else null. `p_fields`: members (names),
-- related: [{kind: session | group | commitment, summit (slug), code}]; at most 30 each. Ties that the writer does not see
-- stay.
create or replace function private.write_library_ties(p_item uuid, p_number integer, p_fields jsonb) returns text
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
create or replace function private.chosen_library_group(p_item uuid, p_number integer, p_code text) returns uuid
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
							where x.group_id = g.id and x.person_id = private.me())))) end
$$;

-- Writes the draft of a version from `p_fields`; raises what the constraints refuse.
create or replace function private.write_library_version(p_item uuid, p_number integer, p_fields jsonb) returns void
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
create or replace function public.save_library_item(item uuid, revision integer, fields jsonb) returns jsonb
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
			where i.owner_id = private.me() and i.state in ('draft', 'submitted')) >= 50 then
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

-- Whether a file may be added now: {status: ok | not_found | wrong_state | full (one gigabyte of a person within a day),
-- bytes (the limit of a file)}.
create or replace function public.begin_library_file(item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('bytes', 50000000, 'status', case
		when i.id is null or not private.works_on_library_item(i) then 'not_found'
		when i.state <> 'draft' then 'wrong_state'
		when (
			select sum(o.size)
			from private.library_files as f
			join private.stored_objects as o on o.name = f.object_name
			where f.uploaded_by = private.me() and f.uploaded_at > now() - interval '1 day') > 1000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.library_items as i on i.id = item
$$;

-- Makes an upload the file of a language of the draft, instead of an earlier one. `object` is known to the app alone, which
-- has checked and scanned it; `content` is its text. Answers as begin_library_file. Locks the item.
create or replace function public.add_library_file(item uuid, object text, name text, language text, content text)
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
	values (v.id, v.version, add_library_file.language, object, name, coalesce(add_library_file.content, ''), private.me());
	perform private.record_library_writer(v);
	update private.library_items as i set revision = i.revision + 1, updated_at = now() where i.id = v.id;
	return v_begun;
end
$$;

-- Removes a file of the draft. Answers ok | not_found. Locks the item.
create or replace function public.remove_library_file(file uuid) returns public.ok_or_not_found
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

-- Deletes an item that was never submitted, with its files. The caller has locked it.
create or replace function private.delete_library_item(p_item uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.library_files as f where f.item_id = p_item;
	delete from private.library_ties as t where t.item_id = p_item;
	delete from private.library_versions as v where v.item_id = p_item;
	delete from private.library_items as i where i.id = p_item;
end
$$;

-- Deletes the items of a person that were never submitted, when the person is erased.
create or replace function private.delete_library_drafts_of(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.delete_library_item(i.id)
	from private.library_items as i
	where i.owner_id = p_person
		and not exists (select from private.library_steps as s where s.item_id = i.id)
	order by i.id
$$;

-- Deletes a draft that was never submitted. What was submitted has a history: it is withdrawn. Answers ok | not_found |
-- conflict (changed since) | wrong_state (it was submitted). Locks the item.
create or replace function public.delete_library_draft(item uuid, revision integer) returns public.library_step_status
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

-- One item for those who work on it: its newest version, its state and what happened; null for everybody else. `is_own`:
-- whether somebody else has to review it. `withdraws`, `deletes`: whether the reader may withdraw or delete it.
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

-- The items on which the reader works: {own: [row], review: [row] (null for those who do not run the community)}.
create or replace function public.list_library_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at desc, i.code), '[]')
			from private.library_items as i
			where i.owner_id = private.me() and private.submits_to_library()),
		'review', case when private.runs_community() then (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at, i.code), '[]')
			from private.library_items as i
			join private.library_versions as v on v.item_id = i.id and v.number = i.version
			where i.state in ('submitted', 'reviewed') or i.state = 'published' and v.embargo_until > now()) end)
$$;

-- Erases one person, whose record stays without anything by which they could be recognised. Locks the modes of the
-- Summits still to come, then the registrations and the person, as other functions do.
create or replace function private.erase_person(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
	v_former uuid[];
	v_accounts uuid[];
	v_hashes bytea[];
	v_summits uuid[] := array(
		select distinct r.summit_id
		from public.registrations as r
		join public.summits as s on s.id = r.summit_id and s.state not in ('closed', 'archived')
		where r.person_id = p_person and r.state not in ('declined', 'withdrawn', 'expired')
		order by 1);
begin
	perform private.set_audit_context(p_person);
	if v_summits <> '{}' then perform private.lock_modes(variadic v_summits); end if;
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	select p.display_name into v_name from public.people as p where p.id = p_person for update;
	if not found then return; end if;
	v_accounts := array(select a.account_id
		from public.account_people as a
		where a.person_id = p_person and a.relation = 'self');
	v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_person)
		|| array(select x.typed_hash
			from private.person_addresses as x
			where x.person_id = p_person and x.typed_hash is not null);
	v_former := array(select f.former_id from private.former_ids as f where f.person_id = p_person);
	perform private.end_registrations_of(p_person, v_summits);
	perform private.withdraw_consents_of(p_person);
	perform private.empty_registration(r.id) from public.registrations as r where r.person_id = p_person order by r.id;
	perform private.delete_uploads_of(p_person);
	perform private.hand_over_proposals(p_person);
	delete from private.proposals as p
	where p.owner_id = p_person
		and not exists (select from private.proposal_decisions as d where d.proposal_id = p.id and d.session_id is not null);
	perform private.delete_library_drafts_of(p_person);
	perform private.delete_rows_about('public.people', p_person);
	perform private.delete_rows_by_address(p_person, v_hashes);
	perform private.rewrite_former_name(p_person, v_name, '…');
	perform set_config('app.name_freeze', 'overridden', true);
	update public.people as p
	set display_name = '', office = '', affiliation = '', country = null, biography = '{}', portrait_path = null,
		links = '[]', code = private.random_code(8), updated_at = now()
	where p.id = p_person;
	delete from auth.users as u where u.id = any (v_accounts);
	perform private.notify_signed_out(account, null) from unnest(v_accounts) as account;
	update private.erasure_requests as e set erased_at = now()
	where e.person_id = p_person and e.stopped_at is null and e.erased_at is null;
	perform audit.record_event('person.erased', p_person::text, null, p_person, null);
	-- Last: until here the audit could still seal values of this person.
	perform private.destroy_keys(v_former || p_person);
	perform private.publish_event('outbox', 'erasure', p_person);
	perform private.publish_event('person:' || each, 'rights') from unnest(v_former || p_person) as each;
	perform private.publish_event('site', 'changed');
end
$$;

-- Replaces a name in all written places and in queued mails; answers {table.column: rows}. Releases are rewritten too,
-- although they are frozen: a name in a text is not part of the agenda.
create or replace function private.rewrite_name(p_old text, p_new text) returns jsonb
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
			execute v_sql using v_pattern, case when v_place.type = 'text' then v_new
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

-- Does what follows from an alias that replaced a known name: rewrites texts, ends what shows the former name, and
-- writes down what is out of reach. `p_person` has the new id already.
create or replace function private.apply_late_alias(p_person uuid, p_old text) returns void
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

-- What the scanner checks: the versions of files of sessions, the files of the library and the papers of meetings. It has
-- no settings of its own, so that the planner makes it a part of the statement that asks.
create or replace function private.scanned_files() returns table (id uuid, object_name text)
language sql stable as $$
	select v.id, v.object_name from private.file_versions as v
	union all
	select f.id, f.object_name from private.library_files as f
	union all
	select p.id, p.object_name from private.meeting_papers as p where p.object_name is not null
$$;

-- The versions to scan now. With a scanner everything is scanned, also what was uploaded while there was none; without
-- one everything that waits becomes `unscanned`. Files of the library and papers of meetings have one version. Answers to
-- questions are sealed: they were scanned before they were stored, or never.
create or replace function private.scans_due(p_has_scanner boolean, p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_has_scanner then
		update private.stored_objects as o set scan = 'unscanned', changed_at = p_now
			where o.state = 'kept' and o.scan in ('waiting', 'failed');
		return;
	end if;
	update private.stored_objects as o set scan = 'waiting', scan_due_at = p_now, changed_at = p_now
		where o.state = 'kept'
			and o.scan = 'unscanned'
			and not exists (select from private.logistics_answers as a where a.object_name = o.name);
	return query
		select v.id
		from private.scanned_files() as v
		join private.stored_objects as o on o.name = v.object_name
		where o.state = 'kept' and o.scan in ('waiting', 'failed') and o.scan_due_at <= p_now
		order by o.scan_due_at
		limit 100;
end
$$;

-- The object of a version that still waits for the scanner; null when it was scanned or is gone.
create or replace function private.object_to_scan(p_version uuid) returns text
language sql stable security definer set search_path = '' as $$
	select o.name
	from private.scanned_files() as v
	join private.stored_objects as o on o.name = v.object_name
	where v.id = p_version and o.state = 'kept' and o.scan in ('waiting', 'failed')
$$;

-- Writes the result of a scan: clean, refused with what was found, or failed with why. A scanner that is away is asked
-- again after one, two, four … minutes and then each half hour; after five tries organisers see that it failed. The
-- bytes of a refused object are deleted.
create or replace function private.finish_scan(
	p_version uuid, p_result public.scan_state, p_note text, p_now timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.object_to_scan(p_version);
	v_object private.stored_objects;
begin
	update private.stored_objects as o
	set scan_attempts = o.scan_attempts + 1,
		scan_note = left(coalesce(p_note, ''), 200),
		changed_at = p_now,
		scan = case
			when p_result <> 'failed' then p_result
			when o.scan_attempts + 1 >= 5 then 'failed'
			else 'waiting'
		end,
		scan_due_at = p_now + least(interval '30 minutes', interval '1 minute' * power(2, least(o.scan_attempts, 10)))
	where o.name = v_name and o.scan in ('waiting', 'failed')
	returning * into v_object;
	if v_object.name is null then return; end if;
	if p_result = 'refused' then perform private.mark_objects_deletable(v_name); end if;
	if not exists (select from private.file_versions as v where v.id = p_version) then
		-- Pages of the library and of groups list the file.
		perform private.publish_event('site', 'changed');
	end if;
	perform private.notify_files_changed(f.session_id)
	from private.file_versions as v
	join private.session_files as f on f.id = v.file_id
	where v.id = p_version;
end
$$;

-- Deletes the rows of objects that the store has deleted. An object that was used in the meantime keeps its row; the
-- row of what the scanner refused stays beside its version or file, to say why.
create or replace function private.delete_object_rows(p_names text[], p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'gone', changed_at = p_now
	where o.name = any (p_names)
		and o.state = 'deletable'
		and (exists (select from private.file_versions as v where v.object_name = o.name)
			or exists (select from private.page_files as f where f.object_name = o.name)
			or exists (select from private.library_files as f where f.object_name = o.name)
			or exists (select from private.meeting_papers as p where p.object_name = o.name));
	delete from private.stored_objects as o
	where o.name = any (p_names)
		and (o.state = 'deletable' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours');
end
$$;

grant execute on function public.delete_library_draft(uuid, integer) to authenticated;

reset check_function_bodies;
