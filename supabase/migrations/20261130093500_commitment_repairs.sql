-- Repairs of the register of commitments: which reports and versions readers are shown, how long links are kept, and what
-- the audit shows.

set check_function_bodies = off;

update private.retention_rules
set class = 'mails', summit = null, people = null, since = 't.made_at', with_audit = true
where table_name = 'private.commitment_links';

delete from private.audited_tables
where name in ('private.commitments', 'private.commitment_versions', 'private.commitment_members',
	'private.commitment_steps', 'private.commitment_links', 'private.commitment_reports',
	'private.commitment_verifications', 'private.commitment_comments');

alter table private.commitment_reports
	add column audience public.commitment_audience not null default 'members';

alter domain public.commitment_step_status drop constraint commitment_step_status_check;
alter domain public.commitment_step_status add constraint commitment_step_status_check
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'reason_needed', 'limited'));
alter domain public.commitment_answer_status drop constraint commitment_answer_status_check;
alter domain public.commitment_answer_status add constraint commitment_answer_status_check
	check (value in ('ok', 'over', 'reason_needed', 'invalid'));

-- Whether the reader gets what is for people of members: comments, and reports that are not for everybody.
create function private.reads_as_member() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (
		private.is_of_a_member(private.me())
		or private.runs_community()
		or exists (select from private.my_current_members()))
$$;

-- The latest report on a commitment: of all, or of those for everybody.
create function private.latest_commitment_report(p_commitment uuid, p_all boolean)
	returns setof private.commitment_reports
language sql stable security definer set search_path = '' as $$
	select r.*
	from private.commitment_reports as r
	where r.commitment_id = p_commitment and (p_all or r.audience = 'public')
	order by r.written_at desc, r.id
	limit 1
$$;

drop function private.commitment_status(private.commitments, integer);

-- How far a commitment is: withdrawn, delivered, overdue, at_risk, on_track or not_reported, by all reports or by those
-- for everybody. Overdue follows from the date of the version that is shown (by the date in UTC), so it is written
-- nowhere. What was delivered before that version was announced is not what it promises.
create function private.commitment_status(p private.commitments, p_number integer, p_all boolean) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.state = 'withdrawn' then 'withdrawn'
		when last.progress = 'delivered' then 'delivered'
		when v.due_on < (now() at time zone 'UTC')::date then 'overdue'
		else coalesce(last.progress::text, 'not_reported')
	end
	from private.commitment_versions as v
	left join lateral (
		select r.progress
		from private.latest_commitment_report(p.id, p_all) as r
		where r.progress <> 'delivered' or r.written_at >= (
			select max(s.effective_at)
			from private.commitment_steps as s
			where s.commitment_id = p.id
				and s.number = p_number
				and s.step = 'announced'
				and s.effective_at <= now())) as last on true
	where v.commitment_id = p.id and v.number = p_number
$$;

-- The commitments that a person sees; null: a signed-out reader. Public ones that were announced are for everyone, those
-- for members for people of members; all others for the focal points of their members and those who run the community.
-- A newest version for members closes the one that is shown as soon as it is checked. This is the only rule, for pages,
-- counts, feeds and figures alike.
create or replace function private.visible_commitments(p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select
			p_person is not null and private.runs_community(p_person) as runs,
			p_person is not null and private.is_of_a_member(p_person) as is_of_member,
			array(
				select f.member_id from private.current_focal_points() as f where f.person_id = p_person
				union
				select own from private.my_current_members() as own where p_person = private.me()) as members
	)
	select c.id
	from private.commitments as c
	cross join reader as r
	cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
	where r.runs
		or c.member_id = any (r.members)
		or exists (
			select from private.commitment_members as m
			where m.commitment_id = c.id and m.number in (c.version, shown.number) and m.member_id = any (r.members))
		or shown.number is not null and (
			r.is_of_member
			or not exists (
				select from private.commitment_versions as v
				where v.commitment_id = c.id
					and v.audience = 'members'
					and (v.number = shown.number or v.number = c.version and (
						c.state in ('checked', 'announced')
						or c.state = 'withdrawn' and exists (
							select from private.commitment_steps as s
							where s.commitment_id = c.id and s.number = c.version and s.step = 'checked')))))
$$;

