/* Where a page begins: the key of the last row before it, and the list to which it belongs, as one opaque text. */
import * as v from 'valibot';
import type { ApiListName } from './addresses.ts';
import { filtersOf } from './filters.ts';

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

/** The page of a list that is asked for. */
export interface AskedPage {
	/** The key of the row behind which it begins. */
	after: string | null;
	most: number;
	filters: Record<string, string | undefined>;
}

/** Where a page begins, how many rows it has and what they fit; `invalid` where an address asks for anything else. */
export function pageFrom(
	list: ApiListName,
	query: URLSearchParams
): AskedPage | { invalid: 'invalid_query' | 'invalid_cursor' } {
	const { limit = String(pageSizes.usual), cursor, ...rest } = Object.fromEntries<string | undefined>(query);
	const most = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
	const filters = v.safeParse(filtersOf(list), rest);
	const isOnceEach = new Set(query.keys()).size === query.size;
	if (!filters.success || !isOnceEach || most < 1 || most > pageSizes.most) return { invalid: 'invalid_query' };
	const after = cursor === undefined ? null : rowBefore(list, cursor);
	if (cursor !== undefined && after === null) return { invalid: 'invalid_cursor' };
	return { after, most, filters: filters.output };
}
