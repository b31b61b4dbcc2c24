-- Sending: what is due, which process sends it, and the result. Nothing here knows the tables of the job queue: the
-- worker gets an event for each row, and looks for due rows each minute.

-- How long a claim on a mail lasts.
create function private.mail_claim_duration() returns interval
language sql immutable set search_path = '' as $$ select interval '30 seconds' $$;

-- How long a mail may wait; null: as long as it takes. A code that comes after its time would mislead.
create function private.mail_lifetime(p_template text) returns interval
language sql immutable set search_path = '' as $$
	select case p_template
		when 'sign_in_code' then interval '10 minutes'
		when 'address_change_code' then interval '1 hour'
	end
$$;

-- Each minute: deletes mails with codes that are older than a day, and lists what is due and when. A mail that is being
-- sent is due when its claim runs out.
create function private.sweep_mail(p_limit integer default 2000)
	returns table (id uuid, priority integer, run_at timestamptz)
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.outbox
	where outbox.id in (select o.id
		from private.outbox as o
		where o.template in ('sign_in_code', 'address_change_code') and o.created_at < now() - interval '1 day'
		limit p_limit
		for update skip locked);
	return query
		select o.id, o.priority, case o.state when 'sending' then o.claimed_until end
		from private.outbox as o
		where (o.state = 'queued' and o.send_after <= now()) or o.state = 'sending'
		order by o.priority, o.created_at
		limit p_limit;
end
$$;
grant execute on function private.sweep_mail(integer) to app_server;

-- What the text of a mail says of its Summit; null for a mail of none.
create function private.mail_summit(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slug', s.slug,
		'name', s.name,
		'zone', s.zone,
		'starts_on', s.starts_on,
		'ends_on', s.ends_on,
		'venue_name', s.venue_name,
		'city', s.city,
		'reply_to', (select c.mail
			from public.summit_contacts as c
			where c.summit_id = s.id and c.mail is not null and c.kind in ('registration', 'general')
			order by c.kind, c.position
			limit 1))
	from public.summits as s
	where s.id = p_summit
$$;

