/* Answers as filters of the list of registrations and columns of its file: for the roles that may read the question alone. */
import { beforeEach, expect, test } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

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
	const questions = await callAs<{ id: string }[]>(
		db.owner,
		world.people.registration,
		`public.list_readable_questions($1)`,
		[world.summit]
	);
	expect(questions.map(({ id }) => id)).toEqual([own]);
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
