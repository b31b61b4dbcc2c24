-- Asks once who the caller is.

-- What the lead of an open case can act on: {messages: [{id, act, session, words, at}], sessions: [{id, title, is_on}],
-- recordings: [{id, session, at, is_held}], people: [{id, display_name, is_reporter, is_out}]}; null for everybody
-- else. Messages come without an author: whom they are about is in the concern.
create or replace function public.read_case_targets(this_case uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with here as (
		select s.id, s.title, private.strictest_readable_level(private.me(), s.id) as level
		from public.sessions as s
		where s.id in (select private.case_sessions(this_case))
	), written as (
		select x.id, 'hide_message' as act, x.session_id, x.body as words, x.sent_at as at
		from private.chat_messages as x
		join here on here.id = x.session_id and x.level <= here.level
		union all
		select q.id, 'hide_question', q.session_id, q.body, q.asked_at
		from private.session_questions as q
		join here on here.id = q.session_id and q.level <= here.level
		where q.state <> 'declined' and q.merged_into is null
	)
	select jsonb_build_object(
		'messages', (
			select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'act', w.act, 'session', w.session_id,
				'words', w.words, 'at', private.iso(w.at)) order by w.at desc), '[]')
			from (select * from written order by at desc limit 100) as w),
		'sessions', (
			select coalesce(jsonb_agg(jsonb_build_object('id', here.id, 'title', here.title,
				'is_on', exists (select from public.runs
					where runs.session_id = here.id and runs.state <> 'ended')) order by here.id), '[]')
			from here),
		'recordings', (
			select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'session', g.session_id,
				'at', private.iso(g.started_at), 'is_held', exists (select from private.held_recordings as h
					where h.recording_id = g.id and h.case_id = this_case)) order by g.started_at), '[]')
			from private.recordings as g
			where g.session_id in (select here.id from here) and g.object_name is not null),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name,
				'is_reporter', named.is_reporter, 'is_out', exists (select from private.entry_bars as b
					where b.summit_id = x.summit_id and b.person_id = p.id and b.session_id is null
						and b.is_set_by_lead)) order by p.display_name), '[]')
			from private.case_people(this_case) as named
			join public.people as p on p.id = named.person_id))
	from private.cases as x
	where x.id = this_case and x.state <> 'closed' and x.lead_id = (select private.me())
		and private.may_read_case(private.me(), this_case)
$$;
