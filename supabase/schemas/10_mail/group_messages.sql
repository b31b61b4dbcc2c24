-- Messages of organisers to a group of people: written by language, frozen when they are sent, sent a few a minute.

-- Whether mail reaches a person: there is an address, and no server has refused it for good since mail last came
-- through.
create function private.is_reachable(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary
		and not exists (select from private.outbox as o
			where o.person_id = p_person and o.state = 'dead' and o.last_error ~ ' 5[0-9]{2}$'
			and o.created_at > a.created_at
			and not exists (select from private.outbox as later
				where later.person_id = p_person and later.state = 'sent' and later.sent_at > o.created_at)))
$$;

-- Everybody whom filters name at a Summit, once, by their newest registration that fits. Without states: all who have
-- sent one and are not out.
create function private.message_audience(p_summit uuid, p_filters jsonb)
returns table (person_id uuid, registration_id uuid, locale text, is_reachable boolean)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query select distinct on (r.person_id) r.person_id, r.id, coalesce(f.locale, 'en'),
		private.is_reachable(r.person_id)
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_summit
		and case when jsonb_array_length(coalesce(p_filters -> 'states', '[]')) > 0
			then p_filters -> 'states' ? r.state::text
			else r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed') end
		and (coalesce(p_filters ->> 'mode', '') in ('', r.mode::text))
		and (coalesce(p_filters ->> 'category', '') in ('', r.category::text))
		and (coalesce(p_filters ->> 'sector', '') in ('', coalesce(sm.sector, asked.sector)::text))
		and (coalesce(p_filters ->> 'region', '') in ('', sm.region))
		and (coalesce(p_filters ->> 'country', '') in ('', coalesce(p.country, sm.country)))
		and (coalesce(p_filters ->> 'member', '') in ('', r.member_id::text))
		and (coalesce(p_filters ->> 'language', '') in ('', coalesce(f.locale, 'en')))
		and (coalesce(p_filters ->> 'details', '') <> 'missing' or exists (select from private.missing_details(r)))
	order by r.person_id, r.created_at desc;
end
$$;

-- The language in which somebody reads a message: their own where it was written in it, else the author's choice.
create function private.message_language(p_texts jsonb, p_original text, p_locale text) returns text
language sql immutable set search_path = '' as $$
	select case when p_texts ? p_locale then p_locale else p_original end
$$;

create function private.message_wording(p_message uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select g.texts -> private.message_language(g.texts, g.original, p_locale) from public.group_messages as g
		where g.id = p_message
$$;

-- What was written of a message, in order: whom it is for and its texts. Null when all is well, else a word for what is
-- not.
create function private.message_fault(p_filters jsonb, p_texts jsonb, p_original text, p_page text) returns text
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_filters) is distinct from 'object' or jsonb_typeof(p_texts) is distinct
			from 'object' then 'form'
		when length(p_filters::text) > 2000 or length(p_texts::text) > 40000 then 'long'
		when p_original is null or not p_texts ? p_original
			or p_original not in ('en', 'fr', 'es', 'ar') then 'original'
		when p_page is not null and p_page not in ('', '/me', '/me/details', '/agenda', '/register') then 'page'
		when jsonb_typeof(coalesce(p_filters -> 'states', '[]')) <> 'array' then 'form'
		when exists (select from jsonb_each(p_texts) as t
			where t.key not in ('en', 'fr', 'es', 'ar') or jsonb_typeof(t.value) <> 'object'
			or coalesce(length(btrim(t.value ->> 'subject')), 0) not between 1 and 300
				or coalesce(length(btrim(t.value ->> 'body')), 0) not between 1 and 8000) then 'texts' end
$$;

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.mail_settings', 'settings', '{per_minute}', '{}', '{}'),
	('public.group_messages', 'registration', '{state,total,page}', '{}', '{filters,texts}');

-- A message to a group is written, counted, sent once, held back or ended; and what came of it, person by person.

