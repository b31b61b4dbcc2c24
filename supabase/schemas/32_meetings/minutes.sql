-- The minutes of a meeting: chairs and secretaries write a draft, open it to the people of the group for comments until a
-- day, and approve it when that day is over. What they decide goes into the register of the group.

-- An approved version is never changed, except that a late alias replaces a name in it; it goes with its meeting alone.
create function private.refuse_changed_minutes() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'DELETE' then
		if not exists (select from private.meetings as m where m.id = old.meeting_id) then return old; end if;
	elsif coalesce(current_setting('app.renaming', true), '') = 'yes' then
		return new;
	end if;
	raise exception 'Approved minutes are changed by a correction only.' using errcode = 'restrict_violation';
end
$$;
create trigger refuse_changed_minutes
	before delete or update of body, reason, state, number, approved_at, comments_until, meeting_id
	on private.meeting_minutes for each row
	when (old.state = 'approved') execute function private.refuse_changed_minutes();

-- When comments on a version end: with the last day, in the zone of the meeting.
create function private.comments_end(p_until date, p_zone text) returns timestamptz
language sql stable set search_path = '' as $$
	select (p_until + 1)::timestamp at time zone p_zone
$$;

-- The version of the minutes that is not approved yet.
create function private.open_minutes(p_meeting uuid) returns private.meeting_minutes
language sql stable security definer set search_path = '' as $$
	select n.* from private.meeting_minutes as n where n.meeting_id = p_meeting and n.state <> 'approved'
$$;

