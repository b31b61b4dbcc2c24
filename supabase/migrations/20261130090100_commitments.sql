-- The register of commitments: what members promise, who agreed to it, and what became of it.

set check_function_bodies = off;

-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Moving a commitment on. Wrong state: it has moved on already. No words: the act needs a reason.
create domain public.commitment_step_status as text
	check (value in ('ok', 'not_found', 'invalid', 'conflict', 'wrong_state', 'no_words', 'limited'));

-- The answer of the head of a member. Over: the link has expired, was used or was revoked, or the text has changed.
create domain public.commitment_answer_status as text check (value in ('ok', 'over', 'no_words', 'invalid'));

-- Reporting progress, and what others say on it. Not announced: nothing is reported before.
create domain public.commitment_report_status as text
	check (value in ('ok', 'not_found', 'invalid', 'not_announced', 'limited'));

-- Commitments of members: their versions, who agreed to which, and what became of them. Nothing here is readable through
-- the API: everything is read and written by functions. A version is never changed; each change is a new one.

create type public.commitment_state as enum ('draft', 'asked', 'agreed', 'checked', 'announced', 'withdrawn');

create type public.commitment_audience as enum ('public', 'members');

-- asked: the heads were asked. agreed: one member agreed for itself. sent_back: by a head or the secretariat.
-- unscheduled: an announcement whose time had not come was taken back.
create type public.commitment_step as enum
	('asked', 'agreed', 'sent_back', 'checked', 'announced', 'unscheduled', 'withdrawn');

-- The themes that the community keeps, at first the capabilities of the Model National Response.
create table private.commitment_themes (
	id uuid primary key default gen_random_uuid(),
	slug text not null unique check (slug ~ '^[a-z0-9-]{2,40}$'),
	name public.text_map not null check (name <> '{}'::jsonb),
	position integer not null default 0,
	retired_at timestamptz,
	constraint name_one_line check (private.are_one_line(name))
);
alter table private.commitment_themes enable row level security;
select audit.watch('private.commitment_themes');

-- One row: how often focal points are reminded of a report.
create table private.commitment_settings (
	only_one boolean primary key default true check (only_one),
	remind_months integer not null default 6 check (remind_months between 1 and 24)
);
alter table private.commitment_settings enable row level security;
select audit.watch('private.commitment_settings');
insert into private.commitment_settings default values;

