/*
 * Registration figures: exact for registration organisers, released for everybody else, and without small groups in a
 * release.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { releaseOf, type Figures, type ReleasedFigures } from '../../../src/lib/registration/figures.ts';
import { callAs, makeDrafts, makePeople, makeSummit, type RegisteringSummit } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let made: RegisteringSummit;

const figures = (who: TestPerson | null, summit = made.summit, on = db.owner) =>
	callAs<Figures | null>(on, who, 'public.read_figures($1)', [summit]);
const release = (who: TestPerson, after: number, content: unknown, on = db.owner) =>
	callAs<{ status: string; number?: number }>(on, who, 'public.release_figures($1, $2, $3)', [
		made.summit,
		after,
		JSON.stringify(content)
	]);

// One timestamp for all, so that midnight never falls between two of them.
const now = new Date();

/** Confirmed registrations, written as the tables' owner. */
async function confirm(count: number, member: number, mode = 'virtual'): Promise<string[]> {
	const people = await makePeople(db.owner, count);
	const ids = await makeDrafts(db.owner, made.summit, people, () => made.members[member] ?? '', mode as 'virtual');
	await db.owner.query('begin');
	await db.owner.query(
		`update public.registrations set state = 'confirmed', submitted_at = $2::timestamptz - interval '3 days', state_since = $2 where id = any ($1)`,
		[ids, now]
	);
	await db.owner.query(
		`insert into public.seats (summit_id, registration_id, mode, member_id, state) select summit_id, id, mode, member_id, 'taken' from public.registrations where id = any ($1)`,
		[ids]
	);
	await db.owner.query('commit');
	return ids;
}

const current = async () => {
	const found = await figures(made.organiser);
	if (!found) throw new Error('no figures');
	return found;
};
const row = (found: Figures, dimension: string, value: string | null) =>
	found.groups.find((group) => group.dimension === dimension && group.value === value);

beforeAll(async () => {
	world = await makeWorld(db.owner);
	made = await makeSummit(db.owner, { members: 6 });
	await confirm(12, 0);
	await confirm(8, 2, 'in_person');
	await confirm(2, 4);
});

describe('access', () => {
	test('registration organisers and owners read exact figures; everybody else reads none', async () => {
		const answers: Record<string, boolean> = {};
		for (const kind of personKinds) answers[kind] = (await figures(world.people[kind], world.summit)) !== null;
		expect(Object.keys(answers).filter((kind) => answers[kind])).toEqual(['registration', 'owner']);
		await expect(figures(null, world.summit)).rejects.toThrow('permission denied');
		expect(await figures(world.people.owner)).toBe(null);
	});

	test('they equal the counts of the list', async () => {
		const found = await current();
		expect(row(found, 'mode', 'virtual')).toMatchObject({ confirmed: 14, begun: 0, review: 0, payment: 0, ended: 0 });
		expect(row(found, 'mode', 'in_person')?.confirmed).toBe(8);
		for (const sector of ['civil_society', 'private_sector', 'government']) {
			const list = await callAs<{ total: number }>(db.owner, made.organiser, 'public.list_registrations($1, $2)', [
				made.summit,
				{ states: ['confirmed'], sector }
			]);
			expect([sector, row(found, 'sector', sector)?.confirmed ?? 0]).toEqual([sector, list.total]);
		}
		expect(found.days.map(({ sent, confirmed }) => [sent, confirmed])).toEqual([
			[22, 0],
			[0, 22]
		]);
	});

	test('are exact for 5,000 registrations', async () => {
		const big = await makeSummit(db.owner, { members: 90 });
		// Auditing the rows of this test would take most of the time.
		const watched = ['public.people', 'public.account_people', 'public.registrations'];
		for (const table of watched) await db.owner.query(`alter table ${table} disable trigger audit_record`);
		const people = await makePeople(db.owner, 5000);
		await makeDrafts(db.owner, big.summit, people, (n) => big.members[n % 90] ?? '', 'virtual');
		for (const table of watched) await db.owner.query(`alter table ${table} enable trigger audit_record`);
		const found = await figures(big.organiser, big.summit);
		expect(found?.groups.find(({ dimension, value }) => dimension === 'mode' && value === 'virtual')?.begun).toBe(5000);
	});
});

describe('a release', () => {
	test('is made once by two people who press at once, and only after the release they saw', async () => {
		const content = releaseOf((await current()).outward, 5, null, '2027-01-01');
		const clients = await Promise.all(Array.from({ length: 6 }, () => db.connect()));
		const answers = await Promise.all(clients.map((each) => release(made.organiser, 0, content, each)));
		expect(answers.map(({ status }) => status).sort()).toEqual(['ok', 'stale', 'stale', 'stale', 'stale', 'stale']);
		expect(await release(made.organiser, 0, content)).toEqual({ status: 'stale', number: 1 });
	});

	test('contains no small group, also not in a direct write', async () => {
		const good = releaseOf((await current()).outward, 5, null, '2027-01-01') as ReleasedFigures;
		const planted = structuredClone(good);
		planted.tables[0]?.rows.push({ family: '', value: 'virtual', count: 2, on: '2027-01-01' });
		expect(await release(made.organiser, 1, planted)).toEqual({ status: 'invalid' });
		expect(await release(made.organiser, 1, { ...good, threshold: 3 })).toEqual({ status: 'invalid' });
		expect(await release(made.organiser, 1, 'text')).toEqual({ status: 'invalid' });
		expect(await release(made.finance, 1, good)).toEqual({ status: 'not_allowed' });
		await expect(
			db.owner.query(`select public.release_figures($1, 1, $2)`, [made.summit, JSON.stringify(good)])
		).resolves.toMatchObject({ rows: [{ release_figures: { status: 'not_allowed' } }] });
	});

	test('cannot be altered by anybody', async () => {
		for (const sql of ['update public.figure_releases set number = 9', 'delete from public.figure_releases'])
			await expect(
				callAs(db.owner, made.organiser, `(with x as (${sql} returning 1) select count(*) from x)`)
			).rejects.toThrow(/permission denied|WITH clause/);
	});

	test('counts protected people and those under 18 in totals only', async () => {
		const [one = '', two = ''] = await confirm(2, 1);
		await db.owner.query(
			`insert into private.protections (person_id, kind) select person_id, 'alias' from public.registrations where id = $1`,
			[one]
		);
		const guardian = (await confirm(1, 1))[0];
		await db.owner.query(
			`update public.registrations set is_minor = true, guardian_id = $2, guardian_consent_at = now() where id = $1`,
			[two, guardian]
		);
		const { outward } = await current();
		const of = (dimension: string) => outward.filter((group) => group.dimension === dimension);
		const count = (dimension: string) => of(dimension).reduce((sum, group) => sum + group.count, 0);
		expect([count('total'), count('mode'), count('category'), count('sector'), count('region')]).toEqual([
			25, 25, 25, 23, 25
		]);
		expect(of('category').find(({ value }) => value === null)?.count).toBe(2);
	});

	test('the smallest group size is set by an owner, within bounds', async () => {
		const save = (who: TestPerson, smallest: number | null) =>
			callAs<string>(db.owner, who, 'public.save_smallest_group($1, $2)', [world.summit, smallest]);
		expect(await save(world.people.registration, 3)).toBe('not_allowed');
		expect([await save(world.people.owner, 2), await save(world.people.owner, null)]).toEqual(['invalid', 'invalid']);
		expect(await save(world.people.owner, 7)).toBe('ok');
		expect((await figures(world.people.owner, world.summit))?.smallest_group).toBe(7);
	});
});
