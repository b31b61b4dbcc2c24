-- A new edition takes over the surveys of the earlier one, as drafts.

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
		if v_closes <= v_opens then v_closes := v_opens + (v.closes_at - v.opens_at); end if;
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

-- Copies the chosen parts of an edition to a new one. Never copied: registrations, sessions, contacts, devices at the
-- door, safeguarding, bank details, letterheads with a signatory's name, and what was sent.
create or replace function private.copy_edition_parts(p_from public.summits, p_to public.summits, p_parts text[]) returns void
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
	if 'surveys' = any (p_parts) then perform private.copy_surveys(p_from, p_to); end if;
	if 'wordings' = any (p_parts) then perform private.copy_mail_texts(p_from.id, p_to.id); end if;
	if 'pages' = any (p_parts) then perform private.copy_pages(p_from.id, p_to.id); end if;
	if 'checkpoints' = any (p_parts) then perform private.copy_checkpoints(p_from, p_to); end if;
	if 'members' = any (p_parts) then perform private.copy_members(p_from.id, p_to.id); end if;
	if 'roles' = any (p_parts) then perform private.copy_roles(p_from.id, p_to.id); end if;
	perform private.shift_copied_deadlines(p_from, p_to);
end
$$;

-- The parts of an edition that can be copied; its settings always are.
create or replace function private.edition_parts() returns text[]
language sql immutable set search_path = '' as $$
	select array['rooms', 'programme', 'seats', 'fees', 'forms', 'surveys', 'wordings', 'pages', 'checkpoints', 'members',
		'roles']
$$;

-- Creates a Summit as a draft from an earlier edition, with the given settings before its own; `parts`: what else is
-- copied, by default all but members and roles. For owners of all Summits. Answers as `create_summit`:
-- {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
create or replace function public.create_summit_from(
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
	perform private.copy_edition_parts(v_from, v_new, parts);
	return v_made;
end
$$;

-- How much there is to look at, of each kind.
create or replace function private.copied_edition_items(p_summit uuid, p_from uuid)
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
		(7, 'surveys', (select count(*) from private.surveys as s
			where s.summit_id = p_summit and s.published_at is null)),
		(8, 'members_left', (select count(*) from public.summit_members as o
			where o.summit_id = p_from
				and exists (select from here)
				and not exists (select from here as h where h.member_id = o.member_id))),
		(9, 'no_focal_point', (select count(*) from here as h
			where h.standing in ('active', 'observer')
				and not exists (select from public.focal_points as f
					where f.summit_id = p_summit and f.member_id = h.member_id
						and (f.until is null or f.until > now())))),
		(10, 'roles', (select count(*) from private.live_grants as g
			where g.summit_id = p_from
				and not exists (select from private.live_grants as n
					where n.summit_id = p_summit and n.person_id = g.person_id and n.role = g.role)))
$$;
