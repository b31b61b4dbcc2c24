/* Needs: opened by answers, seen by their team alone, closed with a word to the person, and opened again by a new answer. */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs, connectMany, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, personKinds, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	// Everybody in this world states access needs.
	await db.owner.query(
		`delete from public.registration_needs as d using public.registrations as r where r.id = d.registration_id and r.summit_id = $1`,
		[world.summit]
	);
});

const { saveField, answer, read, putOnAlias } = logisticsDesk(
	() => db.owner,
	() => world
);

interface Row {
	id: string;
	state: string;
	version: number;
	display_name: string;
}
const choices = ['vegan', 'halal', 'none'].map((key) => ({ key, label: text(key) }));
const diet = (more: Record<string, unknown> = {}) =>
	logisticsField('diet', {
		kind: 'choice',
		choices,
		is_sealed: false,
		visible_to: ['stage'],
		team: 'stage',
		need_values: ['vegan', 'halal'],
		...more
	});
const list = (by: TestPerson = world.people.stage, filters: Record<string, string> = {}) =>
	callAs<{ total: number; counts: Record<string, number>; rows: Row[] } | null>(
		db.owner,
		by,
		`public.list_needs($1, $2)`,
		[world.summit, JSON.stringify(filters)]
	);
const needs = async (by?: TestPerson) => (await list(by))?.rows ?? [];
const open = (need: string | undefined, by: TestPerson = world.people.stage) =>
	callAs<Record<string, unknown> | null>(db.owner, by, `public.read_need($1, $2)`, [world.summit, need]);
const save = (need: string | undefined, changes: Record<string, unknown>, by: TestPerson = world.people.stage) =>
	callAs<string>(db.owner, by, `public.save_need($1, $2, $3)`, [world.summit, need, JSON.stringify(changes)]);
const mails = () =>
	readValue<number>(
		db.owner,
		`select count(*)::integer from private.outbox where template = 'need_closed' and person_id = $1`,
		[world.people.delegate.person]
	);

describe('a need', () => {
	it('is opened by an answer that is one, and by access needs; no other answer opens one', async () => {
		const { id } = await saveField(diet());
		await answer({ [id]: { value: ['none'] } });
		expect(await needs()).toEqual([]);
		await answer({ [id]: { value: ['halal'] } });
		expect(await needs()).toMatchObject([{ state: 'open', version: 1 }]);
		await answer({ [id]: null });
		expect(await needs()).toEqual([]);
		const { id: sealed } = await saveField(
			logisticsField('allergy', { visible_to: ['stage'], team: 'stage', need_values: [] })
		);
		await answer({ [sealed]: { ...sealedAnswer(), is_need: false } });
		expect(await needs()).toEqual([]);
		await answer({ [sealed]: sealedAnswer('cd') });
		expect(await needs()).toHaveLength(1);
		await db.owner.query(
			`insert into public.registration_needs (registration_id, person_id, access_needs) values ($1, $2, 'Step-free ways')
			on conflict (registration_id) do update set access_needs = excluded.access_needs`,
			[world.registrations.delegate, world.people.delegate.person]
		);
		const [access] = await needs(world.people.registration);
		expect(await open(access?.id, world.people.registration)).toMatchObject({
			label: null,
			access_needs: 'Step-free ways'
		});
	});

	it('is seen and read by its team alone, owners included only as its members, and each reading is recorded', async () => {
		const { id } = await saveField(diet());
		await answer({ [id]: { value: ['halal'] } });
		const [need] = await needs();
		for (const kind of personKinds) {
			const by = world.people[kind];
			expect(((await list(by))?.rows ?? []).length, kind).toBe(kind === 'stage' ? 1 : 0);
			expect((await open(need?.id, by)) !== null, kind).toBe(kind === 'stage');
			if (kind !== 'stage') expect(await save(need?.id, { version: 1, state: 'met' }, by), kind).toBe('not_found');
			await expect(actAs(db.owner, by, `select * from private.needs`)).rejects.toThrow(/permission denied/);
		}
		const { rows } = await db.owner.query(
			`select actor_person, person_id from audit.entries where table_name = 'need.read' and summit_id = $1`,
			[world.summit]
		);
		expect(rows).toEqual([{ actor_person: world.people.stage.person, person_id: world.people.delegate.person }]);
		const readings = await callAs<{ kind: string; roles: string[] }[]>(
			db.owner,
			world.people.delegate,
			`public.my_readings()`
		);
		expect(readings).toMatchObject([{ kind: 'needs', roles: ['stage'] }]);
	});

	it('says nothing of who a person under an alias is', async () => {
		const { id } = await saveField(
			logisticsField('doctor', { is_identity: true, visible_to: ['stage'], team: 'stage' })
		);
		await answer({ [id]: sealedAnswer() });
		const [need] = await needs();
		expect(need?.state).toBe('open');
		await putOnAlias();
		expect(await needs()).toEqual([]);
		expect(await open(need?.id)).toBeNull();
	});
});