-- A commitment. `member_id` leads it; its partners are those of each version (commitment_members). `state` is that of
-- the newest version; which version readers are shown follows from the steps (private.shown_commitment_version).
create table private.commitments (
	id uuid primary key default gen_random_uuid(),
	code text not null unique default private.random_code(8),
	summit_id uuid not null references public.summits (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	state public.commitment_state not null default 'draft',
	version integer not null default 1,
	withdrawn_at timestamptz,
	withdrawn_reason text not null default '' check (length(withdrawn_reason) <= 2000),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	check ((state = 'withdrawn') = (withdrawn_at is not null)),
	check ((state = 'withdrawn') = (withdrawn_reason <> ''))
);
create index on private.commitments (summit_id);
create index on private.commitments (member_id);
alter table private.commitments enable row level security;
select audit.watch('private.commitments');

create table private.commitment_versions (
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	number integer not null check (number > 0),
	title public.text_map not null check (title <> '{}'::jsonb),
	summary public.text_map not null check (summary <> '{}'::jsonb),
	beneficiaries public.text_map not null check (beneficiaries <> '{}'::jsonb),
	-- What is measured, from which value to which, in which unit.
	indicator public.text_map not null check (indicator <> '{}'::jsonb),
	unit public.text_map not null check (unit <> '{}'::jsonb),
	baseline numeric(18, 2) not null,
	target numeric(18, 2) not null,
	due_on date not null,
	theme_id uuid not null references private.commitment_themes (id) on delete restrict,
	countries text[] not null default '{}' check (cardinality(countries) <= 250),
	-- In minor units.
	budget bigint check (budget between 0 and 1000000000000000),
	currency char(3) check (currency ~ '^[A-Z]{3}$'),
	session_id uuid references public.sessions (id) on delete set null,
	audience public.commitment_audience not null default 'public',
	-- What this version changes, in words for readers.
	note text not null default '' check (length(note) <= 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default now(),
	primary key (commitment_id, number),
	check ((budget is null) = (currency is null)),
	check (baseline <> target and baseline <> 'NaN' and target <> 'NaN'),
	check (due_on between '2000-01-01' and '2100-01-01'),
	constraint title_one_line check (private.are_one_line(title)),
	constraint indicator_one_line check (private.are_one_line(indicator)),
	constraint unit_one_line check (private.are_one_line(unit)),
	constraint countries_one_line check (private.are_one_line(countries)),
	constraint note_one_line check (private.is_one_line(note))
);
create index on private.commitment_versions (theme_id);
create index on private.commitment_versions (session_id);
create index on private.commitment_versions (written_by);
alter table private.commitment_versions enable row level security;
select audit.watch('private.commitment_versions', 'written_by');

-- The members of a version, the lead among them. Each agrees for itself.
create table private.commitment_members (
	commitment_id uuid not null,
	number integer not null,
	member_id uuid not null references public.members (id) on delete restrict,
	primary key (commitment_id, number, member_id),
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict
);
create index on private.commitment_members (member_id);
alter table private.commitment_members enable row level security;
select audit.watch('private.commitment_members');

-- What happened to the versions. `effective_at` is the time of an announcement, which may be to come.
create table private.commitment_steps (
	id bigint generated always as identity primary key,
	commitment_id uuid not null,
	number integer not null,
	step public.commitment_step not null,
	-- The member that was asked, agreed or sent the version back.
	member_id uuid references public.members (id) on delete restrict,
	reason text not null default '' check (length(reason) <= 2000),
	effective_at timestamptz not null default now(),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default clock_timestamp(),
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict,
	check ((step in ('sent_back', 'withdrawn')) <= (reason <> ''))
);
create index on private.commitment_steps (commitment_id, number);
create index on private.commitment_steps (member_id);
create index on private.commitment_steps (made_by);
alter table private.commitment_steps enable row level security;
select audit.watch('private.commitment_steps', 'made_by');

-- The personal links by which the heads of members agree. The token is only in the mail.
create table private.commitment_links (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null,
	number integer not null,
	member_id uuid not null references public.members (id) on delete restrict,
	summit_id uuid not null references public.summits (id) on delete restrict,
	token_hash bytea not null unique check (length(token_hash) = 32),
	-- The first letter and the domain of the address, so that the focal point recognises it.
	hint text not null check (length(hint) <= 200),
	made_by uuid references public.people (id) on update cascade on delete set null,
	made_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '30 days',
	revoked_at timestamptz,
	used_at timestamptz,
	foreign key (commitment_id, number) references private.commitment_versions (commitment_id, number) on delete restrict,
	constraint hint_one_line check (private.is_one_line(hint))
);
create index on private.commitment_links (commitment_id, number);
create index on private.commitment_links (member_id);
create index on private.commitment_links (summit_id);
create index on private.commitment_links (made_by);
alter table private.commitment_links enable row level security;
select audit.watch('private.commitment_links', 'made_by', 'token_hash', 'hint');

-- Refuses to change or delete a row of a history, by anybody. What the erasure of a person, a merge or a late alias
-- changes is allowed: who wrote it (the columns given as arguments), and a name in its texts.
create function private.refuse_history_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and (current_setting('app.renaming', true) = 'yes'
		or to_jsonb(new) - tg_argv::text[] = to_jsonb(old) - tg_argv::text[]) then
		return new;
	end if;
	raise exception 'the history of a commitment is never changed' using errcode = 'insufficient_privilege';
end
$$;
create trigger never_change before update or delete on private.commitment_versions
	for each row execute function private.refuse_history_change('written_by', 'session_id');
create trigger never_change before update or delete on private.commitment_steps
	for each row execute function private.refuse_history_change('made_by', 'member_id');

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.commitments', 'member', '{state,version,withdrawn_at,withdrawn_reason}', '{}', '{}'),
	('private.commitment_versions', 'member', '{number,title,due_on,audience,note}', '{}', '{}'),
	('private.commitment_members', 'member', '{number,member_id}', '{}', '{}'),
	('private.commitment_steps', 'member', '{number,step,reason,effective_at}', '{}', '{}'),
	('private.commitment_links', 'member', '{number,expires_at,revoked_at,used_at}', '{}', '{hint}'),
	('private.commitment_themes', 'settings', '{slug,name,retired_at}', '{}', '{}'),
	('private.commitment_settings', 'settings', '{remind_months}', '{}', '{}');

insert into private.commitment_themes (slug, name, position)
values
	('policy', '{"original":"en","en":"Policy and governance","fr":"Politiques et gouvernance","es":"Políticas y gobernanza","ar":"السياسات والحوكمة","ru":"Политика и управление","zh":"政策与治理","pt":"Políticas e governação"}', 1),
	('justice', '{"original":"en","en":"Criminal justice","fr":"Justice pénale","es":"Justicia penal","ar":"العدالة الجنائية","ru":"Уголовное правосудие","zh":"刑事司法","pt":"Justiça penal"}', 2),
	('victims', '{"original":"en","en":"Victims","fr":"Victimes","es":"Víctimas","ar":"الضحايا","ru":"Пострадавшие","zh":"受害者","pt":"Vítimas"}', 3),
	('society', '{"original":"en","en":"Society","fr":"Société","es":"Sociedad","ar":"المجتمع","ru":"Общество","zh":"社会","pt":"Sociedade"}', 4),
	('industry', '{"original":"en","en":"Industry","fr":"Entreprises","es":"Industria","ar":"القطاع الخاص","ru":"Отрасль","zh":"行业","pt":"Indústria"}', 5),
	('media', '{"original":"en","en":"Media and communications","fr":"Médias et communication","es":"Medios y comunicación","ar":"الإعلام والاتصال","ru":"СМИ и коммуникации","zh":"媒体与传播","pt":"Media e comunicação"}', 6);

-- Progress on commitments: reports of its members, their verification, comments of peers, and reminders.

create type public.commitment_progress as enum ('on_track', 'at_risk', 'delivered');

-- A report of a member. `links` is the evidence: [{url, title}].
create table private.commitment_reports (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	progress public.commitment_progress not null,
	value numeric(18, 2) check (value <> 'NaN'),
	body public.text_map not null check (body <> '{}'::jsonb),
	links jsonb not null default '[]' check (jsonb_typeof(links) = 'array' and jsonb_array_length(links) <= 10),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default clock_timestamp(),
	constraint links_one_line check (private.are_one_line(links))
);
create index on private.commitment_reports (commitment_id, written_at);
create index on private.commitment_reports (member_id);
create index on private.commitment_reports (written_by);
alter table private.commitment_reports enable row level security;
select audit.watch('private.commitment_reports', 'written_by');
create trigger never_change before update or delete on private.commitment_reports
	for each row execute function private.refuse_history_change('written_by', 'member_id');

-- The secretariat has seen the evidence of a report. Without a row a report is the member's own word.
create table private.commitment_verifications (
	report_id uuid primary key references private.commitment_reports (id) on delete restrict,
	verified_by uuid references public.people (id) on update cascade on delete set null,
	verified_at timestamptz not null default now()
);
create index on private.commitment_verifications (verified_by);
alter table private.commitment_verifications enable row level security;
select audit.watch('private.commitment_verifications', 'verified_by');
create trigger never_change before update or delete on private.commitment_verifications
	for each row execute function private.refuse_history_change('verified_by');

-- A comment of a peer: a focal point of a member, who speaks for it.
create table private.commitment_comments (
	id uuid primary key default gen_random_uuid(),
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	member_id uuid not null references public.members (id) on delete restrict,
	body text not null check (length(body) between 1 and 2000),
	written_by uuid references public.people (id) on update cascade on delete set null,
	written_at timestamptz not null default clock_timestamp()
);
create index on private.commitment_comments (commitment_id, written_at);
create index on private.commitment_comments (member_id);
create index on private.commitment_comments (written_by);
alter table private.commitment_comments enable row level security;
select audit.watch('private.commitment_comments', 'written_by');
create trigger never_change before update or delete on private.commitment_comments
	for each row execute function private.refuse_history_change('written_by', 'member_id');

-- When the focal points of a commitment were reminded of a report.
create table private.commitment_reminders (
	commitment_id uuid not null references private.commitments (id) on delete restrict,
	sent_at timestamptz not null default now(),
	primary key (commitment_id, sent_at)
);
alter table private.commitment_reminders enable row level security;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.commitment_reports', 'member', '{progress,value,links}', '{}', '{}'),
	('private.commitment_verifications', 'member', '{verified_at}', '{}', '{}'),
	('private.commitment_comments', 'member', '{body}', '{}', '{}');

-- Who acts for a member in what outlives Summits, which version of a commitment is shown, and who sees which.

-- The focal points of today: of each member those of the newest Summit that is no draft and for which it has named any,
-- as long as the member belongs to its newest Summit. Somebody who was a focal point before others were named is none.
create function private.current_focal_points() returns table (member_id uuid, person_id uuid, summit_id uuid)
language sql stable security definer set search_path = '' as $$
	with newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
		order by sm.member_id, s.starts_on desc, s.id
	), named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join public.summits as s on s.id = f.summit_id and s.state <> 'draft'
		order by f.member_id, s.starts_on desc, s.id
	)
	select f.member_id, f.person_id, f.summit_id
	from newest as n
	join named as d on d.member_id = n.member_id
	join public.focal_points as f on f.member_id = d.member_id and f.summit_id = d.summit_id
	where n.standing in ('active', 'observer') and (f.until is null or f.until > now())
