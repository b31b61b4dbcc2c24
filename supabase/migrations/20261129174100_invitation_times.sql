-- An invitation to speak says when the session is, and who invites.

-- {state: open | accepted | declined | withdrawn | expired, part, as_assistant, until, summit, mine, id, title, starts_at,
-- ends_at, by, for}. The link alone shows the Summit and the part; the session with its first time, who invites, and the
-- person (from `id` on) only after the reader has proved the address. Null when there is no such link.
create or replace function public.read_session_invitation(token_hash text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', case
			when i.state = 'open' and i.invited_at <= now() - interval '30 days' then 'expired'
			else i.state::text end,
		'part', i.part, 'as_assistant', i.as_assistant, 'until', private.iso(i.invited_at + interval '30 days'),
		'summit', u.slug,
		'mine', case when private.me() is not null then
			exists (select from private.person_addresses as a
				where a.address_hash = i.address_hash and a.verified_at is not null
					and (a.person_id = (select private.me())
						or not i.as_assistant and a.person_id in (select private.my_people('speaking')))) end)
		|| coalesce((select jsonb_build_object('id', own.id, 'title', s.title,
				'starts_at', private.iso(lower(slot.during)), 'ends_at', private.iso(upper(slot.during)),
				'by', (select p.display_name from public.people as p where p.id = own.invited_by),
				'for', case
					when own.as_assistant then own.display_name
					else (select p.display_name
						from public.people as p
						where p.id = private.addressee_of(own) and p.id <> (select private.me())) end)
			from private.my_role_invitations() as own
			join public.sessions as s on s.id = own.session_id
			left join lateral (
				select during from public.slots where session_id = s.id order by during limit 1) as slot on true
			where own.id = i.id), '{}')
	from private.find_session_invitation(read_session_invitation.token_hash) as i
	join public.summits as u on u.id = i.summit_id
$$;
