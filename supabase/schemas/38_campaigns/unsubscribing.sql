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
	where c.kind = 'news' and exists (select
		from private.campaign_recipients as r
		where r.campaign_id = c.id and r.person_id = p_person and r.state in ('waiting', 'queued'));
end
$$;

-- The reader of a link unsubscribes, or takes it back while they may. Answers ok or not_found.
create function private.answer_unsubscribe_link(p_token_hash text, p_is_out boolean) returns public.ok_or_not_found
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
