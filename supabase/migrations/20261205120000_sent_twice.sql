-- A form that is sent twice, as may happen without JavaScript, writes once: groups, decisions, actions, comments on minutes, links and
-- notes about registrations.

-- Adds a note. The same words of one author within ten minutes are the same form sent twice, and are added once. Answers
-- ok, invalid or not_allowed. Nobody writes notes about themselves or a person they act for.
create or replace function public.add_registration_note(registration uuid, note text, for_safeguarding boolean default false)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_sealed bytea;
	v_note text := btrim(coalesce(note, ''));
begin
	select * into v_r from public.registrations as r where r.id = registration and r.state <> 'draft';
	if not found
		or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people())
	then
		return 'not_allowed';
	end if;
	if length(v_note) not between 1 and 4000 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('note ' || v_r.id || private.me(), 0));
	if exists (select from private.registration_notes as n
		where n.registration_id = v_r.id and n.author_id = (select private.me()) and n.at > now() - interval '10 minutes'
			and n.for_safeguarding = coalesce(add_registration_note.for_safeguarding, false)
			and private.open_sealed(n.key_person, n.sealed) ->> 'note' = v_note) then
		return 'ok';
	end if;
	perform private.set_audit_context(v_r.person_id);
	v_sealed := private.seal_for_audit(v_r.person_id, jsonb_build_object('note', v_note));
	-- The key of an erased person is gone, so nothing more is stored about them.
	if v_sealed is null then return 'not_allowed'; end if;
	insert into private.registration_notes (registration_id, sealed, key_person, for_safeguarding, author_id)
	values (v_r.id, v_sealed, v_r.person_id, coalesce(add_registration_note.for_safeguarding, false), private.me());
	perform private.publish_event('organise:' || v_r.summit_id, 'registration', v_r.id);
	return 'ok';
end
$$;

-- Makes a group. `fields`: {id: from its form, name, purpose, level, takes_requests}. Who makes it becomes its secretary,
-- so that somebody leads it. The same form sent twice makes one group. Answers {status: ok, code} or {status: not_allowed
-- | invalid}.
create or replace function public.create_group(fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := private.parse_uuid(fields ->> 'id');
	v private.groups;
begin
	if not private.runs_community() then return '{"status": "not_allowed"}'; end if;
	insert into private.groups (id, name, purpose, level, takes_requests)
	values (
		coalesce(v_id, gen_random_uuid()),
		fields -> 'name',
		fields -> 'purpose',
		(fields ->> 'level')::public.group_level,
		(fields ->> 'takes_requests')::boolean)
	on conflict (id) do nothing
	returning * into v;
	if v.id is null then
		select * into v from private.groups as g where g.id = v_id and private.chairs_group(private.me(), g.id);
		return case when v.id is null then '{"status": "invalid"}'
			else jsonb_build_object('status', 'ok', 'code', v.code) end;
	end if;
	insert into private.group_people (group_id, person_id, part) values (v.id, private.me(), 'secretary');
	perform private.publish_event('site', 'changed');
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;

-- Records a decision, for those who lead the group. The same wording of one day is recorded once, as a form may be sent
-- twice; once more where another level is to read it. Answers ok | not_found | invalid. Locks the group.
create or replace function public.record_group_decision(code text, wording jsonb, decided_on date) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(record_group_decision.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select
		from private.group_decisions as d
		join private.groups as g on g.id = d.group_id and g.level = d.level
		where d.group_id = v_group and d.meeting_id is null and d.withdrawn_at is null
			and d.decided_on = record_group_decision.decided_on
			and d.wording::jsonb = record_group_decision.wording) then
		return 'ok';
	end if;
	insert into private.group_decisions (group_id, wording, decided_on, level)
	select g.id, record_group_decision.wording, record_group_decision.decided_on, g.level
	from private.groups as g
	where g.id = v_group;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;

-- Whether an open action of a group, and of this meeting or of none, has this level, task, owner and day.
create or replace function private.is_action_open(
	p_group uuid, p_meeting uuid, p_level public.group_level, p_task jsonb, p_owner uuid, p_due_on date
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.group_actions as a
		where a.group_id = p_group and a.done_at is null and a.level = p_level and a.task::jsonb = p_task
			and a.meeting_id is not distinct from p_meeting
			and a.owner_id is not distinct from p_owner
			and a.due_on is not distinct from p_due_on)
$$;

-- Adds an action, for those who lead the group. `owner`: an entry among its people, or null. While one is open, the same
-- again is not added, as a form may be sent twice. Answers ok | not_found | invalid. Locks the group.
create or replace function public.add_group_action(code text, task jsonb, owner uuid default null, due_on date default null)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(add_group_action.code);
begin
	if v_group is null then return 'not_found'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v_group) then
		return 'invalid';
	end if;
	if private.is_action_open(v_group, null, (select g.level from private.groups as g where g.id = v_group),
		add_group_action.task, owner, add_group_action.due_on) then
		return 'ok';
	end if;
	insert into private.group_actions (group_id, task, owner_id, due_on, level)
	select g.id, add_group_action.task, owner, add_group_action.due_on, g.level
	from private.groups as g
	where g.id = v_group;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;

