import { expect, test } from 'vitest';
import { isOutage } from './outage.ts';

test.each([
	{ code: '57P01' },
	{ code: '57P03' },
	{ code: '08006' },
	{ code: '53300' },
	{ code: '53100' },
	{ code: '25006' },
	{ code: 'ECONNREFUSED' },
	{ code: 'PGRST000' },
	{ code: 'CONNECTION_CLOSED' },
	new Error('Connection terminated unexpectedly'),
	new Error('timeout exceeded when trying to connect'),
	new Error('Query read timeout'),
	new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }),
	{ code: 'SUP', message: 'PostgresError: the database system is shutting down' },
	{ code: 'SUP', message: 'Error: write CONNECTION_ENDED 127.0.0.1:5432' },
	new AggregateError([{ code: 'ECONNREFUSED' }])
])('%j is a database that is away', (error) => {
	expect(isOutage(error)).toBe(true);
});

test.each([
	null,
	'57P01',
	{ code: '23505' },
	{ code: '42501' },
	{ code: 'P0001' },
	{ code: 'PGRST202' },
	{ code: 'EACCES' },
	new TypeError('x is not a function')
])('%j is none', (error) => {
	expect(isOutage(error)).toBe(false);
});
