-- Badges on paper: what a sheet is set from, which were printed when and by whom, and the new badge for one that is
-- lost or wrong.

-- Valid badges with what is set on paper: the display record alone, so that an alias looks like any name. Filters:
-- badges (ids), query, category, member, printed (yes, no), since (when it was issued).
create function private.badge_rows(p_summit uuid, f jsonb)
	returns table (badge uuid, registration uuid, letters text, issued_at timestamptz, display_name text,
	office text, affiliation text, country text, category public.registration_category, languages text[],
		no_photographs boolean, prints bigint, printed_at timestamptz, printed_by text)
language sql stable security definer set search_path = '' as $$
	select b.id, r.id, b.letters, b.issued_at, p.display_name, p.office, p.affiliation, p.country, r.category,
		r.languages, private.no_photographs(p.id, r.id),
		(select count(*) from public.badge_prints as x where x.badge_id = b.id), last.printed_at, last.display_name
	from public.badges as b
	join public.registrations as r on r.id = b.registration_id and r.state = 'confirmed' and r.mode = 'in_person'
	join public.people as p on p.id = r.person_id
	left join lateral (select x.printed_at, a.display_name
		from public.badge_prints as x left join public.people as a on a.id = x.printed_by
		where x.badge_id = b.id order by x.printed_at desc limit 1) as last on true
	where b.summit_id = p_summit and b.revoked_at is null
		and (not f ? 'badges' or f -> 'badges' ? b.id::text)
		and (coalesce(f ->> 'category', '') = '' or r.category::text = f ->> 'category')
		and (coalesce(f ->> 'member', '') = '' or r.member_id = private.as_uuid(f ->> 'member')
			and not private.has_alias(p.id))
		and (coalesce(f ->> 'printed', '') = '' or (f ->> 'printed' = 'yes') = (last.printed_at is not null))
		and (coalesce(f ->> 'since', '') = '' or b.issued_at >= (f ->> 'since')::timestamptz)
		and (private.desk_words(f ->> 'query') = '{}' or private.folded(concat_ws(' ', p.display_name, r.reference,
			p.affiliation)) like all (private.desk_words(f ->> 'query')))
$$;

-- {total, unprinted, rows, members: [{id, name}]}: a page of what the filters find, by name; unprinted of the whole
-- Summit; members to choose from. Null when not allowed. The code and its letters are not told.
create function public.list_badges(summit uuid, filters jsonb default '{}', page integer default 1, page_size integer
	default 50) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as materialized (select b as one,
		row_number() over (order by private.folded(b.display_name), b.badge) as n
		from private.badge_rows(list_badges.summit, list_badges.filters) as b)
	select jsonb_build_object('total', (select count(*) from found),
		'unprinted', (select count(*) from public.badges as b join public.registrations as r on r.id = b.registration_id
			and r.state = 'confirmed' and r.mode = 'in_person'
			where b.summit_id = list_badges.summit and b.revoked_at is null
				and not exists (select from public.badge_prints as x where x.badge_id = b.id)),
		'rows', (select coalesce(jsonb_agg(to_jsonb(f.one) - 'letters' || jsonb_build_object('issued_at',
			private.iso((f.one).issued_at), 'printed_at', private.iso((f.one).printed_at)) order by f.n), '[]')
			from found as f where f.n > (greatest(page, 1) - 1) * page_size and f.n <= greatest(page, 1) * page_size),
		'members', (select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name)
			order by private.folded(m.name), m.id), '[]')
			from public.summit_members as sm join public.members as m on m.id = sm.member_id
				where sm.summit_id = list_badges.summit and sm.standing in ('active', 'observer')))
	where private.has_role(list_badges.summit, 'registration')
$$;
grant execute on function public.list_badges(uuid, jsonb, integer, integer) to authenticated;

