/* Minutes of attendance: who reads them, how they are counted, and that none exist in sessions without names. */
import { beforeEach, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let session: string;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	session = world.sessions.public.id;
	await db.owner.query(`update public.runs set started_at = now() - interval '60 minutes' where id = $1`, [world.run]);
});

/** Attendance between two times, in minutes ago; null: still present. */
async function attend(
	who: TestPerson,
	from: number,
	until: number | null,
	kind = 'stream',
	run: string | null = world.run
) {
	await db.owner.query(
		`insert into public.presence (summit_id, person_id, session_id, run_id, kind, entered_at, left_at)
		values ($1, $2, $3, $4, $5, now() - $6 * interval '1 minute', now() - $7 * interval '1 minute')`,
		[world.summit, who.person, session, run, kind, from, until]
	);
}

const minutes = (who: TestPerson) =>
	readValue<number>(db.owner, `select private.attended_minutes($1, $2)`, [who.person, session]);
const figures = async (who: TestPerson) =>
	(
		await callAs<{ session: string; people: number | null; minutes: number | null }[]>(
			db.owner,
			who,
			'public.list_session_attendance($1)',
			[world.summit]
		)
	).map(({ people, minutes: average }) => [people, average]);
const named = (who: TestPerson) =>
	callAs<{ display_name: string; minutes: number }[] | null>(db.owner, who, 'public.list_session_attendees($1)', [
		session
	]);

test('counts while the run is on, each minute once, by door or by stream', async () => {
	const { delegate, virtual } = world.people;
	await attend(delegate, 90, 50);
	expect(await minutes(delegate)).toBe(10);
	await attend(delegate, 55, 40);
	expect(await minutes(delegate)).toBe(20);
	await attend(delegate, 45, 30, 'door', null);
	expect(await minutes(delegate)).toBe(30);
	await attend(virtual, 5, null);
	expect(await minutes(virtual)).toBe(5);
	await db.owner.query(`update public.runs set started_at = null where id = $1`, [world.run]);
	expect(await minutes(virtual)).toBe(0);
});

test('shows names to registration organisers, and a number of five or more to people who run the session', async () => {
	const { people } = world;
	await attend(people.delegate, 30, 10);
	expect(await named(people.registration)).toEqual([
		expect.objectContaining({ display_name: people.delegate.name, minutes: 20 })
	]);
	expect(await figures(people.registration)).toEqual([[1, 20]]);
	expect(await figures(people.stage)).toEqual([[null, null]]);
	for (const kind of personKinds.filter((kind) => !['registration', 'owner'].includes(kind)))
		expect([kind, await named(people[kind])]).toEqual([kind, null]);
	expect(await figures(people.delegate)).toEqual([]);
	for (let count = 0; count < 4; count++) await attend(await makePerson(db.owner, `Guest ${count}`), 30, 20);
	expect(await figures(people.stage)).toEqual([[5, 12]]);
});

test('hides groups below the Summit’s smallest group size', async () => {
	const { people } = world;
	expect(await callAs(db.owner, people.owner, 'public.save_smallest_group($1, 7)', [world.summit])).toBe('ok');
	for (let count = 0; count < 6; count++) await attend(await makePerson(db.owner, `Guest ${count}`), 30, 20);
	expect([await figures(people.stage), await figures(people.registration)]).toEqual([[[null, null]], [[6, 10]]]);
	expect(await callAs(db.owner, people.owner, 'public.save_smallest_group($1, 6)', [world.summit])).toBe('ok');
	expect(await figures(people.stage)).toEqual([[6, 10]]);
});

test('shows people their own minutes, and no others', async () => {
	const { delegate, virtual } = world.people;
	await attend(delegate, 30, 10);
	const own = (who: TestPerson) => callAs<object[]>(db.owner, who, 'public.my_attendance($1)', [world.summit]);
	expect(await own(delegate)).toEqual([
		expect.objectContaining({ code: world.sessions.public.code, level: 'public', minutes: 20 })
	]);
	expect(await own(virtual)).toEqual([]);
	await expect(callAs(db.owner, null, 'public.my_attendance($1)', [world.summit])).rejects.toThrow('permission denied');
});

test.each(['chatham_house', 'closed'] as const)('leaves nothing at level %s', async (level) => {
	const { delegate, registration, owner: head } = world.people;
	await attend(delegate, 30, 10);
	await db.owner.query(`update public.sessions set level = $2, audience = 'listed' where id = $1`, [session, level]);
	// Rows that bypass every rule are still readable by nobody.
	await attend(delegate, 9, 5);
	expect(await minutes(delegate)).toBe(0);
	expect(await callAs(db.owner, delegate, 'public.my_attendance($1)', [world.summit])).toEqual([]);
	expect(await named(registration)).toBeNull();
	expect(await named(head)).toBeNull();
	for (const who of [world.people.stage, registration])
		expect((await figures(who)).filter(([people]) => people !== 0 && people !== null)).toEqual([]);
});
