-- A new edition takes over chosen parts of an earlier one, with members and roles; what to look at afterwards.

drop function public.create_summit_from(uuid, jsonb);
drop function private.copy_summit_lists(public.summits, public.summits);

-- The parts of an edition that can be copied; its settings always are.
create function private.edition_parts() returns text[]
language sql immutable set search_path = '' as $$
	select array['rooms', 'programme', 'seats', 'fees', 'forms', 'wordings', 'pages', 'checkpoints', 'members', 'roles']
$$;

-- Copies the chosen parts of an edition to a new one. Never copied: registrations, sessions, contacts, devices at the
-- door, safeguarding, bank details, letterheads with a signatory's name, and what was sent.
create function private.copy_edition_parts(p_from public.summits, p_to public.summits, p_parts text[]) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table regclass;
	v_tables jsonb := jsonb_build_object(
		'rooms', array['public.rooms'],
		'programme', array['public.tracks', 'public.formats', 'public.check_settings', 'public.check_limits',
			'private.participation_defaults', 'private.schedule_settings', 'private.speaker_settings',
			'private.file_settings', 'private.review_criteria'],
		'seats', array['public.mode_capacities', 'public.allocation_policies', 'public.seat_ceilings', 'public.pools',
			'public.accreditation_settings', 'public.figure_settings'],
		'fees', array['public.fees'],
		'forms', array['public.consent_items'],
		'wordings', array['public.mail_settings']);
begin
	for v_table in
		select t.name::regclass
		from jsonb_each(v_tables) as part, jsonb_array_elements_text(part.value) as t (name)
		where part.key = any (p_parts)
	loop
		perform private.copy_summit_rows(v_table, p_from.id, p_to.id);
	end loop;
	if 'rooms' = any (p_parts) then perform private.copy_room_facts(p_from.id, p_to.id); end if;
	if 'programme' = any (p_parts) then
		perform private.copy_summit_rows('public.summit_texts', p_from.id, p_to.id, 't.kind = ''debrief''');
		perform private.copy_summit_rows('private.call_questions', p_from.id, p_to.id, 't.retired_at is null');
		perform private.copy_call(p_from, p_to);
	end if;
	if 'forms' = any (p_parts) then
		perform private.copy_summit_rows('public.logistics_fields', p_from.id, p_to.id, 't.retired_at is null');
	end if;
	if 'fees' = any (p_parts) then
		-- Of the settings about money only whether nobody pays.
		insert into public.money_settings (summit_id, has_no_fees)
		select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	end if;
	if 'wordings' = any (p_parts) then perform private.copy_mail_texts(p_from.id, p_to.id); end if;
	if 'pages' = any (p_parts) then perform private.copy_pages(p_from.id, p_to.id); end if;
	if 'checkpoints' = any (p_parts) then perform private.copy_checkpoints(p_from, p_to); end if;
	if 'members' = any (p_parts) then perform private.copy_members(p_from.id, p_to.id); end if;
	if 'roles' = any (p_parts) then perform private.copy_roles(p_from.id, p_to.id); end if;
	perform private.shift_copied_deadlines(p_from, p_to);
end
$$;

