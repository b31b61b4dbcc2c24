import { describe, expect, it } from 'vitest';
import { choicesIn, choicesTexts } from './choices.ts';
import { readFieldAnswers } from './field-answers.ts';
import { conditionFrom, previewField } from './field-form.ts';
import { answerWords, conditionWords, labelsOf, readerWords, type OwnField } from './logistics.ts';

const words = (en: string) => ({ original: 'en', en });
const field = (key: string, kind: OwnField['kind'], answer = '', more: Partial<OwnField> = {}): OwnField => ({
	id: `id-${key}`,
	key,
	kind,
	label: words(key),
	help: {},
	purpose: words('To know'),
	choices: [
		{ key: 'vegan', label: words('Vegan') },
		{ key: 'halal', label: words('Halal') }
	],
	is_required: false,
	for_host: false,
	on_badge: false,
	visible_to: ['registration'],
	form: 'logistics',
	depends_on: null,
	depends_values: [],
	need_values: [],
	is_sealed: true,
	file_sort: null,
	erased_on: '2027-07-01',
	answer,
	...more
});
const read = (fields: OwnField[], typed: Record<string, string | string[]>, isWhole = false) => {
	const data = new FormData();
	for (const [name, values] of Object.entries(typed)) for (const value of [values].flat()) data.append(name, value);
	const { changed, form } = readFieldAnswers(data, fields, (code) => code === 'UY', isWhole);
	return { changed: Object.fromEntries(changed), issues: form.issues.map(({ path }) => path) };
};

describe('reading the logistics form', () => {
	it('counts a file that came as changed, removes one by its box, and leaves others', () => {
		const facts = JSON.stringify({ name: 'a.pdf', size: 1, media_type: 'application/pdf' });
		const fields = [field('letter', 'file', facts, { is_required: true, file_sort: 'document' })];
		const changes = (typed: Record<string, string>, files: string[] = [], isWhole = true) => {
			const data = new FormData();
			for (const [name, value] of Object.entries(typed)) data.append(name, value);
			const { changed, form } = readFieldAnswers(data, fields, () => false, isWhole, new Set(files));
			return [[...changed.values()], form.issues.map(({ path }) => path)];
		};
		expect(changes({})).toEqual([[], []]);
		expect(changes({ detail_letter: 'a text' })).toEqual([[], []]);
		expect(changes({}, ['detail_letter'])).toEqual([['sent'], []]);
		expect(changes({ remove_letter: 'yes' }, ['detail_letter'])).toEqual([['sent'], []]);
		expect(changes({ remove_letter: 'yes' }, [], false)).toEqual([[''], []]);
		expect(changes({ remove_letter: 'yes' })).toEqual([[], ['detail_letter']]);
	});

	it('keeps changed answers, deletes emptied ones, and leaves absent ones', () => {
		const fields = [
			field('name', 'text', 'Ana'),
			field('food', 'choice', 'vegan'),
			field('note', 'long_text', 'x'),
			field('born', 'date')
		];
		expect(read(fields, { detail_name: ' Ana  ', detail_food: 'halal', detail_born: '1984-05-31' })).toEqual({
			changed: { 'id-food': 'halal', 'id-born': '1984-05-31' },
			issues: []
		});
		expect(read(fields, { detail_name: '' })).toEqual({ changed: { 'id-name': '' }, issues: [] });
	});

	it.each([
		['text', 'x'.repeat(201)],
		['choice', 'meat'],
		['date', '1984-02-30'],
		['country', 'XX'],
		['yes_no', 'maybe'],
		['number', 'twelve']
	] as const)('takes no %s that is %s', (kind, value) => {
		expect(read([field('one', kind)], { detail_one: value })).toEqual({ changed: {}, issues: ['detail_one'] });
	});
});

