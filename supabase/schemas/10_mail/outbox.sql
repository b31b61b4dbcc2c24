-- The outbox: written in the same transaction as the change, sent by a worker.

-- Queues one mail to a person, in the language that they chose.
create function private.enqueue_mail(p_person uuid, p_template text, p_params jsonb, p_summit uuid default null,
	p_once text default null, p_priority integer default 5) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (person_id, template, locale, params, summit_id, once_key, priority)
	values (p_person, p_template,
		coalesce((select locale from public.person_preferences where person_id = p_person), 'en'), p_params, p_summit,
			p_once, p_priority)
	on conflict (once_key) do nothing
	returning id into v_id;
	if v_id is not null then
		perform private.tell('outbox', 'mail', v_id);
	end if;
	return v_id;
end
$$;

-- The outbox at work: what is due, who sends it, what came of it, and what organisers see. Nothing here knows the
-- worker's own tables: it hears the news of a row, or finds the row in its round each minute.

create function private.mail_lease() returns interval
language sql immutable set search_path = '' as $$ select interval '30 seconds' $$;

-- A code that comes after its ten minutes would only mislead.
create function private.mail_lifetime(p_template text) returns interval
language sql immutable set search_path = '' as $$
	select case when p_template = 'sign_in_code' then interval '10 minutes' end
$$;

-- Which of these mails are due, and how urgent each is.
create function private.due_mail(p_ids uuid[]) returns table (id uuid, priority integer)
language sql stable security definer set search_path = '' as $$
	select o.id, o.priority from private.outbox as o
		where o.id = any (p_ids) and o.state = 'queued' and o.send_after <= now()
$$;
grant execute on function private.due_mail(uuid[]) to app_server;

-- The minute's round: drops codes of yesterday, and names what is due, and when: what is being sent once its claim has
-- run out.
create function private.sweep_mail(p_limit integer default 2000)
	returns table (id uuid, priority integer, run_at timestamptz)
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.outbox
	where outbox.id in (select o.id from private.outbox as o
		where o.template = 'sign_in_code' and o.created_at < now() - interval '1 day'
		limit p_limit for update skip locked);
	return query select o.id, o.priority, case o.state when 'sending' then o.claimed_until end from private.outbox as o
		where (o.state = 'queued' and o.send_after <= now()) or o.state = 'sending'
		order by o.priority, o.created_at limit p_limit;
end
$$;
grant execute on function private.sweep_mail(integer) to app_server;

-- Takes rows for sending, each by one process only: one row by its id, else the most urgent. With each comes what its
-- text needs; the address leaves the database sealed.
create function private.claim_mail(p_limit integer default 1, p_id uuid default null)
returns table (id uuid, claim uuid, template text, locale text, params jsonb, priority integer, attempts integer,
	address_sealed bytea, address_key_id text,
	secret bytea, secret_key_id text, time_zone text, summit jsonb, wording jsonb)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with picked as (
		select o.id from private.outbox as o
		where ((o.state = 'queued' and o.send_after <= now()) or (o.state = 'sending' and o.claimed_until < now()))
			and (p_id is null or o.id = p_id)
		order by o.priority, o.created_at limit p_limit for update skip locked
	), taken as (
		update private.outbox as o
		set state = case when o.created_at + private.mail_lifetime(o.template) < now() then 'dead'::public.mail_state
			else 'sending' end,
			claim_id = gen_random_uuid(), claimed_until = now() + private.mail_lease(), attempts = o.attempts + 1,
			last_error = case when o.created_at + private.mail_lifetime(o.template) < now() then 'too_late'
				else o.last_error end,
			secret = case when o.created_at + private.mail_lifetime(o.template) < now() then null else o.secret end
		from picked where o.id = picked.id
		returning o.*
	)
	select t.id, t.claim_id, t.template, t.locale, t.params, t.priority, t.attempts,
		coalesce(t.address_sealed, a.address_sealed),
		case when t.address_sealed is not null then t.key_id else a.key_id end, t.secret, t.key_id, p.time_zone,
		case when s.id is not null
			then jsonb_build_object('slug', s.slug, 'name', s.name, 'zone', s.zone, 'starts_on', s.starts_on,
			'ends_on', s.ends_on, 'venue_name', s.venue_name, 'city', s.city,
			'reply_to', (select c.mail from public.summit_contacts as c where c.summit_id = s.id and c.mail is not null
				and c.kind in ('registration', 'general') order by c.kind, c.position limit 1)) end,
		case t.template when 'group_message' then private.message_wording((t.params ->> 'message_id')::uuid, t.locale)
			when 'announcement' then private.announcement_wording((t.params ->> 'announcement_id')::uuid, t.locale)
			else private.wording_of(t.summit_id, t.template, t.locale) end
	from taken as t
	left join private.person_addresses as a on a.person_id = t.person_id and a.is_primary
	left join public.person_preferences as p on p.person_id = t.person_id
	left join public.summits as s on s.id = t.summit_id
	where t.state = 'sending'
	order by t.priority, t.created_at;
end
$$;
grant execute on function private.claim_mail(integer, uuid) to app_server;

