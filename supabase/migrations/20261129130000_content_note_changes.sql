-- A content note that changed is shown again: on the stage, where the new one must be confirmed, and among the changes of
-- the agenda.

alter table private.entry_notices
	add column note_version text not null default '' check (note_version ~ '^([0-9a-f]{16})?$');

-- A fingerprint of a content note, '' where there are no words: a page and a confirmation say by it which note they
-- mean.
create or replace function private.note_version(p_note jsonb) returns text
language sql immutable set search_path = '' as $$
	select case when exists (select from jsonb_each_text(p_note) as note (tag, words)
			where tag <> 'original' and btrim(words) <> '')
		then left(md5(p_note::text), 16) else '' end
$$;


-- A session as the stage shows it: in the words of the release, or of the draft for its own people. A content note that
-- was added since the release is shown too.
create or replace function private.stage_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', s.id, 'code', s.code,
		'title', coalesce(rs.title, s.title),
		'content_note', coalesce(nullif(rs.content_note, '{}'), s.content_note),
		'note_version', private.note_version(coalesce(nullif(rs.content_note, '{}'), s.content_note)),
		'level', private.level_in_force(s.id),
		'spoken', coalesce(rs.spoken, s.spoken),
		'interpreted', coalesce(rs.interpreted, s.interpreted),
		'is_recorded', coalesce(rs.is_recorded, true) and s.is_recorded,
		'is_released', rs.session_id is not null,
		'start', private.iso(lower(slot.during)),
		'end', private.iso(upper(slot.during)))
	from public.sessions as s
	left join public.release_sessions as rs on rs.session_id = s.id
		and rs.release_id = private.newest_release(s.summit_id)
	left join lateral private.slot_at(s.id) as slot on true
	where s.id = p_session
$$;

