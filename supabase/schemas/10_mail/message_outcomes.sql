-- Reading the messages of a Summit and what came of them.

-- What came of a message for each recipient: waiting, queued (on its way), sent, failed, unreachable or cancelled.
create function private.group_message_outcomes(p_message uuid)
	returns table (person_id uuid, registration_id uuid, locale text, outcome text, error text, at timestamptz)
language sql stable security definer set search_path = '' as $$
	select r.person_id, r.registration_id, r.locale,
		case
			when r.state <> 'queued' then r.state
			when o.id is null then 'sent'
			when o.state in ('queued', 'sending') then 'queued'
			when o.state = 'sent' then 'sent'
			else 'failed'
		end,
		o.last_error,
		coalesce(o.sent_at, r.queued_at)
	from private.group_message_recipients as r
	left join private.outbox as o on o.id = r.outbox_id
	where r.message_id = p_message
$$;

-- A message as JSON. Its state is `done` when no recipient waits any more.
create function private.group_message_json(g public.group_messages) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', g.id,
		'state', case
			when g.state = 'sending' and not exists (
				select from private.group_message_outcomes(g.id) as o where o.outcome in ('waiting', 'queued'))
					then 'done'
			else g.state
		end,
		'version', g.version,
		'filters', g.filters,
		'texts', g.texts,
		'original', g.original,
		'page', g.page,
		'total', g.total,
		'created_at', private.iso(g.created_at),
		'created_by', (select p.display_name from public.people as p where p.id = g.created_by),
		'sent_at', private.iso(g.sent_at),
		'sent_by', (select p.display_name from public.people as p where p.id = g.sent_by),
		'outcomes', (select coalesce(jsonb_object_agg(o.outcome, o.people), '{}')
			from (
				select c.outcome, count(*) as people
				from private.group_message_outcomes(g.id) as c
				group by c.outcome
			) as o))
$$;

-- The messages of a Summit, newest first, or the one with this id: {per_minute, messages:
-- [private.group_message_json]}. Null when not allowed.
create function public.list_group_messages(summit uuid, message uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'per_minute', coalesce((select s.per_minute
			from public.mail_settings as s
			where s.summit_id = list_group_messages.summit), 60),
		'messages', (select coalesce(jsonb_agg(private.group_message_json(g) order by g.created_at desc, g.id), '[]')
			from (
				select *
				from public.group_messages as m
				where m.summit_id = list_group_messages.summit
					and (list_group_messages.message is null or m.id = list_group_messages.message)
				order by m.created_at desc, m.id
				limit 200
			) as g))
	where private.has_role(list_group_messages.summit, 'registration')
$$;
grant execute on function public.list_group_messages(uuid, uuid) to authenticated;

-- The outcomes person by person, by display name:
-- [{registration_id, reference, display_name, locale, outcome, error, at}]. Null when not allowed.
create function public.list_group_message_outcomes(
	message uuid, outcome text default null, row_limit integer default 100, row_offset integer default 0
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
			'registration_id', o.registration_id,
			'reference', r.reference,
			'display_name', p.display_name,
			'locale', o.locale,
			'outcome', o.outcome,
			'error', o.error,
			'at', private.iso(o.at)) order by p.display_name, r.reference), '[]')
		from (
			select f.*
			from private.group_message_outcomes(g.id) as f
			join public.people as q on q.id = f.person_id
			where list_group_message_outcomes.outcome is null or f.outcome = list_group_message_outcomes.outcome
			order by q.display_name, f.registration_id
			limit least(greatest(row_limit, 1), 500)
			offset greatest(row_offset, 0)
		) as o
		join public.people as p on p.id = o.person_id
		join public.registrations as r on r.id = o.registration_id)
	from public.group_messages as g
	where g.id = message and private.has_role(g.summit_id, 'registration')
$$;
grant execute on function public.list_group_message_outcomes(uuid, text, integer, integer) to authenticated;
