-- Strong roles count only in sessions in which a passkey was used, and grants may end by themselves.
set local check_function_bodies = off;

alter table public.role_grants add column until timestamptz;

-- The person who acts, as far as their own session is known; null for the app itself.
create function private.session_person() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	return coalesce(private.me(), private.person_of_session(private.parse_uuid(current_setting('app.auth_session', true))));
end
$$;

-- Which strong roles count in the caller's session: 2, all of them; 1, all but safeguarding; 0, none. They count for
-- twelve hours after a passkey was used in it, safeguarding only while the last act is less than half an hour ago.
-- Asked as often as private.me(), so the answer is kept for the transaction, beside the session that it belongs to.
create function private.session_strength() returns integer
language plpgsql stable security definer set search_path = '' as $$
declare
	v_session text := coalesce(private.claims(), current_setting('app.auth_session', true), '');
	v_strength integer;
begin
	if v_session = '' then return 0; end if;
	if current_setting('app.strength_of', true) = v_session then
		return current_setting('app.strength', true)::integer;
	end if;
	select case
		when not private.passkeys_required() then 2
		when coalesce(a.confirmed_at <= now() - interval '12 hours', true) then 0
		when greatest(a.acted_at, a.confirmed_at) <= now() - interval '30 minutes' then 1
		else 2
	end into v_strength
	from private.my_assurance() as a;
	perform set_config('app.strength_of', v_session, true), set_config('app.strength', v_strength::text, true);
	return v_strength;
end
$$;

-- Whether a role that this person holds counts at this moment: of the caller's own, a strong role counts in a strong
-- session alone. Without a search_path of its own, so that it becomes part of the expression that uses it.
create function private.is_role_usable(p_person uuid, p_role public.organiser_role) returns boolean
language sql stable as $$
	select not private.is_strong_role(p_role)
		or private.session_strength() >= case p_role when 'safeguarding' then 2 else 1 end
		or p_person is distinct from private.session_person()
$$;

create view private.live_grants as
	select g.* from public.role_grants as g where g.ended_at is null and (g.until is null or g.until > now());

create view private.usable_grants as
	select g.* from private.live_grants as g where private.is_role_usable(g.person_id, g.role);

