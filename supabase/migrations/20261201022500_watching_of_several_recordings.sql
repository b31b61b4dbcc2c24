-- Watching counts no more of several recordings at once than of one, counts what is played at twice the speed also when the
-- network delays reports, and is kept when two records of one person are merged.

set check_function_bodies = off;

-- Adds what a person has played of a recording: [[from, until], …] in milliseconds of its file, all since the page was
-- opened. What was played before counts once. Players play at most twice as fast; with what the network delays, whoever
-- reports more than two and a half times the time since their last report of any recording has not played it, and nothing
-- of it counts; the first report begins the time. Reports of one person wait for each other.
create or replace function private.save_played(p_person uuid, p_recording private.recordings, p_played jsonb,
	p_now timestamptz default now()) returns public.watching_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before int4multirange;
	v_reported_at timestamptz;
	v_played int4multirange;
	v_offset integer;
	v_added bigint;
begin
	if (case when jsonb_typeof(p_played) = 'array' then jsonb_array_length(p_played) > 500 else true end
		or exists (
			select from jsonb_array_elements(p_played) as span
			where case
				when jsonb_typeof(span) = 'array' then jsonb_array_length(span) <> 2
					or not coalesce(span ->> 0 ~ '^\d{1,9}$' and span ->> 1 ~ '^\d{1,9}$', false)
				else true end)) then
		return 'invalid';
	end if;
	-- A trim moves positions of the file, not of what was recorded.
	v_offset := coalesce(
		(select t.starts_ms from private.recording_trims as t where t.recording_id = p_recording.id), 0);
	select coalesce(range_agg(int4range(
			v_offset + least((span ->> 0)::integer, p_recording.length_ms),
			v_offset + least((span ->> 1)::integer, p_recording.length_ms))), '{}') into v_played
	from jsonb_array_elements(p_played) as span
	where (span ->> 0)::integer < (span ->> 1)::integer;
	perform pg_advisory_xact_lock(hashtextextended('watching:' || p_person, 23));
	insert into private.watched_recordings (recording_id, person_id, summit_id, reported_at)
	values (p_recording.id, p_person, p_recording.summit_id, p_now)
	on conflict do nothing;
	select w.played into v_before
	from private.watched_recordings as w
	where w.recording_id = p_recording.id and w.person_id = p_person
	for update;
	select max(w.reported_at) into v_reported_at from private.watched_recordings as w where w.person_id = p_person;
	select coalesce(sum(upper(span) - lower(span)), 0) into v_added from unnest(v_played - v_before) as span;
	if v_added > extract(epoch from p_now - v_reported_at) * 2500 then return 'too_fast'; end if;
	update private.watched_recordings as w
	set played = v_before + v_played, reported_at = greatest(v_reported_at, p_now)
	where w.recording_id = p_recording.id and w.person_id = p_person;
	return 'ok';
end
$$;

-- Merges what two records of one person have played; the rest of the merge deletes the row of the dropped one.
create function private.merge_watched_recordings(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.watched_recordings as k
	set played = k.played + d.played, reported_at = greatest(k.reported_at, d.reported_at)
	from private.watched_recordings as d
	where k.person_id = p_keep and d.person_id = p_drop and d.recording_id = k.recording_id
$$;

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform private.allow_closed_summits();
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	perform private.merge_campaign_recipients(p_keep, p_drop);
	perform private.merge_meeting_people(p_keep, p_drop);
	perform private.merge_watched_recordings(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;
