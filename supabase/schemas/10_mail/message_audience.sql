-- To whom a message of organisers goes, or would go now.

-- Whether a mail that ended with this error was refused for its address.
create function private.was_refused(p_error text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_error ~ '^EENVELOPE 5[0-9]{2}$', false)
$$;

-- Whether mail reaches a person: they have an address, no mail to it bounced or was reported as spam, and no server has
-- refused it for good since mail last got through. A server that refuses us, our sender or a text says nothing of the
-- address; one that accepts a mail says nothing of a bounce that comes later.
create function private.is_reachable(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.person_addresses as a
		where a.person_id = p_person
			and a.is_primary
			and a.unreachable_since is null
			and not exists (select
				from private.outbox as o
				where o.person_id = p_person
					and o.state = 'dead'
					and o.created_at > a.created_at
					and private.was_refused(o.last_error)
					and not exists (select
						from private.outbox as later
						where later.person_id = p_person and later.state = 'sent' and later.sent_at > o.created_at)))
$$;

-- Whether a person spoke at a Summit: confirmed for a confirmed session, in another part than interpreter or captioner.
create function private.spoke_at(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id and s.state = 'confirmed'
		where s.summit_id = p_summit
			and sp.person_id = p_person
			and sp.state = 'confirmed'
			and sp.role not in ('interpreter', 'captioner'))
$$;

-- Everybody whom the filters mean at a Summit, each once, with the newest registration that fits. Without states: all
-- who submitted one that is not declined, withdrawn or expired. `part`: who spoke in a session that took place, or who
-- attended (in the hall or online) and did not speak.
create function private.group_message_audience(p_summit uuid, p_filters jsonb)
	returns table (person_id uuid, registration_id uuid, locale text, is_reachable boolean)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query
	select distinct on (r.person_id) r.person_id, r.id, coalesce(f.locale, 'en'), private.is_reachable(r.person_id)
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_summit
		and case
			when jsonb_typeof(p_filters -> 'states') = 'array' and p_filters -> 'states' <> '[]'
				then p_filters -> 'states' ? r.state::text
			else r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
		end
		and (coalesce(p_filters ->> 'mode', '') in ('', r.mode::text))
		and (coalesce(p_filters ->> 'category', '') in ('', r.category::text))
		and (coalesce(p_filters ->> 'sector', '') in ('', coalesce(sm.sector, asked.sector)::text))
		and (coalesce(p_filters ->> 'region', '') in ('', sm.region))
		and (coalesce(p_filters ->> 'country', '') in ('', coalesce(p.country, sm.country)))
		and (coalesce(p_filters ->> 'member', '') in ('', r.member_id::text))
		and (coalesce(p_filters ->> 'language', '') in ('', coalesce(f.locale, 'en')))
		and (coalesce(p_filters ->> 'logistics', '') <> 'missing'
			or exists (select from private.missing_logistics_fields(r)))
		and case p_filters ->> 'part'
			when 'spoke' then private.spoke_at(p_summit, r.person_id)
			when 'attended' then not private.spoke_at(p_summit, r.person_id)
				and exists (select from public.presence as a where a.summit_id = p_summit and a.person_id = r.person_id)
			else true
		end
	order by r.person_id, r.created_at desc;
end
$$;

-- Counts the people whom filters mean, for registration organisers.
-- {status: ok | not_allowed, total, reachable, unreachable, languages: {language: people}}
create function public.count_group_message_readers(summit uuid, filters jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(count_group_message_readers.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return (
		with audience as materialized (select *
			from private.group_message_audience(count_group_message_readers.summit, filters))
		select jsonb_build_object(
			'status', 'ok',
			'total', count(*),
			'reachable', count(*) filter (where is_reachable),
			'unreachable', count(*) filter (where not is_reachable),
			'languages', (select coalesce(jsonb_object_agg(l.locale, l.people), '{}')
				from (select locale, count(*) as people from audience group by locale) as l))
		from audience);
end
$$;
grant execute on function public.count_group_message_readers(uuid, jsonb) to authenticated;

-- The first three readers of a message, and the one with this reference if they are among them, to preview the message
-- as they read it: [{registration_id, reference, mode, display_name, locale}], by the display record alone. Null for
-- anyone who may not send it.
create function public.list_group_message_samples(message uuid, reference text default '') returns jsonb
language sql stable security definer set search_path = '' as $$
	with audience as materialized (
		select a.registration_id, a.locale
		from public.group_messages as g, private.group_message_audience(g.summit_id, g.filters) as a
		where g.id = message and g.state = 'draft' and private.has_role(g.summit_id, 'registration')
		union all
		select x.registration_id, x.locale
		from private.group_message_recipients as x
		where x.message_id = message
	), named as (
		select r.id, r.reference, r.mode, p.display_name, a.locale,
			row_number() over (order by p.display_name, r.reference) as n
		from audience as a
		join public.registrations as r on r.id = a.registration_id
		join public.people as p on p.id = r.person_id
	)
	select (select coalesce(jsonb_agg(jsonb_build_object(
			'registration_id', x.id,
			'reference', x.reference,
			'mode', x.mode,
			'display_name', x.display_name,
			'locale', private.group_message_language(g.texts, g.original, x.locale)) order by x.n), '[]')
		from named as x
		where x.n <= 3 or x.reference = upper(btrim(list_group_message_samples.reference)))
	from public.group_messages as g
	where g.id = message and private.has_role(g.summit_id, 'registration')
$$;
grant execute on function public.list_group_message_samples(uuid, text) to authenticated;
