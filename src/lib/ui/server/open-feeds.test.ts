import { expect, test } from 'vitest';
import type { RequestEvent } from '@sveltejs/kit';
import { secure } from './headers.ts';
import { allowReading, openToOtherSites } from './open-feeds.ts';

test.each([
	['/(public)/[summit]/agenda.ics', '*'],
	['/(public)/[summit]/schedule.json', '*'],
	['/(public)/[summit]/schedule.xml', '*'],
	['/(public)/[summit]/embed/agenda', '*'],
	['/(community)/community/commitments/embed', '*'],
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

test.each([200, 204, 304, 404, 503])(
	'an answer of %i of a feed is open, whether the app or the proxy made it',
	async (status) => {
		const event = {
			route: { id: '/(public)/[summit]/agenda.ics' },
			url: new URL('http://localhost/2027/agenda.ics'),
			locals: { viewer: null }
		} as unknown as RequestEvent;
		const answer = await secure({ event, resolve: () => new Response(null, { status }) });
		expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, '*']);
	}
);

test('the first request of a browser is answered without the agenda', async () => {
	const answer = await allowReading({} as RequestEvent);
	expect([answer.status, await answer.text(), answer.headers.get('access-control-allow-methods')]).toEqual([
		204,
		'',
		'GET, HEAD, OPTIONS'
	]);
});
