-- Thanks after a Summit are prepared once; drafts and rehearsals do not count as editions; a new edition publishes pages of every Summit only, and takes over retention periods; impact reports follow the released figures; held egresses stay, and the API counts attendance in whole groups.

create view private.real_summits as
	select s.id, s.slug, s.name, s.zone, s.starts_on, s.ends_on, s.state from public.summits as s where not s.is_rehearsal;

drop function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text);

-- The safeguarding leads who take part in naming another: those of this Summit, else those of any.
create or replace function private.safeguarding_leads_for(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select h from private.role_holders('safeguarding', p_summit) as h
	union
	select h
	from private.real_summits as s, private.role_holders('safeguarding', s.id) as h
	where not exists (select from private.role_holders('safeguarding', p_summit))
$$;

-- Grants a role to a known person. Only an owner of the Summit may (for all Summits: an owner of all); a role that
-- needs two people is proposed. `until`: when it ends by itself. Answers ok, already, not_allowed, unknown_person or
-- invalid, and what propose_role answers.
create or replace function public.grant_role(
	person uuid, role public.organiser_role, summit uuid default null, via uuid default null,
	until timestamptz default null
) returns public.role_grant_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if role is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	perform private.require_confirmation();
	if grant_role.until <= now() or role::text = 'community' and summit is not null then return 'invalid'; end if;
	if exists (select from private.live_grants as g
		where g.person_id = person and g.role = grant_role.role and g.summit_id is not distinct from summit) then
		return 'already';
	end if;
	v_p.summit_id := summit;
	v_p.via_summit_id := coalesce(summit, via,
		(select s.id from private.real_summits as s order by s.starts_on desc, s.id limit 1));
	if private.needs_second_person(role) then
		if v_p.via_summit_id is null then return 'not_allowed'; end if;
		v_p.role := grant_role.role;
		v_p.is_deputy := false;
		v_p.person_id := person;
		v_p.until := grant_role.until;
		return private.propose_role(v_p);
	end if;
	if private.insert_role_grant(person, role, summit, null, private.me(), null, grant_role.until) <> 'ok' then
		return 'already';
	end if;
	perform private.publish_event('person:' || person, 'rights');
	perform private.enqueue_mail(person, 'role_granted', jsonb_build_object('role', grant_role.role),
		v_p.via_summit_id);
	return 'ok';
end
$$;

-- Ends a role or the task of a deputy: an owner's act or the person's own, made known to those who watch over the role.
-- Answers ok, already, not_allowed or last_owner.
create or replace function public.end_role(role_grant uuid) returns public.role_end_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_grant public.role_grants;
	v_via uuid;
	v_deputy private.concern_deputies;
begin
	-- Of two owners who end each other's role at once, the lock lets only one.
	perform pg_advisory_xact_lock(20261125);
	select * into v_deputy
	from private.concern_deputies as d
	where d.id = role_grant and (d.person_id = v_me or private.has_role(d.summit_id, 'owner'))
	for update;
	if found then
		if v_deputy.ended_at is not null then return 'already'; end if;
		if v_deputy.person_id <> v_me then perform private.require_confirmation(); end if;
		update private.concern_deputies as d set ended_at = now(), ended_by = v_me where d.id = role_grant;
		perform private.publish_event('person:' || v_deputy.person_id, 'rights');
		perform private.notify_deputy_watchers(v_deputy);
		return 'ok';
	end if;
	select * into v_grant from public.role_grants where id = role_grant for update;
	if not found or not coalesce(v_grant.person_id = v_me or private.has_role(v_grant.summit_id, 'owner'), false) then
		return 'not_allowed';
	end if;
	if v_grant.ended_at is not null then return 'already'; end if;
	if v_grant.person_id <> v_me then perform private.require_confirmation(); end if;
	-- An owner who can never sign in could not name the next one, and one until a day will not.
	if v_grant.role = 'owner' and v_grant.summit_id is null and v_grant.until is null and not exists (
		select from private.role_holders('owner', null) as h
		join private.live_grants as g on g.person_id = h
		where h <> v_grant.person_id and g.role = 'owner' and g.summit_id is null and g.until is null) then
		return 'last_owner';
	end if;
	update public.role_grants set ended_at = now(), ended_by = v_me where id = role_grant;
	perform private.publish_event('person:' || v_grant.person_id, 'rights');
	v_via := coalesce(v_grant.summit_id,
		(select s.id from private.real_summits as s order by s.starts_on desc, s.id limit 1));
	if v_grant.person_id <> v_me then
		perform private.enqueue_mail(v_grant.person_id, 'role_ended', jsonb_build_object('role', v_grant.role), v_via);
	end if;
	if private.needs_second_person(v_grant.role) then
		perform private.notify_role_watchers(v_grant.role, v_grant.summit_id, v_via, 'ended', role_grant::text);
	end if;
	return 'ok';
end
$$;

-- The slug of the Summit that "/" shows: the one that is live, else the next that is open, else the last that was held.
-- A rehearsal is found by its address alone.
create or replace function public.current_summit() returns text
language sql stable security definer set search_path = '' as $$
	select slug from private.real_summits
	where state <> 'draft'
	order by array_position(array['live', 'open', 'closed', 'archived']::public.summit_state[], state),
		case when state = 'open' then starts_on end, starts_on desc
	limit 1
$$;

-- The members in good standing, as they were at the earlier edition, with focal points whose end is not set. Not those
-- who have since been suspended or have left.
create or replace function private.copy_members(p_from uuid, p_to uuid) returns void
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

-- How long data is kept, as owners have set it for the earlier edition alone, and whether watching recordings counts.
create or replace function private.copy_data_settings(p_from public.summits, p_to uuid) returns void
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

-- The surveys as drafts, with their questions, choices and conditions. The time of a day stays the same on the clock of the
-- venue: a form for sessions opens as many days from the first day and closes as many from the last one; a survey about the
-- Summit, or a follow-up, is as many days from the last day, also long after it.
create or replace function private.copy_surveys(p_from public.summits, p_to public.summits) returns void
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
	perform private.copy_data_settings(v_from, v_new.id);
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

-- Returns whether the reader may change the lasting record of a member, which outlives Summits: an owner of all
-- Summits, or a registration organiser of the member's newest Summit that is not archived. A draft counts only for
-- members that are at no other one, and a rehearsal only for its own. What holds at one Summit is in summit_members,
-- which its own registration organisers change.
create or replace function private.may_change_member(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(null, 'owner') or coalesce((
		select private.has_role(s.id, 'registration')
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'archived'
		where sm.member_id = p_member
		order by s.is_rehearsal, s.state = 'draft', s.starts_on desc, s.id
		limit 1), false)
$$;

-- Writes a new message (no id), or changes a draft after version `after`. `form` is the id of a new one: of two
-- that are written with one id, the second is not written, and the first is answered as `stale`.
-- {status: ok | not_allowed | stale | sent | invalid, id, version}
create or replace function public.save_group_message(
	summit uuid, message uuid, after integer, filters jsonb, texts jsonb, original text, page text,
	form uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_group_message.summit;
	v_fault text := private.group_message_fault(save_group_message.filters, save_group_message.texts,
		save_group_message.original, save_group_message.page);
	v_old public.group_messages;
	v_id uuid;
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid'); end if;
	if message is null then
		insert into public.group_messages (id, summit_id, filters, texts, original, page, created_by)
		values (coalesce(form, gen_random_uuid()), v_summit, save_group_message.filters, save_group_message.texts,
			save_group_message.original, save_group_message.page, private.actor())
		on conflict (id) do nothing
		returning id into v_id;
		if found then return jsonb_build_object('status', 'ok', 'id', v_id, 'version', 1); end if;
		select * into v_old from public.group_messages as g where g.id = form and g.summit_id = v_summit;
		if not found then return jsonb_build_object('status', 'not_allowed'); end if;
		return jsonb_build_object('status', 'stale', 'id', v_old.id, 'version', v_old.version);
	end if;
	select * into v_old from public.group_messages as g where g.id = message and g.summit_id = v_summit for update;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_old.state <> 'draft' then return jsonb_build_object('status', 'sent', 'id', message); end if;
	if v_old.version is distinct from after then
		return jsonb_build_object('status', 'stale', 'id', message, 'version', v_old.version);
	end if;
	update public.group_messages as g
	set filters = save_group_message.filters,
		texts = save_group_message.texts,
		original = save_group_message.original,
		page = save_group_message.page,
		version = g.version + 1
	where g.id = message;
	return jsonb_build_object('status', 'ok', 'id', message, 'version', after + 1);
end
$$;

-- What is to be done with each egress. stop: it runs, and nobody wants it. fetch: its file is to be taken. drop: it has
-- ended, and what it wrote is to be deleted. look: it should run, and LiveKit's list (`p_named`) does not name it. Of a
-- recording that is sealed or has failed nothing is deleted while a hold keeps it, as with pieces (drop_sealed_pieces).
create or replace function private.list_egress_actions(p_named text[])
	returns table (id uuid, egress_id text, object_key text, recording uuid, length_ms integer, action text)
language sql stable security definer set search_path = '' as $$
	select e.id, e.egress_id, e.object_key, e.recording_id, e.length_ms, case
		when e.state in ('asked', 'active', 'ending') and e.egress_id is null
			then case when e.asked_at < now() - interval '1 minute' then 'drop' end
		when e.state in ('asked', 'active', 'ending') and e.egress_id <> all (p_named) then 'look'
		when e.state in ('asked', 'active')
			and not coalesce(g.state in ('wanted', 'running', 'paused'), private.wants_hls(e.run_id)) then 'stop'
		when e.state in ('complete', 'failed') and g.state = 'stopped' and e.length_ms is not null then 'fetch'
		when e.state in ('complete', 'failed') and g.state in ('sealed', 'failed') and private.must_keep_recording(g) then null
		when e.state in ('complete', 'failed')
			and (e.run_id is null or e.asked_at < now() - interval '15 seconds') then 'drop' end
	from private.egresses as e
	left join private.recordings as g on g.id = e.recording_id
$$;

-- Whether watching counts, for those who read attendance: {counts, may_set (never once the Summit is closed)}; null for
-- everybody else.
create or replace function public.watch_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('counts', s.counts_watching,
		'may_set', private.has_role(s.id, 'registration') and s.state not in ('closed', 'archived'))
	from public.summits as s
	where s.id = watch_settings.summit and private.has_role(s.id, 'programme', 'stage', 'registration')
$$;

-- The Summit whose leads read a concern that is raised outside of any: the newest one that is no draft, else the newest.
-- Leads for all Summits read it there too. Null: there is none.
create or replace function private.summit_for_concerns() returns uuid
language sql stable security definer set search_path = '' as $$
	select s.id from private.real_summits as s
	order by s.state = 'draft', s.starts_on desc, s.id
	limit 1
$$;

-- Copies the pages of a Summit: what readers see where a page is published, else its draft. People and sessions are not
-- copied, because they are of the earlier edition; a track becomes that of the new one, if it has it, and files become
-- files of the new one. Pages that every Summit has are published again; news, venues, hotels and the like are of their
-- edition, and stay drafts until somebody has read them.
create or replace function private.copy_pages(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_ids jsonb := '{}';
	v_file private.page_files;
	v_page private.pages;
	v_new private.pages;
	v_blocks text;
	v_id text;
begin
	for v_file in select f.* from private.page_files as f where f.summit_id = p_from loop
		v_id := gen_random_uuid();
		insert into private.page_files (id, summit_id, object_name, shown_name, width, height, uploaded_by)
		values (v_id::uuid, p_to, v_file.object_name, v_file.shown_name, v_file.width, v_file.height, private.me());
		v_ids := v_ids || jsonb_build_object(v_file.id::text, v_id);
	end loop;
	for v_page in select p.* from private.pages as p where p.summit_id = p_from order by p.position loop
		select coalesce(v.title, v_page.title), coalesce(v.summary, v_page.summary), coalesce(v.blocks, v_page.blocks)::text
		into v_page.title, v_page.summary, v_blocks
		from (select) as page left join private.page_versions as v on v.page_id = v_page.id and v.number = v_page.published;
		for v_id in select jsonb_object_keys(v_ids) loop
			v_blocks := replace(v_blocks, v_id, v_ids ->> v_id);
		end loop;
		insert into private.pages (summit_id, kind, slug, place, position, title, summary, blocks, saved_by)
		values (p_to, v_page.kind, v_page.slug, v_page.place, v_page.position, v_page.title, v_page.summary,
			(select coalesce(jsonb_agg(case block ->> 'kind'
				when 'people' then block || '{"people": []}'
				when 'sessions' then block || jsonb_build_object('sessions', '[]'::jsonb, 'track', (
					select t.id
					from public.tracks as old
					join public.tracks as t on t.summit_id = p_to and t.slug = old.slug
					where old.id = private.parse_uuid(block ->> 'track')))
				else block end order by at), '[]')
				from jsonb_array_elements(v_blocks::jsonb) with ordinality as each (block, at)),
			private.me())
		returning * into v_new;
		if v_page.published is not null and private.is_page_of_site(v_new.kind)
			and private.page_faults(v_new.kind, v_new.title, v_new.blocks) = '[]' then
			perform private.publish_page_draft(v_new);
		end if;
	end loop;
end
$$;

-- The focal points of today: of each member those of the newest Summit that is no draft and for which it has named any,
-- as long as the member belongs to its newest Summit. Those who were named for an earlier one do not count. `p_people`:
-- only these people; null for all.
create or replace function private.current_focal_points(p_people uuid[] default null)
	returns table (member_id uuid, person_id uuid, summit_id uuid)
language sql stable security definer set search_path = '' as $$
	with theirs as materialized (
		select f.member_id from public.focal_points as f where f.person_id = any (p_people)
	), newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing
		from public.summit_members as sm
		join private.real_summits as s on s.id = sm.summit_id and s.state <> 'draft'
		where p_people is null or sm.member_id in (select t.member_id from theirs as t)
		order by sm.member_id, s.starts_on desc, s.id
	), named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join private.real_summits as s on s.id = f.summit_id and s.state <> 'draft'
		where p_people is null or f.member_id in (select t.member_id from theirs as t)
		order by f.member_id, s.starts_on desc, s.id
	)
	select f.member_id, f.person_id, f.summit_id
	from newest as n
	join named as d on d.member_id = n.member_id
	join public.focal_points as f on f.member_id = d.member_id and f.summit_id = d.summit_id
	where n.standing in ('active', 'observer')
		and (f.until is null or f.until > now())
		and (p_people is null or f.person_id = any (p_people))
$$;

-- Whether a person belongs to a member: as a focal point of today, or as a participant of a Summit that is not
-- archived.
create or replace function private.is_of_a_member(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and (
		exists (
			select from public.registrations as r
			join private.real_summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
			join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where r.person_id = p_person and r.state = 'confirmed' and sm.standing in ('active', 'observer'))
		or exists (select from private.current_focal_points(array[p_person])))
$$;

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but
-- speakers, whatever is chosen, and the corrected one more), results: [{source, …}], facets: {source, kind, theme,
-- year, language, group: [{value, count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language,
-- group (code; documents alone are of groups, of those that the reader sees). The counts of a facet are those of the
-- other choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each.
-- `shown_in` is the language of the page. `replays`: the Summits of which the reader may watch recordings,
-- [{slug, name}].
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_releases uuid[] := array(select r
		from private.current_releases() as r
		join public.releases as e on e.id = r
		join private.real_summits as s on s.id = e.summit_id);
	v_sessions uuid[] := array(select private.my_visible_sessions());
	v_known private.file_audience[] := array(select k from private.known_file_audience(private.me(), v_sessions) as k);
	v_recordings uuid[] := array(select private.library_recordings(private.me(), v_known));
	v_files uuid[] := array(select private.library_session_files(v_known));
	v_commitments uuid[] := case when v_query is not null then array(select private.visible_commitments(private.me())) end;
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_releases, v_sessions, v_recordings, v_files,
		v_commitments, choice, shown_in, page);
	if v_query is not null and not (v_found ->> 'has_matches')::boolean then
		v_corrected := private.corrected_question(private.me(), v_question, v_releases, v_sessions, v_commitments);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_releases, v_sessions, v_recordings,
				v_files, v_commitments, choice, shown_in, page);
		end if;
		if (v_other ->> 'has_matches')::boolean then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'has_matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings, v_releases));
end
$$;

-- Copies a survey with its questions as a draft, from a week after now at the earliest and for as many days, to the same
-- time on the clock of the venue. Answers {status: ok | not_found, id}.
create or replace function public.copy_survey(survey uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_zone text := (select s.zone from public.summits as s where s.id = v.summit_id);
	v_opens timestamp;
	v_id uuid;
begin
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	v_opens := greatest(v.opens_at at time zone v_zone, date_trunc('hour', now() at time zone v_zone) + interval '7 days');
	insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours)
	values (v.summit_id, v.kind, v.title, v.intro, v_opens at time zone v_zone,
		(v_opens + ((v.closes_at at time zone v_zone) - (v.opens_at at time zone v_zone))) at time zone v_zone, v.hours)
	returning id into v_id;
	-- Rows are checked against the question on which they depend at the end of the statement.
	insert into private.survey_questions (survey_id, key, kind, label, help, choices, is_required, position, depends_on,
		depends_values)
	select v_id, q.key, q.kind, q.label, q.help, q.choices, q.is_required, q.position, q.depends_on, q.depends_values
	from private.survey_questions as q
	where q.survey_id = v.id;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- The edition before a Summit: the one from which it was created, else the latest earlier one; closed in either case.
create or replace function private.edition_before(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.id
	from public.summits as s
	join private.real_summits as e on e.starts_on < s.starts_on and e.state in ('closed', 'archived')
	left join private.edition_origins as o on o.summit_id = s.id and o.from_id = e.id
	where s.id = p_summit
	order by o.from_id is null, e.starts_on desc, e.id
	limit 1
$$;

-- The indicators whose rows are deleted by now, because the Summit was closed long enough ago, or because deleting them
-- has begun, whatever the period is now. What is left of them are rows of people on hold, or of a sweep that is not over:
-- they are not counted.
create or replace function private.expired_indicators(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(x.indicator order by x.indicator), '{}')
	from (values
		('needs', 'needs'), ('questions', 'participation'), ('attended_hall', 'presence'),
		('attended_online', 'presence'), ('minutes', 'presence'), ('captioned', 'recordings'),
		('recordings', 'recordings')) as x (indicator, class)
	where private.closed_since(p_summit) <= now() - make_interval(
			days => private.retention_days(x.class, p_summit, now()))
		or exists (select from private.begun_deletions as b where b.summit_id = p_summit and b.class = x.class)
$$;

-- Everything that the app needs to make the numbers of a report. For the app alone: the counts are exact.
create or replace function private.count_impact(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'smallest_group', private.smallest_group(p_summit),
		'zone', s.zone,
		'people', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_counts(p_summit) as c),
		'programme', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from private.impact_programme(p_summit) as c),
		'commitments', private.impact_commitments(p_summit),
		'earlier_commitments', (
			select private.impact_commitments(b) from private.edition_before(p_summit) as b where b is not null),
		'figures', (
			select jsonb_build_object('number', f.number, 'released_at', private.iso(f.released_at), 'content', f.content)
			from public.figure_releases as f
			where f.summit_id = p_summit
			order by f.number desc
			limit 1),
		'survey', (
			select private.count_survey_answers(c.id)
			from private.survey_collections as c
			join private.surveys as v on v.id = c.survey_id
			where v.summit_id = p_summit and v.kind = 'summit' and c.session_id is null and c.finally_mixed_at is not null
			order by private.released_survey_size(c.id) desc nulls last, c.finally_mixed_at
			limit 1),
		'confirmed', (
			select count(*) from public.registrations as r where r.summit_id = p_summit and r.state = 'confirmed'),
		'shown', private.impact_shown(p_summit),
		'expired', private.expired_indicators(p_summit),
		'before', (
			select jsonb_build_object('id', b.id, 'slug', b.slug, 'name', b.name, 'release', (
				select jsonb_build_object('number', r.number, 'on', r.content -> 'on', 'indicators', r.content -> 'indicators')
				from private.impact_releases as r
				where r.summit_id = b.id and r.content is not null
				order by r.number desc
				limit 1))
			from public.summits as b
			where b.id = private.edition_before(p_summit)))
	from public.summits as s
	where s.id = p_summit
$$;

-- The draft as its organisers read it: {version, texts, targets, may_release (the Summit is closed), releases: [{number,
-- released_at, released_by, reason, figures (the number of the figures that it repeats; null: none)}], the newest first};
-- null for everybody else.
create or replace function public.read_impact_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'version', coalesce(d.version, 0),
		'texts', coalesce(d.texts, '{}'),
		'targets', coalesce(d.targets, '{}'),
		'may_release', s.state in ('closed', 'archived'),
		'releases', (
			select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at),
				'released_by', (select p.display_name from public.people as p where p.id = r.released_by),
				'reason', r.reason, 'figures', r.content -> 'figures') order by r.number desc), '[]')
			from private.impact_releases as r
			where r.summit_id = s.id and r.content is not null))
	from public.summits as s
	left join private.impact_drafts as d on d.summit_id = s.id
	where s.id = read_impact_draft.summit and private.has_role(s.id, 'programme')
