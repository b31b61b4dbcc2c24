/* How often documents were opened: counted by day for published versions, without anything about who opened them. */
import { beforeAll, expect, test } from 'vitest';
import type { ImpactCounts } from '../../../src/lib/database/answers/impact.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import {
	addFile,
	draftDocument,
	makeLibraryWorld,
	publish,
	publishDocument,
	revisionOf,
	saveDocument,
	type Document,
	type LibraryWorld
} from '../../fixtures/library.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
});

const fileOf = ({ id }: Document) =>
	readValue<string>(db.owner, 'select id from private.library_files where item_id = $1', [id]);
const openFile = (file: string, isOpening = true, client = db.app) =>
	readValue<string>(client, 'select private.object_of_library_file($1, $2)', [file, isOpening]);
const send = async (one: Document, isOpening = true) => openFile(await fileOf(one), isOpening);
const days = async ({ id }: Document) =>
	(
		await db.owner.query<{ day: string; count: number }>(
			`select day::text, count from private.library_openings where item_id = $1 order by day`,
			[id]
		)
	).rows;
const opened = async (who: TestPerson | null, { code }: Document) =>
	(await callAs<{ opened: number | null } | null>(db.owner, who, 'public.read_library_item($1)', [code]))?.opened;

test('each time that a file of a published version is sent counts once, on its day', async () => {
	const one = await publish(world, world.people.focal);
	const today = await readValue<string>(db.owner, `select (now() at time zone 'UTC')::date::text`);
	const object = await send(one, false);
	expect(object).toMatch(/^[0-9a-f]{32}$/);
	expect(await days(one)).toEqual([]);
	expect([await send(one), await send(one)]).toEqual([object, object]);
	expect(await days(one)).toEqual([{ day: today, count: 2 }]);
	await db.owner.query(`update private.library_openings set day = day - 1 where item_id = $1`, [one.id]);
	await send(one);
	expect((await days(one)).map(({ count }) => count)).toEqual([2, 1]);
	// Nothing but the day and the number: no person, no address, no session.
	const { rows } = await db.owner.query<{ name: string }>(
		`select attname as name from pg_attribute where attrelid = 'private.library_openings'::regclass and attnum > 0 order by attnum`
	);
	expect(rows.map(({ name }) => name)).toEqual(['item_id', 'day', 'count']);
});

test('of many at once each counts', async () => {
	const one = await publish(world, world.people.focal);
	const clients = await Promise.all([1, 2, 3, 4].map(() => db.connect(db.appUrl)));
	const file = await fileOf(one);
	await Promise.all(clients.map((client) => openFile(file, true, client)));
	expect((await days(one)).map(({ count }) => count)).toEqual([4]);
});

test('drafts, and what is under an embargo, are not counted for those who work on them', async () => {
	const draft = await draftDocument(world, world.people.focal);
	const later = await publish(world, world.people.focal, { embargo_until: '2100-01-01T00:00:00Z' });
	for (const one of [draft, later]) {
		expect(await send(one)).toMatch(/^[0-9a-f]{32}$/);
		expect(await days(one)).toEqual([]);
	}
});

test('those who work on a document see the total, and no reader does', async () => {
	const one = await publish(world, world.people.focal);
	for (let at = 0; at < 3; at += 1) await send(one);
	const { focal, delegate, newcomer } = world.people;
	expect([await opened(focal, one), await opened(world.second, one)]).toEqual([3, 3]);
	for (const who of [null, delegate, newcomer]) expect(await opened(who, one)).toBeNull();
	expect(await callAs(db.owner, focal, 'public.read_library_work($1)', [one.code])).toMatchObject({ opened: 3 });
	for (const sql of ['select * from private.library_openings', `select private.object_of_library_file(null, true)`])
		for (const role of ['anon', 'authenticated']) {
			await db.owner.query('begin');
			await db.owner.query(`set local role ${role}`);
			await expect(db.owner.query(sql)).rejects.toThrow('permission denied');
			await db.owner.query('rollback');
		}
});

test('of a document for a group only those who run the community see the total', async () => {
	const { focal } = world.people;
	const group = await createGroup(db.owner, world.reviewer, 'members');
	await putInGroup(db.owner, focal, group, 'chair');
	const one = await publish(world, focal, { level: 'group', group });
	await send(one);
	const work = async (who: TestPerson) =>
		(await callAs<{ opened: number | null }>(db.owner, who, 'public.read_library_work($1)', [one.code])).opened;
	expect([await opened(focal, one), await work(focal)]).toEqual([null, null]);
	expect([await opened(world.second, one), await work(world.second)]).toEqual([1, 1]);
	// A next version for everybody adds to the same number.
	const next = { id: one.id, revision: await revisionOf(world, one) };
	expect(await saveDocument(world, focal, { level: 'public' }, next)).toMatchObject({ status: 'ok' });
	await addFile(world, focal, one);
	await publishDocument(world, focal, one);
	expect([await opened(focal, one), await work(focal)]).toEqual([null, null]);
	// Of one for all members it is shown.
	const members = await publish(world, focal, { level: 'members' });
	await send(members);
	expect(await opened(focal, members)).toBe(1);
});

test('the impact report adds those of public documents that name a session of the Summit', async () => {
	const { delegate } = world.people;
	const related = [{ kind: 'session', summit: world.slug, code: world.sessions.members.code }];
	const [one, other, closed, elsewhere] = [
		await publish(world, delegate, { related }),
		await publish(world, delegate, { related }),
		await publish(world, delegate, { related, level: 'members' }),
		await publish(world, delegate)
	];
	for (const each of [one, one, other, closed, elsewhere]) await send(each);
	const { programme } = await readValue<ImpactCounts>(db.app, 'select private.count_impact($1)', [world.summit]);
	const of = (key: string) => programme.find(({ indicator }) => indicator === key)?.count;
	expect([of('documents'), of('documents_opened')]).toEqual([2, 3]);
});
