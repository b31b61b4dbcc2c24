/* Saved views of lists: each organiser has their own, and nobody else's are seen or changed. */
import { beforeAll, expect, test } from 'vitest';
import type { ListView } from '#lib/organising/list-views.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { actAs, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

const save = (
	who: TestPerson,
	name: unknown,
	query: unknown = '?state=paid',
	list: unknown = 'orders',
	client = db.owner
) => callAs<string>(client, who, 'public.save_list_view($1, $2, $3, $4)', [world.summit, list, name, query]);
const views = (who: TestPerson) => callAs<ListView[]>(db.owner, who, 'public.my_list_views($1)', [world.summit]);

test('keeps views by name, replaces one of the same name, and deletes', async () => {
	const { finance } = world.people;
	expect(await save(finance, 'Paid')).toBe('ok');
	expect(await save(finance, ' Later ', '?state=open&sort=-due')).toBe('ok');
	expect(await save(finance, 'Paid', '?state=paid&sort=payer')).toBe('ok');
	const saved = await views(finance);
	expect(saved.map(({ id: _id, ...rest }) => rest)).toEqual([
		{ list: 'orders', name: 'Later', query: '?state=open&sort=-due' },
		{ list: 'orders', name: 'Paid', query: '?state=paid&sort=payer' }
	]);
	expect(await callAs(db.owner, finance, 'public.delete_list_view($1)', [saved[0]?.id])).toBe('ok');
	expect(await callAs(db.owner, finance, 'public.delete_list_view($1)', [saved[0]?.id])).toBe('none');
	expect(await views(finance)).toHaveLength(1);
});

test('nobody reads or deletes the views of another, and who holds no role saves none', async () => {
	const { finance, programme, owner, delegate } = world.people;
	const [mine] = await views(finance);
	expect([await views(programme), await views(owner), await views(delegate)]).toEqual([[], [], []]);
	for (const who of [programme, owner, delegate])
		expect(await callAs(db.owner, who, 'public.delete_list_view($1)', [mine?.id])).toBe('none');
	expect(await save(delegate, 'Mine')).toBe('not_allowed');
	const other = await makeWorld(db.owner);
	expect(await save(other.people.finance, 'Foreign')).toBe('not_allowed');
	await expect(actAs(db.owner, finance, 'select * from private.list_views')).rejects.toMatchObject({ code: '42501' });
});

test('refuses what is no view: names, lists and queries of another form, and what was searched for', async () => {
	const { finance } = world.people;
	for (const name of ['', '   ', 'x'.repeat(61), 'two\nlines', null])
		expect([name, await save(finance, name)]).toEqual([name, 'invalid']);
	for (const query of [
		'',
		'?',
		'state=paid',
		'?q=name',
		'?state=paid&q=name',
		'?a=<b c>',
		`?${'x'.repeat(1001)}`,
		null
	])
		expect([query, await save(finance, 'Name', query)]).toEqual([query, 'invalid']);
	for (const list of ['', 'Orders', '../roles', 'a/b/c/d', null])
		expect([list, await save(finance, 'Name', '?a=b', list)]).toEqual([list, 'invalid']);
});

test('twenty of a list are enough, also in two windows at once', async () => {
	const { programme } = world.people;
	for (let index = 1; index < 20; index += 1) expect(await save(programme, `View ${index}`)).toBe('ok');
	const clients = await Promise.all([db.connect(), db.connect(), db.connect()]);
	const answers = await Promise.all(
		clients.map((client, index) => save(programme, `Last ${index}`, '?a=b', 'orders', client))
	);
	expect(answers.toSorted()).toEqual(['full', 'full', 'ok']);
	expect(await save(programme, 'View 1', '?b=c')).toBe('ok');
	expect(await save(programme, 'View 1', '?b=c', 'members')).toBe('ok');
});

test('they go with the person and with the Summit', async () => {
	await db.owner.query('select private.erase_person($1)', [world.people.programme.person]);
	const { rows } = await db.owner.query<{ person_id: string }>('select distinct person_id from private.list_views');
	expect(rows.map((row) => row.person_id)).toEqual([world.people.finance.person]);
});
