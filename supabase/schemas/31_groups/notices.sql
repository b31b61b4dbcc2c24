-- Notices: what the chairs and secretaries of a group send to all its people, by mail and on a page of the group.

-- Queues a mail about a group to a person who has an address. Of a closed group the mail names nothing but the link,
-- because it is read over shoulders.
create function private.enqueue_group_mail(p_person uuid, p_template text, p_group uuid, p_params jsonb, p_once text)
returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(p_person, p_template,
		jsonb_build_object('code', g.code)
			|| case when g.level = 'closed' then '{}' else jsonb_build_object('name', g.name) || p_params end,
		null, p_once)
	from private.groups as g
	where g.id = p_group
		and exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary)
$$;

-- Sends a notice to today's people of a group. `once`: an id that the form made. Answers ok (also when it was sent with
-- this id before) | not_found | invalid (also when the group has ended) | limited (20 a day for each group). Locks the
-- group.
create function public.send_group_notice(code text, once uuid, subject jsonb, body jsonb)
returns public.group_notice_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(send_group_notice.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select from private.group_notices as n where n.id = once and n.group_id = v_group) then return 'ok'; end if;
	if exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then return 'invalid'; end if;
	if (select count(*) from private.group_notices as n
		where n.group_id = v_group and n.sent_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	insert into private.group_notices (id, group_id, subject, body, sent_by, level)
	select once, g.id, send_group_notice.subject, send_group_notice.body, private.me(), g.level
	from private.groups as g
	where g.id = v_group;
	perform private.enqueue_group_mail(x.person_id, 'group_notice', v_group,
		jsonb_build_object('subject', send_group_notice.subject, 'body', send_group_notice.body),
		format('group_notice:%s:%s', once, x.person_id))
	from private.live_group_people as x
	where x.group_id = v_group;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception or unique_violation then
	return 'invalid';
end
$$;
grant execute on function public.send_group_notice(text, uuid, jsonb, jsonb) to authenticated;

-- The last 100 notices of a group, newest first, for its people, and for those who run the community without being of it:
-- these read none of a closed group, and none that was sent while it was closed. Null for others. [{id, subject, body,
-- sent_at, display_name: of the sender | null}].
create function public.list_group_notices(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
				'id', n.id,
				'subject', n.subject,
				'body', n.body,
				'sent_at', private.iso(n.sent_at),
				'display_name', p.display_name) order by n.sent_at desc, n.id), '[]')
			from (select x.* from private.group_notices as x
				where x.group_id = g.id and (reader.is_in_group or greatest(x.level, g.level) <> 'closed')
				order by x.sent_at desc, x.id limit 100) as n
			left join public.people as p on p.id = n.sent_by)
	from private.groups as g
	cross join lateral (select private.is_in_group((select private.me()), g.id)) as reader (is_in_group)
	where g.code = list_group_notices.code
		and (reader.is_in_group or private.leads_group((select private.me()), g.id))
$$;
grant execute on function public.list_group_notices(text) to authenticated;
