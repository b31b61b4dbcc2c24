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
-- original, page, reminders, remind_days, deadline, form}. `form` is the id of a new one, so that a form that is sent twice
-- makes one. Reminders need a condition by which they stop, and some pages a Summit.
-- {status: ok | not_found | stale | wrong_state | invalid, id, version}
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
			from public.members as x
			-- Where the segment means no member today, any stands for one.
			order by x.id not in (select s.id from private.campaign_members(c.segment) as s (id)), x.name
			limit 1)) || '{"test": true}', c.summit_id, 5)
		returning id into v_id;
		perform private.publish_event('outbox', 'mail', v_id);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.send_campaign_test(uuid) to authenticated;

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

-- Makes a scheduled campaign a draft again (`revise`), stops one (`cancel`: what no server has accepted never goes, and no
-- reminder follows), queues its failed mails again (`retry`), or deletes a draft (`delete`).
create function public.control_campaign(campaign uuid, action text) returns public.campaign_act_status
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
			where r.campaign_id = c.id and r.state = 'failed' and o.id = r.outbox_id and private.may_get_campaign_mail_again(o)
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
grant execute on function public.control_campaign(uuid, text) to authenticated;
