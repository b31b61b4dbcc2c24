/* Saved views of lists, as an address names them. No I/O. */

export type { ListView } from '#lib/database/answers/organising.ts';

// The place in the list, what was done last, and what was searched for, which may be the name of a person.
const passing = ['q', 'page', 'after', 'done'];

/** The filters and the order of an address, with its question mark; '' for the list as it begins. */
export function viewQuery(search: URLSearchParams): string {
	const kept = new URLSearchParams(
		[...search].filter(([name, value]) => value !== '' && !passing.includes(name) && !name.startsWith('/'))
	);
	return kept.size > 0 ? `?${kept}` : '';
}

/** An address of this site in which a parameter has these values alone. */
export function withParameter(address: string, name: string, values: readonly string[]): string {
	const [path = '', query = ''] = address.split('?', 2);
	const search = new URLSearchParams(query);
	search.delete(name);
	for (const value of values) search.append(name, value);
	return search.size > 0 ? `${path}?${search}` : path;
}
