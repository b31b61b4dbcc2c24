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

-- Queues the waiting mails of a round, as many as the rate still allows in this minute. Whoever has left the segment or
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
