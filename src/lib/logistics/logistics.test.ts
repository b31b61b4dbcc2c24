import { describe, expect, it } from 'vitest';
import { answerWords, labelsOf, readFieldAnswers, readerWords, type OwnField } from './logistics.ts';

const words = (en: string) => ({ original: 'en', en });
const field = (key: string, kind: OwnField['kind'], answer = ''): OwnField => ({
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
	visible_to: ['registration'],
	erased_on: '2027-07-01',
	answer
});
const read = (fields: OwnField[], typed: Record<string, string>) => {
	const data = new FormData();
	for (const [name, value] of Object.entries(typed)) data.set(name, value);
	const { changed, form } = readFieldAnswers(data, fields, (code) => code === 'UY');
	return { changed: Object.fromEntries(changed), issues: form.issues.map(({ path }) => path) };
};

describe('reading the logistics form', () => {
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
		['yes_no', 'maybe']
	] as const)('takes no %s that is %s', (kind, value) => {
		expect(read([field('one', kind)], { detail_one: value })).toEqual({ changed: {}, issues: ['detail_one'] });
	});
});

it('names the roles that may read it, and writes an answer as text', () => {
	expect(readerWords({ visible_to: ['door', 'registration'], for_host: true })).toBe(
		'the team at the door, the registration team, the host country’s authorities'
	);
	expect(readerWords({ visible_to: [], for_host: false })).toBe('only you');
	expect(answerWords(field('food', 'choice'), 'halal', (code) => code)).toBe('Halal');
	expect(answerWords(field('halls', 'yes_no'), 'no', (code) => code)).toBe('No');
	expect(labelsOf([field('a', 'text'), field('b', 'text')], ['b', 'a'])).toBe('a, b');
});
