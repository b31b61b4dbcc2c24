-- The screen at the door of a room: what is on there now and next. Its public address shows what everybody may see.
-- With a secret link, which organisers make for one monitor, it also shows the titles of sessions for registered
-- people. Of a closed session it shows only that the room is closed at that time.

-- The sessions that a screen shows, from one hour ago to 36 hours ahead. `p_at_door`: with the secret link. The level
-- is the stricter of live and release.
create function private.sessions_on_room_screen(p_summit uuid, p_room uuid, p_at_door boolean)
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

-- What a screen shows, {room, release, entries}. People are named in public sessions only.
create function private.room_screen_json(p_summit uuid, p_room uuid, p_at_door boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', (select jsonb_build_object('slug', slug, 'name', name) from public.rooms where id = p_room),
		'release', (select number from public.releases where id = private.newest_release(p_summit)),
		'entries', coalesce(
			jsonb_agg(
				case
					when held.level = 'closed' then jsonb_build_object(
						'start', private.iso(lower(held.during)),
						'end', private.iso(upper(held.during)),
						'is_closed', true
					)
					else jsonb_build_object(
						'start', private.iso(lower(held.during)),
						'end', private.iso(upper(held.during)),
						'is_closed', false,
						'level', held.level,
						'title', held.title,
						'content_note', held.content_note,
						'spoken', held.spoken,
						'interpreted', held.interpreted,
						'is_break', held.is_break,
						'is_cancelled', held.is_cancelled,
						'is_live', held.is_live,
						'people', case
							when held.level = 'public' then private.named_people(held.release_id, held.session_id)
							else '[]'
						end
					)
				end
				order by held.during
			),
			'[]'
		)
	)
	from private.sessions_on_room_screen(p_summit, p_room, p_at_door) as held
	-- Of a closed session that is cancelled nothing is shown.
	where not (held.level = 'closed' and held.is_cancelled)
$$;

-- The public screen of a room, the same for every reader; null for an unknown room.
create function public.read_public_room_screen(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.room_screen_json(summit, rooms.id, false)
	from public.rooms
	where rooms.summit_id = summit
		and rooms.slug = room
		and summit in (select private.readable_summits())
$$;
grant execute on function public.read_public_room_screen(uuid, text) to anon, authenticated;

-- The screen of a secret link, for its Summit and room alone; null when the link is unknown or revoked. Records when
-- the monitor was last seen.
create function private.read_room_screen(p_summit uuid, p_room text, p_token_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_screen private.room_screens;
begin
	select s.* into v_screen
	from private.room_screens as s
	join public.rooms on rooms.id = s.room_id
	where s.token_hash = p_token_hash
		and s.revoked_at is null
		and s.summit_id = p_summit
		and rooms.slug = p_room;
	if not found then return null; end if;
	update private.room_screens
	set seen_at = now()
	where id = v_screen.id
		and (seen_at is null or seen_at < now() - interval '1 minute');
	return private.room_screen_json(p_summit, v_screen.room_id, true);
end
$$;
grant execute on function private.read_room_screen(uuid, text, bytea) to app_server;

-- Makes a secret link; only the hash of its token comes here. Answers ok | not_allowed | unknown | invalid.
create function public.make_room_screen(summit uuid, room text, name text, token_hash text)
	returns public.room_save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room uuid := (select rooms.id from public.rooms where rooms.summit_id = summit and rooms.slug = room);
	v_id uuid;
begin
	if not private.has_role(summit, 'programme', 'stage') then return 'not_allowed'; end if;
	if v_room is null then return 'unknown'; end if;
	if coalesce(token_hash, '') !~ '^[0-9a-f]{64}$' or length(btrim(coalesce(name, ''))) not between 1 and 80 then
		return 'invalid';
	end if;
	insert into private.room_screens (summit_id, room_id, name, token_hash, created_by)
	values (summit, v_room, btrim(name), decode(token_hash, 'hex'), private.me()) returning id into v_id;
	perform audit.record_event('private.room_screens', v_id::text, summit, null, jsonb_build_object('made', room));
	return 'ok';
end
$$;
grant execute on function public.make_room_screen(uuid, text, text, text) to authenticated;

-- Revokes a link. Answers ok | not_allowed.
create function public.revoke_room_screen(screen uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	update private.room_screens as s
	set revoked_at = now()
	where s.id = screen
		and s.revoked_at is null
		and private.has_role(s.summit_id, 'programme', 'stage')
	returning s.summit_id into v_summit;
	if v_summit is null then return 'not_allowed'; end if;
	perform audit.record_event('private.room_screens', screen::text, v_summit, null,
		jsonb_build_object('revoked', true));
	-- The monitor reloads, and finds nothing.
	perform private.publish_event('summit:' || v_summit, 'screens');
	return 'ok';
end
$$;
grant execute on function public.revoke_room_screen(uuid) to authenticated;

-- The links of a Summit, [{id, name, room, created_at, seen_at}]; [] without the programme or stage role.
create function public.list_room_screens(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', s.id,
				'name', s.name,
				'room', rooms.slug,
				'created_at', s.created_at,
				'seen_at', s.seen_at
			)
			order by rooms.position, s.created_at
		),
		'[]'
	)
	from private.room_screens as s
	join public.rooms on rooms.id = s.room_id
	where s.summit_id = summit
		and s.revoked_at is null
		and private.has_role(summit, 'programme', 'stage')
$$;
grant execute on function public.list_room_screens(uuid) to authenticated;
