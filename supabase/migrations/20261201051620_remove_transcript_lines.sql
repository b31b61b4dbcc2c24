-- Single lines are taken out of transcripts; organisers read in the history which groups a session got and lost.

set check_function_bodies = off;

-- The lines that are kept of a session's runs that have ended, for those who may edit the session: {languages, total,
-- lines: [{id, language, at, starts, words}]}, a hundred on each page, in the order in which they were said. `starts`: in
-- milliseconds since the run began. Narrowed to a language, and to lines with these words.
create function public.read_transcript_lines(session uuid, language text default null, query text default '',
	page integer default 1) returns jsonb
language sql stable security definer set search_path = '' as $$
	with kept as materialized (
		select c.id, c.language, c.number, c.starts, c.words, runs.started_at + c.starts * interval '1 millisecond' as at
		from public.runs
		join private.caption_lines as c on c.run_id = runs.id
		where runs.session_id = read_transcript_lines.session
			and runs.state = 'ended'
			and runs.level in ('public', 'members')
			and c.is_kept
			and not int4range(c.starts, c.ends, '[]') && (select private.cut_off_of_run(runs.id))
	), fitting as materialized (
		select k.*
		from kept as k
		where (read_transcript_lines.language is null or k.language = read_transcript_lines.language)
			and private.fold_for_search(k.words) like '%' || replace(replace(replace(
				private.fold_for_search(btrim(left(query, 100))), '\', '\\'), '%', '\%'), '_', '\_') || '%'
	), shown as (
		select f.*
		from fitting as f
		order by f.at, f.language, f.number
		limit 100 offset 100 * (greatest(1, least(coalesce(page, 1), 1000)) - 1)
	)
	select jsonb_build_object(
		'languages', (select coalesce(jsonb_agg(distinct k.language order by k.language), '[]') from kept as k),
		'total', (select count(*) from fitting),
		'lines', (
			select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'language', s.language, 'at', private.iso(s.at),
				'starts', s.starts, 'words', s.words) order by s.at, s.language, s.number), '[]')
			from shown as s))
	where private.may_edit_session(session)
$$;
grant execute on function public.read_transcript_lines(uuid, text, text, integer) to authenticated;

