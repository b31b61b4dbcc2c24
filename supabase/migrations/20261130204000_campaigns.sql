-- Campaigns: messages of the secretariat to the people of members, across Summits.

set check_function_bodies = off;

-- Campaigns: messages of the secretariat to the people of members, across Summits. Nothing here is readable through the
-- API: everything is read and written by functions of this folder, which ask private.runs_community.

-- service: about duties that members have. news: the reader may unsubscribe.
create type public.campaign_kind as enum ('service', 'news');

-- scheduled: waits for its time. sending: a round is on its way, or a reminder may follow. sent: nothing follows.
create type public.campaign_state as enum ('draft', 'scheduled', 'sending', 'sent', 'cancelled');

create table private.campaigns (
	id uuid primary key default gen_random_uuid(),
	title text not null check (length(btrim(title)) between 1 and 200),
	kind public.campaign_kind not null default 'service',
	-- The Summit that it is about, by whose clock its times are shown; null: none, and UTC.
	summit_id uuid references public.summits (id) on delete set null,
	-- Whom it means (private.is_campaign_segment).
	segment jsonb not null check (jsonb_typeof(segment) = 'object'),
	-- {language: {subject, body}}, and the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null default 'en' check (private.is_interface_language(original)),
	-- The page that its button opens; '': no button.
	page text not null default '' check (page in ('', 'delegation', 'agenda', 'commitments', 'groups', 'library')),
	state public.campaign_state not null default 'draft',
	version integer not null default 1,
	send_at timestamptz,
	-- How many rounds follow the first, how many days apart, and until when.
	reminders integer not null default 0 check (reminders between 0 and 10),
	remind_days integer not null default 7 check (remind_days between 1 and 90),
	deadline timestamptz,
	-- The last round that began, and when; 0: none.
	round integer not null default 0,
	round_at timestamptz,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	started_by uuid references public.people (id) on update cascade on delete set null,
	-- When nothing was left to send, or when it was cancelled.
	ended_at timestamptz,
	check ((state = 'draft') <= (send_at is null)),
	check ((round = 0) = (round_at is null)),
	check ((state in ('sent', 'cancelled')) = (ended_at is not null)),
	constraint title_one_line check (private.is_one_line(title)),
	constraint subject_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.subject')))
);
create index on private.campaigns (summit_id);
create index on private.campaigns (created_by);
create index on private.campaigns (started_by);
create index campaigns_due on private.campaigns (send_at) where state in ('scheduled', 'sending');
alter table private.campaigns enable row level security;
select audit.watch('private.campaigns');

-- The people of each round, frozen when it begins, each once. Their addresses are opened only where the mail is sent.
create table private.campaign_recipients (
	campaign_id uuid not null references private.campaigns (id) on delete cascade,
	round integer not null check (round > 0),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The members of the segment for which the person gets it, by name; merged ones are followed where they are read.
	member_ids uuid[] not null,
	locale text not null,
	-- unreachable: there is no address, or a server refused the last mail to it for good. left: not in the segment any
	-- more when their turn came.
	state text not null check (state in ('waiting', 'queued', 'unreachable', 'unsubscribed', 'left', 'cancelled')),
	outbox_id uuid references private.outbox (id) on delete set null,
	queued_at timestamptz,
	added_at timestamptz not null default now(),
	primary key (campaign_id, round, person_id)
);
create index on private.campaign_recipients (person_id);
create index on private.campaign_recipients (outbox_id);
create index campaign_recipients_waiting on private.campaign_recipients (campaign_id, round) where state = 'waiting';
create index campaign_recipients_queued on private.campaign_recipients (queued_at) where state = 'queued';
alter table private.campaign_recipients enable row level security;

-- People who want no news of the Alliance, and by which campaign they unsubscribed; null: in their settings.
create table private.mail_opt_outs (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	campaign_id uuid references private.campaigns (id) on delete set null,
	since timestamptz not null default now()
);
create index on private.mail_opt_outs (campaign_id);
alter table private.mail_opt_outs enable row level security;
select audit.watch('private.mail_opt_outs', 'person_id');

-- The links in mails by which their reader unsubscribes. The token is only in the mail, and signs nobody in.
create table private.unsubscribe_links (
	token_hash bytea primary key check (length(token_hash) = 32),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	campaign_id uuid references private.campaigns (id) on delete set null,
	made_at timestamptz not null default now()
);
create index on private.unsubscribe_links (person_id);
create index on private.unsubscribe_links (campaign_id);
alter table private.unsubscribe_links enable row level security;

