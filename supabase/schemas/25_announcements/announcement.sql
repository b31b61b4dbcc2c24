-- Making an announcement, sending it by mail, and withdrawing it.

-- Answers the first field that is invalid (texts | original | minutes | page), or null.
create function private.announcement_fault(p_written jsonb) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_written -> 'texts') is distinct from 'object' then 'texts'
		when p_written ->> 'original' is null or not p_written -> 'texts' ? (p_written ->> 'original') then 'original'
		when coalesce(p_written ->> 'minutes', '') !~ '^\d{1,5}$' then 'minutes'
		when (p_written ->> 'minutes')::integer not between 1 and 10080 then 'minutes'
		when coalesce(p_written ->> 'page', '') !~ '^(/[A-Za-z0-9-]+)*$'
			or length(p_written ->> 'page') > 120 then 'page'
		when exists (
			select from jsonb_each(p_written -> 'texts') as t
			where not private.is_interface_language(t.key)
				or jsonb_typeof(t.value) <> 'object'
				or coalesce(length(btrim(t.value ->> 'title')), 0) not between 1 and 120
				or not private.is_one_line(t.value ->> 'title')
				or coalesce(length(btrim(t.value ->> 'body')), 0) > 1000
		) then 'texts'
	end
$$;

-- Makes an announcement. `once` is the id of the form, so that a form sent twice makes one announcement; one that was
-- sent at another Summit is invalid. `written`: {texts, original, page, urgent, push, mail, minutes}. Answers {status:
-- ok | already | nobody | invalid | not_allowed, id, people: null to everybody of a session for those listed, fault}.
create function public.announce(summit uuid, once uuid, target jsonb, written jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.announcements := private.build_announcement(announce.summit, target);
	v_fault text := private.announcement_fault(written);
	v_people integer;
begin
	if not private.may_announce(announce.summit, v.session_id) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if v.id is null or v_fault is not null or once is null then
		return jsonb_build_object('status', 'invalid', 'fault', coalesce(v_fault, 'audience'));
	end if;
	v.texts := written -> 'texts';
	v.original := written ->> 'original';
	insert into private.announcements (
		id, summit_id, audience, mode, language, room_id, session_id, texts, original, page, is_urgent,
		by_push, by_mail, shown_until, idempotency_key, created_by
	)
	values (
		v.id, v.summit_id, v.audience, v.mode, v.language, v.room_id, v.session_id, v.texts, v.original,
		nullif(written ->> 'page', ''), coalesce(written -> 'urgent' = 'true', false),
		coalesce(written -> 'push' = 'true', false), coalesce(written -> 'mail' = 'true', false),
		now() + (written ->> 'minutes')::integer * interval '1 minute', once, private.actor()
	)
	on conflict (idempotency_key) do nothing
	returning * into v;
	if not found then
		return coalesce(
			(
				select jsonb_build_object('status', 'already', 'id', a.id)
				from private.announcements as a
				where a.idempotency_key = once and a.summit_id = announce.summit
			),
			jsonb_build_object('status', 'invalid', 'fault', 'once')
		);
	end if;
	insert into private.announcement_readers (announcement_id, person_id, locale)
	select v.id, each.id, private.group_message_language(v.texts, v.original, coalesce(f.locale, 'en'))
	from private.announcement_recipients(v) as each (id)
	left join public.person_preferences as f on f.person_id = each.id;
	get diagnostics v_people = row_count;
	if v_people = 0 then
		delete from private.announcements as a where a.id = v.id;
		return jsonb_build_object('status', 'nobody');
	end if;
	if v.by_push then perform private.queue_pushes(v); end if;
	if v.by_mail then perform private.mail_announcement(v); end if;
	perform private.notify_announcement(v);
	return jsonb_build_object(
		'status', 'ok', 'id', v.id, 'people', case when not private.is_for_listed(v) then v_people end
	);
end
$$;
grant execute on function public.announce(uuid, uuid, jsonb, jsonb) to authenticated;

-- Notifies the open pages: of a whole Summit by its topic, of some people by the topic of each, so that nobody else
-- learns of it. Organisers are notified of every announcement.
create function private.notify_announcement(p_announcement private.announcements) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('organise:' || p_announcement.summit_id, 'announcement', p_announcement.id);
	select private.publish_event('summit:' || p_announcement.summit_id, 'announcement', p_announcement.id)
	where p_announcement.audience in ('everyone', 'mode', 'language');
	select count(private.publish_event('person:' || r.person_id, 'announcement', p_announcement.id)::text)
	from private.announcement_readers as r
	where r.announcement_id = p_announcement.id and p_announcement.audience not in ('everyone', 'mode', 'language')
$$;

-- Queues a mail to each reader whom mail reaches, ahead of messages to groups.
create function private.mail_announcement(p_announcement private.announcements) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reader record;
	v_outbox uuid;
begin
	for v_reader in
		select * from private.announcement_readers as r
		where r.announcement_id = p_announcement.id and private.is_reachable(r.person_id)
	loop
		insert into private.outbox (person_id, template, locale, params, summit_id, priority, idempotency_key)
		values (
			v_reader.person_id, 'announcement', v_reader.locale,
			jsonb_build_object('announcement_id', p_announcement.id, 'page', p_announcement.page),
			p_announcement.summit_id, case when p_announcement.is_urgent then 4 else 6 end,
			'announcement:' || p_announcement.id || ':' || v_reader.person_id
		)
		returning id into v_outbox;
		update private.announcement_readers as r set outbox_id = v_outbox
		where r.announcement_id = p_announcement.id and r.person_id = v_reader.person_id;
		perform private.publish_event('outbox', 'mail', v_outbox);
	end loop;
end
$$;

-- Answers the text for a mail or a push, {subject, body}; null when the text may be shown on our pages only.
create function private.announcement_wording(p_announcement uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when not private.is_confidential_announcement(a) then (
			select jsonb_build_object('subject', t -> 'title', 'body', t -> 'body')
			from (select a.texts -> private.group_message_language(a.texts, a.original, p_locale) as t) as chosen
		)
	end
	from private.announcements as a
	where a.id = p_announcement
$$;

-- Removes an announcement from open pages and drops each push and mail that has not left yet. Answers ok | already |
-- not_allowed. Locks the announcement, so that two withdrawals do not both notify.
create function public.withdraw_announcement(announcement uuid) returns public.switch_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.announcements;
begin
	select * into v from private.announcements as a where a.id = announcement for update;
	if not found or not private.may_announce(v.summit_id, v.session_id) then return 'not_allowed'; end if;
	if v.withdrawn_at is not null then return 'already'; end if;
	update private.announcements as a
	set withdrawn_at = now(), withdrawn_by = private.actor()
	where a.id = announcement;
	delete from private.pushes as p where p.announcement_id = announcement and p.state = 'queued';
	update private.outbox as o set state = 'dead', last_error = 'withdrawn'
	from private.announcement_readers as r
	where r.announcement_id = announcement and o.id = r.outbox_id and o.state = 'queued';
	perform private.notify_announcement(v);
	return 'ok';
end
$$;
grant execute on function public.withdraw_announcement(uuid) to authenticated;
