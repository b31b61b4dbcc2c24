-- Writing surveys, by programme organisers and owners of the Summit.

-- A survey, locked, if the reader may change it; else null.
create function private.lock_survey(p_survey uuid) returns private.surveys
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys;
begin
	select * into v from private.surveys as s where s.id = p_survey for update;
	return case when v.id is not null and private.has_role(v.summit_id, 'programme') then v end;
end
$$;

-- Makes a survey as a draft (survey null), or changes one. `fields`: kind (of a new one), title, intro, opens_at, closes_at,
-- hours. Of a published one only the times change, while it takes answers. Answers {status: ok | not_found | invalid |
-- frozen (it is closed) | conflict (another change since `version`), id}. Locks the Summit's forms as move_survey does.
create function public.save_survey(summit uuid, survey uuid, version integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.surveys;
	v_new private.surveys;
begin
	v_new := jsonb_populate_record(null::private.surveys, '{"title": {}, "intro": {}}'
		|| (fields - array['id', 'summit_id', 'published_at', 'smallest_group', 'version', 'created_at']));
	if survey is null then
		if not private.has_role(save_survey.summit, 'programme') then
			return jsonb_build_object('status', 'not_found');
		end if;
		insert into private.surveys as s (summit_id, kind, title, intro, opens_at, closes_at, hours)
		values (save_survey.summit, v_new.kind, v_new.title, v_new.intro, v_new.opens_at, v_new.closes_at,
			v_new.hours)
		returning * into v;
		return jsonb_build_object('status', 'ok', 'id', v.id);
	end if;
	perform pg_advisory_xact_lock(hashtextextended('surveys:' || save_survey.summit, 0));
	v := private.lock_survey(survey);
	if v.id is null or v.summit_id is distinct from save_survey.summit then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v.version is distinct from save_survey.version then return jsonb_build_object('status', 'conflict'); end if;
	-- Results are shown once it is closed; further answers would be the difference of two results.
	if v.published_at is not null and v.closes_at <= clock_timestamp() then
		return jsonb_build_object('status', 'frozen');
	end if;
	if v.published_at is not null and v_new.closes_at <= clock_timestamp() then
		return jsonb_build_object('status', 'invalid');
	end if;
	update private.surveys as s
	set title = case when s.published_at is null then v_new.title else s.title end,
		intro = case when s.published_at is null then v_new.intro else s.intro end,
		opens_at = case when s.published_at is null or s.opens_at > now() then v_new.opens_at else s.opens_at end,
		closes_at = v_new.closes_at,
		hours = case when s.published_at is null then v_new.hours else s.hours end,
		version = s.version + 1
	where s.id = v.id
	returning * into v;
	if v.published_at is not null and private.overlaps_session_form(v) then
		raise check_violation;
	end if;
	update private.survey_collections as c
	set closes_at = private.survey_closes_at(v, c.session_id)
	where c.survey_id = v.id and c.closes_at > clock_timestamp();
	return jsonb_build_object('status', 'ok', 'id', v.id);
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_survey(uuid, uuid, integer, jsonb) to authenticated;

-- Whether another published form for sessions takes answers while this one does: a session has one form at a time.
create function private.overlaps_session_form(p private.surveys) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.kind = 'session' and exists (
		select from private.surveys as o
		where o.summit_id = p.summit_id
			and o.id <> p.id
			and o.kind = 'session'
			and o.published_at is not null
			and o.opens_at < p.closes_at
			and p.opens_at < o.closes_at)
$$;

-- Adds a question at the end of a draft, or changes the one with its key. `question`: key, kind (of a new one), label, help,
-- choices, is_required, depends_on, depends_values. `version`: the one that the form was shown with; 0 for a new question,
-- which gets a key of its own where another has its key by now; null compares nothing. Answers ok | not_found | frozen |
-- invalid (also a condition on a later question, or on values that it does not have) | conflict (another change since
-- `version`) | needed (another question depends on a choice that is gone). At most forty questions.
create function public.save_survey_question(survey uuid, question jsonb, version integer default null)
	returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.surveys := private.lock_survey(survey);
	v_seen integer := save_survey_question.version;
	v_key text;
	v_number integer := 1;
	v_new private.survey_questions;
	v_old private.survey_questions;
	v_parent private.survey_questions;
begin
	if v.id is null then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	v_new := jsonb_populate_record(null::private.survey_questions, '{"label": {}, "help": {}, "choices": [],
		"is_required": false, "depends_values": []}' || question);
	v_key := v_new.key;
	-- The same form sent twice adds it once.
	if v_seen = 0 and exists (
		select from private.survey_questions as q
		where q.survey_id = v.id
			and (q.key, q.kind, q.label, q.help, q.choices, q.is_required, q.depends_on, q.depends_values)
				is not distinct from (v_new.key, v_new.kind, v_new.label, v_new.help, v_new.choices, v_new.is_required,
					v_new.depends_on, v_new.depends_values)) then
		return 'ok';
	end if;
	while v_seen = 0
		and exists (select from private.survey_questions as q where q.survey_id = v.id and q.key = v_new.key)
	loop
		v_number := v_number + 1;
		v_new.key := left(v_key, 36) || '_' || v_number;
	end loop;
	select * into v_old from private.survey_questions as q where q.survey_id = v.id and q.key = v_new.key;
	if v_seen > 0 and v_old.id is null then return 'not_found'; end if;
	if v_seen > 0 and v_old.version <> v_seen then return 'conflict'; end if;
	v_new.version := coalesce(v_old.version, 0) + 1;
	v_new.survey_id := v.id;
	v_new.id := coalesce(v_old.id, gen_random_uuid());
	v_new.kind := coalesce(v_old.kind, v_new.kind);
	v_new.position := coalesce(v_old.position,
		(select coalesce(max(q.position), 0) + 1 from private.survey_questions as q where q.survey_id = v.id));
	if v_old.id is null
		and (select count(*) >= 40 from private.survey_questions as q where q.survey_id = v.id) then
		return 'invalid';
	end if;
	if v_new.depends_on is not null then
		select * into v_parent
		from private.survey_questions as q
		where q.survey_id = v.id
			and q.key = v_new.depends_on
			and q.position < v_new.position
			-- After several choices the number of those who were asked would tell how many chose two of them.
			and q.kind in ('scale', 'choice', 'yes_no');
		if not found or not v_new.depends_values <@ private.survey_values(v_parent) then return 'invalid'; end if;
	end if;
	if v_old.id is not null and exists (
		select from private.survey_questions as d
		where d.survey_id = v.id
			and d.depends_on = v_old.key
			and not d.depends_values <@ private.survey_values(v_new)) then
		return 'needed';
	end if;
	insert into private.survey_questions select v_new.*
	on conflict (id) do update
	set label = excluded.label, help = excluded.help, choices = excluded.choices, is_required = excluded.is_required,
		depends_on = excluded.depends_on, depends_values = excluded.depends_values, version = excluded.version;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_survey_question(uuid, jsonb, integer) to authenticated;

-- Moves a question of a draft one place. Answers ok | not_found | frozen | needed (it would come before the question on
-- which it depends, or after one that depends on it).
create function public.move_survey_question(survey uuid, question uuid, is_up boolean) returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_this private.survey_questions;
	v_other private.survey_questions;
begin
	select * into v_this from private.survey_questions as q where q.survey_id = v.id and q.id = question;
	if not found then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	select * into v_other
	from private.survey_questions as q
	where q.survey_id = v.id
		and case when is_up then q.position < v_this.position else q.position > v_this.position end
	order by abs(q.position - v_this.position)
	limit 1;
	if not found then return 'ok'; end if;
	if is_up and v_this.depends_on = v_other.key or not is_up and v_other.depends_on = v_this.key then
		return 'needed';
	end if;
	set constraints private.survey_questions_survey_id_position_key deferred;
	update private.survey_questions as q
	set position = case q.id when v_this.id then v_other.position else v_this.position end
	where q.id in (v_this.id, v_other.id);
	set constraints private.survey_questions_survey_id_position_key immediate;
	return 'ok';
end
$$;
grant execute on function public.move_survey_question(uuid, uuid, boolean) to authenticated;

-- Deletes a question of a draft. Answers ok | not_found | frozen | needed (another one depends on it).
create function public.delete_survey_question(survey uuid, question uuid) returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_key text;
begin
	select q.key into v_key from private.survey_questions as q where q.survey_id = v.id and q.id = question;
	if not found then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	if exists (select from private.survey_questions as q where q.survey_id = v.id and q.depends_on = v_key) then
		return 'needed';
	end if;
	delete from private.survey_questions as q where q.id = question;
	return 'ok';
end
$$;
grant execute on function public.delete_survey_question(uuid, uuid) to authenticated;

-- Publishes a draft, ends a published one now, with the final mixing, returns one to a draft that is not closed and that
-- nobody has answered, or deletes a draft. `step`: publish | end | take_back | delete. Answers ok | not_found | overlap | empty
-- | answered | wrong_state. Locks the Summit's forms, so that two of sessions are not published at once.
create function public.move_survey(survey uuid, step text) returns public.survey_step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys;
begin
	perform pg_advisory_xact_lock(hashtextextended('surveys:' || s.summit_id, 0))
	from private.surveys as s
	where s.id = survey;
	v := private.lock_survey(survey);
	if v.id is null then return 'not_found'; end if;
	case coalesce(step, '')
		when 'publish' then
			if v.published_at is not null or v.closes_at <= clock_timestamp() then return 'wrong_state'; end if;
			if not exists (select from private.survey_questions as q where q.survey_id = v.id) then return 'empty'; end if;
			if private.overlaps_session_form(v) then return 'overlap'; end if;
			update private.surveys as s
			set published_at = now(), smallest_group = private.smallest_group(s.summit_id), version = s.version + 1
			where s.id = v.id;
		when 'end' then
			if v.published_at is null or v.closes_at <= clock_timestamp() or v.opens_at >= now() then
				return 'wrong_state';
			end if;
			update private.surveys as s set closes_at = now(), version = s.version + 1 where s.id = v.id;
			update private.survey_collections as c
			set closes_at = now()
			where c.survey_id = v.id and c.closes_at > now();
			perform private.mix_collection(c.id, true)
			from (
				select x.id from private.survey_collections as x
				where x.survey_id = v.id and x.finally_mixed_at is null
				order by x.id
				for update) as c;
		when 'take_back' then
			-- Marks are erased before answers are: neither alone says that there is nothing.
			if v.published_at is null or v.closes_at <= clock_timestamp() then return 'wrong_state'; end if;
			if exists (
				select from private.survey_collections as c
				where c.survey_id = v.id
					and (exists (select from private.survey_marks as k where k.collection_id = c.id)
						or exists (select from private.survey_answers as a where a.collection_id = c.id))) then
				return 'answered';
			end if;
			-- It invites again when it is published again.
			delete from private.survey_mails as m where m.survey_id = v.id;
			delete from private.survey_collections as c where c.survey_id = v.id;
			update private.surveys as s
			set published_at = null, smallest_group = null, version = s.version + 1
			where s.id = v.id;
		when 'delete' then
			if v.published_at is not null then return 'wrong_state'; end if;
			delete from private.surveys as s where s.id = v.id;
		else return 'wrong_state';
	end case;
	return 'ok';
end
$$;
grant execute on function public.move_survey(uuid, text) to authenticated;

-- Copies a survey with its questions as a draft, from a week after now at the earliest and for as many days, to the same
-- time on the clock of the venue. Answers {status: ok | not_found, id}.
create function public.copy_survey(survey uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.surveys := private.lock_survey(survey);
	v_zone text := (select s.zone from public.summits as s where s.id = v.summit_id);
	v_opens timestamp;
	v_id uuid;
begin
	if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
	v_opens := greatest(v.opens_at at time zone v_zone, date_trunc('hour', now() at time zone v_zone) + interval '7 days');
	insert into private.surveys (summit_id, kind, title, intro, opens_at, closes_at, hours)
	values (v.summit_id, v.kind, v.title, v.intro, v_opens at time zone v_zone,
		(v_opens + ((v.closes_at at time zone v_zone) - (v.opens_at at time zone v_zone))) at time zone v_zone, v.hours)
	returning id into v_id;
	-- Rows are checked against the question on which they depend at the end of the statement.
	insert into private.survey_questions (survey_id, key, kind, label, help, choices, is_required, position, depends_on,
		depends_values)
	select v_id, q.key, q.kind, q.label, q.help, q.choices, q.is_required, q.position, q.depends_on, q.depends_values
	from private.survey_questions as q
	where q.survey_id = v.id;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.copy_survey(uuid) to authenticated;
