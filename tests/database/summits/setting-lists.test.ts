/* Rows of the lists of Settings: a fee keeps the currency it was made in. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, value } from '../../fixtures/registering.ts';
import { startDatabase, type TestDatabase } from '../../fixtures/stack.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

let db: TestDatabase;
let client: pg.Client;
let world: World;

beforeAll(async () => {
	db = await startDatabase();
	client = await db.connect();
	world = await makeWorld(client);
});
afterAll(() => db.stop());

test('a fee that is saved from a form in another currency is refused, and stays as it was', async () => {
	const { owner } = world.people;
	const save = (row: string | null, amount: number, currency: string | null) =>
		ask(client, owner, 'public.save_setting($1, $2, $3, $4)', [
			world.summit,
			'fees',
			row,
			JSON.stringify({ mode: 'virtual', sector: 'private_sector', amount, currency })
		]);
	expect(await save(null, 5_800_050, 'KES')).toBe('ok');
	const fee = await value<string>(client, `select id from public.fees where summit_id = $1 and currency = 'KES'`, [
		world.summit
	]);
	const kept = () => value(client, `select jsonb_build_array(amount, currency) from public.fees where id = $1`, [fee]);
	await client.query(`update public.summits set currency = 'JPY' where id = $1`, [world.summit]);
	for (const currency of ['JPY', '', null]) expect(await save(fee, 58_000, currency)).toBe('invalid');
	expect(await kept()).toEqual([5_800_050, 'KES']);
	expect(await save(fee, 6_000_000, 'KES')).toBe('ok');
	expect(await kept()).toEqual([6_000_000, 'KES']);
	expect(await save(null, 58_000, 'JPY')).toBe('ok');
});
