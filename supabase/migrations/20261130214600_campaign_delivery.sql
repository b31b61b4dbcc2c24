-- Campaigns: a mail is asked again whether it may go when it is sent, a campaign is sent once nothing of it is in the
-- outbox, results are kept with the recipients, rounds keep to the deadline, and each campaign runs by itself.
set check_function_bodies = off;

alter table private.campaign_recipients drop constraint campaign_recipients_state_check;
alter table private.campaign_recipients add constraint campaign_recipients_state_check check (
	state in ('waiting', 'queued', 'sent', 'failed', 'unreachable', 'unsubscribed', 'left', 'cancelled'));
drop index private.campaign_recipients_queued;
create index campaign_recipients_queued on private.campaign_recipients (queued_at) where queued_at is not null;
update private.campaign_recipients as r set state = 'sent'
where r.state = 'queued'
	and not exists (select from private.outbox as o where o.id = r.outbox_id and o.state <> 'sent');
update private.campaign_recipients as r set state = 'failed'
from private.outbox as o
where r.state = 'queued' and o.id = r.outbox_id and o.state = 'dead';

drop function private.campaign_outcomes(uuid);
drop function private.run_campaigns();
drop function private.read_unsubscribe_link(text);
drop function public.start_campaign(uuid, integer, integer, timestamptz);

update private.retention_rules
set class = 'mails', people = 'array[t.person_id]', since = 't.made_at + interval ''60 days'''
where table_name = 'private.unsubscribe_links';