-- Takes a line out of the transcript of a session that the reader may edit and that has ended. The audit keeps when and
-- by whom, and not the words. While a legal hold is on transcripts of the Summit or on somebody in this one, it is only
-- left out. Locks the line.
create function public.remove_transcript_line(line uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_line private.caption_lines;
	v_run public.runs;
begin
	select c.* into v_line from private.caption_lines as c where c.id = line and c.is_kept for update;
	select runs.* into v_run from public.runs where runs.id = v_line.run_id and runs.state = 'ended';
	if v_run.id is null or not coalesce(private.may_edit_session(v_run.session_id), false) then return 'not_found'; end if;
	if private.is_class_held('recordings', v_run.summit_id, now())
		or private.people_of_captions(v_run.id) && private.held_people(now()) then
		update private.caption_lines as c set is_kept = false where c.id = line;
	else
		delete from private.caption_lines as c where c.id = line;
	end if;
	perform audit.record_event('transcript.line_removed', line::text, v_run.summit_id, null,
		jsonb_build_object('run_id', v_run.id, 'language', v_line.language, 'number', v_line.number));
	perform private.publish_event('organise:' || v_run.summit_id, 'recording', v_run.id);
	return 'ok';
end
$$;
grant execute on function public.remove_transcript_line(uuid) to authenticated;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.session_groups', 'session', '{group_id}', '{}', '{}'),
	('transcript.line_removed', 'session', '{language,number}', '{}', '{}');

-- The value of a column as a reader understands it: ids become the names of what they point to, a time its two ends, and
-- empty values null.
create or replace function private.audit_value(p_name text, p_value jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_value is null or p_value in ('null', '""', '[]', '{}') then null
		when p_name in ('member_id', 'payer_member_id')
			then (select to_jsonb(m.name) from public.members as m where m.id = (p_value #>> '{}')::uuid)
		when p_name = 'pool_id'
			then (select to_jsonb(p.name) from public.pools as p where p.id = (p_value #>> '{}')::uuid)
		when p_name = 'item_id'
			then (select i.label::jsonb from public.consent_items as i where i.id = (p_value #>> '{}')::uuid)
		when p_name = 'room_id' then (select r.name::jsonb from public.rooms as r where r.id = (p_value #>> '{}')::uuid)
		when p_name = 'track_id'
			then (select t.name::jsonb from public.tracks as t where t.id = (p_value #>> '{}')::uuid)
		when p_name = 'format_id'
			then (select f.name::jsonb from public.formats as f where f.id = (p_value #>> '{}')::uuid)
		-- The name of a group that the reader does not see stays with those who do.
		when p_name = 'group_id'
			then (select g.name::jsonb from private.groups as g
				where g.id = (p_value #>> '{}')::uuid and g.id in (select private.visible_groups(private.me())))
		when p_name = 'during'
			then (select jsonb_build_array(private.iso(lower(d)), private.iso(upper(d)))
				from cast(p_value #>> '{}' as tstzrange) as d)
		else p_value end
$$;

-- The session of an entry about a stage (what was started, paused and ended, who was brought on, muted, barred or made
-- a host, how it was shown and locked, what was recorded), or about a session and its people, times and rooms. Read for
-- the sessions that the reader sees. A deleted row is known by what the audit kept of it.
create or replace function private.audit_session(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case
		when e.table_name in ('public.sessions', 'private.session_timers') then e.row_id::uuid
		when e.table_name = 'public.session_people' then coalesce(
			(select p.session_id from public.session_people as p where p.id = e.row_id::uuid),
			private.audit_kept_id(e, 'session_id'))
		when e.table_name = 'private.session_groups' then private.audit_kept_id(e, 'session_id')
		when e.table_name in ('public.slots', 'public.slot_rooms')
			then (select s.session_id from private.audit_slot(private.audit_slot_id(e)) as s)
		else (select runs.session_id from public.runs where runs.id = case e.table_name
			when 'public.runs' then e.row_id::uuid
			-- That somebody came to watch leaves no entry.
			when 'private.run_participants' then coalesce(
				(select p.run_id from private.run_participants as p where p.id = e.row_id::uuid),
				private.audit_kept_id(e, 'run_id'))
			else private.audit_kept_id(e, 'run_id')
		end)
	end
$$;

-- Whether the reader sees the group that a session got or lost: a closed group leaves no trace to others.
create function private.sees_audited_group(e audit.entries) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.audit_kept_id(e, 'group_id') in (select private.visible_groups(private.me()))
$$;

-- The entries that the reader may see, newest first, before an id. Filters: registration, order, member (ids), session
-- (its code), query, actor, kind (a table), action, from and to (days by the clock of the venue). A filter that is no id
-- or no day finds nothing.
create or replace function private.find_audit_entries(
	p_summit uuid, p_filters jsonb, p_before bigint, p_limit integer
) returns setof audit.entries
language plpgsql stable security definer set search_path = '' as $$
declare
	v_zone text := (select zone from public.summits where id = p_summit);
	v_areas text[] := private.audit_areas(p_summit);
	v_tables text[] := array(select t.name from private.audited_tables as t
		where t.area = any (v_areas) and (not p_filters ? 'kind' or t.name = p_filters ->> 'kind'));
	v_fields text[] := array(select distinct t.name || ' ' || field
		from private.audited_tables as t, unnest(t.shown || t.opened || t.named) as field
		where t.name = any (v_tables));
	v_about boolean := p_filters ?| array['registration', 'order', 'member', 'session', 'query'];
	v_of_sessions text[] := array(select t.name from private.audited_tables as t where t.area in ('stage', 'session'));
	v_registrations uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'registration')], null);
	v_orders uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'order')], null);
	v_members uuid[] := array_remove(array[private.parse_uuid(p_filters ->> 'member')], null);
	v_sessions uuid[] := array(select s.id
		from public.sessions as s
		where s.summit_id = p_summit and s.code = p_filters ->> 'session');
	v_people uuid[];
	v_actors uuid[];
	v_from date := private.parse_day(p_filters ->> 'from');
	v_to date := private.parse_day(p_filters ->> 'to');
begin
	if p_filters ->> 'from' is not null and v_from is null or p_filters ->> 'to' is not null and v_to is null then
		return;
	end if;
	if p_filters ? 'query' then
		select * into v_registrations, v_orders, v_members, v_sessions
			from private.find_audit_subjects(p_summit, p_filters ->> 'query');
	end if;
	-- The history of a merged member belongs to the member that was kept.
	v_members := v_members
		|| array(select g.dropped_id from private.merged_members as g where g.kept_id = any (v_members));
	-- Nothing is read of a draft; the name of a person belongs to their registrations.
	v_people := array(select r.person_id
		from public.registrations as r
		where r.summit_id = p_summit and r.state <> 'draft' and (not v_about or r.id = any (v_registrations)));
	if p_filters ? 'actor' then
		v_actors := array(select p.id
			from public.people as p
			where private.fold_for_search(p.display_name) like '%' || replace(replace(replace(
				private.fold_for_search(btrim(left(p_filters ->> 'actor', 100))), '\', '\\'), '%', '\%'), '_', '\_')
					|| '%');
	end if;
	-- Dynamic, so that the planner uses the indexes of the filters that are given.
	return query execute format($sql$
	select e.*
	from audit.entries as e
	where %s
		and (e.summit_id = $1 or e.summit_id is null and (
			e.table_name in ('public.people', 'private.protections') and e.person_id = any ($2)
			or e.table_name = 'private.run_participants'
				and private.audit_session(e) in (select s.id from public.sessions as s where s.summit_id = $1)
			or e.table_name = 'public.members'
				and exists (select from public.summit_members as s
					where s.summit_id = $1 and s.member_id = coalesce(
						(select g.kept_id from private.merged_members as g where g.dropped_id = e.member_id),
						e.member_id))))
		and e.table_name = any ($3)
		and (e.table_name <> all ($15) or private.sees_audited_session(e))
		and (e.table_name <> 'private.session_groups' or private.sees_audited_group(e))
		and not e.replaced_former_name
		and e.id < coalesce($4, 9223372036854775807)
		and ($5 is null or e.action = $5)
		and ($6 is null or e.actor_person = any ($6)
			and not exists (select from public.registrations as r
				where r.summit_id = $1 and r.person_id = e.person_id and r.is_minor and private.is_by_guardian(e, r)))
		and ($7 is null or e.at >= $7::timestamp at time zone $9)
		and ($8 is null or e.at < ($8 + 1)::timestamp at time zone $9)
		and (e.action <> 'update'
			or exists (select from unnest(e.changed) as field where e.table_name || ' ' || field = any ($10)))
		and not exists (select from public.registrations as r where r.id = e.registration_id and r.state = 'draft')
	order by e.id desc
	limit $11
	$sql$, case when v_about then $sql$(e.registration_id = any ($12) or e.order_id = any ($13)
		or e.member_id = any ($14)
			and e.table_name in (select t.name from private.audited_tables as t where t.area = 'member')
		or e.table_name = any ($15) and private.audit_session(e) = any ($16)
		or e.person_id = any ($2) and e.table_name in ('public.people', 'private.protections'))$sql$ else 'true' end)
	using p_summit, v_people, v_tables, p_before, p_filters ->> 'action', v_actors, v_from,
		v_to, v_zone, v_fields, p_limit, v_registrations, v_orders, v_members,
		v_of_sessions, v_sessions;
end
$$;
