/*
 * Random interleavings of all payment events: late, repeated and reordered card events, partial and full transfers,
 * waivers, refunds, delegation orders, other currencies, corrected invoices, withdrawals, switches and deadlines. After
 * each run the ledger, the seats and the documents agree, and every cent received is in the ledger.
 */
import fc from 'fast-check';
import type pg from 'pg';
import { beforeAll, expect, test } from 'vitest';
import { MoneyHistory, moneyActs, type MoneyAct, type Step } from '../../fixtures/money-history.ts';
import { connectMany, inParallel } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';

const db = useDatabase();
let crowd: pg.Client[];

beforeAll(async () => {
	crowd = await connectMany(db, 50);
});

const step: fc.Arbitrary<Step> = fc.record({
	act: fc.oneof(
		{
			weight: 3,
			arbitrary: fc.constantFrom<MoneyAct>('accredit', 'card', 'bank', 'invoice', 'gather', 'approve', 'confirm_row')
		},
		{ weight: 5, arbitrary: fc.constantFrom(...moneyActs) }
	),
	who: fc.nat({ max: 5 }),
	flag: fc.boolean()
});

test('one after the other, in any order, the books balance after every step', { timeout: 300_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 45 }), async (steps) => {
			const play = await MoneyHistory.begin(db.owner);
			for (const each of steps) {
				await play.take(db.owner, each);
				const faults = await play.faults();
				if (faults.length > 0) throw new Error(`after ${JSON.stringify(each)}: ${faults.join('; ')}`);
			}
			expect(await play.faults()).toEqual([]);
		}),
		{ numRuns: 30 }
	);
});

test('all at once on fifty connections, the books balance in the end', { timeout: 300_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 150 }), async (steps) => {
			const play = await MoneyHistory.begin(db.owner);
			await inParallel(crowd, steps, (client, each) => play.take(client, each));
			expect(await play.faults()).toEqual([]);
		}),
		{ numRuns: 12, endOnFailure: true }
	);
});
