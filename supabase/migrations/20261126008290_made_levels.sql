-- Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
-- could be there then, in the same run and after it.

-- The strictest level at which somebody who may enter now could have been there, too.
create function private.heard_level(p_person uuid, p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(private.level_in_force(s.id), case
		when p_person is null then 'public'
		when private.enters_by_role(p_person, s.id, 'stream') or private.may_run(p_person, s.id) then 'closed'
		when r.id is null then 'public'
		when private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category) then 'closed'
		else 'chatham_house' end::public.confidentiality)
	from public.sessions as s
	left join public.registrations as r on r.person_id = p_person and r.summit_id = s.summit_id and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	where s.id = p_session
$$;

alter table private.messages add column level public.confidentiality;
alter table private.session_questions add column level public.confidentiality;
alter table private.polls add column level public.confidentiality;
alter table private.caption_lines add column level public.confidentiality;
update private.messages as x set level = greatest(runs.level, private.level_in_force(x.session_id)) from public.runs where runs.id = x.run_id;
update private.session_questions as x set level = private.level_in_force(x.session_id);
update private.polls as x set level = private.level_in_force(x.session_id);
update private.caption_lines as x set level = greatest(runs.level, private.level_in_force(runs.session_id)) from public.runs where runs.id = x.run_id;
alter table private.messages alter column level set not null;
alter table private.session_questions alter column level set not null;
alter table private.polls alter column level set not null;
alter table private.caption_lines alter column level set not null;

create function private.note_level_made() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	new.level := private.level_in_force(coalesce((to_jsonb(new) ->> 'session_id')::uuid,
		(select runs.session_id from public.runs where runs.id = (to_jsonb(new) ->> 'run_id')::uuid)));
	return new;
end
$$;
create trigger note_level before insert on private.messages for each row execute function private.note_level_made();
create trigger note_level before insert on private.session_questions for each row execute function private.note_level_made();
create trigger note_level before insert on private.polls for each row execute function private.note_level_made();
create trigger note_level before insert on private.caption_lines for each row execute function private.note_level_made();

-- Raising a level raises what there is.
create function private.raise_made_levels() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.messages as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.session_questions as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.polls as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.caption_lines as x set level = new.level from public.runs where runs.id = x.run_id and runs.session_id = new.id and x.level < new.level;
	return null;
end
$$;
create trigger raise_made_levels after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_made_levels();

-- What a person (null: a stranger) reads of a run's questions: {may, names, shown[], mine[] (with why it is not shown), voted[], waiting[] (of who runs it)}.
create or replace function private.questions_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as (
		select q, private.is_shown_question(q) as is_shown, p_person is not null and private.is_asked_by(q, p_person) as is_mine
		from private.session_questions as q where q.session_id = p_run.session_id and q.level <= (select private.heard_level(p_person, p_run.session_id))
	)
	select jsonb_build_object('names', case when p_person is null then '[]' else to_jsonb(private.question_names(p_person, p_run.session_id)) end,
		'shown', (select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).votes desc, (h.q).id), '[]') from held as h where h.is_shown),
		'mine', (select coalesce(jsonb_agg(jsonb_build_object('id', (h.q).id, 'body', (h.q).body, 'is_shown', h.is_shown, 'is_merged', (h.q).merged_into is not null, 'is_declined', (h.q).state = 'declined')
			order by (h.q).asked_at desc, (h.q).id), '[]') from held as h where h.is_mine),
		'voted', (select coalesce(jsonb_agg(v.question_id), '[]') from private.question_votes as v join held as h on (h.q).id = v.question_id
			where v.voter = (select extensions.hmac(p_person::text::bytea, s.salt, 'sha256') from private.question_salts as s where s.session_id = p_run.session_id)),
		'waiting', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(private.question_view(h.q) order by (h.q).state, (h.q).asked_at, (h.q).id), '[]') from held as h
				where (h.q).state in ('asked', 'declined') and (h.q).merged_into is null) end)
$$;

create or replace function private.told_question(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.question_view(q) from private.session_questions as q join public.runs on runs.session_id = q.session_id
	where runs.id = p_run and q.id = p_id and private.is_shown_question(q) and q.level <= private.level_in_force(q.session_id)
$$;

-- {may, messages[] (the last 200), mine[] (ids), muted[] (ids, of who runs it)}; null for whoever is left out.
create or replace function private.chat_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	with latest as (
		select x from private.messages as x where x.run_id = p_run.id and (private.participation_of(p_run.session_id)).chat <> 'off'
			and x.level <= (select private.heard_level(p_person, p_run.session_id)) order by x.sent_at desc limit 200
	)
	select jsonb_build_object('may', private.may_write(p_person, p_run),
		'messages', (select coalesce(jsonb_agg(private.message_view(l.x) order by (l.x).sent_at), '[]') from latest as l),
		'mine', (select coalesce(jsonb_agg((l.x).id), '[]') from latest as l where p_person is not null and private.is_message_of(l.x, p_person)),
		'muted', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg((l.x).id), '[]') from latest as l join private.question_salts as q on q.session_id = p_run.session_id
				where exists (select from private.chat_mutes as m where m.run_id = p_run.id
					and m.author = coalesce((l.x).author, extensions.hmac((l.x).person_id::text::bytea, q.salt, 'sha256')))) end)
	where not private.is_minor_in(p_person, p_run.session_id)
