-- The viewer of a page, and their preferences.

-- The viewer of every page, in one call: {account_id, person_id, display_name, has_alias, locale, time_zone,
-- roles: [{role, summit_id}], unconfirmed_roles: [the same, of roles and deputies that count only once a passkey was
-- used in this session], has_passkey, focal: [{summit_id, member_id}], speaks: [summit_id], registered: [summit_id]}. Null for
-- an account without a person, and for a session that has ended.
create function public.who_am_i() returns jsonb
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
grant execute on function public.who_am_i() to anon, authenticated;

-- Answers ok, not_allowed, unknown_locale or unknown_zone.
create function public.save_preferences(locale text, time_zone text) returns public.preferences_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if not private.is_interface_language(save_preferences.locale) then return 'unknown_locale'; end if;
	if save_preferences.time_zone is not null
		and not exists (select from private.time_zones as z where z.name = save_preferences.time_zone) then
		return 'unknown_zone';
	end if;
	insert into public.person_preferences (person_id, locale, time_zone)
		values (v_me, save_preferences.locale, save_preferences.time_zone)
	on conflict (person_id) do update set locale = excluded.locale, time_zone = excluded.time_zone, updated_at = now();
	return 'ok';
end
$$;
grant execute on function public.save_preferences(text, text) to authenticated;