-- Whether somebody still acts for the lead of a commitment or for the member of a link, as a focal point of today or the
-- assistant of one.
create function private.may_still_ask(p_person uuid, p_lead uuid, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.current_focal_points() as f
		where f.member_id in (p_lead, p_member)
			and (f.person_id = p_person or f.person_id in (
				select a.person_id
				from public.account_people as own
				join public.account_people as a on a.account_id = own.account_id
				where own.person_id = p_person
					and own.relation = 'self'
					and a.scope in ('all', 'registration')
					and (a.until is null or a.until > now()))))
$$;

-- Whether a link can still be answered. It ends with the part of who asked.
create or replace function private.is_commitment_link_open(p private.commitment_links, p_commitment private.commitments)
	returns boolean
language sql stable security definer set search_path = '' as $$
	select p.revoked_at is null
		and p.used_at is null
		and p.expires_at > now()
		and p_commitment.state = 'asked'
		and p_commitment.version = p.number
		and private.may_still_ask(p.made_by, p_commitment.member_id, p.member_id)
$$;

-- Agrees for the member of the link, or sends the version back with a reason; each link is used once. With the agreement
-- of its last member the version waits for the secretariat. Answers ok | over | reason_needed | invalid. Locks the
-- commitment, then the link, so that of two clicks one counts, and two members that agree at once both do.
create or replace function private.answer_commitment_link(p_token_hash text, p_agrees boolean, p_reason text)
	returns public.commitment_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	l private.commitment_links;
	v private.commitments;
	v_reason text := private.normalise_free_text(p_reason);
begin
	if coalesce(p_token_hash, '') !~ '^[0-9a-f]{64}$' then return 'over'; end if;
	select * into l from private.commitment_links as x where x.token_hash = decode(p_token_hash, 'hex');
	select * into v from private.commitments as c where c.id = l.commitment_id for update;
	select * into l from private.commitment_links as x where x.id = l.id for update;
	if l.id is null or not private.is_commitment_link_open(l, v) then return 'over'; end if;
	if p_agrees is null or length(v_reason) > 2000 then return 'invalid'; end if;
	if not p_agrees and v_reason = '' then return 'reason_needed'; end if;
	update private.commitment_links as x set used_at = now() where x.id = l.id;
	insert into private.commitment_steps (commitment_id, number, step, member_id, reason)
	values (v.id, v.version, case when p_agrees then 'agreed' else 'sent_back' end::public.commitment_step, l.member_id,
		case when p_agrees then '' else v_reason end);
	if not p_agrees then
		perform private.revoke_commitment_links(v.id);
		update private.commitments as c set state = 'draft', updated_at = now() where c.id = v.id;
	elsif not exists (
		select from private.commitment_members as m
		where m.commitment_id = v.id and m.number = v.version and not private.has_agreed(v, m.member_id)) then
		update private.commitments as c set state = 'agreed', updated_at = now() where c.id = v.id;
	end if;
	return 'ok';
end
$$;

-- Whether these are links as evidence has them: [{url, title}], each address once.
create or replace function private.are_evidence_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_links) = 'array' and not exists (
		select from jsonb_array_elements(p_links) as each
		where jsonb_typeof(each) <> 'object'
			or coalesce(each ->> 'url', '') !~ '^https?://[^\s]{3,}$'
			or length(each ->> 'url') > 300
			or length(coalesce(each ->> 'title', '')) not between 1 and 200
			or exists (select from jsonb_object_keys(each) as key where key not in ('url', 'title')))
		and (select count(distinct each ->> 'url') = count(*) from jsonb_array_elements(p_links) as each)
$$;

-- Reports for one of the members of an announced commitment. The report is for members alone if the shown version or the
-- newest is. Answers ok | not_found | not_announced (or withdrawn) | invalid | limited (ten in a day). Locks the
-- commitment.
create or replace function public.report_commitment(
	commitment uuid, member uuid, progress public.commitment_progress, value numeric, body jsonb, links jsonb default '[]'
) returns public.commitment_report_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
begin
	if v.id is null
		or member not in (select private.my_current_members())
		or member <> v.member_id and not exists (
			select from private.commitment_members as m
			where m.commitment_id = v.id
				and m.number = private.shown_commitment_version(v.id)
				and m.member_id = report_commitment.member) then
		return 'not_found';
	end if;
	if private.shown_commitment_version(v.id) is null or v.state = 'withdrawn' then return 'not_announced'; end if;
	if not private.are_evidence_links(links) then return 'invalid'; end if;
	if (
		select count(*)
		from private.commitment_reports as r
		where r.commitment_id = v.id and r.written_at > now() - interval '1 day') >= 10 then
		return 'limited';
	end if;
	insert into private.commitment_reports (commitment_id, member_id, progress, value, body, links, written_by, audience)
	select v.id, report_commitment.member, report_commitment.progress, report_commitment.value, report_commitment.body,
		report_commitment.links, private.me(), max(x.audience)
	from private.commitment_versions as x
	where x.commitment_id = v.id and x.number in (v.version, private.shown_commitment_version(v.id));
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;

