/* Faults in the database: written once however often they happen, looked up by the help desk, without a personal value. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { serverFacts } from '#lib/faults/facts.ts';
import { FaultRecorder, type RecordedFault } from '#lib/faults/server/recorder.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs } from '../../fixtures/registering.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
beforeAll(async () => {
	world = await makeWorld(db.owner);
});
beforeEach(() => db.owner.query('delete from private.faults'));

const release = '0.1.0-abc';
const route = '/(public)/[summit]/sessions/[code]';

function recorded(thrown: unknown, count = 1, now = Date.now()): RecordedFault[] {
	const recorder = new FaultRecorder();
	for (let index = 0; index < count; index++)
		recorder.note({ ...serverFacts(thrown), origin: 'server', route, release, trace: 'a'.repeat(32) }, now);
	return recorder.take();
}
const write = (faults: unknown) => db.app.query('select private.record_faults($1)', [JSON.stringify(faults)]);
const find = (person: TestPerson, reference: string) =>
	callAs(db.owner, person, 'public.find_fault($1, $2)', [world.summit, reference]);
const list = (person: TestPerson) =>
	callAs<unknown[] | null>(db.owner, person, 'public.list_faults($1)', [world.summit]);

test('the help desk finds what a reference stands for, and nobody else does', async () => {
	const [fault] = recorded(new TypeError("Cannot read properties of null (reading 'title')"), 3);
	await write([fault]);
	const reference = fault?.reference ?? '';
	const found = await find(world.people.registration, reference);
	expect(found).toMatchObject({
		status: 'ok',
		reference,
		times: 3,
		trace: 'a'.repeat(32),
		routes: [],
		fault: {
			origin: 'server',
			route,
			kind: 'TypeError',
			times: 3,
			release,
			words: 'Cannot read properties of null (reading ’title’)'
		}
	});
	expect(await find(world.people.registration, 'AAAA0000')).toEqual({ status: 'unknown' });
	for (const person of [world.people.delegate, world.people.programme, world.people.finance]) {
		expect(await find(person, reference)).toBeNull();
		expect(await list(person)).toBeNull();
	}
	expect(await list(world.people.registration)).toHaveLength(1);
});

test('the same fault is one row, with a count and a row for each reference', async () => {
	const error = new TypeError('x');
	const [one, other] = [recorded(error, 2)[0], recorded(error, 5)[0]];
	await write([one, other]);
	await write([{ ...one, times: 1 }]);
	const { rows } = await db.owner.query('select times::integer from private.faults');
	expect(rows).toEqual([{ times: 8 }]);
	const { rows: references } = await db.owner.query<{ times: number }>(
		'select times::integer from private.fault_references order by times'
	);
	expect(references.map(({ times }) => times)).toEqual([3, 5]);
});

test('a reference that another fault has is not taken over', async () => {
	const [one] = recorded(new TypeError('x'));
	const [other] = recorded(new RangeError('x'));
	await write([one]);
	await write([{ ...other, reference: one?.reference }]);
	expect(await find(world.people.registration, one?.reference ?? '')).toMatchObject({
		times: 1,
		fault: { kind: 'TypeError' }
	});
});

test('no column takes an address, a query, a name or a text, and such a row keeps no other from being written', async () => {
	const [fault] = recorded(new TypeError('x'));
	const attacks = [
		{ route: '/montevideo/sessions/OPEN-1?q=Farid' },
		{ route: 'Farid Rahimi' },
		{ kind: 'Farid Rahimi' },
		{ code: 'farid@example.org' },
		{ words: 'No delegate "Farid" <farid@example.org>' },
		{ words: 'See https://example.org/?token=1' },
		{ stack: ['at https://example.org/a?q=Farid:1:2'] },
		{ stack: ['farid@example.org:1:2'] },
		{ release: 'of Farid Rahimi' },
		{ trace: 'Farid' },
		{ reference: 'FARID RA' },
		{ origin: 'server', route: null }
	].map((attack, index) => ({
		...fault,
		fingerprint: String(index).padStart(32, '0'),
		reference: `BBBB00${String(index).padStart(2, '0')}`,
		...attack
	}));
	await write([...attacks, fault]);
	const { rows } = await db.owner.query<{ text: string }>(
		'select f::text || coalesce(r::text, $1) as text from private.faults as f left join private.fault_references as r on r.fault_id = f.id',
		['']
	);
	expect(rows.map(({ text }) => text).join()).not.toMatch(/farid|rahimi|example|token/i);
	expect(await find(world.people.registration, fault?.reference ?? '')).toMatchObject({ status: 'ok' });
});

test('a storm fills nothing: so many references an hour and so many faults of each origin', async () => {
	const [fault] = recorded(new TypeError('x'));
	const storm = Array.from({ length: 700 }, (_, index) => ({
		...fault,
		fingerprint: String(index).padStart(32, '0'),
		reference: `CCCC${String(index).padStart(4, '0')}`
	}));
	for (let from = 0; from < storm.length; from += 100) await write(storm.slice(from, from + 100));
	const { rows } = await db.owner.query<{ faults: number; codes: number }>(
		`select (select count(*)::integer from private.faults) as faults,
			(select count(*)::integer from private.fault_references) as codes`
	);
	expect(rows[0]?.faults).toBe(500);
	expect(rows[0]?.codes).toBeLessThanOrEqual(300);
	await write([{ ...fault, origin: 'browser', fingerprint: 'f'.repeat(32), reference: 'DDDD0000' }]);
	expect(await find(world.people.registration, 'DDDD0000')).toMatchObject({ status: 'ok' });
});

test('a fault is forgotten after 30 days', async () => {
	const day = 86_400_000;
	const [old, young] = [recorded(new TypeError('x'), 1, Date.now() - 31 * day)[0], recorded(new RangeError('x'))[0]];
	await write([old, young]);
	await db.app.query('select private.clean_faults(now())');
	const { rows } = await db.owner.query('select kind from private.faults');
	expect(rows).toEqual([{ kind: 'RangeError' }]);
});
