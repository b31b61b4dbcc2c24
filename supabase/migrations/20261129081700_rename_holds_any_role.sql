-- private.holds_role(uuid) asked another question than the function of the same name in 03_accounts.
create function private.holds_any_role(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null)
$$;

create or replace function public.my_erasure() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'due_at', private.iso(e.due_at),
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

create or replace function public.request_erasure() returns public.erasure_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if private.holds_any_role(v_me) then return 'has_role'; end if;
	perform private.set_audit_context(v_me);
	insert into private.erasure_requests (person_id, due_at) values (v_me, now() + private.erasure_delay())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.enqueue_mail(v_me, 'erasure_requested', jsonb_build_object(
		'due_at', private.iso(now() + private.erasure_delay())));
	return 'ok';
end
$$;

create or replace function private.erase_due_person(p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
begin
	-- Another process that erases now, or the person who stops it, goes first.
	select e.person_id into v_person
	from private.erasure_requests as e
	where e.due_at <= p_now and e.stopped_at is null and e.erased_at is null and not private.holds_any_role(e.person_id)
	order by e.due_at, e.id
	limit 1
	for update skip locked;
	if not found then return false; end if;
	perform private.erase_person(v_person);
	return true;
end
$$;

drop function private.holds_role(uuid);
