/* Where a page begins: the key of the last row before it, and the list to which it belongs, as one opaque text. */

// Codes, references and instants: whatever else is in a cursor was not made by us.
const key = /^[\w:./-]{1,150}$/;

/** The cursor behind a row of a list. */
export function cursorAfter(list: string, row: string): string {
	return Buffer.from(`${list} ${row}`).toString('base64url');
}

/** The row behind which a page begins; null for a cursor that is of another list, or of none. */
export function rowBefore(list: string, cursor: string): string | null {
	if (!/^[\w-]{1,300}$/.test(cursor)) return null;
	const [of, row = '', ...more] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
	return of === list && more.length === 0 && key.test(row) && cursorAfter(list, row) === cursor ? row : null;
}

/** How many rows a page has at most, and without being asked. */
export const pageSizes = { most: 200, usual: 50 } as const;

/** Where a page begins and how many rows it has; `invalid` where an address asks for anything else. */
export function pageFrom(
	list: string,
	query: URLSearchParams
): { after: string | null; most: number } | { invalid: 'invalid_query' | 'invalid_cursor' } {
	const names = [...query.keys()];
	const isKnown = names.every((name) => name === 'limit' || name === 'cursor') && new Set(names).size === names.length;
	const limit = query.get('limit') ?? String(pageSizes.usual);
	const most = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
	if (!isKnown || most < 1 || most > pageSizes.most) return { invalid: 'invalid_query' };
	const cursor = query.get('cursor');
	const after = cursor === null ? null : rowBefore(list, cursor);
	return cursor !== null && after === null ? { invalid: 'invalid_cursor' } : { after, most };
}
