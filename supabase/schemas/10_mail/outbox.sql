-- The outbox as the rest of the database and the organisers use it: queueing a mail, the list of mails, sending a dead
-- one again.

-- Queues one mail to a person, in the language that they chose. Answers its id; null when the same mail was queued
-- before (`p_once`).
create function private.enqueue_mail(
	p_person uuid, p_template text, p_params jsonb, p_summit uuid default null, p_once text default null,
	p_priority integer default 5
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (person_id, template, locale, params, summit_id, idempotency_key, priority)
	values (
		p_person,
		p_template,
		coalesce((select locale from public.person_preferences where person_id = p_person), 'en'),
		p_params,
		p_summit,
		p_once,
		p_priority)
	on conflict (idempotency_key) do nothing
	returning id into v_id;
	if v_id is not null then
		perform private.publish_event('outbox', 'mail', v_id);
	end if;
	return v_id;
end
$$;

-- Queues one mail to a sealed address, whether or not anybody here has it. `p_secret`: a code or token, sealed for the
-- mail alone. Answers its id; null when the same mail was queued before (`p_once`).
create function private.enqueue_address_mail(
	p_template text, p_sealed bytea, p_key_id text, p_locale text, p_params jsonb default '{}',
	p_secret bytea default null, p_summit uuid default null, p_once text default null, p_priority integer default 5
) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (address_sealed, key_id, template, locale, params, secret, summit_id, idempotency_key,
		priority)
	values (p_sealed, p_key_id, p_template, p_locale, p_params, p_secret, p_summit, p_once, p_priority)
	on conflict (idempotency_key) do nothing
	returning id into v_id;
	if v_id is not null then
		perform private.publish_event('outbox', 'mail', v_id);
	end if;
	return v_id;
end
$$;

-- The first language of a Summit that the app has: nobody's language is known from an address.
create function private.mail_language(p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select tag
			from public.summits as s, unnest(s.languages) with ordinality as spoken (tag, place)
			where s.id = p_summit and private.is_interface_language(tag)
			order by place
			limit 1),
		'en')
$$;

-- Whether the lists of organisers leave a mail out: the fact that it was sent would say something about its reader.
create function private.is_unlisted_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
	select p_template in ('concern_raised', 'concern_message', 'concern_waiting', 'concern_unread', 'debrief_offered',
		'deputy_granted', 'guardian_asked', 'safeguarding_needed')
$$;

-- Whether the reader of a mail would reveal who is in a room or follows a session: an announcement to them is listed
-- without its reader.
create function private.reveals_attendance(p_mail uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.announcement_readers as r
		join private.announcements as a on a.id = r.announcement_id
		where r.outbox_id = p_mail and a.audience in ('room', 'session', 'session_people'))
$$;

-- Whether the list of mails leaves out the reader of one: it would tell more than that they got a mail. Who is reminded of
-- a survey has not answered it, and so all others have.
create function private.hides_mail_reader(p_mail uuid, p_template text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_template = 'survey_reminder' or private.reveals_attendance(p_mail)
$$;

-- The mails of one state, for registration organisers; the reader is named by the display record alone.
-- {status: ok | not_allowed, counts: {state: mails}, returned: how many of the dead ones came back or were reported as
-- spam, oldest_due_at, rows: [{id, template, locale, attempts, last_error, created_at, send_after, sent_at,
-- display_name}]}
create function public.list_mail(
	summit uuid, state public.mail_state default 'dead', row_limit integer default 50, row_offset integer default 0
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(list_mail.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (
				select o.state, count(*)
				from private.outbox as o
				where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template)
				group by o.state
			) as c),
		'returned', (select count(*)
			from private.outbox as o
			where o.summit_id = list_mail.summit
				and not private.is_unlisted_mail(o.template)
				and o.state = 'dead'
				and private.was_returned(o.last_error)),
		'oldest_due_at', (select min(o.created_at)
			from private.outbox as o
			where o.summit_id = list_mail.summit
				and not private.is_unlisted_mail(o.template)
				and o.state = 'queued'
				and o.send_after <= now()),
		'rows', (select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at desc, r.id), '[]')
			from (
				select o.id, o.template, o.locale, o.attempts, o.last_error, o.created_at, o.send_after, o.sent_at,
					case when not private.hides_mail_reader(o.id, o.template) then p.display_name end as display_name
				from private.outbox as o
				left join public.people as p on p.id = o.person_id
				where o.summit_id = list_mail.summit
					and not private.is_unlisted_mail(o.template)
					and o.state = list_mail.state
				order by o.created_at desc, o.id
				limit least(greatest(row_limit, 1), 200)
				offset greatest(row_offset, 0)
			) as r));
end
$$;
grant execute on function public.list_mail(uuid, public.mail_state, integer, integer) to authenticated;

-- Sends a dead mail again, also one that came back: its reader counts as reachable until it comes back again. Answers ok,
-- not_allowed or wrong_state.
create function public.retry_mail(mail uuid) returns public.step_status
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
	update private.person_addresses as a set unreachable_since = null
	where private.was_returned(v_mail.last_error) and a.person_id = v_mail.person_id and a.unreachable_since is not null;
	perform audit.record_event('private.outbox', mail::text, v_mail.summit_id, v_mail.person_id,
		jsonb_build_object('retried', v_mail.template));
	perform private.publish_event('outbox', 'mail', mail);
	perform private.publish_event('organise:' || v_mail.summit_id, 'mail', mail);
	return 'ok';
end
$$;
grant execute on function public.retry_mail(uuid) to authenticated;

-- Sends the dead mails of the Summit again, for instance after a mail server was away, but those that came back or were
-- reported as spam: an organiser sends each of these by itself. Those that nobody lists are sent too, since nobody else
-- could. The answer counts the listed ones, as if there were no others; the audit counts all.
create function public.retry_dead_mail(summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_count integer := 0;
	v_all integer := 0;
begin
	if not private.has_role(retry_dead_mail.summit, 'registration') then return 0; end if;
	for v_mail in
		update private.outbox as o set state = 'queued', attempts = 0, last_error = null, send_after = now()
		where o.summit_id = retry_dead_mail.summit and o.state = 'dead' and not private.was_returned(o.last_error)
		returning o.*
	loop
		v_all := v_all + 1;
		v_count := v_count + (not private.is_unlisted_mail(v_mail.template))::integer;
		perform private.publish_event('outbox', 'mail', v_mail.id);
	end loop;
	if v_all > 0 then
		perform audit.record_event('private.outbox', '', retry_dead_mail.summit, null,
			jsonb_build_object('retried', v_all));
	end if;
	if v_count > 0 then perform private.publish_event('organise:' || retry_dead_mail.summit, 'mail'); end if;
	return v_count;
end
$$;
grant execute on function public.retry_dead_mail(uuid) to authenticated;
