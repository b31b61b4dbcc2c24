-- Signing in, who one is, roles, preferences, and which news one may hear.

-- Answers: ok (with the challenge), or limited (with the seconds to wait). Limits: one code in 30 s and 6 in an hour for each
-- address and client, 60 in an hour for an address in all (few clients must not lock its holder out), 100 for a client in all.
create function private.request_sign_in_code(p_address_hash bytea, p_client_hash bytea, p_code_hash bytea,
	p_address_sealed bytea, p_key_id text, p_locale text, out status text, out challenge uuid, out retry_after integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_own integer;
	v_address integer;
	v_client integer;
	v_last timestamptz;
begin
	perform pg_advisory_xact_lock(hashtextextended(encode(p_address_hash, 'hex'), 1));
	select count(*) filter (where client_hash = p_client_hash), count(*), max(created_at) filter (where client_hash = p_client_hash)
	into v_own, v_address, v_last
	from private.sign_in_challenges where address_hash = p_address_hash and created_at > now() - interval '1 hour';
	select count(*) into v_client from private.sign_in_challenges where client_hash = p_client_hash and created_at > now() - interval '1 hour';
	if v_last > now() - interval '30 seconds' then
		status := 'limited';
		retry_after := ceil(extract(epoch from v_last + interval '30 seconds' - now()));
	elsif v_own >= 6 or v_address >= 60 or v_client >= 100 then
		status := 'limited';
		retry_after := 3600;
	else
		status := 'ok';
		retry_after := 0;
		-- A newer code from the same browser replaces the older; another browser's stays as it is.
		update private.sign_in_challenges set burnt_at = now()
		where address_hash = p_address_hash and client_hash = p_client_hash and used_at is null and burnt_at is null;
		insert into private.sign_in_challenges (address_hash, client_hash, code_hash, expires_at)
		values (p_address_hash, p_client_hash, p_code_hash, now() + interval '10 minutes') returning id into challenge;
	end if;
end
$$;

create function private.enqueue_code_mail(p_challenge uuid, p_address_sealed bytea, p_key_id text, p_secret bytea, p_locale text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.outbox (address_sealed, key_id, template, locale, secret, priority, once_key)
	values (p_address_sealed, p_key_id, 'sign_in_code', p_locale, p_secret, 0, 'code:' || p_challenge)
	on conflict (once_key) do nothing returning id into v_id;
	perform private.tell('outbox', 'mail', v_id);
	return v_id;
end
$$;

-- Answers: ok, wrong, burnt (five misses, or replaced by a newer code), expired, used, limited (too many misses for the
-- address or the client in all). Unknown challenges are "expired": they tell nothing.
create function private.check_sign_in_code(p_challenge uuid, p_code_hash bytea, p_client_hash bytea) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_challenge private.sign_in_challenges;
	v_address_misses bigint;
	v_client_misses bigint;
begin
	select * into v_challenge from private.sign_in_challenges where id = p_challenge for update;
	if not found or v_challenge.expires_at <= now() then return 'expired'; end if;
	if v_challenge.used_at is not null then return 'used'; end if;
	if v_challenge.burnt_at is not null then return 'burnt'; end if;
	select coalesce(sum(misses), 0) into v_address_misses from private.sign_in_challenges
	where address_hash = v_challenge.address_hash and created_at > now() - interval '1 hour';
	select coalesce(sum(misses), 0) into v_client_misses from private.sign_in_challenges
	where client_hash = p_client_hash and created_at > now() - interval '1 hour';
	if v_address_misses >= 240 or v_client_misses >= 60 then return 'limited'; end if;
	if v_challenge.code_hash = p_code_hash then
		update private.sign_in_challenges set used_at = now() where id = p_challenge;
		return 'ok';
	end if;
	update private.sign_in_challenges set misses = misses + 1, burnt_at = case when misses + 1 >= 5 then now() end where id = p_challenge;
	return case when v_challenge.misses + 1 >= 5 then 'burnt' else 'wrong' end;
end
$$;

-- After a right code: the account is the person of that address, made when new. The owner's address claims an installation
-- that never had an owner, once.
create function private.link_account(p_account uuid, p_address_hash bytea, p_address_sealed bytea, p_key_id text,
	p_is_owner_address boolean default false) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_self uuid;
begin
	perform pg_advisory_xact_lock(hashtextextended(encode(p_address_hash, 'hex'), 2));
	select person_id into v_person from private.person_addresses where address_hash = p_address_hash;
	select person_id into v_self from public.account_people where account_id = p_account and relation = 'self';
	v_person := coalesce(v_person, v_self);
	if v_person is null then
		insert into public.people default values returning id into v_person;
	end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, is_primary, verified_at)
	values (v_person, p_address_hash, p_address_sealed, p_key_id,
		not exists (select from private.person_addresses where person_id = v_person and is_primary), now())
	on conflict (address_hash) do update set verified_at = coalesce(private.person_addresses.verified_at, now());
	-- The address is proof: an older account of the same person gives way.
	if v_self is distinct from v_person then
		delete from public.account_people where person_id = v_person and relation = 'self';
		delete from public.account_people where account_id = p_account and relation = 'self';
		insert into public.account_people (account_id, person_id, relation) values (p_account, v_person, 'self');
	end if;
	if p_is_owner_address then
		perform pg_advisory_xact_lock(20261125);
		if not exists (select from public.role_grants where role = 'owner') then
			insert into public.role_grants (person_id, role) values (v_person, 'owner');
		end if;
	end if;
	return v_person;
end
$$;

-- The sample's people, for the one-click sign-in page of the local sample. Empty everywhere else.
create table private.sample_people (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	about text not null,
	position integer not null default 0
);
alter table private.sample_people enable row level security;

create function private.sample_people() returns table (person_id uuid, display_name text, about text, address_sealed bytea, key_id text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, s.about, a.address_sealed, a.key_id
	from private.sample_people as s
	join public.people as p on p.id = s.person_id
	join private.person_addresses as a on a.person_id = p.id and a.is_primary
	order by s.position
$$;
grant execute on function private.request_sign_in_code(bytea, bytea, bytea, bytea, text, text), private.enqueue_code_mail(uuid, bytea, text, bytea, text),
	private.check_sign_in_code(uuid, bytea, bytea), private.link_account(uuid, bytea, bytea, text, boolean), private.sample_people() to app_server;

-- Whether the session of this request is still one. A signed token is believed until it runs out; only Auth's own tables know
-- that its session was ended, or its account closed or barred.
create function private.session_lives() returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from auth.users as u where u.id = auth.uid() and u.deleted_at is null and (u.banned_until is null or u.banned_until <= now())
			and (auth.jwt() ->> 'session_id' is null or exists (
				select from auth.sessions as s where s.id = (auth.jwt() ->> 'session_id')::uuid and s.user_id = u.id and (s.not_after is null or s.not_after > now()))))
$$;

-- The viewer of every page, in one call; null for an account without a person, and for a session that has ended.
create function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'account_id', auth.uid(), 'person_id', people.id, 'display_name', people.display_name,
		'locale', coalesce(preferences.locale, 'en'), 'time_zone', preferences.time_zone,
		'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'summit_id', summit_id)), '[]') from public.role_grants
			where person_id = people.id and ended_at is null),
		'focal', (select coalesce(jsonb_agg(jsonb_build_object('summit_id', f.summit_id, 'member_id', f.member_id)), '[]') from private.my_focal_members() as f),
		'speaks', (select coalesce(jsonb_agg(distinct summit_id), '[]') from public.session_people where person_id = people.id and state <> 'declined'),
		'registered', (select coalesce(jsonb_agg(distinct summit_id), '[]') from public.registrations where person_id = people.id
			and state not in ('declined', 'withdrawn', 'expired')))
	from public.people
	left join public.person_preferences as preferences on preferences.person_id = people.id
	where people.id = private.me() and private.session_lives()
