import { expect, it } from 'vitest';
import { viewQuery } from './list-views.ts';

const of = (query: string) => viewQuery(new URLSearchParams(query));

it('keeps filters and the order, and neither words nor the place in the list', () => {
	expect(of('?sector=government&sort=-country&q=Lucía&page=3&after=x&done=saved&/decide&region=')).toBe(
		'?sector=government&sort=-country'
	);
	expect(of('?q=harbour&page=2')).toBe('');
	expect(of('?name=é&state=a&state=b')).toBe('?name=%C3%A9&state=a&state=b');
});