-- Sends what is due: the mail of each announcement whose time came in the last two days, and a reminder of each commitment
-- that runs, and of which nothing was announced, reported or reminded for the months that the settings say. It stops by
-- itself once it is delivered or withdrawn. A scheduled job calls it; answers how many commitments were reminded of.
create or replace function private.send_commitment_mails() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.commitments;
	v_number integer;
	v_count integer := 0;
begin
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn' and exists (
			select from private.commitment_steps as s
			where s.commitment_id = x.id
				and s.step = 'announced'
				and s.effective_at between now() - interval '2 days' and now())
	loop
		perform private.send_announcement_mails(c);
	end loop;
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn'
			-- Null before the first announcement, which is then no candidate.
			and (
				select greatest(max(s.effective_at),
					(select max(r.written_at) from private.commitment_reports as r where r.commitment_id = x.id),
					(select max(r.sent_at) from private.commitment_reminders as r where r.commitment_id = x.id))
				from private.commitment_steps as s
				where s.commitment_id = x.id and s.step = 'announced' and s.effective_at <= now())
				<= now() - make_interval(months => (select s.remind_months from private.commitment_settings as s))
		order by x.id
		for update skip locked
	loop
		v_number := private.shown_commitment_version(c.id);
		continue when v_number is null or private.commitment_status(c, v_number, true) in ('delivered', 'withdrawn');
		insert into private.commitment_reminders (commitment_id) values (c.id) on conflict do nothing;
		perform private.enqueue_mail(f, 'commitment_reminder', jsonb_build_object('code', c.code, 'title', v.title,
			'due_on', v.due_on), c.summit_id, format('commitment_reminder:%s:%s:%s', c.id, now()::date, f))
		from private.commitment_versions as v
		cross join private.focal_points_of_commitment(c.id, v_number) as f
		where v.commitment_id = c.id and v.number = v_number;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- The announced commitments that the reader sees, each once: the one set of rows from which lists, feeds and figures are
-- made.
create or replace function private.announced_commitments() returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status(c, shown.number, reader.is_member),
		coalesce(last.is_verified, false), (
			select min(s.effective_at)
			from private.commitment_steps as s
			where s.commitment_id = c.id
				and s.step = 'announced'
				and not exists (
					select from private.commitment_steps as x
					where x.commitment_id = c.id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)),
		last.value, last.written_at
	from private.visible_commitments(private.me()) as seen
	join private.commitments as c on c.id = seen
	cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
	cross join (select private.reads_as_member()) as reader (is_member)
	left join lateral (
		select r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.latest_commitment_report(c.id, reader.is_member) as r) as last on true
	where shown.number is not null
$$;