$$;

create or replace function private.told_message(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.message_view(x) from private.messages as x where x.id = p_id and x.run_id = p_run and (private.participation_of(x.session_id)).chat <> 'off' and x.level <= private.level_in_force(x.session_id)
$$;

-- {polls[], mine: {poll: [option]}, shown: the poll that hall and home see, drafts[] of who runs it}.
create or replace function private.polls_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'polls', (select coalesce(jsonb_agg(private.poll_view(x, private.may_run(p_person, p_run.session_id)) order by x.opened_at desc, x.id), '[]') from private.polls as x where x.session_id = p_run.session_id and x.state <> 'draft'
			and x.level <= (select private.heard_level(p_person, p_run.session_id))),
		'mine', (select coalesce(jsonb_object_agg(v.poll_id, v.chosen), '{}') from (select v.poll_id, jsonb_agg(v.option_id) as chosen from private.poll_votes as v join private.polls as x on x.id = v.poll_id
			where x.session_id = p_run.session_id and v.voter = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256') from private.question_salts as q where q.session_id = p_run.session_id)
			group by v.poll_id) as v),
		'shown', private.shown_poll(p_run.id),
		'drafts', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(private.poll_view(x) order by x.created_at), '[]') from private.polls as x where x.session_id = p_run.session_id and x.state = 'draft') end)
$$;

create or replace function private.told_poll(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.poll_view(x) from private.polls as x join public.runs on runs.session_id = x.session_id where runs.id = p_run and x.id = p_id and x.state <> 'draft' and x.level <= private.level_in_force(x.session_id)
$$;

-- One line as all who watch the run may see it; null when it was taken away.
create or replace function private.told_caption(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.caption_json(c) from private.caption_lines as c join public.runs on runs.id = c.run_id
	where c.id = p_id and c.run_id = p_run and c.level <= private.level_in_force(runs.session_id)
$$;

drop function private.recent_captions(uuid, text);
-- The lines of the last minutes, oldest first; `p_most`: of those that were said at this level or a more open one.
create function private.recent_captions(p_run uuid, p_language text default null, p_most public.confidentiality default 'closed') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.caption_json(c) order by c.language, c.number), '[]')
	from private.caption_lines as c join public.runs on runs.id = c.run_id
	where c.run_id = p_run and c.level <= p_most and (p_language is null or c.language = p_language)
		and c.ends > extract(epoch from now() - runs.started_at) * 1000 - 600000
$$;

-- {run, languages, lines, may_write} of what is on in a room; null for whoever may not enter.
create or replace function public.read_captions(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'lines', private.recent_captions(runs.id, null, private.heard_level(private.me(), runs.session_id)),
		'may_write', private.may_caption(private.me(), runs.session_id),
		'languages', (select coalesce(jsonb_agg(distinct each.language), '[]') from (
			select c.language from private.caption_lines as c where c.run_id = runs.id
			union select t.language from private.caption_tokens as t where t.run_id = runs.id and t.revoked_at is null) as each))
	from public.rooms join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_captions.room and summit in (select private.readable_summits())
		and private.entry_of(private.me(), runs.session_id, 'stream') = 'ok'
$$;

-- [{starts, ends, words}] in milliseconds since the session began; null where there is none for this reader.
create or replace function public.read_transcript(summit uuid, code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select jsonb_agg(jsonb_build_object('starts', c.starts, 'ends', c.ends, 'words', c.words) order by c.starts, c.number)
		from private.caption_lines as c where c.run_id = private.transcript_run(s.id, read_transcript.language) and c.language = read_transcript.language and c.is_kept)
	from public.sessions as s
	where s.summit_id = summit and s.code = read_transcript.code and summit in (select private.readable_summits()) and private.has_transcript(private.me(), s.id)
		and private.all_agree_to_transcript(private.transcript_run(s.id, read_transcript.language))
		and (select runs.level from public.runs where runs.id = private.transcript_run(s.id, read_transcript.language)) <= private.heard_level(private.me(), s.id)
$$;

-- The languages in which a session has a transcript for this reader.
create or replace function public.list_transcripts(summit uuid, code text) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(distinct c.language order by c.language), '{}')
	from public.sessions as s join public.runs on runs.session_id = s.id and runs.state = 'ended' and runs.level in ('public', 'members')
	join private.caption_lines as c on c.run_id = runs.id and c.is_kept
	where s.summit_id = summit and s.code = list_transcripts.code and summit in (select private.readable_summits()) and private.has_transcript(private.me(), s.id)
		and private.all_agree_to_transcript(runs.id) and runs.level <= private.heard_level(private.me(), s.id)
$$;
