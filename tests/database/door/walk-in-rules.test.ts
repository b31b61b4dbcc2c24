/*
 * Walk-ins who take no seat: the usual rules apply for rights, the watch list, the second person, fees and the audit
 * log.
 */
import { createHash, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import {
	callAs,
	countSeats,
	faultsOf,
	makeSummit,
	stateOf,
	readValue,
	type RegisteringSummit
} from '../../fixtures/registering.ts';
import { hashAddress, proveAddress } from '../../fixtures/inviting.ts';
import { useDatabase, waitForLocks } from '../../fixtures/database.ts';
import { badgeCategory, walkInGuest, walkInDesk, walkInTraces } from '../../fixtures/walk-ins.ts';
import { personKinds, makePerson, makeWorld, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let second: pg.Client;
let summit: RegisteringSummit;
let walk: ReturnType<typeof walkInDesk>['walk'];
let delegate: ReturnType<typeof walkInDesk>['delegate'];

beforeAll(async () => {
	second = await db.connect();
});
beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 3 });
	({ walk, delegate } = walkInDesk(summit, db.owner));
});

it('is for registration organisers, and a refusal leaves nothing behind', async () => {
	const world = await makeWorld(db.owner);
	const refused = personKinds.filter((kind) => kind !== 'registration' && kind !== 'owner');
	const before = await walkInTraces(db.owner);
	for (const kind of refused)
		for (const category of ['crew', 'press', 'guest'])
			expect([
				kind,
				await callAs(db.owner, world.people[kind], 'public.register_walk_in($1, $2)', [
					world.summit,
					JSON.stringify(walkInGuest(category))
				])
			]).toEqual([kind, { status: 'not_allowed' }]);
	// A registration organiser of another Summit.
	expect(await walk('crew', {}, world.people.registration)).toEqual({ status: 'not_allowed' });
	expect(await walkInTraces(db.owner)).toBe(before);
});

it('is one person for any number of submissions of the form, also at once', async () => {
	const once = randomUUID();
	const [one, other] = await Promise.all([walk('crew', { once }), walk('crew', { once }, summit.organiser, second)]);
	const again = await walk('crew', { once });
	expect(new Set([one?.id, other?.id, again.id]).size).toBe(1);
	expect(await countSeats(db.owner, summit.summit)).toMatchObject({ taken: 1 });
});

it('is in the audit log, with actor and reason', async () => {
	const { id } = await walk('guest');
	const { rows } = await db.owner.query<{ table_name: string }>(
		`select distinct table_name from audit.entries where registration_id = $1 and actor_person = $2 and reason = 'walk-in' order by 1`,
		[id, summit.organiser.person]
	);
	expect(rows.map(({ table_name }) => table_name)).toEqual(
		expect.arrayContaining(['public.badges', 'public.registrations', 'public.seats'])
	);
});

it('waits for a second person where press accreditation takes two, with a reserved place and no badge', async () => {
	await db.owner.query(
		`update public.accreditation_settings set second_person_for = '{press}', second_person_decisions = '{accredit}' where summit_id = $1`,
		[summit.summit]
	);
	const { id = '', status } = await walk('press');
	expect([status, await stateOf(db.owner, id), await badgeCategory(db.owner, id)]).toEqual([
		'proposed',
		'submitted',
		undefined
	]);
	const confirm = (who: TestPerson) =>
		callAs<{ status: string }[]>(db.owner, who, `public.decide_registrations($1, 'confirm')`, [[id]]);
	expect(await confirm(summit.organiser)).toMatchObject([{ status: 'second_person_needed' }]);
	expect(await confirm(summit.finance)).toMatchObject([{ status: 'not_allowed' }]);
	const colleague = await makePerson(db.owner, 'Second of two');
	await db.owner.query(`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`, [
		colleague.person,
		summit.summit
	]);
	expect(await confirm(colleague)).toMatchObject([{ status: 'confirmed' }]);
	expect(await badgeCategory(db.owner, id)).toBe('press');
});

it.each([
	['name', { name: 'The Press', address_hash: null }],
	['address', { name: 'Somebody Else', address_hash: createHash('sha256').update('barred').digest('hex') }]
])('is stopped by the watch list: %s', async (_by, entry) => {
	const leads = [await makePerson(db.owner, 'Safeguarding one'), await makePerson(db.owner, 'Safeguarding two')];
	for (const { person } of leads)
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'safeguarding', $2)`,
			[person, summit.summit]
		);
	const added = await callAs<{ id: string }>(db.owner, leads[0] ?? null, 'public.add_watch_list_entry($1, $2)', [
		summit.summit,
		JSON.stringify({ ...entry, details_sealed: 'ab'.repeat(40), key_id: 'k' })
	]);
	await callAs(db.owner, leads[1] ?? null, `public.update_watch_list_entry($1, $2, 'confirm')`, [
		summit.summit,
		added.id
	]);
	const made = await walk('press', {
		...(entry.address_hash && { address_hash: entry.address_hash, address_sealed: 'ab'.repeat(30), key_id: 'k' })
	});
	expect(made.status).toBe('needs_safeguarding');
	expect(await badgeCategory(db.owner, made.id)).toBeUndefined();
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('pays the fee of its category, if there is one', async () => {
	await db.owner.query(
		`insert into public.fees (summit_id, mode, category, amount, currency) values ($1, 'in_person', 'press', 5000, 'EUR')`,
		[summit.summit]
	);
	expect((await walk('press')).status).toBe('awaiting_payment');
	expect((await walk('crew')).status).toBe('confirmed');
});

it('keeps its place when the review time is over and the hall is full', async () => {
	await db.owner.query(`update public.accreditation_settings set second_person_for = '{crew}' where summit_id = $1`, [
		summit.summit
	]);
	const { id = '' } = await walk('crew');
	for (const name of ['A', 'B', 'C', 'D']) await delegate({ display_name: name });
	await db.owner.query(
		`update public.seats set held_until = now() - interval '1 second' where registration_id = $1 and state = 'held'`,
		[id]
	);
	await db.owner.query('select private.sweep_deadlines()');
	expect(await countSeats(db.owner, summit.summit)).toEqual({ held: 1, taken: 3, waiting: 1, offered: 0 });
	expect(await faultsOf(db.owner, summit.summit)).toEqual([]);
});

it('uses the registration that the person begins at the same moment', async () => {
	const own = await makePerson(db.owner, 'Reporter');
	const address = `${own.person}@example.org`;
	await proveAddress(db.owner, own, address);
	await second.query('begin');
	const draft = await readValue<string>(
		second,
		`insert into public.registrations (summit_id, person_id, category) values ($1, $2, 'delegate') returning id`,
		[summit.summit, own.person]
	);
	const walked = walk('press', { address_hash: hashAddress(address), address_sealed: 'ab'.repeat(30), key_id: 'k' });
	const watching = await db.connect();
	await waitForLocks(watching);
	await second.query('commit');
	expect(await walked).toMatchObject({ status: 'confirmed', id: draft });
	expect(await badgeCategory(db.owner, draft)).toBe('press');
});