$$;

-- Adds the numbers to a release that was begun, once. Answers ok | stale (it has its numbers already, or another attempt
-- replaced it) | changed (meanwhile the smallest group, the released figures, or the report of the edition before with
-- which they are compared, became another). Raises for a number of people below the smallest group. Locks the release,
-- and the settings of the figures as a release of figures does. For the app alone, which made the numbers.
create or replace function private.complete_impact_release(p_release uuid, p_content jsonb)
	returns public.impact_completion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.impact_releases;
	v_before jsonb := nullif(p_content -> 'before', 'null');
begin
	if exists (
		select from jsonb_path_query(p_content, '$.indicators[*] ? (@.of_people == true).**.value') as found (number)
		where jsonb_typeof(number) = 'number'
			and (number #>> '{}')::numeric < (p_content ->> 'threshold')::numeric) then
		raise exception 'a small group is named' using errcode = 'check_violation';
	end if;
	select * into v from private.impact_releases as r where r.id = p_release and r.content is null for update;
	if v.id is null then return 'stale'; end if;
	insert into public.figure_settings (summit_id) values (v.summit_id) on conflict do nothing;
	perform from public.figure_settings as s where s.summit_id = v.summit_id for update;
	if (p_content ->> 'threshold')::integer is distinct from private.smallest_group(v.summit_id)
		or (p_content ->> 'figures')::integer is distinct from (
			select max(f.number) from public.figure_releases as f where f.summit_id = v.summit_id) then
		return 'changed';
	end if;
	-- Only what was released about the edition before is compared with.
	if v_before is not null and not exists (
		select from private.impact_releases as b
		where b.summit_id = (v_before ->> 'id')::uuid
			and b.number = (v_before ->> 'number')::integer
			and b.content -> 'indicators' = v_before -> 'indicators') then
		return 'changed';
	end if;
	update private.impact_releases as r set content = p_content where r.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;

-- The editions that can be compared with a Summit, itself included, the latest first and at most twelve: [{slug, name,
-- starts_on, is_own, is_before (see edition_before), today (days before it begins, on the clock of its venue), pace,
-- figures: {number, content} (what was last released), indicators (of the last impact report; null: none was released)}];
-- for `pace` see registration_pace. Null for others than registration organisers of the Summit. Drafts of others are left
-- out.
create or replace function public.compare_editions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object(
		'slug', e.slug,
		'name', e.name,
		'starts_on', e.starts_on,
		'is_own', e.id = compare_editions.summit,
		'is_before', e.is_before,
		'today', e.starts_on - (now() at time zone e.zone)::date,
		'pace', private.registration_pace(e.id),
		'figures', (
			select jsonb_build_object('number', f.number, 'content', f.content)
			from public.figure_releases as f
			where f.summit_id = e.id
			order by f.number desc
			limit 1),
		'indicators', (
			select r.content -> 'indicators'
			from private.impact_releases as r
			where r.summit_id = e.id and r.content is not null
			order by r.number desc
			limit 1)) order by e.starts_on desc, e.slug)
	from (
		select s.*, coalesce(s.id = private.edition_before(compare_editions.summit), false) as is_before
		from public.summits as s
		where s.id = compare_editions.summit
			or s.id in (select e.id from private.real_summits as e where e.state <> 'draft')
		order by s.id <> compare_editions.summit, is_before desc, s.starts_on desc, s.slug
		limit 12) as e
	where private.has_role(compare_editions.summit, 'registration')
	having count(*) > 0
$$;

-- The Summits with a released report, the newest first: [{slug, name, number, released_at}], the newest release of each.
create or replace function public.list_impact_reports() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('slug', s.slug, 'name', s.name, 'number', r.number,
		'released_at', private.iso(r.released_at)) order by s.starts_on desc, s.slug), '[]')
	from private.real_summits as s
	join lateral (
		select x.number, x.released_at
		from private.impact_releases as x
		where x.summit_id = s.id and x.content is not null
		order by x.number desc
		limit 1) as r on true
	where s.id in (select private.readable_summits())
