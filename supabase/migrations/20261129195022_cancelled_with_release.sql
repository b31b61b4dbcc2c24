-- A session that organisers cancel is cancelled for readers with the release that says so; only its stage ends at once.

-- A session of a release, with the stricter of release and live for its level, audience and recording, and the state of
-- its run. A session that organisers cancel is cancelled for readers with the release that says so, on every path; only
-- its stage ends at once (16_stage/runs.sql). The caller checks that the reader sees it.
create or replace function private.released_session(p_release uuid, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', rs.session_id,
		'code', s.code,
		'title', rs.title,
		'abstract', rs.abstract,
		'content_note', rs.content_note,
		'format', rs.format,
		'format_slug', rs.format_slug,
		'track', rs.track,
		'track_slug', rs.track_slug,
		'level', greatest(rs.level, s.level),
		'audience', greatest(rs.audience, s.audience),
		'attendance', rs.attendance,
		'spoken', rs.spoken,
		'interpreted', rs.interpreted,
		'is_recorded', rs.is_recorded and s.is_recorded and greatest(rs.level, s.level) in ('public', 'members'),
		'is_break', rs.is_break,
		'is_cancelled', rs.is_cancelled,
		'slots', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'start', private.iso(lower(slot.during)),
						'end', private.iso(upper(slot.during)),
						'rooms', slot.rooms
					)
					order by slot.during
				),
				'[]'
			)
			from (
				select during, jsonb_agg(rooms.slug order by rooms.position, rooms.slug) as rooms
				from public.release_slots
				join public.rooms on rooms.id = release_slots.room_id
				where release_id = p_release and release_slots.session_id = p_session
				group by slot_id, during
			) as slot
		),
		'people', private.named_people(p_release, p_session),
		'run', (select runs.state from public.runs where runs.session_id = p_session and runs.state <> 'ended')
	)
	from public.release_sessions as rs
	join public.sessions as s on s.id = rs.session_id
	where rs.release_id = p_release
		and rs.session_id = p_session
$$;