$$;

-- The members for which the reader acts today as a focal point, or as the assistant of one.
create function private.my_current_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct f.member_id
	from private.current_focal_points() as f
	where f.person_id in (select private.my_people('registration'))
$$;

-- Whether a person belongs to a member: as a focal point of today, or as a participant of a Summit that is not archived.
create function private.is_of_a_member(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.current_focal_points() as f where f.person_id = p_person)
		or exists (
			select from public.registrations as r
			join public.summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
			join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where r.person_id = p_person and r.state = 'confirmed' and sm.standing in ('active', 'observer'))
$$;

-- The version of a commitment that readers are shown: the last whose announcement has come, and was not taken back
-- before; null before the first.
create function private.shown_commitment_version(p_commitment uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select s.number
	from private.commitment_steps as s
	where s.commitment_id = p_commitment
		and s.step = 'announced'
		and s.effective_at <= now()
		and not exists (
			select from private.commitment_steps as x
			where x.commitment_id = s.commitment_id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)
	order by s.effective_at desc, s.id desc
	limit 1
$$;

-- The commitments that a person sees; null: a signed-out reader. Public ones that were announced are for everyone, those
-- for members for people of members; all others for the focal points of their members and those who run the community.
-- A newest version that is for members closes the one that is shown. This is the only rule, for pages, counts, feeds and
-- figures alike.
create function private.visible_commitments(p_person uuid) returns setof uuid
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
				where v.commitment_id = c.id and v.number in (c.version, shown.number) and v.audience = 'members'))
$$;

-- Whether the reader finds the register: it has a commitment for them, or they may draft one.
create or replace function private.sees_commitments() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community()
		or exists (select from private.visible_commitments(private.me()))
		or exists (select from private.my_current_members())
$$;

