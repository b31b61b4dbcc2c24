/* The journal: every row of the ledger exactly once, debits equal to credits, closed periods never changed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePayers, payByCard, type Payers } from '../../fixtures/paying.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
const [one] = [<T>(list: T[]): T => list[0] as T];

interface Entry {
	source: string;
	line: number;
	day: string;
	kind: string;
	account: string;
	event: string;
	debit: number;
	credit: number;
}
const entriesOf = (world: Payers, period: string | null = null, by: TestPerson = world.finance) =>
	callAs<Entry[] | null>(db.owner, by, `public.export_journal($1, $2)`, [world.summit, period]);
const close = (world: Payers, day: string, by: TestPerson = world.finance) =>
	callAs<{ status: string; id: string; entries: number }>(db.owner, by, `public.close_journal($1, $2::date)`, [
		world.summit,
		day
	]);
const sum = (list: number[]) => list.reduce((total, each) => total + each, 0);
const on = (entries: Entry[], kind: RegExp) =>
	sum(entries.filter((entry) => kind.test(entry.kind)).map(({ debit, credit }) => debit - credit));

/** What is wrong with entries, given the rows of the ledger that they are made of. */
function faultsOf(entries: Entry[], sources: string[]): string[] {
	const bySource = Map.groupBy(entries, ({ source }) => source);
	return [
		...sources.filter((source) => !bySource.has(source)).map((source) => `${source} is missing`),
		...[...bySource].flatMap(([source, list]) => [
			...(sources.includes(source) ? [] : [`${source} is not in the ledger`]),
			...(sum(list.map(({ debit }) => debit)) === sum(list.map(({ credit }) => credit)) ? [] : [`${source} differs`]),
			...(new Set(list.map(({ line }) => line)).size === list.length ? [] : [`${source} is there twice`])
		])
	];
}
const ledgerRows = (world: Payers) =>
	db.owner
		.query<{ source: string }>(
			`select 'line:' || l.id as source from public.order_lines as l where l.summit_id = $1 and l.amount <> 0
			union all select 'adjustment:' || a.id from public.order_adjustments as a join public.orders as o on o.id = a.order_id
			where o.summit_id = $1 and a.amount <> 0`,
			[world.summit]
		)
		.then(({ rows }) => rows.map(({ source }) => source));

test('a payment, a refund and the tax go to their accounts', async () => {
	const world = await makePayers(db.owner, 1, { fee: 45_000 });
	const [who, order] = [one(world.people), one(world.orders)];
	await callAs(db.owner, world.finance, `public.save_vat_rate($1, null, '{"vat_category":"S","percent":19}')`, [
		world.summit
	]);
	await callAs(db.owner, world.finance, `public.save_money_settings($1, $2)`, [
		world.summit,
		JSON.stringify({ vat: 'included', issuer_country: 'DE', issuer_vat_id: 'DE123456789' })
	]);
	expect(
		await callAs(db.owner, world.finance, `public.save_account_codes($1, $2)`, [
			world.summit,
			JSON.stringify({ receivables: '1400', revenue_in_person: '8400', 'vat:19': '1776', bank: '' })
		])
	).toEqual({ status: 'ok' });
	await payByCard(db.owner, db.app, who, order);
	await callAs(db.owner, world.finance, `public.refund_order($1, null, 11900, 'part')`, [order]);
	const entries = (await entriesOf(world)) ?? [];
	expect(entries.map(({ event, account, debit, credit }) => [event, account, debit, credit])).toEqual([
		['charge', '1400', 45_000, 0],
		['charge', '8400', 0, 37_815],
		['charge', '1776', 0, 7185],
		['payment', '1400', 0, 45_000],
		['payment', 'stripe', 45_000, 0],
		['credit', '1400', 0, 11_900],
		['credit', '8400', 10_000, 0],
		['credit', '1776', 1900, 0]
	]);
	expect(faultsOf(entries, await ledgerRows(world))).toEqual([]);
});