$$;

-- The members of a segment, by what they are at their newest Summit that is no draft.
create or replace function private.campaign_members(p_segment jsonb) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing, sm.sector, sm.region, sm.country
		from public.summit_members as sm
		join private.real_summits as s on s.id = sm.summit_id and s.state <> 'draft'
		order by sm.member_id, s.starts_on desc, s.id
	)
	select n.member_id
	from newest as n
	where private.segment_has(coalesce(nullif(p_segment -> 'standings', '[]'), '["active", "observer"]'), n.standing::text)
		and private.segment_has(p_segment -> 'sectors', n.sector::text)
		and private.segment_has(p_segment -> 'regions', n.region)
		and private.segment_has(p_segment -> 'countries', n.country)
		and (p_segment ->> 'group' is null or exists (
			select from private.group_members as gm
			join private.groups as g on g.id = gm.group_id and g.level <> 'closed' and g.ended_at is null
			where g.code = p_segment ->> 'group' and gm.member_id = n.member_id))
		and (p_segment ->> 'took_part' is null or exists (
			select from public.registrations as r
			where r.summit_id = private.parse_uuid(p_segment ->> 'took_part')
				and r.member_id = n.member_id
				and r.state = 'confirmed'))
		and (p_segment ->> 'not_nominated' is null or exists (
			select from public.summit_members as own
			where own.summit_id = private.parse_uuid(p_segment ->> 'not_nominated')
				and own.member_id = n.member_id
				and own.standing in ('active', 'observer')
				and not private.has_nominated(own.summit_id, own.member_id)))
		and (not coalesce((p_segment ->> 'overdue')::boolean, false) or private.has_overdue_commitment(n.member_id))