-- Holds a mail on while it is being sent. False: the claim is another's by now, and it must not be sent under this one.
create function private.hold_mail(p_id uuid, p_claim uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.outbox set claimed_until = now() + private.mail_lease()
		where id = p_id and claim_id = p_claim and state = 'sending';
	return found;
end
$$;
grant execute on function private.hold_mail(uuid, uuid) to app_server;

-- What was secret goes as soon as it has done its work.
create function private.mail_sent(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.outbox
		set state = 'sent', sent_at = now(), last_error = null, secret = null, claim_id = null, claimed_until = null
	where id = p_id and claim_id = p_claim and state = 'sending'
$$;
grant execute on function private.mail_sent(uuid, uuid) to app_server;

-- Answers when it is tried again, or null when it is dead: at once when the refusal is final, else after twelve tries
-- (about half a day). Waits double from half a minute; a code's from five seconds. `p_error` is a code of ours or the
-- server's number, never its sentence: that repeats the address.
create function private.mail_failed(p_id uuid, p_claim uuid, p_error text, p_is_final boolean default false)
	returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_next timestamptz;
begin
	select * into v_mail from private.outbox where id = p_id and claim_id = p_claim and state = 'sending' for update;
	if not found then return null; end if;
	v_next := now() + least(interval '6 hours',
		case when v_mail.template = 'sign_in_code' then interval '5 seconds' else interval '30 seconds' end
		* power(2, least(v_mail.attempts, 20) - 1) * (1 + random() / 5));
	if p_is_final or v_mail.attempts >= 12 or v_next > v_mail.created_at + private.mail_lifetime(v_mail.template) then
		v_next := null;
	end if;
	update private.outbox
	set state = case when v_next is null then 'dead'::public.mail_state else 'queued' end, claim_id = null,
		claimed_until = null,
		last_error = left(p_error, 80), send_after = coalesce(v_next, send_after),
		secret = case when v_next is null and v_mail.template = 'sign_in_code' then null else secret end
	where id = p_id;
	if v_next is null and v_mail.summit_id is not null then
		perform private.tell('organise:' || v_mail.summit_id, 'mail', p_id);
	end if;
	return v_next;
end
$$;
grant execute on function private.mail_failed(uuid, uuid, text, boolean) to app_server;

-- Mails that no organiser's list counts or shows: that one was sent says something of the person that it went to.
create function private.is_unlisted_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
	select p_template in ('concern_raised', 'concern_unread', 'deputy_granted', 'guardian_asked', 'word_needed')
$$;

-- Sends a dead mail again. Answers ok, not_allowed or wrong_state.
create function public.retry_mail(mail uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
begin
	select * into v_mail from private.outbox where id = mail for update;
	if not found or v_mail.summit_id is null or not private.has_role(v_mail.summit_id, 'registration') then
		return 'not_allowed';
	end if;
	if v_mail.state <> 'dead' then return 'wrong_state'; end if;
	update private.outbox set state = 'queued', attempts = 0, last_error = null, send_after = now() where id = mail;
	perform audit.note('private.outbox', mail::text, v_mail.summit_id, v_mail.person_id,
		jsonb_build_object('retried', v_mail.template));
	perform private.tell('outbox', 'mail', mail);
	perform private.tell('organise:' || v_mail.summit_id, 'mail', mail);
	return 'ok';
end
$$;
grant execute on function public.retry_mail(uuid) to authenticated;

-- After a mail server was away for long: every dead mail of the Summit, in one act. Answers how many.
create function public.retry_dead_mail(summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_count integer := 0;
begin
	if not private.has_role(retry_dead_mail.summit, 'registration') then return 0; end if;
	for v_mail in
		update private.outbox as o set state = 'queued', attempts = 0, last_error = null, send_after = now()
		where o.summit_id = retry_dead_mail.summit and o.state = 'dead' returning o.*
	loop
		v_count := v_count + (not private.is_unlisted_mail(v_mail.template))::integer;
		perform private.tell('outbox', 'mail', v_mail.id);
	end loop;
	if v_count > 0 then
		perform audit.note('private.outbox', '', retry_dead_mail.summit, null, jsonb_build_object('retried', v_count));
		perform private.tell('organise:' || retry_dead_mail.summit, 'mail');
	end if;
	return v_count;
end
$$;
grant execute on function public.retry_dead_mail(uuid) to authenticated;

-- Who is in a room or follows a session is told by no list of mails: an announcement to them that was mailed is listed
-- without its reader.

create function private.tells_who_follows(p_mail uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
		where r.outbox_id = p_mail and a.audience in ('room', 'session', 'session_people'))
$$;

-- For whoever runs the registration: counts, and the mails of one state. To whom is said by the display record alone.
create function public.list_mail(summit uuid, state public.mail_state default 'dead', row_limit integer
	default 50, row_offset integer default 0)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(list_mail.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (
			select o.state, count(*) from private.outbox as o
				where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template)
				group by o.state) as c),
		'oldest_due_at', (select min(o.created_at) from private.outbox as o
			where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template) and o.state = 'queued'
				and o.send_after <= now()),
		'rows', (select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at desc, r.id), '[]') from (
			select o.id, o.template, o.locale, o.attempts, o.last_error, o.created_at, o.send_after, o.sent_at,
				case when not private.tells_who_follows(o.id) then p.display_name end as display_name
			from private.outbox as o left join public.people as p on p.id = o.person_id
			where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template)
				and o.state = list_mail.state
			order by o.created_at desc, o.id limit least(greatest(row_limit, 1), 200)
				offset greatest(row_offset, 0)) as r));
end
$$;
grant execute on function public.list_mail(uuid, public.mail_state, integer, integer) to authenticated;