-- Why these two people of the staff may not make this merge; null when they may. A merge hands over addresses and
-- rights: nobody merges themselves, one of the two is a registration organiser, a person with roles needs an owner, a
-- safeguarding lead or a protected person needs a safeguarding lead. Refused also when both records have a live
-- registration at one Summit (Rule 2).
create or replace function private.merge_obstacle(p_keep uuid, p_drop uuid, p_asked_by uuid, p_confirmed_by uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_merge(p_asked_by)
			or not private.may_merge(p_confirmed_by)
			or p_asked_by in (p_keep, p_drop)
			or p_confirmed_by in (p_keep, p_drop)
			or not (private.holds_role(p_asked_by, null, 'registration')
				or private.holds_role(p_confirmed_by, null, 'registration'))
			then 'not_allowed'
		when p_asked_by = p_confirmed_by
			then 'second_person_needed'
		when exists (select from private.live_grants as g where g.person_id in (p_keep, p_drop))
			and not (private.holds_role(p_asked_by, null, 'owner') or private.holds_role(p_confirmed_by, null, 'owner'))
			then 'owner_needed'
		-- Merging the record of a safeguarding lead also moves the role.
		when exists (select from private.live_grants as g
				where g.person_id in (p_keep, p_drop) and g.role = 'safeguarding')
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding'))
			then 'lead_needed'
		when exists (select from private.protections as x where x.person_id in (p_keep, p_drop))
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding'))
			then 'protected'
		when exists (select
				from public.registrations as a
				join public.registrations as b on b.summit_id = a.summit_id
					and b.person_id = p_drop
					and b.state not in ('declined', 'withdrawn', 'expired')
				where a.person_id = p_keep and a.state not in ('declined', 'withdrawn', 'expired'))
			then 'both_registered'
	end
$$;

-- The roles that reach sensitive data, money or the rights of others. Without a search_path of its own, so that it
-- becomes part of the expression that uses it.
create or replace function private.is_strong_role(p_role public.organiser_role) returns boolean
language sql immutable as $$
	select p_role in ('owner', 'finance', 'safeguarding', 'registration')
$$;

-- Whether somebody holds such a role, at any Summit, or reads the concerns that no lead may read.
create or replace function private.holds_strong_role(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_grants as g
			where g.person_id = p_person and private.is_strong_role(g.role))
		or exists (select from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null)
$$;

-- The session of Auth in which the caller is signed in. Where the app acts for somebody without their claims, it names
-- the session in `app.auth_session`.
create or replace function private.auth_session() returns uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	return coalesce(private.parse_uuid(auth.jwt() ->> 'session_id'),
		private.parse_uuid(current_setting('app.auth_session', true)));
end
$$;

-- When the caller last used a passkey of theirs in this session, and when they last acted in it; nulls without.
create or replace function private.my_assurance(out confirmed_at timestamptz, out acted_at timestamptz)
language sql stable security definer set search_path = '' as $$
	select a.confirmed_at, a.acted_at
	from private.session_assurances as a
	join private.passkeys as k on k.id = a.passkey_id and k.person_id = (select private.session_person())
	where a.session_id = (select private.auth_session())
$$;

-- Notes that something is done in a session, once a minute at most. Not after half an hour without an act: then the
-- passkey is asked for again.
create or replace function private.record_act(p_session uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.session_assurances as a set acted_at = now()
	where a.session_id = p_session
		and a.acted_at < now() - interval '1 minute'
		and a.acted_at > now() - interval '30 minutes'
$$;

-- The people who belong to a Summit, as far as the reader may know of it: registered, in a session that the reader
-- sees, a focal point, or on its staff. For an owner of all Summits: everybody.
create or replace function private.people_of_summit(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select r.person_id
	from public.registrations as r
	where r.summit_id = p_summit and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	union
	select sp.person_id
	from public.session_people as sp
	where sp.summit_id = p_summit
		and sp.state <> 'declined'
		and sp.session_id in (select private.visible_sessions(private.me(), p_summit))
	union
	select f.person_id
	from public.focal_points as f
	where f.summit_id = p_summit and (f.until is null or f.until > now())
	union
	select g.person_id
	from private.live_grants as g
	where g.summit_id = p_summit
	union
	select p.id
	from public.people as p
	where private.has_role(null, 'owner')
$$;

-- Whether a person holds one of the roles for this Summit (null: for all). An owner holds every role but safeguarding.
-- Of the signed-in person themselves only what their session is strong enough for (private.usable_grants).
create or replace function private.holds_role(
	p_person uuid, p_summit uuid, variadic p_roles public.organiser_role[]
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants
		where person_id = p_person
			and (summit_id is null or summit_id = p_summit)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

-- The Summits in which the signed-in person holds one of the roles: for policies, computed once per statement.
create or replace function private.summits_with_role(variadic p_roles public.organiser_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select summits.id
	from public.summits
	where exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = summits.id)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

-- The people who hold a role for this Summit (null: for all) and can act on it: they have an account or an address.
-- Nobody waits for a person who can never sign in.
create or replace function private.role_holders(p_role public.organiser_role, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct g.person_id
	from private.live_grants as g
	where g.role = p_role
		and (g.summit_id is null or g.summit_id = p_summit)
		and (exists (select from public.account_people as a where a.person_id = g.person_id and a.relation = 'self')
			or exists (select from private.person_addresses as a where a.person_id = g.person_id))
$$;

-- Notifies the other owners that a deputy is no longer one. No lead learns of it: a deputy reads the concerns that no
-- lead may read.
create or replace function private.notify_deputy_watchers(p_deputy private.concern_deputies) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_watcher uuid;
begin
	for v_watcher in
		select distinct g.person_id
		from private.live_grants as g
		where g.role = 'owner' and (g.summit_id is null or g.summit_id = p_deputy.summit_id)
	loop
		perform private.publish_event('person:' || v_watcher, 'roles');
		if v_watcher is distinct from private.me() then
			perform private.enqueue_mail(v_watcher, 'role_changed',
				jsonb_build_object('role', 'deputy', 'change', 'ended'), p_deputy.summit_id,
				format('role_changed:%s:ended:%s', p_deputy.id, v_watcher));
		end if;
	end loop;
end
$$;

-- The viewer of every page, in one call: {account_id, person_id, display_name, has_alias, locale, time_zone,
-- roles: [{role, summit_id}], unconfirmed_roles: [the same, of roles and deputies that count only once a passkey was
-- used in this session], has_passkey, focal: [{summit_id, member_id}], speaks: [summit_id], registered: [summit_id]}. Null for
-- an account without a person, and for a session that has ended.
create or replace function public.who_am_i() returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
	select jsonb_build_object(
		'account_id', private.account(),
		'person_id', people.id,
		'display_name', people.display_name,
		'has_alias', private.has_alias(people.id),
		'locale', coalesce(preferences.locale, 'en'),
		'time_zone', preferences.time_zone,
		'roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'summit_id', summit_id)), '[]')
			from private.usable_grants
			where person_id = people.id),
		'unconfirmed_roles', (select coalesce(jsonb_agg(jsonb_build_object('role', role, 'summit_id', summit_id)), '[]')
			from (
				select g.role::text, g.summit_id
				from private.live_grants as g
				where g.person_id = people.id and not private.is_role_usable(g.person_id, g.role)
				union all
				select 'deputy', d.summit_id
				from private.concern_deputies as d
				where d.person_id = people.id
					and d.ended_at is null
					and not private.is_role_usable(d.person_id, 'safeguarding')
			) as held),
		'has_passkey', exists (select from private.passkeys as k where k.person_id = people.id),
		'focal', (select coalesce(
				jsonb_agg(jsonb_build_object('summit_id', f.summit_id, 'member_id', f.member_id)), '[]')
			from private.my_focal_members() as f),
		'speaks', (select coalesce(jsonb_agg(distinct summit_id), '[]')
			from public.session_people
			where person_id = people.id and state <> 'declined'),
		'registered', (select coalesce(jsonb_agg(distinct summit_id), '[]')
			from public.registrations
			where person_id = people.id and state not in ('declined', 'withdrawn', 'expired')))
	from public.people
	left join public.person_preferences as preferences on preferences.person_id = people.id
	where people.id = (select private.me())
$$;

-- Returns whether the reader has one of the roles that the field names. It does not use has_role, because an owner
-- passes that for most roles: here an owner reads no more than anybody else.
create or replace function private.may_read_logistics_field(f public.logistics_fields) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = f.summit_id)
			and g.role = any (f.visible_to))
$$;

-- Runs once a night at each venue, after two o'clock, and mails finance when something does not agree. Answers the
-- Summits that it checked. The lock lets one worker check a Summit.
create or replace function private.reconcile_nightly(p_now timestamptz default now()) returns setof uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit record;
	v_faults jsonb;
begin
	for v_summit in
		select s.id, s.zone from public.summits as s
		left join private.reconciliations as n on n.summit_id = s.id
		where s.state <> 'draft'
			and exists (select from public.orders as o where o.summit_id = s.id)
			and extract(hour from p_now at time zone s.zone) >= 2
			and (n.ran_at is null or (n.ran_at at time zone s.zone)::date < (p_now at time zone s.zone)::date)
		order by s.id
	loop
		continue when not pg_try_advisory_xact_lock(hashtextextended('books:' || v_summit.id, 6));
		select coalesce(jsonb_agg(to_jsonb(f)), '[]') into v_faults from private.reconcile_money(v_summit.id) as f;
		insert into private.reconciliations as n (summit_id, ran_at, faults)
		values (v_summit.id, p_now, v_faults)
		on conflict (summit_id) do update set ran_at = excluded.ran_at, faults = excluded.faults;
		if v_faults <> '[]' then
			perform private.enqueue_mail(
				g.person_id, 'books_differ', jsonb_build_object('count', jsonb_array_length(v_faults)),
				v_summit.id,
				'books:' || v_summit.id || ':' || (p_now at time zone v_summit.zone)::date || ':' || g.person_id
			)
			from (
				select distinct g.person_id from private.live_grants as g
				where g.role = 'finance' and (g.summit_id is null or g.summit_id = v_summit.id)
			) as g;
		end if;
		return next v_summit.id;
	end loop;
end
$$;

-- Whether somebody enters by role: the people of a session in both ways; for stage and safeguarding every stream.
create or replace function private.enters_by_role(p_person uuid, p_session uuid, p_channel public.access_channel) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		)
		or p_channel = 'stream'
			and exists (
				select
				from private.usable_grants as g
				where g.person_id = p_person
					and g.role in ('stage', 'safeguarding')
					and (
						g.summit_id is null
						or g.summit_id = (select s.summit_id from public.sessions as s where s.id = p_session)
					)
			)
$$;

-- Whether the reader holds a role that sees closed sessions. An owner alone who closed one would never see it again.
create or replace function private.may_close_session(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role in ('programme', 'stage', 'safeguarding')
	)
$$;

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create or replace function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select
			r.id as registration_id,
			r.category,
			r.member_id,
			sm.sector,
			exists (
				select
				from private.usable_grants as g
				where g.person_id = p_person
					and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding', 'owner')
			) as is_organiser,
			exists (
				select
				from private.usable_grants as g
				where g.person_id = p_person
					and (g.summit_id is null or g.summit_id = p_summit)
					and g.role in ('programme', 'stage', 'safeguarding')
			) as sees_closed
		from (select) as always
		left join public.registrations as r
			on r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	), held as (
		select
			s.id,
			greatest(s.level, rs.level) as level,
			rs.session_id is not null and s.state <> 'draft' and u.state <> 'draft' as is_released
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where
		-- The people of a session see it, released or not.
		exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		)
		-- Organisers see the draft too; an owner sees no closed session.
		or (reader.is_organiser and (held.level <> 'closed' or reader.sees_closed))
		or held.is_released and (
			held.level = 'public'
			or held.level in ('members', 'chatham_house') and reader.registration_id is not null
			or held.level = 'closed'
				and reader.registration_id is not null
				and private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
		)