test('whatever happened, each row is in one period, its debits are its credits, and closed periods stay', async () => {
	const { owner } = db;
	const row = fc.record({
		who: fc.nat(2),
		day: fc.integer({ min: 2, max: 40 }),
		amount: fc.integer({ min: -90_000, max: 90_000 }),
		kind: fc.constantFrom(
			'line',
			'payment',
			'refund',
			'waiver',
			'credit',
			'dispute',
			'dispute_won',
			'cancellation',
			'write_off'
		),
		provider: fc.constantFrom('stripe', 'bank', 'desk'),
		reason: fc.constantFrom('', 'reverse_charge')
	});
	type Row = typeof row extends fc.Arbitrary<infer One> ? One : never;
	const run = async (rows: Row[], cuts: number[], percent: number) => {
		const world = await makePayers(owner, 3);
		await owner.query(`insert into public.vat_rates (summit_id, vat_category, percent) values ($1, 'S', $2)`, [
			world.summit,
			percent / 100
		]);
		await owner.query(`update public.money_settings set vat = 'included' where summit_id = $1`, [world.summit]);
		await owner.query(`alter table public.order_adjustments disable trigger user`);
		for (const [n, { who, day, amount, kind, provider, reason }] of rows.entries()) {
			const money = ['payment', 'refund', 'dispute', 'dispute_won'].includes(kind);
			if (kind === 'line')
				await owner.query(
					`insert into public.order_lines (order_id, summit_id, registration_id, mode, amount, created_at)
					values ($1, $2, $3, 'virtual', $4, now() - $5 * interval '1 day')`,
					[world.orders[who], world.summit, world.registrations[who], amount, day]
				);
			else
				await owner.query(
					`insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, registration_id, at)
					values ($1, $2, $3, $4, $5, $6, $7, now() - $8 * interval '1 day')`,
					[
						world.orders[who],
						kind,
						amount,
						money ? provider : null,
						money ? `${world.summit} ${n}` : null,
						money ? '' : reason,
						kind === 'write_off' ? null : world.registrations[who],
						day
					]
				);
		}
		await owner.query(`alter table public.order_adjustments enable trigger user`);
		const sources = await ledgerRows(world);
		const all = (await entriesOf(world)) ?? [];
		expect(faultsOf(all, sources)).toEqual([]);
		const balances = await readValue<string>(
			owner,
			`select sum(private.balance_of(o.id)) from public.orders as o where o.summit_id = $1`,
			[world.summit]
		);
		expect(on(all, /^receivables$/)).toBe(Number(balances));
		const periods: { id: string; entries: Entry[] }[] = [];
		for (const days of [...new Set(cuts)].sort((a, b) => b - a)) {
			const day = await readValue<string>(owner, `select (current_date - $1::integer)::text`, [days]);
			const closed = await close(world, day);
			expect(closed.status).toBe('ok');
			expect(await close(world, day)).toEqual({ status: 'already' });
			const entries = (await entriesOf(world, closed.id)) ?? [];
			expect(entries).toHaveLength(closed.entries);
			expect(entries.filter((entry) => entry.day > day)).toEqual([]);
			periods.push({ id: closed.id, entries });
			// What is set or charged later changes nothing of it.
			await owner.query(`update public.vat_rates set percent = percent + 1 where summit_id = $1`, [world.summit]);
			await callAs(owner, world.finance, `public.save_account_codes($1, $2)`, [
				world.summit,
				JSON.stringify({ bank: `B${days}`, receivables: `R${days}` })
			]);
		}
		const open = (await entriesOf(world)) ?? [];
		expect(faultsOf([...periods.flatMap(({ entries }) => entries), ...open], sources)).toEqual([]);
		for (const { id, entries } of periods) expect(await entriesOf(world, id)).toEqual(entries);
	};
	await fc.assert(
		fc.asyncProperty(
			fc.array(row, { maxLength: 10 }),
			fc.array(fc.integer({ min: 1, max: 45 }), { maxLength: 3 }),
			fc.integer({ min: 1, max: 2700 }),
			run
		),
		{ numRuns: 15 }
	);
}, 120_000);

test('only finance reads and closes it, no day that is not over, and nobody changes a closed period', async () => {
	const world = await makePayers(db.owner, 1);
	const other = await makePayers(db.owner, 0);
	const yesterday = await readValue<string>(db.owner, `select (current_date - 2)::text`);
	for (const who of [world.organiser, one(world.people), other.finance]) {
		expect(await entriesOf(world, null, who)).toBeNull();
		expect(await close(world, yesterday, who)).toEqual({ status: 'not_allowed' });
		expect(await callAs(db.owner, who, `public.read_journal($1)`, [world.summit])).toBeNull();
		expect(
			await actAs(db.owner, who, `select id from public.journal_periods where summit_id = $1`, [world.summit])
		).toEqual([]);
	}
	const tomorrow = await readValue<string>(db.owner, `select (current_date + 1)::text`);
	expect(await close(world, tomorrow)).toEqual({ status: 'too_late' });
	const { id } = await close(world, yesterday);
	expect(await callAs(db.owner, other.finance, `public.export_journal($1, $2)`, [other.summit, id])).toBeNull();
	for (const sql of [
		`update public.journal_periods set entries = 9 where id = $1`,
		`delete from public.journal_periods where id = $1`
	])
		await expect(db.owner.query(sql, [id])).rejects.toThrow('never changed');
	expect(
		await callAs(db.owner, world.finance, `public.save_account_codes($1, '{"bank":"=1+1","other":"1"}')`, [
			world.summit
		])
	).toEqual({ status: 'invalid', faults: ['bank', 'other'] });
});