-- Moves the deadlines that have tables of their own.
create function private.shift_copied_deadlines(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
begin
	update public.fees as f
	set valid_from = private.shift_deadline(f.valid_from, p_from, p_to),
		valid_until = private.shift_deadline(f.valid_until, p_from, p_to)
	where f.summit_id = p_to.id and coalesce(f.valid_from, f.valid_until) is not null;
	update private.speaker_settings as s
	set profile_due_at = private.shift_deadline(s.profile_due_at, p_from, p_to),
		texts_due_at = private.shift_deadline(s.texts_due_at, p_from, p_to),
		availability_due_at = private.shift_deadline(s.availability_due_at, p_from, p_to),
		check_due_at = private.shift_deadline(s.check_due_at, p_from, p_to)
	where s.summit_id = p_to.id;
	update private.file_settings as f
	set due_at = private.shift_deadline(f.due_at, p_from, p_to)
	where f.summit_id = p_to.id;
end
$$;

-- The entrances, and the checkpoints of rooms that the new edition has too. Those of sessions are of the earlier one.
create function private.copy_checkpoints(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.checkpoints (
		summit_id, kind, name, room_id, capacity, both_ways, categories, opens_at, closes_at, position)
	select p_to.id, c.kind, c.name, new.id, c.capacity, c.both_ways, c.categories,
		private.shift_deadline(c.opens_at, p_from, p_to), private.shift_deadline(c.closes_at, p_from, p_to), c.position
	from public.checkpoints as c
	left join public.rooms as old on old.id = c.room_id
	left join public.rooms as new on new.summit_id = p_to.id and new.slug = old.slug
	where c.summit_id = p_from.id
		and c.ended_at is null
		and c.session_id is null
		and (c.room_id is null or new.id is not null)
		-- In a shorter edition both could be moved to its end.
		and coalesce(private.shift_deadline(c.opens_at, p_from, p_to)
			< private.shift_deadline(c.closes_at, p_from, p_to), true);
end
$$;

-- The members in good standing, as they were at the earlier edition, with the focal points who have not ended.
create function private.copy_members(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.summit_members (summit_id, member_id, standing, sector, country, region)
	select p_to, m.member_id, m.standing, m.sector, m.country, m.region
	from public.summit_members as m
	where m.summit_id = p_from and m.standing in ('active', 'observer');
	insert into public.focal_points (summit_id, member_id, person_id)
	select p_to, f.member_id, f.person_id
	from public.focal_points as f
	join public.summit_members as m on m.summit_id = p_to and m.member_id = f.member_id
	where f.summit_id = p_from and (f.until is null or f.until > now());
end
$$;

-- The roles for the earlier edition that one owner may give; those that need a second person are proposed again.
create function private.copy_roles(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.role_grants (person_id, role, summit_id, granted_by)
	select distinct g.person_id, g.role, p_to, private.me()
	from private.live_grants as g
	where g.summit_id = p_from and g.until is null and not private.needs_second_person(g.role);
end
$$;

-- Which edition a Summit was created from.
create table private.edition_origins (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	from_id uuid not null references public.summits (id) on delete cascade,
	copied_at timestamptz not null default now()
);
create index on private.edition_origins (from_id);
alter table private.edition_origins enable row level security;
select audit.watch('private.edition_origins');

-- Creates a Summit as a draft from an earlier edition, with the given settings before its own; `parts`: what else is
-- copied, by default all but members and roles. For owners of all Summits. Answers as `create_summit`:
-- {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
create function public.create_summit_from(
	template uuid,
	settings jsonb,
	parts text[] default '{rooms,programme,seats,fees,forms,wordings,pages,checkpoints}'
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_from public.summits;
	v_new public.summits;
	v_faults text[] := private.invalid_summit_settings(settings);
	v_made jsonb;
begin
	if not private.has_role(null, 'owner') or not private.has_role(template, 'owner') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_from from public.summits where id = template;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if parts is null or not parts <@ private.edition_parts() then v_faults := v_faults || array['parts']; end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		v_new := jsonb_populate_record(v_from, settings);
	exception when data_exception or check_violation then
		return jsonb_build_object('status', 'invalid', 'faults', array['starts_on', 'ends_on']);
	end;
	v_made := public.create_summit(private.template_settings(v_from, v_new) || settings);
	if v_made ->> 'status' <> 'ok' then return v_made; end if;
	select * into v_new from public.summits where slug = settings ->> 'slug';
	insert into private.edition_origins (summit_id, from_id) values (v_new.id, v_from.id);
	perform private.copy_edition_parts(v_from, v_new, parts);
	return v_made;
end
$$;
grant execute on function public.create_summit_from(uuid, jsonb, text[]) to authenticated;

-- What an owner looks at in a Summit that was created from an earlier edition: {from: {slug, name}, items: [{key,
-- count}]}, items in the order of the work and only those with something to look at. Null for others, and where the
-- Summit was not.
create function public.read_copied_edition(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_from public.summits;
begin
	select s.* into v_from
	from private.edition_origins as o
	join public.summits as s on s.id = o.from_id
	where o.summit_id = summit;
	if not found or not private.has_role(summit, 'owner') then return null; end if;
	return jsonb_build_object(
		'from', jsonb_build_object('slug', v_from.slug, 'name', v_from.name),
		'items', (
			select coalesce(jsonb_agg(jsonb_build_object('key', i.key, 'count', i.count) order by i.place), '[]')
			from private.copied_edition_items(summit, v_from.id) as i
			where i.count > 0));
end
$$;
grant execute on function public.read_copied_edition(uuid) to authenticated;

-- How much there is to look at, of each kind.
create function private.copied_edition_items(p_summit uuid, p_from uuid)
	returns table (place integer, key text, count bigint)
language sql stable set search_path = '' as $$
	with here as (
		select m.* from public.summit_members as m where m.summit_id = p_summit
	), blocks as (
		select p.id, b.value as block
		from private.pages as p, jsonb_array_elements(p.blocks) as b
		where p.summit_id = p_summit
	)
	values
		(1, 'deadlines', (select count(*)
			from public.summits as s, unnest(array[s.registration_opens_at, s.registration_closes_at,
				s.nominations_close_at, s.names_freeze_at, s.logistics_due_at, s.refund_until]) as d (at)
			where s.id = p_summit and d.at < now())),
		(2, 'fees', (select count(*) from public.fees as f where f.summit_id = p_summit)),
		(3, 'consents', (select count(*) from public.consent_items as c where c.summit_id = p_summit)),
		(4, 'empty_pages', (select count(distinct b.id) from blocks as b
			where b.block -> 'people' = '[]' or b.block -> 'sessions' = '[]')),
		(5, 'draft_pages', (select count(*) from private.pages as p
			where p.summit_id = p_summit and p.published is null)),
		(6, 'wordings', (select count(distinct t.template) from public.mail_texts as t where t.summit_id = p_summit)),
		(7, 'members_left', (select count(*) from public.summit_members as o
			where o.summit_id = p_from
				and exists (select from here)
				and not exists (select from here as h where h.member_id = o.member_id))),
		(8, 'no_focal_point', (select count(*) from here as h
			where h.standing in ('active', 'observer')
				and not exists (select from public.focal_points as f
					where f.summit_id = p_summit and f.member_id = h.member_id
						and (f.until is null or f.until > now())))),
		(9, 'roles', (select count(*) from private.live_grants as g
			where g.summit_id = p_from
				and not exists (select from private.live_grants as n
					where n.summit_id = p_summit and n.person_id = g.person_id and n.role = g.role)))
$$;

insert into private.retention_rules (table_name, exemption) values ('private.edition_origins', 'settings');
