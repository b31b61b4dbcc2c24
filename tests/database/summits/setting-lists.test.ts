/* Rows of the lists in Settings: a fee keeps its original currency. */
import { beforeAll, expect, test } from 'vitest';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeAll(async () => {
	world = await makeWorld(db.owner);
});

test('a fee that is saved from a form in another currency is refused, and stays unchanged', async () => {
	const { owner } = world.people;
	const save = (row: string | null, amount: number, currency: string | null) =>
		callAs(db.owner, owner, 'public.save_setting($1, $2, $3, $4)', [
			world.summit,
			'fees',
			row,
			JSON.stringify({ mode: 'virtual', sector: 'private_sector', amount, currency })
		]);
	expect(await save(null, 5_800_050, 'KES')).toBe('ok');
	const fee = await readValue<string>(
		db.owner,
		`select id from public.fees where summit_id = $1 and currency = 'KES'`,
		[world.summit]
	);
	const stored = () =>
		readValue(db.owner, `select jsonb_build_array(amount, currency) from public.fees where id = $1`, [fee]);
	await db.owner.query(`update public.summits set currency = 'JPY' where id = $1`, [world.summit]);
	for (const currency of ['JPY', '', null]) expect(await save(fee, 58_000, currency)).toBe('invalid');
	expect(await stored()).toEqual([5_800_050, 'KES']);
	expect(await save(fee, 6_000_000, 'KES')).toBe('ok');
	expect(await stored()).toEqual([6_000_000, 'KES']);
	expect(await save(null, 58_000, 'JPY')).toBe('ok');
});