-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- An act on a campaign. Wrong state: it was sent, or is no draft any more.
create domain public.campaign_act_status as text check (value in ('ok', 'not_found', 'wrong_state'));

-- A test to oneself. Too many: thirty in ten minutes.
create domain public.campaign_test_status as text check (value in ('ok', 'not_found', 'too_many'));

-- To whom a campaign goes, or would go now. The database alone computes it, each time from the rows of that moment.

-- Whether this is a segment: {recipients: focal_points | people, sectors, regions, countries, standings: [text],
-- not_nominated: a Summit, overdue: boolean, group: a code}. Without standings: active members and observers. A closed
-- group is none, because who belongs to it is for its people alone.
create function private.is_campaign_segment(p_segment jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p_segment) = 'object'
		and length(p_segment::text) <= 8000
		and p_segment ->> 'recipients' in ('focal_points', 'people')
		and p_segment - array['recipients', 'sectors', 'regions', 'countries', 'standings', 'not_nominated', 'overdue', 'group']
			= '{}'
		and not jsonb_path_exists(p_segment, '$.keyvalue() ? (@.key == "sectors" || @.key == "regions"
			|| @.key == "countries" || @.key == "standings").value ? (@.type() != "string")')
		and jsonb_typeof(coalesce(p_segment -> 'overdue', 'false')) = 'boolean'
		and (p_segment ->> 'not_nominated' is null or exists (
			select from public.summits as s
			where s.id = private.parse_uuid(p_segment ->> 'not_nominated') and s.state <> 'draft'))
		and (p_segment ->> 'group' is null or exists (
			select from private.groups as g
			where g.code = p_segment ->> 'group' and g.level <> 'closed')), false)
$$;

-- Whether a list of a segment is empty, or has a value.
create function private.segment_has(p_list jsonb, p_value text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_list, '[]') = '[]' or p_list ? coalesce(p_value, '')
$$;

-- Whether a member has nominated somebody at a Summit, and the nomination stands.
create function private.has_nominated(p_summit uuid, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.registrations as r
		where r.summit_id = p_summit
			and r.member_id = p_member
			and r.state in ('nominated', 'accredited', 'awaiting_payment', 'confirmed'))
$$;

-- Whether a member leads a commitment whose date is past and which is not delivered, as its own people see it.
create function private.has_overdue_commitment(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.commitments as c
		cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
		where c.member_id = p_member
			and shown.number is not null
			and private.commitment_status(c, shown.number, true) = 'overdue')
$$;

-- The members of a segment, by what they are at their newest Summit that is no draft.
create function private.campaign_members(p_segment jsonb) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing, sm.sector, sm.region, sm.country
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
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
		and (p_segment ->> 'not_nominated' is null or exists (
			select from public.summit_members as own
			where own.summit_id = private.parse_uuid(p_segment ->> 'not_nominated')
				and own.member_id = n.member_id
				and own.standing in ('active', 'observer')
				and not private.has_nominated(own.summit_id, own.member_id)))
		and (not coalesce((p_segment ->> 'overdue')::boolean, false) or private.has_overdue_commitment(n.member_id))
$$;