-- {status: ok | not_allowed, total, reachable, unreachable, languages: {language: people}}
create function public.count_message(summit uuid, filters jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(count_message.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return (with audience as materialized (select * from private.message_audience(count_message.summit, filters))
		select jsonb_build_object('status', 'ok', 'total', count(*), 'reachable', count(*) filter (where is_reachable),
			'unreachable', count(*) filter (where not is_reachable),
			'languages', (select coalesce(jsonb_object_agg(l.locale, l.people), '{}')
				from (select locale, count(*) as people from audience group by locale) as l))
		from audience);
end
$$;
grant execute on function public.count_message(uuid, jsonb) to authenticated;

-- Writes a new message (no id), or changes a draft after its version. {status: ok | not_allowed | stale | sent |
-- invalid, id, version, fault}
create function public.save_group_message(summit uuid, message uuid, after integer, filters jsonb, texts jsonb,
	original text, page text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_group_message.summit;
	v_fault text := private.message_fault(save_group_message.filters, save_group_message.texts,
		save_group_message.original, save_group_message.page);
	v_old public.group_messages;
	v_id uuid;
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid', 'fault', v_fault); end if;
	if message is null then
		insert into public.group_messages (summit_id, filters, texts, original, page, created_by)
		values (v_summit, save_group_message.filters, save_group_message.texts, save_group_message.original,
			save_group_message.page, private.actor())
		returning id into v_id;
		return jsonb_build_object('status', 'ok', 'id', v_id, 'version', 1);
	end if;
	select * into v_old from public.group_messages as g where g.id = message and g.summit_id = v_summit for update;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_old.state <> 'draft' then return jsonb_build_object('status', 'sent', 'id', message); end if;
	if v_old.version is distinct from after then
		return jsonb_build_object('status', 'stale', 'id', message, 'version', v_old.version);
	end if;
	update public.group_messages as g set filters = save_group_message.filters, texts = save_group_message.texts,
		original = save_group_message.original,
		page = save_group_message.page, version = g.version + 1 where g.id = message;
	return jsonb_build_object('status', 'ok', 'id', message, 'version', after + 1);
end
$$;
grant execute on function public.save_group_message(uuid, uuid, integer, jsonb, jsonb, text, text) to authenticated;

-- Another message that went to half of these people or more within the last half hour. {id, by, sent_at, shared} or
-- null.
create function private.similar_message(p_message public.group_messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', other.id, 'by', p.display_name, 'sent_at', private.iso(other.sent_at), 'shared',
		s.shared)
	from public.group_messages as other
	left join public.people as p on p.id = other.sent_by
	cross join lateral (select count(*) as shared from private.message_recipients as a
		join private.message_recipients as b on b.message_id = p_message.id and b.person_id = a.person_id
			where a.message_id = other.id) as s
	where other.summit_id = p_message.summit_id and other.id <> p_message.id and other.state in ('sending', 'paused')
		and other.sent_at > now() - interval '30 minutes'
		and s.shared * 2 >= (select count(*) from private.message_recipients as b where b.message_id = p_message.id)
			and s.shared > 0
	order by other.sent_at desc limit 1
$$;

-- Sends a draft, once: its people are frozen here. `expected` is the count that the organiser saw; `anyway`: although
-- another has just gone to the same. {status: ok | already | stale | changed | similar | nobody | not_allowed, total,
-- similar}
create function public.send_group_message(message uuid, after integer, expected integer, anyway boolean default false)
	returns jsonb
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
	-- Two who send at once see each other's.
	perform pg_advisory_xact_lock(hashtextextended('group_messages:' || v_message.summit_id, 5));
	select * into v_message from public.group_messages as g where g.id = message for update;
	if v_message.state <> 'draft' then return jsonb_build_object('status', 'already', 'total', v_message.total); end if;
	if v_message.version is distinct from after then return jsonb_build_object('status', 'stale'); end if;
	insert into private.message_recipients (message_id, person_id, registration_id, locale, state)
	select message, a.person_id, a.registration_id,
		private.message_language(v_message.texts, v_message.original, a.locale),
		case when a.is_reachable then 'waiting' else 'unreachable' end
	from private.message_audience(v_message.summit_id, v_message.filters) as a;
	get diagnostics v_total = row_count;
	v_similar := case when not coalesce(anyway, false) then private.similar_message(v_message) end;
	if v_total = 0 or v_total is distinct from expected or v_similar is not null then
		delete from private.message_recipients as r where r.message_id = message;
		return jsonb_build_object('status', case when v_total = 0 then 'nobody' when v_total is distinct
			from expected then 'changed' else 'similar' end,
			'total', v_total, 'similar', v_similar);
	end if;
	update public.group_messages as g
		set state = 'sending', sent_by = private.actor(), sent_at = now(), total = v_total, version = g.version + 1
		where g.id = message;
	perform private.release_messages(v_message.summit_id);
	perform private.tell('organise:' || v_message.summit_id, 'mail');
	return jsonb_build_object('status', 'ok', 'total', v_total);
end
$$;
grant execute on function public.send_group_message(uuid, integer, integer, boolean) to authenticated;

-- Lets the next few of each message that is being sent into the outbox, as many as the minute still allows. Answers how
-- many.
create function private.release_messages(p_summit uuid default null) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_message public.group_messages;
	v_next record;
	v_left integer;
	v_count integer := 0;
	v_outbox uuid;
begin
	for v_summit in select distinct g.summit_id from public.group_messages as g
		where g.state = 'sending' and (p_summit is null or g.summit_id = p_summit)
		and exists (select from private.message_recipients as r where r.message_id = g.id and r.state = 'waiting') loop
		-- One at a time for a Summit, so that the minute is counted rightly.
		perform pg_advisory_xact_lock(hashtextextended('message_release:' || v_summit, 5));
		v_left := coalesce((select s.per_minute from public.mail_settings as s where s.summit_id = v_summit), 60)
			- (select count(*)
				from private.message_recipients as r join public.group_messages as g on g.id = r.message_id
				where g.summit_id = v_summit and r.state = 'queued' and r.queued_at > now() - interval '59 seconds');
		for v_message in select * from public.group_messages as g where g.summit_id = v_summit and g.state = 'sending'
			order by g.sent_at, g.id for share skip locked loop
			for v_next in select r.person_id, r.locale, g.reference, g.mode
				from private.message_recipients as r join public.registrations as g on g.id = r.registration_id
				where r.message_id = v_message.id and r.state = 'waiting' order by r.person_id
					limit greatest(v_left, 0) loop
				insert into private.outbox (person_id, template, locale, params, summit_id, priority, once_key)
				values (v_next.person_id, 'group_message', v_next.locale,
					jsonb_build_object('message_id', v_message.id, 'page', v_message.page,
					'reference', v_next.reference, 'mode', v_next.mode), v_summit, 9, 'group:' || v_message.id || ':'
						|| v_next.person_id)
				on conflict (once_key) do nothing returning id into v_outbox;
				v_outbox := coalesce(v_outbox, (select o.id from private.outbox as o
					where o.once_key = 'group:' || v_message.id || ':' || v_next.person_id));
				update private.message_recipients as r set state = 'queued', queued_at = now(), outbox_id = v_outbox
				where r.message_id = v_message.id and r.person_id = v_next.person_id;
				perform private.tell('outbox', 'mail', v_outbox);
				v_left := v_left - 1;
				v_count := v_count + 1;
			end loop;
		end loop;
	end loop;
	return v_count;
end
$$;
grant execute on function private.release_messages(uuid) to app_server;

-- pause: what is not on its way waits. resume: it goes on. cancel: what is not on its way never goes. Answers ok,
-- wrong_state or not_allowed.
create function public.steer_group_message(message uuid, act text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message public.group_messages;
begin
	select * into v_message from public.group_messages as g where g.id = message for update;
	if not found or not private.has_role(v_message.summit_id, 'registration') then return 'not_allowed'; end if;
	if not coalesce(act = 'pause' and v_message.state = 'sending' or act = 'resume' and v_message.state = 'paused'
		or act = 'cancel' and v_message.state in ('draft', 'sending', 'paused'), false)
			then return 'wrong_state'; end if;
	if act = 'cancel' and v_message.state = 'draft' then
		delete from public.group_messages as g where g.id = message;
		return 'ok';
	end if;
	update public.group_messages as g
		set state = case act when 'pause' then 'paused' when 'resume' then 'sending' else 'cancelled' end,
		version = g.version + 1 where g.id = message;
	if act <> 'resume' then
		-- What no process has taken comes back out of the outbox.
		with back as (
			delete from private.outbox as o using private.message_recipients as r
			where r.message_id = message and r.outbox_id = o.id and o.state = 'queued' returning r.person_id
		)
		update private.message_recipients as r set state = 'waiting', outbox_id = null, queued_at = null from back
			where r.message_id = message and r.person_id = back.person_id;
	end if;
	if act = 'cancel' then
		update private.message_recipients as r set state = 'cancelled'
			where r.message_id = message and r.state = 'waiting';
	end if;
	if act = 'resume' then perform private.release_messages(v_message.summit_id); end if;
	perform private.tell('organise:' || v_message.summit_id, 'mail');
	return 'ok';
end
$$;
grant execute on function public.steer_group_message(uuid, text) to authenticated;

-- What came of each: waiting, queued (on its way), sent, failed, unreachable, cancelled.
create function private.message_outcomes(p_message uuid)
	returns table (person_id uuid, registration_id uuid, locale text, outcome text, error text, at timestamptz)
language sql stable security definer set search_path = '' as $$
	select r.person_id, r.registration_id, r.locale, case when r.state <> 'queued' then r.state
		when o.id is null then 'sent' when o.state in ('queued', 'sending') then 'queued'
		when o.state = 'sent' then 'sent' else 'failed' end, o.last_error, coalesce(o.sent_at, r.queued_at)
	from private.message_recipients as r left join private.outbox as o on o.id = r.outbox_id
		where r.message_id = p_message
$$;

create function private.message_json(g public.group_messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', g.id, 'state', case when g.state = 'sending' and not exists (
			select from private.message_outcomes(g.id) as o where o.outcome in ('waiting', 'queued')) then 'done'
				else g.state end,
		'version', g.version, 'filters', g.filters, 'texts', g.texts, 'original', g.original, 'page', g.page, 'total',
			g.total,
		'created_at', private.iso(g.created_at), 'created_by',
			(select p.display_name from public.people as p where p.id = g.created_by),
		'sent_at', private.iso(g.sent_at), 'sent_by',
			(select p.display_name from public.people as p where p.id = g.sent_by),
		'outcomes', (select coalesce(jsonb_object_agg(o.outcome, o.people), '{}') from (select c.outcome,
			count(*) as people from private.message_outcomes(g.id) as c group by c.outcome) as o))
$$;

-- The messages of a Summit, newest first; with `message` that one alone. Null when not allowed.
create function public.list_group_messages(summit uuid, message uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('per_minute', coalesce((select s.per_minute from public.mail_settings as s
		where s.summit_id = list_group_messages.summit), 60),
		'messages', (select coalesce(jsonb_agg(private.message_json(g) order by g.created_at desc, g.id), '[]') from (
			select * from public.group_messages as m where m.summit_id = list_group_messages.summit
				and (list_group_messages.message is null or m.id = list_group_messages.message)
			order by m.created_at desc, m.id limit 200) as g))
	where private.has_role(list_group_messages.summit, 'registration')
$$;
grant execute on function public.list_group_messages(uuid, uuid) to authenticated;

-- Person by person, by the name that everybody is shown. Null when not allowed.
create function public.list_message_outcomes(message uuid, outcome text default null, row_limit integer
	default 100, row_offset integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object('registration_id', o.registration_id, 'reference', r.reference,
		'display_name', p.display_name, 'locale', o.locale,
			'outcome', o.outcome, 'error', o.error, 'at', private.iso(o.at)) order by p.display_name, r.reference),
				'[]')
		from (select f.* from private.message_outcomes(g.id) as f join public.people as q on q.id = f.person_id
			where list_message_outcomes.outcome is null or f.outcome = list_message_outcomes.outcome
			order by q.display_name, f.registration_id limit least(greatest(row_limit, 1), 500)
				offset greatest(row_offset, 0)) as o
		join public.people as p on p.id = o.person_id join public.registrations as r on r.id = o.registration_id)
	from public.group_messages as g where g.id = message and private.has_role(g.summit_id, 'registration')
$$;
grant execute on function public.list_message_outcomes(uuid, text, integer, integer) to authenticated;

-- The first three to whom a message goes or would go now, and the one of this reference if they are among them: so that
-- it is looked at as they read it. [{registration_id, reference, mode, display_name, locale}], by the display record
-- alone; null for whoever may not send.
create function public.list_message_readers(message uuid, reference text default '') returns jsonb
language sql stable security definer set search_path = '' as $$
	with audience as materialized (
		select a.registration_id, a.locale
			from public.group_messages as g, private.message_audience(g.summit_id, g.filters) as a
		where g.id = message and g.state = 'draft' and private.has_role(g.summit_id, 'registration')
		union all
		select x.registration_id, x.locale from private.message_recipients as x where x.message_id = message
	), named as (
		select r.id, r.reference, r.mode, p.display_name, a.locale,
			row_number() over (order by p.display_name, r.reference) as n
		from audience as a join public.registrations as r on r.id = a.registration_id
			join public.people as p on p.id = r.person_id
	)
	select (select coalesce(jsonb_agg(jsonb_build_object('registration_id', x.id, 'reference', x.reference, 'mode',
		x.mode, 'display_name', x.display_name,
			'locale', private.message_language(g.texts, g.original, x.locale)) order by x.n), '[]')
		from named as x where x.n <= 3 or x.reference = upper(btrim(list_message_readers.reference)))
	from public.group_messages as g where g.id = message and private.has_role(g.summit_id, 'registration')
$$;
grant execute on function public.list_message_readers(uuid, text) to authenticated;

-- How many of a message go out in a minute: an owner's to set. Answers ok, invalid or not_allowed.
create function public.save_mail_rate(summit uuid, rate integer) returns text
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
