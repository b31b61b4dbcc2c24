/*
 * What the viewers of a large audience's stream (HLS) cost: signed-in readers ask for the playlist and for a piece, as a player does every
 * four seconds. LiveKit Egress does not run here, so that a bucket of the tests holds what it would have written.
 */
import { randomBytes } from 'node:crypto';
import { Agent, get } from 'node:http';
import { Bucket } from '../fixtures/bucket.ts';
import { startSecondApp } from '../fixtures/nodes.ts';
import { openSessions } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { makeWorld } from '../fixtures/world.ts';
import { processorTime } from './processes.ts';
import { ms, percentile, print, type Figure } from './report.ts';
import { ownerOf } from './summit.ts';

const viewers = 200;
const connections = 16;
const seconds = 8;
/** Four seconds at 1.1 megabits a second, as Egress is asked for. */
const pieceBytes = 550_000;

interface Fetched {
	status: number;
	body: Buffer;
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

function fetchAs(url: string, cookie: string): Promise<Fetched> {
	return new Promise((done, fail) => {
		get(url, { agent, headers: { cookie } }, (response) => {
			const parts: Buffer[] = [];
			response.on('data', (part: Buffer) => parts.push(part));
			response.on('end', () => done({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
		}).on('error', fail);
	});
}

/** The last address in a playlist. */
function lastAddress(list: Buffer, playlist: string): string {
	const lines = list.toString().split('\n');
	return new URL(lines.findLast((line) => line !== '' && !line.startsWith('#')) ?? '', playlist).href;
}

/** Measures the playlist of the room, which a player reads once, the one behind a pass, and a piece, each alone. */
export async function measureLargeAudience(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const world = await makeWorld(client);
	await client.query(`update public.runs set level = 'public' where id = $1`, [world.run]);
	await client.query(`insert into private.large_audiences (run_id, summit_id) values ($1, $2)`, [
		world.run,
		world.summit
	]);
	const { rows } = await client.query<{ key: string }>(
		`insert into private.egresses (run_id, egress_id, state) values ($1, $2, 'active') returning object_key as key`,
		[world.run, `EG_${randomBytes(6).toString('hex')}`]
	);
	const bucket = await new Bucket().start();
	const names = Array.from({ length: 5 }, (_, n) => `piece_0000${n}.ts`);
	const list = names.map((name) => `#EXTINF:4.0,\n${name}\n`).join('');
	const place = rows[0]?.key ?? '';
	bucket.objects.set(
		`${place}/live.m3u8`,
		Buffer.from(`#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n${list}`)
	);
	for (const name of names) bucket.objects.set(`${place}/${name}`, randomBytes(pieceBytes));
	const app = await startSecondApp(stack.variables, {
		...bucket.environment,
		LIVEKIT_INGRESS: '',
		LIVEKIT_EGRESS: '1',
		CHECK_ANSWERS: 'no'
	});
	try {
		const people = await openSessions(
			stack.variables,
			Array.from({ length: viewers }, (_, n) => `large-${n}-${world.slug}@example.org`)
		);
		const playlist = `${app.origin}/${world.slug}/live/plenary/large/live.m3u8`;
		const figures: Figure[] = [];
		const measure = async (what: string, ask: (cookie: string) => Promise<Fetched>) => {
			const times: number[] = [];
			let next = 0;
			let failures = 0;
			const work = async (until: number) => {
				while (performance.now() < until) {
					const began = performance.now();
					const { status } = await ask(people[next++ % viewers]?.cookie ?? '');
					if (status === 200) times.push(performance.now() - began);
					else failures += 1;
				}
			};
			const during = (length: number) => {
				const until = performance.now() + length * 1000;
				return Promise.all(Array.from({ length: connections }, () => work(until)));
			};
			await during(3);
			times.length = 0;
			const before = { app: processorTime(app.pid), engines: processorTime(stack.process.pid ?? 0) };
			await during(seconds);
			const spent = {
				app: processorTime(app.pid) - before.app,
				engines: processorTime(stack.process.pid ?? 0) - before.engines
			};
			figures.push({
				what,
				value:
					`${(spent.app / times.length).toFixed(2)} ms of processor time of the app, ${(spent.engines / times.length).toFixed(2)} ms of its engines; ` +
					`${Math.round(times.length / seconds)} a second, p95 ${ms(percentile(times, 0.95))}, ${failures} failures`
			});
		};
		const own = new Map<string, string>();
		await measure('the playlist of the room, once', async (cookie) => {
			const answer = await fetchAs(playlist, cookie);
			if (answer.status === 200) own.set(cookie, lastAddress(answer.body, playlist));
			return answer;
		});
		const listOf = (cookie: string) => fetchAs(own.get(cookie) ?? playlist, cookie);
		await measure('the playlist behind a pass, every 4 s', listOf);
		let [piece, listedAt] = [playlist, -Infinity];
		await measure('a piece of 550 kB, every 4 s', async (cookie) => {
			// As a player knows it: from a playlist of the last seconds.
			if (performance.now() - listedAt > 4000) {
				listedAt = performance.now();
				piece = lastAddress((await listOf(cookie)).body, playlist);
			}
			return fetchAs(piece, cookie);
		});
		print(`The stream of a large audience, ${viewers} signed-in viewers, ${connections} requests at once`, figures);
	} finally {
		agent.destroy();
		await app.stop();
		await bucket.stop();
		await client.end();
	}
}
