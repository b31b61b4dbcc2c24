/* Searches by name find people of the Summit only. */
import { beforeEach, describe, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';
import { protections } from '../../fixtures/protecting.ts';

const db = useDatabase();
let world: World;

const { protect } = protections(db);

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

describe('people found by name', () => {
	const find = async (by: TestPerson, query: string, summit = world.summit) =>
		(
			await actAs<{ display_name: string }>(db.owner, by, `select display_name from public.find_people($1, $2)`, [
				summit,
				query
			])
		).map((row) => row.display_name);

	test('belong to the Summit; neither names nor aliases of people elsewhere are shown', async () => {
		const { programme, owner, delegate, waiting, listed, focal, speaker, door, newcomer, virtual, registration } =
			world.people;
		const elsewhere = await makeWorld(db.owner);
		for (const [n, who] of [
			delegate,
			waiting,
			listed,
			focal,
			speaker,
			door,
			newcomer,
			elsewhere.people.speaker
		].entries())
			await db.owner.query(`update public.people set display_name = $2 where id = $1`, [who.person, `Findable ${n}`]);
		await protect(virtual, 'Findable Under Alias');
		await protect(elsewhere.people.delegate, 'Findable Elsewhere');
		const here = ['0', '1', '2', '3', '4', '5', 'Under Alias'].map((name) => `Findable ${name}`);
		expect(await find(programme, 'findable')).toEqual(here);
		expect(await find(owner, 'findable')).toEqual(here);
		expect([await find(registration, 'findable'), await find(delegate, 'findable')]).toEqual([[], []]);
		expect([await find(programme, 'f'), await find(programme, '%%'), await find(programme, '__')]).toEqual([
			[],
			[],
			[]
		]);
		expect(await find(programme, 'findable', elsewhere.summit)).toEqual([]);
		const chief = await makePerson(db.owner, 'Chief');
		await db.owner.query(`insert into public.role_grants (person_id, role) values ($1, 'owner')`, [chief.person]);
		expect(await find(chief, 'findable')).toHaveLength(10);
	});

	test('are twenty at most, and include nobody known only from a session that the reader cannot see', async () => {
		await db.owner.query(
			`with made as (insert into public.people (display_name) select 'Numerous ' || n from generate_series(1, 30) as n returning id)
			insert into public.session_people (session_id, summit_id, person_id, role) select $1, $2, id, 'speaker' from made`,
			[world.sessions.closed.id, world.summit]
		);
		expect(await find(world.people.programme, 'numerous')).toHaveLength(20);
		expect(await find(world.people.owner, 'numerous')).toEqual([]);
	});
});
