/* The door: one scan after the other, ten doors at once, the list that a device downloads, scans that wait to be sent, and an offline scan. */
import { randomUUID } from 'node:crypto';
import type { Agent } from 'node:http';
import { gzipSync } from 'node:zlib';
import { chromium, type Page } from 'playwright';
import type pg from 'pg';
import { signBadge, type BadgeSigner } from '../../src/lib/door/badge.ts';
import { readBadgeKeys } from '../../src/lib/door/server/badge-key.ts';
import { chromiumPath } from '../fixtures/media-browser.ts';
import { makePeople, makeSummit, readValue } from '../fixtures/registering.ts';
import { openSession, type Session } from '../fixtures/sessions.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { kB, ms, percentile, print, type Figure } from './report.ts';
import { clientFor } from './requests.ts';
import { ownerOf } from './summit.ts';

const BADGES = 2000;
let agent: Agent | undefined;

/** What the site answered to a device. */
export interface DoorAnswer {
	status: number;
	body: string;
}

let asked = 0;
/** One request over a connection that stays open. The rate limit is per session: each hundred requests count as another session. */
export function sendFromDoor(
	origin: string,
	path: string,
	cookie: string,
	key: string,
	body?: unknown
): Promise<DoorAnswer> {
	const client = clientFor(origin);
	agent ??= new client.Agent({ keepAlive: true });
	asked += 1;
	const text = body === undefined ? '' : JSON.stringify(body);
	return new Promise((done, fail) => {
		const sent = client.request(`${origin}${path}`, {
			...(agent && { agent }),
			method: body === undefined ? 'GET' : 'POST',
			headers: {
				cookie: `gs-session-${Math.floor(asked / 100)}=${Math.floor(asked / 100)}; ${cookie}`,
				origin: new URL(origin).origin,
				'x-door-key': key,
				...(text !== '' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
			}
		});
		sent.on('response', (answer) => {
			let output = '';
			answer.setEncoding('utf8').on('data', (piece: string) => (output += piece));
			answer.on('end', () => done({ status: answer.statusCode ?? 0, body: output }));
		});
		sent.on('error', fail);
		sent.end(text);
	});
}

async function makeBadges(client: pg.Client): Promise<{ summit: string; slug: string; badges: string[] }> {
	const { summit, members } = await makeSummit(client, { hall: BADGES, members: 100 });
	await client.query(
		`update public.summits set starts_on = current_date - 1, ends_on = current_date + 1 where id = $1`,
		[summit]
	);
	const people = await makePeople(client, BADGES);
	await client.query('begin');
	await client.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, state, submitted_at, code_of_conduct_at)
		select $1, p, ($3::uuid[])[1 + n % 100], 'in_person', 'confirmed', now(), now() from unnest($2::uuid[]) with ordinality as t (p, n)`,
		[summit, people.map(({ person }) => person), members]
	);
	await client.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state)
		select $1, r.id, 'in_person', r.member_id, 'taken' from public.registrations as r where r.summit_id = $1`,
		[summit]
	);
	const { rows } = await client.query<{ id: string }>(
		`insert into public.badges (summit_id, registration_id) select $1, id from public.registrations where summit_id = $1 returning id`,
		[summit]
	);
	await client.query('commit');
	await client.query(`select private.ensure_checkpoints($1)`, [summit]);
	await client.query('analyze');
	const slug = await readValue<string>(client, `select slug from public.summits where id = $1`, [summit]);
	return { summit, slug, badges: rows.map(({ id }) => id) };
}

/** A device at the entrance, with the session of who holds it. */
export interface Door {
	session: Session;
	key: string;
}