$$;

create function public.save_preferences(locale text, time_zone text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if save_preferences.locale not in ('en', 'fr', 'es', 'ar') then return 'unknown_locale'; end if;
	if save_preferences.time_zone is not null and not exists (select from private.time_zones as z where z.name = save_preferences.time_zone) then
		return 'unknown_zone';
	end if;
	insert into public.person_preferences (person_id, locale, time_zone) values (v_me, save_preferences.locale, save_preferences.time_zone)
	on conflict (person_id) do update set locale = excluded.locale, time_zone = excluded.time_zone, updated_at = now();
	return 'ok';
end
$$;

-- Only an owner of the Summit (for a grant to all: an owner of all) grants; safeguarding is granted like any other role.
create function public.grant_role(person uuid, role public.organiser_role, summit uuid default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	insert into public.role_grants (person_id, role, summit_id, granted_by)
	values (person, grant_role.role, summit, private.me())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.tell('person:' || person, 'rights');
	perform private.enqueue_mail(person, 'role_granted', jsonb_build_object('role', grant_role.role), summit);
	return 'ok';
end
$$;

create function public.end_role(role_grant uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_grant public.role_grants;
begin
	select * into v_grant from public.role_grants where id = role_grant for update;
	if not found or not private.has_role(v_grant.summit_id, 'owner') then return 'not_allowed'; end if;
	if v_grant.ended_at is not null then return 'already'; end if;
	-- Two owners who end each other at once: the lock lets only one of them.
	perform pg_advisory_xact_lock(20261125);
	if v_grant.role = 'owner' and v_grant.summit_id is null and not exists (
		select from public.role_grants where role = 'owner' and summit_id is null and ended_at is null and id <> role_grant) then
		return 'last_owner';
	end if;
	update public.role_grants set ended_at = now(), ended_by = private.me() where id = role_grant;
	perform private.tell('person:' || v_grant.person_id, 'rights');
	return 'ok';
end
$$;

-- Who belongs to a Summit, as far as the reader may know of it: registered, in a session that the reader sees, a focal point, or on its
-- staff. An owner of all Summits knows everybody.
create function private.people_of_summit(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.person_id from public.registrations as r where r.summit_id = p_summit and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	union
	select sp.person_id from public.session_people as sp
	where sp.summit_id = p_summit and sp.state <> 'declined' and sp.session_id in (select private.seen_sessions(private.me(), p_summit))
	union
	select f.person_id from public.focal_points as f where f.summit_id = p_summit and (f.until is null or f.until > now())
	union
	select g.person_id from public.role_grants as g where g.summit_id = p_summit and g.ended_at is null
	union
	select p.id from public.people as p where private.has_role(null, 'owner')
$$;

-- For whoever gives a role or puts somebody on a session: people of the Summit by part of the name they are shown under, 20 at most.
-- An alias is found like any name. Others are invited by their address, which tells nothing of whose it is.
create function public.find_people(summit uuid, query text) returns table (id uuid, display_name text, office text, affiliation text)
language sql stable security definer set search_path = '' as $$
	select p.id, p.display_name, p.office, p.affiliation from public.people as p
	where (private.has_role(summit, 'owner') or private.has_role(summit, 'programme'))
		and length(btrim(query)) >= 2 and p.display_name ilike '%' || replace(replace(replace(left(btrim(query), 100), '\', '\\'), '%', '\%'), '_', '\_') || '%'
		and p.id in (select private.people_of_summit(summit))
	order by p.display_name, p.id limit 20
$$;

grant execute on function public.who_am_i() to anon, authenticated;
grant execute on function public.save_preferences(text, text), public.grant_role(uuid, public.organiser_role, uuid), public.end_role(uuid),
	public.find_people(uuid, text) to authenticated;
