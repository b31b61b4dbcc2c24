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

-- Whether a mail of a campaign that failed may be sent again: not one that came back, was reported as spam, or was refused
-- for its address.
create function private.may_get_campaign_mail_again(o private.outbox) returns boolean
language sql immutable set search_path = '' as $$
	select o.state = 'dead' and not private.was_returned(o.last_error) and not private.was_refused(o.last_error)
$$;

-- Keeps what came of a mail with its recipient, because the mail itself is deleted earlier. Who reports news as spam wants
-- no more of them.
create function private.note_campaign_result() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	if new.state = 'dead' and new.last_error ~ '^COMPLAINED' then
		insert into private.mail_opt_outs (person_id, campaign_id)
		select r.person_id, r.campaign_id
		from private.campaign_recipients as r
		join private.campaigns as c on c.id = r.campaign_id and c.kind = 'news'
		where r.outbox_id = new.id
		on conflict do nothing;
	end if;
	update private.campaign_recipients as r
	set state = case new.state when 'sent' then 'sent' when 'dead' then 'failed' else 'queued' end
	where r.outbox_id = new.id and r.state in ('queued', 'sent', 'failed');
	return null;
end
$$;
create trigger note_campaign_result after update of state on private.outbox
	for each row
	when (new.template = 'campaign' and new.state is distinct from old.state
		and (new.state in ('sent', 'dead') or old.state = 'dead'))
	execute function private.note_campaign_result();

-- Whether mails of a campaign wait for their turn or are in the outbox.
create function private.is_campaign_busy(p_campaign uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.campaign_recipients as r
		where r.campaign_id = p_campaign
			and (r.state = 'waiting' or r.state = 'queued' and r.outbox_id is not null))
$$;

-- Freezes the people of the next round. Answers how many there are, also without a mail that reaches them.
create function private.begin_campaign_round(c private.campaigns) returns integer
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
create function private.queue_campaign(c private.campaigns) returns integer
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
create function private.run_campaign(c private.campaigns) returns integer
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
