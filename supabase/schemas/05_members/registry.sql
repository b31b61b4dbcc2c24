-- The member registry: regions by country, one member read and changed, its history, and focal points asked by mail
-- address.

insert into private.country_regions (country, region)
select country, listed.region from (values
	('Africa',
		'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW'),
	('Asia',
		'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE'),
	('Europe',
		'AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK'),
	('Latin America and the Caribbean',
		'AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI'),
	('Northern America', 'BM CA GL PM US'),
	('Oceania', 'AQ AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS')
) as listed (region, countries), unnest(string_to_array(listed.countries, ' ')) as country;

create function private.region_of(p_country text) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce((select c.region from private.country_regions as c where c.country = p_country), '')
$$;

-- A country brings its region along; one that was chosen otherwise stays as it was chosen.
create function private.fill_region() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.region = '' or tg_op = 'UPDATE' and new.country is distinct from old.country and new.region = old.region
		and old.region = private.region_of(old.country) then
		new.region := private.region_of(new.country);
	end if;
	return new;
end
$$;

create trigger fill_region before insert or update of country, region on public.members for each row
	execute function private.fill_region();
create trigger fill_region before insert or update of country, region on public.summit_members for each row
	execute function private.fill_region();

-- What is shown of a member, as one word that changes with it: whoever saves names the one that they have read.
create function private.member_version(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(row(m.name, m.website, sm.standing, sm.sector, sm.country, sm.region)::text)
	from public.members as m left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = m.id
		where m.id = p_member
$$;

-- Writes what was given of name, website, sector, country, region and standing; the lasting record only where that is
-- the writer's.
create function private.write_member(p_summit uuid, p_member uuid, p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.may_change_member(p_member) then
		update public.members as m
		set name = coalesce(p_fields ->> 'name', m.name),
			website = case when p_fields ? 'website' then nullif(p_fields ->> 'website', '') else m.website end,
			sector = coalesce((p_fields ->> 'sector')::public.sector, m.sector),
			country = case when p_fields ? 'country' then nullif(p_fields ->> 'country', '') else m.country end,
			region = case when p_fields ? 'region' then p_fields ->> 'region' else m.region end, updated_at = now()
		where m.id = p_member and (p_fields ?| array['name', 'website', 'sector', 'country', 'region']);
	end if;
	update public.summit_members as sm
	set standing = coalesce((p_fields ->> 'standing')::public.standing, sm.standing),
		sector = coalesce((p_fields ->> 'sector')::public.sector, sm.sector),
		country = case when p_fields ? 'country' then nullif(p_fields ->> 'country', '') else sm.country end,
		region = case when p_fields ? 'region' then p_fields ->> 'region' else sm.region end
	where sm.summit_id = p_summit and sm.member_id = p_member
		and (p_fields ?| array['standing', 'sector', 'country', 'region']);
end
$$;

-- What of these fields is not as it must be; null when all is.
create function private.member_fault(p_fields jsonb) returns text
language sql immutable set search_path = '' as $$
	select case
		when p_fields ? 'name' and (p_fields ->> 'name' is null or length(p_fields ->> 'name') not between 2 and 200
			or p_fields ->> 'name' <> btrim(regexp_replace(p_fields ->> 'name', '\s+', ' ', 'g'))) then 'name'
		when p_fields ? 'website' and (coalesce(p_fields ->> 'website', '') !~ '^(https?://[^\s]{3,})?$'
			or length(p_fields ->> 'website') > 300) then 'website'
		when p_fields ? 'sector' and coalesce(p_fields ->> 'sector', '') not in ('government', 'intergovernmental',
			'civil_society', 'private_sector') then 'sector'
		when p_fields ? 'standing'
			and coalesce(p_fields ->> 'standing', '') not in ('active', 'observer', 'suspended', 'left') then 'standing'
		when p_fields ? 'country' and coalesce(p_fields ->> 'country', '') !~ '^([A-Z]{2})?$' then 'country'
		when p_fields ? 'region' and length(coalesce(p_fields ->> 'region', '')) > 80 then 'region' end
$$;

-- Answers {status: ok | conflict | invalid | taken | not_lasting | stranded | not_allowed | not_found, fault, detail}.
-- `version` is the one that was read: what somebody else changed meanwhile is not overwritten.
create function public.save_member(summit uuid, member uuid, version text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_fault text := private.member_fault(fields);
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid', 'fault', v_fault); end if;
	perform private.lock_modes(summit);
	perform from public.summit_members as sm where sm.summit_id = summit and sm.member_id = member for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if version is distinct from private.member_version(summit, member) then
		return jsonb_build_object('status', 'conflict');
	end if;
	if not private.may_change_member(member) and exists (select from public.members as m where m.id = member
		and (m.name <> coalesce(fields ->> 'name', m.name) or fields ? 'website' and m.website is distinct
			from nullif(fields ->> 'website', ''))) then
		return jsonb_build_object('status', 'not_lasting');
	end if;
	begin
		perform set_config('app.allowances', 'together', true);
		perform private.write_member(summit, member, fields);
		perform set_config('app.allowances', '', true);
		perform private.settle_allowances(summit);
	exception
		when unique_violation then return jsonb_build_object('status', 'taken');
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'stranded', 'detail', v_detail);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_member(uuid, uuid, text, jsonb) to authenticated;

-- Seats of each member and mode, counted once for a list.
create function private.member_seats(p_summit uuid)
	returns table (member_id uuid, mode public.attendance_mode, held bigint, taken bigint)
language sql stable security definer set search_path = '' as $$
	select s.member_id, s.mode, count(*) filter (where s.state = 'held'), count(*) filter (where s.state = 'taken')
	from public.seats as s where s.summit_id = p_summit and s.state <> 'released' and s.member_id is not null
		group by s.member_id, s.mode
$$;

create function private.member_waiting(p_summit uuid)
	returns table (member_id uuid, mode public.attendance_mode, waiting bigint)
language sql stable security definer set search_path = '' as $$
	select r.member_id, q.mode, count(*)
		from public.queue_entries as q join public.registrations as r on r.id = q.registration_id
	where q.summit_id = p_summit and q.state = 'waiting' and r.member_id is not null group by r.member_id, q.mode
$$;

-- For registration and finance: members with their seats, their waiting and their focal points. Filters: query,
-- sectors, country, region, standing, focal (with | without), seats (none | some | full | waiting | exception). {total,
-- members: [{id, code, name, sector, country, region, standing, website, focal, seats: {mode: {ceiling, own, held,
-- taken, waiting}}}], countries, regions}; null when not allowed.
create function public.list_members(summit uuid, filters jsonb default '{}', page_size integer
	default 50, page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return (with words as (
		select array_agg('%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%') as patterns
		from regexp_split_to_table(private.folded(btrim(left(coalesce(filters ->> 'query', ''), 100))), '\s+') as word
			where word <> ''
	), modes as (
		select sm.member_id, jsonb_object_agg(mode.mode,
			jsonb_build_object('ceiling', coalesce(e.ceiling, p.ceiling, 0), 'own', e.ceiling is not null,
				'held', coalesce(u.held, 0), 'taken', coalesce(u.taken, 0), 'waiting',
					coalesce(w.waiting, 0))) as seats,
			sum(coalesce(u.held, 0) + coalesce(u.taken, 0)) as used, sum(coalesce(w.waiting, 0)) as waiting,
			bool_or(coalesce(u.held, 0) + coalesce(u.taken, 0) >= coalesce(e.ceiling, p.ceiling, 0)) as is_full,
				bool_or(e.ceiling is not null) as has_own
		from public.summit_members as sm
		cross join unnest(enum_range(null::public.attendance_mode)) as mode
		left join public.allocation_exceptions as e on e.summit_id = sm.summit_id and e.member_id = sm.member_id
			and e.mode = mode.mode
		left join public.allocation_policies as p on p.summit_id = sm.summit_id and p.sector = sm.sector
			and p.mode = mode.mode
		left join private.member_seats(list_members.summit) as u on u.member_id = sm.member_id and u.mode = mode.mode
		left join private.member_waiting(list_members.summit) as w on w.member_id = sm.member_id and w.mode = mode.mode
		where sm.summit_id = list_members.summit group by sm.member_id
	), focal as (
		select f.member_id, jsonb_agg(p.display_name order by p.display_name) as names
		from public.focal_points as f join public.people as p on p.id = f.person_id
		where f.summit_id = list_members.summit and (f.until is null or f.until > now()) group by f.member_id
	), found as (
		select m.id, m.code, m.name, m.website, sm.sector, sm.country, sm.region, sm.standing, modes.seats, focal.names
		from public.summit_members as sm join public.members as m on m.id = sm.member_id
		join modes on modes.member_id = m.id left join focal on focal.member_id = m.id, words
		where sm.summit_id = list_members.summit
			and (words.patterns is null or private.folded(m.name) like all (words.patterns)
				or m.code = upper(btrim(filters ->> 'query')))
			and (not filters ? 'sectors' or filters -> 'sectors' ? sm.sector::text)
			and (not filters ? 'country' or sm.country = filters ->> 'country')
			and (not filters ? 'region' or sm.region = filters ->> 'region')
			and (not filters ? 'standing' or sm.standing::text = filters ->> 'standing')
			and case filters ->> 'focal' when 'with' then focal.names is not null
				when 'without' then focal.names is null else true end
			and case filters ->> 'seats' when 'none' then modes.used = 0 when 'some' then modes.used > 0
				when 'full' then modes.is_full
				when 'waiting' then modes.waiting > 0 when 'exception' then modes.has_own else true end
	), page as (
		select * from found order by name, id limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object('total', (select count(*) from found),
		'countries', (select coalesce(jsonb_agg(distinct sm.country), '[]') from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.country is not null),
		'regions', (select coalesce(jsonb_agg(distinct sm.region), '[]') from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.region <> ''),
		'members', coalesce(jsonb_agg(jsonb_build_object('id', page.id, 'code', page.code, 'name', page.name, 'sector',
			page.sector, 'country', page.country,
			'region', page.region, 'standing', page.standing, 'website', page.website, 'seats', page.seats, 'focal',
				coalesce(page.names, '[]'))
			order by page.name, page.id), '[]')) from page);
end
$$;
grant execute on function public.list_members(uuid, jsonb, integer, integer) to authenticated;

-- Writes the offer and its mail. What was answered is asked again only on purpose. `p_address`: {hash, sealed, key_id,
-- hint}.
create function private.invite_focal(p_summit uuid, p_member uuid, p_address jsonb, p_again boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_mail uuid;
begin
	insert into private.focal_invitations as i (summit_id, member_id, address_hash, address_sealed, key_id, hint,
		invited_by)
	values (p_summit, p_member, decode(p_address ->> 'hash', 'hex'), decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id', coalesce(p_address ->> 'hint', ''), private.me())
	on conflict (summit_id, member_id, address_hash) do update
		set state = 'open', answered_at = null, invited_at = now(), expires_at = excluded.expires_at,
		invited_by = excluded.invited_by, address_sealed = excluded.address_sealed, key_id = excluded.key_id
	where p_again or i.state = 'open' and i.expires_at <= now()
	returning i.id into v_id;
	if v_id is null then return; end if;
	insert into private.outbox (address_sealed, key_id, template, locale, params, summit_id, once_key, priority)
	select i.address_sealed, i.key_id, 'focal_invited',
		coalesce((select tag from unnest(s.languages) with ordinality as spoken (tag, place)
			where tag in ('en', 'fr', 'es', 'ar') order by place limit 1), 'en'),
		jsonb_build_object('member', m.name, 'until', private.iso(i.expires_at)), p_summit, 'focal:' || i.id || ':'
			|| current_date, 9
	from private.focal_invitations as i join public.summits as s on s.id = i.summit_id
		join public.members as m on m.id = i.member_id where i.id = v_id
	on conflict (once_key) do nothing returning id into v_mail;
	if v_mail is not null then perform private.tell('outbox', 'mail', v_mail); end if;
end
$$;

create function private.is_sealed_address(p_address jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_address) = 'object' and coalesce(p_address ->> 'hash', '') ~ '^[0-9a-f]{64}$'
		and coalesce(p_address ->> 'sealed', '') ~ '^([0-9a-f]{2})+$'
		and length(p_address ->> 'sealed') between 32 and 4096
		and coalesce(p_address ->> 'key_id', '') <> '' and length(coalesce(p_address ->> 'hint', '')) <= 200
$$;

-- Answers ok, invalid, limited (500 a day for whoever asks), not_allowed or not_found, whoever's address it is.
create function public.invite_focal_point(summit uuid, member uuid, address jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return 'not_allowed'; end if;
	if not exists (select from public.summit_members as sm where sm.summit_id = summit and sm.member_id = member) then
		return 'not_found';
	end if;
	if not private.is_sealed_address(address) then return 'invalid'; end if;
	if (select count(*) from private.focal_invitations as i
		where i.invited_by = private.me() and i.invited_at > now() - interval '1 day') >= 500 then
		return 'limited';
	end if;
	perform private.invite_focal(summit, member, address, true);
	return 'ok';
end
$$;
grant execute on function public.invite_focal_point(uuid, uuid, jsonb) to authenticated;

create function public.withdraw_focal_invitation(invitation uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.focal_invitations as i set state = 'withdrawn', answered_at = now()
	where i.id = invitation and i.state = 'open' and private.has_role(i.summit_id, 'registration');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.withdraw_focal_invitation(uuid) to authenticated;

create function private.my_focal_invitations() returns setof private.focal_invitations
language sql stable security definer set search_path = '' as $$
	select i.* from private.focal_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash and a.person_id = private.me()
		and a.verified_at is not null
	where i.state = 'open' and i.expires_at > now()
$$;

-- Open offers to the addresses that the reader has proven: [{id, member, until}]
create function public.my_focal_invitations(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'member', m.name, 'until', private.iso(i.expires_at))
		order by i.invited_at, i.id), '[]')
	from private.my_focal_invitations() as i join public.members as m on m.id = i.member_id
		where i.summit_id = my_focal_invitations.summit
$$;
grant execute on function public.my_focal_invitations(uuid) to authenticated;

-- Answers ok or not_found.
create function public.answer_focal_invitation(invitation uuid, accept boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.focal_invitations;
begin
	perform from private.focal_invitations as i where i.id = invitation for update;
	select * into v_i from private.my_focal_invitations() as i where i.id = invitation;
	if not found or accept is null then return 'not_found'; end if;
	update private.focal_invitations as i
		set state = case when accept then 'accepted' else 'declined' end, answered_at = now() where i.id = invitation;
	if accept then
		insert into public.focal_points (summit_id, member_id, person_id)
			values (v_i.summit_id, v_i.member_id, private.me())
		on conflict (summit_id, member_id, person_id) do update set until = null;
	end if;
	perform private.tell('person:' || private.me(), 'rights');
	return 'ok';
end
$$;
grant execute on function public.answer_focal_invitation(uuid, boolean) to authenticated;

-- One member of a Summit for registration and finance: its record, seats, focal points, people. A merged one answers
-- {moved_to}.
create function public.read_member(summit uuid, member uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return coalesce((select jsonb_build_object('id', m.id, 'code', m.code, 'name', m.name, 'website', m.website,
		'sector', sm.sector, 'country', sm.country,
			'region', sm.region, 'standing', sm.standing, 'version', private.member_version(read_member.summit, m.id),
				'is_lasting', private.may_change_member(m.id),
			'seats', (select jsonb_agg(jsonb_build_object('mode', mode.mode, 'ceiling',
				private.ceiling_of(read_member.summit, m.id, mode.mode),
					'policy', coalesce((select p.ceiling from public.allocation_policies as p
						where p.summit_id = read_member.summit and p.sector = sm.sector and p.mode = mode.mode), 0),
					'held', coalesce(u.held, 0), 'taken', coalesce(u.taken, 0), 'waiting', coalesce(w.waiting, 0),
					'exception', (select jsonb_build_object('ceiling', e.ceiling, 'reason', e.reason, 'reserved_until',
						private.iso(e.reserved_until))
						from public.allocation_exceptions as e where e.summit_id = read_member.summit
							and e.member_id = m.id and e.mode = mode.mode)) order by mode.mode)
				from unnest(enum_range(null::public.attendance_mode)) as mode
				left join private.member_seats(read_member.summit) as u on u.member_id = m.id and u.mode = mode.mode
				left join private.member_waiting(read_member.summit) as w on w.member_id = m.id and w.mode = mode.mode),
			'focal', (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name, 'office',
				p.office, 'since', private.iso(f.since)) order by p.display_name), '[]')
				from public.focal_points as f join public.people as p on p.id = f.person_id
				where f.summit_id = read_member.summit and f.member_id = m.id and (f.until is null or f.until > now())),
			'invited', (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'hint', i.hint, 'until',
				private.iso(i.expires_at)) order by i.invited_at), '[]')
				from private.focal_invitations as i where i.summit_id = read_member.summit and i.member_id = m.id
					and i.state = 'open' and i.expires_at > now()
					and private.has_role(read_member.summit, 'registration')),
			'people', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'person_id', p.id,
				'reference', r.reference, 'display_name', p.display_name,
					'office', p.office, 'state', r.state, 'mode', r.mode, 'position', nullif(q.position, 0))
						order by p.display_name, r.created_at), '[]')
				from public.registrations as r join public.people as p on p.id = r.person_id
				left join lateral (select private.queue_position(e.id) as position from public.queue_entries as e
					where e.registration_id = r.id and e.state = 'waiting' order by e.mode limit 1) as q on true
				where r.summit_id = read_member.summit and r.member_id = m.id and r.state <> 'draft'))
		from public.members as m
			join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = read_member.summit
			where m.id = read_member.member),
		(select jsonb_build_object('moved_to', g.kept_id) from private.merged_members as g
			where g.dropped_id = read_member.member));
