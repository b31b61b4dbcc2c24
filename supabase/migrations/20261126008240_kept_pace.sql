-- The pause between two messages, and the number of questions and hands of one person, hold for what was taken back as well: else whoever
-- writes, takes away and writes again is never too soon, and all who watch are told each time.

-- That somebody took something back, and when they had said it: no word of it, and no id. Forgotten after some minutes, and with the run.
create table private.taken_back (
	id bigint generated always as identity primary key,
	run_id uuid not null references public.runs (id) on delete cascade,
	author bytea not null,
	what text not null check (what in ('message', 'question')),
	said_at timestamptz not null,
	taken_at timestamptz not null default clock_timestamp()
);
alter table private.taken_back enable row level security;
create index on private.taken_back (run_id, author);

create function private.note_taken_back(p_run uuid, p_session uuid, p_person uuid, p_author bytea, p_what text, p_said timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_author bytea;
begin
	-- It cannot end, and forget, between this line and the last.
	perform from public.runs where runs.id = p_run and runs.state <> 'ended' for share;
	if not found then return; end if;
	v_author := coalesce(p_author, private.asker_hash(p_session, p_person));
	-- No pause is longer than ten minutes.
	delete from private.taken_back as t where t.run_id = p_run and t.author = v_author and t.taken_at < clock_timestamp() - interval '10 minutes';
	insert into private.taken_back (run_id, author, what, said_at) values (p_run, v_author, p_what, p_said);
end
$$;

create function private.forget_taken_back() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.taken_back as t where t.run_id = new.id;
	return null;
end
$$;
create trigger forget_taken_back after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_taken_back();

-- Takes one's own question back. Others' that were merged into it stay, as the oldest of them, with the votes. Answers ok or not_found.
create or replace function public.withdraw_question(question uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_q private.session_questions;
	v_heir uuid;
begin
	-- In the order in which the end of the run takes them.
	perform from public.runs where runs.state <> 'ended'
		and runs.session_id = (select q.session_id from private.session_questions as q where q.id = question and private.is_asked_by(q, private.me())) for share;
	select q.* into v_q from private.session_questions as q where q.id = question and private.me() is not null and private.is_asked_by(q, private.me()) for update;
	if not found then return 'not_found'; end if;
	select q.id into v_heir from private.session_questions as q where q.merged_into = question order by q.asked_at, q.id limit 1 for update;
	if found then
		update private.question_votes as v set question_id = v_heir where v.question_id = question;
		update private.session_questions as q set merged_into = nullif(v_heir, q.id) where q.merged_into = question;
	end if;
	delete from private.session_questions as q where q.id = question;
	if v_heir is not null then
		update private.session_questions as q set state = v_q.state, answered_at = v_q.answered_at, is_approved = v_q.is_approved,
			votes = (select count(*) from private.question_votes as v where v.question_id = v_heir) where q.id = v_heir;
		perform private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_heir, private.is_shown_question(v_q));
	end if;
	perform private.note_taken_back(private.open_run_of(v_q.session_id), v_q.session_id, private.me(), null, 'question', v_q.asked_at);
	perform private.tell('session:' || v_q.session_id, 'questions', v_q.session_id);
	perform private.tell_participation(private.open_run_of(v_q.session_id), 'question', v_q.id, private.is_shown_question(v_q));
	return 'ok';
end
$$;

-- Takes a message away: one's own, or as whoever runs the session. Answers ok or not_found.
create or replace function public.delete_message(message uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_message private.messages;
	v_is_own boolean;
begin
	select * into v_message from private.messages as x where x.id = message;
	v_is_own := coalesce(private.is_message_of(v_message, private.me()), false);
	if v_message.id is null or not (v_is_own or coalesce(private.may_run(private.me(), v_message.session_id), false)) then return 'not_found'; end if;
	-- In the order in which the end of the run takes them.
	perform from public.runs where runs.id = v_message.run_id for share;
	delete from private.messages as x where x.id = message;
	if not found then return 'not_found'; end if;
	perform private.note_taken_back(v_message.run_id, v_message.session_id, v_message.person_id, v_message.author, 'message', v_message.sent_at);
	if not v_is_own then
		perform audit.note('chat.deleted', message::text, (select s.summit_id from public.sessions as s where s.id = v_message.session_id), null, '{}');
	end if;
	perform private.tell('chat:' || v_message.run_id, 'message', message);
	return 'ok';
end
$$;

-- `may_record`: whether they agree to be recorded while they speak; null: they were not asked, and what they said before holds.
-- Answers ok | already | closed | on_stage, or why not as may_take_part says it.
create or replace function public.raise_hand(run uuid, place public.hand_place default null, with_camera boolean default false, may_record boolean default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
begin
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if not (private.participation_of(v_run.session_id)).takes_hands then return 'closed'; end if;
	if exists (select from private.run_participants as p where p.run_id = run and p.person_id = v_me and p.is_on_stage) then return 'on_stage'; end if;
	-- Each one is told to all who watch.
	if (select count(*) from private.hands as h where h.run_id = run and h.person_id = v_me and h.raised_at > clock_timestamp() - interval '1 minute') >= 6 then
		return 'too_soon';
	end if;
	insert into private.hands (run_id, person_id, place, with_camera)
	values (run, v_me, private.hand_place_of(v_me, v_run.session_id, raise_hand.place), coalesce(raise_hand.with_camera, false))
	on conflict (run_id, person_id) where state in ('waiting', 'called') do nothing;
	if not found then return 'already'; end if;
	if may_record is not null and private.asks_floor_consent(v_run.session_id) then perform private.say_floor_consent(run, v_me, may_record); end if;
	-- Their other windows hear that it is theirs.
	perform private.tell('person:' || v_me, 'hand', run);
	perform private.tell_participation(run, 'hands', null, true);
	return 'ok';
end
$$;
