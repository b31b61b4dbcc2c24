-- Creating a Summit from an earlier edition: its settings, lists and texts are copied, and nothing of what happened
-- there.

-- A deadline of an earlier edition at a new one: as many days from the first day, at the same time on the clock of the
-- venue, and no later than the end.
create function private.shift_deadline(p_at timestamptz, p_from public.summits, p_to public.summits)
	returns timestamptz
language sql stable set search_path = '' as $$
	select case when p_at is not null then least(
		((p_at at time zone p_from.zone) + (p_to.starts_on - p_from.starts_on) * interval '1 day') at time zone p_to.zone,
		private.summit_end(p_to)) end
$$;

-- The settings that a new edition takes over from an earlier one, deadlines moved to its dates. The place is not among
-- them. `p_new` has the dates and the zone.
create function private.template_settings(p_from public.summits, p_new public.summits) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_opens timestamptz := private.shift_deadline(p_from.registration_opens_at, p_from, p_new);
	v_closes timestamptz := private.shift_deadline(p_from.registration_closes_at, p_from, p_new);
begin
	return jsonb_build_object(
		'summary', p_from.summary,
		'languages', p_from.languages,
		'currency', p_from.currency,
		'registration_opens_at', v_opens,
		-- A shorter edition may end before the old deadline.
		'registration_closes_at', case when v_opens is null or v_closes > v_opens then v_closes end,
		'nominations_close_at', private.shift_deadline(p_from.nominations_close_at, p_from, p_new),
		'names_freeze_at', private.shift_deadline(p_from.names_freeze_at, p_from, p_new),
		'logistics_due_at', private.shift_deadline(p_from.logistics_due_at, p_from, p_new),
		'refund_until', private.shift_deadline(p_from.refund_until, p_from, p_new),
		'refund_percent', p_from.refund_percent,
		'review_days', p_from.review_days,
		'payment_days', p_from.payment_days,
		'offer_hours', p_from.offer_hours);
end
$$;

-- Copies the rows that a table has for one Summit to another, in place of what is there; `p_only` is a condition on
-- them. The statements are dynamic because the table is an argument; only private.copy_edition_parts calls it.
create function private.copy_summit_rows(p_table regclass, p_from uuid, p_to uuid, p_only text default 'true')
	returns void
language plpgsql volatile set search_path = '' as $$
begin
	execute format('delete from %s where summit_id = $1', p_table) using p_to;
	execute format('insert into %1$s
		select (jsonb_populate_record(t, jsonb_build_object(''id'', gen_random_uuid(), ''summit_id'', $2))).*
		from %1$s as t
		where t.summit_id = $1 and %2$s', p_table, p_only) using p_from, p_to;
end
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
		'fees', array['public.vat_rates'],
		'forms', array['public.consent_items'],
		'wordings', array['public.mail_settings']);
begin
	for v_table in
		select t.name::regclass
		from jsonb_each(v_tables) as part, jsonb_array_elements_text(part.value) as t (name)
		where part.key = any (p_parts)
	loop
		-- Rates of tax that ended are those of what the earlier edition charged.
		perform private.copy_summit_rows(
			v_table, p_from.id, p_to.id,
			case v_table when 'public.vat_rates'::regclass then 't.ended_at is null' else 'true' end
		);
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
		-- At their new dates at once, because fees never overlap. Without those that would never apply.
		insert into public.fees (summit_id, mode, category, sector, amount, currency, valid_from, valid_until)
		select p_to.id, f.mode, f.category, f.sector, f.amount, f.currency, w.valid_from, w.valid_until
		from public.fees as f
		cross join lateral (
			select private.shift_deadline(f.valid_from, p_from, p_to) as valid_from,
				private.shift_deadline(f.valid_until, p_from, p_to) as valid_until
		) as w
		where f.summit_id = p_from.id
			and coalesce(w.valid_from < least(w.valid_until, private.summit_end(p_to)), true);
		-- Of the settings about money only whether nobody pays.
		insert into public.money_settings (summit_id, has_no_fees)
		select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	end if;
	if 'surveys' = any (p_parts) then perform private.copy_surveys(p_from, p_to); end if;
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

