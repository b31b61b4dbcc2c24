/* Announcements: who may make them, and that each is made once, read, counted and withdrawn. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { announcementActs, type Answer, words, written } from '../../fixtures/announcing.ts';

const db = useDatabase();
let world: World;

const { announce, taken, see, list } = announcementActs(db, () => world);

beforeEach(async () => (world = await makeWorld(db.owner)));

describe('who may announce', () => {
	test('organisers of agenda, registration, stage or safeguarding, and owners', async () => {
		const allowed: string[] = [];
		for (const kind of personKinds) {
			const who = world.people[kind];
			const { status } = await announce(who, { audience: 'everyone' });
			const listed = (await list(who)) !== null;
			expect(listed, kind).toBe(status === 'ok');
			if (status === 'ok') allowed.push(kind);
			else expect(status).toBe('not_allowed');
		}
		expect(allowed).toEqual(['programme', 'registration', 'stage', 'safeguarding', 'owner']);
		await expect(announce(null, { audience: 'everyone' })).rejects.toThrow(/permission denied/);
	});

	test('to a closed session only people who may see it; its title is in no list of others', async () => {
		const target = { audience: 'session', session: world.sessions.closed.id };
		expect((await announce(world.people.registration, target)).status).toBe('not_allowed');
		expect((await announce(world.people.programme, target)).status).toBe('ok');
		expect(JSON.stringify(await list(world.people.registration))).not.toContain(world.sessions.closed.title);
		expect(JSON.stringify(await list(world.people.programme))).toContain(world.sessions.closed.title);
	});
});

describe('one announcement', () => {
	test('results from any number of submissions of the form, also at the same time', async () => {
		const once = randomUUID();
		const second = await db.connect();
		const send = (client: pg.Client) =>
			callAs<Answer>(client, world.people.programme, 'public.announce($1, $2, $3, $4)', [
				world.summit,
				once,
				{ audience: 'everyone' },
				written
			]);
		const answers = await Promise.all([send(db.owner), send(second)]);
		expect(answers.map(({ status }) => status).sort()).toEqual(['already', 'ok']);
		expect((await taken(world.people.delegate)).length).toBe(1);
	});

	test.each([
		[{ audience: 'everyone' }, { texts: {} }],
		[{ audience: 'everyone' }, { original: 'ar' }],
		[{ audience: 'everyone' }, { texts: { en: { title: ' ' } } }],
		[{ audience: 'everyone' }, { texts: { en: { title: 'x'.repeat(121) } } }],
		[{ audience: 'everyone' }, { minutes: 0 }],
		[{ audience: 'everyone' }, { minutes: null }],
		[{ audience: 'planet' }, {}],
		[{ audience: 'room', room: randomUUID() }, {}],
		[{ audience: 'session', session: 'x' }, {}],
		[{}, {}]
	])('%o %o is refused', async (target, change) => {
		expect((await announce(world.people.programme, target, change)).status).toBe('invalid');
	});

	test('is refused when it would reach nobody', async () => {
		const target = { audience: 'language', language: 'ar' };
		expect((await announce(world.people.programme, target)).status).toBe('nobody');
		expect(await list(world.people.programme)).toEqual([]);
	});
});

test('a Summit that shows nothing says so, and its pages need not ask again', async () => {
	const callAs = (summit: string) =>
		readValue(db.app, 'select private.deliver_announcements($1, $2)', [world.people.delegate.person, summit]);
	expect(await callAs(randomUUID())).toBeNull();
	expect((await announce(world.people.stage, { audience: 'everyone' })).status).toBe('ok');
	expect(await callAs(world.summit)).not.toBeNull();
});

test('is delivered, seen and counted; nobody can see it for others; a withdrawn one disappears', async () => {
	const { id = '' } = await announce(world.people.programme, { audience: 'mode', mode: 'in_person' }, { urgent: true });
	await taken(world.people.delegate);
	expect(await see(world.people.virtual, [id], true)).toBe(0);
	// Having an urgent announcement on the screen does not count as reading it.
	expect(await see(world.people.delegate, [id])).toBe(0);
	expect((await taken(world.people.delegate)).length).toBe(1);
	expect(await see(world.people.delegate, [id], true)).toBe(1);
	expect(await see(world.people.delegate, [id], true)).toBe(0);
	expect(await taken(world.people.delegate)).toEqual([]);
	expect(await list(world.people.stage)).toMatchObject([{ people: 2, delivered: 1, seen: 1, urgent: true }]);
	const withdraw = (who: TestPerson) => callAs<string>(db.owner, who, 'public.withdraw_announcement($1)', [id]);
	expect(await withdraw(world.people.door)).toBe('not_allowed');
	expect(await withdraw(world.people.stage)).toBe('ok');
	expect(await withdraw(world.people.stage)).toBe('already');
	expect(await taken(world.people.speaker)).toEqual([]);
});

test('is sent by mail to people with a working address, with its text; for a closed session without', async () => {
	const address = `insert into private.person_addresses (person_id, address_sealed, key_id, address_hash, is_primary) values ($1, '\\x00', 'k', $2, true)`;
	await db.owner.query(address, [world.people.speaker.person, Buffer.from(randomUUID())]);
	await announce(world.people.programme, { audience: 'everyone' }, { mail: true });
	await announce(world.people.programme, { audience: 'session', session: world.sessions.closed.id }, { mail: true });
	const { rows } = await db.app.query<{ template: string; wording: unknown }>(
		`select template, wording from private.claim_mail(10) where template = 'announcement'`
	);
	expect(rows.map(({ wording }) => wording)).toEqual(
		expect.arrayContaining([{ subject: words.en.title, body: words.en.body }, null])
	);
	expect(rows.length).toBe(2);
});

test('the list of mails does not reveal who stars a session or is in a room', async () => {
	const { people, sessions, summit } = world;
	for (const kind of personKinds)
		await db.owner.query(
			`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at) values ($1, $2, $2, 'k', now()) on conflict do nothing`,
			[people[kind].person, Buffer.from(people[kind].person)]
		);
	const listed = async () =>
		(
			await callAs<{ rows: { template: string; display_name: string | null }[] }>(
				db.owner,
				people.registration,
				`public.list_mail($1, 'queued')`,
				[summit]
			)
		).rows.filter(({ template }) => template === 'announcement');
	for (const target of [
		{ audience: 'session', session: sessions.closed.id },
		{ audience: 'session_people', session: sessions.closed.id },
		{ audience: 'room', room: world.room }
	])
		expect(await announce(people.programme, target, { mail: true })).toMatchObject({ status: 'ok' });
	const unnamed = await listed();
	expect(unnamed.length).toBeGreaterThan(2);
	expect(unnamed.filter(({ display_name }) => display_name !== null)).toEqual([]);
	await announce(people.programme, { audience: 'mode', mode: 'virtual' }, { mail: true });
	expect((await listed()).map(({ display_name }) => display_name)).toContain(people.virtual.name);
});

test('a form that was sent at another Summit is refused with a reason', async () => {
	const once = randomUUID();
	expect((await announce(world.people.owner, { audience: 'everyone' }, {}, once)).status).toBe('ok');
	world = await makeWorld(db.owner);
	expect(await announce(world.people.owner, { audience: 'everyone' }, {}, once)).toEqual({
		status: 'invalid',
		fault: 'once'
	});
});
