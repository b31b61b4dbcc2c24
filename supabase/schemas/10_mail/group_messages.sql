-- Messages of organisers to a group: written as a draft, sent once, paused, resumed or cancelled, and the rate at which
-- they go out. To whom they go: 10_mail/message_audience.sql. What came of them:
-- 10_mail/message_outcomes.sql.

-- The language in which a reader gets a message: their own where the message has it, else the author's choice.
create function private.group_message_language(p_texts jsonb, p_original text, p_locale text) returns text
language sql immutable set search_path = '' as $$
	select case when p_texts ? p_locale then p_locale else p_original end
$$;

-- The text {subject, body} of a message for a reader's language.
create function private.group_message_text(p_message uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select g.texts -> private.group_message_language(g.texts, g.original, p_locale)
	from public.group_messages as g
	where g.id = p_message
$$;

-- What is wrong with a draft: form | long | original | page | texts; null when nothing is.
create function private.group_message_fault(p_filters jsonb, p_texts jsonb, p_original text, p_page text) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_filters) is distinct from 'object' or jsonb_typeof(p_texts) is distinct from 'object'
			then 'form'
		when length(p_filters::text) > 2000 or length(p_texts::text) > 40000 then 'long'
		when p_original is null or not p_texts ? p_original or not private.is_interface_language(p_original)
			then 'original'
		when p_page is not null and p_page not in ('', '/me', '/me/logistics', '/agenda', '/register') then 'page'
		when jsonb_typeof(coalesce(p_filters -> 'states', '[]')) <> 'array' then 'form'
		when exists (select from jsonb_each(p_texts) as t
			where not private.is_interface_language(t.key)
				or jsonb_typeof(t.value) <> 'object'
				or jsonb_typeof(t.value -> 'subject') is distinct from 'string'
				or jsonb_typeof(t.value -> 'body') is distinct from 'string'
				or length(btrim(t.value ->> 'subject')) not between 1 and 300
				or not private.is_one_line(t.value ->> 'subject')
				or length(btrim(t.value ->> 'body')) not between 1 and 8000) then 'texts'
	end
$$;

-- Writes a new message (no id), or changes a draft after version `after`. `form` is the id of a new one: of two
-- that are written with one id, the second is not written, and the first is answered as `stale`.
-- {status: ok | not_allowed | stale | sent | invalid, id, version}
create function public.save_group_message(
	summit uuid, message uuid, after integer, filters jsonb, texts jsonb, original text, page text,
	form uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_group_message.summit;
	v_fault text := private.group_message_fault(save_group_message.filters, save_group_message.texts,
		save_group_message.original, save_group_message.page);
	v_old public.group_messages;
	v_id uuid;
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid'); end if;
	if message is null then
		insert into public.group_messages (id, summit_id, filters, texts, original, page, created_by)
		values (coalesce(form, gen_random_uuid()), v_summit, save_group_message.filters, save_group_message.texts,
			save_group_message.original, save_group_message.page, private.actor())
		on conflict (id) do nothing
		returning id into v_id;
		if found then return jsonb_build_object('status', 'ok', 'id', v_id, 'version', 1); end if;
		select * into v_old from public.group_messages as g where g.id = form and g.summit_id = v_summit;
		if not found then return jsonb_build_object('status', 'not_allowed'); end if;
		return jsonb_build_object('status', 'stale', 'id', v_old.id, 'version', v_old.version);
	end if;
	select * into v_old from public.group_messages as g where g.id = message and g.summit_id = v_summit for update;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_old.state <> 'draft' then return jsonb_build_object('status', 'sent', 'id', message); end if;
	if v_old.version is distinct from after then
		return jsonb_build_object('status', 'stale', 'id', message, 'version', v_old.version);
	end if;
	update public.group_messages as g
	set filters = save_group_message.filters,
		texts = save_group_message.texts,
		original = save_group_message.original,
		page = save_group_message.page,
		version = g.version + 1
	where g.id = message;
	return jsonb_build_object('status', 'ok', 'id', message, 'version', after + 1);
end
$$;
grant execute on function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text, uuid)
	to authenticated;

