-- Wallet passes: which badges were saved as passes, their devices, and what is sent to them.

-- A device that asks to be told of changes to a pass. Not found: the badge was never given out as one.
create domain private.pass_device_status as text check (value in ('created', 'already', 'not_found', 'invalid'));

-- Wallet passes: which badges were saved as passes, and the devices that ask for their latest state. It changes with each
-- turn of the worker, so it is not audited.

-- A badge that was given out as a pass of Apple Wallet or Google Wallet. A new badge is another pass: the one on a phone
-- that was lost never gets the next code.
create table private.wallet_passes (
	badge_id uuid primary key references public.badges (id) on delete cascade,
	-- The language in which it was given out.
	locale text not null check (private.is_interface_language(locale)),
	-- Of what it shows.
	fingerprint bytea not null,
	-- When that last changed, in whole seconds: devices know no shorter time.
	changed_at timestamptz not null default date_trunc('second', now()),
	checked_at timestamptz not null default now(),
	-- Since when it is no longer valid. That is final.
	ended_at timestamptz,
	-- Google may have it, so it is told what changed: when next, and after how many failures.
	is_at_google boolean not null default false,
	google_due_at timestamptz,
	google_tries integer not null default 0
);
create index wallet_passes_unended on private.wallet_passes (checked_at) where ended_at is null;
create index wallet_passes_google_due on private.wallet_passes (google_due_at) where google_due_at is not null;
alter table private.wallet_passes enable row level security;

-- A device that has a pass in Apple Wallet: by which name it asks, and the token by which Apple reaches it.
create table private.wallet_devices (
	badge_id uuid not null references private.wallet_passes (badge_id) on delete cascade,
	device text not null check (device ~ '^[A-Za-z0-9._-]{1,100}$'),
	push_token text not null check (push_token ~ '^[A-Za-z0-9]{16,200}$'),
	added_at timestamptz not null default now(),
	-- When it is told next that the pass changed, and after how many failures; null: it knows.
	due_at timestamptz,
	tries integer not null default 0,
	primary key (badge_id, device)
);
create index on private.wallet_devices (device);
create index wallet_devices_due on private.wallet_devices (due_at) where due_at is not null;
alter table private.wallet_devices enable row level security;

-- Returns everything of a registration that its person reads of it themselves, with how they are protected.
create function private.own_registration_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.registration_json(p_r, false) || jsonb_build_object('protection', jsonb_build_object(
		'kind', coalesce((select x.kind::text from private.protections as x where x.person_id = p_r.person_id), 'none'),
		'has_sealed_name', exists (
			select from private.protections as x
			where x.person_id = p_r.person_id and x.real_name_sealed is not null)),
		'forbids_photographs', private.forbids_photographs(p_r.person_id, p_r.id))
$$;

-- Returns the reader's registration at a Summit: the live one, else the last; null without one.
create or replace function public.my_registration(summit uuid) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
	select private.own_registration_json(r)
	from public.registrations as r
	where r.summit_id = my_registration.summit and r.person_id = (select private.me())
	order by (r.state not in ('declined', 'withdrawn', 'expired')) desc, r.created_at desc
	limit 1
$$;

-- Wallet passes: what they show, their devices, and telling Apple and Google what changed. The app calls these with nobody
-- signed in: for giving out a pass it has read the badge as its person, and a device proves itself to the app by the token
-- of its pass.

-- What a pass shows, as the page of its badge reads it (my_registration): {summit, holder}. The holder is null when the
-- badge is no longer valid, and thirty days after the Summit: a pass then says nothing of anybody. Under an alias the true
-- member stays in the database.
create function private.wallet_content(p_badge uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'summit', jsonb_build_object('id', s.id, 'name', s.name, 'city', s.city, 'zone', s.zone,
			'starts_on', s.starts_on, 'ends_on', s.ends_on),
		'holder', case
			when b.revoked_at is null and r.state = 'confirmed' and r.mode = 'in_person'
				and private.summit_end(s) > now() - interval '30 days' then (
				select jsonb_object_agg(o.key, o.value)
					|| case when private.has_alias(r.person_id) then '{"member": null, "country": null}'::jsonb else '{}' end
				from jsonb_each(private.own_registration_json(r)) as o
				where o.key in ('display_name', 'office', 'affiliation', 'country', 'member', 'category',
					'forbids_photographs', 'protection', 'badge')) end)
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id
	join public.summits as s on s.id = b.summit_id
	where b.id = p_badge
$$;

create function private.wallet_fingerprint(p_content jsonb) returns bytea
language sql immutable set search_path = '' as $$ select sha256(convert_to(p_content::text, 'UTF8')) $$;