-- How many sessions of the newest release every registered person sees and a signed-out reader does not. Closed sessions
-- are never counted.
create or replace function private.count_sessions_for_registered(p_summit uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(*)
	from public.release_sessions as rs
	join public.sessions as s on s.id = rs.session_id
	where rs.release_id = private.newest_release(p_summit)
		and s.state <> 'draft'
		and not rs.is_cancelled
		and not rs.is_break
		and greatest(rs.level, s.level) in ('members', 'chatham_house')
$$;

create or replace function private.agenda_sessions_v1()
	returns table (
		summit text,
		code text,
		title jsonb,
		abstract jsonb,
		content_note jsonb,
		track jsonb,
		track_slug text,
		format jsonb,
		format_slug text,
		level text,
		audience text,
		attendance text,
		spoken text[],
		interpreted text[],
		is_recorded boolean,
		is_break boolean,
		is_cancelled boolean,
		release integer,
		links jsonb
	)
language sql stable security definer set search_path = '' as $$
	select
		u.slug,
		s.code,
		rs.title::jsonb,
		rs.abstract::jsonb,
		rs.content_note::jsonb,
		rs.track::jsonb,
		rs.track_slug,
		rs.format::jsonb,
		rs.format_slug,
		greatest(rs.level, s.level)::text,
		greatest(rs.audience, s.audience)::text,
		rs.attendance::text,
		rs.spoken,
		rs.interpreted,
		rs.is_recorded and s.is_recorded and greatest(rs.level, s.level) in ('public', 'members'),
		rs.is_break,
		rs.is_cancelled,
		r.number,
		rs.links
	from public.releases as r
	join public.summits as u on u.id = r.summit_id
	join public.release_sessions as rs on rs.release_id = r.id
	join public.sessions as s on s.id = rs.session_id
	where r.id in (select private.current_releases())
		and rs.session_id in (select private.my_visible_sessions())
$$;

create or replace function private.agenda_slots_v1()
	returns table (
		summit text,
		session text,
		event uuid,
		sequence integer,
		starts_at timestamptz,
		ends_at timestamptz,
		rooms jsonb,
		is_cancelled boolean
	)
language sql stable security definer set search_path = '' as $$
	select
		u.slug,
		s.code,
		e.uid,
		e.sequence,
		lower(rl.during),
		upper(rl.during),
		jsonb_agg(jsonb_build_object('slug', rooms.slug, 'name', rooms.name) order by rooms.position, rooms.slug),
		bool_or(rl.is_cancelled)
	from public.releases as r
	join public.summits as u on u.id = r.summit_id
	join public.release_slots as rl on rl.release_id = r.id
	join public.sessions as s on s.id = rl.session_id
	join public.rooms on rooms.id = rl.room_id
	left join private.release_events as e on e.release_id = r.id and e.slot_id = rl.slot_id
	where r.id in (select private.current_releases())
		and rl.session_id in (select private.my_visible_sessions())
	group by u.slug, s.code, e.uid, e.sequence, rl.slot_id, rl.during
$$;

-- The sessions that a screen shows, from one hour ago to 36 hours ahead. `p_at_door`: with the secret link. The level
-- is the stricter of live and release.
create or replace function private.sessions_on_room_screen(p_summit uuid, p_room uuid, p_at_door boolean)
	returns table (
		during tstzrange,
		release_id uuid,
		session_id uuid,
		title public.text_map,
		content_note public.text_map,
		spoken text[],
		interpreted text[],
		is_break boolean,
		is_cancelled boolean,
		level public.confidentiality,
		is_live boolean
	)
language sql stable security definer set search_path = '' as $$
	select distinct on (sl.slot_id)
		sl.during,
		sl.release_id,
		sl.session_id,
		rs.title,
		rs.content_note,
		rs.spoken,
		rs.interpreted,
		rs.is_break,
		rs.is_cancelled,
		greatest(rs.level, s.level),
		exists (select from public.runs where runs.session_id = s.id and runs.state = 'live')
	from public.release_slots as sl
	join public.release_sessions as rs on rs.release_id = sl.release_id and rs.session_id = sl.session_id
	join public.sessions as s on s.id = sl.session_id
	join public.summits as u on u.id = s.summit_id
	where sl.release_id = private.newest_release(p_summit)
		and sl.room_id = p_room
		and upper(sl.during) > now() - interval '1 hour'
		and lower(sl.during) < now() + interval '36 hours'
		and s.state <> 'draft'
		and u.state <> 'draft'
		and (p_at_door or sl.session_id in (select private.visible_sessions(null, p_summit)))
	order by sl.slot_id
$$;

-- Why nobody can sign up any more: cancelled by the newest release, or closed (its closing time or its last slot is
-- over); null while people can.
create or replace function private.signup_closed_reason(p_places private.session_places) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when exists (
			select
			from public.release_sessions as rs
			where rs.release_id = private.newest_release(s.summit_id) and rs.session_id = s.id and rs.is_cancelled
		) then 'cancelled'
		when p_places.closes_at <= now()
			or exists (
				select
				from public.release_slots as sl
				where sl.release_id = private.newest_release(s.summit_id) and sl.session_id = s.id
				having max(upper(sl.during)) <= now()
			) then 'closed'
	end
	from public.sessions as s
	where s.id = p_places.session_id
$$;

-- Answers {session id: [{start, end, uid, parts, origin, links, attachments, sequence, changed_at}]} for these sessions
-- of a release.
create or replace function private.calendar_events_of(p_release uuid, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_object_agg(each.session_id, each.events), '{}')
	from (
		select e.session_id,
			jsonb_agg(jsonb_build_object(
				'start', private.iso(lower(slot.during)), 'end', private.iso(upper(slot.during)),
				'uid', e.uid, 'parts', e.abstract_lengths, 'origin', e.origin || private.exchange_links(rs.links),
				'sequence', e.sequence, 'changed_at', private.iso(e.changed_at)
			) order by slot.during, e.slot_id) as events
		from private.release_events as e
		join (
			select distinct on (slot_id) slot_id, during from public.release_slots where release_id = p_release
		) as slot on slot.slot_id = e.slot_id
		join public.release_sessions as rs on rs.release_id = p_release and rs.session_id = e.session_id
		where e.release_id = p_release and e.session_id = any (p_sessions)
		group by e.session_id
	) as each
$$;

-- What a calendar still has to learn: events that are new or changed, and events that are off (`is_off`). With
-- `p_mail`, what that mail carries, so that a retry says the same again. An event about which a digest is due waits for
-- the digest, which passes `p_digest`. A mail that was given up (`dead`) counts as never sent.
create or replace function private.due_invitations(
	p_person uuid,
	p_summit uuid,
	p_mail uuid default null,
	p_digest boolean default false
) returns table (uid uuid, session_id uuid, is_off boolean, sequence integer, during tstzrange, fingerprint text)
language sql stable security definer set search_path = '' as $$
	with so as materialized (
		select * from private.invited_events(p_person, p_summit)
	), known as materialized (
		select i.*, coalesce(i.mail_id = p_mail, false) as is_this, coalesce(o.state = 'dead', false) as is_lost
		from private.calendar_invitations as i
		join public.sessions as s on s.id = i.session_id
		left join private.outbox as o on o.id = i.mail_id
		where i.person_id = p_person and s.summit_id = p_summit
	)
	select coalesce(so.uid, known.uid), coalesce(so.session_id, known.session_id), so.uid is null,
		case
			when known.uid is null then so.sequence
			when known.is_this and known.fingerprint is not distinct from so.fingerprint then known.sequence
			else greatest(so.sequence, known.sequence + 1)
		end,
		coalesce(so.during, known.during), so.fingerprint
	from so
	full join known on known.uid = so.uid
	where (
		p_digest
		or not exists (
			select from private.pending_agenda_changes as c
			where c.person_id = p_person and c.session_id = coalesce(so.session_id, known.session_id)
		)
	)
		and case
			when known.is_this then true
			when so.uid is null then (known.fingerprint is not null or known.is_lost) and upper(known.during) > now()
			else known.fingerprint is null or known.fingerprint <> so.fingerprint or known.is_lost
		end
$$;

-- Whether a person gets what is published with a session: the session is released, not cancelled by the release, and
-- they may enter it by the door or by stream.
create or replace function private.is_file_audience(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id and u.state <> 'draft'
			join public.release_sessions as rs on rs.session_id = s.id
				and rs.release_id = private.newest_release(s.summit_id)
			where s.id = p_session and s.state <> 'draft' and not rs.is_cancelled)
		and (private.entry_decision(p_person, p_session, 'stream') = 'ok'
			or private.entry_decision(p_person, p_session, 'door') = 'ok')
$$;

-- The files of a session for its people and organisers: {access, due_at, slides_mb, handouts_mb, level, is_cancelled,
-- files: [{id, kind, publication, is_open, versions}]}; null for everybody else.
create or replace function public.read_session_files(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'access', own.access,
		'due_at', private.iso(settings.due_at),
		'slides_mb', settings.slides_mb,
		'handouts_mb', settings.handouts_mb,
		'level', private.level_in_force(s.id),
		'is_cancelled', exists (
			select from public.release_sessions as rs
			where rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id) and rs.is_cancelled),
		'files', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', f.id,
				'kind', f.kind,
				'publication', f.publication,
				'is_open', private.is_file_published(f),
				'versions', versions.list) order by f.kind, f.created_at), '[]')
			from private.session_files as f
			cross join lateral (select (private.shown_file_version(f.id)).id) as shown (id)
			cross join lateral (select coalesce(
					jsonb_agg(private.version_json(v, shown.id, own.access) order by v.number desc), '[]') as list
				from private.file_versions as v
				where v.file_id = f.id and (own.access <> 'reader' or v.id = shown.id)) as versions
			where f.session_id = s.id and (own.access <> 'reader' or shown.id is not null)))
	from public.sessions as s
	cross join lateral private.file_settings_of(s.summit_id) as settings
	cross join lateral (select private.file_access_of(s.id)) as own (access)
	where s.id = session and own.access is not null
