-- Previews of the draft by a secret link: as somebody of a chosen role reads it, in a chosen language. Those of every
-- other reader are in reader_previews.sql.

-- The sessions of the draft that a role would see if it were released now. Stated from the live rows alone and never
-- wider than `private.visible_sessions`: no closed session in any case, no idea, none without a time.
create function private.previewed_sessions(p_summit uuid, p_role text) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select s.id
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and private.is_seen(private.level_in_force(s.id), false, null, true, p_role = 'registered', false)
		and exists (select from public.slots where slots.session_id = s.id)
$$;

-- A session of the draft in the shape of a released one. People are named as everybody sees them, and only where the
-- role reads their names.
create function private.previewed_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', s.id,
		'code', s.code,
		'title', s.title,
		'abstract', s.abstract,
		'content_note', s.content_note,
		'format', coalesce(f.name, '{}'),
		'format_slug', f.slug,
		'track', coalesce(t.name, '{}'),
		'track_slug', t.slug,
		'level', s.level,
		'audience', s.audience,
		'attendance', s.attendance,
		'spoken', s.spoken,
		'interpreted', s.interpreted,
		'is_recorded', s.is_recorded,
		'is_break', s.is_break,
		'stage_format', s.stage_format,
		'is_cancelled', s.state = 'cancelled',
		'host', private.side_event_host(s.id),
		'slots', case
			-- A cancelled session is shown where it was.
			when s.state = 'cancelled' then private.released_session(private.newest_release(s.summit_id), s.id) -> 'slots'
			else (
				select jsonb_agg(slot - 'id')
				from jsonb_array_elements(private.draft_slots(s.id)) as slot
			)
		end,
		'people', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'code', p.code,
						'display_name', p.display_name,
						'office', p.office,
						'affiliation', p.affiliation,
						'country', p.country,
						'role', sp.role
					)
					order by sp.position, p.display_name
				),
				'[]'
			)
			from public.session_people as sp
			join public.people as p on p.id = sp.person_id
			where sp.session_id = s.id and private.is_named(s.id, sp.person_id, sp.role)
		),
		'run', null
	)
	from public.sessions as s
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.id = p_session
$$;

-- What a link shows, {summit: {id, slug, name, zone, city, rooms}, role, language, expires_at, sessions}; null when it is
-- unknown, expired or revoked. Each reading is counted and noted in the audit.
create function private.read_draft_preview(p_token_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_link private.draft_previews;
begin
	update private.draft_previews as p
	set reads = p.reads + 1,
		read_at = now()
	where p.token_hash = p_token_hash
		and p.revoked_at is null
		and p.expires_at > now()
	returning * into v_link;
	if not found then return null; end if;
	perform audit.record_event('draft_preview.read', v_link.id::text, v_link.summit_id, null,
		jsonb_build_object('role', v_link.role));
	return (
		select jsonb_build_object(
			'summit', jsonb_build_object(
				'id', u.id,
				'slug', u.slug,
				'name', u.name,
				'zone', u.zone,
				'city', u.city,
				'rooms', (
					select coalesce(
						jsonb_agg(
							jsonb_build_object('slug', r.slug, 'name', r.name, 'kind', r.kind, 'capacity', r.capacity)
							order by r.position, r.slug
						),
						'[]'
					)
					from public.rooms as r
					where r.summit_id = u.id
				)
			),
			'role', v_link.role,
			'language', v_link.language,
			'expires_at', private.iso(v_link.expires_at),
			'sessions', (
				select coalesce(jsonb_agg(session order by session #>> '{slots,0,start}', session ->> 'code'), '[]')
				from private.previewed_sessions(u.id, v_link.role) as seen (id)
				cross join lateral private.previewed_session(seen.id) as session
			)
		)
		from public.summits as u
		where u.id = v_link.summit_id
	);
end
$$;
grant execute on function private.read_draft_preview(bytea) to app_server;

-- Makes a secret link for some days; only the hash of its token comes here. Answers ok | not_allowed | invalid.
create function public.make_draft_preview(summit uuid, name text, role text, language text, days integer, token_hash text)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if coalesce(token_hash, '') !~ '^[0-9a-f]{64}$' or coalesce(days, 0) not between 1 and 60 then return 'invalid'; end if;
	insert into private.draft_previews (summit_id, name, role, language, token_hash, expires_at, created_by)
	values (
		summit, btrim(make_draft_preview.name), make_draft_preview.role, make_draft_preview.language,
		decode(make_draft_preview.token_hash, 'hex'), now() + days * interval '1 day', private.me()
	);
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.make_draft_preview(uuid, text, text, text, integer, text) to authenticated;

-- Revokes a link. Answers ok | not_allowed.
create function public.revoke_draft_preview(preview uuid) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.draft_previews as p
	set revoked_at = now()
	where p.id = preview
		and p.revoked_at is null
		and private.has_role(p.summit_id, 'programme');
	return case when found then 'ok' else 'not_allowed' end;
end
$$;
grant execute on function public.revoke_draft_preview(uuid) to authenticated;

-- The links of a Summit that still open something, [{id, name, role, language, expires_at, reads, read_at, by}]; [] for
-- all but programme organisers.
create function public.list_draft_previews(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'id', p.id,
				'name', p.name,
				'role', p.role,
				'language', p.language,
				'expires_at', private.iso(p.expires_at),
				'reads', p.reads,
				'read_at', private.iso(p.read_at),
				'by', by.display_name
			)
			order by p.created_at
		),
		'[]'
	)
	from private.draft_previews as p
	left join public.people as by on by.id = p.created_by
	where p.summit_id = summit
		and p.revoked_at is null
		and p.expires_at > now()
		and private.has_role(summit, 'programme')
$$;
grant execute on function public.list_draft_previews(uuid) to authenticated;
