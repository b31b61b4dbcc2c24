-- Asking for an erasure, stopping it, and carrying it out when the time to think it over has passed.

-- How long a person can still stop an erasure.
create function private.erasure_delay() returns interval
language sql immutable set search_path = '' as $$ select interval '7 days' $$;

-- The answer to a request: roles must be given back first, lest an act of staff is left without anybody.
create domain public.erasure_request_status as text
	check (value in ('ok', 'already', 'has_role', 'not_allowed'));

-- Whether a person holds a role, at any Summit, that somebody else has to take over first.
create function private.holds_any_role(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_grants as g where g.person_id = p_person)
$$;

-- What an erasure of the reader would mean: {due_at (null when none was asked for), waits (it is due, and a legal duty
-- holds it), has_role, has_orders, summits: [{slug, name}] whose registration it withdraws}. Null without a person.
create function public.my_erasure() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'due_at', private.iso(e.due_at),
		'waits', coalesce(e.due_at <= now() and private.is_person_held(me.id, now()), false),
		'has_role', private.holds_any_role(me.id),
		'summits', (select coalesce(jsonb_agg(jsonb_build_object('slug', s.slug, 'name', s.name) order by s.starts_on), '[]')
			from public.registrations as r
			join public.summits as s on s.id = r.summit_id and s.state not in ('closed', 'archived')
			where r.person_id = me.id and r.state not in ('declined', 'withdrawn', 'expired')),
		'has_orders', exists (select from public.orders as o where o.payer_person_id = me.id)
			or exists (select
				from public.order_lines as l
				join public.registrations as r on r.id = l.registration_id
				where r.person_id = me.id))
	from (select private.me() as id) as me
	left join private.erasure_requests as e on e.person_id = me.id and e.stopped_at is null and e.erased_at is null
	where me.id is not null
$$;
grant execute on function public.my_erasure() to authenticated;

-- Asks for the erasure of the reader, after the time to think it over. Only the person: no assistant can.
create function public.request_erasure() returns public.erasure_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if private.holds_any_role(v_me) then return 'has_role'; end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_me);
	insert into private.erasure_requests (person_id, due_at) values (v_me, now() + private.erasure_delay())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.enqueue_mail(v_me, 'erasure_requested', jsonb_build_object(
		'due_at', private.iso(now() + private.erasure_delay())));
	return 'ok';
end
$$;
grant execute on function public.request_erasure() to authenticated;

-- Stops the open request of the reader.
create function public.stop_erasure() returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	perform private.set_audit_context(v_me);
	update private.erasure_requests as e set stopped_at = now()
	where e.person_id = v_me and e.stopped_at is null and e.erased_at is null;
	if not found then return 'none'; end if;
	return 'ok';
end
$$;
grant execute on function public.stop_erasure() to authenticated;

-- Each minute: erases one person whose time has passed, and answers whether somebody did. One at a time, so that no
-- transaction holds the locks of several. Who got a role meanwhile, or is held by a legal duty, keeps their request open.
create function private.erase_due_person(p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
begin
	-- A legal hold that is being placed waits for this, or this sees it.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	-- Another process that erases now, or the person who stops it, goes first.
	select e.person_id into v_person
	from private.erasure_requests as e
	where e.due_at <= p_now
		and e.stopped_at is null
		and e.erased_at is null
		and not private.holds_any_role(e.person_id)
		and not private.is_person_held(e.person_id, p_now)
	order by e.due_at, e.id
	limit 1
	for update skip locked;
	if not found then return false; end if;
	perform private.erase_person(v_person);
	return true;
end
$$;
grant execute on function private.erase_due_person(timestamptz) to app_server;