-- The text that organisers wrote for a mail, {subject, body}; null where the default text is sent.
create function private.mail_wording(p_template text, p_params jsonb, p_summit uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case p_template
		when 'group_message' then private.group_message_text((p_params ->> 'message_id')::uuid, p_locale)
		when 'announcement' then private.announcement_wording((p_params ->> 'announcement_id')::uuid, p_locale)
		when 'campaign' then private.campaign_text((p_params ->> 'campaign_id')::uuid, p_locale)
		else private.custom_mail_text(p_summit, p_template, p_locale)
	end
$$;

-- The answers of its reader that a message to a group may insert: {answers: {key of the question: {kind, choices, value}}};
-- null for a message without any. They are read when the mail is sent: no copy of them is stored.
create function private.mail_answers(p_message uuid, p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('answers', jsonb_object_agg(f.key,
		jsonb_build_object('kind', f.kind, 'choices', f.choices, 'value', a.value)))
	from public.group_messages as g
	join private.group_message_recipients as x on x.message_id = g.id and x.person_id = p_person
	join private.logistics_answers as a on a.registration_id = x.registration_id and a.value is not null
	join public.logistics_fields as f on f.id = a.field_id and f.in_mail and f.retired_at is null
	where g.id = p_message and strpos(g.texts::text, '{answer:') > 0
	having count(*) > 0
$$;

-- Claims mails for sending, each by one process only: one mail by its id, else the most urgent ones. Answers with each
-- what its text needs; the address leaves the database sealed. A mail that is too late becomes dead and is not
-- answered. With `p_only_urgent` only those that cannot wait: a code with which somebody signs in, and what has waited
-- for ten seconds.
create function private.claim_mail(
	p_limit integer default 1, p_id uuid default null, p_only_urgent boolean default false
) returns table (
	id uuid, claim uuid, template text, locale text, params jsonb, priority integer, attempts integer,
	address_sealed bytea, address_key_id text, secret bytea, secret_key_id text, time_zone text, summit jsonb,
	wording jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with picked as (
		select o.id from private.outbox as o
		where ((o.state = 'queued' and o.send_after <= now()) or (o.state = 'sending' and o.claimed_until < now()))
			and (p_id is null or o.id = p_id)
			and (not p_only_urgent or o.priority <= 1 or o.created_at < now() - interval '10 seconds')
		order by o.priority, o.created_at
		limit p_limit
		for update skip locked
	), taken as (
		update private.outbox as o
		set state = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'dead'::public.mail_state
				else 'sending'
			end,
			claim_id = gen_random_uuid(),
			claimed_until = now() + private.mail_claim_duration(),
			attempts = o.attempts + 1,
			last_error = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'too_late'
				else o.last_error
			end,
			secret = case
				when o.created_at + private.mail_lifetime(o.template) < now() then null
				else o.secret
			end
		from picked
		where o.id = picked.id
		returning o.*
	)
	select t.id, t.claim_id, t.template, t.locale,
		t.params || case when t.template = 'group_message'
			then coalesce(private.mail_answers(private.parse_uuid(t.params ->> 'message_id'), t.person_id), '{}')
			else '{}' end,
		t.priority, t.attempts,
		coalesce(t.address_sealed, a.address_sealed),
		case when t.address_sealed is not null then t.key_id else a.key_id end,
		t.secret, t.key_id, p.time_zone,
		private.mail_summit(t.summit_id),
		private.mail_wording(t.template, t.params, t.summit_id, t.locale)
	from taken as t
	left join private.person_addresses as a on a.person_id = t.person_id and a.is_primary
	left join public.person_preferences as p on p.person_id = t.person_id
	where t.state = 'sending'
	order by t.priority, t.created_at;
end
$$;
grant execute on function private.claim_mail(integer, uuid, boolean) to app_server;

-- Extends the claim on a mail while it is being sent. False: another process has claimed it, and it must not be sent
-- under this claim.
create function private.extend_mail_claim(p_id uuid, p_claim uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.outbox set claimed_until = now() + private.mail_claim_duration()
		where id = p_id and claim_id = p_claim and state = 'sending';
	return found;
end
$$;
grant execute on function private.extend_mail_claim(uuid, uuid) to app_server;

-- Marks a mail as sent, and erases its secret.
create function private.mark_mail_sent(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.outbox
	set state = 'sent', sent_at = now(), last_error = null, secret = null, claim_id = null, claimed_until = null
	where id = p_id and claim_id = p_claim and state = 'sending'
$$;
grant execute on function private.mark_mail_sent(uuid, uuid) to app_server;

-- Notes a failure. Answers when the mail is tried again, or null when it is dead: at once when the refusal is final,
-- else after twelve tries (about half a day). Waits double from half a minute; for a code from five seconds. `p_error`
-- is a code of ours or the number of the server's answer, never its sentence, which repeats the address.
create function private.mark_mail_failed(
	p_id uuid, p_claim uuid, p_error text, p_is_final boolean default false
) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_next timestamptz;
begin
	select * into v_mail from private.outbox where id = p_id and claim_id = p_claim and state = 'sending' for update;
	if not found then return null; end if;
	v_next := now() + least(interval '6 hours',
		case when private.mail_lifetime(v_mail.template) is null then interval '30 seconds' else interval '5 seconds' end
		* power(2, least(v_mail.attempts, 20) - 1) * (1 + random() / 5));
	if p_is_final or v_mail.attempts >= 12 or v_next > v_mail.created_at + private.mail_lifetime(v_mail.template) then
		v_next := null;
	end if;
	update private.outbox
	set state = case when v_next is null then 'dead'::public.mail_state else 'queued' end,
		claim_id = null,
		claimed_until = null,
		last_error = left(p_error, 80),
		send_after = coalesce(v_next, send_after),
		secret = case when v_next is null and private.mail_lifetime(v_mail.template) is not null then null else secret end
	where id = p_id;
	if v_next is null and v_mail.summit_id is not null then
		perform private.publish_event('organise:' || v_mail.summit_id, 'mail', p_id);
	end if;
	return v_next;
end
$$;
grant execute on function private.mark_mail_failed(uuid, uuid, text, boolean) to app_server;