-- Whether members leave a segment by what they do, so that reminders to them end: they nominate, or deliver.
create function private.is_passing_segment(p_segment jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select p_segment ->> 'not_nominated' is not null or coalesce((p_segment ->> 'overdue')::boolean, false)
$$;

-- The people of a round: those of the first are whom the segment means today; a reminder goes to them for the members
-- of the first round alone that are still in the segment.
create function private.campaign_round_audience(c private.campaigns, p_round integer)
	returns table (person_id uuid, member_ids uuid[], locale text, mail text)
language sql stable security definer set search_path = '' as $$
	with first as materialized (
		select distinct private.kept_member(x) as id
		from private.campaign_recipients as r, unnest(r.member_ids) as x
		where p_round > 1 and r.campaign_id = c.id and r.round = 1
	)
	select a.person_id, k.member_ids, a.locale, a.mail
	from private.campaign_audience(c.segment, c.kind) as a
	cross join lateral (select case
		when p_round = 1 then a.member_ids
		else array(select x from unnest(a.member_ids) as x where x in (select f.id from first as f)) end) as k (member_ids)
	where k.member_ids <> '{}'
$$;

-- Whether a mail of a campaign may still go: it was not stopped, its deadline has not passed, the mail is the one of a
-- recipient who waits for it and, for news, has not unsubscribed. A test always may.
create function private.is_campaign_mail_wanted(p_mail private.outbox) returns boolean
language sql stable security definer set search_path = '' as $$
	select (p_mail).params ->> 'test' is not null or exists (
		select from private.campaign_recipients as r
		join private.campaigns as c on c.id = r.campaign_id
		where r.outbox_id = (p_mail).id
			and r.state = 'queued'
			and c.state <> 'cancelled'
			and (c.deadline is null or c.deadline > now())
			and (c.kind <> 'news'
				or not exists (select from private.mail_opt_outs as o where o.person_id = r.person_id)))
$$;

-- Deletes a mail of a campaign that must not go any more, asked by the process that is about to send it. Answers whether
-- it did.
create function private.drop_unwanted_campaign_mail(p_id uuid, p_claim uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
begin
	select * into v_mail
	from private.outbox as o
	where o.id = p_id and o.claim_id = p_claim and o.state = 'sending' and o.template = 'campaign'
	for update;
	if not found or private.is_campaign_mail_wanted(v_mail) then return false; end if;
	update private.campaign_recipients as r
	set outbox_id = null, queued_at = null, state = case
			when c.state = 'cancelled' then 'cancelled'
			when c.kind = 'news' and exists (select from private.mail_opt_outs as o where o.person_id = r.person_id)
				then 'unsubscribed'
			else 'left'
		end
	from private.campaigns as c
	where c.id = r.campaign_id and r.outbox_id = v_mail.id;
	delete from private.outbox as o where o.id = v_mail.id;
	return true;
end
$$;
grant execute on function private.drop_unwanted_campaign_mail(uuid, uuid) to app_server;

-- Keeps what came of a mail with its recipient, because the mail itself is deleted earlier.
create function private.note_campaign_result() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.campaign_recipients as r
	set state = case new.state when 'sent' then 'sent' when 'dead' then 'failed' else 'queued' end
	where r.outbox_id = new.id and r.state in ('queued', 'sent', 'failed');
	return null;
end
$$;

-- Whether mails of a campaign wait for their turn or are in the outbox.
create function private.is_campaign_busy(p_campaign uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.campaign_recipients as r
		where r.campaign_id = p_campaign
			and (r.state = 'waiting' or r.state = 'queued' and r.outbox_id is not null))
$$;

-- Each minute: the campaigns that are due or on their way, service mail before news.
create function private.list_due_campaigns() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select x.id
	from private.campaigns as x
	where x.state = 'sending' or x.state = 'scheduled' and x.send_at <= now()
	order by x.kind = 'news', x.send_at, x.id
$$;
grant execute on function private.list_due_campaigns() to app_server;

-- Carries one of them on, in a transaction of its own, by one process at a time. Answers how many mails were queued.
create function private.run_due_campaign(p_campaign uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
begin
	select * into c
	from private.campaigns as x
	where x.id = p_campaign and (x.state = 'sending' or x.state = 'scheduled' and x.send_at <= now())
	for update skip locked;
	if not found then return 0; end if;
	return private.run_campaign(c);
end
$$;
grant execute on function private.run_due_campaign(uuid) to app_server;

-- When two records of a person are merged: of two rows of one round the one that is further stays, and the mail of the
-- other, if nobody has claimed it, does not go.
create function private.merge_campaign_recipients(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order text[] := '{waiting,unreachable,left,unsubscribed,cancelled,failed,queued,sent}';
	v_each record;
begin
	for v_each in
		select k.campaign_id, k.round, l.person_id, l.outbox_id
		from private.campaign_recipients as k
		join private.campaign_recipients as d on d.campaign_id = k.campaign_id and d.round = k.round and d.person_id = p_drop
		cross join lateral (select x.*
			from (values (k.person_id, k.outbox_id, k.state), (d.person_id, d.outbox_id, d.state)) as x (person_id, outbox_id, state)
			order by array_position(v_order, x.state), x.person_id = p_keep
			limit 1) as l
		where k.person_id = p_keep
		order by 1, 2
	loop
		delete from private.outbox as o where o.id = v_each.outbox_id and o.state = 'queued';
		delete from private.campaign_recipients as r
		where r.campaign_id = v_each.campaign_id and r.round = v_each.round and r.person_id = v_each.person_id;
	end loop;
end
$$;

-- Whether the reader of a link may take back by it that they unsubscribed: for a day after they did so by a link of the
-- same campaign. Who got the mail forwarded from them cannot subscribe them again later.
create function private.can_return_by_link(p_link private.unsubscribe_links) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.mail_opt_outs as o
		where o.person_id = (p_link).person_id
			and o.campaign_id = (p_link).campaign_id
			and o.since > now() - interval '1 day')
$$;

-- Whether the reader of a link is unsubscribed, and may take it back by the link: {is_out, can_return}; null for an
-- unknown link.
create function private.read_unsubscribe_link(p_token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_out', exists (select from private.mail_opt_outs as o where o.person_id = l.person_id),
		'can_return', private.can_return_by_link(l))
	from private.unsubscribe_links as l
	where p_token_hash ~ '^[0-9a-f]{64}$' and l.token_hash = decode(p_token_hash, 'hex')
$$;
grant execute on function private.read_unsubscribe_link(text) to app_server;

-- The title of another campaign that began in the last half hour and went to half of these people or more.
create function private.find_similar_campaign(p_campaign uuid, p_people uuid[]) returns text
language sql stable security definer set search_path = '' as $$
	select x.title
	from private.campaigns as x
	cross join lateral (select count(*) as shared
		from private.campaign_recipients as r
		where r.campaign_id = x.id and r.round = x.round and r.person_id = any (p_people)) as s
	where x.id <> p_campaign
		and x.state in ('sending', 'sent')
		and x.round_at > now() - interval '30 minutes'
		and s.shared > 0
		and s.shared * 2 >= cardinality(p_people)
	order by x.round_at desc
	limit 1
$$;

-- Starts a draft: now, or at a time to come. `expected` is the number of people that the secretariat saw; it counts when
-- it is sent now. `anyway` sends it although another has just gone to the same people.
-- {status: ok | already | stale | changed | similar | nobody | invalid | not_found, people, title}. Locks the campaign, so
-- that a second click finds it started.
create function public.start_campaign(
	campaign uuid, after integer, expected integer, send_at timestamptz default null, anyway boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_audience uuid[];
	v_people integer;
	v_similar text;
begin
	select * into c from private.campaigns as x where x.id = start_campaign.campaign for update;
	if not found or not private.runs_community() then return jsonb_build_object('status', 'not_found'); end if;
	if c.state <> 'draft' then return jsonb_build_object('status', 'already'); end if;
	if c.version is distinct from start_campaign.after then return jsonb_build_object('status', 'stale'); end if;
	if start_campaign.send_at <= now() or start_campaign.send_at > now() + interval '1 year'
		or c.deadline <= coalesce(start_campaign.send_at, now())
		or c.page in ('delegation', 'agenda') and c.summit_id is null then
		return jsonb_build_object('status', 'invalid');
	end if;
	v_audience := array(select a.person_id from private.campaign_audience(c.segment, c.kind) as a where a.mail = 'ok');
	v_people := cardinality(v_audience);
	if start_campaign.send_at is null and (v_people = 0 or v_people is distinct from start_campaign.expected) then
		return jsonb_build_object('status', case when v_people = 0 then 'nobody' else 'changed' end, 'people', v_people);
	end if;
	v_similar := private.find_similar_campaign(c.id, v_audience);
	if start_campaign.send_at is null and v_similar is not null and not coalesce(anyway, false) then
		return jsonb_build_object('status', 'similar', 'title', v_similar);
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
grant execute on function public.start_campaign(uuid, integer, integer, timestamptz, boolean) to authenticated;

-- Whether mail reaches a person: they have an address, and no server has refused it for good since mail last got
-- through. A server that refuses us, our sender or a text says nothing of the address.
create or replace function private.is_reachable(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.person_addresses as a
		where a.person_id = p_person
			and a.is_primary
			and not exists (select
				from private.outbox as o
				where o.person_id = p_person
					and o.state = 'dead'
					and o.last_error ~ '^EENVELOPE 5[0-9]{2}$'
					and o.created_at > a.created_at
					and not exists (select
						from private.outbox as later
						where later.person_id = p_person and later.state = 'sent' and later.sent_at > o.created_at)))
$$;

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform private.allow_closed_summits();
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	perform private.merge_campaign_recipients(p_keep, p_drop);
	perform private.merge_meeting_people(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;

-- The people of members today: the focal points of the newest Summit for which a member has named any and, with
-- `p_all`, the adults who are confirmed for it at a Summit that is not archived.
create or replace function private.people_of_members(p_members uuid[], p_all boolean)
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
	where p_all and r.member_id = any (p_members) and r.state = 'confirmed' and not r.is_minor
$$;

-- Freezes the people of the next round. Answers how many there are, also without a mail that reaches them.
create or replace function private.begin_campaign_round(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	insert into private.campaign_recipients (campaign_id, round, person_id, member_ids, locale, state)
	select c.id, c.round + 1, a.person_id, a.member_ids,
		private.group_message_language(c.texts, c.original, a.locale),
		case a.mail when 'ok' then 'waiting' else a.mail end
	from private.campaign_round_audience(c, c.round + 1) as a
	on conflict do nothing;
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- Queues the waiting mails of a round, as many as the rate still allows in this minute. Who has left the segment or
-- unsubscribed since the round began gets none, and the others get it for the members of today. The caller holds the
-- campaign.
create or replace function private.queue_campaign(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_left integer;
	v_count integer := 0;
	v_outbox uuid;
	v_key text;
begin
	if not exists (select from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting') then
		return 0;
	end if;
	-- One process at a time, so that the minute is counted right.
	perform pg_advisory_xact_lock(hashtextextended('campaigns', 5));
	v_left := private.campaign_rate() - (
		select count(*) from private.campaign_recipients as r where r.queued_at > now() - interval '59 seconds');
	with audience as materialized (select * from private.campaign_round_audience(c, c.round))
	update private.campaign_recipients as r
	set state = case when a.mail = 'ok' then 'waiting' else coalesce(a.mail, 'left') end,
		member_ids = coalesce(a.member_ids, r.member_ids)
	from private.campaign_recipients as old
	left join audience as a on a.person_id = old.person_id
	where old.campaign_id = c.id
		and old.round = c.round
		and old.state = 'waiting'
		and r.campaign_id = old.campaign_id
		and r.round = old.round
		and r.person_id = old.person_id
		and (a.mail, a.member_ids) is distinct from ('ok', old.member_ids);
	for v_next in
		select r.person_id, r.member_ids, r.locale
		from private.campaign_recipients as r
		where r.campaign_id = c.id and r.round = c.round and r.state = 'waiting'
		order by r.person_id
		limit greatest(v_left, 0)
	loop
		v_key := format('campaign:%s:%s:%s', c.id, c.round, v_next.person_id);
		insert into private.outbox (person_id, template, locale, params, summit_id, priority, idempotency_key)
		values (v_next.person_id, 'campaign', v_next.locale, private.campaign_params(c, v_next.member_ids), c.summit_id, 9,
			v_key)
		on conflict (idempotency_key) do nothing
		returning id into v_outbox;
		if v_outbox is not null then perform private.publish_event('outbox', 'mail', v_outbox); end if;
		v_outbox := coalesce(v_outbox, (select o.id from private.outbox as o where o.idempotency_key = v_key));
		update private.campaign_recipients as r set state = 'queued', queued_at = now(), outbox_id = v_outbox
		where r.campaign_id = c.id and r.round = c.round and r.person_id = v_next.person_id;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Carries a campaign on: begins the first round when its time has come, queues what waits, begins a reminder when it is
-- due and the round before is out, and ends it when nobody is left in the segment, or all is out and no reminder can
-- follow. After the deadline nothing goes; after registration has closed no reminder to nominate. The caller holds the
-- campaign.
create or replace function private.run_campaign(c private.campaigns) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_is_past boolean := coalesce(c.deadline <= now(), false);
	v_is_last boolean := v_is_past or coalesce(
		private.registration_window(private.parse_uuid(c.segment ->> 'not_nominated')) = 'closed', false);
	v_count integer;
begin
	if c.state = 'scheduled' and c.send_at > now() then return 0; end if;
	if c.state = 'scheduled' and v_is_past then
		update private.campaigns as x set state = 'cancelled', ended_at = now() where x.id = c.id;
		return 0;
	end if;
	update private.campaign_recipients as r set state = 'left'
	where r.campaign_id = c.id and r.state = 'waiting' and (v_is_past or v_is_last and r.round > 1);
	if c.state = 'scheduled' or c.round <= c.reminders and not v_is_last
		and c.round_at + make_interval(days => c.remind_days) <= now() and not private.is_campaign_busy(c.id) then
		v_is_last := private.begin_campaign_round(c) = 0 or v_is_last;
		update private.campaigns as x set state = 'sending', round = x.round + 1, round_at = now()
		where x.id = c.id
		returning * into c;
	end if;
	v_count := private.queue_campaign(c);
	if (c.round > c.reminders or v_is_last) and not private.is_campaign_busy(c.id) then
		update private.campaigns as x set state = 'sent', ended_at = now() where x.id = c.id;
	end if;
	return v_count;
end
$$;

-- Unsubscribes a person, or takes it back. News that waits for them does not go any more.
create or replace function private.set_opt_out(p_person uuid, p_campaign uuid, p_is_out boolean) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not p_is_out then
		delete from private.mail_opt_outs as o where o.person_id = p_person;
		return;
	end if;
	insert into private.mail_opt_outs (person_id, campaign_id) values (p_person, p_campaign) on conflict do nothing;
	perform private.recall_campaign_mails(c.id, p_person, 'unsubscribed')
	from private.campaigns as c
	where c.kind = 'news' and exists (select
		from private.campaign_recipients as r
		where r.campaign_id = c.id and r.person_id = p_person and r.state in ('waiting', 'queued'));
end
$$;

-- The reader of a link unsubscribes, or takes it back while they may. Answers ok or not_found.
create or replace function private.answer_unsubscribe_link(p_token_hash text, p_is_out boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	l private.unsubscribe_links;
begin
	if coalesce(p_token_hash, '') !~ '^[0-9a-f]{64}$' or p_is_out is null then return 'not_found'; end if;
	select * into l from private.unsubscribe_links as x where x.token_hash = decode(p_token_hash, 'hex');
	if not found or not p_is_out and not private.can_return_by_link(l) then return 'not_found'; end if;
	perform private.set_opt_out(l.person_id, l.campaign_id, p_is_out);
	return 'ok';
end
$$;

-- Writes a new campaign (no id), or changes a draft after version `after`. `fields`: {title, kind, summit, segment, texts,
-- original, page, reminders, remind_days, deadline, form}. `form` is the id of a new one, so that a form that is sent twice
-- makes one. Reminders need a condition by which they stop, and some pages a Summit.
-- {status: ok | not_found | stale | wrong_state | invalid, id, version}
create or replace function public.save_campaign(campaign uuid, after integer, fields jsonb) returns jsonb
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
		or c.page in ('delegation', 'agenda') and c.summit_id is null
		or c.reminders > 0 and not private.is_passing_segment(c.segment)
		or exists (select from public.summits as s where s.id = c.summit_id and s.state = 'draft') then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_old.id is null then
		insert into private.campaigns (id, title, kind, summit_id, segment, texts, original, page, reminders, remind_days,
			deadline, created_by)
		values (coalesce((save_campaign.fields ->> 'form')::uuid, gen_random_uuid()), c.title, c.kind, c.summit_id,
			c.segment, c.texts, c.original, c.page, c.reminders, c.remind_days, c.deadline, private.actor())
		on conflict (id) do nothing
		returning * into v_old;
		if not found then
			select * into v_old from private.campaigns as x where x.id = (save_campaign.fields ->> 'form')::uuid;
			return jsonb_build_object(
				'status', case when (v_old.title, v_old.segment, v_old.texts) = (c.title, c.segment, c.texts)
					then 'ok' else 'stale' end,
				'id', v_old.id, 'version', v_old.version);
		end if;
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

-- Makes a scheduled campaign a draft again (`revise`), stops one (`cancel`: what no server has accepted never goes, and no
-- reminder follows), queues its failed mails again (`retry`), or deletes a draft (`delete`).
create or replace function public.control_campaign(campaign uuid, action text) returns public.campaign_act_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_count integer;
begin
	select * into c from private.campaigns as x where x.id = control_campaign.campaign for update;
	if not found or not private.runs_community() then return 'not_found'; end if;
	if not coalesce(action = 'revise' and c.state = 'scheduled'
		or action = 'cancel' and (c.state in ('scheduled', 'sending')
			or c.state = 'sent' and private.is_campaign_busy(c.id))
		or action = 'retry' and c.state in ('sending', 'sent')
		or action = 'delete' and c.state = 'draft', false) then
		return 'wrong_state';
	end if;
	if action = 'delete' then
		delete from private.campaigns as x where x.id = c.id;
	elsif action = 'revise' then
		update private.campaigns as x set state = 'draft', send_at = null, version = x.version + 1 where x.id = c.id;
	elsif action = 'retry' then
		with again as (
			update private.outbox as o set state = 'queued', attempts = 0, last_error = null, send_after = now()
			from private.campaign_recipients as r
			where r.campaign_id = c.id and r.state = 'failed' and o.id = r.outbox_id and o.state = 'dead'
			returning o.id
		)
		select count(private.publish_event('outbox', 'mail', a.id)) into v_count from again as a;
	else
		perform private.recall_campaign_mails(c.id, null, 'cancelled');
		update private.campaigns as x set state = 'cancelled', ended_at = now(), version = x.version + 1
		where x.id = c.id;
	end if;
	return 'ok';
end
$$;

-- A campaign as JSON, with its results: by round, who unsubscribed by it, and how many of its members have nominated
-- since, where it asks for that.
create or replace function private.campaign_json(c private.campaigns) returns jsonb
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
				from (select r.round, r.state as outcome, count(*) as people
					from private.campaign_recipients as r where r.campaign_id = c.id group by 1, 2) as k
				group by k.round) as n),
		'unsubscribed', (select count(*) from private.mail_opt_outs as o where o.campaign_id = c.id),
		'nominated', case when c.segment ->> 'not_nominated' is not null then (
			select jsonb_build_object(
				'members', count(*),
				'since', count(*) filter (
					where private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.member_id)))
			from (select distinct private.kept_member(each.id) as member_id
				from (select distinct x as id
					from private.campaign_recipients as r, unnest(r.member_ids) as x
					where r.campaign_id = c.id and r.round = 1) as each) as m) end)
$$;

-- All campaigns, newest first, with what came of the first mail of each: [{id, title, kind, summit, state, send_at,
-- outcomes: {outcome: people}}]; null for everybody but the secretariat.
create or replace function public.list_campaigns() returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id,
				'title', c.title,
				'kind', c.kind,
				'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
					from public.summits as s where s.id = c.summit_id),
				'state', c.state,
				'send_at', private.iso(c.send_at),
				'outcomes', (select coalesce(jsonb_object_agg(n.state, n.people), '{}')
					from (select r.state, count(*) as people
						from private.campaign_recipients as r
						where r.campaign_id = c.id and r.round = 1
						group by r.state) as n)) order by c.created_at desc, c.id), '[]')
		from (select * from private.campaigns as x order by x.created_at desc, x.id limit 200) as c)
	where private.runs_community()