-- Whether the reader acts for a commitment: for the lead alone, or for any member of its newest version.
create function private.acts_for_commitment(p private.commitments, p_as_lead boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.member_id in (select private.my_current_members())
		or not p_as_lead and exists (
			select from private.commitment_members as m
			where m.commitment_id = p.id
				and m.number in (p.version, private.shown_commitment_version(p.id))
				and m.member_id in (select private.my_current_members()))
$$;

-- How far a commitment is: withdrawn, delivered, overdue, at_risk, on_track or not_reported. Overdue follows from the
-- date of the version that is shown (by the date in UTC), so it is written nowhere.
create function private.commitment_status(p private.commitments, p_number integer) returns text
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
		from private.commitment_reports as r
		where r.commitment_id = p.id
		order by r.written_at desc, r.id
		limit 1) as last on true
	where v.commitment_id = p.id and v.number = p_number
$$;

-- Drafting: a focal point of the lead writes versions, asks the heads to agree, and withdraws.

-- A commitment, locked, if the reader acts for it; else null.
create function private.lock_own_commitment(p_commitment uuid, p_as_lead boolean) returns private.commitments
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitments;
begin
	select * into v from private.commitments as c where c.id = p_commitment for update;
	return case when v.id is not null and private.acts_for_commitment(v, p_as_lead) then v end;
end
$$;

