import type pg from 'pg';

const questions = [
	{
		body: 'How do small helplines report to the new registry when they have no lawyer of their own?',
		state: 'current',
		votes: 23
	},
	{ body: 'Which of the recommendations can begin without new money?', state: 'approved', votes: 17 },
	{ body: 'Will the guidance be tested with survivors before it is published?', state: 'approved', votes: 11 },
	{ body: 'Where can the figures by region be found?', state: 'answered', votes: 4 },
	{ body: 'Is a second review planned, and when?', state: 'asked', votes: 0 }
];
const messages = [
	'Good morning. Picture and sound are clear here.',
	'The document that was just named is on the page of this session.',
	'Thank you. We work on the same question and would be glad to compare notes.'
];
const options = ['Within a year', 'Within two years', 'Only together with the next assessment'];

/** What people have asked, written and voted in the run that is live: names are those of delegates of the sample. */
export async function fillRun(client: pg.Client, run: string): Promise<void> {
	await client.query(
		`with people as (
			select r.person_id, row_number() over (order by r.reference) as n from public.registrations as r join public.runs on runs.summit_id = r.summit_id
			where runs.id = $1 and r.state = 'confirmed' and r.category = 'delegate' and not r.is_minor limit 20
		), asked as (
			insert into private.session_questions (session_id, summit_id, person_id, body, shown_as, state, votes, answered_at)
			select runs.session_id, runs.summit_id, people.person_id, q.body, case when q.n % 3 = 0 then 'nobody' else 'name' end, q.state, q.votes, case when q.state = 'answered' then now() end
			from public.runs, jsonb_to_recordset($2::jsonb) as q (n integer, body text, state text, votes integer) join people on people.n = q.n
			where runs.id = $1 returning id, votes
		), voted as (
			-- Each vote is a hash of somebody's.
			insert into private.question_votes (question_id, voter_hash) select asked.id, extensions.gen_random_bytes(32) from asked, generate_series(1, asked.votes)
		), written as (
			insert into private.chat_messages (run_id, session_id, person_id, body, sent_at)
			select runs.id, runs.session_id, people.person_id, x.body, now() - make_interval(mins => 12 - 3 * x.n::integer)
			from public.runs, unnest($3::text[]) with ordinality as x (body, n) join people on people.n = x.n + 8 where runs.id = $1
		), poll as (
			insert into private.polls (session_id, summit_id, question, kind, state, opened_at)
			select session_id, summit_id, 'When should the recommendations be reviewed?', 'single', 'open', now() - interval '5 minutes' from public.runs where id = $1 returning id
		), choices as (
			insert into private.poll_options (poll_id, position, label) select poll.id, o.n, o.label from poll, unnest($4::text[]) with ordinality as o (label, n) returning id, poll_id, position
		)
		insert into private.poll_votes (poll_id, option_id, voter_hash) select poll_id, id, extensions.gen_random_bytes(32) from choices, generate_series(1, 31 - 9 * position)`,
		[run, JSON.stringify(questions.map((question, index) => ({ n: index + 1, ...question }))), messages, options]
	);
}