describe('kinds and conditions', () => {
	const fields = [
		field('food', 'choices', 'vegan'),
		field('guests', 'number'),
		field('agrees', 'consent', 'yes'),
		field('detail', 'text', '', { depends_on: 'food', depends_values: ['halal'], is_required: true })
	];

	it('reads boxes, numbers and consents, and an unticked box as no answer', () => {
		expect(
			read(fields, { 'detail_food[]': ['vegan', 'halal'], detail_guests: '1 200,5', detail_agrees: 'yes' })
		).toEqual({
			changed: { 'id-food': 'vegan,halal', 'id-guests': '1200.5' },
			issues: []
		});
		expect(read(fields, {})).toEqual({ changed: { 'id-food': '', 'id-agrees': '' }, issues: [] });
		expect(read(fields, { 'detail_food[]': ['meat'] }).issues).toEqual(['detail_food[]']);
	});

	it('passes over a question whose condition is not met, and requires it when it is', () => {
		const typed = { 'detail_food[]': 'vegan', detail_agrees: 'yes', detail_detail: 'left over' };
		expect(read(fields, typed, true)).toEqual({ changed: {}, issues: [] });
		expect(read(fields, { ...typed, 'detail_food[]': 'halal' }, true).changed['id-detail']).toBe('left over');
		expect(read(fields, { 'detail_food[]': 'halal', detail_agrees: 'yes' }, true).issues).toEqual(['detail_detail']);
	});

	it('states a condition in words', () => {
		const food = field('food', 'choice', '', { is_sealed: false });
		const other = field('detail', 'text', '', { depends_on: 'food', depends_values: ['halal'] });
		expect(conditionWords(other, [food, other])).toBe('Only if “food” is answered: Halal.');
		expect(conditionWords(food, [food, other])).toBeNull();
	});
});

describe('designing', () => {
	it('reads choices of several languages by key or by place, and writes them back', () => {
		const typed = { en: 'halal = Halal\nNo meat', fr: 'Halal\nno_meat = Sans viande' };
		const choices = choicesIn(typed, ['en', 'fr']);
		expect(choices).toEqual([
			{ key: 'halal', label: { original: 'en', en: 'Halal', fr: 'Halal' } },
			{ key: 'no_meat', label: { original: 'en', en: 'No meat', fr: 'Sans viande' } }
		]);
		expect(choicesTexts(choices ?? [])).toEqual({
			original: 'en',
			en: 'halal = Halal\nno_meat = No meat',
			fr: 'halal = Halal\nno_meat = Sans viande'
		});
		expect(choicesIn({ en: 'a = One\na = Two' }, ['en'])).toBeNull();
		expect(choicesIn({ en: 'a = One', fr: 'b = Deux' }, ['en', 'fr'])).toBeNull();
	});

	it('shows the typed question in one language', () => {
		const data = new FormData();
		for (const [name, value] of [
			['label.en', 'Meals'],
			['label.ar', 'الوجبات'],
			['choices.en', 'Halal\nVegan'],
			['choices.ar', 'حلال'],
			['kind', 'choice'],
			['erase_days', '30'],
			['is_required', 'yes']
		] as const)
			data.set(name, value);
		expect(previewField(data, 'ar', ['en', 'ar'], '2027-06-01')).toMatchObject({
			kind: 'choice',
			label: { ar: 'الوجبات' },
			choices: [
				{ key: 'halal', label: { ar: 'حلال' } },
				{ key: 'vegan', label: { en: 'Vegan' } }
			],
			is_required: true,
			erased_on: '2027-07-01'
		});
	});

	it('reads a condition on one question only', () => {
		expect(conditionFrom(['food:halal', 'food:vegan'])).toEqual({
			depends_on: 'food',
			depends_values: ['halal', 'vegan']
		});
		expect(conditionFrom([])).toEqual({ depends_on: null, depends_values: [] });
		expect(conditionFrom(['food:halal', 'halls:yes'])).toBeNull();
	});
});

it('names the roles that may read it, and writes an answer as text', () => {
	expect(readerWords({ visible_to: [], for_host: false, on_badge: true })).toBe('everybody who sees your badge');
	expect(readerWords({ visible_to: ['door', 'registration'], for_host: true, on_badge: false })).toBe(
		'the team at the door, the registration team, the host country’s authorities'
	);
	expect(readerWords({ visible_to: [], for_host: false, on_badge: false })).toBe('only you');
	expect(answerWords(field('food', 'choice'), 'halal', (code) => code)).toBe('Halal');
	expect(answerWords(field('halls', 'yes_no'), 'no', (code) => code)).toBe('No');
	expect(labelsOf([field('a', 'text'), field('b', 'text')], ['b', 'a'])).toBe('a, b');
});