$$;

-- The people of members today: the focal points of the newest Summit for which a member has named any and, with
-- `p_all`, the adults who are confirmed for it at a Summit that is not archived.
create or replace function private.people_of_members(p_members uuid[], p_all boolean)
	returns table (person_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	with named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join private.real_summits as s on s.id = f.summit_id and s.state <> 'draft'
		where f.member_id = any (p_members)
		order by f.member_id, s.starts_on desc, s.id
	)
	select f.person_id, f.member_id
	from named as n
	join public.focal_points as f on f.member_id = n.member_id and f.summit_id = n.summit_id
	where f.until is null or f.until > now()
	union
	select r.person_id, r.member_id
	from public.registrations as r
	join private.real_summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
	where p_all and r.member_id = any (p_members) and r.state = 'confirmed' and not r.is_minor
$$;

-- What the form offers, for the secretariat: the Summits, the countries and regions of members, and the groups that are
-- not closed. {summits: [{id, slug, name, zone, state}], countries, regions, groups: [{code, name}]}; null for others.
create or replace function public.list_campaign_choices() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'summits', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone, 'state', s.state)
				order by s.starts_on desc, s.id), '[]')
			from private.real_summits as s where s.state <> 'draft'),
		'countries', array(select distinct sm.country from public.summit_members as sm where sm.country is not null
			order by 1),
		'regions', array(select distinct sm.region from public.summit_members as sm where sm.region <> '' order by 1),
		'groups', (select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.code), '[]')
			from private.groups as g where g.level <> 'closed' and g.ended_at is null))
	where private.runs_community()