/** Makes somebody door staff, and sets up their device for the entrance. */
export async function enrolDoor(
	origin: string,
	client: pg.Client,
	summit: string,
	slug: string,
	session: Session,
	name: string
): Promise<Door> {
	await client.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'door', $2)`, [
		session.person,
		summit
	]);
	const checkpoint = await readValue<string>(
		client,
		`select id from public.checkpoints where summit_id = $1 and kind = 'entrance'`,
		[summit]
	);
	const made = await sendFromDoor(origin, `/${slug}/door/device`, session.cookie, '', {
		checkpoint,
		name
	});
	if (made.status !== 200) throw new Error(`a device was answered ${made.status}: ${made.body.slice(0, 300)}`);
	return { session, key: (JSON.parse(made.body) as { key: string }).key };
}

/** Measures how long door staff wait, and how many bytes a device transfers. */
export async function measureDoor(stack: TestSummit): Promise<void> {
	const client = await ownerOf(stack.variables);
	const { signer } = await readBadgeKeys(stack.variables.BADGE_KEY);
	const { summit, slug, badges } = await makeBadges(client);
	const code = (badge: string) => signBadge({ badge, summit, mode: 'in_person', days: [0, 1, 2] }, signer);
	const codes = await Promise.all(badges.map(code));
	const doors: Door[] = [];
	for (let n = 0; n < 10; n += 1) {
		const session = await openSession(stack.variables, `door-${n}-${summit}@example.org`);
		doors.push(await enrolDoor(stack.origin, client, summit, slug, session, `Tablet ${n}`));
	}
	const [first] = doors;
	if (!first) throw new Error('no door');
	const scan = async ({ session, key }: Door, n: number) => {
		const request = {
			id: randomUUID(),
			code: codes[n % codes.length],
			direction: n % 4000 < 2000 ? 'in' : 'out',
			at: new Date().toISOString(),
			offset: 0
		};
		const began = performance.now();
		const { status, body } = await sendFromDoor(stack.origin, `/${slug}/door/scan`, session.cookie, key, request);
		if (status !== 200 || !body.includes('"verdict"'))
			throw new Error(`a scan was answered ${status}: ${body.slice(0, 200)}`);
		return performance.now() - began;
	};
	const inTurn = async (count: number, from: number) => {
		const times: number[] = [];
		for (let n = 0; n < count; n += 1) times.push(await scan(first, from + n));
		return times;
	};
	await inTurn(20, 0);
	const fifty = await inTurn(50, 20);
	const many = await inTurn(5000, 70);
	const began = performance.now();
	const together = (
		await Promise.all(
			doors.map(async (door, d) => {
				const times: number[] = [];
				for (let n = 0; n < 100; n += 1) times.push(await scan(door, d * 100 + n));
				return times;
			})
		)
	).flat();
	const rate = 1000 / ((performance.now() - began) / 1000);
	const figures: Figure[] = [
		{
			what: '50 scans in turn, p50 and p95',
			value: `${ms(percentile(fifty, 0.5))}, ${ms(percentile(fifty, 0.95))}`,
			aim: 'p50 under 4 ms; pretix 37 ms'
		},
		{ what: '5,000 scans in turn', value: `${ms(percentile(many, 0.5))}, ${ms(percentile(many, 0.95))}` },
		{
			what: 'ten doors at once, 100 scans each',
			value: `${ms(percentile(together, 0.5))}, ${ms(percentile(together, 0.95))}, ${Math.round(rate)} a second`
		}
	];
	figures.push(await measureList(stack, slug, first), await measureSync(stack, slug, first, badges));
	figures.push(await measureOffline(stack, slug, summit, first.session, signer, badges));
	await client.end();
	print('The door', figures);
}

async function measureList(stack: TestSummit, slug: string, { session, key }: Door): Promise<Figure> {
	const began = performance.now();
	const { body } = await sendFromDoor(stack.origin, `/${slug}/door/snapshot`, session.cookie, key);
	const took = performance.now() - began;
	return {
		what: 'the list of 2,000 badges',
		value: `${kB(body.length)}, ${kB(gzipSync(body).length)} compressed, in ${ms(took)}`
	};
}

async function measureSync(stack: TestSummit, slug: string, { session, key }: Door, badges: string[]): Promise<Figure> {
	const { body } = await sendFromDoor(stack.origin, `/${slug}/door/snapshot`, session.cookie, key);
	const { checkpoint, cursor } = JSON.parse(body) as { checkpoint: { id: string }; cursor: number };
	// As a device does it: people who have left come back, and each batch asks for what is new since the previous one.
	let after = cursor;
	const began = performance.now();
	for (let from = 1000; from < 2000; from += 100) {
		const scans = badges.slice(from, from + 100).map((badge) => ({
			...{ id: randomUUID(), badge, direction: 'in', at: new Date().toISOString(), offset: 0 },
			...{ answer: 'welcome', checkpoint: checkpoint.id }
		}));
		const request = {
			now: new Date().toISOString(),
			queued: 2000 - from,
			battery_percent: null,
			version: 'bench',
			after,
			scans
		};
		const answer = await sendFromDoor(stack.origin, `/${slug}/door/sync`, session.cookie, key, request);
		if (answer.status !== 200) throw new Error(`a batch was answered ${answer.status}`);
		after = (JSON.parse(answer.body) as { cursor: number }).cursor;
	}
	return { what: '1,000 scans to send, in batches of 100', value: ms(performance.now() - began) };
}

async function measureOffline(
	stack: TestSummit,
	slug: string,
	summit: string,
	session: Session,
	signer: BadgeSigner,
	badges: string[]
): Promise<Figure> {
	const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
	const context = await browser.newContext();
	await context.addCookies(session.cookies.map(({ name, value: held }) => ({ name, value: held, url: stack.origin })));
	const page = await context.newPage();
	await page.goto(`${stack.origin}/${slug}/door`);
	await page.getByLabel('Name of the device').fill('Phone');
	await page.getByRole('button', { name: 'Set up for this checkpoint' }).click();
	await page.getByText('List of').waitFor();
	await page.locator('.door #door-code').waitFor();
	await context.setOffline(true);
	const times: number[] = [];
	for (const badge of badges.slice(1000, 1100)) {
		const code = await signBadge({ badge, summit, mode: 'in_person', days: [0, 1, 2] }, signer);
		times.push(await scanOnPage(page, code));
	}
	await browser.close();
	return {
		what: 'without a network, from Enter to the answer',
		value: `${ms(percentile(times, 0.5))}, ${ms(percentile(times, 0.95))}`,
		aim: '50 ms'
	};
}

// From the key press to the frame that shows the answer, by the page's own clock.
function scanOnPage(page: Page, code: string): Promise<number> {
	return page.evaluate(async (typed) => {
		const field = document.querySelector<HTMLInputElement>('#door-code');
		const door = document.querySelector('.door');
		if (!field || !door) throw new Error('no door');
		field.value = typed;
		field.dispatchEvent(new Event('input', { bubbles: true }));
		const began = performance.now();
		const shown = new Promise<void>((done) => {
			const watch = new MutationObserver(() => {
				watch.disconnect();
				requestAnimationFrame(() => done());
			});
			watch.observe(door, { attributes: true, attributeFilter: ['data-answered'] });
		});
		field.form?.requestSubmit();
		await shown;
		return performance.now() - began;
	}, code);
}
