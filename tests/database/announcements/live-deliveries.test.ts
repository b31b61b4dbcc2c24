/* Live delivery counts of announcements: who may subscribe, what sends an event, and how often. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { closeListener, eventListener } from '../../../src/lib/live/server/listener.ts';
import { closeStreams, eventStream } from '../../../src/lib/live/server/stream.ts';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let owner: pg.Client;
let listener: pg.Client;
let world: World;
let topic: string;
const received: string[] = [];

beforeAll(async () => {
	[owner, listener] = [await db.connect(), await db.connect()];
	listener.on('notification', ({ payload }) => received.push(payload ?? ''));
	await listener.query('listen live_events');
	process.env['APP_DATABASE_URL'] = db.appUrl;
	await vi.waitFor(() => expect(eventListener()?.connected()).toBe(true));
});
afterAll(async () => {
	closeStreams();
	await closeListener();
});
beforeEach(async () => {
	world = await makeWorld(owner);
	topic = `announced:${world.summit}`;
});

const written = { texts: { en: { title: 'Lunch is late' } }, original: 'en', push: false, mail: true, minutes: 60 };
const announce = (target: object) =>
	callAs<{ id: string }>(owner, world.people.programme, 'public.announce($1, $2, $3, $4)', [
		world.summit,
		randomUUID(),
		target,
		written
	]);
const take = (who: TestPerson) =>
	owner.query(`select private.deliver_announcements($1, $2)`, [who.person, world.summit]);
const see = (who: TestPerson, id: string) =>
	callAs<number>(owner, who, 'public.mark_announcements_seen($1, $2)', [[id], false]);

/** The events that an act sends on the topic. */
async function eventsOf(work: () => Promise<unknown>): Promise<string[]> {
	await listener.query('select 1');
	received.length = 0;
	await work();
	await listener.query('select 1');
	return received.filter((each) => each.includes(topic));
}

test('is open to people who may announce, and to nobody else', async () => {
	const allowed: string[] = [];
	for (const kind of personKinds)
		if ((await callAs<string[]>(owner, world.people[kind], 'public.allowed_topics($1)', [[topic]])).length > 0)
			allowed.push(kind);
	expect(allowed).toEqual(['programme', 'registration', 'stage', 'safeguarding', 'owner']);
	const { rows } = await owner.query<{ id: string }>(
		`select person_id as id from private.list_stale_subscribers($1, $2)`,
		[topic, [world.people.registration.person, world.people.door.person, null]]
	);
	expect(rows.map(({ id }) => id)).toEqual([world.people.door.person, null]);
});

test('making, delivering, seeing, mailing and withdrawing send one event each without content; repeats send none', async () => {
	const expected = JSON.stringify({ topic, kind: 'counts', id: null });
	const each = async (work: () => Promise<unknown>) => (await eventsOf(work)).map((one) => JSON.parse(one) as unknown);
	const once = [JSON.parse(expected) as unknown];
	let id = '';
	expect(
		await each(async () => ({ id } = await announce({ audience: 'session', session: world.sessions.closed.id })))
	).toEqual(once);
	const { speaker } = world.people;
	expect(await each(() => take(speaker))).toEqual(once);
	expect(await each(() => take(speaker))).toEqual([]);
	expect(await each(() => see(speaker, id))).toEqual(once);
	expect(await each(() => see(speaker, id))).toEqual([]);
	await owner.query(
		`insert into private.outbox (person_id, template, locale, params, summit_id, idempotency_key)
		values ($1, 'announcement', 'en', jsonb_build_object('announcement_id', $2::uuid), $3, 'announcement:' || $2)`,
		[speaker.person, id, world.summit]
	);
	const mailed = () =>
		owner.query(`update private.outbox set state = 'sent' where idempotency_key = 'announcement:' || $1`, [id]);
	expect(await each(mailed)).toEqual(once);
	expect(await each(mailed)).toEqual([]);
	expect(await each(() => callAs(owner, world.people.programme, 'public.withdraw_announcement($1)', [id]))).toEqual(
		once
	);
});

test('five hundred who see it at the same moment cause two events, the last one after the last of them', async () => {
	const { id } = await announce({ audience: 'everyone' });
	await listener.query('select 1');
	received.length = 0;
	const reader = eventStream([topic], null, { address: '192.0.2.1', account: null, session: null })?.body?.getReader();
	const at: number[] = [];
	void (async () => {
		for (;;) {
			const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
			if (done) return;
			if (new TextDecoder().decode(value).includes(topic)) at.push(Date.now());
		}
	})();
	const first = Date.now();
	// Each runs in its own transaction, as on pages.
	const seen = `update private.announcement_readers set seen_at = now() where announcement_id = $1 and person_id = $2`;
	for (let page = 0; page < 500; page += 1) await owner.query(seen, [id, world.people.delegate.person]);
	const last = Date.now();
	await vi.waitFor(() => expect(received.filter((each) => each.includes(topic))).toHaveLength(500));
	await vi.waitFor(() => expect(at.at(-1)).toBeGreaterThanOrEqual(last), { timeout: 5000 });
	// Two events, if the five hundred take less time than the pause between two events.
	expect(at.length).toBeLessThanOrEqual(2 + Math.floor((last - first) / 2000));
	await reader?.cancel();
});