-- Another message that went to at least half of these people within the last half hour: {id, by, sent_at, shared}, or
-- null.
create function private.find_similar_group_message(p_message public.group_messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', other.id,
		'by', p.display_name,
		'sent_at', private.iso(other.sent_at),
		'shared', s.shared)
	from public.group_messages as other
	left join public.people as p on p.id = other.sent_by
	cross join lateral (select count(*) as shared
		from private.group_message_recipients as a
		join private.group_message_recipients as b on b.message_id = p_message.id and b.person_id = a.person_id
		where a.message_id = other.id) as s
	where other.summit_id = p_message.summit_id
		and other.id <> p_message.id
		and other.state in ('sending', 'paused')
		and other.sent_at > now() - interval '30 minutes'
		and s.shared * 2 >= (select count(*) from private.group_message_recipients as b
			where b.message_id = p_message.id)
		and s.shared > 0
	order by other.sent_at desc
	limit 1
$$;

-- Sends a draft, once, and freezes its recipients. `expected` is the number of people that the organiser saw; `anyway`
-- sends it although another message has just gone to the same people.
-- {status: ok | already | stale | changed | similar | nobody | not_allowed, total, similar}. Locks the messages of the
-- Summit, so that two who send at once see each other's.
create function public.send_group_message(
	message uuid, after integer, expected integer, anyway boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message public.group_messages;
	v_similar jsonb;
	v_total integer;
begin
	select * into v_message from public.group_messages as g where g.id = message;
	if not found or not private.has_role(v_message.summit_id, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('group_messages:' || v_message.summit_id, 5));
	select * into v_message from public.group_messages as g where g.id = message for update;
	if v_message.state <> 'draft' then return jsonb_build_object('status', 'already', 'total', v_message.total); end if;
	if v_message.version is distinct from after then return jsonb_build_object('status', 'stale'); end if;
	insert into private.group_message_recipients (message_id, person_id, registration_id, locale, state)
	select message, a.person_id, a.registration_id,
		private.group_message_language(v_message.texts, v_message.original, a.locale),
		case when a.is_reachable then 'waiting' else 'unreachable' end
	from private.group_message_audience(v_message.summit_id, v_message.filters) as a;
	get diagnostics v_total = row_count;
	v_similar := case when not coalesce(anyway, false) then private.find_similar_group_message(v_message) end;
	if v_total = 0 or v_total is distinct from expected or v_similar is not null then
		delete from private.group_message_recipients as r where r.message_id = message;
		return jsonb_build_object(
			'status', case
				when v_total = 0 then 'nobody'
				when v_total is distinct from expected then 'changed'
				else 'similar'
			end,
			'total', v_total,
			'similar', v_similar);
	end if;
	update public.group_messages as g
	set state = 'sending', sent_by = private.actor(), sent_at = now(), total = v_total, version = g.version + 1
	where g.id = message;
	perform private.queue_group_messages(v_message.summit_id);
	perform private.publish_event('organise:' || v_message.summit_id, 'mail');
	return jsonb_build_object('status', 'ok', 'total', v_total);
end
$$;
grant execute on function public.send_group_message(uuid, integer, integer, boolean) to authenticated;

-- Queues the next mails of each message that is being sent, as many as the rate of the Summit still allows in this
-- minute. Answers how many. One process at a time for a Summit, so that the minute is counted right.
create function private.queue_group_messages(p_summit uuid default null) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_message public.group_messages;
	v_next record;
	v_left integer;
	v_count integer := 0;
	v_outbox uuid;
begin
	for v_summit in
		select distinct g.summit_id
		from public.group_messages as g
		where g.state = 'sending'
			and (p_summit is null or g.summit_id = p_summit)
			and exists (select from private.group_message_recipients as r
				where r.message_id = g.id and r.state = 'waiting')
	loop
		perform pg_advisory_xact_lock(hashtextextended('message_release:' || v_summit, 5));
		v_left := coalesce((select s.per_minute from public.mail_settings as s where s.summit_id = v_summit), 60)
			- (select count(*)
				from private.group_message_recipients as r
				join public.group_messages as g on g.id = r.message_id
				where g.summit_id = v_summit and r.state = 'queued' and r.queued_at > now() - interval '59 seconds');
		for v_message in
			select *
			from public.group_messages as g
			where g.summit_id = v_summit and g.state = 'sending'
			order by g.sent_at, g.id
			for share skip locked
		loop
			for v_next in
				select r.person_id, r.locale, g.reference, g.mode
				from private.group_message_recipients as r
				join public.registrations as g on g.id = r.registration_id
				where r.message_id = v_message.id and r.state = 'waiting'
				order by r.person_id
				limit greatest(v_left, 0)
			loop
				insert into private.outbox (person_id, template, locale, params, summit_id, priority, idempotency_key)
				values (
					v_next.person_id,
					'group_message',
					v_next.locale,
					jsonb_build_object('message_id', v_message.id, 'page', v_message.page,
						'reference', v_next.reference, 'mode', v_next.mode),
					v_summit,
					9,
					'group:' || v_message.id || ':' || v_next.person_id)
				on conflict (idempotency_key) do nothing
				returning id into v_outbox;
				v_outbox := coalesce(v_outbox, (select o.id
					from private.outbox as o
					where o.idempotency_key = 'group:' || v_message.id || ':' || v_next.person_id));
				update private.group_message_recipients as r
					set state = 'queued', queued_at = now(), outbox_id = v_outbox
				where r.message_id = v_message.id and r.person_id = v_next.person_id;
				perform private.publish_event('outbox', 'mail', v_outbox);
				v_left := v_left - 1;
				v_count := v_count + 1;
			end loop;
		end loop;
	end loop;
	return v_count;
end
$$;
grant execute on function private.queue_group_messages(uuid) to app_server;

-- Pauses (mails that are not on their way wait), resumes or cancels (they never go) a message; cancelling a draft
-- deletes it. Answers ok, wrong_state or not_allowed.
create function public.control_group_message(message uuid, action text) returns public.step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message public.group_messages;
begin
	select * into v_message from public.group_messages as g where g.id = message for update;
	if not found or not private.has_role(v_message.summit_id, 'registration') then return 'not_allowed'; end if;
	if not coalesce(action = 'pause' and v_message.state = 'sending'
		or action = 'resume' and v_message.state = 'paused'
		or action = 'cancel' and v_message.state in ('draft', 'sending', 'paused'), false) then
		return 'wrong_state';
	end if;
	if action = 'cancel' and v_message.state = 'draft' then
		delete from public.group_messages as g where g.id = message;
		return 'ok';
	end if;
	update public.group_messages as g
	set state = case action when 'pause' then 'paused' when 'resume' then 'sending' else 'cancelled' end,
		version = g.version + 1
	where g.id = message;
	if action <> 'resume' then
		-- Mails that no process has claimed come back out of the outbox.
		with back as (
			delete from private.outbox as o
			using private.group_message_recipients as r
			where r.message_id = message and r.outbox_id = o.id and o.state = 'queued'
			returning r.person_id
		)
		update private.group_message_recipients as r set state = 'waiting', outbox_id = null, queued_at = null
		from back
		where r.message_id = message and r.person_id = back.person_id;
	end if;
	if action = 'cancel' then
		update private.group_message_recipients as r set state = 'cancelled'
		where r.message_id = message and r.state = 'waiting';
	end if;
	if action = 'resume' then perform private.queue_group_messages(v_message.summit_id); end if;
	perform private.publish_event('organise:' || v_message.summit_id, 'mail');
	return 'ok';
end
$$;
grant execute on function public.control_group_message(uuid, text) to authenticated;

-- Sets how many mails of messages go out in a minute, for owners. Answers ok, invalid or not_allowed.
create function public.save_mail_rate(summit uuid, rate integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(save_mail_rate.summit, 'owner') then return 'not_allowed'; end if;
	if rate is null or rate not between 1 and 1000 then return 'invalid'; end if;
	insert into public.mail_settings (summit_id, per_minute) values (save_mail_rate.summit, rate)
	on conflict (summit_id) do update set per_minute = excluded.per_minute;
	return 'ok';
end
$$;
grant execute on function public.save_mail_rate(uuid, integer) to authenticated;

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.mail_settings', 'settings', '{per_minute}', '{}', '{}'),
	('public.group_messages', 'registration', '{state,total,page}', '{}', '{filters,texts}');
