-- The call for proposals of a Summit: when it is open, what it offers and asks, and its settings for organisers.

-- Until when a person may still propose by a late link; null: no such link.
create function private.late_until(p_summit uuid, p_person uuid) returns timestamptz
language sql stable security definer set search_path = '' as $$
	select max(l.until)
	from private.late_links as l
	where l.summit_id = p_summit
		and l.person_id = p_person
		and l.revoked_at is null
		and l.until > now()
$$;

-- Whether a person can propose now, by the clock of the database: none (no call) | before | open | late (open for this
-- person alone) | closed.
create function private.call_window(p_summit uuid, p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(
			select case
				when s.state in ('closed', 'archived') then 'closed'
				when c.opens_at > now() then 'before'
				when c.closes_at > now() then 'open'
				when private.late_until(p_summit, p_person) is not null then 'late'
				else 'closed'
			end
			from private.calls as c
			join public.summits as s on s.id = c.summit_id
			where c.summit_id = p_summit
		),
		'none'
	)
$$;

-- A question as answers give it.
create function private.question_json(q private.call_questions) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object(
		'id', q.id,
		'label', q.label,
		'help', q.help,
		'kind', q.kind,
		'choices', q.choices,
		'is_required', q.is_required,
		'subject', q.subject,
		'visible_to', q.visible_to,
		'in_balance', q.in_balance,
		'position', q.position
	)
$$;

-- The questions of a call that are not retired, in order.
create function private.call_questions_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.question_json(q) order by q.position, q.id), '[]')
	from private.call_questions as q
	where q.summit_id = p_summit
		and q.retired_at is null
$$;

-- A call with what it offers: {opens_at, closes_at, text, max_per_person, is_anonymous, formats, tracks, questions}.
create function private.call_json(c private.calls) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'opens_at', private.iso(c.opens_at),
		'closes_at', private.iso(c.closes_at),
		'text', c.text,
		'max_per_person', c.max_per_person,
		'is_anonymous', c.is_anonymous,
		'formats', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object('id', f.id, 'name', f.name, 'minutes', f.minutes)
					order by f.position, f.slug
				),
				'[]'
			)
			from public.formats as f
			where f.summit_id = c.summit_id and (c.format_ids = '{}' or f.id = any (c.format_ids))
		),
		'tracks', (
			select coalesce(
				jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.position, t.slug),
				'[]'
			)
			from public.tracks as t
			where t.summit_id = c.summit_id and (c.track_ids = '{}' or t.id = any (c.track_ids))
		),
		'questions', private.call_questions_json(c.summit_id)
	)
$$;

-- The call for everybody who can read the Summit, with {window, late_until} of the reader; null when there is no call.
create function public.read_call(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.call_json(c) || jsonb_build_object(
		'window', private.call_window(summit, private.me()),
		'late_until', private.iso(private.late_until(summit, private.me()))
	)
	from private.calls as c
	where c.summit_id = summit
		and c.summit_id in (select private.readable_summits())
$$;
grant execute on function public.read_call(uuid) to anon, authenticated;

-- The settings of the call for programme organisers, {call: null before there is one, questions, late_links: [{id,
-- note, until, name, state: open | used | expired | revoked}]}; null for others.
create function public.read_call_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'call', (
			select to_jsonb(c) - 'summit_id' || jsonb_build_object(
				'opens_at', private.iso(c.opens_at),
				'closes_at', private.iso(c.closes_at)
			)
			from private.calls as c
			where c.summit_id = summit
		),
		'questions', private.call_questions_json(summit),
		'late_links', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', l.id,
						'note', l.note,
						'until', private.iso(l.until),
						'name', p.display_name,
						'state', case
							when l.revoked_at is not null then 'revoked'
							when l.until <= now() then 'expired'
							when l.used_at is not null then 'used'
							else 'open'
						end
					)
					order by l.created_at desc
				),
				'[]'
			)
			from private.late_links as l
			left join public.people as p on p.id = l.person_id
			where l.summit_id = summit
		)
	)
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.read_call_settings(uuid) to authenticated;

