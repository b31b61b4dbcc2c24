import { expect, test } from 'vitest';
import { transcriptFiltersFrom, transcriptQuery } from './transcript.ts';

const filters = (query: string) => transcriptFiltersFrom(new URLSearchParams(query));

test('an address says which lines are looked at, and the other way round', () => {
	expect(filters('')).toEqual({ q: '', language: '', page: 1 });
	expect(filters('q=+a+name+&language=fr&page=3&done=removed')).toEqual({ q: 'a name', language: 'fr', page: 3 });
	expect(transcriptQuery(filters('q=a+name&language=fr'), 3)).toBe('?q=a+name&language=fr&page=3');
	expect(transcriptQuery(filters('page=2'))).toBe('');
});
