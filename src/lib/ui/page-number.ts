/** The page of a list that an address asks for: a whole number from 1 to 10,000, and 1 where it asks for none. */
export function pageNumber(search: URLSearchParams): number {
	const asked = Math.trunc(Number(search.get('page') ?? 1)) || 1;
	return Math.min(Math.max(asked, 1), 10_000);
}

/** The filters of a list that are in force as a query, at a page; '' where there is none. */
export function listQuery(filters: object, page = 1): string {
	const entries: [string, unknown][] = [...Object.entries(filters), ['page', page > 1 ? page : '']];
	const chosen = entries.filter(([, value]) => value !== '').map(([name, value]) => [name, String(value)]);
	const query = new URLSearchParams(chosen).toString();
	return query && `?${query}`;
}