-- The people of members today: the focal points of the newest Summit for which a member has named any and, with
-- `p_all`, who is confirmed for it at a Summit that is not archived.
create function private.people_of_members(p_members uuid[], p_all boolean)
	returns table (person_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	with named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join public.summits as s on s.id = f.summit_id and s.state <> 'draft'
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
	join public.summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
	where p_all and r.member_id = any (p_members) and r.state = 'confirmed'
$$;

-- Everybody whom a segment means, each once, with the members for which they are meant, by name. `mail`: ok, or why
-- they get none: unreachable, or unsubscribed from news.
create function private.campaign_audience(p_segment jsonb, p_kind public.campaign_kind)
	returns table (person_id uuid, member_ids uuid[], locale text, mail text)
language sql stable security definer set search_path = '' as $$
	with meant as (
		select p.person_id, array_agg(m.id order by m.name) as member_ids
		from private.people_of_members(array(select private.campaign_members(p_segment)),
			p_segment ->> 'recipients' = 'people') as p
		join public.members as m on m.id = p.member_id
		group by p.person_id
	)
	select a.person_id, a.member_ids, coalesce(f.locale, 'en'),
		case
			when p_kind = 'news' and exists (select from private.mail_opt_outs as o where o.person_id = a.person_id)
				then 'unsubscribed'
			when not private.is_reachable(a.person_id) then 'unreachable'
			else 'ok'
		end
	from meant as a
	left join public.person_preferences as f on f.person_id = a.person_id
$$;

-- Counts whom a segment means today, for the secretariat, and lists its members: names of people are not among it.
-- {people, reachable, unreachable, unsubscribed, languages: {language: people}, members: [{code, name, country, people}]}.
-- Null for others, and for what is no segment.
create function public.count_campaign(segment jsonb, kind public.campaign_kind) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.runs_community() or not private.is_campaign_segment(count_campaign.segment) then return null; end if;
	return (
		with audience as materialized (
			select * from private.campaign_audience(count_campaign.segment, coalesce(count_campaign.kind, 'service'))
		)
		select jsonb_build_object(
			'people', count(*),
			'reachable', count(*) filter (where a.mail = 'ok'),
			'unreachable', count(*) filter (where a.mail = 'unreachable'),
			'unsubscribed', count(*) filter (where a.mail = 'unsubscribed'),
			'languages', (select coalesce(jsonb_object_agg(l.locale, l.people), '{}')
				from (select x.locale, count(*) as people from audience as x where x.mail = 'ok' group by x.locale) as l),
			'members', (select coalesce(jsonb_agg(jsonb_build_object(
					'code', m.code, 'name', m.name, 'country', m.country, 'people', n.people) order by m.name), '[]')
				from (select each.id, count(x.person_id) as people
					from private.campaign_members(count_campaign.segment) as each (id)
					left join audience as x on each.id = any (x.member_ids)
					group by each.id) as n
				join public.members as m on m.id = n.id))
		from audience as a);
end
$$;
grant execute on function public.count_campaign(jsonb, public.campaign_kind) to authenticated;

-- Writing a campaign, testing it, starting and stopping it. Only the secretariat does; for everybody else there is none.

-- The text {subject, body} of a campaign for a reader's language.
create function private.campaign_text(p_campaign uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select c.texts -> private.group_message_language(c.texts, c.original, p_locale)
	from private.campaigns as c
	where c.id = p_campaign
$$;

-- The Summit, the kind and the times of what somebody wrote, in the row that would be stored. Raises where a value is
-- none of its type.
create function private.campaign_from(p_fields jsonb) returns private.campaigns
language plpgsql stable security definer set search_path = '' as $$
declare
	c private.campaigns;
begin
	c.title := btrim(p_fields ->> 'title');
	c.kind := (p_fields ->> 'kind')::public.campaign_kind;
	c.summit_id := (p_fields ->> 'summit')::uuid;
	c.segment := p_fields -> 'segment';
	c.texts := p_fields -> 'texts';
	c.original := p_fields ->> 'original';
	c.page := p_fields ->> 'page';
	c.reminders := (p_fields ->> 'reminders')::integer;
	c.remind_days := (p_fields ->> 'remind_days')::integer;
	c.deadline := (p_fields ->> 'deadline')::timestamptz;
	return c;
end
$$;

-- Writes a new campaign (no id), or changes a draft after version `after`. `fields`: {title, kind, summit, segment, texts,
-- original, page, reminders, remind_days, deadline}. {status: ok | not_found | stale | wrong_state | invalid, id, version}
create function public.save_campaign(campaign uuid, after integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old private.campaigns;
	c private.campaigns;
begin
	if not private.runs_community() then return jsonb_build_object('status', 'not_found'); end if;
	if save_campaign.campaign is not null then
		select * into v_old from private.campaigns as x where x.id = save_campaign.campaign for update;
		if not found then return jsonb_build_object('status', 'not_found'); end if;
		if v_old.state <> 'draft' then return jsonb_build_object('status', 'wrong_state', 'id', v_old.id); end if;
		if v_old.version is distinct from save_campaign.after then
			return jsonb_build_object('status', 'stale', 'id', v_old.id, 'version', v_old.version);
		end if;
	end if;
	c := private.campaign_from(save_campaign.fields);
	if not private.is_campaign_segment(c.segment)
		or private.group_message_fault('{}', c.texts, c.original, null) is not null
		or exists (select from public.summits as s where s.id = c.summit_id and s.state = 'draft') then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_old.id is null then
		insert into private.campaigns (title, kind, summit_id, segment, texts, original, page, reminders, remind_days,
			deadline, created_by)
		values (c.title, c.kind, c.summit_id, c.segment, c.texts, c.original, c.page, c.reminders, c.remind_days,
			c.deadline, private.actor())
		returning * into v_old;
	else
		update private.campaigns as x
		set title = c.title, kind = c.kind, summit_id = c.summit_id, segment = c.segment, texts = c.texts,
			original = c.original, page = c.page, reminders = c.reminders, remind_days = c.remind_days,
			deadline = c.deadline, version = x.version + 1
		where x.id = v_old.id
		returning * into v_old;
	end if;
	return jsonb_build_object('status', 'ok', 'id', v_old.id, 'version', v_old.version);
exception when check_violation or not_null_violation or data_exception or foreign_key_violation then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_campaign(uuid, integer, jsonb) to authenticated;

-- Queues the campaign in each of its languages to who asks. Locks by person, so that the limit holds.
create function public.send_campaign_test(campaign uuid) returns public.campaign_test_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_me uuid := private.me();
	v_locale text;
	v_id uuid;
begin
	select * into c from private.campaigns as x where x.id = send_campaign_test.campaign;
	if not found or not private.runs_community() then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('mail_test:' || v_me, 5));
	if (select count(*)
		from private.outbox as o
		where o.person_id = v_me
			and o.template = 'campaign'
			and o.params ->> 'test' is not null
			and o.created_at > now() - interval '10 minutes') >= 30 then
		return 'too_many';
	end if;
	for v_locale in select jsonb_object_keys(c.texts) loop
		insert into private.outbox (person_id, template, locale, params, summit_id, priority)
		values (v_me, 'campaign', v_locale, private.campaign_params(c, array(
			select x.id
			from private.campaign_members(c.segment) as s (id)
			join public.members as x on x.id = s.id
			order by x.name
			limit 1)) || '{"test": true}', c.summit_id, 5)
		returning id into v_id;
		perform private.publish_event('outbox', 'mail', v_id);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.send_campaign_test(uuid) to authenticated;

-- Starts a draft: now, or at a time to come. `expected` is the number of people that the secretariat saw; it counts when
-- it is sent now. {status: ok | already | stale | changed | nobody | invalid | not_found, people}. Locks the campaign, so
-- that a second click finds it started.
create function public.start_campaign(
	campaign uuid, after integer, expected integer, send_at timestamptz default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_people integer;
begin
	select * into c from private.campaigns as x where x.id = start_campaign.campaign for update;
	if not found or not private.runs_community() then return jsonb_build_object('status', 'not_found'); end if;
	if c.state <> 'draft' then return jsonb_build_object('status', 'already'); end if;
	if c.version is distinct from start_campaign.after then return jsonb_build_object('status', 'stale'); end if;
	if start_campaign.send_at <= now() or start_campaign.send_at > now() + interval '1 year'
		or c.deadline <= coalesce(start_campaign.send_at, now()) then
		return jsonb_build_object('status', 'invalid');
	end if;
	v_people := (select count(*) from private.campaign_audience(c.segment, c.kind) as a where a.mail = 'ok');
	if start_campaign.send_at is null and (v_people = 0 or v_people is distinct from start_campaign.expected) then
		return jsonb_build_object('status', case when v_people = 0 then 'nobody' else 'changed' end, 'people', v_people);
	end if;
	update private.campaigns as x
	set state = 'scheduled', send_at = coalesce(start_campaign.send_at, now()), started_by = private.actor(),
		version = x.version + 1
	where x.id = c.id
	returning * into c;
	perform private.run_campaign(c);
	return jsonb_build_object('status', 'ok', 'people', v_people);
end
$$;
grant execute on function public.start_campaign(uuid, integer, integer, timestamptz) to authenticated;

-- Makes a scheduled campaign a draft again (`revise`), stops one (`cancel`: what is not on its way never goes, and no
-- reminder follows), or deletes a draft (`delete`).
create function public.control_campaign(campaign uuid, action text) returns public.campaign_act_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
begin
	select * into c from private.campaigns as x where x.id = control_campaign.campaign for update;
	if not found or not private.runs_community() then return 'not_found'; end if;
	if not coalesce(action = 'revise' and c.state = 'scheduled'
		or action = 'cancel' and c.state in ('scheduled', 'sending')
		or action = 'delete' and c.state = 'draft', false) then
		return 'wrong_state';
	end if;
	if action = 'delete' then
		delete from private.campaigns as x where x.id = c.id;
	elsif action = 'revise' then
		update private.campaigns as x set state = 'draft', send_at = null, version = x.version + 1 where x.id = c.id;
	else
		perform private.recall_campaign_mails(c.id, null, 'cancelled');
		update private.campaigns as x set state = 'cancelled', ended_at = now(), version = x.version + 1
		where x.id = c.id;
	end if;
	return 'ok';
end
$$;
grant execute on function public.control_campaign(uuid, text) to authenticated;

-- Sending: the rounds of a campaign, and its mails into the outbox at the rate of the Alliance's mail.

-- How many mails of campaigns go out in a minute, by the rate of the newest Summit that has set one.
create function private.campaign_rate() returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select t.per_minute
		from public.mail_settings as t
		join public.summits as s on s.id = t.summit_id and s.state <> 'draft'
		order by s.starts_on desc, s.id
		limit 1), 60)
$$;

-- What the mail of a campaign needs: names of members, and nobody's.
create function private.campaign_params(c private.campaigns, p_members uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'campaign_id', c.id,
		'kind', c.kind,
		'page', c.page,
		'until', private.iso(c.deadline),
		'members', (select coalesce(jsonb_agg(m.name order by m.name), '[]')
			from public.members as m
			where m.id in (select private.kept_member(x) from unnest(p_members) as x)))
$$;

-- A member, or the one into which it was merged.
create function private.kept_member(p_member uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select coalesce((select g.kept_id from private.merged_members as g where g.dropped_id = p_member), p_member)
$$;

-- Takes mails that no process has claimed out of the outbox again, of all or one person, and what waits with them.
create function private.recall_campaign_mails(p_campaign uuid, p_person uuid, p_state text) returns void
language sql volatile security definer set search_path = '' as $$
	with back as (
		delete from private.outbox as o
		using private.campaign_recipients as r
		where r.campaign_id = p_campaign
			and (p_person is null or r.person_id = p_person)
			and r.outbox_id = o.id
			and o.state = 'queued'
		returning r.round, r.person_id
	)
	update private.campaign_recipients as r
	set state = p_state, outbox_id = null, queued_at = null
	where r.campaign_id = p_campaign
		and (p_person is null or r.person_id = p_person)
		and (r.state = 'waiting' or exists (
			select from back where back.round = r.round and back.person_id = r.person_id))
$$;

-- Freezes the people of the next round. A reminder goes to today's people of the members that the first round reached
-- and that are still in the segment. Answers how many of them get a mail.
create function private.begin_campaign_round(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.campaign_recipients (campaign_id, round, person_id, member_ids, locale, state)
	select c.id, c.round + 1, a.person_id, a.member_ids,
		private.group_message_language(c.texts, c.original, a.locale),
		case a.mail when 'ok' then 'waiting' else a.mail end
	from private.campaign_audience(c.segment, c.kind) as a
	where c.round = 0 or a.member_ids && array(
		select private.kept_member(x)
		from private.campaign_recipients as r, unnest(r.member_ids) as x
		where r.campaign_id = c.id and r.round = 1)
	on conflict do nothing;
	return (select count(*) from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round + 1 and r.state = 'waiting');
end
$$;

-- Queues the waiting mails of a round, as many as the rate still allows in this minute. Who has left the segment or
-- unsubscribed since the round began gets none. The caller holds the campaign.
create function private.queue_campaign(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_left integer;
	v_count integer := 0;
	v_outbox uuid;
begin
	if not exists (select from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting') then
		return 0;
	end if;
	-- One process at a time, so that the minute is counted right.
	perform pg_advisory_xact_lock(hashtextextended('campaigns', 5));
	v_left := private.campaign_rate() - (
		select count(*) from private.campaign_recipients as r
		where r.state = 'queued' and r.queued_at > now() - interval '59 seconds');
	with audience as materialized (select * from private.campaign_audience(c.segment, c.kind))
	update private.campaign_recipients as r
	set state = coalesce((select nullif(a.mail, 'ok') from audience as a where a.person_id = r.person_id), 'left')
	where r.campaign_id = c.id
		and r.round = c.round
		and r.state = 'waiting'
		and not exists (select from audience as a where a.person_id = r.person_id and a.mail = 'ok');
	for v_next in
		select r.person_id, r.member_ids, r.locale
		from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting'
		order by r.person_id
		limit greatest(v_left, 0)
	loop
		insert into private.outbox (person_id, template, locale, params, summit_id, priority, idempotency_key)
		values (v_next.person_id, 'campaign', v_next.locale, private.campaign_params(c, v_next.member_ids), c.summit_id, 9,
			format('campaign:%s:%s:%s', c.id, c.round, v_next.person_id))
		on conflict (idempotency_key) do nothing
		returning id into v_outbox;
		update private.campaign_recipients as r set state = 'queued', queued_at = now(), outbox_id = v_outbox
		where r.campaign_id = c.id and r.round = c.round and r.person_id = v_next.person_id;
		if v_outbox is not null then perform private.publish_event('outbox', 'mail', v_outbox); end if;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Carries a campaign on: begins the first round when its time has come, queues what waits, begins a reminder when it is
-- due, and ends it when nobody is left, all rounds are out or its deadline has passed. The caller holds the campaign.
create function private.run_campaign(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_is_past boolean := coalesce(c.deadline <= now(), false);
	v_waits boolean;
	v_count integer;
begin
	if c.state = 'scheduled' and c.send_at > now() then return 0; end if;
	if c.state = 'sending' and c.round > 1 and v_is_past then
		update private.campaign_recipients as r set state = 'left'
		where r.campaign_id = c.id and r.state = 'waiting';
	end if;
	v_waits := exists (select from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting');
	if c.state = 'scheduled' or not v_waits and c.round <= c.reminders and not v_is_past
		and c.round_at + make_interval(days => c.remind_days) <= now() then
		v_waits := private.begin_campaign_round(c) > 0;
		update private.campaigns as x set state = 'sending', round = x.round + 1, round_at = now()
		where x.id = c.id
		returning * into c;
		-- Nobody is left in the segment: no further reminder can be due.
		v_is_past := v_is_past or not v_waits;
	end if;
	v_count := private.queue_campaign(c);
	if not exists (select from private.campaign_recipients as r
			where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting')
		and (c.round > c.reminders or v_is_past) then
		update private.campaigns as x set state = 'sent', ended_at = now() where x.id = c.id;
	end if;
	return v_count;
end
$$;

-- Each minute: every campaign that is due or on its way, each by one process. Answers how many mails were queued.
create function private.run_campaigns() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_count integer := 0;
begin
	for c in
		select *
		from private.campaigns as x
		where x.state = 'sending' or x.state = 'scheduled' and x.send_at <= now()
		order by x.send_at, x.id
		for update skip locked
	loop
		v_count := v_count + private.run_campaign(c);
	end loop;
	return v_count;
end
$$;
grant execute on function private.run_campaigns() to app_server;

-- Reading campaigns and what came of them, for the secretariat. Members are named, their people are not.

-- What came of a campaign for each recipient of each round: waiting, queued (on its way), sent, failed, unreachable,
-- unsubscribed, left or cancelled.
create function private.campaign_outcomes(p_campaign uuid)
	returns table (round integer, person_id uuid, member_ids uuid[], outcome text)
language sql stable security definer set search_path = '' as $$
	select r.round, r.person_id, array(select private.kept_member(x) from unnest(r.member_ids) as x),
		case
			when r.state <> 'queued' then r.state
			when o.id is null or o.state = 'sent' then 'sent'
			when o.state in ('queued', 'sending') then 'queued'
			else 'failed'
		end
	from private.campaign_recipients as r
	left join private.outbox as o on o.id = r.outbox_id
	where r.campaign_id = p_campaign
$$;

-- A campaign as JSON, with its results: by round, who unsubscribed by it, and how many of its members have nominated
-- since, where it asks for that.
create function private.campaign_json(c private.campaigns) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', c.id,
		'title', c.title,
		'kind', c.kind,
		'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
			from public.summits as s where s.id = c.summit_id),
		'segment', c.segment,
		'texts', c.texts,
		'original', c.original,
		'page', c.page,
		'state', c.state,
		'version', c.version,
		'send_at', private.iso(c.send_at),
		'reminders', c.reminders,
		'remind_days', c.remind_days,
		'deadline', private.iso(c.deadline),
		'round', c.round,
		'round_at', private.iso(c.round_at),
		'created_at', private.iso(c.created_at),
		'created_by', (select p.display_name from public.people as p where p.id = c.created_by),
		'started_by', (select p.display_name from public.people as p where p.id = c.started_by),
		'ended_at', private.iso(c.ended_at),
		'rounds', (select coalesce(jsonb_agg(jsonb_build_object('round', n.round, 'outcomes', n.outcomes)
				order by n.round), '[]')
			from (
				select k.round, jsonb_object_agg(k.outcome, k.people) as outcomes
				from (select o.round, o.outcome, count(*) as people
					from private.campaign_outcomes(c.id) as o group by 1, 2) as k
				group by k.round) as n),
		'unsubscribed', (select count(*) from private.mail_opt_outs as o where o.campaign_id = c.id),
		'nominated', case when c.segment ->> 'not_nominated' is not null then (
			select jsonb_build_object(
				'members', count(*),
				'since', count(*) filter (
					where private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.member_id)))
			from (select distinct x as member_id
				from private.campaign_outcomes(c.id) as o, unnest(o.member_ids) as x
				where o.round = 1) as m) end)
$$;

-- All campaigns, newest first; null for everybody but the secretariat.
create function public.list_campaigns() returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(private.campaign_json(c) order by c.created_at desc, c.id), '[]')
		from (select * from private.campaigns as x order by x.created_at desc, x.id limit 200) as c)
	where private.runs_community()
$$;
grant execute on function public.list_campaigns() to authenticated;

-- One campaign, with its members and what came of it for the people of each: {campaign, members: [{code, name, outcomes:
-- {outcome: people, of the last round that reached them}, has_nominated: boolean | null}]}. Null for everybody but the
-- secretariat.
create function public.read_campaign(campaign uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'campaign', private.campaign_json(c),
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'code', m.code,
				'name', m.name,
				'outcomes', k.outcomes,
				'has_nominated', case when c.segment ->> 'not_nominated' is not null
					then private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.id) end) order by m.name), '[]')
			from (
				select n.member_id, jsonb_object_agg(n.outcome, n.people) as outcomes
				from (
					select last.member_id, last.outcome, count(*) as people
					from (
						select distinct on (x, o.person_id) x as member_id, o.outcome
						from private.campaign_outcomes(c.id) as o, unnest(o.member_ids) as x
						order by x, o.person_id, o.round desc) as last
					group by 1, 2) as n
				group by n.member_id) as k
			join public.members as m on m.id = k.member_id))
	from private.campaigns as c
	where c.id = read_campaign.campaign and private.runs_community()
