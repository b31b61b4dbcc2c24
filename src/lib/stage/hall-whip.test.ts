import { expect, test } from 'vitest';
import { bearerOf, headersOf } from './hall-whip.ts';

test('accepts only a complete bearer token', () => {
	expect(bearerOf('Bearer ABCDEFGH23456789')).toBe('ABCDEFGH23456789');
	expect(bearerOf('bearer ABCDEFGH23456789 ')).toBe('ABCDEFGH23456789');
	for (const wrong of [
		null,
		'',
		'ABCDEFGH',
		'Basic ABCDEFGH',
		'Bearer ABC DEF',
		'Bearer a.b.c',
		`Bearer ${'A'.repeat(65)}`
	])
		expect(bearerOf(wrong)).toBe('');
});

test('gives an encoder our address of its session, and only the other headers that it needs', () => {
	const answer = new Response('v=0', {
		headers: {
			'content-type': 'application/sdp',
			etag: 'ufrag',
			location: '/whip/v1/PA_abc123',
			'x-internal': 'node-7'
		}
	});
	const headers = headersOf(answer, '/s/live/plenary/hall/whip');
	expect(headers).toMatchObject({ location: '/s/live/plenary/hall/whip/PA_abc123', etag: 'ufrag' });
	expect(headers).not.toHaveProperty('x-internal');
	expect(headersOf(new Response(null, { headers: { location: 'https://elsewhere/x' } }), '/own')).not.toHaveProperty(
		'location'
	);
});