-- Revokes the open links of a commitment: its text is another, or it has moved on.
create function private.revoke_commitment_links(p_commitment uuid, p_member uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with ended as (
		update private.commitment_links as l
		set revoked_at = now()
		where l.commitment_id = p_commitment
			and (p_member is null or l.member_id = p_member)
			and l.revoked_at is null
			and l.used_at is null
		returning l.id
	)
	update private.outbox as o
	set state = 'dead', secret = null, last_error = 'revoked'
	from ended
	where o.idempotency_key = 'commitment_link:' || ended.id and o.state = 'queued';
end
$$;

-- Takes back an announcement whose time has not come.
create function private.unschedule_commitment(p private.commitments) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p.state = 'announced' and exists (
		select from private.commitment_steps as s
		where s.commitment_id = p.id and s.number = p.version and s.step = 'announced' and s.effective_at > now()) then
		insert into private.commitment_steps (commitment_id, number, step, made_by)
		values (p.id, p.version, 'unscheduled', private.me());
	end if;
end
$$;

-- Writes the version of a commitment from `p_fields`; raises what the constraints refuse.
create function private.write_commitment_version(p_commitment uuid, p_number integer, p_lead uuid, p_summit uuid,
	p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitment_versions := jsonb_populate_record(null::private.commitment_versions, p_fields);
	v_session uuid;
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
	select p_commitment, p_number, m.id
	from public.members as m
	where m.id = p_lead
		or m.id in (
			select sm.member_id
			from jsonb_array_elements(coalesce(p_fields -> 'partners', '[]')) as each
			join public.summit_members as sm on sm.member_id = private.parse_uuid(each #>> '{}')
			where sm.summit_id = p_summit and sm.standing in ('active', 'observer'));
end
$$;

-- Drafts a commitment of a member for a Summit (commitment null), or writes another version of one, which has to be
-- agreed, checked and announced again; readers are shown the version before until then. `fields`: title, summary,
-- beneficiaries, indicator, unit, baseline, target, due_on, theme (slug), countries, budget, currency, session (code),
-- audience, note, partners (ids). Answers {status: ok | not_found | invalid | conflict (another version since) | closed
-- (withdrawn) | limited (fifty drafts of a member), code}. Locks the member or the commitment.
create function public.save_commitment(
	commitment uuid, summit uuid, member uuid, version integer, fields jsonb
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
begin
	if commitment is null then
		if member is null or member not in (select private.my_current_members())
			or not exists (
				select from public.summit_members as sm
				join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
				where sm.summit_id = summit and sm.member_id = save_commitment.member) then
			return jsonb_build_object('status', 'not_found');
		end if;
		perform pg_advisory_xact_lock(hashtextextended('commitments:' || member, 0));
		if (
			select count(*)
			from private.commitments as c
			where c.member_id = save_commitment.member and c.state in ('draft', 'asked', 'agreed')) >= 50 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.commitments as c (summit_id, member_id)
		values (save_commitment.summit, save_commitment.member)
		returning * into v;
		perform private.write_commitment_version(v.id, 1, v.member_id, v.summit_id, fields);
		return jsonb_build_object('status', 'ok', 'code', v.code);
	end if;
	v := private.lock_own_commitment(commitment, true);
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v.state = 'withdrawn' then return jsonb_build_object('status', 'closed'); end if;
	if v.version is distinct from save_commitment.version then return jsonb_build_object('status', 'conflict'); end if;
	perform private.write_commitment_version(v.id, v.version + 1, v.member_id, v.summit_id, fields);
	perform private.revoke_commitment_links(v.id);
	perform private.unschedule_commitment(v);
	update private.commitments as c
	set version = c.version + 1, state = 'draft', updated_at = now()
	where c.id = v.id;
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_commitment(uuid, uuid, uuid, integer, jsonb) to authenticated;

-- Asks the head of a member to agree to the newest version, by a personal link in a mail: `address` is sealed, with the
-- hash of the token and the token sealed for the mail alone. A focal point of the lead asks all, one of a partner its own
-- head. An earlier link of the member ends. Answers ok | not_found | invalid | conflict | wrong_state (agreed already, or
-- past that) | limited (twenty links in a day). Locks the commitment.
create function public.ask_commitment_agreement(commitment uuid, version integer, member uuid, address jsonb)
	returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
	v_link uuid;
begin
	if v.id is null
		or not (v.member_id in (select private.my_current_members()) or member in (select private.my_current_members()))
		or not exists (
			select from private.commitment_members as m
			where m.commitment_id = v.id
				and m.number = v.version
				and m.member_id = ask_commitment_agreement.member) then
		return 'not_found';
	end if;
	if v.version is distinct from ask_commitment_agreement.version then return 'conflict'; end if;
	if v.state not in ('draft', 'asked') or private.has_agreed(v, member) then return 'wrong_state'; end if;
	if not private.is_sealed_address(address)
		or coalesce(address ->> 'token_hash', '') !~ '^[0-9a-f]{64}$'
		or coalesce(address ->> 'secret', '') !~ '^([0-9a-f]{2})+$' then
		return 'invalid';
	end if;
	if (
		select count(*)
		from private.commitment_links as l
		where l.commitment_id = v.id and l.made_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	perform private.revoke_commitment_links(v.id, member);
	insert into private.commitment_links (commitment_id, number, member_id, summit_id, token_hash, hint, made_by)
	values (v.id, v.version, member, v.summit_id, decode(address ->> 'token_hash', 'hex'),
		coalesce(address ->> 'hint', ''), private.me())
	returning id into v_link;
	insert into private.commitment_steps (commitment_id, number, step, member_id, made_by)
	values (v.id, v.version, 'asked', member, private.me());
	update private.commitments as c set state = 'asked', updated_at = now() where c.id = v.id;
	perform private.enqueue_address_mail('commitment_agreement', decode(address ->> 'sealed', 'hex'),
		address ->> 'key_id', private.mail_language(v.summit_id), jsonb_build_object(
			'member', (select m.name from public.members as m where m.id = ask_commitment_agreement.member),
			'title', (
				select x.title
				from private.commitment_versions as x
				where x.commitment_id = v.id and x.number = v.version),
			'until', private.iso(now() + interval '30 days')),
		decode(address ->> 'secret', 'hex'), v.summit_id, 'commitment_link:' || v_link);
	return 'ok';
end
$$;
grant execute on function public.ask_commitment_agreement(uuid, integer, uuid, jsonb) to authenticated;

-- Revokes the open link of a member. Answers ok | not_found.
create function public.revoke_commitment_link(commitment uuid, member uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.commitments := private.lock_own_commitment(commitment, false);
begin
	if v.id is null or member is null
		or not (v.member_id in (select private.my_current_members()) or member in (select private.my_current_members())) then
		return 'not_found';
	end if;
	perform private.revoke_commitment_links(v.id, member);
	return 'ok';
end
$$;
grant execute on function public.revoke_commitment_link(uuid, uuid) to authenticated;

-- Withdraws a commitment: a focal point of its lead, or those who run the community, with a reason. One that was announced
-- stays in the register, with the reason. Answers ok | not_found | no_words | invalid | wrong_state. Locks the commitment.
create function public.withdraw_commitment(commitment uuid, reason text) returns public.commitment_step_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.commitments;
	v_reason text := private.normalise_free_text(withdraw_commitment.reason);
begin
	select * into v from private.commitments as c where c.id = commitment for update;
	if v.id is null or not (private.acts_for_commitment(v, true) or private.runs_community()) then return 'not_found'; end if;
	if v.state = 'withdrawn' then return 'wrong_state'; end if;
	if v_reason = '' then return 'no_words'; end if;
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
grant execute on function public.withdraw_commitment(uuid, text) to authenticated;

-- The head of a member agrees to a commitment, or sends it back, by a personal link that signs nobody in.

-- Whether a member agreed to the newest version of a commitment.
create function private.has_agreed(p private.commitments, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.commitment_steps as s
		where s.commitment_id = p.id and s.number = p.version and s.step = 'agreed' and s.member_id = p_member)
$$;

-- Whether a link can still be answered.
create function private.is_commitment_link_open(p private.commitment_links, p_commitment private.commitments)
	returns boolean
language sql stable set search_path = '' as $$
	select p.revoked_at is null
		and p.used_at is null
		and p.expires_at > now()
		and p_commitment.state = 'asked'
		and p_commitment.version = p.number
$$;

-- What the page of a link shows: {is_open, member, commitment}; `commitment` only while it is open. Null for an unknown
-- link. It reads no more of the commitment than the version that the head is asked about.
create function private.read_commitment_link(p_token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_open', private.is_commitment_link_open(l, c),
		'member', m.name,
		'until', private.iso(l.expires_at),
		'commitment', case when private.is_commitment_link_open(l, c)
			then private.commitment_text_json(c, l.number) end)
	from private.commitment_links as l
	join private.commitments as c on c.id = l.commitment_id
	join public.members as m on m.id = l.member_id
	where p_token_hash ~ '^[0-9a-f]{64}$' and l.token_hash = decode(p_token_hash, 'hex')
$$;
grant execute on function private.read_commitment_link(text) to app_server;

-- Agrees for the member of the link, or sends the version back with a reason; each link is used once. With the agreement
-- of its last member the version waits for the secretariat. Answers ok | over | no_words | invalid. Locks the
-- commitment, then the link, so that of two clicks one counts, and two members that agree at once both do.
create function private.answer_commitment_link(p_token_hash text, p_agrees boolean, p_reason text)
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
	if not p_agrees and v_reason = '' then return 'no_words'; end if;
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
grant execute on function private.answer_commitment_link(text, boolean, text) to app_server;

-- The secretariat checks what the members agreed to; it is announced at a time or at the press of a button.

-- Checks the newest version of an agreed commitment, or sends it back with a reason. Answers ok | not_found | conflict |
-- wrong_state | no_words | invalid. Locks the commitment.
create function public.check_commitment(commitment uuid, version integer, accepted boolean, reason text default '')
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
	if not accepted and v_reason = '' then return 'no_words'; end if;
	insert into private.commitment_steps (commitment_id, number, step, reason, made_by)
	values (v.id, v.version, case when accepted then 'checked' else 'sent_back' end::public.commitment_step,
		case when accepted then '' else v_reason end, private.me());
	update private.commitments as c
	set state = case when accepted then 'checked' else 'draft' end::public.commitment_state, updated_at = now()
	where c.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.check_commitment(uuid, integer, boolean, text) to authenticated;

-- Announces a checked version: at once (`at` null; a stage organiser of its Summit may do that too), or at a time within a
-- year. Screens and pages of the Summit learn of it. Answers ok | not_found | conflict | wrong_state | invalid. Locks the
-- commitment, so that it is announced once.
create function public.announce_commitment(commitment uuid, version integer, at timestamptz default null)
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
	perform private.publish_event('summit:' || v.summit_id, 'commitment');
	if at is null then perform private.send_announcement_mails(v); end if;
	return 'ok';
end
$$;
grant execute on function public.announce_commitment(uuid, integer, timestamptz) to authenticated;

-- Saves a theme of the list (`slug` new: adds it), or retires it: what has it keeps it, and no new version gets it.
create function public.save_commitment_theme(slug text, name jsonb, "position" integer, retired boolean)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	insert into private.commitment_themes as t (slug, name, position, retired_at)
	values (save_commitment_theme.slug, save_commitment_theme.name, coalesce(save_commitment_theme.position, 0),
		case when retired then now() end)
	on conflict (slug) do update
	set name = excluded.name,
		position = excluded.position,
		retired_at = case when excluded.retired_at is not null then coalesce(t.retired_at, excluded.retired_at) end;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_commitment_theme(text, jsonb, integer, boolean) to authenticated;

-- Saves how often focal points are reminded.
create function public.save_commitment_settings(months integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	update private.commitment_settings as s set remind_months = months where s.only_one;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_commitment_settings(integer) to authenticated;

-- Progress: members report, the secretariat verifies, peers comment. All of it is only added to.

-- Whether these are links as evidence has them: [{url, title}].
create function private.are_evidence_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_links) = 'array' and not exists (
		select from jsonb_array_elements(p_links) as each
		where jsonb_typeof(each) <> 'object'
			or coalesce(each ->> 'url', '') !~ '^https?://[^\s]{3,}$'
			or length(each ->> 'url') > 300
			or length(coalesce(each ->> 'title', '')) not between 1 and 200
			or exists (select from jsonb_object_keys(each) as key where key not in ('url', 'title')))
$$;

-- Reports for one of the members of an announced commitment. Answers ok | not_found | not_announced (or withdrawn) |
-- invalid | limited (ten in a day). Locks the commitment.
create function public.report_commitment(
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
	insert into private.commitment_reports (commitment_id, member_id, progress, value, body, links, written_by)
	values (v.id, report_commitment.member, report_commitment.progress, report_commitment.value, report_commitment.body,
		report_commitment.links, private.me());
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.report_commitment(uuid, uuid, public.commitment_progress, numeric, jsonb, jsonb)
	to authenticated;

-- Verifies a report, for those who run the community; who did it is kept. Answers ok | already | not_found.
create function public.verify_commitment_report(report uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community()
		or not exists (select from private.commitment_reports as r where r.id = report) then
		return 'not_found';
	end if;
	insert into private.commitment_verifications (report_id, verified_by)
	values (report, private.me())
	on conflict (report_id) do nothing;
	if not found then return 'already'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.verify_commitment_report(uuid) to authenticated;

-- Comments on an announced commitment as a focal point of a member, who sees it. Answers ok | not_found | not_announced |
-- invalid | limited (twenty of a member in a day).
create function public.comment_commitment(commitment uuid, member uuid, body text)
	returns public.commitment_report_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_body text := private.normalise_free_text(comment_commitment.body);
begin
	if member is null
		or member not in (select private.my_current_members())
		or commitment not in (select private.visible_commitments(private.me())) then
		return 'not_found';
	end if;
	if private.shown_commitment_version(commitment) is null then return 'not_announced'; end if;
	if length(v_body) not between 1 and 2000 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('commitments:' || member, 0));
	if (
		select count(*)
		from private.commitment_comments as x
		where x.member_id = comment_commitment.member and x.written_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	insert into private.commitment_comments (commitment_id, member_id, body, written_by)
	values (comment_commitment.commitment, comment_commitment.member, v_body, private.me());
	return 'ok';
end
$$;
grant execute on function public.comment_commitment(uuid, uuid, text) to authenticated;

-- Mails about announced commitments, to the focal points of today.

-- The focal points of today of the members of a version.
create function private.focal_points_of_commitment(p_commitment uuid, p_number integer) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct f.person_id
	from private.commitment_members as m
	join private.current_focal_points() as f on f.member_id = m.member_id
	where m.commitment_id = p_commitment and m.number = p_number
$$;

-- Queues the mail that a version is announced, once for each focal point.
create function private.send_announcement_mails(p private.commitments) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer := private.shown_commitment_version(p.id);
begin
	perform private.enqueue_mail(f, 'commitment_announced',
		jsonb_build_object('code', p.code, 'title', v.title), p.summit_id,
		format('commitment_announced:%s:%s:%s', p.id, v_number, f))
	from private.commitment_versions as v
	cross join private.focal_points_of_commitment(p.id, v_number) as f
	where v.commitment_id = p.id and v.number = v_number;
end
$$;

-- Sends what is due: the mail of each announcement whose time came in the last two days, and a reminder of each commitment
-- that runs, and of which nothing was announced, reported or reminded for the months that the settings say. It stops by
-- itself once it is delivered or withdrawn. A scheduled job calls it; answers how many commitments were reminded of.
create function private.send_commitment_mails() returns integer
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
		continue when v_number is null or private.commitment_status(c, v_number) in ('delivered', 'withdrawn');
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
grant execute on function private.send_commitment_mails() to app_server;

-- What readers get: the register with its figures, one commitment, and the work of focal points and the secretariat.

-- The member as a commitment names it: {code, name, sector, country, region}, as of the Summit of the commitment where it
-- took part.
create function private.commitment_member_json(p_member uuid, p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'code', m.code,
		'name', m.name,
		'sector', coalesce(sm.sector, m.sector),
		'country', coalesce(sm.country, m.country),
		'region', coalesce(nullif(sm.region, ''), m.region))
	from public.members as m
	left join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_summit
	where m.id = p_member
$$;

-- The text of one version: what anybody who may read it gets.
create function private.commitment_text_json(p private.commitments, p_number integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'number', v.number,
		'title', v.title,
		'summary', v.summary,
		'beneficiaries', v.beneficiaries,
		'indicator', v.indicator,
		'unit', v.unit,
		'baseline', v.baseline,
		'target', v.target,
		'due_on', v.due_on,
		'theme', (
			select jsonb_build_object('slug', t.slug, 'name', t.name)
			from private.commitment_themes as t
			where t.id = v.theme_id),
		'countries', v.countries,
		'budget', v.budget,
		'currency', v.currency,
		'audience', v.audience,
		'summit', (select jsonb_build_object('slug', s.slug, 'name', s.name) from public.summits as s where s.id = p.summit_id),
		'member', private.commitment_member_json(p.member_id, p.summit_id),
		'partners', (
			select coalesce(jsonb_agg(private.commitment_member_json(m.member_id, p.summit_id) order by x.name, x.id), '[]')
			from private.commitment_members as m
			join public.members as x on x.id = m.member_id
			where m.commitment_id = p.id and m.number = p_number and m.member_id <> p.member_id),
		'session', (
			select jsonb_build_object('code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = v.session_id and private.can_see(private.me(), s.id)
				and private.newest_release(s.summit_id) in (
					select r.release_id from public.release_sessions as r where r.session_id = s.id)))
	from private.commitment_versions as v
	where v.commitment_id = p.id and v.number = p_number
$$;

-- The announced commitments that the reader sees, each once: the one set of rows from which lists, feeds and figures are
-- made.
create function private.announced_commitments() returns table (
	id uuid, number integer, status text, is_verified boolean, announced_at timestamptz, value numeric,
	reported_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select c.id, shown.number, private.commitment_status(c, shown.number), coalesce(last.is_verified, false), (
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
	left join lateral (
		select r.value, r.written_at, exists (
			select from private.commitment_verifications as f where f.report_id = r.id) as is_verified
		from private.commitment_reports as r
		where r.commitment_id = c.id
		order by r.written_at desc, r.id
		limit 1) as last on true
	where shown.number is not null
$$;

-- The register as the reader sees it: {themes: [{slug, name}], commitments: [the text, status, is_verified, announced_at,
-- value, reported_at, withdrawn_at]}, the newest first. Pages filter and count these rows, so no figure knows more.
create function public.list_commitments() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where t.retired_at is null),
		'commitments', coalesce(jsonb_agg(
			private.commitment_text_json(c, a.number) || jsonb_build_object(
				'status', a.status,
				'is_verified', a.is_verified,
				'announced_at', private.iso(a.announced_at),
				'value', a.value,
				'reported_at', private.iso(a.reported_at),
				'withdrawn_at', private.iso(c.withdrawn_at))
			order by a.announced_at desc, c.code), '[]'))
	from private.announced_commitments() as a
	join private.commitments as c on c.id = a.id
$$;
grant execute on function public.list_commitments() to anon, authenticated;

-- One report as readers get it. Who verified it is for those who run the community.
create function private.commitment_report_json(r private.commitment_reports) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', r.id,
		'member', (select m.name from public.members as m where m.id = r.member_id),
		'progress', r.progress,
		'value', r.value,
		'body', r.body,
		'links', r.links,
		'written_at', private.iso(r.written_at),
		'verified_at', (
			select private.iso(f.verified_at) from private.commitment_verifications as f where f.report_id = r.id),
		'verified_by', (
			select p.display_name
			from private.commitment_verifications as f
			join public.people as p on p.id = f.verified_by
			where f.report_id = r.id and private.runs_community()))
$$;

-- One commitment that was announced, as the reader sees it: its text, its announced versions, its reports, and for people
-- of members the comments; null where there is none, or the reader does not see it. `acts`: the members for which the
-- reader may report; `comments_as`: those for which they may comment.
create function public.read_commitment(code text) returns jsonb
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
				'title', v.title, 'target', v.target, 'unit', v.unit, 'due_on', v.due_on, 'note', v.note)
				order by s.effective_at desc, s.id desc)
			from private.commitment_steps as s
			join private.commitment_versions as v on v.commitment_id = s.commitment_id and v.number = s.number
			where s.commitment_id = c.id
				and s.step = 'announced'
				and s.effective_at <= now()
				and (v.audience = 'public' or r.reads_comments)
				and not exists (
					select from private.commitment_steps as x
					where x.commitment_id = c.id and x.step = 'unscheduled' and x.number = s.number and x.id > s.id)),
		'reports', (
			select coalesce(jsonb_agg(private.commitment_report_json(p) order by p.written_at desc, p.id), '[]')
			from private.commitment_reports as p
			where p.commitment_id = c.id),
		'comments', case when r.reads_comments then (
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
	cross join lateral (
		select private.me() is not null and (private.is_of_a_member(private.me()) or private.runs_community())) as r (reads_comments)
	where c.code = read_commitment.code
$$;
grant execute on function public.read_commitment(text) to anon, authenticated;

-- One commitment as those who work on it read it: the newest version, its state, who agreed, and what happened. Null for
-- everybody else.
create function private.commitment_work_json(c private.commitments) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, c.version) || jsonb_build_object(
		'id', c.id,
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

-- The work of a focal point: {members: [{id, name, summits: [{id, slug, name}]}], themes, commitments}; `members` is
-- empty for everybody else.
create function public.my_commitments() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name, 'summits', (
				select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name)
					order by s.starts_on desc, s.id), '[]')
				from public.summit_members as sm
				join public.summits as s on s.id = sm.summit_id and s.state in ('open', 'live', 'closed')
				where sm.member_id = m.id)) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select private.my_current_members())),
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where t.retired_at is null),
		'commitments', (
			select coalesce(jsonb_agg(private.commitment_work_json(c) order by c.updated_at desc, c.id), '[]')
			from private.commitments as c
			where private.acts_for_commitment(c, false)))