describe('meeting a need', () => {
	it('tells the person once, needs a reason where it cannot be met, and opens again with a new answer', async () => {
		const { id } = await saveField(diet());
		await answer({ [id]: { value: ['halal'] } });
		const [need] = await needs();
		const mine = () =>
			callAs<{ state: string; note: string }[]>(db.owner, world.people.delegate, `public.my_needs($1)`, [world.summit]);
		expect(await save(need?.id, { version: 1, state: 'in_hand', assignee: world.people.stage.person })).toBe('ok');
		expect(await mails()).toBe(0);
		expect(await save(need?.id, { version: 2, state: 'not_met', note: ' ' })).toBe('note_needed');
		expect(await save(need?.id, { version: 2, state: 'met', assignee: world.people.finance.person })).toBe('invalid');
		expect(await save(need?.id, { version: 2, state: 'solved' })).toBe('invalid');
		expect(await save(need?.id, { version: 2, state: 'not_met', note: 'The kitchen cannot.' })).toBe('ok');
		expect(await save(need?.id, { version: 2, state: 'met' })).toBe('conflict');
		expect(await mails()).toBe(1);
		expect(await mine()).toMatchObject([{ state: 'not_met', note: 'The kitchen cannot.' }]);
		expect(await open(need?.id)).toMatchObject({
			closed_by: expect.stringContaining('stage'),
			note: 'The kitchen cannot.'
		});
		await answer({ [id]: { value: ['vegan'] } });
		expect(await needs()).toMatchObject([{ id: need?.id, state: 'open', version: 4 }]);
		expect(await save(need?.id, { version: 3, state: 'met' })).toBe('conflict');
		expect(await save(need?.id, { version: 4, state: 'met' })).toBe('ok');
		expect(await mails()).toBe(2);
	});

	it('of two who change it at once, one is refused', async () => {
		const { id } = await saveField(diet());
		await answer({ [id]: { value: ['halal'] } });
		const [need] = await needs();
		const clients = await connectMany(db, 5);
		const all = await Promise.all(
			clients.map((one) =>
				callAs<string>(one, world.people.stage, `public.save_need($1, $2, $3)`, [
					world.summit,
					need?.id,
					JSON.stringify({ version: 1, state: 'met' })
				])
			)
		);
		expect(all.sort()).toEqual(['conflict', 'conflict', 'conflict', 'conflict', 'ok']);
		expect(await mails()).toBe(1);
	});

	it('follows its question: a team that reads the answers, needs of those who answered before, and none without it', async () => {
		expect(await saveField(diet({ visible_to: ['registration'] }))).toMatchObject({ faults: ['team'] });
		const { id } = await saveField(diet({ team: null, need_values: [] }));
		await answer({ [id]: { value: ['halal'] } });
		expect(await needs()).toEqual([]);
		await saveField(diet());
		expect(await needs()).toHaveLength(1);
		expect(await list(world.people.stage, { state: 'met' })).toMatchObject({ total: 0, counts: { open: 1 } });
		expect(await list(world.people.stage, { question: id })).toMatchObject({ total: 1 });
		const waiting = await callAs<Record<string, { count: number }>>(
			db.owner,
			world.people.stage,
			`public.list_waiting($1)`,
			[world.summit]
		);
		expect(waiting['needs']?.count).toBe(1);
		await saveField(diet({ team: null, need_values: [] }));
		expect(await needs()).toEqual([]);
		expect((await read(id, world.people.stage)).status).toBe('ok');
	});
});
