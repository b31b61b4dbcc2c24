/*
 * Push to browsers whose people agreed: whose they are, that each message is taken once, and what happens to those that
 * fail or are gone.
 */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { setCaller, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const keys = ['B'.repeat(87), 'A'.repeat(22)];
const address = () => `https://push.example/${randomUUID()}`;

/** Subscribes as a person, in one of their Auth sessions. */
async function agree(who: TestPerson, endpoint: string, session: string | null = randomUUID()): Promise<string> {
	if (session) await db.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, who.account]);
	await db.owner.query('begin');
	await setCaller(db.owner, who);
	const claims = { role: 'authenticated', sub: who.account, ...(session && { session_id: session }) };
	await db.owner.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
	const { rows } = await db.owner.query<{ save_push_subscription: string }>(
		`select public.save_push_subscription($1, $2, $3)`,
		[endpoint, ...keys]
	);
	await db.owner.query('commit');
	return rows[0]?.save_push_subscription ?? '';
}

async function announce(target: object = { audience: 'everyone' }, change: object = {}): Promise<string> {
	const written = { texts: { en: { title: 'Doors open' } }, original: 'en', push: true, minutes: 60, ...change };
	const { id } = await callAs<{ id: string }>(db.owner, world.people.programme, 'public.announce($1, $2, $3, $4)', [
		world.summit,
		randomUUID(),
		target,
		written
	]);
	return id;
}

interface Push {
	id: string;
	endpoint: string;
	wording: { subject: string } | null;
}
const claim = async (announcement: string, client = db.app) =>
	(await client.query<Push>(`select * from private.claim_pushes($1)`, [announcement])).rows;
const done = (id: string, outcome: string) => db.app.query(`select private.record_push_result($1, $2)`, [id, outcome]);
const subscriptionsOf = async (who: TestPerson) =>
	(
		await db.owner.query<{ endpoint: string }>(`select endpoint from private.push_subscriptions where person_id = $1`, [
			who.person
		])
	).rows.map((row) => row.endpoint);

test('goes to each browser of its recipients, and one process takes it', async () => {
	const [first, second] = [address(), address()];
	await agree(world.people.delegate, first);
	await agree(world.people.delegate, second);
	await agree(world.people.newcomer, address());
	const id = await announce();
	const other = await db.connect(db.appUrl);
	const both = await Promise.all([claim(id), claim(id, other)]);
	expect(
		both
			.flat()
			.map((push) => push.endpoint)
			.sort()
	).toEqual([first, second].sort());
	expect(both.flat()[0]?.wording).toEqual({ subject: 'Doors open', body: null });
	for (const push of both.flat()) await done(push.id, 'sent');
	const [listed] = await callAs<Record<string, unknown>[]>(
		db.owner,
		world.people.stage,
		'public.list_announcements($1)',
		[world.summit]
	);
	expect(listed).toMatchObject({ pushed: 1, push_failed: 0 });
});

test('leaves out what only few people may know', async () => {
	await agree(world.people.speaker, address());
	const pushes = await claim(await announce({ audience: 'session_people', session: world.sessions.closed.id }));
	expect(pushes.map((push) => push.wording)).toEqual([null]);
});

test('sends nothing to a browser whose session has ended', async () => {
	const session = randomUUID();
	await agree(world.people.delegate, address(), session);
	const id = await announce();
	await db.owner.query(`delete from auth.sessions where id = $1`, [session]);
	expect(await claim(id)).toEqual([]);
	expect(await subscriptionsOf(world.people.delegate)).toEqual([]);
});

test('tries a failing browser again, at most five times, and forgets one that is gone', async () => {
	const endpoint = address();
	await agree(world.people.delegate, endpoint);
	const id = await announce();
	for (let attempt = 1; attempt <= 5; attempt += 1) {
		const [push] = await claim(id);
		expect(push?.endpoint).toBe(endpoint);
		await done(push?.id ?? '', 'failed');
		expect(await claim(id)).toEqual([]);
		await db.owner.query(`update private.pushes set send_after = now() where announcement_id = $1`, [id]);
	}
	expect(await claim(id)).toEqual([]);
	const [push] = await claim(await announce());
	await done(push?.id ?? '', 'gone');
	expect(await subscriptionsOf(world.people.delegate)).toEqual([]);
});

test('finds again what a dead process had taken, but not what is withdrawn or over', async () => {
	await agree(world.people.delegate, address());
	const id = await announce();
	await claim(id);
	const swept = async () =>
		(await db.app.query<{ id: string }>(`select * from private.sweep_pushes()`)).rows.map((row) => row.id);
	expect(await swept()).not.toContain(id);
	await db.owner.query(
		`update private.pushes set claimed_at = now() - interval '4 minutes' where announcement_id = $1`,
		[id]
	);
	expect(await swept()).toContain(id);
	await callAs(db.owner, world.people.programme, 'public.withdraw_announcement($1)', [id]);
	expect(await claim(id)).toEqual([]);
});

test('a browser belongs to one person: the next who signs in takes it over; ten at most, with valid keys', async () => {
	const endpoint = address();
	expect(await agree(world.people.delegate, endpoint)).toBe('ok');
	expect(await agree(world.people.virtual, endpoint)).toBe('ok');
	expect([await subscriptionsOf(world.people.delegate), await subscriptionsOf(world.people.virtual)]).toEqual([
		[],
		[endpoint]
	]);
	for (let each = 0; each < 12; each += 1) await agree(world.people.delegate, address());
	expect((await subscriptionsOf(world.people.delegate)).length).toBe(10);
	expect(await agree(world.people.delegate, address(), null)).toBe('not_allowed');
	expect(await agree(world.people.delegate, 'javascript:alert(1)')).toBe('invalid');
	await callAs(db.owner, null, 'public.delete_push_subscription($1)', [endpoint]);
	expect(await subscriptionsOf(world.people.virtual)).toEqual([]);
});