$$;
grant execute on function public.my_commitments() to authenticated;

-- What waits to be checked and announced: all for those who run the community, for a stage organiser the checked ones of
-- their Summits; null for everybody else. {runs, months, themes: [{slug, name, position, is_retired}], commitments}.
create function public.list_commitment_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'runs', r.runs,
		'months', case when r.runs then (select s.remind_months from private.commitment_settings as s) end,
		'themes', (
			select coalesce(jsonb_agg(jsonb_build_object('slug', t.slug, 'name', t.name, 'position', t.position,
				'is_retired', t.retired_at is not null) order by t.position, t.slug), '[]')
			from private.commitment_themes as t
			where r.runs),
		'commitments', (
			select coalesce(jsonb_agg(case
				when r.runs then private.commitment_work_json(c)
				else private.commitment_work_json(c) || '{"drafted_by": null, "steps": []}'
			end order by c.state, c.updated_at, c.id), '[]')
			from private.commitments as c
			where r.runs and c.state <> 'withdrawn'
				or c.state = 'checked' and c.summit_id in (select private.summits_with_role('stage'))))
	from (select private.runs_community()) as r (runs)
	where r.runs or exists (select from private.summits_with_role('stage'))
$$;
grant execute on function public.list_commitment_work() to authenticated;

insert into private.retention_rules (table_name, class, summit, people)
values ('private.commitment_links', 'invitations', 't.summit_id', null);

