import { expect, test } from 'vitest';
import { lateWords, withLateDeadlines } from './late.ts';

const summit = { ends_on: '2027-10-30', zone: 'Europe/Berlin' };
const form = { values: {}, issues: [] };

test('ends a Summit at the midnight after its last day, at its venue', () => {
	const late = (at: string, ends_on: string) =>
		withLateDeadlines(form, { check: at }, { ...summit, ends_on }).issues[0]?.path === 'check';
	expect([late('2027-10-30T22:00:00Z', '2027-10-30'), late('2027-10-30T22:00:01Z', '2027-10-30')]).toEqual([
		false,
		true
	]);
	expect([late('2027-10-31T23:00:00Z', '2027-10-31'), late('2027-10-31T23:00:01Z', '2027-10-31')]).toEqual([
		false,
		true
	]);
});

test('shows an error at its field, or for the whole form where no field is visible', () => {
	const at = { texts: '2027-10-30T22:00:00Z', check: '2027-10-30T22:00:01Z', profile: null };
	expect(withLateDeadlines(form, at, summit).issues).toEqual([{ path: 'check', message: lateWords() }]);
	expect(withLateDeadlines(form, { texts: at.texts }, summit).issues).toEqual([{ path: '', message: lateWords() }]);
});
