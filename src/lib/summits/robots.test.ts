import { expect, test } from 'vitest';
import { isDisallowed } from '../../../tests/fixtures/robots.ts';
import { robotsText } from './robots.ts';

const robots = robotsText('https://summit.example');

test.each([
	'/',
	'/2027',
	'/2027/agenda',
	'/2027/speakers',
	'/2027/speakers/ABCD2345',
	'/fr/2027/speakers/ABCD2345',
	'/2027/sessions/MEET22',
	'/2027/talk',
	'/accounting-2027/agenda',
	'/sample-2027',
	'/members/agenda',
	'/2027/doors-open',
	'/2027/agenda.ics'
])('robots may read %s', (path) => {
	expect(isDisallowed(path, robots)).toBe(false);
});

test.each([
	'/account',
	'/account/data',
	'/sign-in?next=%2F',
	'/calendar/token.ics',
	'/2027/me',
	'/fr/2027/me/agenda',
	'/2027/me?zone=UTC',
	'/2027/organise/agenda',
	'/2027/speak',
	'/ar/2027/speak/profile',
	'/2027/delegation',
	'/api/theme'
])('robots leave %s alone', (path) => {
	expect(isDisallowed(path, robots)).toBe(true);
});

test('names the sitemap, and keeps every rule within the length that a robot reads', () => {
	const lines = robots.trimEnd().split('\n');
	expect(lines.at(0)).toBe('User-agent: *');
	expect(lines.at(-1)).toBe('Sitemap: https://summit.example/sitemap.xml');
	expect(lines.slice(1, -1).every((line) => /^Disallow: \/[a-z*/?$-]+$/.test(line))).toBe(true);
});
