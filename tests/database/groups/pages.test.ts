/* Pages of groups: who writes them, and who reads which wording. */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chief = await makeCommunityOrganiser(db.owner);
});

const text = (en: string) => ({ original: 'en', en });
const fields = (more: object = {}) =>
	JSON.stringify({ title: text('Canary rules'), body: text('## How we work'), for_readers: false, ...more });
const save = (who: TestPerson, group: string, page: string | null = null, version = 0, more: object = {}) =>
	callAs<{ status: string; code?: string }>(db.owner, who, 'public.save_group_page($1, $2, $3, $4)', [
		group,
		page,
		version,
		fields(more)
	]);
const publish = (who: TestPerson, group: string, page: string, version: number, more: object = {}) =>
	save(who, group, page, version, { ...more, publish: true });
const act = (who: TestPerson, page: string, version: number, what: string) =>
	callAs<string>(db.owner, who, 'public.act_on_group_page($1, $2, $3)', [page, version, what]);
const read = (who: TestPerson | null, page: string, number: number | null = null) =>
	callAs<{
		writes: boolean;
		shown: { number: number; body: { en: string }; level: string } | null;
		draft: { version: number } | null;
		versions: object[] | null;
	} | null>(db.owner, who, 'public.read_group_page($1, $2)', [page, number]);
const list = async (who: TestPerson | null, group: string) =>
	(await callAs<{ code: string }[]>(db.owner, who, 'public.list_group_pages($1)', [group])).map(({ code }) => code);
const changeLevel = (group: string, level: string) =>
	db.owner.query('update private.groups set level = $2 where code = $1', [group, level]);
const versionOf = async (page: string) => (await read(chief, page))?.draft?.version ?? 0;
const make = async (group: string, more: object = {}) => (await save(chief, group, null, 0, more)).code ?? '';

test('the people of the group read what is published, and not the draft; others find no trace', async () => {
	const group = await createGroup(db.owner, chief, 'public');
	const { delegate, newcomer } = world.people;
	const entry = await putInGroup(db.owner, delegate, group, 'alternate');
	const page = await make(group);
	const everybody = [null, newcomer, world.people.owner, delegate];
	for (const who of everybody) expect([await read(who, page), await list(who, group)]).toEqual([null, []]);
	expect((await publish(chief, group, page, 1)).status).toBe('ok');
	expect([await list(delegate, group), (await read(delegate, page))?.shown?.body.en]).toEqual([
		[page],
		'## How we work'
	]);
	expect((await read(delegate, page))?.draft).toBeNull();
	for (const who of [null, newcomer, world.people.owner]) {
		expect([await read(who, page), await list(who, group)]).toEqual([null, []]);
		expect(await read(who, 'UNKNOWN9')).toBeNull();
	}
	await db.owner.query(
		'update private.group_people set until = current_date - 1, since = current_date - 2 where id = $1',
		[entry]
	);
	expect([await read(delegate, page), await list(delegate, group)]).toEqual([null, []]);
});

test('a page for readers is read by all who see the group, and of a closed group by its people alone', async () => {
	const group = await createGroup(db.owner, chief, 'public');
	const page = await make(group, { for_readers: true, publish: true });
	const reads = async (who: TestPerson | null) => (await read(who, page)) !== null;
	const { newcomer, delegate } = world.people;
	expect([await reads(null), await reads(newcomer), await reads(delegate)]).toEqual([true, true, true]);
	await changeLevel(group, 'members');
	expect([await reads(null), await reads(newcomer), await reads(delegate)]).toEqual([false, false, true]);
	await changeLevel(group, 'closed');
	expect([await reads(delegate), await reads(chief)]).toEqual([false, true]);
	// Those who run the community see a closed group that nobody leads, but read no page of it.
	const other = await makeCommunityOrganiser(db.owner);
	await db.owner.query(
		'update private.group_people set ended_at = now() where group_id = (select id from private.groups where code = $1)',
		[group]
	);
	expect(await callAs(db.owner, other, 'public.read_group($1)', [group])).not.toBeNull();
	expect([await reads(other), await list(other, group)]).toEqual([false, []]);
});

test('neither a saved draft nor a group that becomes more open shows a page to more readers; publishing does', async () => {
	const group = await createGroup(db.owner, chief, 'closed');
	const page = await make(group, { for_readers: true, publish: true });
	const { newcomer, delegate } = world.people;
	const readers = async () => {
		const seen = [];
		for (const who of [null, newcomer, delegate]) seen.push((await read(who, page))?.shown?.level ?? null);
		const listed = [];
		for (const who of [null, newcomer, delegate]) listed.push((await list(who, group)).length === 1);
		expect(listed).toEqual(seen.map((level) => level !== null));
		return seen;
	};
	expect(await readers()).toEqual([null, null, null]);
	await changeLevel(group, 'members');
	expect(await readers()).toEqual([null, null, null]);
	await publish(chief, group, page, await versionOf(page), { for_readers: true });
	expect(await readers()).toEqual([null, null, 'members']);
	await changeLevel(group, 'public');
	expect(await readers()).toEqual([null, null, 'members']);
	await publish(chief, group, page, await versionOf(page));
	expect(await readers()).toEqual([null, null, null]);
	const tame = { body: text('For all'), for_readers: true };
	expect((await save(chief, group, page, await versionOf(page), tame)).status).toBe('ok');
	expect(await readers()).toEqual([null, null, null]);
	await publish(chief, group, page, await versionOf(page), tame);
	expect(await readers()).toEqual(['public', 'public', 'public']);
	expect((await read(null, page))?.shown?.body.en).toBe('For all');
});