$$;

-- One campaign, and by member how many of its people got a mail of it: why somebody did not would name them where a
-- member has one. {campaign, members: [{code, name, people, got, has_nominated: boolean | null}]}. Null for everybody but
-- the secretariat.
create or replace function public.read_campaign(campaign uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'campaign', private.campaign_json(c),
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'code', m.code,
				'name', m.name,
				'people', k.people,
				'got', k.got,
				'has_nominated', case when c.segment ->> 'not_nominated' is not null
					then private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.id) end) order by m.name), '[]')
			from (
				select coalesce(g.kept_id, x) as member_id,
					count(distinct r.person_id) as people,
					count(distinct r.person_id) filter (where r.state = 'sent') as got
				from private.campaign_recipients as r
				cross join lateral unnest(r.member_ids) as x
				left join private.merged_members as g on g.dropped_id = x
				where r.campaign_id = c.id
				group by 1) as k
			join public.members as m on m.id = k.member_id))
	from private.campaigns as c
	where c.id = read_campaign.campaign and private.runs_community()
$$;

create trigger note_campaign_result after update of state on private.outbox
	for each row
	when (new.template = 'campaign' and new.state is distinct from old.state
		and (new.state in ('sent', 'dead') or old.state = 'dead'))
	execute function private.note_campaign_result();

reset check_function_bodies;