$$;

-- How many people attended each session that everybody sees, in whole groups of the smallest size that may be named, and
-- for how many minutes on average, to five minutes, by the code of the session; null for a group below the smallest one.
-- Who asks again and again learns nothing of a single person who came or left between.
create or replace function private.api_presence_counts(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'presence') as k
	cross join lateral (select private.smallest_group(k.summit_id) as unit) as u
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key, jsonb_build_object(
				'session', y.code,
				'people', private.suppress_small_count(k.summit_id, counted.people) - counted.people % u.unit,
				'minutes', case
					when private.suppress_small_count(k.summit_id, counted.people) > 0 then counted.minutes end) as item
			from (
				select s.id, s.code
				from public.sessions as s
				where s.id in (select private.visible_sessions(null, k.summit_id))
					and exists (select from public.runs as r where r.session_id = s.id and r.started_at is not null)
					and s.code collate "C" > coalesce(p_after, '')
				order by s.code collate "C"
				limit private.api_page_size(p_most) + 1) as y
			cross join lateral (
				select count(*) as people, (round(avg(m.minutes) / 5) * 5)::integer as minutes
				from (
					select private.attended_minutes(each.person_id, y.id) as minutes
					from (select distinct p.person_id from public.presence as p where p.session_id = y.id) as each) as m
				where m.minutes > 0) as counted) as x) as page
$$;

-- What each process shows to everybody: {notices: those that are coming, that hold, or that ended in the last 14 days, with the
-- name of their Summit, the newest first; days: of each part}. Nothing of a Summit that is a draft.
create or replace function private.read_status() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'notices', coalesce((
			select jsonb_agg(private.status_notice_json(n) || jsonb_build_object('summit_name', s.name)
				order by n.starts_at desc, n.id)
			from private.status_notices as n
			left join private.real_summits as s on s.id = n.summit_id
			where n.withdrawn_at is null
				and (n.summit_id is null or s.state <> 'draft')
				and coalesce(least(n.resolved_at, n.ends_at), 'infinity') > now() - interval '14 days'), '[]'),
		'days', coalesce((
			select jsonb_agg(jsonb_build_object('day', d.day, 'part', d.part, 'good', d.good, 'bad', d.bad) order by d.day)
			from private.part_days as d
			where d.day > (now() at time zone 'UTC')::date - 14), '[]'))
$$;

grant execute on function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text, uuid)
	to authenticated;
