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
create or replace function private.group_message_audience(p_summit uuid, p_filters jsonb)
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