$$;

-- Whether a person may read a version of a session that had this level: a version from when the session was closed
-- stays closed, also after the session was opened. It does not ask whether the person sees the session today
-- (`can_see`).
create or replace function private.may_read_version(p_person uuid, p_session uuid, p_level public.confidentiality) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_level = 'public'
		or exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		)
		or exists (
			select
			from public.sessions as s
			left join public.registrations as r
				on r.person_id = p_person and r.summit_id = s.summit_id and r.state = 'confirmed'
			left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
			where s.id = p_session
				and (
					exists (
						select
						from private.usable_grants as g
						where g.person_id = p_person
							and (g.summit_id is null or g.summit_id = s.summit_id)
							and (
								g.role in ('programme', 'stage', 'safeguarding')
								or g.role = 'owner' and p_level <> 'closed'
							)
					)
					or r.id is not null
						and (
							p_level <> 'closed'
							or private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category)
						)
				)
		)
$$;

-- Whether the signed-in person may read needs of this kind. Unlike other rights, an owner's role alone does not
-- suffice.
create or replace function private.may_read_need(p_summit uuid, p_kind text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role = any (private.need_reader_roles(p_kind)))
$$;

-- Bars a person from a session, or lifts the bar, for a caller whose right was checked. A bar by a safeguarding lead
-- stays one, even if a host barred the same person before and after the lead has left the role: only a lead lifts it.
-- Nobody can bar owners, stage organisers or safeguarding leads, and only the latter two can bar the chair. Answers ok
-- | already | not_allowed.
create or replace function private.bar_person(p_session uuid, p_person uuid, p_barred boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = p_session);
	v_lead boolean := private.has_role(v_summit, 'safeguarding');
