/* Where pages begin: cursors are read back, and whatever was not made here is refused. */
import { expect, test } from 'vitest';
import { cursorAfter, pageFrom, rowBefore } from './cursors.ts';

const from = (query: string) => pageFrom('sessions', new URLSearchParams(query));

test('a cursor leads back to its row, in its own list', () => {
	const rows = ['ABCD2345', '2027-06-09T07:00:00Z/abcd/0190c1de-0000-4000-8000-000000000001', 'x/y'];
	for (const row of rows) {
		expect(rowBefore('agenda', cursorAfter('agenda', row))).toBe(row);
		expect(rowBefore('sessions', cursorAfter('agenda', row))).toBeNull();
	}
	expect(from(`cursor=${cursorAfter('sessions', 'ABCD2345')}&limit=200`)).toEqual({
		after: 'ABCD2345',
		most: 200,
		filters: {}
	});
	expect(from('')).toEqual({ after: null, most: 50, filters: {} });
});

test('refuses cursors that were not made here, and limits out of range', () => {
	const forged = [
		"sessions ' or true --",
		'sessions a b',
		'sessions ',
		'other ABCD',
		`sessions ${'a'.repeat(151)}`,
		'sessions é'
	];
	for (const text of forged)
		expect(from(`cursor=${Buffer.from(text).toString('base64url')}`)).toEqual({ invalid: 'invalid_cursor' });
	for (const cursor of ['', '%00', 'a=', "'; drop table", 'A'.repeat(301)])
		expect(from(`cursor=${encodeURIComponent(cursor)}`)).toEqual({ invalid: 'invalid_cursor' });
	// A text with bits that it does not need would be a second cursor for one place.
	expect(rowBefore('sessions', `${cursorAfter('sessions', 'AB')}=`)).toBeNull();
	for (const query of [
		'limit=0',
		'limit=201',
		'limit=1e3',
		'limit=-1',
		'limit=',
		'limit=99999999999',
		'page=2',
		'limit=5&limit=6'
	])
		expect([query, from(query)]).toEqual([query, { invalid: 'invalid_query' }]);
});

test('takes the filters of a list, each once, and refuses every other and what is of no use', () => {
	const registrations = (query: string) => pageFrom('registrations', new URLSearchParams(query));
	const chosen = { state: 'confirmed', mode: 'in_person', member: 'abc123', state_since: '2027-06-09T07:00:00Z' };
	expect(registrations(`${new URLSearchParams(chosen)}&limit=5`)).toEqual({ after: null, most: 5, filters: chosen });
	for (const query of [
		'state=draft',
		'state=',
		'state=confirmed&state=submitted',
		'member=a b',
		`member=${'a'.repeat(41)}`,
		'state_since=yesterday',
		'state_since=2027-06-09',
		'state_since=2027-02-31T07:00:00Z',
		'session=ABCD',
		'__proto__=x',
		'constructor=x'
	])
		expect([query, registrations(query)]).toEqual([query, { invalid: 'invalid_query' }]);
	expect(from('state=confirmed')).toEqual({ invalid: 'invalid_query' });
});