test('a draft changes nothing for readers until it is published as the next version, which keeps the one before', async () => {
	const group = await createGroup(db.owner, chief, 'members');
	const { delegate } = world.people;
	await putInGroup(db.owner, delegate, group, 'member');
	const page = await make(group, { publish: true });
	const next = { body: text('New words') };
	expect((await save(chief, group, page, 1, next)).status).toBe('ok');
	expect((await save(chief, group, page, 1)).status).toBe('conflict');
	expect((await publish(chief, group, page, 1)).status).toBe('conflict');
	expect((await read(delegate, page))?.shown?.body.en).toBe('## How we work');
	expect((await publish(chief, group, page, 2, next)).status).toBe('ok');
	expect((await read(delegate, page))?.shown).toMatchObject({ number: 2, body: { en: 'New words' } });
	// Only who writes the page reads an older wording.
	expect((await read(delegate, page, 1))?.shown?.number).toBe(2);
	expect((await read(chief, page, 1))?.shown?.body.en).toBe('## How we work');
	expect((await read(chief, page))?.versions).toHaveLength(2);
	expect(await act(chief, page, 3, 'delete')).toBe('conflict');
	expect([await act(chief, page, 3, 'withdraw'), await read(delegate, page)]).toEqual(['ok', null]);
	expect([await act(chief, page, 4, 'delete'), await read(chief, page)]).toEqual(['ok', null]);
	expect(
		await readValue(
			db.owner,
			'select count(*) from private.group_page_versions where page_id not in (select id from private.group_pages)'
		)
	).toBe('0');
});

test('what is sent twice is done once; who takes a page back is seen by who would publish it again', async () => {
	const group = await createGroup(db.owner, chief, 'members');
	const form = { id: randomUUID() };
	const first = await save(chief, group, null, 0, form);
	expect([first.status, await save(chief, group, null, 0, form), await list(chief, group)]).toEqual([
		'ok',
		first,
		[first.code]
	]);
	expect((await save(chief, group, null, 0, { ...form, body: text('Other') })).status).toBe('conflict');
	const page = first.code ?? '';
	for (let click = 0; click < 2; click += 1) expect((await publish(chief, group, page, 1)).status).toBe('ok');
	expect((await publish(chief, group, page, 2)).status).toBe('ok');
	expect((await read(chief, page))?.versions).toHaveLength(1);
	const version = await versionOf(page);
	for (let click = 0; click < 2; click += 1) expect(await act(chief, page, version, 'withdraw')).toBe('ok');
	expect((await publish(chief, group, page, version)).status).toBe('conflict');
	expect((await read(chief, page))?.shown).toBeNull();
});

test('pages of a group that has ended are read, taken back and deleted, and not written', async () => {
	const group = await createGroup(db.owner, chief, 'public');
	const page = await make(group, { for_readers: true, publish: true });
	await db.owner.query('update private.groups set ended_at = now() where code = $1', [group]);
	expect((await save(chief, group)).status).toBe('ended');
	expect((await publish(chief, group, page, 1, { body: text('Late') })).status).toBe('ended');
	expect([await act(chief, page, 1, 'up'), (await read(null, page))?.shown?.body.en]).toEqual([
		'not_found',
		'## How we work'
	]);
	expect([await act(chief, page, 1, 'withdraw'), await read(null, page)]).toEqual(['ok', null]);
	expect(await act(chief, page, 2, 'delete')).toBe('ok');
});

test('chairs and secretaries write and order pages, and nobody else; invalid texts are refused', async () => {
	const group = await createGroup(db.owner, chief, 'members');
	const { delegate, focal, newcomer } = world.people;
	await putInGroup(db.owner, delegate, group, 'member');
	const [first, second, third] = [await make(group), await make(group), await make(group)];
	const other = await makeCommunityOrganiser(db.owner);
	for (const who of [delegate, focal, newcomer, other]) {
		expect((await save(who, group)).status).toBe('not_found');
		expect((await save(who, group, first, 1)).status).toBe('not_found');
		expect(await act(who, first, 1, 'withdraw')).toBe('not_found');
	}
	expect(await act(chief, third, 1, 'up')).toBe('ok');
	expect(await list(chief, group)).toEqual([first, third, second]);
	expect(await act(chief, first, 1, 'down')).toBe('ok');
	expect(await list(chief, group)).toEqual([third, first, second]);
	expect(await act(chief, third, 1, 'up')).toBe('ok');
	expect(await list(chief, group)).toEqual([third, first, second]);
	expect((await save(chief, group, null, 0, { title: text('Two\nlines') })).status).toBe('invalid');
	expect((await save(chief, group, null, 0, { body: {} })).status).toBe('invalid');
	// A page belongs to its group: another group's writer cannot save it there.
	const elsewhere = await createGroup(db.owner, other, 'members');
	expect((await save(other, elsewhere, first, 1)).status).toBe('not_found');
	expect(await act(chief, first, 1, 'erase')).toBe('not_found');
	expect((await save(chief, group, null, 0, { id: 'none' })).status).toBe('invalid');
});