$$;

-- The released sessions that the minor marked or takes part in. Of a session that the guardian may not see, only its
-- level and times: enough to know when the minor is somewhere, and nothing of what it is.
create or replace function private.ward_sessions(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'level', private.level_in_force(s.id),
				'slots', case
					when seen.is_seen then placed.slots
					else (select jsonb_agg(each - 'rooms' || '{"rooms": []}') from jsonb_array_elements(placed.slots) as each)
				end,
				'session', case when seen.is_seen then jsonb_build_object(
					'code', s.code,
					'title', shown.session -> 'title',
					'content_note', shown.session -> 'content_note',
					'is_cancelled', rs.is_cancelled,
					'live_since', (select private.iso(runs.started_at)
						from public.runs
						where runs.session_id = s.id and runs.state in ('live', 'paused')),
					'role', (select min(sp.role)
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = r.person_id and sp.state <> 'declined')
				) end
			)
			order by placed.slots #>> '{0,start}', s.id
		),
		'[]'
	)
	from (
		select m.session_id from public.agenda_marks as m where m.person_id = r.person_id
		union
		select sp.session_id
		from public.session_people as sp
		where sp.person_id = r.person_id and sp.state <> 'declined'
	) as own
	join public.sessions as s on s.id = own.session_id and s.summit_id = r.summit_id
	join public.release_sessions as rs
		on rs.session_id = s.id and rs.release_id = private.newest_release(r.summit_id)
	cross join lateral (select private.can_see((select private.me()), s.id) as is_seen) as seen
	cross join lateral (select private.stage_session(s.id) as session) as shown
	cross join lateral (select private.session_slots_json(s.id, true) as slots) as placed
	where private.can_see(r.person_id, s.id) and jsonb_array_length(placed.slots) > 0
$$;