begin
	if p_person = v_me
		or exists (select from private.live_grants as g
			where g.person_id = p_person
				and (g.summit_id is null or g.summit_id = v_summit)
				and g.role in ('stage', 'safeguarding', 'owner'))
	then
		return 'not_allowed';
	end if;
	if p_barred and not v_lead and not private.has_role(v_summit, 'stage')
		and exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'chair'
				and sp.state = 'confirmed')
	then
		return 'not_allowed';
	end if;
	if p_barred then
		insert into private.entry_bars as b (summit_id, person_id, session_id, created_by, is_set_by_lead)
		values (v_summit, p_person, p_session, v_me, v_lead)
		on conflict (summit_id, person_id, session_id) do update set is_set_by_lead = true,
			created_by = excluded.created_by
		where excluded.is_set_by_lead and not b.is_set_by_lead;
	else
		perform from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and b.is_set_by_lead for update;
		if found and not v_lead then return 'not_allowed'; end if;
		delete from private.entry_bars as b
		where b.summit_id = v_summit and b.person_id = p_person and b.session_id = p_session
			and (v_lead or not b.is_set_by_lead);
	end if;
	return case when found then 'ok' else 'already' end;
end
$$;

-- Sends a message to everybody behind the stage. The lock on the run keeps it from ending, and its messages from being
-- deleted, before this one is written. The lock on the person makes the limit hold for requests at the same moment.
-- Answers ok, too_long, too_often (more than twenty in a minute), not_found.
create or replace function public.send_backstage_message(run uuid, words text) returns public.backstage_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_reader uuid;
begin
	select * into v_run from public.runs where id = run and state <> 'ended' for share;
	if not found or not private.is_backstage(v_me, v_run.session_id) or coalesce(btrim(words), '') = '' then
		return 'not_found';
	end if;
	if length(btrim(words)) > 1000 then return 'too_long'; end if;
	perform from public.people where id = v_me for update;
	if (select count(*) from private.backstage_messages as b
		where b.run_id = run and b.person_id = v_me and b.written_at > now() - interval '1 minute') >= 20 then
		return 'too_often';
	end if;
	insert into private.backstage_messages (run_id, person_id, words)
		values (run, v_me, btrim(send_backstage_message.words));
	for v_reader in
		select sp.person_id
		from public.session_people as sp
		where sp.session_id = v_run.session_id and sp.state <> 'declined'
		union
		select g.person_id
		from private.live_grants as g
		where g.role in ('stage', 'owner')
			and (g.summit_id is null or g.summit_id = v_run.summit_id)
	loop
		perform private.publish_event('person:' || v_reader, 'stage');
	end loop;
	return 'ok';