-- Notes that a badge is given out as a pass; again, in perhaps another language.
create function private.save_wallet_pass(p_badge uuid, p_locale text, p_google boolean) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.wallet_passes as w (badge_id, locale, fingerprint, is_at_google)
	values (p_badge, p_locale, private.wallet_fingerprint(private.wallet_content(p_badge)), p_google)
	on conflict (badge_id) do update
	set locale = excluded.locale, is_at_google = w.is_at_google or excluded.is_at_google
$$;
grant execute on function private.save_wallet_pass(uuid, text, boolean) to app_server;

-- A pass as it is now; no row when the badge was never given out as one.
create function private.read_wallet_pass(p_badge uuid) returns table (
	badge_id uuid, locale text, changed_at timestamptz, content jsonb
)
language sql stable security definer set search_path = '' as $$
	select w.badge_id, w.locale, w.changed_at, private.wallet_content(w.badge_id)
	from private.wallet_passes as w
	where w.badge_id = p_badge
$$;
grant execute on function private.read_wallet_pass(uuid) to app_server;

-- A device asks to be told of changes: created | already | not_found. Twenty have a pass at most; the oldest is dropped.
-- Locks the pass.
create function private.add_wallet_device(p_badge uuid, p_device text, p_token text) returns private.pass_device_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pass private.wallet_passes;
	v_is_new boolean;
begin
	select * into v_pass from private.wallet_passes as w where w.badge_id = p_badge for update;
	if not found then return 'not_found'; end if;
	v_is_new := not exists (select
		from private.wallet_devices as d where d.badge_id = p_badge and d.device = p_device);
	insert into private.wallet_devices as d (badge_id, device, push_token, due_at)
	-- It was saved after the badge had ended.
	values (p_badge, p_device, p_token, case when v_pass.ended_at is not null then now() end)
	on conflict (badge_id, device) do update set push_token = excluded.push_token, tries = 0;
	delete from private.wallet_devices as d
	where d.badge_id = p_badge
		and d.device not in (
			select x.device from private.wallet_devices as x
			where x.badge_id = p_badge
			order by x.added_at desc, x.device
			limit 20);
	return case when v_is_new then 'created' else 'already' end;
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function private.add_wallet_device(uuid, text, text) to app_server;

-- A device has deleted the pass.
create function private.remove_wallet_device(p_badge uuid, p_device text) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.wallet_devices as d where d.badge_id = p_badge and d.device = p_device
$$;
grant execute on function private.remove_wallet_device(uuid, text) to app_server;

