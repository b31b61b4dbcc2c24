/* The documents of a group on its page: who finds them there, and who adds some. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, putInGroup } from '../../fixtures/grouping.ts';
import { makeLibraryWorld, publish, saveDocument, search, type LibraryWorld } from '../../fixtures/library.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: LibraryWorld;

beforeAll(async () => {
	world = await makeLibraryWorld(db.owner);
});

const list = (who: TestPerson | null, code: string) =>
	callAs<{ documents: { code: string }[]; has_more: boolean; adds: boolean } | null>(
		db.owner,
		who,
		`public.list_tied_documents('group', $1)`,
		[code]
	);
const codes = async (who: TestPerson | null, code: string) =>
	(await list(who, code))?.documents.map((each) => each.code).sort();

test('what is for the group is listed to its people, what is tied to it to all who may read it', async () => {
	const group = await createGroup(db.owner, world.reviewer, 'public');
	const { delegate, virtual, newcomer } = world.people;
	const entry = await putInGroup(db.owner, delegate, group, 'chair');
	const inside = await publish(world, delegate, { level: 'group', group });
	const tied = await publish(world, delegate, { related: [{ kind: 'group', code: group }] });
	await publish(world, delegate);
	expect((await saveDocument(world, delegate, { level: 'group', group })).status).toBe('ok');
	expect(await codes(delegate, group)).toEqual([inside.code, tied.code].sort());
	for (const who of [null, newcomer, virtual]) expect(await codes(who, group)).toEqual([tied.code]);
	// As everywhere in the library, those who run the community read what is published.
	expect(await codes(world.second, group)).toEqual([inside.code, tied.code].sort());
	await db.owner.query('update private.group_people set until = current_date - 1 where id = $1', [entry]);
	expect(await codes(delegate, group)).toEqual([tied.code]);
});

test('chairs and secretaries add documents, also where they are of no member; a closed group is unknown to others', async () => {
	const group = await createGroup(db.owner, world.reviewer, 'closed');
	const other = () => createGroup(db.owner, world.reviewer, 'closed');
	const { delegate, focal, newcomer } = world.people;
	await putInGroup(db.owner, delegate, group, 'secretary');
	await putInGroup(db.owner, focal, group, 'member');
	await putInGroup(db.owner, newcomer, group, 'chair');
	const adds = async (who: TestPerson) => (await list(who, group))?.adds;
	expect([await adds(delegate), await adds(focal), await adds(newcomer)]).toEqual([true, false, true]);
	expect((await saveDocument(world, newcomer, { level: 'group', group })).status).toBe('ok');
	expect((await saveDocument(world, newcomer, { level: 'group', group: await other() })).status).not.toBe('ok');
	for (const who of [null, world.people.owner, world.second])
		expect([await list(who, group), await list(who, 'UNKNOWN9')]).toEqual([null, null]);
	await db.owner.query('update private.groups set ended_at = now() where code = $1', [group]);
	for (const who of [delegate, newcomer]) expect(await adds(who)).toBe(false);
	expect((await saveDocument(world, newcomer, {})).status).toBe('not_allowed');
});

test('the search counts and chooses the documents of groups that the reader sees', async () => {
	const open = await createGroup(db.owner, world.reviewer, 'public');
	const closed = await createGroup(db.owner, world.reviewer, 'closed');
	const { delegate, newcomer } = world.people;
	await putInGroup(db.owner, delegate, closed, 'chair');
	const inside = await publish(world, delegate, { level: 'group', group: closed });
	const [tied, both] = [
		await publish(world, delegate, { related: [{ kind: 'group', code: open }], kind: 'toolkit' }),
		await publish(world, delegate, {
			related: [
				{ kind: 'group', code: open },
				{ kind: 'group', code: closed }
			]
		})
	];
	const found = async (who: TestPerson | null, choice: object) =>
		(await search(world, who, '', choice)).results.map(({ code }) => code).sort();
	const counted = async (who: TestPerson | null, choice: object = {}) =>
		(await search(world, who, '', choice)).facets.group
			.filter(({ value }) => [open, closed].includes(value))
			.map(({ value, count }) => [value === open ? 'open' : 'closed', count])
			.sort();
	expect(await counted(delegate)).toEqual([
		['closed', 2],
		['open', 2]
	]);
	expect(await found(delegate, { group: closed })).toEqual([inside.code, both.code].sort());
	// Others, also those who run the community and read the documents, learn of no closed group.
	for (const who of [null, newcomer, world.second]) {
		expect(await counted(who)).toEqual([['open', 2]]);
		expect(await found(who, { group: open })).toEqual([tied.code, both.code].sort());
		for (const group of [closed, 'UNKNOWN9'])
			expect(await search(world, who, '', { group })).toEqual(await search(world, who, '', { group: 'UNKNOWN8' }));
		expect(await found(who, { group: closed })).toEqual([]);
	}
	// The other choices narrow the counts of groups, and that of a group those of the others.
	expect(await counted(null, { kind: 'toolkit', group: closed })).toEqual([['open', 1]]);
	expect((await search(world, null, '', { group: open })).total).toBe(2);
});

test('the newest 50 documents are listed', async () => {
	const group = await createGroup(db.owner, world.reviewer, 'public');
	const { delegate } = world.people;
	const oldest = await publish(world, delegate, { issued_on: '2020-01-01', related: [{ kind: 'group', code: group }] });
	const listed = async () => {
		const found = await list(null, group);
		return [found?.documents.length, found?.documents.some(({ code }) => code === oldest.code), found?.has_more];
	};
	for (let made = 1; made < 50; made += 1)
		await publish(world, delegate, { related: [{ kind: 'group', code: group }] });
	expect(await listed()).toEqual([50, true, false]);
	await publish(world, delegate, { related: [{ kind: 'group', code: group }] });
	expect(await listed()).toEqual([50, false, true]);
});
