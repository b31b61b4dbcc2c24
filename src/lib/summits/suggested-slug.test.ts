import { expect, test } from 'vitest';
import { suggestedSlug } from './suggested-slug.ts';

test.each([
	['Global Summit', '2029-06-05', [], '2029'],
	['Global Summit', '2029-06-05', ['2029'], 'global-summit'],
	['Global Summit', '2029-06-05', ['2029', 'global-summit'], 'global-summit-2'],
	['Sommet régional', '', [], 'sommet-regional'],
	['القمة', '2029-06-05', ['2029'], '2029-2'],
	// Addresses of our own pages.
	['Calendar', '', [], 'calendar-2'],
	['', '', [], 'summit-2']
])('suggests for %j in %j beside %j the address %j', (name, startsOn, taken, slug) => {
	expect(suggestedSlug(name, startsOn, taken)).toBe(slug);
});
