/* The files of reports: who adds, opens and removes them, and that nothing is added to what was verified. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	makeAnnounced,
	makeCommitmentWorld,
	readCommitment,
	reportCommitment,
	type CommitmentWorld,
	type Drafted
} from '../../fixtures/committing.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { putObject } from '../../fixtures/uploading.ts';
import { personKinds, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let world: CommitmentWorld;
let made: Drafted;
let report: string;

beforeEach(async () => {
	world = await makeCommitmentWorld(db.owner);
	made = await makeAnnounced(world);
	await reportCommitment(world, made);
	report = await reportOf(made);
});

const reportOf = ({ id }: Drafted) =>
	readValue<string>(db.owner, 'select id from private.commitment_reports where commitment_id = $1', [id]);
const newObject = () => putObject(db.owner);
const add = async (who: TestPerson | null, of = report, object?: string) =>
	(
		await callAs<{ status: string }>(db.owner, who, 'public.add_commitment_file($1, $2, $3)', [
			of,
			'evaluation.pdf',
			object ?? (await newObject())
		])
	).status;
const begin = async (who: TestPerson | null, of = report) =>
	(await callAs<{ status: string }>(db.owner, who, 'public.begin_commitment_file($1)', [of])).status;
const open = (who: TestPerson | null, file: string) =>
	callAs<{ name: string } | null>(db.owner, who, 'public.open_commitment_file($1)', [file]);
const remove = (who: TestPerson, file: string) =>
	callAs<string>(db.owner, who, 'public.remove_commitment_file($1)', [file]);
const fileOf = (of = report) =>
	readValue<string>(db.owner, 'select id from private.commitment_files where report_id = $1 limit 1', [of]);
const stateOfObject = (object: string) =>
	readValue<string>(db.owner, 'select state from private.stored_objects where name = $1', [object]);
const verify = () => callAs<string>(db.owner, world.secretariat, 'public.verify_commitment_report($1)', [report]);

interface Report {
	files: { id: string; name: string | null; state: string; removed_at: string | null }[];
	adds_files: boolean;
}
const shown = async (who: TestPerson | null, of = made) => {
	const read = (await readCommitment(world, who, of)) as { reports: Report[] } | null;
	return read?.reports[0] ?? null;
};

describe('a file', () => {
	test('is added by focal points of the member that reported, and opened by who sees the report', async () => {
		for (const kind of personKinds)
			if (kind !== 'focal')
				expect([kind, await begin(world.people[kind]), await add(world.people[kind])]).toEqual([
					kind,
					'not_found',
					'not_found'
				]);
		for (const who of [world.partner, world.secretariat])
			expect([await begin(who), await add(who)]).toEqual(['not_found', 'not_found']);
		await expect(add(null)).rejects.toThrow('permission denied');
		expect([await begin(world.people.focal), await add(world.people.focal)]).toEqual(['ok', 'ok']);
		const file = await fileOf();
		for (const who of [null, world.people.listed, world.partner])
			expect(await open(who, file)).toMatchObject({ name: 'evaluation.pdf', media_type: 'application/pdf' });
		expect(await shown(null)).toMatchObject({ files: [{ name: 'evaluation.pdf' }], adds_files: false });
		expect(await shown(world.people.focal)).toMatchObject({ adds_files: true });
	});

	test('of a report for members is hidden from everybody else', async () => {
		const closed = await makeAnnounced(world, { audience: 'members' });
		await reportCommitment(world, closed);
		const own = await reportOf(closed);
		expect(await add(world.people.focal, own)).toBe('ok');
		const file = await fileOf(own);
		expect([await open(null, file), await open(world.partner, file)]).toEqual([
			null,
			expect.objectContaining({ name: 'evaluation.pdf' })
		]);
	});

	test('takes an object that was just uploaded, once, and no other', async () => {
		const object = await newObject();
		expect(await add(world.people.focal, report, object)).toBe('ok');
		expect(await add(world.people.focal, report, object)).toBe('invalid');
		expect(await add(world.people.focal, report, 'nothing')).toBe('invalid');
	});

	test('is one of ten of its report', async () => {
		for (let count = 0; count < 10; count += 1) expect(await add(world.people.focal)).toBe('ok');
		expect([await begin(world.people.focal), await add(world.people.focal)]).toEqual(['full', 'full']);
		expect(await remove(world.people.focal, await fileOf())).toBe('ok');
		expect(await begin(world.people.focal)).toBe('ok');
	});

	test('is removed by who added it until the report is verified, then by the secretariat; a trace stays', async () => {
		const [first, second] = [await newObject(), await newObject()];
		await add(world.people.focal, report, first);
		const file = await fileOf();
		for (const who of [world.partner, world.people.owner]) expect(await remove(who, file)).toBe('not_found');
		expect(await remove(world.people.focal, file)).toBe('ok');
		expect(await remove(world.people.focal, file)).toBe('not_found');
		expect([await open(null, file), await stateOfObject(first)]).toEqual([null, 'deletable']);
		expect((await shown(null))?.files).toEqual([
			expect.objectContaining({ name: null, removed_at: expect.any(String) as string })
		]);

		await add(world.people.focal, report, second);
		const kept = await readValue<string>(db.owner, 'select id from private.commitment_files where object_name = $1', [
			second
		]);
		expect(await verify()).toBe('ok');
		expect([await begin(world.people.focal), await add(world.people.focal)]).toEqual(['not_found', 'not_found']);
		expect(await remove(world.people.focal, kept)).toBe('not_found');
		expect(await remove(world.secretariat, kept)).toBe('ok');
		expect(await stateOfObject(second)).toBe('deletable');
	});

	test('that the virus scanner refused is said to those who may replace it, and takes no place', async () => {
		const objects: string[] = [];
		for (let count = 0; count < 10; count += 1) objects.push(await newObject());
		for (const object of objects) await add(world.people.focal, report, object);
		expect(await begin(world.people.focal)).toBe('full');
		const [refused, checking] = objects;
		await db.owner.query(`update private.stored_objects set scan = 'refused', state = 'gone' where name = $1`, [
			refused
		]);
		await db.owner.query(`update private.stored_objects set scan = 'waiting' where name = $1`, [checking]);
		expect(await begin(world.people.focal)).toBe('ok');
		const states = async (who: TestPerson | null) =>
			(await shown(who))?.files.map(({ state }) => state).filter((state) => state !== 'kept');
		for (const who of [world.people.focal, world.secretariat])
			expect((await states(who))?.sort()).toEqual(['checking', 'refused']);
		for (const who of [null, world.partner]) expect(await states(who)).toEqual([]);
		const file = await readValue<string>(db.owner, 'select id from private.commitment_files where object_name = $1', [
			refused
		]);
		expect([await open(world.people.focal, file), await remove(world.people.focal, file)]).toEqual([null, 'ok']);
	});

	test('is not added to a withdrawn commitment', async () => {
		await callAs(db.owner, world.people.focal, 'public.withdraw_commitment($1, $2)', [made.id, 'No budget']);
		expect(await begin(world.people.focal)).toBe('not_found');
	});
});