-- One commitment that was announced, as the reader sees it: its text, its announced versions, its reports, and for people
-- of members the comments; null where there is none, or the reader does not see it. `acts`: the members for which the
-- reader may report; `comments_as`: those for which they may comment.
create or replace function public.read_commitment(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, a.number) || jsonb_build_object(
		'id', c.id,
		'status', a.status,
		'is_verified', a.is_verified,
		'announced_at', private.iso(a.announced_at),
		'value', a.value,
		'reported_at', private.iso(a.reported_at),
		'withdrawn_at', private.iso(c.withdrawn_at),
		'withdrawn_reason', c.withdrawn_reason,
		'versions', (
			select jsonb_agg(jsonb_build_object('number', v.number, 'announced_at', private.iso(s.effective_at),
				'title', v.title, 'baseline', v.baseline, 'target', v.target, 'unit', v.unit, 'due_on', v.due_on, 'note', v.note)
				order by s.effective_at desc, s.id desc)
			from private.commitment_steps as s
			join private.commitment_versions as v on v.commitment_id = s.commitment_id and v.number = s.number
			where s.commitment_id = c.id
				and s.step = 'announced'
				and s.effective_at <= now()
				and (v.audience = 'public' or r.is_member)
				and not exists (
					select from private.commitment_steps as x
					where x.commitment_id = c.id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)),
		'reports', (
			select coalesce(jsonb_agg(private.commitment_report_json(p) order by p.written_at desc, p.id), '[]')
			from private.commitment_reports as p
			where p.commitment_id = c.id and (p.audience = 'public' or r.is_member)),
		'comments', case when r.is_member then (
			select coalesce(jsonb_agg(jsonb_build_object(
				'member', (select m.name from public.members as m where m.id = x.member_id),
				'body', x.body, 'written_at', private.iso(x.written_at)) order by x.written_at, x.id), '[]')
			from private.commitment_comments as x
			where x.commitment_id = c.id) end,
		'acts', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where c.state <> 'withdrawn'
				and m.id in (select private.my_current_members())
				and m.id in (
					select x.member_id
					from private.commitment_members as x
					where x.commitment_id = c.id and x.number = a.number)),
		'comments_as', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select private.my_current_members())),
		'verifies', private.runs_community())
	from private.commitments as c
	join private.announced_commitments() as a on a.id = c.id
	cross join (select private.reads_as_member()) as r (is_member)
	where c.code = read_commitment.code
$$;

-- One commitment as those who work on it read it: the newest version, its state, who agreed, and what happened. Null for
-- everybody else.
create or replace function private.commitment_work_json(c private.commitments) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, c.version) || jsonb_build_object(
		'id', c.id,
		'summit_id', c.summit_id,
		'version', c.version,
		'state', c.state,
		'note', v.note,
		'shown', private.shown_commitment_version(c.id),
		'scheduled_at', (
			select private.iso(s.effective_at)
			from private.commitment_steps as s
			where s.commitment_id = c.id
				and c.state = 'announced'
				and s.number = c.version
				and s.step = 'announced'
				and s.effective_at > now()),
		'drafted_by', (select p.display_name from public.people as p where p.id = v.written_by),
		'is_lead', c.member_id in (select private.my_current_members()),
		'members', (
			select jsonb_agg(jsonb_build_object(
				'id', m.id,
				'name', m.name,
				'agreed', private.has_agreed(c, m.id),
				'may_ask', c.member_id in (select private.my_current_members())
					or m.id in (select private.my_current_members()),
				'asked', (
					select l.hint
					from private.commitment_links as l
					where l.commitment_id = c.id
						and l.member_id = m.id
						and private.is_commitment_link_open(l, c)
					order by l.made_at desc
					limit 1)) order by m.id <> c.member_id, m.name, m.id)
			from private.commitment_members as x
			join public.members as m on m.id = x.member_id
			where x.commitment_id = c.id and x.number = c.version),
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step,
				'member', (select m.name from public.members as m where m.id = s.member_id),
				'reason', s.reason, 'effective_at', private.iso(s.effective_at),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.commitment_steps as s
			where s.commitment_id = c.id))
	from private.commitment_versions as v
	where v.commitment_id = c.id and v.number = c.version
$$;

