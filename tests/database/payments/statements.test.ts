/*
 * Statements in several formats and parts: no transfer counts twice, one for two orders is divided, and a returned one
 * pays nothing.
 */
import { describe, expect, test } from 'vitest';
import { dayFromNow } from '../../fixtures/clock.ts';
import { ledgerOf, makePayers, type Payers } from '../../fixtures/paying.ts';
import { callAs, connectMany, faultsOf, inTurn, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

interface Row {
	id: string;
	amount: number;
	words: string;
	outcome: string;
	is_incoming: boolean;
	order: { id: string } | null;
}
interface BankRow {
	words: string;
	amount?: number;
	booked_on?: string;
	reference?: string;
	returned?: 'in' | 'out';
	batch?: { reference: string; amount: number };
}
const bring = (world: Payers, file: string, rows: BankRow[], client = db.owner) =>
	callAs<{ status: string; added: number; known: number; returned: number }>(
		client,
		world.finance,
		`public.import_statement($1, $2, $3)`,
		[
			world.summit,
			file,
			JSON.stringify(
				rows.map((row, n) => ({ line: n + 2, amount: 5000, currency: 'EUR', booked_on: dayFromNow(-1), ...row }))
			)
		]
	);
const listed = async (world: Payers, state = 'open') =>
	(await callAs<{ rows: Row[] }>(db.owner, world.finance, `public.list_bank_rows($1, $2)`, [world.summit, state])).rows;
const apply = (world: Payers, row: string | undefined, order: string | null = null, client = db.owner) =>
	callAs<{ status: string }>(client, world.finance, `public.apply_bank_row($1, $2)`, [row, order]);
const divide = (
	world: Payers,
	row: string | undefined,
	parts: unknown,
	by: TestPerson = world.finance,
	client = db.owner
) => callAs<string>(client, by, `public.split_bank_row($1, $2)`, [row, JSON.stringify(parts)]);
const referencesOf = (world: Payers) =>
	inTurn(world.orders, (order) =>
		readValue<string>(db.owner, `select reference from public.orders where id = $1`, [order])
	);

describe('the same transfers in several files', () => {
	// As one bank exports them in a table, and as CAMT with its numbers.
	const csv = (refs: string[]): BankRow[] => refs.map((ref, n) => ({ words: `Payer Nr${n} Example · ${ref} fee` }));
	const camt = (refs: string[]): BankRow[] =>
		refs.map((ref, n) => ({ words: `PAYER NR${n} EXAMPLE · E2E-${n} · ${ref}`, reference: `DE02 2026-${n}` }));

	test.each([
		['the table first', 0],
		['CAMT first', 1]
	])('%s: no row is imported twice, however often and in which order both files arrive', async (_, first) => {
		const world = await makePayers(db.owner, 3);
		const refs = await referencesOf(world);
		const files: [string, BankRow[]][] = [
			['november.csv', csv(refs)],
			['november.xml', camt(refs)]
		];
		const [one, other] = first === 0 ? files : files.toReversed();
		expect(await bring(world, ...(one as [string, BankRow[]]))).toMatchObject({ added: 3, known: 0 });
		expect(await bring(world, ...(other as [string, BankRow[]]))).toMatchObject({ added: 0, known: 3 });
		for (const [name, rows] of files)
			expect(await bring(world, `again ${name}`, rows.toReversed())).toMatchObject({ added: 0, known: 3 });
		const rows = await listed(world);
		expect(rows).toHaveLength(3);
		for (const { id } of rows) expect((await apply(world, id)).status).toBe('paid');
		expect(await inTurn(world.orders, (order) => ledgerOf(db.owner, order))).toEqual(Array(3).fill(['payment -5000']));
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
	});

	test('files that overlap: the table of the morning, CAMT of the whole day, and the table of two days', async () => {
		const world = await makePayers(db.owner, 4);
		const refs = await referencesOf(world);
		expect(await bring(world, 'morning.csv', csv(refs.slice(0, 2)))).toMatchObject({ added: 2 });
		expect(await bring(world, 'day.xml', camt(refs.slice(0, 3)))).toMatchObject({ added: 1, known: 2 });
		expect(await bring(world, 'days.csv', csv(refs))).toMatchObject({ added: 1, known: 3 });
		expect((await listed(world)).map(({ order }) => order?.id).toSorted()).toEqual(world.orders.toSorted());
	});

	test('two payers of the same amount on one day, each in another file, are two', async () => {
		const world = await makePayers(db.owner, 2);
		const refs = await referencesOf(world);
		await bring(world, 'one.csv', [{ words: `Summit participation ${refs[0]}` }]);
		expect(
			await bring(world, 'two.xml', [{ words: `Summit participation ${refs[1]}`, reference: 'N1' }])
		).toMatchObject({ added: 1, known: 0 });
		await bring(world, 'three.csv', [{ words: 'Noor Example' }]);
		expect(await bring(world, 'four.xml', [{ words: 'Alex Sample', reference: 'N2' }])).toMatchObject({ added: 1 });
	});

	test('the bank’s number takes precedence over the text, and a number with another amount is another booking', async () => {
		const world = await makePayers(db.owner, 1);
		await bring(world, 'a.xml', [{ words: 'first wording', reference: 'N1' }]);
		expect(
			await bring(world, 'b.xml', [
				{ words: 'other words', reference: 'N1' },
				{ words: 'other words', reference: 'N1', amount: 700 },
				{ words: 'other words', reference: 'N1', returned: 'out' }
			])
		).toEqual({ status: 'ok', added: 2, known: 1, returned: 1 });
	});

	test.each([
		['notices first', [0, 1, 2]],
		['the statement between two notices', [0, 2, 1]],
		['the statement first', [2, 1, 0]]
	])('notices and the statement of the day, %s: every booking counts once', async (_, order) => {
		const world = await makePayers(db.owner, 3);
		const refs = await referencesOf(world);
		const batch = { reference: 'DE02 B7', amount: 10_000 };
		const single = { words: `Payer Nr0 · ${refs[0]}`, reference: 'DE02 N1' };
		const parts = [1, 2].map((n) => ({ words: `Payer Nr${n} · ${refs[n]}`, reference: `DE02 B7/${n}`, batch }));
		const files: [string, BankRow[]][] = [
			['notice-1.xml', [single]],
			['notice-2.xml', [...parts, single]],
			// The statement has the batch as one booking.
			['statement.xml', [single, { words: 'Batch of 2', reference: 'DE02 B7', amount: 10_000 }]]
		];
		for (const n of [...order, ...order.toReversed()]) await bring(world, ...(files[n] as [string, BankRow[]]));
		const rows = await listed(world);
		expect(rows.reduce((sum, { amount }) => sum + amount, 0)).toBe(15_000);
		expect(rows).toHaveLength(order[0] === 2 || order[1] === 2 ? 2 : 3);
		// Another batch with the same number and another amount is another booking.
		expect(await bring(world, 'other.xml', [{ words: 'x', reference: 'DE02 B7', amount: 9000 }])).toMatchObject({
			added: 1
		});
	});

	test('a part of a batch without number or amount makes the file invalid', async () => {
		const world = await makePayers(db.owner, 1);
		for (const batch of [
			{ reference: '', amount: 5 },
			{ reference: 'B', amount: -5 },
			{ reference: 'B', amount: 0 }
		])
			expect(await bring(world, 'batch.xml', [{ words: 'x', reference: 'B/1', batch }])).toEqual({ status: 'invalid' });
	});

	test('two imports of one file at once add each row once', async () => {
		const world = await makePayers(db.owner, 1);
		const rows = Array.from({ length: 40 }, (_, n) => ({ words: `Payer ${n}`, reference: `N${n}` }));
		const crowd = await connectMany(db, 6);
		const answers = await Promise.all(crowd.map((client, n) => bring(world, `${n}.xml`, rows, client)));
		await Promise.all(crowd.map((client) => client.end()));
		expect(answers.reduce((sum, { added }) => sum + added, 0)).toBe(40);
	});

	test('a date that is years away makes the whole file invalid', async () => {
		const world = await makePayers(db.owner, 1);
		for (const booked_on of [dayFromNow(-3000), dayFromNow(400)])
			expect(await bring(world, 'far.csv', [{ words: 'x', booked_on }])).toEqual({ status: 'invalid' });
		expect(await listed(world)).toEqual([]);
	});
});

describe('one payment for two orders', () => {
	async function paidTogether() {
		const world = await makePayers(db.owner, 3);
		const refs = await referencesOf(world);
		await bring(world, 'both.csv', [{ words: `${refs[0]} and ${refs[1]}`, amount: 10_000 }]);
		const [row] = await listed(world);
		const parts = (...amounts: number[]) => amounts.map((amount, n) => ({ order_reference: refs[n], amount }));
		return { world, refs, row, parts };
	}

	test('is divided, and each part pays its order once', async () => {
		const { world, row, parts } = await paidTogether();
		expect(row?.outcome).toBe('unknown');
		expect(await divide(world, row?.id, parts(5000, 5000))).toBe('ok');
		const halves = await listed(world);
		expect(halves.map(({ amount, outcome }) => [amount, outcome])).toEqual([
			[5000, 'matched'],
			[5000, 'matched']
		]);
		const crowd = await connectMany(db, 8);
		const answers = await Promise.all(crowd.map((client, n) => apply(world, halves[n % 2]?.id, null, client)));
		await Promise.all(crowd.map((client) => client.end()));
		expect(answers.map(({ status }) => status).toSorted()).toEqual([
			...Array<string>(6).fill('already'),
			'paid',
			'paid'
		]);
		expect(await inTurn(world.orders, (order) => ledgerOf(db.owner, order))).toEqual([
			['payment -5000'],
			['payment -5000'],
			[]
		]);
		expect(await faultsOf(db.owner, world.summit)).toEqual([]);
		expect(
			(
				await apply(
					world,
					row?.id,
					await readValue<string>(db.owner, `select reference from public.orders where id = $1`, [world.orders[2]])
				)
			).status
		).toBe('already');
		expect(await bring(world, 'both.csv', [{ words: row?.words ?? '', amount: 10_000 }])).toMatchObject({ added: 0 });
	});

	test('is divided by finance only, into parts that add up, for different orders', async () => {
		const { world, refs, row, parts } = await paidTogether();
		expect(await divide(world, row?.id, parts(5000, 4999))).toBe('sum');
		expect(await divide(world, row?.id, parts(15_000, -5000))).toBe('parts');
		expect(await divide(world, row?.id, parts(10_000))).toBe('parts');
		expect(await divide(world, row?.id, 'all')).toBe('parts');
		const same = [5000, 5000].map((amount) => ({ order_reference: refs[0], amount }));
		expect(await divide(world, row?.id, same)).toBe('same_order');
		const other = await makePayers(db.owner, 1);
		const foreign = [{ order_reference: (await referencesOf(other))[0], amount: 5000 }, ...parts(5000)];
		expect(await divide(world, row?.id, foreign)).toBe('unknown_order');
		for (const by of [other.finance, world.organiser, world.people[0] as TestPerson])
			expect(await divide(world, row?.id, parts(5000, 5000), by)).toBe('not_allowed');
		expect((await listed(world)).map(({ amount }) => amount)).toEqual([10_000]);
	});

	test('is merged again while nothing was counted, and divided by one of two who press at once', async () => {
		const { world, row, parts } = await paidTogether();
		const crowd = await connectMany(db, 4);
		const answers = await Promise.all(
			crowd.map((client) => divide(world, row?.id, parts(2000, 8000), world.finance, client))
		);
		await Promise.all(crowd.map((client) => client.end()));
		expect(answers.toSorted()).toEqual(['already', 'already', 'already', 'ok']);
		const join = () => callAs<string>(db.owner, world.finance, `public.unsplit_bank_row($1)`, [row?.id]);
		expect([await join(), await join()]).toEqual(['ok', 'already']);
		expect(await divide(world, row?.id, parts(5000, 5000))).toBe('ok');
		await apply(world, (await listed(world))[0]?.id);
		expect(await join()).toBe('already');
		expect((await listed(world, 'divided')).map(({ id }) => id)).toEqual([row?.id]);
	});

	test('direct writes cannot leave parts that do not add up', async () => {
		const { world, row, parts } = await paidTogether();
		await divide(world, row?.id, parts(5000, 5000));
		await expect(
			db.owner.query(`update private.bank_rows set amount = 4000 where parent_id = $1`, [row?.id])
		).rejects.toThrow('do not make the whole');
		await expect(
			db.owner.query(`update private.bank_rows set state = 'open' where id = $1`, [row?.id])
		).rejects.toThrow('do not make the whole');
	});
});

test('a returned payment is shown with its order and counted for none, and a refund that came back can be decided', async () => {
	const world = await makePayers(db.owner, 2);
	const [ref, other] = await referencesOf(world);
	expect(
		await bring(world, 'back.xml', [
			{ words: `Return ${ref}`, returned: 'out', reference: 'N1' },
			{ words: `Refund that came back ${other}`, returned: 'in', reference: 'N2' }
		])
	).toEqual({ status: 'ok', added: 2, known: 0, returned: 2 });
	expect(await listed(world)).toEqual([]);
	const rows = await listed(world, 'returned');
	expect(rows.map(({ order, is_incoming }) => [order?.id, is_incoming])).toEqual([
		[world.orders[0], false],
		[world.orders[1], true]
	]);
	for (const { id } of rows) expect((await apply(world, id)).status).toBe('already');
	const back = (id: string | undefined) =>
		callAs<string>(db.owner, world.finance, `public.ignore_bank_row($1, '', true)`, [id]);
	expect([await back(rows[0]?.id), await back(rows[1]?.id)]).toEqual(['already', 'ok']);
	expect((await listed(world)).map(({ id }) => id)).toEqual([rows[1]?.id]);
	expect(await inTurn(world.orders, (order) => ledgerOf(db.owner, order))).toEqual([[], []]);
	expect(await faultsOf(db.owner, world.summit)).toEqual([]);
});
