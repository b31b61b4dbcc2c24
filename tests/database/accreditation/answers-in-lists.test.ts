/* Answers as filters of the list of registrations and columns of its file: for the roles that may read the question alone. */
import { beforeEach, expect, test } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makePerson, makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer } = logisticsDesk(
	() => db.owner,
	() => world
);
const meals = (visible_to: string[]) =>
	logisticsField(visible_to.join('_'), {
		kind: 'choice',
		is_sealed: false,
		choices: ['halal', 'vegan'].map((key) => ({ key, label: text(key) })),
		visible_to
	});
const list = (filters: Record<string, string> = {}) =>
	callAs<{ total: number; facets: Record<string, Record<string, number>> }>(
		db.owner,
		world.people.registration,
		`public.list_registrations($1, $2)`,
		[world.summit, JSON.stringify(filters)]
	);

test('finds and counts answers to readable questions, and is silent about all others', async () => {
	const { id: own } = await saveField(meals(['registration']));
	const { id: others } = await saveField(meals(['finance']));
	const { id: sealed } = await saveField(logisticsField('note'));
	await answer({ [own]: { value: ['halal'] }, [others]: { value: ['halal'] }, [sealed]: sealedAnswer() });
	expect((await list()).facets['answer']).toEqual({ [`${own}:halal`]: 1 });
	expect((await list({ answer: `${own}:halal` })).total).toBe(1);
	for (const unknown of [`${own}:vegan`, `${others}:halal`, `${sealed}:halal`, 'halal', ''])
		expect((await list({ answer: unknown })).total, unknown).toBe(0);
	const questions = await callAs<{ id: string; is_sealed: boolean }[]>(
		db.owner,
		world.people.registration,
		`public.list_readable_questions($1)`,
		[world.summit]
	);
	expect(questions.map(({ id, is_sealed }) => [id, is_sealed])).toEqual([
		[sealed, true],
		[own, false]
	]);
	const exported = await callAs<{ id: string; answers: Record<string, string[]> }[]>(
		db.owner,
		world.people.registration,
		`public.export_registrations($1)`,
		[world.summit]
	);
	expect(exported.find(({ id }) => id === world.registrations.delegate)?.answers).toEqual({ [own]: ['halal'] });
	expect(exported.filter(({ answers }) => Object.keys(answers).length > 0)).toHaveLength(1);
	const { rows } = await db.owner.query(
		`select row_id from audit.entries where table_name = 'details.read' and summit_id = $1`,
		[world.summit]
	);
	expect(rows).toEqual([{ row_id: own }]);
});

const columns = (questions: string[], by: TestPerson = world.people.registration, summit = world.summit) =>
	callAs<Record<string, Record<string, object>>>(db.owner, by, `public.read_listed_answers($1, $2, $3)`, [
		summit,
		[world.registrations.delegate, world.registrations.virtual],
		questions
	]);

const reads = async () => {
	const { rows } = await db.owner.query<{ new_values: object }>(
		`select new_values from audit.entries where table_name = 'details.read' and summit_id = $1`,
		[world.summit]
	);
	return rows.map(({ new_values }) => new_values);
};

test('reads the answers of a page for the roles that the question names, sealed ones too, and records of whom', async () => {
	const { id: own } = await saveField(meals(['registration']));
	const { id: others } = await saveField(meals(['finance']));
	const { id: sealed } = await saveField(logisticsField('note'));
	await answer({ [own]: { value: ['halal'] }, [others]: { value: ['vegan'] }, [sealed]: sealedAnswer() });
	const delegate = world.registrations.delegate;
	expect(await columns([own, others, sealed])).toEqual({
		[delegate]: {
			[own]: { answer_sealed: null, key_id: null, value: ['halal'] },
			[sealed]: { answer_sealed: sealedAnswer().sealed, key_id: 'k1', value: null }
		}
	});
	const read = (field: string) => ({ field, rows: 1, registrations: [delegate] });
	expect((await reads()).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
		read('note'),
		read('registration')
	]);
	// The person learns of it; whom the page did not show learns nothing, though they have answered.
	const readings = (who: TestPerson) => callAs<{ kind: string }[]>(db.owner, who, `public.my_readings()`, []);
	expect((await readings(world.people.delegate)).map(({ kind }) => kind)).toEqual(['answers', 'answers']);
	await answer({ [own]: { value: ['vegan'] } }, world.people.virtual, world.registrations.virtual);
	await callAs(db.owner, world.people.registration, `public.read_listed_answers($1, $2, $3)`, [
		world.summit,
		[delegate],
		[own]
	]);
	expect(await readings(world.people.virtual)).toEqual([]);
	expect(await readings(world.people.delegate)).toHaveLength(3);
});

test('is silent for other roles, an owner, other Summits, drafts, and about who is under an alias', async () => {
	const { id: own } = await saveField(meals(['registration']));
	const { id: passport } = await saveField(logisticsField('passport', { is_identity: true }));
	await answer({ [own]: { value: ['halal'] }, [passport]: sealedAnswer() });
	const other = await makeWorld(db.owner);
	for (const by of [world.people.owner, world.people.finance, world.people.delegate, other.people.registration])
		expect(await columns([own, passport], by), by.name).toEqual({});
	expect(await columns([own, passport], world.people.registration, other.summit)).toEqual({});
	expect(await reads()).toEqual([]);
	await db.owner.query(`insert into private.protections (person_id, kind) values ($1, 'alias')`, [
		world.people.delegate.person
	]);
	expect(Object.keys((await columns([own, passport]))[world.registrations.delegate] ?? {})).toEqual([own]);
	const { id: asked } = await saveField({ ...meals(['registration', 'door']), form: 'registration' });
	const { rows } = await db.owner.query<{ id: string }>(
		`with made as (
			insert into public.registrations (summit_id, person_id, mode) values ($1, $2, 'virtual') returning id
		) insert into private.logistics_answers (registration_id, field_id, value)
		select id, $3, '{halal}' from made returning registration_id as id`,
		[world.summit, (await makePerson(db.owner, 'Draft')).person, asked]
	);
	expect(
		await callAs(db.owner, world.people.registration, `public.read_listed_answers($1, $2, $3)`, [
			world.summit,
			rows.map(({ id }) => id),
			[asked]
		])
	).toEqual({});
});
