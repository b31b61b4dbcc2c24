/* The questions of both forms: kinds that the database reads, conditions, sectors, their order, and two who change at once. */
import { beforeEach, describe, expect, it } from 'vitest';
import { logisticsDesk, logisticsField, sealedAnswer, text } from '../../fixtures/logistics.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const { saveField, answer, answers, mine, read } = logisticsDesk(
	() => db.owner,
	() => world
);

const choices = ['vegan', 'halal', 'none'].map((key) => ({ key, label: text(key) }));
const open = (key: string, kind: string, more: Record<string, unknown> = {}) =>
	logisticsField(key, { kind, is_sealed: false, ...(kind.startsWith('choice') && { choices }), ...more });
const after = (depends_on: string, ...depends_values: string[]) => ({ depends_on, depends_values });

describe('answers that the database reads', () => {
	it.each([
		['choice', [['halal']], [['meat'], ['halal', 'vegan'], []]],
		['choices', [['halal', 'vegan']], [['halal', 'meat'], ['halal', 'halal'], []]],
		['yes_no', [['yes'], ['no']], [['maybe']]],
		['consent', [['yes']], [['no']]],
		['number', [['12'], ['-2.5']], [['12e3'], ['twelve'], ['']]],
		['date', [['2027-02-28']], [['2027-02-30'], ['tomorrow']]],
		['country', [['UY']], [['uy'], ['Uruguay']]]
	])('fit the kind %s', async (kind, fitting, wrong) => {
		const { id } = await saveField(open('asked', kind));
		for (const value of fitting) expect(await answer({ [id]: { value } })).toMatchObject({ status: 'ok' });
		for (const value of [...wrong, 'halal', [null], null])
			expect(await answer({ [id]: { value } }), JSON.stringify(value)).toEqual({ status: 'invalid', faults: [id] });
		expect(await answer({ [id]: sealedAnswer() })).toEqual({ status: 'invalid', faults: [id] });
		expect(await read(id, world.people.registration)).toMatchObject({ rows: [{ value: fitting.at(-1) }] });
		expect((await read(id, world.people.finance)).status).toBe('not_found');
	});

	it('are never a text, nor what says who a person is', async () => {
		for (const field of [
			open('words', 'text'),
			open('passport', 'country', { is_identity: true }),
			open('entry', 'date', { for_host: true })
		])
			expect(await saveField(field)).toMatchObject({ status: 'invalid', faults: ['is_sealed'] });
	});
});

describe('conditions', () => {
	it('ask a question only after the answer that it names, and erase what no longer applies', async () => {
		const { id: food } = await saveField(open('food', 'choice', { is_required: true }));
		const { id: kitchen } = await saveField(
			open('kitchen', 'yes_no', { is_required: true, ...after('food', 'halal') })
		);
		const { id: detail } = await saveField(logisticsField('detail', { is_required: true, ...after('kitchen', 'yes') }));
		expect((await mine())?.missing).toEqual(['food']);
		expect(await answer({ [food]: { value: ['halal'] } })).toEqual({ status: 'ok', missing: ['kitchen'] });
		expect(await answer({ [kitchen]: { value: ['yes'] } })).toEqual({ status: 'ok', missing: ['detail'] });
		expect(await answer({ [detail]: sealedAnswer() })).toEqual({ status: 'ok', missing: [] });
		expect(await answers()).toBe(3);
		// The chain falls with its first answer; an answer that was sent beside it is not kept.
		expect(await answer({ [food]: { value: ['vegan'] }, [detail]: sealedAnswer('cd') })).toEqual({
			status: 'ok',
			missing: []
		});
		expect(await answers()).toBe(1);
		expect(await answer({ [detail]: sealedAnswer() })).toEqual({ status: 'ok', missing: [] });
		expect(await answers()).toBe(1);
	});

	it('are refused where they cannot hold: sealed, unknown, of a later form, or in a circle', async () => {
		await saveField(logisticsField('sealed', { kind: 'choice', choices }));
		await saveField(open('food', 'choice'));
		await saveField(open('kitchen', 'yes_no', after('food', 'halal')));
		const wrong = { status: 'invalid', faults: ['depends_on'] };
		expect(await saveField(open('one', 'yes_no', after('sealed', 'halal')))).toEqual(wrong);
		expect(await saveField(open('one', 'yes_no', after('missing', 'halal')))).toEqual(wrong);
		expect(await saveField(open('one', 'yes_no', after('food', 'meat')))).toEqual(wrong);
		expect(await saveField(open('one', 'yes_no', { form: 'registration', ...after('food', 'halal') }))).toEqual(wrong);
		expect(await saveField(open('food', 'choice', after('kitchen', 'yes')))).toEqual(wrong);
		expect(await saveField(open('food', 'choice', after('food', 'halal')))).toMatchObject({ status: 'invalid' });
	});

	it('hold the question and the values on which they depend', async () => {
		const { id: food } = await saveField(open('food', 'choice'));
		const { id: kitchen } = await saveField(open('kitchen', 'yes_no', after('food', 'halal')));
		const retire = (id: string) =>
			callAs<string>(db.owner, world.people.registration, `public.retire_logistics_field($1, $2)`, [world.summit, id]);
		expect(await retire(food)).toBe('needed');
		expect(await saveField(open('food', 'choice', { choices: choices.filter(({ key }) => key !== 'halal') }))).toEqual({
			status: 'promised',
			faults: ['depends_on']
		});
		expect(await retire(kitchen)).toBe('ok');
		expect(await retire(food)).toBe('ok');
	});
});

