import { expect, test } from 'vitest';
import { endOf, lateWords, withLateDeadlines } from './late.ts';

const summit = { ends_on: '2027-10-30', zone: 'Europe/Berlin' };
const form = { values: {}, issues: [] };

test('ends a Summit at the midnight after its last day, at its venue', () => {
	expect(new Date(endOf(summit)).toISOString()).toBe('2027-10-30T22:00:00.000Z');
	expect(new Date(endOf({ ...summit, ends_on: '2027-10-31' })).toISOString()).toBe('2027-10-31T23:00:00.000Z');
});

test('shows an error at its field, or for the whole form where no field is visible', () => {
	const at = { texts: '2027-10-30T22:00:00Z', check: '2027-10-30T22:00:01Z', profile: null };
	expect(withLateDeadlines(form, at, summit).issues).toEqual([{ path: 'check', message: lateWords }]);
	expect(withLateDeadlines(form, { texts: at.texts }, summit).issues).toEqual([{ path: '', message: lateWords }]);
});