-- Writes the version of a commitment from `p_fields`; raises what the constraints refuse.
create or replace function private.write_commitment_version(p_commitment uuid, p_number integer, p_lead uuid, p_summit uuid,
	p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_versions := jsonb_populate_record(null::private.commitment_versions, p_fields);
	v_session uuid;
	v_partners uuid[] := array(
		select distinct private.parse_uuid(each #>> '{}')
		from jsonb_array_elements(coalesce(p_fields -> 'partners', '[]')) as each
		where private.parse_uuid(each #>> '{}') is distinct from p_lead);
begin
	select s.id into v_session
	from public.sessions as s
	where s.summit_id = p_summit
		and s.code = p_fields ->> 'session'
		and private.can_see(private.me(), s.id);
	if coalesce(p_fields ->> 'session', '') <> '' and v_session is null then raise check_violation; end if;
	if exists (
		select from unnest(v.countries) as country
		where country not in (select r.country from private.country_regions as r)) then
		raise check_violation;
	end if;
	if cardinality(v_partners) > 30 or exists (
		select from unnest(v_partners) as partner
		where not exists (
			select from public.summit_members as sm
			where sm.summit_id = p_summit and sm.member_id = partner and sm.standing in ('active', 'observer'))) then
		raise check_violation;
	end if;
	insert into private.commitment_versions (commitment_id, number, title, summary, beneficiaries, indicator, unit,
		baseline, target, due_on, theme_id, countries, budget, currency, session_id, audience, note, written_by)
	select p_commitment, p_number, v.title, v.summary, v.beneficiaries, v.indicator, v.unit, v.baseline, v.target,
		v.due_on, (
			select t.id
			from private.commitment_themes as t
			where t.slug = p_fields ->> 'theme'
				and (t.retired_at is null
					or t.id = (
						select o.theme_id
						from private.commitment_versions as o
						where o.commitment_id = p_commitment and o.number = p_number - 1))),
		coalesce(v.countries, '{}'), v.budget, v.currency, v_session, v.audience, coalesce(v.note, ''), private.me();
	insert into private.commitment_members (commitment_id, number, member_id)
	select p_commitment, p_number, member
	from unnest(p_lead || v_partners) as member;
end
$$;

-- Checks the newest version of an agreed commitment, or sends it back with a reason. Answers ok | not_found | conflict |
-- wrong_state | reason_needed | invalid. Locks the commitment.
create or replace function public.check_commitment(commitment uuid, version integer, accepted boolean, reason text default '')
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
	v_reason text := private.normalise_free_text(check_commitment.reason);
begin
	if not private.runs_community() then return 'not_found'; end if;
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from check_commitment.version then return 'conflict'; end if;
	if v.state not in ('agreed', 'checked') or accepted and v.state <> 'agreed' then return 'wrong_state'; end if;
	if accepted is null or length(v_reason) > 2000 then return 'invalid'; end if;
	if not accepted and v_reason = '' then return 'reason_needed'; end if;
	insert into private.commitment_steps (commitment_id, number, step, reason, made_by)
	values (v.id, v.version, case when accepted then 'checked' else 'sent_back' end::public.commitment_step,
		case when accepted then '' else v_reason end, private.me());
	update private.commitments as c
	set state = case when accepted then 'checked' else 'draft' end::public.commitment_state, updated_at = now()
	where c.id = v.id;
	return 'ok';
end
$$;

-- Announces a checked version: at once (`at` null; a stage organiser of its Summit may do that too), or at a time within a
-- year. Answers ok | not_found | conflict | wrong_state | invalid. Locks the commitment, so that it is announced once.
create or replace function public.announce_commitment(commitment uuid, version integer, at timestamptz default null)
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.runs_community() or at is null and private.has_role(v.summit_id, 'stage')) then
		return 'not_found';
	end if;
	if v.version is distinct from announce_commitment.version then return 'conflict'; end if;
	if v.state <> 'checked' then return 'wrong_state'; end if;
	if at <= now() or at > now() + interval '1 year' then return 'invalid'; end if;
	insert into private.commitment_steps (commitment_id, number, step, effective_at, made_by)
	values (v.id, v.version, 'announced', coalesce(announce_commitment.at, now()), private.me());
	update private.commitments as c set state = 'announced', updated_at = now() where c.id = v.id;
	perform private.publish_event('site', 'changed');
	if at is null then perform private.send_announcement_mails(v); end if;
	return 'ok';
end
$$;

-- Withdraws a commitment: a focal point of its lead, or those who run the community, with a reason. One that was announced
-- stays in the register, with the reason. Answers ok | not_found | reason_needed | invalid | wrong_state. Locks the
-- commitment.
create or replace function public.withdraw_commitment(commitment uuid, reason text) returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
	v_reason text := private.normalise_free_text(withdraw_commitment.reason);
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.acts_for_commitment(v, true) or private.runs_community()) then return 'not_found'; end if;
	if v.state = 'withdrawn' then return 'wrong_state'; end if;
	if v_reason = '' then return 'reason_needed'; end if;
	if length(v_reason) > 2000 then return 'invalid'; end if;
	perform private.revoke_commitment_links(v.id);
	perform private.unschedule_commitment(v);
	insert into private.commitment_steps (commitment_id, number, step, reason, made_by)
	values (v.id, v.version, 'withdrawn', v_reason, private.me());
	update private.commitments as c
	set state = 'withdrawn', withdrawn_at = now(), withdrawn_reason = v_reason, updated_at = now()
	where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