-- The version of the content note that the stage of a session shows.
create or replace function private.shown_note_version(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(private.stage_session(p_session) ->> 'note_version', '')
$$;

-- Whether somebody has confirmed the notice at the level in force, or at a stricter one, with the content note that is
-- shown now.
create or replace function private.has_confirmed_notice(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_notices as n
		where n.session_id = p_session and n.person_id = p_person and n.level >= private.level_in_force(p_session)
			and private.shown_note_version(p_session) in ('', n.note_version))
$$;

-- Whether somebody must confirm the notice before they enter, again after the level was raised or the content note
-- changed. A signed-out viewer confirms with each request (`p_has_said`): their browser remembers for which level and
-- note, and it is stored nowhere else. The people of the session and everybody on
-- stage need not.
create or replace function private.must_confirm_notice(p_person uuid, p_session uuid, p_has_said boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select (private.level_in_force(p_session) in ('chatham_house', 'closed')
			or private.shown_note_version(p_session) <> '')
		and case
			when p_person is null then not p_has_said
			else private.stage_role_of(p_person, p_session) = 'viewer'
				and not private.has_confirmed_notice(p_person, p_session)
				and not exists (
					select from private.run_participants as p
					join public.runs on runs.id = p.run_id and runs.state <> 'ended'
					where runs.session_id = p_session and p.person_id = p_person and p.is_on_stage) end
$$;


drop function public.confirm_notice(uuid);
-- Confirms the notice for the reader at the level in force. `note` is the version of the content note that they were
-- shown: when it changed meanwhile, the new one must still be confirmed. Without it, the one that is shown now. Answers
-- ok, or why they may not enter.
create function public.confirm_notice(session uuid, note text default null) returns public.stream_entry_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_entry text := private.entry_decision(v_me, session, 'stream');
begin
	if v_entry <> 'ok' then return v_entry; end if;
	if v_me is null then return 'sign_in'; end if;
	-- The lock keeps the run from ending, and its confirmations from being deleted, before the row is written.
	perform from public.runs where runs.session_id = session and runs.state <> 'ended' for share;
	if not found and private.is_anonymous_level(private.level_in_force(session)) then return 'ok'; end if;
	insert into private.entry_notices as n (session_id, person_id, level, note_version)
	values (session, v_me, private.level_in_force(session),
		case when note is null then private.shown_note_version(session) when note ~ '^[0-9a-f]{16}$' then note else '' end)
	on conflict (session_id, person_id) do update
	set level = excluded.level, note_version = excluded.note_version, confirmed_at = now();
	return 'ok';
end
$$;

grant execute on function public.confirm_notice(uuid, text) to authenticated;

-- Sends the new content notes of a release to the open stages of their sessions.
create or replace function private.notify_note_changes(p_summit uuid, p_previous uuid, p_release uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('session:' || runs.session_id, 'stage', runs.id)
	from public.runs
	left join public.release_sessions as a on a.release_id = p_previous and a.session_id = runs.session_id
	left join public.release_sessions as b on b.release_id = p_release and b.session_id = runs.session_id
	where runs.summit_id = p_summit and runs.state <> 'ended'
		and a.content_note is distinct from b.content_note
$$;

-- A content note that is added to the draft is shown on the stage before it is released.
create or replace function private.notify_draft_note() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || new.id, 'stage', runs.id)
	from public.runs
	where runs.session_id = new.id and runs.state <> 'ended';
	return null;
end
$$;

create trigger notify_draft_note after update of content_note on public.sessions for each row
	when (new.content_note is distinct from old.content_note)
	execute function private.notify_draft_note();

-- Makes the next release and notifies readers; null when it would contain nothing. The caller has locked the Summit.
-- Raises exclusion_violation when chosen changes need a room that the rest of the release occupies.
create or replace function private.make_release(p_summit uuid, p_note jsonb, p_choices jsonb default null) returns public.releases
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_release public.releases;
	v_previous uuid := private.newest_release(p_summit);
begin
	insert into public.releases (summit_id, number, note, released_by, is_live_change)
	values (
		p_summit,
		(select coalesce(max(number), 0) + 1 from public.releases where summit_id = p_summit),
		p_note,
		private.me(),
		p_choices is not null
	)
	returning * into v_release;
	if private.freeze_sessions(v_release.id, v_previous, p_summit, p_choices) = 0 then
		delete from public.releases where id = v_release.id;
		return null;
	end if;
	perform private.freeze_slots(v_release.id, v_previous, p_summit, p_choices);
	perform private.freeze_people(v_release.id, v_previous, p_summit, p_choices);
	perform private.schedule_agenda_digests(v_release, v_previous);
	perform private.notify_note_changes(p_summit, v_previous, v_release.id);
	perform private.publish_event('summit:' || p_summit, 'release');
	perform private.publish_event('site', 'changed');
	return v_release;
end
$$;

-- The object key of the stream of a room's current run, for somebody who may watch it at this moment; null for everyone
-- else, and while there is none. The notice of the session must be confirmed before the first piece, as before a pass
-- (16_stage/rights.sql): `p_said` is the code of the session whose notice the reader has confirmed, with the version of
-- its content note. It comes with every request, because a player that fetches pieces does nothing by which a
-- confirmation could be stored.
create or replace function private.find_large_audience_stream(p_person uuid, p_summit uuid, p_room text, p_said text default '')
	returns text
language sql stable security definer set search_path = '' as $$
	select e.object_key
	from public.rooms
	cross join lateral (select private.current_run(p_person, rooms.id) as run) as on_now
	join public.runs on runs.id = on_now.run
	join public.sessions as s on s.id = runs.session_id
	join private.egresses as e on e.run_id = runs.id
	where rooms.summit_id = p_summit and rooms.slug = p_room and e.state in ('active', 'ending')
		and private.wants_hls(runs.id)
		and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
		and (p_said = concat_ws('.', s.code, nullif(private.shown_note_version(s.id), ''))
			or not private.must_confirm_notice(p_person, runs.session_id, false))
$$;

-- The changed sessions between two releases, or (`p_to` null) between a release and the draft. Kinds: added, removed,
-- cancelled, restored, moved, renamed, people, details (languages, how to attend), note (the content note), texts.
-- Breaks are compared like sessions. The level is the stricter of both versions.
create or replace function private.changes_between(p_summit uuid, p_from uuid, p_to uuid, p_sessions uuid[] default null)
	returns table (session_id uuid, kinds text[], before jsonb, after jsonb, level public.confidentiality)
language sql stable security definer set search_path = '' as $$
	with a as materialized (
		select * from private.comparable_release(p_from, p_sessions)
	), b as materialized (
		select * from private.comparable_release(p_to, p_sessions) where p_to is not null
		union all
		select * from private.comparable_draft(p_summit) where p_to is null
	), compared as (
		select
			coalesce(a.session_id, b.session_id) as session_id,
			array_remove(
				array[
					case when a.session_id is null then 'added' when b.session_id is null then 'removed' end,
					case
						when b.is_cancelled and not coalesce(a.is_cancelled, false) then 'cancelled'
						when a.is_cancelled and not b.is_cancelled then 'restored'
					end,
					case when a.places <> b.places then 'moved' end,
					case when a.title <> b.title then 'renamed' end,
					case when a.people <> b.people then 'people' end,
					case when a.details <> b.details then 'details' end,
					case when a.texts -> 1 <> b.texts -> 1 then 'note' end,
					case when a.texts - 1 <> b.texts - 1 then 'texts' end],
				null
			) as kinds,
			case when a.session_id is not null then to_jsonb(a) - 'session_id' - 'level' end as before,
			case when b.session_id is not null then to_jsonb(b) - 'session_id' - 'level' end as after,
			greatest(a.level, b.level) as level
		from a
		full join b on b.session_id = a.session_id
	)
	select *
	from compared
	where cardinality(kinds) > 0
$$;

-- One side of a change for its reader, {title, places, content_note, people}, with only those people who are not on
-- both sides; null where this side does not exist.
create or replace function private.shown_session_version(p_session uuid, p_version jsonb, p_other jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_version is not null then jsonb_build_object(
			'title', p_version -> 'title',
			'places', p_version -> 'places',
			'content_note', p_version -> 'texts' -> 1,
			'people', private.people_of_version(
				p_session,
				(
					select coalesce(jsonb_agg(each), '[]')
					from jsonb_array_elements(p_version -> 'people') as each
					where p_other is null or not (p_other -> 'people') @> jsonb_build_array(each)
				)
			)
		)
	end
$$;

-- Whether a change of these kinds is worth a notification: a content note is, a corrected text is not.
create or replace function private.is_notifiable_change(p_kinds text[]) returns boolean
language sql immutable set search_path = '' as $$
	select p_kinds && array['added', 'cancelled', 'restored', 'moved', 'renamed', 'people', 'details', 'note']
$$;

-- The changes of sessions since the release that a person knows, for their mail: of sessions that they may see today
-- and that still concern them. It names nobody.
create or replace function private.digest_changes(p_person uuid, p_summit uuid, p_release_read uuid, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'code', s.code,
				'kinds', c.kinds,
				'title', coalesce(c.after, c.before) -> 'title',
				'title_before', case when 'renamed' = any (c.kinds) then c.before -> 'title' end,
				'places', private.places_with_room_names(p_summit, coalesce(c.after, c.before) -> 'places'),
				'places_before', case
					when 'moved' = any (c.kinds) then private.places_with_room_names(p_summit, c.before -> 'places')
				end,
				'details', case when 'details' = any (c.kinds) then c.after -> 'details' end,
				'note', case when 'note' = any (c.kinds) then c.after -> 'texts' -> 1 end,
				'speaking', speaking.is_speaking
			)
			order by coalesce(c.after, c.before) #>> '{places,0,start}' nulls last, s.code
		),
		'[]'
	)
	from private.changes_between(p_summit, p_release_read, private.newest_release(p_summit), p_sessions) as c
	join public.sessions as s on s.id = c.session_id
	cross join lateral (
		select exists (
			select
			from public.session_people as sp
			where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined'
		) as is_speaking
	) as speaking
	where private.is_notifiable_change(c.kinds)
		and private.can_see(p_person, s.id)
		and private.may_read_version(p_person, s.id, greatest(c.level, s.level))
		and (
			speaking.is_speaking
			or exists (
				select
				from public.release_people as rp
				where rp.release_id = p_release_read and rp.session_id = s.id and rp.person_id = p_person
			)
			or exists (select from public.agenda_marks as m where m.person_id = p_person and m.session_id = s.id)
		)
$$;