end
$$;

-- The pass of a person, or of nobody (a signed-out viewer of a public stream, who gets an identity from the app and
-- leaves no row). {status: ok | none (no run that this reader sees) | the reason of can_enter | unconfirmed |
-- not_backstage, room, identity, publish[], state, run, session}.
-- A pass and a bar of the same person exclude each other by an advisory lock: a pass that is asked for at the very
-- moment of a bar is for a room that the bar closes, or there is none.
create or replace function private.stage_pass(p_person uuid, p_summit uuid, p_room text, p_purpose text default 'stage',
	p_session text default null, p_has_said boolean default false, p_auth_session uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_name text;
	v_entry text;
	v_participant private.run_participants;
	v_rights text[] := '{}';
begin
	-- Strong roles count only in the session that asks.
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	if p_person is not null then perform pg_advisory_xact_lock_shared(hashtextextended('pass:' || p_person, 7)); end if;
	select runs.* into v_run
	from public.runs
	join public.rooms on rooms.id = runs.room_id
	join public.sessions as s on s.id = runs.session_id
	where rooms.summit_id = p_summit and rooms.slug = p_room and runs.state <> 'ended'
		and case
			when p_session is null then runs.id = private.current_run(p_person, rooms.id)
			else s.code = p_session and private.can_see(p_person, s.id) end;
	if not found then return jsonb_build_object('status', 'none'); end if;
	-- The name of the room is read before the rights. So a change in between gives the old room or the new rights, and
	-- never the new room with the old rights.
	v_name := private.ensure_livekit_room(v_run.id, p_purpose);
	-- It ended at this moment.
	if v_name is null then return jsonb_build_object('status', 'none'); end if;
	v_entry := private.entry_decision(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return jsonb_build_object('status', v_entry); end if;
	if p_purpose = 'stage' and private.must_confirm_notice(p_person, v_run.session_id, p_has_said) then
		return jsonb_build_object('status', 'unconfirmed');
	end if;
	if p_person is not null then
		v_participant := private.ensure_participant(v_run.id, p_person);
		if v_participant.id is null then return jsonb_build_object('status', 'none'); end if;
		v_participant.identity := private.identity_for(v_run.id, v_participant.id, v_participant.identity,
			p_auth_session);
		v_rights := private.stage_rights(v_run, v_participant, p_purpose);
	end if;
	if v_rights is null or p_purpose = 'green_room' and p_person is null then
		return jsonb_build_object('status', 'not_backstage');
	end if;
	return jsonb_build_object('status', 'ok', 'run', v_run.id, 'room', v_name, 'identity', v_participant.identity, 'publish', to_jsonb(v_rights));
end
$$;

-- The pass of a stage organiser's desk, which listens to a run without being seen or counted. {status: ok | none, room,
-- identity}.
create or replace function private.desk_pass(p_person uuid, p_summit uuid, p_run uuid, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_monitor private.desk_monitors;
begin
	perform set_config('app.auth_session', coalesce(p_auth_session::text, ''), true);
	v_run := private.hold_open_run(p_run);
	if v_run.id is null or v_run.summit_id <> p_summit or p_person is null
		or not private.may_monitor_run(p_person, v_run) then
		return jsonb_build_object('status', 'none');
	end if;
	insert into private.desk_monitors as e (run_id, person_id) values (p_run, p_person)
	on conflict (run_id, person_id) do update set person_id = excluded.person_id
	returning e.* into v_monitor;
	return jsonb_build_object('status', 'ok', 'room', private.ensure_livekit_room(p_run, 'stage'), 'identity',
		private.identity_for(p_run, v_monitor.id, v_monitor.identity, p_auth_session));
end
$$;

-- The role of somebody in the run of a session, from their part in the session and their organiser's role at this
-- moment. The first of the enum wins; somebody with none is a viewer.
create or replace function private.stage_role_of(p_person uuid, p_session uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select coalesce(min(role), 'viewer') from (
		select (case sp.role
			when 'chair' then 'host'
			when 'moderator' then 'host'
			when 'respondent' then 'speaker'
			else sp.role::text end)::public.stage_role as role
		from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		union all
		select 'host'
		from private.run_hosts as h
		join public.runs on runs.id = h.run_id and runs.state <> 'ended'
		join public.session_people as sp on sp.session_id = p_session and sp.person_id = p_person
			and sp.state <> 'declined' and sp.role in ('speaker', 'respondent')
		where runs.session_id = p_session and h.person_id = p_person
		union all
		select 'manager'
		from private.usable_grants as g, public.sessions as s
		where s.id = p_session and g.person_id = p_person
			and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')) as held
$$;

-- Hosts of the session and stage organisers run it. Nobody runs a session that they cannot see or are barred from.
create or replace function private.may_run(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.can_see(p_person, p_session)
		and (private.stage_role_of(p_person, p_session) = 'host'
			or exists (select from private.usable_grants as g, public.sessions as s
				where s.id = p_session and g.person_id = p_person
					and (g.summit_id is null or g.summit_id = s.summit_id) and g.role in ('stage', 'owner')))
		and not private.has_entry_bar(p_person, p_session)
$$;

-- Why the desk cannot issue a code to somebody: own (the reader's own registrations), organiser (their account may do
-- more than the desk), safeguarding (it must act first), no_address; null when it can. A code opens an account and all
-- that the account may do for others, so one protected person among those suffices for safeguarding.
create or replace function private.desk_sign_in_obstacle(p_r public.registrations) returns text
language sql stable security definer set search_path = '' as $$
	with reached as (
		select p_r.person_id
		union
		select other.person_id
		from public.account_people as own
		join public.account_people as other on other.account_id = own.account_id
		where own.person_id = p_r.person_id and own.relation = 'self' and (other.until is null or other.until > now())
	)
	select case
		when p_r.person_id in (select private.my_people('registration')) then 'own'
		when exists (select from private.live_grants as g where g.person_id = p_r.person_id)
			then 'organiser'
		when exists (select from private.protections as x where x.person_id in (select person_id from reached))
			and not private.has_role(p_r.summit_id, 'safeguarding')
			then 'safeguarding'
		when not exists (select from private.person_addresses as a where a.person_id = p_r.person_id)
			then 'no_address' end
$$;

-- Uses a code, for the app alone: the sealed address that signs in to the account. Answers ok | wrong (unknown, old or
-- used: all the same) | limited (a thousand misses of this client address within five minutes). A person who has become
-- an organiser meanwhile is not signed in.
--
-- Codes cannot be guessed, and nobody can lock out those who have one. The limit is on each code: its first half finds
-- it, and after five wrong second halves it ends. Everybody in a venue shares one client address, so that limit is wide
-- and never refuses a right code. A code is ten of 31 characters, 8.2e14 in all, and at most some hundred are valid at
-- a time. A thousand tries a second for a whole day, 8.6e7, find one with a chance of 8.6e7 * 100 / 8.2e14, about one
-- in 100,000. A person who has seen the first half has five tries among 31^5, 2.9e7: one in 5.7 million.
create or replace function private.use_desk_code(p_code_hash bytea, p_half_hash bytea, p_client_hash bytea, out status text,
	out address_sealed bytea, out key_id text)
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_code private.desk_codes;
begin
	update private.desk_codes as c set used_at = now()
	where c.code_hash = p_code_hash and c.used_at is null and c.ended_at is null and c.expires_at > now()
		and not exists (select from private.live_grants as g where g.person_id = c.person_id)
		-- An address that belongs to somebody else opens nothing of theirs.
		and not exists (select from private.person_addresses as a
			where a.person_id = c.person_id and a.typed_hash is not null)
	returning * into v_code;
	if not found then
		update private.desk_codes as c set failed_attempts = c.failed_attempts + 1,
			ended_at = case when c.failed_attempts >= 4 then now() end
		where c.first_half_hash = p_half_hash and c.code_hash <> p_code_hash and c.used_at is null
			and c.ended_at is null
			and c.expires_at > now();
		if (select count(*)
			from private.desk_code_failures as x
			where x.client_hash = p_client_hash and x.at > now() - interval '5 minutes') >= 1000
		then
			status := 'limited';
			return;
		end if;
		delete from private.desk_code_failures as x where x.at < now() - interval '1 hour';
		insert into private.desk_code_failures (client_hash) values (p_client_hash);
		status := 'wrong';
		return;
	end if;
	status := 'ok';
	-- The holder of the account is always notified.
	perform private.enqueue_mail(v_code.person_id, 'desk_signed_in', jsonb_build_object('at', private.iso(now())),
		v_code.summit_id, 'desk:' || v_code.id);
	select a.address_sealed, a.key_id into address_sealed, key_id
	from private.person_addresses as a
	where a.person_id = v_code.person_id
	order by a.is_primary desc, a.created_at limit 1;
end
$$;

-- Mails those who may decide that a person waits at a Summit, but not who: safeguarding leads, or owners where there
-- are none. `p_scope` is the Summit of the entry; null for one of all Summits, about which only those decide who have
-- the role for all. At most once an hour each.
create or replace function private.mail_watch_list_managers(p_summit uuid, p_scope uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(g.person_id, 'safeguarding_needed', '{}', p_summit,
		format('word:%s:%s:%s', p_summit, g.person_id, to_char(now(), 'YYYYMMDDHH24')))
	from (
		select distinct x.person_id
		from private.live_grants as x
		where (x.summit_id is null or x.summit_id = p_scope)
			and x.role = case
				when exists (select from private.live_grants as s
					where (s.summit_id is null or s.summit_id = p_scope)
						and s.role = 'safeguarding')
					then 'safeguarding'::public.organiser_role
				else 'owner'
			end) as g;
end
$$;

-- The same for a sealed match: only safeguarding leads, nobody in their place.
create or replace function private.mail_safeguarding_leads(p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.enqueue_mail(g.person_id, 'safeguarding_needed', '{}', p_summit,
		format('word:%s:%s:%s', p_summit, g.person_id, to_char(now(), 'YYYYMMDDHH24')))
	from (
		select distinct x.person_id
		from private.live_grants as x
		where (x.summit_id is null or x.summit_id = p_summit) and x.role = 'safeguarding') as g;
end
$$;

-- Whether a person may read a concern: a lead whom it is not about; where there is none, a deputy whom it is not about.
create or replace function private.may_read_concern(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null
		and not private.is_concern_about(p_person, c)
		and (private.holds_role(p_person, c.summit_id, 'safeguarding')
			or exists (select from private.concern_deputies as d
				where d.summit_id = c.summit_id
					and d.person_id = p_person
					and d.ended_at is null
					and private.is_role_usable(p_person, 'safeguarding'))
				and not exists (select from private.concern_leads(c)))
$$;

-- The people whom an announcement is for at this moment; with `p_person`, only that person if they are among them.
-- `p_person` is repeated in each part, so that the question about one person does not build the whole list.
-- An announcement for everyone also reaches people with an organiser role. One for a listed or closed session also
-- reaches everybody on its list, even without a star, because nobody else may come.
create or replace function private.announcement_recipients(p_announcement private.announcements, p_person uuid default null)
	returns setof uuid
language sql stable security definer set search_path = '' as $$
	-- The sessions that it is about: those of the room now and within the hour, or the one session.
	with held as (
		select session_id from public.release_slots as sl
		where p_announcement.audience = 'room'
			and sl.release_id = private.newest_release(p_announcement.summit_id)
			and sl.room_id = p_announcement.room_id
			and not sl.is_cancelled
			and sl.during && tstzrange(now(), now() + interval '1 hour')
		union
		select runs.session_id from public.runs
		where p_announcement.audience = 'room' and runs.room_id = p_announcement.room_id and runs.state <> 'ended'
		union
		select p_announcement.session_id
		where p_announcement.session_id is not null
	), heard as (
		-- Their speakers and other roles, stars, viewers, places, and the list of a listed or closed session.
		select sp.person_id, sp.session_id
		from public.session_people as sp
		where sp.session_id in (select session_id from held) and sp.state <> 'declined'
		union
		select marks.person_id, marks.session_id
		from public.agenda_marks as marks
		where marks.session_id in (select session_id from held) and p_announcement.audience <> 'session_people'
		union
		select p.person_id, p.session_id from public.presence as p
		where p.session_id in (select session_id from held)
			and p.left_at is null
			and p_announcement.audience <> 'session_people'
		union
		select u.person_id, u.session_id
		from private.session_signups as u
		where u.session_id in (select session_id from held)
			and u.state = 'placed'
			and p_announcement.audience <> 'session_people'
		union
		select r.person_id, p_announcement.session_id
		from public.registrations as r
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		where p_announcement.audience = 'session'
			and r.summit_id = p_announcement.summit_id
			and r.state = 'confirmed'
			and (p_person is null or r.person_id = p_person)
			and (
				select private.audience_in_force(p_announcement.session_id) = 'listed'
					or private.level_in_force(p_announcement.session_id) = 'closed'
			)
			and private.is_listed(p_announcement.session_id, r.person_id, r.member_id, sm.sector, r.category)
	)
	select r.person_id from public.registrations as r
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_announcement.summit_id
		and r.state = 'confirmed'
		and p_announcement.audience in ('everyone', 'mode', 'language')
		and (p_person is null or r.person_id = p_person)
		and (p_announcement.mode is null or r.mode = p_announcement.mode)
		and (p_announcement.language is null or coalesce(f.locale, 'en') = p_announcement.language)
	union
	select g.person_id from private.live_grants as g
	where p_announcement.audience = 'everyone'
		and (g.summit_id is null or g.summit_id = p_announcement.summit_id)
		and (p_person is null or g.person_id = p_person)
	union
	select heard.person_id from heard
	where (p_person is null or heard.person_id = p_person) and private.can_see(heard.person_id, heard.session_id)
	union
	-- Everybody inside by the door, whatever session is on.
	select d.person_id from private.door_periods as d
	join public.checkpoints as c on c.id = d.checkpoint_id
	where p_announcement.audience = 'room'
		and c.room_id = p_announcement.room_id
		and d.left_at is null
		and d.day = private.door_day(p_announcement.summit_id)
		and (p_person is null or d.person_id = p_person)
$$;

-- The latest readings by others of sensitive values of the reader: [{at, kind, roles, summit}], the newest first. They
-- name the roles that the other person held at that moment, never the person.
create or replace function public.my_readings() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'at', private.iso(f.at),
			'kind', f.kind,
			'roles', (
				select coalesce(jsonb_agg(distinct g.role), '[]')
				from public.role_grants as g
				where g.person_id = coalesce(
						(select x.person_id from private.former_ids as x where x.former_id = f.actor), f.actor)
					and g.role = any (f.roles)
					and (g.summit_id is null or g.summit_id = f.summit_id)
					and g.granted_at <= f.at
					and (g.ended_at is null or g.ended_at > f.at)
					and (g.until is null or g.until > f.at)),
			'summit', (select s.name from public.summits as s where s.id = f.summit_id))
		order by f.at desc), '[]')
	from (
		select * from private.readings_of((select private.me())) as found
		where found.actor is distinct from (select private.me())
		order by found.at desc
		limit 200) as f
$$;

-- Whether a person holds a role, at any Summit, that somebody else has to take over first.
create or replace function private.holds_any_role(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.live_grants as g where g.person_id = p_person)
$$;
