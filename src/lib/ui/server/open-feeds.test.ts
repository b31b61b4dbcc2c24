import { expect, test } from 'vitest';
import { openToOtherSites } from './open-feeds.ts';

test.each([
	['/(public)/[summit]/agenda.ics', '*'],
	['/(public)/[summit]/schedule.json', '*'],
	['/(public)/[summit]/schedule.xml', '*'],
	['/(public)/[summit]/embed/agenda', '*'],
	['/(public)/calendar/[token].ics', null],
	['/(public)/[summit]/sessions/[code].ics', null],
	['/(delegate)/[summit]/me/agenda', null],
	['/(public)/[summit]/agenda', null],
	[null, null]
])('%s may be read by pages of other sites: %s', (route, expected) => {
	const headers = new Headers({ 'cross-origin-resource-policy': 'same-origin' });
	openToOtherSites(route, headers);
	expect(headers.get('access-control-allow-origin')).toBe(expected);
	expect(headers.get('access-control-allow-credentials')).toBe(null);
	expect(headers.get('cross-origin-resource-policy')).toBe(expected ? 'cross-origin' : 'same-origin');
});