-- Whether the minutes of a meeting are approved and no correction is open. Its agenda, papers and attendance are then
-- final too.
create function private.has_final_minutes(p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(bool_and(n.state = 'approved'), false)
	from private.meeting_minutes as n
	where n.meeting_id = p_meeting
$$;

-- Writes the minutes of a meeting that has begun: begins them (`version` 0), or changes the open version. People can
-- comment on each text that is approved: one that is changed while they may comment is open until the end of the next
-- day at least, and one that is changed after the last day is a draft again. Answers ok | not_found | invalid |
-- conflict (changed since `version`) | wrong_state (approved: begin a correction). Locks the group.
create function public.save_minutes(code text, version integer, body jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_is_changed boolean := v_open.body is distinct from save_minutes.body;
	v_is_late boolean := coalesce(v_is_changed
		and private.comments_end(v_open.comments_until, v.zone) <= now(), false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	if v_open.number is null then
		if exists (select from private.meeting_minutes as n where n.meeting_id = v.id) then return 'wrong_state'; end if;
		if save_minutes.version is distinct from 0 then return 'conflict'; end if;
		insert into private.meeting_minutes (meeting_id, number, body) values (v.id, 1, save_minutes.body);
		update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
		return 'ok';
	end if;
	if v_open.version is distinct from save_minutes.version then return 'conflict'; end if;
	update private.meeting_minutes as n
	set body = save_minutes.body,
		state = case when v_is_late then 'draft' else n.state end,
		comments_until = case
			when v_is_late then null
			when v_is_changed and n.state = 'comments'
				then greatest(n.comments_until, (now() at time zone v.zone)::date + 1)
			else n.comments_until end,
		version = n.version + 1,
		updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_minutes(text, integer, jsonb) to authenticated;

-- Opens a draft to the people of the group for comments until a later day within a year, and tells them by mail, or
-- changes that day. Answers ok | not_found | invalid | wrong_state. Locks the group.
create function public.open_minutes_for_comments(code text, until date) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_minutes_for_comments.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_today date := (now() at time zone v.zone)::date;
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.number is null then return 'wrong_state'; end if;
	if until is null or until not between v_today + 1 and v_today + 365 then return 'invalid'; end if;
	update private.meeting_minutes as n
	set state = 'comments', comments_until = open_minutes_for_comments.until, updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	if v_open.state = 'draft' then
		perform private.send_meeting_notice(v.group_id, 'minutes_opened', v.code, v.level,
			format('%s:%s:%s', v.id, v_open.number, v_open.version));
	end if;
	return 'ok';
end
$$;
grant execute on function public.open_minutes_for_comments(text, date) to authenticated;

-- A comment of somebody of the group, while the minutes are open for comments; at most 20 of one person on a version.
-- The same words of one person count once, as a form may be sent twice. Answers ok | not_found | invalid | wrong_state.
-- Locks the group.
create function public.comment_on_minutes(code text, words text) returns public.minutes_status
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
grant execute on function public.comment_on_minutes(text, text) to authenticated;

-- Approves the version that was open for comments, as it was read. What it decided is then read at the level of the
-- meeting or the one at which it was written, whichever is stricter; what was approved before keeps its level. Answers ok | not_found | conflict | wrong_state | too_early. Locks the group.
create function public.approve_minutes(code text, version integer) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(approve_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.state is distinct from 'comments' then return 'wrong_state'; end if;
	if v_open.version is distinct from approve_minutes.version then return 'conflict'; end if;
	if private.comments_end(v_open.comments_until, v.zone) > now() then return 'too_early'; end if;
	update private.meeting_minutes as n
	set state = 'approved', approved_at = now(), approved_by = private.me(), updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	update private.group_decisions as d
	set level = greatest(d.written_level, private.meeting_level(v)), written_level = null
	where d.meeting_id = v.id and d.written_level is not null;
	update private.group_actions as a
	set level = greatest(a.written_level, private.meeting_level(v)), written_level = null
	where a.meeting_id = v.id and a.written_level is not null;
	return 'ok';
end
$$;
grant execute on function public.approve_minutes(text, integer) to authenticated;

-- Begins a correction of approved minutes: the next version, a draft with the same text. Answers ok | not_found | invalid |
-- wrong_state (not approved, or a correction is open). Locks the group.
create function public.correct_minutes(code text, reason text) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(correct_minutes.code, true);
	v_reason text := private.one_line(correct_minutes.reason);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is not null then return 'wrong_state'; end if;
	if coalesce(length(v_reason), 0) not between 1 and 500 then return 'invalid'; end if;
	insert into private.meeting_minutes (meeting_id, number, body, reason)
	select v.id, n.number + 1, n.body, v_reason
	from private.meeting_minutes as n
	where n.meeting_id = v.id
	order by n.number desc
	limit 1;
	return case when found then 'ok' else 'wrong_state' end;
end
$$;
grant execute on function public.correct_minutes(text, text) to authenticated;

-- Tells those who see the group and are not of it that the minutes of this meeting were approved, or no longer. They learn
-- the day of the meeting and of the approval; never title, text, papers or names, which are for the people of the group
-- alone. Until somebody publishes it, they learn nothing. Answers ok | not_found | wrong_state (not approved, or the
-- meeting is closed). Locks the group.
create function public.publish_minutes(code text, is_public boolean) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(publish_minutes.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if is_public and (private.meeting_level(v) = 'closed' or not exists (select from private.meeting_minutes as n
		where n.meeting_id = v.id and n.state = 'approved')) then
		return 'wrong_state';
	end if;
	update private.meetings as m
	set published_at = case when is_public then coalesce(m.published_at, now()) end, updated_at = now()
	where m.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.publish_minutes(text, boolean) to authenticated;

-- Writes into the register what a meeting decided, while its minutes are open. Until they are approved only people of the
-- group read it (level closed). The same wording is written once, as a form may be sent twice. Answers ok | not_found |
-- invalid | wrong_state. Locks the group.
create function public.record_meeting_decision(code text, wording jsonb) returns public.minutes_status
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
grant execute on function public.record_meeting_decision(text, jsonb) to authenticated;

-- The same for an action; `owner`: an entry among the people of the group, or null.
create function public.add_meeting_action(code text, task jsonb, owner uuid default null, due_on date default null)
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
grant execute on function public.add_meeting_action(text, jsonb, uuid, date) to authenticated;