-- The passes of a device that changed after a moment; all without one.
create function private.list_wallet_passes(p_device text, p_since timestamptz default null)
	returns table (badge_id uuid, changed_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select w.badge_id, w.changed_at
	from private.wallet_devices as d
	join private.wallet_passes as w on w.badge_id = d.badge_id
	where d.device = p_device and (p_since is null or w.changed_at > p_since)
	order by w.changed_at, w.badge_id
$$;
grant execute on function private.list_wallet_passes(text, timestamptz) to app_server;

-- Compares passes with what they should show now: the one given; else all of badges that were revoked, and those that were
-- looked at longest ago. What changed is due at Google and on each device. Answers how many changed.
create function private.refresh_wallet_passes(p_badge uuid default null, p_limit integer default 100) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_count integer := 0;
begin
	for v_each in
		with chosen as (
			(select w.badge_id from private.wallet_passes as w where w.badge_id = p_badge and w.ended_at is null)
			union
			(select w.badge_id
			from private.wallet_passes as w
			join public.badges as b on b.id = w.badge_id and b.revoked_at is not null
			where p_badge is null and w.ended_at is null
			limit p_limit)
			union
			(select w.badge_id
			from private.wallet_passes as w
			where p_badge is null and w.ended_at is null
			order by w.checked_at
			limit p_limit)
		)
		select w.badge_id, w.fingerprint, private.wallet_content(w.badge_id) as content
		from private.wallet_passes as w
		where w.badge_id in (select c.badge_id from chosen as c)
		order by w.badge_id
		for no key update of w skip locked
	loop
		update private.wallet_passes as w set checked_at = now() where w.badge_id = v_each.badge_id;
		continue when v_each.fingerprint = private.wallet_fingerprint(v_each.content);
		update private.wallet_passes as w
		set fingerprint = private.wallet_fingerprint(v_each.content),
			changed_at = greatest(date_trunc('second', now()), w.changed_at + interval '1 second'),
			ended_at = case when v_each.content -> 'holder' = 'null' then now() end,
			google_due_at = case when w.is_at_google then now() end,
			google_tries = 0
		where w.badge_id = v_each.badge_id;
		update private.wallet_devices as d set due_at = now(), tries = 0 where d.badge_id = v_each.badge_id;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.refresh_wallet_passes(uuid, integer) to app_server;

-- A badge that changed and is a pass: the worker hears of it at once.
create function private.notify_wallet_pass() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if exists (select from private.wallet_passes as w where w.badge_id = new.id and w.ended_at is null) then
		perform private.publish_event('outbox', 'wallet', new.id);
	end if;
	return null;
end
$$;
create trigger notify_wallet_pass after update on public.badges for each row
	when (old.revoked_at is distinct from new.revoked_at or old.changed_at is distinct from new.changed_at)
	execute function private.notify_wallet_pass();

-- How long after so many failures the next try comes; null after the eighth, about a day later.
create function private.wallet_retry_delay(p_tries integer) returns interval
language sql immutable set search_path = '' as $$
	select case when p_tries < 8 then interval '5 minutes' * power(2, p_tries) end
$$;

-- Takes devices that are to be told that a pass changed. What this process does not record is tried again after five
-- minutes.
create function private.claim_wallet_pushes(p_limit integer default 50)
	returns table (badge_id uuid, device text, push_token text)
language sql volatile security definer set search_path = '' as $$
	update private.wallet_devices as d
	set due_at = now() + interval '5 minutes'
	from (
		select x.badge_id, x.device
		from private.wallet_devices as x
		where x.due_at <= now()
		order by x.due_at
		limit p_limit
		for no key update skip locked) as due
	where d.badge_id = due.badge_id and d.device = due.device
	returning d.badge_id, d.device, d.push_token
$$;
grant execute on function private.claim_wallet_pushes(integer) to app_server;

-- Records what came of it: sent | gone (Apple knows the device no more) | failed.
create function private.record_wallet_push(p_badge uuid, p_device text, p_outcome text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if p_outcome = 'gone' then
		delete from private.wallet_devices as d where d.badge_id = p_badge and d.device = p_device;
	else
		update private.wallet_devices as d
		set due_at = case when p_outcome = 'failed' then now() + private.wallet_retry_delay(d.tries) end,
			tries = case when p_outcome = 'failed' then d.tries + 1 else 0 end
		where d.badge_id = p_badge and d.device = p_device;
	end if;
end
$$;
grant execute on function private.record_wallet_push(uuid, text, text) to app_server;

-- Takes passes of which Google is to be told what they show now.
create function private.claim_google_passes(p_limit integer default 20)
	returns table (badge_id uuid, locale text, content jsonb)
language sql volatile security definer set search_path = '' as $$
	update private.wallet_passes as w
	set google_due_at = now() + interval '5 minutes'
	where w.badge_id in (
		select x.badge_id
		from private.wallet_passes as x
		where x.google_due_at <= now()
		order by x.google_due_at
		limit p_limit
		for no key update skip locked)
	returning w.badge_id, w.locale, private.wallet_content(w.badge_id)
$$;
grant execute on function private.claim_google_passes(integer) to app_server;

-- Records what came of it: sent | gone (nobody saved it) | failed.
create function private.record_google_pass(p_badge uuid, p_outcome text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.wallet_passes as w
	set google_due_at = case when p_outcome = 'failed' then now() + private.wallet_retry_delay(w.google_tries) end,
		google_tries = case when p_outcome = 'failed' then w.google_tries + 1 else 0 end
	where w.badge_id = p_badge
$$;
grant execute on function private.record_google_pass(uuid, text) to app_server;

-- What the rules of retention ask of a pass, and its rules.
create function private.summit_of_badge(p_badge uuid) returns uuid
language sql stable as $$ select b.summit_id from public.badges as b where b.id = p_badge $$;

create function private.person_of_badge(p_badge uuid) returns uuid[]
language sql stable as $$
	select array[r.person_id]
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id
	where b.id = p_badge
$$;

insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.wallet_passes', 'unfinished', 'private.summit_of_badge(t.badge_id)', 'private.person_of_badge(t.badge_id)',
		'coalesce(t.ended_at, private.closed_since(private.summit_of_badge(t.badge_id)) + interval ''60 days'')', null, null,
		null, null, true);
insert into private.retention_rules (table_name, class)
values ('private.wallet_devices', 'unfinished');
insert into private.writable_after_closing (table_name, reason)
values
	('private.wallet_passes', 'Wallet passes: the app writes them, and they follow their badge at any time.');
