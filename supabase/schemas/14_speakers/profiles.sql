-- The public profile of a speaker, which they keep up to date. Names, office, organisation and country are checked at
-- accreditation and reviewed again after a change; under an alias they cannot be changed here, and biography and links
-- belong to the alias.

-- A version for optimistic locking: a save with an older one is a conflict.
create function private.profile_version(p public.people) returns text
language sql immutable set search_path = '' as $$
	select md5(jsonb_build_array(p.display_name, p.office, p.affiliation, p.country, p.biography, p.links)::text)
$$;

-- Whether the person writes their own affiliation. A person who is registered with a member shows the member's name.
create function private.has_own_affiliation(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from public.registrations as r
		where r.person_id = p_person and r.member_id is not null
			and r.state not in ('declined', 'withdrawn', 'expired'))
$$;

-- Whether a text map has at most twelve languages, each text of at most so many characters.
create function private.fits_text_limits(p_map jsonb, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when private.is_text_map(p_map)
			then (select count(*) <= 13 and coalesce(max(length(value)), 0) <= p_most from jsonb_each_text(p_map))
		else false end
$$;

-- {display_name, office, affiliation, country, biography, links, code, version, is_protected, may_affiliation, due_at,
-- in_review}; null for others than the person and their assistants.
create function public.read_speaker_profile(summit uuid, person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('person_id', p.id, 'code', p.code, 'display_name', p.display_name, 'office', p.office,
		'affiliation', p.affiliation, 'country', p.country, 'biography', p.biography, 'links', p.links,
		'version', private.profile_version(p), 'is_protected', private.has_alias(p.id),
		'may_affiliation', private.has_own_affiliation(p.id),
		'due_at', private.speaker_deadlines(summit) -> 'profile_due_at',
		'in_review', exists (select from private.re_reviews as v
			join public.registrations as r on r.id = v.registration_id
			where r.person_id = p.id and r.summit_id = read_speaker_profile.summit and v.state = 'open'))
	from public.people as p
	where p.id = person and private.may_act_for_speaker(summit, person)
$$;
grant execute on function public.read_speaker_profile(uuid, uuid) to authenticated;

-- `fields`: display_name, office, affiliation, country, biography, links. {status: ok (review) | not_found | conflict
-- (profile: the present one) | invalid (faults)}
create function public.save_speaker_profile(summit uuid, person uuid, fields jsonb, version text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.people;
	v_named boolean;
	v_faults text[] := '{}';
begin
	if not private.may_act_for_speaker(summit, person) or jsonb_typeof(fields) is distinct from 'object' then
		return jsonb_build_object('status', 'not_found');
	end if;
	-- Registrations before the person, the same order as when an alias is assigned.
	perform from public.registrations as r where r.person_id = person order by r.id for no key update;
	select * into v_old from public.people as p where p.id = person for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if private.profile_version(v_old) is distinct from version then
		return jsonb_build_object('status', 'conflict', 'profile', public.read_speaker_profile(summit, person));
	end if;
	v_named := not private.has_alias(person);
	if v_named then
		v_faults := private.invalid_name_fields(fields);
		if v_faults = '{}' and private.is_name_frozen(person, fields ->> 'display_name') then
			v_faults := array['frozen'];
		end if;
	end if;
	if not private.fits_text_limits(coalesce(fields -> 'biography', '{}'), 4000) then
		v_faults := v_faults || 'biography'::text;
	end if;
	-- A link would identify a person who is under an alias.
	if not private.are_links(coalesce(fields -> 'links', '[]'))
		or not v_named and coalesce(fields -> 'links', '[]') <> '[]'
	then
		v_faults := v_faults || 'links'::text;
	end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	perform private.set_speaker_principal(person);
	update public.people as p
	set biography = coalesce(fields -> 'biography', '{}'), links = coalesce(fields -> 'links', '[]'),
		display_name = case when v_named then private.one_line(fields ->> 'display_name') else p.display_name end,
		office = case when v_named then private.one_line(fields ->> 'office') else p.office end,
		country = case when v_named then nullif(fields ->> 'country', '')::char(2) else p.country end,
		affiliation = case
			when v_named and private.has_own_affiliation(p.id) then private.one_line(fields ->> 'affiliation')
			else p.affiliation end,
		updated_at = now()
	where p.id = person;
	perform private.publish_event('person:' || person, 'speaking');
	perform private.publish_event('organise:' || summit, 'people');
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'review', public.read_speaker_profile(summit, person) -> 'in_review');
end
$$;
grant execute on function public.save_speaker_profile(uuid, uuid, jsonb, text) to authenticated;
