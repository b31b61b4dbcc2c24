/* Lists are sorted by each column in both directions, over their pages, and rows without a value come last. */
import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { seedSample } from '../../../src/local/sample/seed.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: string;
let staff: Record<string, TestPerson>;

beforeAll(async () => {
	await seedSample(db.owner, { now: new Date(), sealingKey: `test:${randomBytes(32).toString('base64')}` });
	const { rows } = await db.owner.query<TestPerson & { role: string; summit: string }>(
		`with holders as (
			select distinct on (g.role) g.role, g.person_id, s.id as summit
			from public.role_grants as g join public.summits as s on s.state = 'live'
			where g.role in ('registration', 'finance', 'programme') and g.ended_at is null
			order by g.role, g.person_id
		), made as (
			insert into auth.users (id, email) select gen_random_uuid(), role || '@example.org' from holders returning id, email
		), linked as (
			insert into public.account_people (account_id, person_id, relation)
			select made.id, h.person_id, 'self' from made join holders as h on made.email = h.role || '@example.org'
		)
		select h.role, h.summit, h.person_id as person, made.id as account, h.role as name
		from made join holders as h on made.email = h.role || '@example.org'`
	);
	staff = Object.fromEntries(rows.map((row) => [row.role, row]));
	summit = rows[0]?.summit ?? '';
});

type Row = Record<string, unknown>;
const number = (row: unknown, ...path: string[]) =>
	path.reduce<unknown>((value, key) => (value as Row | null)?.[key], row) as number;
const seats = (mode: string) => (row: Row) => number(row, 'seats', mode, 'held') + number(row, 'seats', mode, 'taken');

interface List {
	role: string;
	/** The call, with the order in the place of $2. */
	call: string;
	rows: string;
	columns: Record<string, (row: Row) => unknown>;
}
const lists: Record<string, List> = {
	members: {
		role: 'registration',
		call: `public.list_members($1, jsonb_build_object('sort', $2::text), $3, $4)`,
		rows: 'members',
		columns: {
			sector: (row) => row['sector'],
			country: (row) => row['country'],
			hall: seats('in_person'),
			online: seats('virtual'),
			waiting: (row) => number(row, 'seats', 'in_person', 'waiting') + number(row, 'seats', 'virtual', 'waiting')
		}
	},
	orders: {
		role: 'finance',
		call: `public.list_orders($1, null, '', $3, $4, $2)`,
		rows: 'rows',
		columns: Object.fromEntries(['charged', 'paid', 'balance', 'state'].map((key) => [key, (row: Row) => row[key]]))
	},
	invoices: {
		role: 'finance',
		call: `public.list_invoices($1, null, '', $3, $4, $2)`,
		rows: 'rows',
		columns: { amount: (row) => row['amount'], issued: (row) => row['issued_on'], due: (row) => row['due_on'] }
	},
	speakers: {
		role: 'programme',
		call: `public.list_speakers($1, null, '', $3, $4, $2)`,
		rows: 'rows',
		columns: {
			missing: (row) =>
				Object.values(row['tasks'] as Record<string, { done: number; asked: number }>).filter(
					({ done, asked }) => done < asked
				).length
		}
	}
};

async function page({ role, call, rows }: List, sort: string, size: number, start: number): Promise<Row[]> {
	const answer = await callAs<Record<string, Row[]>>(db.owner, staff[role] as TestPerson, call, [
		summit,
		sort,
		size,
		start
	]);
	return answer[rows] ?? [];
}

const isSorted = (values: unknown[], down: boolean) => {
	const given = values.filter((value) => value !== null && value !== undefined) as (string | number)[];
	const inOrder = given.every((value, index) => {
		const before = given[index - 1];
		return before === undefined || (down ? before >= value : before <= value);
	});
	return inOrder && values.slice(0, given.length).every((value) => value !== null && value !== undefined);
};

const cases = Object.entries(lists).flatMap(([name, list]) =>
	Object.keys(list.columns).flatMap((column) => [
		[name, column],
		[name, `-${column}`]
	])
);

test.for(cases)('%s by %s', async ([name = '', sort = '']) => {
	const list = lists[name] as List;
	const valueOf = list.columns[sort.replace('-', '')] as (row: Row) => unknown;
	const all = await page(list, sort, 200, 0);
	expect(all.length).toBeGreaterThan(1);
	expect(isSorted(all.map(valueOf), sort.startsWith('-')), JSON.stringify(all.map(valueOf))).toBe(true);
	// The pages are parts of the same order.
	const parts = [...(await page(list, sort, 2, 0)), ...(await page(list, sort, 2, 2))];
	expect(parts).toEqual(all.slice(0, 4));
});

test('an unknown column changes nothing', async () => {
	for (const list of Object.values(lists))
		expect(await page(list, 'nonsense; drop table', 50, 0)).toEqual(await page(list, '', 50, 0));
});