-- The members in good standing, as they were at the earlier edition, with focal points whose end is not set. Not those
-- who have since been suspended or have left.
create function private.copy_members(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.summit_members (summit_id, member_id, standing, sector, country, region)
	select p_to, m.member_id, m.standing, m.sector, m.country, m.region
	from public.summit_members as m
	where m.summit_id = p_from
		and m.standing in ('active', 'observer')
		and (
			select n.standing
			from public.summit_members as n
			join private.real_summits as s on s.id = n.summit_id and (s.state <> 'draft' or s.id = p_from)
			where n.member_id = m.member_id
			order by s.starts_on desc, s.id
			limit 1) in ('active', 'observer');
	insert into public.focal_points (summit_id, member_id, person_id)
	select p_to, f.member_id, f.person_id
	from public.focal_points as f
	join public.summit_members as m on m.summit_id = p_to and m.member_id = f.member_id
	where f.summit_id = p_from and f.until is null;
end
$$;

-- The roles for the earlier edition that one owner may give; those that need a second person are proposed again. As
-- with `grant_role`, their holders learn of it.
create function private.copy_roles(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_grant record;
begin
	for v_grant in
		select distinct g.person_id, g.role
		from private.live_grants as g
		where g.summit_id = p_from and g.until is null and not private.needs_second_person(g.role)
	loop
		perform private.insert_role_grant(v_grant.person_id, v_grant.role, p_to, null, private.me(), null, null);
		perform private.publish_event('person:' || v_grant.person_id, 'rights');
		perform private.enqueue_mail(v_grant.person_id, 'role_granted', jsonb_build_object('role', v_grant.role), p_to);
	end loop;
end
$$;

-- How long data is kept, as owners have set it for the earlier edition alone, and whether watching recordings counts.
create function private.copy_data_settings(p_from public.summits, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	update public.summits as s set counts_watching = p_from.counts_watching where s.id = p_to;
	insert into private.retention_periods (class, summit_id, days, set_by)
	select newest.class, p_to, newest.days, private.actor()
	from (
		select distinct on (p.class) p.class, p.days
		from private.retention_periods as p
		where p.summit_id = p_from.id and p.withdrawn_at is null
		order by p.class, p.id desc) as newest
	where newest.days is not null;
end
$$;

-- What rooms have, and the walking times between them; rooms of two editions are the same by their slug.
create function private.copy_room_facts(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.room_equipment
	select (jsonb_populate_record(e, jsonb_build_object('room_id', new.id, 'summit_id', p_to))).*
	from public.room_equipment as e
	join public.rooms as old on old.id = e.room_id
	join public.rooms as new on new.summit_id = p_to and new.slug = old.slug
	where e.summit_id = p_from;
	insert into public.walking_times (summit_id, first_room_id, second_room_id, minutes)
	select p_to, least(one.id, other.id), greatest(one.id, other.id), w.minutes
	from public.walking_times as w
	join public.rooms as old_one on old_one.id = w.first_room_id
	join public.rooms as old_other on old_other.id = w.second_room_id
	join public.rooms as one on one.summit_id = p_to and one.slug = old_one.slug
	join public.rooms as other on other.summit_id = p_to and other.slug = old_other.slug
	where w.summit_id = p_from;
end
$$;

-- The newest wording of each mail that is not the default, as the first version.
create function private.copy_mail_texts(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.mail_texts (summit_id, template, locale, version, subject, body, saved_by)
	select p_to, newest.template, newest.locale, 1, newest.subject, newest.body, private.actor()
	from (
		select distinct on (t.template, t.locale) t.*
		from public.mail_texts as t
		where t.summit_id = p_from
		order by t.template, t.locale, t.version desc) as newest
	where newest.body is not null;
end
$$;

-- The call for proposals with the formats and tracks of the new edition; none when it would close before it opens.
create function private.copy_call(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into private.calls (
		summit_id, opens_at, closes_at, text, format_ids, track_ids, max_per_person, is_anonymous)
	select p_to.id, private.shift_deadline(c.opens_at, p_from, p_to), private.shift_deadline(c.closes_at, p_from, p_to),
		c.text,
		array(select new.id
			from public.formats as old
			join public.formats as new on new.summit_id = p_to.id and new.slug = old.slug
			where old.id = any (c.format_ids)),
		array(select new.id
			from public.tracks as old
			join public.tracks as new on new.summit_id = p_to.id and new.slug = old.slug
			where old.id = any (c.track_ids)),
		c.max_per_person, c.is_anonymous
	from private.calls as c
	where c.summit_id = p_from.id
		and private.shift_deadline(c.opens_at, p_from, p_to) < private.shift_deadline(c.closes_at, p_from, p_to);
end
$$;

-- The surveys as drafts, with their questions, choices and conditions. The time of a day stays the same on the clock of the
-- venue: a form for sessions opens as many days from the first day and closes as many from the last one; a survey about the
-- Summit, or a follow-up, is as many days from the last day, also long after it.
create function private.copy_surveys(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v record;
	v_opens timestamptz;
	v_closes timestamptz;
	v_new uuid;
begin
	for v in select s.* from private.surveys as s where s.summit_id = p_from.id order by s.created_at, s.id loop
		v_opens := ((v.opens_at at time zone p_from.zone) + interval '1 day'
			* case v.kind when 'session' then p_to.starts_on - p_from.starts_on else p_to.ends_on - p_from.ends_on end)
			at time zone p_to.zone;
		v_closes := ((v.closes_at at time zone p_from.zone) + interval '1 day' * (p_to.ends_on - p_from.ends_on))
			at time zone p_to.zone;
		-- A shorter edition may end before the form would open.
		if v_closes <= v_opens then
			v_closes := ((v_opens at time zone p_to.zone)
				+ ((v.closes_at at time zone p_from.zone) - (v.opens_at at time zone p_from.zone))) at time zone p_to.zone;
		end if;
		insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours, created_at)
		values (p_to.id, v.kind, v.title, v.intro, v_opens, v_closes, v.hours, clock_timestamp())
		returning id into v_new;
		insert into private.survey_questions
		select (jsonb_populate_record(q, jsonb_build_object('id', gen_random_uuid(), 'survey_id', v_new))).*
		from private.survey_questions as q
		where q.survey_id = v.id;
	end loop;
end
$$;

-- The parts of an edition that can be copied; its settings always are.
create function private.edition_parts() returns text[]
language sql immutable set search_path = '' as $$
	select array['rooms', 'programme', 'seats', 'fees', 'forms', 'surveys', 'wordings', 'pages', 'checkpoints', 'members',
		'roles']
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
	parts text[] default '{rooms,programme,seats,fees,forms,surveys,wordings,pages,checkpoints}'
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
	-- Both give people rights.
	if parts && array['members', 'roles'] then perform private.require_confirmation(); end if;
	begin
		v_new := jsonb_populate_record(v_from, settings);
	exception when data_exception or check_violation then
		return jsonb_build_object('status', 'invalid', 'faults', array['starts_on', 'ends_on']);
	end;
	v_made := public.create_summit(private.template_settings(v_from, v_new) || settings);
	if v_made ->> 'status' <> 'ok' then return v_made; end if;
	select * into v_new from public.summits where slug = settings ->> 'slug';
	insert into private.edition_origins (summit_id, from_id) values (v_new.id, v_from.id);
	perform private.copy_data_settings(v_from, v_new.id);
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
			where b.block -> 'people' = '[]' or b.block -> 'sessions' = '[]' and b.block ->> 'track' is null)),
		(5, 'draft_pages', (select count(*) from private.pages as p
			where p.summit_id = p_summit and p.published is null)),
		(6, 'published_pages', (select count(*)
			from private.edition_origins as o
			join private.pages as p on p.summit_id = o.summit_id
			join private.page_versions as v on v.page_id = p.id and v.number = p.published
			where o.summit_id = p_summit and v.published_at <= o.copied_at)),
		(7, 'wordings', (select count(distinct t.template) from public.mail_texts as t where t.summit_id = p_summit)),
		(8, 'surveys', (select count(*) from private.surveys as s
			where s.summit_id = p_summit and s.published_at is null)),
		(9, 'members_left', (select count(*) from public.summit_members as o
			where o.summit_id = p_from
				and exists (select from here)
				and not exists (select from here as h where h.member_id = o.member_id))),
		(10, 'no_focal_point', (select count(*) from here as h
			where h.standing in ('active', 'observer')
				and not exists (select from public.focal_points as f
					where f.summit_id = p_summit and f.member_id = h.member_id
						and (f.until is null or f.until > now())))),
		(11, 'roles', (select count(*) from private.live_grants as g
			where g.summit_id = p_from
				and not exists (select from private.live_grants as n
					where n.summit_id = p_summit and n.person_id = g.person_id and n.role = g.role)))
$$;