-- Saves the call; `fields`: {opens_at, closes_at, text, format_ids, track_ids, max_per_person, is_anonymous}. Answers
-- ok | not_allowed | conflict (somebody saved since `version`; 0: there was none) | invalid | late (it would close
-- after the end of the Summit). Two organisers who save at once come one after the other.
create function public.save_call(summit uuid, fields jsonb, version integer default 0) returns public.call_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old private.calls;
	v private.calls;
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('call:' || summit, 0));
	select * into v_old from private.calls as c where c.summit_id = summit;
	if coalesce(v_old.version, 0) is distinct from save_call.version then return 'conflict'; end if;
	begin
		v := jsonb_populate_record(v_old, fields - array['summit_id', 'version', 'updated_at']);
		if private.is_after_summit_end(summit, v.closes_at) then return 'late'; end if;
		insert into private.calls (
			summit_id, opens_at, closes_at, text, format_ids, track_ids, max_per_person, is_anonymous
		)
		values (
			summit,
			v.opens_at,
			v.closes_at,
			coalesce(v.text, '{}'),
			coalesce(v.format_ids, '{}'),
			coalesce(v.track_ids, '{}'),
			coalesce(v.max_per_person, 3),
			coalesce(v.is_anonymous, true)
		)
		on conflict (summit_id) do update set
			opens_at = excluded.opens_at,
			closes_at = excluded.closes_at,
			text = excluded.text,
			format_ids = excluded.format_ids,
			track_ids = excluded.track_ids,
			max_per_person = excluded.max_per_person,
			is_anonymous = excluded.is_anonymous,
			version = calls.version + 1,
			updated_at = now();
	exception when data_exception or integrity_constraint_violation then return 'invalid';
	end;
	perform private.publish_event('summit:' || summit, 'call');
	return 'ok';
end
$$;
grant execute on function public.save_call(uuid, jsonb, integer) to authenticated;

-- Saves a question of the call (null: a new one). Answers {status: ok | not_allowed | not_found | invalid | promised,
-- id}. `promised`: somebody has answered it, so its kind and whom it asks cannot change, nor can it be opened to
-- reviewers; the organisers retire it and ask another.
create function public.save_call_question(summit uuid, question uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old private.call_questions;
	v private.call_questions;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform pg_advisory_xact_lock(hashtextextended('call:' || summit, 0));
	select * into v_old
	from private.call_questions as q
	where q.id = question
		and q.summit_id = summit
		and q.retired_at is null;
	if question is not null and not found then return jsonb_build_object('status', 'not_found'); end if;
	begin
		v := jsonb_populate_record(
			null::private.call_questions,
			'{"help": {}, "choices": [], "is_required": false, "subject": "proposal", "visible_to": "organisers",
			"in_balance": false, "position": 0}'::jsonb
			|| jsonb_strip_nulls(fields)
			|| jsonb_build_object('id', coalesce(question, gen_random_uuid()), 'summit_id', summit, 'retired_at', null)
		);
		if v.kind in ('choice', 'several') and jsonb_array_length(v.choices) < 2
			or length(v.label::text) > 4000
			or length(v.help::text) > 8000 then
			return jsonb_build_object('status', 'invalid');
		end if;
		if question is not null
				and (v.kind, v.subject) is distinct from (v_old.kind, v_old.subject)
				and private.has_question_answers(question)
			or question is not null
				and v.visible_to = 'reviewers'
				and v_old.visible_to = 'organisers'
				and private.has_question_answers(question) then
			return jsonb_build_object('status', 'promised');
		end if;
		insert into private.call_questions
		select v.*
		on conflict (id) do update set
			label = excluded.label,
			help = excluded.help,
			kind = excluded.kind,
			choices = excluded.choices,
			is_required = excluded.is_required,
			subject = excluded.subject,
			visible_to = excluded.visible_to,
			in_balance = excluded.in_balance,
			position = excluded.position;
	exception when data_exception or integrity_constraint_violation then return jsonb_build_object('status', 'invalid');
	end;
	return jsonb_build_object('status', 'ok', 'id', v.id);
end
$$;
grant execute on function public.save_call_question(uuid, uuid, jsonb) to authenticated;

-- Retires a question and deletes its answers; where there are none, this can be undone. Answers ok | not_found.
create function public.retire_call_question(summit uuid, question uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_found'; end if;
	perform private.begin_undoable(summit, 'call_question_retired', to_jsonb(q.label), 'programme')
	from private.call_questions as q
	where q.id = question
		and q.summit_id = summit
		and q.retired_at is null
		and not exists (select from private.proposal_answers as a where a.question_id = question);
	update private.call_questions as q
	set retired_at = now()
	where q.id = question
		and q.summit_id = summit
		and q.retired_at is null;
	if not found then return 'not_found'; end if;
	delete from private.proposal_answers as a where a.question_id = question;
	return 'ok';
end
$$;
grant execute on function public.retire_call_question(uuid, uuid) to authenticated;
