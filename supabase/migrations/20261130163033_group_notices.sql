-- Notices of groups, and mails about requests to join.

-- Sending a notice to a group. Invalid: also when it has ended. Limited: too many in a day.
create domain public.group_notice_status as text check (value in ('ok', 'not_found', 'invalid', 'limited'));

-- What chairs and secretaries sent to all people of a group.
create table private.group_notices (
	-- From the form that sent it, so that a second click sends nothing.
	id uuid primary key,
	group_id uuid not null references private.groups (id) on delete cascade,
	subject public.text_map not null check (subject <> '{}'::jsonb),
	body public.text_map not null check (body <> '{}'::jsonb),
	sent_by uuid references public.people (id) on update cascade on delete set null,
	sent_at timestamptz not null default now(),
	constraint subject_one_line check (private.are_one_line(subject)),
	constraint subject_length check (length(subject::text) <= 1000),
	constraint body_length check (length(body::text) <= 20000)
);
create index on private.group_notices (group_id, sent_at);
create index on private.group_notices (sent_by);
alter table private.group_notices enable row level security;
select audit.watch('private.group_notices', 'sent_by', 'subject', 'body');

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
	insert into private.group_notices (id, group_id, subject, body, sent_by)
	values (once, v_group, send_group_notice.subject, send_group_notice.body, private.me());
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

-- The last 100 notices of a group, newest first, for its people and those who lead it; null for others. [{id, subject,
-- body, sent_at, display_name: of the sender | null}].
create function public.list_group_notices(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
				'id', n.id,
				'subject', n.subject,
				'body', n.body,
				'sent_at', private.iso(n.sent_at),
				'display_name', p.display_name) order by n.sent_at desc, n.id), '[]')
			from (select x.* from private.group_notices as x
				where x.group_id = g.id order by x.sent_at desc, x.id limit 100) as n
			left join public.people as p on p.id = n.sent_by)
	from private.groups as g
	where g.code = list_group_notices.code
		and (private.leads_group((select private.me()), g.id)
			or exists (select from private.live_group_people as x
				where x.group_id = g.id and x.person_id = (select private.me())))
$$;
grant execute on function public.list_group_notices(text) to authenticated;

-- Asks to join a group that the reader sees; its chairs and secretaries get a mail. Answers ok | already | not_found |
-- not_open. Locks the group.
create or replace function public.request_to_join(code text, note text) returns public.group_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v private.groups;
	v_request uuid;
begin
	select * into v from private.groups as g where g.code = request_to_join.code for update;
	if v_me is null or v.id is null or v.id not in (select private.visible_groups(v_me)) then return 'not_found'; end if;
	if exists (select from private.live_group_people as x where x.group_id = v.id and x.person_id = v_me) then
		return 'already';
	end if;
	if not v.takes_requests or v.ended_at is not null then return 'not_open'; end if;
	insert into private.group_requests (group_id, person_id, note)
	values (v.id, v_me, left(btrim(coalesce(note, '')), 1000))
	on conflict do nothing
	returning id into v_request;
	if v_request is null then return 'already'; end if;
	-- The mail names nobody: those who lead the group read who asks.
	perform private.enqueue_group_mail(x.person_id, 'group_join_requested', v.id, '{}',
		format('group_join:%s:%s', v_request, x.person_id))
	from private.live_group_people as x
	where x.group_id = v.id and x.part in ('chair', 'secretary');
	return 'ok';
end
$$;

-- Decides on a request, for those who lead the group; on one's own only while nobody is its chair or secretary, because
-- those who run the community are not to admit themselves. Who asked gets a mail. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create or replace function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null
		or v.person_id = (select private.me()) and private.has_leader(v.group_id) then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request and r.state = 'open'
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	perform private.enqueue_group_mail(v.person_id, case when accept then 'group_join_accepted' else 'group_join_declined' end,
		v.group_id, '{}', 'group_join_decided:' || v.id);
	return 'ok';
end
$$;

insert into private.retention_rules (table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values ('private.group_notices', 'mails', null, 'array[t.sent_by]', 't.sent_at', null, null, null, null, true);
insert into private.not_copied_tables (name, reason) values ('private.group_notices', 'others');
insert into private.free_text_columns (table_name, column_name)
values ('private.group_notices', 'subject'), ('private.group_notices', 'body');
