-- Who is in a room or follows a session is told by no list of mails: an announcement to them that was mailed is listed without its reader.

create function private.tells_who_follows(p_mail uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
		where r.outbox_id = p_mail and a.audience in ('room', 'session', 'session_people'))
$$;

-- For whoever runs the registration: counts, and the mails of one state. To whom is said by the display record alone.
create function public.list_mail(summit uuid, state public.mail_state default 'dead', row_limit integer default 50, row_offset integer default 0)
returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(list_mail.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}') from (
			select o.state, count(*) from private.outbox as o where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template) group by o.state) as c),
		'oldest_due_at', (select min(o.created_at) from private.outbox as o
			where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template) and o.state = 'queued' and o.send_after <= now()),
		'rows', (select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at desc, r.id), '[]') from (
			select o.id, o.template, o.locale, o.attempts, o.last_error, o.created_at, o.send_after, o.sent_at,
				case when not private.tells_who_follows(o.id) then p.display_name end as display_name
			from private.outbox as o left join public.people as p on p.id = o.person_id
			where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template) and o.state = list_mail.state
			order by o.created_at desc, o.id limit least(greatest(row_limit, 1), 200) offset greatest(row_offset, 0)) as r));
end
$$;
grant execute on function public.list_mail(uuid, public.mail_state, integer, integer) to authenticated;