insert into private.retention_rules (table_name, exemption)
values
	('private.commitments', 'decisions'),
	('private.commitment_versions', 'decisions'),
	('private.commitment_members', 'decisions'),
	('private.commitment_steps', 'decisions'),
	('private.commitment_reports', 'decisions'),
	('private.commitment_verifications', 'decisions'),
	('private.commitment_comments', 'decisions'),
	('private.commitment_reminders', 'technical'),
	('private.commitment_themes', 'settings'),
	('private.commitment_settings', 'settings');

insert into private.not_copied_tables (name, reason)
values
	('private.commitment_links', 'others'),
	('private.commitment_versions', 'others'),
	('private.commitment_reports', 'others'),
	('private.commitment_comments', 'others'),
	('private.commitment_steps', 'staff'),
	('private.commitment_verifications', 'staff');

insert into private.free_text_columns (table_name, column_name)
select place[1], unnest(place[2:])
from (values
	(array['private.commitments', 'withdrawn_reason']),
	(array['private.commitment_versions', 'title', 'summary', 'beneficiaries', 'indicator', 'note']),
	(array['private.commitment_steps', 'reason']),
	(array['private.commitment_reports', 'body', 'links']),
	(array['private.commitment_comments', 'body'])
) as given (place);

reset check_function_bodies;
