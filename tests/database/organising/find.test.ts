/* Finding anything of a Summit: each role finds what it opens, people by the name they are shown under, closed sessions by nobody else. */
import { beforeAll, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { setAlias } from '../../fixtures/speaking.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

interface Item {
	kind: string;
	id: string;
	label: string | Record<string, string>;
	detail: string | null;
}
const find = (who: TestPerson, query: string | null, summit = world.summit) =>
	callAs<Item[]>(db.owner, who, 'public.find_in_summit($1, $2)', [summit, query]);
const kinds = async (who: TestPerson, query: string) =>
	[...new Set((await find(who, query)).map(({ kind }) => kind))].sort();

beforeAll(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(`update public.people set display_name = 'Ondína Canary' where id = $1`, [
		world.people.virtual.person
	]);
	await db.owner.query(`update public.members set name = 'Canary Harbour' where id = $1`, [world.member]);
	for (const level of ['members', 'closed'] as const)
		await db.owner.query(
			`update public.sessions set title = jsonb_build_object('original', 'en', 'en', 'Canary ' || $2) where id = $1`,
			[world.sessions[level].id, level]
		);
	await db.owner.query(
		`insert into public.orders (summit_id, payer_person_id, currency, due_at) values ($1, $2, 'EUR', now() + interval '9 days')`,
		[world.summit, world.people.virtual.person]
	);
	await db.owner.query(
		`insert into private.proposals (summit_id, owner_id, title, state) values ($1, $2, '{"original":"en","en":"Canary proposal"}', 'submitted'),
			($1, $2, '{"original":"en","en":"Canary draft"}', 'draft')`,
		[world.summit, world.people.delegate.person]
	);
});

test('each role finds what it opens, and nobody else anything', async () => {
	const { people } = world;
	const expected: Partial<Record<(typeof personKinds)[number], string[]>> = {
		registration: ['member', 'registration'],
		finance: ['member', 'order'],
		programme: ['proposal', 'session'],
		owner: ['member', 'order', 'proposal', 'registration', 'session']
	};
	for (const kind of personKinds)
		expect([kind, await kinds(people[kind], 'canary')]).toEqual([kind, expected[kind] ?? []]);
	const titles = async (who: TestPerson) =>
		(await find(who, 'canary'))
			.filter(({ kind }) => kind === 'session' || kind === 'proposal')
			.map(({ label }) => Object(label).en as string);
	expect(await titles(people.programme)).toEqual(['Canary closed', 'Canary members', 'Canary proposal']);
	expect(await titles(people.owner)).toEqual(['Canary members', 'Canary proposal']);
	const other = await makeWorld(db.owner);
	expect(await find(people.owner, 'person', other.summit)).toEqual([]);
});

test('every word counts, without accents or order, and signs of patterns are letters', async () => {
	const { registration } = world.people;
	for (const query of ['ondina', 'CANARY ondi', 'Canary  Ondína'])
		expect([query, (await find(registration, query)).length]).toEqual([query, 1]);
	for (const query of ['', '   ', '%', '_', 'ondina nobody', "' or true --", '\\', null])
		expect([query, await find(registration, query)]).toEqual([query, []]);
	expect((await find(registration, 'e')).filter(({ kind }) => kind === 'registration').length).toBeLessThanOrEqual(8);
});

test('a former name finds nobody', async () => {
	const { registration, finance, virtual } = world.people;
	await setAlias(db.owner, virtual, 'Marta Ilves');
	for (const who of [registration, finance]) expect((await find(who, 'ondina')).map(({ kind }) => kind)).toEqual([]);
	expect((await find(registration, 'ilves')).map(({ label }) => label)).toEqual(['Marta Ilves']);
});
