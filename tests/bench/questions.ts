/* A question to 500 open pages of one run: from the commit of its approval to the last byte in each reader. */
import { Agent, get, type ClientRequest } from 'node:http';
import type { TestSummit } from '../fixtures/summit.ts';
import { ms, percentile, print } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const READERS = 500;
const QUESTIONS = 40;
const VOTES = 50;

/** Measures the delivery of a question, and of votes for it, to every viewer. */
export async function measureQuestions(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { id: summit } = await makeSummit(client, 8);
	const { rows } = await client.query<{ run: string; session: string }>(
		`insert into public.runs (session_id, summit_id, room_id, state, level, started_at)
		select s.session_id, $1, sr.room_id, 'live', 'public', now() from public.slots as s join public.slot_rooms as sr on sr.slot_id = s.id
		where s.summit_id = $1 limit 1 returning id as run, session_id as session`,
		[summit]
	);
	const { run, session } = rows[0] ?? { run: '', session: '' };
	const agent = new Agent({ keepAlive: true, maxSockets: READERS });
	const delays: number[] = [];
	let sent = 0;
	let wanted = 'nothing yet';
	const readers: ClientRequest[] = [];
	const open = () =>
		new Promise<void>((opened, fail) => {
			const request = get(`${stack.origin}/api/events?topics=run:${run}`, { agent }, (response) => {
				if (response.statusCode !== 200) return fail(new Error(`events answered ${response.statusCode}`));
				response.on('data', (chunk: Buffer) => {
					if (chunk.includes(wanted)) delays.push(performance.now() - sent);
				});
				response.on('error', () => undefined);
				opened();
			});
			request.on('error', () => undefined);
			readers.push(request);
		});
	for (let first = 0; first < READERS; first += 50) await Promise.all(Array.from({ length: 50 }, open));
	const settled = async (expected: number) => {
		const deadline = performance.now() + 5000;
		while (delays.length < expected && performance.now() < deadline) await new Promise((done) => setImmediate(done));
	};
	for (let n = 0; n < QUESTIONS; n++) {
		wanted = `Question number ${n} of those that are measured`;
		const made = delays.length;
		sent = performance.now();
		await client.query(
			`with made as (insert into private.session_questions (session_id, summit_id, asker_hash, body, shown_as, state) values ($1, $2, '\\x00', $3, 'nobody', 'approved') returning id)
			select private.publish_event('run:' || $4, 'question', id) from made`,
			[session, summit, wanted, run]
		);
		await settled(made + READERS);
	}
	const questions = [...delays];
	// Fifty votes at once: the last count reaches every viewer after a few reads.
	wanted = `"votes":${VOTES}`;
	delays.length = 0;
	sent = performance.now();
	for (let vote = 1; vote <= VOTES; vote++) {
		await client.query(
			`with voted as (update private.session_questions set votes = $2 where session_id = $1 and body = $4 returning id)
			select private.publish_event('run:' || $3, 'question', id) from voted`,
			[session, vote, run, `Question number 0 of those that are measured`]
		);
	}
	await settled(READERS);
	for (const reader of readers) reader.destroy();
	agent.destroy();
	await client.end();
	print(`A question to ${READERS} open pages, ${QUESTIONS} questions`, [
		{ what: 'delivered', value: `${questions.length} of ${READERS * QUESTIONS}` },
		{ what: 'p50', value: ms(percentile(questions, 0.5)) },
		{ what: 'p95', value: ms(percentile(questions, 0.95)), aim: '100 ms' },
		{ what: `${VOTES} votes at once, the last count, p95`, value: ms(percentile(delays, 0.95)), aim: '500 ms' }
	]);
}