end
$$;
grant execute on function public.read_member(uuid, uuid) to authenticated;

-- What was done with a member, newest first, from the audit: its record for all, the rest at this Summit only. [{at,
-- actor, what: member | standing | focal | exception | merged, action, reason, person, mode, changes: [{field, from,
-- to}]}]
create function public.member_history(summit uuid, member uuid, most integer default 100) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'registration') then return null; end if;
	return (with ids as (
		select member as id union select g.dropped_id from private.merged_members as g where g.kept_id = member
	), rows as (
		select 'public.members' as table_name, id::text as row_id, 'member' as what from ids
		union all select 'members.merged', id::text, 'merged' from ids
		-- A row that is gone still has its first entry, which names the member.
		union all select distinct e.table_name, e.row_id, case e.table_name when 'public.summit_members' then 'standing'
			when 'public.focal_points' then 'focal' else 'exception' end
		from audit.entries as e
		where e.summit_id = member_history.summit
			and e.table_name in ('public.summit_members', 'public.focal_points', 'public.allocation_exceptions')
			and coalesce(e.new_values, e.old_values) ->> 'member_id' in (select id::text from ids)
	), listed as (
		select e.*, rows.what
			from audit.entries as e join rows on rows.table_name = e.table_name and rows.row_id = e.row_id
		where e.summit_id is null or e.summit_id = member_history.summit
		order by e.at desc, e.id desc limit greatest(1, least(most, 500))
	)
	select coalesce(jsonb_agg(jsonb_build_object('at', private.iso(l.at), 'what', l.what, 'action', l.action, 'reason',
		l.reason,
		'actor', (select p.display_name from public.people as p where p.id = l.actor_person),
		'person', (select p.display_name from public.people as p where p.id = l.person_id),
		'mode', (select coalesce(f.new_values, f.old_values) ->> 'mode' from audit.entries as f
			where l.what = 'exception' and f.table_name = l.table_name and f.row_id = l.row_id
				and coalesce(f.new_values, f.old_values) ? 'mode' limit 1),
		'changes', (select coalesce(jsonb_agg(jsonb_build_object('field', field, 'from', l.old_values -> field, 'to',
			l.new_values -> field) order by field), '[]')
			from unnest(case when l.action = 'event' then array['name', 'code'] else l.changed end) as field
			where field in ('name', 'website', 'sector', 'country', 'region', 'standing', 'ceiling', 'reserved_until',
				'reason', 'until', 'code'))) order by l.at desc, l.id desc), '[]')
	from listed as l);
end
$$;
grant execute on function public.member_history(uuid, uuid, integer) to authenticated;
