import { describe, expect, test } from 'vitest';
import { doneSteps, nextStep, stepBeside, type SetupFacts } from './setup.ts';

const text = { original: 'en', en: 'Words' };
const nothing: SetupFacts = {
	summit: { state: 'draft', city: {}, venue_name: {}, languages: ['en'], contacts: [], release: null },
	seats: { capacities: { in_person: 0, virtual: 0 }, ceilings: {} },
	messages: 0
};
const contact = (kind: 'general' | 'safeguarding' | 'privacy' | 'emergency', mail: string | null) => ({
	kind,
	label: text,
	note: {},
	mail,
	telephone: null,
	hours: {}
});
const done = (summit: Partial<SetupFacts['summit']>, rest: Partial<SetupFacts> = {}) =>
	doneSteps({ ...nothing, ...rest, summit: { ...nothing.summit, ...summit } });

describe('the steps that are done', () => {
	test('of a new draft are its languages, and fees, since every seat is free', () => {
		expect(done({})).toEqual(['languages', 'fees']);
	});
	test('place: a city or a venue', () => {
		expect(done({ city: text })).toContain('place');
		expect(done({ venue_name: text })).toContain('place');
	});
	test('seats: in a mode that has both seats and a quota', () => {
		const seats = (quota: 'in_person' | 'virtual') =>
			done(
				{},
				{
					seats: {
						capacities: { in_person: 10, virtual: 0 },
						ceilings: { government: { in_person: 0, virtual: 0, [quota]: 2 } }
					}
				}
			);
		expect(seats('in_person')).toContain('seats');
		expect(seats('virtual')).not.toContain('seats');
	});
	test('contacts: each of the three can be reached', () => {
		const two = [contact('general', 'a@example.org'), contact('safeguarding', 'b@example.org')];
		expect(done({ contacts: two })).not.toContain('contacts');
		expect(done({ contacts: [...two, contact('privacy', null)] })).not.toContain('contacts');
		expect(done({ contacts: [...two, contact('emergency', 'c@example.org')] })).not.toContain('contacts');
		expect(done({ contacts: [...two, contact('privacy', 'c@example.org')] })).toContain('contacts');
	});
	test('message, agenda and registration', () => {
		const release = { id: 'r', number: 1, released_at: '2029-01-01T00:00:00Z' };
		expect(done({ release, state: 'open' }, { messages: 1 })).toEqual([
			'languages',
			'fees',
			'announcement',
			'agenda',
			'open'
		]);
	});
});

test('the next step is the first that is not done', () => {
	expect(nextStep(['place', 'languages', 'fees'])).toBe('seats');
	expect(nextStep([])).toBe('place');
	expect(nextStep(['place', 'languages', 'seats', 'fees', 'contacts', 'announcement', 'agenda', 'open'])).toBe('open');
	expect(stepBeside('place', -1)).toBeNull();
	expect(stepBeside('place', 1)).toBe('languages');
	expect(stepBeside('open', 1)).toBeNull();
});
