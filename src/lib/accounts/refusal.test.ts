import { expect, test } from 'vitest';
import { refusedRequest } from './refusal.ts';

const facts = (route: string | null, status: number, said?: { status: number; reason: string }) =>
	refusedRequest({ route, method: 'POST' }, status, said)?.reason ?? null;

test('names why a request was refused', () => {
	const page = '/(organiser)/[summit]/organise';
	expect([401, 403, 405, 413, 415, 429].map((status) => facts(page, status))).toEqual([
		'not_signed_in',
		'forbidden',
		'method',
		'too_large',
		'content_type',
		'limited'
	]);
	expect(facts('/webhooks/stripe', 400)).toBe('signature');
	expect(facts('/(account)/sign-in', 200, { status: 422, reason: 'code_wrong' })).toBe('code_wrong');
});

test('says nothing about other requests', () => {
	for (const status of [200, 303, 304, 404, 410, 422, 428, 500]) expect(facts('/(public)/[summit]', status)).toBeNull();
	expect(facts(null, 404)).toBeNull();
});

test('notes unknown personal links by their route, not by their address', () => {
	for (const route of [
		'/(account)/invitation/[token]',
		'/(public)/calendar/[token].ics',
		'/(stage)/live/recorder/[key]/pass'
	]) {
		expect(refusedRequest({ route, method: 'GET' }, 404, undefined)).toEqual({
			route,
			method: 'GET',
			status: 404,
			reason: 'unknown_link'
		});
	}
});

test('says nothing about people who look for help', () => {
	for (const route of ['/(public)/talk', '/(public)/talk/answers', '/(public)/[summit]/talk'])
		expect(facts(route, 429, { status: 429, reason: 'limited' })).toBeNull();
	expect(facts('/(public)/[summit]/talks', 429)).toBe('limited');
});
