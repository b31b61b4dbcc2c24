/* What counts for the error budget. */
import { expect, test } from 'vitest';
import { RequestTally } from './request-tally.ts';

const route = '/(public)/[summit]/agenda';
const noon = Date.parse('2027-06-09T12:00:00Z');

test('requests are counted by hour, with faults, slow ones and their times', () => {
	const tally = new RequestTally();
	tally.count(route, 200, 40, noon);
	tally.count(route, 404, 100, noon + 1);
	tally.count(route, 500, 1001, noon + 3_599_999);
	tally.count(route, 503, 12_000, noon + 3_600_000);
	expect(tally.take()).toEqual([
		{ hour: '2027-06-09T12:00:00.000Z', requests: 3, failed: 1, slow: 1, times: [2, 0, 0, 0, 1, 0, 0, 0] },
		{ hour: '2027-06-09T13:00:00.000Z', requests: 1, failed: 1, slow: 1, times: [0, 0, 0, 0, 0, 0, 0, 1] }
	]);
	expect(tally.take()).toEqual([]);
});

test('files, cached pages, monitors and streams do not count, but a fault without a route does', () => {
	const tally = new RequestTally();
	tally.count(null, 200, 1, noon);
	tally.count('/readyz', 503, 1, noon);
	tally.count('/api/events', 200, 600_000, noon);
	expect(tally.take()).toEqual([]);
	tally.count(null, 500, 1, noon);
	expect(tally.take()).toMatchObject([{ requests: 1, failed: 1 }]);
});

test('what could not be written is added to what came meanwhile', () => {
	const tally = new RequestTally();
	tally.count(route, 200, 1, noon);
	const taken = tally.take();
	tally.count(route, 500, 1, noon);
	tally.putBack(taken);
	expect(tally.take()).toMatchObject([{ requests: 2, failed: 1, times: [2, 0, 0, 0, 0, 0, 0, 0] }]);
	for (let hour = 0; hour < 1000; hour++) tally.count(route, 200, 1, noon + hour * 3_600_000);
	expect(tally.take()).toHaveLength(336);
});
