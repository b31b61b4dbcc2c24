-- People under an alias in the API, in webhooks and in imports; what organisers edit at the same time.

-- The registrations by their reference, without drafts. `p_filters` is {state, mode, category, member: code, state_since}:
-- those that fit all that are given.
create or replace function private.api_registrations(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'registration_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select r.reference collate "C" as key, jsonb_build_object(
				'reference', r.reference,
				'category', r.category,
				'mode', r.mode,
				'state', r.state,
				'state_since', private.iso(r.state_since),
				'submitted_at', private.iso(r.submitted_at),
				'member', case when m.id is not null then jsonb_build_object('code', m.code, 'name', m.name) end,
				'person', jsonb_build_object('display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation,
					'country', p.country)) as item
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id and not private.has_alias(p.id)
			where r.summit_id = k.summit_id
				and r.state <> 'draft'
				and not r.is_minor
				and (p_filters ->> 'state' is null or r.state::text = p_filters ->> 'state')
				and (p_filters ->> 'mode' is null or r.mode::text = p_filters ->> 'mode')
				and (p_filters ->> 'category' is null or r.category::text = p_filters ->> 'category')
				and (p_filters ->> 'member' is null or m.code = p_filters ->> 'member')
				and (p_filters ->> 'state_since' is null
					or r.state_since >= private.parse_instant(p_filters ->> 'state_since'))
				and r.reference collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
