/* Live events to 200 open pages: from the change in the database to the last byte in each reader. */
import { Agent, get, type ClientRequest } from 'node:http';
import type { TestSummit } from '../fixtures/summit.ts';
import { ms, percentile, print } from './report.ts';
import { makeSummit, ownerOf } from './summit.ts';

const READERS = 200;
const CHANGES = 50;

/** Measures the delivery of a change to every reader of its Summit. */
export async function measureLiveEvents(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { id } = await makeSummit(client, 8);
	const url = `${stack.origin}/api/events?topics=summit:${id}`;
	const agent = new Agent({ keepAlive: true, maxSockets: READERS });
	const delays: number[] = [];
	let sent = 0;
	const readers: ClientRequest[] = [];
	await Promise.all(
		Array.from(
			{ length: READERS },
			() =>
				new Promise<void>((open, fail) => {
					const request = get(url, { agent }, (response) => {
						if (response.statusCode !== 200) return fail(new Error(`events answered ${response.statusCode}`));
						response.on('data', (chunk: Buffer) => {
							if (chunk.toString().includes('"kind":"seats"')) delays.push(performance.now() - sent);
						});
						response.on('error', () => undefined);
						open();
					});
					request.on('error', () => undefined);
					readers.push(request);
				})
		)
	);
	for (let change = 0; change < CHANGES; change++) {
		const expected = delays.length + READERS;
		sent = performance.now();
		await client.query(`select private.publish_event('summit:' || $1, 'seats')`, [id]);
		const deadline = performance.now() + 5000;
		while (delays.length < expected && performance.now() < deadline) await new Promise((done) => setImmediate(done));
	}
	for (const reader of readers) reader.destroy();
	agent.destroy();
	await client.end();
	print(`News to ${READERS} open pages, ${CHANGES} changes`, [
		{ what: 'delivered', value: `${delays.length} of ${READERS * CHANGES}` },
		{ what: 'p50', value: ms(percentile(delays, 0.5)) },
		{ what: 'p95', value: ms(percentile(delays, 0.95)), aim: '30 ms' }
	]);
}