-- Adds a paper to a meeting or (`item`) to an item of its agenda: an upload, whose `object` is known to the app alone, which
-- has checked its content and had it scanned, or an address (`link`). While somebody of the group has an alias, an upload gets
-- a neutral name, because the name of a file may contain theirs. The same link in one place is added once. Answers as
-- begin_meeting_paper, and invalid. Locks the group.
create or replace function public.add_meeting_paper(
	code text, name text, object text default null, link text default null, item uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_paper.code, true);
	v_begun jsonb := public.begin_meeting_paper(add_meeting_paper.code);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if add_meeting_paper.item is not null and not exists (select from private.meeting_items as i
		where i.id = add_meeting_paper.item and i.meeting_id = v.id) then
		return '{"status": "not_found"}';
	end if;
	if exists (select from private.meeting_papers as p
		where p.meeting_id = v.id and p.item_id is not distinct from add_meeting_paper.item
			and p.link = add_meeting_paper.link and p.shown_name = add_meeting_paper.name) then
		return '{"status": "ok"}';
	end if;
	if object is not null and not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.meeting_papers (meeting_id, item_id, shown_name, object_name, link, added_by)
	values (v.id, add_meeting_paper.item,
		case when object is not null and exists (select from private.live_group_people as x
				where x.group_id = v.group_id and private.has_alias(x.person_id))
			then 'paper' || coalesce(substring(add_meeting_paper.name from '\.[A-Za-z0-9]{1,5}$'), '')
			else add_meeting_paper.name end,
		object, add_meeting_paper.link, private.me());
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;

-- A comment of somebody of the group, while the minutes are open for comments; at most 20 of one person on a version.
-- The same words of one person count once, as a form may be sent twice. Answers ok | not_found | invalid | wrong_state.
-- Locks the group.
create or replace function public.comment_on_minutes(code text, words text) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(comment_on_minutes.code, false);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_words text := private.normalise_free_text(words);
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.state is distinct from 'comments' or private.comments_end(v_open.comments_until, v.zone) <= now() then
		return 'wrong_state';
	end if;
	if exists (select from private.meeting_comments as c
		where c.meeting_id = v.id and c.number = v_open.number and c.person_id = (select private.me())
			and c.body = v_words) then
		return 'ok';
	end if;
	if length(v_words) not between 1 and 4000 or (
		select count(*) from private.meeting_comments as c
		where c.meeting_id = v.id and c.number = v_open.number and c.person_id = (select private.me())) >= 20 then
		return 'invalid';
	end if;
	insert into private.meeting_comments (meeting_id, number, person_id, body)
	values (v.id, v_open.number, private.me(), v_words);
	return 'ok';
end
$$;

-- Writes into the register what a meeting decided, while its minutes are open. Until they are approved only people of the
-- group read it (level closed). The same wording is written once, as a form may be sent twice. Answers ok | not_found |
-- invalid | wrong_state. Locks the group.
create or replace function public.record_meeting_decision(code text, wording jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_meeting_decision.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	if exists (select from private.group_decisions as d
		where d.meeting_id = v.id and d.withdrawn_at is null
			and d.wording::jsonb = record_meeting_decision.wording) then
		return 'ok';
	end if;
	insert into private.group_decisions (group_id, wording, decided_on, level, meeting_id, written_level)
	values (v.group_id, record_meeting_decision.wording, (v.starts_at at time zone v.zone)::date, 'closed', v.id,
		private.meeting_level(v));
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;

-- The same for an action; `owner`: an entry among the people of the group, or null.
create or replace function public.add_meeting_action(code text, task jsonb, owner uuid default null, due_on date default null)
	returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_action.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	if private.is_action_open(v.group_id, v.id, 'closed', add_meeting_action.task, owner, add_meeting_action.due_on) then
		return 'ok';
	end if;
	insert into private.group_actions (group_id, task, owner_id, due_on, level, meeting_id, written_level)
	values (v.group_id, add_meeting_action.task, owner, add_meeting_action.due_on, 'closed', v.id,
		private.meeting_level(v));
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
