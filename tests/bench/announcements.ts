/* An announcement to 500 open pages: from its creation to the event on each stream, and to its text in each page, which requests it shortly after. */
import { randomUUID } from 'node:crypto';
import { Agent, get, type ClientRequest } from 'node:http';
import { makeSummit, readValue } from '../fixtures/registering.ts';
import { openSession, openSessions, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { actAs } from '../fixtures/world.ts';
import { ms, percentile, print } from './report.ts';
import { ownerOf } from './summit.ts';

const READERS = 500;
const ANNOUNCEMENTS = 10;
// Requests are spread as the page spreads them, so that the pages of a Summit do not send them all at once.
const SPREAD = 800;

/** Measures the delivery of announcements to everybody, and that each page counts once. */
export async function measureAnnouncements(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { summit, members } = await makeSummit(client, { hall: READERS, members: 100 });
	const address = (n: number) => `reader-${n}-${summit}@example.org`;
	const pages = await openSessions(
		stack.variables,
		Array.from({ length: READERS }, (_, n) => address(n))
	);
	const { account, person } = await openSession(stack.variables, `announcer-${summit}@example.org`);
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'programme', $2)`, [
		person,
		summit
	]);
	await client.query('begin');
	await client.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at, code_of_conduct_at)
		select $1, p, ($3::uuid[])[1 + n % 100], 'in_person', 'confirmed', now(), now() from unnest($2::uuid[]) with ordinality as t (p, n)`,
		[summit, pages.map((page) => page.person), members]
	);
	await client.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state)
		select $1, r.id, 'in_person', r.member_id, 'taken' from public.registrations as r where r.summit_id = $1`,
		[summit]
	);
	await client.query('commit');

	const agent = new Agent({ keepAlive: true, maxSockets: READERS });
	const asking = new Agent({ keepAlive: true, maxSockets: 100 });
	const received: number[] = [];
	const shown: number[] = [];
	let sent = 0;
	let wanted = 'nothing yet';
	const streams: ClientRequest[] = [];
	const request = ({ cookie }: Session) =>
		get(`${stack.origin}/api/announcements?summit=${summit}`, { agent: asking, headers: { cookie } }, (answer) => {
			let body = '';
			answer.setEncoding('utf8').on('data', (piece: string) => (body += piece));
			answer.on('end', () => body.includes(wanted) && shown.push(performance.now() - sent));
		}).on('error', () => undefined);
	const open = (page: Session) =>
		new Promise<void>((opened, fail) => {
			const topics = `summit:${summit},person:${page.person}`;
			const stream = get(
				`${stack.origin}/api/events?topics=${topics}`,
				{ agent, headers: { cookie: page.cookie } },
				(response) => {
					if (response.statusCode !== 200) return fail(new Error(`events answered ${response.statusCode}`));
					response.on('data', (chunk: Buffer) => {
						if (!chunk.includes('"kind":"announcement"')) return;
						received.push(performance.now() - sent);
						setTimeout(() => request(page), Math.random() * SPREAD);
					});
					response.on('error', () => undefined);
					opened();
				}
			);
			stream.on('error', () => undefined);
			streams.push(stream);
		});
	for (let first = 0; first < READERS; first += 50) await Promise.all(pages.slice(first, first + 50).map(open));
	let people = 0;
	for (let n = 0; n < ANNOUNCEMENTS; n++) {
		wanted = `Announcement number ${n} of those that are measured`;
		const expected = shown.length + READERS;
		const words = { texts: { en: { title: wanted, body: 'Please read.' } }, original: 'en', page: '', minutes: 60 };
		sent = performance.now();
		const [row] = await actAs<{ answer: { status: string; people: number } }>(
			client,
			{ account, person, name: 'Announcer' },
			`select public.announce($1, $2, '{"audience":"everyone"}', $3) as answer`,
			[summit, randomUUID(), { ...words, urgent: false, push: false, mail: false }]
		);
		if (row?.answer.status !== 'ok') throw new Error(`it was answered ${JSON.stringify(row?.answer)}`);
		people += row.answer.people;
		const deadline = performance.now() + 15_000;
		while (shown.length < expected && performance.now() < deadline) await new Promise((done) => setTimeout(done, 5));
	}
	const counted = await readValue<string>(
		client,
		`select count(*) || ' by ' || count(distinct r.person_id) || ' people' from private.announcement_readers as r
		join private.announcements as a on a.id = r.announcement_id where a.summit_id = $1 and r.delivered_at is not null`,
		[summit]
	);
	for (const stream of streams) stream.destroy();
	agent.destroy();
	asking.destroy();
	await client.end();
	print(`An announcement to ${READERS} open pages, ${ANNOUNCEMENTS} announcements`, [
		{ what: 'events on all streams', value: `${received.length} of ${READERS * ANNOUNCEMENTS}` },
		{ what: 'events, p50 and p95', value: `${ms(percentile(received, 0.5))}, ${ms(percentile(received, 0.95))}` },
		{ what: 'its words on all pages', value: `${shown.length} of ${READERS * ANNOUNCEMENTS}` },
		{
			what: `words, spread over ${SPREAD} ms, p50 and p95`,
			value: `${ms(percentile(shown, 0.5))}, ${ms(percentile(shown, 0.95))}`
		},
		{ what: 'counted as delivered', value: `${counted}, of ${people}` }
	]);
}