$$;
grant execute on function public.read_campaign(uuid) to authenticated;

-- What the form offers, for the secretariat: the Summits, the countries and regions of members, and the groups that are
-- not closed. {summits: [{id, slug, name, zone, state}], countries, regions, groups: [{code, name}]}; null for others.
create function public.list_campaign_choices() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'summits', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone, 'state', s.state)
				order by s.starts_on desc, s.id), '[]')
			from public.summits as s where s.state <> 'draft'),
		'countries', array(select distinct sm.country from public.summit_members as sm where sm.country is not null
			order by 1),
		'regions', array(select distinct sm.region from public.summit_members as sm where sm.region <> '' order by 1),
		'groups', (select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.code), '[]')
			from private.groups as g where g.level <> 'closed' and g.ended_at is null))
	where private.runs_community()
$$;
grant execute on function public.list_campaign_choices() to authenticated;

-- Unsubscribing from news: by the link in a mail, without an account, and in the settings. Service mail cannot be
-- unsubscribed, because it is about duties.

-- Keeps the hash of the link that a mail is about to carry, of a campaign of news and for the process that sends the mail
-- alone. Answers whether it was kept.
create function private.add_unsubscribe_link(p_mail uuid, p_claim uuid, p_token_hash text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	if coalesce(p_token_hash, '') !~ '^[0-9a-f]{64}$' then return false; end if;
	insert into private.unsubscribe_links (token_hash, person_id, campaign_id)
	select decode(p_token_hash, 'hex'), o.person_id, c.id
	from private.outbox as o
	join private.campaigns as c on c.id = private.parse_uuid(o.params ->> 'campaign_id') and c.kind = 'news'
	where o.id = p_mail and o.claim_id = p_claim and o.state = 'sending' and o.template = 'campaign';
	return found;
end
$$;
grant execute on function private.add_unsubscribe_link(uuid, uuid, text) to app_server;

-- Whether the reader of a link is unsubscribed; null for an unknown link.
create function private.read_unsubscribe_link(p_token_hash text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.mail_opt_outs as o where o.person_id = l.person_id)
	from private.unsubscribe_links as l
	where p_token_hash ~ '^[0-9a-f]{64}$' and l.token_hash = decode(p_token_hash, 'hex')
$$;
grant execute on function private.read_unsubscribe_link(text) to app_server;

-- Unsubscribes a person, or takes it back. News that waits for them does not go any more.
create function private.set_opt_out(p_person uuid, p_campaign uuid, p_is_out boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_is_out then
		delete from private.mail_opt_outs as o where o.person_id = p_person;
		return;
	end if;
	insert into private.mail_opt_outs (person_id, campaign_id) values (p_person, p_campaign) on conflict do nothing;
	perform private.recall_campaign_mails(c.id, p_person, 'unsubscribed')
	from private.campaigns as c
	where c.kind = 'news' and c.state = 'sending';
end
$$;

-- The reader of a link unsubscribes, or takes it back; as often as they like. Answers ok or not_found.
create function private.answer_unsubscribe_link(p_token_hash text, p_is_out boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	l private.unsubscribe_links;
begin
	if coalesce(p_token_hash, '') !~ '^[0-9a-f]{64}$' or p_is_out is null then return 'not_found'; end if;
	select * into l from private.unsubscribe_links as x where x.token_hash = decode(p_token_hash, 'hex');
	if not found then return 'not_found'; end if;
	perform private.set_opt_out(l.person_id, l.campaign_id, p_is_out);
	return 'ok';
end
$$;
grant execute on function private.answer_unsubscribe_link(text, boolean) to app_server;

-- Whether the signed-in person gets news of the Alliance.
create function public.gets_news() returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.mail_opt_outs as o where o.person_id = (select private.me()))
$$;
grant execute on function public.gets_news() to authenticated;

-- Sets it. Answers ok, or not_found for an account without a person.
create function public.save_news_choice(gets_news boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.me() is null or save_news_choice.gets_news is null then return 'not_found'; end if;
	perform private.set_opt_out(private.me(), null, not save_news_choice.gets_news);
	return 'ok';
end
$$;
grant execute on function public.save_news_choice(boolean) to authenticated;

-- The text that organisers wrote for a mail, {subject, body}; null where the default text is sent.
create or replace function private.mail_wording(p_template text, p_params jsonb, p_summit uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case p_template
		when 'group_message' then private.group_message_text((p_params ->> 'message_id')::uuid, p_locale)
		when 'announcement' then private.announcement_wording((p_params ->> 'announcement_id')::uuid, p_locale)
		when 'campaign' then private.campaign_text((p_params ->> 'campaign_id')::uuid, p_locale)
		else private.custom_mail_text(p_summit, p_template, p_locale)
	end
$$;

insert into private.free_text_columns (table_name, column_name) values
	('private.campaigns', 'title'),
	('private.campaigns', 'texts');
insert into private.retention_rules (table_name, exemption) values ('private.campaigns', 'decisions');
insert into private.retention_rules (table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.campaign_recipients', 'mails', null, 'array[t.person_id]', 't.added_at',
		'exists (select from private.campaigns as x where x.id = t.campaign_id and x.ended_at is not null)', null, null,
		null, true);
insert into private.retention_rules (table_name, class) values
	('private.mail_opt_outs', 'contact'),
	('private.unsubscribe_links', 'contact');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed) values
	('private.campaign_recipients', 'mail', 'person', 'person_id', '{added_at,queued_at,locale,state}', default),
	('private.mail_opt_outs', 'mail', 'person', 'person_id', '{since}', default);
insert into private.not_copied_tables (name, reason) values
	('private.campaigns', 'staff'),
	('private.unsubscribe_links', 'technical');
insert into private.writable_after_closing (table_name, reason) values
	('private.campaigns', 'Campaigns go to members between Summits.');

reset check_function_bodies;
