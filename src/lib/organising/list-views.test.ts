import { expect, it } from 'vitest';
import { viewQuery, withParameter } from './list-views.ts';

const of = (query: string) => viewQuery(new URLSearchParams(query));

it('keeps filters and the order, and neither words nor the place in the list', () => {
	expect(of('?sector=government&sort=-country&q=Lucía&page=3&after=x&done=saved&/decide&region=')).toBe(
		'?sector=government&sort=-country'
	);
	expect(of('?q=harbour&page=2')).toBe('');
	expect(of('?name=é&state=a&state=b')).toBe('?name=%C3%A9&state=a&state=b');
});

it('sets the values of one parameter of an address', () => {
	expect(withParameter('/2027/organise/orders?sort=due&column=a&column=b', 'column', ['c', 'd'])).toBe(
		'/2027/organise/orders?sort=due&column=c&column=d'
	);
	expect(withParameter('/2027/organise/orders?column=a', 'column', [])).toBe('/2027/organise/orders');
	expect(withParameter('/2027/organise/orders', 'column', ['a'])).toBe('/2027/organise/orders?column=a');
});