describe('changing questions', () => {
	it('keeps choices that were chosen, and all of them where answers are sealed', async () => {
		const { id } = await saveField(open('food', 'choice'));
		const { id: sealed } = await saveField(logisticsField('diet', { kind: 'choice', choices }));
		await answer({ [id]: { value: ['halal'] }, [sealed]: sealedAnswer() });
		const without = (gone: string) => ({ choices: choices.filter(({ key }) => key !== gone) });
		expect(await saveField(open('food', 'choice', without('vegan')))).toMatchObject({ status: 'ok' });
		const refused = { status: 'promised', faults: ['choices'] };
		expect(await saveField(open('food', 'choice', without('halal')))).toEqual(refused);
		expect(await saveField(logisticsField('diet', { kind: 'choice', ...without('none') }))).toEqual(refused);
		expect(await saveField(logisticsField('food', { kind: 'choice', choices }))).toEqual({
			status: 'promised',
			faults: ['is_sealed']
		});
	});

	it('of two who change the same one, or add one of the same name, the second is refused', async () => {
		const field = open('food', 'choice');
		expect(await saveField({ ...field, version: 0 })).toMatchObject({ status: 'ok' });
		expect(await saveField({ ...field, version: 0 })).toEqual({ status: 'conflict' });
		expect(await saveField({ ...field, version: 1, label: text('Food') })).toMatchObject({ status: 'ok' });
		expect(await saveField({ ...field, version: 1, label: text('Meals') })).toEqual({ status: 'conflict' });
	});

	it('moves a question within its form', async () => {
		const made = [];
		for (const [position, key] of ['one', 'two', 'three'].entries())
			made.push((await saveField(open(key, 'yes_no', { position }))).id);
		const move = (id: string | undefined, up: boolean, by = world.people.registration) =>
			callAs<string>(db.owner, by, `public.move_logistics_field($1, $2, $3)`, [world.summit, id, up]);
		const order = async () => (await mine())?.fields.map(({ key }) => key);
		expect(await move(made[2], true)).toBe('ok');
		expect(await order()).toEqual(['one', 'three', 'two']);
		expect(await move(made[0], true)).toBe('ok');
		expect(await move(made[0], false)).toBe('ok');
		expect(await order()).toEqual(['three', 'one', 'two']);
		expect(await move(made[0], false, world.people.finance)).toBe('not_found');
		expect(await order()).toEqual(['three', 'one', 'two']);
	});
});

describe('the registration form', () => {
	it('asks before the place is confirmed, by sector, and is not sent without a required answer', async () => {
		const { id } = await saveField(open('title', 'choice', { form: 'registration', is_required: true }));
		await saveField(open('later', 'yes_no', { is_required: true }));
		const { rows } = await db.owner.query<{ sector: string }>(
			`select private.registration_sector(r) as sector from public.registrations as r where r.id = $1`,
			[world.registrations.waiting]
		);
		const other = ['government', 'private_sector'].find((sector) => sector !== rows[0]?.sector);
		await saveField(open('elsewhere', 'yes_no', { form: 'registration', sectors: [other] }));
		const own = await mine(world.people.waiting);
		expect(own?.fields.map(({ key }) => key)).toEqual(['title']);
		const missing = () =>
			readValue<string[]>(
				db.owner,
				`select private.missing_registration_fields(r) from public.registrations as r where r.id = $1`,
				[world.registrations.waiting]
			);
		expect(await missing()).toContain('question:title');
		expect(
			await answer({ [id]: { value: ['halal'] } }, world.people.waiting, world.registrations.waiting)
		).toMatchObject({ status: 'ok' });
		expect(await missing()).not.toContain('question:title');
		// Who is confirmed already is asked both.
		expect((await mine())?.missing).toEqual(['title', 'later']);
	});

	it('refuses answers to a form that another window has changed', async () => {
		const { id } = await saveField(open('food', 'choice'));
		const save = (value: string, shown: unknown) =>
			callAs<{ status: string }>(db.owner, world.people.delegate, `public.save_logistics_answers($1, $2, $3)`, [
				world.registrations.delegate,
				JSON.stringify({ [id]: { value: [value] } }),
				shown
			]);
		const shown = (await mine())?.version;
		expect(await save('halal', shown)).toMatchObject({ status: 'ok' });
		expect(await save('vegan', shown)).toEqual({ status: 'conflict' });
		expect(await save('vegan', (await mine())?.version)).toMatchObject({ status: 'ok' });
		await db.owner.query(`update public.logistics_fields set retired_at = now() where id = $1`, [id]);
		expect(await save('none', null)).toEqual({ status: 'invalid', faults: [id] });
	});
});