-- What is set on paper, by name, 1,000 at most: [{badge, letters, display_name, office, affiliation, country, category,
-- languages, no_photographs}]. Null when not allowed.
create function public.badges_for_paper(summit uuid, filters jsonb default '{}') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(to_jsonb(b) - array['registration', 'issued_at', 'prints', 'printed_at', 'printed_by']
		order by private.folded(b.display_name), b.badge), '[]')
	from (select * from private.badge_rows(badges_for_paper.summit, badges_for_paper.filters)
		order by private.folded(display_name), badge limit 1000) as b
	where private.has_role(badges_for_paper.summit, 'registration')
	having private.has_role(badges_for_paper.summit, 'registration')
$$;
grant execute on function public.badges_for_paper(uuid, jsonb) to authenticated;

-- Who printed them and when, once the sheets are set; how many were. One that was replaced meanwhile is none.
create function public.note_prints(summit uuid, badges uuid[], layout text) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	if not private.has_role(note_prints.summit, 'registration') then return 0; end if;
	insert into public.badge_prints (summit_id, registration_id, badge_id, layout, printed_by)
	select b.summit_id, b.registration_id, b.id, note_prints.layout, private.me()
	from public.badges as b
		where b.summit_id = note_prints.summit and b.id = any (note_prints.badges) and b.revoked_at is null
	for key share;
	get diagnostics v_count = row_count;
	perform private.tell('organise:' || note_prints.summit, 'badges');
	return v_count;
end
$$;
grant execute on function public.note_prints(uuid, uuid[], text) to authenticated;

-- A new badge in the place of one that is lost, torn or wrong; the old one opens no door from now on. `badge` is the
-- one that the desk sees: where another desk was faster, nothing is done. {status: ok | changed | no_badge |
-- reason_needed | not_allowed, badge}
create function public.reissue_badge(registration uuid, badge uuid, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_badge uuid;
begin
	select * into v_r from public.registrations as r where r.id = reissue_badge.registration for no key update;
	if not found or not private.has_role(v_r.summit_id, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if length(private.one_line(reason)) not between 1 and 200 then
		return jsonb_build_object('status', 'reason_needed');
	end if;
	if v_r.state <> 'confirmed' or v_r.mode <> 'in_person' then return jsonb_build_object('status', 'no_badge'); end if;
	select b.id into v_badge from public.badges as b where b.registration_id = v_r.id and b.revoked_at is null;
	if v_badge is distinct from reissue_badge.badge then
		return jsonb_build_object('status', 'changed', 'badge', v_badge);
	end if;
	perform private.act_for(v_r.person_id, private.one_line(reason));
	perform private.revoke_badge(v_r, 'reprinted');
	insert into public.badges (summit_id, registration_id) values (v_r.summit_id, v_r.id) returning id into v_badge;
	perform private.tell_registration(v_r, 'badge');
	return jsonb_build_object('status', 'ok', 'badge', v_badge);
end
$$;
grant execute on function public.reissue_badge(uuid, uuid, text) to authenticated;

-- A sheet that is printed again takes back the papers before it, where that is asked for: of those chosen, whose badge
-- was printed has a new one. Answers the badges to print, null for whoever may not.
create function public.renew_printed(summit uuid, badges uuid[], reason text) returns uuid[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
	v_ids uuid[] := '{}';
begin
	if not private.has_role(renew_printed.summit, 'registration') then return null; end if;
	-- In one order everywhere: two desks that print the same people never wait for each other in a ring.
	for v_each in select b.id, b.registration_id,
		exists (select from public.badge_prints as p where p.badge_id = b.id) as is_printed
		from public.badges as b where b.summit_id = renew_printed.summit and b.id = any (renew_printed.badges[1:1000])
			and b.revoked_at is null order by b.registration_id
	loop
		v_ids := v_ids || coalesce(case when v_each.is_printed
			then (public.reissue_badge(v_each.registration_id, v_each.id, reason) ->> 'badge')::uuid end, v_each.id);
	end loop;
	return v_ids;
end
$$;
grant execute on function public.renew_printed(uuid, uuid[], text) to authenticated;
