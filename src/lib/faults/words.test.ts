import { expect, test } from 'vitest';
import { m } from '#lib/i18n/messages.ts';
import { adviceFor, errorOf, faultyPage } from './words.ts';

test('what to tell depends on where it happened', () => {
	expect(adviceFor({ origin: 'server', route: '/(stage)/[summit]/live/[room]' })).toBe(m.faults_tell_stage());
	expect(adviceFor({ origin: 'server', route: '/(member)/[summit]/delegation/orders' })).toBe(m.faults_tell_payment());
	expect(adviceFor({ origin: 'browser', route: '/(public)/[summit]/agenda' })).toBe(m.faults_tell_browser());
	expect(adviceFor({ origin: 'server', route: '/(delegate)/[summit]/register/[step]' })).toBe(m.faults_tell_failed());
});

test('a page is named by the pattern of its address, without the group of routes', () => {
	expect(faultyPage('/(public)/[summit]/agenda')).toBe('/[summit]/agenda');
	expect(faultyPage('/(public)')).toBe('/');
	expect(faultyPage('none')).toBe(m.faults_outside());
	expect(errorOf({ kind: 'TypeError', code: null, words: null })).toBe('TypeError');
	expect(errorOf({ kind: 'Error', code: '23505', words: 'announce was refused (23505).' })).toBe(
		'Error 23505: announce was refused (23505).'
	);
});
