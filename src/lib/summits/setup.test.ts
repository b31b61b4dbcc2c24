import { describe, expect, test } from 'vitest';
import { doneSteps, nextStep, setupSteps, stepBeside, type SetupFacts } from './setup.ts';

const text = { original: 'en', en: 'Words' };
const contact = (kind: 'general' | 'safeguarding' | 'privacy', mail: string | null) => ({
	...{ kind, label: text, note: {}, mail, telephone: null, hours: {} }
});
const contacts = (['general', 'safeguarding', 'privacy'] as const).map((kind) => contact(kind, 'a@example.org'));
const whole: SetupFacts = {
	summit: { state: 'open', name: text, languages: ['en'], contacts },
	items: [],
	messages: 1
};
const open = (facts: Partial<SetupFacts>, summit: Partial<SetupFacts['summit']> = {}) => {
	const done = doneSteps({ ...whole, ...facts, summit: { ...whole.summit, ...summit } });
	return setupSteps.filter((step) => !done.includes(step));
};

describe('a step is open', () => {
	test('never, when everything is there', () => {
		expect(open({})).toEqual([]);
	});
	test.each([
		['place', 'place'],
		['seats', 'seats'],
		['fees', 'fees'],
		['contact', 'contacts'],
		['safeguarding_contact', 'contacts'],
		['texts', 'texts'],
		['consents', 'texts'],
		['release', 'agenda']
	] as const)('while the item “%s” of the checklist is', (key, step) => {
		expect(open({ items: [{ key, done: false }] })).toEqual([step]);
		expect(open({ items: [{ key, done: true }] })).toEqual([]);
	});
	test('while the name is missing in a language', () => {
		expect(open({}, { languages: ['en', 'fr'] })).toEqual(['place']);
	});
	test('while nobody can be asked about personal data', () => {
		expect(open({}, { contacts: contacts.slice(0, 2) })).toEqual(['contacts']);
		expect(open({}, { contacts: [...contacts.slice(0, 2), contact('privacy', null)] })).toEqual(['contacts']);
	});
	test('while no message is written, and while the Summit is a draft', () => {
		expect(open({ messages: 0 }, { state: 'draft' })).toEqual(['announcement', 'open']);
	});
	test('not for an item that another page does', () => {
		expect(open({ items: [{ key: 'owners', done: false }] })).toEqual([]);
	});
});

test('the next step is the first that is open', () => {
	expect(nextStep(['place', 'languages', 'fees'])).toBe('seats');
	expect(nextStep([])).toBe('place');
	expect(nextStep(setupSteps)).toBe('open');
	expect(stepBeside('place', -1)).toBeNull();
	expect(stepBeside('place', 1)).toBe('languages');
	expect(stepBeside('open', 1)).toBeNull();
});