-- Whether a person may send one: ok | not_found (not visible) | no_entry | begun | off (cancelled, a break, not
-- released, or no advance questions at this Summit).
create or replace function private.may_ask_advance_question(p_person uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p_person is null or not private.can_see(p_person, s.id) then 'not_found'
		when s.state = 'draft' or s.is_break
			or not exists (select from public.release_sessions as rs
				where rs.session_id = s.id
					and rs.release_id = private.newest_release(s.summit_id)
					and not rs.is_cancelled)
			or u.state not in ('open', 'live')
			or (private.speaker_settings_of(s.summit_id)).questions_per_person = 0
			then 'off'
		when 'ok' not
			in (private.entry_decision(p_person, s.id, 'stream'), private.entry_decision(p_person, s.id, 'door'))
			then 'no_entry'
		when exists (select from public.runs where runs.session_id = s.id and runs.started_at is not null)
			or (select min(lower(rs.during))
				from public.release_slots as rs
				where rs.session_id = s.id and rs.release_id = private.newest_release(s.summit_id)) <= now()
			then 'begun'
		else 'ok' end
	from public.sessions as s
	join public.summits as u on u.id = s.summit_id
	where s.id = p_session
$$;

-- The session behind a checkpoint: the one that is on or begins within half an hour, and until when it lasts. An
-- overrunning session is still on behind the doors of its rooms, for an hour at most, so that a forgotten run blocks no
-- room: otherwise people who may not be in it could enter once its time is over, and where nobody is named, those who
-- come then would be. A checkpoint of one session serves that session however early.
create or replace function private.session_at_door(p_checkpoint public.checkpoints, p_at timestamptz, out session uuid,
	out until timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_checkpoint.kind not in ('room', 'session') then return; end if;
	if p_checkpoint.room_id is not null then
		select o.session_id, p_at + interval '1 hour' into session, until
		from private.overrunning_session_at(p_checkpoint, p_at) as o;
		if session is not null then return; end if;
	end if;
	select sl.session_id, upper(sl.during) into session, until
	from public.release_slots as sl
	join public.sessions as s on s.id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id)
		and not sl.is_cancelled and not s.is_break
		and (sl.room_id = p_checkpoint.room_id or sl.session_id = p_checkpoint.session_id)
		and sl.during && tstzrange(p_at, p_at + interval '30 minutes')
	order by lower(sl.during) limit 1;
	if session is null and p_checkpoint.session_id is not null then
		session := p_checkpoint.session_id;
		until := coalesce(
			(select min(upper(sl.during))
				from public.release_slots as sl
				where sl.release_id = private.newest_release(p_checkpoint.summit_id)
					and sl.session_id = p_checkpoint.session_id and not sl.is_cancelled and upper(sl.during) > p_at),
			p_at + interval '1 hour');
	end if;
end
$$;

-- The sessions behind a checkpoint until a moment. `is_listed`: only people on a list may enter, so that the snapshot
-- says who may; otherwise it says who may not.
create or replace function private.snapshot_sessions(p_checkpoint public.checkpoints, p_until timestamptz)
	returns table (session_id uuid, during tstzrange, spoken text[], interpreted text[], is_listed boolean)
language sql stable security definer set search_path = '' as $$
	with planned as (
		select sl.session_id, sl.during
		from public.release_slots as sl
		where sl.release_id = private.newest_release(p_checkpoint.summit_id)
			and not sl.is_cancelled and sl.room_id = p_checkpoint.room_id and upper(sl.during) > now()
			and lower(sl.during) < p_until
		union all
		-- A session that overruns: offline, a device cannot know when it ends, only when the next one begins.
		select o.session_id,
			tstzrange(o.ended - interval '1 minute',
				coalesce(
					(select min(lower(sl.during))
						from public.release_slots as sl
						where sl.release_id = private.newest_release(p_checkpoint.summit_id)
							and not sl.is_cancelled and sl.room_id = p_checkpoint.room_id and lower(sl.during) > now()),
					o.ended + interval '1 hour'))
		from private.overrunning_session_at(p_checkpoint, now()) as o
		union all
		-- A checkpoint of one session serves that session at any time.
		select p_checkpoint.session_id, tstzrange(now() - interval '1 day', p_until)
		where p_checkpoint.session_id is not null
	)
	select s.id as session_id, planned.during, s.spoken, s.interpreted,
		private.audience_in_force(s.id) = 'listed' or private.level_in_force(s.id) = 'closed'
			or exists (select from private.session_places as p
				where p.session_id = s.id and p.enforced_at_entry <> 'none') as is_listed
	from planned
	join public.sessions as s on s.id = planned.session_id
	where p_checkpoint.session_id is not null or not s.is_break
$$;
