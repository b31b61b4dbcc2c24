/* The whole way through the registration, of 300 people on 50 seats, all at once through HTTP: 13 requests each. */
import { openSessions, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { processorTime } from './processes.ts';
import { ms, percentile, print } from './report.ts';
import { send } from './requests.ts';
import { smallRush, rushResult, prepareRush } from './rush.ts';
import { ownerOf } from './summit.ts';

/** Walks everybody through the form, and counts what they left in the database. */
export async function measureJourney(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { id, slug, members } = await prepareRush(client, smallRush);
	const tag = Date.now();
	const sessions = await openSessions(
		stack.variables,
		Array.from({ length: smallRush.people }, (_, n) => `journey-${tag}-${n}@example.org`)
	);
	const times: number[] = [];
	const answers = new Map<string, number>();
	const spent = processorTime(stack.process.pid ?? 0);
	const began = performance.now();
	const ends = await Promise.all(
		sessions.map(async (session, n) => {
			const walk = walkOf(`${stack.origin}/${slug}`, session, (took) => times.push(took));
			const answer = await register(walk, members[n % members.length] ?? '');
			answers.set(answer, (answers.get(answer) ?? 0) + 1);
			return performance.now() - began;
		})
	);
	const processor = (processorTime(stack.process.pid ?? 0) - spent) / smallRush.people;
	const { held, waiting, ordered } = await rushResult(client, id);
	await client.end();
	print(`The whole registration, ${smallRush.people} people on ${smallRush.seats} seats`, [
		{ what: 'settled', value: `${ms(Math.max(...ends))}, half of them by ${ms(percentile(ends, 0.5))}`, aim: '7 s' },
		{ what: 'a request', value: `p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}` },
		{ what: 'answers', value: [...answers].map(([answer, count]) => `${count} × ${answer}`).join(', ') },
		{ what: 'processor time of one person', value: ms(processor) },
		{ what: 'seats held', value: String(held), aim: String(smallRush.seats) },
		{ what: 'in the queue', value: `${waiting}, in order: ${ordered}`, aim: String(smallRush.people - smallRush.seats) }
	]);
}

interface Walk {
	get(path: string): Promise<string>;
	/** Sends the form of a page that was read; where it leads. */
	post(path: string, page: string, form: Record<string, string>): Promise<string>;
}

/** The requests of one person. A page that is not what it should be ends the measurement. */
function walkOf(home: string, { cookie }: Session, report: (took: number) => void): Walk {
	async function request(path: string, expected: number, form?: Record<string, string>) {
		const began = performance.now();
		const answer = await send(new URL(home + path), cookie, form);
		report(performance.now() - began);
		if (answer.status !== expected) throw new Error(`${path} answered ${answer.status} ${answer.location}`);
		return answer;
	}
	return {
		get: async (path) => (await request(path, 200)).body,
		post: async (path, page, form) => {
			const version = /name="version" value="(\d+)"/.exec(page)?.[1] ?? '0';
			return (await request(path, 303, { version, ...form })).location;
		}
	};
}

/** From the page of the Summit to one's own, and where the last form led. */
async function register({ get, post }: Walk, member: string): Promise<string> {
	const steps: Record<string, string>[] = [
		{ display_name: 'Delegate', office: 'Coordinator', country: 'UY', protection: 'none' },
		{ member },
		{ mode: 'in_person', 'languages[]': 'en' },
		{ access_needs: 'A seat near the door', note: '' },
		{ code_of_conduct: 'on' }
	];
	await get('');
	await get('/register');
	let location = '';
	for (const [n, form] of steps.entries()) {
		const path = `/register/${n + 1}`;
		location = await post(path, await get(path), form);
	}
	await get('/me');
	return location.replace(/^\/[^/]+/, '');
}
